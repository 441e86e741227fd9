/*
 * command/replay.h - what the rooms of `spillway flood replay` share.
 *
 *   replay.c           from the options to an outcome
 *   replay_people.c    which calls are one person's; who is a priority customer
 *   replay_fit.c       what the fit days say: patience, talks, redials
 *   replay_staff.c     what the fit days say: how long a counsellor is away after a talk
 *   replay_scenario.c  the predicted days as a scenario: plan, streams, crews
 *   naive.c            the forecast that has to be beaten: Erlang A by half hour
 *   replay_compare.c   recorded beside simulated beside naive; the error measure and its bands
 *
 * What is used of the predicted days: when each call came, of which type, by whom where that was
 * recorded, and who was on duty. Nothing else: how long people waited, talked and whether they gave
 * up is used of the fit days only, and of the predicted days to compare with afterwards.
 */
#ifndef SPILLWAY_COMMAND_REPLAY_H
#define SPILLWAY_COMMAND_REPLAY_H

#include "command/command.h"
#include "command/trace.h"

#include <spillway/plan.h>
#include <spillway/sim.h>

#define SPW__NO_CALL SIZE_MAX
#define SPW__INTERVAL_S 1800.0    /* of the naive forecast and of the time series */
#define SPW__WARM_UP_S 3600.0     /* before the predicted days; two intervals */
#define SPW__REDIAL_WITHIN_S 3600 /* a later call of the same caller is another matter */
#define SPW__HEAD_START_S 90.0    /* of priority customers: the centre's own rule */
#define SPW__TARGET_S 60.0        /* nobody recorded a target */
#define SPW__TABLE 512            /* quantiles of a fitted distribution */

/* Whose call it is. In the engine these are priority 1 and 2: a bank has nobody in danger. */
enum spw__customer { SPW__PREFERRED = 0, SPW__ORDINARY, SPW__CUSTOMERS, SPW__NOT_KNOWN };

struct spw__days {
    int first, last; /* from 1 */
};

/* Who called: calls of one person are linked, one array element per call of the trace. */
struct spw__callers {
    size_t *after;     /* the call given up before, of which this is the redial; or NO_CALL */
    size_t *again;     /* the redial of this one; or NO_CALL */
    uint8_t *customer; /* enum spw__customer */
};

/* A fitted distribution: its table of quantiles and what it rests on. */
struct spw__fitted {
    struct spw_dist dist; /* points into table */
    double table[SPW__TABLE];
    size_t observed; /* durations */
    size_t events;   /* of those, that ended by themselves */
    bool pooled;     /* too few of its own: another's */
};

struct spw__fit {
    double preferred_share[SPW__TYPES_MAX];
    struct spw__fitted patience[SPW__TYPES_MAX][SPW__CUSTOMERS];
    struct spw__fitted talk[SPW__TYPES_MAX];
    struct spw__fitted away; /* after a talk, until the counsellor takes the next call */
    double redial_share[SPW__TYPES_MAX];
    struct spw__fitted redial_after;
    /* In all, for the naive forecast. */
    double talk_mean_s;
    double away_mean_s;
    double giving_up_rate; /* per second of waiting */
};

/* Everything a replay holds; freed as a whole. */
struct spw__replay {
    struct spw__trace trace;
    struct spw__callers callers;
    struct spw__days fit_days, days;
    struct spw__fit fit;
    struct spw_plan *plan;
    int order; /* what set_up puts into force */
    struct spw_scenario scenario;
    struct spw_stream *streams;
    struct spw_crew *crews;
    void **kept; /* arrays that streams and crews point to */
    size_t kept_count, kept_room;
};

/* Zeroed memory that lives as long as the replay; null when memory is out. */
void *spw__replay_keep(struct spw__replay *replay, size_t count, size_t size);

/* replay_people.c: links and customers of all calls. 0, or -1 when memory is out. */
int spw__replay_link(struct spw__replay *replay);

/* replay_fit.c and replay_staff.c: from the fit days alone. 0, or -1 with a sentence. */
int spw__replay_fit(struct spw__replay *replay, char *error, size_t n);
int spw__replay_fit_away(struct spw__replay *replay, char *error, size_t n);

/* replay_scenario.c: the plan and the scenario of `days`. 0, or -1 with a sentence. */
int spw__replay_scenario(struct spw__replay *replay, char *error, size_t n);

#endif
