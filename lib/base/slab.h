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
#include <stddef.h>
#include <stdint.h>

#include "base/carve.h"

/* Side by side: a caller that asks for one will write to the other, and both are on one line of
 * memory. */
struct spw__slab_link {
    uint32_t next; /* of a free slot */
    uint32_t generation;
};

struct spw__slab {
    unsigned char *links;
    size_t stride; /* bytes from one slot's link to the next */
    uint32_t head;
    uint32_t tail;
    uint32_t free_count;
    uint32_t capacity;
};

void spw__slab_carve(struct spw__slab *slab, struct spw__carve *carve, uint32_t capacity);

/* For links that are members of the caller's records: those of slot 0, and the size of a record. */
void spw__slab_embed(struct spw__slab *slab, struct spw__slab_link *links, size_t stride,
                     uint32_t capacity);

/* All slots free, in the order 0 .. capacity-1. */
void spw__slab_init(struct spw__slab *slab);

/* A free slot, now live; SPW_NONE if there is none. */
uint32_t spw__slab_take(struct spw__slab *slab);

/* A live slot, now free. */
void spw__slab_give(struct spw__slab *slab, uint32_t slot);

/* To rebuild a free list slot by slot; the count is the caller's. */
void spw__slab_hang(struct spw__slab *slab, uint32_t slot);

static inline struct spw__slab_link *spw__slab_link(const struct spw__slab *slab, uint32_t slot)
{
    return (struct spw__slab_link *)(void *)(slab->links + (size_t)slot * slab->stride);
}

static inline uint32_t spw__slab_generation(const struct spw__slab *slab, uint32_t slot)
{
    return spw__slab_link(slab, slot)->generation;
}

/* Somebody has that slot. */
static inline bool spw__slab_taken(const struct spw__slab *slab, uint32_t slot)
{
    return (spw__slab_generation(slab, slot) & 1) != 0;
}

static inline bool spw__slab_live(const struct spw__slab *slab, uint32_t slot, uint32_t generation)
{
    return slot < slab->capacity && (generation & 1) != 0 &&
           spw__slab_generation(slab, slot) == generation;
}

#endif
