/*
 * tests/unit/test_plan_memory.c - a plan is read by a host that must not die of it: wherever memory
 * is out, the answer is null with a sentence, and nothing is leaked.
 */
#include <stdio.h>
#include <string.h>

#include <spillway/plan.h>

#include "scarce.h"
#include "suite.h"

/* Something of every room, and more operations than there is room for at first. */
static const char *plan_text(void)
{
    static char text[8000];
    int used = snprintf(text, sizeof text,
                        "skills: [talk, youth, death]\n"
                        "skill_sets: {all: [talk, youth >= 70, death], some: [talk]}\n"
                        "needs: {young: [youth >= 60], any: [[talk, death]]}\n"
                        "queues:\n"
                        "  late: {fallback: voice}\n"
                        "  voice: {need: young, target: 60 s}\n");
    for (int i = 0; i < 40; i++) {
        used += snprintf(text + used, sizeof text - (size_t)used,
                         "  q%d: {need: [talk >= %d], target: 30 s}\n", i, i + 1);
    }
    (void)snprintf(text + used, sizeof text - (size_t)used,
                   "centres: {here: {}}\norder: head-start\nprotected: {bound: none}\n");
    return text;
}

static const char unknown_name[] = "skills: [talk]\nqueues: {voice: {need: tolk}}\n";
static const char unknown_queue[] = "queues: {voice: {fallback: voic}}\n";

static void read_in_want(const char *text, bool right, bool for_good)
{
    struct spw_plan_error error;
    scarce_from(0, false);
    struct spw_plan *plan = spw_plan_read(text, strlen(text), "p.yaml", &error);
    long calls = scarce.calls;
    ck_assert_msg((plan != NULL) == right, "%s", error.text);
    spw_plan_free(plan);
    ck_assert_int_gt(calls, 5);
    for (long at = 1; at <= calls; at++) {
        scarce_from(at, for_good);
        plan = spw_plan_read(text, strlen(text), "p.yaml", &error);
        scarce_from(0, false);
        ck_assert_msg(plan == NULL, "call %ld of %ld", at, calls);
        ck_assert_msg(!right || error.code == SPW_E_MEMORY, "call %ld: %d", at, error.code);
        ck_assert_msg(!right || strstr(error.text, "memory is out") != NULL, "%s", error.text);
        ck_assert_uint_gt(strlen(error.text), 0);
    }
}

START_TEST(memory_that_is_out_is_said)
{
    read_in_want(plan_text(), true, _i != 0);
    read_in_want(unknown_name, false, _i != 0);
    read_in_want(unknown_queue, false, _i != 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("plan memory");
    TCase *tcase = tcase_create("plan memory");
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
