/*
 * tests/unit/test_bounds.c - capacities, clocks and names that do not fit (rules T2, D1, D2, M).
 */
#include <stdbool.h>

#include "desk.h"
#include "suite.h"

START_TEST(a_full_waiting_room_refuses_but_never_danger)
{
    struct desk d;
    desk_open(&d);
    uint32_t queue = desk_queue(&d, SPW_QUEUE_WAITING_MAX, 1, 0, 0);
    struct spw_arrive person = desk_person(1, 3);
    person.queue = queue;
    desk_arrive(&d, &person, 1);
    person.id.lo = 2;
    desk_arrive(&d, &person, 2);
    ck_assert_uint_eq(d.contact[2].bits, 0);
    ck_assert_int_eq(desk_last(&d, SPW_EVENT_REFUSED, 2)->until, seconds(62));
    person.id.lo = 3;
    person.priority = 0;
    desk_arrive(&d, &person, 3);
    ck_assert_uint_ne(d.contact[3].bits, 0);
    struct spw_counters count;
    MUST(spw_view_counters(d.engine, 0, queue, -1, 0, &count));
    ck_assert_uint_eq(count.arrived, 3);
    ck_assert_uint_eq(count.live, 2);
    ck_assert_uint_eq(count.ended[SPW_END_REFUSED_FULL], 1);
    desk_close(&d);
}
END_TEST

static void refused_or_not(struct spw_engine *e, uint64_t id, uint8_t priority, uint8_t flags,
                           bool refused)
{
    struct spw_event events[64];
    struct spw_arrive person = desk_person(id, priority);
    spw_contact contact;
    person.flags = flags;
    MUST(spw_contact_arrive(e, &person, seconds(1), &contact));
    ck_assert_int_eq(contact.bits == 0, refused);
    while (spw_poll(e, events, 64) == 64) {
    }
}

/* Of 129 contacts two are kept for danger: nobody else gets them, nor does a test. */
START_TEST(a_full_house_keeps_places_for_danger)
{
    struct desk d;
    struct spw_config config;
    struct spw_counters count;
    desk_config(&config);
    config.contacts_max = 129;
    desk_open_as(&d, &config);
    for (uint64_t id = 1; id <= 127; id++) {
        refused_or_not(d.engine, id, 3, 0, false);
    }
    refused_or_not(d.engine, 128, 1, 0, true);
    refused_or_not(d.engine, 129, 0, SPW_CONTACT_TEST, true);
    refused_or_not(d.engine, 130, 0, 0, false);
    refused_or_not(d.engine, 131, 0, 0, false);
    refused_or_not(d.engine, 132, 0, 0, true);
    for (int priority = 0; priority <= 1; priority++) {
        MUST(spw_view_counters(d.engine, 0, 0, priority, 0, &count));
        ck_assert_uint_eq(count.ended[SPW_END_REFUSED_FULL], 1);
    }
    desk_close(&d);
}
END_TEST

/* The same of personal records: the last is for the decline of somebody in danger. */
START_TEST(a_personal_record_is_kept_for_danger)
{
    struct desk d;
    struct spw_config config;
    struct spw_input in = {.kind = SPW_INPUT_CONTACT_EXCLUDE};
    desk_config(&config);
    config.contacts_max = 128;
    config.personal_max = 64;
    desk_open_as(&d, &config);
    desk_counsellor(&d, 1, 0);
    for (uint64_t id = 100; id < 163; id++) {
        struct spw_arrive person = desk_person(id, 3);
        person.sticky = d.who[1];
        person.sticky_mode = SPW_STICKY_PREFER;
        MUST(spw_contact_arrive(d.engine, &person, seconds(1), &d.contact[1]));
        desk_clear(&d);
    }
    desk_call(&d, 2, 3, 2);
    desk_call(&d, 3, 0, 2);
    in.u.pair.counsellor = d.who[1];
    in.u.pair.contact = d.contact[2];
    ck_assert_int_eq(spw_apply(d.engine, &in, seconds(3), NULL), SPW_E_FULL);
    in.u.pair.contact = d.contact[3];
    MUST(spw_apply(d.engine, &in, seconds(3), NULL));
    desk_close(&d);
}
END_TEST

START_TEST(the_same_id_twice_is_one_contact)
{
    struct desk d;
    desk_open(&d);
    desk_call(&d, 1, 3, 10);
    uint64_t bits = d.contact[1].bits;
    desk_call(&d, 1, 3, 11);
    ck_assert_uint_eq(d.contact[1].bits, bits);
    ck_assert_uint_eq(desk_last(&d, SPW_EVENT_RECONCILED, 1)->reason, SPW_RECONCILED_DUPLICATE);
    desk_close(&d);
}
END_TEST

START_TEST(wrong_input_is_refused_by_name)
{
    struct desk d;
    desk_open(&d);
    struct spw_arrive person = desk_person(1, 3);
    spw_contact contact;
    person.queue = 9;
    ck_assert_int_eq(spw_contact_arrive(d.engine, &person, 1, &contact), SPW_E_UNKNOWN);
    person = desk_person(1, 8);
    ck_assert_int_eq(spw_contact_arrive(d.engine, &person, 1, &contact), SPW_E_RANGE);
    person = desk_person(0, 3);
    person.id.hi = 0;
    ck_assert_int_eq(spw_contact_arrive(d.engine, &person, 1, &contact), SPW_E_INVALID);
    person = desk_person(1, 3);
    ck_assert_int_eq(spw_contact_arrive(d.engine, &person, -1, &contact), SPW_E_RANGE);
    spw_contact nobody = {12345};
    ck_assert_int_eq(spw_contact_left(d.engine, nobody, 1), SPW_E_STALE);
    spw_counsellor none = {0};
    ck_assert_int_eq(spw_counsellor_ready(d.engine, none, 1), SPW_E_STALE);
    struct spw_input in = {.kind = 999};
    ck_assert_int_eq(spw_apply(d.engine, &in, 1, NULL), SPW_E_INVALID);
    ck_assert_int_eq(spw_stage_commit(d.engine, 1, NULL), SPW_E_STAGE);
    desk_close(&d);
}
END_TEST

START_TEST(time_that_goes_back_is_clamped_and_said)
{
    struct desk d;
    desk_open(&d);
    desk_call(&d, 1, 3, 10);
    desk_call(&d, 2, 3, 7);
    ck_assert_int_eq(spw_clock(d.engine), seconds(10));
    desk_poll(&d);
    ck_assert_uint_eq(d.event[d.event_count - 1].kind, SPW_EVENT_CLOCK_BACK);
    ck_assert_uint_eq(d.event[d.event_count - 1].detail_a, 3000000000u);
    desk_close(&d);
}
END_TEST

START_TEST(capacity_n_holds_n_and_the_next_is_refused_with_a_reason)
{
    struct desk d;
    desk_open(&d);
    for (uint64_t id = 1; id <= 63; id++) {
        desk_call(&d, id, 3, (double)id);
    }
    struct spw_arrive person = desk_person(64, 0); /* the place that is kept */
    spw_contact contact;
    MUST(spw_contact_arrive(d.engine, &person, seconds(64), &contact));
    ck_assert_uint_ne(contact.bits, 0);
    person.id.lo = 65;
    MUST(spw_contact_arrive(d.engine, &person, seconds(65), &contact));
    ck_assert_uint_eq(contact.bits, 0);
    ck_assert_uint_eq(desk_last(&d, SPW_EVENT_REFUSED, 65)->reason, SPW_END_REFUSED_FULL);
    desk_close(&d);
}
END_TEST

static struct spw_counters books(struct desk *d, int test)
{
    struct spw_counters all;
    MUST(spw_view_counters(d->engine, 0, 0, -1, test, &all));
    return all;
}

/* Twenty centres with twenty queues each: every one of the four hundred books is opened. */
START_TEST(a_network_has_a_book_for_each_queue_at_each_centre)
{
    enum { PLACES = 20 };
    struct spw_config config;
    struct desk d = {0};
    spw_config_init(&config);
    config.contacts_max = PLACES * PLACES + PLACES; /* some are kept for danger */
    config.centres_max = PLACES;
    config.queues_max = 60;
    config.classes_max = 64;
    config.pools_max = 16;
    MUST(spw_engine_create(&config, NULL, &d.engine));
    for (int n = 0; n < PLACES; n++) {
        (void)desk_queue(&d, 0, 0, 0, 0);
        MUST(spw_stage_begin(d.engine, SPW_STAGE_CENTRE, 0));
        MUST(spw_stage_commit(d.engine, 0, NULL));
    }
    for (uint32_t n = 0; n < PLACES * PLACES; n++) {
        struct spw_arrive person = desk_person(n + 1, 3);
        spw_contact contact;
        person.home = 1 + n / PLACES;
        person.queue = 1 + n % PLACES;
        MUST(spw_contact_arrive(d.engine, &person, seconds(1), &contact));
        ck_assert_uint_ne(contact.bits, 0);
        desk_clear(&d);
    }
    desk_close(&d);
}
END_TEST

START_TEST(the_last_book_has_a_name_too)
{
    struct spw_config config;
    struct desk d = {0};
    spw_config_init(&config);
    config.books_max = 1;
    MUST(spw_engine_create(&config, NULL, &d.engine));
    MUST(spw_stage_begin(d.engine, SPW_STAGE_CENTRE, 0));
    MUST(spw_stage_commit(d.engine, 0, NULL));
    (void)desk_queue(&d, 0, 0, 0, 0);
    uint32_t other = desk_queue(&d, 0, 0, 0, 0);
    desk_call(&d, 1, 3, 1);
    struct spw_arrive person = desk_person(2, 3);
    person.queue = other;
    desk_arrive(&d, &person, 2);
    ck_assert_uint_eq(desk_last(&d, SPW_EVENT_REFUSED, 2)->reason, SPW_END_REFUSED_FULL);
    ck_assert_int_eq(spw_contact_reclassify(d.engine, d.contact[1], 3, other, 0, 0, seconds(3)),
                     SPW_E_FULL);
    desk_close(&d);
}
END_TEST

START_TEST(a_test_call_is_nobody_served)
{
    struct desk d;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_ready(&d, 1, 1);
    struct spw_arrive person = desk_person(1, 3);
    person.flags = SPW_CONTACT_TEST;
    desk_arrive(&d, &person, 2);
    desk_accept(&d, 1, 1, 3);
    desk_end(&d, 1, 4);
    ck_assert_uint_eq(spw_view_served_by(d.engine, 1, 1), 0);
    ck_assert_uint_eq(books(&d, 0).arrived, 0);
    ck_assert_uint_eq(books(&d, 1).connected, 1);
    desk_call(&d, 2, 3, 5);
    desk_accept(&d, 2, 1, 6);
    ck_assert_uint_eq(spw_view_served_by(d.engine, 1, 1), 1);
    desk_close(&d);
}
END_TEST

/* Waits near the end of the scale: sums stop there, and an estimate is at most for ever. */
START_TEST(sums_and_estimates_stop_at_the_end_of_the_scale)
{
    struct desk d;
    struct spw_wait_estimate estimate;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_ready(&d, 1, 1);
    for (uint64_t id = 1; id <= 5; id++) {
        desk_call(&d, id, 3, 1);
    }
    for (uint64_t id = 10; id < 30; id++) {
        desk_call(&d, id, 3, 2);
    }
    desk_accept(&d, 1, 1, 2);
    MUST(spw_contact_ended(d.engine, d.contact[1], SPW_END_SERVED, SPW_TIME_MAX / 2));
    for (uint64_t id = 2; id <= 5; id++) {
        MUST(spw_contact_left(d.engine, d.contact[id], SPW_TIME_MAX - 2));
    }
    ck_assert_uint_gt(books(&d, 0).waited_ns_all, 3 * (uint64_t)SPW_TIME_MAX);
    for (uint64_t id = 10; id < 29; id++) {
        MUST(spw_contact_accepted(d.engine, d.contact[id], d.who[1], SPW_TIME_MAX - 2));
        MUST(spw_contact_ended(d.engine, d.contact[id], SPW_END_SERVED, SPW_TIME_MAX - 2));
        desk_clear(&d);
    }
    ck_assert_uint_eq(books(&d, 0).waited_ns_all, UINT64_MAX);
    for (uint64_t id = 30; id < 60; id++) {
        MUST(spw_contact_accepted(d.engine, d.contact[29], d.who[1], SPW_TIME_MAX - 1));
        struct spw_arrive person = desk_person(id, 3);
        MUST(spw_contact_arrive(d.engine, &person, SPW_TIME_MAX - 1, &d.contact[id]));
        desk_clear(&d);
    }
    MUST(spw_counsellor_ready(d.engine, d.who[1], SPW_TIME_MAX - 1));
    MUST(spw_view_wait(d.engine, d.contact[59], &estimate));
    ck_assert_int_eq(estimate.known, 1);
    ck_assert_int_le(estimate.high, SPW_FOREVER);
    ck_assert_int_ge(estimate.low, 0);
    desk_close(&d);
}
END_TEST

/* The timer that a host arms for a contact: whatever comes first of what concerns it. */
START_TEST(until_is_the_nearest_of_all_deadlines)
{
    struct desk d;
    struct spw_contact_view view;
    desk_open(&d);
    struct spw_arrive report = desk_person(1, 3);
    report.channel = SPW_CHANNEL_WORK;
    report.deadline = seconds(300);
    desk_arrive(&d, &report, 1);
    MUST(spw_view_contact(d.engine, d.contact[1], &view));
    ck_assert_int_eq(view.until, seconds(300));
    desk_counsellor(&d, 1, 0);
    desk_ready(&d, 1, 2);
    MUST(spw_view_contact(d.engine, d.contact[1], &view));
    ck_assert_int_eq(view.until, seconds(22));
    desk_close(&d);
}
END_TEST

/* Last come, first served: ahead are those who came later. */
START_TEST(ahead_is_told_by_the_order_in_force)
{
    for (int lifo = 0; lifo < 2; lifo++) {
        struct desk d;
        uint64_t ahead;
        desk_open(&d);
        desk_plan(&d, SPW_PLAN_ORDER, 0, lifo ? SPW_ORDER_LIFO : SPW_ORDER_FIFO, 0);
        for (uint64_t id = 1; id <= 4; id++) {
            desk_call(&d, id, 3, (double)id);
        }
        MUST(spw_view_ahead(d.engine, d.contact[2], &ahead));
        ck_assert_uint_eq(ahead, lifo ? 2 : 1);
        desk_call(&d, 5, 3, 4); /* in the same instant as 4 */
        for (uint64_t id = 4; id <= 5; id++) {
            MUST(spw_view_ahead(d.engine, d.contact[id], &ahead));
            ck_assert_uint_eq(ahead, lifo ? 5 - id : id - 1);
        }
        desk_close(&d);
    }
}
END_TEST

/* A warm transfer looks for somebody: the person talks and does not wait. */
START_TEST(depth_counts_who_waits_and_nobody_else)
{
    struct desk d;
    struct spw_depth depth;
    desk_open(&d);
    desk_talk(&d, 1);
    desk_transfer(&d, 1, SPW_TRANSFER_WARM, 10);
    MUST(spw_advance(d.engine, seconds(50)));
    MUST(spw_view_depth(d.engine, 0, 0, &depth));
    ck_assert_uint_eq(depth.waiting, 0);
    ck_assert_int_eq(depth.head_wait, 0);
    struct spw_arrive probe = desk_person(3, 3);
    probe.flags = SPW_CONTACT_TEST;
    desk_arrive(&d, &probe, 55);
    desk_call(&d, 2, 3, 60);
    MUST(spw_advance(d.engine, seconds(70)));
    MUST(spw_view_depth(d.engine, 0, 0, &depth));
    ck_assert_uint_eq(depth.waiting, 1);
    ck_assert_int_eq(depth.head_wait, seconds(10));
    desk_close(&d);
}
END_TEST

/* What is printed must be true: with preferences there is no bound, and claims take their time. */
START_TEST(the_printed_bound_knows_what_it_does_not_bound)
{
    struct desk d;
    desk_open(&d);
    spw_ns plain = seconds(1800 - 300 + 120);
    ck_assert_int_eq(spw_view_overtaking_bound(d.engine, 2), plain + seconds(60));
    for (uint32_t channel = 0; channel < SPW_CHANNEL_COUNT; channel++) {
        desk_plan(&d, SPW_PLAN_UNITS, channel, 100, seconds(1));
    }
    ck_assert_int_eq(spw_view_overtaking_bound(d.engine, 2), plain);
    desk_plan(&d, SPW_PLAN_GROUP, SPW_CHANNEL_CHAT, 1u << SPW_CHANNEL_VOICE, seconds(1));
    ck_assert_int_eq(spw_view_overtaking_bound(d.engine, 2), plain + seconds(60));
    ck_assert_int_eq(spw_view_overtaking_bound(d.engine, 0), SPW_FOREVER);
    ck_assert_int_eq(spw_view_overtaking_bound(d.engine, SPW_PRIORITY_COUNT), SPW_FOREVER);
    desk_plan(&d, SPW_PLAN_ORDER, 0, SPW_ORDER_STRICT, seconds(2));
    ck_assert_int_eq(spw_view_overtaking_bound(d.engine, 2), SPW_FOREVER);
    desk_plan(&d, SPW_PLAN_ORDER, 0, SPW_ORDER_HEAD_START, seconds(3));
    desk_plan(&d, SPW_PLAN_PREFER_RANK, 1, 1, seconds(3));
    ck_assert_int_eq(spw_view_overtaking_bound(d.engine, 2), SPW_FOREVER);
    desk_close(&d);
}
END_TEST

int main(void)
{
    return SUITE_RUN(
        "bounds", a_full_waiting_room_refuses_but_never_danger,
        a_full_house_keeps_places_for_danger, a_personal_record_is_kept_for_danger,
        the_same_id_twice_is_one_contact, wrong_input_is_refused_by_name,
        time_that_goes_back_is_clamped_and_said,
        capacity_n_holds_n_and_the_next_is_refused_with_a_reason,
        a_network_has_a_book_for_each_queue_at_each_centre, the_last_book_has_a_name_too,
        a_test_call_is_nobody_served, sums_and_estimates_stop_at_the_end_of_the_scale,
        until_is_the_nearest_of_all_deadlines, ahead_is_told_by_the_order_in_force,
        depth_counts_who_waits_and_nobody_else, the_printed_bound_knows_what_it_does_not_bound);
}
