/*
 * engine/node.h - what can have a deadline, as numbers of the heap: one range for each kind.
 *
 * contacts | personal records | items of counsellors | duty | rest | thaw of centres
 */
#ifndef SPW__ENGINE_NODE_H
#define SPW__ENGINE_NODE_H

#include "engine/state.h"

enum spw__timer_kind {
    SPW__TIMER_CONTACT = 1, /* offer time-out, park grace, callback due, ladder step: by state */
    SPW__TIMER_PERSONAL,    /* decline over, hold over, work item expired */
    SPW__TIMER_WRAP_UP,
    SPW__TIMER_DUTY, /* lease or reconnect grace */
    SPW__TIMER_REST, /* rest over or shift over */
    SPW__TIMER_THAW
};

static inline uint32_t spw__node_contact(const struct spw_engine *e, uint32_t slot)
{
    (void)e;
    return slot;
}
static inline uint32_t spw__node_personal(const struct spw_engine *e, uint32_t extra)
{
    return e->config.contacts_max + extra;
}
static inline uint32_t spw__node_wrap_up(const struct spw_engine *e, uint32_t counsellor,
                                         uint32_t i)
{
    return e->config.contacts_max + e->extras.capacity + counsellor * e->config.items_max + i;
}
static inline uint32_t spw__node_duty(const struct spw_engine *e, uint32_t counsellor)
{
    return e->config.contacts_max + e->extras.capacity +
           e->config.counsellors_max * e->config.items_max + counsellor;
}
static inline uint32_t spw__node_rest(const struct spw_engine *e, uint32_t counsellor)
{
    return spw__node_duty(e, counsellor) + e->config.counsellors_max;
}
static inline uint32_t spw__node_thaw(const struct spw_engine *e, uint32_t centre)
{
    return spw__node_duty(e, 0) + 2 * e->config.counsellors_max + centre;
}

#endif
