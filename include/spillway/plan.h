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

/* Raises the limits of `config` where the plan needs more; lowers none. For more than one plan in
 * an engine the host adds them up itself. */
SPW_API void spw_plan_config(const struct spw_plan *plan, struct spw_config *config);

/*
 * Commits everything the plan declares, in the order of the text, and puts its order of service
 * into force. A stage must not be open. The ring must have room: a new engine with the default ring
 * has; a live one should be polled empty before. Returns SPW_OK or the first error of spw_apply,
 * with the place in the text that caused it; what was committed before it stays, the stage that
 * failed is aborted. With SPW_OK everything is committed and *error is empty. What it means for
 * people who wait is worked off as far as the ring has room: on a live engine, poll and call
 * spw_continue until it is not SPW_E_BUSY; do not apply again. A plan may be applied to any number
 * of engines; the numbers are those of the last. A policy that a host registered is selected with
 * `order`: SPW_ORDER_CUSTOM + number, or -1 for what the text says.
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
/* What is declared, in the order of the text, `index` from 0; null past the end. The name lives as
 * long as the plan. */
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
