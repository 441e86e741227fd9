/*
 * engine/place.c - caller tokens: a place that survives hanging up and dialling again (rule S1).
 *
 * An unserved end of a contact with a token of its own leaves an entry: how long it really waited,
 * and its place in the sequence. A redial within the grace starts with that wait, plus at most two
 * minutes of the absence, never more than credit_max. Being connected leaves no entry, so
 * redialling brings no advantage and being cut off no loss.
 * Invariants: one entry per token; entries are in the order of their ends; the oldest goes when the
 * table is full; an entry whose grace is over brings nothing, whether it is still there or not.
 * Who calls: arrive.c at arrival, life.c at the end. Cost: constant.
 */
#include "engine/verbs.h"

enum { EXPIRED_AT_ONCE = 8 };

static void entry_unlink(struct spw_engine *e, uint32_t t)
{
    struct spw__token *token = &e->token[t];
    if (token->older != SPW_NONE) {
        e->token[token->older].newer = token->newer;
    } else {
        e->token_oldest = token->newer;
    }
    if (token->newer != SPW_NONE) {
        e->token[token->newer].older = token->older;
    } else {
        e->token_newest = token->older;
    }
}

static void entry_drop(struct spw_engine *e, uint32_t t)
{
    entry_unlink(e, t);
    spw__map_erase_hashed(&e->token_map, t, e->token[t].hash);
    e->token[t].hi = 0;
    e->token[t].lo = 0;
    spw__slab_give(&e->token_slab, t);
}

static bool expired(const struct spw_engine *e, uint32_t t)
{
    return e->clock - e->token[t].ended_at > e->plan.resume_grace;
}

/* A few at a time, and more than can be added meanwhile: after a quiet night thousands are over. */
static void expire(struct spw_engine *e)
{
    for (int n = 0; n < EXPIRED_AT_ONCE; n++) {
        if (e->token_oldest == SPW_NONE || !expired(e, e->token_oldest)) {
            break;
        }
        entry_drop(e, e->token_oldest);
    }
}

static bool has_token(const struct spw_engine *e, uint32_t x)
{
    const uint8_t none = SPW_CONTACT_SHARED_TOKEN | SPW_CONTACT_NO_CREDIT;
    return (e->cold[x].token.hi | e->cold[x].token.lo) != 0 && (e->contact[x].flags & none) == 0;
}

void spw__token_remember(struct spw_engine *e, uint32_t x, spw_ns waited)
{
    if (!has_token(e, x)) {
        return;
    }
    expire(e);
    spw_id id = e->cold[x].token;
    uint32_t hash = spw__token_hash(e, id.hi, id.lo);
    uint32_t t = spw__map_find_hashed(&e->token_map, hash, id.hi, id.lo);
    if (t != SPW_NONE) {
        entry_drop(e, t);
    }
    if (e->token_slab.free_count == 0) {
        entry_drop(e, e->token_oldest);
    }
    t = spw__slab_take(&e->token_slab);
    e->token[t] = (struct spw__token){.hi = id.hi,
                                      .lo = id.lo,
                                      .waited = waited,
                                      .ended_at = e->clock,
                                      .place = e->contact[x].place,
                                      .older = e->token_newest,
                                      .newer = SPW_NONE,
                                      .hash = hash};
    if (e->token_newest != SPW_NONE) {
        e->token[e->token_newest].newer = t;
    } else {
        e->token_oldest = t;
    }
    e->token_newest = t;
    spw__map_insert_hashed(&e->token_map, t, hash);
}

static spw_ns min_ns(spw_ns a, spw_ns b)
{
    return a < b ? a : b;
}

/* Moves the place of a new arrival back by the credit its token brings; true if it brings one. */
bool spw__token_credit(struct spw_engine *e, uint32_t x)
{
    if (!has_token(e, x)) {
        return false;
    }
    expire(e);
    spw_id id = e->cold[x].token;
    uint32_t t =
        spw__map_find_hashed(&e->token_map, spw__token_hash(e, id.hi, id.lo), id.hi, id.lo);
    if (t == SPW_NONE || expired(e, t)) {
        return false;
    }
    const struct spw__token *token = &e->token[t];
    spw_ns gap = min_ns(e->clock - token->ended_at, e->plan.resume_gap);
    spw_ns credit = min_ns(min_ns(token->waited + gap, e->plan.credit_max), e->clock);
    e->contact[x].arrived_at = e->clock - credit;
    e->contact[x].place = token->place;
    return true;
}

/* The credit is used: another contact with that token has none of it. */
void spw__token_take(struct spw_engine *e, uint32_t x)
{
    spw_id id = e->cold[x].token;
    uint32_t t =
        spw__map_find_hashed(&e->token_map, spw__token_hash(e, id.hi, id.lo), id.hi, id.lo);
    SPW_ASSERT(t != SPW_NONE);
    entry_drop(e, t);
}
