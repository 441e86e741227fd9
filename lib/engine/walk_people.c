/*
 * engine/walk_people.c - the part of the walk that is about people: slots, contacts with what is
 * personal to them, counsellors with what they hold, and the deadlines of both (rule H).
 *
 * Invariant: as in walk.c, writing and reading are the same code; the state is written to only when
 * bytes are read.
 * Who calls: walk.c. Cost: proportional to the capacity of the slots.
 */
#include "engine/walk.h"

/* Generations of all slots, and the free list in its order. */
static void walk_slab(struct spw__slab *slab, struct spw__walk *w)
{
    WALK_MAX(slab->free_count, slab->capacity);
    for (uint32_t i = 0; i < slab->capacity; i++) {
        WALK(spw__slab_link(slab, i)->generation);
    }
    uint32_t unused = 0;
    for (uint32_t i = 0; spw__walk_reading(w) && i < slab->capacity; i++) {
        /* Not on the list yet: only there does a slot follow itself. */
        spw__slab_link(slab, i)->next = i;
        unused += !spw__slab_taken(slab, i);
    }
    if (spw__walk_reading(w)) {
        slab->head = SPW_NONE;
        slab->tail = SPW_NONE;
        if (unused != slab->free_count) {
            spw__walk_fail(w, SPW_E_FORMAT);
            return;
        }
    }
    uint32_t at = slab->head;
    for (uint32_t i = 0; i < slab->free_count; i++) {
        uint32_t slot = at;
        WALK_SLOT(slot, slab->capacity);
        if (!spw__walk_reading(w)) {
            at = spw__slab_link(slab, at)->next;
        } else if (slot == SPW_NONE || spw__slab_taken(slab, slot) ||
                   spw__slab_link(slab, slot)->next != slot) {
            spw__walk_fail(w, SPW_E_FORMAT);
            return;
        } else {
            spw__slab_hang(slab, slot);
        }
    }
}

/* A node's deadline with its rank, or FOREVER. */
static void walk_timer(struct spw_engine *e, uint32_t node, uint32_t kind, struct spw__walk *w)
{
    spw_ns deadline = SPW_FOREVER;
    uint64_t rank = 0;
    if (!spw__walk_reading(w) && spw__heap_armed(&e->timers, node)) {
        const struct spw__timer *timer = &e->timers.timer[e->timers.position[node]];
        deadline = timer->deadline;
        rank = timer->rank;
    }
    WALK_SPAN(deadline);
    WALK(rank);
    bool armed = deadline < SPW_FOREVER;
    bool right = armed ? rank >> 56 == kind && (rank << 8) >> 8 <= e->timer_sequence : rank == 0;
    if (spw__walk_reading(w) && !right) {
        spw__walk_fail(w, SPW_E_FORMAT);
    } else if (spw__walk_reading(w) && armed && w->bad == SPW_OK) {
        spw__heap_arm(&e->timers, node, deadline, rank);
    }
}

static void walk_extra(struct spw_engine *e, uint32_t x, struct spw__walk *w)
{
    uint32_t has = e->contact[x].extra != SPW_NONE;
    WALK_MAX(has, 1);
    if (!has) {
        return;
    }
    if (spw__walk_reading(w)) {
        e->contact[x].extra = SPW_NONE;
        if (e->extras.free_count == 0) {
            spw__walk_fail(w, SPW_E_FORMAT);
            return;
        }
        (void)spw__extra_take(e, x);
    }
    struct spw__extra *extra = &e->extra[e->contact[x].extra];
    WALK_SLOT(extra->sticky, e->config.counsellors_max);
    WALK_SLOT(extra->to, e->config.counsellors_max);
    WALK(extra->attempts);
    WALK_UNTIL(extra->sticky_until);
    WALK_UNTIL(extra->deadline);
    WALK_UNTIL(extra->due_at);
    WALK_UNTIL(extra->safe_until);
    WALK_MAX(extra->bar_count, SPW__BARS_MAX);
    for (uint32_t i = 0; i < extra->bar_count; i++) {
        WALK_MAX(extra->bar[i].counsellor, e->config.counsellors_max - 1);
        WALK(extra->bar[i].generation);
        WALK_SPAN(extra->bar[i].until); /* FOREVER: an exclusion */
    }
    walk_timer(e, spw__node_personal(e, e->contact[x].extra), SPW__TIMER_PERSONAL, w);
}

static void walk_contact(struct spw_engine *e, uint32_t x, struct spw__walk *w)
{
    struct spw__contact *c = &e->contact[x];
    struct spw__cold *cold = &e->cold[x];
    WALK(cold->id_hi);
    WALK(cold->id_lo);
    WALK(cold->token.hi);
    WALK(cold->token.lo);
    WALK(cold->cookie);
    WALK_PAST(cold->ladder_at);
    uint32_t need = cold->need;
    uint32_t severity = cold->severity;
    WALK_MAX(need, e->catalogue.need.count);
    WALK_MAX(cold->queue, e->queue_count);
    WALK_MAX(cold->home, e->centre_count);
    WALK(cold->zone);
    WALK_MAX(severity, 255);
    if (spw__walk_reading(w)) {
        cold->need = need & SPW__NEED_BITS;
        cold->severity = severity & 255;
    }
    WALK_PAST(c->arrived_at);
    WALK(c->place);
    WALK(c->own);
    WALK_PAST(c->queued_at);
    WALK_SLOT(c->holder, e->config.counsellors_max);
    WALK_MAX(c->state, SPW_CONTACT_AWAY);
    WALK(c->step);
    WALK(c->raises);
    WALK_MAX(c->priority, SPW_PRIORITY_COUNT - 1);
    WALK_MAX(c->flags, 127);
    WALK_MAX(c->channel, SPW_CHANNEL_COUNT - 1);
    uint8_t marks = c->marks & (uint8_t)~SPW__MARK_ARMED; /* the deadline itself is walked */
    WALK_MAX(marks, 31);
    /* Whether it stands in a lane follows from the state, but for a warm transfer. */
    uint32_t queued = c->lane != SPW__LANE_NONE;
    WALK_MAX(queued, 1);
    if (spw__walk_reading(w)) {
        c->lane = queued ? SPW__LANE_MAIN : SPW__LANE_NONE; /* restore.c enters it properly */
        c->extra = SPW_NONE;
    }
    walk_extra(e, x, w);
    walk_timer(e, spw__node_contact(e, x), SPW__TIMER_CONTACT, w);
    if (spw__walk_reading(w)) {
        bool armed = spw__heap_armed(&e->timers, spw__node_contact(e, x));
        c->marks = (uint8_t)(marks | (armed ? SPW__MARK_ARMED : 0));
    }
}

static void walk_item(struct spw_engine *e, uint32_t c, uint32_t i, struct spw__walk *w)
{
    struct spw__item *item = &spw__items(e, c)[i];
    WALK_MAX(item->state, SPW__ITEM_WRAP_UP);
    if (item->state == SPW__ITEM_NONE) {
        return;
    }
    WALK_MAX(item->contact, e->config.contacts_max - 1);
    WALK(item->generation);
    WALK_IN(item->queue, 1, e->queue_count);
    WALK_MAX(item->units, 100);
    WALK_MAX(item->channel, SPW_CHANNEL_COUNT - 1);
    WALK_FLAG(item->severe);
    WALK_FLAG(item->unclassified);
    WALK_PAST(item->since);
    walk_timer(e, spw__node_wrap_up(e, c, i), SPW__TIMER_WRAP_UP, w);
    if (spw__walk_reading(w)) {
        item->armed = spw__heap_armed(&e->timers, spw__node_wrap_up(e, c, i));
    }
}

static void walk_counsellor(struct spw_engine *e, uint32_t c, struct spw__walk *w)
{
    struct spw__counsellor *who = &e->counsellor[c];
    WALK(who->key);
    WALK(who->idle_rank);
    WALK_PAST(who->idle_since);
    WALK_MAX(who->last_seen, SPW_TIME_MAX - 1);
    WALK_SPAN(who->shift_end);
    WALK_MAX(who->rest_ns, 24 * SPW_HOUR);
    WALK_UNTIL(who->rest_until);
    WALK(who->severe_max);
    WALK(who->load_max);
    WALK(who->severe_streak);
    WALK(who->load);
    WALK_MAX(who->skillset, e->catalogue.skillset.count);
    WALK(who->channels);
    WALK_SLOT(who->claim, e->config.contacts_max);
    WALK_MAX(who->centre, e->centre_count);
    WALK(who->units);
    WALK_MAX(who->state, SPW_COUNSELLOR_LEAVING);
    WALK_MAX(who->before, SPW_COUNSELLOR_LEAVING);
    WALK(who->missed);
    uint8_t flags = who->flags & (uint8_t)~SPW__LIMITS; /* these are walked themselves */
    WALK(flags);
    if (spw__walk_reading(w)) {
        who->flags = flags;
    }
    WALK_FLAG(who->confirmed);
    for (uint32_t i = 0; i < e->config.items_max; i++) {
        walk_item(e, c, i, w);
    }
    walk_timer(e, spw__node_duty(e, c), SPW__TIMER_DUTY, w);
    walk_timer(e, spw__node_rest(e, c), SPW__TIMER_REST, w);
}

void spw__walk_people(struct spw_engine *e, struct spw__walk *w)
{
    walk_slab(&e->contacts, w);
    for (uint32_t x = 0; x < e->contacts.capacity && w->bad == SPW_OK; x++) {
        if (spw__slab_taken(&e->contacts, x)) {
            walk_contact(e, x, w);
        }
    }
    walk_slab(&e->counsellors, w);
    for (uint32_t c = 0; c < e->counsellors.capacity && w->bad == SPW_OK; c++) {
        if (spw__slab_taken(&e->counsellors, c)) {
            walk_counsellor(e, c, w);
        }
    }
    for (uint32_t n = 0; n <= e->centre_count; n++) {
        walk_timer(e, spw__node_thaw(e, n), SPW__TIMER_THAW, w);
    }
}
