/*
 * engine/triage.c - what a contact is changes: triage while it waits, is offered or talks, and
 * transfers, cold and warm.
 *
 * Both are requests: whether the new queue is open, its book and class can be had, is asked before
 * anything is touched; a person is never lost for want of a class (rules D2, C4).
 * Invariants: the place is kept (I8); the ladder starts anew where queue or need are others (N3); a
 * counsellor's item says what its contact is now (O4, S5).
 * Who calls: contact.c, supervise.c. Cost: constant but for a class that is made on first use.
 */
#include "engine/verbs.h"

/* --- triage ----------------------------------------------------------------------------------- */

/* What a contact is to become by triage or transfer. */
struct aim {
    uint32_t queue;
    uint32_t need; /* its own; 0 = the queue's */
    uint8_t priority;
    uint8_t flags;
    bool replan; /* the ladder starts anew */
};

static void rewrite_class(struct spw_engine *e, uint32_t x, const struct aim *aim)
{
    e->cold[x].queue = (uint16_t)aim->queue;
    e->cold[x].need = aim->need & SPW__NEED_BITS;
    if (aim->replan) {
        e->contact[x].step = 0;
        e->contact[x].raises = 0;
        e->cold[x].ladder_at = e->clock;
    }
}

/* Whether it would find a class: asked before anything is touched. */
static bool aim_has_class(struct spw_engine *e, uint32_t x, const struct aim *aim)
{
    struct spw__contact contact = e->contact[x];
    struct spw__cold cold = e->cold[x];
    rewrite_class(e, x, aim);
    e->contact[x].priority = aim->priority;
    e->contact[x].flags = aim->flags;
    bool room = spw__class_room(e, x, contact.class_index);
    e->contact[x] = contact;
    e->cold[x] = cold;
    return room;
}

/* Sets queue, need, priority and flags; the contact is in no lane and holds no pin. */
static void rewrite(struct spw_engine *e, uint32_t x, uint32_t pair, const struct aim *aim)
{
    spw__count_move(e, x, pair, aim->priority, aim->flags);
    rewrite_class(e, x, aim);
}

/* The offer stands where its counsellor is able for what the contact is now. */
static void reclassify_offered(struct spw_engine *e, uint32_t x, uint32_t pair,
                               const struct aim *aim)
{
    struct spw__contact *contact = &e->contact[x];
    uint32_t pool = e->counsellor[contact->holder].pool;
    rewrite(e, x, pair, aim);
    if (!spw__class_is(e, x, contact->class_index)) {
        spw__class_unpin(e, contact->class_index);
        contact->class_index = SPW_NONE;
        contact->class_index = spw__class_of(e, x);
        SPW_ASSERT(contact->class_index != SPW_NONE);
        spw__class_pin(e, contact->class_index);
    }
    uint32_t k = contact->class_index;
    spw__item_renew(e, x);
    if (!spw__class_open_to_pool(e, &e->class_[k], &e->pool[pool])) {
        spw__take_back(e, x, SPW_WHY_RECLASSIFIED);
    }
}

static void reclassify_waiting(struct spw_engine *e, uint32_t x, uint32_t pair,
                               const struct aim *aim)
{
    uint32_t k = spw__class_hold(e, x);
    spw__unwait(e, x);
    rewrite(e, x, pair, aim);
    if (!spw__class_is(e, x, k)) { /* of another now, for which there may be room by leaving this */
        spw__class_unpin(e, k);
        k = SPW_NONE;
    }
    bool waits = spw__wait(e, x, false);
    spw__class_unpin(e, k);
    if (waits) {
        spw__emit_seal(e, spw__emit_contact(e, SPW_EVENT_MOVED, SPW_WHY_RECLASSIFIED, x));
        spw__possible_contact(e, x);
    }
}

/* Zero is danger to life and also what a field is that nobody has set: it must be meant. */
static int danger_meant(const struct spw_engine *e, uint32_t x, uint8_t priority, uint8_t danger)
{
    return priority == 0 && e->contact[x].priority != 0 && !danger ? SPW_E_RANGE : SPW_OK;
}

static uint8_t priority_of(const struct spw_engine *e, uint32_t x, uint8_t asked)
{
    return asked == SPW_PRIORITY_SAME ? e->contact[x].priority : asked;
}

static int reclassify_check(const struct spw_engine *e, const struct spw_input *in, uint32_t queue)
{
    uint32_t x = (uint32_t)in->u.reclassify.contact.bits;
    uint8_t state = e->contact[x].state;
    if (queue > e->queue_count || in->u.reclassify.need > e->catalogue.need.count) {
        return SPW_E_UNKNOWN;
    }
    uint8_t priority = in->u.reclassify.priority;
    if ((priority >= SPW_PRIORITY_COUNT && priority != SPW_PRIORITY_SAME) ||
        in->u.reclassify.danger > 1 || in->u.reclassify.flags > 127) {
        return SPW_E_RANGE;
    }
    bool other = queue != e->cold[x].queue;
    if (state == SPW_CONTACT_TRANSFERRING ||
        (other && (state == SPW_CONTACT_CALLBACK || e->queue[queue].closed))) {
        return SPW_E_STATE;
    }
    return danger_meant(e, x, priority, in->u.reclassify.danger);
}

int spw__reclassify(struct spw_engine *e, const struct spw_input *in)
{
    uint32_t x = (uint32_t)in->u.reclassify.contact.bits;
    struct spw__contact *contact = &e->contact[x];
    struct spw__cold *cold = &e->cold[x];
    uint32_t queue = in->u.reclassify.queue != 0 ? in->u.reclassify.queue : cold->queue;
    uint32_t need = in->u.reclassify.need != 0 ? in->u.reclassify.need : cold->need;
    int error = reclassify_check(e, in, queue);
    if (error != SPW_OK) {
        return error;
    }
    struct aim aim = {.queue = queue,
                      .need = need,
                      .priority = priority_of(e, x, in->u.reclassify.priority),
                      .flags = in->u.reclassify.flags,
                      .replan = need != cold->need || queue != cold->queue};
    bool offered = contact->state == SPW_CONTACT_OFFERED;
    bool waiting = contact->state == SPW_CONTACT_WAITING;
    bool room = !(offered || waiting) || aim_has_class(e, x, &aim);
    uint32_t pair = room ? spw__pair_at(e, cold->home, queue) : SPW_NONE;
    if (pair == SPW_NONE) {
        return SPW_E_FULL;
    }
    cold->severity = in->u.reclassify.severity;
    if (offered) {
        reclassify_offered(e, x, pair, &aim);
    } else if (waiting) {
        reclassify_waiting(e, x, pair, &aim);
    } else {
        rewrite(e, x, pair, &aim);
        spw__item_renew(e, x);
    }
    return SPW_OK;
}

/* --- transfer --------------------------------------------------------------------------------- */

/* Waits for the counsellor named, for a bounded time (rule S4), or for any who is able. */
static void transfer_wish(struct spw_engine *e, uint32_t x, uint64_t to)
{
    spw_ns hold = e->plan.transfer_hold;
    spw__wish_over(e, x);
    if (to != 0) {
        spw__sticky_set(e, x, (uint32_t)to, hold == 0 ? 0 : e->clock + hold);
    }
}

/* Whoever has signed out may not come back; others are waited for. */
static bool gone(const struct spw_engine *e, uint64_t to)
{
    uint8_t state = e->counsellor[(uint32_t)to].state;
    return state == SPW_COUNSELLOR_OUT || state == SPW_COUNSELLOR_LEAVING;
}

/* What no waiting changes between x, as the transfer makes it, and the one named. */
static bool never_takes(const struct spw_engine *e, uint32_t x, const struct aim *aim, uint64_t to)
{
    uint32_t c = (uint32_t)to;
    const struct spw__counsellor *counsellor = &e->counsellor[c];
    uint32_t need = aim->need != 0 ? aim->need : e->queue[aim->queue].need;
    return counsellor->centre != e->cold[x].home || spw__excluded(e, x, c) ||
           ((counsellor->channels >> e->contact[x].channel) & 1) == 0 ||
           !spw__need_met(&e->catalogue, need, counsellor->skillset);
}

static int transfer_check(const struct spw_engine *e, const struct spw_input *in, uint32_t queue)
{
    const struct spw__contact *contact = &e->contact[(uint32_t)in->u.transfer.contact.bits];
    uint64_t to = in->u.transfer.to.bits;
    if (queue > e->queue_count || in->u.transfer.need > e->catalogue.need.count) {
        return SPW_E_UNKNOWN;
    }
    uint8_t priority = in->u.transfer.priority;
    if (in->u.transfer.mode < SPW_TRANSFER_COLD || in->u.transfer.mode > SPW_TRANSFER_WARM ||
        in->u.transfer.danger > 1 ||
        (priority >= SPW_PRIORITY_COUNT && priority != SPW_PRIORITY_SAME)) {
        return SPW_E_RANGE;
    }
    if (to != 0 && !spw__counsellor_live(e, to)) {
        return SPW_E_STALE;
    }
    if (contact->state != SPW_CONTACT_CONNECTED || e->queue[queue].closed ||
        (to != 0 && (contact->holder == (uint32_t)to || gone(e, to)))) {
        return SPW_E_STATE;
    }
    return danger_meant(e, (uint32_t)in->u.transfer.contact.bits, priority, in->u.transfer.danger);
}

int spw__transfer(struct spw_engine *e, const struct spw_input *in)
{
    uint32_t x = (uint32_t)in->u.transfer.contact.bits;
    struct spw__contact *contact = &e->contact[x];
    uint32_t queue = in->u.transfer.queue != 0 ? in->u.transfer.queue : e->cold[x].queue;
    int error = transfer_check(e, in, queue);
    if (error != SPW_OK) {
        return error;
    }
    struct aim aim = {.queue = queue,
                      .need = in->u.transfer.need,
                      .priority = priority_of(e, x, in->u.transfer.priority),
                      .flags = contact->flags,
                      .replan = true};
    uint64_t to = in->u.transfer.to.bits;
    if (to != 0 && never_takes(e, x, &aim, to)) {
        return SPW_E_BLOCKED;
    }
    bool record = spw__extra_room(e, x, aim.priority, contact->flags);
    bool room = record && aim_has_class(e, x, &aim);
    uint32_t pair = room ? spw__pair_at(e, e->cold[x].home, queue) : SPW_NONE;
    if (pair == SPW_NONE) {
        return SPW_E_FULL;
    }
    if (contact->extra == SPW_NONE) {
        (void)spw__extra_take(e, x);
    }
    spw__called_back(e, x); /* a person who is handed on is on the line */
    bool warm = in->u.transfer.mode == SPW_TRANSFER_WARM;
    uint32_t from = contact->holder;
    struct spw_event *event = spw__emit_pair(e, SPW_EVENT_TRANSFERRING, SPW_WHY_TRANSFER, x, from);
    event->detail_a = in->u.transfer.mode;
    spw__emit_seal(e, event);
    if (!warm) {
        spw__release_holder(e, x, true);
    }
    spw__state_set(e, x, warm ? SPW_CONTACT_TRANSFERRING : SPW_CONTACT_WAITING);
    rewrite(e, x, pair, &aim);
    transfer_wish(e, x, to);
    (void)spw__bar(e, x, from, e->clock + e->plan.decline_for);
    if (spw__wait(e, x, true)) {
        spw__possible_contact(e, x);
    }
    return SPW_OK;
}

/* The counsellor who holds it goes on. */
int spw__transfer_cancel(struct spw_engine *e, uint32_t x, uint32_t why)
{
    struct spw__contact *contact = &e->contact[x];
    if (contact->state != SPW_CONTACT_TRANSFERRING) {
        return SPW_E_STATE;
    }
    spw__withdraw(e, x, why);
    spw__unwait(e, x);
    spw__wish_over(e, x);
    spw__state_set(e, x, SPW_CONTACT_CONNECTED);
    spw__item_renew(e, x); /* the talk goes on in the new queue */
    spw__emit_seal(e, spw__emit_pair(e, SPW_EVENT_TRANSFER_ENDED, why, x, contact->holder));
    return SPW_OK;
}
