/*
 * command/outcome/hundred.h - what became of 100 people, in whole people.
 */
#ifndef SPILLWAY_COMMAND_HUNDRED_H
#define SPILLWAY_COMMAND_HUNDRED_H

#include <stdbool.h>

#include <spillway/sim.h>

enum spw__fate { SPW__IN_TIME, SPW__LATE, SPW__NEVER, SPW__FATES };

/*
 * Fills `people` with three numbers that add up to 100. False when nobody came. Never is not 0
 * while somebody was never reached.
 */
bool spw__hundred(const struct spw_group *group, int people[SPW__FATES]);

/* Whether anybody of priority 0 came. */
bool spw__somebody_in_danger(const struct spw_result *result);

#endif
