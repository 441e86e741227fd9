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
/* Triage while waiting (or connected: for a later transfer): same place, new class. queue, need 0:
 * unchanged. Flags replace the arrival's. */
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
/* To a queue (0 = the same), a need (0 = the queue's) or one counsellor ({0} = whoever is able). */
SPW_API int spw_contact_transfer(struct spw_engine *engine, spw_contact contact,
                                 enum spw_transfer mode, spw_counsellor to, spw_queue queue,
                                 spw_need need, uint8_t priority, spw_ns now) SPW_MUST_USE;
SPW_API int spw_contact_transfer_cancel(struct spw_engine *engine, spw_contact contact,
                                        spw_ns now) SPW_MUST_USE;
/* Only where the caller said it is safe. E_FULL: the queue promises no (more) callbacks. */
SPW_API int spw_contact_callback(struct spw_engine *engine, spw_contact contact, spw_ns due_at,
                                 spw_ns safe_until, spw_ns now) SPW_MUST_USE;
SPW_API int spw_contact_callback_done(struct spw_engine *engine, spw_contact contact,
                                      enum spw_callback_result result, spw_ns now) SPW_MUST_USE;

#ifdef __cplusplus
}
#endif

#endif
