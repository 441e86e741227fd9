/*
 * bench/throughput/crowd.c - the host's side of a measurement: where every person is, known from
 * events alone.
 *
 * States of a person: none -> WAITING <-> OFFERED -> CONNECTED -> none, and PARKED. The cookie of a
 * contact is the person's index, so an event finds its person at once. What is offered or in
 * wrap-up stands in rings, oldest first; a ring entry that no longer holds (the person hung up
 * while the telephone rang) is thrown away when its turn comes.
 *
 * The clock is read around spw_apply, spw_apply_many and spw_poll; this bookkeeping is never timed.
 */
#include "throughput.h"

#include <stdio.h>
#include <stdlib.h>

#define VIRTUAL_STEP (2 * SPW_MILLISECOND) /* virtual time between two inputs */

/* --- lists and rings -------------------------------------------------------------------------- */

static void list_out(struct world *w, uint32_t *list, uint32_t *count, uint32_t p)
{
    uint32_t last = list[--*count];
    list[w->person[p].position] = last;
    w->person[last].position = w->person[p].position;
}

static void list_in(struct world *w, uint32_t *list, uint32_t *count, uint32_t p)
{
    w->person[p].position = *count;
    list[(*count)++] = p;
}

static void move(struct world *w, uint32_t p, enum place place)
{
    struct person *person = &w->person[p];
    if (person->place == PLACE_WAITING) {
        list_out(w, w->waiting, &w->waiting_count, p);
    } else if (person->place == PLACE_CONNECTED) {
        list_out(w, w->talking, &w->talking_count, p);
    } else if (person->place == PLACE_PARKED) {
        list_out(w, w->parked, &w->parked_count, p);
    }
    person->place = (uint8_t)place;
    if (place == PLACE_WAITING) {
        list_in(w, w->waiting, &w->waiting_count, p);
    } else if (place == PLACE_CONNECTED) {
        list_in(w, w->talking, &w->talking_count, p);
    } else if (place == PLACE_PARKED) {
        list_in(w, w->parked, &w->parked_count, p);
    }
}

static void ring_push(struct ring *ring, uint64_t contact, uint64_t counsellor)
{
    if (ring->count == ring->size) {
        fprintf(stderr, "spw-throughput: a ring of the host is full\n");
        exit(1);
    }
    ring->pair[(ring->first + ring->count++) % ring->size] = (struct pair){contact, counsellor};
}

static bool ring_pop(struct ring *ring, struct pair *pair)
{
    if (ring->count == 0) {
        return false;
    }
    *pair = ring->pair[ring->first];
    ring->first = (ring->first + 1) % ring->size;
    ring->count--;
    return true;
}

/* --- events ----------------------------------------------------------------------------------- */

static void gone(struct world *w, uint32_t p)
{
    move(w, p, PLACE_NONE);
    w->person[p].used = 0;
    w->free_person[w->free_count++] = p;
}

static void note(struct world *w, const struct spw_event *event)
{
    uint32_t p = (uint32_t)event->cookie;
    switch (event->kind) {
    case SPW_EVENT_WAITING:
    case SPW_EVENT_OFFER_WITHDRAWN:
    case SPW_EVENT_OFFER_DECLINED:
    case SPW_EVENT_OFFER_MISSED:
    case SPW_EVENT_RESUMED:
        w->person[p].contact = event->contact;
        move(w, p, PLACE_WAITING);
        break;
    case SPW_EVENT_OFFER:
        w->person[p].contact = event->contact;
        w->person[p].counsellor = event->counsellor;
        move(w, p, PLACE_OFFERED);
        ring_push(&w->offers, p, event->counsellor.bits);
        w->offers_seen++;
        break;
    case SPW_EVENT_CONNECTED:
        move(w, p, PLACE_CONNECTED);
        break;
    case SPW_EVENT_PARKED:
        move(w, p, PLACE_PARKED);
        break;
    case SPW_EVENT_ENDED:
        gone(w, p);
        break;
    case SPW_EVENT_REFUSED:
        fprintf(stderr, "spw-throughput: somebody was refused: the world is too small\n");
        exit(1);
    case SPW_EVENT_WRAP_UP:
        ring_push(&w->wrap_ups, event->contact.bits, event->counsellor.bits);
        break;
    default:
        break;
    }
}

void crowd_note(struct world *w, const struct spw_event *events, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        note(w, &events[i]);
    }
}

void crowd_settle(struct world *w)
{
    struct spw_event events[256];
    size_t n;
    while ((n = spw_poll(w->engine, events, 256)) > 0) {
        crowd_note(w, events, n);
    }
}

/* --- inputs ----------------------------------------------------------------------------------- */

void crowd_arrive(struct world *w, uint32_t sort, bool redial, struct spw_input *input)
{
    if (w->free_count == 0) {
        fprintf(stderr, "spw-throughput: more people than the world has room for\n");
        exit(1);
    }
    uint32_t p = w->free_person[--w->free_count];
    uint64_t id = w->next_id++;
    bool known = redial && w->token_count > 0;
    w->person[p] = (struct person){.sort = (uint16_t)sort, .used = 1};
    w->person[p].token = known ? w->token[--w->token_count] : id;
    *input = (struct spw_input){.kind = SPW_INPUT_CONTACT_ARRIVE};
    struct spw_arrive *arrive = &input->u.arrive;
    arrive->id = (spw_id){id * 0x9e3779b97f4a7c15u, id};
    arrive->token = (spw_id){1, w->person[p].token};
    arrive->cookie = p;
    arrive->home = 1 + (uint32_t)world_random(w, w->shape.centres);
    arrive->queue = w->sort[sort].queue;
    arrive->need = w->sort[sort].need;
    arrive->channel = w->sort[sort].channel;
    arrive->priority = w->sort[sort].priority;
}

static bool next_offer(struct world *w, struct spw_input *input, uint32_t kind)
{
    struct pair pair;
    while (ring_pop(&w->offers, &pair)) {
        const struct person *person = &w->person[pair.contact];
        if (person->place != PLACE_OFFERED || person->counsellor.bits != pair.counsellor) {
            continue;
        }
        *input = (struct spw_input){.kind = kind};
        input->u.pair.contact = person->contact;
        input->u.pair.counsellor.bits = pair.counsellor;
        return true;
    }
    return false;
}

bool crowd_accept(struct world *w, struct spw_input *input)
{
    return next_offer(w, input, SPW_INPUT_CONTACT_ACCEPTED);
}

bool crowd_decline(struct world *w, struct spw_input *input)
{
    return next_offer(w, input, SPW_INPUT_CONTACT_DECLINED);
}

bool crowd_wrap_up(struct world *w, struct spw_input *input)
{
    struct pair pair;
    if (!ring_pop(&w->wrap_ups, &pair)) {
        return false;
    }
    *input = (struct spw_input){.kind = SPW_INPUT_COUNSELLOR_WRAPPED_UP};
    input->u.pair.contact.bits = pair.contact;
    input->u.pair.counsellor.bits = pair.counsellor;
    return true;
}

/* Anybody who talks; taken out of the list so that one batch does not name it twice. */
bool crowd_end(struct world *w, struct spw_input *input)
{
    if (w->talking_count == 0) {
        return false;
    }
    uint32_t p = w->talking[world_random(w, w->talking_count)];
    move(w, p, PLACE_NONE);
    *input = (struct spw_input){.kind = SPW_INPUT_CONTACT_ENDED};
    input->u.contact.contact = w->person[p].contact;
    input->u.contact.detail = SPW_END_SERVED;
    return true;
}

bool crowd_abandon(struct world *w, struct spw_input *input)
{
    if (w->waiting_count == 0) {
        return false;
    }
    uint32_t p = w->waiting[world_random(w, w->waiting_count)];
    move(w, p, PLACE_NONE);
    *input = (struct spw_input){.kind = SPW_INPUT_CONTACT_LEFT};
    input->u.contact.contact = w->person[p].contact;
    if (w->token_count < sizeof w->token / sizeof w->token[0]) {
        w->token[w->token_count++] = w->person[p].token;
    }
    return true;
}

/* --- applying --------------------------------------------------------------------------------- */

static void refused(const struct spw_input *input, int result)
{
    fprintf(stderr, "spw-throughput: %s was answered %s\n", spw_input_name(input->kind),
            spw_error_name(result));
    exit(1);
}

void crowd_apply(struct world *w, const struct spw_input *inputs, size_t n, int64_t *spent)
{
    struct spw_event events[EVENTS_RING];
    spw_ns times[BATCH];
    int results[BATCH];
    for (size_t done = 0; done < n;) {
        size_t left = n - done < BATCH ? n - done : BATCH;
        for (size_t i = 0; i < left; i++) {
            times[i] = w->now + (spw_ns)(i + 1) * VIRTUAL_STEP;
        }
        int64_t begin = clock_now();
        size_t taken = spw_apply_many(w->engine, inputs + done, times, left, results, NULL);
        size_t seen = spw_poll(w->engine, events, EVENTS_RING);
        int64_t end = clock_now();
        w->now = taken > 0 ? times[taken - 1] : w->now;
        for (size_t i = 0; i < taken; i++) {
            if (results[i] != SPW_OK) {
                refused(&inputs[done + i], results[i]);
            }
        }
        if (taken < left && results[taken] == SPW_E_BUSY) {
            refused(&inputs[done + taken], results[taken]);
        }
        crowd_note(w, events, seen);
        done += taken;
        if (spent != NULL) {
            *spent += end - begin;
        }
    }
}

/* In batches; unless the ring is full, what happened is read after the last. */
void crowd_apply_flight(struct world *w, const struct spw_input *inputs, size_t n, int64_t *spent)
{
    static struct spw_event events[4 * FLIGHT_MAX];
    static spw_ns times[FLIGHT_MAX];
    static int results[FLIGHT_MAX];
    for (size_t i = 0; i < n; i++) {
        times[i] = w->now + (spw_ns)(i + 1) * VIRTUAL_STEP;
    }
    for (size_t done = 0; done < n;) {
        size_t taken = 0;
        int64_t begin = clock_now();
        do {
            size_t left = n - done < BATCH ? n - done : BATCH;
            taken =
                spw_apply_many(w->engine, inputs + done, times + done, left, results + done, NULL);
            done += taken;
        } while (done < n && taken == BATCH);
        size_t seen = spw_poll(w->engine, events, sizeof events / sizeof events[0]);
        *spent += clock_now() - begin;
        crowd_note(w, events, seen);
    }
    for (size_t i = 0; i < n; i++) {
        if (results[i] != SPW_OK) {
            refused(&inputs[i], results[i]);
        }
    }
    w->now = n > 0 ? times[n - 1] : w->now;
}

void crowd_apply_single(struct world *w, const struct spw_input *inputs, size_t n, int64_t *spent)
{
    struct spw_event events[EVENTS_RING];
    size_t seen = 0;
    int64_t begin = clock_now();
    for (size_t i = 0; i < n; i++) {
        w->now += VIRTUAL_STEP;
        int result = spw_apply(w->engine, &inputs[i], w->now, NULL);
        if (result != SPW_OK) {
            refused(&inputs[i], result);
        }
        seen += spw_poll(w->engine, events + seen, EVENTS_RING - seen);
        if (seen > EVENTS_RING - SPW_EVENTS_PER_INPUT) {
            *spent += clock_now() - begin;
            crowd_note(w, events, seen);
            seen = 0;
            begin = clock_now();
        }
    }
    *spent += clock_now() - begin;
    crowd_note(w, events, seen);
}

int64_t crowd_time_one(struct world *w, const struct spw_input *input, struct spw_event *events,
                       size_t *n)
{
    w->now += VIRTUAL_STEP;
    int64_t begin = clock_now();
    int result = spw_apply(w->engine, input, w->now, NULL);
    *n = spw_poll(w->engine, events, SPW_EVENTS_PER_INPUT);
    int64_t end = clock_now();
    if (result != SPW_OK) {
        refused(input, result);
    }
    return end - begin;
}

void crowd_top_up(struct world *w, uint32_t count)
{
    struct spw_input batch[BATCH];
    while (count > 0) {
        uint32_t n = count < BATCH ? count : BATCH;
        for (uint32_t i = 0; i < n; i++) {
            crowd_arrive(w, world_any_sort(w, SPW_CHANNEL_TEXT), false, &batch[i]);
        }
        crowd_apply(w, batch, n, NULL);
        count -= n;
    }
}
