/*
 * base/ranking.h - numbers 0 .. n-1 in the order of their keys, to be walked from the smallest.
 *
 * What it is for: the classes of a centre by the score of their heads, the pools by that of their
 * longest idle. Served is the first in this order whose bit is set in a row; with one in twenty
 * able that is about the twentieth entry, however many thousand there are.
 */
#ifndef SPW__BASE_RANKING_H
#define SPW__BASE_RANKING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/assert.h"
#include "base/carve.h"

/* Which of two with equal keys goes first: below 0, if a. */
typedef int spw__ranking_compare(const void *context, uint32_t a, uint32_t b);

struct spw__ranking {
    int64_t *score;     /* [number] its key; the caller's array, written here */
    int64_t *key;       /* [block][size], ascending */
    uint32_t *number;   /* [block][size] */
    int64_t *first;     /* [place] smallest key of the block there */
    uint32_t *at;       /* [place] block; from `used` on: free blocks */
    uint32_t *place;    /* [block] */
    uint32_t *length;   /* [block] */
    uint32_t *block_of; /* [number] SPW_NONE: not ranked */
    uint32_t size;      /* numbers that a block can hold */
    uint32_t used;      /* blocks in use */
    uint32_t blocks;
    uint32_t count;
    spw__ranking_compare *compare; /* null: equal keys go by number */
    const void *context;
};

/* Bytes that always suffice for n numbers; more for two than for one of the sum. */
size_t spw__ranking_bytes(uint32_t n);

/* Lays a ranking of n numbers out in memory of that size, aligned to 64; it is empty. */
void spw__ranking_init(struct spw__ranking *ranking, void *memory, uint32_t n, int64_t *score);

void spw__ranking_clear(struct spw__ranking *ranking, uint32_t n);

/* Ranks a number by a key, for the first time or anew. */
void spw__ranking_put(struct spw__ranking *ranking, uint32_t number, int64_t key);

/* Takes a number out, if it is in. */
void spw__ranking_take(struct spw__ranking *ranking, uint32_t number);

static inline bool spw__ranking_has(const struct spw__ranking *ranking, uint32_t number)
{
    return ranking->block_of[number] != SPW_NONE;
}

/* Where a walk stands. At the start: all zero but `left`, how many entries may be looked at. */
struct spw__ranking_walk {
    uint32_t place;
    uint32_t index;
    uint32_t left;
};

#define SPW__RANKING_ON (UINT32_MAX - 1) /* no more entries may be looked at, and there are more */

/*
 * The next number from where the walk stands whose bit is set in row[]; SPW_NONE: there is none.
 * Changes of the ranking end a walk.
 */
uint32_t spw__ranking_next(const struct spw__ranking *ranking, struct spw__ranking_walk *walk,
                           const uint64_t *row);

#endif
