/*
 * tests/unit/suite.h - what every unit test needs: one suite from a list of tests, and draws that
 * are the same in every run.
 */
#ifndef SPW__TESTS_SUITE_H
#define SPW__TESTS_SUITE_H

#include <check.h>
#include <stdint.h>

static inline int suite_run(const char *name, const TTest *const *tests, size_t count)
{
    Suite *suite = suite_create(name);
    TCase *tcase = tcase_create(name);
    tcase_set_timeout(tcase, 300);
    for (size_t i = 0; i < count; i++) {
        tcase_add_test(tcase, tests[i]);
    }
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

/* The body of main: SUITE_RUN("heap", one_test, another_test). */
#define SUITE_RUN(name, ...)                                                                       \
    suite_run((name), (const TTest *[]){__VA_ARGS__},                                              \
              sizeof((const TTest *[]){__VA_ARGS__}) / sizeof(const TTest *))

/* SplitMix64. */
static inline uint64_t suite_draw(uint64_t *state)
{
    uint64_t x = *state += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static inline uint32_t suite_below(uint64_t *state, uint32_t below)
{
    return (uint32_t)(suite_draw(state) % below);
}

#endif
