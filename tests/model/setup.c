/*
 * model/setup.c - stages, skills and the plan's defaults (rules D5, N1, N2).
 *
 * A stage lies in the world as it is being built; commit checks it and appends it to its list, or
 * finds an equal one. Ranges are those of the headers; where they name none, the README of this
 * folder lists what was observed.
 */
#include "world.h"

#include <string.h>

/* No script goes near the real bound, which the headers do not name. */
#define SPAN_MAX ((spw_ns)1 << 60)

void plan_defaults(struct plan *plan)
{
    memset(plan, 0, sizeof *plan);
    plan->head_start[1] = 1800 * SPW_SECOND;
    plan->head_start[2] = 300 * SPW_SECOND;
    plan->head_start_unclassified = 600 * SPW_SECOND;
    plan->protect = 1;
    plan->protected_rate = SPW_FOREVER;
    plan->protected_burst = 10;
    plan->unclassified_share = 25;
    for (int p = 0; p < SPW_PRIORITY_COUNT; p++) {
        plan->rate[p] = p == 0 ? 8000 : p < 4 ? 16000u >> p : 1000;
    }
    plan->units[SPW_CHANNEL_VOICE] = 100;
    plan->units[SPW_CHANNEL_CHAT] = 33;
    plan->units[SPW_CHANNEL_TEXT] = 25;
    plan->units[SPW_CHANNEL_EMAIL] = 20;
    plan->units[SPW_CHANNEL_WORK] = 20;
    for (uint32_t i = 0; i <= SETS; i++) {
        plan->pool_order[i] = i;
    }
    plan->claim_after = 60 * SPW_SECOND;
    plan->decline_for = 300 * SPW_SECOND;
    plan->miss_max = 2;
    plan->resume_grace = 10 * SPW_MINUTE;
    plan->resume_gap = 2 * SPW_MINUTE;
    plan->credit_max = 30 * SPW_MINUTE;
    plan->sticky_bonus = 120 * SPW_SECOND;
    plan->transfer_hold = 120 * SPW_SECOND;
}

static void queue_defaults(struct queue *q)
{
    memset(q, 0, sizeof *q);
    for (int p = 0; p < SPW_PRIORITY_COUNT; p++) {
        q->target[p] = 60 * SPW_SECOND;
    }
    q->offer_timeout = 20 * SPW_SECOND;
    q->park_grace = 120 * SPW_SECOND;
    q->waiting_max = (uint64_t)SPW_FOREVER;
    q->retry_after = 60 * SPW_SECOND;
    q->callback_attempts = 1;
    q->callback_retry = 15 * SPW_MINUTE;
}

static void centre_defaults(struct centre *c)
{
    memset(c, 0, sizeof *c);
    c->lease = SPW_FOREVER;
    c->reconnect_grace = 60 * SPW_SECOND;
    c->rest_share = 20;
    c->state = CENTRE_OPEN;
}

static int stage_begin(struct world *w, uint32_t what)
{
    if (what < SPW_STAGE_NEED || what > SPW_STAGE_PLAN) {
        return SPW_E_RANGE;
    }
    if (w->stage.what != 0) {
        return SPW_E_STAGE;
    }
    memset(&w->stage, 0, sizeof w->stage);
    w->stage.what = what;
    queue_defaults(&w->stage.queue);
    centre_defaults(&w->stage.centre);
    w->stage.plan = w->plan;
    return SPW_OK;
}

static int stage_literal(struct world *w, const struct spw_input *in)
{
    struct need *need = &w->stage.need;
    if (w->stage.what != SPW_STAGE_NEED) {
        return SPW_E_STAGE;
    }
    if (in->u.literal.skill == 0 || in->u.literal.skill > w->skill_count) {
        return SPW_E_UNKNOWN;
    }
    if (in->u.literal.level < 1 || in->u.literal.level > 100 || in->u.literal.mode > SPW_LACKS) {
        return SPW_E_RANGE;
    }
    if (!w->stage.clause_open) {
        if (need->count == CLAUSES) {
            return SPW_E_FULL;
        }
        need->clauses[need->count].count = 0;
        need->count++;
        w->stage.clause_open = true;
    }
    struct clause *clause = &need->clauses[need->count - 1];
    if (clause->count == LITERALS) {
        return SPW_E_FULL;
    }
    clause->literals[clause->count] =
        (struct literal){in->u.literal.skill, in->u.literal.level, in->u.literal.mode};
    clause->count++;
    return SPW_OK;
}

static int stage_clause(struct world *w, uint32_t floor)
{
    if (w->stage.what != SPW_STAGE_NEED || !w->stage.clause_open) {
        return SPW_E_STAGE;
    }
    if (floor > 1) {
        return SPW_E_RANGE;
    }
    w->stage.need.clauses[w->stage.need.count - 1].floor = floor;
    w->stage.clause_open = false;
    return SPW_OK;
}

static int stage_skill(struct world *w, uint32_t skill, uint32_t level)
{
    if (w->stage.what != SPW_STAGE_SKILLSET) {
        return SPW_E_STAGE;
    }
    if (skill == 0 || skill > w->skill_count) {
        return SPW_E_UNKNOWN;
    }
    if (level < 1 || level > 100) {
        return SPW_E_RANGE;
    }
    if (w->stage.skillset.levels[skill] != 0) {
        return SPW_E_DUPLICATE;
    }
    w->stage.skillset.levels[skill] = level;
    return SPW_OK;
}

static bool in_range(int64_t value, int64_t low, int64_t high)
{
    return value >= low && value <= high;
}

static bool span_or_never(int64_t value)
{
    return in_range(value, 0, SPAN_MAX) || value == SPW_FOREVER;
}

static int set_queue(const struct world *w, struct queue *q, uint32_t field, uint32_t index,
                     int64_t value)
{
    switch (field) {
    case SPW_QUEUE_KEY:
        q->key = (uint64_t)value;
        return SPW_OK;
    case SPW_QUEUE_NEED:
        q->need = (uint32_t)value;
        return in_range(value, 0, w->need_count) ? SPW_OK : SPW_E_UNKNOWN;
    case SPW_QUEUE_LADDER:
        q->ladder = (uint32_t)value;
        return in_range(value, 0, w->ladder_count) ? SPW_OK : SPW_E_UNKNOWN;
    case SPW_QUEUE_TARGET:
        if (index >= SPW_PRIORITY_COUNT || !span_or_never(value)) {
            return SPW_E_RANGE;
        }
        q->target[index] = value;
        return SPW_OK;
    case SPW_QUEUE_OFFER_TIMEOUT:
        q->offer_timeout = value;
        return in_range(value, 1, SPAN_MAX) ? SPW_OK : SPW_E_RANGE;
    case SPW_QUEUE_WRAP_UP:
        q->wrap_up = value;
        return span_or_never(value) ? SPW_OK : SPW_E_RANGE;
    case SPW_QUEUE_PARK_GRACE:
        q->park_grace = value;
        return in_range(value, 0, SPAN_MAX) ? SPW_OK : SPW_E_RANGE;
    case SPW_QUEUE_WAITING_MAX:
        q->waiting_max = (uint64_t)value;
        return span_or_never(value) ? SPW_OK : SPW_E_RANGE;
    case SPW_QUEUE_RETRY_AFTER:
        q->retry_after = value;
        return in_range(value, 0, SPAN_MAX) ? SPW_OK : SPW_E_RANGE;
    case SPW_QUEUE_CALLBACK_MAX:
        q->callback_max = (uint64_t)value;
        return in_range(value, 0, UINT32_MAX) ? SPW_OK : SPW_E_RANGE;
    case SPW_QUEUE_FALLBACK:
        q->fallback = (uint32_t)value;
        return in_range(value, 0, w->queue_count) ? SPW_OK : SPW_E_UNKNOWN;
    case SPW_QUEUE_CALLBACK_ATTEMPTS:
        q->callback_attempts = (uint64_t)value;
        return in_range(value, 1, 100) ? SPW_OK : SPW_E_RANGE;
    case SPW_QUEUE_CALLBACK_RETRY:
        q->callback_retry = value;
        return in_range(value, 1, SPAN_MAX) ? SPW_OK : SPW_E_RANGE;
    default:
        return SPW_E_UNKNOWN;
    }
}

static int set_centre(struct centre *c, uint32_t field, int64_t value)
{
    switch (field) {
    case SPW_CENTRE_KEY:
        c->key = (uint64_t)value;
        return SPW_OK;
    case SPW_CENTRE_ZONE:
        c->zone = (uint32_t)value;
        return in_range(value, 0, 65535) ? SPW_OK : SPW_E_RANGE;
    case SPW_CENTRE_LEASE:
        c->lease = value;
        return in_range(value, 1, SPAN_MAX) || value == SPW_FOREVER ? SPW_OK : SPW_E_RANGE;
    case SPW_CENTRE_RECONNECT_GRACE:
        c->reconnect_grace = value;
        return in_range(value, 0, SPAN_MAX) ? SPW_OK : SPW_E_RANGE;
    case SPW_CENTRE_REST_SHARE:
        c->rest_share = (uint32_t)value;
        return in_range(value, 0, 100) ? SPW_OK : SPW_E_RANGE;
    default:
        return SPW_E_UNKNOWN;
    }
}

static int set_prefer(const struct world *w, struct plan *plan, uint32_t field, uint32_t index,
                      int64_t value)
{
    uint32_t skillset = index >> 16;
    uint32_t queue = index & 0xffff;
    if (skillset > w->set_count || queue == 0 || queue > w->queue_count) {
        return SPW_E_UNKNOWN;
    }
    if (!in_range(value, 0, 65536)) {
        return SPW_E_RANGE;
    }
    struct prefer *found = NULL;
    for (uint32_t i = 0; i < plan->prefer_count; i++) {
        if (plan->prefers[i].skillset == skillset && plan->prefers[i].queue == queue) {
            found = &plan->prefers[i];
        }
    }
    if (found == NULL) {
        if (plan->prefer_count == w->config.prefers_max || plan->prefer_count == PREFERS) {
            return SPW_E_FULL;
        }
        found = &plan->prefers[plan->prefer_count];
        plan->prefer_count++;
        *found = (struct prefer){skillset, queue, 0, 0};
    }
    if (field == SPW_PLAN_PREFER_RANK) {
        found->rank = (uint32_t)value;
    } else {
        found->reserve = (uint32_t)value;
    }
    return SPW_OK;
}

static int set_plan_by_index(const struct world *w, struct plan *plan, uint32_t field,
                             uint32_t index, int64_t value)
{
    switch (field) {
    case SPW_PLAN_HEAD_START:
        if (index < 1 || index >= SPW_PRIORITY_COUNT || !in_range(value, 0, SPAN_MAX)) {
            return SPW_E_RANGE;
        }
        plan->head_start[index] = value;
        return SPW_OK;
    case SPW_PLAN_RATE:
        if (index >= SPW_PRIORITY_COUNT || !in_range(value, 0, 1000000)) {
            return SPW_E_RANGE;
        }
        plan->rate[index] = (uint32_t)value;
        return SPW_OK;
    case SPW_PLAN_UNITS:
        if (index >= SPW_CHANNEL_COUNT || !in_range(value, 1, 100)) {
            return SPW_E_RANGE;
        }
        plan->units[index] = (uint32_t)value;
        return SPW_OK;
    case SPW_PLAN_GROUP:
        if (index >= SPW_CHANNEL_COUNT || !in_range(value, 0, 31)) {
            return SPW_E_RANGE;
        }
        plan->group[index] = (uint32_t)value;
        return SPW_OK;
    case SPW_PLAN_PREFER_RANK:
    case SPW_PLAN_PREFER_RESERVE:
        return set_prefer(w, plan, field, index, value);
    case SPW_PLAN_POOL_ORDER:
        if (index > w->set_count || !in_range(value, 0, 4096)) {
            return SPW_E_RANGE;
        }
        plan->pool_order[index] = (uint32_t)value;
        return SPW_OK;
    default:
        return SPW_E_UNKNOWN;
    }
}

static int set_plan(const struct world *w, struct plan *plan, uint32_t field, uint32_t index,
                    int64_t value)
{
    spw_ns *span = NULL;
    switch (field) {
    case SPW_PLAN_HEAD_START_UNCLASSIFIED:
        span = &plan->head_start_unclassified;
        break;
    case SPW_PLAN_DECLINE_FOR:
        span = &plan->decline_for;
        break;
    case SPW_PLAN_RESUME_GRACE:
        span = &plan->resume_grace;
        break;
    case SPW_PLAN_RESUME_GAP:
        span = &plan->resume_gap;
        break;
    case SPW_PLAN_CREDIT_MAX:
        span = &plan->credit_max;
        break;
    case SPW_PLAN_STICKY_BONUS:
        span = &plan->sticky_bonus;
        break;
    case SPW_PLAN_TRANSFER_HOLD:
        span = &plan->transfer_hold;
        break;
    case SPW_PLAN_SUSPECT_DELAY:
        plan->suspect_delay = value;
        return in_range(value, 0, 60 * SPW_SECOND) ? SPW_OK : SPW_E_RANGE;
    case SPW_PLAN_CLAIM_AFTER:
        plan->claim_after = value;
        return span_or_never(value) ? SPW_OK : SPW_E_RANGE;
    case SPW_PLAN_PROTECTED:
        plan->protect = (uint32_t)value;
        return in_range(value, 0, 1) ? SPW_OK : SPW_E_RANGE;
    case SPW_PLAN_PROTECTED_RATE:
        plan->protected_rate = value;
        return in_range(value, 1, SPAN_MAX) || value == SPW_FOREVER ? SPW_OK : SPW_E_RANGE;
    case SPW_PLAN_PROTECTED_BURST:
        plan->protected_burst = value;
        return in_range(value, 1, 65536) ? SPW_OK : SPW_E_RANGE;
    case SPW_PLAN_UNCLASSIFIED_SHARE:
        plan->unclassified_share = (uint32_t)value;
        return in_range(value, 0, 100) ? SPW_OK : SPW_E_RANGE;
    case SPW_PLAN_ORDER:
        plan->order = (uint32_t)value;
        return in_range(value, 0, SPW_ORDER_LIFO) ? SPW_OK : SPW_E_POLICY;
    case SPW_PLAN_CHOOSER:
        plan->chooser = (uint32_t)value;
        return in_range(value, 0, SPW_CHOOSE_ORDERED) ? SPW_OK : SPW_E_RANGE;
    case SPW_PLAN_MISS_MAX:
        plan->miss_max = (uint32_t)value;
        return in_range(value, 1, 255) ? SPW_OK : SPW_E_RANGE;
    case SPW_PLAN_AFRESH:
        plan_defaults(plan);
        return value == 0 ? SPW_OK : SPW_E_RANGE;
    case SPW_PLAN_REVISION:
        plan->revision = (uint32_t)value;
        return in_range(value, 0, UINT32_MAX) ? SPW_OK : SPW_E_RANGE;
    default:
        return set_plan_by_index(w, plan, field, index, value);
    }
    *span = value;
    return in_range(value, 0, SPAN_MAX) ? SPW_OK : SPW_E_RANGE;
}

static bool takes_index(uint32_t field)
{
    switch (field) {
    case SPW_QUEUE_TARGET:
    case SPW_PLAN_HEAD_START:
    case SPW_PLAN_RATE:
    case SPW_PLAN_UNITS:
    case SPW_PLAN_GROUP:
    case SPW_PLAN_PREFER_RANK:
    case SPW_PLAN_PREFER_RESERVE:
    case SPW_PLAN_POOL_ORDER:
        return true;
    default:
        return false;
    }
}

static bool field_of(uint32_t stage, uint32_t field)
{
    switch (stage) {
    case SPW_STAGE_QUEUE:
        return in_range(field, SPW_QUEUE_KEY, SPW_QUEUE_CALLBACK_RETRY);
    case SPW_STAGE_CENTRE:
        return in_range(field, SPW_CENTRE_KEY, SPW_CENTRE_REST_SHARE);
    default:
        return stage == SPW_STAGE_PLAN && in_range(field, SPW_PLAN_HEAD_START, SPW_PLAN_AFRESH);
    }
}

static int stage_set(struct world *w, uint32_t field, uint32_t index, int64_t value)
{
    if (field_of(w->stage.what, field) && index != 0 && !takes_index(field)) {
        return SPW_E_RANGE;
    }
    struct stage before = w->stage;
    int error;
    switch (w->stage.what) {
    case SPW_STAGE_QUEUE:
        error = set_queue(w, &w->stage.queue, field, index, value);
        break;
    case SPW_STAGE_CENTRE:
        error = set_centre(&w->stage.centre, field, value);
        break;
    case SPW_STAGE_PLAN:
        error = set_plan(w, &w->stage.plan, field, index, value);
        break;
    default:
        return SPW_E_STAGE;
    }
    if (error != SPW_OK) {
        w->stage = before;
    }
    return error;
}

int setup_apply(struct world *w, const struct spw_input *in)
{
    switch (in->kind) {
    case SPW_INPUT_STAGE_BEGIN:
        return stage_begin(w, in->u.stage.what);
    case SPW_INPUT_STAGE_LITERAL:
        return stage_literal(w, in);
    case SPW_INPUT_STAGE_CLAUSE:
        return stage_clause(w, in->u.clause.floor);
    case SPW_INPUT_STAGE_SKILL:
        return stage_skill(w, in->u.literal.skill, in->u.literal.level);
    case SPW_INPUT_STAGE_STEP:
        return stage_step(w, in);
    case SPW_INPUT_STAGE_SET:
        return stage_set(w, in->u.set.field, in->u.set.index, in->u.set.value);
    case SPW_INPUT_STAGE_COMMIT:
        return stage_commit(w);
    case SPW_INPUT_STAGE_ABORT:
        if (w->stage.what == 0) {
            return SPW_E_STAGE;
        }
        w->stage.what = 0;
        return SPW_OK;
    default:
        return skill_add(w, in->u.skill.key);
    }
}
