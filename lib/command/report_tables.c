/*
 * command/report_tables.c - the tables of the report.
 *
 * What lives here: recorded beside simulated, what was guessed, the declared targets, and the
 * figures of every group with the policies over one another. Each figure stands with the half-width
 * of its 95 % interval. Who calls: report.c.
 */
#include <math.h>
#include <string.h>

#include "command/report.h"

/* A column of the tables of groups. */
struct column {
    enum spw_measure measure;
    double scale;
    const char *head;
    const char *unit;
};

static const struct column columns[] = {
    {SPW_MEASURE_PEOPLE, 1, "people", ""},
    {SPW_MEASURE_ATTEMPTS, 1, "attempts", ""},
    {SPW_MEASURE_REACHED, 100, "reached", "%"},
    {SPW_MEASURE_WITHIN_TARGET, 100, "within target", "%"},
    {SPW_MEASURE_ABANDONED_SHARE, 100, "gave up", "%"},
    {SPW_MEASURE_WAIT_P50, 1, "wait, median", "s"},
    {SPW_MEASURE_WAIT_P90, 1, "wait, 90 %", "s"},
    {SPW_MEASURE_WAIT_P95, 1, "wait, 95 %", "s"},
    {SPW_MEASURE_WAIT_P99, 1, "wait, 99 %", "s"},
    {SPW_MEASURE_WAIT_MAX, 1, "longest wait", "s"},
};

static const struct column crew_columns[] = {
    {SPW_MEASURE_ANSWERED, 1, "people connected", ""},
    {SPW_MEASURE_OCCUPANCY, 100, "staffed time busy", "%"},
};

static const char *const measure_texts[] = {
#define TEXT(name, key, text) text,
    SPW_MEASURE_MAP(TEXT)
#undef TEXT
};

/* --- frame ------------------------------------------------------------------------------------ */

/* A wide table scrolls in a box of its own, never the page. */
static void open_table(FILE *out, const char *caption)
{
    fprintf(out,
            "<div class=scroll tabindex=0 role=region aria-label='%s'>\n"
            "<table><caption>%s</caption>\n",
            caption, caption);
}

static void close_table(FILE *out)
{
    fputs("</table></div>\n", out);
}

static void head_cell(FILE *out, const char *text, const char *unit)
{
    fprintf(out, "<th scope=col>%s%s%s%s", text, *unit ? " <small>" : "", unit,
            *unit ? "</small>" : "");
}

static void text_cell(FILE *out, const char *text)
{
    fputs("<td class=words>", out);
    spw__html_text(out, text);
}

static void figure_cell(FILE *out, const struct spw_figure *figure, double scale)
{
    double mean = scale * figure->mean, half = scale * figure->half_width;
    int decimals = spw__html_decimals(mean, half);
    fputs("<td>", out);
    spw__html_number(out, mean, decimals);
    if (isfinite(mean) && isfinite(half)) {
        fputs("<small>\xc2\xb1 ", out);
        spw__html_number(out, half, decimals);
        fputs("</small>", out);
    }
}

/* --- recorded beside simulated ---------------------------------------------------------------- */

static void recorded_row(FILE *out, const struct spw__recorded_row *row)
{
    double ours = fabs(row->simulated - row->recorded), theirs = fabs(row->naive - row->recorded);
    const char *nearer = "";
    if (isfinite(ours) && isfinite(theirs)) {
        nearer = ours < theirs ? "simulated" : ours > theirs ? "naive" : "alike";
    }
    fputs("<tr><th scope=row>", out);
    spw__html_text(out, row->group);
    text_cell(out, row->measure);
    fputs("<td>", out);
    spw__html_number(out, row->recorded, spw__html_decimals(row->recorded, NAN));
    figure_cell(out, &(struct spw_figure){row->simulated, row->half_width}, 1);
    fputs("<td>", out);
    spw__html_number(out, row->naive, spw__html_decimals(row->naive, NAN));
    fprintf(out, "<td class=words>%s\n", nearer);
}

void spw__report_recorded(FILE *out, const struct spw__outcome *outcome)
{
    if (outcome->recorded_count == 0) {
        return;
    }
    fputs("<section id=recorded>\n<h2>Recorded beside simulated</h2>\n", out);
    open_table(out, "Recorded, simulated, and a naive forecast");
    fputs("<thead><tr><th scope=col>about<th scope=col class=words>measure<th scope=col>recorded"
          "<th scope=col>simulated<th scope=col>naive forecast<th scope=col class=words>nearer"
          "<tbody>\n",
          out);
    for (size_t i = 0; i < outcome->recorded_count; i++) {
        recorded_row(out, &outcome->recorded[i]);
    }
    close_table(out);
    fputs("</section>\n", out);
}

/* --- what was guessed ------------------------------------------------------------------------- */

static size_t count_marks(const struct spw__outcome *outcome, enum spw__provenance provenance)
{
    size_t count = 0;
    for (size_t i = 0; i < outcome->mark_count; i++) {
        count += outcome->marks[i].provenance == provenance;
    }
    return count;
}

static void list_marks(FILE *out, const struct spw__outcome *outcome,
                       enum spw__provenance provenance)
{
    fputs("<ul class=marks>\n", out);
    for (size_t i = 0; i < outcome->mark_count; i++) {
        const struct spw__mark *mark = &outcome->marks[i];
        if (mark->provenance != provenance) {
            continue;
        }
        fputs("<li><code>", out);
        spw__html_text(out, mark->path);
        fputs("</code> <b>", out);
        spw__html_text(out, mark->value);
        fputs("</b>", out);
        if (mark->source && *mark->source) {
            fputs(" <span>", out);
            spw__html_text(out, mark->source);
            fputs("</span>", out);
        }
        if (mark->line > 0) {
            fprintf(out, " <small>line %d</small>", mark->line);
        }
        fputs("</li>\n", out);
    }
    fputs("</ul>\n", out);
}

static void folded_marks(FILE *out, const struct spw__outcome *outcome,
                         enum spw__provenance provenance, const char *word)
{
    size_t count = count_marks(outcome, provenance);
    if (count > 0) {
        fprintf(out, "<details><summary>%zu %s</summary>\n", count, word);
        list_marks(out, outcome, provenance);
        fputs("</details>\n", out);
    }
}

void spw__report_guessed(FILE *out, const struct spw__outcome *outcome)
{
    size_t guessed = count_marks(outcome, SPW__GUESSED);
    fputs("<section id=guessed>\n<h2>What was guessed</h2>\n", out);
    if (guessed == 0) {
        fputs("<p>No number is marked as guessed.</p>\n", out);
    } else {
        fprintf(out,
                "<p>%zu number%s nobody measured. With other guesses the figures would be "
                "others.</p>\n",
                guessed, spw__html_s(guessed));
        list_marks(out, outcome, SPW__GUESSED);
    }
    folded_marks(out, outcome, SPW__DERIVED, "derived from others");
    folded_marks(out, outcome, SPW__SOURCED, "with a source");
    fputs("</section>\n", out);
}

/* --- declared targets ------------------------------------------------------------------------- */

static void goal_row(FILE *out, const struct spw__goal_result *goal, const char *policy)
{
    fputs("<tr><th scope=row>", out);
    spw__html_text(out, goal->text);
    text_cell(out, policy);
    fputs("<td>", out);
    spw__html_text(out, goal->measured_text);
    fprintf(out, "<td class='words %s'>%s\n", goal->kept ? "kept" : "missed",
            goal->kept ? "&#10003; kept" : "&#10007; missed");
}

void spw__report_goals(FILE *out, const struct spw__outcome *outcome)
{
    size_t count = 0;
    for (size_t i = 0; i < outcome->policy_count; i++) {
        count += outcome->policies[i].goal_count;
    }
    if (count == 0) {
        return;
    }
    fputs("<section id=goals>\n<h2>Declared targets</h2>\n", out);
    open_table(out, "Declared targets");
    fputs("<thead><tr><th scope=col>target<th scope=col class=words>policy"
          "<th scope=col>measured<th scope=col class=words><tbody>\n",
          out);
    for (size_t i = 0; i < outcome->policy_count; i++) {
        for (size_t j = 0; j < outcome->policies[i].goal_count; j++) {
            goal_row(out, &outcome->policies[i].goals[j], outcome->policies[i].name);
        }
    }
    close_table(out);
    fputs("</section>\n", out);
}

/* --- groups ----------------------------------------------------------------------------------- */

struct columns {
    const struct column *column;
    size_t count;
};

static void figure_cells(FILE *out, const struct spw_group *group, const struct columns *columns_of)
{
    for (size_t i = 0; i < columns_of->count; i++) {
        const struct column *column = &columns_of->column[i];
        if (group) {
            figure_cell(out, &group->figure[column->measure], column->scale);
        } else {
            fputs("<td>\xe2\x80\x93", out);
        }
    }
    fputs("\n", out);
}

/* One group: a row when there is one policy, else its name and a row per policy. */
static void group_rows(FILE *out, const struct spw__outcome *outcome, const struct spw_group *group,
                       const struct columns *columns_of)
{
    if (outcome->policy_count == 1) {
        fputs("<tr><th scope=row>", out);
        spw__html_group(out, outcome, group);
        figure_cells(out, group, columns_of);
        return;
    }
    fprintf(out, "<tbody><tr class=group><th scope=rowgroup colspan=%zu><span>",
            columns_of->count + 1);
    spw__html_group(out, outcome, group);
    fputs("</span>\n", out);
    for (size_t i = 0; i < outcome->policy_count; i++) {
        const struct spw__policy_outcome *policy = &outcome->policies[i];
        fputs("<tr><th scope=row>", out);
        spw__html_text(out, policy->name);
        figure_cells(out, spw_result_group(policy->result, group->kind, group->number), columns_of);
    }
}

static size_t count_groups(const struct spw_result *result, enum spw_group_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < result->group_count; i++) {
        count += result->groups[i].kind == kind;
    }
    return count;
}

/* The groups of one kind. Which there are is taken from the first policy: all met the same. */
static void group_table(FILE *out, const struct spw__outcome *outcome, enum spw_group_kind kind,
                        const char *caption)
{
    const struct spw_result *result = outcome->policies[0].result;
    bool crew = kind == SPW_GROUP_CREW;
    struct columns columns_of = {crew ? crew_columns : columns,
                                 crew ? sizeof crew_columns / sizeof crew_columns[0]
                                      : sizeof columns / sizeof columns[0]};
    if (count_groups(result, kind) == 0) {
        return;
    }
    open_table(out, caption);
    fputs("<thead><tr><th scope=col><span class=unseen>about</span>", out);
    for (size_t i = 0; i < columns_of.count; i++) {
        head_cell(out, columns_of.column[i].head, columns_of.column[i].unit);
    }
    fputs("<tbody>\n", out);
    for (size_t i = 0; i < result->group_count; i++) {
        if (result->groups[i].kind == kind) {
            group_rows(out, outcome, &result->groups[i], &columns_of);
        }
    }
    close_table(out);
}

static void what_columns_mean(FILE *out)
{
    fputs("<details><summary>What the columns mean</summary>\n<dl class=meanings>\n", out);
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        fprintf(out, "<dt>%s<dd>%s\n", columns[i].head, measure_texts[columns[i].measure]);
    }
    fputs("</dl>\n<p>\xc2\xb1 is the half-width of the 95 % interval over the runs. Every share "
          "counts all distinct people who arrived. Waits are counted from a person's first "
          "arrival; the quantiles are those of people reached.</p></details>\n",
          out);
}

void spw__report_tables(FILE *out, const struct spw__outcome *outcome)
{
    fputs("<section id=tables>\n<h2>Figures</h2>\n", out);
    if (outcome->policy_count > 0) {
        bool streams = count_groups(outcome->policies[0].result, SPW_GROUP_STREAM) > 1;
        what_columns_mean(out);
        group_table(out, outcome, SPW_GROUP_ALL, "Everybody");
        group_table(out, outcome, SPW_GROUP_PRIORITY, "By priority; 0 is the most urgent");
        group_table(out, outcome, SPW_GROUP_QUEUE, "By queue");
        group_table(out, outcome, SPW_GROUP_CENTRE, "By centre");
        if (streams) {
            group_table(out, outcome, SPW_GROUP_STREAM, "By kind of caller");
        }
        group_table(out, outcome, SPW_GROUP_CREW, "Crews");
    }
    fputs("</section>\n", out);
}
