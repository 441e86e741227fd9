/*
 * engine/supervise.c - supervisors, queues and centres that open and close, restarts, and the
 * backlog that such large changes leave.
 *
 * A large change takes effect at once (nobody new is given what is closed) and its consequences are
 * worked off in pieces: spw__backlog_step passes at most 65,536 slots, pauses after
 * SPW__EVENTS_BEFORE_STOP events, and remembers in a cursor over slots where it stopped, so that it
 * is the same on every run.
 * Who calls: door.c. Cost: bounded per call.
 */
#include "engine/verbs.h"

/* --- queues and centres ----------------------------------------------------------------------- */

static void queue_event(struct spw_engine *e, uint32_t queue, uint64_t open)
{
    struct spw_event *event = spw__emit(e, SPW_EVENT_QUEUE, 0);
    event->queue = queue;
    event->detail_a = open;
    spw__emit_seal(e, event);
}

static void centre_event(struct spw_engine *e, uint32_t centre, uint64_t how)
{
    struct spw_event *event = spw__emit(e, SPW_EVENT_CENTRE, 0);
    event->centre = centre;
    event->detail_a = how;
    spw__emit_seal(e, event);
}

static void refile_centre(struct spw_engine *e, uint32_t centre)
{
    for (uint32_t c = 0; c < e->counsellors.capacity; c++) {
        if (spw__slab_taken(&e->counsellors, c) && e->counsellor[c].centre == centre) {
            spw__refile(e, c);
        }
    }
}

static int centre_input(struct spw_engine *e, const struct spw_input *in)
{
    uint32_t number = in->u.centre.centre;
    if (number == 0 || number > e->centre_count) {
        return SPW_E_UNKNOWN;
    }
    struct spw__centre *centre = &e->centre[number];
    uint8_t open = in->kind == SPW_INPUT_CENTRE_OPEN;
    bool dark = in->kind == SPW_INPUT_CENTRE_DARK;
    if (!dark && centre->open == open) {
        return SPW_E_STATE;
    }
    centre->open = open;
    centre->dark = dark;
    centre_event(e, number, dark ? 2u : open);
    refile_centre(e, number);
    spw__backlog_add(e, dark ? SPW__BACKLOG_DARK : SPW__BACKLOG_MATCH, number, 0);
    return SPW_OK;
}

int spw__queue_input(struct spw_engine *e, const struct spw_input *in)
{
    if (in->kind >= SPW_INPUT_CENTRE_CLOSE) {
        return centre_input(e, in);
    }
    uint32_t number = in->u.queue.queue;
    if (number == 0 || number > e->queue_count) {
        return SPW_E_UNKNOWN;
    }
    uint32_t close = in->kind == SPW_INPUT_QUEUE_CLOSE;
    if (e->queue[number].closed == close) {
        return SPW_E_STATE;
    }
    e->queue[number].closed = close;
    queue_event(e, number, !close);
    if (close) {
        spw__backlog_add(e, SPW__BACKLOG_QUEUE_CLOSE, number, 0);
    }
    return SPW_OK;
}

/* --- supervisors (rule S6) -------------------------------------------------------------------- */

/* The supervisor's act, why, and until when (rule S6): told before what follows from it. */
static void supervised(struct spw_engine *e, const struct spw_input *in)
{
    uint32_t x = (uint32_t)in->u.supervise.contact.bits;
    bool about_contact = spw__contact_live(e, in->u.supervise.contact.bits);
    struct spw_event *event = about_contact ? spw__emit_contact(e, SPW_EVENT_SUPERVISED, 0, x)
                                            : spw__emit(e, SPW_EVENT_SUPERVISED, 0);
    if (!about_contact) {
        event->centre = in->u.supervise.centre;
    }
    event->reason = (uint16_t)in->u.supervise.reason;
    event->flags = (uint16_t)in->kind;
    event->counsellor = in->u.supervise.counsellor;
    event->until = in->u.supervise.until;
    event->detail_a = in->u.supervise.actor;
    spw__emit_seal(e, event);
}

static int assign(struct spw_engine *e, const struct spw_input *in)
{
    uint32_t x = (uint32_t)in->u.supervise.contact.bits;
    uint32_t c = (uint32_t)in->u.supervise.counsellor.bits;
    struct spw__contact *contact = &e->contact[x];
    uint32_t rings_at = spw__offered_to(e, x);
    if ((contact->lane == SPW__LANE_NONE && rings_at == SPW_NONE) || rings_at == c ||
        e->counsellor[c].state != SPW_COUNSELLOR_ON) {
        return SPW_E_STATE;
    }
    uint32_t k = contact->class_index;
    uint32_t block = spw__block_in_class(e, x, &e->class_[k], c);
    bool away = e->counsellor[c].centre != e->cold[x].home; /* no link, no overflow */
    if (block == SPW_BLOCK_LAW || block == SPW_BLOCK_EXCLUDED || block == SPW_BLOCK_NEED || away ||
        !e->centre[e->counsellor[c].centre].open || !spw__fits(e, contact->channel, c)) {
        return SPW_E_BLOCKED;
    }
    supervised(e, in);
    (void)spw__class_hold(e, x);
    if (rings_at != SPW_NONE) {
        spw__withdraw(e, x, SPW_WHY_SUPERVISOR); /* from one to the other, past no lane */
    }
    spw__offer(e, x, c, SPW_EVENT_FLAG_ASSIGNED, 0);
    spw__class_unpin(e, k);
    return SPW_OK;
}

/* An offer or a warm transfer is taken back; the contact waits again, not for the same
 * counsellor. */
static int pull_back(struct spw_engine *e, const struct spw_input *in)
{
    uint32_t x = (uint32_t)in->u.supervise.contact.bits;
    struct spw__contact *contact = &e->contact[x];
    if (contact->state == SPW_CONTACT_TRANSFERRING) {
        supervised(e, in);
        return spw__transfer_cancel(e, x, SPW_WHY_SUPERVISOR);
    }
    if (contact->state != SPW_CONTACT_OFFERED) {
        return SPW_E_STATE;
    }
    supervised(e, in);
    uint32_t c = contact->holder;
    uint32_t k = spw__class_hold(e, x);
    spw__withdraw(e, x, SPW_WHY_SUPERVISOR);
    uint64_t bits = spw__contact_bits(e, x);
    bool kept = spw__bar(e, x, c, e->clock + e->plan.decline_for);
    spw__requeue(e, x);
    spw__class_unpin(e, k);
    if (!kept) {
        spw__reconciled(e, SPW_RECONCILED_NO_RECORD, bits, spw__counsellor_bits(e, c));
    }
    return SPW_OK;
}

static int freeze(struct spw_engine *e, const struct spw_input *in)
{
    uint32_t number = in->u.supervise.centre;
    if (number > e->centre_count) {
        return SPW_E_UNKNOWN;
    }
    bool freeze_it = in->kind == SPW_INPUT_SUPERVISE_FREEZE;
    spw_ns until = in->u.supervise.until == 0 ? SPW_FOREVER : in->u.supervise.until;
    if (freeze_it && (until <= e->clock || until > SPW_FOREVER)) {
        return SPW_E_RANGE;
    }
    struct spw__centre *centre = &e->centre[number];
    if (!freeze_it && centre->frozen_until == 0) {
        return SPW_E_STATE;
    }
    supervised(e, in);
    centre->frozen_until = freeze_it ? until : 0;
    spw__arm(e, spw__node_thaw(e, number), SPW__TIMER_THAW, freeze_it ? until : SPW_FOREVER);
    struct spw_event *event =
        spw__emit(e, freeze_it ? SPW_EVENT_FROZEN : SPW_EVENT_THAWED, SPW_WHY_SUPERVISOR);
    event->centre = number;
    event->until = freeze_it ? until : 0;
    event->detail_a = in->u.supervise.actor;
    spw__emit_seal(e, event);
    if (!freeze_it) {
        spw__backlog_add(e, SPW__BACKLOG_MATCH, number, 0);
    }
    return SPW_OK;
}

int spw__supervise_input(struct spw_engine *e, const struct spw_input *in)
{
    if (in->u.supervise.reason > UINT16_MAX) {
        return SPW_E_RANGE;
    }
    if (in->kind == SPW_INPUT_SUPERVISE_FREEZE || in->kind == SPW_INPUT_SUPERVISE_THAW) {
        return freeze(e, in);
    }
    if (in->kind == SPW_INPUT_SUPERVISE_SUSPEND) {
        int error = spw__suspend(e, in);
        if (error == SPW_OK) {
            supervised(e, in);
        }
        return error;
    }
    if (!spw__contact_live(e, in->u.supervise.contact.bits)) {
        return SPW_E_STALE;
    }
    if (in->kind == SPW_INPUT_SUPERVISE_PULL) {
        return pull_back(e, in);
    }
    if (!spw__counsellor_live(e, in->u.supervise.counsellor.bits)) {
        return SPW_E_STALE;
    }
    return assign(e, in);
}

/* --- the backlog ------------------------------------------------------------------------------ */

/* An offered contact stays so: if it comes back, it does not come back here. */
static void close_one(struct spw_engine *e, uint32_t x, uint32_t queue)
{
    const struct spw__contact *contact = &e->contact[x];
    if (e->cold[x].queue != queue) {
        return;
    }
    if (contact->lane != SPW__LANE_NONE || contact->state == SPW_CONTACT_WAITING) {
        bool again = spw__queue_open(e, queue) == queue; /* by now: its class stays its own */
        uint32_t k = again ? spw__class_hold(e, x) : SPW_NONE;
        spw__unwait(e, x);
        if (spw__wait(e, x, false)) {
            spw__possible_contact(e, x);
        }
        spw__class_unpin(e, k);
    } else if (contact->state == SPW_CONTACT_PARKED || contact->state == SPW_CONTACT_CALLBACK) {
        (void)spw__leave_closed(e, x);
    }
}

/* A contact that is parked, or waits to be called back, has no line that a host could see (rules
 * S3, D6). */
static bool without_line(const struct spw__contact *contact)
{
    bool due = (contact->marks & SPW__MARK_CALLBACK) != 0 && !spw__calling_back(contact);
    return due || contact->state == SPW_CONTACT_PARKED || contact->state == SPW_CONTACT_CALLBACK;
}

static void unconfirmed(struct spw_engine *e, uint32_t x, spw_ns grace)
{
    struct spw__contact *contact = &e->contact[x];
    if ((contact->marks & SPW__MARK_CONFIRMED) == 0 && !without_line(contact)) {
        spw__park(e, x, grace);
        if (contact->state == SPW_CONTACT_GONE) {
            return; /* a call back that had no other attempt */
        }
        if (contact->state == SPW_CONTACT_PARKED) {
            contact->marks |= SPW__MARK_UNCONFIRMED;
        }
    }
    contact->marks |= SPW__MARK_CONFIRMED;
}

/* A counsellor on duty, as far as the engine knows, who was not confirmed is lost; what they hold
 * is kept during the grace. */
static void unconfirmed_counsellor(struct spw_engine *e, uint32_t c)
{
    if (!e->counsellor[c].confirmed) {
        e->counsellor[c].confirmed = 1;
        spw__counsellor_lost(e, c, SPW_WHY_RESTART);
    }
}

/* One slot of the sweep; false when the slots are done. */
static bool sweep_slot(struct spw_engine *e, struct spw__backlog *b)
{
    uint32_t slot = b->cursor;
    bool contacts = b->kind == SPW__BACKLOG_QUEUE_CLOSE || b->kind == SPW__BACKLOG_RECONCILE;
    if (slot >= (contacts ? e->contacts.capacity : e->counsellors.capacity)) {
        return false;
    }
    b->cursor++;
    if (contacts) {
        if (!spw__slab_taken(&e->contacts, slot)) {
            return true;
        }
        if (b->kind == SPW__BACKLOG_QUEUE_CLOSE) {
            close_one(e, slot, b->object);
        } else {
            unconfirmed(e, slot, b->span);
        }
        return true;
    }
    if (!spw__slab_taken(&e->counsellors, slot) ||
        (b->object != 0 && e->counsellor[slot].centre != b->object)) {
        return true;
    }
    if (b->kind == SPW__BACKLOG_DARK) {
        spw__counsellor_lost(e, slot, SPW_WHY_CENTRE_DARK);
    } else if (b->kind == SPW__BACKLOG_RESTART) {
        unconfirmed_counsellor(e, slot);
    } else {
        if (!e->centre[e->counsellor[slot].centre].open) {
            spw__claim_off(e, slot);
        }
        spw__possible_counsellor(e, slot);
    }
    return true;
}

/* Works off a piece of the first backlog. True while any is left. */
bool spw__backlog_step(struct spw_engine *e)
{
    /* Empty slots are cheap: thousands may be passed for each that costs an event. */
    for (uint32_t passed = 0;
         e->backlog_count > 0 && passed < 65536 && e->events_this_call < SPW__EVENTS_BEFORE_STOP;
         passed++) {
        if (sweep_slot(e, &e->backlog[0])) {
            spw__settle(e);
            continue;
        }
        for (uint32_t i = 1; i < e->backlog_count; i++) {
            e->backlog[i - 1] = e->backlog[i];
        }
        e->backlog_count--;
        if (e->backlog_count == 0) {
            struct spw_event *event = spw__emit(e, SPW_EVENT_BACKLOG, 0);
            spw__emit_seal(e, event);
        }
    }
    return e->backlog_count > 0;
}
