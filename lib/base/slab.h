/*
 * base/slab.h - fixed slots with generations.
 *
 * An odd generation is a live slot, an even one a free slot; a handle is slot and generation, so a
 * handle that outlives its object is seen to be stale. The free list is first in, first out: a slot
 * rests for as long as possible before it is used again, and the order is part of the state.
 */
#ifndef SPW__BASE_SLAB_H
#define SPW__BASE_SLAB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/carve.h"

struct spw__slab {
    uint32_t *next; /* of a free slot */
    uint32_t *generation;
    uint32_t head;
    uint32_t tail;
    uint32_t free_count;
    uint32_t capacity;
};

void spw__slab_carve(struct spw__slab *slab, struct spw__carve *carve, uint32_t capacity);

/* All slots free, in the order 0 .. capacity-1. */
void spw__slab_init(struct spw__slab *slab);

/* A free slot, now live; SPW_NONE if there is none. */
uint32_t spw__slab_take(struct spw__slab *slab);

/* A live slot, now free. */
void spw__slab_give(struct spw__slab *slab, uint32_t slot);

static inline bool spw__slab_live(const struct spw__slab *slab, uint32_t slot, uint32_t generation)
{
    return slot < slab->capacity && (generation & 1) != 0 && slab->generation[slot] == generation;
}

#endif
