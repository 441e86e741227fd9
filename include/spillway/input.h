/*
 * spillway/input.h - everything that can be said to an engine.
 *
 * An input is a fixed-size record of plain numbers. Live use, journal, replay, simulator, fuzzer
 * and tests all pass it through the one door, spw_apply. The typed functions of roster.h and
 * contact.h only fill in such a record.
 *
 * An input is a FACT (it has happened) or a REQUEST (it is wanted). A fact is never refused
 * because of the state: it is applied by the nearest legal path and, where it did not fit, an event
 * SPW_EVENT_RECONCILED says what was done. A request that does not fit returns a named error and
 * leaves no trace. Malformed inputs (a kind, number or handle that never existed) of both sorts
 * return an error.
 *
 * Bytes of a record behind the member that its kind uses must be zero, or it is malformed
 * (SPW_E_INVALID): so a later version can give them a meaning, and a journal says a thing in one
 * way. Start from `struct spw_input in = {0};` or `{.kind = ...}`: `bytes` is the first member of
 * the union, so that either sets all of them to zero.
 */
#ifndef SPILLWAY_INPUT_H
#define SPILLWAY_INPUT_H

#include <spillway/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* number, NAME, F(act) or R(equest), the union member that it uses */
#define SPW_INPUT_MAP(X)                                                                           \
    X(1, ADVANCE, F, none)           /* only time passes; deadlines up to now fire */              \
    X(2, CONTINUE, F, none)          /* work off some of a large change */                         \
    X(3, GAP, F, span)               /* the host was stopped for `span`; leases shift */           \
    X(10, STAGE_BEGIN, R, stage)     /* open a stage of `stage.what` */                            \
    X(11, STAGE_LITERAL, R, literal) /* need: one literal of the clause that is open */            \
    X(12, STAGE_CLAUSE, R, clause)   /* need: closes the clause; next literal opens another */     \
    X(13, STAGE_SKILL, R, literal)   /* skill set: holds `skill` at `level` */                     \
    X(14, STAGE_STEP, R, step)       /* ladder: one step */                                        \
    X(15, STAGE_SET, R, set)         /* queue, centre, plan: one field */                          \
    X(16, STAGE_COMMIT, R, none)     /* `made` is the number of the object */                      \
    X(17, STAGE_ABORT, R, none)                                                                    \
    X(18, SKILL_ADD, R, skill)                                                                     \
    X(20, QUEUE_CLOSE, R, queue) /* no arrivals; its contacts move to the fallback or end */       \
    X(21, QUEUE_OPEN, R, queue)                                                                    \
    X(22, CENTRE_CLOSE, R, centre) /* its counsellors get no more offers */                        \
    X(23, CENTRE_OPEN, R, centre)                                                                  \
    X(24, CENTRE_DARK, F, centre) /* lost at one blow, with all its counsellors */                 \
    X(30, COUNSELLOR_ADD, R, counsellor_add)                                                       \
    X(31, COUNSELLOR_REMOVE, R, counsellor)                                                        \
    X(32, COUNSELLOR_SIGN_IN, R, counsellor)  /* to PAUSED */                                      \
    X(33, COUNSELLOR_SIGN_OUT, R, counsellor) /* no new offers; OUT when nothing is held */        \
    X(34, COUNSELLOR_READY, R, counsellor)                                                         \
    X(35, COUNSELLOR_PAUSE, R, counsellor) /* `detail` is the host's reason number */              \
    X(36, COUNSELLOR_HEARTBEAT, F, counsellor)                                                     \
    X(37, COUNSELLOR_LOST, F, counsellor)   /* connection gone; grace, then given up */            \
    X(38, COUNSELLOR_SKILLS, R, counsellor) /* `detail` is the new skill set */                    \
    X(39, COUNSELLOR_PULL, R, counsellor)   /* pull mode: offer me one now */                      \
    X(40, COUNSELLOR_LIMITS, R, limits)                                                            \
    X(41, COUNSELLOR_WRAPPED_UP, F, pair)  /* wrap-up of `contact` is done */                      \
    X(42, COUNSELLOR_DEFER, R, counsellor) /* puts the break off that is due */                    \
    X(50, CONTACT_ARRIVE, F, arrive)                                                               \
    X(51, CONTACT_LEFT, F, contact)    /* hung up, closed the window, quick exit */                \
    X(52, CONTACT_DROPPED, F, contact) /* connection lost, not by choice: PARKED */                \
    X(53, CONTACT_PARK, R, contact)    /* the host asks to hold the place */                       \
    X(54, CONTACT_RESUMED, F, contact) /* the parked person is back */                             \
    X(55, CONTACT_RECLASSIFY, R, reclassify)                                                       \
    X(56, CONTACT_ACCEPTED, F, pair) /* both can talk or type from now on */                       \
    X(57, CONTACT_DECLINED, F, pair)                                                               \
    X(58, CONTACT_ENDED, F, contact) /* `detail`: enum spw_end */                                  \
    X(59, CONTACT_TRANSFER, R, transfer)                                                           \
    X(60, CONTACT_TRANSFER_CANCEL, R, contact)                                                     \
    X(61, CONTACT_CALLBACK, R, callback)     /* the person asked to be called back, safely */      \
    X(62, CONTACT_CALLBACK_DUE, F, contact)  /* ahead of its time: competes from now on */         \
    X(63, CONTACT_CALLBACK_DONE, F, contact) /* `detail`: enum spw_callback_result */              \
    X(64, CONTACT_EXCLUDE, R, pair)          /* never these two; at most 7 for a contact */        \
    X(70, SUPERVISE_ASSIGN, R, supervise)    /* offer `contact` to `counsellor` now */             \
    X(71, SUPERVISE_PULL, R, supervise)      /* take an offer or a warm transfer back */           \
    X(72, SUPERVISE_FREEZE, R, supervise)    /* no automatic offers at `centre` (0 = all) */       \
    X(73, SUPERVISE_THAW, R, supervise)                                                            \
    X(74, SUPERVISE_SUSPEND, R, supervise) /* no break begins; 60 min at most, with a reason */    \
    X(80, RECONCILE_BEGIN, R, none)        /* after a restart: everything is unconfirmed */        \
    X(81, CONTACT_ALIVE, F, contact)                                                               \
    X(82, COUNSELLOR_ALIVE, F, counsellor)                                                         \
    X(83, RECONCILE_END, R, span) /* unconfirmed contacts are PARKED for `span` */

enum spw_input_kind {
#define SPW_INPUT_VALUE(number, name, sort, member) SPW_INPUT_##name = (number),
    SPW_INPUT_MAP(SPW_INPUT_VALUE)
#undef SPW_INPUT_VALUE
};

/*
 * What each kind says. The typed functions of roster.h and contact.h describe theirs; here are the
 * kinds that have none, and what holds for all. Where several kinds share a union member, a kind
 * does not look at what it does not name: leave that 0.
 *
 * Errors of any kind, besides its own:
 *   E_INVALID     no such kind, or bytes behind its member are not zero: write the record anew.
 *   E_RANGE       `now` is negative or not below SPW_TIME_MAX.
 *   E_POLL_FIRST  poll, then pass the same input again. A fact also gets it when the deadlines
 *                 that were due have filled the call: they have fired, the input was not looked at.
 *   E_BUSY        a request gets it instead when deadlines have filled the call, and while a large
 *                 change is worked off: poll, call spw_continue, then pass the same input again.
 *   E_STALE       a handle that never was; for a request also one that has gone: drop it.
 * A fact about a contact or counsellor that has gone is SPW_OK and RECONCILED, GONE; of a pair, the
 * contact is looked at first.
 *
 * Time
 *   ADVANCE   Deadlines up to `now` fire, including those at exactly `now`. E_BUSY: more are due;
 *             poll and call again.
 *   CONTINUE  The same, then a piece of the backlog. E_BUSY: more is left. Event BACKLOG, detail_a
 *             0, when all is done.
 *   GAP       span: ns for which the host was stopped. Leases, the grace of lost counsellors and
 *             outstanding offers get that much more time; waiting, ladders, parked places and
 *             breaks do not. Pass it before anything else, at the time at which the clock stood.
 *             Event GAP. E_RANGE: negative, or SPW_TIME_MAX / 4 and more. Walks all counsellors.
 *
 * Queues and centres. E_UNKNOWN: the number is 0 or not committed. E_STATE: it is so already.
 *   QUEUE_CLOSE   Event QUEUE, 0. From now on arrivals go to the first open fallback (RECONCILED,
 *                 QUEUE_CLOSED) or are REFUSED. A contact that waits, is parked or has been
 *                 promised a callback moves there with its place kept (MOVED, QUEUE_CLOSED), or
 *                 ends REFUSED_CLOSED; a warm transfer that waits moves too, or is called off. All
 *                 this is backlog. Talks and offers stand; a contact that comes back from an offer
 *                 moves then.
 *   QUEUE_OPEN    Event QUEUE, 1. It takes arrivals again; contacts that have moved stay where
 *                 they are.
 *   CENTRE_CLOSE  Event CENTRE, 0. Its counsellors get no offers, not even when they pull; offers
 *                 that stand and talks go on. Its contacts go on waiting: close its queues too.
 *   CENTRE_OPEN   Event CENTRE, 1. Its counsellors are looked at anew, as backlog.
 *   CENTRE_DARK   Fact. Event CENTRE, 2. Closed, and all its counsellors are lost, as if
 *                 COUNSELLOR_LOST came for each (reason CENTRE_DARK), as backlog. A second one
 *                 does the same again and never gets E_STATE. CENTRE_OPEN ends it.
 *
 * Care for counsellors
 *   COUNSELLOR_LIMITS  Request. Replaces all four at once:
 *       severe_max  severe contacts in a row after which a break is due; 0 none
 *       load_max    connections since sign-in or the last break, likewise; 0 none
 *       rest        ns that a break lasts, 24 h at most; with 0 no break ever begins
 *       shift_end   point in time from which only priority 0 is offered; 0 and FOREVER: none
 *     A break that is due begins after a talk (BREAK_DUE, until its end) if no more than
 *     SPW_CENTRE_REST_SHARE of the pool rest, each floor of a need keeps somebody able, and no
 *     suspension is in force; else after a later talk. A counsellor who rests is offered priority 0
 *     alone. E_RANGE: a negative number, a rest over 24 h, a shift_end over FOREVER.
 *   COUNSELLOR_DEFER   Request. Ends the break that runs: BREAK_PUT_OFF; it is due again after the
 *     next talk. E_STATE: no break runs.
 *
 * Contacts
 *   CONTACT_EXCLUDE       Request. Never `counsellor` for `contact`, until the contact ends. An
 *     offer between the two is withdrawn (OFFER_WITHDRAWN, REQUEST), a talk goes on; a wish for
 *     that counsellor, or a hold, is over. E_FULL: the contact has seven already, or no personal
 *     record is left (config.personal_max).
 *   CONTACT_CALLBACK_DUE  Fact. A promised callback competes from now on, ahead of its time:
 *     CALLBACK_DUE. None is promised, or it is due already: RECONCILED, ALREADY.
 *
 * Supervisors (rule S6). All are requests. `actor` and `reason` are the host's own numbers, told in
 * the event SUPERVISED, which comes first; E_RANGE: a reason over 65,535. What is done to a contact
 * holds for that contact alone.
 *   SUPERVISE_ASSIGN   `contact`, which waits, is offered, or looks for another counsellor by a
 *     warm transfer, is offered to `counsellor` at once (OFFER, flag ASSIGNED), past order, limits,
 *     declines, claims, holds and freezes; an offer to another is withdrawn. E_BLOCKED: the need is
 *     not met, the two are excluded, the counsellor is of another centre, of one that is closed or
 *     dark, or has no room. E_STATE: the counsellor is not ON, has that offer already, or the
 *     contact is in no such state.
 *   SUPERVISE_PULL     An offer of `contact` is withdrawn (reason SUPERVISOR); the contact keeps
 *     its place and is not offered to the same counsellor for SPW_PLAN_DECLINE_FOR. Or its warm
 *     transfer is called off. E_STATE: there is neither.
 *   SUPERVISE_FREEZE   No offers at `centre` (0 = everywhere) but by ASSIGN until `until` (0: until
 *     thawed); offers that stand and talks go on, arrivals wait. FROZEN. A second freeze sets
 *     another end. E_UNKNOWN: no such centre. E_RANGE: `until` is not after now.
 *   SUPERVISE_THAW     Ends the freeze of `centre`; the freeze of 0 and that of a centre are two.
 *     THAWED, and free counsellors are looked at anew, as backlog. E_STATE: not frozen.
 *   SUPERVISE_SUSPEND  No break begins at `centre` (0 = everywhere) until `until`, an hour from now
 *     at most (0 = an hour). Breaks that run go on. E_INVALID: no reason (0). E_RANGE: `until` has
 *     passed or is too late. E_UNKNOWN: no such centre.
 *
 * After a restart (rule D6): import or replay, then say what the host still sees.
 *   RECONCILE_BEGIN   Request. All contacts and counsellors count as unconfirmed. A contact that
 *     arrives, is resumed or is accepted from then on is confirmed by that; so is a counsellor who
 *     signs in. E_STATE: begun already. Walks all of them.
 *   CONTACT_ALIVE     Fact. The person is still there. If RECONCILE_END has parked it meanwhile:
 *     RECONCILED, STATE, and RESUMED with the place kept.
 *   COUNSELLOR_ALIVE  Fact. A heartbeat that also confirms; a heartbeat alone confirms nobody. A
 *     counsellor who was GONE_SILENT returns to the state before: RECONCILED, STATE.
 *   RECONCILE_END     Request. As backlog: contacts that were not confirmed are PARKED for `span`
 *     ns, then end as LOST; those parked or promised a callback stay so, and a callback that is due
 *     goes on waiting or ringing: these have no line to confirm. Counsellors on duty who were not
 *     confirmed are lost (reason RESTART) and keep what they hold for the grace. E_STATE: not
 *     begun. E_RANGE: negative, or SPW_TIME_MAX / 4 and more.
 */

/* What a stage builds. */
enum spw_stage {
    SPW_STAGE_NEED = 1,
    SPW_STAGE_SKILLSET,
    SPW_STAGE_LADDER,
    SPW_STAGE_QUEUE,
    SPW_STAGE_CENTRE,
    SPW_STAGE_PLAN
};

enum spw_literal_mode { SPW_HOLDS = 0, SPW_LACKS = 1 };

/*
 * Fields of STAGE_SET. `index` counts priorities, channels or queues where the comment names one;
 * else it is 0. A field that is not set keeps its default; a plan starts from the plan in force.
 *
 * A queue or centre that is staged with the key of a committed one is its revision: the commit
 * replaces all fields of that one, which keeps its number, the contacts in it, whether it is open,
 * and its counts. What runs already keeps its end: an offer, a grace, a promised callback, a
 * wrap-up. A lower SPW_QUEUE_WAITING_MAX or SPW_QUEUE_CALLBACK_MAX turns away no contact that is
 * in. A new target counts from then on; the order of the waiting contacts follows as backlog. A new
 * lease begins at the commit for all counsellors on duty. A revision cannot change (E_STATE) need
 * and ladder of a queue while a live contact is in it (view.h: spw_view_queue), nor CLASSES_MAX and
 * POOLS_MAX of a centre.
 */
enum spw_field {
    /* queue */
    SPW_QUEUE_KEY = 1,       /* the host's own number; 0 none; of a committed queue: a revision */
    SPW_QUEUE_NEED,          /* need of contacts that bring none; default: anybody */
    SPW_QUEUE_LADDER,        /* relaxation of contacts that bring no need of their own; none. Its
                                first step is the queue's need: with another SPW_QUEUE_NEED the
                                commit is E_INVALID */
    SPW_QUEUE_TARGET,        /* [priority] ns from first arrival to a human; default 60 s */
    SPW_QUEUE_OFFER_TIMEOUT, /* ns; default 20 s */
    SPW_QUEUE_WRAP_UP,       /* ns of automatic wrap-up; 0 none (default), SPW_FOREVER by hand */
    SPW_QUEUE_PARK_GRACE,    /* ns a dropped contact keeps its place; default 120 s */
    SPW_QUEUE_WAITING_MAX,   /* waiting contacts per centre; default SPW_FOREVER */
    SPW_QUEUE_RETRY_AFTER,   /* ns, told with a refusal; default 60 s */
    SPW_QUEUE_CALLBACK_MAX,  /* callbacks promised at once; default 0: never */
    SPW_QUEUE_FALLBACK,      /* queue that takes the contacts when this one closes; 0 none */
    SPW_QUEUE_CALLBACK_ATTEMPTS, /* default 1 */
    SPW_QUEUE_CALLBACK_RETRY,    /* ns between attempts; default 15 min */
    /* centre */
    SPW_CENTRE_KEY = 101,       /* the host's own number; 0 none; of a committed centre: likewise */
    SPW_CENTRE_ZONE,            /* the legal area it belongs to, 0..65535 */
    SPW_CENTRE_CLASSES_MAX,     /* default: config.classes_max */
    SPW_CENTRE_POOLS_MAX,       /* default: config.pools_max */
    SPW_CENTRE_LEASE,           /* ns without a heartbeat until a counsellor is lost; FOREVER */
    SPW_CENTRE_RECONNECT_GRACE, /* ns a lost counsellor keeps its contacts; default 60 s */
    SPW_CENTRE_REST_SHARE,      /* percent of a pool that rests at once on due breaks; default 20 */
    /* plan */
    SPW_PLAN_HEAD_START = 201,        /* [priority 1..7] ns; default 1800 s, 300 s, 0 ... */
    SPW_PLAN_HEAD_START_UNCLASSIFIED, /* ns; default 600 s; the larger of it and the priority's.
                                         Danger outside its tier has the largest of them all */
    SPW_PLAN_PROTECTED,               /* 1 (default): effective priority 0 is a tier of its own */
    SPW_PLAN_PROTECTED_RATE,     /* offers per hour that tier 0 may take; SPW_FOREVER (default): no
                                bound */
    SPW_PLAN_PROTECTED_BURST,    /* offers at once; default 10; a plan swap does not refill it */
    SPW_PLAN_UNCLASSIFIED_SHARE, /* percent of the units of counsellors ON or GONE_SILENT; default
                                    25. While unclassified contacts hold at least this share
                                    (wrap-ups count; none held is never too much), further ones
                                    have only the head start of their priority */
    SPW_PLAN_ORDER,              /* enum spw_order; default head-start */
    SPW_PLAN_CHOOSER,            /* enum spw_chooser; default least flexible */
    SPW_PLAN_RATE,               /* [priority] accumulating priority: milli-units per second; 8000
                                    for 0 (danger outside its tier) and 1, 4000, 2000, then 1000 */
    SPW_PLAN_UNITS,              /* [channel] of 100; 100, 33, 25, 20, 20 */
    SPW_PLAN_GROUP,              /* [channel] bit set of channels that it cannot be held with */
    SPW_PLAN_CLAIM_AFTER,  /* ns of waiting until a contact claims; default 60 s; danger at once */
    SPW_PLAN_DECLINE_FOR,  /* ns that a decline bars the pair; default 300 s */
    SPW_PLAN_MISS_MAX,     /* missed offers in a row until NOT_ANSWERING; default 2. For danger
                                (effective priority 0) a counsellor who missed their last offer
                                comes after all others until they answer, decline or say ready:
                                danger rings there only if nobody else is free (rule C7) */
    SPW_PLAN_RESUME_GRACE, /* ns after an unserved end in which a token brings credit; 10 min */
    SPW_PLAN_RESUME_GAP,   /* ns of the absence that count as waited; default 2 min */
    SPW_PLAN_CREDIT_MAX,   /* ns; default 30 min */
    SPW_PLAN_STICKY_BONUS, /* ns by which a contact counts as arrived earlier for the counsellor
                                it wishes for, where the order reckons in time: without effect
                                under strict, longest-queue and lifo; a deadline of its own does
                                not move; default 120 s */
    SPW_PLAN_REVISION,     /* the host's number for the plan, quoted in events */
    SPW_PLAN_PREFER_RANK,  /* [skill set << 16 | queue] rank of the queue for that skill set */
    SPW_PLAN_PREFER_RESERVE, /* [same] counsellors of the pool who must stay free; default 0 */
    SPW_PLAN_POOL_ORDER,     /* [skill set] rank used by chooser `ordered`, at most 32,767; default
                                its number, from there on all alike */
    SPW_PLAN_TRANSFER_HOLD,  /* ns a transfer to one counsellor waits for them alone; 120 s */
    SPW_PLAN_SUSPECT_DELAY,  /* ns by which suspects count as later, under head-start; <= 60 s; 0 */
    SPW_PLAN_AFRESH /* 0: all other fields of the plan back to their defaults, no preferences */
};

/*
 * How waiting contacts are ordered (rules O1, O2). A loaded policy counts from SPW_ORDER_CUSTOM.
 * Inside a class it is first come, first served under each of them but LIFO. DEADLINE compares the
 * first contacts of the classes: by the target counted from the first arrival, or by a deadline of
 * the contact's own.
 */
enum spw_order {
    SPW_ORDER_HEAD_START = 0,
    SPW_ORDER_FIFO,
    SPW_ORDER_STRICT,
    SPW_ORDER_ACCUMULATING,
    SPW_ORDER_DEADLINE,
    SPW_ORDER_LONGEST_QUEUE,
    SPW_ORDER_LIFO,
    SPW_ORDER_CUSTOM
};

/* Which counsellor a new contact gets. Inside a pool it is always the longest idle. */
enum spw_chooser {
    SPW_CHOOSE_LEAST_FLEXIBLE = 0, /* fewest skills held, then longest idle */
    SPW_CHOOSE_LONGEST_IDLE,
    SPW_CHOOSE_LEAST_OCCUPIED, /* fewest units held, then longest idle */
    SPW_CHOOSE_BEST_LEVEL,     /* highest level in the skills needed, then longest idle */
    SPW_CHOOSE_MOST_IDLE_POOL, /* the pool with the most counsellors wholly free, then its order */
    SPW_CHOOSE_ORDERED         /* SPW_PLAN_POOL_ORDER, then longest idle */
};

/* Flags of an arrival; they are part of the class key. */
enum spw_contact_flag {
    SPW_CONTACT_TEST = 1,         /* counters of its own; never counted as a person */
    SPW_CONTACT_UNCLASSIFIED = 2, /* silent or unknown: answered fast, then classified */
    SPW_CONTACT_SEVERE = 4,       /* counts towards a counsellor's severe streak */
    SPW_CONTACT_SUSPECT = 8, /* SPW_PLAN_SUSPECT_DELAY; not if in danger, unclassified, no token */
    SPW_CONTACT_BREAK_GLASS = 16,  /* danger to life: law may be broken; no law is checked yet */
    SPW_CONTACT_SHARED_TOKEN = 32, /* the token may stand for several people: no credit */
    SPW_CONTACT_NO_CREDIT = 64
};

enum spw_sticky { SPW_STICKY_NONE = 0, SPW_STICKY_PREFER = 1, SPW_STICKY_HOLD = 2 };

/* Why a contact ended. */
enum spw_end {
    SPW_END_SERVED = 1,             /* was connected, talk is over */
    SPW_END_ABANDONED,              /* left while waiting or offered */
    SPW_END_CUT,                    /* connected, then the connection was lost for good */
    SPW_END_PARK_EXPIRED,           /* dropped and not back within the grace */
    SPW_END_REFUSED_FULL,           /* waiting room, contact capacity or class capacity was full */
    SPW_END_REFUSED_CLOSED,         /* queue closed and no fallback */
    SPW_END_EXPIRED,                /* a work item passed its deadline */
    SPW_END_CALLBACK_FAILED,        /* attempts used up */
    SPW_END_CALLBACK_REACHED_OTHER, /* somebody else answered: stopped for safety */
    SPW_END_SWITCHED,               /* continues on another channel as another contact */
    SPW_END_LOST,                   /* not confirmed after a restart */
    SPW_END_ANSWERED_ELSEWHERE,
    SPW_END_COUNT
};

/* Places in an array by enum spw_end: those that are used, and some for later. */
#define SPW_END_PLACES 16

enum spw_callback_result {
    SPW_CALLBACK_REACHED = 1,
    SPW_CALLBACK_NOT_REACHED,
    SPW_CALLBACK_OTHER_ANSWERED
};

enum spw_transfer { SPW_TRANSFER_COLD = 1, SPW_TRANSFER_WARM = 2 };

/* Flags of a counsellor. */
enum spw_counsellor_flag { SPW_COUNSELLOR_PULLS = 1 /* asks for contacts; is never pushed one */ };

struct spw_arrive {
    spw_id id;             /* random; unique among live contacts */
    spw_id token;          /* caller token; zero = absent */
    uint64_t cookie;       /* the host's own; returned in every event of the contact */
    spw_counsellor sticky; /* wanted counsellor; zero = none */
    spw_ns sticky_hold_ns; /* SPW_STICKY_HOLD: so long for that counsellor alone, then PREFER */
    spw_ns deadline;       /* work item: end of its usefulness, then EXPIRED; a talk goes on;
                              0 = none */
    spw_contact continues; /* the contact that this one continues (channel switch); zero = none */
    spw_centre home;       /* only its counsellors are asked, none of another centre (LINK) */
    spw_queue queue;
    spw_need need; /* 0: the queue's need and ladder */
    uint16_t zone;
    uint8_t channel;     /* enum spw_channel */
    uint8_t priority;    /* 0..7; for an unclassified contact the priority assumed */
    uint8_t flags;       /* enum spw_contact_flag */
    uint8_t sticky_mode; /* enum spw_sticky */
    uint8_t severity;    /* host's band inside priority 0, for flood triage; 0 = none */
    uint8_t reserved_0;
    uint32_t reserved_1;
};

struct spw_counsellor_add {
    uint64_t key; /* the host's own number; unique among counsellors */
    spw_centre centre;
    spw_skillset skillset;
    uint32_t units;    /* capacity, 1..1000; 0 means 100 */
    uint32_t channels; /* bit set of enum spw_channel; 0 means all */
    uint32_t flags;    /* enum spw_counsellor_flag */
    uint32_t reserved_0;
};

struct spw_input {
    uint32_t kind; /* enum spw_input_kind */
    uint32_t reserved_0;
    union {
        unsigned char bytes[120]; /* all of the record; see above */
        spw_ns span;
        struct {
            uint32_t what;
        } stage;
        struct {
            spw_skill skill;
            uint32_t level;
            uint32_t mode;
        } literal; /* level 1..100 */
        struct {
            uint32_t floor;
        } clause; /* 1: never relaxed */
        struct {
            spw_ns after;
            spw_need need;
            uint32_t raise;
        } step;
        struct {
            uint32_t field;
            uint32_t index;
            int64_t value;
        } set;
        struct {
            uint64_t key;
        } skill;
        struct {
            spw_queue queue;
            uint32_t detail;
        } queue;
        struct {
            spw_centre centre;
            uint32_t detail;
        } centre;
        struct spw_counsellor_add counsellor_add;
        struct {
            spw_counsellor counsellor;
            uint32_t detail;
        } counsellor;
        struct {
            spw_counsellor counsellor;
            spw_ns shift_end;
            uint32_t severe_max;
            uint32_t load_max;
            spw_ns rest;
        } limits;
        struct spw_arrive arrive;
        struct {
            spw_contact contact;
            uint32_t detail;
        } contact;
        struct {
            spw_contact contact;
            spw_counsellor counsellor;
            uint32_t detail;
        } pair;
        struct {
            spw_contact contact;
            spw_queue queue;
            spw_need need;
            uint8_t priority; /* SPW_PRIORITY_SAME: unchanged */
            uint8_t flags;
            uint8_t severity;
            uint8_t danger; /* 1: priority 0 is meant; without it, 0 for a contact that has not
                               priority 0 is E_RANGE */
        } reclassify;       /* queue, need 0: unchanged */
        struct {
            spw_contact contact;
            spw_counsellor to;
            spw_queue queue;
            spw_need need;
            uint32_t mode;
            uint8_t priority; /* as in reclassify */
            uint8_t danger;
        } transfer; /* to: zero = any who is able; need 0: the queue's */
        struct {
            spw_contact contact;
            spw_ns due_at;
            spw_ns safe_until;
            uint32_t attempts;
        } callback;
        struct {
            spw_contact contact;
            spw_counsellor counsellor;
            spw_ns until;
            uint64_t actor;
            spw_centre centre;
            uint32_t reason;
        } supervise;
    } u;
};

/* 1 for a fact, 0 for a request and for a number that is no kind. Cost: constant. */
SPW_API int spw_input_is_fact(uint32_t kind);
/* The name of a kind ("CONTACT_ARRIVE"), for journals and logs; null for a number that is none. */
SPW_API const char *spw_input_name(uint32_t kind);

#ifdef __cplusplus
}
#endif

#endif
