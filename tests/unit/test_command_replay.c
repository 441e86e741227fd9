/*
 * test_command_replay.c - the rooms of `flood replay` against traces whose truth is known, since
 * they are made here: patience, time away, types really served, redials, the naive forecast.
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/replay/replay.h"
#include "sim/erlang.h"
#include "sim/random.h"
#include "suite.h"

#define OPENS_S 28800.0 /* 08:00 */
#define CLOSES_S 72000.0

enum { AGENTS_MOST = 16, TEXT_ROOM = 1 << 22 };

/* --- a centre that is known through and through ----------------------------------------------- */

struct centre {
    int days, agents;
    double rate, talk_s, patience_s, away_s;
    double second_share; /* of a second type, B */
    int second_agents;   /* so many of the agents take B, though the roster says all do */
};

struct made {
    char *contacts, *roster;
    double given_up, calls, waited_s;
};

static double free_at[AGENTS_MOST];

/* First come, first served, by the first free counsellor of those who may. */
static int first_free(const struct centre *c, bool second)
{
    int best = -1, last = second ? c->second_agents : c->agents;
    for (int i = 0; i < last; i++) {
        if (best < 0 || free_at[i] < free_at[best]) {
            best = i;
        }
    }
    return best;
}

static struct made make(const struct centre *c)
{
    struct made m = {.contacts = malloc(TEXT_ROOM), .roster = malloc(65536)};
    struct spw__stream draws = spw__stream_make(4, 0, 99, 0);
    char *at = m.contacts, *duty = m.roster;
    at += sprintf(at, "arrive_s,type,priority,caller,outcome,wait_s,answer_s,service_s,agent\n");
    duty += sprintf(duty, "agent,on_s,off_s,types\n");
    for (int day = 0; day < c->days; day++) {
        double t = day * SPW__DAY_S + OPENS_S;
        for (int i = 0; i < c->agents; i++) {
            free_at[i] = t;
            duty += sprintf(duty, "%d,%.0f,%.0f,%s\n", i + 1, t, day * SPW__DAY_S + CLOSES_S,
                            c->second_share > 0 ? "A+B" : "A");
        }
        while ((t += spw__stream_exponential(&draws, 1 / c->rate)) < day * SPW__DAY_S + CLOSES_S) {
            bool second = spw__stream_uniform(&draws) < c->second_share;
            double patience = spw__stream_exponential(&draws, c->patience_s);
            double talk = spw__stream_exponential(&draws, c->talk_s);
            int who = first_free(c, second);
            double wait = fmax(0, free_at[who] - t);
            bool answered = wait <= patience;
            wait = answered ? wait : patience;
            m.calls += 1;
            m.given_up += !answered;
            m.waited_s += wait;
            at += sprintf(at, "%.3f,%c,0,0,%s,%.3f,", t, second ? 'B' : 'A',
                          answered ? "answered" : "abandoned", wait);
            if (answered) {
                at += sprintf(at, "%.3f,%.3f,%d\n", t + wait, talk, who + 1);
                free_at[who] = t + wait + talk +
                               (c->away_s > 0 ? spw__stream_exponential(&draws, c->away_s) : 0);
            } else {
                at += sprintf(at, ",,\n");
            }
        }
    }
    return m;
}

static struct spw__replay *read_text(const char *contacts, const char *roster)
{
    char error[400] = "";
    struct spw__replay *replay = calloc(1, sizeof *replay);
    int failed =
        spw__trace_contacts(&replay->trace, contacts, strlen(contacts), "c", error, sizeof error);
    failed = failed != 0 ? failed
                         : spw__trace_roster(&replay->trace, roster, strlen(roster), "r", error,
                                             sizeof error);
    ck_assert_msg(failed == 0, "%s", error);
    replay->seed = 1;
    replay->quiet = true;
    ck_assert_int_eq(spw__replay_link(replay), 0);
    return replay;
}

static struct spw__replay *read_made(struct made *m, int fit_days, int days)
{
    struct spw__replay *replay = read_text(m->contacts, m->roster);
    char error[400] = "";
    replay->fit_days = (struct spw__days){1, fit_days};
    replay->days = (struct spw__days){fit_days + 1, fit_days + days};
    ck_assert_msg(spw__replay_fit(replay, error, sizeof error) == 0, "%s", error);
    ck_assert_int_eq(spw__replay_fit_skills(replay, error, sizeof error), 0);
    ck_assert_int_eq(spw__replay_fit_away(replay, error, sizeof error), 0);
    free(m->contacts);
    free(m->roster);
    return replay;
}

static double mean_of(const struct spw__fitted *fitted)
{
    double sum = 0;
    for (size_t i = 0; i < SPW__TABLE; i++) {
        sum += fitted->table[i] / SPW__TABLE;
    }
    return sum;
}

/* --- who is who ------------------------------------------------------------------------------- */

#define HEADER "arrive_s,type,priority,caller,outcome,wait_s,answer_s,service_s,agent\n"
#define NO_ROSTER "agent,on_s,off_s,types\n1,0,86400,A\n"

START_TEST(a_redial_is_the_same_person)
{
    struct spw__replay *r = read_text(HEADER "100,A,2,7,abandoned,20,,,\n"
                                             "110,A,1,8,abandoned,20,,,\n"
                                             "150,A,2,7,abandoned,10,,,\n"
                                             "300,A,2,7,answered,5,305,60,1\n"
                                             "400,A,2,7,answered,5,405,60,1\n"
                                             "500,A,0,0,answered,0,500,60,1\n"
                                             "600,A,0,0,answered,9,609,60,1\n"
                                             "3731,A,1,8,answered,4,3735,60,1\n",
                                      NO_ROSTER);
    ck_assert_uint_eq(r->callers.after[2], 0);
    ck_assert_uint_eq(r->callers.after[3], 2);
    ck_assert_uint_eq(r->callers.after[4], SPW__NO_CALL); /* was answered before */
    ck_assert_uint_eq(r->callers.after[7], SPW__NO_CALL); /* more than an hour later */
    ck_assert_uint_eq(r->callers.customer[0], SPW__PREFERRED);
    ck_assert_uint_eq(r->callers.customer[1], SPW__ORDINARY);
    ck_assert_uint_eq(r->callers.customer[5], SPW__NOT_KNOWN);
    ck_assert_uint_eq(r->callers.customer[6], SPW__ORDINARY); /* waited, and it was written down */

    r->days = (struct spw__days){1, 1};
    r->begin_s = r->from_s = 0;
    r->to_s = SPW__DAY_S;
    r->end = r->trace.call_count;
    r->fit.preferred_share[0] = 0.25;
    ck_assert_int_eq(spw__replay_record(r), 0);
    struct spw__account *a = &r->recorded;
    ck_assert_double_eq(spw__account_figure(a, SPW__ABOUT_ALL, SPW_MEASURE_PEOPLE), 6);
    ck_assert_double_eq(spw__account_figure(a, SPW__ABOUT_ALL, SPW_MEASURE_ATTEMPTS), 8);
    ck_assert_double_eq(spw__account_figure(a, SPW__ABOUT_ALL, SPW_MEASURE_ABANDONED), 1);
    ck_assert_double_eq(spw__account_figure(a, SPW__ABOUT_PREFERRED, SPW_MEASURE_PEOPLE), 2.25);
    ck_assert_double_eq(spw__account_figure(a, SPW__ABOUT_ORDINARY, SPW_MEASURE_PEOPLE), 3.75);
    /* From the first attempt: 205 s, 5, 0 (a quarter of it), and nobody else of that kind. */
    ck_assert_double_eq(spw__account_figure(a, SPW__ABOUT_PREFERRED, SPW_MEASURE_WAIT_P99), 205);
    ck_assert_double_eq(spw__account_figure(a, SPW__ABOUT_PREFERRED, SPW_MEASURE_WAIT_P50), 5);
    ck_assert_double_eq(spw__account_figure(a, SPW__ABOUT_ALL, SPW_MEASURE_WAIT_ALL), 73.0 / 8);
    ck_assert_double_eq(a->waiting_s[0], 69);
    ck_assert_double_eq(a->waiting_s[2], 4);
    spw__replay_free(r);
}
END_TEST

/* When a call was answered follows from its arrival and its wait: no column has to say it, and one
 * that does, whatever is in it, is left alone like any other. */
START_TEST(a_column_that_is_not_needed_is_left_alone)
{
    static const char without[] = "arrive_s,type,priority,caller,outcome,wait_s,service_s,agent\n"
                                  "100,A,2,7,answered,20,60,1\n";
    static const char beside[] = HEADER "100,A,2,7,answered,20,soon,60,1\n";
    const char *const texts[] = {without, beside};
    char error[200] = "";
    for (int i = 0; i < 2; i++) {
        struct spw__trace trace;
        int read =
            spw__trace_contacts(&trace, texts[i], strlen(texts[i]), "c.csv", error, sizeof error);
        ck_assert_msg(read == 0, "%s", error);
        ck_assert_uint_eq(trace.call_count, 1);
        ck_assert_double_eq(trace.call[0].service_s, 60);
        ck_assert_uint_eq(trace.call[0].agent, 1);
        spw__trace_free(&trace);
    }
}
END_TEST

START_TEST(who_is_there_at_the_end_stays)
{
    struct spw__replay *r = read_text(HEADER "100,A,0,0,answered,0,100,60,1\n",
                                      "agent,on_s,off_s,types\n"
                                      "1,0,10000,A\n1,20000,30000,A\n2,0,9200,A\n3,0,9000,A\n");
    ck_assert_int_eq(spw__replay_stay(r), 0);
    ck_assert_double_eq(r->trace.duty[0].off_s, 11800);
    ck_assert_double_eq(r->trace.duty[1].off_s, 31800);
    ck_assert_double_eq(r->trace.duty[2].off_s, 11800);
    ck_assert_double_eq(r->trace.duty[3].off_s, 9000); /* long before the others */
    spw__replay_free(r);
}
END_TEST

/* --- what is fitted --------------------------------------------------------------------------- */

START_TEST(patience_and_talks_are_found)
{
    struct made m = make(
        &(struct centre){.days = 4, .agents = 6, .rate = 0.05, .talk_s = 120, .patience_s = 90});
    struct spw__replay *r = read_made(&m, 4, 0);
    /* About 900 give up: a standard error of 3 %. */
    ck_assert_uint_gt(r->fit.patience[0][SPW__ORDINARY].events, 400);
    /* As far as the record reaches; nobody here waited for minutes. */
    for (int percent = 10; percent <= 60; percent += 10) {
        double found = r->fit.patience[0][SPW__ORDINARY].table[SPW__TABLE * percent / 100];
        ck_assert_double_eq_tol(1 - exp(-found / 90), percent / 100.0, 0.03);
    }
    ck_assert_double_eq_tol(r->fit.talk_mean_s, 120, 5);
    ck_assert_double_eq_tol(mean_of(&r->fit.talk[0]), r->fit.talk_mean_s, 1);
    ck_assert_double_eq_tol(1 / r->fit.giving_up_rate, 90, 10);
    /* There was no priority customer: theirs is the patience of the others. */
    ck_assert(r->fit.patience[0][SPW__PREFERRED].pooled);
    ck_assert_double_eq(r->fit.patience[0][SPW__PREFERRED].dist.quantile_s[9],
                        r->fit.patience[0][SPW__ORDINARY].dist.quantile_s[9]);
    ck_assert_double_eq(r->fit.preferred_share[0], 0);
    ck_assert_double_eq(r->fit.redial_share[0], 0);
    /* Nobody was away. */
    ck_assert_double_lt(r->fit.away_mean_s, 1);
    spw__replay_free(r);
}
END_TEST

START_TEST(time_away_is_found_while_somebody_waits)
{
    struct made m = make(&(struct centre){
        .days = 4, .agents = 6, .rate = 0.045, .talk_s = 100, .patience_s = 200, .away_s = 40});
    struct spw__replay *r = read_made(&m, 4, 0);
    ck_assert_uint_gt(r->fit.away.events, 2000);
    ck_assert_double_eq_tol(r->fit.away_mean_s, 40, 5);
    /* These come back no sooner when more people wait. */
    for (int c = 1; c < SPW__PACES; c++) {
        ck_assert_double_eq_tol(r->fit.haste[c].pace, 1, 0.2);
    }
    spw__replay_free(r);
}
END_TEST

START_TEST(a_type_that_is_passed_over_is_not_served)
{
    struct made m = make(&(struct centre){.days = 3,
                                          .agents = 6,
                                          .rate = 0.055,
                                          .talk_s = 110,
                                          .patience_s = 300,
                                          .second_share = 0.4,
                                          .second_agents = 4});
    struct spw__replay *r = read_made(&m, 3, 0);
    ck_assert_uint_eq(r->fit.struck, 2);
    for (size_t i = 0; i < r->trace.duty_count; i++) {
        uint32_t b = strcmp(r->trace.type[1], "B") == 0 ? 2u : 1u;
        ck_assert_uint_eq(r->trace.duty[i].types, r->trace.duty[i].agent <= 4 ? 3u : 3u & ~b);
    }
    spw__replay_free(r);
}
END_TEST

/* --- what is forecast ------------------------------------------------------------------------- */

/* The whole way: fitted on three days, and three others come out. */
START_TEST(the_other_days_come_out)
{
    struct centre centre = {
        .days = 6, .agents = 6, .rate = 0.04, .talk_s = 110, .patience_s = 150, .away_s = 30};
    struct made m = make(&centre);
    struct spw__replay *r = read_made(&m, 3, 3);
    char error[400] = "";
    struct spw_result *result = NULL;
    struct spw__comparison sum;
    ck_assert_int_eq(spw__replay_stay(r), 0);
    ck_assert_msg(spw__replay_fit_staff(r, error, sizeof error) == 0, "%s", error);
    ck_assert_double_eq_tol(r->fit.staff_pace, 1, 0.35);
    ck_assert_msg(spw__replay_open(r, r->days, error, sizeof error) == 0, "%s", error);
    ck_assert_int_eq(spw__naive_forecast(r), 0);
    r->scenario.runs = 10;
    ck_assert_int_eq(spw_sim_run(&r->scenario, NULL, NULL, NULL, &result, error, sizeof error), 0);
    ck_assert_int_eq(spw__replay_compare(r, result, &sum), 0);
    ck_assert_int_eq(spw__replay_tell(r, &sum, result), 0);
    /* All, and others; there is no priority customer. */
    ck_assert_uint_eq(sum.judged, 14);
    ck_assert_double_lt(sum.error_simulated, 0.12);
    ck_assert_uint_ge(sum.inside + 1, sum.judged);
    const struct spw_figure *all = result->all->figure;
    ck_assert_double_eq(all[SPW_MEASURE_PEOPLE].mean,
                        spw__account_figure(&r->recorded, SPW__ABOUT_ALL, SPW_MEASURE_PEOPLE));
    ck_assert_double_eq_tol(
        all[SPW_MEASURE_ABANDONED_SHARE].mean,
        spw__account_figure(&r->recorded, SPW__ABOUT_ALL, SPW_MEASURE_ATTEMPT_ABANDONED), 0.02);
    spw_result_free(result);
    spw__replay_free(r);
}
END_TEST

/* A constant rate and a constant staff: then the naive forecast is Erlang A itself. */
START_TEST(the_naive_forecast_is_erlang_a)
{
    struct made m = make(
        &(struct centre){.days = 2, .agents = 5, .rate = 0.04, .talk_s = 110, .patience_s = 150});
    struct spw__replay *r = read_made(&m, 1, 1);
    char error[400] = "";
    double rate = 0, calls = 0, given_up = 0, waited_s = 0;
    ck_assert_int_eq(spw__replay_open(r, r->days, error, sizeof error), 0);
    r->fit.naive_away_s = 0;
    ck_assert_int_eq(spw__naive_forecast(r), 0);
    for (double from = SPW__DAY_S + OPENS_S; from < SPW__DAY_S + CLOSES_S;
         from += SPW__INTERVAL_S) {
        rate = 0;
        for (size_t i = r->first; i < r->end; i++) {
            double at = r->trace.call[i].arrive_s;
            rate += at >= from && at < from + SPW__INTERVAL_S ? 1 / SPW__INTERVAL_S : 0;
        }
        struct spw__erlang_a exact =
            spw__erlang_a(rate, 1 / r->fit.talk_mean_s, r->fit.giving_up_rate, 5);
        calls += rate * SPW__INTERVAL_S;
        given_up += rate * SPW__INTERVAL_S * exact.abandon;
        waited_s += rate * SPW__INTERVAL_S * exact.mean_wait;
    }
    /* 50 draws of each of 1700 people. */
    ck_assert_double_eq_tol(
        spw__account_figure(&r->naive, SPW__ABOUT_ALL, SPW_MEASURE_ATTEMPT_ABANDONED),
        given_up / calls, 0.004);
    ck_assert_double_eq_tol(spw__account_figure(&r->naive, SPW__ABOUT_ALL, SPW_MEASURE_WAIT_ALL),
                            waited_s / calls, 0.6);
    ck_assert_double_eq_tol(spw__naive_wait_s(r, 0), waited_s / calls, 1e-6);
    spw__replay_free(r);
}
END_TEST

int main(void)
{
    return SUITE_RUN("command replay", a_redial_is_the_same_person,
                     a_column_that_is_not_needed_is_left_alone, who_is_there_at_the_end_stays,
                     patience_and_talks_are_found, time_away_is_found_while_somebody_waits,
                     a_type_that_is_passed_over_is_not_served, the_other_days_come_out,
                     the_naive_forecast_is_erlang_a);
}
