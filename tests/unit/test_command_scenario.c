/*
 * test_command_scenario.c - scenario files: what they become, and where each mistake is found.
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/scenario.h"

/* Lines 1 to 12; the parts that the tests replace follow from line 13 on. */
#define PLAN                                                                                       \
    "name: t\n"                                                                                    \
    "runs: 2\n"                                                                                    \
    "duration: 2 h\n"                                                                              \
    "plan:\n"                                                                                      \
    "  skills: [listening]\n"                                                                      \
    "  skill_sets: {all: [listening]}\n"                                                           \
    "  queues: {voice: {need: [listening], target: 60 s}}\n"                                       \
    "  centres: {home: {}}\n"                                                                      \
    "  protected: no\n"                                                                            \
    "\n"                                                                                           \
    "\n"                                                                                           \
    "\n"
#define PEOPLE                                                                                     \
    "people: {p: {queue: voice, arrivals: {rate: 1 /min}, service: 5 min, patience: never}}\n"
#define CREWS "crews: {c: {skill_set: all, count: 5}}\n"

static const char whole[] =
    PLAN "people:\n"
         "  p:\n"
         "    queue: voice\n"
         "    arrivals: {day: child, mean: 30 per 1 h, starts: 8 h, burst: 3,\n"
         "               surges: [{window: {from: 1 h, to: 2 h, factor: 4}}], until: 90 min}\n"
         "    mix: [{share: 10 %, priority: 0, unclassified: yes}, {share: 90 %, service: 60 s}]\n"
         "    service: {lognormal: {mean: 5 min, cv: 0.8}}\n"
         "    patience: {mixture: [{share: 20 %, exponential: 10 s}, {share: 80 %, weibull: "
         "{mean: 9 min, shape: 0.9}}]}\n"
         "    redial: {probability: 40 %, after: {exponential: 1 min}, attempts: 3}\n"
         "    callback: {offered_at: 5, accepted: 50 %, priority: 3}\n"
         "crews:\n"
         "  c:\n"
         "    skill_set: all\n"
         "    count: 5\n"
         "    shifts: [{from: 0 h, to: 1 h}]\n"
         "    every: 24 h\n"
         "    speed: 2\n"
         "    speeds: [{queue: voice, speed: 0.8}]\n"
         "    missed: {value: 5 %, guessed: \"nobody counted\"}\n"
         "    line: {up: 2 h, down: 40 s}\n"
         "    breaks: {every: 1 h, mean: 5 min}\n"
         "goals: [{measure: reached_share, queue: voice, at_least: 50 %}]\n";

START_TEST(a_whole_file_becomes_a_scenario)
{
    struct spw__scenario_file file;
    struct spw_plan_error error;
    int read = spw__scenario_parse(&file, whole, strlen(whole), "w.yaml", &error);
    ck_assert_msg(read == 0, "%s", error.text);
    const struct spw_stream *stream = &file.sim.streams[0];
    ck_assert_uint_eq(file.sim.stream_count, 1);
    ck_assert_uint_eq(stream->queue, 1);
    ck_assert_uint_eq(stream->home, 1);
    ck_assert_uint_eq(stream->variant_count, 2);
    ck_assert_int_eq(stream->variants[0].priority, 0);
    ck_assert_uint_eq(stream->variants[0].flags, SPW_CONTACT_UNCLASSIFIED);
    ck_assert_int_eq(stream->variants[1].priority, -1);
    ck_assert_uint_eq(stream->arrivals.burst, 3);
    ck_assert_double_eq_tol(stream->arrivals.end_s, 5400, 1e-9);
    ck_assert_ptr_eq(stream->arrivals.day_shape, spw_day_shape("child"));
    ck_assert_uint_eq(stream->attempts_max, 3);
    ck_assert_uint_eq(stream->callback_from, 5);
    ck_assert_int_eq(stream->patience->kind, SPW_DIST_MIXTURE);
    const struct spw_crew *crew = &file.sim.crews[0];
    ck_assert_uint_eq(crew->count, 5);
    ck_assert_double_eq_tol(crew->service_factor, 0.5, 1e-12);
    ck_assert_uint_eq(crew->pace_count, 1);
    ck_assert_uint_eq(crew->paces[0].queue, 1);
    ck_assert_double_eq_tol(crew->paces[0].factor, 1.25, 1e-12);
    ck_assert_double_eq_tol(crew->miss_probability, 0.05, 1e-12);
    ck_assert_double_eq_tol(crew->day_s, 86400, 1e-9);
    ck_assert_uint_eq(file.mark_count, 1);
    ck_assert_int_eq(file.marks[0].provenance, SPW__GUESSED);
    ck_assert_uint_eq(file.goal_count, 1);
    struct spw_result *result = NULL;
    char text[200];
    ck_assert_msg(spw_sim_run(&file.sim, NULL, NULL, NULL, &result, text, sizeof text) == 0, "%s",
                  text);
    struct spw__goal_result judged = spw__goal_judge(&file.goals[0], result);
    ck_assert_msg(judged.kept == (judged.measured >= 0.5), "%g", judged.measured);
    spw_result_free(result);
    spw__scenario_free(&file);
}
END_TEST

/* What is wrong, where, and a word of what was expected. */
static const struct {
    const char *text;
    const char *says;
} mistakes[] = {
    {PLAN PEOPLE, "t.yaml:1:1: the scenario has no `crews`"},
    {PLAN PEOPLE CREWS "peeple: 3\n", "t.yaml:15:1: unknown key `peeple`; expected `people`?"},
    {PLAN CREWS
     "people: {p: {queue: voise, arrivals: {rate: 1 /min}, service: 5 min, patience: never}}\n",
     "t.yaml:14:21: the plan has no queue `voise`; did you mean `voice`?"},
    {PLAN CREWS
     "people: {p: {queue: voice, arrivals: {rate: 1 h}, service: 5 min, patience: never}}\n",
     "t.yaml:14:45: `1 h`: the unit is not one of a rate; expected a rate"},
    {PLAN CREWS
     "people: {p: {queue: voice, arrivals: {rate: -1 /h}, service: 5 min, patience: never}}\n",
     "t.yaml:14:45: `-1 /h`: a rate is negative"},
    {PLAN CREWS
     "people: {p: {queue: voice, arrivals: {rate: 1 /h}, service: -5 min, patience: never}}\n",
     "t.yaml:14:61: `-5 min`"},
    {PLAN CREWS
     "people: {p: {queue: voice, arrivals: {rate: 1 /h}, service: 5, patience: never}}\n",
     "t.yaml:14:61: `5`: the unit is missing"},
    {PLAN CREWS "people: {p: {queue: voice, arrivals: {rate: 1 /h}, patience: never}}\n",
     "t.yaml:14:10: the stream `p` has no `service`"},
    {PLAN CREWS "people: {p: {queue: voice, arrivals: {rate: 1 /h}, service: {gamma: 3 s}, "
                "patience: never}}\n",
     "t.yaml:14:62: `gamma`"},
    {PLAN CREWS "people: {p: {queue: voice, arrivals: {burst: 3, surges: [{step: {factor: 3}}]}, "
                "service: 5 s, patience: never}}\n",
     "a step without `from`"},
    {PLAN CREWS "people: {p: {queue: voice, arrivals: {rate: 1 /h}, service: {mixture: [{share: 50 "
                "%, exponential: 1 s}]}, patience: never}}\n",
     "the shares come to 50 %; expected 100 %"},
    {PLAN CREWS "people: {p: {queue: voice, arrivals: {rate: 1 /h}, service: 5 s, patience: never, "
                "mix: [{share: 40 %}]}}\n",
     "the shares come to 40 %; expected 100 %"},
    {PLAN CREWS "people: {p: {queue: voice, priority: 8, arrivals: {rate: 1 /h}, service: 5 s, "
                "patience: never}}\n",
     "`8`: expected a whole number from 0 to 7"},
    {PLAN PEOPLE "crews: {c: {skill_set: listening, count: 5}}\n",
     "t.yaml:14:24: the plan has no skill set `listening`"},
    {PLAN PEOPLE "crews: {c: {skill_set: all, count: 5, shifts: [{from: 2 h, to: 1 h}]}}\n",
     "expected a shift that ends after it begins"},
    {PLAN PEOPLE "crews: {c: {skill_set: all, count: 5, speeds: [{queue: voice}]}}\n",
     "expected both `queue` and a `speed` above 0"},
    {PLAN PEOPLE "crews: {c: {skill_set: all, count: 5, speeds: [{queue: voise, speed: 2}]}}\n",
     "the plan has no queue `voise`"},
    {PLAN PEOPLE CREWS "goals: [{measure: reached_shares, at_least: 5 %}]\n",
     "t.yaml:15:19: no measure `reached_shares`; did you mean `reached_share`"},
    {PLAN PEOPLE CREWS "goals: [{measure: wait_p90_s, at_most: 5}]\n",
     "t.yaml:15:40: `5`: the unit is missing"},
    {PLAN PEOPLE CREWS "goals: [{measure: wait_p90_s}]\n", "a goal without a bound"},
    {PLAN PEOPLE CREWS "runs: 3\n", "t.yaml:15:1: "},
    {PLAN PEOPLE CREWS "warm_up: 3 h\n", "t.yaml:15:10: the warm-up fills the whole duration"},
    {"- a\n- b\n", "t.yaml:1:"},
    {"", "t.yaml"},
    {"name: [\n", "t.yaml:"},
};

START_TEST(a_mistake_is_told_with_its_place)
{
    struct spw__scenario_file file;
    struct spw_plan_error error;
    const char *text = mistakes[_i].text;
    int read = spw__scenario_parse(&file, text, strlen(text), "t.yaml", &error);
    ck_assert_int_eq(read, -1);
    ck_assert_msg(strstr(error.text, mistakes[_i].says) != NULL, "`%s` is not in `%s`",
                  mistakes[_i].says, error.text);
    spw__scenario_free(&file);
}
END_TEST

START_TEST(a_file_that_is_not_there_is_told)
{
    struct spw__scenario_file file;
    struct spw_plan_error error;
    ck_assert_int_eq(spw__scenario_read(&file, "no/such.yaml", &error), -1);
    ck_assert_msg(strstr(error.text, "no/such.yaml: No such file") != NULL, "%s", error.text);
    spw__scenario_free(&file);
}
END_TEST

/* Every measure stands in the page that promises to describe it. */
START_TEST(the_page_names_every_measure)
{
    static const char *const keys[] = {
#define KEY(name, key, text) "| `" key "` | " text " |",
        SPW_MEASURE_MAP(KEY)
#undef KEY
    };
    FILE *stream = fopen(SPW_SOURCE_DIR "/bench/scenarios/README.md", "rb");
    static char page[100000];
    ck_assert_ptr_nonnull(stream);
    page[fread(page, 1, sizeof page - 1, stream)] = 0;
    (void)fclose(stream);
    for (size_t i = 0; i < SPW_MEASURE_COUNT; i++) {
        ck_assert_msg(strstr(page, keys[i]) != NULL, "not in the page: %s", keys[i]);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("command scenario");
    TCase *tests = tcase_create("scenario");
    tcase_add_test(tests, a_whole_file_becomes_a_scenario);
    tcase_add_loop_test(tests, a_mistake_is_told_with_its_place, 0,
                        (int)(sizeof mistakes / sizeof *mistakes));
    tcase_add_test(tests, a_file_that_is_not_there_is_told);
    tcase_add_test(tests, the_page_names_every_measure);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
