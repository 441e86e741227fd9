/*
 * bench/throughput/naive.c - a denominator: one list of all who wait, scanned from end to end.
 *
 * An entry is what such a program keeps: arrival key, class, id. To match a pool, every entry is
 * looked at; the smallest key among the classes that the pool may serve is taken out. No events, no
 * handles, no offers. Cost: linear in the number waiting.
 */
#include "throughput.h"

#include <stdio.h>
#include <stdlib.h>

struct entry {
    int64_t key;
    uint32_t sort;
    uint32_t id;
};

/* Which classes each pool may serve, a byte each: the quickest form for a scan. */
static uint8_t *able_table(const struct world *w)
{
    uint8_t *able = malloc((size_t)w->shape.pools * w->sorts);
    for (uint32_t pool = 0; able != NULL && pool < w->shape.pools; pool++) {
        for (uint32_t sort = 0; sort < w->sorts; sort++) {
            able[(size_t)pool * w->sorts + sort] = world_able(w, pool, sort);
        }
    }
    return able;
}

static uint32_t scan(const struct entry *list, uint32_t count, const uint8_t *able)
{
    uint32_t best = UINT32_MAX;
    int64_t best_key = INT64_MAX;
    for (uint32_t i = 0; i < count; i++) {
        if (list[i].key < best_key && able[list[i].sort]) {
            best = i;
            best_key = list[i].key;
        }
    }
    return best;
}

static struct entry arrival(struct world *w, uint32_t id)
{
    static const int64_t head_start[PRIORITIES] = {1800, 300, 0, 0};
    uint32_t sort = world_any_sort(w, SPW_CHANNEL_VOICE);
    int64_t key = (int64_t)id * 2000000 - head_start[w->sort[sort].priority - 1] * SPW_SECOND;
    return (struct entry){key, sort, id};
}

double naive_pair(struct world *w, uint32_t waiting, uint32_t samples)
{
    uint8_t *able = able_table(w);
    struct entry *list = malloc(((size_t)waiting + 1) * sizeof *list);
    if (able == NULL || list == NULL) {
        fprintf(stderr, "spw-throughput: out of memory\n");
        exit(1);
    }
    uint32_t id = 0;
    for (; id < waiting; id++) {
        list[id] = arrival(w, id);
    }
    uint32_t count = waiting;
    int64_t spent = 0;
    for (uint32_t i = 0; i < samples; i++) {
        struct entry next = arrival(w, id++);
        uint32_t pool = (uint32_t)world_random(w, w->shape.pools);
        int64_t begin = clock_now();
        list[count++] = next;
        uint32_t best = scan(list, count, able + (size_t)pool * w->sorts);
        if (best != UINT32_MAX) {
            list[best] = list[--count];
        }
        spent += clock_now() - begin;
        count = count > waiting ? waiting : count;
    }
    free(able);
    free(list);
    return (double)spent / samples - clock_overhead();
}
