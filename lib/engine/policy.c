/*
 * engine/policy.c - the built-in policies, those that the host registers, and the calls to them.
 *
 * Invariant: nothing that a hook calls can change the engine that asks it: every function that
 * could asserts that the engine is in no call.
 * Sources: head start is the dynamic priority of J. R. Jackson, "Some problems in queueing with
 * dynamic priorities" (1960), elsewhere called earliest deadline with offsets; accumulating
 * priority is that of Kleinrock, "A delay dependent queue discipline" (1964), and of Stanford,
 * Taylor, Ziedins, "Waiting time distributions in the accumulating priority queue" (2014).
 * Who calls: lane.c and search.c for scores, stage.c to select. Cost: that of the hook.
 */
#include <string.h>

#include "engine/verbs.h"

static void order_head_start(const void *params, const struct spw_decision *decision,
                             const struct spw_head *heads, size_t n, int64_t *scores)
{
    (void)params;
    (void)decision;
    for (size_t i = 0; i < n; i++) {
        scores[i] = heads[i].arrived_at - heads[i].head_start;
    }
}

static void order_fifo(const void *params, const struct spw_decision *decision,
                       const struct spw_head *heads, size_t n, int64_t *scores)
{
    (void)params;
    (void)decision;
    for (size_t i = 0; i < n; i++) {
        scores[i] = heads[i].arrived_at;
    }
}

static void order_strict(const void *params, const struct spw_decision *decision,
                         const struct spw_head *heads, size_t n, int64_t *scores)
{
    (void)params;
    (void)decision;
    for (size_t i = 0; i < n; i++) {
        scores[i] = heads[i].priority;
    }
}

/*
 * Milli-units per second times age. In microseconds the product fits for a hundred days at the
 * highest rate; beyond, all are equally late.
 */
static void order_accumulating(const void *params, const struct spw_decision *decision,
                               const struct spw_head *heads, size_t n, int64_t *scores)
{
    (void)params;
    for (size_t i = 0; i < n; i++) {
        int64_t age_us = (decision->now - heads[i].arrived_at) / 1000;
        int64_t earned = 0;
        bool over = __builtin_mul_overflow(age_us, (int64_t)heads[i].rate, &earned);
        scores[i] = over ? -INT64_MAX : -earned;
    }
}

static void order_deadline(const void *params, const struct spw_decision *decision,
                           const struct spw_head *heads, size_t n, int64_t *scores)
{
    (void)params;
    (void)decision;
    for (size_t i = 0; i < n; i++) {
        int64_t by_target = heads[i].target_ns >= SPW_FOREVER
                                ? SPW_FOREVER
                                : heads[i].arrived_at + heads[i].target_ns;
        scores[i] = heads[i].deadline < by_target ? heads[i].deadline : by_target;
    }
}

static void order_longest_queue(const void *params, const struct spw_decision *decision,
                                const struct spw_head *heads, size_t n, int64_t *scores)
{
    (void)params;
    (void)decision;
    for (size_t i = 0; i < n; i++) {
        scores[i] = -(int64_t)heads[i].queue_length;
    }
}

static void order_lifo(const void *params, const struct spw_decision *decision,
                       const struct spw_head *heads, size_t n, int64_t *scores)
{
    (void)params;
    (void)decision;
    for (size_t i = 0; i < n; i++) {
        scores[i] = -heads[i].arrived_at;
    }
}

#define BUILTIN(title, flag, hook)                                                                 \
    {                                                                                              \
        .size = sizeof(struct spw_policy), .abi = SPW_POLICY_REVISION, .name = title,              \
        .revision = 1, .flags = (flag), .order = (hook)                                            \
    }

const struct spw_policy *spw_policy_builtin(uint32_t order)
{
    static const struct spw_policy builtin[] = {
        [SPW_ORDER_HEAD_START] = BUILTIN("head-start", SPW_POLICY_STATIC, order_head_start),
        [SPW_ORDER_FIFO] = BUILTIN("fifo", SPW_POLICY_STATIC, order_fifo),
        [SPW_ORDER_STRICT] = BUILTIN("strict", SPW_POLICY_STATIC, order_strict),
        [SPW_ORDER_ACCUMULATING] = BUILTIN("accumulating", 0, order_accumulating),
        [SPW_ORDER_DEADLINE] = BUILTIN("deadline", SPW_POLICY_STATIC, order_deadline),
        [SPW_ORDER_LONGEST_QUEUE] = BUILTIN("longest-queue", 0, order_longest_queue),
        [SPW_ORDER_LIFO] = BUILTIN("lifo", SPW_POLICY_STATIC | SPW_POLICY_NEWEST_FIRST, order_lifo),
    };
    return order < SPW_ORDER_CUSTOM ? &builtin[order] : NULL;
}

const struct spw_policy *spw__policy_select(const struct spw_engine *e, uint64_t order)
{
    if (order < SPW_ORDER_CUSTOM) {
        return spw_policy_builtin((uint32_t)order);
    }
    uint64_t number = order - SPW_ORDER_CUSTOM;
    return number < e->policy_count ? &e->policy[number] : NULL;
}

bool spw__policy_static(const struct spw_engine *e)
{
    return (e->order->flags & SPW_POLICY_STATIC) != 0;
}

/* Danger in a tier of its own is served first come, first served, whatever the policy (rule O1). */
bool spw__newest_first(const struct spw_engine *e, const struct spw__class *k)
{
    return (e->order->flags & SPW_POLICY_NEWEST_FIRST) != 0 &&
           !(k->effective == 0 && e->plan.protected_on);
}

void spw__policy_order(struct spw_engine *e, const struct spw_decision *decision, size_t n)
{
    e->order->order(e->order->params, decision, e->heads, n, e->score);
}

void spw__policy_choose(struct spw_engine *e, const struct spw_decision *decision, size_t n)
{
    e->order->choose(e->order->params, decision, e->idles, n, e->score);
}

/* What a policy is told of a class: its first, or another of it. */
void spw__fill_head(const struct spw_engine *e, const struct spw__class *k, uint32_t x,
                    struct spw_head *head)
{
    const struct spw__contact *contact = &e->contact[x];
    uint64_t queue_length = spw__count_waiting(&e->pair[k->pair]);
    *head = (struct spw_head){
        .arrived_at = contact->arrived_at,
        .queued_at = contact->queued_at,
        .target_ns = e->queue[k->queue].target[k->base],
        .deadline = contact->extra != SPW_NONE && e->extra[contact->extra].deadline != 0
                        ? e->extra[contact->extra].deadline
                        : SPW_FOREVER,
        .head_start = spw__head_start(e, k),
        .length = k->length,
        .queue_length = (uint32_t)queue_length,
        .queue = k->queue,
        .priority = k->effective == 0 ? 1 : k->effective,
        .base_priority = k->base,
        .channel = k->channel,
        .flags = contact->flags,
        .rate = (uint32_t)e->plan.rate[k->effective],
    };
}

/*
 * The score that x would have if it had come earlier by `ahead`, whatever the policy (rule M): for
 * orders by time the key less the bonus, for others what the policy makes of it.
 */
int64_t spw__score_ahead(struct spw_engine *e, const struct spw__class *k, uint32_t x,
                         const struct spw_decision *decision, spw_ns ahead)
{
    struct spw_head head;
    int64_t score = 0;
    spw__fill_head(e, k, x, &head);
    head.arrived_at -= ahead;
    if (spw__policy_static(e)) {
        head.length = 0;
        head.queue_length = 0;
    }
    e->order->order(e->order->params, decision, &head, 1, &score);
    return score;
}

static bool name_good(const struct spw_policy *policy)
{
    size_t length = 0;
    while (length < sizeof policy->name && policy->name[length] != '\0') {
        char c = policy->name[length++];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) {
            return false;
        }
    }
    return length > 0 && length < sizeof policy->name;
}

/* Reads a policy of any age into the layout of this library: hooks that it lacks are null. */
static int policy_read(const struct spw_policy *from, struct spw_policy *to)
{
    if (from == NULL || from->size < SPW_POLICY_SIZE_V1) {
        return SPW_E_POLICY;
    }
    const unsigned char *bytes = (const unsigned char *)from;
    for (uint32_t i = (uint32_t)sizeof *to; i < from->size; i++) {
        if (bytes[i] != 0) {
            return SPW_E_NEWER;
        }
    }
    memset(to, 0, sizeof *to);
    memcpy(to, from, from->size < sizeof *to ? from->size : sizeof *to);
    to->size = (uint32_t)sizeof *to;
    return to->abi > SPW_POLICY_REVISION ? SPW_E_NEWER : SPW_OK;
}

int spw_policy_register(struct spw_engine *engine, const struct spw_policy *policy,
                        uint32_t *number)
{
    const uint32_t known = SPW_POLICY_STATIC | SPW_POLICY_NEWEST_FIRST;
    struct spw_policy full;
    SPW_ASSERT(engine != NULL && !engine->in_call);
    int error = policy_read(policy, &full);
    if (error != SPW_OK) {
        return error;
    }
    if (number == NULL || full.abi != SPW_POLICY_REVISION || !name_good(&full) ||
        full.order == NULL || (full.flags & ~known) != 0) {
        return SPW_E_POLICY;
    }
    for (uint32_t i = 0; i < engine->policy_count; i++) {
        if (memcmp(engine->policy[i].name, full.name, strlen(full.name) + 1) == 0) {
            return SPW_E_DUPLICATE;
        }
    }
    if (engine->policy_count == SPW__POLICIES_MAX) {
        return SPW_E_FULL;
    }
    engine->policy[engine->policy_count] = full;
    *number = engine->policy_count++;
    return SPW_OK;
}
