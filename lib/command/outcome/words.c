/*
 * command/outcome/words.c - names, spans and the sentence that stands above everything.
 *
 * Who calls: table.c, json.c, flood/flood.c, replay/replay.c.
 */
#include "command/outcome/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "command/outcome/hundred.h"
#include "plan/plan.h"

const char *spw__span_text(double seconds, char *text, size_t n)
{
    if (!isfinite(seconds)) {
        (void)snprintf(text, n, "-");
    } else if (seconds < 0.0005) {
        (void)snprintf(text, n, "0 s");
    } else if (seconds < 1) {
        (void)snprintf(text, n, "%.0f ms", seconds * 1000);
    } else if (seconds < 9.95) {
        (void)snprintf(text, n, "%.1f s", seconds);
    } else if (seconds < 119.5) {
        (void)snprintf(text, n, "%.0f s", seconds);
    } else {
        long long whole = llround(seconds);
        long long hours = whole / 3600, minutes = whole / 60 % 60;
        bool round = hours >= 1 ? minutes == 0 : whole % 60 == 0;
        if (hours >= 1) {
            (void)snprintf(text, n, round ? "%lld h" : "%lld h %lld min", hours, minutes);
        } else {
            (void)snprintf(text, n, round ? "%lld min" : "%lld min %lld s", minutes, whole % 60);
        }
    }
    return text;
}

const char *spw__order_word(const struct spw_plan *plan)
{
    const struct spw_policy *policy =
        plan && plan->order_op != SPW__OP_NONE
            ? spw_policy_builtin((uint32_t)plan->ops[plan->order_op].input.u.set.value)
            : NULL;
    return policy ? policy->name : "head-start";
}

const char *spw__name_in_plan(const struct spw_plan *plan, enum spw_plan_names of, uint32_t number)
{
    for (size_t i = 0; plan && spw_plan_name(plan, of, i); i++) {
        const char *name = spw_plan_name(plan, of, i);
        uint32_t found =
            of == SPW_NAMES_QUEUES ? spw_plan_queue(plan, name) : spw_plan_centre(plan, name);
        if (found == number) {
            return name;
        }
    }
    return NULL;
}

/* "voice/danger"; the number of the kind where it has no name. */
static const char *kind_name(const struct spw_scenario *scenario, uint32_t number, char *text,
                             size_t n)
{
    for (uint32_t i = 0; i < scenario->stream_count; i++) {
        const struct spw_stream *stream = &scenario->streams[i];
        uint32_t first = spw_kind_number(scenario, i, 0);
        if (number >= first + stream->variant_count) {
            continue;
        }
        const char *name = stream->variants[number - first].name;
        if (name != NULL) {
            (void)snprintf(text, n, "%s/%s", stream->name != NULL ? stream->name : "", name);
        } else {
            (void)snprintf(text, n, "%s/%u", stream->name != NULL ? stream->name : "",
                           number - first + 1);
        }
        return text;
    }
    return "";
}

const char *spw__group_name(const struct spw__outcome *outcome, const struct spw_group *group,
                            char *text, size_t n)
{
    const struct spw_scenario *scenario = outcome->scenario;
    const char *name = NULL;
    switch (group->kind) {
    case SPW_GROUP_QUEUE:
        name = spw__name_in_plan(outcome->plan, SPW_NAMES_QUEUES, group->number);
        break;
    case SPW_GROUP_CENTRE:
        name = spw__name_in_plan(outcome->plan, SPW_NAMES_CENTRES, group->number);
        break;
    case SPW_GROUP_STREAM:
        name =
            group->number < scenario->stream_count ? scenario->streams[group->number].name : NULL;
        break;
    case SPW_GROUP_KIND:
        return kind_name(scenario, group->number, text, n);
    case SPW_GROUP_CREW:
        name = group->number < scenario->crew_count ? scenario->crews[group->number].name : NULL;
        break;
    case SPW_GROUP_ALL:
        name = "all";
        break;
    default:
        break;
    }
    if (name == NULL) {
        (void)snprintf(text, n, "%u", group->number);
        name = text;
    }
    return name;
}

const char *spw__end_word(unsigned end)
{
    static const char *const words[SPW_END_COUNT] = {
        [SPW_END_SERVED] = "served",
        [SPW_END_ABANDONED] = "abandoned",
        [SPW_END_CUT] = "cut",
        [SPW_END_PARK_EXPIRED] = "park_expired",
        [SPW_END_REFUSED_FULL] = "refused_full",
        [SPW_END_REFUSED_CLOSED] = "refused_closed",
        [SPW_END_EXPIRED] = "expired",
        [SPW_END_CALLBACK_FAILED] = "callback_failed",
        [SPW_END_CALLBACK_REACHED_OTHER] = "callback_reached_other",
        [SPW_END_SWITCHED] = "switched",
        [SPW_END_LOST] = "lost",
        [SPW_END_ANSWERED_ELSEWHERE] = "answered_elsewhere",
    };
    return end < SPW_END_COUNT ? words[end] : NULL;
}

/* Under several policies the first is named: it is the one that is judged. */
void spw__verdict(const struct spw__outcome *outcome, char *text, size_t n)
{
    const struct spw__policy_outcome *first = &outcome->policies[0];
    char span[32], danger[200] = "", with[100] = "Of";
    int people[SPW__FATES];
    if (!spw__hundred(first->result->all, people)) {
        (void)snprintf(text, n, "Nobody called.");
        return;
    }
    if (outcome->policy_count > 1) {
        (void)snprintf(with, sizeof with, "With %.60s, of", first->name);
    }
    if (spw__somebody_in_danger(first->result)) {
        const struct spw_group *group = spw_result_group(first->result, SPW_GROUP_PRIORITY, 0);
        double away = group ? group->figure[SPW_MEASURE_REFUSED_SHARE].mean : 0;
        int used =
            snprintf(danger, sizeof danger, "; the longest that anybody in danger waited was %s",
                     spw__span_text(first->result->longest_p0_wait_s, span, sizeof span));
        if (away > 0 && used > 0 && (size_t)used < sizeof danger) {
            (void)snprintf(danger + used, sizeof danger - (size_t)used,
                           ", and %.3g %% of their calls were turned away", away * 100);
        }
    }
    (void)snprintf(text, n, "%s 100 people who called, %d were reached, %d of them in time%s%s%s.",
                   with, people[SPW__IN_TIME] + people[SPW__LATE], people[SPW__IN_TIME], danger,
                   outcome->broken ? "; " : "", outcome->broken ? outcome->broken_text : "");
}

/* Sums over the hour that begins at interval `from`, as far as the series goes. */
static void hour_from(const struct spw_result *result, size_t from, size_t length, double *people,
                      double *could)
{
    *people = *could = 0;
    for (size_t i = from; i < from + length && i < result->bucket_count; i++) {
        *people += result->buckets[i].people;
        *could += result->buckets[i].could_serve;
    }
}

/* The staff of a closed or frozen centre is on duty all the same. */
static bool stopped(const struct spw_scenario *scenario)
{
    for (size_t i = 0; i < scenario->incident_count; i++) {
        enum spw_incident_kind kind = scenario->incidents[i].kind;
        if (kind == SPW_INCIDENT_CLOSED || kind == SPW_INCIDENT_FROZEN) {
            return true;
        }
    }
    return false;
}

double spw__load(const struct spw_scenario *scenario, const struct spw_result *result, char *text,
                 size_t n)
{
    double width_s = result->bucket_count > 1 ? result->buckets[1].from_s : scenario->duration_s;
    size_t length = width_s >= 3600 ? 1 : (size_t)llround(3600 / width_s);
    double hours = (double)length * width_s / 3600;
    double worst = 0, people, could, most = 0, served = 0;
    for (size_t i = 0; i + length <= result->bucket_count; i++) {
        hour_from(result, i, length, &people, &could);
        bool before = result->buckets[i].from_s < scenario->warm_up_s;
        if (!before && people > most) {
            most = people;
            served = could;
            worst = could > 0 ? people / could : INFINITY;
        }
    }
    double window_h = (scenario->duration_s - scenario->warm_up_s) / 3600;
    double mean = result->all->figure[SPW_MEASURE_PEOPLE].mean / window_h;
    (void)snprintf(
        text, n,
        "The staff could finish %.0f talks an hour and %.0f people called in one; in the "
        "busiest %.0f, when %.0f talks could be finished%s.",
        result->capacity.mean * 3600, mean, most / hours, served / hours,
        stopped(scenario) ? " (as if no centre had been closed or frozen)" : "");
    return worst;
}
