/*
 * command/replay/replay.c - `spillway flood replay`: recorded calls, their second half predicted
 * from the first.
 *
 * What lives here: from the options to an outcome. The days to fit on and to predict are those
 * asked for, else the two halves of the trace; they may not overlap, since what is predicted must
 * not be known. Who calls: command/main.c. Cost: that of the runs.
 */
#include "command/replay/replay.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/flood/contest.h"
#include "command/outcome/words.h"

void *spw__replay_keep(struct spw__replay *replay, size_t count, size_t size)
{
    if (replay->kept_count == replay->kept_room) {
        size_t room = replay->kept_room == 0 ? 64 : replay->kept_room * 2;
        void **grown = realloc(replay->kept, room * sizeof *grown);
        if (grown == NULL) {
            return NULL;
        }
        replay->kept = grown;
        replay->kept_room = room;
    }
    void *made = calloc(count > 0 ? count : 1, size);
    replay->kept[replay->kept_count] = made;
    replay->kept_count += made != NULL;
    return made;
}

void spw__replay_free(struct spw__replay *replay)
{
    for (size_t i = 0; i < replay->kept_count; i++) {
        free(replay->kept[i]);
    }
    free(replay->kept);
    spw__account_free(&replay->naive);
    spw__replay_close(replay);
    spw__trace_free(&replay->trace);
    free(replay);
}

enum { RUNS = 20 };

/* --- days ------------------------------------------------------------------------------------- */

static bool has_calls(const struct spw__replay *replay, struct spw__days days)
{
    size_t from, to;
    spw__trace_days(&replay->trace, days.first, days.last, &from, &to);
    return to > from;
}

/* The halves of the trace where nothing was asked for. */
static int choose_days(struct spw__replay *replay, const struct spw__options *options, char *error,
                       size_t n)
{
    int last = replay->trace.last_day;
    int middle = last / 2;
    struct spw__days *fit = &replay->fit_days, *days = &replay->days;
    *fit = options->fit_days_given ? (struct spw__days){options->fit_first, options->fit_last}
           : options->days_given   ? (struct spw__days){1, options->days_first - 1}
                                   : (struct spw__days){1, middle};
    *days = options->days_given       ? (struct spw__days){options->days_first, options->days_last}
            : options->fit_days_given ? (struct spw__days){options->fit_last + 1, last}
                                      : (struct spw__days){middle + 1, last};
    if (fit->last < fit->first || days->last < days->first) {
        (void)snprintf(error, n,
                       "%s: %d day%s, and nothing left to %s; expected days to fit on and others "
                       "to predict (--fit-days A-B --days C-D)",
                       options->operands[0], last, last == 1 ? "" : "s",
                       fit->last < fit->first ? "fit on" : "predict");
        return -1;
    }
    if (fit->first <= days->last && days->first <= fit->last) {
        (void)snprintf(error, n,
                       "--fit-days %d-%d and --days %d-%d overlap; what is predicted must not be "
                       "fitted on",
                       fit->first, fit->last, days->first, days->last);
        return -1;
    }
    bool first = has_calls(replay, *fit);
    if (!first || !has_calls(replay, *days)) {
        struct spw__days none = first ? *days : *fit;
        (void)snprintf(error, n, "%s %d-%d: no calls in them; %s has calls up to day %d",
                       first ? "--days" : "--fit-days", none.first, none.last, options->operands[0],
                       last);
        return -1;
    }
    return 0;
}

/* The centre's own rule among the policies: what was recorded went by it. Else the first. */
static int own_rule(const struct spw__contest *contest, bool *found)
{
    *found = true;
    for (int i = 0; i < contest->count; i++) {
        if (contest->entry[i].policy == NULL &&
            (contest->entry[i].order == -1 ||
             contest->entry[i].order == (int)SPW_ORDER_HEAD_START)) {
            return i;
        }
    }
    *found = false;
    return 0;
}

/* An invariant under any policy, or a naive forecast that is nearer to what was recorded. */
static void find_broken(const struct spw__contest *contest, const struct spw__goal_result *goal,
                        struct spw__outcome *outcome, char *text, size_t n)
{
    outcome->broken_text = text;
    for (int i = 0; i < contest->count && !outcome->broken; i++) {
        const struct spw_result *result = contest->outcome[i].result;
        if (result->broken != 0) {
            outcome->broken = true;
            (void)snprintf(text, n, "under %s invariant %d broke: %s", contest->outcome[i].name,
                           result->broken, result->broken_text);
        }
    }
    if (!outcome->broken && goal != NULL && !goal->kept) {
        outcome->broken = true;
        (void)snprintf(text, n, "the naive forecast is nearer to what was recorded");
    }
}

static struct spw__goal_result judged(const struct spw__comparison *sum)
{
    struct spw__goal_result goal = {
        .text = "mean error over the figures with a band: less than that of the naive forecast",
        .wanted = sum->error_naive,
        .measured = sum->error_simulated,
        .half_width = NAN,
        .kept = sum->error_simulated < sum->error_naive || !(sum->error_simulated > 0)};
    (void)snprintf(goal.measured_text, sizeof goal.measured_text, "%.1f %%, naive %.1f %%",
                   sum->error_simulated * 100, sum->error_naive * 100);
    return goal;
}

static struct spw__outcome outcome_of(const struct spw__replay *replay,
                                      const struct spw__options *options,
                                      const struct spw__contest *contest, const char *title)
{
    return (struct spw__outcome){
        .title = title,
        .subtitle = "Recorded calls. Priority 1 are the centre's priority customers, with a head "
                    "start of 90 s; priority 2 everybody else.",
        .source = options->operands[0],
        .scenario = &replay->scenario,
        .calendar_s = replay->from_s,
        .policies = contest->outcome,
        .policy_count = (size_t)contest->count,
        .marks = replay->marks,
        .mark_count = replay->mark_count,
        .recorded = replay->rows,
        .recorded_count = replay->row_count,
        .notes = replay->notes,
        .note_count = replay->note_count,
        .seed = replay->seed,
        .runs = replay->scenario.runs,
        .verdict = replay->verdict,
        .plan = replay->plan,
        .command_line = options->command_line};
}

static int run(struct spw__replay *replay, const struct spw__options *options,
               struct spw__contest *contest)
{
    char error[400], title[120], days[40], fit[40], broken[300] = "";
    struct spw__comparison comparison;
    bool own = false;
    replay->scenario.runs = options->runs ? options->runs : RUNS;
    if (spw__contest_find(contest, options->policies, options->policy_count,
                          spw__order_word(replay->plan), error, sizeof error) != 0 ||
        spw__contest_run(contest, &replay->scenario, &replay->order, options->quiet, error,
                         sizeof error) != 0) {
        return spw__complain(error);
    }
    int at = own_rule(contest, &own);
    replay->own_rule = own;
    const struct spw_result *result = contest->outcome[at].result;
    if (spw__replay_compare(replay, result, &comparison) != 0 ||
        spw__replay_tell(replay, &comparison, result) != 0) {
        return spw__complain("memory is out");
    }
    replay->goal = judged(&comparison);
    if (own) {
        contest->outcome[at].goals = &replay->goal;
        contest->outcome[at].goal_count = 1;
    }
    (void)snprintf(title, sizeof title, "Recorded calls, %s predicted from %s",
                   spw__days_text(replay->days, days, sizeof days),
                   spw__days_text(replay->fit_days, fit, sizeof fit));
    struct spw__outcome outcome = outcome_of(replay, options, contest, title);
    outcome.recorded_waiting = spw__replay_waiting(replay, result);
    outcome.recorded_waiting_count = outcome.recorded_waiting ? result->bucket_count : 0;
    find_broken(contest, own ? &replay->goal : NULL, &outcome, broken, sizeof broken);
    return spw__tell(options, &outcome);
}

int spw__command_replay(const struct spw__options *options)
{
    char error[500] = "memory is out";
    struct spw__contest contest = {0};
    struct spw__replay *replay = calloc(1, sizeof *replay);
    if (replay == NULL) {
        return spw__complain(error);
    }
    replay->quiet = options->quiet;
    replay->roster = options->operands[1];
    replay->seed = options->seed_given ? options->seed : 1;
    bool good =
        spw__trace_read(&replay->trace, options->operands[0], options->operands[1], error,
                        sizeof error) == 0 &&
        choose_days(replay, options, error, sizeof error) == 0 && spw__replay_link(replay) == 0 &&
        spw__replay_fit(replay, error, sizeof error) == 0 &&
        spw__replay_fit_skills(replay, error, sizeof error) == 0 &&
        spw__replay_fit_away(replay, error, sizeof error) == 0 && spw__replay_stay(replay) == 0 &&
        spw__replay_fit_staff(replay, error, sizeof error) == 0 &&
        spw__replay_open(replay, replay->days, error, sizeof error) == 0 &&
        spw__naive_forecast(replay) == 0;
    int status = good ? run(replay, options, &contest) : spw__complain(error);
    spw__contest_free(&contest);
    spw__replay_free(replay);
    return status;
}
