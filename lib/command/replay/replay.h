/*
 * command/replay/replay.h - what the rooms of `spillway flood replay` share.
 *
 *   replay.c    from the options to an outcome
 *   people.c    which calls are one person's; which callers are priority customers
 *   fit.c       what the fit days say: patience, talks, redials
 *   skills.c    what the fit days say: which types a counsellor really serves
 *   spells.c    what the fit days show: when a counsellor is away though somebody waits
 *   away.c      what that says: how long a counsellor is away after a talk
 *   staff.c     the rest of the staffing: two paces, such that the fit days come out
 *   closing.c   which counsellors stay until the last caller is served
 *   scenario.c  the predicted days as a scenario: plan, streams, crews
 *   naive.c     the forecast that has to be beaten: Erlang A by half hour
 *   account.c   what happened to people, added up
 *   compare.c   recorded beside simulated beside naive; the error measure and its bands
 *   tell.c      the verdict, the notes, where the numbers come from
 *
 * What is used of the predicted days: when each call came, of which type, by whom where that was
 * recorded, and who was on duty. Nothing else: how long people waited, talked and whether they gave
 * up is used of the fit days only, and of the predicted days to compare with afterwards.
 */
#ifndef SPILLWAY_COMMAND_REPLAY_H
#define SPILLWAY_COMMAND_REPLAY_H

#include "command/command.h"
#include "command/replay/trace.h"

#include <spillway/plan.h>
#include <spillway/sim.h>

#define SPW__NO_CALL SIZE_MAX
#define SPW__INTERVAL_S 1800.0    /* of the naive forecast and of the time series */
#define SPW__WARM_UP_S 3600.0     /* before the predicted days; two intervals */
#define SPW__REDIAL_WITHIN_S 3600 /* a later call of the same caller is another matter */
#define SPW__HEAD_START_S 90.0    /* of priority customers: the centre's own rule */
#define SPW__TARGET_S 60.0        /* nobody recorded a target */
#define SPW__TABLE 512            /* quantiles of a fitted distribution */
#define SPW__WORST 4              /* half hours told of one by one */
#define SPW__NOTES_MAX 16

/* Numbers waiting at which counsellors come back at another pace: 0, 1, 2, 4, 7. */
enum { SPW__PACES = 5 };

/* Whose call it is. In the engine these are priority 1 and 2: a bank has nobody in danger. */
enum spw__customer { SPW__PREFERRED = 0, SPW__ORDINARY, SPW__CUSTOMERS, SPW__NOT_KNOWN };

struct spw__days {
    int first, last; /* from 1 */
};

/* "day 4", "days 2 to 4". */
const char *spw__days_text(struct spw__days days, char *text, size_t n);

/* The people who called: calls of one person are linked, one array element per call of the
 * trace. */
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
    struct spw__fitted
        away; /* after a talk, until the counsellor takes the next call, if one waits */
    struct spw_haste
        haste[SPW__PACES]; /* and how much faster with more waiting, slower with none */
    double redial_share[SPW__TYPES_MAX];
    struct spw__fitted redial_after;
    size_t struck; /* counsellors of the roster who passed over a type they are said to serve */
    /* In all, for the naive forecast. */
    double talk_mean_s;
    double away_mean_s;
    double naive_away_s;   /* with which the naive forecast waits as long as was recorded */
    double staff_pace;     /* of coming back, over what was seen while somebody waited */
    double quiet_pace;     /* the same while nobody waits */
    double giving_up_rate; /* per second of waiting */
};

/* --- what happened to people, recorded or forecast (account.c) -------------------------------- */

/* Everybody, and those of each kind of customer. */
enum spw__about { SPW__ABOUT_ALL = 0, SPW__ABOUT_PREFERRED, SPW__ABOUT_ORDINARY, SPW__ABOUTS };

/* Ledgers of those, then of each type of call. */
enum { SPW__LEDGERS = SPW__ABOUTS + SPW__TYPES_MAX };

/* A wait, and with how much of a person it counts for each kind of customer. */
struct spw__wait {
    double wait_s;
    double weight[SPW__CUSTOMERS];
};

struct spw__waits {
    struct spw__wait *wait;
    size_t count, room;
};

struct spw__ledger {
    double people, reached, given_up, within_target; /* people */
    double calls, left, at_once;                     /* attempts */
    double wait_answered_s, wait_left_s;
};

struct spw__account {
    struct spw__ledger ledger[SPW__LEDGERS];
    struct spw__waits calls;  /* of every attempt */
    struct spw__waits people; /* of people reached, from their first attempt */
    double from_s;            /* of the trace: where the intervals begin */
    size_t interval_count;
    double *waiting_s; /* by interval: seconds spent waiting in it */
    bool out_of_memory;
};

/* 0, or -1 when memory is out. */
int spw__account_make(struct spw__account *account, double from_s, double to_s);
void spw__account_free(struct spw__account *account);

/* One attempt; one person, reached or not, from its first attempt on. */
void spw__account_call(struct spw__account *account, const double *weight, uint32_t type,
                       double arrive_s, double wait_s, bool answered);
void spw__account_person(struct spw__account *account, const double *weight, uint32_t type,
                         bool reached, double wait_s);

/* The same figures that the simulator gives (spillway/sim.h), of a ledger; NAN for one that is not
 * kept. Quantiles are those of the first SPW__ABOUTS. */
double spw__account_figure(struct spw__account *account, int ledger, enum spw_measure measure);

/* Everything a replay holds; freed as a whole. */
struct spw__replay {
    struct spw__trace trace;
    struct spw__callers callers;
    struct spw__days fit_days, days;
    uint64_t seed;
    bool quiet;
    bool own_rule;      /* a policy that runs is the centre's own: it is judged */
    const char *roster; /* the file, for messages */
    /* Of the days that are open. */
    double begin_s, to_s; /* counted as the trace counts */
    double from_s;        /* where the simulation begins: its warm-up before begin_s */
    size_t first, end;    /* calls from from_s to to_s */
    struct spw__fit fit;
    struct spw_plan *plan;
    int order; /* what set_up puts into force */
    struct spw_scenario scenario;
    struct spw_stream *streams;
    struct spw_crew *crews;
    struct spw__account recorded, naive;
    struct spw__recorded_row *rows;
    size_t row_count;
    const char *notes[SPW__NOTES_MAX];
    size_t note_count;
    struct spw__mark *marks;
    size_t mark_count, mark_room;
    char verdict[400];
    struct spw__goal_result goal;
    void **kept; /* arrays that streams and crews point to */
    size_t kept_count, kept_room;
};

/* Zeroed memory that lives as long as the replay; null when memory is out. */
void *spw__replay_keep(struct spw__replay *replay, size_t count, size_t size);

void spw__replay_free(struct spw__replay *replay);

/* people.c: links and customers of all calls. 0, or -1 when memory is out. */
int spw__replay_link(struct spw__replay *replay);

/* spells.c: a stretch after a talk in which a caller waits whom the counsellor could serve. */
struct spw__piece {
    double begin_s, end_s; /* since the end of the talk */
    uint8_t class;         /* by the number waiting: index of fit.haste */
    bool first;            /* of its spell; else it goes on from the piece before */
    bool answered;         /* it ends because the counsellor takes a call */
};

struct spw__away {
    struct spw__piece *piece;
    size_t piece_count, piece_room;
};

uint8_t spw__away_class(long waiting);
int spw__away_look(struct spw__replay *replay, struct spw__away *away);

/* closing.c: from the roster alone. 0, or -1 when memory is out. */
int spw__replay_stay(struct spw__replay *replay);

/* From the fit days alone, in this order. 0, or -1 with a sentence. */
int spw__replay_fit(struct spw__replay *replay, char *error, size_t n);
int spw__replay_fit_skills(struct spw__replay *replay, char *error, size_t n);
int spw__replay_fit_away(struct spw__replay *replay, char *error, size_t n);
int spw__replay_fit_staff(struct spw__replay *replay, char *error, size_t n);

/* scenario.c: days as a scenario with its plan, and what was recorded of them. One at a
 * time. 0, or -1 with a sentence; to be closed either way. */
int spw__replay_open(struct spw__replay *replay, struct spw__days days, char *error, size_t n);
void spw__replay_close(struct spw__replay *replay);

/* Whether a call of the predicted days begins a person: it is no redial of one of those days. */
bool spw__replay_newcomer(const struct spw__replay *replay, size_t call);

/* How much of the person of a call is of each kind of customer. */
void spw__replay_weight(const struct spw__replay *replay, size_t call,
                        double weight[SPW__CUSTOMERS]);

/* naive.c: its mean wait of all calls of the open days, if a counsellor is away so long after each
 * talk; and the forecast for them. NAN, -1 when memory is out. */
double spw__naive_wait_s(struct spw__replay *replay, double away_s);
int spw__naive_forecast(struct spw__replay *replay);

/* compare.c: the recorded account, the rows, and what they come to. */
struct spw__comparison {
    double error_simulated, error_naive;     /* mean relative error of the judged figures */
    double profile_simulated, profile_naive; /* number waiting, half hour by half hour */
    size_t judged, inside;                   /* rows with a band, and those inside it */
    size_t worst[SPW__WORST]; /* half hours whose simulated waiting is furthest off; intervals */
    size_t worst_count;
    double worst_simulated[SPW__WORST]; /* mean number waiting in them */
    double rest_simulated, rest_naive;  /* profile without them */
};
int spw__replay_record(struct spw__replay *replay);
int spw__replay_compare(struct spw__replay *replay, const struct spw_result *result,
                        struct spw__comparison *comparison);
/* The mean number recorded waiting, laid over the time series; null when memory is out. */
const double *spw__replay_waiting(struct spw__replay *replay, const struct spw_result *result);

/* tell.c: the verdict, the notes and the marks. 0, or -1 when memory is out. */
int spw__replay_tell(struct spw__replay *replay, const struct spw__comparison *comparison,
                     const struct spw_result *result);

#endif
