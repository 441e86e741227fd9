/*
 * command/hundred.c - what became of 100 people, in whole people.
 *
 * What lives here: the rounding that verdict, dots, bars and words have in common, so that they
 * never differ by one. Invariant: the three numbers add up to 100, and none is 0 unless its share
 * is. Who calls: words.c, table.c, report_people.c.
 */
#include "command/hundred.h"

#include <math.h>

enum { HUNDRED = 100 };

#define SOMEBODY 1e-9 /* less is what rounding left */

static int largest(const double *of)
{
    int at = 0;
    for (int i = 1; i < SPW__FATES; i++) {
        at = of[i] > of[at] ? i : at;
    }
    return at;
}

/*
 * Who was reached, who was in time and who was never reached are each rounded to the nearest, as
 * the tables round them; what that leaves is late.
 */
static void share_out(const double *share, int *people)
{
    int reached = (int)lround(HUNDRED * (share[SPW__IN_TIME] + share[SPW__LATE]));
    people[SPW__IN_TIME] = (int)lround(HUNDRED * share[SPW__IN_TIME]);
    people[SPW__LATE] = reached - people[SPW__IN_TIME];
    people[SPW__NEVER] = HUNDRED - reached;
    for (int i = 0; i < SPW__FATES; i++) {
        if (people[i] == 0 && share[i] > SOMEBODY) {
            people[i] = 1;
            people[largest(share)]--;
        }
    }
}

bool spw__hundred(const struct spw_group *group, int people[SPW__FATES])
{
    if (!group) {
        return false;
    }
    double reached = group->figure[SPW_MEASURE_REACHED].mean;
    double within = group->figure[SPW_MEASURE_WITHIN_TARGET].mean;
    if (!isfinite(reached) || !isfinite(within) || group->figure[SPW_MEASURE_PEOPLE].mean <= 0) {
        return false;
    }
    reached = fmin(fmax(reached, 0), 1);
    within = fmin(fmax(within, 0), reached);
    share_out((double[]){within, reached - within, 1 - reached}, people);
    return true;
}

bool spw__somebody_in_danger(const struct spw_result *result)
{
    const struct spw_group *group = spw_result_group(result, SPW_GROUP_PRIORITY, 0);
    return group && group->figure[SPW_MEASURE_PEOPLE].mean > 0;
}
