/*
 * longest_ranked.c - the longest queue first; of two equally long ones the better priority.
 *
 * The reference models of the W and M networks say which class wins a tie of lengths, the built-in
 * `longest-queue` lets the longer wait decide. So the comparison brings its own policy, through the
 * door that every author of a policy uses: a shared object with spw_policy_entry.
 */
#include <spillway/policy.h>

static void order(const void *params, const struct spw_decision *decision,
                  const struct spw_head *heads, size_t n, int64_t *scores)
{
    (void)params;
    (void)decision;
    for (size_t i = 0; i < n; i++) {
        scores[i] = -(int64_t)heads[i].queue_length * SPW_PRIORITY_COUNT + heads[i].priority;
    }
}

SPW_API const struct spw_policy *spw_policy_entry(void);

const struct spw_policy *spw_policy_entry(void)
{
    static const struct spw_policy policy = {.size = sizeof policy,
                                             .abi = SPW_POLICY_REVISION,
                                             .name = "longest-ranked",
                                             .revision = 1,
                                             .order = order};
    return &policy;
}
