/*
 * base/tree.h - an intrusive ordered tree over node numbers: the side lanes.
 *
 * A treap whose priorities are a fixed mix of the node number: the shape depends on the contents
 * alone, not on the order in which they came.
 */
#ifndef SPW__BASE_TREE_H
#define SPW__BASE_TREE_H

#include <stddef.h>
#include <stdint.h>

struct spw__tree_links {
    uint32_t left;
    uint32_t right;
    uint32_t parent;
};

struct spw__tree_view {
    struct spw__tree_links *links; /* of node 0 */
    size_t stride;                 /* bytes to the links of the next node */
    const void *context;
    int (*compare)(const void *context, uint32_t a, uint32_t b); /* total order */
};

void spw__tree_insert(const struct spw__tree_view *view, uint32_t *root, uint32_t node);
/* The same for an entry that goes before all; `first` has been the first until now. No walk down
 * the tree. */
void spw__tree_insert_first(const struct spw__tree_view *view, uint32_t *root, uint32_t first,
                            uint32_t node);
void spw__tree_erase(const struct spw__tree_view *view, uint32_t *root, uint32_t node);

/* In order; SPW_NONE at the ends. */
uint32_t spw__tree_first(const struct spw__tree_view *view, const uint32_t *root);
uint32_t spw__tree_last(const struct spw__tree_view *view, const uint32_t *root);
uint32_t spw__tree_next(const struct spw__tree_view *view, const uint32_t *root, uint32_t node);
uint32_t spw__tree_prev(const struct spw__tree_view *view, const uint32_t *root, uint32_t node);

#endif
