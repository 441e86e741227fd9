/*
 * model/generate.h - what the rooms of the generator share.
 */
#ifndef MODEL_GENERATE_H
#define MODEL_GENERATE_H

#include "check.h"
#include "prng.h"

enum { PENDING = 1024 };

/* Groups of inputs; a world draws a weight for each. */
enum group {
    GROUP_TIME,
    GROUP_ARRIVE,
    GROUP_ANSWER,
    GROUP_END,
    GROUP_DUTY,
    GROUP_LEAVE,
    GROUP_PARK,
    GROUP_DECLINE,
    GROUP_LOST,
    GROUP_RECLASSIFY,
    GROUP_TRANSFER,
    GROUP_CALLBACK,
    GROUP_PULL,
    GROUP_EXCLUDE,
    GROUP_SKILLS,
    GROUP_LIMITS,
    GROUP_SUPERVISE,
    GROUP_FREEZE,
    GROUP_CLOSE,
    GROUP_RECONCILE,
    GROUP_GAP,
    GROUP_PLAN,
    GROUP_OBJECTS,
    /* not inputs of their own but what arrivals and worlds are like */
    GROUP_INPUTS,
    FEATURE_TOKENS = GROUP_INPUTS,
    FEATURE_STICKY,
    FEATURE_CHANNELS,
    FEATURE_PRIORITY_0,
    FEATURE_DEADLINES,
    FEATURE_TEST,
    FEATURE_UNCLASSIFIED,
    FEATURE_ORDERS,
    GROUP_COUNT = GROUP_INPUTS
};

/* All of them; the first five are always drawn. */
#define FEATURES_ALL 0xffffffe0u

/*
 * C leaves open in which order the arguments of a call are worked out: two draws never stand in one
 * expression, or the same seed would mean another world with another compiler.
 */
struct generator {
    struct prng random;
    uint64_t seed;
    uint32_t features;
    uint32_t weights[GROUP_COUNT];
    bool calm, nobody;
    bool breaks; /* short limits, and few pools that share them */
    bool crowd;  /* many come at once, and then much time passes: more is due than one call fires */
    uint32_t exact, wrong; /* percent of times at a deadline, of people that do not fit */
    uint32_t contact_tag, counsellor_tag;
    uint64_t next_key;
    uint32_t pending_count, handed;
    struct step pending[PENDING];
};

/* generate.c */
struct step *generator_later(struct generator *g, uint32_t kind);
uint64_t pick_contact(struct generator *g, const struct world *w, uint32_t states);
uint64_t any_contact(struct generator *g, const struct world *w, uint32_t states);
uint64_t any_counsellor(struct generator *g, const struct world *w, uint32_t states);
const struct contact *contact_tagged(const struct world *w, uint64_t tag);

/* generate_setup.c */
void generator_setup(struct generator *g);
void generate_plan(struct generator *g, uint32_t sets, uint32_t queues);
void generate_object(struct generator *g, const struct world *w);
void generate_counsellor(struct generator *g, uint32_t centres, uint32_t sets);
struct spw_input *generate_limits(struct generator *g, uint64_t counsellor);

/* generate_act.c */
void act(struct generator *g, const struct world *w, enum group group);

static inline bool has(const struct generator *g, int feature)
{
    return (g->features & (1u << feature)) != 0;
}

#endif
