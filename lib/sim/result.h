/*
 * sim/result.h - runs merged: which figures a run gives, and their means and half widths over runs.
 */
#ifndef SPW__SIM_RESULT_H
#define SPW__SIM_RESULT_H

#include "sim/world.h"

struct spw__merge; /* opaque */

struct spw__merge *spw__merge_make(const struct spw_world *world);
void spw__merge_add(struct spw__merge *merge, const struct spw_world *world);
/* The result, with a copy of everything; null when memory is out. */
struct spw_result *spw__merge_result(const struct spw__merge *merge);
void spw__merge_free(struct spw__merge *merge);

#endif
