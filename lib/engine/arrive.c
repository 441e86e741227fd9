/*
 * engine/arrive.c - somebody reaches the helpline.
 *
 * Order: what is asked is checked; a known id is reconciled; a closed queue's fallback, a full
 * house; then a slot, the place that a token or another channel brings, the class, the decision,
 * and only if nobody is free the question of admission (rule M).
 * Invariant: a contact that found no place was never live: its slot, id and counts are undone.
 * Who calls: contact.c. Cost: constant but for a class that is made on first use.
 */
#include <string.h>

#include "engine/verbs.h"

static int arrive_check(const struct spw_engine *e, const struct spw_arrive *a)
{
    if (a->home == 0 || a->home > e->centre_count || a->queue == 0 || a->queue > e->queue_count ||
        a->need > e->catalogue.need.count) {
        return SPW_E_UNKNOWN;
    }
    if (a->priority >= SPW_PRIORITY_COUNT || a->channel >= SPW_CHANNEL_COUNT || a->flags > 127 ||
        a->sticky_mode > SPW_STICKY_HOLD || a->deadline < 0 || a->deadline >= SPW_TIME_MAX ||
        a->sticky_hold_ns < 0 || a->sticky_hold_ns > SPW_FOREVER) {
        return SPW_E_RANGE;
    }
    if ((a->id.hi | a->id.lo) == 0 || a->reserved_0 != 0 || a->reserved_1 != 0) {
        return SPW_E_INVALID;
    }
    return SPW_OK;
}

/* What an event says of an arrival that is no contact yet, and may never be one. */
static struct spw_event *emit_arrival(struct spw_engine *e, const struct spw_arrive *a,
                                      uint32_t kind, uint32_t reason, uint32_t queue)
{
    struct spw_event *event = spw__emit(e, kind, reason);
    event->id = a->id;
    event->cookie = a->cookie;
    event->priority = a->priority;
    event->centre = a->home;
    event->queue = queue;
    event->flags = (a->flags & SPW_CONTACT_TEST) != 0 ? SPW_EVENT_FLAG_TEST : 0;
    return event;
}

/* The fallback of a closed queue takes the arrival. */
static void emit_fallback(struct spw_engine *e, const struct spw_arrive *a, uint32_t queue)
{
    struct spw_event *event =
        emit_arrival(e, a, SPW_EVENT_RECONCILED, SPW_RECONCILED_QUEUE_CLOSED, queue);
    event->detail_a = a->queue;
    spw__emit_seal(e, event);
}

/* Never got a place: counted as arrived and ended, told when to try again. */
static void refuse(struct spw_engine *e, const struct spw_arrive *a, uint32_t queue,
                   uint32_t reason)
{
    uint32_t pair = spw__pair_at(e, a->home, queue);
    if (pair != SPW_NONE) {
        uint32_t row = (a->flags & SPW_CONTACT_TEST) != 0 ? SPW_PRIORITY_COUNT : a->priority;
        struct spw_counters *count = &e->pair[pair].count[row];
        count->arrived++;
        count->attempts++;
        count->ended[reason]++;
    }
    struct spw_event *event = emit_arrival(e, a, SPW_EVENT_REFUSED, reason, queue);
    event->until = e->clock + e->queue[queue].retry_after;
    spw__emit_seal(e, event);
}

static uint32_t contact_new(struct spw_engine *e, const struct spw_arrive *a, uint32_t queue,
                            uint32_t pair, uint32_t hash)
{
    uint32_t x = spw__slab_take(&e->contacts);
    uint64_t sequence = ++e->sequence;
    uint32_t generation = e->cold[x].generation;
    e->contact[x] = (struct spw__contact){.class_index = SPW_NONE,
                                          .arrived_at = e->clock,
                                          .place = sequence,
                                          .own = sequence,
                                          .queued_at = e->clock,
                                          .holder = SPW_NONE,
                                          .state = SPW_CONTACT_GONE,
                                          .priority = a->priority,
                                          .flags = a->flags,
                                          .channel = a->channel,
                                          .extra = SPW_NONE,
                                          .marks = SPW__MARK_CONFIRMED};
    e->cold[x] = (struct spw__cold){.id_hi = a->id.hi,
                                    .id_lo = a->id.lo,
                                    .token = a->token,
                                    .cookie = a->cookie,
                                    .ladder_at = e->clock,
                                    .need = a->need & SPW__NEED_BITS,
                                    .severity = a->severity,
                                    .generation = generation,
                                    .queue = (uint16_t)queue,
                                    .home = (uint16_t)a->home,
                                    .zone = a->zone,
                                    .pair = (uint16_t)pair};
    spw__map_insert_hashed(&e->ids, x, hash);
    uint32_t next = e->contacts.head; /* the slot of the next arrival: fetched by then */
    if (next != SPW_NONE) {
        __builtin_prefetch(&e->contact[next], 1);
        __builtin_prefetch(&e->cold[next], 1);
    }
    return x;
}

/* What the arrival says of itself beyond class and place. False: there is no record to keep it. */
static bool contact_wishes(struct spw_engine *e, uint32_t x, const struct spw_arrive *a)
{
    bool wishes = a->sticky_mode != SPW_STICKY_NONE && spw__counsellor_live(e, a->sticky.bits);
    if (wishes) {
        spw_ns until = 0;
        if (a->sticky_mode == SPW_STICKY_HOLD && a->priority != 0) {
            until = a->sticky_hold_ns >= SPW_FOREVER - e->clock ? SPW_FOREVER
                                                                : e->clock + a->sticky_hold_ns;
        }
        spw__sticky_set(e, x, (uint32_t)a->sticky.bits, until);
    }
    if (a->deadline != 0) {
        uint32_t record = spw__extra_of(e, x);
        if (record != SPW_NONE) {
            e->extra[record].deadline = a->deadline;
            spw__extra_arm(e, x);
        }
    }
    return (!wishes && a->deadline == 0) || e->contact[x].extra != SPW_NONE;
}

/*
 * The place of a new contact: that of the contact it continues (rule S2), or what its token brings
 * (rule S1). Neither is taken away from where it comes before the new contact has a class. True: by
 * its token.
 */
static bool place_of(struct spw_engine *e, uint32_t x, uint32_t from)
{
    if (from == SPW_NONE) {
        return spw__token_credit(e, x);
    }
    e->contact[x].arrived_at = e->contact[from].arrived_at;
    e->contact[x].place = e->contact[from].place;
    return false;
}

/* Admission, asked last (rule M): priority 0 is never refused for want of room. */
static bool admitted(struct spw_engine *e, uint32_t x, uint32_t k)
{
    spw_ns most = e->queue[e->cold[x].queue].waiting_max;
    if (e->contact[x].priority == 0 || (most >= SPW_FOREVER && e->order->admit == NULL)) {
        return true;
    }
    uint64_t waiting = spw__count_waiting(&e->pair[e->cold[x].pair]);
    if (waiting >= (uint64_t)most) {
        return false;
    }
    if (e->order->admit == NULL) {
        return true;
    }
    struct spw_head head;
    spw__fill_head(e, &e->class_[k], x, &head);
    return e->order->admit(e->order->params, &head, waiting) != 0;
}

/* Why a new contact waits: for its WAITING event. */
static uint32_t waiting_why(struct spw_engine *e, uint32_t k)
{
    struct spw__class *class_ = &e->class_[k];
    const struct spw__centre *centre = &e->centre[class_->centre];
    if (spw__frozen(e, class_->centre)) {
        return SPW_WHY_FROZEN;
    }
    /* The pool that was able and on duty last time mostly still is: then the row is not read. */
    if (class_->able != SPW_NONE && spw__bits_test(centre->duty_pools, class_->able)) {
        return SPW_WHY_NOBODY_FREE;
    }
    const uint64_t *row = &centre->row_by_class[(size_t)class_->local * centre->pool_words];
    for (uint32_t w = 0; w < centre->pool_words; w++) {
        uint64_t on_duty = row[w] & centre->duty_pools[w];
        if (on_duty != 0) {
            class_->able = w * 64 + (uint32_t)__builtin_ctzll(on_duty);
            return SPW_WHY_NOBODY_FREE;
        }
    }
    return SPW_WHY_NOBODY_ABLE;
}

static void count_arrival(struct spw_engine *e, uint32_t x)
{
    struct spw_counters *count = spw__count(e, x);
    count->arrived++;
    count->attempts++;
    count->live++;
}

/* Declines and exclusions do not change with the channel: it is one person (rule S2). A record is
 * found while there is any, as that of the other comes back at once. False: there is none. */
static bool bars_along(struct spw_engine *e, uint32_t x, uint32_t from)
{
    uint32_t old = e->contact[from].extra;
    if (old == SPW_NONE || e->extra[old].bar_count == 0) {
        return true;
    }
    uint32_t record = e->contact[x].extra != SPW_NONE ? e->contact[x].extra : spw__extra_take(e, x);
    if (record == SPW_NONE) {
        return false;
    }
    memcpy(e->extra[record].bar, e->extra[old].bar, sizeof e->extra[record].bar);
    e->extra[record].bar_count = e->extra[old].bar_count;
    spw__extra_arm(e, x);
    for (uint32_t i = 0; i < e->extra[record].bar_count; i++) {
        const struct spw__bar *bar = &e->extra[record].bar[i];
        if (bar->until == SPW_FOREVER && bar->counsellor == e->extra[record].sticky &&
            bar->generation == spw__slab_generation(&e->counsellors, bar->counsellor)) {
            spw__wish_over(e, x); /* as when it is excluded (extra.c) */
        }
    }
    return true;
}

/*
 * Tries home, then asks admission, then waits. An arrival that continues a contact is in the house
 * already and is not asked again; nor is one that finds nobody only because this call can decide no
 * more (match.c).
 */
static bool place_arrival(struct spw_engine *e, uint32_t x, uint32_t from)
{
    uint32_t k = spw__class_of(e, x);
    if (k == SPW_NONE) {
        return false;
    }
    count_arrival(e, x);
    spw__class_pin(e, k); /* kept while the decision is made */
    if (from != SPW_NONE) {
        spw__end(e, from, SPW_END_SWITCHED);
    }
    bool placed = true;
    if (!spw__match_contact(e, x, k)) {
        placed = from != SPW_NONE || spw__events_spent(e) || admitted(e, x, k);
        if (placed) {
            spw__state_set(e, x, SPW_CONTACT_WAITING);
            e->contact[x].marks |= SPW__MARK_WAITED;
            spw__lane_enter(e, x, k);
            spw__arm_ladder(e, x);
            spw__emit_seal(e, spw__emit_contact(e, SPW_EVENT_WAITING, waiting_why(e, k), x));
            if (e->contact[x].priority == 0 && !spw__frozen(e, e->cold[x].home)) {
                (void)spw__claim(e, x, k);
            }
        } else {
            struct spw_counters *count = spw__count(e, x);
            count->arrived--; /* counted again by refuse */
            count->attempts--;
            count->live--;
        }
    }
    spw__class_unpin(e, k);
    return placed;
}

/* Whether the house holds one more: the last places are for people in danger, and for arrivals that
 * continue a contact, which gives its own place back at once. */
static bool house_full(const struct spw_engine *e, const struct spw_arrive *a)
{
    bool any = spw__kept_for(a->priority, a->flags) || spw__contact_live(e, a->continues.bits);
    return e->contacts.free_count <= (any ? 0 : e->contacts.capacity / SPW_KEPT_FOR_DANGER);
}

int spw__arrive(struct spw_engine *e, const struct spw_arrive *a, uint64_t *made)
{
    int error = arrive_check(e, a);
    if (error != SPW_OK) {
        return error;
    }
    uint32_t hash = spw__id_hash(e, a->id.hi, a->id.lo);
    uint32_t known = spw__map_find_hashed(&e->ids, hash, a->id.hi, a->id.lo);
    if (known != SPW_NONE) {
        *made = spw__contact_bits(e, known);
        spw__reconciled(e, SPW_RECONCILED_DUPLICATE, *made, 0);
        return SPW_OK;
    }
    uint32_t queue = spw__queue_open(e, a->queue);
    if (queue == 0) {
        refuse(e, a, a->queue, SPW_END_REFUSED_CLOSED);
        return SPW_OK;
    }
    uint32_t pair = spw__pair_at(e, a->home, queue);
    if (pair == SPW_NONE || house_full(e, a)) {
        refuse(e, a, queue, SPW_END_REFUSED_FULL);
        return SPW_OK;
    }
    if (queue != a->queue) {
        emit_fallback(e, a, queue);
    }
    uint32_t x = contact_new(e, a, queue, pair, hash);
    bool switched = spw__contact_live(e, a->continues.bits);
    uint32_t from = switched ? (uint32_t)a->continues.bits : SPW_NONE;
    bool credited = place_of(e, x, from);
    bool kept = contact_wishes(e, x, a);
    if (switched) {
        kept = bars_along(e, x, from) && kept;
    }
    if (!place_arrival(e, x, from)) {
        spw__forget(e, x); /* it was never live */
        refuse(e, a, queue, SPW_END_REFUSED_FULL);
        return SPW_OK;
    }
    if (credited) {
        spw__token_take(e, x);
    }
    *made = spw__contact_bits(e, x);
    if (!kept) {
        spw__reconciled(e, SPW_RECONCILED_NO_RECORD, *made, 0);
    }
    return SPW_OK;
}
