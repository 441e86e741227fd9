/*
 * test_sim_world.c - the simulator as a host would use it: figures beside exact theory, the same
 * people under every policy, redials, callbacks, the leak test.
 */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <spillway.h>
#include <spillway/sim.h>

#include "sim/erlang.h"
#include "night.h"

START_TEST(erlang_c)
{
    struct scene s;
    scene_make(&s, 0.04, 100, 0, 5);
    struct spw_result *result = run(&s, NULL);
    near(result, SPW_MEASURE_WAIT_ALL, spw__erlang_c_wait(0.04, 0.01, 5));
    near(result, SPW_MEASURE_MEAN_WAITING, 0.04 * spw__erlang_c_wait(0.04, 0.01, 5));
    near(result, SPW_MEASURE_AT_ONCE, 1 - spw__erlang_c(4, 5));
    near(result, SPW_MEASURE_MEAN_CONNECTED, 4);
    const struct spw_group *crew = spw_result_group(result, SPW_GROUP_CREW, 0);
    ck_assert(fabs(crew->figure[SPW_MEASURE_OCCUPANCY].mean - 0.8) < 0.01);
    ck_assert_double_eq(value(result, SPW_MEASURE_REACHED), 1);
    spw_result_free(result);
}
END_TEST

START_TEST(erlang_a)
{
    struct scene s;
    scene_make(&s, 0.06, 100, 200, 5);
    struct spw_result *result = run(&s, NULL);
    struct spw__erlang_a exact = spw__erlang_a(0.06, 0.01, 0.005, 5);
    near(result, SPW_MEASURE_ABANDONED_SHARE, exact.abandon);
    near(result, SPW_MEASURE_MEAN_WAITING, exact.mean_queue);
    near(result, SPW_MEASURE_WAIT_ALL, exact.mean_wait);
    near(result, SPW_MEASURE_AT_ONCE, 1 - exact.wait);
    spw_result_free(result);
}
END_TEST

START_TEST(redials_are_the_same_people)
{
    struct scene s;
    scene_make(&s, 0.08, 100, 60, 5);
    s.after = exponential(120);
    s.stream[0].redial_probability = 0.5;
    s.stream[0].redial_after = &s.after;
    s.stream[0].attempts_max = 3;
    struct spw_result *result = run(&s, NULL);
    books(result);
    double people = value(result, SPW_MEASURE_PEOPLE);
    double attempts = value(result, SPW_MEASURE_ATTEMPTS);
    ck_assert(attempts > 1.1 * people && attempts < 3 * people);
    double left = value(result, SPW_MEASURE_ATTEMPT_ABANDONED) * attempts;
    double redials = attempts - people;
    ck_assert(redials < 0.52 * left && redials > 0.3 * left);
    ck_assert(value(result, SPW_MEASURE_MEAN_ORBIT) > 0);
    spw_result_free(result);
}
END_TEST

/* Who calls again long after the end meets the same crowd, or none: the share of attempts that are
 * given up, over a window as long as the orbit. */
static struct spw_figure given_up(int arrivals_go_on, double windows)
{
    struct scene s;
    scene_make(&s, 0.08, 100, 200, 5);
    s.after = exponential(5000);
    s.stream[0].redial_probability = 0.8;
    s.stream[0].redial_after = &s.after;
    s.scenario.warm_up_s = 40000;
    s.scenario.duration_s = 40000 + 10000 * windows;
    s.scenario.drain_s = 200000;
    s.scenario.arrivals_go_on = arrivals_go_on;
    struct spw_result *result = run(&s, NULL);
    books(result);
    struct spw_figure share = result->all->figure[SPW_MEASURE_ATTEMPT_ABANDONED];
    ck_assert(value(result, SPW_MEASURE_PEOPLE) <
              1.1 * 800 * windows); /* later ones do not count */
    spw_result_free(result);
    return share;
}

START_TEST(who_is_followed_meets_the_same_world)
{
    struct spw_figure exact = given_up(1, 12);
    struct spw_figure open = given_up(1, 1);
    struct spw_figure closed = given_up(0, 1);
    ck_assert(fabs(open.mean - exact.mean) < 2 * (open.half_width + exact.half_width));
    ck_assert(closed.mean < exact.mean - 2 * (closed.half_width + exact.half_width));
}
END_TEST

START_TEST(policies_meet_the_same_people)
{
    struct scene s;
    scene_make(&s, 0.08, 100, 60, 5);
    struct spw_variant mix[2] = {{.share = 1, .priority = 1}, {.share = 3, .priority = 3}};
    s.stream[0].variants = mix;
    s.stream[0].variant_count = 2;
    struct spw_result *a = run(&s, NULL);
    struct spw_result *b = run(&s, spw_policy_builtin(SPW_ORDER_FIFO));
    for (uint32_t p = 1; p <= 3; p += 2) {
        const struct spw_group *x = spw_result_group(a, SPW_GROUP_PRIORITY, p);
        const struct spw_group *y = spw_result_group(b, SPW_GROUP_PRIORITY, p);
        ck_assert_double_eq(x->figure[SPW_MEASURE_PEOPLE].mean, y->figure[SPW_MEASURE_PEOPLE].mean);
    }
    ck_assert_double_eq(a->offered_load.mean, b->offered_load.mean);
    ck_assert_uint_ne(a->event_digest, b->event_digest);
    books(a);
    books(b);
    spw_result_free(a);
    spw_result_free(b);
}
END_TEST

START_TEST(same_seed_same_run)
{
    struct scene s;
    scene_make(&s, 0.08, 100, 60, 5);
    struct spw_result *a = run(&s, NULL);
    struct spw_result *b = run(&s, NULL);
    s.scenario.seed++;
    struct spw_result *c = run(&s, NULL);
    ck_assert_uint_eq(a->state_hash, b->state_hash);
    ck_assert_uint_eq(a->event_digest, b->event_digest);
    ck_assert_uint_ne(a->event_digest, c->event_digest);
    spw_result_free(a);
    spw_result_free(b);
    spw_result_free(c);
}
END_TEST

/*
 * The leak test. Patience is permuted over the people; none is shorter than the longest wait, so
 * it never shows, and no event may change. Then the talks are permuted: up to the first end of a
 * talk no event may change, afterwards they must.
 */
START_TEST(hidden_truth_does_not_leak)
{
    struct scene s;
    scene_make(&s, 0.04, 100, 0, 5);
    s.patience = (struct spw_dist){.kind = SPW_DIST_UNIFORM, .mean_s = 2e6, .b = 1e6};
    s.service = constant(100);
    s.stream[0].patience = &s.patience;
    s.scenario.runs = 1;
    struct spw_result *a = run(&s, NULL);
    s.scenario.hidden_shuffle = 5;
    struct spw_result *b = run(&s, NULL);
    ck_assert_uint_eq(a->event_digest, b->event_digest);
    spw_result_free(a);
    spw_result_free(b);

    uint64_t digest[2][2];
    s.service = (struct spw_dist){.kind = SPW_DIST_UNIFORM, .mean_s = 200, .b = 90};
    for (uint32_t i = 0; i < 2; i++) {
        char error[200];
        s.scenario.hidden_shuffle = i * 5;
        struct spw_world *world = spw_world_create(&s.scenario, NULL, 0, error, sizeof error);
        ck_assert_ptr_nonnull(world);
        ck_assert_int_eq(spw_world_run_until(world, 109), 1);
        digest[i][0] = spw_event_digest(spw_world_engine(world));
        ck_assert_int_eq(spw_world_run_until(world, 5000), 1);
        digest[i][1] = spw_event_digest(spw_world_engine(world));
        spw_world_free(world);
    }
    ck_assert_uint_eq(digest[0][0], digest[1][0]);
    ck_assert_uint_ne(digest[0][1], digest[1][1]);
}
END_TEST

START_TEST(callbacks_are_kept)
{
    struct scene s;
    scene_make(&s, 0.06, 100, 200, 5);
    s.stage.callback_max = 1000;
    s.stream[0].callback_probability = 0.6;
    s.stream[0].callback_from = 2;
    struct spw_result *result = run(&s, NULL);
    books(result);
    double promised = value(result, SPW_MEASURE_CALLBACKS);
    ck_assert(promised > 100);
    /* Little's law: promised and not yet called = rate times delay */
    double window = s.scenario.duration_s - s.scenario.warm_up_s;
    double mean = promised / window * value(result, SPW_MEASURE_CALLBACK_DELAY);
    ck_assert(fabs(mean - value(result, SPW_MEASURE_MEAN_CALLBACKS)) < 0.05 * mean);
    spw_result_free(result);
}
END_TEST

START_TEST(a_full_waiting_room_refuses)
{
    struct scene s;
    scene_make(&s, 0.1, 100, 0, 10);
    s.stage.waiting_max_set = 1;
    struct spw_result *result = run(&s, NULL);
    double share = value(result, SPW_MEASURE_REFUSED) / value(result, SPW_MEASURE_PEOPLE);
    ck_assert(fabs(share - spw__erlang_b(10, 10)) < 0.01);
    ck_assert(fabs(value(result, SPW_MEASURE_REFUSED_SHARE) - share) < 1e-3);
    books(result);
    spw_result_free(result);
}
END_TEST

/* What kind of person came was written down for one of three only. */
START_TEST(a_recorded_kind_is_kept_another_is_drawn)
{
    struct scene s;
    const double when[] = {1, 2, 3};
    uint32_t kinds[] = {1, SPW_VARIANT_DRAWN, SPW_VARIANT_DRAWN};
    struct spw_variant variants[] = {{.share = 0.5, .priority = 1}, {.share = 0.5, .priority = 2}};
    scene_make(&s, 1, 1, 0, 3);
    s.scenario.warm_up_s = 0;
    s.scenario.duration_s = 100;
    s.scenario.runs = 400;
    s.stream[0].arrivals.trace_s = when;
    s.stream[0].arrivals.trace_count = 3;
    s.stream[0].variants = variants;
    s.stream[0].variant_count = 2;
    s.stream[0].trace_variant = kinds;
    struct spw_result *result = run(&s, NULL);
    const struct spw_group *first = spw_result_group(result, SPW_GROUP_PRIORITY, 1);
    const struct spw_group *second = spw_result_group(result, SPW_GROUP_PRIORITY, 2);
    /* One of the two drawn each on average; 400 runs give 0.035 of standard error. */
    ck_assert_double_eq_tol(first->figure[SPW_MEASURE_PEOPLE].mean, 1, 0.14);
    ck_assert_double_eq_tol(second->figure[SPW_MEASURE_PEOPLE].mean, 2, 0.14);
    spw_result_free(result);
    char error[200] = "";
    kinds[2] = 2;
    ck_assert_int_eq(spw_scenario_check(&s.scenario, error, sizeof error), -1);
    ck_assert_ptr_nonnull(strstr(error, "variant 2"));
}
END_TEST

/* A crew that takes three times as long for one queue, half as long for all. */
START_TEST(talks_of_a_queue_have_their_pace)
{
    struct scene s;
    scene_make(&s, 0.02, 100, 0, 5);
    struct spw_pace paces[] = {{2, 7}, {1, 3}};
    s.crew[0].service_factor = 0.5;
    s.crew[0].paces = paces;
    s.crew[0].pace_count = 2;
    struct spw_result *result = run(&s, NULL);
    near(result, SPW_MEASURE_MEAN_CONNECTED, 0.02 * 100 * 1.5);
    ck_assert_double_eq(result->served[0].mean, value(result, SPW_MEASURE_ANSWERED));
    spw_result_free(result);
    char error[200] = "";
    paces[1].factor = 0;
    ck_assert_int_eq(spw_scenario_check(&s.scenario, error, sizeof error), -1);
    ck_assert_ptr_nonnull(strstr(error, "pace 2"));
}
END_TEST

START_TEST(a_trace_is_replayed_as_recorded)
{
    struct scene s;
    scene_make(&s, 1, 100, 0, 1);
    const double when[] = {10, 20, 30};
    const double talk[] = {25, 5, 7};
    const double patience[] = {NAN, 100, 4};
    s.stream[0].arrivals.trace_s = when;
    s.stream[0].arrivals.trace_count = 3;
    s.stream[0].trace_service_s = talk;
    s.stream[0].trace_patience_s = patience;
    s.scenario.warm_up_s = 0;
    s.scenario.duration_s = 100;
    s.scenario.runs = 1;
    struct spw_result *result = run(&s, NULL);
    ck_assert_double_eq(value(result, SPW_MEASURE_PEOPLE), 3);
    ck_assert_double_eq(value(result, SPW_MEASURE_ANSWERED), 2);
    ck_assert_double_eq_tol(value(result, SPW_MEASURE_WAIT_ANSWERED), 7.5, 1e-6);
    ck_assert_double_eq_tol(value(result, SPW_MEASURE_WAIT_ABANDONED), 4, 1e-6);
    spw_result_free(result);
}
END_TEST

/* The check says no to that scene, and names the member. */
static void told(const struct scene *s, const char *member)
{
    char error[200] = "";
    ck_assert_msg(spw_scenario_check(&s->scenario, error, sizeof error) == -1, "%s is let in",
                  member);
    ck_assert_msg(strstr(error, member) != NULL, "%s: %s", member, error);
}

START_TEST(every_number_of_the_structs_is_looked_at)
{
    struct scene s;
    static const double bad[] = {-1, NAN, INFINITY, -INFINITY, 1e300};
    const struct {
        const char *name;
        double *member;
    } each[] = {{"day_start_s", &s.stream[0].arrivals.day_start_s},
                {"end_s", &s.stream[0].arrivals.end_s},
                {"rate", &s.stream[0].arrivals.rate},
                {"drop_mean_s", &s.stream[0].drop_mean_s},
                {"deadline_s", &s.stream[0].deadline_s},
                {"day_s", &s.crew[0].day_s},
                {"back_after_s", &s.crew[0].back_after_s},
                {"up_mean_s", &s.crew[0].up_mean_s},
                {"down_mean_s", &s.crew[0].down_mean_s},
                {"heartbeat_s", &s.crew[0].heartbeat_s},
                {"break_every_s", &s.crew[0].break_every_s},
                {"break_mean_s", &s.crew[0].break_mean_s},
                {"service_factor", &s.crew[0].service_factor},
                {"drain_s", &s.scenario.drain_s},
                {"bucket_s", &s.scenario.bucket_s}};
    for (size_t i = 0; i < sizeof each / sizeof each[0]; i++) {
        for (size_t b = 0; b < sizeof bad / sizeof bad[0]; b++) {
            scene_make(&s, 1, 100, 0, 1);
            *each[i].member = bad[b];
            told(&s, each[i].name);
        }
    }
    for (int priority = -2; priority <= 256; priority += 86) { /* -2, 84, 170, 256 */
        scene_make(&s, 1, 100, 0, 1);
        s.stream[0].callback_priority = priority;
        told(&s, "callback_priority");
        s.stream[0].callback_priority = 0;
        s.stream[0].transfer_priority = priority;
        told(&s, "transfer_priority");
        struct spw_variant variant = {.share = 1, .priority = priority};
        scene_make(&s, 1, 100, 0, 1);
        s.stream[0].variants = &variant;
        s.stream[0].variant_count = 1;
        told(&s, "priority");
    }
    scene_make(&s, 1, 100, 0, 1);
    s.stream[0].channel = SPW_CHANNEL_COUNT;
    told(&s, "channel");
    double shape[24] = {1, NAN};
    scene_make(&s, 1, 100, 0, 1);
    s.stream[0].arrivals.day_shape = shape;
    told(&s, "day_shape");
    struct spw_shift shift = {1e20, 2e20};
    scene_make(&s, 1, 100, 0, 1);
    s.crew[0].shifts = &shift;
    s.crew[0].shift_count = 1;
    told(&s, "shift 1");
    scene_make(&s, 1, 100, 0, 1);
    s.scenario.target_ns[3] = -1;
    told(&s, "target_ns[3]");
}
END_TEST

START_TEST(a_wrong_scenario_is_refused_with_a_sentence)
{
    struct scene s;
    char error[200];
    struct spw_result *result;
    scene_make(&s, 1, 100, 0, 1);
    s.stream[0].redial_probability = 1.5;
    ck_assert_int_eq(spw_sim_run(&s.scenario, NULL, NULL, NULL, &result, error, 200), -1);
    ck_assert_str_eq(error, "people: redial_probability is 1.5; expected 0 to 1");
    scene_make(&s, 1, 100, 0, 1);
    s.scenario.duration_s = -1;
    ck_assert_int_eq(spw_scenario_check(&s.scenario, error, 200), -1);
    scene_make(&s, 1, 100, 0, 1);
    s.crew[0].skillset = 77;
    ck_assert_int_eq(spw_sim_run(&s.scenario, NULL, NULL, NULL, &result, error, 200), -1);
    ck_assert_ptr_null(result);
}
END_TEST

START_TEST(kaplan_meier_sees_what_was_cut_short)
{
    enum { N = 20000, Q = 100 };
    static double duration[N];
    static unsigned char ended[N];
    static double quantile[Q];
    uint64_t x = 88172645463325252u;
    for (int i = 0; i < N; i++) { /* patience of mean 100 cut by waits of mean 100 */
        double u[2];
        for (int k = 0; k < 2; k++) {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            u[k] = -100 * log(((double)(x >> 11) + 0.5) / 9007199254740992.0);
        }
        duration[i] = fmin(u[0], u[1]);
        ended[i] = u[0] < u[1];
    }
    ck_assert_int_eq(spw_kaplan_meier(duration, ended, N, quantile, Q), 0);
    for (int i = 10; i < 95; i += 10) {
        double exact = -100 * log(1 - (i + 0.5) / Q);
        ck_assert_msg(fabs(quantile[i] - exact) < 0.06 * exact, "%d: %g, exact %g", i, quantile[i],
                      exact);
    }
    unsigned char none[3] = {0, 0, 0};
    ck_assert_int_eq(spw_kaplan_meier(duration, none, 3, quantile, Q), -1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sim/world");
    TCase *tests = tcase_create("all");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, erlang_c);
    tcase_add_test(tests, erlang_a);
    tcase_add_test(tests, redials_are_the_same_people);
    tcase_add_test(tests, who_is_followed_meets_the_same_world);
    tcase_add_test(tests, policies_meet_the_same_people);
    tcase_add_test(tests, same_seed_same_run);
    tcase_add_test(tests, hidden_truth_does_not_leak);
    tcase_add_test(tests, callbacks_are_kept);
    tcase_add_test(tests, a_full_waiting_room_refuses);
    tcase_add_test(tests, a_recorded_kind_is_kept_another_is_drawn);
    tcase_add_test(tests, talks_of_a_queue_have_their_pace);
    tcase_add_test(tests, a_trace_is_replayed_as_recorded);
    tcase_add_test(tests, a_wrong_scenario_is_refused_with_a_sentence);
    tcase_add_test(tests, every_number_of_the_structs_is_looked_at);
    tcase_add_test(tests, kaplan_meier_sees_what_was_cut_short);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
