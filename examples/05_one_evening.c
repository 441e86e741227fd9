/*
 * 05_one_evening.c - a whole evening in no time.
 *
 * New here: virtual time. The engine reads no clock, so a program that plays the callers and the
 * counsellors can jump from one happening to the next, and the same seed gives the same evening on
 * every machine. Three counsellors, a call every two minutes, talks of six minutes on the average,
 * and people who give up after about five.
 */
#include <spillway.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define CALLERS_MAX 256
#define STAFF 3

static void must(int result)
{
    if (result != SPW_OK) {
        printf("%s: %s\n", spw_error_name(result), spw_error_text(result));
        exit(1);
    }
}

/* What will happen to a caller of its own accord; SPW_FOREVER: nothing. */
struct caller {
    spw_contact contact;
    spw_ns gives_up;
    spw_ns hangs_up;
};

struct evening {
    struct spw_engine *engine;
    struct caller caller[CALLERS_MAX];
    size_t callers;
    spw_ns next_call;
    uint64_t random;
};

static uint64_t draw(struct evening *evening, uint64_t below)
{
    evening->random ^= evening->random << 13;
    evening->random ^= evening->random >> 7;
    evening->random ^= evening->random << 17;
    return evening->random % below;
}

/* As good as exponential, without floating point: whole means by chance, the rest evenly. */
static spw_ns about(struct evening *evening, spw_ns mean)
{
    spw_ns time = (spw_ns)draw(evening, (uint64_t)mean);
    while (draw(evening, 1000) < 368) {
        time += mean;
    }
    return time;
}

static void open_line(struct evening *evening)
{
    struct spw_config config;
    spw_config_init(&config);
    must(spw_engine_create(&config, NULL, &evening->engine));
    must(spw_stage_begin(evening->engine, SPW_STAGE_CENTRE, 0));
    must(spw_stage_commit(evening->engine, 0, NULL));
    must(spw_stage_begin(evening->engine, SPW_STAGE_QUEUE, 0));
    must(spw_stage_set(evening->engine, SPW_QUEUE_WRAP_UP, 0, 30 * SPW_SECOND, 0));
    must(spw_stage_commit(evening->engine, 0, NULL));
    for (uint64_t i = 0; i < STAFF; i++) {
        struct spw_counsellor_add add = {.key = i, .centre = 1};
        spw_counsellor counsellor;
        must(spw_counsellor_add(evening->engine, &add, 0, &counsellor));
        must(spw_counsellor_ready(evening->engine, counsellor, 0));
    }
}

static void call_arrives(struct evening *evening, spw_ns now)
{
    uint64_t number = evening->callers++;
    struct caller *caller = &evening->caller[number];
    struct spw_arrive arrive = {.id = {0x5eed, number + 1},
                                .cookie = number,
                                .home = 1,
                                .queue = 1,
                                .priority = (uint8_t)(1 + draw(evening, 3))};
    caller->gives_up = now + about(evening, 5 * SPW_MINUTE);
    caller->hangs_up = SPW_FOREVER;
    must(spw_contact_arrive(evening->engine, &arrive, now, &caller->contact));
    evening->next_call = now + about(evening, 2 * SPW_MINUTE);
}

/* Every offer is accepted at once; a talk has a length from its beginning. */
static void answer(struct evening *evening, spw_ns now)
{
    struct spw_event event;
    while (spw_poll(evening->engine, &event, 1) > 0) {
        if (event.kind == SPW_EVENT_OFFER) {
            struct caller *caller = &evening->caller[event.cookie];
            caller->gives_up = SPW_FOREVER;
            caller->hangs_up = now + about(evening, 6 * SPW_MINUTE);
            must(spw_contact_accepted(evening->engine, event.contact, event.counsellor, now));
        }
    }
}

/* The caller with the next happening, and when that is. */
static struct caller *next_caller(struct evening *evening, spw_ns *when)
{
    struct caller *next = NULL;
    *when = SPW_FOREVER;
    for (size_t i = 0; i < evening->callers; i++) {
        struct caller *caller = &evening->caller[i];
        spw_ns at = caller->gives_up < caller->hangs_up ? caller->gives_up : caller->hangs_up;
        if (at < *when) {
            *when = at;
            next = caller;
        }
    }
    return next;
}

static void happen(struct evening *evening, struct caller *caller, spw_ns now)
{
    bool gives_up = caller->gives_up < caller->hangs_up;
    caller->gives_up = SPW_FOREVER;
    caller->hangs_up = SPW_FOREVER;
    if (gives_up) {
        must(spw_contact_left(evening->engine, caller->contact, now));
    } else {
        must(spw_contact_ended(evening->engine, caller->contact, SPW_END_SERVED, now));
    }
}

static void play(struct evening *evening, spw_ns until)
{
    for (;;) {
        spw_ns person;
        struct caller *caller = next_caller(evening, &person);
        spw_ns deadline = spw_next_deadline(evening->engine);
        spw_ns now = person < evening->next_call ? person : evening->next_call;
        now = deadline < now ? deadline : now;
        if (now >= until || evening->callers == CALLERS_MAX) {
            return;
        }
        if (now == deadline) {
            int more = spw_advance(evening->engine, now);
            if (more != SPW_E_BUSY) { /* BUSY: more is due than one call fires; poll, again */
                must(more);
            }
        } else if (now == person) {
            happen(evening, caller, now);
        } else {
            call_arrives(evening, now);
        }
        answer(evening, now);
    }
}

int main(void)
{
    static struct evening evening = {.random = 20240619};
    struct spw_counters count;
    open_line(&evening);
    play(&evening, 4 * SPW_HOUR);
    printf("priority  people  answered  gave up  within target\n");
    for (int priority = 1; priority <= 3; priority++) {
        must(spw_view_counters(evening.engine, 0, 0, priority, 0, &count));
        printf("%8d  %6llu  %8llu  %7llu  %13llu\n", priority, (unsigned long long)count.arrived,
               (unsigned long long)count.connected,
               (unsigned long long)count.ended[SPW_END_ABANDONED],
               (unsigned long long)count.within_target);
    }
    spw_engine_destroy(evening.engine);
    return 0;
}
