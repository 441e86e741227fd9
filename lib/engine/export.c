/*
 * engine/export.c - the public doors to the walk: hash, export, import.
 *
 * An export ends with the digest of all before it, so damaged bytes are seen before anything is
 * built from them. On any error of an import the engine is as it was created.
 * Who calls: the host, between inputs. Cost: proportional to the state.
 */
#include <string.h>

#include "engine/verbs.h"

/* The walk writes through its argument only when it reads bytes; hash and export do not. */
static struct spw_engine *unchanged(const struct spw_engine *engine)
{
    union {
        const struct spw_engine *from;
        struct spw_engine *to;
    } same = {engine};
    return same.to;
}

uint64_t spw_state_hash(const struct spw_engine *engine)
{
    SPW_ASSERT(engine != NULL);
    struct spw__walk walk = {.bad = SPW_OK};
    spw__digest_init(&walk.digest, 0);
    spw__walk_state(unchanged(engine), &walk);
    return spw__digest_done(&walk.digest);
}

size_t spw_state_export(const struct spw_engine *engine, void *bytes, size_t size)
{
    SPW_ASSERT(engine != NULL);
    struct spw__walk walk = {.out = bytes, .size = size, .bad = SPW_OK};
    spw__digest_init(&walk.digest, 0);
    spw__walk_state(unchanged(engine), &walk);
    uint64_t seal = spw__digest_done(&walk.digest);
    spw__walk_u64(&walk, &seal);
    return bytes == NULL || walk.used <= size ? walk.used : 0;
}

/* Whether the last word is the digest of all before it. */
static bool sealed(const unsigned char *bytes, size_t size)
{
    struct spw__digest digest;
    uint64_t word = 0;
    spw__digest_init(&digest, 0);
    for (size_t i = 0; i < size; i += 8) {
        uint64_t before = spw__digest_done(&digest);
        word = 0;
        for (size_t b = 0; b < 8; b++) {
            word |= (uint64_t)bytes[i + b] << (8 * b);
        }
        if (i + 8 == size) {
            return word == before;
        }
        spw__digest_u64(&digest, word);
    }
    return false;
}

static void start_anew(struct spw_engine *e)
{
    struct spw_config config = e->config;
    struct spw_allocator allocator = e->allocator;
    struct spw_policy policy[SPW__POLICIES_MAX];
    uint32_t policy_count = e->policy_count;
    size_t size = e->memory_size;
    memcpy(policy, e->policy, sizeof policy);
    struct spw_engine *same;
    int error = spw_engine_init(e, size, &config, &same);
    SPW_ASSERT(error == SPW_OK && same == e);
    memcpy(e->policy, policy, sizeof policy);
    e->policy_count = policy_count;
    e->allocator = allocator;
}

int spw_state_import(struct spw_engine *engine, const void *bytes, size_t size)
{
    SPW_ASSERT(engine != NULL);
    struct spw_engine *e = engine;
    SPW_ASSERT(!e->in_call);
    if (e->event_sequence != 0 || e->clock != 0 || e->input_count != 0) {
        return SPW_E_STATE;
    }
    if (bytes == NULL || size < 16 || size % 8 != 0 || !sealed(bytes, size)) {
        return SPW_E_FORMAT;
    }
    struct spw__walk walk = {.in = bytes, .size = size - 8, .bad = SPW_OK};
    e->in_call = 1;
    spw__digest_init(&walk.digest, 0);
    spw__walk_state(e, &walk);
    int error = walk.bad;
    if (error == SPW_OK && walk.used != walk.size) {
        error = SPW_E_FORMAT;
    }
    if (error == SPW_OK) {
        error = spw__restore(e);
    }
    e->in_call = 0;
    if (error != SPW_OK) {
        start_anew(e);
    } else {
        e->input_count++; /* it is no new engine now, though nothing may have happened yet */
    }
    return error;
}
