/*
 * sim/quantile.h - quantiles of everybody in all runs, and how far they can be trusted.
 */
#ifndef SPW__SIM_QUANTILE_H
#define SPW__SIM_QUANTILE_H

#include <stdbool.h>

#include <spillway/sim.h>

#include "sim/stats.h"

/* So many parts are kept beside the sum; with more runs several share a part. */
#define SPW__PARTS 64

/* A histogram without its empty buckets. */
struct spw__part {
    uint64_t count;
    uint64_t zero;
    struct spw__bar *bar; /* rising */
    size_t bars;
};

struct spw__bar {
    uint64_t count;
    uint32_t bucket;
};

struct spw__quantiles {
    struct spw__histogram whole;
    struct spw__part part[SPW__PARTS];
    uint32_t runs;
    bool spent; /* memory was out: no half-widths */
};

void spw__quantiles_add(struct spw__quantiles *quantiles, const struct spw__histogram *run);

/*
 * The quantile and its half-width, by Woodruff (1952): the 95 % interval of the share of people
 * below it, from how far each part departs from it, is carried back to waits through the whole; the
 * wider side counts. NAN when nobody has come. INFINITY while fewer than two parts have anybody,
 * and where the quantile may lie beyond all who have come: the interval ends there, or so few have
 * come that it is not unlikely (2.5 %).
 */
struct spw_figure spw__quantiles_figure(const struct spw__quantiles *quantiles, double share);

/* What it holds; zeroed it is empty again. */
void spw__quantiles_free(struct spw__quantiles *quantiles);

#endif
