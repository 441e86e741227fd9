/*
 * tests/unit/test_edges.c - what happens at exactly a limit, in both directions of what goes both
 * ways, and right after an import: the places where a wrong sign or a forgotten word hides.
 */
#include "scene.h"

static struct spw_arrive written(uint64_t id, uint8_t channel)
{
    struct spw_arrive person = desk_person(id, 3);
    person.channel = channel;
    return person;
}

/* Two chats are held; a voice waits; one chat ends `after` its arrival while a third waits. */
static int chat_goes_on(double after)
{
    struct desk d;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_plan(&d, SPW_PLAN_UNITS, SPW_CHANNEL_CHAT, 50, 0);
    desk_ready(&d, 1, 1);
    for (uint64_t id = 1; id <= 4; id++) {
        struct spw_arrive person = written(id, id == 3 ? SPW_CHANNEL_VOICE : SPW_CHANNEL_CHAT);
        desk_arrive(&d, &person, 10);
        if (id <= 2) {
            desk_accept(&d, id, 1, 10);
        }
    }
    desk_end(&d, 1, 10 + after);
    int offered = desk_offered(&d, 4);
    desk_close(&d);
    return offered;
}

START_TEST(a_claim_is_due_at_its_time_and_not_before)
{
    ck_assert_int_eq(chat_goes_on(59.999999999), 1);
    ck_assert_int_eq(chat_goes_on(60), 0);
}
END_TEST

START_TEST(channels_that_exclude_each_other_do_so_whichever_is_held)
{
    for (int declared = 0; declared < 2; declared++) {
        for (int held = 0; held < 2; held++) {
            static const uint8_t channel[] = {SPW_CHANNEL_CHAT, SPW_CHANNEL_EMAIL};
            struct desk d;
            desk_open(&d);
            desk_counsellor(&d, 1, 0);
            desk_plan(&d, SPW_PLAN_GROUP, channel[declared], 1 << channel[1 - declared], 0);
            desk_ready(&d, 1, 1);
            struct spw_arrive first = written(1, channel[held]);
            struct spw_arrive second = written(2, channel[1 - held]);
            struct spw_arrive third = written(3, channel[held]);
            desk_arrive(&d, &first, 2);
            desk_accept(&d, 1, 1, 2);
            desk_arrive(&d, &second, 3);
            desk_arrive(&d, &third, 3);
            ck_assert_int_eq(desk_offered(&d, 2), 0);
            ck_assert_int_eq(spw_view_block(d.engine, d.contact[2], d.who[1]), SPW_BLOCK_GROUP);
            ck_assert_int_eq(desk_offered(&d, 3), 1); /* its own kind may join it */
            desk_close(&d);
        }
    }
}
END_TEST

/* One severe talk before, one after: the second makes a break due, whatever lay between. */
START_TEST(a_severe_streak_outlasts_an_import)
{
    for (int again = 0; again < 2; again++) {
        struct desk d;
        desk_open(&d);
        desk_counsellor(&d, 1, 0);
        struct spw_input in = about(SPW_INPUT_COUNSELLOR_LIMITS, d.contact[0], d.who[1]);
        in.u.limits.severe_max = 2;
        in.u.limits.rest = seconds(600);
        MUST(spw_apply(d.engine, &in, 0, NULL));
        desk_ready(&d, 1, 1);
        for (int n = 2; n <= 5; n++) { /* on duty and never pushed: so one of five may rest */
            struct spw_counsellor_add add = {.key = (uint64_t)n, .centre = 1};
            add.flags = SPW_COUNSELLOR_PULLS;
            MUST(spw_counsellor_add(d.engine, &add, 0, &d.who[n]));
            desk_ready(&d, n, 1);
        }
        for (uint64_t id = 1; id <= 2; id++) {
            struct spw_arrive person = desk_person(id, 3);
            person.flags = SPW_CONTACT_SEVERE;
            desk_arrive(&d, &person, 10 * (double)id);
            desk_accept(&d, id, 1, 10 * (double)id);
            desk_end(&d, id, 10 * (double)id + 5);
            if (id == 1 && again) {
                desk_clear(&d);
                desk_again(&d);
            }
        }
        ck_assert_ptr_nonnull(desk_last(&d, SPW_EVENT_BREAK_DUE, 0));
        desk_close(&d);
    }
}
END_TEST

START_TEST(who_is_held_for_somebody_removed_goes_to_somebody_else)
{
    struct desk d;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_counsellor(&d, 2, 0);
    desk_ready(&d, 1, 1);
    struct spw_arrive person = desk_person(1, 3);
    person.sticky = d.who[2];
    person.sticky_mode = SPW_STICKY_HOLD;
    person.sticky_hold_ns = SPW_HOUR;
    desk_arrive(&d, &person, 2);
    ck_assert_int_eq(desk_offered(&d, 1), 0);
    MUST(spw_counsellor_remove(d.engine, d.who[2], seconds(3)));
    ck_assert_int_eq(desk_offered(&d, 1), 1);
    desk_close(&d);
}
END_TEST

int main(void)
{
    return SUITE_RUN("edges", a_claim_is_due_at_its_time_and_not_before,
                     channels_that_exclude_each_other_do_so_whichever_is_held,
                     a_severe_streak_outlasts_an_import,
                     who_is_held_for_somebody_removed_goes_to_somebody_else);
}
