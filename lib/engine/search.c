/*
 * engine/search.c - one search: the first waiting contact that a counsellor may be given, under the
 * order in force.
 *
 * Three ways with one result: along the ranking of the classes; by vectors over the scores where
 * few are able; head by head where preferences, moving scores or personal reasons ask for it.
 * Invariant: the classes' heads are compared, never the waiting.
 * Who calls: match.c, offer.c (the runner-up). Cost: the classes ahead of the first that the pool
 * may serve, or one masked search over the classes of the centre; and the contacts it looks past.
 */
#include "engine/search.h"

/* Which classes a search is about. */
struct field {
    const uint64_t *row;  /* classes open to the pool */
    const uint64_t *live; /* of those with somebody waiting, the ones wanted */
    /* What to look for along the ranking: the row itself if all of tier 1 are wanted; null: this
     * search cannot go along the ranking, which has tier 1 alone. */
    const uint64_t *ranked;
    bool unclaimed; /* only contacts that claim nobody yet */
};

/* The classes open to the pool of c. */
static const uint64_t *centre_row(const struct spw_engine *e, uint32_t c)
{
    const struct spw__centre *centre = &e->centre[e->counsellor[c].centre];
    uint32_t local = e->counsellor[c].pool - centre->pool_base;
    return &centre->row_by_pool[(size_t)local * centre->class_words];
}

/* Classes of the wanted tiers whose channel is in the set; no copy when that is simply a tier. */
static const uint64_t *field_live(const struct spw__centre *centre, uint32_t tiers,
                                  uint32_t channels)
{
    const uint32_t all = (1u << SPW_CHANNEL_COUNT) - 1;
    const uint32_t from = tiers == SPW__DANGER ? SPW__BOTH_TIERS : tiers;
    if ((channels & all) == all && from != SPW__BOTH_TIERS) {
        return centre->live[from == SPW__TIER_0 ? 0 : 1];
    }
    for (uint32_t w = 0; w < centre->class_words; w++) {
        uint64_t live = 0;
        uint64_t wanted = 0;
        live |= (from & SPW__TIER_0) != 0 ? centre->live[0][w] : 0;
        live |= (from & SPW__TIER_1) != 0 ? centre->live[1][w] : 0;
        for (uint32_t channel = 0; live != 0 && channel < SPW_CHANNEL_COUNT; channel++) {
            wanted |= ((channels >> channel) & 1) != 0 ? centre->by_channel[channel][w] : 0;
        }
        centre->scratch[w] =
            live & wanted & (tiers == SPW__DANGER ? centre->danger[w] : UINT64_MAX);
    }
    return centre->scratch;
}

/* Which of two goes first inside a class; SPW_NONE goes last. */
static bool earlier(const struct spw_engine *e, const struct spw__class *k, uint32_t a, uint32_t b)
{
    if (a == SPW_NONE || b == SPW_NONE) {
        return a != SPW_NONE;
    }
    return (spw__place_compare(e, a, b) < 0) != spw__newest_first(e, k);
}

/* Claims a counsellor already, or is held during a warm transfer: it has no claim to make. */
static bool claims(const struct spw_engine *e, uint32_t x)
{
    return e->contact[x].holder != SPW_NONE;
}

/* The first contact from x on along its lane that claims nobody and may go to c. */
static uint32_t first_unclaimed(const struct spw_engine *e, const struct spw__class *k, uint32_t c,
                                uint32_t x)
{
    while (x != SPW_NONE && (claims(e, x) || spw__barred(e, x, c))) {
        x = spw__lane_next(e, k, x);
    }
    return x;
}

/*
 * The first contact of a class that has no personal reason against c; those looked past are counted
 * in *passed. Only the side lane can hold contacts with a reason, so it is walked up to the first
 * of the main lane, however far that is: what a bound would hide depends on the lanes, which are
 * not state (decisions/0015).
 */
static uint32_t first_for(const struct spw_engine *e, const struct spw__class *k, uint32_t c,
                          uint32_t *passed)
{
    uint32_t main = spw__newest_first(e, k) ? k->main_tail : k->main_head;
    uint32_t x = k->head;
    while (x != SPW_NONE && e->contact[x].lane == SPW__LANE_SIDE && earlier(e, k, x, main)) {
        if (!spw__barred(e, x, c)) {
            return x;
        }
        (*passed)++;
        x = spw__lane_next(e, k, x);
    }
    return main;
}

/* The one of a class that a search is about. */
static uint32_t first_wanted(const struct spw_engine *e, const struct field *field,
                             const struct spw__class *k, uint32_t c, uint32_t *passed)
{
    if (!field->unclaimed) {
        return first_for(e, k, c, passed);
    }
    uint32_t main = spw__newest_first(e, k) ? k->main_tail : k->main_head;
    uint32_t side = spw__side_head(e, k);
    main = first_unclaimed(e, k, c, main);
    side = first_unclaimed(e, k, c, side);
    return earlier(e, k, side, main) ? side : main;
}

/* A claimed counsellor takes only its claimant and what goes before it. */
static bool after_claimant(const struct spw_engine *e, uint32_t x, const struct spw__class *k,
                           uint32_t c)
{
    return e->counsellor[c].claim != SPW_NONE && !spw__before_claimant(e, x, k, c);
}

/* Tier 0 is served in order of place, whatever the policy (rule O1). */
static struct spw__pick best_by_place(const struct spw_engine *e, const struct spw__centre *centre,
                                      const struct field *field, uint32_t c)
{
    struct spw__pick best = SPW__NOBODY;
    for (uint32_t w = 0; w < centre->class_words; w++) {
        for (uint64_t left = field->row[w] & field->live[w]; left != 0; left &= left - 1) {
            uint32_t local = w * 64 + (uint32_t)__builtin_ctzll(left);
            const struct spw__class *k = &e->class_[centre->class_base + local];
            struct spw__pick pick = {SPW_NONE, 0, 0, 0};
            pick.contact = first_wanted(e, field, k, c, &pick.passed);
            if (pick.contact != SPW_NONE && after_claimant(e, pick.contact, k, c)) {
                continue;
            }
            if (spw__pick_before(e, &pick, &best)) {
                best = pick;
            }
        }
    }
    return best;
}

static bool kept_back(const struct spw_engine *e, const struct spw__prefer *prefer,
                      const struct spw__class *k, uint32_t c)
{
    return prefer != NULL && prefer->reserve > 0 && k->effective != 0 &&
           spw__free_with(e, c) <= prefer->reserve;
}

struct spw_decision spw__decision_of(const struct spw_engine *e, uint32_t c)
{
    const struct spw__pool *pool = &e->pool[e->counsellor[c].pool];
    bool alone = e->counsellor[c].list == SPW__LIST_NONE; /* pulls, or is claimed */
    return (struct spw_decision){
        .size = sizeof(struct spw_decision),
        .pool_flexibility = pool->flexibility,
        .now = e->clock,
        .centre = pool->centre,
        .skillset = pool->skillset,
        .free_here = pool->list[SPW__LIST_FREE].count + pool->list[SPW__LIST_PART].count + alone,
    };
}

/* Any policy, preferences, personal reasons: one head per class, scored together. */
static struct spw__pick best_careful(struct spw_engine *e, const struct spw__centre *centre,
                                     const struct field *field, uint32_t c)
{
    const struct spw__pool *pool = &e->pool[e->counsellor[c].pool];
    uint32_t n = 0;
    for (uint32_t w = 0; w < centre->class_words; w++) {
        for (uint64_t left = field->row[w] & field->live[w]; left != 0; left &= left - 1) {
            uint32_t local = w * 64 + (uint32_t)__builtin_ctzll(left);
            const struct spw__class *k = &e->class_[centre->class_base + local];
            uint32_t passed = 0;
            const struct spw__prefer *prefer =
                pool->prefers ? spw__prefer_find(e, pool->skillset, k->queue) : NULL;
            uint32_t x = first_wanted(e, field, k, c, &passed);
            if (kept_back(e, prefer, k, c) || x == SPW_NONE || n == e->scratch_max ||
                after_claimant(e, x, k, c)) {
                continue;
            }
            e->candidate[n] = x;
            if (!spw__policy_static(e)) {
                spw__fill_head(e, k, x, &e->heads[n]);
            }
            e->heads[n].rank = prefer != NULL ? prefer->rank : 0;
            e->score[n] = spw__static_score(e, k, x);
            n++;
        }
    }
    if (n > 0 && !spw__policy_static(e)) {
        struct spw_decision decision = spw__decision_of(e, c);
        spw__policy_order(e, &decision, n);
    }
    struct spw__pick best = SPW__NOBODY;
    for (uint32_t i = 0; i < n; i++) {
        struct spw__pick pick = {e->candidate[i], e->heads[i].rank, e->score[i], 0};
        if (spw__pick_before(e, &pick, &best)) {
            best = pick;
        }
    }
    if (best.contact != SPW_NONE) {
        (void)first_for(e, &e->class_[e->contact[best.contact].class_index], c, &best.passed);
    }
    return best;
}

/* Equal scores: the class whose head has the earliest place. The kernel says how many there are. */
static uint32_t resolve_ties(const struct spw_engine *e, const struct spw__centre *centre,
                             const struct field *field, int64_t score)
{
    const struct spw__class *base = &e->class_[centre->class_base];
    uint32_t best = SPW_NONE;
    for (uint32_t w = 0; w < centre->class_words; w++) {
        for (uint64_t left = field->row[w] & field->live[w]; left != 0; left &= left - 1) {
            uint32_t local = w * 64 + (uint32_t)__builtin_ctzll(left);
            if (centre->class_score[local] == score &&
                (best == SPW_NONE ||
                 spw__place_compare(e, base[local].head, base[best].head) < 0)) {
                best = local;
            }
        }
    }
    return best;
}

/* Whether the head may not go to c: only those of the side lane have reasons of their own. */
static bool head_personal(const struct spw_engine *e, const struct spw__class *k, uint32_t c)
{
    return k->head != k->main_head && e->contact[k->head].lane == SPW__LANE_SIDE &&
           spw__barred(e, k->head, c);
}

/* Looks for the second class too while the place is known: the runner-up is one of the two. */
static void foremost_note(struct spw_engine *e, const struct spw__centre *centre,
                          struct spw__ranking_walk *walk, uint32_t c, uint32_t first)
{
    spw__fetch_first(e, &e->class_[centre->class_base + first]); /* offered when that is done */
    uint32_t second = spw__ranking_next(&centre->classes, walk, centre_row(e, c));
    if (second < SPW__RANKING_ON) {
        __builtin_prefetch(&e->cold[e->class_[centre->class_base + second].head]);
    }
    e->foremost = (struct spw__foremost){second == SPW__RANKING_ON ? SPW_NONE : c, first, second};
}

/* Inside a class later places never have smaller scores. */
static bool scores_follow_places(const struct spw_engine *e)
{
    return e->plan.order == SPW_ORDER_HEAD_START || e->plan.order == SPW_ORDER_FIFO;
}

/*
 * Along the ranking of the classes: the first whose head may be taken. Past heads with a personal
 * reason it goes on until nobody further along can be better. False: not found this way.
 */
static bool best_ranked(struct spw_engine *e, const struct spw__centre *centre,
                        const struct field *field, uint32_t c, struct spw__pick *best)
{
    struct spw__ranking_walk walk = {0, 0, spw__walk_max(centre->class_words)};
    bool careful = false;
    *best = SPW__NOBODY;
    for (;;) {
        uint32_t local = spw__ranking_next(&centre->classes, &walk, field->ranked);
        if (local == SPW_NONE || local == SPW__RANKING_ON) {
            return local == SPW_NONE;
        }
        const struct spw__class *k = &e->class_[centre->class_base + local];
        if (best->contact != SPW_NONE && centre->class_score[local] > best->score) {
            return true;
        }
        struct spw__pick pick = {k->head, 0, centre->class_score[local], 0};
        if (!careful && !head_personal(e, k, c)) {
            *best = pick;
            if (field->ranked == field->row) {
                foremost_note(e, centre, &walk, c, local);
            }
            return true;
        }
        if (!scores_follow_places(e)) {
            return false;
        }
        careful = true;
        pick.contact = first_for(e, k, c, &pick.passed);
        pick.score = pick.contact != SPW_NONE ? spw__static_score(e, k, pick.contact) : 0;
        if (spw__pick_before(e, &pick, best)) {
            *best = pick;
        }
    }
}

/* The minimum of the policy's order over a field. */
static struct spw__pick best_of(struct spw_engine *e, const struct spw__centre *centre,
                                const struct field *field, uint32_t c)
{
    bool prefers = e->prefer_count > 0 && e->pool[e->counsellor[c].pool].prefers;
    if (!spw__policy_static(e) || prefers || e->counsellor[c].claim != SPW_NONE ||
        field->unclaimed) {
        return best_careful(e, centre, field, c);
    }
    struct spw__pick ranked;
    if (field->ranked != NULL && best_ranked(e, centre, field, c, &ranked)) {
        return ranked;
    }
    struct spw__argmin min;
    e->argmin(centre->class_score, field->row, field->live, centre->class_words, &min);
    if (min.index == SPW_NONE) {
        return SPW__NOBODY;
    }
    uint32_t local = min.ties > 1 ? resolve_ties(e, centre, field, min.key) : min.index;
    const struct spw__class *k = &e->class_[centre->class_base + local];
    struct spw__pick pick = {k->head, 0, min.key, 0};
    return head_personal(e, k, c) ? best_careful(e, centre, field, c) : pick;
}

uint32_t spw__fitting_channels(const struct spw_engine *e, uint32_t c)
{
    if (e->counsellor[c].items == 0 && e->counsellor[c].units >= 100) {
        return (1u << SPW_CHANNEL_COUNT) - 1; /* a unit share is at most 100: checked at commit */
    }
    uint32_t channels = 0;
    for (uint32_t channel = 0; channel < SPW_CHANNEL_COUNT; channel++) {
        channels |= spw__fits(e, channel, c) ? 1u << channel : 0;
    }
    return channels;
}

/* The classes of the row among those that field_live has left in the scratch row. */
static const uint64_t *narrow(const struct spw__centre *centre, const uint64_t *row)
{
    for (uint32_t w = 0; w < centre->class_words; w++) {
        centre->scratch[w] &= row[w];
    }
    return centre->scratch;
}

static struct spw__pick best_where(struct spw_engine *e, uint32_t c, uint32_t tiers,
                                   uint32_t channels, bool unclaimed)
{
    struct spw__centre *centre = &e->centre[e->counsellor[c].centre];
    struct field field = {centre_row(e, c), NULL, NULL, unclaimed};
    if (tiers == SPW__TIER_1 && centre->live_classes[1] == 0) {
        return SPW__NOBODY;
    }
    field.live = field_live(centre, tiers, channels);
    if (tiers == SPW__TIER_1) {
        field.ranked = field.live == centre->live[1] ? field.row : narrow(centre, field.row);
    }
    bool by_place = tiers == SPW__TIER_0 || tiers == SPW__DANGER;
    return by_place ? best_by_place(e, centre, &field, c) : best_of(e, centre, &field, c);
}

struct spw__pick spw__best(struct spw_engine *e, uint32_t c, uint32_t tiers, uint32_t channels)
{
    return best_where(e, c, tiers, channels, false);
}

/* The best contact that does not fit. One that claims already is provided for: the next counts. */
struct spw__pick spw__best_unfit(struct spw_engine *e, uint32_t c, uint32_t tiers,
                                 uint32_t channels)
{
    struct spw__pick pick = spw__best(e, c, tiers, channels);
    if (pick.contact == SPW_NONE || !claims(e, pick.contact)) {
        return pick;
    }
    return best_where(e, c, tiers, channels, true);
}

/* Of the two classes noted when c was given somebody, the head that goes first now. */
static bool runner_up_known(struct spw_engine *e, uint32_t c, uint32_t *x)
{
    const struct spw__centre *centre = &e->centre[e->counsellor[c].centre];
    struct spw__foremost noted = e->foremost;
    e->foremost.counsellor = SPW_NONE;
    if (noted.counsellor != c) {
        return false;
    }
    struct spw__pick best = SPW__NOBODY;
    uint32_t locals[2] = {noted.first, noted.second};
    for (int i = 0; i < 2; i++) {
        if (locals[i] == SPW_NONE || !spw__ranking_has(&centre->classes, locals[i])) {
            continue;
        }
        const struct spw__class *k = &e->class_[centre->class_base + locals[i]];
        struct spw__pick pick = {k->head, 0, centre->class_score[locals[i]], 0};
        if (head_personal(e, k, c)) {
            return false;
        }
        if (spw__pick_before(e, &pick, &best)) {
            best = pick;
        }
    }
    *x = best.contact;
    return true;
}

/* The contact that would have gone next: asked after the chosen one has left its lane. */
uint32_t spw__runner_up(struct spw_engine *e, uint32_t c)
{
    const struct spw__centre *centre = &e->centre[e->counsellor[c].centre];
    const uint32_t all = (1u << SPW_CHANNEL_COUNT) - 1;
    uint32_t known;
    if (spw__limited(e, c)) {
        return spw__best(e, c, SPW__DANGER, all).contact;
    }
    if (centre->live_classes[0] > 0) {
        if (!spw__protected_open(e)) {
            return spw__best(e, c, SPW__BOTH_TIERS, all).contact;
        }
        struct spw__pick pick = spw__best(e, c, SPW__TIER_0, all);
        if (pick.contact != SPW_NONE) {
            return pick.contact;
        }
    }
    return runner_up_known(e, c, &known) ? known : spw__best(e, c, SPW__TIER_1, all).contact;
}
