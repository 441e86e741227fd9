/*
 * 04_own_policy.c - an order of your own.
 *
 * New here: a policy. Its hook gets the first of every class, as integers, and writes a score for
 * each; the smallest goes first. This one serves the contact that is nearest to missing the target;
 * contacts that have missed it come after, the least late first. It cannot reach law, needs or
 * capacity, and priority 0 is not its business. Exported as spw_policy_entry from a shared object,
 * the same policy can be loaded by `spillway flood run --policy ./own.so`.
 */
#include <spillway.h>

#include <stdio.h>
#include <stdlib.h>

static void must(int result)
{
    if (result != SPW_OK) {
        printf("%s: %s\n", spw_error_name(result), spw_error_text(result));
        exit(1);
    }
}

/* Time left until the target is missed; contacts that have missed it go after all that have not. */
static void reachable_first(const void *params, const struct spw_decision *decision,
                            const struct spw_head *heads, size_t n, int64_t *scores)
{
    (void)params;
    for (size_t i = 0; i < n; i++) {
        spw_ns left = heads[i].arrived_at + heads[i].target_ns - decision->now;
        scores[i] = left >= 0 ? left : SPW_HOUR - left;
    }
}

static const struct spw_policy policy = {.size = sizeof(struct spw_policy),
                                         .abi = SPW_POLICY_REVISION,
                                         .name = "reachable-first",
                                         .revision = 1,
                                         .order = reachable_first};

static spw_queue queue_with_target(struct spw_engine *engine, spw_ns target)
{
    spw_queue queue;
    must(spw_stage_begin(engine, SPW_STAGE_QUEUE, 0));
    must(spw_stage_set(engine, SPW_QUEUE_TARGET, 3, target, 0));
    must(spw_stage_commit(engine, 0, &queue));
    return queue;
}

static void use(struct spw_engine *engine, uint32_t order)
{
    must(spw_stage_begin(engine, SPW_STAGE_PLAN, 0));
    must(spw_stage_set(engine, SPW_PLAN_ORDER, 0, order, 0));
    must(spw_stage_commit(engine, 0, NULL));
    while (spw_continue(engine, 0) == SPW_E_BUSY) {
    }
}

/* Three wait; one counsellor frees every ten seconds. */
static void evening(const char *name, int own)
{
    struct spw_config config;
    struct spw_engine *engine;
    struct spw_counsellor_add add = {.key = 1, .centre = 1};
    spw_counsellor ada;
    spw_config_init(&config);
    must(spw_engine_create(&config, NULL, &engine));
    must(spw_stage_begin(engine, SPW_STAGE_CENTRE, 0));
    must(spw_stage_commit(engine, 0, NULL));
    spw_queue quick = queue_with_target(engine, 20 * SPW_SECOND);
    spw_queue slow = queue_with_target(engine, 120 * SPW_SECOND);
    uint32_t number = 0;
    if (own) {
        must(spw_policy_register(engine, &policy, &number));
        use(engine, SPW_ORDER_CUSTOM + number);
    }
    must(spw_counsellor_add(engine, &add, 0, &ada));

    const spw_queue queues[] = {slow, quick, quick};
    for (uint64_t i = 0; i < 3; i++) {
        spw_contact contact;
        struct spw_arrive arrive = {
            .id = {0x5eed, i + 1}, .cookie = i + 1, .home = 1, .queue = queues[i], .priority = 3};
        must(spw_contact_arrive(engine, &arrive, (spw_ns)(i * 20) * SPW_SECOND, &contact));
    }
    spw_ns now = 50 * SPW_SECOND;
    struct spw_event event;
    printf("%-16s", name);
    must(spw_counsellor_ready(engine, ada, now));
    while (spw_poll(engine, &event, 1) > 0) {
        if (event.kind == SPW_EVENT_OFFER) {
            printf(" caller %llu after %lld s;", (unsigned long long)event.cookie,
                   (long long)(event.waited / SPW_SECOND));
            must(spw_contact_accepted(engine, event.contact, ada, now));
            must(spw_contact_ended(engine, event.contact, SPW_END_SERVED, now += 10 * SPW_SECOND));
        }
    }
    struct spw_counters counters;
    must(spw_view_counters(engine, 0, 0, -1, 0, &counters));
    printf(" %llu of 3 in time\n", (unsigned long long)counters.within_target);
    spw_engine_destroy(engine);
}

int main(void)
{
    evening("head-start:", 0);
    evening("reachable-first:", 1);
    return 0;
}
