/*
 * plan/quantity.h - numbers with their units, as people write them: `90 s`, `1 h 30 min`,
 * `12 /min`, `1000 per 12 h`, `25 %`. A duration or a rate without its unit is a mistake.
 *
 * Each spw__take_* reads a node that must be there; each spw__read_* reads the child under a key if
 * it is there, and says whether it was. Both leave *out alone when the text is wrong.
 */
#ifndef SPILLWAY_PLAN_QUANTITY_H
#define SPILLWAY_PLAN_QUANTITY_H

#include <stdint.h>

#include "plan/yaml.h"

/* The parsers behind: null when good, else a phrase that says what was wrong. */
const char *spw__parse_number(const char *text, double *number, const char **end);
const char *spw__parse_duration(const char *text, spw_ns *ns);
const char *spw__parse_rate(const char *text, double *per_second);
const char *spw__parse_share(const char *text, double *share);

bool spw__take_duration(struct spw__reader *reader, const struct spw__yaml *node, spw_ns *out);
bool spw__take_rate(struct spw__reader *reader, const struct spw__yaml *node, double *per_second);
bool spw__take_share(struct spw__reader *reader, const struct spw__yaml *node, double *share);
bool spw__take_number(struct spw__reader *reader, const struct spw__yaml *node, double *out);
bool spw__take_whole(struct spw__reader *reader, const struct spw__yaml *node, int64_t least,
                     int64_t most, int64_t *out);
bool spw__take_switch(struct spw__reader *reader, const struct spw__yaml *node, bool *out);

bool spw__read_duration(struct spw__reader *reader, const struct spw__yaml *map, const char *key,
                        spw_ns *out);
bool spw__read_rate(struct spw__reader *reader, const struct spw__yaml *map, const char *key,
                    double *per_second);
bool spw__read_share(struct spw__reader *reader, const struct spw__yaml *map, const char *key,
                     double *share);
bool spw__read_number(struct spw__reader *reader, const struct spw__yaml *map, const char *key,
                      double *out);
bool spw__read_whole(struct spw__reader *reader, const struct spw__yaml *map, const char *key,
                     int64_t least, int64_t most, int64_t *out);
bool spw__read_switch(struct spw__reader *reader, const struct spw__yaml *map, const char *key,
                      bool *out);

/* A time that the engine takes: from `least` ns (0 or 1) to 36 years. */
bool spw__take_time(struct spw__reader *reader, const struct spw__yaml *node, spw_ns least,
                    spw_ns *out);

/* One of a null-ended list of words; *index is its place. */
bool spw__take_word(struct spw__reader *reader, const struct spw__yaml *node,
                    const char *const *words, uint32_t *index);
bool spw__read_word(struct spw__reader *reader, const struct spw__yaml *map, const char *key,
                    const char *const *words, uint32_t *index);

#endif
