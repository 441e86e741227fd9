/*
 * tests/unit/test_policy.c - the orders that are built in, at ordinary moments and at the ends of
 * the scale, and what a policy of one's own is told.
 */
#include "desk.h"
#include "suite.h"

#include <stdbool.h>

/* Two people wait for the same counsellor; which is served first at `at`. */
static int first(struct desk *d, double at)
{
    desk_counsellor(d, 1, 0);
    desk_ready(d, 1, at);
    int one = desk_offered(d, 1);
    int two = desk_offered(d, 2);
    ck_assert_int_eq(one + two, 1);
    return one == 1 ? 1 : 2;
}

static void order_open(struct desk *d, int64_t order)
{
    desk_open(d);
    desk_plan(d, SPW_PLAN_ORDER, 0, order, 0);
}

/* 2,000 a second since 0 against 8,000 a second since 80: equal at 106 2/3 s. */
START_TEST(accumulating_earns_by_the_rate_of_its_priority)
{
    for (int late = 0; late < 2; late++) {
        struct desk d;
        order_open(&d, SPW_ORDER_ACCUMULATING);
        desk_call(&d, 1, 3, 0);
        desk_call(&d, 2, 1, 80);
        ck_assert_int_eq(first(&d, late ? 106.7 : 106.6), late ? 2 : 1);
        desk_close(&d);
    }
}
END_TEST

/* Where what is earned no longer fits, both are equally late, and the earlier is first. */
START_TEST(accumulating_does_not_turn_around_at_the_end_of_the_scale)
{
    struct desk d;
    order_open(&d, SPW_ORDER_ACCUMULATING);
    desk_plan(&d, SPW_PLAN_RATE, 3, 1000000, 0);
    desk_plan(&d, SPW_PLAN_RATE, 4, 999999, 0);
    desk_call(&d, 1, 4, 1);
    desk_call(&d, 2, 3, 2);
    desk_counsellor(&d, 1, 0);
    MUST(spw_counsellor_ready(d.engine, d.who[1], SPW_TIME_MAX - SPW_HOUR));
    ck_assert_int_eq(desk_offered(&d, 1), 1);
    desk_close(&d);
}
END_TEST

START_TEST(longest_queue_counts_the_queue_and_not_the_class)
{
    struct desk d;
    order_open(&d, SPW_ORDER_LONGEST_QUEUE);
    uint32_t other = desk_queue(&d, 0, 0, 0, 0);
    desk_call(&d, 1, 3, 1);
    struct spw_arrive person = desk_person(2, 3);
    person.queue = other;
    desk_arrive(&d, &person, 2);
    person.id.lo = 3;
    person.priority = 5; /* another class of the same queue */
    desk_arrive(&d, &person, 3);
    ck_assert_int_eq(first(&d, 10), 2);
    MUST(spw_contact_left(d.engine, d.contact[2], seconds(11))); /* one each: the earlier */
    ck_assert_int_eq(desk_offered(&d, 1), 1);
    desk_close(&d);
}
END_TEST

START_TEST(deadline_is_the_target_or_what_the_item_says)
{
    for (int own = 0; own < 2; own++) {
        struct desk d;
        uint32_t slow;
        order_open(&d, SPW_ORDER_DEADLINE);
        MUST(spw_stage_begin(d.engine, SPW_STAGE_QUEUE, 0));
        MUST(spw_stage_set(d.engine, SPW_QUEUE_TARGET, 3, seconds(600), 0));
        MUST(spw_stage_commit(d.engine, 0, &slow));
        struct spw_arrive person = desk_person(1, 3);
        person.queue = slow;
        person.channel = own ? SPW_CHANNEL_WORK : SPW_CHANNEL_VOICE;
        person.deadline = own ? seconds(70) : 0;
        desk_arrive(&d, &person, 1); /* by 601, or by 70 as it says itself */
        desk_call(&d, 2, 3, 20);     /* by 80 */
        ck_assert_int_eq(first(&d, 30), own ? 1 : 2);
        desk_close(&d);
    }
}
END_TEST

START_TEST(deadlines_for_ever_are_in_order_of_place)
{
    struct desk d;
    uint32_t never[2];
    order_open(&d, SPW_ORDER_DEADLINE);
    for (int i = 0; i < 2; i++) {
        MUST(spw_stage_begin(d.engine, SPW_STAGE_QUEUE, 0));
        MUST(spw_stage_set(d.engine, SPW_QUEUE_TARGET, 3, SPW_FOREVER, 0));
        MUST(spw_stage_commit(d.engine, 0, &never[i]));
    }
    for (uint64_t id = 1; id <= 2; id++) {
        struct spw_arrive person = desk_person(id, 3);
        person.queue = never[2 - id];
        desk_arrive(&d, &person, (double)id);
    }
    ck_assert_int_eq(first(&d, 10), 1);
    desk_close(&d);
}
END_TEST

/* What the hooks saw last. */
static struct spw_head seen_head[8];
static size_t seen_heads;
static struct spw_idle seen_idle[8];
static size_t seen_idles;
static struct spw_decision seen;

static void look_order(const void *params, const struct spw_decision *decision,
                       const struct spw_head *heads, size_t n, int64_t *scores)
{
    (void)params;
    bool larger = n > seen_heads; /* the choice itself, not the runner-up after it */
    for (size_t i = 0; i < n; i++) {
        if (larger) {
            seen_head[i] = heads[i];
        }
        scores[i] = -(int64_t)heads[i].length;
    }
    seen = larger ? *decision : seen;
    seen_heads = larger ? n : seen_heads;
}

static void look_choose(const void *params, const struct spw_decision *decision,
                        const struct spw_idle *pools, size_t n, int64_t *scores)
{
    (void)params;
    (void)decision;
    seen_idles = n;
    for (size_t i = 0; i < n; i++) {
        seen_idle[i] = pools[i];
        scores[i] = -(int64_t)pools[i].wholly_free;
    }
}

/* Length of the class, rank of the queue for the pool, how many are idle: all that models of the
 * literature ask for reaches the hooks. */
START_TEST(a_policy_is_told_lengths_ranks_and_who_is_idle)
{
    struct spw_policy policy = {.size = sizeof policy,
                                .abi = SPW_POLICY_REVISION,
                                .name = "look",
                                .order = look_order,
                                .choose = look_choose};
    struct desk d;
    uint32_t number;
    desk_open(&d);
    MUST(spw_policy_register(d.engine, &policy, &number));
    uint32_t one = desk_skillset(&d, 1);
    uint32_t two = desk_skillset(&d, 3);
    uint32_t other = desk_queue(&d, 0, 0, 0, 0);
    desk_plan(&d, SPW_PLAN_PREFER_RANK, one << 16 | other, 3, 0);
    desk_plan(&d, SPW_PLAN_ORDER, 0, SPW_ORDER_CUSTOM + (int64_t)number, 0);
    desk_call(&d, 1, 3, 1);
    for (uint64_t id = 2; id <= 3; id++) {
        struct spw_arrive person = desk_person(id, 3);
        person.queue = other;
        desk_arrive(&d, &person, (double)id);
    }
    desk_counsellor(&d, 1, one);
    desk_ready(&d, 1, 10);
    ck_assert_uint_eq(seen_heads, 2);
    const struct spw_head *far = &seen_head[seen_head[0].queue == other ? 0 : 1];
    ck_assert_uint_eq(far->length, 2);
    ck_assert_uint_eq(far->rank, 3);
    ck_assert_uint_eq(far->queue_length, 2);
    ck_assert_int_eq(far->target_ns, seconds(60));
    ck_assert_uint_eq(seen.free_here, 1);
    ck_assert_uint_eq(seen.pool_flexibility, 1);
    MUST(spw_contact_left(d.engine, d.contact[2], seconds(11)));
    MUST(spw_contact_left(d.engine, d.contact[3], seconds(11)));
    for (int n = 2; n <= 4; n++) {
        desk_counsellor(&d, n, n == 2 ? one : two);
        desk_ready(&d, n, 20);
    }
    desk_accept(&d, 1, 1, 21);
    desk_call(&d, 9, 3, 30);
    ck_assert_uint_eq(seen_idles, 2);
    ck_assert_uint_eq(seen_idle[0].wholly_free + seen_idle[1].wholly_free, 3);
    ck_assert_int_eq(desk_offered(&d, 9), 3); /* the pool with two idle, its longest idle */
    desk_close(&d);
}
END_TEST

int main(void)
{
    return SUITE_RUN("policy", accumulating_earns_by_the_rate_of_its_priority,
                     accumulating_does_not_turn_around_at_the_end_of_the_scale,
                     longest_queue_counts_the_queue_and_not_the_class,
                     deadline_is_the_target_or_what_the_item_says,
                     deadlines_for_ever_are_in_order_of_place,
                     a_policy_is_told_lengths_ranks_and_who_is_idle);
}
