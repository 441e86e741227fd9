/*
 * tests/unit/test_sim_result.c - figures of a group of one or two people a run are those of all of
 * them together, and not means of figures of nobody.
 */
#include <stdlib.h>

#include "night.h"
#include "suite.h"

enum { MOST = 4096, RARE = 1 };

struct seen {
    double waited_s[MOST]; /* of the rare kind, reached */
    size_t reached, in_time, people;
    size_t people_of_run[64], reached_of_run[64];
};

static void note(void *context, const struct spw_person_report *person)
{
    struct seen *seen = context;
    if (!person->counted || person->kind != RARE) {
        return;
    }
    seen->people++;
    seen->people_of_run[person->run]++;
    seen->in_time += person->in_time != 0;
    if (person->reached) {
        seen->reached_of_run[person->run]++;
        seen->waited_s[seen->reached++] = person->waited_s;
    }
}

static int rising(const void *a, const void *b)
{
    const double *x = a;
    const double *y = b;
    return *x < *y ? -1 : *x > *y;
}

static const struct spw_variant kinds[] = {{.share = 0.9985, .priority = -1},
                                           {.share = 0.0015, .priority = 1}};

static const struct spw_group *rare_of(struct scene *s, struct spw_result **result,
                                       struct seen *seen)
{
    s->stream[0].variants = kinds;
    s->stream[0].variant_count = 2;
    s->scenario.duration_s = s->scenario.warm_up_s + 1000; /* 1.5 rare people a run */
    s->scenario.runs = 60;
    s->scenario.on_person = note;
    s->scenario.on_person_context = seen;
    *result = run(s, NULL);
    return spw_result_group(*result, SPW_GROUP_PRIORITY, 1);
}

START_TEST(few_people_a_run_are_taken_together)
{
    static struct seen seen;
    struct scene s;
    struct spw_result *result = NULL;
    scene_make(&s, 1, 10, 30, 8); /* more come than eight can serve */
    const struct spw_group *rare = rare_of(&s, &result, &seen);
    size_t empty = 0;
    for (int run = 0; run < 60; run++) {
        empty += seen.people_of_run[run] == 0;
    }
    ck_assert_uint_gt(seen.reached, 30);
    ck_assert_uint_gt(empty, 3);
    qsort(seen.waited_s, seen.reached, sizeof *seen.waited_s, rising);
    double share = (double)seen.reached / (double)seen.people;
    ck_assert_double_eq_tol(rare->figure[SPW_MEASURE_REACHED].mean, share, 1e-9);
    ck_assert_double_eq_tol(rare->figure[SPW_MEASURE_WITHIN_TARGET].mean,
                            (double)seen.in_time / (double)seen.people, 1e-9);
    /* The p-quantile lies between the people before and after it. */
    static const struct {
        enum spw_measure measure;
        double share;
    } asked[] = {{SPW_MEASURE_WAIT_P50, 0.5}, {SPW_MEASURE_WAIT_P90, 0.9}};
    for (size_t i = 0; i < 2; i++) {
        size_t place = (size_t)(asked[i].share * (double)seen.reached);
        double below = place > 0 ? seen.waited_s[place - 1] : 0;
        double above = seen.waited_s[place + 1 < seen.reached ? place + 1 : seen.reached - 1];
        double got = rare->figure[asked[i].measure].mean;
        ck_assert_msg(got >= below * 0.99 && got <= above * 1.01, "%g is not from %g to %g", got,
                      below, above);
    }
    spw_result_free(result);
}
END_TEST

/* From the residuals of the runs, beside two passes. */
START_TEST(a_share_of_few_is_as_sure_as_they_are_many)
{
    static struct seen seen;
    struct scene s;
    struct spw_result *result = NULL;
    scene_make(&s, 1, 10, 30, 8);
    const struct spw_group *rare = rare_of(&s, &result, &seen);
    double share = (double)seen.reached / (double)seen.people;
    double square = 0;
    for (int run = 0; run < 60; run++) {
        double left = (double)seen.reached_of_run[run] - share * (double)seen.people_of_run[run];
        square += left * left;
    }
    double error = sqrt(square / 59 / 60) / ((double)seen.people / 60);
    ck_assert_double_eq_tol(rare->figure[SPW_MEASURE_REACHED].half_width,
                            spw__student_t(59) * error, 1e-9);
    spw_result_free(result);
}
END_TEST

START_TEST(nobody_has_no_figures_and_one_run_no_width)
{
    static struct seen seen;
    struct scene s;
    struct spw_result *result = NULL;
    scene_make(&s, 1, 10, 30, 8);
    const struct spw_group *rare = rare_of(&s, &result, &seen);
    ck_assert(isnan(rare->figure[SPW_MEASURE_CALLBACK_DELAY].mean));
    spw_result_free(result);
    struct spw__ratio ratio = {0};
    ck_assert(isnan(spw__ratio_value(&ratio)));
    spw__ratio_add(&ratio, 0, 0);
    spw__ratio_add(&ratio, 3, 4);
    ck_assert_double_eq(spw__ratio_value(&ratio), 0.75);
    ck_assert(isinf(spw__ratio_half_width(&ratio)));
    spw__ratio_add(&ratio, 3, 4);
    ck_assert(!isinf(spw__ratio_half_width(&ratio)));
}
END_TEST

int main(void)
{
    return SUITE_RUN("sim result", few_people_a_run_are_taken_together,
                     a_share_of_few_is_as_sure_as_they_are_many,
                     nobody_has_no_figures_and_one_run_no_width);
}
