/*
 * sim/stats.c - moments, ratios of sums, Student's t, and a histogram with bounded relative error.
 *
 * Who calls: sim/passage.c adds, sim/result.c merges. Cost: constant per sample.
 */
#include "sim/stats.h"

#include <math.h>

void spw__moments_add(struct spw__moments *moments, double value)
{
    moments->count += 1;
    double step = value - moments->mean;
    moments->mean += step / moments->count;
    moments->square += step * (value - moments->mean);
}

double spw__moments_variance(const struct spw__moments *moments)
{
    return moments->count > 1 ? moments->square / (moments->count - 1) : 0;
}

double spw__student_t(double degrees)
{
    /* Exact for 1 and 2; beyond, Hill's expansion about the normal quantile (1970): off by less
     * than 0.004. */
    const double z = 1.959963984540054;
    if (degrees < 1.5) {
        return 12.706204736;
    }
    if (degrees < 2.5) {
        return 4.302652730;
    }
    double z2 = z * z;
    double g1 = z * (z2 + 1) / 4;
    double g2 = z * (5 * z2 * z2 + 16 * z2 + 3) / 96;
    double g3 = z * (3 * z2 * z2 * z2 + 19 * z2 * z2 + 17 * z2 - 15) / 384;
    double g4 = z *
                (79 * z2 * z2 * z2 * z2 + 776 * z2 * z2 * z2 + 1482 * z2 * z2 - 1920 * z2 - 945) /
                92160;
    double n = degrees;
    return z + g1 / n + g2 / (n * n) + g3 / (n * n * n) + g4 / (n * n * n * n);
}

double spw__moments_half_width(const struct spw__moments *moments)
{
    if (moments->count < 2) {
        return INFINITY;
    }
    return spw__student_t(moments->count - 1) *
           sqrt(spw__moments_variance(moments) / moments->count);
}

void spw__ratio_add(struct spw__ratio *ratio, double y, double x)
{
    ratio->count += 1;
    ratio->filled += x > 0;
    double step_y = y - ratio->mean_y;
    double step_x = x - ratio->mean_x;
    ratio->mean_y += step_y / ratio->count;
    ratio->mean_x += step_x / ratio->count;
    ratio->yy += step_y * (y - ratio->mean_y);
    ratio->xy += step_y * (x - ratio->mean_x);
    ratio->xx += step_x * (x - ratio->mean_x);
}

double spw__ratio_value(const struct spw__ratio *ratio)
{
    return ratio->mean_x > 0 ? ratio->mean_y / ratio->mean_x : NAN;
}

double spw__ratio_half_width(const struct spw__ratio *ratio)
{
    if (ratio->filled < 2) {
        return INFINITY;
    }
    double value = spw__ratio_value(ratio);
    double square = ratio->yy - 2 * value * ratio->xy + value * value * ratio->xx;
    double variance = fmax(square, 0) / (ratio->count - 1);
    return spw__student_t(ratio->count - 1) * sqrt(variance / ratio->count) / ratio->mean_x;
}

/* Buckets per doubling: each is 0.77 % wide, and a quantile lies in the right one. */
#define PER_DOUBLING 90.0
#define SMALLEST_S 1e-6

void spw__histogram_add(struct spw__histogram *histogram, double seconds)
{
    histogram->count++;
    if (seconds > histogram->max_s) {
        histogram->max_s = seconds;
    }
    if (seconds < SMALLEST_S) {
        histogram->zero++;
        return;
    }
    double at = log2(seconds / SMALLEST_S) * PER_DOUBLING;
    size_t bucket = at >= SPW__BUCKETS - 1 ? SPW__BUCKETS - 1 : (size_t)at;
    histogram->bucket[bucket]++;
}

void spw__histogram_merge(struct spw__histogram *into, const struct spw__histogram *from)
{
    into->zero += from->zero;
    into->count += from->count;
    into->max_s = from->max_s > into->max_s ? from->max_s : into->max_s;
    for (size_t i = 0; i < SPW__BUCKETS; i++) {
        into->bucket[i] += from->bucket[i];
    }
}

double spw__histogram_place(const struct spw__histogram *histogram, double share)
{
    double wanted = share * (double)histogram->count;
    double seen = (double)histogram->zero;
    if (histogram->count == 0 || seen >= wanted) {
        return -1;
    }
    for (size_t i = 0; i < SPW__BUCKETS; i++) {
        double inside = (double)histogram->bucket[i];
        if (seen + inside >= wanted) {
            /* As if the samples were spread evenly over the bucket. */
            return (double)i + (wanted - seen) / inside;
        }
        seen += inside;
    }
    return SPW__BUCKETS;
}

double spw__histogram_quantile(const struct spw__histogram *histogram, double share)
{
    double place = spw__histogram_place(histogram, share);
    return place < 0 ? 0 : fmin(SMALLEST_S * exp2(place / PER_DOUBLING), histogram->max_s);
}
