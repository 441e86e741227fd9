/*
 * spillway/contact.h - the life of a contact as typed functions. Each fills in one input and passes
 * it through spw_apply.
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
 * E_UNKNOWN: no such centre, queue or need. E_RANGE: priority, channel. E_DUPLICATE never: an id
 * that is live is reconciled (RECONCILED, DUPLICATE) and *contact gets the live handle.
 */
SPW_API int spw_contact_arrive(struct spw_engine *engine, const struct spw_arrive *arrive,
                               spw_ns now, spw_contact *contact) SPW_MUST_USE;
/* The person gave up or closed the window. Waiting: ends ABANDONED. Connected: ends SERVED. */
SPW_API int spw_contact_left(struct spw_engine *engine, spw_contact contact,
                             spw_ns now) SPW_MUST_USE;
/* The connection was lost, not by choice: the place is held for the queue's park grace. */
SPW_API int spw_contact_dropped(struct spw_engine *engine, spw_contact contact,
                                spw_ns now) SPW_MUST_USE;
SPW_API int spw_contact_park(struct spw_engine *engine, spw_contact contact,
                             spw_ns now) SPW_MUST_USE;
SPW_API int spw_contact_resumed(struct spw_engine *engine, spw_contact contact,
                                spw_ns now) SPW_MUST_USE;
/*
 * Triage: same place, new class; flags replace the arrival's, and what a counsellor holds counts as
 * what is known now. Queue, need 0: unchanged (a need of its own goes along into another queue).
 * Waiting: MOVED. Offered: the offer stands if its counsellor is able, else it is withdrawn.
 * Connected, parked: for later. E_STATE: in a warm transfer; to a closed queue; a promised callback
 * to another queue. E_FULL: no class or book is left; nothing has changed.
 */
SPW_API int spw_contact_reclassify(struct spw_engine *engine, spw_contact contact, uint8_t priority,
                                   spw_queue queue, spw_need need, uint8_t flags,
                                   spw_ns now) SPW_MUST_USE;
SPW_API int spw_contact_accepted(struct spw_engine *engine, spw_contact contact,
                                 spw_counsellor counsellor, spw_ns now) SPW_MUST_USE;
SPW_API int spw_contact_declined(struct spw_engine *engine, spw_contact contact,
                                 spw_counsellor counsellor, spw_ns now) SPW_MUST_USE;
/* The talk is over (SPW_END_SERVED), or the connection broke for good (SPW_END_CUT); either of
 * somebody who was never connected is reconciled and taken as left. */
SPW_API int spw_contact_ended(struct spw_engine *engine, spw_contact contact, enum spw_end reason,
                              spw_ns now) SPW_MUST_USE;
/*
 * To a queue (0 = the same), a need (0 = the queue's) or one counsellor ({0} = whoever is able):
 * held for that one for SPW_PLAN_TRANSFER_HOLD, then for whoever is able; in danger only preferred.
 * Never back to who gives it away: not while that one holds it, nor for SPW_PLAN_DECLINE_FOR. A
 * warm transfer called off leaves the contact with its counsellor, and with the new queue and need.
 * E_STATE: not connected; to its own counsellor; to a closed queue.
 */
SPW_API int spw_contact_transfer(struct spw_engine *engine, spw_contact contact,
                                 enum spw_transfer mode, spw_counsellor to, spw_queue queue,
                                 spw_need need, uint8_t priority, spw_ns now) SPW_MUST_USE;
SPW_API int spw_contact_transfer_cancel(struct spw_engine *engine, spw_contact contact,
                                        spw_ns now) SPW_MUST_USE;
/* Only where the caller said it is safe: nobody is called after safe_until, and a message is never
 * left: a voicemail is NOT_REACHED. E_FULL: the queue promises no (more) callbacks. */
SPW_API int spw_contact_callback(struct spw_engine *engine, spw_contact contact, spw_ns due_at,
                                 spw_ns safe_until, spw_ns now) SPW_MUST_USE;
SPW_API int spw_contact_callback_done(struct spw_engine *engine, spw_contact contact,
                                      enum spw_callback_result result, spw_ns now) SPW_MUST_USE;

#ifdef __cplusplus
}
#endif

#endif
