/*
 * model/order.c - which of two contacts goes first (rules O1 to O4) and which of two counsellors is
 * taken (choosers, rule U3), by direct comparison.
 */
#include "world.h"

__extension__ typedef __int128 wide;

/* --- the protected share (rule O3): parts of an offer, refilled as time passes ---------------- */

static bool bounded(const struct plan *plan)
{
    return plan->protect != 0 && plan->protected_rate != SPW_FOREVER;
}

static wide bucket_used(const struct world *w)
{
    wide used = (wide)w->bucket - (wide)w->plan.protected_rate * (w->clock - w->bucket_at);
    return bounded(&w->plan) && used > 0 ? used : 0;
}

/* Before a plan comes into force, and before the share is used: what is used in offers stays so. */
void bucket_fill(struct world *w)
{
    w->bucket = (int64_t)bucket_used(w);
    w->bucket_at = w->clock;
}

static bool bucket_empty(const struct world *w)
{
    return bounded(&w->plan) &&
           (wide)w->plan.protected_burst * SPW_HOUR - bucket_used(w) < SPW_HOUR;
}

/* An offer of tier 0; the one that leaves less than a whole offer is told. */
void bucket_take(struct world *w)
{
    if (!bounded(&w->plan)) {
        return;
    }
    bucket_fill(w);
    w->bucket += SPW_HOUR;
    if (bucket_empty(w)) {
        tell(w, SPW_EVENT_PROTECTED_EMPTY, 0);
    }
}

static bool protected(const struct world *w, const struct contact *x)
{
    return effective(x) == 0 && w->plan.protect != 0;
}

uint32_t tier(const struct world *w, const struct contact *x)
{
    return protected(w, x) && !bucket_empty(w) ? 0 : 1;
}

/* --- order ------------------------------------------------------------------------------------ */

/* Rule O4 and decision 4: beyond the share an unclassified contact loses its head start. */
bool beyond_share(const struct world *w, uint32_t centre)
{
    uint64_t staffed = 0;
    uint64_t held = 0;
    for (uint32_t i = 1; i <= w->counsellor_count; i++) {
        const struct counsellor *c = &w->counsellors[i];
        if (c->gone || c->centre != centre) {
            continue;
        }
        if (signed_in(c)) {
            staffed += c->units;
        }
        for (uint32_t j = 0; j < c->item_count; j++) {
            const struct contact *x = &w->contacts[c->items[j].contact];
            uint32_t flags = c->items[j].kind == ITEM_WRAP ? c->items[j].flags : x->flags;
            held += (flags & SPW_CONTACT_UNCLASSIFIED) != 0 ? c->items[j].units : 0;
        }
    }
    return held != 0 && held * 100 >= staffed * w->plan.unclassified_share;
}

static spw_ns head_start(const struct world *w, const struct contact *x)
{
    uint32_t p = effective(x);
    spw_ns plain = w->plan.head_start[p == 0 ? 1 : p];
    if (p == 0) { /* outside its tier: the best there is */
        spw_ns other = w->plan.head_start_unclassified;
        return other > plain ? other : plain;
    }
    if ((x->flags & SPW_CONTACT_UNCLASSIFIED) != 0 && !beyond_share(w, x->home)) {
        spw_ns own = w->plan.head_start_unclassified;
        return own > plain ? own : plain;
    }
    return plain;
}

/* Rule O5: never for danger, unclassified, or who has no token of its own. */
static bool counts_as_suspect(const struct contact *x)
{
    bool token =
        (x->token.hi != 0 || x->token.lo != 0) && (x->flags & SPW_CONTACT_SHARED_TOKEN) == 0;
    return token && (x->flags & SPW_CONTACT_SUSPECT) != 0 &&
           (x->flags & SPW_CONTACT_UNCLASSIFIED) == 0 && effective(x) != 0;
}

static spw_ns suspect_delay(const struct world *w, const struct contact *x)
{
    return counts_as_suspect(x) ? w->plan.suspect_delay : 0;
}

/* Whoever talks on while a warm transfer looks for another is not among those who wait. */
static int64_t queue_length(const struct world *w, const struct contact *x)
{
    int64_t length = 0;
    for (uint32_t i = 1; i <= w->contact_count; i++) {
        const struct contact *o = &w->contacts[i];
        length += i != w->arriving && o->state == SPW_CONTACT_WAITING && o->home == x->home &&
                  o->queue == x->queue;
    }
    return length;
}

static bool wishes(const struct contact *x, uint32_t counsellor)
{
    return counsellor != 0 && x->sticky_mode != SPW_STICKY_NONE && x->sticky == counsellor &&
           effective(x) != 0;
}

/* The smallest goes first. A wish counts where the order reckons in time, and not for danger; it
 * moves no deadline of the contact's own. */
static wide score(const struct world *w, const struct contact *x, uint32_t counsellor)
{
    uint32_t p = effective(x) == 0 ? 1 : effective(x);
    spw_ns bonus = wishes(x, counsellor) ? w->plan.sticky_bonus : 0;
    wide value = 0;
    switch (w->plan.order) {
    case SPW_ORDER_FIFO:
        value = (wide)x->arrived_at - bonus;
        break;
    case SPW_ORDER_STRICT:
        value = p;
        break;
    case SPW_ORDER_ACCUMULATING:
        value = -(wide)w->plan.rate[effective(x)] *
                ((w->clock - x->arrived_at + bonus) / SPW_MICROSECOND);
        break;
    case SPW_ORDER_DEADLINE:
        value = (wide)x->arrived_at + w->queues[x->queue].target[x->base] - bonus;
        if (x->deadline != 0 && x->deadline < value) {
            value = x->deadline;
        }
        break;
    case SPW_ORDER_LONGEST_QUEUE:
        value = -(wide)queue_length(w, x);
        break;
    case SPW_ORDER_LIFO:
        value = -(wide)x->arrived_at;
        break;
    default:
        value = (wide)x->arrived_at - head_start(w, x) + suspect_delay(w, x) - bonus;
        break;
    }
    return value;
}

static int compare(wide a, wide b)
{
    return a < b ? -1 : a > b ? 1 : 0;
}

/* Of equals the one with the older place; under LIFO, inside a class, the newer (policy.h); danger
 * is first come, first served. */
static bool place_before(const struct world *w, const struct contact *x, const struct contact *y)
{
    int by = compare(x->arrived_at, y->arrived_at);
    if (by == 0) {
        by = compare((wide)x->place_sequence, (wide)y->place_sequence);
    }
    if (by == 0) {
        by = compare((wide)x->own_sequence, (wide)y->own_sequence);
    }
    bool newest_first = w->plan.order == SPW_ORDER_LIFO && same_class(x, y) && !protected(w, x);
    return newest_first ? by > 0 : by < 0;
}

/* A wish of this contact for this counsellor makes a difference by the bonus... */
bool wish_moves(const struct world *w, const struct contact *x, uint32_t counsellor)
{
    return counsellor != 0 && score(w, x, counsellor) < score(w, x, 0);
}

/* ... or as one who is not behind the first of its class (order deadline). */
bool wish_counts(const struct world *w, const struct contact *x, uint32_t counsellor)
{
    return wish_moves(w, x, counsellor) ||
           (w->plan.order == SPW_ORDER_DEADLINE && wishes(x, counsellor));
}

/* A class is first come, first served inside: own deadlines count for the one in front. Danger is,
 * too, where the others are served newest first. */
static bool one_lane(const struct world *w, const struct contact *x, const struct contact *y,
                     uint32_t wished)
{
    if (!same_class(x, y)) {
        return false;
    }
    if (w->plan.order == SPW_ORDER_LIFO) {
        return protected(w, x);
    }
    return w->plan.order == SPW_ORDER_DEADLINE && !wish_counts(w, x, wished) &&
           !wish_counts(w, y, wished);
}

/* `ranked`: as the counsellor would be served by the plan's preferences; `wished`: sticky bonus. */
static bool before_by(const struct world *w, uint32_t a, uint32_t b, uint32_t ranked,
                      uint32_t wished)
{
    const struct contact *x = &w->contacts[a];
    const struct contact *y = &w->contacts[b];
    int by = compare(tier(w, x), tier(w, y));
    /* Who is at a limit serves danger alone, first come, first served. */
    bool danger_alone =
        ranked != 0 && at_limit(&w->counsellors[ranked]) && effective(x) == 0 && effective(y) == 0;
    if (by == 0 && tier(w, x) == 1 && !danger_alone) {
        if (ranked != 0) {
            uint32_t set = w->counsellors[ranked].skillset;
            by = compare(prefer_rank(w, set, x->queue), prefer_rank(w, set, y->queue));
        }
        if (by == 0 && !one_lane(w, x, y, wished)) {
            by = compare(score(w, x, wished), score(w, y, wished));
        }
    }
    return by != 0 ? by < 0 : place_before(w, x, y);
}

bool order_before(const struct world *w, uint32_t a, uint32_t b, uint32_t counsellor)
{
    return before_by(w, a, b, counsellor, counsellor);
}

bool order_before_plain(const struct world *w, uint32_t a, uint32_t b, uint32_t counsellor)
{
    return before_by(w, a, b, counsellor, 0);
}

/* For who asks how many are ahead: what moves with time is left out, scores (view.h) and whether
 * the protected share is used up. */
bool order_ahead(const struct world *w, uint32_t a, uint32_t b)
{
    const struct contact *x = &w->contacts[a];
    const struct contact *y = &w->contacts[b];
    if (protected(w, x) != protected(w, y)) {
        return protected(w, x);
    }
    bool moves =
        w->plan.order == SPW_ORDER_ACCUMULATING || w->plan.order == SPW_ORDER_LONGEST_QUEUE;
    int by = protected(w, x) || moves || one_lane(w, x, y, 0)
                 ? 0
                 : compare(score(w, x, 0), score(w, y, 0));
    return by != 0 ? by < 0 : place_before(w, x, y);
}

/* --- choosers --------------------------------------------------------------------------------- */

uint32_t prefer_rank(const struct world *w, uint32_t skillset, uint32_t queue)
{
    for (uint32_t i = 0; i < w->plan.prefer_count; i++) {
        const struct prefer *p = &w->plan.prefers[i];
        if (p->skillset == skillset && p->queue == queue) {
            return p->rank;
        }
    }
    return 0;
}

uint32_t prefer_reserve(const struct world *w, uint32_t skillset, uint32_t queue)
{
    for (uint32_t i = 0; i < w->plan.prefer_count; i++) {
        const struct prefer *p = &w->plan.prefers[i];
        if (p->skillset == skillset && p->queue == queue) {
            return p->reserve;
        }
    }
    return 0;
}

uint32_t flexibility(const struct world *w, const struct counsellor *c)
{
    uint32_t count = 0;
    for (uint32_t s = 1; s <= SKILLS; s++) {
        count += w->sets[c->skillset].levels[s] != 0;
    }
    return count;
}

/* Sum of the levels in the skills that the need names. */
static uint32_t level_sum(const struct world *w, const struct contact *x,
                          const struct counsellor *c)
{
    uint32_t sum = 0;
    const struct need *need = &w->needs[x->need];
    for (uint32_t s = 1; s <= SKILLS; s++) {
        bool named = false;
        for (uint32_t i = 0; i < need->count; i++) {
            for (uint32_t j = 0; j < need->clauses[i].count; j++) {
                const struct literal *l = &need->clauses[i].literals[j];
                named = named || (l->skill == s && l->mode == SPW_HOLDS);
            }
        }
        sum += named ? w->sets[c->skillset].levels[s] : 0;
    }
    return sum;
}

static uint32_t pool_order(const struct world *w, const struct counsellor *c)
{
    return w->plan.pool_order[c->skillset];
}

static int64_t wholly_free(const struct world *w, const struct counsellor *c)
{
    int64_t count = 0;
    for (uint32_t i = 1; i <= w->counsellor_count; i++) {
        const struct counsellor *o = &w->counsellors[i];
        count += on_duty(o) && o->item_count == 0 && !at_limit(o) && o->centre == c->centre &&
                 o->skillset == c->skillset && o->channels == c->channels &&
                 (o->flags & SPW_COUNSELLOR_PULLS) == 0;
    }
    return count;
}

static int compare_chosen(const struct world *w, const struct counsellor *a,
                          const struct counsellor *b, const struct contact *x)
{
    int by = 0;
    switch (w->plan.chooser) {
    case SPW_CHOOSE_LONGEST_IDLE:
        return 0;
    case SPW_CHOOSE_LEAST_OCCUPIED:
        return compare(units_held(a), units_held(b));
    case SPW_CHOOSE_BEST_LEVEL:
        return compare(level_sum(w, x, b), level_sum(w, x, a));
    case SPW_CHOOSE_MOST_IDLE_POOL:
        by = compare(wholly_free(w, b), wholly_free(w, a));
        return by != 0 ? by : compare(pool_order(w, a), pool_order(w, b));
    case SPW_CHOOSE_ORDERED:
        return compare(pool_order(w, a), pool_order(w, b));
    default:
        return compare(flexibility(w, a), flexibility(w, b));
    }
}

bool chosen_before(const struct world *w, uint32_t a, uint32_t b, uint32_t contact)
{
    const struct counsellor *c = &w->counsellors[a];
    const struct counsellor *d = &w->counsellors[b];
    bool claimed = c->claim != 0 && c->claim != contact;
    int by = compare(claimed, d->claim != 0 && d->claim != contact);
    if (by == 0 && !claimed) {
        by = compare(at_limit(c), at_limit(d));
    }
    if (by == 0 && !claimed) {
        by = compare(c->item_count != 0, d->item_count != 0);
    }
    if (by == 0 && !claimed) {
        by = compare_chosen(w, c, d, &w->contacts[contact]);
    }
    if (by == 0) {
        by = compare(c->idle_since, d->idle_since);
    }
    if (by == 0) {
        by = compare((wide)c->idle_sequence, (wide)d->idle_sequence);
    }
    return by < 0;
}

/* Rule C1. */
enum { CLASS_FLAGS = 0x17 };

bool same_class(const struct contact *x, const struct contact *y)
{
    return x->home == y->home && x->queue == y->queue && x->need == y->need && x->step == y->step &&
           x->channel == y->channel && x->zone == y->zone && x->base == y->base &&
           effective(x) == effective(y) && ((x->flags ^ y->flags) & CLASS_FLAGS) == 0 &&
           counts_as_suspect(x) == counts_as_suspect(y) && x->called_back == y->called_back;
}
