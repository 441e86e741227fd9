/*
 * command/replay/fit.c - what the fit days say about people: patience, talks, redials.
 *
 * Patience is estimated by Kaplan and Meier: a call that was given up is an event, one that was
 * answered is cut short by the answer; one that was answered at once says nothing. It is kept by
 * type and kind of customer where EVENTS_LEAST gave up, else pooled over the types, else over all.
 * The length of talks is kept by type where there are TALKS_LEAST, as recorded.
 * Who calls: replay.c. Cost: sorting the calls of the fit days, once per table.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "command/replay/replay.h"

enum { EVENTS_LEAST = 50, TALKS_LEAST = 100, ANY = -1 };

/* Durations gathered for one table. */
struct sample {
    double *duration_s;
    unsigned char *ended;
    size_t count;
};

struct fitting {
    struct spw__replay *replay;
    const struct spw__call *call;
    size_t from, to; /* calls of the fit days */
    struct sample sample;
};

static void add(struct sample *sample, double duration_s, bool ended)
{
    sample->duration_s[sample->count] = duration_s;
    sample->ended[sample->count++] = ended;
}

/* The product-limit estimate; false, and nobody gives up, where there is no event. */
static bool estimate(const struct sample *sample, struct spw__fitted *fitted)
{
    *fitted = (struct spw__fitted){.observed = sample->count};
    for (size_t i = 0; i < sample->count; i++) {
        fitted->events += sample->ended[i] != 0;
    }
    fitted->dist.kind = SPW_DIST_NEVER;
    if (spw_kaplan_meier(sample->duration_s, sample->ended, sample->count, fitted->table,
                         SPW__TABLE) != 0) {
        return false;
    }
    fitted->dist = (struct spw_dist){
        .kind = SPW_DIST_EMPIRICAL, .quantile_s = fitted->table, .quantile_count = SPW__TABLE};
    return true;
}

/* The estimate of another in place of its own. */
static void pool(struct spw__fitted *fitted, const struct spw__fitted *from)
{
    *fitted = *from;
    fitted->pooled = true;
    fitted->dist.quantile_s = from->dist.quantile_s != NULL ? fitted->table : NULL;
}

/* --- patience --------------------------------------------------------------------------------- */

static void gather_patience(struct fitting *f, int type, int customer)
{
    f->sample.count = 0;
    for (size_t i = f->from; i < f->to; i++) {
        const struct spw__call *call = &f->call[i];
        if (call->wait_s > 0 && (type == ANY || call->type == type) &&
            (customer == ANY || f->replay->callers.customer[i] == customer)) {
            add(&f->sample, call->wait_s, !call->answered);
        }
    }
}

static void fit_patience(struct fitting *f, struct spw__fitted *scratch)
{
    struct spw__fit *fit = &f->replay->fit;
    struct spw__fitted *all = &scratch[SPW__CUSTOMERS];
    gather_patience(f, ANY, ANY);
    (void)estimate(&f->sample, all);
    for (int c = 0; c < SPW__CUSTOMERS; c++) {
        gather_patience(f, ANY, c);
        if (!estimate(&f->sample, &scratch[c]) || scratch[c].events < EVENTS_LEAST) {
            pool(&scratch[c], all);
        }
        for (uint32_t t = 0; t < f->replay->trace.type_count; t++) {
            struct spw__fitted *own = &fit->patience[t][c];
            gather_patience(f, (int)t, c);
            if (!estimate(&f->sample, own) || own->events < EVENTS_LEAST) {
                pool(own, &scratch[c]);
            }
        }
    }
}

/* Given up per second of waiting, over everybody: what an exponential patience would have. */
static void fit_rate(struct fitting *f)
{
    double given_up = 0, waited_s = 0;
    for (size_t i = f->from; i < f->to; i++) {
        given_up += !f->call[i].answered;
        waited_s += f->call[i].wait_s;
    }
    f->replay->fit.giving_up_rate = waited_s > 0 ? given_up / waited_s : 0;
}

/* --- talks ------------------------------------------------------------------------------------ */

static double mean_of(const struct sample *sample)
{
    double sum = 0;
    for (size_t i = 0; i < sample->count; i++) {
        sum += sample->duration_s[i];
    }
    return sample->count > 0 ? sum / (double)sample->count : 0;
}

static void gather_talks(struct fitting *f, int type)
{
    f->sample.count = 0;
    for (size_t i = f->from; i < f->to; i++) {
        const struct spw__call *call = &f->call[i];
        if (call->answered && !isnan(call->service_s) && (type == ANY || call->type == type)) {
            add(&f->sample, call->service_s, true);
        }
    }
}

static bool fit_talks(struct fitting *f, struct spw__fitted *all)
{
    struct spw__fit *fit = &f->replay->fit;
    gather_talks(f, ANY);
    fit->talk_mean_s = mean_of(&f->sample);
    if (!estimate(&f->sample, all) || !(fit->talk_mean_s > 0)) {
        return false;
    }
    for (uint32_t t = 0; t < f->replay->trace.type_count; t++) {
        gather_talks(f, (int)t);
        if (!estimate(&f->sample, &fit->talk[t]) || f->sample.count < TALKS_LEAST) {
            pool(&fit->talk[t], all);
        }
    }
    return true;
}

/* --- customers and redials -------------------------------------------------------------------- */

/* Of those of a type whose kind is known, the share of priority customers. */
static void fit_customers(struct fitting *f)
{
    double known[SPW__TYPES_MAX + 1] = {0}, preferred[SPW__TYPES_MAX + 1] = {0};
    for (size_t i = f->from; i < f->to; i++) {
        uint8_t customer = f->replay->callers.customer[i];
        for (int k = 0; k < 2 && customer != SPW__NOT_KNOWN; k++) {
            uint32_t t = k == 0 ? f->call[i].type : SPW__TYPES_MAX;
            known[t] += 1;
            preferred[t] += customer == SPW__PREFERRED;
        }
    }
    for (uint32_t t = 0; t < f->replay->trace.type_count; t++) {
        uint32_t from = known[t] > 0 ? t : SPW__TYPES_MAX;
        f->replay->fit.preferred_share[t] = known[from] > 0 ? preferred[from] / known[from] : 0;
    }
}

/* Whether and when an identified person calls again. Types that never identify never redial. */
static void fit_redials(struct fitting *f)
{
    const struct spw__callers *callers = &f->replay->callers;
    double given_up[SPW__TYPES_MAX] = {0}, again[SPW__TYPES_MAX] = {0};
    f->sample.count = 0;
    for (size_t i = f->from; i < f->to; i++) {
        const struct spw__call *call = &f->call[i];
        size_t next = callers->again[i];
        if (call->answered) {
            continue;
        }
        given_up[call->type] += 1;
        if (next != SPW__NO_CALL && next < f->to) {
            again[call->type] += 1;
            add(&f->sample, f->call[next].arrive_s - call->arrive_s - call->wait_s, true);
        }
    }
    bool any = estimate(&f->sample, &f->replay->fit.redial_after);
    for (uint32_t t = 0; t < f->replay->trace.type_count; t++) {
        f->replay->fit.redial_share[t] = any && given_up[t] > 0 ? again[t] / given_up[t] : 0;
    }
}

/* --- all of it -------------------------------------------------------------------------------- */

int spw__replay_fit(struct spw__replay *replay, char *error, size_t n)
{
    struct fitting f = {.replay = replay, .call = replay->trace.call};
    spw__trace_days(&replay->trace, replay->fit_days.first, replay->fit_days.last, &f.from, &f.to);
    size_t room = f.to - f.from + 1;
    struct spw__fitted *scratch = calloc(SPW__CUSTOMERS + 1, sizeof *scratch);
    f.sample.duration_s = malloc(room * sizeof *f.sample.duration_s);
    f.sample.ended = malloc(room);
    bool good = scratch != NULL && f.sample.duration_s != NULL && f.sample.ended != NULL;
    (void)snprintf(error, n, "memory is out");
    if (good) {
        fit_patience(&f, scratch);
        fit_rate(&f);
        fit_customers(&f);
        fit_redials(&f);
        good = fit_talks(&f, scratch);
        if (!good) {
            (void)snprintf(error, n,
                           "--fit-days %d-%d: no call was answered in them; expected days with "
                           "answered calls to fit from",
                           replay->fit_days.first, replay->fit_days.last);
        }
    }
    free(scratch);
    free(f.sample.duration_s);
    free(f.sample.ended);
    return good ? 0 : -1;
}
