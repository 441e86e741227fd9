/*
 * plan/plan.h - a plan between text and engine: a program of inputs with holes.
 *
 * The text is turned into a list of operations, in an order in which everything is committed before
 * it is used. Where an operation needs the number of an object that an earlier one commits, it has
 * a reference to that operation; the number is filled in when the program runs. So the same plan
 * fits a new engine, one that holds other objects, and one that holds an older version of it.
 */
#ifndef SPILLWAY_PLAN_PLAN_H
#define SPILLWAY_PLAN_PLAN_H

#include <stdint.h>

#include "model/service.h"
#include "model/term.h"
#include "plan/quantity.h"

/* No operation: the hole gets 0. */
#define SPW__OP_NONE UINT32_MAX

/* Which hole of an operation a number fills. */
enum spw__hole {
    SPW__HOLE_NONE = 0,
    SPW__HOLE_SKILL,     /* literal.skill */
    SPW__HOLE_STEP_NEED, /* step.need */
    SPW__HOLE_VALUE,     /* set.value */
    SPW__HOLE_INDEX_LOW, /* set.index, bits 0..15 */
    SPW__HOLE_INDEX_HIGH /* set.index, bits 16..31 */
};

struct spw__op {
    struct spw_input input;
    uint32_t from[2]; /* operations whose numbers fill the holes */
    enum spw__hole hole[2];
    int line, column;
    bool known; /* the last of an object: the engine held it before the apply */
};

struct spw__name {
    const char *name;
    const struct spw__yaml *node;
    enum spw_plan_names of;
    uint32_t op;                       /* its commit, or SKILL_ADD */
    spw_ns target[SPW_PRIORITY_COUNT]; /* queues */
    spw_ns insists_for;                /* queues: so long only the preferred are asked */
    int64_t promises;                  /* queues: callbacks at once; 0: never */
    spw_ns lease;                      /* centres; SPW_FOREVER: none */
};

struct spw_plan {
    struct spw__reader reader;
    bool owns_tree;
    char file[160];
    struct spw__op *ops;
    uint32_t op_count, op_room;
    uint64_t *made; /* by operation, after an apply */
    bool applied;
    struct spw__name *names;
    uint32_t name_count, name_room;
    uint32_t literals; /* literals, skills and steps staged: what terms_max must hold */
    uint32_t commits[SPW_STAGE_PLAN + 1];
    uint32_t prefers;
    uint32_t order_op; /* the STAGE_SET of SPW_PLAN_ORDER */
    const struct spw__yaml *root;
    const struct spw__yaml *languages;
};

/* ---- needs (need.c) ---------------------------------------------------------------------- */

struct spw__literal {
    const char *skill;
    uint32_t op; /* of its SKILL_ADD */
    uint32_t level;
    enum spw_literal_mode mode;
};

struct spw__clause {
    struct spw__literal literals[SPW__LITERALS_MAX];
    uint32_t count;
    bool floor;
};

/* What is required, and what is required only in the first `prefer_for`. */
struct spw__need {
    struct spw__clause required[SPW__CLAUSES_MAX];
    uint32_t required_count;
    struct spw__clause preferred[SPW__CLAUSES_MAX];
    uint32_t preferred_count;
    spw_ns prefer_for;
};

/* Reads a map, a list of terms, or the name of a declared need. */
bool spw__need_read(struct spw_plan *plan, const struct spw__yaml *node, struct spw__need *need);
/* A term: `skill` or `skill >= 50`. */
bool spw__literal_read(struct spw_plan *plan, const struct spw__yaml *node,
                       struct spw__literal *literal);
/* Stages clauses as a need; the operation that commits it. */
uint32_t spw__need_stage(struct spw_plan *plan, const struct spw__yaml *node,
                         const struct spw__clause *clauses, uint32_t count);

void spw__read_skills(struct spw_plan *plan);
void spw__read_skillsets(struct spw_plan *plan);
void spw__read_needs(struct spw_plan *plan);

/* ---- ladders (ladder.c) ------------------------------------------------------------------ */

struct spw__step {
    spw_ns after;
    uint32_t raise;
    struct spw__clause clauses[SPW__CLAUSES_MAX];
    uint32_t count;
    const struct spw__yaml *node;
};

struct spw__ladder {
    struct spw__step steps[SPW__STEPS_MAX];
    uint32_t count;
    spw_ns insists_for; /* so long the preferred parts of its first need are required */
};

/* The steps that follow from a need alone: one, or two where it has preferred parts. */
void spw__ladder_of_need(const struct spw__need *need, const struct spw__yaml *node,
                         struct spw__ladder *ladder);
bool spw__ladder_read(struct spw_plan *plan, const struct spw__yaml *node,
                      struct spw__ladder *ladder);
/* Adds the clause of a language and its fallbacks to every step. */
void spw__ladder_speak(struct spw_plan *plan, const struct spw__yaml *language,
                       struct spw__ladder *ladder);
/* Stages all steps; *first_need is the operation that commits the need of the first. Returns the
 * operation that commits the ladder, SPW__OP_NONE when one step needs no ladder. */
uint32_t spw__ladder_stage(struct spw_plan *plan, const struct spw__yaml *node,
                           const struct spw__ladder *ladder, uint32_t *first_need);
void spw__read_ladders(struct spw_plan *plan);

/* ---- queues, centres (queue.c), order of service (service.c) ------------------------------ */

void spw__read_queues(struct spw_plan *plan);
void spw__read_centres(struct spw_plan *plan);
void spw__read_service(struct spw_plan *plan);

/* spw_plan_remarks where people come with the priorities of these bits alone (remark.c). */
size_t spw__plan_remarks(const struct spw_plan *plan, int order, unsigned come,
                         struct spw_plan_remark *remarks, size_t room);

/* ---- the program (plan.c) ----------------------------------------------------------------- */

/* Reads a plan that is part of a larger tree, which must outlive it. */
struct spw_plan *spw__plan_read_node(struct spw__reader *reader, const struct spw__yaml *root);

/* Appends an operation; its number. The pointer is good until the next. */
struct spw__op *spw__op_add(struct spw_plan *plan, const struct spw__yaml *node, uint32_t kind);
uint32_t spw__op_last(const struct spw_plan *plan);
void spw__op_begin(struct spw_plan *plan, const struct spw__yaml *node, enum spw_stage what);
void spw__op_set(struct spw_plan *plan, const struct spw__yaml *node, enum spw_field field,
                 uint32_t index, int64_t value);
uint32_t spw__op_commit(struct spw_plan *plan, const struct spw__yaml *node, enum spw_stage what);

/* Declares a name; fails when it is empty, too long, or declared before. */
struct spw__name *spw__name_add(struct spw_plan *plan, enum spw_plan_names of, const char *name,
                                const struct spw__yaml *node, uint32_t op);
struct spw__name *spw__name_find(const struct spw_plan *plan, enum spw_plan_names of,
                                 const char *name);
/* The named thing that a node refers to, or a failure that names the nearest. */
struct spw__name *spw__name_take(struct spw_plan *plan, enum spw_plan_names of,
                                 const struct spw__yaml *node);
/* A host key that depends on the name alone: the same from run to run and from plan to plan. */
uint64_t spw__name_key(const char *name);

#endif
