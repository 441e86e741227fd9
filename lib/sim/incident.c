/*
 * sim/incident.c - what befalls centres and queues at a stated time: dark, closed, frozen; and the
 * declared level of a centre, which changes how long talks take.
 *
 * Invariant: the engine learns of an incident by one input and of its end by another; the staff of
 * a dark centre says nothing until it is back.
 * Who calls: sim/world.c. Cost: of an incident the staff of its centre; of a factor the number of
 * levels.
 */
#include "sim/world.h"

static const uint32_t inputs[][2] = {
    [SPW_INCIDENT_DARK] = {SPW_INPUT_CENTRE_DARK, SPW_INPUT_CENTRE_OPEN},
    [SPW_INCIDENT_CLOSED] = {SPW_INPUT_CENTRE_CLOSE, SPW_INPUT_CENTRE_OPEN},
    [SPW_INCIDENT_QUEUE_CLOSED] = {SPW_INPUT_QUEUE_CLOSE, SPW_INPUT_QUEUE_OPEN},
    [SPW_INCIDENT_FROZEN] = {SPW_INPUT_SUPERVISE_FREEZE, SPW_INPUT_SUPERVISE_THAW},
};

void spw__incidents_open(struct spw_world *world)
{
    const struct spw_scenario *scenario = world->scenario;
    for (uint32_t i = 0; i <= world->centre_count; i++) {
        world->dark[i] = 0;
    }
    for (uint32_t i = 0; i < scenario->incident_count; i++) {
        const struct spw_incident *incident = &scenario->incidents[i];
        spw__world_plan(world, SPW__INCIDENT_ON, (spw_ns)(incident->at_s * 1e9), i, 0, 0);
        if (incident->until_s > 0) {
            spw__world_plan(world, SPW__INCIDENT_OFF, (spw_ns)(incident->until_s * 1e9), i, 0, 0);
        }
    }
}

void spw__incident_happen(struct spw_world *world, const struct spw__appointment *what)
{
    const struct spw_incident *incident = &world->scenario->incidents[what->who];
    bool over = what->kind == SPW__INCIDENT_OFF;
    struct spw_input input = {.kind = inputs[incident->kind][over]};
    if (incident->kind == SPW_INCIDENT_QUEUE_CLOSED) {
        input.u.queue.queue = incident->queue;
    } else if (incident->kind == SPW_INCIDENT_FROZEN) {
        input.u.supervise.centre = incident->centre;
    } else {
        input.u.centre.centre = incident->centre;
    }
    if (incident->kind == SPW_INCIDENT_DARK && !over) {
        spw__staff_dark(world, incident->centre, true);
    }
    (void)spw__world_apply(world, &input, NULL);
    if (incident->kind == SPW_INCIDENT_DARK && over) {
        spw__staff_dark(world, incident->centre, false);
    }
}

static uint32_t level_of(const struct spw_world *world, spw_centre centre)
{
    const struct spw_scenario *scenario = world->scenario;
    double now_s = (double)world->now * 1e-9;
    uint32_t level = 0;
    for (size_t i = 0; i < scenario->level_count; i++) {
        const struct spw_level *change = &scenario->levels[i];
        if (change->centre == centre && change->from_s <= now_s) {
            level = change->level;
        }
    }
    return level;
}

double spw__talk_factor(const struct spw_world *world, uint32_t worker, spw_queue queue)
{
    if (worker == SPW__NOBODY) {
        return 1;
    }
    const struct spw_crew *crew = &world->scenario->crews[world->worker[worker].crew];
    double factor = crew->service_factor > 0 ? crew->service_factor : 1;
    for (size_t i = 0; i < crew->pace_count; i++) {
        if (crew->paces[i].queue == queue) {
            factor *= crew->paces[i].factor;
            break;
        }
    }
    if (world->scenario->level_count > 0) {
        double more = crew->level_factor[level_of(world, crew->centre) & 3];
        factor *= more > 0 ? more : 1;
    }
    return factor;
}
