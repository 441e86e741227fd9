/*
 * base/tree.c - a treap over node numbers, without recursion.
 *
 * Invariants: in-order is the caller's order; a parent's priority is not below its children's.
 * Source: Seidel, Aragon, "Randomized search trees" (1996); priorities here are a mix of the node
 * number, so that equal contents have equal shape on every machine.
 * Who calls: engine/lane.c, engine/extra.c. Cost: logarithmic in expectation.
 */
#include "base/tree.h"

#include "base/assert.h"

static struct spw__tree_links *at(const struct spw__tree_view *view, uint32_t node)
{
    return (struct spw__tree_links *)(void *)((unsigned char *)view->links +
                                              (size_t)node * view->stride);
}

static uint32_t priority(uint32_t node)
{
    uint32_t x = node * 0x9e3779b1u + 0x7f4a7c15u;
    x = (x ^ (x >> 16)) * 0x85ebca6bu;
    x = (x ^ (x >> 13)) * 0xc2b2ae35u;
    return x ^ (x >> 16);
}

/* Puts `child` where `old` hangs below `parent`. */
static void hang(const struct spw__tree_view *view, uint32_t *root, uint32_t parent, uint32_t old,
                 uint32_t child)
{
    if (parent == SPW_NONE) {
        *root = child;
    } else if (at(view, parent)->left == old) {
        at(view, parent)->left = child;
    } else {
        at(view, parent)->right = child;
    }
    if (child != SPW_NONE) {
        at(view, child)->parent = parent;
    }
}

/* Turns `node` above its parent, keeping the order. */
static void rotate_up(const struct spw__tree_view *view, uint32_t *root, uint32_t node)
{
    struct spw__tree_links *n = at(view, node);
    uint32_t parent = n->parent;
    struct spw__tree_links *p = at(view, parent);
    hang(view, root, p->parent, parent, node);
    if (p->left == node) {
        p->left = n->right;
        if (n->right != SPW_NONE) {
            at(view, n->right)->parent = parent;
        }
        n->right = parent;
    } else {
        p->right = n->left;
        if (n->left != SPW_NONE) {
            at(view, n->left)->parent = parent;
        }
        n->left = parent;
    }
    p->parent = node;
}

/* The leaf `node` rises above every parent of smaller priority. */
static void climb(const struct spw__tree_view *view, uint32_t *root, uint32_t node)
{
    while (at(view, node)->parent != SPW_NONE &&
           priority(at(view, node)->parent) < priority(node)) {
        rotate_up(view, root, node);
    }
}

void spw__tree_insert(const struct spw__tree_view *view, uint32_t *root, uint32_t node)
{
    uint32_t parent = SPW_NONE;
    uint32_t below = *root;
    int side = 0;
    while (below != SPW_NONE) {
        parent = below;
        side = view->compare(view->context, node, below);
        SPW_ASSERT(side != 0);
        below = side < 0 ? at(view, below)->left : at(view, below)->right;
    }
    *at(view, node) = (struct spw__tree_links){SPW_NONE, SPW_NONE, parent};
    if (parent == SPW_NONE) {
        *root = node;
    } else if (side < 0) {
        at(view, parent)->left = node;
    } else {
        at(view, parent)->right = node;
    }
    climb(view, root, node);
}

void spw__tree_insert_first(const struct spw__tree_view *view, uint32_t *root, uint32_t first,
                            uint32_t node)
{
    SPW_ASSERT(at(view, first)->left == SPW_NONE);
    SPW_ASSERT_SLOW(first == spw__tree_first(view, root));
    *at(view, node) = (struct spw__tree_links){SPW_NONE, SPW_NONE, first};
    at(view, first)->left = node;
    climb(view, root, node);
}

void spw__tree_erase(const struct spw__tree_view *view, uint32_t *root, uint32_t node)
{
    struct spw__tree_links *n = at(view, node);
    while (n->left != SPW_NONE && n->right != SPW_NONE) {
        rotate_up(view, root, priority(n->left) > priority(n->right) ? n->left : n->right);
    }
    hang(view, root, n->parent, node, n->left != SPW_NONE ? n->left : n->right);
    *n = (struct spw__tree_links){SPW_NONE, SPW_NONE, SPW_NONE};
}

uint32_t spw__tree_first(const struct spw__tree_view *view, const uint32_t *root)
{
    uint32_t node = *root;
    while (node != SPW_NONE && at(view, node)->left != SPW_NONE) {
        node = at(view, node)->left;
    }
    return node;
}

uint32_t spw__tree_last(const struct spw__tree_view *view, const uint32_t *root)
{
    uint32_t node = *root;
    while (node != SPW_NONE && at(view, node)->right != SPW_NONE) {
        node = at(view, node)->right;
    }
    return node;
}

uint32_t spw__tree_next(const struct spw__tree_view *view, const uint32_t *root, uint32_t node)
{
    (void)root;
    uint32_t right = at(view, node)->right;
    if (right != SPW_NONE) {
        return spw__tree_first(view, &right);
    }
    uint32_t parent = at(view, node)->parent;
    while (parent != SPW_NONE && at(view, parent)->right == node) {
        node = parent;
        parent = at(view, node)->parent;
    }
    return parent;
}

uint32_t spw__tree_prev(const struct spw__tree_view *view, const uint32_t *root, uint32_t node)
{
    (void)root;
    uint32_t left = at(view, node)->left;
    if (left != SPW_NONE) {
        return spw__tree_last(view, &left);
    }
    uint32_t parent = at(view, node)->parent;
    while (parent != SPW_NONE && at(view, parent)->left == node) {
        node = parent;
        parent = at(view, node)->parent;
    }
    return parent;
}
