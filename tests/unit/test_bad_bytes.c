/*
 * tests/unit/test_bad_bytes.c - exported bytes that are cut, spoilt, or of another engine, and
 * where they may go: each is refused by name and leaves no trace, or brings the same state.
 */
#include "scene.h"

static struct spw_config small_config(void)
{
    struct spw_config config;
    desk_config(&config);
    config.contacts_max = 4;
    config.counsellors_max = 2;
    config.classes_max = 16;
    config.pools_max = 2;
    config.tokens_max = 1;
    config.events_max = 256;
    return config;
}

static void small_open(struct desk *d)
{
    struct spw_config config = small_config();
    desk_open_as(d, &config);
}

static unsigned char *exported(struct desk *d, size_t *size)
{
    *size = spw_state_export(d->engine, NULL, 0);
    unsigned char *bytes = malloc(*size);
    ck_assert_uint_eq(spw_state_export(d->engine, bytes, *size - 1), 0);
    ck_assert_uint_eq(spw_state_export(d->engine, bytes, *size), *size);
    return bytes;
}

START_TEST(bytes_that_are_cut_or_spoilt_are_refused_and_leave_no_trace)
{
    struct desk d;
    struct desk other;
    size_t size;
    small_open(&d);
    desk_call(&d, 1, 3, 1);
    unsigned char *bytes = exported(&d, &size);
    struct spw_config config = small_config();
    struct spw_engine *empty;
    MUST(spw_engine_create(&config, NULL, &empty));
    uint64_t before = spw_state_hash(empty);
    for (size_t cut = 0; cut < size; cut++) {
        ck_assert_int_eq(spw_state_import(empty, bytes, cut), SPW_E_FORMAT);
    }
    ck_assert_int_eq(spw_state_import(empty, NULL, size), SPW_E_FORMAT);
    for (size_t at = 0; at < size; at++) {
        bytes[at] ^= 0x10;
        ck_assert_int_eq(spw_state_import(empty, bytes, size), SPW_E_FORMAT);
        bytes[at] ^= 0x10;
    }
    ck_assert_uint_eq(spw_state_hash(empty), before);
    ck_assert_int_eq(spw_state_import(d.engine, bytes, size), SPW_E_STATE); /* it has had inputs */
    scene_open(&other);
    ck_assert_int_eq(spw_state_import(other.engine, bytes, size), SPW_E_STATE);
    desk_close(&other);
    ck_assert_int_eq(spw_state_import(empty, bytes, size), SPW_OK);
    ck_assert_uint_eq(spw_state_hash(empty), spw_state_hash(d.engine));
    spw_engine_destroy(empty);
    free(bytes);
    desk_close(&d);
}
END_TEST

/* Nothing has happened yet, but there is a state: a second import would be laid over the first. */
START_TEST(an_import_is_for_a_new_engine)
{
    struct desk d;
    size_t size;
    struct spw_config config = small_config();
    struct spw_engine *again;
    small_open(&d);
    desk_counsellor(&d, 1, 0);
    unsigned char *bytes = exported(&d, &size);
    MUST(spw_engine_create(&config, NULL, &again));
    MUST(spw_state_import(again, bytes, size));
    ck_assert_int_eq(spw_state_import(again, bytes, size), SPW_E_STATE);
    ck_assert_uint_eq(spw_state_hash(again), spw_state_hash(d.engine));
    spw_engine_destroy(again);
    free(bytes);
    desk_close(&d);
}
END_TEST

/* Fifteen kinds wait, and danger in the slot before theirs, with the class that was kept for it. */
START_TEST(a_crowded_house_comes_back)
{
    struct desk d;
    size_t size;
    struct spw_config config = small_config();
    struct spw_engine *again;
    config.contacts_max = 16;
    desk_open_as(&d, &config);
    desk_call(&d, 1, 3, 1);
    MUST(spw_contact_left(d.engine, d.contact[1], seconds(1)));
    for (uint64_t id = 2; id <= 17; id++) {
        struct spw_arrive person = desk_person(id, id == 17 ? 0 : 3);
        person.zone = (uint16_t)id;
        desk_arrive(&d, &person, (double)id);
        ck_assert_uint_ne(d.contact[id].bits, 0);
    }
    desk_clear(&d);
    unsigned char *bytes = exported(&d, &size);
    MUST(spw_engine_create(&config, NULL, &again));
    MUST(spw_state_import(again, bytes, size));
    ck_assert_uint_eq(spw_state_hash(again), spw_state_hash(d.engine));
    spw_engine_destroy(again);
    free(bytes);
    desk_close(&d);
}
END_TEST

START_TEST(bytes_of_another_engine_are_refused_by_what_differs)
{
    struct desk d;
    size_t size;
    small_open(&d);
    unsigned char *bytes = exported(&d, &size);
    struct spw_config config = small_config();
    struct spw_engine *other;
    config.contacts_max = 5;
    MUST(spw_engine_create(&config, NULL, &other));
    ck_assert_int_eq(spw_state_import(other, bytes, size), SPW_E_LIMITS);
    spw_engine_destroy(other);
    config = small_config();
    config.seed = 9;
    MUST(spw_engine_create(&config, NULL, &other));
    ck_assert_int_eq(spw_state_import(other, bytes, size), SPW_E_LIMITS);
    spw_engine_destroy(other);
    config = small_config();
    struct spw_policy policy = {
        .size = sizeof policy, .abi = SPW_POLICY_REVISION, .name = "first", .order = take_first};
    MUST(spw_engine_create(&config, NULL, &other));
    uint32_t number;
    MUST(spw_policy_register(other, &policy, &number));
    ck_assert_int_eq(spw_state_import(other, bytes, size), SPW_E_POLICY);
    spw_engine_destroy(other);
    free(bytes);
    desk_close(&d);
}
END_TEST

int main(void)
{
    return SUITE_RUN("bad bytes", bytes_that_are_cut_or_spoilt_are_refused_and_leave_no_trace,
                     an_import_is_for_a_new_engine, a_crowded_house_comes_back,
                     bytes_of_another_engine_are_refused_by_what_differs);
}
