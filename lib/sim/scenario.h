/*
 * sim/scenario.h - what the check of a scenario knows and its readers ask one by one, so that they
 * can say where it stands.
 */
#ifndef SPW__SIM_SCENARIO_H
#define SPW__SIM_SCENARIO_H

#include <stdbool.h>

#include <spillway/sim.h>

/* Both befall one place at one time, and are of kinds that exclude each other. */
bool spw__incidents_overlap(const struct spw_incident *a, const struct spw_incident *b);

/* Some contact that comes finds room with a counsellor of the crew who holds nothing else. */
bool spw__crew_holds_any(const struct spw_scenario *scenario, const struct spw_crew *crew);

#endif
