/*
 * model/door.c - the one door: time, deadlines one by one, the input, settling (rules T1, T2, D2,
 * D3).
 */
#include "world.h"

#include <string.h>

spw_ns world_next_deadline(const struct world *w)
{
    if (w->backlog_count != 0) {
        return w->clock;
    }
    spw_ns next = SPW_FOREVER;
    for (uint32_t i = 0; i < w->timer_count; i++) {
        next = w->timers[i].at < next ? w->timers[i].at : next;
    }
    return next;
}

static int timer_class(enum timer_kind kind)
{
    switch (kind) {
    case TIMER_SAFE:
    case TIMER_STICKY:
    case TIMER_BAR:
    case TIMER_DEADLINE:
        return 2;
    case TIMER_WRAP:
        return 3;
    case TIMER_LEASE:
        return 4;
    case TIMER_SHIFT:
    case TIMER_REST:
        return 5;
    case TIMER_FREEZE:
        return 6;
    default:
        return 1; /* of a contact alone */
    }
}

static bool fires_before(const struct timer *t, const struct timer *b)
{
    if (t->at != b->at) {
        return t->at < b->at;
    }
    if (timer_class(t->kind) != timer_class(b->kind)) {
        return timer_class(t->kind) < timer_class(b->kind);
    }
    if (t->contact != 0 && t->contact == b->contact && timer_class(t->kind) == 2) {
        return t->kind == TIMER_DEADLINE; /* one timer: who ends is not let go first */
    }
    return t->sequence < b->sequence;
}

/* The earliest before `bound`, by (deadline, kind, sequence); the count if there is none. */
static uint32_t earliest(const struct world *w, spw_ns bound)
{
    uint32_t best = w->timer_count;
    for (uint32_t i = 0; i < w->timer_count; i++) {
        const struct timer *t = &w->timers[i];
        if (t->at >= bound) {
            continue;
        }
        if (best == w->timer_count || fires_before(t, &w->timers[best])) {
            best = i;
        }
    }
    return best;
}

/* The lease, or the grace of who is lost. */
static void lease_over(struct world *w, uint32_t counsellor)
{
    const struct counsellor *c = &w->counsellors[counsellor];
    spw_ns lease = w->centres[c->centre].lease;
    spw_ns until = lease == SPW_FOREVER ? w->clock : c->last_seen + lease;
    if (c->state == SPW_COUNSELLOR_GONE_SILENT) {
        counsellor_given_up(w, counsellor);
        return;
    }
    if (until > w->clock) {
        timer_arm(w, TIMER_LEASE, until, 0, counsellor);
        return;
    }
    counsellor_lost(w, counsellor, SPW_WHY_LEASE);
}

/* One timer a contact has for its holds, bars, safe window and own deadline: it is armed anew
 * when one fires, when a call back is promised and when the person is back. */
void personal_anew(struct world *w, uint32_t contact)
{
    for (uint32_t i = 0; i < w->timer_count; i++) {
        struct timer *o = &w->timers[i];
        if (o->contact == contact && timer_class(o->kind) == 2) {
            w->timer_sequence++;
            o->sequence = w->timer_sequence;
        }
    }
}

/* Holds and bars of one contact that end at one instant end together. */
static void freed(struct world *w, uint32_t contact)
{
    struct contact *x = &w->contacts[contact];
    if (x->held && timer_at(w, TIMER_STICKY, contact, 0) <= w->clock) {
        timer_cancel(w, TIMER_STICKY, contact, 0);
        x->held = false; /* from now on only preferred */
    }
    bar_over(w, contact);
}

static void fire(struct world *w, const struct timer *t)
{
    if (timer_class(t->kind) == 2) {
        personal_anew(w, t->contact);
    }
    switch (t->kind) {
    case TIMER_OFFER:
        offer_timeout(w, t->contact);
        break;
    case TIMER_WRAP:
        wrap_end(w, t->contact, t->counsellor % PLACE, t->counsellor / PLACE);
        break;
    case TIMER_PARK:
        park_over(w, t->contact);
        break;
    case TIMER_STEP:
        ladder_due(w, t->contact, true);
        touch_contact(w, t->contact);
        break;
    case TIMER_CALLBACK:
        callback_due(w, t->contact);
        break;
    case TIMER_SAFE:
        if (!talks(&w->contacts[t->contact])) {
            contact_end(w, t->contact, SPW_END_CALLBACK_FAILED);
        }
        break;
    case TIMER_DEADLINE:
        if (talks(&w->contacts[t->contact])) {
            w->contacts[t->contact].deadline = 0;
        } else {
            contact_end(w, t->contact, SPW_END_EXPIRED);
        }
        break;
    case TIMER_LEASE:
        lease_over(w, t->counsellor);
        break;
    case TIMER_FREEZE:
        thaw(w, t->counsellor, SPW_WHY_NONE, 0);
        break;
    case TIMER_SHIFT: /* for danger alone from now on */
        w->counsellors[t->counsellor].shift_over = true;
        touch_counsellor(w, t->counsellor);
        break;
    case TIMER_REST:
        limits_rested(w, t->counsellor);
        break;
    case TIMER_BAR:
        freed(w, t->contact);
        break;
    case TIMER_STICKY:
        w->contacts[t->contact].held = false;
        freed(w, t->contact);
        break;
    default: /* a hold is over: the contact became possible */
        touch_contact(w, t->contact);
        break;
    }
}

/* A call whose deadlines, or whose backlog, have said so much does nothing else. */
bool enough_said(const struct world *w)
{
    return w->out_count >= 32;
}

/* Every deadline before `bound`, each with everything that follows, as far as one call goes. */
static bool fire_due(struct world *w, spw_ns bound)
{
    for (;;) {
        uint32_t at = earliest(w, bound);
        if (at == w->timer_count) {
            return true;
        }
        if (w->fired == SPW_STEP_MAX || enough_said(w)) {
            return false;
        }
        struct timer t = w->timers[at];
        w->timer_count--;
        memmove(&w->timers[at], &w->timers[at + 1], (w->timer_count - at) * sizeof t);
        w->clock = t.at > w->clock ? t.at : w->clock;
        fire(w, &t);
        settle(w);
        w->fired++;
    }
}

static int dispatch(struct world *w, const struct spw_input *in)
{
    switch (in->kind) {
    case SPW_INPUT_GAP:
        return gap_apply(w, in->u.span);
    case SPW_INPUT_CONTACT_ACCEPTED:
    case SPW_INPUT_CONTACT_DECLINED:
        return offer_apply(w, in);
    case SPW_INPUT_CONTACT_TRANSFER:
    case SPW_INPUT_CONTACT_TRANSFER_CANCEL:
        return transfer_apply(w, in);
    case SPW_INPUT_CONTACT_CALLBACK:
    case SPW_INPUT_CONTACT_CALLBACK_DUE:
    case SPW_INPUT_CONTACT_CALLBACK_DONE:
        return callback_apply(w, in);
    default:
        break;
    }
    if (in->kind >= SPW_INPUT_STAGE_BEGIN && in->kind <= SPW_INPUT_SKILL_ADD) {
        return setup_apply(w, in);
    }
    if (in->kind >= SPW_INPUT_COUNSELLOR_ADD && in->kind <= SPW_INPUT_COUNSELLOR_DEFER) {
        return roster_apply(w, in);
    }
    if (in->kind >= SPW_INPUT_CONTACT_ARRIVE && in->kind <= SPW_INPUT_CONTACT_EXCLUDE) {
        return contact_apply(w, in);
    }
    if (in->kind >= SPW_INPUT_SUPERVISE_ASSIGN && in->kind <= SPW_INPUT_SUPERVISE_SUSPEND) {
        return supervisor_apply(w, in);
    }
    return supervise_apply(w, in);
}

static void tell_back(struct world *w, spw_ns back)
{
    if (back > 0) {
        tell(w, SPW_EVENT_CLOCK_BACK, 0)->detail_a = (uint64_t)back;
    }
}

/* Deadlines at exactly `now` fire too; CONTINUE works off what large changes have left. */
static int time_passes(struct world *w, uint32_t kind, spw_ns now)
{
    spw_ns until = now > w->clock ? now : w->clock;
    tell_back(w, w->clock - now);
    if (!fire_due(w, until + 1)) {
        return SPW_E_BUSY;
    }
    w->clock = until;
    return kind != SPW_INPUT_CONTINUE || backlog_work(w) ? SPW_OK : SPW_E_BUSY;
}

/* What a request that is refused must not have left behind is put back as it was. */
int world_apply(struct world *w, const struct spw_input *in, spw_ns now, uint64_t made)
{
    static struct world before;
    w->out_count = 0;
    w->touched_contact_count = 0;
    w->touched_counsellor_count = 0;
    w->made = made;
    w->makes = false;
    w->makes_counsellor = false;
    w->made_number = 0;
    if (spw_input_name(in->kind) == NULL || in->reserved_0 != 0) {
        return SPW_E_INVALID;
    }
    if (now < 0 || now >= SPW_TIME_MAX) {
        return SPW_E_RANGE;
    }
    bool fact = spw_input_is_fact(in->kind) != 0;
    w->fired = 0;
    if (in->kind == SPW_INPUT_ADVANCE || in->kind == SPW_INPUT_CONTINUE) {
        return time_passes(w, in->kind, now);
    }
    if (!fire_due(w, now > w->clock ? now : w->clock) || enough_said(w)) {
        return fact ? SPW_E_POLL_FIRST : SPW_E_BUSY;
    }
    if (!fact && w->backlog_count != 0) {
        return SPW_E_BUSY;
    }
    before = *w;
    spw_ns back = w->clock - now;
    w->clock = back > 0 ? w->clock : now;
    int error = dispatch(w, in);
    if (error != SPW_OK) {
        *w = before;
        return error;
    }
    ladders_resume(w);
    tell_back(w, back);
    settle(w);
    return SPW_OK;
}
