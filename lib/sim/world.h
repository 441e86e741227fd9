/*
 * sim/world.h - one run of a scenario: people and staff around an engine.
 *
 *   agenda  -> what happens next, by time
 *   people  -> arrive, lose patience, take callbacks                (people.c)
 *              talk, are handed on, drop, give up, call again       (passage.c)
 *   staff   -> come and go, answer, wrap up, lose their connection  (staff.c)
 *   incident-> a centre goes dark, a queue closes; levels           (incident.c)
 *   world   -> the clock; passes inputs through the door, events to people and staff (world.c)
 *
 * People and staff act only when their appointment comes; an event merely makes appointments. So
 * nothing reaches the engine while its events are being read, and nothing hidden reaches it early.
 */
#ifndef SPW__SIM_WORLD_H
#define SPW__SIM_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <spillway.h>
#include <spillway/sim.h>

#include "sim/agenda.h"
#include "sim/arrival.h"
#include "sim/random.h"
#include "sim/tally.h"

enum spw__happening {
    SPW__ARRIVAL = 1, /* who: stream */
    SPW__PATIENCE,    /* who: person; stamp of the attempt */
    SPW__REDIAL,      /* who: person */
    SPW__CALL_ME,     /* who: person: takes a callback */
    SPW__ACCEPT,      /* who: person, with: worker; stamp of the offer */
    SPW__DECLINE,     /* the same */
    SPW__TALK_END,    /* who: person; stamp of the talk */
    SPW__TRIAGE,      /* who: person; stamp of the attempt */
    SPW__HAND_ON,     /* who: person; stamp of the talk */
    SPW__DROP,        /* who: person; stamp of the attempt or the talk */
    SPW__INCIDENT_ON, /* who: incident */
    SPW__INCIDENT_OFF,
    SPW__WRAPPED_UP, /* who: worker, with: index of what is wrapped up; stamp of that */
    SPW__SHIFT_ON,   /* who: worker */
    SPW__SHIFT_OFF,
    SPW__BREAK_ON,
    SPW__BREAK_OFF,
    SPW__LINE_LOST,
    SPW__LINE_BACK,
    SPW__BACK,    /* after missing too many */
    SPW__PULL,    /* asks for a contact */
    SPW__BEAT,    /* a sign of life is due */
    SPW__REST_OFF /* a break that was due is over */
};

enum spw__person_state {
    SPW__PERSON_NONE = 0,
    SPW__PERSON_WAITING, /* arrived; waiting, offered, or about to be answered */
    SPW__PERSON_TALKING,
    SPW__PERSON_HANDED_ON, /* cold transfer: waits again */
    SPW__PERSON_PARKED,
    SPW__PERSON_ORBIT,   /* gave up, will call again */
    SPW__PERSON_CALLBACK /* promised */
};

struct spw__person {
    spw_contact contact;
    uint64_t number; /* of its stream, by arrival: what its draws depend on */
    spw_ns first_at; /* first arrival */
    spw_ns since;    /* this attempt */
    spw_ns span_at;  /* begin of what lasts now: wait, talk, orbit, promise */
    double talk_s;   /* what is left of it */
    uint32_t cell;
    uint32_t attempts;
    uint32_t stamp;  /* of patience and talk: changes when either is over */
    uint32_t offers; /* stamp of an answer: changes with every offer and when one falls */
    uint32_t rings;  /* offers so far, for the draws */
    uint32_t worker;
    uint32_t next; /* in the list of free slots */
    uint8_t state; /* enum spw__person_state */
    bool followed; /* first arrived before the end: the run stays open for it */
    bool counted;  /* and after the warm-up */
    bool reached;
    bool waited;    /* an event WAITING came in this attempt */
    bool impatient; /* its patience has an appointment */
    bool promised;
    bool known;    /* the host knows which kind it really is */
    bool moving;   /* warm transfer: still talks, waits for the next */
    bool returns;  /* parked, or in orbit after it: has an appointment to come back */
    bool own_line; /* is about to be parked because its own line dropped */
    bool in_time;  /* reached within the target */
    bool gave_up;  /* in a talk with a script, while it looked for a person */
    uint8_t hands; /* transfers so far */
    uint8_t drops; /* connections lost so far, for the draws */
    spw_ns reached_at;
};

struct spw__worker {
    spw_counsellor handle;
    struct spw__stream draws; /* of breaks */
    struct spw__stream line_draws;
    struct spw__stream wrap_draws;
    uint32_t crew;
    uint32_t member; /* of the crew, from 0 */
    uint32_t shift;  /* number of the shift that comes or is */
    uint32_t talks;
    uint32_t wraps;
    uint32_t stamp; /* of breaks and line: changes when a shift ends */
    bool on_duty;
    bool on_break;
    bool lost;
    bool missing; /* not answering */
    bool staffed;
    bool busy;
    bool beating; /* a sign of life has its appointment */
    spw_ns staffed_at;
    spw_ns busy_at;
    spw_ns rest_until; /* of the break that the engine let begin */
};

/* Contacts in wrap-up by hand, until their appointment. */
struct spw__wrap {
    spw_contact contact;
    double left_s; /* at the usual pace, from `since` on */
    double pace;   /* 1: the usual */
    spw_ns since;
    uint32_t worker;
    uint32_t stamp; /* of the appointment */
    uint32_t next;
    bool in_use;
};

struct spw__mix;

struct spw_world {
    const struct spw_scenario *scenario;
    uint32_t run;
    uint64_t key[SPW__DRAW_COUNT]; /* of the draws of a run, by purpose */
    struct spw_engine *engine;
    void *memory; /* of the engine */
    size_t memory_size;
    spw_ns now;
    spw_ns end;  /* nobody who arrives after it counts */
    spw_ns last; /* the drain is over */
    spw_ns door; /* no arrivals after it: one of the two */
    struct spw__agenda agenda;
    struct spw__appointment *at_once; /* to be done before time moves on */
    size_t at_once_count, at_once_room, at_once_head;
    struct spw__person *person;
    uint32_t person_count, person_room, person_free;
    uint32_t inside;   /* people who are not gone */
    uint32_t followed; /* of them: those who keep the run open after its end */
    struct spw__worker *worker;
    uint32_t worker_count;
    struct spw__wrap *wrap;
    uint32_t wrap_count, wrap_room, wrap_free;
    double *pace;         /* of wrap-ups, by crew */
    bool hastens;         /* some crew's pace moves */
    struct spw__mix *mix; /* by stream */
    uint8_t *dark;        /* by centre */
    uint32_t centre_count;
    struct spw_input *asked; /* by the host, to be passed in this instant */
    size_t asked_count, asked_room;
    struct spw_arrivals *arrivals; /* the scenario's, with their ends */
    struct spw__flow *flow;        /* draws of arrivals, by stream */
    uint64_t *arrived;             /* people so far, by stream */
    uint32_t *first_cell;          /* by stream */
    uint32_t *by_handle;           /* open hash of the staff: worker + 1, 0 empty */
    uint32_t by_handle_mask;
    struct spw__tally tally;
    uint64_t inputs;
    uint64_t people;
    int broken;
    char broken_text[200];
    bool out_of_memory;
    bool done;
};

/* Opens run `run` in memory that is kept from run to run. Zero, or -1 with a sentence. */
int spw__world_open(struct spw_world *world, const struct spw_policy *policy, uint32_t run,
                    char *error, size_t size);

/* The door, with poll and continue as it asks for; then the events are handed on. */
int spw__world_apply(struct spw_world *world, const struct spw_input *input, uint64_t *made);
void spw__world_plan(struct spw_world *world, enum spw__happening kind, spw_ns at, uint32_t who,
                     uint32_t with, uint32_t stamp);
spw_ns spw__world_after(const struct spw_world *world, double seconds);

/* --- draws.c: what belongs to a person, in its present attempt -------------------------------- */

/* Which kind the host takes somebody for, and which it then really is: rising sums of shares. */
struct spw__mix {
    size_t count;
    double *seen;  /* [count] */
    double *truth; /* [seen * count + truth]; null: they are the same */
};

bool spw__mix_make(struct spw__mix *mix, const struct spw_stream *stream);
void spw__mix_free(struct spw__mix *mix);

#define SPW__ATTEMPT_STEP 0x632be59bd9b4e019u /* between the counters of two attempts */

struct spw__stream spw__person_draws(const struct spw_world *world,
                                     const struct spw__person *person, enum spw__purpose purpose);
double spw__person_patience_s(const struct spw_world *world, const struct spw__person *person);
double spw__person_talk_s(const struct spw_world *world, const struct spw__person *person);
/* The cell of a newcomer inside those of its stream: which kind it is and is taken for. */
uint32_t spw__person_cell(const struct spw_world *world, const struct spw__person *person,
                          uint32_t stream);

/* --- people.c --- */
void spw__people_open(struct spw_world *world);
void spw__people_happen(struct spw_world *world, const struct spw__appointment *what);
void spw__people_event(struct spw_world *world, const struct spw_event *event);
void spw__people_close(struct spw_world *world);
void spw__person_attempt(struct spw_world *world, uint32_t slot);
void spw__person_wait(struct spw_world *world, uint32_t slot);
void spw__person_tell(struct spw_world *world, const struct spw__person *person, uint32_t kind,
                      uint32_t detail);
void spw__person_gone(struct spw_world *world, uint32_t slot);
bool spw__person_waits(const struct spw__person *person);
/* It will give up when its patience ends, unless that is planned already. */
void spw__person_plan_patience(struct spw_world *world, uint32_t slot);
/* Until now it has been waiting for a person: the longest wait of anybody. */
void spw__person_longest(struct spw_world *world, const struct spw__person *person);

/* --- passage.c --- */
void spw__passage_happen(struct spw_world *world, const struct spw__appointment *what);
void spw__passage_event(struct spw_world *world, uint32_t slot, const struct spw_event *event);
/* The connection may drop from now on. */
void spw__passage_expose(struct spw_world *world, uint32_t slot);

/* --- incident.c --- */
void spw__incidents_open(struct spw_world *world);
void spw__incident_happen(struct spw_world *world, const struct spw__appointment *what);
/* What a talk from a queue is multiplied by when this worker has it. */
double spw__talk_factor(const struct spw_world *world, uint32_t worker, spw_queue queue);

/* --- staff.c --- */
int spw__staff_open(struct spw_world *world, char *error, size_t size);
void spw__staff_happen(struct spw_world *world, const struct spw__appointment *what);
void spw__staff_event(struct spw_world *world, const struct spw_event *event);
void spw__staff_close(struct spw_world *world);
/* --- wrap_up.c --- */
void spw__wrap_up_open(struct spw_world *world);
void spw__wrap_up_begin(struct spw_world *world, uint32_t worker, spw_contact contact);
void spw__wrap_up_end(struct spw_world *world, uint32_t worker, uint32_t slot, uint32_t stamp);
/* After events: looks how many wait and changes the pace of crews. */
void spw__wrap_up_hasten(struct spw_world *world);

/* --- staff.c, to people.c --- */
/* The worker behind an event; SPW__NOBODY if none. */
#define SPW__NOBODY UINT32_MAX
uint32_t spw__staff_find(const struct spw_world *world, spw_counsellor handle);
/* An offer reached a worker. True when it is accepted at once. */
bool spw__staff_offered(struct spw_world *world, uint32_t worker, uint32_t person);
/* Its centre went dark, or is back. */
void spw__staff_dark(struct spw_world *world, spw_centre centre, bool dark);
/* A talk of the worker begins (+1) or is over (-1). */
void spw__staff_talk(struct spw_world *world, uint32_t worker, int change);

#endif
