/*
 * tests/unit/test_sim_empirical.c - durations cut short: the product-limit estimate beside a
 * published example, plain order statistics, and a patience that is known.
 */
#include "suite.h"

#include <math.h>
#include <stdlib.h>

#include <spillway/sim.h>

#include "sim/random.h"

/* Weeks in remission of 21 patients (6-MP; Freireich and others 1963), as Cox and Oakes print. */
static const double weeks[] = {6,  6,  6,  6,  7,  9,  10, 10, 11, 13, 16,
                               17, 19, 20, 22, 23, 25, 32, 32, 34, 35};
static const unsigned char relapsed[] = {1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1,
                                         0, 0, 0, 1, 1, 0, 0, 0, 0, 0};

START_TEST(the_published_curve_is_walked)
{
    enum { COUNT = 10000 };
    static double quantile[COUNT];
    static const double curve[][2] = {{6, 0.8571},  {7, 0.8067},  {10, 0.7529}, {13, 0.6902},
                                      {16, 0.6275}, {22, 0.5378}, {23, 0.4482}};
    ck_assert_int_eq(spw_kaplan_meier(weeks, relapsed, 21, quantile, COUNT), 0);
    for (size_t i = 0; i < sizeof curve / sizeof curve[0]; i++) {
        double beyond = 0;
        for (int k = 0; k < COUNT; k++) {
            beyond += quantile[k] > curve[i][0];
        }
        ck_assert_double_eq_tol(beyond / COUNT, curve[i][1], 0.0002);
    }
    for (int k = 1; k < COUNT; k++) {
        ck_assert_double_ge(quantile[k], quantile[k - 1]);
    }
    ck_assert(isfinite(quantile[COUNT - 1])); /* the tail goes on as an exponential */
    ck_assert_double_gt(quantile[COUNT - 1], 35);
}
END_TEST

/* Nobody cut short: the quantiles of n values at n places are the values. In any order. */
START_TEST(whole_records_are_sorted)
{
    static const double mixed[] = {8, 1, 5, 3, 9, 2};
    static const unsigned char ended[] = {1, 1, 1, 1, 1, 1};
    static const double sorted[] = {1, 2, 3, 5, 8, 9};
    double quantile[6];
    ck_assert_int_eq(spw_kaplan_meier(mixed, ended, 6, quantile, 6), 0);
    for (int i = 0; i < 6; i++) {
        ck_assert_double_eq(quantile[i], sorted[i]);
    }
}
END_TEST

/* Patience of mean 60 s, of which those served first, after 40 s in the mean, tell only a part. */
START_TEST(a_known_patience_is_found_again)
{
    enum { PEOPLE = 20000, COUNT = 100 };
    static double duration[PEOPLE];
    static unsigned char gave_up[PEOPLE];
    double quantile[COUNT];
    struct spw__stream stream = spw__stream_make(11, 0, SPW__DRAW_PATIENCE, 1);
    for (int i = 0; i < PEOPLE; i++) {
        double patience = spw__stream_exponential(&stream, 60);
        double served = spw__stream_exponential(&stream, 40);
        duration[i] = fmin(patience, served);
        gave_up[i] = patience < served;
    }
    ck_assert_int_eq(spw_kaplan_meier(duration, gave_up, PEOPLE, quantile, COUNT), 0);
    for (int k = 0; k < 95; k += 5) {
        double survival = 1 - (k + 0.5) / COUNT;
        double t = -60 * log(survival);
        /* Greenwood with both hazards constant, as a spread of the quantile. */
        double greenwood = (40.0 / 100) * (exp(t / 24) - 1) / PEOPLE;
        double sigma = 60 * sqrt(greenwood);
        ck_assert_msg(fabs(quantile[k] - t) <= 5 * sigma, "%d %%: %g, want %g +- %g", k,
                      quantile[k], t, 5 * sigma);
    }
}
END_TEST

START_TEST(without_an_end_there_is_no_estimate)
{
    static const unsigned char nobody[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                           0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    double quantile[3] = {-1, -1, -1};
    ck_assert_int_eq(spw_kaplan_meier(weeks, nobody, 21, quantile, 3), -1);
    ck_assert_int_eq(spw_kaplan_meier(weeks, nobody, 0, quantile, 3), -1);
    ck_assert_double_eq(quantile[0], -1);
}
END_TEST

int main(void)
{
    return SUITE_RUN("empirical", the_published_curve_is_walked, whole_records_are_sorted,
                     a_known_patience_is_found_again, without_an_end_there_is_no_estimate);
}
