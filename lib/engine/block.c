/*
 * engine/block.c - block(x, c): the one closed list of reasons why contact x is not offered to
 * counsellor c, in its order (rule M). The matcher, invariant I4, why-not and tests all ask here.
 *
 * Who calls: choose.c, search.c and match.c on their careful paths, supervise.c, view.c, check.c.
 * Cost: eight bars and sixteen items at most; the preferences of the plan where a pool has any.
 */
#include "engine/verbs.h"

bool spw__frozen(const struct spw_engine *e, uint32_t centre)
{
    return e->centre[0].frozen_until != 0 || e->centre[centre].frozen_until != 0;
}

bool spw__limited(const struct spw_engine *e, uint32_t c)
{
    return (e->counsellor[c].flags & (SPW__RESTING | SPW__SHIFT_OVER)) != 0;
}

static bool group_free(const struct spw_engine *e, uint32_t channel, uint32_t c)
{
    const struct spw__item *items = spw__items(e, c);
    for (uint32_t i = 0, left = e->counsellor[c].items; left > 0; i++) {
        if (items[i].state == SPW__ITEM_NONE) {
            continue;
        }
        left--;
        uint32_t held = items[i].channel;
        if (((e->plan.group[channel] >> held) & 1) != 0 ||
            ((e->plan.group[held] >> channel) & 1) != 0) {
            return false;
        }
    }
    return true;
}

static bool units_free(const struct spw_engine *e, uint32_t channel, uint32_t c)
{
    const struct spw__counsellor *counsellor = &e->counsellor[c];
    return counsellor->items < e->config.items_max &&
           counsellor->held + e->plan.units[channel] <= counsellor->units;
}

bool spw__fits(const struct spw_engine *e, uint32_t channel, uint32_t c)
{
    return units_free(e, channel, c) && group_free(e, channel, c);
}

static const struct spw__bar *bar_of(const struct spw_engine *e, uint32_t x, uint32_t c)
{
    uint32_t record = e->contact[x].extra;
    if (record == SPW_NONE) {
        return NULL;
    }
    const struct spw__extra *extra = &e->extra[record];
    for (uint32_t i = 0; i < extra->bar_count; i++) {
        if (extra->bar[i].counsellor == c &&
            extra->bar[i].generation == spw__slab_generation(&e->counsellors, c)) {
            return &extra->bar[i];
        }
    }
    return NULL;
}

/* These two never (CONTACT_EXCLUDE). */
bool spw__excluded(const struct spw_engine *e, uint32_t x, uint32_t c)
{
    const struct spw__bar *bar = bar_of(e, x, c);
    return bar != NULL && bar->until == SPW_FOREVER;
}

/* Held for another counsellor by a hold that has not run out; never for priority 0. */
static bool held_for_another(const struct spw_engine *e, uint32_t x, uint32_t c)
{
    uint32_t record = e->contact[x].extra;
    if (record == SPW_NONE) {
        return false;
    }
    const struct spw__extra *extra = &e->extra[record];
    return extra->sticky != SPW_NONE && extra->sticky_until != 0 && extra->sticky != c &&
           e->contact[x].priority != 0;
}

/* Talks to c already, while a warm transfer looks for another. */
static bool holds(const struct spw_engine *e, uint32_t x, uint32_t c)
{
    return e->contact[x].state == SPW_CONTACT_TRANSFERRING && e->contact[x].holder == c;
}

/* A personal reason stands between the two. */
bool spw__barred(const struct spw_engine *e, uint32_t x, uint32_t c)
{
    return e->contact[x].extra != SPW_NONE &&
           (bar_of(e, x, c) != NULL || held_for_another(e, x, c) || holds(e, x, c));
}

const struct spw__prefer *spw__prefer_find(const struct spw_engine *e, uint32_t skillset,
                                           uint32_t queue)
{
    for (uint32_t i = 0; i < e->prefer_count; i++) {
        if (e->prefer[i].skillset == skillset && e->prefer[i].queue == queue) {
            return &e->prefer[i];
        }
    }
    return NULL;
}

/* Wholly free counsellors of the pool of c, with c itself, which is in no list if it pulls or is
 * claimed. */
uint32_t spw__free_with(const struct spw_engine *e, uint32_t c)
{
    const struct spw__counsellor *counsellor = &e->counsellor[c];
    bool alone = counsellor->list == SPW__LIST_NONE && counsellor->items == 0;
    return e->pool[counsellor->pool].list[SPW__LIST_FREE].count + alone;
}

static bool reserved(const struct spw_engine *e, const struct spw__class *k, uint32_t c)
{
    const struct spw__pool *pool = &e->pool[e->counsellor[c].pool];
    if (!pool->prefers || k->effective == 0) {
        return false;
    }
    const struct spw__prefer *prefer = spw__prefer_find(e, pool->skillset, k->queue);
    return prefer != NULL && prefer->reserve > 0 && spw__free_with(e, c) <= prefer->reserve;
}

static bool ready(const struct spw_engine *e, const struct spw__class *k, uint32_t c)
{
    const struct spw__counsellor *counsellor = &e->counsellor[c];
    return counsellor->state == SPW_COUNSELLOR_ON && e->centre[counsellor->centre].open &&
           !spw__frozen(e, k->centre);
}

/*
 * The order among two waiting contacts for claims, preferences of a pool left out (rule O1). Inside
 * a class it is that of its lanes, whatever the scores: that is how they are served. Under a policy
 * whose scores move with time it is the order of place: a claim must not change sides while nothing
 * happens.
 */
bool spw__goes_before(const struct spw_engine *e, uint32_t x, const struct spw__class *k,
                      uint32_t y, const struct spw__class *other)
{
    bool tier0_x = k->effective == 0 && e->plan.protected_on;
    bool tier0_y = other->effective == 0 && e->plan.protected_on;
    int64_t scores[2] = {0, 0};
    if (k == other) {
        return x != y && (spw__place_compare(e, x, y) < 0) != spw__newest_first(e, k);
    }
    if (tier0_x != tier0_y) {
        return tier0_x;
    }
    if (!tier0_x && spw__policy_static(e)) {
        scores[0] = spw__static_score(e, k, x);
        scores[1] = spw__static_score(e, other, y);
    }
    return scores[0] != scores[1] ? scores[0] < scores[1] : spw__place_compare(e, x, y) < 0;
}

/* Whether x goes before the claimant of c: only then a claimed counsellor may take it. */
bool spw__before_claimant(const struct spw_engine *e, uint32_t x, const struct spw__class *k,
                          uint32_t c)
{
    uint32_t claimant = e->counsellor[c].claim;
    return claimant == x ||
           spw__goes_before(e, x, k, claimant, &e->class_[e->contact[claimant].class_index]);
}

/* As if c asked for somebody now: that it pulls is no reason then (rule U4). */
uint32_t spw__block_asked(const struct spw_engine *e, uint32_t x, const struct spw__class *k,
                          uint32_t c)
{
    const struct spw__counsellor *counsellor = &e->counsellor[c];
    const struct spw__bar *bar = bar_of(e, x, c);
    if ((bar != NULL && bar->until == SPW_FOREVER) || holds(e, x, c)) {
        return SPW_BLOCK_EXCLUDED;
    }
    if (!spw__class_open_to_pool(e, k, &e->pool[counsellor->pool])) {
        return SPW_BLOCK_NEED;
    }
    if (!ready(e, k, c)) {
        return SPW_BLOCK_NOT_READY;
    }
    if (k->effective != 0 && spw__limited(e, c)) {
        return SPW_BLOCK_LIMIT;
    }
    if (counsellor->centre != k->centre) {
        return SPW_BLOCK_LINK; /* default deny: no link, no overflow */
    }
    if (reserved(e, k, c)) {
        return SPW_BLOCK_RESERVE;
    }
    if (counsellor->claim != SPW_NONE && !spw__before_claimant(e, x, k, c)) {
        return SPW_BLOCK_CLAIMED;
    }
    if (bar != NULL) {
        return SPW_BLOCK_DECLINED;
    }
    if (held_for_another(e, x, c)) {
        return SPW_BLOCK_STICKY;
    }
    if (!group_free(e, k->channel, c)) {
        return SPW_BLOCK_GROUP;
    }
    return units_free(e, k->channel, c) ? SPW_BLOCK_NONE : SPW_BLOCK_UNITS;
}

uint32_t spw__block_in_class(const struct spw_engine *e, uint32_t x, const struct spw__class *k,
                             uint32_t c)
{
    uint32_t block = spw__block_asked(e, x, k, c);
    bool pulls = (e->counsellor[c].flags & SPW_COUNSELLOR_PULLS) != 0;
    bool later = block == SPW_BLOCK_NONE || block > SPW_BLOCK_NOT_READY;
    return pulls && later ? SPW_BLOCK_NOT_READY : block;
}

uint32_t spw__block(const struct spw_engine *e, uint32_t x, uint32_t c)
{
    SPW_ASSERT(e->contact[x].class_index != SPW_NONE);
    return spw__block_in_class(e, x, &e->class_[e->contact[x].class_index], c);
}

/* Whether the bucket of the protected share has room (rule O3): the generic cell rate algorithm of
 * ITU-T recommendation I.371, in its form of virtual scheduling. */
bool spw__protected_open(const struct spw_engine *e)
{
    if (e->plan.protected_rate == SPW_FOREVER) {
        return true;
    }
    spw_ns step = SPW_HOUR / e->plan.protected_rate;
    return e->protected_tat <= e->clock + step * (spw_ns)(e->plan.protected_burst - 1);
}
