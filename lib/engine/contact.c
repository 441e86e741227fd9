/*
 * engine/contact.c - inputs about contacts: facts are reconciled, requests answered.
 *
 * Who calls: door.c, once per input, after deadlines have fired and the clock is set; what becomes
 * possible here is matched afterwards by spw__settle. Rules: D1 (facts and requests), S2, S3.
 * Cost: constant but for a class that is made on first use.
 */
#include "engine/verbs.h"

/* A fact that did not fit: what was done about it. */
void spw__reconciled(struct spw_engine *e, uint32_t how, uint64_t bits, uint64_t counsellor)
{
    struct spw_event *event = spw__emit(e, SPW_EVENT_RECONCILED, how);
    event->contact.bits = bits;
    event->counsellor.bits = counsellor;
    if (spw__contact_live(e, bits)) {
        uint32_t x = (uint32_t)bits;
        event->id.hi = e->cold[x].id_hi;
        event->id.lo = e->cold[x].id_lo;
        event->cookie = e->cold[x].cookie;
        event->state = e->contact[x].state;
        event->priority = e->contact[x].priority;
        event->queue = e->cold[x].queue;
        event->centre = e->cold[x].home;
    }
    spw__emit_seal(e, event);
}

/* --- leaving, parking, coming back ------------------------------------------------------------ */

static bool talking(const struct spw_engine *e, uint32_t x)
{
    uint8_t state = e->contact[x].state;
    return state == SPW_CONTACT_CONNECTED || state == SPW_CONTACT_TRANSFERRING;
}

/* A person who gives up a second wait, after a transfer or a broken line, has given up all the
 * same. */
static void left(struct spw_engine *e, uint32_t x)
{
    spw__end(e, x, talking(e, x) ? SPW_END_SERVED : SPW_END_ABANDONED);
}

/* A callback that is due, and nobody is on the line: it waits or rings. */
static bool off_the_line(const struct spw_engine *e, uint32_t x)
{
    return (e->contact[x].marks & SPW__MARK_CALLBACK) != 0 && !talking(e, x) &&
           e->contact[x].state != SPW_CONTACT_CALLBACK;
}

/* A person who was to be called back has called in: the contact waits on, or stays offered, as any
 * other. */
static void called_in(struct spw_engine *e, uint32_t x)
{
    struct spw__contact *contact = &e->contact[x];
    spw__count(e, x)->attempts++;
    contact->marks |= SPW__MARK_CONFIRMED;
    if (contact->state == SPW_CONTACT_WAITING) {
        spw__unwait(e, x);
        spw__promise_over(e, x);
        spw__emit_seal(e, spw__emit_contact(e, SPW_EVENT_RESUMED, 0, x));
        spw__requeue(e, x);
        return;
    }
    spw__promise_over(e, x);
    spw__class_repin(e, x);
    spw__emit_seal(e, spw__emit_contact(e, SPW_EVENT_RESUMED, 0, x));
}

static void resumed(struct spw_engine *e, uint32_t x)
{
    struct spw__contact *contact = &e->contact[x];
    if (off_the_line(e, x)) {
        called_in(e, x);
        return;
    }
    if (contact->state == SPW_CONTACT_CALLBACK) {
        e->queue[e->cold[x].queue].callbacks--;
    } else if (contact->state != SPW_CONTACT_PARKED) {
        if (talking(e, x)) {
            spw__called_back(e, x); /* being called back and calling in meanwhile: on the line */
        }
        spw__reconciled(e, SPW_RECONCILED_ALREADY, spw__contact_bits(e, x), 0);
        return;
    }
    spw__contact_disarm(e, x);
    contact->marks &= (uint8_t)~SPW__MARK_UNCONFIRMED;
    contact->marks |= SPW__MARK_CONFIRMED;
    spw__promise_over(e, x);
    spw__count(e, x)->attempts++;
    spw__state_set(e, x, SPW_CONTACT_WAITING);
    contact->queued_at = e->clock;
    spw__emit_seal(e, spw__emit_contact(e, SPW_EVENT_RESUMED, 0, x));
    spw__requeue(e, x);
}

static int park(struct spw_engine *e, uint32_t x, bool fact)
{
    uint8_t state = e->contact[x].state;
    if (state == SPW_CONTACT_PARKED || state == SPW_CONTACT_CALLBACK || off_the_line(e, x)) {
        if (!fact) {
            return SPW_E_STATE;
        }
        spw__reconciled(e, SPW_RECONCILED_ALREADY, spw__contact_bits(e, x), 0);
        return SPW_OK;
    }
    if (!fact && state != SPW_CONTACT_WAITING && state != SPW_CONTACT_OFFERED) {
        return SPW_E_STATE;
    }
    if (talking(e, x)) {
        spw__called_back(e, x); /* whose line is lost had one */
    }
    spw__park(e, x, e->queue[e->cold[x].queue].park_grace);
    return SPW_OK;
}

static int ended(struct spw_engine *e, uint32_t x, uint32_t reason)
{
    bool talked = talking(e, x) || (e->contact[x].marks & SPW__MARK_REACHED) != 0;
    if (reason == 0 || reason >= SPW_END_COUNT || reason == SPW_END_REFUSED_FULL ||
        reason == SPW_END_REFUSED_CLOSED) {
        return SPW_E_RANGE;
    }
    if (!talked && (reason == SPW_END_SERVED || reason == SPW_END_CUT)) {
        spw__reconciled(e, SPW_RECONCILED_NOT_CONNECTED, spw__contact_bits(e, x), 0);
        left(e, x);
        return SPW_OK;
    }
    spw__end(e, x, reason);
    return SPW_OK;
}

/* --- answers ---------------------------------------------------------------------------------- */

/* An accept that no offer waits for: it wins unless the contact talks already (rule D1). */
static void accept_late(struct spw_engine *e, uint32_t x, uint32_t c)
{
    struct spw__contact *contact = &e->contact[x];
    uint64_t bits = spw__contact_bits(e, x);
    uint64_t by = spw__counsellor_bits(e, c);
    bool warm = contact->state == SPW_CONTACT_TRANSFERRING;
    if ((warm || contact->state == SPW_CONTACT_CONNECTED) && contact->holder == c) {
        spw__reconciled(e, SPW_RECONCILED_ALREADY, bits, by);
        return;
    }
    bool elsewhere = contact->state == SPW_CONTACT_CONNECTED;
    if (elsewhere || e->counsellor[c].items >= e->config.items_max) {
        uint32_t why = elsewhere ? SPW_WHY_ACCEPTED_ELSEWHERE : SPW_WHY_FULL;
        spw__emit_seal(e, spw__emit_pair(e, SPW_EVENT_OFFER_LOST, why, x, c));
        return;
    }
    spw__reconciled(e, SPW_RECONCILED_LATE_ACCEPT, bits, by);
    if (!spw__fits(e, contact->channel, c)) {
        spw__reconciled(e, SPW_RECONCILED_OVERLOAD, bits, by);
    }
    if (e->counsellor[c].state == SPW_COUNSELLOR_OUT) { /* holds it to the end, gets no other */
        spw__counsellor_on(e, c, SPW_COUNSELLOR_LEAVING, SPW_WHY_BACK);
    }
    if (contact->state == SPW_CONTACT_OFFERED || warm) {
        spw__withdraw(e, x, SPW_WHY_ACCEPTED_ELSEWHERE); /* if it is offered at all */
    } else if (contact->state == SPW_CONTACT_CALLBACK) {
        e->queue[e->cold[x].queue].callbacks--;
        spw__promise_over(e, x);
    }
    contact->marks &= (uint8_t)~SPW__MARK_UNCONFIRMED;
    spw__unwait(e, x);
    spw__connect(e, x, c);
}

static int answer(struct spw_engine *e, const struct spw_input *in)
{
    if (!spw__counsellor_live(e, in->u.pair.counsellor.bits)) {
        if (!spw__counsellor_was(e, in->u.pair.counsellor.bits)) {
            return SPW_E_STALE;
        }
        spw__reconciled(e, SPW_RECONCILED_GONE, in->u.pair.contact.bits,
                        in->u.pair.counsellor.bits);
        return SPW_OK;
    }
    uint32_t x = (uint32_t)in->u.pair.contact.bits;
    uint32_t c = (uint32_t)in->u.pair.counsellor.bits;
    bool offered = spw__offered_to(e, x) == c;
    spw__counsellor_back(e, c);
    if (in->kind == SPW_INPUT_CONTACT_ACCEPTED) {
        if (offered) {
            spw__connect(e, x, c);
        } else {
            accept_late(e, x, c);
        }
        return SPW_OK;
    }
    if (offered) {
        spw__offer_back(e, x);
    } else {
        spw__reconciled(e, SPW_RECONCILED_ALREADY, in->u.pair.contact.bits,
                        in->u.pair.counsellor.bits);
    }
    return SPW_OK;
}

static int exclude(struct spw_engine *e, const struct spw_input *in)
{
    if (!spw__counsellor_live(e, in->u.pair.counsellor.bits)) {
        return SPW_E_STALE;
    }
    uint32_t x = (uint32_t)in->u.pair.contact.bits;
    uint32_t c = (uint32_t)in->u.pair.counsellor.bits;
    if (!spw__exclusion_room(e, x, c)) {
        return SPW_E_FULL;
    }
    bool offered = spw__offered_to(e, x) == c;
    if (!offered && e->contact[x].lane == SPW__LANE_NONE) {
        spw__exclude(e, x, c);
        return SPW_OK;
    }
    uint32_t k = spw__class_hold(e, x);
    if (offered) {
        spw__withdraw(e, x, SPW_WHY_REQUEST);
        spw__exclude(e, x, c);
        spw__requeue(e, x);
    } else {
        spw__unwait(e, x);
        spw__exclude(e, x, c);
        if (spw__wait(e, x, false)) {
            spw__possible_contact(e, x);
        }
    }
    spw__class_unpin(e, k);
    return SPW_OK;
}

/* --- callback (rule S3) ----------------------------------------------------------------------- */

static int callback(struct spw_engine *e, const struct spw_input *in)
{
    uint32_t x = (uint32_t)in->u.callback.contact.bits;
    struct spw__contact *contact = &e->contact[x];
    struct spw__queue *queue = &e->queue[e->cold[x].queue];
    if (in->u.callback.due_at < e->clock || in->u.callback.due_at >= SPW_TIME_MAX ||
        in->u.callback.safe_until < in->u.callback.due_at) {
        return SPW_E_RANGE;
    }
    if (contact->state != SPW_CONTACT_WAITING && contact->state != SPW_CONTACT_OFFERED) {
        return SPW_E_STATE;
    }
    if (queue->callbacks >= queue->callback_max || spw__extra_of(e, x) == SPW_NONE) {
        return SPW_E_FULL;
    }
    if (contact->state == SPW_CONTACT_OFFERED) {
        spw__withdraw(e, x, SPW_WHY_CALLBACK);
    }
    spw__unwait(e, x);
    struct spw__extra *extra = &e->extra[contact->extra];
    extra->due_at = in->u.callback.due_at;
    extra->safe_until = in->u.callback.safe_until >= SPW_FOREVER ? 0 : in->u.callback.safe_until;
    extra->attempts =
        in->u.callback.attempts != 0 ? in->u.callback.attempts : queue->callback_attempts;
    queue->callbacks++;
    spw__state_set(e, x, SPW_CONTACT_CALLBACK);
    contact->marks |= SPW__MARK_WAITED;
    spw__contact_arm(e, x, extra->due_at);
    spw__extra_arm(e, x);
    struct spw_event *event = spw__emit_contact(e, SPW_EVENT_CALLBACK_SET, 0, x);
    event->until = extra->due_at;
    spw__emit_seal(e, event);
    return SPW_OK;
}

static int callback_done(struct spw_engine *e, uint32_t x, uint32_t result)
{
    struct spw__contact *contact = &e->contact[x];
    bool calling = spw__calling_back(contact);
    if (result < SPW_CALLBACK_REACHED || result > SPW_CALLBACK_OTHER_ANSWERED) {
        return SPW_E_RANGE;
    }
    if (!calling) {
        spw__reconciled(e, SPW_RECONCILED_STATE, spw__contact_bits(e, x), 0);
        return SPW_OK;
    }
    if (result == SPW_CALLBACK_REACHED) {
        spw__called_back(e, x);
    } else {
        spw__not_called_back(e, x, result);
    }
    return SPW_OK;
}

/* The attempt is used: promised anew, or ended. */
void spw__not_called_back(struct spw_engine *e, uint32_t x, uint32_t result)
{
    struct spw__contact *contact = &e->contact[x];
    struct spw__extra *extra = &e->extra[contact->extra];
    struct spw__queue *queue = &e->queue[e->cold[x].queue];
    spw_ns due_at = e->clock + queue->callback_retry;
    extra->attempts -= extra->attempts > 0;
    bool again = result == SPW_CALLBACK_NOT_REACHED && extra->attempts > 0 &&
                 (extra->safe_until == 0 || due_at <= extra->safe_until);
    if (!again) {
        spw__end(e, x,
                 result == SPW_CALLBACK_OTHER_ANSWERED ? SPW_END_CALLBACK_REACHED_OTHER
                                                       : SPW_END_CALLBACK_FAILED);
        return;
    }
    spw__release_holder(e, x, false);
    extra->due_at = due_at;
    queue->callbacks++;
    spw__state_set(e, x, SPW_CONTACT_CALLBACK);
    spw__contact_arm(e, x, due_at);
    struct spw_event *event = spw__emit_contact(e, SPW_EVENT_CALLBACK_SET, 0, x);
    event->until = due_at;
    spw__emit_seal(e, event);
}

/* --- the switch ------------------------------------------------------------------------------- */

static int contact_fact(struct spw_engine *e, const struct spw_input *in, uint32_t x)
{
    switch (in->kind) {
    case SPW_INPUT_CONTACT_LEFT:
        left(e, x);
        return SPW_OK;
    case SPW_INPUT_CONTACT_DROPPED:
        return park(e, x, true);
    case SPW_INPUT_CONTACT_RESUMED:
        resumed(e, x);
        return SPW_OK;
    case SPW_INPUT_CONTACT_ACCEPTED:
    case SPW_INPUT_CONTACT_DECLINED:
        return answer(e, in);
    case SPW_INPUT_CONTACT_ENDED:
        return ended(e, x, in->u.contact.detail);
    case SPW_INPUT_CONTACT_CALLBACK_DUE:
        if (e->contact[x].state == SPW_CONTACT_CALLBACK) {
            spw__callback_due(e, x);
        } else {
            spw__reconciled(e, SPW_RECONCILED_ALREADY, spw__contact_bits(e, x), 0);
        }
        return SPW_OK;
    case SPW_INPUT_CONTACT_CALLBACK_DONE:
        return callback_done(e, x, in->u.contact.detail);
    default: /* CONTACT_ALIVE */
        e->contact[x].marks |= SPW__MARK_CONFIRMED;
        if ((e->contact[x].marks & SPW__MARK_UNCONFIRMED) != 0) { /* better late than lost */
            spw__reconciled(e, SPW_RECONCILED_STATE, spw__contact_bits(e, x), 0);
            resumed(e, x);
        }
        return SPW_OK;
    }
}

int spw__contact_input(struct spw_engine *e, const struct spw_input *in, uint64_t *made)
{
    if (in->kind == SPW_INPUT_CONTACT_ARRIVE) {
        return spw__arrive(e, &in->u.arrive, made);
    }
    uint64_t bits = in->u.contact.contact.bits; /* first member of every contact input */
    if (!spw__contact_live(e, bits)) {
        if (!spw_input_is_fact(in->kind) || !spw__contact_was(e, bits)) {
            return SPW_E_STALE;
        }
        bool pair =
            in->kind == SPW_INPUT_CONTACT_ACCEPTED || in->kind == SPW_INPUT_CONTACT_DECLINED;
        uint64_t by = pair ? in->u.pair.counsellor.bits : 0;
        spw__reconciled(e, SPW_RECONCILED_GONE, bits, by);
        return SPW_OK;
    }
    uint32_t x = (uint32_t)bits;
    switch (in->kind) {
    case SPW_INPUT_CONTACT_PARK:
        return park(e, x, false);
    case SPW_INPUT_CONTACT_RECLASSIFY:
        return spw__reclassify(e, in);
    case SPW_INPUT_CONTACT_TRANSFER:
        return spw__transfer(e, in);
    case SPW_INPUT_CONTACT_TRANSFER_CANCEL:
        return spw__transfer_cancel(e, x, SPW_WHY_REQUEST);
    case SPW_INPUT_CONTACT_CALLBACK:
        return callback(e, in);
    case SPW_INPUT_CONTACT_EXCLUDE:
        return exclude(e, in);
    default:
        return contact_fact(e, in, x);
    }
}
