/*
 * model/views.c - everything that can be seen of a state, compared: contacts, counsellors, why-not
 * for every pair, depths, who is ahead, counters, bounds, usage.
 */
#include "check.h"

#include <inttypes.h>
#include <string.h>

static bool differ(struct run *run, struct difference *found, const char *of, const char *member,
                   const char *who, int64_t expected, int64_t got)
{
    if (expected == got) {
        return false;
    }
    char what[64];
    snprintf(what, sizeof what, "view %s %s", of, member);
    difference_set(found, run->index, what, "  %s %s %s: expected %" PRId64 ", got %" PRId64 "\n",
                   of, who, member, expected, got);
    return true;
}

#define DIFFER(of, member, who, expected, got)                                                     \
    differ(run, found, of, member, who, (int64_t)(expected), (int64_t)(got))

static spw_ns nearest(const struct world *w, uint32_t contact)
{
    static const enum timer_kind kinds[] = {TIMER_OFFER,    TIMER_PARK, TIMER_STEP,
                                            TIMER_CALLBACK, TIMER_SAFE, TIMER_DEADLINE,
                                            TIMER_STICKY};
    spw_ns until = SPW_FOREVER;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        spw_ns at = timer_at(w, kinds[i], contact, 0);
        until = at < until ? at : until;
    }
    return until;
}

static bool contact_equal(struct run *run, uint32_t contact, struct difference *found)
{
    const struct world *w = run->world;
    const struct contact *x = &w->contacts[contact];
    char who[16];
    contact_name(run, x->handle, who);
    struct spw_contact_view v;
    memset(&v, 0, sizeof v);
    int result = spw_view_contact(run->engine, (spw_contact){x->handle}, &v);
    int expected = x->state == SPW_CONTACT_GONE ? SPW_E_STALE : SPW_OK;
    if (DIFFER("contact", "result", who, expected, result)) {
        return false;
    }
    if (result != SPW_OK) {
        return true;
    }
    uint64_t holder = w->counsellors[x->holder].handle;
    uint64_t to = w->counsellors[x->to].handle;
    return !(DIFFER("contact", "state", who, x->state, v.state) ||
             DIFFER("contact", "id", who, x->id.hi ^ x->id.lo, v.id.hi ^ v.id.lo) ||
             DIFFER("contact", "cookie", who, x->cookie, v.cookie) ||
             DIFFER("contact", "arrived_at", who, x->arrived_at, v.arrived_at) ||
             DIFFER("contact", "queued_at", who, x->queued_at, v.queued_at) ||
             DIFFER("contact", "counsellor", who, holder, v.counsellor.bits) ||
             DIFFER("contact", "to", who, to, v.to.bits) ||
             DIFFER("contact", "home", who, x->home, v.home) ||
             DIFFER("contact", "queue", who, x->queue, v.queue) ||
             DIFFER("contact", "need", who, x->need, v.need) ||
             DIFFER("contact", "step", who, x->step, v.step) ||
             DIFFER("contact", "zone", who, x->zone, v.zone) ||
             DIFFER("contact", "channel", who, x->channel, v.channel) ||
             DIFFER("contact", "priority", who, x->base, v.priority) ||
             DIFFER("contact", "effective", who, effective(x), v.effective) ||
             DIFFER("contact", "flags", who, x->flags, v.flags) ||
             DIFFER("contact", "declines", who, x->barred_count, v.declines) ||
             DIFFER("contact", "until", who, nearest(w, contact), v.until));
}

static bool counsellor_equal(struct run *run, uint32_t counsellor, struct difference *found)
{
    const struct world *w = run->world;
    const struct counsellor *c = &w->counsellors[counsellor];
    char who[16];
    counsellor_name(run, c->handle, who);
    struct spw_counsellor_view v;
    memset(&v, 0, sizeof v);
    int result = spw_view_counsellor(run->engine, (spw_counsellor){c->handle}, &v);
    if (DIFFER("counsellor", "result", who, c->gone ? SPW_E_STALE : SPW_OK, result)) {
        return false;
    }
    if (result != SPW_OK) {
        return true;
    }
    uint64_t offer = 0;
    for (uint32_t i = 0; i < c->item_count && offer == 0; i++) {
        offer = c->items[i].kind == ITEM_OFFER ? w->contacts[c->items[i].contact].handle : 0;
    }
    return !(DIFFER("counsellor", "state", who, c->state, v.state) ||
             DIFFER("counsellor", "key", who, c->key, v.key) ||
             DIFFER("counsellor", "idle_since", who, c->idle_since, v.idle_since) ||
             DIFFER("counsellor", "centre", who, c->centre, v.centre) ||
             DIFFER("counsellor", "skillset", who, c->skillset, v.skillset) ||
             DIFFER("counsellor", "units", who, c->units, v.units) ||
             DIFFER("counsellor", "units_held", who, units_held(c), v.units_held) ||
             DIFFER("counsellor", "items", who, c->item_count, v.items) ||
             DIFFER("counsellor", "resting", who, c->resting, v.resting) ||
             DIFFER("counsellor", "missed", who, c->missed, v.missed) ||
             DIFFER("counsellor", "offer", who, offer, v.offer.bits) ||
             DIFFER("counsellor", "claim", who, w->contacts[c->claim].handle, v.claim.bits));
}

static bool blocks_equal(struct run *run, uint32_t contact, struct difference *found)
{
    const struct world *w = run->world;
    const struct contact *x = &w->contacts[contact];
    uint64_t expected_counts[16] = {0};
    for (uint32_t i = 1; i <= w->counsellor_count; i++) {
        char who[40];
        char a[16];
        char b[16];
        snprintf(who, sizeof who, "%s for %s", contact_name(run, x->handle, a),
                 counsellor_name(run, w->counsellors[i].handle, b));
        int expected = SPW_E_STALE;
        if (!w->counsellors[i].gone) {
            expected = waits(x) ? (int)block(w, contact, i) : SPW_E_STATE;
        }
        int got = spw_view_block(run->engine, (spw_contact){x->handle},
                                 (spw_counsellor){w->counsellors[i].handle});
        char member[32];
        snprintf(member, sizeof member, "%s/%s",
                 expected < 0 ? spw_error_name(expected) : spw_block_name((uint32_t)expected),
                 got < 0 ? spw_error_name(got) : spw_block_name((uint32_t)got));
        if (DIFFER("block", member, who, expected, got)) {
            return false;
        }
        if (expected >= 0 && w->counsellors[i].centre == x->home) {
            expected_counts[expected]++;
        }
        if (run->coverage != NULL && expected >= 0) {
            run->coverage->blocks[expected]++;
        }
    }
    uint64_t counts[16] = {0};
    char a[16];
    contact_name(run, x->handle, a);
    int result = spw_view_why_not(run->engine, (spw_contact){x->handle}, counts);
    if (DIFFER("why not", "result", a, waits(x) ? SPW_OK : SPW_E_STATE, result)) {
        return false;
    }
    for (int i = 0; i < 16 && result == SPW_OK; i++) {
        if (DIFFER("why not", spw_block_name((uint32_t)i), a, expected_counts[i], counts[i])) {
            return false;
        }
    }
    return true;
}

static bool shares_counsellor(const struct world *w, const struct contact *x,
                              const struct contact *y)
{
    for (uint32_t i = 1; i <= w->counsellor_count; i++) {
        const struct counsellor *c = &w->counsellors[i];
        if (signed_in(c) && c->centre == x->home && able(w, x, c) && able(w, y, c)) {
            return true;
        }
    }
    return false;
}

/* Classes are first come, first served inside, deadlines are not: see README.md. */
static bool ahead_is_vague(const struct world *w)
{
    for (uint32_t i = 1; i <= w->contact_count; i++) {
        if (waits(&w->contacts[i]) && w->contacts[i].deadline != 0) {
            return w->plan.order == SPW_ORDER_DEADLINE;
        }
    }
    return false;
}

/* Ahead, and whoever is in front of it in its class as well. */
static bool is_ahead(const struct world *w, uint32_t contact, uint32_t of)
{
    const struct contact *y = &w->contacts[contact];
    if (!order_ahead(w, contact, of) || same_class(y, &w->contacts[of])) {
        return order_ahead(w, contact, of);
    }
    for (uint32_t i = 1; i <= w->contact_count; i++) {
        const struct contact *z = &w->contacts[i];
        if (i != contact && waits(z) && same_class(z, y) && order_ahead(w, i, contact) &&
            !order_ahead(w, i, of)) {
            return false;
        }
    }
    return true;
}

static bool ahead_equal(struct run *run, uint32_t contact, struct difference *found)
{
    const struct world *w = run->world;
    const struct contact *x = &w->contacts[contact];
    char who[16];
    contact_name(run, x->handle, who);
    uint64_t got = 0;
    int result = spw_view_ahead(run->engine, (spw_contact){x->handle}, &got);
    if (DIFFER("ahead", "result", who, waits(x) ? SPW_OK : SPW_E_STATE, result)) {
        return false;
    }
    if (result != SPW_OK) {
        return true;
    }
    uint64_t expected = ahead_is_vague(w) ? got : 0;
    uint64_t most =
        expected; /* an upper bound: under LIFO whoever is behind one of its class, too */
    for (uint32_t i = 1; i <= w->contact_count && !ahead_is_vague(w); i++) {
        const struct contact *y = &w->contacts[i];
        bool competes = i != contact && waits(y) && y->home == x->home &&
                        (shares_counsellor(w, x, y) || same_class(x, y));
        expected += competes && is_ahead(w, i, contact);
        most += competes && order_ahead(w, i, contact);
    }
    if (w->plan.order == SPW_ORDER_LIFO && got >= expected && got <= most) {
        return true;
    }
    return !DIFFER("ahead", "count", who, expected, got);
}

static void depth_expected(const struct world *w, uint32_t centre, uint32_t queue,
                           struct spw_depth *d)
{
    memset(d, 0, sizeof *d);
    for (uint32_t i = 1; i <= w->contact_count; i++) {
        const struct contact *x = &w->contacts[i];
        if (x->state == SPW_CONTACT_GONE || (centre != 0 && x->home != centre) ||
            (queue != 0 && x->queue != queue)) {
            continue;
        }
        d->offered += x->state == SPW_CONTACT_OFFERED;
        d->connected += x->state == SPW_CONTACT_CONNECTED || x->state == SPW_CONTACT_TRANSFERRING;
        d->parked += x->state == SPW_CONTACT_PARKED;
        d->callbacks += x->state == SPW_CONTACT_CALLBACK;
        if (x->state == SPW_CONTACT_WAITING && (x->flags & SPW_CONTACT_TEST) == 0) {
            spw_ns age = w->clock - x->arrived_at;
            d->waiting++;
            d->waiting_by_priority[x->base]++;
            d->head_wait = age > d->head_wait ? age : d->head_wait;
            if (age > d->head_wait_by_priority[x->base]) {
                d->head_wait_by_priority[x->base] = age;
            }
        }
    }
}

static bool depth_equal(struct run *run, uint32_t centre, uint32_t queue, struct difference *found)
{
    struct spw_depth e;
    struct spw_depth g;
    memset(&g, 0, sizeof g);
    char who[40];
    snprintf(who, sizeof who, "centre %u queue %u", centre, queue);
    depth_expected(run->world, centre, queue, &e);
    if (DIFFER("depth", "result", who, SPW_OK, spw_view_depth(run->engine, centre, queue, &g)) ||
        DIFFER("depth", "waiting", who, e.waiting, g.waiting) ||
        DIFFER("depth", "offered", who, e.offered, g.offered) ||
        DIFFER("depth", "connected", who, e.connected, g.connected) ||
        DIFFER("depth", "parked", who, e.parked, g.parked) ||
        DIFFER("depth", "callbacks", who, e.callbacks, g.callbacks) ||
        DIFFER("depth", "head_wait", who, e.head_wait, g.head_wait)) {
        return false;
    }
    for (int p = 0; p < SPW_PRIORITY_COUNT; p++) {
        if (DIFFER("depth", "waiting_by_priority", who, e.waiting_by_priority[p],
                   g.waiting_by_priority[p]) ||
            DIFFER("depth", "head_wait_by_priority", who, e.head_wait_by_priority[p],
                   g.head_wait_by_priority[p])) {
            return false;
        }
    }
    return true;
}

static bool counters_equal(struct run *run, uint32_t centre, uint32_t queue, uint32_t priority,
                           int test, struct difference *found)
{
    uint32_t flags = test != 0 ? SPW_CONTACT_TEST : 0;
    const struct spw_counters *e = counter_of(run->world, centre, queue, priority, flags);
    struct spw_counters g;
    memset(&g, 0, sizeof g);
    char who[64];
    snprintf(who, sizeof who, "centre %u queue %u priority %u test %d", centre, queue, priority,
             test);
    if (DIFFER("counters", "result", who, SPW_OK,
               spw_view_counters(run->engine, centre, queue, (int)priority, test, &g)) ||
        DIFFER("counters", "arrived", who, e->arrived, g.arrived) ||
        DIFFER("counters", "attempts", who, e->attempts, g.attempts) ||
        DIFFER("counters", "moved_in", who, e->moved_in, g.moved_in) ||
        DIFFER("counters", "moved_out", who, e->moved_out, g.moved_out) ||
        DIFFER("counters", "away", who, e->away, g.away) ||
        DIFFER("counters", "live", who, e->live, g.live) ||
        DIFFER("counters", "offers", who, e->offers, g.offers) ||
        DIFFER("counters", "accepted", who, e->accepted, g.accepted) ||
        DIFFER("counters", "declined", who, e->declined, g.declined) ||
        DIFFER("counters", "missed", who, e->missed, g.missed) ||
        DIFFER("counters", "lost_to_limits", who, e->lost_to_limits, g.lost_to_limits) ||
        DIFFER("counters", "within_target", who, e->within_target, g.within_target) ||
        DIFFER("counters", "connected", who, e->connected, g.connected) ||
        DIFFER("counters", "at_once", who, e->at_once, g.at_once) ||
        DIFFER("counters", "waited_ns_answered", who, e->waited_ns_answered,
               g.waited_ns_answered) ||
        DIFFER("counters", "waited_ns_all", who, e->waited_ns_all, g.waited_ns_all)) {
        return false;
    }
    for (uint32_t i = 0; i < 16; i++) {
        if (DIFFER("counters", spw_end_name(i), who, e->ended[i], g.ended[i])) {
            return false;
        }
    }
    return true;
}

static bool usage_equal(struct run *run, struct difference *found)
{
    const struct world *w = run->world;
    struct spw_usage u;
    memset(&u, 0, sizeof u);
    spw_view_usage(run->engine, &u);
    uint32_t contacts = 0;
    uint32_t counsellors = 0;
    for (uint32_t i = 1; i <= w->contact_count; i++) {
        contacts += w->contacts[i].state != SPW_CONTACT_GONE;
    }
    for (uint32_t i = 1; i <= w->counsellor_count; i++) {
        counsellors += !w->counsellors[i].gone;
    }
    return !(DIFFER("usage", "contacts", "", contacts, u.contacts) ||
             DIFFER("usage", "counsellors", "", counsellors, u.counsellors) ||
             DIFFER("usage", "centres", "", w->centre_count, u.centres) ||
             DIFFER("usage", "queues", "", w->queue_count, u.queues) ||
             DIFFER("usage", "skills", "", w->skill_count, u.skills) ||
             DIFFER("usage", "skillsets", "", w->set_count, u.skillsets) ||
             DIFFER("usage", "needs", "", w->need_count, u.needs) ||
             DIFFER("usage", "ladders", "", w->ladder_count, u.ladders) ||
             DIFFER("usage", "tokens", "", w->token_count, u.tokens));
}

static bool people_equal(struct run *run, struct difference *found)
{
    const struct world *w = run->world;
    for (uint32_t i = 1; i <= w->contact_count; i++) {
        if (w->contacts[i].handle == 0) {
            continue;
        }
        if (!contact_equal(run, i, found)) {
            return false;
        }
        if (w->contacts[i].state != SPW_CONTACT_GONE &&
            (!blocks_equal(run, i, found) || !ahead_equal(run, i, found))) {
            return false;
        }
    }
    for (uint32_t i = 1; i <= w->counsellor_count; i++) {
        if (!counsellor_equal(run, i, found)) {
            return false;
        }
    }
    return true;
}

static bool sums_equal(struct run *run, struct difference *found)
{
    const struct world *w = run->world;
    for (uint32_t c = 0; c <= w->centre_count; c++) {
        for (uint32_t q = 0; q <= w->queue_count; q++) {
            if (!depth_equal(run, c, q, found)) {
                return false;
            }
            for (uint32_t p = 0; c != 0 && q != 0 && p < SPW_PRIORITY_COUNT; p++) {
                if (!counters_equal(run, c, q, p, 0, found) ||
                    !counters_equal(run, c, q, p, 1, found)) {
                    return false;
                }
            }
        }
        for (uint32_t d = 1; c != 0 && d <= w->centre_count; d++) {
            if (DIFFER("served by", "count", "", w->served_by[c][d],
                       spw_view_served_by(run->engine, c, d))) {
                return false;
            }
        }
    }
    return true;
}

bool views_equal(struct run *run, struct difference *found)
{
    char text[400];
    int broken = spw_check(run->engine, text, sizeof text);
    if (broken != 0) {
        difference_set(found, run->index, "invariant", "  I%d is broken: %s\n", broken, text);
        return false;
    }
    return people_equal(run, found) && sums_equal(run, found) && usage_equal(run, found);
}
