/*
 * command/progress.c - how far a flood is.
 *
 * What lives here: a bar on a terminal, a line every few seconds elsewhere (a log must stay
 * readable), nothing when quiet. Everything goes to stderr, so that stdout holds the result alone.
 * Who calls: flood/contest.c, replay/staff.c. Not safe for several threads: the caller serialises.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"
#include "command/command.h"

enum { COLUMNS = 40, TENTHS = 10, LINE_S = 5 };

static double seconds_now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void spw__progress_begin(struct spw__progress *progress, const char *label, uint64_t total,
                         bool quiet)
{
    *progress = (struct spw__progress){.label = label,
                                       .total = total ? total : 1,
                                       .terminal = isatty(STDERR_FILENO) == 1,
                                       .told_s = seconds_now(),
                                       .quiet = quiet};
    spw__progress_step(progress, 0);
}

static void draw_bar(const struct spw__progress *progress, uint64_t columns)
{
    char bar[COLUMNS + 1];
    memset(bar, '.', COLUMNS);
    memset(bar, '#', columns);
    bar[COLUMNS] = 0;
    fprintf(stderr, "\r%-24.24s [%s] %3u %%", progress->label, bar,
            (unsigned)(columns * 100 / COLUMNS));
    fflush(stderr);
}

void spw__progress_step(struct spw__progress *progress, uint64_t done)
{
    if (progress->quiet) {
        return;
    }
    SPW_ASSERT(progress->total > 0);
    uint64_t share = done < progress->total ? done : progress->total;
    uint64_t parts = progress->terminal ? COLUMNS : TENTHS;
    uint64_t now = share * parts / progress->total;
    if (progress->terminal) {
        if (now != progress->shown || done == 0) {
            draw_bar(progress, now);
        }
    } else if (now > progress->shown && seconds_now() - progress->told_s >= LINE_S) {
        progress->told_s = seconds_now();
        fprintf(stderr, "%.40s: %u %%\n", progress->label, (unsigned)(now * 100 / parts));
    }
    progress->shown = now;
}

void spw__progress_end(struct spw__progress *progress)
{
    spw__progress_step(progress, progress->total);
    if (!progress->quiet && progress->terminal) {
        fprintf(stderr, "\r%79s\r", "");
        fflush(stderr);
    }
}
