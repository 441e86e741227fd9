/*
 * model/contact.c - leaving, dropping, parking, resuming, re-classifying, the end; ladders
 * (rules N3, K).
 */
#include "world.h"

/* Test contacts are counted apart and not by priority. */
struct spw_counters *counter_of(struct world *w, uint32_t home, uint32_t queue, uint32_t base,
                                uint32_t flags)
{
    bool test = (flags & SPW_CONTACT_TEST) != 0;
    return test ? &w->test_counters[home][queue] : &w->counters[home][queue][base];
}

struct spw_counters *counter(struct world *w, const struct contact *x)
{
    return counter_of(w, x->home, x->queue, x->base, x->flags);
}

void count_move(struct spw_counters *from, struct spw_counters *to)
{
    if (from != to) {
        from->moved_out++;
        from->live--;
        to->moved_in++;
        to->live++;
    }
}

/* Somebody able on duty: nobody has room. Else nobody is able. */
enum spw_why wait_reason(const struct world *w, uint32_t contact)
{
    const struct contact *x = &w->contacts[contact];
    if (w->frozen[0] || w->frozen[x->home]) {
        return SPW_WHY_FROZEN;
    }
    for (uint32_t i = 1; i <= w->counsellor_count; i++) {
        const struct counsellor *c = &w->counsellors[i];
        if (signed_in(c) && c->centre == x->home && able(w, x, c)) {
            return SPW_WHY_NOBODY_FREE;
        }
    }
    return SPW_WHY_NOBODY_ABLE;
}

/* --- ladders ---------------------------------------------------------------------------------- */

void ladder_arm(struct world *w, uint32_t contact)
{
    const struct contact *x = &w->contacts[contact];
    timer_cancel(w, TIMER_STEP, contact, 0);
    if (x->ladder != 0 && x->step + 1 < w->ladders[x->ladder].count) {
        timer_arm(w, TIMER_STEP, x->ladder_at + w->ladders[x->ladder].steps[x->step + 1].after,
                  contact, 0);
    }
}

/* From its first step, or none for a contact that brought a need of its own. */
void ladder_start(struct world *w, uint32_t contact)
{
    struct contact *x = &w->contacts[contact];
    x->ladder = x->own_need ? 0 : w->queues[x->queue].ladder;
    x->step = 0;
    x->raises = 0;
    x->ladder_at = w->clock;
    if (x->ladder != 0) {
        x->need = w->ladders[x->ladder].steps[0].need;
        x->raises = w->ladders[x->ladder].steps[0].raise;
    } else if (!x->own_need) {
        x->need = w->queues[x->queue].need;
    }
}

/* Rule N3: all due steps are one move. A step at exactly now is due only when its deadline
 * fires. */
void ladder_due(struct world *w, uint32_t contact, bool fired)
{
    struct contact *x = &w->contacts[contact];
    if (x->ladder == 0) {
        return;
    }
    const struct ladder *ladder = &w->ladders[x->ladder];
    uint32_t step = x->step;
    while (step + 1 < ladder->count &&
           x->ladder_at + ladder->steps[step + 1].after < w->clock + (fired ? 1 : 0)) {
        claim_release(w, contact);
        step++;
        x->raises += ladder->steps[step].raise;
    }
    if (step != x->step) {
        x->step = step;
        x->need = ladder->steps[step].need;
        tell_contact(w, SPW_EVENT_MOVED, SPW_WHY_STEP, contact, 0)->detail_a = step;
    }
    ladder_arm(w, contact);
}

/* Who waits again goes on where the ladder would be by now. */
void ladders_resume(struct world *w)
{
    for (uint32_t i = 0; i < w->touched_contact_count; i++) {
        uint32_t contact = w->touched_contacts[i];
        if (waits(&w->contacts[contact]) && timer_at(w, TIMER_STEP, contact, 0) == SPW_FOREVER) {
            ladder_due(w, contact, false);
        }
    }
}

/* --- the end ---------------------------------------------------------------------------------- */

void forget_timers(struct world *w, uint32_t contact)
{
    static const enum timer_kind kinds[] = {TIMER_OFFER,    TIMER_PARK, TIMER_STEP,
                                            TIMER_STICKY,   TIMER_SAFE, TIMER_CALLBACK,
                                            TIMER_DEADLINE, TIMER_BAR};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        timer_cancel(w, kinds[i], contact, 0);
    }
}

void contact_end(struct world *w, uint32_t contact, enum spw_end reason)
{
    struct contact *x = &w->contacts[contact];
    enum spw_contact_state before = x->state;
    uint32_t holder = x->holder;
    bool by_limit = reason == SPW_END_ABANDONED && before == SPW_CONTACT_WAITING &&
                    limits_kept_away(w, contact);
    claim_release(w, contact);
    if (before == SPW_CONTACT_OFFERED || (before == SPW_CONTACT_TRANSFERRING && x->to != 0)) {
        offer_withdraw(w, contact, SPW_WHY_LEFT);
    }
    spw_ns waited = w->clock - x->arrived_at;
    if (before == SPW_CONTACT_PARKED) {
        waited = x->queued_at - x->arrived_at;
    }
    bool talking = before == SPW_CONTACT_CONNECTED || before == SPW_CONTACT_TRANSFERRING;
    if (talking) {
        waited = x->connected_at - x->arrived_at;
    }
    if (talking && (reason == SPW_END_SERVED || reason == SPW_END_CUT)) {
        talk_counts(w, contact);
    }
    struct spw_counters *k = counter(w, x);
    k->ended[reason]++;
    k->live--;
    k->lost_to_limits += by_limit;
    if (!x->met) {
        k->waited_ns_all += (uint64_t)waited;
    }
    x->state = SPW_CONTACT_GONE;
    uint32_t named = talking ? holder : 0;
    tell_contact(w, SPW_EVENT_ENDED, reason, contact, named)->waited = waited;
    if (talking) {
        wrap_begin(w, contact, holder);
    }
    if (reason == SPW_END_ABANDONED || reason == SPW_END_CUT || reason == SPW_END_LOST ||
        reason == SPW_END_PARK_EXPIRED) {
        token_remember(w, x, waited);
    }
    forget_timers(w, contact);
}

void contact_park(struct world *w, uint32_t contact, spw_ns grace)
{
    struct contact *x = &w->contacts[contact];
    bool was_talking = talks(x);
    claim_release(w, contact);
    if (x->state == SPW_CONTACT_OFFERED || (x->state == SPW_CONTACT_TRANSFERRING && x->to != 0)) {
        offer_withdraw(w, contact, SPW_WHY_PARKED);
    }
    if (x->state == SPW_CONTACT_CONNECTED || x->state == SPW_CONTACT_TRANSFERRING) {
        timer_cancel(w, TIMER_SAFE, contact, 0); /* the call was made; nobody calls now */
        talk_counts(w, contact);
        x->called_back = false;
        wrap_begin(w, contact, x->holder);
    }
    timer_cancel(w, TIMER_STEP, contact, 0);
    x->state = SPW_CONTACT_PARKED;
    x->holder = 0;
    x->queued_at = was_talking ? x->connected_at : w->clock;
    x->waited = true;
    spw_ns until = grace == SPW_FOREVER ? SPW_FOREVER : w->clock + grace;
    timer_arm(w, TIMER_PARK, until, contact, 0);
    tell_contact(w, SPW_EVENT_PARKED, SPW_WHY_PARKED, contact, 0)->until = until;
}

/* The grace is over and nobody came back. */
void park_over(struct world *w, uint32_t contact)
{
    const struct contact *x = &w->contacts[contact];
    enum spw_end reason = x->met ? SPW_END_CUT : SPW_END_PARK_EXPIRED;
    contact_end(w, contact, x->unconfirmed_park ? SPW_END_LOST : reason);
}

/* Into another queue at the same place; who has no need of its own gets the queue's. */
void contact_move(struct world *w, uint32_t contact, uint32_t queue, enum spw_why why)
{
    struct contact *x = &w->contacts[contact];
    if (queue != x->queue) {
        struct spw_counters *from = counter(w, x);
        x->queue = queue;
        count_move(from, counter(w, x));
        ladder_start(w, contact);
    }
    tell_contact(w, SPW_EVENT_MOVED, why, contact, 0)->detail_a =
        why == SPW_WHY_QUEUE_CLOSED ? x->home : 0;
    if (waits(x)) {
        ladder_arm(w, contact);
    } else {
        timer_cancel(w, TIMER_STEP, contact, 0);
    }
    touch_contact(w, contact);
}

/* --- requests and facts about one contact ----------------------------------------------------- */

static void already(struct world *w, uint32_t contact, enum spw_reconciled how)
{
    reconciled(w, how, contact, 0);
}

static void left(struct world *w, uint32_t contact)
{
    contact_end(w, contact, talks(&w->contacts[contact]) ? SPW_END_SERVED : SPW_END_ABANDONED);
}

/* Promised a callback, or due and not accepted: nobody is there who could be lost. */
bool off_the_line(const struct contact *x)
{
    return x->called_back && !talks(x);
}

static void dropped(struct world *w, uint32_t contact)
{
    struct contact *x = &w->contacts[contact];
    if (x->state == SPW_CONTACT_PARKED || off_the_line(x)) {
        already(w, contact, SPW_RECONCILED_ALREADY);
        return;
    }
    contact_park(w, contact, w->queues[x->queue].park_grace);
}

/* Whoever calls in ends the promise. Waiting goes on where a callback was due, and so does an
 * offer. */
void contact_resumed(struct world *w, uint32_t contact)
{
    struct contact *x = &w->contacts[contact];
    if (x->state != SPW_CONTACT_PARKED && !off_the_line(x)) {
        callback_reached(w, contact);
        already(w, contact, SPW_RECONCILED_ALREADY);
        return;
    }
    bool anew = x->state == SPW_CONTACT_PARKED || x->state == SPW_CONTACT_CALLBACK;
    bool offered = x->state == SPW_CONTACT_OFFERED;
    claim_release(w, contact);
    timer_cancel(w, TIMER_PARK, contact, 0);
    timer_cancel(w, TIMER_CALLBACK, contact, 0);
    timer_cancel(w, TIMER_SAFE, contact, 0);
    x->state = offered ? SPW_CONTACT_OFFERED : SPW_CONTACT_WAITING;
    x->unconfirmed_park = false;
    x->confirmed = true;
    x->called_back = false;
    personal_anew(w, contact);
    counter(w, x)->attempts++;
    tell_contact(w, SPW_EVENT_RESUMED, 0, contact, 0);
    if (!offered) {
        contact_waits(w, contact, anew);
    }
}

static void ended(struct world *w, uint32_t contact, uint32_t reason)
{
    const struct contact *x = &w->contacts[contact];
    bool untrue = reason == SPW_END_SERVED || reason == SPW_END_CUT;
    if (!x->met && !talks(x) && untrue) {
        already(w, contact, SPW_RECONCILED_NOT_CONNECTED);
        left(w, contact);
        return;
    }
    contact_end(w, contact, (enum spw_end)reason);
}

static int reclassify_check(const struct world *w, const struct contact *x,
                            const struct spw_input *in)
{
    uint32_t queue = in->u.reclassify.queue;
    uint32_t priority = in->u.reclassify.priority;
    if (queue > w->queue_count || in->u.reclassify.need > w->need_count) {
        return SPW_E_UNKNOWN;
    }
    if ((priority >= SPW_PRIORITY_COUNT && priority != SPW_PRIORITY_SAME) ||
        in->u.reclassify.flags > 127 || in->u.reclassify.danger > 1) {
        return SPW_E_RANGE;
    }
    bool elsewhere = queue != 0 && queue != x->queue;
    if (x->state == SPW_CONTACT_TRANSFERRING || (elsewhere && w->queues[queue].closed) ||
        (elsewhere && x->state == SPW_CONTACT_CALLBACK)) {
        return SPW_E_STATE;
    }
    if (priority == 0 && x->base != 0 && in->u.reclassify.danger == 0) {
        return SPW_E_RANGE;
    }
    return SPW_OK;
}

/* What is held counts, and is wrapped up, by what is known now. */
static void item_queue_now(struct world *w, uint32_t contact)
{
    const struct contact *x = &w->contacts[contact];
    struct counsellor *c = &w->counsellors[x->holder];
    for (uint32_t i = 0; i < c->item_count; i++) {
        if (c->items[i].contact == contact && c->items[i].kind != ITEM_WRAP) {
            c->items[i].queue = x->queue;
        }
    }
}

/* Who is offered keeps the offer if that one is able; a need of its own goes along. */
static int reclassify(struct world *w, const struct spw_input *in)
{
    int error;
    struct contact *x = contact_by_handle(w, in->u.reclassify.contact.bits, &error);
    if (error == SPW_OK) {
        error = reclassify_check(w, x, in);
    }
    if (error != SPW_OK) {
        return error;
    }
    uint32_t contact = contact_index(w, x);
    uint32_t queue = in->u.reclassify.queue;
    claim_release(w, contact);
    struct spw_counters *from = counter(w, x);
    if (in->u.reclassify.priority != SPW_PRIORITY_SAME) {
        x->base = in->u.reclassify.priority;
    }
    x->flags = in->u.reclassify.flags;
    x->severity = in->u.reclassify.severity;
    bool anew = queue != 0 && queue != x->queue;
    x->queue = anew ? queue : x->queue;
    if (in->u.reclassify.need != 0) {
        x->own_need = true;
        x->need = in->u.reclassify.need;
        anew = true;
    }
    count_move(from, counter(w, x));
    if (anew) {
        ladder_start(w, contact);
    }
    item_queue_now(w, contact);
    if (x->state == SPW_CONTACT_OFFERED && !able(w, x, &w->counsellors[x->holder])) {
        offer_withdraw(w, contact, SPW_WHY_RECLASSIFIED);
        contact_waits(w, contact, false);
    } else if (waits(x)) {
        tell_contact(w, SPW_EVENT_MOVED, SPW_WHY_RECLASSIFIED, contact, 0);
        ladder_arm(w, contact);
        touch_contact(w, contact);
    }
    return SPW_OK;
}

/* Nobody waits for one whom it is never to have. */
void wish_over(struct world *w, uint32_t contact, uint32_t counsellor)
{
    struct contact *x = &w->contacts[contact];
    if (x->sticky == counsellor) {
        x->sticky = 0;
        x->sticky_mode = SPW_STICKY_NONE;
        x->held = false;
        timer_cancel(w, TIMER_STICKY, contact, 0);
    }
}

static int exclude(struct world *w, const struct spw_input *in)
{
    int error;
    struct contact *x = contact_by_handle(w, in->u.pair.contact.bits, &error);
    int stale;
    uint32_t counsellor = counsellor_by_handle(w, in->u.pair.counsellor.bits, &stale);
    if (error != SPW_OK || counsellor == 0) {
        return SPW_E_STALE;
    }
    uint32_t contact = contact_index(w, x);
    uint32_t excluded = 0;
    bool known = false;
    for (uint32_t i = 0; i < x->barred_count; i++) {
        known = known || (x->barred[i].excluded && x->barred[i].counsellor == counsellor);
        excluded += x->barred[i].excluded;
    }
    if (!known && excluded == DECLINES - 1) { /* a place for declines is kept */
        return SPW_E_FULL;
    }
    bar(w, contact, counsellor, SPW_FOREVER, true);
    wish_over(w, contact, counsellor);
    if (offered_to(x) == counsellor) {
        offer_withdraw(w, contact, SPW_WHY_REQUEST);
        contact_waits(w, contact, false);
    } else if (waits(x)) {
        claim_release(w, contact);
        ladder_arm(w, contact);
        touch_contact(w, contact); /* danger may claim again at once */
    }
    return SPW_OK;
}

static int one_contact(struct world *w, const struct spw_input *in)
{
    int error;
    struct contact *x = contact_by_handle(w, in->u.contact.contact.bits, &error);
    if (x == NULL) {
        return SPW_E_STALE;
    }
    uint32_t contact = contact_index(w, x);
    if (x->state == SPW_CONTACT_GONE) {
        if (in->kind == SPW_INPUT_CONTACT_PARK) {
            return SPW_E_STALE;
        }
        tell(w, SPW_EVENT_RECONCILED, SPW_RECONCILED_GONE)->contact.bits = x->handle;
        return SPW_OK;
    }
    if (in->kind == SPW_INPUT_CONTACT_ENDED &&
        (in->u.contact.detail == 0 || in->u.contact.detail >= SPW_END_COUNT ||
         in->u.contact.detail == SPW_END_REFUSED_FULL ||
         in->u.contact.detail == SPW_END_REFUSED_CLOSED)) {
        return SPW_E_RANGE;
    }
    switch (in->kind) {
    case SPW_INPUT_CONTACT_LEFT:
        left(w, contact);
        break;
    case SPW_INPUT_CONTACT_DROPPED:
        dropped(w, contact);
        break;
    case SPW_INPUT_CONTACT_PARK:
        if ((x->state != SPW_CONTACT_WAITING && x->state != SPW_CONTACT_OFFERED) ||
            off_the_line(x)) {
            return SPW_E_STATE;
        }
        contact_park(w, contact, w->queues[x->queue].park_grace);
        break;
    case SPW_INPUT_CONTACT_RESUMED:
        contact_resumed(w, contact);
        break;
    default:
        ended(w, contact, in->u.contact.detail);
        break;
    }
    return SPW_OK;
}

int contact_apply(struct world *w, const struct spw_input *in)
{
    switch (in->kind) {
    case SPW_INPUT_CONTACT_ARRIVE:
        return contact_arrive(w, &in->u.arrive);
    case SPW_INPUT_CONTACT_RECLASSIFY:
        return reclassify(w, in);
    case SPW_INPUT_CONTACT_EXCLUDE:
        return exclude(w, in);
    default:
        return one_contact(w, in);
    }
}
