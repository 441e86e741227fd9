/*
 * base/argmin.c - masked argmin: portable, AVX2 and AVX-512 kernels and their choice.
 *
 * Each kernel makes two passes over the words that have a bit set: the smallest key, then how many
 * have it and which comes first. The second pass compares only; it is what makes ties exact.
 * Invariant: all kernels give the same three numbers for the same input (tests/unit/test_argmin.c).
 * Who calls: engine/engine.c and engine/door.c choose one; the searches of both sides call it
 * through that pointer.
 * Cost: proportional to the words with a bit set, eight keys at a time at best.
 */
#include "base/argmin.h"

#include "base/assert.h"

static void argmin_scalar(const int64_t *keys, const uint64_t *row, const uint64_t *live,
                          size_t words, struct spw__argmin *out)
{
    struct spw__argmin best = {SPW_NONE, 0, INT64_MAX};
    for (size_t w = 0; w < words; w++) {
        for (uint64_t left = row[w] & live[w]; left != 0; left &= left - 1) {
            uint32_t index = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(left);
            int64_t key = keys[index];
            if (key < best.key || best.index == SPW_NONE) {
                best = (struct spw__argmin){index, 1, key};
            } else if (key == best.key) {
                best.ties++;
            }
        }
    }
    *out = best;
}

#if defined(__x86_64__)

#include <immintrin.h>

/* Counts the keys equal to the minimum and finds the first; equal[] are per-word bit masks. */
static void tie_note(struct spw__argmin *best, size_t w, uint64_t equal)
{
    if (equal == 0) {
        return;
    }
    if (best->index == SPW_NONE) {
        best->index = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(equal);
    }
    best->ties += (uint32_t)__builtin_popcountll(equal);
}

/*
 * A word with any bit set is read whole, eight vectors under masks: a branch per vector would be
 * guessed wrong too often on rows as sparse as real ones.
 */
__attribute__((target("avx512f"))) static inline __m512i word_min(const int64_t *keys, uint64_t set,
                                                                  __m512i low)
{
    __m512i other = low;
    for (int part = 0; part < 8; part += 2) {
        __m512i a = _mm512_loadu_si512((const void *)&keys[part * 8]);
        __m512i b = _mm512_loadu_si512((const void *)&keys[part * 8 + 8]);
        low = _mm512_mask_min_epi64(low, (__mmask8)(set >> (part * 8)), low, a);
        other = _mm512_mask_min_epi64(other, (__mmask8)(set >> (part * 8 + 8)), other, b);
    }
    return _mm512_min_epi64(low, other);
}

__attribute__((target("avx512f"))) static inline uint64_t word_equal(const int64_t *keys,
                                                                     uint64_t set, __m512i wanted)
{
    uint64_t equal = 0;
    for (int part = 0; part < 8; part++) {
        __m512i key = _mm512_loadu_si512((const void *)&keys[part * 8]);
        equal |= (uint64_t)_mm512_cmpeq_epi64_mask(key, wanted) << (part * 8);
    }
    return equal & set;
}

__attribute__((target("avx512f"))) static void argmin_avx512(const int64_t *keys,
                                                             const uint64_t *row,
                                                             const uint64_t *live, size_t words,
                                                             struct spw__argmin *out)
{
    struct spw__argmin best = {SPW_NONE, 0, INT64_MAX};
    __m512i low = _mm512_set1_epi64(INT64_MAX);
    for (size_t w = 0; w < words; w++) {
        uint64_t set = row[w] & live[w];
        if (set != 0) {
            low = word_min(&keys[w * 64], set, low);
        }
    }
    best.key = _mm512_reduce_min_epi64(low);
    __m512i wanted = _mm512_set1_epi64(best.key);
    for (size_t w = 0; w < words; w++) {
        uint64_t set = row[w] & live[w];
        if (set != 0) {
            tie_note(&best, w, word_equal(&keys[w * 64], set, wanted));
        }
    }
    *out = best;
}

/* Four bits to four lanes of all ones or all zeroes. */
__attribute__((target("avx2"))) static inline __m256i lanes(uint64_t bits)
{
    const __m256i select = _mm256_set_epi64x(8, 4, 2, 1);
    __m256i spread = _mm256_set1_epi64x((int64_t)(bits & 15));
    return _mm256_cmpeq_epi64(_mm256_and_si256(spread, select), select);
}

__attribute__((target("avx2"))) static inline __m256i vector(const int64_t *keys)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)keys);
}

__attribute__((target("avx2"))) static void argmin_avx2(const int64_t *keys, const uint64_t *row,
                                                        const uint64_t *live, size_t words,
                                                        struct spw__argmin *out)
{
    struct spw__argmin best = {SPW_NONE, 0, INT64_MAX};
    const __m256i highest = _mm256_set1_epi64x(INT64_MAX);
    __m256i low = highest;
    for (size_t w = 0; w < words; w++) {
        uint64_t set = row[w] & live[w];
        for (int part = 0; set != 0 && part < 16; part++) {
            __m256i key = vector(&keys[w * 64 + (size_t)part * 4]);
            key = _mm256_blendv_epi8(highest, key, lanes(set >> (part * 4)));
            low = _mm256_blendv_epi8(low, key, _mm256_cmpgt_epi64(low, key));
        }
    }
    int64_t lane[4];
    _mm256_storeu_si256((__m256i *)(void *)lane, low);
    for (int i = 0; i < 4; i++) {
        best.key = lane[i] < best.key ? lane[i] : best.key;
    }
    __m256i wanted = _mm256_set1_epi64x(best.key);
    for (size_t w = 0; w < words; w++) {
        uint64_t set = row[w] & live[w];
        uint64_t equal = 0;
        for (int part = 0; set != 0 && part < 16; part++) {
            __m256i same = _mm256_cmpeq_epi64(vector(&keys[w * 64 + (size_t)part * 4]), wanted);
            uint64_t bits = (uint64_t)(uint32_t)_mm256_movemask_pd(_mm256_castsi256_pd(same));
            equal |= bits << (part * 4);
        }
        tie_note(&best, w, equal & set);
    }
    *out = best;
}

enum spw__kernel spw__kernel_best(void)
{
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f")) {
        return SPW__KERNEL_AVX512;
    }
    return __builtin_cpu_supports("avx2") ? SPW__KERNEL_AVX2 : SPW__KERNEL_SCALAR;
}

spw__argmin_fn *spw__argmin_pick(enum spw__kernel kernel)
{
    switch (kernel) {
    case SPW__KERNEL_AVX512:
        return argmin_avx512;
    case SPW__KERNEL_AVX2:
        return argmin_avx2;
    default:
        return argmin_scalar;
    }
}

#else

enum spw__kernel spw__kernel_best(void)
{
    return SPW__KERNEL_SCALAR;
}

spw__argmin_fn *spw__argmin_pick(enum spw__kernel kernel)
{
    (void)kernel;
    return argmin_scalar;
}

#endif
