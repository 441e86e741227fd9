/*
 * engine/restore.c - builds again what an export leaves out: matrices, pools and their lists,
 * classes and lanes, indexes, and the sums that follow from the parts.
 *
 * Invariant: the result behaves as the exported engine did, event for event (tested by continuing
 * both). Bytes may come from anywhere: what is cross-referenced is checked, SPW_E_FORMAT otherwise.
 * Who calls: export.c. Cost: proportional to the state, logarithmic for the side lanes.
 */
#include "engine/verbs.h"

static int restore_centres(struct spw_engine *e)
{
    for (uint32_t n = 1; n <= e->centre_count; n++) {
        struct spw__centre *c = &e->centre[n];
        if (c->classes_max < 16 || c->pools_max < 1) {
            return SPW_E_FORMAT;
        }
        c->empty_head = SPW_NONE;
        c->empty_tail = SPW_NONE;
        c->claimed = SPW_NONE;
        int error = spw__centre_build(e, n);
        if (error != SPW_OK) {
            return SPW_E_FORMAT;
        }
    }
    return SPW_OK;
}

static int restore_items(struct spw_engine *e, uint32_t c)
{
    struct spw__counsellor *who = &e->counsellor[c];
    struct spw__item *items = spw__items(e, c);
    uint64_t held = 0;
    who->items = 0;
    for (uint32_t i = 0; i < e->config.items_max; i++) {
        if (items[i].state == SPW__ITEM_NONE) {
            continue;
        }
        bool live = spw__slab_live(&e->contacts, items[i].contact, items[i].generation);
        if (items[i].units > 100 || (!live && items[i].state != SPW__ITEM_WRAP_UP)) {
            return SPW_E_FORMAT;
        }
        who->items++;
        held += items[i].units;
        if (items[i].unclassified) {
            e->centre[who->centre].units_unclassified += items[i].units;
        }
    }
    who->held = (uint16_t)held;
    return SPW_OK;
}

static int restore_counsellor(struct spw_engine *e, uint32_t c)
{
    struct spw__counsellor *who = &e->counsellor[c];
    const uint32_t all = (1u << SPW_CHANNEL_COUNT) - 1;
    if (who->centre == 0 || who->units == 0 || who->units > 1000 || (who->channels & ~all) != 0 ||
        spw__map_find(&e->keys, 1, who->key) != SPW_NONE ||
        (who->claim != SPW_NONE && !spw__slab_taken(&e->contacts, who->claim))) {
        return SPW_E_FORMAT;
    }
    who->key_hi = 1;
    who->link.next = SPW_NONE;
    spw__limits_note(who);
    who->prev = SPW_NONE;
    who->wishes = SPW_NONE;
    who->list = SPW__LIST_NONE;
    who->counted = 0;
    who->possible = 0;
    spw__map_insert(&e->keys, c);
    int error = restore_items(e, c);
    uint32_t pool =
        error != SPW_OK ? SPW_NONE : spw__pool_of(e, who->centre, who->skillset, who->channels);
    if (pool == SPW_NONE) {
        return SPW_E_FORMAT;
    }
    e->centre[who->centre].last_missed += who->missed > 0;
    spw__pool_join(e, c, pool);
    return SPW_OK;
}

static int restore_sticky(struct spw_engine *e, uint32_t x)
{
    uint32_t record = e->contact[x].extra;
    if (record == SPW_NONE || e->extra[record].sticky == SPW_NONE) {
        return SPW_OK;
    }
    if (!spw__slab_taken(&e->counsellors, e->extra[record].sticky)) {
        return SPW_E_FORMAT;
    }
    spw__wish_enter(e, record);
    return SPW_OK;
}

static bool holder_right(const struct spw_engine *e, uint32_t x)
{
    const struct spw__contact *contact = &e->contact[x];
    bool needs = contact->state == SPW_CONTACT_OFFERED || contact->state == SPW_CONTACT_CONNECTED ||
                 contact->state == SPW_CONTACT_TRANSFERRING;
    if (!needs) {
        return contact->holder == SPW_NONE || e->counsellor[contact->holder].claim == x;
    }
    return contact->holder != SPW_NONE && spw__item_of(e, contact->holder, x) != NULL &&
           (contact->state != SPW_CONTACT_TRANSFERRING || contact->extra != SPW_NONE);
}

static int restore_contact(struct spw_engine *e, uint32_t x)
{
    struct spw__contact *contact = &e->contact[x];
    struct spw__cold *cold = &e->cold[x];
    bool queued = contact->lane != SPW__LANE_NONE;
    contact->lane = SPW__LANE_NONE;
    contact->class_index = SPW_NONE;
    if (cold->queue == 0 || cold->home == 0 ||
        spw__map_find(&e->ids, cold->id_hi, cold->id_lo) != SPW_NONE || !holder_right(e, x)) {
        return SPW_E_FORMAT;
    }
    uint32_t pair = spw__pair_find(e, cold->home, cold->queue);
    if (pair == SPW_NONE || restore_sticky(e, x) != SPW_OK) {
        return SPW_E_FORMAT;
    }
    cold->pair = (uint16_t)pair;
    spw__map_insert(&e->ids, x);
    spw__count_state(e, x, 1);
    bool offered =
        contact->state == SPW_CONTACT_OFFERED ||
        (contact->state == SPW_CONTACT_TRANSFERRING && e->extra[contact->extra].to != SPW_NONE);
    if (!queued && !offered) {
        return SPW_OK;
    }
    uint32_t k = spw__class_of(e, x);
    if (k == SPW_NONE) {
        return SPW_E_FORMAT;
    }
    if (queued) {
        spw__lane_enter(e, x, k);
    } else {
        spw__class_pin(e, k);
        contact->class_index = k;
    }
    return SPW_OK;
}

/* Contacts of priority 0 last: class slots are kept for them, as when the others came. */
static int restore_contacts(struct spw_engine *e)
{
    int error = SPW_OK;
    for (int danger = 0; danger <= 1; danger++) {
        for (uint32_t x = 0; error == SPW_OK && x < e->contacts.capacity; x++) {
            if (spw__slab_taken(&e->contacts, x) && (e->contact[x].priority == 0) == danger) {
                error = restore_contact(e, x);
            }
        }
    }
    return error;
}

static int restore_books(struct spw_engine *e)
{
    for (uint32_t i = 0; i < e->pair_count; i++) {
        e->pair[i].key_lo = 1;
        if (spw__map_find(&e->pair_map, e->pair[i].key_hi, 1) != SPW_NONE) {
            return SPW_E_FORMAT;
        }
        spw__map_insert(&e->pair_map, i);
    }
    for (uint32_t t = e->token_oldest; t != SPW_NONE; t = e->token[t].newer) {
        struct spw__token *token = &e->token[t];
        token->hash = spw__map_hash(&e->token_map, token->hi, token->lo);
        if (spw__map_find_hashed(&e->token_map, token->hash, token->hi, token->lo) != SPW_NONE) {
            return SPW_E_FORMAT;
        }
        spw__map_insert_hashed(&e->token_map, t, token->hash);
    }
    return SPW_OK;
}

/* Claims last: with them a share that changes would wake counsellors up. */
static void restore_sums(struct spw_engine *e)
{
    for (uint32_t n = 1; n <= e->centre_count; n++) {
        spw__share_changed(e, n);
    }
    for (uint32_t c = 0; c < e->counsellors.capacity; c++) {
        if (spw__slab_taken(&e->counsellors, c) && e->counsellor[c].claim != SPW_NONE) {
            spw__claimed_join(e, c);
        }
    }
}

int spw__restore(struct spw_engine *e)
{
    if (spw__policy_select(e, e->plan.order) == NULL) {
        return SPW_E_POLICY;
    }
    if (!spw__vet(e)) {
        return SPW_E_FORMAT;
    }
    e->order = spw__policy_select(e, e->plan.order);
    e->event_first = e->event_sequence + 1;
    int error = restore_centres(e);
    if (error == SPW_OK) {
        error = restore_books(e);
    }
    for (uint32_t c = 0; error == SPW_OK && c < e->counsellors.capacity; c++) {
        if (spw__slab_taken(&e->counsellors, c)) {
            error = restore_counsellor(e, c);
        }
    }
    if (error == SPW_OK) {
        restore_sums(e);
        error = restore_contacts(e);
    }
    e->risen_count = 0; /* nobody has become free by this */
    if (error == SPW_OK && (!spw__vet_live(e) || spw__check_parts(e, NULL, 0) != 0)) {
        error = SPW_E_FORMAT;
    }
    return error;
}
