/*
 * sim/tally.c - sums of one run.
 *
 * Who calls: sim/people.c and sim/staff.c while a run goes on, sim/result.c at its end.
 * Cost: constant for a count; for a span the number of intervals that it touches.
 */
#include "sim/tally.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/dist.h"

#define SLOTS_MAX 100000

static double seconds(spw_ns t)
{
    return (double)t * 1e-9;
}

static size_t variants(const struct spw_stream *stream)
{
    return stream->variant_count > 0 ? stream->variant_count : 1;
}

size_t spw__tally_cells(const struct spw_stream *stream)
{
    return variants(stream) * (stream->confusion != NULL ? variants(stream) : 1);
}

bool spw__cell_is_test(const struct spw__cell *cell)
{
    return (cell->flags & SPW_CONTACT_TEST) != 0;
}

uint32_t spw_kind_number(const struct spw_scenario *scenario, uint32_t stream, uint32_t variant)
{
    for (uint32_t i = 0; i < stream; i++) {
        variant += (uint32_t)scenario->streams[i].variant_count;
    }
    return variant;
}

static void cell_fill(struct spw__cell *cell, const struct spw_scenario *scenario, size_t stream,
                      size_t n)
{
    const struct spw_stream *s = &scenario->streams[stream];
    cell->stream = (uint32_t)stream;
    cell->truth = (uint32_t)(s->confusion != NULL ? n / variants(s) : n);
    cell->seen = (uint32_t)(n % variants(s));
    cell->kind =
        s->variant_count > 0 ? spw_kind_number(scenario, cell->stream, cell->truth) : SPW__NO_KIND;
    const struct spw_variant *v = s->variant_count > 0 ? &s->variants[cell->seen] : NULL;
    cell->queue = v != NULL && v->queue != 0 ? v->queue : s->queue;
    cell->need = v != NULL && v->need != 0 ? v->need : s->need;
    cell->centre = s->home;
    cell->priority = v != NULL && v->priority >= 0 ? (uint8_t)v->priority : s->priority;
    cell->flags = v != NULL && v->flags_set ? v->flags : s->flags;
    v = s->variant_count > 0 ? &s->variants[cell->truth] : NULL;
    cell->service = v != NULL && v->service != NULL ? v->service : s->service;
    cell->patience = v != NULL && v->patience != NULL ? v->patience : s->patience;
}

/* Means over the staff: wrap-up by hand, and by what the crews multiply the length of talks. Paces
 * by queue stay out: which talks a crew will get is not known before. */
static void staff_means(struct spw__tally *tally, const struct spw_scenario *scenario)
{
    double wrap_up = 0;
    double factor = 0;
    double staff = 0;
    for (size_t i = 0; i < scenario->crew_count; i++) {
        const struct spw_crew *crew = &scenario->crews[i];
        staff += crew->count;
        wrap_up += crew->count * (crew->wrap_up != NULL ? spw__dist_mean(crew->wrap_up) : 0);
        factor += crew->count * (crew->service_factor > 0 ? crew->service_factor : 1);
    }
    tally->wrap_up_s = staff > 0 ? wrap_up / staff : 0;
    tally->factor = staff > 0 ? factor / staff : 1;
}

bool spw__tally_make(struct spw__tally *tally, const struct spw_scenario *scenario)
{
    *tally = (struct spw__tally){0};
    for (size_t i = 0; i < scenario->stream_count; i++) {
        tally->cell_count += spw__tally_cells(&scenario->streams[i]);
    }
    tally->slot_s = scenario->bucket_s > 0 ? scenario->bucket_s : scenario->duration_s / 200;
    tally->slot_count = (size_t)ceil(scenario->duration_s / tally->slot_s - 1e-9);
    tally->slot_count = tally->slot_count > SLOTS_MAX ? SLOTS_MAX : tally->slot_count;
    tally->crew_count = scenario->crew_count;
    tally->from_s = scenario->warm_up_s;
    tally->to_s = scenario->duration_s;
    staff_means(tally, scenario);
    tally->cell = calloc(tally->cell_count + 1, sizeof *tally->cell);
    tally->crew = calloc(tally->crew_count + 1, sizeof *tally->crew);
    tally->slot = calloc(tally->slot_count + 1, sizeof *tally->slot);
    tally->served = calloc(tally->crew_count * tally->cell_count + 1, sizeof *tally->served);
    if (tally->cell == NULL || tally->crew == NULL || tally->slot == NULL ||
        tally->served == NULL) {
        return false;
    }
    struct spw__cell *cell = tally->cell;
    for (size_t i = 0; i < scenario->stream_count; i++) {
        for (size_t n = 0; n < spw__tally_cells(&scenario->streams[i]); n++, cell++) {
            cell_fill(cell, scenario, i, n);
            cell->let_in = calloc(1, sizeof *cell->let_in);
            cell->person = calloc(1, sizeof *cell->person);
            if (cell->let_in == NULL || cell->person == NULL) {
                return false;
            }
        }
    }
    return true;
}

void spw__tally_clear(struct spw__tally *tally)
{
    for (size_t i = 0; i < tally->cell_count; i++) {
        struct spw__cell *cell = &tally->cell[i];
        memset(cell->let_in, 0, sizeof *cell->let_in);
        memset(cell->person, 0, sizeof *cell->person);
        *cell = (struct spw__cell){.stream = cell->stream,
                                   .truth = cell->truth,
                                   .seen = cell->seen,
                                   .kind = cell->kind,
                                   .queue = cell->queue,
                                   .need = cell->need,
                                   .centre = cell->centre,
                                   .priority = cell->priority,
                                   .flags = cell->flags,
                                   .target = cell->target,
                                   .service = cell->service,
                                   .patience = cell->patience,
                                   .let_in = cell->let_in,
                                   .person = cell->person};
    }
    memset(tally->crew, 0, tally->crew_count * sizeof *tally->crew);
    memset(tally->slot, 0, tally->slot_count * sizeof *tally->slot);
    memset(tally->served, 0, tally->crew_count * tally->cell_count * sizeof *tally->served);
    tally->talk_s = tally->load_s = tally->wrapped_s = tally->wrapped = 0;
    tally->longest_p0_s = 0;
}

void spw__tally_free(struct spw__tally *tally)
{
    for (size_t i = 0; tally->cell != NULL && i < tally->cell_count; i++) {
        free(tally->cell[i].let_in);
        free(tally->cell[i].person);
    }
    free(tally->cell);
    free(tally->crew);
    free(tally->slot);
    free(tally->served);
    *tally = (struct spw__tally){0};
}

static double inside(const struct spw__tally *tally, double from, double to)
{
    double length = fmin(to, tally->to_s) - fmax(from, tally->from_s);
    return length > 0 ? length : 0;
}

struct spw__slot *spw__tally_slot(struct spw__tally *tally, spw_ns at)
{
    size_t i = (size_t)(seconds(at) / tally->slot_s);
    return i < tally->slot_count ? &tally->slot[i] : NULL;
}

/* Adds the seconds of a span to one sum of every interval that it touches. */
static void spread(struct spw__tally *tally, enum spw__slot_sum what, double from, double to)
{
    size_t i = (size_t)(from / tally->slot_s);
    for (; i < tally->slot_count && (double)i * tally->slot_s < to; i++) {
        double begin = (double)i * tally->slot_s;
        double length = fmin(to, begin + tally->slot_s) - fmax(from, begin);
        tally->slot[i].sum_s[what] += length > 0 ? length : 0;
    }
}

/* Notes somebody in every interval at whose beginning the span stands. */
static void stand(struct spw__tally *tally, uint8_t priority, double from, double to)
{
    size_t i = (size_t)ceil(from / tally->slot_s);
    for (; i < tally->slot_count && (double)i * tally->slot_s < to; i++) {
        tally->slot[i].now[priority] += 1;
        tally->slot[i].now[8] += 1;
    }
}

void spw__tally_span(struct spw__tally *tally, uint32_t cell, enum spw__span what, spw_ns from,
                     spw_ns to)
{
    double a = seconds(from);
    double b = seconds(to);
    if (b <= a) {
        return;
    }
    tally->cell[cell].span_s[what] += inside(tally, a, b);
    if (what == SPW__SPAN_WAITING) {
        spread(tally, SPW__SLOT_WAITING, a, b);
        spread(tally, SPW__SLOT_WAITING_OF + tally->cell[cell].priority, a, b);
        stand(tally, tally->cell[cell].priority, a, b);
    }
}

void spw__tally_staff(struct spw__tally *tally, uint32_t crew, bool busy, spw_ns from, spw_ns to)
{
    double a = seconds(from);
    double b = seconds(to);
    if (b <= a) {
        return;
    }
    *(busy ? &tally->crew[crew].busy_s : &tally->crew[crew].staffed_s) += inside(tally, a, b);
    spread(tally, busy ? SPW__SLOT_BUSY : SPW__SLOT_STAFFED, a, b);
}

void spw__tally_left_queue(struct spw__tally *tally, uint32_t cell, spw_ns at, double waited_s)
{
    struct spw__slot *slot = spw__tally_slot(tally, at);
    if (slot == NULL) {
        return;
    }
    uint8_t priority = tally->cell[cell].priority;
    slot->wait_s[priority] += waited_s;
    slot->wait_count[priority] += 1;
    slot->wait_s[8] += waited_s;
    slot->wait_count[8] += 1;
}

void spw__tally_danger(struct spw__tally *tally, const struct spw__cell *cell, double waited_s)
{
    if (cell->priority == 0 && !spw__cell_is_test(cell)) {
        tally->longest_p0_s = fmax(tally->longest_p0_s, waited_s);
    }
}

void spw__tally_load(struct spw__tally *tally, const struct spw_scenario *scenario, uint32_t cell,
                     double talk_s)
{
    uint32_t units = scenario->units[scenario->streams[tally->cell[cell].stream].channel];
    tally->talk_s += talk_s;
    tally->load_s += talk_s * (units > 0 ? units / 100.0 : 1);
}
