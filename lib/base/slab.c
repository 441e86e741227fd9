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
    slab->next = spw__carve_take(carve, capacity, sizeof *slab->next, 64);
    slab->generation = spw__carve_take(carve, capacity, sizeof *slab->generation, 64);
    slab->capacity = capacity;
}

void spw__slab_init(struct spw__slab *slab)
{
    for (uint32_t slot = 0; slot < slab->capacity; slot++) {
        slab->next[slot] = slot + 1 < slab->capacity ? slot + 1 : SPW_NONE;
        slab->generation[slot] = 0;
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
    SPW_ASSERT((slab->generation[slot] & 1) == 0);
    slab->head = slab->next[slot];
    if (slab->head == SPW_NONE) {
        slab->tail = SPW_NONE;
    }
    slab->next[slot] = SPW_NONE;
    slab->generation[slot]++;
    slab->free_count--;
    return slot;
}

void spw__slab_give(struct spw__slab *slab, uint32_t slot)
{
    SPW_ASSERT(slot < slab->capacity && (slab->generation[slot] & 1) != 0);
    slab->generation[slot]++;
    slab->next[slot] = SPW_NONE;
    if (slab->tail == SPW_NONE) {
        slab->head = slot;
    } else {
        slab->next[slab->tail] = slot;
    }
    slab->tail = slot;
    slab->free_count++;
}
