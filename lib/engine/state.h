/*
 * engine/state.h - every record of an engine, in one place. Nothing here leaves the library.
 *
 * Slots are indices into arrays carved once; SPW_NONE is "no index". Class and pool indices are
 * private (rule D7): they never reach an event, a hash or an export.
 */
#ifndef SPW__ENGINE_STATE_H
#define SPW__ENGINE_STATE_H

#include <spillway.h>

#include <stdbool.h>
#include <stddef.h>

#include "base/argmin.h"
#include "base/assert.h"
#include "base/carve.h"
#include "base/digest.h"
#include "base/heap.h"
#include "base/map.h"
#include "base/ranking.h"
#include "base/slab.h"
#include "base/tree.h"
#include "model/service.h"
#include "model/term.h"

#define SPW__BARS_MAX 8
#define SPW__LOOK_PAST_MAX 64
#define SPW__ITEMS_MAX 16
/*
 * Events of one call (rule D3): deadlines and sweeps pause after so many; the largest thing that is
 * never cut is the end of a counsellor who holds as much as possible, each item in a warm transfer;
 * settling goes on by spw_continue where what is left would not hold another decision.
 */
#define SPW__EVENTS_BEFORE_STOP 32
#define SPW__EVENTS_UNCUT (4 * SPW__ITEMS_MAX + 6)
#define SPW__EVENTS_DECISION 24
#define SPW__POSSIBLE_MAX 40
#define SPW__UNFILED_MAX 8
#define SPW__RISEN_MAX 8
#define SPW__POLICIES_MAX 8
#define SPW__POOL_ORDER_MAX 0x7fff /* 15 bits of a pool's score */
#define SPW__ID_MEMO 64            /* a power of two */

/* --- contacts --------------------------------------------------------------------------------- */

enum spw__lane { SPW__LANE_NONE = 0, SPW__LANE_MAIN = 1, SPW__LANE_SIDE = 2 };

/* Hot part: one cache line, all that order and lanes need. */
struct spw__contact {
    struct spw__tree_links link; /* main lane: left = previous, right = next; side lane: tree */
    uint32_t class_index;        /* while queued, offered (pinned) */
    spw_ns arrived_at;           /* place: first arrival, credit included */
    uint64_t place;              /* place sequence */
    uint64_t own;                /* own sequence */
    spw_ns queued_at;
    uint32_t holder; /* counsellor slot: offered to, held by, or claimed while waiting */
    uint8_t state;   /* enum spw_contact_state */
    uint8_t lane;
    uint8_t step;
    uint8_t raises;
    uint8_t priority; /* base */
    uint8_t flags;    /* enum spw_contact_flag */
    uint8_t channel;
    uint8_t marks;  /* enum spw__mark */
    uint32_t extra; /* personal record, SPW_NONE if none */
};

enum spw__mark {
    SPW__MARK_CONFIRMED = 1,    /* reconcile: the host said it is alive */
    SPW__MARK_CALLBACK = 2,     /* a due callback: the person is not on the line */
    SPW__MARK_REACHED = 4,      /* was connected once: counted, credit consumed */
    SPW__MARK_WAITED = 8,       /* was told that it waits */
    SPW__MARK_UNCONFIRMED = 16, /* parked because nobody confirmed it after a restart */
    SPW__MARK_ARMED = 32 /* its deadline is armed: else that of others is not even looked at */
};

/* Counsellor flags of the engine's own: the shift guard has fired; rest_until is set. */
#define SPW__SHIFT_OVER 0x80
#define SPW__RESTING 0x40
#define SPW__LIMITS 0x20     /* it has limits: the second line is worth a look */
#define SPW__BREAK_OWED 0x10 /* a break is due and has not begun */

/* Cold part: read at arrival, end and events. */
struct spw__cold {
    uint64_t id_hi;
    uint64_t id_lo;
    spw_id token;
    uint64_t cookie;
    spw_ns ladder_at;
    union {
        struct spw__slab_link link; /* of a free slot */
        struct {
            uint32_t need : 22;     /* own need; 0 = the queue's */
            uint32_t severity : 10; /* of 8 bits */
            uint32_t generation;
        };
    };
    uint16_t queue;
    uint16_t home;
    uint16_t zone;
    uint16_t pair; /* queue-at-centre record */
};

#define SPW__NEED_BITS 0x3fffffu
#define SPW__PAIRS_MAX 65535

/* A pair barred: by decline until a time, or for good. */
struct spw__bar {
    uint32_t counsellor;
    uint32_t generation;
    spw_ns until;
};

/* What only few contacts need: personal reasons, deadlines, callback, warm transfer. */
struct spw__extra {
    uint32_t contact;
    uint32_t sticky;             /* counsellor slot */
    struct spw__tree_links wish; /* among the wishes for that counsellor */
    uint32_t to;                 /* warm transfer: counsellor it is offered to */
    uint32_t attempts;
    uint32_t bar_count;
    spw_ns sticky_until; /* end of the hold; 0 = prefer only */
    spw_ns deadline;     /* work item; 0 = none */
    spw_ns due_at;
    spw_ns safe_until;
    struct spw__bar bar[SPW__BARS_MAX];
};

/* --- classes and pools ------------------------------------------------------------------------ */

/* First line: what a contact that comes or goes reads and writes. Second line: the rest. */
struct spw__class {
    uint64_t key_hi; /* packed class key (rule C1): see engine/class.c */
    uint64_t key_lo;
    uint32_t main_head;
    uint32_t main_tail;
    spw_ns main_last; /* arrived_at of main_tail: a contact that enters need not look at it */
    uint32_t side_first;
    uint32_t head; /* first of both lanes */
    uint32_t able; /* a pool that may serve it and had somebody on duty; SPW_NONE: not known */
    uint32_t length;
    uint32_t pins;  /* offered contacts that may come back */
    uint32_t local; /* index inside its centre */
    uint16_t centre;
    uint8_t channel;
    uint8_t base;
    uint8_t effective;
    uint8_t flags;
    uint8_t used;
    uint8_t cached; /* in the list of empty classes */

    uint32_t main_second; /* behind main_head: fetched before it is the head */
    uint32_t side_root;
    uint32_t need;
    uint32_t empty_prev;
    uint32_t empty_next;
    uint16_t queue;
    uint16_t pair;
    spw_ns side_at; /* arrived_at of side_first */
    uint32_t reserved[8];
};

enum spw__list {
    SPW__LIST_NONE = 0,
    SPW__LIST_FREE,
    SPW__LIST_PART,
    SPW__LIST_LIMITED,
    SPW__LIST_COUNT
};

struct spw__chain {
    uint32_t head;
    uint32_t tail;
    uint32_t count;
};

struct spw__pool {
    uint64_t key_hi; /* centre, skill set */
    uint64_t key_lo; /* channels */
    struct spw__chain list[SPW__LIST_COUNT];
    uint32_t members; /* counsellors of that kind, on duty or not */
    uint32_t on_duty; /* ON or GONE_SILENT */
    uint32_t resting; /* signed in */
    uint32_t staying; /* ON, no limit reached */
    uint32_t skillset;
    uint32_t channels;
    uint32_t flexibility;
    uint32_t order;
    uint32_t local;
    uint16_t centre;
    uint8_t used;
    uint8_t prefers; /* the plan has preferences for this skill set */
};

/* --- counsellors ------------------------------------------------------------------------------ */

enum spw__item_state { SPW__ITEM_NONE = 0, SPW__ITEM_OFFERED, SPW__ITEM_HELD, SPW__ITEM_WRAP_UP };

struct spw__item {
    uint32_t contact;
    uint32_t generation;
    uint16_t units;
    uint8_t state;
    uint8_t channel;
    uint8_t severe;
    uint8_t unclassified;
    uint8_t armed; /* the end of its wrap-up is */
    uint8_t reserved_0;
    spw_ns since;   /* start of the talk */
    uint16_t queue; /* of the talk: whose wrap-up follows, and who learns how long it took */
    uint16_t reserved_1[3]; /* two are a line of memory */
};

/* In which sums of its pool a counsellor is. */
enum spw__counted { SPW__COUNTED_DUTY = 1, SPW__COUNTED_STAYING = 2, SPW__COUNTED_RESTING = 4 };

/* First line: all that lists, matching, offers and answers touch. Second line: the rest. */
struct spw__counsellor {
    uint64_t idle_rank;
    spw_ns idle_since;
    struct spw__slab_link link; /* next: as prev; while free, of the free slots */
    uint32_t pool;
    uint32_t prev;   /* pool list; while claimed, and so in none: of the claimed of the centre */
    uint32_t claim;  /* contact slot kept for */
    uint32_t wishes; /* for this one, by place: root of a tree of personal records */
    uint32_t severe_streak;
    uint32_t load;
    uint16_t centre;
    uint16_t units;
    uint16_t held;
    uint8_t state;
    uint8_t list;
    uint8_t items;
    uint8_t missed;  /* in a row; over 0: the last offer was */
    uint8_t flags;   /* enum spw_counsellor_flag, and the engine's own: SPW__SHIFT_OVER ... */
    uint8_t counted; /* enum spw__counted */
    uint8_t confirmed;
    uint8_t possible; /* is on the list of this settle */
    uint8_t unfiled;  /* in no list until it is decided what it gets */

    spw_ns last_seen;
    uint64_t key_hi; /* 1 while the slot is live: the key map wants 128 bits */
    uint64_t key;
    spw_ns shift_end; /* SPW_FOREVER = none */
    spw_ns rest_ns;
    spw_ns rest_until; /* 0 = not resting */
    uint32_t severe_max;
    uint32_t load_max;
    uint32_t skillset;
    uint16_t channels;
    uint8_t before; /* gone silent: the state before, to which a sign of life leads back */
    uint8_t reserved_0;
};

_Static_assert(sizeof(struct spw__contact) == 64, "the hot part of a contact is one line");
_Static_assert(sizeof(struct spw__cold) == 64, "the cold part of a contact is one line");
_Static_assert(offsetof(struct spw__class, main_second) == 64, "the hot part of a class is a line");
_Static_assert(sizeof(struct spw__class) == 128, "a class is two lines");
_Static_assert(sizeof(struct spw__counsellor) == 128, "a counsellor is two lines");
_Static_assert(offsetof(struct spw__counsellor, last_seen) == 64, "what decides is on the first");
_Static_assert(sizeof(struct spw__item) == 32, "two items are a line");

/* --- committed objects ------------------------------------------------------------------------ */

struct spw__queue {
    uint64_t key;
    uint32_t need;
    uint32_t ladder;
    spw_ns target[SPW_PRIORITY_COUNT];
    spw_ns offer_timeout;
    spw_ns wrap_up;
    spw_ns park_grace;
    spw_ns waiting_max;
    spw_ns retry_after;
    spw_ns callback_retry;
    uint64_t callback_max;
    uint64_t callbacks; /* promised now */
    uint32_t callback_attempts;
    uint32_t fallback;
    uint32_t closed;
    uint32_t completions;   /* saturating, for the wait estimate */
    spw_ns completion_mean; /* exponentially weighted handle time */
};

/* Entries of a ranking to look at before a search by vectors over that many words is as quick. */
static inline uint32_t spw__walk_max(uint32_t words)
{
    return 64 + 8 * words;
}

/* For the order among classes whose heads have equal scores. */
struct spw__heads {
    const struct spw_engine *engine;
    uint32_t class_base;
};

struct spw__centre {
    uint64_t key;
    uint32_t zone;
    uint32_t classes_max;
    uint32_t pools_max;
    uint32_t class_words;
    uint32_t pool_words;
    uint32_t class_base; /* first class index of the centre in the engine's array */
    uint32_t pool_base;
    uint32_t class_count; /* local indices ever used */
    uint32_t pool_count;
    uint32_t pool_hole; /* a freed local pool exists */
    spw_ns lease;
    spw_ns reconnect_grace;
    spw_ns frozen_until;    /* 0 = not frozen */
    spw_ns suspended_until; /* no break begins before; 0 = never was */
    uint32_t rest_share;
    uint8_t open;
    uint8_t dark;
    uint8_t unclassified_over;
    uint8_t reserved;
    uint64_t units_staffed;
    uint64_t units_unclassified;
    uint32_t last_missed;                   /* counsellors whose last offer was missed */
    uint32_t claims;                        /* counsellors who are claimed */
    uint32_t claimed;                       /* the first of them: a chain through prev and link */
    uint32_t live_classes[2];               /* bits set in live[] */
    uint32_t pools_listed[SPW__LIST_COUNT]; /* pools whose list is not empty: bits of their rows */
    uint32_t empty_head;
    uint32_t empty_tail;
    uint32_t empty_count;
    struct spw__ranking classes; /* those of tier 1 with somebody waiting; static policies */
    struct spw__ranking pools;   /* those with somebody wholly free */
    struct spw__heads heads;
    /* carved from the matrix arena */
    int64_t *class_score;
    uint64_t *row_by_pool;  /* [pool][class word] */
    uint64_t *row_by_class; /* [class][pool word] */
    uint64_t *live[2];      /* classes with somebody waiting: tier 0, tier 1 */
    uint64_t *by_channel[SPW_CHANNEL_COUNT];
    uint64_t *unclassified;
    uint64_t *danger; /* classes of effective priority 0 */
    uint64_t *scratch;
    int64_t *pool_score;
    uint64_t *free_pools; /* pools with a wholly free counsellor */
    uint64_t *part_pools;
    uint64_t *limited_pools;
    uint64_t *duty_pools; /* pools with somebody on duty */
    uint64_t *pools_by_channel[SPW_CHANNEL_COUNT];
    uint64_t *pools_by_need; /* [need][pool word]: meets it; a class's row is made of these */
};

/* Where the contacts of a queue at a centre are now. */
enum spw__now {
    SPW__NOW_WAITING = 0, /* by priority, then test contacts */
    SPW__NOW_WAITING_TEST = SPW_PRIORITY_COUNT,
    SPW__NOW_OFFERED,
    SPW__NOW_CONNECTED,
    SPW__NOW_PARKED,
    SPW__NOW_CALLBACK,
    SPW__NOW_NOWHERE, /* what is counted here is not read */
    SPW__NOW_COUNT
};

/* Queue at a centre: counters and what is there now. */
struct spw__pair {
    uint64_t key_hi;
    uint64_t key_lo;
    uint64_t now[SPW__NOW_COUNT];
    struct spw_counters count[SPW_PRIORITY_COUNT + 1]; /* the last: test contacts */
};

struct spw__prefer {
    uint32_t skillset;
    uint32_t queue;
    uint32_t rank;
    uint32_t reserve;
};

/* An unserved end that may bring credit (rule S1). */
struct spw__token {
    uint64_t hi;
    uint64_t lo;
    spw_ns waited;
    spw_ns ended_at;
    uint64_t place; /* place sequence of the contact that ended */
    uint32_t older;
    uint32_t newer;
    uint32_t hash; /* of the token: it is found, entered and taken out */
};

enum spw__backlog_kind {
    SPW__BACKLOG_NONE = 0,
    SPW__BACKLOG_MATCH,       /* every counsellor of a centre (0 = all) tries again */
    SPW__BACKLOG_QUEUE_CLOSE, /* contacts of a queue move or end */
    SPW__BACKLOG_DARK,        /* counsellors of a centre are lost */
    SPW__BACKLOG_RECONCILE,   /* unconfirmed contacts are parked */
    SPW__BACKLOG_RESTART      /* unconfirmed counsellors are lost */
};

struct spw__backlog {
    uint32_t kind;
    uint32_t object;
    uint32_t cursor;
    uint32_t reserved;
    spw_ns span;
};

struct spw__stage_state {
    uint32_t what;
    uint32_t count;
    uint32_t clause;
    uint32_t open_literals;
    uint32_t prefer_count;
    uint32_t failed;
    struct spw__term term[SPW__STAGE_TERMS];
    struct spw__queue queue;
    struct spw__centre centre; /* only the settable members */
    struct spw__plan plan;
};

/* The two first classes open to a counsellor, as seen when the first was chosen. */
struct spw__foremost {
    uint32_t counsellor; /* SPW_NONE: not known */
    uint32_t first;
    uint32_t second; /* SPW_NONE: there is no other */
};

/* A pool whose number of free has changed since the last settling, and what it was; not state. */
struct spw__risen {
    uint32_t pool;
    uint32_t before;
};

/* An id and its hash; not state. All zero fits: no id is zero. */
struct spw__id_memo {
    uint64_t hi;
    uint64_t lo;
    uint32_t hash;
};

/* --- the engine ------------------------------------------------------------------------------- */

struct spw_engine {
    struct spw_config config;
    spw_ns clock;
    uint64_t sequence; /* last sequence given to a contact */
    uint64_t idle_sequence;
    uint64_t timer_sequence;
    uint64_t event_sequence;
    struct spw__digest event_digest;
    uint64_t input_count;

    struct spw__catalogue catalogue;
    struct spw__queue *queue; /* [1..queue_count] */
    uint32_t queue_count;
    struct spw__centre *centre; /* [1..centre_count] */
    uint32_t centre_count;
    struct spw__plan plan;
    struct spw__prefer *prefer;
    struct spw__prefer *prefer_stage;
    uint32_t prefer_count;
    uint32_t *pool_order; /* [skill set] */
    uint32_t *pool_order_stage;
    spw_ns protected_tat; /* bucket of the protected share: theoretical arrival time */

    struct spw__slab contacts;
    struct spw__contact *contact;
    struct spw__cold *cold;
    struct spw__map ids;
    struct spw__id_memo id_memo[SPW__ID_MEMO];
    struct spw__id_memo token_memo[SPW__ID_MEMO];
    struct spw__slab extras;
    struct spw__extra *extra;
    struct spw__slab counsellors;
    struct spw__counsellor *counsellor;
    struct spw__item *item; /* [slot * items_max] */
    struct spw__map keys;

    struct spw__class *class_; /* all centres */
    struct spw__map class_map;
    uint32_t class_max;
    uint32_t class_used;
    struct spw__pool *pool;
    struct spw__map pool_map;
    uint32_t pool_max;
    uint32_t pool_used;
    unsigned char *arena;
    size_t arena_size;
    size_t arena_used;
    unsigned char *rankings; /* memory of those of all centres */
    size_t rankings_size;
    size_t rankings_used;

    struct spw__pair *pair;
    struct spw__map pair_map;
    uint32_t pair_count;
    uint32_t pair_max;
    uint64_t *served_by; /* [home][serving] */

    struct spw__token *token;
    struct spw__slab token_slab;
    struct spw__map token_map;
    uint32_t token_oldest;
    uint32_t token_newest;

    struct spw__heap timers;
    struct spw_event *event;
    uint64_t event_first; /* sequence of the oldest undelivered */
    uint32_t event_out;   /* its place in the ring */
    uint32_t event_in;    /* the place of the next to be emitted */
    uint32_t events_this_call;

    struct spw__backlog *backlog;
    uint32_t backlog_count;
    uint32_t backlog_max;
    uint32_t reconciling;

    uint32_t possible_contact[SPW__POSSIBLE_MAX];
    uint32_t possible_contact_count;
    uint32_t possible_counsellor[SPW__POSSIBLE_MAX];
    uint32_t possible_counsellor_count;
    uint32_t unfiled[SPW__UNFILED_MAX];
    uint32_t unfiled_count;
    struct spw__risen risen[SPW__RISEN_MAX];
    uint32_t risen_count; /* more than there is room for: any pool may have changed */

    struct spw__foremost foremost; /* from a choice to its runner-up; not state */

    struct spw_policy policy[SPW__POLICIES_MAX];
    uint32_t policy_count;
    const struct spw_policy *order; /* in force */
    uint32_t in_call;               /* a call that may change it is under way; not state */
    struct spw_head *heads;         /* scratch for hooks */
    struct spw_idle *idles;
    uint32_t *candidate;
    int64_t *score;
    uint32_t scratch_max;

    int vector_width;
    spw__argmin_fn *argmin;
    struct spw__stage_state stage;
    struct spw_allocator allocator;
    size_t memory_size;
};

/* For whom places and records are kept: people in danger, not tests. */
static inline bool spw__kept_for(uint8_t priority, uint8_t flags)
{
    return priority == 0 && (flags & SPW_CONTACT_TEST) == 0;
}

/* The rank of a skill set that the plan does not name. */
static inline uint32_t spw__pool_order_usual(uint32_t skillset)
{
    return skillset < SPW__POOL_ORDER_MAX ? skillset : SPW__POOL_ORDER_MAX;
}

/* Whether it has limits at all, kept where the answer costs nothing. */
static inline void spw__limits_note(struct spw__counsellor *counsellor)
{
    counsellor->flags &= (uint8_t)~SPW__LIMITS;
    if ((counsellor->severe_max | counsellor->load_max) != 0) {
        counsellor->flags |= SPW__LIMITS;
    }
}

#endif
