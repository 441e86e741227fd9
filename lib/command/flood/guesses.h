/*
 * command/flood/guesses.h - what the guesses of a scenario matter (guesses.c).
 */
#ifndef SPILLWAY_COMMAND_GUESSES_H
#define SPILLWAY_COMMAND_GUESSES_H

#include "command/flood/contest.h"
#include "command/scenario/scenario.h"

/*
 * Runs the scenario under one policy with every guess halved and then doubled, and fills the
 * guesses of the outcome, which live as long as the file. 0, or -1 with a sentence.
 */
int spw__guesses_run(struct spw__scenario_file *file, const struct spw__contest_entry *entry,
                     bool quiet, struct spw__outcome *outcome, char *error, size_t n);

#endif
