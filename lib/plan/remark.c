/*
 * plan/remark.c - what a plan promises and what it lets happen, in sentences: the bound on
 * overtaking (rule I7), how much priority 0 may take (O3), which priorities starve under which
 * load, and where a need insists on the preferred for longer than the target.
 *
 * Starving under accumulating priority: with rates b_h above b_l, the level at which the staff
 * serves grows at a speed p; a priority that grows slower than p is never served. One class above
 * at rho times the capacity gives p = b_h (1 - 1 / rho), so the lower one gets nothing from
 * rho = b_h / (b_h - b_l) on, and a plan is safe up to rho while b_h / b_l < rho / (rho - 1).
 * Who calls: hosts (spillway/plan.h), command/flood/flood.c. Cost: the operations of the plan.
 */
#include <math.h>
#include <stdio.h>

#include "plan/plan.h"

/* What is in force: the defaults, then what the plan sets. */
struct service {
    struct spw__plan plan;
    bool prefers;  /* some skill set some queue */
    unsigned come; /* bit set of the priorities that anybody comes with */
};

/* One field of the order of service, as far as something is told about it. */
static void set_field(struct service *service, uint32_t field, uint32_t index, int64_t value)
{
    struct spw__plan *p = &service->plan;
    switch (field) {
    case SPW_PLAN_HEAD_START:
        p->head_start[index] = value;
        break;
    case SPW_PLAN_HEAD_START_UNCLASSIFIED:
        p->head_start_unclassified = value;
        break;
    case SPW_PLAN_RATE:
        p->rate[index] = (uint64_t)value;
        break;
    case SPW_PLAN_PROTECTED:
        p->protected_on = (uint64_t)value;
        break;
    case SPW_PLAN_PROTECTED_RATE:
        p->protected_rate = value;
        break;
    case SPW_PLAN_STICKY_BONUS:
        p->sticky_bonus = value;
        break;
    case SPW_PLAN_SUSPECT_DELAY:
        p->suspect_delay = value;
        break;
    case SPW_PLAN_CLAIM_AFTER:
        p->claim_after = value;
        break;
    case SPW_PLAN_UNITS:
        p->units[index] = (uint64_t)value;
        break;
    case SPW_PLAN_GROUP:
        p->group[index] = (uint64_t)value;
        break;
    case SPW_PLAN_PREFER_RANK:
    case SPW_PLAN_PREFER_RESERVE:
        service->prefers = true;
        break;
    case SPW_PLAN_ORDER:
        p->order = (uint64_t)value;
        break;
    default:
        break;
    }
}

static void settings(const struct spw_plan *plan, int order, struct service *service)
{
    spw__plan_default(&service->plan);
    service->prefers = false;
    for (uint32_t i = 0; i < plan->op_count; i++) {
        const struct spw_input *input = &plan->ops[i].input;
        if (input->kind == SPW_INPUT_STAGE_SET) {
            set_field(service, input->u.set.field, input->u.set.index, input->u.set.value);
        }
    }
    if (order >= 0) {
        service->plan.order = (uint64_t)order;
    }
}

struct list {
    struct spw_plan_remark *remark;
    size_t count, room;
};

/* The next; what does not fit is written over the last. */
static struct spw_plan_remark *remark(struct list *list, double from_load)
{
    struct spw_plan_remark *next =
        &list->remark[list->count < list->room ? list->count : list->room - 1];
    list->count++;
    *next = (struct spw_plan_remark){.warning = isfinite(from_load), .from_load = from_load};
    return next;
}

static void put_span(char *text, size_t n, spw_ns span)
{
    long long seconds = (long long)(span / SPW_SECOND);
    if (seconds < 120) {
        (void)snprintf(text, n, "%lld s", seconds);
    } else if (seconds % 60 == 0) {
        (void)snprintf(text, n, "%lld min", seconds / 60);
    } else {
        (void)snprintf(text, n, "%lld min %lld s", seconds / 60, seconds % 60);
    }
}

static void put_priorities(char *text, size_t n, int first, int last)
{
    if (first == last) {
        (void)snprintf(text, n, "priority %d", first);
    } else {
        (void)snprintf(text, n, "priorities %d to %d", first, last);
    }
}

/* ---- overtaking -------------------------------------------------------------------------- */

static spw_ns bound_of(const struct service *service, int priority)
{
    return spw__overtaking_bound(&service->plan, service->prefers, priority);
}

static void tell_overtaking(const struct service *p, struct list *list)
{
    if (p->plan.order != SPW_ORDER_HEAD_START && p->plan.order != SPW_ORDER_FIFO) {
        const struct spw_policy *policy = spw_policy_builtin((uint32_t)p->plan.order);
        (void)snprintf(remark(list, INFINITY)->text, SPW_PLAN_REMARK_MAX,
                       "order %s: overtaking has no bound; head-start and fifo have one",
                       policy ? policy->name : "of its own");
        return;
    }
    if (p->prefers || spw__claim_time(&p->plan) >= SPW_FOREVER) {
        (void)snprintf(remark(list, INFINITY)->text, SPW_PLAN_REMARK_MAX,
                       "overtaking has no bound: %s",
                       p->prefers ? "some skill sets prefer some queues"
                                  : "channels differ in the room they take, or exclude each other, "
                                    "and claim_after is never");
        return;
    }
    char text[SPW_PLAN_REMARK_MAX] = "", span[40], who[64];
    size_t used = 0;
    for (int first = 1, last = 1; first < SPW_PRIORITY_COUNT; first = last + 1) {
        last = first;
        while (last + 1 < SPW_PRIORITY_COUNT && bound_of(p, last + 1) == bound_of(p, first)) {
            last++;
        }
        put_span(span, sizeof span, bound_of(p, first));
        put_priorities(who, sizeof who, first, last);
        int more =
            snprintf(text + used, sizeof text - used, "%s%s %s", first > 1 ? ", " : "", who, span);
        used += more > 0 && (size_t)more < sizeof text - used ? (size_t)more : 0;
    }
    (void)snprintf(
        remark(list, INFINITY)->text, SPW_PLAN_REMARK_MAX,
        "overtaking is bounded (I7); a waiting contact is passed by none that comes later "
        "by more than: %.220s",
        text);
}

/* ---- starving ---------------------------------------------------------------------------- */

/* Below the highest rate, from the load on at which that class alone leaves nothing. */
static void tell_accumulating(const struct service *p, struct list *list)
{
    int high = 0; /* the highest rate with which anybody comes */
    for (int i = 1; i < SPW_PRIORITY_COUNT; i++) {
        if ((p->come >> i & 1) && (high == 0 || p->plan.rate[i] > p->plan.rate[high])) {
            high = i;
        }
    }
    for (int first = 1, last = 1; first < SPW_PRIORITY_COUNT; first = last + 1) {
        char who[64];
        last = first;
        while (last + 1 < SPW_PRIORITY_COUNT && p->plan.rate[last + 1] == p->plan.rate[first]) {
            last++;
        }
        unsigned these = (2u << last) - (1u << first);
        if (high == 0 || p->plan.rate[first] >= p->plan.rate[high] || !(p->come & these)) {
            continue;
        }
        double above = (double)p->plan.rate[high], below = (double)p->plan.rate[first];
        double from = above / (above - below);
        put_priorities(who, sizeof who, first, last);
        (void)snprintf(
            remark(list, from)->text, SPW_PLAN_REMARK_MAX,
            "accumulating: nothing is left for %s (rate %g) while priority %d (rate %g) "
            "alone offers %.3g times what the staff can finish; head-start starves nobody",
            who, below / 1000, high, above / 1000, from);
    }
}

static void tell_starving(const struct service *p, struct list *list)
{
    if (p->plan.order == SPW_ORDER_ACCUMULATING) {
        tell_accumulating(p, list);
    } else if (p->plan.order == SPW_ORDER_STRICT) {
        (void)snprintf(
            remark(list, 1)->text, SPW_PLAN_REMARK_MAX,
            "strict: a priority gets nothing while the priorities above it alone offer as much as "
            "the staff can finish; order head-start starves nobody");
    } else if (p->plan.order == SPW_ORDER_LIFO) {
        (void)snprintf(remark(list, 1)->text, SPW_PLAN_REMARK_MAX,
                       "lifo: a canary for comparisons; the longest wait is served last");
    }
}

/* ---- the protected tier ------------------------------------------------------------------ */

static void tell_protected(const struct service *p, struct list *list)
{
    if (!p->plan.protected_on) {
        (void)snprintf(remark(list, INFINITY)->text, SPW_PLAN_REMARK_MAX,
                       "priority 0 is not protected: it competes with the best head start (O3)");
    } else if (p->plan.protected_rate >= SPW_FOREVER) {
        (void)snprintf(remark(list, 1)->text, SPW_PLAN_REMARK_MAX,
                       "nothing bounds priority 0 (O3): while it alone offers as much as the staff "
                       "able to serve a need can finish, everybody else with that need waits");
    } else {
        (void)snprintf(remark(list, INFINITY)->text, SPW_PLAN_REMARK_MAX,
                       "priority 0 goes before all others for %lld offers an hour (O3); what is "
                       "beyond competes with the best head start and is never refused",
                       (long long)p->plan.protected_rate);
    }
}

/* ---- preferred parts of a need -------------------------------------------------------------- */

/* All queues in one remark: a contact that insists on the preferred is late there by the plan
 * itself. */
static void tell_insisting(const struct spw_plan *plan, struct list *list)
{
    char text[SPW_PLAN_REMARK_MAX] = "", span[40], target[40];
    size_t used = 0;
    for (uint32_t i = 0; i < plan->name_count; i++) {
        const struct spw__name *queue = &plan->names[i];
        int tightest = 0;
        for (int p = 1; queue->of == SPW_NAMES_QUEUES && p < SPW_PRIORITY_COUNT; p++) {
            tightest = queue->target[p] < queue->target[tightest] ? p : tightest;
        }
        if (queue->of != SPW_NAMES_QUEUES || queue->insists_for <= queue->target[tightest] ||
            used > 140) {
            continue;
        }
        put_span(span, sizeof span, queue->insists_for);
        put_span(target, sizeof target, queue->target[tightest]);
        int more = snprintf(text + used, sizeof text - used, "%s%.60s %s for a target of %s",
                            used > 0 ? ", " : "", queue->name, span, target);
        used += more > 0 && (size_t)more < sizeof text - used ? (size_t)more : 0;
    }
    if (used > 0) {
        (void)snprintf(
            remark(list, INFINITY)->text, SPW_PLAN_REMARK_MAX,
            "prefer_for is longer than the target, so a contact that finds the preferred "
            "busy is late though others are free: queue %.200s",
            text);
    }
}

uint32_t spw_plan_units(const struct spw_plan *plan, uint32_t channel)
{
    struct service service;
    settings(plan, -1, &service);
    return channel < SPW_CHANNEL_COUNT ? (uint32_t)service.plan.units[channel] : 100;
}

size_t spw_plan_remarks(const struct spw_plan *plan, int order, struct spw_plan_remark *remarks,
                        size_t room)
{
    return spw__plan_remarks(plan, order, (1u << SPW_PRIORITY_COUNT) - 1, remarks, room);
}

size_t spw__plan_remarks(const struct spw_plan *plan, int order, unsigned come,
                         struct spw_plan_remark *remarks, size_t room)
{
    struct service p;
    struct list list = {.remark = remarks, .room = room};
    if (room == 0) {
        return 0;
    }
    settings(plan, order, &p);
    p.come = come;
    tell_overtaking(&p, &list);
    tell_starving(&p, &list);
    tell_protected(&p, &list);
    tell_insisting(plan, &list);
    return list.count < room ? list.count : room;
}
