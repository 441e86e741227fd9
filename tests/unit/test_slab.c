/*
 * tests/unit/test_slab.c - slots and generations beside a plain queue of free slots.
 */
#include "suite.h"

#include <string.h>

#include "base/assert.h"
#include "base/slab.h"

#define SLOTS 37

static unsigned char memory[4096] __attribute__((aligned(64)));

static struct spw__slab slab_of(uint32_t capacity)
{
    struct spw__slab slab;
    struct spw__carve carve = {.base = memory};
    memset(memory, 0xee, sizeof memory);
    spw__slab_carve(&slab, &carve, capacity);
    ck_assert_uint_le(carve.used, sizeof memory);
    spw__slab_init(&slab);
    return slab;
}

/* The oracle: free slots in the order in which they will be taken; how often each was used. */
struct oracle {
    uint32_t free[SLOTS];
    uint32_t free_count;
    uint32_t live[SLOTS];
    uint32_t live_count;
    uint32_t changes[SLOTS];
};

static void oracle_take(struct oracle *o, struct spw__slab *slab)
{
    uint32_t got = spw__slab_take(slab);
    if (o->free_count == 0) {
        ck_assert_uint_eq(got, SPW_NONE);
        return;
    }
    ck_assert_uint_eq(got, o->free[0]);
    memmove(o->free, o->free + 1, --o->free_count * sizeof o->free[0]);
    o->live[o->live_count++] = got;
    o->changes[got]++;
}

static void oracle_give(struct oracle *o, struct spw__slab *slab, uint32_t which)
{
    uint32_t slot = o->live[which];
    spw__slab_give(slab, slot);
    o->live[which] = o->live[--o->live_count];
    o->free[o->free_count++] = slot;
    o->changes[slot]++;
}

static void compare(const struct oracle *o, const struct spw__slab *slab)
{
    ck_assert_uint_eq(slab->free_count, o->free_count);
    for (uint32_t slot = 0; slot < SLOTS; slot++) {
        uint32_t now = o->changes[slot];
        ck_assert_uint_eq(spw__slab_generation(slab, slot), now);
        ck_assert(spw__slab_live(slab, slot, now) == (now % 2 == 1));
        ck_assert(!spw__slab_live(slab, slot, now + 1));
        ck_assert(!spw__slab_live(slab, slot, now - 1));
        ck_assert(!spw__slab_live(slab, slot, now - 2)); /* the handle of an earlier tenant */
    }
}

START_TEST(a_slab_is_a_queue_of_free_slots)
{
    struct oracle o = {.free_count = SLOTS};
    struct spw__slab slab = slab_of(SLOTS);
    uint64_t random = 1;
    for (uint32_t slot = 0; slot < SLOTS; slot++) {
        o.free[slot] = slot;
    }
    for (int step = 0; step < 20000; step++) {
        uint32_t lean = step / 500 % 2 == 0 ? 70 : 30; /* fills up, then empties */
        if (suite_below(&random, 100) < lean) {
            oracle_take(&o, &slab);
        } else if (o.live_count > 0) {
            oracle_give(&o, &slab, suite_below(&random, o.live_count));
        }
        compare(&o, &slab);
    }
}
END_TEST

START_TEST(a_capacity_of_n_holds_n)
{
    for (uint32_t capacity = 0; capacity <= SLOTS; capacity++) {
        struct spw__slab slab = slab_of(capacity);
        for (uint32_t n = 0; n < capacity; n++) {
            ck_assert_uint_eq(spw__slab_take(&slab), n);
        }
        ck_assert_uint_eq(spw__slab_take(&slab), SPW_NONE);
        ck_assert_uint_eq(slab.free_count, 0);
        ck_assert(!spw__slab_live(&slab, capacity, 1));
        ck_assert(!spw__slab_live(&slab, SPW_NONE, 1));
    }
}
END_TEST

int main(void)
{
    return SUITE_RUN("slab", a_slab_is_a_queue_of_free_slots, a_capacity_of_n_holds_n);
}
