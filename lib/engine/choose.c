/*
 * engine/choose.c - the contact side: which counsellor takes a contact that became possible, and
 * claims.
 *
 * Order (rule M): the wanted counsellor; wholly free ones by the chooser; partly loaded ones; for
 * priority 0 also those at a limit. A claimed counsellor can be reached only by what goes before
 * the claimant. For priority 0 all of this is asked first of counsellors who did not miss their
 * last offer, and of the others only when none of these is there (rule C7).
 * Two paths with one result: when nothing personal is at play, the first able pool in the order of
 * pool scores; else, or if its first has too few units even when free, a careful one that asks
 * spw__block_in_class for each pool's first.
 * Who calls: arrive.c, match.c (settle). Cost: the entries ahead of the first able pool, or a
 * search by vectors; the careful path one score per pool that is able and has somebody free; where
 * nobody is, those of the centre who are claimed.
 */
#include "engine/verbs.h"

/* What the careful path compares: smaller first, then longer idle. */
struct offer_key {
    int64_t first;
    uint64_t rank;
};

static bool vector_path(const struct spw_engine *e, uint32_t x)
{
    return e->prefer_count == 0 && e->contact[x].extra == SPW_NONE && e->order->choose == NULL &&
           e->plan.chooser != SPW_CHOOSE_BEST_LEVEL && e->plan.chooser != SPW_CHOOSE_MOST_IDLE_POOL;
}

static uint32_t choose_fast(const struct spw_engine *e, const struct spw__class *k)
{
    const struct spw__centre *centre = &e->centre[k->centre];
    const uint64_t *row = &centre->row_by_class[(size_t)k->local * centre->pool_words];
    struct spw__ranking_walk walk = {0, 0, spw__walk_max(centre->pool_words)};
    uint32_t local = spw__ranking_next(&centre->pools, &walk, row);
    if (local == SPW__RANKING_ON) { /* few are able: a search by vectors is quicker now */
        struct spw__argmin best;
        e->argmin(centre->pool_score, row, centre->free_pools, centre->pool_words, &best);
        local = best.index;
    }
    return local == SPW_NONE ? SPW_NONE
                             : e->pool[centre->pool_base + local].list[SPW__LIST_FREE].head;
}

static int64_t chooser_key(const struct spw_engine *e, const struct spw__class *k,
                           const struct spw__pool *pool, uint32_t c)
{
    switch (e->plan.chooser) {
    case SPW_CHOOSE_LEAST_FLEXIBLE:
        return pool->flexibility;
    case SPW_CHOOSE_LEAST_OCCUPIED:
        return e->counsellor[c].held;
    case SPW_CHOOSE_BEST_LEVEL:
        return -(int64_t)spw__need_level(&e->catalogue, k->need, pool->skillset);
    case SPW_CHOOSE_MOST_IDLE_POOL:
        return -((int64_t)pool->list[SPW__LIST_FREE].count << 32) + pool->order;
    case SPW_CHOOSE_ORDERED:
        return pool->order;
    default:
        return 0;
    }
}

/* Which counsellors are asked: danger asks those who missed their last offer apart from the
 * others. */
enum asked { ASK_ALL, ASK_FRESH, ASK_MISSED };

static bool is_asked(const struct spw_engine *e, uint32_t c, enum asked asked)
{
    return asked == ASK_ALL || (e->counsellor[c].missed > 0) == (asked == ASK_MISSED);
}

/* At a limit, too, counsellors who hold nothing come first (rule U3): the list is read twice. */
enum loaded { ANY_LOAD, HOLDS_NOTHING };

/*
 * The first counsellor of a pool's list whom nothing keeps from x; looks past at most 64 of those
 * asked. Counsellors without room for x do not count: among the partly loaded they can be most, and
 * one who has just got room stands behind all of them.
 */
static uint32_t first_in_list(const struct spw_engine *e, uint32_t x, const struct spw__class *k,
                              const struct spw__pool *pool, uint32_t list, enum asked asked,
                              enum loaded loaded)
{
    uint32_t c = pool->list[list].head;
    for (uint32_t looked = 0; c != SPW_NONE && looked < SPW__LOOK_PAST_MAX;) {
        if (is_asked(e, c, asked) && (loaded == ANY_LOAD || e->counsellor[c].items == 0) &&
            spw__fits(e, k->channel, c)) {
            if (spw__block_in_class(e, x, k, c) == SPW_BLOCK_NONE) {
                return c;
            }
            looked++;
        }
        c = e->counsellor[c].link.next;
    }
    return SPW_NONE;
}

static void fill_idle(const struct spw_engine *e, const struct spw__class *k,
                      const struct spw__pool *pool, uint32_t c, struct spw_idle *idle)
{
    *idle = (struct spw_idle){
        .idle_rank = e->counsellor[c].idle_rank,
        .skillset = pool->skillset,
        .flexibility = pool->flexibility,
        .wholly_free = pool->list[SPW__LIST_FREE].count,
        .order = pool->order,
        .units_held = e->counsellor[c].held,
        .level = spw__need_level(&e->catalogue, k->need, pool->skillset),
    };
}

static uint32_t best_candidate(struct spw_engine *e, const struct spw__class *k, uint32_t n)
{
    uint32_t best = SPW_NONE;
    struct offer_key best_key = {0, 0};
    if (e->order->choose != NULL && n > 0) {
        struct spw_decision decision = {
            .size = sizeof decision, .now = e->clock, .centre = k->centre};
        for (uint32_t i = 0; i < n; i++) {
            uint32_t c = e->candidate[i];
            fill_idle(e, k, &e->pool[e->counsellor[c].pool], c, &e->idles[i]);
        }
        spw__policy_choose(e, &decision, n);
    }
    for (uint32_t i = 0; i < n; i++) {
        uint32_t c = e->candidate[i];
        struct offer_key key = {e->order->choose != NULL
                                    ? e->score[i]
                                    : chooser_key(e, k, &e->pool[e->counsellor[c].pool], c),
                                e->counsellor[c].idle_rank};
        if (best == SPW_NONE || key.first < best_key.first ||
            (key.first == best_key.first && key.rank < best_key.rank)) {
            best = c;
            best_key = key;
        }
    }
    return best;
}

/* The best of one list over all pools of the centre that are able. */
static uint32_t choose_in_list(struct spw_engine *e, uint32_t x, const struct spw__class *k,
                               uint32_t list, const uint64_t *live, enum asked asked,
                               enum loaded loaded)
{
    const struct spw__centre *centre = &e->centre[k->centre];
    const uint64_t *row = &centre->row_by_class[(size_t)k->local * centre->pool_words];
    uint32_t n = 0;
    if (centre->pools_listed[list] == 0) {
        return SPW_NONE;
    }
    for (uint32_t w = 0; w < centre->pool_words; w++) {
        for (uint64_t left = row[w] & live[w]; left != 0; left &= left - 1) {
            uint32_t p = centre->pool_base + w * 64 + (uint32_t)__builtin_ctzll(left);
            uint32_t c = first_in_list(e, x, k, &e->pool[p], list, asked, loaded);
            if (c != SPW_NONE && n < e->scratch_max) {
                e->candidate[n++] = c;
            }
        }
    }
    return best_candidate(e, k, n);
}

/* The chain of the claimed has no order of its own: no two are ever alike. */
static bool idle_longer(const struct spw_engine *e, uint32_t a, uint32_t b)
{
    uint64_t rank_a = e->counsellor[a].idle_rank;
    uint64_t rank_b = e->counsellor[b].idle_rank;
    return rank_a != rank_b ? rank_a < rank_b : a < b;
}

/* A claimed counsellor who has room and for whom x goes before the claimant. */
static uint32_t choose_claimed(const struct spw_engine *e, uint32_t x, const struct spw__class *k,
                               enum asked asked)
{
    uint32_t best = SPW_NONE;
    uint32_t c = e->centre[k->centre].claimed;
    for (; c != SPW_NONE; c = e->counsellor[c].link.next) {
        if (is_asked(e, c, asked) && (best == SPW_NONE || idle_longer(e, c, best)) &&
            spw__block_in_class(e, x, k, c) == SPW_BLOCK_NONE) {
            best = c;
        }
    }
    return best;
}

static uint32_t choose_among(struct spw_engine *e, uint32_t x, const struct spw__class *k,
                             enum asked asked)
{
    const struct spw__centre *centre = &e->centre[k->centre];
    bool fast = asked == ASK_ALL && vector_path(e, x);
    uint32_t c = fast ? choose_fast(e, k) : SPW_NONE;
    if (!fast || (c != SPW_NONE && e->plan.units[k->channel] > e->counsellor[c].units)) {
        c = choose_in_list(e, x, k, SPW__LIST_FREE, centre->free_pools, asked, ANY_LOAD);
    }
    if (c == SPW_NONE) {
        c = choose_in_list(e, x, k, SPW__LIST_PART, centre->part_pools, asked, ANY_LOAD);
    }
    const enum loaded loads[] = {HOLDS_NOTHING, ANY_LOAD};
    for (int i = 0; i < 2 && c == SPW_NONE && k->effective == 0; i++) {
        c = choose_in_list(e, x, k, SPW__LIST_LIMITED, centre->limited_pools, asked, loads[i]);
    }
    return c != SPW_NONE ? c : choose_claimed(e, x, k, asked);
}

uint32_t spw__choose_counsellor(struct spw_engine *e, uint32_t x, uint32_t class_index)
{
    const struct spw__class *k = &e->class_[class_index];
    spw__file_all(e);
    if (k->effective != 0 || e->centre[k->centre].last_missed == 0) {
        return choose_among(e, x, k, ASK_ALL);
    }
    uint32_t c = choose_among(e, x, k, ASK_FRESH);
    return c != SPW_NONE ? c : choose_among(e, x, k, ASK_MISSED);
}

/* --- claims (rule U2) ------------------------------------------------------------------------- */

bool spw__claim_due(const struct spw_engine *e, uint32_t x)
{
    const struct spw__contact *contact = &e->contact[x];
    return contact->holder == SPW_NONE &&
           (contact->priority == 0 || e->clock - contact->queued_at >= e->plan.claim_after);
}

/* Would fit if it held nothing, and only room or a group is in the way now. */
static bool claimable(const struct spw_engine *e, uint32_t x, const struct spw__class *k,
                      uint32_t c)
{
    uint32_t block = spw__block_in_class(e, x, k, c);
    return e->counsellor[c].claim == SPW_NONE && e->counsellor[c].items > 0 &&
           e->plan.units[k->channel] <= e->counsellor[c].units &&
           (block == SPW_BLOCK_UNITS || block == SPW_BLOCK_GROUP);
}

/*
 * Whether x rather claims c than `best`: in danger first by the last offer, not missed before
 * missed, then at no limit before at one, as in an offer (rule C7); then the one who holds less;
 * then longest idle.
 */
static bool claims_before(const struct spw_engine *e, const struct spw__class *k, uint32_t c,
                          uint32_t best)
{
    const struct spw__counsellor *a = &e->counsellor[c];
    const struct spw__counsellor *b = &e->counsellor[best];
    if (k->effective == 0 && (a->missed > 0) != (b->missed > 0)) {
        return b->missed > 0;
    }
    if (a->list != b->list) {
        return a->list == SPW__LIST_PART;
    }
    return a->held != b->held ? a->held < b->held : a->idle_rank < b->idle_rank;
}

/* The counsellor of a list, over all able pools, whom x rather claims than `best`. */
static uint32_t claim_in_list(const struct spw_engine *e, uint32_t x, const struct spw__class *k,
                              uint32_t list, const uint64_t *live, uint32_t best)
{
    const struct spw__centre *centre = &e->centre[k->centre];
    const uint64_t *row = &centre->row_by_class[(size_t)k->local * centre->pool_words];
    if (centre->pools_listed[list] == 0) {
        return best;
    }
    for (uint32_t w = 0; w < centre->pool_words; w++) {
        for (uint64_t left = row[w] & live[w]; left != 0; left &= left - 1) {
            uint32_t p = centre->pool_base + w * 64 + (uint32_t)__builtin_ctzll(left);
            uint32_t c = e->pool[p].list[list].head;
            for (; c != SPW_NONE; c = e->counsellor[c].link.next) {
                if (claimable(e, x, k, c) && (best == SPW_NONE || claims_before(e, k, c, best))) {
                    best = c;
                }
            }
        }
    }
    return best;
}

/* c, claimed and in no list, joins the others of its centre. */
void spw__claimed_join(struct spw_engine *e, uint32_t c)
{
    struct spw__counsellor *counsellor = &e->counsellor[c];
    struct spw__centre *centre = &e->centre[counsellor->centre];
    SPW_ASSERT(counsellor->claim != SPW_NONE && counsellor->list == SPW__LIST_NONE);
    counsellor->prev = SPW_NONE;
    counsellor->link.next = centre->claimed;
    if (centre->claimed != SPW_NONE) {
        e->counsellor[centre->claimed].prev = c;
    }
    centre->claimed = c;
    centre->claims++;
}

static void claimed_leave(struct spw_engine *e, uint32_t c)
{
    struct spw__counsellor *counsellor = &e->counsellor[c];
    struct spw__centre *centre = &e->centre[counsellor->centre];
    if (counsellor->prev != SPW_NONE) {
        e->counsellor[counsellor->prev].link.next = counsellor->link.next;
    } else {
        centre->claimed = counsellor->link.next;
    }
    if (counsellor->link.next != SPW_NONE) {
        e->counsellor[counsellor->link.next].prev = counsellor->prev;
    }
    centre->claims--;
}

/* x claims the able counsellor who holds least and who then takes nothing later until x fits. No
 * limit keeps danger away here either. */
bool spw__claim(struct spw_engine *e, uint32_t x, uint32_t class_index)
{
    const struct spw__class *k = &e->class_[class_index];
    const struct spw__centre *centre = &e->centre[k->centre];
    spw__file_all(e);
    uint32_t best = claim_in_list(e, x, k, SPW__LIST_PART, centre->part_pools, SPW_NONE);
    if (k->effective == 0) {
        best = claim_in_list(e, x, k, SPW__LIST_LIMITED, centre->limited_pools, best);
    }
    if (best == SPW_NONE) {
        return false;
    }
    e->counsellor[best].claim = x;
    e->contact[x].holder = best;
    spw__refile(e, best);
    spw__claimed_join(e, best);
    spw__emit_seal(e, spw__emit_pair(e, SPW_EVENT_CLAIMED, SPW_WHY_NONE, x, best));
    return true;
}

/* The claim of a waiting contact ends: it is offered somewhere, or leaves. */
void spw__claim_release(struct spw_engine *e, uint32_t x)
{
    uint32_t c = e->contact[x].holder;
    if (c == SPW_NONE || e->counsellor[c].claim != x) {
        return;
    }
    claimed_leave(e, c);
    e->counsellor[c].claim = SPW_NONE;
    e->contact[x].holder = SPW_NONE;
    spw__refile(e, c);
    spw__emit_seal(e, spw__emit_pair(e, SPW_EVENT_CLAIM_RELEASED, SPW_WHY_NONE, x, c));
    spw__possible_counsellor(e, c);
}
