/*
 * spillway/event.h - what the engine says.
 *
 * Events are fixed-size records, written in full, polled in order; sequence numbers start at 1 and
 * have no gaps. They carry numbers only: no name, address or text of a person.
 *
 * Every decision explains itself: OFFER carries the policy and its revision, how long the contact
 * waited, the runner-up, and how many entries were looked past.
 */
#ifndef SPILLWAY_EVENT_H
#define SPILLWAY_EVENT_H

#include <spillway/base.h>

#ifdef __cplusplus
extern "C" {
#endif

enum spw_contact_state {
    SPW_CONTACT_GONE = 0,
    SPW_CONTACT_WAITING = 1,
    SPW_CONTACT_OFFERED = 2,
    SPW_CONTACT_CONNECTED = 3,
    SPW_CONTACT_TRANSFERRING = 4, /* warm: the old counsellor keeps it until the new one accepts */
    SPW_CONTACT_PARKED = 5,
    SPW_CONTACT_CALLBACK = 6, /* promised; waits without the person */
    SPW_CONTACT_AWAY = 7      /* owned by another engine */
};

enum spw_counsellor_state {
    SPW_COUNSELLOR_OUT = 0,
    SPW_COUNSELLOR_PAUSED = 1,
    SPW_COUNSELLOR_ON = 2,            /* ready; takes contacts while it has capacity */
    SPW_COUNSELLOR_NOT_ANSWERING = 3, /* missed too many offers; must say ready itself */
    SPW_COUNSELLOR_GONE_SILENT = 4,   /* connection lost; keeps what it holds during the grace */
    SPW_COUNSELLOR_LEAVING = 5        /* signed out; OUT when nothing is held */
};

/* number, NAME, what it says; which members are used beside the common ones */
#define SPW_EVENT_MAP(X)                                                                           \
    X(1, WAITING) /* contact waits; reason: enum spw_why; on duty: ON or GONE_SILENT */            \
    X(2, OFFER)   /* contact to counsellor; until = offer deadline; runner_up; detail_a =  \
                             entries looked past; flags: enum spw_event_flag */       \
    X(3, OFFER_WITHDRAWN) /* the offer no longer stands; reason: enum spw_why */                   \
    X(4, OFFER_LOST)      /* this counsellor's accept came too late */                             \
    X(5, OFFER_MISSED)    /* not answered in time; detail_a = missed in a row */                   \
    X(6, OFFER_DECLINED)                                                                           \
    X(7, CONNECTED) /* waited = from first arrival */                                              \
    X(8, ENDED)     /* reason: enum spw_end; waited = until connected or left */                   \
    X(9, REFUSED)   /* never got a place; reason: enum spw_end; until = retry after */             \
    X(10, PARKED)   /* until = end of grace */                                                     \
    X(11, RESUMED)                                                                                 \
    X(12, MOVED)        /* new class; reason: enum spw_why; detail_a = step or old queue */        \
    X(13, CALLBACK_SET) /* until = due */                                                          \
    X(14, CALLBACK_DUE)                                                                            \
    X(15, TRANSFERRING)                                                                            \
    X(16, TRANSFER_ENDED) /* cancelled, or the old counsellor is released: reason */               \
    X(17, CLAIMED)        /* counsellor is kept for contact until it fits */                       \
    X(18, CLAIM_RELEASED)                                                                          \
    X(20,                                                                                          \
      COUNSELLOR)  /* detail_a = enum spw_counsellor_state; reason; cookie = reason of a pause */  \
    X(21, WRAP_UP) /* counsellor wraps up contact; until */                                        \
    X(22, WRAPPED_UP)                                                                              \
    X(23, BREAK_DUE)     /* limits reached; reason; detail_a = streak or contacts */               \
    X(24, PULL_EMPTY)    /* nothing to offer to who asked */                                       \
    X(25, BREAK_PUT_OFF) /* by the counsellor: due again after the next talk */                    \
    X(30, QUEUE)         /* detail_a: 1 open, 0 closed */                                          \
    X(31, CENTRE)        /* detail_a: 1 open, 0 closed, 2 dark */                                  \
    X(32, PLAN)          /* a plan came into force: policy_revision */                             \
    X(33, FROZEN)                                                                                  \
    X(34, THAWED)                                                                                  \
    X(35, PROTECTED_EMPTY) /* the protected share is used up: priority 0 competes in tier 1 */     \
    X(36, SUPERVISED)      /* said before what follows from it: see struct spw_event */            \
    X(40, RECONCILED)      /* a fact did not fit; reason: enum spw_reconciled */                   \
    X(41, CLOCK_BACK)      /* detail_a = nanoseconds */                                            \
    X(42, GAP)                                                                                     \
    X(43, BACKLOG) /* detail_a: 1 begins, 0 done */

enum spw_event_kind {
#define SPW_EVENT_VALUE(number, name) SPW_EVENT_##name = (number),
    SPW_EVENT_MAP(SPW_EVENT_VALUE)
#undef SPW_EVENT_VALUE
};

/* Why something is as it is: the reason of WAITING, MOVED, OFFER_WITHDRAWN, COUNSELLOR. */
enum spw_why {
    SPW_WHY_NONE = 0,
    SPW_WHY_NOBODY_FREE, /* somebody is able and on duty, nobody has room */
    SPW_WHY_NOBODY_ABLE, /* nobody on duty is able */
    SPW_WHY_FROZEN,
    SPW_WHY_DECLINED,
    SPW_WHY_MISSED,
    SPW_WHY_COUNSELLOR_LOST,
    SPW_WHY_LEFT,
    SPW_WHY_PARKED,
    SPW_WHY_STEP, /* its ladder moved on */
    SPW_WHY_RECLASSIFIED,
    SPW_WHY_QUEUE_CLOSED,
    SPW_WHY_TRANSFER,
    SPW_WHY_PLAN,
    SPW_WHY_SUPERVISOR,
    SPW_WHY_REQUEST, /* somebody asked for it */
    SPW_WHY_LEASE,   /* no heartbeat within the lease */
    SPW_WHY_GRACE_OVER,
    SPW_WHY_CENTRE_DARK,
    SPW_WHY_RESTART,
    SPW_WHY_STICKY,
    SPW_WHY_ACCEPTED_ELSEWHERE,
    SPW_WHY_SKILLS,
    SPW_WHY_CALLBACK,
    SPW_WHY_SEVERE_STREAK,
    SPW_WHY_LOAD,
    SPW_WHY_BACK, /* a sign of life of somebody who was thought lost */
    SPW_WHY_FULL, /* the counsellor cannot hold one more */
    SPW_WHY_COUNT
};

/* How a fact that did not fit was reconciled. */
enum spw_reconciled {
    SPW_RECONCILED_GONE = 1,      /* the object had ended; nothing more to do */
    SPW_RECONCILED_LATE_ACCEPT,   /* accepted while no offer to that one stands: it wins */
    SPW_RECONCILED_ALREADY = 4,   /* it was so already */
    SPW_RECONCILED_DUPLICATE,     /* an arrival with the id of a live contact: no second one */
    SPW_RECONCILED_OVERLOAD,      /* holds more than its capacity by a late accept */
    SPW_RECONCILED_QUEUE_CLOSED,  /* arrived for a closed queue: taken by its fallback */
    SPW_RECONCILED_NOT_CONNECTED, /* served or cut, but never connected: taken as left */
    SPW_RECONCILED_STATE          /* moved to the nearest legal state */
};

/* The one closed list of reasons why a contact is not offered to a counsellor, in this order. */
#define SPW_BLOCK_MAP(X)                                                                           \
    X(0, NONE)                                                                                     \
    X(1, LAW)                                                                                      \
    X(2, EXCLUDED)                                                                                 \
    X(3, NEED)                                                                                     \
    X(4, NOT_READY)                                                                                \
    X(5, LIMIT)                                                                                    \
    X(6, LINK)                                                                                     \
    X(7, RESERVE)                                                                                  \
    X(8, CAP)                                                                                      \
    X(9, P0_HOLD)                                                                                  \
    X(10, CLAIMED)                                                                                 \
    X(11, DECLINED)                                                                                \
    X(12, STICKY)                                                                                  \
    X(13, GROUP)                                                                                   \
    X(14, UNITS)                                                                                   \
    X(15, ADMISSION)

enum spw_block {
#define SPW_BLOCK_VALUE(number, name) SPW_BLOCK_##name = (number),
    SPW_BLOCK_MAP(SPW_BLOCK_VALUE)
#undef SPW_BLOCK_VALUE
};

enum spw_event_flag {
    SPW_EVENT_FLAG_TEST = 1,
    SPW_EVENT_FLAG_PERSONAL = 2,   /* the contact had wishes or refusals of its own */
    SPW_EVENT_FLAG_ASSIGNED = 4,   /* by a supervisor, not by the policy */
    SPW_EVENT_FLAG_OVER_LIMIT = 8, /* priority 0 broke a counsellor's limit */
    SPW_EVENT_FLAG_BY_CONTACT =
        16, /* decided when the contact became possible, not the counsellor */
    SPW_EVENT_FLAG_STICKY = 32,
    SPW_EVENT_FLAG_LOOK_PAST_END = 64 /* the look-past limit of 64 was reached */
};

/* SUPERVISED: flags = the kind of the input, reason = the host's number of the reason, detail_a =
 * the actor, until = the expiry asked for. */
struct spw_event {
    uint64_t sequence;
    spw_ns at;
    uint16_t kind; /* enum spw_event_kind */
    uint16_t reason;
    uint8_t priority; /* base priority of the contact */
    uint8_t state;    /* enum spw_contact_state after the event */
    uint16_t flags;   /* enum spw_event_flag */
    spw_contact contact;
    spw_id id;
    uint64_t cookie;
    spw_counsellor counsellor;
    spw_centre centre; /* home centre of the contact, or centre of the counsellor */
    spw_queue queue;
    spw_ns waited; /* since the first arrival */
    spw_ns until;
    spw_contact runner_up;
    uint32_t policy;          /* enum spw_order in force */
    uint32_t policy_revision; /* SPW_PLAN_REVISION in force */
    uint64_t detail_a;
};

SPW_API const char *spw_event_name(uint32_t kind);
SPW_API const char *spw_block_name(uint32_t block);
SPW_API const char *spw_why_name(uint32_t why);
SPW_API const char *spw_end_name(uint32_t end);

#ifdef __cplusplus
}
#endif

#endif
