/*
 * spillway/contact.h - the life of a contact as typed functions. Each fills in one input and passes
 * it through spw_apply.
 *
 * What every function here returns, besides what its own comment says:
 *   SPW_E_STALE       the handle names a contact (or counsellor) that never was; for a request also
 *                     one that has gone. A fact about a contact or counsellor that has gone is
 *                     reconciled instead: SPW_OK and an event RECONCILED, GONE.
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
 * A person reached the helpline. *contact gets the handle; {0} when the arrival was refused (the
 * REFUSED event says why and when to try again). E_UNKNOWN: no such centre, queue or need. E_RANGE:
 * priority, channel, flags, mode or time of a wish, deadline. E_INVALID: the id is zero, or a
 * reserved member is not. Never E_DUPLICATE: when the id is that of a live contact, the arrival is
 * reconciled (RECONCILED, DUPLICATE) and *contact gets the handle of that contact.
 *
 * A token that ended unserved within SPW_PLAN_RESUME_GRACE brings its wait back, once for each such
 * end: up to SPW_PLAN_CREDIT_MAX, and of the time away at most SPW_PLAN_RESUME_GAP. An arrival that
 * continues a live contact has its place, and the declines and exclusions in force; that one ends
 * SWITCHED. A wish or a continued contact that has gone, or never was, counts as none.
 *
 * When config.personal_max is used up, a wish, a deadline or what a continued contact declined is
 * not kept: RECONCILED, NO_RECORD follows. When a wished counsellor is free, the 64 contacts with
 * the earliest places among those that wish for this counsellor are looked at; a contact behind
 * these waits as if it had no wish (but a hold still holds it).
 */
SPW_API int spw_contact_arrive(struct spw_engine *engine, const struct spw_arrive *arrive,
                               spw_ns now, spw_contact *contact) SPW_MUST_USE;
/* Fact: the person gave up or closed the window. A contact that waits, is offered, parked or
 * promised a callback ends ABANDONED; one that is connected or in a warm transfer ends SERVED, and
 * its counsellor wraps up. */
SPW_API int spw_contact_left(struct spw_engine *engine, spw_contact contact,
                             spw_ns now) SPW_MUST_USE;
/* Fact: the connection was lost, not by choice. The contact is PARKED: its place is held for the
 * queue's park grace. An offer of it is withdrawn; a talk ends, and its counsellor wraps up. A
 * contact that is not back in time ends PARK_EXPIRED, or CUT after a talk. One that is parked,
 * promised a callback, or called back and not accepted yet has no line to lose: RECONCILED,
 * ALREADY. */
SPW_API int spw_contact_dropped(struct spw_engine *engine, spw_contact contact,
                                spw_ns now) SPW_MUST_USE;
/* Request: hold the place of a contact that waits or is offered, as if it had been dropped.
 * E_STATE: it is in neither state, or it is a callback that is due. */
SPW_API int spw_contact_park(struct spw_engine *engine, spw_contact contact,
                             spw_ns now) SPW_MUST_USE;
/* Fact: a parked person is back, or a person with a callback, promised or due, has called in.
 * RESUMED, then WAITING with the place kept and the time away counted as waited. The promise of a
 * callback ends; an offer stands. In any other state: RECONCILED, ALREADY. */
SPW_API int spw_contact_resumed(struct spw_engine *engine, spw_contact contact,
                                spw_ns now) SPW_MUST_USE;
/*
 * Triage: the same place, another class. `flags` replace those of the arrival. What a counsellor
 * holds counts as what is known of it now. Queue 0 and need 0: unchanged (a need of the contact's
 * own goes along into another queue).
 *
 * A contact that waits: MOVED. Offered: the offer stands if its counsellor is able, else it is
 * withdrawn. Connected or parked: what is said holds for its next wait. SPW_PRIORITY_SAME leaves
 * the priority; 0 is taken as meant. The severity becomes 0; the input itself can set it.
 * E_UNKNOWN: no such queue or need. E_RANGE: priority, flags. E_STATE: the contact is in a warm
 * transfer; the queue is closed; a promised callback cannot change its queue. E_FULL: no class or
 * book is left; nothing has changed.
 */
SPW_API int spw_contact_reclassify(struct spw_engine *engine, spw_contact contact, uint8_t priority,
                                   spw_queue queue, spw_need need, uint8_t flags,
                                   spw_ns now) SPW_MUST_USE;
/* Fact: the counsellor has accepted and both can talk or type: CONNECTED. Without an offer to that
 * counsellor (it came too late, or was never made) the accept wins all the same: RECONCILED,
 * LATE_ACCEPT, and OVERLOAD when the counsellor now holds more than their capacity. It does not win
 * when the contact already talks with another counsellor, or when this counsellor holds items_max:
 * OFFER_LOST, and the host tells the counsellor. */
SPW_API int spw_contact_accepted(struct spw_engine *engine, spw_contact contact,
                                 spw_counsellor counsellor, spw_ns now) SPW_MUST_USE;
/* Fact: the counsellor says no. OFFER_DECLINED; the contact goes back to its place, and the two are
 * kept apart for SPW_PLAN_DECLINE_FOR. No such offer stands: RECONCILED, ALREADY. */
SPW_API int spw_contact_declined(struct spw_engine *engine, spw_contact contact,
                                 spw_counsellor counsellor, spw_ns now) SPW_MUST_USE;
/* Fact: the talk is over (SPW_END_SERVED), or the connection broke for good (SPW_END_CUT). Either
 * of these, said of a contact that was never connected, is reconciled (NOT_CONNECTED) and taken as
 * left. Other reasons of enum spw_end end the contact as they say. E_RANGE: not one of the reasons,
 * or a refusal. */
SPW_API int spw_contact_ended(struct spw_engine *engine, spw_contact contact, enum spw_end reason,
                              spw_ns now) SPW_MUST_USE;
/*
 * Request: hands a connected contact on, to a queue (0 = the same), a need (0 = the queue's) or one
 * counsellor ({0} = any who is able). TRANSFERRING; the ladder starts anew. Cold: the counsellor
 * wraps up and the contact waits. Warm: they talk on until another counsellor accepts. Priority: as
 * in spw_contact_reclassify.
 *
 * A named counsellor: for SPW_PLAN_TRANSFER_HOLD the contact waits for that counsellor alone;
 * afterwards it prefers that counsellor and is open to any who is able. In danger it only prefers,
 * from the start. The counsellor who gives the contact away does not get it back: not while they
 * hold it, nor for SPW_PLAN_DECLINE_FOR. Their wrap-up is that of the queue in which they talked.
 * A warm transfer that is called off leaves the contact with its counsellor, and with the new queue
 * and need.
 *
 * E_STATE: not connected; to its own counsellor, or one who is OUT or LEAVING; to a closed queue.
 * E_BLOCKED: the one named is of another centre, does not meet the need or take the channel, or the
 * two are excluded. E_UNKNOWN: no such queue or need. E_RANGE: mode, priority. E_FULL: no class,
 * book or personal record is left. Refused, they talk on.
 */
SPW_API int spw_contact_transfer(struct spw_engine *engine, spw_contact contact,
                                 enum spw_transfer mode, spw_counsellor to, spw_queue queue,
                                 spw_need need, uint8_t priority, spw_ns now) SPW_MUST_USE;
/* Request: calls a warm transfer off while no counsellor has accepted it. The contact stays with
 * its counsellor: TRANSFER_ENDED. E_STATE: no warm transfer is under way. */
SPW_API int spw_contact_transfer_cancel(struct spw_engine *engine, spw_contact contact,
                                        spw_ns now) SPW_MUST_USE;
/* Request: the person asked to be called back and may hang up: CALLBACK_SET, the place kept. Only
 * where the caller said that it is safe: nobody is called after safe_until (SPW_FOREVER: no such
 * end), and no message is ever left: reaching a voicemail is NOT_REACHED. At due_at the contact
 * competes: CALLBACK_DUE. The number of attempts is that of the queue; the input itself can set
 * another. E_STATE: neither waiting nor offered. E_RANGE: due_at has passed or is after safe_until.
 * E_FULL: the queue promises no (more) callbacks, or no personal record is left: the contact goes
 * on waiting. */
SPW_API int spw_contact_callback(struct spw_engine *engine, spw_contact contact, spw_ns due_at,
                                 spw_ns safe_until, spw_ns now) SPW_MUST_USE;
/*
 * Fact: how the call back went, told by the counsellor who accepted the due contact. REACHED: it is
 * an ordinary talk from now on. NOT_REACHED: promised anew after SPW_QUEUE_CALLBACK_RETRY while
 * attempts and the safe time last, else ended CALLBACK_FAILED. OTHER_ANSWERED: ended at once,
 * CALLBACK_REACHED_OTHER, and never tried again. No call back is under way: RECONCILED, STATE.
 * E_RANGE: not one of the results.
 *
 * Other facts also show that the person was reached: SERVED, CUT, left, dropped, resumed or a
 * transfer means REACHED. A call back on which nobody reports does not end by itself. When its
 * counsellor is given up, or it is not confirmed after a restart, it is NOT_REACHED and never
 * parked: the attempt may have been made, and the person was promised a number of attempts.
 */
SPW_API int spw_contact_callback_done(struct spw_engine *engine, spw_contact contact,
                                      enum spw_callback_result result, spw_ns now) SPW_MUST_USE;

#ifdef __cplusplus
}
#endif

#endif
