/*
 * command/scenario/crews.c - who answers: the crews of a scenario.
 *
 *   crews:
 *     seniors:
 *       skill_set: senior
 *       count: 12
 *       shifts: [{from: 0 h, to: 8 h}, {from: 16 h, to: 24 h}]
 *       every: 24 h                           the shifts repeat
 *       answer: {lognormal: {mean: 3 s, cv: 0.5}}
 *       missed: 2 %                           5 % if nothing is said
 *       no_show: 0 %                          10 % if nothing is said
 *       wrap_up: {exponential: 30 s}          queues whose wrap-up is `by hand`
 *       speed: 1.2                            talks take 1 / 1.2 of their length
 *       line: {up: 2 h, down: 40 s}           the connection comes and goes
 *       breaks: {every: 2 h, mean: 15 min}    the counsellor's own act; nobody is asked
 *       due_breaks: {talks: 8, severe: 2, rest: 15 min}     kept by the engine; see rest_share
 *
 * Who calls: scenario.c, after the plan has its numbers.
 */
#include "command/outcome/words.h"
#include "command/scenario/scenario.h"

/* What holds everywhere, unless a scenario says otherwise: a night on which everybody comes and
 * answers every offer flatters any order of service. */
#define MISSED 0.05
#define NO_SHOW 0.10

/* {up: 2 h, down: 40 s}: two spans, both required. */
static void read_spans(struct spw__reader *reader, const struct spw__yaml *map,
                       const char *const *two_keys, double *first_s, double *second_s)
{
    if (!spw__expect_map(reader, map, "a map of two durations") ||
        !spw__expect_keys(reader, map, two_keys)) {
        return;
    }
    *first_s = spw__read_seconds(reader, map, two_keys[0], 0);
    *second_s = spw__read_seconds(reader, map, two_keys[1], 0);
    if (!(*first_s > 0) || !(*second_s > 0)) {
        spw__fail(reader, map, "expected `%s` and `%s`, both above 0", two_keys[0], two_keys[1]);
    }
}

static void read_shifts(struct spw__scenario_file *file, const struct spw__yaml *list,
                        struct spw_crew *crew)
{
    static const char *const known[] = {"from", "to", NULL};
    struct spw__reader *reader = &file->reader;
    if (!spw__expect_list(reader, list, "a list such as [{from: 8 h, to: 16 h}]")) {
        return;
    }
    if (list->count == 0) {
        spw__fail(reader, list, "no shift; expected at least one, or no `shifts` for always");
    }
    struct spw_shift *shifts =
        spw__scenario_keep(file, list->count ? list->count : 1, sizeof *shifts);
    size_t n = 0;
    for (const struct spw__yaml *item = list->first; item && !reader->failed; item = item->next) {
        if (!spw__expect_map(reader, item, "a shift such as {from: 8 h, to: 16 h}") ||
            !spw__expect_keys(reader, item, known)) {
            return;
        }
        shifts[n].from_s = spw__read_seconds(reader, item, "from", 0);
        shifts[n].to_s = spw__read_seconds(reader, item, "to", 0);
        if (shifts[n].to_s <= shifts[n].from_s ||
            (n > 0 && shifts[n].from_s < shifts[n - 1].to_s)) {
            spw__fail(reader, item,
                      "expected a shift that ends after it begins and begins after "
                      "the one before has ended");
        }
        n++;
    }
    crew->shifts = shifts;
    crew->shift_count = n;
}

static void read_channels(struct spw__reader *reader, const struct spw__yaml *list,
                          struct spw_crew *crew)
{
    if (!spw__expect_list(reader, list, "a list of channels such as [voice, chat]")) {
        return;
    }
    if (list->count == 0) {
        spw__fail(reader, list, "no channel; expected at least one, or no `channels` for all");
    }
    for (const struct spw__yaml *item = list->first; item; item = item->next) {
        uint32_t channel = 0;
        if (spw__take_word(reader, item, spw__channel_words, &channel)) {
            crew->channels |= 1u << channel;
        }
    }
}

static void read_paces(struct spw__scenario_file *file, const struct spw__yaml *list,
                       struct spw_crew *crew)
{
    static const char *const known[] = {"queue", "speed", NULL};
    struct spw__reader *reader = &file->reader;
    if (!spw__expect_list(reader, list, "a list of queues with the speed of their talks")) {
        return;
    }
    struct spw_pace *paces = spw__scenario_keep(file, list->count ? list->count : 1, sizeof *paces);
    crew->paces = paces;
    for (const struct spw__yaml *map = list->first; map && !reader->failed; map = map->next) {
        double speed = 0;
        if (!spw__expect_map(reader, map, "{queue: english, speed: 0.8}") ||
            !spw__expect_keys(reader, map, known)) {
            return;
        }
        struct spw_pace *pace = &paces[crew->pace_count++];
        pace->queue = spw__read_named(file, map, "queue", SPW_NAMES_QUEUES);
        (void)spw__read_number(reader, map, "speed", &speed);
        if (!reader->failed && (pace->queue == 0 || !(speed > 0))) {
            spw__fail(reader, map, "expected both `queue` and a `speed` above 0");
        }
        for (size_t i = 0; i + 1 < crew->pace_count; i++) {
            if (paces[i].queue == pace->queue && !reader->failed) {
                spw__fail(reader, map, "a second speed for that queue; expected one for each");
            }
        }
        pace->factor = 1 / speed;
    }
}

/* The speed at each of the four levels, times `speed`. */
static void read_levels(struct spw__reader *reader, const struct spw__yaml *list,
                        struct spw_crew *crew)
{
    size_t n = 0;
    if (!spw__expect_list(reader, list, "four speeds such as [1, 1, 1.2, 1.4]")) {
        return;
    }
    for (const struct spw__yaml *item = list->first; item && !reader->failed; item = item->next) {
        double speed = 0;
        if (spw__take_number(reader, item, &speed) && !(speed > 0)) {
            spw__fail(reader, item, "expected a speed above 0");
        }
        crew->level_factor[n < 4 ? n : 3] = 1 / speed;
        n++;
    }
    if (n != 4) {
        spw__fail(reader, list, "%zu speeds; expected four, for the levels 0 to 3", n);
    }
}

/* Breaks that the engine keeps: after so many talks, or severe ones in a row. */
static void read_due_breaks(struct spw__reader *reader, const struct spw__yaml *map,
                            struct spw_crew *crew)
{
    static const char *const known[] = {"talks", "severe", "rest", NULL};
    int64_t talks = 0, severe = 0;
    if (!spw__expect_map(reader, map, "a map such as {talks: 8, rest: 15 min}") ||
        !spw__expect_keys(reader, map, known)) {
        return;
    }
    (void)spw__read_whole(reader, map, "talks", 1, 1000000, &talks);
    (void)spw__read_whole(reader, map, "severe", 1, 1000000, &severe);
    crew->load_max = (uint32_t)talks;
    crew->severe_max = (uint32_t)severe;
    crew->rest_s = spw__read_seconds(reader, map, "rest", 0);
    if (!reader->failed && talks == 0 && severe == 0) {
        spw__fail(reader, map, "breaks that never fall due; expected `talks` or `severe`");
    } else if (!reader->failed && !(crew->rest_s > 0 && crew->rest_s <= 86400)) {
        const struct spw__yaml *rest = spw__yaml_get(map, "rest");
        spw__fail(reader, rest ? rest : map, "expected a `rest` above 0 and at most 24 h");
    }
}

static void read_habits(struct spw__scenario_file *file, const struct spw__yaml *map,
                        struct spw_crew *crew)
{
    static const char *const line_keys[] = {"up", "down", NULL};
    static const char *const break_keys[] = {"every", "mean", NULL};
    struct spw__reader *reader = &file->reader;
    const struct spw__yaml *child = NULL;
    double speed = 1;
    crew->answer = spw__read_dist(file, map, "answer");
    crew->wrap_up = spw__read_dist(file, map, "wrap_up");
    crew->miss_probability = MISSED;
    crew->no_show_probability = NO_SHOW;
    (void)spw__read_share(reader, map, "missed", &crew->miss_probability);
    (void)spw__read_share(reader, map, "declined", &crew->decline_probability);
    (void)spw__read_share(reader, map, "no_show", &crew->no_show_probability);
    if (crew->miss_probability + crew->decline_probability > 1 + 1e-9) {
        spw__fail(reader, spw__yaml_get(map, "declined"),
                  "missed (%g %% if nothing is said) and declined come to %g %%; expected at most "
                  "100 %% together",
                  MISSED * 100, (crew->miss_probability + crew->decline_probability) * 100);
    }
    crew->back_after_s = spw__read_seconds(reader, map, "back_after", 0);
    if (spw__read_number(reader, map, "speed", &speed) && !(speed > 0)) {
        spw__fail(reader, spw__yaml_get(map, "speed"), "expected a number above 0");
    }
    crew->service_factor = 1 / speed;
    if ((child = spw__yaml_get(map, "speed_at_level")) != NULL) {
        read_levels(reader, child, crew);
    }
    if ((child = spw__yaml_get(map, "speeds")) != NULL) {
        read_paces(file, child, crew);
    }
    if ((child = spw__yaml_get(map, "line")) != NULL) {
        read_spans(reader, child, line_keys, &crew->up_mean_s, &crew->down_mean_s);
    }
    if ((child = spw__yaml_get(map, "breaks")) != NULL) {
        read_spans(reader, child, break_keys, &crew->break_every_s, &crew->break_mean_s);
    }
    if ((child = spw__yaml_get(map, "due_breaks")) != NULL) {
        read_due_breaks(reader, child, crew);
    }
}

/* Under a lease a host has signs of life sent: three in its time, so that one may be lost. */
static double heartbeat_s(const struct spw__scenario_file *file, spw_centre centre)
{
    const char *name = spw__name_in_plan(file->plan, SPW_NAMES_CENTRES, centre);
    spw_ns lease = SPW_FOREVER;
    if (name == NULL || spw_plan_centre_lease(file->plan, name, &lease) != SPW_OK ||
        lease == SPW_FOREVER) {
        return 0;
    }
    return (double)lease * 1e-9 / 3;
}

static void read_crew(struct spw__scenario_file *file, const struct spw__yaml *map,
                      struct spw_crew *crew)
{
    static const char *const known[] = {
        "skill_set",      "count",      "centre", "units",  "channels", "pulls",
        "shifts",         "every",      "answer", "missed", "declined", "back_after",
        "no_show",        "wrap_up",    "speed",  "speeds", "line",     "breaks",
        "speed_at_level", "due_breaks", "script", NULL};
    struct spw__reader *reader = &file->reader;
    const struct spw__yaml *child = NULL;
    int64_t count = 0, units = 0;
    bool pulls = false, script = false;
    if (!spw__expect_map(reader, map, "a map with skill_set and count") ||
        !spw__expect_keys(reader, map, known)) {
        return;
    }
    static const struct spw__required required[] = {
        {"skill_set", "a skill set of the plan, such as `skill_set: all`"},
        {"count", "how many they are, such as `count: 12`"},
        {NULL, NULL}};
    if (!spw__expect_required(reader, map, "crew", required)) {
        return;
    }
    crew->name = map->key;
    crew->skillset = spw__read_named(file, map, "skill_set", SPW_NAMES_SKILLSETS);
    crew->centre = spw__read_centre(file, map);
    crew->heartbeat_s = heartbeat_s(file, crew->centre);
    (void)spw__read_whole(reader, map, "count", 0, 10000000, &count);
    (void)spw__read_whole(reader, map, "units", 1, 1000, &units);
    (void)spw__read_switch(reader, map, "pulls", &pulls);
    (void)spw__read_switch(reader, map, "script", &script);
    crew->script = script;
    crew->count = (uint32_t)count;
    crew->units = (uint32_t)units;
    crew->flags = pulls ? SPW_COUNSELLOR_PULLS : 0;
    if ((child = spw__yaml_get(map, "channels")) != NULL) {
        read_channels(reader, child, crew);
    }
    if ((child = spw__yaml_get(map, "shifts")) != NULL) {
        read_shifts(file, child, crew);
    }
    crew->day_s = spw__read_seconds(reader, map, "every", 0);
    size_t last = crew->shift_count;
    if ((child = spw__yaml_get(map, "every")) != NULL && !reader->failed &&
        (last == 0 || crew->shifts[last - 1].to_s - crew->shifts[0].from_s > crew->day_s)) {
        spw__fail(reader, child,
                  last == 0 ? "`every` without `shifts`; expected both or none"
                            : "the shifts take longer than that; expected a period "
                              "in which they all find room, such as 24 h");
    }
    read_habits(file, map, crew);
}

void spw__read_crews(struct spw__scenario_file *file, const struct spw__yaml *node)
{
    if (!spw__expect_map(&file->reader, node, "a map of crews")) {
        return;
    }
    struct spw_crew *crews = spw__scenario_keep(file, node->count ? node->count : 1, sizeof *crews);
    for (const struct spw__yaml *map = node->first; map && !file->reader.failed; map = map->next) {
        read_crew(file, map, &crews[file->sim.crew_count++]);
    }
    file->sim.crews = crews;
}
