/*
 * sim/erlang.c - Erlang B by its recursion, Erlang C from it, Erlang A from birth-death weights.
 *
 * The weights of Erlang A are built outwards from the most likely state, so nothing overflows at
 * any load (Erlang 1917; Palm 1957; Garnett, Mandelbaum, Reiman 2002).
 * Who calls: the naive forecast, tests. Cost: the number of counsellors and of likely waiters.
 */
#include "sim/erlang.h"

#include <math.h>

double spw__erlang_b(double a, unsigned n)
{
    double b = 1;
    for (unsigned k = 1; k <= n; k++) {
        b = a * b / (k + a * b);
    }
    return b;
}

double spw__erlang_c(double a, unsigned n)
{
    if (a >= n) {
        return 1;
    }
    double b = spw__erlang_b(a, n);
    return b / (1 - a / n * (1 - b));
}

double spw__erlang_c_wait(double lambda, double mu, unsigned n)
{
    double spare = n * mu - lambda;
    return spare > 0 ? spw__erlang_c(lambda / mu, n) / spare : INFINITY;
}

/* Sums over states from k in one direction, starting after weight 1 at k. */
struct sums {
    double all;
    double busy;  /* weight of states with nobody free */
    double queue; /* weight times number waiting */
    double talk;  /* weight times number talking */
};

static void add_state(struct sums *sums, double weight, double k, double n)
{
    sums->all += weight;
    sums->busy += k >= n ? weight : 0;
    sums->queue += k > n ? weight * (k - n) : 0;
    sums->talk += weight * fmin(k, n);
}

struct spw__erlang_a spw__erlang_a(double lambda, double mu, double theta, unsigned n)
{
    double servers = n;
    double top = lambda <= servers * mu ? lambda / mu : servers + (lambda - servers * mu) / theta;
    double start = floor(top);
    struct sums sums = {0, 0, 0, 0};
    double weight = 1;
    double k = start;
    for (;; k++) { /* upwards */
        add_state(&sums, weight, k, servers);
        double leave = fmin(k + 1, servers) * mu + fmax(k + 1 - servers, 0) * theta;
        weight *= lambda / leave;
        if (weight < 1e-18 * sums.all) {
            break;
        }
    }
    weight = 1;
    k = start;
    while (k > 0) { /* downwards */
        double leave = fmin(k, servers) * mu + fmax(k - servers, 0) * theta;
        weight *= leave / lambda;
        k--;
        add_state(&sums, weight, k, servers);
        if (weight < 1e-18 * sums.all) {
            break;
        }
    }
    double queue = sums.queue / sums.all;
    struct spw__erlang_a result = {.wait = sums.busy / sums.all,
                                   .abandon = theta * queue / lambda,
                                   .mean_wait = queue / lambda,
                                   .mean_queue = queue,
                                   .occupancy = sums.talk / sums.all / servers};
    return result;
}
