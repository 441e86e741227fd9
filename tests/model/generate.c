/*
 * model/generate.c - worlds and inputs from a seed. What is likely differs from seed to seed, so
 * that different corners are reached: bursts, answers at the very instant of a deadline, stale
 * handles, facts that do not fit, arguments that are malformed.
 *
 * The generator looks at the reference, never at the engine, to find people worth acting on. Longer
 * things (an object built in a stage) are queued as steps and handed out one by one.
 */
#include "generate.h"

#include <stdlib.h>
#include <string.h>

static struct step *later(struct generator *g, uint32_t kind)
{
    if (g->pending_count == PENDING) {
        abort();
    }
    struct step *step = &g->pending[g->pending_count];
    g->pending_count++;
    memset(step, 0, sizeof *step);
    step->input.kind = kind;
    return step;
}

struct step *generator_later(struct generator *g, uint32_t kind)
{
    return later(g, kind);
}

static void config_small(struct generator *g, struct spw_config *c)
{
    static const uint32_t contacts[] = {3, 8, 20, 60, 60};
    spw_config_init(c);
    c->contacts_max = contacts[g->breaks || g->crowd ? 3 : prng_below(&g->random, 5)];
    c->counsellors_max = prng_between(&g->random, 2, 12);
    c->centres_max = CENTRES;
    c->queues_max = QUEUES;
    c->skills_max = SKILLS;
    c->skillsets_max = SETS;
    c->needs_max = NEEDS;
    c->ladders_max = LADDERS;
    c->classes_max = 160;
    c->pools_max = 32;
    c->items_max = prng_chance(&g->random, 30) ? prng_between(&g->random, 1, 3) : 8;
    c->tokens_max = prng_chance(&g->random, 30) ? prng_between(&g->random, 1, 3) : 32;
    c->events_max = 512;
    c->prefers_max = 16;
    c->terms_max = 2048;
}

/* Breaks need talks that begin and end; of what disturbs them there is little. */
static void weights_of_breaks(struct generator *g)
{
    for (int i = 0; i < GROUP_COUNT; i++) {
        bool talk = i == GROUP_ARRIVE || i == GROUP_ANSWER || i == GROUP_END;
        bool little = g->weights[i] != 0 && prng_chance(&g->random, 40);
        g->weights[i] = talk ? 30 : little ? 2 : 0;
    }
    g->weights[GROUP_TIME] = 4;
    g->weights[GROUP_DUTY] = 6;
    g->weights[GROUP_LIMITS] = prng_between(&g->random, 4, 12);
}

/* Each group of inputs is likely, rare or absent in a world; calls and answers always happen. */
static void weights_draw(struct generator *g)
{
    static const uint32_t levels[] = {0, 0, 0, 1, 4, 12};
    for (int i = 0; i < GROUP_COUNT; i++) {
        g->weights[i] = (g->features & (1u << i)) == 0 ? 0 : levels[prng_below(&g->random, 6)];
    }
    g->weights[GROUP_ARRIVE] = prng_between(&g->random, 8, 30);
    g->weights[GROUP_ANSWER] = prng_between(&g->random, 8, 30);
    g->weights[GROUP_END] = prng_between(&g->random, 4, 30);
    g->weights[GROUP_DUTY] = prng_between(&g->random, 2, 12);
    g->weights[GROUP_TIME] = prng_between(&g->random, 1, 12);
    if (g->breaks) {
        weights_of_breaks(g);
    }
    if (g->crowd) {
        g->weights[GROUP_ARRIVE] = 90;
    }
}

struct generator *generator_open(uint64_t seed, uint32_t features, struct script *script)
{
    struct generator *g = calloc(1, sizeof *g);
    if (g == NULL) {
        abort();
    }
    g->random.state = seed * 0x2545f4914f6cdd1du + 88172645463325252u;
    g->features = features;
    g->seed = seed;
    script_init(script);
    script->seed = seed;
    g->breaks = has(g, GROUP_LIMITS) && prng_chance(&g->random, 15);
    g->crowd = !g->breaks && prng_chance(&g->random, 4);
    config_small(g, &script->config);
    weights_draw(g);
    g->calm = prng_chance(&g->random, 25);
    g->exact = prng_below(&g->random, 40);
    g->wrong = prng_chance(&g->random, 50) ? prng_between(&g->random, 1, 8) : 0;
    generator_setup(g);
    return g;
}

bool generator_setting_up(const struct generator *g)
{
    return g->handed < g->pending_count;
}

void generator_close(struct generator *g)
{
    free(g);
}

/* --- time ------------------------------------------------------------------------------------- */

static spw_ns later_by(struct generator *g, const struct world *w)
{
    struct prng *r = &g->random;
    spw_ns next = world_next_deadline(w);
    if (next < SPW_FOREVER && next >= w->clock && prng_below(r, 100) < g->exact) {
        spw_ns at = next + (spw_ns)prng_below(r, 3) - 1;
        return at > w->clock ? at : w->clock;
    }
    if (g->crowd && prng_chance(r, 90)) {
        uint32_t longest = prng_chance(r, 5) ? 4000 : 1;
        return w->clock + (spw_ns)prng_below(r, longest) * SPW_SECOND;
    }
    uint32_t kind = prng_below(r, g->calm ? 12 : 20);
    if (kind < 3) {
        return w->clock;
    }
    if (kind < 9) {
        return w->clock + (spw_ns)prng_below(r, 5) * SPW_SECOND;
    }
    if (kind < 11) {
        return w->clock + (spw_ns)prng_below(r, 30) * SPW_SECOND;
    }
    if (kind == 11 && prng_chance(r, 30)) {
        uint32_t longest = prng_chance(r, 20) ? 4000 : 400;
        return w->clock + (spw_ns)prng_below(r, longest) * SPW_SECOND;
    }
    if (kind == 12 && prng_chance(r, 20)) {
        spw_ns back = (spw_ns)prng_below(r, 3) * SPW_SECOND;
        return w->clock > back ? w->clock - back : w->clock;
    }
    return w->clock + (spw_ns)prng_below(r, 2000) * SPW_MILLISECOND;
}

/* --- people ----------------------------------------------------------------------------------- */

uint64_t pick_contact(struct generator *g, const struct world *w, uint32_t states)
{
    uint32_t fitting = 0;
    uint64_t tag = 0;
    for (uint32_t i = 1; i <= w->contact_count; i++) {
        const struct contact *x = &w->contacts[i];
        if ((states & (1u << x->state)) != 0 && x->handle != 0) {
            fitting++;
            tag = prng_below(&g->random, fitting) == 0 ? x->id.hi : tag;
        }
    }
    if (tag != 0) {
        return tag;
    }
    g->nobody = prng_chance(&g->random, 85);
    return g->contact_tag == 0 ? SCRIPT_NEVER : prng_between(&g->random, 1, g->contact_tag);
}

/* Now and then somebody that does not fit. */
uint64_t any_contact(struct generator *g, const struct world *w, uint32_t states)
{
    if (prng_below(&g->random, 100) < g->wrong) {
        return prng_chance(&g->random, 30) ? SCRIPT_NEVER + prng_below(&g->random, 8)
                                           : pick_contact(g, w, 0xff);
    }
    return pick_contact(g, w, states);
}

uint64_t any_counsellor(struct generator *g, const struct world *w, uint32_t states)
{
    if (prng_below(&g->random, 200) < g->wrong) {
        return SCRIPT_NEVER + prng_below(&g->random, 8);
    }
    uint32_t fitting = 0;
    uint64_t tag = 0;
    for (uint32_t i = 1; i <= w->counsellor_count; i++) {
        const struct counsellor *c = &w->counsellors[i];
        if ((states & (1u << c->state)) != 0 && !c->gone) {
            fitting++;
            tag = prng_below(&g->random, fitting) == 0 ? c->tag : tag;
        }
    }
    if (tag == 0 && g->counsellor_tag != 0) {
        tag = prng_between(&g->random, 1, g->counsellor_tag);
    }
    return tag == 0 ? SCRIPT_NEVER : tag;
}

const struct contact *contact_tagged(const struct world *w, uint64_t tag)
{
    for (uint32_t i = 1; i <= w->contact_count; i++) {
        if (w->contacts[i].id.hi == tag) {
            return &w->contacts[i];
        }
    }
    return NULL;
}

/* --- one step --------------------------------------------------------------------------------- */

static enum group draw_group(struct generator *g)
{
    uint32_t sum = 0;
    for (int i = 0; i < GROUP_COUNT; i++) {
        sum += g->weights[i];
    }
    uint32_t at = prng_below(&g->random, sum);
    int group = 0;
    while (at >= g->weights[group]) {
        at -= g->weights[group];
        group++;
    }
    return (enum group)group;
}

/* A world in which nobody is ready any more has little left to tell. */
static bool nobody_on(const struct world *w)
{
    for (uint32_t i = 1; i <= w->counsellor_count; i++) {
        if (on_duty(&w->counsellors[i])) {
            return false;
        }
    }
    return true;
}

/* A member that must be zero, a kind that never was, a time that never is. */
static void spoil(struct generator *g, struct step *step)
{
    switch (prng_below(&g->random, 4)) {
    case 0:
        step->input.kind = 90 + prng_below(&g->random, 20);
        break;
    case 1:
        step->now = prng_chance(&g->random, 50) ? -1 : SPW_TIME_MAX;
        break;
    default:
        step->input.reserved_0 = 1;
        break;
    }
}

struct step generator_next(struct generator *g, const struct world *w)
{
    struct step step;
    if (g->handed < g->pending_count) {
        step = g->pending[g->handed];
        if (step.input.kind == SPW_INPUT_STAGE_BEGIN && w->stage.what != 0 &&
            prng_chance(&g->random, 90)) {
            memset(&step, 0, sizeof step); /* something went wrong in the stage before */
            step.input.kind = SPW_INPUT_STAGE_ABORT;
        } else {
            g->handed++;
        }
        step.now = prng_chance(&g->random, 98) ? w->clock : later_by(g, w);
        return step;
    }
    g->pending_count = 0;
    g->handed = 0;
    if (w->backlog_count != 0 && prng_chance(&g->random, 60)) {
        memset(&step, 0, sizeof step);
        step.input.kind = SPW_INPUT_CONTINUE;
        step.now = later_by(g, w);
        return step;
    }
    g->nobody = false;
    act(g, w, nobody_on(w) && prng_chance(&g->random, 30) ? GROUP_DUTY : draw_group(g));
    if (g->nobody) { /* nobody fits: let somebody arrive, or time pass */
        g->pending_count = 0;
        act(g, w, prng_chance(&g->random, 50) ? GROUP_ARRIVE : GROUP_TIME);
    }
    step = g->pending[0];
    g->handed = 1;
    step.now = later_by(g, w);
    if (g->wrong != 0 && prng_below(&g->random, 400) < g->wrong) {
        spoil(g, &step);
    }
    return step;
}
