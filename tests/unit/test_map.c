/*
 * tests/unit/test_map.c - the index beside a list that is searched from front to back.
 */
#include "suite.h"

#include <string.h>

#include "base/assert.h"
#include "base/map.h"

#define SLOTS 96

struct record {
    uint32_t other;
    uint64_t key[2];
    uint32_t more;
};

static struct record record[SLOTS];
static unsigned char memory[8192] __attribute__((aligned(64)));

static struct spw__map map_of(uint32_t capacity, uint64_t seed)
{
    struct spw__map map;
    struct spw__carve carve = {.base = memory};
    spw__map_carve(&map, &carve, capacity);
    ck_assert_uint_le(carve.used, sizeof memory);
    spw__map_init(&map, record[0].key, sizeof record[0], seed, ~seed);
    return map;
}

static uint32_t list_find(const int *held, uint64_t hi, uint64_t lo)
{
    for (uint32_t slot = 0; slot < SLOTS; slot++) {
        if (held[slot] && record[slot].key[0] == hi && record[slot].key[1] == lo) {
            return slot;
        }
    }
    return SPW_NONE;
}

/* Keys out of a few: many finds hit, and the same keys come again in other slots. */
static void random_steps(uint32_t capacity, uint64_t seed, int steps)
{
    struct spw__map map = map_of(capacity, seed);
    int held[SLOTS] = {0};
    uint32_t count = 0;
    uint64_t random = seed;
    for (int step = 0; step < steps; step++) {
        uint64_t hi = suite_below(&random, 3);
        uint64_t lo = suite_below(&random, capacity);
        uint32_t slot = suite_below(&random, SLOTS);
        spw__map_prefetch(&map, spw__map_hash(&map, hi, lo));
        uint32_t found = spw__map_find(&map, hi, lo);
        ck_assert_uint_eq(found, list_find(held, hi, lo));
        if (found == SPW_NONE && !held[slot] && count < capacity) {
            record[slot].key[0] = hi;
            record[slot].key[1] = lo;
            spw__map_insert(&map, slot);
            held[slot] = 1;
            count++;
        } else if (held[slot] && suite_below(&random, 3) != 0) {
            spw__map_erase(&map, slot);
            held[slot] = 0;
            count--;
        }
        ck_assert_uint_eq(map.count, count);
    }
    for (uint32_t slot = 0; slot < SLOTS; slot++) {
        if (held[slot]) {
            ck_assert_uint_eq(spw__map_find(&map, record[slot].key[0], record[slot].key[1]), slot);
        }
    }
}

START_TEST(a_map_finds_what_a_list_finds)
{
    for (uint64_t seed = 1; seed <= 60; seed++) {
        random_steps(1 + (uint32_t)(seed % 48), seed, 2000);
    }
}
END_TEST

START_TEST(a_capacity_of_n_holds_n_and_empties_again)
{
    for (uint32_t capacity = 1; capacity <= SLOTS; capacity++) {
        struct spw__map map = map_of(capacity, capacity);
        for (uint32_t slot = 0; slot < capacity; slot++) {
            record[slot].key[0] = 0;
            record[slot].key[1] = slot;
            spw__map_insert(&map, slot);
        }
        for (uint32_t slot = 0; slot < capacity; slot++) {
            ck_assert_uint_eq(spw__map_find(&map, 0, slot), slot);
        }
        ck_assert_uint_eq(spw__map_find(&map, 1, 0), SPW_NONE);
        for (uint32_t slot = 0; slot < capacity; slot++) {
            spw__map_erase(&map, slot);
            ck_assert_uint_eq(spw__map_find(&map, 0, slot), SPW_NONE);
            if (slot + 1 < capacity) {
                ck_assert_uint_eq(spw__map_find(&map, 0, slot + 1), slot + 1);
            }
        }
        ck_assert_uint_eq(map.count, 0);
    }
}
END_TEST

/* A stranger who picks ids cannot know where they go: another seed, other homes. */
START_TEST(the_seed_decides_where_a_key_lives)
{
    uint32_t home[2][32];
    record[0].key[1] = 0;
    for (uint64_t key = 0; key < 32; key++) {
        record[0].key[0] = key;
        for (uint64_t seed = 0; seed < 2; seed++) {
            struct spw__map map = map_of(64, seed);
            spw__map_insert(&map, 0);
            for (uint32_t at = 0; at <= map.mask; at++) {
                if (map.buckets[at].slot == 0) {
                    home[seed][key] = at;
                }
            }
        }
    }
    ck_assert_mem_ne(home[0], home[1], sizeof home[0]);
}
END_TEST

int main(void)
{
    return SUITE_RUN("map", a_map_finds_what_a_list_finds,
                     a_capacity_of_n_holds_n_and_empties_again, the_seed_decides_where_a_key_lives);
}
