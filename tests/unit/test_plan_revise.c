/*
 * tests/unit/test_plan_revise.c - a plan applied to an engine that is at work: what it may change,
 * what it may not, and that people in the house stay there.
 */
#include <stdio.h>
#include <string.h>

#include "desk.h"
#include "suite.h"

#include <spillway/plan.h>

enum { ADA = 1, BEA, CORA };

static const char first_text[] = "revision: 1\n"
                                 "skills: [calm, youth]\n"
                                 "skill_sets: {some: [calm], all: [calm, youth]}\n"
                                 "needs: {young: [youth]}\n"
                                 "queues:\n"
                                 "  voice: {need: [calm], target: 60 s}\n"
                                 "  chat: {callback: {max: 3}}\n"
                                 "centres: {north: {classes_max: 32}}\n"
                                 "protected: {bound: 10 per 1 h, burst: 20}\n"
                                 "prefer: [{skill_set: all, queue: chat, rank: 3}]\n"
                                 "pool_order: [all, some]\n"
                                 "units: {chat: 50}\n";

/* Another order, other head starts, a new skill, ladder and queue, another target and lease; what
 * it does not say is a default again. */
static const char second_text[] =
    "revision: 2\n"
    "skills: [sleep, calm, youth]\n"
    "skill_sets: {some: [calm], all: [calm, youth]}\n"
    "needs: {young: [youth]}\n"
    "ladders: {patient: {need: [sleep], steps: [{after: 30 s, relax: [sleep], raise: 1}]}}\n"
    "queues:\n"
    "  chat: {fallback: night, waiting_max: 0}\n"
    "  night: {ladder: patient}\n"
    "  voice: {need: [calm], target: {3: 20 s, default: 90 s}}\n"
    "centres: {north: {lease: 1 h}}\n"
    "order: fifo\n"
    "protected: {bound: none}\n"
    "priorities: {1: {head_start: 10 min}}\n";

static struct spw_plan *read_plan(const char *text)
{
    struct spw_plan_error error;
    struct spw_plan *plan = spw_plan_read(text, strlen(text), "t.yaml", &error);
    ck_assert_msg(plan != NULL, "%s", error.text);
    return plan;
}

static int apply(struct desk *d, const char *text, int order, double at,
                 struct spw_plan_error *error)
{
    struct spw_plan *plan = read_plan(text);
    int result = spw_plan_apply(plan, d->engine, order, seconds(at), error);
    ck_assert_int_eq(result, error->code);
    ck_assert_int_eq(result == SPW_OK, error->text[0] == 0);
    ck_assert_int_eq(result == SPW_OK, spw_plan_queue(plan, "voice") != 0);
    spw_plan_free(plan);
    desk_poll(d);
    return result;
}

static void arrive(struct desk *d, uint64_t id, spw_queue queue, uint8_t priority, double at)
{
    struct spw_arrive person = desk_person(id, priority);
    person.queue = queue;
    desk_arrive(d, &person, at);
}

/* 1 talks to Ada, 2 is offered to Bea, 3 and 4 wait, 5 is parked, 6 is to be called back. */
static void world_open(struct desk *d)
{
    struct spw_config config;
    struct spw_plan_error error;
    struct spw_plan *plan = read_plan(first_text);
    memset(d, 0, sizeof *d);
    spw_config_init(&config);
    config.contacts_max = 64;
    config.counsellors_max = 8;
    config.queues_max = 4;
    config.centres_max = 2;
    config.prefers_max = 1;
    spw_plan_config(plan, &config);
    MUST(spw_engine_create(&config, NULL, &d->engine));
    MUST(spw_plan_apply(plan, d->engine, -1, 0, &error));
    const char *const sets[] = {"", "some", "all", "some"};
    for (int n = ADA; n <= CORA; n++) {
        struct spw_counsellor_add add = {.key = (uint64_t)n, .centre = 1};
        add.skillset = spw_plan_skillset(plan, sets[n]);
        MUST(spw_counsellor_add(d->engine, &add, 0, &d->who[n]));
    }
    spw_plan_free(plan);
    desk_ready(d, ADA, 1);
    arrive(d, 1, 1, 3, 2);
    desk_accept(d, 1, ADA, 3);
    desk_ready(d, BEA, 4);
    arrive(d, 2, 1, 3, 5);
    arrive(d, 3, 1, 3, 6);
    arrive(d, 4, 1, 1, 7);
    arrive(d, 5, 1, 2, 8);
    MUST(spw_contact_dropped(d->engine, d->contact[5], seconds(9)));
    arrive(d, 6, 2, 2, 9);
    MUST(spw_contact_callback(d->engine, d->contact[6], seconds(500), SPW_FOREVER, seconds(9)));
    desk_clear(d);
}

static void all_in_the_house(struct desk *d)
{
    static const uint8_t states[] = {0,
                                     SPW_CONTACT_CONNECTED,
                                     SPW_CONTACT_OFFERED,
                                     SPW_CONTACT_WAITING,
                                     SPW_CONTACT_WAITING,
                                     SPW_CONTACT_PARKED,
                                     SPW_CONTACT_CALLBACK};
    struct spw_contact_view view;
    struct spw_counters all;
    char text[200] = "";
    for (int id = 1; id <= 6; id++) {
        MUST(spw_view_contact(d->engine, d->contact[id], &view));
        ck_assert_msg(view.state == states[id], "contact %d is in state %d", id, view.state);
        ck_assert_uint_eq(view.queue, id == 6 ? 2 : 1);
    }
    MUST(spw_view_counters(d->engine, 0, 0, -1, 0, &all));
    ck_assert_uint_eq(all.live, 6);
    ck_assert_uint_eq(all.arrived, 6);
    ck_assert_msg(spw_check(d->engine, text, sizeof text) == 0, "%s", text);
}

START_TEST(a_revised_plan_is_put_into_force_under_people)
{
    struct desk d;
    struct spw_usage usage;
    struct spw_plan_error error;
    spw_ns target = 0;
    uint64_t ahead = 9;
    world_open(&d);
    all_in_the_house(&d);
    MUST(spw_view_ahead(d.engine, d.contact[3], &ahead));
    ck_assert_uint_eq(ahead, 1); /* 4 has the head start */
    struct spw_plan *plan = read_plan(second_text);
    int result = spw_plan_apply(plan, d.engine, -1, seconds(10), &error);
    ck_assert_msg(result == SPW_OK, "%s", error.text);
    ck_assert_uint_eq(spw_plan_queue(plan, "voice"), 1);
    ck_assert_uint_eq(spw_plan_queue(plan, "chat"), 2);
    ck_assert_uint_eq(spw_plan_queue(plan, "night"), 3);
    ck_assert_uint_eq(spw_plan_centre(plan, "north"), 1);
    ck_assert_uint_eq(spw_plan_skill(plan, "calm"), 1);
    ck_assert_uint_eq(spw_plan_skill(plan, "sleep"), 3);
    ck_assert_uint_eq(spw_plan_skillset(plan, "some"), 1);
    ck_assert_uint_ne(spw_plan_ladder(plan, "patient"), 0);
    spw_plan_free(plan);
    all_in_the_house(&d);
    spw_view_usage(d.engine, &usage);
    ck_assert_uint_eq(usage.queues, 3);
    ck_assert_uint_eq(usage.centres, 1);
    ck_assert_uint_eq(usage.skills, 3);
    MUST(spw_view_target(d.engine, 1, 3, &target));
    ck_assert_int_eq(target, seconds(20));
    MUST(spw_view_target(d.engine, 1, 2, &target));
    ck_assert_int_eq(target, seconds(90));
    MUST(spw_view_ahead(d.engine, d.contact[3], &ahead));
    ck_assert_uint_eq(ahead, 0); /* first come, first served */
    ck_assert_int_ne(spw_view_overtaking_bound(d.engine, 3), SPW_FOREVER); /* nobody is preferred */
    struct spw_queue_view chat;
    MUST(spw_view_queue(d.engine, 2, &chat));
    ck_assert_uint_eq(chat.fallback, 3);
    struct spw_centre_view north;
    MUST(spw_view_centre(d.engine, 1, &north));
    ck_assert_int_eq(north.lease, SPW_HOUR);
    ck_assert_uint_eq(north.classes_max, 32); /* the text is silent: it stays */
    desk_close(&d);
}
END_TEST

/* The same world goes on by the new plan: order, fallback, ladder, refusals. */
START_TEST(the_world_goes_on_by_the_new_plan)
{
    struct desk d;
    struct spw_plan_error error;
    world_open(&d);
    MUST(apply(&d, second_text, -1, 10, &error));
    desk_clear(&d);
    desk_end(&d, 1, 11);
    ck_assert_int_eq(desk_offered(&d, 3), ADA);
    ck_assert_int_eq(desk_offered(&d, 4), 0);
    struct spw_arrive full = desk_person(7, 3);
    full.queue = 2;
    MUST(spw_contact_arrive(d.engine, &full, seconds(12), &d.contact[7]));
    ck_assert_ptr_nonnull(desk_last(&d, SPW_EVENT_REFUSED, 7)); /* nobody waits for chat now */
    arrive(&d, 8, 3, 3, 13);
    desk_ready(&d, CORA, 14);
    ck_assert_int_eq(desk_offered(&d, 4), CORA);
    desk_accept(&d, 4, CORA, 15);
    desk_end(&d, 4, 16);
    ck_assert_int_eq(desk_offered(&d, 8), 0); /* Cora lacks sleep */
    MUST(spw_advance(d.engine, seconds(42.5)));
    ck_assert_int_eq(desk_offered(&d, 8), 0);
    MUST(spw_advance(d.engine, seconds(43)));
    ck_assert_int_ne(desk_offered(&d, 8), 0);
    desk_close(&d);
}
END_TEST

/* Beside an engine in which only the plan's number is said once more. */
START_TEST(the_same_plan_again_changes_nothing)
{
    struct desk once;
    struct desk twice;
    struct spw_plan_error error;
    world_open(&once);
    world_open(&twice);
    MUST(apply(&once, second_text, -1, 10, &error));
    MUST(apply(&twice, second_text, -1, 10, &error));
    ck_assert_uint_eq(spw_state_hash(once.engine), spw_state_hash(twice.engine));
    desk_plan(&once, SPW_PLAN_REVISION, 0, 2, seconds(20));
    MUST(apply(&twice, second_text, -1, 20, &error));
    ck_assert_uint_eq(spw_state_hash(once.engine), spw_state_hash(twice.engine));
    all_in_the_house(&twice);
    desk_close(&once);
    desk_close(&twice);
}
END_TEST

/* Back to the first plan: as if the second had never been, but for what it added. */
START_TEST(a_plan_is_taken_back)
{
    struct desk d;
    struct spw_plan_error error;
    struct spw_usage usage;
    uint64_t ahead = 9;
    spw_ns target = 0;
    world_open(&d);
    MUST(apply(&d, second_text, -1, 10, &error));
    MUST(apply(&d, first_text, -1, 11, &error));
    all_in_the_house(&d);
    MUST(spw_view_ahead(d.engine, d.contact[3], &ahead));
    ck_assert_uint_eq(ahead, 1);
    MUST(spw_view_target(d.engine, 1, 3, &target));
    ck_assert_int_eq(target, seconds(60));
    ck_assert_int_eq(spw_view_overtaking_bound(d.engine, 3), SPW_FOREVER);
    spw_view_usage(d.engine, &usage);
    ck_assert_uint_eq(usage.queues, 3); /* `night` stays, and nobody calls it */
    desk_close(&d);
}
END_TEST

struct refusal {
    const char *text;
    int order;
    int code;
    const char *said;
};

/* Each after something that could be changed: nothing has been. */
START_TEST(what_cannot_be_changed_is_refused_before_anything_is)
{
    static const char head[] = "revision: 9\nskills: [calm, youth]\n"
                               "skill_sets: {some: [calm], all: [calm, youth]}\n"
                               "needs: {young: [youth]}\n";
    static const struct refusal each[] = {
        {"queues: {voice: {need: young}, chat: {waiting_max: 7}}\n"
         "centres: {north: {}}\nprotected: no\n",
         -1, SPW_E_STATE,
         "t.yaml:5:17: queue `voice` asks for something else than before while 5 are in it"},
        {"queues: {voice: {target: 7 s}}\ncentres: {north: {}}\nprotected: no\n", -1, SPW_E_STATE,
         "queue `voice`"},
        {"queues: {chat: {waiting_max: 7}}\ncentres: {north: {classes_max: 64}}\nprotected: no\n",
         -1, SPW_E_STATE,
         "t.yaml:6:32: centre `north` was set up with a `classes_max` of 32, which stays"},
        {"queues: {chat: {waiting_max: 7}}\ncentres: {north: {pools_max: 7}}\nprotected: no\n", -1,
         SPW_E_STATE, "`pools_max`"},
        {"queues: {chat: {waiting_max: 7}}\ncentres: {north: {lease: 9 s}}\nprotected: no\n",
         SPW_ORDER_CUSTOM + 3, SPW_E_POLICY, "SPW_E_POLICY"},
        {"queues: {chat: {waiting_max: 7}}\ncentres: {north: {}}\nprotected: no\n"
         "prefer: [{skill_set: all, queue: chat, rank: 1}, {skill_set: some, queue: chat, rank: "
         "1}]\n",
         -1, SPW_E_FULL, "t.yaml:8:"},
    };
    for (size_t i = 0; i < sizeof each / sizeof each[0]; i++) {
        struct desk d;
        struct spw_plan_error error;
        char text[1000];
        world_open(&d);
        MUST(spw_advance(d.engine, seconds(10)));
        uint64_t before = spw_state_hash(d.engine);
        (void)snprintf(text, sizeof text, "%s%s", head, each[i].text);
        int code = apply(&d, text, each[i].order, 10, &error);
        ck_assert_msg(code == each[i].code, "%d: %d %s", (int)i, code, error.text);
        ck_assert_msg(strstr(error.text, each[i].said) != NULL, "%s", error.text);
        ck_assert_msg(strncmp(error.text, "t.yaml:", 7) == 0 && error.line > 0, "%s", error.text);
        ck_assert_uint_eq(spw_state_hash(d.engine), before);
        MUST(apply(&d, second_text, -1, 11, &error)); /* no stage is left open */
        desk_close(&d);
    }
}
END_TEST

/* Once the queue is empty it may ask for something else. */
START_TEST(an_empty_queue_takes_another_need)
{
    static const char other[] = "skills: [calm, youth]\nqueues: {chat: {need: [youth]}}\n"
                                "centres: {north: {}}\nprotected: no\n";
    struct desk d;
    struct spw_plan_error error;
    struct spw_queue_view before;
    struct spw_queue_view after;
    struct spw_plan *plan = read_plan(other);
    world_open(&d);
    MUST(spw_view_queue(d.engine, 2, &before));
    ck_assert_int_eq(spw_plan_apply(plan, d.engine, -1, seconds(10), &error), SPW_E_STATE);
    ck_assert_uint_eq(spw_plan_queue(plan, "chat"), 0);
    MUST(spw_contact_left(d.engine, d.contact[6], seconds(11)));
    MUST(spw_plan_apply(plan, d.engine, -1, seconds(12), &error));
    ck_assert_uint_eq(spw_plan_queue(plan, "chat"), 2);
    MUST(spw_view_queue(d.engine, 2, &after));
    ck_assert_uint_ne(after.need, before.need);
    spw_plan_free(plan);
    desk_close(&d);
}
END_TEST

/* The numbers are those of the last engine, or none: never some of each. */
START_TEST(after_a_failed_apply_there_are_no_numbers)
{
    struct spw_config config;
    struct spw_engine *large;
    struct spw_engine *small;
    struct spw_plan_error error;
    struct spw_plan *plan = read_plan(second_text);
    spw_config_init(&config);
    config.centres_max = 1;
    MUST(spw_engine_create(&config, NULL, &large));
    config.queues_max = 2;
    MUST(spw_engine_create(&config, NULL, &small));
    MUST(spw_plan_apply(plan, large, -1, 0, &error));
    ck_assert_uint_ne(spw_plan_queue(plan, "chat"), 0);
    ck_assert_int_eq(spw_plan_apply(plan, small, -1, 0, &error), SPW_E_FULL);
    ck_assert_uint_eq(spw_plan_queue(plan, "chat"), 0);
    ck_assert_uint_eq(spw_plan_skill(plan, "calm"), 0);
    MUST(spw_plan_apply(plan, large, -1, 0, &error));
    ck_assert_uint_ne(spw_plan_queue(plan, "chat"), 0);
    spw_engine_destroy(large);
    spw_engine_destroy(small);
    spw_plan_free(plan);
}
END_TEST

/* In the past: told once, whatever the ring can hold; no stage is left open. */
START_TEST(a_plan_from_before_the_clock_counts_from_the_clock)
{
    static const char head[] = "skills: [calm]\ncentres: {north: {}}\nprotected: no\nqueues:\n";
    struct desk d = {0};
    struct spw_config config;
    struct spw_plan_error error;
    char text[2000];
    size_t length = (size_t)snprintf(text, sizeof text, "%s", head);
    for (int i = 0; i < 20; i++) {
        length += (size_t)snprintf(text + length, sizeof text - length,
                                   "  q%d: {need: [calm], target: 90 s}\n", i);
    }
    struct spw_plan *plan = read_plan(text);
    spw_config_init(&config);
    config.centres_max = 1;
    config.events_max = 256; /* the plan has more operations than that */
    MUST(spw_engine_create(&config, NULL, &d.engine));
    MUST(spw_advance(d.engine, seconds(10)));
    MUST(spw_plan_apply(plan, d.engine, -1, seconds(5), &error));
    ck_assert_int_eq(spw_clock(d.engine), seconds(10));
    desk_poll(&d);
    size_t told = 0;
    for (size_t i = 0; i < d.event_count; i++) {
        told += d.event[i].kind == SPW_EVENT_CLOCK_BACK ? 1 : 0;
    }
    ck_assert_uint_eq(told, 1);
    MUST(spw_plan_apply(plan, d.engine, -1, seconds(11), &error));
    spw_plan_free(plan);
    desk_close(&d);
}
END_TEST

/* Somebody is on the way into a queue that still looks empty: refused before anything changes. */
START_TEST(nobody_moves_into_a_queue_after_it_was_found_empty)
{
    static const char before[] = "skills: [calm]\nqueues: {first: {}, voice: {fallback: chat}, "
                                 "chat: {need: [calm]}}\ncentres: {north: {}}\nprotected: no\n";
    static const char after[] = "skills: [calm]\nqueues: {first: {target: 7 s}, voice: {fallback: "
                                "chat}, chat: {}}\ncentres: {north: {}}\nprotected: no\n";
    struct desk d = {0};
    struct spw_config config;
    struct spw_plan_error error;
    struct spw_plan *plan = read_plan(before);
    spw_ns target = 0;
    spw_config_init(&config);
    config.centres_max = 1;
    MUST(spw_engine_create(&config, NULL, &d.engine));
    MUST(spw_plan_apply(plan, d.engine, -1, 0, &error));
    spw_queue first = spw_plan_queue(plan, "first");
    spw_queue voice = spw_plan_queue(plan, "voice");
    spw_plan_free(plan);
    arrive(&d, 1, voice, 3, 1);
    struct spw_input close = {.kind = SPW_INPUT_QUEUE_CLOSE};
    close.u.queue.queue = voice;
    MUST(spw_apply(d.engine, &close, seconds(2), NULL));
    ck_assert_int_eq(apply(&d, after, -1, 2, &error), SPW_E_STATE);
    ck_assert_msg(strstr(error.text, "queue `chat`") != NULL, "%s", error.text);
    MUST(spw_view_target(d.engine, first, 3, &target));
    ck_assert_int_eq(target, seconds(60));
    desk_close(&d);
}
END_TEST

int main(void)
{
    return SUITE_RUN("plan revise", a_revised_plan_is_put_into_force_under_people,
                     the_world_goes_on_by_the_new_plan, the_same_plan_again_changes_nothing,
                     a_plan_is_taken_back, what_cannot_be_changed_is_refused_before_anything_is,
                     an_empty_queue_takes_another_need, after_a_failed_apply_there_are_no_numbers,
                     a_plan_from_before_the_clock_counts_from_the_clock,
                     nobody_moves_into_a_queue_after_it_was_found_empty);
}
