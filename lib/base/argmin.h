/*
 * base/argmin.h - the smallest key among the set bits of two rows: the kernel of every decision.
 *
 * Portable, AVX2 and AVX-512 versions give identical results, ties included.
 */
#ifndef SPW__BASE_ARGMIN_H
#define SPW__BASE_ARGMIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum spw__kernel { SPW__KERNEL_SCALAR = 0, SPW__KERNEL_AVX2 = 1, SPW__KERNEL_AVX512 = 2 };

struct spw__argmin {
    uint32_t index; /* the lowest index that has the smallest key; SPW_NONE: no bit was set */
    uint32_t ties;  /* how many have it: 1 = unique, 0 = no bit was set */
    int64_t key;
};

/*
 * Among the indices whose bit is set in row[w] & live[w], the smallest keys[index]. keys must be
 * readable for words * 64 entries.
 */
typedef void spw__argmin_fn(const int64_t *keys, const uint64_t *row, const uint64_t *live,
                            size_t words, struct spw__argmin *out);

spw__argmin_fn *spw__argmin_pick(enum spw__kernel kernel);

/* The best kernel that this processor has. */
enum spw__kernel spw__kernel_best(void);

static inline void spw__bits_set(uint64_t *row, uint32_t index)
{
    row[index / 64] |= (uint64_t)1 << (index % 64);
}

static inline void spw__bits_clear(uint64_t *row, uint32_t index)
{
    row[index / 64] &= ~((uint64_t)1 << (index % 64));
}

static inline bool spw__bits_test(const uint64_t *row, uint32_t index)
{
    return ((row[index / 64] >> (index % 64)) & 1) != 0;
}

#endif
