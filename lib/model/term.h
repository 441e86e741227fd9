/*
 * model/term.h - skill sets, needs and ladders as committed, interned values.
 *
 * All three are lists of small terms kept in one append-only array; a committed object is a range
 * of it. Equal lists are one object (numbers from 1, 0 is none), so that two contacts with the same
 * need share a class and two counsellors with the same skills share a pool.
 */
#ifndef SPW__MODEL_TERM_H
#define SPW__MODEL_TERM_H

#include <spillway/base.h>
#include <spillway/config.h>
#include <spillway/input.h>

#include <stdbool.h>

#include "base/carve.h"

#define SPW__CLAUSES_MAX 16
#define SPW__LITERALS_MAX 8
#define SPW__STEPS_MAX 32

/* One literal of a need, one skill of a set, or one step of a ladder. */
struct spw__term {
    spw_ns after;    /* ladder */
    uint32_t number; /* skill, or need of a step */
    uint8_t level;   /* skill; raise of a step */
    uint8_t mode;    /* enum spw_literal_mode */
    uint8_t clause;  /* need: which clause */
    uint8_t floor;   /* need: the clause is a floor */
};

struct spw__range {
    uint32_t first;
    uint32_t count;
};

/* One kind of object: ranges into the shared terms. */
struct spw__terms {
    struct spw__range *range; /* [1..count] */
    uint32_t count;
    uint32_t max;
};

/* What a stage collects before it is committed. */
#define SPW__STAGE_TERMS 1024

struct spw__catalogue {
    struct spw__term *term;
    uint32_t term_count;
    uint32_t term_max;
    struct spw__terms skillset;
    struct spw__terms need;
    struct spw__terms ladder;
    uint64_t *skill_key; /* [1..skill_count] */
    uint32_t skill_count;
    uint32_t skill_max;
};

void spw__catalogue_carve(struct spw__catalogue *catalogue, struct spw__carve *carve,
                          const struct spw_config *config);

/*
 * Adds the list, or finds the equal one that exists. The number, 0 if capacity is used up. The list
 * must be canonical (spw__terms_sort).
 */
uint32_t spw__terms_intern(struct spw__catalogue *catalogue, struct spw__terms *terms,
                           const struct spw__term *list, uint32_t count);

/* Brings a need or skill set into canonical order: by clause, skill, mode, level. */
void spw__terms_sort(struct spw__term *list, uint32_t count);

/*
 * The same need whatever order it was told in: clauses in the order of their literals, equal
 * literals of a clause and equal clauses once; of two equal ones the floor. Writes at most `count`
 * terms, returns how many. The list must be in the order of spw__terms_sort.
 */
uint32_t spw__need_canonical(const struct spw__term *list, uint32_t count,
                             struct spw__term *canonical);

/* Level of a skill in a set; 0 = does not hold it. */
uint32_t spw__skillset_level(const struct spw__catalogue *catalogue, uint32_t skillset,
                             uint32_t skill);

uint32_t spw__skillset_flexibility(const struct spw__catalogue *catalogue, uint32_t skillset);

/* Whether a skill set meets a need. Need 0 and the empty need are met by anybody. */
bool spw__need_met(const struct spw__catalogue *catalogue, uint32_t need, uint32_t skillset);

/* Sum of the levels held in the skills that the need asks for, each once (chooser best-level). */
uint32_t spw__need_level(const struct spw__catalogue *catalogue, uint32_t need, uint32_t skillset);

/* Whether `later` repeats every floor clause (and every clause with a LACKS) of `first`. */
bool spw__need_keeps_floors(const struct spw__catalogue *catalogue, uint32_t first, uint32_t later);

/* The next floor clause (or clause with a LACKS) of a need from *at on; false if there is none. */
bool spw__need_floor(const struct spw__catalogue *catalogue, uint32_t need, uint32_t *at,
                     struct spw__range *clause);

/* Whether a skill set meets one clause. */
bool spw__clause_met(const struct spw__catalogue *catalogue, const struct spw__range *clause,
                     uint32_t skillset);

/* The step of a ladder, 0-based; null past the end. */
const struct spw__term *spw__ladder_step(const struct spw__catalogue *catalogue, uint32_t ladder,
                                         uint32_t step);

#endif
