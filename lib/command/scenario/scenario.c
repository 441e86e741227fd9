/*
 * command/scenario/scenario.c - a scenario file as a whole: its top, its sizes, and a trial of its
 * plan.
 *
 * What lives here: reading the file, the keys of its top, the names of the plan as numbers, the
 * limits of the engine that follow from the people expected, and the set_up that every run goes
 * through.
 * Who calls: flood/flood.c; the parts are read by the rooms named in scenario.h.
 *
 * The plan is applied to a trial engine before anything runs: a mistake that only the engine sees
 * is told with its line, and names have their numbers. A new engine gives the same numbers, since
 * the plan commits the same objects in the same order.
 */
#include "command/scenario/scenario.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"
#include "sim/arrival.h"

/* Contacts that may be inside at once, unless the file says otherwise: all who are expected to
 * come, within these bounds. */
enum { CONTACTS_LEAST = 4096, CONTACTS_MOST = 1 << 20, FILE_MOST = 16 << 20 };

/* More in one run is a slip of the pen: a day of computing. */
#define PEOPLE_MOST 1e9

void *spw__scenario_keep(struct spw__scenario_file *file, size_t count, size_t size)
{
    void *memory = spw__yaml_keep(file->reader.tree, count * size);
    if (!memory) {
        fputs("spillway: memory is out\n", stderr);
        exit(2); /* as for a file that cannot be read */
    }
    return memory;
}

static uint32_t number_of(const struct spw_plan *plan, const char *name, enum spw_plan_names of)
{
    switch (of) {
    case SPW_NAMES_SKILLS:
        return spw_plan_skill(plan, name);
    case SPW_NAMES_SKILLSETS:
        return spw_plan_skillset(plan, name);
    case SPW_NAMES_NEEDS:
        return spw_plan_need(plan, name);
    case SPW_NAMES_LADDERS:
        return spw_plan_ladder(plan, name);
    case SPW_NAMES_QUEUES:
        return spw_plan_queue(plan, name);
    default:
        return spw_plan_centre(plan, name);
    }
}

uint32_t spw__take_named(struct spw__scenario_file *file, const struct spw__yaml *node,
                         enum spw_plan_names of)
{
    static const char *const what[] = {"skill", "skill set", "need", "ladder", "queue", "centre"};
    struct spw__reader *reader = &file->reader;
    if (reader->failed || !spw__expect_text(reader, node, "a name of the plan")) {
        return 0;
    }
    uint32_t number = number_of(file->plan, node->text, of);
    if (number == 0) {
        const char *names[65] = {NULL};
        for (size_t i = 0; i < 64 && spw_plan_name(file->plan, of, i); i++) {
            names[i] = spw_plan_name(file->plan, of, i);
        }
        const char *near = spw__nearest(node->text, names);
        spw__fail(reader, node, "the plan has no %s `%.40s`%s%s%s", what[of], node->text,
                  near ? "; did you mean `" : "", near ? near : "", near ? "`?" : "");
    }
    return number;
}

uint32_t spw__read_named(struct spw__scenario_file *file, const struct spw__yaml *map,
                         const char *key, enum spw_plan_names of)
{
    const struct spw__yaml *node = spw__yaml_get(map, key);
    return node ? spw__take_named(file, node, of) : 0;
}

uint32_t spw__read_centre(struct spw__scenario_file *file, const struct spw__yaml *map)
{
    const struct spw__yaml *node = spw__yaml_get(map, "centre");
    if (node) {
        return spw__take_named(file, node, SPW_NAMES_CENTRES);
    }
    if (spw_plan_name(file->plan, SPW_NAMES_CENTRES, 1)) {
        spw__fail(&file->reader, map, "the plan has several centres; expected `centre`");
        return 0;
    }
    return spw_plan_centre(file->plan, spw_plan_name(file->plan, SPW_NAMES_CENTRES, 0));
}

bool spw__expect_required(struct spw__reader *reader, const struct spw__yaml *map, const char *what,
                          const struct spw__required *required)
{
    for (; required->key; required++) {
        if (!spw__yaml_get(map, required->key)) {
            if (map->key) {
                spw__fail_key(reader, map, "the %s `%.40s` has no `%s`; expected %s", what,
                              map->key, required->key, required->expected);
            } else {
                spw__fail(reader, map, "the %s has no `%s`; expected %s", what, required->key,
                          required->expected);
            }
            return false;
        }
    }
    return true;
}

/* Every run begins here (struct spw_scenario.set_up). */
static int set_up(void *context, struct spw_engine *engine)
{
    const struct spw__scenario_file *file = context;
    return spw_plan_apply(file->plan, engine, file->order, 0, file->error) == SPW_OK ? 0 : -1;
}

/* ---- the top of the file ------------------------------------------------------------------ */

static void read_measure(struct spw__scenario_file *file, const struct spw__yaml *map)
{
    static const char *const known[] = {"bucket", "drain", "arrivals_go_on", "check_every", NULL};
    struct spw__reader *reader = &file->reader;
    int64_t every = 0;
    bool go_on = false;
    if (!spw__expect_map(reader, map, "a map such as {bucket: 10 min}") ||
        !spw__expect_keys(reader, map, known)) {
        return;
    }
    file->sim.bucket_s = spw__read_seconds(reader, map, "bucket", 0);
    file->sim.drain_s = spw__read_seconds(reader, map, "drain", file->sim.drain_s);
    (void)spw__read_switch(reader, map, "arrivals_go_on", &go_on);
    file->sim.arrivals_go_on = go_on;
    (void)spw__read_whole(reader, map, "check_every", 0, 1000000000, &every);
    file->sim.check_every = (uint32_t)every;
    if (file->sim.bucket_s > 0 && file->sim.duration_s / file->sim.bucket_s > 1e5) {
        spw__fail(reader, map, "more than 100000 intervals; expected a longer `bucket`");
    }
}

/* Built-in ones alone: a file that somebody sends runs no code. */
static bool is_built_in(const char *name)
{
    const struct spw_policy *policy = spw_policy_builtin(0);
    for (uint32_t order = 0; policy != NULL; policy = spw_policy_builtin(++order)) {
        if (strcmp(policy->name, name) == 0) {
            return true;
        }
    }
    return false;
}

static void read_policies(struct spw__scenario_file *file, const struct spw__yaml *list)
{
    if (!spw__expect_list(&file->reader, list, "a list such as [head-start, fifo]")) {
        return;
    }
    for (const struct spw__yaml *item = list->first; item; item = item->next) {
        if (!spw__expect_text(&file->reader, item, "the name of a policy")) {
            return;
        }
        if (file->policy_count == SPW__POLICIES_MAX) {
            spw__fail(&file->reader, item, "more than %d policies", SPW__POLICIES_MAX);
            return;
        }
        if (!is_built_in(item->text)) {
            spw__fail(&file->reader, item,
                      "no order is called `%.60s`; expected a built-in one, such as "
                      "fifo (one of your own is loaded by --policy FILE.so alone)",
                      item->text);
            return;
        }
        file->policies[file->policy_count++] = item->text;
    }
}

static void read_spans(struct spw__scenario_file *file, const struct spw__yaml *root)
{
    struct spw__reader *reader = &file->reader;
    const struct spw__yaml *warm_up = spw__yaml_get(root, "warm_up");
    file->sim.duration_s = spw__read_seconds(reader, root, "duration", 0);
    file->sim.warm_up_s = spw__read_seconds(reader, root, "warm_up", 0);
    if (!(file->sim.duration_s > 0)) {
        spw__fail(reader, spw__yaml_get(root, "duration"), "expected a duration above 0");
    }
    if (warm_up && file->sim.warm_up_s >= file->sim.duration_s) {
        spw__fail(reader, warm_up, "the warm-up fills the whole duration; expected less");
    }
}

static bool read_head(struct spw__scenario_file *file, const struct spw__yaml *root)
{
    static const char *const known[] = {
        "name",  "title",   "about", "seed",     "runs",   "duration",  "warm_up", "plan", "people",
        "crews", "measure", "goals", "policies", "limits", "incidents", "levels",  NULL};
    static const struct spw__required required[] = {
        {"duration", "how long a run is, such as `duration: 12 h`"},
        {"plan", "the configuration of the engine, a map with queues and centres"},
        {"people", "who calls, a map of streams"},
        {"crews", "who answers, a map of crews"},
        {NULL, NULL}};
    struct spw__reader *reader = &file->reader;
    const struct spw__yaml *child = NULL;
    int64_t seed = 1, runs = 20;
    if (!spw__expect_map(reader, root, "a scenario: a map with plan, people and crews") ||
        !spw__expect_keys(reader, root, known)) {
        return false;
    }
    if (!spw__expect_required(reader, root, "scenario", required)) {
        return false;
    }
    file->sim.name =
        (child = spw__yaml_get(root, "name")) && child->text ? child->text : "scenario";
    file->title =
        (child = spw__yaml_get(root, "title")) && child->text ? child->text : file->sim.name;
    file->about = (child = spw__yaml_get(root, "about")) && child->text ? child->text : "";
    (void)spw__read_whole(reader, root, "seed", 0, (INT64_C(1) << 53) - 1, &seed);
    (void)spw__read_whole(reader, root, "runs", 1, 100000, &runs);
    file->sim.seed = (uint64_t)seed;
    file->sim.runs = (uint32_t)runs;
    read_spans(file, root);
    if ((child = spw__yaml_get(root, "measure")) != NULL) {
        read_measure(file, child);
    }
    if ((child = spw__yaml_get(root, "policies")) != NULL) {
        read_policies(file, child);
    }
    return !reader->failed;
}

/* ---- sizes, trial -------------------------------------------------------------------------- */

double spw__expected_people(const struct spw_scenario *sim, const struct spw_stream *stream)
{
    struct spw_arrivals arrivals = stream->arrivals;
    if (!(arrivals.end_s > 0) || arrivals.end_s > sim->duration_s) {
        arrivals.end_s = sim->duration_s;
    }
    return spw__arrival_mean(&arrivals, 0, arrivals.end_s) + (double)arrivals.burst;
}

/* Everyone who is expected, redials included, and a margin. Of people who come during the drain
 * none is counted: they are as many at once as before the end. */
static double expected_attempts(const struct spw_scenario *sim)
{
    double sum = 0;
    for (size_t i = 0; i < sim->stream_count; i++) {
        sum += spw__expected_people(sim, &sim->streams[i]);
    }
    return sum + 6 * sqrt(sum) + 100;
}

static void read_limits(struct spw__scenario_file *file, const struct spw__yaml *map)
{
    static const char *const known[] = {"contacts", "classes", "pools", "events", NULL};
    struct spw__reader *reader = &file->reader;
    struct spw_config *config = &file->sim.config;
    int64_t value = 0;
    if (!spw__expect_map(reader, map, "a map such as {contacts: 100000}") ||
        !spw__expect_keys(reader, map, known)) {
        return;
    }
    if (spw__read_whole(reader, map, "contacts", 1, 100000000, &value)) {
        config->contacts_max = (uint32_t)value;
    }
    if (spw__read_whole(reader, map, "classes", 16, 1 << 20, &value)) {
        config->classes_max = (uint32_t)value;
    }
    if (spw__read_whole(reader, map, "pools", 1, 1 << 20, &value)) {
        config->pools_max = (uint32_t)value;
    }
    if (spw__read_whole(reader, map, "events", 256, 1 << 24, &value)) {
        config->events_max = (uint32_t)value;
    }
}

static void size_engine(struct spw__scenario_file *file, const struct spw__yaml *root)
{
    const struct spw__yaml *limits = spw__yaml_get(root, "limits");
    struct spw_config *config = &file->sim.config;
    double attempts = expected_attempts(&file->sim);
    uint64_t counsellors = 0;
    for (size_t i = 0; i < file->sim.crew_count; i++) {
        counsellors += file->sim.crews[i].count;
    }
    if (attempts > PEOPLE_MOST) {
        spw__fail_key(&file->reader, spw__yaml_get(root, "people"),
                      "about %.3g people come in a run; expected at most %.0e", attempts,
                      PEOPLE_MOST);
    }
    /* One place in 64 is danger's alone: there is room for all the others in the rest. */
    double places = attempts * SPW_KEPT_FOR_DANGER / (SPW_KEPT_FOR_DANGER - 1) + 1;
    config->contacts_max = places < CONTACTS_LEAST  ? CONTACTS_LEAST
                           : places > CONTACTS_MOST ? CONTACTS_MOST
                                                    : (uint32_t)places;
    config->counsellors_max = counsellors > 0 ? (uint32_t)counsellors : 1;
    config->tokens_max = config->contacts_max > 16384 ? config->contacts_max : 16384;
    if (limits) {
        read_limits(file, limits);
    }
}

/* The plan on an engine of its own: the engine's objections, and the numbers of all names. */
static void try_plan(struct spw__scenario_file *file, const struct spw__yaml *plan_node)
{
    struct spw_engine *engine = NULL;
    struct spw_config config;
    spw_config_init(&config);
    config.contacts_max = 64;
    spw_plan_config(file->plan, &config);
    int result = spw_engine_create(&config, NULL, &engine);
    if (result != SPW_OK) {
        spw__fail(&file->reader, plan_node, "no engine can hold this plan: %s",
                  spw_error_text(result));
        return;
    }
    if (spw_plan_apply(file->plan, engine, -1, 0, file->error) != SPW_OK) {
        file->reader.failed = true;
    }
    spw_engine_destroy(engine);
}

static void read_rest(struct spw__scenario_file *file, const struct spw__yaml *root)
{
    char wrong[200];
    spw_plan_config(file->plan, &file->sim.config);
    for (uint32_t channel = 0; channel < SPW_CHANNEL_COUNT; channel++) {
        file->sim.units[channel] = spw_plan_units(file->plan, channel);
    }
    spw__read_people(file, spw__yaml_get(root, "people"));
    if (!file->reader.failed) {
        spw__read_crews(file, spw__yaml_get(root, "crews"));
    }
    if (!file->reader.failed && spw__yaml_get(root, "incidents")) {
        spw__read_incidents(file, spw__yaml_get(root, "incidents"));
    }
    if (!file->reader.failed && spw__yaml_get(root, "levels")) {
        spw__read_levels(file, spw__yaml_get(root, "levels"));
    }
    if (!file->reader.failed && spw__yaml_get(root, "goals")) {
        spw__read_goals(file, spw__yaml_get(root, "goals"));
    }
    if (!file->reader.failed) {
        size_engine(file, root);
    }
    if (!file->reader.failed && spw_scenario_check(&file->sim, wrong, sizeof wrong) != 0) {
        spw__fail(&file->reader, root, "%s", wrong);
    }
}

static int parse(struct spw__scenario_file *file, const char *text, size_t length, const char *path,
                 const struct spw__variation *variation, struct spw_plan_error *error)
{
    *file = (struct spw__scenario_file){.error = error, .order = -1, .varied = variation != NULL};
    *error = (struct spw_plan_error){0};
    file->reader = (struct spw__reader){.file = path, .error = error};
    spw_scenario_init(&file->sim);
    file->sim.set_up = set_up;
    file->sim.context = file;
    const struct spw__yaml *root = spw__yaml_parse(&file->reader, text, length);
    if (root != NULL && variation != NULL) {
        spw__scenario_scale(&file->reader, root, variation);
    }
    if (root == NULL || file->reader.failed || !read_head(file, root)) {
        return -1;
    }
    file->plan = spw__plan_read_node(&file->reader, spw__yaml_get(root, "plan"));
    if (file->plan == NULL) {
        return -1;
    }
    try_plan(file, spw__yaml_get(root, "plan"));
    if (!file->reader.failed) {
        read_rest(file, root);
    }
    if (file->reader.failed) {
        return -1;
    }
    file->marks = spw__yaml_marks(&file->reader, root, &file->mark_count);
    return 0;
}

int spw__scenario_parse(struct spw__scenario_file *file, const char *text, size_t length,
                        const char *path, struct spw_plan_error *error)
{
    return parse(file, text, length, path, NULL, error);
}

int spw__scenario_vary(struct spw__scenario_file *file, const struct spw__scenario_file *like,
                       const struct spw__variation *variation, struct spw_plan_error *error)
{
    return parse(file, like->text, like->length, like->reader.file, variation, error);
}

static char *read_all(const char *path, size_t *length, struct spw_plan_error *error)
{
    FILE *stream = fopen(path, "rb");
    char *text = stream ? malloc(FILE_MOST + 1) : NULL;
    *length = text ? fread(text, 1, FILE_MOST + 1, stream) : 0;
    bool bad = !text || ferror(stream) || *length > FILE_MOST;
    if (bad) {
        (void)snprintf(error->text, sizeof error->text, "%s: %s; expected a scenario file", path,
                       text && *length > FILE_MOST ? "longer than 16 MiB" : strerror(errno));
        free(text);
        text = NULL;
    }
    if (stream) {
        (void)fclose(stream);
    }
    return text;
}

int spw__scenario_read(struct spw__scenario_file *file, const char *path,
                       struct spw_plan_error *error)
{
    size_t length = 0;
    *file = (struct spw__scenario_file){0};
    *error = (struct spw_plan_error){0};
    char *text = read_all(path, &length, error);
    if (text == NULL) {
        return -1;
    }
    int failed = spw__scenario_parse(file, text, length, path, error);
    file->text = text;
    file->length = length;
    return failed;
}

void spw__scenario_free(struct spw__scenario_file *file)
{
    spw_plan_free(file->plan);
    spw__yaml_free(file->reader.tree);
    free(file->text);
    *file = (struct spw__scenario_file){0};
}
