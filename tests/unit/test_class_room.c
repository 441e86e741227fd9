/*
 * tests/unit/test_class_room.c - a full class table: arrivals are refused, but nobody who is in the
 * house is ended for want of a class, and no talk is cut.
 *
 * The desk has 16 classes, one of them kept for danger. Others, each in a zone and so a class of
 * their own, take the rest; contact 1 is the one who could be lost.
 */
#include <stdbool.h>

#include "desk.h"
#include "suite.h"

enum { ALICE = 1, OTHERS = 20 };

/* Queue 2 has a ladder whose second step is due after 10 s; nobody on duty serves queue 3. */
static void hall_open(struct desk *d)
{
    struct spw_config config;
    uint32_t ladder;
    desk_config(&config);
    config.classes_max = 16;
    desk_open_as(d, &config);
    MUST(spw_stage_begin(d->engine, SPW_STAGE_LADDER, 0));
    MUST(spw_stage_step(d->engine, 0, 0, 0, 0));
    MUST(spw_stage_step(d->engine, 10 * SPW_SECOND, 0, 1, 0));
    MUST(spw_stage_commit(d->engine, 0, &ladder));
    (void)desk_queue(d, SPW_QUEUE_LADDER, ladder, SPW_QUEUE_CALLBACK_MAX, 1);
    (void)desk_queue(d, SPW_QUEUE_NEED, desk_need(d, 1, 50), SPW_QUEUE_FALLBACK, 1);
    for (int n = 1; n <= 2; n++) {
        desk_counsellor(d, n, 0);
    }
}

static void other(struct desk *d, uint64_t n, uint8_t priority, double at)
{
    struct spw_arrive arrive = desk_person(OTHERS + n, priority);
    arrive.queue = 3;
    arrive.zone = (uint16_t)n;
    desk_arrive(d, &arrive, at);
}

/* Others of so many classes; in danger the last. */
static void hall_fill(struct desk *d, uint64_t first, uint64_t last, double at)
{
    for (uint64_t n = first; n <= last; n++) {
        other(d, n, n == 16 ? 0 : 5, at);
        ck_assert_uint_ne(d->contact[OTHERS + n].bits, 0);
    }
}

static void alice(struct desk *d, uint32_t queue, double at)
{
    struct spw_arrive arrive = desk_person(ALICE, 5);
    arrive.queue = queue;
    desk_arrive(d, &arrive, at);
}

static uint32_t alice_state(struct desk *d)
{
    struct spw_contact_view view;
    ck_assert_int_eq(spw_view_contact(d->engine, d->contact[ALICE], &view), SPW_OK);
    return view.state;
}

static void left(struct desk *d, uint64_t n, double at)
{
    MUST(spw_contact_left(d->engine, d->contact[OTHERS + n], seconds(at)));
}

static void queue_close(struct desk *d, uint32_t queue, double at)
{
    struct spw_input in = {.kind = SPW_INPUT_QUEUE_CLOSE};
    in.u.queue.queue = queue;
    MUST(spw_apply(d->engine, &in, seconds(at), NULL));
    do {
        desk_poll(d);
    } while (spw_continue(d->engine, seconds(at)) == SPW_E_BUSY);
}

START_TEST(a_step_that_finds_no_class_is_put_off)
{
    struct desk d;
    hall_open(&d);
    desk_ready(&d, 1, 0);
    alice(&d, 2, 0);
    hall_fill(&d, 2, 16, 1);
    MUST(spw_contact_declined(d.engine, d.contact[ALICE], d.who[1], seconds(12)));
    ck_assert_uint_eq(alice_state(&d), SPW_CONTACT_WAITING);
    ck_assert_ptr_null(desk_last(&d, SPW_EVENT_ENDED, ALICE));
    ck_assert_ptr_null(desk_last(&d, SPW_EVENT_MOVED, ALICE));
    left(&d, 2, 13.5);
    left(&d, 16, 13.5);
    MUST(spw_advance(d.engine, seconds(14)));
    ck_assert_ptr_nonnull(desk_last(&d, SPW_EVENT_MOVED, ALICE));
    desk_close(&d);
}
END_TEST

START_TEST(a_warm_transfer_declined_with_a_full_table_cuts_no_talk)
{
    struct desk d;
    hall_open(&d);
    desk_ready(&d, 1, 0);
    alice(&d, 2, 0);
    desk_accept(&d, ALICE, 1, 0);
    desk_ready(&d, 2, 0);
    hall_fill(&d, 3, 16, 1);
    MUST(spw_contact_transfer(d.engine, d.contact[ALICE], SPW_TRANSFER_WARM, (spw_counsellor){0}, 0,
                              0, SPW_PRIORITY_SAME, seconds(1)));
    ck_assert_int_eq(desk_offered(&d, ALICE), 2);
    other(&d, 1, 0, 2); /* danger takes the last class */
    MUST(spw_contact_declined(d.engine, d.contact[ALICE], d.who[2], seconds(12)));
    ck_assert_uint_eq(alice_state(&d), SPW_CONTACT_TRANSFERRING);
    ck_assert_ptr_null(desk_last(&d, SPW_EVENT_ENDED, ALICE));
    desk_close(&d);
}
END_TEST

START_TEST(who_is_back_on_the_line_waits_for_a_class)
{
    for (int out_and_in = 0; out_and_in <= 1; out_and_in++) {
        struct desk d;
        hall_open(&d);
        alice(&d, 1, 0);
        MUST(spw_contact_dropped(d.engine, d.contact[ALICE], seconds(1)));
        hall_fill(&d, 1, 16, 2);
        MUST(spw_contact_resumed(d.engine, d.contact[ALICE], seconds(3)));
        const struct spw_event *event = desk_last(&d, SPW_EVENT_WAITING, ALICE);
        ck_assert_uint_eq(event->reason, SPW_WHY_FULL);
        ck_assert_uint_eq(alice_state(&d), SPW_CONTACT_WAITING);
        desk_ready(&d, 1, 4);
        ck_assert_int_eq(desk_offered(&d, ALICE), 0);
        if (out_and_in) {
            desk_again(&d);
        }
        left(&d, 2, 5.5);
        left(&d, 16, 5.5);
        MUST(spw_advance(d.engine, seconds(6)));
        ck_assert_int_eq(desk_offered(&d, ALICE), 1);
        desk_close(&d);
    }
}
END_TEST

/* Whatever else may happen to a contact that waits for a class: each has its own legal end. */
START_TEST(who_waits_for_a_class_can_do_what_anybody_can)
{
    for (int what = 0; what < 6; what++) {
        struct desk d;
        hall_open(&d);
        alice(&d, 1, 0);
        MUST(spw_contact_dropped(d.engine, d.contact[ALICE], seconds(1)));
        hall_fill(&d, 1, 16, 2);
        MUST(spw_contact_resumed(d.engine, d.contact[ALICE], seconds(3)));
        desk_ready(&d, 1, 4);
        int result = SPW_OK;
        if (what == 0) {
            MUST(spw_contact_left(d.engine, d.contact[ALICE], seconds(5)));
        } else if (what == 1) {
            MUST(spw_contact_dropped(d.engine, d.contact[ALICE], seconds(5)));
            ck_assert_uint_eq(alice_state(&d), SPW_CONTACT_PARKED);
        } else if (what == 2) {
            desk_accept(&d, ALICE, 1, 5);
            ck_assert_uint_eq(alice_state(&d), SPW_CONTACT_CONNECTED);
        } else if (what == 3) {
            result = spw_contact_reclassify(d.engine, d.contact[ALICE], SPW_PRIORITY_SAME, 0, 0, 0,
                                            seconds(5));
            ck_assert_int_eq(result, SPW_E_FULL);
        } else if (what == 4) { /* danger may have the class of a danger that left */
            left(&d, 16, 5);
            MUST(spw_contact_reclassify(d.engine, d.contact[ALICE], 0, 0, 0, 0, seconds(5)));
            ck_assert_int_eq(desk_offered(&d, ALICE), 1);
        } else {
            struct spw_input in = {.kind = SPW_INPUT_SUPERVISE_ASSIGN};
            in.u.supervise.contact = d.contact[ALICE];
            in.u.supervise.counsellor = d.who[1];
            ck_assert_int_eq(spw_apply(d.engine, &in, seconds(5), NULL), SPW_E_STATE);
        }
        desk_close(&d);
    }
}
END_TEST

/* With every class taken, and her own hers alone: she steps out of it and in again. */
START_TEST(who_comes_back_has_the_class_that_was_left)
{
    for (int what = 0; what < 6; what++) {
        struct desk d;
        hall_open(&d);
        alice(&d, 1, 0);
        hall_fill(&d, 2, 15, 2);
        other(&d, 16, 0, 2);
        ck_assert_uint_ne(d.contact[OTHERS + 16].bits, 0);
        struct spw_input in = {.kind = SPW_INPUT_CONTACT_EXCLUDE};
        in.u.pair.contact = d.contact[ALICE];
        in.u.pair.counsellor = d.who[2];
        if (what == 0) {
            MUST(spw_apply(d.engine, &in, seconds(5), NULL));
        } else if (what == 1) {
            MUST(spw_contact_reclassify(d.engine, d.contact[ALICE], SPW_PRIORITY_SAME, 0, 0, 0,
                                        seconds(5)));
        } else {
            desk_ready(&d, 1, 4);
            ck_assert_int_eq(desk_offered(&d, ALICE), 1);
            in.u.pair.counsellor = d.who[1];
            if (what == 2) {
                MUST(spw_contact_declined(d.engine, d.contact[ALICE], d.who[1], seconds(5)));
            } else if (what == 3) {
                MUST(spw_apply(d.engine, &in, seconds(5), NULL));
            } else if (what == 4) {
                MUST(spw_counsellor_pause(d.engine, d.who[1], 0, seconds(5)));
            } else {
                desk_ready(&d, 2, 4);
                in = (struct spw_input){.kind = SPW_INPUT_SUPERVISE_ASSIGN};
                in.u.supervise.contact = d.contact[ALICE];
                in.u.supervise.counsellor = d.who[2];
                MUST(spw_apply(d.engine, &in, seconds(5), NULL));
                MUST(spw_contact_reclassify(d.engine, d.contact[ALICE], SPW_PRIORITY_SAME, 0, 0, 0,
                                            seconds(5)));
                ck_assert_int_eq(desk_offered(&d, ALICE), 2);
                MUST(spw_advance(d.engine, seconds(300)));
            }
        }
        uint64_t ahead;
        bool rings = alice_state(&d) == SPW_CONTACT_OFFERED; /* at the other desk again */
        ck_assert(rings || spw_view_ahead(d.engine, d.contact[ALICE], &ahead) == SPW_OK);
        desk_close(&d);
    }
}
END_TEST

START_TEST(a_callback_due_waits_for_a_class)
{
    struct desk d;
    hall_open(&d);
    alice(&d, 2, 0);
    MUST(spw_contact_callback(d.engine, d.contact[ALICE], seconds(20), SPW_FOREVER, seconds(1)));
    hall_fill(&d, 1, 16, 2);
    desk_ready(&d, 1, 3);
    MUST(spw_advance(d.engine, seconds(21)));
    ck_assert_ptr_nonnull(desk_last(&d, SPW_EVENT_CALLBACK_DUE, ALICE));
    ck_assert_uint_eq(alice_state(&d), SPW_CONTACT_WAITING);
    ck_assert_int_eq(desk_offered(&d, ALICE), 0);
    left(&d, 2, 22);
    left(&d, 16, 22);
    MUST(spw_advance(d.engine, seconds(24)));
    ck_assert_int_eq(desk_offered(&d, ALICE), 1);
    desk_close(&d);
}
END_TEST

/* The others move from queue 3 to queue 1, one by one, while every class is taken. */
START_TEST(a_queue_that_closes_ends_nobody_for_want_of_a_class)
{
    struct desk d;
    hall_open(&d);
    hall_fill(&d, 1, 16, 2);
    queue_close(&d, 3, 3);
    for (double at = 4; at < 12; at++) {
        MUST(spw_advance(d.engine, seconds(at)));
        desk_poll(&d);
    }
    for (uint64_t n = 1; n <= 16; n++) {
        struct spw_contact_view view;
        ck_assert_int_eq(spw_view_contact(d.engine, d.contact[OTHERS + n], &view), SPW_OK);
        ck_assert_uint_eq(view.state, SPW_CONTACT_WAITING);
        ck_assert_uint_eq(view.queue, 1);
    }
    desk_close(&d);
}
END_TEST

/* Alice's transfer looks in queue 3, which closes: its fallback has no class for her. */
START_TEST(a_transfer_that_finds_no_class_is_called_off)
{
    struct desk d;
    hall_open(&d);
    desk_ready(&d, 1, 0);
    alice(&d, 2, 0);
    desk_accept(&d, ALICE, 1, 0);
    hall_fill(&d, 2, 14, 1);
    MUST(spw_contact_transfer(d.engine, d.contact[ALICE], SPW_TRANSFER_WARM, (spw_counsellor){0}, 3,
                              0, SPW_PRIORITY_SAME, seconds(1)));
    MUST(spw_contact_left(d.engine, d.contact[OTHERS + 14], seconds(2)));
    for (uint64_t id = 50; id <= 51; id++) { /* two of danger, in queue 2: all classes are taken */
        struct spw_arrive arrive = desk_person(id, 0);
        arrive.queue = 2;
        arrive.need = 1;
        arrive.zone = (uint16_t)id;
        desk_arrive(&d, &arrive, 2);
    }
    other(&d, 16, 0, 2);
    queue_close(&d, 3, 4);
    const struct spw_event *event = desk_last(&d, SPW_EVENT_TRANSFER_ENDED, ALICE);
    ck_assert_ptr_nonnull(event);
    ck_assert_uint_eq(event->reason, SPW_WHY_FULL);
    ck_assert_uint_eq(alice_state(&d), SPW_CONTACT_CONNECTED);
    desk_close(&d);
}
END_TEST

int main(void)
{
    return SUITE_RUN("class room", a_step_that_finds_no_class_is_put_off,
                     a_warm_transfer_declined_with_a_full_table_cuts_no_talk,
                     who_is_back_on_the_line_waits_for_a_class,
                     who_waits_for_a_class_can_do_what_anybody_can,
                     who_comes_back_has_the_class_that_was_left, a_callback_due_waits_for_a_class,
                     a_queue_that_closes_ends_nobody_for_want_of_a_class,
                     a_transfer_that_finds_no_class_is_called_off);
}
