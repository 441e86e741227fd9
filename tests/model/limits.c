/*
 * model/limits.c - working limits of counsellors (rule S5): the end of a shift, and breaks that
 * become due by severe talks in a row or by so many connections; they begin after a talk, run for a
 * while, and are put off by the counsellor or by a supervisor.
 */
#include "world.h"

/* A pool is the counsellors of one centre who can do the same. */
static bool same_pool(const struct counsellor *c, const struct counsellor *o)
{
    return !o->gone && o->centre == c->centre && o->skillset == c->skillset &&
           o->channels == c->channels;
}

/* One more of the pool may rest, of those who are ready or lost for the moment. */
static bool share_allows(const struct world *w, const struct counsellor *c)
{
    uint32_t staff = 0;
    uint32_t resting = 0;
    for (uint32_t i = 1; i <= w->counsellor_count; i++) {
        const struct counsellor *o = &w->counsellors[i];
        if (same_pool(c, o)) {
            staff += signed_in(o);
            resting += o->resting && o->state != SPW_COUNSELLOR_OUT;
        }
    }
    return (resting + 1) * 100 <= w->centres[c->centre].rest_share * staff;
}

static bool is_floor(const struct clause *clause)
{
    bool lacks = false;
    for (uint32_t i = 0; i < clause->count; i++) {
        lacks = lacks || clause->literals[i].mode == SPW_LACKS;
    }
    return clause->floor != 0 || lacks;
}

/* Somebody else who is ready meets the clause. */
static bool clause_kept(const struct world *w, const struct counsellor *c,
                        const struct clause *clause)
{
    const struct need need = {.count = 1, .clauses = {*clause}};
    bool kept = !meets(&need, &w->sets[c->skillset]);
    for (uint32_t i = 1; i <= w->counsellor_count && !kept; i++) {
        const struct counsellor *o = &w->counsellors[i];
        kept = o != c && o->centre == c->centre && on_duty(o) && !at_limit(o) &&
               meets(&need, &w->sets[o->skillset]);
    }
    return kept;
}

/* What no step of a ladder may drop is met by somebody else, clause by clause. */
static bool floors_kept(const struct world *w, const struct counsellor *c)
{
    for (uint32_t n = 1; n <= w->need_count; n++) {
        for (uint32_t i = 0; i < w->needs[n].count; i++) {
            const struct clause *clause = &w->needs[n].clauses[i];
            if (is_floor(clause) && !clause_kept(w, c, clause)) {
                return false;
            }
        }
    }
    return true;
}

static bool suspended(const struct world *w, const struct counsellor *c)
{
    return w->clock < w->no_breaks_until[0] || w->clock < w->no_breaks_until[c->centre];
}

static bool may_begin(const struct world *w, const struct counsellor *c)
{
    return c->rest != 0 && !c->resting && !suspended(w, c) && share_allows(w, c) &&
           floors_kept(w, c);
}

/* What limits ask for now goes before what was due before, begun or not, under whatever limits. */
static enum spw_why break_reason(const struct counsellor *c)
{
    if (c->severe_max != 0 && c->streak >= c->severe_max) {
        return SPW_WHY_SEVERE_STREAK;
    }
    if (c->load_max != 0 && c->load >= c->load_max) {
        return SPW_WHY_LOAD;
    }
    return c->break_due ? SPW_WHY_REQUEST : SPW_WHY_NONE;
}

/* One deadline a counsellor: while a break runs, the end of the shift waits for its end. */
static void shift_look(struct world *w, uint32_t counsellor)
{
    struct counsellor *c = &w->counsellors[counsellor];
    timer_cancel(w, TIMER_SHIFT, 0, counsellor);
    c->shift_over = c->shift_end != 0 && c->shift_end <= w->clock;
    if (c->shift_end > w->clock && !c->resting) {
        timer_arm(w, TIMER_SHIFT, c->shift_end, 0, counsellor);
    }
}

void limits_connected(struct world *w, uint32_t counsellor)
{
    w->counsellors[counsellor].load++;
}

/* Whoever is out begins anew; the talk whose end it was does not count. */
void limits_signed_out(struct world *w, uint32_t counsellor)
{
    struct counsellor *c = &w->counsellors[counsellor];
    c->load = 0;
    c->streak = 0;
    c->break_due = false;
}

static void break_begin(struct world *w, uint32_t counsellor, enum spw_why why)
{
    struct counsellor *c = &w->counsellors[counsellor];
    spw_ns until = w->clock + c->rest;
    struct spw_event *e = tell_counsellor(w, SPW_EVENT_BREAK_DUE, why, counsellor);
    e->detail_a = why == SPW_WHY_SEVERE_STREAK ? c->streak : c->load;
    e->until = until;
    if (c->claim != 0 && effective(&w->contacts[c->claim]) != 0) {
        claim_release(w, c->claim);
    }
    c->resting = true;
    c->break_due = false;
    c->streak = 0;
    c->load = 0;
    shift_look(w, counsellor);
    timer_arm(w, TIMER_REST, until, 0, counsellor);
}

/* While a break is due, no other talk breaks the streak. */
void limits_talk_ended(struct world *w, uint32_t counsellor, const struct contact *x)
{
    struct counsellor *c = &w->counsellors[counsellor];
    if (c->state == SPW_COUNSELLOR_OUT) {
        return;
    }
    if ((x->flags & SPW_CONTACT_SEVERE) != 0) {
        c->streak++;
    } else if (!c->break_due) {
        c->streak = 0;
    }
    enum spw_why why = break_reason(c);
    c->break_due = why != SPW_WHY_NONE;
    if (c->break_due && may_begin(w, c)) {
        break_begin(w, counsellor, why);
    }
}

void limits_rested(struct world *w, uint32_t counsellor)
{
    w->counsellors[counsellor].resting = false;
    timer_cancel(w, TIMER_REST, 0, counsellor);
    shift_look(w, counsellor);
    touch_counsellor(w, counsellor);
}

int limits_defer(struct world *w, uint32_t counsellor)
{
    struct counsellor *c = &w->counsellors[counsellor];
    if (!c->resting) {
        return SPW_E_STATE;
    }
    limits_rested(w, counsellor);
    c->break_due = true;
    tell_counsellor(w, SPW_EVENT_BREAK_PUT_OFF, SPW_WHY_REQUEST, counsellor)->detail_a = c->state;
    return SPW_OK;
}

int limits_apply(struct world *w, const struct spw_input *in)
{
    int error;
    uint32_t counsellor = counsellor_by_handle(w, in->u.limits.counsellor.bits, &error);
    if (error != SPW_OK) {
        return error;
    }
    if (in->u.limits.rest < 0 || in->u.limits.rest > 24 * SPW_HOUR || in->u.limits.shift_end < 0 ||
        in->u.limits.shift_end > SPW_FOREVER) {
        return SPW_E_RANGE;
    }
    struct counsellor *c = &w->counsellors[counsellor];
    c->shift_end = in->u.limits.shift_end;
    c->severe_max = in->u.limits.severe_max;
    c->load_max = in->u.limits.load_max;
    c->rest = in->u.limits.rest;
    c->break_due = c->break_due && (c->severe_max != 0 || c->load_max != 0);
    shift_look(w, counsellor);
    touch_counsellor(w, counsellor);
    return SPW_OK;
}

/* Rule S5 reports who gave up while a limit kept somebody able away who had room; danger is kept
 * away by none. */
bool limits_kept_away(const struct world *w, uint32_t contact)
{
    const struct contact *x = &w->contacts[contact];
    if (effective(x) == 0 || w->frozen[0] || w->frozen[x->home]) {
        return false;
    }
    for (uint32_t i = 1; i <= w->counsellor_count; i++) {
        const struct counsellor *c = &w->counsellors[i];
        if (c->centre == x->home && !away(w, c) && at_limit(c) && able(w, x, c) &&
            !no_room(w, x, c) && !group_conflict(w, x, c) &&
            (c->claim == 0 || c->claim == contact)) {
            return true;
        }
    }
    return false;
}
