/*
 * tests/unit/night.h - a simulated scene and how its figures are looked at: one stream, one crew,
 * what a test wants otherwise it changes.
 */
#ifndef SPW__TESTS_NIGHT_H
#define SPW__TESTS_NIGHT_H

#include <check.h>
#include <math.h>

#include <spillway.h>
#include <spillway/sim.h>

#include "sim/stats.h"
#include "stage.h"

static inline struct spw_dist exponential(double mean_s)
{
    struct spw_dist dist = {.kind = SPW_DIST_EXPONENTIAL, .mean_s = mean_s};
    return dist;
}

static inline struct spw_dist constant(double mean_s)
{
    struct spw_dist dist = {.kind = SPW_DIST_CONSTANT, .mean_s = mean_s};
    return dist;
}

/* One class, one crew; what a test wants otherwise it changes. */
struct scene {
    struct stage stage;
    struct spw_scenario scenario;
    struct spw_stream stream[2];
    struct spw_crew crew[2];
    struct spw_dist service, patience, after;
};

static inline void scene_make(struct scene *s, double rate, double service_s, double patience_s,
                              uint32_t staff)
{
    *s = (struct scene){0};
    s->service = exponential(service_s);
    s->patience = exponential(patience_s > 0 ? patience_s : 1);
    spw_scenario_init(&s->scenario);
    s->scenario.set_up = stage_commit;
    s->scenario.context = &s->stage;
    s->scenario.seed = 12;
    s->scenario.runs = 16;
    s->scenario.warm_up_s = 20 * service_s;
    s->scenario.duration_s = s->scenario.warm_up_s + 6000 / rate;
    s->scenario.streams = s->stream;
    s->scenario.stream_count = 1;
    s->scenario.crews = s->crew;
    s->scenario.crew_count = 1;
    s->stream[0] = (struct spw_stream){.name = "people",
                                       .arrivals = {.rate = rate},
                                       .home = 1,
                                       .queue = 1,
                                       .priority = 2,
                                       .service = &s->service,
                                       .patience = patience_s > 0 ? &s->patience : NULL};
    s->crew[0] = (struct spw_crew){.name = "crew", .count = staff, .centre = 1, .skillset = 1};
}

static inline struct spw_result *run(struct scene *s, const struct spw_policy *policy)
{
    char error[200] = "";
    struct spw_result *result = NULL;
    int failed = spw_sim_run(&s->scenario, policy, NULL, NULL, &result, error, sizeof error);
    ck_assert_msg(failed == 0, "%s", error);
    ck_assert_msg(result->broken == 0, "I%d: %s", result->broken, result->broken_text);
    return result;
}

static inline double value(const struct spw_result *result, enum spw_measure measure)
{
    return result->all->figure[measure].mean;
}

/* Within four standard errors of the mean over the runs. */
static inline void near(const struct spw_result *result, enum spw_measure measure, double exact)
{
    const struct spw_figure *figure = &result->all->figure[measure];
    double error = figure->half_width / spw__student_t(result->runs - 1);
    ck_assert_msg(fabs(figure->mean - exact) <= 4 * error + 1e-12, "measure %d: %g +- %g, exact %g",
                  (int)measure, figure->mean, figure->half_width, exact);
}

/* Every person is counted once: reached, gave up, or ended otherwise. */
static inline void books(const struct spw_result *result)
{
    for (size_t i = 0; i < result->group_count; i++) {
        const struct spw_figure *f = result->groups[i].figure;
        if (result->groups[i].kind == SPW_GROUP_CREW) {
            continue;
        }
        ck_assert_double_eq_tol(f[SPW_MEASURE_PEOPLE].mean,
                                f[SPW_MEASURE_ANSWERED].mean + f[SPW_MEASURE_ABANDONED].mean +
                                    f[SPW_MEASURE_OTHER_ENDS].mean,
                                1e-6);
    }
}

#endif
