/*
 * model/arrive.c - arrival with its place: a caller token's credit, the contact that it continues;
 * admission, which is asked last (rules S1, S2, D1, K).
 */
#include "world.h"

#include <assert.h>
#include <string.h>

static bool same_id(spw_id a, spw_id b)
{
    return a.hi == b.hi && a.lo == b.lo;
}

static bool is_zero(spw_id id)
{
    return id.hi == 0 && id.lo == 0;
}

/* --- tokens (rule S1) ------------------------------------------------------------------------- */

static bool may_have_credit(const struct contact *x)
{
    return !is_zero(x->token) &&
           (x->flags & (SPW_CONTACT_SHARED_TOKEN | SPW_CONTACT_NO_CREDIT)) == 0;
}

static void token_forget(struct world *w, uint32_t at)
{
    w->token_count--;
    memmove(&w->tokens[at], &w->tokens[at + 1], (w->token_count - at) * sizeof w->tokens[0]);
}

static void tokens_expire(struct world *w)
{
    for (uint32_t i = w->token_count; i-- > 0;) {
        if (w->clock - w->tokens[i].ended_at > w->plan.resume_grace) {
            token_forget(w, i);
        }
    }
}

void token_remember(struct world *w, const struct contact *x, spw_ns waited)
{
    if (!may_have_credit(x)) {
        return;
    }
    tokens_expire(w);
    for (uint32_t i = 0; i < w->token_count; i++) {
        if (same_id(w->tokens[i].token, x->token)) {
            token_forget(w, i);
            break;
        }
    }
    if (w->token_count == w->config.tokens_max || w->token_count == TOKENS) {
        token_forget(w, 0);
    }
    w->tokens[w->token_count] = (struct token){.token = x->token,
                                               .ended_at = w->clock,
                                               .waited = waited,
                                               .place_sequence = x->place_sequence};
    w->token_count++;
}

static spw_ns token_credit(struct world *w, struct contact *x, uint32_t *entry)
{
    if (!may_have_credit(x)) {
        return 0;
    }
    tokens_expire(w);
    for (uint32_t i = 0; i < w->token_count; i++) {
        struct token t = w->tokens[i];
        if (!same_id(t.token, x->token)) {
            continue;
        }
        *entry = i;
        spw_ns gap = w->clock - t.ended_at;
        if (gap > w->plan.resume_grace) {
            return 0;
        }
        x->place_sequence = t.place_sequence;
        spw_ns credit = t.waited + (gap < w->plan.resume_gap ? gap : w->plan.resume_gap);
        return credit < w->plan.credit_max ? credit : w->plan.credit_max;
    }
    return 0;
}

/* --- arrival ---------------------------------------------------------------------------------- */

static int arrival_check(const struct world *w, const struct spw_arrive *a)
{
    if (a->home == 0 || a->home > w->centre_count || a->queue == 0 || a->queue > w->queue_count ||
        a->need > w->need_count) {
        return SPW_E_UNKNOWN;
    }
    if (a->priority >= SPW_PRIORITY_COUNT || a->channel >= SPW_CHANNEL_COUNT || a->flags > 127 ||
        a->sticky_mode > SPW_STICKY_HOLD || a->deadline < 0 || a->sticky_hold_ns < 0) {
        return SPW_E_RANGE;
    }
    if (is_zero(a->id) || a->reserved_0 != 0 || a->reserved_1 != 0) {
        return SPW_E_INVALID;
    }
    return SPW_OK;
}

static uint32_t find_live(const struct world *w, spw_id id)
{
    for (uint32_t i = 1; i <= w->contact_count; i++) {
        if (w->contacts[i].state != SPW_CONTACT_GONE && same_id(w->contacts[i].id, id)) {
            return i;
        }
    }
    return 0;
}

static uint32_t live_contacts(const struct world *w)
{
    uint32_t count = 0;
    for (uint32_t i = 1; i <= w->contact_count; i++) {
        count += w->contacts[i].state != SPW_CONTACT_GONE;
    }
    return count;
}

static void refuse(struct world *w, const struct spw_arrive *a, enum spw_end reason)
{
    struct spw_counters *k = counter_of(w, a->home, a->queue, a->priority, a->flags);
    k->arrived++;
    k->attempts++;
    k->ended[reason]++;
    struct spw_event *e = tell(w, SPW_EVENT_REFUSED, reason);
    e->priority = a->priority;
    e->flags = (a->flags & SPW_CONTACT_TEST) != 0 ? SPW_EVENT_FLAG_TEST : 0;
    e->id = a->id;
    e->cookie = a->cookie;
    e->centre = a->home;
    e->queue = a->queue;
    e->until = w->clock + w->queues[a->queue].retry_after;
}

static void arrival_fill(struct world *w, struct contact *x, const struct spw_arrive *a,
                         uint32_t queue)
{
    int error;
    *x = (struct contact){.state = SPW_CONTACT_WAITING,
                          .handle = w->made,
                          .id = a->id,
                          .token = a->token,
                          .cookie = a->cookie,
                          .home = a->home,
                          .queue = queue,
                          .need = a->need,
                          .own_need = a->need != 0,
                          .zone = a->zone,
                          .channel = a->channel,
                          .base = a->priority,
                          .flags = a->flags,
                          .severity = a->severity,
                          .sticky_mode = a->sticky_mode,
                          .deadline = a->deadline,
                          .queued_at = w->clock,
                          .confirmed = true};
    x->sticky = counsellor_by_handle(w, a->sticky.bits, &error);
    if (x->sticky == 0) {
        x->sticky_mode = SPW_STICKY_NONE;
    }
    w->own_sequence++;
    x->own_sequence = w->own_sequence;
    x->place_sequence = w->own_sequence;
    x->arrived_at = w->clock;
    w->makes = true;
}

/* The place of the contact that it continues, or what its token brings. */
static bool arrival_place(struct world *w, uint32_t contact, const struct spw_arrive *a,
                          uint32_t *entry)
{
    struct contact *x = &w->contacts[contact];
    int error;
    struct contact *from = contact_by_handle(w, a->continues.bits, &error);
    if (from != NULL && from->state != SPW_CONTACT_GONE) {
        x->arrived_at = from->arrived_at;
        x->place_sequence = from->place_sequence;
        for (uint32_t i = 0; i < from->barred_count; i++) { /* one person, whatever the channel */
            bar(w, contact, from->barred[i].counsellor, from->barred[i].until,
                from->barred[i].excluded);
            if (from->barred[i].excluded) {
                wish_over(w, contact, from->barred[i].counsellor);
            }
        }
        contact_end(w, contact_index(w, from), SPW_END_SWITCHED);
        return true;
    }
    x->arrived_at -= token_credit(w, x, entry);
    return false;
}

static bool waiting_room_full(const struct world *w, const struct contact *x)
{
    uint64_t waiting = 0;
    for (uint32_t i = 1; i <= w->contact_count; i++) {
        const struct contact *o = &w->contacts[i];
        waiting +=
            o != x && o->state == SPW_CONTACT_WAITING && o->home == x->home && o->queue == x->queue;
    }
    return effective(x) != 0 && waiting >= w->queues[x->queue].waiting_max;
}

/* The arrival tries home at once; admission is asked last (rule M). */
static void arrival_admit(struct world *w, uint32_t contact, const struct spw_arrive *a,
                          bool continues)
{
    struct contact *x = &w->contacts[contact];
    ladder_start(w, contact);
    if (x->sticky_mode == SPW_STICKY_HOLD && effective(x) != 0 &&
        w->clock + a->sticky_hold_ns != 0) {
        x->sticky_until =
            a->sticky_hold_ns > SPW_FOREVER - w->clock ? SPW_FOREVER : w->clock + a->sticky_hold_ns;
        x->held = true;
        timer_arm(w, TIMER_STICKY, x->sticky_until, contact, 0);
    }
    if (x->deadline != 0) {
        timer_arm(w, TIMER_DEADLINE, x->deadline, contact, 0);
    }
    struct spw_counters *k = counter(w, x);
    k->arrived++;
    k->attempts++;
    k->live++;
    w->arriving = contact;
    bool taken = contact_side(w, contact);
    w->arriving = 0;
    if (taken) {
        return;
    }
    if (!continues && waiting_room_full(w, x)) {
        struct spw_arrive refused = *a;
        refused.queue = x->queue;
        k->arrived--;
        k->attempts--;
        k->live--;
        x->state = SPW_CONTACT_GONE;
        forget_timers(w, contact);
        w->makes = false;
        refuse(w, &refused, SPW_END_REFUSED_FULL);
        return;
    }
    tell_contact(w, SPW_EVENT_WAITING, wait_reason(w, contact), contact, 0);
    ladder_arm(w, contact);
    contact_claims(w, contact);
}

/* Who it is, which has no handle yet. */
static void closed_arrival(struct world *w, const struct spw_arrive *a, uint32_t queue)
{
    struct spw_event *e = tell(w, SPW_EVENT_RECONCILED, SPW_RECONCILED_QUEUE_CLOSED);
    e->id = a->id;
    e->cookie = a->cookie;
    e->priority = a->priority;
    e->centre = a->home;
    e->queue = queue;
    e->detail_a = a->queue;
    e->flags = (a->flags & SPW_CONTACT_TEST) != 0 ? SPW_EVENT_FLAG_TEST : 0;
}

int contact_arrive(struct world *w, const struct spw_arrive *a)
{
    int error = arrival_check(w, a);
    if (error != SPW_OK) {
        return error;
    }
    uint32_t known = find_live(w, a->id);
    if (known != 0) {
        reconciled(w, SPW_RECONCILED_DUPLICATE, known, 0);
        w->made_number = w->contacts[known].handle;
        return SPW_OK;
    }
    uint32_t queue = a->queue;
    if (w->queues[queue].closed) {
        queue = fallback_of(w, queue);
        if (queue == 0) {
            refuse(w, a, SPW_END_REFUSED_CLOSED);
            return SPW_OK;
        }
    }
    if (live_contacts(w) == w->config.contacts_max) {
        struct spw_arrive refused = *a;
        refused.queue = queue;
        refuse(w, &refused, SPW_END_REFUSED_FULL);
        return SPW_OK;
    }
    assert(w->contact_count < CONTACTS);
    uint32_t contact = w->contact_count + 1;
    struct contact *x = &w->contacts[contact];
    w->contact_count++;
    arrival_fill(w, x, a, queue);
    if (queue != a->queue) {
        closed_arrival(w, a, queue);
    }
    uint32_t entry = TOKENS;
    bool continues = arrival_place(w, contact, a, &entry);
    arrival_admit(w, contact, a, continues);
    if (entry != TOKENS && w->makes) { /* who is refused keeps its credit */
        token_forget(w, entry);
    }
    return SPW_OK;
}
