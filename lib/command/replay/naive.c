/*
 * command/replay/naive.c - the forecast that has to be beaten: Erlang A, half hour by half hour.
 *
 * Each half hour is a queue of its own in its steady state: first come first served, everybody can
 * serve everybody, talks and patience exponential. It is given what the simulation is given: the
 * recorded arrivals, who was on duty, and from the fit days the mean talk, the mean time away after
 * one, the rate of giving up, whether and when people redial. Redials raise the rate of their half
 * hour. What a person meets is sampled: the state of the queue, then the departures ahead of it.
 * Invariant: a state's cumulative weight rises to 1. Who calls: replay.c.
 * Cost: people times draws, at most PEOPLE_MOST of them.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "command/replay/replay.h"
#include "sim/dist.h"
#include "sim/erlang.h"
#include "sim/random.h"

enum { DRAWS = 50, PEOPLE_MOST = 2000000, ATTEMPTS_MOST = 100, NAIVE_PURPOSE = 200 };

/* The steady state of n counsellors: cumulative over the number inside. */
struct steady {
    unsigned n;
    size_t count;
    double *cumulative;
};

struct half_hour {
    double rate;             /* attempts per second */
    double staff;            /* mean number on duty */
    struct steady low, high; /* whole numbers around it */
};

struct forecast {
    struct spw__replay *replay;
    struct half_hour *hour;
    size_t count;
    double mu, theta;
    uint32_t draw;
};

/* --- what each half hour is given ------------------------------------------------------------- */

static void fill_staff(struct forecast *f)
{
    const struct spw__replay *replay = f->replay;
    for (size_t d = 0; d < replay->trace.duty_count; d++) {
        const struct spw__duty *duty = &replay->trace.duty[d];
        double on = duty->on_s - replay->begin_s, off = duty->off_s - replay->begin_s;
        size_t i = on > 0 ? (size_t)(on / SPW__INTERVAL_S) : 0;
        for (; i < f->count && (double)i * SPW__INTERVAL_S < off; i++) {
            double left = (double)i * SPW__INTERVAL_S;
            double length = fmin(off, left + SPW__INTERVAL_S) - fmax(on, left);
            f->hour[i].staff += length > 0 ? length / SPW__INTERVAL_S : 0;
        }
    }
}

static double given_up(const struct forecast *f, double rate, double staff)
{
    double low = floor(staff), share = staff - low;
    if (!(rate > 0) || !(f->theta > 0)) {
        return 0;
    }
    double at_low = spw__erlang_a(rate, f->mu, f->theta, (unsigned)low).abandon;
    return share > 0 ? (1 - share) * at_low +
                           share * spw__erlang_a(rate, f->mu, f->theta, (unsigned)low + 1).abandon
                     : at_low;
}

/* New people, and of those who give up there the ones who redial. */
static void fill_rates(struct forecast *f)
{
    const struct spw__replay *replay = f->replay;
    double *redials = calloc(f->count + 1, sizeof *redials);
    for (size_t i = replay->first; i < replay->end; i++) {
        const struct spw__call *call = &replay->trace.call[i];
        if (call->arrive_s >= replay->begin_s && spw__replay_newcomer(replay, i)) {
            size_t at = (size_t)((call->arrive_s - replay->begin_s) / SPW__INTERVAL_S);
            at = at < f->count ? at : f->count - 1;
            f->hour[at].rate += 1 / SPW__INTERVAL_S;
            if (redials != NULL) {
                redials[at] += replay->fit.redial_share[call->type] / SPW__INTERVAL_S;
            }
        }
    }
    for (size_t i = 0; i < f->count && redials != NULL; i++) {
        double newcomers = f->hour[i].rate;
        double share = newcomers > 0 ? redials[i] / newcomers : 0;
        for (int round = 0; round < 20 && newcomers > 0; round++) {
            double again = share * given_up(f, f->hour[i].rate, f->hour[i].staff);
            f->hour[i].rate = newcomers / (1 - fmin(again, 0.95));
        }
    }
    free(redials);
}

/* --- the steady state ------------------------------------------------------------------------- */

/* Rate out of a state with k inside. */
static double leaving(const struct forecast *f, double k, double n)
{
    return fmin(k, n) * f->mu + fmax(k - n, 0) * f->theta;
}

/* Weights outwards from the likeliest state, so that nothing overflows. */
static bool fill_steady(const struct forecast *f, struct steady *steady, double rate, unsigned n)
{
    double servers = n, top = rate <= servers * f->mu
                                  ? rate / f->mu
                                  : servers + (rate - servers * f->mu) / f->theta;
    size_t start = (size_t)top, last = start;
    double sum = 0, weight = 1;
    while (weight > 1e-12) {
        last++;
        weight *= rate / leaving(f, (double)last, servers);
    }
    steady->n = n;
    steady->count = last + 1;
    steady->cumulative = calloc(steady->count, sizeof *steady->cumulative);
    if (steady->cumulative == NULL) {
        return false;
    }
    steady->cumulative[start] = 1;
    for (size_t k = start + 1; k <= last; k++) {
        steady->cumulative[k] = steady->cumulative[k - 1] * rate / leaving(f, (double)k, servers);
    }
    for (size_t k = start; k > 0; k--) {
        steady->cumulative[k - 1] = steady->cumulative[k] * leaving(f, (double)k, servers) / rate;
    }
    sum = 0;
    for (size_t k = 0; k < steady->count; k++) {
        sum += steady->cumulative[k];
        steady->cumulative[k] = sum;
    }
    for (size_t k = 0; k < steady->count; k++) {
        steady->cumulative[k] /= sum;
    }
    return true;
}

static bool fill_states(struct forecast *f)
{
    for (size_t i = 0; i < f->count; i++) {
        struct half_hour *hour = &f->hour[i];
        unsigned low = (unsigned)hour->staff;
        if (hour->rate > 0 && f->theta > 0 &&
            (!fill_steady(f, &hour->low, hour->rate, low) ||
             !fill_steady(f, &hour->high, hour->rate, low + 1))) {
            return false;
        }
    }
    return true;
}

/* How long a caller who arrives now would have to wait: until all ahead have left, and one more. */
static double offered_wait(const struct forecast *f, const struct half_hour *hour,
                           struct spw__stream *draws)
{
    double share = hour->staff - floor(hour->staff);
    const struct steady *steady = spw__stream_uniform(draws) < share ? &hour->high : &hour->low;
    double at = spw__stream_uniform(draws), wait = 0;
    size_t low = 0, high = steady->count - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (steady->cumulative[middle] < at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low < steady->n) {
        return 0;
    }
    if (steady->n == 0) {
        return INFINITY;
    }
    for (size_t ahead = 0; ahead <= low - steady->n; ahead++) {
        wait += spw__stream_exponential(draws, 1 / (steady->n * f->mu + (double)ahead * f->theta));
    }
    return wait;
}

/* --- people ----------------------------------------------------------------------------------- */

static void person(struct forecast *f, size_t call, double share)
{
    struct spw__replay *replay = f->replay;
    const struct spw__call *first = &replay->trace.call[call];
    double weight[SPW__CUSTOMERS], at_s = first->arrive_s, wait_s = 0;
    struct spw__stream draws = spw__stream_make(replay->seed, f->draw, NAIVE_PURPOSE, call);
    bool reached = false;
    spw__replay_weight(replay, call, weight);
    weight[SPW__PREFERRED] *= share;
    weight[SPW__ORDINARY] *= share;
    for (int attempt = 0; attempt < ATTEMPTS_MOST; attempt++) {
        size_t i = (size_t)((at_s - replay->begin_s) / SPW__INTERVAL_S);
        const struct half_hour *hour = &f->hour[i < f->count ? i : f->count - 1];
        double offered = hour->low.count > 0 ? offered_wait(f, hour, &draws) : 0;
        double patience = f->theta > 0 ? spw__stream_exponential(&draws, 1 / f->theta) : INFINITY;
        reached = offered <= patience;
        wait_s = reached ? offered : patience;
        spw__account_call(&replay->naive, weight, first->type, at_s, wait_s, reached);
        if (reached || spw__stream_uniform(&draws) >= replay->fit.redial_share[first->type]) {
            break;
        }
        at_s += wait_s + spw__dist_sample(&replay->fit.redial_after.dist, &draws);
    }
    spw__account_person(&replay->naive, weight, first->type, reached,
                        at_s + wait_s - first->arrive_s);
}

static void sample(struct forecast *f)
{
    const struct spw__replay *replay = f->replay;
    size_t people = replay->end - replay->first + 1;
    uint32_t draws = people * DRAWS > PEOPLE_MOST ? (uint32_t)(PEOPLE_MOST / people + 1) : DRAWS;
    for (f->draw = 0; f->draw < draws; f->draw++) {
        for (size_t i = replay->first; i < replay->end; i++) {
            if (replay->trace.call[i].arrive_s >= replay->begin_s &&
                spw__replay_newcomer(replay, i)) {
                person(f, i, 1.0 / draws);
            }
        }
    }
}

static bool begin(struct forecast *f, struct spw__replay *replay, double away_s)
{
    *f = (struct forecast){.replay = replay,
                           .mu = 1 / (replay->fit.talk_mean_s + away_s),
                           .theta = replay->fit.giving_up_rate};
    f->count = (size_t)ceil((replay->to_s - replay->begin_s) / SPW__INTERVAL_S);
    f->hour = calloc(f->count + 1, sizeof *f->hour);
    if (f->hour != NULL) {
        fill_staff(f);
        fill_rates(f);
    }
    return f->hour != NULL;
}

double spw__naive_wait_s(struct spw__replay *replay, double away_s)
{
    struct forecast f;
    double calls = 0, waited_s = 0;
    if (!begin(&f, replay, away_s)) {
        return NAN;
    }
    for (size_t i = 0; i < f.count && f.theta > 0; i++) {
        /* Giving up happens at the rate theta of those who wait. */
        calls += f.hour[i].rate;
        waited_s += f.hour[i].rate * given_up(&f, f.hour[i].rate, f.hour[i].staff) / f.theta;
    }
    free(f.hour);
    return calls > 0 ? waited_s / calls : 0;
}

int spw__naive_forecast(struct spw__replay *replay)
{
    struct forecast f;
    bool good = begin(&f, replay, replay->fit.naive_away_s) &&
                spw__account_make(&replay->naive, replay->begin_s, replay->to_s) == 0 &&
                fill_states(&f);
    if (good) {
        sample(&f);
        good = !replay->naive.out_of_memory;
    }
    for (size_t i = 0; i < f.count && f.hour != NULL; i++) {
        free(f.hour[i].low.cumulative);
        free(f.hour[i].high.cumulative);
    }
    free(f.hour);
    return good ? 0 : -1;
}
