/*
 * sim/random.h - draws that belong to a person and a purpose.
 *
 * A stream is keyed by (seed, run, purpose, person): person n's patience is the same number under
 * every policy, whatever else happened before (common random numbers).
 */
#ifndef SPW__SIM_RANDOM_H
#define SPW__SIM_RANDOM_H

#include <stdint.h>

struct spw__stream {
    uint64_t key;
    uint64_t counter;
};

/* What a draw is for; each purpose has draws of its own. */
enum spw__purpose {
    SPW__DRAW_ARRIVAL = 1,
    SPW__DRAW_SERVICE,
    SPW__DRAW_PATIENCE,
    SPW__DRAW_REDIAL,
    SPW__DRAW_ANSWER,
    SPW__DRAW_WRAP_UP = 7, /* there is no 6: another number would change every figure */
    SPW__DRAW_MIX,
    SPW__DRAW_STAFF,
    SPW__DRAW_CALLBACK,
    SPW__DRAW_ID,
    SPW__DRAW_TRUTH,
    SPW__DRAW_TRIAGE,
    SPW__DRAW_TRANSFER,
    SPW__DRAW_DROP,
    SPW__DRAW_LINE,
    SPW__DRAW_COUNT
};

struct spw__stream spw__stream_make(uint64_t seed, uint64_t run, uint64_t purpose, uint64_t person);
/* The same in two steps: what all persons of a run share is mixed once. */
uint64_t spw__stream_key(uint64_t seed, uint64_t run, uint64_t purpose);
struct spw__stream spw__stream_of(uint64_t key, uint64_t person);
uint64_t spw__stream_u64(struct spw__stream *stream);

/* In (0, 1), never 0 or 1. */
double spw__stream_uniform(struct spw__stream *stream);
double spw__stream_exponential(struct spw__stream *stream, double mean);

/* Standard normal, by Marsaglia's polar method. */
double spw__stream_normal(struct spw__stream *stream);

#endif
