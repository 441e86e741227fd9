/*
 * base/heap.h - deadlines in the order (deadline, rank), one per node.
 *
 * rank is kind and sequence in one number, chosen by the caller, so that the order is total.
 */
#ifndef SPW__BASE_HEAP_H
#define SPW__BASE_HEAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/carve.h"

struct spw__timer {
    int64_t deadline;
    uint64_t rank;
    uint32_t node;
    uint32_t unused;
};

struct spw__heap {
    struct spw__timer *timer; /* four-ary heap */
    uint32_t *position;       /* [node], SPW_NONE when not armed */
    uint32_t count;
    uint32_t nodes_max;
};

void spw__heap_carve(struct spw__heap *heap, struct spw__carve *carve, uint32_t nodes_max);
void spw__heap_init(struct spw__heap *heap);

/* Arms a node, or arms it anew. */
void spw__heap_arm(struct spw__heap *heap, uint32_t node, int64_t deadline, uint64_t rank);

/* Disarms a node; nothing happens if it is not armed. */
void spw__heap_disarm(struct spw__heap *heap, uint32_t node);

static inline bool spw__heap_armed(const struct spw__heap *heap, uint32_t node)
{
    return heap->position[node] != UINT32_MAX;
}

static inline int64_t spw__heap_deadline(const struct spw__heap *heap, uint32_t node)
{
    return heap->timer[heap->position[node]].deadline;
}

/* The earliest deadline, or null. */
static inline const struct spw__timer *spw__heap_first(const struct spw__heap *heap)
{
    return heap->count > 0 ? &heap->timer[0] : (const struct spw__timer *)0;
}

#endif
