/*
 * command/replay/people.c - which recorded calls are one person's, and which callers are priority
 * customers.
 *
 * An identified caller who gave up and calls again within the hour is the same person: that call
 * is a redial, not somebody new. Callers who are not identified are each a person of their own.
 * The customer's priority was written down only for those who waited or were identified; of others
 * it is not known.
 * Invariants: after[again[i]] == i; a redial comes after the end of the call before; chains do not
 * branch. Who calls: replay.c. Cost: sorting the calls by caller.
 */
#include <stdlib.h>

#include "command/replay/replay.h"

struct by_caller {
    uint32_t caller;
    size_t call;
};

static int compare(const void *a, const void *b)
{
    const struct by_caller *x = a, *y = b;
    if (x->caller != y->caller) {
        return x->caller < y->caller ? -1 : 1;
    }
    return (x->call > y->call) - (x->call < y->call);
}

static uint8_t customer_of(const struct spw__call *call)
{
    if (call->priority == 2) {
        return SPW__PREFERRED;
    }
    bool recorded = call->priority > 0 || call->caller != 0 || call->wait_s > 0;
    return recorded ? SPW__ORDINARY : SPW__NOT_KNOWN;
}

static void link_redials(struct spw__replay *replay, const struct by_caller *list, size_t count)
{
    const struct spw__call *call = replay->trace.call;
    for (size_t i = 1; i < count; i++) {
        size_t before = list[i - 1].call, next = list[i].call;
        double left_s = call[before].arrive_s + call[before].wait_s;
        double after_s = call[next].arrive_s - left_s;
        if (list[i].caller == list[i - 1].caller && !call[before].answered && after_s >= 0 &&
            after_s <= SPW__REDIAL_WITHIN_S) {
            replay->callers.after[next] = before;
            replay->callers.again[before] = next;
        }
    }
}

int spw__replay_link(struct spw__replay *replay)
{
    const struct spw__trace *trace = &replay->trace;
    struct spw__callers *callers = &replay->callers;
    size_t n = trace->call_count, identified = 0;
    struct by_caller *list = malloc((n + 1) * sizeof *list);
    callers->after = spw__replay_keep(replay, n, sizeof *callers->after);
    callers->again = spw__replay_keep(replay, n, sizeof *callers->again);
    callers->customer = spw__replay_keep(replay, n, sizeof *callers->customer);
    if (list == NULL || callers->after == NULL || callers->again == NULL ||
        callers->customer == NULL) {
        free(list);
        return -1;
    }
    for (size_t i = 0; i < n; i++) {
        callers->after[i] = callers->again[i] = SPW__NO_CALL;
        callers->customer[i] = customer_of(&trace->call[i]);
        if (trace->call[i].caller != 0) {
            list[identified++] = (struct by_caller){trace->call[i].caller, i};
        }
    }
    qsort(list, identified, sizeof *list, compare);
    link_redials(replay, list, identified);
    free(list);
    return 0;
}

bool spw__replay_newcomer(const struct spw__replay *replay, size_t call)
{
    size_t before = replay->callers.after[call];
    return before == SPW__NO_CALL || before < replay->first;
}

void spw__replay_weight(const struct spw__replay *replay, size_t call,
                        double weight[SPW__CUSTOMERS])
{
    uint8_t customer = replay->callers.customer[call];
    double share = replay->fit.preferred_share[replay->trace.call[call].type];
    if (customer != SPW__NOT_KNOWN) {
        share = customer == SPW__PREFERRED ? 1 : 0;
    }
    weight[SPW__PREFERRED] = share;
    weight[SPW__ORDINARY] = 1 - share;
}
