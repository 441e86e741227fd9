/*
 * tests/unit/test_sim_agenda.c - the agenda of the simulator beside a plain sorted list: the
 * earliest first, what was made first where times are equal, and nothing for what never comes.
 */
#include "suite.h"

#include <stdlib.h>

#include "sim/agenda.h"

static int by_time_then_making(const void *a, const void *b)
{
    const struct spw__appointment *x = a;
    const struct spw__appointment *y = b;
    if (x->at != y->at) {
        return x->at < y->at ? -1 : 1;
    }
    return x->who < y->who ? -1 : x->who > y->who;
}

/* `who` counts, so it is the order of making; few distinct times make many ties. */
START_TEST(the_earliest_comes_first_and_ties_keep_their_order)
{
    enum { N = 5000 };
    static struct spw__appointment made[N];
    static const spw_ns spans[] = {1, 50, (spw_ns)1 << 61};
    for (size_t s = 0; s < sizeof spans / sizeof *spans; s++) {
        struct spw__agenda agenda = {0};
        uint64_t state = 88172645463325252u + s;
        for (uint32_t i = 0; i < N; i++) {
            made[i] =
                (struct spw__appointment){.at = (spw_ns)(suite_draw(&state) % (uint64_t)spans[s]),
                                          .kind = i % 7,
                                          .who = i,
                                          .stamp = i + 1,
                                          .with = i + 2};
            ck_assert(spw__agenda_add(&agenda, made[i]));
        }
        qsort(made, N, sizeof *made, by_time_then_making);
        for (uint32_t i = 0; i < N; i++) {
            ck_assert_int_eq(spw__agenda_next(&agenda), made[i].at);
            struct spw__appointment got = spw__agenda_take(&agenda);
            ck_assert_uint_eq(got.who, made[i].who);
            ck_assert_uint_eq(got.kind, made[i].who % 7);
            ck_assert_uint_eq(got.stamp, made[i].who + 1);
            ck_assert_uint_eq(got.with, made[i].who + 2);
        }
        ck_assert_int_eq(spw__agenda_next(&agenda), SPW_FOREVER);
        spw__agenda_free(&agenda);
    }
}
END_TEST

/* Of every size, so that the last, incomplete family of the heap is met in all its shapes. */
START_TEST(adding_while_taking)
{
    for (uint32_t size = 1; size < 90; size++) {
        struct spw__agenda agenda = {0};
        uint64_t state = 2463534242u + size;
        spw_ns last = 0;
        for (uint32_t i = 0; i < size; i++) {
            ck_assert(spw__agenda_add(
                &agenda,
                (struct spw__appointment){.at = (spw_ns)suite_below(&state, 100), .who = i}));
        }
        for (uint32_t i = 0; i < 2000; i++) {
            struct spw__appointment got = spw__agenda_take(&agenda);
            ck_assert_int_ge(got.at, last);
            ck_assert(agenda.count == 0 || got.at <= spw__agenda_next(&agenda));
            last = got.at;
            got.at += (spw_ns)suite_below(&state, 100);
            ck_assert(spw__agenda_add(&agenda, got));
            ck_assert_uint_eq(agenda.count, size);
        }
        spw__agenda_free(&agenda);
    }
}
END_TEST

/* The same in places of their own and in the heap, mixed: one order. */
START_TEST(places_and_heap_are_one_agenda)
{
    struct spw__agenda agenda = {0};
    uint64_t state = 7;
    struct spw__appointment last = {.at = -1};
    for (size_t i = 0; i < SPW__PLACES; i++) {
        spw__agenda_put(&agenda, i,
                        (struct spw__appointment){
                            .at = suite_below(&state, 50), .kind = 1, .who = (uint32_t)i});
    }
    for (uint32_t i = 0; i < 40; i++) {
        ck_assert(spw__agenda_add(
            &agenda, (struct spw__appointment){.at = suite_below(&state, 50), .kind = 2}));
    }
    for (uint32_t i = 0; i < 5000; i++) {
        spw_ns next = spw__agenda_next(&agenda);
        struct spw__appointment got = spw__agenda_take(&agenda);
        ck_assert_int_eq(got.at, next);
        ck_assert(got.at > last.at || (got.at == last.at && got.order > last.order));
        last = got;
        got.at += suite_below(&state, 20);
        if (got.kind == 1) {
            spw__agenda_put(&agenda, got.who, got);
        } else {
            ck_assert(spw__agenda_add(&agenda, got));
        }
    }
    for (uint32_t i = 0; i < SPW__PLACES + 40; i++) {
        ck_assert_int_lt(spw__agenda_next(&agenda), SPW_FOREVER);
        (void)spw__agenda_take(&agenda);
    }
    ck_assert_int_eq(spw__agenda_next(&agenda), SPW_FOREVER);
    spw__agenda_free(&agenda);
}
END_TEST

START_TEST(what_never_comes_is_not_noted)
{
    struct spw__agenda agenda = {0};
    ck_assert(spw__agenda_add(&agenda, (struct spw__appointment){.at = SPW_FOREVER}));
    ck_assert_uint_eq(agenda.count, 0);
    spw__agenda_free(&agenda);
}
END_TEST

int main(void)
{
    return SUITE_RUN("agenda", the_earliest_comes_first_and_ties_keep_their_order,
                     adding_while_taking, places_and_heap_are_one_agenda,
                     what_never_comes_is_not_noted);
}
