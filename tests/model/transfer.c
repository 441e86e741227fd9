/*
 * model/transfer.c - cold and warm transfers, and callbacks (rules U1, S3).
 */
#include "world.h"

/* The old counsellor is released, or the transfer is called off. */
void transfer_end(struct world *w, uint32_t contact, enum spw_why why)
{
    struct contact *x = &w->contacts[contact];
    if (why == SPW_WHY_TRANSFER) {
        x->state = SPW_CONTACT_CONNECTED;
        tell_contact(w, SPW_EVENT_TRANSFER_ENDED, why, contact, x->holder);
        x->state = SPW_CONTACT_TRANSFERRING; /* what the wrap-up leaves */
        wrap_begin(w, contact, x->holder);
        return;
    }
    claim_release(w, contact);
    if (x->to != 0) {
        offer_withdraw(w, contact, why);
    }
    item_find(&w->counsellors[x->holder], contact, ITEM_TALK)->queue = x->queue;
    timer_cancel(w, TIMER_STEP, contact, 0);
    timer_cancel(w, TIMER_STICKY, contact, 0);
    x->sticky = 0;
    x->sticky_mode = SPW_STICKY_NONE;
    x->held = false; /* the wish goes with its transfer */
    x->state = SPW_CONTACT_CONNECTED;
    tell_contact(w, SPW_EVENT_TRANSFER_ENDED, why, contact, x->holder);
}

/* What the contact would need, and nobody whom it is never to have. */
static bool may_be_handed_to(const struct world *w, const struct contact *x,
                             const struct spw_input *in, uint32_t to)
{
    const struct counsellor *c = &w->counsellors[to];
    const struct queue *q = &w->queues[in->u.transfer.queue != 0 ? in->u.transfer.queue : x->queue];
    struct contact after = *x;
    after.need = q->ladder != 0 ? w->ladders[q->ladder].steps[0].need : q->need;
    after.need = in->u.transfer.need != 0 ? in->u.transfer.need : after.need;
    return c->centre == x->home && !excluded(x, to) && able(w, &after, c);
}

static int transfer_check(const struct world *w, const struct contact *x,
                          const struct spw_input *in, uint32_t *to)
{
    int error = SPW_OK;
    uint32_t priority = in->u.transfer.priority;
    uint32_t queue = in->u.transfer.queue;
    if (in->u.transfer.mode < SPW_TRANSFER_COLD || in->u.transfer.mode > SPW_TRANSFER_WARM ||
        (priority >= SPW_PRIORITY_COUNT && priority != SPW_PRIORITY_SAME) ||
        in->u.transfer.danger > 1) {
        return SPW_E_RANGE;
    }
    if (queue > w->queue_count || in->u.transfer.need > w->need_count) {
        return SPW_E_UNKNOWN;
    }
    *to = 0;
    if (in->u.transfer.to.bits != 0) {
        *to = counsellor_by_handle(w, in->u.transfer.to.bits, &error);
    }
    if (error != SPW_OK) {
        return error;
    }
    bool closed = w->queues[queue == 0 ? x->queue : queue].closed;
    enum spw_counsellor_state state = w->counsellors[*to].state;
    bool home = *to != 0 && (state == SPW_COUNSELLOR_OUT || state == SPW_COUNSELLOR_LEAVING);
    if (x->state != SPW_CONTACT_CONNECTED || *to == x->holder || closed || home) {
        return SPW_E_STATE;
    }
    if (priority == 0 && x->base != 0 && in->u.transfer.danger == 0) {
        return SPW_E_RANGE;
    }
    return *to == 0 || may_be_handed_to(w, x, in, *to) ? SPW_OK : SPW_E_BLOCKED;
}

static void transfer_wish(struct world *w, uint32_t contact, uint32_t to)
{
    struct contact *x = &w->contacts[contact];
    x->sticky = to;
    x->sticky_mode = to != 0 ? SPW_STICKY_HOLD : SPW_STICKY_NONE;
    x->held = to != 0;
    timer_cancel(w, TIMER_STICKY, contact, 0);
    if (to != 0) {
        x->sticky_until = w->clock + w->plan.transfer_hold;
        timer_arm(w, TIMER_STICKY, x->sticky_until, contact, 0);
    }
}

/* An ordinary talk from now on. */
void callback_reached(struct world *w, uint32_t contact)
{
    struct contact *x = &w->contacts[contact];
    if (x->called_back) {
        x->called_back = false;
        timer_cancel(w, TIMER_SAFE, contact, 0);
        talk_counts(w, contact);
    }
}

/* Held for the one named for a while (in danger only preferred), never back to the giver. */
static int transfer(struct world *w, const struct spw_input *in)
{
    int error;
    uint32_t to;
    struct contact *x = contact_by_handle(w, in->u.transfer.contact.bits, &error);
    if (error == SPW_OK) {
        error = transfer_check(w, x, in, &to);
    }
    if (error != SPW_OK) {
        return error;
    }
    uint32_t contact = contact_index(w, x);
    uint32_t from = x->holder;
    callback_reached(w, contact);
    tell_contact(w, SPW_EVENT_TRANSFERRING, SPW_WHY_TRANSFER, contact, from)->detail_a =
        in->u.transfer.mode;
    if (in->u.transfer.mode == SPW_TRANSFER_COLD) {
        x->state = SPW_CONTACT_CONNECTED;
        wrap_begin(w, contact, from);
        x->holder = 0;
        x->state = SPW_CONTACT_WAITING;
    } else {
        x->state = SPW_CONTACT_TRANSFERRING;
        x->to = 0;
    }
    struct spw_counters *before = counter(w, x);
    x->queue = in->u.transfer.queue != 0 ? in->u.transfer.queue : x->queue;
    if (in->u.transfer.priority != SPW_PRIORITY_SAME) {
        x->base = in->u.transfer.priority;
    }
    count_move(before, counter(w, x));
    x->own_need = in->u.transfer.need != 0;
    x->need = in->u.transfer.need;
    ladder_start(w, contact);
    transfer_wish(w, contact, to);
    bar(w, contact, from, w->clock + w->plan.decline_for, false);
    contact_waits(w, contact, true);
    return SPW_OK;
}

int transfer_apply(struct world *w, const struct spw_input *in)
{
    if (in->kind == SPW_INPUT_CONTACT_TRANSFER) {
        return transfer(w, in);
    }
    int error;
    struct contact *x = contact_by_handle(w, in->u.contact.contact.bits, &error);
    if (error != SPW_OK) {
        return error;
    }
    if (x->state != SPW_CONTACT_TRANSFERRING) {
        return SPW_E_STATE;
    }
    transfer_end(w, contact_index(w, x), SPW_WHY_REQUEST);
    return SPW_OK;
}

/* --- callbacks -------------------------------------------------------------------------------- */

static uint64_t promised(const struct world *w, uint32_t queue)
{
    uint64_t count = 0;
    for (uint32_t i = 1; i <= w->contact_count; i++) {
        const struct contact *x = &w->contacts[i];
        count += x->queue == queue && x->state == SPW_CONTACT_CALLBACK;
    }
    return count;
}

static int callback_ask(struct world *w, const struct spw_input *in)
{
    int error;
    struct contact *x = contact_by_handle(w, in->u.callback.contact.bits, &error);
    if (error != SPW_OK) {
        return error;
    }
    spw_ns due = in->u.callback.due_at;
    spw_ns safe = in->u.callback.safe_until;
    if (due < w->clock || due >= SPW_TIME_MAX || safe < due) {
        return SPW_E_RANGE;
    }
    if (x->state != SPW_CONTACT_WAITING && x->state != SPW_CONTACT_OFFERED) {
        return SPW_E_STATE;
    }
    const struct queue *q = &w->queues[x->queue];
    if (promised(w, x->queue) >= q->callback_max) {
        return SPW_E_FULL;
    }
    uint32_t contact = contact_index(w, x);
    claim_release(w, contact);
    if (x->state == SPW_CONTACT_OFFERED) {
        offer_withdraw(w, contact, SPW_WHY_CALLBACK);
    }
    timer_cancel(w, TIMER_STEP, contact, 0);
    timer_cancel(w, TIMER_PARK, contact, 0);
    x->state = SPW_CONTACT_CALLBACK;
    x->called_back = true;
    x->waited = true;
    x->callback_due = due;
    x->safe_until = safe;
    x->attempts =
        in->u.callback.attempts != 0 ? in->u.callback.attempts : (uint32_t)q->callback_attempts;
    timer_arm(w, TIMER_CALLBACK, due, contact, 0);
    timer_arm(w, TIMER_SAFE, safe, contact, 0);
    personal_anew(w, contact);
    tell_contact(w, SPW_EVENT_CALLBACK_SET, 0, contact, 0)->until = due;
    return SPW_OK;
}

void callback_due(struct world *w, uint32_t contact)
{
    struct contact *x = &w->contacts[contact];
    timer_cancel(w, TIMER_CALLBACK, contact, 0);
    x->state = SPW_CONTACT_WAITING;
    if (w->queues[x->queue].closed) { /* out of it first, if the backlog has not come so far */
        moved_out(w, contact, x->queue);
        if (x->state == SPW_CONTACT_GONE) {
            return;
        }
    }
    tell_contact(w, SPW_EVENT_CALLBACK_DUE, SPW_WHY_CALLBACK, contact, 0);
    ladder_start(w, contact);
    contact_waits(w, contact, true);
}

/* Nobody was reached: promised anew while attempts and the safe time last. */
void callback_missed(struct world *w, uint32_t contact)
{
    struct contact *x = &w->contacts[contact];
    x->attempts--;
    spw_ns due = w->clock + w->queues[x->queue].callback_retry;
    if (x->attempts == 0 || due > x->safe_until) {
        contact_end(w, contact, SPW_END_CALLBACK_FAILED);
        return;
    }
    talk_over(w, contact, x->holder); /* nobody was reached: nothing to write up */
    limits_talk_ended(w, x->holder, x);
    x->holder = 0;
    x->state = SPW_CONTACT_CALLBACK;
    x->callback_due = due;
    timer_arm(w, TIMER_CALLBACK, x->callback_due, contact, 0);
    tell_contact(w, SPW_EVENT_CALLBACK_SET, 0, contact, 0)->until = x->callback_due;
}

static int callback_done(struct world *w, uint32_t contact, uint32_t result)
{
    struct contact *x = &w->contacts[contact];
    if (!x->called_back || x->state != SPW_CONTACT_CONNECTED) {
        reconciled(w, SPW_RECONCILED_STATE, contact, 0);
        return SPW_OK;
    }
    if (result == SPW_CALLBACK_REACHED) {
        callback_reached(w, contact);
        return SPW_OK;
    }
    if (result == SPW_CALLBACK_OTHER_ANSWERED) {
        contact_end(w, contact, SPW_END_CALLBACK_REACHED_OTHER);
        return SPW_OK;
    }
    callback_missed(w, contact);
    return SPW_OK;
}

int callback_apply(struct world *w, const struct spw_input *in)
{
    if (in->kind == SPW_INPUT_CONTACT_CALLBACK) {
        return callback_ask(w, in);
    }
    int error;
    struct contact *x = contact_by_handle(w, in->u.contact.contact.bits, &error);
    if (x == NULL) {
        return SPW_E_STALE;
    }
    if (in->kind == SPW_INPUT_CONTACT_CALLBACK_DONE &&
        (in->u.contact.detail < SPW_CALLBACK_REACHED ||
         in->u.contact.detail > SPW_CALLBACK_OTHER_ANSWERED)) {
        return SPW_E_RANGE;
    }
    if (x->state == SPW_CONTACT_GONE) {
        tell(w, SPW_EVENT_RECONCILED, SPW_RECONCILED_GONE)->contact.bits = x->handle;
        return SPW_OK;
    }
    uint32_t contact = contact_index(w, x);
    if (in->kind == SPW_INPUT_CONTACT_CALLBACK_DONE) {
        return callback_done(w, contact, in->u.contact.detail);
    }
    if (x->state != SPW_CONTACT_CALLBACK) {
        reconciled(w, SPW_RECONCILED_ALREADY, contact, 0);
        return SPW_OK;
    }
    callback_due(w, contact);
    return SPW_OK;
}
