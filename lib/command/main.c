/*
 * command/main.c - the front door of the command `spillway`.
 *
 * What lives here: help, version, a look whether the files can be written before hours are spent on
 * what goes into them, and the way to the family that is asked for. Its first family is `flood`.
 * Who calls: the shell.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/options.h"

static const char help[] =
    "spillway - floods against the routing core of a crisis helpline\n"
    "\n"
    "  spillway flood list                              scenarios that come with it\n"
    "  spillway flood run SCENARIO [options]            simulate one, by name or file\n"
    "  spillway flood replay CONTACTS.csv ROSTER.csv    replay recorded calls\n"
    "\n"
    "options\n"
    "  --policy NAME|FILE.so   order of service; several stand side by side, on the\n"
    "                          same people: head-start fifo strict accumulating\n"
    "                          deadline longest-queue lifo, or a shared object\n"
    "  --seed N                of the first run\n"
    "  --runs N                replications; one is not evidence\n"
    "  --json FILE             all figures with their half-widths\n"
    "  --report FILE.html      one page to look at, off-line\n"
    "  --guesses               run: each guess halved and doubled, what it matters\n"
    "  --danger-patience 25%   run: people in danger wait only so much as long\n"
    "  --quiet                 the verdict only\n"
    "  --fit-days A-B          replay: days that patience and staffing are from\n"
    "  --days C-D              replay: days that are predicted\n"
    "  --help, --version\n"
    "\n"
    "exit status\n"
    "  0  good\n"
    "  1  an invariant or a goal is broken\n"
    "  2  bad usage or bad input; the message says where and what was expected\n"
    "\n"
    "The keys of a scenario are in bench/scenarios/README.md.\n";

/* As it was typed, cut where the buffer ends: it is shown, not run. */
static void join(char *line, size_t size, int argc, char **argv)
{
    size_t used = 0;
    line[0] = 0;
    for (int i = 0; i < argc && used < size; i++) {
        const char *word = i == 0 ? "spillway" : argv[i];
        int more = snprintf(line + used, size - used, "%s%s", i ? " " : "", word);
        used += more > 0 ? (size_t)more : 0;
    }
}

/* Null is a file that nobody asked for. Sets errno. */
static bool can_be_written(const char *path)
{
    struct stat status;
    char folder[4096];
    if (!path) {
        return true;
    }
    if (stat(path, &status) == 0) {
        errno = S_ISDIR(status.st_mode) ? EISDIR : 0;
        return errno == 0 && access(path, W_OK) == 0;
    }
    const char *slash = strrchr(path, '/');
    int length = slash ? (int)(slash - path) : 0;
    (void)snprintf(folder, sizeof folder, "%.*s%s", length, path,
                   slash == path ? "/"
                   : slash       ? ""
                                 : ".");
    return access(folder, W_OK) == 0;
}

static int flood(const struct spw__options *options)
{
    const char *const paths[] = {options->json, options->report};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        if (!can_be_written(paths[i])) {
            fprintf(stderr, "spillway: %s cannot be written: %s\n", paths[i], strerror(errno));
            return SPW__EXIT_USAGE;
        }
    }
    return strcmp(options->verb, "replay") == 0 ? spw__command_replay(options)
                                                : spw__command_flood(options);
}

static int obey(int argc, char **argv)
{
    struct spw__options options;
    char error[400];
    char line[1000];
    switch (spw__options_read(&options, argc - 1, argv + 1, error, sizeof error)) {
    case SPW__ASKED_HELP:
        fputs(help, stdout);
        return SPW__EXIT_GOOD;
    case SPW__ASKED_VERSION:
        puts("spillway " SPW__VERSION);
        return SPW__EXIT_GOOD;
    case SPW__ASKED_WRONG:
        fprintf(stderr, "spillway: %s\n(spillway --help shows all)\n", error);
        return SPW__EXIT_USAGE;
    case SPW__ASKED_FLOOD:
        break;
    }
    join(line, sizeof line, argc, argv);
    options.command_line = line;
    return flood(&options);
}

/* What could not be said is not done: a result that nobody got must not look like one. */
int main(int argc, char **argv)
{
    int status = obey(argc, argv);
    errno = 0;
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "spillway: only a part of the output could be written: %s\n",
                errno ? strerror(errno) : "the device refused");
        return SPW__EXIT_USAGE;
    }
    return status;
}
