/*
 * 03_priorities.c - which caller goes first.
 *
 * New here: priorities. Priority 0 goes before everybody. The others compete by arrival minus a
 * head start: half an hour for priority 1, five minutes for priority 2, nothing for the rest. So
 * nobody is overtaken without bound, and the bound can be printed. The OFFER event names the caller
 * who would have been next.
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

static struct spw_engine *one_line(spw_counsellor *ada)
{
    struct spw_config config;
    struct spw_engine *engine;
    struct spw_counsellor_add add = {.key = 1, .centre = 1};
    spw_config_init(&config);
    must(spw_engine_create(&config, NULL, &engine));
    must(spw_stage_begin(engine, SPW_STAGE_CENTRE, 0));
    must(spw_stage_commit(engine, 0, NULL));
    must(spw_stage_begin(engine, SPW_STAGE_QUEUE, 0));
    must(spw_stage_commit(engine, 0, NULL));
    must(spw_counsellor_add(engine, &add, 0, ada));
    return engine;
}

static void arrive(struct spw_engine *engine, uint64_t name, uint8_t priority, spw_ns now)
{
    spw_contact contact;
    struct spw_arrive arrive = {
        .id = {0x5eed, name}, .cookie = name, .home = 1, .queue = 1, .priority = priority};
    must(spw_contact_arrive(engine, &arrive, now, &contact));
}

int main(void)
{
    spw_counsellor ada;
    struct spw_engine *engine = one_line(&ada);
    arrive(engine, 1, 3, 0 * SPW_MINUTE);
    arrive(engine, 2, 2, 4 * SPW_MINUTE); /* four minutes later, five minutes ahead */
    arrive(engine, 3, 2, 6 * SPW_MINUTE); /* too late to pass caller 1 */
    arrive(engine, 4, 1, 8 * SPW_MINUTE);
    arrive(engine, 5, 0, 9 * SPW_MINUTE);
    for (int priority = 1; priority <= 3; priority++) {
        printf("priority %d is never overtaken by anybody who came more than %lld s later\n",
               priority, (long long)(spw_view_overtaking_bound(engine, priority) / SPW_SECOND));
    }

    spw_ns now = 10 * SPW_MINUTE;
    struct spw_event event;
    must(spw_counsellor_ready(engine, ada, now));
    while (spw_poll(engine, &event, 1) > 0) {
        if (event.kind != SPW_EVENT_OFFER) {
            continue;
        }
        struct spw_contact_view next = {.cookie = 0};
        if (event.runner_up.bits != 0) {
            must(spw_view_contact(engine, event.runner_up, &next));
        }
        printf("caller %llu, priority %u, waited %3lld s", (unsigned long long)event.cookie,
               event.priority, (long long)(event.waited / SPW_SECOND));
        printf(next.cookie != 0 ? "; next would be %llu\n" : "\n", (unsigned long long)next.cookie);
        must(spw_contact_accepted(engine, event.contact, ada, now += SPW_SECOND));
        must(spw_contact_ended(engine, event.contact, SPW_END_SERVED, now += SPW_SECOND));
    }
    spw_engine_destroy(engine);
    return 0;
}
