/*
 * command/replay/staff.c - what of the staffing cannot be seen directly, fitted by simulation.
 *
 * A roster derived from answered calls misses people, shows some as present who were not, and says
 * nothing about what counsellors do while nobody waits. Two paces make up for it, both of coming
 * back after a talk: one while somebody waits, one while nobody does. The fit days are simulated
 * until the mean wait and the share answered at once are those recorded. Then both are frozen. The
 * naive forecast is helped alike: the time away with which its mean wait is the recorded one.
 * (Leaving out the half hours that fit worst was tried: predicted from one another, the fit days of
 * the public trace come out no better on average.)
 * Who calls: replay.c. Cost: ROUNDS times FIT_RUNS runs of the fit days.
 */
#include <math.h>
#include <stdio.h>

#include "command/replay/replay.h"

/* Fewer runs a round where the fit days have so many calls that chance evens out by itself. */
enum { ROUNDS = 12, FIT_RUNS = 4, CALLS_MOST = 40000, WAITED_LEAST = 100 };

#define PACE_LEAST 0.1
#define PACE_MOST 10.0
#define AWAY_LEAST_S 1.0

struct fitting {
    struct spw__replay *replay;
    double at_once, wait_s; /* as recorded */
    double seen_pace[SPW__PACES];
};

static double odds(double share)
{
    double inside = fmin(fmax(share, 0.001), 0.999);
    return inside / (1 - inside);
}

static double clamp(double pace)
{
    return fmin(fmax(pace, PACE_LEAST), PACE_MOST);
}

static void set_paces(const struct fitting *f)
{
    struct spw__fit *fit = &f->replay->fit;
    fit->haste[0].pace = fit->quiet_pace;
    for (int c = 1; c < SPW__PACES; c++) {
        fit->haste[c].pace = f->seen_pace[c] * fit->staff_pace;
    }
}

/* One simulation of the fit days and a step towards what was recorded. */
static int approach(struct fitting *f, char *error, size_t n)
{
    struct spw__fit *fit = &f->replay->fit;
    struct spw_result *result = NULL;
    set_paces(f);
    if (spw_sim_run(&f->replay->scenario, NULL, NULL, NULL, &result, error, n) != 0) {
        return -1;
    }
    double at_once = result->all->figure[SPW_MEASURE_AT_ONCE].mean;
    double wait_s = result->all->figure[SPW_MEASURE_WAIT_ALL].mean;
    if (wait_s > 0) {
        fit->staff_pace = clamp(fit->staff_pace * sqrt(wait_s / f->wait_s));
    }
    fit->quiet_pace = clamp(fit->quiet_pace * odds(f->at_once) / odds(at_once));
    spw_result_free(result);
    return 0;
}

static int fit_paces(struct spw__replay *replay, char *error, size_t n)
{
    const struct spw__ledger *all = &replay->recorded.ledger[SPW__ABOUT_ALL];
    struct fitting f = {
        .replay = replay,
        .at_once = spw__account_figure(&replay->recorded, SPW__ABOUT_ALL, SPW_MEASURE_AT_ONCE),
        .wait_s = spw__account_figure(&replay->recorded, SPW__ABOUT_ALL, SPW_MEASURE_WAIT_ALL)};
    struct spw__progress bar;
    int failed = 0;
    if (replay->fit.away_mean_s < AWAY_LEAST_S || all->calls - all->at_once < WAITED_LEAST) {
        return 0; /* nothing to hasten, or too little to go by */
    }
    for (int c = 0; c < SPW__PACES; c++) {
        f.seen_pace[c] = replay->fit.haste[c].pace;
    }
    size_t calls = replay->end - replay->first;
    replay->scenario.runs = calls * FIT_RUNS <= CALLS_MOST ? FIT_RUNS
                            : calls < CALLS_MOST           ? (uint32_t)(CALLS_MOST / calls)
                                                           : 1;
    spw__progress_begin(&bar, "fitting", ROUNDS, replay->quiet);
    for (uint32_t round = 0; round < ROUNDS && !failed; round++) {
        failed = approach(&f, error, n);
        spw__progress_step(&bar, round + 1);
    }
    spw__progress_end(&bar);
    set_paces(&f);
    return failed;
}

/* The mean wait rises with the time away: halving the interval finds it. */
static int fit_naive(struct spw__replay *replay)
{
    double wanted = spw__account_figure(&replay->recorded, SPW__ABOUT_ALL, SPW_MEASURE_WAIT_ALL);
    double low = 0, high = 3 * (replay->fit.away_mean_s + replay->fit.talk_mean_s);
    for (int round = 0; round < 30; round++) {
        double middle = (low + high) / 2;
        double wait_s = spw__naive_wait_s(replay, middle);
        if (isnan(wait_s)) {
            return -1;
        }
        *(wait_s < wanted ? &low : &high) = middle;
    }
    replay->fit.naive_away_s = (low + high) / 2;
    return 0;
}

int spw__replay_fit_staff(struct spw__replay *replay, char *error, size_t n)
{
    replay->fit.staff_pace = replay->fit.quiet_pace = 1;
    int failed = spw__replay_open(replay, replay->fit_days, error, n);
    failed = failed != 0 ? failed : fit_paces(replay, error, n);
    if (failed == 0 && fit_naive(replay) != 0) {
        (void)snprintf(error, n, "memory is out");
        failed = -1;
    }
    spw__replay_close(replay);
    return failed;
}
