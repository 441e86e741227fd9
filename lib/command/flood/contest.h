/*
 * command/flood/contest.h - policies one beside the other: each named policy meets the same people.
 *
 * A policy is one of the built-in orders by name, or a shared object by path that exports
 * `spw_policy_entry` (spillway/policy.h). flood.c and replay.c make the scenario; the contest runs
 * it once per policy and fills the outcome.
 */
#ifndef SPILLWAY_COMMAND_CONTEST_H
#define SPILLWAY_COMMAND_CONTEST_H

#include "command/command.h"

#include <spillway/sim.h>

/* What the scenario's context starts with: set_up reads which order to put into force. */
struct spw__contest_entry {
    const char *name; /* as it is shown */
    int order;        /* enum spw_order, for spw_plan_apply; -1: what the plan says */
    const struct spw_policy *policy; /* of a shared object, for spw_sim_run; else null */
    void *object;                    /* dlopen's handle */
};

struct spw__contest {
    struct spw__contest_entry entry[SPW__POLICIES_MAX];
    int count;
    struct spw__policy_outcome outcome[SPW__POLICIES_MAX]; /* reads what result[] owns */
    struct spw_result *result[SPW__POLICIES_MAX];
};

/*
 * Finds every policy by name or path, `names` null or count 0: one entry that keeps what the plan
 * says, under the name `otherwise`. 0, or -1 with a sentence in `error` that says which is unknown
 * and what there is.
 */
int spw__contest_find(struct spw__contest *contest, const char *const *names, int count,
                      const char *otherwise, char *error, size_t n);

/*
 * Runs the scenario for every entry, with a progress bar. `*order` is set to the entry's order
 * before its runs; set_up hands it to spw_plan_apply. Fills contest->outcome (name, result,
 * seconds; goals are the caller's). 0, or -1 with a sentence.
 */
int spw__contest_run(struct spw__contest *contest, const struct spw_scenario *scenario, int *order,
                     bool quiet, char *error, size_t n);

void spw__contest_free(struct spw__contest *contest);

#endif
