/*
 * tests/unit/test_transfer.c - to whom a contact may be handed, whose wrap-up follows, and what a
 * closed queue or a queue of two minds does with who comes.
 */
#include "desk.h"
#include "suite.h"

#include <stdbool.h>

/* Queue 2 wraps up for 30 s, queue 3 for 90 s; counsellor 1 is able, 2 is not, 3 is elsewhere. */
static void house_open(struct desk *d)
{
    desk_open(d);
    uint32_t need = desk_need(d, 1, 50);
    (void)desk_queue(d, SPW_QUEUE_WRAP_UP, 30 * SPW_SECOND, SPW_QUEUE_OFFER_TIMEOUT, SPW_HOUR);
    (void)desk_queue(d, SPW_QUEUE_WRAP_UP, 90 * SPW_SECOND, SPW_QUEUE_OFFER_TIMEOUT, SPW_HOUR);
    (void)desk_queue(d, SPW_QUEUE_NEED, need, 0, 0);
    MUST(spw_stage_begin(d->engine, SPW_STAGE_CENTRE, 0));
    MUST(spw_stage_commit(d->engine, 0, NULL));
    desk_counsellor(d, 1, desk_skillset(d, 1));
    desk_counsellor(d, 2, 0);
    struct spw_counsellor_add far = {.key = 3, .centre = 2, .skillset = 1};
    MUST(spw_counsellor_add(d->engine, &far, 0, &d->who[3]));
    struct spw_counsellor_add chats = {.key = 4, .centre = 1, .skillset = 1};
    chats.channels = 1u << SPW_CHANNEL_CHAT;
    MUST(spw_counsellor_add(d->engine, &chats, 0, &d->who[4]));
    desk_counsellor(d, 5, 0);
}

/* Contact 1, of queue 2, talks to counsellor 5. */
static void talk(struct desk *d)
{
    struct spw_arrive person = desk_person(1, 3);
    person.queue = 2;
    desk_ready(d, 5, 1);
    desk_arrive(d, &person, 2);
    desk_accept(d, 1, 5, 3);
    for (int n = 1; n <= 4; n++) {
        desk_ready(d, n, 4);
    }
}

static int hand(struct desk *d, int mode, int n, uint32_t queue, double at)
{
    spw_counsellor anybody = {0};
    return spw_contact_transfer(d->engine, d->contact[1], (enum spw_transfer)mode,
                                n == 0 ? anybody : d->who[n], queue, 0, SPW_PRIORITY_SAME,
                                seconds(at));
}

START_TEST(nobody_is_handed_to_somebody_who_can_never_take_them)
{
    for (int mode = SPW_TRANSFER_COLD; mode <= SPW_TRANSFER_WARM; mode++) {
        struct desk d;
        house_open(&d);
        talk(&d);
        ck_assert_int_eq(hand(&d, mode, 3, 0, 10), SPW_E_BLOCKED); /* another centre */
        ck_assert_int_eq(hand(&d, mode, 2, 4, 10), SPW_E_BLOCKED); /* the need of queue 4 */
        ck_assert_int_eq(hand(&d, mode, 4, 0, 10), SPW_E_BLOCKED); /* chats only */
        struct spw_input in = {.kind = SPW_INPUT_CONTACT_EXCLUDE};
        in.u.pair.contact = d.contact[1];
        in.u.pair.counsellor = d.who[2];
        MUST(spw_apply(d.engine, &in, seconds(10), NULL));
        ck_assert_int_eq(hand(&d, mode, 2, 0, 10), SPW_E_BLOCKED);
        MUST(spw_counsellor_sign_out(d.engine, d.who[1], seconds(11)));
        ck_assert_int_eq(hand(&d, mode, 1, 0, 12), SPW_E_STATE);
        MUST(spw_counsellor_sign_in(d.engine, d.who[1], seconds(13)));
        MUST(hand(&d, mode, 1, 4, 14)); /* paused: waited for */
        desk_ready(&d, 1, 15);
        ck_assert_int_eq(desk_offered(&d, 1), 1);
        desk_close(&d);
    }
}
END_TEST

static spw_ns wrap_up_of(struct desk *d, uint64_t id)
{
    const struct spw_event *event = desk_last(d, SPW_EVENT_WRAP_UP, id);
    return event == NULL ? 0 : event->until - event->at;
}

/* Cold or warm, answered or left, the one who gives it away wraps up what they talked about. */
START_TEST(the_wrap_up_is_that_of_the_queue_of_the_talk)
{
    for (int how = 0; how < 4; how++) {
        struct desk d;
        house_open(&d);
        talk(&d);
        MUST(hand(&d, how == 0 ? SPW_TRANSFER_COLD : SPW_TRANSFER_WARM, 1, 3, 10));
        spw_ns expected = 30 * SPW_SECOND;
        if (how == 1) {
            desk_accept(&d, 1, 1, 11);
        } else if (how == 2) {
            MUST(spw_contact_left(d.engine, d.contact[1], seconds(11)));
        } else if (how == 3) { /* called off: they talk on, in the new queue */
            MUST(spw_contact_transfer_cancel(d.engine, d.contact[1], seconds(11)));
            desk_end(&d, 1, 12);
            expected = 90 * SPW_SECOND;
        }
        ck_assert_int_eq(wrap_up_of(&d, 1), expected);
        if (how <= 1) {
            if (how == 0) {
                desk_accept(&d, 1, 1, 12);
            }
            desk_end(&d, 1, 20);
            ck_assert_int_eq(wrap_up_of(&d, 1), 90 * SPW_SECOND);
        }
        desk_close(&d);
    }
}
END_TEST

START_TEST(whose_queue_was_closed_is_told)
{
    struct desk d;
    desk_open(&d);
    uint32_t queue = desk_queue(&d, SPW_QUEUE_FALLBACK, 1, 0, 0);
    struct spw_input in = {.kind = SPW_INPUT_QUEUE_CLOSE};
    in.u.queue.queue = queue;
    MUST(spw_apply(d.engine, &in, seconds(1), NULL));
    while (spw_continue(d.engine, seconds(1)) == SPW_E_BUSY) {
    }
    struct spw_arrive person = desk_person(7, 3);
    person.queue = queue;
    person.cookie = 70;
    person.flags = SPW_CONTACT_TEST;
    desk_arrive(&d, &person, 2);
    const struct spw_event *event = desk_last(&d, SPW_EVENT_RECONCILED, 7);
    ck_assert_ptr_nonnull(event);
    ck_assert_uint_eq(event->reason, SPW_RECONCILED_QUEUE_CLOSED);
    ck_assert_uint_eq(event->cookie, 70);
    ck_assert_uint_eq(event->queue, 1);
    ck_assert_uint_eq(event->detail_a, queue);
    ck_assert_uint_eq(event->centre, 1);
    ck_assert_uint_eq(event->flags, SPW_EVENT_FLAG_TEST);
    desk_close(&d);
}
END_TEST

/* A need and a ladder that begins with less: which of the two is meant is not for us to guess. */
START_TEST(a_need_and_a_ladder_that_disagree_are_refused)
{
    struct desk d;
    uint32_t ladder;
    uint32_t number;
    desk_open(&d);
    uint32_t need = desk_need(&d, 1, 50);
    uint32_t other = desk_need(&d, 2, 50);
    MUST(spw_stage_begin(d.engine, SPW_STAGE_LADDER, 0));
    MUST(spw_stage_step(d.engine, 0, need, 0, 0));
    MUST(spw_stage_step(d.engine, SPW_SECOND, 0, 0, 0));
    MUST(spw_stage_commit(d.engine, 0, &ladder));
    MUST(spw_stage_begin(d.engine, SPW_STAGE_QUEUE, 0));
    MUST(spw_stage_set(d.engine, SPW_QUEUE_LADDER, 0, ladder, 0));
    MUST(spw_stage_set(d.engine, SPW_QUEUE_NEED, 0, other, 0));
    uint64_t before = spw_state_hash(d.engine);
    ck_assert_int_eq(spw_stage_commit(d.engine, 0, &number), SPW_E_INVALID);
    ck_assert_uint_eq(spw_state_hash(d.engine), before);
    MUST(spw_stage_set(d.engine, SPW_QUEUE_NEED, 0, need, 0));
    MUST(spw_stage_commit(d.engine, 0, &number));
    desk_close(&d);
}
END_TEST

int main(void)
{
    return SUITE_RUN("transfer", nobody_is_handed_to_somebody_who_can_never_take_them,
                     the_wrap_up_is_that_of_the_queue_of_the_talk, whose_queue_was_closed_is_told,
                     a_need_and_a_ladder_that_disagree_are_refused);
}
