/*
 * tests/unit/swarm.c - random worlds and random inputs, reproducible from a seed.
 *
 * What lives here: the generator only; what must hold is in the tests that use it. Deadlines are
 * short and capacities small, so that time-outs, ladders and full rooms happen often.
 */
#include "swarm.h"

#include <stdbool.h>
#include <stdlib.h>

uint64_t swarm_random(struct swarm *swarm, uint64_t below)
{
    swarm->random += 0x9e3779b97f4a7c15u;
    uint64_t x = swarm->random;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    x ^= x >> 31;
    return below == 0 ? x : x % below;
}

void swarm_config(struct spw_config *config, uint64_t seed)
{
    struct swarm limits = {.random = seed ^ 0x6c696d697473u};
    spw_config_init(config);
    config->contacts_max = 64;
    config->counsellors_max = 16;
    config->centres_max = 4;
    config->queues_max = 8;
    config->skills_max = 8;
    config->skillsets_max = 16;
    config->needs_max = 16;
    config->ladders_max = 8;
    config->classes_max = 64;
    config->pools_max = 16;
    config->items_max = 5;
    config->tokens_max = 16;
    config->events_max = 512;
    config->prefers_max = 16;
    config->terms_max = 256;
    if (swarm_random(&limits, 3) == 0) {
        config->classes_max = 16;
    }
    if (swarm_random(&limits, 4) == 0) {
        config->contacts_max = 16 + (uint32_t)swarm_random(&limits, 100);
        config->personal_max = 1 + (uint32_t)swarm_random(&limits, 4);
        config->tokens_max = 1 + (uint32_t)swarm_random(&limits, 3);
    }
    if (swarm_random(&limits, 4) == 0) {
        config->pools_max = 3 + (uint32_t)swarm_random(&limits, 4);
        config->books_max = 2 + (uint32_t)swarm_random(&limits, 3);
        config->items_max = 1 + (uint32_t)swarm_random(&limits, 16);
    }
    if (swarm_random(&limits, 16) == 0) {
        config->skillsets_max = 33000;
    }
    if (swarm_random(&limits, 8) == 0) {
        config->centres_max = 70;
    }
}

static void must(int result)
{
    if (result != SPW_OK) {
        abort();
    }
}

static void setup_needs(struct swarm *s, struct spw_engine *e)
{
    uint32_t number;
    for (uint64_t key = 1; key <= 4; key++) {
        must(spw_skill_add(e, key, 0, NULL));
    }
    for (s->skillsets = 0; s->skillsets < 5; s->skillsets++) {
        must(spw_stage_begin(e, SPW_STAGE_SKILLSET, 0));
        for (uint32_t skill = 1; skill <= 4; skill++) {
            if (swarm_random(s, 2) == 0) {
                must(spw_stage_skill(e, skill, 1 + (uint32_t)swarm_random(s, 100), 0));
            }
        }
        must(spw_stage_commit(e, 0, &number));
    }
    s->skillsets = number;
    for (int i = 0; i < 4; i++) {
        must(spw_stage_begin(e, SPW_STAGE_NEED, 0));
        for (uint64_t clause = 0, n = 1 + swarm_random(s, 2); clause < n; clause++) {
            for (uint64_t literal = 0, m = 1 + swarm_random(s, 2); literal < m; literal++) {
                uint32_t skill = 1 + (uint32_t)swarm_random(s, 4);
                uint32_t level = 1 + (uint32_t)swarm_random(s, 60);
                bool lacks = swarm_random(s, 8) == 0;
                must(spw_stage_literal(e, skill, level, lacks ? SPW_LACKS : SPW_HOLDS, 0));
            }
            must(spw_stage_clause(e, swarm_random(s, 4) == 0, 0));
        }
        must(spw_stage_commit(e, 0, &s->needs));
    }
}

static void setup_queues(struct swarm *s, struct spw_engine *e)
{
    uint32_t ladder = 0;
    must(spw_stage_begin(e, SPW_STAGE_LADDER, 0));
    must(spw_stage_step(e, 0, 0, 0, 0));
    must(spw_stage_step(e, 5 * SPW_SECOND, 0, 1, 0));
    must(spw_stage_step(e, 9 * SPW_SECOND, 0, 2, 0));
    must(spw_stage_commit(e, 0, &ladder));
    for (int i = 0; i < 3; i++) {
        must(spw_stage_begin(e, SPW_STAGE_QUEUE, 0));
        must(spw_stage_set(e, SPW_QUEUE_KEY, 0, SWARM_QUEUE_KEY + i, 0));
        must(spw_stage_set(e, i == 1 ? SPW_QUEUE_LADDER : SPW_QUEUE_NEED, 0,
                           i == 1 ? (int64_t)ladder : (int64_t)swarm_random(s, s->needs + 1), 0));
        must(spw_stage_set(e, SPW_QUEUE_OFFER_TIMEOUT, 0, 3 * SPW_SECOND, 0));
        must(spw_stage_set(e, SPW_QUEUE_PARK_GRACE, 0, 6 * SPW_SECOND, 0));
        must(spw_stage_set(e, SPW_QUEUE_CALLBACK_MAX, 0, 3, 0));
        must(spw_stage_set(e, SPW_QUEUE_CALLBACK_RETRY, 0, 4 * SPW_SECOND, 0));
        must(spw_stage_set(e, SPW_QUEUE_WRAP_UP, 0,
                           i == 0   ? 0
                           : i == 1 ? 2 * SPW_SECOND
                                    : SPW_FOREVER,
                           0));
        must(spw_stage_set(e, SPW_QUEUE_WAITING_MAX, 0, 20, 0));
        must(spw_stage_set(e, SPW_QUEUE_FALLBACK, 0, i == 2 ? 1 : 0, 0));
        must(spw_stage_commit(e, 0, &s->queues));
    }
}

static void setup_plan(struct swarm *s, struct spw_engine *e)
{
    must(spw_stage_begin(e, SPW_STAGE_PLAN, 0));
    must(spw_stage_set(e, SPW_PLAN_ORDER, 0, (int64_t)swarm_random(s, SPW_ORDER_CUSTOM), 0));
    must(
        spw_stage_set(e, SPW_PLAN_CHOOSER, 0, (int64_t)swarm_random(s, SPW_CHOOSE_ORDERED + 1), 0));
    must(spw_stage_set(e, SPW_PLAN_HEAD_START, 1, 20 * SPW_SECOND, 0));
    must(spw_stage_set(e, SPW_PLAN_HEAD_START, 2, 5 * SPW_SECOND, 0));
    must(spw_stage_set(e, SPW_PLAN_CLAIM_AFTER, 0, 4 * SPW_SECOND, 0));
    must(spw_stage_set(e, SPW_PLAN_DECLINE_FOR, 0, 7 * SPW_SECOND, 0));
    must(spw_stage_set(e, SPW_PLAN_PROTECTED, 0, swarm_random(s, 4) != 0, 0));
    if (swarm_random(s, 3) == 0) {
        must(spw_stage_set(e, SPW_PLAN_PROTECTED_RATE, 0, 200, 0));
        must(spw_stage_set(e, SPW_PLAN_PROTECTED_BURST, 0, 2, 0));
    }
    if (swarm_random(s, 3) == 0) {
        must(spw_stage_set(e, SPW_PLAN_PREFER_RESERVE, (1u << 16) | 1, 1, 0));
        must(spw_stage_set(e, SPW_PLAN_PREFER_RANK, (2u << 16) | 2, 1, 0));
    }
    must(spw_stage_commit(e, 0, NULL));
    while (spw_continue(e, 0) == SPW_E_BUSY) {
    }
}

void swarm_setup(struct swarm *s, struct spw_engine *e, uint64_t seed)
{
    *s = (struct swarm){.random = seed * 0x2545f4914f6cdd1du + 1, .next_id = 1};
    setup_needs(s, e);
    setup_queues(s, e);
    for (uint64_t n = 1 + swarm_random(s, 2); n > 0; n--) {
        must(spw_stage_begin(e, SPW_STAGE_CENTRE, 0));
        must(spw_stage_set(e, SPW_CENTRE_KEY, 0, SWARM_CENTRE_KEY + s->centres, 0));
        must(spw_stage_set(e, SPW_CENTRE_RECONNECT_GRACE, 0, 4 * SPW_SECOND, 0));
        must(spw_stage_set(e, SPW_CENTRE_REST_SHARE, 0, 20 + (int64_t)swarm_random(s, 3) * 40, 0));
        if (swarm_random(s, 3) == 0) {
            must(spw_stage_set(e, SPW_CENTRE_LEASE, 0, 60 * SPW_SECOND, 0));
        }
        must(spw_stage_commit(e, 0, &s->centres));
    }
    setup_plan(s, e);
    struct spw_counsellor_add first = {.key = 99, .centre = 1};
    must(spw_counsellor_add(e, &first, 0, &s->counsellor[0]));
    s->counsellor_count = 3 + (uint32_t)swarm_random(s, 7);
    for (uint32_t i = 1; i < s->counsellor_count; i++) {
        /* One draw a statement, here and below: the order inside an initializer is not fixed. */
        struct spw_counsellor_add add = {.key = 100 + i};
        add.centre = 1 + (uint32_t)swarm_random(s, s->centres);
        add.skillset = (uint32_t)swarm_random(s, s->skillsets + 1);
        add.flags = swarm_random(s, 10) == 0 ? SPW_COUNSELLOR_PULLS : 0;
        if (spw_counsellor_add(e, &add, 0, &s->counsellor[i]) == SPW_E_FULL) { /* no pool is left */
            add.centre = 1;
            add.skillset = 0;
            must(spw_counsellor_add(e, &add, 0, &s->counsellor[i]));
        }
    }
}

static spw_contact any_contact(struct swarm *s)
{
    spw_contact none = {0};
    uint32_t n = s->contact_count < 256 ? s->contact_count : 256;
    if (n == 0) {
        return none;
    }
    uint32_t recent = n < 24 ? n : 24; /* mostly those that may still be live */
    uint64_t back = swarm_random(s, swarm_random(s, 8) == 0 ? n : recent);
    return s->contact[(s->contact_count - 1 - back) % 256];
}

static void arrive(struct swarm *s, struct spw_input *in)
{
    static const uint8_t priorities[] = {0, 1, 1, 2, 3, 3, 3, 5};
    bool again = swarm_random(s, 12) == 0;
    in->kind = SPW_INPUT_CONTACT_ARRIVE;
    struct spw_arrive *a = &in->u.arrive;
    a->id.hi = 7;
    a->id.lo = again ? s->next_id : s->next_id + 1;
    a->token.lo = swarm_random(s, 3) == 0 ? 1 + swarm_random(s, 6) : 0;
    a->cookie = s->next_id;
    a->home = 1 + (uint32_t)swarm_random(s, s->centres);
    a->queue = 1 + (uint32_t)swarm_random(s, s->queues);
    a->need = swarm_random(s, 4) == 0 ? (uint32_t)swarm_random(s, s->needs + 1) : 0;
    a->zone = (uint16_t)swarm_random(s, 2);
    a->channel = (uint8_t)swarm_random(s, 3);
    a->priority = priorities[swarm_random(s, 8)];
    s->next_id += !again;
    if (swarm_random(s, 6) == 0) {
        in->u.arrive.sticky = s->counsellor[swarm_random(s, s->counsellor_count)];
        in->u.arrive.sticky_mode = 1 + (uint8_t)swarm_random(s, 2);
        in->u.arrive.sticky_hold_ns = 5 * SPW_SECOND;
    }
    in->u.arrive.flags = (uint8_t)(swarm_random(s, 10) == 0   ? SPW_CONTACT_UNCLASSIFIED
                                   : swarm_random(s, 12) == 0 ? SPW_CONTACT_TEST
                                   : swarm_random(s, 8) == 0  ? SPW_CONTACT_SEVERE
                                                              : 0);
    if (swarm_random(s, 15) == 0) {
        in->u.arrive.deadline = s->now + 8 * SPW_SECOND;
    }
    if (swarm_random(s, 20) == 0) {
        in->u.arrive.continues = any_contact(s);
    }
}

static void about_contact(struct swarm *s, struct spw_input *in)
{
    static const uint32_t kinds[] = {SPW_INPUT_CONTACT_LEFT,
                                     SPW_INPUT_CONTACT_DROPPED,
                                     SPW_INPUT_CONTACT_RESUMED,
                                     SPW_INPUT_CONTACT_RESUMED,
                                     SPW_INPUT_CONTACT_RECLASSIFY,
                                     SPW_INPUT_CONTACT_TRANSFER,
                                     SPW_INPUT_CONTACT_TRANSFER_CANCEL,
                                     SPW_INPUT_CONTACT_CALLBACK,
                                     SPW_INPUT_CONTACT_CALLBACK_DUE,
                                     SPW_INPUT_CONTACT_CALLBACK_DONE,
                                     SPW_INPUT_CONTACT_PARK,
                                     SPW_INPUT_CONTACT_EXCLUDE,
                                     SPW_INPUT_SUPERVISE_ASSIGN,
                                     SPW_INPUT_SUPERVISE_PULL,
                                     SPW_INPUT_CONTACT_ENDED,
                                     SPW_INPUT_CONTACT_ENDED,
                                     SPW_INPUT_CONTACT_ENDED};
    in->kind = kinds[swarm_random(s, sizeof kinds / sizeof kinds[0])];
    in->u.contact.contact = any_contact(s);
    spw_counsellor c = s->counsellor[swarm_random(s, s->counsellor_count)];
    switch (in->kind) {
    case SPW_INPUT_CONTACT_RECLASSIFY:
        in->u.reclassify.priority = (uint8_t)swarm_random(s, 5);
        in->u.reclassify.danger = in->u.reclassify.priority == 0;
        in->u.reclassify.queue = (uint32_t)swarm_random(s, s->queues + 1);
        in->u.reclassify.need = (uint32_t)swarm_random(s, s->needs + 1);
        break;
    case SPW_INPUT_CONTACT_TRANSFER:
        in->u.transfer.mode = 1 + (uint32_t)swarm_random(s, 2);
        in->u.transfer.queue = (uint32_t)swarm_random(s, s->queues + 1);
        in->u.transfer.priority = (uint8_t)swarm_random(s, 5);
        in->u.transfer.danger = in->u.transfer.priority == 0;
        in->u.transfer.to = swarm_random(s, 3) == 0 ? c : (spw_counsellor){0};
        break;
    case SPW_INPUT_CONTACT_CALLBACK:
        in->u.callback.due_at = s->now + (spw_ns)swarm_random(s, 5) * SPW_SECOND;
        in->u.callback.safe_until = s->now + 30 * SPW_SECOND;
        in->u.callback.attempts = 2;
        break;
    case SPW_INPUT_CONTACT_CALLBACK_DONE:
        in->u.contact.detail = 1 + (uint32_t)swarm_random(s, 3);
        break;
    case SPW_INPUT_CONTACT_ENDED:
        in->u.contact.detail = swarm_random(s, 5) == 0 ? SPW_END_CUT : SPW_END_SERVED;
        break;
    case SPW_INPUT_CONTACT_EXCLUDE:
        in->u.pair.counsellor = c;
        break;
    case SPW_INPUT_SUPERVISE_ASSIGN:
    case SPW_INPUT_SUPERVISE_PULL:
        in->u.supervise.counsellor = c;
        break;
    default:
        break;
    }
}

static void about_counsellor(struct swarm *s, struct spw_input *in)
{
    static const uint32_t kinds[] = {
        SPW_INPUT_COUNSELLOR_READY,     SPW_INPUT_COUNSELLOR_READY,  SPW_INPUT_COUNSELLOR_READY,
        SPW_INPUT_COUNSELLOR_READY,     SPW_INPUT_COUNSELLOR_PAUSE,  SPW_INPUT_COUNSELLOR_SIGN_OUT,
        SPW_INPUT_COUNSELLOR_LOST,      SPW_INPUT_COUNSELLOR_SKILLS, SPW_INPUT_COUNSELLOR_PULL,
        SPW_INPUT_COUNSELLOR_HEARTBEAT, SPW_INPUT_COUNSELLOR_LIMITS, SPW_INPUT_COUNSELLOR_DEFER};
    in->kind = kinds[swarm_random(s, sizeof kinds / sizeof kinds[0])];
    in->u.counsellor.counsellor = s->counsellor[swarm_random(s, s->counsellor_count)];
    if (in->kind == SPW_INPUT_COUNSELLOR_SKILLS) {
        in->u.counsellor.detail = (uint32_t)swarm_random(s, s->skillsets + 1);
    }
    if (in->kind == SPW_INPUT_COUNSELLOR_LIMITS) {
        in->u.limits.severe_max = (uint32_t)swarm_random(s, 3);
        in->u.limits.rest = 5 * SPW_SECOND;
        in->u.limits.shift_end = swarm_random(s, 3) == 0 ? s->now + 20 * SPW_SECOND : 0;
    }
}

static void about_place(struct swarm *s, struct spw_input *in)
{
    static const uint32_t kinds[] = {SPW_INPUT_QUEUE_CLOSE,      SPW_INPUT_QUEUE_OPEN,
                                     SPW_INPUT_QUEUE_OPEN,       SPW_INPUT_CENTRE_CLOSE,
                                     SPW_INPUT_CENTRE_OPEN,      SPW_INPUT_CENTRE_OPEN,
                                     SPW_INPUT_CENTRE_DARK,      SPW_INPUT_SUPERVISE_FREEZE,
                                     SPW_INPUT_SUPERVISE_THAW,   SPW_INPUT_GAP,
                                     SPW_INPUT_RECONCILE_BEGIN,  SPW_INPUT_RECONCILE_END,
                                     SPW_INPUT_SUPERVISE_SUSPEND};
    in->kind = kinds[swarm_random(s, sizeof kinds / sizeof kinds[0])];
    switch (in->kind) {
    case SPW_INPUT_QUEUE_CLOSE:
    case SPW_INPUT_QUEUE_OPEN:
        in->u.queue.queue = 1 + (uint32_t)swarm_random(s, s->queues);
        break;
    case SPW_INPUT_SUPERVISE_FREEZE:
    case SPW_INPUT_SUPERVISE_THAW:
        in->u.supervise.centre = (uint32_t)swarm_random(s, s->centres + 1);
        in->u.supervise.until = s->now + 6 * SPW_SECOND;
        break;
    case SPW_INPUT_SUPERVISE_SUSPEND:
        in->u.supervise.centre = (uint32_t)swarm_random(s, s->centres + 1);
        in->u.supervise.until = s->now + 6 * SPW_SECOND;
        in->u.supervise.reason = 1;
        break;
    case SPW_INPUT_GAP:
    case SPW_INPUT_RECONCILE_END:
        in->u.span = (spw_ns)swarm_random(s, 5) * SPW_SECOND;
        break;
    case SPW_INPUT_RECONCILE_BEGIN:
        break;
    default:
        in->u.centre.centre = 1 + (uint32_t)swarm_random(s, s->centres);
        break;
    }
}

void swarm_input(struct swarm *s, struct spw_input *in)
{
    *in = (struct spw_input){0};
    if (swarm_random(s, 3) != 0) {
        s->now += (spw_ns)swarm_random(s, 2 * (uint64_t)SPW_SECOND);
    } else if (swarm_random(s, 40) == 0) {
        s->now -= swarm_random(s, 2) == 0 && s->now > SPW_SECOND ? SPW_SECOND / 2 : 0;
    }
    uint64_t what = swarm_random(s, 100);
    if (what < 34) {
        arrive(s, in);
    } else if (what < 60) { /* answers: the pair is right only by luck, or late */
        in->kind =
            swarm_random(s, 5) == 0 ? SPW_INPUT_CONTACT_DECLINED : SPW_INPUT_CONTACT_ACCEPTED;
        in->u.pair.contact = any_contact(s);
        in->u.pair.counsellor = s->counsellor[swarm_random(s, s->counsellor_count)];
        if (swarm_random(s, 4) == 0) {
            in->kind = SPW_INPUT_COUNSELLOR_WRAPPED_UP;
        }
    } else if (what < 80) {
        about_contact(s, in);
    } else if (what < 96) {
        about_counsellor(s, in);
    } else if (what < 98) {
        in->kind = SPW_INPUT_ADVANCE;
    } else {
        about_place(s, in);
    }
}

void swarm_made(struct swarm *s, const struct spw_input *in, uint64_t made)
{
    if (in->kind == SPW_INPUT_CONTACT_ARRIVE && made != 0) {
        s->contact[s->contact_count++ % 256].bits = made;
    }
}
