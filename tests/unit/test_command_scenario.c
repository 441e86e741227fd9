/*
 * test_command_scenario.c - scenario files: what they become, and where each mistake is found.
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/scenario/scenario.h"

/* Lines 1 to 12; the parts that the tests replace follow from line 13 on. */
#define PLAN                                                                                       \
    "name: t\n"                                                                                    \
    "runs: 2\n"                                                                                    \
    "duration: 2 h\n"                                                                              \
    "plan:\n"                                                                                      \
    "  skills: [listening]\n"                                                                      \
    "  skill_sets: {all: [listening]}\n"                                                           \
    "  queues: {voice: {need: [listening], target: 60 s, callback: {max: 9}}, mute: {}}\n"         \
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
         "    mix: [{name: danger, share: 10 %, priority: 0, unclassified: yes,\n"
         "           seen_as: {danger: 75 %, other: 25 %}},\n"
         "          {name: other, share: 90 %, service: 60 s}]\n"
         "    service: {lognormal: {mean: 5 min, cv: 0.8}}\n"
         "    patience: {mixture: [{share: 20 %, exponential: 10 s}, {share: 80 %, weibull: "
         "{mean: 9 min, shape: 0.9}}]}\n"
         "    redial: {probability: 40 %, after: {exponential: 1 min}, attempts: 3}\n"
         "    callback: {offered_at: 5, accepted: 50 %, priority: 3}\n"
         "    triage: {after: {exponential: 30 s}, share: 80 %}\n"
         "    transfer: {share: 8 %, to: voice, mode: cold, after: 3 min, service: 4 min}\n"
         "    line: {up: 40 min, back: 70 %, after: 20 s}\n"
         "crews:\n"
         "  c:\n"
         "    skill_set: all\n"
         "    count: 5\n"
         "    shifts: [{from: 0 h, to: 1 h}]\n"
         "    every: 24 h\n"
         "    speed: 2\n"
         "    speeds: [{queue: voice, speed: 0.8}]\n"
         "    missed: {value: 4 %, guessed: \"nobody counted\"}\n"
         "    line: {up: 2 h, down: 40 s}\n"
         "    breaks: {every: 1 h, mean: 5 min}\n"
         "    speed_at_level: [1, 1, 2, 4]\n"
         "incidents: [{frozen: home, from: 100 min, to: 110 min}]\n"
         "levels: [{from: 1 h, level: 2}]\n"
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
    const double rows[4] = {0.75, 0.25, 0, 1};
    for (int i = 0; i < 4; i++) {
        ck_assert_double_eq_tol(stream->confusion[i], rows[i], 1e-12);
    }
    ck_assert_double_eq_tol(stream->triage_share, 0.8, 1e-12);
    ck_assert_uint_eq(stream->transfer_mode, SPW_TRANSFER_COLD);
    ck_assert_uint_eq(stream->transfer_queue, 1);
    ck_assert_int_eq(stream->transfer_priority, -1);
    ck_assert_double_eq_tol(stream->drop_mean_s, 2400, 1e-9);
    ck_assert_uint_eq(file.sim.incident_count, 1);
    ck_assert_int_eq(file.sim.incidents[0].kind, SPW_INCIDENT_FROZEN);
    ck_assert_uint_eq(file.sim.level_count, 1);
    ck_assert_uint_eq(file.sim.levels[0].level, 2);
    const struct spw_crew *crew = &file.sim.crews[0];
    ck_assert_uint_eq(crew->count, 5);
    ck_assert_double_eq_tol(crew->service_factor, 0.5, 1e-12);
    ck_assert_uint_eq(crew->pace_count, 1);
    ck_assert_uint_eq(crew->paces[0].queue, 1);
    ck_assert_double_eq_tol(crew->paces[0].factor, 1.25, 1e-12);
    ck_assert_double_eq_tol(crew->miss_probability, 0.04, 1e-12);
    ck_assert_double_eq_tol(crew->no_show_probability, 0.1, 1e-12); /* as nothing is said */
    ck_assert_double_eq_tol(crew->level_factor[3], 0.25, 1e-12);
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
    {PLAN PEOPLE, "t.yaml:1:1: the scenario has no `crews`; expected who answers"},
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
     "t.yaml:14:10: the stream `p` has no `service`; expected how long a talk takes, such as "
     "`service"},
    {PLAN CREWS "people: {p: {queue: voice, arrivals: {rate: 1 /h}, service: {gamma: 3 s}, "
                "patience: never}}\n",
     "t.yaml:14:62: `gamma`"},
    {PLAN CREWS "people: {p: {queue: voice, arrivals: {burst: 3, surges: [{step: {factor: 3}}]}, "
                "service: 5 s, patience: never}}\n",
     "a step without `from`; expected a map such as {from: 1 h, factor: 3}"},
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
    {PLAN PEOPLE CREWS "goals: [{measure: people, between: [10, 1]}]\n",
     "t.yaml:15:37: the least is above the most"},
    {PLAN PEOPLE CREWS "goals: [{measure: people, from: 3 h, to: 4 h, at_least: 1}]\n",
     "t.yaml:15:9: nothing lies between `from` and `to`"},
    {PLAN PEOPLE CREWS "policies: [fifo, ./own.so]\n",
     "t.yaml:15:18: no order is called `./own.so`"},
    {PLAN PEOPLE CREWS "goals: [{measure: wait_answ, at_most: 5 s}]\n",
     "t.yaml:15:19: no measure `wait_answ`; did you mean `wait_answered_s`"},
    {PLAN PEOPLE CREWS "goals: [{measure: reached_share, at_least: 90}]\n",
     "t.yaml:15:44: `90`: the `%` is missing; expected a share such as `25 %`"},
    {PLAN PEOPLE CREWS "goals: [{measure: reached_share, priority: 5, at_least: 90 %}]\n",
     "t.yaml:15:44: nobody of priority 5 calls; expected one that `people` names"},
    {PLAN "people: {t: {queue: voice, arrivals: {rate: 1 /h}, service: 5 s, patience: never, test: "
          "yes}}\n" CREWS "goals: [{measure: reached_share, people: t, at_least: 90 %}]\n",
     ": nobody of people t calls; expected one that `people` names"},
    {PLAN PEOPLE CREWS "goals: [{measure: reached_share, crew: c, at_least: 90 %}]\n",
     "t.yaml:15:19: `occupancy` is the figure of a crew"},
    {PLAN PEOPLE "crews: {c: {skill_set: all}}\n",
     "t.yaml:14:9: the crew `c` has no `count`; expected how many they are, such as `count: 12`"},
    {PLAN CREWS "people: {p: {queue: voice, priority: 1, arrivals: {rate: 1 /h}, service: 5 s, "
                "patience: never}}\ngoals: [{measure: longest_wait_of_priority_0, at_most: 5 s}]\n",
     "t.yaml:15:19: nobody of priority 0 calls"},
    {PLAN CREWS
     "people: {p: {queue: voice, arrivals: {rate: 1 /h}, service: {weibull: {mean: 5 s}}, "
     "patience: never}}\n",
     "expected both, such as {mean: 9 min, shape: 0.8}"},
    {PLAN PEOPLE CREWS "runs: 3\n", "t.yaml:15:1: key `runs` stands twice, first in line 2"},
    {PLAN PEOPLE CREWS "seed: -1\n", "t.yaml:15:7: `-1`: expected a whole number from 0"},
    {PLAN PEOPLE CREWS "about: !!str x\n", "t.yaml:15:14: tags (!name) are not read"},
    {PLAN PEOPLE CREWS "about: \"a\\0b\"\n", "t.yaml:15:9: a zero byte inside a text"},
    {PLAN PEOPLE CREWS "about: &a x\ntitle: *a\n", "t.yaml:16:9: aliases (*name) are not read"},
    {PLAN PEOPLE CREWS "<<: {runs: 3}\n", "t.yaml:15:1: unknown key `<<`"},
    {PLAN PEOPLE CREWS "measure:\n\tbucket: 3 s\n", "t.yaml:16:1: this is not YAML: tab"},
    {PLAN PEOPLE CREWS "about: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n", "nested deeper than 24"},
    {PLAN CREWS "people: {p: {queue: voice, arrivals: {rate: 1e9 /s}, service: 5 s, patience: "
                "never}}\n",
     "t.yaml:14:1: about 7.2e+12 people come in a run"},
    {PLAN PEOPLE CREWS "incidents: [{dark: hom, from: 1 h}]\n",
     "t.yaml:15:20: the plan has no centre `hom`; did you mean `home`?"},
    {PLAN PEOPLE CREWS "incidents: [{dark: home, from: 1 h, to: 30 min}]\n",
     "t.yaml:15:13: ends no later than it begins"},
    {PLAN PEOPLE CREWS "incidents: [{dark: home, closed_queue: voice, from: 1 h}]\n",
     "t.yaml:15:13: an incident says what and when; expected one of dark, closed, closed_queue"},
    {PLAN PEOPLE CREWS "incidents: [{dark: home, from: 1 h}, {closed: home, from: 90 min}]\n",
     "t.yaml:15:38: overlaps with the incident 1 of the list at one place"},
    {PLAN PEOPLE CREWS "levels: [{from: 1 h, level: 4}]\n",
     "t.yaml:15:29: `4`: expected a whole number from 0 to 3"},
    {PLAN PEOPLE "crews: {c: {skill_set: all, count: 5, speed_at_level: [1, 2]}}\n",
     "t.yaml:14:55: 2 speeds; expected four"},
    {PLAN CREWS "people: {p: {queue: voice, arrivals: {rate: 1 /h}, service: 5 s, patience: never, "
                "mix: [{name: a, share: 100 %, seen_as: {b: 100 %}}]}}\n",
     "t.yaml:14:123: no kind of this mix has the name `b`"},
    {PLAN CREWS "people: {p: {queue: voice, arrivals: {rate: 1 /h}, service: 5 s, patience: never, "
                "mix: [{name: a, share: 100 %, seen_as: {a: 90 %}}]}}\n",
     "the shares come to 90 %; expected 100 %"},
    {PLAN CREWS "people: {p: {queue: voice, arrivals: {rate: 1 /h}, service: 5 s, patience: never, "
                "mix: [{name: a, share: 50 %}, {name: a, share: 50 %}]}}\n",
     "a second kind of the name `a`"},
    {PLAN CREWS "people: {p: {queue: voice, arrivals: {rate: 1 /h}, service: 5 s, patience: never, "
                "triage: {after: 5 s}}}\n",
     "a triage where nobody is mistaken"},
    {PLAN CREWS "people: {p: {queue: voice, arrivals: {rate: 1 /h}, service: 5 s, patience: never, "
                "transfer: {share: 5 %}}}\n",
     "a transfer to nowhere"},
    {PLAN CREWS "people: {p: {queue: voice, arrivals: {rate: 1 /h}, service: 5 s, patience: never, "
                "line: {up: 5 min}}}\n",
     "expected both `up`, above 0, and `back`"},
    {PLAN CREWS "people: {p: {queue: voice, arrivals: {rate: 1 /h}, service: 5 s, patience: never, "
                "deadline: 5 min}}\n",
     "`deadline` belongs to channel work"},
    {PLAN CREWS "people: {p: {queue: voice, arrivals: {recorded: ../calls.csv}, service: 5 s, "
                "patience: never}}\n",
     "t.yaml:14:49: `../calls.csv`: expected a file beside the scenario"},
    {PLAN CREWS "people: {p: {queue: voice, arrivals: {recorded: no.csv}, service: 5 s, "
                "patience: never}}\n",
     "no.csv: No such file"},
    {PLAN PEOPLE CREWS "warm_up: 3 h\n", "t.yaml:15:10: the warm-up fills the whole duration"},
    {PLAN PEOPLE "crews: {c: {skill_set: all, count: 5, declined: 100 %}}\n",
     "t.yaml:14:49: missed (5 % if nothing is said) and declined come to 105 %; expected at most"},
    {PLAN PEOPLE "crews: {c: {skill_set: all, count: 5, shifts: []}}\n",
     "t.yaml:14:47: no shift; expected at least one"},
    {PLAN PEOPLE "crews: {c: {skill_set: all, count: 5, channels: []}}\n",
     "t.yaml:14:49: no channel; expected at least one"},
    {PLAN PEOPLE "crews: {c: {skill_set: all, count: 5, every: 24 h}}\n",
     "t.yaml:14:46: `every` without `shifts`"},
    {PLAN PEOPLE
     "crews: {c: {skill_set: all, count: 5, shifts: [{from: 1 h, to: 2 h}], every: 30 min}}\n",
     "t.yaml:14:78: the shifts take longer than that"},
    {PLAN PEOPLE "crews: {c: {skill_set: all, count: 5, speeds: [{queue: voice, speed: 1}, {queue: "
                 "voice, speed: 2}]}}\n",
     "t.yaml:14:74: a second speed for that queue"},
    {PLAN CREWS "people: {p: {queue: voice, arrivals: {rate: 1 /h, until: 0 s}, service: 5 s, "
                "patience: never}}\n",
     "t.yaml:14:58: nobody comes before 0 s"},
    {PLAN CREWS "people: {p: {queue: mute, arrivals: {rate: 1 /h}, service: 5 s, patience: never, "
                "callback: {offered_at: 0, accepted: 100 %}}}\n",
     "t.yaml:14:82: the queue promises no callback; expected one with `callback: {max: ...}`"},
    {PLAN PEOPLE CREWS "limits: {classes: 1}\n",
     "t.yaml:15:19: `1`: expected a whole number from 16 to 1048576"},
    {PLAN PEOPLE CREWS "seed: 9007199254740993\n",
     "t.yaml:15:7: `9007199254740993`: expected a whole number from 0 to 9007199254740991"},
    {PLAN CREWS "people: {p: {queue: voice, arrivals: {rate: 1 /h}, service: 5 s, patience: never, "
                "mix: [{share: 0 %, priority: 0}, {share: 100 %}]}}\ngoals: [{measure: "
                "longest_wait_of_priority_0, at_most: 5 s}]\n",
     "t.yaml:15:19: nobody of priority 0 calls"},
    {PLAN CREWS "people: {p: {queue: voice, arrivals: {rate: 1 /h}, service: 5 s, patience: never, "
                "mix: [{name: a, share: 10 %, priority: 0, seen_as: {b: 100 %}}, {name: b, share: "
                "90 %}]}}\ngoals: [{measure: longest_wait_of_priority_0, at_most: 5 s}]\n",
     "t.yaml:15:19: nobody of priority 0 calls"},
    {PLAN CREWS "people: {p: {queue: voice, arrivals: {rate: 0 /h}, service: 5 s, patience: "
                "never}}\ngoals: [{measure: reached_share, at_least: 5 %}]\n",
     "t.yaml:15:19: nobody calls at all"},
    {"- a\n- b\n", "t.yaml:1:"},
    {"", "t.yaml"},
    {"name: [\n", "t.yaml:"},
};

/* What is told before the first run; null: nothing. */
static const struct {
    const char *text;
    const char *warns;
} foreseen[] = {
    {PLAN PEOPLE CREWS, NULL},
    {PLAN PEOPLE "crews: {c: {skill_set: all, count: 5, units: 99}}\n",
     "a staff that never paused could finish about 0 talks"},
    {PLAN PEOPLE "crews: {c: {skill_set: all, count: 5, line: {up: 1 us, down: 1 us}}}\n",
     "about 1.8e+10 shifts, breaks, signs of life and lines that drop"},
    {PLAN PEOPLE "crews: {c: {skill_set: all, count: 5, breaks: {every: 1 ns, mean: 1 ns}}}\n",
     "about 1.8e+13 shifts, breaks"},
    {PLAN PEOPLE
     "crews: {c: {skill_set: all, count: 5, shifts: [{from: 0 s, to: 1 ns}], every: 1 ns}}\n",
     "about 3.6e+13 shifts"},
    {PLAN CREWS "people: {p: {queue: voice, arrivals: {rate: 1 /min}, service: 5 min, patience: "
                "never, line: {up: 1 ns, back: 100 %, after: 1 ns}}}\n",
     "lines that drop come in each of 2 runs"},
    {PLAN PEOPLE CREWS "limits: {contacts: 100000000}\n", "GiB of memory"},
    {PLAN PEOPLE CREWS "limits: {contacts: 4}\n", "leaves room for 4 at once, fewer than the 5"},
    {PLAN PEOPLE "crews: {c: {skill_set: all, count: 10000000}}\n", "GiB of memory"},
};

START_TEST(what_takes_long_or_comes_to_nothing_is_foreseen)
{
    struct spw__scenario_file file;
    struct spw_plan_error error;
    const char *text = foreseen[_i].text;
    bool told = false;
    int read = spw__scenario_parse(&file, text, strlen(text), "t.yaml", &error);
    ck_assert_msg(read == 0, "%s", error.text);
    spw__foresee(&file);
    for (size_t w = 0; w < file.warning_count; w++) {
        told = told || (foreseen[_i].warns && strstr(file.warnings[w], foreseen[_i].warns));
    }
    ck_assert_msg(told == (foreseen[_i].warns != NULL), "%zu warnings, the first: %s",
                  file.warning_count, file.warning_count ? file.warnings[0] : "");
    ck_assert(foreseen[_i].warns != NULL || file.warning_count == 0);
    spw__scenario_free(&file);
}
END_TEST

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

/* What editors leave behind changes nothing: a mark at the head, carriage returns. */
/* What is kept for danger comes on top of everybody who is expected. */
START_TEST(there_is_room_for_everybody_who_is_expected)
{
    static const char text[] =
        PLAN "people:\n"
             "  p: {queue: voice, arrivals: {burst: 300000}, service: 4 min,\n"
             "      patience: never}\n" CREWS;
    struct spw__scenario_file file;
    struct spw_plan_error error;
    ck_assert_msg(spw__scenario_parse(&file, text, strlen(text), "w.yaml", &error) == 0, "%s",
                  error.text);
    uint32_t places = file.sim.config.contacts_max;
    ck_assert_uint_ge(places - places / SPW_KEPT_FOR_DANGER, 300000);
    spw__scenario_free(&file);
}
END_TEST

START_TEST(the_same_file_from_another_editor)
{
    static const char plain[] = PLAN PEOPLE CREWS;
    char text[2 * sizeof plain + 4] = "\xef\xbb\xbf";
    size_t used = strlen(text);
    for (const char *c = plain; *c; c++) {
        if (*c == '\n') {
            text[used++] = '\r';
        }
        text[used++] = *c;
    }
    uint64_t digest[2];
    for (int i = 0; i < 2; i++) {
        struct spw__scenario_file file;
        struct spw_plan_error error;
        struct spw_result *result = NULL;
        char wrong[200];
        const char *what = i ? text : plain;
        ck_assert_msg(spw__scenario_parse(&file, what, strlen(what), "e.yaml", &error) == 0, "%s",
                      error.text);
        ck_assert_str_eq(file.sim.name, "t");
        ck_assert_int_eq(spw_sim_run(&file.sim, NULL, NULL, NULL, &result, wrong, sizeof wrong), 0);
        digest[i] = result->event_digest;
        spw_result_free(result);
        spw__scenario_free(&file);
    }
    ck_assert_uint_eq(digest[0], digest[1]);
}
END_TEST

/* Nobody comes and nobody answers as planned, unless a scenario says so (bench/scenarios). */
START_TEST(what_nobody_said_about_the_staff)
{
    struct spw__scenario_file file;
    struct spw_plan_error error;
    static const char text[] = PLAN PEOPLE CREWS;
    ck_assert_int_eq(spw__scenario_parse(&file, text, strlen(text), "t.yaml", &error), 0);
    ck_assert_double_eq_tol(file.sim.crews[0].miss_probability, 0.05, 1e-12);
    ck_assert_double_eq_tol(file.sim.crews[0].no_show_probability, 0.10, 1e-12);
    ck_assert_double_eq(file.sim.crews[0].decline_probability, 0);
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
    tcase_add_loop_test(tests, what_takes_long_or_comes_to_nothing_is_foreseen, 0,
                        (int)(sizeof foreseen / sizeof *foreseen));
    tcase_add_loop_test(tests, a_mistake_is_told_with_its_place, 0,
                        (int)(sizeof mistakes / sizeof *mistakes));
    tcase_add_test(tests, there_is_room_for_everybody_who_is_expected);
    tcase_add_test(tests, the_same_file_from_another_editor);
    tcase_add_test(tests, what_nobody_said_about_the_staff);
    tcase_add_test(tests, a_file_that_is_not_there_is_told);
    tcase_add_test(tests, the_page_names_every_measure);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
