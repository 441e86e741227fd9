/*
 * test_command_vary.c - a scenario with one guess halved or doubled: that number moves, the others
 * stay, and what cannot be varied alone says so.
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/scenario/scenario.h"
#include "suite.h"

static const char scenario[] =
    "duration: 2 h\n"
    "plan:\n"
    "  skills: [listening]\n"
    "  skill_sets: {all: [listening]}\n"
    "  queues: {voice: {need: [listening]}}\n"
    "  centres: {home: {}}\n"
    "  protected: {bound: {value: 200 per 1 h, guessed: a}}\n" /* mark 0 */
    "people:\n"
    "  p:\n"
    "    queue: voice\n"
    "    arrivals: {rate: 1 /min, surges: [{pulse: {at: 1 h, factor: 6, half_life: 20 min,\n"
    "      guessed: b}}]}\n"                                                            /* 1 */
    "    mix: [{share: 30 %, priority: 0, guessed: c}, {share: 60 %}, {share: 10 %}]\n" /* 2 */
    "    service: {mixture: [{share: 25 %, constant: 10 s}, {share: 75 %, weibull:\n"
    "      {mean: 9 min, shape: 0.9}}], guessed: d}\n"                         /* 3 */
    "    patience: {value: 4 min, guessed: e}\n"                               /* 4 */
    "    redial: {probability: 70 %, after: 1 min, attempts: 3, guessed: f}\n" /* 5 */
    "crews:\n"
    "  c: {skill_set: all, count: 5, shifts: [{from: 1 h, to: 2 h}], guessed: g}\n" /* 6 */
    "  d: {skill_set: all, count: 5, speed: {value: 1.5, guessed: h}, centre: {value: home,\n"
    "      guessed: i}}\n"; /* 7, 8 */

static struct spw__scenario_file plain, varied;

static bool vary_text(const char *text, size_t mark, double factor, struct spw_plan_error *error)
{
    struct spw__variation variation = {mark, factor};
    ck_assert_int_eq(spw__scenario_parse(&plain, text, strlen(text), "t.yaml", error), 0);
    plain.text = strdup(text);
    plain.length = strlen(text);
    return spw__scenario_vary(&varied, &plain, &variation, error) == 0;
}

static bool vary(size_t mark, double factor, struct spw_plan_error *error)
{
    return vary_text(scenario, mark, factor, error);
}

static void done(void)
{
    spw__scenario_free(&varied);
    spw__scenario_free(&plain);
}

/* What each mark says, in the order of the file; the first number is the one that should move. */
static void numbers(const struct spw__scenario_file *file, double *number)
{
    const struct spw_stream *p = &file->sim.streams[0];
    number[0] = 0;
    number[1] = p->arrivals.surge[0].factor;
    number[2] = p->variants[0].share;
    number[3] = p->service->part[1]->mean_s;
    number[4] = p->patience->mean_s;
    number[5] = p->redial_probability;
    number[6] = file->sim.crews[0].count;
    number[7] = 1 / file->sim.crews[1].service_factor;
}

START_TEST(one_number_moves_and_the_others_stay)
{
    static const double halved[] = {0, 3, 0.15, 270, 120, 0.35, 3, 0.75};
    static const double doubled[] = {0, 12, 0.6, 1080, 480, 1, 10, 3};
    for (size_t mark = 1; mark < 8; mark++) {
        for (int twice = 0; twice < 2; twice++) {
            struct spw_plan_error error;
            double before[8], after[8];
            ck_assert_msg(vary(mark, twice ? 2 : 0.5, &error), "%s", error.text);
            numbers(&plain, before);
            numbers(&varied, after);
            for (size_t i = 1; i < 8; i++) {
                double want = i != mark ? before[i] : twice ? doubled[i] : halved[i];
                ck_assert_msg(fabs(after[i] - want) < 1e-9 * (1 + want),
                              "mark %zu twice %d: number %zu is %g, not %g", mark, twice, i,
                              after[i], want);
            }
            done();
        }
    }
}
END_TEST

START_TEST(the_others_of_a_sum_give_way_in_proportion)
{
    struct spw_plan_error error;
    ck_assert(vary(2, 2, &error));
    const struct spw_variant *kinds = varied.sim.streams[0].variants;
    ck_assert_double_eq_tol(kinds[1].share / kinds[2].share, 6, 1e-9);
    ck_assert_double_eq_tol(kinds[0].share + kinds[1].share + kinds[2].share, 1, 1e-9);
    done();
}
END_TEST

/* A pulse keeps its time, a mixture its shares and its shape, a crew its shifts. */
START_TEST(when_and_in_which_shape_stays)
{
    struct spw_plan_error error;
    ck_assert(vary(1, 2, &error));
    ck_assert_double_eq(varied.sim.streams[0].arrivals.surge[0].at_s, 3600);
    ck_assert_double_eq(varied.sim.streams[0].arrivals.rate, plain.sim.streams[0].arrivals.rate);
    done();
    ck_assert(vary(3, 0.5, &error));
    ck_assert_double_eq(varied.sim.streams[0].service->part[0]->mean_s, 5);
    ck_assert_double_eq(varied.sim.streams[0].service->part[1]->b, 0.9);
    ck_assert_double_eq(varied.sim.streams[0].service->weight[0],
                        plain.sim.streams[0].service->weight[0]);
    done();
    ck_assert(vary(6, 2, &error));
    ck_assert_double_eq(varied.sim.crews[0].shifts[0].from_s, 3600);
    done();
}
END_TEST

START_TEST(what_cannot_be_varied_says_so)
{
    struct spw_plan_error error;
    ck_assert(!vary(8, 2, &error));
    ck_assert_msg(strstr(error.text, "t.yaml:20:") && strstr(error.text, "halved or doubled"), "%s",
                  error.text);
    done();
    ck_assert(!vary(9, 2, &error)); /* there is no such mark */
    done();
    ck_assert(!vary(0, 1e9, &error)); /* the reader checks what comes out */
    ck_assert_msg(strstr(error.text, "expected between 1 per 1 h") != NULL, "%s", error.text);
    done();
    ck_assert(vary(0, 2, &error));
    done();
}
END_TEST

/* People who really are of priority 0, by the same shape; the engine and the others are told
 * nothing. */
/* "0" could be a rate, a span or a number: it is none of them made longer. */
START_TEST(nothing_stays_nothing)
{
    struct spw_plan_error error;
    char *text = strdup(scenario);
    strstr(text, "factor: 6")[8] = '0';
    ck_assert_msg(vary_text(text, 1, 2, &error), "%s", error.text);
    ck_assert_double_eq(varied.sim.streams[0].arrivals.surge[0].factor, 0);
    done();
    free(text);
}
END_TEST

START_TEST(danger_gives_up_first)
{
    struct spw_plan_error error;
    ck_assert(vary(0, 1, &error));
    const struct spw_stream before = varied.sim.streams[0];
    ck_assert(spw__scenario_danger_patience(&varied, 0.25));
    const struct spw_stream *after = &varied.sim.streams[0];
    ck_assert_double_eq(after->variants[0].patience->mean_s, 60);
    ck_assert_ptr_null(after->variants[1].patience);
    ck_assert_double_eq(after->patience->mean_s, before.patience->mean_s);
    ck_assert_uint_eq((unsigned)after->variants[0].priority, 0);
    ck_assert_double_eq(before.patience->mean_s, 240); /* what stood there stays as it was */
    done();
}
END_TEST

int main(void)
{
    return SUITE_RUN("command vary", one_number_moves_and_the_others_stay,
                     the_others_of_a_sum_give_way_in_proportion, when_and_in_which_shape_stays,
                     what_cannot_be_varied_says_so, nothing_stays_nothing, danger_gives_up_first);
}
