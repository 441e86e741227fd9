/*
 * command/replay/account.c - what happened to people, added up in the same way whether it was
 * recorded or forecast, and by the same words as the simulator's figures.
 *
 * A person whose kind is not known counts in part as a priority customer and in part as another.
 * Invariant: the ledger of all is the sum of the two kinds.
 * Who calls: compare.c, naive.c. Cost: constant per call; sorting the waits, once.
 */
#include <math.h>
#include <stdlib.h>

#include "command/replay/replay.h"

int spw__account_make(struct spw__account *account, double from_s, double to_s)
{
    *account = (struct spw__account){.from_s = from_s};
    account->interval_count = (size_t)ceil((to_s - from_s) / SPW__INTERVAL_S);
    account->waiting_s = calloc(account->interval_count + 1, sizeof *account->waiting_s);
    return account->waiting_s != NULL ? 0 : -1;
}

void spw__account_free(struct spw__account *account)
{
    free(account->calls.wait);
    free(account->people.wait);
    free(account->waiting_s);
    *account = (struct spw__account){0};
}

static void add_wait(struct spw__account *account, struct spw__waits *waits, const double *weight,
                     double wait_s)
{
    if (waits->count == waits->room) {
        size_t room = waits->room == 0 ? 4096 : waits->room * 2;
        struct spw__wait *grown = realloc(waits->wait, room * sizeof *grown);
        if (grown == NULL) {
            account->out_of_memory = true;
            return;
        }
        waits->wait = grown;
        waits->room = room;
    }
    waits->wait[waits->count++] =
        (struct spw__wait){wait_s, {weight[SPW__PREFERRED], weight[SPW__ORDINARY]}};
}

/* How much of it the ledger of a group takes. */
static double part(const double *weight, int about)
{
    return about == SPW__ABOUT_ALL ? weight[SPW__PREFERRED] + weight[SPW__ORDINARY]
                                   : weight[about - SPW__ABOUT_PREFERRED];
}

/* Spreads a wait over the intervals that it touches. */
static void spread(struct spw__account *account, double from_s, double to_s, double weight)
{
    double begin = from_s - account->from_s, end = to_s - account->from_s;
    size_t i = begin > 0 ? (size_t)(begin / SPW__INTERVAL_S) : 0;
    for (; i < account->interval_count && (double)i * SPW__INTERVAL_S < end; i++) {
        double left = (double)i * SPW__INTERVAL_S;
        double length = fmin(end, left + SPW__INTERVAL_S) - fmax(begin, left);
        account->waiting_s[i] += length > 0 ? length * weight : 0;
    }
}

static void note_call(struct spw__ledger *ledger, double weight, double wait_s, bool answered)
{
    ledger->calls += weight;
    ledger->at_once += answered && wait_s <= 0 ? weight : 0;
    ledger->left += answered ? 0 : weight;
    *(answered ? &ledger->wait_answered_s : &ledger->wait_left_s) += weight * wait_s;
}

void spw__account_call(struct spw__account *account, const double *weight, uint32_t type,
                       double arrive_s, double wait_s, bool answered)
{
    for (int g = 0; g < SPW__ABOUTS; g++) {
        note_call(&account->ledger[g], part(weight, g), wait_s, answered);
    }
    note_call(&account->ledger[SPW__ABOUTS + type], part(weight, SPW__ABOUT_ALL), wait_s, answered);
    spread(account, arrive_s, arrive_s + wait_s, part(weight, SPW__ABOUT_ALL));
    add_wait(account, &account->calls, weight, wait_s);
}

static void note_person(struct spw__ledger *ledger, double weight, bool reached, double wait_s)
{
    ledger->people += weight;
    ledger->reached += reached ? weight : 0;
    ledger->given_up += reached ? 0 : weight;
    ledger->within_target += reached && wait_s <= SPW__TARGET_S ? weight : 0;
}

void spw__account_person(struct spw__account *account, const double *weight, uint32_t type,
                         bool reached, double wait_s)
{
    for (int g = 0; g < SPW__ABOUTS; g++) {
        note_person(&account->ledger[g], part(weight, g), reached, wait_s);
    }
    note_person(&account->ledger[SPW__ABOUTS + type], part(weight, SPW__ABOUT_ALL), reached,
                wait_s);
    if (reached) {
        add_wait(account, &account->people, weight, wait_s);
    }
}

static int by_wait(const void *a, const void *b)
{
    const struct spw__wait *x = a, *y = b;
    return (x->wait_s > y->wait_s) - (x->wait_s < y->wait_s);
}

static double quantile(struct spw__waits *waits, int about, double share)
{
    double all = 0, seen = 0;
    if (waits->count == 0 || about >= SPW__ABOUTS) {
        return NAN;
    }
    qsort(waits->wait, waits->count, sizeof *waits->wait, by_wait);
    for (size_t i = 0; i < waits->count; i++) {
        all += part(waits->wait[i].weight, about);
    }
    for (size_t i = 0; i < waits->count; i++) {
        seen += part(waits->wait[i].weight, about);
        if (seen >= share * all && seen > 0) {
            return waits->wait[i].wait_s;
        }
    }
    return NAN;
}

static double over(double a, double b)
{
    return b > 0 ? a / b : NAN;
}

double spw__account_figure(struct spw__account *account, int ledger, enum spw_measure measure)
{
    const struct spw__ledger *l = &account->ledger[ledger];
    switch (measure) {
    case SPW_MEASURE_PEOPLE:
        return l->people;
    case SPW_MEASURE_ATTEMPTS:
        return l->calls;
    case SPW_MEASURE_ANSWERED:
        return l->reached;
    case SPW_MEASURE_ABANDONED:
        return l->given_up;
    case SPW_MEASURE_ATTEMPT_ABANDONED:
        return over(l->left, l->calls);
    case SPW_MEASURE_WITHIN_TARGET:
        return over(l->within_target, l->people);
    case SPW_MEASURE_AT_ONCE:
        return over(l->at_once, l->calls);
    case SPW_MEASURE_WAIT_ANSWERED:
        return over(l->wait_answered_s, l->calls - l->left);
    case SPW_MEASURE_WAIT_ABANDONED:
        return over(l->wait_left_s, l->left);
    case SPW_MEASURE_WAIT_ALL:
        return over(l->wait_answered_s + l->wait_left_s, l->calls);
    case SPW_MEASURE_WAIT_ALL_P50:
        return quantile(&account->calls, ledger, 0.5);
    case SPW_MEASURE_WAIT_ALL_P90:
        return quantile(&account->calls, ledger, 0.9);
    case SPW_MEASURE_WAIT_P50:
        return quantile(&account->people, ledger, 0.5);
    case SPW_MEASURE_WAIT_P90:
        return quantile(&account->people, ledger, 0.9);
    case SPW_MEASURE_WAIT_P95:
        return quantile(&account->people, ledger, 0.95);
    case SPW_MEASURE_WAIT_P99:
        return quantile(&account->people, ledger, 0.99);
    default:
        return NAN;
    }
}
