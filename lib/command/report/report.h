/*
 * command/report/report.h - what the rooms of the report share: writing text that came from
 * somewhere else without its being taken for markup, numbers, names, and the parts of the page.
 *
 * Every string that is not a literal of ours goes through spw__html_text or spw__html_json.
 */
#ifndef SPILLWAY_COMMAND_REPORT_H
#define SPILLWAY_COMMAND_REPORT_H

#include <stdio.h>

#include <spillway/sim.h>

#include "command/command.h"

/* --- text.c: words and numbers ---------------------------------------------------------------- */

/* As text or inside "..." of an attribute. What is not UTF-8, and control characters, become the
 * replacement character. Null writes nothing. */
void spw__html_text(FILE *out, const char *text);
/* As a JSON string with its quotes; safe inside a script element. */
void spw__html_json(FILE *out, const char *text);
/* A number for JSON: null where it is not finite. */
void spw__html_json_number(FILE *out, double value);
/* 4,887 or 0.25; a dash where there is none. */
void spw__html_number(FILE *out, double value, int decimals);
/* As many decimals as a number of that size deserves. */
int spw__html_decimals(double value, double half_width);
/* 38 s, 4 min 12 s, 1 h 02 min. */
void spw__html_span(FILE *out, double seconds);
/* What a group is about: "priority 0", or the name of the queue, centre, stream or crew. */
void spw__html_group(FILE *out, const struct spw__outcome *outcome, const struct spw_group *group);

/* The word for one and for many. */
static inline const char *spw__html_s(uint64_t count)
{
    return count == 1 ? "" : "s";
}

/* --- the parts, in the order of the page ------------------------------------------------------ */

/* people.c: the verdict; of 100 people. */
void spw__report_verdict(FILE *out, const struct spw__outcome *outcome);
void spw__report_people(FILE *out, const struct spw__outcome *outcome);

/* charts.c: what the charts say in words, their places, and their data for the script. */
void spw__report_charts(FILE *out, const struct spw__outcome *outcome);
/* How many charts the page has: 0 when no library was there at build time, or nothing to draw. */
size_t spw__report_chart_count(const struct spw__outcome *outcome);

/* recorded.c */
void spw__report_recorded(FILE *out, const struct spw__outcome *outcome);

/* guesses.c: nothing where they were not varied. */
void spw__report_guesses(FILE *out, const struct spw__outcome *outcome);

/* tables.c */
void spw__report_guessed(FILE *out, const struct spw__outcome *outcome);
void spw__report_goals(FILE *out, const struct spw__outcome *outcome);
void spw__report_tables(FILE *out, const struct spw__outcome *outcome);

#endif
