/*
 * spillway/policy.h - the seam for routing policies.
 *
 * A policy ranks; it never sees the protected tier, never breaks law, need, exclusion or capacity,
 * and never touches the engine. Hooks get integers and arrays of class heads and write scores:
 * the SMALLEST score goes first. Equal scores are ordered by first arrival, then by sequence.
 *
 * Rules for every hook: a pure function of its arguments and `params`; no floating point whose
 * rounding could differ, no clock, no randomness, no state; no call into the engine. From the hook
 * of a call that may change the engine (spw_apply, spw_state_import), a second call that may change
 * it is misuse and ends the process. `order` must be there; `choose` or `admit` left
 * null keeps what the plan says. To change only these, take `order` from spw_policy_builtin.
 *
 * A policy in a shared object exports `const struct spw_policy *spw_policy_entry(void)`.
 */
#ifndef SPILLWAY_POLICY_H
#define SPILLWAY_POLICY_H

#include <spillway/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SPW_POLICY_REVISION 1u

/* The situation of one decision. */
struct spw_decision {
    uint32_t size;
    uint32_t pool_flexibility; /* skills held by the pool that freed; 0 on the contact side */
    spw_ns now;
    spw_centre centre;
    spw_skillset skillset; /* of the freed counsellor; 0 on the contact side */
    uint32_t free_here;    /* counsellors of that pool with room, the freed one counted */
    uint32_t reserved_0;
};

/* The first waiting contact of one class that the freed counsellor may take. */
struct spw_head {
    spw_ns arrived_at;     /* place: first arrival, credit included */
    spw_ns queued_at;      /* start of this wait */
    spw_ns target_ns;      /* the queue's target for this priority */
    spw_ns deadline;       /* of a work item; SPW_FOREVER otherwise */
    spw_ns head_start;     /* the plan's, for this priority */
    uint32_t length;       /* waiting in the class */
    uint32_t rank;         /* SPW_PLAN_PREFER_RANK of this pool for this queue; default 0 */
    uint32_t queue_length; /* waiting in the queue at this centre, all classes */
    spw_queue queue;
    uint8_t priority; /* effective; 1..7 (0 outside the protected tier) */
    uint8_t base_priority;
    uint8_t channel;
    uint8_t flags; /* enum spw_contact_flag */
    uint32_t rate; /* SPW_PLAN_RATE of the priority */
};

/* A pool with somebody free for a contact. */
struct spw_idle {
    uint64_t idle_rank; /* smaller = idle for longer */
    spw_skillset skillset;
    uint32_t flexibility; /* skills held */
    uint32_t wholly_free; /* counsellors who hold nothing */
    uint32_t order;       /* SPW_PLAN_POOL_ORDER */
    uint32_t units_held;  /* by the counsellor who would be taken */
    uint32_t level;       /* sum of levels in the skills needed */
};

enum spw_policy_flag {
    /* order's score depends on arrived_at, priority, head_start, target and deadline alone: it is
     * computed when a head changes, and compared by vector code. */
    SPW_POLICY_STATIC = 1,
    SPW_POLICY_NEWEST_FIRST = 2 /* inside a class the newest goes first (canary), except for danger
                                   in a tier of its own */
};

/*
 * `size` is first, so that a policy and a library of different age understand each other: a shorter
 * struct has only the hooks that it has room for; a longer one is taken if the rest of it is zero
 * (null hooks), else SPW_E_NEWER.
 */
struct spw_policy {
    uint32_t size;      /* sizeof(struct spw_policy) where the policy was compiled */
    uint32_t abi;       /* SPW_POLICY_REVISION */
    char name[24];      /* lower case, digits, '-'; ends in a zero byte */
    uint32_t revision;  /* the author's own; hashed. It stands for what `params` holds, too: other
                           parameters are another revision, or replays differ unseen */
    uint32_t flags;     /* enum spw_policy_flag */
    const void *params; /* handed to every hook; must outlive the engine */
    /* Counsellor side: which class is served. It also decides which of several contacts that become
     * possible at once is looked at first: asked of each alone, `skillset` and `free_here` 0. */
    void (*order)(const void *params, const struct spw_decision *decision,
                  const struct spw_head *heads, size_t n, int64_t *scores);
    /* Contact side: which pool serves. For danger it is asked of the pools with a counsellor who
     * did not miss their last offer; if there are none, of the others. */
    void (*choose)(const void *params, const struct spw_decision *decision,
                   const struct spw_idle *pools, size_t n, int64_t *scores);
    /* Admission, asked last, when nobody could take the arrival: 1 admit, 0 refuse. Never asked for
     * effective priority 0. `waiting` counts the queue at the centre. */
    int (*admit)(const void *params, const struct spw_head *arrival, uint64_t waiting);
};

#define SPW_POLICY_SIZE_V1 72u

/* The built-in policies by enum spw_order; null past the end. Useful to wrap one. */
SPW_API const struct spw_policy *spw_policy_builtin(uint32_t order);

#ifdef __cplusplus
}
#endif

#endif
