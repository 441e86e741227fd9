/*
 * engine/engine.c - an engine is made and unmade here.
 *
 * What lives here: limits and their check, the one block of memory and how it is carved, creation.
 * Invariant: measuring and carving are the same code, so the size told is the size used; after
 * creation no room of the engine takes memory.
 * Who calls: the host. Cost: proportional to the limits, once.
 */
#include <stdlib.h>
#include <string.h>

#include "engine/verbs.h"

void spw_config_init_sized(struct spw_config *config, uint32_t size)
{
    struct spw_config full = {
        .size = size,
        .contacts_max = 10000,
        .counsellors_max = 1000,
        .centres_max = 64,
        .queues_max = 256,
        .skills_max = 1024,
        .skillsets_max = 1024,
        .needs_max = 1024,
        .ladders_max = 256,
        .classes_max = 1024,
        .pools_max = 256,
        .items_max = 8,
        .tokens_max = 16384,
        .events_max = 4096,
        .prefers_max = 1024,
        .terms_max = 32768,
        .books_max = 4096,
    };
    memset(config, 0, size);
    memcpy(config, &full, size < sizeof full ? size : sizeof full);
}

struct limit {
    const char *name;
    uint64_t value;
    uint64_t low;
    uint64_t high;
};

/* What a host may state; all sums fit in 64 bits with it, and with what the largest limits need. */
#define MATRIX_BYTES_MAX ((uint64_t)1 << 45)

static int check_limits(const struct spw_config *c, const char **field)
{
    const struct limit limits[] = {
        {"contacts_max", c->contacts_max, 1, 1u << 28},
        {"counsellors_max", c->counsellors_max, 1, 1u << 24},
        {"centres_max", c->centres_max, 1, 65534},
        {"queues_max", c->queues_max, 1, 65534},
        {"skills_max", c->skills_max, 1, 65534},
        {"skillsets_max", c->skillsets_max, 1, 1048576},
        {"needs_max", c->needs_max, 1, 1u << 20},
        {"ladders_max", c->ladders_max, 1, 65534},
        {"classes_max", c->classes_max, 16, 1u << 20},
        {"pools_max", c->pools_max, 1, 1u << 20},
        {"items_max", c->items_max, 1, SPW__ITEMS_MAX},
        {"tokens_max", c->tokens_max, 1, 1u << 28},
        {"events_max", c->events_max, 2 * SPW_EVENTS_PER_INPUT, 1u << 28},
        {"prefers_max", c->prefers_max, 1, 1u << 20},
        {"terms_max", c->terms_max, 1, 1u << 24},
        {"books_max", c->books_max, 1, SPW__PAIRS_MAX},
        {"personal_max", c->personal_max, 0, c->contacts_max},
        {"matrix_bytes", c->matrix_bytes, 0, MATRIX_BYTES_MAX},
    };
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        if (limits[i].value < limits[i].low || limits[i].value > limits[i].high) {
            if (field != NULL) {
                *field = limits[i].name;
            }
            return SPW_E_RANGE;
        }
    }
    return SPW_OK;
}

/* Reads a config of any age into the layout of this library. */
static int config_read(const struct spw_config *from, struct spw_config *to)
{
    if (from == NULL || from->size < SPW_CONFIG_SIZE_V1) {
        return SPW_E_INVALID;
    }
    spw_config_init_sized(to, (uint32_t)sizeof *to);
    const unsigned char *bytes = (const unsigned char *)from;
    for (uint32_t i = (uint32_t)sizeof *to; i < from->size; i++) {
        if (bytes[i] != 0) {
            return SPW_E_NEWER;
        }
    }
    memcpy(to, from, from->size < sizeof *to ? from->size : sizeof *to);
    to->size = (uint32_t)sizeof *to;
    return SPW_OK;
}

int spw_config_check(const struct spw_config *config, const char **field)
{
    struct spw_config full;
    if (field != NULL) {
        *field = NULL;
    }
    int error = config_read(config, &full);
    return error != SPW_OK ? error : check_limits(&full, field);
}

/* Words of a bit row. */
static size_t words(uint32_t bits)
{
    return ((size_t)bits + 63) / 64;
}

/* Arena bytes of a centre with the given limits; engine/stage.c takes exactly this. */
size_t spw__centre_bytes(uint32_t classes, uint32_t pools, uint32_t needs)
{
    size_t cw = words(classes);
    size_t pw = words(pools);
    size_t scores = (cw + pw) * 64 * sizeof(int64_t);
    size_t matrix = ((size_t)pools * cw + (size_t)classes * pw) * sizeof(uint64_t);
    size_t masks = ((2 + SPW_CHANNEL_COUNT + 3) * cw + (4 + SPW_CHANNEL_COUNT) * pw) * 8;
    size_t met = ((size_t)needs + 1) * pw * sizeof(uint64_t);
    return scores + matrix + masks + met + 3072; /* and what rounding to lines may cost */
}

static uint32_t min_u32(uint64_t a, uint64_t b)
{
    return (uint32_t)(a < b ? a : b);
}

static void carve_contacts(struct spw_engine *e, struct spw__carve *carve)
{
    const struct spw_config *c = &e->config;
    uint32_t extras = c->personal_max != 0
                          ? c->personal_max
                          : min_u32(c->contacts_max, (uint64_t)c->contacts_max / 8 + 1024);
    e->contact = spw__carve_take(carve, c->contacts_max, sizeof *e->contact, 64);
    e->cold = spw__carve_take(carve, c->contacts_max, sizeof *e->cold, 64);
    spw__slab_embed(&e->contacts, e->cold == NULL ? NULL : &e->cold[0].link, sizeof *e->cold,
                    c->contacts_max);
    spw__map_carve(&e->ids, carve, c->contacts_max);
    spw__slab_carve(&e->extras, carve, extras);
    e->extra = spw__carve_take(carve, extras, sizeof *e->extra, 64);
    e->counsellor = spw__carve_take(carve, c->counsellors_max, sizeof *e->counsellor, 64);
    spw__slab_embed(&e->counsellors, e->counsellor == NULL ? NULL : &e->counsellor[0].link,
                    sizeof *e->counsellor, c->counsellors_max);
    e->item =
        spw__carve_take(carve, (size_t)c->counsellors_max * c->items_max, sizeof *e->item, 64);
    spw__map_carve(&e->keys, carve, c->counsellors_max);
    spw__slab_carve(&e->token_slab, carve, c->tokens_max);
    e->token = spw__carve_take(carve, c->tokens_max, sizeof *e->token, 64);
    spw__map_carve(&e->token_map, carve, c->tokens_max);
}

/* Classes, or pools, of all centres together. */
#define RECORDS_MOST (1u << 28)

static void carve_classes(struct spw_engine *e, struct spw__carve *carve)
{
    const struct spw_config *c = &e->config;
    uint64_t matrix = c->matrix_bytes;
    uint64_t per_default = spw__centre_bytes(c->classes_max, c->pools_max, c->needs_max);
    if (matrix == 0) {
        matrix = c->centres_max * per_default; /* a capacity of N holds N */
    }
    /* Class and pool records are shared by all centres: as many as the matrix budget can serve. */
    uint64_t centres = matrix / per_default + 1;
    uint64_t scale = centres < c->centres_max ? centres : c->centres_max;
    e->class_max = min_u32((uint64_t)c->classes_max * (scale == 0 ? 1 : scale), RECORDS_MOST);
    e->pool_max = min_u32((uint64_t)c->pools_max * (scale == 0 ? 1 : scale), RECORDS_MOST);
    e->class_ = spw__carve_take(carve, e->class_max, sizeof *e->class_, 64);
    spw__map_carve(&e->class_map, carve, e->class_max);
    e->pool = spw__carve_take(carve, e->pool_max, sizeof *e->pool, 64);
    spw__map_carve(&e->pool_map, carve, e->pool_max);
    e->arena = spw__carve_take(carve, (size_t)matrix, 1, 64);
    e->arena_size = (size_t)matrix;
    /* A ranking's bytes are linear in its limit, and as many again for each: any split fits. */
    e->rankings_size = spw__ranking_bytes(e->class_max) + spw__ranking_bytes(e->pool_max) +
                       2 * (size_t)c->centres_max * (spw__ranking_bytes(0) + 64);
    e->rankings = spw__carve_take(carve, e->rankings_size, 1, 64);
    uint32_t scratch = c->classes_max > c->pools_max ? c->classes_max : c->pools_max;
    scratch = scratch < 4096 ? 4096 : scratch;
    e->scratch_max = scratch;
    e->heads = spw__carve_take(carve, scratch, sizeof *e->heads, 64);
    e->idles = spw__carve_take(carve, scratch, sizeof *e->idles, 64);
    e->candidate = spw__carve_take(carve, scratch, sizeof *e->candidate, 64);
    e->score = spw__carve_take(carve, scratch, sizeof *e->score, 64);
}

static void carve_plan(struct spw_engine *e, struct spw__carve *carve)
{
    const struct spw_config *c = &e->config;
    spw__catalogue_carve(&e->catalogue, carve, c);
    e->queue = spw__carve_take(carve, (size_t)c->queues_max + 1, sizeof *e->queue, 64);
    e->centre = spw__carve_take(carve, (size_t)c->centres_max + 1, sizeof *e->centre, 64);
    e->prefer = spw__carve_take(carve, c->prefers_max, sizeof *e->prefer, 64);
    e->prefer_stage = spw__carve_take(carve, c->prefers_max, sizeof *e->prefer, 64);
    e->pool_order = spw__carve_take(carve, (size_t)c->skillsets_max + 1, sizeof(uint32_t), 64);
    e->pool_order_stage =
        spw__carve_take(carve, (size_t)c->skillsets_max + 1, sizeof(uint32_t), 64);
    e->pair_max = min_u32((uint64_t)c->centres_max * c->queues_max, c->books_max);
    e->pair = spw__carve_take(carve, e->pair_max, sizeof *e->pair, 64);
    spw__map_carve(&e->pair_map, carve, e->pair_max);
    size_t centres = (size_t)c->centres_max + 1;
    e->served_by = spw__carve_take(carve, centres * centres, sizeof *e->served_by, 64);
    e->backlog_max = 8 + 2 * c->centres_max; /* all dark, all thawed at once, and a few more */
    e->backlog = spw__carve_take(carve, e->backlog_max, sizeof *e->backlog, 64);
}

/* Both passes: measures when carve->base is null, lays out otherwise. */
static struct spw_engine *carve_all(struct spw__carve *carve, struct spw_engine *scratch)
{
    struct spw_config config = scratch->config;
    struct spw_engine *e = spw__carve_take(carve, 1, sizeof *e, 64);
    if (e == NULL) {
        e = scratch;
    }
    e->config = config;
    carve_contacts(e, carve);
    carve_classes(e, carve);
    carve_plan(e, carve);
    spw__heap_carve(&e->timers, carve, spw__node_thaw(e, config.centres_max + 1));
    e->event = spw__carve_take(carve, config.events_max, sizeof *e->event, 64);
    return e;
}

/* Bytes for these limits; 0 when size_t cannot count them. */
static size_t measure(const struct spw_config *config)
{
    struct spw_engine scratch;
    memset(&scratch, 0, sizeof scratch);
    scratch.config = *config;
    struct spw__carve carve = {.base = NULL};
    (void)carve_all(&carve, &scratch);
    return carve.over ? 0 : (carve.used + 63) & ~(size_t)63;
}

size_t spw_engine_size(const struct spw_config *config)
{
    struct spw_config full;
    if (spw_config_check(config, NULL) != SPW_OK || config_read(config, &full) != SPW_OK) {
        return 0;
    }
    return measure(&full);
}

/*
 * What one more contact costs. The index grows by doubling, so it is asked over a doubling; limits
 * that follow from this one follow here as well.
 */
uint64_t spw__bytes_per_contact(const struct spw_config *config)
{
    struct spw_config twice = *config;
    twice.contacts_max *= 2;
    uint64_t more = measure(&twice) - measure(config);
    return (more + config->contacts_max - 1) / config->contacts_max;
}

static void init_tables(struct spw_engine *e)
{
    uint64_t seed = e->config.seed;
    spw__slab_init(&e->contacts);
    spw__slab_init(&e->extras);
    spw__slab_init(&e->counsellors);
    spw__slab_init(&e->token_slab);
    spw__map_init(&e->ids, &e->cold[0].id_hi, sizeof *e->cold, seed, 1);
    spw__map_init(&e->keys, &e->counsellor[0].key_hi, sizeof *e->counsellor, seed, 2);
    spw__map_init(&e->token_map, &e->token[0].hi, sizeof *e->token, seed, 3);
    spw__map_init_own(&e->class_map, &e->class_[0].key_hi, sizeof *e->class_, seed, 4);
    spw__map_init_own(&e->pool_map, &e->pool[0].key_hi, sizeof *e->pool, seed, 5);
    spw__map_init_own(&e->pair_map, &e->pair[0].key_hi, sizeof *e->pair, seed, 6);
    spw__heap_init(&e->timers);
}

int spw_engine_init(void *memory, size_t size, const struct spw_config *config,
                    struct spw_engine **engine)
{
    int error = spw_config_check(config, NULL);
    struct spw_engine scratch;
    memset(&scratch, 0, sizeof scratch);
    *engine = NULL;
    if (error != SPW_OK) {
        return error;
    }
    (void)config_read(config, &scratch.config);
    size_t wanted = measure(&scratch.config);
    if (wanted == 0 || memory == NULL || ((uintptr_t)memory & 63) != 0 || size < wanted) {
        return SPW_E_MEMORY;
    }
    struct spw__carve carve = {.base = memory};
    struct spw_engine *e = carve_all(&carve, &scratch);
    e->memory_size = wanted;
    init_tables(e);
    spw__plan_default(&e->plan);
    for (uint32_t i = 0; i <= e->config.skillsets_max; i++) {
        e->pool_order[i] = spw__pool_order_usual(i);
    }
    e->token_oldest = SPW_NONE;
    e->token_newest = SPW_NONE;
    e->event_first = 1;
    e->foremost.counsellor = SPW_NONE;
    spw__digest_init(&e->event_digest, 0);
    e->order = spw_policy_builtin(SPW_ORDER_HEAD_START);
    e->vector_width = (int)spw__kernel_best();
    e->argmin = spw__argmin_pick(spw__kernel_best());
    *engine = e;
    return SPW_OK;
}

static void *default_allocate(void *context, size_t size, size_t alignment)
{
    (void)context;
    return aligned_alloc(alignment, size);
}

static void default_release(void *context, void *memory, size_t size)
{
    (void)context;
    (void)size;
    free(memory); /* tidy: banned because it is the default allocator's own way back */
}

int spw_engine_create(const struct spw_config *config, const struct spw_allocator *allocator,
                      struct spw_engine **engine)
{
    const struct spw_allocator standard = {NULL, default_allocate, default_release};
    int error = spw_config_check(config, NULL);
    *engine = NULL;
    if (allocator == NULL) {
        allocator = &standard;
    }
    if (allocator->allocate == NULL || allocator->release == NULL) {
        error = SPW_E_INVALID;
    }
    if (error != SPW_OK) {
        return error;
    }
    size_t size = spw_engine_size(config);
    void *memory = size == 0 ? NULL : allocator->allocate(allocator->context, size, 64);
    if (memory == NULL) {
        return SPW_E_MEMORY;
    }
    error = spw_engine_init(memory, size, config, engine);
    if (error != SPW_OK) {
        allocator->release(allocator->context, memory, size);
        return error;
    }
    (*engine)->allocator = *allocator;
    return SPW_OK;
}

void spw_engine_destroy(struct spw_engine *engine)
{
    if (engine == NULL) {
        return;
    }
    struct spw_allocator allocator = engine->allocator;
    size_t size = engine->memory_size;
    SPW_ASSERT(allocator.release != NULL && !engine->in_call);
    memset(engine, 0, size);
    allocator.release(allocator.context, engine, size);
}
