/*
 * command/scenario/scenario.h - a scenario file: who calls, who answers, by which plan, and what
 * must hold.
 *
 * The text becomes a struct spw_scenario (spillway/sim.h). Everything that it points to lives as
 * long as the file. The numbers of queues, needs, centres and skill sets are those that the plan
 * got when it was applied to a trial engine; a new engine gives the same.
 *
 *   scenario.c       the file as a whole, its sizes, its trial
 *   distribution.c   spans that are drawn
 *   arrivals.c       when people come
 *   people.c         streams
 *   passages.c       what befalls people beyond waiting and talking
 *   record.c         recorded numbers beside the file
 *   crews.c          who answers
 *   incidents.c      what befalls centres
 *   goals.c          what must hold
 *   foresee.c        what can be told before the first run
 *   vary.c           the same with one marked number halved or doubled
 */
#ifndef SPILLWAY_COMMAND_SCENARIO_H
#define SPILLWAY_COMMAND_SCENARIO_H

#include "command/command.h"
#include "plan/quantity.h"

#include <spillway/plan.h>
#include <spillway/sim.h>

/* A bound on a figure, as declared. */
struct spw__goal {
    const char *text;
    enum spw_group_kind kind;
    uint32_t number; /* of the group */
    int measure;     /* enum spw_measure; -1: the longest wait of priority 0 */
    bool windowed;   /* people or attempts that came in [from_s, to_s) */
    double from_s, to_s;
    double least, most; /* -INFINITY, INFINITY where there is no bound */
};

struct spw__scenario_file {
    struct spw__reader reader;
    struct spw_plan_error *error;
    char *text;
    size_t length;
    struct spw_plan *plan;
    struct spw_scenario sim; /* set_up and context are filled */
    const char *title;
    const char *about;
    int order; /* what set_up puts into force: enum spw_order, -1 = what the plan says */
    const char *policies[SPW__POLICIES_MAX];
    int policy_count;
    const struct spw__goal *goals;
    size_t goal_count;
    const struct spw__mark *marks;
    size_t mark_count;
    bool varied;            /* by spw__scenario_vary: a goal may be about nobody then */
    double danger_patience; /* as the command line changed it; 0: as written */
    const char **warnings;  /* after spw__foresee; sentences without a full stop */
    size_t warning_count;
};

/* Reads and tries a file. Zero, or -1 with *error filled; spw__scenario_free either way. */
int spw__scenario_read(struct spw__scenario_file *file, const char *path,
                       struct spw_plan_error *error);
void spw__scenario_free(struct spw__scenario_file *file);

/* The same from a text in memory; `path` is only quoted. */
int spw__scenario_parse(struct spw__scenario_file *file, const char *text, size_t length,
                        const char *path, struct spw_plan_error *error);

/* One marked number multiplied, the others as they stand. */
struct spw__variation {
    size_t mark; /* its place in `marks` */
    double factor;
};
/* The same file once more, read anew from `like`, which stays as it is. */
int spw__scenario_vary(struct spw__scenario_file *file, const struct spw__scenario_file *like,
                       const struct spw__variation *variation, struct spw_plan_error *error);

/* People who really are of priority 0 have their patience times `factor`, person by person; false
 * when there are none. What the engine is told stays. */
bool spw__scenario_danger_patience(struct spw__scenario_file *file, double factor);

/* ---- between the rooms ---------------------------------------------------------------------- */

/* Zeroed memory that lives as long as the file. */
void *spw__scenario_keep(struct spw__scenario_file *file, size_t count, size_t size);

/* A distribution, or null and the reader failed. spw__read_dist: null also when the key is absent.
 */
const struct spw_dist *spw__take_dist(struct spw__scenario_file *file,
                                      const struct spw__yaml *node);
const struct spw_dist *spw__read_dist(struct spw__scenario_file *file, const struct spw__yaml *map,
                                      const char *key);

/* A key that must be there, and what it says, with an example. A null key ends a list. */
struct spw__required {
    const char *key;
    const char *expected;
};
/* Fails at the first that is not: "the crew `night` has no `count`; expected ...". */
bool spw__expect_required(struct spw__reader *reader, const struct spw__yaml *map, const char *what,
                          const struct spw__required *required);

/* Seconds of a duration under a key; `otherwise` if it is absent. */
double spw__read_seconds(struct spw__reader *reader, const struct spw__yaml *map, const char *key,
                         double otherwise);

/* The number that the plan gave to a name, or 0 and the reader failed. `of` names the list. */
uint32_t spw__take_named(struct spw__scenario_file *file, const struct spw__yaml *node,
                         enum spw_plan_names of);
/* The same under a key; 0 when it is absent. */
uint32_t spw__read_named(struct spw__scenario_file *file, const struct spw__yaml *map,
                         const char *key, enum spw_plan_names of);
/* The centre under the key `centre`; the plan's only one when it is absent. */
uint32_t spw__read_centre(struct spw__scenario_file *file, const struct spw__yaml *map);

extern const char *const spw__channel_words[];

void spw__read_arrivals(struct spw__scenario_file *file, const struct spw__yaml *node,
                        struct spw_arrivals *arrivals);
/* Numbers from a file beside the scenario; they live as long as the file. */
struct spw__record {
    double *value_s;
    unsigned char *ended; /* 0: cut short by something else */
    size_t count, room;
};
bool spw__take_record(struct spw__scenario_file *file, const struct spw__yaml *node,
                      struct spw__record *record);

void spw__read_seen_as(struct spw__scenario_file *file, const struct spw__yaml *mix,
                       struct spw_stream *stream);
void spw__read_passages(struct spw__scenario_file *file, const struct spw__yaml *map,
                        struct spw_stream *stream);
void spw__read_incidents(struct spw__scenario_file *file, const struct spw__yaml *list);
void spw__read_levels(struct spw__scenario_file *file, const struct spw__yaml *list);
void spw__read_people(struct spw__scenario_file *file, const struct spw__yaml *node);
void spw__read_crews(struct spw__scenario_file *file, const struct spw__yaml *node);
void spw__read_goals(struct spw__scenario_file *file, const struct spw__yaml *node);

/* How many come in a run, redials left out. */
double spw__expected_people(const struct spw_scenario *sim, const struct spw_stream *stream);

/* vary.c: fails the reader when the mark is nothing that can be multiplied. */
void spw__scenario_scale(struct spw__reader *reader, const struct spw__yaml *root,
                         const struct spw__variation *variation);

/* What is wrong with the scenario as a whole though it can be run: fills `warnings`. */
void spw__foresee(struct spw__scenario_file *file);

/* What came of a goal under one policy. */
struct spw__goal_result spw__goal_judge(const struct spw__goal *goal,
                                        const struct spw_result *result);

#endif
