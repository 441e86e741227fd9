/*
 * bench/throughput/heap.c - a denominator: a binary heap of those who wait in each class.
 *
 * What a careful program would write first. An arrival is pushed into the heap of its class; a
 * freed pool looks at the first of every class it may serve, by the set bits of its row, and pops
 * the smallest. No events, no handles, no offers. Cost: logarithmic in the length of a class,
 * linear in the number of classes.
 */
#include "throughput.h"

#include <stdio.h>
#include <stdlib.h>

struct entry {
    int64_t key;
    uint64_t id;
};

struct heap {
    struct entry *entry;
    uint32_t count;
    uint32_t size;
};

static void *sure(void *memory)
{
    if (memory == NULL) {
        fprintf(stderr, "spw-throughput: out of memory\n");
        exit(1);
    }
    return memory;
}

static void push(struct heap *heap, struct entry entry)
{
    if (heap->count == heap->size) {
        heap->size = heap->size == 0 ? 16 : 2 * heap->size;
        heap->entry = sure(realloc(heap->entry, heap->size * sizeof *heap->entry));
    }
    uint32_t at = heap->count++;
    while (at > 0 && heap->entry[(at - 1) / 2].key > entry.key) {
        heap->entry[at] = heap->entry[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    heap->entry[at] = entry;
}

static void pop(struct heap *heap)
{
    struct entry last = heap->entry[--heap->count];
    uint32_t at = 0;
    for (uint32_t child = 1; child < heap->count; child = 2 * at + 1) {
        if (child + 1 < heap->count && heap->entry[child + 1].key < heap->entry[child].key) {
            child++;
        }
        if (heap->entry[child].key >= last.key) {
            break;
        }
        heap->entry[at] = heap->entry[child];
        at = child;
    }
    heap->entry[at] = last;
}

static uint32_t best_of(const struct heap *heaps, const uint64_t *row, uint32_t words)
{
    uint32_t best = UINT32_MAX;
    int64_t best_key = INT64_MAX;
    for (uint32_t word = 0; word < words; word++) {
        for (uint64_t left = row[word]; left != 0; left &= left - 1) {
            uint32_t sort = word * 64 + (uint32_t)__builtin_ctzll(left);
            if (heaps[sort].count > 0 && heaps[sort].entry[0].key < best_key) {
                best = sort;
                best_key = heaps[sort].entry[0].key;
            }
        }
    }
    return best;
}

static uint64_t *rows_of(const struct world *w, uint32_t words)
{
    uint64_t *rows = sure(calloc((size_t)w->shape.pools * words, sizeof *rows));
    for (uint32_t pool = 0; pool < w->shape.pools; pool++) {
        for (uint32_t sort = 0; sort < w->sorts; sort++) {
            if (world_able(w, pool, sort)) {
                rows[(size_t)pool * words + sort / 64] |= (uint64_t)1 << (sort % 64);
            }
        }
    }
    return rows;
}

static uint32_t arrival(struct world *w, uint64_t id, struct entry *entry)
{
    static const int64_t head_start[PRIORITIES] = {1800, 300, 0, 0};
    uint32_t sort = world_any_sort(w, SPW_CHANNEL_VOICE);
    entry->key = (int64_t)id * 2000000 - head_start[w->sort[sort].priority - 1] * SPW_SECOND;
    entry->id = id;
    return sort;
}

double heap_pair(struct world *w, uint32_t waiting, uint32_t samples)
{
    uint32_t words = (w->sorts + 63) / 64;
    uint64_t *rows = rows_of(w, words);
    struct heap *heaps = sure(calloc(w->sorts, sizeof *heaps));
    struct entry entry;
    uint64_t id = 0;
    for (; id < waiting; id++) {
        uint32_t sort = arrival(w, id, &entry);
        push(&heaps[sort], entry);
    }
    int64_t spent = 0;
    for (uint32_t i = 0; i < samples; i++) {
        uint32_t sort = arrival(w, id++, &entry);
        uint32_t pool = (uint32_t)world_random(w, w->shape.pools);
        int64_t begin = clock_now();
        push(&heaps[sort], entry);
        uint32_t best = best_of(heaps, rows + (size_t)pool * words, words);
        if (best != UINT32_MAX) {
            pop(&heaps[best]);
        }
        spent += clock_now() - begin;
    }
    for (uint32_t sort = 0; sort < w->sorts; sort++) {
        free(heaps[sort].entry);
    }
    free(heaps);
    free(rows);
    return (double)spent / samples - clock_overhead();
}
