/*
 * base/assert.c - what happens on a programming mistake.
 *
 * What lives here: the hook that a host may set to log, or a test to jump out; then the process
 * ends, because an engine whose invariant is broken must not go on deciding about people.
 * Invariant: the only process-wide variable of the library. Cost: none until it is too late.
 */
#include "base/assert.h"

#include <stddef.h>
#include <stdlib.h>

static struct {
    spw__misuse_hook hook;
    void *context;
} misuse = {NULL, NULL};

void spw__misuse_set(spw__misuse_hook hook, void *context)
{
    misuse.hook = hook;
    misuse.context = context;
}

_Noreturn void spw__misuse(const char *file, int line, const char *expression)
{
    if (misuse.hook != NULL) {
        misuse.hook(misuse.context, file, line, expression);
    }
    abort();
}
