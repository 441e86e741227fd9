/*
 * base/carve.c - one block, many arrays.
 *
 * Invariant: `used` advances by the same amounts whether or not there is memory behind it; a sum
 * that does not fit in size_t is kept as `over`, and nothing is laid out from then on.
 * Who calls: engine/engine.c at creation; slab.c, map.c, heap.c, ranking.c and model/term.c for
 * their parts. Cost: writes every byte once (zeroes).
 */
#include "base/carve.h"

#include <stdint.h>
#include <string.h>

void *spw__carve_take(struct spw__carve *carve, size_t count, size_t size, size_t align)
{
    size_t start = (carve->used + align - 1) & ~(align - 1);
    carve->over = carve->over || (size != 0 && count > SIZE_MAX / 2 / size) || start > SIZE_MAX / 4;
    if (carve->over) {
        return NULL;
    }
    carve->used = start + count * size;
    if (carve->base == NULL) {
        return NULL;
    }
    return memset(carve->base + start, 0, count * size);
}
