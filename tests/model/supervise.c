/*
 * model/supervise.c - queues and centres opened and closed, the backlog of large changes, and the
 * roll call after a restart (rules D3, D6).
 */
#include "world.h"

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

static void queue_emptied(struct world *w, uint32_t queue)
{
    uint32_t fallback = w->queues[queue].fallback;
    for (uint32_t i = 1; i <= w->contact_count; i++) {
        struct contact *x = &w->contacts[i];
        if (x->state != SPW_CONTACT_WAITING || x->queue != queue) {
            continue;
        }
        if (fallback != 0 && !w->queues[fallback].closed) {
            contact_move(w, i, fallback, SPW_WHY_QUEUE_CLOSED);
            w->out[w->out_count - 1].detail_a = queue;
        } else {
            contact_end(w, i, SPW_END_REFUSED_CLOSED);
        }
        settle(w);
    }
}

static void everybody_possible(struct world *w, uint32_t centre)
{
    for (uint32_t i = counsellor_next(w, 0); i != 0; i = counsellor_next(w, i)) {
        if (centre == 0 || w->counsellors[i].centre == centre) {
            touch_counsellor(w, i);
            settle(w);
        }
    }
}

static void centre_lost(struct world *w, uint32_t centre)
{
    for (uint32_t i = counsellor_next(w, 0); i != 0; i = counsellor_next(w, i)) {
        if (w->counsellors[i].centre == centre) {
            counsellor_lost(w, i, SPW_WHY_CENTRE_DARK);
            settle(w);
        }
    }
}

static void unconfirmed_parked(struct world *w, spw_ns span)
{
    for (uint32_t i = 1; i <= w->contact_count; i++) {
        struct contact *x = &w->contacts[i];
        if (x->state != SPW_CONTACT_GONE && !x->confirmed && x->state != SPW_CONTACT_PARKED &&
            x->state != SPW_CONTACT_CALLBACK) {
            contact_park(w, i, span);
            settle(w);
        }
    }
    for (uint32_t i = 1; i <= w->counsellor_count; i++) {
        if (!w->counsellors[i].gone && !w->counsellors[i].confirmed) {
            counsellor_lost(w, i, SPW_WHY_RESTART);
            settle(w);
        }
    }
}

/* Small worlds are worked off in one piece. */
void backlog_work(struct world *w)
{
    if (w->backlog_count == 0) {
        return;
    }
    for (uint32_t i = 0; i < w->backlog_count; i++) {
        const struct backlog *b = &w->backlogs[i];
        switch (b->kind) {
        case BACKLOG_QUEUE:
            queue_emptied(w, b->queue);
            break;
        case BACKLOG_DARK:
            centre_lost(w, b->centre);
            break;
        case BACKLOG_RECONCILE:
            unconfirmed_parked(w, w->backlog_span);
            break;
        default:
            everybody_possible(w, b->centre);
            break;
        }
    }
    w->backlog_count = 0;
    tell(w, SPW_EVENT_BACKLOG, 0)->detail_a = 0;
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
    if (w->centres[centre].state == state && state != CENTRE_DARK) {
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
        if (in->u.span < 0) {
            return SPW_E_RANGE;
        }
        if (!w->reconciling) {
            return SPW_E_STATE;
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
