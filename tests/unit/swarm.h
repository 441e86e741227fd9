/*
 * tests/unit/swarm.h - small random worlds for tests: a centre or three, a dozen counsellors, and a
 * stream of inputs of every kind from a seed.
 */
#ifndef SPW__TESTS_SWARM_H
#define SPW__TESTS_SWARM_H

#include <spillway.h>

/* The first queue and the first centre have these keys, those after it the next numbers. */
enum { SWARM_QUEUE_KEY = 50, SWARM_CENTRE_KEY = 60 };

struct swarm {
    uint64_t random;
    spw_ns now;
    uint64_t next_id;
    uint32_t needs;
    uint32_t skillsets;
    uint32_t queues;
    uint32_t centres;
    uint32_t counsellor_count;
    uint32_t contact_count;
    spw_counsellor counsellor[16];
    spw_contact contact[256]; /* handles seen, live or stale */
};

uint64_t swarm_random(struct swarm *swarm, uint64_t below);

/* Small limits of every kind; some seeds draw one so small that it is reached, or large. */
void swarm_config(struct spw_config *config, uint64_t seed);

/* Commits skills, needs, a ladder, queues, centres and counsellors, all from the seed. */
void swarm_setup(struct swarm *swarm, struct spw_engine *engine, uint64_t seed);

/* The next input: mostly sensible, sometimes stale or absurd. Moves swarm->now. */
void swarm_input(struct swarm *swarm, struct spw_input *in);

/* Notes the handle that an arrival made. */
void swarm_made(struct swarm *swarm, const struct spw_input *in, uint64_t made);

#endif
