/*
 * model/cover.c - what the random worlds reached, and whether a corner that they should reach was
 * never seen. A corner that nothing can reach yet is named here with the reason.
 */
#include "check.h"

#include <inttypes.h>
#include <string.h>

#define NEVER UINT32_MAX

struct name {
    uint32_t number;
    const char *text;
};

static const struct name events[] = {
#define NAME(number, name) {number, #name},
    SPW_EVENT_MAP(NAME)};

static const struct name blocks[] = {SPW_BLOCK_MAP(NAME)};
static const struct name errors[] = {
#undef NAME
#define NAME(number, name, text) {-(number), #name},
    SPW_ERROR_MAP(NAME)
#undef NAME
};

static const struct name inputs[] = {
#define NAME(number, name, sort, member) {number, #name},
    SPW_INPUT_MAP(NAME)
#undef NAME
};

#define COUNT(of) (sizeof of / sizeof of[0])

static void row(const char *title, const struct name *names, size_t n, const uint64_t *counts)
{
    printf("%s:", title);
    for (size_t i = 0; i < n; i++) {
        printf(" %s %" PRIu64, names[i].text, counts[names[i].number]);
    }
    printf("\n");
}

static void row_by(const char *title, const char *(*name)(uint32_t), uint32_t n,
                   const uint64_t *counts)
{
    printf("%s:", title);
    for (uint32_t i = 1; i < n; i++) {
        printf(" %s %" PRIu64, name(i), counts[i]);
    }
    printf("\n");
}

void coverage_print(const struct coverage *c)
{
    row("inputs", inputs, COUNT(inputs), c->inputs);
    row("refused", inputs, COUNT(inputs), c->refused);
    row("results", errors, COUNT(errors), c->results);
    row("events", events, COUNT(events), c->events);
    row("blocks", blocks, COUNT(blocks), c->blocks);
    row_by("reasons", spw_why_name, SPW_WHY_COUNT, c->whys);
    row_by("ends", spw_end_name, SPW_END_COUNT, c->ends);
    printf("reconciled:");
    for (int i = 1; i <= SPW_RECONCILED_STATE; i++) {
        printf(" %d: %" PRIu64, i, c->reconciled[i]);
    }
    printf("\norders:");
    for (int i = 0; i < SPW_ORDER_CUSTOM; i++) {
        printf(" %" PRIu64, c->orders[i]);
    }
    printf("\n");
}

static bool reached(const char *what, const char *name, uint64_t count)
{
    if (count == 0) {
        printf("model_check: never reached: %s %s\n", what, name);
    }
    return count != 0;
}

static bool listed(uint32_t number, const uint32_t *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (list[i] == number) {
            return true;
        }
    }
    return false;
}

/* Links, custom policies, exports and memory are other tests'; the rest must be seen. */
bool coverage_complete(const struct coverage *c)
{
    static const uint32_t no_events[] = {SPW_EVENT_BREAK_DUE};
    static const uint32_t no_blocks[] = {SPW_BLOCK_LAW, SPW_BLOCK_CAP, SPW_BLOCK_LIMIT,
                                         SPW_BLOCK_P0_HOLD, SPW_BLOCK_ADMISSION};
    static const uint32_t no_errors[] = {2, 3, 14, 15, 18, 9};
    static const uint32_t no_ends[] = {SPW_END_LOST};
    bool good = true;
    for (size_t i = 0; i < COUNT(events); i++) {
        good = (listed(events[i].number, no_events, COUNT(no_events)) ||
                reached("event", events[i].text, c->events[events[i].number])) &&
               good;
    }
    for (size_t i = 0; i < COUNT(blocks); i++) {
        good = (listed(blocks[i].number, no_blocks, COUNT(no_blocks)) ||
                reached("block", blocks[i].text, c->blocks[blocks[i].number])) &&
               good;
    }
    for (size_t i = 0; i < COUNT(errors); i++) {
        good = (listed(errors[i].number, no_errors, COUNT(no_errors)) ||
                reached("error", errors[i].text, c->results[errors[i].number])) &&
               good;
    }
    for (uint32_t i = 1; i < SPW_END_COUNT; i++) {
        good =
            (listed(i, no_ends, COUNT(no_ends)) || reached("end", spw_end_name(i), c->ends[i])) &&
            good;
    }
    for (size_t i = 0; i < COUNT(inputs); i++) {
        good = reached("input", inputs[i].text, c->inputs[inputs[i].number]) && good;
    }
    return good;
}
