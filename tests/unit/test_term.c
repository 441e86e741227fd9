/*
 * tests/unit/test_term.c - skill sets, needs and ladders beside their definitions, spelt out.
 */
#include "suite.h"

#include <stdlib.h>
#include <string.h>

#include "model/term.h"

#define SKILLS 5
#define CLAUSES 4
#define LITERALS 3

static unsigned char *memory;

static struct spw__catalogue catalogue_of(uint32_t objects, uint32_t terms)
{
    struct spw__catalogue catalogue;
    struct spw_config config;
    spw_config_init(&config);
    config.skillsets_max = objects;
    config.needs_max = objects;
    config.ladders_max = objects;
    config.terms_max = terms;
    struct spw__carve carve = {.base = NULL};
    spw__catalogue_carve(&catalogue, &carve, &config);
    free(memory);
    memory = malloc(carve.used);
    carve = (struct spw__carve){.base = memory};
    spw__catalogue_carve(&catalogue, &carve, &config);
    return catalogue;
}

/* Somebody's levels by skill number; 0 = does not hold it. */
struct person {
    uint32_t level[SKILLS + 1];
};

static uint32_t commit_skillset(struct spw__catalogue *catalogue, const struct person *person)
{
    struct spw__term list[SKILLS];
    uint32_t count = 0;
    for (uint32_t skill = SKILLS; skill >= 1; skill--) {
        if (person->level[skill] > 0) {
            list[count++] =
                (struct spw__term){.number = skill, .level = (uint8_t)person->level[skill]};
        }
    }
    spw__terms_sort(list, count);
    return spw__terms_intern(catalogue, &catalogue->skillset, list, count);
}

/* A need as it is told: clauses of literals in any order. */
struct told {
    struct spw__term term[CLAUSES * LITERALS];
    uint32_t count;
    uint32_t clauses;
};

static struct told draw_need(uint64_t *random)
{
    struct told told = {.clauses = suite_below(random, CLAUSES + 1)};
    for (uint32_t clause = 0; clause < told.clauses; clause++) {
        uint8_t floor = suite_below(random, 3) == 0;
        for (uint32_t n = 1 + suite_below(random, LITERALS); n > 0; n--) {
            told.term[told.count++] =
                (struct spw__term){.number = 1 + suite_below(random, SKILLS),
                                   .level = (uint8_t)(1 + suite_below(random, 3)),
                                   .mode = suite_below(random, 4) == 0 ? SPW_LACKS : SPW_HOLDS,
                                   .clause = (uint8_t)clause,
                                   .floor = floor};
        }
    }
    return told;
}

static uint32_t commit_need(struct spw__catalogue *catalogue, const struct told *told)
{
    struct told sorted = *told;
    spw__terms_sort(sorted.term, sorted.count);
    uint32_t number = spw__terms_intern(catalogue, &catalogue->need, sorted.term, sorted.count);
    ck_assert_uint_ne(number, 0);
    return number;
}

/* Every clause has a literal that is met. */
static bool told_met(const struct told *told, const struct person *person)
{
    for (uint32_t clause = 0; clause < told->clauses; clause++) {
        bool met = false;
        for (uint32_t i = 0; i < told->count; i++) {
            const struct spw__term *literal = &told->term[i];
            bool able = person->level[literal->number] >= literal->level;
            met = met || (literal->clause == clause && able == (literal->mode == SPW_HOLDS));
        }
        if (!met) {
            return false;
        }
    }
    return true;
}

/* Each skill once, however often it is named. */
static uint32_t told_level(const struct told *told, const struct person *person)
{
    uint32_t sum = 0;
    for (uint32_t skill = 1; skill <= SKILLS; skill++) {
        bool named = false;
        for (uint32_t i = 0; i < told->count; i++) {
            named = named || (told->term[i].mode == SPW_HOLDS && told->term[i].number == skill);
        }
        sum += named ? person->level[skill] : 0;
    }
    return sum;
}

START_TEST(a_need_is_met_as_its_clauses_say)
{
    uint64_t random = 1;
    int met = 0;
    for (int round = 0; round < 3000; round++) {
        struct spw__catalogue catalogue = catalogue_of(4, 64);
        struct person person = {{0}};
        for (uint32_t skill = 1; skill <= SKILLS; skill++) {
            person.level[skill] = suite_below(&random, 4);
        }
        struct told told = draw_need(&random);
        uint32_t need = commit_need(&catalogue, &told);
        uint32_t skillset = commit_skillset(&catalogue, &person);
        bool want = told_met(&told, &person);
        ck_assert(spw__need_met(&catalogue, need, skillset) == want);
        ck_assert_uint_eq(spw__need_level(&catalogue, need, skillset), told_level(&told, &person));
        met += want;
        struct person nobody = {{0}};
        ck_assert(spw__need_met(&catalogue, need, 0) == told_met(&told, &nobody));
        ck_assert(spw__need_met(&catalogue, 0, skillset));
    }
    ck_assert_int_gt(met, 500); /* both answers came often */
    ck_assert_int_lt(met, 2500);
}
END_TEST

START_TEST(a_skill_set_tells_its_levels_and_its_size)
{
    uint64_t random = 2;
    for (int round = 0; round < 1000; round++) {
        struct spw__catalogue catalogue = catalogue_of(4, 64);
        struct person person = {{0}};
        uint32_t held = 0;
        for (uint32_t skill = 1; skill <= SKILLS; skill++) {
            person.level[skill] = suite_below(&random, 2) * (1 + suite_below(&random, 100));
            held += person.level[skill] > 0;
        }
        uint32_t skillset = commit_skillset(&catalogue, &person);
        for (uint32_t skill = 1; skill <= SKILLS + 1; skill++) {
            uint32_t want = skill <= SKILLS ? person.level[skill] : 0;
            ck_assert_uint_eq(spw__skillset_level(&catalogue, skillset, skill), want);
        }
        ck_assert_uint_eq(spw__skillset_flexibility(&catalogue, skillset), held);
    }
}
END_TEST

/* Whether `told` has, under whatever number, the literals of that clause of `first`. */
static bool repeats(const struct told *told, const struct told *first, uint32_t clause)
{
    for (uint32_t other = 0; other < told->clauses; other++) {
        int64_t difference[SKILLS + 1][4][2] = {{{0}}};
        for (uint32_t i = 0; i < first->count; i++) {
            const struct spw__term *x = &first->term[i];
            difference[x->number][x->level][x->mode] += x->clause == clause;
        }
        for (uint32_t i = 0; i < told->count; i++) {
            const struct spw__term *x = &told->term[i];
            difference[x->number][x->level][x->mode] -= x->clause == other;
        }
        const int64_t none[SKILLS + 1][4][2] = {{{0}}};
        if (memcmp(difference, none, sizeof none) == 0) {
            return true;
        }
    }
    return false;
}

static bool told_keeps(const struct told *first, const struct told *later)
{
    for (uint32_t i = 0; i < first->count; i++) {
        const struct spw__term *literal = &first->term[i];
        if ((literal->floor || literal->mode == SPW_LACKS) &&
            !repeats(later, first, literal->clause)) {
            return false;
        }
    }
    return true;
}

/* `first` with some clauses left out, in another order. */
static struct told relax(const struct told *first, uint64_t *random)
{
    struct told later = {.count = 0};
    for (uint32_t clause = first->clauses; clause > 0; clause--) {
        if (suite_below(random, 4) == 0) {
            continue;
        }
        for (uint32_t i = 0; i < first->count; i++) {
            if (first->term[i].clause == clause - 1) {
                later.term[later.count] = first->term[i];
                later.term[later.count++].clause = (uint8_t)later.clauses;
            }
        }
        later.clauses++;
    }
    return later;
}

START_TEST(floors_are_whole_clauses_that_are_repeated)
{
    uint64_t random = 3;
    int kept = 0;
    for (int round = 0; round < 3000; round++) {
        struct spw__catalogue catalogue = catalogue_of(4, 64);
        struct told first = draw_need(&random);
        struct told later = relax(&first, &random);
        uint32_t need = commit_need(&catalogue, &first);
        uint32_t relaxed = commit_need(&catalogue, &later);
        bool want = told_keeps(&first, &later);
        ck_assert(spw__need_keeps_floors(&catalogue, need, relaxed) == want);
        ck_assert(spw__need_keeps_floors(&catalogue, need, need));
        ck_assert(spw__need_keeps_floors(&catalogue, 0, relaxed));
        kept += want;
    }
    ck_assert_int_gt(kept, 500);
    ck_assert_int_lt(kept, 2500);
}
END_TEST

START_TEST(equal_lists_are_one_object_whatever_their_order)
{
    uint64_t random = 4;
    struct spw__catalogue catalogue = catalogue_of(800, 8000);
    for (int round = 0; round < 300; round++) {
        struct told told = draw_need(&random);
        uint32_t number = commit_need(&catalogue, &told);
        for (uint32_t i = told.count; i > 1; i--) { /* shuffled */
            uint32_t j = suite_below(&random, i);
            struct spw__term moving = told.term[i - 1];
            told.term[i - 1] = told.term[j];
            told.term[j] = moving;
        }
        ck_assert_uint_eq(commit_need(&catalogue, &told), number);
        if (told.count > 0) {
            told.term[0].level += 3; /* no drawn level is as high */
            ck_assert_uint_ne(commit_need(&catalogue, &told), number);
        }
    }
}
END_TEST

START_TEST(capacities_hold_what_they_say_and_then_refuse)
{
    struct spw__catalogue catalogue = catalogue_of(3, 4);
    struct spw__term term[5] = {{.number = 1}, {.number = 2}, {.number = 3}};
    struct spw__terms *skillset = &catalogue.skillset;
    ck_assert_uint_eq(spw__terms_intern(&catalogue, skillset, term, 3), 1);
    ck_assert_uint_eq(spw__terms_intern(&catalogue, skillset, term, 2), 0); /* terms */
    ck_assert_uint_eq(spw__terms_intern(&catalogue, skillset, term, 1), 2);
    ck_assert_uint_eq(spw__terms_intern(&catalogue, skillset, term, 0), 3);
    ck_assert_uint_eq(spw__terms_intern(&catalogue, skillset, term + 2, 0), 3);
    ck_assert_uint_eq(spw__terms_intern(&catalogue, skillset, term, 3), 1);
    ck_assert_uint_eq(spw__terms_intern(&catalogue, &catalogue.need, term, 0), 1); /* its own */
    struct spw__catalogue few = catalogue_of(1, 9);
    ck_assert_uint_eq(spw__terms_intern(&few, &few.need, term, 1), 1);
    ck_assert_uint_eq(spw__terms_intern(&few, &few.need, term, 2), 0); /* objects */
}
END_TEST

START_TEST(a_ladder_tells_its_steps_until_the_last)
{
    struct spw__catalogue catalogue = catalogue_of(2, 8);
    const struct spw__term term[2] = {{.after = 0, .number = 4}, {.after = 9, .number = 5}};
    uint32_t ladder = spw__terms_intern(&catalogue, &catalogue.ladder, term, 2);
    ck_assert_uint_eq(spw__ladder_step(&catalogue, ladder, 0)->number, 4);
    ck_assert_int_eq(spw__ladder_step(&catalogue, ladder, 1)->after, 9);
    ck_assert_ptr_null(spw__ladder_step(&catalogue, ladder, 2));
    ck_assert_ptr_null(spw__ladder_step(&catalogue, 0, 0));
}
END_TEST

int main(void)
{
    int failed = SUITE_RUN(
        "term", a_need_is_met_as_its_clauses_say, a_skill_set_tells_its_levels_and_its_size,
        floors_are_whole_clauses_that_are_repeated, equal_lists_are_one_object_whatever_their_order,
        capacities_hold_what_they_say_and_then_refuse, a_ladder_tells_its_steps_until_the_last);
    free(memory);
    return failed;
}
