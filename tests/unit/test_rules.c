/*
 * tests/unit/test_rules.c - the rules, one by one, through the public door: what is offered to
 * whom.
 */
#include "desk.h"

START_TEST(danger_goes_before_everybody)
{
    struct desk d;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_call(&d, 1, 1, 1);
    desk_call(&d, 2, 3, 2);
    desk_call(&d, 3, 0, 1000);
    desk_ready(&d, 1, 1001);
    ck_assert_int_eq(desk_offered(&d, 3), 1);
    ck_assert_int_eq(desk_offered(&d, 1), 0);
    desk_close(&d);
}
END_TEST

START_TEST(a_head_start_overtakes_up_to_its_bound_and_no_further)
{
    struct desk d;
    for (int late = 0; late < 2; late++) {
        desk_open(&d);
        desk_counsellor(&d, 1, 0);
        desk_call(&d, 1, 3, 10);
        desk_call(&d, 2, 2, late ? 310.5 : 309.5); /* H[2] = 300 s */
        desk_ready(&d, 1, 400);
        ck_assert_int_eq(desk_offered(&d, late ? 1 : 2), 1);
        desk_close(&d);
    }
}
END_TEST

START_TEST(equal_keys_go_by_sequence)
{
    struct desk d;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_call(&d, 1, 3, 10);
    desk_call(&d, 2, 4, 10); /* same head start, another class */
    desk_ready(&d, 1, 20);
    ck_assert_int_eq(desk_offered(&d, 1), 1);
    desk_close(&d);
}
END_TEST

START_TEST(the_unclassified_have_a_head_start_of_their_own)
{
    struct desk d;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_call(&d, 1, 3, 10);
    struct spw_arrive silent = desk_person(2, 3);
    silent.flags = SPW_CONTACT_UNCLASSIFIED;
    desk_arrive(&d, &silent, 600);
    desk_ready(&d, 1, 601);
    ck_assert_int_eq(desk_offered(&d, 2), 1);
    desk_close(&d);
}
END_TEST

START_TEST(the_least_flexible_is_taken_and_the_longest_idle_among_equals)
{
    struct desk d;
    desk_open(&d);
    uint32_t one = desk_skillset(&d, 1);
    uint32_t all = desk_skillset(&d, 7);
    uint32_t need = desk_need(&d, 1, 50);
    desk_counsellor(&d, 1, all);
    desk_counsellor(&d, 2, one);
    desk_counsellor(&d, 3, one);
    desk_ready(&d, 1, 1);
    desk_ready(&d, 2, 2);
    desk_ready(&d, 3, 3);
    desk_ready(&d, 2, 4); /* idle time of 2 starts anew */
    struct spw_arrive person = desk_person(1, 3);
    person.need = need;
    desk_arrive(&d, &person, 10);
    ck_assert_int_eq(desk_offered(&d, 1), 3);
    desk_close(&d);
}
END_TEST

START_TEST(a_level_below_the_need_is_not_able)
{
    struct desk d;
    desk_open(&d);
    uint32_t one = desk_skillset(&d, 1);
    uint32_t need = desk_need(&d, 1, 51);
    desk_counsellor(&d, 1, one);
    desk_ready(&d, 1, 1);
    struct spw_arrive person = desk_person(1, 0);
    person.need = need;
    desk_arrive(&d, &person, 2);
    ck_assert_int_eq(desk_offered(&d, 1), 0);
    ck_assert_uint_eq(desk_last(&d, SPW_EVENT_WAITING, 1)->reason, SPW_WHY_NOBODY_ABLE);
    ck_assert_int_eq(spw_view_block(d.engine, d.contact[1], d.who[1]), SPW_BLOCK_NEED);
    desk_close(&d);
}
END_TEST

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

START_TEST(a_dropped_contact_keeps_its_place_within_the_grace)
{
    struct desk d;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_call(&d, 1, 3, 10);
    desk_call(&d, 2, 3, 20);
    MUST(spw_contact_dropped(d.engine, d.contact[1], seconds(30)));
    MUST(spw_contact_resumed(d.engine, d.contact[1], seconds(100)));
    desk_ready(&d, 1, 101);
    ck_assert_int_eq(desk_offered(&d, 1), 1);
    MUST(spw_contact_dropped(d.engine, d.contact[2], seconds(102)));
    MUST(spw_advance(d.engine, seconds(222)));
    ck_assert_uint_eq(desk_last(&d, SPW_EVENT_ENDED, 2)->reason, SPW_END_PARK_EXPIRED);
    desk_close(&d);
}
END_TEST

START_TEST(redialling_brings_no_advantage_and_being_cut_off_no_loss)
{
    struct desk d;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    struct spw_arrive first = desk_person(1, 3);
    first.token.lo = 77;
    desk_arrive(&d, &first, 10);
    desk_call(&d, 2, 3, 50);
    MUST(spw_contact_left(d.engine, d.contact[1], seconds(100))); /* waited 90 s */
    struct spw_arrive again = desk_person(3, 3);
    again.token.lo = 77;
    desk_arrive(&d, &again, 160); /* 60 s away, which count: place 160 - 150 = 10 s */
    struct spw_contact_view view;
    MUST(spw_view_contact(d.engine, d.contact[3], &view));
    ck_assert_int_eq(view.arrived_at, seconds(10));
    struct spw_arrive third = desk_person(4, 3);
    third.token.lo = 77;
    desk_arrive(&d, &third, 161); /* two live contacts with one token are two people */
    MUST(spw_view_contact(d.engine, d.contact[4], &view));
    ck_assert_int_eq(view.arrived_at, seconds(161));
    desk_ready(&d, 1, 170);
    ck_assert_int_eq(desk_offered(&d, 3), 1);
    desk_close(&d);
}
END_TEST

START_TEST(a_long_absence_counts_two_minutes_and_not_after_ten)
{
    struct desk d;
    struct spw_contact_view view;
    desk_open(&d);
    struct spw_arrive person = desk_person(1, 3);
    person.token.lo = 5;
    desk_arrive(&d, &person, 1000);
    MUST(spw_contact_left(d.engine, d.contact[1], seconds(1100)));
    person.id.lo = 2;
    desk_arrive(&d, &person, 1600); /* 500 s away: 100 + 120 */
    MUST(spw_view_contact(d.engine, d.contact[2], &view));
    ck_assert_int_eq(view.arrived_at, seconds(1600 - 220));
    MUST(spw_contact_left(d.engine, d.contact[2], seconds(1700)));
    person.id.lo = 3;
    desk_arrive(&d, &person, 2301); /* more than ten minutes */
    MUST(spw_view_contact(d.engine, d.contact[3], &view));
    ck_assert_int_eq(view.arrived_at, seconds(2301));
    desk_close(&d);
}
END_TEST

START_TEST(a_ladder_relaxes_and_raises_when_it_falls_due)
{
    struct desk d;
    uint32_t ladder;
    desk_open(&d);
    uint32_t need = desk_need(&d, 1, 50);
    MUST(spw_stage_begin(d.engine, SPW_STAGE_LADDER, 0));
    MUST(spw_stage_step(d.engine, 0, need, 0, 0));
    MUST(spw_stage_step(d.engine, seconds(60), 0, 2, 0));
    MUST(spw_stage_commit(d.engine, 0, &ladder));
    uint32_t queue = desk_queue(&d, SPW_QUEUE_LADDER, ladder, 0, 0);
    desk_counsellor(&d, 1, 0);
    desk_ready(&d, 1, 1);
    struct spw_arrive person = desk_person(1, 3);
    person.queue = queue;
    desk_arrive(&d, &person, 10);
    MUST(spw_advance(d.engine, seconds(69.9)));
    ck_assert_int_eq(desk_offered(&d, 1), 0);
    MUST(spw_advance(d.engine, seconds(70)));
    ck_assert_int_eq(desk_offered(&d, 1), 1);
    struct spw_contact_view view;
    MUST(spw_view_contact(d.engine, d.contact[1], &view));
    ck_assert_uint_eq(view.effective, 1);
    ck_assert_uint_eq(view.priority, 3);
    desk_close(&d);
}
END_TEST

START_TEST(a_ladder_that_drops_a_floor_is_refused)
{
    struct desk d;
    uint32_t need;
    desk_open(&d);
    MUST(spw_stage_begin(d.engine, SPW_STAGE_NEED, 0));
    MUST(spw_stage_literal(d.engine, 1, 10, SPW_HOLDS, 0));
    MUST(spw_stage_clause(d.engine, 1, 0));
    MUST(spw_stage_commit(d.engine, 0, &need));
    MUST(spw_stage_begin(d.engine, SPW_STAGE_LADDER, 0));
    MUST(spw_stage_step(d.engine, 0, need, 0, 0));
    ck_assert_int_eq(spw_stage_step(d.engine, seconds(10), 0, 0, 0), SPW_E_FLOOR);
    MUST(spw_stage_abort(d.engine, 0));
    desk_close(&d);
}
END_TEST

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

START_TEST(voice_claims_a_counsellor_who_would_go_on_with_chats)
{
    struct desk d;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_ready(&d, 1, 1);
    for (uint64_t id = 1; id <= 2; id++) { /* two chats: 66 of 100 units */
        struct spw_arrive chat = desk_person(id, 3);
        chat.channel = SPW_CHANNEL_CHAT;
        desk_arrive(&d, &chat, 2);
        desk_accept(&d, id, 1, 3);
    }
    desk_call(&d, 3, 0, 10); /* voice, danger: claims at once */
    ck_assert_ptr_nonnull(desk_last(&d, SPW_EVENT_CLAIMED, 3));
    struct spw_arrive chat = desk_person(4, 3);
    chat.channel = SPW_CHANNEL_CHAT;
    desk_arrive(&d, &chat, 11);
    ck_assert_int_eq(desk_offered(&d, 4), 0);
    desk_end(&d, 1, 20);
    ck_assert_int_eq(desk_offered(&d, 3), 0);
    desk_end(&d, 2, 21);
    ck_assert_int_eq(desk_offered(&d, 3), 1);
    desk_close(&d);
}
END_TEST

START_TEST(a_hold_waits_for_its_counsellor_and_danger_is_never_held)
{
    struct desk d;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_counsellor(&d, 2, 0);
    desk_ready(&d, 1, 1);
    struct spw_arrive person = desk_person(1, 3);
    person.sticky = d.who[2];
    person.sticky_mode = SPW_STICKY_HOLD;
    person.sticky_hold_ns = seconds(30);
    desk_arrive(&d, &person, 10);
    ck_assert_int_eq(desk_offered(&d, 1), 0);
    MUST(spw_advance(d.engine, seconds(40)));
    ck_assert_int_eq(desk_offered(&d, 1), 1);
    desk_accept(&d, 1, 1, 41);
    desk_ready(&d, 2, 42);
    person.id.lo = 2;
    person.priority = 0;
    person.sticky = d.who[1];
    desk_arrive(&d, &person, 43);
    ck_assert_int_eq(desk_offered(&d, 2), 2);
    desk_close(&d);
}
END_TEST

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

START_TEST(the_protected_share_once_used_up_lets_others_compete)
{
    struct desk d;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    MUST(spw_stage_begin(d.engine, SPW_STAGE_PLAN, 0));
    MUST(spw_stage_set(d.engine, SPW_PLAN_PROTECTED_RATE, 0, 1, 0));
    MUST(spw_stage_set(d.engine, SPW_PLAN_PROTECTED_BURST, 0, 1, 0));
    MUST(spw_stage_commit(d.engine, 0, NULL));
    while (spw_continue(d.engine, 0) == SPW_E_BUSY) {
    }
    desk_call(&d, 1, 3, 10);
    desk_call(&d, 2, 0, 2000);
    desk_call(&d, 3, 0, 2001);
    desk_ready(&d, 1, 2002);
    ck_assert_int_eq(desk_offered(&d, 2), 1);
    desk_accept(&d, 2, 1, 2003);
    desk_end(&d, 2, 2010); /* the bucket is empty: arrival 10 against 2001 - 1800 */
    ck_assert_int_eq(desk_offered(&d, 1), 1);
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

static void add_order(TCase *t)
{
    tcase_add_test(t, danger_goes_before_everybody);
    tcase_add_test(t, a_head_start_overtakes_up_to_its_bound_and_no_further);
    tcase_add_test(t, equal_keys_go_by_sequence);
    tcase_add_test(t, the_unclassified_have_a_head_start_of_their_own);
    tcase_add_test(t, the_least_flexible_is_taken_and_the_longest_idle_among_equals);
    tcase_add_test(t, a_level_below_the_need_is_not_able);
    tcase_add_test(t, the_protected_share_once_used_up_lets_others_compete);
    tcase_add_test(t, voice_claims_a_counsellor_who_would_go_on_with_chats);
    tcase_add_test(t, a_hold_waits_for_its_counsellor_and_danger_is_never_held);
}

static void add_life(TCase *t)
{
    tcase_add_test(t, a_decline_keeps_the_place_and_bars_the_pair_for_300_seconds);
    tcase_add_test(t, an_answer_at_exactly_the_deadline_counts);
    tcase_add_test(t, who_misses_twice_is_not_answering_until_ready_again);
    tcase_add_test(t, danger_skips_whoever_missed_the_last_offer);
    tcase_add_test(t, a_late_accept_wins_and_the_other_offer_is_withdrawn);
    tcase_add_test(t, a_dropped_contact_keeps_its_place_within_the_grace);
    tcase_add_test(t, redialling_brings_no_advantage_and_being_cut_off_no_loss);
    tcase_add_test(t, a_long_absence_counts_two_minutes_and_not_after_ten);
    tcase_add_test(t, a_ladder_relaxes_and_raises_when_it_falls_due);
    tcase_add_test(t, a_ladder_that_drops_a_floor_is_refused);
    tcase_add_test(t, a_warm_transfer_keeps_the_old_counsellor_until_the_new_one_accepts);
    tcase_add_test(t, a_callback_keeps_its_place_and_ends_when_somebody_else_answers);
    tcase_add_test(t, a_queue_without_callbacks_promises_none);
    tcase_add_test(t, a_closing_queue_moves_who_waits_to_its_fallback);
    tcase_add_test(t, a_lost_counsellor_keeps_the_talk_for_the_grace_then_the_place_is_held);
    tcase_add_test(t, frozen_means_no_offers_until_the_thaw);
    tcase_add_test(t, who_pulls_is_never_pushed_and_gets_one_when_asking);
}

static void add_bounds(TCase *t)
{
    tcase_add_test(t, a_full_waiting_room_refuses_but_never_danger);
    tcase_add_test(t, the_same_id_twice_is_one_contact);
    tcase_add_test(t, wrong_input_is_refused_by_name);
    tcase_add_test(t, time_that_goes_back_is_clamped_and_said);
    tcase_add_test(t, capacity_n_holds_n_and_the_next_is_refused_with_a_reason);
}

int main(void)
{
    Suite *suite = suite_create("rules");
    TCase *order = tcase_create("order");
    TCase *life = tcase_create("life");
    TCase *bounds = tcase_create("bounds");
    add_order(order);
    add_life(life);
    add_bounds(bounds);
    suite_add_tcase(suite, order);
    suite_add_tcase(suite, life);
    suite_add_tcase(suite, bounds);
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
