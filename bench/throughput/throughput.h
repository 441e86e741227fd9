/*
 * bench/throughput/throughput.h - what the rooms of the measurement share.
 *
 *   world    an engine with its classes, pools and counsellors, made from a shape and a seed
 *   crowd    the host's side: people who wait, are offered or talk; kept from events alone
 *   measures lifecycle, latency, mass, simulate: each makes worlds, drives them and reports rows
 *   naive, heap   the denominators: other designs on the same classes and pools
 *   report   rows of figures over several runs, as text, JSON and markdown
 *
 * The engine is driven through include/spillway only. Time inside the engine is virtual; the clock
 * of the machine is read around calls and nowhere else.
 */
#ifndef SPW__BENCH_THROUGHPUT_H
#define SPW__BENCH_THROUGHPUT_H

#include <spillway.h>

#include <stdbool.h>
#include <stdint.h>

#define BATCH 64 /* the largest batch that apply_many is given */
#define EVENTS_RING 1024
#define FLIGHT_MAX 4096 /* inputs handed over before their events are read */

/* --- clock and histogram (report.c) ----------------------------------------------------------- */

int64_t clock_now(void);     /* nanoseconds of the machine's monotonic clock */
double clock_overhead(void); /* what reading it twice adds to a figure, nanoseconds, median */

#define HISTOGRAM_SUB 64
#define HISTOGRAM_SIZE (40 * HISTOGRAM_SUB)

/* Counts by value: 64 buckets per power of two, so a quantile is right to 1.6 %. */
struct histogram {
    uint64_t count[HISTOGRAM_SIZE];
    uint64_t total;
    double sum;
    int64_t max;
};
void histogram_clear(struct histogram *histogram);
void histogram_add(struct histogram *histogram, int64_t value);
double histogram_mean(const struct histogram *histogram);
double histogram_quantile(const struct histogram *histogram, double q);

/* --- world (world.c) -------------------------------------------------------------------------- */

struct shape {
    uint32_t centres;
    uint32_t classes;     /* per centre: queues x needs x priorities */
    uint32_t pools;       /* per centre: distinct skill sets */
    uint32_t counsellors; /* in all */
    uint32_t waiting;     /* in all, once everybody is busy */
    uint32_t eligible;    /* percent of pools that may serve a class */
    bool idle;            /* the crowd waits for a text line; the voice side has people free */
    uint32_t flight;      /* inputs handed over before events are read; 0: a batch */
};

#define QUEUES 4
#define PRIORITIES 4

/* What one class of contacts says when it arrives. */
struct sort {
    spw_queue queue;
    spw_need need;
    uint8_t priority;
    uint8_t channel;
};

enum place { PLACE_NONE = 0, PLACE_WAITING, PLACE_OFFERED, PLACE_CONNECTED, PLACE_PARKED };

/* One contact as the host knows it; its index is the cookie. */
struct person {
    spw_contact contact;
    spw_counsellor counsellor;
    uint64_t token;
    uint32_t position; /* in the list of its place */
    uint16_t sort;
    uint8_t place;
    uint8_t used;
};

struct pair {
    uint64_t contact;
    uint64_t counsellor;
};

struct ring {
    struct pair *pair;
    uint32_t first;
    uint32_t count;
    uint32_t size;
};

struct world {
    struct shape shape;
    struct spw_engine *engine;
    uint64_t random;
    spw_ns now;
    uint64_t next_id;
    size_t memory;
    uint32_t sorts;
    struct sort *sort;
    uint32_t needs;
    uint64_t *able; /* [pool][need words]: which needs a skill set meets */
    spw_counsellor *counsellor;
    struct person *person;
    uint32_t persons;
    uint32_t *free_person;
    uint32_t free_count;
    uint32_t *waiting; /* persons, in no order */
    uint32_t waiting_count;
    uint32_t *talking;
    uint32_t talking_count;
    uint32_t *parked;
    uint32_t parked_count;
    struct ring offers;   /* to be answered, oldest first */
    struct ring wrap_ups; /* to be finished, oldest first */
    uint64_t token[4096]; /* of the last who gave up: those may redial */
    uint32_t token_count;
    uint64_t offers_seen;
};

/* Commits skills, needs, queues, centres, counsellors. Nobody is on duty yet. */
struct world *world_make(const struct shape *shape, uint64_t seed);
void world_free(struct world *world);
uint64_t world_random(struct world *world, uint64_t below);
bool world_able(const struct world *world, uint32_t pool, uint32_t sort);
uint32_t world_any_sort(struct world *world, uint8_t channel);

/* Everybody on duty, everybody busy (unless shape.idle), shape.waiting people waiting. */
void world_fill(struct world *world);

/* Stops the run with a sentence: a measurement of a broken engine is worth nothing. */
void must(int result, const char *what);

/* --- crowd (crowd.c) -------------------------------------------------------------------------- */

void crowd_note(struct world *world, const struct spw_event *events, size_t n);
void crowd_settle(struct world *world); /* polls until there is nothing more, and notes it */
void crowd_arrive(struct world *world, uint32_t sort, bool redial, struct spw_input *input);
bool crowd_accept(struct world *world, struct spw_input *input);
bool crowd_decline(struct world *world, struct spw_input *input);
bool crowd_wrap_up(struct world *world, struct spw_input *input);
bool crowd_end(struct world *world, struct spw_input *input);
bool crowd_abandon(struct world *world, struct spw_input *input);

/* Applies inputs in batches, polling and noting in between; what is measured is in *spent, if
 * given. */
void crowd_apply(struct world *world, const struct spw_input *inputs, size_t n, int64_t *spent);
/* The same, events being read when all have been handed over (n at most FLIGHT_MAX). */
void crowd_apply_flight(struct world *world, const struct spw_input *inputs, size_t n,
                        int64_t *spent);
/* The same, one at a time: each is visible before the next is applied. */
void crowd_apply_single(struct world *world, const struct spw_input *inputs, size_t n,
                        int64_t *spent);
/* One input, applied and polled: nanoseconds until its events are visible. */
int64_t crowd_time_one(struct world *world, const struct spw_input *input, struct spw_event *events,
                       size_t *n);
/* Lets `count` people of any class arrive, unmeasured. */
void crowd_top_up(struct world *world, uint32_t count);

/* --- report (report.c) ------------------------------------------------------------------------ */

#define COLUMNS_MAX 6

struct report;
struct report *report_new(const char *mode, int runs, uint64_t seed);
void report_free(struct report *report);
/* A table: its columns, and one sentence that says what was done. The first call counts. */
void report_group(struct report *report, const char *group, const char *sentence,
                  const char *const *columns, size_t n);
void report_row(struct report *report, const char *group, const char *label, const double *values);
/* The same measure must give the same events in every run. */
void report_digest(struct report *report, const char *label, uint64_t digest);
bool report_same_digests(const struct report *report);
void report_print(const struct report *report);
bool report_json(const struct report *report, const char *path);
bool report_markdown(const struct report *report, const char *path);

/* --- measures --------------------------------------------------------------------------------- */

enum mode { MODE_SMOKE, MODE_FULL };

struct bench {
    struct report *report;
    enum mode mode;
    uint64_t seed;
};

void measure_lifecycle(const struct bench *bench);
void measure_counted(uint64_t seed, uint64_t inputs);
void measure_latency(const struct bench *bench);
void measure_network(const struct bench *bench);
void measure_beside(const struct bench *bench);
void measure_abandon(const struct bench *bench);
void measure_resume(const struct bench *bench);
void measure_worst(const struct bench *bench);
void measure_memory(const struct bench *bench);
void measure_simulate(const struct bench *bench);

/* "1 M waiting, 4,096 classes, 1,000 pools, 5 %" */
void shape_label(const struct shape *shape, char *text, size_t size);

/* --- denominators: nanoseconds for one arrival and one match ---------------------------------- */

double naive_pair(struct world *world, uint32_t waiting, uint32_t samples);
double heap_pair(struct world *world, uint32_t waiting, uint32_t samples);

#endif
