/*
 * spillway/roster.h - set-up and duty as typed functions. Each fills in one input and passes it
 * through spw_apply. What every function here returns, besides what its own comment says, stands at
 * the head of spillway/contact.h. Numbers and handles of what was made are 0 on an error, and the
 * pointer that gets them may be null.
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
 * Equal needs, skill sets and ladders get the same number. An empty need is met by every
 * counsellor. A stage of SPW_STAGE_PLAN starts from the plan in force, the others from the defaults
 * of enum spw_field. E_STAGE: a stage is open already: commit or abort it. E_RANGE: `what` is not
 * in enum spw_stage.
 */
SPW_API int spw_stage_begin(struct spw_engine *engine, enum spw_stage what,
                            spw_ns now) SPW_MUST_USE;
/* need: one more literal of the clause that is open; meeting any of its literals meets a clause.
 * `level` is 1..100: SPW_HOLDS asks for the skill at that level or higher, SPW_LACKS for the skill
 * below it or not at all. At most 16 clauses of at most 8 literals: E_FULL. E_STAGE: no need is
 * staged. E_UNKNOWN: no such skill. E_RANGE: level, mode. */
SPW_API int spw_stage_literal(struct spw_engine *engine, spw_skill skill, uint32_t level,
                              enum spw_literal_mode mode, spw_ns now) SPW_MUST_USE;
/* need: closes the clause; the next literal opens another, and all clauses must be met. `floor` 1:
 * no step of a ladder may drop this clause. A clause that is still open at the commit counts,
 * without a floor. E_STAGE: no need is staged, or the clause has no literal. */
SPW_API int spw_stage_clause(struct spw_engine *engine, int floor, spw_ns now) SPW_MUST_USE;
/* skill set: holds `skill` at `level`, 1..100. E_DUPLICATE: it is in the set. E_STAGE: no skill set
 * is staged. E_UNKNOWN: no such skill. E_RANGE: level. E_FULL: 1,024 are in it. */
SPW_API int spw_stage_skill(struct spw_engine *engine, spw_skill skill, uint32_t level,
                            spw_ns now) SPW_MUST_USE;
/* ladder: steps in rising order of `after`; the first has after 0. Every step must repeat each
 * floor clause of the first step, and each of its clauses with a LACKS literal (E_FLOOR). `after`:
 * ns from where the ladder starts. `raise`: by how many priorities the contact comes nearer to
 * danger, 0..7; 0 for the first step. E_STAGE: no ladder is staged. E_UNKNOWN: no such need.
 * E_RANGE: after, raise. E_FULL: 32 steps are in it. */
SPW_API int spw_stage_step(struct spw_engine *engine, spw_ns after, spw_need need, uint32_t raise,
                           spw_ns now) SPW_MUST_USE;
/* Sets one field of the queue, centre or plan that is staged (enum spw_field). E_STAGE: no stage of
 * that kind is open. E_RANGE: the value or the index does not fit. E_UNKNOWN: no such field of this
 * stage; or a need, ladder or fallback, or a skill set or queue of a preference, that is not
 * committed. E_POLICY: an order that nobody has registered. E_FULL: the plan has config.prefers_max
 * preferences. */
SPW_API int spw_stage_set(struct spw_engine *engine, enum spw_field field, uint32_t index,
                          int64_t value, spw_ns now) SPW_MUST_USE;
/* Puts the stage into force; *number is that of the object, for a plan 0. After an error the stage
 * stays open: mend or abort it. E_STAGE: none is open, or it is a ladder without a step. E_FULL: a
 * capacity is used up. E_RANGE: a plan in which a lower priority has the larger head start.
 * E_STATE: the revision of a queue or centre changes what cannot change now (enum spw_field). */
SPW_API int spw_stage_commit(struct spw_engine *engine, spw_ns now, uint32_t *number) SPW_MUST_USE;
/* Throws the stage away. E_STAGE: none is open. */
SPW_API int spw_stage_abort(struct spw_engine *engine, spw_ns now) SPW_MUST_USE;

/* COUNSELLOR_ADD: the counsellor is known and OUT. E_DUPLICATE: a counsellor has that key: remove
 * that one, or find it by spw_view_counsellor_find. E_UNKNOWN: no such centre or skill set.
 * E_RANGE: units over 1,000, no such channel or flag. E_FULL: config.counsellors_max, or the pools
 * of the centre, are used up. */
SPW_API int spw_counsellor_add(struct spw_engine *engine, const struct spw_counsellor_add *add,
                               spw_ns now, spw_counsellor *counsellor) SPW_MUST_USE;
/* Request: on duty, but PAUSED until ready. The lease begins. E_STATE: signed in already. */
SPW_API int spw_counsellor_sign_in(struct spw_engine *engine, spw_counsellor counsellor,
                                   spw_ns now) SPW_MUST_USE;
/* Request: LEAVING: outstanding offers go back, contacts that are held are finished; OUT when none
 * is held, which may be at once. E_STATE: OUT already. */
SPW_API int spw_counsellor_sign_out(struct spw_engine *engine, spw_counsellor counsellor,
                                    spw_ns now) SPW_MUST_USE;
/* Request: ON, from any state; signs in too. Idle time starts now, as it does at the end of a talk,
 * at a decline and at a missed offer. A break that runs goes on: COUNSELLOR_DEFER puts it off. */
SPW_API int spw_counsellor_ready(struct spw_engine *engine, spw_counsellor counsellor,
                                 spw_ns now) SPW_MUST_USE;
/* Request: PAUSED: no further offers. An outstanding offer stands, and contacts that are held stay.
 * `reason` is the host's own number. E_STATE: OUT. */
SPW_API int spw_counsellor_pause(struct spw_engine *engine, spw_counsellor counsellor,
                                 uint32_t reason, spw_ns now) SPW_MUST_USE;
/* Fact: a sign of life. Within the reconnect grace a heartbeat, an answer to an offer or
 * COUNSELLOR_ALIVE leads back to the state before the loss. A heartbeat arms no timer: when the
 * lease would run out, the engine looks when the last one came. */
SPW_API int spw_counsellor_heartbeat(struct spw_engine *engine, spw_counsellor counsellor,
                                     spw_ns now) SPW_MUST_USE;
/* Fact: the connection to the counsellor is gone. GONE_SILENT: offers go back at once, talks stay
 * for SPW_CENTRE_RECONNECT_GRACE; after it their contacts are PARKED with the place kept, and the
 * counsellor is OUT. For a counsellor who is OUT or silent already nothing happens. */
SPW_API int spw_counsellor_lost(struct spw_engine *engine, spw_counsellor counsellor,
                                spw_ns now) SPW_MUST_USE;
/* Request: another skill set (0: none) from now on. Contacts that are held stay; an offer that no
 * longer fits goes back; the waiting contacts are looked at anew. E_UNKNOWN: no such skill set.
 * E_FULL: no pool is left. */
SPW_API int spw_counsellor_skills(struct spw_engine *engine, spw_counsellor counsellor,
                                  spw_skillset skillset, spw_ns now) SPW_MUST_USE;
/* Request: offer this counsellor one contact now, by the decision that would be made for them if
 * they were pushed; PULL_EMPTY when there is none. For counsellors with SPW_COUNSELLOR_PULLS, and
 * for others too. As in any decision, a contact that would be first and only lacks room here claims
 * a counsellor (rule U2), even if nothing can be offered. For a counsellor without a free unit and
 * item no contact is looked at. E_STATE: not ON. */
SPW_API int spw_counsellor_pull(struct spw_engine *engine, spw_counsellor counsellor,
                                spw_ns now) SPW_MUST_USE;
/* Fact: the wrap-up of that contact is done: WRAPPED_UP, and its units are free. The contact has
 * ended by then, so its handle is of a contact that has gone. No such wrap-up: RECONCILED, ALREADY.
 */
SPW_API int spw_counsellor_wrapped_up(struct spw_engine *engine, spw_counsellor counsellor,
                                      spw_contact contact, spw_ns now) SPW_MUST_USE;
/* Request: forgets a counsellor; the key is free again. Contacts that wished for this counsellor
 * wait for any. E_STATE: not OUT, or something is still held: sign out, then wait for OUT. */
SPW_API int spw_counsellor_remove(struct spw_engine *engine, spw_counsellor counsellor,
                                  spw_ns now) SPW_MUST_USE;

#ifdef __cplusplus
}
#endif

#endif
