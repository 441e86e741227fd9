/*
 * command/replay/tell.c - the verdict of a replay, its notes, and where its numbers come from.
 *
 * The notes say what was used of the predicted days, what was fitted and on how much, what was
 * assumed, and where simulated and recorded figures part, with what the record shows about those
 * hours. They are made of the figures, never of what is known about one particular trace.
 * Who calls: replay.c. Cost: calls of the half hours that are told of.
 */
#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "command/replay/replay.h"
#include "command/outcome/words.h"

enum { TEXT_MOST = 700 };

/* A kept text; null when memory is out. */
__attribute__((format(printf, 2, 3))) static const char *text(struct spw__replay *replay,
                                                              const char *format, ...)
{
    char buffer[TEXT_MOST];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(buffer, sizeof buffer, format, args);
    va_end(args);
    char *kept = spw__replay_keep(replay, strlen(buffer) + 1, 1);
    if (kept != NULL) {
        memcpy(kept, buffer, strlen(buffer) + 1);
    }
    return kept;
}

static bool note(struct spw__replay *replay, const char *sentence)
{
    if (sentence != NULL && replay->note_count < SPW__NOTES_MAX) {
        replay->notes[replay->note_count++] = sentence;
    }
    return sentence != NULL;
}

const char *spw__days_text(struct spw__days days, char *text, size_t n)
{
    if (days.first == days.last) {
        (void)snprintf(text, n, "day %d", days.first);
    } else {
        (void)snprintf(text, n, "days %d to %d", days.first, days.last);
    }
    return text;
}

/* --- marks ------------------------------------------------------------------------------------ */

static void mark(struct spw__replay *replay, const char *path, const char *value,
                 enum spw__provenance provenance, const char *source)
{
    if (path != NULL && value != NULL && source != NULL && replay->mark_count < replay->mark_room) {
        replay->marks[replay->mark_count++] = (struct spw__mark){
            .path = path, .value = value, .source = source, .provenance = provenance};
    }
}

static double mean_of(const struct spw__fitted *fitted)
{
    double sum = 0;
    for (size_t i = 0; i < SPW__TABLE; i++) {
        sum += fitted->table[i] / SPW__TABLE;
    }
    return fitted->dist.kind == SPW_DIST_NEVER ? INFINITY : sum;
}

static void mark_type(struct spw__replay *replay, uint32_t t)
{
    static const char *const kinds[] = {"priority", "other"};
    const struct spw__fit *fit = &replay->fit;
    const char *type = replay->trace.type[t];
    char span[40];
    const char *days = text(replay, "%s", spw__days_text(replay->fit_days, span, sizeof span));
    for (int c = 0; c < SPW__CUSTOMERS; c++) {
        const struct spw__fitted *patience = &fit->patience[t][c];
        mark(replay, text(replay, "patience.%s.%s", type, kinds[c]),
             text(replay, "median %.0f s, mean %.0f s", patience->table[SPW__TABLE / 2],
                  mean_of(patience)),
             SPW__DERIVED,
             text(replay, "Kaplan-Meier, %zu gave up of %zu who waited, %s%s", patience->events,
                  patience->observed, days != NULL ? days : "",
                  patience->pooled ? ", other types with it: too few of its own" : ""));
    }
    mark(replay, text(replay, "talk.%s", type), text(replay, "mean %.0f s", mean_of(&fit->talk[t])),
         SPW__DERIVED,
         text(replay, "%zu talks as recorded, %s%s", fit->talk[t].observed,
              days != NULL ? days : "",
              fit->talk[t].pooled ? ", all types: too few of its own" : ""));
    mark(replay, text(replay, "redial.%s", type),
         text(replay, "%.0f %%", fit->redial_share[t] * 100), SPW__DERIVED,
         "identified callers who gave up and called again within the hour");
}

static bool tell_marks(struct spw__replay *replay)
{
    const struct spw__fit *fit = &replay->fit;
    replay->mark_room = 4 * SPW__TYPES_MAX + 16;
    replay->marks = spw__replay_keep(replay, replay->mark_room, sizeof *replay->marks);
    if (replay->marks == NULL) {
        return false;
    }
    for (uint32_t t = 0; t < replay->trace.type_count; t++) {
        mark_type(replay, t);
    }
    mark(replay, "away", text(replay, "mean %.0f s", fit->away_mean_s), SPW__DERIVED,
         text(replay,
              "after a talk, with one waiting: %zu answers of counsellors while a call that "
              "they could take waited",
              fit->away.events));
    mark(replay, "away.pace",
         text(replay, "%.2f, 2 waiting: %.2f, 4: %.2f, 7: %.2f; nobody: %.2f", fit->haste[1].pace,
              fit->haste[2].pace, fit->haste[3].pace, fit->haste[4].pace, fit->haste[0].pace),
         SPW__DERIVED, "set so that the fit days' mean wait and share answered at once come out");
    mark(replay, "naive.away", text(replay, "%.0f s", fit->naive_away_s), SPW__DERIVED,
         "set so that the naive forecast's mean wait of the fit days comes out");
    mark(replay, "target", "60 s", SPW__GUESSED, "no target was recorded");
    mark(replay, "chooser", "longest-idle", SPW__GUESSED,
         "which of several free counsellors takes a call was not recorded");
    mark(replay, "redial within", "1 h", SPW__GUESSED,
         "an identified caller who calls later is taken to be about something else");
    mark(replay, "closing", "30 min", SPW__GUESSED,
         "counsellors still there in the last 15 minutes stay until the last caller is served");
    return true;
}

/* --- notes ------------------------------------------------------------------------------------ */

static bool tell_inputs(struct spw__replay *replay)
{
    const struct spw__fit *fit = &replay->fit;
    char days[40], of[40];
    (void)spw__days_text(replay->days, days, sizeof days);
    (void)spw__days_text(replay->fit_days, of, sizeof of);
    if (!replay->own_rule &&
        !note(replay,
              text(replay, "What was recorded went by the centre's own rule, head-start. No "
                           "order of this page is that one: what it gives is shown beside "
                           "the record and not judged."))) {
        return false;
    }
    return note(replay, text(replay, "Priority 1 are the centre's priority customers, who are 2 in "
                                     "the column `priority` of the record; priority 2 everybody "
                                     "else.")) &&
           note(replay, text(replay,
                             "Known of %s: when each call came and of which type, which "
                             "kind of customer where that was recorded, and who was on duty. "
                             "Everything else was fitted on %s and frozen.",
                             days, of)) &&
           note(replay, text(replay,
                             "Staffing: %zu counsellors passed over types that the roster gives "
                             "them: they lose these. After a talk a counsellor is away for %.0f s "
                             "on average while one person waits, and sooner back when more do. For "
                             "the mean wait and the share answered at once of the fit days to come "
                             "out, that time passes %.2f times as fast as was seen, and %.2f times "
                             "while nobody waits.",
                             fit->struck, fit->away_mean_s, fit->staff_pace, fit->quiet_pace));
}

static bool tell_measure(struct spw__replay *replay, const struct spw__comparison *sum)
{
    char outside[400] = "";
    size_t used = 0;
    for (size_t i = 0; i < replay->row_count; i++) {
        const struct spw__recorded_row *row = &replay->rows[i];
        if (row->band > 0 && fabs(row->simulated - row->recorded) > row->band &&
            used < sizeof outside) {
            used += (size_t)snprintf(outside + used, sizeof outside - used, "%s%s, %s",
                                     used > 0 ? "; " : "", row->group, row->measure);
        }
    }
    return note(replay, text(replay,
                             "Error: the mean over %zu figures of the distance to the recorded one "
                             "as a share of it (waits under 20 s: of 20 s) is %.1f %%, of the "
                             "naive forecast %.1f %%. The naive forecast is Erlang A half hour by "
                             "half hour, with the same inputs and with a time away that makes its "
                             "mean wait of the fit days the recorded one.",
                             sum->judged, sum->error_simulated * 100, sum->error_naive * 100)) &&
           note(replay, text(replay,
                             "Of the %zu figures %zu are inside the band declared before the run "
                             "(answered 3 %%, gave up 20 %%, waits 25 %% or 10 s). %s%s%s",
                             sum->judged, sum->inside, used > 0 ? "Outside: " : "", outside,
                             used > 0 ? "." : ""));
}

/* What the record shows about a half hour of the predicted days. */
static bool tell_worst(struct spw__replay *replay, size_t interval, double simulated)
{
    double from_s = replay->begin_s + (double)interval * SPW__INTERVAL_S;
    double talk_s = 0, talks = 0, calls = 0, usual = 0;
    int days = replay->fit_days.last - replay->fit_days.first + 1;
    double of_day = fmod(from_s, SPW__DAY_S);
    for (size_t i = 0; i < replay->trace.call_count; i++) {
        const struct spw__call *call = &replay->trace.call[i];
        int day = (int)(call->arrive_s / SPW__DAY_S) + 1;
        double at_s = fmod(call->arrive_s, SPW__DAY_S);
        if (call->arrive_s >= from_s && call->arrive_s < from_s + SPW__INTERVAL_S) {
            calls += 1;
            talks += call->answered && !isnan(call->service_s);
            talk_s += call->answered && !isnan(call->service_s) ? call->service_s : 0;
        } else if (day >= replay->fit_days.first && day <= replay->fit_days.last &&
                   at_s >= of_day && at_s < of_day + SPW__INTERVAL_S) {
            usual += 1.0 / days;
        }
    }
    return note(replay,
                text(replay,
                     "Day %d, %02d:%02d: %.0f calls (%.0f at that time on the fit days), talks of "
                     "%.0f s on average (%.0f s); %.1f waiting simulated, %.1f recorded, %.1f "
                     "naive.",
                     (int)(from_s / SPW__DAY_S) + 1, (int)(of_day / 3600),
                     (int)fmod(of_day / 60, 60), calls, usual, talks > 0 ? talk_s / talks : 0,
                     replay->fit.talk_mean_s, simulated,
                     replay->recorded.waiting_s[interval] / SPW__INTERVAL_S,
                     replay->naive.waiting_s[interval] / SPW__INTERVAL_S));
}

static bool tell_profile(struct spw__replay *replay, const struct spw__comparison *sum)
{
    if (!isfinite(sum->profile_simulated) || !isfinite(sum->rest_simulated)) {
        return true; /* nobody waited */
    }
    bool good = note(
        replay, text(replay,
                     "Number waiting, half hour by half hour: simulated, it is off by %.0f %% of "
                     "the recorded sum, naive, by %.0f %%; without the %zu half hours that are "
                     "furthest off, told below, by %.0f %% and %.0f %%. A single day is one draw: "
                     "even the true model would be off somewhat.",
                     sum->profile_simulated * 100, sum->profile_naive * 100, sum->worst_count,
                     sum->rest_simulated * 100, sum->rest_naive * 100));
    for (size_t k = 0; k < sum->worst_count && good; k++) {
        good = tell_worst(replay, sum->worst[k], sum->worst_simulated[k]);
    }
    return good;
}

static bool tell_people(struct spw__replay *replay)
{
    size_t unknown = 0, redials = 0, all = 0;
    for (size_t i = replay->first; i < replay->end; i++) {
        if (replay->trace.call[i].arrive_s >= replay->begin_s) {
            all++;
            unknown += replay->callers.customer[i] == SPW__NOT_KNOWN;
            redials += !spw__replay_newcomer(replay, i);
        }
    }
    return note(replay, text(replay,
                             "Of %zu recorded calls %zu are redials of somebody who gave up within "
                             "the hour before: one person. Of %zu calls the kind of customer was "
                             "not recorded, since they did not wait: each counts in part for both "
                             "kinds, by the shares of its type on the fit days.",
                             all, redials, unknown));
}

/* --- the verdict ------------------------------------------------------------------------------ */

static void tell_verdict(struct spw__replay *replay, const struct spw__comparison *sum,
                         const struct spw_result *result)
{
    struct spw__account *recorded = &replay->recorded;
    const struct spw_figure *all = result->all->figure;
    char simulated[32], was[32], days[40], of[40];
    (void)spw__days_text(replay->days, days, sizeof days);
    (void)spw__days_text(replay->fit_days, of, sizeof of);
    (void)snprintf(
        replay->verdict, sizeof replay->verdict,
        "%c%s from %s: %.0f gave up where %.0f were recorded, the mean wait of "
        "the answered is %s where it was %s; error %.0f %% over %zu figures, naive "
        "forecast %.0f %%.",
        toupper((unsigned char)days[0]), days + 1, of, all[SPW_MEASURE_ABANDONED].mean,
        spw__account_figure(recorded, SPW__ABOUT_ALL, SPW_MEASURE_ABANDONED),
        spw__span_text(all[SPW_MEASURE_WAIT_ANSWERED].mean, simulated, sizeof simulated),
        spw__span_text(spw__account_figure(recorded, SPW__ABOUT_ALL, SPW_MEASURE_WAIT_ANSWERED),
                       was, sizeof was),
        sum->error_simulated * 100, sum->judged, sum->error_naive * 100);
}

int spw__replay_tell(struct spw__replay *replay, const struct spw__comparison *comparison,
                     const struct spw_result *result)
{
    tell_verdict(replay, comparison, result);
    bool good = tell_inputs(replay) && tell_measure(replay, comparison) &&
                tell_profile(replay, comparison) && tell_people(replay) && tell_marks(replay);
    return good ? 0 : -1;
}
