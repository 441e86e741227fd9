/*
 * command/table.c - the outcome in a terminal of 80 columns.
 *
 * The verdict first, then the longest wait of anybody in danger, then a table per policy: all, each
 * priority, and each queue and centre where there are several; who answered; the declared targets;
 * where the numbers come from. Means over the runs; the half widths are in the JSON and the report.
 * Who calls: flood.c, replay.c. Everything goes to stdout.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "command/words.h"

enum { COLUMNS = 80 };

/* A paragraph, broken at blanks. */
static void print_wrapped(const char *text, const char *indent)
{
    size_t room = COLUMNS - 1 - strlen(indent);
    while (*text) {
        size_t length = strlen(text);
        if (length > room) {
            length = room;
            while (length > 0 && text[length] != ' ') {
                length--;
            }
            length = length ? length : room;
        }
        printf("%s%.*s\n", indent, (int)length, text);
        text += length;
        text += strspn(text, " ");
    }
}

static const char *share_text(double share, char *text, size_t n)
{
    if (isfinite(share)) {
        (void)snprintf(text, n, "%.1f %%", share * 100);
    } else {
        (void)snprintf(text, n, "-");
    }
    return text;
}

static void print_row(const char *name, const struct spw_figure *figure)
{
    char people[24], reached[24], in_time[24], gone[24], median[32], p90[32];
    (void)snprintf(people, sizeof people, "%.*f", figure[SPW_MEASURE_PEOPLE].mean < 100 ? 1 : 0,
                   figure[SPW_MEASURE_PEOPLE].mean);
    printf("  %-17.17s %8s %8s %8s %8s %11s %11s\n", name, people,
           share_text(figure[SPW_MEASURE_REACHED].mean, reached, sizeof reached),
           share_text(figure[SPW_MEASURE_WITHIN_TARGET].mean, in_time, sizeof in_time),
           share_text(figure[SPW_MEASURE_ABANDONED_SHARE].mean, gone, sizeof gone),
           spw__span_text(figure[SPW_MEASURE_WAIT_P50].mean, median, sizeof median),
           spw__span_text(figure[SPW_MEASURE_WAIT_P90].mean, p90, sizeof p90));
}

static size_t count_of(const struct spw_result *result, enum spw_group_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < result->group_count; i++) {
        count +=
            result->groups[i].kind == kind && result->groups[i].figure[SPW_MEASURE_PEOPLE].mean > 0;
    }
    return count;
}

/* The rows of one kind; a lone queue or centre says no more than all. */
static void print_rows(const struct spw__outcome *outcome, const struct spw_result *result,
                       enum spw_group_kind kind, const char *prefix)
{
    if (kind != SPW_GROUP_PRIORITY && count_of(result, kind) < 2) {
        return;
    }
    for (size_t i = 0; i < result->group_count; i++) {
        const struct spw_group *group = &result->groups[i];
        char number[24], name[80];
        if (group->kind == kind && group->figure[SPW_MEASURE_PEOPLE].mean > 0) {
            (void)snprintf(name, sizeof name, "%s%s", prefix,
                           spw__group_name(outcome, group, number, sizeof number));
            print_row(name, group->figure);
        }
    }
}

/* Share of the time that each crew was busy. */
static void print_crews(const struct spw__outcome *outcome, const struct spw_result *result)
{
    size_t column = 0;
    for (size_t i = 0; i < result->group_count; i++) {
        const struct spw_group *group = &result->groups[i];
        char number[24], share[24], text[120];
        if (group->kind != SPW_GROUP_CREW) {
            continue;
        }
        int length = snprintf(
            text, sizeof text, "%s %s", spw__group_name(outcome, group, number, sizeof number),
            share_text(group->figure[SPW_MEASURE_OCCUPANCY].mean, share, sizeof share));
        size_t width = length > 0 ? (size_t)length : 0;
        if (column > 0 && column + 2 + width >= COLUMNS - 1) {
            printf(",\n        ");
            column = 8;
        } else {
            column += (size_t)printf("%s", column == 0 ? "  busy: " : ", ");
        }
        printf("%.70s", text);
        column += width;
    }
    printf("%s", column > 0 ? "\n" : "");
}

static void print_goals(const struct spw__policy_outcome *policy)
{
    for (size_t g = 0; g < policy->goal_count; g++) {
        const struct spw__goal_result *goal = &policy->goals[g];
        char text[400];
        (void)snprintf(text, sizeof text, "%s: %s; measured %s", goal->kept ? "kept" : "MISSED",
                       goal->text, goal->measured_text);
        print_wrapped(text, "  ");
    }
}

static void print_policy(const struct spw__outcome *outcome,
                         const struct spw__policy_outcome *policy)
{
    const struct spw_result *result = policy->result;
    char longest[32];
    printf("\n%s\n", policy->name);
    if (spw_result_group(result, SPW_GROUP_PRIORITY, 0) != NULL) {
        printf("  longest wait of priority 0: %s\n",
               spw__span_text(result->longest_p0_wait_s, longest, sizeof longest));
    }
    printf("  %-17s %8s %8s %8s %8s %11s %11s\n", "", "people", "reached", "in time", "gave up",
           "median wait", "90 % within");
    print_row("all", result->all->figure);
    print_rows(outcome, result, SPW_GROUP_PRIORITY, "priority ");
    print_rows(outcome, result, SPW_GROUP_QUEUE, "queue ");
    print_rows(outcome, result, SPW_GROUP_CENTRE, "centre ");
    print_crews(outcome, result);
    print_goals(policy);
    printf("  state %016llx, %llu inputs in %.2f s\n", (unsigned long long)result->state_hash,
           (unsigned long long)result->inputs, policy->seconds);
}

static size_t guessed(const struct spw__outcome *outcome)
{
    size_t count = 0;
    for (size_t i = 0; i < outcome->mark_count; i++) {
        count += outcome->marks[i].provenance == SPW__GUESSED;
    }
    return count;
}

static void print_recorded(const struct spw__outcome *outcome)
{
    if (outcome->recorded_count == 0) {
        return;
    }
    printf("\n  %-22s %-22s %9s %9s %9s\n", "", "", "recorded", "simulated", "naive");
    for (size_t i = 0; i < outcome->recorded_count; i++) {
        const struct spw__recorded_row *row = &outcome->recorded[i];
        printf("  %-22.22s %-22.22s %9.4g %9.4g %9.4g\n", row->group, row->measure, row->recorded,
               row->simulated, row->naive);
    }
}

void spw__table_print(const struct spw__outcome *outcome, bool quiet)
{
    char longest[32], text[600];
    const struct spw_result *first = outcome->policies[0].result;
    print_wrapped(outcome->verdict, "");
    if (quiet) {
        if (spw_result_group(first, SPW_GROUP_PRIORITY, 0) != NULL) {
            printf("longest wait of priority 0: %s\n",
                   spw__span_text(first->longest_p0_wait_s, longest, sizeof longest));
        }
        return;
    }
    for (size_t i = 0; i < outcome->policy_count; i++) {
        print_policy(outcome, &outcome->policies[i]);
    }
    print_recorded(outcome);
    (void)snprintf(text, sizeof text,
                   "%s: means over %u run%s from seed %llu; waits are those of people reached, "
                   "from their first attempt. Half-widths of 95 %% are in --json and --report.",
                   outcome->source, outcome->runs, outcome->runs == 1 ? "" : "s",
                   (unsigned long long)outcome->seed);
    printf("\n");
    print_wrapped(text, "");
    if (guessed(outcome) > 0) {
        printf("%zu of the numbers behind this are guesses; --report lists them.\n",
               guessed(outcome));
    }
}
