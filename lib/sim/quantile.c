/*
 * sim/quantile.c - quantiles over all runs with half-widths.
 *
 * Runs are what is independent, not people: those of one flood wait behind one another. A quantile
 * of each run would do while runs are crowded; the 90 % of three people is their longest wait, and
 * what such numbers have in common says little of the 90 % of all. So each run is asked how many of
 * its people lie below the quantile of all: a share as any other, whose half-width is known well.
 *
 * Invariant: the parts add up to the whole, bucket by bucket.
 * Who calls: sim/result.c, once per run and group, and at the end. Cost: the buckets of a histogram
 * per run; for a figure the bars of the parts.
 */
#include "sim/quantile.h"

#include <math.h>
#include <stdlib.h>

/* --- parts ------------------------------------------------------------------------------------ */

/* Both together, in the room of a new list. */
static bool part_add(struct spw__part *part, const struct spw__histogram *run)
{
    size_t most = part->bars;
    for (size_t i = 0; i < SPW__BUCKETS; i++) {
        most += run->bucket[i] > 0;
    }
    struct spw__bar *bar = malloc((most + 1) * sizeof *bar);
    if (bar == NULL) {
        return false;
    }
    size_t bars = 0, old = 0;
    for (uint32_t i = 0; i < SPW__BUCKETS; i++) {
        bool had = old < part->bars && part->bar[old].bucket == i;
        uint64_t count = run->bucket[i] + (had ? part->bar[old].count : 0);
        old += had;
        if (count > 0) {
            bar[bars++] = (struct spw__bar){.count = count, .bucket = i};
        }
    }
    free(part->bar);
    part->bar = bar;
    part->bars = bars;
    part->count += run->count;
    part->zero += run->zero;
    return true;
}

void spw__quantiles_add(struct spw__quantiles *quantiles, const struct spw__histogram *run)
{
    struct spw__part *part = &quantiles->part[quantiles->runs++ % SPW__PARTS];
    spw__histogram_merge(&quantiles->whole, run);
    if (run->count > 0 && !quantiles->spent) {
        quantiles->spent = !part_add(part, run);
    }
}

void spw__quantiles_free(struct spw__quantiles *quantiles)
{
    for (size_t i = 0; i < SPW__PARTS; i++) {
        free(quantiles->part[i].bar);
        quantiles->part[i].bar = NULL;
    }
}

/* --- figures ---------------------------------------------------------------------------------- */

/* How many of the part lie at or below a place of the histogram; inside a bucket evenly spread. */
static double below(const struct spw__part *part, double place)
{
    double sum = (double)part->zero;
    for (size_t i = 0; i < part->bars && place > part->bar[i].bucket; i++) {
        sum += (double)part->bar[i].count * fmin(place - part->bar[i].bucket, 1);
    }
    return sum;
}

static double half_width(const struct spw__quantiles *quantiles, double share)
{
    const struct spw__histogram *whole = &quantiles->whole;
    struct spw__ratio ratio = {0};
    double place = spw__histogram_place(whole, share);
    uint32_t parts = quantiles->runs < SPW__PARTS ? quantiles->runs : SPW__PARTS;
    for (uint32_t i = 0; i < parts; i++) {
        const struct spw__part *part = &quantiles->part[i];
        spw__ratio_add(&ratio, below(part, place), (double)part->count);
    }
    double half = spw__ratio_half_width(&ratio);
    bool beyond = share + half >= 1 || pow(share, (double)whole->count) > 0.025;
    if (quantiles->spent || isinf(half) || beyond) {
        return INFINITY;
    }
    double value = spw__histogram_quantile(whole, share);
    double low = spw__histogram_quantile(whole, fmax(share - half, 0));
    double high = spw__histogram_quantile(whole, share + half);
    return fmax(high - value, value - low);
}

struct spw_figure spw__quantiles_figure(const struct spw__quantiles *quantiles, double share)
{
    struct spw_figure figure = {NAN, NAN};
    if (quantiles->whole.count > 0) {
        figure.mean = spw__histogram_quantile(&quantiles->whole, share);
        figure.half_width = half_width(quantiles, share);
    }
    return figure;
}
