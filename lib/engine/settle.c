/*
 * engine/settle.c - what an input has made possible is decided before the next.
 *
 * After every input and every fired deadline: contacts that became possible, in order, contact
 * side; then counsellors that became possible, longest idle first, counsellor side. Several at once
 * are a sequence of singles (rule M). What is too much for one input goes to a backlog.
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

void spw__settle(struct spw_engine *e)
{
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
}
