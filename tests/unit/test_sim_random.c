/*
 * tests/unit/test_sim_random.c - draws: shaped as they say, apart from one another, and tied to
 * nothing but seed, run, purpose and person. Bounds are five sigma; seeds are fixed.
 */
#include "suite.h"

#include <math.h>

#include "sim/random.h"

#define DRAWS 200000

static struct spw__stream stream_of(uint64_t person)
{
    return spw__stream_make(2024, 1, SPW__DRAW_SERVICE, person);
}

static void near(const char *what, double got, double want, double sigma)
{
    ck_assert_msg(fabs(got - want) <= 5 * sigma, "%s: got %g, want %g +- %g", what, got, want,
                  5 * sigma);
}

START_TEST(a_stream_is_known_by_its_four_numbers)
{
    uint64_t first[16];
    for (uint64_t i = 0; i < 16; i++) { /* each of the four is one of two */
        struct spw__stream stream = spw__stream_make(i & 1, i >> 1 & 1, i >> 2 & 1, i >> 3 & 1);
        struct spw__stream again = spw__stream_make(i & 1, i >> 1 & 1, i >> 2 & 1, i >> 3 & 1);
        first[i] = spw__stream_u64(&stream);
        ck_assert_uint_eq(spw__stream_u64(&again), first[i]);
        ck_assert_uint_eq(spw__stream_u64(&again), spw__stream_u64(&stream));
        for (uint64_t j = 0; j < i; j++) {
            ck_assert_uint_ne(first[i], first[j]);
        }
    }
}
END_TEST

START_TEST(uniform_draws_fill_the_unit_interval_evenly)
{
    enum { CELLS = 100 };
    double seen[CELLS] = {0};
    double sum = 0;
    struct spw__stream stream = stream_of(1);
    for (int i = 0; i < DRAWS; i++) {
        double u = spw__stream_uniform(&stream);
        ck_assert(u > 0 && u < 1);
        seen[(int)(u * CELLS)]++;
        sum += u;
    }
    near("mean", sum / DRAWS, 0.5, sqrt(1.0 / 12 / DRAWS));
    double chi = 0;
    for (int i = 0; i < CELLS; i++) {
        double expected = (double)DRAWS / CELLS;
        chi += (seen[i] - expected) * (seen[i] - expected) / expected;
    }
    near("chi square", chi, CELLS - 1, sqrt(2.0 * (CELLS - 1)));
}
END_TEST

/* The k-th draws of neighbours, and the k-th and next draw of one person. */
START_TEST(neighbours_and_successors_know_nothing_of_one_another)
{
    enum { PEOPLE = 20000 };
    double across = 0;
    double along = 0;
    struct spw__stream last = stream_of(0);
    double before = spw__stream_uniform(&last) - 0.5;
    for (uint64_t person = 1; person <= PEOPLE; person++) {
        struct spw__stream stream = stream_of(person);
        double first = spw__stream_uniform(&stream) - 0.5;
        double second = spw__stream_uniform(&stream) - 0.5;
        across += first * before;
        along += first * second;
        before = first;
    }
    double sigma = sqrt((double)PEOPLE) / 12; /* of a sum of products of variance 1/144 */
    near("neighbours", across, 0, sigma);
    near("successors", along, 0, sigma);
}
END_TEST

START_TEST(exponential_draws_have_their_mean_and_no_memory)
{
    double sum = 0;
    double beyond[4] = {0};
    struct spw__stream stream = stream_of(2);
    for (int i = 0; i < DRAWS; i++) {
        double x = spw__stream_exponential(&stream, 7);
        ck_assert(x > 0 && isfinite(x));
        sum += x;
        for (int k = 0; k < 4; k++) {
            beyond[k] += x > 7 * (k + 1);
        }
    }
    near("mean", sum / DRAWS, 7, 7 / sqrt(DRAWS));
    for (int k = 0; k < 4; k++) {
        double p = exp(-(k + 1));
        near("tail", beyond[k] / DRAWS, p, sqrt(p * (1 - p) / DRAWS));
    }
}
END_TEST

START_TEST(normal_draws_are_normal)
{
    double sum = 0;
    double square = 0;
    double below[5] = {0};
    struct spw__stream stream = stream_of(3);
    for (int i = 0; i < DRAWS; i++) {
        double x = spw__stream_normal(&stream);
        sum += x;
        square += x * x;
        for (int k = 0; k < 5; k++) {
            below[k] += x < k - 2;
        }
    }
    near("mean", sum / DRAWS, 0, 1 / sqrt(DRAWS));
    near("variance", square / DRAWS, 1, sqrt(2.0 / DRAWS));
    for (int k = 0; k < 5; k++) {
        double p = 0.5 * erfc(-(k - 2) / sqrt(2));
        near("share below", below[k] / DRAWS, p, sqrt(p * (1 - p) / DRAWS));
    }
}
END_TEST

int main(void)
{
    return SUITE_RUN("random", a_stream_is_known_by_its_four_numbers,
                     uniform_draws_fill_the_unit_interval_evenly,
                     neighbours_and_successors_know_nothing_of_one_another,
                     exponential_draws_have_their_mean_and_no_memory, normal_draws_are_normal);
}
