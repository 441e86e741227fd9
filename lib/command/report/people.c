/*
 * command/report/people.c - the head of the report: the verdict, and what became of 100 people.
 *
 * What lives here: the sentence that a reader in a hurry takes away and what held or not, the
 * longest wait of priority 0 under each policy, a hundred dots a policy, and a bar for each
 * priority. A dot or a bar tells by its shape and by its colour, and the same three numbers stand
 * beside it in words. Who calls: report.c.
 */
#include <string.h>

#include "command/outcome/hundred.h"
#include "command/report/report.h"

enum { DOTS = 100, DOTS_PER_ROW = 10, DOT_PITCH = 12, BAR_HEIGHT = 10, BAR_STRIPE = 3 };

/* --- the verdict ------------------------------------------------------------------------------ */

static void longest_waits(FILE *out, const struct spw__outcome *outcome)
{
    bool any = false;
    for (size_t i = 0; i < outcome->policy_count; i++) {
        any = any || spw__somebody_in_danger(outcome->policies[i].result);
    }
    if (!any) {
        fputs("<p>Nobody with priority 0, danger to life, called.</p>\n", out);
        return;
    }
    fputs("<p>Longest wait of anybody in danger (priority 0): ", out);
    for (size_t i = 0; i < outcome->policy_count; i++) {
        const struct spw__policy_outcome *policy = &outcome->policies[i];
        fputs(i ? ", <b>" : "<b>", out);
        spw__html_span(out, policy->result->longest_p0_wait_s);
        fputs("</b> with <span class=name>", out);
        spw__html_text(out, policy->name);
        fputs("</span>", out);
    }
    fprintf(out,
            ". It is counted from a person's first call to the answer, or to giving up for good%s."
            "</p>\n",
            outcome->runs > 1 ? ", in whichever run it was longest" : "");
}

/* What held: every missed goal of the first policy by name, or that none was missed. */
static void what_held(FILE *out, const struct spw__outcome *outcome)
{
    const struct spw__policy_outcome *first = &outcome->policies[0];
    size_t missed = 0;
    for (size_t i = 0; i < first->goal_count; i++) {
        const struct spw__goal_result *goal = &first->goals[i];
        if (!goal->kept) {
            missed++;
            fputs("<p><span class=sign aria-hidden=true>&#10007;</span> Missed: ", out);
            spw__html_text(out, goal->text);
            fputs("; measured <b>", out);
            spw__html_text(out, goal->measured_text);
            fputs("</b>.</p>\n", out);
        }
    }
    if (outcome->broken && missed == 0) {
        fputs("<p><span class=sign aria-hidden=true>&#10007;</span> ", out);
        spw__html_text(out, outcome->broken_text);
        fputs("</p>\n", out);
    } else if (!outcome->broken) {
        fputs("<p><span class=sign aria-hidden=true>&#10003;</span> Every invariant held", out);
        if (first->goal_count > 0) {
            fprintf(out, "; %s%zu goal%s met", first->goal_count > 1 ? "all " : "",
                    first->goal_count, first->goal_count > 1 ? "s were" : " was");
        }
        fputs(".</p>\n", out);
    }
}

void spw__report_verdict(FILE *out, const struct spw__outcome *outcome)
{
    fprintf(out, "<section id=verdict class=%s>\n<p class=sentence>",
            outcome->broken ? "broken" : "good");
    spw__html_text(out, outcome->verdict);
    fputs("</p>\n", out);
    if (outcome->policy_count > 0) {
        longest_waits(out, outcome);
        what_held(out, outcome);
    }
    if (outcome->runs == 1) {
        fputs("<p>One run is not evidence: nobody can say how far chance alone moves these "
              "figures.</p>\n",
              out);
    }
    fputs("</section>\n", out);
}

/* --- of 100 people, dot by dot ---------------------------------------------------------------- */

static const char *const fate_words[SPW__FATES] = {"in time", "late", "never"};
static const char *const fate_classes[SPW__FATES] = {"intime", "late", "never"};

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
        while (left == 0 && fate < SPW__FATES - 1) {
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
    fputs("<p class=fates>", out);
    for (int i = 0; i < SPW__FATES; i++) {
        fputs("<span><svg class=key viewBox='0 0 12 12' aria-hidden=true>", out);
        dot(out, i, DOT_PITCH / 2.0, DOT_PITCH / 2.0);
        fprintf(out, "</svg> <b>%d</b> %s</span> ", people[i], fate_words[i]);
    }
    fputs("</p>", out);
}

static void hundreds(FILE *out, const struct spw__outcome *outcome)
{
    fputs("<div class=hundreds>\n", out);
    for (size_t i = 0; i < outcome->policy_count; i++) {
        int people[SPW__FATES];
        bool somebody = spw__hundred(outcome->policies[i].result->all, people);
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
    fputs("</div>\n", out);
}

/* --- of 100 people of each priority, as bars -------------------------------------------------- */

/* In time is full, late is striped, never is empty: no colour is needed. */
static void bar(FILE *out, const int *people)
{
    fprintf(out, "<svg class=bar viewBox='0 0 %d %d' preserveAspectRatio=none aria-hidden=true>",
            DOTS, BAR_HEIGHT);
    int from = 0;
    for (int fate = 0; fate < SPW__FATES; fate++) {
        if (people[fate] > 0) {
            fprintf(out, "<rect class=%s x=%d y=0 width=%d height=%d />", fate_classes[fate], from,
                    people[fate], BAR_HEIGHT);
        }
        for (int x = 1; fate == SPW__LATE && x < people[fate]; x += BAR_STRIPE) {
            fprintf(out, "<path class=late d='M%d 0v%d'/>", from + x, BAR_HEIGHT);
        }
        from += people[fate];
    }
    fputs("</svg>", out);
}

/* What became of those of a group under a policy; begun by the caller with the head of the row. */
static void bar_cells(FILE *out, const struct spw__policy_outcome *policy,
                      const struct spw_group *like)
{
    int people[SPW__FATES];
    if (!spw__hundred(spw_result_group(policy->result, like->kind, like->number), people)) {
        fputs("<td colspan=4 class=words>nobody called\n", out);
        return;
    }
    fputs("<td class=barred>", out);
    bar(out, people);
    for (int fate = 0; fate < SPW__FATES; fate++) {
        fprintf(out, "<td>%d", people[fate]);
    }
    fputs("\n", out);
}

/* Left out where a lone priority would say what the dots say already. */
static void bars(FILE *out, const struct spw__outcome *outcome)
{
    const struct spw_result *first = outcome->policies[0].result;
    size_t priorities = 0;
    for (size_t i = 0; i < first->group_count; i++) {
        priorities += first->groups[i].kind == SPW_GROUP_PRIORITY;
    }
    if (priorities < 2) {
        return;
    }
    fputs("<div class=scroll tabindex=0 role=region aria-label='Of 100 people of each priority'>\n"
          "<table class=bars><caption>Of 100 people of each priority; 0 is danger to life</caption>"
          "\n<thead><tr><th scope=col><span class=unseen>about</span><th scope=col class=barred>"
          "<span class=unseen>as a bar</span>",
          out);
    for (int fate = 0; fate < SPW__FATES; fate++) {
        fprintf(out, "<th scope=col>%s", fate_words[fate]);
    }
    fputs("\n", out);
    for (size_t i = 0; i < first->group_count; i++) {
        const struct spw_group *group = &first->groups[i];
        if (group->kind != SPW_GROUP_PRIORITY) {
            continue;
        }
        if (outcome->policy_count == 1) {
            fprintf(out, "<tr><th scope=row>priority %u", group->number);
            bar_cells(out, &outcome->policies[0], group);
            continue;
        }
        fprintf(out, "<tbody><tr class=group><th scope=rowgroup colspan=5>priority %u\n",
                group->number);
        for (size_t j = 0; j < outcome->policy_count; j++) {
            fputs("<tr><th scope=row>", out);
            spw__html_text(out, outcome->policies[j].name);
            bar_cells(out, &outcome->policies[j], group);
        }
    }
    fputs("</table></div>\n", out);
}

/* --- what the policies are -------------------------------------------------------------------- */

static void orders(FILE *out, const struct spw__outcome *outcome)
{
    static const struct {
        const char *name;
        const char *text;
    } known[] = {
        {"head-start", "first come, first served, but the more urgent start with some minutes of "
                       "waiting already on their account"},
        {"fifo", "first come, first served, whatever the priority"},
        {"strict", "always the smallest priority number first, however long others wait"},
        {"accumulating", "all earn by waiting, the more urgent faster; the one with most is next"},
        {"deadline", "the contact nearest to missing its queue's target is next"},
        {"longest-queue", "the longest queue first"},
        {"lifo", "last come, first served: a canary that must look bad"}};
    fputs("<details><summary>What the orders of service mean</summary>\n<dl class=meanings>\n",
          out);
    for (size_t i = 0; i < outcome->policy_count; i++) {
        const char *text = "an order of service of your own, loaded from a file";
        for (size_t j = 0; j < sizeof known / sizeof known[0]; j++) {
            text = strcmp(known[j].name, outcome->policies[i].name) == 0 ? known[j].text : text;
        }
        fputs("<dt>", out);
        spw__html_text(out, outcome->policies[i].name);
        fprintf(out, "<dd>%s\n", text);
    }
    fprintf(out,
            "</dl>\n<p>%sWhile a plan protects danger to life, priority 0 goes before everybody "
            "else, whatever the order.</p></details>\n",
            outcome->policy_count > 1 ? "All of them met the same people. " : "");
}

void spw__report_people(FILE *out, const struct spw__outcome *outcome)
{
    fputs("<section id=people>\n<h2>Of 100 people who called</h2>\n", out);
    if (outcome->policy_count > 0) {
        hundreds(out, outcome);
        fputs(
            "<p class=note>In time: connected to a counsellor within the target of the queue, "
            "counted from a person's first call. Late: connected after it. Never: everybody else, "
            "also people who were refused, gave up or were still waiting at the end. A person "
            "who calls again is still one person.</p>\n",
            out);
        bars(out, outcome);
        orders(out, outcome);
    }
    fputs("</section>\n", out);
}
