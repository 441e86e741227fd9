/*
 * tests/unit/test_bad_input.c - what a host can get wrong, through the public door: each mistake
 * gets the code that the headers name and leaves the state as it was; nobody is lost on the way.
 */
#include "scene.h"

/* --- malformed -------------------------------------------------------------------------------- */

START_TEST(a_kind_that_is_none_is_invalid)
{
    struct desk d;
    scene_open(&d);
    static const uint32_t kinds[] = {0, 4, 9, 19, 29, 43, 49, 65, 75, 79, 84, 1000, UINT32_MAX};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct spw_input in = {.kind = kinds[i]};
        ck_assert_ptr_null(spw_input_name(kinds[i]));
        refused(&d, &in, SPW_E_INVALID);
    }
    struct spw_input in = {.kind = SPW_INPUT_ADVANCE, .reserved_0 = 1};
    refused(&d, &in, SPW_E_INVALID);
    scene_close(&d, ARRIVED);
}
END_TEST

/* The largest member of each sort of kinds; what stands behind it must be zero. */
static size_t bytes_used(uint32_t kind)
{
    static const struct spw_input in;
    if (kind == SPW_INPUT_CONTACT_ARRIVE) {
        return sizeof in.u.arrive;
    }
    if (kind == SPW_INPUT_COUNSELLOR_ADD) {
        return sizeof in.u.counsellor_add;
    }
    if (kind == SPW_INPUT_COUNSELLOR_LIMITS) {
        return sizeof in.u.limits;
    }
    if (kind >= SPW_INPUT_SUPERVISE_ASSIGN && kind <= SPW_INPUT_SUPERVISE_SUSPEND) {
        return sizeof in.u.supervise;
    }
    if (kind >= SPW_INPUT_STAGE_BEGIN && kind < SPW_INPUT_COUNSELLOR_ADD) {
        return sizeof in.u.step;
    }
    if (kind <= SPW_INPUT_CONTINUE || kind == SPW_INPUT_RECONCILE_BEGIN) {
        return 0;
    }
    return sizeof in.u.transfer; /* the largest of what is said about a contact */
}

START_TEST(bytes_that_no_kind_uses_are_invalid)
{
    struct desk d;
    scene_open(&d);
    uint32_t kinds = 0;
    for (uint32_t kind = 1; kind < 128; kind++) {
        size_t used = bytes_used(kind);
        kinds += spw_input_name(kind) != NULL;
        for (size_t at = used;
             spw_input_name(kind) != NULL && at < sizeof((struct spw_input *)0)->u; at++) {
            struct spw_input in = about(kind, d.contact[WAITING], d.who[ADA]);
            in.u.bytes[at] = (unsigned char)(at % 2 == 0 ? 1 : 0x80);
            refused(&d, &in, SPW_E_INVALID);
        }
    }
    ck_assert_uint_gt(kinds, 45);
    scene_close(&d, ARRIVED);
}
END_TEST

/* `{0}` and `{.kind = ...}` set all of a record to zero: the first member of the union is all. */
START_TEST(a_record_begun_as_the_header_says_is_zero)
{
    const struct spw_input none = {0};
    const struct spw_input arrival = {.kind = SPW_INPUT_CONTACT_ARRIVE};
    ck_assert_ptr_eq((const void *)&none.u, (const void *)none.u.bytes);
    ck_assert_uint_eq(sizeof none.u, sizeof none.u.bytes);
    for (size_t i = 0; i < sizeof none.u; i++) {
        ck_assert_uint_eq(none.u.bytes[i] | arrival.u.bytes[i], 0);
    }
}
END_TEST

START_TEST(a_time_that_is_none_is_out_of_range_for_every_kind)
{
    struct desk d;
    scene_open(&d);
    static const spw_ns times[] = {-1, INT64_MIN, SPW_TIME_MAX, SPW_TIME_MAX + 1, INT64_MAX};
    for (uint32_t kind = 1; kind < 84; kind++) {
        for (size_t i = 0; i < 5 && spw_input_name(kind) != NULL; i++) {
            struct spw_input in = about(kind, d.contact[WAITING], d.who[ADA]);
            refused_at(&d, &in, times[i], SPW_E_RANGE);
        }
    }
    spw_ns last = SPW_TIME_MAX - 1; /* the last point in time is one */
    while (spw_advance(d.engine, last) == SPW_E_BUSY) {
        desk_clear(&d);
    }
    ck_assert_int_eq(spw_clock(d.engine), last);
    ck_assert_int_gt(spw_next_deadline(d.engine), last);
    scene_close(&d, ARRIVED);
}
END_TEST

static void bad_arrival(struct desk *d, const struct spw_arrive *arrive, int code)
{
    struct spw_input in = {.kind = SPW_INPUT_CONTACT_ARRIVE};
    in.u.arrive = *arrive;
    refused(d, &in, code);
}

#define BAD_ARRIVAL(code, member, bad)                                                             \
    do {                                                                                           \
        struct spw_arrive person = desk_person(NEWCOMER, 3);                                       \
        person.member = (bad);                                                                     \
        bad_arrival(&d, &person, (code));                                                          \
    } while (0)

START_TEST(an_arrival_names_what_exists)
{
    struct desk d;
    scene_open(&d);
    BAD_ARRIVAL(SPW_E_UNKNOWN, home, 0);
    BAD_ARRIVAL(SPW_E_UNKNOWN, home, 2);
    BAD_ARRIVAL(SPW_E_UNKNOWN, home, UINT32_MAX);
    BAD_ARRIVAL(SPW_E_UNKNOWN, queue, 0);
    BAD_ARRIVAL(SPW_E_UNKNOWN, queue, 3);
    BAD_ARRIVAL(SPW_E_UNKNOWN, need, 1);
    BAD_ARRIVAL(SPW_E_RANGE, priority, SPW_PRIORITY_COUNT);
    BAD_ARRIVAL(SPW_E_RANGE, channel, SPW_CHANNEL_COUNT);
    BAD_ARRIVAL(SPW_E_RANGE, flags, 128);
    BAD_ARRIVAL(SPW_E_RANGE, sticky_mode, SPW_STICKY_HOLD + 1);
    BAD_ARRIVAL(SPW_E_RANGE, sticky_hold_ns, -1);
    BAD_ARRIVAL(SPW_E_RANGE, deadline, -1);
    BAD_ARRIVAL(SPW_E_RANGE, deadline, SPW_TIME_MAX);
    BAD_ARRIVAL(SPW_E_INVALID, id, ((spw_id){0, 0}));
    BAD_ARRIVAL(SPW_E_INVALID, reserved_0, 1);
    BAD_ARRIVAL(SPW_E_INVALID, reserved_1, 1);
    scene_close(&d, ARRIVED);
}
END_TEST

#define BAD_ADD(code, member, bad)                                                                 \
    do {                                                                                           \
        struct spw_input in = {.kind = SPW_INPUT_COUNSELLOR_ADD};                                  \
        in.u.counsellor_add = (struct spw_counsellor_add){.key = 50, .centre = 1};                 \
        in.u.counsellor_add.member = (bad);                                                        \
        refused(&d, &in, (code));                                                                  \
    } while (0)

START_TEST(a_counsellor_is_new_and_names_what_exists)
{
    struct desk d;
    scene_open(&d);
    BAD_ADD(SPW_E_UNKNOWN, centre, 0);
    BAD_ADD(SPW_E_UNKNOWN, centre, 2);
    BAD_ADD(SPW_E_UNKNOWN, skillset, 1);
    BAD_ADD(SPW_E_RANGE, units, 1001);
    BAD_ADD(SPW_E_RANGE, channels, 1u << SPW_CHANNEL_COUNT);
    BAD_ADD(SPW_E_RANGE, flags, 2);
    BAD_ADD(SPW_E_INVALID, reserved_0, 1);
    BAD_ADD(SPW_E_DUPLICATE, key, ADA);
    scene_close(&d, ARRIVED);
}
END_TEST

/* --- handles ---------------------------------------------------------------------------------- */

static const uint32_t contact_kinds[] = {
    SPW_INPUT_CONTACT_LEFT,          SPW_INPUT_CONTACT_DROPPED,
    SPW_INPUT_CONTACT_PARK,          SPW_INPUT_CONTACT_RESUMED,
    SPW_INPUT_CONTACT_RECLASSIFY,    SPW_INPUT_CONTACT_ACCEPTED,
    SPW_INPUT_CONTACT_DECLINED,      SPW_INPUT_CONTACT_ENDED,
    SPW_INPUT_CONTACT_TRANSFER,      SPW_INPUT_CONTACT_TRANSFER_CANCEL,
    SPW_INPUT_CONTACT_CALLBACK,      SPW_INPUT_CONTACT_CALLBACK_DUE,
    SPW_INPUT_CONTACT_CALLBACK_DONE, SPW_INPUT_CONTACT_EXCLUDE,
    SPW_INPUT_SUPERVISE_ASSIGN,      SPW_INPUT_SUPERVISE_PULL,
    SPW_INPUT_CONTACT_ALIVE};

START_TEST(a_contact_that_never_was_is_stale_for_facts_and_requests)
{
    struct desk d;
    scene_open(&d);
    uint64_t slot = d.contact[WAITING].bits & UINT32_MAX;
    const uint64_t never[] = {0,
                              slot,
                              ((uint64_t)2 << 32) | slot,
                              ((uint64_t)3 << 32) | slot,
                              ((uint64_t)1 << 32) | 64,
                              UINT64_MAX,
                              UINT32_MAX};
    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
        for (size_t k = 0; k < sizeof contact_kinds / sizeof contact_kinds[0]; k++) {
            struct spw_input in = about(contact_kinds[k], (spw_contact){never[i]}, d.who[ADA]);
            refused(&d, &in, SPW_E_STALE);
        }
    }
    scene_close(&d, ARRIVED);
}
END_TEST

/* Facts about somebody who has ended come late as a rule, not by mistake. */
START_TEST(a_contact_that_ended_is_stale_for_requests_and_gone_for_facts)
{
    struct desk d;
    scene_open(&d);
    for (size_t k = 0; k < sizeof contact_kinds / sizeof contact_kinds[0]; k++) {
        struct spw_input in = about(contact_kinds[k], d.contact[ENDED], d.who[ADA]);
        if (!spw_input_is_fact(in.kind)) {
            refused(&d, &in, SPW_E_STALE);
            continue;
        }
        desk_clear(&d);
        MUST(spw_apply(d.engine, &in, seconds(NOW), NULL));
        const struct spw_event *event = desk_last(&d, SPW_EVENT_RECONCILED, 0);
        ck_assert_msg(event != NULL && d.event_count == 1, "%s", spw_input_name(in.kind));
        ck_assert_uint_eq(event->reason, SPW_RECONCILED_GONE);
        ck_assert_uint_eq(event->contact.bits, d.contact[ENDED].bits);
    }
    scene_close(&d, ARRIVED);
}
END_TEST

START_TEST(a_slot_that_is_used_again_does_not_answer_to_its_old_handle)
{
    struct desk d;
    scene_open(&d);
    for (uint64_t id = NEWCOMER; id < NEWCOMER + 64; id++) { /* round all 64 slots */
        struct spw_arrive person = desk_person(id, 3);
        spw_contact contact;
        MUST(spw_contact_arrive(d.engine, &person, seconds(NOW), &contact));
        ck_assert_uint_ne(contact.bits, d.contact[ENDED].bits);
        ck_assert_int_eq(spw_contact_park(d.engine, d.contact[ENDED], seconds(NOW)), SPW_E_STALE);
        MUST(spw_contact_left(d.engine, contact, seconds(NOW)));
        desk_clear(&d);
    }
    scene_close(&d, ARRIVED + 64);
}
END_TEST

/* Taken, as there is nothing more to do: said, and nothing else changes. */
static void fact_about_who_is_gone(struct desk *d, const struct spw_input *in)
{
    desk_clear(d);
    MUST(spw_apply(d->engine, in, seconds(NOW), NULL));
    desk_poll(d);
    ck_assert_uint_eq(d->event_count, 1);
    ck_assert_uint_eq(d->event[0].kind, SPW_EVENT_RECONCILED);
    ck_assert_uint_eq(d->event[0].reason, SPW_RECONCILED_GONE);
    ck_assert_uint_eq(d->event[0].counsellor.bits, d->who[DORA].bits);
}

START_TEST(a_counsellor_that_is_removed_or_never_was_is_stale)
{
    struct desk d;
    scene_open(&d);
    static const uint32_t kinds[] = {
        SPW_INPUT_COUNSELLOR_REMOVE, SPW_INPUT_COUNSELLOR_SIGN_IN, SPW_INPUT_COUNSELLOR_SIGN_OUT,
        SPW_INPUT_COUNSELLOR_READY,  SPW_INPUT_COUNSELLOR_PAUSE,   SPW_INPUT_COUNSELLOR_HEARTBEAT,
        SPW_INPUT_COUNSELLOR_LOST,   SPW_INPUT_COUNSELLOR_SKILLS,  SPW_INPUT_COUNSELLOR_PULL,
        SPW_INPUT_COUNSELLOR_LIMITS, SPW_INPUT_COUNSELLOR_ALIVE,   SPW_INPUT_COUNSELLOR_WRAPPED_UP,
        SPW_INPUT_CONTACT_ACCEPTED,  SPW_INPUT_CONTACT_DECLINED,   SPW_INPUT_CONTACT_EXCLUDE,
        SPW_INPUT_SUPERVISE_ASSIGN};
    const uint64_t gone[] = {d.who[DORA].bits, 0, UINT64_MAX, ((uint64_t)1 << 32) | 16};
    for (size_t i = 0; i < sizeof gone / sizeof gone[0]; i++) {
        for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
            struct spw_input in = about(kinds[k], d.contact[WAITING], (spw_counsellor){gone[i]});
            if (i == 0 && spw_input_is_fact(kinds[k])) {
                fact_about_who_is_gone(&d, &in);
            } else {
                refused(&d, &in, SPW_E_STALE);
            }
        }
    }
    struct spw_input in = about(SPW_INPUT_CONTACT_TRANSFER, d.contact[TALKING], d.who[DORA]);
    refused(&d, &in, SPW_E_STALE);
    scene_close(&d, ARRIVED);
}
END_TEST

START_TEST(questions_about_who_is_gone_are_answered_with_stale)
{
    struct desk d;
    scene_open(&d);
    struct spw_contact_view contact;
    struct spw_counsellor_view counsellor;
    struct spw_wait_estimate wait;
    uint64_t number[16];
    spw_contact gone = d.contact[ENDED];
    ck_assert_int_eq(spw_view_contact(d.engine, gone, &contact), SPW_E_STALE);
    ck_assert_int_eq(spw_view_counsellor(d.engine, d.who[DORA], &counsellor), SPW_E_STALE);
    ck_assert_int_eq(spw_view_ahead(d.engine, gone, number), SPW_E_STALE);
    ck_assert_int_eq(spw_view_wait(d.engine, gone, &wait), SPW_E_STALE);
    ck_assert_int_eq(spw_view_block(d.engine, gone, d.who[ADA]), SPW_E_STALE);
    ck_assert_int_eq(spw_view_block(d.engine, d.contact[WAITING], d.who[DORA]), SPW_E_STALE);
    ck_assert_int_eq(spw_view_why_not(d.engine, gone, number), SPW_E_STALE);
    ck_assert_uint_eq(spw_view_find(d.engine, (spw_id){1, ENDED}).bits, 0);
    ck_assert_uint_eq(spw_view_counsellor_find(d.engine, DORA).bits, 0);
    scene_close(&d, ARRIVED);
}
END_TEST

/* --- requests that do not fit ----------------------------------------------------------------- */

START_TEST(a_request_that_does_not_fit_the_state_is_refused)
{
    struct desk d;
    scene_open(&d);
    static const struct {
        uint32_t kind;
        int contact;
        int counsellor;
        int code;
    } each[] = {
        {SPW_INPUT_CONTACT_PARK, TALKING, 0, SPW_E_STATE},
        {SPW_INPUT_CONTACT_PARK, PARKED, 0, SPW_E_STATE},
        {SPW_INPUT_CONTACT_PARK, PROMISED, 0, SPW_E_STATE},
        {SPW_INPUT_CONTACT_TRANSFER, WAITING, 0, SPW_E_STATE},
        {SPW_INPUT_CONTACT_TRANSFER, OFFERED, 0, SPW_E_STATE},
        {SPW_INPUT_CONTACT_TRANSFER, PARKED, 0, SPW_E_STATE},
        {SPW_INPUT_CONTACT_TRANSFER_CANCEL, TALKING, 0, SPW_E_STATE},
        {SPW_INPUT_CONTACT_TRANSFER_CANCEL, WAITING, 0, SPW_E_STATE},
        {SPW_INPUT_CONTACT_CALLBACK, TALKING, 0, SPW_E_STATE},
        {SPW_INPUT_CONTACT_CALLBACK, PROMISED, 0, SPW_E_STATE},
        {SPW_INPUT_CONTACT_CALLBACK, WAITING, 0, SPW_E_FULL}, /* one promise, and that is given */
        {SPW_INPUT_SUPERVISE_ASSIGN, TALKING, BEA, SPW_E_STATE},
        {SPW_INPUT_SUPERVISE_ASSIGN, PARKED, BEA, SPW_E_STATE},
        {SPW_INPUT_SUPERVISE_ASSIGN, WAITING, CORA, SPW_E_STATE},  /* out */
        {SPW_INPUT_SUPERVISE_ASSIGN, WAITING, ADA, SPW_E_BLOCKED}, /* no room */
        {SPW_INPUT_SUPERVISE_ASSIGN, OFFERED, BEA, SPW_E_STATE},   /* it rings there */
        {SPW_INPUT_SUPERVISE_PULL, WAITING, 0, SPW_E_STATE},
        {SPW_INPUT_SUPERVISE_PULL, TALKING, 0, SPW_E_STATE},
        {SPW_INPUT_COUNSELLOR_REMOVE, 0, ADA, SPW_E_STATE},
        {SPW_INPUT_COUNSELLOR_SIGN_IN, 0, ADA, SPW_E_STATE},
        {SPW_INPUT_COUNSELLOR_SIGN_OUT, 0, CORA, SPW_E_STATE},
        {SPW_INPUT_COUNSELLOR_PAUSE, 0, CORA, SPW_E_STATE},
        {SPW_INPUT_COUNSELLOR_PULL, 0, CORA, SPW_E_STATE},
    };
    for (size_t i = 0; i < sizeof each / sizeof each[0]; i++) {
        struct spw_input in =
            about(each[i].kind, d.contact[each[i].contact], d.who[each[i].counsellor]);
        refused(&d, &in, each[i].code);
    }
    scene_close(&d, ARRIVED);
}
END_TEST

START_TEST(numbers_of_a_request_are_checked)
{
    struct desk d;
    scene_open(&d);
    struct spw_input in = about(SPW_INPUT_CONTACT_TRANSFER, d.contact[TALKING], d.who[BEA]);
    in.u.transfer.mode = 0;
    refused(&d, &in, SPW_E_RANGE);
    in.u.transfer.mode = SPW_TRANSFER_WARM;
    in.u.transfer.priority = SPW_PRIORITY_COUNT;
    refused(&d, &in, SPW_E_RANGE);
    in.u.transfer.priority = 3;
    in.u.transfer.queue = 3;
    refused(&d, &in, SPW_E_UNKNOWN);
    in.u.transfer.queue = 0;
    in.u.transfer.need = 1;
    refused(&d, &in, SPW_E_UNKNOWN);
    in = about(SPW_INPUT_CONTACT_RECLASSIFY, d.contact[WAITING], d.who[0]);
    in.u.reclassify.priority = SPW_PRIORITY_COUNT;
    refused(&d, &in, SPW_E_RANGE);
    in.u.reclassify.priority = 1;
    in.u.reclassify.need = 1;
    refused(&d, &in, SPW_E_UNKNOWN);
    in = about(SPW_INPUT_CONTACT_CALLBACK, d.contact[WAITING], d.who[0]);
    in.u.callback.due_at = seconds(NOW) - 1; /* in the past */
    refused(&d, &in, SPW_E_RANGE);
    in.u.callback.due_at = seconds(NOW + 10);
    in.u.callback.safe_until = seconds(NOW + 9); /* safe no more when it is due */
    refused(&d, &in, SPW_E_RANGE);
    in = about(SPW_INPUT_CONTACT_ENDED, d.contact[TALKING], d.who[0]);
    in.u.contact.detail = SPW_END_COUNT;
    refused(&d, &in, SPW_E_RANGE);
    in.u.contact.detail = SPW_END_REFUSED_FULL; /* has a place */
    refused(&d, &in, SPW_E_RANGE);
    in = about(SPW_INPUT_CONTACT_CALLBACK_DONE, d.contact[TALKING], d.who[0]);
    refused(&d, &in, SPW_E_RANGE);
    in = about(SPW_INPUT_COUNSELLOR_SKILLS, d.contact[0], d.who[ADA]);
    in.u.counsellor.detail = 1;
    refused(&d, &in, SPW_E_UNKNOWN);
    in = about(SPW_INPUT_COUNSELLOR_LIMITS, d.contact[0], d.who[ADA]);
    in.u.limits.rest = -1;
    refused(&d, &in, SPW_E_RANGE);
    scene_close(&d, ARRIVED);
}
END_TEST

START_TEST(places_are_known_open_or_closed_and_said_once)
{
    struct desk d;
    scene_open(&d);
    static const uint32_t kinds[] = {SPW_INPUT_QUEUE_CLOSE, SPW_INPUT_QUEUE_OPEN,
                                     SPW_INPUT_CENTRE_CLOSE, SPW_INPUT_CENTRE_OPEN,
                                     SPW_INPUT_CENTRE_DARK};
    for (size_t k = 0; k < 5; k++) {
        struct spw_input in = {.kind = kinds[k]};
        refused(&d, &in, SPW_E_UNKNOWN);
        in.u.queue.queue = 3; /* the number of a centre lies in the same place */
        refused(&d, &in, SPW_E_UNKNOWN);
    }
    struct spw_input in = {.kind = SPW_INPUT_QUEUE_OPEN};
    in.u.queue.queue = 1;
    refused(&d, &in, SPW_E_STATE);
    in = (struct spw_input){.kind = SPW_INPUT_CENTRE_OPEN};
    in.u.centre.centre = 1;
    refused(&d, &in, SPW_E_STATE);
    in = (struct spw_input){.kind = SPW_INPUT_SUPERVISE_THAW};
    refused(&d, &in, SPW_E_STATE);
    in.u.supervise.centre = 2;
    refused(&d, &in, SPW_E_UNKNOWN);
    in = (struct spw_input){.kind = SPW_INPUT_SUPERVISE_FREEZE};
    in.u.supervise.until = seconds(NOW); /* over before it began */
    refused(&d, &in, SPW_E_RANGE);
    in = (struct spw_input){.kind = SPW_INPUT_RECONCILE_END};
    refused(&d, &in, SPW_E_STATE);
    in = (struct spw_input){.kind = SPW_INPUT_GAP};
    in.u.span = -1;
    refused(&d, &in, SPW_E_RANGE);
    scene_close(&d, ARRIVED);
}
END_TEST

/* --- stages ----------------------------------------------------------------------------------- */

static void add_refused(struct desk *d, uint32_t kind, uint32_t skill, uint32_t level, int code)
{
    struct spw_input in = {.kind = kind};
    in.u.literal.skill = skill;
    in.u.literal.level = level;
    refused(d, &in, code);
}

static void begin(struct desk *d, enum spw_stage what)
{
    MUST(spw_stage_begin(d->engine, what, seconds(NOW)));
}

START_TEST(a_stage_takes_what_it_is_for)
{
    struct desk d;
    scene_open(&d);
    for (uint32_t kind = SPW_INPUT_STAGE_LITERAL; kind <= SPW_INPUT_STAGE_ABORT; kind++) {
        struct spw_input in = {.kind = kind}; /* none is open */
        refused(&d, &in, SPW_E_STAGE);
    }
    struct spw_input in = {.kind = SPW_INPUT_STAGE_BEGIN};
    refused(&d, &in, SPW_E_RANGE); /* of no kind */
    in.u.stage.what = SPW_STAGE_PLAN + 1;
    refused(&d, &in, SPW_E_RANGE);
    begin(&d, SPW_STAGE_NEED);
    in.u.stage.what = SPW_STAGE_NEED;
    refused(&d, &in, SPW_E_STAGE); /* one at a time */
    add_refused(&d, SPW_INPUT_STAGE_SKILL, 1, 50, SPW_E_STAGE);
    add_refused(&d, SPW_INPUT_STAGE_STEP, 0, 0, SPW_E_STAGE);
    add_refused(&d, SPW_INPUT_STAGE_SET, SPW_QUEUE_KEY, 0, SPW_E_STAGE);
    add_refused(&d, SPW_INPUT_STAGE_CLAUSE, 0, 0, SPW_E_STAGE); /* no literal yet */
    add_refused(&d, SPW_INPUT_STAGE_LITERAL, 0, 50, SPW_E_UNKNOWN);
    add_refused(&d, SPW_INPUT_STAGE_LITERAL, 4, 50, SPW_E_UNKNOWN);
    add_refused(&d, SPW_INPUT_STAGE_LITERAL, 1, 0, SPW_E_RANGE);
    add_refused(&d, SPW_INPUT_STAGE_LITERAL, 1, 101, SPW_E_RANGE);
    for (int i = 0; i < 8; i++) {
        MUST(spw_stage_literal(d.engine, 1, 50, SPW_HOLDS, seconds(NOW)));
    }
    add_refused(&d, SPW_INPUT_STAGE_LITERAL, 1, 50, SPW_E_FULL); /* a clause has eight */
    MUST(spw_stage_abort(d.engine, seconds(NOW)));
    begin(&d, SPW_STAGE_SKILLSET);
    MUST(spw_stage_skill(d.engine, 1, 50, seconds(NOW)));
    add_refused(&d, SPW_INPUT_STAGE_SKILL, 1, 60, SPW_E_DUPLICATE);
    MUST(spw_stage_abort(d.engine, seconds(NOW)));
    scene_close(&d, ARRIVED);
}
END_TEST

START_TEST(a_field_is_known_and_its_number_in_range)
{
    struct desk d;
    scene_open(&d);
    static const struct {
        enum spw_stage stage;
        uint32_t field;
        uint32_t index;
        int64_t value;
        int code;
    } each[] = {
        {SPW_STAGE_QUEUE, 0, 0, 0, SPW_E_UNKNOWN},
        {SPW_STAGE_QUEUE, SPW_CENTRE_ZONE, 0, 0, SPW_E_UNKNOWN},
        {SPW_STAGE_QUEUE, SPW_QUEUE_NEED, 0, 1, SPW_E_UNKNOWN},
        {SPW_STAGE_QUEUE, SPW_QUEUE_LADDER, 0, 1, SPW_E_UNKNOWN},
        {SPW_STAGE_QUEUE, SPW_QUEUE_FALLBACK, 0, 3, SPW_E_UNKNOWN},
        {SPW_STAGE_QUEUE, SPW_QUEUE_TARGET, SPW_PRIORITY_COUNT, 1, SPW_E_RANGE},
        {SPW_STAGE_QUEUE, SPW_QUEUE_TARGET, 0, -1, SPW_E_RANGE},
        {SPW_STAGE_QUEUE, SPW_QUEUE_WRAP_UP, 1, 0, SPW_E_RANGE},
        {SPW_STAGE_PLAN, SPW_PLAN_ORDER, 1, 0, SPW_E_RANGE},
        {SPW_STAGE_QUEUE, SPW_QUEUE_OFFER_TIMEOUT, 0, 0, SPW_E_RANGE},
        {SPW_STAGE_QUEUE, SPW_QUEUE_PARK_GRACE, 0, SPW_FOREVER, SPW_E_RANGE},
        {SPW_STAGE_CENTRE, SPW_CENTRE_ZONE, 0, 65536, SPW_E_RANGE},
        {SPW_STAGE_CENTRE, SPW_CENTRE_LEASE, 0, 0, SPW_E_RANGE},
        {SPW_STAGE_CENTRE, SPW_CENTRE_REST_SHARE, 0, 101, SPW_E_RANGE},
        {SPW_STAGE_CENTRE, SPW_CENTRE_CLASSES_MAX, 0, 15, SPW_E_RANGE},
        {SPW_STAGE_PLAN, 299, 0, 0, SPW_E_UNKNOWN},
        {SPW_STAGE_PLAN, 200, 1, 0, SPW_E_UNKNOWN},
        {SPW_STAGE_PLAN, SPW_PLAN_HEAD_START, 0, 1, SPW_E_RANGE},
        {SPW_STAGE_PLAN, SPW_PLAN_HEAD_START, SPW_PRIORITY_COUNT, 1, SPW_E_RANGE},
        {SPW_STAGE_PLAN, SPW_PLAN_UNITS, SPW_CHANNEL_VOICE, 101, SPW_E_RANGE},
        {SPW_STAGE_PLAN, SPW_PLAN_UNITS, SPW_CHANNEL_COUNT, 50, SPW_E_RANGE},
        {SPW_STAGE_PLAN, SPW_PLAN_GROUP, 0, 1 << SPW_CHANNEL_COUNT, SPW_E_RANGE},
        {SPW_STAGE_PLAN, SPW_PLAN_PROTECTED_RATE, 0, 0, SPW_E_RANGE},
        {SPW_STAGE_PLAN, SPW_PLAN_MISS_MAX, 0, 0, SPW_E_RANGE},
        {SPW_STAGE_PLAN, SPW_PLAN_SUSPECT_DELAY, 0, SPW_MINUTE + 1, SPW_E_RANGE},
        {SPW_STAGE_PLAN, SPW_PLAN_CHOOSER, 0, SPW_CHOOSE_ORDERED + 1, SPW_E_RANGE},
        {SPW_STAGE_PLAN, SPW_PLAN_ORDER, 0, SPW_ORDER_CUSTOM, SPW_E_POLICY},
        {SPW_STAGE_PLAN, SPW_PLAN_ORDER, 0, -1, SPW_E_POLICY},
        {SPW_STAGE_PLAN, SPW_PLAN_PREFER_RANK, 1 << 16 | 1, 0, SPW_E_UNKNOWN},
        {SPW_STAGE_PLAN, SPW_PLAN_PREFER_RANK, 3, 0, SPW_E_UNKNOWN},
        {SPW_STAGE_PLAN, SPW_PLAN_PREFER_RANK, 1, -1, SPW_E_RANGE},
    };
    for (size_t i = 0; i < sizeof each / sizeof each[0]; i++) {
        struct spw_input in = {.kind = SPW_INPUT_STAGE_SET};
        in.u.set.field = each[i].field;
        in.u.set.index = each[i].index;
        in.u.set.value = each[i].value;
        begin(&d, each[i].stage);
        refused(&d, &in, each[i].code);
        MUST(spw_stage_abort(d.engine, seconds(NOW)));
    }
    begin(&d, SPW_STAGE_PLAN); /* a head start must not rise with the number of the priority */
    MUST(spw_stage_set(d.engine, SPW_PLAN_HEAD_START, 3, seconds(1000), seconds(NOW)));
    struct spw_input in = {.kind = SPW_INPUT_STAGE_COMMIT};
    refused(&d, &in, SPW_E_RANGE);
    scene_close(&d, ARRIVED);
}
END_TEST

int main(void)
{
    return SUITE_RUN(
        "bad input", bytes_that_no_kind_uses_are_invalid, a_record_begun_as_the_header_says_is_zero,
        a_kind_that_is_none_is_invalid, a_time_that_is_none_is_out_of_range_for_every_kind,
        an_arrival_names_what_exists, a_counsellor_is_new_and_names_what_exists,
        a_contact_that_never_was_is_stale_for_facts_and_requests,
        a_contact_that_ended_is_stale_for_requests_and_gone_for_facts,
        a_slot_that_is_used_again_does_not_answer_to_its_old_handle,
        a_counsellor_that_is_removed_or_never_was_is_stale,
        questions_about_who_is_gone_are_answered_with_stale,
        a_request_that_does_not_fit_the_state_is_refused, numbers_of_a_request_are_checked,
        places_are_known_open_or_closed_and_said_once, a_stage_takes_what_it_is_for,
        a_field_is_known_and_its_number_in_range);
}
