/*
 * tests/unit/test_passages.c - transfers, counsellors lost, queues closed, freezes, pull (rules U1,
 * U4, S6).
 */
#include <stdbool.h>

#include "desk.h"
#include "suite.h"

START_TEST(a_warm_transfer_keeps_the_old_counsellor_until_the_new_one_accepts)
{
    struct desk d;
    struct spw_counsellor_view view;
    desk_open(&d);
    desk_talk(&d, 2);
    desk_transfer(&d, 1, SPW_TRANSFER_WARM, 10);
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
    desk_talk(&d, 1);
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

/* A counsellor who asks counts among the free of the pool, as if pushed. */
START_TEST(who_pulls_is_one_of_the_free_that_a_reserve_counts)
{
    for (int others = 0; others < 2; others++) {
        struct desk d;
        struct spw_counsellor_add add = {.key = 1, .centre = 1, .flags = SPW_COUNSELLOR_PULLS};
        desk_open(&d);
        add.skillset = desk_skillset(&d, 1);
        desk_plan(&d, SPW_PLAN_PREFER_RESERVE, add.skillset << 16 | 1, 1, 0);
        MUST(spw_counsellor_add(d.engine, &add, 0, &d.who[1]));
        MUST(spw_counsellor_ready(d.engine, d.who[1], seconds(1)));
        if (others > 0) {
            desk_counsellor(&d, 2, add.skillset);
            desk_ready(&d, 2, 2);
        }
        desk_call(&d, 1, 4, 5);
        MUST(spw_counsellor_pull(d.engine, d.who[1], seconds(6)));
        ck_assert_int_eq(desk_offered(&d, 1), others > 0 ? 1 : 0);
        desk_close(&d);
    }
}
END_TEST

/* By the same decision as one who is pushed: a wish counts (rule M). */
START_TEST(who_pulls_is_given_who_wished_for_it)
{
    struct desk d;
    struct spw_counsellor_add add = {.key = 1, .centre = 1, .flags = SPW_COUNSELLOR_PULLS};
    desk_open(&d);
    MUST(spw_counsellor_add(d.engine, &add, 0, &d.who[1]));
    MUST(spw_counsellor_ready(d.engine, d.who[1], seconds(1)));
    desk_call(&d, 1, 3, 10);
    struct spw_arrive person = desk_person(2, 3);
    person.sticky = d.who[1];
    person.sticky_mode = SPW_STICKY_PREFER;
    desk_arrive(&d, &person, 100); /* less than the bonus later */
    ck_assert_int_eq(desk_offered(&d, 2), 0);
    ck_assert_int_eq(spw_view_block(d.engine, d.contact[2], d.who[1]), SPW_BLOCK_NOT_READY);
    MUST(spw_counsellor_pull(d.engine, d.who[1], seconds(110)));
    const struct spw_event *event = desk_last(&d, SPW_EVENT_OFFER, 2);
    ck_assert_ptr_nonnull(event);
    ck_assert_uint_eq(event->runner_up.bits, d.contact[1].bits);
    desk_close(&d);
}
END_TEST

/* A hold ends with the counsellor it waited for, and so does its deadline. */
START_TEST(a_hold_ends_with_its_counsellor)
{
    struct desk d;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    struct spw_arrive person = desk_person(1, 3);
    person.sticky = d.who[1];
    person.sticky_mode = SPW_STICKY_HOLD;
    person.sticky_hold_ns = seconds(60);
    desk_arrive(&d, &person, 1);
    ck_assert_int_eq(spw_next_deadline(d.engine), seconds(61));
    MUST(spw_counsellor_remove(d.engine, d.who[1], seconds(2)));
    ck_assert_int_eq(spw_next_deadline(d.engine), SPW_FOREVER);
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

/* A warm transfer that rings at one is given to another, but not back to the giver. */
START_TEST(a_supervisor_gives_a_warm_transfer_to_another)
{
    struct desk d;
    struct spw_input in = {.kind = SPW_INPUT_SUPERVISE_ASSIGN};
    spw_counsellor anybody = {0};
    desk_open(&d);
    desk_plan(&d, SPW_PLAN_UNITS, SPW_CHANNEL_VOICE, 50, 0);
    for (int n = 1; n <= 3; n++) {
        desk_counsellor(&d, n, 0);
        desk_ready(&d, n, n);
    }
    desk_call(&d, 1, 3, 10);
    desk_accept(&d, 1, 1, 11);
    MUST(spw_contact_transfer(d.engine, d.contact[1], SPW_TRANSFER_WARM, anybody, 0, 0,
                              SPW_PRIORITY_SAME, seconds(20)));
    ck_assert_int_eq(desk_offered(&d, 1), 2);
    in.u.supervise.contact = d.contact[1];
    in.u.supervise.counsellor = d.who[1];
    ck_assert_int_eq(spw_apply(d.engine, &in, seconds(21), NULL), SPW_E_BLOCKED);
    in.u.supervise.counsellor = d.who[2];
    ck_assert_int_eq(spw_apply(d.engine, &in, seconds(22), NULL), SPW_E_STATE);
    in.u.supervise.counsellor = d.who[3];
    MUST(spw_apply(d.engine, &in, seconds(23), NULL));
    ck_assert_uint_eq(desk_last(&d, SPW_EVENT_OFFER_WITHDRAWN, 1)->counsellor.bits, d.who[2].bits);
    ck_assert_int_eq(desk_offered(&d, 1), 3);
    desk_accept(&d, 1, 3, 24);
    ck_assert_uint_eq(desk_last(&d, SPW_EVENT_CONNECTED, 1)->counsellor.bits, d.who[3].bits);
    desk_close(&d);
}
END_TEST

/* A chat in a warm transfer that nobody takes: the counsellor who holds it is never offered it
 * again. */
START_TEST(a_transfer_never_goes_back_to_who_gives_it)
{
    struct desk d;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_ready(&d, 1, 1);
    struct spw_arrive chat = desk_person(1, 3);
    chat.channel = SPW_CHANNEL_CHAT;
    desk_arrive(&d, &chat, 2);
    desk_accept(&d, 1, 1, 3);
    ck_assert_int_eq(spw_contact_transfer(d.engine, d.contact[1], SPW_TRANSFER_WARM, d.who[1], 0, 0,
                                          3, seconds(10)),
                     SPW_E_STATE);
    desk_transfer(&d, 1, SPW_TRANSFER_WARM, 10);
    desk_clear(&d);
    MUST(spw_advance(d.engine, seconds(400))); /* the decline that it counts as is over */
    desk_ready(&d, 1, 401);
    ck_assert_int_eq(desk_offered(&d, 1), 0);
    ck_assert_int_eq(spw_view_block(d.engine, d.contact[1], d.who[1]), SPW_BLOCK_EXCLUDED);
    struct spw_input in = {.kind = SPW_INPUT_SUPERVISE_ASSIGN};
    in.u.supervise.contact = d.contact[1];
    in.u.supervise.counsellor = d.who[1];
    ck_assert_int_eq(spw_apply(d.engine, &in, seconds(402), NULL), SPW_E_BLOCKED);
    desk_close(&d);
}
END_TEST

/* Handed to cora, who is in and never gets ready: after two minutes to any who is able. Danger
 * does not wait. */
START_TEST(a_transfer_to_one_waits_for_that_one_a_bounded_time)
{
    for (uint8_t priority = 0; priority <= 3; priority += 3) {
        struct desk d;
        desk_open(&d);
        desk_talk(&d, 3);
        desk_ready(&d, 2, 4);
        MUST(spw_counsellor_sign_in(d.engine, d.who[3], seconds(4))); /* in, and paused */
        desk_clear(&d);
        MUST(spw_contact_transfer(d.engine, d.contact[1], SPW_TRANSFER_COLD, d.who[3], 0, 0,
                                  priority, seconds(10)));
        ck_assert_int_eq(desk_offered(&d, 1), priority == 0 ? 2 : 0);
        MUST(spw_advance(d.engine, seconds(129.9)));
        ck_assert(priority == 0 || desk_offered(&d, 1) == 0);
        MUST(spw_advance(d.engine, seconds(130)));
        ck_assert_int_eq(desk_offered(&d, 1), 2);
        desk_close(&d);
    }
}
END_TEST

/* Out of the silence by a heartbeat, an answer or the host's word: the talk goes on. */
START_TEST(a_sign_of_life_ends_the_grace)
{
    static const uint32_t signs[] = {SPW_INPUT_COUNSELLOR_HEARTBEAT, SPW_INPUT_COUNSELLOR_ALIVE,
                                     SPW_INPUT_CONTACT_ACCEPTED};
    for (size_t i = 0; i < 3; i++) {
        struct desk d;
        struct spw_counsellor_view view;
        desk_open(&d);
        desk_talk(&d, 1);
        MUST(spw_counsellor_lost(d.engine, d.who[1], seconds(10)));
        struct spw_input in = {.kind = signs[i]};
        if (signs[i] == SPW_INPUT_CONTACT_ACCEPTED) {
            in.u.pair.contact = d.contact[1];
            in.u.pair.counsellor = d.who[1];
        } else {
            in.u.counsellor.counsellor = d.who[1];
        }
        MUST(spw_apply(d.engine, &in, seconds(69), NULL));
        MUST(spw_view_counsellor(d.engine, d.who[1], &view));
        ck_assert_uint_eq(view.state, SPW_COUNSELLOR_ON);
        MUST(spw_advance(d.engine, seconds(1000)));
        ck_assert_ptr_null(desk_last(&d, SPW_EVENT_PARKED, 1));
        desk_close(&d);
    }
}
END_TEST

/* Back to a pause: the lease starts with that, not with the last heartbeat of long ago. */
START_TEST(a_pause_is_a_sign_of_life)
{
    struct desk d;
    struct spw_counsellor_view view;
    desk_open(&d);
    (void)desk_lease(&d);
    desk_ready(&d, 1, 1);
    MUST(spw_advance(d.engine, seconds(32)));
    MUST(spw_view_counsellor(d.engine, d.who[1], &view));
    ck_assert_uint_eq(view.state, SPW_COUNSELLOR_GONE_SILENT);
    MUST(spw_counsellor_pause(d.engine, d.who[1], 0, seconds(60)));
    MUST(spw_advance(d.engine, seconds(89)));
    MUST(spw_view_counsellor(d.engine, d.who[1], &view));
    ck_assert_uint_eq(view.state, SPW_COUNSELLOR_PAUSED);
    MUST(spw_advance(d.engine, seconds(90)));
    MUST(spw_view_counsellor(d.engine, d.who[1], &view));
    ck_assert_uint_eq(view.state, SPW_COUNSELLOR_GONE_SILENT);
    desk_close(&d);
}
END_TEST

START_TEST(who_is_confirmed_late_after_a_restart_comes_back)
{
    struct desk d;
    desk_open(&d);
    desk_call(&d, 1, 3, 1);
    struct spw_input in = {.kind = SPW_INPUT_RECONCILE_BEGIN};
    MUST(spw_apply(d.engine, &in, seconds(10), NULL));
    in = (struct spw_input){.kind = SPW_INPUT_RECONCILE_END};
    in.u.span = seconds(60);
    MUST(spw_apply(d.engine, &in, seconds(10), NULL));
    while (spw_continue(d.engine, seconds(10)) == SPW_E_BUSY) {
    }
    in = (struct spw_input){.kind = SPW_INPUT_CONTACT_ALIVE};
    in.u.contact.contact = d.contact[1];
    MUST(spw_apply(d.engine, &in, seconds(20), NULL));
    struct spw_contact_view view;
    MUST(spw_view_contact(d.engine, d.contact[1], &view));
    ck_assert_uint_eq(view.state, SPW_CONTACT_WAITING);
    ck_assert_int_eq(view.arrived_at, seconds(1));
    desk_close(&d);
}
END_TEST

static void close_queue(struct desk *d, uint32_t queue, double at)
{
    struct spw_input in = {.kind = SPW_INPUT_QUEUE_CLOSE};
    in.u.queue.queue = queue;
    MUST(spw_apply(d->engine, &in, seconds(at), NULL));
    while (spw_continue(d->engine, seconds(at)) == SPW_E_BUSY) {
    }
}

static struct spw_contact_view look(struct desk *d, uint64_t id)
{
    struct spw_contact_view view;
    MUST(spw_view_contact(d->engine, d->contact[id], &view));
    return view;
}

/* Queue 3 falls back to 2, and that to 1; both are closed while people are everywhere. */
START_TEST(nobody_is_left_in_a_closed_queue)
{
    struct desk d;
    desk_open(&d);
    uint32_t second = desk_queue(&d, SPW_QUEUE_FALLBACK, 1, 0, 0);
    uint32_t third = desk_queue(&d, SPW_QUEUE_FALLBACK, second, SPW_QUEUE_CALLBACK_MAX, 1);
    uint32_t need = desk_need(&d, 1, 60);
    desk_counsellor(&d, 1, 0);
    desk_counsellor(&d, 2, 0);
    desk_ready(&d, 1, 0);
    desk_ready(&d, 2, 0);
    for (uint64_t id = 1; id <= 5; id++) {
        struct spw_arrive person = desk_person(id, 3);
        person.queue = third;
        person.need = id == 5 ? need : 0;
        desk_arrive(&d, &person, 1);
    }
    desk_accept(&d, 1, 1, 2); /* talks */
    MUST(spw_contact_dropped(d.engine, d.contact[3], seconds(3)));
    MUST(spw_contact_callback(d.engine, d.contact[4], seconds(50), SPW_FOREVER, seconds(3)));
    close_queue(&d, second, 5);
    close_queue(&d, third, 6);
    ck_assert_uint_eq(look(&d, 3).queue, 1);
    ck_assert_uint_eq(look(&d, 4).queue, 1);
    ck_assert_uint_eq(look(&d, 5).queue, 1);
    ck_assert_uint_eq(look(&d, 5).need, need);   /* its own need goes with it */
    ck_assert_uint_eq(look(&d, 2).queue, third); /* rings at 2 */
    MUST(spw_contact_declined(d.engine, d.contact[2], d.who[2], seconds(7)));
    ck_assert_uint_eq(look(&d, 2).queue, 1);
    MUST(spw_contact_dropped(d.engine, d.contact[1], seconds(8)));
    MUST(spw_contact_resumed(d.engine, d.contact[1], seconds(9)));
    ck_assert_uint_eq(look(&d, 1).queue, 1);
    ck_assert_int_eq(look(&d, 1).arrived_at, seconds(1));
    desk_close(&d);
}
END_TEST

START_TEST(a_transfer_into_a_queue_that_closes_is_called_off)
{
    struct desk d;
    desk_open(&d);
    uint32_t other = desk_queue(&d, 0, 0, 0, 0);
    desk_talk(&d, 1);
    spw_counsellor anybody = {0};
    MUST(spw_contact_transfer(d.engine, d.contact[1], SPW_TRANSFER_WARM, anybody, other, 0, 3,
                              seconds(10)));
    close_queue(&d, other, 20);
    ck_assert_uint_eq(look(&d, 1).state, SPW_CONTACT_CONNECTED);
    ck_assert_uint_eq(desk_last(&d, SPW_EVENT_TRANSFER_ENDED, 1)->reason, SPW_WHY_QUEUE_CLOSED);
    ck_assert_int_eq(spw_contact_transfer(d.engine, d.contact[1], SPW_TRANSFER_COLD, anybody, other,
                                          0, 3, seconds(21)),
                     SPW_E_STATE);
    desk_close(&d);
}
END_TEST

START_TEST(giving_up_a_second_wait_is_giving_up)
{
    struct desk d;
    desk_open(&d);
    desk_talk(&d, 1);
    desk_transfer(&d, 1, SPW_TRANSFER_COLD, 10);
    MUST(spw_contact_left(d.engine, d.contact[1], seconds(60)));
    ck_assert_uint_eq(desk_last(&d, SPW_EVENT_ENDED, 1)->reason, SPW_END_ABANDONED);
    desk_close(&d);
}
END_TEST

/* Signed out while nobody knows where she is: the grace is over with that, the lease is not. */
START_TEST(who_signs_out_is_not_lost_afterwards)
{
    struct desk d;
    struct spw_counsellor_view view;
    desk_open(&d);
    desk_talk(&d, 1);
    MUST(spw_counsellor_lost(d.engine, d.who[1], seconds(102)));
    MUST(spw_counsellor_sign_out(d.engine, d.who[1], seconds(103)));
    MUST(spw_advance(d.engine, seconds(1000)));
    MUST(spw_view_counsellor(d.engine, d.who[1], &view));
    ck_assert_uint_eq(view.state, SPW_COUNSELLOR_LEAVING);
    desk_end(&d, 1, 1001);
    desk_close(&d);
}
END_TEST

/* More talks than a counsellor can hold: the reason of the loss is true. */
START_TEST(an_accept_beyond_all_items_is_lost_for_its_own_reason)
{
    struct desk d;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    for (uint64_t id = 1; id <= 9; id++) {
        desk_call(&d, id, 3, 1);
        desk_accept(&d, id, 1, 2);
    }
    ck_assert_uint_eq(desk_last(&d, SPW_EVENT_OFFER_LOST, 9)->reason, SPW_WHY_FULL);
    desk_close(&d);
}
END_TEST

/* Meant for cora, called off, then meant for anybody: cora is not asked before the others. */
START_TEST(a_wish_ends_with_its_transfer)
{
    for (int how = 0; how < 2; how++) {
        struct desk d;
        struct spw_contact_view view;
        desk_open(&d);
        desk_talk(&d, 3);
        desk_ready(&d, 2, 4);
        MUST(spw_counsellor_sign_in(d.engine, d.who[3], seconds(4))); /* in, and paused */
        MUST(spw_contact_transfer(d.engine, d.contact[1], SPW_TRANSFER_WARM, d.who[3], 0, 0, 3,
                                  seconds(10)));
        if (how == 0) {
            MUST(spw_contact_transfer_cancel(d.engine, d.contact[1], seconds(11)));
        } else {
            desk_ready(&d, 3, 11);
            desk_accept(&d, 1, 3, 12);
            desk_ready(&d, 3, 13);
        }
        MUST(spw_view_contact(d.engine, d.contact[1], &view));
        ck_assert_int_eq(view.until, SPW_FOREVER);
        desk_transfer(&d, 1, SPW_TRANSFER_WARM, 20);
        ck_assert_int_eq(desk_offered(&d, 1), 2);
        desk_close(&d);
    }
}
END_TEST

/* What a transfer holds is let go after the end is told, as from any talk. */
START_TEST(the_end_of_a_talk_in_transfer_is_told_before_its_wrap_up)
{
    struct desk d;
    desk_open(&d);
    uint32_t queue = desk_queue(&d, SPW_QUEUE_WRAP_UP, seconds(30), 0, 0);
    desk_counsellor(&d, 1, 0);
    desk_ready(&d, 1, 1);
    struct spw_arrive person = desk_person(1, 3);
    person.queue = queue;
    desk_arrive(&d, &person, 2);
    desk_accept(&d, 1, 1, 3);
    desk_transfer(&d, 1, SPW_TRANSFER_WARM, 10);
    desk_clear(&d);
    MUST(spw_contact_left(d.engine, d.contact[1], seconds(20)));
    desk_poll(&d);
    ck_assert_uint_eq(d.event[0].kind, SPW_EVENT_ENDED);
    ck_assert_uint_eq(d.event[1].kind, SPW_EVENT_WRAP_UP);
    ck_assert_uint_eq(d.event[1].state, SPW_CONTACT_GONE);
    desk_close(&d);
}
END_TEST

int main(void)
{
    return SUITE_RUN(
        "passages", a_warm_transfer_keeps_the_old_counsellor_until_the_new_one_accepts,
        a_closing_queue_moves_who_waits_to_its_fallback,
        a_lost_counsellor_keeps_the_talk_for_the_grace_then_the_place_is_held,
        frozen_means_no_offers_until_the_thaw, who_pulls_is_never_pushed_and_gets_one_when_asking,
        who_pulls_is_given_who_wished_for_it, who_pulls_is_one_of_the_free_that_a_reserve_counts,
        a_supervisor_gives_a_warm_transfer_to_another, a_hold_ends_with_its_counsellor,
        a_transfer_never_goes_back_to_who_gives_it,
        a_transfer_to_one_waits_for_that_one_a_bounded_time, a_sign_of_life_ends_the_grace,
        a_pause_is_a_sign_of_life, who_is_confirmed_late_after_a_restart_comes_back,
        nobody_is_left_in_a_closed_queue, a_transfer_into_a_queue_that_closes_is_called_off,
        giving_up_a_second_wait_is_giving_up, who_signs_out_is_not_lost_afterwards,
        an_accept_beyond_all_items_is_lost_for_its_own_reason, a_wish_ends_with_its_transfer,
        the_end_of_a_talk_in_transfer_is_told_before_its_wrap_up);
}
