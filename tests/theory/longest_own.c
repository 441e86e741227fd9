/*
 * longest_own.c - the longest queue first; of two equally long ones that of the pool itself.
 *
 * For models of two pools that balance their queues. Skill set i of the scenario is the pool of
 * queue i, and the plan numbers both in the order of the file.
 */
#include <spillway/policy.h>

static void order(const void *params, const struct spw_decision *decision,
                  const struct spw_head *heads, size_t n, int64_t *scores)
{
    (void)params;
    for (size_t i = 0; i < n; i++) {
        scores[i] = -2 * (int64_t)heads[i].queue_length + (heads[i].queue != decision->skillset);
    }
}

SPW_API const struct spw_policy *spw_policy_entry(void);

const struct spw_policy *spw_policy_entry(void)
{
    static const struct spw_policy policy = {.size = sizeof policy,
                                             .abi = SPW_POLICY_REVISION,
                                             .name = "longest-own",
                                             .revision = 1,
                                             .order = order};
    return &policy;
}
