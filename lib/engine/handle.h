/*
 * engine/handle.h - handles: slot and generation in 64 bits, odd while live (rule D7).
 */
#ifndef SPW__ENGINE_HANDLE_H
#define SPW__ENGINE_HANDLE_H

#include "engine/state.h"

static inline uint64_t spw__contact_bits(const struct spw_engine *e, uint32_t slot)
{
    return ((uint64_t)e->cold[slot].generation << 32) | slot;
}
static inline uint64_t spw__counsellor_bits(const struct spw_engine *e, uint32_t slot)
{
    return ((uint64_t)e->counsellor[slot].link.generation << 32) | slot;
}
static inline bool spw__contact_live(const struct spw_engine *e, uint64_t bits)
{
    uint32_t generation = (uint32_t)(bits >> 32);
    return (uint32_t)bits < e->contacts.capacity && (generation & 1) != 0 &&
           e->cold[(uint32_t)bits].generation == generation;
}
static inline bool spw__counsellor_live(const struct spw_engine *e, uint64_t bits)
{
    uint32_t generation = (uint32_t)(bits >> 32);
    return (uint32_t)bits < e->counsellors.capacity && (generation & 1) != 0 &&
           e->counsellor[(uint32_t)bits].link.generation == generation;
}
/* A handle that was live once. */
static inline bool spw__slab_was(const struct spw__slab *slab, uint64_t bits)
{
    uint32_t generation = (uint32_t)(bits >> 32);
    return (uint32_t)bits < slab->capacity && (generation & 1) != 0 &&
           generation < spw__slab_generation(slab, (uint32_t)bits);
}
static inline bool spw__contact_was(const struct spw_engine *e, uint64_t bits)
{
    return spw__slab_was(&e->contacts, bits);
}
static inline bool spw__counsellor_was(const struct spw_engine *e, uint64_t bits)
{
    return spw__slab_was(&e->counsellors, bits);
}
static inline struct spw__item *spw__items(const struct spw_engine *e, uint32_t counsellor)
{
    return &e->item[(size_t)counsellor * e->config.items_max];
}

#endif
