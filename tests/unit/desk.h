/*
 * tests/unit/desk.h - a small desk for rule tests: one centre, a queue, counsellors by number, and
 * the last events by kind. Time is in seconds; counsellors and contacts are named by small numbers.
 */
#ifndef SPW__TESTS_DESK_H
#define SPW__TESTS_DESK_H

#include <check.h>
#include <spillway.h>
#include <stdlib.h>

struct desk {
    struct spw_engine *engine;
    struct spw_config config;
    spw_counsellor who[32];
    spw_contact contact[64];
    struct spw_event event[512]; /* all since the last desk_clear */
    size_t event_count;
};

#define MUST(call) ck_assert_int_eq((call), SPW_OK)

static inline spw_ns seconds(double s)
{
    return (spw_ns)(s * 1e9);
}

static inline void desk_poll(struct desk *d)
{
    struct spw_event event;
    while (spw_poll(d->engine, &event, 1) == 1) {
        ck_assert_uint_lt(d->event_count, 512);
        d->event[d->event_count++] = event;
    }
}

static inline void desk_clear(struct desk *d)
{
    desk_poll(d);
    d->event_count = 0;
}

/* The last event of a kind about a contact (0 = about nobody), or null. */
static inline const struct spw_event *desk_last(struct desk *d, uint32_t kind, uint64_t id)
{
    desk_poll(d);
    for (size_t i = d->event_count; i > 0; i--) {
        if (d->event[i - 1].kind == kind && d->event[i - 1].id.lo == id) {
            return &d->event[i - 1];
        }
    }
    return NULL;
}

/* To whom the contact was offered last: counsellor number, or 0. */
static inline int desk_offered(struct desk *d, uint64_t id)
{
    const struct spw_event *event = desk_last(d, SPW_EVENT_OFFER, id);
    for (int i = 1; event != NULL && i < 32; i++) {
        if (d->who[i].bits == event->counsellor.bits) {
            return i;
        }
    }
    return 0;
}

static inline uint32_t desk_queue(struct desk *d, uint32_t field, int64_t value, uint32_t field2,
                                  int64_t value2)
{
    uint32_t number;
    MUST(spw_stage_begin(d->engine, SPW_STAGE_QUEUE, 0));
    if (field != 0) {
        MUST(spw_stage_set(d->engine, (enum spw_field)field, 0, value, 0));
    }
    if (field2 != 0) {
        MUST(spw_stage_set(d->engine, (enum spw_field)field2, 0, value2, 0));
    }
    MUST(spw_stage_commit(d->engine, 0, &number));
    return number;
}

static inline void desk_plan(struct desk *d, enum spw_field field, uint32_t index, int64_t value,
                             spw_ns now)
{
    MUST(spw_stage_begin(d->engine, SPW_STAGE_PLAN, now));
    MUST(spw_stage_set(d->engine, field, index, value, now));
    MUST(spw_stage_commit(d->engine, now, NULL));
    while (spw_continue(d->engine, now) == SPW_E_BUSY) {
    }
}

static inline void desk_config(struct spw_config *config)
{
    spw_config_init(config);
    config->contacts_max = 64;
    config->counsellors_max = 32;
    config->centres_max = 2;
    config->queues_max = 8;
    config->tokens_max = 16;
    config->classes_max = 64;
    config->pools_max = 16;
}

/* One centre, one queue (number 1) without wrap-up, skills 1 to 3. */
static inline void desk_open_as(struct desk *d, const struct spw_config *config)
{
    *d = (struct desk){.config = *config};
    MUST(spw_engine_create(config, NULL, &d->engine));
    for (uint64_t key = 1; key <= 3; key++) {
        MUST(spw_skill_add(d->engine, key, 0, NULL));
    }
    MUST(spw_stage_begin(d->engine, SPW_STAGE_CENTRE, 0));
    MUST(spw_stage_commit(d->engine, 0, NULL));
    (void)desk_queue(d, 0, 0, 0, 0);
}

static inline void desk_open(struct desk *d)
{
    struct spw_config config;
    desk_config(&config);
    desk_open_as(d, &config);
}

static inline void desk_close(struct desk *d)
{
    char text[200] = "";
    ck_assert_msg(spw_check(d->engine, text, sizeof text) == 0, "%s", text);
    spw_engine_destroy(d->engine);
}

/* Out and in again: another engine goes on with the exported state, and says the same of it. */
static inline void desk_again(struct desk *d)
{
    uint64_t before = spw_state_hash(d->engine);
    size_t size = spw_state_export(d->engine, NULL, 0);
    unsigned char *bytes = malloc(size);
    desk_poll(d);
    ck_assert_uint_eq(spw_state_export(d->engine, bytes, size), size);
    spw_engine_destroy(d->engine);
    MUST(spw_engine_create(&d->config, NULL, &d->engine));
    MUST(spw_state_import(d->engine, bytes, size));
    free(bytes);
    ck_assert_uint_eq(spw_state_hash(d->engine), before);
}

/* A skill set holding the skills whose bits are set (bit 0 = skill 1), at level 50. */
static inline uint32_t desk_skillset(struct desk *d, uint32_t bits)
{
    uint32_t number;
    MUST(spw_stage_begin(d->engine, SPW_STAGE_SKILLSET, 0));
    for (uint32_t skill = 1; skill <= 3; skill++) {
        if (((bits >> (skill - 1)) & 1) != 0) {
            MUST(spw_stage_skill(d->engine, skill, 50, 0));
        }
    }
    MUST(spw_stage_commit(d->engine, 0, &number));
    return number;
}

/* A need for one skill at a level. */
static inline uint32_t desk_need(struct desk *d, uint32_t skill, uint32_t level)
{
    uint32_t number;
    MUST(spw_stage_begin(d->engine, SPW_STAGE_NEED, 0));
    MUST(spw_stage_literal(d->engine, skill, level, SPW_HOLDS, 0));
    MUST(spw_stage_commit(d->engine, 0, &number));
    return number;
}

static inline void desk_counsellor(struct desk *d, int n, uint32_t skillset)
{
    struct spw_counsellor_add add = {.key = (uint64_t)n, .centre = 1, .skillset = skillset};
    MUST(spw_counsellor_add(d->engine, &add, 0, &d->who[n]));
}

static inline void desk_ready(struct desk *d, int n, double at)
{
    MUST(spw_counsellor_ready(d->engine, d->who[n], seconds(at)));
}

static inline struct spw_arrive desk_person(uint64_t id, uint8_t priority)
{
    struct spw_arrive arrive = {.home = 1, .queue = 1, .priority = priority};
    arrive.id.hi = 1;
    arrive.id.lo = id;
    return arrive;
}

static inline void desk_arrive(struct desk *d, const struct spw_arrive *arrive, double at)
{
    MUST(spw_contact_arrive(d->engine, arrive, seconds(at), &d->contact[arrive->id.lo]));
}

static inline void desk_call(struct desk *d, uint64_t id, uint8_t priority, double at)
{
    struct spw_arrive arrive = desk_person(id, priority);
    desk_arrive(d, &arrive, at);
}

static inline void desk_accept(struct desk *d, uint64_t id, int n, double at)
{
    MUST(spw_contact_accepted(d->engine, d->contact[id], d->who[n], seconds(at)));
}

static inline void desk_end(struct desk *d, uint64_t id, double at)
{
    MUST(spw_contact_ended(d->engine, d->contact[id], SPW_END_SERVED, seconds(at)));
}

/* So many counsellors who can do nothing special, from 1 on; caller 1 talks to the first since 3 s,
 * the others are not there yet. */
static inline void desk_talk(struct desk *d, int count)
{
    for (int n = 1; n <= count; n++) {
        desk_counsellor(d, n, 0);
    }
    desk_ready(d, 1, 1);
    desk_call(d, 1, 3, 2);
    desk_accept(d, 1, 1, 3);
}

/* To any able counsellor, in the same queue, with priority 3. */
static inline void desk_transfer(struct desk *d, uint64_t id, enum spw_transfer mode, double at)
{
    const spw_counsellor anybody = {0};
    MUST(spw_contact_transfer(d->engine, d->contact[id], mode, anybody, 0, 0, 3, seconds(at)));
}

/* A second centre with a lease of 30 s, and counsellor 1 of it, not ready. Its number. */
static inline uint32_t desk_lease(struct desk *d)
{
    uint32_t centre = 0;
    MUST(spw_stage_begin(d->engine, SPW_STAGE_CENTRE, 0));
    MUST(spw_stage_set(d->engine, SPW_CENTRE_LEASE, 0, seconds(30), 0));
    MUST(spw_stage_commit(d->engine, 0, &centre));
    const struct spw_counsellor_add add = {.key = 1, .centre = centre};
    MUST(spw_counsellor_add(d->engine, &add, 0, &d->who[1]));
    return centre;
}

#endif
