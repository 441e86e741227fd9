/*
 * engine/search.h - the outcome of a search and the searches there are.
 */
#ifndef SPW__ENGINE_SEARCH_H
#define SPW__ENGINE_SEARCH_H

#include "engine/verbs.h"

/* The outcome of one search: a waiting contact and what it is compared by. */
struct spw__pick {
    uint32_t contact;
    uint32_t rank;
    int64_t score;
    uint32_t passed; /* barred entries looked past */
};

#define SPW__NOBODY ((struct spw__pick){SPW_NONE, 0, 0, 0})

/* Whether a goes before b; no contact goes last. */
static inline bool spw__pick_before(const struct spw_engine *e, const struct spw__pick *a,
                                    const struct spw__pick *b)
{
    if (b->contact == SPW_NONE || a->contact == SPW_NONE) {
        return a->contact != SPW_NONE;
    }
    if (a->rank != b->rank) {
        return a->rank < b->rank;
    }
    if (a->score != b->score) {
        return a->score < b->score;
    }
    return spw__place_compare(e, a->contact, b->contact) < 0;
}

/* What a search is about: tier 0, tier 1, both as one, or danger alone, in order of place. */
enum spw__tiers {
    SPW__TIER_0 = 1,
    SPW__TIER_1 = 2,
    SPW__BOTH_TIERS = SPW__TIER_0 | SPW__TIER_1,
    SPW__DANGER = 4
};

/* The best of some tiers on some channels. */
struct spw__pick spw__best(struct spw_engine *e, uint32_t c, uint32_t tiers, uint32_t channels);

/* The best contact that does not fit. One that claims already is provided for: the next counts. */
struct spw__pick spw__best_unfit(struct spw_engine *e, uint32_t c, uint32_t tiers,
                                 uint32_t channels);

/* The channels that c has room for. */
uint32_t spw__fitting_channels(const struct spw_engine *e, uint32_t c);

/* The situation that a policy is told. */
struct spw_decision spw__decision_of(const struct spw_engine *e, uint32_t c);

#endif
