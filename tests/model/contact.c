/*
 * model/contact.c - arrival, leaving, dropping, parking, resuming, the end; ladders; tokens
 * (rules N3, S1, S2, K).
 */
#include "world.h"

#include <assert.h>
#include <string.h>

struct spw_counters *counter(struct world *w, const struct contact *x)
{
    return &w->counters[x->home][x->queue][x->base][(x->flags & SPW_CONTACT_TEST) != 0];
}

void count_move(struct spw_counters *from, struct spw_counters *to)
{
    if (from != to) {
        from->moved_out++;
        from->live--;
        to->moved_in++;
        to->live++;
    }
}

static bool talks(const struct contact *x)
{
    return x->state == SPW_CONTACT_CONNECTED || x->state == SPW_CONTACT_TRANSFERRING;
}

static bool same_id(spw_id a, spw_id b)
{
    return a.hi == b.hi && a.lo == b.lo;
}

static bool is_zero(spw_id id)
{
    return id.hi == 0 && id.lo == 0;
}

/* Somebody able on duty: nobody has room. Else nobody is able. */
enum spw_why wait_reason(const struct world *w, uint32_t contact)
{
    const struct contact *x = &w->contacts[contact];
    if (w->frozen[0] || w->frozen[x->home]) {
        return SPW_WHY_FROZEN;
    }
    for (uint32_t i = 1; i <= w->counsellor_count; i++) {
        const struct counsellor *c = &w->counsellors[i];
        if (signed_in(c) && c->centre == x->home && able(w, x, c)) {
            return SPW_WHY_NOBODY_FREE;
        }
    }
    return SPW_WHY_NOBODY_ABLE;
}

/* --- ladders ---------------------------------------------------------------------------------- */

static void ladder_arm(struct world *w, uint32_t contact)
{
    const struct contact *x = &w->contacts[contact];
    timer_cancel(w, TIMER_STEP, contact, 0);
    if (x->ladder != 0 && x->step + 1 < w->ladders[x->ladder].count) {
        timer_arm(w, TIMER_STEP, x->ladder_at + w->ladders[x->ladder].steps[x->step + 1].after,
                  contact, 0);
    }
}

/* From its first step, or none for a contact that brought a need of its own. */
void ladder_start(struct world *w, uint32_t contact)
{
    struct contact *x = &w->contacts[contact];
    x->ladder = x->own_need ? 0 : w->queues[x->queue].ladder;
    x->step = 0;
    x->raises = 0;
    x->ladder_at = w->clock;
    if (x->ladder != 0) {
        x->need = w->ladders[x->ladder].steps[0].need;
        x->raises = w->ladders[x->ladder].steps[0].raise;
    } else if (!x->own_need) {
        x->need = w->queues[x->queue].need;
    }
}

/* Rule N3: all due steps are one move. A step at exactly now is due only when its deadline
 * fires. */
void ladder_due(struct world *w, uint32_t contact, bool fired)
{
    struct contact *x = &w->contacts[contact];
    if (x->ladder == 0) {
        return;
    }
    const struct ladder *ladder = &w->ladders[x->ladder];
    uint32_t step = x->step;
    while (step + 1 < ladder->count &&
           x->ladder_at + ladder->steps[step + 1].after < w->clock + (fired ? 1 : 0)) {
        step++;
        x->raises += ladder->steps[step].raise;
    }
    if (step != x->step) {
        x->step = step;
        x->need = ladder->steps[step].need;
        tell_contact(w, SPW_EVENT_MOVED, SPW_WHY_STEP, contact, 0)->detail_a = step;
    }
    ladder_arm(w, contact);
}

/* Who waits again goes on where the ladder would be by now. */
void ladders_resume(struct world *w)
{
    for (uint32_t i = 0; i < w->touched_contact_count; i++) {
        uint32_t contact = w->touched_contacts[i];
        if (waits(&w->contacts[contact]) && timer_at(w, TIMER_STEP, contact, 0) == SPW_FOREVER) {
            ladder_due(w, contact, false);
        }
    }
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

static void token_remember(struct world *w, const struct contact *x, spw_ns waited)
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

/* --- the end ---------------------------------------------------------------------------------- */

static void forget_timers(struct world *w, uint32_t contact)
{
    static const enum timer_kind kinds[] = {TIMER_OFFER,   TIMER_PARK, TIMER_STEP,
                                            TIMER_STICKY,  TIMER_SAFE, TIMER_CALLBACK,
                                            TIMER_DEADLINE};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        timer_cancel(w, kinds[i], contact, 0);
    }
    for (uint32_t i = 0; i < w->contacts[contact].barred_count; i++) {
        timer_cancel(w, TIMER_BAR, contact, w->contacts[contact].barred[i].counsellor);
    }
}

void contact_end(struct world *w, uint32_t contact, enum spw_end reason)
{
    struct contact *x = &w->contacts[contact];
    enum spw_contact_state before = x->state;
    uint32_t holder = x->holder;
    claim_release(w, contact);
    if (before == SPW_CONTACT_OFFERED || (before == SPW_CONTACT_TRANSFERRING && x->to != 0)) {
        offer_withdraw(w, contact, SPW_WHY_LEFT);
    }
    spw_ns waited = w->clock - x->arrived_at;
    if (before == SPW_CONTACT_PARKED) {
        waited = x->queued_at - x->arrived_at;
    }
    bool talking = before == SPW_CONTACT_CONNECTED || before == SPW_CONTACT_TRANSFERRING;
    if (talking) {
        waited = x->connected_at - x->arrived_at;
    }
    struct spw_counters *k = counter(w, x);
    k->ended[reason]++;
    k->live--;
    if (x->connected_at < 0) {
        k->waited_ns_all += (uint64_t)waited;
    }
    x->state = SPW_CONTACT_GONE;
    uint32_t named = talking ? holder : 0;
    tell_contact(w, SPW_EVENT_ENDED, reason, contact, named)->waited = waited;
    if (talking) {
        wrap_begin(w, contact, holder);
    }
    if (reason == SPW_END_ABANDONED || reason == SPW_END_CUT || reason == SPW_END_LOST ||
        reason == SPW_END_PARK_EXPIRED) {
        token_remember(w, x, waited);
    }
    forget_timers(w, contact);
}

void contact_park(struct world *w, uint32_t contact, spw_ns grace)
{
    struct contact *x = &w->contacts[contact];
    bool was_talking = talks(x);
    claim_release(w, contact);
    if (x->state == SPW_CONTACT_OFFERED || (x->state == SPW_CONTACT_TRANSFERRING && x->to != 0)) {
        offer_withdraw(w, contact, SPW_WHY_PARKED);
    }
    if (x->state == SPW_CONTACT_CONNECTED || x->state == SPW_CONTACT_TRANSFERRING) {
        timer_cancel(w, TIMER_SAFE, contact, 0); /* the call was made; nobody calls now */
        wrap_begin(w, contact, x->holder);
    }
    timer_cancel(w, TIMER_STEP, contact, 0);
    x->state = SPW_CONTACT_PARKED;
    x->holder = 0;
    x->queued_at = was_talking ? x->connected_at : w->clock;
    x->waited = true;
    spw_ns until = grace == SPW_FOREVER ? SPW_FOREVER : w->clock + grace;
    timer_arm(w, TIMER_PARK, until, contact, 0);
    tell_contact(w, SPW_EVENT_PARKED, SPW_WHY_PARKED, contact, 0)->until = until;
}

/* Into another queue at the same place; who has no need of its own gets the queue's. */
void contact_move(struct world *w, uint32_t contact, uint32_t queue, enum spw_why why)
{
    struct contact *x = &w->contacts[contact];
    if (queue != x->queue) {
        struct spw_counters *from = counter(w, x);
        x->queue = queue;
        count_move(from, counter(w, x));
        ladder_start(w, contact);
    }
    tell_contact(w, SPW_EVENT_MOVED, why, contact, 0)->detail_a =
        why == SPW_WHY_QUEUE_CLOSED ? x->home : 0;
    ladder_arm(w, contact);
    touch_contact(w, contact);
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
    struct spw_counters *k =
        &w->counters[a->home][a->queue][a->priority][(a->flags & SPW_CONTACT_TEST) != 0];
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
                          .came_at = w->clock,
                          .connected_at = -1};
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
    if (x->sticky_mode == SPW_STICKY_HOLD && x->sticky != 0) {
        x->sticky_until =
            a->sticky_hold_ns > SPW_FOREVER - w->clock ? SPW_FOREVER : w->clock + a->sticky_hold_ns;
        x->held = true;
        timer_arm(w, TIMER_STICKY, x->sticky_until, contact, 0);
    }
    ladder_arm(w, contact);
    if (x->deadline != 0) {
        timer_arm(w, TIMER_DEADLINE, x->deadline, contact, 0);
    }
    struct spw_counters *k = counter(w, x);
    k->arrived++;
    k->attempts++;
    k->live++;
    if (contact_side(w, contact)) {
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
    contact_claims(w, contact);
}

static int arrive(struct world *w, const struct spw_arrive *a)
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
        uint32_t fallback = w->queues[queue].fallback;
        if (fallback == 0 || w->queues[fallback].closed) {
            refuse(w, a, SPW_END_REFUSED_CLOSED);
            return SPW_OK;
        }
        tell(w, SPW_EVENT_RECONCILED, SPW_RECONCILED_QUEUE_CLOSED);
        queue = fallback;
    }
    if (live_contacts(w) == w->config.contacts_max) {
        refuse(w, a, SPW_END_REFUSED_FULL);
        return SPW_OK;
    }
    assert(w->contact_count < CONTACTS);
    uint32_t contact = w->contact_count + 1;
    struct contact *x = &w->contacts[contact];
    w->contact_count++;
    arrival_fill(w, x, a, queue);
    uint32_t entry = TOKENS;
    bool continues = arrival_place(w, contact, a, &entry);
    arrival_admit(w, contact, a, continues);
    if (entry != TOKENS && w->makes) { /* who is refused keeps its credit */
        token_forget(w, entry);
    }
    return SPW_OK;
}

/* --- requests and facts about one contact ----------------------------------------------------- */

static void already(struct world *w, uint32_t contact, enum spw_reconciled how)
{
    reconciled(w, how, contact, 0);
}

static void left(struct world *w, uint32_t contact)
{
    contact_end(w, contact, talks(&w->contacts[contact]) ? SPW_END_SERVED : SPW_END_ABANDONED);
}

static void dropped(struct world *w, uint32_t contact)
{
    struct contact *x = &w->contacts[contact];
    if (x->state == SPW_CONTACT_PARKED || x->state == SPW_CONTACT_CALLBACK) {
        already(w, contact, SPW_RECONCILED_ALREADY);
        return;
    }
    contact_park(w, contact, w->queues[x->queue].park_grace);
}

static void resumed(struct world *w, uint32_t contact)
{
    struct contact *x = &w->contacts[contact];
    if (x->state != SPW_CONTACT_PARKED && x->state != SPW_CONTACT_CALLBACK) {
        already(w, contact, SPW_RECONCILED_ALREADY);
        return;
    }
    timer_cancel(w, TIMER_PARK, contact, 0);
    timer_cancel(w, TIMER_CALLBACK, contact, 0);
    timer_cancel(w, TIMER_SAFE, contact, 0);
    x->state = SPW_CONTACT_WAITING;
    x->called_back = false;
    counter(w, x)->attempts++;
    tell_contact(w, SPW_EVENT_RESUMED, 0, contact, 0);
    contact_waits(w, contact, true);
}

static void ended(struct world *w, uint32_t contact, uint32_t reason)
{
    const struct contact *x = &w->contacts[contact];
    bool untrue = reason == SPW_END_SERVED || reason == SPW_END_CUT;
    if (x->connected_at < 0 && untrue) {
        already(w, contact, SPW_RECONCILED_NOT_CONNECTED);
        left(w, contact);
        return;
    }
    contact_end(w, contact, (enum spw_end)reason);
}

static int reclassify_check(const struct world *w, const struct contact *x,
                            const struct spw_input *in)
{
    uint32_t queue = in->u.reclassify.queue;
    uint32_t priority = in->u.reclassify.priority;
    if (queue > w->queue_count || in->u.reclassify.need > w->need_count) {
        return SPW_E_UNKNOWN;
    }
    if ((priority >= SPW_PRIORITY_COUNT && priority != SPW_PRIORITY_SAME) ||
        in->u.reclassify.flags > 127 || in->u.reclassify.danger > 1 ||
        (priority == 0 && x->base != 0 && in->u.reclassify.danger == 0)) {
        return SPW_E_RANGE;
    }
    bool elsewhere = queue != 0 && queue != x->queue;
    if (x->state == SPW_CONTACT_TRANSFERRING || (elsewhere && w->queues[queue].closed) ||
        (elsewhere && x->state == SPW_CONTACT_CALLBACK)) {
        return SPW_E_STATE;
    }
    return SPW_OK;
}

/* Who is offered keeps the offer if that one is able; a need of its own goes along. */
static int reclassify(struct world *w, const struct spw_input *in)
{
    int error;
    struct contact *x = contact_by_handle(w, in->u.reclassify.contact.bits, &error);
    if (error == SPW_OK) {
        error = reclassify_check(w, x, in);
    }
    if (error != SPW_OK) {
        return error;
    }
    uint32_t contact = contact_index(w, x);
    uint32_t queue = in->u.reclassify.queue;
    struct spw_counters *from = counter(w, x);
    if (in->u.reclassify.priority != SPW_PRIORITY_SAME) {
        x->base = in->u.reclassify.priority;
    }
    x->flags = in->u.reclassify.flags;
    x->severity = in->u.reclassify.severity;
    bool anew = queue != 0 && queue != x->queue;
    x->queue = anew ? queue : x->queue;
    if (in->u.reclassify.need != 0) {
        x->own_need = true;
        x->need = in->u.reclassify.need;
        anew = true;
    }
    count_move(from, counter(w, x));
    if (anew) {
        ladder_start(w, contact);
    }
    if (x->state == SPW_CONTACT_OFFERED && !able(w, x, &w->counsellors[x->holder])) {
        offer_withdraw(w, contact, SPW_WHY_RECLASSIFIED);
        contact_waits(w, contact, false);
    } else if (waits(x)) {
        tell_contact(w, SPW_EVENT_MOVED, SPW_WHY_RECLASSIFIED, contact, 0);
        ladder_arm(w, contact);
        touch_contact(w, contact);
    }
    return SPW_OK;
}

static int exclude(struct world *w, const struct spw_input *in)
{
    int error;
    struct contact *x = contact_by_handle(w, in->u.pair.contact.bits, &error);
    int stale;
    uint32_t counsellor = counsellor_by_handle(w, in->u.pair.counsellor.bits, &stale);
    if (error != SPW_OK || counsellor == 0) {
        return SPW_E_STALE;
    }
    uint32_t contact = contact_index(w, x);
    uint32_t excluded = 0;
    for (uint32_t i = 0; i < x->barred_count; i++) {
        if (x->barred[i].excluded && x->barred[i].counsellor == counsellor) {
            return SPW_OK;
        }
        excluded += x->barred[i].excluded;
    }
    if (excluded == DECLINES - 1) { /* a place for declines is kept */
        return SPW_E_FULL;
    }
    bar(w, contact, counsellor, SPW_FOREVER, true);
    if (offered_to(x) == counsellor) {
        offer_withdraw(w, contact, SPW_WHY_REQUEST);
        contact_waits(w, contact, false);
    } else if (waits(x)) {
        ladder_arm(w, contact);
    }
    return SPW_OK;
}

static int one_contact(struct world *w, const struct spw_input *in)
{
    int error;
    struct contact *x = contact_by_handle(w, in->u.contact.contact.bits, &error);
    if (x == NULL) {
        return SPW_E_STALE;
    }
    uint32_t contact = contact_index(w, x);
    if (x->state == SPW_CONTACT_GONE) {
        if (in->kind == SPW_INPUT_CONTACT_PARK) {
            return SPW_E_STALE;
        }
        tell(w, SPW_EVENT_RECONCILED, SPW_RECONCILED_GONE)->contact.bits = x->handle;
        return SPW_OK;
    }
    if (in->kind == SPW_INPUT_CONTACT_ENDED &&
        (in->u.contact.detail == 0 || in->u.contact.detail >= SPW_END_COUNT ||
         in->u.contact.detail == SPW_END_REFUSED_FULL ||
         in->u.contact.detail == SPW_END_REFUSED_CLOSED)) {
        return SPW_E_RANGE;
    }
    switch (in->kind) {
    case SPW_INPUT_CONTACT_LEFT:
        left(w, contact);
        break;
    case SPW_INPUT_CONTACT_DROPPED:
        dropped(w, contact);
        break;
    case SPW_INPUT_CONTACT_PARK:
        if (x->state != SPW_CONTACT_WAITING && x->state != SPW_CONTACT_OFFERED) {
            return SPW_E_STATE;
        }
        contact_park(w, contact, w->queues[x->queue].park_grace);
        break;
    case SPW_INPUT_CONTACT_RESUMED:
        resumed(w, contact);
        break;
    default:
        ended(w, contact, in->u.contact.detail);
        break;
    }
    return SPW_OK;
}

int contact_apply(struct world *w, const struct spw_input *in)
{
    switch (in->kind) {
    case SPW_INPUT_CONTACT_ARRIVE:
        return arrive(w, &in->u.arrive);
    case SPW_INPUT_CONTACT_RECLASSIFY:
        return reclassify(w, in);
    case SPW_INPUT_CONTACT_EXCLUDE:
        return exclude(w, in);
    default:
        return one_contact(w, in);
    }
}
