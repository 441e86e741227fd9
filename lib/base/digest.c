/*
 * base/digest.c - the parts of the mixer that need not be inlined.
 *
 * Who calls: engine/event.c, engine/export.c. Cost: one multiply per eight bytes.
 */
#include "base/digest.h"

void spw__digest_bytes(struct spw__digest *digest, const void *bytes, size_t size)
{
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < size; i += 8) {
        uint64_t word = 0;
        for (size_t j = 0; j < 8 && i + j < size; j++) {
            word |= (uint64_t)byte[i + j] << (8 * j);
        }
        spw__digest_u64(digest, word);
    }
    spw__digest_u64(digest, size);
}

uint64_t spw__digest_done(const struct spw__digest *digest)
{
    uint64_t x = digest->a ^ ((digest->b << 32) | (digest->b >> 32));
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}
