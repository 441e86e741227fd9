/*
 * tests/unit/test_heap.c - deadlines beside an array that is searched for its smallest.
 */
#include "suite.h"

#include "base/assert.h"
#include "base/heap.h"

#define NODES 60

static unsigned char memory[4096] __attribute__((aligned(64)));

struct armed {
    int armed;
    int64_t deadline;
    uint64_t rank;
};

static struct spw__heap heap_of(uint32_t nodes)
{
    struct spw__heap heap;
    struct spw__carve carve = {.base = memory};
    spw__heap_carve(&heap, &carve, nodes);
    ck_assert_uint_le(carve.used, sizeof memory);
    spw__heap_init(&heap);
    return heap;
}

static int before(const struct armed *a, const struct armed *b)
{
    return a->deadline != b->deadline ? a->deadline < b->deadline : a->rank < b->rank;
}

static uint32_t smallest(const struct armed *armed)
{
    uint32_t best = SPW_NONE;
    for (uint32_t node = 0; node < NODES; node++) {
        if (armed[node].armed && (best == SPW_NONE || before(&armed[node], &armed[best]))) {
            best = node;
        }
    }
    return best;
}

static void compare(const struct spw__heap *heap, const struct armed *armed)
{
    uint32_t count = 0;
    for (uint32_t node = 0; node < NODES; node++) {
        ck_assert(spw__heap_armed(heap, node) == (armed[node].armed != 0));
        if (armed[node].armed) {
            ck_assert_int_eq(spw__heap_deadline(heap, node), armed[node].deadline);
            count++;
        }
    }
    ck_assert_uint_eq(heap->count, count);
    const struct spw__timer *first = spw__heap_first(heap);
    uint32_t best = smallest(armed);
    if (best == SPW_NONE) {
        ck_assert_ptr_null(first);
    } else {
        ck_assert_uint_eq(first->node, best);
        ck_assert_int_eq(first->deadline, armed[best].deadline);
        ck_assert_uint_eq(first->rank, armed[best].rank);
    }
}

static void drain(struct spw__heap *heap, struct armed *armed)
{
    for (uint32_t best = smallest(armed); best != SPW_NONE; best = smallest(armed)) {
        ck_assert_uint_eq(spw__heap_first(heap)->node, best);
        spw__heap_disarm(heap, best);
        armed[best].armed = 0;
    }
    ck_assert_ptr_null(spw__heap_first(heap));
}

START_TEST(the_first_is_the_smallest_whatever_was_done)
{
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct spw__heap heap = heap_of(NODES);
        struct armed armed[NODES] = {{0, 0, 0}};
        uint64_t random = seed;
        for (uint64_t step = 1; step <= 1000; step++) {
            uint32_t node = suite_below(&random, NODES);
            if (suite_below(&random, 3) == 0) {
                spw__heap_disarm(&heap, node); /* also what is not armed */
                armed[node].armed = 0;
            } else { /* few deadlines, so that many are equal; ranks differ */
                int64_t deadline = (int64_t)suite_below(&random, seed % 2 == 0 ? 4 : 1000) - 2;
                uint64_t rank = ((uint64_t)suite_below(&random, 4) << 32) | step;
                spw__heap_arm(&heap, node, deadline, rank);
                armed[node] = (struct armed){1, deadline, rank};
            }
            compare(&heap, armed);
        }
        drain(&heap, armed);
    }
}
END_TEST

START_TEST(the_ends_of_the_scale_are_deadlines_too)
{
    struct spw__heap heap = heap_of(3);
    spw__heap_arm(&heap, 0, INT64_MAX, UINT64_MAX);
    spw__heap_arm(&heap, 1, INT64_MAX, UINT64_MAX - 1);
    spw__heap_arm(&heap, 2, INT64_MIN, 0);
    ck_assert_uint_eq(spw__heap_first(&heap)->node, 2);
    spw__heap_disarm(&heap, 2);
    ck_assert_uint_eq(spw__heap_first(&heap)->node, 1);
}
END_TEST

int main(void)
{
    return SUITE_RUN("heap", the_first_is_the_smallest_whatever_was_done,
                     the_ends_of_the_scale_are_deadlines_too);
}
