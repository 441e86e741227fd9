/*
 * tests/unit/test_reading.c - functions that take a const engine read it and no more: in memory
 * that cannot be written to, and by two threads at once (the thread sanitizer looks at that one).
 */
#include "suite.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "swarm.h"

struct room {
    void *memory;
    size_t size;
    struct spw_engine *engine;
    struct swarm swarm;
};

static void drain(struct spw_engine *engine)
{
    struct spw_event events[64];
    while (spw_poll(engine, events, 64) > 0) {
    }
}

/* An engine in pages of its own, in the middle of a random life. */
static void room_open(struct room *room, uint64_t seed)
{
    struct spw_config config;
    swarm_config(&config, seed);
    config.seed = seed;
    room->size = (spw_engine_size(&config) + 4095) / 4096 * 4096;
    room->memory =
        mmap(NULL, room->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert(room->memory != MAP_FAILED);
    ck_assert_int_eq(spw_engine_init(room->memory, room->size, &config, &room->engine), SPW_OK);
    swarm_setup(&room->swarm, room->engine, seed);
    drain(room->engine);
    for (int i = 0; i < 300; i++) {
        struct spw_input in;
        uint64_t made = 0;
        swarm_input(&room->swarm, &in);
        spw_ns clock = spw_clock(room->engine);
        spw_ns now = room->swarm.now < clock ? clock : room->swarm.now;
        (void)!spw_apply(room->engine, &in, now, &made);
        swarm_made(&room->swarm, &in, made);
        drain(room->engine);
    }
}

static void room_close(struct room *room)
{
    ck_assert_int_eq(munmap(room->memory, room->size), 0);
}

static uint64_t view_contacts(const struct room *room)
{
    const struct spw_engine *e = room->engine;
    uint64_t sum = 0;
    for (uint32_t i = 0; i < room->swarm.contact_count; i++) {
        struct spw_contact_view view;
        struct spw_wait_estimate estimate;
        uint64_t counts[SPW_BLOCK_COUNT];
        uint64_t ahead = 0;
        spw_contact contact = room->swarm.contact[i];
        if (spw_view_contact(e, contact, &view) != SPW_OK) {
            continue;
        }
        sum += spw_view_ahead(e, contact, &ahead) == SPW_OK ? ahead : 1;
        sum += spw_view_wait(e, contact, &estimate) == SPW_OK;
        sum += spw_view_why_not(e, contact, counts) == SPW_OK;
        for (uint32_t c = 0; c < room->swarm.counsellor_count; c++) {
            sum += (uint64_t)spw_view_block(e, contact, room->swarm.counsellor[c]);
        }
    }
    return sum;
}

/* Asks for everything that there is to ask. */
static uint64_t read_all(const struct room *room)
{
    const struct spw_engine *e = room->engine;
    struct spw_counsellor_view counsellor;
    struct spw_depth depth;
    struct spw_counters counters;
    struct spw_usage usage;
    spw_ns target = 0;
    char text[200];
    uint64_t sum = spw_state_hash(e) + spw_event_digest(e) + (uint64_t)spw_clock(e);
    size_t size = spw_state_export(e, NULL, 0);
    unsigned char *bytes = malloc(size);
    ck_assert_ptr_nonnull(bytes);
    ck_assert_uint_eq(spw_state_export(e, bytes, size), size);
    sum += bytes[size - 1];
    free(bytes);
    sum += view_contacts(room);
    for (uint32_t c = 0; c < room->swarm.counsellor_count; c++) {
        sum += spw_view_counsellor(e, room->swarm.counsellor[c], &counsellor) == SPW_OK;
    }
    sum += spw_view_depth(e, 0, 0, &depth) == SPW_OK ? depth.waiting : 1;
    sum += spw_view_counters(e, 0, 0, -1, 0, &counters) == SPW_OK ? counters.arrived : 1;
    sum += spw_view_target(e, 1, 1, &target) == SPW_OK ? (uint64_t)target : 1;
    sum += spw_view_served_by(e, 1, 1) + (uint64_t)spw_view_overtaking_bound(e, 1);
    spw_view_usage(e, &usage);
    ck_assert_int_eq(spw_check(e, text, sizeof text), 0);
    return sum + usage.contacts + (uint64_t)spw_next_deadline(e) + (uint64_t)spw_vector_width(e);
}

START_TEST(reading_writes_nothing)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct room room;
        room_open(&room, seed);
        uint64_t before = read_all(&room);
        ck_assert_int_eq(mprotect(room.memory, room.size, PROT_READ), 0);
        ck_assert_uint_eq(read_all(&room), before);
        room_close(&room);
    }
}
END_TEST

struct task {
    const struct room *room;
    uint64_t sum;
};

static void *reader(void *context)
{
    struct task *task = context;
    for (int i = 0; i < 3; i++) {
        task->sum = read_all(task->room);
    }
    return NULL;
}

START_TEST(two_threads_may_read_one_engine)
{
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct room room;
        room_open(&room, seed);
        struct task tasks[2] = {{&room, 0}, {&room, 1}};
        pthread_t threads[2];
        for (int i = 0; i < 2; i++) {
            ck_assert_int_eq(pthread_create(&threads[i], NULL, reader, &tasks[i]), 0);
        }
        for (int i = 0; i < 2; i++) {
            ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
        }
        ck_assert_uint_eq(tasks[0].sum, tasks[1].sum);
        room_close(&room);
    }
}
END_TEST

int main(void)
{
    return SUITE_RUN("reading", reading_writes_nothing, two_threads_may_read_one_engine);
}
