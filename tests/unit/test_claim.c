/*
 * tests/unit/test_claim.c - a contact that waits for room with a counsellor claims one, and keeps
 * the claim or not (rule U2).
 */
#include "desk.h"
#include "suite.h"

enum leaving { MISSES, RESTS, CLOSES };

/* Voice waits for a counsellor with two chats who can no longer take it: it claims the other. */
static void claim_moves(enum leaving how)
{
    struct desk d;
    struct spw_counsellor_view view;
    desk_open(&d);
    desk_plan(&d, SPW_PLAN_MISS_MAX, 0, 1, 0);
    desk_counsellor(&d, 1, 0);
    struct spw_input in = {.kind = SPW_INPUT_COUNSELLOR_LIMITS};
    in.u.limits.counsellor = d.who[1];
    in.u.limits.shift_end = seconds(100);
    MUST(spw_apply(d.engine, &in, 0, NULL));
    desk_ready(&d, 1, 1);
    for (uint64_t id = 1; id <= 2; id++) {
        struct spw_arrive chat = desk_person(id, 3);
        chat.channel = SPW_CHANNEL_CHAT;
        desk_arrive(&d, &chat, 2);
        desk_accept(&d, id, 1, 2);
    }
    desk_call(&d, 3, 1, 3);
    desk_end(&d, 2, 64); /* 61 s later voice is due: it claims */
    ck_assert_ptr_nonnull(desk_last(&d, SPW_EVENT_CLAIMED, 3));
    if (how == MISSES) { /* a chat in danger goes before the claimant, and is not answered */
        struct spw_arrive chat = desk_person(4, 0);
        chat.channel = SPW_CHANNEL_CHAT;
        desk_arrive(&d, &chat, 65);
        ck_assert_int_eq(desk_offered(&d, 4), 1);
        MUST(spw_advance(d.engine, seconds(85)));
    } else if (how == RESTS) {
        MUST(spw_advance(d.engine, seconds(100)));
    } else {
        in = (struct spw_input){.kind = SPW_INPUT_CENTRE_CLOSE};
        in.u.centre.centre = 1;
        MUST(spw_apply(d.engine, &in, seconds(85), NULL));
        while (spw_continue(d.engine, seconds(85)) == SPW_E_BUSY) {
        }
    }
    MUST(spw_view_counsellor(d.engine, d.who[1], &view));
    ck_assert_uint_eq(view.claim.bits, 0);
    ck_assert_ptr_nonnull(desk_last(&d, SPW_EVENT_CLAIM_RELEASED, 3));
    desk_close(&d);
}

static void chats(struct desk *d, int n, uint64_t first, uint64_t last, double at)
{
    for (uint64_t id = first; id <= last; id++) {
        struct spw_arrive chat = desk_person(id, 3);
        chat.channel = SPW_CHANNEL_CHAT;
        desk_arrive(d, &chat, at);
        desk_accept(d, id, n, at);
    }
}

START_TEST(voice_claims_a_counsellor_who_would_go_on_with_chats)
{
    struct desk d;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_ready(&d, 1, 1);
    for (uint64_t id = 1; id <= 2; id++) { /* two chats: 66 of 100 units */
        struct spw_arrive chat = desk_person(id, 3);
        chat.channel = SPW_CHANNEL_CHAT;
        desk_arrive(&d, &chat, 2);
        desk_accept(&d, id, 1, 3);
    }
    desk_call(&d, 3, 0, 10); /* voice, danger: claims at once */
    ck_assert_ptr_nonnull(desk_last(&d, SPW_EVENT_CLAIMED, 3));
    struct spw_arrive chat = desk_person(4, 3);
    chat.channel = SPW_CHANNEL_CHAT;
    desk_arrive(&d, &chat, 11);
    ck_assert_int_eq(desk_offered(&d, 4), 0);
    desk_end(&d, 1, 20);
    ck_assert_int_eq(desk_offered(&d, 3), 0);
    desk_end(&d, 2, 21);
    ck_assert_int_eq(desk_offered(&d, 3), 1);
    desk_close(&d);
}
END_TEST

START_TEST(a_claim_on_who_cannot_keep_it_ends)
{
    claim_moves(MISSES);
    claim_moves(RESTS);
    claim_moves(CLOSES);
}
END_TEST

/* Two voices wait beside two counsellors with chats: each claims one, not both in turn the same. */
START_TEST(who_claims_does_not_stand_in_the_way_of_the_next)
{
    struct desk d;
    struct spw_counsellor_view view;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_counsellor(&d, 2, 0);
    desk_ready(&d, 1, 1);
    chats(&d, 1, 1, 3, 2);
    desk_ready(&d, 2, 3);
    chats(&d, 2, 4, 6, 4);
    desk_call(&d, 7, 3, 5);
    desk_call(&d, 8, 3, 6);
    desk_end(&d, 1, 70);
    desk_end(&d, 4, 71);
    for (int n = 1; n <= 2; n++) {
        MUST(spw_view_counsellor(d.engine, d.who[n], &view));
        ck_assert_uint_eq(view.claim.bits, d.contact[6 + n].bits);
    }
    desk_close(&d);
}
END_TEST

/* Of two in one class the first goes first, though the second has the nearer deadline: the one who
 * is claimed by the second takes the first. */
START_TEST(claims_inside_a_class_follow_its_lanes)
{
    struct desk d;
    uint32_t queue;
    desk_open(&d);
    desk_plan(&d, SPW_PLAN_ORDER, 0, SPW_ORDER_DEADLINE, 0);
    MUST(spw_stage_begin(d.engine, SPW_STAGE_QUEUE, 0));
    MUST(spw_stage_set(d.engine, SPW_QUEUE_TARGET, 3, seconds(3600), 0));
    MUST(spw_stage_commit(d.engine, 0, &queue));
    desk_counsellor(&d, 1, 0);
    desk_counsellor(&d, 2, 0);
    desk_ready(&d, 1, 1);
    chats(&d, 1, 1, 3, 2);
    desk_ready(&d, 2, 3);
    chats(&d, 2, 4, 6, 4);
    for (uint64_t id = 7; id <= 8; id++) {
        struct spw_arrive person = desk_person(id, 3);
        person.queue = queue;
        person.deadline = id == 8 ? seconds(300) : 0;
        desk_arrive(&d, &person, 5);
    }
    desk_end(&d, 1, 70); /* 7 claims one, 8 the other */
    desk_end(&d, 4, 71);
    for (uint64_t id = 5; id <= 6; id++) {
        desk_end(&d, id, 72);
    }
    ck_assert_int_eq(desk_offered(&d, 7), 2);
    desk_end(&d, 2, 73);
    desk_end(&d, 3, 73);
    ck_assert_int_eq(desk_offered(&d, 8), 1);
    char text[200];
    ck_assert_int_eq(spw_check(d.engine, text, sizeof text), 0);
    desk_close(&d);
}
END_TEST

/* Danger claims somebody who lets two offers ring out: it cannot go there any more, so the claim
 * ends. After the first it still can (rule C7). */
START_TEST(a_claim_is_for_who_lacks_only_room)
{
    struct desk d;
    struct spw_counsellor_view view;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_ready(&d, 1, 1);
    chats(&d, 1, 1, 2, 1);
    struct spw_arrive chat = desk_person(3, 0);
    chat.channel = SPW_CHANNEL_CHAT;
    desk_arrive(&d, &chat, 6);                /* rings, and goes before the claimant */
    desk_call(&d, 4, 0, 6);                   /* claims */
    MUST(spw_advance(d.engine, seconds(26))); /* the chat is missed, and rings again */
    MUST(spw_view_counsellor(d.engine, d.who[1], &view));
    ck_assert_uint_eq(view.claim.bits, d.contact[4].bits);
    MUST(spw_advance(d.engine, seconds(46)));
    MUST(spw_view_counsellor(d.engine, d.who[1], &view));
    ck_assert_uint_eq(view.state, SPW_COUNSELLOR_NOT_ANSWERING);
    ck_assert_uint_eq(view.claim.bits, 0);
    desk_close(&d);
}
END_TEST

/* Both hold the same; danger claims who did not miss the last offer, though idle for less long. */
START_TEST(danger_claims_whoever_did_not_miss_the_last_offer)
{
    struct desk d;
    struct spw_counsellor_view view;
    desk_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_counsellor(&d, 2, 0);
    desk_ready(&d, 1, 1);
    chats(&d, 1, 1, 1, 1);
    struct spw_arrive chat = desk_person(2, 3);
    chat.channel = SPW_CHANNEL_CHAT;
    desk_arrive(&d, &chat, 2);
    MUST(spw_advance(d.engine, seconds(22))); /* missed */
    MUST(spw_contact_left(d.engine, d.contact[2], seconds(22)));
    desk_ready(&d, 2, 23);
    chats(&d, 2, 3, 3, 24);
    desk_call(&d, 4, 0, 25);
    MUST(spw_view_counsellor(d.engine, d.who[2], &view));
    ck_assert_uint_eq(view.claim.bits, d.contact[4].bits);
    desk_close(&d);
}
END_TEST

/* One rule for claims: a counsellor with any room left is looked at, pushed or pulling, and a
 * contact that only lacks room there claims the one who holds least. One without room is not looked
 * at. */
START_TEST(who_pulls_with_too_little_room_makes_a_claim)
{
    for (int full = 0; full < 2; full++) {
        struct desk d;
        struct spw_counsellor_view view;
        struct spw_counsellor_add add = {.key = 1, .centre = 1, .units = full ? 99 : 100};
        add.flags = SPW_COUNSELLOR_PULLS;
        desk_open(&d);
        MUST(spw_counsellor_add(d.engine, &add, 0, &d.who[1]));
        desk_counsellor(&d, 2, 0);
        desk_ready(&d, 1, 1);
        for (uint64_t id = 1; id <= 3; id++) {
            struct spw_arrive chat = desk_person(id, 3);
            chat.channel = SPW_CHANNEL_CHAT;
            desk_arrive(&d, &chat, 2);
            MUST(spw_counsellor_pull(d.engine, d.who[1], seconds(2)));
            desk_accept(&d, id, 1, 2);
        }
        desk_ready(&d, 2, 3);
        chats(&d, 2, 4, 4, 4);
        desk_call(&d, 5, 3, 5);
        MUST(spw_counsellor_pull(d.engine, d.who[1], seconds(70)));
        ck_assert_ptr_nonnull(desk_last(&d, SPW_EVENT_PULL_EMPTY, 0));
        MUST(spw_view_counsellor(d.engine, d.who[2], &view));
        ck_assert_uint_eq(view.claim.bits, full ? 0 : d.contact[5].bits);
        desk_close(&d);
    }
}
END_TEST

/* The shift of 1 is over while a chat goes on. No limit keeps danger away: a call in danger claims
 * 1, and a chat in danger that comes later does not get what room there is. */
START_TEST(danger_claims_whoever_is_at_a_limit)
{
    for (int other = 0; other < 2; other++) {
        struct desk d;
        struct spw_input in = {.kind = SPW_INPUT_COUNSELLOR_LIMITS};
        desk_open(&d);
        desk_counsellor(&d, 1, 0);
        in.u.limits.counsellor = d.who[1];
        in.u.limits.shift_end = seconds(10);
        MUST(spw_apply(d.engine, &in, 0, NULL));
        desk_ready(&d, 1, 1);
        chats(&d, 1, 1, 1, 2);
        if (other) { /* a counsellor at no limit is claimed first, though holding more */
            desk_counsellor(&d, 2, 0);
            desk_ready(&d, 2, 3);
            chats(&d, 2, 2, 3, 4);
        }
        desk_call(&d, 4, 0, 11);
        const struct spw_event *claimed = desk_last(&d, SPW_EVENT_CLAIMED, 4);
        ck_assert_ptr_nonnull(claimed);
        ck_assert_uint_eq(claimed->counsellor.bits, d.who[other ? 2 : 1].bits);
        if (!other) {
            struct spw_arrive chat = desk_person(5, 0);
            chat.channel = SPW_CHANNEL_CHAT;
            desk_arrive(&d, &chat, 12);
            ck_assert_int_eq(desk_offered(&d, 5), 0);
            desk_end(&d, 1, 13);
            ck_assert_int_eq(desk_offered(&d, 4), 1);
        }
        desk_close(&d);
    }
}
END_TEST

enum { CROWD = 70, CHATS = 3 };

/* Seventy of one pool hold three chats each, which is all that they have room for; one lets go. */
static void crowd(struct spw_engine *e, spw_counsellor *freed)
{
    spw_counsellor who[CROWD];
    spw_contact chat[CROWD * CHATS];
    struct spw_event events[64];
    for (uint64_t n = 0; n < CROWD; n++) {
        struct spw_counsellor_add add = {.key = n + 1, .centre = 1};
        MUST(spw_counsellor_add(e, &add, 0, &who[n]));
        MUST(spw_counsellor_ready(e, who[n], seconds(1)));
        for (uint64_t i = n * CHATS; i < (n + 1) * CHATS; i++) {
            struct spw_arrive arrive = desk_person(i + 1, 3);
            arrive.channel = SPW_CHANNEL_CHAT;
            MUST(spw_contact_arrive(e, &arrive, seconds(1), &chat[i]));
            MUST(spw_contact_accepted(e, chat[i], who[n], seconds(1)));
        }
        while (spw_poll(e, events, 64) == 64) {
        }
    }
    *freed = who[7];
    MUST(spw_contact_ended(e, chat[7 * CHATS], SPW_END_SERVED, seconds(2)));
}

/* A counsellor without room is not one of the few looked past: the last of a long list is found. */
START_TEST(room_behind_many_who_have_none_is_found)
{
    struct desk d;
    struct spw_config config;
    struct spw_contact_view view;
    spw_counsellor freed;
    desk_config(&config);
    config.contacts_max = 512;
    config.counsellors_max = CROWD;
    desk_open_as(&d, &config);
    crowd(d.engine, &freed);
    struct spw_arrive chat = desk_person(1000, 3);
    chat.channel = SPW_CHANNEL_CHAT;
    spw_contact contact;
    MUST(spw_contact_arrive(d.engine, &chat, seconds(3), &contact));
    MUST(spw_view_contact(d.engine, contact, &view));
    ck_assert_uint_eq(view.counsellor.bits, freed.bits);
    desk_close(&d);
}
END_TEST

int main(void)
{
    return SUITE_RUN("claim", voice_claims_a_counsellor_who_would_go_on_with_chats,
                     a_claim_on_who_cannot_keep_it_ends,
                     who_claims_does_not_stand_in_the_way_of_the_next,
                     claims_inside_a_class_follow_its_lanes, a_claim_is_for_who_lacks_only_room,
                     danger_claims_whoever_did_not_miss_the_last_offer,
                     who_pulls_with_too_little_room_makes_a_claim,
                     danger_claims_whoever_is_at_a_limit, room_behind_many_who_have_none_is_found);
}
