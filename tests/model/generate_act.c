/*
 * model/generate_act.c - one input of a group, aimed at somebody for whom it means something.
 */
#include "generate.h"

#define S(name) (1u << SPW_CONTACT_##name)
#define K(name) (1u << SPW_COUNSELLOR_##name)

enum { LIVE = 0xfe, SIGNED_IN = 0x3e, ANYONE = 0x3f };

static uint8_t priority(struct generator *g)
{
    struct prng *r = &g->random;
    if (prng_below(r, 100) < g->wrong / 4) {
        return 8;
    }
    if (has(g, FEATURE_PRIORITY_0) && prng_chance(r, 12)) {
        return 0;
    }
    return (uint8_t)prng_between(r, 1, prng_chance(r, 70) ? 4 : 7);
}

static uint8_t flags(struct generator *g)
{
    struct prng *r = &g->random;
    uint32_t f = 0;
    if (has(g, FEATURE_UNCLASSIFIED) && prng_chance(r, 20)) {
        f |= SPW_CONTACT_UNCLASSIFIED;
    }
    if (has(g, FEATURE_TEST) && prng_chance(r, 10)) {
        f |= SPW_CONTACT_TEST;
    }
    if (has(g, GROUP_LIMITS) && prng_chance(r, 40)) {
        f |= SPW_CONTACT_SEVERE;
    }
    if (has(g, FEATURE_TOKENS) && prng_chance(r, 10)) {
        f |= prng_chance(r, 50) ? SPW_CONTACT_SHARED_TOKEN : SPW_CONTACT_NO_CREDIT;
    }
    if (prng_chance(r, 3)) {
        f |= SPW_CONTACT_SUSPECT;
    }
    return (uint8_t)f;
}

static void arrive(struct generator *g, const struct world *w)
{
    struct prng *r = &g->random;
    struct step *step = generator_later(g, SPW_INPUT_CONTACT_ARRIVE);
    struct spw_arrive *a = &step->input.u.arrive;
    if (g->contact_tag + 2 >= CONTACTS) {
        step->input.kind = SPW_INPUT_ADVANCE;
        return;
    }
    bool wrong = prng_below(r, 100) < g->wrong;
    g->contact_tag++;
    step->tag = g->contact_tag;
    a->id = (spw_id){g->contact_tag, prng_next(r) >> 50};
    a->cookie = prng_below(r, 1000);
    a->home = prng_between(r, 1, w->centre_count + (wrong ? 1 : 0));
    a->queue = prng_between(r, 1, w->queue_count + (wrong ? 1 : 0));
    a->need = prng_chance(r, 20) ? prng_between(r, 0, w->need_count + (wrong ? 1 : 0)) : 0;
    a->zone = (uint16_t)prng_below(r, 3);
    a->priority = priority(g);
    a->flags = flags(g);
    a->severity = (uint8_t)prng_below(r, 3);
    if (has(g, FEATURE_CHANNELS)) {
        a->channel = (uint8_t)prng_below(r, wrong ? 6 : prng_chance(r, 60) ? 2 : 5);
    }
    if (has(g, FEATURE_TOKENS) && prng_chance(r, 60)) {
        a->token = (spw_id){prng_between(r, 1, 6), 0};
    }
    if (has(g, FEATURE_STICKY) && prng_chance(r, 30)) {
        a->sticky.bits = any_counsellor(g, w, ANYONE);
        a->sticky_mode = (uint8_t)prng_below(r, wrong ? 4 : 3);
        a->sticky_hold_ns = (spw_ns)prng_below(r, 30) * SPW_SECOND;
    }
    if (has(g, FEATURE_DEADLINES) && prng_chance(r, g->crowd ? 80 : 20)) {
        a->deadline = w->clock + (spw_ns)prng_below(r, 60) * SPW_SECOND;
    }
    if (has(g, GROUP_PARK) && prng_chance(r, 5)) {
        a->continues.bits = pick_contact(g, w, LIVE);
    }
    if (wrong && prng_chance(r, 30)) {
        const struct contact *x = contact_tagged(w, pick_contact(g, w, LIVE));
        a->id = x != NULL ? x->id : (spw_id){0, 0};
    }
    if (wrong && prng_chance(r, 10)) {
        a->reserved_0 = 1;
    }
}

static void pair(struct generator *g, uint32_t kind, uint64_t contact, uint64_t counsellor)
{
    struct spw_input *in = &generator_later(g, kind)->input;
    in->u.pair.contact.bits = contact;
    in->u.pair.counsellor.bits = counsellor;
}

/* Mostly to whom it was offered, sometimes to another, or late. */
static void answer(struct generator *g, const struct world *w, uint32_t kind)
{
    uint64_t tag = any_contact(g, w, S(OFFERED) | S(TRANSFERRING));
    const struct contact *x = contact_tagged(w, tag);
    uint32_t to = 0;
    if (x != NULL) {
        to = x->state == SPW_CONTACT_TRANSFERRING ? x->to : x->holder;
    }
    uint64_t counsellor = w->counsellors[to].tag;
    if (to == 0 || prng_below(&g->random, 100) < g->wrong) {
        if (g->wrong == 0) {
            generator_later(g, SPW_INPUT_ADVANCE);
            return;
        }
        counsellor = any_counsellor(g, w, ANYONE);
    }
    pair(g, kind, tag, counsellor);
}

static void contact(struct generator *g, uint32_t kind, uint64_t tag, uint32_t detail)
{
    struct spw_input *in = &generator_later(g, kind)->input;
    in->u.contact.contact.bits = tag;
    in->u.contact.detail = detail;
}

static void counsellor(struct generator *g, uint32_t kind, uint64_t tag, uint32_t detail)
{
    struct spw_input *in = &generator_later(g, kind)->input;
    in->u.counsellor.counsellor.bits = tag;
    in->u.counsellor.detail = detail;
}

/* The talk is over, or a wrap-up. */
static void end(struct generator *g, const struct world *w)
{
    struct prng *r = &g->random;
    if (prng_chance(r, 35)) {
        uint32_t at = prng_below(r, w->counsellor_count + 1);
        for (uint32_t i = 1; i <= w->counsellor_count; i++) {
            const struct counsellor *c = &w->counsellors[(at + i) % w->counsellor_count + 1];
            for (uint32_t j = 0; j < c->item_count; j++) {
                if (c->items[j].kind == ITEM_WRAP) {
                    pair(g, SPW_INPUT_COUNSELLOR_WRAPPED_UP, w->contacts[c->items[j].contact].id.hi,
                         c->tag);
                    return;
                }
            }
        }
    }
    uint32_t reason = prng_chance(r, 85) ? SPW_END_SERVED : SPW_END_CUT;
    if (prng_below(r, 100) < g->wrong) {
        reason = prng_below(r, SPW_END_COUNT + 1);
    }
    contact(g, SPW_INPUT_CONTACT_ENDED, any_contact(g, w, S(CONNECTED)), reason);
}

static void duty(struct generator *g, const struct world *w)
{
    struct prng *r = &g->random;
    switch (prng_below(r, 12)) {
    case 0:
        counsellor(g, SPW_INPUT_COUNSELLOR_SIGN_IN, any_counsellor(g, w, K(OUT)), 0);
        break;
    case 1:
        counsellor(g, SPW_INPUT_COUNSELLOR_PAUSE, any_counsellor(g, w, SIGNED_IN), 5);
        break;
    case 2:
        counsellor(g, SPW_INPUT_COUNSELLOR_SIGN_OUT, any_counsellor(g, w, SIGNED_IN), 0);
        break;
    case 3:
        counsellor(g, SPW_INPUT_COUNSELLOR_HEARTBEAT, any_counsellor(g, w, SIGNED_IN), 0);
        break;
    default:
        counsellor(g, SPW_INPUT_COUNSELLOR_READY,
                   any_counsellor(g, w, prng_chance(r, 85) ? ANYONE & ~K(ON) : K(ON)), 0);
        break;
    }
}

static void park(struct generator *g, const struct world *w)
{
    struct prng *r = &g->random;
    switch (prng_below(r, 4)) {
    case 0:
        contact(g, SPW_INPUT_CONTACT_PARK,
                any_contact(g, w, S(WAITING) | S(OFFERED) | S(CONNECTED)), 0);
        break;
    case 1:
        contact(g, SPW_INPUT_CONTACT_DROPPED,
                any_contact(g, w, S(WAITING) | S(OFFERED) | S(CONNECTED) | S(TRANSFERRING)), 0);
        break;
    default:
        contact(g, SPW_INPUT_CONTACT_RESUMED, any_contact(g, w, S(PARKED)), 0);
        break;
    }
}

static void reclassify(struct generator *g, const struct world *w)
{
    struct prng *r = &g->random;
    struct spw_input *in = &generator_later(g, SPW_INPUT_CONTACT_RECLASSIFY)->input;
    in->u.reclassify.contact.bits = any_contact(g, w, LIVE);
    in->u.reclassify.priority = prng_chance(r, 20) ? SPW_PRIORITY_SAME : priority(g);
    in->u.reclassify.danger = (uint8_t)prng_chance(r, 70);
    in->u.reclassify.queue = prng_chance(r, 40) ? prng_below(r, w->queue_count + 1) : 0;
    in->u.reclassify.need = prng_chance(r, 30) ? prng_below(r, w->need_count + 1) : 0;
    in->u.reclassify.flags = flags(g);
    in->u.reclassify.severity = (uint8_t)prng_below(r, 3);
}

static void transfer(struct generator *g, const struct world *w)
{
    struct prng *r = &g->random;
    if (prng_chance(r, 20)) {
        contact(g, SPW_INPUT_CONTACT_TRANSFER_CANCEL, any_contact(g, w, S(TRANSFERRING)), 0);
        return;
    }
    struct spw_input *in = &generator_later(g, SPW_INPUT_CONTACT_TRANSFER)->input;
    in->u.transfer.contact.bits = any_contact(g, w, S(CONNECTED));
    in->u.transfer.mode = prng_between(r, 1, 2);
    in->u.transfer.priority = prng_chance(r, 40) ? SPW_PRIORITY_SAME : priority(g);
    in->u.transfer.danger = (uint8_t)prng_chance(r, 70);
    in->u.transfer.queue = prng_chance(r, 60) ? prng_below(r, w->queue_count + 1) : 0;
    in->u.transfer.need = prng_chance(r, 20) ? prng_below(r, w->need_count + 1) : 0;
    in->u.transfer.to.bits = prng_chance(r, 30) ? any_counsellor(g, w, K(ON)) : 0;
}

static void callback(struct generator *g, const struct world *w)
{
    struct prng *r = &g->random;
    uint64_t tag;
    switch (prng_below(r, 6)) {
    case 0:
        contact(g, SPW_INPUT_CONTACT_CALLBACK_DUE, any_contact(g, w, S(CALLBACK)), 0);
        return;
    case 1:
    case 2:
        tag = any_contact(g, w, S(CONNECTED));
        contact(g, SPW_INPUT_CONTACT_CALLBACK_DONE, tag, prng_between(r, 1, 3));
        return;
    default:
        break;
    }
    struct spw_input *in = &generator_later(g, SPW_INPUT_CONTACT_CALLBACK)->input;
    in->u.callback.contact.bits = any_contact(g, w, S(WAITING) | S(OFFERED));
    in->u.callback.due_at = w->clock + (spw_ns)prng_below(r, 30) * SPW_SECOND;
    in->u.callback.safe_until =
        prng_chance(r, 3) ? 0 : in->u.callback.due_at + (spw_ns)prng_below(r, 30) * SPW_SECOND;
    in->u.callback.attempts = prng_chance(r, 30) ? prng_between(r, 1, 3) : 0;
}

static uint64_t resting(const struct world *w)
{
    for (uint32_t i = 1; i <= w->counsellor_count; i++) {
        if (w->counsellors[i].resting && !w->counsellors[i].gone) {
            return w->counsellors[i].tag;
        }
    }
    return 0;
}

/* Now and then a break that runs is put off, or one that does not. */
static void limits(struct generator *g, const struct world *w)
{
    struct prng *r = &g->random;
    bool wrong = prng_below(r, 100) < g->wrong;
    if (prng_chance(r, g->breaks && resting(w) != 0 ? 70 : 25)) {
        uint64_t who = wrong ? 0 : resting(w);
        counsellor(g, SPW_INPUT_COUNSELLOR_DEFER, who != 0 ? who : any_counsellor(g, w, ANYONE), 0);
        return;
    }
    struct spw_input *in = generate_limits(g, any_counsellor(g, w, ANYONE));
    in->u.limits.shift_end =
        prng_chance(r, 30) ? w->clock + (spw_ns)prng_below(r, 100) * SPW_SECOND : 0;
    if (wrong && prng_chance(r, 30)) {
        in->u.limits.rest = 25 * SPW_HOUR;
    }
}

/* No breaks for a while; now and then without a reason, or for too long. */
static void suspend(struct generator *g, const struct world *w)
{
    struct prng *r = &g->random;
    struct spw_input *in = &generator_later(g, SPW_INPUT_SUPERVISE_SUSPEND)->input;
    bool wrong = prng_below(r, 100) < g->wrong;
    in->u.supervise.actor = 7;
    in->u.supervise.reason = wrong ? 0 : 3;
    in->u.supervise.centre = prng_below(r, w->centre_count + 1);
    if (prng_chance(r, 70)) {
        in->u.supervise.until = w->clock + (spw_ns)prng_below(r, wrong ? 8000 : 90) * SPW_SECOND;
    }
}

static void supervise(struct generator *g, const struct world *w)
{
    struct prng *r = &g->random;
    if (prng_chance(r, 8)) {
        suspend(g, w);
        return;
    }
    bool assign = prng_chance(r, 60);
    struct spw_input *in =
        &generator_later(g, assign ? SPW_INPUT_SUPERVISE_ASSIGN : SPW_INPUT_SUPERVISE_PULL)->input;
    in->u.supervise.actor = 7;
    in->u.supervise.reason = prng_below(r, 100) < g->wrong ? 65536 : 3;
    if (assign) {
        uint32_t states = prng_chance(r, 70) ? S(WAITING) : S(OFFERED) | S(TRANSFERRING);
        in->u.supervise.contact.bits = any_contact(g, w, states);
        in->u.supervise.counsellor.bits = any_counsellor(g, w, K(ON));
    } else {
        in->u.supervise.contact.bits = any_contact(g, w, S(OFFERED) | S(TRANSFERRING));
    }
}

static void freeze(struct generator *g, const struct world *w)
{
    struct prng *r = &g->random;
    bool thawing = prng_chance(r, 50);
    struct spw_input *in =
        &generator_later(g, thawing ? SPW_INPUT_SUPERVISE_THAW : SPW_INPUT_SUPERVISE_FREEZE)->input;
    in->u.supervise.actor = 7;
    in->u.supervise.centre =
        prng_below(r, w->centre_count + (prng_below(r, 100) < g->wrong ? 2 : 1));
    if (!thawing) {
        in->u.supervise.until =
            prng_chance(r, 40) ? 0 : w->clock + (spw_ns)prng_below(r, 40) * SPW_SECOND;
    }
}

static void open_or_close(struct generator *g, const struct world *w)
{
    struct prng *r = &g->random;
    static const uint32_t kinds[] = {
        SPW_INPUT_QUEUE_CLOSE, SPW_INPUT_QUEUE_OPEN,  SPW_INPUT_QUEUE_OPEN, SPW_INPUT_CENTRE_CLOSE,
        SPW_INPUT_CENTRE_OPEN, SPW_INPUT_CENTRE_OPEN, SPW_INPUT_CENTRE_DARK};
    uint32_t kind = kinds[prng_below(r, 7)];
    struct spw_input *in = &generator_later(g, kind)->input;
    uint32_t wrong = prng_below(r, 100) < g->wrong ? 1 : 0;
    if (kind == SPW_INPUT_QUEUE_CLOSE || kind == SPW_INPUT_QUEUE_OPEN) {
        in->u.queue.queue = prng_between(r, 1 - wrong, w->queue_count + wrong);
    } else {
        in->u.centre.centre = prng_between(r, 1 - wrong, w->centre_count + wrong);
    }
}

static void reconcile(struct generator *g, const struct world *w)
{
    switch (prng_below(&g->random, 6)) {
    case 0:
        generator_later(g, SPW_INPUT_RECONCILE_BEGIN);
        break;
    case 1:
        generator_later(g, SPW_INPUT_RECONCILE_END)->input.u.span =
            prng_below(&g->random, 100) < g->wrong
                ? SPW_TIME_MAX / 4
                : (spw_ns)prng_below(&g->random, 20) * SPW_SECOND;
        break;
    case 2:
    case 3:
        counsellor(g, SPW_INPUT_COUNSELLOR_ALIVE, any_counsellor(g, w, ANYONE), 0);
        break;
    default:
        contact(g, SPW_INPUT_CONTACT_ALIVE, any_contact(g, w, LIVE), 0);
        break;
    }
}

static void rare(struct generator *g, const struct world *w, enum group group)
{
    struct prng *r = &g->random;
    uint64_t tag;
    switch (group) {
    case GROUP_LOST:
        counsellor(g, SPW_INPUT_COUNSELLOR_LOST, any_counsellor(g, w, SIGNED_IN), 0);
        break;
    case GROUP_EXCLUDE:
        tag = any_contact(g, w, LIVE);
        pair(g, SPW_INPUT_CONTACT_EXCLUDE, tag, any_counsellor(g, w, ANYONE));
        break;
    case GROUP_SKILLS:
        if (prng_chance(r, 15)) {
            counsellor(g, SPW_INPUT_COUNSELLOR_REMOVE, any_counsellor(g, w, K(OUT)), 0);
        } else {
            tag = any_counsellor(g, w, ANYONE);
            counsellor(g, SPW_INPUT_COUNSELLOR_SKILLS, tag, prng_below(r, w->set_count + 1));
        }
        break;
    case GROUP_GAP:
        generator_later(g, SPW_INPUT_GAP)->input.u.span = (spw_ns)prng_below(r, 20) * SPW_SECOND;
        break;
    case GROUP_PLAN:
        generate_plan(g, w->set_count, w->queue_count);
        break;
    case GROUP_OBJECTS:
        generate_object(g, w);
        break;
    case GROUP_PULL:
        counsellor(g, SPW_INPUT_COUNSELLOR_PULL, any_counsellor(g, w, K(ON)), 0);
        break;
    default:
        generator_later(g, SPW_INPUT_ADVANCE);
        break;
    }
}

void act(struct generator *g, const struct world *w, enum group group)
{
    if (w->centre_count == 0 || w->queue_count == 0) {
        generate_object(g, w);
        return;
    }
    switch (group) {
    case GROUP_TIME:
        generator_later(g, SPW_INPUT_ADVANCE);
        break;
    case GROUP_ARRIVE:
        arrive(g, w);
        break;
    case GROUP_ANSWER:
        answer(g, w, SPW_INPUT_CONTACT_ACCEPTED);
        break;
    case GROUP_DECLINE:
        answer(g, w, SPW_INPUT_CONTACT_DECLINED);
        break;
    case GROUP_END:
        end(g, w);
        break;
    case GROUP_DUTY:
        duty(g, w);
        break;
    case GROUP_LEAVE:
        contact(g, SPW_INPUT_CONTACT_LEFT, any_contact(g, w, LIVE), 0);
        break;
    case GROUP_PARK:
        park(g, w);
        break;
    case GROUP_RECLASSIFY:
        reclassify(g, w);
        break;
    case GROUP_TRANSFER:
        transfer(g, w);
        break;
    case GROUP_CALLBACK:
        callback(g, w);
        break;
    case GROUP_LIMITS:
        limits(g, w);
        break;
    case GROUP_SUPERVISE:
        supervise(g, w);
        break;
    case GROUP_FREEZE:
        freeze(g, w);
        break;
    case GROUP_CLOSE:
        open_or_close(g, w);
        break;
    case GROUP_RECONCILE:
        reconcile(g, w);
        break;
    default:
        rare(g, w, group);
        break;
    }
}
