/*
 * 06_flood_in_a_test.c - the night before the night.
 *
 * New here: the simulator (spillway/sim.h) as part of a host's own tests. The host under test has a
 * rule: while twelve or more wait, it closes the queue for information, and opens it again when
 * three are left. The simulator plays callers and counsellors under a virtual clock, shows the host
 * every event as it would come in live use, and passes on what the host asks for. So the rule is
 * tried on a flood of five times the calls, in a few milliseconds, and the test demands what the
 * rule is there for: that more of the people who need help are reached.
 *
 * Build against an installed copy: cc 06_flood_in_a_test.c $(pkg-config --cflags --libs
 * spillway-sim)
 */
#include <spillway.h>
#include <spillway/sim.h>

#include <stdio.h>
#include <stdlib.h>

enum { HELP = 1, INFORMATION = 2 }; /* numbers of the queues, in the order of their commit */

/* The host under test. */
struct host {
    int awake; /* 0: it looks on */
    int closed;
    unsigned closings;
};

static void on_event(void *context, struct spw_world *world, const struct spw_event *event)
{
    struct host *host = context;
    struct spw_depth depth;
    if (!host->awake || (event->kind != SPW_EVENT_WAITING && event->kind != SPW_EVENT_CONNECTED) ||
        spw_view_depth(spw_world_engine(world), 0, 0, &depth) != SPW_OK) {
        return;
    }
    int close = host->closed ? depth.waiting > 3 : depth.waiting >= 12;
    if (close != host->closed) {
        struct spw_input input = {.kind = close ? SPW_INPUT_QUEUE_CLOSE : SPW_INPUT_QUEUE_OPEN};
        input.u.queue.queue = INFORMATION;
        host->closed = close;
        host->closings += close != 0;
        if (spw_world_ask(world, &input) != 0) {
            exit(1);
        }
    }
}

/* What a live host would set up too: one skill, two queues, one centre. */
static int set_up(void *context, struct spw_engine *engine)
{
    spw_skill listening;
    struct host *host = context;
    int failed = spw_skill_add(engine, 1, 0, &listening);
    host->closed = 0; /* every run begins with a new engine */
    failed |= spw_stage_begin(engine, SPW_STAGE_SKILLSET, 0);
    failed |= spw_stage_skill(engine, listening, 50, 0);
    failed |= spw_stage_commit(engine, 0, NULL);
    for (int queue = HELP; queue <= INFORMATION; queue++) {
        failed |= spw_stage_begin(engine, SPW_STAGE_QUEUE, 0);
        failed |= spw_stage_set(engine, SPW_QUEUE_TARGET, 2, SPW_MINUTE, 0);
        failed |= spw_stage_commit(engine, 0, NULL);
    }
    failed |= spw_stage_begin(engine, SPW_STAGE_CENTRE, 0);
    failed |= spw_stage_commit(engine, 0, NULL);
    return failed;
}

/* Four counsellors, twelve calls for help and twenty for information an hour, five times as many
 * from the second hour to the fourth. Returns the share of people asking for help who were
 * reached. */
static double evening(struct host *host)
{
    const struct spw_dist talk = {.kind = SPW_DIST_LOGNORMAL, .mean_s = 420, .b = 0.8};
    const struct spw_dist patience = {.kind = SPW_DIST_EXPONENTIAL, .mean_s = 300};
    struct spw_stream streams[2] = {
        {.name = "help", .queue = HELP, .arrivals.rate = 12.0 / 3600},
        {.name = "information", .queue = INFORMATION, .arrivals.rate = 20.0 / 3600}};
    const struct spw_crew crew = {
        .name = "counsellors", .count = 4, .centre = 1, .skillset = 1, .no_show_probability = 0.1};
    const struct spw_surge surge = {
        .kind = SPW_SURGE_WINDOW, .at_s = 3600, .until_s = 4 * 3600, .factor = 5};
    for (int i = 0; i < 2; i++) {
        streams[i].home = 1;
        streams[i].priority = 2;
        streams[i].service = &talk;
        streams[i].patience = &patience;
        streams[i].arrivals.surge[0] = surge;
        streams[i].arrivals.surge_count = 1;
    }
    struct spw_scenario scenario;
    struct spw_result *result;
    char error[200];
    spw_scenario_init(&scenario);
    scenario.set_up = set_up;
    scenario.context = host;
    scenario.on_event = on_event;
    scenario.on_event_context = host;
    scenario.streams = streams;
    scenario.stream_count = 2;
    scenario.crews = &crew;
    scenario.crew_count = 1;
    scenario.duration_s = 6 * 3600;
    scenario.runs = 50;
    if (spw_sim_run(&scenario, NULL, NULL, NULL, &result, error, sizeof error) != 0) {
        printf("%s\n", error);
        exit(1);
    }
    const struct spw_group *help = spw_result_group(result, SPW_GROUP_QUEUE, HELP);
    double reached = help->figure[SPW_MEASURE_REACHED].mean;
    printf("%s: of 100 who needed help %.0f were reached; invariants %s\n",
           host->awake ? "with the rule" : "without", reached * 100,
           result->broken == 0 ? "held" : result->broken_text);
    spw_result_free(result);
    return reached;
}

int main(void)
{
    struct host asleep = {0};
    struct host host = {.awake = 1};
    double without = evening(&asleep);
    double with = evening(&host);
    int good = host.closings > 0 && with > without + 0.1;
    printf("the rule %s\n", good ? "does what it is there for" : "FAILS");
    return good ? 0 : 1;
}
