/*
 * command/scenario/goals.c - what must hold: bounds on figures, declared in the scenario, judged
 * after the runs.
 *
 *   goals:
 *     - {measure: within_target_share, priority: 0, at_least: 80 %}
 *     - {measure: wait_p90_s, queue: voice, at_most: 5 min}
 *     - {measure: attempts, from: 3 h, to: 4 h, between: [1680, 1866]}
 *     - {measure: longest_wait_of_priority_0, at_most: 2 min}
 *
 * A goal is judged by the figure of all runs. Shares want a `%`, waits a duration. One goal broken
 * and the command ends with 1. Who calls: scenario.c to read, flood/flood.c to judge.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "command/scenario/scenario.h"
#include "command/outcome/words.h"

static const char *const measures[] = {
#define KEY(name, key, text) key,
    SPW_MEASURE_MAP(KEY)
#undef KEY
        "longest_wait_of_priority_0",
    NULL};

enum unit { UNIT_NUMBER, UNIT_SHARE, UNIT_SECONDS };

static enum unit unit_of(uint32_t measure)
{
    const char *key = measures[measure];
    size_t length = strlen(key);
    if (measure == SPW_MEASURE_COUNT || strcmp(key + length - 2, "_s") == 0) {
        return UNIT_SECONDS;
    }
    bool share = length > 6 && strcmp(key + length - 6, "_share") == 0;
    return share || measure == SPW_MEASURE_OCCUPANCY ? UNIT_SHARE : UNIT_NUMBER;
}

/* A value in the unit of its measure, as people write it. */
static const char *value_text(double value, enum unit unit, char *text, size_t n)
{
    if (!isfinite(value)) {
        (void)snprintf(text, n, "not there");
    } else if (unit == UNIT_SECONDS) {
        (void)spw__span_text(value, text, n);
    } else if (unit == UNIT_SHARE) {
        (void)snprintf(text, n, "%.4g %%", value * 100);
    } else {
        (void)snprintf(text, n, fabs(value) >= 100 && value != floor(value) ? "%.1f" : "%.6g",
                       value);
    }
    return text;
}

static double take_bound(struct spw__reader *reader, const struct spw__yaml *node, enum unit unit)
{
    double value = 0;
    spw_ns span = 0;
    switch (unit) {
    case UNIT_SHARE:
        (void)spw__take_share(reader, node, &value);
        return value;
    case UNIT_SECONDS:
        (void)spw__take_duration(reader, node, &span);
        return (double)span / 1e9;
    default:
        (void)spw__take_number(reader, node, &value);
        return value;
    }
}

static void read_bounds(struct spw__reader *reader, const struct spw__yaml *map, enum unit unit,
                        struct spw__goal *goal)
{
    const struct spw__yaml *least = spw__yaml_get(map, "at_least");
    const struct spw__yaml *most = spw__yaml_get(map, "at_most");
    const struct spw__yaml *between = spw__yaml_get(map, "between");
    if (between && (least || most)) {
        spw__fail(reader, between, "`between` beside at_least or at_most; expected one of them");
        return;
    }
    if (between) {
        if (!spw__expect_list(reader, between, "two bounds such as [100, 200]")) {
            return;
        }
        if (between->count != 2) {
            spw__fail(reader, between, "%zu bounds; expected two", between->count);
            return;
        }
        least = between->first;
        most = between->last;
    }
    if (!least && !most) {
        spw__fail(reader, map,
                  "a goal without a bound; expected at_least, at_most or between, such as "
                  "`at_least: 80 %%`");
    }
    goal->least = least ? take_bound(reader, least, unit) : -INFINITY;
    goal->most = most ? take_bound(reader, most, unit) : INFINITY;
    if (goal->least > goal->most) {
        spw__fail(reader, least,
                  "the least is above the most: no figure keeps both; expected a "
                  "smaller one first");
    }
}

static uint32_t crew_or_stream(struct spw__scenario_file *file, const struct spw__yaml *node,
                               bool crew)
{
    size_t count = crew ? file->sim.crew_count : file->sim.stream_count;
    for (size_t i = 0; i < count; i++) {
        const char *name = crew ? file->sim.crews[i].name : file->sim.streams[i].name;
        if (node->kind == SPW__YAML_SCALAR && strcmp(name, node->text) == 0) {
            return (uint32_t)i;
        }
    }
    spw__fail(&file->reader, node, "expected the name of a %s above",
              crew ? "crew" : "stream of people");
    return 0;
}

/* Of whom the figure is. */
static void read_group(struct spw__scenario_file *file, const struct spw__yaml *map,
                       struct spw__goal *goal)
{
    const struct spw__yaml *child = NULL;
    int64_t priority = 0;
    int named = 0;
    if (spw__read_whole(&file->reader, map, "priority", 0, SPW_PRIORITY_COUNT - 1, &priority)) {
        goal->kind = SPW_GROUP_PRIORITY;
        goal->number = (uint32_t)priority;
        named++;
    }
    if (spw__yaml_get(map, "queue")) {
        goal->kind = SPW_GROUP_QUEUE;
        goal->number = spw__read_named(file, map, "queue", SPW_NAMES_QUEUES);
        named++;
    }
    if (spw__yaml_get(map, "centre")) {
        goal->kind = SPW_GROUP_CENTRE;
        goal->number = spw__read_named(file, map, "centre", SPW_NAMES_CENTRES);
        named++;
    }
    if ((child = spw__yaml_get(map, "people")) != NULL) {
        goal->kind = SPW_GROUP_STREAM;
        goal->number = crew_or_stream(file, child, false);
        named++;
    }
    if ((child = spw__yaml_get(map, "crew")) != NULL) {
        goal->kind = SPW_GROUP_CREW;
        goal->number = crew_or_stream(file, child, true);
        named++;
    }
    if (named > 1) {
        spw__fail(&file->reader, map, "expected one of priority, queue, centre, people, crew");
    }
}

/* Whether the host takes anybody for that kind of the stream. */
static bool seen(const struct spw_stream *stream, size_t kind)
{
    bool any = stream->variants == NULL;
    for (size_t truth = 0; !any && truth < stream->variant_count; truth++) {
        double share = stream->confusion ? stream->confusion[truth * stream->variant_count + kind]
                                         : (double)(truth == kind);
        any = share > 0 && stream->variants[truth].share > 0;
    }
    return any;
}

/* Whether anybody who counts comes as one of that group: only then there are figures. */
static bool somebody(const struct spw_scenario *sim, enum spw_group_kind kind, uint32_t number)
{
    for (size_t i = 0; i < sim->stream_count; i++) {
        const struct spw_stream *stream = &sim->streams[i];
        for (size_t k = 0; k < (stream->variant_count ? stream->variant_count : 1); k++) {
            const struct spw_variant *kind_of = stream->variant_count ? &stream->variants[k] : NULL;
            uint8_t flags = kind_of && kind_of->flags_set ? kind_of->flags : stream->flags;
            uint32_t priority =
                kind_of && kind_of->priority >= 0 ? (uint32_t)kind_of->priority : stream->priority;
            uint32_t queue = kind_of && kind_of->queue ? kind_of->queue : stream->queue;
            uint32_t is = kind == SPW_GROUP_PRIORITY ? priority
                          : kind == SPW_GROUP_QUEUE  ? queue
                          : kind == SPW_GROUP_CENTRE ? stream->home
                          : kind == SPW_GROUP_STREAM ? (uint32_t)i
                                                     : number;
            if (is == number && !(flags & SPW_CONTACT_TEST) && seen(stream, k) &&
                spw__expected_people(sim, stream) > 0) {
                return true;
            }
        }
    }
    return false;
}

/* A goal about nobody, or a figure that a crew does not have, would be missed whatever happens. */
static void check_group(struct spw__scenario_file *file, const struct spw__yaml *map,
                        const struct spw__goal *goal)
{
    static const char *const keys[] = {[SPW_GROUP_PRIORITY] = "priority",
                                       [SPW_GROUP_QUEUE] = "queue",
                                       [SPW_GROUP_CENTRE] = "centre",
                                       [SPW_GROUP_STREAM] = "people"};
    bool longest = goal->measure < 0;
    enum spw_group_kind kind = longest ? SPW_GROUP_PRIORITY : goal->kind;
    if (longest && goal->kind != SPW_GROUP_ALL) {
        spw__fail(&file->reader, map,
                  "the longest wait of priority 0 is that of everybody; "
                  "expected no group beside it");
    } else if (!file->varied && kind == SPW_GROUP_ALL && !somebody(&file->sim, kind, 0)) {
        spw__fail(&file->reader, spw__yaml_get(map, "measure"),
                  "nobody calls at all; expected a stream of `people` with arrivals that count");
    } else if (!file->varied && kind >= SPW_GROUP_PRIORITY && kind <= SPW_GROUP_STREAM &&
               !somebody(&file->sim, kind, longest ? 0 : goal->number)) {
        const struct spw__yaml *node = spw__yaml_get(map, longest ? "measure" : keys[kind]);
        spw__fail(&file->reader, node, "nobody of %s %s calls; expected one that `people` names",
                  keys[kind], longest ? "0" : node->text);
    } else if ((kind == SPW_GROUP_CREW) != (goal->measure == SPW_MEASURE_OCCUPANCY)) {
        spw__fail(&file->reader, spw__yaml_get(map, "measure"),
                  "`occupancy` is the figure of a crew, and the only one; expected "
                  "{measure: occupancy, crew: NAME, ...}, or a measure of people");
    }
}

/* "of queue voice, median wait ...: at most 5 min": what is told beside the measured value. */
static const char *goal_text(struct spw__scenario_file *file, const struct spw__yaml *map,
                             const struct spw__goal *goal)
{
    static const char *const groups[] = {"priority", "queue", "centre", "people", "crew", NULL};
    static const char *const told[] = {
#define TOLD(name, key, text) text,
        SPW_MEASURE_MAP(TOLD)
#undef TOLD
            "longest wait of anybody of priority 0"};
    uint32_t measure = goal->measure < 0 ? SPW_MEASURE_COUNT : (uint32_t)goal->measure;
    enum unit unit = unit_of(measure);
    char group[80] = "", window[80] = "", bound[80], a[32], b[32];
    for (const char *const *key = groups; *key; key++) {
        const struct spw__yaml *child = spw__yaml_get(map, *key);
        if (child) {
            (void)snprintf(group, sizeof group, "of %s %.40s, ", *key, child->text);
        }
    }
    if (goal->windowed) {
        (void)snprintf(window, sizeof window, ", from %s to %s",
                       spw__span_text(goal->from_s, a, sizeof a),
                       spw__span_text(goal->to_s, b, sizeof b));
    }
    (void)value_text(goal->least, unit, a, sizeof a);
    (void)value_text(goal->most, unit, b, sizeof b);
    if (isinf(goal->most)) {
        (void)snprintf(bound, sizeof bound, "at least %s", a);
    } else if (isinf(goal->least)) {
        (void)snprintf(bound, sizeof bound, "at most %s", b);
    } else {
        (void)snprintf(bound, sizeof bound, "between %s and %s", a, b);
    }
    return spw__yaml_print(file->reader.tree, "%s%s%s: %s", group, told[measure], window, bound);
}

static void read_goal(struct spw__scenario_file *file, const struct spw__yaml *map,
                      struct spw__goal *goal)
{
    static const char *const known[] = {"measure",  "priority", "queue",   "centre",
                                        "people",   "crew",     "from",    "to",
                                        "at_least", "at_most",  "between", NULL};
    struct spw__reader *reader = &file->reader;
    uint32_t measure = 0;
    if (!spw__expect_map(reader, map, "a goal such as {measure: wait_p90_s, at_most: 5 min}") ||
        !spw__expect_keys(reader, map, known)) {
        return;
    }
    if (!spw__yaml_get(map, "measure")) {
        spw__fail(reader, map,
                  "a goal without a `measure`; expected one of the list in "
                  "bench/scenarios/README.md, such as `measure: reached_share`");
        return;
    }
    const struct spw__yaml *node = spw__yaml_get(map, "measure");
    if (!spw__expect_text(reader, node, "the name of a measure")) {
        return;
    }
    while (measures[measure] && strcmp(measures[measure], node->text) != 0) {
        measure++;
    }
    if (!measures[measure]) {
        const char *near = spw__nearest(node->text, measures);
        spw__fail(reader, node,
                  "no measure `%.40s`%s%s%s; all are listed in "
                  "bench/scenarios/README.md",
                  node->text, near ? "; did you mean `" : "", near ? near : "", near ? "`" : "");
        return;
    }
    goal->measure = measure == SPW_MEASURE_COUNT ? -1 : (int)measure;
    read_group(file, map, goal);
    if (!reader->failed) {
        check_group(file, map, goal);
    }
    read_bounds(reader, map, unit_of(measure), goal);
    goal->windowed = spw__yaml_get(map, "from") != NULL || spw__yaml_get(map, "to") != NULL;
    goal->from_s = spw__read_seconds(reader, map, "from", 0);
    goal->to_s = spw__read_seconds(reader, map, "to", file->sim.duration_s);
    if (goal->windowed && measure != SPW_MEASURE_PEOPLE && measure != SPW_MEASURE_ATTEMPTS) {
        spw__fail(reader, map, "`from` and `to` are for people and attempts only");
    }
    if (goal->windowed && !(goal->from_s < goal->to_s && goal->from_s < file->sim.duration_s)) {
        spw__fail(reader, map, "nothing lies between `from` and `to`; expected a part of the run");
    }
    if (goal->windowed && goal->kind != SPW_GROUP_ALL) {
        spw__fail(reader, map, "`from` and `to` count all people; no group can be named beside");
    }
    goal->text = goal_text(file, map, goal);
}

void spw__read_goals(struct spw__scenario_file *file, const struct spw__yaml *node)
{
    if (!spw__expect_list(&file->reader, node, "a list of goals")) {
        return;
    }
    struct spw__goal *goals =
        spw__scenario_keep(file, node->count ? node->count : 1, sizeof *goals);
    for (const struct spw__yaml *map = node->first; map && !file->reader.failed; map = map->next) {
        read_goal(file, map, &goals[file->goal_count++]);
    }
    file->goals = goals;
}

/* People or attempts that came in a window: intervals count by their share inside it. */
static double count_in(const struct spw__goal *goal, const struct spw_result *result)
{
    double sum = 0;
    if (result->bucket_count < 2) {
        return NAN;
    }
    double width_s = result->buckets[1].from_s - result->buckets[0].from_s;
    for (size_t i = 0; i < result->bucket_count; i++) {
        const struct spw_bucket *bucket = &result->buckets[i];
        double inside =
            fmin(bucket->from_s + width_s, goal->to_s) - fmax(bucket->from_s, goal->from_s);
        double share = inside > 0 ? inside / width_s : 0;
        sum += share * (goal->measure == SPW_MEASURE_PEOPLE ? bucket->people : bucket->attempts);
    }
    return sum;
}

struct spw__goal_result spw__goal_judge(const struct spw__goal *goal,
                                        const struct spw_result *result)
{
    struct spw__goal_result judged = {.text = goal->text, .half_width = NAN};
    if (goal->windowed) {
        judged.measured = count_in(goal, result);
    } else if (goal->measure < 0) {
        judged.measured = result->longest_p0_wait_s;
    } else {
        const struct spw_group *group = spw_result_group(result, goal->kind, goal->number);
        judged.measured = group ? group->figure[goal->measure].mean : NAN;
        judged.half_width = group ? group->figure[goal->measure].half_width : NAN;
    }
    judged.wanted = judged.measured < goal->least || isinf(goal->most) ? goal->least : goal->most;
    (void)value_text(judged.measured,
                     unit_of(goal->measure < 0 ? SPW_MEASURE_COUNT : (uint32_t)goal->measure),
                     judged.measured_text, sizeof judged.measured_text);
    judged.kept = judged.measured >= goal->least && judged.measured <= goal->most;
    return judged;
}
