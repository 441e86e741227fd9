/*
 * tests/unit/test_sim_tally.c - spans cut to the window that counts, and spread over intervals:
 * beside seconds counted one by one.
 */
#include "suite.h"

#include <math.h>

#include "sim/tally.h"

#define WARM_UP 100
#define END 700
#define SLOT 60

static struct spw__tally tally_of(struct spw_scenario *scenario, struct spw_stream *stream,
                                  struct spw_crew *crew)
{
    struct spw__tally tally;
    *stream = (struct spw_stream){.name = "people", .priority = 2};
    *crew = (struct spw_crew){.name = "staff", .count = 1};
    spw_scenario_init(scenario);
    scenario->duration_s = END;
    scenario->warm_up_s = WARM_UP;
    scenario->bucket_s = SLOT;
    scenario->streams = stream;
    scenario->stream_count = 1;
    scenario->crews = crew;
    scenario->crew_count = 1;
    ck_assert(spw__tally_make(&tally, scenario));
    return tally;
}

/* Whole seconds only, so that they can be counted. */
START_TEST(a_span_counts_inside_the_window_only)
{
    struct spw_scenario scenario;
    struct spw_stream stream;
    struct spw_crew crew;
    struct spw__tally tally = tally_of(&scenario, &stream, &crew);
    double inside[4] = {0};
    double waiting[END / SLOT + 1] = {0};
    double busy = 0;
    uint64_t random = 3;
    for (int round = 0; round < 500; round++) {
        int from = (int)suite_below(&random, END + 100);
        int to = from + (int)suite_below(&random, 200);
        enum spw__span what = (enum spw__span)suite_below(&random, SPW__SPANS);
        spw__tally_span(&tally, 0, what, from * SPW_SECOND, to * SPW_SECOND);
        spw__tally_staff(&tally, 0, true, from * SPW_SECOND, to * SPW_SECOND);
        for (int second = from; second < to; second++) {
            bool counts = second >= WARM_UP && second < END;
            inside[what] += counts;
            busy += counts;
            if (what == SPW__SPAN_WAITING && second < END) {
                waiting[second / SLOT]++;
            }
        }
    }
    for (int what = 0; what < SPW__SPANS; what++) {
        ck_assert_double_eq_tol(tally.cell[0].span_s[what], inside[what], 1e-6);
    }
    ck_assert_double_eq_tol(tally.crew[0].busy_s, busy, 1e-6);
    ck_assert_double_eq(tally.crew[0].staffed_s, 0);
    for (size_t i = 0; i + 1 < tally.slot_count; i++) { /* the last interval may go on */
        ck_assert_double_eq_tol(tally.slot[i].sum_s[SPW__SLOT_WAITING], waiting[i], 1e-6);
    }
    spw__tally_free(&tally);
}
END_TEST

START_TEST(a_cleared_tally_has_seen_nothing)
{
    struct spw_scenario scenario;
    struct spw_stream stream;
    struct spw_crew crew;
    struct spw__tally tally = tally_of(&scenario, &stream, &crew);
    spw__tally_span(&tally, 0, SPW__SPAN_WAITING, 200 * SPW_SECOND, 300 * SPW_SECOND);
    spw__tally_left_queue(&tally, 0, 300 * SPW_SECOND, 100);
    spw__tally_left_queue(&tally, 0, (END + 1000) * SPW_SECOND, 100); /* after the last interval */
    ck_assert_double_eq(spw__tally_slot(&tally, 300 * SPW_SECOND)->wait_s[2], 100);
    ck_assert_double_eq(spw__tally_slot(&tally, 300 * SPW_SECOND)->wait_count[8], 1);
    spw__tally_clear(&tally);
    ck_assert_double_eq(tally.cell[0].span_s[SPW__SPAN_WAITING], 0);
    ck_assert_double_eq(spw__tally_slot(&tally, 300 * SPW_SECOND)->wait_s[2], 0);
    ck_assert_uint_eq(tally.cell[0].priority, 2);
    ck_assert_ptr_null(spw__tally_slot(&tally, (END + SLOT) * SPW_SECOND));
    spw__tally_free(&tally);
}
END_TEST

int main(void)
{
    return SUITE_RUN("tally", a_span_counts_inside_the_window_only,
                     a_cleared_tally_has_seen_nothing);
}
