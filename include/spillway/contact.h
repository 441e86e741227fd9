/*
 * spillway/contact.h - the life of a contact as typed functions. Each fills in one input and passes
 * it through spw_apply.
 *
 * What every function here returns, besides what its own comment says:
 *   SPW_E_STALE       the handle names a contact (or counsellor) that never was; for a request also
 *                     one that has gone. A fact about somebody gone is reconciled instead: SPW_OK
 *                     and an event RECONCILED, GONE.
 *   SPW_E_POLL_FIRST  the ring lacks room, or a fact found more deadlines due than one call fires:
 *                     poll, then call again with the same values.
 *   SPW_E_BUSY        requests only: a large change, or many deadlines, are still being worked off.
 *   SPW_E_RANGE       also: `now` is negative or not below SPW_TIME_MAX.
 * Each is one input: deadlines before `now` fire first, then this, then everything settles
 * (spillway/engine.h, "Time"). Events follow in the ring; nothing is called back.
 */
#ifndef SPILLWAY_CONTACT_H
#define SPILLWAY_CONTACT_H

#include <spillway/engine.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A person reached the helpline. *contact gets the handle, {0} when the arrival was refused (the
 * REFUSED event says why and when to try again) or was known already.
 * E_UNKNOWN: no such centre, queue or need. E_RANGE: priority, channel, flags, mode or time of a
 * wish, deadline. E_INVALID: the id is zero, or a reserved member is not. E_DUPLICATE never: an id
 * that is live is reconciled (RECONCILED, DUPLICATE) and *contact gets the live handle. A token
 * that ended unserved within SPW_PLAN_RESUME_GRACE brings its wait back, once for each such end, up
 * to SPW_PLAN_CREDIT_MAX, the time away up to SPW_PLAN_RESUME_GAP; a wished counsellor
 * or a deadline finds no record when config.personal_max is used up, and is then not kept. Of those
 * who wish for one counsellor the 64 with the earliest places are looked at when that one is free;
 * who is behind them waits as if without the wish (a hold holds all the same).
 */
SPW_API int spw_contact_arrive(struct spw_engine *engine, const struct spw_arrive *arrive,
                               spw_ns now, spw_contact *contact) SPW_MUST_USE;
/* Fact: the person gave up or closed the window. Waiting, offered, parked, promised: ABANDONED.
 * Connected or in a warm transfer: ends SERVED, and the counsellor wraps up. */
SPW_API int spw_contact_left(struct spw_engine *engine, spw_contact contact,
                             spw_ns now) SPW_MUST_USE;
/* Fact: the connection was lost, not by choice. PARKED: the place is held for the queue's park
 * grace; an offer is withdrawn, a talk gives its counsellor free. Not back in time: ended
 * PARK_EXPIRED, or CUT after a talk. Parked, promised, or due and not accepted yet: there is no
 * line, RECONCILED, ALREADY. */
SPW_API int spw_contact_dropped(struct spw_engine *engine, spw_contact contact,
                                spw_ns now) SPW_MUST_USE;
/* Request: hold the place of somebody who waits or is offered, as if dropped. E_STATE: neither, or
 * a callback that is due. */
SPW_API int spw_contact_park(struct spw_engine *engine, spw_contact contact,
                             spw_ns now) SPW_MUST_USE;
/* Fact: a parked person is back, or one with a callback, promised or due, called in: RESUMED,
 * WAITING with the place kept, the time away included; the promise ends by it, and an offer stands.
 * Else RECONCILED, ALREADY. */
SPW_API int spw_contact_resumed(struct spw_engine *engine, spw_contact contact,
                                spw_ns now) SPW_MUST_USE;
/*
 * Triage: same place, new class; flags replace the arrival's, and what a counsellor holds counts as
 * what is known now. Queue, need 0: unchanged (a need of its own goes along into another queue).
 * Waiting: MOVED. Offered: the offer stands if its counsellor is able, else it is withdrawn.
 * Connected, parked: for later. SPW_PRIORITY_SAME leaves the priority, 0 is taken as meant; the
 * severity becomes 0: the input itself can set it. E_UNKNOWN: no such queue or need. E_RANGE:
 * priority, flags. E_STATE: in a warm transfer; to a closed queue; a promised callback to another
 * queue. E_FULL: no class or book is left; nothing has changed.
 */
SPW_API int spw_contact_reclassify(struct spw_engine *engine, spw_contact contact, uint8_t priority,
                                   spw_queue queue, spw_need need, uint8_t flags,
                                   spw_ns now) SPW_MUST_USE;
/* Fact: the counsellor has accepted and both can talk or type: CONNECTED. Without an offer to that
 * counsellor (too late, or never made) it wins all the same, RECONCILED, LATE_ACCEPT (and OVERLOAD
 * when it holds more than its capacity now), unless the contact talks with another already or the
 * counsellor holds items_max: OFFER_LOST, and the host tells that counsellor. */
SPW_API int spw_contact_accepted(struct spw_engine *engine, spw_contact contact,
                                 spw_counsellor counsellor, spw_ns now) SPW_MUST_USE;
/* Fact: the counsellor says no. OFFER_DECLINED; the contact goes back to its place, and the pair is
 * barred for SPW_PLAN_DECLINE_FOR. No such offer stands: RECONCILED, ALREADY. */
SPW_API int spw_contact_declined(struct spw_engine *engine, spw_contact contact,
                                 spw_counsellor counsellor, spw_ns now) SPW_MUST_USE;
/* Fact: the talk is over (SPW_END_SERVED), or the connection broke for good (SPW_END_CUT); either
 * of somebody who was never connected is reconciled (NOT_CONNECTED) and taken as left. Other
 * reasons of enum spw_end end the contact as they say; E_RANGE: none of them, or a refusal. */
SPW_API int spw_contact_ended(struct spw_engine *engine, spw_contact contact, enum spw_end reason,
                              spw_ns now) SPW_MUST_USE;
/*
 * To a queue (0 = the same), a need (0 = the queue's) or one counsellor ({0} = whoever is able):
 * held for that one for SPW_PLAN_TRANSFER_HOLD, then preferred for that one and open to whoever is
 * able; in danger preferred from the start.
 * Never back to who gives it away: not while that one holds it, nor for SPW_PLAN_DECLINE_FOR. A
 * warm transfer called off leaves the contact with its counsellor, and with the new queue and need.
 * Cold, the counsellor wraps up and the contact waits; warm, they talk on until another accepts.
 * TRANSFERRING; the ladder starts anew. Priority: as in spw_contact_reclassify.
 * E_STATE: not connected; to its own counsellor; to a closed queue. E_UNKNOWN: no such queue or
 * need. E_RANGE: mode, priority. E_FULL: no class, book or personal record is left: they talk on.
 */
SPW_API int spw_contact_transfer(struct spw_engine *engine, spw_contact contact,
                                 enum spw_transfer mode, spw_counsellor to, spw_queue queue,
                                 spw_need need, uint8_t priority, spw_ns now) SPW_MUST_USE;
/* Request: calls a transfer off while nobody has accepted it. Warm: the contact stays with its
 * counsellor, TRANSFER_ENDED. E_STATE: no warm transfer is under way. */
SPW_API int spw_contact_transfer_cancel(struct spw_engine *engine, spw_contact contact,
                                        spw_ns now) SPW_MUST_USE;
/* Request: the person asked to be called back and may hang up: CALLBACK_SET, the place kept. Only
 * where the caller said it is safe: nobody is called after safe_until (SPW_FOREVER: no such end),
 * and a message is never left: a voicemail is NOT_REACHED. At due_at it competes: CALLBACK_DUE.
 * Attempts are those of the queue: the input itself can set others.
 * E_STATE: neither waiting nor offered. E_RANGE: due_at has passed or is after safe_until. E_FULL:
 * the queue promises no (more) callbacks, or no personal record is left: go on waiting. */
SPW_API int spw_contact_callback(struct spw_engine *engine, spw_contact contact, spw_ns due_at,
                                 spw_ns safe_until, spw_ns now) SPW_MUST_USE;
/* Fact: how the call back went, told by the counsellor who accepted the due contact. REACHED: it is
 * an ordinary talk from now on. NOT_REACHED: promised anew after SPW_QUEUE_CALLBACK_RETRY while
 * attempts and the safe time last, else ended CALLBACK_FAILED. OTHER_ANSWERED: ended at once,
 * CALLBACK_REACHED_OTHER, never tried again. No call back is under way: RECONCILED, STATE.
 * Other facts speak for a person, too: SERVED, CUT, left, dropped, resumed, a transfer mean
 * REACHED. No time ends a call back that nobody reports on. When its counsellor is given up, or a
 * restart confirms nobody, it is NOT_REACHED and never parked: the attempt may have been made, and
 * how many there are is what the person was promised.
 * E_RANGE: not one of the results. */
SPW_API int spw_contact_callback_done(struct spw_engine *engine, spw_contact contact,
                                      enum spw_callback_result result, spw_ns now) SPW_MUST_USE;

#ifdef __cplusplus
}
#endif

#endif
