/*
 * command/outcome/names.c - spans and names as the terminal, the page and the JSON all say them.
 *
 * Who calls: words.c, table.c, report/text.c, scenario/goals.c, replay/tell.c. Cost: the names of
 * the plan.
 */
#include <math.h>
#include <stdio.h>

#include "command/outcome/words.h"

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

const char *spw__kind_name(const struct spw_scenario *scenario, uint32_t number, char *text,
                           size_t n)
{
    uint32_t first = 0;
    for (size_t i = 0; i < scenario->stream_count; i++) {
        const struct spw_stream *stream = &scenario->streams[i];
        if (number < first + stream->variant_count) {
            const char *name = stream->variants[number - first].name;
            const char *of = stream->name != NULL ? stream->name : "";
            if (name != NULL) {
                (void)snprintf(text, n, "%s/%s", of, name);
            } else {
                (void)snprintf(text, n, "%s/%u", of, number - first + 1);
            }
            return text;
        }
        first += (uint32_t)stream->variant_count;
    }
    return "";
}
