/*
 * plan/service.c - the order of service: everything of a plan that is not a skill, a queue or a
 * centre. It is one stage, put into force last.
 *
 *   order: head-start
 *   chooser: least-flexible
 *   protected: {bound: 200 per 1 h, burst: 10}      or {bound: none}, or `no`
 *   priorities: {1: {head_start: 30 min, rate: 4}, 2: {head_start: 5 min}}
 *   unclassified: {head_start: 10 min, share: 25 %}
 *   units: {voice: 100, chat: 33}
 *   exclusive: [[voice, chat], [voice, text]]       never held together
 *   credit: {grace: 10 min, gap: 2 min, max: 30 min}
 *   transfer_hold: 2 min
 *   suspect_delay: 30 s
 *   prefer: [{skill_set: senior, queue: voice, rank: 1, reserve: 2}]
 *   pool_order: [junior, senior]
 *
 * The bound of the protected tier has no default here: a plan that protects must say how much (rule
 * O3).
 * Who calls: plan.c.
 */
#include <string.h>

#include "plan/plan.h"

static const char *const orders[] = {"head-start", "fifo",          "strict", "accumulating",
                                     "deadline",   "longest-queue", "lifo",   NULL};
static const char *const choosers[] = {"least-flexible",
                                       "longest-idle",
                                       "least-occupied",
                                       "best-level",
                                       "most-idle-pool",
                                       "ordered",
                                       NULL};
static const char *const channels[] = {"voice", "chat", "text", "email", "work", NULL};

static void set_order(struct spw_plan *plan, const struct spw__yaml *root)
{
    uint32_t order = SPW_ORDER_HEAD_START, chooser = SPW_CHOOSE_LEAST_FLEXIBLE;
    const struct spw__yaml *node = spw__yaml_get(root, "order");
    (void)spw__read_word(&plan->reader, root, "order", orders, &order);
    spw__op_set(plan, node ? node : root, SPW_PLAN_ORDER, 0, order);
    plan->order_op = spw__op_last(plan);
    if (spw__read_word(&plan->reader, root, "chooser", choosers, &chooser)) {
        spw__op_set(plan, spw__yaml_get(root, "chooser"), SPW_PLAN_CHOOSER, 0, chooser);
    }
}

static void set_bound(struct spw_plan *plan, const struct spw__yaml *node)
{
    static const char *const known[] = {"bound", "burst", NULL};
    struct spw__reader *reader = &plan->reader;
    if (!spw__expect_map(reader, node,
                         "`no`, or {bound: 200 per 1 h, burst: 10}, or {bound: none}") ||
        !spw__expect_keys(reader, node, known)) {
        return;
    }
    const struct spw__yaml *bound = spw__yaml_get(node, "bound");
    int64_t burst = 0;
    double rate = 0;
    if (!bound) {
        spw__fail(reader, node,
                  "the protected tier has no `bound`; expected a rate, or `none` (what "
                  "then waits behind priority 0 may wait for ever)");
    } else if (bound->kind == SPW__YAML_SCALAR && strcmp(bound->text, "none") == 0) {
        spw__op_set(plan, bound, SPW_PLAN_PROTECTED_RATE, 0, SPW_FOREVER);
    } else if (spw__take_rate(reader, bound, &rate)) {
        double per_hour = rate * 3600 + 0.5;
        if (per_hour < 1 || per_hour > 1e9) {
            spw__fail(reader, bound, "expected between 1 per 1 h and 1000000000 per 1 h");
        }
        spw__op_set(plan, bound, SPW_PLAN_PROTECTED_RATE, 0, (int64_t)per_hour);
    }
    if (spw__read_whole(reader, node, "burst", 1, 1000000, &burst)) {
        spw__op_set(plan, node, SPW_PLAN_PROTECTED_BURST, 0, burst);
    }
}

static void set_protected(struct spw_plan *plan, const struct spw__yaml *root)
{
    const struct spw__yaml *node = spw__yaml_get(root, "protected");
    if (!node) {
        spw__fail(&plan->reader, root,
                  "the plan does not say how much priority 0 may take; expected "
                  "`protected: {bound: 200 per 1 h}`, `{bound: none}` or `no`");
        return;
    }
    bool off = node->kind == SPW__YAML_SCALAR &&
               (strcmp(node->text, "no") == 0 || strcmp(node->text, "false") == 0);
    spw__op_set(plan, node, SPW_PLAN_PROTECTED, 0, !off);
    if (!off) {
        set_bound(plan, node);
    }
}

/* A rate of accumulating priority is in units per second; the engine counts in thousandths. */
static void set_priority(struct spw_plan *plan, const struct spw__yaml *node, uint32_t priority)
{
    static const char *const known[] = {"head_start", "rate", NULL};
    struct spw__reader *reader = &plan->reader;
    spw_ns head_start = 0;
    double rate = 0;
    if (!spw__expect_map(reader, node, "{head_start: 5 min, rate: 2}") ||
        !spw__expect_keys(reader, node, known)) {
        return;
    }
    const struct spw__yaml *start = spw__yaml_get(node, "head_start");
    if (start && spw__take_time(reader, start, 0, &head_start)) {
        if (priority == 0) {
            spw__fail(reader, node, "priority 0 has the best head start always; expected 1 to 7");
        }
        spw__op_set(plan, node, SPW_PLAN_HEAD_START, priority, head_start);
    }
    if (spw__read_number(reader, node, "rate", &rate)) {
        if (rate < 0 || rate > 1000) {
            spw__fail(reader, spw__yaml_get(node, "rate"), "expected a rate from 0 to 1000");
        }
        spw__op_set(plan, node, SPW_PLAN_RATE, priority, (int64_t)(rate * 1000 + 0.5));
    }
}

/* Nobody has a larger head start than the priority above (rule O2), defaults included. */
static void check_head_starts(struct spw_plan *plan, const struct spw__yaml *map)
{
    struct spw__plan service;
    spw__plan_default(&service);
    for (uint32_t i = 0; i < plan->op_count; i++) {
        const struct spw_input *input = &plan->ops[i].input;
        if (input->kind == SPW_INPUT_STAGE_SET && input->u.set.field == SPW_PLAN_HEAD_START) {
            service.head_start[input->u.set.index] = input->u.set.value;
        }
    }
    uint32_t rises = spw__head_start_rises(&service);
    if (rises != 0 && !plan->reader.failed) {
        spw__fail(&plan->reader, map,
                  "priority %u has a larger head start than priority %u, written or by default; "
                  "expected none that rises with the number",
                  rises, rises - 1);
    }
}

static void set_priorities(struct spw_plan *plan, const struct spw__yaml *map)
{
    static const char *const known[] = {"0", "1", "2", "3", "4", "5", "6", "7", NULL};
    if (!map || !spw__expect_map(&plan->reader, map, "a map from priorities to their keys") ||
        !spw__expect_keys(&plan->reader, map, known)) {
        return;
    }
    for (uint32_t p = 0; p < SPW_PRIORITY_COUNT; p++) {
        const struct spw__yaml *node = spw__yaml_get(map, known[p]);
        if (node) {
            set_priority(plan, node, p);
        }
    }
    check_head_starts(plan, map);
}

static void set_unclassified(struct spw_plan *plan, const struct spw__yaml *map)
{
    static const char *const known[] = {"head_start", "share", NULL};
    spw_ns head_start = 0;
    double share = 0;
    if (!map || !spw__expect_map(&plan->reader, map, "{head_start: 10 min, share: 25 %}") ||
        !spw__expect_keys(&plan->reader, map, known)) {
        return;
    }
    const struct spw__yaml *start = spw__yaml_get(map, "head_start");
    if (start && spw__take_time(&plan->reader, start, 0, &head_start)) {
        spw__op_set(plan, map, SPW_PLAN_HEAD_START_UNCLASSIFIED, 0, head_start);
    }
    if (spw__read_share(&plan->reader, map, "share", &share)) {
        spw__op_set(plan, map, SPW_PLAN_UNCLASSIFIED_SHARE, 0, (int64_t)(share * 100 + 0.5));
    }
}

/* ---- capacity -------------------------------------------------------------------------------- */

static void set_units(struct spw_plan *plan, const struct spw__yaml *map)
{
    if (!map || !spw__expect_map(&plan->reader, map, "a map from channels to units of 100") ||
        !spw__expect_keys(&plan->reader, map, channels)) {
        return;
    }
    for (uint32_t c = 0; c < SPW_CHANNEL_COUNT; c++) {
        int64_t units = 0;
        if (spw__read_whole(&plan->reader, map, channels[c], 1, 100, &units)) {
            spw__op_set(plan, map, SPW_PLAN_UNITS, c, units);
        }
    }
}

/* Each list is a set of channels no two of which are held together. */
static void set_exclusive(struct spw_plan *plan, const struct spw__yaml *lists)
{
    struct spw__reader *reader = &plan->reader;
    int64_t group[SPW_CHANNEL_COUNT] = {0};
    if (!lists || !spw__expect_list(reader, lists, "a list of lists of channels")) {
        return;
    }
    for (const struct spw__yaml *list = lists->first; list; list = list->next) {
        int64_t members = 0;
        if (!spw__expect_list(reader, list, "a list of channels, such as [voice, chat]")) {
            return;
        }
        for (const struct spw__yaml *word = list->first; word; word = word->next) {
            uint32_t channel = 0;
            if (!spw__take_word(reader, word, channels, &channel)) {
                return;
            }
            members |= INT64_C(1) << channel;
        }
        for (uint32_t c = 0; c < SPW_CHANNEL_COUNT; c++) {
            group[c] |= (members >> c) & 1 ? members & ~(INT64_C(1) << c) : 0;
        }
    }
    for (uint32_t c = 0; c < SPW_CHANNEL_COUNT; c++) {
        spw__op_set(plan, lists, SPW_PLAN_GROUP, c, group[c]);
    }
}

/* ---- times and numbers ---------------------------------------------------------------------- */

static void set_span(struct spw_plan *plan, const struct spw__yaml *map, const char *key,
                     enum spw_field field)
{
    const struct spw__yaml *node = map ? spw__yaml_get(map, key) : NULL;
    spw_ns span = 0;
    if (node && spw__take_time(&plan->reader, node, 0, &span)) {
        spw__op_set(plan, node, field, 0, span);
    }
}

/* A bound of the engine: suspicion is never more than a delay. */
static void set_suspect_delay(struct spw_plan *plan, const struct spw__yaml *node)
{
    spw_ns delay = 0;
    if (!node || !spw__take_time(&plan->reader, node, 0, &delay)) {
        return;
    }
    if (delay > SPW_MINUTE) {
        spw__fail(&plan->reader, node, "`%.60s`: expected a time of at most 60 s", node->text);
    }
    spw__op_set(plan, node, SPW_PLAN_SUSPECT_DELAY, 0, delay);
}

static void set_times(struct spw_plan *plan, const struct spw__yaml *root)
{
    static const char *const known[] = {"grace", "gap", "max", NULL};
    struct spw__reader *reader = &plan->reader;
    const struct spw__yaml *claim = spw__yaml_get(root, "claim_after");
    const struct spw__yaml *credit = spw__yaml_get(root, "credit");
    if (claim && claim->kind == SPW__YAML_SCALAR && strcmp(claim->text, "never") == 0) {
        spw__op_set(plan, claim, SPW_PLAN_CLAIM_AFTER, 0, SPW_FOREVER);
    } else {
        set_span(plan, root, "claim_after", SPW_PLAN_CLAIM_AFTER);
    }
    set_span(plan, root, "decline_for", SPW_PLAN_DECLINE_FOR);
    set_span(plan, root, "sticky_bonus", SPW_PLAN_STICKY_BONUS);
    set_span(plan, root, "transfer_hold", SPW_PLAN_TRANSFER_HOLD);
    set_suspect_delay(plan, spw__yaml_get(root, "suspect_delay"));
    int64_t number = 0;
    if (spw__read_whole(reader, root, "miss_max", 1, 255, &number)) {
        spw__op_set(plan, spw__yaml_get(root, "miss_max"), SPW_PLAN_MISS_MAX, 0, number);
    }
    if (spw__read_whole(reader, root, "revision", 0, UINT32_MAX, &number)) {
        spw__op_set(plan, spw__yaml_get(root, "revision"), SPW_PLAN_REVISION, 0, number);
    }
    if (credit && spw__expect_map(reader, credit, "{grace: 10 min, gap: 2 min, max: 30 min}") &&
        spw__expect_keys(reader, credit, known)) {
        set_span(plan, credit, "grace", SPW_PLAN_RESUME_GRACE);
        set_span(plan, credit, "gap", SPW_PLAN_RESUME_GAP);
        set_span(plan, credit, "max", SPW_PLAN_CREDIT_MAX);
    }
}

/* ---- preferences of skill sets --------------------------------------------------------------- */

static void set_prefer_field(struct spw_plan *plan, const struct spw__yaml *node, const char *key,
                             enum spw_field field, uint32_t skillset, uint32_t queue)
{
    int64_t value = 0;
    if (!spw__read_whole(&plan->reader, node, key, 0, 1 << 20, &value)) {
        return;
    }
    spw__op_set(plan, node, field, 0, value);
    struct spw__op *op = &plan->ops[spw__op_last(plan)];
    op->from[0] = queue;
    op->hole[0] = SPW__HOLE_INDEX_LOW;
    op->from[1] = skillset;
    op->hole[1] = SPW__HOLE_INDEX_HIGH;
}

static bool set_prefer(struct spw_plan *plan, const struct spw__yaml *node)
{
    static const char *const known[] = {"skill_set", "queue", "rank", "reserve", NULL};
    struct spw__reader *reader = &plan->reader;
    if (!spw__expect_map(reader, node, "{skill_set: senior, queue: voice, rank: 1, reserve: 0}") ||
        !spw__expect_keys(reader, node, known)) {
        return false;
    }
    const struct spw__yaml *set = spw__yaml_get(node, "skill_set"),
                           *queue = spw__yaml_get(node, "queue");
    if (!set || !queue) {
        spw__fail(reader, node, "expected both `skill_set` and `queue`");
        return false;
    }
    const struct spw__name *set_name = spw__name_take(plan, SPW_NAMES_SKILLSETS, set);
    const struct spw__name *queue_name = spw__name_take(plan, SPW_NAMES_QUEUES, queue);
    if (!set_name || !queue_name) {
        return false;
    }
    set_prefer_field(plan, node, "rank", SPW_PLAN_PREFER_RANK, set_name->op, queue_name->op);
    set_prefer_field(plan, node, "reserve", SPW_PLAN_PREFER_RESERVE, set_name->op, queue_name->op);
    plan->prefers++;
    return !reader->failed;
}

static void set_preferences(struct spw_plan *plan, const struct spw__yaml *root)
{
    struct spw__reader *reader = &plan->reader;
    const struct spw__yaml *prefer = spw__yaml_get(root, "prefer");
    if (prefer && spw__expect_list(reader, prefer, "a list of preferences")) {
        for (const struct spw__yaml *node = prefer->first; node; node = node->next) {
            if (!set_prefer(plan, node)) {
                return;
            }
        }
    }
    const struct spw__yaml *order = spw__yaml_get(root, "pool_order");
    if (order && spw__expect_list(reader, order, "a list of skill sets, the first taken first")) {
        int64_t rank = 0;
        for (const struct spw__yaml *node = order->first; node; node = node->next) {
            const struct spw__name *set = spw__name_take(plan, SPW_NAMES_SKILLSETS, node);
            if (!set) {
                return;
            }
            spw__op_set(plan, node, SPW_PLAN_POOL_ORDER, 0, rank++);
            plan->ops[spw__op_last(plan)].from[0] = set->op;
            plan->ops[spw__op_last(plan)].hole[0] = SPW__HOLE_INDEX_LOW;
        }
    }
}

void spw__read_service(struct spw_plan *plan)
{
    const struct spw__yaml *root = plan->root;
    spw__op_begin(plan, root, SPW_STAGE_PLAN);
    spw__op_set(plan, root, SPW_PLAN_AFRESH, 0, 0); /* what the text does not say is a default */
    set_order(plan, root);
    set_protected(plan, root);
    set_priorities(plan, spw__yaml_get(root, "priorities"));
    set_unclassified(plan, spw__yaml_get(root, "unclassified"));
    set_units(plan, spw__yaml_get(root, "units"));
    set_exclusive(plan, spw__yaml_get(root, "exclusive"));
    set_times(plan, root);
    set_preferences(plan, root);
    (void)spw__op_commit(plan, root, SPW_STAGE_PLAN);
}
