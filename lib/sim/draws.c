/*
 * sim/draws.c - what belongs to a person: patience, length of the talk, which kind of the mix.
 *
 * What lives here: the draws of a person in its present attempt, or the recorded value instead.
 * Invariant: a draw depends on seed, run, stream, person, purpose and attempt alone, never on what
 * the engine did, so that every policy meets the same people. hidden_shuffle gives patience and
 * service to other persons (leak test).
 * Who calls: people.c. Cost: a few dozen instructions a draw.
 */
#include <math.h>

#include "sim/dist.h"
#include "sim/world.h"

#define PERSON_BITS 40

/* The draws of a person for a purpose in its present attempt. */
struct spw__stream spw__person_draws(const struct spw_world *world,
                                     const struct spw__person *person, enum spw__purpose purpose)
{
    uint64_t stream = world->tally.cell[person->cell].stream;
    uint64_t key = (stream << PERSON_BITS) ^ person->number;
    if (purpose == SPW__DRAW_PATIENCE || purpose == SPW__DRAW_SERVICE) {
        key ^= world->scenario->hidden_shuffle;
    }
    struct spw__stream made =
        spw__stream_make(world->scenario->seed, world->run, (uint64_t)purpose, key);
    made.counter = person->attempts * SPW__ATTEMPT_STEP;
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
    if (stream->trace_service_s != NULL && person->number < stream->arrivals.trace_count) {
        double recorded = stream->trace_service_s[person->number];
        if (!isnan(recorded)) {
            return recorded;
        }
    }
    struct spw__stream made = spw__person_draws(world, person, SPW__DRAW_SERVICE);
    return cell->service != NULL ? spw__dist_sample(cell->service, &made) : 0;
}

uint32_t spw__person_variant(const struct spw_world *world, const struct spw__person *person,
                             const struct spw_stream *stream)
{
    if (stream->variant_count <= 1) {
        return 0;
    }
    if (stream->trace_variant != NULL && person->number < stream->arrivals.trace_count &&
        stream->trace_variant[person->number] != SPW_VARIANT_DRAWN) {
        return stream->trace_variant[person->number];
    }
    double total = 0;
    for (size_t i = 0; i < stream->variant_count; i++) {
        total += stream->variants[i].share;
    }
    struct spw__stream made = spw__person_draws(world, person, SPW__DRAW_MIX);
    double at = spw__stream_uniform(&made) * total;
    uint32_t variant = 0;
    while (variant + 1 < stream->variant_count && at >= stream->variants[variant].share) {
        at -= stream->variants[variant++].share;
    }
    return variant;
}
