/*
 * model/service.c - the order of service that holds until a plan says another, and what its numbers
 * promise. One place for both: the engine that keeps the promise and the reader of plans that tells
 * it.
 *
 * Who calls: engine/field.c, engine/stage.c, engine/view.c; plan/remark.c.
 * Cost: constant.
 */
#include "model/service.h"

void spw__plan_default(struct spw__plan *plan)
{
    *plan = (struct spw__plan){
        .head_start = {0, 1800 * SPW_SECOND, 300 * SPW_SECOND},
        .head_start_unclassified = 600 * SPW_SECOND,
        .protected_on = 1,
        .protected_rate = SPW_FOREVER,
        .protected_burst = 10,
        .unclassified_share = 25,
        .order = SPW_ORDER_HEAD_START,
        .chooser = SPW_CHOOSE_LEAST_FLEXIBLE,
        .rate = {8000, 8000, 4000, 2000, 1000, 1000, 1000, 1000},
        .units = {100, 33, 25, 20, 20},
        .claim_after = 60 * SPW_SECOND,
        .decline_for = 300 * SPW_SECOND,
        .miss_max = 2,
        .resume_grace = 10 * SPW_MINUTE,
        .resume_gap = 2 * SPW_MINUTE,
        .credit_max = 30 * SPW_MINUTE,
        .sticky_bonus = 120 * SPW_SECOND,
        .transfer_hold = 120 * SPW_SECOND,
    };
}

uint32_t spw__head_start_rises(const struct spw__plan *plan)
{
    for (uint32_t p = 2; p < SPW_PRIORITY_COUNT; p++) {
        if (plan->head_start[p] > plan->head_start[p - 1]) {
            return p;
        }
    }
    return 0;
}

spw_ns spw__claim_time(const struct spw__plan *plan)
{
    for (uint32_t channel = 0; channel < SPW_CHANNEL_COUNT; channel++) {
        if (plan->units[channel] != plan->units[0] || plan->group[channel] != 0) {
            return plan->claim_after;
        }
    }
    return 0;
}

spw_ns spw__overtaking_bound(const struct spw__plan *plan, bool prefers, int priority)
{
    spw_ns claim = spw__claim_time(plan);
    if (priority < 1 || priority >= SPW_PRIORITY_COUNT || prefers || claim >= SPW_FOREVER ||
        (plan->order != SPW_ORDER_HEAD_START && plan->order != SPW_ORDER_FIFO)) {
        return SPW_FOREVER;
    }
    spw_ns bound = plan->sticky_bonus + claim;
    if (plan->order == SPW_ORDER_HEAD_START) {
        spw_ns most = plan->head_start[1] > plan->head_start_unclassified
                          ? plan->head_start[1]
                          : plan->head_start_unclassified;
        bound += most - plan->head_start[priority] + plan->suspect_delay;
    }
    return bound < SPW_FOREVER ? bound : SPW_FOREVER;
}
