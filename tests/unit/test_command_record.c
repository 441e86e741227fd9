/*
 * test_command_record.c - recorded numbers beside a scenario: arrivals as they were, patience by
 * Kaplan and Meier, and what is wrong in such a file, with its line.
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/scenario/scenario.h"
#include "suite.h"

static char folder[] = "/tmp/spillway-record-XXXXXX";
static char scenario[80], record[80];

static void write_file(const char *path, const char *text)
{
    FILE *stream = fopen(path, "wb");
    ck_assert_ptr_nonnull(stream);
    ck_assert_int_ge(fputs(text, stream), 0);
    ck_assert_int_eq(fclose(stream), 0);
}

static int read_with(struct spw__scenario_file *file, const char *csv, const char *arrivals,
                     const char *patience, struct spw_plan_error *error)
{
    char text[1000];
    write_file(record, csv);
    (void)snprintf(text, sizeof text,
                   "runs: 1\nduration: 2 h\n"
                   "plan:\n  skills: [a]\n  skill_sets: {s: [a]}\n  queues: {q: {need: [a]}}\n"
                   "  centres: {c: {}}\n  protected: no\n"
                   "people: {p: {queue: q, arrivals: {%s}, service: 5 s, patience: %s}}\n"
                   "crews: {c: {skill_set: s, count: 3}}\n",
                   arrivals, patience);
    write_file(scenario, text);
    return spw__scenario_read(file, scenario, error);
}

START_TEST(arrivals_are_as_recorded)
{
    struct spw__scenario_file file;
    struct spw_plan_error error;
    int failed = read_with(&file, "# a comment\n\n0.5\r\n20\n20\n3000.25", "recorded: r.csv",
                           "never", &error);
    ck_assert_msg(failed == 0, "%s", error.text);
    const struct spw_arrivals *arrivals = &file.sim.streams[0].arrivals;
    ck_assert_uint_eq(arrivals->trace_count, 4);
    ck_assert_double_eq(arrivals->trace_s[0], 0.5);
    ck_assert_double_eq(arrivals->trace_s[3], 3000.25);
    struct spw_result *result = NULL;
    char text[200];
    ck_assert_int_eq(spw_sim_run(&file.sim, NULL, NULL, NULL, &result, text, sizeof text), 0);
    ck_assert_double_eq(result->all->figure[SPW_MEASURE_PEOPLE].mean, 4);
    spw_result_free(result);
    spw__scenario_free(&file);
}
END_TEST

/* Of ten who waited, five gave up at 10 s and five were answered at 5 s: those say nothing about
 * patience beyond 5 s, and half of all giving up at 10 s would be wrong. */
START_TEST(what_was_cut_short_counts_as_such)
{
    struct spw__scenario_file file;
    struct spw_plan_error error;
    int failed = read_with(&file, "5,0\n5,0\n5,0\n5,0\n5,0\n10,1\n10,1\n10,1\n10,1\n20,1\n",
                           "rate: 1 /min", "{recorded: r.csv}", &error);
    ck_assert_msg(failed == 0, "%s", error.text);
    const struct spw_dist *patience = file.sim.streams[0].patience;
    ck_assert_int_eq(patience->kind, SPW_DIST_EMPIRICAL);
    size_t at_ten = 0;
    for (size_t i = 0; i < patience->quantile_count; i++) {
        at_ten += patience->quantile_s[i] > 9.99 && patience->quantile_s[i] < 10.01;
    }
    ck_assert_uint_eq(at_ten * 10, patience->quantile_count * 8);
    spw__scenario_free(&file);
}
END_TEST

/* However long a line is, it is one: a value and blanks, or a comment. */
START_TEST(long_lines_are_lines)
{
    enum { LINES = 50, WIDTH = 1000 };
    struct spw__scenario_file file;
    struct spw_plan_error error;
    char *text = malloc((LINES + 1) * WIDTH);
    ck_assert_ptr_nonnull(text);
    for (int i = 0; i <= LINES; i++) {
        char *line = text + (size_t)i * WIDTH;
        memset(line, i == 0 ? '9' : ' ', WIDTH);
        line[0] = i == 0 ? '#' : '7';
        line[WIDTH - 1] = i < LINES ? '\n' : '\0';
    }
    int failed = read_with(&file, text, "recorded: r.csv", "never", &error);
    ck_assert_msg(failed == 0, "%s", error.text);
    ck_assert_uint_eq(file.sim.streams[0].arrivals.trace_count, LINES);
    spw__scenario_free(&file);
    free(text);
}
END_TEST

START_TEST(what_is_wrong_has_its_line)
{
    static const struct {
        const char *csv, *arrivals, *patience, *says;
    } wrong[] = {
        {"1\n2\nx\n", "recorded: r.csv", "never", "r.csv:3:1: no number stands here"},
        {"1\n-2\n", "recorded: r.csv", "never", "r.csv:2:1: time is negative"},
        {"1\n2;1\n", "recorded: r.csv", "never", "r.csv:2:1: something follows the number"},
        {"1,2\n", "recorded: r.csv", "never", "r.csv:1:1: something follows the number"},
        {"3\n2\n", "recorded: r.csv", "never", "value 2 is earlier than the one before"},
        {"# nothing\n", "recorded: r.csv", "never", "r.csv: no recorded value"},
        {"5,0\n", "rate: 1 /min", "{recorded: r.csv}", "every value is cut short"},
        {"5\n", "rate: 1 /min, recorded: r.csv", "never", "expected one of rate, piecewise"},
        {"5\n", "recorded: /etc/passwd", "never", "expected a file beside the scenario"},
        {"5\n", "recorded: .", "never", "not a file"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct spw__scenario_file file;
        struct spw_plan_error error;
        ck_assert_int_eq(
            read_with(&file, wrong[i].csv, wrong[i].arrivals, wrong[i].patience, &error), -1);
        ck_assert_msg(strstr(error.text, wrong[i].says) != NULL, "`%s` is not in `%s`",
                      wrong[i].says, error.text);
        ck_assert_msg(strstr(error.text, "s.yaml:9:") != NULL, "%s", error.text);
        spw__scenario_free(&file);
    }
}
END_TEST

int main(void)
{
    if (mkdtemp(folder) == NULL) {
        return EXIT_FAILURE;
    }
    (void)snprintf(scenario, sizeof scenario, "%s/s.yaml", folder);
    (void)snprintf(record, sizeof record, "%s/r.csv", folder);
    int failed =
        SUITE_RUN("command record", arrivals_are_as_recorded, what_was_cut_short_counts_as_such,
                  long_lines_are_lines, what_is_wrong_has_its_line);
    (void)unlink(scenario);
    (void)unlink(record);
    (void)rmdir(folder);
    return failed;
}
