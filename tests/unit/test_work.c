/*
 * tests/unit/test_work.c - bounded work (rule D3) and the same door in a loop (D4).
 */
#include "desk.h"
#include "suite.h"

enum { HELD = 16, PARKED = 63 };

/* The largest thing that is never cut, in the fullest moment: somebody who holds sixteen chats,
 * each on its way to another in a warm transfer, is given up, while many deadlines are due. */
START_TEST(no_call_says_more_than_it_may)
{
    struct spw_config config;
    struct desk d = {0};
    spw_config_init(&config);
    config.contacts_max = HELD + PARKED;
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

int main(void)
{
    return SUITE_RUN("work", no_call_says_more_than_it_may);
}
