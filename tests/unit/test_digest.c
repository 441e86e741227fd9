/*
 * tests/unit/test_digest.c - the mixer: pinned values, and every word, place and length counts.
 */
#include "suite.h"

#include <math.h>
#include <string.h>

#include "base/digest.h"

static uint64_t of_words(const uint64_t *word, size_t count)
{
    struct spw__digest digest;
    spw__digest_init(&digest, 1);
    for (size_t i = 0; i < count; i++) {
        spw__digest_u64(&digest, word[i]);
    }
    return spw__digest_done(&digest);
}

START_TEST(one_changed_bit_changes_half_of_the_result)
{
    uint64_t word[8];
    uint64_t random = 5;
    double flipped = 0;
    for (size_t i = 0; i < 8; i++) {
        word[i] = suite_draw(&random);
    }
    uint64_t before = of_words(word, 8);
    for (size_t bit = 0; bit < 512; bit++) {
        word[bit / 64] ^= (uint64_t)1 << (bit % 64);
        uint64_t changed = before ^ of_words(word, 8);
        word[bit / 64] ^= (uint64_t)1 << (bit % 64);
        ck_assert_uint_ne(changed, 0);
        flipped += __builtin_popcountll(changed);
    }
    double all = 512.0 * 64;
    ck_assert_double_lt(fabs(flipped - all / 2), 5 * sqrt(all) / 2); /* five sigma of a coin */
}
END_TEST

START_TEST(order_number_and_zeros_count)
{
    const uint64_t a[] = {1, 2, 0, 0};
    const uint64_t b[] = {2, 1, 0, 0};
    ck_assert_uint_ne(of_words(a, 4), of_words(b, 4));
    ck_assert_uint_ne(of_words(a, 2), of_words(a, 3));
    ck_assert_uint_ne(of_words(a, 3), of_words(a, 4));
    ck_assert_uint_ne(of_words(a + 2, 1), of_words(a + 2, 2));
    struct spw__digest seed1;
    struct spw__digest seed2;
    spw__digest_init(&seed1, 1);
    spw__digest_init(&seed2, 2);
    ck_assert_uint_ne(spw__digest_done(&seed1), spw__digest_done(&seed2));
}
END_TEST

START_TEST(asking_changes_nothing_and_the_digest_may_go_on)
{
    const uint64_t word[] = {3, 4};
    struct spw__digest digest;
    spw__digest_init(&digest, 1);
    spw__digest_u64(&digest, word[0]);
    ck_assert_uint_eq(spw__digest_done(&digest), spw__digest_done(&digest));
    spw__digest_u64(&digest, word[1]);
    ck_assert_uint_eq(spw__digest_done(&digest), of_words(word, 2));
}
END_TEST

/* Hashes are compared between machines and releases: a new mixer must be a decision. */
START_TEST(values_are_pinned)
{
    const uint64_t word[] = {0, 1, UINT64_MAX};
    ck_assert_uint_eq(of_words(word, 0), UINT64_C(0x8080ad43fa9059e3));
    ck_assert_uint_eq(of_words(word, 3), UINT64_C(0x869cc774f8dd1269));
}
END_TEST

int main(void)
{
    return SUITE_RUN("digest", one_changed_bit_changes_half_of_the_result,
                     order_number_and_zeros_count, asking_changes_nothing_and_the_digest_may_go_on,
                     values_are_pinned);
}
