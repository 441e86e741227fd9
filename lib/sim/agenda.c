/*
 * sim/agenda.c - a heap with four children per node: half the depth of a binary one, and the
 * children of a node lie side by side.
 *
 * Invariant: no appointment is earlier than its parent; equal times keep the order of making.
 * Who calls: every room that plans something. Cost: logarithmic, to the base of four.
 */
#include "sim/agenda.h"

#include <stdlib.h>

static bool earlier(const struct spw__appointment *a, const struct spw__appointment *b)
{
    return a->at < b->at || (a->at == b->at && a->order < b->order);
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
    size_t at = agenda->count++;
    while (at > 0 && earlier(&appointment, &agenda->heap[(at - 1) / 4])) {
        agenda->heap[at] = agenda->heap[(at - 1) / 4];
        at = (at - 1) / 4;
    }
    agenda->heap[at] = appointment;
    return true;
}

spw_ns spw__agenda_next(const struct spw__agenda *agenda)
{
    return agenda->count > 0 ? agenda->heap[0].at : SPW_FOREVER;
}

struct spw__appointment spw__agenda_take(struct spw__agenda *agenda)
{
    struct spw__appointment first = agenda->heap[0];
    struct spw__appointment last = agenda->heap[--agenda->count];
    size_t at = 0;
    for (;;) {
        size_t child = 4 * at + 1;
        size_t end = child + 4 < agenda->count ? child + 4 : agenda->count;
        size_t best = child;
        if (child >= agenda->count) {
            break;
        }
        for (size_t i = child + 1; i < end; i++) {
            if (earlier(&agenda->heap[i], &agenda->heap[best])) {
                best = i;
            }
        }
        if (!earlier(&agenda->heap[best], &last)) {
            break;
        }
        agenda->heap[at] = agenda->heap[best];
        at = best;
    }
    agenda->heap[at] = last;
    return first;
}

void spw__agenda_free(struct spw__agenda *agenda)
{
    free(agenda->heap);
    *agenda = (struct spw__agenda){0};
}
