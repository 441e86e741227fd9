/*
 * command/options.h - the command line of `spillway flood`, checked.
 */
#ifndef SPILLWAY_COMMAND_OPTIONS_H
#define SPILLWAY_COMMAND_OPTIONS_H

#include "command/command.h"

/* What the command line asks for beside a flood. */
enum spw__asked { SPW__ASKED_FLOOD = 0, SPW__ASKED_HELP, SPW__ASKED_VERSION, SPW__ASKED_WRONG };

/*
 * Reads argv after the program's name. SPW__ASKED_WRONG: `error` says which word was wrong and what
 * was expected. The strings of *options point into argv.
 */
enum spw__asked spw__options_read(struct spw__options *options, int argc, char **argv, char *error,
                                  size_t size);

#endif
