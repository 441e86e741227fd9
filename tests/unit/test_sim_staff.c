/*
 * test_sim_staff.c - the counsellors of the simulator: shifts, wrap-up, breaks of their own and
 * those that fall due, lines that drop, and signs of life under a lease.
 */
#include <string.h>

#include "night.h"
#include "suite.h"

START_TEST(shifts_wrap_up_and_breaks)
{
    struct scene s;
    scene_make(&s, 0.01, 100, 0, 3);
    struct spw_shift shift = {0, 40000};
    struct spw_dist wrap_up = exponential(50);
    s.stage.wrap_up = SPW_FOREVER;
    s.crew[0].wrap_up = &wrap_up;
    s.crew[0].shifts = &shift;
    s.crew[0].shift_count = 1;
    s.crew[0].day_s = 86400;
    s.scenario.warm_up_s = 0;
    s.scenario.duration_s = 10 * 86400;
    s.scenario.runs = 2;
    struct spw_result *result = run(&s, NULL);
    const struct spw_bucket *at_work = &result->buckets[result->bucket_count / 10 / 4];
    const struct spw_bucket *at_night = &result->buckets[result->bucket_count * 3 / 40];
    ck_assert(fabs(at_work->staffed - 3) < 0.2);
    ck_assert(at_night->staffed < 0.05);
    ck_assert(at_night->waiting > 100);
    books(result);
    s.crew[0].shift_count = 0;
    s.crew[0].break_every_s = 3000;
    s.crew[0].break_mean_s = 1000;
    struct spw_result *breaks = run(&s, NULL);
    ck_assert(breaks->buckets[100].staffed < 2.7 && breaks->buckets[100].staffed > 1.5);
    const struct spw_group *crew = spw_result_group(breaks, SPW_GROUP_CREW, 0);
    ck_assert(fabs(crew->figure[SPW_MEASURE_OCCUPANCY].mean * breaks->capacity.mean / 3 * 150 -
                   crew->figure[SPW_MEASURE_OCCUPANCY].mean) < 0.3);
    spw_result_free(result);
    spw_result_free(breaks);
}
END_TEST

/* One counsellor: the talk ends at 10, wrap-up takes 100; at 20 somebody waits and it goes four
 * times as fast; at 30 two wait, and half as fast. */
START_TEST(wrap_up_goes_faster_while_many_wait)
{
    struct scene s;
    scene_make(&s, 1, 100, 0, 1);
    const double when[] = {0, 20, 30};
    const double talk[] = {10, 1, 1};
    const struct spw_dist wrap_up = constant(100);
    struct spw_haste haste[] = {{1, 4}, {2, 0.5}};
    s.stage.wrap_up = SPW_FOREVER;
    s.crew[0].wrap_up = &wrap_up;
    s.crew[0].haste = haste;
    s.crew[0].haste_count = 2;
    s.stream[0].arrivals.trace_s = when;
    s.stream[0].arrivals.trace_count = 3;
    s.stream[0].trace_service_s = talk;
    s.scenario.warm_up_s = 0;
    s.scenario.duration_s = 1000;
    s.scenario.runs = 1;
    struct spw_result *result = run(&s, NULL);
    /* 90 left at 20, 50 at 30: until 130. A talk of 1 s, and 25 s of wrap-up with one waiting. */
    ck_assert_double_eq_tol(value(result, SPW_MEASURE_WAIT_ANSWERED), (0 + 110 + 126) / 3.0, 1e-6);
    spw_result_free(result);
    char error[200] = "";
    haste[1].waiting = 1;
    ck_assert_int_eq(spw_scenario_check(&s.scenario, error, sizeof error), -1);
    ck_assert_ptr_nonnull(strstr(error, "haste 2"));
}
END_TEST

/* Breaks that are put off while somebody waits cost less waiting, and none where all are busy. */
START_TEST(breaks_that_wait_for_quiet)
{
    double wait[2];
    for (int quiet = 0; quiet < 2; quiet++) {
        struct scene s;
        scene_make(&s, 0.02, 100, 300, 3);
        s.crew[0].break_every_s = 1000;
        s.crew[0].break_mean_s = 300;
        s.crew[0].break_when_quiet = quiet;
        struct spw_result *result = run(&s, NULL);
        wait[quiet] = value(result, SPW_MEASURE_WAIT_ALL);
        books(result);
        spw_result_free(result);
        scene_make(&s, 0.2, 100, 300, 3);
        s.crew[0].break_every_s = 1000;
        s.crew[0].break_mean_s = 300;
        s.crew[0].break_when_quiet = quiet;
        result = run(&s, NULL);
        ck_assert(quiet == (result->buckets[100].staffed > 2.9));
        spw_result_free(result);
    }
    ck_assert(wait[1] < 0.9 * wait[0]);
}
END_TEST

START_TEST(staff_that_misses_declines_and_loses_its_line)
{
    struct scene s;
    scene_make(&s, 0.03, 100, 300, 5);
    struct spw_dist answer = exponential(4);
    s.crew[0].answer = &answer;
    s.crew[0].miss_probability = 0.1;
    s.crew[0].decline_probability = 0.05;
    s.crew[0].no_show_probability = 0.1;
    s.crew[0].up_mean_s = 4000;
    s.crew[0].down_mean_s = 90;
    s.stream[0].redial_probability = 0.5;
    s.after = exponential(30);
    s.stream[0].redial_after = &s.after;
    s.scenario.check_every = 500;
    s.scenario.duration_s = 100000;
    struct spw_result *result = run(&s, NULL);
    books(result);
    ck_assert(value(result, SPW_MEASURE_WAIT_ANSWERED) > 4);
    ck_assert(value(result, SPW_MEASURE_REACHED) > 0.6);
    spw_result_free(result);
}
END_TEST

/* Everybody wants a rest as long as three talks after each talk: the share of the pool that may
 * rest bounds how many are away, and the fewer rest the more is answered. */
START_TEST(due_breaks_go_by_the_rest_share)
{
    double staffed[3], reached[3], lost[3];
    for (int i = 0; i < 3; i++) {
        static const int64_t share[] = {10, 40, 100};
        struct scene s;
        scene_make(&s, 0.2, 100, 100, 10);
        s.stage.rest_share = share[i];
        s.crew[0].load_max = 1;
        s.crew[0].rest_s = 300;
        struct spw_result *result = run(&s, NULL);
        staffed[i] = result->buckets[100].staffed;
        reached[i] = value(result, SPW_MEASURE_REACHED);
        lost[i] = result->lost_to_limits.mean;
        books(result);
        spw_result_free(result);
    }
    ck_assert_double_ge(staffed[0], 9 - 1e-9);
    ck_assert_double_ge(staffed[1], 6 - 1e-9);
    ck_assert(staffed[0] < 9.5 && staffed[1] < 6.5 && staffed[2] < 5);
    ck_assert(reached[0] > reached[1] && reached[1] > reached[2]);
    ck_assert(lost[0] > 0 && lost[1] > lost[0] && lost[2] > lost[1]);
}
END_TEST

START_TEST(due_breaks_after_severe_talks)
{
    double staffed[2];
    for (int severe = 0; severe < 2; severe++) {
        struct scene s;
        scene_make(&s, 0.2, 100, 100, 10);
        s.stage.rest_share = 100;
        s.stream[0].flags = severe ? SPW_CONTACT_SEVERE : 0;
        s.crew[0].severe_max = 2;
        s.crew[0].rest_s = 300;
        struct spw_result *result = run(&s, NULL);
        staffed[severe] = result->buckets[100].staffed;
        spw_result_free(result);
        char error[200] = "";
        s.crew[0].rest_s = 0;
        ck_assert_int_eq(spw_scenario_check(&s.scenario, error, sizeof error), -1);
        ck_assert_ptr_nonnull(strstr(error, "rest_s"));
    }
    ck_assert_double_eq_tol(staffed[0], 10, 1e-9);
    ck_assert(staffed[1] < 8);
}
END_TEST

/* How many counsellors the engine took for lost, and why. */
struct losses {
    double by_lease;
    double said;
};

static void count_losses(void *context, struct spw_world *world, const struct spw_event *event)
{
    struct losses *losses = context;
    (void)world;
    if (event->kind == SPW_EVENT_COUNSELLOR && event->detail_a == SPW_COUNSELLOR_GONE_SILENT) {
        losses->by_lease += event->reason == SPW_WHY_LEASE;
        losses->said += event->reason == SPW_WHY_COUNSELLOR_LOST;
    }
}

/* Under a lease nobody is lost whose line is up; a line that drops is, if it is away for long. */
START_TEST(signs_of_life_under_a_lease)
{
    struct losses losses = {0};
    struct scene s;
    scene_make(&s, 0.02, 100, 300, 5);
    s.scenario.on_event = count_losses;
    s.scenario.on_event_context = &losses;
    s.scenario.runs = 1;
    s.scenario.duration_s = 100000;
    s.scenario.check_every = 500;
    s.crew[0].break_every_s = 3000;
    s.crew[0].break_mean_s = 1000;
    struct spw_result *plain = run(&s, NULL);
    s.stage.lease = 30 * SPW_SECOND;
    s.crew[0].heartbeat_s = 10;
    struct spw_result *leased = run(&s, NULL);
    ck_assert_double_eq(losses.by_lease, 0);
    ck_assert_double_eq(value(leased, SPW_MEASURE_REACHED), value(plain, SPW_MEASURE_REACHED));
    ck_assert_uint_gt(leased->inputs, plain->inputs + 5 * 9000);

    s.crew[0].up_mean_s = 4000;
    s.crew[0].down_mean_s = 90; /* exp(-25 / 90): three in four are away for longer */
    struct spw_result *flapping = run(&s, NULL);
    ck_assert_double_eq(losses.said, 0);
    double drops = 5 * 100000 / 4090.0;
    ck_assert(losses.by_lease > 0.6 * drops && losses.by_lease < 0.9 * drops);
    ck_assert(value(flapping, SPW_MEASURE_REACHED) > 0.8);
    books(flapping);
    spw_result_free(plain);
    spw_result_free(leased);
    spw_result_free(flapping);

    s.crew[0].heartbeat_s = -1;
    char error[200] = "";
    ck_assert_int_eq(spw_scenario_check(&s.scenario, error, sizeof error), -1);
    ck_assert_ptr_nonnull(strstr(error, "heartbeat_s"));
}
END_TEST

/* Two members, who take turns; a third has no shift at all. */
START_TEST(shifts_are_dealt_out)
{
    struct scene s;
    struct spw_shift shifts[] = {{0, 1000}, {3000, 4000}, {1000, 3000}};
    size_t ends[] = {2, 3, 3};
    scene_make(&s, 0.01, 1, 0, 3);
    s.scenario.warm_up_s = 0;
    s.scenario.duration_s = 4000;
    s.scenario.bucket_s = 500;
    s.crew[0].shifts = shifts;
    s.crew[0].shift_count = 3;
    s.crew[0].shift_ends = ends;
    struct spw_result *result = run(&s, NULL);
    ck_assert_uint_eq(result->bucket_count, 8);
    for (size_t i = 0; i < result->bucket_count; i++) {
        ck_assert_double_eq_tol(result->buckets[i].staffed, 1, 0.01);
    }
    spw_result_free(result);
    char error[200] = "";
    ends[2] = 4;
    ck_assert_int_eq(spw_scenario_check(&s.scenario, error, sizeof error), -1);
    ck_assert_ptr_nonnull(strstr(error, "member 3"));
    ends[2] = 3;
    shifts[1].from_s = -1;
    ck_assert_int_eq(spw_scenario_check(&s.scenario, error, sizeof error), -1);
    ck_assert_ptr_nonnull(strstr(error, "shift 2"));
}
END_TEST

/* Whoever pulls asks again after an offer that was missed or declined, and after a break that was
 * due: else all of them would have stopped soon, and the wait would grow to the end of the run. */
START_TEST(whoever_pulls_asks_again)
{
    for (int way = 0; way < 3; way++) {
        struct scene s;
        scene_make(&s, 0.01, 100, 0, 3);
        s.crew[0].flags = SPW_COUNSELLOR_PULLS;
        s.crew[0].miss_probability = way == 0 ? 0.1 : 0;
        s.crew[0].decline_probability = way == 1 ? 0.1 : 0;
        if (way == 2) {
            s.stage.rest_share = 100;
            s.crew[0].load_max = 5;
            s.crew[0].rest_s = 300;
        }
        s.scenario.runs = 2;
        struct spw_result *result = run(&s, NULL);
        ck_assert_msg(value(result, SPW_MEASURE_WAIT_ALL) < 100, "%d: %g", way,
                      value(result, SPW_MEASURE_WAIT_ALL));
        books(result);
        spw_result_free(result);
    }
}
END_TEST

int main(void)
{
    return SUITE_RUN("sim/staff", shifts_wrap_up_and_breaks, wrap_up_goes_faster_while_many_wait,
                     breaks_that_wait_for_quiet, staff_that_misses_declines_and_loses_its_line,
                     due_breaks_go_by_the_rest_share, due_breaks_after_severe_talks,
                     signs_of_life_under_a_lease, shifts_are_dealt_out, whoever_pulls_asks_again);
}
