/*
 * tests/unit/test_limits.c - breaks that fall due, which counsellor may rest, and what supervisors
 * say (rules S5, S6).
 */
#include "desk.h"
#include "suite.h"

#include <stdbool.h>

/* A centre where everybody may rest at once, unless a test says otherwise. */
static void house_open(struct desk *d, int64_t share)
{
    uint32_t centre;
    desk_open(d);
    MUST(spw_stage_begin(d->engine, SPW_STAGE_CENTRE, 0));
    MUST(spw_stage_set(d->engine, SPW_CENTRE_REST_SHARE, 0, share, 0));
    MUST(spw_stage_commit(d->engine, 0, &centre));
}

static void on_duty(struct desk *d, int n, uint32_t skillset, uint32_t severe_max)
{
    struct spw_counsellor_add add = {.key = (uint64_t)n, .centre = 2, .skillset = skillset};
    MUST(spw_counsellor_add(d->engine, &add, 0, &d->who[n]));
    struct spw_input in = {.kind = SPW_INPUT_COUNSELLOR_LIMITS};
    in.u.limits.counsellor = d->who[n];
    in.u.limits.severe_max = severe_max;
    in.u.limits.rest = seconds(600);
    MUST(spw_apply(d->engine, &in, 0, NULL));
    desk_ready(d, n, 1);
}

/* A talk with the free counsellor, who must be n; severe or not. */
static void talk(struct desk *d, uint64_t id, int n, bool severe, double at)
{
    struct spw_arrive person = desk_person(id, 3);
    person.home = 2;
    person.flags = severe ? SPW_CONTACT_SEVERE : 0;
    desk_arrive(d, &person, at);
    ck_assert_int_eq(desk_offered(d, id), n);
    desk_accept(d, id, n, at);
    desk_end(d, id, at + 1);
}

static bool rests(struct desk *d, int n)
{
    struct spw_counsellor_view view;
    MUST(spw_view_counsellor(d->engine, d->who[n], &view));
    return view.resting != 0;
}

static int about(struct desk *d, uint32_t kind, int n, double at)
{
    struct spw_input in = {.kind = kind};
    in.u.counsellor.counsellor = d->who[n];
    return spw_apply(d->engine, &in, seconds(at), NULL);
}

static int suspend(struct desk *d, uint32_t reason, double until, double at)
{
    struct spw_input in = {.kind = SPW_INPUT_SUPERVISE_SUSPEND};
    in.u.supervise.centre = 2;
    in.u.supervise.actor = 77;
    in.u.supervise.reason = reason;
    in.u.supervise.until = until == 0 ? 0 : seconds(until);
    return spw_apply(d->engine, &in, seconds(at), NULL);
}

/* Two of four are due a break and half may rest at once, then all; the second waits for a turn and
 * has it after the next talk, severe or not. */
START_TEST(a_break_due_stays_due_until_there_is_room_for_it)
{
    struct desk d;
    house_open(&d, 25);
    for (int n = 1; n <= 4; n++) {
        on_duty(&d, n, 0, 1);
    }
    talk(&d, 1, 1, true, 10);
    ck_assert(rests(&d, 1)); /* one of four */
    talk(&d, 2, 2, true, 20);
    ck_assert(!rests(&d, 2)); /* two of four would be half */
    MUST(spw_advance(d.engine, seconds(700)));
    talk(&d, 3, 3, false, 700);
    talk(&d, 4, 4, false, 710);
    MUST(spw_counsellor_pause(d.engine, d.who[1], 0, seconds(711)));
    desk_ready(&d, 1, 712);
    talk(&d, 5, 2, false, 720); /* longest idle: an ordinary talk, and the break that is owed */
    ck_assert(rests(&d, 2));
    desk_close(&d);
}
END_TEST

/* Two know the skill that a floor asks for: the second of them stays, whatever the share. */
START_TEST(somebody_stays_for_every_floor)
{
    struct desk d;
    uint32_t need;
    house_open(&d, 100);
    uint32_t able = desk_skillset(&d, 1);
    MUST(spw_stage_begin(d.engine, SPW_STAGE_NEED, 0));
    MUST(spw_stage_literal(d.engine, 1, 10, SPW_HOLDS, 0));
    MUST(spw_stage_clause(d.engine, 1, 0));
    MUST(spw_stage_commit(d.engine, 0, &need));
    on_duty(&d, 1, able, 1);
    on_duty(&d, 2, able, 1);
    on_duty(&d, 3, 0, 1);
    MUST(spw_counsellor_pause(d.engine, d.who[3], 0, seconds(2)));
    talk(&d, 1, 1, true, 10);
    ck_assert(rests(&d, 1));
    talk(&d, 2, 2, true, 20);
    ck_assert(!rests(&d, 2));
    MUST(spw_counsellor_pause(d.engine, d.who[2], 0, seconds(22)));
    desk_ready(&d, 3, 30);
    talk(&d, 3, 3, true, 40); /* meets no floor: free to rest */
    ck_assert(rests(&d, 3));
    desk_close(&d);
}
END_TEST

START_TEST(a_break_can_be_put_off_until_after_the_next_talk)
{
    struct desk d;
    house_open(&d, 100);
    on_duty(&d, 1, 0, 1);
    ck_assert_int_eq(about(&d, SPW_INPUT_COUNSELLOR_DEFER, 1, 5), SPW_E_STATE);
    talk(&d, 1, 1, true, 10);
    ck_assert(rests(&d, 1));
    MUST(about(&d, SPW_INPUT_COUNSELLOR_DEFER, 1, 20));
    ck_assert(!rests(&d, 1));
    ck_assert_ptr_nonnull(desk_last(&d, SPW_EVENT_BREAK_PUT_OFF, 0));
    talk(&d, 2, 1, false, 30);
    ck_assert(rests(&d, 1));
    MUST(spw_advance(d.engine, seconds(31 + 600)));
    ck_assert(!rests(&d, 1));
    talk(&d, 3, 1, false, 700); /* nothing is owed any more */
    ck_assert(!rests(&d, 1));
    desk_close(&d);
}
END_TEST

START_TEST(a_supervisor_suspends_breaks_for_an_hour_at_most_and_says_why)
{
    struct desk d;
    house_open(&d, 100);
    on_duty(&d, 1, 0, 1);
    ck_assert_int_eq(suspend(&d, 0, 0, 2), SPW_E_INVALID);
    ck_assert_int_eq(suspend(&d, 5, 3700, 2), SPW_E_RANGE);
    ck_assert_int_eq(suspend(&d, 65536, 0, 2), SPW_E_RANGE);
    MUST(suspend(&d, 5, 0, 3));
    const struct spw_event *said = desk_last(&d, SPW_EVENT_SUPERVISED, 0);
    ck_assert_uint_eq(said->flags, SPW_INPUT_SUPERVISE_SUSPEND);
    ck_assert_uint_eq(said->reason, 5);
    ck_assert_uint_eq(said->detail_a, 77);
    ck_assert_uint_eq(said->centre, 2);
    talk(&d, 1, 1, true, 10);
    ck_assert(!rests(&d, 1));
    talk(&d, 2, 1, false, 3603); /* the hour is over, the break is owed */
    ck_assert(rests(&d, 1));
    desk_close(&d);
}
END_TEST

START_TEST(who_is_lost_to_limits_is_counted)
{
    struct desk d;
    struct spw_counters all;
    house_open(&d, 100);
    on_duty(&d, 1, 0, 1);
    talk(&d, 1, 1, true, 10);
    for (uint64_t id = 2; id <= 3; id++) {
        struct spw_arrive person = desk_person(id, 3);
        person.home = 2;
        desk_arrive(&d, &person, 20);
    }
    MUST(spw_contact_left(d.engine, d.contact[2], seconds(30)));
    MUST(spw_counsellor_pause(d.engine, d.who[1], 0, seconds(31)));
    MUST(spw_contact_left(d.engine, d.contact[3], seconds(40))); /* nobody was there anyway */
    MUST(spw_view_counters(d.engine, 0, 0, -1, 0, &all));
    ck_assert_uint_eq(all.ended[SPW_END_ABANDONED], 2);
    ck_assert_uint_eq(all.lost_to_limits, 1);
    desk_close(&d);
}
END_TEST

/* No limit keeps danger away: what did here is the freeze, and it would have kept the other too. */
START_TEST(nobody_is_lost_to_limits_in_a_freeze)
{
    struct desk d;
    struct spw_counters all;
    house_open(&d, 100);
    on_duty(&d, 1, 0, 1);
    talk(&d, 1, 1, true, 10);
    struct spw_input freeze = {.kind = SPW_INPUT_SUPERVISE_FREEZE};
    freeze.u.supervise.centre = 2;
    freeze.u.supervise.actor = 1;
    freeze.u.supervise.reason = 1;
    MUST(spw_apply(d.engine, &freeze, seconds(19), NULL));
    for (uint64_t id = 2; id <= 3; id++) {
        struct spw_arrive person = desk_person(id, id == 2 ? 0 : 3);
        person.home = 2;
        desk_arrive(&d, &person, 20);
        MUST(spw_contact_left(d.engine, d.contact[id], seconds(30)));
    }
    MUST(spw_view_counters(d.engine, 0, 0, -1, 0, &all));
    ck_assert_uint_eq(all.ended[SPW_END_ABANDONED], 2);
    ck_assert_uint_eq(all.lost_to_limits, 0);
    desk_close(&d);
}
END_TEST

START_TEST(every_word_of_a_supervisor_names_actor_and_reason)
{
    struct desk d;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_counsellor(&d, 2, 0);
    desk_ready(&d, 1, 1);
    desk_call(&d, 1, 3, 2);
    desk_ready(&d, 2, 3);
    static const uint32_t kinds[] = {SPW_INPUT_SUPERVISE_ASSIGN, SPW_INPUT_SUPERVISE_PULL,
                                     SPW_INPUT_SUPERVISE_FREEZE, SPW_INPUT_SUPERVISE_THAW};
    for (size_t i = 0; i < 4; i++) {
        struct spw_input in = {.kind = kinds[i]};
        in.u.supervise.actor = 40 + i;
        in.u.supervise.reason = (uint32_t)(50 + i);
        if (i < 2) {
            in.u.supervise.contact = d.contact[1];
            in.u.supervise.counsellor = d.who[2];
        }
        desk_clear(&d);
        MUST(spw_apply(d.engine, &in, seconds(4), NULL));
        while (spw_continue(d.engine, seconds(4)) == SPW_E_BUSY) {
        }
        desk_poll(&d);
        ck_assert_uint_eq(d.event[0].kind, SPW_EVENT_SUPERVISED);
        ck_assert_uint_eq(d.event[0].flags, kinds[i]);
        ck_assert_uint_eq(d.event[0].reason, 50 + i);
        ck_assert_uint_eq(d.event[0].detail_a, 40 + i);
        ck_assert_uint_eq(d.event[0].contact.bits, i < 2 ? d.contact[1].bits : 0);
    }
    desk_close(&d);
}
END_TEST

/* "Take a warm transfer back": the counsellor who holds the contact goes on. */
START_TEST(a_supervisor_calls_a_warm_transfer_off)
{
    struct desk d;
    struct spw_contact_view view;
    desk_open(&d);
    desk_talk(&d, 2);
    desk_ready(&d, 2, 4);
    desk_transfer(&d, 1, SPW_TRANSFER_WARM, 10);
    struct spw_input in = {.kind = SPW_INPUT_SUPERVISE_PULL};
    in.u.supervise.contact = d.contact[1];
    MUST(spw_apply(d.engine, &in, seconds(11), NULL));
    MUST(spw_view_contact(d.engine, d.contact[1], &view));
    ck_assert_uint_eq(view.state, SPW_CONTACT_CONNECTED);
    ck_assert_uint_eq(view.counsellor.bits, d.who[1].bits);
    ck_assert_uint_eq(desk_last(&d, SPW_EVENT_TRANSFER_ENDED, 1)->reason, SPW_WHY_SUPERVISOR);
    desk_close(&d);
}
END_TEST

/* It rings at ada's when the queue closes without a fallback; then a supervisor gives it to bea. */
START_TEST(a_contact_of_a_closed_queue_can_be_given_to_another)
{
    struct desk d;
    struct spw_contact_view view;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_counsellor(&d, 2, 0);
    desk_ready(&d, 1, 1);
    desk_call(&d, 1, 3, 2);
    desk_ready(&d, 2, 3);
    struct spw_input in = {.kind = SPW_INPUT_QUEUE_CLOSE};
    in.u.queue.queue = 1;
    MUST(spw_apply(d.engine, &in, seconds(4), NULL));
    while (spw_continue(d.engine, seconds(4)) == SPW_E_BUSY) {
    }
    in = (struct spw_input){.kind = SPW_INPUT_SUPERVISE_ASSIGN};
    in.u.supervise.contact = d.contact[1];
    in.u.supervise.counsellor = d.who[2];
    MUST(spw_apply(d.engine, &in, seconds(5), NULL));
    ck_assert_int_eq(desk_offered(&d, 1), 2);
    MUST(spw_view_contact(d.engine, d.contact[1], &view));
    ck_assert_uint_eq(view.state, SPW_CONTACT_OFFERED);
    MUST(spw_contact_declined(d.engine, d.contact[1], d.who[2], seconds(6)));
    ck_assert_uint_eq(desk_last(&d, SPW_EVENT_ENDED, 1)->reason, SPW_END_REFUSED_CLOSED);
    desk_close(&d);
}
END_TEST

START_TEST(the_reason_of_a_pause_is_told)
{
    struct desk d;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_ready(&d, 1, 1);
    MUST(spw_counsellor_pause(d.engine, d.who[1], 7, seconds(2)));
    ck_assert_uint_eq(desk_last(&d, SPW_EVENT_COUNSELLOR, 0)->cookie, 7);
    desk_close(&d);
}
END_TEST

/* The last talk of a shift, severe and followed by no wrap-up, is not the first of the next. */
START_TEST(a_streak_ends_with_the_shift)
{
    for (int once = 0; once < 2; once++) {
        struct desk d;
        struct spw_arrive person = desk_person(1, 3);
        house_open(&d, 100);
        on_duty(&d, 1, 0, once ? 1 : 2);
        person.home = 2;
        person.flags = SPW_CONTACT_SEVERE;
        desk_arrive(&d, &person, 2);
        desk_accept(&d, 1, 1, 3);
        MUST(spw_counsellor_sign_out(d.engine, d.who[1], seconds(4)));
        desk_end(&d, 1, 5);
        ck_assert_uint_eq(desk_last(&d, SPW_EVENT_COUNSELLOR, 0)->detail_a, SPW_COUNSELLOR_OUT);
        ck_assert(!rests(&d, 1));
        desk_ready(&d, 1, 6);
        talk(&d, 2, 1, !once, 7);
        ck_assert(!rests(&d, 1));
        desk_close(&d);
    }
}
END_TEST

/* 1 and 2 have a chat each, or 1 alone, and their shift is over. */
static void shift_over(struct desk *d, int chats)
{
    desk_open(d);
    for (int n = 1; n <= 2; n++) {
        struct spw_input in = {.kind = SPW_INPUT_COUNSELLOR_LIMITS};
        desk_counsellor(d, n, 0);
        in.u.limits.counsellor = d->who[n];
        in.u.limits.shift_end = seconds(10);
        MUST(spw_apply(d->engine, &in, 0, NULL));
        desk_ready(d, n, n);
    }
    for (uint64_t id = 1; id <= (uint64_t)chats; id++) {
        struct spw_arrive chat = desk_person(id, 3);
        chat.channel = SPW_CHANNEL_CHAT;
        desk_arrive(d, &chat, 3);
        desk_accept(d, id, (int)id, 4);
    }
}

/* A limit was in the way where there was room: with a chat there is for a chat, not for voice. */
START_TEST(who_would_not_have_fitted_is_not_lost_to_limits)
{
    struct desk d;
    struct spw_counters all;
    shift_over(&d, 2);
    for (uint64_t id = 3; id <= 4; id++) {
        struct spw_arrive person = desk_person(id, 3);
        person.channel = id == 3 ? SPW_CHANNEL_VOICE : SPW_CHANNEL_CHAT;
        desk_arrive(&d, &person, 11);
        MUST(spw_contact_left(d.engine, d.contact[id], seconds(12)));
        MUST(spw_view_counters(d.engine, 0, 0, -1, 0, &all));
        ck_assert_uint_eq(all.lost_to_limits, id == 3 ? 0 : 1);
    }
    desk_close(&d);
}
END_TEST

/* Danger reaches counsellors at a limit, too: the wholly free first, though idle for less (rule
 * U3). */
START_TEST(at_a_limit_the_wholly_free_come_first)
{
    struct desk d;
    shift_over(&d, 1);
    struct spw_arrive chat = desk_person(2, 0);
    chat.channel = SPW_CHANNEL_CHAT;
    desk_arrive(&d, &chat, 11);
    ck_assert_int_eq(desk_offered(&d, 2), 2);
    desk_close(&d);
}
END_TEST

/* Nobody at a closed centre is offered anybody, by a supervisor neither. */
START_TEST(nobody_is_assigned_to_a_closed_centre)
{
    const uint32_t shut[] = {SPW_INPUT_CENTRE_CLOSE, SPW_INPUT_CENTRE_DARK};
    for (int i = 0; i < 2; i++) {
        struct desk d;
        house_open(&d, 100);
        on_duty(&d, 1, 0, 1);
        struct spw_input in = {.kind = shut[i]};
        in.u.centre.centre = 2;
        MUST(spw_apply(d.engine, &in, seconds(2), NULL));
        struct spw_arrive person = desk_person(1, 3);
        person.home = 2;
        desk_arrive(&d, &person, 3);
        in = (struct spw_input){.kind = SPW_INPUT_SUPERVISE_ASSIGN};
        in.u.supervise.contact = d.contact[1];
        in.u.supervise.counsellor = d.who[1];
        while (spw_continue(d.engine, seconds(4)) == SPW_E_BUSY) {
            desk_poll(&d);
        }
        int expected = i == 0 ? SPW_E_BLOCKED : SPW_E_STATE; /* dark: the counsellor is lost */
        ck_assert_int_eq(spw_apply(d.engine, &in, seconds(4), NULL), expected);
        desk_close(&d);
    }
}
END_TEST

/* An hour from there is beyond the last point in time: a state that can be told all the same. */
START_TEST(breaks_are_suspended_in_the_last_hour_of_time)
{
    struct desk d;
    house_open(&d, 100);
    struct spw_input in = {.kind = SPW_INPUT_SUPERVISE_SUSPEND};
    in.u.supervise.centre = 1;
    in.u.supervise.reason = 1;
    MUST(spw_apply(d.engine, &in, SPW_TIME_MAX - SPW_MINUTE, NULL));
    size_t size = spw_state_export(d.engine, NULL, 0);
    ck_assert_uint_gt(size, 0);
    ck_assert_uint_ne(spw_state_hash(d.engine), 0);
    desk_close(&d);
}
END_TEST

int main(void)
{
    return SUITE_RUN(
        "limits", a_break_due_stays_due_until_there_is_room_for_it, somebody_stays_for_every_floor,
        a_break_can_be_put_off_until_after_the_next_talk,
        a_supervisor_suspends_breaks_for_an_hour_at_most_and_says_why,
        who_is_lost_to_limits_is_counted, nobody_is_lost_to_limits_in_a_freeze,
        every_word_of_a_supervisor_names_actor_and_reason, a_supervisor_calls_a_warm_transfer_off,
        a_contact_of_a_closed_queue_can_be_given_to_another, the_reason_of_a_pause_is_told,
        a_streak_ends_with_the_shift, who_would_not_have_fitted_is_not_lost_to_limits,
        at_a_limit_the_wholly_free_come_first, breaks_are_suspended_in_the_last_hour_of_time,
        nobody_is_assigned_to_a_closed_centre);
}
