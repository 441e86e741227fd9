/*
 * engine/lane.c - the two lanes of a class, and its head (rule C5).
 *
 *      class --> main lane (list, append only)      head = the earlier of the two firsts
 *            \-> side lane (ordered tree)
 *
 * Invariants: a contact that has personal reasons, or comes back early, is in the side lane; the
 * main lane is in place order; `live` has a class's bit exactly while somebody waits in it;
 * class_score is the policy's static score of the head, and the classes of tier 1 where somebody
 * waits are ranked by it.
 * Who calls: life.c, arrive.c and offer.c enter and leave lanes; search.c reads scores and rows.
 * Cost: main lane constant; side lane logarithmic, constant at its front.
 */
#include "engine/verbs.h"

/* --- order ------------------------------------------------------------------------------------ */

int spw__place_compare(const struct spw_engine *e, uint32_t a, uint32_t b)
{
    const struct spw__contact *x = &e->contact[a];
    const struct spw__contact *y = &e->contact[b];
    if (x->arrived_at != y->arrived_at) {
        return x->arrived_at < y->arrived_at ? -1 : 1;
    }
    if (x->place != y->place) {
        return x->place < y->place ? -1 : 1;
    }
    return x->own < y->own ? -1 : (x->own > y->own);
}

/* The order of two classes by their heads' places. */
int spw__heads_compare(const void *heads, uint32_t a, uint32_t b)
{
    const struct spw__heads *h = heads;
    const struct spw__class *base = &h->engine->class_[h->class_base];
    return spw__place_compare(h->engine, base[a].head, base[b].head);
}

static int tree_compare(const void *context, uint32_t a, uint32_t b)
{
    return spw__place_compare(context, a, b);
}

static struct spw__tree_view side_view(const struct spw_engine *e)
{
    struct spw__tree_view view = {&e->contact[0].link, sizeof *e->contact, e, tree_compare};
    return view;
}

/* The contact after x in the order of the class (both lanes merged by place). */
uint32_t spw__lane_next(const struct spw_engine *e, const struct spw__class *k, uint32_t x)
{
    struct spw__tree_view view = side_view(e);
    bool newest = spw__newest_first(e, k);
    if (e->contact[x].lane == SPW__LANE_MAIN) {
        return newest ? e->contact[x].link.left : e->contact[x].link.right;
    }
    return newest ? spw__tree_prev(&view, &k->side_root, x)
                  : spw__tree_next(&view, &k->side_root, x);
}

spw_ns spw__head_start(const struct spw_engine *e, const struct spw__class *k)
{
    spw_ns unclassified = e->plan.head_start_unclassified;
    if (k->effective == 0) { /* when the protected share is used up, or is off: the best there is */
        return unclassified > e->plan.head_start[1] ? unclassified : e->plan.head_start[1];
    }
    spw_ns start = e->plan.head_start[k->effective];
    if ((k->flags & SPW_CONTACT_UNCLASSIFIED) != 0 && !e->centre[k->centre].unclassified_over &&
        unclassified > start) {
        start = unclassified;
    }
    if ((k->flags & SPW_CONTACT_SUSPECT) != 0) {
        start -= e->plan.suspect_delay; /* at most a minute, and off by default */
    }
    return start;
}

/* The score of a head under a static policy; the two commonest orders without a call. */
int64_t spw__static_score(const struct spw_engine *e, const struct spw__class *k, uint32_t x)
{
    if (e->plan.order == SPW_ORDER_HEAD_START) {
        return e->contact[x].arrived_at - spw__head_start(e, k);
    }
    if (e->plan.order == SPW_ORDER_FIFO) {
        return e->contact[x].arrived_at;
    }
    if (!spw__policy_static(e)) {
        return 0;
    }
    struct spw_head head;
    struct spw_decision decision = {.size = sizeof decision, .now = 0, .centre = k->centre};
    int64_t score = 0;
    spw__fill_head(e, k, x, &head);
    head.length = 0;
    head.queue_length = 0;
    e->order->order(e->order->params, &decision, &head, 1, &score);
    return score;
}

static uint32_t tier_of(const struct spw_engine *e, const struct spw__class *k)
{
    return k->effective == 0 && e->plan.protected_on ? 0 : 1;
}

void spw__class_rescore(struct spw_engine *e, uint32_t k)
{
    const struct spw__class *class_ = &e->class_[k];
    struct spw__centre *centre = &e->centre[class_->centre];
    if (class_->head == SPW_NONE) {
        spw__ranking_take(&centre->classes, class_->local);
        return;
    }
    if (!spw__policy_static(e)) {
        return;
    }
    int64_t score = spw__static_score(e, class_, class_->head);
    if (tier_of(e, class_) == 1) {
        spw__ranking_put(&centre->classes, class_->local, score);
    } else {
        centre->class_score[class_->local] = score;
    }
}

static void live_set(struct spw_engine *e, const struct spw__class *k, bool on)
{
    struct spw__centre *centre = &e->centre[k->centre];
    uint32_t tier = tier_of(e, k);
    if (spw__bits_test(centre->live[tier], k->local) == on) {
        return;
    }
    if (on) {
        spw__bits_set(centre->live[tier], k->local);
        centre->live_classes[tier]++;
    } else {
        spw__bits_clear(centre->live[tier], k->local);
        centre->live_classes[tier]--;
    }
}

/* The first of the side lane; SPW_NONE if it is empty. */
uint32_t spw__side_head(const struct spw_engine *e, const struct spw__class *k)
{
    if (k->side_first == SPW_NONE || !spw__newest_first(e, k)) {
        return k->side_first;
    }
    struct spw__tree_view view = side_view(e);
    return spw__tree_last(&view, &k->side_root);
}

/* The newest of both lanes, for the order that serves it first. */
static uint32_t newest_of_lanes(const struct spw_engine *e, const struct spw__class *k)
{
    uint32_t side = spw__side_head(e, k);
    if (side == SPW_NONE ||
        (k->main_tail != SPW_NONE && spw__place_compare(e, side, k->main_tail) < 0)) {
        return k->main_tail;
    }
    return side;
}

/* The oldest of both lanes. The first of the side lane is looked at only for a tie. */
static uint32_t oldest_of_lanes(const struct spw_engine *e, const struct spw__class *k)
{
    uint32_t main = k->main_head;
    if (k->side_first == SPW_NONE || main == SPW_NONE) {
        return main == SPW_NONE ? k->side_first : main;
    }
    spw_ns at = e->contact[main].arrived_at;
    bool side = k->side_at != at ? k->side_at < at : spw__place_compare(e, k->side_first, main) < 0;
    return side ? k->side_first : main;
}

/* Newest or oldest first of both lanes becomes the head; bits and score follow. */
static void head_update(struct spw_engine *e, uint32_t k)
{
    struct spw__class *class_ = &e->class_[k];
    uint32_t head =
        spw__newest_first(e, class_) ? newest_of_lanes(e, class_) : oldest_of_lanes(e, class_);
    class_->head = head;
    live_set(e, class_, head != SPW_NONE);
    spw__class_rescore(e, k);
    if (head != SPW_NONE) {
        spw__fetch_first(e, class_); /* to have it at hand when its turn comes */
    }
}

/* After a plan change or when the share of the unclassified is crossed: every head anew. */
void spw__class_rescore_all(struct spw_engine *e, uint32_t number)
{
    struct spw__centre *centre = &e->centre[number];
    for (uint32_t w = 0; w < centre->class_words; w++) {
        centre->live[0][w] = 0;
        centre->live[1][w] = 0;
    }
    spw__ranking_clear(&centre->classes, centre->classes_max);
    centre->live_classes[0] = 0;
    centre->live_classes[1] = 0;
    for (uint32_t local = 0; local < centre->class_count; local++) {
        uint32_t k = centre->class_base + local;
        if (e->class_[k].used && e->class_[k].length > 0) {
            head_update(e, k);
        }
    }
}

/* --- lanes ------------------------------------------------------------------------------------ */

static void main_append(struct spw_engine *e, struct spw__class *k, uint32_t x)
{
    struct spw__contact *contact = &e->contact[x];
    contact->lane = SPW__LANE_MAIN;
    contact->link.left = k->main_tail;
    contact->link.right = SPW_NONE;
    if (k->main_tail != SPW_NONE) {
        e->contact[k->main_tail].link.right = x;
        k->main_second = k->main_tail == k->main_head ? x : k->main_second;
    } else {
        k->main_head = x;
    }
    k->main_tail = x;
    k->main_last = contact->arrived_at;
}

static void main_remove(struct spw_engine *e, struct spw__class *k, uint32_t x)
{
    const struct spw__contact *contact = &e->contact[x];
    uint32_t before = contact->link.left;
    uint32_t after = contact->link.right;
    if (before == SPW_NONE) {
        k->main_head = after;
        k->main_second = after != SPW_NONE ? e->contact[after].link.right : SPW_NONE;
    } else {
        e->contact[before].link.right = after;
        k->main_second = before == k->main_head ? after : k->main_second;
    }
    if (after != SPW_NONE) {
        e->contact[after].link.left = before;
    } else {
        k->main_tail = before;
        k->main_last = before != SPW_NONE ? e->contact[before].arrived_at : 0;
    }
}

static void side_first_set(struct spw_engine *e, struct spw__class *k, uint32_t x)
{
    k->side_first = x;
    k->side_at = x != SPW_NONE ? e->contact[x].arrived_at : 0;
}

/* Before everybody in the side lane; its first is looked at only for a tie. */
static bool before_side(const struct spw_engine *e, const struct spw__class *k, uint32_t x)
{
    spw_ns at = e->contact[x].arrived_at;
    return at != k->side_at ? at < k->side_at : spw__place_compare(e, x, k->side_first) < 0;
}

/*
 * The first is remembered: finding it would be a walk down the tree for every change of head. A
 * contact that comes back from a declined offer mostly goes before it, and then there is no walk at
 * all: each step of one is a line of memory that is waited for, about a tenth of the whole mix at a
 * million waiting.
 */
static void side_insert(struct spw_engine *e, struct spw__class *k, uint32_t x)
{
    struct spw__tree_view view = side_view(e);
    uint32_t first = k->side_first;
    e->contact[x].lane = SPW__LANE_SIDE;
    if (first != SPW_NONE && before_side(e, k, x)) {
        spw__tree_insert_first(&view, &k->side_root, first, x);
        side_first_set(e, k, x);
        return;
    }
    spw__tree_insert(&view, &k->side_root, x);
    if (first == SPW_NONE) {
        side_first_set(e, k, x);
    }
}

static void side_remove(struct spw_engine *e, struct spw__class *k, uint32_t x)
{
    struct spw__tree_view view = side_view(e);
    if (k->side_first == x) {
        side_first_set(e, k, spw__tree_next(&view, &k->side_root, x));
    }
    spw__tree_erase(&view, &k->side_root, x);
}

/* Behind all of the main lane; the last one there is looked at only for a tie. */
static bool behind_main(const struct spw_engine *e, const struct spw__class *k, uint32_t x)
{
    spw_ns at = e->contact[x].arrived_at;
    return k->main_tail == SPW_NONE || k->main_last < at ||
           (k->main_last == at && spw__place_compare(e, k->main_tail, x) < 0);
}

void spw__lane_enter(struct spw_engine *e, uint32_t x, uint32_t k)
{
    struct spw__class *class_ = &e->class_[k];
    struct spw__contact *contact = &e->contact[x];
    SPW_ASSERT(contact->lane == SPW__LANE_NONE);
    spw__class_rouse(e, k);
    contact->class_index = k;
    class_->length++;
    if (!spw__personal(e, x) && behind_main(e, class_, x)) {
        main_append(e, class_, x);
        if (contact->link.left != SPW_NONE && !spw__newest_first(e, class_)) {
            return; /* behind somebody of its lane: the head stays */
        }
    } else {
        side_insert(e, class_, x);
    }
    head_update(e, k);
}

void spw__lane_leave(struct spw_engine *e, uint32_t x)
{
    struct spw__contact *contact = &e->contact[x];
    uint32_t k = contact->class_index;
    struct spw__class *class_ = &e->class_[k];
    SPW_ASSERT(contact->lane != SPW__LANE_NONE && class_->length > 0);
    if (contact->lane == SPW__LANE_MAIN) {
        main_remove(e, class_, x);
    } else {
        side_remove(e, class_, x);
    }
    contact->lane = SPW__LANE_NONE;
    contact->class_index = SPW_NONE;
    class_->length--;
    if (class_->head == x || class_->length == 0) {
        head_update(e, k);
    }
    spw__class_rest(e, k);
}
