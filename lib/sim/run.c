/*
 * sim/run.c - all runs of a scenario, one after another in the same memory, merged.
 *
 * Who calls: hosts. Cost: the runs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "sim/result.h"

static double processor_s(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

struct course {
    struct spw_world *world;
    struct spw__merge *merge;
    uint64_t state_hash;
    uint64_t event_digest;
};

static int run_once(struct course *course, const struct spw_policy *policy, uint32_t run,
                    char *error, size_t size)
{
    struct spw_world *world = course->world;
    if (run > 0 && spw__world_open(world, policy, run, error, size) != 0) {
        return -1;
    }
    while (spw_world_run_until(world, 1e12) > 0) {
        /* the end is nearer than that */
    }
    if (run == 0) {
        course->state_hash = spw_state_hash(world->engine);
        course->event_digest = spw_event_digest(world->engine);
    }
    spw__merge_add(course->merge, world);
    return 0;
}

static struct spw_result *conclude(const struct course *course, double begin)
{
    struct spw_result *result = spw__merge_result(course->merge);
    if (result != NULL) {
        result->state_hash = course->state_hash;
        result->event_digest = course->event_digest;
        result->inputs = course->world->inputs;
        result->people = course->world->people;
        result->broken = course->world->broken;
        (void)snprintf(result->broken_text, sizeof result->broken_text, "%s",
                       course->world->broken_text);
        result->seconds = processor_s() - begin;
    }
    return result;
}

int spw_sim_run(const struct spw_scenario *scenario, const struct spw_policy *policy,
                spw_sim_progress progress, void *context, struct spw_result **result, char *error,
                size_t size)
{
    double begin = processor_s();
    struct course course = {.world = spw_world_create(scenario, policy, 0, error, size)};
    *result = NULL;
    if (course.world == NULL) {
        return -1;
    }
    course.merge = spw__merge_make(course.world);
    int failed = course.merge == NULL ? -1 : 0;
    if (failed) {
        (void)snprintf(error, size, "simulator: memory is out");
    }
    for (uint32_t run = 0; !failed && run < scenario->runs && course.world->broken == 0; run++) {
        failed = run_once(&course, policy, run, error, size);
        if (progress != NULL) {
            progress(context, run + 1, scenario->runs);
        }
    }
    if (!failed) {
        *result = conclude(&course, begin);
        if (*result == NULL) {
            (void)snprintf(error, size, "simulator: memory is out");
            failed = -1;
        }
    }
    spw__merge_free(course.merge);
    spw_world_free(course.world);
    return failed;
}
