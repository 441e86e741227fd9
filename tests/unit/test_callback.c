/*
 * tests/unit/test_callback.c - call backs of which nobody says how they went (rules S3, K), and
 * deadlines that pass in a talk.
 */
#include "desk.h"
#include "suite.h"

/* Ada has taken the callback of 1 at 42, promised at 30 for 40; `attempts` in all. */
static uint32_t taken(struct desk *d, int64_t attempts)
{
    desk_open(d);
    uint32_t queue =
        desk_queue(d, SPW_QUEUE_CALLBACK_MAX, 1, SPW_QUEUE_CALLBACK_ATTEMPTS, attempts);
    desk_counsellor(d, 1, 0);
    struct spw_arrive person = desk_person(1, 3);
    person.queue = queue;
    desk_arrive(d, &person, 10);
    MUST(spw_contact_callback(d->engine, d->contact[1], seconds(40), seconds(9000), seconds(30)));
    desk_ready(d, 1, 41);
    desk_accept(d, 1, 1, 42);
    return queue;
}

static uint64_t connected(const struct desk *d)
{
    struct spw_counters count;
    MUST(spw_view_counters(d->engine, 0, 0, -1, 0, &count));
    return count.connected;
}

/* Its counsellor is lost for good: nobody is on the line who could be parked, or was reached. */
START_TEST(who_was_to_be_called_by_somebody_lost_is_not_reached)
{
    for (int attempts = 1; attempts <= 2; attempts++) {
        struct desk d;
        struct spw_contact_view view;
        (void)taken(&d, attempts);
        MUST(spw_counsellor_lost(d.engine, d.who[1], seconds(50)));
        MUST(spw_advance(d.engine, seconds(110))); /* the grace is over */
        ck_assert_ptr_null(desk_last(&d, SPW_EVENT_PARKED, 1));
        ck_assert_uint_eq(connected(&d), 0);
        if (attempts == 1) {
            ck_assert_uint_eq(desk_last(&d, SPW_EVENT_ENDED, 1)->reason, SPW_END_CALLBACK_FAILED);
        } else {
            MUST(spw_view_contact(d.engine, d.contact[1], &view));
            ck_assert_uint_eq(view.state, SPW_CONTACT_CALLBACK);
            ck_assert_int_eq(desk_last(&d, SPW_EVENT_CALLBACK_SET, 1)->until, seconds(110 + 900));
        }
        desk_close(&d);
    }
}
END_TEST

/* Nor after a restart that confirms nobody. */
START_TEST(a_call_back_that_a_restart_forgot_is_not_reached)
{
    for (int attempts = 1; attempts <= 2; attempts++) {
        struct desk d;
        struct spw_input in = {.kind = SPW_INPUT_RECONCILE_BEGIN};
        (void)taken(&d, attempts);
        MUST(spw_apply(d.engine, &in, seconds(50), NULL));
        in.kind = SPW_INPUT_RECONCILE_END;
        in.u.span = seconds(60);
        MUST(spw_apply(d.engine, &in, seconds(51), NULL));
        while (spw_continue(d.engine, seconds(51)) == SPW_E_BUSY) {
        }
        ck_assert_ptr_null(desk_last(&d, SPW_EVENT_PARKED, 1));
        ck_assert_uint_eq(connected(&d), 0);
        ck_assert_int_eq(desk_last(&d, SPW_EVENT_ENDED, 1) != NULL, attempts == 1);
        desk_close(&d);
    }
}
END_TEST

/* Whose line is lost had one, and whom one gives to another is on it. */
START_TEST(dropped_or_transferred_speaks_for_a_person)
{
    struct desk d;
    spw_counsellor anybody = {0};
    uint32_t queue = taken(&d, 1);
    MUST(spw_contact_dropped(d.engine, d.contact[1], seconds(50)));
    ck_assert_ptr_nonnull(desk_last(&d, SPW_EVENT_PARKED, 1));
    ck_assert_uint_eq(connected(&d), 1);
    MUST(spw_advance(d.engine, seconds(200)));
    ck_assert_uint_eq(desk_last(&d, SPW_EVENT_ENDED, 1)->reason, SPW_END_CUT);
    desk_close(&d);

    queue = taken(&d, 1);
    desk_counsellor(&d, 2, 0);
    desk_ready(&d, 2, 45);
    MUST(spw_contact_transfer(d.engine, d.contact[1], SPW_TRANSFER_COLD, anybody, queue, 0,
                              SPW_PRIORITY_SAME, seconds(50)));
    ck_assert_uint_eq(connected(&d), 1);
    ck_assert_uint_eq(desk_last(&d, SPW_EVENT_OFFER, 1)->flags & SPW_EVENT_FLAG_CALLBACK, 0);
    desk_accept(&d, 1, 2, 51);
    MUST(spw_advance(d.engine, seconds(9001))); /* the safe window no longer counts */
    ck_assert_ptr_null(desk_last(&d, SPW_EVENT_ENDED, 1));
    ck_assert_uint_eq(connected(&d), 1);
    desk_close(&d);
}
END_TEST

/* The deadline of somebody who talks, and looks for another by a warm transfer, orders no more. */
START_TEST(a_deadline_that_passes_in_a_talk_is_none_any_more)
{
    struct desk d;
    spw_counsellor anybody = {0};
    desk_open(&d);
    desk_plan(&d, SPW_PLAN_ORDER, 0, SPW_ORDER_DEADLINE, 0);
    desk_counsellor(&d, 1, 0);
    desk_ready(&d, 1, 1);
    struct spw_arrive person = desk_person(1, 3);
    person.deadline = seconds(50);
    desk_arrive(&d, &person, 10);
    desk_accept(&d, 1, 1, 11);
    MUST(spw_contact_transfer(d.engine, d.contact[1], SPW_TRANSFER_WARM, anybody, 0, 0,
                              SPW_PRIORITY_SAME, seconds(20)));
    MUST(spw_advance(d.engine, seconds(60)));
    ck_assert_ptr_null(desk_last(&d, SPW_EVENT_ENDED, 1));
    desk_close(&d); /* which checks the ranking */
}
END_TEST

int main(void)
{
    return SUITE_RUN("callbacks", who_was_to_be_called_by_somebody_lost_is_not_reached,
                     a_call_back_that_a_restart_forgot_is_not_reached,
                     dropped_or_transferred_speaks_for_a_person,
                     a_deadline_that_passes_in_a_talk_is_none_any_more);
}
