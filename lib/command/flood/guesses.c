/*
 * command/flood/guesses.c - what the guesses of a scenario matter: each is halved and doubled in
 * turn, everything else as it was, on the same people, and the share reached in time is compared.
 *
 * Few runs are enough, because people, patience and talks are the same person by person: what is
 * left between two figures is the guess. One row stands for what no scenario marks: how long those
 * in danger wait. Goals and incidents are no numbers about the world and are
 * left out; a guess that cannot be varied alone (a share of a sum, a bound) says why.
 * Who calls: flood.c. Cost: two runs a guess, times those of runs_of.
 */
#include "command/flood/guesses.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* So many people are enough for each figure; a small flood is run as often as the scenario says. */
enum { RUNS_LEAST = 5, PEOPLE_ENOUGH = 100000 };

static uint32_t runs_of(const struct spw_result *result)
{
    double a_run = fmax((double)result->people / result->runs, 1);
    double enough = fmax(PEOPLE_ENOUGH / a_run, RUNS_LEAST);
    return enough < result->runs ? (uint32_t)enough : result->runs;
}

static struct spw__in_time in_time(const struct spw_result *result, uint32_t priority)
{
    const struct spw_group *urgent = spw_result_group(result, SPW_GROUP_PRIORITY, priority);
    struct spw__in_time shares = {result->all->figure[SPW_MEASURE_WITHIN_TARGET].mean, NAN};
    if (urgent) {
        shares.urgent = urgent->figure[SPW_MEASURE_WITHIN_TARGET].mean;
    }
    return shares;
}

/* One run of a file, as the first policy has it. 0, or -1 with a sentence. */
static int run_once(struct spw__scenario_file *file, const struct spw__contest_entry *entry,
                    const struct spw__scenario_file *like, uint32_t priority,
                    struct spw__in_time *shares, char *error, size_t n)
{
    struct spw_result *result = NULL;
    file->sim.seed = like->sim.seed;
    file->sim.config.seed = like->sim.seed;
    file->sim.runs = like->sim.runs;
    file->order = entry->order;
    int failed = spw_sim_run(&file->sim, entry->policy, NULL, NULL, &result, error, n);
    if (failed == 0 && result->broken != 0) {
        (void)snprintf(error, n, "invariant %d broke: %s", result->broken, result->broken_text);
        failed = -1;
    }
    if (failed == 0) {
        *shares = in_time(result, priority);
    }
    spw_result_free(result);
    return failed;
}

/* The reader's sentence without its place, which the mark names already. */
static const char *without_place(const char *text)
{
    for (int colons = 0; colons < 3; colons++) {
        const char *next = strstr(text, ":");
        if (next == NULL) {
            return text;
        }
        text = next + 1;
    }
    return text + (*text == ' ');
}

/* No scenario marks it, and every one assumes it: how long those in danger wait. */
static int vary_danger(struct spw__scenario_file *file, const struct spw__contest_entry *entry,
                       double factor, struct spw__guess *guess, struct spw__in_time *shares,
                       char *error, size_t n)
{
    static const struct spw__mark mark = {.path = "patience of people of priority 0",
                                          .value = "",
                                          .source = "",
                                          .provenance = SPW__GUESSED};
    struct spw_scenario as_it_is = file->sim;
    guess->mark = &mark;
    int failed = 0;
    if (spw__scenario_danger_patience(file, factor)) {
        failed = run_once(file, entry, file, 0, shares, error, n);
    } else {
        guess->unvaried = "nobody is of priority 0";
    }
    file->sim = as_it_is;
    return failed;
}

/* 0 also when the guess cannot be varied: that is told, and is no error. */
static int vary(struct spw__scenario_file *file, const struct spw__contest_entry *entry,
                size_t mark, double factor, uint32_t priority, struct spw__guess *guess,
                struct spw__in_time *shares, char *error, size_t n)
{
    struct spw__scenario_file varied;
    struct spw_plan_error wrong;
    struct spw__variation variation = {mark, factor};
    int failed = 0;
    if (spw__scenario_vary(&varied, file, &variation, &wrong) != 0) {
        guess->unvaried = spw__yaml_print(file->reader.tree, "%.200s", without_place(wrong.text));
    } else {
        if (file->danger_patience > 0) { /* asked for on the command line */
            (void)spw__scenario_danger_patience(&varied, file->danger_patience);
        }
        failed = run_once(&varied, entry, file, priority, shares, error, n);
    }
    spw__scenario_free(&varied);
    return failed;
}

/* The largest change of either share; what was not varied counts as none. */
static double effect(const struct spw__guess *guess)
{
    double all = fabs(guess->twice.all - guess->half.all);
    double urgent = fabs(guess->twice.urgent - guess->half.urgent);
    return guess->unvaried ? -1 : fmax(isnan(all) ? 0 : all, isnan(urgent) ? 0 : urgent);
}

/* Largest first; equals in the order of the file. */
static int by_effect(const void *a, const void *b)
{
    const struct spw__guess *x = a;
    const struct spw__guess *y = b;
    double difference = effect(y) - effect(x);
    if (difference != 0) {
        return difference > 0 ? 1 : -1;
    }
    if (x->mark->line != y->mark->line) {
        return x->mark->line > y->mark->line ? 1 : -1;
    }
    return strcmp(x->mark->path, y->mark->path);
}

static bool is_about_the_world(const struct spw__mark *mark)
{
    return mark->provenance == SPW__GUESSED && strncmp(mark->path, "goals", 5) != 0 &&
           strncmp(mark->path, "incidents", 9) != 0;
}

int spw__guesses_run(struct spw__scenario_file *file, const struct spw__contest_entry *entry,
                     bool quiet, struct spw__outcome *outcome, char *error, size_t n)
{
    struct spw__guess *guesses = spw__scenario_keep(file, file->mark_count + 2, sizeof *guesses);
    const struct spw_result *result = outcome->policies[0].result;
    struct spw__progress bar;
    size_t count = 0;
    const uint32_t runs = file->sim.runs;
    uint32_t priority = SPW_PRIORITY_COUNT;
    for (size_t i = 0; i < result->group_count; i++) {
        const struct spw_group *group = &result->groups[i];
        priority = group->kind == SPW_GROUP_PRIORITY && group->number < priority ? group->number
                                                                                 : priority;
    }
    outcome->guess_runs = runs_of(result);
    file->sim.runs = outcome->guess_runs; /* and those that are varied from it */
    spw__progress_begin(&bar, "guesses", file->mark_count, quiet);
    int failed = run_once(file, entry, file, priority, &outcome->as_guessed, error, n);
    for (size_t i = 0; failed == 0 && i < file->mark_count; i++) {
        struct spw__guess *guess = &guesses[count];
        if (is_about_the_world(&file->marks[i])) {
            count++;
            guess->mark = &file->marks[i];
            failed = vary(file, entry, i, 0.5, priority, guess, &guess->half, error, n);
            if (failed == 0 && !guess->unvaried) {
                failed = vary(file, entry, i, 2, priority, guess, &guess->twice, error, n);
            }
        }
        spw__progress_step(&bar, i + 1);
    }
    if (failed == 0 && priority == 0) {
        failed = vary_danger(file, entry, 0.5, &guesses[count], &guesses[count].half, error, n);
        if (failed == 0) {
            failed = vary_danger(file, entry, 2, &guesses[count], &guesses[count].twice, error, n);
        }
        count++;
    }
    spw__progress_end(&bar);
    qsort(guesses, count, sizeof *guesses, by_effect);
    outcome->guesses = guesses;
    outcome->guess_count = count;
    file->sim.runs = runs;
    outcome->guess_priority = priority;
    return failed;
}
