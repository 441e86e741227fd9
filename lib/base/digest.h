/*
 * base/digest.h - the mixer behind state hash and event digest.
 *
 * 128 bits of state, one multiply per 64-bit word, 64 bits out. Not cryptographic: it tells whether
 * two runs are the same, it does not resist an adversary. Words, never bytes of structs, are mixed,
 * so that padding and byte order play no part.
 */
#ifndef SPW__BASE_DIGEST_H
#define SPW__BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

struct spw__digest {
    uint64_t a;
    uint64_t b;
};

static inline void spw__digest_init(struct spw__digest *digest, uint64_t seed)
{
    digest->a = seed ^ 0x9e3779b97f4a7c15u;
    digest->b = seed + 0xbf58476d1ce4e5b9u;
}

static inline void spw__digest_u64(struct spw__digest *digest, uint64_t word)
{
    uint64_t x = (digest->a ^ word) * 0xd6e8feb86659fd93u;
    digest->a = (x ^ (x >> 32)) + digest->b;
    digest->b = ((digest->b << 23) | (digest->b >> 41)) ^ x;
}

/* 64 bits of the state so far; the digest may go on. */
uint64_t spw__digest_done(const struct spw__digest *digest);

#endif
