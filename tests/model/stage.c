/*
 * model/stage.c - ladders step by step, the end of a stage (what is checked, what counts as equal,
 * what number it gets), and skills.
 */
#include "world.h"

#include <string.h>

static int literal_compare(const struct literal *a, const struct literal *b)
{
    if (a->skill != b->skill) {
        return a->skill < b->skill ? -1 : 1;
    }
    if (a->level != b->level) {
        return a->level < b->level ? -1 : 1;
    }
    return a->mode == b->mode ? 0 : a->mode < b->mode ? -1 : 1;
}

static bool clause_has(const struct clause *clause, const struct literal *literal)
{
    for (uint32_t i = 0; i < clause->count; i++) {
        if (literal_compare(&clause->literals[i], literal) == 0) {
            return true;
        }
    }
    return false;
}

/* Equal as sets: the order in which literals were named does not matter. */
static bool same_literals(const struct clause *a, const struct clause *b)
{
    for (uint32_t i = 0; i < a->count; i++) {
        if (!clause_has(b, &a->literals[i])) {
            return false;
        }
    }
    for (uint32_t i = 0; i < b->count; i++) {
        if (!clause_has(a, &b->literals[i])) {
            return false;
        }
    }
    return true;
}

/* A clause said twice is one, and a floor if either is. */
static int floor_of(const struct need *need, const struct clause *clause)
{
    int found = -1;
    for (uint32_t i = 0; i < need->count; i++) {
        if (same_literals(&need->clauses[i], clause)) {
            found = found > 0 || need->clauses[i].floor != 0 ? 1 : 0;
        }
    }
    return found;
}

static bool need_equal(const struct need *a, const struct need *b)
{
    for (uint32_t i = 0; i < a->count; i++) {
        if (floor_of(b, &a->clauses[i]) != floor_of(a, &a->clauses[i])) {
            return false;
        }
    }
    for (uint32_t i = 0; i < b->count; i++) {
        if (floor_of(a, &b->clauses[i]) != floor_of(b, &b->clauses[i])) {
            return false;
        }
    }
    return true;
}

static bool is_floor(const struct clause *clause)
{
    for (uint32_t i = 0; i < clause->count; i++) {
        if (clause->literals[i].mode == SPW_LACKS) {
            return true;
        }
    }
    return clause->floor != 0;
}

/* Rule N2: every step repeats the floors of the first, whole; marked as floors or not. */
static bool floors_kept(const struct need *first, const struct need *step)
{
    for (uint32_t i = 0; i < first->count; i++) {
        bool kept = !is_floor(&first->clauses[i]);
        for (uint32_t j = 0; j < step->count; j++) {
            kept = kept || same_literals(&first->clauses[i], &step->clauses[j]);
        }
        if (!kept) {
            return false;
        }
    }
    return true;
}

int stage_step(struct world *w, const struct spw_input *in)
{
    struct ladder *ladder = &w->stage.ladder;
    if (w->stage.what != SPW_STAGE_LADDER) {
        return SPW_E_STAGE;
    }
    if (in->u.step.need > w->need_count) {
        return SPW_E_UNKNOWN;
    }
    if (in->u.step.after < 0 || in->u.step.after > ((spw_ns)1 << 60) || in->u.step.raise > 7) {
        return SPW_E_RANGE;
    }
    if (ladder->count == 0 ? in->u.step.after != 0 || in->u.step.raise != 0
                           : in->u.step.after <= ladder->steps[ladder->count - 1].after) {
        return SPW_E_RANGE;
    }
    if (ladder->count == STEPS) {
        return SPW_E_FULL;
    }
    if (ladder->count > 0 &&
        !floors_kept(&w->needs[ladder->steps[0].need], &w->needs[in->u.step.need])) {
        return SPW_E_FLOOR;
    }
    ladder->steps[ladder->count] =
        (struct ladder_step){in->u.step.after, in->u.step.need, in->u.step.raise};
    ladder->count++;
    return SPW_OK;
}

static int commit_need(struct world *w)
{
    struct need *need = &w->stage.need;
    for (uint32_t i = 1; i <= w->need_count; i++) {
        if (need_equal(&w->needs[i], need)) {
            w->made_number = i;
            return SPW_OK;
        }
    }
    if (w->need_count == w->config.needs_max) {
        return SPW_E_FULL;
    }
    w->need_count++;
    w->needs[w->need_count] = *need;
    w->made_number = w->need_count;
    return SPW_OK;
}

static int commit_skillset(struct world *w)
{
    for (uint32_t i = 1; i <= w->set_count; i++) {
        if (memcmp(&w->sets[i], &w->stage.skillset, sizeof w->sets[i]) == 0) {
            w->made_number = i;
            return SPW_OK;
        }
    }
    if (w->set_count == w->config.skillsets_max) {
        return SPW_E_FULL;
    }
    w->set_count++;
    w->sets[w->set_count] = w->stage.skillset;
    w->made_number = w->set_count;
    return SPW_OK;
}

static bool ladder_equal(const struct ladder *a, const struct ladder *b)
{
    if (a->count != b->count) {
        return false;
    }
    for (uint32_t i = 0; i < a->count; i++) {
        if (a->steps[i].after != b->steps[i].after || a->steps[i].need != b->steps[i].need ||
            a->steps[i].raise != b->steps[i].raise) {
            return false;
        }
    }
    return true;
}

static int commit_ladder(struct world *w)
{
    if (w->stage.ladder.count == 0) {
        return SPW_E_STAGE;
    }
    for (uint32_t i = 1; i <= w->ladder_count; i++) {
        if (ladder_equal(&w->ladders[i], &w->stage.ladder)) {
            w->made_number = i;
            return SPW_OK;
        }
    }
    if (w->ladder_count == w->config.ladders_max) {
        return SPW_E_FULL;
    }
    w->ladder_count++;
    w->ladders[w->ladder_count] = w->stage.ladder;
    w->made_number = w->ladder_count;
    return SPW_OK;
}

/* Whoever waits competes otherwise from now on: all are looked at, as backlog. */
static void order_moved(struct world *w)
{
    for (uint32_t i = 1; i <= w->counsellor_count; i++) {
        if (!w->counsellors[i].gone) {
            w->backlog_centre = 0;
            backlog_begin(w, BACKLOG_PLAN);
            return;
        }
    }
}

/* Rule O2: H[1] >= ... >= H[7]. */
static int commit_plan(struct world *w)
{
    struct plan *plan = &w->stage.plan;
    for (int p = 1; p + 1 < SPW_PRIORITY_COUNT; p++) {
        if (plan->head_start[p] < plan->head_start[p + 1]) {
            return SPW_E_RANGE;
        }
    }
    bucket_fill(w);
    w->plan = *plan;
    tell(w, SPW_EVENT_PLAN, 0);
    order_moved(w);
    return SPW_OK;
}

/* --- queues and centres; staged with the key of a committed one they revise it ---------------- */

static bool anybody_in(const struct world *w, uint32_t queue)
{
    for (uint32_t i = 1; i <= w->contact_count; i++) {
        if (w->contacts[i].state != SPW_CONTACT_GONE && w->contacts[i].queue == queue) {
            return true;
        }
    }
    return false;
}

static uint32_t first_need(const struct world *w, const struct queue *q)
{
    return q->ladder != 0 ? w->ladders[q->ladder].steps[0].need : q->need;
}

static int queue_revised(struct world *w, uint32_t queue)
{
    struct queue *q = &w->queues[queue];
    const struct queue *staged = &w->stage.queue;
    uint32_t need = first_need(w, staged);
    bool other_need = first_need(w, q) != need || q->ladder != staged->ladder;
    if (other_need && anybody_in(w, queue)) {
        return SPW_E_STATE;
    }
    bool moved = memcmp(q->target, staged->target, sizeof q->target) != 0;
    bool closed = q->closed;
    *q = *staged;
    q->closed = closed;
    w->made_number = queue;
    if (moved) {
        order_moved(w);
    }
    return SPW_OK;
}

static int commit_queue(struct world *w)
{
    const struct queue *staged = &w->stage.queue;
    if (staged->need != 0 && staged->need != first_need(w, staged)) {
        return SPW_E_INVALID; /* a need beside a ladder is that of its first step */
    }
    for (uint32_t i = 1; i <= w->queue_count; i++) {
        if (w->stage.queue.key != 0 && w->queues[i].key == w->stage.queue.key) {
            return queue_revised(w, i);
        }
    }
    if (w->queue_count == w->config.queues_max) {
        return SPW_E_FULL;
    }
    w->queue_count++;
    w->queues[w->queue_count] = w->stage.queue;
    w->made_number = w->queue_count;
    return SPW_OK;
}

/* Another lease begins now for all who are on duty and not lost. */
static void centre_revised(struct world *w, uint32_t centre)
{
    struct centre *c = &w->centres[centre];
    bool other_lease = c->lease != w->stage.centre.lease;
    enum centre_state state = c->state;
    *c = w->stage.centre;
    c->state = state;
    w->made_number = centre;
    for (uint32_t i = counsellor_next(w, 0); i != 0 && other_lease; i = counsellor_next(w, i)) {
        struct counsellor *who = &w->counsellors[i];
        bool lost = who->state == SPW_COUNSELLOR_GONE_SILENT;
        if (who->centre == centre && who->state != SPW_COUNSELLOR_OUT && !lost) {
            who->last_seen = w->clock;
            lease_start(w, i);
        }
    }
}

static int commit_centre(struct world *w)
{
    for (uint32_t i = 1; i <= w->centre_count; i++) {
        if (w->stage.centre.key != 0 && w->centres[i].key == w->stage.centre.key) {
            centre_revised(w, i);
            return SPW_OK;
        }
    }
    if (w->centre_count == w->config.centres_max) {
        return SPW_E_FULL;
    }
    w->centre_count++;
    w->centres[w->centre_count] = w->stage.centre;
    w->made_number = w->centre_count;
    return SPW_OK;
}

int stage_commit(struct world *w)
{
    int error = SPW_OK;
    switch (w->stage.what) {
    case SPW_STAGE_NEED:
        error = commit_need(w);
        break;
    case SPW_STAGE_SKILLSET:
        error = commit_skillset(w);
        break;
    case SPW_STAGE_LADDER:
        error = commit_ladder(w);
        break;
    case SPW_STAGE_QUEUE:
        error = commit_queue(w);
        break;
    case SPW_STAGE_CENTRE:
        error = commit_centre(w);
        break;
    case SPW_STAGE_PLAN:
        error = commit_plan(w);
        break;
    default:
        return SPW_E_STAGE;
    }
    if (error == SPW_OK) {
        w->stage.what = 0;
    }
    return error;
}

int skill_add(struct world *w, uint64_t key)
{
    for (uint32_t i = 1; i <= w->skill_count; i++) {
        if (w->skill_keys[i] == key) {
            return SPW_E_DUPLICATE;
        }
    }
    if (w->skill_count == w->config.skills_max) {
        return SPW_E_FULL;
    }
    w->skill_count++;
    w->skill_keys[w->skill_count] = key;
    w->made_number = w->skill_count;
    return SPW_OK;
}
