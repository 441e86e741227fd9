/*
 * tests/unit/test_kept.c - for whom the last places, records and free counsellors are kept.
 */
#include "desk.h"
#include "suite.h"

#include <stdbool.h>

/* A desk with 128 contacts, 64 records and one counsellor, of which `wishes` records are taken. */
static void wishing(struct desk *d, uint64_t wishes)
{
    struct spw_config config;
    desk_config(&config);
    config.contacts_max = 128;
    config.personal_max = 64;
    desk_open_as(d, &config);
    desk_counsellor(d, 1, 0);
    for (uint64_t id = 100; id < 100 + wishes; id++) {
        struct spw_arrive person = desk_person(id, 3);
        person.sticky = d->who[1];
        person.sticky_mode = SPW_STICKY_PREFER;
        MUST(spw_contact_arrive(d->engine, &person, seconds(1), &d->contact[1]));
        desk_clear(d);
    }
}

/* A talk that turns out to be about danger is transferred with the record that is kept for it. */
START_TEST(a_transfer_in_danger_gets_the_record_that_is_kept)
{
    struct desk d;
    spw_counsellor anybody = {0};
    wishing(&d, 63);
    desk_counsellor(&d, 2, 0);
    desk_call(&d, 2, 3, 2);
    desk_accept(&d, 2, 2, 3);
    ck_assert_int_eq(spw_contact_transfer(d.engine, d.contact[2], SPW_TRANSFER_COLD, anybody, 0, 0,
                                          SPW_PRIORITY_SAME, seconds(4)),
                     SPW_E_FULL);
    MUST(spw_contact_transfer(d.engine, d.contact[2], SPW_TRANSFER_COLD, anybody, 0, 0, 0,
                              seconds(5)));
    desk_close(&d);
}
END_TEST

START_TEST(a_test_gets_no_record_that_is_kept)
{
    struct desk d;
    struct spw_input in = {.kind = SPW_INPUT_CONTACT_EXCLUDE};
    wishing(&d, 63);
    struct spw_arrive person = desk_person(2, 0);
    person.flags = SPW_CONTACT_TEST;
    desk_arrive(&d, &person, 2);
    in.u.pair.contact = d.contact[2];
    in.u.pair.counsellor = d.who[1];
    ck_assert_int_eq(spw_apply(d.engine, &in, seconds(3), NULL), SPW_E_FULL);
    desk_close(&d);
}
END_TEST

static bool told_no_record(struct desk *d, uint64_t id)
{
    const struct spw_event *event = desk_last(d, SPW_EVENT_RECONCILED, id);
    return event != NULL && event->reason == SPW_RECONCILED_NO_RECORD &&
           event->contact.bits == d->contact[id].bits;
}

/* A deadline, a wish, a decline: what cannot be kept is not dropped in silence. */
START_TEST(what_finds_no_record_is_told)
{
    struct desk d;
    wishing(&d, 62);
    desk_counsellor(&d, 2, 0);
    desk_ready(&d, 2, 2);
    struct spw_arrive work = desk_person(2, 3);
    work.deadline = 100 * SPW_SECOND;
    desk_arrive(&d, &work, 3);
    ck_assert(!told_no_record(&d, 2));
    struct spw_usage usage;
    spw_view_usage(d.engine, &usage);
    ck_assert_uint_eq(usage.personal, 63);
    ck_assert_uint_eq(usage.personal_max, 64);
    work.id.lo = 3;
    desk_arrive(&d, &work, 3);
    ck_assert(told_no_record(&d, 3));
    struct spw_arrive person = desk_person(4, 3);
    person.sticky = d.who[1];
    person.sticky_mode = SPW_STICKY_PREFER;
    desk_arrive(&d, &person, 4);
    ck_assert(told_no_record(&d, 4));
    desk_close(&d);
    wishing(&d, 63);
    desk_counsellor(&d, 2, 0);
    desk_call(&d, 2, 1, 2);
    desk_ready(&d, 2, 3);
    MUST(spw_contact_declined(d.engine, d.contact[2], d.who[2], seconds(4)));
    ck_assert(told_no_record(&d, 2));
    desk_close(&d);
}
END_TEST

/* An arrival that continues a contact takes its place: the house is as full afterwards as
 * before. */
START_TEST(a_full_house_lets_a_channel_be_switched)
{
    struct desk d;
    wishing(&d, 0);
    for (uint64_t id = 200; id < 326; id++) {
        struct spw_arrive person = desk_person(id, 3);
        MUST(spw_contact_arrive(d.engine, &person, seconds(1), &d.contact[1]));
        ck_assert_uint_ne(d.contact[1].bits, 0);
        desk_clear(&d);
    }
    struct spw_arrive person = desk_person(2, 3);
    desk_arrive(&d, &person, 2);
    ck_assert_uint_eq(d.contact[2].bits, 0);
    person.id.lo = 3;
    person.continues = d.contact[1];
    desk_arrive(&d, &person, 2);
    ck_assert_uint_ne(d.contact[3].bits, 0);
    desk_close(&d);
}
END_TEST

/* The danger before it fills the call, and somebody is free: it is let in, undecided. */
START_TEST(an_arrival_that_is_undecided_is_let_in)
{
    enum { DANGER = 120 };
    struct desk d;
    struct spw_config config;
    struct spw_input in = {.kind = SPW_INPUT_CENTRE_CLOSE};
    desk_config(&config);
    config.contacts_max = 512;
    config.counsellors_max = DANGER + 1;
    desk_open_as(&d, &config);
    uint32_t queue = desk_queue(&d, SPW_QUEUE_WAITING_MAX, 0, 0, 0);
    in.u.centre.centre = 1;
    MUST(spw_apply(d.engine, &in, seconds(1), NULL));
    while (spw_continue(d.engine, seconds(1)) == SPW_E_BUSY) {
    }
    for (uint64_t n = 1; n <= DANGER + 1; n++) {
        struct spw_counsellor_add add = {.key = n, .centre = 1};
        MUST(spw_counsellor_add(d.engine, &add, seconds(1), &d.who[1]));
        MUST(spw_counsellor_ready(d.engine, d.who[1], seconds(1)));
        desk_clear(&d);
    }
    for (uint64_t id = 100; id < 100 + DANGER; id++) {
        struct spw_arrive person = desk_person(id, 0);
        MUST(spw_contact_arrive(d.engine, &person, seconds(2), &d.contact[1]));
        desk_clear(&d);
    }
    in.kind = SPW_INPUT_CENTRE_OPEN;
    MUST(spw_apply(d.engine, &in, seconds(3), NULL));
    struct spw_arrive person = desk_person(1, 3);
    person.queue = queue;
    desk_arrive(&d, &person, 3);
    ck_assert_uint_ne(d.contact[1].bits, 0);
    ck_assert_ptr_nonnull(desk_last(&d, SPW_EVENT_WAITING, 1));
    while (spw_continue(d.engine, seconds(3)) == SPW_E_BUSY) {
        desk_poll(&d);
    }
    ck_assert_ptr_nonnull(desk_last(&d, SPW_EVENT_OFFER, 1));
    desk_close(&d);
}
END_TEST

/* 1 is free, and 2, who is claimed, becomes so: that makes two, of whom one is kept. */
START_TEST(who_is_claimed_is_one_of_the_free_that_a_reserve_counts)
{
    struct desk d;
    struct spw_input in = {.kind = SPW_INPUT_CONTACT_EXCLUDE};
    struct spw_counsellor_view view;
    desk_open(&d);
    uint32_t skills = desk_skillset(&d, 1);
    uint32_t other = desk_queue(&d, 0, 0, 0, 0);
    desk_plan(&d, SPW_PLAN_PREFER_RESERVE, skills << 16 | 1, 1, 0);
    desk_counsellor(&d, 1, skills);
    desk_counsellor(&d, 2, skills);
    desk_ready(&d, 2, 1);
    for (uint64_t id = 1; id <= 3; id++) {
        struct spw_arrive person = desk_person(id, 3);
        person.channel = id < 3 ? SPW_CHANNEL_CHAT : SPW_CHANNEL_VOICE;
        person.queue = other;
        desk_arrive(&d, &person, 2);
        if (id < 3) {
            desk_accept(&d, id, 2, 2);
        }
    }
    in.u.pair.contact = d.contact[3];
    in.u.pair.counsellor = d.who[1];
    MUST(spw_apply(d.engine, &in, seconds(3), NULL));
    desk_end(&d, 1, 70);
    MUST(spw_view_counsellor(d.engine, d.who[2], &view));
    ck_assert_uint_eq(view.claim.bits, d.contact[3].bits);
    desk_ready(&d, 1, 71);
    desk_call(&d, 4, 1, 72);
    ck_assert_int_eq(spw_view_block(d.engine, d.contact[4], d.who[1]), SPW_BLOCK_RESERVE);
    desk_end(&d, 2, 80);
    ck_assert_int_eq(desk_offered(&d, 4), 2);
    desk_close(&d);
}
END_TEST

/* Nine of ten are used, whatever the rate: not a nanosecond more. */
START_TEST(a_share_is_kept_to_the_offer)
{
    struct desk d;
    desk_open(&d);
    desk_plan(&d, SPW_PLAN_PROTECTED_RATE, 0, 60, 0);
    for (int n = 1; n <= 10; n++) {
        desk_counsellor(&d, n, 0);
        desk_ready(&d, n, 1);
    }
    while (spw_continue(d.engine, seconds(1)) == SPW_E_BUSY) {
    }
    for (uint64_t id = 1; id <= 9; id++) {
        desk_call(&d, id, 0, 2);
    }
    desk_plan(&d, SPW_PLAN_PROTECTED_RATE, 0, 70, seconds(2));
    while (spw_continue(d.engine, seconds(2)) == SPW_E_BUSY) {
    }
    ck_assert_ptr_null(desk_last(&d, SPW_EVENT_PROTECTED_EMPTY, 0));
    desk_call(&d, 10, 0, 2);
    ck_assert_ptr_nonnull(desk_last(&d, SPW_EVENT_PROTECTED_EMPTY, 0));
    desk_close(&d);
}
END_TEST

/* Sixteen classes, of which one is kept for danger. Fifteen have somebody; that the sixteenth is
 * remembered, as somebody of it was here before, gives it to nobody who is in none. */
START_TEST(a_class_that_is_remembered_is_no_way_around_what_is_kept)
{
    struct desk d;
    struct spw_config config;
    desk_config(&config);
    config.classes_max = 16;
    desk_open_as(&d, &config);
    for (uint64_t id = 1; id <= 18; id++) {
        struct spw_arrive person = desk_person(id, id == 18 ? 0 : 3);
        person.zone = (uint16_t)(id == 17 ? 1 : id); /* 17 is of the class of 1 */
        desk_arrive(&d, &person, (double)id);
        ck_assert_msg((d.contact[id].bits != 0) == (id != 17), "contact %d", (int)id);
        if (id == 1) {
            MUST(spw_contact_left(d.engine, d.contact[1], seconds(1)));
        }
    }
    desk_close(&d);
}
END_TEST

int main(void)
{
    return SUITE_RUN(
        "kept", a_transfer_in_danger_gets_the_record_that_is_kept,
        a_test_gets_no_record_that_is_kept, what_finds_no_record_is_told,
        a_full_house_lets_a_channel_be_switched, an_arrival_that_is_undecided_is_let_in,
        who_is_claimed_is_one_of_the_free_that_a_reserve_counts, a_share_is_kept_to_the_offer,
        a_class_that_is_remembered_is_no_way_around_what_is_kept);
}
