/*
 * engine/offer.c - offers and the items that a counsellor holds.
 *
 *   item:  none -> OFFERED -> HELD -> WRAP_UP -> none        units are held from OFFERED to the end
 *                     \-> none   declined, missed, withdrawn
 *
 * Invariants: held = sum of the items' units (I1); one outstanding offer per contact (I2); a late
 * accept may overload a counsellor, an offer never does. Wrap-up belongs to the item: the contact
 * has ended by then, so an item names its contact by slot and generation.
 * Who calls: match.c offers; contact.c accepts and declines; door.c when a deadline fires.
 * Cost: constant, the items of one counsellor.
 */
#include "engine/verbs.h"

/* The item by which c is offered or holds x; a wrap-up of an earlier talk is not it. */
struct spw__item *spw__item_of(const struct spw_engine *e, uint32_t c, uint32_t x)
{
    struct spw__item *items = spw__items(e, c);
    for (uint32_t i = 0; i < e->config.items_max; i++) {
        if ((items[i].state == SPW__ITEM_OFFERED || items[i].state == SPW__ITEM_HELD) &&
            items[i].contact == x && items[i].generation == spw__slab_generation(&e->contacts, x)) {
            return &items[i];
        }
    }
    return NULL;
}

/*
 * A claimed counsellor may now take what goes before the claimant in the order that has changed. If
 * there are more than one call decides, they go to a backlog, by slots: an import gives the chain
 * another order.
 */
static void claimed_possible(struct spw_engine *e, uint32_t centre_number)
{
    const struct spw__centre *centre = &e->centre[centre_number];
    if (e->possible_counsellor_count + centre->claims <= SPW__POSSIBLE_MAX) {
        for (uint32_t c = centre->claimed; c != SPW_NONE; c = e->counsellor[c].link.next) {
            spw__possible_counsellor(e, c);
        }
        return;
    }
    for (uint32_t c = 0; c < e->counsellors.capacity; c++) {
        if (spw__slab_taken(&e->counsellors, c) && e->counsellor[c].claim != SPW_NONE &&
            e->counsellor[c].centre == centre_number) {
            spw__possible_counsellor(e, c);
        }
    }
}

/* The unclassified have a head start only while they hold less than their share (rule O4). */
void spw__share_changed(struct spw_engine *e, uint32_t centre_number)
{
    struct spw__centre *centre = &e->centre[centre_number];
    uint8_t over =
        centre->units_unclassified * 100 >= e->plan.unclassified_share * centre->units_staffed &&
        centre->units_unclassified > 0;
    if (over == centre->unclassified_over) {
        return;
    }
    centre->unclassified_over = over;
    for (uint32_t w = 0; w < centre->class_words; w++) {
        for (uint64_t left = centre->unclassified[w]; left != 0; left &= left - 1) {
            spw__class_rescore(e, centre->class_base + w * 64 + (uint32_t)__builtin_ctzll(left));
        }
    }
    if (centre->claims > 0) {
        claimed_possible(e, centre_number);
    }
}

static void item_add(struct spw_engine *e, uint32_t c, uint32_t x, uint32_t state)
{
    struct spw__counsellor *counsellor = &e->counsellor[c];
    const struct spw__contact *contact = &e->contact[x];
    struct spw__item *items = spw__items(e, c);
    uint32_t i = 0;
    while (i < e->config.items_max && items[i].state != SPW__ITEM_NONE) {
        i++;
    }
    SPW_ASSERT(i < e->config.items_max);
    items[i] = (struct spw__item){.contact = x,
                                  .generation = spw__slab_generation(&e->contacts, x),
                                  .units = (uint16_t)e->plan.units[contact->channel],
                                  .state = (uint8_t)state,
                                  .channel = contact->channel,
                                  .severe = (contact->flags & SPW_CONTACT_SEVERE) != 0,
                                  .unclassified = (contact->flags & SPW_CONTACT_UNCLASSIFIED) != 0,
                                  .since = e->clock,
                                  .queue = e->cold[x].queue};
    counsellor->items++;
    counsellor->held = (uint16_t)(counsellor->held + items[i].units);
    if (items[i].unclassified) {
        e->centre[counsellor->centre].units_unclassified += items[i].units;
        spw__share_changed(e, counsellor->centre);
    }
    spw__refile(e, c);
}

static void item_free(struct spw_engine *e, uint32_t c, struct spw__item *item)
{
    struct spw__counsellor *counsellor = &e->counsellor[c];
    SPW_ASSERT(counsellor->items > 0 && counsellor->held >= item->units);
    if (item->armed) {
        spw__heap_disarm(&e->timers, spw__node_wrap_up(e, c, (uint32_t)(item - spw__items(e, c))));
    }
    counsellor->items--;
    counsellor->held = (uint16_t)(counsellor->held - item->units);
    if (item->unclassified) {
        e->centre[counsellor->centre].units_unclassified -= item->units;
        spw__share_changed(e, counsellor->centre);
    }
    *item = (struct spw__item){0};
    spw__refile_later(e, c);
    if (counsellor->state == SPW_COUNSELLOR_LEAVING && counsellor->items == 0) {
        spw__counsellor_state(e, c, SPW_COUNSELLOR_OUT, SPW_WHY_REQUEST);
    }
}

/* What x is has become known while it is offered or held: its item says so too (rules O4, S5). */
void spw__item_renew(struct spw_engine *e, uint32_t x)
{
    const struct spw__contact *contact = &e->contact[x];
    if (contact->state != SPW_CONTACT_OFFERED && contact->state != SPW_CONTACT_CONNECTED) {
        return;
    }
    struct spw__item *item = spw__item_of(e, contact->holder, x);
    uint32_t centre = e->counsellor[contact->holder].centre;
    uint8_t unclassified = (contact->flags & SPW_CONTACT_UNCLASSIFIED) != 0;
    item->severe = (contact->flags & SPW_CONTACT_SEVERE) != 0;
    item->queue = e->cold[x].queue;
    if (unclassified != item->unclassified) {
        item->unclassified = unclassified;
        e->centre[centre].units_unclassified +=
            unclassified ? item->units : (uint64_t)0 - item->units;
        spw__share_changed(e, centre);
    }
}

void spw__item_drop(struct spw_engine *e, uint32_t c, uint32_t x)
{
    struct spw__item *item = spw__item_of(e, c, x);
    SPW_ASSERT(item != NULL);
    item_free(e, c, item);
}

/* --- offers ----------------------------------------------------------------------------------- */

/* The protected bucket pays for every offer of tier 0 (rule O3). */
static void protected_pay(struct spw_engine *e, uint32_t x)
{
    if (e->contact[x].priority != 0 || !e->plan.protected_on ||
        e->plan.protected_rate == SPW_FOREVER || !spw__protected_open(e)) {
        return;
    }
    spw_ns step = SPW_HOUR / e->plan.protected_rate;
    e->protected_tat = (e->protected_tat > e->clock ? e->protected_tat : e->clock) + step;
    if (!spw__protected_open(e)) {
        spw__emit_seal(e, spw__emit(e, SPW_EVENT_PROTECTED_EMPTY, 0));
    }
}

/* Whether the counsellor is to call back. */
static uint32_t callback_flag(const struct spw__contact *contact)
{
    return (contact->marks & SPW__MARK_CALLBACK) != 0 ? SPW_EVENT_FLAG_CALLBACK : 0;
}

void spw__offer(struct spw_engine *e, uint32_t x, uint32_t c, uint32_t flags, uint32_t passed)
{
    struct spw__contact *contact = &e->contact[x];
    /* A contact in a lane is in one of its class. */
    uint32_t k = contact->lane != SPW__LANE_NONE ? contact->class_index : spw__class_of(e, x);
    SPW_ASSERT(k != SPW_NONE);
    SPW_ASSERT_SLOW(k == spw__class_of(e, x));
    SPW_ASSERT_SLOW((flags & SPW_EVENT_FLAG_ASSIGNED) != 0 || !spw__danger_passed(e, x, c));
    spw__class_pin(e, k);
    if (contact->lane != SPW__LANE_NONE) {
        spw__lane_leave(e, x);
    }
    spw__claim_release(e, x);
    contact->class_index = k;
    uint32_t runner_up = (flags & (SPW_EVENT_FLAG_BY_CONTACT | SPW_EVENT_FLAG_ASSIGNED)) != 0
                             ? SPW_NONE
                             : spw__runner_up(e, c);
    SPW_ASSERT_SLOW(spw__fits(e, contact->channel, c)); /* I2 */
    item_add(e, c, x, SPW__ITEM_OFFERED);
    if (contact->state == SPW_CONTACT_TRANSFERRING) {
        e->extra[contact->extra].to = c;
    } else {
        spw__state_set(e, x, SPW_CONTACT_OFFERED);
        contact->holder = c;
    }
    spw_ns until = e->clock + e->queue[e->cold[x].queue].offer_timeout;
    spw__contact_arm(e, x, until);
    spw__count(e, x)->offers++;
    struct spw_event *event = spw__emit_pair(e, SPW_EVENT_OFFER, 0, x, c);
    event->flags = (uint16_t)(event->flags | flags | callback_flag(contact));
    event->until = until;
    event->detail_a = passed;
    if (runner_up != SPW_NONE) {
        event->runner_up.bits = spw__contact_bits(e, runner_up);
    }
    spw__emit_seal(e, event);
    protected_pay(e, x);
}

/* The counsellor to whom the contact is offered; SPW_NONE if to nobody. */
uint32_t spw__offered_to(const struct spw_engine *e, uint32_t x)
{
    const struct spw__contact *contact = &e->contact[x];
    if (contact->state == SPW_CONTACT_OFFERED) {
        return contact->holder;
    }
    if (contact->state == SPW_CONTACT_TRANSFERRING) {
        return e->extra[contact->extra].to;
    }
    return SPW_NONE;
}

/* Takes the outstanding offer off both; the contact is left in no lane. */
static uint32_t offer_undo(struct spw_engine *e, uint32_t x)
{
    struct spw__contact *contact = &e->contact[x];
    uint32_t c = spw__offered_to(e, x);
    SPW_ASSERT(c != SPW_NONE);
    spw__contact_disarm(e, x);
    spw__item_drop(e, c, x);
    spw__class_unpin(e, contact->class_index);
    contact->class_index = SPW_NONE;
    if (contact->state == SPW_CONTACT_TRANSFERRING) {
        e->extra[contact->extra].to = SPW_NONE;
    } else {
        contact->holder = SPW_NONE;
    }
    return c;
}

/* An offer has come to nothing: the event tells the state after it. */
static struct spw_event *emit_over(struct spw_engine *e, uint32_t kind, uint32_t why, uint32_t x,
                                   uint32_t c)
{
    struct spw_event *event = spw__emit_pair(e, kind, why, x, c);
    if (event->state == SPW_CONTACT_OFFERED) {
        event->state = SPW_CONTACT_WAITING;
    }
    return event;
}

/* The offer no longer stands, and not by the counsellor's doing: idle time runs on. */
void spw__withdraw(struct spw_engine *e, uint32_t x, uint32_t why)
{
    uint32_t c = spw__offered_to(e, x);
    if (c == SPW_NONE) {
        return;
    }
    spw__emit_seal(e, emit_over(e, SPW_EVENT_OFFER_WITHDRAWN, why, x, c));
    (void)offer_undo(e, x);
    spw__possible_counsellor(e, c);
}

/* The same, and the contact goes back to its place. Its class is kept for it meanwhile. */
void spw__take_back(struct spw_engine *e, uint32_t x, uint32_t why)
{
    uint32_t k = spw__class_hold(e, x);
    spw__withdraw(e, x, why);
    spw__requeue(e, x);
    spw__class_unpin(e, k);
}

/* The counsellor is there: an accept, a decline or a ready ends the row of misses (rule C7). */
void spw__answered(struct spw_engine *e, uint32_t c)
{
    struct spw__counsellor *counsellor = &e->counsellor[c];
    e->centre[counsellor->centre].last_missed -= counsellor->missed > 0;
    counsellor->missed = 0;
}

/* Declined: same place as before, without this counsellor for a while. */
void spw__offer_back(struct spw_engine *e, uint32_t x)
{
    uint32_t c = spw__offered_to(e, x);
    uint32_t k = spw__class_hold(e, x);
    spw__emit_seal(e, emit_over(e, SPW_EVENT_OFFER_DECLINED, SPW_WHY_DECLINED, x, c));
    spw__count(e, x)->declined++;
    spw__idle_renew(e, c);
    spw__answered(e, c);
    (void)offer_undo(e, x);
    uint64_t bits = spw__contact_bits(e, x);
    bool kept = e->plan.decline_for == 0 || spw__bar(e, x, c, e->clock + e->plan.decline_for);
    spw__requeue(e, x);
    spw__class_unpin(e, k);
    if (!kept) {
        spw__reconciled(e, SPW_RECONCILED_NO_RECORD, bits, spw__counsellor_bits(e, c));
    }
    spw__possible_counsellor(e, c);
}

void spw__offer_expired(struct spw_engine *e, uint32_t x)
{
    uint32_t c = spw__offered_to(e, x);
    uint32_t k = spw__class_hold(e, x);
    struct spw__counsellor *counsellor = &e->counsellor[c];
    e->centre[counsellor->centre].last_missed += counsellor->missed == 0;
    counsellor->missed = counsellor->missed < 255 ? (uint8_t)(counsellor->missed + 1) : 255;
    struct spw_event *event = emit_over(e, SPW_EVENT_OFFER_MISSED, SPW_WHY_MISSED, x, c);
    event->detail_a = counsellor->missed;
    spw__emit_seal(e, event);
    spw__count(e, x)->missed++;
    spw__idle_renew(e, c);
    (void)offer_undo(e, x);
    if (counsellor->state == SPW_COUNSELLOR_ON && counsellor->missed >= e->plan.miss_max) {
        spw__counsellor_state(e, c, SPW_COUNSELLOR_NOT_ANSWERING, SPW_WHY_MISSED);
    }
    spw__requeue(e, x);
    spw__class_unpin(e, k);
    spw__possible_counsellor(e, c);
}

/* --- talking ---------------------------------------------------------------------------------- */

/* The person talks to a counsellor: counted once, with the wait until that talk. */
void spw__reached(struct spw_engine *e, uint32_t x, spw_ns waited)
{
    struct spw__contact *contact = &e->contact[x];
    struct spw_counters *count = spw__count(e, x);
    if ((contact->marks & SPW__MARK_REACHED) != 0) {
        return;
    }
    contact->marks |= SPW__MARK_REACHED;
    count->connected++;
    count->within_target += waited <= e->queue[e->cold[x].queue].target[contact->priority];
    count->at_once += (contact->marks & SPW__MARK_WAITED) == 0;
    spw__count_waited(&count->waited_ns_answered, (uint64_t)waited);
    spw__count_waited(&count->waited_ns_all, (uint64_t)waited);
    if ((contact->flags & SPW_CONTACT_TEST) != 0) {
        return; /* nobody has been served */
    }
    e->served_by[(size_t)e->cold[x].home * (e->config.centres_max + 1) +
                 e->counsellor[contact->holder].centre]++;
}

/* x and c talk from now on. x is offered to c, or in no lane and held by nobody (late accept). */
void spw__connect(struct spw_engine *e, uint32_t x, uint32_t c)
{
    struct spw__contact *contact = &e->contact[x];
    struct spw__item *item = spw__item_of(e, c, x);
    spw__contact_disarm(e, x);
    if (item == NULL) {
        item_add(e, c, x, SPW__ITEM_HELD);
        item = spw__item_of(e, c, x);
    } else {
        spw__class_unpin(e, contact->class_index);
    }
    item->state = SPW__ITEM_HELD;
    item->since = e->clock;
    contact->class_index = SPW_NONE;
    if (contact->state == SPW_CONTACT_TRANSFERRING) {
        e->extra[contact->extra].to = SPW_NONE;
        struct spw_event *over =
            spw__emit_pair(e, SPW_EVENT_TRANSFER_ENDED, SPW_WHY_TRANSFER, x, contact->holder);
        over->state = SPW_CONTACT_CONNECTED;
        spw__emit_seal(e, over);
        spw__release_holder(e, x, true);
    }
    spw__state_set(e, x, SPW_CONTACT_CONNECTED);
    contact->holder = c;
    contact->marks |= SPW__MARK_CONFIRMED; /* the host sees both */
    spw__answered(e, c);
    spw__wish_over(e, x);
    spw__count(e, x)->accepted++;
    if ((contact->marks & SPW__MARK_CALLBACK) == 0) { /* else not before they answer the call */
        spw__reached(e, x, e->clock - contact->arrived_at);
    }
    e->counsellor[c].load++;
    struct spw_event *event = spw__emit_pair(e, SPW_EVENT_CONNECTED, 0, x, c);
    event->flags = (uint16_t)(event->flags | callback_flag(contact));
    spw__emit_seal(e, event);
}

/* Handle time of the queue, exponentially weighted by eighths: a basis for wait estimates. */
static void learn(struct spw__queue *queue, spw_ns took)
{
    queue->completion_mean = queue->completions == 0
                                 ? took
                                 : queue->completion_mean + (took - queue->completion_mean) / 8;
    if (queue->completions < UINT32_MAX) {
        queue->completions++;
    }
}

/* The counsellor who holds x lets go: wrap-up, or free at once. The calling room changes x. */
void spw__release_holder(struct spw_engine *e, uint32_t x, bool wrap_up)
{
    struct spw__contact *contact = &e->contact[x];
    uint32_t c = contact->holder;
    struct spw__item *item = spw__item_of(e, c, x);
    SPW_ASSERT(item != NULL && item->state == SPW__ITEM_HELD);
    struct spw__queue *queue = &e->queue[item->queue]; /* a transfer has changed that of x by now */
    learn(queue, e->clock - item->since);
    contact->holder = SPW_NONE;
    bool severe = item->severe != 0;
    if (wrap_up && queue->wrap_up > 0) {
        item->state = SPW__ITEM_WRAP_UP;
        struct spw_event *event = spw__emit_pair(e, SPW_EVENT_WRAP_UP, 0, x, c);
        event->until = SPW_FOREVER;
        if (queue->wrap_up != SPW_FOREVER) {
            event->until = e->clock + queue->wrap_up;
            uint32_t i = (uint32_t)(item - spw__items(e, c));
            spw__arm(e, spw__node_wrap_up(e, c, i), SPW__TIMER_WRAP_UP, event->until);
            item->armed = 1;
        }
        spw__emit_seal(e, event);
        spw__break_if_due(e, c, severe);
        return;
    }
    spw__idle_renew(e, c);
    item_free(e, c, item);
    spw__break_if_due(e, c, severe);
    spw__possible_counsellor(e, c);
}

/* Wrap-up of item i is over, by deadline or by word of the counsellor. */
void spw__wrap_up_over(struct spw_engine *e, uint32_t c, uint32_t i)
{
    struct spw__item *item = &spw__items(e, c)[i];
    SPW_ASSERT(item->state == SPW__ITEM_WRAP_UP);
    struct spw_event *event = spw__emit_counsellor(e, SPW_EVENT_WRAPPED_UP, 0, c);
    event->contact.bits = ((uint64_t)item->generation << 32) | item->contact;
    spw__emit_seal(e, event);
    spw__idle_renew(e, c);
    item_free(e, c, item);
    spw__possible_counsellor(e, c);
}
