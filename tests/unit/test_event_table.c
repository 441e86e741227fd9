/*
 * tests/unit/test_event_table.c - the table above SPW_EVENT_MAP beside what the engine writes: over
 * random streams every event uses the members that its row names, and no other.
 */
#include <check.h>
#include <stdbool.h>

#include "suite.h"
#include "swarm.h"

#define SEEDS 60
#define INPUTS 800

/* A row of the table. */
struct row {
    char about;           /* 'c' contact, 'p' contact and counsellor, 's' counsellor, '-' neither */
    unsigned char until;  /* may be set */
    unsigned char detail; /* may be set */
    uint16_t states;      /* bits of enum spw_contact_state; 0: not asked */
};

#define BIT(state) (1u << SPW_CONTACT_##state)
#define PROMISED (BIT(WAITING) | BIT(TRANSFERRING))

static const struct row rows[] = {
    [SPW_EVENT_WAITING] = {'c', 0, 0, BIT(WAITING)},
    [SPW_EVENT_OFFER] = {'p', 1, 1, BIT(OFFERED) | BIT(TRANSFERRING)},
    [SPW_EVENT_OFFER_WITHDRAWN] = {'p', 0, 0, PROMISED},
    [SPW_EVENT_OFFER_LOST] = {'p', 0, 0, 0},
    [SPW_EVENT_OFFER_MISSED] = {'p', 0, 1, PROMISED},
    [SPW_EVENT_OFFER_DECLINED] = {'p', 0, 0, PROMISED},
    [SPW_EVENT_CONNECTED] = {'p', 0, 0, BIT(CONNECTED)},
    [SPW_EVENT_ENDED] = {'c', 0, 0, BIT(GONE)},
    [SPW_EVENT_PARKED] = {'c', 1, 0, BIT(PARKED)},
    [SPW_EVENT_RESUMED] = {'c', 0, 0, BIT(WAITING)},
    [SPW_EVENT_MOVED] = {'c', 0, 1, PROMISED | BIT(PARKED) | BIT(CALLBACK)},
    [SPW_EVENT_CALLBACK_SET] = {'c', 1, 0, BIT(CALLBACK)},
    [SPW_EVENT_CALLBACK_DUE] = {'c', 0, 0, BIT(WAITING)},
    [SPW_EVENT_TRANSFERRING] = {'p', 0, 1, BIT(CONNECTED)},
    [SPW_EVENT_TRANSFER_ENDED] = {'p', 0, 0, BIT(CONNECTED)},
    [SPW_EVENT_CLAIMED] = {'p', 0, 0, 0},
    [SPW_EVENT_CLAIM_RELEASED] = {'p', 0, 0, 0},
    [SPW_EVENT_COUNSELLOR] = {'s', 0, 1, 0},
    [SPW_EVENT_WRAP_UP] = {'p', 1, 0, 0},
    [SPW_EVENT_WRAPPED_UP] = {'s', 0, 1, 0},
    [SPW_EVENT_BREAK_DUE] = {'s', 1, 1, 0},
    [SPW_EVENT_PULL_EMPTY] = {'s', 0, 1, 0},
    [SPW_EVENT_BREAK_PUT_OFF] = {'s', 0, 1, 0},
};

static void look_at(const struct spw_event *event)
{
    const char *name = spw_event_name(event->kind);
    if (event->kind >= sizeof rows / sizeof *rows || rows[event->kind].about == 0) {
        return; /* of neither: their rows name each member */
    }
    const struct row *row = &rows[event->kind];
    bool contact = row->about != 's';
    ck_assert_msg(row->until || event->until == 0, "%s: until", name);
    ck_assert_msg(row->detail || event->detail_a == 0, "%s: detail_a", name);
    ck_assert_msg(event->centre != 0, "%s: centre", name);
    if (contact) {
        ck_assert_msg(event->contact.bits != 0 && event->queue != 0, "%s: contact", name);
        ck_assert_msg((event->id.hi | event->id.lo) != 0 && event->waited >= 0, "%s: id", name);
        ck_assert_msg(row->states == 0 || ((row->states >> event->state) & 1) != 0, "%s: state %u",
                      name, event->state);
    } else {
        ck_assert_msg(event->queue == 0 && event->id.lo == 0, "%s: of a contact", name);
    }
    if (row->about != 'c') {
        ck_assert_msg(event->counsellor.bits != 0, "%s: counsellor", name);
    } else if (event->kind != SPW_EVENT_ENDED) {
        ck_assert_msg(event->counsellor.bits == 0, "%s: a counsellor", name);
    }
}

static void drain(struct spw_engine *engine, uint64_t *seen)
{
    struct spw_event event;
    while (spw_poll(engine, &event, 1) > 0) {
        *seen |= (uint64_t)1 << event.kind;
        look_at(&event);
    }
}

START_TEST(events_use_the_members_of_their_row)
{
    uint64_t seen = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct spw_config config;
        struct spw_engine *engine;
        struct swarm swarm;
        swarm_config(&config, seed);
        ck_assert_int_eq(spw_engine_create(&config, NULL, &engine), SPW_OK);
        swarm_setup(&swarm, engine, seed);
        drain(engine, &seen);
        for (int i = 0; i < INPUTS; i++) {
            struct spw_input in;
            uint64_t made = 0;
            swarm_input(&swarm, &in);
            if (spw_apply(engine, &in, swarm.now, &made) == SPW_OK) {
                swarm_made(&swarm, &in, made);
            }
            drain(engine, &seen);
            while (spw_continue(engine, swarm.now) == SPW_E_BUSY) {
                drain(engine, &seen);
            }
            drain(engine, &seen);
        }
        spw_engine_destroy(engine);
    }
    seen |= (uint64_t)1 << SPW_EVENT_BREAK_PUT_OFF; /* too rare here; test_limits.c has it */
    for (size_t kind = 0; kind < sizeof rows / sizeof *rows; kind++) {
        ck_assert_msg(rows[kind].about == 0 || ((seen >> kind) & 1) != 0, "%s never came",
                      spw_event_name((uint32_t)kind));
    }
}
END_TEST

int main(void)
{
    return SUITE_RUN("event table", events_use_the_members_of_their_row);
}
