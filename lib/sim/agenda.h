/*
 * sim/agenda.h - what is going to happen, by time: a heap of appointments.
 *
 * Ties are kept in the order in which they were made, so that a run is the same everywhere. An
 * appointment is never taken back: it carries a stamp, and is dropped when its turn comes and the
 * stamp is outdated.
 */
#ifndef SPW__SIM_AGENDA_H
#define SPW__SIM_AGENDA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <spillway/base.h>

struct spw__appointment {
    spw_ns at;
    uint64_t order;
    uint32_t kind; /* enum spw__happening */
    uint32_t who;
    uint32_t stamp;
    uint32_t with;
};

/* So many streams have a place of their own for their next arrival: it comes and goes for every
 * person, and a look at a handful is cheaper than a way through the heap. */
#define SPW__PLACES 8

struct spw__agenda {
    struct spw__appointment place[SPW__PLACES]; /* at = SPW_FOREVER: empty */
    size_t places;                              /* those in use, from the first on */
    struct spw__appointment *heap;
    size_t count; /* of the heap */
    size_t room;
    uint64_t made;
};

/* False when memory is out. `at` may be SPW_FOREVER: then nothing is noted. */
bool spw__agenda_add(struct spw__agenda *agenda, struct spw__appointment appointment);

/* The same in a place of its own, which must be empty. */
void spw__agenda_put(struct spw__agenda *agenda, size_t place, struct spw__appointment appointment);
void spw__agenda_clear(struct spw__agenda *agenda);

/* The time of the earliest, SPW_FOREVER when there is none. */
spw_ns spw__agenda_next(const struct spw__agenda *agenda);
struct spw__appointment spw__agenda_take(struct spw__agenda *agenda);
void spw__agenda_free(struct spw__agenda *agenda);

#endif
