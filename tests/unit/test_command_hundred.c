/*
 * test_command_hundred.c - of 100 people: whole people, never more or fewer, nobody rounded away.
 */
#include <check.h>
#include <math.h>

#include "command/outcome/hundred.h"
#include "suite.h"

static bool of(double in_time, double reached, double count, int people[SPW__FATES])
{
    struct spw_group group = {.kind = SPW_GROUP_ALL};
    group.figure[SPW_MEASURE_PEOPLE].mean = count;
    group.figure[SPW_MEASURE_REACHED].mean = reached;
    group.figure[SPW_MEASURE_WITHIN_TARGET].mean = in_time;
    return spw__hundred(&group, people);
}

static void expect(double in_time, double reached, int first, int second, int third)
{
    int people[SPW__FATES] = {0};
    ck_assert(of(in_time, reached, 50, people));
    ck_assert_int_eq(people[SPW__IN_TIME], first);
    ck_assert_int_eq(people[SPW__LATE], second);
    ck_assert_int_eq(people[SPW__NEVER], third);
}

START_TEST(rounds_as_the_tables_do)
{
    expect(0.394, 0.677, 39, 29, 32); /* 39.4 is not 40, though the late are 28.3 */
    expect(0.25, 0.75, 25, 50, 25);
    expect(0, 0, 0, 0, 100);
    expect(1, 1, 100, 0, 0);
}
END_TEST

START_TEST(nobody_is_rounded_away)
{
    expect(0.997, 0.999, 99, 0, 1);
    expect(0.001, 0.001, 1, 0, 99);
    expect(0, 0.001, 0, 1, 99);
    expect(0.8318, 0.832, 83, 0, 17);        /* a handful of the late are none of 100 */
    expect(1 - 1e-12, 1 - 1e-12, 100, 0, 0); /* rounding is nobody */
}
END_TEST

START_TEST(always_a_hundred)
{
    for (int reached = 0; reached <= 1000; reached++) {
        for (int in_time = 0; in_time <= reached; in_time++) {
            int people[SPW__FATES] = {0};
            ck_assert(of(in_time / 1000.0, reached / 1000.0, 1, people));
            ck_assert_int_eq(people[0] + people[1] + people[2], 100);
            ck_assert(people[0] >= 0 && people[1] >= 0 && people[2] >= 0);
            ck_assert_int_eq(people[SPW__NEVER] > 0, reached < 1000);
            ck_assert_int_eq(people[SPW__IN_TIME] > 0, in_time > 0);
        }
    }
}
END_TEST

START_TEST(nobody_came)
{
    int people[SPW__FATES];
    ck_assert(!of(0, 0, 0, people));
    ck_assert(!of((double)NAN, (double)NAN, 3, people));
    ck_assert(!spw__hundred(NULL, people));
}
END_TEST

int main(void)
{
    return SUITE_RUN("of 100 people", rounds_as_the_tables_do, nobody_is_rounded_away,
                     always_a_hundred, nobody_came);
}
