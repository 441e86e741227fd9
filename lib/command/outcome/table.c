/*
 * command/outcome/table.c - the outcome in a terminal of 80 columns.
 *
 * The verdict first, then the longest wait of anybody in danger, under several policies side by
 * side; then a table per policy: all, each priority, and each queue and centre where there are
 * several; who answered; the goals; where the numbers come from. The half widths are
 * in the JSON and the report. Names come from files: they are shown in whole
 * characters, and what would command the terminal is not let through.
 * Who calls: outcome/tell.c. Everything goes to stdout.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "command/outcome/hundred.h"
#include "command/outcome/words.h"

enum { COLUMNS = 80, NAME = 17 };

/* What a terminal would obey: C0, DEL, and C1 as UTF-8. */
static bool is_control(const char *at)
{
    unsigned char byte = (unsigned char)at[0], next = byte ? (unsigned char)at[1] : 0;
    return byte < 0x20 || byte == 0x7f || (byte == 0xc2 && next >= 0x80 && next < 0xa0);
}

/*
 * At most `columns` characters of a name, padded to as many; a character counts as one column.
 * Control characters become question marks.
 */
static const char *name_text(const char *name, size_t columns, char *text, size_t n)
{
    size_t used = 0, shown = 0;
    for (const char *at = name; *at && used + columns + 1 < n; at++) {
        bool first = ((unsigned char)*at & 0xc0u) != 0x80u;
        if (first && shown == columns) {
            break;
        }
        shown += first;
        text[used++] = is_control(at) ? '?' : *at;
    }
    for (; shown < columns && used + 1 < n; shown++) {
        text[used++] = ' ';
    }
    text[used] = 0;
    return text;
}

static void print_clean(const char *text, size_t length)
{
    for (size_t i = 0; i < length && text[i]; i++) {
        putchar(is_control(text + i) ? '?' : text[i]);
    }
}

/* A paragraph, broken at blanks. What has an indent is an item of a list and hangs behind its
 * first line. */
static void print_wrapped(const char *text, const char *indent)
{
    bool hangs = *indent != 0;
    for (int line = 0; *text; line++) {
        size_t before = strlen(indent) + (hangs && line > 0 ? 2 : 0);
        size_t room = COLUMNS - 1 - before;
        size_t length = strlen(text);
        if (length > room) {
            length = room;
            /* A number and its per cent stay together. */
            while (length > 0 && (text[length] != ' ' || text[length + 1] == '%')) {
                length--;
            }
            length = length ? length : room;
        }
        printf("%*s", (int)before, "");
        print_clean(text, length);
        putchar('\n');
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
    char people[24], reached[24], in_time[24], gone[24], median[32], p90[32], shown[NAME * 5];
    (void)snprintf(people, sizeof people, "%.*f", figure[SPW_MEASURE_PEOPLE].mean < 100 ? 1 : 0,
                   figure[SPW_MEASURE_PEOPLE].mean);
    printf("  %s %8s %8s %8s %8s %11s %11s\n", name_text(name, NAME, shown, sizeof shown), people,
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
            column += (size_t)printf("%s", column == 0 ? "  busy, of the time on duty: " : ", ");
        }
        print_clean(text, 70);
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
    putchar('\n');
    print_clean(policy->name, COLUMNS - 1);
    putchar('\n');
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

/* The policies over one another: what became of 100 people, and the longest wait in danger. */
static void print_beside(const struct spw__outcome *outcome)
{
    bool danger = spw__somebody_in_danger(outcome->policies[0].result);
    printf("\n  %-17s %8s %8s %8s%s\n", "of 100 people", "in time", "late", "never",
           danger ? "   longest wait of priority 0" : "");
    for (size_t i = 0; i < outcome->policy_count; i++) {
        const struct spw__policy_outcome *policy = &outcome->policies[i];
        int people[SPW__FATES] = {0};
        char span[32] = "", shown[NAME * 5];
        (void)spw__hundred(policy->result->all, people);
        printf("  %s %8d %8d %8d%s%s\n", name_text(policy->name, NAME, shown, sizeof shown),
               people[SPW__IN_TIME], people[SPW__LATE], people[SPW__NEVER], danger ? "   " : "",
               danger ? spw__span_text(policy->result->longest_p0_wait_s, span, sizeof span) : "");
    }
}

static size_t guessed(const struct spw__outcome *outcome)
{
    size_t count = 0;
    for (size_t i = 0; i < outcome->mark_count; i++) {
        count += outcome->marks[i].provenance == SPW__GUESSED;
    }
    return count;
}

static const char *unit_text(double value, enum spw__unit unit, char *text, size_t n)
{
    if (!isfinite(value)) {
        (void)snprintf(text, n, "-");
    } else if (unit == SPW__UNIT_SHARE) {
        (void)snprintf(text, n, "%.1f %%", value * 100);
    } else {
        (void)snprintf(text, n, "%.*f",
                       fabs(value) < 9.995   ? 2
                       : fabs(value) < 99.95 ? 1
                                             : 0,
                       value);
    }
    return text;
}

/* A figure of the simulation outside its band is marked. */
static void print_recorded_row(const struct spw__recorded_row *row)
{
    char recorded[32], simulated[32], half_width[32], naive[32];
    bool outside = row->band > 0 && fabs(row->simulated - row->recorded) > row->band;
    bool known = isfinite(row->half_width);
    printf("    %-26.26s %10s %10s%c %s%-7s %10s\n", row->measure,
           unit_text(row->recorded, row->unit, recorded, sizeof recorded),
           unit_text(row->simulated, row->unit, simulated, sizeof simulated), outside ? '!' : ' ',
           known ? "+-" : "  ",
           known ? unit_text(row->half_width, row->unit, half_width, sizeof half_width) : "",
           unit_text(row->naive, row->unit, naive, sizeof naive));
}

static void print_recorded(const struct spw__outcome *outcome)
{
    const char *group = "";
    bool bands = false;
    if (outcome->recorded_count == 0) {
        return;
    }
    printf("\n  %-28s %10s %11s %9s %10s\n", "", "recorded", "simulated ", "", "naive");
    for (size_t i = 0; i < outcome->recorded_count; i++) {
        const struct spw__recorded_row *row = &outcome->recorded[i];
        if (row->detail) {
            continue;
        }
        if (strcmp(group, row->group) != 0) {
            printf("  %.70s\n", row->group);
            group = row->group;
        }
        bands = bands || row->band > 0;
        print_recorded_row(row);
    }
    printf("%s", bands ? "  !: outside the band that was declared before the run\n" : "");
}

/* Reached in time, as guessed and with each guess halved and doubled. */
static void print_guess(const char *name, const struct spw__in_time *half,
                        const struct spw__in_time *twice)
{
    char text[4][24], shown[44 * 5];
    printf("  %s %8s %8s  %8s %8s\n", name_text(name, 38, shown, sizeof shown),
           share_text(half->all, text[0], sizeof text[0]),
           share_text(twice->all, text[1], sizeof text[1]),
           share_text(half->urgent, text[2], sizeof text[2]),
           share_text(twice->urgent, text[3], sizeof text[3]));
}

static void print_guesses(const struct spw__outcome *outcome)
{
    char text[400];
    if (outcome->guess_count == 0) {
        return;
    }
    (void)snprintf(text, sizeof text,
                   "What the guesses matter: people reached in time with half and with twice each, "
                   "on the same people, %u run%s each; the most urgent are priority %u.",
                   outcome->guess_runs, outcome->guess_runs == 1 ? "" : "s",
                   outcome->guess_priority);
    printf("\n");
    print_wrapped(text, "");
    printf("  %-38s %17s  %17s\n", "", "---- everybody --", "-- most urgent --");
    printf("  %-38s %8s %8s  %8s %8s\n", "", "half", "twice", "half", "twice");
    print_guess("as guessed", &outcome->as_guessed, &outcome->as_guessed);
    for (size_t i = 0; i < outcome->guess_count; i++) {
        const struct spw__guess *guess = &outcome->guesses[i];
        if (guess->unvaried) {
            (void)snprintf(text, sizeof text, "%.100s: not varied: %s", guess->mark->path,
                           guess->unvaried);
            print_wrapped(text, "  ");
        } else {
            print_guess(guess->mark->path, &guess->half, &guess->twice);
        }
    }
}

static void print_notes(const struct spw__outcome *outcome)
{
    printf("%s", outcome->note_count > 0 ? "\n" : "");
    for (size_t i = 0; i < outcome->note_count; i++) {
        print_wrapped(outcome->notes[i], "  ");
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
    (void)spw__load(outcome->scenario, first, text, sizeof text);
    print_wrapped(text, "");
    if (outcome->policy_count > 1) {
        print_beside(outcome);
    }
    for (size_t i = 0; i < outcome->policy_count; i++) {
        print_policy(outcome, &outcome->policies[i]);
    }
    print_recorded(outcome);
    print_guesses(outcome);
    print_notes(outcome);
    (void)snprintf(text, sizeof text,
                   "%s: %u run%s from seed %llu; waits are those of people reached, "
                   "from their first attempt. Half-widths of 95 %% are in --json and --report.",
                   outcome->source, outcome->runs, outcome->runs == 1 ? "" : "s",
                   (unsigned long long)outcome->seed);
    printf("\n");
    print_wrapped(text, "");
    if (guessed(outcome) > 0) {
        size_t guesses = guessed(outcome);
        printf("%zu of the numbers behind this %s; --report lists %s%s.\n", guesses,
               guesses == 1 ? "is a guess" : "are guesses", guesses == 1 ? "it" : "them",
               outcome->guess_count == 0 && outcome->recorded_count == 0
                   ? ", --guesses\ntells what that matters"
                   : "");
    }
}
