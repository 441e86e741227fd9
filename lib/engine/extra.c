/*
 * engine/extra.c - personal records: what only few contacts need.
 *
 * Declines and exclusions (bars), the wanted counsellor (sticky), deadlines, callback, transfer
 * target. The pool of records is smaller than the pool of contacts; when it is used up a decline is
 * not remembered and a wish or deadline not kept, which is told (RECONCILED, NO_RECORD), but nobody
 * is lost: requests that need a record get E_FULL.
 * The last of them are kept for priority 0.
 * Invariants: a contact that is personal is in a side lane; the records that want a counsellor are
 * in its tree, by place; one timer per record, armed for the nearest of its deadlines.
 * Who calls: contact.c, offer.c, life.c, match.c. Cost: eight bars; a wish the logarithm of how
 * many want the same.
 */
#include "engine/verbs.h"

/* Whether x, being of that priority, has a record or gets one: the last are kept for people in
 * danger, like the last contacts. */
bool spw__extra_room(const struct spw_engine *e, uint32_t x, uint8_t priority, uint8_t flags)
{
    uint32_t kept = e->extras.capacity / SPW_KEPT_FOR_DANGER;
    return e->contact[x].extra != SPW_NONE ||
           e->extras.free_count > (spw__kept_for(priority, flags) ? 0 : kept);
}

static bool room_now(const struct spw_engine *e, uint32_t x)
{
    return spw__extra_room(e, x, e->contact[x].priority, e->contact[x].flags);
}

uint32_t spw__extra_of(struct spw_engine *e, uint32_t x)
{
    if (e->contact[x].extra != SPW_NONE || !room_now(e, x)) {
        return e->contact[x].extra;
    }
    return spw__extra_take(e, x);
}

/* Any that is left: an import finds the contact of each. */
uint32_t spw__extra_take(struct spw_engine *e, uint32_t x)
{
    struct spw__contact *contact = &e->contact[x];
    uint32_t record = spw__slab_take(&e->extras);
    if (record == SPW_NONE) {
        return SPW_NONE;
    }
    e->extra[record] = (struct spw__extra){.contact = x, .sticky = SPW_NONE, .to = SPW_NONE};
    contact->extra = record;
    return record;
}

/* Wishes go by place, which no contact changes while it has one. */
static int wishes_compare(const void *context, uint32_t a, uint32_t b)
{
    const struct spw_engine *e = context;
    int order = spw__place_compare(e, e->extra[a].contact, e->extra[b].contact);
    return order != 0 ? order : (a > b) - (a < b);
}

static struct spw__tree_view wishes_view(const struct spw_engine *e)
{
    struct spw__tree_view view = {&e->extra[0].wish, sizeof *e->extra, e, wishes_compare};
    return view;
}

/* The first wish for c, by place, or the next after another; SPW_NONE: there is none. */
uint32_t spw__wish_next(const struct spw_engine *e, uint32_t c, uint32_t record)
{
    struct spw__tree_view view = wishes_view(e);
    const uint32_t *root = &e->counsellor[c].wishes;
    return record == SPW_NONE ? spw__tree_first(&view, root) : spw__tree_next(&view, root, record);
}

void spw__wish_enter(struct spw_engine *e, uint32_t record)
{
    struct spw__tree_view view = wishes_view(e);
    spw__tree_insert(&view, &e->counsellor[e->extra[record].sticky].wishes, record);
}

void spw__sticky_clear(struct spw_engine *e, uint32_t x)
{
    uint32_t record = e->contact[x].extra;
    struct spw__extra *extra = &e->extra[record];
    struct spw__tree_view view = wishes_view(e);
    if (extra->sticky == SPW_NONE) {
        return;
    }
    spw__tree_erase(&view, &e->counsellor[extra->sticky].wishes, record);
    extra->sticky = SPW_NONE;
    extra->sticky_until = 0;
}

/* The wish is over: it talks now, or any counsellor will do. */
void spw__wish_over(struct spw_engine *e, uint32_t x)
{
    if (e->contact[x].extra != SPW_NONE) {
        spw__sticky_clear(e, x);
        spw__extra_arm(e, x);
    }
}

/* x wishes for counsellor c; held for c until `until` (0: only preferred). */
void spw__sticky_set(struct spw_engine *e, uint32_t x, uint32_t c, spw_ns until)
{
    uint32_t record = spw__extra_of(e, x);
    if (record == SPW_NONE) {
        return;
    }
    struct spw__extra *extra = &e->extra[record];
    spw__sticky_clear(e, x);
    extra->sticky = c;
    extra->sticky_until = until;
    spw__wish_enter(e, record);
    spw__extra_arm(e, x);
}

void spw__extra_drop(struct spw_engine *e, uint32_t x)
{
    struct spw__contact *contact = &e->contact[x];
    if (contact->extra == SPW_NONE) {
        return;
    }
    spw__sticky_clear(e, x);
    spw__heap_disarm(&e->timers, spw__node_personal(e, contact->extra));
    e->extra[contact->extra].contact = SPW_NONE;
    spw__slab_give(&e->extras, contact->extra);
    contact->extra = SPW_NONE;
}

/* Has a reason of its own why it may not go to any able counsellor. One is a warm transfer: while
 * it looks for another counsellor, the contact is not offered to the one it talks to. */
bool spw__personal(const struct spw_engine *e, uint32_t x)
{
    uint32_t record = e->contact[x].extra;
    if (record == SPW_NONE) {
        return false;
    }
    const struct spw__extra *extra = &e->extra[record];
    return extra->bar_count > 0 || extra->sticky != SPW_NONE ||
           e->contact[x].state == SPW_CONTACT_TRANSFERRING;
}

void spw__extra_arm(struct spw_engine *e, uint32_t x)
{
    uint32_t record = e->contact[x].extra;
    const struct spw__extra *extra = &e->extra[record];
    spw_ns nearest = SPW_FOREVER;
    for (uint32_t i = 0; i < extra->bar_count; i++) {
        nearest = extra->bar[i].until < nearest ? extra->bar[i].until : nearest;
    }
    if (extra->sticky != SPW_NONE && extra->sticky_until != 0 && extra->sticky_until < nearest) {
        nearest = extra->sticky_until;
    }
    if (extra->deadline != 0 && extra->deadline < nearest) {
        nearest = extra->deadline;
    }
    if (extra->safe_until != 0 && extra->safe_until < nearest) {
        nearest = extra->safe_until;
    }
    if (nearest == SPW_FOREVER) {
        spw__heap_disarm(&e->timers, spw__node_personal(e, record));
    } else {
        spw__arm(e, spw__node_personal(e, record), SPW__TIMER_PERSONAL, nearest);
    }
}

/*
 * Where a bar against c belongs: its own entry, a new one, that of somebody removed, or that of the
 * oldest decline. An exclusion is never forgotten.
 */
static uint32_t bar_place(const struct spw_engine *e, const struct spw__extra *extra, uint32_t c)
{
    uint32_t oldest = SPW__BARS_MAX;
    spw_ns least = SPW_FOREVER;
    for (uint32_t i = 0; i < extra->bar_count; i++) {
        const struct spw__bar *bar = &extra->bar[i];
        if (bar->counsellor == c) {
            return i;
        }
        bool gone = bar->generation != spw__slab_generation(&e->counsellors, bar->counsellor);
        spw_ns until = gone ? 0 : bar->until;
        if (until < least) {
            least = until;
            oldest = i;
        }
    }
    return extra->bar_count < SPW__BARS_MAX ? extra->bar_count : oldest;
}

/* Exclusions of a record but that of c. */
uint32_t spw__exclusions(const struct spw_engine *e, const struct spw__extra *extra, uint32_t c)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < extra->bar_count; i++) {
        const struct spw__bar *bar = &extra->bar[i];
        count += bar->until == SPW_FOREVER && bar->counsellor != c &&
                 bar->generation == spw__slab_generation(&e->counsellors, bar->counsellor);
    }
    return count;
}

/* Whether one more exclusion fits: the last place is kept for declines. */
bool spw__exclusion_room(const struct spw_engine *e, uint32_t x, uint32_t c)
{
    uint32_t record = e->contact[x].extra;
    return record == SPW_NONE ? room_now(e, x)
                              : spw__exclusions(e, &e->extra[record], c) < SPW__BARS_MAX - 1;
}

static bool bar_until(struct spw_engine *e, uint32_t x, uint32_t c, spw_ns until)
{
    uint32_t record = spw__extra_of(e, x);
    if (record == SPW_NONE) {
        return false;
    }
    struct spw__extra *extra = &e->extra[record];
    uint32_t at = bar_place(e, extra, c);
    SPW_ASSERT(at < SPW__BARS_MAX);
    if (at < extra->bar_count && extra->bar[at].counsellor == c &&
        extra->bar[at].until == SPW_FOREVER &&
        extra->bar[at].generation == spw__slab_generation(&e->counsellors, c)) {
        return true; /* an exclusion is not shortened by a decline */
    }
    extra->bar_count += at == extra->bar_count;
    extra->bar[at] = (struct spw__bar){c, spw__slab_generation(&e->counsellors, c), until};
    spw__extra_arm(e, x);
    return true;
}

/*
 * Bars the pair until a time; of nine declines the oldest is forgotten. At the end of time, too, a
 * decline ends before FOREVER: it must not be taken for an exclusion. False: there is no record.
 */
bool spw__bar(struct spw_engine *e, uint32_t x, uint32_t c, spw_ns until)
{
    return bar_until(e, x, c, until < SPW_TIME_MAX ? until : SPW_TIME_MAX - 1);
}

/* These two never, until the contact ends: a wish for that counsellor, or a hold, ends too. */
void spw__exclude(struct spw_engine *e, uint32_t x, uint32_t c)
{
    bool kept = bar_until(e, x, c, SPW_FOREVER);
    SPW_ASSERT(kept); /* it was asked before (spw__exclusion_room) */
    uint32_t record = e->contact[x].extra;
    if (record != SPW_NONE && e->extra[record].sticky == c) {
        spw__wish_over(e, x);
    }
}

static bool lift_bars(struct spw_engine *e, struct spw__extra *extra)
{
    bool lifted = false;
    for (uint32_t i = 0; i < extra->bar_count;) {
        if (extra->bar[i].until > e->clock) {
            i++;
            continue;
        }
        for (uint32_t j = i + 1; j < extra->bar_count; j++) {
            extra->bar[j - 1] = extra->bar[j];
        }
        extra->bar_count--;
        lifted = true;
    }
    return lifted;
}

/* The person is on the line or wants no callback any more: its window is over. */
void spw__promise_over(struct spw_engine *e, uint32_t x)
{
    e->contact[x].marks &= (uint8_t)~SPW__MARK_CALLBACK;
    if (e->contact[x].extra != SPW_NONE) {
        e->extra[e->contact[x].extra].safe_until = 0;
        spw__extra_arm(e, x);
    }
}

/* The record's nearest deadline has fired. */
void spw__personal_due(struct spw_engine *e, uint32_t x)
{
    struct spw__contact *contact = &e->contact[x];
    struct spw__extra *extra = &e->extra[contact->extra];
    bool talking =
        contact->state == SPW_CONTACT_CONNECTED || contact->state == SPW_CONTACT_TRANSFERRING;
    if (extra->deadline != 0 && extra->deadline <= e->clock) {
        extra->deadline = 0;
        if (!talking) {
            spw__end(e, x, SPW_END_EXPIRED);
            return;
        }
        if (contact->lane != SPW__LANE_NONE) { /* in a warm transfer: it goes on without */
            spw__class_rescore(e, contact->class_index);
        }
    }
    if (extra->safe_until != 0 && extra->safe_until <= e->clock) {
        extra->safe_until = 0;
        extra->attempts = 0; /* the talk goes on; there is no other attempt */
        if (!talking) {
            spw__end(e, x, SPW_END_CALLBACK_FAILED);
            return;
        }
    }
    bool lifted = lift_bars(e, extra);
    if (extra->sticky != SPW_NONE && extra->sticky_until != 0 && extra->sticky_until <= e->clock) {
        extra->sticky_until = 0;
        lifted = true;
    }
    spw__extra_arm(e, x);
    if (lifted && contact->lane != SPW__LANE_NONE) {
        spw__possible_contact(e, x);
    }
}
