/*
 * model/generate_setup.c - skills, sets, needs, ladders, queues, centres, plans and counsellors of
 * a random world; some of them wrong on purpose.
 */
#include "generate.h"

#include <string.h>

static void stage(struct generator *g, uint32_t what)
{
    generator_later(g, SPW_INPUT_STAGE_BEGIN)->input.u.stage.what = what;
}

static void commit(struct generator *g)
{
    generator_later(g, SPW_INPUT_STAGE_COMMIT);
}

static void set(struct generator *g, uint32_t field, uint32_t index, int64_t value)
{
    struct spw_input *in = &generator_later(g, SPW_INPUT_STAGE_SET)->input;
    in->u.set.field = field;
    in->u.set.index = index;
    in->u.set.value = value;
}

static spw_ns seconds(struct generator *g, uint32_t low, uint32_t high)
{
    return (spw_ns)prng_between(&g->random, low, high) * SPW_SECOND;
}

static void literal(struct generator *g, uint32_t kind, uint32_t skill, uint32_t level,
                    uint32_t mode)
{
    struct spw_input *in = &generator_later(g, kind)->input;
    in->u.literal.skill = skill;
    in->u.literal.level = level;
    in->u.literal.mode = mode;
}

static uint32_t level(struct generator *g)
{
    static const uint32_t levels[] = {1, 1, 20, 50, 50, 100};
    return levels[prng_below(&g->random, 6)];
}

static void skillset(struct generator *g, uint32_t skills)
{
    stage(g, SPW_STAGE_SKILLSET);
    for (uint32_t s = 1; s <= skills; s++) {
        if (prng_chance(&g->random, 75)) {
            literal(g, SPW_INPUT_STAGE_SKILL, s, level(g), 0);
        }
    }
    commit(g);
}

static void need(struct generator *g, uint32_t skills, bool floors)
{
    struct prng *r = &g->random;
    stage(g, SPW_STAGE_NEED);
    uint32_t clauses = prng_chance(r, g->breaks ? 75 : 30) ? 0 : prng_between(r, 1, 2);
    for (uint32_t i = 0; i < clauses; i++) {
        uint32_t literals = prng_between(r, 1, 2);
        for (uint32_t j = 0; j < literals; j++) {
            uint32_t lacks = floors && prng_chance(r, 15) ? SPW_LACKS : SPW_HOLDS;
            uint32_t skill = prng_between(r, 1, skills);
            literal(g, SPW_INPUT_STAGE_LITERAL, skill, level(g), lacks);
        }
        generator_later(g, SPW_INPUT_STAGE_CLAUSE)->input.u.clause.floor =
            floors && prng_chance(r, 20) ? 1 : 0;
    }
    commit(g);
}

static void ladder(struct generator *g, uint32_t needs)
{
    struct prng *r = &g->random;
    stage(g, SPW_STAGE_LADDER);
    spw_ns after = 0;
    uint32_t steps = prng_between(r, 1, 4);
    for (uint32_t i = 0; i < steps; i++) {
        struct spw_input *in = &generator_later(g, SPW_INPUT_STAGE_STEP)->input;
        in->u.step.after = after;
        in->u.step.need = prng_between(r, 1, needs);
        in->u.step.raise = i == 0 && prng_chance(r, 95) ? 0 : prng_below(r, 3);
        after += seconds(g, 1, 15);
    }
    commit(g);
}

static void queue_needs(struct generator *g, uint32_t needs, uint32_t ladders)
{
    struct prng *r = &g->random;
    bool by_ladder = ladders > 0 && prng_chance(r, 40);
    if (by_ladder) {
        set(g, SPW_QUEUE_LADDER, 0, prng_between(r, 0, ladders));
    }
    if (prng_chance(r, by_ladder ? 5 : 60)) {
        set(g, SPW_QUEUE_NEED, 0, prng_between(r, 0, needs));
    }
}

static void queue_rest(struct generator *g, uint32_t queues)
{
    struct prng *r = &g->random;
    if (prng_chance(r, 50)) {
        set(g, SPW_QUEUE_OFFER_TIMEOUT, 0, seconds(g, 1, 25));
    }
    if (prng_chance(r, 60)) {
        set(g, SPW_QUEUE_WRAP_UP, 0, prng_chance(r, 15) ? SPW_FOREVER : seconds(g, 0, 12));
    }
    if (prng_chance(r, 50)) {
        set(g, SPW_QUEUE_PARK_GRACE, 0, seconds(g, 0, 30));
    }
    if (prng_chance(r, g->breaks || g->crowd ? 5 : 30)) {
        set(g, SPW_QUEUE_WAITING_MAX, 0, prng_below(r, 5));
        set(g, SPW_QUEUE_RETRY_AFTER, 0, seconds(g, 0, 90));
    }
    if (prng_chance(r, 60)) {
        set(g, SPW_QUEUE_CALLBACK_MAX, 0, prng_below(r, 4));
        set(g, SPW_QUEUE_CALLBACK_ATTEMPTS, 0, prng_between(r, 1, 3));
        set(g, SPW_QUEUE_CALLBACK_RETRY, 0, seconds(g, 0, 30));
    }
    if (prng_chance(r, 40)) {
        set(g, SPW_QUEUE_FALLBACK, 0, prng_below(r, queues + 1));
    }
    if (prng_chance(r, 40)) {
        uint32_t priority = prng_below(r, 8);
        set(g, SPW_QUEUE_TARGET, priority, seconds(g, 0, 40));
    }
    commit(g);
}

static void queue(struct generator *g, uint32_t needs, uint32_t ladders, uint32_t queues)
{
    stage(g, SPW_STAGE_QUEUE);
    g->next_key++; /* one key, one queue */
    set(g, SPW_QUEUE_KEY, 0, (int64_t)g->next_key);
    queue_needs(g, needs, ladders);
    queue_rest(g, queues);
}

/* Mostly with the need and the ladder that it has: others stand while anybody is in it. */
static void queue_again(struct generator *g, const struct world *w)
{
    const struct queue *q = &w->queues[prng_between(&g->random, 1, w->queue_count)];
    stage(g, SPW_STAGE_QUEUE);
    set(g, SPW_QUEUE_KEY, 0, (int64_t)q->key);
    if (prng_chance(&g->random, 75)) {
        set(g, SPW_QUEUE_NEED, 0, q->need);
        set(g, SPW_QUEUE_LADDER, 0, q->ladder);
    } else {
        queue_needs(g, w->need_count, w->ladder_count);
    }
    queue_rest(g, w->queue_count);
}

static void centre(struct generator *g, uint64_t key)
{
    struct prng *r = &g->random;
    stage(g, SPW_STAGE_CENTRE);
    set(g, SPW_CENTRE_KEY, 0, (int64_t)key);
    set(g, SPW_CENTRE_ZONE, 0, prng_below(r, 3));
    if (has(g, GROUP_LOST) && prng_chance(r, g->breaks ? 10 : 40)) {
        set(g, SPW_CENTRE_LEASE, 0, seconds(g, 5, 60));
    }
    if (prng_chance(r, 50)) {
        set(g, SPW_CENTRE_RECONNECT_GRACE, 0, seconds(g, 0, 20));
    }
    if (prng_chance(r, 40)) {
        set(g, SPW_CENTRE_REST_SHARE, 0, prng_below(r, 101));
    }
    if (has(g, GROUP_LIMITS) &&
        prng_chance(r, g->breaks ? 40 : 60)) { /* pools are small: else few breaks begin */
        set(g, SPW_CENTRE_REST_SHARE, 0, 100);
    }
    commit(g);
}

static void plan_orders(struct generator *g)
{
    struct prng *r = &g->random;
    if (prng_chance(r, 50)) {
        uint32_t orders = g->wrong != 0 ? SPW_ORDER_CUSTOM + 1 : SPW_ORDER_CUSTOM;
        set(g, SPW_PLAN_ORDER, 0, prng_below(r, orders));
        for (uint32_t p = 0; p < SPW_PRIORITY_COUNT; p++) {
            if (prng_chance(r, 50)) {
                set(g, SPW_PLAN_RATE, p, prng_below(r, 5000));
            }
        }
    }
    if (prng_chance(r, 60)) {
        set(g, SPW_PLAN_CHOOSER, 0, prng_below(r, 6));
    }
    if (prng_chance(r, 40)) {
        spw_ns start = 0;
        for (uint32_t p = 7; p >= 1; p--) {
            set(g, SPW_PLAN_HEAD_START, p, start);
            start += seconds(g, 0, 20);
        }
    }
}

static void plan_channels(struct generator *g)
{
    struct prng *r = &g->random;
    for (uint32_t c = 0; c < SPW_CHANNEL_COUNT; c++) {
        if (prng_chance(r, 30)) {
            set(g, SPW_PLAN_UNITS, c, prng_between(r, 5, 100));
        }
        if (prng_chance(r, 30)) {
            set(g, SPW_PLAN_GROUP, c, prng_below(r, 32));
        }
    }
    if (prng_chance(r, 60)) {
        set(g, SPW_PLAN_CLAIM_AFTER, 0, prng_chance(r, 15) ? SPW_FOREVER : seconds(g, 0, 20));
    }
}

void generate_plan(struct generator *g, uint32_t sets, uint32_t queues)
{
    struct prng *r = &g->random;
    stage(g, SPW_STAGE_PLAN);
    if (prng_chance(r, 10)) {
        set(g, SPW_PLAN_AFRESH, 0, g->wrong != 0 && prng_chance(r, 10));
    }
    set(g, SPW_PLAN_REVISION, 0, prng_below(r, 1000));
    if (has(g, FEATURE_ORDERS)) {
        plan_orders(g);
    }
    if (has(g, FEATURE_CHANNELS) && prng_chance(r, 60)) {
        plan_channels(g);
    }
    if (prng_chance(r, 50)) {
        set(g, SPW_PLAN_DECLINE_FOR, 0, seconds(g, 0, 40));
    }
    if (prng_chance(r, 50)) {
        set(g, SPW_PLAN_MISS_MAX, 0, prng_between(r, 1, 3));
    }
    if (has(g, FEATURE_PRIORITY_0) && prng_chance(r, 40)) {
        set(g, SPW_PLAN_PROTECTED, 0, prng_chance(r, 70));
        if (prng_chance(r, 60)) {
            set(g, SPW_PLAN_PROTECTED_RATE, 0, prng_between(r, 1, 400));
            set(g, SPW_PLAN_PROTECTED_BURST, 0, prng_between(r, 1, 3));
        }
    }
    if (has(g, FEATURE_UNCLASSIFIED) && prng_chance(r, 60)) {
        set(g, SPW_PLAN_HEAD_START_UNCLASSIFIED, 0, seconds(g, 0, 40));
        set(g, SPW_PLAN_UNCLASSIFIED_SHARE, 0, prng_below(r, 101));
    }
    if (has(g, FEATURE_TOKENS) && prng_chance(r, 60)) {
        set(g, SPW_PLAN_RESUME_GRACE, 0, seconds(g, 0, 60));
        set(g, SPW_PLAN_RESUME_GAP, 0, seconds(g, 0, 10));
        set(g, SPW_PLAN_CREDIT_MAX, 0, seconds(g, 0, 60));
    }
    if (has(g, FEATURE_STICKY) && prng_chance(r, 60)) {
        set(g, SPW_PLAN_STICKY_BONUS, 0, seconds(g, 0, 30));
    }
    if (has(g, GROUP_PLAN) && prng_chance(r, 40)) {
        uint32_t index = prng_below(r, sets + 1) << 16;
        index |= prng_between(r, 1, queues);
        uint32_t field = prng_chance(r, 50) ? SPW_PLAN_PREFER_RANK : SPW_PLAN_PREFER_RESERVE;
        set(g, field, index, prng_below(r, 3));
        index = prng_between(r, 1, sets);
        set(g, SPW_PLAN_POOL_ORDER, index, prng_below(r, 5));
    }
    if (g->wrong != 0 && prng_chance(r, 10)) {
        uint32_t field = prng_between(r, 201, 224);
        set(g, field, prng_below(r, 10), -1);
        set(g, SPW_PLAN_HEAD_START, 7, 1);
        commit(g);
        generator_later(g, SPW_INPUT_STAGE_ABORT);
        return;
    }
    commit(g);
}

void generate_counsellor(struct generator *g, uint32_t centres, uint32_t sets)
{
    struct prng *r = &g->random;
    struct step *step = generator_later(g, SPW_INPUT_COUNSELLOR_ADD);
    struct spw_counsellor_add *a = &step->input.u.counsellor_add;
    if (g->counsellor_tag + 1 >= COUNSELLORS) {
        step->input.kind = SPW_INPUT_ADVANCE;
        memset(&step->input.u, 0, sizeof step->input.u);
        return;
    }
    g->counsellor_tag++;
    step->tag = g->counsellor_tag;
    bool wrong = prng_below(r, 100) < g->wrong;
    a->key = wrong ? prng_below(r, g->counsellor_tag) : g->counsellor_tag;
    a->centre = prng_between(r, wrong ? 0 : 1, centres + (wrong ? 1 : 0));
    a->skillset = prng_between(r, 0, sets + (wrong ? 1 : 0));
    if (g->breaks && prng_chance(r, 60)) {
        a->skillset = 1;
    }
    if (has(g, FEATURE_CHANNELS)) {
        a->units = prng_chance(r, 20) ? prng_between(r, 1, 200) : 0;
        a->channels = prng_chance(r, 20) ? prng_below(r, 32) : 0;
    }
    if (has(g, GROUP_PULL) && prng_chance(r, 25)) {
        a->flags = SPW_COUNSELLOR_PULLS;
    }
}

struct spw_input *generate_limits(struct generator *g, uint64_t counsellor)
{
    struct prng *r = &g->random;
    struct spw_input *in = &generator_later(g, SPW_INPUT_COUNSELLOR_LIMITS)->input;
    in->u.limits.counsellor.bits = counsellor;
    in->u.limits.severe_max = prng_below(r, 4);
    in->u.limits.load_max = prng_chance(r, 50) ? prng_below(r, 5) : 0;
    in->u.limits.rest = (spw_ns)prng_below(r, 20) * SPW_SECOND;
    if (g->breaks && prng_chance(r, 80)) {
        in->u.limits.severe_max = prng_between(r, 1, 2);
        in->u.limits.load_max = prng_below(r, 4);
        in->u.limits.rest = seconds(g, 1, 200);
    }
    return in;
}

/* One more object while people wait. */
void generate_object(struct generator *g, const struct world *w)
{
    struct prng *r = &g->random;
    if (prng_chance(r, 25) && w->queue_count > 0 && w->centre_count > 0) {
        if (prng_chance(r, 60)) {
            queue_again(g, w);
        } else {
            centre(g, w->centres[prng_between(r, 1, w->centre_count)].key);
        }
        return;
    }
    switch (prng_below(r, 5)) {
    case 0:
        if (w->queue_count < QUEUES && w->need_count > 0) {
            queue(g, w->need_count, w->ladder_count, w->queue_count);
        } else {
            generator_later(g, SPW_INPUT_ADVANCE);
        }
        break;
    case 1:
        if (w->skill_count > 0 && w->set_count < SETS - 2) {
            skillset(g, w->skill_count);
        } else {
            generator_later(g, SPW_INPUT_STAGE_ABORT);
        }
        break;
    case 2:
        if (w->skill_count > 0 && w->need_count < NEEDS - 2) {
            need(g, w->skill_count, true);
        } else {
            generator_later(g, SPW_INPUT_STAGE_COMMIT);
        }
        break;
    case 3:
        generate_counsellor(g, w->centre_count, w->set_count);
        break;
    default:
        generator_later(g, SPW_INPUT_SKILL_ADD)->input.u.skill.key = prng_between(r, 1, 12);
        break;
    }
}

void generator_setup(struct generator *g)
{
    struct prng *r = &g->random;
    uint32_t skills = prng_between(r, 1, 4);
    uint32_t sets = prng_between(r, 1, 5);
    uint32_t needs = prng_between(r, 1, 5);
    uint32_t ladders = prng_below(r, 3);
    uint32_t centres = prng_chance(r, 70) ? 1 : 2;
    uint32_t queues = prng_between(r, 1, 4);
    bool floors = prng_chance(r, 40);
    for (uint32_t i = 1; i <= skills; i++) {
        generator_later(g, SPW_INPUT_SKILL_ADD)->input.u.skill.key = i + 100;
    }
    for (uint32_t i = 0; i < sets; i++) {
        skillset(g, skills);
    }
    for (uint32_t i = 0; i < needs; i++) {
        need(g, skills, floors);
    }
    for (uint32_t i = 0; i < ladders; i++) {
        ladder(g, needs);
    }
    for (uint32_t i = 0; i < centres; i++) {
        g->next_key++;
        centre(g, g->next_key);
    }
    for (uint32_t i = 0; i < queues; i++) {
        queue(g, needs, ladders, i);
    }
    if (prng_chance(r, 70)) {
        generate_plan(g, sets, queues);
        generator_later(g, SPW_INPUT_CONTINUE);
    }
    uint32_t counsellors = prng_between(r, 1, 8);
    for (uint32_t i = 0; i < counsellors; i++) {
        generate_counsellor(g, centres, sets);
        if (prng_chance(r, 70)) {
            generator_later(g, SPW_INPUT_COUNSELLOR_READY)->input.u.counsellor.counsellor.bits =
                g->counsellor_tag;
        }
        if (g->breaks && prng_chance(r, 60)) {
            generate_limits(g, g->counsellor_tag);
        }
    }
}
