/*
 * sim/scenario.c - defaults and the check of a scenario before it runs.
 *
 * Who calls: hosts and sim/world.c. Cost: the size of the scenario.
 */
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <spillway/sim.h>

#include "sim/dist.h"
#include "sim/scenario.h"

#define DURATION_S_MAX 4e9 /* the engine's time has room for 146 years */
#define DAY_S 86400.0
#define RATE_MAX 1e9 /* a second; and for factors */

void spw_scenario_init(struct spw_scenario *scenario)
{
    *scenario = (struct spw_scenario){.name = "scenario",
                                      .seed = 1,
                                      .runs = 20,
                                      .duration_s = 86400,
                                      .drain_s = 14400,
                                      .check_every = 0};
    spw_config_init(&scenario->config);
}

struct fault {
    char *error;
    size_t size;
};

__attribute__((format(printf, 2, 3))) static int wrong(const struct fault *fault,
                                                       const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (fault->error != NULL && fault->size > 0) {
        (void)vsnprintf(fault->error, fault->size, format, args);
    }
    va_end(args);
    return -1;
}

static int dist_good(const struct fault *fault, const struct spw_dist *dist, const char *who,
                     const char *what)
{
    char text[160];
    if (dist != NULL && spw__dist_check(dist, text, sizeof text) != 0) {
        return wrong(fault, "%s: %s: %s", who, what, text);
    }
    return 0;
}

static int share_good(const struct fault *fault, double share, const char *who, const char *what)
{
    return share >= 0 && share <= 1
               ? 0
               : wrong(fault, "%s: %s is %g; expected 0 to 1", who, what, share);
}

/* A time, rate or factor: from 0 on, and a number. NAN is told, too. */
static int number_good(const struct fault *fault, double number, double most, const char *who,
                       const char *what)
{
    return number >= 0 && number <= most
               ? 0
               : wrong(fault, "%s: %s is %g; expected 0 to %g", who, what, number, most);
}

static int priority_good(const struct fault *fault, int priority, int least, const char *who,
                         const char *what)
{
    return priority >= least && priority < SPW_PRIORITY_COUNT
               ? 0
               : wrong(fault, "%s: %s is %d; expected %d to 7", who, what, priority, least);
}

static int trace_good(const struct fault *fault, const struct spw_arrivals *arrivals,
                      const char *who)
{
    for (size_t i = 0; i < arrivals->trace_count; i++) {
        if (!(arrivals->trace_s[i] >= 0) ||
            (i > 0 && arrivals->trace_s[i] < arrivals->trace_s[i - 1])) {
            return wrong(fault, "%s: recorded arrival %zu is negative or earlier than the last",
                         who, i + 1);
        }
    }
    return 0;
}

static int arrivals_good(const struct fault *fault, const struct spw_arrivals *arrivals,
                         const char *who)
{
    if (number_good(fault, arrivals->rate, RATE_MAX, who, "rate") != 0 ||
        number_good(fault, arrivals->day_start_s, DAY_S, who, "day_start_s") != 0 ||
        number_good(fault, arrivals->end_s, DURATION_S_MAX, who, "end_s") != 0) {
        return -1;
    }
    for (int hour = 0; arrivals->day_shape != NULL && hour < 24; hour++) {
        if (number_good(fault, arrivals->day_shape[hour], RATE_MAX, who, "day_shape") != 0) {
            return -1;
        }
    }
    if (arrivals->piece_count > SPW_PIECES_MAX || arrivals->surge_count > SPW_SURGES_MAX) {
        return wrong(fault, "%s: too many pieces or surges", who);
    }
    for (size_t i = 0; i < arrivals->piece_count; i++) {
        if (!(arrivals->piece[i].rate >= 0 && arrivals->piece[i].rate <= RATE_MAX) ||
            !(fabs(arrivals->piece[i].from_s) <= DURATION_S_MAX) ||
            (i > 0 && !(arrivals->piece[i].from_s > arrivals->piece[i - 1].from_s))) {
            return wrong(fault, "%s: piece %zu: rates from 0 on, times rising", who, i + 1);
        }
    }
    for (size_t i = 0; i < arrivals->surge_count; i++) {
        const struct spw_surge *surge = &arrivals->surge[i];
        bool ends = surge->kind == SPW_SURGE_RAMP || surge->kind == SPW_SURGE_WINDOW;
        if (!(surge->factor >= 0 && surge->factor <= RATE_MAX) || !isfinite(surge->at_s) ||
            (ends && !(surge->until_s > surge->at_s)) ||
            (surge->kind == SPW_SURGE_PULSE && !(surge->half_life_s > 0))) {
            return wrong(fault, "%s: surge %zu: a factor from 0 on, an end after its begin", who,
                         i + 1);
        }
    }
    return trace_good(fault, arrivals, who);
}

static int row_good(const struct fault *fault, const struct spw_stream *stream, size_t row,
                    const char *who)
{
    double sum = 0;
    for (size_t i = 0; i < stream->variant_count; i++) {
        double share = stream->confusion[row * stream->variant_count + i];
        if (!(share >= 0)) {
            return wrong(fault, "%s: confusion: row %zu has a share below 0", who, row + 1);
        }
        sum += share;
    }
    return fabs(sum - 1) < 1e-9
               ? 0
               : wrong(fault, "%s: confusion: row %zu comes to %g; expected 1", who, row + 1, sum);
}

/* What may befall people beyond waiting and talking. */
static int passage_good(const struct fault *fault, const struct spw_stream *stream, const char *who)
{
    if (dist_good(fault, stream->triage_after, who, "triage_after") != 0 ||
        dist_good(fault, stream->transfer_after, who, "transfer_after") != 0 ||
        dist_good(fault, stream->transfer_service, who, "transfer_service") != 0 ||
        dist_good(fault, stream->drop_back_after, who, "drop_back_after") != 0 ||
        share_good(fault, stream->triage_share, who, "triage_share") != 0 ||
        share_good(fault, stream->transfer_probability, who, "transfer_probability") != 0 ||
        share_good(fault, stream->drop_back_probability, who, "drop_back_probability") != 0) {
        return -1;
    }
    if (stream->transfer_mode > SPW_TRANSFER_WARM) {
        return wrong(fault, "%s: transfer_mode: expected one of enum spw_transfer, or 0", who);
    }
    if (priority_good(fault, stream->transfer_priority, -1, who, "transfer_priority") != 0 ||
        priority_good(fault, stream->callback_priority, 0, who, "callback_priority") != 0 ||
        number_good(fault, stream->drop_mean_s, DURATION_S_MAX, who, "drop_mean_s") != 0 ||
        number_good(fault, stream->deadline_s, DURATION_S_MAX, who, "deadline_s") != 0) {
        return -1;
    }
    for (size_t i = 0; stream->confusion != NULL && i < stream->variant_count; i++) {
        if (row_good(fault, stream, i, who) != 0) {
            return -1;
        }
    }
    return 0;
}

static int stream_good(const struct fault *fault, const struct spw_stream *stream)
{
    const char *who = stream->name != NULL ? stream->name : "stream";
    double total = 0;
    if (passage_good(fault, stream, who) != 0) {
        return -1;
    }
    if (arrivals_good(fault, &stream->arrivals, who) != 0 ||
        dist_good(fault, stream->service, who, "service") != 0 ||
        dist_good(fault, stream->patience, who, "patience") != 0 ||
        dist_good(fault, stream->redial_after, who, "redial_after") != 0 ||
        dist_good(fault, stream->callback_after, who, "callback_after") != 0 ||
        share_good(fault, stream->redial_probability, who, "redial_probability") != 0 ||
        share_good(fault, stream->callback_probability, who, "callback_probability") != 0) {
        return -1;
    }
    if (stream->service == NULL && stream->trace_service_s == NULL) {
        return wrong(fault, "%s: service is missing", who);
    }
    if (stream->redial_probability >= 1 && stream->attempts_max == 0 &&
        stream->redial_after == NULL) {
        return wrong(fault, "%s: redials at once, always and without end", who);
    }
    if (priority_good(fault, stream->priority, 0, who, "priority") != 0) {
        return -1;
    }
    if (stream->channel >= SPW_CHANNEL_COUNT) {
        return wrong(fault, "%s: channel %u; expected one of enum spw_channel", who,
                     stream->channel);
    }
    for (size_t i = 0; i < stream->variant_count; i++) {
        const struct spw_variant *variant = &stream->variants[i];
        if (number_good(fault, variant->share, RATE_MAX, who, "the share of a variant") != 0 ||
            priority_good(fault, variant->priority, -1, who, "the priority of a variant") != 0 ||
            dist_good(fault, variant->service, who, "service") != 0 ||
            dist_good(fault, variant->patience, who, "patience") != 0) {
            return -1;
        }
        total += variant->share;
    }
    for (size_t i = 0; stream->trace_variant != NULL && stream->variant_count > 1 &&
                       i < stream->arrivals.trace_count;
         i++) {
        if (stream->trace_variant[i] >= stream->variant_count &&
            stream->trace_variant[i] != SPW_VARIANT_DRAWN) {
            return wrong(fault, "%s: recorded person %zu is of variant %u; there are %zu", who,
                         i + 1, stream->trace_variant[i], stream->variant_count);
        }
    }
    return stream->variant_count == 0 || total > 0
               ? 0
               : wrong(fault, "%s: the shares of the variants are all 0", who);
}

/* Each member's shifts in order; all members have the same unless shift_ends deals them out. */
static int shifts_good(const struct fault *fault, const struct spw_crew *crew, const char *who)
{
    uint32_t members = crew->shift_ends != NULL ? crew->count : 1;
    for (size_t i = 0, m = 0; m < members; m++) {
        size_t end = crew->shift_ends != NULL ? crew->shift_ends[m] : crew->shift_count;
        if (end < i || end > crew->shift_count) {
            return wrong(fault, "%s: the shifts of member %zu end at %zu; expected %zu to %zu", who,
                         m + 1, end, i, crew->shift_count);
        }
        for (size_t first = i; i < end; i++) {
            if (!(crew->shifts[i].to_s > crew->shifts[i].from_s) ||
                !(fabs(crew->shifts[i].from_s) <= DURATION_S_MAX) ||
                (i > first && crew->shifts[i].from_s < crew->shifts[i - 1].from_s)) {
                return wrong(fault,
                             "%s: shift %zu ends before it begins, or begins before the last", who,
                             i + 1);
            }
        }
    }
    return 0;
}

static int spans_good(const struct fault *fault, const struct spw_crew *crew, const char *who)
{
    const struct {
        const char *what;
        double span_s;
    } spans[] = {{"day_s", crew->day_s},
                 {"back_after_s", crew->back_after_s},
                 {"up_mean_s", crew->up_mean_s},
                 {"down_mean_s", crew->down_mean_s},
                 {"heartbeat_s", crew->heartbeat_s},
                 {"break_every_s", crew->break_every_s},
                 {"break_mean_s", crew->break_mean_s}};
    for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++) {
        if (number_good(fault, spans[i].span_s, DURATION_S_MAX, who, spans[i].what) != 0) {
            return -1;
        }
    }
    return 0;
}

static int crew_good(const struct fault *fault, const struct spw_crew *crew)
{
    const char *who = crew->name != NULL ? crew->name : "crew";
    if (dist_good(fault, crew->answer, who, "answer") != 0 ||
        dist_good(fault, crew->wrap_up, who, "wrap_up") != 0 ||
        share_good(fault, crew->miss_probability, who, "miss_probability") != 0 ||
        share_good(fault, crew->decline_probability, who, "decline_probability") != 0 ||
        share_good(fault, crew->no_show_probability, who, "no_show_probability") != 0 ||
        share_good(fault, crew->miss_probability + crew->decline_probability, who,
                   "missed and declined together") != 0) {
        return -1;
    }
    bool limited = crew->load_max > 0 || crew->severe_max > 0;
    if (!(crew->rest_s >= 0) || crew->rest_s > 86400 || limited != (crew->rest_s > 0)) {
        return wrong(fault, "%s: rest_s: above 0 and at most a day beside limits, else 0", who);
    }
    if (spans_good(fault, crew, who) != 0 ||
        number_good(fault, crew->service_factor, RATE_MAX, who, "service_factor") != 0) {
        return -1;
    }
    for (size_t i = 0; i < crew->pace_count; i++) {
        if (!(crew->paces[i].factor > 0) || isinf(crew->paces[i].factor)) {
            return wrong(fault, "%s: pace %zu: expected a factor above 0", who, i + 1);
        }
    }
    for (size_t i = 0; i < crew->haste_count; i++) {
        if (!(crew->haste[i].pace > 0) || isinf(crew->haste[i].pace) ||
            (i > 0 && crew->haste[i].waiting <= crew->haste[i - 1].waiting)) {
            return wrong(fault, "%s: haste %zu: a pace above 0, rising numbers waiting", who,
                         i + 1);
        }
    }
    for (int i = 0; i < 4; i++) {
        if (!(crew->level_factor[i] >= 0) || isinf(crew->level_factor[i])) {
            return wrong(fault, "%s: level_factor: expected factors from 0 on", who);
        }
    }
    return shifts_good(fault, crew, who);
}

bool spw__crew_holds_any(const struct spw_scenario *scenario, const struct spw_crew *crew)
{
    uint32_t units = crew->units > 0 ? crew->units : 100;
    for (size_t i = 0; i < scenario->stream_count; i++) {
        uint32_t channel = scenario->streams[i].channel;
        uint32_t takes = scenario->units[channel] > 0 ? scenario->units[channel] : 100;
        if (takes <= units && (crew->channels == 0 || (crew->channels >> channel & 1) != 0)) {
            return true;
        }
    }
    return false;
}

bool spw__incidents_overlap(const struct spw_incident *a, const struct spw_incident *b)
{
    double a_ends = a->until_s > 0 ? a->until_s : INFINITY;
    double b_ends = b->until_s > 0 ? b->until_s : INFINITY;
    bool queue = a->kind == SPW_INCIDENT_QUEUE_CLOSED;
    bool one_place = queue ? a->queue == b->queue : a->centre == b->centre;
    bool frozen = a->kind == SPW_INCIDENT_FROZEN;
    bool one_kind = a->kind == b->kind ||
                    (!queue && !frozen && b->kind <= SPW_INCIDENT_CLOSED); /* dark and closed */
    return one_place && one_kind && a->at_s < b_ends && b->at_s < a_ends;
}

/* Centres and queues are checked against the limits; whether they exist the engine says. */
static int incidents_good(const struct fault *fault, const struct spw_scenario *scenario)
{
    for (size_t i = 0; i < scenario->incident_count; i++) {
        const struct spw_incident *incident = &scenario->incidents[i];
        if (incident->kind < SPW_INCIDENT_DARK || incident->kind > SPW_INCIDENT_FROZEN ||
            incident->centre > scenario->config.centres_max || !(incident->at_s >= 0) ||
            !(incident->until_s == 0 || incident->until_s > incident->at_s)) {
            return wrong(fault,
                         "incident %zu: a kind and a centre that exist, an end after its begin",
                         i + 1);
        }
        for (size_t j = 0; j < i; j++) {
            if (spw__incidents_overlap(incident, &scenario->incidents[j])) {
                return wrong(fault, "incidents %zu and %zu overlap at one place", j + 1, i + 1);
            }
        }
    }
    for (size_t i = 0; i < scenario->level_count; i++) {
        const struct spw_level *level = &scenario->levels[i];
        if (level->level > 3 || !(level->from_s >= 0) ||
            (i > 0 && level->from_s < scenario->levels[i - 1].from_s)) {
            return wrong(fault, "level %zu: 0 to 3, in the order of their times", i + 1);
        }
    }
    return 0;
}

int spw_scenario_check(const struct spw_scenario *scenario, char *error, size_t size)
{
    const struct fault fault = {error, size};
    if (scenario->set_up == NULL) {
        return wrong(&fault, "set_up is missing");
    }
    if (scenario->runs == 0) {
        return wrong(&fault, "runs is 0");
    }
    if (!(scenario->duration_s > 0) || scenario->duration_s > DURATION_S_MAX) {
        return wrong(&fault, "duration_s must be above 0 and at most %g", DURATION_S_MAX);
    }
    if (!(scenario->warm_up_s >= 0) || scenario->warm_up_s >= scenario->duration_s) {
        return wrong(&fault, "warm_up_s must be at least 0 and below duration_s");
    }
    if (number_good(&fault, scenario->drain_s, DURATION_S_MAX, "scenario", "drain_s") != 0 ||
        number_good(&fault, scenario->bucket_s, DURATION_S_MAX, "scenario", "bucket_s") != 0) {
        return -1;
    }
    for (int p = 0; p < SPW_PRIORITY_COUNT; p++) {
        if (scenario->target_ns[p] < 0) {
            return wrong(&fault, "target_ns[%d] is below 0", p);
        }
    }
    const char *field;
    if (spw_config_check(&scenario->config, &field) != SPW_OK) {
        return wrong(&fault, "config.%s is out of range", field != NULL ? field : "size");
    }
    for (size_t i = 0; i < scenario->stream_count; i++) {
        if (stream_good(&fault, &scenario->streams[i]) != 0) {
            return -1;
        }
    }
    for (size_t i = 0; i < scenario->crew_count; i++) {
        if (crew_good(&fault, &scenario->crews[i]) != 0) {
            return -1;
        }
    }
    return incidents_good(&fault, scenario);
}
