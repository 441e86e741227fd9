/*
 * sim/arrival.h - when people come: a base rate, a day shape, surges on top; or a recorded list.
 *
 * Times and spans are seconds since the start of the scenario; rates are per second.
 */
#ifndef SPW__SIM_ARRIVAL_H
#define SPW__SIM_ARRIVAL_H

#include <stddef.h>

#include "sim/random.h"

#define SPW__SURGES_MAX 16
#define SPW__PIECES_MAX 512

enum spw_surge_kind {
    SPW_SURGE_STEP = 0, /* from at_s on: times factor */
    SPW_SURGE_RAMP,     /* from at_s to until_s rising to factor, which then stays */
    SPW_SURGE_PULSE,    /* at at_s factor, falling back to 1 with half_life_s */
    SPW_SURGE_WINDOW    /* between at_s and until_s: times factor */
};

struct spw_surge {
    enum spw_surge_kind kind;
    double at_s;
    double until_s;
    double factor;
    double half_life_s;
};

struct spw_piece {
    double from_s;
    double rate; /* until the next piece */
};

struct spw_arrivals {
    double rate;             /* base, if there are no pieces */
    const double *day_shape; /* 24 weights of mean 1, or null */
    double day_start_s;      /* time of day at which the scenario starts */
    size_t piece_count;
    struct spw_piece piece[SPW__PIECES_MAX];
    size_t surge_count;
    struct spw_surge surge[SPW__SURGES_MAX];
    double end_s;          /* nobody comes after this */
    const double *trace_s; /* recorded times, rising; rates play no part then */
    size_t trace_count;
    size_t burst;          /* so many come at once at time 0 */
};

/* Built-in day shapes by name: "flat", "child", "night"; null if there is none of that name. */
const double *spw__day_shape(const char *name);

double spw__arrival_rate(const struct spw_arrivals *arrivals, double t_s);

/* The next arrival after t_s; INFINITY when nobody comes any more. Not for traces. */
double spw__arrival_next(const struct spw_arrivals *arrivals, double t_s, struct spw__stream *stream);

/* Expected number in an interval. */
double spw__arrival_mean(const struct spw_arrivals *arrivals, double from_s, double to_s);

#endif
