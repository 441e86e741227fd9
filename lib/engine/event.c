/*
 * engine/event.c - the ring of events and its digest.
 *
 * Invariants: sequence numbers count from 1 without gaps; every event is written in full and folded
 * into the digest exactly once (spw__emit_seal) by the room that emitted it. The poll position is
 * not state. The door makes sure there is room before anything is touched, so emitting cannot fail.
 * Who calls: every verb. Cost: one record written, seven multiplications.
 */
#include <string.h>

#include "engine/verbs.h"

uint64_t spw__events_free(const struct spw_engine *e)
{
    return e->config.events_max - (e->event_sequence + 1 - e->event_first);
}

_Static_assert(sizeof(struct spw_event) == 112, "spw__emit writes every member of an event");

static inline uint32_t ring_next(const struct spw_engine *e, uint32_t at)
{
    return at + 1 == e->config.events_max ? 0 : at + 1;
}

/*
 * The next event of the ring, with what every event says. Member by member, here and below: what a
 * literal compiles to takes longer to start than this to run.
 */
static inline struct spw_event *begin(struct spw_engine *e, uint32_t kind, uint32_t reason)
{
    SPW_ASSERT(spw__events_free(e) > 0);
    e->event_sequence++;
    e->events_this_call++;
    struct spw_event *event = &e->event[e->event_in];
    e->event_in = ring_next(e, e->event_in);
    event->sequence = e->event_sequence;
    event->at = e->clock;
    event->kind = (uint16_t)kind;
    event->reason = (uint16_t)reason;
    event->until = 0;
    event->runner_up.bits = 0;
    event->policy = (uint32_t)e->plan.order;
    event->policy_revision = (uint32_t)e->plan.revision;
    return event;
}

/* No contact: its members are 0. */
static inline void without_contact(struct spw_event *event)
{
    event->priority = 0;
    event->state = 0;
    event->flags = 0;
    event->contact.bits = 0;
    event->id.hi = 0;
    event->id.lo = 0;
    event->cookie = 0;
    event->queue = 0;
    event->waited = 0;
}

static inline struct spw_event *begin_contact(struct spw_engine *e, uint32_t kind, uint32_t reason,
                                              uint32_t x)
{
    struct spw_event *event = begin(e, kind, reason);
    const struct spw__contact *contact = &e->contact[x];
    const struct spw__cold *cold = &e->cold[x];
    event->priority = contact->priority;
    event->state = contact->state;
    event->flags = (contact->flags & SPW_CONTACT_TEST) != 0 ? SPW_EVENT_FLAG_TEST : 0;
    event->contact.bits = spw__contact_bits(e, x);
    event->id.hi = cold->id_hi;
    event->id.lo = cold->id_lo;
    event->cookie = cold->cookie;
    event->centre = cold->home;
    event->queue = cold->queue;
    event->waited = e->clock - contact->arrived_at;
    event->detail_a = 0;
    return event;
}

struct spw_event *spw__emit(struct spw_engine *e, uint32_t kind, uint32_t reason)
{
    struct spw_event *event = begin(e, kind, reason);
    without_contact(event);
    event->counsellor.bits = 0;
    event->centre = 0;
    event->detail_a = 0;
    return event;
}

struct spw_event *spw__emit_contact(struct spw_engine *e, uint32_t kind, uint32_t reason,
                                    uint32_t x)
{
    struct spw_event *event = begin_contact(e, kind, reason, x);
    event->counsellor.bits = 0;
    return event;
}

struct spw_event *spw__emit_pair(struct spw_engine *e, uint32_t kind, uint32_t reason, uint32_t x,
                                 uint32_t c)
{
    struct spw_event *event = begin_contact(e, kind, reason, x);
    event->counsellor.bits = spw__counsellor_bits(e, c);
    return event;
}

struct spw_event *spw__emit_counsellor(struct spw_engine *e, uint32_t kind, uint32_t reason,
                                       uint32_t c)
{
    struct spw_event *event = begin(e, kind, reason);
    without_contact(event);
    event->counsellor.bits = spw__counsellor_bits(e, c);
    event->centre = e->counsellor[c].centre;
    event->detail_a = e->counsellor[c].state;
    return event;
}

/*
 * Adds both halves of the product of two words, folded: each pair is mixed without waiting for
 * others. `into` is kept in a register between two terms: without that gcc works on all seven at
 * once and spends a third of the instructions on putting them aside.
 */
static inline uint64_t fold_in(uint64_t into, uint64_t factor, uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)(a ^ 0x9e3779b97f4a7c15u) * (b ^ 0xd6e8feb86659fd93u);
    into += factor * ((uint64_t)product ^ (uint64_t)(product >> 64));
    __asm__("" : "+r"(into));
    return into;
}

void spw__emit_seal(struct spw_engine *e, const struct spw_event *event)
{
    /* Volatile: parts of a word are read one by one, as they have just been written. One load of
     * several would have to wait until every store has left the processor. */
    const volatile struct spw_event *now = event;
    uint64_t head = now->kind | ((uint64_t)now->reason << 16) | ((uint64_t)now->priority << 32) |
                    ((uint64_t)now->state << 40) | ((uint64_t)now->flags << 48);
    uint64_t sum = fold_in(0, 3, head, event->contact.bits);
    uint64_t place = now->centre | ((uint64_t)now->queue << 32);
    sum = fold_in(sum, 9, place, (uint64_t)event->waited);
    sum = fold_in(sum, 1, event->sequence, (uint64_t)event->at);
    sum = fold_in(sum, 5, event->id.hi, event->id.lo);
    sum = fold_in(sum, 7, event->cookie, event->counsellor.bits);
    sum = fold_in(sum, 11, (uint64_t)event->until, event->runner_up.bits);
    uint64_t policy = now->policy | ((uint64_t)now->policy_revision << 32);
    sum = fold_in(sum, 13, policy, event->detail_a);
    spw__digest_u64(&e->event_digest, sum);
}

/* In pieces that a register holds: copied in line, where a whole record would be a call. */
static inline void copy(struct spw_event *to, const struct spw_event *from)
{
    enum { PIECE = 16 };
    _Static_assert(sizeof *to % PIECE == 0, "an event is whole pieces");
    for (size_t at = 0; at < sizeof *to; at += PIECE) {
        memcpy((unsigned char *)to + at, (const unsigned char *)from + at, PIECE);
    }
}

size_t spw_poll(struct spw_engine *engine, struct spw_event *events, size_t n)
{
    SPW_ASSERT(engine != NULL);
    SPW_ASSERT(!engine->in_call);
    uint64_t there = engine->event_sequence + 1 - engine->event_first;
    size_t count = n < there ? n : (size_t)there;
    uint32_t out = engine->event_out;
    for (size_t i = 0; i < count; i++) {
        copy(&events[i], &engine->event[out]);
        out = ring_next(engine, out);
    }
    engine->event_out = out;
    engine->event_first += count;
    return count;
}

uint64_t spw_event_digest(const struct spw_engine *engine)
{
    SPW_ASSERT(engine != NULL);
    return spw__digest_done(&engine->event_digest);
}

struct name {
    uint32_t number;
    const char *name;
};

static const char *find_name(const struct name *names, size_t n, uint32_t number)
{
    for (size_t i = 0; i < n; i++) {
        if (names[i].number == number) {
            return names[i].name;
        }
    }
    return "unknown";
}

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

const char *spw_event_name(uint32_t kind)
{
    static const struct name names[] = {
#define NAME(number, name) {(number), #name},
        SPW_EVENT_MAP(NAME)
#undef NAME
    };
    return find_name(names, COUNT_OF(names), kind);
}

const char *spw_block_name(uint32_t block)
{
    static const struct name names[] = {
#define NAME(number, name) {(number), #name},
        SPW_BLOCK_MAP(NAME)
#undef NAME
    };
    return find_name(names, COUNT_OF(names), block);
}

const char *spw_why_name(uint32_t why)
{
    static const char *const names[SPW_WHY_COUNT] = {
        [SPW_WHY_NONE] = "none",
        [SPW_WHY_NOBODY_FREE] = "nobody-free",
        [SPW_WHY_NOBODY_ABLE] = "nobody-able",
        [SPW_WHY_FROZEN] = "frozen",
        [SPW_WHY_DECLINED] = "declined",
        [SPW_WHY_MISSED] = "missed",
        [SPW_WHY_COUNSELLOR_LOST] = "counsellor-lost",
        [SPW_WHY_LEFT] = "left",
        [SPW_WHY_PARKED] = "parked",
        [SPW_WHY_STEP] = "step",
        [SPW_WHY_RECLASSIFIED] = "reclassified",
        [SPW_WHY_QUEUE_CLOSED] = "queue-closed",
        [SPW_WHY_TRANSFER] = "transfer",
        [SPW_WHY_PLAN] = "plan",
        [SPW_WHY_SUPERVISOR] = "supervisor",
        [SPW_WHY_REQUEST] = "request",
        [SPW_WHY_LEASE] = "lease",
        [SPW_WHY_GRACE_OVER] = "grace-over",
        [SPW_WHY_CENTRE_DARK] = "centre-dark",
        [SPW_WHY_RESTART] = "restart",
        [SPW_WHY_STICKY] = "sticky",
        [SPW_WHY_ACCEPTED_ELSEWHERE] = "accepted-elsewhere",
        [SPW_WHY_SKILLS] = "skills",
        [SPW_WHY_CALLBACK] = "callback",
        [SPW_WHY_SEVERE_STREAK] = "severe-streak",
        [SPW_WHY_LOAD] = "load",
        [SPW_WHY_BACK] = "back",
        [SPW_WHY_FULL] = "full",
    };
    return why < SPW_WHY_COUNT ? names[why] : "unknown";
}

const char *spw_end_name(uint32_t end)
{
    static const char *const names[SPW_END_COUNT] = {
        [0] = "none",
        [SPW_END_SERVED] = "served",
        [SPW_END_ABANDONED] = "abandoned",
        [SPW_END_CUT] = "cut",
        [SPW_END_PARK_EXPIRED] = "park-expired",
        [SPW_END_REFUSED_FULL] = "refused-full",
        [SPW_END_REFUSED_CLOSED] = "refused-closed",
        [SPW_END_EXPIRED] = "expired",
        [SPW_END_CALLBACK_FAILED] = "callback-failed",
        [SPW_END_CALLBACK_REACHED_OTHER] = "callback-reached-other",
        [SPW_END_SWITCHED] = "switched",
        [SPW_END_LOST] = "lost",
        [SPW_END_ANSWERED_ELSEWHERE] = "answered-elsewhere",
    };
    return end < SPW_END_COUNT ? names[end] : "unknown";
}
