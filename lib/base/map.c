/*
 * base/map.c - open addressing with linear probing and backward-shift deletion.
 *
 * Invariants: at most three quarters full; no tombstones, so a find ends at the first empty bucket;
 * every bucket's slot lies between its home and the next empty bucket.
 * Source of the hash: Aumasson, Bernstein, "SipHash: a fast short-input PRF" (2012), with one
 * compression and three finalisation rounds.
 * Who calls: the engine, for contact ids, counsellor keys, tokens, class and pool keys.
 * Cost: constant on average; about one line of the buckets and one of the keys per find.
 */
#include "base/map.h"

#include <string.h>

#include "base/assert.h"

void spw__map_carve(struct spw__map *map, struct spw__carve *carve, uint32_t n_max)
{
    uint64_t want = (uint64_t)n_max + n_max / 3 + 1;
    uint64_t size = 4;
    while (size < want) {
        size *= 2;
    }
    map->buckets = spw__carve_take(carve, (size_t)size, sizeof *map->buckets, 64);
    map->mask = (uint32_t)(size - 1);
}

void spw__map_init(struct spw__map *map, const void *keys, size_t stride, uint64_t seed0,
                   uint64_t seed1)
{
    memset(map->buckets, 0xff, ((size_t)map->mask + 1) * sizeof *map->buckets);
    map->count = 0;
    map->keys = keys;
    map->stride = stride;
    map->seed0 = seed0;
    map->seed1 = seed1;
    map->own = false;
}

void spw__map_init_own(struct spw__map *map, const void *keys, size_t stride, uint64_t seed0,
                       uint64_t seed1)
{
    spw__map_init(map, keys, stride, seed0, seed1);
    map->own = true;
}

static inline uint64_t rotate(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

struct sip {
    uint64_t v0, v1, v2, v3;
};

static inline void sip_round(struct sip *s)
{
    s->v0 += s->v1;
    s->v1 = rotate(s->v1, 13) ^ s->v0;
    s->v0 = rotate(s->v0, 32);
    s->v2 += s->v3;
    s->v3 = rotate(s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = rotate(s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = rotate(s->v1, 17) ^ s->v2;
    s->v2 = rotate(s->v2, 32);
}

static inline void sip_word(struct sip *s, uint64_t word)
{
    s->v3 ^= word;
    sip_round(s);
    s->v0 ^= word;
}

/* Both halves of one product, folded. */
static inline uint32_t fold(const struct spw__map *map, uint64_t hi, uint64_t lo)
{
    __extension__ typedef unsigned __int128 wide;
    wide product =
        (wide)(hi ^ map->seed0 ^ 0x9e3779b97f4a7c15u) * (lo ^ map->seed1 ^ 0xd6e8feb86659fd93u);
    uint64_t mixed = (uint64_t)product ^ (uint64_t)(product >> 64);
    return (uint32_t)(mixed ^ (mixed >> 32));
}

static uint32_t hash_of(const struct spw__map *map, uint64_t hi, uint64_t lo)
{
    if (map->own) {
        return fold(map, hi, lo);
    }
    struct sip s = {map->seed0 ^ 0x736f6d6570736575u, map->seed1 ^ 0x646f72616e646f6du,
                    map->seed0 ^ 0x6c7967656e657261u, map->seed1 ^ 0x7465646279746573u};
    sip_word(&s, hi);
    sip_word(&s, lo);
    sip_word(&s, (uint64_t)16 << 56);
    s.v2 ^= 0xff;
    sip_round(&s);
    sip_round(&s);
    sip_round(&s);
    return (uint32_t)(s.v0 ^ s.v1 ^ s.v2 ^ s.v3);
}

static inline const uint64_t *key_of(const struct spw__map *map, uint32_t slot)
{
    return (const uint64_t *)(const void *)(map->keys + (size_t)slot * map->stride);
}

static inline uint32_t hash_of_slot(const struct spw__map *map, uint32_t slot)
{
    const uint64_t *key = key_of(map, slot);
    return hash_of(map, key[0], key[1]);
}

uint32_t spw__map_hash(const struct spw__map *map, uint64_t hi, uint64_t lo)
{
    return hash_of(map, hi, lo);
}

uint32_t spw__map_find(const struct spw__map *map, uint64_t hi, uint64_t lo)
{
    return spw__map_find_hashed(map, hash_of(map, hi, lo), hi, lo);
}

uint32_t spw__map_find_hashed(const struct spw__map *map, uint32_t hash, uint64_t hi, uint64_t lo)
{
    for (uint32_t at = hash & map->mask;; at = (at + 1) & map->mask) {
        struct spw__bucket bucket = map->buckets[at];
        if (bucket.slot == SPW_NONE) {
            return SPW_NONE;
        }
        if (bucket.hash == hash) {
            const uint64_t *key = key_of(map, bucket.slot);
            if (key[0] == hi && key[1] == lo) {
                return bucket.slot;
            }
        }
    }
}

void spw__map_insert(struct spw__map *map, uint32_t slot)
{
    spw__map_insert_hashed(map, slot, hash_of_slot(map, slot));
}

void spw__map_insert_hashed(struct spw__map *map, uint32_t slot, uint32_t hash)
{
    SPW_ASSERT(map->count < map->mask);
    SPW_ASSERT_SLOW(hash == hash_of_slot(map, slot));
    uint32_t at = hash & map->mask;
    while (map->buckets[at].slot != SPW_NONE) {
        SPW_ASSERT_SLOW(memcmp(key_of(map, map->buckets[at].slot), key_of(map, slot), 16) != 0);
        at = (at + 1) & map->mask;
    }
    map->buckets[at] = (struct spw__bucket){slot, hash};
    map->count++;
}

void spw__map_erase(struct spw__map *map, uint32_t slot)
{
    spw__map_erase_hashed(map, slot, hash_of_slot(map, slot));
}

void spw__map_erase_hashed(struct spw__map *map, uint32_t slot, uint32_t hash)
{
    uint32_t hole = hash & map->mask;
    SPW_ASSERT_SLOW(hash == hash_of_slot(map, slot));
    while (map->buckets[hole].slot != slot) {
        SPW_ASSERT(map->buckets[hole].slot != SPW_NONE);
        hole = (hole + 1) & map->mask;
    }
    /* An entry that sits behind the hole and could sit in it moves up, so that no probe is cut
     * short. */
    for (uint32_t at = (hole + 1) & map->mask; map->buckets[at].slot != SPW_NONE;
         at = (at + 1) & map->mask) {
        uint32_t home = map->buckets[at].hash & map->mask;
        if (((at - home) & map->mask) >= ((at - hole) & map->mask)) {
            map->buckets[hole] = map->buckets[at];
            hole = at;
        }
    }
    map->buckets[hole].slot = SPW_NONE;
    map->count--;
}
