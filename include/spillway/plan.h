/*
 * spillway/plan.h - the plan as a text: skills, needs, ladders, queues, centres and the order of
 * service, written in YAML and turned into staged inputs.
 *
 * A plan is read once and checked as far as a text can be; then it is applied to an engine, always
 * through spw_apply. Names live here and nowhere else: the engine knows numbers only. After
 * spw_plan_apply the plan answers which number a name got.
 *
 *   struct spw_plan_error error;
 *   struct spw_plan *plan = spw_plan_read(text, length, "plan.yaml", &error);
 *   if (plan == NULL) {
 *       return fail(error.text);
 *   }
 *   spw_plan_config(plan, &config);
 *   if (spw_engine_create(&config, NULL, &engine) != SPW_OK) {
 *       return fail("the engine needs more memory");
 *   }
 *   if (spw_plan_apply(plan, engine, -1, now, &error) != SPW_OK) {
 *       return fail(error.text);
 *   }
 *   arrive.queue = spw_plan_queue(plan, "voice");
 *
 * error.text is one line: "plan.yaml:14:9: unknown key `tagret` ...". Every key is described in
 * bench/scenarios/README.md. A plan belongs to one thread at a time; it takes memory of its own
 * (malloc) and does so in spw_plan_read alone.
 */
#ifndef SPILLWAY_PLAN_H
#define SPILLWAY_PLAN_H

#include <spillway/engine.h>

#ifdef __cplusplus
extern "C" {
#endif

struct spw_plan; /* opaque; owns its names */

/* The first mistake: "plan.yaml:14:9: what was wrong; what was expected". */
struct spw_plan_error {
    int line;   /* from 1; 0 when the mistake has no place */
    int column; /* from 1, in characters */
    int code;   /* SPW_E_INVALID for a text, SPW_E_MEMORY; what spw_apply said for an input */
    char text[400];
};

/*
 * Reads a text whose root is the plan, or a map that has it under the key `plan`; other keys of
 * such a map are left alone. `file` is only quoted. Null, and *error filled, when the text is
 * wrong. The text may go afterwards.
 */
SPW_API struct spw_plan *spw_plan_read(const char *text, size_t length, const char *file,
                                       struct spw_plan_error *error) SPW_MUST_USE;
/* Its names go with it. Null is fine; engines that it was applied to stay as they are. */
SPW_API void spw_plan_free(struct spw_plan *plan);

/* Raises the limits of `config` where the plan needs more; lowers none. Later versions of it need
 * room for what they add, and for needs, skill sets and ladders that they change; so do other plans
 * in the same engine: the host adds that itself. */
SPW_API void spw_plan_config(const struct spw_plan *plan, struct spw_config *config);

/*
 * Puts the plan into force, in a new engine or in one that is at work. What the engine holds under
 * the same names is found, by keys made from the names, and never committed twice; what is new
 * is added, each object after those that it names; the order of service comes last, as one change.
 * So the next version of a plan is applied to a live engine in the same way; applying the same
 * plan again changes nothing but the revision that is told. No contact is moved or lost.
 *
 * What the next version may change:
 *   the order of service  all of it. What the text does not say is a default again; preferences
 *                         that it does not name are gone.
 *   a queue               everything but need, ladder and language; these too while no contact
 *                         is in it (view.h: spw_view_queue, live). Whether it is open stays.
 *   a centre              lease, reconnect grace, share of breaks, zone. Its sizes stay: say them
 *                         as they were, or leave them out.
 *   names                 may be new. A name that is left out stays committed as it is: close its
 *                         queue. A need, ladder or skill set may mean something else under its
 *                         name; contacts and counsellors keep the number that they were given.
 * The head of enum spw_field (input.h) says what becomes of things already under way. Of two plans
 * in one engine the order of service of the last one holds.
 *
 * Returns SPW_OK, and *error is empty, or the first error, with the place in the text that caused
 * it; a stage is not left open. Before anything that contacts rest on is changed, what cannot go is
 * refused: SPW_E_STATE for what may not change, SPW_E_FULL, SPW_E_POLICY. Objects that were added
 * by then stay, unused. SPW_E_BUSY and SPW_E_POLL_FIRST say that the ring was full:
 * poll, and apply the same again. A new engine with the default ring has room. A stage must not be
 * open.
 *
 * What it means for waiting contacts is worked off as far as the ring has room: on a live engine,
 * poll and call spw_continue until it is not SPW_E_BUSY. A plan may be applied to any number of
 * engines; the numbers are those of the last, and none after an error. A policy that a host
 * registered is selected with `order`: SPW_ORDER_CUSTOM + number, or -1 for what the text says.
 */
SPW_API int spw_plan_apply(struct spw_plan *plan, struct spw_engine *engine, int order, spw_ns now,
                           struct spw_plan_error *error) SPW_MUST_USE;

/* Numbers by name; 0 when the plan declares no such thing, or has not been applied. Cost: the names
 * of the plan. */
SPW_API spw_skill spw_plan_skill(const struct spw_plan *plan, const char *name);
SPW_API spw_skillset spw_plan_skillset(const struct spw_plan *plan, const char *name);
SPW_API spw_need spw_plan_need(const struct spw_plan *plan, const char *name);
SPW_API spw_ladder spw_plan_ladder(const struct spw_plan *plan, const char *name);
SPW_API spw_queue spw_plan_queue(const struct spw_plan *plan, const char *name);
SPW_API spw_centre spw_plan_centre(const struct spw_plan *plan, const char *name);

enum spw_plan_names {
    SPW_NAMES_SKILLS = 0,
    SPW_NAMES_SKILLSETS,
    SPW_NAMES_NEEDS,
    SPW_NAMES_LADDERS,
    SPW_NAMES_QUEUES,
    SPW_NAMES_CENTRES
};
/* What is declared, `index` from 0; null past the end. In the order of the text, except that a
 * queue comes after its fallback, and a language after the skills that are listed. The name lives
 * as long as the plan. */
SPW_API const char *spw_plan_name(const struct spw_plan *plan, enum spw_plan_names of,
                                  size_t index);

/* The target of a queue for a priority, as the text sets it. SPW_E_UNKNOWN, SPW_E_RANGE. */
SPW_API int spw_plan_queue_target(const struct spw_plan *plan, const char *queue, int priority,
                                  spw_ns *target) SPW_MUST_USE;

/* The lease of a centre, as the text sets it; SPW_FOREVER: none. Under a lease, a connected
 * counsellor needs a heartbeat well within it: after a third of it is usual. SPW_E_UNKNOWN. */
SPW_API int spw_plan_centre_lease(const struct spw_plan *plan, const char *centre,
                                  spw_ns *lease) SPW_MUST_USE;

/* Units of 100 that a contact on a channel takes under this plan. */
SPW_API uint32_t spw_plan_units(const struct spw_plan *plan, uint32_t channel);

#define SPW_PLAN_REMARK_MAX 320

/* What a plan promises, or lets happen: a sentence. */
struct spw_plan_remark {
    int warning;      /* somebody may wait for ever */
    double from_load; /* offered load over what the staff can finish, from which on; INFINITY */
    char text[SPW_PLAN_REMARK_MAX];
};

/*
 * The bound on overtaking, what the order lets starve and from which load on, the bound of the
 * protected tier, and the queues whose need insists on the preferred beyond the target. `order` -1:
 * what the text says, else enum spw_order. Writes at most `room` and returns how many; ten are
 * enough.
 */
SPW_API size_t spw_plan_remarks(const struct spw_plan *plan, int order,
                                struct spw_plan_remark *remarks, size_t room);

#ifdef __cplusplus
}
#endif

#endif
