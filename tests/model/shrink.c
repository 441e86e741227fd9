/*
 * model/shrink.c - a failing script made small: chunks of inputs are deleted, large ones first,
 * for as long as the same thing differs (delta debugging, without complements).
 */
#include "check.h"

#include <stdlib.h>
#include <string.h>

static bool still_fails(const struct script *script, const char *what, struct difference *found)
{
    struct difference now = {0};
    if (run_script(script, false, &now) || strcmp(now.what, what) != 0) {
        return false;
    }
    *found = now;
    return true;
}

static void without(struct script *to, const struct script *from, uint32_t at, uint32_t n)
{
    script_init(to);
    to->config = from->config;
    to->seed = from->seed;
    for (uint32_t i = 0; i < from->count; i++) {
        if (i < at || i >= at + n) {
            script_add(to, &from->steps[i]);
        }
    }
}

void shrink(struct script *script, struct difference *found)
{
    char what[sizeof found->what];
    memcpy(what, found->what, sizeof what);
    if (!still_fails(script, what, found)) {
        return;
    }
    script->count = found->at + 1;
    uint32_t chunk = script->count;
    uint32_t tries = 0;
    while (chunk > 0 && tries < 20000) {
        bool smaller = false;
        for (uint32_t at = script->count; at-- > 0 && tries < 20000;) {
            if (at % chunk != 0) {
                continue;
            }
            struct script less;
            without(&less, script, at, chunk);
            tries++;
            if (less.count < script->count && still_fails(&less, what, found)) {
                script_free(script);
                *script = less;
                smaller = true;
            } else {
                script_free(&less);
            }
        }
        chunk = smaller && chunk == 1 ? 1 : chunk / 2;
    }
}
