/*
 * engine/class.c - classes: all waiting contacts that are alike for routing.
 *
 * States of a class: unused -> used (somebody waits, or an offer pins it) -> cached (empty, kept
 * for the next contact of its kind, oldest evicted first) -> unused. Eviction is invisible: class
 * numbers never leave the engine (rules C4, D7).
 * Invariants: an empty class without pins is in the list of empty ones of its centre, and no other;
 * its bits in the matrix are those of the pools that may serve it, from its making to its eviction.
 * Who calls: arrive.c, life.c and offer.c ask for classes and pin them; lane.c fills and empties
 * them.
 * Cost: a look-up by its key; a new class is two rows of pools, and a bit for each pool that may
 * serve it.
 */
#include "engine/verbs.h"

/* --- the key (rule C1) ------------------------------------------------------------------------ */

uint8_t spw__effective(const struct spw__contact *x)
{
    if (x->priority == 0) {
        return 0;
    }
    return x->raises >= x->priority ? 1 : (uint8_t)(x->priority - x->raises);
}

uint32_t spw__ladder_of(const struct spw_engine *e, uint32_t x)
{
    const struct spw__cold *cold = &e->cold[x];
    return cold->need != 0 ? 0 : e->queue[cold->queue].ladder;
}

static uint32_t need_at(const struct spw_engine *e, uint32_t own, uint32_t number, uint32_t at)
{
    if (own != 0) {
        return own;
    }
    const struct spw__queue *queue = &e->queue[number];
    const struct spw__term *step = spw__ladder_step(&e->catalogue, queue->ladder, at);
    return step != NULL ? step->number : queue->need;
}

uint32_t spw__need_in_force(const struct spw_engine *e, uint32_t x)
{
    return need_at(e, e->cold[x].need, e->cold[x].queue, e->contact[x].step);
}

static uint64_t class_key_hi(const struct spw_engine *e, uint32_t x)
{
    const struct spw__cold *cold = &e->cold[x];
    return ((uint64_t)cold->home << 48) | ((uint64_t)cold->queue << 32) | spw__need_in_force(e, x);
}

#define KEY_FLAGS                                                                                  \
    (SPW_CONTACT_TEST | SPW_CONTACT_UNCLASSIFIED | SPW_CONTACT_SEVERE | SPW_CONTACT_SUSPECT |      \
     SPW_CONTACT_BREAK_GLASS)

/* Suspicion never touches danger, unclassified contacts, or contacts whose token is shared or
 * missing (rule O5). */
static uint8_t key_flags(const struct spw_engine *e, uint32_t x)
{
    const struct spw__contact *contact = &e->contact[x];
    const uint8_t never = SPW_CONTACT_UNCLASSIFIED | SPW_CONTACT_SHARED_TOKEN;
    uint8_t flags = contact->flags & KEY_FLAGS;
    if ((flags & SPW_CONTACT_SUSPECT) != 0 &&
        (contact->priority == 0 || (contact->flags & never) != 0 ||
         (e->cold[x].token.hi | e->cold[x].token.lo) == 0)) {
        flags &= (uint8_t)~SPW_CONTACT_SUSPECT;
    }
    return flags;
}

static uint64_t class_key_lo(const struct spw_engine *e, uint32_t x)
{
    const struct spw__contact *contact = &e->contact[x];
    uint64_t callback = (contact->marks & SPW__MARK_CALLBACK) != 0 ? 2 : 0;
    return ((uint64_t)contact->step << 56) | ((uint64_t)contact->channel << 48) |
           ((uint64_t)e->cold[x].zone << 32) | ((uint64_t)contact->priority << 24) |
           ((uint64_t)spw__effective(contact) << 16) | ((uint64_t)key_flags(e, x) << 8) | callback |
           1;
}

/* --- the list of empty classes ---------------------------------------------------------------- */

static void cache_remove(struct spw_engine *e, uint32_t k)
{
    struct spw__class *class_ = &e->class_[k];
    struct spw__centre *centre = &e->centre[class_->centre];
    if (class_->empty_prev != SPW_NONE) {
        e->class_[class_->empty_prev].empty_next = class_->empty_next;
    } else {
        centre->empty_head = class_->empty_next;
    }
    if (class_->empty_next != SPW_NONE) {
        e->class_[class_->empty_next].empty_prev = class_->empty_prev;
    } else {
        centre->empty_tail = class_->empty_prev;
    }
    class_->cached = 0;
    centre->empty_count--;
}

static void cache_append(struct spw_engine *e, uint32_t k)
{
    struct spw__class *class_ = &e->class_[k];
    struct spw__centre *centre = &e->centre[class_->centre];
    class_->empty_prev = centre->empty_tail;
    class_->empty_next = SPW_NONE;
    if (centre->empty_tail != SPW_NONE) {
        e->class_[centre->empty_tail].empty_next = k;
    } else {
        centre->empty_head = k;
    }
    centre->empty_tail = k;
    class_->cached = 1;
    centre->empty_count++;
}

/* Nobody is in it and nothing pins it: it may be evicted. */
void spw__class_rest(struct spw_engine *e, uint32_t k)
{
    struct spw__class *class_ = &e->class_[k];
    if (class_->length == 0 && class_->pins == 0 && !class_->cached) {
        cache_append(e, k);
    }
}

/* Somebody comes: it is not evicted any more. */
void spw__class_rouse(struct spw_engine *e, uint32_t k)
{
    if (e->class_[k].cached) {
        cache_remove(e, k);
    }
}

void spw__class_pin(struct spw_engine *e, uint32_t k)
{
    spw__class_rouse(e, k);
    e->class_[k].pins++;
}

/*
 * The class of x, if it is in any, is kept for it while it leaves it for a moment: with every class
 * taken, what is kept for danger would not let it in again. Ends by spw__class_unpin.
 */
uint32_t spw__class_hold(struct spw_engine *e, uint32_t x)
{
    uint32_t k = e->contact[x].class_index;
    if (k != SPW_NONE) {
        spw__class_pin(e, k);
    }
    return k;
}

/* Whether x as it is now is of class k. */
bool spw__class_is(const struct spw_engine *e, uint32_t x, uint32_t k)
{
    return k != SPW_NONE && e->class_[k].key_hi == class_key_hi(e, x) &&
           e->class_[k].key_lo == class_key_lo(e, x);
}

void spw__class_unpin(struct spw_engine *e, uint32_t k)
{
    if (k == SPW_NONE) {
        return;
    }
    SPW_ASSERT(e->class_[k].pins > 0);
    e->class_[k].pins--;
    spw__class_rest(e, k);
}

/* x is offered and is of another class now. Without a slot for that it keeps the pin that it has,
 * which nothing reads but to let it go. */
void spw__class_repin(struct spw_engine *e, uint32_t x)
{
    uint32_t old = e->contact[x].class_index;
    uint32_t k = spw__class_of(e, x);
    if (k != SPW_NONE && k != old) {
        spw__class_pin(e, k);
        spw__class_unpin(e, old);
        e->contact[x].class_index = k;
    }
}

/* --- making and evicting ---------------------------------------------------------------------- */

bool spw__class_open_to_pool(const struct spw_engine *e, const struct spw__class *k,
                             const struct spw__pool *p)
{
    return ((p->channels >> k->channel) & 1) != 0 &&
           spw__need_met(&e->catalogue, k->need, p->skillset);
}

/* The pools that meet the need and take the channel: rows that they keep themselves (rule C3). */
static void row_fill(struct spw_engine *e, struct spw__class *k)
{
    struct spw__centre *centre = &e->centre[k->centre];
    uint64_t *row = &centre->row_by_class[(size_t)k->local * centre->pool_words];
    const uint64_t *met = &centre->pools_by_need[(size_t)k->need * centre->pool_words];
    const uint64_t *channel = centre->pools_by_channel[k->channel];
    for (uint32_t w = 0; w < centre->pool_words; w++) {
        row[w] = met[w] & channel[w];
        for (uint64_t left = row[w]; left != 0; left &= left - 1) {
            uint32_t p = w * 64 + (uint32_t)__builtin_ctzll(left);
            spw__bits_set(&centre->row_by_pool[(size_t)p * centre->class_words], k->local);
        }
    }
}

static void row_clear(struct spw_engine *e, struct spw__class *k)
{
    struct spw__centre *centre = &e->centre[k->centre];
    uint64_t *row = &centre->row_by_class[(size_t)k->local * centre->pool_words];
    for (uint32_t w = 0; w < centre->pool_words; w++) {
        for (uint64_t left = row[w]; left != 0; left &= left - 1) {
            uint32_t p = w * 64 + (uint32_t)__builtin_ctzll(left);
            spw__bits_clear(&centre->row_by_pool[(size_t)p * centre->class_words], k->local);
        }
        row[w] = 0;
    }
}

static void class_evict(struct spw_engine *e, uint32_t k)
{
    struct spw__class *class_ = &e->class_[k];
    struct spw__centre *centre = &e->centre[class_->centre];
    SPW_ASSERT(class_->length == 0 && class_->pins == 0);
    cache_remove(e, k);
    spw__map_erase(&e->class_map, k);
    row_clear(e, class_);
    spw__bits_clear(centre->by_channel[class_->channel], class_->local);
    spw__bits_clear(centre->unclassified, class_->local);
    spw__bits_clear(centre->danger, class_->local);
    class_->used = 0;
}

/* Slots in which nobody is: one in sixteen is kept for priority 0. A cached class is one of them,
 * also for a contact of that class: what is cached must make no difference. */
static bool slot_left(const struct spw__centre *centre, uint32_t more, uint8_t effective)
{
    uint32_t reserve = effective == 0 ? 0 : centre->classes_max / 16;
    return centre->classes_max - centre->class_count + centre->empty_count + more > reserve;
}

/* A free local index of the centre, by eviction if need be; there is one. */
static uint32_t class_slot(struct spw_engine *e, uint32_t centre_number)
{
    struct spw__centre *centre = &e->centre[centre_number];
    if (centre->class_count < centre->classes_max) {
        return centre->class_base + centre->class_count++;
    }
    uint32_t k = centre->empty_head;
    class_evict(e, k);
    return k;
}

static void class_init(struct spw_engine *e, uint32_t k, uint32_t x)
{
    struct spw__class *class_ = &e->class_[k];
    const struct spw__contact *contact = &e->contact[x];
    const struct spw__cold *cold = &e->cold[x];
    struct spw__centre *centre = &e->centre[cold->home];
    *class_ = (struct spw__class){
        .key_hi = class_key_hi(e, x),
        .key_lo = class_key_lo(e, x),
        .main_head = SPW_NONE,
        .main_tail = SPW_NONE,
        .main_second = SPW_NONE,
        .side_root = SPW_NONE,
        .side_first = SPW_NONE,
        .head = SPW_NONE,
        .able = SPW_NONE,
        .local = k - centre->class_base,
        .need = spw__need_in_force(e, x),
        .empty_prev = SPW_NONE,
        .empty_next = SPW_NONE,
        .pair = cold->pair,
        .centre = cold->home,
        .queue = cold->queue,
        .channel = contact->channel,
        .base = contact->priority,
        .effective = spw__effective(contact),
        .flags = key_flags(e, x),
        .used = 1,
    };
    row_fill(e, class_);
    spw__bits_set(centre->by_channel[class_->channel], class_->local);
    if ((class_->flags & SPW_CONTACT_UNCLASSIFIED) != 0) {
        spw__bits_set(centre->unclassified, class_->local);
    }
    if (class_->effective == 0) {
        spw__bits_set(centre->danger, class_->local);
    }
    spw__map_insert(&e->class_map, k);
    cache_append(e, k);
}

/* Whether x as it is now would find a class once it has left `old`, its present one if any. */
bool spw__class_room(const struct spw_engine *e, uint32_t x, uint32_t old)
{
    uint32_t k = spw__map_find(&e->class_map, class_key_hi(e, x), class_key_lo(e, x));
    if (k != SPW_NONE && !e->class_[k].cached) {
        return true;
    }
    bool alone = old != SPW_NONE && e->class_[old].length + e->class_[old].pins == 1;
    return slot_left(&e->centre[e->cold[x].home], alone, spw__effective(&e->contact[x]));
}

/* The class that an arrival will belong to if its queue is open: for looking ahead, so nothing is
 * checked but what would lead astray. SPW_NONE: there is none yet. */
uint32_t spw__class_expected(const struct spw_engine *e, const struct spw_arrive *a)
{
    if (a->home > e->centre_count || a->queue > e->queue_count) {
        return SPW_NONE;
    }
    uint64_t hi =
        ((uint64_t)a->home << 48) | ((uint64_t)a->queue << 32) | need_at(e, a->need, a->queue, 0);
    uint64_t lo = ((uint64_t)a->channel << 48) | ((uint64_t)a->zone << 32) |
                  ((uint64_t)a->priority << 24) | ((uint64_t)a->priority << 16) |
                  ((uint64_t)(a->flags & KEY_FLAGS) << 8) | 1;
    return spw__map_find(&e->class_map, hi, lo);
}

/* The class that contact x belongs to now; made if need be. SPW_NONE: no class slot is left. */
uint32_t spw__class_of(struct spw_engine *e, uint32_t x)
{
    uint32_t pinned = e->contact[x].class_index;
    if (spw__class_is(e, x, pinned)) {
        return pinned;
    }
    uint32_t k = spw__map_find(&e->class_map, class_key_hi(e, x), class_key_lo(e, x));
    if (k != SPW_NONE && !e->class_[k].cached) {
        return k;
    }
    if (!slot_left(&e->centre[e->cold[x].home], 0, spw__effective(&e->contact[x]))) {
        return SPW_NONE;
    }
    if (k == SPW_NONE) {
        k = class_slot(e, e->cold[x].home);
        class_init(e, k, x);
    }
    return k;
}
