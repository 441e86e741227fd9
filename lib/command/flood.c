/*
 * command/flood.c - `spillway flood list` and `spillway flood run`.
 *
 * What lives here: from the options to an outcome, and the sentence that stands above everything.
 * Who calls: main.c. Cost: that of the runs.
 */
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/contest.h"
#include "command/scenario.h"
#include "command/words.h"

/* ---- list ---------------------------------------------------------------------------------- */

static int is_scenario(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return length > 5 && strcmp(entry->d_name + length - 5, ".yaml") == 0;
}

static int list_folder(const char *folder)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_scenario, alphasort);
    for (int i = 0; i < count; i++) {
        struct spw__scenario_file file;
        struct spw_plan_error error;
        char path[4096];
        (void)snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (spw__scenario_read(&file, path, &error) == 0) {
            printf("%s\n    %s\n", path, file.title);
        } else {
            printf("%s\n    cannot be read: %s\n", path, error.text);
        }
        spw__scenario_free(&file);
        free(entries[i]);
    }
    free(entries);
    return count;
}

/* Those of the source tree one stands in, else those that were installed. */
static int list(void)
{
    if (list_folder(SPW_SOURCE_SCENARIO_DIR) <= 0 && list_folder(SPW_SCENARIO_DIR) <= 0) {
        fprintf(stderr, "spillway: no scenarios in %s nor in %s\n", SPW_SOURCE_SCENARIO_DIR,
                SPW_SCENARIO_DIR);
        return SPW__EXIT_USAGE;
    }
    return SPW__EXIT_GOOD;
}

/* ---- run ----------------------------------------------------------------------------------- */

static int complain(const char *sentence)
{
    fprintf(stderr, "spillway: %s\n", sentence);
    return SPW__EXIT_USAGE;
}

/* The goals of every policy, judged; the array is the scenario's. */
static void judge(struct spw__scenario_file *file, struct spw__contest *contest)
{
    for (int i = 0; i < contest->count; i++) {
        struct spw__policy_outcome *outcome = &contest->outcome[i];
        size_t n = file->goal_count;
        struct spw__goal_result *goals = spw__scenario_keep(file, n ? n : 1, sizeof *goals);
        for (size_t g = 0; g < n; g++) {
            goals[g] = spw__goal_judge(&file->goals[g], outcome->result);
        }
        outcome->goals = goals;
        outcome->goal_count = n;
    }
}

/*
 * Broken: an invariant under any policy, or a goal under the first. The others stand beside it to
 * be compared; a canary that misses the goals is no failure of the plan.
 */
static void find_broken(const struct spw__contest *contest, struct spw__outcome *outcome,
                        char *text, size_t n)
{
    const struct spw__policy_outcome *first = &contest->outcome[0];
    size_t missed = 0;
    for (int i = 0; i < contest->count; i++) {
        const struct spw_result *result = contest->outcome[i].result;
        if (result->broken && !outcome->broken) {
            outcome->broken = true;
            (void)snprintf(text, n, "under %s invariant %d broke: %s", contest->outcome[i].name,
                           result->broken, result->broken_text);
        }
    }
    for (size_t g = 0; g < first->goal_count; g++) {
        missed += !first->goals[g].kept;
    }
    if (!outcome->broken && missed > 0) {
        outcome->broken = true;
        (void)snprintf(text, n, "%zu of %zu declared target%s not met", missed, first->goal_count,
                       first->goal_count == 1 ? "" : "s");
    }
    outcome->broken_text = text;
}

static int tell(const struct spw__options *options, const struct spw__outcome *outcome)
{
    char error[400];
    spw__table_print(outcome, options->quiet);
    if (options->json && spw__json_write(options->json, outcome, error, sizeof error) != 0) {
        return complain(error);
    }
    if (options->report && spw__report_write(options->report, outcome, error, sizeof error) != 0) {
        return complain(error);
    }
    if (options->report && !options->quiet) {
        printf("report: %s\n", options->report);
    }
    return outcome->broken ? SPW__EXIT_BROKEN : SPW__EXIT_GOOD;
}

static int run_file(const struct spw__options *options, struct spw__scenario_file *file,
                    struct spw__contest *contest)
{
    char error[400], verdict[400], broken[300] = "";
    const char *const *names = options->policy_count ? options->policies : file->policies;
    int count = options->policy_count ? options->policy_count : file->policy_count;
    file->sim.seed = options->seed_given ? options->seed : file->sim.seed;
    file->sim.runs = options->runs ? options->runs : file->sim.runs;
    file->sim.config.seed = file->sim.seed;
    if (spw__contest_find(contest, names, count, spw__order_word(file->plan), error,
                          sizeof error) != 0 ||
        spw__contest_run(contest, &file->sim, &file->order, options->quiet, error, sizeof error) !=
            0) {
        return complain(error);
    }
    judge(file, contest);
    struct spw__outcome outcome = {.title = file->title,
                                   .subtitle = file->about,
                                   .source = options->operands[0],
                                   .scenario = &file->sim,
                                   .policies = contest->outcome,
                                   .policy_count = (size_t)contest->count,
                                   .marks = file->marks,
                                   .mark_count = file->mark_count,
                                   .seed = file->sim.seed,
                                   .runs = file->sim.runs,
                                   .plan = file->plan,
                                   .command_line = options->command_line};
    find_broken(contest, &outcome, broken, sizeof broken);
    spw__verdict(&outcome, verdict, sizeof verdict);
    outcome.verdict = verdict;
    return tell(options, &outcome);
}

static int run(const struct spw__options *options)
{
    struct spw__scenario_file file;
    struct spw__contest contest = {0};
    struct spw_plan_error error;
    int status = spw__scenario_read(&file, options->operands[0], &error) == 0
                     ? run_file(options, &file, &contest)
                     : complain(error.text);
    spw__contest_free(&contest);
    spw__scenario_free(&file);
    return status;
}

int spw__command_flood(const struct spw__options *options)
{
    return strcmp(options->verb, "list") == 0 ? list() : run(options);
}
