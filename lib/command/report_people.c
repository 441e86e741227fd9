/*
 * command/report_people.c - the head of the report: the verdict, and what became of 100 people.
 *
 * What lives here: the sentence that a reader in a hurry takes away, the longest wait of priority 0
 * under each policy, and a hundred dots a policy. A dot tells by its shape and by its colour, and
 * the same three numbers stand beside it in words. Who calls: report.c.
 */
#include <math.h>

#include "command/report.h"

enum { FATES = 3, DOTS = 100, DOTS_PER_ROW = 10, DOT_PITCH = 12 };

/* --- the verdict ------------------------------------------------------------------------------ */

static bool somebody_of_priority_0(const struct spw_result *result)
{
    const struct spw_group *group = spw_result_group(result, SPW_GROUP_PRIORITY, 0);
    return result->longest_p0_wait_s > 0 || (group && group->figure[SPW_MEASURE_PEOPLE].mean > 0);
}

static void longest_waits(FILE *out, const struct spw__outcome *outcome)
{
    fputs("<p>Longest wait of anybody with priority 0: ", out);
    for (size_t i = 0; i < outcome->policy_count; i++) {
        const struct spw__policy_outcome *policy = &outcome->policies[i];
        fputs(i ? ", " : "", out);
        fputs("<b>", out);
        if (somebody_of_priority_0(policy->result)) {
            spw__html_span(out, policy->result->longest_p0_wait_s);
        } else {
            fputs("nobody came", out);
        }
        fputs("</b> with <span class=name>", out);
        spw__html_text(out, policy->name);
        fputs("</span>", out);
    }
    fputs(".</p>\n", out);
}

void spw__report_verdict(FILE *out, const struct spw__outcome *outcome)
{
    fprintf(out,
            "<section id=verdict class=%s>\n<p class=sentence><span class=sign "
            "aria-hidden=true>%s</span> ",
            outcome->broken ? "broken" : "good", outcome->broken ? "&#10007;" : "&#10003;");
    spw__html_text(out, outcome->verdict);
    fputs("</p>\n", out);
    if (outcome->broken && outcome->broken_text && *outcome->broken_text) {
        fputs("<p>", out);
        spw__html_text(out, outcome->broken_text);
        fputs("</p>\n", out);
    }
    if (outcome->policy_count > 0) {
        longest_waits(out, outcome);
    }
    if (outcome->runs == 1) {
        fputs("<p>One run is not evidence: no half-widths exist.</p>\n", out);
    }
    fputs("</section>\n", out);
}

/* --- of 100 people ---------------------------------------------------------------------------- */

/* Shares into whole people who add up to 100: what is left over goes to the largest remainders. */
static void share_out(const double *share, int *people)
{
    double rest[FATES];
    int left = DOTS;
    for (int i = 0; i < FATES; i++) {
        double exact = DOTS * fmin(fmax(share[i], 0), 1);
        people[i] = (int)floor(exact + 1e-9);
        rest[i] = exact - people[i];
        left -= people[i];
    }
    for (; left > 0; left--) {
        int most = 0;
        for (int i = 1; i < FATES; i++) {
            most = rest[i] > rest[most] ? i : most;
        }
        people[most]++;
        rest[most] = -1;
    }
}

/* False when nobody came. */
static bool fates_of(const struct spw_result *result, int *people)
{
    if (!result->all) {
        return false;
    }
    double reached = result->all->figure[SPW_MEASURE_REACHED].mean;
    double within = result->all->figure[SPW_MEASURE_WITHIN_TARGET].mean;
    if (!isfinite(reached) || !isfinite(within)) {
        return false;
    }
    within = fmin(within, reached);
    share_out((double[]){within, reached - within, 1 - reached}, people);
    return true;
}

static void dot(FILE *out, int fate, double x, double y)
{
    switch (fate) {
    case 0:
        fprintf(out, "<circle class=intime cx=%g cy=%g r=4.6 />", x, y);
        break;
    case 1:
        fprintf(out, "<circle class=late cx=%g cy=%g r=3.7 />", x, y);
        break;
    default:
        fprintf(out, "<path class=never d='M%g %gm-3.4-3.4l6.8 6.8m0-6.8l-6.8 6.8'/>", x, y);
    }
}

static void dots(FILE *out, const int *people)
{
    fprintf(out,
            "<svg viewBox='0 0 %d %d' role=img aria-label='%d of 100 reached in time, %d late, "
            "%d never'>",
            DOTS_PER_ROW * DOT_PITCH, DOTS / DOTS_PER_ROW * DOT_PITCH, people[0], people[1],
            people[2]);
    int fate = 0, left = people[0];
    for (int i = 0; i < DOTS; i++) {
        while (left == 0 && fate < FATES - 1) {
            left = people[++fate];
        }
        left--;
        int row = i / DOTS_PER_ROW;
        dot(out, fate, (i % DOTS_PER_ROW + 0.5) * DOT_PITCH, (row + 0.5) * DOT_PITCH);
    }
    fputs("</svg>", out);
}

static void in_words(FILE *out, const int *people)
{
    static const char *const words[FATES] = {"in time", "late", "never"};
    fputs("<p class=fates>", out);
    for (int i = 0; i < FATES; i++) {
        fputs("<span><svg class=key viewBox='0 0 12 12' aria-hidden=true>", out);
        dot(out, i, DOT_PITCH / 2.0, DOT_PITCH / 2.0);
        fprintf(out, "</svg> <b>%d</b> %s</span> ", people[i], words[i]);
    }
    fputs("</p>", out);
}

void spw__report_people(FILE *out, const struct spw__outcome *outcome)
{
    fputs("<section id=people>\n<h2>Of 100 people who called</h2>\n<div class=hundreds>\n", out);
    for (size_t i = 0; i < outcome->policy_count; i++) {
        int people[FATES];
        bool somebody = fates_of(outcome->policies[i].result, people);
        fputs("<figure><figcaption><h3>", out);
        spw__html_text(out, outcome->policies[i].name);
        fputs("</h3>", out);
        if (somebody) {
            in_words(out, people);
        } else {
            fputs("<p>Nobody called.</p>", out);
        }
        fputs("</figcaption>", out);
        if (somebody) {
            dots(out, people);
        }
        fputs("</figure>\n", out);
    }
    fputs(
        "</div>\n<p class=note>In time: connected to a counsellor within the target, counted from "
        "a person's first call, over all distinct people who called. Late: connected after it. "
        "Never: everybody else, whoever was refused, gave up or was still waiting at the end "
        "included.</p>\n</section>\n",
        out);
}
