/*
 * command/replay/compare.c - recorded beside simulated beside the naive forecast.
 *
 * Declared before anything is run, and the same for every trace:
 *   the judged figures, and the band that each is to fall into (`figures`);
 *   the error: over the judged figures the mean of |forecast - recorded| / scale, where the scale
 *   is the recorded figure, for waits at least WAIT_SCALE_S; the simulation is to have a smaller
 *   one than the naive forecast.
 * Looked at besides, and not judged: the profile, half hour by half hour the number waiting, as the
 * sum of |forecast - recorded| over the sum of the recorded.
 * Who calls: replay.c. Cost: calls, and sorting them by wait.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/replay/replay.h"

#define WAIT_SCALE_S 20.0
#define BAND_WAIT_S 10.0

#define COUNT SPW__UNIT_COUNT
#define SHARE SPW__UNIT_SHARE
#define SECONDS SPW__UNIT_SECONDS

enum { DAYS_MOST = 31 };

/* `band` is in shares of the recorded figure; 0: shown, not judged. */
static const struct {
    enum spw_measure measure;
    enum spw__unit unit;
    double band;
    const char *text;
} figures[] = {
    {SPW_MEASURE_PEOPLE, COUNT, 0, "people"},
    {SPW_MEASURE_ATTEMPTS, COUNT, 0, "calls, redials included"},
    {SPW_MEASURE_ANSWERED, COUNT, 0.03, "people answered"},
    {SPW_MEASURE_ABANDONED, COUNT, 0.20, "people who gave up"},
    {SPW_MEASURE_ATTEMPT_ABANDONED, SHARE, 0, "share of calls given up"},
    {SPW_MEASURE_AT_ONCE, SHARE, 0, "share answered at once"},
    {SPW_MEASURE_WITHIN_TARGET, SHARE, 0, "share answered within 60 s"},
    {SPW_MEASURE_WAIT_ANSWERED, SECONDS, 0.25, "mean wait, answered (s)"},
    {SPW_MEASURE_WAIT_ABANDONED, SECONDS, 0, "mean wait, given up (s)"},
    {SPW_MEASURE_WAIT_ALL, SECONDS, 0, "mean wait, all calls (s)"},
    {SPW_MEASURE_WAIT_ALL_P50, SECONDS, 0.25, "median wait, calls (s)"},
    {SPW_MEASURE_WAIT_ALL_P90, SECONDS, 0.25, "90 % of calls within (s)"},
    {SPW_MEASURE_WAIT_P95, SECONDS, 0.25, "95 % reached within (s)"},
    {SPW_MEASURE_WAIT_P99, SECONDS, 0.25, "99 % reached within (s)"},
};
enum { FIGURES = sizeof figures / sizeof figures[0] };

int spw__replay_record(struct spw__replay *replay)
{
    struct spw__account *account = &replay->recorded;
    const struct spw__call *call = replay->trace.call;
    if (spw__account_make(account, replay->begin_s, replay->to_s) != 0) {
        return -1;
    }
    for (size_t i = replay->first; i < replay->end; i++) {
        double weight[SPW__CUSTOMERS];
        size_t last = i;
        if (call[i].arrive_s < replay->begin_s || !spw__replay_newcomer(replay, i)) {
            continue;
        }
        spw__replay_weight(replay, i, weight);
        for (size_t j = i; j != SPW__NO_CALL; j = replay->callers.again[j]) {
            spw__account_call(account, weight, call[i].type, call[j].arrive_s, call[j].wait_s,
                              call[j].answered);
            last = j;
        }
        spw__account_person(account, weight, call[i].type, call[last].answered,
                            call[last].arrive_s + call[last].wait_s - call[i].arrive_s);
    }
    return account->out_of_memory ? -1 : 0;
}

static const struct spw_group *group_of(const struct spw_result *result, int about)
{
    return about == SPW__ABOUT_ALL ? result->all
                                   : spw_result_group(result, SPW_GROUP_PRIORITY, (uint32_t)about);
}

static double error_of(const struct spw__recorded_row *row, double forecast)
{
    double least = row->unit == SECONDS ? WAIT_SCALE_S : 1;
    return fabs(forecast - row->recorded) / fmax(row->recorded, least);
}

static void judge(struct spw__comparison *sum, const struct spw__recorded_row *row)
{
    sum->judged++;
    sum->inside += fabs(row->simulated - row->recorded) <= row->band;
    sum->error_simulated += error_of(row, row->simulated);
    sum->error_naive += error_of(row, row->naive);
}

/* --- half hour by half hour ------------------------------------------------------------------- */

/* Intervals of the series before the first that is compared. */
static size_t lead_in(const struct spw__replay *replay)
{
    return (size_t)((replay->begin_s - replay->from_s) / SPW__INTERVAL_S);
}

const double *spw__replay_waiting(struct spw__replay *replay, const struct spw_result *result)
{
    double *waiting = spw__replay_keep(replay, result->bucket_count + 1, sizeof *waiting);
    for (size_t at = 0; waiting != NULL && at < result->bucket_count; at++) {
        size_t interval = at - lead_in(replay); /* wraps before the first */
        waiting[at] = interval < replay->recorded.interval_count
                          ? replay->recorded.waiting_s[interval] / SPW__INTERVAL_S
                          : (double)NAN;
    }
    return waiting;
}

/* Seconds waited in an interval of the open days, as simulated. */
static double simulated_s(const struct spw__replay *replay, const struct spw_result *result,
                          size_t interval)
{
    size_t at = interval + lead_in(replay);
    return at < result->bucket_count ? result->buckets[at].waiting * SPW__INTERVAL_S : 0;
}

/* Keeps the intervals that are furthest off, worst first. */
static void note_worst(struct spw__comparison *sum, const double *distance, size_t interval)
{
    size_t at = sum->worst_count;
    for (; at > 0 && distance[sum->worst[at - 1]] < distance[interval]; at--) {
        if (at < SPW__WORST) {
            sum->worst[at] = sum->worst[at - 1];
        }
    }
    if (at < SPW__WORST && distance[interval] > 0) {
        sum->worst[at] = interval;
        sum->worst_count += sum->worst_count < SPW__WORST;
    }
}

static int profiles(const struct spw__replay *replay, const struct spw_result *result,
                    struct spw__comparison *sum)
{
    size_t n = replay->recorded.interval_count;
    double *distance = calloc(n + 1, sizeof *distance);
    double all = 0, simulated = 0, naive = 0;
    if (distance == NULL) {
        return -1;
    }
    for (size_t i = 0; i < n; i++) {
        double recorded = replay->recorded.waiting_s[i];
        distance[i] = fabs(simulated_s(replay, result, i) - recorded);
        all += recorded;
        simulated += distance[i];
        naive += fabs(replay->naive.waiting_s[i] - recorded);
        note_worst(sum, distance, i);
    }
    sum->profile_simulated = all > 0 ? simulated / all : NAN;
    sum->profile_naive = all > 0 ? naive / all : NAN;
    for (size_t k = 0; k < sum->worst_count; k++) {
        size_t i = sum->worst[k];
        sum->worst_simulated[k] = simulated_s(replay, result, i) / SPW__INTERVAL_S;
        all -= replay->recorded.waiting_s[i];
        simulated -= distance[i];
        naive -= fabs(replay->naive.waiting_s[i] - replay->recorded.waiting_s[i]);
    }
    sum->rest_simulated = all > 0 ? simulated / all : NAN;
    sum->rest_naive = all > 0 ? naive / all : NAN;
    free(distance);
    return 0;
}

/* --- rows ------------------------------------------------------------------------------------- */

/* Of a type: counts and the mean wait, to be looked up. */
static bool told_of_types(size_t i)
{
    return figures[i].unit == COUNT || figures[i].measure == SPW_MEASURE_WAIT_ANSWERED;
}

static void add_figures(struct spw__replay *replay, int about, const char *name,
                        const struct spw_group *group, struct spw__comparison *sum)
{
    bool type = about >= SPW__ABOUTS;
    if (group == NULL || !(group->figure[SPW_MEASURE_PEOPLE].mean > 0)) {
        return; /* a kind that nobody is of */
    }
    for (size_t i = 0; i < FIGURES; i++) {
        enum spw_measure m = figures[i].measure;
        struct spw__recorded_row row = {.group = name,
                                        .measure = figures[i].text,
                                        .recorded =
                                            spw__account_figure(&replay->recorded, about, m),
                                        .simulated = group->figure[m].mean,
                                        .half_width = group->figure[m].half_width,
                                        .naive = spw__account_figure(&replay->naive, about, m),
                                        .unit = figures[i].unit,
                                        .detail = type};
        if (!type && figures[i].band > 0 && isfinite(row.recorded) && isfinite(row.simulated) &&
            isfinite(row.naive)) {
            row.band = fmax(figures[i].band * row.recorded, row.unit == SECONDS ? BAND_WAIT_S : 1);
            judge(sum, &row);
        }
        if (!type || told_of_types(i)) {
            replay->rows[replay->row_count++] = row;
        }
    }
}

static void add_types(struct spw__replay *replay, const struct spw_result *result,
                      struct spw__comparison *sum)
{
    for (size_t i = 0; i < replay->scenario.stream_count; i++) {
        uint32_t t = 0;
        while (strcmp(replay->trace.type[t], replay->streams[i].name) != 0) {
            t++;
        }
        add_figures(replay, SPW__ABOUTS + (int)t, replay->trace.type[t],
                    spw_result_group(result, SPW_GROUP_STREAM, (uint32_t)i), sum);
    }
}

/* The mean number waiting, day by day. */
static bool add_days(struct spw__replay *replay, const struct spw_result *result)
{
    size_t per_day = (size_t)(SPW__DAY_S / SPW__INTERVAL_S);
    for (int day = replay->days.first; day <= replay->days.last; day++) {
        size_t from = (size_t)(day - replay->days.first) * per_day;
        struct spw__recorded_row *row = &replay->rows[replay->row_count++];
        char *name = spw__replay_keep(replay, 16, 1);
        if (name == NULL) {
            return false;
        }
        (void)snprintf(name, 16, "day %d", day);
        *row = (struct spw__recorded_row){
            .group = "mean number waiting", .measure = name, .half_width = NAN};
        for (size_t i = from; i < from + per_day && i < replay->recorded.interval_count; i++) {
            row->recorded += replay->recorded.waiting_s[i] / SPW__DAY_S;
            row->simulated += simulated_s(replay, result, i) / SPW__DAY_S;
            row->naive += replay->naive.waiting_s[i] / SPW__DAY_S;
        }
    }
    return true;
}

int spw__replay_compare(struct spw__replay *replay, const struct spw_result *result,
                        struct spw__comparison *comparison)
{
    static const char *const names[] = {"all", "priority customers", "other customers"};
    bool days = replay->days.last - replay->days.first < DAYS_MOST;
    *comparison = (struct spw__comparison){0};
    replay->row_count = 0;
    replay->rows =
        spw__replay_keep(replay, (size_t)SPW__LEDGERS * FIGURES + DAYS_MOST, sizeof *replay->rows);
    if (replay->rows == NULL || profiles(replay, result, comparison) != 0) {
        return -1;
    }
    for (int g = 0; g < SPW__ABOUTS; g++) {
        add_figures(replay, g, names[g], group_of(result, g), comparison);
    }
    if (days && !add_days(replay, result)) {
        return -1;
    }
    add_types(replay, result, comparison);
    if (comparison->judged > 0) {
        comparison->error_simulated /= (double)comparison->judged;
        comparison->error_naive /= (double)comparison->judged;
    }
    return 0;
}
