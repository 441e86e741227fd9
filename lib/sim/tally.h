/*
 * sim/tally.h - what a run adds up: per cell (stream and variant), per crew, per interval of time.
 *
 * Everything that lasts is added as a span once it is over; a span is cut to the window that counts
 * (warm-up left out) and spread over the time series. Counts belong to people who first arrived
 * inside the window.
 */
#ifndef SPW__SIM_TALLY_H
#define SPW__SIM_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <spillway/sim.h>

#include "sim/stats.h"

enum spw__span { SPW__SPAN_WAITING = 0, SPW__SPAN_TALKING, SPW__SPAN_ORBIT, SPW__SPAN_CALLBACK };
#define SPW__SPANS 4

/*
 * The people of one stream who really are of kind `truth` and are taken for kind `seen`. What the
 * engine is told comes from `seen`, how long they wait and talk from `truth`. Without confusion a
 * stream has a cell for each kind, else one for each pair: (truth, seen) at truth * kinds + seen.
 */
struct spw__cell {
    uint32_t stream;
    uint32_t truth;
    uint32_t seen;
    uint32_t kind; /* spw_kind_number of the truth; SPW__NO_KIND in a stream without variants */
    spw_queue queue;
    spw_need need;
    spw_centre centre;
    uint8_t priority;
    uint8_t flags;
    spw_ns target;
    const struct spw_dist *service;
    const struct spw_dist *patience;

    uint64_t people, attempts, answered, within_target, gave_up, other_ends;
    uint64_t connected, left, refused, at_once, over_target, callbacks, called_back;
    uint64_t transferred, dropped;
    uint64_t ended[SPW_END_PLACES];
    double wait_answered_s, wait_left_s, callback_delay_s;
    double span_s[SPW__SPANS];
    double wait_max_s, last_wait_end_s;
    struct spw__histogram *let_in; /* waits of attempts: answered or given up */
    struct spw__histogram *person; /* waits of people reached, from first arrival */
};

struct spw__crew_tally {
    double staffed_s;
    double busy_s;
};

/* One interval; sums of seconds and counts of this run. */
enum spw__slot_sum {
    SPW__SLOT_WAITING,
    SPW__SLOT_BUSY,
    SPW__SLOT_STAFFED,
    SPW__SLOT_WAITING_OF, /* of priority 0; the others follow */
    SPW__SLOT_SUMS = SPW__SLOT_WAITING_OF + 8
};

struct spw__slot {
    double people, attempts;
    double sum_s[SPW__SLOT_SUMS]; /* seconds spent in it waiting, talking, on duty */
    double now[9];
    double wait_s[9], wait_count[9];
};

struct spw__tally {
    struct spw__cell *cell;
    size_t cell_count;
    struct spw__crew_tally *crew;
    size_t crew_count;
    uint64_t *served; /* talks begun, by crew and inside it by cell; of counted people */
    struct spw__slot *slot;
    size_t slot_count;
    double slot_s;
    double from_s; /* the window */
    double to_s;
    double talk_s;    /* of counted people, whether reached or not: the load offered */
    double load_s;    /* the same, each talk by the share of a counsellor that it takes */
    double wrapped_s; /* wrap-ups that the engine ends, and their number */
    double wrapped;
    double wrap_up_s; /* mean over the staff, by hand */
    double factor;    /* mean over the staff, of the length of talks */
    double longest_p0_s;
};

#define SPW__NO_KIND UINT32_MAX

/* How many cells a stream has. */
size_t spw__tally_cells(const struct spw_stream *stream);
/* A test contact is nobody: counted in its stream and kind only. */
bool spw__cell_is_test(const struct spw__cell *cell);

bool spw__tally_make(struct spw__tally *tally, const struct spw_scenario *scenario);
void spw__tally_clear(struct spw__tally *tally);
void spw__tally_free(struct spw__tally *tally);

void spw__tally_span(struct spw__tally *tally, uint32_t cell, enum spw__span what, spw_ns from,
                     spw_ns to);
void spw__tally_staff(struct spw__tally *tally, uint32_t crew, bool busy, spw_ns from, spw_ns to);
struct spw__slot *spw__tally_slot(struct spw__tally *tally, spw_ns at);

/* A talk that is asked for. */
void spw__tally_load(struct spw__tally *tally, const struct spw_scenario *scenario, uint32_t cell,
                     double talk_s);

/* A wait of somebody who counts, from first arrival on. */
void spw__tally_danger(struct spw__tally *tally, const struct spw__cell *cell, double waited_s);

/* Somebody leaves the queue, answered or not: the time series. */
void spw__tally_left_queue(struct spw__tally *tally, uint32_t cell, spw_ns at, double waited_s);

#endif
