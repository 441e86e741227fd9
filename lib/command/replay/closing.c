/*
 * command/replay/closing.c - who is on duty when the centre closes.
 *
 * A roster derived from answered calls ends with the last answered second: a counsellor who had no
 * call in the last minutes seems to have left, and the last one seems to leave although somebody
 * may wait. Counsellors who end within LAST_S of a closing are taken to stay for STAY_S after it:
 * nobody new comes then, so all that they can do is serve the callers still waiting. A closing is a
 * time after which nobody is on duty for CLOSED_S.
 * Invariant: a duty never reaches into the next one of the same counsellor. Who calls: replay.c,
 * for all days, since it uses the roster alone. Cost: sorting the duties.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "command/replay/replay.h"

#define LAST_S 900.0
#define STAY_S 1800.0
#define CLOSED_S 3600.0

static int by_on(const void *a, const void *b)
{
    const struct spw__duty *x = a, *y = b;
    return (x->on_s > y->on_s) - (x->on_s < y->on_s);
}

/* Closing times, rising; their number. */
static size_t closings(const struct spw__duty *sorted, size_t count, double *closing_s)
{
    size_t found = 0;
    double last_s = count > 0 ? sorted[0].off_s : 0;
    for (size_t i = 1; i <= count; i++) {
        if (i == count || sorted[i].on_s > last_s + CLOSED_S) {
            closing_s[found++] = last_s;
        }
        last_s = i < count ? fmax(last_s, sorted[i].off_s) : last_s;
    }
    return found;
}

int spw__replay_stay(struct spw__replay *replay)
{
    struct spw__trace *trace = &replay->trace;
    size_t n = trace->duty_count, closing_count, at;
    struct spw__duty *sorted = malloc((n + 1) * sizeof *sorted);
    double *closing_s = malloc((n + 1) * sizeof *closing_s);
    if (sorted == NULL || closing_s == NULL) {
        free(sorted);
        free(closing_s);
        return -1;
    }
    memcpy(sorted, trace->duty, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, by_on);
    closing_count = closings(sorted, n, closing_s);
    for (size_t i = 0; i < n; i++) {
        struct spw__duty *duty = &trace->duty[i];
        for (at = 0; at < closing_count && closing_s[at] < duty->off_s; at++) {
            /* the first closing that is not before its end */
        }
        if (at < closing_count && duty->off_s >= closing_s[at] - LAST_S) {
            double next_s = i + 1 < n && duty[1].agent == duty->agent ? duty[1].on_s : INFINITY;
            duty->off_s = fmax(duty->off_s, fmin(closing_s[at] + STAY_S, next_s));
        }
    }
    free(sorted);
    free(closing_s);
    return 0;
}
