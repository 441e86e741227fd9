/*
 * command/replay_staff.c - what the fit days say about counsellors: how long one is away after a
 * talk.
 *
 * A roster derived from who answered shows neither wrap-up nor short breaks. Both can be seen while
 * somebody waits whom the counsellor could serve: then every second that passes after its talk
 * without an answer is a second away. Such seconds are observed from the moment that somebody waits
 * (late entry), until the counsellor answers (an event) or nobody waits any more (cut short); the
 * product-limit estimate over them is the distribution of being away.
 * Invariant: a spell ends after it begins and lies inside one duty. Who calls: replay.c.
 * Cost: calls times distinct sets of types, and sorting the spells.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/replay.h"

#define SLACK_S 2.0 /* the clocks of queue and telephone differ by so much */
#define LEAST_S 0.5 /* an answer in the second in which the last talk ended */
#define SPELLS_LEAST 30

struct talk {
    uint32_t agent;
    double answer_s, end_s;
    bool waited;
};

/* Seconds after the talk; begin < end. */
struct spell {
    double begin_s, end_s;
    bool answered;
};

/* When somebody waits whom a set of types can serve: apart, rising. */
struct waiting {
    uint32_t types;
    size_t count;
    struct {
        double from_s, to_s;
    } * span;
};

struct looking {
    struct spw__replay *replay;
    size_t from, to;
    struct talk *talk; /* by agent and answer */
    size_t talk_count;
    struct waiting *waiting; /* one per distinct set of types */
    size_t waiting_count;
    struct spell *spell;
    size_t spell_count, spell_room;
    bool out_of_memory;
};

static int by_agent(const void *a, const void *b)
{
    const struct talk *x = a, *y = b;
    if (x->agent != y->agent) {
        return x->agent < y->agent ? -1 : 1;
    }
    return (x->answer_s > y->answer_s) - (x->answer_s < y->answer_s);
}

static bool gather_talks(struct looking *l)
{
    const struct spw__call *call = l->replay->trace.call;
    l->talk = malloc((l->to - l->from + 1) * sizeof *l->talk);
    for (size_t i = l->from; i < l->to && l->talk != NULL; i++) {
        if (call[i].answered && call[i].agent != 0 && !isnan(call[i].service_s)) {
            double answer_s = call[i].arrive_s + call[i].wait_s;
            l->talk[l->talk_count++] = (struct talk){
                call[i].agent, answer_s, answer_s + call[i].service_s, call[i].wait_s > 0};
        }
    }
    if (l->talk != NULL) {
        qsort(l->talk, l->talk_count, sizeof *l->talk, by_agent);
    }
    return l->talk != NULL;
}

/* The waits of some types, merged where they overlap; made once per set of types. */
static const struct waiting *waiting_for(struct looking *l, uint32_t types)
{
    const struct spw__call *call = l->replay->trace.call;
    for (size_t i = 0; i < l->waiting_count; i++) {
        if (l->waiting[i].types == types) {
            return &l->waiting[i];
        }
    }
    struct waiting *made = &l->waiting[l->waiting_count];
    *made = (struct waiting){.types = types};
    made->span = malloc((l->to - l->from + 1) * sizeof *made->span);
    if (made->span == NULL) {
        l->out_of_memory = true;
        return made;
    }
    l->waiting_count++;
    for (size_t i = l->from; i < l->to; i++) {
        double from_s = call[i].arrive_s, to_s = from_s + call[i].wait_s;
        if (!(call[i].wait_s > 0) || !(types >> call[i].type & 1)) {
            continue;
        }
        if (made->count > 0 && from_s <= made->span[made->count - 1].to_s) {
            made->span[made->count - 1].to_s = fmax(made->span[made->count - 1].to_s, to_s);
        } else {
            made->span[made->count].from_s = from_s;
            made->span[made->count++].to_s = to_s;
        }
    }
    return made;
}

static void note(struct looking *l, double begin_s, double end_s, bool answered)
{
    if (l->spell_count == l->spell_room) {
        size_t room = l->spell_room == 0 ? 1024 : l->spell_room * 2;
        struct spell *grown = realloc(l->spell, room * sizeof *grown);
        if (grown == NULL) {
            l->out_of_memory = true;
            return;
        }
        l->spell = grown;
        l->spell_room = room;
    }
    end_s = fmax(end_s, begin_s + LEAST_S);
    l->spell[l->spell_count++] = (struct spell){begin_s, end_s, answered};
}

/* The first span that ends after a time. */
static size_t span_after(const struct waiting *waiting, double at_s)
{
    size_t low = 0, high = waiting->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (waiting->span[middle].to_s <= at_s) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Between two talks of one duty. */
static void look_between(struct looking *l, const struct waiting *waiting, const struct talk *done,
                         const struct talk *next, double off_s)
{
    double stop_s = fmin(off_s, next->answer_s);
    bool on_duty = next->answer_s <= off_s + SLACK_S;
    if (stop_s <= done->end_s) {
        if (on_duty && next->waited && done->end_s - next->answer_s <= SLACK_S) {
            note(l, 0, 0, true);
        }
        return;
    }
    for (size_t i = span_after(waiting, done->end_s);
         i < waiting->count && waiting->span[i].from_s < stop_s; i++) {
        double from_s = fmax(waiting->span[i].from_s, done->end_s);
        double to_s = fmin(waiting->span[i].to_s, stop_s);
        bool answered = next->waited && on_duty && to_s >= next->answer_s - SLACK_S / 2;
        note(l, from_s - done->end_s, to_s - done->end_s, answered);
    }
}

static void look_at_duty(struct looking *l, const struct spw__duty *duty)
{
    const struct waiting *waiting = waiting_for(l, duty->types);
    struct talk key = {.agent = duty->agent, .answer_s = duty->on_s - SLACK_S};
    size_t low = 0, high = l->talk_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_agent(&l->talk[middle], &key) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (size_t i = low + 1; i < l->talk_count && l->talk[i].agent == duty->agent &&
                             l->talk[i - 1].end_s <= duty->off_s + SLACK_S;
         i++) {
        look_between(l, waiting, &l->talk[i - 1], &l->talk[i], duty->off_s);
    }
}

/* --- the estimate ----------------------------------------------------------------------------- */

static int by_end(const void *a, const void *b)
{
    const struct spell *x = a, *y = b;
    return (x->end_s > y->end_s) - (x->end_s < y->end_s);
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Quantiles passed when survival falls to `survival` at `at_s`. */
static size_t fill(double *table, size_t next, double at_s, double survival)
{
    while (next < SPW__TABLE && 1 - ((double)next + 0.5) / SPW__TABLE >= survival) {
        table[next++] = at_s;
    }
    return next;
}

/* Kaplan and Meier with late entry: at risk are those who have entered and not yet ended. */
static void estimate(struct looking *l, const double *begin_s, struct spw__fitted *fitted)
{
    double survival = 1;
    size_t next = 0, entered = 0;
    for (size_t i = 0; i < l->spell_count;) {
        double at_s = l->spell[i].end_s, events = 0, last = 0;
        size_t ended = i;
        for (; i < l->spell_count && l->spell[i].end_s <= at_s; i++) {
            events += l->spell[i].answered;
        }
        while (entered < l->spell_count && begin_s[entered] < at_s) {
            entered++;
        }
        last = (double)(entered - ended);
        if (events > 0 && last > 0) {
            survival *= fmax(0, 1 - events / last);
            next = fill(fitted->table, next, at_s, survival);
            fitted->events += (size_t)events;
        }
    }
    double longest = next > 0 ? fitted->table[next - 1] : 0;
    while (next < SPW__TABLE) {
        fitted->table[next++] = longest;
    }
}

static int conclude(struct looking *l)
{
    struct spw__fit *fit = &l->replay->fit;
    double *begin_s = malloc((l->spell_count + 1) * sizeof *begin_s);
    fit->away = (struct spw__fitted){.observed = l->spell_count};
    if (begin_s == NULL) {
        return -1;
    }
    for (size_t i = 0; i < l->spell_count; i++) {
        begin_s[i] = l->spell[i].begin_s;
    }
    if (l->spell_count >= SPELLS_LEAST) {
        qsort(begin_s, l->spell_count, sizeof *begin_s, by_value);
        qsort(l->spell, l->spell_count, sizeof *l->spell, by_end);
        estimate(l, begin_s, &fit->away);
    }
    for (size_t i = 0; i < SPW__TABLE; i++) {
        fit->away_mean_s += fit->away.table[i] / SPW__TABLE;
    }
    fit->away.dist = (struct spw_dist){
        .kind = SPW_DIST_EMPIRICAL, .quantile_s = fit->away.table, .quantile_count = SPW__TABLE};
    free(begin_s);
    return 0;
}

int spw__replay_fit_away(struct spw__replay *replay, char *error, size_t n)
{
    struct looking l = {.replay = replay};
    const struct spw__trace *trace = &replay->trace;
    spw__trace_days(trace, replay->fit_days.first, replay->fit_days.last, &l.from, &l.to);
    l.waiting = malloc((trace->duty_count + 1) * sizeof *l.waiting);
    l.out_of_memory = l.waiting == NULL || !gather_talks(&l);
    for (size_t i = 0; i < trace->duty_count && !l.out_of_memory; i++) {
        look_at_duty(&l, &trace->duty[i]);
    }
    if (l.out_of_memory || conclude(&l) != 0) {
        (void)snprintf(error, n, "memory is out");
        l.out_of_memory = true;
    }
    for (size_t i = 0; i < l.waiting_count; i++) {
        free(l.waiting[i].span);
    }
    free(l.waiting);
    free(l.talk);
    free(l.spell);
    return l.out_of_memory ? -1 : 0;
}
