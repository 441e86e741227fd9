/*
 * tests/unit/test_sim_dist.c - samples beside the closed forms: mean and distribution function.
 * Bounds are five sigma, computed from the closed form; seeds are fixed.
 */
#include "suite.h"

#include <math.h>

#include "sim/dist.h"

#define SAMPLES 100000
#define POINTS 9

/* Closed forms of one distribution. */
struct form {
    const char *name;
    struct spw_dist dist;
    double variance;
    double (*below)(const struct spw_dist *dist, double x);
};

static double exponential_below(const struct spw_dist *dist, double x)
{
    return 1 - exp(-x / dist->mean_s);
}

static double uniform_below(const struct spw_dist *dist, double x)
{
    return fmin(1, fmax(0, (x - dist->mean_s + dist->b) / (2 * dist->b)));
}

static double lognormal_below(const struct spw_dist *dist, double x)
{
    double variance = log(1 + dist->b * dist->b);
    double z = (log(x / dist->mean_s) + variance / 2) / sqrt(variance);
    return 0.5 * erfc(-z / sqrt(2));
}

static double weibull_below(const struct spw_dist *dist, double x)
{
    double scale = dist->mean_s / tgamma(1 + 1 / dist->b);
    return 1 - exp(-pow(x / scale, dist->b));
}

static const struct spw_dist fast = {.kind = SPW_DIST_EXPONENTIAL, .mean_s = 12};
static const struct spw_dist slow = {.kind = SPW_DIST_EXPONENTIAL, .mean_s = 600};

static double mixture_below(const struct spw_dist *dist, double x)
{
    return 0.25 * exponential_below(dist->part[0], x) + 0.75 * exponential_below(dist->part[1], x);
}

static double weibull_variance(double mean, double shape)
{
    double gamma = tgamma(1 + 1 / shape);
    return mean * mean * (tgamma(1 + 2 / shape) / (gamma * gamma) - 1);
}

static void compare(const struct form *form, uint64_t person)
{
    struct spw__stream stream = spw__stream_make(7, 0, SPW__DRAW_PATIENCE, person);
    double mean = spw__dist_mean(&form->dist);
    double sum = 0;
    double below[POINTS] = {0};
    for (int i = 0; i < SAMPLES; i++) {
        double x = spw__dist_sample(&form->dist, &stream);
        ck_assert_msg(x >= 0 && isfinite(x), "%s: %g", form->name, x);
        sum += x;
        for (int k = 0; k < POINTS; k++) {
            below[k] += x < mean * (k + 1) / 4;
        }
    }
    double sigma = sqrt(form->variance / SAMPLES);
    ck_assert_msg(fabs(sum / SAMPLES - mean) <= 5 * sigma, "%s: mean %g, want %g +- %g", form->name,
                  sum / SAMPLES, mean, 5 * sigma);
    for (int k = 0; k < POINTS; k++) {
        double p = form->below(&form->dist, mean * (k + 1) / 4);
        sigma = sqrt(p * (1 - p) / SAMPLES);
        ck_assert_msg(fabs(below[k] / SAMPLES - p) <= 5 * sigma + 1e-12,
                      "%s: below %g: %g, want %g +- %g", form->name, mean * (k + 1) / 4,
                      below[k] / SAMPLES, p, 5 * sigma);
    }
}

START_TEST(samples_follow_the_closed_form)
{
    const struct form form[] = {
        {"exponential", {.kind = SPW_DIST_EXPONENTIAL, .mean_s = 90}, 8100, exponential_below},
        {"uniform", {.kind = SPW_DIST_UNIFORM, .mean_s = 10, .b = 6}, 12, uniform_below},
        {"lognormal",
         {.kind = SPW_DIST_LOGNORMAL, .mean_s = 300, .b = 0.8},
         300 * 300 * 0.64,
         lognormal_below},
        {"weibull, early",
         {.kind = SPW_DIST_WEIBULL, .mean_s = 40, .b = 0.7},
         weibull_variance(40, 0.7),
         weibull_below},
        {"weibull, late",
         {.kind = SPW_DIST_WEIBULL, .mean_s = 40, .b = 3},
         weibull_variance(40, 3),
         weibull_below},
        {"mixture",
         {.kind = SPW_DIST_MIXTURE, .part_count = 2, .weight = {1, 3}, .part = {&fast, &slow}},
         /* E[x^2] - mean^2; the second moment of an exponential is twice its mean squared */
         2 * (0.25 * 144 + 0.75 * 360000) - 453.0 * 453.0,
         mixture_below},
    };
    for (size_t i = 0; i < sizeof form / sizeof form[0]; i++) {
        ck_assert_int_eq(spw__dist_check(&form[i].dist, NULL, 0), 0);
        compare(&form[i], i);
    }
}
END_TEST

START_TEST(means_are_what_was_asked_for)
{
    const struct spw_dist never = {.kind = SPW_DIST_NEVER};
    const struct spw_dist mixture = {
        .kind = SPW_DIST_MIXTURE, .part_count = 2, .weight = {1, 3}, .part = {&fast, &slow}};
    const struct spw_dist with_never = {
        .kind = SPW_DIST_MIXTURE, .part_count = 2, .weight = {1, 1}, .part = {&fast, &never}};
    ck_assert_double_eq_tol(spw__dist_mean(&mixture), 453, 1e-12);
    ck_assert(isinf(spw__dist_mean(&never)));
    ck_assert(isinf(spw__dist_mean(&with_never)));
}
END_TEST

START_TEST(a_constant_is_constant_and_never_is_never)
{
    const struct spw_dist constant = {.kind = SPW_DIST_CONSTANT, .mean_s = 3.5};
    const struct spw_dist never = {.kind = SPW_DIST_NEVER};
    struct spw__stream stream = spw__stream_make(7, 0, SPW__DRAW_PATIENCE, 1);
    for (int i = 0; i < 10; i++) {
        ck_assert_double_eq(spw__dist_sample(&constant, &stream), 3.5);
        ck_assert(isinf(spw__dist_sample(&never, &stream)));
    }
}
END_TEST

/* Values at 1/8, 3/8, 5/8 and 7/8, straight lines between, the ends held. */
START_TEST(a_table_is_drawn_by_straight_lines)
{
    const double value[] = {10, 20, 20, 60};
    const struct spw_dist table = {
        .kind = SPW_DIST_EMPIRICAL, .quantile_s = value, .quantile_count = 4};
    const double at[] = {10, 15, 20, 40, 60};             /* share below or at each of them: */
    const double share[] = {0.125, 0.25, 0.625, 0.75, 1}; /* by hand */
    double seen[5] = {0};
    double sum = 0;
    struct spw__stream stream = spw__stream_make(7, 0, SPW__DRAW_PATIENCE, 2);
    for (int i = 0; i < SAMPLES; i++) {
        double x = spw__dist_sample(&table, &stream);
        sum += x;
        for (int k = 0; k < 5; k++) {
            seen[k] += x <= at[k];
        }
    }
    for (int k = 0; k < 5; k++) {
        double sigma = sqrt(share[k] * (1 - share[k]) / SAMPLES);
        ck_assert_double_le(fabs(seen[k] / SAMPLES - share[k]), 5 * sigma);
    }
    ck_assert_double_eq_tol(spw__dist_mean(&table), 27.5, 1e-12);
    ck_assert_double_le(fabs(sum / SAMPLES - 27.5), 5 * 25 / sqrt(SAMPLES)); /* spread below 25 */
}
END_TEST

/* Three of four give up after 5 s, the fourth never does. */
START_TEST(a_table_may_end_in_never)
{
    const double value[] = {5, 5, 5, INFINITY};
    const struct spw_dist table = {
        .kind = SPW_DIST_EMPIRICAL, .quantile_s = value, .quantile_count = 4};
    struct spw__stream stream = spw__stream_make(7, 0, SPW__DRAW_PATIENCE, 3);
    double patient = 0;
    ck_assert_int_eq(spw__dist_check(&table, NULL, 0), 0);
    for (int i = 0; i < SAMPLES; i++) {
        double x = spw__dist_sample(&table, &stream);
        ck_assert(x == 5 || isinf(x));
        patient += isinf(x);
    }
    ck_assert_double_le(fabs(patient / SAMPLES - 0.25), 5 * sqrt(0.25 * 0.75 / SAMPLES));
}
END_TEST

START_TEST(what_makes_no_sense_is_refused_with_a_sentence)
{
    static const double falling[] = {3, 2};
    static const double negative[] = {-1, 2};
    const struct spw_dist inner = {
        .kind = SPW_DIST_MIXTURE, .part_count = 1, .weight = {1}, .part = {&fast}};
    const struct spw_dist bad[] = {
        {.kind = SPW_DIST_CONSTANT, .mean_s = -1},
        {.kind = SPW_DIST_EXPONENTIAL, .mean_s = NAN},
        {.kind = SPW_DIST_EXPONENTIAL, .mean_s = INFINITY},
        {.kind = SPW_DIST_UNIFORM, .mean_s = 5, .b = 6},
        {.kind = SPW_DIST_UNIFORM, .mean_s = 5, .b = -1},
        {.kind = SPW_DIST_UNIFORM, .mean_s = 5, .b = NAN},
        {.kind = SPW_DIST_LOGNORMAL, .mean_s = 5, .b = 0},
        {.kind = SPW_DIST_WEIBULL, .mean_s = 5, .b = -2},
        {.kind = SPW_DIST_MIXTURE},
        {.kind = SPW_DIST_MIXTURE, .part_count = SPW_DIST_PARTS_MAX + 1},
        {.kind = SPW_DIST_MIXTURE, .part_count = 1, .weight = {1}},
        {.kind = SPW_DIST_MIXTURE, .part_count = 1, .weight = {0}, .part = {&fast}},
        {.kind = SPW_DIST_MIXTURE, .part_count = 1, .weight = {-1}, .part = {&fast}},
        {.kind = SPW_DIST_MIXTURE, .part_count = 1, .weight = {1}, .part = {&inner}},
        {.kind = SPW_DIST_EMPIRICAL},
        {.kind = SPW_DIST_EMPIRICAL, .quantile_s = falling, .quantile_count = 2},
        {.kind = SPW_DIST_EMPIRICAL, .quantile_s = negative, .quantile_count = 2},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char text[80] = "";
        ck_assert_msg(spw__dist_check(&bad[i], text, sizeof text) != 0, "number %zu", i);
        ck_assert_str_ne(text, "");
    }
}
END_TEST

int main(void)
{
    return SUITE_RUN("dist", samples_follow_the_closed_form, means_are_what_was_asked_for,
                     a_constant_is_constant_and_never_is_never, a_table_is_drawn_by_straight_lines,
                     a_table_may_end_in_never, what_makes_no_sense_is_refused_with_a_sentence);
}
