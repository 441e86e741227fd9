/*
 * base/slab.c - fixed slots with generations and a first-in-first-out free list.
 *
 * Invariants: capacity N holds N; generation odd = live; every free slot is on the list once.
 * Who calls: the engine, for contacts, counsellors, personal records, tokens. Cost: constant.
 */
#include "base/slab.h"

#include "base/assert.h"

void spw__slab_carve(struct spw__slab *slab, struct spw__carve *carve, uint32_t capacity)
{
    struct spw__slab_link *links = spw__carve_take(carve, capacity, sizeof *links, 64);
    spw__slab_embed(slab, links, sizeof *links, capacity);
}

void spw__slab_embed(struct spw__slab *slab, struct spw__slab_link *links, size_t stride,
                     uint32_t capacity)
{
    slab->links = (unsigned char *)links;
    slab->stride = stride;
    slab->capacity = capacity;
}

void spw__slab_init(struct spw__slab *slab)
{
    for (uint32_t slot = 0; slot < slab->capacity; slot++) {
        *spw__slab_link(slab, slot) =
            (struct spw__slab_link){slot + 1 < slab->capacity ? slot + 1 : SPW_NONE, 0};
    }
    slab->head = slab->capacity > 0 ? 0 : SPW_NONE;
    slab->tail = slab->capacity > 0 ? slab->capacity - 1 : SPW_NONE;
    slab->free_count = slab->capacity;
}

uint32_t spw__slab_take(struct spw__slab *slab)
{
    uint32_t slot = slab->head;
    if (slot == SPW_NONE) {
        return SPW_NONE;
    }
    struct spw__slab_link *link = spw__slab_link(slab, slot);
    SPW_ASSERT((link->generation & 1) == 0);
    slab->head = link->next;
    if (slab->head == SPW_NONE) {
        slab->tail = SPW_NONE;
    }
    link->next = SPW_NONE;
    link->generation++;
    slab->free_count--;
    return slot;
}

void spw__slab_give(struct spw__slab *slab, uint32_t slot)
{
    SPW_ASSERT(slot < slab->capacity && spw__slab_taken(slab, slot));
    spw__slab_link(slab, slot)->generation++;
    slab->free_count++;
    spw__slab_hang(slab, slot);
}

void spw__slab_hang(struct spw__slab *slab, uint32_t slot)
{
    spw__slab_link(slab, slot)->next = SPW_NONE;
    if (slab->tail == SPW_NONE) {
        slab->head = slot;
    } else {
        spw__slab_link(slab, slab->tail)->next = slot;
    }
    slab->tail = slot;
}
