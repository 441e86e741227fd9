/*
 * tests/unit/test_order.c - which contact goes first, which counsellor is chosen (rules O1, U1, U3,
 * M).
 */
#include "desk.h"
#include "suite.h"

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

/* "The best head start" is that of the unclassified where a plan says so (rule O3). */
START_TEST(danger_outside_its_tier_has_the_best_head_start_there_is)
{
    struct desk d;
    desk_open(&d);
    desk_plan(&d, SPW_PLAN_PROTECTED, 0, 0, 0);
    desk_plan(&d, SPW_PLAN_HEAD_START_UNCLASSIFIED, 0, seconds(3000), 0);
    desk_counsellor(&d, 1, 0);
    desk_call(&d, 1, 0, 5);
    struct spw_arrive silent = desk_person(2, 3);
    silent.flags = SPW_CONTACT_UNCLASSIFIED;
    desk_arrive(&d, &silent, 10);
    desk_ready(&d, 1, 20);
    ck_assert_int_eq(desk_offered(&d, 1), 1);
    desk_close(&d);
}
END_TEST

/* First come, first served: whatever the policy makes of others (rule O1). */
START_TEST(danger_is_served_in_order_of_place_under_lifo_too)
{
    static const uint64_t want[2][3] = {{3, 2, 1}, {1, 2, 3}};
    for (int danger = 0; danger < 2; danger++) {
        struct desk d;
        uint64_t ahead;
        desk_open(&d);
        desk_plan(&d, SPW_PLAN_ORDER, 0, SPW_ORDER_LIFO, 0);
        desk_counsellor(&d, 1, 0);
        for (uint64_t id = 1; id <= 3; id++) {
            desk_call(&d, id, danger ? 0 : 3, (double)id);
        }
        MUST(spw_view_ahead(d.engine, d.contact[1], &ahead));
        ck_assert_uint_eq(ahead, danger ? 0 : 2);
        desk_ready(&d, 1, 10);
        for (int i = 0; i < 3; i++) {
            uint64_t id = want[danger][i];
            ck_assert_int_eq(desk_offered(&d, id), 1);
            desk_accept(&d, id, 1, 11 + i);
            desk_end(&d, id, 11.5 + i);
        }
        desk_close(&d);
    }
}
END_TEST

/* Free, and yet too small: seven units are no e-mail. The next counsellor is chosen (I2). */
START_TEST(nobody_is_offered_more_than_they_can_ever_hold)
{
    struct desk d;
    static const uint32_t units[] = {0, 7, 19, 20};
    desk_open(&d);
    struct spw_arrive email = desk_person(1, 4);
    email.channel = SPW_CHANNEL_EMAIL;
    for (int n = 1; n <= 3; n++) {
        if (n == 3) {
            desk_arrive(&d, &email, 5);
            ck_assert_int_eq(desk_offered(&d, 1), 0);
            ck_assert_int_eq(spw_view_block(d.engine, d.contact[1], d.who[1]), SPW_BLOCK_UNITS);
        }
        struct spw_counsellor_add add = {.key = (uint64_t)n, .centre = 1, .units = units[n]};
        MUST(spw_counsellor_add(d.engine, &add, seconds(5), &d.who[n]));
        desk_ready(&d, n, 5);
    }
    ck_assert_int_eq(desk_offered(&d, 1), 3);
    MUST(spw_contact_left(d.engine, d.contact[1], seconds(6)));
    email.id.lo = 2;
    desk_arrive(&d, &email, 7); /* all three are free, 1 for longest */
    ck_assert_int_eq(desk_offered(&d, 2), 3);
    desk_close(&d);
}
END_TEST

static void share(struct desk *d, int64_t rate, int64_t burst, double at)
{
    MUST(spw_stage_begin(d->engine, SPW_STAGE_PLAN, seconds(at)));
    MUST(spw_stage_set(d->engine, SPW_PLAN_PROTECTED_RATE, 0, rate, seconds(at)));
    MUST(spw_stage_set(d->engine, SPW_PLAN_PROTECTED_BURST, 0, burst, seconds(at)));
    MUST(spw_stage_commit(d->engine, seconds(at), NULL));
    while (spw_continue(d->engine, seconds(at)) == SPW_E_BUSY) {
    }
}

/* Two of three are used: under ten times the rate the third is there, and the others soon again;
 * under a tenth of it they take ten times as long. */
START_TEST(what_a_new_plan_finds_used_stays_used)
{
    static const struct {
        int64_t rate;
        double back; /* when one offer is there again, after the third is used at 4 */
    } each[] = {{360, 12.9}, {36, 102}, {4, 894}};
    for (size_t i = 0; i < sizeof each / sizeof each[0]; i++) {
        struct desk d;
        desk_open(&d);
        share(&d, 36, 3, 0);
        for (int n = 1; n <= 5; n++) {
            desk_counsellor(&d, n, 0);
            desk_ready(&d, n, 1);
        }
        for (uint64_t id = 1; id <= 2; id++) {
            desk_call(&d, id, 0, 2);
            desk_accept(&d, id, (int)id, 2);
        }
        share(&d, each[i].rate, 3, 3);
        ck_assert_ptr_null(desk_last(&d, SPW_EVENT_PROTECTED_EMPTY, 0));
        desk_call(&d, 3, 0, 4);
        desk_accept(&d, 3, 3, 4);
        ck_assert_ptr_nonnull(desk_last(&d, SPW_EVENT_PROTECTED_EMPTY, 0));
        desk_clear(&d);
        desk_call(&d, 4, 0, each[i].back - 0.1); /* too early: pays nothing */
        desk_accept(&d, 4, 4, each[i].back - 0.1);
        ck_assert_ptr_null(desk_last(&d, SPW_EVENT_PROTECTED_EMPTY, 0));
        desk_call(&d, 5, 0, each[i].back);
        ck_assert_ptr_nonnull(desk_last(&d, SPW_EVENT_PROTECTED_EMPTY, 0));
        desk_close(&d);
    }
}
END_TEST

/* Danger outside its tier is one of many for the runner-up too. */
START_TEST(the_runner_up_is_told_by_the_order_that_decides)
{
    struct desk d;
    desk_open(&d);
    uint32_t other = desk_queue(&d, 0, 0, 0, 0);
    desk_counsellor(&d, 1, 0);
    desk_counsellor(&d, 2, 0);
    MUST(spw_stage_begin(d.engine, SPW_STAGE_PLAN, 0));
    MUST(spw_stage_set(d.engine, SPW_PLAN_PROTECTED_RATE, 0, 1, 0));
    MUST(spw_stage_set(d.engine, SPW_PLAN_PROTECTED_BURST, 0, 1, 0));
    MUST(spw_stage_commit(d.engine, 0, NULL));
    while (spw_continue(d.engine, 0) == SPW_E_BUSY) {
    }
    desk_ready(&d, 1, 3);
    desk_call(&d, 1, 0, 10); /* uses the share up */
    desk_call(&d, 2, 1, 11);
    struct spw_arrive person = desk_person(3, 1);
    person.queue = other;
    desk_arrive(&d, &person, 12);
    desk_call(&d, 4, 0, 13);
    desk_ready(&d, 2, 20);
    const struct spw_event *event = desk_last(&d, SPW_EVENT_OFFER, 2);
    ck_assert_ptr_nonnull(event);
    ck_assert_uint_eq(event->runner_up.bits, d.contact[3].bits);
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

/* A counsellor of another centre: what stands first in the closed list is named first (rule M). */
START_TEST(reasons_come_in_their_order)
{
    struct desk d;
    desk_open(&d);
    uint32_t able = desk_skillset(&d, 1);
    uint32_t need = desk_need(&d, 1, 10);
    uint32_t centre;
    MUST(spw_stage_begin(d.engine, SPW_STAGE_CENTRE, 0));
    MUST(spw_stage_commit(d.engine, 0, &centre));
    struct spw_counsellor_add add = {.key = 1, .centre = centre};
    MUST(spw_counsellor_add(d.engine, &add, 0, &d.who[1]));
    struct spw_arrive person = desk_person(1, 3);
    person.need = need;
    desk_arrive(&d, &person, 1);
    ck_assert_int_eq(spw_view_block(d.engine, d.contact[1], d.who[1]), SPW_BLOCK_NEED);
    MUST(spw_counsellor_skills(d.engine, d.who[1], able, seconds(2)));
    ck_assert_int_eq(spw_view_block(d.engine, d.contact[1], d.who[1]), SPW_BLOCK_NOT_READY);
    desk_ready(&d, 1, 3);
    ck_assert_int_eq(spw_view_block(d.engine, d.contact[1], d.who[1]), SPW_BLOCK_LINK);
    struct spw_input in = {.kind = SPW_INPUT_SUPERVISE_ASSIGN};
    in.u.supervise.contact = d.contact[1];
    in.u.supervise.counsellor = d.who[1];
    ck_assert_int_eq(spw_apply(d.engine, &in, seconds(4), NULL), SPW_E_BLOCKED);
    in.kind = SPW_INPUT_CONTACT_EXCLUDE;
    in.u.pair.contact = d.contact[1];
    in.u.pair.counsellor = d.who[1];
    MUST(spw_apply(d.engine, &in, seconds(5), NULL));
    ck_assert_int_eq(spw_view_block(d.engine, d.contact[1], d.who[1]), SPW_BLOCK_EXCLUDED);
    desk_close(&d);
}
END_TEST

/* The share follows the staff: with a second counsellor on duty one of two is half, not all. */
START_TEST(the_share_of_the_unclassified_follows_the_staff)
{
    struct desk d;
    desk_open(&d);
    desk_plan(&d, SPW_PLAN_UNCLASSIFIED_SHARE, 0, 60, 0);
    desk_counsellor(&d, 1, 0);
    desk_counsellor(&d, 2, 0);
    desk_ready(&d, 1, 1);
    struct spw_arrive silent = desk_person(1, 3);
    silent.flags = SPW_CONTACT_UNCLASSIFIED;
    desk_arrive(&d, &silent, 2);
    desk_accept(&d, 1, 1, 2);
    desk_call(&d, 2, 3, 10);
    silent.id.lo = 3;
    desk_arrive(&d, &silent, 20);
    desk_ready(&d, 2, 30); /* 100 of 200 units: below the share, so the head start holds */
    ck_assert_int_eq(desk_offered(&d, 3), 2);
    desk_close(&d);
}
END_TEST

/* A wish counts as an earlier arrival: under `strict` it does not pass a better priority. */
START_TEST(a_wish_is_a_bounded_advantage_under_every_order)
{
    static const int64_t orders[] = {SPW_ORDER_HEAD_START, SPW_ORDER_STRICT, SPW_ORDER_ACCUMULATING,
                                     SPW_ORDER_LONGEST_QUEUE};
    for (size_t i = 0; i < 4; i++) {
        struct desk d;
        desk_open(&d);
        desk_plan(&d, SPW_PLAN_ORDER, 0, orders[i], 0);
        desk_counsellor(&d, 1, 0);
        uint32_t queue = desk_queue(&d, 0, 0, 0, 0);
        desk_call(&d, 1, 2, 1000);
        desk_call(&d, 2, 2, 1001);
        struct spw_arrive person = desk_person(3, 3);
        person.queue = queue;
        person.sticky = d.who[1];
        person.sticky_mode = SPW_STICKY_PREFER;
        desk_arrive(&d, &person, 1010);
        desk_ready(&d, 1, 1020);
        ck_assert_int_eq(desk_offered(&d, 1), orders[i] == SPW_ORDER_ACCUMULATING ? 0 : 1);
        desk_close(&d);
    }
}
END_TEST

/* Sixty-four who wish for somebody who cannot help them: the next wish is not looked at before one
 * of them is gone, and the offer says that there were more. */
START_TEST(of_many_wishes_the_earliest_are_looked_at)
{
    struct desk d;
    struct spw_config config;
    spw_contact first = {0};
    desk_config(&config);
    config.contacts_max = 256;
    desk_open_as(&d, &config);
    desk_counsellor(&d, 1, 0);
    uint32_t need = desk_need(&d, 1, 50);
    struct spw_arrive person = {0};
    for (uint64_t id = 100; id < 164; id++) {
        person = desk_person(id, 3);
        person.need = need;
        person.sticky = d.who[1];
        person.sticky_mode = SPW_STICKY_PREFER;
        MUST(spw_contact_arrive(d.engine, &person, seconds(10), &d.contact[10]));
        first = first.bits == 0 ? d.contact[10] : first;
        desk_clear(&d);
    }
    desk_call(&d, 1, 3, 100);
    desk_call(&d, 2, 3, 101);
    person.id.lo = 3;
    person.need = 0;
    desk_arrive(&d, &person, 150); /* ahead of both by the bonus */
    desk_ready(&d, 1, 160);
    const struct spw_event *event = desk_last(&d, SPW_EVENT_OFFER, 1);
    ck_assert_ptr_nonnull(event);
    ck_assert_uint_eq(event->flags & SPW_EVENT_FLAG_LOOK_PAST_END, SPW_EVENT_FLAG_LOOK_PAST_END);
    ck_assert_uint_eq(event->detail_a, 64);
    desk_accept(&d, 1, 1, 161);
    MUST(spw_contact_left(d.engine, first, seconds(162)));
    desk_end(&d, 1, 170);
    event = desk_last(&d, SPW_EVENT_OFFER, 3);
    ck_assert_ptr_nonnull(event);
    ck_assert_uint_eq(event->flags & SPW_EVENT_FLAG_LOOK_PAST_END, 0);
    desk_close(&d);
}
END_TEST

/* A pulled contact in danger says that a limit was broken for it. */
START_TEST(an_offer_that_is_pulled_explains_itself)
{
    struct desk d;
    desk_open(&d);
    struct spw_counsellor_add add = {.key = 1, .centre = 1, .flags = SPW_COUNSELLOR_PULLS};
    MUST(spw_counsellor_add(d.engine, &add, 0, &d.who[1]));
    struct spw_input in = {.kind = SPW_INPUT_COUNSELLOR_LIMITS};
    in.u.limits.counsellor = d.who[1];
    in.u.limits.shift_end = seconds(2);
    MUST(spw_apply(d.engine, &in, seconds(1), NULL));
    desk_ready(&d, 1, 3);
    desk_call(&d, 1, 0, 4);
    MUST(spw_counsellor_pull(d.engine, d.who[1], seconds(5)));
    ck_assert_uint_ne(desk_last(&d, SPW_EVENT_OFFER, 1)->flags & SPW_EVENT_FLAG_OVER_LIMIT, 0);
    desk_close(&d);
}
END_TEST

/* A suspect counts as half a minute later: not in danger, not without a token of its own. */
START_TEST(suspicion_delays_by_its_bound_and_never_who_may_be_in_danger)
{
    static const struct {
        uint64_t token;
        uint8_t flags;
        uint8_t priority;
        int delayed;
    } each[] = {{7, 0, 3, 1},
                {0, 0, 3, 0},
                {7, SPW_CONTACT_SHARED_TOKEN, 3, 0},
                {7, SPW_CONTACT_UNCLASSIFIED, 3, 0},
                {7, 0, 0, 0}};
    for (size_t i = 0; i < sizeof each / sizeof each[0]; i++) {
        for (int off = 0; off < 2; off++) {
            struct desk d;
            desk_open(&d);
            desk_plan(&d, SPW_PLAN_HEAD_START_UNCLASSIFIED, 0, 0, 0);
            desk_plan(&d, SPW_PLAN_SUSPECT_DELAY, 0, off ? 0 : seconds(30), 0);
            desk_counsellor(&d, 1, 0);
            struct spw_arrive person = desk_person(1, each[i].priority);
            person.token.lo = each[i].token;
            person.flags = each[i].flags | SPW_CONTACT_SUSPECT;
            desk_arrive(&d, &person, 10);
            desk_call(&d, 2, 3, 39.9);
            desk_ready(&d, 1, 50);
            ck_assert_int_eq(desk_offered(&d, 1), !off && each[i].delayed ? 0 : 1);
            desk_close(&d);
        }
    }
}
END_TEST

int main(void)
{
    return SUITE_RUN(
        "order", danger_goes_before_everybody,
        a_head_start_overtakes_up_to_its_bound_and_no_further, equal_keys_go_by_sequence,
        the_unclassified_have_a_head_start_of_their_own,
        the_least_flexible_is_taken_and_the_longest_idle_among_equals,
        a_level_below_the_need_is_not_able, the_protected_share_once_used_up_lets_others_compete,
        danger_outside_its_tier_has_the_best_head_start_there_is,
        the_runner_up_is_told_by_the_order_that_decides,
        nobody_is_offered_more_than_they_can_ever_hold,
        danger_is_served_in_order_of_place_under_lifo_too, what_a_new_plan_finds_used_stays_used,
        a_hold_waits_for_its_counsellor_and_danger_is_never_held, reasons_come_in_their_order,
        the_share_of_the_unclassified_follows_the_staff,
        a_wish_is_a_bounded_advantage_under_every_order, of_many_wishes_the_earliest_are_looked_at,
        an_offer_that_is_pulled_explains_itself,
        suspicion_delays_by_its_bound_and_never_who_may_be_in_danger);
}
