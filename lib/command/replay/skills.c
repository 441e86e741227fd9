/*
 * command/replay/skills.c - what the fit days say about which types a counsellor really serves.
 *
 * A roster derived from answered calls gives a type to every counsellor who answered it now and
 * then. Whether a counsellor is there for it shows when it takes a call from the queue: by the
 * centre's rule a call of that type was next, and it was taken, or passed over for another. A
 * counsellor who passed a type over in most cases does not serve it.
 * Invariant: nobody is left without a type. Who calls: replay.c, before the staff is fitted.
 * Cost: answered calls times types, and sorting the calls by answer.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/replay/replay.h"

#define SLACK_S 3.0 /* nearer than that, which call was next is not certain */
enum { CASES_LEAST = 5, SHARE_LEAST = 3 /* in one case of so many it was taken */ };

struct answer {
    double at_s;
    size_t call;
};

/* Of one counsellor and type: how often the call that was next was taken, and passed over. */
struct cases {
    uint32_t taken, passed;
};

/* The calls of one type and kind that wait, in the order of arrival; `at` only moves on. */
struct line {
    size_t *call;
    size_t count, at;
};

struct looking {
    struct spw__replay *replay;
    struct answer *answer; /* out of the queue, by time */
    size_t answer_count;
    struct line line[SPW__TYPES_MAX][SPW__CUSTOMERS];
    uint32_t *agent; /* distinct, rising */
    size_t agent_count;
    struct cases *cases; /* [agent][type] */
};

static int by_time(const void *a, const void *b)
{
    const struct answer *x = a, *y = b;
    return x->at_s < y->at_s ? -1 : x->at_s > y->at_s;
}

static double ends_s(const struct spw__call *call)
{
    return call->arrive_s + call->wait_s;
}

static bool gather(struct looking *l, size_t from, size_t to)
{
    const struct spw__trace *trace = &l->replay->trace;
    bool good = (l->answer = malloc((to - from + 1) * sizeof *l->answer)) != NULL;
    for (uint32_t t = 0; t < trace->type_count; t++) {
        for (int c = 0; c < SPW__CUSTOMERS && good; c++) {
            l->line[t][c].call = malloc((to - from + 1) * sizeof(size_t));
            good = l->line[t][c].call != NULL;
        }
    }
    for (size_t i = from; i < to && good; i++) {
        const struct spw__call *call = &trace->call[i];
        if (call->wait_s > 0) {
            uint8_t customer = l->replay->callers.customer[i];
            struct line *line = &l->line[call->type][customer];
            line->call[line->count++] = i;
            if (call->answered && call->agent != 0) {
                l->answer[l->answer_count++] = (struct answer){ends_s(call), i};
            }
        }
    }
    if (good) {
        qsort(l->answer, l->answer_count, sizeof *l->answer, by_time);
    }
    return good;
}

/* Duties are sorted by agent. */
static bool gather_agents(struct looking *l)
{
    const struct spw__trace *trace = &l->replay->trace;
    l->agent = malloc((trace->duty_count + 1) * sizeof *l->agent);
    l->cases = calloc((trace->duty_count + 1) * SPW__TYPES_MAX, sizeof *l->cases);
    if (l->agent == NULL || l->cases == NULL) {
        return false;
    }
    for (size_t i = 0; i < trace->duty_count; i++) {
        if (l->agent_count == 0 || l->agent[l->agent_count - 1] != trace->duty[i].agent) {
            l->agent[l->agent_count++] = trace->duty[i].agent;
        }
    }
    return true;
}

static int by_number(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static struct cases *cases_of(const struct looking *l, uint32_t agent)
{
    const uint32_t *found =
        l->agent_count > 0 ? bsearch(&agent, l->agent, l->agent_count, sizeof *l->agent, by_number)
                           : NULL;
    return found != NULL ? &l->cases[(size_t)(found - l->agent) * SPW__TYPES_MAX] : NULL;
}

static double rank(const struct looking *l, size_t call)
{
    bool preferred = l->replay->callers.customer[call] == SPW__PREFERRED;
    return l->replay->trace.call[call].arrive_s - (preferred ? SPW__HEAD_START_S : 0);
}

/* The call of a type that is next at a time, or none. */
static size_t next_of(struct looking *l, uint32_t type, double at_s)
{
    const struct spw__call *call = l->replay->trace.call;
    size_t next = SPW__NO_CALL;
    for (int c = 0; c < SPW__CUSTOMERS; c++) {
        struct line *line = &l->line[type][c];
        while (line->at < line->count && ends_s(&call[line->call[line->at]]) < at_s) {
            line->at++;
        }
        if (line->at < line->count && call[line->call[line->at]].arrive_s <= at_s) {
            size_t head = line->call[line->at];
            next = next == SPW__NO_CALL || rank(l, head) < rank(l, next) ? head : next;
        }
    }
    return next;
}

static void look(struct looking *l)
{
    const struct spw__trace *trace = &l->replay->trace;
    for (size_t i = 0; i < l->answer_count; i++) {
        size_t taken = l->answer[i].call;
        struct cases *cases = cases_of(l, trace->call[taken].agent);
        for (uint32_t t = 0; t < trace->type_count && cases != NULL; t++) {
            size_t next = next_of(l, t, l->answer[i].at_s);
            if (next == taken) {
                cases[t].taken++;
            } else if (next != SPW__NO_CALL && rank(l, next) < rank(l, taken) - SLACK_S) {
                cases[t].passed++;
            }
        }
    }
}

/* Types that stay; all of them where none would. */
static uint32_t kept(const struct looking *l, const struct spw__duty *duty)
{
    const struct cases *cases = cases_of(l, duty->agent);
    uint32_t types = duty->types;
    for (uint32_t t = 0; t < l->replay->trace.type_count && cases != NULL; t++) {
        uint32_t all = cases[t].taken + cases[t].passed;
        if (all >= CASES_LEAST && cases[t].taken * SHARE_LEAST < all) {
            types &= ~((uint32_t)1 << t);
        }
    }
    return types != 0 ? types : duty->types;
}

static int by_agent(const void *a, const void *b)
{
    const struct spw__duty *x = a, *y = b;
    if (x->agent != y->agent) {
        return x->agent < y->agent ? -1 : 1;
    }
    if (x->types != y->types) {
        return x->types < y->types ? -1 : 1;
    }
    return (x->on_s > y->on_s) - (x->on_s < y->on_s);
}

int spw__replay_fit_skills(struct spw__replay *replay, char *error, size_t n)
{
    struct looking l = {.replay = replay};
    struct spw__trace *trace = &replay->trace;
    size_t from, to;
    spw__trace_days(trace, replay->fit_days.first, replay->fit_days.last, &from, &to);
    bool good = gather(&l, from, to) && gather_agents(&l);
    if (good) {
        look(&l);
        uint32_t agent = 0;
        for (size_t i = 0; i < trace->duty_count; i++) {
            struct spw__duty *duty = &trace->duty[i];
            uint32_t types = kept(&l, duty);
            replay->fit.struck += types != duty->types && duty->agent != agent;
            agent = types != duty->types ? duty->agent : agent;
            duty->types = types;
        }
        qsort(trace->duty, trace->duty_count, sizeof *trace->duty, by_agent);
    } else {
        (void)snprintf(error, n, "memory is out");
    }
    for (uint32_t t = 0; t < trace->type_count; t++) {
        for (int c = 0; c < SPW__CUSTOMERS; c++) {
            free(l.line[t][c].call);
        }
    }
    free(l.answer);
    free(l.agent);
    free(l.cases);
    return good ? 0 : -1;
}
