/*
 * engine/ahead.c - looking ahead: the memory of a later input is on its way before its turn.
 *
 * Most of what an input costs is waiting for memory: the records of people and counsellors lie
 * scattered over many megabytes. What an input names is asked for first (far), what hangs on it
 * once that is there (near): the counsellor who holds the contact, the neighbours in its lane, its
 * bucket in the index. Mixed with other inputs the latter two gain nothing, the processor overlaps
 * them by itself; where very many hang up at once they are a quarter of the cost.
 * Invariant: nothing here changes the state; a record that is asked for in vain costs a line.
 * Handles are not checked yet, indices are.
 * Who calls: door.c, for a batch some inputs ahead; far alone for a single input.
 * Cost: a few instructions for each line.
 */
#include "engine/verbs.h"

/* The hash of an id, remembered: whoever looks ahead asks for it, then the arrival or the end. */
uint32_t spw__id_hash(struct spw_engine *e, uint64_t hi, uint64_t lo)
{
    struct spw__id_memo *memo = &e->id_memo[lo % SPW__ID_MEMO];
    if (memo->hi != hi || memo->lo != lo) {
        *memo = (struct spw__id_memo){hi, lo, spw__map_hash(&e->ids, hi, lo)};
    }
    return memo->hash;
}

static void fetch_contact(const struct spw_engine *e, uint32_t x)
{
    if (x < e->contacts.capacity) {
        __builtin_prefetch(&e->contact[x], 1);
        __builtin_prefetch(&e->cold[x], 1);
        __builtin_prefetch(spw__slab_link(&e->contacts, x), 1);
    }
}

static void fetch_counsellor(const struct spw_engine *e, uint32_t c)
{
    if (c < e->counsellors.capacity) {
        __builtin_prefetch(&e->counsellor[c], 1);
        __builtin_prefetch(spw__items(e, c), 1);
    }
}

void spw__look_far(struct spw_engine *e, const struct spw_input *in)
{
    uint32_t kind = in->kind;
    if (kind == SPW_INPUT_CONTACT_ARRIVE) {
        spw__map_prefetch(&e->ids, spw__id_hash(e, in->u.arrive.id.hi, in->u.arrive.id.lo));
    } else if (kind > SPW_INPUT_CONTACT_ARRIVE && kind <= SPW_INPUT_CONTACT_EXCLUDE) {
        fetch_contact(e, (uint32_t)in->u.contact.contact.bits);
        if (kind == SPW_INPUT_CONTACT_ACCEPTED || kind == SPW_INPUT_CONTACT_DECLINED) {
            fetch_counsellor(e, (uint32_t)in->u.pair.counsellor.bits);
        }
    } else if (kind == SPW_INPUT_COUNSELLOR_WRAPPED_UP) {
        fetch_counsellor(e, (uint32_t)in->u.pair.counsellor.bits);
    } else if (kind > SPW_INPUT_COUNSELLOR_ADD && kind < SPW_INPUT_COUNSELLOR_WRAPPED_UP) {
        fetch_counsellor(e, (uint32_t)in->u.counsellor.counsellor.bits);
    }
}

/* Whoever stands beside it in its lane is written to when it leaves. */
static void fetch_beside(const struct spw_engine *e, const struct spw__contact *contact)
{
    if (contact->link.left != SPW_NONE) {
        __builtin_prefetch(&e->contact[contact->link.left], 1);
    }
    if (contact->link.right != SPW_NONE) {
        __builtin_prefetch(&e->contact[contact->link.right], 1);
    }
}

void spw__look_near(struct spw_engine *e, const struct spw_input *in)
{
    uint32_t kind = in->kind;
    uint32_t x = (uint32_t)in->u.contact.contact.bits;
    if (kind <= SPW_INPUT_CONTACT_ARRIVE || kind > SPW_INPUT_CONTACT_EXCLUDE ||
        x >= e->contacts.capacity) {
        return;
    }
    if (e->contact[x].lane == SPW__LANE_NONE) {
        fetch_counsellor(e, e->contact[x].holder);
    } else if (e->contact[x].lane == SPW__LANE_MAIN) {
        fetch_beside(e, &e->contact[x]);
    }
    if (kind == SPW_INPUT_CONTACT_LEFT || kind == SPW_INPUT_CONTACT_ENDED) {
        spw__map_prefetch(&e->ids, spw__id_hash(e, e->cold[x].id_hi, e->cold[x].id_lo));
    }
}
