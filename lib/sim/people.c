/*
 * sim/people.c - the people: they arrive, wait, lose patience, call again, take a callback, talk.
 *
 *   (arrival) -> WAITING -> TALKING -> gone
 *                 |  |  \-> CALLBACK -> TALKING
 *                 |  +----> ORBIT -> WAITING (again, with the same token)
 *                 +-------> gone
 *   TALKING -> PARKED when the counsellor is lost for good -> WAITING, or gone
 *
 * Invariants: a slot is in use while its person is inside; the cookie of a contact is its slot + 1;
 * all draws depend on seed, run, person and attempt alone.
 * Who calls: sim/world.c. Cost: per arrival a handful of draws and two appointments.
 */
#include "sim/world.h"

#include <math.h>
#include <stdlib.h>

#include "sim/arrival.h"
#include "sim/dist.h"

/* --- slots ------------------------------------------------------------------------------------ */

static uint32_t slot_take(struct spw_world *world)
{
    uint32_t slot = world->person_free;
    if (slot != SPW__NOBODY) {
        world->person_free = world->person[slot].next;
        world->inside++;
        return slot;
    }
    if (world->person_count == world->person_room) {
        uint32_t room = world->person_room == 0 ? 1024 : world->person_room * 2;
        struct spw__person *grown = realloc(world->person, room * sizeof *grown);
        if (grown == NULL) {
            world->out_of_memory = true;
            return SPW__NOBODY;
        }
        world->person = grown;
        world->person_room = room;
    }
    world->inside++;
    world->person[world->person_count].stamp = 0;
    return world->person_count++;
}

static void gone(struct spw_world *world, uint32_t slot)
{
    struct spw__person *person = &world->person[slot];
    person->state = SPW__PERSON_NONE;
    person->stamp++;
    person->contact.bits = 0;
    person->next = world->person_free;
    world->person_free = slot;
    world->inside--;
}

/* --- arriving --------------------------------------------------------------------------------- */

/* Passes one attempt through the door. */
static void attempt(struct spw_world *world, uint32_t slot)
{
    struct spw__person *person = &world->person[slot];
    struct spw__cell *cell = &world->tally.cell[person->cell];
    const struct spw_stream *stream = &world->scenario->streams[cell->stream];
    struct spw__slot *interval = spw__tally_slot(&world->tally, world->now);
    struct spw__stream ids = spw__person_draws(world, person, SPW__DRAW_ID);
    struct spw_input input = {.kind = SPW_INPUT_CONTACT_ARRIVE};
    struct spw_arrive *arrive = &input.u.arrive;
    ids.counter = 0;
    arrive->token.hi = stream->no_token ? 0 : spw__stream_u64(&ids);
    arrive->token.lo = stream->no_token ? 0 : spw__stream_u64(&ids);
    ids.counter = ++person->attempts * SPW__ATTEMPT_STEP;
    arrive->id.hi = spw__stream_u64(&ids);
    arrive->id.lo = spw__stream_u64(&ids);
    arrive->cookie = slot + 1;
    arrive->home = cell->centre;
    arrive->queue = cell->queue;
    arrive->need = cell->need;
    arrive->zone = stream->zone;
    arrive->channel = stream->channel;
    arrive->priority = cell->priority;
    arrive->flags = cell->flags;
    person->state = SPW__PERSON_WAITING;
    person->contact.bits = 0;
    person->since = person->span_at = world->now;
    person->waited = person->impatient = person->promised = false;
    person->stamp++;
    cell->attempts += person->counted;
    if (interval != NULL) {
        interval->attempts += 1;
    }
    (void)spw__world_apply(world, &input, &person->contact.bits);
}

static void newcomer(struct spw_world *world, uint32_t stream_index)
{
    uint32_t slot = slot_take(world);
    if (slot == SPW__NOBODY) {
        return;
    }
    struct spw__person *person = &world->person[slot];
    const struct spw_stream *stream = &world->scenario->streams[stream_index];
    double now_s = (double)world->now * 1e-9;
    *person = (struct spw__person){.number = world->arrived[stream_index]++,
                                   .first_at = world->now,
                                   .stamp = person->stamp,
                                   .cell = world->first_cell[stream_index],
                                   .worker = SPW__NOBODY,
                                   .counted = now_s >= world->tally.from_s};
    person->cell += spw__person_variant(world, person, stream);
    person->talk_s = spw__person_talk_s(world, person);
    world->people++;
    if (person->counted) {
        world->tally.cell[person->cell].people++;
        world->tally.talk_s += person->talk_s;
    }
    struct spw__slot *interval = spw__tally_slot(&world->tally, world->now);
    if (interval != NULL) {
        interval->people += 1;
    }
    attempt(world, slot);
}

static void plan_arrival(struct spw_world *world, uint32_t stream_index)
{
    const struct spw_arrivals *arrivals = &world->arrivals[stream_index];
    double next;
    if (arrivals->trace_count > 0) {
        uint64_t i = world->arrived[stream_index];
        next = i < arrivals->trace_count ? arrivals->trace_s[i] : INFINITY;
    } else {
        next = spw__arrival_next(arrivals, &world->flow[stream_index], (double)world->now * 1e-9);
    }
    if (next * 1e9 < (double)world->end) {
        spw__world_plan(world, SPW__ARRIVAL, (spw_ns)(next * 1e9), stream_index, 0, 0);
    }
}

static void arrival(struct spw_world *world, const struct spw__appointment *what)
{
    if (what->stamp == 0) {
        newcomer(world, what->who);
        plan_arrival(world, what->who);
        return;
    }
    for (uint32_t i = 0; i < what->stamp; i++) { /* a burst */
        newcomer(world, what->who);
    }
}

void spw__people_open(struct spw_world *world)
{
    world->person_count = 0;
    world->person_free = SPW__NOBODY;
    world->inside = 0;
    for (uint32_t i = 0; i < world->scenario->stream_count; i++) {
        const struct spw_arrivals *arrivals = &world->arrivals[i];
        world->arrived[i] = 0;
        world->flow[i] = (struct spw__flow){
            .draws = spw__stream_make(world->scenario->seed, world->run, SPW__DRAW_ARRIVAL, i)};
        if (arrivals->burst > 0) {
            spw__world_plan(world, SPW__ARRIVAL, 0, i, 0, (uint32_t)arrivals->burst);
        }
        plan_arrival(world, i);
    }
}

/* --- waiting ---------------------------------------------------------------------------------- */

static void plan_patience(struct spw_world *world, uint32_t slot)
{
    struct spw__person *person = &world->person[slot];
    if (person->impatient || person->promised) {
        return;
    }
    person->impatient = true;
    double left =
        spw__person_patience_s(world, person) - (double)(world->now - person->since) * 1e-9;
    spw__world_plan(world, SPW__PATIENCE, spw__world_after(world, fmax(left, 0)), slot, 0,
                    person->stamp);
}

/* Whether a callback is offered and taken: the host asks once, on arrival. */
static bool takes_callback(const struct spw_world *world, const struct spw__person *person)
{
    const struct spw__cell *cell = &world->tally.cell[person->cell];
    const struct spw_stream *stream = &world->scenario->streams[cell->stream];
    struct spw_depth depth;
    if (!(stream->callback_probability > 0) ||
        spw_view_depth(world->engine, cell->centre, cell->queue, &depth) != SPW_OK ||
        depth.waiting <= stream->callback_from) { /* the person itself waits already */
        return false;
    }
    struct spw__stream made = spw__person_draws(world, person, SPW__DRAW_CALLBACK);
    return spw__stream_uniform(&made) < stream->callback_probability;
}

static void on_waiting(struct spw_world *world, uint32_t slot)
{
    struct spw__person *person = &world->person[slot];
    if (!person->waited && takes_callback(world, person)) {
        spw__world_plan(world, SPW__CALL_ME, world->now, slot, 0, person->stamp);
    }
    person->waited = true;
    plan_patience(world, slot);
}

static void call_me(struct spw_world *world, uint32_t slot)
{
    struct spw__person *person = &world->person[slot];
    const struct spw__cell *cell = &world->tally.cell[person->cell];
    const struct spw_stream *stream = &world->scenario->streams[cell->stream];
    struct spw__stream made = spw__person_draws(world, person, SPW__DRAW_CALLBACK);
    made.counter += 1;
    double after =
        stream->callback_after != NULL ? spw__dist_sample(stream->callback_after, &made) : 0;
    person->promised = true;
    if (stream->callback_queue != 0) {
        struct spw_input move = {.kind = SPW_INPUT_CONTACT_RECLASSIFY};
        move.u.reclassify.contact = person->contact;
        move.u.reclassify.queue = stream->callback_queue;
        move.u.reclassify.priority = (uint8_t)stream->callback_priority;
        move.u.reclassify.flags = cell->flags;
        (void)spw__world_apply(world, &move, NULL);
    }
    struct spw_input input = {.kind = SPW_INPUT_CONTACT_CALLBACK};
    input.u.callback.contact = person->contact;
    input.u.callback.due_at = spw__world_after(world, after);
    input.u.callback.safe_until = SPW_FOREVER;
    if (spw__world_apply(world, &input, NULL) != SPW_OK) {
        person->promised = false; /* no more are promised: goes on waiting */
        plan_patience(world, slot);
    }
}

static void on_promised(struct spw_world *world, uint32_t slot)
{
    struct spw__person *person = &world->person[slot];
    spw__tally_span(&world->tally, person->cell, SPW__SPAN_WAITING, person->span_at, world->now);
    world->tally.cell[person->cell].callbacks += person->counted;
    person->state = SPW__PERSON_CALLBACK;
    person->span_at = world->now;
    person->stamp++;
}

/* --- leaving ---------------------------------------------------------------------------------- */

static void note_wait_end(struct spw_world *world, struct spw__person *person)
{
    struct spw__cell *cell = &world->tally.cell[person->cell];
    double waited = (double)(world->now - person->since) * 1e-9;
    double in_all = (double)(world->now - person->first_at) * 1e-9;
    spw__tally_span(&world->tally, person->cell, SPW__SPAN_WAITING, person->span_at, world->now);
    spw__tally_left_queue(&world->tally, person->cell, world->now, waited);
    if (!person->counted) {
        return;
    }
    cell->last_wait_end_s = (double)world->now * 1e-9 - world->tally.from_s;
    cell->wait_max_s = fmax(cell->wait_max_s, in_all);
    if (cell->priority == 0) {
        world->tally.longest_p0_s = fmax(world->tally.longest_p0_s, in_all);
    }
    spw__histogram_add(cell->let_in, waited);
    cell->over_target += world->now - person->since > cell->target;
}

/* Calls again, or gave up for good. */
static void redial_or_go(struct spw_world *world, uint32_t slot, bool gave_up)
{
    struct spw__person *person = &world->person[slot];
    struct spw__cell *cell = &world->tally.cell[person->cell];
    const struct spw_stream *stream = &world->scenario->streams[cell->stream];
    struct spw__stream made = spw__person_draws(world, person, SPW__DRAW_REDIAL);
    bool may = stream->attempts_max == 0 || person->attempts < stream->attempts_max;
    if (may && !person->reached && spw__stream_uniform(&made) < stream->redial_probability) {
        double after =
            stream->redial_after != NULL ? spw__dist_sample(stream->redial_after, &made) : 0;
        spw_ns at = spw__world_after(world, after);
        person->state = SPW__PERSON_ORBIT;
        person->span_at = world->now;
        person->stamp++;
        spw__world_plan(world, SPW__REDIAL, at, slot, 0, person->stamp);
        return;
    }
    if (person->counted && !person->reached) {
        *(gave_up ? &cell->gave_up : &cell->other_ends) += 1;
    }
    gone(world, slot);
}

static void on_refused(struct spw_world *world, uint32_t slot, uint32_t reason)
{
    struct spw__person *person = &world->person[slot];
    struct spw__cell *cell = &world->tally.cell[person->cell];
    cell->refused += person->counted;
    cell->ended[reason & 15] += person->counted;
    if (world->scenario->streams[cell->stream].redial_if_refused) {
        redial_or_go(world, slot, false);
        return;
    }
    cell->other_ends += person->counted;
    gone(world, slot);
}

static void on_ended(struct spw_world *world, uint32_t slot, uint32_t reason)
{
    struct spw__person *person = &world->person[slot];
    struct spw__cell *cell = &world->tally.cell[person->cell];
    cell->ended[reason & 15] += person->counted;
    if (person->state == SPW__PERSON_TALKING) {
        spw__tally_span(&world->tally, person->cell, SPW__SPAN_TALKING, person->span_at,
                        world->now);
        spw__staff_talk(world, person->worker, -1);
        gone(world, slot);
        return;
    }
    if (person->state == SPW__PERSON_CALLBACK) {
        spw__tally_span(&world->tally, person->cell, SPW__SPAN_CALLBACK, person->span_at,
                        world->now);
        cell->other_ends += person->counted;
        gone(world, slot);
        return;
    }
    if (person->state == SPW__PERSON_WAITING) {
        note_wait_end(world, person);
        if (person->counted && reason == SPW_END_ABANDONED) {
            cell->left++;
            cell->wait_left_s += (double)(world->now - person->since) * 1e-9;
        }
    }
    redial_or_go(world, slot, reason == SPW_END_ABANDONED);
}

/* --- connected -------------------------------------------------------------------------------- */

static void note_connection(struct spw_world *world, struct spw__person *person)
{
    struct spw__cell *cell = &world->tally.cell[person->cell];
    double waited = (double)(world->now - person->since) * 1e-9;
    double in_all = (double)(world->now - person->first_at) * 1e-9;
    if (person->state == SPW__PERSON_CALLBACK) {
        spw__tally_span(&world->tally, person->cell, SPW__SPAN_CALLBACK, person->span_at,
                        world->now);
        cell->called_back += person->counted;
        cell->callback_delay_s +=
            person->counted ? (double)(world->now - person->span_at) * 1e-9 : 0;
    } else {
        note_wait_end(world, person);
        if (person->counted) {
            cell->connected++;
            cell->wait_answered_s += waited;
            cell->at_once += !person->waited;
        }
    }
    if (person->counted && !person->reached) {
        cell->answered++;
        cell->within_target += world->now - person->first_at <= cell->target;
        spw__histogram_add(cell->person, in_all);
    }
}

/* By what a crew multiplies the length of talks from a queue. */
static double pace(const struct spw_crew *crew, spw_queue queue)
{
    double factor = crew->service_factor > 0 ? crew->service_factor : 1;
    for (size_t i = 0; i < crew->pace_count; i++) {
        if (crew->paces[i].queue == queue) {
            return factor * crew->paces[i].factor;
        }
    }
    return factor;
}

static void on_connected(struct spw_world *world, uint32_t slot, uint32_t worker)
{
    struct spw__person *person = &world->person[slot];
    if (person->state != SPW__PERSON_WAITING && person->state != SPW__PERSON_CALLBACK) {
        return;
    }
    note_connection(world, person);
    person->reached = true;
    person->state = SPW__PERSON_TALKING;
    person->span_at = world->now;
    person->worker = worker;
    person->stamp++;
    person->offers++;
    spw__staff_talk(world, worker, 1);
    double talk = person->talk_s;
    if (worker != SPW__NOBODY) {
        uint32_t crew = world->worker[worker].crew;
        talk *= pace(&world->scenario->crews[crew], world->tally.cell[person->cell].queue);
        world->tally.served[crew * world->tally.cell_count + person->cell] += person->counted;
    }
    spw__world_plan(world, SPW__TALK_END, spw__world_after(world, talk), slot, 0, person->stamp);
}

/* The line went dead in the middle of the talk: calls again as after giving up, or not. */
static void on_parked(struct spw_world *world, uint32_t slot)
{
    struct spw__person *person = &world->person[slot];
    const struct spw__cell *cell = &world->tally.cell[person->cell];
    const struct spw_stream *stream = &world->scenario->streams[cell->stream];
    if (person->state != SPW__PERSON_TALKING) {
        return;
    }
    spw__tally_span(&world->tally, person->cell, SPW__SPAN_TALKING, person->span_at, world->now);
    spw__staff_talk(world, person->worker, -1);
    person->state = SPW__PERSON_PARKED;
    person->span_at = world->now;
    person->stamp++;
    struct spw__stream made = spw__person_draws(world, person, SPW__DRAW_REDIAL);
    if (spw__stream_uniform(&made) < stream->redial_probability) {
        double after =
            stream->redial_after != NULL ? spw__dist_sample(stream->redial_after, &made) : 0;
        spw__world_plan(world, SPW__REDIAL, spw__world_after(world, after), slot, 0, person->stamp);
    }
}

/* Back: either the place was kept (RESUMED), or it is a new attempt. */
static void redial(struct spw_world *world, uint32_t slot)
{
    struct spw__person *person = &world->person[slot];
    if (person->state == SPW__PERSON_ORBIT) {
        spw__tally_span(&world->tally, person->cell, SPW__SPAN_ORBIT, person->span_at, world->now);
        attempt(world, slot);
        return;
    }
    struct spw_input input = {.kind = SPW_INPUT_CONTACT_RESUMED};
    input.u.contact.contact = person->contact;
    person->state = SPW__PERSON_WAITING;
    person->since = person->span_at = world->now;
    person->waited = person->impatient = false;
    (void)spw__world_apply(world, &input, NULL);
}

/* --- doors ------------------------------------------------------------------------------------ */

static void tell(struct spw_world *world, const struct spw__person *person, uint32_t kind,
                 uint32_t detail)
{
    struct spw_input input = {.kind = kind};
    input.u.contact.contact = person->contact;
    input.u.contact.detail = detail;
    (void)spw__world_apply(world, &input, NULL);
}

void spw__people_happen(struct spw_world *world, const struct spw__appointment *what)
{
    if (what->kind == SPW__ARRIVAL) {
        arrival(world, what);
        return;
    }
    struct spw__person *person = &world->person[what->who];
    if (person->stamp != what->stamp) {
        return;
    }
    switch (what->kind) {
    case SPW__PATIENCE:
        if (person->state == SPW__PERSON_WAITING && !person->promised) {
            tell(world, person, SPW_INPUT_CONTACT_LEFT, 0);
        }
        break;
    case SPW__TALK_END:
        tell(world, person, SPW_INPUT_CONTACT_ENDED, SPW_END_SERVED);
        break;
    case SPW__CALL_ME:
        if (person->state == SPW__PERSON_WAITING) {
            call_me(world, what->who);
        }
        break;
    default:
        redial(world, what->who);
    }
}

static void on_offer(struct spw_world *world, uint32_t slot, const struct spw_event *event)
{
    struct spw__person *person = &world->person[slot];
    uint32_t worker = spw__staff_find(world, event->counsellor);
    person->offers++;
    person->rings++;
    if (worker == SPW__NOBODY || !spw__staff_offered(world, worker, slot)) {
        plan_patience(world, slot);
    }
}

void spw__people_event(struct spw_world *world, const struct spw_event *event)
{
    uint32_t slot = (uint32_t)event->cookie - 1;
    if (event->cookie == 0 || slot >= world->person_count ||
        world->person[slot].state == SPW__PERSON_NONE ||
        (event->kind != SPW_EVENT_REFUSED &&
         world->person[slot].contact.bits != event->contact.bits)) {
        return;
    }
    switch (event->kind) {
    case SPW_EVENT_WAITING:
        if (world->person[slot].state == SPW__PERSON_WAITING) {
            on_waiting(world, slot);
        }
        break;
    case SPW_EVENT_OFFER:
        on_offer(world, slot, event);
        break;
    case SPW_EVENT_OFFER_WITHDRAWN:
    case SPW_EVENT_OFFER_MISSED:
    case SPW_EVENT_OFFER_DECLINED:
        world->person[slot].offers++;
        break;
    case SPW_EVENT_CONNECTED:
        on_connected(world, slot, spw__staff_find(world, event->counsellor));
        break;
    case SPW_EVENT_ENDED:
        on_ended(world, slot, event->reason);
        break;
    case SPW_EVENT_REFUSED:
        on_refused(world, slot, event->reason);
        break;
    case SPW_EVENT_PARKED:
        on_parked(world, slot);
        break;
    case SPW_EVENT_CALLBACK_SET:
        on_promised(world, slot);
        break;
    default:
        break;
    }
}

static void close_person(struct spw_world *world, struct spw__person *person)
{
    struct spw__cell *cell = &world->tally.cell[person->cell];
    static const enum spw__span span[] = {[SPW__PERSON_WAITING] = SPW__SPAN_WAITING,
                                          [SPW__PERSON_TALKING] = SPW__SPAN_TALKING,
                                          [SPW__PERSON_PARKED] = SPW__SPAN_ORBIT,
                                          [SPW__PERSON_ORBIT] = SPW__SPAN_ORBIT,
                                          [SPW__PERSON_CALLBACK] = SPW__SPAN_CALLBACK};
    spw__tally_span(&world->tally, person->cell, span[person->state], person->span_at, world->now);
    if (!person->counted || person->reached) {
        return;
    }
    cell->other_ends++;
    if (person->state == SPW__PERSON_WAITING) {
        double in_all = (double)(world->now - person->first_at) * 1e-9;
        cell->wait_max_s = fmax(cell->wait_max_s, in_all);
        if (cell->priority == 0) {
            world->tally.longest_p0_s = fmax(world->tally.longest_p0_s, in_all);
        }
    }
}

void spw__people_close(struct spw_world *world)
{
    for (uint32_t i = 0; i < world->person_count; i++) {
        if (world->person[i].state != SPW__PERSON_NONE) {
            close_person(world, &world->person[i]);
        }
    }
}
