/*
 * sim/passage.c - what befalls people once they wait: they give up and call again, are refused,
 * talk, are handed on to another counsellor, lose their line and come back.
 *
 * Invariants: a person counts once, when reached or when gone for good; a talk that was cut is
 * taken up again where it was. In a warm transfer the person goes on talking (`moving`) until the
 * next counsellor is there; in a cold one it waits again, and that wait is in no figure but the
 * number waiting. A talk with a script reaches nobody: until a person is there, somebody handed on
 * waits on as far as people are counted.
 * Who calls: sim/people.c, with appointments and events of a person. Cost: constant, two or three
 * draws at most.
 */
#include "sim/world.h"

#include <math.h>

#include "sim/dist.h"

static const struct spw_stream *stream_of(const struct spw_world *world,
                                          const struct spw__person *person)
{
    return &world->scenario->streams[world->tally.cell[person->cell].stream];
}

/* Where it waited for the talk that it has now. */
static spw_queue queue_of(const struct spw_world *world, const struct spw__person *person)
{
    const struct spw_stream *stream = stream_of(world, person);
    return person->hands > 0 && stream->transfer_queue != 0 ? stream->transfer_queue
                                                            : world->tally.cell[person->cell].queue;
}

static void span_end(struct spw_world *world, const struct spw__person *person, enum spw__span what)
{
    spw__tally_span(&world->tally, person->cell, what, person->span_at, world->now);
}

/* --- leaving ---------------------------------------------------------------------------------- */

static void note_wait_end(struct spw_world *world, struct spw__person *person)
{
    struct spw__cell *cell = &world->tally.cell[person->cell];
    double waited = (double)(world->now - person->since) * 1e-9;
    span_end(world, person, SPW__SPAN_WAITING);
    spw__tally_left_queue(&world->tally, person->cell, world->now, waited);
    if (!person->counted) {
        return;
    }
    cell->last_wait_end_s = (double)world->now * 1e-9 - world->tally.from_s;
    spw__person_longest(world, person);
    spw__histogram_add(cell->let_in, waited);
    cell->over_target += world->now - person->since > cell->target;
}

static void go(struct spw_world *world, uint32_t slot, bool gave_up)
{
    const struct spw__person *person = &world->person[slot];
    struct spw__cell *cell = &world->tally.cell[person->cell];
    if (person->counted && !person->reached) {
        *(gave_up ? &cell->gave_up : &cell->other_ends) += 1;
    }
    spw__person_gone(world, slot);
}

/* Comes back after a span that is drawn, as a new attempt or to a place that was kept. */
static void plan_return(struct spw_world *world, uint32_t slot, const struct spw_dist *after,
                        struct spw__stream *made)
{
    const struct spw__person *person = &world->person[slot];
    double span = after != NULL ? spw__dist_sample(after, made) : 0;
    spw__world_plan(world, SPW__REDIAL, spw__world_after(world, span), slot, 0, person->stamp);
}

/* Calls again, or gave up for good. */
static void redial_or_go(struct spw_world *world, uint32_t slot, bool gave_up)
{
    struct spw__person *person = &world->person[slot];
    const struct spw_stream *stream = stream_of(world, person);
    struct spw__stream made = spw__person_draws(world, person, SPW__DRAW_REDIAL);
    bool may = stream->attempts_max == 0 || person->attempts < stream->attempts_max;
    if (may && !person->reached && spw__stream_uniform(&made) < stream->redial_probability) {
        person->state = SPW__PERSON_ORBIT;
        person->span_at = world->now;
        person->stamp++;
        plan_return(world, slot, stream->redial_after, &made);
        return;
    }
    go(world, slot, gave_up);
}

static void on_refused(struct spw_world *world, uint32_t slot, uint32_t reason)
{
    const struct spw__person *person = &world->person[slot];
    struct spw__cell *cell = &world->tally.cell[person->cell];
    cell->refused += person->counted;
    cell->ended[reason & 15] += person->counted;
    if (stream_of(world, person)->redial_if_refused) {
        redial_or_go(world, slot, false);
        return;
    }
    go(world, slot, false);
}

static void on_ended_waiting(struct spw_world *world, uint32_t slot, uint32_t reason)
{
    struct spw__person *person = &world->person[slot];
    struct spw__cell *cell = &world->tally.cell[person->cell];
    note_wait_end(world, person);
    if (person->counted && reason == SPW_END_ABANDONED) {
        cell->left++;
        cell->wait_left_s += (double)(world->now - person->since) * 1e-9;
    }
    if (reason == SPW_END_EXPIRED) { /* a work item is not sent again */
        go(world, slot, false);
        return;
    }
    redial_or_go(world, slot, reason == SPW_END_ABANDONED);
}

/* A talk with a script, or the wait after it, is over, and no person was there. */
static void unreached(struct spw_world *world, const struct spw__person *person)
{
    if (!person->reached) {
        spw__person_longest(world, person);
    }
}

static void on_ended(struct spw_world *world, uint32_t slot, uint32_t reason)
{
    struct spw__person *person = &world->person[slot];
    world->tally.cell[person->cell].ended[reason & 15] += person->counted;
    switch (person->state) {
    case SPW__PERSON_TALKING:
        span_end(world, person, SPW__SPAN_TALKING);
        spw__staff_talk(world, person->worker, -1);
        unreached(world, person);
        if (person->gave_up) {
            person->gave_up = false;
            redial_or_go(world, slot, true);
        } else {
            go(world, slot, false);
        }
        break;
    case SPW__PERSON_WAITING:
        on_ended_waiting(world, slot, reason);
        break;
    case SPW__PERSON_HANDED_ON:
        span_end(world, person, SPW__SPAN_WAITING);
        unreached(world, person);
        redial_or_go(world, slot, reason == SPW_END_ABANDONED);
        break;
    case SPW__PERSON_CALLBACK:
        span_end(world, person, SPW__SPAN_CALLBACK);
        go(world, slot, false);
        break;
    default: /* the place of a line that dropped is gone; coming back is a new attempt */
        span_end(world, person, SPW__SPAN_ORBIT);
        person->span_at = world->now;
        person->state = SPW__PERSON_ORBIT;
        if (!person->returns) {
            go(world, slot, false);
        }
    }
}

/* --- connected -------------------------------------------------------------------------------- */

static void note_answer(struct spw_world *world, struct spw__person *person)
{
    struct spw__cell *cell = &world->tally.cell[person->cell];
    if (person->state == SPW__PERSON_CALLBACK) {
        span_end(world, person, SPW__SPAN_CALLBACK);
        cell->called_back += person->counted;
        cell->callback_delay_s +=
            person->counted ? (double)(world->now - person->span_at) * 1e-9 : 0;
        return;
    }
    note_wait_end(world, person);
    if (person->counted) {
        cell->connected++;
        cell->wait_answered_s += (double)(world->now - person->since) * 1e-9;
        cell->at_once += !person->waited;
    }
}

static bool is_script(const struct spw_world *world, uint32_t worker)
{
    return worker != SPW__NOBODY && world->scenario->crews[world->worker[worker].crew].script;
}

static void note_reached(struct spw_world *world, struct spw__person *person)
{
    struct spw__cell *cell = &world->tally.cell[person->cell];
    if (person->reached) {
        return;
    }
    if (person->moving || person->state == SPW__PERSON_HANDED_ON) {
        spw__person_longest(world, person);
    }
    person->reached = true;
    person->reached_at = world->now;
    person->in_time = world->now - person->first_at <= cell->target;
    if (person->counted) {
        cell->answered++;
        cell->within_target += person->in_time;
        spw__histogram_add(cell->person, (double)(world->now - person->first_at) * 1e-9);
    }
}

/* The end of the talk, or before it the moment of handing on. */
static void plan_end_of_talk(struct spw_world *world, uint32_t slot)
{
    const struct spw__person *person = &world->person[slot];
    const struct spw_stream *stream = stream_of(world, person);
    double factor = spw__talk_factor(world, person->worker, queue_of(world, person));
    double talk = person->talk_s * factor;
    enum spw__happening what = SPW__TALK_END;
    if (stream->transfer_probability > 0 && person->hands == 0) {
        struct spw__stream made = spw__person_draws(world, person, SPW__DRAW_TRANSFER);
        bool handed = spw__stream_uniform(&made) < stream->transfer_probability;
        double after = stream->transfer_after != NULL && handed
                           ? spw__dist_sample(stream->transfer_after, &made) * factor
                           : talk;
        what = handed && after <= talk ? SPW__HAND_ON : SPW__TALK_END;
        talk = fmin(talk, after);
    }
    spw__world_plan(world, what, spw__world_after(world, talk), slot, 0, person->stamp);
}

static void on_connected(struct spw_world *world, uint32_t slot, uint32_t worker)
{
    struct spw__person *person = &world->person[slot];
    if (!spw__person_waits(person)) {
        return;
    }
    if (person->moving) {
        span_end(world, person, SPW__SPAN_TALKING);
        spw__staff_talk(world, person->worker, -1);
    } else if (person->state == SPW__PERSON_HANDED_ON) {
        span_end(world, person, SPW__SPAN_WAITING);
    } else {
        note_answer(world, person);
    }
    if (!is_script(world, worker)) {
        note_reached(world, person);
    }
    person->state = SPW__PERSON_TALKING;
    person->moving = false;
    person->span_at = world->now;
    person->worker = worker;
    person->stamp++;
    person->offers++;
    spw__staff_talk(world, worker, 1);
    if (worker != SPW__NOBODY) {
        uint32_t crew = world->worker[worker].crew;
        world->tally.served[crew * world->tally.cell_count + person->cell] += person->counted;
    }
    plan_end_of_talk(world, slot);
    spw__passage_expose(world, slot);
}

/* --- handed on -------------------------------------------------------------------------------- */

static void hand_on(struct spw_world *world, uint32_t slot)
{
    const struct spw__person *person = &world->person[slot];
    const struct spw_stream *stream = stream_of(world, person);
    struct spw_input input = {.kind = SPW_INPUT_CONTACT_TRANSFER};
    input.u.transfer.contact = person->contact;
    input.u.transfer.queue = stream->transfer_queue;
    input.u.transfer.need = stream->transfer_need;
    input.u.transfer.mode =
        stream->transfer_mode != 0 ? stream->transfer_mode : (uint32_t)SPW_TRANSFER_WARM;
    input.u.transfer.priority = stream->transfer_priority >= 0
                                    ? (uint8_t)stream->transfer_priority
                                    : world->tally.cell[person->cell].priority;
    input.u.transfer.danger = input.u.transfer.priority == 0;
    if (spw__world_apply(world, &input, NULL) != SPW_OK) {
        spw__person_tell(world, &world->person[slot], SPW_INPUT_CONTACT_ENDED, SPW_END_SERVED);
    }
}

static void on_transferring(struct spw_world *world, uint32_t slot, uint64_t mode)
{
    struct spw__person *person = &world->person[slot];
    world->tally.cell[person->cell].transferred += person->counted;
    person->hands++;
    person->talk_s = spw__person_talk_s(world, person);
    if (person->counted) {
        spw__tally_load(&world->tally, world->scenario, person->cell, person->talk_s);
    }
    person->stamp++;
    person->since = world->now;
    person->impatient = false;
    person->moving = mode == SPW_TRANSFER_WARM;
    if (!person->moving) {
        span_end(world, person, SPW__SPAN_TALKING);
        spw__staff_talk(world, person->worker, -1);
        person->state = SPW__PERSON_HANDED_ON;
        person->worker = SPW__NOBODY;
        person->span_at = world->now;
    }
    spw__person_plan_patience(world, slot); /* of a new wait; the engine says no WAITING */
    spw__passage_expose(world, slot);
}

/* --- lines that drop -------------------------------------------------------------------------- */

void spw__passage_expose(struct spw_world *world, uint32_t slot)
{
    const struct spw__person *person = &world->person[slot];
    const struct spw_stream *stream = stream_of(world, person);
    if (stream->drop_mean_s > 0) {
        struct spw__stream made = spw__person_draws(world, person, SPW__DRAW_DROP);
        made.counter ^= (uint64_t)person->drops << 8 | person->state;
        double after = spw__stream_exponential(&made, stream->drop_mean_s);
        spw__world_plan(world, SPW__DROP, spw__world_after(world, after), slot, 0, person->stamp);
    }
}

static void drop(struct spw_world *world, uint32_t slot)
{
    struct spw__person *person = &world->person[slot];
    bool there = person->state == SPW__PERSON_WAITING || person->state == SPW__PERSON_TALKING ||
                 person->state == SPW__PERSON_HANDED_ON;
    if (there && !person->promised) {
        person->drops++;
        person->own_line = true;
        spw__person_tell(world, person, SPW_INPUT_CONTACT_DROPPED, 0);
    }
}

/* The person's own line dropped, or the counsellor's: calling again is as after giving up. */
static void on_parked(struct spw_world *world, uint32_t slot)
{
    struct spw__person *person = &world->person[slot];
    const struct spw_stream *stream = stream_of(world, person);
    if (person->state == SPW__PERSON_TALKING) {
        double elapsed = (double)(world->now - person->span_at) * 1e-9;
        double left = person->talk_s -
                      elapsed / spw__talk_factor(world, person->worker, queue_of(world, person));
        person->talk_s = fmax(left, 0);
        span_end(world, person, SPW__SPAN_TALKING);
        spw__staff_talk(world, person->worker, -1);
    } else if (person->state == SPW__PERSON_WAITING || person->state == SPW__PERSON_HANDED_ON) {
        span_end(world, person, SPW__SPAN_WAITING);
    } else {
        return;
    }
    bool own = person->own_line;
    world->tally.cell[person->cell].dropped += person->counted;
    person->state = SPW__PERSON_PARKED;
    person->span_at = world->now;
    person->moving = person->own_line = false;
    person->stamp++;
    struct spw__stream made =
        spw__person_draws(world, person, own ? SPW__DRAW_DROP : SPW__DRAW_REDIAL);
    made.counter ^= own ? (uint64_t)person->drops << 40 : 0;
    double back = own ? stream->drop_back_probability : stream->redial_probability;
    person->returns = spw__stream_uniform(&made) < back;
    if (person->returns) {
        plan_return(world, slot, own ? stream->drop_back_after : stream->redial_after, &made);
    }
}

/* Back: either the place was kept (RESUMED), or it is a new attempt. */
static void come_back(struct spw_world *world, uint32_t slot)
{
    struct spw__person *person = &world->person[slot];
    span_end(world, person, SPW__SPAN_ORBIT);
    if (person->state == SPW__PERSON_ORBIT) {
        if (!person->reached && person->hands > 0) { /* by a script: it begins anew */
            person->hands = 0;
            person->talk_s = spw__person_talk_s(world, person);
        }
        spw__person_attempt(world, slot);
        return;
    }
    spw__person_wait(world, slot);
    spw__person_tell(world, person, SPW_INPUT_CONTACT_RESUMED, 0);
}

/* --- doors ------------------------------------------------------------------------------------ */

void spw__passage_happen(struct spw_world *world, const struct spw__appointment *what)
{
    switch (what->kind) {
    case SPW__TALK_END:
        spw__person_tell(world, &world->person[what->who], SPW_INPUT_CONTACT_ENDED, SPW_END_SERVED);
        break;
    case SPW__HAND_ON:
        hand_on(world, what->who);
        break;
    case SPW__DROP:
        drop(world, what->who);
        break;
    default:
        come_back(world, what->who);
    }
}

void spw__passage_event(struct spw_world *world, uint32_t slot, const struct spw_event *event)
{
    switch (event->kind) {
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
    case SPW_EVENT_TRANSFERRING:
        on_transferring(world, slot, event->detail_a);
        break;
    default:
        break;
    }
}
