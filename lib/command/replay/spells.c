/*
 * command/replay/spells.c - what the fit days show of counsellors: the spells in which they are
 * away.
 *
 * A roster derived from answered calls shows neither wrap-up nor short breaks. Both can be seen
 * while somebody waits whom the counsellor could serve: then every second that passes after its
 * talk without an answer is a second away. Such seconds are observed from the moment that somebody
 * waits (late entry), until the counsellor answers (an event) or nobody waits any more (cut short).
 * A spell is cut into pieces where the number waiting passes from one class to the next.
 * Invariant: a spell ends after it begins and lies inside one duty; its pieces follow one another.
 * Who calls: away.c. Cost: calls times distinct sets of types, and sorting them.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/replay/replay.h"

#define SLACK_S 2.0 /* the clocks of queue and telephone differ by so much */
#define LEAST_S 0.5 /* an answer in the second in which the last talk ended */

struct talk {
    uint32_t agent;
    double answer_s, end_s;
    bool waited;
};

struct span {
    double from_s, to_s;
};

/* When somebody waits whom a set of types can serve: apart, rising. */
struct waiting {
    uint32_t types;
    size_t count;
    struct span *span;
};

/* From this moment on so many wait. */
struct step {
    double at_s;
    long waiting;
};

struct looking {
    struct spw__replay *replay;
    size_t from, to;
    struct talk *talk; /* by agent and answer */
    size_t talk_count;
    struct waiting *waiting; /* one per distinct set of types */
    size_t waiting_count;
    struct step *step; /* of the number waiting, by time */
    size_t step_count;
    struct spw__away *away;
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
    if (l->talk == NULL) {
        return false;
    }
    for (size_t i = l->from; i < l->to; i++) {
        if (call[i].answered && call[i].agent != 0 && !isnan(call[i].service_s)) {
            double answer_s = call[i].arrive_s + call[i].wait_s;
            l->talk[l->talk_count++] = (struct talk){
                call[i].agent, answer_s, answer_s + call[i].service_s, call[i].wait_s > 0};
        }
    }
    qsort(l->talk, l->talk_count, sizeof *l->talk, by_agent);
    return true;
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
    struct span *fitting = realloc(made->span, (made->count + 1) * sizeof *fitting);
    made->span = fitting != NULL ? fitting : made->span;
    return made;
}

static int by_time(const void *a, const void *b)
{
    const struct step *x = a, *y = b;
    return (x->at_s > y->at_s) - (x->at_s < y->at_s);
}

/* How many wait, from each change to the next. */
static bool gather_steps(struct looking *l)
{
    const struct spw__call *call = l->replay->trace.call;
    long waiting = 0;
    l->step = malloc((2 * (l->to - l->from) + 1) * sizeof *l->step);
    if (l->step == NULL) {
        return false;
    }
    for (size_t i = l->from; i < l->to; i++) {
        if (call[i].wait_s > 0) {
            l->step[l->step_count++] = (struct step){call[i].arrive_s, 1};
            l->step[l->step_count++] = (struct step){call[i].arrive_s + call[i].wait_s, -1};
        }
    }
    qsort(l->step, l->step_count, sizeof *l->step, by_time);
    for (size_t i = 0; i < l->step_count; i++) {
        waiting += l->step[i].waiting;
        l->step[i].waiting = waiting;
    }
    return true;
}

static bool add_piece(struct spw__away *away, struct spw__piece piece)
{
    if (away->piece_count == away->piece_room) {
        size_t room = away->piece_room == 0 ? 4096 : away->piece_room * 2;
        struct spw__piece *grown = realloc(away->piece, room * sizeof *grown);
        if (grown == NULL) {
            return false;
        }
        away->piece = grown;
        away->piece_room = room;
    }
    away->piece[away->piece_count++] = piece;
    return true;
}

/* A spell from begin_s to end_s after a talk that ended at done_s. */
static void note(struct looking *l, double done_s, double begin_s, double end_s, bool answered)
{
    bool first = true;
    size_t low = 0, high = l->step_count;
    end_s = fmax(end_s, begin_s + LEAST_S);
    while (low < high) { /* the first step after the beginning */
        size_t middle = low + (high - low) / 2;
        if (l->step[middle].at_s <= done_s + begin_s) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    while (begin_s < end_s) {
        double next_s = low < l->step_count ? l->step[low].at_s - done_s : end_s;
        double to_s = fmin(next_s, end_s);
        long waiting = low > 0 ? l->step[low - 1].waiting : 1;
        if (to_s > begin_s) {
            struct spw__piece piece = {begin_s, to_s, spw__away_class(waiting), first,
                                       answered && to_s >= end_s};
            l->out_of_memory = l->out_of_memory || !add_piece(l->away, piece);
            first = false;
        }
        begin_s = fmax(to_s, begin_s);
        low++;
    }
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
            note(l, done->end_s, 0, 0, true);
        }
        return;
    }
    for (size_t i = span_after(waiting, done->end_s);
         i < waiting->count && waiting->span[i].from_s < stop_s; i++) {
        double from_s = fmax(waiting->span[i].from_s, done->end_s);
        double to_s = fmin(waiting->span[i].to_s, stop_s);
        bool answered = next->waited && on_duty && to_s >= next->answer_s - SLACK_S / 2;
        note(l, done->end_s, from_s - done->end_s, to_s - done->end_s, answered);
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

int spw__away_look(struct spw__replay *replay, struct spw__away *away)
{
    struct looking l = {.replay = replay, .away = away};
    const struct spw__trace *trace = &replay->trace;
    spw__trace_days(trace, replay->fit_days.first, replay->fit_days.last, &l.from, &l.to);
    l.waiting = calloc(trace->duty_count + 1, sizeof *l.waiting);
    l.out_of_memory = l.waiting == NULL || !gather_talks(&l) || !gather_steps(&l);
    for (size_t i = 0; i < trace->duty_count && !l.out_of_memory; i++) {
        look_at_duty(&l, &trace->duty[i]);
    }
    for (size_t i = 0; l.waiting != NULL && i < l.waiting_count; i++) {
        free(l.waiting[i].span);
    }
    free(l.waiting);
    free(l.talk);
    free(l.step);
    return l.out_of_memory ? -1 : 0;
}
