/*
 * tests/unit/test_argmin.c - every kernel gives what a plain loop gives: key, first index, ties.
 */
#include <check.h>
#include <string.h>

#include "base/argmin.h"
#include "base/assert.h"

#define WORDS 9

static uint64_t state = 88172645463325252u;

static uint64_t draw(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static struct spw__argmin plain(const int64_t *keys, const uint64_t *row, const uint64_t *live)
{
    struct spw__argmin best = {SPW_NONE, 0, INT64_MAX};
    for (uint32_t i = 0; i < WORDS * 64; i++) {
        if (!spw__bits_test(row, i) || !spw__bits_test(live, i)) {
            continue;
        }
        if (best.index == SPW_NONE || keys[i] < best.key) {
            best = (struct spw__argmin){i, 1, keys[i]};
        } else if (keys[i] == best.key) {
            best.ties++;
        }
    }
    return best;
}

static int64_t draw_key(uint64_t kind)
{
    switch (kind % 4) {
    case 0:
        return (int64_t)draw();
    case 1:
        return (int64_t)(draw() % 4) - 2; /* ties everywhere */
    case 2:
        return draw() % 8 == 0 ? INT64_MAX : INT64_MIN + (int64_t)(draw() % 3);
    default:
        return INT64_MAX;
    }
}

START_TEST(all_kernels_agree_with_a_plain_loop)
{
    int64_t keys[WORDS * 64];
    uint64_t row[WORDS];
    uint64_t live[WORDS];
    for (int round = 0; round < 20000; round++) {
        uint64_t kind = draw();
        for (int i = 0; i < WORDS * 64; i++) {
            keys[i] = draw_key(kind);
        }
        for (int w = 0; w < WORDS; w++) {
            uint64_t sparse = draw() & draw() & draw() & draw();
            row[w] = kind % 3 == 0 ? sparse : kind % 3 == 1 ? draw() | draw() : draw() % 2 * sparse;
            live[w] = kind % 5 == 0 ? sparse : ~(uint64_t)0;
        }
        struct spw__argmin want = plain(keys, row, live);
        for (int kernel = 0; kernel <= (int)spw__kernel_best(); kernel++) {
            struct spw__argmin got;
            spw__argmin_pick((enum spw__kernel)kernel)(keys, row, live, WORDS, &got);
            ck_assert_uint_eq(got.index, want.index);
            ck_assert_uint_eq(got.ties, want.ties);
            ck_assert(got.key == want.key);
        }
    }
}
END_TEST

START_TEST(an_empty_row_finds_nobody)
{
    int64_t keys[64];
    uint64_t row[1] = {0};
    uint64_t live[1] = {~(uint64_t)0};
    memset(keys, 0, sizeof keys);
    for (int kernel = 0; kernel <= (int)spw__kernel_best(); kernel++) {
        struct spw__argmin got;
        spw__argmin_pick((enum spw__kernel)kernel)(keys, row, live, 1, &got);
        ck_assert_uint_eq(got.index, SPW_NONE);
        ck_assert_uint_eq(got.ties, 0);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("argmin");
    TCase *tcase = tcase_create("kernels");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, all_kernels_agree_with_a_plain_loop);
    tcase_add_test(tcase, an_empty_row_finds_nobody);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
