/*
 * engine/ahead.c - looking ahead: the memory of a later input is on its way before its turn.
 *
 * Most of what an input costs is waiting for memory: the records of people and counsellors lie
 * scattered over many megabytes. What an input names is asked for first (far), what hangs on it
 * once that is there (near): the counsellor who holds the contact, the neighbours in its lane, its
 * bucket in the index, the class that an arrival will join, the row of classes that a counsellor
 * may serve; last (close) the contact that this counsellor will probably be given.
 * Invariant: nothing here changes the state; a record that is asked for in vain costs a line.
 * Handles are not checked yet, indices are.
 * Who calls: door.c, for a batch some inputs ahead; far and near at once for a single input.
 * Cost: a few instructions for each line.
 */
#include "engine/verbs.h"

/* A function that only prefetches has no effect that gcc knows of: a call to it is left out unless
 * it is inlined before anybody asks. */
#define LOOK_ALONG 32 /* entries of the ranking */
#define ROW_WORDS 64  /* of a row of classes: eight lines */
#define FETCH static inline __attribute__((always_inline)) void

static uint32_t remembered(const struct spw__map *map, struct spw__id_memo *memos, uint64_t hi,
                           uint64_t lo)
{
    struct spw__id_memo *memo = &memos[lo % SPW__ID_MEMO];
    if (memo->hi != hi || memo->lo != lo) {
        *memo = (struct spw__id_memo){hi, lo, spw__map_hash(map, hi, lo)};
    }
    return memo->hash;
}

/* The hash of an id, remembered: looking ahead asks for it, then the arrival or the end. */
uint32_t spw__id_hash(struct spw_engine *e, uint64_t hi, uint64_t lo)
{
    return remembered(&e->ids, e->id_memo, hi, lo);
}

uint32_t spw__token_hash(struct spw_engine *e, uint64_t hi, uint64_t lo)
{
    return remembered(&e->token_map, e->token_memo, hi, lo);
}

FETCH fetch_token(struct spw_engine *e, uint64_t hi, uint64_t lo)
{
    if ((hi | lo) != 0) {
        spw__map_prefetch(&e->token_map, spw__token_hash(e, hi, lo));
    }
}

FETCH fetch_contact(const struct spw_engine *e, uint32_t x)
{
    if (x < e->contacts.capacity) {
        __builtin_prefetch(&e->contact[x], 1);
        __builtin_prefetch(&e->cold[x], 1);
    }
}
/* Where its deadline is armed: an offer has one. */
FETCH fetch_deadline(const struct spw_engine *e, uint32_t x)
{
    if (x < e->contacts.capacity) {
        __builtin_prefetch(&e->timers.position[spw__node_contact(e, x)], 1);
    }
}

FETCH fetch_counsellor(const struct spw_engine *e, uint32_t c)
{
    if (c < e->counsellors.capacity) {
        __builtin_prefetch(&e->counsellor[c], 1);
        __builtin_prefetch(&e->counsellor[c].last_seen, 1); /* a sign of life is written there */
        __builtin_prefetch(spw__items(e, c), 1);
    }
}

void spw__look_far(struct spw_engine *e, const struct spw_input *in)
{
    uint32_t kind = in->kind;
    if (kind == SPW_INPUT_CONTACT_ARRIVE) {
        spw__map_prefetch(&e->ids, spw__id_hash(e, in->u.arrive.id.hi, in->u.arrive.id.lo));
        fetch_token(e, in->u.arrive.token.hi, in->u.arrive.token.lo);
    } else if (kind > SPW_INPUT_CONTACT_ARRIVE && kind <= SPW_INPUT_CONTACT_EXCLUDE) {
        fetch_contact(e, (uint32_t)in->u.contact.contact.bits);
        if (kind == SPW_INPUT_CONTACT_ACCEPTED || kind == SPW_INPUT_CONTACT_DECLINED) {
            fetch_counsellor(e, (uint32_t)in->u.pair.counsellor.bits);
            fetch_deadline(e, (uint32_t)in->u.pair.contact.bits);
        }
    } else if (kind == SPW_INPUT_COUNSELLOR_WRAPPED_UP) {
        fetch_counsellor(e, (uint32_t)in->u.pair.counsellor.bits);
    } else if (kind > SPW_INPUT_COUNSELLOR_ADD && kind < SPW_INPUT_COUNSELLOR_WRAPPED_UP) {
        fetch_counsellor(e, (uint32_t)in->u.counsellor.counsellor.bits);
    }
}

/* Its neighbours in the lane are written to when it leaves. */
FETCH fetch_beside(const struct spw_engine *e, const struct spw__contact *contact)
{
    if (contact->link.left != SPW_NONE) {
        __builtin_prefetch(&e->contact[contact->link.left], 1);
    }
    if (contact->link.right != SPW_NONE) {
        __builtin_prefetch(&e->contact[contact->link.right], 1);
    }
}

/* Where an arrival will stand, and behind which contact. */
FETCH fetch_class(const struct spw_engine *e, const struct spw_arrive *arrive)
{
    uint32_t k = spw__class_expected(e, arrive);
    if (k != SPW_NONE && e->class_[k].main_tail != SPW_NONE) {
        __builtin_prefetch(&e->contact[e->class_[k].main_tail], 1);
    }
}

/* The classes open to a counsellor; null if there is no such counsellor. */
static const uint64_t *row_open_to(const struct spw_engine *e, uint32_t c)
{
    if (c >= e->counsellors.capacity || !spw__slab_taken(&e->counsellors, c)) {
        return NULL;
    }
    const struct spw__centre *centre = &e->centre[e->counsellor[c].centre];
    uint32_t local = e->counsellor[c].pool - centre->pool_base;
    return &centre->row_by_pool[(size_t)local * centre->class_words];
}

FETCH fetch_row(const struct spw_engine *e, uint32_t c)
{
    const uint64_t *row = row_open_to(e, c);
    if (row != NULL) {
        uint32_t words = e->centre[e->counsellor[c].centre].class_words;
        for (uint32_t w = 0; w < words && w < ROW_WORDS; w += 8) {
            __builtin_prefetch(&row[w]);
        }
    }
}

/* A freed counsellor mostly gets the first along the ranking: a few entries tell which it may
 * be. */
FETCH fetch_match(const struct spw_engine *e, uint32_t c)
{
    const uint64_t *row = row_open_to(e, c);
    if (row != NULL) {
        const struct spw__centre *centre = &e->centre[e->counsellor[c].centre];
        struct spw__ranking_walk walk = {0, 0, LOOK_ALONG};
        uint32_t first = spw__ranking_next(&centre->classes, &walk, row);
        if (first < SPW__RANKING_ON) {
            spw__fetch_first(e, &e->class_[centre->class_base + first]);
        }
    }
}

void spw__look_near(struct spw_engine *e, const struct spw_input *in)
{
    uint32_t kind = in->kind;
    if (kind == SPW_INPUT_CONTACT_ARRIVE) {
        fetch_class(e, &in->u.arrive);
        return;
    }
    if (kind == SPW_INPUT_COUNSELLOR_WRAPPED_UP) {
        fetch_row(e, (uint32_t)in->u.pair.counsellor.bits);
        return;
    }
    uint32_t x = (uint32_t)in->u.contact.contact.bits;
    if (kind < SPW_INPUT_CONTACT_ARRIVE || kind > SPW_INPUT_CONTACT_EXCLUDE ||
        x >= e->contacts.capacity) {
        return;
    }
    if (e->contact[x].lane == SPW__LANE_NONE) {
        fetch_counsellor(e, e->contact[x].holder);
    } else if (e->contact[x].lane == SPW__LANE_MAIN) {
        fetch_beside(e, &e->contact[x]);
    }
    if (e->contact[x].extra != SPW_NONE) {
        __builtin_prefetch(&e->extra[e->contact[x].extra], 1);
    }
    if (kind == SPW_INPUT_CONTACT_LEFT || kind == SPW_INPUT_CONTACT_ENDED) {
        spw__map_prefetch(&e->ids, spw__id_hash(e, e->cold[x].id_hi, e->cold[x].id_lo));
    }
    if (kind == SPW_INPUT_CONTACT_LEFT) {
        fetch_token(e, e->cold[x].token.hi, e->cold[x].token.lo);
    }
}

void spw__look_close(struct spw_engine *e, const struct spw_input *in)
{
    if (in->kind == SPW_INPUT_COUNSELLOR_WRAPPED_UP) {
        fetch_match(e, (uint32_t)in->u.pair.counsellor.bits);
    }
}
