/*
 * model/prng.h - the generator's own random numbers: splitmix64, so that a seed means the same
 * stream on every machine. State: one 64-bit counter. Cost: three multiplications a number.
 */
#ifndef MODEL_PRNG_H
#define MODEL_PRNG_H

#include <stdbool.h>
#include <stdint.h>

struct prng {
    uint64_t state;
};

static inline uint64_t prng_next(struct prng *p)
{
    uint64_t z = (p->state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* 0 .. n - 1; n is small, so the bias of the remainder does not matter here. */
static inline uint32_t prng_below(struct prng *p, uint32_t n)
{
    return n == 0 ? 0 : (uint32_t)(prng_next(p) >> 16) % n;
}

/* low .. high, both included. */
static inline uint32_t prng_between(struct prng *p, uint32_t low, uint32_t high)
{
    return low + prng_below(p, high - low + 1);
}

/* True in `percent` of a hundred cases. */
static inline bool prng_chance(struct prng *p, uint32_t percent)
{
    return prng_below(p, 100) < percent;
}

#endif
