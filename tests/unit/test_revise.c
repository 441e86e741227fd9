/*
 * tests/unit/test_revise.c - queues and centres are found by the host's key, and what is staged
 * with the key of a committed one revises it under the contacts that are in it.
 */
#include <stdbool.h>

#include "desk.h"
#include "suite.h"
#include "swarm.h"

enum { ADA = 1, BEA };

static void stage_keyed(struct desk *d, enum spw_stage what, uint64_t key, spw_ns now)
{
    enum spw_field field = what == SPW_STAGE_QUEUE ? SPW_QUEUE_KEY : SPW_CENTRE_KEY;
    MUST(spw_stage_begin(d->engine, what, now));
    MUST(spw_stage_set(d->engine, field, 0, (int64_t)key, now));
}

/* Commits a queue or centre with that key and one field; the result, aborted if it is an error. */
static int commit_keyed(struct desk *d, enum spw_stage what, uint64_t key, enum spw_field field,
                        int64_t value, spw_ns now, uint32_t *number)
{
    stage_keyed(d, what, key, now);
    MUST(spw_stage_set(d->engine, field, 0, value, now));
    int result = spw_stage_commit(d->engine, now, number);
    if (result != SPW_OK) {
        MUST(spw_stage_abort(d->engine, now));
    }
    return result;
}

static struct spw_queue_view queue_view(struct desk *d, spw_queue queue)
{
    struct spw_queue_view view;
    MUST(spw_view_queue(d->engine, queue, &view));
    return view;
}

START_TEST(what_has_a_key_is_found_by_it)
{
    struct desk d;
    uint32_t queue = 0;
    uint32_t centre = 0;
    spw_skill skill = 0;
    struct spw_queue_view view;
    struct spw_centre_view place;
    desk_open(&d);
    MUST(spw_skill_add(d.engine, 4711, 0, &skill));
    MUST(commit_keyed(&d, SPW_STAGE_QUEUE, 77, SPW_QUEUE_FALLBACK, 1, 0, &queue));
    MUST(commit_keyed(&d, SPW_STAGE_CENTRE, 78, SPW_CENTRE_ZONE, 5, 0, &centre));
    ck_assert_uint_eq(spw_view_skill_find(d.engine, 4711), skill);
    ck_assert_uint_eq(spw_view_queue_find(d.engine, 77), queue);
    ck_assert_uint_eq(spw_view_centre_find(d.engine, 78), centre);
    ck_assert_uint_eq(spw_view_skill_find(d.engine, 4712), 0);
    ck_assert_uint_eq(spw_view_queue_find(d.engine, 78), 0);
    ck_assert_uint_eq(spw_view_centre_find(d.engine, 77), 0);
    ck_assert_uint_eq(spw_view_queue_find(d.engine, 0), 0); /* queue 1 has no key */
    ck_assert_uint_eq(spw_view_centre_find(d.engine, 0), 0);
    view = queue_view(&d, queue);
    ck_assert_uint_eq(view.key, 77);
    ck_assert_uint_eq(view.fallback, 1);
    ck_assert_uint_eq(view.open, 1);
    MUST(spw_view_centre(d.engine, centre, &place));
    ck_assert_uint_eq(place.zone, 5);
    ck_assert_int_eq(place.lease, SPW_FOREVER);
    ck_assert_uint_eq(place.open, 1);
    ck_assert_int_eq(spw_view_queue(d.engine, 9, &view), SPW_E_UNKNOWN);
    ck_assert_int_eq(spw_view_queue(d.engine, 0, &view), SPW_E_UNKNOWN);
    ck_assert_int_eq(spw_view_centre(d.engine, 0, &place), SPW_E_UNKNOWN);
    ck_assert_int_eq(spw_view_centre(d.engine, 9, &place), SPW_E_UNKNOWN);
    desk_close(&d);
}
END_TEST

/* Two wait, each in a queue; the second one's target becomes the nearer. */
START_TEST(a_new_target_orders_those_who_wait)
{
    struct desk d;
    uint32_t early = 0;
    uint32_t late = 0;
    uint32_t revised = 0;
    desk_open(&d);
    desk_counsellor(&d, ADA, 0);
    desk_plan(&d, SPW_PLAN_ORDER, 0, SPW_ORDER_DEADLINE, 0);
    MUST(commit_keyed(&d, SPW_STAGE_QUEUE, 10, SPW_QUEUE_RETRY_AFTER, 1, 0, &early));
    MUST(commit_keyed(&d, SPW_STAGE_QUEUE, 11, SPW_QUEUE_RETRY_AFTER, 1, 0, &late));
    for (uint64_t id = 1; id <= 2; id++) {
        struct spw_arrive person = desk_person(id, 3);
        person.queue = id == 1 ? early : late;
        desk_arrive(&d, &person, (double)id);
    }
    stage_keyed(&d, SPW_STAGE_QUEUE, 11, seconds(5));
    MUST(spw_stage_set(d.engine, SPW_QUEUE_TARGET, 3, seconds(30), seconds(5)));
    MUST(spw_stage_commit(d.engine, seconds(5), &revised));
    MUST(spw_continue(d.engine, seconds(5)));
    ck_assert_uint_eq(revised, late);
    ck_assert_uint_eq(queue_view(&d, late).live, 1);
    desk_ready(&d, ADA, 6);
    ck_assert_int_eq(desk_offered(&d, 2), ADA);
    ck_assert_int_eq(desk_offered(&d, 1), 0);
    desk_close(&d);
}
END_TEST

START_TEST(a_revision_keeps_what_the_queue_is_in)
{
    struct desk d;
    uint32_t queue = 0;
    struct spw_counters before;
    struct spw_counters after;
    desk_open(&d);
    MUST(commit_keyed(&d, SPW_STAGE_QUEUE, 10, SPW_QUEUE_CALLBACK_MAX, 2, 0, &queue));
    for (uint64_t id = 1; id <= 3; id++) {
        struct spw_arrive person = desk_person(id, 3);
        person.queue = queue;
        desk_arrive(&d, &person, (double)id);
        if (id < 3) {
            MUST(spw_contact_callback(d.engine, d.contact[id], seconds(500), SPW_FOREVER,
                                      seconds(3)));
        }
    }
    MUST(spw_contact_left(d.engine, d.contact[3], seconds(4)));
    uint32_t shut = 0;
    MUST(commit_keyed(&d, SPW_STAGE_QUEUE, 12, SPW_QUEUE_RETRY_AFTER, 1, seconds(4), &shut));
    struct spw_input close = {.kind = SPW_INPUT_QUEUE_CLOSE};
    close.u.queue.queue = shut;
    MUST(spw_apply(d.engine, &close, seconds(4), NULL));
    MUST(spw_continue(d.engine, seconds(4)));
    MUST(commit_keyed(&d, SPW_STAGE_QUEUE, 12, SPW_QUEUE_RETRY_AFTER, 2, seconds(5), NULL));
    MUST(spw_view_counters(d.engine, 0, queue, -1, 0, &before));
    MUST(commit_keyed(&d, SPW_STAGE_QUEUE, 10, SPW_QUEUE_CALLBACK_MAX, 1, seconds(5), NULL));
    MUST(spw_view_counters(d.engine, 0, queue, -1, 0, &after));
    ck_assert_mem_eq(&before, &after, sizeof before);
    ck_assert_uint_eq(queue_view(&d, queue).live, 2); /* both promises stand */
    ck_assert_uint_eq(queue_view(&d, shut).open, 0);
    desk_close(&d);
}
END_TEST

START_TEST(need_and_ladder_stay_while_anybody_is_in)
{
    struct desk d;
    uint32_t queue = 0;
    desk_open(&d);
    uint32_t need = desk_need(&d, 2, 10);
    uint32_t ladder = 0;
    MUST(spw_stage_begin(d.engine, SPW_STAGE_LADDER, 0));
    MUST(spw_stage_step(d.engine, 0, need, 0, 0));
    MUST(spw_stage_step(d.engine, seconds(60), 0, 1, 0));
    MUST(spw_stage_commit(d.engine, 0, &ladder));
    desk_counsellor(&d, ADA, 0);
    desk_counsellor(&d, BEA, desk_skillset(&d, 2));
    MUST(commit_keyed(&d, SPW_STAGE_QUEUE, 10, SPW_QUEUE_NEED, 0, 0, &queue));
    struct spw_arrive person = desk_person(1, 3);
    person.queue = queue;
    desk_arrive(&d, &person, 1);
    int result =
        commit_keyed(&d, SPW_STAGE_QUEUE, 10, SPW_QUEUE_NEED, (int64_t)need, seconds(2), NULL);
    ck_assert_int_eq(result, SPW_E_STATE);
    result =
        commit_keyed(&d, SPW_STAGE_QUEUE, 10, SPW_QUEUE_LADDER, (int64_t)ladder, seconds(2), NULL);
    ck_assert_int_eq(result, SPW_E_STATE);
    ck_assert_uint_eq(queue_view(&d, queue).need, 0);
    ck_assert_uint_eq(queue_view(&d, queue).ladder, 0);
    MUST(spw_contact_left(d.engine, d.contact[1], seconds(3)));
    MUST(
        commit_keyed(&d, SPW_STAGE_QUEUE, 10, SPW_QUEUE_LADDER, (int64_t)ladder, seconds(4), NULL));
    ck_assert_uint_eq(queue_view(&d, queue).need, need);
    ck_assert_uint_eq(queue_view(&d, queue).ladder, ladder);
    desk_ready(&d, ADA, 5);
    person = desk_person(2, 3);
    person.queue = queue;
    desk_arrive(&d, &person, 6);
    ck_assert_int_eq(desk_offered(&d, 2), 0); /* Ada lacks it */
    desk_ready(&d, BEA, 7);
    ck_assert_int_eq(desk_offered(&d, 2), BEA);
    desk_close(&d);
}
END_TEST

static uint8_t state_of(struct desk *d, int who)
{
    struct spw_counsellor_view view;
    MUST(spw_view_counsellor(d->engine, d->who[who], &view));
    return view.state;
}

START_TEST(a_new_lease_begins_with_the_revision)
{
    struct desk d;
    uint32_t centre = 0;
    desk_open(&d);
    MUST(commit_keyed(&d, SPW_STAGE_CENTRE, 20, SPW_CENTRE_ZONE, 1, 0, &centre));
    for (int n = ADA; n <= BEA; n++) {
        struct spw_counsellor_add add = {.key = (uint64_t)n, .centre = centre};
        MUST(spw_counsellor_add(d.engine, &add, 0, &d.who[n]));
        desk_ready(&d, n, 1);
    }
    uint32_t number = 0;
    MUST(commit_keyed(&d, SPW_STAGE_CENTRE, 20, SPW_CENTRE_LEASE, seconds(30), seconds(1000),
                      &number));
    ck_assert_uint_eq(number, centre);
    MUST(spw_counsellor_heartbeat(d.engine, d.who[BEA], seconds(1020)));
    MUST(spw_advance(d.engine, seconds(1029)));
    ck_assert_uint_eq(state_of(&d, ADA), SPW_COUNSELLOR_ON);
    MUST(spw_advance(d.engine, seconds(1030)));
    ck_assert_uint_eq(state_of(&d, ADA), SPW_COUNSELLOR_GONE_SILENT);
    ck_assert_uint_eq(state_of(&d, BEA), SPW_COUNSELLOR_ON);
    MUST(
        commit_keyed(&d, SPW_STAGE_CENTRE, 20, SPW_CENTRE_LEASE, SPW_FOREVER, seconds(1040), NULL));
    MUST(spw_advance(d.engine, seconds(5000)));
    ck_assert_uint_eq(state_of(&d, ADA), SPW_COUNSELLOR_OUT); /* its grace went on */
    ck_assert_uint_eq(state_of(&d, BEA), SPW_COUNSELLOR_ON);
    desk_close(&d);
}
END_TEST

START_TEST(a_centre_keeps_its_size)
{
    struct desk d;
    struct spw_centre_view view;
    desk_open(&d);
    uint32_t centre = 0;
    MUST(commit_keyed(&d, SPW_STAGE_CENTRE, 20, SPW_CENTRE_CLASSES_MAX, 32, 0, &centre));
    int result = commit_keyed(&d, SPW_STAGE_CENTRE, 20, SPW_CENTRE_CLASSES_MAX, 33, 0, NULL);
    ck_assert_int_eq(result, SPW_E_STATE);
    result = commit_keyed(&d, SPW_STAGE_CENTRE, 20, SPW_CENTRE_ZONE, 7, 0, NULL);
    ck_assert_int_eq(result, SPW_E_STATE); /* the default is another */
    stage_keyed(&d, SPW_STAGE_CENTRE, 20, 0);
    MUST(spw_stage_set(d.engine, SPW_CENTRE_CLASSES_MAX, 0, 32, 0));
    MUST(spw_stage_set(d.engine, SPW_CENTRE_ZONE, 0, 7, 0));
    MUST(spw_stage_commit(d.engine, 0, NULL));
    MUST(spw_view_centre(d.engine, centre, &view));
    ck_assert_uint_eq(view.zone, 7);
    ck_assert_uint_eq(view.classes_max, 32);
    desk_close(&d);
}
END_TEST

/* Beside an engine whose plan was never anything but plain, by the hash of their states. */
START_TEST(a_plan_afresh_forgets_the_plan_before)
{
    static const struct {
        enum spw_field field;
        uint32_t index;
        int64_t value;
    } each[] = {{SPW_PLAN_HEAD_START, 1, 7},
                {SPW_PLAN_HEAD_START_UNCLASSIFIED, 0, 7},
                {SPW_PLAN_PROTECTED_RATE, 0, 7},
                {SPW_PLAN_PROTECTED_BURST, 0, 7},
                {SPW_PLAN_UNCLASSIFIED_SHARE, 0, 7},
                {SPW_PLAN_ORDER, 0, SPW_ORDER_FIFO},
                {SPW_PLAN_CHOOSER, 0, 1},
                {SPW_PLAN_RATE, 3, 7},
                {SPW_PLAN_UNITS, 1, 7},
                {SPW_PLAN_GROUP, 0, 2},
                {SPW_PLAN_CLAIM_AFTER, 0, 7},
                {SPW_PLAN_DECLINE_FOR, 0, 7},
                {SPW_PLAN_MISS_MAX, 0, 7},
                {SPW_PLAN_STICKY_BONUS, 0, 7},
                {SPW_PLAN_PREFER_RANK, 1, 7},
                {SPW_PLAN_POOL_ORDER, 0, 7},
                {SPW_PLAN_TRANSFER_HOLD, 0, 7},
                {SPW_PLAN_SUSPECT_DELAY, 0, 7}};
    struct desk plain;
    struct desk changed;
    desk_open(&plain);
    desk_open(&changed);
    ck_assert_uint_eq(spw_state_hash(plain.engine), spw_state_hash(changed.engine));
    /* The event of a plan quotes its order, so the plain one goes through the same two. */
    desk_plan(&plain, SPW_PLAN_ORDER, 0, SPW_ORDER_FIFO, 0);
    MUST(spw_stage_begin(changed.engine, SPW_STAGE_PLAN, 0));
    for (size_t i = 0; i < sizeof each / sizeof each[0]; i++) {
        MUST(spw_stage_set(changed.engine, each[i].field, each[i].index, each[i].value, 0));
    }
    MUST(spw_stage_set(changed.engine, SPW_PLAN_HEAD_START, 2, 0, 0));
    MUST(spw_stage_commit(changed.engine, 0, NULL));
    ck_assert_uint_ne(spw_state_hash(plain.engine), spw_state_hash(changed.engine));
    desk_plan(&plain, SPW_PLAN_ORDER, 0, SPW_ORDER_HEAD_START, 0);
    MUST(spw_stage_begin(changed.engine, SPW_STAGE_PLAN, 0));
    ck_assert_int_eq(spw_stage_set(changed.engine, SPW_PLAN_AFRESH, 0, 1, 0), SPW_E_RANGE);
    MUST(spw_stage_set(changed.engine, SPW_PLAN_AFRESH, 0, 0, 0));
    MUST(spw_stage_commit(changed.engine, 0, NULL));
    ck_assert_uint_eq(spw_state_hash(plain.engine), spw_state_hash(changed.engine));
    desk_close(&plain);
    desk_close(&changed);
}
END_TEST

static void draw_queue(struct swarm *s, struct spw_engine *e, spw_ns now)
{
    uint32_t queue = 1 + (uint32_t)swarm_random(s, s->queues);
    int64_t key = SWARM_QUEUE_KEY + (int64_t)queue - 1;
    struct spw_queue_view view;
    uint32_t number = 0;
    MUST(spw_view_queue(e, queue, &view));
    MUST(spw_stage_begin(e, SPW_STAGE_QUEUE, now));
    MUST(spw_stage_set(e, SPW_QUEUE_KEY, 0, key, now));
    bool other = swarm_random(s, 4) == 0;
    uint32_t need = other ? (uint32_t)swarm_random(s, s->needs + 1) : view.need;
    uint32_t ladder = other && swarm_random(s, 2) == 0 ? (view.ladder == 0) : view.ladder;
    if (ladder != 0) {
        MUST(spw_stage_set(e, SPW_QUEUE_LADDER, 0, (int64_t)ladder, now));
        need = 0; /* its first step */
    } else {
        MUST(spw_stage_set(e, SPW_QUEUE_NEED, 0, (int64_t)need, now));
    }
    for (uint32_t p = 0; p < SPW_PRIORITY_COUNT; p++) {
        int64_t target = (int64_t)swarm_random(s, 60) * SPW_SECOND;
        MUST(spw_stage_set(e, SPW_QUEUE_TARGET, p, target, now));
    }
    MUST(spw_stage_set(e, SPW_QUEUE_WAITING_MAX, 0, (int64_t)swarm_random(s, 20), now));
    MUST(spw_stage_set(e, SPW_QUEUE_CALLBACK_MAX, 0, (int64_t)swarm_random(s, 4), now));
    MUST(spw_stage_set(e, SPW_QUEUE_CALLBACK_ATTEMPTS, 0, 1 + (int64_t)swarm_random(s, 3), now));
    MUST(spw_stage_set(e, SPW_QUEUE_WRAP_UP, 0, (int64_t)swarm_random(s, 3) * SPW_SECOND, now));
    MUST(spw_stage_set(e, SPW_QUEUE_FALLBACK, 0, (int64_t)swarm_random(s, s->queues + 1), now));
    int result = spw_stage_commit(e, now, &number);
    bool same = need == view.need && ladder == view.ladder;
    ck_assert_int_eq(result, view.live > 0 && !same ? SPW_E_STATE : SPW_OK);
    if (result != SPW_OK) {
        MUST(spw_stage_abort(e, now));
    } else {
        ck_assert_uint_eq(number, queue);
    }
}

static void draw_centre(struct swarm *s, struct spw_engine *e, spw_ns now)
{
    uint32_t centre = 1 + (uint32_t)swarm_random(s, s->centres);
    int64_t key = SWARM_CENTRE_KEY + (int64_t)centre - 1;
    uint32_t number = 0;
    bool lease = swarm_random(s, 2) == 0;
    MUST(spw_stage_begin(e, SPW_STAGE_CENTRE, now));
    MUST(spw_stage_set(e, SPW_CENTRE_KEY, 0, key, now));
    MUST(spw_stage_set(e, SPW_CENTRE_LEASE, 0, lease ? 20 * SPW_SECOND : SPW_FOREVER, now));
    MUST(spw_stage_set(e, SPW_CENTRE_REST_SHARE, 0, (int64_t)swarm_random(s, 101), now));
    MUST(spw_stage_commit(e, now, &number));
    ck_assert_uint_eq(number, centre);
}

static void poll_all(struct spw_engine *e, spw_ns now)
{
    struct spw_event events[64];
    int more;
    do {
        while (spw_poll(e, events, 64) > 0) {
        }
        more = spw_continue(e, now);
    } while (more == SPW_E_BUSY || more == SPW_E_POLL_FIRST);
    while (spw_poll(e, events, 64) > 0) {
    }
}

/* Random worlds whose queues and centres are revised all the time; every invariant holds. */
START_TEST(under_revisions_all_invariants_hold)
{
    char text[200] = "";
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct swarm swarm;
        struct spw_config config;
        struct spw_engine *engine;
        swarm_config(&config, seed);
        MUST(spw_engine_create(&config, NULL, &engine));
        swarm_setup(&swarm, engine, seed);
        for (int i = 0; i < 300; i++) {
            struct spw_input in;
            uint64_t made = 0;
            swarm_input(&swarm, &in);
            spw_ns now = swarm.now < spw_clock(engine) ? spw_clock(engine) : swarm.now;
            poll_all(engine, spw_clock(engine));
            (void)!spw_apply(engine, &in, now, &made);
            swarm_made(&swarm, &in, made);
            poll_all(engine, spw_clock(engine));
            now = spw_clock(engine);
            if (swarm_random(&swarm, 4) == 0) {
                draw_queue(&swarm, engine, now);
            } else if (swarm_random(&swarm, 6) == 0) {
                draw_centre(&swarm, engine, now);
            }
            poll_all(engine, now);
            int broken = spw_check(engine, text, sizeof text);
            ck_assert_msg(broken == 0, "seed %d input %d: I%d %s", (int)seed, i, broken, text);
        }
        spw_engine_destroy(engine);
    }
}
END_TEST

int main(void)
{
    return SUITE_RUN("revise", what_has_a_key_is_found_by_it, a_new_target_orders_those_who_wait,
                     a_revision_keeps_what_the_queue_is_in,
                     need_and_ladder_stay_while_anybody_is_in, a_new_lease_begins_with_the_revision,
                     a_centre_keeps_its_size, a_plan_afresh_forgets_the_plan_before,
                     under_revisions_all_invariants_hold);
}
