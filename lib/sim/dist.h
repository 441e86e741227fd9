/*
 * sim/dist.h - distributions of times, in seconds: service, patience, redial, answering, wrap-up.
 */
#ifndef SPW__SIM_DIST_H
#define SPW__SIM_DIST_H

#include <stddef.h>

#include "sim/random.h"

#define SPW__PARTS_MAX 8

enum spw_dist_kind {
    SPW_DIST_CONSTANT = 0,
    SPW_DIST_EXPONENTIAL,
    SPW_DIST_UNIFORM,   /* mean, half width b */
    SPW_DIST_LOGNORMAL, /* mean, coefficient of variation b */
    SPW_DIST_WEIBULL,   /* mean, shape b */
    SPW_DIST_MIXTURE,
    SPW_DIST_EMPIRICAL, /* quantile table */
    SPW_DIST_NEVER      /* infinite: nobody gives up */
};

struct spw_dist {
    enum spw_dist_kind kind;
    double mean_s;
    double b;
    /* Mixture: parts by weight; the parts themselves are not mixtures. Also expresses an atom. */
    size_t part_count;
    double weight[SPW__PARTS_MAX];
    const struct spw_dist *part[SPW__PARTS_MAX];
    /* Empirical: values at the quantiles (i + 1/2) / count, rising; infinite = never. */
    const double *quantile_s;
    size_t quantile_count;
};

double spw__dist_sample(const struct spw_dist *dist, struct spw__stream *stream);

/* INFINITY where the mean is infinite. */
double spw__dist_mean(const struct spw_dist *dist);

/* Zero if it makes sense, else -1 with a sentence in `error`. */
int spw__dist_check(const struct spw_dist *dist, char *error, size_t size);

#endif
