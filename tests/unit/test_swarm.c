/*
 * tests/unit/test_swarm.c - what must hold after every input of random streams, without a model:
 * the checker, determinism over vector widths, time-split invariance, continuation after export and
 * import, refused inputs that leave no trace.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "swarm.h"

#define SEEDS 150
#define INPUTS 600

static struct spw_engine *engine_new(uint64_t seed)
{
    struct spw_config config;
    struct spw_engine *engine;
    swarm_config(&config, seed);
    config.seed = seed;
    ck_assert_int_eq(spw_engine_create(&config, NULL, &engine), SPW_OK);
    return engine;
}

static void drain(struct spw_engine *engine, uint64_t *sequence)
{
    struct spw_event events[64];
    for (size_t n; (n = spw_poll(engine, events, 64)) > 0;) {
        for (size_t i = 0; i < n; i++) {
            ck_assert_uint_eq(events[i].sequence, ++*sequence);
        }
    }
}

static int apply_all(struct spw_engine *engine, const struct spw_input *in, spw_ns now,
                     uint64_t *made, uint64_t *sequence)
{
    now = now < spw_clock(engine) ? spw_clock(engine) : now;
    int result = spw_apply(engine, in, now, made);
    drain(engine, sequence);
    while (result == SPW_E_POLL_FIRST) {
        result = spw_apply(engine, in, now, made);
        drain(engine, sequence);
    }
    for (int i = 0; result == SPW_E_BUSY && i < 10000; i++) {
        int more = spw_continue(engine, now);
        drain(engine, sequence);
        if (more == SPW_OK) {
            result = spw_apply(engine, in, now, made);
            drain(engine, sequence);
        }
    }
    while (spw_continue(engine, now) == SPW_E_BUSY) {
        drain(engine, sequence);
    }
    drain(engine, sequence);
    return result;
}

START_TEST(invariants_hold_after_every_input)
{
    char text[200] = "";
    uint64_t seed = (uint64_t)_i + 1;
    uint64_t sequence = 0;
    struct swarm swarm;
    struct spw_engine *engine = engine_new(seed);
    swarm_setup(&swarm, engine, seed);
    drain(engine, &sequence);
    for (int i = 0; i < INPUTS; i++) {
        struct spw_input in;
        uint64_t made = 0;
        swarm_input(&swarm, &in);
        (void)apply_all(engine, &in, swarm.now, &made, &sequence);
        swarm_made(&swarm, &in, made);
        int broken = spw_check(engine, text, sizeof text);
        ck_assert_msg(broken == 0, "seed %llu input %d (%s): I%d %s", (unsigned long long)seed, i,
                      spw_input_name(in.kind), broken, text);
    }
    spw_engine_destroy(engine);
}
END_TEST

START_TEST(vector_widths_give_the_same_hash)
{
    uint64_t seed = (uint64_t)_i + 1;
    uint64_t hash[3] = {0};
    uint64_t digest[3] = {0};
    int best = 0;
    for (int width = 0; width < 3; width++) {
        uint64_t sequence = 0;
        struct swarm swarm;
        struct spw_engine *engine = engine_new(seed);
        if (spw_vector_width_set(engine, width) == SPW_OK) {
            best = width;
            swarm_setup(&swarm, engine, seed);
            for (int i = 0; i < INPUTS; i++) {
                struct spw_input in;
                uint64_t made = 0;
                swarm_input(&swarm, &in);
                (void)apply_all(engine, &in, swarm.now, &made, &sequence);
                swarm_made(&swarm, &in, made);
            }
            hash[width] = spw_state_hash(engine);
            digest[width] = spw_event_digest(engine);
        }
        spw_engine_destroy(engine);
    }
    for (int width = 1; width <= best; width++) {
        ck_assert_uint_eq(hash[width], hash[0]);
        ck_assert_uint_eq(digest[width], digest[0]);
    }
}
END_TEST

static void continue_imported(uint64_t seed, int inputs)
{
    uint64_t sequence = 0;
    struct swarm swarm;
    struct spw_engine *engine = engine_new(seed);
    swarm_setup(&swarm, engine, seed);
    for (int i = 0; i < INPUTS / 2; i++) {
        struct spw_input in;
        uint64_t made = 0;
        swarm_input(&swarm, &in);
        (void)apply_all(engine, &in, swarm.now, &made, &sequence);
        swarm_made(&swarm, &in, made);
    }
    size_t size = spw_state_export(engine, NULL, 0);
    void *bytes = malloc(size);
    ck_assert_uint_eq(spw_state_export(engine, bytes, size), size);
    struct spw_engine *other = engine_new(seed);
    ck_assert_int_eq(spw_state_import(other, bytes, size), SPW_OK);
    ck_assert_uint_eq(spw_state_hash(other), spw_state_hash(engine));
    uint64_t other_sequence = sequence;
    for (int i = 0; i < inputs; i++) {
        struct spw_input in;
        uint64_t made = 0;
        uint64_t other_made = 0;
        swarm_input(&swarm, &in);
        int a = apply_all(engine, &in, swarm.now, &made, &sequence);
        int b = apply_all(other, &in, swarm.now, &other_made, &other_sequence);
        swarm_made(&swarm, &in, made);
        ck_assert_int_eq(a, b);
        ck_assert_uint_eq(made, other_made);
        ck_assert_msg(spw_event_digest(engine) == spw_event_digest(other),
                      "seed %llu input %d (%s) differs", (unsigned long long)seed, i,
                      spw_input_name(in.kind));
    }
    ck_assert_uint_eq(spw_state_hash(other), spw_state_hash(engine));
    free(bytes);
    spw_engine_destroy(other);
    spw_engine_destroy(engine);
}

START_TEST(an_imported_state_continues_as_the_original)
{
    continue_imported((uint64_t)_i + 1, INPUTS);
}
END_TEST

/* Rule H: equal hash and equal events over the next hundred thousand inputs. */
START_TEST(an_imported_state_continues_for_long)
{
    continue_imported(4711, 100000);
}
END_TEST

START_TEST(splitting_time_changes_nothing)
{
    uint64_t seed = (uint64_t)_i + 1;
    uint64_t sequence = 0;
    uint64_t split_sequence = 0;
    struct swarm swarm;
    struct swarm copy;
    struct spw_engine *engine = engine_new(seed);
    struct spw_engine *split = engine_new(seed);
    swarm_setup(&swarm, engine, seed);
    swarm_setup(&copy, split, seed);
    for (int i = 0; i < INPUTS; i++) {
        struct spw_input in;
        uint64_t made = 0;
        uint64_t split_made = 0;
        spw_ns before = swarm.now;
        swarm_input(&swarm, &in);
        spw_ns between =
            swarm.now > before
                ? before + (spw_ns)((uint64_t)(swarm.now - before) * ((uint64_t)i % 7) / 7)
                : 0;
        for (int r = SPW_E_BUSY; between > spw_clock(split) && r == SPW_E_BUSY;) {
            r = spw_advance(split, between);
            drain(split, &split_sequence);
        }
        int a = apply_all(engine, &in, swarm.now, &made, &sequence);
        int b = apply_all(split, &in, swarm.now, &split_made, &split_sequence);
        swarm_made(&swarm, &in, made);
        ck_assert_int_eq(a, b);
        ck_assert_msg(spw_event_digest(engine) == spw_event_digest(split),
                      "seed %llu input %d (%s) differs", (unsigned long long)seed, i,
                      spw_input_name(in.kind));
    }
    spw_engine_destroy(split);
    spw_engine_destroy(engine);
}
END_TEST

START_TEST(a_refused_input_leaves_no_trace)
{
    uint64_t seed = (uint64_t)_i + 1;
    uint64_t sequence = 0;
    struct swarm swarm;
    struct spw_engine *engine = engine_new(seed);
    swarm_setup(&swarm, engine, seed);
    for (int i = 0; i < INPUTS; i++) {
        struct spw_input in;
        uint64_t made = 0;
        swarm_input(&swarm, &in);
        spw_ns now = swarm.now < spw_clock(engine) ? spw_clock(engine) : swarm.now;
        while (spw_advance(engine, now) == SPW_E_BUSY || spw_continue(engine, now) == SPW_E_BUSY) {
            drain(engine, &sequence);
        }
        drain(engine, &sequence);
        uint64_t hash = spw_state_hash(engine);
        int result = spw_apply(engine, &in, now, &made);
        if (result != SPW_OK) {
            ck_assert_msg(spw_state_hash(engine) == hash,
                          "seed %llu input %d (%s): %s left a trace", (unsigned long long)seed, i,
                          spw_input_name(in.kind), spw_error_name(result));
        }
        drain(engine, &sequence);
        swarm_made(&swarm, &in, made);
    }
    spw_engine_destroy(engine);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("swarm");
    TCase *tcase = tcase_create("random streams");
    tcase_set_timeout(tcase, 300);
    tcase_add_loop_test(tcase, invariants_hold_after_every_input, 0, SEEDS);
    tcase_add_loop_test(tcase, vector_widths_give_the_same_hash, 0, SEEDS);
    tcase_add_loop_test(tcase, an_imported_state_continues_as_the_original, 0, SEEDS);
    tcase_add_test(tcase, an_imported_state_continues_for_long);
    tcase_add_loop_test(tcase, splitting_time_changes_nothing, 0, SEEDS);
    tcase_add_loop_test(tcase, a_refused_input_leaves_no_trace, 0, SEEDS / 3);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
