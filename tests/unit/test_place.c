/*
 * tests/unit/test_place.c - the place of a contact and the needs it waits with (rules S1, N2, N3).
 */
#include "desk.h"
#include "suite.h"

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

static struct spw_arrive known(uint64_t id, uint64_t token, uint32_t queue)
{
    struct spw_arrive person = desk_person(id, 3);
    person.token.lo = token;
    person.queue = queue;
    return person;
}

static spw_ns place_of(struct desk *d, uint64_t id)
{
    struct spw_contact_view view;
    MUST(spw_view_contact(d->engine, d->contact[id], &view));
    return view.arrived_at;
}

START_TEST(a_redial_that_is_refused_keeps_its_credit)
{
    struct desk d;
    desk_open(&d);
    uint32_t queue = desk_queue(&d, SPW_QUEUE_WAITING_MAX, 1, 0, 0);
    struct spw_arrive person = known(1, 7, queue);
    desk_arrive(&d, &person, 10);
    MUST(spw_contact_left(d.engine, d.contact[1], seconds(40)));
    person = known(2, 0, queue);
    desk_arrive(&d, &person, 41);
    person = known(3, 7, queue);
    desk_arrive(&d, &person, 50);
    ck_assert_uint_eq(d.contact[3].bits, 0);
    MUST(spw_contact_left(d.engine, d.contact[2], seconds(55)));
    person = known(4, 7, queue);
    desk_arrive(&d, &person, 60); /* 30 s waited, 20 s away */
    ck_assert_int_eq(place_of(&d, 4), seconds(10));
    desk_close(&d);
}
END_TEST

/* Into a queue whose room is full: a person in the house already is not turned away. */
START_TEST(a_switch_of_channel_is_no_new_arrival)
{
    struct desk d;
    desk_open(&d);
    uint32_t queue = desk_queue(&d, SPW_QUEUE_WAITING_MAX, 1, 0, 0);
    struct spw_arrive person = known(9, 0, queue);
    desk_arrive(&d, &person, 5);
    desk_call(&d, 1, 3, 10);
    person = known(2, 0, queue);
    person.channel = SPW_CHANNEL_CHAT;
    person.continues = d.contact[1];
    desk_arrive(&d, &person, 20);
    ck_assert_uint_ne(d.contact[2].bits, 0);
    ck_assert_int_eq(place_of(&d, 2), seconds(10));
    ck_assert_uint_eq(desk_last(&d, SPW_EVENT_ENDED, 1)->reason, SPW_END_SWITCHED);
    desk_close(&d);
}
END_TEST

/* One person, whatever the channel: never the one excluded, and the one who declined not before
 * time, though all personal records but one are in use. */
START_TEST(a_switch_of_channel_takes_refusals_along)
{
    struct desk d;
    struct spw_config config;
    struct spw_input in = {.kind = SPW_INPUT_CONTACT_EXCLUDE};
    desk_config(&config);
    config.personal_max = 2;
    desk_open_as(&d, &config);
    desk_counsellor(&d, 1, 0);
    desk_counsellor(&d, 2, 0);
    desk_ready(&d, 2, 1);
    desk_call(&d, 1, 3, 2);
    MUST(spw_contact_declined(d.engine, d.contact[1], d.who[2], seconds(3)));
    in.u.pair.contact = d.contact[1];
    in.u.pair.counsellor = d.who[1];
    MUST(spw_apply(d.engine, &in, seconds(4), NULL));
    desk_ready(&d, 1, 5);
    struct spw_arrive person = desk_person(2, 3);
    person.channel = SPW_CHANNEL_CHAT;
    person.continues = d.contact[1];
    person.sticky = d.who[1]; /* a counsellor excluded is not waited for, either */
    person.sticky_mode = SPW_STICKY_HOLD;
    person.sticky_hold_ns = SPW_FOREVER;
    desk_arrive(&d, &person, 6);
    ck_assert_int_eq(desk_offered(&d, 2), 0);
    ck_assert_int_eq(spw_view_block(d.engine, d.contact[2], d.who[1]), SPW_BLOCK_EXCLUDED);
    ck_assert_int_eq(spw_view_block(d.engine, d.contact[2], d.who[2]), SPW_BLOCK_DECLINED);
    MUST(spw_advance(d.engine, seconds(303)));
    ck_assert_int_eq(desk_offered(&d, 2), 2);
    desk_close(&d);
}
END_TEST

/* What counts is how long it waited until the line broke, whatever grace the place was held for. */
START_TEST(time_parked_is_not_time_waited)
{
    struct desk d;
    desk_open(&d);
    struct spw_arrive person = known(1, 7, 1);
    desk_arrive(&d, &person, 1000);
    struct spw_input in = {.kind = SPW_INPUT_RECONCILE_BEGIN};
    MUST(spw_apply(d.engine, &in, seconds(1050), NULL));
    in = (struct spw_input){.kind = SPW_INPUT_RECONCILE_END};
    in.u.span = seconds(300); /* the queue's own grace is 120 s */
    MUST(spw_apply(d.engine, &in, seconds(1060), NULL));
    while (spw_continue(d.engine, seconds(1060)) == SPW_E_BUSY) {
    }
    MUST(spw_advance(d.engine, seconds(1360)));
    ck_assert_uint_eq(desk_last(&d, SPW_EVENT_ENDED, 1)->reason, SPW_END_LOST);
    ck_assert_int_eq(desk_last(&d, SPW_EVENT_ENDED, 1)->waited, seconds(60));
    person = known(2, 7, 1);
    desk_arrive(&d, &person, 1400); /* waited 60 s, away since 1360: 40 s */
    ck_assert_int_eq(place_of(&d, 2), seconds(1300));
    desk_close(&d);
}
END_TEST

START_TEST(credit_has_a_limit_and_shared_tokens_have_none)
{
    struct desk d;
    desk_open(&d);
    struct spw_arrive person = known(1, 7, 1);
    desk_arrive(&d, &person, 10000);
    MUST(spw_contact_left(d.engine, d.contact[1], seconds(13000))); /* waited 50 min */
    person = known(2, 7, 1);
    person.flags = SPW_CONTACT_SHARED_TOKEN;
    desk_arrive(&d, &person, 13010);
    ck_assert_int_eq(place_of(&d, 2), seconds(13010));
    person = known(3, 7, 1);
    desk_arrive(&d, &person, 13020);
    ck_assert_int_eq(place_of(&d, 3), seconds(13020 - 1800));
    desk_close(&d);
}
END_TEST

/* Thousands may be over after a quiet night: no single call forgets them all (rule D3). */
START_TEST(places_of_long_ago_bring_nothing_and_are_forgotten_by_and_by)
{
    struct desk d;
    struct spw_usage usage;
    desk_open(&d);
    for (uint64_t id = 1; id <= 16; id++) {
        struct spw_arrive person = known(id, id, 1);
        desk_arrive(&d, &person, 1000);
    }
    for (uint64_t id = 1; id <= 16; id++) {
        MUST(spw_contact_left(d.engine, d.contact[id], seconds(1100)));
    }
    struct spw_arrive again = known(17, 16, 1); /* the token of the last to leave */
    desk_arrive(&d, &again, 1701);
    ck_assert_int_eq(place_of(&d, 17), seconds(1701));
    spw_view_usage(d.engine, &usage);
    ck_assert_uint_eq(usage.tokens, 8);
    again = known(18, 16, 1);
    desk_arrive(&d, &again, 1702);
    ck_assert_int_eq(place_of(&d, 18), seconds(1702));
    spw_view_usage(d.engine, &usage);
    ck_assert_uint_eq(usage.tokens, 0);
    desk_close(&d);
}
END_TEST

int main(void)
{
    return SUITE_RUN(
        "place", a_dropped_contact_keeps_its_place_within_the_grace,
        redialling_brings_no_advantage_and_being_cut_off_no_loss,
        a_long_absence_counts_two_minutes_and_not_after_ten,
        a_ladder_relaxes_and_raises_when_it_falls_due, a_ladder_that_drops_a_floor_is_refused,
        a_redial_that_is_refused_keeps_its_credit, a_switch_of_channel_is_no_new_arrival,
        a_switch_of_channel_takes_refusals_along, time_parked_is_not_time_waited,
        credit_has_a_limit_and_shared_tokens_have_none,
        places_of_long_ago_bring_nothing_and_are_forgotten_by_and_by);
}
