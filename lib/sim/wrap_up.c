/*
 * sim/wrap_up.c - wrap-up by hand: how long it takes, and that it goes faster while many wait.
 *
 *   (talk over) -> in wrap-up -> (appointment) -> wrapped up
 *
 * Haste: a crew may get on faster, or slower, from a certain number waiting on. What is left of a
 * wrap-up is kept in seconds of the usual pace; when the pace changes, the seconds passed are taken
 * off at the old pace and a new appointment is made. An appointment whose stamp is old is void.
 * Invariant: a slot is in use from begin to end; left_s counts from `since`.
 * Who calls: sim/staff.c, and sim/world.c after events. Cost: constant; a change of pace costs one
 * appointment per wrap-up under way.
 */
#include <math.h>
#include <stdlib.h>

#include "sim/dist.h"
#include "sim/world.h"

static const struct spw_crew *crew_of(const struct spw_world *world, uint32_t w)
{
    return &world->scenario->crews[world->worker[w].crew];
}

static uint32_t take(struct spw_world *world)
{
    uint32_t slot = world->wrap_free;
    if (slot != SPW__NOBODY) {
        world->wrap_free = world->wrap[slot].next;
        return slot;
    }
    if (world->wrap_count == world->wrap_room) {
        uint32_t room = world->wrap_room == 0 ? 256 : world->wrap_room * 2;
        struct spw__wrap *grown = realloc(world->wrap, room * sizeof *grown);
        if (grown == NULL) {
            world->out_of_memory = true;
            return SPW__NOBODY;
        }
        world->wrap = grown;
        world->wrap_room = room;
    }
    world->wrap[world->wrap_count].stamp = 0;
    return world->wrap_count++;
}

/* What is left, at the pace of now. */
static void plan(struct spw_world *world, uint32_t slot)
{
    struct spw__wrap *wrap = &world->wrap[slot];
    wrap->since = world->now;
    spw__world_plan(world, SPW__WRAPPED_UP,
                    spw__world_after(world, fmax(wrap->left_s, 0) / wrap->pace), wrap->worker, slot,
                    wrap->stamp);
}

void spw__wrap_up_open(struct spw_world *world)
{
    world->wrap_count = 0;
    world->wrap_free = SPW__NOBODY;
    for (size_t i = 0; i < world->scenario->crew_count; i++) {
        world->pace[i] = 1;
    }
}

void spw__wrap_up_begin(struct spw_world *world, uint32_t w, spw_contact contact)
{
    const struct spw_crew *crew = crew_of(world, w);
    uint32_t slot = take(world);
    if (slot == SPW__NOBODY) {
        return;
    }
    struct spw__wrap *wrap = &world->wrap[slot];
    wrap->contact = contact;
    wrap->worker = w;
    wrap->in_use = true;
    wrap->pace = world->pace[world->worker[w].crew];
    wrap->left_s =
        crew->wrap_up != NULL ? spw__dist_sample(crew->wrap_up, &world->worker[w].wrap_draws) : 0;
    plan(world, slot);
}

void spw__wrap_up_end(struct spw_world *world, uint32_t w, uint32_t slot, uint32_t stamp)
{
    struct spw__wrap *wrap = &world->wrap[slot];
    if (!wrap->in_use || wrap->stamp != stamp) {
        return;
    }
    struct spw_input input = {.kind = SPW_INPUT_COUNSELLOR_WRAPPED_UP};
    input.u.pair.contact = wrap->contact;
    input.u.pair.counsellor = world->worker[w].handle;
    wrap->in_use = false;
    wrap->stamp++;
    wrap->next = world->wrap_free;
    world->wrap_free = slot;
    (void)spw__world_apply(world, &input, NULL);
}

/* The pace of a crew while so many wait. */
static double pace_at(const struct spw_crew *crew, uint64_t waiting)
{
    double pace = 1;
    for (size_t i = 0; i < crew->haste_count && crew->haste[i].waiting <= waiting; i++) {
        pace = crew->haste[i].pace;
    }
    return pace;
}

static void change(struct spw_world *world, uint32_t crew, double pace)
{
    world->pace[crew] = pace;
    for (uint32_t slot = 0; slot < world->wrap_count; slot++) {
        struct spw__wrap *wrap = &world->wrap[slot];
        if (wrap->in_use && world->worker[wrap->worker].crew == crew) {
            wrap->left_s -= (double)(world->now - wrap->since) * 1e-9 * wrap->pace;
            wrap->pace = pace;
            wrap->stamp++;
            plan(world, slot);
        }
    }
}

void spw__wrap_up_hasten(struct spw_world *world)
{
    struct spw_depth depth = {0};
    spw_centre seen = 0;
    for (uint32_t i = 0; i < world->scenario->crew_count; i++) {
        const struct spw_crew *crew = &world->scenario->crews[i];
        if (crew->haste_count == 0) {
            continue;
        }
        if (crew->centre != seen &&
            spw_view_depth(world->engine, crew->centre, 0, &depth) != SPW_OK) {
            continue;
        }
        seen = crew->centre;
        double pace = pace_at(crew, depth.waiting);
        if (pace < world->pace[i] || pace > world->pace[i]) {
            change(world, i, pace);
        }
    }
}
