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

/* n misses an offer at `at` and is free again: a caller who gives up after the first time-out. */
static void misses_one(struct desk *d, int n, uint64_t id, double at)
{
    desk_call(d, id, 3, at);
    ck_assert_int_eq(desk_offered(d, id), n);
    MUST(spw_advance(d->engine, seconds(at + 20)));
    MUST(spw_contact_left(d->engine, d->contact[id], seconds(at + 20)));
}

/* Alone, a counsellor who missed the last offer is rung for danger all the same, and again (rule
 * C7). */
START_TEST(danger_rings_where_an_offer_was_missed_if_nobody_else_is_free)
{
    struct desk d;
    struct spw_counsellor_view view;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_ready(&d, 1, 1);
    misses_one(&d, 1, 1, 10);
    desk_call(&d, 2, 0, 32);
    ck_assert_int_eq(desk_offered(&d, 2), 1);
    MUST(spw_advance(d.engine, seconds(52))); /* the second in a row */
    MUST(spw_view_counsellor(d.engine, d.who[1], &view));
    ck_assert_uint_eq(view.state, SPW_COUNSELLOR_NOT_ANSWERING);
    ck_assert_int_eq(spw_view_block(d.engine, d.contact[2], d.who[1]), SPW_BLOCK_NOT_READY);
    desk_ready(&d, 1, 60);
    desk_clear(&d);
    MUST(spw_advance(d.engine, seconds(80))); /* missed once: it rings there again at once */
    ck_assert_ptr_nonnull(desk_last(&d, SPW_EVENT_OFFER_MISSED, 2));
    ck_assert_int_eq(desk_offered(&d, 2), 1);
    desk_close(&d);
}
END_TEST

/* Before idle time, wish and load; for others it plays no part. */
START_TEST(danger_prefers_whoever_did_not_miss_the_last_offer)
{
    struct desk d;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_counsellor(&d, 2, 0);
    desk_ready(&d, 1, 1);
    misses_one(&d, 1, 1, 10);
    desk_ready(&d, 2, 31);
    struct spw_arrive chat = desk_person(2, 3);
    chat.channel = SPW_CHANNEL_CHAT;
    chat.sticky = d.who[2];
    chat.sticky_mode = SPW_STICKY_PREFER;
    desk_arrive(&d, &chat, 32);
    desk_accept(&d, 2, 2, 32);
    for (uint64_t id = 3; id <= 5; id++) {
        struct spw_arrive danger = desk_person(id, 0);
        danger.channel = SPW_CHANNEL_CHAT;
        danger.sticky = d.who[1];
        danger.sticky_mode = SPW_STICKY_PREFER;
        desk_arrive(&d, &danger, 33);
        /* 1 is wanted, wholly free and idle for longer; 2 answers, while it has room. */
        ck_assert_int_eq(desk_offered(&d, id), id < 5 ? 2 : 1);
    }
    desk_call(&d, 6, 3, 34);
    MUST(spw_contact_left(d.engine, d.contact[5], seconds(35)));
    ck_assert_int_eq(desk_offered(&d, 6), 1);
    desk_close(&d);
}
END_TEST

/* A caller whose offer was missed comes back first, but not before the danger that waits (I6). */
START_TEST(whoever_missed_an_offer_gets_the_danger_that_waits)
{
    struct desk d;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_ready(&d, 1, 1);
    desk_call(&d, 1, 1, 10);
    desk_call(&d, 2, 0, 11);
    desk_clear(&d);
    MUST(spw_advance(d.engine, seconds(30)));
    ck_assert_ptr_null(desk_last(&d, SPW_EVENT_OFFER, 1));
    const struct spw_event *event = desk_last(&d, SPW_EVENT_OFFER, 2);
    ck_assert_ptr_nonnull(event);
    ck_assert_uint_eq(event->counsellor.bits, d.who[1].bits);
    ck_assert_uint_eq(event->flags & SPW_EVENT_FLAG_BY_CONTACT, 0);
    ck_assert_uint_eq(event->runner_up.bits, d.contact[1].bits);
    desk_close(&d);
}
END_TEST

/* What a thaw makes possible is backlog: a person who calls meanwhile is not served before danger
 * (I6). */
START_TEST(an_arrival_during_a_backlog_does_not_pass_danger)
{
    struct desk d;
    struct spw_input in = {.kind = SPW_INPUT_SUPERVISE_FREEZE};
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_counsellor(&d, 2, 0);
    desk_ready(&d, 1, 1);
    desk_ready(&d, 2, 2);
    in.u.supervise.reason = 1;
    MUST(spw_apply(d.engine, &in, seconds(3), NULL));
    desk_call(&d, 1, 0, 4);
    in.kind = SPW_INPUT_SUPERVISE_THAW;
    MUST(spw_apply(d.engine, &in, seconds(5), NULL));
    ck_assert_int_eq(desk_offered(&d, 1), 0); /* not yet */
    desk_call(&d, 2, 3, 5);
    ck_assert_int_eq(desk_offered(&d, 1), 1);
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

START_TEST(a_decline_says_that_somebody_is_there)
{
    struct desk d;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_ready(&d, 1, 1);
    desk_call(&d, 1, 3, 10);
    MUST(spw_advance(d.engine, seconds(30))); /* missed, offered again */
    MUST(spw_contact_declined(d.engine, d.contact[1], d.who[1], seconds(31)));
    desk_call(&d, 2, 0, 32); /* the last offer was not missed: danger may ring there */
    ck_assert_int_eq(desk_offered(&d, 2), 1);
    struct spw_counsellor_view view;
    MUST(spw_view_counsellor(d.engine, d.who[1], &view));
    ck_assert_uint_eq(view.missed, 0);
    desk_close(&d);
}
END_TEST

/* Eight are remembered: of nine declines the oldest is forgotten. */
START_TEST(the_ninth_decline_forgets_the_first)
{
    struct desk d;
    desk_open(&d);
    desk_call(&d, 1, 3, 1);
    for (int n = 1; n <= 9; n++) {
        desk_counsellor(&d, n, 0);
        desk_ready(&d, n, 10 + n);
        ck_assert_int_eq(desk_offered(&d, 1), n);
        MUST(spw_contact_declined(d.engine, d.contact[1], d.who[n], seconds(10 + n)));
    }
    ck_assert_int_eq(desk_offered(&d, 1), 1);
    desk_close(&d);
}
END_TEST

/* Where a decline would outlast time it still is a decline: not one exclusion too many. */
START_TEST(nine_declines_at_the_end_of_time)
{
    struct desk d;
    const spw_ns end = SPW_TIME_MAX - 1;
    desk_open(&d);
    for (int n = 1; n <= 9; n++) {
        desk_counsellor(&d, n, 0);
    }
    MUST(spw_advance(d.engine, end - 100));
    struct spw_arrive person = desk_person(1, 3);
    MUST(spw_contact_arrive(d.engine, &person, end - 100, &d.contact[1]));
    for (int n = 1; n <= 9; n++) {
        MUST(spw_counsellor_ready(d.engine, d.who[n], end - 100 + n));
        ck_assert_int_eq(desk_offered(&d, 1), n);
        MUST(spw_contact_declined(d.engine, d.contact[1], d.who[n], end - 100 + n));
    }
    ck_assert_int_eq(desk_offered(&d, 1), 1); /* the ninth forgets the first */
    desk_close(&d);
}
END_TEST

START_TEST(an_exclusion_is_never_forgotten)
{
    struct desk d;
    desk_open(&d);
    desk_call(&d, 1, 3, 1);
    struct spw_input in = {.kind = SPW_INPUT_CONTACT_EXCLUDE};
    in.u.pair.contact = d.contact[1];
    for (int n = 1; n <= 9; n++) {
        desk_counsellor(&d, n, 0);
        in.u.pair.counsellor = d.who[n];
        if (n <= 7) {
            MUST(spw_apply(d.engine, &in, seconds(2), NULL));
        } else if (n == 8) { /* the eighth place is for declines */
            ck_assert_int_eq(spw_apply(d.engine, &in, seconds(2), NULL), SPW_E_FULL);
        }
    }
    for (int n = 8; n <= 9; n++) {
        desk_ready(&d, n, n);
        ck_assert_int_eq(desk_offered(&d, 1), n);
        MUST(spw_contact_declined(d.engine, d.contact[1], d.who[n], seconds(n)));
    }
    MUST(spw_counsellor_pause(d.engine, d.who[8], 0, seconds(10)));
    MUST(spw_counsellor_sign_out(d.engine, d.who[8], seconds(10)));
    for (int n = 1; n <= 7; n++) {
        ck_assert_int_eq(spw_view_block(d.engine, d.contact[1], d.who[n]), SPW_BLOCK_EXCLUDED);
    }
    /* Somebody removed leaves room for another. */
    MUST(spw_counsellor_remove(d.engine, d.who[3], seconds(20)));
    in.u.pair.counsellor = d.who[8];
    MUST(spw_apply(d.engine, &in, seconds(20), NULL));
    desk_close(&d);
}
END_TEST

/* Held for 1 for ever, and then never to have 1: nobody is waited for any more. */
START_TEST(an_exclusion_ends_the_wish_for_that_one)
{
    struct desk d;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_counsellor(&d, 2, 0);
    desk_ready(&d, 2, 1);
    struct spw_arrive person = desk_person(1, 3);
    person.sticky = d.who[1];
    person.sticky_mode = SPW_STICKY_HOLD;
    person.sticky_hold_ns = SPW_FOREVER;
    desk_arrive(&d, &person, 2);
    ck_assert_int_eq(spw_view_block(d.engine, d.contact[1], d.who[2]), SPW_BLOCK_STICKY);
    struct spw_input in = {.kind = SPW_INPUT_CONTACT_EXCLUDE};
    in.u.pair.contact = d.contact[1];
    in.u.pair.counsellor = d.who[1];
    MUST(spw_apply(d.engine, &in, seconds(3), NULL));
    ck_assert_int_eq(desk_offered(&d, 1), 2);
    desk_close(&d);
}
END_TEST

/* A warm transfer: two were offered it, the first answers late; nobody else has accepted yet. */
START_TEST(a_late_accept_wins_a_warm_transfer_too)
{
    struct desk d;
    desk_open(&d);
    desk_talk(&d, 3);
    desk_ready(&d, 2, 4);
    desk_transfer(&d, 1, SPW_TRANSFER_WARM, 10);
    ck_assert_int_eq(desk_offered(&d, 1), 2);
    desk_ready(&d, 3, 11);
    MUST(spw_advance(d.engine, seconds(30))); /* 2 misses it */
    ck_assert_int_eq(desk_offered(&d, 1), 3);
    desk_accept(&d, 1, 2, 31);
    ck_assert_uint_eq(desk_last(&d, SPW_EVENT_CONNECTED, 1)->counsellor.bits, d.who[2].bits);
    ck_assert_ptr_nonnull(desk_last(&d, SPW_EVENT_TRANSFER_ENDED, 1));
    desk_accept(&d, 1, 3, 32);
    ck_assert_ptr_nonnull(desk_last(&d, SPW_EVENT_OFFER_LOST, 1));
    desk_close(&d);
}
END_TEST

START_TEST(a_late_accept_of_somebody_signed_out_wins)
{
    struct desk d;
    struct spw_counsellor_view view;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_ready(&d, 1, 1);
    desk_call(&d, 1, 3, 2);
    MUST(spw_counsellor_sign_out(d.engine, d.who[1], seconds(3)));
    desk_accept(&d, 1, 1, 4);
    ck_assert_ptr_nonnull(desk_last(&d, SPW_EVENT_CONNECTED, 1));
    MUST(spw_view_counsellor(d.engine, d.who[1], &view));
    ck_assert_uint_eq(view.state, SPW_COUNSELLOR_LEAVING);
    desk_end(&d, 1, 60);
    MUST(spw_view_counsellor(d.engine, d.who[1], &view));
    ck_assert_uint_eq(view.state, SPW_COUNSELLOR_OUT);
    desk_close(&d);
}
END_TEST

/* Without a tier of its own danger is one of many, but still prefers counsellors who answer. */
START_TEST(danger_prefers_who_answers_in_the_common_tier_too)
{
    struct desk d;
    desk_open(&d);
    desk_plan(&d, SPW_PLAN_PROTECTED, 0, 0, 0);
    desk_counsellor(&d, 1, 0);
    desk_counsellor(&d, 2, 0);
    desk_ready(&d, 1, 1);
    misses_one(&d, 1, 1, 2);
    desk_ready(&d, 2, 23);
    desk_call(&d, 2, 0, 24);
    ck_assert_int_eq(desk_offered(&d, 2), 2);
    desk_call(&d, 3, 0, 25);
    ck_assert_int_eq(desk_offered(&d, 3), 1);
    desk_close(&d);
}
END_TEST

/* Signed out, and yet the talk has begun: from then on the lease counts. */
START_TEST(a_late_accept_puts_its_counsellor_under_a_lease)
{
    struct desk d;
    struct spw_counsellor_view view;
    desk_open(&d);
    uint32_t centre = desk_lease(&d);
    struct spw_arrive person = desk_person(1, 3);
    person.home = centre;
    desk_arrive(&d, &person, 1);
    desk_accept(&d, 1, 1, 2);
    MUST(spw_advance(d.engine, seconds(32)));
    MUST(spw_view_counsellor(d.engine, d.who[1], &view));
    ck_assert_uint_eq(view.state, SPW_COUNSELLOR_GONE_SILENT);
    desk_close(&d);
}
END_TEST

/* An event tells the state after it: an offer that came to nothing leaves the contact waiting. */
START_TEST(events_of_an_offer_that_is_over_say_waiting)
{
    struct desk d;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_ready(&d, 1, 1);
    desk_call(&d, 1, 3, 2);
    MUST(spw_contact_declined(d.engine, d.contact[1], d.who[1], seconds(3)));
    ck_assert_uint_eq(desk_last(&d, SPW_EVENT_OFFER_DECLINED, 1)->state, SPW_CONTACT_WAITING);
    desk_call(&d, 2, 3, 4);
    MUST(spw_advance(d.engine, seconds(24)));
    ck_assert_uint_eq(desk_last(&d, SPW_EVENT_OFFER_MISSED, 2)->state, SPW_CONTACT_WAITING);
    MUST(spw_counsellor_lost(d.engine, d.who[1], seconds(25)));
    ck_assert_uint_eq(desk_last(&d, SPW_EVENT_OFFER_WITHDRAWN, 2)->state, SPW_CONTACT_WAITING);
    desk_close(&d);
}
END_TEST

int main(void)
{
    return SUITE_RUN(
        "offers", a_decline_keeps_the_place_and_bars_the_pair_for_300_seconds,
        an_answer_at_exactly_the_deadline_counts,
        who_misses_twice_is_not_answering_until_ready_again,
        danger_rings_where_an_offer_was_missed_if_nobody_else_is_free,
        danger_prefers_whoever_did_not_miss_the_last_offer,
        whoever_missed_an_offer_gets_the_danger_that_waits,
        an_arrival_during_a_backlog_does_not_pass_danger,
        a_late_accept_wins_and_the_other_offer_is_withdrawn, a_decline_says_that_somebody_is_there,
        the_ninth_decline_forgets_the_first, nine_declines_at_the_end_of_time,
        an_exclusion_is_never_forgotten, an_exclusion_ends_the_wish_for_that_one,
        a_late_accept_wins_a_warm_transfer_too, a_late_accept_of_somebody_signed_out_wins,
        danger_prefers_who_answers_in_the_common_tier_too,
        a_late_accept_puts_its_counsellor_under_a_lease,
        events_of_an_offer_that_is_over_say_waiting);
}
