/*
 * sim/stats.h - figures from samples: mean and spread, quantiles, half widths over runs.
 */
#ifndef SPW__SIM_STATS_H
#define SPW__SIM_STATS_H

#include <stddef.h>
#include <stdint.h>

/* Mean and variance as they come (Welford). */
struct spw__moments {
    double count;
    double mean;
    double square; /* sum of squared deviations */
};

void spw__moments_add(struct spw__moments *moments, double value);
double spw__moments_variance(const struct spw__moments *moments);

/* Half width of the 95 % interval of the mean of independent values (Student's t). */
double spw__moments_half_width(const struct spw__moments *moments);

/*
 * A share or a mean of everybody in all runs: the sum of y over the sum of x, where each run adds
 * one pair. A run with few people counts as little as it has people; one with none does not
 * change the value.
 */
struct spw__ratio {
    double count;
    double filled; /* pairs with x above 0 */
    double mean_y, mean_x;
    double yy, xy, xx; /* sums of products of deviations */
};

void spw__ratio_add(struct spw__ratio *ratio, double y, double x);
/* NAN when nobody has come. */
double spw__ratio_value(const struct spw__ratio *ratio);
/* Half width of its 95 % interval, from the residuals y - ratio x; INFINITY while fewer than two
 * runs have anybody. */
double spw__ratio_half_width(const struct spw__ratio *ratio);

/* Quantile 0.975 of Student's t. */
double spw__student_t(double degrees);

/*
 * Durations in buckets of equal ratio, from a microsecond to a year: a quantile is off by less than
 * one bucket, 0.78 % of it.
 * Histograms of runs are added up.
 */
#define SPW__BUCKETS 4096

struct spw__histogram {
    uint64_t zero;
    uint64_t count;
    double max_s;
    uint64_t bucket[SPW__BUCKETS];
};

void spw__histogram_add(struct spw__histogram *histogram, double seconds);
void spw__histogram_merge(struct spw__histogram *into, const struct spw__histogram *from);

/* Where the share of the samples ends: a bucket and a part of it; -1: among the zeros. */
double spw__histogram_place(const struct spw__histogram *histogram, double share);

/* The value below which a share of the samples lies; 0 when there are none. */
double spw__histogram_quantile(const struct spw__histogram *histogram, double share);

#endif
