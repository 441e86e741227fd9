/*
 * bench/throughput/simulate.c - how many people a second the simulator takes through the engine.
 *
 * A year of a national line: eight million first attempts in the shape of a child helpline's day,
 * 245 counsellors, talks of 14 minutes, patience of 9. The same as
 * bench/scenarios/national-year.yaml without reading it, and without a report. Drawing people,
 * their records and the tallies are part of the figure, as they are for anybody who simulates.
 */
#include "throughput.h"

#include <spillway/sim.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define YEAR_S (365.0 * 86400)
#define PEOPLE_A_YEAR 8e6

static int set_up(void *context, struct spw_engine *engine)
{
    spw_skill skill;
    spw_need need;
    (void)context;
    must(spw_skill_add(engine, 1, 0, &skill), "a skill");
    must(spw_stage_begin(engine, SPW_STAGE_NEED, 0), "a need");
    must(spw_stage_literal(engine, skill, 1, SPW_HOLDS, 0), "a literal");
    must(spw_stage_clause(engine, 0, 0), "a clause");
    must(spw_stage_commit(engine, 0, &need), "a need");
    must(spw_stage_begin(engine, SPW_STAGE_SKILLSET, 0), "a skill set");
    must(spw_stage_skill(engine, skill, 50, 0), "a skill held");
    must(spw_stage_commit(engine, 0, NULL), "a skill set");
    must(spw_stage_begin(engine, SPW_STAGE_QUEUE, 0), "a queue");
    must(spw_stage_set(engine, SPW_QUEUE_NEED, 0, need, 0), "its need");
    must(spw_stage_commit(engine, 0, NULL), "a queue");
    must(spw_stage_begin(engine, SPW_STAGE_CENTRE, 0), "a centre");
    must(spw_stage_commit(engine, 0, NULL), "a centre");
    return SPW_OK;
}

static struct spw_result *simulate(uint64_t seed, double duration_s)
{
    static const struct spw_dist service = {
        .kind = SPW_DIST_LOGNORMAL, .mean_s = 14.0 * 60, .b = 0.9};
    static const struct spw_dist patience = {.kind = SPW_DIST_EXPONENTIAL, .mean_s = 9.0 * 60};
    static const struct spw_variant kinds[] = {
        {.share = 2, .priority = 0}, {.share = 18, .priority = 1}, {.share = 80, .priority = 2}};
    struct spw_stream stream = {.name = "callers",
                                .home = 1,
                                .queue = 1,
                                .service = &service,
                                .patience = &patience,
                                .variants = kinds,
                                .variant_count = sizeof kinds / sizeof kinds[0]};
    struct spw_crew crew = {.name = "counsellors", .count = 245, .centre = 1, .skillset = 1};
    struct spw_scenario scenario;
    struct spw_result *result = NULL;
    char error[200] = "";
    stream.arrivals.rate = PEOPLE_A_YEAR / YEAR_S;
    stream.arrivals.day_shape = spw_day_shape("child");
    spw_scenario_init(&scenario);
    scenario.name = "a national line";
    scenario.seed = seed;
    scenario.runs = 1;
    scenario.duration_s = duration_s;
    scenario.config.contacts_max = 20000;
    scenario.set_up = set_up;
    scenario.streams = &stream;
    scenario.stream_count = 1;
    scenario.crews = &crew;
    scenario.crew_count = 1;
    if (spw_sim_run(&scenario, NULL, NULL, NULL, &result, error, sizeof error) != 0) {
        fprintf(stderr, "spw-throughput: simulated: %s\n", error);
        exit(1);
    }
    return result;
}

void measure_simulate(const struct bench *bench)
{
    static const char *const columns[] = {"M people/s", "people", "processor s", "s for 8 M people",
                                          "reached %"};
    bool smoke = bench->mode == MODE_SMOKE;
    report_group(bench->report, "simulate",
                 "People that the simulator draws, sends through the engine and counts, a second "
                 "of processor time: a national line with eight million first attempts a year.",
                 columns, 5);
    struct spw_result *result = simulate(bench->seed, smoke ? YEAR_S / 50 : YEAR_S);
    double people = (double)result->people;
    double values[] = {people / result->seconds / 1e6, people, result->seconds,
                       result->seconds * PEOPLE_A_YEAR / people,
                       100 * result->all->figure[SPW_MEASURE_REACHED].mean};
    report_row(bench->report, "simulate", smoke ? "a week of a national line" : "a year", values);
    report_digest(bench->report, "simulate", result->event_digest);
    spw_result_free(result);
}
