/*
 * model/cover.c - what the random worlds reached, and whether a corner that they should reach was
 * never seen. A corner that nothing can reach yet is named here with the reason.
 */
#include "check.h"
#include "generate.h"

#include <inttypes.h>

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

/* A corner that is reached only where a group of inputs is drawn (generate.h), or by no random
 * input at all. */
struct corner {
    uint32_t number, group;
};

static bool expected(uint32_t number, const struct corner *corners, size_t n, uint32_t features)
{
    for (size_t i = 0; i < n; i++) {
        if (corners[i].number == number) {
            return corners[i].group != NEVER && (features & (1u << corners[i].group)) != 0;
        }
    }
    return true;
}

static bool reached(const char *what, const char *name, uint64_t count)
{
    if (count == 0) {
        printf("model_check: never reached: %s %s\n", what, name);
    }
    return count != 0;
}

static bool all_reached(const char *what, const struct name *names, size_t n,
                        const uint64_t *counts, const struct corner *corners, size_t corner_count,
                        uint32_t features)
{
    bool good = true;
    for (size_t i = 0; i < n; i++) {
        uint32_t number = names[i].number;
        if (expected(number, corners, corner_count, features)) {
            good = reached(what, names[i].text, counts[number]) && good;
        }
    }
    return good;
}

static bool all_reasons(const char *what, const char *(*name)(uint32_t), uint32_t n,
                        const uint64_t *counts, const struct corner *corners, size_t corner_count,
                        uint32_t features)
{
    bool good = true;
    for (uint32_t i = 1; i < n; i++) {
        if (expected(i, corners, corner_count, features)) {
            good = reached(what, name(i), counts[i]) && good;
        }
    }
    return good;
}

static const char *number_name(uint32_t number)
{
    static char text[12];
    snprintf(text, sizeof text, "%" PRIu32, number);
    return text;
}

static const struct corner few_events[] = {{SPW_EVENT_BREAK_DUE, GROUP_LIMITS},
                                           {SPW_EVENT_BREAK_PUT_OFF, GROUP_LIMITS},
                                           {SPW_EVENT_QUEUE, GROUP_CLOSE},
                                           {SPW_EVENT_CENTRE, GROUP_CLOSE},
                                           {SPW_EVENT_CLAIMED, FEATURE_CHANNELS},
                                           {SPW_EVENT_CLAIM_RELEASED, FEATURE_CHANNELS},
                                           {SPW_EVENT_PROTECTED_EMPTY, FEATURE_PRIORITY_0}};
/* The four are never told, as event.h says. */
static const struct corner few_blocks[] = {{SPW_BLOCK_LAW, NEVER},
                                           {SPW_BLOCK_CAP, NEVER},
                                           {SPW_BLOCK_P0_HOLD, NEVER},
                                           {SPW_BLOCK_ADMISSION, NEVER},
                                           {SPW_BLOCK_LIMIT, GROUP_LIMITS},
                                           {SPW_BLOCK_RESERVE, GROUP_PLAN},
                                           {SPW_BLOCK_CLAIMED, FEATURE_CHANNELS},
                                           {SPW_BLOCK_GROUP, FEATURE_CHANNELS}};
/* What spw_apply cannot return: creation and import. */
static const struct corner few_errors[] = {
    {-SPW_E_NEWER, NEVER},   {-SPW_E_MEMORY, NEVER}, {-SPW_E_FORMAT, NEVER},
    {-SPW_E_VERSION, NEVER}, {-SPW_E_LIMITS, NEVER}, {-SPW_E_BLOCKED, GROUP_SUPERVISE}};
static const struct corner few_ends[] = {{SPW_END_REFUSED_CLOSED, GROUP_CLOSE},
                                         {SPW_END_EXPIRED, FEATURE_DEADLINES},
                                         {SPW_END_LOST, GROUP_RECONCILE}};
/* PLAN and STICKY are in no event's row of event.h. */
static const struct corner few_whys[] = {{SPW_WHY_PLAN, NEVER},
                                         {SPW_WHY_STICKY, NEVER},
                                         {SPW_WHY_QUEUE_CLOSED, GROUP_CLOSE},
                                         {SPW_WHY_CENTRE_DARK, GROUP_CLOSE},
                                         {SPW_WHY_SEVERE_STREAK, GROUP_LIMITS},
                                         {SPW_WHY_LOAD, GROUP_LIMITS}};
/* 3 is no number of enum spw_reconciled. */
static const struct corner few_reconciled[] = {{3, NEVER},
                                               {SPW_RECONCILED_QUEUE_CLOSED, GROUP_CLOSE}};
static const struct corner few_inputs[] = {
    {SPW_INPUT_QUEUE_CLOSE, GROUP_CLOSE},      {SPW_INPUT_QUEUE_OPEN, GROUP_CLOSE},
    {SPW_INPUT_CENTRE_CLOSE, GROUP_CLOSE},     {SPW_INPUT_CENTRE_OPEN, GROUP_CLOSE},
    {SPW_INPUT_CENTRE_DARK, GROUP_CLOSE},      {SPW_INPUT_COUNSELLOR_LIMITS, GROUP_LIMITS},
    {SPW_INPUT_COUNSELLOR_DEFER, GROUP_LIMITS}};

#define CORNERS(list) list, COUNT(list), features

/* What the groups that are drawn should reach, and did not, is printed. */
bool coverage_complete(const struct coverage *c, uint32_t features)
{
    bool good = all_reached("event", events, COUNT(events), c->events, CORNERS(few_events));
    good = all_reached("block", blocks, COUNT(blocks), c->blocks, CORNERS(few_blocks)) && good;
    good = all_reached("result", errors, COUNT(errors), c->results, CORNERS(few_errors)) && good;
    good = all_reached("input", inputs, COUNT(inputs), c->inputs, CORNERS(few_inputs)) && good;
    good = all_reasons("end", spw_end_name, SPW_END_COUNT, c->ends, CORNERS(few_ends)) && good;
    good = all_reasons("reason", spw_why_name, SPW_WHY_COUNT, c->whys, CORNERS(few_whys)) && good;
    return all_reasons("reconciled", number_name, SPW_RECONCILED_STATE + 1, c->reconciled,
                       CORNERS(few_reconciled)) &&
           good;
}
