/*
 * A policy by another author: built with nothing but the installed headers, loaded by the installed
 * command. The contact in the queue with the fewest waiting goes first.
 */
#include <spillway/policy.h>

const struct spw_policy *spw_policy_entry(void);

static void order(const void *params, const struct spw_decision *decision,
                  const struct spw_head *heads, size_t n, int64_t *scores)
{
    (void)params;
    (void)decision;
    for (size_t i = 0; i < n; i++) {
        scores[i] = heads[i].queue_length;
    }
}

static const struct spw_policy policy = {.size = sizeof(struct spw_policy),
                                         .abi = SPW_POLICY_REVISION,
                                         .name = "shortest-queue",
                                         .revision = 7,
                                         .order = order};

const struct spw_policy *spw_policy_entry(void)
{
    return &policy;
}
