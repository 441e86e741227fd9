/*
 * model/supervise.c - queues and centres opened and closed, the backlog of large changes, and the
 * roll call after a restart (rules D3, D6).
 */
#include "world.h"

#include <string.h>

void backlog_begin(struct world *w, enum backlog_kind kind)
{
    bool running = w->backlog_count != 0;
    w->backlogs[w->backlog_count] =
        (struct backlog){.kind = kind, .queue = w->backlog_queue, .centre = w->backlog_centre};
    w->backlog_count++;
    if (!running) {
        tell(w, SPW_EVENT_BACKLOG, 0)->detail_a = 1;
    }
}

/* --- items, in the order of their slots (rule D7) --------------------------------------------- */

static uint32_t contact_next(const struct world *w, uint32_t after)
{
    uint32_t best = 0;
    for (uint32_t i = 1; i <= w->contact_count; i++) {
        uint32_t slot = (uint32_t)w->contacts[i].handle;
        bool later = after == 0 || slot > (uint32_t)w->contacts[after].handle;
        if (w->contacts[i].state != SPW_CONTACT_GONE && later &&
            (best == 0 || slot < (uint32_t)w->contacts[best].handle)) {
            best = i;
        }
    }
    return best;
}

/* The first open fallback; 0 = none. */
uint32_t fallback_of(const struct world *w, uint32_t queue)
{
    uint32_t at = w->queues[queue].fallback;
    for (uint32_t i = 0; i < QUEUES && at != 0 && w->queues[at].closed; i++) {
        at = w->queues[at].fallback;
    }
    return at != 0 && !w->queues[at].closed ? at : 0;
}

/* Out of a closed queue with the place kept, or the end. */
void moved_out(struct world *w, uint32_t contact, uint32_t queue)
{
    const struct contact *x = &w->contacts[contact];
    uint32_t fallback = fallback_of(w, queue);
    if (x->queue != queue || x->state == SPW_CONTACT_OFFERED || x->state == SPW_CONTACT_CONNECTED) {
        return;
    }
    if (x->state == SPW_CONTACT_TRANSFERRING && x->to != 0) {
        return;
    }
    if (fallback == 0 && x->state == SPW_CONTACT_TRANSFERRING) {
        transfer_end(w, contact, SPW_WHY_QUEUE_CLOSED);
    } else if (fallback != 0) {
        claim_release(w, contact);
        contact_move(w, contact, fallback, SPW_WHY_QUEUE_CLOSED);
        w->out[w->out_count - 1].detail_a = queue;
    } else {
        contact_end(w, contact, SPW_END_REFUSED_CLOSED);
    }
}

/* Nobody said since the restart that this one is still there. */
static void unconfirmed(struct world *w, uint32_t contact, spw_ns span)
{
    struct contact *x = &w->contacts[contact];
    if (!x->confirmed && x->state != SPW_CONTACT_PARKED && !off_the_line(x)) {
        if (x->called_back && talks(x)) {
            callback_missed(w, contact);
            return;
        }
        contact_park(w, contact, span);
        x->unconfirmed_park = true;
    }
}

static void contact_item(struct world *w, const struct backlog *b, uint32_t contact)
{
    if (b->kind == BACKLOG_QUEUE) {
        moved_out(w, contact, b->queue);
    } else {
        unconfirmed(w, contact, w->backlog_span);
    }
}

static void counsellor_item(struct world *w, const struct backlog *b, uint32_t counsellor)
{
    const struct counsellor *c = &w->counsellors[counsellor];
    if (b->centre != 0 && c->centre != b->centre) {
        return;
    }
    if (b->kind == BACKLOG_DARK) {
        counsellor_lost(w, counsellor, SPW_WHY_CENTRE_DARK);
    } else if (b->kind != BACKLOG_RECONCILE) {
        if (c->claim != 0 && w->centres[c->centre].state != CENTRE_OPEN) {
            claim_release(w, c->claim); /* in a freeze, too */
        }
        touch_counsellor(w, counsellor);
    } else if (!c->confirmed) {
        counsellor_lost(w, counsellor, SPW_WHY_RESTART);
    }
}

/* One item with what follows from it; false when none is left. */
static bool backlog_item(struct world *w, struct backlog *b)
{
    bool contacts = b->kind == BACKLOG_QUEUE || b->kind == BACKLOG_RECONCILE;
    uint32_t contact = contacts ? contact_next(w, b->contact) : 0;
    if (contact != 0) {
        b->contact = contact;
        contact_item(w, b, contact);
        settle(w);
        return true;
    }
    uint32_t counsellor = b->kind != BACKLOG_QUEUE ? counsellor_next(w, b->counsellor) : 0;
    if (counsellor != 0) {
        b->counsellor = counsellor;
        counsellor_item(w, b, counsellor);
        settle(w);
        return true;
    }
    return false;
}

/* False when some is left for another call. */
bool backlog_work(struct world *w)
{
    if (w->backlog_count == 0) {
        return true;
    }
    while (w->backlog_count != 0) {
        if (enough_said(w)) {
            return false;
        }
        if (!backlog_item(w, &w->backlogs[0])) {
            w->backlog_count--;
            memmove(&w->backlogs[0], &w->backlogs[1], w->backlog_count * sizeof w->backlogs[0]);
        }
    }
    tell(w, SPW_EVENT_BACKLOG, 0)->detail_a = 0;
    return true;
}

static int queue_input(struct world *w, uint32_t queue, bool closed)
{
    if (queue == 0 || queue > w->queue_count) {
        return SPW_E_UNKNOWN;
    }
    if (w->queues[queue].closed == closed) {
        return SPW_E_STATE;
    }
    w->queues[queue].closed = closed;
    struct spw_event *e = tell(w, SPW_EVENT_QUEUE, 0);
    e->queue = queue;
    e->detail_a = closed ? 0 : 1;
    if (closed) {
        w->backlog_queue = queue;
        backlog_begin(w, BACKLOG_QUEUE);
    }
    return SPW_OK;
}

static int centre_input(struct world *w, uint32_t kind, uint32_t centre)
{
    if (centre == 0 || centre > w->centre_count) {
        return SPW_E_UNKNOWN;
    }
    enum centre_state state = kind == SPW_INPUT_CENTRE_OPEN    ? CENTRE_OPEN
                              : kind == SPW_INPUT_CENTRE_CLOSE ? CENTRE_CLOSED
                                                               : CENTRE_DARK;
    bool closed_already = state == CENTRE_CLOSED && w->centres[centre].state == CENTRE_DARK;
    if (closed_already || (w->centres[centre].state == state && state != CENTRE_DARK)) {
        return SPW_E_STATE;
    }
    w->centres[centre].state = state;
    struct spw_event *e = tell(w, SPW_EVENT_CENTRE, 0);
    e->centre = centre;
    e->detail_a = state;
    w->backlog_centre = centre;
    backlog_begin(w, state == CENTRE_DARK ? BACKLOG_DARK : BACKLOG_CENTRE);
    return SPW_OK;
}

static int reconcile_input(struct world *w, const struct spw_input *in)
{
    if (in->kind == SPW_INPUT_RECONCILE_BEGIN) {
        if (w->reconciling) {
            return SPW_E_STATE;
        }
        w->reconciling = true;
        for (uint32_t i = 1; i <= w->contact_count; i++) {
            w->contacts[i].confirmed = false;
        }
        for (uint32_t i = 1; i <= w->counsellor_count; i++) {
            w->counsellors[i].confirmed = false;
        }
        return SPW_OK;
    }
    if (in->kind == SPW_INPUT_RECONCILE_END) {
        if (!w->reconciling) {
            return SPW_E_STATE;
        }
        if (in->u.span < 0 || in->u.span >= SPW_TIME_MAX / 4) {
            return SPW_E_RANGE;
        }
        w->reconciling = false;
        w->backlog_span = in->u.span;
        w->backlog_centre = 0;
        backlog_begin(w, BACKLOG_RECONCILE);
        return SPW_OK;
    }
    int error;
    if (in->kind == SPW_INPUT_COUNSELLOR_ALIVE) {
        uint32_t counsellor = counsellor_by_handle(w, in->u.counsellor.counsellor.bits, &error);
        if (counsellor == 0) {
            return counsellor_gone(w, in->u.counsellor.counsellor.bits, 0);
        }
        w->counsellors[counsellor].confirmed = true;
        sign_of_life(w, counsellor);
        return SPW_OK;
    }
    struct contact *x = contact_by_handle(w, in->u.contact.contact.bits, &error);
    if (x == NULL) {
        return SPW_E_STALE;
    }
    if (x->state == SPW_CONTACT_GONE) {
        tell(w, SPW_EVENT_RECONCILED, SPW_RECONCILED_GONE)->contact.bits = x->handle;
        return SPW_OK;
    }
    x->confirmed = true;
    if (x->unconfirmed_park) {
        uint32_t contact = contact_index(w, x);
        reconciled(w, SPW_RECONCILED_STATE, contact, 0);
        contact_resumed(w, contact);
    }
    return SPW_OK;
}

int supervise_apply(struct world *w, const struct spw_input *in)
{
    switch (in->kind) {
    case SPW_INPUT_QUEUE_CLOSE:
    case SPW_INPUT_QUEUE_OPEN:
        return queue_input(w, in->u.queue.queue, in->kind == SPW_INPUT_QUEUE_CLOSE);
    case SPW_INPUT_CENTRE_CLOSE:
    case SPW_INPUT_CENTRE_OPEN:
    case SPW_INPUT_CENTRE_DARK:
        return centre_input(w, in->kind, in->u.centre.centre);
    default:
        return reconcile_input(w, in);
    }
}

static void shift(struct world *w, enum timer_kind kind, spw_ns span, uint32_t contact,
                  uint32_t counsellor)
{
    spw_ns at = timer_at(w, kind, contact, counsellor);
    if (at != SPW_FOREVER) {
        timer_arm(w, kind, at + span, contact, counsellor);
    }
}

static void shift_counsellor(struct world *w, uint32_t counsellor, spw_ns span)
{
    struct counsellor *c = &w->counsellors[counsellor];
    c->last_seen += span;
    shift(w, TIMER_LEASE, span, 0, counsellor);
    for (uint32_t i = 0; i < c->item_count; i++) {
        if (c->items[i].kind == ITEM_OFFER) {
            shift(w, TIMER_OFFER, span, c->items[i].contact, 0);
        }
    }
}

/* Rule T2: leases, graces and offers wait as long as the host was stopped; ages do not change. */
int gap_apply(struct world *w, spw_ns span)
{
    if (span < 0 || span >= SPW_TIME_MAX / 4) {
        return SPW_E_RANGE;
    }
    for (uint32_t i = counsellor_next(w, 0); i != 0; i = counsellor_next(w, i)) {
        shift_counsellor(w, i, span);
    }
    tell(w, SPW_EVENT_GAP, 0)->detail_a = (uint64_t)span;
    return SPW_OK;
}
