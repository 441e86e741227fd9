/*
 * tests/unit/test_bad_facts.c - facts that do not fit the state, through the public door: a fact is
 * never refused; the event says what was done instead, and nobody is lost (rule D1).
 */
#include "scene.h"

static void fact(struct desk *d, const struct spw_input *in, int contact, uint32_t kind,
                 uint32_t reason)
{
    desk_clear(d);
    MUST(spw_apply(d->engine, in, seconds(NOW), NULL));
    const struct spw_event *event = desk_last(d, kind, (uint64_t)contact);
    ck_assert_msg(event != NULL && event->reason == reason, "%s about %d: %s",
                  spw_input_name(in->kind), contact,
                  event == NULL ? "nothing said" : "another reason");
    accounted(d, ARRIVED);
}

/* Facts that were so already, or say less than they should: said, and nothing else changes. */
START_TEST(a_fact_that_says_nothing_new_changes_nothing)
{
    struct desk d;
    scene_open(&d);
    static const struct {
        uint32_t kind;
        int contact;
        int counsellor;
        uint32_t detail;
        uint32_t event;
        uint32_t reason;
    } each[] = {
        {SPW_INPUT_CONTACT_ACCEPTED, TALKING, ADA, 0, SPW_EVENT_RECONCILED, SPW_RECONCILED_ALREADY},
        {SPW_INPUT_CONTACT_ACCEPTED, TALKING, BEA, 0, SPW_EVENT_OFFER_LOST,
         SPW_WHY_ACCEPTED_ELSEWHERE},
        {SPW_INPUT_CONTACT_DECLINED, TALKING, ADA, 0, SPW_EVENT_RECONCILED, SPW_RECONCILED_ALREADY},
        {SPW_INPUT_CONTACT_DECLINED, OFFERED, ADA, 0, SPW_EVENT_RECONCILED, SPW_RECONCILED_ALREADY},
        {SPW_INPUT_CONTACT_DECLINED, WAITING, BEA, 0, SPW_EVENT_RECONCILED, SPW_RECONCILED_ALREADY},
        {SPW_INPUT_CONTACT_DROPPED, PARKED, 0, 0, SPW_EVENT_RECONCILED, SPW_RECONCILED_ALREADY},
        {SPW_INPUT_CONTACT_DROPPED, PROMISED, 0, 0, SPW_EVENT_RECONCILED, SPW_RECONCILED_ALREADY},
        {SPW_INPUT_CONTACT_RESUMED, WAITING, 0, 0, SPW_EVENT_RECONCILED, SPW_RECONCILED_ALREADY},
        {SPW_INPUT_CONTACT_RESUMED, TALKING, 0, 0, SPW_EVENT_RECONCILED, SPW_RECONCILED_ALREADY},
        {SPW_INPUT_CONTACT_CALLBACK_DUE, WAITING, 0, 0, SPW_EVENT_RECONCILED,
         SPW_RECONCILED_ALREADY},
        {SPW_INPUT_CONTACT_CALLBACK_DONE, TALKING, 0, SPW_CALLBACK_REACHED, SPW_EVENT_RECONCILED,
         SPW_RECONCILED_STATE},
        {SPW_INPUT_CONTACT_CALLBACK_DONE, WAITING, 0, SPW_CALLBACK_OTHER_ANSWERED,
         SPW_EVENT_RECONCILED, SPW_RECONCILED_STATE},
    };
    for (size_t i = 0; i < sizeof each / sizeof each[0]; i++) {
        struct spw_input in =
            about(each[i].kind, d.contact[each[i].contact], d.who[each[i].counsellor]);
        if (each[i].detail != 0) {
            in.u.contact.detail = each[i].detail;
        }
        uint8_t before = state_of(&d, each[i].contact);
        fact(&d, &in, each[i].contact, each[i].event, each[i].reason);
        ck_assert_uint_eq(d.event_count, 1);
        ck_assert_uint_eq(state_of(&d, each[i].contact), before);
    }
    struct spw_input in = about(SPW_INPUT_COUNSELLOR_WRAPPED_UP, d.contact[TALKING], d.who[ADA]);
    fact(&d, &in, 0, SPW_EVENT_RECONCILED, SPW_RECONCILED_ALREADY);
    scene_close(&d, ARRIVED);
}
END_TEST

START_TEST(an_accept_that_nobody_asked_for_wins)
{
    static const int contacts[] = {OFFERED, WAITING, PARKED, PROMISED};
    for (size_t i = 0; i < 4; i++) {
        struct desk d;
        scene_open(&d);
        MUST(spw_counsellor_sign_in(d.engine, d.who[CORA], seconds(NOW))); /* paused */
        struct spw_input in =
            about(SPW_INPUT_CONTACT_ACCEPTED, d.contact[contacts[i]], d.who[CORA]);
        fact(&d, &in, contacts[i], SPW_EVENT_CONNECTED, 0);
        ck_assert_ptr_nonnull(desk_last(&d, SPW_EVENT_RECONCILED, (uint64_t)contacts[i]));
        ck_assert_uint_eq(state_of(&d, contacts[i]), SPW_CONTACT_CONNECTED);
        scene_close(&d, ARRIVED);
    }
}
END_TEST

START_TEST(an_accept_beyond_capacity_is_a_fact_too)
{
    struct desk d;
    scene_open(&d);
    struct spw_input in = about(SPW_INPUT_CONTACT_ACCEPTED, d.contact[WAITING], d.who[ADA]);
    fact(&d, &in, WAITING, SPW_EVENT_RECONCILED, SPW_RECONCILED_OVERLOAD);
    ck_assert_uint_eq(state_of(&d, WAITING), SPW_CONTACT_CONNECTED);
    ck_assert_uint_eq(state_of(&d, TALKING), SPW_CONTACT_CONNECTED);
    scene_close(&d, ARRIVED);
}
END_TEST

START_TEST(an_end_before_the_beginning_is_taken_as_left)
{
    static const int contacts[] = {OFFERED, WAITING, PARKED, PROMISED};
    for (size_t i = 0; i < 4; i++) {
        struct desk d;
        scene_open(&d);
        struct spw_input in = about(SPW_INPUT_CONTACT_ENDED, d.contact[contacts[i]], d.who[0]);
        in.u.contact.detail = i % 2 == 0 ? SPW_END_SERVED : SPW_END_CUT;
        fact(&d, &in, contacts[i], SPW_EVENT_RECONCILED, SPW_RECONCILED_NOT_CONNECTED);
        ck_assert_uint_eq(desk_last(&d, SPW_EVENT_ENDED, (uint64_t)contacts[i])->reason,
                          SPW_END_ABANDONED);
        scene_close(&d, ARRIVED);
    }
}
END_TEST

START_TEST(an_arrival_of_somebody_live_is_that_one_in_whatever_state)
{
    struct desk d;
    scene_open(&d);
    for (uint64_t id = TALKING; id <= PROMISED; id++) {
        struct spw_arrive again = desk_person(id, 0);
        spw_contact contact;
        uint8_t before = state_of(&d, (int)id);
        desk_clear(&d);
        MUST(spw_contact_arrive(d.engine, &again, seconds(NOW), &contact));
        ck_assert_uint_eq(contact.bits, d.contact[id].bits);
        ck_assert_uint_eq(desk_last(&d, SPW_EVENT_RECONCILED, id)->reason,
                          SPW_RECONCILED_DUPLICATE);
        ck_assert_uint_eq(d.event_count, 1);
        ck_assert_uint_eq(state_of(&d, (int)id), before);
    }
    scene_close(&d, ARRIVED);
}
END_TEST

START_TEST(time_going_back_is_said_and_the_input_taken_all_the_same)
{
    struct desk d;
    scene_open(&d);
    struct spw_input in = about(SPW_INPUT_CONTACT_LEFT, d.contact[WAITING], d.who[0]);
    MUST(spw_apply(d.engine, &in, seconds(NOW - 30), NULL));
    desk_poll(&d);
    ck_assert_int_eq(spw_clock(d.engine), seconds(NOW));
    ck_assert_uint_eq(desk_last(&d, SPW_EVENT_CLOCK_BACK, 0)->detail_a, 30000000000u);
    ck_assert_int_eq(desk_last(&d, SPW_EVENT_ENDED, WAITING)->at, seconds(NOW));
    in = (struct spw_input){.kind = SPW_INPUT_STAGE_COMMIT}; /* refused: not even that is said */
    refused_at(&d, &in, seconds(NOW - 30), SPW_E_STAGE);
    scene_close(&d, ARRIVED);
}
END_TEST

static struct spw_counsellor_view view_of(struct desk *d, int counsellor)
{
    struct spw_counsellor_view view;
    MUST(spw_view_counsellor(d->engine, d->who[counsellor], &view));
    return view;
}

START_TEST(after_a_restart_only_who_was_not_confirmed_is_lost)
{
    struct desk d;
    scene_open(&d);
    struct spw_input in = {.kind = SPW_INPUT_RECONCILE_BEGIN};
    MUST(spw_apply(d.engine, &in, seconds(NOW), NULL));
    in = about(SPW_INPUT_COUNSELLOR_ALIVE, d.contact[0], d.who[ADA]);
    MUST(spw_apply(d.engine, &in, seconds(NOW), NULL));
    in = about(SPW_INPUT_CONTACT_ALIVE, d.contact[TALKING], d.who[0]);
    MUST(spw_apply(d.engine, &in, seconds(NOW), NULL));
    in = (struct spw_input){.kind = SPW_INPUT_RECONCILE_END};
    in.u.span = seconds(60);
    MUST(spw_apply(d.engine, &in, seconds(NOW), NULL));
    while (spw_continue(d.engine, seconds(NOW)) == SPW_E_BUSY) {
    }
    ck_assert_uint_eq(view_of(&d, ADA).state, SPW_COUNSELLOR_ON);
    ck_assert_uint_eq(state_of(&d, TALKING), SPW_CONTACT_CONNECTED);
    ck_assert_uint_eq(view_of(&d, BEA).state, SPW_COUNSELLOR_GONE_SILENT);
    ck_assert_uint_eq(view_of(&d, CORA).state, SPW_COUNSELLOR_OUT);
    ck_assert_uint_eq(state_of(&d, OFFERED), SPW_CONTACT_PARKED);
    ck_assert_uint_eq(state_of(&d, WAITING), SPW_CONTACT_PARKED);
    scene_close(&d, ARRIVED);
}
END_TEST

/* What the host says after it came back is what it sees: a person back on the line, a talk that an
 * accept begins, a counsellor who comes on duty need no other word. */
START_TEST(what_is_said_after_a_restart_confirms)
{
    struct desk d;
    scene_open(&d);
    struct spw_input in = {.kind = SPW_INPUT_RECONCILE_BEGIN};
    MUST(spw_apply(d.engine, &in, seconds(NOW), NULL));
    desk_accept(&d, OFFERED, BEA, NOW);
    MUST(spw_contact_resumed(d.engine, d.contact[PARKED], seconds(NOW)));
    MUST(spw_contact_resumed(d.engine, d.contact[PROMISED], seconds(NOW)));
    MUST(spw_counsellor_sign_in(d.engine, d.who[CORA], seconds(NOW)));
    in = (struct spw_input){.kind = SPW_INPUT_RECONCILE_END, .u.span = seconds(60)};
    MUST(spw_apply(d.engine, &in, seconds(NOW), NULL));
    while (spw_continue(d.engine, seconds(NOW)) == SPW_E_BUSY) {
    }
    ck_assert_uint_eq(state_of(&d, OFFERED), SPW_CONTACT_CONNECTED);
    ck_assert_uint_eq(state_of(&d, PARKED), SPW_CONTACT_WAITING);
    ck_assert_uint_eq(state_of(&d, PROMISED), SPW_CONTACT_WAITING);
    ck_assert_uint_eq(view_of(&d, CORA).state, SPW_COUNSELLOR_PAUSED);
    ck_assert_uint_eq(state_of(&d, TALKING), SPW_CONTACT_PARKED); /* nothing was said of it */
    ck_assert_uint_eq(view_of(&d, ADA).state, SPW_COUNSELLOR_GONE_SILENT);
    scene_close(&d, ARRIVED);
}
END_TEST

/* The events of an answer to nobody and of a talk that ends in a transfer name the contact that was
 * meant. */
START_TEST(events_name_the_counsellor_of_the_fact)
{
    struct desk d;
    scene_open(&d);
    struct spw_input in = about(SPW_INPUT_CONTACT_DECLINED, d.contact[ENDED], d.who[BEA]);
    desk_clear(&d);
    MUST(spw_apply(d.engine, &in, seconds(NOW), NULL));
    desk_poll(&d);
    ck_assert_uint_eq(d.event[0].kind, SPW_EVENT_RECONCILED);
    ck_assert_uint_eq(d.event[0].counsellor.bits, d.who[BEA].bits);
    desk_transfer(&d, TALKING, SPW_TRANSFER_WARM, NOW);
    MUST(spw_contact_left(d.engine, d.contact[TALKING], seconds(NOW)));
    ck_assert_uint_eq(desk_last(&d, SPW_EVENT_ENDED, TALKING)->counsellor.bits, d.who[ADA].bits);
    scene_close(&d, ARRIVED);
}
END_TEST

int main(void)
{
    return SUITE_RUN("bad facts", a_fact_that_says_nothing_new_changes_nothing,
                     an_accept_that_nobody_asked_for_wins, an_accept_beyond_capacity_is_a_fact_too,
                     an_end_before_the_beginning_is_taken_as_left,
                     an_arrival_of_somebody_live_is_that_one_in_whatever_state,
                     time_going_back_is_said_and_the_input_taken_all_the_same,
                     after_a_restart_only_who_was_not_confirmed_is_lost,
                     what_is_said_after_a_restart_confirms, events_name_the_counsellor_of_the_fact);
}
