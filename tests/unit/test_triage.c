/*
 * tests/unit/test_triage.c - what a contact is changes while it waits, rings or talks (rules D2,
 * C4, N3, O4, S5).
 */
#include "scene.h"

static int triage(struct desk *d, int id, uint32_t queue, uint32_t need, uint8_t flags)
{
    return spw_contact_reclassify(d->engine, d->contact[id], 2, queue, need, flags, seconds(NOW));
}

static struct spw_contact_view look(struct desk *d, int id)
{
    struct spw_contact_view view;
    MUST(spw_view_contact(d->engine, d->contact[id], &view));
    return view;
}

/* It rings while it is classified: an able counsellor keeps the offer, and what it is counts
 * after. */
START_TEST(an_offer_is_answered_with_what_is_known_by_then)
{
    struct desk d;
    scene_open(&d);
    uint32_t need = desk_need(&d, 1, 10);
    MUST(triage(&d, OFFERED, 1, 0, 0));
    ck_assert_uint_eq(look(&d, OFFERED).queue, 1);
    ck_assert_uint_eq(state_of(&d, OFFERED), SPW_CONTACT_OFFERED);
    MUST(triage(&d, OFFERED, 0, need, 0)); /* bea cannot */
    ck_assert_uint_eq(desk_last(&d, SPW_EVENT_OFFER_WITHDRAWN, OFFERED)->reason,
                      SPW_WHY_RECLASSIFIED);
    ck_assert_uint_eq(look(&d, OFFERED).need, need);
    ck_assert_uint_eq(state_of(&d, OFFERED), SPW_CONTACT_WAITING);
    ck_assert_int_eq(desk_offered(&d, WAITING), BEA);
    scene_close(&d, ARRIVED);
}
END_TEST

START_TEST(need_0_of_a_triage_keeps_the_own_need_and_of_a_transfer_does_not)
{
    struct desk d;
    scene_open(&d);
    uint32_t need = desk_need(&d, 1, 10);
    MUST(triage(&d, TALKING, 0, need, 0));
    MUST(triage(&d, TALKING, 1, 0, 0));
    ck_assert_uint_eq(look(&d, TALKING).need, need);
    spw_counsellor anybody = {0};
    MUST(spw_contact_transfer(d.engine, d.contact[TALKING], SPW_TRANSFER_COLD, anybody, 0, 0, 2,
                              seconds(NOW)));
    ck_assert_uint_eq(look(&d, TALKING).need, 0);
    scene_close(&d, ARRIVED);
}
END_TEST

/* Every class is used and one is kept for danger: the triage is refused, nobody is thrown out. */
START_TEST(without_a_class_a_triage_is_refused_and_nobody_lost)
{
    struct desk d;
    desk_open(&d);
    for (uint64_t id = 1; id <= 60; id++) { /* 64 classes, 4 of them for danger */
        struct spw_arrive person = desk_person(id, 3);
        person.zone = (uint16_t)(id == 60 ? 1 : id);
        desk_arrive(&d, &person, (double)id);
    }
    struct spw_arrive person = desk_person(61, 3);
    person.zone = 61;
    desk_arrive(&d, &person, NOW);
    ck_assert_uint_ne(d.contact[61].bits, 0); /* the last class */
    struct spw_input in = about(SPW_INPUT_CONTACT_RECLASSIFY, d.contact[60], d.who[0]);
    in.u.reclassify.priority = 2;
    refused(&d, &in, SPW_E_FULL); /* another waits in its class: that stays */
    in.u.reclassify.contact = d.contact[5];
    MUST(spw_apply(d.engine, &in, seconds(NOW), NULL)); /* gives up the slot it needs */
    in.u.reclassify.contact = d.contact[60];
    in.u.reclassify.priority = 0;
    in.u.reclassify.danger = in.u.reclassify.priority == 0;
    MUST(spw_apply(d.engine, &in, seconds(NOW), NULL)); /* danger has slots of its own */
    ck_assert_uint_eq(state_of(&d, 60), SPW_CONTACT_WAITING);
    desk_close(&d);
}
END_TEST

/* That a talk is severe is often known only in it: it counts towards the streak. */
START_TEST(what_is_learned_in_the_talk_counts)
{
    struct desk d;
    desk_open(&d);
    uint32_t centre;
    MUST(spw_stage_begin(d.engine, SPW_STAGE_CENTRE, 0));
    MUST(spw_stage_set(d.engine, SPW_CENTRE_REST_SHARE, 0, 100, 0));
    MUST(spw_stage_commit(d.engine, 0, &centre));
    struct spw_counsellor_add add = {.key = 1, .centre = centre};
    MUST(spw_counsellor_add(d.engine, &add, 0, &d.who[1]));
    struct spw_input in = about(SPW_INPUT_COUNSELLOR_LIMITS, d.contact[0], d.who[1]);
    in.u.limits.severe_max = 1;
    in.u.limits.rest = seconds(600);
    MUST(spw_apply(d.engine, &in, 0, NULL));
    desk_ready(&d, 1, 1);
    struct spw_arrive person = desk_person(1, 3);
    person.home = centre;
    person.flags = SPW_CONTACT_UNCLASSIFIED;
    desk_arrive(&d, &person, 2);
    desk_accept(&d, 1, 1, 3);
    MUST(spw_contact_reclassify(d.engine, d.contact[1], 1, 0, 0, SPW_CONTACT_SEVERE, seconds(10)));
    desk_end(&d, 1, 20);
    ck_assert_ptr_nonnull(desk_last(&d, SPW_EVENT_BREAK_DUE, 0));
    desk_close(&d);
}
END_TEST

/* A step falls due while every class is used: it is taken when one is free. */
START_TEST(a_step_without_a_class_waits_for_one)
{
    struct desk d;
    uint32_t ladder;
    desk_open(&d);
    MUST(spw_stage_begin(d.engine, SPW_STAGE_LADDER, 0));
    MUST(spw_stage_step(d.engine, 0, 0, 0, 0));
    MUST(spw_stage_step(d.engine, seconds(10), 0, 1, 0));
    MUST(spw_stage_commit(d.engine, 0, &ladder));
    uint32_t queue = desk_queue(&d, SPW_QUEUE_LADDER, ladder, 0, 0);
    struct spw_arrive person = desk_person(1, 3);
    person.queue = queue;
    desk_arrive(&d, &person, 1);
    person.id.lo = 2; /* in the same class: it cannot give it up, only leave it */
    desk_arrive(&d, &person, 1);
    for (uint64_t id = 3; id <= 61; id++) {
        person = desk_person(id, 3);
        person.zone = (uint16_t)id;
        desk_arrive(&d, &person, 2);
    }
    MUST(spw_advance(d.engine, seconds(11)));
    ck_assert_uint_eq(look(&d, 1).step, 0);
    MUST(spw_contact_left(d.engine, d.contact[3], seconds(20)));
    MUST(spw_advance(d.engine, seconds(21)));
    ck_assert_uint_eq(look(&d, 1).step, 1);
    ck_assert_uint_eq(look(&d, 2).step, 1);
    desk_close(&d);
}
END_TEST

/* The same clauses in another order, one of them twice: the same need. */
START_TEST(a_need_is_what_it_says_in_whatever_order)
{
    static const uint32_t told[3][4] = {{1, 2, 3, 0}, {3, 1, 2, 0}, {2, 3, 1, 2}};
    struct desk d;
    uint32_t need[3];
    desk_open(&d);
    for (int i = 0; i < 3; i++) {
        MUST(spw_stage_begin(d.engine, SPW_STAGE_NEED, 0));
        for (int clause = 0; clause < 4 && told[i][clause] != 0; clause++) {
            uint32_t skill = told[i][clause];
            MUST(spw_stage_literal(d.engine, skill, 10, SPW_HOLDS, 0));
            MUST(spw_stage_literal(d.engine, skill % 3 + 1, 90, SPW_HOLDS, 0));
            MUST(spw_stage_literal(d.engine, skill, 10, SPW_HOLDS, 0));
            MUST(spw_stage_clause(d.engine, skill == 2, 0));
        }
        MUST(spw_stage_commit(d.engine, 0, &need[i]));
        ck_assert_uint_eq(need[i], need[0]);
    }
    desk_close(&d);
}
END_TEST

/* A record that was filled with zeroes makes nobody a case of danger; said on purpose it does. */
START_TEST(danger_must_be_meant)
{
    struct desk d;
    scene_open(&d);
    struct spw_input in = about(SPW_INPUT_CONTACT_TRANSFER, d.contact[TALKING], d.who[0]);
    refused(&d, &in, SPW_E_RANGE);
    in.u.transfer.priority = SPW_PRIORITY_SAME;
    MUST(spw_apply(d.engine, &in, seconds(NOW), NULL));
    ck_assert_uint_eq(look(&d, TALKING).priority, 3);
    in = about(SPW_INPUT_CONTACT_RECLASSIFY, d.contact[TALKING], d.who[0]);
    refused(&d, &in, SPW_E_RANGE);
    in.u.reclassify.danger = 2;
    refused(&d, &in, SPW_E_RANGE);
    in.u.reclassify.danger = 1;
    MUST(spw_apply(d.engine, &in, seconds(NOW), NULL));
    ck_assert_uint_eq(look(&d, TALKING).priority, 0);
    in.u.reclassify.danger = 0; /* so it is already */
    in.u.reclassify.queue = 1;
    MUST(spw_apply(d.engine, &in, seconds(NOW), NULL));
    scene_close(&d, ARRIVED);
}
END_TEST

int main(void)
{
    return SUITE_RUN("triage", an_offer_is_answered_with_what_is_known_by_then,
                     need_0_of_a_triage_keeps_the_own_need_and_of_a_transfer_does_not,
                     without_a_class_a_triage_is_refused_and_nobody_lost,
                     what_is_learned_in_the_talk_counts, a_step_without_a_class_waits_for_one,
                     a_need_is_what_it_says_in_whatever_order, danger_must_be_meant);
}
