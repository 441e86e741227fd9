/*
 * tests/unit/test_policy.c - policies from elsewhere: made for an older or newer library, and hooks
 * that call the engine that asks them, which the misuse hook is told of.
 */
#include "desk.h"
#include "suite.h"

#include <setjmp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* --- age -------------------------------------------------------------------------------------- */

static void take_first(const void *params, const struct spw_decision *decision,
                       const struct spw_head *heads, size_t n, int64_t *scores)
{
    (void)params;
    (void)decision;
    (void)heads;
    memset(scores, 0, n * sizeof *scores);
}

struct newer {
    struct spw_policy policy;
    void (*hook)(void);
};

static void later_hook(void)
{
}

START_TEST(a_policy_of_another_age_is_understood_or_refused)
{
    struct desk d;
    uint32_t number;
    desk_open(&d);
    struct newer newer = {.policy = {.size = sizeof newer,
                                     .abi = SPW_POLICY_REVISION,
                                     .name = "newer",
                                     .order = take_first}};
    ck_assert_uint_le(SPW_POLICY_SIZE_V1, sizeof newer.policy);
    newer.hook = later_hook;
    ck_assert_int_eq(spw_policy_register(d.engine, &newer.policy, &number), SPW_E_NEWER);
    newer.hook = NULL;
    MUST(spw_policy_register(d.engine, &newer.policy, &number));
    ck_assert_uint_eq(number, 0);
    struct spw_policy *first = malloc(SPW_POLICY_SIZE_V1); /* nothing may be read beyond it */
    ck_assert_ptr_nonnull(first);
    memcpy(first, &newer.policy, SPW_POLICY_SIZE_V1);
    memcpy(first->name, "first", 6);
    first->size = SPW_POLICY_SIZE_V1 - 1;
    ck_assert_int_eq(spw_policy_register(d.engine, first, &number), SPW_E_POLICY);
    first->size = SPW_POLICY_SIZE_V1;
    MUST(spw_policy_register(d.engine, first, &number));
    ck_assert_uint_eq(number, 1);
    free(first);
    desk_close(&d);
}
END_TEST

/* What the flags say of a policy is part of what makes two runs the same. */
START_TEST(an_import_under_other_flags_is_refused)
{
    struct spw_config config;
    unsigned char *bytes = NULL;
    size_t size = 0;
    spw_config_init(&config);
    config.contacts_max = 16;
    for (uint32_t flags = 0; flags <= SPW_POLICY_STATIC; flags++) {
        const struct spw_policy policy = {.size = sizeof policy,
                                          .abi = SPW_POLICY_REVISION,
                                          .name = "flagged",
                                          .flags = flags,
                                          .order = take_first};
        struct spw_engine *engine;
        uint32_t number;
        MUST(spw_engine_create(&config, NULL, &engine));
        MUST(spw_policy_register(engine, &policy, &number));
        if (bytes == NULL) {
            size = spw_state_export(engine, NULL, 0);
            bytes = malloc(size);
            ck_assert_uint_eq(spw_state_export(engine, bytes, size), size);
        } else {
            ck_assert_int_eq(spw_state_import(engine, bytes, size), SPW_E_POLICY);
        }
        spw_engine_destroy(engine);
    }
    free(bytes);
}
END_TEST

/* --- hooks that call -------------------------------------------------------------------------- */

enum call {
    CALL_APPLY,
    CALL_MANY,
    CALL_POLL,
    CALL_REGISTER,
    CALL_IMPORT,
    CALL_WIDTH,
    CALL_DESTROY
};
#define CALLS (CALL_DESTROY + 1)

static struct {
    struct spw_engine *engine;
    enum call call;
    bool armed;
    jmp_buf back;
    char condition[200];
} meddler;

/* Does what no hook may, once it is armed. */
static void meddle(void)
{
    static const struct spw_policy policy = {
        .size = sizeof policy, .abi = SPW_POLICY_REVISION, .name = "more", .order = take_first};
    const struct spw_input in = {.kind = SPW_INPUT_ADVANCE};
    const spw_ns now = 0;
    struct spw_event event = {0};
    uint32_t number;
    if (!meddler.armed) {
        return;
    }
    switch (meddler.call) {
    case CALL_APPLY:
        (void)!spw_apply(meddler.engine, &in, now, NULL);
        break;
    case CALL_MANY:
        (void)!spw_apply_many(meddler.engine, &in, &now, 1, NULL, NULL);
        break;
    case CALL_POLL:
        (void)spw_poll(meddler.engine, &event, 1);
        break;
    case CALL_REGISTER:
        (void)!spw_policy_register(meddler.engine, &policy, &number);
        break;
    case CALL_IMPORT:
        (void)!spw_state_import(meddler.engine, &event, sizeof event);
        break;
    case CALL_WIDTH:
        (void)!spw_vector_width_set(meddler.engine, 0);
        break;
    case CALL_DESTROY:
        spw_engine_destroy(meddler.engine);
        break;
    }
}

static void order_meddles(const void *params, const struct spw_decision *decision,
                          const struct spw_head *heads, size_t n, int64_t *scores)
{
    take_first(params, decision, heads, n, scores);
    meddle();
}

static void choose_meddles(const void *params, const struct spw_decision *decision,
                           const struct spw_idle *pools, size_t n, int64_t *scores)
{
    (void)params;
    (void)decision;
    (void)pools;
    memset(scores, 0, n * sizeof *scores);
    meddle();
}

static int admit_meddles(const void *params, const struct spw_head *arrival, uint64_t waiting)
{
    (void)params;
    (void)arrival;
    (void)waiting;
    meddle();
    return 1;
}

static void misused(void *context, const char *file, int line, const char *condition)
{
    (void)context;
    (void)file;
    (void)line;
    strncpy(meddler.condition, condition, sizeof meddler.condition - 1);
    longjmp(meddler.back, 1);
}

/* Somebody free for the second caller, so that every hook is asked on the way. */
static void engine_open(struct desk *d, const struct spw_policy *policy)
{
    uint32_t number;
    desk_open(d);
    MUST(spw_policy_register(d->engine, policy, &number));
    desk_plan(d, SPW_PLAN_ORDER, 0, SPW_ORDER_CUSTOM, 0);
    desk_counsellor(d, 1, 0);
    MUST(spw_counsellor_sign_in(d->engine, d->who[1], 0));
    meddler.engine = d->engine;
}

static void play(struct desk *d, bool free_one)
{
    if (free_one) {
        desk_ready(d, 1, 1); /* then the arrival asks `choose` */
    }
    desk_call(d, 1, 3, 2); /* asks `admit`; a static order scores its class */
    if (!free_one) {
        desk_ready(d, 1, 3); /* asks `order` */
    }
}

/* Whether the misuse hook was told while the policy was asked. */
static bool caught(const struct spw_policy *policy, bool free_one, enum call call)
{
    static struct desk d;
    static volatile bool told;
    told = false;
    engine_open(&d, policy);
    meddler.call = call;
    meddler.condition[0] = 0;
    spw_misuse_set(misused, NULL);
    meddler.armed = true;
    if (setjmp(meddler.back) == 0) {
        play(&d, free_one);
    } else {
        told = strstr(meddler.condition, "in_call") != NULL;
    }
    meddler.armed = false;
    spw_misuse_set(NULL, NULL);
    free(d.engine); /* it is in the middle of a call for good, so it cannot be destroyed */
    return told;
}

START_TEST(no_hook_may_call_what_could_change_the_engine)
{
    const struct spw_policy base = {
        .size = sizeof base, .abi = SPW_POLICY_REVISION, .name = "meddler", .order = take_first};
    for (int call = 0; call < CALLS; call++) {
        struct spw_policy policy = base;
        policy.order = order_meddles;
        ck_assert_msg(caught(&policy, false, (enum call)call), "order, call %d", call);
        policy.flags = SPW_POLICY_STATIC;
        ck_assert_msg(caught(&policy, false, (enum call)call), "static order, call %d", call);
        policy = base;
        policy.choose = choose_meddles;
        ck_assert_msg(caught(&policy, true, (enum call)call), "choose, call %d", call);
        policy = base;
        policy.admit = admit_meddles;
        ck_assert_msg(caught(&policy, false, (enum call)call), "admit, call %d", call);
    }
}
END_TEST

/* An import asks a static order for its scores. */
START_TEST(no_hook_may_call_during_an_import)
{
    const struct spw_policy policy = {.size = sizeof policy,
                                      .abi = SPW_POLICY_REVISION,
                                      .name = "meddler",
                                      .flags = SPW_POLICY_STATIC,
                                      .order = order_meddles};
    static struct desk from;
    static struct desk to;
    static volatile bool told;
    engine_open(&from, &policy);
    play(&from, false);
    desk_call(&from, 2, 3, 4);
    desk_clear(&from);
    size_t size = spw_state_export(from.engine, NULL, 0);
    unsigned char *bytes = malloc(size);
    ck_assert_uint_eq(spw_state_export(from.engine, bytes, size), size);
    desk_close(&from);
    uint32_t number;
    struct spw_config config;
    desk_config(&config);
    MUST(spw_engine_create(&config, NULL, &to.engine));
    MUST(spw_policy_register(to.engine, &policy, &number));
    meddler.engine = to.engine;
    meddler.call = CALL_POLL;
    meddler.armed = true;
    spw_misuse_set(misused, NULL);
    if (setjmp(meddler.back) == 0) {
        (void)!spw_state_import(to.engine, bytes, size);
    } else {
        told = strstr(meddler.condition, "in_call") != NULL;
    }
    meddler.armed = false;
    spw_misuse_set(NULL, NULL);
    ck_assert(told);
    free(to.engine);
    free(bytes);
}
END_TEST

int main(void)
{
    return SUITE_RUN("policy", a_policy_of_another_age_is_understood_or_refused,
                     an_import_under_other_flags_is_refused,
                     no_hook_may_call_what_could_change_the_engine,
                     no_hook_may_call_during_an_import);
}
