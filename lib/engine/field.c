/*
 * engine/field.c - what a queue, a centre and a plan can be told, field by field: their defaults,
 * the range of each number, and where it is kept until the stage is committed.
 *
 * Invariants: every number is checked before it is stored; an array keeps to the priorities,
 * channels and skill sets that there are; what is refused changes nothing.
 * Who calls: stage.c, which begins with the defaults and sets fields.
 * Cost: constant; a preference the number of them.
 */
#include "engine/verbs.h"

void spw__queue_default(struct spw__queue *queue)
{
    *queue = (struct spw__queue){
        .offer_timeout = 20 * SPW_SECOND,
        .park_grace = 120 * SPW_SECOND,
        .waiting_max = SPW_FOREVER,
        .retry_after = 60 * SPW_SECOND,
        .callback_attempts = 1,
        .callback_retry = 15 * SPW_MINUTE,
    };
    for (uint32_t p = 0; p < SPW_PRIORITY_COUNT; p++) {
        queue->target[p] = SPW__TARGET;
    }
}

void spw__centre_default(const struct spw_engine *e, struct spw__centre *centre)
{
    *centre = (struct spw__centre){
        .classes_max = e->config.classes_max,
        .pools_max = e->config.pools_max,
        .lease = SPW_FOREVER,
        .reconnect_grace = 60 * SPW_SECOND,
        .rest_share = 20,
        .open = 1,
        .empty_head = SPW_NONE,
        .empty_tail = SPW_NONE,
        .claimed = SPW_NONE,
    };
}

/* --- fields ----------------------------------------------------------------------------------- */

static bool in_range(int64_t value, int64_t low, int64_t high)
{
    return value >= low && value <= high;
}

/* Stores a checked number; refuses one outside [low, high]. */
#define SET(member, low, high)                                                                     \
    (in_range(value, (low), (high)) ? ((member) = (__typeof__(member))value, SPW_OK) : SPW_E_RANGE)

/* Stores the number of a committed object, or 0 for none. */
#define SET_OBJECT(member, count)                                                                  \
    (in_range(value, 0, (count)) ? ((member) = (__typeof__(member))value, SPW_OK) : SPW_E_UNKNOWN)

static int set_queue(struct spw_engine *e, uint32_t field, uint32_t index, int64_t value)
{
    struct spw__queue *q = &e->stage.queue;
    switch (field) {
    case SPW_QUEUE_KEY:
        q->key = (uint64_t)value;
        return SPW_OK;
    case SPW_QUEUE_NEED:
        return SET_OBJECT(q->need, e->catalogue.need.count);
    case SPW_QUEUE_LADDER:
        return SET_OBJECT(q->ladder, e->catalogue.ladder.count);
    case SPW_QUEUE_TARGET:
        return index < SPW_PRIORITY_COUNT ? SET(q->target[index], 0, SPW_FOREVER) : SPW_E_RANGE;
    case SPW_QUEUE_OFFER_TIMEOUT:
        return SET(q->offer_timeout, 1, SPW_TIME_MAX / 4);
    case SPW_QUEUE_WRAP_UP:
        return SET(q->wrap_up, 0, SPW_FOREVER);
    case SPW_QUEUE_PARK_GRACE:
        return SET(q->park_grace, 0, SPW_TIME_MAX / 4);
    case SPW_QUEUE_WAITING_MAX:
        return SET(q->waiting_max, 0, SPW_FOREVER);
    case SPW_QUEUE_RETRY_AFTER:
        return SET(q->retry_after, 0, SPW_TIME_MAX / 4);
    case SPW_QUEUE_CALLBACK_MAX:
        return SET(q->callback_max, 0, UINT32_MAX);
    case SPW_QUEUE_FALLBACK:
        return SET_OBJECT(q->fallback, e->queue_count);
    case SPW_QUEUE_CALLBACK_ATTEMPTS:
        return SET(q->callback_attempts, 1, 100);
    case SPW_QUEUE_CALLBACK_RETRY:
        return SET(q->callback_retry, 1, SPW_TIME_MAX / 4);
    default:
        return SPW_E_UNKNOWN;
    }
}

static int set_centre(struct spw_engine *e, uint32_t field, int64_t value)
{
    struct spw__centre *c = &e->stage.centre;
    switch (field) {
    case SPW_CENTRE_KEY:
        c->key = (uint64_t)value;
        return SPW_OK;
    case SPW_CENTRE_ZONE:
        return SET(c->zone, 0, 65535);
    case SPW_CENTRE_CLASSES_MAX:
        return SET(c->classes_max, 16, 1 << 20);
    case SPW_CENTRE_POOLS_MAX:
        return SET(c->pools_max, 1, 1 << 20);
    case SPW_CENTRE_LEASE:
        return SET(c->lease, 1, SPW_FOREVER);
    case SPW_CENTRE_RECONNECT_GRACE:
        return SET(c->reconnect_grace, 0, SPW_TIME_MAX / 4);
    case SPW_CENTRE_REST_SHARE:
        return SET(c->rest_share, 0, 100);
    default:
        return SPW_E_UNKNOWN;
    }
}

static int set_prefer(struct spw_engine *e, uint32_t field, uint32_t index, int64_t value)
{
    uint32_t skillset = index >> 16;
    uint32_t queue = index & 0xffff;
    if (skillset > e->catalogue.skillset.count || queue == 0 || queue > e->queue_count) {
        return SPW_E_UNKNOWN;
    }
    if (!in_range(value, 0, 1 << 20)) {
        return SPW_E_RANGE;
    }
    uint32_t i = 0;
    while (i < e->stage.prefer_count &&
           (e->prefer_stage[i].skillset != skillset || e->prefer_stage[i].queue != queue)) {
        i++;
    }
    if (i == e->config.prefers_max) {
        return SPW_E_FULL;
    }
    if (i == e->stage.prefer_count) {
        e->prefer_stage[i] = (struct spw__prefer){.skillset = skillset, .queue = queue};
        e->stage.prefer_count++;
    }
    if (field == SPW_PLAN_PREFER_RANK) {
        e->prefer_stage[i].rank = (uint32_t)value;
    } else {
        e->prefer_stage[i].reserve = (uint32_t)value;
    }
    return SPW_OK;
}

static int set_plan_array(struct spw_engine *e, uint32_t field, uint32_t index, int64_t value)
{
    struct spw__plan *p = &e->stage.plan;
    uint32_t limit = field == SPW_PLAN_UNITS || field == SPW_PLAN_GROUP
                         ? (uint32_t)SPW_CHANNEL_COUNT
                         : SPW_PRIORITY_COUNT;
    if (field == SPW_PLAN_POOL_ORDER) {
        limit = e->catalogue.skillset.count + 1;
    }
    if (index >= limit) {
        return SPW_E_RANGE;
    }
    switch (field) {
    case SPW_PLAN_HEAD_START:
        return index == 0 ? SPW_E_RANGE : SET(p->head_start[index], 0, SPW_TIME_MAX / 4);
    case SPW_PLAN_RATE:
        return SET(p->rate[index], 0, 1000000);
    case SPW_PLAN_UNITS:
        return SET(p->units[index], 1, 100);
    case SPW_PLAN_GROUP:
        return SET(p->group[index], 0, (1 << SPW_CHANNEL_COUNT) - 1);
    default:
        return SET(e->pool_order_stage[index], 0, SPW__POOL_ORDER_MAX);
    }
}

/* As if no plan had been there before; the text of a plan says all that shall hold. */
static int set_afresh(struct spw_engine *e)
{
    spw__plan_default(&e->stage.plan);
    e->stage.prefer_count = 0;
    for (uint32_t i = 0; i <= e->config.skillsets_max; i++) {
        e->pool_order_stage[i] = spw__pool_order_usual(i);
    }
    return SPW_OK;
}

static int set_plan(struct spw_engine *e, uint32_t field, uint32_t index, int64_t value)
{
    struct spw__plan *p = &e->stage.plan;
    switch (field) {
    case SPW_PLAN_HEAD_START:
    case SPW_PLAN_RATE:
    case SPW_PLAN_UNITS:
    case SPW_PLAN_GROUP:
    case SPW_PLAN_POOL_ORDER:
        return set_plan_array(e, field, index, value);
    case SPW_PLAN_PREFER_RANK:
    case SPW_PLAN_PREFER_RESERVE:
        return set_prefer(e, field, index, value);
    case SPW_PLAN_HEAD_START_UNCLASSIFIED:
        return SET(p->head_start_unclassified, 0, SPW_TIME_MAX / 4);
    case SPW_PLAN_PROTECTED:
        return SET(p->protected_on, 0, 1);
    case SPW_PLAN_PROTECTED_RATE:
        return value == SPW_FOREVER ? SET(p->protected_rate, value, value)
                                    : SET(p->protected_rate, 1, 1000000000);
    case SPW_PLAN_PROTECTED_BURST:
        return SET(p->protected_burst, 1, 1000000);
    case SPW_PLAN_UNCLASSIFIED_SHARE:
        return SET(p->unclassified_share, 0, 100);
    case SPW_PLAN_ORDER:
        if (value < 0 || spw__policy_select(e, (uint64_t)value) == NULL) {
            return SPW_E_POLICY;
        }
        p->order = (uint64_t)value;
        return SPW_OK;
    case SPW_PLAN_CHOOSER:
        return SET(p->chooser, 0, SPW_CHOOSE_ORDERED);
    case SPW_PLAN_CLAIM_AFTER:
        return SET(p->claim_after, 0, SPW_FOREVER);
    case SPW_PLAN_DECLINE_FOR:
        return SET(p->decline_for, 0, SPW_TIME_MAX / 4);
    case SPW_PLAN_MISS_MAX:
        return SET(p->miss_max, 1, 255);
    case SPW_PLAN_RESUME_GRACE:
        return SET(p->resume_grace, 0, SPW_TIME_MAX / 4);
    case SPW_PLAN_RESUME_GAP:
        return SET(p->resume_gap, 0, SPW_TIME_MAX / 4);
    case SPW_PLAN_CREDIT_MAX:
        return SET(p->credit_max, 0, SPW_TIME_MAX / 4);
    case SPW_PLAN_STICKY_BONUS:
        return SET(p->sticky_bonus, 0, SPW_TIME_MAX / 4);
    case SPW_PLAN_SUSPECT_DELAY:
        return SET(p->suspect_delay, 0, SPW_MINUTE);
    case SPW_PLAN_TRANSFER_HOLD:
        return SET(p->transfer_hold, 0, SPW_TIME_MAX / 4);
    case SPW_PLAN_REVISION:
        return SET(p->revision, 0, UINT32_MAX);
    case SPW_PLAN_AFRESH:
        return value == 0 ? set_afresh(e) : SPW_E_RANGE;
    default:
        return SPW_E_UNKNOWN;
    }
}

/* Fields of the stage that is open. */
static bool field_known(uint32_t what, uint32_t field)
{
    return what == SPW_STAGE_QUEUE    ? field >= SPW_QUEUE_KEY && field <= SPW_QUEUE_CALLBACK_RETRY
           : what == SPW_STAGE_CENTRE ? field >= SPW_CENTRE_KEY && field <= SPW_CENTRE_REST_SHARE
                                      : field >= SPW_PLAN_HEAD_START && field <= SPW_PLAN_AFRESH;
}

/* Fields that are many: by priority, channel, queue or skill set. */
static bool indexed(uint32_t field)
{
    return field == SPW_QUEUE_TARGET || field == SPW_PLAN_HEAD_START || field == SPW_PLAN_RATE ||
           field == SPW_PLAN_UNITS || field == SPW_PLAN_GROUP || field == SPW_PLAN_PREFER_RANK ||
           field == SPW_PLAN_PREFER_RESERVE || field == SPW_PLAN_POOL_ORDER;
}

/* One field of the open stage. */
int spw__stage_set(struct spw_engine *e, const struct spw_input *in)
{
    uint32_t what = e->stage.what;
    uint32_t field = in->u.set.field;
    if (what < SPW_STAGE_QUEUE) {
        return SPW_E_STAGE;
    }
    if (!field_known(what, field)) {
        return SPW_E_UNKNOWN;
    }
    if (in->u.set.index != 0 && !indexed(field)) {
        return SPW_E_RANGE;
    }
    return what == SPW_STAGE_QUEUE    ? set_queue(e, field, in->u.set.index, in->u.set.value)
           : what == SPW_STAGE_CENTRE ? set_centre(e, field, in->u.set.value)
                                      : set_plan(e, field, in->u.set.index, in->u.set.value);
}
