/*
 * spillway/roster.h - set-up and duty as typed functions. Each fills in one input and passes it
 * through spw_apply; results and errors are those of spw_apply and of the input named.
 */
#ifndef SPILLWAY_ROSTER_H
#define SPILLWAY_ROSTER_H

#include <spillway/engine.h>

#ifdef __cplusplus
extern "C" {
#endif

/* SKILL_ADD: a named ability; `key` is the host's own number. E_DUPLICATE, E_FULL. */
SPW_API int spw_skill_add(struct spw_engine *engine, uint64_t key, spw_ns now,
                          spw_skill *skill) SPW_MUST_USE;

/*
 * Stages (rule D5): begin, add, commit; one stage at a time; nothing is visible before the commit.
 * Equal needs, skill sets and ladders get the same number. An empty need is met by anybody.
 */
SPW_API int spw_stage_begin(struct spw_engine *engine, enum spw_stage what,
                            spw_ns now) SPW_MUST_USE;
/* need: at most 16 clauses of at most 8 literals; level 1..100; skill set: level 1..100. */
SPW_API int spw_stage_literal(struct spw_engine *engine, spw_skill skill, uint32_t level,
                              enum spw_literal_mode mode, spw_ns now) SPW_MUST_USE;
SPW_API int spw_stage_clause(struct spw_engine *engine, int floor, spw_ns now) SPW_MUST_USE;
SPW_API int spw_stage_skill(struct spw_engine *engine, spw_skill skill, uint32_t level,
                            spw_ns now) SPW_MUST_USE;
/* ladder: steps in rising order of `after`; the first has after 0. Every step must repeat each
 * floor clause, and each clause with a LACKS literal, of the first (E_FLOOR). `raise` adds to
 * priority. */
SPW_API int spw_stage_step(struct spw_engine *engine, spw_ns after, spw_need need, uint32_t raise,
                           spw_ns now) SPW_MUST_USE;
SPW_API int spw_stage_set(struct spw_engine *engine, enum spw_field field, uint32_t index,
                          int64_t value, spw_ns now) SPW_MUST_USE;
SPW_API int spw_stage_commit(struct spw_engine *engine, spw_ns now, uint32_t *number) SPW_MUST_USE;
SPW_API int spw_stage_abort(struct spw_engine *engine, spw_ns now) SPW_MUST_USE;

/* COUNSELLOR_ADD: known, OUT. The key must be new (E_DUPLICATE). */
SPW_API int spw_counsellor_add(struct spw_engine *engine, const struct spw_counsellor_add *add,
                               spw_ns now, spw_counsellor *counsellor) SPW_MUST_USE;
SPW_API int spw_counsellor_sign_in(struct spw_engine *engine, spw_counsellor counsellor,
                                   spw_ns now) SPW_MUST_USE;
SPW_API int spw_counsellor_sign_out(struct spw_engine *engine, spw_counsellor counsellor,
                                    spw_ns now) SPW_MUST_USE;
/* From any state; signs in too. Idle time starts now; else it starts with the last end, decline or
 * missed offer. A break that is due goes on: COUNSELLOR_DEFER puts it off. */
SPW_API int spw_counsellor_ready(struct spw_engine *engine, spw_counsellor counsellor,
                                 spw_ns now) SPW_MUST_USE;
SPW_API int spw_counsellor_pause(struct spw_engine *engine, spw_counsellor counsellor,
                                 uint32_t reason, spw_ns now) SPW_MUST_USE;
/* Within the reconnect grace a heartbeat, an answer or COUNSELLOR_ALIVE leads back to the state
 * before the loss. A sign of life re-arms nothing: the lease is looked at when it runs out. */
SPW_API int spw_counsellor_heartbeat(struct spw_engine *engine, spw_counsellor counsellor,
                                     spw_ns now) SPW_MUST_USE;
SPW_API int spw_counsellor_lost(struct spw_engine *engine, spw_counsellor counsellor,
                                spw_ns now) SPW_MUST_USE;
SPW_API int spw_counsellor_skills(struct spw_engine *engine, spw_counsellor counsellor,
                                  spw_skillset skillset, spw_ns now) SPW_MUST_USE;
SPW_API int spw_counsellor_pull(struct spw_engine *engine, spw_counsellor counsellor,
                                spw_ns now) SPW_MUST_USE;
SPW_API int spw_counsellor_wrapped_up(struct spw_engine *engine, spw_counsellor counsellor,
                                      spw_contact contact, spw_ns now) SPW_MUST_USE;
SPW_API int spw_counsellor_remove(struct spw_engine *engine, spw_counsellor counsellor,
                                  spw_ns now) SPW_MUST_USE;

#ifdef __cplusplus
}
#endif

#endif
