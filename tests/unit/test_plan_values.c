/*
 * tests/unit/test_plan_values.c - the numbers of a plan as the engine gets them: units turned into
 * nanoseconds, rates into hours and thousandths, shares into percent.
 */
#include "suite.h"

#include <string.h>

#include "plan/plan.h"

static const char text[] =
    "revision: 7\n"
    "skills: [a, b]\n"
    "skill_sets: {s: [a], t: [b]}\n"
    "queues:\n"
    "  q: {target: {0: 15 s, default: 3 min}, offer_timeout: 25 s, park_grace: 1.5 min,\n"
    "      waiting_max: 40, retry_after: 2 min, wrap_up: by hand,\n"
    "      callback: {max: 12, attempts: 3, retry: 20 min}}\n"
    "centres: {c: {zone: 5, lease: 90 s, reconnect_grace: 45 s, rest_share: 35 %}}\n"
    "protected: {bound: 12 per 1 min, burst: 4}\n"
    "order: accumulating\n"
    "priorities: {1: {head_start: 20 min, rate: 2.5}, 2: {head_start: 90 s}}\n"
    "unclassified: {head_start: 4 min, share: 40 %}\n"
    "units: {chat: 30}\n"
    "exclusive: [[voice, chat]]\n"
    "claim_after: 70 s\n"
    "decline_for: 6 min\n"
    "miss_max: 4\n";

/* The value that the last STAGE_SET of a field gives; -1 if there is none. */
static int64_t value_of(const struct spw_plan *plan, uint32_t field, uint32_t index)
{
    int64_t value = -1;
    for (uint32_t i = 0; i < plan->op_count; i++) {
        const struct spw_input *in = &plan->ops[i].input;
        if (in->kind == SPW_INPUT_STAGE_SET && in->u.set.field == field &&
            in->u.set.index == index) {
            value = in->u.set.value;
        }
    }
    return value;
}

START_TEST(a_host_can_ask_for_the_lease)
{
    static const char leases[] = "queues: {q: {}}\nprotected: no\n"
                                 "centres: {a: {lease: 90 s}, b: {}, c: {lease: none}}\n";
    struct spw_plan *plan = spw_plan_read(leases, sizeof leases - 1, NULL, NULL);
    spw_ns lease = 0;
    ck_assert_ptr_nonnull(plan);
    ck_assert_int_eq(spw_plan_centre_lease(plan, "a", &lease), SPW_OK);
    ck_assert_int_eq(lease, 90 * SPW_SECOND);
    ck_assert_int_eq(spw_plan_centre_lease(plan, "b", &lease), SPW_OK);
    ck_assert_int_eq(lease, SPW_FOREVER);
    ck_assert_int_eq(spw_plan_centre_lease(plan, "c", &lease), SPW_OK);
    ck_assert_int_eq(lease, SPW_FOREVER);
    ck_assert_int_eq(spw_plan_centre_lease(plan, "d", &lease), SPW_E_UNKNOWN);
    spw_plan_free(plan);
}
END_TEST

START_TEST(every_number_arrives_in_the_units_of_the_engine)
{
    static const struct {
        uint32_t field;
        uint32_t index;
        int64_t value;
    } each[] = {
        {SPW_QUEUE_TARGET, 0, 15 * SPW_SECOND},
        {SPW_QUEUE_TARGET, 5, 3 * SPW_MINUTE},
        {SPW_QUEUE_OFFER_TIMEOUT, 0, 25 * SPW_SECOND},
        {SPW_QUEUE_PARK_GRACE, 0, 90 * SPW_SECOND},
        {SPW_QUEUE_WAITING_MAX, 0, 40},
        {SPW_QUEUE_RETRY_AFTER, 0, 2 * SPW_MINUTE},
        {SPW_QUEUE_WRAP_UP, 0, SPW_FOREVER},
        {SPW_QUEUE_CALLBACK_MAX, 0, 12},
        {SPW_QUEUE_CALLBACK_ATTEMPTS, 0, 3},
        {SPW_QUEUE_CALLBACK_RETRY, 0, 20 * SPW_MINUTE},
        {SPW_CENTRE_ZONE, 0, 5},
        {SPW_CENTRE_LEASE, 0, 90 * SPW_SECOND},
        {SPW_CENTRE_RECONNECT_GRACE, 0, 45 * SPW_SECOND},
        {SPW_CENTRE_REST_SHARE, 0, 35},
        {SPW_PLAN_REVISION, 0, 7},
        {SPW_PLAN_PROTECTED, 0, 1},
        {SPW_PLAN_PROTECTED_RATE, 0, 720}, /* an hour */
        {SPW_PLAN_PROTECTED_BURST, 0, 4},
        {SPW_PLAN_ORDER, 0, SPW_ORDER_ACCUMULATING},
        {SPW_PLAN_HEAD_START, 1, 20 * SPW_MINUTE},
        {SPW_PLAN_HEAD_START, 2, 90 * SPW_SECOND},
        {SPW_PLAN_RATE, 1, 2500}, /* thousandths */
        {SPW_PLAN_HEAD_START_UNCLASSIFIED, 0, 4 * SPW_MINUTE},
        {SPW_PLAN_UNCLASSIFIED_SHARE, 0, 40},
        {SPW_PLAN_UNITS, SPW_CHANNEL_CHAT, 30},
        {SPW_PLAN_GROUP, SPW_CHANNEL_CHAT, 1 << SPW_CHANNEL_VOICE},
        {SPW_PLAN_CLAIM_AFTER, 0, 70 * SPW_SECOND},
        {SPW_PLAN_DECLINE_FOR, 0, 6 * SPW_MINUTE},
        {SPW_PLAN_MISS_MAX, 0, 4},
    };
    struct spw_plan_error error;
    struct spw_plan *plan = spw_plan_read(text, strlen(text), "p.yaml", &error);
    ck_assert_msg(plan != NULL, "%s", error.text);
    for (size_t i = 0; i < sizeof each / sizeof each[0]; i++) {
        int64_t got = value_of(plan, each[i].field, each[i].index);
        ck_assert_msg(got == each[i].value, "field %u [%u]: %lld, not %lld", each[i].field,
                      each[i].index, (long long)got, (long long)each[i].value);
    }
    spw_plan_free(plan);
}
END_TEST

START_TEST(a_plan_says_how_much_of_a_counsellor_a_channel_takes)
{
    struct spw_plan_error error;
    struct spw_plan *plan = spw_plan_read(text, strlen(text), "v.yaml", &error);
    ck_assert_ptr_nonnull(plan);
    ck_assert_uint_eq(spw_plan_units(plan, SPW_CHANNEL_CHAT), 30);
    ck_assert_uint_eq(spw_plan_units(plan, SPW_CHANNEL_VOICE), 100);
    ck_assert_uint_eq(spw_plan_units(plan, SPW_CHANNEL_TEXT), 25); /* nothing is said */
    spw_plan_free(plan);
}
END_TEST

int main(void)
{
    return SUITE_RUN("plan values", a_host_can_ask_for_the_lease,
                     every_number_arrives_in_the_units_of_the_engine,
                     a_plan_says_how_much_of_a_counsellor_a_channel_takes);
}
