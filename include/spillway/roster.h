/*
 * spillway/roster.h - set-up and duty as typed functions. Each fills in one input and passes it
 * through spw_apply. What every function here returns besides what its own comment says stands at
 * the head of spillway/contact.h; made numbers and handles are 0 on an error, and the pointer that
 * gets them may be null.
 */
#ifndef SPILLWAY_ROSTER_H
#define SPILLWAY_ROSTER_H

#include <spillway/engine.h>

#ifdef __cplusplus
extern "C" {
#endif

/* SKILL_ADD: a named ability; `key` is the host's own number. E_DUPLICATE: a skill has that key.
 * E_FULL: config.skills_max is used up. Cost: the number of skills. */
SPW_API int spw_skill_add(struct spw_engine *engine, uint64_t key, spw_ns now,
                          spw_skill *skill) SPW_MUST_USE;

/*
 * Stages (rule D5): begin, add, commit; one stage at a time; nothing is visible before the commit.
 * Equal needs, skill sets and ladders get the same number. An empty need is met by anybody. A stage
 * of SPW_STAGE_PLAN starts from the plan in force, the others from the defaults of enum spw_field.
 * E_STAGE: a stage is open already: commit or abort it. E_RANGE: `what` is none.
 */
SPW_API int spw_stage_begin(struct spw_engine *engine, enum spw_stage what,
                            spw_ns now) SPW_MUST_USE;
/* need: one more literal of the clause that is open; any literal of a clause meets it. `level`,
 * 1..100: SPW_HOLDS asks for the skill at that level or higher, SPW_LACKS for less or none of it.
 * At most 16 clauses of at most 8 literals: E_FULL. E_STAGE: no need is staged. E_UNKNOWN: no such
 * skill. E_RANGE: level, mode. */
SPW_API int spw_stage_literal(struct spw_engine *engine, spw_skill skill, uint32_t level,
                              enum spw_literal_mode mode, spw_ns now) SPW_MUST_USE;
/* need: closes the clause; the next literal opens another, and all clauses must be met. `floor` 1:
 * no step of a ladder may drop it. What is open at the commit counts as a clause without a floor.
 * E_STAGE: no need is staged, or the clause has no literal. */
SPW_API int spw_stage_clause(struct spw_engine *engine, int floor, spw_ns now) SPW_MUST_USE;
/* skill set: holds `skill` at `level`, 1..100. E_DUPLICATE: it is in the set. E_STAGE: no skill set
 * is staged. E_UNKNOWN: no such skill. E_RANGE: level. E_FULL: 1,024 are in it. */
SPW_API int spw_stage_skill(struct spw_engine *engine, spw_skill skill, uint32_t level,
                            spw_ns now) SPW_MUST_USE;
/* ladder: steps in rising order of `after`; the first has after 0. Every step must repeat each
 * floor clause, and each clause with a LACKS literal, of the first (E_FLOOR). `raise` adds to
 * priority: so many classes nearer to danger, 0..7, 0 for the first. `after`: ns from where the
 * ladder starts. E_STAGE: no ladder is staged. E_UNKNOWN: no such need. E_RANGE: after, raise.
 * E_FULL: 32 steps are in it. */
SPW_API int spw_stage_step(struct spw_engine *engine, spw_ns after, spw_need need, uint32_t raise,
                           spw_ns now) SPW_MUST_USE;
/* One field of the queue, centre or plan that is staged (enum spw_field). E_STAGE: no stage of that
 * kind is open. E_RANGE: the value or the index does not fit. E_UNKNOWN: no such field of this
 * stage; or a need, ladder or fallback, or a skill set or queue of a preference, that is not
 * committed. E_POLICY: an order that nobody has registered. E_FULL: the plan has config.prefers_max
 * preferences. */
SPW_API int spw_stage_set(struct spw_engine *engine, enum spw_field field, uint32_t index,
                          int64_t value, spw_ns now) SPW_MUST_USE;
/* Puts the stage into force; *number is that of the object, for a plan 0. After an error the stage
 * stays open: mend or abort it. E_STAGE: none is open, or a ladder without a step. E_FULL: a
 * capacity is used up. E_RANGE: a plan whose head starts rise with the priority number. */
SPW_API int spw_stage_commit(struct spw_engine *engine, spw_ns now, uint32_t *number) SPW_MUST_USE;
/* Throws the stage away. E_STAGE: none is open. */
SPW_API int spw_stage_abort(struct spw_engine *engine, spw_ns now) SPW_MUST_USE;

/* COUNSELLOR_ADD: known, OUT. E_DUPLICATE: the key is in use: take the old one away, or find it by
 * spw_view_counsellor_find. E_UNKNOWN: no such centre or skill set. E_RANGE: units over 1,000, no
 * such channel or flag. E_FULL: config.counsellors_max, or the pools of the centre, are used up. */
SPW_API int spw_counsellor_add(struct spw_engine *engine, const struct spw_counsellor_add *add,
                               spw_ns now, spw_counsellor *counsellor) SPW_MUST_USE;
/* Request: on duty, PAUSED until ready. The lease begins. E_STATE: signed in already. */
SPW_API int spw_counsellor_sign_in(struct spw_engine *engine, spw_counsellor counsellor,
                                   spw_ns now) SPW_MUST_USE;
/* Request: LEAVING: outstanding offers go back, what is held is finished; OUT when nothing is held,
 * which may be at once. E_STATE: OUT already. */
SPW_API int spw_counsellor_sign_out(struct spw_engine *engine, spw_counsellor counsellor,
                                    spw_ns now) SPW_MUST_USE;
/* Request: ON, from any state; signs in too. Idle time starts now, as it does at an end, a decline
 * or a missed offer. A break that runs goes on: COUNSELLOR_DEFER puts it off. */
SPW_API int spw_counsellor_ready(struct spw_engine *engine, spw_counsellor counsellor,
                                 spw_ns now) SPW_MUST_USE;
/* Request: PAUSED: no further offers. One that is outstanding stands, what is held stays. `reason`
 * is the host's own number. E_STATE: OUT. */
SPW_API int spw_counsellor_pause(struct spw_engine *engine, spw_counsellor counsellor,
                                 uint32_t reason, spw_ns now) SPW_MUST_USE;
/* Fact: a sign of life. Within the reconnect grace a heartbeat, an answer or COUNSELLOR_ALIVE leads
 * back to the state before the loss. It arms nothing: the lease is looked at when it runs out. */
SPW_API int spw_counsellor_heartbeat(struct spw_engine *engine, spw_counsellor counsellor,
                                     spw_ns now) SPW_MUST_USE;
/* Fact: the connection to the counsellor is gone. GONE_SILENT: offers go back at once, talks stay
 * for SPW_CENTRE_RECONNECT_GRACE; then they are PARKED with their place and the counsellor is OUT.
 * OUT or silent already: nothing. */
SPW_API int spw_counsellor_lost(struct spw_engine *engine, spw_counsellor counsellor,
                                spw_ns now) SPW_MUST_USE;
/* Request: another skill set (0: none) from now on. What is held stays; an offer that does not fit
 * goes back; who waits is looked at anew. E_UNKNOWN: no such skill set. E_FULL: no pool is left. */
SPW_API int spw_counsellor_skills(struct spw_engine *engine, spw_counsellor counsellor,
                                  spw_skillset skillset, spw_ns now) SPW_MUST_USE;
/* Request: offer me one now, by the same decision that a pushed counsellor gets; PULL_EMPTY when
 * there is none. For counsellors with SPW_COUNSELLOR_PULLS, and for others too. Claims (rule U2)
 * are made as at any look at a counsellor who has a unit and an item left, be it that nothing fits:
 * who goes first and only lacks room there is kept another counsellor. Of one who has none nothing
 * is looked at. E_STATE: not ON. */
SPW_API int spw_counsellor_pull(struct spw_engine *engine, spw_counsellor counsellor,
                                spw_ns now) SPW_MUST_USE;
/* Fact: the wrap-up of that contact is done: WRAPPED_UP, its units are free. `contact` has ended by
 * then, so its handle is one that has gone. No such wrap-up: RECONCILED, ALREADY. */
SPW_API int spw_counsellor_wrapped_up(struct spw_engine *engine, spw_counsellor counsellor,
                                      spw_contact contact, spw_ns now) SPW_MUST_USE;
/* Request: forgets a counsellor; the key is free again. Contacts that wanted this one wait for
 * anybody. E_STATE: not OUT, or something is still held: sign out, then wait for OUT. */
SPW_API int spw_counsellor_remove(struct spw_engine *engine, spw_counsellor counsellor,
                                  spw_ns now) SPW_MUST_USE;

#ifdef __cplusplus
}
#endif

#endif
