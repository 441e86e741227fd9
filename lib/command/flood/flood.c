/*
 * command/flood/flood.c - `spillway flood list` and `spillway flood run`.
 *
 * What lives here: from the options to an outcome, and the sentence that stands above everything.
 * Who calls: command/main.c. Cost: that of the runs.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/flood/contest.h"
#include "command/flood/guesses.h"
#include "command/scenario/scenario.h"
#include "command/flood/shelf.h"
#include "command/outcome/words.h"
#include "plan/plan.h"

/* ---- list ---------------------------------------------------------------------------------- */

static int list(void)
{
    static struct spw__shelf shelf; /* large */
    if (spw__shelf_open(&shelf) == 0) {
        char looked[SPW__SHELF_LOOKED];
        spw__shelf_looked(looked, sizeof looked);
        return spw__complain(looked);
    }
    for (size_t i = 0; i < shelf.count; i++) {
        struct spw__scenario_file file;
        struct spw_plan_error error;
        char path[sizeof shelf.folder + sizeof shelf.name[0] + 8];
        (void)snprintf(path, sizeof path, "%s/%s.yaml", shelf.folder, shelf.names[i]);
        if (spw__scenario_read(&file, path, &error) == 0) {
            printf("%s\n    %s\n    %s\n", shelf.names[i], file.title, path);
        } else {
            printf("%s\n    cannot be read: %s\n", shelf.names[i], error.text);
        }
        spw__scenario_free(&file);
    }
    return SPW__EXIT_GOOD;
}

/* ---- run ----------------------------------------------------------------------------------- */

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
        (void)snprintf(text, n, "%zu of %zu goal%s not met", missed, first->goal_count,
                       first->goal_count == 1 ? "" : "s");
    }
    outcome->broken_text = text;
}

enum { REMARKS = 10, NOTES = REMARKS * SPW__POLICIES_MAX };

/* A remark, and the policies (by bit) under which it holds. */
struct note {
    const char *text;
    unsigned policies;
};

/* With which priorities anybody came, as bits. */
static unsigned priorities_of(const struct spw_result *result)
{
    unsigned come = 0;
    for (uint32_t p = 0; p < SPW_PRIORITY_COUNT; p++) {
        const struct spw_group *group = spw_result_group(result, SPW_GROUP_PRIORITY, p);
        come |= (unsigned)(group && group->figure[SPW_MEASURE_PEOPLE].mean > 0) << p;
    }
    return come;
}

/*
 * What the plan promises and lets happen, under every order that runs. A warning says whether this
 * flood is one that it speaks of: its busiest hour reaches the load it names.
 */
static size_t collect(struct spw__scenario_file *file, const struct spw__contest *contest,
                      struct note *notes)
{
    char text[200];
    size_t found = 0;
    double worst = spw__load(&file->sim, contest->outcome[0].result, text, sizeof text);
    unsigned come = priorities_of(contest->outcome[0].result);
    for (int i = 0; i < contest->count; i++) {
        struct spw_plan_remark remarks[REMARKS];
        int order = contest->entry[i].policy ? SPW_ORDER_CUSTOM : contest->entry[i].order;
        size_t count = spw__plan_remarks(file->plan, order, come, remarks, REMARKS);
        for (size_t r = 0; r < count; r++) {
            bool reached = remarks[r].warning && worst >= remarks[r].from_load;
            const char *said = spw__yaml_print(
                file->reader.tree, "%s%s%s", remarks[r].warning ? "warning: " : "", remarks[r].text,
                reached ? " (the busiest hour offers as much, all together)" : "");
            size_t k = 0;
            while (k < found && strcmp(notes[k].text, said) != 0) {
                k++;
            }
            notes[k].text = said;
            notes[k].policies |= 1u << i;
            found = k == found ? found + 1 : found;
        }
    }
    return found;
}

/* Where policies differ in it, the note says for which it holds, unless it names the order. */
static const char *with_names(struct spw__scenario_file *file, const struct spw__contest *contest,
                              const struct note *note)
{
    char names[300] = "";
    size_t used = 0;
    if (note->policies == (1u << contest->count) - 1) {
        return note->text;
    }
    for (int i = 0; i < contest->count; i++) {
        if (!(note->policies & 1u << i)) {
            continue;
        }
        if (strstr(note->text, contest->entry[i].name) != NULL) {
            return note->text;
        }
        int more = snprintf(names + used, sizeof names - used, "%s%.40s", used ? ", " : "",
                            contest->entry[i].name);
        used += more > 0 && (size_t)more < sizeof names - used ? (size_t)more : 0;
    }
    return spw__yaml_print(file->reader.tree, "%s (with %s)", note->text, names);
}

/* People who are turned away neither wait nor give up: it is told, or the waits of the others would
 * look like those of all. */
static const char *turned_away(struct spw__scenario_file *file, const struct spw_result *result)
{
    const struct spw_group *danger = spw_result_group(result, SPW_GROUP_PRIORITY, 0);
    double all = result->all->figure[SPW_MEASURE_REFUSED_SHARE].mean;
    double of_danger = danger ? danger->figure[SPW_MEASURE_REFUSED_SHARE].mean : 0;
    char text[80] = "";
    if (!(all > 0)) {
        return NULL;
    }
    if (of_danger > 0) {
        (void)snprintf(text, sizeof text, ", and %.3g %% of the calls of priority 0",
                       of_danger * 100);
    }
    return spw__yaml_print(
        file->reader.tree,
        "%.3g %% of all calls%s were turned away, for want of room or because the "
        "queue was closed",
        all * 100, text);
}

/* Breaks cost something: it is told where somebody gave up for them alone. */
static const char *kept_away(struct spw__scenario_file *file, const struct spw_result *result)
{
    double lost = result->lost_to_limits.mean;
    return lost > 0 ? spw__yaml_print(file->reader.tree,
                                      "%.3g attempts in a run were given up while an able "
                                      "counsellor had room and only a due break stood in the way",
                                      lost)
                    : NULL;
}

static void make_notes(struct spw__scenario_file *file, const struct spw__contest *contest,
                       const char *changed, struct spw__outcome *outcome)
{
    struct note found[NOTES] = {0};
    size_t count = collect(file, contest, found);
    const char **notes = spw__scenario_keep(file, NOTES + 3 + file->warning_count, sizeof *notes);
    const char *away = turned_away(file, contest->outcome[0].result);
    if (away) {
        notes[outcome->note_count++] = away;
    }
    const char *lost = kept_away(file, contest->outcome[0].result);
    if (lost) {
        notes[outcome->note_count++] = lost;
    }
    if (changed && *changed) {
        notes[outcome->note_count++] = changed;
    }
    for (size_t w = 0; w < file->warning_count; w++) {
        notes[outcome->note_count++] =
            spw__yaml_print(file->reader.tree, "warning: %s", file->warnings[w]);
    }
    for (size_t i = 0; i < count; i++) {
        notes[outcome->note_count++] = with_names(file, contest, &found[i]);
    }
    outcome->notes = notes;
}

/* What the command line changes of the scenario, as a note; null when there is nothing of it. */
static const char *change(struct spw__scenario_file *file, const struct spw__options *options)
{
    if (!(options->danger_patience > 0)) {
        return "";
    }
    if (!spw__scenario_danger_patience(file, options->danger_patience)) {
        return NULL;
    }
    file->danger_patience = options->danger_patience;
    return spw__yaml_print(file->reader.tree,
                           "people of priority 0 wait %.4g %% as long as the scenario says before "
                           "they give up (--danger-patience)",
                           options->danger_patience * 100);
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
    const char *changed = change(file, options);
    if (changed == NULL) {
        return spw__complain("--danger-patience: nobody in this scenario is of priority 0");
    }
    spw__foresee(file);
    for (size_t w = 0; w < file->warning_count && !options->quiet; w++) {
        fprintf(stderr, "spillway: warning: %s\n", file->warnings[w]); /* before a long wait */
    }
    if (spw__contest_find(contest, names, count, spw__order_word(file->plan), error,
                          sizeof error) != 0 ||
        spw__contest_run(contest, &file->sim, &file->order, options->quiet, error, sizeof error) !=
            0) {
        return spw__complain(error);
    }
    judge(file, contest);
    struct spw__outcome outcome = {.title = file->title,
                                   .subtitle = file->about,
                                   .source = file->reader.file,
                                   .scenario = &file->sim,
                                   .policies = contest->outcome,
                                   .policy_count = (size_t)contest->count,
                                   .marks = file->marks,
                                   .mark_count = file->mark_count,
                                   .seed = file->sim.seed,
                                   .runs = file->sim.runs,
                                   .plan = file->plan,
                                   .command_line = options->command_line};
    if (options->guesses && spw__guesses_run(file, &contest->entry[0], options->quiet, &outcome,
                                             error, sizeof error) != 0) {
        return spw__complain(error);
    }
    make_notes(file, contest, changed, &outcome);
    find_broken(contest, &outcome, broken, sizeof broken);
    spw__verdict(&outcome, verdict, sizeof verdict);
    outcome.verdict = verdict;
    return spw__tell(options, &outcome);
}

static int run(const struct spw__options *options)
{
    struct spw__scenario_file file;
    struct spw__contest contest = {0};
    struct spw_plan_error error;
    char path[4200], missing[400];
    if (spw__shelf_find(options->operands[0], path, sizeof path, missing, sizeof missing) != 0) {
        return spw__complain(missing);
    }
    int status = spw__scenario_read(&file, path, &error) == 0 ? run_file(options, &file, &contest)
                                                              : spw__complain(error.text);
    spw__contest_free(&contest);
    spw__scenario_free(&file);
    return status;
}

int spw__command_flood(const struct spw__options *options)
{
    return strcmp(options->verb, "list") == 0 ? list() : run(options);
}
