/*
 * command/scenario/people.c - who calls: the streams of a scenario.
 *
 *   people:
 *     voice:
 *       queue: voice
 *       channel: voice
 *       arrivals: {rate: 12 /min}
 *       mix:                               kinds of people; else as the stream
 *         - {name: danger, share: 2 %, priority: 0, patience: {weibull: {mean: 15 min, shape: 1}}}
 *         - {share: 98 %, priority: 2}
 *       service: {lognormal: {mean: 14 min, cv: 0.9}}
 *       patience: {exponential: 9 min}
 *       redial: {probability: 40 %, after: {exponential: 10 min}, attempts: 3}
 *       callback: {offered_at: 20, accepted: 50 %}
 *
 * Who calls: scenario.c, after the plan has its numbers.
 */
#include <string.h>

#include "command/outcome/words.h"
#include "command/scenario/scenario.h"
#include "plan/plan.h"

const char *const spw__channel_words[] = {"voice", "chat", "text", "email", "work", NULL};

/* The switches that stream and kind share: which flag each word stands for. */
static const struct {
    const char *key;
    uint8_t flag;
} switches[] = {{"unclassified", SPW_CONTACT_UNCLASSIFIED},
                {"test", SPW_CONTACT_TEST},
                {"severe", SPW_CONTACT_SEVERE},
                {"suspect", SPW_CONTACT_SUSPECT},
                {"shared_number", SPW_CONTACT_SHARED_TOKEN}};

static bool read_flags(struct spw__reader *reader, const struct spw__yaml *map, uint8_t *flags)
{
    bool any = false;
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++) {
        bool on = false;
        if (spw__read_switch(reader, map, switches[i].key, &on)) {
            any = true;
            *flags =
                on ? (uint8_t)(*flags | switches[i].flag) : (uint8_t)(*flags & ~switches[i].flag);
        }
    }
    return any;
}

static void read_kind(struct spw__scenario_file *file, const struct spw__yaml *map,
                      const struct spw_stream *stream, struct spw_variant *variant)
{
    static const char *const known[] = {
        "share",  "queue",   "need",         "priority",      "service", "patience", "test",
        "severe", "suspect", "unclassified", "shared_number", "name",    "seen_as",  NULL};
    struct spw__reader *reader = &file->reader;
    int64_t priority = -1;
    if (!spw__expect_map(reader, map, "a kind such as {share: 10 %, priority: 1}") ||
        !spw__expect_keys(reader, map, known)) {
        return;
    }
    if (!spw__read_share(reader, map, "share", &variant->share)) {
        spw__fail(reader, map, "the kind has no `share`; expected one such as `10 %%`");
    }
    const struct spw__yaml *name = spw__yaml_get(map, "name");
    if (name != NULL && spw__expect_text(reader, name, "a name")) {
        variant->name = name->text;
    }
    for (size_t i = 0; name != NULL && i + 1 < stream->variant_count; i++) {
        if (stream->variants[i].name && strcmp(stream->variants[i].name, variant->name) == 0) {
            spw__fail(reader, name, "a second kind of the name `%.40s`", variant->name);
        }
    }
    variant->queue = spw__read_named(file, map, "queue", SPW_NAMES_QUEUES);
    variant->need = spw__read_named(file, map, "need", SPW_NAMES_NEEDS);
    (void)spw__read_whole(reader, map, "priority", 0, SPW_PRIORITY_COUNT - 1, &priority);
    variant->priority = (int)priority;
    variant->flags = stream->flags;
    variant->flags_set = read_flags(reader, map, &variant->flags);
    variant->service = spw__read_dist(file, map, "service");
    variant->patience = spw__read_dist(file, map, "patience");
}

static void read_mix(struct spw__scenario_file *file, const struct spw__yaml *list,
                     struct spw_stream *stream)
{
    struct spw__reader *reader = &file->reader;
    double total = 0;
    if (!spw__expect_list(reader, list, "a list of kinds such as [{share: 10 %, priority: 1}]")) {
        return;
    }
    struct spw_variant *variants =
        spw__scenario_keep(file, list->count ? list->count : 1, sizeof *variants);
    stream->variants = variants;
    for (const struct spw__yaml *item = list->first; item && !reader->failed; item = item->next) {
        struct spw_variant *kind = &variants[stream->variant_count++];
        read_kind(file, item, stream, kind);
        total += kind->share;
    }
    spw__read_seen_as(file, list, stream);
    if (total < 1 - 1e-9 || total > 1 + 1e-9) {
        spw__fail(reader, list, "the shares come to %g %%; expected 100 %%", total * 100);
    }
}

static void read_redial(struct spw__scenario_file *file, const struct spw__yaml *map,
                        struct spw_stream *stream)
{
    static const char *const known[] = {"probability", "after", "attempts", "if_refused", NULL};
    struct spw__reader *reader = &file->reader;
    bool if_refused = false;
    if (!spw__expect_map(reader, map, "a map such as {probability: 40 %, after: 5 min}") ||
        !spw__expect_keys(reader, map, known)) {
        return;
    }
    if (!spw__read_share(reader, map, "probability", &stream->redial_probability)) {
        spw__fail(reader, map, "a redial without `probability`; expected a share such as `40 %%`");
    }
    stream->redial_after = spw__read_dist(file, map, "after");
    const struct spw__yaml *node = spw__yaml_get(map, "attempts");
    if (node && !(node->kind == SPW__YAML_SCALAR && strcmp(node->text, "none") == 0)) {
        int64_t attempts = 0;
        (void)spw__take_whole(reader, node, 1, 1000000, &attempts);
        stream->attempts_max = (uint32_t)attempts;
    }
    (void)spw__read_switch(reader, map, "if_refused", &if_refused);
    stream->redial_if_refused = if_refused;
    if (!node) {
        spw__fail(reader, map,
                  "a redial without `attempts`; expected the most, the first included, "
                  "or `none` for no limit");
    }
}

static bool promises(const struct spw__scenario_file *file, spw_queue queue)
{
    const char *name = spw__name_in_plan(file->plan, SPW_NAMES_QUEUES, queue);
    const struct spw__name *entry =
        name ? spw__name_find(file->plan, SPW_NAMES_QUEUES, name) : NULL;
    return entry && entry->promises > 0;
}

/* Some queue that a promise would wait in makes promises: else nobody is ever called back. */
static void expect_promises(struct spw__scenario_file *file, const struct spw__yaml *map,
                            const struct spw_stream *stream)
{
    bool any = promises(file, stream->callback_queue ? stream->callback_queue : stream->queue);
    for (size_t k = 0; k < stream->variant_count && stream->callback_queue == 0; k++) {
        any = any || (stream->variants[k].queue && promises(file, stream->variants[k].queue));
    }
    if (!any && !file->reader.failed) {
        spw__fail_key(&file->reader, map,
                      "the queue promises no callback; expected one with `callback: {max: ...}` in "
                      "the plan");
    }
}

static void read_callback(struct spw__scenario_file *file, const struct spw__yaml *map,
                          struct spw_stream *stream)
{
    static const char *const known[] = {"offered_at", "accepted", "after",
                                        "queue",      "priority", NULL};
    struct spw__reader *reader = &file->reader;
    int64_t from = 0, priority = 1;
    if (!spw__expect_map(reader, map, "a map such as {offered_at: 20, accepted: 50 %}") ||
        !spw__expect_keys(reader, map, known)) {
        return;
    }
    if (!spw__read_whole(reader, map, "offered_at", 0, INT32_MAX, &from) ||
        !spw__read_share(reader, map, "accepted", &stream->callback_probability)) {
        spw__fail(reader, map,
                  "expected both `offered_at` (number waiting) and `accepted` (share)");
    }
    stream->callback_from = (uint64_t)from;
    stream->callback_after = spw__read_dist(file, map, "after");
    stream->callback_queue = spw__read_named(file, map, "queue", SPW_NAMES_QUEUES);
    (void)spw__read_whole(reader, map, "priority", 1, SPW_PRIORITY_COUNT - 1, &priority);
    stream->callback_priority = (int)priority;
    expect_promises(file, map, stream);
}

static void read_plain(struct spw__scenario_file *file, const struct spw__yaml *map,
                       struct spw_stream *stream)
{
    struct spw__reader *reader = &file->reader;
    int64_t zone = 0, priority = 2;
    uint32_t channel = SPW_CHANNEL_VOICE;
    bool no_token = false;
    stream->queue = spw__read_named(file, map, "queue", SPW_NAMES_QUEUES);
    stream->need = spw__read_named(file, map, "need", SPW_NAMES_NEEDS);
    stream->home = spw__read_centre(file, map);
    (void)spw__read_word(reader, map, "channel", spw__channel_words, &channel);
    (void)spw__read_whole(reader, map, "zone", 0, UINT16_MAX, &zone);
    (void)spw__read_whole(reader, map, "priority", 0, SPW_PRIORITY_COUNT - 1, &priority);
    (void)spw__read_switch(reader, map, "withheld", &no_token);
    (void)read_flags(reader, map, &stream->flags);
    stream->channel = (uint8_t)channel;
    stream->zone = (uint16_t)zone;
    stream->priority = (uint8_t)priority;
    stream->no_token = no_token;
    stream->service = spw__read_dist(file, map, "service");
    stream->patience = spw__read_dist(file, map, "patience");
}

static void read_stream(struct spw__scenario_file *file, const struct spw__yaml *map,
                        struct spw_stream *stream)
{
    static const char *const known[] = {
        "queue",    "need",         "centre", "channel",  "zone",     "priority",
        "arrivals", "mix",          "redial", "callback", "withheld", "service",
        "patience", "unclassified", "severe", "test",     "suspect",  "shared_number",
        "triage",   "transfer",     "line",   "deadline", NULL};
    struct spw__reader *reader = &file->reader;
    const struct spw__yaml *child = NULL;
    if (!spw__expect_map(reader, map, "a map with queue, arrivals, service, patience") ||
        !spw__expect_keys(reader, map, known)) {
        return;
    }
    static const struct spw__required required[] = {
        {"queue", "a queue of the plan, such as `queue: voice`"},
        {"arrivals", "when they come, such as `arrivals: {rate: 12 /min}`"},
        {"service", "how long a talk takes, such as `service: {exponential: 9 min}`"},
        {"patience", "how long they wait, such as `patience: {exponential: 5 min}`, or `never`"},
        {NULL, NULL}};
    if (!spw__expect_required(reader, map, "stream", required)) {
        return;
    }
    stream->name = map->key;
    read_plain(file, map, stream);
    spw__read_arrivals(file, spw__yaml_get(map, "arrivals"), &stream->arrivals);
    if (stream->arrivals.end_s > file->sim.duration_s) {
        stream->arrivals.end_s = file->sim.duration_s;
    }
    if ((child = spw__yaml_get(map, "mix")) != NULL) {
        read_mix(file, child, stream);
    }
    if ((child = spw__yaml_get(map, "redial")) != NULL) {
        read_redial(file, child, stream);
    }
    if ((child = spw__yaml_get(map, "callback")) != NULL) {
        read_callback(file, child, stream);
    }
    spw__read_passages(file, map, stream);
}

void spw__read_people(struct spw__scenario_file *file, const struct spw__yaml *node)
{
    if (!spw__expect_map(&file->reader, node, "a map of streams")) {
        return;
    }
    struct spw_stream *streams =
        spw__scenario_keep(file, node->count ? node->count : 1, sizeof *streams);
    for (const struct spw__yaml *map = node->first; map && !file->reader.failed; map = map->next) {
        read_stream(file, map, &streams[file->sim.stream_count++]);
    }
    file->sim.streams = streams;
}
