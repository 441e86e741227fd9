/*
 * tests/unit/test_ranking.c - a ranking walks what a plain search over all numbers would find next.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/argmin.h"
#include "base/ranking.h"

#define MOST 5000
#define WORDS ((MOST + 63) / 64)

static uint64_t state = 88172645463325252u;

static uint64_t draw(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

struct bed {
    struct spw__ranking ranking;
    void *memory;
    int64_t score[MOST];
    bool in[MOST];
    uint32_t weight[MOST]; /* decides among equal keys */
    uint64_t row[WORDS];
    uint32_t n;
};

static int by_weight(const void *context, uint32_t a, uint32_t b)
{
    const struct bed *bed = context;
    ck_assert(bed->in[b]); /* only ranked numbers are compared with */
    return bed->weight[a] < bed->weight[b] ? -1 : bed->weight[a] > bed->weight[b];
}

static bool before(const struct bed *bed, uint32_t a, uint32_t b)
{
    if (bed->score[a] != bed->score[b]) {
        return bed->score[a] < bed->score[b];
    }
    return bed->weight[a] < bed->weight[b];
}

/* The first after `last` (SPW_NONE: of all) that is in and whose bits are set. */
static uint32_t plain_next(const struct bed *bed, uint32_t last)
{
    uint32_t best = SPW_NONE;
    for (uint32_t i = 0; i < bed->n; i++) {
        if (bed->in[i] && spw__bits_test(bed->row, i) &&
            (last == SPW_NONE || before(bed, last, i)) &&
            (best == SPW_NONE || before(bed, i, best))) {
            best = i;
        }
    }
    return best;
}

static void compare(const struct bed *bed, uint32_t steps)
{
    struct spw__ranking_walk walk = {0, 0, 0};
    uint32_t last = SPW_NONE;
    for (uint32_t i = 0; i < steps; i++) {
        uint32_t wanted = plain_next(bed, last);
        uint32_t found;
        do { /* a walk can be taken up again where it stopped */
            walk.left = 3;
            found = spw__ranking_next(&bed->ranking, &walk, bed->row);
        } while (found == SPW__RANKING_ON);
        ck_assert_uint_eq(found, wanted);
        if (found == SPW_NONE) {
            return;
        }
        last = found;
    }
}

static struct bed *bed_make(uint32_t n)
{
    struct bed *bed = calloc(1, sizeof *bed);
    ck_assert_ptr_nonnull(bed);
    bed->n = n;
    bed->memory = aligned_alloc(64, (spw__ranking_bytes(n) + 63) & ~(size_t)63);
    ck_assert_ptr_nonnull(bed->memory);
    spw__ranking_init(&bed->ranking, bed->memory, n, bed->score);
    bed->ranking.compare = by_weight;
    bed->ranking.context = bed;
    for (uint32_t i = 0; i < n; i++) {
        bed->weight[i] = i * 2654435761u;
    }
    return bed;
}

static void bed_free(struct bed *bed)
{
    free(bed->memory);
    free(bed);
}

static int64_t draw_key(uint64_t kind)
{
    switch (kind % 4) {
    case 0:
        return (int64_t)draw();
    case 1:
        return (int64_t)(draw() % 3) - 1;
    case 2:
        return draw() % 2 == 0 ? INT64_MAX : INT64_MIN;
    default:
        return (int64_t)(state / 2); /* hardly moves: appended at the end, taken at the start */
    }
}

static void change(struct bed *bed, uint64_t kind, uint64_t tide)
{
    uint32_t number = (uint32_t)(draw() % bed->n);
    if (draw() % 16 < tide) {
        spw__ranking_take(&bed->ranking, number);
        bed->in[number] = false;
    } else {
        bed->in[number] = false;
        spw__ranking_put(&bed->ranking, number, draw_key(kind));
        bed->in[number] = true;
    }
    ck_assert(spw__ranking_has(&bed->ranking, number) == bed->in[number]);
}

static void shake(uint32_t n, int rounds)
{
    struct bed *bed = bed_make(n);
    uint32_t count = 0;
    for (int round = 0; round < rounds; round++) {
        uint64_t kind = draw();
        uint64_t tide = draw() % 17; /* now it fills, now it empties */
        for (uint32_t i = 0; i < n; i++) {
            change(bed, kind, tide);
        }
        uint64_t sparse = draw();
        for (uint32_t w = 0; w < WORDS; w++) {
            bed->row[w] = sparse % 2 == 0 ? draw() : draw() & draw() & draw() & draw();
        }
        compare(bed, 40);
        count = 0;
        for (uint32_t i = 0; i < n; i++) {
            count += bed->in[i];
        }
        ck_assert_uint_eq(bed->ranking.count, count);
    }
    spw__ranking_clear(&bed->ranking, n);
    memset(bed->in, 0, sizeof bed->in);
    compare(bed, 1);
    bed_free(bed);
}

START_TEST(walks_in_the_order_of_a_plain_search)
{
    shake(1, 200);
    shake(16, 400);
    shake(300, 100);
    shake(MOST, 12);
}
END_TEST

/* Filled from either end and emptied from either end, blocks never run out. */
START_TEST(blocks_never_run_out)
{
    for (int shape = 0; shape < 8; shape++) {
        struct bed *bed = bed_make(1000);
        for (int again = 0; again < 3; again++) {
            for (uint32_t i = 0; i < bed->n; i++) {
                spw__ranking_put(&bed->ranking, i, shape % 2 == 0 ? i : -(int64_t)i);
            }
            for (uint32_t i = 0; i < bed->n; i++) {
                uint32_t number = (shape & 2) != 0 ? bed->n - 1 - i : i;
                if ((shape & 4) == 0 || number % 32 != 0) {
                    spw__ranking_take(&bed->ranking, number);
                }
            }
        }
        bed_free(bed);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ranking");
    TCase *tests = tcase_create("ranking");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, walks_in_the_order_of_a_plain_search);
    tcase_add_test(tests, blocks_never_run_out);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
