/*
 * model/match.c - the matching decision (rule M): contacts that became possible, in order, each
 * from the contact's side; then counsellors that became possible, longest idle first, each from
 * the counsellor's side; and claims (rule U2).
 */
#include "world.h"

#include <string.h>

static bool fits_but_for_room(enum spw_block reason)
{
    return reason == SPW_BLOCK_GROUP || reason == SPW_BLOCK_UNITS;
}

static bool claim_due(const struct world *w, const struct contact *x)
{
    return effective(x) == 0 ||
           (w->plan.claim_after != SPW_FOREVER && w->clock - x->queued_at >= w->plan.claim_after);
}

/* A claim ends when its contact no longer waits, or is kept from the counsellor by more than room.
 */
void claim_release(struct world *w, uint32_t contact)
{
    uint32_t counsellor = w->contacts[contact].claim;
    if (counsellor == 0) {
        return;
    }
    w->contacts[contact].claim = 0;
    w->counsellors[counsellor].claim = 0;
    tell_contact(w, SPW_EVENT_CLAIM_RELEASED, 0, contact, counsellor);
    touch_counsellor(w, counsellor);
}

/* Rule C7: danger goes to who answers first. */
static bool rings_out(const struct world *w, uint32_t contact, uint32_t counsellor)
{
    return effective(&w->contacts[contact]) == 0 && w->counsellors[counsellor].missed > 0;
}

static bool idle_longer(const struct counsellor *c, const struct counsellor *b)
{
    return c->idle_since < b->idle_since ||
           (c->idle_since == b->idle_since && c->idle_sequence < b->idle_sequence);
}

static bool claimed_before(const struct world *w, uint32_t a, uint32_t b, uint32_t contact)
{
    if (rings_out(w, contact, a) != rings_out(w, contact, b)) {
        return rings_out(w, contact, b);
    }
    const struct counsellor *c = &w->counsellors[a];
    const struct counsellor *d = &w->counsellors[b];
    if (at_limit(c) != at_limit(d)) {
        return at_limit(d);
    }
    if (units_held(c) != units_held(d)) {
        return units_held(c) < units_held(d);
    }
    return idle_longer(c, d);
}

/* Who has no room at all need not be kept free from others. */
static bool some_room(const struct world *w, const struct counsellor *c)
{
    return c->item_count < w->config.items_max && units_held(c) < c->units;
}

/* Fewest units held, then longest idle, among those partly loaded who would fit when empty. */
static uint32_t claimable(const struct world *w, uint32_t contact)
{
    const struct contact *x = &w->contacts[contact];
    uint32_t best = 0;
    for (uint32_t i = 1; i <= w->counsellor_count; i++) {
        const struct counsellor *c = &w->counsellors[i];
        if (c->claim != 0 || i == w->pulling || !some_room(w, c) ||
            w->plan.units[x->channel] > c->units || !fits_but_for_room(block(w, contact, i))) {
            continue;
        }
        if (best == 0 || claimed_before(w, i, best, contact)) {
            best = i;
        }
    }
    return best;
}

static bool claim(struct world *w, uint32_t contact)
{
    struct contact *x = &w->contacts[contact];
    if (x->claim != 0 || x->state != SPW_CONTACT_WAITING || !claim_due(w, x)) {
        return false;
    }
    uint32_t counsellor = claimable(w, contact);
    if (counsellor == 0) {
        return false;
    }
    x->claim = counsellor;
    w->counsellors[counsellor].claim = contact;
    tell_contact(w, SPW_EVENT_CLAIMED, 0, contact, counsellor);
    return true;
}

/* A wish, or the first of its class among those that may go: classes compare by these. */
static bool in_front(const struct world *w, uint32_t contact, uint32_t counsellor, const bool *may)
{
    const struct contact *x = &w->contacts[contact];
    bool place_alone = w->plan.order == SPW_ORDER_LIFO || w->plan.order == SPW_ORDER_DEADLINE;
    if (!place_alone || wish_counts(w, x, counsellor)) {
        return true;
    }
    for (uint32_t i = 1; i <= w->contact_count; i++) {
        if (may[i] && i != contact && same_class(&w->contacts[i], x) &&
            order_before(w, i, contact, 0)) {
            return false;
        }
    }
    return true;
}

/* The first in order of those that may go to the counsellor; `past` is left out. */
static uint32_t first_for(const struct world *w, uint32_t counsellor, uint32_t past,
                          bool room_aside)
{
    static bool may[CONTACTS + 1];
    for (uint32_t i = 1; i <= w->contact_count; i++) {
        may[i] = waits(&w->contacts[i]) && i != w->arriving && i != past;
        enum spw_block reason = may[i] ? block(w, i, counsellor) : SPW_BLOCK_NONE;
        may[i] = may[i] && (reason == SPW_BLOCK_NONE || (room_aside && fits_but_for_room(reason)));
    }
    uint32_t best = 0;
    for (uint32_t i = 1; i <= w->contact_count; i++) {
        if (!may[i] || !in_front(w, i, counsellor, may)) {
            continue;
        }
        /* Who would have been next is reckoned without the bonus of a wish. */
        bool before = past != 0 ? order_before_plain(w, i, best, counsellor)
                                : order_before(w, i, best, counsellor);
        if (best == 0 || before) {
            best = i;
        }
    }
    return best;
}

/* Rule C6: those of the same class that were looked past because of the pair. Whoever wished for
 * this counsellor was found by the wish, unless the first of its class that may go. */
static uint64_t looked_past(const struct world *w, uint32_t contact, uint32_t counsellor)
{
    if (wish_moves(w, &w->contacts[contact], counsellor)) {
        return 0;
    }
    bool wished = wish_counts(w, &w->contacts[contact], counsellor);
    uint64_t past = 0;
    for (uint32_t i = 1; i <= w->contact_count; i++) {
        const struct contact *x = &w->contacts[i];
        bool before = i != contact && waits(x) && same_class(x, &w->contacts[contact]) &&
                      order_before_plain(w, i, contact, counsellor);
        if (wished && before && block(w, i, counsellor) == SPW_BLOCK_NONE) {
            return 0;
        }
        past += before;
    }
    return past;
}

/* A decision of the counsellor's side. */
static void counsellor_takes(struct world *w, uint32_t counsellor, uint32_t contact)
{
    claim_release(w, contact);
    uint32_t next = first_for(w, counsellor, contact, true);
    uint64_t past = looked_past(w, contact, counsellor);
    offer_make(w, contact, counsellor, 0, next)->detail_a = past;
}

static bool open_to(const struct world *w, uint32_t contact, uint32_t counsellor)
{
    return !w->counsellors[counsellor].gone && block(w, contact, counsellor) == SPW_BLOCK_NONE;
}

static bool kept_from(const struct counsellor *c, uint32_t contact)
{
    return c->claim != 0 && c->claim != contact;
}

/* Inside a pool it is the longest idle whom a chooser compares with other pools (input.h). */
static bool in_front_of_pool(const struct world *w, uint32_t contact, uint32_t counsellor)
{
    const struct counsellor *c = &w->counsellors[counsellor];
    for (uint32_t i = 1; i <= w->counsellor_count; i++) {
        const struct counsellor *o = &w->counsellors[i];
        bool same_pool =
            o->centre == c->centre && o->skillset == c->skillset && o->channels == c->channels;
        bool free_first =
            (o->item_count == 0) == (c->item_count == 0) ? idle_longer(o, c) : o->item_count == 0;
        if (i != counsellor && same_pool && free_first && at_limit(o) == at_limit(c) &&
            !kept_from(o, contact) && !kept_from(c, contact) &&
            rings_out(w, contact, i) == rings_out(w, contact, counsellor) &&
            open_to(w, contact, i)) {
            return false;
        }
    }
    return true;
}

/* The wanted one, else by the chooser; of those who answer, or of those who missed their last
 * offer. */
static uint32_t best_of(const struct world *w, uint32_t contact, bool missed)
{
    const struct contact *x = &w->contacts[contact];
    if (x->sticky != 0 && x->sticky_mode != SPW_STICKY_NONE && open_to(w, contact, x->sticky) &&
        rings_out(w, contact, x->sticky) == missed) {
        return x->sticky;
    }
    uint32_t best = 0;
    for (uint32_t i = 1; i <= w->counsellor_count; i++) {
        if (open_to(w, contact, i) && rings_out(w, contact, i) == missed &&
            in_front_of_pool(w, contact, i) && (best == 0 || chosen_before(w, i, best, contact))) {
            best = i;
        }
    }
    return best;
}

static uint32_t best_counsellor(const struct world *w, uint32_t contact)
{
    uint32_t best = best_of(w, contact, false);
    return best != 0 ? best : best_of(w, contact, true);
}

/* Of the protected tier, the first by place among those whom nothing keeps from the counsellor. */
static uint32_t danger_for(const struct world *w, uint32_t counsellor)
{
    uint32_t best = 0;
    for (uint32_t i = 1; i <= w->contact_count; i++) {
        const struct contact *x = &w->contacts[i];
        if (waits(x) && tier(w, x) == 0 && block(w, i, counsellor) == SPW_BLOCK_NONE &&
            (best == 0 || order_before(w, i, best, counsellor))) {
            best = i;
        }
    }
    return best;
}

/* Invariant I6: nobody passes danger that may go to the same counsellor. */
static uint32_t counsellor_for(struct world *w, uint32_t contact)
{
    for (;;) {
        uint32_t counsellor = best_counsellor(w, contact);
        if (counsellor == 0 || tier(w, &w->contacts[contact]) == 0 ||
            danger_for(w, counsellor) == 0) {
            return counsellor;
        }
        counsellor_takes(w, counsellor, danger_for(w, counsellor));
    }
}

bool contact_side(struct world *w, uint32_t contact)
{
    uint32_t counsellor = counsellor_for(w, contact);
    if (counsellor != 0) {
        claim_release(w, contact);
        offer_make(w, contact, counsellor, SPW_EVENT_FLAG_BY_CONTACT, 0);
        return true;
    }
    w->contacts[contact].waited = true;
    return false;
}

/* Who could not be taken and may not wait for room claims it. */
void contact_claims(struct world *w, uint32_t contact)
{
    if (effective(&w->contacts[contact]) == 0) {
        claim(w, contact);
    }
}

/* The first in order of a tier, room aside and wishes aside. Who has claimed already, or is being
 * handed on by one who still talks, claims nobody: passed over, unless it fits. */
static uint32_t first_of_tier(const struct world *w, uint32_t counsellor, uint32_t tier_of)
{
    uint32_t first = 0;
    for (uint32_t i = 1; i <= w->contact_count; i++) {
        const struct contact *x = &w->contacts[i];
        enum spw_block reason = waits(x) ? block(w, i, counsellor) : SPW_BLOCK_NEED;
        bool claims = x->claim == 0 && x->state == SPW_CONTACT_WAITING;
        bool possible = reason == SPW_BLOCK_NONE || (fits_but_for_room(reason) && claims);
        if (possible && i != w->arriving && tier(w, x) == tier_of &&
            (first == 0 || order_before_plain(w, i, first, counsellor))) {
            first = i;
        }
    }
    return first;
}

/* The first in order claims when nothing but room is in its way, unless the counsellor that is
 * looked at has a claimant: others only when nobody in danger can be taken. */
static void first_claims(struct world *w, uint32_t counsellor)
{
    if (w->counsellors[counsellor].claim != 0) {
        return;
    }
    uint32_t first = first_of_tier(w, counsellor, 0);
    if (first != 0 && block(w, first, counsellor) == SPW_BLOCK_NONE) {
        return;
    }
    if (first != 0) {
        claim(w, first);
    }
    first = first_of_tier(w, counsellor, 1);
    if (danger_for(w, counsellor) == 0 && w->counsellors[counsellor].claim == 0 && first != 0 &&
        block(w, first, counsellor) != SPW_BLOCK_NONE) {
        claim(w, first);
    }
}

/* One contact for the counsellor; true if something was decided and more may fit. */
static bool counsellor_side(struct world *w, uint32_t counsellor)
{
    const struct counsellor *c = &w->counsellors[counsellor];
    if (w->frozen[0] || w->frozen[c->centre]) {
        return false;
    }
    if (c->claim != 0 && (w->centres[c->centre].state != CENTRE_OPEN ||
                          block(w, c->claim, counsellor) == SPW_BLOCK_RESERVE)) {
        claim_release(w, c->claim);
    }
    if (!some_room(w, c)) {
        return false;
    }
    first_claims(w, counsellor);
    uint32_t first = first_for(w, counsellor, 0, false);
    if (first == 0) {
        return false;
    }
    counsellor_takes(w, counsellor, first);
    return true;
}

/* Who asks for a contact is looked at as if pushing were allowed, but is not kept for anybody. */
bool match_pull(struct world *w, uint32_t counsellor)
{
    struct counsellor *c = &w->counsellors[counsellor];
    uint32_t flags = c->flags;
    c->flags &= ~(uint32_t)SPW_COUNSELLOR_PULLS;
    w->pulling = (flags & SPW_COUNSELLOR_PULLS) != 0 ? counsellor : 0;
    bool found = counsellor_side(w, counsellor);
    w->pulling = 0;
    c->flags = flags;
    return found;
}

/* A freeze, a closed centre or a plan's reserve does not end what is kept. */
static bool still_kept(enum spw_block reason)
{
    return reason == SPW_BLOCK_NONE || reason == SPW_BLOCK_NOT_READY ||
           reason == SPW_BLOCK_RESERVE || fits_but_for_room(reason);
}

static void stale_claims(struct world *w)
{
    for (uint32_t i = 1; i <= w->contact_count; i++) {
        const struct contact *x = &w->contacts[i];
        bool kept = x->claim != 0 && waits(x) && still_kept(block(w, i, x->claim)) &&
                    (effective(x) == 0 || !at_limit(&w->counsellors[x->claim]));
        if (x->claim != 0 && !kept) {
            claim_release(w, i);
        }
    }
}

static uint32_t next_contact(struct world *w)
{
    uint32_t at = w->touched_contact_count;
    for (uint32_t i = 0; i < w->touched_contact_count; i++) {
        uint32_t x = w->touched_contacts[i];
        if (waits(&w->contacts[x]) &&
            (at == w->touched_contact_count || order_before(w, x, w->touched_contacts[at], 0))) {
            at = i;
        }
    }
    if (at == w->touched_contact_count) {
        w->touched_contact_count = 0;
        return 0;
    }
    uint32_t found = w->touched_contacts[at];
    w->touched_contact_count--;
    w->touched_contacts[at] = w->touched_contacts[w->touched_contact_count];
    return found;
}

static uint32_t next_counsellor(struct world *w)
{
    if (w->touched_counsellor_count == 0) {
        return 0;
    }
    uint32_t at = 0;
    for (uint32_t i = 1; i < w->touched_counsellor_count; i++) {
        const struct counsellor *c = &w->counsellors[w->touched_counsellors[i]];
        const struct counsellor *b = &w->counsellors[w->touched_counsellors[at]];
        if (idle_longer(c, b)) {
            at = i;
        }
    }
    uint32_t found = w->touched_counsellors[at];
    w->touched_counsellor_count--;
    w->touched_counsellors[at] = w->touched_counsellors[w->touched_counsellor_count];
    return found;
}

/* Whether the unclassified hold their share decides who goes before a claimant (rule O4). */
static void share_turned(struct world *w)
{
    for (uint32_t centre = 1; centre <= w->centre_count; centre++) {
        bool beyond = beyond_share(w, centre);
        if (beyond == w->beyond[centre]) {
            continue;
        }
        w->beyond[centre] = beyond;
        for (uint32_t i = 1; i <= w->counsellor_count; i++) {
            const struct counsellor *c = &w->counsellors[i];
            if (!c->gone && c->centre == centre && c->claim != 0) {
                touch_counsellor(w, i);
            }
        }
    }
}

/* Free in the sense of a reserve: holds nothing and might be pushed a contact. */
static bool counts_as_free(const struct world *w, const struct counsellor *c)
{
    return !away(w, c) && !at_limit(c) && c->claim == 0 && c->item_count == 0;
}

static void count_free(const struct world *w, struct free_count *free)
{
    memset(free, 0, sizeof *free);
    for (uint32_t i = 1; i <= w->counsellor_count; i++) {
        const struct counsellor *c = &w->counsellors[i];
        free->of[c->centre][c->skillset][c->channels] += counts_as_free(w, c);
    }
}

/* Somebody for whom the pool of the counsellor kept the last free. */
static bool reserve_matters(const struct world *w, const struct counsellor *c, uint32_t queue)
{
    for (uint32_t i = 1; i <= w->contact_count; i++) {
        const struct contact *x = &w->contacts[i];
        if (waits(x) && x->queue == queue && x->home == c->centre && effective(x) != 0 &&
            able(w, x, c)) {
            return true;
        }
    }
    return false;
}

/* More are free than the plan keeps for other queues, and were not before: whoever has room in the
 * pool became possible, not only the one who was freed. */
static void reserves_over(struct world *w)
{
    static struct free_count now;
    count_free(w, &now);
    for (uint32_t i = 1; i <= w->counsellor_count; i++) {
        const struct counsellor *c = &w->counsellors[i];
        bool looked_at = !away(w, c) && !at_limit(c) && c->claim == 0 && some_room(w, c);
        uint32_t before = w->free_before.of[c->centre][c->skillset][c->channels];
        for (uint32_t q = 1; q <= w->queue_count && looked_at; q++) {
            uint32_t reserve = prefer_reserve(w, c->skillset, q);
            if (reserve != 0 && before <= reserve &&
                now.of[c->centre][c->skillset][c->channels] > reserve && reserve_matters(w, c, q)) {
                touch_counsellor(w, i);
            }
        }
    }
}

static void settle_touched(struct world *w)
{
    for (;;) {
        share_turned(w);
        uint32_t contact = next_contact(w);
        if (contact != 0) {
            if (!contact_side(w, contact)) {
                contact_claims(w, contact);
            }
            continue;
        }
        uint32_t counsellor = next_counsellor(w);
        if (counsellor == 0) {
            return;
        }
        while (!w->counsellors[counsellor].gone && counsellor_side(w, counsellor)) {
        }
    }
}

void settle(struct world *w)
{
    ladders_resume(w);
    stale_claims(w);
    reserves_over(w);
    settle_touched(w);
    count_free(w, &w->free_before);
}
