/*
 * spillway/engine.h - create, the one door, time, events, state.
 *
 * The contract
 *   - One engine belongs to one thread at a time; engines share nothing. Functions that take a
 *     const engine may run together, not beside the others.
 *   - spw_apply is the only way to change an engine; everything else reads.
 *   - The caller owns every pointer it passes, before and after the call; the engine copies.
 *   - Same inputs at the same times give the same events and the same state hash, byte for byte, on
 *     every compiler, optimisation level and vector width.
 *
 * Time (rule T1)
 *   apply(input, now) first fires every deadline before `now`, one by one in the order (deadline,
 *   kind, sequence), each with everything that follows from it; then the clock becomes `now`; then
 *   the input. A deadline at exactly `now` fires only by spw_advance(now) or when time passes it,
 *   so an answer at exactly the deadline counts. Splitting an advance into smaller ones changes
 *   nothing. A `now` before the clock is taken as the clock, with an event CLOCK_BACK.
 *   GAP says that the host was stopped: pass it first, at the time it stopped (the clock), so that
 *   leases, graces and offers shift before anything fires; ages, ladders and parked places do not.
 *   Many deadlines at once: at most SPW_STEP_MAX fire in one call; then a fact gets
 *   SPW_E_POLL_FIRST and a request SPW_E_BUSY: poll and call again; each call gets further.
 *
 * Large changes (rule D3)
 *   A queue that closes on thousands, a plan swapped, a thaw: the change takes effect at once and
 *   its consequences are worked off in bounded pieces by spw_continue. Until then requests get
 *   SPW_E_BUSY; facts are taken.
 */
#ifndef SPILLWAY_ENGINE_H
#define SPILLWAY_ENGINE_H

#include <spillway/base.h>
#include <spillway/config.h>
#include <spillway/event.h>
#include <spillway/input.h>
#include <spillway/policy.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SPW_STEP_MAX 64          /* no call fires more deadlines */
#define SPW_EVENTS_PER_INPUT 128 /* no call adds more events; the ring must have room for so many */

struct spw_engine; /* opaque */

/*
 * Bytes that spw_engine_init needs for `config`; 0 if spw_config_check refuses it, or if size_t
 * cannot count them.
 */
SPW_API size_t spw_engine_size(const struct spw_config *config);

/*
 * Builds an engine inside `memory` (64-byte aligned, at least spw_engine_size bytes), which must
 * outlive it. *engine points into it. Nothing else is allocated, now or later.
 * SPW_E_MEMORY: null, misaligned or too small. Otherwise as spw_config_check.
 */
SPW_API int spw_engine_init(void *memory, size_t size, const struct spw_config *config,
                            struct spw_engine **engine) SPW_MUST_USE;

/*
 * The same with memory from `allocator`; null means aligned_alloc and free. SPW_E_INVALID also when
 * one of its two functions is null. On any error of these two *engine is null.
 */
SPW_API int spw_engine_create(const struct spw_config *config,
                              const struct spw_allocator *allocator,
                              struct spw_engine **engine) SPW_MUST_USE;

/* Ends an engine that spw_engine_create made; its memory is wiped first. Null is fine. */
SPW_API void spw_engine_destroy(struct spw_engine *engine);

/*
 * The door. `made`, if not null, gets the handle bits or the number of what the input made (a
 * contact, a counsellor, a committed object), else 0. An arrival that is refused makes nothing and
 * returns SPW_OK: what happens to people is an event. Errors: those that spillway/input.h lists for
 * all kinds, and those of the kind. A null engine or input is misuse and ends the process.
 * SPW_E_POLL_FIRST: there is room for fewer than SPW_EVENTS_PER_INPUT events; or, for a fact, the
 * deadlines that were due have filled this call (a request gets SPW_E_BUSY then), whether or not
 * more are due. Deadlines that fired stay fired. Poll, and call again with the same input.
 */
SPW_API int spw_apply(struct spw_engine *engine, const struct spw_input *input, spw_ns now,
                      uint64_t *made) SPW_MUST_USE;

/*
 * The same door in a loop, with look-ahead so that the memory of later inputs is on its way while
 * earlier ones are applied. results[i] (if not null) is what spw_apply would have returned, made[i]
 * (if not null) likewise. Returns how many inputs were taken. It is less than n only when the next
 * input, fact or request, got SPW_E_POLL_FIRST or SPW_E_BUSY; results[] at its place tells which.
 * That input and those after it were not taken: poll, call spw_continue if it is busy, and go on
 * from there.
 */
SPW_API size_t spw_apply_many(struct spw_engine *engine, const struct spw_input *inputs,
                              const spw_ns *times, size_t n, int *results,
                              uint64_t *made) SPW_MUST_USE;

/* Input ADVANCE: deadlines up to `now` fire, including those at `now`. SPW_E_BUSY: more are due;
 * poll and call again. SPW_E_POLL_FIRST, SPW_E_RANGE: as spw_apply. */
SPW_API int spw_advance(struct spw_engine *engine, spw_ns now) SPW_MUST_USE;
/* Input CONTINUE: the same, then a piece of the backlog of large changes. SPW_E_BUSY: more is left;
 * poll and call again. Without a backlog it is spw_advance. */
SPW_API int spw_continue(struct spw_engine *engine, spw_ns now) SPW_MUST_USE;

/* The earliest deadline, SPW_FOREVER if none; the clock itself while a backlog is left (then call
 * spw_continue). Arm one timer for it, then call spw_advance. Cost: constant. */
SPW_API spw_ns spw_next_deadline(const struct spw_engine *engine);

/* The latest time that an input, an advance or a deadline has brought; 0 at first. */
SPW_API spw_ns spw_clock(const struct spw_engine *engine);

/*
 * Copies up to n events, oldest first, and removes them; returns how many. Sequence numbers have no
 * gaps. The poll position is not state: a hash does not change by polling. Cost: a copy for each.
 */
SPW_API size_t spw_poll(struct spw_engine *engine, struct spw_event *events, size_t n);

/*
 * Makes a policy known under `policy->name`; select it with SPW_PLAN_ORDER =
 * SPW_ORDER_CUSTOM + *number. Not an input: it must be repeated, in the same order, before inputs
 * are replayed or a state is imported; name, revision and flags are part of the hash. Errors:
 * SPW_E_POLICY (malformed), SPW_E_NEWER (made for a newer library and uses what this one lacks),
 * SPW_E_DUPLICATE (the name is known already), SPW_E_FULL (eight are known).
 */
SPW_API int spw_policy_register(struct spw_engine *engine, const struct spw_policy *policy,
                                uint32_t *number) SPW_MUST_USE;

/* Hash of the whole logical state (rule H). Cost: proportional to the state. */
SPW_API uint64_t spw_state_hash(const struct spw_engine *engine);

/* Running digest of all events ever emitted; part of the state. Cost: constant. */
SPW_API uint64_t spw_event_digest(const struct spw_engine *engine);

/*
 * Canonical bytes of the state: the same state gives the same bytes on every machine. Undelivered
 * events are not part of it: poll first. spw_state_export with null bytes returns the size needed;
 * otherwise it returns the size written, or 0 if `size` is too small.
 * Cost: proportional to the state and to the capacities.
 */
SPW_API size_t spw_state_export(const struct spw_engine *engine, void *bytes, size_t size);
/*
 * Goes on from an export: events, hashes and decisions are those that would have followed. What the
 * bytes say is checked whole before it is believed. SPW_E_STATE: the engine has had an input:
 * create a new one. SPW_E_FORMAT: damaged, cut short, or no export. SPW_E_VERSION: of a format that
 * this library does not read. SPW_E_LIMITS: create the engine with the limits of the other.
 * SPW_E_POLICY: register the same policies, in the same order, before. After SPW_E_STATE nothing
 * has changed; on any other error the engine is as it was created.
 */
SPW_API int spw_state_import(struct spw_engine *engine, const void *bytes,
                             size_t size) SPW_MUST_USE;

/*
 * Walks everything and checks the invariants of lib/RULES.md that a state can show: I1 to I5, I9,
 * and of I6 that no limit, reserve, hold or claim of others keeps a counsellor from somebody in
 * danger. The other half of I6, that no offer passes over somebody in danger, is a matter of
 * decisions: builds with SPW_SLOW_CHECKS assert it at every offer. I4 is left out while a backlog
 * is worked off. Returns 0, or the number of the first that is broken (4 = I4 ...) with a sentence
 * in `text`, which may be null. For tests and simulations: its cost is the number waiting times the
 * number of counsellors.
 */
SPW_API int spw_check(const struct spw_engine *engine, char *text, size_t size);

/* Which argmin kernel the engine uses: 0 portable, 1 AVX2, 2 AVX-512; results are identical. */
SPW_API int spw_vector_width(const struct spw_engine *engine);
/* Forces one (tests, benchmarks). SPW_E_RANGE if this processor lacks it. Not state. */
SPW_API int spw_vector_width_set(struct spw_engine *engine, int width) SPW_MUST_USE;

#ifdef __cplusplus
}
#endif

#endif
