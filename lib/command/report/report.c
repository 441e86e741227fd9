/*
 * command/report/report.c - one self-contained HTML page about a flood.
 *
 * What lives here: the frame of the page and its order: verdict, people, charts, recorded beside
 * simulated, guesses and what they matter, targets, tables, how it was made. The page asks the
 * network for nothing (a content security policy in its head says so too), reads on a telephone and
 * on paper, and is the same bytes for the same outcome: no date, no duration.
 * Who calls: outcome/tell.c.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "command/report/report.h"
#include "command/report/assets.h"

static void put_asset(FILE *out, const struct spw__asset *asset)
{
    fwrite(asset->bytes, 1, asset->size, out);
    fputs("\n", out);
}

static void put_head(FILE *out, const struct spw__outcome *outcome)
{
    size_t charts = spw__report_chart_count(outcome);
    fprintf(out,
            "<!DOCTYPE html>\n<html lang=en data-plots=%zu>\n<head>\n<meta charset=utf-8>\n"
            "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; "
            "style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; "
            "base-uri 'none'; form-action 'none'\">\n"
            "<meta name=viewport content='width=device-width, initial-scale=1'>\n"
            "<meta name=color-scheme content='light dark'>\n<link rel=icon href='data:,'>\n"
            "<meta name=generator content='spillway " SPW__VERSION "'>\n<title>",
            charts);
    spw__html_text(out, outcome->title);
    fputs(" \xc2\xb7 spillway flood</title>\n<style>\n", out);
    if (charts > 0) {
        put_asset(out, &spw__asset_dygraphs_licence);
        put_asset(out, &spw__asset_dygraphs_style);
    }
    put_asset(out, &spw__asset_style);
    fputs("</style>\n</head>\n<body>\n<main>\n", out);
}

static void put_title(FILE *out, const struct spw__outcome *outcome)
{
    fputs("<header><h1>", out);
    spw__html_text(out, outcome->title);
    fputs("</h1></header>\n", out);
}

/* Where the people come from; the verdict stands before it. */
static void put_about(FILE *out, const struct spw__outcome *outcome)
{
    if (outcome->subtitle && *outcome->subtitle) {
        fputs("<p class=about>", out);
        spw__html_text(out, outcome->subtitle);
        fputs("</p>\n", out);
    }
}

static void put_policy_row(FILE *out, const struct spw__policy_outcome *policy)
{
    const struct spw_result *result = policy->result;
    fputs("<tr><th scope=row>", out);
    spw__html_text(out, policy->name);
    fprintf(out, "<td><code>%016" PRIx64 "</code><td><code>%016" PRIx64 "</code><td>",
            result->state_hash, result->event_digest);
    spw__html_number(out, (double)result->inputs, 0);
    fputs("<td>", out);
    spw__html_number(out, (double)result->people, 0);
    fputs("<td class=words>", out);
    if (result->broken) {
        fprintf(out, "I%d ", result->broken);
        spw__html_text(out, result->broken_text);
    } else {
        fputs("hold", out);
    }
    fputs("\n", out);
}

/* Everything that somebody needs to get the same figures. */
static void put_origin(FILE *out, const struct spw__outcome *outcome)
{
    fputs(
        "<section id=origin>\n<h2>How it was made</h2>\n<dl>\n<dt>Version<dd>spillway " SPW__VERSION
        "\n<dt>Source<dd>",
        out);
    spw__html_text(out, outcome->source);
    fprintf(out, "\n<dt>Seed of the first run<dd>%" PRIu64 "\n<dt>Runs<dd>%" PRIu32 "\n",
            outcome->seed, outcome->runs);
    if (outcome->command_line && *outcome->command_line) {
        fputs("<dt>Command line<dd><code>", out);
        spw__html_text(out, outcome->command_line);
        fputs("</code>\n", out);
    }
    fputs("</dl>\n<div class=scroll tabindex=0 role=region aria-label='Runs'>\n"
          "<table><caption>The same seed gives the same hash on every machine</caption>\n"
          "<thead><tr><th scope=col>policy<th scope=col>state hash, first run"
          "<th scope=col>digest of its events<th scope=col>inputs, all runs"
          "<th scope=col>people, all runs<th scope=col class=words>invariants<tbody>\n",
          out);
    for (size_t i = 0; i < outcome->policy_count; i++) {
        put_policy_row(out, &outcome->policies[i]);
    }
    fputs("</table></div>\n</section>\n", out);
}

static void put_scripts(FILE *out, const struct spw__outcome *outcome)
{
    if (spw__report_chart_count(outcome) > 0) {
        fputs("<script>\n", out);
        put_asset(out, &spw__asset_dygraphs_licence);
        put_asset(out, &spw__asset_dygraphs_script);
        fputs("</script>\n", out);
    }
    fputs("<script>\n", out);
    put_asset(out, &spw__asset_script);
    fputs("</script>\n</body>\n</html>\n", out);
}

static void put_page(FILE *out, const struct spw__outcome *outcome)
{
    put_head(out, outcome);
    put_title(out, outcome);
    spw__report_verdict(out, outcome);
    put_about(out, outcome);
    spw__report_people(out, outcome);
    spw__report_charts(out, outcome);
    spw__report_recorded(out, outcome);
    spw__report_guessed(out, outcome);
    spw__report_guesses(out, outcome);
    spw__report_goals(out, outcome);
    spw__report_tables(out, outcome);
    put_origin(out, outcome);
    fputs("</main>\n", out);
    put_scripts(out, outcome);
}

int spw__report_write(const char *path, const struct spw__outcome *outcome, char *error, size_t n)
{
    FILE *out = fopen(path, "wb");
    if (!out) {
        snprintf(error, n, "%s cannot be written: %s", path, strerror(errno));
        return -1;
    }
    errno = 0;
    put_page(out, outcome);
    int failed = ferror(out);
    if (fclose(out) != 0 || failed) {
        snprintf(error, n, "only a part of %s could be written: %s", path,
                 errno ? strerror(errno) : "the device refused");
        return -1;
    }
    return 0;
}
