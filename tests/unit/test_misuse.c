/*
 * tests/unit/test_misuse.c - a null engine is told by the hook, with a place in the tree, whatever
 * function it is passed to.
 */
#include <setjmp.h>
#include <stdbool.h>
#include <string.h>

#include "desk.h"
#include "suite.h"

static jmp_buf back;
static char place[200];

static void told(void *context, const char *file, int line, const char *condition)
{
    (void)context;
    (void)line;
    (void)condition;
    strncpy(place, file, sizeof place - 1);
    longjmp(back, 1);
}

/* The call does not return, and the hook is told a room of the engine. */
#define TOLD(call)                                                                                 \
    do {                                                                                           \
        place[0] = '\0';                                                                           \
        if (setjmp(back) == 0) {                                                                   \
            uint64_t unused = (uint64_t)(call);                                                    \
            (void)unused;                                                                          \
            ck_abort_msg("%s: not told", #call);                                                   \
        }                                                                                          \
        ck_assert_msg(strstr(place, "lib/engine/") != NULL, "%s: %s", #call, place);               \
    } while (0)

static void usage_of_none(struct spw_usage *usage)
{
    spw_view_usage(NULL, usage);
}

START_TEST(a_null_engine_is_told)
{
    static union {
        struct spw_input input;
        struct spw_event event;
        struct spw_contact_view contact;
        struct spw_counsellor_view counsellor;
        struct spw_wait_estimate wait;
        struct spw_counters counters;
        struct spw_usage usage;
        uint64_t number;
        spw_ns time;
        uint64_t blocks[SPW_BLOCK_COUNT];
        char text[8];
    } out;
    spw_contact x = {1};
    spw_counsellor c = {1};
    spw_misuse_set(told, NULL);
    TOLD(spw_apply(NULL, &out.input, 0, NULL));
    TOLD(spw_advance(NULL, 0));
    TOLD(spw_continue(NULL, 0));
    TOLD(spw_poll(NULL, &out.event, 1));
    TOLD(spw_clock(NULL));
    TOLD(spw_next_deadline(NULL));
    TOLD(spw_vector_width(NULL));
    TOLD(spw_vector_width_set(NULL, 0));
    TOLD(spw_event_digest(NULL));
    TOLD(spw_state_hash(NULL));
    TOLD(spw_state_export(NULL, NULL, 0));
    TOLD(spw_state_import(NULL, &out, 8));
    TOLD(spw_check(NULL, out.text, 8));
    TOLD(spw_view_contact(NULL, x, &out.contact));
    TOLD(spw_view_find(NULL, (spw_id){1, 1}).bits);
    TOLD(spw_view_counsellor(NULL, c, &out.counsellor));
    TOLD(spw_view_counsellor_find(NULL, 1).bits);
    TOLD(spw_view_ahead(NULL, x, &out.number));
    TOLD(spw_view_wait(NULL, x, &out.wait));
    TOLD(spw_view_block(NULL, x, c));
    TOLD(spw_view_why_not(NULL, x, out.blocks));
    TOLD(spw_view_counters(NULL, 1, 1, -1, 0, &out.counters));
    TOLD(spw_view_target(NULL, 1, 1, &out.time));
    TOLD(spw_view_served_by(NULL, 1, 1));
    TOLD(spw_view_overtaking_bound(NULL, 1));
    TOLD((usage_of_none(&out.usage), 0));
    spw_misuse_set(NULL, NULL);
    spw_engine_destroy(NULL); /* fine, as it is with free */
}
END_TEST

int main(void)
{
    return SUITE_RUN("misuse", a_null_engine_is_told);
}
