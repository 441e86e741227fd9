/*
 * sim/empirical.c - the distribution of durations of which some were cut short: the product-limit
 * estimate of Kaplan and Meier (1958), written down as quantiles.
 *
 * Beyond the last event the estimate says nothing; there the hazard of the last quarter of events
 * goes on, as an exponential tail.
 * Who calls: hosts that fit patience to a record. Cost: sorting.
 */
#include <math.h>
#include <stdlib.h>

#include <spillway/sim.h>

struct item {
    double duration_s;
    int ended;
};

static int compare(const void *a, const void *b)
{
    const struct item *x = a;
    const struct item *y = b;
    if (x->duration_s != y->duration_s) {
        return x->duration_s < y->duration_s ? -1 : 1;
    }
    return y->ended - x->ended; /* events before what is censored at the same time */
}

/* The hazard per second over the last quarter of events. */
static double tail_hazard(const struct item *item, size_t n, size_t events)
{
    size_t skip = events - (events + 3) / 4;
    size_t seen = 0;
    double from = 0;
    double exposure = 0;
    double count = 0;
    for (size_t i = 0; i < n; i++) {
        if (seen < skip) {
            seen += item[i].ended != 0;
            from = item[i].duration_s;
        } else {
            exposure += item[i].duration_s - from;
            count += item[i].ended != 0;
        }
    }
    return exposure > 0 && count > 0 ? count / exposure : 0;
}

/* Walks the survival curve and writes the quantiles that it passes. */
static void walk(const struct item *item, size_t n, double hazard, double *quantile_s, size_t count)
{
    double survival = 1;
    double last = 0;
    size_t next = 0;
    for (size_t i = 0; i < n; i++) {
        if (!item[i].ended) {
            continue;
        }
        survival *= 1 - 1 / (double)(n - i);
        last = item[i].duration_s;
        while (next < count && 1 - ((double)next + 0.5) / (double)count >= survival) {
            quantile_s[next++] = last;
        }
    }
    for (; next < count; next++) {
        double wanted = 1 - ((double)next + 0.5) / (double)count;
        quantile_s[next] = hazard > 0 ? last + log(survival / wanted) / hazard : INFINITY;
    }
}

int spw_kaplan_meier(const double *durations_s, const unsigned char *ended, size_t n,
                     double *quantile_s, size_t count)
{
    size_t events = 0;
    struct item *item = malloc((n + 1) * sizeof *item);
    if (item == NULL) {
        return -1;
    }
    for (size_t i = 0; i < n; i++) {
        item[i].duration_s = durations_s[i];
        item[i].ended = ended[i] != 0;
        events += ended[i] != 0;
    }
    if (events > 0) {
        qsort(item, n, sizeof *item, compare);
        walk(item, n, tail_hazard(item, n, events), quantile_s, count);
    }
    free(item);
    return events > 0 ? 0 : -1;
}
