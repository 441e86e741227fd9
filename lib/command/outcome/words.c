/*
 * command/outcome/words.c - names of groups and the sentence that stands above everything.
 *
 * Who calls: table.c, json.c, flood/flood.c, replay/replay.c.
 */
#include "command/outcome/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "command/outcome/hundred.h"
#include "plan/plan.h"

const char *spw__order_word(const struct spw_plan *plan)
{
    const struct spw_policy *policy =
        plan && plan->order_op != SPW__OP_NONE
            ? spw_policy_builtin((uint32_t)plan->ops[plan->order_op].input.u.set.value)
            : NULL;
    return policy ? policy->name : "head-start";
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
        return spw__kind_name(scenario, group->number, text, n);
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

const char *spw__end_key(unsigned end, char *text, size_t n)
{
    (void)snprintf(text, n, "%s", spw_end_name(end));
    for (char *at = text; *at != 0; at++) {
        *at = *at == '-' ? '_' : *at;
    }
    return text;
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
