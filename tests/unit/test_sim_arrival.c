/*
 * tests/unit/test_sim_arrival.c - when people come: rates and expected numbers beside their
 * integrals by hand, drawn arrivals beside both. Bounds are five sigma; seeds are fixed.
 */
#include "suite.h"

#include <math.h>

#include "sim/arrival.h"

static struct spw_arrivals steady(double rate, double end_s)
{
    struct spw_arrivals arrivals = {.rate = rate, .end_s = end_s};
    return arrivals;
}

static struct spw_arrivals surged(struct spw_surge surge)
{
    struct spw_arrivals arrivals = steady(2, 3600);
    arrivals.surge[arrivals.surge_count++] = surge;
    return arrivals;
}

/* Draws them all and compares the numbers in twelve equal parts with what is expected there. */
static void draw_and_compare(const struct spw_arrivals *arrivals, uint64_t person)
{
    enum { PARTS = 12 };
    double seen[PARTS] = {0};
    double part = arrivals->end_s / PARTS;
    struct spw__flow flow = {.draws = spw__stream_make(3, 0, SPW__DRAW_ARRIVAL, person)};
    double last = 0;
    for (double t = spw__arrival_next(arrivals, &flow, 0); isfinite(t);
         t = spw__arrival_next(arrivals, &flow, t)) {
        ck_assert(t > last && t < arrivals->end_s);
        ck_assert_double_gt(spw__arrival_rate(arrivals, t), 0);
        seen[(int)(t / part)]++;
        last = t;
    }
    for (int i = 0; i < PARTS; i++) {
        double mean = spw__arrival_mean(arrivals, i * part, (i + 1) * part);
        ck_assert_msg(fabs(seen[i] - mean) <= 5 * sqrt(mean) + 1e-9, "part %d: %g, want %g", i,
                      seen[i], mean);
    }
}

static void expect(const struct spw_arrivals *arrivals, double from_s, double to_s, double want)
{
    double got = spw__arrival_mean(arrivals, from_s, to_s);
    ck_assert_msg(fabs(got - want) <= 1e-4 * want + 1e-9, "%g to %g: %.10g, want %.10g", from_s,
                  to_s, got, want);
}

START_TEST(a_steady_rate_is_a_poisson_stream)
{
    struct spw_arrivals arrivals = steady(5, 20000);
    expect(&arrivals, 0, 20000, 100000);
    expect(&arrivals, 100, 100.5, 2.5);
    expect(&arrivals, 19999, 30000, 5); /* nobody after the end */
    draw_and_compare(&arrivals, 1);
    struct spw__flow flow = {.draws = spw__stream_make(3, 0, SPW__DRAW_ARRIVAL, 2)};
    double beyond = 0; /* gaps longer than the mean: 1/e of them */
    double t = 0;
    for (int i = 0; i < 50000; i++) {
        double next = spw__arrival_next(&arrivals, &flow, t);
        beyond += next - t > 0.2;
        t = next;
    }
    double p = exp(-1);
    ck_assert_double_le(fabs(beyond / 50000 - p), 5 * sqrt(p * (1 - p) / 50000));
}
END_TEST

START_TEST(surges_multiply_the_rate_while_they_last)
{
    const struct {
        struct spw_surge surge;
        double factor_at_900, factor_at_2700;
        double expected; /* in the hour, at a base of 2 a second */
    } each[] = {
        {{SPW_SURGE_STEP, 1800, 0, 3, 0}, 1, 3, 2 * (1800 + 3 * 1800)},
        {{SPW_SURGE_WINDOW, 600, 1200, 4, 0}, 4, 1, 2 * (3600 + 3 * 600)},
        {{SPW_SURGE_RAMP, 600, 1200, 5, 0}, 3, 5, 2 * (600 + 600 * 3 + 2400 * 5)},
        {{SPW_SURGE_PULSE, 600, 0, 9, 300},
         1 + 8 * 0.5,
         1 + 8 / 128.0,
         2 * (3600 + 8 * 300 / 0.69314718055994531 * (1 - 1 / 1024.0))},
    };
    for (size_t i = 0; i < sizeof each / sizeof each[0]; i++) {
        struct spw_arrivals arrivals = surged(each[i].surge);
        ck_assert_double_eq_tol(spw__arrival_rate(&arrivals, 0), 2, 1e-12);
        ck_assert_double_eq_tol(spw__arrival_rate(&arrivals, 900), 2 * each[i].factor_at_900, 1e-9);
        ck_assert_double_eq_tol(spw__arrival_rate(&arrivals, 2700), 2 * each[i].factor_at_2700,
                                1e-9);
        expect(&arrivals, 0, 3600, each[i].expected);
        draw_and_compare(&arrivals, 10 + i);
    }
}
END_TEST

START_TEST(surges_on_one_another_multiply)
{
    struct spw_arrivals arrivals = surged((struct spw_surge){SPW_SURGE_WINDOW, 0, 2000, 3, 0});
    arrivals.surge[arrivals.surge_count++] = (struct spw_surge){SPW_SURGE_WINDOW, 1000, 3000, 2, 0};
    arrivals.surge[arrivals.surge_count++] = (struct spw_surge){SPW_SURGE_STEP, 3300, 0, 0, 0};
    expect(&arrivals, 0, 3600, 2 * (1000 * 3 + 1000 * 6 + 1000 * 2 + 300));
    draw_and_compare(&arrivals, 20);
}
END_TEST

START_TEST(pieces_replace_one_another)
{
    struct spw_arrivals arrivals = {.rate = 1, .end_s = 6000, .piece_count = 3};
    arrivals.piece[0] = (struct spw_piece){1000, 4};
    arrivals.piece[1] = (struct spw_piece){2000, 0};
    arrivals.piece[2] = (struct spw_piece){4000, 2};
    ck_assert_double_eq(spw__arrival_rate(&arrivals, 999), 1);
    ck_assert_double_eq(spw__arrival_rate(&arrivals, 1000), 4);
    ck_assert_double_eq(spw__arrival_rate(&arrivals, 3000), 0);
    ck_assert_double_eq(spw__arrival_rate(&arrivals, 6000), 0);
    ck_assert_double_eq(spw__arrival_rate(&arrivals, -1), 0);
    expect(&arrivals, 0, 6000, 1000 + 4000 + 0 + 4000);
    draw_and_compare(&arrivals, 30);
}
END_TEST

START_TEST(a_day_has_the_shape_that_is_named)
{
    static const char *const name[] = {"flat", "child", "night"};
    for (size_t i = 0; i < 3; i++) {
        struct spw_arrivals arrivals = steady(1, 2 * 86400);
        arrivals.day_shape = spw_day_shape(name[i]);
        ck_assert_ptr_nonnull(arrivals.day_shape);
        double sum = 0;
        for (int hour = 0; hour < 24; hour++) {
            sum += arrivals.day_shape[hour];
        }
        ck_assert_double_eq_tol(sum, 24, 0.01); /* weights of mean 1 */
        expect(&arrivals, 0, 86400, sum * 3600);
        expect(&arrivals, 1800, 7200, 1800 * arrivals.day_shape[0] + 3600 * arrivals.day_shape[1]);
        draw_and_compare(&arrivals, 40 + i);
        arrivals.day_start_s = 22 * 3600 + 1800; /* from half past ten in the evening */
        for (int hour = 0; hour < 24; hour++) {
            double t = fmod((hour + 24 - 22.5) * 3600, 86400) + 1;
            ck_assert_double_eq(spw__arrival_rate(&arrivals, t), arrivals.day_shape[hour]);
        }
        draw_and_compare(&arrivals, 50 + i);
    }
    ck_assert_ptr_null(spw_day_shape("Flat"));
}
END_TEST

START_TEST(nobody_comes_at_a_rate_of_nothing)
{
    struct spw_arrivals arrivals = steady(0, 1e6);
    struct spw__flow flow = {.draws = spw__stream_make(3, 0, SPW__DRAW_ARRIVAL, 60)};
    ck_assert(isinf(spw__arrival_next(&arrivals, &flow, 0)));
    arrivals = steady(1, 100);
    ck_assert(isinf(spw__arrival_next(&arrivals, &flow, 100)));
    ck_assert(isinf(spw__arrival_next(&arrivals, &flow, 1e9)));
}
END_TEST

START_TEST(a_record_is_counted)
{
    static const double trace[] = {0, 5, 5, 9, 30};
    struct spw_arrivals arrivals = {.rate = 100, .end_s = 100, .trace_s = trace, .trace_count = 5};
    expect(&arrivals, 0, 5, 1);
    expect(&arrivals, 5, 9, 2);
    expect(&arrivals, 0, 100, 5);
}
END_TEST

int main(void)
{
    return SUITE_RUN("arrival", a_steady_rate_is_a_poisson_stream,
                     surges_multiply_the_rate_while_they_last, surges_on_one_another_multiply,
                     pieces_replace_one_another, a_day_has_the_shape_that_is_named,
                     nobody_comes_at_a_rate_of_nothing, a_record_is_counted);
}
