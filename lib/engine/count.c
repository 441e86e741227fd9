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

static uint32_t counter_row(uint8_t priority, uint8_t flags)
{
    return (flags & SPW_CONTACT_TEST) != 0 ? SPW_PRIORITY_COUNT : priority;
}

struct spw_counters *spw__count(struct spw_engine *e, uint32_t x)
{
    const struct spw__contact *contact = &e->contact[x];
    return &e->pair[e->cold[x].pair].count[counter_row(contact->priority, contact->flags)];
}

/* Where a contact in that state is counted. By table: a branch on the state would be guessed wrong
 * every other time. */
static uint32_t column_of(const struct spw__contact *contact, uint32_t state)
{
    static const uint8_t columns[] = {
        [SPW_CONTACT_GONE] = SPW__NOW_NOWHERE,
        [SPW_CONTACT_WAITING] = SPW__NOW_WAITING,
        [SPW_CONTACT_OFFERED] = SPW__NOW_OFFERED,
        [SPW_CONTACT_CONNECTED] = SPW__NOW_CONNECTED,
        [SPW_CONTACT_TRANSFERRING] = SPW__NOW_CONNECTED,
        [SPW_CONTACT_PARKED] = SPW__NOW_PARKED,
        [SPW_CONTACT_CALLBACK] = SPW__NOW_CALLBACK,
        [SPW_CONTACT_AWAY] = SPW__NOW_NOWHERE,
    };
    uint32_t row = counter_row(contact->priority, contact->flags);
    uint32_t column = columns[state];
    return column + (column == SPW__NOW_WAITING ? row : 0);
}

/* Adds `change` where the contact's present state is counted. */
void spw__count_state(struct spw_engine *e, uint32_t x, int64_t change)
{
    const struct spw__contact *contact = &e->contact[x];
    e->pair[e->cold[x].pair].now[column_of(contact, contact->state)] += (uint64_t)change;
}

/* From the present state to another, in both columns. */
void spw__state_set(struct spw_engine *e, uint32_t x, uint32_t state)
{
    struct spw__contact *contact = &e->contact[x];
    uint64_t *now = e->pair[e->cold[x].pair].now;
    now[column_of(contact, contact->state)]--;
    now[column_of(contact, state)]++;
    contact->state = (uint8_t)state;
}

/* How many wait in a queue at a centre, test contacts too. */
uint64_t spw__count_waiting(const struct spw__pair *pair)
{
    uint64_t sum = 0;
    for (uint32_t i = SPW__NOW_WAITING; i <= SPW__NOW_WAITING_TEST; i++) {
        sum += pair->now[i];
    }
    return sum;
}

/* Sums of waits stop at the largest number instead of beginning anew. */
void spw__count_waited(uint64_t *sum, uint64_t more)
{
    *sum = *sum > UINT64_MAX - more ? UINT64_MAX : *sum + more;
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
    e->cold[x].pair = (uint16_t)pair;
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
