/*
 * sim/draws.c - what belongs to a person: patience, length of the talk, which kind of the mix.
 *
 * What lives here: the draws of a person in its present attempt, or the recorded value instead.
 * Invariant: a draw depends on seed, run, stream, person, purpose and attempt alone, never on what
 * the engine did, so that every policy meets the same people. hidden_shuffle gives patience,
 * service and what somebody really is to other persons (leak test): what the host takes somebody
 * for is drawn first and stays, what lies behind it is drawn from the shares that follow by Bayes.
 * Who calls: people.c. Cost: a few dozen instructions a draw.
 */
#include <math.h>
#include <stdlib.h>

#include "sim/dist.h"
#include "sim/world.h"

#define PERSON_BITS 40

/* The draws of a person for a purpose in its present attempt. */
struct spw__stream spw__person_draws(const struct spw_world *world,
                                     const struct spw__person *person, enum spw__purpose purpose)
{
    uint64_t stream = world->tally.cell[person->cell].stream;
    uint64_t key = (stream << PERSON_BITS) ^ person->number;
    if (purpose == SPW__DRAW_PATIENCE || purpose == SPW__DRAW_SERVICE ||
        purpose == SPW__DRAW_TRUTH) {
        key ^= world->scenario->hidden_shuffle;
    }
    struct spw__stream made = spw__stream_of(world->key[purpose], key);
    made.counter = (person->attempts + ((uint64_t)person->hands << 32)) * SPW__ATTEMPT_STEP;
    return made;
}

double spw__person_patience_s(const struct spw_world *world, const struct spw__person *person)
{
    const struct spw__cell *cell = &world->tally.cell[person->cell];
    const struct spw_stream *stream = &world->scenario->streams[cell->stream];
    if (stream->trace_patience_s != NULL && person->attempts == 1 &&
        person->number < stream->arrivals.trace_count) {
        double recorded = stream->trace_patience_s[person->number];
        if (!isnan(recorded)) {
            return recorded;
        }
    }
    struct spw__stream made = spw__person_draws(world, person, SPW__DRAW_PATIENCE);
    return cell->patience != NULL ? spw__dist_sample(cell->patience, &made) : INFINITY;
}

double spw__person_talk_s(const struct spw_world *world, const struct spw__person *person)
{
    const struct spw__cell *cell = &world->tally.cell[person->cell];
    const struct spw_stream *stream = &world->scenario->streams[cell->stream];
    const struct spw_dist *dist = cell->service;
    if (person->hands > 0 && stream->transfer_service != NULL) {
        dist = stream->transfer_service;
    } else if (person->hands == 0 && stream->trace_service_s != NULL &&
               person->number < stream->arrivals.trace_count) {
        double recorded = stream->trace_service_s[person->number];
        if (!isnan(recorded)) {
            return recorded;
        }
    }
    struct spw__stream made = spw__person_draws(world, person, SPW__DRAW_SERVICE);
    return dist != NULL ? spw__dist_sample(dist, &made) : 0;
}

/* --- what somebody is, and is taken for ------------------------------------------------------- */

bool spw__mix_make(struct spw__mix *mix, const struct spw_stream *stream)
{
    size_t n = mix->count = stream->variant_count;
    mix->seen = calloc(n + 1, sizeof *mix->seen);
    mix->truth = stream->confusion != NULL ? calloc(n * n + 1, sizeof *mix->truth) : NULL;
    if (mix->seen == NULL || (stream->confusion != NULL && mix->truth == NULL)) {
        return false;
    }
    for (size_t seen = 0; seen < n; seen++) {
        double sum = stream->confusion == NULL ? stream->variants[seen].share : 0;
        for (size_t truth = 0; mix->truth != NULL && truth < n; truth++) {
            sum += stream->variants[truth].share * stream->confusion[truth * n + seen];
            mix->truth[seen * n + truth] = sum;
        }
        mix->seen[seen] = (seen > 0 ? mix->seen[seen - 1] : 0) + sum;
    }
    return true;
}

void spw__mix_free(struct spw__mix *mix)
{
    free(mix->seen);
    free(mix->truth);
}

static uint32_t pick(const double *sums, size_t count, double luck)
{
    uint32_t i = 0;
    double at = luck * sums[count - 1];
    while (i + 1 < count && at >= sums[i]) {
        i++;
    }
    return i;
}

uint32_t spw__person_cell(const struct spw_world *world, const struct spw__person *person,
                          uint32_t stream_index)
{
    const struct spw_stream *stream = &world->scenario->streams[stream_index];
    const struct spw__mix *mix = &world->mix[stream_index];
    uint32_t seen = 0;
    if (mix->count <= 1) {
        return 0;
    }
    if (stream->trace_variant != NULL && person->number < stream->arrivals.trace_count &&
        stream->trace_variant[person->number] != SPW_VARIANT_DRAWN) {
        seen = stream->trace_variant[person->number];
    } else {
        struct spw__stream made = spw__person_draws(world, person, SPW__DRAW_MIX);
        seen = pick(mix->seen, mix->count, spw__stream_uniform(&made));
    }
    if (mix->truth == NULL) {
        return seen;
    }
    struct spw__stream made = spw__person_draws(world, person, SPW__DRAW_TRUTH);
    uint32_t truth = pick(mix->truth + seen * mix->count, mix->count, spw__stream_uniform(&made));
    return truth * (uint32_t)mix->count + seen;
}
