/*
 * model/supervisor.c - what a supervisor may order (rule S6): assign, pull, freeze and thaw, no
 * breaks. All beat order and policy, none beats law, need, exclusion or room.
 */
#include "world.h"

/* Said before what follows from it. */
static struct spw_event *supervised(struct world *w, const struct spw_input *in, uint32_t contact)
{
    struct spw_event *e = contact != 0 ? tell_contact(w, SPW_EVENT_SUPERVISED, 0, contact, 0)
                                       : tell(w, SPW_EVENT_SUPERVISED, 0);
    e->reason = (uint16_t)in->u.supervise.reason;
    e->flags = (uint16_t)in->kind;
    e->detail_a = in->u.supervise.actor;
    return e;
}

void thaw(struct world *w, uint32_t centre, enum spw_why why, uint64_t actor)
{
    w->frozen[centre] = false;
    timer_cancel(w, TIMER_FREEZE, 0, centre);
    struct spw_event *e = tell(w, SPW_EVENT_THAWED, why);
    e->centre = centre;
    e->detail_a = actor;
    w->backlog_centre = centre;
    backlog_begin(w, BACKLOG_THAW);
}

static int thaw_input(struct world *w, const struct spw_input *in)
{
    uint32_t centre = in->u.supervise.centre;
    if (!w->frozen[centre]) {
        return SPW_E_STATE;
    }
    supervised(w, in, 0)->centre = centre;
    thaw(w, centre, SPW_WHY_SUPERVISOR, in->u.supervise.actor);
    return SPW_OK;
}

static int freeze_input(struct world *w, const struct spw_input *in)
{
    uint32_t centre = in->u.supervise.centre;
    spw_ns asked = in->u.supervise.until;
    spw_ns until = asked == 0 ? SPW_FOREVER : asked;
    if (until <= w->clock) {
        return SPW_E_RANGE;
    }
    struct spw_event *e = supervised(w, in, 0);
    e->centre = centre;
    e->until = asked;
    w->frozen[centre] = true;
    timer_arm(w, TIMER_FREEZE, until, 0, centre);
    e = tell(w, SPW_EVENT_FROZEN, SPW_WHY_SUPERVISOR);
    e->centre = centre;
    e->until = until;
    e->detail_a = in->u.supervise.actor;
    return SPW_OK;
}

/* Breaks that would begin wait until then. */
static int suspend_input(struct world *w, const struct spw_input *in)
{
    uint32_t centre = in->u.supervise.centre;
    spw_ns asked = in->u.supervise.until;
    spw_ns until = asked == 0 ? w->clock + SPW_HOUR : asked;
    if (in->u.supervise.reason == 0) {
        return SPW_E_INVALID;
    }
    if (until < w->clock || until > w->clock + SPW_HOUR) {
        return SPW_E_RANGE;
    }
    struct spw_event *e = supervised(w, in, 0);
    e->centre = centre;
    e->until = asked;
    w->no_breaks_until[centre] = until;
    return SPW_OK;
}

static bool may_be_assigned(const struct contact *x)
{
    return x->state == SPW_CONTACT_WAITING || x->state == SPW_CONTACT_OFFERED ||
           x->state == SPW_CONTACT_TRANSFERRING;
}

/* Law, need, exclusion and room stand above a supervisor; everything else does not. */
static int assign_check(const struct world *w, const struct contact *x, uint32_t counsellor)
{
    const struct counsellor *c = &w->counsellors[counsellor];
    if (!may_be_assigned(x) || !on_duty(c) || offered_to(x) == counsellor) {
        return SPW_E_STATE;
    }
    if (excluded(x, counsellor) || !able(w, x, c) || c->centre != x->home ||
        w->centres[c->centre].state != CENTRE_OPEN || group_conflict(w, x, c) || no_room(w, x, c)) {
        return SPW_E_BLOCKED;
    }
    return SPW_OK;
}

static int assign(struct world *w, const struct spw_input *in)
{
    int error;
    int stale;
    struct contact *x = contact_by_handle(w, in->u.supervise.contact.bits, &error);
    uint32_t counsellor = counsellor_by_handle(w, in->u.supervise.counsellor.bits, &stale);
    if (error != SPW_OK || stale != SPW_OK) {
        return SPW_E_STALE;
    }
    uint32_t contact = contact_index(w, x);
    error = assign_check(w, x, counsellor);
    if (error != SPW_OK) {
        return error;
    }
    struct spw_event *e = supervised(w, in, contact);
    e->counsellor = in->u.supervise.counsellor;
    e->until = in->u.supervise.until;
    claim_release(w, contact);
    if (offered_to(x) != 0) {
        offer_withdraw(w, contact, SPW_WHY_SUPERVISOR);
    }
    offer_make(w, contact, counsellor, SPW_EVENT_FLAG_ASSIGNED, 0);
    return SPW_OK;
}

static int pull_back(struct world *w, const struct spw_input *in)
{
    int error;
    struct contact *x = contact_by_handle(w, in->u.supervise.contact.bits, &error);
    if (error != SPW_OK) {
        return error;
    }
    uint32_t contact = contact_index(w, x);
    if (x->state != SPW_CONTACT_OFFERED && x->state != SPW_CONTACT_TRANSFERRING) {
        return SPW_E_STATE;
    }
    struct spw_event *e = supervised(w, in, contact);
    e->counsellor = in->u.supervise.counsellor;
    e->until = in->u.supervise.until;
    if (x->state == SPW_CONTACT_TRANSFERRING) {
        transfer_end(w, contact, SPW_WHY_SUPERVISOR);
        return SPW_OK;
    }
    uint32_t counsellor = x->holder;
    offer_withdraw(w, contact, SPW_WHY_SUPERVISOR);
    bar(w, contact, counsellor, w->clock + w->plan.decline_for, false);
    contact_waits(w, contact, false);
    return SPW_OK;
}

int supervisor_apply(struct world *w, const struct spw_input *in)
{
    bool centre = in->kind == SPW_INPUT_SUPERVISE_FREEZE || in->kind == SPW_INPUT_SUPERVISE_THAW ||
                  in->kind == SPW_INPUT_SUPERVISE_SUSPEND;
    if (centre && in->u.supervise.centre > w->centre_count) {
        return SPW_E_UNKNOWN;
    }
    if (in->u.supervise.reason > 65535) {
        return SPW_E_RANGE;
    }
    switch (in->kind) {
    case SPW_INPUT_SUPERVISE_ASSIGN:
        return assign(w, in);
    case SPW_INPUT_SUPERVISE_PULL:
        return pull_back(w, in);
    case SPW_INPUT_SUPERVISE_FREEZE:
        return freeze_input(w, in);
    case SPW_INPUT_SUPERVISE_THAW:
        return thaw_input(w, in);
    default:
        return suspend_input(w, in);
    }
}
