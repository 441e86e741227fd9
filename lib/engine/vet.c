/*
 * engine/vet.c - whether the numbers that an import has read could have been written by an engine.
 *
 * The walk has checked each number against the limits of its own kind; here is what one says of
 * another: terms of a need, timers and states, items and contacts, entries that may stand once
 * only. What the parts amount to is looked at by check.c when everything is built again.
 * Invariant: nothing is changed here, but for sums that are counted down and up again.
 * Who calls: restore.c, before it builds. Cost: proportional to the state.
 */
#include "engine/verbs.h"

#define SEQUENCE_MOST ((uint64_t)1 << 62)

/* --- committed and staged terms --------------------------------------------------------------- */

static bool literal_right(const struct spw_engine *e, const struct spw__term *t, uint32_t kind)
{
    bool set = kind == SPW_STAGE_SKILLSET;
    return t->number >= 1 && t->number <= e->catalogue.skill_count && t->level >= 1 &&
           t->level <= 100 && t->mode <= (set ? SPW_HOLDS : SPW_LACKS) && t->after == 0 &&
           t->clause < (set ? 1 : SPW__CLAUSES_MAX) && t->floor <= (set ? 0 : 1);
}

/* In the order of spw__terms_sort, no skill twice in a set, clauses of at most eight literals. */
static bool literals_right(const struct spw_engine *e, const struct spw__term *t, uint32_t count,
                           uint32_t kind)
{
    uint32_t in_clause = 0;
    for (uint32_t i = 0; i < count; i++) {
        bool same = i > 0 && t[i].clause == t[i - 1].clause;
        in_clause = same ? in_clause + 1 : 1;
        if (!literal_right(e, &t[i], kind) ||
            (kind == SPW_STAGE_NEED && in_clause > SPW__LITERALS_MAX) ||
            (i > 0 && t[i].clause < t[i - 1].clause) ||
            (same && (t[i].floor != t[i - 1].floor || t[i].number < t[i - 1].number)) ||
            (kind == SPW_STAGE_SKILLSET && i > 0 && t[i].number == t[i - 1].number)) {
            return false;
        }
    }
    return true;
}

static bool steps_right(const struct spw_engine *e, const struct spw__term *t, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        bool first = i == 0;
        if (t[i].number > e->catalogue.need.count || t[i].after < 0 ||
            t[i].after >= SPW_TIME_MAX / 4 || t[i].level > 7 ||
            (first ? t[i].after != 0 || t[i].level != 0 : t[i].after <= t[i - 1].after) ||
            !spw__need_keeps_floors(&e->catalogue, t[0].number, t[i].number)) {
            return false;
        }
    }
    return count <= SPW__STEPS_MAX;
}

static bool terms_right(const struct spw_engine *e, const struct spw__term *t, uint32_t count,
                        uint32_t kind)
{
    return kind == SPW_STAGE_LADDER ? steps_right(e, t, count) : literals_right(e, t, count, kind);
}

static bool catalogue_right(const struct spw_engine *e)
{
    const struct spw__catalogue *c = &e->catalogue;
    const struct spw__terms *const kinds[] = {&c->need, &c->skillset, &c->ladder};
    for (uint32_t kind = SPW_STAGE_NEED; kind <= SPW_STAGE_LADDER; kind++) {
        const struct spw__terms *terms = kinds[kind - SPW_STAGE_NEED];
        for (uint32_t n = 1; n <= terms->count; n++) {
            const struct spw__range *range = &terms->range[n];
            if (!terms_right(e, &c->term[range->first], range->count, kind) ||
                (kind == SPW_STAGE_LADDER && range->count == 0)) {
                return false;
            }
        }
    }
    return true;
}

static bool stage_right(const struct spw_engine *e)
{
    const struct spw__stage_state *s = &e->stage;
    if (s->what == 0) {
        return true;
    }
    if (s->what > SPW_STAGE_LADDER) {
        return s->count == 0 && spw__policy_select(e, s->plan.order) != NULL &&
               s->centre.classes_max >= 16 && s->centre.pools_max >= 1;
    }
    if (s->open_literals > s->count || !terms_right(e, s->term, s->count, s->what)) {
        return false;
    }
    for (uint32_t i = 0; s->what == SPW_STAGE_NEED && i < s->count; i++) {
        bool open = i >= s->count - s->open_literals;
        if (open ? s->term[i].clause != s->clause : s->term[i].clause >= s->clause) {
            return false;
        }
    }
    return true;
}

static bool plan_right(const struct spw_engine *e)
{
    for (uint32_t i = 0; i < e->prefer_count; i++) {
        if (e->prefer[i].skillset > e->catalogue.skillset.count || e->prefer[i].queue == 0 ||
            e->prefer[i].queue > e->queue_count) {
            return false;
        }
    }
    return true;
}

/* --- people ----------------------------------------------------------------------------------- */

static bool timer_armed(const struct spw_engine *e, uint32_t node)
{
    return spw__heap_armed(&e->timers, node);
}

static bool item_right(const struct spw_engine *e, uint32_t c, uint32_t i)
{
    const struct spw__item *item = &spw__items(e, c)[i];
    if (item->state == SPW__ITEM_NONE || item->state == SPW__ITEM_WRAP_UP) {
        return true;
    }
    if (timer_armed(e, spw__node_wrap_up(e, c, i)) ||
        !spw__slab_live(&e->contacts, item->contact, item->generation) ||
        spw__item_of(e, c, item->contact) != item) {
        return false;
    }
    const struct spw__contact *x = &e->contact[item->contact];
    bool warm = x->state == SPW_CONTACT_TRANSFERRING && x->extra != SPW_NONE;
    if (item->state == SPW__ITEM_HELD) {
        return x->holder == c && (warm || x->state == SPW_CONTACT_CONNECTED);
    }
    return warm ? e->extra[x->extra].to == c : x->holder == c && x->state == SPW_CONTACT_OFFERED;
}

static bool counsellor_right(const struct spw_engine *e, uint32_t c)
{
    const struct spw__counsellor *who = &e->counsellor[c];
    const uint32_t flags = SPW_COUNSELLOR_PULLS | SPW__SHIFT_OVER | SPW__RESTING | SPW__BREAK_OWED;
    bool resting = (who->flags & SPW__RESTING) != 0;
    for (uint32_t i = 0; i < e->config.items_max; i++) {
        if (!item_right(e, c, i)) {
            return false;
        }
    }
    return (who->flags & ~flags) == 0 && resting == (who->rest_until != 0) &&
           who->idle_rank <= e->idle_sequence;
}

/* A record without the state that needs it, or the other way round. */
static bool extra_right(const struct spw_engine *e, uint32_t x)
{
    const struct spw__contact *contact = &e->contact[x];
    bool warm = contact->state == SPW_CONTACT_TRANSFERRING;
    if (contact->extra == SPW_NONE) {
        return !warm && contact->state != SPW_CONTACT_CALLBACK;
    }
    if (spw__exclusions(e, &e->extra[contact->extra], SPW_NONE) >= SPW__BARS_MAX) {
        return false;
    }
    uint32_t to = e->extra[contact->extra].to;
    if (to == SPW_NONE) {
        return true;
    }
    const struct spw__item *item = spw__item_of(e, to, x);
    return warm && to != contact->holder && spw__slab_taken(&e->counsellors, to) && item != NULL &&
           item->state == SPW__ITEM_OFFERED;
}

static bool contact_right(const struct spw_engine *e, uint32_t x)
{
    const struct spw__contact *contact = &e->contact[x];
    const struct spw__cold *cold = &e->cold[x];
    bool queued = contact->lane != SPW__LANE_NONE;
    bool holder = contact->holder != SPW_NONE;
    if ((cold->id_hi | cold->id_lo) == 0 || contact->own > e->sequence ||
        contact->place > e->sequence || !extra_right(e, x) ||
        (holder && !spw__slab_taken(&e->counsellors, contact->holder))) {
        return false;
    }
    bool offered = contact->state == SPW_CONTACT_OFFERED;
    bool timed = timer_armed(e, spw__node_contact(e, x));
    switch (contact->state) {
    case SPW_CONTACT_WAITING:
        return (queued && (!holder || e->counsellor[contact->holder].claim == x)) ||
               (spw__seeks_class(e, x) && !holder);
    case SPW_CONTACT_TRANSFERRING:
        offered = e->extra[contact->extra].to != SPW_NONE;
        return holder && queued != offered;
    case SPW_CONTACT_OFFERED:
        return holder && !queued;
    case SPW_CONTACT_CONNECTED:
        return holder && !queued && !timed;
    case SPW_CONTACT_PARKED:
    case SPW_CONTACT_CALLBACK:
        return !holder && !queued;
    default:
        return false;
    }
}

/* --- books ------------------------------------------------------------------------------------ */

/* Promises per queue: counted down to nothing, then up again. */
static bool promises_right(struct spw_engine *e)
{
    bool right = true;
    for (int up = 0; up <= 1; up++) {
        for (uint32_t x = 0; x < e->contacts.capacity; x++) {
            if (spw__slab_taken(&e->contacts, x) && e->contact[x].state == SPW_CONTACT_CALLBACK) {
                e->queue[e->cold[x].queue].callbacks += up != 0 ? 1 : (uint64_t)-1;
            }
        }
        for (uint32_t n = 1; up == 0 && n <= e->queue_count; n++) {
            right = right && e->queue[n].callbacks == 0;
        }
    }
    return right;
}

/* Every row knows the live contacts that are its own: counted down to nothing, then up again. */
bool spw__vet_live(struct spw_engine *e)
{
    bool right = true;
    for (int up = 0; up <= 1; up++) {
        for (uint32_t x = 0; x < e->contacts.capacity; x++) {
            if (spw__slab_taken(&e->contacts, x)) {
                spw__count(e, x)->live += up != 0 ? 1 : (uint64_t)-1;
            }
        }
        for (uint32_t i = 0; up == 0 && i < e->pair_count; i++) {
            for (uint32_t row = 0; row <= SPW_PRIORITY_COUNT; row++) {
                right = right && e->pair[i].count[row].live == 0;
            }
        }
    }
    return right;
}

static bool pairs_right(const struct spw_engine *e)
{
    for (uint32_t i = 0; i < e->pair_count; i++) {
        uint64_t centre = e->pair[i].key_hi >> 32;
        uint64_t queue = e->pair[i].key_hi & UINT32_MAX;
        if (centre == 0 || centre > e->centre_count || queue == 0 || queue > e->queue_count) {
            return false;
        }
    }
    return true;
}

static bool backlog_right(const struct spw_engine *e)
{
    for (uint32_t i = 0; i < e->backlog_count; i++) {
        const struct spw__backlog *b = &e->backlog[i];
        bool queue = b->kind == SPW__BACKLOG_QUEUE_CLOSE;
        uint32_t most = queue ? e->queue_count : e->centre_count;
        if (b->kind == SPW__BACKLOG_NONE || b->object > most || (queue && b->object == 0)) {
            return false;
        }
        for (uint32_t j = 0; j < i; j++) {
            if (e->backlog[j].kind == b->kind && e->backlog[j].object == b->object) {
                return false;
            }
        }
    }
    return true;
}

static bool tokens_right(const struct spw_engine *e)
{
    spw_ns before = 0;
    for (uint32_t t = e->token_oldest; t != SPW_NONE; t = e->token[t].newer) {
        if (e->token[t].ended_at < before || e->token[t].place > e->sequence) {
            return false;
        }
        before = e->token[t].ended_at;
    }
    return true;
}

bool spw__vet(struct spw_engine *e)
{
    bool right = e->sequence < SEQUENCE_MOST && e->event_sequence < SEQUENCE_MOST &&
                 catalogue_right(e) && stage_right(e) && plan_right(e) && pairs_right(e) &&
                 backlog_right(e) && tokens_right(e);
    for (uint32_t x = 0; right && x < e->contacts.capacity; x++) {
        right = !spw__slab_taken(&e->contacts, x) || contact_right(e, x);
    }
    for (uint32_t c = 0; right && c < e->counsellors.capacity; c++) {
        right = !spw__slab_taken(&e->counsellors, c) || counsellor_right(e, c);
    }
    return right && promises_right(e);
}
