/*
 * spillway/view.h - questions that change nothing.
 *
 * All of them take a const engine: several threads may ask at once, as long as none changes it.
 * They do not look ahead at deadlines that are due and have not fired: call spw_advance first if
 * the answer must be that of now. Out-structs are written in full on SPW_OK, and never by half.
 * Costs are named where they are not constant; the engine itself uses none of these.
 */
#ifndef SPILLWAY_VIEW_H
#define SPILLWAY_VIEW_H

#include <spillway/engine.h>

#ifdef __cplusplus
extern "C" {
#endif

struct spw_contact_view {
    spw_id id;
    uint64_t cookie;
    spw_ns arrived_at;
    spw_ns queued_at;          /* start of this wait; PARKED: until when it waited */
    spw_counsellor counsellor; /* offered to or held by; zero = none */
    spw_counsellor to;         /* warm transfer: offered to */
    spw_centre home;
    spw_queue queue;
    spw_need need; /* in force now */
    uint32_t step; /* ladder steps taken */
    uint16_t zone;
    uint8_t state; /* enum spw_contact_state */
    uint8_t channel;
    uint8_t priority;  /* base */
    uint8_t effective; /* after raises */
    uint8_t flags;
    uint8_t reserved_0;
    uint32_t declines; /* counsellors it is kept from: declines, pulls, transfers, exclusions; the
                          first three as long as they are remembered, at most 8 in all */
    spw_ns until; /* nearest of: offer time-out, end of the grace, callback due, next step, end of a
                     hold, of a safe window, of a work item's use; SPW_FOREVER if none */
};
/* A contact as it stands. E_STALE: it has gone, or never was. */
SPW_API int spw_view_contact(const struct spw_engine *engine, spw_contact contact,
                             struct spw_contact_view *view) SPW_MUST_USE;

/* The live contact with that id, or {0}. Cost: constant, by the index over ids. */
SPW_API spw_contact spw_view_find(const struct spw_engine *engine, spw_id id);

struct spw_counsellor_view {
    uint64_t key;
    spw_ns idle_since;
    spw_centre centre;
    spw_skillset skillset;
    uint32_t units;
    uint32_t units_held;
    uint32_t items;  /* contacts held, wrap-ups included */
    uint8_t state;   /* enum spw_counsellor_state */
    uint8_t resting; /* a break runs */
    uint8_t missed;  /* offers missed in a row; over 0: danger rings elsewhere first */
    uint8_t reserved_0;
    spw_contact offer; /* outstanding; zero = none */
    spw_contact claim; /* kept for; zero = none */
};
/* A counsellor as it stands; with several offers, one of them. E_STALE: removed, or never was.
 * Cost: config.items_max. */
SPW_API int spw_view_counsellor(const struct spw_engine *engine, spw_counsellor counsellor,
                                struct spw_counsellor_view *view) SPW_MUST_USE;
/* The counsellor with the host's key, or {0}. Cost: constant, by the index over keys. */
SPW_API spw_counsellor spw_view_counsellor_find(const struct spw_engine *engine, uint64_t key);

/* The object that has the host's key, or 0; key 0 finds no queue and no centre. Cost: the number of
 * skills, queues, centres. */
SPW_API spw_skill spw_view_skill_find(const struct spw_engine *engine, uint64_t key);
SPW_API spw_queue spw_view_queue_find(const struct spw_engine *engine, uint64_t key);
SPW_API spw_centre spw_view_centre_find(const struct spw_engine *engine, uint64_t key);

struct spw_queue_view {
    uint64_t key;
    uint64_t live; /* everybody in it: waiting, offered, connected, parked, promised; tests too */
    spw_need need; /* of the first step, where it has a ladder */
    spw_ladder ladder;
    spw_queue fallback;
    uint32_t open; /* 0: closed */
};
/* A queue as it stands. E_UNKNOWN: no such queue. Cost: the pairs of centre and queue that have
 * had a contact. */
SPW_API int spw_view_queue(const struct spw_engine *engine, spw_queue queue,
                           struct spw_queue_view *view) SPW_MUST_USE;

struct spw_centre_view {
    uint64_t key;
    spw_ns lease;         /* SPW_FOREVER: none */
    spw_ns frozen_until;  /* 0: not frozen; a freeze of all centres is not in it */
    uint32_t classes_max; /* as it was cut at its commit */
    uint32_t pools_max;
    uint32_t zone;
    uint32_t open; /* 0: closed, or dark */
    uint32_t dark;
    uint32_t reserved_0;
};
/* A centre as it stands. E_UNKNOWN: no such centre. */
SPW_API int spw_view_centre(const struct spw_engine *engine, spw_centre centre,
                            struct spw_centre_view *view) SPW_MUST_USE;

struct spw_depth {
    uint64_t waiting;
    uint64_t offered;
    uint64_t connected;
    uint64_t parked;
    uint64_t callbacks; /* promised, not due */
    uint64_t waiting_by_priority[SPW_PRIORITY_COUNT];
    spw_ns head_wait; /* age of the oldest waiting; 0 if none */
    spw_ns head_wait_by_priority[SPW_PRIORITY_COUNT];
};
/*
 * Live state of a queue at a centre (centre 0 = all; queue 0 = all). The waiting leave out test
 * contacts and contacts that talk while a warm transfer looks for another counsellor: a warm
 * transfer counts as connected. E_UNKNOWN: no such centre or queue. Cost: the pairs of centre and
 * queue that have had a contact, and the classes.
 */
SPW_API int spw_view_depth(const struct spw_engine *engine, spw_centre centre, spw_queue queue,
                           struct spw_depth *depth) SPW_MUST_USE;

/*
 * How many waiting contacts of its own class, or of classes at the same centre that share at least
 * one able counsellor on duty, are ordered before this one under the policy in force (by place,
 * where its scores move with time). An upper bound for position announcements.
 * E_STALE: gone. E_STATE: it neither waits nor looks for a counsellor by a warm transfer.
 * Cost: the number of classes, plus as many contacts as are ahead.
 */
SPW_API int spw_view_ahead(const struct spw_engine *engine, spw_contact contact,
                           uint64_t *ahead) SPW_MUST_USE;

struct spw_wait_estimate {
    int known;   /* 0: no basis, then low and high are 0 */
    spw_ns low;  /* ns from now */
    spw_ns high; /* ns from now, at most SPW_FOREVER */
};
/*
 * Estimated wait as an interval, from the number ahead, able counsellors on duty and the measured
 * length of talks in its queue (Markovian queue-length estimate of Whitt 1999, patience left out):
 * the mean and about two standard deviations to each side. No basis: fewer than 20 talks of the
 * queue have ended, nobody able is on duty, or more than a million are ahead. Errors and cost are
 * those of spw_view_ahead, and the pools of the centre.
 */
SPW_API int spw_view_wait(const struct spw_engine *engine, spw_contact contact,
                          struct spw_wait_estimate *estimate) SPW_MUST_USE;

/* The first reason of the closed list (enum spw_block) why this contact is not offered to this
 * counsellor now; SPW_BLOCK_NONE (0) if nothing stands in the way: then others go before it.
 * Negative: E_STALE: one of them has gone. E_STATE: the contact neither waits nor looks for a
 * counsellor by a warm transfer. Cost: bars and items of the two, and the preferences of the plan.
 */
SPW_API int spw_view_block(const struct spw_engine *engine, spw_contact contact,
                           spw_counsellor counsellor) SPW_MUST_USE;

/* How many counsellors of the contact's centre are stopped by each reason; counts[enum spw_block],
 * all zero on an error. E_STALE, E_STATE: as above. Cost: all counsellors of the engine. */
SPW_API int spw_view_why_not(const struct spw_engine *engine, spw_contact contact,
                             uint64_t counts[SPW_BLOCK_COUNT]) SPW_MUST_USE;

/*
 * In every row and sum: arrived + moved_in = live + ended[] + moved_out + away. A callback
 * counts as connected (within_target, at_once, the sums of waits, served-by) once the person is
 * reached: when the host says REACHED, or that the talk ended SERVED or CUT, was left, dropped,
 * resumed or transferred. Its wait runs to the moment the counsellor took it. An attempt that
 * reaches nobody is only an `accepted`.
 */
struct spw_counters {
    uint64_t arrived;
    uint64_t attempts; /* arrivals plus resumes */
    uint64_t moved_in;
    uint64_t moved_out;
    uint64_t away;
    uint64_t live;
    uint64_t ended[SPW_END_PLACES]; /* by enum spw_end, refusals included */
    uint64_t offers;
    uint64_t accepted;
    uint64_t declined;
    uint64_t missed;
    uint64_t within_target;      /* connected within the queue's target, from first arrival */
    uint64_t connected;          /* people who got to talk, once each; callbacks: see above */
    uint64_t at_once;            /* connected without having waited */
    uint64_t waited_ns_answered; /* sums, saturating */
    uint64_t waited_ns_all;
    uint64_t lost_to_limits; /* gave up while an able counsellor had room and only a limit stood in
                                the way (rule S5); never in danger or in a freeze, where it is not
                                the limit that keeps them */
};
/*
 * Counters since creation per (home centre, queue, base priority); centre or queue 0 sums over all,
 * priority -1 likewise. `test` 1 gives those of test contacts, which are counted apart and not by
 * priority. E_UNKNOWN: no such centre or queue. E_RANGE: priority. Cost: the pairs of centre and
 * queue that have had a contact.
 */
SPW_API int spw_view_counters(const struct spw_engine *engine, spw_centre centre, spw_queue queue,
                              int priority /* -1 = all */, int test,
                              struct spw_counters *counters) SPW_MUST_USE;

/* The target of a queue for a priority: ns from first arrival to a human. E_UNKNOWN: no such queue.
 * E_RANGE: priority. */
SPW_API int spw_view_target(const struct spw_engine *engine, spw_queue queue, int priority,
                            spw_ns *target) SPW_MUST_USE;

/* First connections of contacts of `home` made by counsellors of `serving`; test contacts are not
 * counted. 0 for centres that do not exist. */
SPW_API uint64_t spw_view_served_by(const struct spw_engine *engine, spw_centre home,
                                    spw_centre serving);

/*
 * The printed bound on overtaking (rule I7): under head-start or fifo a counsellor whom nothing
 * keeps from a waiting contact of effective priority `priority` (1..7) is not offered another
 * contact that arrived more than this later: the difference of head starts, the sticky bonus, and
 * the claim time where channels take different units or cannot be held together. SPW_FOREVER where
 * there is no bound: other orders, preferences in the plan, other priorities.
 */
SPW_API spw_ns spw_view_overtaking_bound(const struct spw_engine *engine, int priority);

struct spw_usage {
    uint32_t contacts, contacts_max;
    uint32_t counsellors, counsellors_max;
    uint32_t centres, queues, skills, skillsets, needs, ladders;
    uint32_t classes, pools;
    uint32_t tokens;
    uint32_t personal, personal_max; /* personal records: declines, wishes, deadlines, callbacks */
    uint32_t reserved_0;
    uint64_t memory_bytes;          /* of the whole engine, fixed at creation */
    uint64_t bytes_per_contact_hot; /* the record that decisions read */
    uint64_t bytes_per_contact_all; /* what spw_engine_size would grow by for each, if contacts_max
                                       were doubled: with index, timers, part of personal records */
};
/* Committed objects, what is used of the capacities, and memory. Cost: the classes and pools. */
SPW_API void spw_view_usage(const struct spw_engine *engine, struct spw_usage *usage);

#ifdef __cplusplus
}
#endif

#endif
