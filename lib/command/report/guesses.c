/*
 * command/report/guesses.c - what the guesses matter, in the report: how far the share reached in
 * time moves when one of them is halved or doubled, the one that matters most first.
 *
 * A bar begins at the share as guessed: its upper half, an outline, reaches to the share with half
 * the guess, its lower half, filled, to that with twice as much. The same numbers stand beside it.
 * Who calls: report.c.
 */
#include <math.h>

#include "command/report/report.h"

enum { WIDE = 100, HIGH = 10 };

static void lane(FILE *out, const char *class, double from, double to, double y)
{
    double left = fmin(from, to) * WIDE;
    double width = fabs(to - from) * WIDE;
    if (isfinite(left) && isfinite(width)) {
        fprintf(out, "<rect class=%s x=%.2f y=%.1f width=%.2f height=%.1f />", class, left, y,
                fmax(width, 0.4), HIGH / 2.0 - 1);
    }
}

static void share(FILE *out, double value)
{
    fputs("<td>", out);
    if (isfinite(value)) {
        spw__html_number(out, value * 100, 1);
        fputs(" %", out);
    } else {
        fputs("\xe2\x80\x93", out);
    }
}

static void row(FILE *out, const char *of, double guessed, double half, double twice)
{
    fprintf(out,
            "<tr><th scope=row>%s<td class=barred><svg class=bar viewBox='0 0 %d %d' "
            "preserveAspectRatio=none aria-hidden=true>",
            of, WIDE, HIGH);
    lane(out, "half", guessed, half, 0.5);
    lane(out, "twice", guessed, twice, HIGH / 2.0 + 0.5);
    if (isfinite(guessed)) {
        fprintf(out, "<path class=base d='M%.2f 0v%d'/>", guessed * WIDE, HIGH);
    }
    fputs("</svg>", out);
    share(out, half);
    share(out, twice);
    fputs("\n", out);
}

static void guess_rows(FILE *out, const struct spw__outcome *outcome,
                       const struct spw__guess *guess, const char *urgent)
{
    fputs("<tbody><tr class=group><th scope=rowgroup colspan=4><span><code>", out);
    spw__html_text(out, guess->mark->path);
    fputs("</code></span>\n", out);
    if (guess->unvaried) {
        fputs("<tr><td class=words colspan=4>not varied: ", out);
        spw__html_text(out, guess->unvaried);
        fputs("\n", out);
        return;
    }
    row(out, "everybody", outcome->as_guessed.all, guess->half.all, guess->twice.all);
    if (*urgent) {
        row(out, urgent, outcome->as_guessed.urgent, guess->half.urgent, guess->twice.urgent);
    }
}

void spw__report_guesses(FILE *out, const struct spw__outcome *outcome)
{
    char urgent[32] = "";
    if (outcome->guess_count == 0) {
        return;
    }
    fputs("<section id=guesses>\n<h2>What the guesses matter</h2>\n<p>Reached in time, with each "
          "guess in turn half and twice what it is, everything else as it was, on the same people",
          out);
    fprintf(out, "; %u run%s each. As guessed: <b>", outcome->guess_runs,
            spw__html_s(outcome->guess_runs));
    spw__html_number(out, outcome->as_guessed.all * 100, 1);
    fputs(" %</b> of everybody", out);
    if (isfinite(outcome->as_guessed.urgent)) {
        (void)snprintf(urgent, sizeof urgent, "priority %u", outcome->guess_priority);
        fputs(", <b>", out);
        spw__html_number(out, outcome->as_guessed.urgent * 100, 1);
        fprintf(out, " %%</b> of %s", urgent);
    }
    fputs(".</p>\n<p class=note>The line is the share as guessed; the outline reaches to that with "
          "half the guess, the filled bar to that with twice as much. Of a marked map its count, "
          "share or rate is varied, of a distribution its length.</p>\n"
          "<div class=scroll tabindex=0 role=region aria-label='What the guesses matter'>\n"
          "<table class='bars tornado'><caption class=unseen>Reached in time, with half and with "
          "twice each guess</caption>\n<thead><tr><th scope=col>guess<th scope=col class=barred>"
          "0 to 100 %<th scope=col>half<th scope=col>twice\n",
          out);
    for (size_t i = 0; i < outcome->guess_count; i++) {
        guess_rows(out, outcome, &outcome->guesses[i], urgent);
    }
    fputs("</table></div>\n</section>\n", out);
}
