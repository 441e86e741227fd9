/*
 * command/scenario/arrivals.c - when people come, as a scenario writes it.
 *
 *   {rate: 12 /min}
 *   {piecewise: [{from: 0 h, rate: 83 per 1 h}, {from: 2 h, rate: 110 per 1 h}]}
 *   {day: child, mean: 5 per 1 h, starts: 12 h}     a day shape by name, or 24 weights
 *   {times: [0 s, 20 s, 1 min]}                     exactly then
 *   {recorded: calls.csv}                           the same, from a file beside the scenario
 *   {burst: 100}                                    so many at once, at the start
 *   surges: [{step: {from: 1 h, factor: 3}}, {ramp: {from: 1 h, to: 2 h, factor: 5}},
 *            {pulse: {at: 1 h, factor: 10, half_life: 20 min}},
 *            {window: {from: 1 h, to: 2 h, factor: 4}}]
 *   until: 3 h                                      nobody comes after
 *
 * Times count from the start of the run, its warm-up included. Who calls: people.c.
 */
#include <math.h>
#include <string.h>

#include "command/scenario/scenario.h"

static void take_pieces(struct spw__reader *reader, const struct spw__yaml *list,
                        struct spw_arrivals *arrivals)
{
    static const char *const known[] = {"from", "rate", NULL};
    if (!spw__expect_list(reader, list, "a list such as [{from: 0 h, rate: 83 per 1 h}, ...]")) {
        return;
    }
    for (const struct spw__yaml *item = list->first; item && !reader->failed; item = item->next) {
        if (arrivals->piece_count == SPW_PIECES_MAX) {
            spw__fail(reader, item, "more than %d pieces", SPW_PIECES_MAX);
            return;
        }
        struct spw_piece *piece = &arrivals->piece[arrivals->piece_count++];
        if (!spw__expect_map(reader, item, "a piece such as {from: 0 h, rate: 83 per 1 h}") ||
            !spw__expect_keys(reader, item, known)) {
            return;
        }
        if (!spw__yaml_get(item, "from") || !spw__yaml_get(item, "rate")) {
            spw__fail(reader, item,
                      "a piece needs both; expected such as {from: 0 h, rate: 83 per 1 h}");
        }
        piece->from_s = spw__read_seconds(reader, item, "from", 0);
        (void)spw__read_rate(reader, item, "rate", &piece->rate);
        if (arrivals->piece_count > 1 && piece->from_s <= piece[-1].from_s) {
            spw__fail(reader, item, "begins no later than the piece before; expected rising times");
        }
    }
}

/* 24 weights of any mean; they are scaled to mean 1. */
static const double *take_weights(struct spw__scenario_file *file, const struct spw__yaml *list)
{
    double *weights = spw__scenario_keep(file, 24, sizeof *weights);
    double sum = 0;
    size_t n = 0;
    for (const struct spw__yaml *item = list->first; item; item = item->next, n++) {
        double value = 0;
        if (spw__take_number(&file->reader, item, &value) && value < 0) {
            spw__fail(&file->reader, item, "a weight below 0");
        }
        weights[n < 24 ? n : 23] = value;
        sum += value;
    }
    if (n != 24 || !(sum > 0)) {
        spw__fail(&file->reader, list, "%zu weights; expected 24, one an hour, not all 0", n);
        return NULL;
    }
    for (size_t i = 0; i < 24; i++) {
        weights[i] *= 24 / sum;
    }
    return weights;
}

static void take_day(struct spw__scenario_file *file, const struct spw__yaml *map,
                     struct spw_arrivals *arrivals)
{
    const struct spw__yaml *day = spw__yaml_get(map, "day");
    struct spw__reader *reader = &file->reader;
    if (day->kind == SPW__YAML_LIST) {
        arrivals->day_shape = take_weights(file, day);
    } else if (spw__expect_text(reader, day, "flat, child, night, or 24 weights")) {
        arrivals->day_shape = spw_day_shape(day->text);
        if (arrivals->day_shape == NULL) {
            spw__fail(reader, day,
                      "no day shape `%.40s`; expected flat, child, night, or 24 weights",
                      day->text);
        }
    }
    if (!spw__read_rate(reader, map, "mean", &arrivals->rate)) {
        spw__fail(reader, map, "a `day` without its `mean`; expected a rate such as `5 per 1 h`");
    }
    arrivals->day_start_s = spw__read_seconds(reader, map, "starts", 0);
    if (arrivals->day_start_s > 86400) {
        spw__fail(reader, spw__yaml_get(map, "starts"), "expected a time of day, 0 to 24 h");
    }
}

/* All of them are required. */
static const char *const surge_keys[][4] = {
    [SPW_SURGE_STEP] = {"from", "factor", NULL},
    [SPW_SURGE_RAMP] = {"from", "to", "factor", NULL},
    [SPW_SURGE_PULSE] = {"at", "factor", "half_life", NULL},
    [SPW_SURGE_WINDOW] = {"from", "to", "factor", NULL},
};

static const char *const surge_examples[] = {
    [SPW_SURGE_STEP] = "{from: 1 h, factor: 3}",
    [SPW_SURGE_RAMP] = "{from: 1 h, to: 2 h, factor: 5}",
    [SPW_SURGE_PULSE] = "{at: 1 h, factor: 10, half_life: 20 min}",
    [SPW_SURGE_WINDOW] = "{from: 1 h, to: 2 h, factor: 4}",
};

static void take_surge(struct spw__reader *reader, const struct spw__yaml *item,
                       struct spw_surge *surge)
{
    static const char *const kind_keys[] = {"step", "ramp", "pulse", "window", NULL};
    if (!spw__expect_map(reader, item,
                         "a surge such as {window: {from: 1 h, to: 2 h, factor: 4}}") ||
        !spw__expect_keys(reader, item, kind_keys)) {
        return;
    }
    if (item->count != 1) {
        spw__fail(reader, item, "expected exactly one of step, ramp, pulse, window");
        return;
    }
    const struct spw__yaml *map = item->first;
    uint32_t kind = 0;
    while (strcmp(kind_keys[kind], map->key) != 0) {
        kind++;
    }
    if (!spw__expect_map(reader, map, "a map such as {from: 1 h, to: 2 h, factor: 4}") ||
        !spw__expect_keys(reader, map, surge_keys[kind])) {
        return;
    }
    for (const char *const *key = surge_keys[kind]; *key; key++) {
        if (!spw__yaml_get(map, *key)) {
            spw__fail(reader, map, "a %s without `%s`; expected a map such as %s", kind_keys[kind],
                      *key, surge_examples[kind]);
            return;
        }
    }
    surge->kind = (enum spw_surge_kind)kind;
    surge->at_s = spw__read_seconds(reader, map, kind == SPW_SURGE_PULSE ? "at" : "from", 0);
    surge->until_s = spw__read_seconds(reader, map, "to", 0);
    surge->half_life_s = spw__read_seconds(reader, map, "half_life", 0);
    (void)spw__read_number(reader, map, "factor", &surge->factor);
    bool ends = kind == SPW_SURGE_RAMP || kind == SPW_SURGE_WINDOW;
    if (surge->factor < 0 || (ends && surge->until_s <= surge->at_s) ||
        (kind == SPW_SURGE_PULSE && surge->half_life_s <= 0)) {
        spw__fail(reader, map, "expected a factor of at least 0 and an end after the begin");
    }
}

static void take_surges(struct spw__reader *reader, const struct spw__yaml *list,
                        struct spw_arrivals *arrivals)
{
    if (!spw__expect_list(reader, list, "a list of surges")) {
        return;
    }
    for (const struct spw__yaml *item = list->first; item && !reader->failed; item = item->next) {
        if (arrivals->surge_count == SPW_SURGES_MAX) {
            spw__fail(reader, item, "more than %d surges", SPW_SURGES_MAX);
            return;
        }
        take_surge(reader, item, &arrivals->surge[arrivals->surge_count++]);
    }
}

static void take_times(struct spw__scenario_file *file, const struct spw__yaml *list,
                       struct spw_arrivals *arrivals)
{
    struct spw__reader *reader = &file->reader;
    if (!spw__expect_list(reader, list, "a list of times, rising")) {
        return;
    }
    double *times = spw__scenario_keep(file, list->count ? list->count : 1, sizeof *times);
    size_t n = 0;
    for (const struct spw__yaml *item = list->first; item; item = item->next, n++) {
        spw_ns at = 0;
        (void)spw__take_duration(reader, item, &at);
        times[n] = (double)at / 1e9;
        if (n > 0 && times[n] < times[n - 1]) {
            spw__fail(reader, item, "earlier than the one before; expected rising times");
        }
    }
    arrivals->trace_s = times;
    arrivals->trace_count = n;
}

static void take_record(struct spw__scenario_file *file, const struct spw__yaml *node,
                        struct spw_arrivals *arrivals)
{
    struct spw__record record;
    if (!spw__take_record(file, node, &record)) {
        return;
    }
    for (size_t i = 1; i < record.count; i++) {
        if (record.value_s[i] < record.value_s[i - 1]) {
            spw__fail(&file->reader, node, "value %zu is earlier than the one before", i + 1);
            return;
        }
    }
    arrivals->trace_s = record.value_s;
    arrivals->trace_count = record.count;
}

void spw__read_arrivals(struct spw__scenario_file *file, const struct spw__yaml *node,
                        struct spw_arrivals *arrivals)
{
    static const char *const known[] = {"rate",   "piecewise", "day",   "mean",
                                        "starts", "times",     "burst", "surges",
                                        "until",  "recorded",  NULL};
    struct spw__reader *reader = &file->reader;
    const struct spw__yaml *child = NULL;
    int64_t burst = 0;
    int ways = 0;
    if (!spw__expect_map(reader, node, "a map such as {rate: 12 /min}") ||
        !spw__expect_keys(reader, node, known)) {
        return;
    }
    ways += spw__read_rate(reader, node, "rate", &arrivals->rate);
    if ((child = spw__yaml_get(node, "piecewise")) != NULL) {
        take_pieces(reader, child, arrivals);
        ways++;
    }
    if (spw__yaml_get(node, "day") != NULL) {
        take_day(file, node, arrivals);
        ways++;
    } else if ((child = spw__yaml_get(node, "mean")) != NULL) {
        spw__fail_key(reader, child, "`mean` belongs to a `day`; expected `rate`");
    }
    if ((child = spw__yaml_get(node, "times")) != NULL) {
        take_times(file, child, arrivals);
        ways++;
    }
    if ((child = spw__yaml_get(node, "recorded")) != NULL) {
        take_record(file, child, arrivals);
        ways++;
    }
    if ((child = spw__yaml_get(node, "surges")) != NULL) {
        take_surges(reader, child, arrivals);
    }
    bool bursts = spw__read_whole(reader, node, "burst", 0, 100000000, &burst);
    arrivals->burst = (size_t)burst;
    arrivals->end_s = spw__read_seconds(reader, node, "until", 0);
    if ((child = spw__yaml_get(node, "until")) != NULL && !(arrivals->end_s > 0)) {
        spw__fail(reader, child, "nobody comes before 0 s; expected a time above it");
    }
    if (ways > 1 || (ways == 0 && !bursts)) {
        spw__fail(reader, node,
                  "expected one of rate, piecewise, day, times, recorded (or a burst alone)");
    }
}
