/*
 * tests/unit/test_config.c - a configuration is untrusted: whatever it says, it is measured or
 * refused by name, and what was measured can be built.
 */
#include "suite.h"

#include <stdlib.h>

#include <spillway.h>

/* Mostly small, now and then any number at all. */
static uint64_t draw_limit(uint64_t *seed)
{
    switch (suite_below(seed, 16)) {
    case 0:
        return suite_draw(seed);
    case 1:
        return (uint64_t)1 << suite_below(seed, 64);
    case 2:
        return UINT64_MAX >> suite_below(seed, 64);
    default:
        return 1 + suite_below(seed, 300);
    }
}

static struct spw_config draw_config(uint64_t *seed)
{
    struct spw_config config;
    spw_config_init(&config);
    uint32_t *const limits[] = {
        &config.contacts_max, &config.counsellors_max, &config.centres_max, &config.queues_max,
        &config.skills_max,   &config.skillsets_max,   &config.needs_max,   &config.ladders_max,
        &config.classes_max,  &config.pools_max,       &config.items_max,   &config.tokens_max,
        &config.events_max,   &config.prefers_max,     &config.terms_max,   &config.books_max,
        &config.personal_max,
    };
    for (int changes = 1 + (int)suite_below(seed, 4); changes > 0; changes--) {
        *limits[suite_below(seed, sizeof limits / sizeof limits[0])] = (uint32_t)draw_limit(seed);
    }
    config.matrix_bytes = suite_below(seed, 2) == 0 ? 0 : draw_limit(seed);
    return config;
}

START_TEST(any_config_is_measured_or_refused_and_what_is_measured_can_be_built)
{
    uint64_t seed = 7;
    uint32_t refused = 0;
    uint32_t built = 0;
    for (int i = 0; i < 20000; i++) {
        struct spw_config config = draw_config(&seed);
        const char *field = NULL;
        int error = spw_config_check(&config, &field);
        size_t size = spw_engine_size(&config);
        ck_assert_int_eq(error != SPW_OK, size == 0);
        ck_assert_int_eq(error == SPW_E_RANGE, field != NULL);
        refused += error != SPW_OK;
        if (size == 0 || size > (size_t)32 << 20 || built == 200) {
            continue;
        }
        void *memory = aligned_alloc(64, size);
        struct spw_engine *engine = NULL;
        ck_assert_int_eq(spw_engine_init(memory, size, &config, &engine), SPW_OK);
        ck_assert_int_eq(spw_advance(engine, SPW_SECOND), SPW_OK);
        free(memory);
        built++;
    }
    ck_assert_uint_gt(refused, 1000);
    ck_assert_uint_eq(built, 200);
}
END_TEST

START_TEST(a_matrix_larger_than_can_be_counted_is_refused_by_name)
{
    const uint64_t sizes[] = {UINT64_MAX, UINT64_MAX / 2, ((uint64_t)1 << 45) + 1};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct spw_config config;
        const char *field = NULL;
        spw_config_init(&config);
        config.matrix_bytes = sizes[i];
        ck_assert_int_eq(spw_config_check(&config, &field), SPW_E_RANGE);
        ck_assert_str_eq(field, "matrix_bytes");
        ck_assert_uint_eq(spw_engine_size(&config), 0);
    }
    struct spw_config config;
    spw_config_init(&config);
    config.matrix_bytes = (uint64_t)1 << 45;
    ck_assert_uint_gt(spw_engine_size(&config), config.matrix_bytes);
}
END_TEST

static void *allocate_none(void *context, size_t size, size_t alignment)
{
    (void)context;
    (void)size;
    (void)alignment;
    return NULL;
}

static void release_none(void *context, void *memory, size_t size)
{
    (void)context;
    (void)memory;
    (void)size;
}

START_TEST(an_engine_that_was_not_made_is_null)
{
    static int elsewhere;
    _Alignas(64) static unsigned char memory[64];
    const struct spw_allocator none = {NULL, allocate_none, release_none};
    const struct spw_allocator half = {NULL, NULL, release_none};
    const struct spw_allocator other_half = {NULL, allocate_none, NULL};
    struct spw_engine *const garbage = (struct spw_engine *)(void *)&elsewhere;
    struct spw_engine *engine = garbage;
    struct spw_config config;
    spw_config_init(&config);
    ck_assert_int_eq(spw_engine_create(&config, &none, &engine), SPW_E_MEMORY);
    ck_assert_ptr_null(engine);
    engine = garbage;
    ck_assert_int_eq(spw_engine_create(&config, &half, &engine), SPW_E_INVALID);
    ck_assert_ptr_null(engine);
    engine = garbage;
    ck_assert_int_eq(spw_engine_create(&config, &other_half, &engine), SPW_E_INVALID);
    ck_assert_ptr_null(engine);
    engine = garbage;
    ck_assert_int_eq(spw_engine_init(memory, sizeof memory, &config, &engine), SPW_E_MEMORY);
    ck_assert_ptr_null(engine);
    engine = garbage;
    config.contacts_max = 0;
    ck_assert_int_eq(spw_engine_create(&config, NULL, &engine), SPW_E_RANGE);
    ck_assert_ptr_null(engine);
}
END_TEST

/* A number that machines are sized by: over a doubling it is what the engine grows by. */
START_TEST(a_contact_costs_what_is_said)
{
    const uint32_t limits[] = {2048, 10000, 16384, 50000};
    for (size_t i = 0; i < 2 * sizeof limits / sizeof limits[0]; i++) {
        struct spw_config config;
        struct spw_engine *engine;
        struct spw_usage usage;
        spw_config_init(&config);
        config.contacts_max = limits[i / 2];
        config.personal_max = i % 2 == 0 ? 0 : 100;
        ck_assert_int_eq(spw_engine_create(&config, NULL, &engine), SPW_OK);
        spw_view_usage(engine, &usage);
        ck_assert_uint_eq(usage.memory_bytes, spw_engine_size(&config));
        double before = (double)spw_engine_size(&config);
        config.contacts_max *= 2;
        double grown = ((double)spw_engine_size(&config) - before) / limits[i / 2];
        double told = (double)usage.bytes_per_contact_all;
        ck_assert_msg(told >= 0.98 * grown && told <= 1.02 * grown, "%g, not %g", told, grown);
        ck_assert_uint_lt(usage.bytes_per_contact_hot, usage.bytes_per_contact_all);
        spw_engine_destroy(engine);
    }
}
END_TEST

/*
 * Every limit as low as it goes, as it is by default, and large: the engine says the same of its
 * state by hash and by export, and an export comes in again.
 */
static void out_and_in(const struct spw_config *config)
{
    struct spw_engine *engine;
    struct spw_engine *other;
    ck_assert_int_eq(spw_engine_create(config, NULL, &engine), SPW_OK);
    ck_assert_int_eq(spw_advance(engine, SPW_SECOND), SPW_OK);
    size_t size = spw_state_export(engine, NULL, 0);
    unsigned char *bytes = malloc(size);
    ck_assert_uint_eq(spw_state_export(engine, bytes, size), size);
    ck_assert_int_eq(spw_engine_create(config, NULL, &other), SPW_OK);
    ck_assert_int_eq(spw_state_import(other, bytes, size), SPW_OK);
    ck_assert_uint_eq(spw_state_hash(other), spw_state_hash(engine));
    free(bytes);
    spw_engine_destroy(engine);
    spw_engine_destroy(other);
}

START_TEST(any_limit_leaves_a_state_that_can_be_told)
{
    struct spw_config config;
    const struct {
        uint32_t *limit;
        uint32_t low;
        uint32_t large;
    } limits[] = {
        {&config.contacts_max, 1, 100000}, {&config.counsellors_max, 1, 20000},
        {&config.centres_max, 1, 200},     {&config.queues_max, 1, 65534},
        {&config.skills_max, 1, 65534},    {&config.skillsets_max, 1, 1048576},
        {&config.needs_max, 1, 65536},     {&config.ladders_max, 1, 65534},
        {&config.classes_max, 16, 8192},   {&config.pools_max, 1, 8192},
        {&config.items_max, 1, 16},        {&config.tokens_max, 1, 100000},
        {&config.events_max, 256, 100000}, {&config.prefers_max, 1, 100000},
        {&config.terms_max, 1, 1000000},   {&config.books_max, 1, 65535},
        {&config.personal_max, 1, 1000},
    };
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        for (int large = 0; large <= 1; large++) {
            spw_config_init(&config);
            config.contacts_max = 1000;
            config.counsellors_max = 10;
            config.centres_max = 2;
            *limits[i].limit = large ? limits[i].large : limits[i].low;
            out_and_in(&config);
        }
    }
}
END_TEST

static uint32_t centres_made(const struct spw_config *config)
{
    struct spw_engine *engine;
    uint32_t made = 0;
    ck_assert_int_eq(spw_engine_create(config, NULL, &engine), SPW_OK);
    while (spw_stage_begin(engine, SPW_STAGE_CENTRE, 0) == SPW_OK &&
           spw_stage_commit(engine, 0, NULL) == SPW_OK) {
        made++;
    }
    spw_engine_destroy(engine);
    return made;
}

/* A capacity of N holds N, whatever the other limits are. */
START_TEST(as_many_centres_as_were_asked_for)
{
    struct spw_config config;
    spw_config_init(&config);
    ck_assert_uint_eq(centres_made(&config), 64);
    config.centres_max = 200;
    ck_assert_uint_eq(centres_made(&config), 200);
    config.classes_max = 16;
    config.pools_max = 1;
    config.needs_max = 1;
    config.centres_max = 2000;
    config.books_max = 16;
    ck_assert_uint_eq(centres_made(&config), 2000);
}
END_TEST

/* The figures of spillway/config.h, "Sizing". */
START_TEST(sizes_are_what_the_header_says)
{
    struct spw_config config;
    spw_config_init(&config);
    ck_assert_uint_eq((spw_engine_size(&config) + 500000) / 1000000, 39);
    config.centres_max = 1;
    ck_assert_uint_eq((spw_engine_size(&config) + 500000) / 1000000, 7);
    config.contacts_max = 500;
    config.counsellors_max = 50;
    config.queues_max = 32;
    config.classes_max = 64;
    config.pools_max = 32;
    config.books_max = 64;
    config.tokens_max = 1024;
    config.events_max = 512;
    config.terms_max = 2048;
    config.personal_max = 128;
    ck_assert_uint_lt(spw_engine_size(&config), 1 << 20);
}
END_TEST

int main(void)
{
    return SUITE_RUN("config", any_config_is_measured_or_refused_and_what_is_measured_can_be_built,
                     a_matrix_larger_than_can_be_counted_is_refused_by_name,
                     a_contact_costs_what_is_said, an_engine_that_was_not_made_is_null,
                     any_limit_leaves_a_state_that_can_be_told, as_many_centres_as_were_asked_for,
                     sizes_are_what_the_header_says);
}
