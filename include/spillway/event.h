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

/*
 * Which members each kind uses. Members that are not named are 0.
 *
 * sequence, at, kind, policy and policy_revision are set in every event.
 * About a contact (c), also: contact, id, cookie, priority, state, queue, centre (its home), waited
 * (ns since the first arrival), flag TEST. About a counsellor (s): counsellor, centre, and
 * detail_a = enum spw_counsellor_state unless something else stands there. (c+s): a contact and
 * the counsellor that it is about. (-): neither; only the members that are named.
 *
 *   kind              of         reason, and the other members
 *   WAITING           c          nobody took the arrival: NOBODY_FREE, NOBODY_ABLE, FROZEN. FULL:
 *                                it is back to waiting, and the centre has no class left for it: it
 *                                keeps its place, asks again every second, and gets no offer before
 *   OFFER             c+s        until = time-out; runner_up = the contact next in order for this
 *                                counsellor, room aside; detail_a = entries looked past, and 64
 *                                more if more contacts wish for this counsellor than are looked at;
 *                                flags: below. state OFFERED, in a warm transfer TRANSFERRING; flag
 *                                CALLBACK: the person is not on the line
 *   OFFER_WITHDRAWN   c+s        reason: enum spw_why
 *   OFFER_MISSED      c+s        MISSED; detail_a = missed in a row by this counsellor
 *   OFFER_DECLINED    c+s        DECLINED
 *   OFFER_LOST        c+s        this counsellor's accept does not count: ACCEPTED_ELSEWHERE, FULL
 *   CONNECTED         c+s        waited = from first arrival to this connection; flag CALLBACK: the
 *                                counsellor calls back now, spw_contact_callback_done tells how it
 *                                went
 *   ENDED             c          enum spw_end; + the counsellor who was talking; state GONE; waited
 *                                = until connected for the talk that ends, dropped, or left
 *   REFUSED           -          enum spw_end: REFUSED_FULL, REFUSED_CLOSED; until = when to try
 *                                again; id, cookie, priority, centre, queue, TEST; never a contact
 *   PARKED            c          PARKED; until = end of the grace
 *   RESUMED           c
 *   MOVED             c          STEP: detail_a = steps taken; QUEUE_CLOSED: detail_a = the queue
 *                                it was in; RECLASSIFIED
 *   CALLBACK_SET      c          until = due
 *   CALLBACK_DUE      c          CALLBACK
 *   TRANSFERRING      c+s        TRANSFER; from the counsellor; detail_a: enum spw_transfer. Told
 *                                before anything is changed: priority, queue and state (CONNECTED)
 *                                are those that it leaves; OFFER or the views tell the new ones. A
 *                                cold transfer waits from here on, without a WAITING event
 *   TRANSFER_ENDED    c+s        TRANSFER: another counsellor has it, CONNECTED follows; else it is
 *                                called off and the old one goes on: REQUEST, SUPERVISOR,
 *                                QUEUE_CLOSED, FULL: the fallback of its closed queue has no class
 *                                left for it
 *   CLAIMED           c+s
 *   CLAIM_RELEASED    c+s
 *   COUNSELLOR        s          REQUEST, MISSED, COUNSELLOR_LOST, LEASE, GRACE_OVER, CENTRE_DARK,
 *                                RESTART, BACK; cookie = the host's reason of a pause
 *   WRAP_UP           c+s        until = its end, FOREVER by hand; state GONE if the contact ended,
 *                                else the one that it leaves
 *   WRAPPED_UP        s          contact (its handle alone; it may be gone)
 *   BREAK_DUE         s          SEVERE_STREAK, LOAD, or REQUEST: one put off before; detail_a =
 *                                the streak, else connections since the last; until = its end
 *   BREAK_PUT_OFF     s          REQUEST
 *   PULL_EMPTY        s
 *   QUEUE             -          queue; detail_a: 1 open, 0 closed
 *   CENTRE            -          centre; detail_a: 1 open, 0 closed, 2 dark
 *   PLAN              -          policy, policy_revision: those in force from now on
 *   FROZEN            -          SUPERVISOR; centre (0 = all); until; detail_a = the actor
 *   THAWED            -          SUPERVISOR and detail_a = the actor, or 0 when its time was over;
 *                                centre (0 = all)
 *   PROTECTED_EMPTY   -
 *   SUPERVISED        c or -     the host's number of the reason; flags = the kind of the input;
 *                                counsellor, until, as asked; detail_a = the actor; centre as asked
 *                                when no contact was named
 *   RECONCILED        -          enum spw_reconciled; contact and counsellor that the fact named;
 *                                id, cookie, state, priority, queue, centre of a contact that is
 *                                live; of a counsellor alone: as (s). QUEUE_CLOSED: no contact
 *                                yet, id and so on as of REFUSED; queue = the one that takes it,
 *                                detail_a = the one that was asked for
 *   CLOCK_BACK        -          detail_a = ns by which `now` was before the clock. With ADVANCE
 *                                and CONTINUE it comes first, whatever they return; with another
 *                                input after what the input itself says and before what it made
 *                                possible, and never if the input returns an error
 *   GAP               -          detail_a = ns
 *   BACKLOG           -          detail_a: 1 begins, 0 done
 *
 * `state` is the state after the event, except for TRANSFERRING and WRAP_UP. After an offer came to
 * nothing it is WAITING (TRANSFERRING in a warm transfer), even where ENDED, PARKED, CALLBACK_SET
 * or another OFFER follows at once.
 */
#define SPW_EVENT_MAP(X)                                                                           \
    X(1, WAITING)         /* contact waits */                                                      \
    X(2, OFFER)           /* contact to counsellor */                                              \
    X(3, OFFER_WITHDRAWN) /* the offer no longer stands */                                         \
    X(4, OFFER_LOST)      /* this counsellor's accept came too late */                             \
    X(5, OFFER_MISSED)    /* not answered in time */                                               \
    X(6, OFFER_DECLINED)                                                                           \
    X(7, CONNECTED)                                                                                \
    X(8, ENDED)                                                                                    \
    X(9, REFUSED) /* never got a place */                                                          \
    X(10, PARKED) /* the place is held for a while */                                              \
    X(11, RESUMED)                                                                                 \
    X(12, MOVED)        /* waits in another class, same place */                                   \
    X(13, CALLBACK_SET) /* promised */                                                             \
    X(14, CALLBACK_DUE) /* competes with its place from now on */                                  \
    X(15, TRANSFERRING)                                                                            \
    X(16, TRANSFER_ENDED)                                                                          \
    X(17, CLAIMED) /* counsellor is kept for contact until it fits */                              \
    X(18, CLAIM_RELEASED)                                                                          \
    X(20, COUNSELLOR) /* another state */                                                          \
    X(21, WRAP_UP)                                                                                 \
    X(22, WRAPPED_UP)                                                                              \
    X(23, BREAK_DUE)     /* limits reached: a break begins */                                      \
    X(24, PULL_EMPTY)    /* nothing to offer to the counsellor who asked */                        \
    X(25, BREAK_PUT_OFF) /* by the counsellor: due again after the next talk */                    \
    X(30, QUEUE)                                                                                   \
    X(31, CENTRE)                                                                                  \
    X(32, PLAN) /* a plan came into force */                                                       \
    X(33, FROZEN)                                                                                  \
    X(34, THAWED)                                                                                  \
    X(35, PROTECTED_EMPTY) /* the protected share is used up: priority 0 competes in tier 1 */     \
    X(36, SUPERVISED)      /* said before what follows from it */                                  \
    X(40, RECONCILED)      /* a fact did not fit: what was done */                                 \
    X(41, CLOCK_BACK)      /* `now` was earlier than the clock */                                  \
    X(42, GAP)                                                                                     \
    X(43, BACKLOG) /* the consequences of a large change */

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
    SPW_WHY_BACK, /* a sign of life of a counsellor who was thought lost */
    SPW_WHY_FULL, /* the counsellor cannot hold one more; no class is left */
    SPW_WHY_COUNT
};

/* How a fact that did not fit was reconciled. */
enum spw_reconciled {
    SPW_RECONCILED_GONE = 1,      /* the object had ended; nothing more to do */
    SPW_RECONCILED_LATE_ACCEPT,   /* accepted without an offer to that counsellor: it wins */
    SPW_RECONCILED_ALREADY = 4,   /* it was so already */
    SPW_RECONCILED_DUPLICATE,     /* an arrival with the id of a live contact: no second one */
    SPW_RECONCILED_OVERLOAD,      /* the counsellor holds too much by a late accept */
    SPW_RECONCILED_QUEUE_CLOSED,  /* arrived for a closed queue: taken by its fallback */
    SPW_RECONCILED_NOT_CONNECTED, /* served or cut, but never connected: taken as left */
    SPW_RECONCILED_STATE,         /* moved to the nearest legal state */
    SPW_RECONCILED_NO_RECORD      /* no personal record is left: what the arrival wished, its
                                     deadline, or that this one declined is not kept */
};

/*
 * The one closed list of reasons why a contact is not offered to a counsellor, in this order: the
 * first that applies is told. LAW, CAP, P0_HOLD and ADMISSION keep their numbers for rules that
 * this version does not have, and are never told.
 */
#define SPW_BLOCK_MAP(X)                                                                           \
    X(0, NONE)                                                                                     \
    X(1, LAW)                                                                                      \
    X(2, EXCLUDED)  /* by CONTACT_EXCLUDE, or this counsellor is giving it away */                 \
    X(3, NEED)      /* the counsellor's skills do not meet the need, or not the channel */         \
    X(4, NOT_READY) /* not ON, pulls, centre closed, frozen */                                     \
    X(5, LIMIT)     /* rests, or its shift is over; never for priority 0 */                        \
    X(6, LINK)      /* of another centre */                                                        \
    X(7, RESERVE)   /* the last free counsellors of the pool are kept for other queues */          \
    X(8, CAP)                                                                                      \
    X(9, P0_HOLD)                                                                                  \
    X(10, CLAIMED)  /* the counsellor is kept for a contact that goes first */                     \
    X(11, DECLINED) /* the counsellor said no, or gave it away, a while ago */                     \
    X(12, STICKY)   /* held for another counsellor */                                              \
    X(13, GROUP)    /* the counsellor holds a channel that excludes this one */                    \
    X(14, UNITS)    /* the counsellor has no room */                                               \
    X(15, ADMISSION)

enum spw_block {
#define SPW_BLOCK_VALUE(number, name) SPW_BLOCK_##name = (number),
    SPW_BLOCK_MAP(SPW_BLOCK_VALUE)
#undef SPW_BLOCK_VALUE
        SPW_BLOCK_COUNT
};

enum spw_event_flag {
    SPW_EVENT_FLAG_TEST = 1,
    SPW_EVENT_FLAG_PERSONAL = 2,   /* it had bars in force, a wish, or is in a warm transfer */
    SPW_EVENT_FLAG_ASSIGNED = 4,   /* by a supervisor, not by the policy */
    SPW_EVENT_FLAG_OVER_LIMIT = 8, /* priority 0 broke a counsellor's limit */
    SPW_EVENT_FLAG_BY_CONTACT =
        16, /* decided when the contact became possible, not the counsellor */
    SPW_EVENT_FLAG_STICKY = 32,
    SPW_EVENT_FLAG_LOOK_PAST_END = 64, /* 64 entries or more were looked past */
    SPW_EVENT_FLAG_CALLBACK =
        128 /* a callback that is due: nobody is on the line, call the person back */
};

/* 112 bytes. Which kind uses what stands above SPW_EVENT_MAP. */
struct spw_event {
    uint64_t sequence;
    spw_ns at;
    uint16_t kind; /* enum spw_event_kind */
    uint16_t reason;
    uint8_t priority; /* base priority of the contact */
    uint8_t state;    /* enum spw_contact_state */
    uint16_t flags;   /* enum spw_event_flag */
    spw_contact contact;
    spw_id id;
    uint64_t cookie;
    spw_counsellor counsellor;
    spw_centre centre; /* home centre of the contact, or centre of the counsellor */
    spw_queue queue;
    spw_ns waited; /* since the first arrival; what has been credited is counted in */
    spw_ns until;  /* a point in time, SPW_FOREVER for none */
    spw_contact runner_up;
    uint32_t policy;          /* enum spw_order in force */
    uint32_t policy_revision; /* SPW_PLAN_REVISION in force */
    uint64_t detail_a;
};

/*
 * Names for logs: of an event ("OFFER"), a block ("NEED"), a reason of enum spw_why ("nobody-free")
 * and one of enum spw_end ("abandoned"). Any number is safe: "unknown" for one that does not exist.
 * The texts are constant and may be kept.
 */
SPW_API const char *spw_event_name(uint32_t kind);
SPW_API const char *spw_block_name(uint32_t block);
SPW_API const char *spw_why_name(uint32_t why);
SPW_API const char *spw_end_name(uint32_t end);

#ifdef __cplusplus
}
#endif

#endif
