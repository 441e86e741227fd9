/*
 * model/term.c - the catalogue of skill sets, needs and ladders.
 *
 * What lives here: interning by content, and the questions asked of needs.
 * Invariants: ranges never move or change once committed; numbers count from 1 in commit order, so
 * that a replay gives the same numbers.
 * Who calls: engine/stage.c commits; engine/pool.c and engine/class.c ask spw__need_met when a
 * class or a pool is made, never per contact.
 * Cost: interning compares with every object of the kind (set-up only); spw__need_met is the number
 * of literals times the logarithm of the skills held.
 */
#include "model/term.h"

#include <string.h>

#include "base/assert.h"

static void terms_carve(struct spw__terms *terms, struct spw__carve *carve, uint32_t max)
{
    terms->range = spw__carve_take(carve, (size_t)max + 1, sizeof *terms->range, 8);
    terms->max = max;
    terms->count = 0;
}

void spw__catalogue_carve(struct spw__catalogue *catalogue, struct spw__carve *carve,
                          const struct spw_config *config)
{
    catalogue->term = spw__carve_take(carve, config->terms_max, sizeof *catalogue->term, 8);
    catalogue->term_max = config->terms_max;
    catalogue->term_count = 0;
    terms_carve(&catalogue->skillset, carve, config->skillsets_max);
    terms_carve(&catalogue->need, carve, config->needs_max);
    terms_carve(&catalogue->ladder, carve, config->ladders_max);
    catalogue->skill_key =
        spw__carve_take(carve, (size_t)config->skills_max + 1, sizeof *catalogue->skill_key, 8);
    catalogue->skill_max = config->skills_max;
    catalogue->skill_count = 0;
}

static bool term_equal(const struct spw__term *a, const struct spw__term *b)
{
    return a->after == b->after && a->number == b->number && a->level == b->level &&
           a->mode == b->mode && a->clause == b->clause && a->floor == b->floor;
}

static bool list_equal(const struct spw__term *a, const struct spw__term *b, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!term_equal(&a[i], &b[i])) {
            return false;
        }
    }
    return true;
}

uint32_t spw__terms_intern(struct spw__catalogue *catalogue, struct spw__terms *terms,
                           const struct spw__term *list, uint32_t count)
{
    for (uint32_t n = 1; n <= terms->count; n++) {
        const struct spw__range *range = &terms->range[n];
        if (range->count == count && list_equal(&catalogue->term[range->first], list, count)) {
            return n;
        }
    }
    if (terms->count == terms->max || catalogue->term_max - catalogue->term_count < count) {
        return 0;
    }
    uint32_t number = ++terms->count;
    terms->range[number].first = catalogue->term_count;
    terms->range[number].count = count;
    for (uint32_t i = 0; i < count; i++) {
        catalogue->term[catalogue->term_count++] = list[i];
    }
    return number;
}

static uint64_t term_rank(const struct spw__term *term)
{
    return ((uint64_t)term->clause << 56) | ((uint64_t)term->number << 16) |
           ((uint64_t)term->mode << 8) | term->level;
}

void spw__terms_sort(struct spw__term *list, uint32_t count)
{
    /* Insertion sort: lists are short, and a stable order must not depend on the C library. */
    for (uint32_t i = 1; i < count; i++) {
        struct spw__term moving = list[i];
        uint32_t at = i;
        while (at > 0 && term_rank(&list[at - 1]) > term_rank(&moving)) {
            list[at] = list[at - 1];
            at--;
        }
        list[at] = moving;
    }
}

/* One clause of a list: where it begins and how many literals it has. */
struct clause {
    const struct spw__term *term;
    uint32_t count;
};

static uint64_t literal_rank(const struct spw__term *term)
{
    return term_rank(term) & (((uint64_t)1 << 56) - 1);
}

static int clause_compare(const struct clause *a, const struct clause *b)
{
    for (uint32_t i = 0; i < a->count && i < b->count; i++) {
        uint64_t x = literal_rank(&a->term[i]);
        uint64_t y = literal_rank(&b->term[i]);
        if (x != y) {
            return x < y ? -1 : 1;
        }
    }
    return a->count < b->count ? -1 : (a->count > b->count);
}

/* A clause without the literals that stand twice, copied to `copy`. */
static struct clause clause_copy(const struct spw__term *list, uint32_t count,
                                 struct spw__term *copy)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (n == 0 || literal_rank(&copy[n - 1]) != literal_rank(&list[i])) {
            copy[n++] = list[i];
        }
    }
    return (struct clause){copy, n};
}

/* Cuts a list into clauses, in their order; copies go to `copy`. */
static uint32_t clauses_of(const struct spw__term *list, uint32_t count, struct spw__term *copy,
                           struct clause *clause)
{
    uint32_t clauses = 0;
    for (uint32_t i = 0; i < count;) {
        uint32_t length = 0;
        while (i + length < count && list[i + length].clause == list[i].clause) {
            length++;
        }
        struct clause next = clause_copy(&list[i], length, copy);
        copy += next.count;
        i += length;
        uint32_t at = clauses++;
        for (; at > 0 && clause_compare(&clause[at - 1], &next) > 0; at--) {
            clause[at] = clause[at - 1];
        }
        clause[at] = next;
    }
    return clauses;
}

uint32_t spw__need_canonical(const struct spw__term *list, uint32_t count,
                             struct spw__term *canonical)
{
    struct spw__term copy[SPW__CLAUSES_MAX * SPW__LITERALS_MAX];
    struct clause clause[SPW__CLAUSES_MAX];
    uint32_t clauses = clauses_of(list, count, copy, clause);
    uint32_t n = 0;
    uint8_t number = 0;
    for (uint32_t i = 0; i < clauses; i++, number++) {
        uint8_t floor = clause[i].term->floor;
        for (; i + 1 < clauses && clause_compare(&clause[i], &clause[i + 1]) == 0; i++) {
            floor |= clause[i + 1].term->floor;
        }
        for (uint32_t j = 0; j < clause[i].count; j++, n++) {
            canonical[n] = clause[i].term[j];
            canonical[n].clause = number;
            canonical[n].floor = floor;
        }
    }
    return n;
}

uint32_t spw__skillset_level(const struct spw__catalogue *catalogue, uint32_t skillset,
                             uint32_t skill)
{
    if (skillset == 0) {
        return 0;
    }
    SPW_ASSERT(skillset <= catalogue->skillset.count);
    const struct spw__range *range = &catalogue->skillset.range[skillset];
    uint32_t low = 0;
    uint32_t high = range->count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        const struct spw__term *term = &catalogue->term[range->first + middle];
        if (term->number == skill) {
            return term->level;
        }
        if (term->number < skill) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return 0;
}

uint32_t spw__skillset_flexibility(const struct spw__catalogue *catalogue, uint32_t skillset)
{
    return skillset == 0 ? 0 : catalogue->skillset.range[skillset].count;
}

static bool literal_met(const struct spw__catalogue *catalogue, const struct spw__term *literal,
                        uint32_t skillset)
{
    bool holds = spw__skillset_level(catalogue, skillset, literal->number) >= literal->level;
    return literal->mode == SPW_HOLDS ? holds : !holds;
}

bool spw__need_met(const struct spw__catalogue *catalogue, uint32_t need, uint32_t skillset)
{
    if (need == 0) {
        return true;
    }
    SPW_ASSERT(need <= catalogue->need.count);
    const struct spw__range *range = &catalogue->need.range[need];
    uint32_t i = 0;
    while (i < range->count) {
        uint8_t clause = catalogue->term[range->first + i].clause;
        bool met = false;
        for (; i < range->count && catalogue->term[range->first + i].clause == clause; i++) {
            met = met || literal_met(catalogue, &catalogue->term[range->first + i], skillset);
        }
        if (!met) {
            return false;
        }
    }
    return true;
}

/* A literal before that one asks for the same skill: how a need is written must not count. */
static bool asked_before(const struct spw__term *literal, uint32_t at)
{
    for (uint32_t i = 0; i < at; i++) {
        if (literal[i].mode == SPW_HOLDS && literal[i].number == literal[at].number) {
            return true;
        }
    }
    return false;
}

uint32_t spw__need_level(const struct spw__catalogue *catalogue, uint32_t need, uint32_t skillset)
{
    uint32_t sum = 0;
    if (need == 0) {
        return 0;
    }
    const struct spw__range *range = &catalogue->need.range[need];
    const struct spw__term *literal = &catalogue->term[range->first];
    for (uint32_t i = 0; i < range->count; i++) {
        if (literal[i].mode == SPW_HOLDS && !asked_before(literal, i)) {
            sum += spw__skillset_level(catalogue, skillset, literal[i].number);
        }
    }
    return sum;
}

/* The literals of one clause as a range of terms; `at` is moved past it. */
static struct spw__range next_clause(const struct spw__catalogue *catalogue,
                                     const struct spw__range *need, uint32_t *at)
{
    struct spw__range clause = {need->first + *at, 0};
    uint8_t number = catalogue->term[clause.first].clause;
    while (*at < need->count && catalogue->term[need->first + *at].clause == number) {
        clause.count++;
        (*at)++;
    }
    return clause;
}

static bool clause_is_floor(const struct spw__catalogue *catalogue, const struct spw__range *clause)
{
    for (uint32_t i = 0; i < clause->count; i++) {
        const struct spw__term *literal = &catalogue->term[clause->first + i];
        if (literal->floor || literal->mode == SPW_LACKS) {
            return true;
        }
    }
    return false;
}

/* Same literals; which number the clause has, and whether it is marked, does not matter. */
static bool clause_equal(const struct spw__catalogue *catalogue, const struct spw__range *a,
                         const struct spw__range *b)
{
    if (a->count != b->count) {
        return false;
    }
    for (uint32_t i = 0; i < a->count; i++) {
        const struct spw__term *x = &catalogue->term[a->first + i];
        const struct spw__term *y = &catalogue->term[b->first + i];
        if (x->number != y->number || x->level != y->level || x->mode != y->mode) {
            return false;
        }
    }
    return true;
}

static bool need_has_clause(const struct spw__catalogue *catalogue, uint32_t need,
                            const struct spw__range *wanted)
{
    if (need == 0) {
        return false;
    }
    const struct spw__range *range = &catalogue->need.range[need];
    for (uint32_t at = 0; at < range->count;) {
        struct spw__range clause = next_clause(catalogue, range, &at);
        if (clause_equal(catalogue, &clause, wanted)) {
            return true;
        }
    }
    return false;
}

bool spw__need_floor(const struct spw__catalogue *catalogue, uint32_t need, uint32_t *at,
                     struct spw__range *clause)
{
    const struct spw__range *range = &catalogue->need.range[need];
    while (*at < range->count) {
        *clause = next_clause(catalogue, range, at);
        if (clause_is_floor(catalogue, clause)) {
            return true;
        }
    }
    return false;
}

bool spw__clause_met(const struct spw__catalogue *catalogue, const struct spw__range *clause,
                     uint32_t skillset)
{
    for (uint32_t i = 0; i < clause->count; i++) {
        if (literal_met(catalogue, &catalogue->term[clause->first + i], skillset)) {
            return true;
        }
    }
    return false;
}

bool spw__need_keeps_floors(const struct spw__catalogue *catalogue, uint32_t first, uint32_t later)
{
    if (first == 0) {
        return true;
    }
    const struct spw__range *range = &catalogue->need.range[first];
    for (uint32_t at = 0; at < range->count;) {
        struct spw__range clause = next_clause(catalogue, range, &at);
        if (clause_is_floor(catalogue, &clause) && !need_has_clause(catalogue, later, &clause)) {
            return false;
        }
    }
    return true;
}

const struct spw__term *spw__ladder_step(const struct spw__catalogue *catalogue, uint32_t ladder,
                                         uint32_t step)
{
    if (ladder == 0) {
        return NULL;
    }
    const struct spw__range *range = &catalogue->ladder.range[ladder];
    return step < range->count ? &catalogue->term[range->first + step] : NULL;
}
