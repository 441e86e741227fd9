/*
 * sim/dist.h - distributions of times, in seconds: service, patience, redial, answering, wrap-up.
 */
#ifndef SPW__SIM_DIST_H
#define SPW__SIM_DIST_H

#include <stddef.h>

#include <spillway/sim.h>

#include "sim/random.h"

double spw__dist_sample(const struct spw_dist *dist, struct spw__stream *stream);

/* INFINITY where the mean is infinite. */
double spw__dist_mean(const struct spw_dist *dist);

/* Zero if it makes sense, else -1 with a sentence in `error`. */
int spw__dist_check(const struct spw_dist *dist, char *error, size_t size);

#endif
