/*
 * base/map.h - a fixed-capacity index from 128-bit keys to slots.
 *
 * The map stores slots only; the keys live in the caller's array, two uint64_t (hi, lo) at a fixed
 * stride. Keys that come from outside are hashed by SipHash-1-3, so that ids chosen by an adversary
 * cannot pile up; keys that the engine makes of its own numbers by one keyed multiplication.
 */
#ifndef SPW__BASE_MAP_H
#define SPW__BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/carve.h"

/* The hash rides along: neighbours are moved and passed over without touching their keys. */
struct spw__bucket {
    uint32_t slot; /* SPW_NONE: empty */
    uint32_t hash;
};

struct spw__map {
    struct spw__bucket *buckets;
    uint32_t mask;
    uint32_t count;
    const unsigned char *keys;
    size_t stride;
    uint64_t seed0;
    uint64_t seed1;
    bool own; /* the keys are the engine's own numbers */
};

void spw__map_carve(struct spw__map *map, struct spw__carve *carve, uint32_t n_max);
void spw__map_init(struct spw__map *map, const void *keys, size_t stride, uint64_t seed0,
                   uint64_t seed1);
/* The same for keys that nobody outside can choose freely. */
void spw__map_init_own(struct spw__map *map, const void *keys, size_t stride, uint64_t seed0,
                       uint64_t seed1);

/* The hash of a key: for callers that ask about one key more than once. */
uint32_t spw__map_hash(const struct spw__map *map, uint64_t hi, uint64_t lo);

/* The slot with that key, or SPW_NONE. */
uint32_t spw__map_find(const struct spw__map *map, uint64_t hi, uint64_t lo);
uint32_t spw__map_find_hashed(const struct spw__map *map, uint32_t hash, uint64_t hi, uint64_t lo);

/* Adds a slot by the key in the caller's array; the key must be absent. */
void spw__map_insert(struct spw__map *map, uint32_t slot);
void spw__map_insert_hashed(struct spw__map *map, uint32_t slot, uint32_t hash);

/* Removes a slot; its key in the caller's array must be unchanged. */
void spw__map_erase(struct spw__map *map, uint32_t slot);
void spw__map_erase_hashed(struct spw__map *map, uint32_t slot, uint32_t hash);

/* Has the memory of a later find on its way. */
static inline __attribute__((always_inline)) void spw__map_prefetch(const struct spw__map *map,
                                                                    uint32_t hash)
{
    __builtin_prefetch(&map->buckets[hash & map->mask], 1);
}

#endif
