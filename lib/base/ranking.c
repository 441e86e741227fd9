/*
 * base/ranking.c - a sorted sequence in blocks: two levels, block size about the root of n.
 *
 *      place:   0        1        2            first[] smallest keys, at[] blocks
 *               |        |        |
 *      block: [a b c] [d e]    [f g h i]       key[] and number[], ascending
 *
 * Invariants: entries ascend by (key, compare) within and across blocks; no block in use is empty;
 * two neighbours hold more than three quarters of a block together, so that blocks never run out.
 * The order does not depend on the blocks: the same contents are walked in the same order.
 * Who calls: engine/lane.c and engine/pool.c keep it; engine/search.c and engine/choose.c walk it.
 * Cost: put and take two binary searches and a move within a block. Among equal keys put searches
 * by compare; take passes the equal ones of the block one by one, at most a block. A walk reads
 * its numbers in sequence.
 */
#include "base/ranking.h"

#include <string.h>

static uint32_t block_size(uint32_t n)
{
    uint32_t size = 8;
    while ((uint64_t)size * size < n && size < 1024) {
        size *= 2;
    }
    return size;
}

static uint32_t block_count(uint32_t n)
{
    return (uint32_t)((uint64_t)n * 8 / 3 / block_size(n)) + 4;
}

/*
 * Blocks are three eighths full at worst: 32 bytes a number; 4 of its own; at most 7 as its part of
 * what is kept for each block of eight; then four spare blocks of twice the root of n, rounding.
 */
size_t spw__ranking_bytes(uint32_t n)
{
    return (size_t)n * 48 + 2048;
}

static void *cut(struct spw__carve *carve, size_t count, size_t size)
{
    return spw__carve_take(carve, count, size, 64);
}

void spw__ranking_init(struct spw__ranking *ranking, void *memory, uint32_t n, int64_t *score)
{
    struct spw__carve carve = {.base = memory};
    uint32_t size = block_size(n);
    uint32_t blocks = block_count(n);
    *ranking = (struct spw__ranking){.score = score, .size = size, .blocks = blocks};
    ranking->key = cut(&carve, (size_t)blocks * size, sizeof *ranking->key);
    ranking->number = cut(&carve, (size_t)blocks * size, sizeof *ranking->number);
    ranking->first = cut(&carve, blocks, sizeof *ranking->first);
    ranking->at = cut(&carve, blocks, sizeof *ranking->at);
    ranking->place = cut(&carve, blocks, sizeof *ranking->place);
    ranking->length = cut(&carve, blocks, sizeof *ranking->length);
    ranking->block_of = cut(&carve, n, sizeof *ranking->block_of);
    SPW_ASSERT(carve.used <= spw__ranking_bytes(n));
    spw__ranking_clear(ranking, n);
}

void spw__ranking_clear(struct spw__ranking *ranking, uint32_t n)
{
    for (uint32_t b = 0; b < ranking->blocks; b++) {
        ranking->at[b] = b;
    }
    memset(ranking->block_of, 0xff, n * sizeof *ranking->block_of);
    ranking->used = 0;
    ranking->count = 0;
}

/* --- searching -------------------------------------------------------------------------------- */

/* How many of n ascending keys are not above `key`; no branch to be guessed wrong. */
static uint32_t upper(const int64_t *keys, uint32_t n, int64_t key)
{
    const int64_t *base = keys;
    while (n > 1) {
        uint32_t half = n / 2;
        base += (size_t)(base[half - 1] <= key) * half;
        n -= half;
    }
    return (uint32_t)(base - keys) + (n == 1 && *base <= key);
}

/* How many are below it. */
static uint32_t lower(const int64_t *keys, uint32_t n, int64_t key)
{
    const int64_t *base = keys;
    while (n > 1) {
        uint32_t half = n / 2;
        base += (size_t)(base[half - 1] < key) * half;
        n -= half;
    }
    return (uint32_t)(base - keys) + (n == 1 && *base < key);
}

/* Whether `number` goes before `other`, which has the same key. */
static bool goes_before(const struct spw__ranking *r, uint32_t number, uint32_t other)
{
    return r->compare != NULL ? r->compare(r->context, number, other) < 0 : number < other;
}

static uint32_t first_of_place(const struct spw__ranking *r, uint32_t place)
{
    return r->number[(size_t)r->at[place] * r->size];
}

/* The block into which an entry belongs: the last that does not begin after it. */
static uint32_t find_place(const struct spw__ranking *r, uint32_t number, int64_t key)
{
    uint32_t high = upper(r->first, r->used, key); /* places below it begin at or before the key */
    if (high > 0 && r->first[high - 1] == key) {
        uint32_t low = lower(r->first, high, key); /* the first that begins at the key */
        while (low < high) {
            uint32_t middle = low + (high - low) / 2;
            if (goes_before(r, number, first_of_place(r, middle))) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
    }
    return high > 0 ? high - 1 : 0;
}

/* The index inside a block before which an entry belongs. */
static uint32_t find_index(const struct spw__ranking *r, uint32_t block, uint32_t number,
                           int64_t key)
{
    const int64_t *keys = &r->key[(size_t)block * r->size];
    const uint32_t *numbers = &r->number[(size_t)block * r->size];
    uint32_t high = upper(keys, r->length[block], key);
    if (high > 0 && keys[high - 1] == key) {
        uint32_t low = lower(keys, high, key);
        while (low < high) {
            uint32_t middle = low + (high - low) / 2;
            if (goes_before(r, number, numbers[middle])) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
    }
    return high;
}

/* --- blocks come and go ----------------------------------------------------------------------- */

/* A fresh block takes its place; all from there on move up. */
static uint32_t block_open(struct spw__ranking *r, uint32_t place)
{
    SPW_ASSERT(r->used < r->blocks);
    uint32_t block = r->at[r->used];
    for (uint32_t p = r->used; p > place; p--) {
        r->at[p] = r->at[p - 1];
        r->first[p] = r->first[p - 1];
        r->place[r->at[p]] = p;
    }
    r->at[place] = block;
    r->place[block] = place;
    r->length[block] = 0;
    r->used++;
    return block;
}

static void block_close(struct spw__ranking *r, uint32_t place)
{
    uint32_t block = r->at[place];
    r->used--;
    for (uint32_t p = place; p < r->used; p++) {
        r->at[p] = r->at[p + 1];
        r->first[p] = r->first[p + 1];
        r->place[r->at[p]] = p;
    }
    r->at[r->used] = block;
}

/* Entries from `index` on go behind those of another block. */
static void entries_move(struct spw__ranking *r, uint32_t from, uint32_t index, uint32_t to)
{
    uint32_t n = r->length[from] - index;
    size_t source = (size_t)from * r->size + index;
    size_t target = (size_t)to * r->size + r->length[to];
    memcpy(&r->key[target], &r->key[source], n * sizeof *r->key);
    memcpy(&r->number[target], &r->number[source], n * sizeof *r->number);
    for (uint32_t i = 0; i < n; i++) {
        r->block_of[r->number[target + i]] = to;
    }
    r->length[to] += n;
    r->length[from] = index;
}

/* The upper half of a full block gets one of its own. */
static void split(struct spw__ranking *r, uint32_t place)
{
    uint32_t block = r->at[place];
    uint32_t fresh = block_open(r, place + 1);
    entries_move(r, block, r->size / 2, fresh);
    r->first[place + 1] = r->key[(size_t)fresh * r->size];
}

/* Joins the blocks at a place and the next, if both are there and few enough. */
static bool join(struct spw__ranking *r, uint32_t place)
{
    if (place + 1 >= r->used) {
        return false;
    }
    uint32_t block = r->at[place];
    uint32_t next = r->at[place + 1];
    if (r->length[block] + r->length[next] > r->size / 4 * 3) {
        return false;
    }
    entries_move(r, next, 0, block);
    block_close(r, place + 1);
    return true;
}

/* --- the doors -------------------------------------------------------------------------------- */

static void entry_insert(struct spw__ranking *r, uint32_t place, uint32_t index, uint32_t number,
                         int64_t key)
{
    uint32_t block = r->at[place];
    size_t at = (size_t)block * r->size + index;
    uint32_t behind = r->length[block] - index;
    memmove(&r->key[at + 1], &r->key[at], behind * sizeof *r->key);
    memmove(&r->number[at + 1], &r->number[at], behind * sizeof *r->number);
    r->key[at] = key;
    r->number[at] = number;
    r->block_of[number] = block;
    r->length[block]++;
    r->count++;
    if (index == 0) {
        r->first[place] = key;
    }
}

static void entry_add(struct spw__ranking *r, uint32_t number, int64_t key)
{
    if (r->used == 0) {
        (void)block_open(r, 0);
        entry_insert(r, 0, 0, number, key);
        return;
    }
    uint32_t place = find_place(r, number, key);
    uint32_t index = find_index(r, r->at[place], number, key);
    if (r->length[r->at[place]] < r->size) {
        entry_insert(r, place, index, number, key);
        return;
    }
    split(r, place);
    bool above = index > r->size / 2;
    entry_insert(r, above ? place + 1 : place, above ? index - r->size / 2 : index, number, key);
    (void)join(r, place + 1); /* the halves may have small neighbours */
    if (place > 0) {
        (void)join(r, place - 1);
    }
}

void spw__ranking_take(struct spw__ranking *r, uint32_t number)
{
    uint32_t block = r->block_of[number];
    if (block == SPW_NONE) {
        return;
    }
    size_t start = (size_t)block * r->size;
    uint32_t place = r->place[block];
    uint32_t index = lower(&r->key[start], r->length[block], r->score[number]);
    while (r->number[start + index] != number) {
        index++;
        SPW_ASSERT(index < r->length[block]);
    }
    uint32_t behind = --r->length[block] - index;
    memmove(&r->key[start + index], &r->key[start + index + 1], behind * sizeof *r->key);
    memmove(&r->number[start + index], &r->number[start + index + 1], behind * sizeof *r->number);
    r->block_of[number] = SPW_NONE;
    r->count--;
    if (r->length[block] == 0) {
        block_close(r, place);
        if (place > 0) {
            (void)join(r, place - 1);
        }
        return;
    }
    r->first[place] = r->key[start];
    if (!join(r, place) && place > 0) {
        (void)join(r, place - 1);
    }
}

void spw__ranking_put(struct spw__ranking *r, uint32_t number, int64_t key)
{
    spw__ranking_take(r, number);
    r->score[number] = key;
    entry_add(r, number, key);
}

uint32_t spw__ranking_next(const struct spw__ranking *r, struct spw__ranking_walk *walk,
                           const uint64_t *row)
{
    for (; walk->place < r->used; walk->place++, walk->index = 0) {
        uint32_t block = r->at[walk->place];
        const uint32_t *from = &r->number[(size_t)block * r->size + walk->index];
        uint32_t there = r->length[block] - walk->index;
        const uint32_t *end = from + (there < walk->left ? there : walk->left);
        for (const uint32_t *at = from; at < end; at++) {
            if (((row[*at / 64] >> (*at % 64)) & 1) != 0) {
                uint32_t passed = (uint32_t)(at - from) + 1;
                walk->index += passed;
                walk->left -= passed;
                return *at;
            }
        }
        if (there > walk->left) {
            walk->index += walk->left;
            walk->left = 0;
            return SPW__RANKING_ON;
        }
        walk->left -= there;
    }
    return SPW_NONE;
}
