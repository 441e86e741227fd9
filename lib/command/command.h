/*
 * command/command.h - what the rooms of the command share: the options of `spillway flood`, the
 * outcome of a flood, and the doors between main, flood, replay and report.
 *
 * An outcome is filled in flood/ or replay/ and read in outcome/ and report/. The room
 * that fills it owns everything it points to; readers copy nothing and keep nothing.
 */
#ifndef SPILLWAY_COMMAND_H
#define SPILLWAY_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <spillway.h>
#include <spillway/version.h>

#include "plan/yaml.h" /* struct spw__mark */

struct spw_scenario; /* spillway/sim.h */
struct spw_result;   /* spillway/sim.h */

#define SPW__POLICIES_MAX 8

/* "0.1.0" */
#define SPW__TEXT_OF(x) #x
#define SPW__TEXT(x) SPW__TEXT_OF(x)
#define SPW__VERSION                                                                               \
    SPW__TEXT(SPW_VERSION_MAJOR) "." SPW__TEXT(SPW_VERSION_MINOR) "." SPW__TEXT(SPW_VERSION_PATCH)

/* How the command ends; also its exit status. */
enum spw__exit { SPW__EXIT_GOOD = 0, SPW__EXIT_BROKEN = 1, SPW__EXIT_USAGE = 2 };

/* The command line after its check (options.c). Strings point into argv. */
struct spw__options {
    const char *verb;        /* "list", "run", "replay" */
    const char *operands[4]; /* run: SCENARIO.yaml; replay: CONTACTS.csv ROSTER.csv */
    int operand_count;
    const char *policies[SPW__POLICIES_MAX]; /* names or paths of shared objects */
    int policy_count;                        /* 0: what the scenario says, else its plan */
    bool seed_given;
    uint64_t seed;
    uint32_t runs;            /* 0: what the scenario says */
    const char *json;         /* null: none */
    const char *report;       /* null: none */
    const char *command_line; /* as it was typed, on one line */
    bool quiet;
    bool guesses;           /* run: each guess halved and doubled */
    double danger_patience; /* run: times the patience of people in danger; 0: as written */
    bool fit_days_given;
    int fit_first, fit_last; /* replay --fit-days A-B, from 1 */
    bool days_given;
    int days_first, days_last; /* replay --days C-D */
};

/* A goal, after the runs. */
struct spw__goal_result {
    const char *text; /* "of queue voice, share of people connected in time: at least 80 %" */
    double wanted;    /* in the unit of the measure: the bound that was missed, else one of them */
    double measured;
    double half_width;
    char measured_text[32]; /* "61.2 %", "4 min 2 s", "1757" */
    bool kept;
};

/* One policy over all runs. */
struct spw__policy_outcome {
    const char *name;                /* "head-start", or the name inside the shared object */
    const struct spw_result *result; /* merged over the runs */
    const struct spw__goal_result *goals;
    size_t goal_count;
    double seconds; /* wall clock of the runs */
};

enum spw__unit { SPW__UNIT_COUNT = 0, SPW__UNIT_SHARE, SPW__UNIT_SECONDS };

/*
 * Recorded beside simulated, for a replay; any number of rows. NAN where a figure does not exist.
 * `group` is what the row is about ("priority 1", "all").
 */
struct spw__recorded_row {
    const char *group;
    const char *measure; /* "answered", "mean wait of the answered (s)", ... */
    double recorded;
    double simulated;
    double half_width; /* of the simulated figure */
    double naive;      /* the naive forecast */
    enum spw__unit unit;
    double band; /* declared beforehand: the simulated figure is to be so near; 0: not judged */
    bool detail; /* left to JSON and report, not in the table */
};

/* Shares of people who were reached in time; NAN where nobody came. */
struct spw__in_time {
    double all;
    double urgent; /* of the most urgent priority there is */
};

/* A guess halved and doubled, everything else as it was, on the same people. */
struct spw__guess {
    const struct spw__mark *mark;
    const char *unvaried; /* why it was not; null if it was */
    struct spw__in_time half, twice;
};

struct spw__outcome {
    const char *title;
    const char *subtitle; /* where the people come from; may be empty */
    const char *source;   /* file name of scenario or trace */
    const struct spw_scenario *scenario;
    double calendar_s; /* replay: from midnight of day 1 to the start of a run */
    const struct spw__policy_outcome *policies;
    size_t policy_count;
    const struct spw__mark *marks; /* every marked number; the guessed ones among them */
    size_t mark_count;
    const struct spw__recorded_row *recorded; /* replay only */
    size_t recorded_count;
    /* Replay: mean number recorded waiting, by interval of the series; NAN where none was. */
    const double *recorded_waiting;
    size_t recorded_waiting_count;
    const char *const *notes; /* what the plan lets happen, what was assumed; sentences */
    size_t note_count;
    const struct spw__guess *guesses; /* the one that matters most first; null: not asked for */
    size_t guess_count;
    uint32_t guess_runs; /* replications of each */
    uint32_t guess_priority;
    struct spw__in_time as_guessed; /* over the same runs */
    uint64_t seed;
    uint32_t runs;
    const char *verdict;     /* one sentence, no line feed */
    bool broken;             /* an invariant or a goal does not hold */
    const char *broken_text; /* which; empty if none */
    /* Null where there is none; the readers then do without. */
    const struct spw_plan *plan; /* applied at least once; names the queues and centres of groups */
    const char *command_line;    /* as it was typed, on one line */
};

/* outcome/tell.c: a sentence of what is wrong; the exit status. */
int spw__complain(const char *sentence);

/* outcome/tell.c: table, JSON and report, as they were asked for. The exit status. */
int spw__tell(const struct spw__options *options, const struct spw__outcome *outcome);

/* flood/flood.c: list and run. The exit status. */
int spw__command_flood(const struct spw__options *options);

/* replay/replay.c: flood replay. The exit status; messages go to stderr. */
int spw__command_replay(const struct spw__options *options);

/* report/report.c: one self-contained HTML file. 0, or -1 with a sentence in `error`. */
int spw__report_write(const char *path, const struct spw__outcome *outcome, char *error, size_t n);

/* outcome/json.c: the documented JSON (bench/scenarios/README.md). 0, or -1 with a sentence in
 * `error`. */
int spw__json_write(const char *path, const struct spw__outcome *outcome, char *error, size_t n);

/* outcome/table.c: verdict, longest priority-0 wait, then the details, in 80 columns on stdout. */
void spw__table_print(const struct spw__outcome *outcome, bool quiet);

/* progress.c: a bar when stderr is a terminal, a line every few seconds elsewhere, nothing
 * when quiet. */
struct spw__progress {
    const char *label;
    uint64_t total;
    uint64_t shown; /* what was shown last: tenths or columns */
    double told_s;  /* when the last line went out */
    bool terminal;
    bool quiet;
};
void spw__progress_begin(struct spw__progress *progress, const char *label, uint64_t total,
                         bool quiet);
void spw__progress_step(struct spw__progress *progress, uint64_t done);
void spw__progress_end(struct spw__progress *progress);

#endif
