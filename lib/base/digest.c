/*
 * base/digest.c - the part of the mixer that need not be inlined.
 *
 * Who calls: engine/event.c, engine/export.c. Cost: one multiply per word.
 */
#include "base/digest.h"

uint64_t spw__digest_done(const struct spw__digest *digest)
{
    uint64_t x = digest->a ^ ((digest->b << 32) | (digest->b >> 32));
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}
