/*
 * bench/throughput/world.c - a world from a shape and a seed.
 *
 * A class is a queue, a need and a priority. Every need asks for one skill, and every skill set
 * holds each of those skills with the wanted probability: so a class is eligible in about that
 * share of the pools, and every class is the same work to decide. Arrivals are skewed: half of the
 * people belong to a quarter of the classes.
 *
 * With shape.idle one pool in sixteen answers texts and all others the telephone; the crowd waits
 * for a text, so the telephone side has people free while very many wait: the only way in which an
 * arrival can find somebody at once beside a long queue.
 *
 * Wrap-up is by hand and offers do not time out in the time that passes here. The engine's memory
 * is had from the allocator hook, in 2 MiB pages where the system gives them, and touched
 * beforehand.
 */
#include "throughput.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define SPARE 256 /* classes, pools and skill sets that a measure may add */

void must(int result, const char *what)
{
    if (result != SPW_OK) {
        fprintf(stderr, "spw-throughput: %s: %s: %s\n", what, spw_error_name(result),
                spw_error_text(result));
        exit(1);
    }
}

static void *take(size_t count, size_t size)
{
    void *memory = calloc(count == 0 ? 1 : count, size);
    if (memory == NULL) {
        fprintf(stderr, "spw-throughput: out of memory\n");
        exit(1);
    }
    return memory;
}

uint64_t world_random(struct world *world, uint64_t below)
{
    world->random += 0x9e3779b97f4a7c15u;
    uint64_t x = world->random;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    x ^= x >> 31;
    return below == 0 ? x : x % below;
}

/* --- memory ----------------------------------------------------------------------------------- */

static void *huge_take(void *context, size_t size, size_t alignment)
{
    (void)context;
    (void)alignment;
    const size_t page = (size_t)2 << 20;
    size_t whole = (size + page - 1) / page * page;
    void *memory = aligned_alloc(page, whole);
    if (memory != NULL) {
        (void)madvise(memory, whole,
                      MADV_HUGEPAGE); /* a wish: without it figures are a little worse */
        memset(memory, 0, whole);
    }
    return memory;
}

static void huge_give(void *context, void *memory, size_t size)
{
    (void)context;
    (void)size;
    free(memory);
}

/* --- limits ----------------------------------------------------------------------------------- */

static uint32_t need_count(const struct shape *shape)
{
    uint32_t per_need = QUEUES * PRIORITIES * (shape->idle ? 2u : 1u);
    uint32_t needs = shape->classes / per_need;
    return needs == 0 ? 1 : needs;
}

static void limits(const struct shape *shape, uint32_t needs, struct spw_config *config)
{
    spw_config_init(config);
    config->contacts_max = shape->waiting + shape->counsellors + shape->waiting / 8 + 131072;
    config->counsellors_max = shape->counsellors;
    config->centres_max = shape->centres;
    config->queues_max = QUEUES + 4;
    config->skills_max = needs;
    config->skillsets_max = shape->pools + SPARE;
    config->needs_max = needs + 4;
    config->ladders_max = 4;
    /* A sixteenth is kept back for priority 0 (rule C4). */
    config->classes_max = shape->classes + shape->classes / 15 + SPARE;
    config->pools_max = shape->pools + SPARE;
    config->items_max = 2;
    config->tokens_max = 16384;
    config->events_max = shape->flight > BATCH ? 4 * shape->flight : EVENTS_RING;
    config->prefers_max = 1;
    uint64_t terms = ((uint64_t)shape->pools + 2 * SPARE) * needs + 1024;
    config->terms_max = (uint32_t)(terms < (1u << 24) ? terms : (1u << 24));
    config->seed = 1;
}

/* --- what the classes ask for and the pools can do -------------------------------------------- */

static void commit_needs(struct world *w)
{
    for (uint32_t i = 0; i < w->needs; i++) {
        spw_skill skill;
        spw_need need;
        must(spw_skill_add(w->engine, 1000 + i, 0, &skill), "a skill");
        must(spw_stage_begin(w->engine, SPW_STAGE_NEED, 0), "a need");
        must(spw_stage_literal(w->engine, skill, 10, SPW_HOLDS, 0), "a literal");
        must(spw_stage_clause(w->engine, 0, 0), "a clause");
        must(spw_stage_commit(w->engine, 0, &need), "a need");
    }
}

static void stage_skillset(struct world *w, uint32_t pool)
{
    uint64_t *row = &w->able[(size_t)pool * ((w->needs + 63) / 64)];
    memset(row, 0, (w->needs + 63) / 64 * 8);
    must(spw_stage_begin(w->engine, SPW_STAGE_SKILLSET, 0), "a skill set");
    uint32_t sure = (uint32_t)world_random(w, w->needs); /* nobody is able for nothing */
    for (uint32_t i = 0; i < w->needs; i++) {
        if (i == sure || world_random(w, 1000) < 10u * w->shape.eligible) {
            row[i / 64] |= (uint64_t)1 << (i % 64);
            uint32_t level = 10 + (uint32_t)world_random(w, 91);
            must(spw_stage_skill(w->engine, i + 1, level, 0), "a skill held");
        }
    }
}

/* Equal skill sets are one: drawn again until the number is new. */
static void commit_skillsets(struct world *w)
{
    for (uint32_t pool = 0; pool < w->shape.pools; pool++) {
        spw_skillset number;
        do {
            stage_skillset(w, pool);
            must(spw_stage_commit(w->engine, 0, &number), "a skill set");
        } while (number != pool + 1);
    }
}

static void commit_queues(struct world *w)
{
    for (uint32_t i = 0; i < QUEUES; i++) {
        must(spw_stage_begin(w->engine, SPW_STAGE_QUEUE, 0), "a queue");
        must(spw_stage_set(w->engine, SPW_QUEUE_KEY, 0, 100 + i, 0), "its key");
        must(spw_stage_set(w->engine, SPW_QUEUE_OFFER_TIMEOUT, 0, SPW_HOUR, 0), "its time-out");
        must(spw_stage_set(w->engine, SPW_QUEUE_WRAP_UP, 0, SPW_FOREVER, 0), "its wrap-up");
        must(spw_stage_set(w->engine, SPW_QUEUE_PARK_GRACE, 0, SPW_HOUR, 0), "its grace");
        must(spw_stage_commit(w->engine, 0, NULL), "a queue");
    }
}

static void commit_centres(struct world *w)
{
    for (uint32_t i = 0; i < w->shape.centres; i++) {
        must(spw_stage_begin(w->engine, SPW_STAGE_CENTRE, 0), "a centre");
        must(spw_stage_set(w->engine, SPW_CENTRE_KEY, 0, 10 + i, 0), "its key");
        must(spw_stage_commit(w->engine, 0, NULL), "a centre");
    }
}

/* One pool in sixteen is the text desk of a world with idle telephones. */
static bool text_pool(const struct world *w, uint32_t pool)
{
    return w->shape.idle && pool % 16 == 0;
}

static void add_counsellors(struct world *w)
{
    for (uint32_t i = 0; i < w->shape.counsellors; i++) {
        uint32_t pool = i / w->shape.centres % w->shape.pools;
        struct spw_counsellor_add add = {
            .key = 1000000 + i, .centre = 1 + i % w->shape.centres, .skillset = 1 + pool};
        if (w->shape.idle) {
            add.channels = text_pool(w, pool) ? 1u << SPW_CHANNEL_TEXT : 1u << SPW_CHANNEL_VOICE;
            add.units = 100;
        }
        must(spw_counsellor_add(w->engine, &add, 0, &w->counsellor[i]), "a counsellor");
    }
}

/* A text takes a whole person here, so that one person is one contact everywhere. */
static void commit_plan(struct world *w)
{
    must(spw_stage_begin(w->engine, SPW_STAGE_PLAN, 0), "the plan");
    must(spw_stage_set(w->engine, SPW_PLAN_UNITS, SPW_CHANNEL_TEXT, 100, 0), "units of a text");
    must(spw_stage_set(w->engine, SPW_PLAN_PROTECTED_RATE, 0, SPW_FOREVER, 0), "the share");
    must(spw_stage_commit(w->engine, 0, NULL), "the plan");
    while (spw_continue(w->engine, 0) == SPW_E_BUSY) {
    }
}

static void list_sorts(struct world *w)
{
    for (uint32_t i = 0; i < w->sorts; i++) {
        uint32_t half = w->sorts / 2;
        uint32_t of = w->shape.idle ? i % half : i;
        w->sort[i] = (struct sort){.queue = 1 + of % QUEUES,
                                   .priority = (uint8_t)(1 + of / QUEUES % PRIORITIES),
                                   .need = 1 + of / (QUEUES * PRIORITIES) % w->needs,
                                   .channel = w->shape.idle && i < half ? SPW_CHANNEL_TEXT
                                                                        : SPW_CHANNEL_VOICE};
    }
}

static void take_tables(struct world *w, uint32_t contacts)
{
    w->sort = take(w->sorts, sizeof *w->sort);
    w->able = take((size_t)w->shape.pools * ((w->needs + 63) / 64), sizeof *w->able);
    w->counsellor = take(w->shape.counsellors, sizeof *w->counsellor);
    w->persons = contacts;
    w->person = take(contacts, sizeof *w->person);
    w->free_person = take(contacts, sizeof *w->free_person);
    w->waiting = take(contacts, sizeof *w->waiting);
    w->talking = take(contacts, sizeof *w->talking);
    w->parked = take(contacts, sizeof *w->parked);
    for (w->free_count = 0; w->free_count < contacts; w->free_count++) {
        w->free_person[w->free_count] = contacts - 1 - w->free_count;
    }
    struct ring *rings[2] = {&w->offers, &w->wrap_ups};
    for (int i = 0; i < 2; i++) {
        rings[i]->size = 2 * w->shape.counsellors + 1024;
        rings[i]->pair = take(rings[i]->size, sizeof *rings[i]->pair);
    }
}

struct world *world_make(const struct shape *shape, uint64_t seed)
{
    struct world *w = take(1, sizeof *w);
    w->shape = *shape;
    w->random = seed;
    w->next_id = 1;
    w->needs = need_count(shape);
    w->sorts = shape->classes;
    struct spw_config config;
    limits(shape, w->needs, &config);
    const struct spw_allocator huge = {NULL, huge_take, huge_give};
    w->memory = spw_engine_size(&config);
    must(spw_engine_create(&config, &huge, &w->engine), "the engine");
    take_tables(w, config.contacts_max);
    commit_needs(w);
    commit_skillsets(w);
    commit_queues(w);
    commit_centres(w);
    commit_plan(w);
    add_counsellors(w);
    list_sorts(w);
    crowd_settle(w);
    return w;
}

void world_free(struct world *w)
{
    spw_engine_destroy(w->engine);
    free(w->sort);
    free(w->able);
    free(w->counsellor);
    free(w->person);
    free(w->free_person);
    free(w->waiting);
    free(w->talking);
    free(w->parked);
    free(w->offers.pair);
    free(w->wrap_ups.pair);
    free(w);
}

bool world_able(const struct world *w, uint32_t pool, uint32_t sort)
{
    uint32_t need = w->sort[sort].need - 1;
    bool text = w->sort[sort].channel == SPW_CHANNEL_TEXT;
    return (!w->shape.idle || text == text_pool(w, pool)) &&
           ((w->able[(size_t)pool * ((w->needs + 63) / 64) + need / 64] >> (need % 64)) & 1) != 0;
}

/* Skewed by a square: half of the draws fall into a quarter of the classes. */
uint32_t world_any_sort(struct world *w, uint8_t channel)
{
    uint64_t u = world_random(w, 0) >> 32;
    uint64_t sorts = w->shape.idle ? w->sorts / 2 : w->sorts;
    uint32_t sort = (uint32_t)((((u * u) >> 32) * sorts) >> 32);
    return w->shape.idle && channel == SPW_CHANNEL_VOICE ? sort + w->sorts / 2 : sort;
}

/* --- the crowd comes -------------------------------------------------------------------------- */

static void answer_all(struct world *w)
{
    struct spw_input batch[BATCH];
    size_t n;
    do {
        n = 0;
        while (n < BATCH && crowd_accept(w, &batch[n])) {
            n++;
        }
        crowd_apply(w, batch, n, NULL);
    } while (n > 0);
}

static uint32_t busy_wanted(const struct world *w)
{
    uint32_t busy = 0;
    for (uint32_t i = 0; i < w->shape.counsellors; i++) {
        busy += !w->shape.idle || text_pool(w, i / w->shape.centres % w->shape.pools);
    }
    return busy;
}

/*
 * Somebody of every class has called before: the classes are known and empty. What the first
 * contact of a class costs is measured apart (mass.c).
 */
static void see_every_class(struct world *w)
{
    struct spw_input batch[BATCH];
    for (uint32_t i = 0; i < w->sorts * w->shape.centres;) {
        size_t n = 0;
        for (; n < BATCH && i < w->sorts * w->shape.centres; n++, i++) {
            crowd_arrive(w, i % w->sorts, false, &batch[n]);
            batch[n].u.arrive.home = 1 + i / w->sorts;
            batch[n].u.arrive.token = (spw_id){0, 0};
        }
        crowd_apply(w, batch, n, NULL);
        for (size_t k = 0; k < n; k++) {
            (void)crowd_abandon(w, &batch[k]);
        }
        crowd_apply(w, batch, n, NULL);
    }
    w->token_count = 0;
}

void world_fill(struct world *w)
{
    see_every_class(w);
    crowd_top_up(w, w->shape.waiting + busy_wanted(w));
    struct spw_input batch[BATCH];
    for (uint32_t i = 0; i < w->shape.counsellors;) {
        size_t n = 0;
        for (; n < BATCH && i < w->shape.counsellors; i++) {
            batch[n] = (struct spw_input){.kind = SPW_INPUT_COUNSELLOR_READY};
            batch[n++].u.counsellor.counsellor = w->counsellor[i];
        }
        crowd_apply(w, batch, n, NULL);
        answer_all(w);
    }
    if (w->waiting_count < w->shape.waiting) {
        crowd_top_up(w, w->shape.waiting - w->waiting_count);
    }
    answer_all(w);
}
