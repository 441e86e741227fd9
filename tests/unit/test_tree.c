/*
 * tests/unit/test_tree.c - the ordered tree beside a sorted array.
 */
#include "suite.h"

#include <string.h>

#include "base/assert.h"
#include "base/tree.h"

#define NODES 80

struct node {
    int64_t key;
    struct spw__tree_links links;
    uint32_t other;
};

static struct node node[NODES];

static int compare_nodes(const void *context, uint32_t a, uint32_t b)
{
    const struct node *all = context;
    if (all[a].key != all[b].key) {
        return all[a].key < all[b].key ? -1 : 1;
    }
    return a < b ? -1 : a > b;
}

static const struct spw__tree_view view = {&node[0].links, sizeof node[0], node, compare_nodes};

/* The oracle. */
struct sorted {
    uint32_t item[NODES];
    uint32_t count;
};

static void sorted_add(struct sorted *sorted, uint32_t added)
{
    uint32_t at = sorted->count++;
    for (; at > 0 && compare_nodes(node, added, sorted->item[at - 1]) < 0; at--) {
        sorted->item[at] = sorted->item[at - 1];
    }
    sorted->item[at] = added;
}

static void sorted_remove(struct sorted *sorted, uint32_t at)
{
    sorted->count--;
    memmove(&sorted->item[at], &sorted->item[at + 1],
            (sorted->count - at) * sizeof sorted->item[0]);
}

static void compare(const struct sorted *sorted, const uint32_t *root)
{
    uint32_t n = sorted->count;
    ck_assert_uint_eq(spw__tree_first(&view, root), n > 0 ? sorted->item[0] : SPW_NONE);
    ck_assert_uint_eq(spw__tree_last(&view, root), n > 0 ? sorted->item[n - 1] : SPW_NONE);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t next = i + 1 < n ? sorted->item[i + 1] : SPW_NONE;
        uint32_t prev = i > 0 ? sorted->item[i - 1] : SPW_NONE;
        ck_assert_uint_eq(spw__tree_next(&view, root, sorted->item[i]), next);
        ck_assert_uint_eq(spw__tree_prev(&view, root, sorted->item[i]), prev);
    }
}

START_TEST(a_tree_is_a_sorted_array)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        uint64_t random = seed;
        uint32_t root = SPW_NONE;
        int held[NODES] = {0};
        struct sorted sorted = {{0}, 0};
        for (int step = 0; step < 1500; step++) {
            uint32_t which = suite_below(&random, NODES);
            if (!held[which]) {
                node[which].key = (int64_t)suite_below(&random, 20) - 10; /* many are equal */
                spw__tree_insert(&view, &root, which);
                sorted_add(&sorted, which);
                held[which] = 1;
            } else {
                uint32_t at = 0;
                while (sorted.item[at] != which) {
                    at++;
                }
                spw__tree_erase(&view, &root, which);
                sorted_remove(&sorted, at);
                held[which] = 0;
            }
            compare(&sorted, &root);
        }
    }
}
END_TEST

/* An entry that goes before all is let in at the front, as the side lanes do it. */
static void insert_by_the_front(uint32_t *root, uint32_t which)
{
    uint32_t first = spw__tree_first(&view, root);
    if (first != SPW_NONE && compare_nodes(node, which, first) < 0) {
        spw__tree_insert_first(&view, root, first, which);
    } else {
        spw__tree_insert(&view, root, which);
    }
}

/* The same contents by another way: the same links. */
START_TEST(the_shape_does_not_tell_the_history)
{
    for (uint64_t seed = 1; seed <= 50; seed++) {
        struct node straight[NODES];
        uint64_t random = seed;
        uint32_t root = SPW_NONE;
        for (uint32_t i = 0; i < NODES; i++) {
            node[i] = (struct node){.key = suite_below(&random, 30)};
            spw__tree_insert(&view, &root, i);
        }
        for (uint32_t i = 0; i < NODES; i += 3) {
            spw__tree_erase(&view, &root, i);
        }
        memcpy(straight, node, sizeof straight);
        uint32_t straight_root = root;
        root = SPW_NONE;
        for (uint32_t i = NODES; i > 0; i--) {
            if ((i - 1) % 3 != 0) {
                insert_by_the_front(&root, i - 1);
            }
        }
        ck_assert_uint_eq(root, straight_root);
        ck_assert_mem_eq(node, straight, sizeof straight);
    }
}
END_TEST

START_TEST(a_tree_stays_shallow_in_sorted_order)
{
    uint32_t root = SPW_NONE;
    uint32_t deepest = 0;
    for (uint32_t i = 0; i < NODES; i++) {
        node[i].key = i;
        spw__tree_insert(&view, &root, i);
    }
    for (uint32_t i = 0; i < NODES; i++) {
        uint32_t depth = 0;
        for (uint32_t at = i; at != SPW_NONE; at = node[at].links.parent) {
            depth++;
        }
        deepest = depth > deepest ? depth : deepest;
    }
    ck_assert_uint_le(deepest, 20); /* a list would be 80 deep, a perfect tree 7 */
}
END_TEST

int main(void)
{
    return SUITE_RUN("tree", a_tree_is_a_sorted_array, the_shape_does_not_tell_the_history,
                     a_tree_stays_shallow_in_sorted_order);
}
