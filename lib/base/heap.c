/*
 * base/heap.c - a four-ary heap of deadlines with back pointers.
 *
 * Invariants: a parent is not after its children; position[node] is where the node's timer is.
 * A heap and not a wheel: the order among equal deadlines is exact by construction, and the common
 * case (a deadline later than those armed) costs one compare.
 * Who calls: engine/life.c arms, engine/door.c fires. Cost: constant for late deadlines, else
 * logarithmic to the base four.
 */
#include "base/heap.h"

#include <string.h>

#include "base/assert.h"

void spw__heap_carve(struct spw__heap *heap, struct spw__carve *carve, uint32_t nodes_max)
{
    heap->timer = spw__carve_take(carve, nodes_max, sizeof *heap->timer, 64);
    heap->position = spw__carve_take(carve, nodes_max, sizeof *heap->position, 64);
    heap->nodes_max = nodes_max;
}

void spw__heap_init(struct spw__heap *heap)
{
    memset(heap->position, 0xff, heap->nodes_max * sizeof *heap->position);
    heap->count = 0;
}

static inline bool before(const struct spw__timer *a, const struct spw__timer *b)
{
    return a->deadline != b->deadline ? a->deadline < b->deadline : a->rank < b->rank;
}

static inline void put(struct spw__heap *heap, uint32_t at, const struct spw__timer *timer)
{
    heap->timer[at] = *timer;
    heap->position[timer->node] = at;
}

static void rise(struct spw__heap *heap, uint32_t at, struct spw__timer timer)
{
    while (at > 0) {
        uint32_t parent = (at - 1) / 4;
        if (!before(&timer, &heap->timer[parent])) {
            break;
        }
        put(heap, at, &heap->timer[parent]);
        at = parent;
    }
    put(heap, at, &timer);
}

static void sink(struct spw__heap *heap, uint32_t at, struct spw__timer timer)
{
    for (;;) {
        uint64_t first = (uint64_t)at * 4 + 1;
        if (first >= heap->count) {
            break;
        }
        uint32_t best = (uint32_t)first;
        for (uint32_t child = best + 1; child < heap->count && child < first + 4; child++) {
            if (before(&heap->timer[child], &heap->timer[best])) {
                best = child;
            }
        }
        if (!before(&heap->timer[best], &timer)) {
            break;
        }
        put(heap, at, &heap->timer[best]);
        at = best;
    }
    put(heap, at, &timer);
}

void spw__heap_arm(struct spw__heap *heap, uint32_t node, int64_t deadline, uint64_t rank)
{
    SPW_ASSERT(node < heap->nodes_max);
    spw__heap_disarm(heap, node);
    struct spw__timer timer = {deadline, rank, node, 0};
    rise(heap, heap->count++, timer);
}

void spw__heap_disarm(struct spw__heap *heap, uint32_t node)
{
    uint32_t at = heap->position[node];
    if (at == SPW_NONE) {
        return;
    }
    heap->position[node] = SPW_NONE;
    struct spw__timer last = heap->timer[--heap->count];
    if (at == heap->count) {
        return;
    }
    if (at > 0 && before(&last, &heap->timer[(at - 1) / 4])) {
        rise(heap, at, last);
    } else {
        sink(heap, at, last);
    }
}
