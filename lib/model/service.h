/*
 * model/service.h - the order of service: what a plan may say, what holds until it says so, and
 * what follows from its numbers alone.
 */
#ifndef SPW__MODEL_SERVICE_H
#define SPW__MODEL_SERVICE_H

#include <spillway/base.h>
#include <spillway/input.h>

#include <stdbool.h>

/* From first arrival to a human, for a queue that says nothing. */
#define SPW__TARGET (60 * SPW_SECOND)

struct spw__plan {
    spw_ns head_start[SPW_PRIORITY_COUNT];
    spw_ns head_start_unclassified;
    uint64_t protected_on;
    spw_ns protected_rate; /* per hour; SPW_FOREVER = none */
    uint64_t protected_burst;
    uint64_t unclassified_share;
    uint64_t order;
    uint64_t chooser;
    uint64_t rate[SPW_PRIORITY_COUNT];
    uint64_t units[SPW_CHANNEL_COUNT];
    uint64_t group[SPW_CHANNEL_COUNT];
    spw_ns claim_after;
    spw_ns decline_for;
    uint64_t miss_max;
    spw_ns resume_grace;
    spw_ns resume_gap;
    spw_ns credit_max;
    spw_ns sticky_bonus;
    spw_ns transfer_hold;
    spw_ns suspect_delay;
    uint64_t revision;
};

void spw__plan_default(struct spw__plan *plan);

/* H[1] >= ... >= H[7] (rule O2): the first priority with a larger head start than the one before
 * it; 0 if there is none. */
uint32_t spw__head_start_rises(const struct spw__plan *plan);

/* How long a contact may wait for a claim before it competes as an equal; 0 where all channels take
 * the same room and can be held together (rule U2). */
spw_ns spw__claim_time(const struct spw__plan *plan);

/* The bound on overtaking (I7) of an effective priority; SPW_FOREVER: there is none. `prefers`: a
 * skill set prefers some queue. */
spw_ns spw__overtaking_bound(const struct spw__plan *plan, bool prefers, int priority);

#endif
