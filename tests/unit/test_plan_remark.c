/*
 * test_plan_remark.c - what is said about a plan is true of an engine in which it is in force: the
 * bound on overtaking is the engine's own, and a priority that is said to starve does, in a
 * simulated flood of that load, while just below it nobody does.
 */
#include "suite.h"

#include "plan/plan.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <spillway.h>
#include <spillway/plan.h>
#include <spillway/sim.h>

static struct spw_plan *plan_of(const char *service)
{
    char text[600];
    struct spw_plan_error error;
    (void)snprintf(text, sizeof text,
                   "skills: [a]\nskill_sets: {s: [a]}\nqueues: {q: {need: [a]}}\ncentres: {c: {}}\n"
                   "%s\n",
                   service);
    struct spw_plan *plan = spw_plan_read(text, strlen(text), "r.yaml", &error);
    ck_assert_msg(plan != NULL, "%s", error.text);
    return plan;
}

/* The first remark that holds the words; null if there is none. */
static const struct spw_plan_remark *find(const struct spw_plan_remark *remarks, size_t count,
                                          const char *words)
{
    for (size_t i = 0; i < count; i++) {
        if (strstr(remarks[i].text, words) != NULL) {
            return &remarks[i];
        }
    }
    return NULL;
}

START_TEST(the_bound_is_the_engines_own)
{
    static const char own[] = "protected: no\nsticky_bonus: 30 s\n"
                              "priorities: {1: {head_start: 40 min}, 2: {head_start: 10 min}, "
                              "3: {head_start: 90 s}}\nunclassified: {head_start: 50 min}";
    static const char *const services[] = {
        "protected: no",
        "protected: no\norder: fifo",
        own,
        "protected: no\nclaim_after: 5 min",
        "protected: no\nclaim_after: never\n"
        "units: {chat: 100, text: 100, email: 100, work: 100}",
        "protected: no\nclaim_after: 7 min\nexclusive: [[voice, chat]]\n"
        "units: {chat: 100, text: 100, email: 100, work: 100}",
    };
    for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
        struct spw_plan_error error;
        struct spw_config config;
        struct spw_engine *engine = NULL;
        struct spw_plan_remark remarks[10];
        struct spw_plan *plan = plan_of(services[i]);
        spw_config_init(&config);
        ck_assert_int_eq(spw_engine_create(&config, NULL, &engine), SPW_OK);
        ck_assert_int_eq(spw_plan_apply(plan, engine, -1, 0, &error), SPW_OK);
        size_t count = spw_plan_remarks(plan, -1, remarks, 10);
        const struct spw_plan_remark *bound = find(remarks, count, "(I7)");
        ck_assert_ptr_nonnull(bound);
        ck_assert_int_eq(bound->warning, 0);
        for (int priority = 1; priority < 8; priority++) {
            long long seconds = spw_view_overtaking_bound(engine, priority) / SPW_SECOND;
            char span[40];
            if (seconds < 120) {
                (void)snprintf(span, sizeof span, " %lld s", seconds);
            } else if (seconds % 60 == 0) {
                (void)snprintf(span, sizeof span, " %lld min", seconds / 60);
            } else {
                (void)snprintf(span, sizeof span, " %lld min %lld s", seconds / 60, seconds % 60);
            }
            ck_assert_msg(strstr(bound->text, span) != NULL, "priority %d:%s is not in: %s",
                          priority, span, bound->text);
        }
        spw_engine_destroy(engine);
        spw_plan_free(plan);
    }
}
END_TEST

START_TEST(orders_without_a_bound_say_so)
{
    struct spw_plan *plan = plan_of("protected: no");
    struct spw_plan_remark remarks[10];
    for (int order = SPW_ORDER_STRICT; order < SPW_ORDER_CUSTOM; order++) {
        size_t count = spw_plan_remarks(plan, order, remarks, 10);
        ck_assert_ptr_nonnull(find(remarks, count, "overtaking has no bound"));
        ck_assert_ptr_null(find(remarks, count, "(I7)"));
    }
    ck_assert_ptr_nonnull(
        find(remarks, spw_plan_remarks(plan, SPW_ORDER_CUSTOM, remarks, 10), "of its own"));
    ck_assert_uint_eq(spw_plan_remarks(plan, -1, remarks, 1), 1);
    ck_assert_uint_eq(spw_plan_remarks(plan, -1, remarks, 0), 0);
    spw_plan_free(plan);
    plan = plan_of("protected: no\nclaim_after: never");
    ck_assert_ptr_nonnull(
        find(remarks, spw_plan_remarks(plan, -1, remarks, 10), "claim_after is never"));
    spw_plan_free(plan);
}
END_TEST

START_TEST(the_protected_share_is_stated)
{
    static const struct {
        const char *service, *words;
        int warning;
    } each[] = {{"protected: no", "priority 0 is not protected", 0},
                {"protected: {bound: none}", "nothing bounds priority 0", 1},
                {"protected: {bound: 90 per 1 h}", "for 90 offers an hour", 0}};
    for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
        struct spw_plan_remark remarks[10];
        struct spw_plan *plan = plan_of(each[i].service);
        size_t count = spw_plan_remarks(plan, -1, remarks, 10);
        const struct spw_plan_remark *remark = find(remarks, count, each[i].words);
        ck_assert_ptr_nonnull(remark);
        ck_assert_int_eq(remark->warning, each[i].warning);
        spw_plan_free(plan);
    }
}
END_TEST

static int set_up(void *context, struct spw_engine *engine)
{
    struct spw_plan_error error;
    return spw_plan_apply(context, engine, -1, 0, &error) == SPW_OK ? 0 : -1;
}

/* Priority 1 alone offers twice what five can finish; a few of priority 2 come as well, and nobody
 * gives up. The share of those of priority 2 who are reached, late in the flood. */
static double served_below(struct spw_plan *plan)
{
    const struct spw_dist talk = {.kind = SPW_DIST_EXPONENTIAL, .mean_s = 100};
    struct spw_stream streams[2] = {{.name = "above", .priority = 1, .arrivals.rate = 0.1},
                                    {.name = "below", .priority = 2, .arrivals.rate = 0.01}};
    const struct spw_crew crew = {.name = "five", .count = 5, .centre = 1, .skillset = 1};
    struct spw_scenario scenario;
    struct spw_result *result = NULL;
    char error[200];
    for (int i = 0; i < 2; i++) {
        streams[i].home = streams[i].queue = 1;
        streams[i].service = &talk;
    }
    spw_scenario_init(&scenario);
    scenario.set_up = set_up;
    scenario.context = plan;
    scenario.streams = streams;
    scenario.stream_count = 2;
    scenario.crews = &crew;
    scenario.crew_count = 1;
    scenario.runs = 3;
    scenario.warm_up_s = 2000; /* later ones are served only after the flood, if at all */
    scenario.duration_s = 200000;
    scenario.drain_s = 0;
    scenario.config.contacts_max = 30000;
    ck_assert_int_eq(spw_sim_run(&scenario, NULL, NULL, NULL, &result, error, sizeof error), 0);
    double reached =
        spw_result_group(result, SPW_GROUP_STREAM, 1)->figure[SPW_MEASURE_REACHED].mean;
    spw_result_free(result);
    return reached;
}

/* The need is asked for longer than the tightest target allows, in that queue and in no other. */
START_TEST(insisting_beyond_the_target_is_told)
{
    static const char text[] = "skills: [talk, kind]\n"
                               "needs: {wish: {all: [talk], prefer: [kind], prefer_for: 30 s}}\n"
                               "ladders: {slow: {need: wish, steps: [{after: 5 min, relax: "
                               "[talk]}]}}\n"
                               "queues:\n"
                               "  later: {ladder: slow, target: 25 s}\n"
                               "  late: {need: wish, target: {0: 20 s, default: 2 min}}\n"
                               "  calm: {need: wish, target: 30 s}\n"
                               "  plain: {need: [talk], target: 1 s}\n"
                               "centres: {home: {}}\n"
                               "protected: no\n";
    struct spw_plan_error error;
    struct spw_plan *plan = spw_plan_read(text, strlen(text), "t", &error);
    struct spw_plan_remark remarks[10];
    ck_assert_msg(plan != NULL, "%s", error.text);
    const struct spw_plan_remark *told =
        find(remarks, spw_plan_remarks(plan, -1, remarks, 10), "prefer_for is longer");
    ck_assert_ptr_nonnull(told);
    ck_assert_ptr_nonnull(strstr(told->text, "late 30 s for a target of 20 s"));
    ck_assert_ptr_nonnull(strstr(told->text, "later 30 s for a target of 25 s"));
    ck_assert_ptr_null(strstr(told->text, "calm"));
    ck_assert_ptr_null(strstr(told->text, "plain"));
    spw_plan_free(plan);
}
END_TEST

START_TEST(who_is_said_to_starve_does)
{
    struct spw_plan_remark remarks[10];
    struct spw_plan *starves = plan_of("protected: no\norder: accumulating\npriorities: {1: {rate: "
                                       "2.2}, 2: {rate: 1}, 3: {rate: 1}}");
    size_t count = spw_plan_remarks(starves, -1, remarks, 10);
    const struct spw_plan_remark *remark = find(remarks, count, "for priorities 2 to 7 (rate 1)");
    ck_assert_ptr_nonnull(remark);
    ck_assert_int_eq(remark->warning, 1);
    ck_assert(fabs(remark->from_load - 2.2 / 1.2) < 1e-9); /* below the flood's 2 */
    ck_assert_double_eq(served_below(starves), 0);
    spw_plan_free(starves);
    struct spw_plan *serves = plan_of("protected: no\norder: accumulating\npriorities: {1: {rate: "
                                      "1.8}, 2: {rate: 1}, 3: {rate: 1}}");
    count = spw_plan_remarks(serves, -1, remarks, 10);
    remark = find(remarks, count, "for priorities 2 to 7 (rate 1)");
    ck_assert(remark != NULL && remark->from_load > 2.2); /* above it */
    ck_assert(served_below(serves) > 0.01);
    spw_plan_free(serves);
}
END_TEST

/* Nobody comes with priority 1: then it starves nobody, and 2 is the one that does. */
START_TEST(nobody_starves_behind_who_does_not_come)
{
    struct spw_plan_remark remarks[10];
    struct spw_plan *plan = plan_of("protected: no\norder: accumulating");
    size_t count = spw__plan_remarks(plan, -1, 1u << 2 | 1u << 3, remarks, 10);
    ck_assert_ptr_null(find(remarks, count, "priority 1"));
    ck_assert_ptr_nonnull(find(remarks, count, "for priority 3 (rate 2) while priority 2"));
    ck_assert_ptr_null(find(remarks, count, "priorities 4 to 7"));
    count = spw__plan_remarks(plan, -1, 1u << 0 | 1u << 2, remarks, 10);
    ck_assert_ptr_null(find(remarks, count, "nothing is left"));
    count = spw_plan_remarks(plan, -1, remarks, 10);
    ck_assert_ptr_nonnull(find(remarks, count, "for priority 2 (rate 4) while priority 1"));
    spw_plan_free(plan);
}
END_TEST

int main(void)
{
    return SUITE_RUN("plan remark", the_bound_is_the_engines_own, orders_without_a_bound_say_so,
                     insisting_beyond_the_target_is_told, the_protected_share_is_stated,
                     who_is_said_to_starve_does, nobody_starves_behind_who_does_not_come);
}
