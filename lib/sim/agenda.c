/*
 * sim/agenda.c - a heap with four children per node: half the depth of a binary one, and the
 * children of a node lie side by side.
 *
 * Invariant: no appointment is earlier than its parent; equal times keep the order of making.
 * Who calls: every room that plans something. Cost: logarithmic, to the base of four.
 */
#include "sim/agenda.h"

#include <stdlib.h>

/* Time and order as one number: compared without a branch that would be guessed wrong. */
__extension__ typedef unsigned __int128 when;

static when when_of(const struct spw__appointment *a)
{
    return (when)(uint64_t)a->at << 64 | a->order;
}

static bool earlier(const struct spw__appointment *a, const struct spw__appointment *b)
{
    return when_of(a) < when_of(b);
}

/* Puts an appointment into the hole at `at`, or above it. */
static void rise(struct spw__appointment *heap, size_t at, const struct spw__appointment *what)
{
    while (at > 0 && earlier(what, &heap[(at - 1) / 4])) {
        heap[at] = heap[(at - 1) / 4];
        at = (at - 1) / 4;
    }
    heap[at] = *what;
}

bool spw__agenda_add(struct spw__agenda *agenda, struct spw__appointment appointment)
{
    if (appointment.at >= SPW_FOREVER) {
        return true;
    }
    if (agenda->count == agenda->room) {
        size_t room = agenda->room == 0 ? 1024 : agenda->room * 2;
        struct spw__appointment *heap = realloc(agenda->heap, room * sizeof *heap);
        if (heap == NULL) {
            return false;
        }
        agenda->heap = heap;
        agenda->room = room;
    }
    appointment.order = agenda->made++;
    rise(agenda->heap, agenda->count++, &appointment);
    return true;
}

void spw__agenda_put(struct spw__agenda *agenda, size_t place, struct spw__appointment appointment)
{
    appointment.order = agenda->made++;
    agenda->place[place] = appointment;
    agenda->places = place >= agenda->places ? place + 1 : agenda->places;
}

void spw__agenda_clear(struct spw__agenda *agenda)
{
    agenda->count = agenda->places = 0;
    agenda->made = 0;
}

/* The earliest of the places; the first of them when all are empty. */
static struct spw__appointment *first_place(struct spw__agenda *agenda)
{
    struct spw__appointment *first = &agenda->place[0];
    for (size_t i = 1; i < agenda->places; i++) {
        first = earlier(&agenda->place[i], first) ? &agenda->place[i] : first;
    }
    return first;
}

spw_ns spw__agenda_next(const struct spw__agenda *agenda)
{
    spw_ns next = agenda->count > 0 ? agenda->heap[0].at : SPW_FOREVER;
    for (size_t i = 0; i < agenda->places; i++) {
        next = agenda->place[i].at < next ? agenda->place[i].at : next;
    }
    return next;
}

/*
 * The hole that the first leaves sinks to the bottom along the earliest children, then the last
 * appointment rises from there: it came from the bottom and seldom rises far, so that going down
 * costs no comparison with it.
 */
struct spw__appointment spw__agenda_take(struct spw__agenda *agenda)
{
    struct spw__appointment *heap = agenda->heap;
    if (agenda->places > 0) {
        struct spw__appointment *stands = first_place(agenda);
        if (stands->at < SPW_FOREVER && (agenda->count == 0 || earlier(stands, &heap[0]))) {
            struct spw__appointment taken = *stands;
            stands->at = SPW_FOREVER;
            return taken;
        }
    }
    struct spw__appointment first = heap[0];
    struct spw__appointment last = heap[--agenda->count];
    size_t at = 0, child = 1;
    for (; child + 4 <= agenda->count; child = 4 * at + 1) {
        size_t left = child + earlier(&heap[child + 1], &heap[child]);
        size_t right = child + 2 + earlier(&heap[child + 3], &heap[child + 2]);
        size_t best = earlier(&heap[right], &heap[left]) ? right : left;
        heap[at] = heap[best];
        at = best;
    }
    if (child < agenda->count) {
        size_t best = child;
        for (size_t i = child + 1; i < agenda->count; i++) {
            best = earlier(&heap[i], &heap[best]) ? i : best;
        }
        heap[at] = heap[best];
        at = best;
    }
    rise(heap, at, &last);
    return first;
}

void spw__agenda_free(struct spw__agenda *agenda)
{
    free(agenda->heap);
    *agenda = (struct spw__agenda){0};
}
