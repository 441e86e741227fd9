/*
 * model/block.c - why a contact is not offered to a counsellor: the closed list of rule M, asked in
 * its order. Invariant I4 in the model itself: after settling, block() is NONE for nobody.
 */
#include "world.h"

bool meets(const struct need *need, const struct skillset *set)
{
    for (uint32_t i = 0; i < need->count; i++) {
        const struct clause *clause = &need->clauses[i];
        bool met = false;
        for (uint32_t j = 0; j < clause->count; j++) {
            const struct literal *l = &clause->literals[j];
            bool holds = set->levels[l->skill] >= l->level;
            met = met || (l->mode == SPW_HOLDS ? holds : !holds);
        }
        if (!met) {
            return false;
        }
    }
    return true;
}

/* The need in force and the channel; nothing that changes from minute to minute. */
bool able(const struct world *w, const struct contact *x, const struct counsellor *c)
{
    return (c->channels & (1u << x->channel)) != 0 &&
           meets(&w->needs[x->need], &w->sets[c->skillset]);
}

bool on_duty(const struct counsellor *c)
{
    return !c->gone && c->state == SPW_COUNSELLOR_ON;
}

/* On duty in the sense of "somebody able is on duty": ready, or only lost for the moment. */
bool signed_in(const struct counsellor *c)
{
    return on_duty(c) || (!c->gone && c->state == SPW_COUNSELLOR_GONE_SILENT);
}

/* Declined lately or excluded for good. A bar lasts until its deadline has fired. */
static bool barred(const struct contact *x, uint32_t counsellor, bool for_good)
{
    for (uint32_t i = 0; i < x->barred_count; i++) {
        if (x->barred[i].counsellor == counsellor && x->barred[i].excluded == for_good) {
            return true;
        }
    }
    return false;
}

/* In a warm transfer: the one who still holds it. */
static bool gives_away(const struct contact *x, uint32_t counsellor)
{
    return x->state == SPW_CONTACT_TRANSFERRING && x->holder == counsellor;
}

/* For good, or for as long as that one gives it away. */
bool excluded(const struct contact *x, uint32_t counsellor)
{
    return barred(x, counsellor, true) || gives_away(x, counsellor);
}

bool away(const struct world *w, const struct counsellor *c)
{
    return !on_duty(c) || (c->flags & SPW_COUNSELLOR_PULLS) != 0 ||
           w->centres[c->centre].state != CENTRE_OPEN;
}

static bool not_ready(const struct world *w, const struct contact *x, const struct counsellor *c)
{
    return away(w, c) || w->frozen[0] || w->frozen[x->home];
}

/* A break that runs, or the shift is over: for danger alone. */
bool at_limit(const struct counsellor *c)
{
    return c->resting || c->shift_over;
}

bool group_conflict(const struct world *w, const struct contact *x, const struct counsellor *c)
{
    for (uint32_t i = 0; i < c->item_count; i++) {
        uint32_t held = c->items[i].channel;
        if ((w->plan.group[x->channel] & (1u << held)) != 0 ||
            (w->plan.group[held] & (1u << x->channel)) != 0) {
            return true;
        }
    }
    return false;
}

bool no_room(const struct world *w, const struct contact *x, const struct counsellor *c)
{
    return units_held(c) + w->plan.units[x->channel] > c->units ||
           c->item_count == w->config.items_max;
}

/* Rule policy.h: this many of the counsellor's kind must stay free from that queue. */
static bool reserved(const struct world *w, const struct contact *x, const struct counsellor *c)
{
    uint32_t reserve = prefer_reserve(w, c->skillset, x->queue);
    if (reserve == 0 || effective(x) == 0) {
        return false;
    }
    uint32_t free_now = 0;
    for (uint32_t i = 1; i <= w->counsellor_count; i++) {
        const struct counsellor *o = &w->counsellors[i];
        if (on_duty(o) && o->centre == c->centre && o->skillset == c->skillset &&
            o->channels == c->channels && o->item_count == 0 && !at_limit(o) &&
            (o->claim == 0 || o == c) && (o->flags & SPW_COUNSELLOR_PULLS) == 0) {
            free_now++;
        }
    }
    return free_now <= reserve;
}

static bool kept_for_another(const struct world *w, uint32_t contact, const struct counsellor *c)
{
    return c->claim != 0 && c->claim != contact && !order_ahead(w, contact, c->claim);
}

/* The first reason of the list, in its order. */
enum spw_block block(const struct world *w, uint32_t contact, uint32_t counsellor)
{
    const struct contact *x = &w->contacts[contact];
    const struct counsellor *c = &w->counsellors[counsellor];
    if (excluded(x, counsellor)) {
        return SPW_BLOCK_EXCLUDED;
    }
    if (!able(w, x, c)) {
        return SPW_BLOCK_NEED;
    }
    if (not_ready(w, x, c)) {
        return SPW_BLOCK_NOT_READY;
    }
    if (at_limit(c) && effective(x) != 0) {
        return SPW_BLOCK_LIMIT;
    }
    if (c->centre != x->home) {
        return SPW_BLOCK_LINK;
    }
    if (reserved(w, x, c)) {
        return SPW_BLOCK_RESERVE;
    }
    if (kept_for_another(w, contact, c)) {
        return SPW_BLOCK_CLAIMED;
    }
    if (barred(x, counsellor, false)) {
        return SPW_BLOCK_DECLINED;
    }
    if (x->sticky_mode == SPW_STICKY_HOLD && x->sticky != 0 && x->sticky != counsellor &&
        effective(x) != 0 && x->held) {
        return SPW_BLOCK_STICKY;
    }
    if (group_conflict(w, x, c)) {
        return SPW_BLOCK_GROUP;
    }
    if (no_room(w, x, c)) {
        return SPW_BLOCK_UNITS;
    }
    return SPW_BLOCK_NONE;
}
