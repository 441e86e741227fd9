/*
 * engine/settle.c - what an input has made possible is decided before the next.
 *
 * After every input and every fired deadline: contacts that became possible, in order, contact
 * side; then counsellors who became possible, longest idle first, counsellor side. Several at once
 * are a sequence of singles (rule M). What is too much for one input goes to a backlog. Where the
 * plan keeps some of a pool free, one more free counsellor makes the others possible, too.
 * Invariant: I4 (no idling) holds when it is done, unless a backlog says that the rest follows.
 * Who calls: door.c; every verb notes what it made possible. Cost: that of the decisions.
 */
#include "engine/verbs.h"

void spw__backlog_add(struct spw_engine *e, uint32_t kind, uint32_t object, spw_ns span)
{
    for (uint32_t i = 0; i < e->backlog_count; i++) {
        if (e->backlog[i].kind == kind && e->backlog[i].object == object) {
            e->backlog[i].cursor = 0;
            return;
        }
    }
    SPW_ASSERT(e->backlog_count < e->backlog_max);
    if (e->backlog_count == 0) {
        struct spw_event *event = spw__emit(e, SPW_EVENT_BACKLOG, 0);
        event->detail_a = 1;
        spw__emit_seal(e, event);
    }
    e->backlog[e->backlog_count++] =
        (struct spw__backlog){.kind = kind, .object = object, .cursor = 0, .span = span};
}

void spw__possible_contact(struct spw_engine *e, uint32_t x)
{
    if (e->possible_contact_count == SPW__POSSIBLE_MAX) {
        spw__backlog_add(e, SPW__BACKLOG_MATCH, 0, 0);
        return;
    }
    e->possible_contact[e->possible_contact_count++] = x;
}

void spw__possible_counsellor(struct spw_engine *e, uint32_t c)
{
    if (e->counsellor[c].possible) {
        return;
    }
    if (e->possible_counsellor_count == SPW__POSSIBLE_MAX) {
        spw__backlog_add(e, SPW__BACKLOG_MATCH, 0, 0);
        return;
    }
    e->counsellor[c].possible = 1;
    e->possible_counsellor[e->possible_counsellor_count++] = c;
}

static uint32_t tier_in_force(const struct spw_engine *e, const struct spw__class *k)
{
    return k->effective == 0 && e->plan.protected_on && spw__protected_open(e) ? 0 : 1;
}

/* What the policy makes of two heads at this moment. */
static void scores_now(struct spw_engine *e, const uint32_t *x, int64_t *scores)
{
    struct spw_decision decision = {
        .size = sizeof decision, .now = e->clock, .centre = e->cold[x[0]].home};
    for (int i = 0; i < 2; i++) {
        const struct spw__class *k = &e->class_[e->contact[x[i]].class_index];
        if (spw__policy_static(e)) {
            scores[i] = spw__static_score(e, k, x[i]);
        } else {
            scores[i] = spw__score_ahead(e, k, x[i], &decision, 0);
        }
    }
}

/*
 * Which of two that became possible goes first (rule O1), by the tier and the scores of this
 * decision: danger whose share is used up has no tier of its own here either (rule O3). Only claims
 * are compared otherwise (spw__goes_before), as they last.
 */
static bool goes_first(struct spw_engine *e, uint32_t x, uint32_t y)
{
    const struct spw__class *k = &e->class_[e->contact[x].class_index];
    const struct spw__class *other = &e->class_[e->contact[y].class_index];
    uint32_t tier = tier_in_force(e, k);
    int64_t scores[2] = {0, 0};
    if (k == other) {
        return spw__goes_before(e, x, k, y, other);
    }
    if (tier != tier_in_force(e, other)) {
        return tier == 0;
    }
    if (tier == 1) {
        scores_now(e, (const uint32_t[]){x, y}, scores);
    }
    return scores[0] != scores[1] ? scores[0] < scores[1] : spw__place_compare(e, x, y) < 0;
}

/* Takes the first in order out of the list of possible contacts. */
static uint32_t next_contact(struct spw_engine *e)
{
    uint32_t best = SPW_NONE;
    for (uint32_t i = 0; i < e->possible_contact_count;) {
        uint32_t x = e->possible_contact[i];
        if (e->contact[x].lane == SPW__LANE_NONE) { /* taken or gone meanwhile */
            e->possible_contact[i] = e->possible_contact[--e->possible_contact_count];
            continue;
        }
        if (best == SPW_NONE || goes_first(e, x, e->possible_contact[best])) {
            best = i;
        }
        i++;
    }
    if (best == SPW_NONE) {
        return SPW_NONE;
    }
    uint32_t x = e->possible_contact[best];
    e->possible_contact[best] = e->possible_contact[--e->possible_contact_count];
    return x;
}

static uint32_t next_counsellor(struct spw_engine *e)
{
    uint32_t best = SPW_NONE;
    for (uint32_t i = 0; i < e->possible_counsellor_count; i++) {
        uint32_t c = e->possible_counsellor[i];
        if (best == SPW_NONE ||
            e->counsellor[c].idle_rank < e->counsellor[e->possible_counsellor[best]].idle_rank) {
            best = i;
        }
    }
    if (best == SPW_NONE) {
        return SPW_NONE;
    }
    uint32_t c = e->possible_counsellor[best];
    e->possible_counsellor[best] = e->possible_counsellor[--e->possible_counsellor_count];
    e->counsellor[c].possible = 0;
    return c;
}

/* No room for another decision in what one call may say. */
bool spw__events_spent(const struct spw_engine *e)
{
    return e->events_this_call >= SPW_EVENTS_PER_INPUT - SPW__EVENTS_DECISION;
}

/* A contact waits in the queue that the pool may serve and that a reserve can keep from it. */
static bool queue_waits(const struct spw_engine *e, const struct spw__pool *pool, uint32_t queue)
{
    const struct spw__centre *centre = &e->centre[pool->centre];
    const uint64_t *row = &centre->row_by_pool[(size_t)pool->local * centre->class_words];
    for (uint32_t w = 0; w < centre->class_words; w++) {
        uint64_t left = row[w] & (centre->live[0][w] | centre->live[1][w]) & ~centre->danger[w];
        for (; left != 0; left &= left - 1) {
            uint32_t local = w * 64 + (uint32_t)__builtin_ctzll(left);
            if (e->class_[centre->class_base + local].queue == queue) {
                return true;
            }
        }
    }
    return false;
}

/* More are free than a preference of the plan keeps, and contacts wait that it kept from all of
 * them. */
static bool reserve_passed(const struct spw_engine *e, const struct spw__risen *risen)
{
    const struct spw__pool *pool = &e->pool[risen->pool];
    for (uint32_t i = 0; pool->used && i < e->prefer_count; i++) {
        const struct spw__prefer *prefer = &e->prefer[i];
        if (prefer->skillset == pool->skillset && prefer->reserve > 0 &&
            risen->before <= prefer->reserve &&
            pool->list[SPW__LIST_FREE].count > prefer->reserve &&
            queue_waits(e, pool, prefer->queue)) {
            return true;
        }
    }
    return false;
}

/* By one more free counsellor the others of the pool have become possible, too: a waiting contact
 * may have a reason of its own against that one. */
static void reserves_passed(struct spw_engine *e)
{
    if (e->risen_count > SPW__RISEN_MAX) {
        spw__backlog_add(e, SPW__BACKLOG_MATCH, 0, 0);
        e->risen_count = 0;
    }
    for (uint32_t i = 0; i < e->risen_count; i++) {
        if (!reserve_passed(e, &e->risen[i])) {
            continue;
        }
        const struct spw__pool *pool = &e->pool[e->risen[i].pool];
        const uint32_t lists[] = {SPW__LIST_FREE, SPW__LIST_PART};
        for (int list = 0; list < 2; list++) {
            uint32_t c = pool->list[lists[list]].head;
            for (; c != SPW_NONE; c = e->counsellor[c].link.next) {
                spw__possible_counsellor(e, c);
            }
        }
    }
}

void spw__settle(struct spw_engine *e)
{
    if (e->risen_count > 0) {
        reserves_passed(e);
    }
    while (e->possible_contact_count + e->possible_counsellor_count > 0) {
        if (spw__events_spent(e)) {
            spw__backlog_add(e, SPW__BACKLOG_MATCH, 0, 0); /* the rest by spw_continue */
            e->possible_contact_count = 0;
            while (next_counsellor(e) != SPW_NONE) {
            }
            break;
        }
        uint32_t x = e->possible_contact_count > 0 ? next_contact(e) : SPW_NONE;
        if (x != SPW_NONE) {
            uint32_t k = e->contact[x].class_index;
            if (!spw__match_contact(e, x, k) && e->contact[x].priority == 0 &&
                spw__claim_due(e, x) && !spw__frozen(e, e->cold[x].home)) {
                (void)spw__claim(e, x, k);
            }
            continue;
        }
        uint32_t c = next_counsellor(e);
        if (c != SPW_NONE) {
            spw__match_counsellor(e, c);
        }
    }
    spw__file_all(e);
    e->risen_count = 0;
}
