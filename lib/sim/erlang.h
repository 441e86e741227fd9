/*
 * sim/erlang.h - closed forms to compare with and to plan by: Erlang B, C and A.
 *
 * a = offered load in erlangs, n = counsellors, lambda, mu, theta = rates of arrival, service and
 * giving up in one unit of time. Stable for all loads.
 */
#ifndef SPW__SIM_ERLANG_H
#define SPW__SIM_ERLANG_H

/* Probability that all n are busy, where a caller who finds them busy goes away. */
double spw__erlang_b(double a, unsigned n);

/* Probability of waiting, where everybody waits (1 when a >= n), and the mean wait of all. */
double spw__erlang_c(double a, unsigned n);
double spw__erlang_c_wait(double lambda, double mu, unsigned n);

/* M/M/n+M. */
struct spw__erlang_a {
    double wait;      /* probability of waiting */
    double abandon;   /* probability of giving up */
    double mean_wait; /* of all, those who gave up included */
    double mean_queue;
    double occupancy;
};
struct spw__erlang_a spw__erlang_a(double lambda, double mu, double theta, unsigned n);

#endif
