/*
 * tests/unit/test_offer.c - offers: answered, declined, missed, too late (rules C6, C7, D1).
 */
#include "desk.h"
#include "suite.h"

START_TEST(a_decline_keeps_the_place_and_bars_the_pair_for_300_seconds)
{
    struct desk d;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_ready(&d, 1, 1);
    desk_call(&d, 1, 3, 10);
    MUST(spw_contact_declined(d.engine, d.contact[1], d.who[1], seconds(12)));
    desk_clear(&d);
    ck_assert_int_eq(spw_view_block(d.engine, d.contact[1], d.who[1]), SPW_BLOCK_DECLINED);
    MUST(spw_advance(d.engine, seconds(311.9)));
    ck_assert_int_eq(desk_offered(&d, 1), 0);
    MUST(spw_advance(d.engine, seconds(312)));
    ck_assert_int_eq(desk_offered(&d, 1), 1);
    struct spw_contact_view view;
    MUST(spw_view_contact(d.engine, d.contact[1], &view));
    ck_assert_int_eq(view.arrived_at, seconds(10));
    desk_close(&d);
}
END_TEST

START_TEST(an_answer_at_exactly_the_deadline_counts)
{
    struct desk d;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_ready(&d, 1, 1);
    desk_call(&d, 1, 3, 10); /* time-out 20 s */
    desk_accept(&d, 1, 1, 30);
    ck_assert_ptr_nonnull(desk_last(&d, SPW_EVENT_CONNECTED, 1));
    ck_assert_ptr_null(desk_last(&d, SPW_EVENT_OFFER_MISSED, 1));
    desk_close(&d);
}
END_TEST

START_TEST(who_misses_twice_is_not_answering_until_ready_again)
{
    struct desk d;
    struct spw_counsellor_view view;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_ready(&d, 1, 1);
    desk_call(&d, 1, 3, 10);
    MUST(spw_advance(d.engine,
                     seconds(30))); /* missed once, offered again: the pair is not barred */
    MUST(spw_advance(d.engine, seconds(50)));
    MUST(spw_view_counsellor(d.engine, d.who[1], &view));
    ck_assert_uint_eq(view.state, SPW_COUNSELLOR_NOT_ANSWERING);
    desk_clear(&d);
    desk_ready(&d, 1, 60);
    ck_assert_int_eq(desk_offered(&d, 1), 1);
    desk_close(&d);
}
END_TEST

START_TEST(danger_skips_whoever_missed_the_last_offer)
{
    struct desk d;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_ready(&d, 1, 1);
    desk_call(&d, 1, 3, 10);
    MUST(spw_advance(d.engine, seconds(30)));
    MUST(spw_contact_left(d.engine, d.contact[1], seconds(31)));
    desk_call(&d, 2, 0, 32);
    ck_assert_int_eq(desk_offered(&d, 2), 0);
    desk_counsellor(&d, 2, 0);
    desk_ready(&d, 2, 33);
    ck_assert_int_eq(desk_offered(&d, 2), 2);
    desk_close(&d);
}
END_TEST

START_TEST(a_late_accept_wins_and_the_other_offer_is_withdrawn)
{
    struct desk d;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_counsellor(&d, 2, 0);
    desk_ready(&d, 1, 1);
    desk_call(&d, 1, 3, 10);
    desk_ready(&d, 2, 11);
    MUST(spw_contact_declined(d.engine, d.contact[1], d.who[1], seconds(12)));
    ck_assert_int_eq(desk_offered(&d, 1), 2);
    desk_accept(&d, 1, 1, 13);
    ck_assert_ptr_nonnull(desk_last(&d, SPW_EVENT_OFFER_WITHDRAWN, 1));
    ck_assert_uint_eq(desk_last(&d, SPW_EVENT_CONNECTED, 1)->counsellor.bits, d.who[1].bits);
    desk_accept(&d, 1, 2, 14); /* too late: it talks already */
    ck_assert_ptr_nonnull(desk_last(&d, SPW_EVENT_OFFER_LOST, 1));
    desk_close(&d);
}
END_TEST

int main(void)
{
    return SUITE_RUN("offers", a_decline_keeps_the_place_and_bars_the_pair_for_300_seconds,
                     an_answer_at_exactly_the_deadline_counts,
                     who_misses_twice_is_not_answering_until_ready_again,
                     danger_skips_whoever_missed_the_last_offer,
                     a_late_accept_wins_and_the_other_offer_is_withdrawn);
}
