/*
 * engine/life.c - the passages of a contact from state to state, and what each must put in order.
 *
 *     (arrival) -> WAITING <-> OFFERED -> CONNECTED -> ended
 *                   |  ^                     |  ^
 *                   v  |                     v  |
 *               PARKED, CALLBACK        TRANSFERRING (warm)
 *
 * Invariants: one place at a time (I1): a contact is in a lane exactly while it waits, or while a
 * warm transfer looks for a counsellor; it holds a class pin exactly while it is offered;
 * arrived_at and place never change after arrival (I8); every passage is counted on both sides
 * (I9).
 * A full class table ends no contact that is in the house: one that comes back to waiting and finds
 * no class waits in no lane, cannot be offered, and asks again every second; a step that finds none
 * is put off; a warm transfer that finds none is called off, and the talk goes on.
 * Who calls: contact.c, offer.c, door.c. Cost: constant but for side lanes.
 */
#include "engine/verbs.h"

void spw__arm(struct spw_engine *e, uint32_t node, uint32_t kind, spw_ns deadline)
{
    if (deadline >= SPW_TIME_MAX) {
        spw__heap_disarm(&e->timers, node);
        return;
    }
    uint64_t rank = ((uint64_t)kind << 56) | ++e->timer_sequence;
    spw__heap_arm(&e->timers, node, deadline, rank);
}

/* The one deadline that a contact has, whatever it is in. */
void spw__contact_arm(struct spw_engine *e, uint32_t x, spw_ns deadline)
{
    spw__arm(e, spw__node_contact(e, x), SPW__TIMER_CONTACT, deadline);
    bool armed = spw__heap_armed(&e->timers, spw__node_contact(e, x));
    e->contact[x].marks = armed ? e->contact[x].marks | SPW__MARK_ARMED
                                : (uint8_t)(e->contact[x].marks & (uint8_t)~SPW__MARK_ARMED);
}

/* Most have none: then the heap is not touched, which would be a line of memory for each. */
void spw__contact_disarm(struct spw_engine *e, uint32_t x)
{
    if ((e->contact[x].marks & SPW__MARK_ARMED) != 0) {
        spw__heap_disarm(&e->timers, spw__node_contact(e, x));
        e->contact[x].marks &= (uint8_t)~SPW__MARK_ARMED;
    }
}

/* --- the ladder ------------------------------------------------------------------------------- */

/* Arms the next step of a waiting contact. */
void spw__arm_ladder(struct spw_engine *e, uint32_t x)
{
    const struct spw__term *next =
        spw__ladder_step(&e->catalogue, spw__ladder_of(e, x), e->contact[x].step + 1u);
    if (next != NULL) {
        spw__contact_arm(e, x, e->cold[x].ladder_at + next->after);
    } else {
        spw__contact_disarm(e, x);
    }
}

/* Takes all steps that are due (at exactly now only when the deadline fires). True if it moved. */
static bool take_steps(struct spw_engine *e, uint32_t x, bool at_now)
{
    struct spw__contact *contact = &e->contact[x];
    uint32_t ladder = spw__ladder_of(e, x);
    bool moved = false;
    for (;;) {
        const struct spw__term *next = spw__ladder_step(&e->catalogue, ladder, contact->step + 1u);
        spw_ns due = next == NULL ? SPW_FOREVER : e->cold[x].ladder_at + next->after;
        if (next == NULL || due > e->clock || (due == e->clock && !at_now)) {
            return moved;
        }
        contact->step++;
        contact->raises = (uint8_t)(contact->raises + next->level);
        moved = true;
    }
}

static void emit_moved(struct spw_engine *e, uint32_t x, uint32_t why)
{
    struct spw_event *event = spw__emit_contact(e, SPW_EVENT_MOVED, why, x);
    event->detail_a = e->contact[x].step;
    spw__emit_seal(e, event);
}

/* A step, or a contact, that finds no class asks again after so long. */
#define CLASS_RETRY SPW_SECOND

/* Takes the steps that are due unless what they lead to has no class: then none, *put_off. */
static bool take_steps_with_room(struct spw_engine *e, uint32_t x, bool at_now, bool *put_off)
{
    struct spw__contact *contact = &e->contact[x];
    uint8_t step = contact->step;
    uint8_t raises = contact->raises;
    bool moved = take_steps(e, x, at_now);
    *put_off = moved && !spw__class_room(e, x, contact->class_index);
    if (*put_off) {
        contact->step = step;
        contact->raises = raises;
    }
    return moved && !*put_off;
}

/* True: it stands in the lane of its class. */
static bool enter_lane(struct spw_engine *e, uint32_t x)
{
    uint32_t k = spw__class_of(e, x);
    if (k == SPW_NONE) {
        return false;
    }
    spw__lane_enter(e, x, k);
    spw__arm_ladder(e, x);
    return true;
}

/* Waits in no lane for want of a class. In the last second of time nothing is asked any more. */
bool spw__seeks_class(const struct spw_engine *e, uint32_t x)
{
    return e->contact[x].state == SPW_CONTACT_WAITING && e->contact[x].lane == SPW__LANE_NONE &&
           (spw__heap_armed(&e->timers, spw__node_contact(e, x)) ||
            e->clock >= SPW_TIME_MAX - CLASS_RETRY);
}

/* Asks again for a class, with the steps that fell due meanwhile. */
static void seek_class(struct spw_engine *e, uint32_t x)
{
    bool put_off;
    bool moved = take_steps_with_room(e, x, true, &put_off);
    if (!enter_lane(e, x) || put_off) {
        spw__contact_arm(e, x, e->clock + CLASS_RETRY);
    }
    if (moved) {
        emit_moved(e, x, SPW_WHY_STEP);
    }
    spw__possible_contact(e, x);
}

void spw__step_due(struct spw_engine *e, uint32_t x)
{
    bool put_off;
    if (e->contact[x].lane == SPW__LANE_NONE) {
        seek_class(e, x);
        return;
    }
    spw__claim_release(e, x);
    if (take_steps_with_room(e, x, true, &put_off)) {
        spw__lane_leave(e, x);
        bool entered = enter_lane(e, x);
        SPW_ASSERT(entered);
        emit_moved(e, x, SPW_WHY_STEP);
        spw__possible_contact(e, x);
    } else if (put_off) {
        spw__contact_arm(e, x, e->clock + CLASS_RETRY);
    }
}

/* --- closed queues ---------------------------------------------------------------------------- */

/* The queue that takes arrivals for this one: itself, or the first fallback that is open; else
 * 0. */
uint32_t spw__queue_open(const struct spw_engine *e, uint32_t queue)
{
    for (uint32_t hops = 0; hops < e->queue_count && queue != 0 && e->queue[queue].closed; hops++) {
        queue = e->queue[queue].fallback;
    }
    return queue == 0 || e->queue[queue].closed ? 0 : queue;
}

/*
 * Nobody waits in a closed queue: x, in no lane, moves to its fallback with its place and its own
 * need. Without one it ends, but a talk goes on without its transfer. False: it waits no more.
 */
bool spw__leave_closed(struct spw_engine *e, uint32_t x)
{
    struct spw__contact *contact = &e->contact[x];
    uint32_t queue = e->cold[x].queue;
    uint32_t open = spw__queue_open(e, queue);
    if (open == queue) {
        return true;
    }
    uint32_t pair = open == 0 ? SPW_NONE : spw__pair_at(e, e->cold[x].home, open);
    if (pair == SPW_NONE && contact->state == SPW_CONTACT_TRANSFERRING) {
        (void)spw__transfer_cancel(e, x, SPW_WHY_QUEUE_CLOSED);
        return false;
    }
    if (pair == SPW_NONE) {
        spw__end(e, x, SPW_END_REFUSED_CLOSED);
        return false;
    }
    if (contact->state == SPW_CONTACT_CALLBACK) {
        e->queue[queue].callbacks--;
        e->queue[open].callbacks++;
    }
    spw__count_move(e, x, pair, contact->priority, contact->flags);
    e->cold[x].queue = (uint16_t)open;
    e->cold[x].ladder_at = e->clock;
    contact->step = 0;
    contact->raises = 0;
    struct spw_event *event = spw__emit_contact(e, SPW_EVENT_MOVED, SPW_WHY_QUEUE_CLOSED, x);
    event->detail_a = queue;
    if (contact->state == SPW_CONTACT_OFFERED) {
        event->state = SPW_CONTACT_WAITING; /* its offer has just come to nothing */
    }
    spw__emit_seal(e, event);
    return true;
}

/* --- waiting ---------------------------------------------------------------------------------- */

/* Waits from now on; `stamp`: this is a new wait. False: it does not, and may have ended. */
bool spw__wait(struct spw_engine *e, uint32_t x, bool stamp)
{
    struct spw__contact *contact = &e->contact[x];
    if (contact->state != SPW_CONTACT_TRANSFERRING) {
        spw__state_set(e, x, SPW_CONTACT_WAITING);
        contact->holder = SPW_NONE;
    }
    if (stamp) {
        contact->queued_at = e->clock;
    }
    if (!spw__leave_closed(e, x)) {
        return false;
    }
    if (enter_lane(e, x)) {
        return true;
    }
    if (contact->state == SPW_CONTACT_TRANSFERRING) {
        (void)spw__transfer_cancel(e, x, SPW_WHY_FULL);
        return false;
    }
    spw__emit_seal(e, spw__emit_contact(e, SPW_EVENT_WAITING, SPW_WHY_FULL, x));
    spw__contact_arm(e, x, e->clock + CLASS_RETRY);
    return true;
}

/* Back after an offer came to nothing: the same place, the same wait, steps missed meanwhile. */
void spw__requeue(struct spw_engine *e, uint32_t x)
{
    struct spw__contact *contact = &e->contact[x];
    bool put_off;
    contact->marks |= SPW__MARK_WAITED;
    if (!spw__leave_closed(e, x)) {
        return;
    }
    bool moved = take_steps_with_room(e, x, false, &put_off);
    if (!spw__wait(e, x, false)) {
        return;
    }
    if (put_off) {
        spw__contact_arm(e, x, e->clock + CLASS_RETRY);
    }
    if (moved) {
        emit_moved(e, x, SPW_WHY_STEP);
    }
    spw__possible_contact(e, x);
}

/* Out of its lane or offer, whatever it is in; the state stays for the caller to set. */
void spw__unwait(struct spw_engine *e, uint32_t x)
{
    struct spw__contact *contact = &e->contact[x];
    if (contact->lane != SPW__LANE_NONE) {
        spw__claim_release(e, x);
        spw__lane_leave(e, x);
    }
    spw__contact_disarm(e, x);
}

/* --- parking ---------------------------------------------------------------------------------- */

/* Lets go of whatever the contact is in, from any state. */
static void let_go(struct spw_engine *e, uint32_t x, uint32_t why)
{
    struct spw__contact *contact = &e->contact[x];
    switch (contact->state) {
    case SPW_CONTACT_OFFERED:
        spw__withdraw(e, x, why);
        break;
    case SPW_CONTACT_TRANSFERRING:
        spw__withdraw(e, x, why);
        spw__unwait(e, x);
        spw__release_holder(e, x, true);
        break;
    case SPW_CONTACT_CONNECTED:
        spw__release_holder(e, x, true);
        break;
    case SPW_CONTACT_CALLBACK:
        e->queue[e->cold[x].queue].callbacks--;
        spw__unwait(e, x);
        break;
    default:
        spw__unwait(e, x);
        break;
    }
}

/* What the person really waited: until now, until connected, until the line was lost. */
static spw_ns waited_of(const struct spw_engine *e, uint32_t x)
{
    const struct spw__contact *contact = &e->contact[x];
    spw_ns until = e->clock;
    if (contact->state == SPW_CONTACT_CONNECTED || contact->state == SPW_CONTACT_TRANSFERRING) {
        until = spw__item_of(e, contact->holder, x)->since;
    } else if (contact->state == SPW_CONTACT_PARKED) {
        until = contact->queued_at;
    }
    return until > contact->arrived_at ? until - contact->arrived_at : 0;
}

/* A counsellor has taken a callback, and nobody has said yet whether it was answered. */
bool spw__calling_back(const struct spw__contact *contact)
{
    return contact->state == SPW_CONTACT_CONNECTED && (contact->marks & SPW__MARK_CALLBACK) != 0 &&
           contact->extra != SPW_NONE;
}

/* The person who was to be called back is on the line: an ordinary talk from now on. */
void spw__called_back(struct spw_engine *e, uint32_t x)
{
    if ((e->contact[x].marks & SPW__MARK_CALLBACK) != 0) {
        spw__reached(e, x, waited_of(e, x));
        spw__promise_over(e, x);
    }
}

/*
 * The place is held for a while. A call back of which nobody can say any more how it went has used
 * its attempt: there is no person to be back on the line, and none is taken for reached.
 */
void spw__park(struct spw_engine *e, uint32_t x, spw_ns grace)
{
    struct spw__contact *contact = &e->contact[x];
    if (spw__calling_back(contact)) {
        spw__not_called_back(e, x, SPW_CALLBACK_NOT_REACHED);
        return;
    }
    contact->queued_at = contact->arrived_at + waited_of(e, x); /* it waited until then */
    let_go(e, x, SPW_WHY_PARKED);
    spw__state_set(e, x, SPW_CONTACT_PARKED);
    contact->marks |= SPW__MARK_WAITED;
    spw_ns until = e->clock + grace;
    spw__contact_arm(e, x, until);
    struct spw_event *event = spw__emit_contact(e, SPW_EVENT_PARKED, SPW_WHY_PARKED, x);
    event->until = until;
    spw__emit_seal(e, event);
}

/* A promised callback falls due: competes with its place from now on (rule S3). */
void spw__callback_due(struct spw_engine *e, uint32_t x)
{
    struct spw__contact *contact = &e->contact[x];
    e->queue[e->cold[x].queue].callbacks--;
    contact->marks |= SPW__MARK_CALLBACK | SPW__MARK_WAITED;
    contact->step = 0;
    contact->raises = 0;
    e->cold[x].ladder_at = e->clock;
    spw__contact_disarm(e, x);
    if (!spw__wait(e, x, true)) {
        return;
    }
    spw__emit_seal(e, spw__emit_contact(e, SPW_EVENT_CALLBACK_DUE, SPW_WHY_CALLBACK, x));
    spw__possible_contact(e, x);
}

/* --- the end ---------------------------------------------------------------------------------- */

static bool unserved(uint32_t reason)
{
    return reason == SPW_END_ABANDONED || reason == SPW_END_CUT || reason == SPW_END_PARK_EXPIRED ||
           reason == SPW_END_LOST;
}

/* Its slot, id and personal record are free again. */
void spw__forget(struct spw_engine *e, uint32_t x)
{
    spw__extra_drop(e, x);
    spw__map_erase_hashed(&e->ids, x, spw__id_hash(e, e->cold[x].id_hi, e->cold[x].id_lo));
    e->cold[x] = (struct spw__cold){.link = e->cold[x].link};
    spw__slab_give(&e->contacts, x);
}

void spw__end(struct spw_engine *e, uint32_t x, uint32_t reason)
{
    struct spw__contact *contact = &e->contact[x];
    spw_ns waited = waited_of(e, x);
    if (reason == SPW_END_ABANDONED) {
        spw__count(e, x)->lost_to_limits += spw__lost_to_limits(e, x);
    }
    bool talking =
        contact->state == SPW_CONTACT_CONNECTED || contact->state == SPW_CONTACT_TRANSFERRING;
    uint64_t with = talking ? spw__counsellor_bits(e, contact->holder) : 0;
    if (talking && (reason == SPW_END_SERVED || reason == SPW_END_CUT)) {
        spw__called_back(e, x);
    }
    if (!talking) {
        let_go(e, x, SPW_WHY_LEFT);
    } else if (contact->state == SPW_CONTACT_TRANSFERRING) {
        spw__withdraw(e, x, SPW_WHY_LEFT);
        spw__unwait(e, x);
    }
    if (unserved(reason)) {
        spw__token_remember(e, x, waited);
    }
    spw__count_end(e, x, reason);
    if ((contact->marks & SPW__MARK_REACHED) == 0) {
        spw__count_waited(&spw__count(e, x)->waited_ns_all, (uint64_t)waited);
    }
    spw__state_set(e, x, SPW_CONTACT_GONE);
    struct spw_event *event = spw__emit_contact(e, SPW_EVENT_ENDED, reason, x);
    event->waited = waited;
    event->counsellor.bits = with;
    spw__emit_seal(e, event);
    if (talking) {
        spw__release_holder(e, x, true);
    }
    spw__forget(e, x);
}
