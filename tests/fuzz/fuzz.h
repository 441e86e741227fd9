/*
 * tests/fuzz/fuzz.h - bytes as a source of numbers, and what a harness demands.
 */
#ifndef SPW__TESTS_FUZZ_H
#define SPW__TESTS_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the process, so that the hunter keeps the input. */
#define DEMAND(condition)                                                                          \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* Zeros when the bytes are used up. */
struct bytes {
    const uint8_t *at;
    size_t left;
};

static inline uint8_t bytes_u8(struct bytes *bytes)
{
    if (bytes->left == 0) {
        return 0;
    }
    bytes->left--;
    return *bytes->at++;
}

static inline uint64_t bytes_u64(struct bytes *bytes)
{
    uint64_t word = 0;
    for (int i = 0; i < 8; i++) {
        word |= (uint64_t)bytes_u8(bytes) << (8 * i);
    }
    return word;
}

/* Below n as a rule; now and then any number. */
static inline uint32_t bytes_below(struct bytes *bytes, uint32_t n)
{
    uint8_t byte = bytes_u8(bytes);
    return byte == 255 ? (uint32_t)bytes_u64(bytes) : byte % n;
}

#endif
