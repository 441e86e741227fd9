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

/* The next arrival after t_s; INFINITY when nobody comes any more. Not for traces. */
double spw__arrival_next(const struct spw_arrivals *arrivals, double t_s,
                         struct spw__stream *stream);

/* Expected number in an interval. */
double spw__arrival_mean(const struct spw_arrivals *arrivals, double from_s, double to_s);

#endif
