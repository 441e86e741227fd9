/*
 * tests/unit/test_sim_memory.c - wherever memory is out in a simulation, the answer is -1 with a
 * sentence or a whole result, and nothing is leaked.
 */
#include <string.h>

#include "night.h"
#include "scarce.h"
#include "suite.h"

static int run_once(struct scene *s, char *error, size_t size)
{
    struct spw_result *result = NULL;
    int failed = spw_sim_run(&s->scenario, NULL, NULL, NULL, &result, error, size);
    scarce_from(0, false);
    ck_assert_int_eq(failed != 0, result == NULL);
    spw_result_free(result);
    return failed;
}

START_TEST(memory_that_is_out_is_said)
{
    struct scene s;
    char error[200] = "";
    scene_make(&s, 0.1, 60, 120, 8);
    s.scenario.runs = 2;
    s.scenario.warm_up_s = 0;
    s.scenario.duration_s = 600;
    scarce_from(0, false);
    struct spw_result *result = NULL;
    ck_assert_int_eq(spw_sim_run(&s.scenario, NULL, NULL, NULL, &result, error, sizeof error), 0);
    long calls = scarce.calls;
    spw_result_free(result);
    ck_assert_int_gt(calls, 10);
    int refused = 0;
    for (long at = 1; at <= calls; at++) {
        memset(error, 0, sizeof error);
        scarce_from(at, _i != 0);
        int failed = run_once(&s, error, sizeof error);
        ck_assert_msg(failed == 0 || error[0] != 0, "call %ld of %ld says nothing", at, calls);
        refused += failed != 0;
    }
    ck_assert_int_gt(refused, 10);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sim memory");
    TCase *tcase = tcase_create("sim memory");
    tcase_set_timeout(tcase, 300);
    tcase_add_loop_test(tcase, memory_that_is_out_is_said, 0, 2);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
