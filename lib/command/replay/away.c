/*
 * command/replay/away.c - how long a counsellor is away after a talk, and how much sooner it comes
 * back the more people wait.
 *
 * From the spells of spells.c. The hazard of coming back is the product of one that depends
 * on the time since the talk and a pace that depends on how many wait; both are estimated in turn
 * until they agree (the likelihood of a Poisson count per cell). Then time is counted at that pace,
 * and the product-limit estimate with late entry gives the distribution. While nobody waits nothing
 * can be seen: that pace is left to staff.c.
 * Invariant: the pace with one waiting is 1. Who calls: replay.c. Cost: sorting the pieces.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "command/replay/replay.h"

enum { AGES = 9, ROUNDS = 50, ANSWERS_LEAST = 30 };

static const double age_s[AGES + 1] = {0, 5, 10, 20, 30, 60, 120, 300, 600, 1e9};
static const uint64_t from_waiting[SPW__PACES] = {0, 1, 2, 4, 7};

uint8_t spw__away_class(long waiting)
{
    uint8_t class = 1;
    while (class + 1 < SPW__PACES && waiting >= (long)from_waiting[class + 1]) {
        class ++;
    }
    return class;
}

/* --- the pace --------------------------------------------------------------------------------- */

struct cells {
    double seconds[AGES][SPW__PACES];
    double answers[AGES][SPW__PACES];
};

static void count(const struct spw__away *away, struct cells *cells)
{
    for (size_t i = 0; i < away->piece_count; i++) {
        const struct spw__piece *piece = &away->piece[i];
        for (int a = 0; a < AGES; a++) {
            double length = fmin(piece->end_s, age_s[a + 1]) - fmax(piece->begin_s, age_s[a]);
            cells->seconds[a][piece->class] += length > 0 ? length : 0;
            if (piece->answered && piece->end_s > age_s[a] && piece->end_s <= age_s[a + 1]) {
                cells->answers[a][piece->class] += 1;
            }
        }
    }
}

static double hazard_at(const struct cells *cells, const double *pace, int age)
{
    double answers = 0, seconds = 0;
    for (int c = 1; c < SPW__PACES; c++) {
        answers += cells->answers[age][c];
        seconds += cells->seconds[age][c] * pace[c];
    }
    return seconds > 0 ? answers / seconds : 0;
}

/* A class with few answers goes on at the pace of the one before. */
static void fit_pace(const struct cells *cells, double *pace)
{
    for (int round = 0; round < ROUNDS; round++) {
        double fitted[SPW__PACES] = {1, 1, 1, 1, 1};
        for (int c = 1; c < SPW__PACES; c++) {
            double answers = 0, expected = 0;
            for (int a = 0; a < AGES; a++) {
                answers += cells->answers[a][c];
                expected += cells->seconds[a][c] * hazard_at(cells, pace, a);
            }
            fitted[c] = answers >= ANSWERS_LEAST && expected > 0 ? answers / expected
                        : c > 1                                  ? fitted[c - 1]
                                                                 : 1;
        }
        for (int c = 1; c < SPW__PACES; c++) {
            pace[c] = fitted[c] / fitted[1];
        }
    }
}

/* --- the distribution ------------------------------------------------------------------------- */

/* A piece in seconds at the pace of one waiting. */
struct stretch {
    double begin_s, end_s;
    bool answered;
};

static int by_end(const void *a, const void *b)
{
    const struct stretch *x = a, *y = b;
    return (x->end_s > y->end_s) - (x->end_s < y->end_s);
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Quantiles passed when survival falls to `survival` at `at_s`. */
static size_t fill(double *table, size_t next, double at_s, double survival)
{
    while (next < SPW__TABLE && 1 - ((double)next + 0.5) / SPW__TABLE >= survival) {
        table[next++] = at_s;
    }
    return next;
}

/* Kaplan and Meier with late entry: at risk are those who have entered and not yet ended. */
static void estimate(const struct stretch *stretch, const double *begin_s, size_t n,
                     struct spw__fitted *fitted)
{
    double survival = 1;
    size_t next = 0, entered = 0;
    for (size_t i = 0; i < n;) {
        double at_s = stretch[i].end_s, answers = 0;
        size_t ended = i;
        for (; i < n && stretch[i].end_s <= at_s; i++) {
            answers += stretch[i].answered;
        }
        while (entered < n && begin_s[entered] < at_s) {
            entered++;
        }
        if (answers > 0 && entered > ended) {
            survival *= fmax(0, 1 - answers / (double)(entered - ended));
            next = fill(fitted->table, next, at_s, survival);
            fitted->events += (size_t)answers;
        }
    }
    double longest = next > 0 ? fitted->table[next - 1] : 0;
    while (next < SPW__TABLE) {
        fitted->table[next++] = longest;
    }
}

static void fit_distribution(const struct spw__away *away, const double *pace,
                             struct stretch *stretch, double *begin_s, struct spw__fitted *fitted)
{
    double at_s = 0;
    for (size_t i = 0; i < away->piece_count; i++) {
        const struct spw__piece *piece = &away->piece[i];
        at_s = piece->first ? piece->begin_s : at_s;
        stretch[i].begin_s = begin_s[i] = at_s;
        at_s += (piece->end_s - piece->begin_s) * pace[piece->class];
        stretch[i].end_s = at_s;
        stretch[i].answered = piece->answered;
    }
    qsort(begin_s, away->piece_count, sizeof *begin_s, by_value);
    qsort(stretch, away->piece_count, sizeof *stretch, by_end);
    estimate(stretch, begin_s, away->piece_count, fitted);
}

/* Below ANSWERS_LEAST there is nothing to be seen: back at once. */
static bool fit_away(struct spw__replay *replay, const struct spw__away *away)
{
    struct spw__fit *fit = &replay->fit;
    struct cells *cells = calloc(1, sizeof *cells);
    struct stretch *stretch = malloc((away->piece_count + 1) * sizeof *stretch);
    double *begin_s = malloc((away->piece_count + 1) * sizeof *begin_s);
    double pace[SPW__PACES] = {1, 1, 1, 1, 1}, answers = 0;
    bool good = cells != NULL && stretch != NULL && begin_s != NULL;
    fit->away = (struct spw__fitted){.observed = away->piece_count};
    for (size_t i = 0; i < away->piece_count; i++) {
        answers += away->piece[i].answered;
    }
    if (good && answers >= ANSWERS_LEAST) {
        count(away, cells);
        fit_pace(cells, pace);
        fit_distribution(away, pace, stretch, begin_s, &fit->away);
    }
    for (int c = 0; c < SPW__PACES; c++) {
        fit->haste[c] = (struct spw_haste){from_waiting[c], pace[c]};
    }
    fit->away_mean_s = 0;
    for (size_t i = 0; i < SPW__TABLE; i++) {
        fit->away_mean_s += fit->away.table[i] / SPW__TABLE;
    }
    fit->away.dist = (struct spw_dist){
        .kind = SPW_DIST_EMPIRICAL, .quantile_s = fit->away.table, .quantile_count = SPW__TABLE};
    free(cells);
    free(stretch);
    free(begin_s);
    return good;
}

int spw__replay_fit_away(struct spw__replay *replay, char *error, size_t n)
{
    struct spw__away away = {0};
    bool good = spw__away_look(replay, &away) == 0 && fit_away(replay, &away);
    if (!good) {
        (void)snprintf(error, n, "memory is out");
    }
    free(away.piece);
    return good ? 0 : -1;
}
