/*
 * command/outcome/words.h - what table, JSON and verdict have in common: names of groups, spans in
 * words.
 */
#ifndef SPILLWAY_COMMAND_WORDS_H
#define SPILLWAY_COMMAND_WORDS_H

#include "command/command.h"

#include <spillway/plan.h>
#include <spillway/sim.h>

/* "9 min 12 s", "340 ms"; "-" for NAN. At most 11 characters. The buffer is the caller's. */
const char *spw__span_text(double seconds, char *text, size_t n);

/* "head-start": the order that the plan itself puts into force. */
const char *spw__order_word(const struct spw_plan *plan);

/* The name under which a plan that was applied declares a queue or a centre; null for none. */
const char *spw__name_in_plan(const struct spw_plan *plan, enum spw_plan_names of, uint32_t number);

/* "voice/danger": a kind of person; the number of the kind where it has no name. */
const char *spw__kind_name(const struct spw_scenario *scenario, uint32_t number, char *text,
                           size_t n);

/* The name of a group: of a queue or centre from the plan, of a stream or crew from the scenario,
 * the number of a priority. `text` is used where there is no name. */
const char *spw__group_name(const struct spw__outcome *outcome, const struct spw_group *group,
                            char *text, size_t n);

/* "park_expired": spw_end_name as a key of the JSON. */
const char *spw__end_key(unsigned end, char *text, size_t n);

/* One sentence: of 100 people how many were reached, in time; the longest wait in danger. */
void spw__verdict(const struct spw__outcome *outcome, char *text, size_t n);

/* Staffed capacity against offered load, as a sentence; what came in the busiest hour, redials left
 * out, over what could be served in it. */
double spw__load(const struct spw_scenario *scenario, const struct spw_result *result, char *text,
                 size_t n);

#endif
