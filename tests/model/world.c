/*
 * model/world.c - the small things that every room of the reference uses: looking handles up,
 * deadlines, events, and who "became possible" since the last settling.
 */
#include "world.h"

#include <assert.h>
#include <string.h>

void world_init(struct world *w, const struct spw_config *config)
{
    memset(w, 0, sizeof *w);
    w->config = *config;
    plan_defaults(&w->plan);
}

uint32_t contact_index(const struct world *w, const struct contact *x)
{
    return (uint32_t)(x - w->contacts);
}

/* A contact that has gone is found too: whether that is an error is the caller's to know. */
struct contact *contact_by_handle(struct world *w, uint64_t handle, int *error)
{
    *error = SPW_OK;
    for (uint32_t i = 1; i <= w->contact_count; i++) {
        if (handle != 0 && w->contacts[i].handle == handle) {
            if (w->contacts[i].state == SPW_CONTACT_GONE) {
                *error = SPW_E_STALE;
            }
            return &w->contacts[i];
        }
    }
    *error = SPW_E_STALE;
    return NULL;
}

/* 0 when there is none or it has been removed. */
uint32_t counsellor_by_handle(const struct world *w, uint64_t handle, int *error)
{
    *error = SPW_OK;
    for (uint32_t i = 1; i <= w->counsellor_count; i++) {
        if (handle != 0 && w->counsellors[i].handle == handle && !w->counsellors[i].gone) {
            return i;
        }
    }
    *error = SPW_E_STALE;
    return 0;
}

uint32_t effective(const struct contact *x)
{
    if (x->base == 0) {
        return 0;
    }
    return x->base > x->raises + 1 ? x->base - x->raises : 1;
}

uint32_t units_held(const struct counsellor *c)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < c->item_count; i++) {
        sum += c->items[i].units;
    }
    return sum;
}

/* Competes for a counsellor: waiting, or held by one while the next is looked for. */
bool waits(const struct contact *x)
{
    return x->state == SPW_CONTACT_WAITING || (x->state == SPW_CONTACT_TRANSFERRING && x->to == 0);
}

bool talks(const struct contact *x)
{
    return x->state == SPW_CONTACT_CONNECTED || x->state == SPW_CONTACT_TRANSFERRING;
}

void timer_cancel(struct world *w, enum timer_kind kind, uint32_t contact, uint32_t counsellor)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < w->timer_count; i++) {
        struct timer *t = &w->timers[i];
        if (t->kind != kind || t->contact != contact || t->counsellor != counsellor) {
            w->timers[kept] = *t;
            kept++;
        }
    }
    w->timer_count = kept;
}

void timer_arm(struct world *w, enum timer_kind kind, spw_ns at, uint32_t contact,
               uint32_t counsellor)
{
    timer_cancel(w, kind, contact, counsellor);
    if (at >= SPW_FOREVER) {
        return;
    }
    assert(w->timer_count < TIMERS);
    struct timer *t = &w->timers[w->timer_count];
    w->timer_count++;
    w->timer_sequence++;
    *t = (struct timer){.kind = kind,
                        .at = at,
                        .sequence = w->timer_sequence,
                        .contact = contact,
                        .counsellor = counsellor};
}

spw_ns timer_at(const struct world *w, enum timer_kind kind, uint32_t contact, uint32_t counsellor)
{
    for (uint32_t i = 0; i < w->timer_count; i++) {
        const struct timer *t = &w->timers[i];
        if (t->kind == kind && t->contact == contact && t->counsellor == counsellor) {
            return t->at;
        }
    }
    return SPW_FOREVER;
}

struct spw_event *tell(struct world *w, enum spw_event_kind kind, uint32_t reason)
{
    assert(w->out_count < OUT);
    struct spw_event *e = &w->out[w->out_count];
    w->out_count++;
    w->event_sequence++;
    memset(e, 0, sizeof *e);
    e->sequence = w->event_sequence;
    e->at = w->clock;
    e->kind = (uint16_t)kind;
    e->reason = (uint16_t)reason;
    e->policy = w->plan.order;
    e->policy_revision = w->plan.revision;
    return e;
}

struct spw_event *tell_counsellor(struct world *w, enum spw_event_kind kind, uint32_t reason,
                                  uint32_t counsellor)
{
    struct spw_event *e = tell(w, kind, reason);
    e->counsellor.bits = w->counsellors[counsellor].handle;
    e->centre = w->counsellors[counsellor].centre;
    return e;
}

struct spw_event *tell_contact(struct world *w, enum spw_event_kind kind, uint32_t reason,
                               uint32_t contact, uint32_t counsellor)
{
    struct spw_event *e = tell(w, kind, reason);
    const struct contact *x = &w->contacts[contact];
    e->priority = (uint8_t)x->base;
    e->state = (uint8_t)x->state;
    e->flags = (x->flags & SPW_CONTACT_TEST) != 0 ? SPW_EVENT_FLAG_TEST : 0;
    e->contact.bits = x->handle;
    e->id = x->id;
    e->cookie = x->cookie;
    e->counsellor.bits = w->counsellors[counsellor].handle;
    e->centre = x->home;
    e->queue = x->queue;
    e->waited = w->clock - x->arrived_at;
    return e;
}

struct spw_event *reconciled(struct world *w, enum spw_reconciled how, uint32_t contact,
                             uint32_t counsellor)
{
    struct spw_event *e = tell_contact(w, SPW_EVENT_RECONCILED, how, contact, counsellor);
    e->waited = 0;
    e->flags = 0;
    return e;
}

void touch_contact(struct world *w, uint32_t contact)
{
    for (uint32_t i = 0; i < w->touched_contact_count; i++) {
        if (w->touched_contacts[i] == contact) {
            return;
        }
    }
    assert(w->touched_contact_count < TOUCHED);
    w->touched_contacts[w->touched_contact_count] = contact;
    w->touched_contact_count++;
}

void touch_counsellor(struct world *w, uint32_t counsellor)
{
    for (uint32_t i = 0; i < w->touched_counsellor_count; i++) {
        if (w->touched_counsellors[i] == counsellor) {
            return;
        }
    }
    assert(w->touched_counsellor_count < TOUCHED);
    w->touched_counsellors[w->touched_counsellor_count] = counsellor;
    w->touched_counsellor_count++;
}

/* What walks all counsellors walks them by the slots of their handles (rule D7): the next one after
 * that one, 0 = the first; 0 when there is none. */
uint32_t counsellor_next(const struct world *w, uint32_t after)
{
    uint32_t best = 0;
    for (uint32_t i = 1; i <= w->counsellor_count; i++) {
        uint32_t slot = (uint32_t)w->counsellors[i].handle;
        bool later = after == 0 || slot > (uint32_t)w->counsellors[after].handle;
        if (!w->counsellors[i].gone && later &&
            (best == 0 || slot < (uint32_t)w->counsellors[best].handle)) {
            best = i;
        }
    }
    return best;
}
