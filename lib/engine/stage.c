/*
 * engine/stage.c - staged objects: skills, needs, skill sets, ladders, queues, centres, the plan.
 *
 * begin, add, commit; one stage at a time; nothing is visible before the commit, and a commit that
 * is refused leaves the stage open, so that the host can read the error and abort (rule D5).
 * Invariants: needs, skill sets and ladders never change once committed; the plan is swapped whole,
 * a queue or a centre replaced by a revision of the same key, which keeps its number and what the
 * engine has learnt and counted of it. Every number is checked before it is stored.
 * Who calls: door.c. Cost: set-up only; a plan swap or the revision of a queue scores every class
 * head anew, a new lease walks the counsellors.
 */
#include <string.h>

#include "engine/verbs.h"

/* --- adding ----------------------------------------------------------------------------------- */

static struct spw__term *term_add(struct spw_engine *e)
{
    return e->stage.count == SPW__STAGE_TERMS ? NULL : &e->stage.term[e->stage.count++];
}

static int stage_literal(struct spw_engine *e, const struct spw_input *in)
{
    bool skill = in->kind == SPW_INPUT_STAGE_SKILL;
    if (e->stage.what != (skill ? (uint32_t)SPW_STAGE_SKILLSET : (uint32_t)SPW_STAGE_NEED)) {
        return SPW_E_STAGE;
    }
    uint32_t number = in->u.literal.skill;
    if (number == 0 || number > e->catalogue.skill_count) {
        return SPW_E_UNKNOWN;
    }
    if (in->u.literal.level < 1 || in->u.literal.level > 100 || in->u.literal.mode > SPW_LACKS ||
        (skill && in->u.literal.mode != 0)) {
        return SPW_E_RANGE;
    }
    if (!skill &&
        (e->stage.open_literals == SPW__LITERALS_MAX || e->stage.clause == SPW__CLAUSES_MAX)) {
        return SPW_E_FULL;
    }
    for (uint32_t i = 0; skill && i < e->stage.count; i++) {
        if (e->stage.term[i].number == number) {
            return SPW_E_DUPLICATE;
        }
    }
    struct spw__term *term = term_add(e);
    if (term == NULL) {
        return SPW_E_FULL;
    }
    *term = (struct spw__term){.number = number,
                               .level = (uint8_t)in->u.literal.level,
                               .mode = (uint8_t)in->u.literal.mode,
                               .clause = (uint8_t)e->stage.clause};
    spw__terms_sort(e->stage.term, e->stage.count); /* always canonical: a commit only reads */
    e->stage.open_literals += skill ? 0 : 1;
    return SPW_OK;
}

static int stage_clause(struct spw_engine *e, uint32_t floor)
{
    if (e->stage.what != SPW_STAGE_NEED || e->stage.open_literals == 0) {
        return SPW_E_STAGE;
    }
    if (floor > 1) {
        return SPW_E_RANGE;
    }
    for (uint32_t i = e->stage.count - e->stage.open_literals; i < e->stage.count; i++) {
        e->stage.term[i].floor = (uint8_t)floor;
    }
    e->stage.clause++;
    e->stage.open_literals = 0;
    return SPW_OK;
}

static int stage_step(struct spw_engine *e, const struct spw_input *in)
{
    if (e->stage.what != SPW_STAGE_LADDER) {
        return SPW_E_STAGE;
    }
    if (in->u.step.need > e->catalogue.need.count) {
        return SPW_E_UNKNOWN;
    }
    spw_ns before = e->stage.count == 0 ? 0 : e->stage.term[e->stage.count - 1].after;
    bool first = e->stage.count == 0;
    if (in->u.step.after < before || in->u.step.after >= SPW_TIME_MAX / 4 || in->u.step.raise > 7 ||
        (first && (in->u.step.after != 0 || in->u.step.raise != 0)) ||
        (!first && in->u.step.after == before)) {
        return SPW_E_RANGE;
    }
    if (e->stage.count == SPW__STEPS_MAX) {
        return SPW_E_FULL;
    }
    if (!first &&
        !spw__need_keeps_floors(&e->catalogue, e->stage.term[0].number, in->u.step.need)) {
        return SPW_E_FLOOR;
    }
    struct spw__term *term = term_add(e);
    *term = (struct spw__term){
        .after = in->u.step.after, .number = in->u.step.need, .level = (uint8_t)in->u.step.raise};
    return SPW_OK;
}

/* --- committing ------------------------------------------------------------------------------- */

/* Carves the matrices of a centre out of the arena, in a fixed order. */
static void *arena_take(struct spw_engine *e, size_t bytes)
{
    size_t at = (e->arena_used + 63) & ~(size_t)63;
    SPW_ASSERT(at + bytes <= e->arena_size);
    e->arena_used = at + bytes;
    return e->arena + at;
}

static void ranking_take(struct spw_engine *e, struct spw__ranking *ranking, uint32_t n,
                         int64_t *score)
{
    size_t bytes = (spw__ranking_bytes(n) + 63) & ~(size_t)63;
    SPW_ASSERT(e->rankings_size - e->rankings_used >= bytes);
    spw__ranking_init(ranking, e->rankings + e->rankings_used, n, score);
    e->rankings_used += bytes;
}

int spw__centre_build(struct spw_engine *e, uint32_t number)
{
    struct spw__centre *c = &e->centre[number];
    size_t bytes = spw__centre_bytes(c->classes_max, c->pools_max, e->config.needs_max);
    if (e->arena_size - e->arena_used < bytes || e->class_max - e->class_used < c->classes_max ||
        e->pool_max - e->pool_used < c->pools_max || c->classes_max > e->scratch_max ||
        c->pools_max > e->scratch_max) {
        return SPW_E_FULL;
    }
    size_t start = e->arena_used;
    c->class_words = (c->classes_max + 63) / 64;
    c->pool_words = (c->pools_max + 63) / 64;
    c->class_base = e->class_used;
    c->pool_base = e->pool_used;
    e->class_used += c->classes_max;
    e->pool_used += c->pools_max;
    size_t class_row = c->class_words * sizeof(uint64_t);
    size_t pool_row = c->pool_words * sizeof(uint64_t);
    c->class_score = arena_take(e, (size_t)c->class_words * 64 * sizeof(int64_t));
    c->pool_score = arena_take(e, (size_t)c->pool_words * 64 * sizeof(int64_t));
    c->row_by_pool = arena_take(e, c->pools_max * class_row);
    c->row_by_class = arena_take(e, c->classes_max * pool_row);
    c->live[0] = arena_take(e, class_row);
    c->live[1] = arena_take(e, class_row);
    for (uint32_t channel = 0; channel < SPW_CHANNEL_COUNT; channel++) {
        c->by_channel[channel] = arena_take(e, class_row);
    }
    c->unclassified = arena_take(e, class_row);
    c->danger = arena_take(e, class_row);
    c->scratch = arena_take(e, class_row);
    c->free_pools = arena_take(e, pool_row);
    c->part_pools = arena_take(e, pool_row);
    c->limited_pools = arena_take(e, pool_row);
    c->duty_pools = arena_take(e, pool_row);
    for (uint32_t channel = 0; channel < SPW_CHANNEL_COUNT; channel++) {
        c->pools_by_channel[channel] = arena_take(e, pool_row);
    }
    c->pools_by_need = arena_take(e, ((size_t)e->config.needs_max + 1) * pool_row);
    SPW_ASSERT(e->arena_used - start <= bytes);
    ranking_take(e, &c->classes, c->classes_max, c->class_score);
    ranking_take(e, &c->pools, c->pools_max, c->pool_score);
    c->heads = (struct spw__heads){e, c->class_base};
    c->classes.compare = spw__heads_compare;
    c->classes.context = &c->heads;
    return SPW_OK;
}

uint32_t spw__queue_find(const struct spw_engine *e, uint64_t key)
{
    uint32_t n = key == 0 ? 0 : e->queue_count;
    while (n > 0 && e->queue[n].key != key) {
        n--;
    }
    return n;
}

uint32_t spw__centre_find(const struct spw_engine *e, uint64_t key)
{
    uint32_t n = key == 0 ? 0 : e->centre_count;
    while (n > 0 && e->centre[n].key != key) {
        n--;
    }
    return n;
}

/* Its matrices are cut to size, so the sizes stay. Whether it is open, dark or frozen stays. */
static int revise_centre(struct spw_engine *e, uint32_t number, const struct spw__centre *staged)
{
    struct spw__centre *centre = &e->centre[number];
    if (staged->classes_max != centre->classes_max || staged->pools_max != centre->pools_max) {
        return SPW_E_STATE;
    }
    bool lease = staged->lease != centre->lease;
    centre->zone = staged->zone;
    centre->lease = staged->lease;
    centre->reconnect_grace = staged->reconnect_grace;
    centre->rest_share = staged->rest_share;
    if (lease) {
        spw__leases_begin(e, number);
    }
    return SPW_OK;
}

static int commit_centre(struct spw_engine *e, uint64_t *made)
{
    uint32_t number = spw__centre_find(e, e->stage.centre.key);
    if (number != 0) {
        *made = number;
        return revise_centre(e, number, &e->stage.centre);
    }
    if (e->centre_count == e->config.centres_max) {
        return SPW_E_FULL;
    }
    number = e->centre_count + 1;
    e->centre[number] = e->stage.centre;
    int error = spw__centre_build(e, number);
    if (error == SPW_OK) {
        e->centre_count = number;
        *made = number;
    }
    return error;
}

/* The order has changed, and claims with it: as backlog all free counsellors are looked at anew. */
static void look_anew(struct spw_engine *e)
{
    if (e->counsellors.free_count < e->counsellors.capacity) {
        spw__backlog_add(e, SPW__BACKLOG_MATCH, 0, 0);
    }
}

uint64_t spw__queue_live(const struct spw_engine *e, uint32_t number)
{
    uint64_t live = 0;
    for (uint32_t i = 0; i < e->pair_count; i++) {
        for (uint32_t row = 0; row <= SPW_PRIORITY_COUNT; row++) {
            live += (uint32_t)e->pair[i].key_hi == number ? e->pair[i].count[row].live : 0;
        }
    }
    return live;
}

/*
 * The contacts in the queue have classes by its need and count steps of its ladder, so these two
 * stay until the queue is empty. All else is read when it is used: what runs already, an offer or a
 * grace, keeps its end. An order by deadlines reckons with the targets: they move, it moves.
 */
static int revise_queue(struct spw_engine *e, uint32_t number, const struct spw__queue *staged)
{
    struct spw__queue *queue = &e->queue[number];
    if ((staged->need != queue->need || staged->ladder != queue->ladder) &&
        spw__queue_live(e, number) > 0) {
        return SPW_E_STATE;
    }
    struct spw__queue revised = *staged;
    revised.callbacks = queue->callbacks;
    revised.closed = queue->closed;
    revised.completions = queue->completions;
    revised.completion_mean = queue->completion_mean;
    bool moved = memcmp(queue->target, revised.target, sizeof queue->target) != 0;
    *queue = revised;
    for (uint32_t n = 1; moved && n <= e->centre_count; n++) {
        spw__class_rescore_all(e, n);
    }
    if (moved) {
        look_anew(e);
    }
    return SPW_OK;
}

static int commit_queue(struct spw_engine *e, uint64_t *made)
{
    struct spw__queue queue = e->stage.queue; /* a copy: refused, what is staged stays as it was */
    uint32_t number = spw__queue_find(e, queue.key);
    if (queue.ladder != 0) {
        uint32_t first = spw__ladder_step(&e->catalogue, queue.ladder, 0)->number;
        if (queue.need != 0 && queue.need != first) {
            return SPW_E_INVALID; /* the first step is the need: which of the two is meant? */
        }
        queue.need = first;
    }
    if (number == 0 && e->queue_count == e->config.queues_max) {
        return SPW_E_FULL;
    }
    if (number != 0) {
        *made = number;
        return revise_queue(e, number, &queue);
    }
    e->queue[++e->queue_count] = queue;
    *made = e->queue_count;
    return SPW_OK;
}

/*
 * What has been used of the protected share stays used, counted in offers: the time that it takes
 * to come back is another under another rate. A plan without a bound, or a tier, leaves nothing.
 */
static void share_kept(struct spw_engine *e, const struct spw__plan *plan)
{
    __extension__ typedef unsigned __int128 wide;
    const wide most = (wide)1000000 * SPW_HOUR; /* the largest burst at the lowest rate */
    bool bound = e->plan.protected_on && e->plan.protected_rate != SPW_FOREVER &&
                 plan->protected_on && plan->protected_rate != SPW_FOREVER;
    if (!bound) {
        e->protected_tat = 0;
    } else if (e->protected_tat > e->clock) {
        wide used = (wide)(e->protected_tat - e->clock) * (wide)(SPW_HOUR / plan->protected_rate) /
                    (wide)(SPW_HOUR / e->plan.protected_rate);
        e->protected_tat = e->clock + (spw_ns)(used < most ? used : most);
    }
}

static int commit_plan(struct spw_engine *e)
{
    const struct spw__plan *plan = &e->stage.plan;
    if (spw__head_start_rises(plan) != 0) {
        return SPW_E_RANGE;
    }
    share_kept(e, plan);
    e->plan = *plan;
    e->order = spw__policy_select(e, plan->order);
    e->prefer_count = e->stage.prefer_count;
    memcpy(e->prefer, e->prefer_stage, e->prefer_count * sizeof *e->prefer);
    memcpy(e->pool_order, e->pool_order_stage,
           ((size_t)e->config.skillsets_max + 1) * sizeof *e->pool_order);
    for (uint32_t n = 1; n <= e->centre_count; n++) {
        spw__class_rescore_all(e, n);
        spw__share_changed(e, n);
    }
    spw__pool_rescore_all(e);
    spw__emit_seal(e, spw__emit(e, SPW_EVENT_PLAN, 0));
    look_anew(e);
    return SPW_OK;
}

static int commit_terms(struct spw_engine *e, uint64_t *made)
{
    struct spw__terms *terms = e->stage.what == SPW_STAGE_NEED       ? &e->catalogue.need
                               : e->stage.what == SPW_STAGE_SKILLSET ? &e->catalogue.skillset
                                                                     : &e->catalogue.ladder;
    if (e->stage.what == SPW_STAGE_LADDER && e->stage.count == 0) {
        return SPW_E_STAGE;
    }
    /* An open clause is one that may be relaxed: its literals are marked so already. */
    if (e->stage.what == SPW_STAGE_NEED) {
        struct spw__term need[SPW__CLAUSES_MAX * SPW__LITERALS_MAX];
        uint32_t count = spw__need_canonical(e->stage.term, e->stage.count, need);
        *made = spw__terms_intern(&e->catalogue, terms, need, count);
        spw__pools_meet(e, (uint32_t)*made);
    } else {
        *made = spw__terms_intern(&e->catalogue, terms, e->stage.term, e->stage.count);
    }
    return *made == 0 ? SPW_E_FULL : SPW_OK;
}

static int stage_commit(struct spw_engine *e, uint64_t *made)
{
    int error;
    switch (e->stage.what) {
    case 0:
        return SPW_E_STAGE;
    case SPW_STAGE_CENTRE:
        error = commit_centre(e, made);
        break;
    case SPW_STAGE_QUEUE:
        error = commit_queue(e, made);
        break;
    case SPW_STAGE_PLAN:
        error = commit_plan(e);
        break;
    default:
        error = commit_terms(e, made);
        break;
    }
    if (error == SPW_OK) {
        e->stage.what = 0;
        e->stage.count = 0;
    }
    return error;
}

static int stage_begin(struct spw_engine *e, uint32_t what)
{
    if (what < SPW_STAGE_NEED || what > SPW_STAGE_PLAN) {
        return SPW_E_RANGE;
    }
    if (e->stage.what != 0) {
        return SPW_E_STAGE;
    }
    e->stage.what = what;
    e->stage.count = 0;
    e->stage.clause = 0;
    e->stage.open_literals = 0;
    e->stage.prefer_count = e->prefer_count;
    e->stage.plan = e->plan;
    memcpy(e->prefer_stage, e->prefer, e->prefer_count * sizeof *e->prefer);
    memcpy(e->pool_order_stage, e->pool_order,
           ((size_t)e->config.skillsets_max + 1) * sizeof *e->pool_order);
    spw__queue_default(&e->stage.queue);
    spw__centre_default(e, &e->stage.centre);
    return SPW_OK;
}

static int skill_add(struct spw_engine *e, uint64_t key, uint64_t *made)
{
    for (uint32_t n = 1; n <= e->catalogue.skill_count; n++) {
        if (e->catalogue.skill_key[n] == key) {
            return SPW_E_DUPLICATE;
        }
    }
    if (e->catalogue.skill_count == e->catalogue.skill_max) {
        return SPW_E_FULL;
    }
    e->catalogue.skill_key[++e->catalogue.skill_count] = key;
    *made = e->catalogue.skill_count;
    return SPW_OK;
}

int spw__stage_input(struct spw_engine *e, const struct spw_input *in, uint64_t *made)
{
    switch (in->kind) {
    case SPW_INPUT_STAGE_BEGIN:
        return stage_begin(e, in->u.stage.what);
    case SPW_INPUT_STAGE_LITERAL:
    case SPW_INPUT_STAGE_SKILL:
        return stage_literal(e, in);
    case SPW_INPUT_STAGE_CLAUSE:
        return stage_clause(e, in->u.clause.floor);
    case SPW_INPUT_STAGE_STEP:
        return stage_step(e, in);
    case SPW_INPUT_STAGE_SET:
        return spw__stage_set(e, in);
    case SPW_INPUT_STAGE_COMMIT:
        return stage_commit(e, made);
    case SPW_INPUT_STAGE_ABORT:
        if (e->stage.what == 0) {
            return SPW_E_STAGE;
        }
        e->stage.what = 0;
        e->stage.count = 0;
        return SPW_OK;
    default:
        return skill_add(e, in->u.skill.key, made);
    }
}
