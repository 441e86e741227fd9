/*
 * engine/count.c - queue-at-centre records: what is there now and what has been (rule K).
 *
 * Invariant I9: per (home centre, queue, base priority), arrived + moved_in = live + ended +
 * moved_out + away. Every passage of a contact goes through these functions, nothing counts by
 * itself. Test contacts have a row of their own.
 * Who calls: life.c, offer.c, contact.c. Cost: constant.
 */
#include "engine/verbs.h"

static uint64_t pair_hi(uint32_t centre, uint32_t queue)
{
    return ((uint64_t)centre << 32) | queue;
}

uint32_t spw__pair_find(const struct spw_engine *e, uint32_t centre, uint32_t queue)
{
    return spw__map_find(&e->pair_map, pair_hi(centre, queue), 1);
}

uint32_t spw__pair_at(struct spw_engine *e, uint32_t centre, uint32_t queue)
{
    uint32_t found = spw__pair_find(e, centre, queue);
    if (found != SPW_NONE || e->pair_count == e->pair_max) {
        return found;
    }
    uint32_t pair = e->pair_count++;
    e->pair[pair].key_hi = pair_hi(centre, queue);
    e->pair[pair].key_lo = 1;
    spw__map_insert(&e->pair_map, pair);
    return pair;
}

static uint32_t row_of(uint8_t priority, uint8_t flags)
{
    return (flags & SPW_CONTACT_TEST) != 0 ? SPW_PRIORITY_COUNT : priority;
}

struct spw_counters *spw__count(struct spw_engine *e, uint32_t x)
{
    const struct spw__contact *contact = &e->contact[x];
    return &e->pair[e->cold[x].pair].count[row_of(contact->priority, contact->flags)];
}

/* Adds `change` where the contact's present state is counted. */
void spw__count_state(struct spw_engine *e, uint32_t x, int64_t change)
{
    const struct spw__contact *contact = &e->contact[x];
    struct spw__pair *pair = &e->pair[e->cold[x].pair];
    uint64_t delta = (uint64_t)change;
    switch (contact->state) {
    case SPW_CONTACT_WAITING:
        if ((contact->flags & SPW_CONTACT_TEST) != 0) {
            pair->waiting_test += delta;
        } else {
            pair->waiting[contact->priority] += delta;
        }
        break;
    case SPW_CONTACT_OFFERED:
        pair->offered += delta;
        break;
    case SPW_CONTACT_CONNECTED:
    case SPW_CONTACT_TRANSFERRING:
        pair->connected += delta;
        break;
    case SPW_CONTACT_PARKED:
        pair->parked += delta;
        break;
    case SPW_CONTACT_CALLBACK:
        pair->callbacks += delta;
        break;
    default:
        break;
    }
}

void spw__count_end(struct spw_engine *e, uint32_t x, uint32_t reason)
{
    struct spw_counters *count = spw__count(e, x);
    SPW_ASSERT(count->live > 0);
    SPW_ASSERT(reason < 16);
    count->live--;
    count->ended[reason]++;
}

/* Moves a live contact to another queue, priority or flags; the caller sets the contact's fields
 * by this call, so that both sides of the book are written together. */
void spw__count_move(struct spw_engine *e, uint32_t x, uint32_t pair, uint8_t priority,
                     uint8_t flags)
{
    struct spw__contact *contact = &e->contact[x];
    spw__count_state(e, x, -1);
    struct spw_counters *from = spw__count(e, x);
    e->cold[x].pair = pair;
    contact->priority = priority;
    contact->flags = flags;
    struct spw_counters *to = spw__count(e, x);
    if (from != to) {
        SPW_ASSERT(from->live > 0);
        from->live--;
        from->moved_out++;
        to->moved_in++;
        to->live++;
    }
    spw__count_state(e, x, 1);
}
