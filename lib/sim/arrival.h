/*
 * sim/arrival.h - when people come: a base rate, a day shape, surges on top; or a recorded list.
 *
 * Times and spans are seconds since the start of the scenario; rates are per second.
 */
#ifndef SPW__SIM_ARRIVAL_H
#define SPW__SIM_ARRIVAL_H

#include <stddef.h>

#include <spillway/sim.h>

#include "sim/random.h"

double spw__arrival_rate(const struct spw_arrivals *arrivals, double t_s);

/* The draws of a stream of arrivals, and the stretch of time in which it is: there the base rate is
 * constant and no surge jumps. A new one begins before the first stretch. */
struct spw__flow {
    struct spw__stream draws;
    double end_s;
    double base;
    double bound; /* on the rate */
};

/* The next arrival after t_s; INFINITY when nobody comes any more. t_s must not fall. Not for
 * traces. */
double spw__arrival_next(const struct spw_arrivals *arrivals, struct spw__flow *flow, double t_s);

/* Expected number in an interval. */
double spw__arrival_mean(const struct spw_arrivals *arrivals, double from_s, double to_s);

#endif
