/*
 * engine/limits.c - the care for counsellors: breaks that fall due, and which counsellor may rest
 * now (rule S5).
 *
 *   limit reached -> owed -> (share of the pool, floors, no suspension) -> resting -> over
 *                     ^------------------- put off ------------------------'
 *
 * A break that is due stays due: a counsellor who may not rest now, because too many rest or nobody
 * would be left for a floor, rests after a later talk. Priority 0 alone reaches a resting
 * counsellor.
 * Invariants: SPW__RESTING is set exactly while rest_until is; pool.resting, pool.staying follow
 * from flags and states by spw__duty_recount.
 * Who calls: offer.c after every talk, roster.c, door.c. Cost: constant; to begin a break, the
 * floors of all needs times the pools of the centre.
 */
#include "engine/verbs.h"

/* From now on danger only: any other claim on the counsellor ends. */
void spw__limit_reached(struct spw_engine *e, uint32_t c)
{
    uint32_t x = e->counsellor[c].claim;
    if (x != SPW_NONE && e->contact[x].priority != 0) {
        spw__claim_off(e, c);
    }
}

/* --- who may rest ----------------------------------------------------------------------------- */

static bool suspended(const struct spw_engine *e, uint32_t centre)
{
    return e->clock < e->centre[0].suspended_until || e->clock < e->centre[centre].suspended_until;
}

/* Another counsellor of the centre who takes contacts now meets the clause. */
static bool somebody_stays(const struct spw_engine *e, uint32_t c, const struct spw__range *clause)
{
    const struct spw__counsellor *counsellor = &e->counsellor[c];
    const struct spw__centre *centre = &e->centre[counsellor->centre];
    for (uint32_t local = 0; local < centre->pool_count; local++) {
        uint32_t p = centre->pool_base + local;
        uint32_t self = p == counsellor->pool && (counsellor->counted & SPW__COUNTED_STAYING) != 0;
        if (e->pool[p].used && e->pool[p].staying > self &&
            spw__clause_met(&e->catalogue, clause, e->pool[p].skillset)) {
            return true;
        }
    }
    return false;
}

/* At least one able person per floor stays. */
static bool leaves_floor_bare(const struct spw_engine *e, uint32_t c)
{
    uint32_t skillset = e->counsellor[c].skillset;
    for (uint32_t need = 1; need <= e->catalogue.need.count; need++) {
        struct spw__range clause;
        for (uint32_t at = 0; spw__need_floor(&e->catalogue, need, &at, &clause);) {
            if (spw__clause_met(&e->catalogue, &clause, skillset) &&
                !somebody_stays(e, c, &clause)) {
                return true;
            }
        }
    }
    return false;
}

static bool may_rest(const struct spw_engine *e, uint32_t c)
{
    const struct spw__counsellor *counsellor = &e->counsellor[c];
    const struct spw__pool *pool = &e->pool[counsellor->pool];
    uint32_t share = e->centre[counsellor->centre].rest_share;
    return counsellor->rest_until == 0 && counsellor->rest_ns != 0 &&
           ((uint64_t)pool->resting + 1) * 100 <= (uint64_t)share * pool->on_duty &&
           !suspended(e, counsellor->centre) && !leaves_floor_bare(e, c);
}

/* --- breaks ----------------------------------------------------------------------------------- */

static void rest_begins(struct spw_engine *e, uint32_t c)
{
    struct spw__counsellor *counsellor = &e->counsellor[c];
    bool streak =
        counsellor->severe_max != 0 && counsellor->severe_streak >= counsellor->severe_max;
    bool load = counsellor->load_max != 0 && counsellor->load >= counsellor->load_max;
    uint32_t why = streak ? SPW_WHY_SEVERE_STREAK : load ? SPW_WHY_LOAD : SPW_WHY_REQUEST;
    struct spw_event *event = spw__emit_counsellor(e, SPW_EVENT_BREAK_DUE, why, c);
    event->detail_a = streak ? counsellor->severe_streak : counsellor->load;
    event->until = e->clock + counsellor->rest_ns;
    spw__emit_seal(e, event);
    counsellor->severe_streak = 0;
    counsellor->load = 0;
    counsellor->rest_until = e->clock + counsellor->rest_ns;
    counsellor->flags = (uint8_t)((counsellor->flags | SPW__RESTING) & ~SPW__BREAK_OWED);
    spw__limit_reached(e, c);
    spw__arm(e, spw__node_rest(e, c), SPW__TIMER_REST, counsellor->rest_until);
    spw__duty_recount(e, c);
    spw__refile(e, c);
}

/* After a talk: limits on consecutive severe contacts and on load make a break due. */
void spw__break_if_due(struct spw_engine *e, uint32_t c, bool severe)
{
    struct spw__counsellor *counsellor = &e->counsellor[c];
    bool owed = (counsellor->flags & SPW__BREAK_OWED) != 0;
    if (counsellor->state == SPW_COUNSELLOR_OUT) {
        return; /* that talk was the last of a shift: it is forgotten with it */
    }
    if (severe) {
        counsellor->severe_streak++;
    } else if (!owed) {
        counsellor->severe_streak = 0;
    }
    if ((counsellor->flags & SPW__LIMITS) == 0 && !owed) {
        return;
    }
    bool streak =
        counsellor->severe_max != 0 && counsellor->severe_streak >= counsellor->severe_max;
    bool load = counsellor->load_max != 0 && counsellor->load >= counsellor->load_max;
    if (!streak && !load && !owed) {
        return;
    }
    counsellor->flags |= SPW__BREAK_OWED;
    if (may_rest(e, c)) {
        rest_begins(e, c);
    }
}

/* The rest is over, or put off. */
static void rest_ends(struct spw_engine *e, uint32_t c)
{
    struct spw__counsellor *counsellor = &e->counsellor[c];
    counsellor->rest_until = 0;
    counsellor->flags &= (uint8_t)~SPW__RESTING;
    if (counsellor->shift_end <= e->clock) {
        counsellor->flags |= SPW__SHIFT_OVER;
        spw__limit_reached(e, c);
        spw__heap_disarm(&e->timers, spw__node_rest(e, c));
    } else {
        spw__arm(e, spw__node_rest(e, c), SPW__TIMER_REST, counsellor->shift_end);
    }
    spw__duty_recount(e, c);
    spw__refile(e, c);
    spw__possible_counsellor(e, c);
}

/* Rest over, or the shift's soft end. */
void spw__rest_due(struct spw_engine *e, uint32_t c)
{
    rest_ends(e, c);
}

/* The counsellor puts the break off: it falls due again after the next talk. */
int spw__defer(struct spw_engine *e, uint32_t c)
{
    struct spw__counsellor *counsellor = &e->counsellor[c];
    if (counsellor->rest_until == 0) {
        return SPW_E_STATE;
    }
    counsellor->flags |= SPW__BREAK_OWED;
    spw__emit_seal(e, spw__emit_counsellor(e, SPW_EVENT_BREAK_PUT_OFF, SPW_WHY_REQUEST, c));
    rest_ends(e, c);
    return SPW_OK;
}

int spw__limits(struct spw_engine *e, uint32_t c, const struct spw_input *in)
{
    struct spw__counsellor *counsellor = &e->counsellor[c];
    spw_ns shift_end = in->u.limits.shift_end == 0 ? SPW_FOREVER : in->u.limits.shift_end;
    if (shift_end < 0 || shift_end > SPW_FOREVER || in->u.limits.rest < 0 ||
        in->u.limits.rest > 24 * SPW_HOUR) {
        return SPW_E_RANGE;
    }
    counsellor->shift_end = shift_end;
    counsellor->severe_max = in->u.limits.severe_max;
    counsellor->load_max = in->u.limits.load_max;
    counsellor->rest_ns = in->u.limits.rest;
    counsellor->flags &= (uint8_t)~SPW__SHIFT_OVER;
    spw__limits_note(counsellor);
    if ((counsellor->flags & SPW__LIMITS) == 0) {
        counsellor->flags &= (uint8_t)~SPW__BREAK_OWED;
    }
    if (counsellor->rest_until == 0) {
        rest_ends(e, c); /* none was: what else a shift's end asks for is the same */
        return SPW_OK;
    }
    spw__duty_recount(e, c);
    return SPW_OK;
}

/* A supervisor suspends breaks at a centre (0 = all) for an hour at most, with a reason. */
int spw__suspend(struct spw_engine *e, const struct spw_input *in)
{
    uint32_t number = in->u.supervise.centre;
    spw_ns most = e->clock + SPW_HOUR;
    spw_ns until = in->u.supervise.until == 0 ? most : in->u.supervise.until;
    if (number > e->centre_count) {
        return SPW_E_UNKNOWN;
    }
    if (in->u.supervise.reason == 0) {
        return SPW_E_INVALID;
    }
    if (until < e->clock || until > most) {
        return SPW_E_RANGE;
    }
    e->centre[number].suspended_until = until;
    return SPW_OK;
}

/* Somebody of the pool has room on the channel, but is at a limit. */
static bool limited_has_room(const struct spw_engine *e, const struct spw__pool *pool,
                             uint32_t channel)
{
    uint32_t c = pool->list[SPW__LIST_LIMITED].head;
    while (c != SPW_NONE && !spw__fits(e, channel, c)) {
        c = e->counsellor[c].link.next;
    }
    return c != SPW_NONE;
}

/* A person who gives up while an able counsellor has room, and only a limit is in the way, is lost
 * to limits. */
bool spw__lost_to_limits(const struct spw_engine *e, uint32_t x)
{
    const struct spw__contact *contact = &e->contact[x];
    if (contact->lane == SPW__LANE_NONE) {
        return false;
    }
    const struct spw__class *k = &e->class_[contact->class_index];
    if (k->effective == 0 || spw__frozen(e, k->centre)) {
        return false; /* no limit keeps danger away, and a freeze keeps everybody */
    }
    const struct spw__centre *centre = &e->centre[k->centre];
    const uint64_t *row = &centre->row_by_class[(size_t)k->local * centre->pool_words];
    for (uint32_t w = 0; centre->pools_listed[SPW__LIST_LIMITED] > 0 && w < centre->pool_words;
         w++) {
        for (uint64_t left = row[w] & centre->limited_pools[w]; left != 0; left &= left - 1) {
            uint32_t p = centre->pool_base + w * 64 + (uint32_t)__builtin_ctzll(left);
            if (limited_has_room(e, &e->pool[p], k->channel)) {
                return true;
            }
        }
    }
    return false;
}
