/*
 * engine/door.c - the one door: time passes, an input is applied, everything settles.
 *
 * apply(input, now): room in the ring is checked first; deadlines before `now` fire one by one,
 * each settled and stamped with its own time; the clock becomes `now`; the input; settle (rule T1).
 * Invariant: a refused input changes nothing beyond the deadlines that were due; nothing re-enters.
 * Who calls: the host, through spw_apply and the typed functions. Cost: that of the verbs.
 */
#include <string.h>

#include "engine/verbs.h"

enum { KINDS = 128 };

/* Bytes of a record that each member of SPW_INPUT_MAP takes. */
#define USED(member) USED_##member = sizeof(((struct spw_input *)0)->u.member)
enum {
    USED_none = 0,
    USED(span),
    USED(stage),
    USED(literal),
    USED(clause),
    USED(step),
    USED(set),
    USED(skill),
    USED(queue),
    USED(centre),
    USED(counsellor_add),
    USED(counsellor),
    USED(limits),
    USED(arrive),
    USED(contact),
    USED(pair),
    USED(reclassify),
    USED(transfer),
    USED(callback),
    USED(supervise)
};

_Static_assert(sizeof(((struct spw_input *)0)->u) == sizeof(((struct spw_input *)0)->u.bytes) &&
                   sizeof(struct spw_input) == 128,
               "a record is 128 bytes, and the first member of its union is all of the union");

/* The contact of an input is read before its kind is looked at (spw__contact_input, ahead.c), and
 * so is the counsellor (spw__roster_input). */
#define AT(member) offsetof(struct spw_input, u.member)
_Static_assert(AT(contact.contact) == AT(pair.contact) &&
                   AT(contact.contact) == AT(reclassify.contact) &&
                   AT(contact.contact) == AT(transfer.contact) &&
                   AT(contact.contact) == AT(callback.contact) &&
                   AT(contact.contact) == AT(supervise.contact),
               "every input about a contact has it first");
_Static_assert(AT(counsellor.counsellor) == AT(limits.counsellor),
               "every input about a counsellor alone has it first");

_Static_assert(SPW__EVENTS_BEFORE_STOP + SPW__EVENTS_UNCUT + SPW__EVENTS_DECISION <=
                   SPW_EVENTS_PER_INPUT,
               "no call adds more events than it says (rule D3)");

/* Of each kind: that it is one, whether it is a fact, and the bytes that its member takes. */
enum { KIND_KNOWN = 1, KIND_FACT = 2 };
struct kind {
    uint8_t flags;
    uint8_t used;
};
#define FLAGS_F (KIND_KNOWN | KIND_FACT)
#define FLAGS_R KIND_KNOWN

static struct kind about(uint32_t kind)
{
    static const struct kind kinds[KINDS] = {
#define KIND(number, name, sort, member) [number] = {FLAGS_##sort, USED_##member},
        SPW_INPUT_MAP(KIND)
#undef KIND
    };
    return kind < KINDS ? kinds[kind] : (struct kind){0, 0};
}

static inline uint64_t word_at(const struct spw_input *in, size_t at)
{
    uint64_t word;
    memcpy(&word, &in->u.bytes[at], 8);
    return word;
}

/*
 * Whether nothing stands behind the bytes that are used. Padding inside of them is the compiler's,
 * not the host's: it is not looked at. Most of an input is unused: it is looked at in strides of 32
 * bytes, once what is left is a number of them.
 */
static bool rest_is_zero(const struct spw_input *in, size_t used)
{
    uint64_t any = 0;
    size_t at = used;
    for (; at % 8 != 0; at++) {
        any |= in->u.bytes[at];
    }
    for (; (sizeof in->u - at) % 32 != 0; at += 8) {
        any |= word_at(in, at);
    }
    for (; at < sizeof in->u; at += 32) {
        any |=
            (word_at(in, at) | word_at(in, at + 8)) | (word_at(in, at + 16) | word_at(in, at + 24));
    }
    return any == 0;
}

int spw_input_is_fact(uint32_t kind)
{
    return (about(kind).flags & KIND_FACT) != 0;
}

const char *spw_input_name(uint32_t kind)
{
    switch (kind) {
#define CASE(number, name, sort, member)                                                           \
    case (number):                                                                                 \
        return #name;
        SPW_INPUT_MAP(CASE)
#undef CASE
    default:
        return NULL;
    }
}

/* --- deadlines -------------------------------------------------------------------------------- */

/* Why a contact ends that was parked and did not come back. */
static uint32_t park_over(uint8_t marks)
{
    if ((marks & SPW__MARK_UNCONFIRMED) != 0) {
        return SPW_END_LOST;
    }
    return (marks & SPW__MARK_REACHED) != 0 ? SPW_END_CUT : SPW_END_PARK_EXPIRED;
}

static void contact_deadline(struct spw_engine *e, uint32_t x)
{
    switch (e->contact[x].state) {
    case SPW_CONTACT_OFFERED:
        spw__offer_expired(e, x);
        break;
    case SPW_CONTACT_TRANSFERRING:
        if (e->contact[x].lane == SPW__LANE_NONE) {
            spw__offer_expired(e, x);
        } else {
            spw__step_due(e, x);
        }
        break;
    case SPW_CONTACT_WAITING:
        spw__step_due(e, x);
        break;
    case SPW_CONTACT_PARKED:
        spw__end(e, x, park_over(e->contact[x].marks));
        break;
    case SPW_CONTACT_CALLBACK:
        spw__callback_due(e, x);
        break;
    default:
        SPW_ASSERT(false);
    }
}

static void thaw(struct spw_engine *e, uint32_t centre)
{
    e->centre[centre].frozen_until = 0;
    struct spw_event *event = spw__emit(e, SPW_EVENT_THAWED, SPW_WHY_NONE);
    event->centre = centre;
    spw__emit_seal(e, event);
    spw__backlog_add(e, SPW__BACKLOG_MATCH, centre, 0);
}

/* Fires the first deadline of the heap. */
static void fire(struct spw_engine *e)
{
    struct spw__timer timer = *spw__heap_first(&e->timers);
    uint32_t node = timer.node;
    if (timer.deadline > e->clock) {
        e->clock = timer.deadline;
    }
    spw__heap_disarm(&e->timers, node);
    switch (timer.rank >> 56) {
    case SPW__TIMER_CONTACT:
        e->contact[node].marks &= (uint8_t)~SPW__MARK_ARMED;
        contact_deadline(e, node);
        break;
    case SPW__TIMER_PERSONAL:
        spw__personal_due(e, e->extra[node - spw__node_personal(e, 0)].contact);
        break;
    case SPW__TIMER_WRAP_UP:
        node -= spw__node_wrap_up(e, 0, 0);
        spw__wrap_up_over(e, node / e->config.items_max, node % e->config.items_max);
        break;
    case SPW__TIMER_DUTY:
        spw__duty_due(e, node - spw__node_duty(e, 0));
        break;
    case SPW__TIMER_REST:
        spw__rest_due(e, node - spw__node_rest(e, 0));
        break;
    default:
        thaw(e, node - spw__node_thaw(e, 0));
        break;
    }
    spw__settle(e);
}

static inline bool due_before(const struct spw_engine *e, spw_ns until)
{
    const struct spw__timer *first = spw__heap_first(&e->timers);
    return first != NULL && first->deadline < until;
}

/* Deadlines before `until`; false when more are due than one call may fire. */
static bool fire_before(struct spw_engine *e, spw_ns until)
{
    for (uint32_t fired = 0;; fired++) {
        if (!due_before(e, until)) {
            return true;
        }
        if (fired == SPW_STEP_MAX || e->events_this_call >= SPW__EVENTS_BEFORE_STOP) {
            return false;
        }
        fire(e);
    }
}

/* --- inputs about the engine itself ----------------------------------------------------------- */

static int advance(struct spw_engine *e, spw_ns now)
{
    /* Deadlines at exactly now fire as well: they are those before now + 1. */
    bool done = fire_before(e, now + 1);
    if (done && now > e->clock) {
        e->clock = now;
    }
    return done ? SPW_OK : SPW_E_BUSY;
}

/* Later by a span, but not beyond the last point in time. */
static spw_ns later(spw_ns at, spw_ns span)
{
    return at > SPW_TIME_MAX - 1 - span ? SPW_TIME_MAX - 1 : at + span;
}

/* The host was stopped: leases, graces and offers shift; waiting does not get younger. */
static void gap_shift(struct spw_engine *e, uint32_t node, uint32_t kind, spw_ns span)
{
    if (spw__heap_armed(&e->timers, node)) {
        spw__arm(e, node, kind, later(spw__heap_deadline(&e->timers, node), span));
    }
}

static int gap(struct spw_engine *e, spw_ns span)
{
    if (span < 0 || span >= SPW_TIME_MAX / 4) {
        return SPW_E_RANGE;
    }
    for (uint32_t c = 0; c < e->counsellors.capacity; c++) {
        if (!spw__slab_taken(&e->counsellors, c)) {
            continue;
        }
        e->counsellor[c].last_seen = later(e->counsellor[c].last_seen, span);
        gap_shift(e, spw__node_duty(e, c), SPW__TIMER_DUTY, span);
        const struct spw__item *items = spw__items(e, c);
        for (uint32_t i = 0; i < e->config.items_max; i++) {
            if (items[i].state == SPW__ITEM_OFFERED) {
                gap_shift(e, spw__node_contact(e, items[i].contact), SPW__TIMER_CONTACT, span);
            }
        }
    }
    struct spw_event *event = spw__emit(e, SPW_EVENT_GAP, 0);
    event->detail_a = (uint64_t)span;
    spw__emit_seal(e, event);
    return SPW_OK;
}

static int reconcile_begin(struct spw_engine *e)
{
    if (e->reconciling) {
        return SPW_E_STATE;
    }
    e->reconciling = 1;
    for (uint32_t x = 0; x < e->contacts.capacity; x++) {
        if (spw__slab_taken(&e->contacts, x)) {
            e->contact[x].marks &= (uint8_t)~SPW__MARK_CONFIRMED;
        }
    }
    for (uint32_t c = 0; c < e->counsellors.capacity; c++) {
        e->counsellor[c].confirmed = 0;
    }
    return SPW_OK;
}

static int reconcile_end(struct spw_engine *e, spw_ns grace)
{
    if (!e->reconciling) {
        return SPW_E_STATE;
    }
    if (grace < 0 || grace >= SPW_TIME_MAX / 4) {
        return SPW_E_RANGE;
    }
    e->reconciling = 0;
    spw__backlog_add(e, SPW__BACKLOG_RECONCILE, 0, grace);
    spw__backlog_add(e, SPW__BACKLOG_RESTART, 0, 0);
    return SPW_OK;
}

/* --- the door --------------------------------------------------------------------------------- */

static int dispatch(struct spw_engine *e, const struct spw_input *in, uint64_t *made)
{
    uint32_t kind = in->kind;
    if (kind >= SPW_INPUT_CONTACT_ARRIVE && kind <= SPW_INPUT_CONTACT_EXCLUDE) {
        return spw__contact_input(e, in, made);
    }
    if (kind == SPW_INPUT_GAP) {
        return gap(e, in->u.span);
    }
    if (kind == SPW_INPUT_RECONCILE_BEGIN) {
        return reconcile_begin(e);
    }
    if (kind == SPW_INPUT_RECONCILE_END) {
        return reconcile_end(e, in->u.span);
    }
    if (kind < SPW_INPUT_QUEUE_CLOSE) {
        return spw__stage_input(e, in, made);
    }
    if (kind < SPW_INPUT_COUNSELLOR_ADD) {
        return spw__queue_input(e, in);
    }
    if (kind < SPW_INPUT_CONTACT_ARRIVE || kind == SPW_INPUT_COUNSELLOR_ALIVE) {
        return spw__roster_input(e, in, made);
    }
    if (kind >= SPW_INPUT_SUPERVISE_ASSIGN && kind <= SPW_INPUT_SUPERVISE_SUSPEND) {
        return spw__supervise_input(e, in);
    }
    return spw__contact_input(e, in, made);
}

static void clock_back(struct spw_engine *e, spw_ns now)
{
    struct spw_event *event = spw__emit(e, SPW_EVENT_CLOCK_BACK, 0);
    event->detail_a = (uint64_t)(e->clock - now);
    spw__emit_seal(e, event);
}

static int apply_time_input(struct spw_engine *e, uint32_t kind, spw_ns now)
{
    int result = advance(e, now);
    if (kind == SPW_INPUT_CONTINUE && result == SPW_OK && spw__backlog_step(e)) {
        result = SPW_E_BUSY;
    }
    return result;
}

/* One input; `alone`: nobody has looked ahead for it. */
static int take(struct spw_engine *e, const struct spw_input *input, spw_ns now, uint64_t *made,
                bool alone)
{
    *made = 0;
    struct kind kind = about(input->kind);
    if ((kind.flags & KIND_KNOWN) == 0 || input->reserved_0 != 0 ||
        !rest_is_zero(input, kind.used)) {
        return SPW_E_INVALID;
    }
    if (now < 0 || now >= SPW_TIME_MAX) {
        return SPW_E_RANGE;
    }
    if (spw__events_free(e) < SPW_EVENTS_PER_INPUT) {
        return SPW_E_POLL_FIRST;
    }
    if (alone) {
        spw__look_far(e, input);
        spw__look_near(e, input); /* what hangs on it is on its way while the rest is checked */
    }
    e->events_this_call = 0;
    bool back = now < e->clock;
    spw_ns asked = now;
    now = back ? e->clock : now;
    if (input->kind == SPW_INPUT_ADVANCE || input->kind == SPW_INPUT_CONTINUE) {
        if (back) {
            clock_back(e, asked);
        }
        return apply_time_input(e, input->kind, now);
    }
    bool fact = (kind.flags & KIND_FACT) != 0;
    bool done = !due_before(e, now) || fire_before(e, now);
    if (!done || e->events_this_call >= SPW__EVENTS_BEFORE_STOP) {
        return fact ? SPW_E_POLL_FIRST : SPW_E_BUSY; /* progress was made: poll and call again */
    }
    if (!fact && e->backlog_count > 0) {
        return SPW_E_BUSY;
    }
    spw_ns before = e->clock;
    e->clock = now;
    uint64_t sequence = e->event_sequence;
    int result = dispatch(e, input, made);
    if (result != SPW_OK) {
        SPW_ASSERT(e->event_sequence == sequence);
        e->clock = before;
        *made = 0;
        return result;
    }
    if (back) {
        clock_back(e, asked);
    }
    spw__settle(e);
    e->input_count++;
    return SPW_OK;
}

/* The same, and what a policy's hook calls meanwhile is misuse if it could change the engine. */
static int apply(struct spw_engine *e, const struct spw_input *input, spw_ns now, uint64_t *made,
                 bool alone)
{
    SPW_ASSERT(!e->in_call);
    e->in_call = 1;
    int result = take(e, input, now, made, alone);
    e->in_call = 0;
    return result;
}

int spw_apply(struct spw_engine *engine, const struct spw_input *input, spw_ns now, uint64_t *made)
{
    uint64_t unused;
    SPW_ASSERT(engine != NULL && input != NULL);
    return apply(engine, input, now, made == NULL ? &unused : made, true);
}

/* How many inputs ahead their own records are asked for, and what hangs on these. */
#define LOOK_FAR 16
#define LOOK_NEAR 8
#define LOOK_CLOSE 4

size_t spw_apply_many(struct spw_engine *engine, const struct spw_input *inputs,
                      const spw_ns *times, size_t n, int *results, uint64_t *made)
{
    SPW_ASSERT(engine != NULL && (n == 0 || (inputs != NULL && times != NULL)));
    for (size_t i = 0; i < n && i < LOOK_FAR; i++) {
        spw__look_far(engine, &inputs[i]);
    }
    for (size_t i = 0; i < n && i < LOOK_NEAR; i++) {
        spw__look_near(engine, &inputs[i]);
    }
    for (size_t i = 0; i < n; i++) {
        if (i + LOOK_FAR < n) {
            spw__look_far(engine, &inputs[i + LOOK_FAR]);
        }
        if (i + LOOK_NEAR < n) {
            spw__look_near(engine, &inputs[i + LOOK_NEAR]);
        }
        if (i + LOOK_CLOSE < n) {
            spw__look_close(engine, &inputs[i + LOOK_CLOSE]);
        }
        uint64_t bits = 0;
        int result = apply(engine, &inputs[i], times[i], &bits, false);
        if (results != NULL) {
            results[i] = result;
        }
        if (result == SPW_E_POLL_FIRST || result == SPW_E_BUSY) {
            return i;
        }
        if (made != NULL) {
            made[i] = bits;
        }
    }
    return n;
}

int spw_advance(struct spw_engine *engine, spw_ns now)
{
    struct spw_input in = {.kind = SPW_INPUT_ADVANCE};
    return spw_apply(engine, &in, now, NULL);
}

int spw_continue(struct spw_engine *engine, spw_ns now)
{
    struct spw_input in = {.kind = SPW_INPUT_CONTINUE};
    return spw_apply(engine, &in, now, NULL);
}

spw_ns spw_next_deadline(const struct spw_engine *engine)
{
    SPW_ASSERT(engine != NULL);
    const struct spw__timer *first = spw__heap_first(&engine->timers);
    if (engine->backlog_count > 0) {
        return engine->clock;
    }
    return first == NULL ? SPW_FOREVER : first->deadline;
}

spw_ns spw_clock(const struct spw_engine *engine)
{
    SPW_ASSERT(engine != NULL);
    return engine->clock;
}

int spw_vector_width(const struct spw_engine *engine)
{
    SPW_ASSERT(engine != NULL);
    return engine->vector_width;
}

int spw_vector_width_set(struct spw_engine *engine, int width)
{
    SPW_ASSERT(engine != NULL && !engine->in_call);
    if (width < 0 || width > (int)spw__kernel_best()) {
        return SPW_E_RANGE;
    }
    engine->vector_width = width;
    engine->argmin = spw__argmin_pick((enum spw__kernel)width);
    return SPW_OK;
}
