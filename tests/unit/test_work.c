/*
 * tests/unit/test_work.c - bounded work (rule D3) and the same door in a loop (D4).
 */
#include "desk.h"
#include "suite.h"
#include "swarm.h"

#include <stdlib.h>

enum { HELD = 16, PARKED = 63 };

/* The largest thing that is never cut, in the fullest moment: somebody who holds sixteen chats,
 * each on its way to another in a warm transfer, is given up, while many deadlines are due. */
START_TEST(no_call_says_more_than_it_may)
{
    struct spw_config config;
    struct desk d = {0};
    spw_config_init(&config);
    config.contacts_max = HELD + PARKED + 1; /* one is kept for danger */
    config.counsellors_max = 4;
    config.centres_max = 1;
    config.queues_max = 4;
    config.items_max = HELD;
    config.events_max = 2 * SPW_EVENTS_PER_INPUT;
    MUST(spw_engine_create(&config, NULL, &d.engine));
    MUST(spw_stage_begin(d.engine, SPW_STAGE_CENTRE, 0));
    MUST(spw_stage_commit(d.engine, 0, NULL));
    (void)desk_queue(&d, SPW_QUEUE_OFFER_TIMEOUT, seconds(1000), SPW_QUEUE_WRAP_UP, SPW_FOREVER);
    (void)desk_queue(&d, SPW_QUEUE_PARK_GRACE, seconds(60), 0, 0);
    desk_plan(&d, SPW_PLAN_UNITS, SPW_CHANNEL_CHAT, 1, 0);
    for (int n = 1; n <= 2; n++) {
        struct spw_counsellor_add add = {.key = (uint64_t)n, .centre = 1, .units = HELD};
        MUST(spw_counsellor_add(d.engine, &add, 0, &d.who[n]));
    }
    desk_ready(&d, 1, 0);
    for (uint64_t id = 1; id <= HELD; id++) {
        struct spw_arrive chat = desk_person(id, 3);
        chat.channel = SPW_CHANNEL_CHAT;
        desk_arrive(&d, &chat, 1);
        desk_accept(&d, id, 1, 1);
        desk_clear(&d);
    }
    desk_ready(&d, 2, 2);
    for (uint64_t id = 1; id <= HELD; id++) {
        MUST(spw_contact_transfer(d.engine, d.contact[id], SPW_TRANSFER_WARM, d.who[2], 0, 0, 3,
                                  seconds(3)));
        ck_assert_int_eq(desk_offered(&d, id), 2);
        desk_clear(&d);
    }
    for (uint64_t id = 101; id < 101 + PARKED; id++) { /* all until the same second */
        struct spw_arrive person = desk_person(id, 3);
        spw_contact contact;
        person.queue = 2;
        MUST(spw_contact_arrive(d.engine, &person, seconds(4), &contact));
        MUST(spw_contact_dropped(d.engine, contact, seconds(10)));
        desk_clear(&d);
    }
    MUST(spw_counsellor_lost(d.engine, d.who[1], seconds(10)));
    desk_clear(&d);
    int result = SPW_E_BUSY;
    for (int calls = 0; result == SPW_E_BUSY && calls < 100; calls++) {
        result = spw_advance(d.engine, seconds(70));
        desk_poll(&d);
        ck_assert_uint_le(d.event_count, SPW_EVENTS_PER_INPUT);
        d.event_count = 0;
    }
    MUST(result);
    desk_close(&d);
}
END_TEST

enum { CROWD = 20000 };

static struct spw_engine *crowd_engine(void)
{
    struct spw_config config;
    struct spw_engine *engine;
    spw_config_init(&config);
    config.contacts_max = CROWD + CROWD / 32; /* some are kept for danger */
    config.centres_max = 1;
    config.queues_max = 1;
    MUST(spw_engine_create(&config, NULL, &engine));
    MUST(spw_stage_begin(engine, SPW_STAGE_CENTRE, 0));
    MUST(spw_stage_commit(engine, 0, NULL));
    MUST(spw_stage_begin(engine, SPW_STAGE_QUEUE, 0));
    MUST(spw_stage_commit(engine, 0, NULL));
    return engine;
}

/* Twenty thousand lines break in one second. When their graces end together every call does a
 * piece: requests are told to wait, a fact to poll and come again, and nobody is lost. */
START_TEST(many_deadlines_at_once_are_worked_off_in_pieces)
{
    struct spw_engine *engine = crowd_engine();
    struct spw_counters all;
    struct spw_event event[SPW_EVENTS_PER_INPUT];
    spw_contact last = {0};
    for (uint64_t id = 1; id <= CROWD; id++) {
        struct spw_arrive person = desk_person(id, 3);
        MUST(spw_contact_arrive(engine, &person, seconds(1), &last));
        MUST(spw_contact_dropped(engine, last, seconds(2)));
        while (spw_poll(engine, event, SPW_EVENTS_PER_INPUT) > 0) {
        }
    }
    ck_assert_int_eq(spw_stage_begin(engine, SPW_STAGE_NEED, seconds(200)), SPW_E_BUSY);
    int result = SPW_E_POLL_FIRST;
    int calls = 0;
    for (; result == SPW_E_POLL_FIRST; calls++) {
        struct spw_arrive person = desk_person(CROWD + 1, 3);
        result = spw_contact_arrive(engine, &person, seconds(200), &last);
        size_t said = spw_poll(engine, event, SPW_EVENTS_PER_INPUT);
        ck_assert_uint_lt(said, SPW_EVENTS_PER_INPUT);
    }
    MUST(result);
    ck_assert_int_gt(calls, CROWD / SPW_EVENTS_PER_INPUT);
    MUST(spw_view_counters(engine, 0, 0, -1, 0, &all));
    ck_assert_uint_eq(all.ended[SPW_END_PARK_EXPIRED], CROWD);
    ck_assert_uint_eq(all.live, 1);
    spw_engine_destroy(engine);
}
END_TEST

enum { STREAM = 3000, BATCH = 37 };

struct stream {
    struct spw_input input[STREAM];
    spw_ns at[STREAM];
    size_t count;
};

/* Applies one input and remembers it, unless it has to come again. */
static int stream_apply(struct stream *stream, struct spw_engine *engine,
                        const struct spw_input *in, spw_ns at, uint64_t *made)
{
    struct spw_event event[64];
    at = at < spw_clock(engine) ? spw_clock(engine) : at;
    int result = spw_apply(engine, in, at, made);
    while (spw_poll(engine, event, 64) > 0) {
    }
    if (result != SPW_E_POLL_FIRST && result != SPW_E_BUSY) {
        stream->input[stream->count] = *in;
        stream->at[stream->count++] = at;
    }
    return result;
}

static struct spw_engine *swarm_engine(struct swarm *swarm, uint64_t seed)
{
    struct spw_config config;
    struct spw_engine *engine;
    struct spw_event event[64];
    swarm_config(&config, seed);
    MUST(spw_engine_create(&config, NULL, &engine));
    swarm_setup(swarm, engine, seed);
    while (spw_poll(engine, event, 64) > 0) {
    }
    return engine;
}

/* One by one, then the same in batches: the same results, events and state. */
START_TEST(a_batch_is_the_same_door_in_a_loop)
{
    for (uint64_t seed = 1; seed <= 8; seed++) {
        struct swarm swarm;
        struct stream *stream = calloc(1, sizeof *stream);
        struct spw_engine *one = swarm_engine(&swarm, seed);
        const struct spw_input go_on = {.kind = SPW_INPUT_CONTINUE};
        while (stream->count + 2 <= STREAM) {
            struct spw_input in;
            uint64_t made = 0;
            swarm_input(&swarm, &in);
            while (stream_apply(stream, one, &in, swarm.now, &made) == SPW_E_POLL_FIRST) {
            }
            swarm_made(&swarm, &in, made);
            while (stream_apply(stream, one, &go_on, swarm.now, &made) != SPW_OK) {
            }
        }
        struct swarm again;
        struct spw_engine *many = swarm_engine(&again, seed);
        struct spw_event event[64];
        for (size_t done = 0; done < stream->count;) {
            size_t n = stream->count - done < BATCH ? stream->count - done : BATCH;
            done += spw_apply_many(many, &stream->input[done], &stream->at[done], n, NULL, NULL);
            while (spw_poll(many, event, 64) > 0) {
            }
        }
        ck_assert_uint_eq(spw_event_digest(many), spw_event_digest(one));
        ck_assert_uint_eq(spw_state_hash(many), spw_state_hash(one));
        spw_engine_destroy(many);
        spw_engine_destroy(one);
        free(stream);
    }
}
END_TEST

/* The host was stopped for an hour: offers, leases and graces get that hour; a waiting contact does
 * not get younger, and a ladder climbs on. */
START_TEST(a_gap_shifts_what_the_host_could_not_answer)
{
    struct desk d;
    struct spw_contact_view view;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_counsellor(&d, 2, 0);
    desk_ready(&d, 1, 1);
    desk_call(&d, 1, 3, 2);
    desk_call(&d, 2, 3, 3);
    MUST(spw_contact_dropped(d.engine, d.contact[2], seconds(4)));
    struct spw_input in = {.kind = SPW_INPUT_GAP};
    in.u.span = seconds(3600);
    MUST(spw_apply(d.engine, &in, seconds(10), NULL));
    MUST(spw_advance(d.engine, seconds(3600 + 21)));
    ck_assert_ptr_null(desk_last(&d, SPW_EVENT_OFFER_MISSED, 1));
    ck_assert_int_eq(desk_last(&d, SPW_EVENT_ENDED, 2)->at, seconds(124)); /* not its grace */
    MUST(spw_view_contact(d.engine, d.contact[1], &view));
    ck_assert_int_eq(view.arrived_at, seconds(2));
    MUST(spw_advance(d.engine, seconds(3600 + 22)));
    ck_assert_ptr_nonnull(desk_last(&d, SPW_EVENT_OFFER_MISSED, 1));
    desk_close(&d);
}
END_TEST

enum { SKILLS = 4096, HELD_SKILLS = 900 };

/* Four thousand skills, a set of hundreds, needs at the far end of the numbers. */
START_TEST(four_thousand_skills_are_no_matter)
{
    struct spw_config config;
    struct desk d = {0};
    uint32_t number;
    uint32_t set;
    uint32_t need;
    spw_config_init(&config);
    config.skills_max = SKILLS;
    config.centres_max = 1;
    config.queues_max = 1;
    MUST(spw_engine_create(&config, NULL, &d.engine));
    for (uint64_t key = 1; key <= SKILLS; key++) {
        MUST(spw_skill_add(d.engine, key * 7, 0, &number));
    }
    ck_assert_uint_eq(number, SKILLS);
    ck_assert_int_eq(spw_skill_add(d.engine, 1, 0, &number), SPW_E_FULL);
    MUST(spw_stage_begin(d.engine, SPW_STAGE_CENTRE, 0));
    MUST(spw_stage_commit(d.engine, 0, NULL));
    (void)desk_queue(&d, 0, 0, 0, 0);
    MUST(spw_stage_begin(d.engine, SPW_STAGE_SKILLSET, 0));
    for (uint32_t skill = SKILLS - HELD_SKILLS + 1; skill <= SKILLS; skill++) {
        MUST(spw_stage_skill(d.engine, skill, 50, 0));
    }
    MUST(spw_stage_commit(d.engine, 0, &set));
    MUST(spw_stage_begin(d.engine, SPW_STAGE_NEED, 0));
    MUST(spw_stage_literal(d.engine, SKILLS, 50, SPW_HOLDS, 0));
    MUST(spw_stage_clause(d.engine, 1, 0));
    MUST(spw_stage_literal(d.engine, SKILLS - HELD_SKILLS, 1, SPW_LACKS, 0));
    MUST(spw_stage_commit(d.engine, 0, &need));
    desk_counsellor(&d, 1, set);
    desk_ready(&d, 1, 1);
    struct spw_arrive person = desk_person(1, 3);
    person.need = need;
    desk_arrive(&d, &person, 2);
    ck_assert_int_eq(desk_offered(&d, 1), 1);
    desk_close(&d);
}
END_TEST

int main(void)
{
    return SUITE_RUN(
        "work", no_call_says_more_than_it_may, many_deadlines_at_once_are_worked_off_in_pieces,
        a_batch_is_the_same_door_in_a_loop, a_gap_shifts_what_the_host_could_not_answer,
        four_thousand_skills_are_no_matter);
}
