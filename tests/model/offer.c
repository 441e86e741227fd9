/*
 * model/offer.c - offers and what a counsellor holds: made, answered (also late), declined, missed,
 * withdrawn; talks; wrap-up (rules C6, C7, D1, U1).
 */
#include "world.h"

#include <assert.h>
#include <stdlib.h>

struct item *item_find(struct counsellor *c, uint32_t contact, enum item_kind kind)
{
    for (uint32_t i = 0; i < c->item_count; i++) {
        if (c->items[i].contact == contact && c->items[i].kind == kind) {
            return &c->items[i];
        }
    }
    return NULL;
}

static struct item *item_add(struct world *w, uint32_t counsellor, uint32_t contact,
                             enum item_kind kind)
{
    struct counsellor *c = &w->counsellors[counsellor];
    const struct contact *x = &w->contacts[contact];
    assert(c->item_count < ITEMS);
    uint32_t at = 0; /* the lowest place that is free */
    while (at < c->item_count && c->items[at].place == at) {
        at++;
    }
    for (uint32_t i = c->item_count; i > at; i--) {
        c->items[i] = c->items[i - 1];
    }
    struct item *item = &c->items[at];
    c->item_count++;
    *item = (struct item){.kind = kind,
                          .contact = contact,
                          .channel = x->channel,
                          .units = w->plan.units[x->channel],
                          .queue = x->queue,
                          .place = at};
    return item;
}

void item_remove(struct world *w, uint32_t counsellor, uint32_t place)
{
    struct counsellor *c = &w->counsellors[counsellor];
    for (uint32_t i = 0; i < c->item_count; i++) {
        if (c->items[i].place == place) {
            for (uint32_t j = i + 1; j < c->item_count; j++) {
                c->items[j - 1] = c->items[j];
            }
            c->item_count--;
            touch_counsellor(w, counsellor);
            return;
        }
    }
    abort(); /* no such item */
}

static void idle_from_now(struct world *w, uint32_t counsellor)
{
    w->counsellors[counsellor].idle_since = w->clock;
    w->idle_sequence++;
    w->counsellors[counsellor].idle_sequence = w->idle_sequence;
}

/* Handles are slot and generation (rule D7); who took a removed counsellor's slot takes its
 * entry. */
static bool same_slot(const struct world *w, uint32_t a, uint32_t b)
{
    return (uint32_t)w->counsellors[a].handle == (uint32_t)w->counsellors[b].handle;
}

/* One deadline a contact: any change of its bars arms it anew, for the one that ends first. */
static void bars_arm(struct world *w, uint32_t contact)
{
    const struct contact *x = &w->contacts[contact];
    spw_ns first = SPW_FOREVER;
    for (uint32_t i = 0; i < x->barred_count; i++) {
        first = x->barred[i].until < first ? x->barred[i].until : first;
    }
    timer_arm(w, TIMER_BAR, first, contact, 0);
    personal_anew(w, contact);
}

void bar(struct world *w, uint32_t contact, uint32_t counsellor, spw_ns until, bool excluded)
{
    struct contact *x = &w->contacts[contact];
    uint32_t at = x->barred_count;
    for (uint32_t i = 0; i < x->barred_count; i++) {
        if (same_slot(w, x->barred[i].counsellor, counsellor)) {
            at = i;
        }
    }
    if (at == DECLINES) {
        at = 0; /* the one that ends first makes room */
        for (uint32_t i = 1; i < DECLINES; i++) {
            at = x->barred[i].until < x->barred[at].until ? i : at;
        }
    } else if (at == x->barred_count) {
        x->barred_count++;
    } else if (x->barred[at].counsellor == counsellor && x->barred[at].excluded) {
        return;
    }
    x->barred[at] = (struct barred){counsellor, until, excluded};
    bars_arm(w, contact);
}

/* Bars of one contact that end at one instant end together. */
void bar_over(struct world *w, uint32_t contact)
{
    struct contact *x = &w->contacts[contact];
    uint32_t kept = 0;
    for (uint32_t i = 0; i < x->barred_count; i++) {
        if (x->barred[i].until > w->clock) {
            x->barred[kept] = x->barred[i];
            kept++;
        }
    }
    x->barred_count = kept;
    bars_arm(w, contact);
    touch_contact(w, contact);
}

struct spw_event *offer_make(struct world *w, uint32_t contact, uint32_t counsellor, uint32_t flags,
                             uint32_t runner_up)
{
    struct contact *x = &w->contacts[contact];
    bool protected = tier(w, x) == 0;
    if (x->state == SPW_CONTACT_TRANSFERRING) {
        x->to = counsellor;
    } else {
        x->state = SPW_CONTACT_OFFERED;
        x->holder = counsellor;
    }
    item_add(w, counsellor, contact, ITEM_OFFER);
    spw_ns until = w->clock + w->queues[x->queue].offer_timeout;
    timer_arm(w, TIMER_OFFER, until, contact, 0);
    timer_cancel(w, TIMER_STEP, contact, 0);
    bool wished = x->sticky == counsellor && x->sticky_mode != SPW_STICKY_NONE;
    if (wished && (flags & SPW_EVENT_FLAG_BY_CONTACT) != 0) {
        flags |= SPW_EVENT_FLAG_STICKY;
    }
    bool assigned = (flags & SPW_EVENT_FLAG_ASSIGNED) != 0;
    if (at_limit(&w->counsellors[counsellor]) && effective(x) == 0 && !assigned) {
        flags |= SPW_EVENT_FLAG_OVER_LIMIT;
    }
    flags |= x->called_back ? SPW_EVENT_FLAG_CALLBACK : 0;
    counter(w, x)->offers++;
    flags |= x->called_back ? SPW_EVENT_FLAG_CALLBACK : 0;
    struct spw_event *e = tell_contact(w, SPW_EVENT_OFFER, 0, contact, counsellor);
    e->flags = (uint16_t)(e->flags | flags);
    e->until = until;
    e->runner_up.bits = w->contacts[runner_up].handle;
    if (protected) {
        bucket_take(w);
    }
    return e;
}

/* Back to waiting after an offer came to nothing. */
static void offer_over(struct world *w, uint32_t contact, uint32_t counsellor)
{
    struct contact *x = &w->contacts[contact];
    timer_cancel(w, TIMER_OFFER, contact, 0);
    struct item *item = item_find(&w->counsellors[counsellor], contact, ITEM_OFFER);
    item_remove(w, counsellor, item->place);
    if (x->state == SPW_CONTACT_TRANSFERRING) {
        x->to = 0;
    } else {
        x->holder = 0;
        x->state = SPW_CONTACT_WAITING;
    }
}

uint32_t offered_to(const struct contact *x)
{
    if (x->state == SPW_CONTACT_OFFERED) {
        return x->holder;
    }
    return x->state == SPW_CONTACT_TRANSFERRING ? x->to : 0;
}

/* The offer no longer stands; the caller says what becomes of the contact. */
void offer_withdraw(struct world *w, uint32_t contact, enum spw_why why)
{
    uint32_t counsellor = offered_to(&w->contacts[contact]);
    offer_over(w, contact, counsellor);
    tell_contact(w, SPW_EVENT_OFFER_WITHDRAWN, why, contact, counsellor);
}

/* Waiting again, at the place that it had. */
void contact_waits(struct world *w, uint32_t contact, bool anew)
{
    struct contact *x = &w->contacts[contact];
    if (anew) {
        x->queued_at = w->clock;
    }
    x->waited = true;
    touch_contact(w, contact);
    if (w->queues[x->queue].closed) {
        moved_out(w, contact, x->queue);
    }
}

void offer_timeout(struct world *w, uint32_t contact)
{
    struct contact *x = &w->contacts[contact];
    uint32_t counsellor = offered_to(x);
    struct counsellor *c = &w->counsellors[counsellor];
    counter(w, x)->missed++;
    if (c->missed < 255) {
        c->missed++;
    }
    offer_over(w, contact, counsellor);
    tell_contact(w, SPW_EVENT_OFFER_MISSED, SPW_WHY_MISSED, contact, counsellor)->detail_a =
        c->missed;
    idle_from_now(w, counsellor);
    if (c->missed >= w->plan.miss_max && c->state == SPW_COUNSELLOR_ON) {
        counsellor_set(w, counsellor, SPW_COUNSELLOR_NOT_ANSWERING, SPW_WHY_MISSED);
    }
    counsellor_empty(w, counsellor);
    contact_waits(w, contact, false);
}

/* --- talks ------------------------------------------------------------------------------------ */

/* Without a wrap-up. */
void talk_over(struct world *w, uint32_t contact, uint32_t counsellor)
{
    item_remove(w, counsellor, item_find(&w->counsellors[counsellor], contact, ITEM_TALK)->place);
    idle_from_now(w, counsellor);
    counsellor_empty(w, counsellor);
}

void wrap_begin(struct world *w, uint32_t contact, uint32_t counsellor)
{
    struct counsellor *c = &w->counsellors[counsellor];
    struct item *item = item_find(c, contact, ITEM_TALK);
    spw_ns length = w->queues[item->queue].wrap_up;
    if (length == 0) {
        talk_over(w, contact, counsellor);
        limits_talk_ended(w, counsellor, &w->contacts[contact]);
        return;
    }
    item->kind = ITEM_WRAP;
    item->flags = w->contacts[contact].flags;
    spw_ns until = length == SPW_FOREVER ? SPW_FOREVER : w->clock + length;
    timer_arm(w, TIMER_WRAP, until, contact, counsellor + PLACE * item->place);
    tell_contact(w, SPW_EVENT_WRAP_UP, 0, contact, counsellor)->until = until;
    limits_talk_ended(w, counsellor, &w->contacts[contact]);
}

void wrap_end(struct world *w, uint32_t contact, uint32_t counsellor, uint32_t place)
{
    timer_cancel(w, TIMER_WRAP, contact, counsellor + PLACE * place);
    item_remove(w, counsellor, place);
    idle_from_now(w, counsellor);
    struct spw_event *e = tell_counsellor(w, SPW_EVENT_WRAPPED_UP, 0, counsellor);
    e->contact.bits = w->contacts[contact].handle;
    e->detail_a = w->counsellors[counsellor].state;
    counsellor_empty(w, counsellor);
}

/* Rule K: somebody got to talk, once each; of a callback when it is known that the person was
 * reached. */
void talk_counts(struct world *w, uint32_t contact)
{
    struct contact *x = &w->contacts[contact];
    if (x->met) {
        return;
    }
    x->met = true;
    spw_ns wait = x->connected_at - x->arrived_at;
    struct spw_counters *k = counter(w, x);
    k->connected++;
    k->at_once += !x->waited;
    k->within_target += wait <= w->queues[x->queue].target[x->base];
    k->waited_ns_answered += (uint64_t)wait;
    k->waited_ns_all += (uint64_t)wait;
    uint32_t serving = w->counsellors[x->holder].centre;
    w->served_by[x->home][serving] += (x->flags & SPW_CONTACT_TEST) == 0;
}

static void connect(struct world *w, uint32_t contact, uint32_t counsellor)
{
    struct contact *x = &w->contacts[contact];
    struct counsellor *c = &w->counsellors[counsellor];
    claim_release(w, contact);
    if (x->state == SPW_CONTACT_TRANSFERRING) {
        transfer_end(w, contact, SPW_WHY_TRANSFER);
    }
    struct item *item = item_find(c, contact, ITEM_OFFER);
    if (item == NULL) {
        item = item_add(w, counsellor, contact, ITEM_TALK);
    }
    item->kind = ITEM_TALK;
    timer_cancel(w, TIMER_OFFER, contact, 0);
    timer_cancel(w, TIMER_PARK, contact, 0);
    timer_cancel(w, TIMER_STEP, contact, 0);
    x->held = false; /* a wish is over with the first talk */
    x->sticky = 0;
    x->sticky_mode = SPW_STICKY_NONE;
    timer_cancel(w, TIMER_STICKY, contact, 0);
    timer_cancel(w, TIMER_CALLBACK, contact, 0);
    personal_anew(w, contact);
    x->state = SPW_CONTACT_CONNECTED;
    x->unconfirmed_park = false;
    x->confirmed = true;
    x->holder = counsellor;
    x->to = 0;
    c->missed = 0;
    limits_connected(w, counsellor);
    counter(w, x)->accepted++;
    x->connected_at = w->clock;
    if (!x->called_back) {
        talk_counts(w, contact);
    }
    struct spw_event *e = tell_contact(w, SPW_EVENT_CONNECTED, 0, contact, counsellor);
    e->flags = (uint16_t)(e->flags | (x->called_back ? SPW_EVENT_FLAG_CALLBACK : 0));
}

static int accepted_late(struct world *w, uint32_t contact, uint32_t counsellor)
{
    struct contact *x = &w->contacts[contact];
    struct counsellor *c = &w->counsellors[counsellor];
    bool held = x->state == SPW_CONTACT_CONNECTED || x->state == SPW_CONTACT_TRANSFERRING;
    if (held && x->holder == counsellor) {
        reconciled(w, SPW_RECONCILED_ALREADY, contact, counsellor);
        return SPW_OK;
    }
    bool taken = x->state == SPW_CONTACT_CONNECTED;
    if (taken || c->item_count == w->config.items_max) {
        tell_contact(w, SPW_EVENT_OFFER_LOST, taken ? SPW_WHY_ACCEPTED_ELSEWHERE : SPW_WHY_FULL,
                     contact, counsellor);
        return SPW_OK;
    }
    reconciled(w, SPW_RECONCILED_LATE_ACCEPT, contact, counsellor);
    if (units_held(c) + w->plan.units[x->channel] > c->units || group_conflict(w, x, c)) {
        reconciled(w, SPW_RECONCILED_OVERLOAD, contact, counsellor);
    }
    if (c->state == SPW_COUNSELLOR_OUT) { /* on duty as far as this talk goes */
        counsellor_set(w, counsellor, SPW_COUNSELLOR_LEAVING, SPW_WHY_BACK);
        lease_start(w, counsellor);
    }
    if (x->state == SPW_CONTACT_CALLBACK) {
        timer_cancel(w, TIMER_SAFE, contact, 0);
        x->called_back = false; /* not called: reached some other way */
    }
    if (offered_to(x) != 0) {
        offer_withdraw(w, contact, SPW_WHY_ACCEPTED_ELSEWHERE);
    }
    connect(w, contact, counsellor);
    return SPW_OK;
}

static int declined_now(struct world *w, uint32_t contact, uint32_t counsellor)
{
    struct contact *x = &w->contacts[contact];
    if (offered_to(x) != counsellor) {
        reconciled(w, SPW_RECONCILED_ALREADY, contact, counsellor);
        return SPW_OK;
    }
    counter(w, x)->declined++;
    offer_over(w, contact, counsellor);
    tell_contact(w, SPW_EVENT_OFFER_DECLINED, SPW_WHY_DECLINED, contact, counsellor);
    w->counsellors[counsellor].missed = 0;
    idle_from_now(w, counsellor);
    if (w->plan.decline_for != 0) {
        bar(w, contact, counsellor, w->clock + w->plan.decline_for, false);
    }
    counsellor_empty(w, counsellor);
    contact_waits(w, contact, false);
    return SPW_OK;
}

int offer_apply(struct world *w, const struct spw_input *in)
{
    int error;
    int stale;
    struct contact *x = contact_by_handle(w, in->u.pair.contact.bits, &error);
    uint32_t counsellor = counsellor_by_handle(w, in->u.pair.counsellor.bits, &stale);
    if (x == NULL) {
        return SPW_E_STALE;
    }
    if (x->state == SPW_CONTACT_GONE) {
        struct spw_event *e = tell(w, SPW_EVENT_RECONCILED, SPW_RECONCILED_GONE);
        e->contact.bits = x->handle;
        e->counsellor = in->u.pair.counsellor;
        return SPW_OK;
    }
    if (counsellor == 0) {
        return counsellor_gone(w, in->u.pair.counsellor.bits, contact_index(w, x));
    }
    sign_of_life(w, counsellor);
    uint32_t contact = contact_index(w, x);
    if (in->kind == SPW_INPUT_CONTACT_DECLINED) {
        return declined_now(w, contact, counsellor);
    }
    if (offered_to(x) == counsellor) {
        connect(w, contact, counsellor);
        return SPW_OK;
    }
    return accepted_late(w, contact, counsellor);
}
