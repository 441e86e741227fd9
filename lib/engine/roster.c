/*
 * engine/roster.c - counsellors on and off duty.
 *
 *   OUT -> PAUSED <-> ON -> NOT_ANSWERING        LEAVING -> OUT when nothing is held
 *                      \-> GONE_SILENT -> (grace) contacts given back, OUT
 *
 * Invariants: spw__counsellor_state is the only place where a state changes; it keeps duty counts
 * and lists in step. A lost counsellor keeps what they hold during the grace; then offered contacts
 * have long gone back, connected ones are parked: nobody is hung up on.
 * Who calls: door.c. Cost: constant, the items of one counsellor.
 */
#include "engine/verbs.h"

/* The claim on a counsellor who can no longer take its claimant ends. */
void spw__claim_off(struct spw_engine *e, uint32_t c)
{
    uint32_t x = e->counsellor[c].claim;
    if (x != SPW_NONE) {
        spw__claim_release(e, x);
        if (e->contact[x].lane != SPW__LANE_NONE) {
            spw__possible_contact(e, x);
        }
    }
}

/* `told`: the host's own number for the reason, 0 = none. */
static void state_set(struct spw_engine *e, uint32_t c, uint32_t state, uint32_t why, uint32_t told)
{
    struct spw__counsellor *counsellor = &e->counsellor[c];
    if (counsellor->state == state) {
        return;
    }
    counsellor->state = (uint8_t)state;
    if (state == SPW_COUNSELLOR_OUT) {
        spw__heap_disarm(&e->timers, spw__node_duty(e, c));
        counsellor->load = 0;
        counsellor->severe_streak = 0;
        counsellor->flags &= (uint8_t)~SPW__BREAK_OWED;
    }
    spw__duty_recount(e, c);
    spw__refile(e, c);
    struct spw_event *event = spw__emit_counsellor(e, SPW_EVENT_COUNSELLOR, why, c);
    event->cookie = told;
    spw__emit_seal(e, event);
    if (state != SPW_COUNSELLOR_ON) {
        spw__claim_off(e, c);
    }
}

void spw__counsellor_state(struct spw_engine *e, uint32_t c, uint32_t state, uint32_t why)
{
    state_set(e, c, state, why, 0);
}

/* Outstanding offers go back to their places. */
static void offers_back(struct spw_engine *e, uint32_t c, uint32_t why)
{
    struct spw__item *items = spw__items(e, c);
    for (uint32_t i = 0; i < e->config.items_max; i++) {
        if (items[i].state == SPW__ITEM_OFFERED) {
            uint32_t x = items[i].contact;
            spw__take_back(e, x, why);
        }
    }
}

static void lease_arm(struct spw_engine *e, uint32_t c)
{
    spw_ns lease = e->centre[e->counsellor[c].centre].lease;
    spw_ns until = lease >= SPW_FOREVER ? SPW_FOREVER : e->counsellor[c].last_seen + lease;
    spw__arm(e, spw__node_duty(e, c), SPW__TIMER_DUTY, until);
}

/* Signed in in `state` from now on, seen now, and under a lease. */
void spw__counsellor_on(struct spw_engine *e, uint32_t c, uint32_t state, uint32_t why)
{
    struct spw__counsellor *counsellor = &e->counsellor[c];
    counsellor->last_seen = e->clock;
    /* A counsellor who was OUT when the host came back had no duty to confirm. */
    if (counsellor->state == SPW_COUNSELLOR_OUT) {
        counsellor->confirmed = 1;
    }
    spw__counsellor_state(e, c, state, why);
    lease_arm(e, c);
}

/* The centre has another lease: it begins now for all on duty, whenever they were seen last. */
void spw__leases_begin(struct spw_engine *e, uint32_t centre)
{
    for (uint32_t c = 0; c < e->counsellors.capacity; c++) {
        struct spw__counsellor *counsellor = &e->counsellor[c];
        if (spw__slab_taken(&e->counsellors, c) && counsellor->centre == centre &&
            counsellor->state != SPW_COUNSELLOR_OUT &&
            counsellor->state != SPW_COUNSELLOR_GONE_SILENT) {
            counsellor->last_seen = e->clock;
            lease_arm(e, c);
        }
    }
}

void spw__counsellor_lost(struct spw_engine *e, uint32_t c, uint32_t why)
{
    struct spw__counsellor *counsellor = &e->counsellor[c];
    if (counsellor->state == SPW_COUNSELLOR_OUT ||
        counsellor->state == SPW_COUNSELLOR_GONE_SILENT) {
        return;
    }
    counsellor->before = counsellor->state;
    spw__counsellor_state(e, c, SPW_COUNSELLOR_GONE_SILENT, why);
    offers_back(e, c, SPW_WHY_COUNSELLOR_LOST);
    spw__arm(e, spw__node_duty(e, c), SPW__TIMER_DUTY,
             e->clock + e->centre[counsellor->centre].reconnect_grace);
}

/*
 * A sign of life: a heartbeat, an answer, the word of the host. A counsellor who had gone silent is
 * in the state before again, so that no talk that goes on is cut.
 */
void spw__counsellor_back(struct spw_engine *e, uint32_t c)
{
    struct spw__counsellor *counsellor = &e->counsellor[c];
    counsellor->last_seen = e->clock;
    if (counsellor->state != SPW_COUNSELLOR_GONE_SILENT) {
        return;
    }
    struct spw_event *event =
        spw__emit_counsellor(e, SPW_EVENT_RECONCILED, SPW_RECONCILED_STATE, c);
    spw__emit_seal(e, event);
    bool out = counsellor->before == SPW_COUNSELLOR_LEAVING && counsellor->items == 0;
    spw__counsellor_state(e, c, out ? (uint32_t)SPW_COUNSELLOR_OUT : counsellor->before,
                          SPW_WHY_BACK);
    if (!out) {
        lease_arm(e, c);
    }
    spw__possible_counsellor(e, c);
}

/* The grace is over: what is held goes back, parked, with its place. */
void spw__counsellor_given_up(struct spw_engine *e, uint32_t c, uint32_t why)
{
    struct spw__item *items = spw__items(e, c);
    offers_back(e, c, SPW_WHY_COUNSELLOR_LOST);
    for (uint32_t i = 0; i < e->config.items_max; i++) {
        if (items[i].state == SPW__ITEM_WRAP_UP) {
            spw__wrap_up_over(e, c, i);
        } else if (items[i].state == SPW__ITEM_HELD) {
            uint32_t x = items[i].contact;
            spw__park(e, x, e->queue[e->cold[x].queue].park_grace);
            if (items[i].state == SPW__ITEM_WRAP_UP) {
                spw__wrap_up_over(e, c, i);
            }
        }
    }
    spw__counsellor_state(e, c, SPW_COUNSELLOR_OUT, why);
}

/* Lease over, or reconnect grace over. A heartbeat re-arms nothing: it is looked at here (T4). */
void spw__duty_due(struct spw_engine *e, uint32_t c)
{
    struct spw__counsellor *counsellor = &e->counsellor[c];
    spw_ns lease = e->centre[counsellor->centre].lease;
    if (counsellor->state == SPW_COUNSELLOR_GONE_SILENT) {
        spw__counsellor_given_up(e, c, SPW_WHY_GRACE_OVER);
    } else if (lease < SPW_FOREVER && counsellor->last_seen + lease > e->clock) {
        lease_arm(e, c);
    } else {
        spw__counsellor_lost(e, c, SPW_WHY_LEASE);
    }
}

/* --- requests --------------------------------------------------------------------------------- */

static int add(struct spw_engine *e, const struct spw_counsellor_add *a, uint64_t *made)
{
    const uint32_t all = (1u << SPW_CHANNEL_COUNT) - 1;
    uint32_t channels = a->channels == 0 ? all : a->channels;
    uint32_t units = a->units == 0 ? 100 : a->units;
    if (a->centre == 0 || a->centre > e->centre_count ||
        a->skillset > e->catalogue.skillset.count) {
        return SPW_E_UNKNOWN;
    }
    if (a->reserved_0 != 0) {
        return SPW_E_INVALID;
    }
    if (units > 1000 || (channels & ~all) != 0 || (a->flags & ~1u) != 0) {
        return SPW_E_RANGE;
    }
    if (spw__map_find(&e->keys, 1, a->key) != SPW_NONE) {
        return SPW_E_DUPLICATE;
    }
    if (e->counsellors.free_count == 0) {
        return SPW_E_FULL;
    }
    uint32_t pool = spw__pool_of(e, a->centre, a->skillset, channels);
    if (pool == SPW_NONE) {
        return SPW_E_FULL;
    }
    uint32_t c = spw__slab_take(&e->counsellors);
    e->counsellor[c] = (struct spw__counsellor){.link = e->counsellor[c].link,
                                                .key_hi = 1,
                                                .key = a->key,
                                                .shift_end = SPW_FOREVER,
                                                .skillset = a->skillset,
                                                .channels = (uint16_t)channels,
                                                .prev = SPW_NONE,
                                                .claim = SPW_NONE,
                                                .wishes = SPW_NONE,
                                                .centre = (uint16_t)a->centre,
                                                .units = (uint16_t)units,
                                                .state = SPW_COUNSELLOR_OUT,
                                                .flags = (uint8_t)a->flags,
                                                .confirmed = 1};
    spw__map_insert(&e->keys, c);
    spw__pool_join(e, c, pool);
    *made = spw__counsellor_bits(e, c);
    return SPW_OK;
}

static int remove_(struct spw_engine *e, uint32_t c)
{
    struct spw__counsellor *counsellor = &e->counsellor[c];
    if (counsellor->state != SPW_COUNSELLOR_OUT || counsellor->items > 0) {
        return SPW_E_STATE;
    }
    while (counsellor->wishes != SPW_NONE) {
        uint32_t x = e->extra[spw__wish_next(e, c, SPW_NONE)].contact;
        spw__wish_over(e, x);
        if (e->contact[x].lane != SPW__LANE_NONE) {
            spw__possible_contact(e, x); /* held for nobody any more */
        }
    }
    spw__answered(e, c);
    spw__heap_disarm(&e->timers, spw__node_duty(e, c));
    spw__heap_disarm(&e->timers, spw__node_rest(e, c));
    spw__pool_leave(e, c);
    spw__map_erase(&e->keys, c);
    *counsellor = (struct spw__counsellor){.link = counsellor->link};
    spw__slab_give(&e->counsellors, c);
    return SPW_OK;
}

static int set_ready(struct spw_engine *e, uint32_t c)
{
    spw__answered(e, c);
    spw__idle_renew(e, c);
    spw__counsellor_on(e, c, SPW_COUNSELLOR_ON, SPW_WHY_REQUEST);
    spw__possible_counsellor(e, c);
    return SPW_OK;
}

static int pause(struct spw_engine *e, uint32_t c, uint32_t reason)
{
    if (e->counsellor[c].state == SPW_COUNSELLOR_OUT) {
        return SPW_E_STATE;
    }
    state_set(e, c, SPW_COUNSELLOR_PAUSED, SPW_WHY_REQUEST, reason);
    spw__counsellor_on(e, c, SPW_COUNSELLOR_PAUSED, SPW_WHY_REQUEST);
    return SPW_OK;
}

static int sign_out(struct spw_engine *e, uint32_t c)
{
    struct spw__counsellor *counsellor = &e->counsellor[c];
    if (counsellor->state == SPW_COUNSELLOR_OUT) {
        return SPW_E_STATE;
    }
    spw__counsellor_on(e, c, SPW_COUNSELLOR_LEAVING,
                       SPW_WHY_REQUEST); /* the lease goes on, a grace does not */
    offers_back(e, c, SPW_WHY_REQUEST);
    if (counsellor->items == 0 && counsellor->state == SPW_COUNSELLOR_LEAVING) {
        spw__counsellor_state(e, c, SPW_COUNSELLOR_OUT, SPW_WHY_REQUEST);
    }
    return SPW_OK;
}

/* Other skills from now on: contacts held stay; offers that no longer suit go back. */
static int skills(struct spw_engine *e, uint32_t c, uint32_t skillset)
{
    struct spw__counsellor *counsellor = &e->counsellor[c];
    if (skillset > e->catalogue.skillset.count) {
        return SPW_E_UNKNOWN;
    }
    uint32_t pool = spw__pool_of(e, counsellor->centre, skillset, counsellor->channels);
    if (pool == SPW_NONE) {
        return SPW_E_FULL;
    }
    if (pool == counsellor->pool) {
        return SPW_OK;
    }
    e->pool[pool].members++; /* so that it is not dropped while nobody is in it yet */
    spw__pool_leave(e, c);
    e->pool[pool].members--;
    counsellor->skillset = skillset;
    spw__pool_join(e, c, pool);
    spw__claim_off(e, c);
    struct spw__item *items = spw__items(e, c);
    for (uint32_t i = 0; i < e->config.items_max; i++) {
        uint32_t x = items[i].contact;
        if (items[i].state == SPW__ITEM_OFFERED &&
            !spw__need_met(&e->catalogue, spw__need_in_force(e, x), skillset)) {
            spw__take_back(e, x, SPW_WHY_SKILLS);
        }
    }
    spw__possible_counsellor(e, c);
    return SPW_OK;
}

static int pull(struct spw_engine *e, uint32_t c)
{
    if (e->counsellor[c].state != SPW_COUNSELLOR_ON) {
        return SPW_E_STATE;
    }
    if (!spw__try_pull(e, c)) {
        spw__emit_seal(e, spw__emit_counsellor(e, SPW_EVENT_PULL_EMPTY, 0, c));
    }
    return SPW_OK;
}

/* The counsellor says that the wrap-up of a contact is done. */
static int wrapped_up(struct spw_engine *e, uint32_t c, uint64_t contact)
{
    struct spw__item *items = spw__items(e, c);
    for (uint32_t i = 0; i < e->config.items_max; i++) {
        if (items[i].state == SPW__ITEM_WRAP_UP && items[i].contact == (uint32_t)contact &&
            items[i].generation == (uint32_t)(contact >> 32)) {
            spw__wrap_up_over(e, c, i);
            return SPW_OK;
        }
    }
    struct spw_event *event =
        spw__emit_counsellor(e, SPW_EVENT_RECONCILED, SPW_RECONCILED_ALREADY, c);
    event->contact.bits = contact;
    spw__emit_seal(e, event);
    return SPW_OK;
}

/* --- the switch ------------------------------------------------------------------------------- */

static int roster_request(struct spw_engine *e, const struct spw_input *in, uint32_t c)
{
    switch (in->kind) {
    case SPW_INPUT_COUNSELLOR_REMOVE:
        return remove_(e, c);
    case SPW_INPUT_COUNSELLOR_SIGN_IN:
        if (e->counsellor[c].state != SPW_COUNSELLOR_OUT) {
            return SPW_E_STATE;
        }
        spw__counsellor_on(e, c, SPW_COUNSELLOR_PAUSED, SPW_WHY_REQUEST);
        return SPW_OK;
    case SPW_INPUT_COUNSELLOR_SIGN_OUT:
        return sign_out(e, c);
    case SPW_INPUT_COUNSELLOR_READY:
        return set_ready(e, c);
    case SPW_INPUT_COUNSELLOR_PAUSE:
        return pause(e, c, in->u.counsellor.detail);
    case SPW_INPUT_COUNSELLOR_SKILLS:
        return skills(e, c, in->u.counsellor.detail);
    case SPW_INPUT_COUNSELLOR_PULL:
        return pull(e, c);
    case SPW_INPUT_COUNSELLOR_DEFER:
        return spw__defer(e, c);
    default:
        return spw__limits(e, c, in);
    }
}

int spw__roster_input(struct spw_engine *e, const struct spw_input *in, uint64_t *made)
{
    if (in->kind == SPW_INPUT_COUNSELLOR_ADD) {
        return add(e, &in->u.counsellor_add, made);
    }
    uint64_t bits = in->kind == SPW_INPUT_COUNSELLOR_WRAPPED_UP ? in->u.pair.counsellor.bits
                                                                : in->u.counsellor.counsellor.bits;
    if (!spw__counsellor_live(e, bits)) {
        if (!spw_input_is_fact(in->kind) || !spw__counsellor_was(e, bits)) {
            return SPW_E_STALE;
        }
        spw__reconciled(e, SPW_RECONCILED_GONE, 0, bits);
        return SPW_OK;
    }
    uint32_t c = (uint32_t)bits;
    switch (in->kind) {
    case SPW_INPUT_COUNSELLOR_HEARTBEAT:
        spw__counsellor_back(e, c);
        return SPW_OK;
    case SPW_INPUT_COUNSELLOR_LOST:
        spw__counsellor_lost(e, c, SPW_WHY_COUNSELLOR_LOST);
        return SPW_OK;
    case SPW_INPUT_COUNSELLOR_WRAPPED_UP:
        return wrapped_up(e, c, in->u.pair.contact.bits);
    case SPW_INPUT_COUNSELLOR_ALIVE:
        e->counsellor[c].confirmed = 1;
        spw__counsellor_back(e, c);
        return SPW_OK;
    default:
        return roster_request(e, in, c);
    }
}
