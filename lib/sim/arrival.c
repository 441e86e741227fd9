/*
 * sim/arrival.c - Poisson arrivals whose rate moves, by thinning.
 *
 * Between two points where the rate jumps it is bounded by its values at both ends and at the
 * start of the pulses; candidates come at that bound and are kept with the right probability (Lewis
 * and Shedler 1979). Under a surge, stretches of at most five minutes keep the bound close to the
 * rate; without one the bound is the rate, and every candidate is an arrival.
 * Who calls: sim/people.c. Cost: a candidate an arrival, about; what a stretch needs is found once.
 */
#include "sim/arrival.h"

#include <math.h>
#include <string.h>

#define STEP_S 300.0
#define DAY_S 86400.0

const double *spw_day_shape(const char *name)
{
    /* Weights by hour, scaled to mean 1. Guesses after what lines have published of their hours:
     * child rises from the end of school to the evening; night peaks from 22 to 04. */
    static const double flat[24] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    static const double child[24] = {0.911, 0.709, 0.506, 0.405, 0.304, 0.304, 0.304, 0.405,
                                     0.608, 0.608, 0.709, 0.810, 0.911, 1.013, 1.114, 1.418,
                                     1.722, 1.823, 1.722, 1.722, 1.722, 1.620, 1.418, 1.215};
    static const double night[24] = {1.728, 1.728, 1.728, 1.632, 1.344, 0.864, 0.576, 0.480,
                                     0.480, 0.480, 0.576, 0.576, 0.672, 0.672, 0.768, 0.768,
                                     0.768, 0.864, 0.864, 0.960, 1.056, 1.248, 1.632, 1.536};
    if (strcmp(name, "flat") == 0) {
        return flat;
    }
    if (strcmp(name, "child") == 0) {
        return child;
    }
    return strcmp(name, "night") == 0 ? night : NULL;
}

static double surge_factor(const struct spw_surge *surge, double t_s)
{
    if (t_s < surge->at_s) {
        return 1;
    }
    switch (surge->kind) {
    case SPW_SURGE_STEP:
        return surge->factor;
    case SPW_SURGE_RAMP:
        if (t_s >= surge->until_s) {
            return surge->factor;
        }
        return 1 + (surge->factor - 1) * (t_s - surge->at_s) / (surge->until_s - surge->at_s);
    case SPW_SURGE_PULSE:
        return 1 + (surge->factor - 1) * exp2(-(t_s - surge->at_s) / surge->half_life_s);
    default:
        return t_s < surge->until_s ? surge->factor : 1;
    }
}

static double base_rate(const struct spw_arrivals *arrivals, double t_s)
{
    double rate = arrivals->rate;
    for (size_t i = 0; i < arrivals->piece_count && arrivals->piece[i].from_s <= t_s; i++) {
        rate = arrivals->piece[i].rate;
    }
    if (arrivals->day_shape != NULL) {
        double hour = fmod(arrivals->day_start_s + t_s, DAY_S) / 3600;
        rate *= arrivals->day_shape[(size_t)hour % 24];
    }
    return rate;
}

static double surges_factor(const struct spw_arrivals *arrivals, double t_s)
{
    double factor = 1;
    for (size_t i = 0; i < arrivals->surge_count; i++) {
        factor *= surge_factor(&arrivals->surge[i], t_s);
    }
    return factor;
}

double spw__arrival_rate(const struct spw_arrivals *arrivals, double t_s)
{
    if (t_s < 0 || t_s >= arrivals->end_s) {
        return 0;
    }
    return base_rate(arrivals, t_s) * surges_factor(arrivals, t_s);
}

static void nearest(double *end, double point, double t_s)
{
    if (point > t_s && point < *end) {
        *end = point;
    }
}

/* The end of the smooth stretch that starts at t_s: no jump lies inside. */
static double stretch_end(const struct spw_arrivals *arrivals, double t_s)
{
    double end = arrivals->surge_count > 0 ? t_s + STEP_S : INFINITY;
    nearest(&end, arrivals->end_s, t_s);
    for (size_t i = 0; i < arrivals->piece_count; i++) {
        nearest(&end, arrivals->piece[i].from_s, t_s);
    }
    for (size_t i = 0; i < arrivals->surge_count; i++) {
        nearest(&end, arrivals->surge[i].at_s, t_s);
        nearest(&end, arrivals->surge[i].until_s, t_s);
    }
    if (arrivals->day_shape != NULL) {
        double of_day = arrivals->day_start_s + t_s;
        nearest(&end, t_s + 3600 - fmod(of_day, 3600), t_s);
    }
    return end;
}

/* Every factor is monotone inside a stretch, so its larger end bounds it. */
static void stretch_open(const struct spw_arrivals *arrivals, struct spw__flow *flow, double t_s)
{
    flow->end_s = stretch_end(arrivals, t_s);
    flow->bound = flow->base = base_rate(arrivals, t_s);
    double last = nextafter(flow->end_s, t_s);
    for (size_t i = 0; i < arrivals->surge_count; i++) {
        flow->bound *=
            fmax(surge_factor(&arrivals->surge[i], t_s), surge_factor(&arrivals->surge[i], last));
    }
}

double spw__arrival_next(const struct spw_arrivals *arrivals, struct spw__flow *flow, double t_s)
{
    while (t_s < arrivals->end_s) {
        if (t_s >= flow->end_s) {
            stretch_open(arrivals, flow, t_s);
        }
        double next = flow->bound > 0 ? t_s + spw__stream_exponential(&flow->draws, 1 / flow->bound)
                                      : INFINITY;
        if (next >= flow->end_s) { /* exponential times have no memory: start anew there */
            t_s = flow->end_s;
            continue;
        }
        t_s = next;
        if (arrivals->surge_count == 0 || spw__stream_uniform(&flow->draws) * flow->bound <=
                                              flow->base * surges_factor(arrivals, t_s)) {
            return t_s;
        }
    }
    return INFINITY;
}

/* Mean of the product of the surges over a smooth stretch: Simpson's rule, in steps of at most half
 * the shortest half-life. The base rate is constant there. */
static double surges_mean(const struct spw_arrivals *arrivals, double from_s, double to_s)
{
    double shortest = INFINITY;
    for (size_t i = 0; i < arrivals->surge_count; i++) {
        if (arrivals->surge[i].kind == SPW_SURGE_PULSE) {
            shortest = fmin(shortest, arrivals->surge[i].half_life_s);
        }
    }
    if (arrivals->surge_count == 0) {
        return 1;
    }
    double last = nextafter(to_s, from_s); /* what jumps at the end is not of this stretch */
    size_t pairs = (size_t)fmin(1000, ceil((to_s - from_s) / shortest) + 1);
    double step = (last - from_s) / (double)(2 * pairs);
    double sum = surges_factor(arrivals, from_s) + surges_factor(arrivals, last);
    for (size_t i = 1; i < 2 * pairs; i++) {
        sum += (i % 2 ? 4 : 2) * surges_factor(arrivals, from_s + (double)i * step);
    }
    return sum / (double)(6 * pairs);
}

double spw__arrival_mean(const struct spw_arrivals *arrivals, double from_s, double to_s)
{
    double sum = 0;
    if (arrivals->trace_count > 0) {
        for (size_t i = 0; i < arrivals->trace_count; i++) {
            sum += arrivals->trace_s[i] >= from_s && arrivals->trace_s[i] < to_s;
        }
        return sum;
    }
    from_s = fmax(from_s, 0);
    to_s = fmin(to_s, arrivals->end_s);
    while (from_s < to_s) {
        double end = fmin(stretch_end(arrivals, from_s), to_s);
        sum += base_rate(arrivals, from_s) * surges_mean(arrivals, from_s, end) * (end - from_s);
        from_s = end;
    }
    return sum;
}
