/*
 * tests/unit/test_sim_stats.c - figures beside sums over all values and a sorted list of them.
 */
#include "suite.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/random.h"
#include "sim/stats.h"

#define VALUES 5000

static void near(double got, double want, double relative)
{
    ck_assert_msg(fabs(got - want) <= relative * fabs(want), "got %.10g, want %.10g", got, want);
}

/* A large mean and a small spread: sums of squares would lose it. */
START_TEST(moments_are_those_of_two_passes)
{
    double value[1000];
    struct spw__moments moments = {0, 0, 0};
    struct spw__stream stream = spw__stream_make(1, 0, 0, 1);
    double sum = 0;
    for (int i = 0; i < 1000; i++) {
        value[i] = spw__stream_normal(&stream);
        spw__moments_add(&moments, 1e9 + value[i]);
        sum += value[i];
    }
    double square = 0;
    for (int i = 0; i < 1000; i++) {
        square += (value[i] - sum / 1000) * (value[i] - sum / 1000);
    }
    ck_assert_double_eq_tol(moments.mean - 1e9, sum / 1000, 1e-6);
    near(spw__moments_variance(&moments), square / 999, 1e-5);
    near(spw__moments_half_width(&moments), spw__student_t(999) * sqrt(square / 999 / 1000), 1e-5);
}
END_TEST

START_TEST(few_values_tell_little)
{
    struct spw__moments moments = {0, 0, 0};
    ck_assert_double_eq(spw__moments_variance(&moments), 0);
    spw__moments_add(&moments, 5);
    ck_assert_double_eq(moments.mean, 5);
    ck_assert_double_eq(spw__moments_variance(&moments), 0);
    ck_assert(isinf(spw__moments_half_width(&moments)));
}
END_TEST

START_TEST(students_t_as_in_the_tables)
{
    static const double table[][2] = {{1, 12.706205}, {2, 4.302653},  {3, 3.182446},
                                      {4, 2.776445},  {5, 2.570582},  {7, 2.364624},
                                      {9, 2.262157},  {10, 2.228139}, {19, 2.093024},
                                      {30, 2.042272}, {60, 2.000298}, {1e9, 1.959964}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        ck_assert_double_eq_tol(spw__student_t(table[i][0]), table[i][1], 0.004);
    }
}
END_TEST

/* Of intervals over five normal values, 95 % contain the mean. */
START_TEST(half_widths_cover_as_often_as_they_say)
{
    enum { ROUNDS = 20000 };
    struct spw__stream stream = spw__stream_make(1, 0, 0, 2);
    double covered = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct spw__moments moments = {0, 0, 0};
        for (int i = 0; i < 5; i++) {
            spw__moments_add(&moments, spw__stream_normal(&stream));
        }
        covered += fabs(moments.mean) <= spw__moments_half_width(&moments);
    }
    ck_assert_double_le(fabs(covered / ROUNDS - 0.95), 5 * sqrt(0.95 * 0.05 / ROUNDS));
}
END_TEST

static int rising(const void *a, const void *b)
{
    const double *x = a;
    const double *y = b;
    return *x < *y ? -1 : *x > *y;
}

static struct spw__histogram one;
static struct spw__histogram two;
static struct spw__histogram both;

/* From a microsecond to months, and zeros. */
static double draw_value(struct spw__stream *stream, int i)
{
    return i % 50 == 0 ? 0 : exp(spw__stream_uniform(stream) * 30 - 13.8);
}

START_TEST(quantiles_are_those_of_the_sorted_list_but_for_their_error)
{
    double value[VALUES];
    struct spw__stream stream = spw__stream_make(1, 0, 0, 3);
    memset(&both, 0, sizeof both);
    for (int i = 0; i < VALUES; i++) {
        value[i] = draw_value(&stream, i);
        spw__histogram_add(&both, value[i]);
    }
    qsort(value, VALUES, sizeof value[0], rising);
    for (int i = 0; i < VALUES; i += 3) {
        double got = spw__histogram_quantile(&both, (i + 0.5) / VALUES);
        ck_assert_msg(fabs(got - value[i]) <= 0.0077 * value[i], "value %d: got %.10g, want %.10g",
                      i, got, value[i]);
    }
    ck_assert_double_eq(both.max_s, value[VALUES - 1]);
    ck_assert_double_le(spw__histogram_quantile(&both, 1), both.max_s);
}
END_TEST

/* Many values in a bucket: the place inside it counts. */
START_TEST(quantiles_of_many_values_are_finer_than_the_buckets)
{
    memset(&both, 0, sizeof both);
    for (int i = 0; i < 100 * VALUES; i++) {
        spw__histogram_add(&both, -log1p(-(i + 0.5) / (100 * VALUES)));
    }
    for (int i = 1; i < 100; i++) {
        near(spw__histogram_quantile(&both, i / 100.0), -log1p(-i / 100.0), 5e-4);
    }
}
END_TEST

START_TEST(histograms_of_runs_add_up)
{
    struct spw__stream stream = spw__stream_make(1, 0, 0, 4);
    memset(&one, 0, sizeof one);
    memset(&two, 0, sizeof two);
    memset(&both, 0, sizeof both);
    for (int i = 0; i < VALUES; i++) {
        double value = draw_value(&stream, i);
        spw__histogram_add(i % 3 == 0 ? &one : &two, value);
        spw__histogram_add(&both, value);
    }
    spw__histogram_merge(&one, &two);
    ck_assert_mem_eq(&one, &both, sizeof both);
}
END_TEST

START_TEST(the_ends_of_a_histogram)
{
    memset(&one, 0, sizeof one);
    ck_assert_double_eq(spw__histogram_quantile(&one, 0.5), 0); /* nothing in it */
    spw__histogram_add(&one, 1e-9);
    spw__histogram_add(&one, 1e12); /* longer than a year */
    ck_assert_uint_eq(one.count, 2);
    ck_assert_double_eq(spw__histogram_quantile(&one, 0.5), 0);
    ck_assert_double_gt(spw__histogram_quantile(&one, 0.9), 31536000);
    ck_assert_double_eq(one.max_s, 1e12);
}
END_TEST

int main(void)
{
    return SUITE_RUN("stats", moments_are_those_of_two_passes, few_values_tell_little,
                     students_t_as_in_the_tables, half_widths_cover_as_often_as_they_say,
                     quantiles_are_those_of_the_sorted_list_but_for_their_error,
                     quantiles_of_many_values_are_finer_than_the_buckets, histograms_of_runs_add_up,
                     the_ends_of_a_histogram);
}
