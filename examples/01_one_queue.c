/*
 * 01_one_queue.c - one centre, one queue, one counsellor, one caller.
 *
 * New here: create an engine, say what happened, poll what follows. Build against the installed
 * library with: cc 01_one_queue.c $(pkg-config --cflags --libs spillway)
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

static void show(struct spw_engine *engine)
{
    struct spw_event event;
    while (spw_poll(engine, &event, 1) > 0) {
        printf("%2lld s  %s\n", (long long)(event.at / SPW_SECOND), spw_event_name(event.kind));
    }
}

int main(void)
{
    struct spw_config config;
    struct spw_engine *engine;
    spw_config_init(&config);
    must(spw_engine_create(&config, NULL, &engine));

    spw_centre cardiff;
    must(spw_stage_begin(engine, SPW_STAGE_CENTRE, 0));
    must(spw_stage_commit(engine, 0, &cardiff));
    spw_queue line;
    must(spw_stage_begin(engine, SPW_STAGE_QUEUE, 0));
    must(spw_stage_commit(engine, 0, &line));
    spw_counsellor ada;
    struct spw_counsellor_add add = {.key = 1, .centre = cardiff};
    must(spw_counsellor_add(engine, &add, 0, &ada));

    spw_contact caller;
    struct spw_arrive arrive = {.id = {0x5eed, 42}, .home = cardiff, .queue = line, .priority = 1};
    must(spw_contact_arrive(engine, &arrive, 10 * SPW_SECOND, &caller));
    show(engine);
    must(spw_counsellor_ready(engine, ada, 12 * SPW_SECOND));
    show(engine);
    must(spw_contact_accepted(engine, caller, ada, 15 * SPW_SECOND));
    must(spw_contact_ended(engine, caller, SPW_END_SERVED, 60 * SPW_SECOND));
    show(engine);
    spw_engine_destroy(engine);
    return 0;
}
