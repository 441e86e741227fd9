/*
 * tests/unit/test_erlang.c - closed forms against published and independently computed values.
 */
#include <check.h>
#include <math.h>

#include "sim/erlang.h"

static void near(double got, double want, double relative)
{
    ck_assert_msg(fabs(got - want) <= relative * fabs(want), "got %.10g, want %.10g", got, want);
}

START_TEST(erlang_b_as_in_the_tables)
{
    near(spw__erlang_b(10, 10), 0.2145823431, 1e-9);
    near(spw__erlang_b(560, 600), 0.004221708994, 1e-8);
}
END_TEST

/* 100 calls in 30 minutes of 180 seconds, 14 and 11 agents (published by two packages). */
START_TEST(erlang_c_as_published)
{
    double a = 100.0 * 180 / 1800;
    near(spw__erlang_c(a, 14), 0.1741319335950498, 1e-12);
    near(spw__erlang_c_wait(100.0 / 1800, 1.0 / 180, 14), 7.83593701177724, 1e-12);
    near(spw__erlang_c(a, 11), 0.6821182, 1e-6);
    near(spw__erlang_c(48, 50), 0.6944556112, 1e-9);
}
END_TEST

/* 50 agents, 48 calls a minute of one minute, patience two minutes. */
START_TEST(erlang_a_as_published)
{
    struct spw__erlang_a a = spw__erlang_a(48, 1, 0.5, 50);
    near(a.wait, 0.4677740686, 1e-9);
    near(a.abandon, 0.03091, 1e-3);
    near(a.mean_wait * 60, 3.709, 1e-3);
    near(a.mean_queue, 2.968, 1e-3);
    near(a.occupancy, 0.9303, 1e-4);
}
END_TEST

START_TEST(erlang_a_meets_erlang_c_when_nobody_gives_up)
{
    struct spw__erlang_a a = spw__erlang_a(48, 1, 1e-9, 50);
    near(a.wait, spw__erlang_c(48, 50), 1e-6);
    near(a.mean_wait, spw__erlang_c_wait(48, 1, 50), 1e-5);
}
END_TEST

START_TEST(erlang_a_stays_finite_at_any_load)
{
    struct spw__erlang_a a = spw__erlang_a(1e6, 1, 0.01, 50);
    near(a.abandon, 1 - 50e-6, 1e-9);
    near(a.occupancy, 1, 1e-12);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("erlang");
    TCase *tcase = tcase_create("closed forms");
    tcase_add_test(tcase, erlang_b_as_in_the_tables);
    tcase_add_test(tcase, erlang_c_as_published);
    tcase_add_test(tcase, erlang_a_as_published);
    tcase_add_test(tcase, erlang_a_meets_erlang_c_when_nobody_gives_up);
    tcase_add_test(tcase, erlang_a_stays_finite_at_any_load);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
