/*
 * sim/people.c - the people: they arrive, wait, lose patience, are classified, take a callback.
 *
 *   (arrival) -> WAITING -> TALKING -> gone
 *                 |  |  \-> CALLBACK -> TALKING
 *                 |  +----> ORBIT -> WAITING (again, with the same token)
 *                 +-------> gone
 *   TALKING -> HANDED_ON -> TALKING               a cold transfer; a warm one goes on talking
 *   WAITING, TALKING -> PARKED -> WAITING, ORBIT or gone      a line that dropped, on either side
 *
 * Invariants: a slot is in use while its person is inside; the cookie of a contact is its slot + 1;
 * all draws depend on seed, run, person and attempt alone.
 * What comes after waiting is in passage.c. Who calls: sim/world.c. Cost: per arrival a handful of
 * draws and two appointments.
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

static void report(const struct spw_world *world, const struct spw__person *person)
{
    const struct spw_scenario *scenario = world->scenario;
    const struct spw__cell *cell = &world->tally.cell[person->cell];
    struct spw__person first = *person;
    if (scenario->on_person == NULL) {
        return;
    }
    first.attempts = 1;
    first.hands = 0;
    spw_ns until = person->reached ? person->reached_at : world->now;
    const struct spw_person_report told = {.run = world->run,
                                           .stream = cell->stream,
                                           .number = person->number,
                                           .kind = cell->truth,
                                           .taken_for = cell->seen,
                                           .first_at_s = (double)person->first_at * 1e-9,
                                           .patience_s = spw__person_patience_s(world, &first),
                                           .talk_s = spw__person_talk_s(world, &first),
                                           .attempts = person->attempts,
                                           .counted = person->counted,
                                           .reached = person->reached,
                                           .in_time = person->in_time,
                                           .waited_s = (double)(until - person->first_at) * 1e-9};
    scenario->on_person(scenario->on_person_context, &told);
}

void spw__person_gone(struct spw_world *world, uint32_t slot)
{
    struct spw__person *person = &world->person[slot];
    report(world, person);
    person->state = SPW__PERSON_NONE;
    person->stamp++;
    person->contact.bits = 0;
    person->next = world->person_free;
    world->person_free = slot;
    world->inside--;
    world->followed -= person->followed;
}

/* --- arriving --------------------------------------------------------------------------------- */

/* What the host tells the engine about somebody: as it takes it to be, or knows that it is. */
static const struct spw__cell *shown(const struct spw_world *world,
                                     const struct spw__person *person)
{
    const struct spw__cell *cell = &world->tally.cell[person->cell];
    const struct spw__mix *mix = &world->mix[cell->stream];
    if (!person->known || mix->truth == NULL) {
        return cell;
    }
    return &world->tally.cell[world->first_cell[cell->stream] + cell->truth * (mix->count + 1)];
}

static void plan_triage(struct spw_world *world, uint32_t slot)
{
    const struct spw__person *person = &world->person[slot];
    const struct spw__cell *cell = &world->tally.cell[person->cell];
    const struct spw_stream *stream = &world->scenario->streams[cell->stream];
    if (stream->triage_after == NULL || person->known) {
        return;
    }
    struct spw__stream made = spw__person_draws(world, person, SPW__DRAW_TRIAGE);
    if (spw__stream_uniform(&made) < stream->triage_share) {
        spw_ns at = spw__world_after(world, spw__dist_sample(stream->triage_after, &made));
        spw__world_plan(world, SPW__TRIAGE, at, slot, 0, person->stamp);
    }
}

/* The host knows now; a person who talks already is left alone. */
static void triage(struct spw_world *world, uint32_t slot)
{
    struct spw__person *person = &world->person[slot];
    const struct spw__cell *cell = &world->tally.cell[person->cell];
    if (person->state != SPW__PERSON_WAITING || person->promised) {
        return;
    }
    person->known = true;
    const struct spw__cell *truth = shown(world, person);
    struct spw_input input = {.kind = SPW_INPUT_CONTACT_RECLASSIFY};
    input.u.reclassify.contact = person->contact;
    input.u.reclassify.queue = truth->queue != cell->queue ? truth->queue : 0;
    input.u.reclassify.need = truth->need;
    input.u.reclassify.priority = truth->priority;
    input.u.reclassify.danger = input.u.reclassify.priority == 0;
    input.u.reclassify.flags = truth->flags;
    (void)spw__world_apply(world, &input, NULL);
}

/* Passes one attempt through the door. */
void spw__person_attempt(struct spw_world *world, uint32_t slot)
{
    struct spw__person *person = &world->person[slot];
    struct spw__cell *cell = &world->tally.cell[person->cell];
    const struct spw_stream *stream = &world->scenario->streams[cell->stream];
    const struct spw__cell *told = shown(world, person);
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
    arrive->home = told->centre;
    arrive->queue = told->queue;
    arrive->need = told->need;
    arrive->zone = stream->zone;
    arrive->channel = stream->channel;
    arrive->priority = told->priority;
    arrive->flags = told->flags;
    arrive->deadline = stream->deadline_s > 0 ? spw__world_after(world, stream->deadline_s) : 0;
    spw__person_wait(world, slot);
    person->contact.bits = 0;
    cell->attempts += person->counted;
    if (interval != NULL && !spw__cell_is_test(cell)) {
        interval->attempts += 1;
    }
    plan_triage(world, slot);
    (void)spw__world_apply(world, &input, &person->contact.bits);
}

/* A wait begins. */
void spw__person_wait(struct spw_world *world, uint32_t slot)
{
    struct spw__person *person = &world->person[slot];
    person->state = SPW__PERSON_WAITING;
    person->since = person->span_at = world->now;
    person->waited = person->impatient = person->promised = person->returns = false;
    person->stamp++;
    spw__passage_expose(world, slot);
}

static void newcomer(struct spw_world *world, uint32_t stream_index)
{
    uint32_t slot = slot_take(world);
    if (slot == SPW__NOBODY) {
        return;
    }
    struct spw__person *person = &world->person[slot];
    double now_s = (double)world->now * 1e-9;
    *person = (struct spw__person){.number = world->arrived[stream_index]++,
                                   .first_at = world->now,
                                   .stamp = person->stamp,
                                   .cell = world->first_cell[stream_index],
                                   .worker = SPW__NOBODY,
                                   .followed = world->now < world->end,
                                   .counted = now_s >= world->tally.from_s};
    person->counted = person->counted && person->followed;
    world->followed += person->followed;
    person->cell += spw__person_cell(world, person, stream_index);
    person->talk_s = spw__person_talk_s(world, person);
    world->people++;
    if (person->counted) {
        world->tally.cell[person->cell].people++;
        spw__tally_load(&world->tally, world->scenario, person->cell, person->talk_s);
    }
    struct spw__slot *interval = spw__tally_slot(&world->tally, world->now);
    if (interval != NULL && !spw__cell_is_test(&world->tally.cell[person->cell])) {
        interval->people += 1;
    }
    spw__person_attempt(world, slot);
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
    if (next * 1e9 >= (double)world->door) {
        return;
    }
    struct spw__appointment appointment = {
        .at = (spw_ns)(next * 1e9), .kind = SPW__ARRIVAL, .who = stream_index};
    if (stream_index < SPW__PLACES) {
        spw__agenda_put(&world->agenda, stream_index, appointment);
    } else if (!spw__agenda_add(&world->agenda, appointment)) {
        world->out_of_memory = true;
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
    world->inside = world->followed = 0;
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

void spw__person_plan_patience(struct spw_world *world, uint32_t slot)
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
    if (!person->waited && person->state == SPW__PERSON_WAITING && takes_callback(world, person)) {
        spw__world_plan(world, SPW__CALL_ME, world->now, slot, 0, person->stamp);
    }
    person->waited = true;
    spw__person_plan_patience(world, slot);
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
        move.u.reclassify.danger = move.u.reclassify.priority == 0;
        move.u.reclassify.flags = shown(world, person)->flags;
        (void)spw__world_apply(world, &move, NULL);
    }
    struct spw_input input = {.kind = SPW_INPUT_CONTACT_CALLBACK};
    input.u.callback.contact = person->contact;
    input.u.callback.due_at = spw__world_after(world, after);
    input.u.callback.safe_until = SPW_FOREVER;
    if (spw__world_apply(world, &input, NULL) != SPW_OK) {
        person->promised = false; /* no more are promised: goes on waiting */
        spw__person_plan_patience(world, slot);
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

/* --- doors ------------------------------------------------------------------------------------ */

void spw__person_tell(struct spw_world *world, const struct spw__person *person, uint32_t kind,
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
        if ((person->state == SPW__PERSON_WAITING && !person->promised) ||
            person->state == SPW__PERSON_HANDED_ON) {
            spw__person_tell(world, person, SPW_INPUT_CONTACT_LEFT, 0);
        } else if (person->moving) {
            person->gave_up = true;
            spw__person_tell(world, person, SPW_INPUT_CONTACT_TRANSFER_CANCEL, 0);
            spw__person_tell(world, person, SPW_INPUT_CONTACT_ENDED, SPW_END_SERVED);
        }
        break;
    case SPW__TRIAGE:
        triage(world, what->who);
        break;
    case SPW__CALL_ME:
        if (person->state == SPW__PERSON_WAITING) {
            call_me(world, what->who);
        }
        break;
    default:
        spw__passage_happen(world, what);
    }
}

/* Waiting for a counsellor, in the queue or in a warm transfer. */
bool spw__person_waits(const struct spw__person *person)
{
    return person->state == SPW__PERSON_WAITING || person->state == SPW__PERSON_HANDED_ON ||
           person->state == SPW__PERSON_CALLBACK || person->moving;
}

static void on_offer(struct spw_world *world, uint32_t slot, const struct spw_event *event)
{
    struct spw__person *person = &world->person[slot];
    uint32_t worker = spw__staff_find(world, event->counsellor);
    person->offers++;
    person->rings++;
    if (worker == SPW__NOBODY || !spw__staff_offered(world, worker, slot)) {
        spw__person_plan_patience(world, slot);
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
        if (spw__person_waits(&world->person[slot])) {
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
    case SPW_EVENT_CALLBACK_SET:
        on_promised(world, slot);
        break;
    default:
        spw__passage_event(world, slot, event);
    }
}

void spw__person_longest(struct spw_world *world, const struct spw__person *person)
{
    struct spw__cell *cell = &world->tally.cell[person->cell];
    double in_all = (double)(world->now - person->first_at) * 1e-9;
    if (person->counted) {
        cell->wait_max_s = fmax(cell->wait_max_s, in_all);
        spw__tally_danger(&world->tally, cell, in_all);
    }
}

static void close_person(struct spw_world *world, struct spw__person *person)
{
    struct spw__cell *cell = &world->tally.cell[person->cell];
    static const enum spw__span span[] = {
        [SPW__PERSON_WAITING] = SPW__SPAN_WAITING, [SPW__PERSON_HANDED_ON] = SPW__SPAN_WAITING,
        [SPW__PERSON_TALKING] = SPW__SPAN_TALKING, [SPW__PERSON_PARKED] = SPW__SPAN_ORBIT,
        [SPW__PERSON_ORBIT] = SPW__SPAN_ORBIT,     [SPW__PERSON_CALLBACK] = SPW__SPAN_CALLBACK};
    report(world, person);
    spw__tally_span(&world->tally, person->cell, span[person->state], person->span_at, world->now);
    if (!person->counted || person->reached) {
        return;
    }
    cell->other_ends++;
    if (person->state == SPW__PERSON_WAITING || person->state == SPW__PERSON_HANDED_ON ||
        person->state == SPW__PERSON_TALKING) {
        spw__person_longest(world, person);
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
