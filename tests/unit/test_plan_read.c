/*
 * test_plan_read.c - a plan as a text: what it becomes, and where each mistake is found.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <spillway.h>

#include "plan/plan.h"

static const char whole[] =
    "plan:\n"
    "  revision: 3\n"
    "  skills: [counselling, trauma, trainee]\n"
    "  languages: {ar: {fallback: [en], after: 2 min}, en: {}}\n"
    "  skill_sets: {senior: [counselling >= 60, trauma >= 50, ar], junior: [counselling, "
    "trainee]}\n"
    "  needs:\n"
    "    careful: {all: [counselling >= 30], any: [ar, en], lacks: [trainee], floor: "
    "[counselling],\n"
    "              prefer: [trauma], prefer_for: 90 s}\n"
    "  ladders: {patient: {need: careful, steps: [{after: 5 min, relax: [ar], raise: 1}]}}\n"
    "  queues:\n"
    "    chat: {need: [counselling], target: 2 min, fallback: voice}\n"
    "    voice: {ladder: patient, target: {0: 20 s, default: 3 min}, wrap_up: by hand}\n"
    "  centres: {north: {zone: 1, rest_share: 20 %}}\n"
    "  protected: {bound: 200 per 1 h}\n"
    "  priorities: {1: {head_start: 30 min}, 2: {head_start: 5 min}}\n"
    "  prefer: [{skill_set: senior, queue: voice, rank: 1, reserve: 2}]\n"
    "  pool_order: [junior, senior]\n";

static struct spw_plan *read_text(const char *text, struct spw_plan_error *error)
{
    return spw_plan_read(text, strlen(text), "p.yaml", error);
}

START_TEST(a_whole_plan_is_taken_by_an_engine)
{
    struct spw_plan_error error;
    struct spw_plan *plan = read_text(whole, &error);
    ck_assert_msg(plan != NULL, "%s", error.text);
    struct spw_config config;
    spw_config_init(&config);
    spw_plan_config(plan, &config);
    struct spw_engine *engine = NULL;
    ck_assert_int_eq(spw_engine_create(&config, NULL, &engine), SPW_OK);
    ck_assert_uint_eq(spw_plan_queue(plan, "voice"), 0);
    ck_assert_msg(spw_plan_apply(plan, engine, -1, 0, &error) == SPW_OK, "%s", error.text);
    ck_assert_uint_eq(spw_plan_queue(plan, "voice"), 1); /* the fallback of chat comes first */
    ck_assert_uint_eq(spw_plan_queue(plan, "chat"), 2);
    ck_assert_uint_eq(spw_plan_queue(plan, "nowhere"), 0);
    ck_assert_uint_ne(spw_plan_skill(plan, "en"), 0);
    ck_assert_uint_ne(spw_plan_skillset(plan, "senior"), spw_plan_skillset(plan, "junior"));
    ck_assert_uint_ne(spw_plan_need(plan, "careful"), 0);
    ck_assert_uint_ne(spw_plan_ladder(plan, "patient"), 0);
    ck_assert_uint_eq(spw_plan_centre(plan, "north"), 1);
    ck_assert_str_eq(spw_plan_name(plan, SPW_NAMES_SKILLS, 0), "counselling");
    ck_assert_ptr_null(spw_plan_name(plan, SPW_NAMES_CENTRES, 1));
    spw_ns target = 0;
    ck_assert_int_eq(spw_plan_queue_target(plan, "voice", 0, &target), SPW_OK);
    ck_assert_int_eq(target, 20 * SPW_SECOND);
    ck_assert_int_eq(spw_plan_queue_target(plan, "voice", 5, &target), SPW_OK);
    ck_assert_int_eq(target, 3 * SPW_MINUTE);
    ck_assert_int_eq(spw_plan_queue_target(plan, "voice", 8, &target), SPW_E_RANGE);
    ck_assert_int_eq(spw_plan_queue_target(plan, "phone", 0, &target), SPW_E_UNKNOWN);
    spw_engine_destroy(engine);
    spw_plan_free(plan);
}
END_TEST

START_TEST(the_same_text_gives_the_same_state)
{
    uint64_t hash[2];
    for (int i = 0; i < 2; i++) {
        struct spw_plan_error error;
        struct spw_plan *plan = read_text(whole, &error);
        struct spw_config config;
        spw_config_init(&config);
        struct spw_engine *engine = NULL;
        ck_assert_int_eq(spw_engine_create(&config, NULL, &engine), SPW_OK);
        ck_assert_int_eq(spw_plan_apply(plan, engine, -1, 0, &error), SPW_OK);
        hash[i] = spw_state_hash(engine);
        spw_engine_destroy(engine);
        spw_plan_free(plan);
    }
    ck_assert_uint_eq(hash[0], hash[1]);
}
END_TEST

/* The steps of a ladder as the program has them: "0:2 120:2 300:1" is after (s) and clauses. */
static void steps_of(const struct spw_plan *plan, uint32_t ladder_op, char *text, size_t size)
{
    uint32_t begin = ladder_op;
    while (plan->ops[begin].input.kind != SPW_INPUT_STAGE_BEGIN) {
        begin--;
    }
    text[0] = 0;
    for (uint32_t i = begin + 1; i < ladder_op; i++) {
        uint32_t clauses = 0;
        for (uint32_t n = plan->ops[i].from[0]; plan->ops[n].input.kind != SPW_INPUT_STAGE_BEGIN;
             n--) {
            clauses += plan->ops[n].input.kind == SPW_INPUT_STAGE_CLAUSE;
        }
        size_t used = strlen(text);
        (void)snprintf(text + used, size - used, "%s%d:%u", used ? " " : "",
                       (int)(plan->ops[i].input.u.step.after / SPW_SECOND), clauses);
    }
}

START_TEST(preferred_parts_and_languages_become_steps)
{
    static const char text[] =
        "skills: [a, b]\n"
        "languages: {ar: {fallback: [en, fr], after: 2 min}}\n"
        "needs: {n: {all: [a], prefer: [b], prefer_for: 90 s}}\n"
        "ladders: {l: {need: n, steps: [{after: 4 min, relax: [a], raise: 1}]}}\n"
        "queues: {q: {need: n, language: ar}}\n"
        "centres: {c: {}}\n"
        "protected: no\n";
    struct spw_plan_error error;
    struct spw_plan *plan = read_text(text, &error);
    ck_assert_msg(plan != NULL, "%s", error.text);
    char steps[80];
    steps_of(plan, spw__name_find(plan, SPW_NAMES_LADDERS, "l")->op, steps, sizeof steps);
    ck_assert_str_eq(steps, "0:2 90:1 240:0");
    uint32_t ladder = SPW__OP_NONE;
    for (uint32_t i = 0; i < plan->op_count; i++) {
        if (plan->ops[i].input.kind == SPW_INPUT_STAGE_SET &&
            plan->ops[i].input.u.set.field == SPW_QUEUE_LADDER) {
            ladder = plan->ops[i].from[0];
        }
    }
    ck_assert_uint_ne(ladder, SPW__OP_NONE);
    steps_of(plan, ladder, steps, sizeof steps);
    ck_assert_str_eq(steps, "0:3 90:2 120:2 240:2");
    spw_plan_free(plan);
}
END_TEST

/* A change to the good text, and the words and place that it must bring. */
static const struct mistake {
    const char *old, *new, *place, *words;
} mistakes[] = {
    {"target: 2 min", "tagret: 2 min", ":11:33:", "expected `target`"},
    {"target: 2 min", "target: 2", ":11:41:", "unit is missing"},
    {"target: 2 min", "target: 2 metres", ":11:41:", "not one of time"},
    {"target: 2 min", "target: -2 min", ":11:41:", "negative"},
    {"target: 2 min", "target: [2 min]", ":11:41:", "this is a list"},
    {"trauma >= 50", "truama >= 50", ":5:44:", "expected `trauma`"},
    {"trauma >= 50", "trauma >= 101", ":5:44:", "from 1 to 100"},
    {"trauma, trainee]", "trauma, trauma]", ":3:33:", "declared twice"},
    {"junior: [counselling, trainee]", "senior: [counselling]", "5:", "stands twice"},
    {"relax: [ar]", "relax: [counselling]", ":9:69:", "is a floor"},
    {"relax: [ar]", "relax: [trainee]", ":9:69:", "must lack"},
    {"steps: [{after: 5 min", "steps: [{after: 5 min}, {after: 3 min", ":9:70:", "rising times"},
    {"after: 5 min, ", "", ":9:", "without `after`"},
    {"prefer_for: 90 s", "floor: [ar]", ":8:", "stands twice"},
    {", prefer_for: 90 s", "", ":8:", "without `prefer_for`"},
    {"fallback: voice", "fallback: chat", ":11:", "circle"},
    {"fallback: voice", "fallback: vioce", ":11:", "expected `voice`"},
    {"chat: {need: [counselling]", "chat: {need: counselling",
     ":11:18:", "is a skill; expected a list such as [counselling]"},
    {"{bound: 200 per 1 h}", "yes", ":14:14:", "this is the word `yes`; expected `no`"},
    {"bound: 200 per 1 h", "burst: 3", ":14:", "no `bound`"},
    {"bound: 200 per 1 h", "bound: 200", ":14:", "unit is missing"},
    {"  protected: {bound: 200 per 1 h}\n", "", ":2:3:", "how much priority 0 may take"},
    {"reserve: 2", "reserve: -2", ":16:", "whole number"},
    {"queue: voice, rank", "queue: vocie, rank", ":16:", "expected `voice`"},
    {"[junior, senior]\n", "[junior, *senior]\n", ":17:", "aliases"},
    {"zone: 1", "zone: 1]", "", "not YAML"},
    {"rest_share: 20 %", "rest_share: 120 %", ":13:", "0 % to 100 %"},
    {"  centres: {north: {zone: 1, rest_share: 20 %}}\n", "", ":2:3:", "no `centres`"},
    {"  centres: {north: {zone: 1, rest_share: 20 %}}\n", "  centres:\n",
     ":13:3:", "this is empty"},
    {"1: {head_start: 30 min}", "0: {head_start: 30 min}", ":15:", "expected 1 to 7"},
    {"{north: {zone: 1, rest_share: 20 %}}", "{}", ":13:12:", "expected at least one"},
    {"zone: 1,", "zone: 65536,", ":13:27:", "from 0 to 65535"},
    {"zone: 1,", "classes_max: 15,", ":13:34:", "from 16 to 1048576"},
    {"zone: 1,", "pools_max: 0,", ":13:32:", "from 1 to 1048576"},
    {"zone: 1,", "lease: 0 s,", ":13:28:", "above 0 s and at most 36 years"},
    {"target: 2 min", "offer_timeout: 0 s", ":11:48:", "above 0 s and at most 36 years"},
    {"target: 2 min", "park_grace: 40 d 38 h", ":11:45:", ""},
    {"target: 2 min", "park_grace: 20000 d", ":11:45:", "of at most 36 years"},
    {"target: 2 min", "callback: {max: 1, attempts: 101}", ":11:62:", "from 1 to 100"},
    {"1: {head_start: 30 min}", "9: {head_start: 30 min}", ":15:16:", "one of: 0, 1, 2"},
    {"{0: 20 s,", "{8: 20 s,", ":12:39:", "5, 6, 7, default"},
    {"counselling >= 60", "counselling >= 101", ":5:25:", "`101`: expected"},
    {"after: 5 min", "after: 1 min", ":9:54:", "`prefer_for` of the ladder's need is not over"},
    {"after: 5 min", "after: 0 s", ":9:54:", "not over"},
    {"revision: 3", "revision: &x 3", "", ""},
};

START_TEST(every_mistake_says_where_and_what_was_expected)
{
    const struct mistake *m = &mistakes[_i];
    char text[sizeof whole + 200];
    const char *at = strstr(whole, m->old);
    ck_assert_ptr_nonnull(at);
    (void)snprintf(text, sizeof text, "%.*s%s%s", (int)(at - whole), whole, m->new,
                   at + strlen(m->old));
    struct spw_plan_error error;
    struct spw_plan *plan = read_text(text, &error);
    if (!*m->words) { /* an anchor alone does no harm */
        ck_assert_ptr_nonnull(plan);
        spw_plan_free(plan);
        return;
    }
    ck_assert_msg(plan == NULL, "taken: %s", m->new);
    ck_assert_msg(strncmp(error.text, "p.yaml:", 7) == 0, "%s", error.text);
    ck_assert_msg(strstr(error.text, m->place) != NULL, "%s: not at %s", error.text, m->place);
    ck_assert_msg(strstr(error.text, m->words) != NULL, "%s: not `%s`", error.text, m->words);
    ck_assert_int_gt(error.line, 0);
    ck_assert_int_eq(error.code, SPW_E_INVALID);
}
END_TEST

START_TEST(a_zero_byte_has_its_place)
{
    static const char text[] = "skills: [a]\n# \xc3\xa9\nrevision\0: 3\n";
    struct spw_plan_error error;
    struct spw_plan *plan = spw_plan_read(text, sizeof text - 1, "p.yaml", &error);
    ck_assert_ptr_null(plan);
    ck_assert_str_eq(error.text, "p.yaml:3:9: a zero byte; expected text");
}
END_TEST

START_TEST(what_the_engine_refuses_has_its_place_too)
{
    struct spw_plan_error error;
    struct spw_plan *plan = read_text(whole, &error);
    struct spw_config config;
    spw_config_init(&config);
    config.skills_max = 2;
    struct spw_engine *engine = NULL;
    ck_assert_int_eq(spw_engine_create(&config, NULL, &engine), SPW_OK);
    ck_assert_int_eq(spw_plan_apply(plan, engine, -1, 0, &error), SPW_E_FULL);
    ck_assert_msg(strstr(error.text, "p.yaml:3:33:") != NULL, "%s", error.text);
    ck_assert_msg(strstr(error.text, "SPW_E_FULL") || strstr(error.text, "E_FULL"), "%s",
                  error.text);
    spw_engine_destroy(engine);
    spw_plan_free(plan);
}
END_TEST

/* A live engine with `people` unpolled arrivals in a ring of 256. */
static struct spw_engine *engine_with(struct spw_plan *plan, uint64_t people)
{
    struct spw_engine *engine = NULL;
    struct spw_config config;
    struct spw_event events[64];
    struct spw_plan_error error;
    spw_config_init(&config);
    config.events_max = 256;
    ck_assert_int_eq(spw_engine_create(&config, NULL, &engine), SPW_OK);
    ck_assert_int_eq(spw_plan_apply(plan, engine, -1, 0, &error), SPW_OK);
    while (spw_poll(engine, events, 64) > 0) {
    }
    for (uint64_t i = 1; i <= people; i++) {
        struct spw_arrive arrive = {
            .id = {1, i}, .home = 1, .queue = 1, .priority = 3, .zone = 1, .channel = 0};
        if (spw_contact_arrive(engine, &arrive, 0, NULL) != SPW_OK) {
            break;
        }
    }
    return engine;
}

/*
 * However full the ring is: either an error with its sentence, or everything is committed and what
 * is left is the host's to work off.
 */
START_TEST(a_plan_for_a_live_engine_leaves_the_rest_to_the_host)
{
    struct spw_plan_error error;
    struct spw_plan *plan = read_text(whole, &error);
    struct spw_plan *order =
        read_text("queues: {q: {}}\ncentres: {c: {}}\norder: fifo\nprotected: no\n", &error);
    ck_assert_msg(plan != NULL && order != NULL, "%s", error.text);
    int refused = 0;
    int left = 0;
    for (uint64_t people = 0; people < 160; people++) {
        struct spw_engine *engine = engine_with(plan, people);
        struct spw_event events[256];
        int code = spw_plan_apply(order, engine, -1, 0, &error);
        ck_assert_int_eq(code == SPW_OK, error.text[0] == 0);
        ck_assert_int_eq(code, error.code);
        refused += code != SPW_OK;
        left += code == SPW_OK && spw_continue(engine, 0) != SPW_OK;
        (void)spw_poll(engine, events, 256);
        while (spw_continue(engine, 0) == SPW_E_BUSY) {
            (void)spw_poll(engine, events, 256);
        }
        ck_assert_int_eq(spw_continue(engine, 0), SPW_OK);
        spw_engine_destroy(engine);
    }
    ck_assert_int_gt(refused, 0);
    ck_assert_int_gt(left, 0);
    spw_plan_free(order);
    spw_plan_free(plan);
}
END_TEST

START_TEST(nothing_is_no_plan)
{
    static const char *const texts[] = {
        "",   "\n", "# only a comment\n", "[]",          "42", "a: b: c",
        "\t", "{}", "--- {}\n--- {}\n",   "? [a]\n: b\n"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct spw_plan_error error;
        ck_assert_ptr_null(read_text(texts[i], &error));
        ck_assert_msg(strncmp(error.text, "p.yaml:", 7) == 0, "%s", error.text);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("plan_read");
    TCase *tests = tcase_create("text");
    tcase_add_test(tests, a_whole_plan_is_taken_by_an_engine);
    tcase_add_test(tests, the_same_text_gives_the_same_state);
    tcase_add_test(tests, preferred_parts_and_languages_become_steps);
    tcase_add_loop_test(tests, every_mistake_says_where_and_what_was_expected, 0,
                        (int)(sizeof mistakes / sizeof mistakes[0]));
    tcase_add_test(tests, a_zero_byte_has_its_place);
    tcase_add_test(tests, what_the_engine_refuses_has_its_place_too);
    tcase_add_test(tests, a_plan_for_a_live_engine_leaves_the_rest_to_the_host);
    tcase_add_test(tests, nothing_is_no_plan);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
