/*
 * command/outcome/tell.c - how the command ends: an outcome to the terminal and to the files that
 * were asked for, or a sentence of what is wrong; and the exit status.
 *
 * Who calls: flood/flood.c, replay/replay.c.
 */
#include <stdio.h>

#include "command/command.h"

int spw__complain(const char *sentence)
{
    fprintf(stderr, "spillway: %s\n", sentence);
    return SPW__EXIT_USAGE;
}

int spw__tell(const struct spw__options *options, const struct spw__outcome *outcome)
{
    char error[400];
    spw__table_print(outcome, options->quiet);
    if (options->json && spw__json_write(options->json, outcome, error, sizeof error) != 0) {
        return spw__complain(error);
    }
    if (options->report && spw__report_write(options->report, outcome, error, sizeof error) != 0) {
        return spw__complain(error);
    }
    if (options->report && !options->quiet) {
        printf("report: %s\n", options->report);
    }
    return outcome->broken ? SPW__EXIT_BROKEN : SPW__EXIT_GOOD;
}
