/*
 * tests/unit/test_callback.c - callbacks: asked, due, answered, given up (rule S3).
 */
#include <stdbool.h>

#include "desk.h"
#include "suite.h"

/* Somebody calls at 10 s in a queue that promises one callback, and 1 works there: the queue. */
static uint32_t calls(struct desk *d, uint32_t field, spw_ns value)
{
    desk_open(d);
    uint32_t queue = desk_queue(d, SPW_QUEUE_CALLBACK_MAX, 1, field, value);
    desk_counsellor(d, 1, 0);
    struct spw_arrive person = desk_person(1, 3);
    person.queue = queue;
    desk_arrive(d, &person, 10);
    return queue;
}

START_TEST(a_callback_keeps_its_place_and_ends_when_somebody_else_answers)
{
    struct desk d;
    (void)calls(&d, 0, 0);
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

/* A callback that nobody answers has reached nobody: only who answers counts as connected. */
START_TEST(a_callback_counts_when_it_is_answered)
{
    static const int how[] = {SPW_CALLBACK_NOT_REACHED, SPW_CALLBACK_OTHER_ANSWERED,
                              SPW_CALLBACK_REACHED, 0 /* ended, and nothing said */};
    for (size_t i = 0; i < sizeof how / sizeof how[0]; i++) {
        struct desk d;
        struct spw_counters count;
        uint32_t queue = calls(&d, SPW_QUEUE_CALLBACK_ATTEMPTS, 1);
        MUST(spw_contact_callback(d.engine, d.contact[1], seconds(40), seconds(900), seconds(30)));
        desk_ready(&d, 1, 41);
        ck_assert_uint_ne(desk_last(&d, SPW_EVENT_OFFER, 1)->flags & SPW_EVENT_FLAG_CALLBACK, 0);
        desk_accept(&d, 1, 1, 42);
        ck_assert_uint_ne(desk_last(&d, SPW_EVENT_CONNECTED, 1)->flags & SPW_EVENT_FLAG_CALLBACK,
                          0);
        MUST(spw_view_counters(d.engine, 0, queue, -1, 0, &count));
        ck_assert_uint_eq(count.accepted, 1);
        ck_assert_uint_eq(count.connected, 0);
        if (how[i] != 0) {
            MUST(spw_contact_callback_done(d.engine, d.contact[1], (enum spw_callback_result)how[i],
                                           seconds(50)));
        }
        if (how[i] == 0 || how[i] == SPW_CALLBACK_REACHED) {
            desk_end(&d, 1, 60);
        }
        bool reached = i >= 2;
        MUST(spw_view_counters(d.engine, 0, queue, -1, 0, &count));
        ck_assert_uint_eq(count.connected, reached);
        ck_assert_uint_eq(count.within_target, reached);
        ck_assert_uint_eq(count.ended[SPW_END_SERVED], reached);
        ck_assert_uint_eq(count.waited_ns_answered, reached ? (uint64_t)seconds(32) : 0);
        ck_assert_uint_eq(count.waited_ns_all, (uint64_t)seconds(32));
        ck_assert_uint_eq(spw_view_served_by(d.engine, 1, 1), reached);
        desk_close(&d);
    }
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

/* Called back, and the safe time ends while the phone rings: no second attempt after it. */
START_TEST(no_attempt_after_the_safe_time)
{
    struct desk d;
    (void)calls(&d, SPW_QUEUE_CALLBACK_ATTEMPTS, 3);
    MUST(spw_contact_callback(d.engine, d.contact[1], seconds(100), seconds(200), seconds(30)));
    desk_ready(&d, 1, 101);
    desk_accept(&d, 1, 1, 102);
    MUST(spw_contact_callback_done(d.engine, d.contact[1], SPW_CALLBACK_NOT_REACHED, seconds(201)));
    ck_assert_uint_eq(desk_last(&d, SPW_EVENT_ENDED, 1)->reason, SPW_END_CALLBACK_FAILED);
    desk_close(&d);
}
END_TEST

/* The person calls in before the callback: from then on the window does not end the wait. */
START_TEST(who_calls_before_the_callback_waits_as_anybody)
{
    struct desk d;
    (void)calls(&d, 0, 0);
    MUST(spw_contact_callback(d.engine, d.contact[1], seconds(100), seconds(200), seconds(30)));
    MUST(spw_contact_resumed(d.engine, d.contact[1], seconds(50)));
    MUST(spw_advance(d.engine, seconds(300)));
    ck_assert_ptr_null(desk_last(&d, SPW_EVENT_ENDED, 1));
    desk_close(&d);
}
END_TEST

/* Reached, and then the line breaks: back on the line nothing ends the wait at the safe time. */
START_TEST(who_was_reached_is_not_ended_by_the_window)
{
    struct desk d;
    (void)calls(&d, SPW_QUEUE_PARK_GRACE, seconds(500));
    MUST(spw_contact_callback(d.engine, d.contact[1], seconds(100), seconds(140), seconds(30)));
    desk_ready(&d, 1, 101);
    desk_accept(&d, 1, 1, 114);
    MUST(spw_contact_dropped(d.engine, d.contact[1], seconds(120)));
    MUST(spw_advance(d.engine, seconds(200)));
    ck_assert_ptr_null(desk_last(&d, SPW_EVENT_ENDED, 1));
    desk_close(&d);
}
END_TEST

/* Due at 100, safe until 200, one attempt; 1 is ready at 101 or later. */
static void due(struct desk *d, double ready)
{
    (void)calls(d, 0, 0);
    MUST(spw_contact_callback(d->engine, d->contact[1], seconds(100), seconds(200), seconds(30)));
    MUST(spw_advance(d->engine, seconds(100)));
    if (ready > 0) {
        desk_ready(d, 1, ready);
    }
}

/* The person calls in after the callback was due: nobody needs to be called back, or ends at the
 * safe time; an offer that rings goes on ringing. */
START_TEST(who_calls_in_when_the_callback_is_due_waits_as_anybody)
{
    for (int rings = 0; rings < 2; rings++) {
        struct desk d;
        struct spw_counters count;
        struct spw_contact_view view;
        due(&d, rings ? 195 : 0);
        MUST(spw_contact_resumed(d.engine, d.contact[1], seconds(199)));
        ck_assert_ptr_nonnull(desk_last(&d, SPW_EVENT_RESUMED, 1));
        MUST(spw_advance(d.engine, seconds(201)));
        MUST(spw_view_contact(d.engine, d.contact[1], &view));
        ck_assert_uint_eq(view.state, rings ? SPW_CONTACT_OFFERED : SPW_CONTACT_WAITING);
        ck_assert_int_eq(view.arrived_at, seconds(10));
        if (!rings) {
            desk_ready(&d, 1, 202);
            ck_assert_uint_eq(desk_last(&d, SPW_EVENT_OFFER, 1)->flags & SPW_EVENT_FLAG_CALLBACK,
                              0);
        }
        desk_accept(&d, 1, 1, 203);
        ck_assert_uint_eq(desk_last(&d, SPW_EVENT_CONNECTED, 1)->flags & SPW_EVENT_FLAG_CALLBACK,
                          0);
        MUST(spw_view_counters(d.engine, 0, 2, -1, 0, &count));
        ck_assert_uint_eq(count.connected, 1);
        ck_assert_uint_eq(count.attempts, 2);
        desk_close(&d);
    }
}
END_TEST

/* Called back, and calls in meanwhile: that one is on the line, and parked when 1 is given up. */
START_TEST(who_calls_in_while_called_back_is_on_the_line)
{
    struct desk d;
    due(&d, 101);
    desk_accept(&d, 1, 1, 102);
    MUST(spw_contact_resumed(d.engine, d.contact[1], seconds(103)));
    MUST(spw_counsellor_lost(d.engine, d.who[1], seconds(104)));
    MUST(spw_advance(d.engine, seconds(170)));
    ck_assert_ptr_nonnull(desk_last(&d, SPW_EVENT_PARKED, 1));
    desk_close(&d);
}
END_TEST

/* There is no line that could break, or that a host could see after a restart. */
START_TEST(a_callback_that_is_due_has_no_line_to_lose)
{
    for (int rings = 0; rings < 2; rings++) {
        struct desk d;
        struct spw_contact_view view;
        struct spw_input in = {.kind = SPW_INPUT_RECONCILE_BEGIN};
        due(&d, rings ? 101 : 0);
        MUST(spw_contact_dropped(d.engine, d.contact[1], seconds(102)));
        ck_assert_uint_eq(desk_last(&d, SPW_EVENT_RECONCILED, 1)->reason, SPW_RECONCILED_ALREADY);
        ck_assert_int_eq(spw_contact_park(d.engine, d.contact[1], seconds(102)), SPW_E_STATE);
        MUST(spw_apply(d.engine, &in, seconds(103), NULL));
        in.kind = SPW_INPUT_COUNSELLOR_ALIVE;
        in.u.counsellor.counsellor = d.who[1];
        MUST(spw_apply(d.engine, &in, seconds(103), NULL));
        in = (struct spw_input){.kind = SPW_INPUT_RECONCILE_END, .u.span = seconds(5)};
        MUST(spw_apply(d.engine, &in, seconds(103), NULL));
        while (spw_continue(d.engine, seconds(110)) == SPW_E_BUSY) {
        }
        MUST(spw_view_contact(d.engine, d.contact[1], &view));
        ck_assert_uint_eq(view.state, rings ? SPW_CONTACT_OFFERED : SPW_CONTACT_WAITING);
        ck_assert_ptr_null(desk_last(&d, SPW_EVENT_PARKED, 1));
        desk_close(&d);
    }
}
END_TEST

int main(void)
{
    return SUITE_RUN("callback", a_callback_keeps_its_place_and_ends_when_somebody_else_answers,
                     a_callback_counts_when_it_is_answered, a_queue_without_callbacks_promises_none,
                     no_attempt_after_the_safe_time, who_calls_before_the_callback_waits_as_anybody,
                     who_was_reached_is_not_ended_by_the_window,
                     who_calls_in_when_the_callback_is_due_waits_as_anybody,
                     who_calls_in_while_called_back_is_on_the_line,
                     a_callback_that_is_due_has_no_line_to_lose);
}
