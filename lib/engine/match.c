/*
 * engine/match.c - the counsellor side of the decision, and the first step of the contact side.
 *
 * What a freed counsellor gets (rule M): tier 0 first; then its claimant, else only what goes
 * before it; then the one minimum over its sticky contacts and the heads of the classes open to its
 * pool. A best contact that only lacks room claims a counsellor.
 * Who calls: settle.c, roster.c (pull), arrive.c. Cost: the searches of search.c.
 */
#include "engine/search.h"

/* The best of the tiers that fits; a better one that only lacks room claims a counsellor. */
static struct spw__pick best_or_claim(struct spw_engine *e, uint32_t c, uint32_t tiers)
{
    const uint32_t all = (1u << SPW_CHANNEL_COUNT) - 1;
    uint32_t channels = spw__fitting_channels(e, c);
    struct spw__pick fitting = channels == 0 ? SPW__NOBODY : spw__best(e, c, tiers, channels);
    if (channels == all || e->counsellor[c].claim != SPW_NONE) {
        return fitting;
    }
    struct spw__pick unfit = spw__best_unfit(e, c, tiers, all & ~channels);
    if (unfit.contact == SPW_NONE || !spw__pick_before(e, &unfit, &fitting) ||
        !spw__claim_due(e, unfit.contact)) {
        return fitting;
    }
    (void)spw__claim(e, unfit.contact, e->contact[unfit.contact].class_index);
    /* Claimed itself: only what goes before the claimant is left for it. */
    bool own = e->counsellor[c].claim == unfit.contact && channels != 0;
    return own ? spw__best(e, c, tiers, channels) : fitting;
}

/*
 * A contact that wants this counsellor is ahead by the bonus. Of the wishes the 64 with the
 * earliest places are looked at; *left: there are more, which wait in their classes like others.
 */
static struct spw__pick best_sticky(struct spw_engine *e, uint32_t c, bool *left)
{
    struct spw__pick best = SPW__NOBODY;
    const struct spw__pool *pool = &e->pool[e->counsellor[c].pool];
    struct spw_decision decision = spw__decision_of(e, c);
    uint32_t record = spw__wish_next(e, c, SPW_NONE);
    uint32_t looked = 0;
    for (; record != SPW_NONE && looked < SPW__LOOK_PAST_MAX; looked++) {
        uint32_t x = e->extra[record].contact;
        record = spw__wish_next(e, c, record);
        if (e->contact[x].lane == SPW__LANE_NONE || e->contact[x].priority == 0) {
            continue;
        }
        const struct spw__class *k = &e->class_[e->contact[x].class_index];
        if (spw__block_asked(e, x, k, c) != SPW_BLOCK_NONE) {
            continue;
        }
        const struct spw__prefer *prefer =
            pool->prefers ? spw__prefer_find(e, pool->skillset, k->queue) : NULL;
        struct spw__pick pick = {x, prefer != NULL ? prefer->rank : 0, 0, 0};
        pick.score = spw__score_ahead(e, k, x, &decision, e->plan.sticky_bonus);
        if (spw__pick_before(e, &pick, &best)) {
            best = pick;
        }
    }
    *left = record != SPW_NONE;
    return best;
}

static struct spw__pick next_in_tier_1(struct spw_engine *e, uint32_t c, uint32_t tiers)
{
    struct spw__pick pick = best_or_claim(e, c, tiers);
    if (e->counsellor[c].wishes != SPW_NONE) {
        bool left;
        struct spw__pick sticky = best_sticky(e, c, &left);
        if (spw__pick_before(e, &sticky, &pick)) {
            pick = sticky;
        }
        pick.passed += left ? SPW__LOOK_PAST_MAX : 0;
    }
    return pick;
}

/* What this counsellor would be given now. */
static struct spw__pick next_for(struct spw_engine *e, uint32_t c)
{
    const struct spw__counsellor *counsellor = &e->counsellor[c];
    const struct spw__centre *centre = &e->centre[counsellor->centre];
    uint32_t tiers = SPW__TIER_1;
    e->foremost.counsellor = SPW_NONE;
    if (centre->live_classes[0] > 0) {
        if (spw__protected_open(e)) {
            struct spw__pick pick = best_or_claim(e, c, SPW__TIER_0);
            if (pick.contact != SPW_NONE || spw__limited(e, c)) {
                return pick;
            }
        } else {
            tiers = SPW__BOTH_TIERS;
        }
    }
    if (spw__limited(e, c)) { /* danger alone, be its share used up or the plan without a tier */
        return best_or_claim(e, c, SPW__DANGER);
    }
    return next_in_tier_1(e, c, tiers);
}

/* On duty with room for anything at all: what follows may find that nothing fits, and that a
 * contact claims (rule U2). */
static bool has_room(const struct spw_engine *e, uint32_t c)
{
    const struct spw__counsellor *counsellor = &e->counsellor[c];
    return counsellor->state == SPW_COUNSELLOR_ON && counsellor->items < e->config.items_max &&
           counsellor->held < counsellor->units && e->centre[counsellor->centre].open &&
           !spw__frozen(e, counsellor->centre);
}

/* The same for a counsellor who is given a contact unasked: one who pulls is in no list (rule U4),
 * nor is one who is claimed. */
static bool may_take(const struct spw_engine *e, uint32_t c)
{
    const struct spw__counsellor *counsellor = &e->counsellor[c];
    return spw__listed(e, c) ? !spw__frozen(e, counsellor->centre)
                             : counsellor->claim != SPW_NONE && has_room(e, c);
}

static void offer_pick(struct spw_engine *e, const struct spw__pick *pick, uint32_t c)
{
    uint32_t flags = spw__personal(e, pick->contact) ? SPW_EVENT_FLAG_PERSONAL : 0;
    if (spw__limited(e, c)) {
        flags |= SPW_EVENT_FLAG_OVER_LIMIT;
    }
    if (pick->passed >= SPW__LOOK_PAST_MAX) {
        flags |= SPW_EVENT_FLAG_LOOK_PAST_END;
    }
    spw__offer(e, pick->contact, c, flags, pick->passed);
}

/* A claim is for a contact that lacks only room: it ends when something else stands between the
 * two. */
static void claim_review(struct spw_engine *e, uint32_t c)
{
    uint32_t x = e->counsellor[c].claim;
    if (x == SPW_NONE || spw__frozen(e, e->counsellor[c].centre)) {
        return;
    }
    uint32_t block = spw__block(e, x, c);
    if (block != SPW_BLOCK_NONE && block != SPW_BLOCK_UNITS && block != SPW_BLOCK_GROUP) {
        spw__claim_off(e, c);
    }
}

void spw__match_counsellor(struct spw_engine *e, uint32_t c)
{
    claim_review(e, c);
    while (may_take(e, c)) {
        if (spw__events_spent(e)) {
            spw__possible_counsellor(e, c); /* the rest by spw_continue */
            return;
        }
        struct spw__pick pick = next_for(e, c);
        if (pick.contact == SPW_NONE) {
            return;
        }
        offer_pick(e, &pick, c);
    }
}

/* Pull mode: one contact for the counsellor who asked, by the same decision (rule U4). */
bool spw__try_pull(struct spw_engine *e, uint32_t c)
{
    if (!has_room(e, c)) {
        return false;
    }
    struct spw__pick pick = next_for(e, c);
    if (pick.contact == SPW_NONE) {
        return false;
    }
    offer_pick(e, &pick, c);
    return true;
}

/* The counsellor whom x wishes for, if nothing stands between the two. */
static uint32_t wished(const struct spw_engine *e, uint32_t x, const struct spw__class *k)
{
    uint32_t record = e->contact[x].extra;
    uint32_t c = record != SPW_NONE ? e->extra[record].sticky : SPW_NONE;
    return c != SPW_NONE && spw__block_in_class(e, x, k, c) == SPW_BLOCK_NONE ? c : SPW_NONE;
}

/* The counsellor who takes x: the wished one, else by choice. Danger goes to none who missed their
 * last offer while there is one who did not, wished or not (rule C7). */
static uint32_t taker(struct spw_engine *e, uint32_t x, uint32_t class_index, uint32_t *flags)
{
    const struct spw__class *k = &e->class_[class_index];
    uint32_t wish = wished(e, x, k);
    uint32_t c = wish;
    if (wish == SPW_NONE || (k->effective == 0 && e->counsellor[wish].missed > 0)) {
        c = spw__choose_counsellor(e, x, class_index);
        c = wish != SPW_NONE && (c == SPW_NONE || e->counsellor[c].missed > 0) ? wish : c;
    }
    *flags = SPW_EVENT_FLAG_BY_CONTACT;
    if (c != SPW_NONE) {
        *flags |= spw__personal(e, x) ? SPW_EVENT_FLAG_PERSONAL : 0;
        *flags |= c == wish ? SPW_EVENT_FLAG_STICKY : 0;
        *flags |= spw__limited(e, c) ? SPW_EVENT_FLAG_OVER_LIMIT : 0;
    }
    return c;
}

/*
 * Danger that c may be given now, while another contact is about to be: c has just been freed, or
 * stands in a backlog, and the contact side would be first (I6).
 */
static bool danger_first(struct spw_engine *e, const struct spw__class *k, uint32_t c)
{
    if (k->effective == 0 || e->centre[k->centre].live_classes[0] == 0 || !spw__protected_open(e)) {
        return false;
    }
    struct spw__pick pick = spw__best(e, c, SPW__TIER_0, spw__fitting_channels(e, c));
    if (pick.contact == SPW_NONE) {
        return false;
    }
    e->foremost.counsellor = SPW_NONE; /* that of an earlier decision is no runner-up of this one */
    offer_pick(e, &pick, c);
    return true;
}

/* Contact side: true when a counsellor was found. x need not be in its lane yet (arrival). */
bool spw__match_contact(struct spw_engine *e, uint32_t x, uint32_t class_index)
{
    const struct spw__class *k = &e->class_[class_index];
    uint32_t flags;
    if (spw__frozen(e, k->centre)) {
        return false;
    }
    uint32_t c = taker(e, x, class_index, &flags);
    while (c != SPW_NONE && danger_first(e, k, c)) {
        if (spw__events_spent(e)) {
            spw__backlog_add(e, SPW__BACKLOG_MATCH, 0, 0); /* x, and the rest, by spw_continue */
            return false;
        }
        c = taker(e, x, class_index, &flags);
    }
    if (c == SPW_NONE) {
        return false;
    }
    spw__offer(e, x, c, flags, 0);
    return true;
}
