/*
 * plan/queue.c - queues and centres.
 *
 *   queues:
 *     voice:
 *       need: careful              or: ladder: patient;  plus  language: ar
 *       target: {0: 20 s, 1: 60 s, default: 3 min}
 *       offer_timeout: 20 s
 *       wrap_up: 60 s              none, a time, or `by hand`
 *       waiting_max: 40            or none
 *       callback: {max: 10, attempts: 1, retry: 15 min}      or never
 *       fallback: chat
 *   centres: {north: {zone: 1, reconnect_grace: 60 s, rest_share: 20 %}}
 *
 * Queues are committed in the order of the text, but for a fallback, which comes before the queue
 * that names it. Who calls: plan.c.
 */
#include <string.h>

#include "plan/plan.h"

static bool is_word(const struct spw__yaml *node, const char *word)
{
    return node && node->kind == SPW__YAML_SCALAR && strcmp(node->text, word) == 0;
}

/* One duration or whole number that is set when its key is there, in the bounds of the engine. */
struct field {
    const char *key;
    enum spw_field field;
    int64_t least;
    int64_t most; /* 0: a duration */
};

static void set_fields(struct spw_plan *plan, const struct spw__yaml *map,
                       const struct field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct spw__yaml *node = spw__yaml_get(map, fields[i].key);
        int64_t value = 0;
        if (!node) {
            continue;
        }
        if (fields[i].field == SPW_CENTRE_LEASE && is_word(node, "none")) {
            value = SPW_FOREVER;
        } else if (fields[i].most > 0
                       ? !spw__take_whole(&plan->reader, node, fields[i].least, fields[i].most,
                                          &value)
                       : !spw__take_time(&plan->reader, node, fields[i].least, &value)) {
            return;
        }
        spw__op_set(plan, node, fields[i].field, 0, value);
    }
}

/* ---- targets --------------------------------------------------------------------------------- */

static void set_targets(struct spw_plan *plan, const struct spw__yaml *node, const spw_ns *target)
{
    for (uint32_t p = 0; p < SPW_PRIORITY_COUNT; p++) {
        spw__op_set(plan, node, SPW_QUEUE_TARGET, p, target[p]);
    }
}

/* One time for all priorities, or a map from priorities to times. */
static void read_targets(struct spw_plan *plan, const struct spw__yaml *node, spw_ns *target)
{
    static const char *const known[] = {"0", "1", "2", "3", "4", "5", "6", "7", "default", NULL};
    struct spw__reader *reader = &plan->reader;
    spw_ns every = SPW__TARGET;
    if (node->kind == SPW__YAML_MAP) {
        if (!spw__expect_keys(reader, node, known)) {
            return;
        }
        (void)spw__read_duration(reader, node, "default", &every);
    } else if (!spw__take_duration(reader, node, &every)) {
        return;
    }
    for (int p = 0; p < SPW_PRIORITY_COUNT; p++) {
        target[p] = every;
        if (node->kind == SPW__YAML_MAP) {
            (void)spw__read_duration(reader, node, known[p], &target[p]);
        }
    }
    set_targets(plan, node, target);
}

/* ---- one queue ------------------------------------------------------------------------------- */

static const char *const queue_keys[] = {"need",          "ladder",   "language",   "target",
                                         "offer_timeout", "wrap_up",  "park_grace", "waiting_max",
                                         "retry_after",   "callback", "fallback",   NULL};

/* Need and ladder are staged before the queue is; the operations that commit them. */
struct asked {
    uint32_t need, ladder;
    spw_ns insists_for; /* so long the preferred parts of its need are required */
};

static struct asked stage_asked(struct spw_plan *plan, const struct spw__yaml *node)
{
    struct asked asked = {SPW__OP_NONE, SPW__OP_NONE, 0};
    struct spw__reader *reader = &plan->reader;
    const struct spw__yaml *need_node = spw__yaml_get(node, "need");
    const struct spw__yaml *ladder_node = spw__yaml_get(node, "ladder");
    const struct spw__yaml *language = spw__yaml_get(node, "language");
    struct spw__ladder *ladder = spw__yaml_keep(reader->tree, sizeof *ladder);
    struct spw__need need = {0};
    if (!ladder) {
        spw__fail_memory(reader);
        return asked;
    }
    if (need_node && ladder_node) {
        spw__fail_key(reader, ladder_node,
                      "a queue has `need` or `ladder`, not both: a ladder names "
                      "its first need");
    } else if (ladder_node) {
        const struct spw__name *name = spw__name_take(plan, SPW_NAMES_LADDERS, ladder_node);
        if (!name || !spw__ladder_read(plan, name->node, ladder)) {
            return asked;
        }
    } else if (need_node && !spw__need_read(plan, need_node, &need)) {
        return asked;
    } else {
        spw__ladder_of_need(&need, node, ladder);
    }
    if (language && !reader->failed && spw__expect_text(reader, language, "a language")) {
        spw__ladder_speak(plan, language, ladder);
    }
    asked.insists_for = ladder->insists_for;
    bool anybody = ladder->count == 1 && ladder->steps[0].count == 0;
    if (!reader->failed && !anybody) {
        asked.ladder = spw__ladder_stage(plan, node, ladder, &asked.need);
    }
    return asked;
}

static void set_number(struct spw_plan *plan, const struct spw__yaml *node, enum spw_field field,
                       uint32_t from)
{
    if (from != SPW__OP_NONE) {
        spw__op_set(plan, node, field, 0, 0);
        plan->ops[spw__op_last(plan)].from[0] = from;
        plan->ops[spw__op_last(plan)].hole[0] = SPW__HOLE_VALUE;
    }
}

/* How many callbacks a queue promises at once. */
static int64_t promises_of(struct spw_plan *plan, const struct spw__yaml *queue)
{
    const struct spw__yaml *node = spw__yaml_get(queue, "callback");
    int64_t most = 0;
    if (node && node->kind == SPW__YAML_MAP) {
        (void)spw__read_whole(&plan->reader, node, "max", 0, UINT32_MAX, &most);
    }
    return most;
}

static void set_callback(struct spw_plan *plan, const struct spw__yaml *node)
{
    static const char *const known[] = {"max", "attempts", "retry", NULL};
    static const struct field fields[] = {{"max", SPW_QUEUE_CALLBACK_MAX, 0, UINT32_MAX},
                                          {"attempts", SPW_QUEUE_CALLBACK_ATTEMPTS, 1, 100},
                                          {"retry", SPW_QUEUE_CALLBACK_RETRY, 1, 0}};
    if (is_word(node, "never")) {
        spw__op_set(plan, node, SPW_QUEUE_CALLBACK_MAX, 0, 0);
    } else if (spw__expect_map(&plan->reader, node,
                               "`never`, or {max: 10, attempts: 1, retry: 15 min}") &&
               spw__expect_keys(&plan->reader, node, known)) {
        if (!spw__yaml_get(node, "max")) {
            spw__fail(&plan->reader, node,
                      "callbacks without `max`; expected how many are promised at once");
        }
        set_fields(plan, node, fields, sizeof fields / sizeof fields[0]);
    }
}

static void set_wrap_up(struct spw_plan *plan, const struct spw__yaml *node)
{
    spw_ns wrap_up = 0;
    if (is_word(node, "by hand")) {
        wrap_up = SPW_FOREVER;
    } else if (!is_word(node, "none") && !spw__take_duration(&plan->reader, node, &wrap_up)) {
        return;
    }
    spw__op_set(plan, node, SPW_QUEUE_WRAP_UP, 0, wrap_up);
}

static void set_waiting_max(struct spw_plan *plan, const struct spw__yaml *node)
{
    int64_t most = SPW_FOREVER;
    if (is_word(node, "none") || spw__take_whole(&plan->reader, node, 0, UINT32_MAX, &most)) {
        spw__op_set(plan, node, SPW_QUEUE_WAITING_MAX, 0, most);
    }
}

static void set_queue(struct spw_plan *plan, const struct spw__yaml *node, spw_ns *target)
{
    static const struct field fields[] = {{"offer_timeout", SPW_QUEUE_OFFER_TIMEOUT, 1, 0},
                                          {"park_grace", SPW_QUEUE_PARK_GRACE, 0, 0},
                                          {"retry_after", SPW_QUEUE_RETRY_AFTER, 0, 0}};
    const struct {
        const char *key;
        void (*set)(struct spw_plan *, const struct spw__yaml *);
    } others[] = {
        {"wrap_up", set_wrap_up}, {"waiting_max", set_waiting_max}, {"callback", set_callback}};
    set_fields(plan, node, fields, sizeof fields / sizeof fields[0]);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        const struct spw__yaml *child = spw__yaml_get(node, others[i].key);
        if (child) {
            others[i].set(plan, child);
        }
    }
    const struct spw__yaml *targets = spw__yaml_get(node, "target");
    for (int p = 0; p < SPW_PRIORITY_COUNT; p++) {
        target[p] = SPW__TARGET;
    }
    if (targets) {
        read_targets(plan, targets, target);
    }
}

/* ---- all queues ------------------------------------------------------------------------------ */

static void read_queue(struct spw_plan *plan, const struct spw__yaml *queues,
                       const struct spw__yaml *node, uint32_t depth);

/* A fallback may name a queue that is not declared yet, so the text is asked, not the names. */
static void fail_unknown_queue(struct spw_plan *plan, const struct spw__yaml *queues,
                               const struct spw__yaml *word)
{
    const char **names = spw__yaml_keep(plan->reader.tree, (queues->count + 1) * sizeof *names);
    size_t count = 0;
    if (!names) {
        spw__fail_memory(&plan->reader);
        return;
    }
    for (const struct spw__yaml *node = queues->first; node; node = node->next) {
        names[count++] = node->key;
    }
    const char *nearest = spw__nearest(word->text, names);
    spw__fail(&plan->reader, word, "no queue is called `%.60s`; expected %s%s%s", word->text,
              nearest ? "`" : "one that the plan declares", nearest ? nearest : "",
              nearest ? "`?" : "");
}

/* The operation that commits the fallback, which is read first when it stands later. */
static uint32_t take_fallback(struct spw_plan *plan, const struct spw__yaml *queues,
                              const struct spw__yaml *node, uint32_t depth)
{
    const struct spw__yaml *word = spw__yaml_get(node, "fallback");
    if (!word || is_word(word, "none") ||
        !spw__expect_text(&plan->reader, word, "a queue or `none`")) {
        return SPW__OP_NONE;
    }
    if (depth > 64) {
        spw__fail(&plan->reader, word, "the fallbacks go round in a circle; expected an end");
        return SPW__OP_NONE;
    }
    const struct spw__yaml *other = spw__yaml_get(queues, word->text);
    if (!other) {
        fail_unknown_queue(plan, queues, word);
        return SPW__OP_NONE;
    }
    if (!spw__name_find(plan, SPW_NAMES_QUEUES, word->text)) {
        read_queue(plan, queues, other, depth + 1);
    }
    const struct spw__name *name = spw__name_find(plan, SPW_NAMES_QUEUES, word->text);
    return name ? name->op : SPW__OP_NONE;
}

static void read_queue(struct spw_plan *plan, const struct spw__yaml *queues,
                       const struct spw__yaml *node, uint32_t depth)
{
    if (!spw__expect_map(&plan->reader, node, "a map of the queue's keys, or {}") ||
        !spw__expect_keys(&plan->reader, node, queue_keys)) {
        return;
    }
    uint32_t fallback = take_fallback(plan, queues, node, depth);
    if (plan->reader.failed) {
        return;
    }
    struct asked asked = stage_asked(plan, node);
    if (plan->reader.failed) {
        return;
    }
    spw_ns target[SPW_PRIORITY_COUNT];
    spw__op_begin(plan, node, SPW_STAGE_QUEUE);
    spw__op_set(plan, node, SPW_QUEUE_KEY, 0, (int64_t)(spw__name_key(node->key) >> 1));
    set_number(plan, node, SPW_QUEUE_NEED, asked.need);
    set_number(plan, node, SPW_QUEUE_LADDER, asked.ladder);
    set_number(plan, node, SPW_QUEUE_FALLBACK, fallback);
    set_queue(plan, node, target);
    uint32_t op = spw__op_commit(plan, node, SPW_STAGE_QUEUE);
    struct spw__name *name = spw__name_add(plan, SPW_NAMES_QUEUES, node->key, node, op);
    memcpy(name->target, target, sizeof target);
    name->insists_for = asked.insists_for;
    name->promises = promises_of(plan, node);
}

void spw__read_queues(struct spw_plan *plan)
{
    const struct spw__yaml *queues = spw__yaml_get(plan->root, "queues");
    if (!queues) {
        spw__fail(&plan->reader, plan->root,
                  "the plan has no `queues`; expected at least one, such as `queues: {voice: {}}`");
        return;
    }
    if (!spw__expect_map(&plan->reader, queues, "a map from names to queues")) {
        return;
    }
    if (queues->count == 0) {
        spw__fail(&plan->reader, queues, "no queue; expected at least one, such as {voice: {}}");
    }
    for (const struct spw__yaml *node = queues->first; node && !plan->reader.failed;
         node = node->next) {
        if (!spw__name_find(plan, SPW_NAMES_QUEUES, node->key)) {
            read_queue(plan, queues, node, 0);
        }
    }
}

/* ---- centres --------------------------------------------------------------------------------- */

static void read_centre(struct spw_plan *plan, const struct spw__yaml *node)
{
    static const char *const known[] = {
        "zone", "classes_max", "pools_max", "lease", "reconnect_grace", "rest_share", NULL};
    static const struct field fields[] = {{"zone", SPW_CENTRE_ZONE, 0, 65535},
                                          {"classes_max", SPW_CENTRE_CLASSES_MAX, 16, 1 << 20},
                                          {"pools_max", SPW_CENTRE_POOLS_MAX, 1, 1 << 20},
                                          {"lease", SPW_CENTRE_LEASE, 1, 0},
                                          {"reconnect_grace", SPW_CENTRE_RECONNECT_GRACE, 0, 0}};
    struct spw__reader *reader = &plan->reader;
    const struct spw__yaml *lease_node = spw__yaml_get(node, "lease");
    spw_ns lease = SPW_FOREVER;
    if (!spw__expect_map(reader, node, "a map of the centre's keys, or {}") ||
        !spw__expect_keys(reader, node, known)) {
        return;
    }
    spw__op_begin(plan, node, SPW_STAGE_CENTRE);
    spw__op_set(plan, node, SPW_CENTRE_KEY, 0, (int64_t)(spw__name_key(node->key) >> 1));
    set_fields(plan, node, fields, sizeof fields / sizeof fields[0]);
    if (lease_node && !is_word(lease_node, "none")) {
        (void)spw__take_duration(reader, lease_node, &lease);
    }
    double rest = 0;
    if (spw__read_share(reader, node, "rest_share", &rest)) {
        spw__op_set(plan, node, SPW_CENTRE_REST_SHARE, 0, (int64_t)(rest * 100 + 0.5));
    }
    uint32_t op = spw__op_commit(plan, node, SPW_STAGE_CENTRE);
    spw__name_add(plan, SPW_NAMES_CENTRES, node->key, node, op)->lease = lease;
}

void spw__read_centres(struct spw_plan *plan)
{
    const struct spw__yaml *centres = spw__yaml_get(plan->root, "centres");
    if (!centres) {
        spw__fail(
            &plan->reader, plan->root,
            "the plan has no `centres`; expected at least one, such as `centres: {home: {}}`");
        return;
    }
    if (!spw__expect_map(&plan->reader, centres, "a map from names to centres")) {
        return;
    }
    if (centres->count == 0) {
        spw__fail(&plan->reader, centres, "no centre; expected at least one, such as {home: {}}");
    }
    for (const struct spw__yaml *node = centres->first; node && !plan->reader.failed;
         node = node->next) {
        read_centre(plan, node);
    }
}
