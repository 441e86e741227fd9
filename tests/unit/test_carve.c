/*
 * tests/unit/test_carve.c - arrays out of one block: what is measured is what is used.
 */
#include "suite.h"

#include <stdlib.h>
#include <string.h>

#include "base/carve.h"

#define TAKES 50

struct take {
    size_t count;
    size_t size;
    size_t align;
};

static void draw_takes(struct take *take, uint64_t seed)
{
    for (int i = 0; i < TAKES; i++) {
        take[i].count = suite_below(&seed, 20); /* 0 now and then */
        take[i].size = 1 + suite_below(&seed, 40);
        take[i].align = (size_t)1 << suite_below(&seed, 7);
    }
}

START_TEST(measuring_takes_what_carving_takes)
{
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct take take[TAKES];
        draw_takes(take, seed);
        struct spw__carve measured = {.base = NULL};
        for (int i = 0; i < TAKES; i++) {
            ck_assert_ptr_null(
                spw__carve_take(&measured, take[i].count, take[i].size, take[i].align));
        }
        unsigned char *block = aligned_alloc(64, (measured.used + 63) / 64 * 64 + 64);
        ck_assert_ptr_nonnull(block);
        struct spw__carve carve = {.base = block};
        unsigned char *end = block;
        for (int i = 0; i < TAKES; i++) {
            unsigned char *got =
                spw__carve_take(&carve, take[i].count, take[i].size, take[i].align);
            ck_assert_uint_eq((uintptr_t)got % take[i].align, 0);
            ck_assert(got >= end && got < end + take[i].align); /* none overlap, no room is lost */
            end = got + take[i].count * take[i].size;
            ck_assert_ptr_eq(end, block + carve.used);
        }
        ck_assert_uint_eq(carve.used, measured.used);
        free(block);
    }
}
END_TEST

START_TEST(what_is_taken_is_zero_and_what_is_beside_it_untouched)
{
    _Alignas(64) unsigned char block[256];
    memset(block, 0xa5, sizeof block);
    struct spw__carve carve = {.base = block, .used = 3};
    unsigned char *got = spw__carve_take(&carve, 5, 7, 16);
    ck_assert_ptr_eq(got, block + 16);
    for (size_t i = 0; i < sizeof block; i++) {
        ck_assert_uint_eq(block[i], i >= 16 && i < 16 + 35 ? 0 : 0xa5);
    }
}
END_TEST

START_TEST(more_than_can_be_counted_is_said_and_nothing_is_laid_out)
{
    _Alignas(64) unsigned char block[64];
    const size_t counts[] = {SIZE_MAX, SIZE_MAX / 8, SIZE_MAX / 2};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        struct spw__carve carve = {.base = block};
        ck_assert_ptr_null(spw__carve_take(&carve, counts[i], 8, 64));
        ck_assert(carve.over);
        ck_assert_ptr_null(spw__carve_take(&carve, 1, 1, 1));
        ck_assert(carve.over);
    }
}
END_TEST

int main(void)
{
    return SUITE_RUN("carve", measuring_takes_what_carving_takes,
                     what_is_taken_is_zero_and_what_is_beside_it_untouched,
                     more_than_can_be_counted_is_said_and_nothing_is_laid_out);
}
