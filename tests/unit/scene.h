/*
 * tests/unit/scene.h - a scene for what can go wrong, and how to look at it: contact 1 talks to
 * ada, 2 is offered to bea, 3 waits, 4 is parked, 5 is promised a callback, 6 has ended. Cora is
 * known but out; dora was removed.
 */
#ifndef SPW__TESTS_SCENE_H
#define SPW__TESTS_SCENE_H

#include "desk.h"
#include "suite.h"

#include <string.h>

enum { ADA = 1, BEA, CORA, DORA };
enum { TALKING = 1, OFFERED, WAITING, PARKED, PROMISED, ENDED, NEWCOMER };

#define NOW 100.0
#define ARRIVED 6u

static inline void scene_open(struct desk *d)
{
    desk_open(d);
    (void)desk_queue(d, SPW_QUEUE_CALLBACK_MAX, 1, SPW_QUEUE_OFFER_TIMEOUT, 500 * SPW_SECOND);
    for (int n = ADA; n <= DORA; n++) {
        desk_counsellor(d, n, 0);
    }
    MUST(spw_counsellor_remove(d->engine, d->who[DORA], 0));
    desk_ready(d, ADA, 1);
    for (uint64_t id = TALKING; id <= ENDED; id++) {
        struct spw_arrive person = desk_person(id, 3);
        person.queue = 2;
        desk_arrive(d, &person, (double)id + 1);
        if (id == TALKING) {
            desk_accept(d, id, ADA, 3);
            desk_ready(d, BEA, 3);
        }
    }
    MUST(spw_contact_dropped(d->engine, d->contact[PARKED], seconds(NOW)));
    MUST(spw_contact_callback(d->engine, d->contact[PROMISED], seconds(NOW + 500), SPW_FOREVER,
                              seconds(NOW)));
    MUST(spw_contact_left(d->engine, d->contact[ENDED], seconds(NOW)));
    ck_assert_int_eq(desk_offered(d, OFFERED), BEA);
    desk_clear(d);
}

/* The order of a policy to which all are alike. */
static inline void take_first(const void *params, const struct spw_decision *decision,
                              const struct spw_head *heads, size_t n, int64_t *scores)
{
    (void)params;
    (void)decision;
    (void)heads;
    memset(scores, 0, n * sizeof *scores);
}

/* Everybody who arrived is live or has ended, and the invariants hold. */
static inline void accounted(struct desk *d, uint64_t arrived)
{
    struct spw_counters all;
    uint64_t out = 0;
    char text[200] = "";
    MUST(spw_view_counters(d->engine, 0, 0, -1, 0, &all));
    for (int reason = 0; reason < 16; reason++) {
        out += all.ended[reason];
    }
    ck_assert_uint_eq(all.arrived, arrived);
    ck_assert_uint_eq(all.live + out, arrived);
    ck_assert_msg(spw_check(d->engine, text, sizeof text) == 0, "%s", text);
}

static inline void scene_close(struct desk *d, uint64_t arrived)
{
    accounted(d, arrived);
    desk_close(d);
}

/* Refused with that code: no trace in the state, nothing said, nothing made. */
static inline void refused_at(struct desk *d, const struct spw_input *in, spw_ns now, int code)
{
    uint64_t before = spw_state_hash(d->engine);
    uint64_t made = 99;
    desk_clear(d);
    int result = spw_apply(d->engine, in, now, &made);
    ck_assert_msg(result == code, "%s: %s, not %s",
                  spw_input_name(in->kind) != NULL ? spw_input_name(in->kind) : "no kind",
                  spw_error_name(result), spw_error_name(code));
    ck_assert_uint_eq(spw_state_hash(d->engine), before);
    desk_poll(d);
    ck_assert_uint_eq(d->event_count, 0);
    ck_assert_uint_eq(made, 0);
}

static inline void refused(struct desk *d, const struct spw_input *in, int code)
{
    refused_at(d, in, seconds(NOW), code);
}

static inline struct spw_input about(uint32_t kind, spw_contact contact, spw_counsellor counsellor)
{
    struct spw_input in = {.kind = kind};
    if (kind >= SPW_INPUT_SUPERVISE_ASSIGN && kind <= SPW_INPUT_SUPERVISE_PULL) {
        in.u.supervise.contact = contact;
        in.u.supervise.counsellor = counsellor;
    } else if (kind == SPW_INPUT_CONTACT_TRANSFER) {
        in.u.transfer.contact = contact;
        in.u.transfer.to = counsellor;
        in.u.transfer.mode = SPW_TRANSFER_COLD;
    } else if (kind == SPW_INPUT_CONTACT_CALLBACK) {
        in.u.callback.contact = contact;
        in.u.callback.due_at = seconds(NOW + 1);
        in.u.callback.safe_until = SPW_FOREVER;
    } else if (kind == SPW_INPUT_CONTACT_ACCEPTED || kind == SPW_INPUT_CONTACT_DECLINED ||
               kind == SPW_INPUT_CONTACT_EXCLUDE || kind == SPW_INPUT_COUNSELLOR_WRAPPED_UP) {
        in.u.pair.contact = contact;
        in.u.pair.counsellor = counsellor;
    } else if (kind < SPW_INPUT_COUNSELLOR_ADD || kind == SPW_INPUT_RECONCILE_BEGIN) {
        return in; /* about nobody */
    } else if (kind < SPW_INPUT_CONTACT_ARRIVE || kind == SPW_INPUT_COUNSELLOR_ALIVE) {
        in.u.counsellor.counsellor = counsellor;
    } else {
        in.u.contact.contact = contact;
    }
    return in;
}

static inline uint8_t state_of(struct desk *d, int contact)
{
    struct spw_contact_view view;
    MUST(spw_view_contact(d->engine, d->contact[contact], &view));
    return view.state;
}

#endif
