/*
 * tests/unit/test_plan_values.c - the numbers of a plan as the engine gets them: units turned into
 * nanoseconds, rates into hours and thousandths, shares into percent.
 */
#include "suite.h"

#include <stdio.h>
#include <string.h>

#include <spillway.h>

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
    "miss_max: 4\n"
    "chooser: ordered\n"
    "credit: {grace: 11 min, gap: 3 min, max: 31 min}\n"
    "sticky_bonus: 80 s\n"
    "transfer_hold: 75 s\n"
    "suspect_delay: 45 s\n"
    "prefer: [{skill_set: s, queue: q, rank: 1, reserve: 2}]\n"
    "pool_order: [t, s]\n";

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
        {SPW_PLAN_CHOOSER, 0, SPW_CHOOSE_ORDERED},
        {SPW_PLAN_RESUME_GRACE, 0, 11 * SPW_MINUTE},
        {SPW_PLAN_RESUME_GAP, 0, 3 * SPW_MINUTE},
        {SPW_PLAN_CREDIT_MAX, 0, 31 * SPW_MINUTE},
        {SPW_PLAN_STICKY_BONUS, 0, 80 * SPW_SECOND},
        {SPW_PLAN_TRANSFER_HOLD, 0, 75 * SPW_SECOND},
        {SPW_PLAN_SUSPECT_DELAY, 0, 45 * SPW_SECOND},
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

/* Whether the engine has that field of a stage at all, whatever value it takes. */
static bool known_to_the_engine(struct spw_engine *engine, enum spw_stage stage, uint32_t field)
{
    ck_assert_int_eq(spw_stage_begin(engine, stage, 0), SPW_OK);
    int result = spw_stage_set(engine, (enum spw_field)field, 1, 0, 0);
    ck_assert_int_eq(spw_stage_abort(engine, 0), SPW_OK);
    return result != SPW_E_UNKNOWN;
}

/* The text says something of each field of the engine: a field that is added gets a key. */
START_TEST(every_field_has_a_key)
{
    static const char more[] = "skills: [a]\nladders: {l: {need: [a], steps: [{after: 9 s}]}}\n"
                               "queues: {p: {}, q: {ladder: l, fallback: p}}\nprotected: no\n"
                               "centres: {c: {classes_max: 32, pools_max: 8}}\n";
    struct spw_plan_error error;
    struct spw_config config;
    struct spw_engine *engine = NULL;
    struct spw_plan *plans[] = {spw_plan_read(text, strlen(text), "p.yaml", &error),
                                spw_plan_read(more, strlen(more), "q.yaml", &error)};
    uint32_t fields = 0;
    spw_config_init(&config);
    spw_plan_config(plans[0], &config);
    ck_assert_int_eq(spw_engine_create(&config, NULL, &engine), SPW_OK);
    ck_assert_int_eq(spw_plan_apply(plans[0], engine, -1, 0, &error), SPW_OK);
    for (uint32_t stage = SPW_STAGE_QUEUE; stage <= SPW_STAGE_PLAN; stage++) {
        for (uint32_t field = 0; field < 400; field++) {
            bool said = false;
            if (!known_to_the_engine(engine, (enum spw_stage)stage, field)) {
                continue;
            }
            for (size_t p = 0; p < 2; p++) {
                for (uint32_t i = 0; i < plans[p]->op_count; i++) {
                    const struct spw_input *in = &plans[p]->ops[i].input;
                    said = said || (in->kind == SPW_INPUT_STAGE_SET && in->u.set.field == field);
                }
            }
            ck_assert_msg(said, "field %u has no key in a plan", field);
            fields++;
        }
    }
    ck_assert_uint_ge(fields, 13 + 7 + 23); /* of a queue, a centre, the order of service */
    spw_engine_destroy(engine);
    spw_plan_free(plans[0]);
    spw_plan_free(plans[1]);
}
END_TEST

START_TEST(head_starts_do_not_rise)
{
    static const char *const wrong[] = {
        "priorities: {2: {head_start: 31 min}}", /* the default of 1 is 30 min */
        "priorities: {1: {head_start: 4 min}}",  /* the default of 2 is 5 min */
        "priorities: {4: {head_start: 1 s}}",
        "suspect_delay: 61 s",
    };
    static const char *const right[] = {
        "priorities: {1: {head_start: 5 min}}",
        "priorities: {1: {head_start: 4 min}, 2: {head_start: 0 s}}",
        "suspect_delay: 60 s",
    };
    struct spw_plan_error error;
    char all[400];
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        (void)snprintf(all, sizeof all, "queues: {q: {}}\ncentres: {c: {}}\nprotected: no\n%s\n",
                       wrong[i]);
        ck_assert_ptr_null(spw_plan_read(all, strlen(all), "p.yaml", &error));
        ck_assert_msg(strncmp(error.text, "p.yaml:4:", 9) == 0, "%s", error.text);
        ck_assert_ptr_nonnull(strstr(error.text, "expected"));
    }
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
        (void)snprintf(all, sizeof all, "queues: {q: {}}\ncentres: {c: {}}\nprotected: no\n%s\n",
                       right[i]);
        struct spw_plan *plan = spw_plan_read(all, strlen(all), "p.yaml", &error);
        ck_assert_msg(plan != NULL, "%s", error.text);
        spw_plan_free(plan);
    }
}
END_TEST

int main(void)
{
    return SUITE_RUN("plan values", every_field_has_a_key, head_starts_do_not_rise,
                     a_host_can_ask_for_the_lease, every_number_arrives_in_the_units_of_the_engine,
                     a_plan_says_how_much_of_a_counsellor_a_channel_takes);
}
