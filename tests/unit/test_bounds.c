/*
 * tests/unit/test_bounds.c - capacities, clocks and names that do not fit (rules T2, D1, D2, M).
 */
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
    struct spw_arrive person = desk_person(64, 3);
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

int main(void)
{
    return SUITE_RUN("bounds", a_full_waiting_room_refuses_but_never_danger,
                     the_same_id_twice_is_one_contact, wrong_input_is_refused_by_name,
                     time_that_goes_back_is_clamped_and_said,
                     capacity_n_holds_n_and_the_next_is_refused_with_a_reason);
}
