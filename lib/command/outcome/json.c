/*
 * command/outcome/json.c - the outcome as JSON, for scripts; its shape is documented in
 * bench/scenarios/README.md.
 *
 * What lives here: the way from figures to objects. A figure is {"value": v, "half_width": h}; what
 * does not exist is null. A file is written beside its place and renamed, so that nobody reads half
 * of it. Who calls: outcome/tell.c.
 */
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "command/outcome/words.h"

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static void put(json_t *object, const char *key, json_t *value)
{
    (void)json_object_set_new(object, key, value);
}

/* Names come from files: what is not UTF-8 is told as such instead of ending the document. */
static json_t *string(const char *text)
{
    json_t *value = json_string(text ? text : "");
    return value ? value : json_string("(not UTF-8)");
}

static json_t *hash(uint64_t value)
{
    char text[20];
    (void)snprintf(text, sizeof text, "%016llx", (unsigned long long)value);
    return json_string(text);
}

static json_t *figure(const struct spw_figure *from)
{
    json_t *object = json_object();
    put(object, "value", number(from->mean));
    put(object, "half_width", number(from->half_width));
    return object;
}

static json_t *group_object(const struct spw_group *group)
{
    static const char *const keys[] = {
#define KEY(name, key, text) key,
        SPW_MEASURE_MAP(KEY)
#undef KEY
    };
    json_t *object = json_object();
    if (group->kind == SPW_GROUP_CREW) {
        put(object, "occupancy", figure(&group->figure[SPW_MEASURE_OCCUPANCY]));
        return object;
    }
    for (int m = 0; m < SPW_MEASURE_OCCUPANCY; m++) {
        put(object, keys[m], figure(&group->figure[m]));
    }
    json_t *ended = json_object();
    for (unsigned end = 1; end < SPW_END_COUNT; end++) {
        char key[40];
        put(ended, spw__end_key(end, key, sizeof key), figure(&group->ended[end]));
    }
    put(object, "ended", ended);
    return object;
}

/* What a crew answered: its talks by stream, as far as there were any. */
static void put_served(json_t *crew, const struct spw__outcome *outcome,
                       const struct spw_result *result, uint32_t number)
{
    const struct spw_scenario *scenario = outcome->scenario;
    json_t *object = json_object();
    for (size_t i = 0; result->served && i < scenario->stream_count; i++) {
        const struct spw_figure *served = &result->served[number * scenario->stream_count + i];
        struct spw_group stream = {.kind = SPW_GROUP_STREAM, .number = (uint32_t)i};
        char text[24];
        if (served->mean > 0) {
            put(object, spw__group_name(outcome, &stream, text, sizeof text), figure(served));
        }
    }
    put(crew, "answered", object);
}

static json_t *groups_of(const struct spw__outcome *outcome, const struct spw_result *result,
                         enum spw_group_kind kind)
{
    json_t *object = json_object();
    for (size_t i = 0; i < result->group_count; i++) {
        const struct spw_group *group = &result->groups[i];
        char text[120];
        if (group->kind == kind) {
            json_t *made = group_object(group);
            if (kind == SPW_GROUP_CREW) {
                put_served(made, outcome, result, group->number);
            }
            put(object, spw__group_name(outcome, group, text, sizeof text), made);
        }
    }
    return object;
}

static json_t *interval(const struct spw_bucket *bucket)
{
    json_t *object = json_object();
    char key[40];
    put(object, "at", number(bucket->from_s));
    put(object, "people", number(bucket->people));
    put(object, "attempts", number(bucket->attempts));
    put(object, "could_serve", number(bucket->could_serve));
    put(object, "waiting_mean", number(bucket->waiting));
    put(object, "busy", number(bucket->busy));
    put(object, "staffed", number(bucket->staffed));
    put(object, "waiting", figure(&bucket->waiting_now[SPW_PRIORITY_COUNT]));
    put(object, "wait_s", number(bucket->wait_s[SPW_PRIORITY_COUNT]));
    for (int p = 0; p < SPW_PRIORITY_COUNT; p++) {
        (void)snprintf(key, sizeof key, "waiting_mean_priority_%d", p);
        put(object, key, number(bucket->waiting_of[p]));
        (void)snprintf(key, sizeof key, "waiting_priority_%d", p);
        put(object, key, figure(&bucket->waiting_now[p]));
        (void)snprintf(key, sizeof key, "wait_s_priority_%d", p);
        put(object, key, number(bucket->wait_s[p]));
    }
    return object;
}

static json_t *goals_of(const struct spw__policy_outcome *policy)
{
    json_t *list = json_array();
    for (size_t i = 0; i < policy->goal_count; i++) {
        const struct spw__goal_result *goal = &policy->goals[i];
        json_t *object = json_object();
        put(object, "text", string(goal->text));
        put(object, "wanted", number(goal->wanted));
        put(object, "measured", number(goal->measured));
        put(object, "half_width", number(goal->half_width));
        put(object, "kept", json_boolean(goal->kept));
        (void)json_array_append_new(list, object);
    }
    return list;
}

static json_t *policy_object(const struct spw__outcome *outcome,
                             const struct spw__policy_outcome *policy)
{
    const struct spw_result *result = policy->result;
    json_t *object = json_object();
    json_t *series = json_array();
    for (size_t i = 0; i < result->bucket_count; i++) {
        (void)json_array_append_new(series, interval(&result->buckets[i]));
    }
    put(object, "name", string(policy->name));
    put(object, "state_hash", hash(result->state_hash));
    put(object, "event_digest", hash(result->event_digest));
    put(object, "inputs", json_integer((json_int_t)result->inputs));
    put(object, "people", json_integer((json_int_t)result->people));
    put(object, "seconds", number(policy->seconds));
    put(object, "longest_priority_0_wait_s", number(result->longest_p0_wait_s));
    put(object, "invariant_broken", json_integer(result->broken));
    put(object, "invariant_text", string(result->broken_text));
    put(object, "capacity_per_s", figure(&result->capacity));
    put(object, "offered_load", figure(&result->offered_load));
    put(object, "lost_to_limits", figure(&result->lost_to_limits));
    put(object, "all", group_object(result->all));
    put(object, "priorities", groups_of(outcome, result, SPW_GROUP_PRIORITY));
    put(object, "queues", groups_of(outcome, result, SPW_GROUP_QUEUE));
    put(object, "centres", groups_of(outcome, result, SPW_GROUP_CENTRE));
    put(object, "streams", groups_of(outcome, result, SPW_GROUP_STREAM));
    put(object, "kinds", groups_of(outcome, result, SPW_GROUP_KIND));
    put(object, "pools", groups_of(outcome, result, SPW_GROUP_CREW));
    put(object, "goals", goals_of(policy));
    put(object, "series", series);
    return object;
}

static json_t *marks_of(const struct spw__outcome *outcome)
{
    static const char *const words[] = {"", "sourced", "derived", "guessed"};
    json_t *list = json_array();
    for (size_t i = 0; i < outcome->mark_count; i++) {
        const struct spw__mark *mark = &outcome->marks[i];
        json_t *object = json_object();
        put(object, "path", string(mark->path));
        put(object, "value", string(mark->value));
        put(object, "how", json_string(words[mark->provenance]));
        put(object, "source", string(mark->source));
        put(object, "line", json_integer(mark->line));
        (void)json_array_append_new(list, object);
    }
    return list;
}

static json_t *guesses_of(const struct spw__outcome *outcome)
{
    json_t *list = json_array();
    for (size_t i = 0; i < outcome->guess_count; i++) {
        const struct spw__guess *guess = &outcome->guesses[i];
        bool varied = guess->unvaried == NULL;
        json_t *object = json_object();
        put(object, "path", string(guess->mark->path));
        put(object, "unvaried", string(guess->unvaried));
        put(object, "runs", json_integer(outcome->guess_runs));
        put(object, "priority", json_integer(outcome->guess_priority));
        put(object, "all", number(outcome->as_guessed.all));
        put(object, "all_half", number(varied ? guess->half.all : NAN));
        put(object, "all_twice", number(varied ? guess->twice.all : NAN));
        put(object, "urgent", number(outcome->as_guessed.urgent));
        put(object, "urgent_half", number(varied ? guess->half.urgent : NAN));
        put(object, "urgent_twice", number(varied ? guess->twice.urgent : NAN));
        (void)json_array_append_new(list, object);
    }
    return list;
}

static json_t *recorded_of(const struct spw__outcome *outcome)
{
    static const char *const units[] = {"count", "share", "s"};
    json_t *list = json_array();
    for (size_t i = 0; i < outcome->recorded_count; i++) {
        const struct spw__recorded_row *row = &outcome->recorded[i];
        json_t *object = json_object();
        put(object, "group", string(row->group));
        put(object, "measure", string(row->measure));
        put(object, "recorded", number(row->recorded));
        put(object, "simulated", number(row->simulated));
        put(object, "half_width", number(row->half_width));
        put(object, "naive", number(row->naive));
        put(object, "unit", json_string(units[row->unit]));
        put(object, "band", number(row->band > 0 ? row->band : NAN));
        (void)json_array_append_new(list, object);
    }
    return list;
}

static json_t *notes_of(const struct spw__outcome *outcome)
{
    json_t *list = json_array();
    for (size_t i = 0; i < outcome->note_count; i++) {
        (void)json_array_append_new(list, string(outcome->notes[i]));
    }
    return list;
}

static json_t *document(const struct spw__outcome *outcome)
{
    json_t *root = json_object();
    json_t *policies = json_array();
    json_t *scenario = json_object();
    put(scenario, "name", string(outcome->scenario->name));
    put(scenario, "title", string(outcome->title));
    put(scenario, "file", string(outcome->source));
    put(scenario, "duration_s", number(outcome->scenario->duration_s));
    put(scenario, "warm_up_s", number(outcome->scenario->warm_up_s));
    for (size_t i = 0; i < outcome->policy_count; i++) {
        (void)json_array_append_new(policies, policy_object(outcome, &outcome->policies[i]));
    }
    put(root, "format", json_integer(1));
    put(root, "spillway", json_string(SPW__VERSION));
    put(root, "scenario", scenario);
    put(root, "command_line", string(outcome->command_line));
    put(root, "seed", json_integer((json_int_t)outcome->seed));
    put(root, "runs", json_integer(outcome->runs));
    put(root, "verdict", string(outcome->verdict));
    put(root, "broken", json_boolean(outcome->broken));
    put(root, "broken_text", string(outcome->broken_text));
    put(root, "policies", policies);
    put(root, "recorded", recorded_of(outcome));
    put(root, "notes", notes_of(outcome));
    put(root, "marks", marks_of(outcome));
    put(root, "guesses", guesses_of(outcome));
    return root;
}

/*
 * A file is written beside its place and takes it when it is whole: what stood there is not lost to
 * a full device. A pipe or a device is written to; a file must not take its place.
 */
static bool write_whole(const json_t *root, const char *path)
{
    const size_t flags = JSON_INDENT(1) | JSON_REAL_PRECISION(15);
    struct stat status;
    char beside[4096];
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode)) {
        return json_dump_file(root, path, flags) == 0;
    }
    int length = snprintf(beside, sizeof beside, "%s.part", path);
    if (length < 0 || (size_t)length >= sizeof beside) {
        errno = ENAMETOOLONG;
        return false;
    }
    bool written = json_dump_file(root, beside, flags) == 0 && rename(beside, path) == 0;
    if (!written) {
        int why = errno;
        (void)remove(beside);
        errno = why;
    }
    return written;
}

int spw__json_write(const char *path, const struct spw__outcome *outcome, char *error, size_t n)
{
    json_t *root = document(outcome);
    errno = 0;
    bool written = write_whole(root, path);
    if (!written) {
        (void)snprintf(error, n, "%s cannot be written: %s", path,
                       errno ? strerror(errno) : "out of memory");
    }
    json_decref(root);
    return written ? 0 : -1;
}
