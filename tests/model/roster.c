/*
 * model/roster.c - counsellors: added, on duty, paused, lost, back, removed; skills.
 */
#include "world.h"

#include <assert.h>
#include <string.h>

static void idle_from_now(struct world *w, uint32_t counsellor)
{
    w->counsellors[counsellor].idle_since = w->clock;
    w->idle_sequence++;
    w->counsellors[counsellor].idle_sequence = w->idle_sequence;
}

void counsellor_set(struct world *w, uint32_t counsellor, enum spw_counsellor_state state,
                    enum spw_why why)
{
    if (w->counsellors[counsellor].state == SPW_COUNSELLOR_OUT) {
        w->counsellors[counsellor].confirmed = true; /* comes on duty */
    }
    w->counsellors[counsellor].state = state;
    tell_counsellor(w, SPW_EVENT_COUNSELLOR, why, counsellor)->detail_a = state;
    if (state == SPW_COUNSELLOR_OUT) {
        limits_signed_out(w, counsellor);
    }
    uint32_t claimant = w->counsellors[counsellor].claim;
    if (state != SPW_COUNSELLOR_ON && claimant != 0) {
        claim_release(w, claimant);
        touch_contact(w, claimant); /* danger may claim another at once */
    }
}

/* Who leaves is out when nothing is held any more. */
void counsellor_empty(struct world *w, uint32_t counsellor)
{
    struct counsellor *c = &w->counsellors[counsellor];
    if (c->state == SPW_COUNSELLOR_LEAVING && c->item_count == 0) {
        timer_cancel(w, TIMER_LEASE, 0, counsellor);
        counsellor_set(w, counsellor, SPW_COUNSELLOR_OUT, SPW_WHY_REQUEST);
    }
}

/* Rule T4: one timer; a sign of life moves `last_seen`, not the timer. */
void lease_start(struct world *w, uint32_t counsellor)
{
    struct counsellor *c = &w->counsellors[counsellor];
    spw_ns lease = w->centres[c->centre].lease;
    timer_cancel(w, TIMER_LEASE, 0, counsellor);
    if (lease != SPW_FOREVER) {
        timer_arm(w, TIMER_LEASE, c->last_seen + lease, 0, counsellor);
    }
}

/* Offers of a counsellor who can no longer answer go back to where they came from. */
static void offers_back(struct world *w, uint32_t counsellor, enum spw_why why)
{
    struct counsellor *c = &w->counsellors[counsellor];
    for (;;) {
        uint32_t contact = 0;
        for (uint32_t i = 0; i < c->item_count && contact == 0; i++) {
            contact = c->items[i].kind == ITEM_OFFER ? c->items[i].contact : 0;
        }
        if (contact == 0) {
            return;
        }
        ladders_resume(w); /* of the one before */
        offer_withdraw(w, contact, why);
        counsellor_empty(w, counsellor); /* who leaves is out with the last */
        contact_waits(w, contact, false);
    }
}

void counsellor_lost(struct world *w, uint32_t counsellor, enum spw_why why)
{
    struct counsellor *c = &w->counsellors[counsellor];
    if (c->state == SPW_COUNSELLOR_OUT || c->state == SPW_COUNSELLOR_GONE_SILENT) {
        return;
    }
    c->before_loss = c->state;
    counsellor_set(w, counsellor, SPW_COUNSELLOR_GONE_SILENT, why);
    timer_arm(w, TIMER_LEASE, w->clock + w->centres[c->centre].reconnect_grace, 0, counsellor);
    offers_back(w, counsellor, SPW_WHY_COUNSELLOR_LOST);
}

/* The grace is over: who was talking is parked, what was held is let go. */
void counsellor_given_up(struct world *w, uint32_t counsellor)
{
    struct counsellor *c = &w->counsellors[counsellor];
    while (c->item_count > 0) {
        struct item item = c->items[0];
        if (item.kind == ITEM_TALK) {
            struct contact *x = &w->contacts[item.contact];
            if (x->called_back) { /* nobody may have answered */
                callback_missed(w, item.contact);
            } else {
                contact_park(w, item.contact, w->queues[x->queue].park_grace);
            }
            if (c->item_count == 0 || c->items[0].place != item.place) {
                continue;
            }
        }
        wrap_end(w, item.contact, counsellor, item.place);
    }
    timer_cancel(w, TIMER_LEASE, 0, counsellor);
    counsellor_set(w, counsellor, SPW_COUNSELLOR_OUT, SPW_WHY_GRACE_OVER);
}

/* Within the grace it leads back to the state before the loss. */
void sign_of_life(struct world *w, uint32_t counsellor)
{
    struct counsellor *c = &w->counsellors[counsellor];
    c->last_seen = w->clock;
    if (c->state == SPW_COUNSELLOR_GONE_SILENT) {
        tell_counsellor(w, SPW_EVENT_RECONCILED, SPW_RECONCILED_STATE, counsellor)->detail_a =
            SPW_COUNSELLOR_GONE_SILENT;
        lease_start(w, counsellor);
        bool out = c->before_loss == SPW_COUNSELLOR_LEAVING && c->item_count == 0;
        if (out) {
            timer_cancel(w, TIMER_LEASE, 0, counsellor);
        }
        counsellor_set(w, counsellor, out ? SPW_COUNSELLOR_OUT : c->before_loss, SPW_WHY_BACK);
        touch_counsellor(w, counsellor);
    }
}

static int add(struct world *w, const struct spw_counsellor_add *a)
{
    if (a->centre == 0 || a->centre > w->centre_count || a->skillset > w->set_count) {
        return SPW_E_UNKNOWN;
    }
    if (a->units > 1000 || a->channels > 31 || a->flags > 1 || a->reserved_0 != 0) {
        return SPW_E_RANGE;
    }
    uint32_t live = 0;
    for (uint32_t i = 1; i <= w->counsellor_count; i++) {
        if (!w->counsellors[i].gone && w->counsellors[i].key == a->key) {
            return SPW_E_DUPLICATE;
        }
        live += !w->counsellors[i].gone;
    }
    if (live == w->config.counsellors_max) {
        return SPW_E_FULL;
    }
    assert(w->counsellor_count < COUNSELLORS);
    w->counsellor_count++;
    struct counsellor *c = &w->counsellors[w->counsellor_count];
    *c = (struct counsellor){.handle = w->made,
                             .key = a->key,
                             .centre = a->centre,
                             .skillset = a->skillset,
                             .units = a->units == 0 ? 100 : a->units,
                             .channels = a->channels == 0 ? 31 : a->channels,
                             .flags = a->flags,
                             .state = SPW_COUNSELLOR_OUT,
                             .confirmed = true};
    w->makes = true;
    w->makes_counsellor = true;
    return SPW_OK;
}

static int sign_out(struct world *w, uint32_t counsellor)
{
    struct counsellor *c = &w->counsellors[counsellor];
    if (c->state == SPW_COUNSELLOR_OUT) {
        return SPW_E_STATE;
    }
    c->last_seen = w->clock;
    lease_start(w, counsellor);
    if (c->state == SPW_COUNSELLOR_LEAVING) {
        return SPW_OK;
    }
    counsellor_set(w, counsellor, SPW_COUNSELLOR_LEAVING, SPW_WHY_REQUEST);
    offers_back(w, counsellor, SPW_WHY_REQUEST);
    counsellor_empty(w, counsellor);
    return SPW_OK;
}

static int ready(struct world *w, uint32_t counsellor)
{
    struct counsellor *c = &w->counsellors[counsellor];
    c->last_seen = w->clock;
    lease_start(w, counsellor);
    idle_from_now(w, counsellor);
    c->missed = 0;
    if (c->state != SPW_COUNSELLOR_ON) {
        counsellor_set(w, counsellor, SPW_COUNSELLOR_ON, SPW_WHY_REQUEST);
    }
    touch_counsellor(w, counsellor);
    return SPW_OK;
}

static int pause_now(struct world *w, uint32_t counsellor, uint32_t reason)
{
    struct counsellor *c = &w->counsellors[counsellor];
    if (c->state == SPW_COUNSELLOR_OUT) {
        return SPW_E_STATE;
    }
    c->last_seen = w->clock;
    lease_start(w, counsellor);
    if (c->state != SPW_COUNSELLOR_PAUSED) {
        uint32_t told = w->out_count;
        counsellor_set(w, counsellor, SPW_COUNSELLOR_PAUSED, SPW_WHY_REQUEST);
        w->out[told].cookie = reason;
    }
    return SPW_OK;
}

static int skills(struct world *w, uint32_t counsellor, uint32_t set)
{
    struct counsellor *c = &w->counsellors[counsellor];
    if (set > w->set_count) {
        return SPW_E_UNKNOWN;
    }
    if (set == c->skillset) {
        return SPW_OK;
    }
    c->skillset = set;
    if (c->claim != 0) {
        uint32_t claimant = c->claim;
        claim_release(w, claimant);
        touch_contact(w, claimant);
    }
    for (;;) {
        uint32_t contact = 0;
        for (uint32_t i = 0; i < c->item_count && contact == 0; i++) {
            uint32_t offered = c->items[i].contact;
            contact =
                c->items[i].kind == ITEM_OFFER && !able(w, &w->contacts[offered], c) ? offered : 0;
        }
        if (contact == 0) {
            break;
        }
        ladders_resume(w);
        offer_withdraw(w, contact, SPW_WHY_SKILLS);
        contact_waits(w, contact, false);
    }
    touch_counsellor(w, counsellor);
    return SPW_OK;
}

/* Whoever waited for this one alone goes on without. */
static int remove_now(struct world *w, uint32_t counsellor)
{
    struct counsellor *c = &w->counsellors[counsellor];
    if (c->state != SPW_COUNSELLOR_OUT) {
        return SPW_E_STATE;
    }
    c->gone = true;
    timer_cancel(w, TIMER_REST, 0, counsellor);
    timer_cancel(w, TIMER_SHIFT, 0, counsellor);
    for (uint32_t i = 1; i <= w->contact_count; i++) {
        struct contact *x = &w->contacts[i];
        if (x->state == SPW_CONTACT_GONE) {
            continue;
        }
        if (x->sticky == counsellor) {
            x->sticky = 0;
            x->sticky_mode = SPW_STICKY_NONE;
            x->held = false;
            timer_cancel(w, TIMER_STICKY, i, 0);
            personal_anew(w, i);
            touch_contact(w, i);
        }
    }
    return SPW_OK;
}

/* A fact about one who has been removed is reconciled; about one who never was it is an error. */
int counsellor_gone(struct world *w, uint64_t handle, uint32_t contact)
{
    for (uint32_t i = 1; i <= w->counsellor_count; i++) {
        if (handle != 0 && w->counsellors[i].handle == handle) {
            struct spw_event *e =
                contact != 0 && w->contacts[contact].state != SPW_CONTACT_GONE
                    ? tell_contact(w, SPW_EVENT_RECONCILED, SPW_RECONCILED_GONE, contact, 0)
                    : tell(w, SPW_EVENT_RECONCILED, SPW_RECONCILED_GONE);
            e->waited = 0;
            e->flags = 0;
            e->counsellor.bits = handle;
            e->contact.bits = w->contacts[contact].handle;
            return SPW_OK;
        }
    }
    return SPW_E_STALE;
}

static int wrapped_up(struct world *w, const struct spw_input *in)
{
    int error;
    int stale;
    const struct contact *x = contact_by_handle(w, in->u.pair.contact.bits, &error);
    uint32_t counsellor = counsellor_by_handle(w, in->u.pair.counsellor.bits, &stale);
    if (x == NULL) {
        return SPW_E_STALE;
    }
    if (counsellor == 0) {
        return counsellor_gone(w, in->u.pair.counsellor.bits, contact_index(w, x));
    }
    uint32_t contact = contact_index(w, x);
    const struct item *item = item_find(&w->counsellors[counsellor], contact, ITEM_WRAP);
    if (item == NULL) {
        struct spw_event *e =
            tell_counsellor(w, SPW_EVENT_RECONCILED, SPW_RECONCILED_ALREADY, counsellor);
        e->contact.bits = x->handle;
        e->detail_a = w->counsellors[counsellor].state;
        return SPW_OK;
    }
    wrap_end(w, contact, counsellor, item->place);
    return SPW_OK;
}

static int pull(struct world *w, uint32_t counsellor)
{
    struct counsellor *c = &w->counsellors[counsellor];
    if (c->state != SPW_COUNSELLOR_ON) {
        return SPW_E_STATE;
    }
    if (!match_pull(w, counsellor)) {
        tell_counsellor(w, SPW_EVENT_PULL_EMPTY, 0, counsellor)->detail_a = c->state;
    }
    return SPW_OK;
}

int roster_apply(struct world *w, const struct spw_input *in)
{
    switch (in->kind) {
    case SPW_INPUT_COUNSELLOR_ADD:
        return add(w, &in->u.counsellor_add);
    case SPW_INPUT_COUNSELLOR_LIMITS:
        return limits_apply(w, in);
    case SPW_INPUT_COUNSELLOR_WRAPPED_UP:
        return wrapped_up(w, in);
    default:
        break;
    }
    int error;
    uint32_t counsellor = counsellor_by_handle(w, in->u.counsellor.counsellor.bits, &error);
    if (error != SPW_OK) {
        bool fact =
            in->kind == SPW_INPUT_COUNSELLOR_HEARTBEAT || in->kind == SPW_INPUT_COUNSELLOR_LOST;
        return fact ? counsellor_gone(w, in->u.counsellor.counsellor.bits, 0) : error;
    }
    struct counsellor *c = &w->counsellors[counsellor];
    switch (in->kind) {
    case SPW_INPUT_COUNSELLOR_REMOVE:
        return remove_now(w, counsellor);
    case SPW_INPUT_COUNSELLOR_SIGN_IN:
        if (c->state != SPW_COUNSELLOR_OUT) {
            return SPW_E_STATE;
        }
        c->last_seen = w->clock;
        lease_start(w, counsellor);
        counsellor_set(w, counsellor, SPW_COUNSELLOR_PAUSED, SPW_WHY_REQUEST);
        return SPW_OK;
    case SPW_INPUT_COUNSELLOR_SIGN_OUT:
        return sign_out(w, counsellor);
    case SPW_INPUT_COUNSELLOR_READY:
        return ready(w, counsellor);
    case SPW_INPUT_COUNSELLOR_PAUSE:
        return pause_now(w, counsellor, in->u.counsellor.detail);
    case SPW_INPUT_COUNSELLOR_HEARTBEAT:
        sign_of_life(w, counsellor);
        return SPW_OK;
    case SPW_INPUT_COUNSELLOR_LOST:
        counsellor_lost(w, counsellor, SPW_WHY_COUNSELLOR_LOST);
        return SPW_OK;
    case SPW_INPUT_COUNSELLOR_SKILLS:
        return skills(w, counsellor, in->u.counsellor.detail);
    case SPW_INPUT_COUNSELLOR_DEFER:
        return limits_defer(w, counsellor);
    default:
        return pull(w, counsellor);
    }
}
