/*
 * tests/unit/test_bad_sizes.c - what is too small, too large, too many or too much at once: limits,
 * memory, capacities, the ring, policies. A capacity of n holds n; the next gets the code or
 * the event that the headers name.
 */
#include "scene.h"

#include <stdlib.h>
#include <string.h>

/* --- the config and the memory ---------------------------------------------------------------- */

static struct spw_config small_config(void)
{
    struct spw_config config;
    spw_config_init(&config);
    config.contacts_max = 4;
    config.counsellors_max = 2;
    config.centres_max = 1;
    config.queues_max = 1;
    config.skills_max = 2;
    config.skillsets_max = 2;
    config.needs_max = 2;
    config.ladders_max = 1;
    config.classes_max = 16;
    config.pools_max = 2;
    config.tokens_max = 1;
    config.events_max = 256;
    config.prefers_max = 1;
    config.terms_max = 4;
    return config;
}

START_TEST(a_limit_out_of_range_is_named)
{
    struct spw_config config;
    const struct {
        const char *name;
        uint32_t *at;
        uint32_t low;
        uint32_t high;
    } each[] = {
        {"contacts_max", &config.contacts_max, 0, UINT32_MAX},
        {"counsellors_max", &config.counsellors_max, 0, UINT32_MAX},
        {"centres_max", &config.centres_max, 0, UINT32_MAX},
        {"queues_max", &config.queues_max, 0, UINT32_MAX},
        {"skills_max", &config.skills_max, 0, UINT32_MAX},
        {"skillsets_max", &config.skillsets_max, 0, UINT32_MAX},
        {"needs_max", &config.needs_max, 0, UINT32_MAX},
        {"ladders_max", &config.ladders_max, 0, UINT32_MAX},
        {"classes_max", &config.classes_max, 0, UINT32_MAX},
        {"pools_max", &config.pools_max, 0, UINT32_MAX},
        {"items_max", &config.items_max, 0, 17},
        {"tokens_max", &config.tokens_max, 0, UINT32_MAX},
        {"events_max", &config.events_max, 255, UINT32_MAX},
        {"prefers_max", &config.prefers_max, 0, UINT32_MAX},
        {"terms_max", &config.terms_max, 0, UINT32_MAX},
        {"books_max", &config.books_max, 0, UINT32_MAX},
        {"personal_max", &config.personal_max, 5, UINT32_MAX},
    };
    for (size_t i = 0; i < 2 * sizeof each / sizeof each[0]; i++) {
        struct spw_engine *engine = NULL;
        const char *field = NULL;
        config = small_config();
        *each[i / 2].at = i % 2 == 0 ? each[i / 2].low : each[i / 2].high;
        ck_assert_int_eq(spw_config_check(&config, &field), SPW_E_RANGE);
        ck_assert_str_eq(field, each[i / 2].name);
        ck_assert_uint_eq(spw_engine_size(&config), 0);
        ck_assert_int_eq(spw_engine_create(&config, NULL, &engine), SPW_E_RANGE);
        ck_assert_ptr_null(engine);
    }
}
END_TEST

START_TEST(a_config_of_another_age_is_understood_or_refused)
{
    struct {
        struct spw_config config;
        uint64_t later;
    } newer = {small_config(), 0};
    struct spw_config config = small_config();
    const char *field = "unset";
    config.size = 0; /* spw_config_init was forgotten */
    ck_assert_int_eq(spw_config_check(&config, &field), SPW_E_INVALID);
    ck_assert_ptr_null(field);
    config.size = SPW_CONFIG_SIZE_V1 - 1;
    ck_assert_int_eq(spw_config_check(&config, NULL), SPW_E_INVALID);
    ck_assert_int_eq(spw_config_check(NULL, NULL), SPW_E_INVALID);
    config.size = SPW_CONFIG_SIZE_V1;
    ck_assert_int_eq(spw_config_check(&config, NULL), SPW_OK);
    newer.config.size = sizeof newer;
    ck_assert_int_eq(spw_config_check(&newer.config, NULL), SPW_OK);
    newer.later = 1;
    ck_assert_int_eq(spw_config_check(&newer.config, NULL), SPW_E_NEWER);
    ck_assert_uint_eq(spw_engine_size(&newer.config), 0);
}
END_TEST

START_TEST(memory_that_does_not_do_is_refused)
{
    struct spw_config config = small_config();
    size_t size = spw_engine_size(&config);
    unsigned char *memory = aligned_alloc(64, size + 64);
    struct spw_engine *engine = NULL;
    ck_assert_uint_gt(size, 0);
    ck_assert_int_eq(spw_engine_init(NULL, size, &config, &engine), SPW_E_MEMORY);
    ck_assert_int_eq(spw_engine_init(memory + 8, size, &config, &engine), SPW_E_MEMORY);
    ck_assert_int_eq(spw_engine_init(memory, size - 1, &config, &engine), SPW_E_MEMORY);
    ck_assert_ptr_null(engine);
    ck_assert_int_eq(spw_engine_init(memory, size, &config, &engine), SPW_OK);
    ck_assert_int_eq(spw_check(engine, NULL, 0), 0);
    free(memory);
}
END_TEST

struct bookkeeper {
    int taken;
    int released;
    size_t size;
    size_t off; /* from the alignment that was asked for */
};

static void *take(void *context, size_t size, size_t alignment)
{
    struct bookkeeper *book = context;
    book->taken++;
    book->size = size;
    unsigned char *memory = book->off == 1 ? NULL : aligned_alloc(alignment, size + 64);
    return memory == NULL ? NULL : memory + book->off;
}

static void release(void *context, void *memory, size_t size)
{
    struct bookkeeper *book = context;
    book->released++;
    ck_assert_uint_eq(size, book->size);
    free((unsigned char *)memory - book->off);
}

START_TEST(an_allocator_is_asked_once_and_given_back_what_it_gave)
{
    struct spw_config config = small_config();
    for (size_t off = 0; off <= 2; off++) { /* right; gives nothing; gives it out of line */
        struct bookkeeper book = {.off = off};
        struct spw_allocator allocator = {&book, take, release};
        struct spw_engine *engine = NULL;
        int result = spw_engine_create(&config, &allocator, &engine);
        ck_assert_int_eq(result, off == 0 ? SPW_OK : SPW_E_MEMORY);
        spw_engine_destroy(engine);
        ck_assert_int_eq(book.taken, 1);
        ck_assert_int_eq(book.released, off == 1 ? 0 : 1);
    }
}
END_TEST

/* --- capacities ------------------------------------------------------------------------------- */

static void open_with(struct desk *d, const struct spw_config *config)
{
    *d = (struct desk){0};
    MUST(spw_engine_create(config, NULL, &d->engine));
    MUST(spw_stage_begin(d->engine, SPW_STAGE_CENTRE, 0));
    MUST(spw_stage_commit(d->engine, 0, NULL));
    MUST(spw_stage_begin(d->engine, SPW_STAGE_QUEUE, 0));
    MUST(spw_stage_commit(d->engine, 0, NULL));
}

static void small_open(struct desk *d)
{
    struct spw_config config = small_config();
    open_with(d, &config);
}

/* A commit that is refused leaves the stage open; it is aborted without a trace. */
static void commit_refused(struct desk *d, int code)
{
    struct spw_input in = {.kind = SPW_INPUT_STAGE_COMMIT};
    refused_at(d, &in, 0, code);
    MUST(spw_stage_abort(d->engine, 0));
}

static void commit_skillset(struct desk *d, uint32_t skills, uint32_t level, int full)
{
    MUST(spw_stage_begin(d->engine, SPW_STAGE_SKILLSET, 0));
    for (uint32_t skill = 1; skill <= skills; skill++) {
        MUST(spw_stage_skill(d->engine, skill, level, 0));
    }
    if (full) {
        commit_refused(d, SPW_E_FULL);
    } else {
        MUST(spw_stage_commit(d->engine, 0, NULL));
    }
}

START_TEST(what_is_committed_has_a_capacity)
{
    struct desk d;
    small_open(&d);
    MUST(spw_stage_begin(d.engine, SPW_STAGE_CENTRE, 0));
    commit_refused(&d, SPW_E_FULL);
    MUST(spw_stage_begin(d.engine, SPW_STAGE_QUEUE, 0));
    commit_refused(&d, SPW_E_FULL);
    for (uint64_t key = 1; key <= 2; key++) {
        MUST(spw_skill_add(d.engine, key, 0, NULL));
    }
    struct spw_input in = {.kind = SPW_INPUT_SKILL_ADD};
    in.u.skill.key = 2;
    refused_at(&d, &in, 0, SPW_E_DUPLICATE);
    in.u.skill.key = 3;
    refused_at(&d, &in, 0, SPW_E_FULL);
    commit_skillset(&d, 2, 50, 0);
    commit_skillset(&d, 1, 50, 0);
    commit_skillset(&d, 1, 51, 1); /* two skill sets are known */
    commit_skillset(&d, 2, 50, 0); /* an equal one is no new one */
    MUST(spw_stage_begin(d.engine, SPW_STAGE_NEED, 0));
    MUST(spw_stage_literal(d.engine, 1, 1, SPW_HOLDS, 0));
    MUST(spw_stage_literal(d.engine, 2, 1, SPW_HOLDS, 0));
    commit_refused(&d, SPW_E_FULL); /* four terms, three are used */
    for (uint64_t key = 1; key <= 2; key++) {
        struct spw_counsellor_add add = {.key = key, .centre = 1};
        MUST(spw_counsellor_add(d.engine, &add, 0, NULL));
    }
    in = (struct spw_input){.kind = SPW_INPUT_COUNSELLOR_ADD};
    in.u.counsellor_add = (struct spw_counsellor_add){.key = 3, .centre = 1};
    refused_at(&d, &in, 0, SPW_E_FULL);
    desk_close(&d);
}
END_TEST

START_TEST(a_fifth_contact_is_refused_until_one_has_left)
{
    struct desk d;
    small_open(&d);
    for (uint64_t id = 1; id <= 5; id++) {
        desk_call(&d, id, 3, (double)id);
    }
    ck_assert_uint_ne(d.contact[4].bits, 0);
    ck_assert_uint_eq(d.contact[5].bits, 0);
    const struct spw_event *event = desk_last(&d, SPW_EVENT_REFUSED, 5);
    ck_assert_uint_eq(event->reason, SPW_END_REFUSED_FULL);
    ck_assert_int_eq(event->until, seconds(5 + 60)); /* when to try again */
    accounted(&d, 5);
    MUST(spw_contact_left(d.engine, d.contact[2], seconds(6)));
    desk_call(&d, 6, 3, 7);
    ck_assert_uint_ne(d.contact[6].bits, 0);
    accounted(&d, 6);
    desk_close(&d);
}
END_TEST

/* Sixteen classes, one of them kept back for danger to life. */
START_TEST(a_sixteenth_class_is_kept_for_danger)
{
    struct desk d;
    struct spw_config config = small_config();
    config.contacts_max = 40;
    open_with(&d, &config);
    for (uint64_t id = 1; id <= 17; id++) {
        struct spw_arrive person = desk_person(id, id == 17 ? 0 : 3);
        person.zone = (uint16_t)id; /* each of its own kind */
        desk_arrive(&d, &person, (double)id);
        ck_assert_msg((d.contact[id].bits != 0) == (id != 16), "contact %d", (int)id);
    }
    ck_assert_uint_eq(desk_last(&d, SPW_EVENT_REFUSED, 16)->reason, SPW_END_REFUSED_FULL);
    accounted(&d, 17);
    desk_close(&d);
}
END_TEST

/* --- the ring --------------------------------------------------------------------------------- */

START_TEST(a_full_ring_says_poll_first_and_loses_nothing)
{
    struct desk d;
    small_open(&d);
    desk_clear(&d);
    uint64_t calls = 0;
    for (int result = SPW_OK; result == SPW_OK;) {
        struct spw_arrive person = desk_person(7, 3);
        spw_contact contact;
        uint64_t before = spw_state_hash(d.engine);
        result = spw_contact_arrive(d.engine, &person, seconds(1), &contact);
        calls += result == SPW_OK;
        if (result != SPW_OK) {
            ck_assert_int_eq(result, SPW_E_POLL_FIRST);
            ck_assert_uint_eq(contact.bits, 0);
            ck_assert_uint_eq(spw_state_hash(d.engine), before);
        }
    }
    ck_assert_uint_eq(calls, 256 - SPW_EVENTS_PER_INPUT + 1); /* one event a call */
    ck_assert_int_eq(spw_advance(d.engine, seconds(2)), SPW_E_POLL_FIRST);
    desk_poll(&d);
    ck_assert_uint_eq(d.event_count, calls);
    for (size_t i = 1; i < d.event_count; i++) {
        ck_assert_uint_eq(d.event[i].sequence, d.event[i - 1].sequence + 1);
    }
    MUST(spw_advance(d.engine, seconds(2)));
    accounted(&d, 1);
    desk_close(&d);
}
END_TEST

START_TEST(many_at_once_stop_where_the_ring_is_full)
{
    struct desk d;
    small_open(&d);
    desk_clear(&d);
    static struct spw_input in[300];
    static spw_ns times[300];
    static int results[300];
    static uint64_t made[300];
    for (uint64_t i = 0; i < 300; i++) {
        in[i].kind = SPW_INPUT_CONTACT_ARRIVE;
        in[i].u.arrive = desk_person(i % 3 + 1, i % 50 == 49 ? 9 : 3); /* some are malformed */
        times[i] = seconds(1);
        results[i] = 77;
    }
    size_t taken = spw_apply_many(d.engine, in, times, 300, results, made);
    ck_assert_uint_gt(taken, 128);
    ck_assert_uint_lt(taken, 300);
    ck_assert_int_eq(results[taken], SPW_E_POLL_FIRST);
    ck_assert_int_eq(results[taken + 1], 77);
    for (size_t i = 0; i < taken; i++) {
        ck_assert_int_eq(results[i], i % 50 == 49 ? SPW_E_RANGE : SPW_OK);
        ck_assert((made[i] != 0) == (results[i] == SPW_OK));
    }
    desk_clear(&d);
    ck_assert_uint_gt(spw_apply_many(d.engine, in + taken, times, 300 - taken, NULL, NULL), 0);
    accounted(&d, 3);
    desk_close(&d);
}
END_TEST

/* A request that is told to wait is not stepped over, so that it is not lost without a word. */
START_TEST(many_at_once_stop_where_a_request_has_to_wait)
{
    struct desk d;
    scene_open(&d);
    struct spw_input in[3] = {{.kind = SPW_INPUT_QUEUE_CLOSE},
                              about(SPW_INPUT_CONTACT_PARK, d.contact[WAITING], d.who[0]),
                              {.kind = SPW_INPUT_ADVANCE}};
    in[0].u.queue.queue = 2;
    const spw_ns times[3] = {seconds(NOW), seconds(NOW), seconds(NOW)};
    int results[3] = {77, 77, 77};
    ck_assert_uint_eq(spw_apply_many(d.engine, in, times, 3, results, NULL), 1);
    ck_assert_int_eq(results[0], SPW_OK);
    ck_assert_int_eq(results[1], SPW_E_BUSY);
    ck_assert_int_eq(results[2], 77);
    while (spw_continue(d.engine, seconds(NOW)) == SPW_E_BUSY) {
        desk_clear(&d);
    }
    desk_clear(&d);
    ck_assert_uint_eq(spw_apply_many(d.engine, &in[1], times, 2, results, NULL), 2);
    ck_assert_int_eq(results[0], SPW_E_STALE); /* no fallback: the queue ended whom it held */
    ck_assert_int_eq(results[1], SPW_OK);
    ck_assert_uint_eq(spw_apply_many(d.engine, NULL, NULL, 0, NULL, NULL), 0);
    scene_close(&d, ARRIVED);
}
END_TEST

/* --- too much at once ------------------------------------------------------------------------- */

START_TEST(while_a_large_change_is_worked_off_requests_wait_and_facts_do_not)
{
    struct desk d;
    scene_open(&d);
    struct spw_input in = {.kind = SPW_INPUT_QUEUE_CLOSE};
    in.u.queue.queue = 2;
    MUST(spw_apply(d.engine, &in, seconds(NOW), NULL));
    in = about(SPW_INPUT_CONTACT_PARK, d.contact[WAITING], d.who[0]);
    refused(&d, &in, SPW_E_BUSY);
    in = about(SPW_INPUT_CONTACT_LEFT, d.contact[WAITING], d.who[0]);
    MUST(spw_apply(d.engine, &in, seconds(NOW), NULL));
    while (spw_continue(d.engine, seconds(NOW)) == SPW_E_BUSY) {
    }
    ck_assert_uint_eq(desk_last(&d, SPW_EVENT_ENDED, PARKED)->reason, SPW_END_REFUSED_CLOSED);
    scene_close(&d, ARRIVED);
}
END_TEST

/* Every centre frozen, then lost at one blow, then thawed while that is still being worked off. */
START_TEST(all_centres_may_go_dark_and_thaw_at_once)
{
    enum { CENTRES = 40 };
    struct desk d = {0};
    struct spw_config config = small_config();
    config.centres_max = CENTRES;
    config.events_max = 1024;
    MUST(spw_engine_create(&config, NULL, &d.engine));
    for (uint32_t n = 1; n <= CENTRES; n++) {
        MUST(spw_stage_begin(d.engine, SPW_STAGE_CENTRE, 0));
        MUST(spw_stage_commit(d.engine, 0, NULL));
        struct spw_input in = {.kind = SPW_INPUT_SUPERVISE_FREEZE};
        in.u.supervise.centre = n;
        in.u.supervise.until = seconds(20);
        MUST(spw_apply(d.engine, &in, 0, NULL));
    }
    for (uint32_t n = 1; n <= CENTRES; n++) {
        struct spw_input in = {.kind = SPW_INPUT_CENTRE_DARK};
        in.u.centre.centre = n;
        MUST(spw_apply(d.engine, &in, seconds(10), NULL));
    }
    while (spw_continue(d.engine, seconds(30)) == SPW_E_BUSY) {
    }
    desk_poll(&d);
    ck_assert_uint_eq(d.event[d.event_count - 1].kind, SPW_EVENT_BACKLOG);
    ck_assert_uint_eq(d.event[d.event_count - 1].detail_a, 0);
    desk_close(&d);
}
END_TEST

/* Gaps without number, a wait of a century at the highest rate: sums and products stay in range. */
START_TEST(the_end_of_the_scale_is_no_cliff)
{
    struct desk d;
    small_open(&d);
    desk_counsellor(&d, 1, 0);
    desk_ready(&d, 1, 0);
    for (int i = 0; i < 10; i++) {
        struct spw_input in = {.kind = SPW_INPUT_GAP};
        in.u.span = SPW_TIME_MAX / 4 - 1;
        MUST(spw_apply(d.engine, &in, seconds(1), NULL));
    }
    desk_plan(&d, SPW_PLAN_ORDER, 0, SPW_ORDER_ACCUMULATING, seconds(1));
    desk_plan(&d, SPW_PLAN_RATE, 3, 1000000, seconds(1));
    for (uint64_t id = 1; id <= 3; id++) { /* the first is offered, the others wait */
        desk_call(&d, id, id == 2 ? 4 : 3, (double)id);
    }
    MUST(spw_contact_accepted(d.engine, d.contact[1], d.who[1], seconds(4)));
    MUST(spw_contact_left(d.engine, d.contact[1], SPW_TIME_MAX - 2));
    ck_assert_int_eq(desk_offered(&d, 3), 1);
    accounted(&d, 3);
    desk_close(&d);
}
END_TEST

/* --- policies --------------------------------------------------------------------------------- */

START_TEST(a_policy_is_well_formed_and_one_of_eight)
{
    struct desk d;
    small_open(&d);
    const struct spw_policy right = {
        .size = sizeof right, .abi = SPW_POLICY_REVISION, .name = "first", .order = take_first};
    struct spw_policy policy = right;
    uint32_t number;
    ck_assert_int_eq(spw_policy_register(d.engine, NULL, &number), SPW_E_POLICY);
    ck_assert_int_eq(spw_policy_register(d.engine, &policy, NULL), SPW_E_POLICY);
    policy.size = 8;
    ck_assert_int_eq(spw_policy_register(d.engine, &policy, &number), SPW_E_POLICY);
    policy = right;
    policy.abi = SPW_POLICY_REVISION + 1;
    ck_assert_int_eq(spw_policy_register(d.engine, &policy, &number), SPW_E_NEWER);
    policy = right;
    memset(policy.name, 'a', sizeof policy.name); /* no end */
    ck_assert_int_eq(spw_policy_register(d.engine, &policy, &number), SPW_E_POLICY);
    policy = right;
    memcpy(policy.name, "First", 6);
    ck_assert_int_eq(spw_policy_register(d.engine, &policy, &number), SPW_E_POLICY);
    policy = right;
    for (char last = 'a'; last < 'a' + 8; last++) {
        policy.name[0] = last;
        MUST(spw_policy_register(d.engine, &policy, &number));
    }
    ck_assert_int_eq(spw_policy_register(d.engine, &policy, &number), SPW_E_DUPLICATE);
    policy.name[0] = 'z';
    ck_assert_int_eq(spw_policy_register(d.engine, &policy, &number), SPW_E_FULL);
    ck_assert_int_eq(spw_vector_width_set(d.engine, -1), SPW_E_RANGE);
    ck_assert_int_eq(spw_vector_width_set(d.engine, 3), SPW_E_RANGE);
    desk_close(&d);
}
END_TEST

int main(void)
{
    return SUITE_RUN(
        "bad sizes", a_limit_out_of_range_is_named,
        a_config_of_another_age_is_understood_or_refused, memory_that_does_not_do_is_refused,
        an_allocator_is_asked_once_and_given_back_what_it_gave, what_is_committed_has_a_capacity,
        a_fifth_contact_is_refused_until_one_has_left, a_sixteenth_class_is_kept_for_danger,
        a_full_ring_says_poll_first_and_loses_nothing, many_at_once_stop_where_the_ring_is_full,
        many_at_once_stop_where_a_request_has_to_wait,
        while_a_large_change_is_worked_off_requests_wait_and_facts_do_not,
        all_centres_may_go_dark_and_thaw_at_once, the_end_of_the_scale_is_no_cliff,
        a_policy_is_well_formed_and_one_of_eight);
}
