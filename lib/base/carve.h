/*
 * base/carve.h - lays out many arrays in one block of memory.
 *
 * The measuring pass (base null) and the carving pass are the same calls, so the size that is told
 * is the size that is used.
 */
#ifndef SPW__BASE_CARVE_H
#define SPW__BASE_CARVE_H

#include <stdbool.h>
#include <stddef.h>

struct spw__carve {
    unsigned char *base; /* null: only measure */
    size_t used;
    bool over; /* more was asked for than size_t can count; `used` says nothing then */
};

/*
 * Zeroed room for `count` objects; null in the measuring pass and once it is `over`. `align` is a
 * power of two.
 */
void *spw__carve_take(struct spw__carve *carve, size_t count, size_t size, size_t align);

#endif
