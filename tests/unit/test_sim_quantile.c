/*
 * tests/unit/test_sim_quantile.c - half-widths of quantiles beside a distribution that is known.
 */
#include "suite.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/quantile.h"
#include "sim/random.h"

/* One run: so many waits on average, exponential; all of them longer or shorter with the run. */
static void run_draw(struct spw__stream *stream, struct spw__histogram *run, int people,
                     double spread)
{
    double level = exp(spread * spw__stream_normal(stream));
    memset(run, 0, sizeof *run);
    for (int i = 0; i < 2 * people; i++) {
        if (spw__stream_uniform(stream) < 0.5) {
            spw__histogram_add(run, spw__stream_exponential(stream, 100 * level));
        }
    }
}

/* The share of waits below `at`, over the levels of runs (Simpson's rule). */
static double share_below(double at, double spread)
{
    if (!(spread > 0)) {
        return 1 - exp(-at / 100);
    }
    enum { STEPS = 400 };
    double sum = 0;
    double weight = 0;
    for (int i = 0; i <= STEPS; i++) {
        double z = -6 + 12.0 * i / STEPS;
        double w = exp(-z * z / 2) * (i == 0 || i == STEPS ? 1 : i % 2 ? 4 : 2);
        sum += w * (1 - exp(-at / (100 * exp(spread * z))));
        weight += w;
    }
    return sum / weight;
}

static double exact(double share, double spread)
{
    double low = 0;
    double high = 1e6;
    for (int i = 0; i < 100; i++) {
        double mid = (low + high) / 2;
        *(share_below(mid, spread) < share ? &low : &high) = mid;
    }
    return low;
}

/* In which share of floods the interval has the exact value; those without one are left out. */
static double covered(int runs, int people, double share, double spread)
{
    enum { ROUNDS = 400 };
    struct spw__stream stream = spw__stream_make(3, 0, 0, (uint64_t)(runs * people));
    struct spw__histogram *run = malloc(sizeof *run);
    struct spw__quantiles *all = calloc(1, sizeof *all);
    ck_assert(run != NULL && all != NULL);
    double value = exact(share, spread);
    double hits = 0;
    double known = 0;
    for (int round = 0; round < ROUNDS; round++) {
        for (int r = 0; r < runs; r++) {
            run_draw(&stream, run, people, spread);
            spw__quantiles_add(all, run);
        }
        struct spw_figure figure = spw__quantiles_figure(all, share);
        known += isfinite(figure.half_width);
        hits += isfinite(figure.half_width) && fabs(figure.mean - value) <= figure.half_width;
        spw__quantiles_free(all);
        memset(all, 0, sizeof *all);
    }
    free(all);
    free(run);
    ck_assert_msg(known > 0.75 * ROUNDS, "%d runs of %d: %g known", runs, people, known);
    return hits / known;
}

/* The interval is symmetric and its wider side counts, so it covers more often than it says. */
START_TEST(half_widths_of_quantiles_cover)
{
    static const struct {
        int runs, people;
        double share, spread;
    } each[] = {{20, 3, 0.5, 0},   {20, 3, 0.9, 0},   {20, 30, 0.99, 0},  {5, 30, 0.9, 0},
                {20, 3, 0.5, 0.5}, {20, 3, 0.9, 0.5}, {20, 30, 0.9, 0.5}, {200, 2, 0.95, 0.5}};
    for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
        double share = covered(each[i].runs, each[i].people, each[i].share, each[i].spread);
        ck_assert_msg(share > 0.92 && share < 0.998, "%d runs of %d: %g %% covers %g", each[i].runs,
                      each[i].people, each[i].share * 100, share);
    }
}
END_TEST

START_TEST(parts_add_up_to_the_whole)
{
    struct spw__stream stream = spw__stream_make(4, 0, 0, 1);
    struct spw__quantiles *all = calloc(1, sizeof *all);
    struct spw__histogram *run = malloc(sizeof *run);
    struct spw__histogram *sum = calloc(1, sizeof *sum);
    ck_assert(all != NULL && run != NULL && sum != NULL);
    for (int r = 0; r < 3 * SPW__PARTS + 5; r++) {
        run_draw(&stream, run, 10, 1);
        spw__histogram_add(run, 0);
        spw__quantiles_add(all, run);
    }
    for (size_t p = 0; p < SPW__PARTS; p++) {
        const struct spw__part *part = &all->part[p];
        uint64_t count = part->zero;
        for (size_t i = 0; i < part->bars; i++) {
            ck_assert(i == 0 || part->bar[i].bucket > part->bar[i - 1].bucket);
            sum->bucket[part->bar[i].bucket] += part->bar[i].count;
            count += part->bar[i].count;
        }
        ck_assert_uint_eq(count, part->count);
        sum->zero += part->zero;
    }
    ck_assert_uint_eq(sum->zero, all->whole.zero);
    ck_assert_int_eq(memcmp(sum->bucket, all->whole.bucket, sizeof sum->bucket), 0);
    spw__quantiles_free(all);
    free(all);
    free(run);
    free(sum);
}
END_TEST

START_TEST(few_people_tell_nothing_of_a_quantile)
{
    struct spw__stream stream = spw__stream_make(5, 0, 0, 1);
    struct spw__quantiles *all = calloc(1, sizeof *all);
    struct spw__histogram *run = calloc(1, sizeof *run);
    ck_assert(all != NULL && run != NULL);
    ck_assert(isnan(spw__quantiles_figure(all, 0.5).mean));
    for (int r = 0; r < 20; r++) {
        memset(run, 0, sizeof *run);
        spw__histogram_add(run, spw__stream_exponential(&stream, 100));
        spw__quantiles_add(all, run);
    }
    ck_assert(isfinite(spw__quantiles_figure(all, 0.5).half_width));
    ck_assert(isinf(spw__quantiles_figure(all, 0.9).half_width)); /* of 20, all below: 12 % */
    spw__quantiles_free(all);
    memset(all, 0, sizeof *all);
    for (int i = 0; i < 1000; i++) {
        spw__histogram_add(run, 5);
    }
    spw__quantiles_add(all, run);
    ck_assert(isinf(spw__quantiles_figure(all, 0.5).half_width)); /* one run */
    spw__quantiles_add(all, run);
    ck_assert_double_lt(spw__quantiles_figure(all, 0.5).half_width, 0.05); /* alike */
    spw__quantiles_free(all);
    free(all);
    free(run);
}
END_TEST

int main(void)
{
    return SUITE_RUN("sim/quantile", half_widths_of_quantiles_cover, parts_add_up_to_the_whole,
                     few_people_tell_nothing_of_a_quantile);
}
