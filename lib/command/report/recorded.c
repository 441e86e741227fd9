/*
 * command/report/recorded.c - a replay in the report: recorded beside simulated beside a naive
 * forecast, and the notes that say what was assumed and where the figures part.
 *
 * Rows of the same group stand under one heading; what is of detail is folded away. A simulated
 * figure outside the band that was declared before the run is marked in words, not by colour alone.
 * Who calls: report.c.
 */
#include <math.h>
#include <string.h>

#include "command/report/report.h"

enum { COLUMNS = 6 };

/* A figure in the unit that people read: shares in per cent. */
static void put_value(FILE *out, double value, double half_width, enum spw__unit unit)
{
    double scale = unit == SPW__UNIT_SHARE ? 100 : 1;
    int decimals = spw__html_decimals(value * scale, half_width * scale);
    decimals = unit == SPW__UNIT_SHARE ? 1 : decimals;
    spw__html_number(out, value * scale, decimals);
    if (isfinite(value)) {
        fputs(unit == SPW__UNIT_SHARE ? " %" : "", out);
        if (isfinite(half_width)) {
            fputs("<small>\xc2\xb1 ", out);
            spw__html_number(out, half_width * scale, decimals);
            fputs("</small>", out);
        }
    }
}

static void put_row(FILE *out, const struct spw__recorded_row *row)
{
    double ours = fabs(row->simulated - row->recorded), theirs = fabs(row->naive - row->recorded);
    const char *nearer = "";
    if (isfinite(ours) && isfinite(theirs)) {
        double alike = 1e-9 * fabs(row->recorded);
        nearer = ours < theirs - alike ? "simulated" : theirs < ours - alike ? "naive" : "alike";
    }
    fputs("<tr><th scope=row>", out);
    spw__html_text(out, row->measure);
    fputs("<td>", out);
    put_value(out, row->recorded, NAN, row->unit);
    fputs("<td>", out);
    put_value(out, row->simulated, row->half_width, row->unit);
    fputs("<td>", out);
    put_value(out, row->naive, NAN, row->unit);
    fprintf(out, "<td class=words>%s<td class=words>", nearer);
    if (row->band > 0) {
        fputs(ours <= row->band ? "<span class=kept>inside" : "<span class=missed>outside", out);
        fputs("</span> \xc2\xb1 ", out);
        put_value(out, row->band, NAN, row->unit);
    }
    fputs("\n", out);
}

static size_t count_rows(const struct spw__outcome *outcome, bool detail)
{
    size_t count = 0;
    for (size_t i = 0; i < outcome->recorded_count; i++) {
        count += outcome->recorded[i].detail == detail;
    }
    return count;
}

static void put_rows(FILE *out, const struct spw__outcome *outcome, bool detail)
{
    const char *group = NULL;
    fputs("<div class=scroll tabindex=0 role=region aria-label='Recorded, simulated, naive'>\n"
          "<table><caption class=unseen>Recorded, simulated, and a naive forecast</caption>\n"
          "<thead><tr><th scope=col>measure<th scope=col>recorded<th scope=col>simulated"
          "<th scope=col>naive forecast<th scope=col class=words>nearer"
          "<th scope=col class=words>band declared before\n",
          out);
    for (size_t i = 0; i < outcome->recorded_count; i++) {
        const struct spw__recorded_row *row = &outcome->recorded[i];
        if (row->detail != detail) {
            continue;
        }
        if (group == NULL || strcmp(group, row->group) != 0) {
            group = row->group;
            fprintf(out, "<tbody><tr class=group><th scope=rowgroup colspan=%d><span>", COLUMNS);
            spw__html_text(out, group);
            fputs("</span>\n", out);
        }
        put_row(out, row);
    }
    fputs("</table></div>\n", out);
}

static void put_notes(FILE *out, const struct spw__outcome *outcome)
{
    if (outcome->note_count == 0) {
        return;
    }
    fputs("<h3>What was assumed, and where the figures part</h3>\n<ul class=marks>\n", out);
    for (size_t i = 0; i < outcome->note_count; i++) {
        fputs("<li>", out);
        spw__html_text(out, outcome->notes[i]);
        fputs("</li>\n", out);
    }
    fputs("</ul>\n", out);
}

void spw__report_recorded(FILE *out, const struct spw__outcome *outcome)
{
    size_t details = count_rows(outcome, true);
    if (outcome->recorded_count == 0) {
        return;
    }
    fputs("<section id=recorded>\n<h2>Recorded beside simulated</h2>\n", out);
    put_rows(out, outcome, false);
    if (details > 0) {
        fprintf(out, "<details><summary>%zu more rows, by type of call</summary>\n", details);
        put_rows(out, outcome, true);
        fputs("</details>\n", out);
    }
    put_notes(out, outcome);
    fputs("</section>\n", out);
}
