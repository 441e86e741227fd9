/*
 * tests/fuzz/desk.h - a small engine for the harnesses, its set-up, and bytes turned into inputs.
 *
 * Capacities are small and deadlines short, so that full rooms and time-outs are near.
 */
#ifndef SPW__TESTS_FUZZ_DESK_H
#define SPW__TESTS_FUZZ_DESK_H

#include <spillway.h>

#include <stdbool.h>
#include <string.h>

#include "fuzz.h"

#define DESK_CONTACTS 32
#define DESK_COUNSELLORS 8

struct desk {
    struct spw_engine *engine;
    spw_contact contact[DESK_CONTACTS];
    uint32_t contact_count;
    spw_counsellor counsellor[DESK_COUNSELLORS];
    uint32_t counsellor_count;
    uint64_t sequence; /* of the last event */
};

#define MUST(call) DEMAND((call) == SPW_OK)

static inline struct spw_config desk_config(void)
{
    struct spw_config config;
    spw_config_init(&config);
    config.contacts_max = 12;
    config.counsellors_max = 6;
    config.centres_max = 3;
    config.queues_max = 5;
    config.skills_max = 4;
    config.skillsets_max = 5;
    config.needs_max = 5;
    config.ladders_max = 3;
    config.classes_max = 16;
    config.pools_max = 6;
    config.items_max = 3;
    config.tokens_max = 3;
    config.events_max = 300;
    config.prefers_max = 4;
    config.terms_max = 48;
    return config;
}

/* Takes what was said; numbers without gaps. */
static inline void desk_poll(struct desk *desk)
{
    struct spw_event event;
    while (spw_poll(desk->engine, &event, 1) == 1) {
        DEMAND(event.sequence == desk->sequence + 1);
        DEMAND(spw_event_name(event.kind) != NULL);
        desk->sequence = event.sequence;
    }
}

static inline void desk_terms(struct spw_engine *e)
{
    for (uint64_t key = 1; key <= 3; key++) {
        MUST(spw_skill_add(e, key, 0, NULL));
    }
    for (uint32_t set = 1; set <= 3; set++) { /* skill 1; skills 1, 2; skills 1, 2, 3 */
        MUST(spw_stage_begin(e, SPW_STAGE_SKILLSET, 0));
        for (uint32_t skill = 1; skill <= set; skill++) {
            MUST(spw_stage_skill(e, skill, 20 * set, 0));
        }
        MUST(spw_stage_commit(e, 0, NULL));
        MUST(spw_stage_begin(e, SPW_STAGE_NEED, 0));
        MUST(spw_stage_literal(e, set, 30, SPW_HOLDS, 0));
        MUST(spw_stage_commit(e, 0, NULL));
    }
    MUST(spw_stage_begin(e, SPW_STAGE_LADDER, 0));
    MUST(spw_stage_step(e, 0, 2, 0, 0));
    MUST(spw_stage_step(e, 5 * SPW_SECOND, 1, 1, 0));
    MUST(spw_stage_step(e, 9 * SPW_SECOND, 0, 2, 0));
    MUST(spw_stage_commit(e, 0, NULL));
}

static inline void desk_queues(struct spw_engine *e)
{
    for (int i = 0; i < 3; i++) {
        MUST(spw_stage_begin(e, SPW_STAGE_QUEUE, 0));
        MUST(spw_stage_set(e, i == 1 ? SPW_QUEUE_LADDER : SPW_QUEUE_NEED, 0, i == 1, 0));
        MUST(spw_stage_set(e, SPW_QUEUE_OFFER_TIMEOUT, 0, 3 * SPW_SECOND, 0));
        MUST(spw_stage_set(e, SPW_QUEUE_PARK_GRACE, 0, 6 * SPW_SECOND, 0));
        MUST(spw_stage_set(e, SPW_QUEUE_CALLBACK_MAX, 0, 2, 0));
        MUST(spw_stage_set(e, SPW_QUEUE_CALLBACK_RETRY, 0, 4 * SPW_SECOND, 0));
        MUST(spw_stage_set(e, SPW_QUEUE_WAITING_MAX, 0, 6, 0));
        MUST(spw_stage_set(e, SPW_QUEUE_FALLBACK, 0, i == 0 ? 0 : i, 0));
        MUST(spw_stage_set(e, SPW_QUEUE_WRAP_UP, 0, i == 0 ? 2 * SPW_SECOND : 0, 0));
        MUST(spw_stage_commit(e, 0, NULL));
    }
    for (int i = 0; i < 2; i++) {
        MUST(spw_stage_begin(e, SPW_STAGE_CENTRE, 0));
        MUST(spw_stage_set(e, SPW_CENTRE_RECONNECT_GRACE, 0, 4 * SPW_SECOND, 0));
        MUST(spw_stage_set(e, SPW_CENTRE_LEASE, 0, i == 1 ? 20 * SPW_SECOND : SPW_FOREVER, 0));
        MUST(spw_stage_set(e, SPW_CENTRE_REST_SHARE, 0, 50, 0));
        MUST(spw_stage_commit(e, 0, NULL));
    }
}

/* Memory is the same each time: to take and give it back would cost more than the run. */
static inline void desk_engine(struct desk *desk, int which)
{
    static _Alignas(64) unsigned char memory[2][1 << 20];
    struct spw_config config = desk_config();
    MUST(spw_engine_init(memory[which], sizeof memory[which], &config, &desk->engine));
}

/* An engine with two centres, three queues and four counsellors, two of them ready. */
static inline void desk_open(struct desk *desk, uint8_t order, uint8_t chooser)
{
    *desk = (struct desk){0};
    desk_engine(desk, 0);
    struct spw_engine *e = desk->engine;
    desk_terms(e);
    desk_queues(e);
    MUST(spw_stage_begin(e, SPW_STAGE_PLAN, 0));
    MUST(spw_stage_set(e, SPW_PLAN_ORDER, 0, order % SPW_ORDER_CUSTOM, 0));
    MUST(spw_stage_set(e, SPW_PLAN_CHOOSER, 0, chooser % (SPW_CHOOSE_ORDERED + 1), 0));
    MUST(spw_stage_set(e, SPW_PLAN_CLAIM_AFTER, 0, 2 * SPW_SECOND, 0));
    MUST(spw_stage_set(e, SPW_PLAN_DECLINE_FOR, 0, 7 * SPW_SECOND, 0));
    MUST(spw_stage_set(e, SPW_PLAN_GROUP, SPW_CHANNEL_CHAT, 1 << SPW_CHANNEL_EMAIL, 0));
    MUST(spw_stage_commit(e, 0, NULL));
    for (uint32_t i = 0; i < 4; i++) {
        struct spw_counsellor_add add = {.key = i, .centre = 1 + i % 2, .skillset = i};
        add.flags = i == 3 ? SPW_COUNSELLOR_PULLS : 0;
        MUST(spw_counsellor_add(e, &add, 0, &desk->counsellor[i]));
        desk->counsellor_count++;
    }
    MUST(spw_counsellor_ready(e, desk->counsellor[0], 0));
    MUST(spw_counsellor_ready(e, desk->counsellor[1], 0));
    desk_poll(desk);
}

/* --- bytes to inputs -------------------------------------------------------------------------- */

static inline spw_ns desk_span(struct bytes *bytes)
{
    static const spw_ns spans[] = {0,
                                   1,
                                   SPW_MILLISECOND,
                                   SPW_SECOND,
                                   2 * SPW_SECOND,
                                   5 * SPW_SECOND,
                                   20 * SPW_SECOND,
                                   SPW_MINUTE,
                                   10 * SPW_MINUTE,
                                   SPW_HOUR,
                                   SPW_FOREVER,
                                   SPW_FOREVER - 1,
                                   SPW_FOREVER / 4,
                                   SPW_FOREVER / 4 - 1,
                                   -1};
    uint8_t byte = bytes_u8(bytes);
    return byte == 255 ? (spw_ns)bytes_u64(bytes) : spans[byte % (sizeof spans / sizeof spans[0])];
}

/* A point in time near the clock: spans from now on as far as that is a number. */
static inline spw_ns desk_time(const struct desk *desk, struct bytes *bytes)
{
    spw_ns span = desk_span(bytes);
    spw_ns clock = spw_clock(desk->engine);
    return span > SPW_FOREVER - clock ? span : clock + span;
}

static inline spw_contact desk_contact(const struct desk *desk, struct bytes *bytes)
{
    uint8_t byte = bytes_u8(bytes);
    spw_contact any = {0};
    if (byte == 255) {
        any.bits = bytes_u64(bytes);
    } else if (byte != 254 && desk->contact_count > 0) { /* counted back from the newest */
        uint32_t kept = desk->contact_count < DESK_CONTACTS ? desk->contact_count : DESK_CONTACTS;
        any = desk->contact[(desk->contact_count - 1 - byte % kept) % DESK_CONTACTS];
    }
    return any;
}

static inline spw_counsellor desk_counsellor(const struct desk *desk, struct bytes *bytes)
{
    uint8_t byte = bytes_u8(bytes);
    spw_counsellor any = {0};
    if (byte == 255) {
        any.bits = bytes_u64(bytes);
    } else if (byte != 254) {
        any = desk->counsellor[byte % DESK_COUNSELLORS];
    }
    return any;
}

static inline void desk_arrive(const struct desk *desk, struct bytes *bytes, struct spw_arrive *a)
{
    uint8_t wishes = bytes_u8(bytes);
    a->id.hi = 1;
    a->id.lo = bytes_below(bytes, 40);
    a->home = bytes_below(bytes, 3);
    a->queue = bytes_below(bytes, 5);
    a->priority = (uint8_t)bytes_below(bytes, 4);
    if ((wishes & 1) != 0) {
        a->need = bytes_below(bytes, 5);
        a->channel = (uint8_t)bytes_below(bytes, 5);
        a->zone = (uint16_t)bytes_below(bytes, 3);
    }
    if ((wishes & 2) != 0) {
        a->token.lo = bytes_below(bytes, 5);
        a->flags = bytes_u8(bytes);
    }
    if ((wishes & 4) != 0) {
        a->sticky = desk_counsellor(desk, bytes);
        a->sticky_mode = (uint8_t)bytes_below(bytes, 3);
        a->sticky_hold_ns = desk_span(bytes);
    }
    if ((wishes & 8) != 0) {
        a->deadline = desk_time(desk, bytes);
    }
    if ((wishes & 16) != 0) {
        a->continues = desk_contact(desk, bytes);
    }
}

static inline void desk_stage(struct bytes *bytes, struct spw_input *in)
{
    static const uint32_t bases[] = {0, 100, 200};
    switch (in->kind) {
    case SPW_INPUT_STAGE_BEGIN:
        in->u.stage.what = bytes_below(bytes, 8);
        break;
    case SPW_INPUT_STAGE_STEP:
        in->u.step.after = desk_span(bytes);
        in->u.step.need = bytes_below(bytes, 5);
        in->u.step.raise = bytes_below(bytes, 4);
        break;
    case SPW_INPUT_STAGE_SET:
        in->u.set.field = bases[bytes_u8(bytes) % 3] + bytes_below(bytes, 30);
        in->u.set.index = bytes_below(bytes, 8);
        in->u.set.value = desk_span(bytes);
        if (bytes_u8(bytes) % 2 == 0) {
            in->u.set.value = bytes_below(bytes, 20);
        }
        break;
    case SPW_INPUT_SKILL_ADD:
        in->u.skill.key = bytes_below(bytes, 9);
        break;
    default: /* literal, clause, skill */
        in->u.literal.skill = bytes_below(bytes, 6);
        in->u.literal.level = bytes_below(bytes, 110);
        in->u.literal.mode = bytes_below(bytes, 3);
        break;
    }
}

static inline void desk_about_counsellor(const struct desk *desk, struct bytes *bytes,
                                         struct spw_input *in)
{
    if (in->kind == SPW_INPUT_COUNSELLOR_ADD) {
        in->u.counsellor_add.key = bytes_below(bytes, 9);
        in->u.counsellor_add.centre = bytes_below(bytes, 4);
        in->u.counsellor_add.skillset = bytes_below(bytes, 6);
        in->u.counsellor_add.units = bytes_below(bytes, 250);
        in->u.counsellor_add.channels = bytes_below(bytes, 33);
        in->u.counsellor_add.flags = bytes_below(bytes, 3);
        return;
    }
    in->u.counsellor.counsellor = desk_counsellor(desk, bytes);
    if (in->kind == SPW_INPUT_COUNSELLOR_SKILLS) {
        in->u.counsellor.detail = bytes_below(bytes, 6);
    } else if (in->kind == SPW_INPUT_COUNSELLOR_LIMITS) {
        in->u.limits.shift_end = desk_time(desk, bytes);
        in->u.limits.severe_max = bytes_below(bytes, 3);
        in->u.limits.load_max = bytes_below(bytes, 3);
        in->u.limits.rest = desk_span(bytes);
    }
}

static inline void desk_about_contact(const struct desk *desk, struct bytes *bytes,
                                      struct spw_input *in)
{
    in->u.contact.contact = desk_contact(desk, bytes); /* first member of them all */
    switch (in->kind) {
    case SPW_INPUT_CONTACT_RECLASSIFY:
        in->u.reclassify.queue = bytes_below(bytes, 5);
        in->u.reclassify.need = bytes_below(bytes, 5);
        in->u.reclassify.priority = (uint8_t)bytes_below(bytes, 8);
        in->u.reclassify.danger = in->u.reclassify.priority == 0;
        in->u.reclassify.flags = bytes_u8(bytes);
        break;
    case SPW_INPUT_CONTACT_TRANSFER:
        in->u.transfer.to = desk_counsellor(desk, bytes);
        in->u.transfer.queue = bytes_below(bytes, 5);
        in->u.transfer.need = bytes_below(bytes, 5);
        in->u.transfer.mode = bytes_below(bytes, 4);
        in->u.transfer.priority = (uint8_t)bytes_below(bytes, 8);
        in->u.transfer.danger = in->u.transfer.priority == 0;
        break;
    case SPW_INPUT_CONTACT_CALLBACK:
        in->u.callback.due_at = desk_time(desk, bytes);
        in->u.callback.safe_until = desk_time(desk, bytes);
        in->u.callback.attempts = bytes_below(bytes, 3);
        break;
    case SPW_INPUT_CONTACT_ACCEPTED:
    case SPW_INPUT_CONTACT_DECLINED:
    case SPW_INPUT_CONTACT_EXCLUDE:
    case SPW_INPUT_COUNSELLOR_WRAPPED_UP:
        in->u.pair.counsellor = desk_counsellor(desk, bytes);
        break;
    case SPW_INPUT_SUPERVISE_ASSIGN:
    case SPW_INPUT_SUPERVISE_PULL:
        in->u.supervise.counsellor = desk_counsellor(desk, bytes);
        break;
    default:
        in->u.contact.detail = bytes_below(bytes, 14);
        break;
    }
}

/* One input of any kind. */
static inline void desk_input(const struct desk *desk, struct bytes *bytes, struct spw_input *in)
{
    *in = (struct spw_input){.kind = bytes_below(bytes, 88)};
    uint32_t kind = in->kind;
    if (kind == SPW_INPUT_CONTACT_ARRIVE) {
        desk_arrive(desk, bytes, &in->u.arrive);
    } else if (kind >= SPW_INPUT_STAGE_BEGIN && kind <= SPW_INPUT_SKILL_ADD) {
        desk_stage(bytes, in);
    } else if (kind >= SPW_INPUT_QUEUE_CLOSE && kind <= SPW_INPUT_CENTRE_DARK) {
        in->u.queue.queue = bytes_below(bytes, 5);
    } else if (kind == SPW_INPUT_GAP || kind == SPW_INPUT_RECONCILE_END) {
        in->u.span = desk_span(bytes);
    } else if (kind == SPW_INPUT_SUPERVISE_FREEZE || kind == SPW_INPUT_SUPERVISE_THAW) {
        in->u.supervise.centre = bytes_below(bytes, 4);
        in->u.supervise.until = desk_time(desk, bytes);
    } else if ((kind >= SPW_INPUT_COUNSELLOR_ADD && kind < SPW_INPUT_COUNSELLOR_WRAPPED_UP) ||
               kind == SPW_INPUT_COUNSELLOR_ALIVE) {
        desk_about_counsellor(desk, bytes, in);
    } else {
        desk_about_contact(desk, bytes, in);
    }
}

/* When: mostly a little later, often at a deadline or just past it, sometimes back or absurd. */
static inline spw_ns desk_now(const struct desk *desk, struct bytes *bytes)
{
    uint8_t byte = bytes_u8(bytes);
    spw_ns clock = spw_clock(desk->engine);
    spw_ns deadline = spw_next_deadline(desk->engine);
    if (byte < 128) {
        return clock;
    }
    if (byte < 200) {
        return clock + (byte - 127) * 100 * SPW_MILLISECOND;
    }
    if (byte < 240) {
        return deadline == SPW_FOREVER ? clock : deadline + byte % 3 - 1;
    }
    return byte < 250 ? clock - byte % 10 : (spw_ns)desk_span(bytes);
}

/* Applies it; a handle that it made is kept for later. */
static inline int desk_apply(struct desk *desk, const struct spw_input *in, spw_ns now)
{
    uint64_t made = 0;
    int result = spw_apply(desk->engine, in, now, &made);
    if (in->kind == SPW_INPUT_CONTACT_ARRIVE && made != 0) {
        desk->contact[desk->contact_count++ % DESK_CONTACTS].bits = made;
    } else if (in->kind == SPW_INPUT_COUNSELLOR_ADD && made != 0) {
        desk->counsellor[desk->counsellor_count++ % DESK_COUNSELLORS].bits = made;
    }
    return result;
}

#endif
