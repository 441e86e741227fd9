/*
 * command/outcome/hundred.c - what became of 100 people, in whole people.
 *
 * What lives here: the rounding that verdict, dots, bars and words have in common, so that they
 * never differ by one. Invariant: the three numbers add up to 100, and nobody who was never reached
 * is rounded away. Who calls: words.c, table.c, report/people.c.
 */
#include "command/outcome/hundred.h"

#include <math.h>

enum { HUNDRED = 100 };

#define SOMEBODY 1e-9 /* less is what rounding left */

/*
 * The people reached and the people in time are rounded to the nearest, as the tables round them;
 * what that leaves is late. But it is not 100 while somebody is missing, nor 0 while somebody
 * is in.
 */
static void share_out(double in_time, double reached, int *people)
{
    int whole = (int)lround(HUNDRED * reached);
    whole = whole == HUNDRED && 1 - reached > SOMEBODY ? HUNDRED - 1 : whole;
    whole = whole == 0 && reached > SOMEBODY ? 1 : whole;
    int soon = (int)lround(HUNDRED * in_time);
    soon = soon == 0 && in_time > SOMEBODY ? 1 : soon;
    people[SPW__IN_TIME] = soon < whole ? soon : whole;
    people[SPW__LATE] = whole - people[SPW__IN_TIME];
    people[SPW__NEVER] = HUNDRED - whole;
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
    share_out(within, reached, people);
    return true;
}

bool spw__somebody_in_danger(const struct spw_result *result)
{
    const struct spw_group *group = spw_result_group(result, SPW_GROUP_PRIORITY, 0);
    return group && group->figure[SPW_MEASURE_PEOPLE].mean > 0;
}
