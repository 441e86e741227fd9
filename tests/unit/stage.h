/*
 * tests/unit/stage.h - the smallest set-up for a simulated scene: one skill, one queue, one centre.
 */
#ifndef SPW__TESTS_STAGE_H
#define SPW__TESTS_STAGE_H

#include <spillway.h>

struct stage {
    spw_ns wrap_up;      /* 0: none */
    int64_t waiting_max; /* counts if `waiting_max_set` */
    int64_t callback_max;
    int waiting_max_set;
    int more_queues; /* like the first */
    int more_centres;
    spw_ns park_grace;  /* 0: the default */
    spw_ns lease;       /* 0: none */
    int64_t rest_share; /* 0: the default */
};

static inline int stage_skill(struct spw_engine *e)
{
    spw_skill skill;
    int failed = spw_skill_add(e, 1, 0, &skill);
    failed |= spw_stage_begin(e, SPW_STAGE_SKILLSET, 0);
    failed |= spw_stage_skill(e, skill, 50, 0);
    failed |= spw_stage_commit(e, 0, NULL);
    failed |= spw_stage_begin(e, SPW_STAGE_NEED, 0);
    failed |= spw_stage_literal(e, skill, 1, SPW_HOLDS, 0);
    failed |= spw_stage_clause(e, 0, 0);
    failed |= spw_stage_commit(e, 0, NULL);
    return failed;
}

static inline int stage_queue(struct spw_engine *e, const struct stage *stage)
{
    int failed = spw_stage_begin(e, SPW_STAGE_QUEUE, 0);
    failed |= spw_stage_set(e, SPW_QUEUE_NEED, 0, 1, 0);
    failed |= spw_stage_set(e, SPW_QUEUE_WRAP_UP, 0, stage->wrap_up, 0);
    failed |= spw_stage_set(e, SPW_QUEUE_CALLBACK_MAX, 0, stage->callback_max, 0);
    if (stage->waiting_max_set) {
        failed |= spw_stage_set(e, SPW_QUEUE_WAITING_MAX, 0, stage->waiting_max, 0);
    }
    if (stage->park_grace > 0) {
        failed |= spw_stage_set(e, SPW_QUEUE_PARK_GRACE, 0, stage->park_grace, 0);
    }
    return failed | spw_stage_commit(e, 0, NULL);
}

static inline int stage_commit(void *context, struct spw_engine *e)
{
    const struct stage *stage = (const struct stage *)context;
    int failed = stage_skill(e);
    for (int i = 0; i <= stage->more_queues; i++) {
        failed |= stage_queue(e, stage);
    }
    for (int i = 0; i <= stage->more_centres; i++) {
        failed |= spw_stage_begin(e, SPW_STAGE_CENTRE, 0);
        if (stage->lease > 0) {
            failed |= spw_stage_set(e, SPW_CENTRE_LEASE, 0, stage->lease, 0);
        }
        if (stage->rest_share > 0) {
            failed |= spw_stage_set(e, SPW_CENTRE_REST_SHARE, 0, stage->rest_share, 0);
        }
        failed |= spw_stage_commit(e, 0, NULL);
    }
    return failed;
}

#endif
