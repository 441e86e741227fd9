/*
 * bench/throughput/latency.c - how long one decision takes, alone, until its events are visible.
 *
 *   free-and-match     a counsellor says that the wrap-up is done; the best of all that wait is
 *                      found
 *   arrive-and-wait    somebody arrives while everybody is busy
 *   arrive-and-match   somebody arrives and a counsellor is free: the best of the free is found
 *
 * Each call is timed alone, poll included, batch of one. People and counsellors are taken at random
 * over the whole world and in groups of thousands, so that their records are not in the cache from
 * the step before. The clock's own cost is part of every figure and printed beside them.
 */
#include "throughput.h"

#include <stdio.h>
#include <stdlib.h>

struct samples {
    struct histogram free_match;
    struct histogram arrive_wait;
    struct histogram arrive_match;
};

static void row(const struct bench *bench, const char *group, const char *what,
                const struct shape *shape, const struct histogram *h)
{
    char shape_text[96];
    char label[160];
    if (h->total == 0) {
        return;
    }
    shape_label(shape, shape_text, sizeof shape_text);
    snprintf(label, sizeof label, "%s, %s", what, shape_text);
    double values[] = {histogram_mean(h), histogram_quantile(h, 0.5), histogram_quantile(h, 0.99),
                       histogram_quantile(h, 0.999), (double)h->max};
    report_row(bench->report, group, label, values);
}

static void apply_all(struct world *w, bool (*next)(struct world *, struct spw_input *),
                      uint32_t count)
{
    struct spw_input batch[BATCH];
    size_t n;
    do {
        for (n = 0; n < BATCH && count > 0 && next(w, &batch[n]); n++) {
            count--;
        }
        crowd_apply(w, batch, n, NULL);
    } while (n > 0 && count > 0);
}

static bool offered(const struct spw_event *events, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (events[i].kind == SPW_EVENT_OFFER) {
            return true;
        }
    }
    return false;
}

/* A group ends its talks; then each says, timed alone, that its wrap-up is done. */
static void sample_free(struct world *w, uint32_t group, struct samples *s)
{
    struct spw_event events[SPW_EVENTS_PER_INPUT];
    struct spw_input input;
    size_t n;
    apply_all(w, crowd_end, group);
    while (crowd_wrap_up(w, &input)) {
        int64_t spent = crowd_time_one(w, &input, events, &n);
        if (offered(events, n)) {
            histogram_add(&s->free_match, spent);
        }
        crowd_note(w, events, n);
    }
    apply_all(w, crowd_accept, group);
    for (uint32_t i = 0; i < group; i++) {
        crowd_arrive(w, world_any_sort(w, SPW_CHANNEL_TEXT), false, &input);
        int64_t spent = crowd_time_one(w, &input, events, &n);
        if (!offered(events, n)) {
            histogram_add(&s->arrive_wait, spent);
        }
        crowd_note(w, events, n);
    }
    apply_all(w, crowd_accept, group);
}

/* A group arrives, each timed alone and offered to somebody at once; then all is undone. */
static void sample_arrive(struct world *w, uint32_t group, struct samples *s)
{
    struct spw_event events[SPW_EVENTS_PER_INPUT];
    struct spw_input input;
    size_t n;
    for (uint32_t i = 0; i < group; i++) {
        crowd_arrive(w, world_any_sort(w, SPW_CHANNEL_VOICE), false, &input);
        int64_t spent = crowd_time_one(w, &input, events, &n);
        if (offered(events, n)) {
            histogram_add(&s->arrive_match, spent);
        }
        crowd_note(w, events, n);
    }
    uint32_t answered = w->talking_count;
    apply_all(w, crowd_accept, group);
    answered = w->talking_count - answered;
    /* Those who were answered last are at the end of the list: the text desk goes on talking. */
    struct spw_input batch[BATCH];
    while (answered > 0) {
        for (n = 0; n < BATCH && answered > 0; n++, answered--) {
            uint32_t p = w->talking[w->talking_count - 1 - (uint32_t)n];
            batch[n] = (struct spw_input){.kind = SPW_INPUT_CONTACT_ENDED};
            batch[n].u.contact.contact = w->person[p].contact;
            batch[n].u.contact.detail = SPW_END_SERVED;
        }
        crowd_apply(w, batch, n, NULL);
    }
    apply_all(w, crowd_wrap_up, UINT32_MAX);
}

static uint32_t samples_wanted(const struct bench *bench)
{
    return bench->mode == MODE_SMOKE ? 20000 : 200000;
}

static void sample_shape(const struct bench *bench, const char *group, struct shape shape,
                         bool arrivals)
{
    struct samples *s = calloc(1, sizeof *s);
    if (s == NULL) {
        exit(1);
    }
    shape.idle = arrivals;
    struct world *w = world_make(&shape, bench->seed);
    world_fill(w);
    uint32_t size = shape.counsellors / 8 < 8192 ? shape.counsellors / 8 : 8192;
    for (uint32_t done = 0; done < samples_wanted(bench); done += size) {
        if (arrivals) {
            sample_arrive(w, size, s);
        } else {
            sample_free(w, size, s);
        }
        if (done == 0) { /* the first group warms up */
            histogram_clear(&s->free_match);
            histogram_clear(&s->arrive_wait);
            histogram_clear(&s->arrive_match);
        }
    }
    row(bench, group, "free-and-match", &shape, &s->free_match);
    row(bench, group, "arrive-and-match", &shape, &s->arrive_match);
    row(bench, group, "arrive-and-wait", &shape, &s->arrive_wait);
    char shape_text[96];
    char label[128];
    shape_label(&shape, shape_text, sizeof shape_text);
    snprintf(label, sizeof label, "%s %s: %s", group, arrivals ? "arrive" : "free", shape_text);
    report_digest(bench->report, label, spw_event_digest(w->engine));
    world_free(w);
    free(s);
}

static const char *const columns[] = {"mean ns", "p50", "p99", "p99.9", "max"};

void measure_latency(const struct bench *bench)
{
    static const uint32_t waiting[] = {10000, 1000000, 10000000};
    static const uint32_t classes[] = {1024, 4096};
    static const uint32_t eligible[] = {5, 60};
    bool smoke = bench->mode == MODE_SMOKE;
    report_group(bench->report, "latency",
                 "One decision, timed alone, until its events have been polled (nanoseconds, the "
                 "clock's own cost included). 1,000 pools, 100 k counsellors. In arrive-and-match "
                 "half of the classes hold the crowd, which waits for texts, and the arrivals are "
                 "calls for the fifteen sixteenths of the pools that are free.",
                 columns, 5);
    for (size_t k = 0; k < 2; k++) {
        for (size_t e = 0; e < 2; e++) {
            for (size_t n = 0; n < (smoke ? 2u : 3u); n++) {
                struct shape shape = {1,          classes[k],  1000,  100000,
                                      waiting[n], eligible[e], false, 0};
                if (smoke && shape.waiting > 300000) {
                    shape.waiting = 300000;
                }
                if (smoke && k + e == 1) {
                    continue; /* the corners only */
                }
                sample_shape(bench, "latency", shape, false);
                sample_shape(bench, "latency", shape, true);
            }
        }
    }
}

void measure_network(const struct bench *bench)
{
    bool smoke = bench->mode == MODE_SMOKE;
    report_group(bench->report, "network",
                 "The same, where each counsellor is a pool of one: 200 centres of 500, and one "
                 "centre with 100 k pools. A network's classes are per centre.",
                 columns, 5);
    struct shape centres = {200, 1024, 500, 100000, smoke ? 200000u : 1000000u, 5, false, 0};
    struct shape pools = {1,
                          1024,
                          smoke ? 20000u : 100000u,
                          smoke ? 20000u : 100000u,
                          smoke ? 200000u : 1000000u,
                          5,
                          false,
                          0};
    sample_shape(bench, "network", centres, false);
    sample_shape(bench, "network", centres, true);
    sample_shape(bench, "network", pools, false);
    sample_shape(bench, "network", pools, true);
}

/* --- beside other designs --------------------------------------------------------------------- */

static void beside_engine(const struct bench *bench, struct world *w, double *values)
{
    struct samples *s = calloc(1, sizeof *s);
    if (s == NULL) {
        exit(1);
    }
    for (uint32_t done = 0; done < samples_wanted(bench) / 2; done += 8192) {
        sample_free(w, 8192, s);
    }
    double clock_cost = clock_overhead();
    values[0] = histogram_mean(&s->free_match) + histogram_mean(&s->arrive_wait) - 2 * clock_cost;
    free(s);
}

void measure_beside(const struct bench *bench)
{
    static const char *const names[] = {"Spillway ns", "heap per class ns", "naive scan ns",
                                        "heap / Spillway", "naive / Spillway"};
    bool smoke = bench->mode == MODE_SMOKE;
    report_group(bench->report, "beside",
                 "One arrival that waits and one freed counsellor that is matched, mean of both "
                 "together. The naive scan looks at everybody who waits; the heap design keeps a "
                 "binary heap per class and looks at all heads. Both do less work: they have no "
                 "handles, events, offers, deadlines, digest or checks.",
                 names, 5);
    static const uint32_t waiting[] = {10000, 1000000, 10000000};
    for (size_t n = 0; n < (smoke ? 2u : 3u); n++) {
        struct shape shape = {1, 1024, 1000, 100000, waiting[n], 5, false, 0};
        shape.waiting = smoke && n == 1 ? 300000 : shape.waiting;
        struct world *w = world_make(&shape, bench->seed);
        double values[5];
        world_fill(w);
        beside_engine(bench, w, values);
        values[1] = heap_pair(w, shape.waiting, smoke ? 50000 : 500000);
        values[2] = naive_pair(w, shape.waiting, n == 0 ? 2000 : smoke ? 100 : 300);
        values[3] = values[1] / values[0];
        values[4] = values[2] / values[0];
        char label[96];
        shape_label(&shape, label, sizeof label);
        report_row(bench->report, "beside", label, values);
        world_free(w);
    }
}
