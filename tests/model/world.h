/*
 * model/world.h - the naive reference: what it remembers and what its rooms offer each other.
 *
 * It is written from the rules and the public headers and shares no code with the engine.
 * Everything lies in flat arrays that are never reused and is found by looking at all of it. There
 * are no classes, pools, lanes, ranks or wheels: whether a contact may go to a counsellor is
 * block(), which of two contacts goes first is order_before(), and a decision looks at everybody.
 *
 * Handles are the engine's own: the model says when one is made and that it is new, not its bits.
 */
#ifndef MODEL_WORLD_H
#define MODEL_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include <spillway.h>

enum {
    SKILLS = 16,
    SETS = 24,
    NEEDS = 24,
    LADDERS = 12,
    QUEUES = 8,
    CENTRES = 4,
    CLAUSES = 16,
    LITERALS = 8,
    STEPS = 16,
    COUNSELLORS = 64,
    CONTACTS = 1024,
    ITEMS = 16,
    DECLINES = 8,
    TIMERS = 8192,
    TOKENS = 256,
    PREFERS = 64,
    OUT = 4096,
    TOUCHED = 4096
};

struct literal {
    uint32_t skill, level, mode;
};

struct clause {
    uint32_t count, floor;
    struct literal literals[LITERALS];
};

struct need {
    uint32_t count;
    struct clause clauses[CLAUSES];
};

struct skillset {
    uint32_t levels[SKILLS + 1]; /* by skill; 0 = not held */
};

struct ladder_step {
    spw_ns after;
    uint32_t need, raise;
};

struct ladder {
    uint32_t count;
    struct ladder_step steps[STEPS];
};

struct queue {
    uint64_t key;
    uint32_t need, ladder, fallback;
    spw_ns target[SPW_PRIORITY_COUNT];
    spw_ns offer_timeout, wrap_up, park_grace, retry_after, callback_retry;
    uint64_t waiting_max, callback_max, callback_attempts;
    bool closed;
};

enum centre_state { CENTRE_CLOSED = 0, CENTRE_OPEN = 1, CENTRE_DARK = 2 };

struct centre {
    uint64_t key;
    uint32_t zone, rest_share;
    spw_ns lease, reconnect_grace;
    enum centre_state state;
};

struct prefer {
    uint32_t skillset, queue;
    uint32_t rank, reserve;
};

struct plan {
    spw_ns head_start[SPW_PRIORITY_COUNT];
    spw_ns head_start_unclassified;
    uint32_t protect;
    int64_t protected_rate, protected_burst;
    uint32_t unclassified_share, order, chooser;
    uint32_t rate[SPW_PRIORITY_COUNT];
    uint32_t units[SPW_CHANNEL_COUNT];
    uint32_t group[SPW_CHANNEL_COUNT];
    spw_ns claim_after, decline_for, resume_grace, resume_gap, credit_max, sticky_bonus,
        transfer_hold, suspect_delay;
    uint32_t miss_max, revision;
    uint32_t prefer_count;
    struct prefer prefers[PREFERS];
    uint32_t pool_order[SETS + 1]; /* by skill set */
};

enum item_kind { ITEM_OFFER = 1, ITEM_TALK, ITEM_WRAP };

struct item {
    enum item_kind kind;
    uint32_t contact; /* index */
    uint32_t channel, units;
    uint32_t queue; /* in which the talk is held: its wrap-up */
    uint32_t flags; /* wrap-up: of the contact when the talk ended */
    uint32_t place; /* items keep theirs; a new one takes the lowest that is free */
};

struct counsellor {
    uint64_t handle;
    uint32_t tag; /* of the script, for the generator */
    bool gone;
    uint64_t key;
    uint32_t centre, skillset, units, channels, flags;
    enum spw_counsellor_state state;
    spw_ns idle_since;
    uint64_t idle_sequence;
    uint32_t missed;
    spw_ns last_seen;
    enum spw_counsellor_state before_loss;
    uint32_t item_count;
    struct item items[ITEMS];
    uint32_t claim; /* contact, 0 = none */
    /* limits */
    spw_ns shift_end, rest;
    uint32_t severe_max, load_max;
    uint32_t streak, load;
    bool resting, shift_over;
    bool break_due; /* and has not begun, or was put off */
    bool confirmed;
};

struct barred {
    uint32_t counsellor;
    spw_ns until;
    bool excluded; /* for good */
};

struct contact {
    uint64_t handle;
    enum spw_contact_state state; /* GONE when it has ended */
    spw_id id, token;
    uint64_t cookie;
    uint32_t home, queue, need, ladder, step, raises;
    bool own_need;
    uint32_t zone, channel, base, flags, severity;
    uint32_t sticky, sticky_mode; /* counsellor */
    spw_ns sticky_until;
    bool held; /* for that one alone, until the deadline has fired */
    spw_ns deadline;
    spw_ns arrived_at, queued_at, ladder_at;
    uint64_t place_sequence, own_sequence;
    spw_ns connected_at; /* the last time */
    bool met;            /* was connected once, so that it counts */
    uint32_t holder;     /* offered to or held by */
    uint32_t to;         /* warm: offered to */
    uint32_t claim;      /* counsellor kept for it */
    uint32_t barred_count;
    struct barred barred[DECLINES];
    spw_ns callback_due, safe_until;
    uint32_t attempts;
    bool called_back; /* due or being called: the person is not on the line */
    bool confirmed;
    bool unconfirmed_park; /* by the roll call after a restart: ends as LOST */
    bool waited;           /* was told to wait */
    uint32_t last_counsellor;
};

/* Deadlines. Several on the same instant fire by class, then in the order in which they were
 * armed. */
enum timer_kind {
    TIMER_STEP = 1,
    TIMER_OFFER,
    TIMER_PARK,
    TIMER_CALLBACK,
    TIMER_SAFE,
    TIMER_DEADLINE,
    TIMER_STICKY,
    TIMER_BAR,
    TIMER_WRAP,
    TIMER_LEASE, /* or the grace of who is lost */
    TIMER_REST,  /* a break */
    TIMER_SHIFT, /* its end */
    TIMER_FREEZE
};

struct timer {
    enum timer_kind kind;
    spw_ns at;
    uint64_t sequence;
    uint32_t contact, counsellor; /* of a freeze: centre; of a wrap-up: with the item's place */
};

enum { PLACE = 1000 }; /* counsellor + PLACE * place names a wrap-up */

struct token {
    spw_id token;
    spw_ns ended_at, waited;
    uint64_t place_sequence;
    spw_ns arrived_at;
};

enum backlog_kind {
    BACKLOG_NONE = 0,
    BACKLOG_QUEUE,
    BACKLOG_PLAN,
    BACKLOG_THAW,
    BACKLOG_CENTRE,
    BACKLOG_DARK,
    BACKLOG_RECONCILE
};

struct backlog {
    enum backlog_kind kind;
    uint32_t queue, centre;
    uint32_t contact, counsellor; /* looked at last */
};

struct stage {
    uint32_t what; /* 0 = none open */
    struct need need;
    bool clause_open;
    struct skillset skillset;
    uint32_t skill_count;
    struct ladder ladder;
    struct queue queue;
    struct centre centre;
    struct plan plan;
};

/* How many of a pool are free, by centre, skill set and channels. */
struct free_count {
    uint32_t of[CENTRES + 1][SETS + 1][1 << SPW_CHANNEL_COUNT];
};

struct world {
    struct spw_config config;
    spw_ns clock;
    uint64_t event_sequence, timer_sequence, place_sequence, idle_sequence, own_sequence;
    struct stage stage;
    uint32_t skill_count, set_count, need_count, ladder_count, queue_count, centre_count;
    uint64_t skill_keys[SKILLS + 1];
    struct skillset sets[SETS + 1];
    struct need needs[NEEDS + 1];
    struct ladder ladders[LADDERS + 1];
    struct queue queues[QUEUES + 1];
    struct centre centres[CENTRES + 1];
    struct plan plan;
    uint32_t counsellor_count, contact_count; /* ever made; slot 0 is nobody */
    struct counsellor counsellors[COUNSELLORS + 1];
    struct contact contacts[CONTACTS + 1];
    uint32_t timer_count;
    struct timer timers[TIMERS];
    uint32_t token_count;
    struct token tokens[TOKENS];
    bool frozen[CENTRES + 1]; /* by centre, 0 = all */
    spw_ns no_breaks_until[CENTRES + 1];
    uint32_t backlog_count;
    struct backlog backlogs[64];
    uint32_t backlog_queue, backlog_centre;
    spw_ns backlog_span;
    bool reconciling;
    struct free_count free_before; /* as the last settling left it */
    int64_t bucket;                /* what tier 0 has taken of its share, in parts of an offer */
    spw_ns bucket_at;
    bool beyond[CENTRES + 1]; /* the unclassified held their share when last looked at */
    struct spw_counters counters[CENTRES + 1][QUEUES + 1][SPW_PRIORITY_COUNT];
    struct spw_counters test_counters[CENTRES + 1][QUEUES + 1];
    uint64_t served_by[CENTRES + 1][CENTRES + 1];
    /* of the input being worked off */
    uint32_t fired; /* deadlines, by this call */
    uint32_t out_count;
    struct spw_event out[OUT];
    uint32_t touched_contact_count, touched_counsellor_count;
    uint32_t touched_contacts[TOUCHED];
    uint32_t touched_counsellors[TOUCHED];
    uint32_t pulling;  /* who asks and is never pushed a contact */
    uint32_t arriving; /* who is: tries home before it waits */
    uint64_t made;     /* what the engine says it made */
    bool makes;        /* the model expects a handle that never was */
    bool makes_counsellor;
    uint64_t made_number; /* expected, for numbers and known handles */
};

/* world.c */
void world_init(struct world *w, const struct spw_config *config);
struct contact *contact_by_handle(struct world *w, uint64_t handle, int *error);
uint32_t contact_index(const struct world *w, const struct contact *x);
uint32_t counsellor_by_handle(const struct world *w, uint64_t handle, int *error);
uint32_t counsellor_next(const struct world *w, uint32_t after);
uint32_t effective(const struct contact *x);
uint32_t units_held(const struct counsellor *c);
bool waits(const struct contact *x);
bool talks(const struct contact *x);
void timer_arm(struct world *w, enum timer_kind kind, spw_ns at, uint32_t contact,
               uint32_t counsellor);
void timer_cancel(struct world *w, enum timer_kind kind, uint32_t contact, uint32_t counsellor);
spw_ns timer_at(const struct world *w, enum timer_kind kind, uint32_t contact, uint32_t counsellor);
struct spw_event *tell(struct world *w, enum spw_event_kind kind, uint32_t reason);
struct spw_event *tell_contact(struct world *w, enum spw_event_kind kind, uint32_t reason,
                               uint32_t contact, uint32_t counsellor);
struct spw_event *reconciled(struct world *w, enum spw_reconciled how, uint32_t contact,
                             uint32_t counsellor);
struct spw_event *tell_counsellor(struct world *w, enum spw_event_kind kind, uint32_t reason,
                                  uint32_t counsellor);
void touch_contact(struct world *w, uint32_t contact);
void touch_counsellor(struct world *w, uint32_t counsellor);

/* setup.c, stage.c */
int setup_apply(struct world *w, const struct spw_input *in);
void plan_defaults(struct plan *plan);
int stage_step(struct world *w, const struct spw_input *in);
int stage_commit(struct world *w);
int skill_add(struct world *w, uint64_t key);

/* block.c */
bool meets(const struct need *need, const struct skillset *set);
bool able(const struct world *w, const struct contact *x, const struct counsellor *c);
bool excluded(const struct contact *x, uint32_t counsellor);
bool group_conflict(const struct world *w, const struct contact *x, const struct counsellor *c);
bool no_room(const struct world *w, const struct contact *x, const struct counsellor *c);
bool on_duty(const struct counsellor *c);
bool signed_in(const struct counsellor *c);
bool away(const struct world *w, const struct counsellor *c);
bool at_limit(const struct counsellor *c);
enum spw_block block(const struct world *w, uint32_t contact, uint32_t counsellor);

/* order.c */
bool beyond_share(const struct world *w, uint32_t centre);
uint32_t tier(const struct world *w, const struct contact *x);
bool order_before(const struct world *w, uint32_t a, uint32_t b, uint32_t counsellor);
bool wish_moves(const struct world *w, const struct contact *x, uint32_t counsellor);
bool wish_counts(const struct world *w, const struct contact *x, uint32_t counsellor);
bool order_before_plain(const struct world *w, uint32_t a, uint32_t b, uint32_t counsellor);
bool order_ahead(const struct world *w, uint32_t a, uint32_t b);
uint32_t prefer_rank(const struct world *w, uint32_t skillset, uint32_t queue);
uint32_t prefer_reserve(const struct world *w, uint32_t skillset, uint32_t queue);
bool chosen_before(const struct world *w, uint32_t a, uint32_t b, uint32_t contact);
uint32_t flexibility(const struct world *w, const struct counsellor *c);
bool same_class(const struct contact *x, const struct contact *y);
void bucket_fill(struct world *w);
void bucket_take(struct world *w);

/* match.c */
void settle(struct world *w);
bool contact_side(struct world *w, uint32_t contact);
void contact_claims(struct world *w, uint32_t contact);
bool match_pull(struct world *w, uint32_t counsellor);
void claim_release(struct world *w, uint32_t contact);

/* offer.c */
struct spw_event *offer_make(struct world *w, uint32_t contact, uint32_t counsellor, uint32_t flags,
                             uint32_t runner_up);
void offer_withdraw(struct world *w, uint32_t contact, enum spw_why why);
void item_remove(struct world *w, uint32_t counsellor, uint32_t place);
struct item *item_find(struct counsellor *c, uint32_t contact, enum item_kind kind);
void talk_over(struct world *w, uint32_t contact, uint32_t counsellor);
void talk_counts(struct world *w, uint32_t contact);
void wrap_begin(struct world *w, uint32_t contact, uint32_t counsellor);
void wrap_end(struct world *w, uint32_t contact, uint32_t counsellor, uint32_t place);
uint32_t offered_to(const struct contact *x);
int offer_apply(struct world *w, const struct spw_input *in);
void offer_timeout(struct world *w, uint32_t contact);
void bar(struct world *w, uint32_t contact, uint32_t counsellor, spw_ns until, bool excluded);
void bar_over(struct world *w, uint32_t contact);
void contact_waits(struct world *w, uint32_t contact, bool anew);

/* arrive.c */
int contact_arrive(struct world *w, const struct spw_arrive *a);
void token_remember(struct world *w, const struct contact *x, spw_ns waited);

/* contact.c */
int contact_apply(struct world *w, const struct spw_input *in);
void wish_over(struct world *w, uint32_t contact, uint32_t counsellor);
void contact_end(struct world *w, uint32_t contact, enum spw_end reason);
void forget_timers(struct world *w, uint32_t contact);
void contact_park(struct world *w, uint32_t contact, spw_ns grace);
void contact_resumed(struct world *w, uint32_t contact);
bool off_the_line(const struct contact *x);
void park_over(struct world *w, uint32_t contact);
void contact_move(struct world *w, uint32_t contact, uint32_t queue, enum spw_why why);
void ladder_start(struct world *w, uint32_t contact);
void ladder_arm(struct world *w, uint32_t contact);
void ladder_due(struct world *w, uint32_t contact, bool fired);
void ladders_resume(struct world *w);
enum spw_why wait_reason(const struct world *w, uint32_t contact);
struct spw_counters *counter_of(struct world *w, uint32_t home, uint32_t queue, uint32_t base,
                                uint32_t flags);
struct spw_counters *counter(struct world *w, const struct contact *x);
void count_move(struct spw_counters *from, struct spw_counters *to);

/* transfer.c: transfers and callbacks */
int transfer_apply(struct world *w, const struct spw_input *in);
void transfer_end(struct world *w, uint32_t contact, enum spw_why why);
int callback_apply(struct world *w, const struct spw_input *in);
void callback_reached(struct world *w, uint32_t contact);
void callback_missed(struct world *w, uint32_t contact);
void callback_due(struct world *w, uint32_t contact);

/* roster.c */
int roster_apply(struct world *w, const struct spw_input *in);
void counsellor_set(struct world *w, uint32_t counsellor, enum spw_counsellor_state state,
                    enum spw_why why);
void counsellor_lost(struct world *w, uint32_t counsellor, enum spw_why why);
void lease_start(struct world *w, uint32_t counsellor);
void sign_of_life(struct world *w, uint32_t counsellor);
int counsellor_gone(struct world *w, uint64_t handle, uint32_t contact);
void counsellor_given_up(struct world *w, uint32_t counsellor);
void counsellor_empty(struct world *w, uint32_t counsellor);

/* limits.c: shifts and breaks */
int limits_apply(struct world *w, const struct spw_input *in);
int limits_defer(struct world *w, uint32_t counsellor);
void limits_signed_out(struct world *w, uint32_t counsellor);
void limits_connected(struct world *w, uint32_t counsellor);
void limits_talk_ended(struct world *w, uint32_t counsellor, const struct contact *x);
void limits_rested(struct world *w, uint32_t counsellor);
bool limits_kept_away(const struct world *w, uint32_t contact);

/* supervise.c: opening and closing, the backlog, restarts */
int supervise_apply(struct world *w, const struct spw_input *in);
uint32_t fallback_of(const struct world *w, uint32_t queue);
void moved_out(struct world *w, uint32_t contact, uint32_t queue);
void backlog_begin(struct world *w, enum backlog_kind kind);
bool backlog_work(struct world *w);
int gap_apply(struct world *w, spw_ns span);

/* supervisor.c */
int supervisor_apply(struct world *w, const struct spw_input *in);
void thaw(struct world *w, uint32_t centre, enum spw_why why, uint64_t actor);

/* door.c */
bool enough_said(const struct world *w);
int world_apply(struct world *w, const struct spw_input *in, spw_ns now, uint64_t made);
void personal_anew(struct world *w, uint32_t contact);
spw_ns world_next_deadline(const struct world *w);

#endif
