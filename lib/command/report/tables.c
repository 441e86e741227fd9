/*
 * command/report/tables.c - the tables of the report.
 *
 * What lives here: what was guessed, the goals, and the figures of every group with the
 * policies over one another. Each figure stands with the half-width of its 95 % interval.
 * Who calls: report.c.
 */
#include <math.h>
#include <string.h>

#include "command/report/report.h"

/* A column of the tables of groups. */
struct column {
    enum spw_measure measure;
    double scale;
    const char *head;
    const char *unit;
};

static const struct column people_columns[] = {
    {SPW_MEASURE_PEOPLE, 1, "people", ""},
    {SPW_MEASURE_ATTEMPTS, 1, "attempts", ""},
    {SPW_MEASURE_REACHED, 100, "reached", "%"},
    {SPW_MEASURE_WITHIN_TARGET, 100, "in time", "%"},
    {SPW_MEASURE_ABANDONED_SHARE, 100, "gave up", "%"},
    {SPW_MEASURE_WAIT_P50, 1, "half reached within", "seconds"},
    {SPW_MEASURE_WAIT_P90, 1, "90 % within", "seconds"},
    {SPW_MEASURE_WAIT_P95, 1, "95 % within", "seconds"},
    {SPW_MEASURE_WAIT_P99, 1, "99 % within", "seconds"},
    {SPW_MEASURE_WAIT_MAX, 1, "longest wait", "seconds"},
};

static const struct column call_columns[] = {
    {SPW_MEASURE_AT_ONCE, 100, "answered at once", "%"},
    {SPW_MEASURE_WAIT_ALL, 1, "mean wait, all", "seconds"},
    {SPW_MEASURE_WAIT_ANSWERED, 1, "mean wait, answered", "seconds"},
    {SPW_MEASURE_WAIT_ABANDONED, 1, "mean wait, given up", "seconds"},
    {SPW_MEASURE_ATTEMPT_ABANDONED, 100, "given up", "%"},
    {SPW_MEASURE_OVER_TARGET, 100, "waited beyond target", "%"},
    {SPW_MEASURE_REFUSED, 1, "refused", ""},
    {SPW_MEASURE_MEAN_WAITING, 1, "waiting, mean number", "people"},
};

static const struct column crew_columns[] = {
    {SPW_MEASURE_OCCUPANCY, 100, "busy, of the time on duty", "%"},
};

struct columns {
    const struct column *column;
    size_t count;
    const char *about; /* what each row counts */
};

#define COLUMNS(array, about)                                                                      \
    {                                                                                              \
        array, sizeof(array) / sizeof((array)[0]), about                                           \
    }
static const struct columns of_people = COLUMNS(people_columns, "people");
static const struct columns of_calls = COLUMNS(call_columns, "calls");
static const struct columns of_crews = COLUMNS(crew_columns, "crews");

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

/* The same under a heading that says enough: the caption is there for readers who hear the page. */
static void open_table_below(FILE *out, const char *caption)
{
    fprintf(out,
            "<div class=scroll tabindex=0 role=region aria-label='%s'>\n"
            "<table><caption class=unseen>%s</caption>\n",
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
        if (mark->line > 0) {
            fprintf(out, " <small>line %d</small>", mark->line);
        }
        if (mark->source && *mark->source) {
            fputs(" <span>", out);
            spw__html_text(out, mark->source);
            fputs("</span>", out);
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
                "<p>%zu of the numbers behind this page %s: nobody measured them. Other guesses "
                "give other figures.</p>\n",
                guessed, guessed == 1 ? "is a guess" : "are guesses");
        list_marks(out, outcome, SPW__GUESSED);
    }
    folded_marks(out, outcome, SPW__DERIVED, "derived from others");
    folded_marks(out, outcome, SPW__SOURCED, "with a source");
    fputs("</section>\n", out);
}

/* --- goals ------------------------------------------------------------------------------------ */

/* One goal: what is wanted, then what each policy made of it. */
static void goal_rows(FILE *out, const struct spw__outcome *outcome, size_t number)
{
    fputs("<tbody><tr class=group><th scope=rowgroup colspan=3><span>", out);
    spw__html_text(out, outcome->policies[0].goals[number].text);
    fputs("</span>\n", out);
    for (size_t i = 0; i < outcome->policy_count; i++) {
        const struct spw__policy_outcome *policy = &outcome->policies[i];
        if (number >= policy->goal_count) {
            continue;
        }
        const struct spw__goal_result *goal = &policy->goals[number];
        fputs("<tr><th scope=row>", out);
        spw__html_text(out, policy->name);
        fputs("<td>", out);
        spw__html_text(out, goal->measured_text);
        fprintf(out, "<td class='words %s'>%s\n", goal->kept ? "kept" : "missed",
                goal->kept ? "&#10003; kept" : "&#10007; missed");
    }
}

void spw__report_goals(FILE *out, const struct spw__outcome *outcome)
{
    size_t count = outcome->policy_count > 0 ? outcome->policies[0].goal_count : 0;
    if (count == 0) {
        return;
    }
    fputs("<section id=goals>\n<h2>Goals</h2>\n", out);
    if (outcome->policy_count > 1) {
        fputs("<p>The first policy is judged by them; the others stand beside it.</p>\n", out);
    }
    open_table_below(out, "Goals and what was measured");
    fputs("<thead><tr><th scope=col>target, policy<th scope=col>measured"
          "<th scope=col class=words>kept?\n",
          out);
    for (size_t i = 0; i < count; i++) {
        goal_rows(out, outcome, i);
    }
    close_table(out);
    fputs("</section>\n", out);
}

/* --- groups ----------------------------------------------------------------------------------- */

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
                        const char *caption, const struct columns *columns_of)
{
    const struct spw_result *result = outcome->policies[0].result;
    char text[80];
    (void)snprintf(text, sizeof text, "%s%s%s", caption, kind == SPW_GROUP_CREW ? "" : ": ",
                   kind == SPW_GROUP_CREW ? "" : columns_of->about);
    open_table(out, text);
    fputs("<thead><tr><th scope=col><span class=unseen>about</span>", out);
    for (size_t i = 0; i < columns_of->count; i++) {
        head_cell(out, columns_of->column[i].head, columns_of->column[i].unit);
    }
    fputs("<tbody>\n", out);
    for (size_t i = 0; i < result->group_count; i++) {
        if (result->groups[i].kind == kind) {
            group_rows(out, outcome, &result->groups[i], columns_of);
        }
    }
    close_table(out);
}

/* Both tables of a kind; a lone queue or centre says no more than everybody does. */
static void group_tables(FILE *out, const struct spw__outcome *outcome, enum spw_group_kind kind,
                         const char *caption, const char *lone)
{
    const struct spw_result *result = outcome->policies[0].result;
    size_t count = count_groups(result, kind);
    if (count == 1 && lone) {
        for (size_t i = 0; i < result->group_count; i++) {
            if (result->groups[i].kind == kind) {
                fprintf(out, "<p class=note>There is one %s, <span class=name>", lone);
                spw__html_group(out, outcome, &result->groups[i]);
                fputs("</span>: its figures are those of everybody.</p>\n", out);
            }
        }
    } else if (count > 0) {
        group_table(out, outcome, kind, caption, &of_people);
        group_table(out, outcome, kind, caption, &of_calls);
    }
}

static void meanings(FILE *out, const struct columns *columns_of)
{
    for (size_t i = 0; i < columns_of->count; i++) {
        fprintf(out, "<dt>%s<dd>%s\n", columns_of->column[i].head,
                measure_texts[columns_of->column[i].measure]);
    }
}

static void what_columns_mean(FILE *out)
{
    fputs("<details><summary>What the columns mean</summary>\n<dl class=meanings>\n", out);
    meanings(out, &of_people);
    meanings(out, &of_calls);
    meanings(out, &of_crews);
    fputs("</dl>\n<p>\xc2\xb1 is the half-width of the 95 % interval over the runs. Shares, mean "
          "waits and quantiles are those of everybody in all runs together; counts are means over "
          "the runs. Where people are counted, each counts once, however often they called, and "
          "waits begin with their "
          "first call; the quantiles are those of people reached. Where calls are counted, each "
          "attempt counts, and its wait begins with itself.</p></details>\n",
          out);
}

/* Kinds without names would be told by numbers that nobody knows: priorities say as much. */
static bool kinds_have_names(const struct spw_scenario *scenario)
{
    for (size_t i = 0; scenario && i < scenario->stream_count; i++) {
        for (size_t k = 0; k < scenario->streams[i].variant_count; k++) {
            if (scenario->streams[i].variants[k].name) {
                return true;
            }
        }
    }
    return false;
}

void spw__report_tables(FILE *out, const struct spw__outcome *outcome)
{
    fputs("<section id=tables>\n<h2>Figures</h2>\n", out);
    if (outcome->policy_count > 0) {
        const struct spw_result *first = outcome->policies[0].result;
        what_columns_mean(out);
        group_tables(out, outcome, SPW_GROUP_ALL, "Everybody", NULL);
        group_tables(out, outcome, SPW_GROUP_PRIORITY, "By priority", "priority");
        group_tables(out, outcome, SPW_GROUP_QUEUE, "By queue", "queue");
        group_tables(out, outcome, SPW_GROUP_CENTRE, "By centre", "centre");
        if (count_groups(first, SPW_GROUP_STREAM) > 1) {
            group_tables(out, outcome, SPW_GROUP_STREAM, "By kind of caller", NULL);
        }
        if (count_groups(first, SPW_GROUP_KIND) > 1 && kinds_have_names(outcome->scenario)) {
            group_tables(out, outcome, SPW_GROUP_KIND, "By what people really are", NULL);
        }
        if (count_groups(first, SPW_GROUP_CREW) > 0) {
            group_table(out, outcome, SPW_GROUP_CREW, "Crews", &of_crews);
        }
    }
    fputs("</section>\n", out);
}
