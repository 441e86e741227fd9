/*
 * tests/unit/test_layout.c - the layout of every public struct of the shared library, as this minor
 * version has it (spillway/version.h, "Promise"): size, last member, its offset. A line that breaks
 * is a new layout: raise SPW_VERSION_MINOR, and with it the name of the library, before the change
 * is released.
 */
#include <stddef.h>

#include <spillway.h>
#include <spillway/version.h>

#include "suite.h"

#if SPW_VERSION_MAJOR != 0 || SPW_VERSION_MINOR != 1
#error "the numbers below are those of 0.1"
#endif

#define LAYOUT(name, size, last, offset)                                                           \
    _Static_assert(sizeof(struct name) == (size) && offsetof(struct name, last) == (offset),       \
                   #name " has another layout")

LAYOUT(spw_contact, 8, bits, 0);
LAYOUT(spw_counsellor, 8, bits, 0);
LAYOUT(spw_id, 16, lo, 8);
LAYOUT(spw_allocator, 24, release, 16);
LAYOUT(spw_config, 88, seed, 80);
LAYOUT(spw_event, 112, detail_a, 104);
LAYOUT(spw_arrive, 96, reserved_1, 92);
LAYOUT(spw_counsellor_add, 32, reserved_0, 28);
LAYOUT(spw_input, 128, u, 8);
LAYOUT(spw_decision, 32, reserved_0, 28);
LAYOUT(spw_head, 64, rate, 60);
LAYOUT(spw_idle, 32, level, 28);
LAYOUT(spw_policy, 72, admit, 64);
LAYOUT(spw_contact_view, 96, until, 88);
LAYOUT(spw_counsellor_view, 56, claim, 48);
LAYOUT(spw_queue_view, 32, open, 28);
LAYOUT(spw_centre_view, 48, reserved_0, 44);
LAYOUT(spw_depth, 176, head_wait_by_priority, 112);
LAYOUT(spw_wait_estimate, 24, high, 16);
LAYOUT(spw_counters, 256, lost_to_limits, 248);
LAYOUT(spw_usage, 88, bytes_per_contact_all, 80);

/* What each kind of input may use; the rest of a record is zero and free for later. */
#define MEMBER(name, size)                                                                         \
    _Static_assert(sizeof(((struct spw_input *)0)->u.name) == (size), #name " has another size")

MEMBER(bytes, 120);
MEMBER(span, 8);
MEMBER(stage, 4);
MEMBER(literal, 12);
MEMBER(clause, 4);
MEMBER(step, 16);
MEMBER(set, 16);
MEMBER(skill, 8);
MEMBER(queue, 8);
MEMBER(centre, 8);
MEMBER(counsellor_add, 32);
MEMBER(counsellor, 16);
MEMBER(limits, 32);
MEMBER(arrive, 96);
MEMBER(contact, 16);
MEMBER(pair, 24);
MEMBER(reclassify, 24);
MEMBER(transfer, 32);
MEMBER(callback, 32);
MEMBER(supervise, 40);

_Static_assert(SPW_CONFIG_SIZE_V1 <= sizeof(struct spw_config), "a config never gets shorter");
_Static_assert(SPW_POLICY_SIZE_V1 <= sizeof(struct spw_policy), "a policy never gets shorter");

/* The structs that say their size have it first: any version finds it there. */
START_TEST(what_says_its_size_says_it_first)
{
    ck_assert_uint_eq(offsetof(struct spw_config, size), 0);
    ck_assert_uint_eq(offsetof(struct spw_policy, size), 0);
    ck_assert_uint_eq(offsetof(struct spw_decision, size), 0);
}
END_TEST

int main(void)
{
    return SUITE_RUN("layout", what_says_its_size_says_it_first);
}
