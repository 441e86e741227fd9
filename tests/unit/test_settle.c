/*
 * tests/unit/test_settle.c - what becomes possible at once is decided one by one, and nobody is
 * forgotten (rule M, I4).
 */
#include "desk.h"
#include "suite.h"

/* Counsellor 1 rings for 4 and 5 and signs out: both look for somebody at once, counsellor 2 alone
 * is free. Returns who gets the place. */
static uint64_t first_of_two_at_once(struct desk *d, uint8_t first, uint8_t second)
{
    struct spw_counsellor_add add = {.key = 1, .centre = 1, .units = 200};
    MUST(spw_counsellor_add(d->engine, &add, 0, &d->who[1]));
    desk_counsellor(d, 2, 0);
    desk_ready(d, 1, 1);
    desk_call(d, 3, 0, 2);
    desk_accept(d, 3, 1, 3);
    desk_end(d, 3, 4);
    desk_call(d, 4, first, 5);
    desk_call(d, 5, second, 15);
    ck_assert_int_eq(desk_offered(d, 4), 1);
    ck_assert_int_eq(desk_offered(d, 5), 1);
    desk_ready(d, 2, 16);
    MUST(spw_counsellor_sign_out(d->engine, d->who[1], seconds(17)));
    return desk_offered(d, 4) == 2 ? 4 : desk_offered(d, 5) == 2 ? 5 : 0;
}

START_TEST(of_several_at_once_danger_is_first_while_its_share_lasts)
{
    for (int64_t burst = 1; burst <= 3; burst++) {
        struct desk d;
        desk_open(&d);
        desk_plan(&d, SPW_PLAN_HEAD_START, 1, seconds(300), 0); /* no more than priority 2 */
        desk_plan(&d, SPW_PLAN_HEAD_START_UNCLASSIFIED, 0, 0, 0);
        desk_plan(&d, SPW_PLAN_PROTECTED_RATE, 0, 1, 0);
        desk_plan(&d, SPW_PLAN_PROTECTED_BURST, 0, burst, 0);
        ck_assert_uint_eq(first_of_two_at_once(&d, 2, 0), burst == 3 ? 5 : 4);
        desk_close(&d);
    }
}
END_TEST

START_TEST(of_several_at_once_the_scores_of_that_moment_decide)
{
    struct desk d;
    desk_open(&d);
    desk_plan(&d, SPW_PLAN_ORDER, 0, SPW_ORDER_ACCUMULATING, 0);
    ck_assert_uint_eq(first_of_two_at_once(&d, 7, 1), 5); /* 2 s at 8 beside 12 s at 1 */
    desk_close(&d);
}
END_TEST

/* One of two is to stay free for other queues. Somebody waits for 1 alone; when 2 is free again 1
 * has become possible by it. */
START_TEST(one_more_free_makes_the_others_of_the_pool_possible)
{
    struct desk d;
    desk_open(&d);
    desk_plan(&d, SPW_PLAN_PREFER_RESERVE, 1, 1, 0); /* of nobody's skills, queue 1 */
    desk_counsellor(&d, 1, 0);
    desk_counsellor(&d, 2, 0);
    desk_ready(&d, 2, 1);
    desk_ready(&d, 1, 2);
    desk_call(&d, 1, 3, 3);
    desk_accept(&d, 1, 2, 4);
    struct spw_arrive person = desk_person(2, 3);
    person.sticky = d.who[1];
    person.sticky_mode = SPW_STICKY_HOLD;
    person.sticky_hold_ns = seconds(600);
    desk_arrive(&d, &person, 5);
    ck_assert_int_eq(spw_view_block(d.engine, d.contact[2], d.who[1]), SPW_BLOCK_RESERVE);
    desk_end(&d, 1, 6);
    ck_assert_int_eq(desk_offered(&d, 2), 1);
    desk_close(&d);
}
END_TEST

enum { HOLDS = 70 };

/* Seventy wait for 1 alone, who is not there. Behind them somebody comes back from 3, before the
 * last in the main lane: 2 takes that one, and the last does not hide it. */
START_TEST(nobody_is_hidden_behind_many_who_wait_for_another)
{
    for (int alone = 0; alone < 2; alone++) {
        struct desk d;
        struct spw_config config;
        spw_contact held;
        desk_config(&config);
        config.contacts_max = 128;
        config.personal_max = 100;
        desk_open_as(&d, &config);
        for (int n = 1; n <= 3; n++) {
            desk_counsellor(&d, n, 0);
        }
        desk_ready(&d, 3, 1);
        for (uint64_t id = 1; id <= HOLDS; id++) {
            struct spw_arrive person = desk_person(100 + id, 3);
            person.sticky = d.who[1];
            person.sticky_mode = SPW_STICKY_HOLD;
            person.sticky_hold_ns = seconds(900);
            MUST(spw_contact_arrive(d.engine, &person, seconds(2), &held));
        }
        desk_call(&d, 1, 3, 3);
        desk_call(&d, 2, 3, 4);
        ck_assert_int_eq(desk_offered(&d, 1), 3);
        MUST(spw_counsellor_sign_out(d.engine, d.who[3], seconds(5)));
        if (alone) {
            MUST(spw_contact_left(d.engine, d.contact[2], seconds(6)));
        }
        desk_ready(&d, 2, 7);
        ck_assert_int_eq(desk_offered(&d, 1), 2);
        const struct spw_event *offer = desk_last(&d, SPW_EVENT_OFFER, 1);
        ck_assert_uint_eq(offer->detail_a, HOLDS);
        ck_assert_uint_ne(offer->flags & SPW_EVENT_FLAG_LOOK_PAST_END, 0);
        desk_close(&d);
    }
}
END_TEST

int main(void)
{
    return SUITE_RUN("settle", of_several_at_once_danger_is_first_while_its_share_lasts,
                     of_several_at_once_the_scores_of_that_moment_decide,
                     one_more_free_makes_the_others_of_the_pool_possible,
                     nobody_is_hidden_behind_many_who_wait_for_another);
}
