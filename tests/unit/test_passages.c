/*
 * tests/unit/test_passages.c - transfers, callbacks, counsellors lost, queues closed, freezes, pull (rules U1, U4,
 * S3, S6).
 */
#include "desk.h"
#include "suite.h"

START_TEST(a_warm_transfer_keeps_the_old_counsellor_until_the_new_one_accepts)
{
    struct desk d;
    struct spw_counsellor_view view;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_counsellor(&d, 2, 0);
    desk_ready(&d, 1, 1);
    desk_call(&d, 1, 3, 2);
    desk_accept(&d, 1, 1, 3);
    spw_counsellor anybody = {0};
    MUST(spw_contact_transfer(d.engine, d.contact[1], SPW_TRANSFER_WARM, anybody, 0, 0, 3,
                              seconds(10)));
    desk_clear(&d);
    desk_ready(&d, 2, 20);
    ck_assert_int_eq(desk_offered(&d, 1), 2);
    MUST(spw_view_counsellor(d.engine, d.who[1], &view));
    ck_assert_uint_eq(view.units_held, 100);
    desk_accept(&d, 1, 2, 21);
    MUST(spw_view_counsellor(d.engine, d.who[1], &view));
    ck_assert_uint_eq(view.units_held, 0);
    ck_assert_ptr_nonnull(desk_last(&d, SPW_EVENT_TRANSFER_ENDED, 1));
    desk_close(&d);
}
END_TEST

START_TEST(a_callback_keeps_its_place_and_ends_when_somebody_else_answers)
{
    struct desk d;
    desk_open(&d);
    uint32_t queue = desk_queue(&d, SPW_QUEUE_CALLBACK_MAX, 1, 0, 0);
    desk_counsellor(&d, 1, 0);
    struct spw_arrive person = desk_person(1, 3);
    person.queue = queue;
    desk_arrive(&d, &person, 10);
    desk_call(&d, 2, 3, 20);
    MUST(spw_contact_callback(d.engine, d.contact[1], seconds(100), seconds(900), seconds(30)));
    MUST(spw_advance(d.engine, seconds(100)));
    ck_assert_ptr_nonnull(desk_last(&d, SPW_EVENT_CALLBACK_DUE, 1));
    desk_ready(&d, 1, 101);
    ck_assert_int_eq(desk_offered(&d, 1), 1);
    desk_accept(&d, 1, 1, 102);
    MUST(spw_contact_callback_done(d.engine, d.contact[1], SPW_CALLBACK_OTHER_ANSWERED,
                                   seconds(110)));
    ck_assert_uint_eq(desk_last(&d, SPW_EVENT_ENDED, 1)->reason, SPW_END_CALLBACK_REACHED_OTHER);
    desk_close(&d);
}
END_TEST

START_TEST(a_queue_without_callbacks_promises_none)
{
    struct desk d;
    desk_open(&d);
    desk_call(&d, 1, 3, 10);
    ck_assert_int_eq(
        spw_contact_callback(d.engine, d.contact[1], seconds(100), SPW_FOREVER, seconds(30)),
        SPW_E_FULL);
    desk_close(&d);
}
END_TEST

START_TEST(a_closing_queue_moves_who_waits_to_its_fallback)
{
    struct desk d;
    desk_open(&d);
    uint32_t queue = desk_queue(&d, SPW_QUEUE_FALLBACK, 1, 0, 0);
    struct spw_arrive person = desk_person(1, 3);
    person.queue = queue;
    desk_arrive(&d, &person, 10);
    struct spw_input in = {.kind = SPW_INPUT_QUEUE_CLOSE};
    in.u.queue.queue = queue;
    MUST(spw_apply(d.engine, &in, seconds(20), NULL));
    while (spw_continue(d.engine, seconds(20)) == SPW_E_BUSY) {
    }
    struct spw_contact_view view;
    MUST(spw_view_contact(d.engine, d.contact[1], &view));
    ck_assert_uint_eq(view.queue, 1);
    ck_assert_int_eq(view.arrived_at, seconds(10));
    desk_close(&d);
}
END_TEST

START_TEST(a_lost_counsellor_keeps_the_talk_for_the_grace_then_the_place_is_held)
{
    struct desk d;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_ready(&d, 1, 1);
    desk_call(&d, 1, 3, 2);
    desk_accept(&d, 1, 1, 3);
    MUST(spw_counsellor_lost(d.engine, d.who[1], seconds(10)));
    MUST(spw_advance(d.engine, seconds(69)));
    ck_assert_ptr_null(desk_last(&d, SPW_EVENT_PARKED, 1));
    MUST(spw_advance(d.engine, seconds(70)));
    ck_assert_ptr_nonnull(desk_last(&d, SPW_EVENT_PARKED, 1));
    desk_close(&d);
}
END_TEST

START_TEST(frozen_means_no_offers_until_the_thaw)
{
    struct desk d;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_ready(&d, 1, 1);
    struct spw_input in = {.kind = SPW_INPUT_SUPERVISE_FREEZE};
    in.u.supervise.until = seconds(100);
    MUST(spw_apply(d.engine, &in, seconds(5), NULL));
    desk_call(&d, 1, 0, 10);
    ck_assert_int_eq(desk_offered(&d, 1), 0);
    (void)!spw_advance(d.engine, seconds(100));
    while (spw_continue(d.engine, seconds(100)) == SPW_E_BUSY) {
    }
    ck_assert_int_eq(desk_offered(&d, 1), 1);
    desk_close(&d);
}
END_TEST

START_TEST(who_pulls_is_never_pushed_and_gets_one_when_asking)
{
    struct desk d;
    desk_open(&d);
    struct spw_counsellor_add add = {.key = 1, .centre = 1, .flags = SPW_COUNSELLOR_PULLS};
    MUST(spw_counsellor_add(d.engine, &add, 0, &d.who[1]));
    desk_ready(&d, 1, 1);
    MUST(spw_counsellor_pull(d.engine, d.who[1], seconds(2)));
    ck_assert_ptr_nonnull(desk_last(&d, SPW_EVENT_PULL_EMPTY, 0));
    desk_call(&d, 1, 3, 3);
    ck_assert_int_eq(desk_offered(&d, 1), 0);
    MUST(spw_counsellor_pull(d.engine, d.who[1], seconds(4)));
    ck_assert_int_eq(desk_offered(&d, 1), 1);
    desk_close(&d);
}
END_TEST

int main(void)
{
    return SUITE_RUN(
        "passages", a_warm_transfer_keeps_the_old_counsellor_until_the_new_one_accepts,
        a_callback_keeps_its_place_and_ends_when_somebody_else_answers,
        a_queue_without_callbacks_promises_none, a_closing_queue_moves_who_waits_to_its_fallback,
        a_lost_counsellor_keeps_the_talk_for_the_grace_then_the_place_is_held,
        frozen_means_no_offers_until_the_thaw, who_pulls_is_never_pushed_and_gets_one_when_asking);
}
