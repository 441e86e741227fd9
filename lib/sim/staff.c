/*
 * sim/staff.c - the counsellors: shifts, answers, breaks, lines that come and go.
 *
 *   off duty -> ready <-> break          an offer is accepted, declined, or let ring out
 *                 |  \--> not answering -> ready
 *                 +-----> lost -> ready  (the engine keeps or gives up what it held)
 *
 * Under a lease a connected counsellor gives signs of life, in breaks too and until the last talk
 * is over; a connection that is lost is silent, and an offer to it rings out. Breaks are of two
 * kinds: the counsellor's own act, for which nobody is asked, and breaks that fall due by the
 * limits of a crew: the engine lets these begin, and a counsellor who rests is on duty for danger
 * alone.
 *
 * Invariants: busy while talks + wraps > 0; staffed while on duty and reachable, or busy. Whether
 * an offer is answered depends on the person and the number of the offer, so that policies meet the
 * same luck; breaks and lines depend on the worker.
 * Who calls: sim/world.c and sim/people.c. Cost: constant per appointment.
 */
#include "sim/world.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/dist.h"

#define BACK_AFTER_S 60.0
#define PULL_AGAIN_S 10.0
#define RING_STEP 0x9fb21c651e98df25u

static const struct spw_crew *crew_of(const struct spw_world *world, uint32_t w)
{
    return &world->scenario->crews[world->worker[w].crew];
}

/* --- what lasts ------------------------------------------------------------------------------- */

/* Closes the spans that are over and opens those that begin. */
static void note(struct spw_world *world, uint32_t w)
{
    struct spw__worker *worker = &world->worker[w];
    bool busy = worker->talks + worker->wraps > 0;
    bool here = worker->on_duty && !worker->on_break && !worker->lost && !worker->missing &&
                worker->rest_until <= world->now;
    bool staffed = busy || here;
    if (worker->busy && !busy) {
        spw__tally_staff(&world->tally, worker->crew, true, worker->busy_at, world->now);
    } else if (!worker->busy && busy) {
        worker->busy_at = world->now;
    }
    if (worker->staffed && !staffed) {
        spw__tally_staff(&world->tally, worker->crew, false, worker->staffed_at, world->now);
    } else if (!worker->staffed && staffed) {
        worker->staffed_at = world->now;
    }
    worker->busy = busy;
    worker->staffed = staffed;
}

static void tell(struct spw_world *world, uint32_t w, uint32_t kind)
{
    struct spw_input input = {.kind = kind};
    input.u.counsellor.counsellor = world->worker[w].handle;
    (void)spw__world_apply(world, &input, NULL);
}

static void plan_pull(struct spw_world *world, uint32_t w, double after_s)
{
    if ((crew_of(world, w)->flags & SPW_COUNSELLOR_PULLS) != 0 && world->worker[w].on_duty) {
        spw__world_plan(world, SPW__PULL, spw__world_after(world, after_s), w, 0,
                        world->worker[w].stamp);
    }
}

void spw__staff_talk(struct spw_world *world, uint32_t w, int change)
{
    if (w == SPW__NOBODY) {
        return;
    }
    world->worker[w].talks += (uint32_t)change;
    note(world, w);
    if (change < 0) {
        plan_pull(world, w, 0);
    }
}

/* --- signs of life ---------------------------------------------------------------------------- */

static void plan_beat(struct spw_world *world, uint32_t w)
{
    struct spw__worker *worker = &world->worker[w];
    double every = crew_of(world, w)->heartbeat_s;
    if (every > 0 && !worker->beating) {
        worker->beating = true;
        spw__world_plan(world, SPW__BEAT, spw__world_after(world, every), w, 0, 0);
    }
}

static void beat(struct spw_world *world, uint32_t w)
{
    struct spw__worker *worker = &world->worker[w];
    worker->beating = false;
    if (!worker->on_duty && worker->talks + worker->wraps == 0) {
        return;
    }
    if (!worker->lost) {
        tell(world, w, SPW_INPUT_COUNSELLOR_HEARTBEAT);
    }
    plan_beat(world, w);
}

/* --- shifts ----------------------------------------------------------------------------------- */

/* Begin and end of the shift that a worker has now or next; false when there is none. */
static bool shift_at(const struct spw_world *world, uint32_t w, double *from, double *to)
{
    const struct spw_crew *crew = crew_of(world, w);
    uint32_t n = world->worker[w].shift;
    uint32_t member = world->worker[w].member;
    if (crew->shift_count == 0) {
        *from = 0;
        *to = INFINITY;
        return n == 0;
    }
    size_t first = crew->shift_ends != NULL && member > 0 ? crew->shift_ends[member - 1] : 0;
    size_t count =
        (crew->shift_ends != NULL ? crew->shift_ends[member] : crew->shift_count) - first;
    if (count == 0 || (crew->day_s <= 0 && n >= count)) {
        return false;
    }
    const struct spw_shift *shift = &crew->shifts[first + n % count];
    double day = crew->day_s > 0 ? floor((double)n / (double)count) * crew->day_s : 0;
    *from = shift->from_s + day;
    *to = shift->to_s + day;
    return true;
}

static void plan_shift(struct spw_world *world, uint32_t w)
{
    double from;
    double to;
    if (shift_at(world, w, &from, &to)) {
        spw_ns at = (spw_ns)(fmax(from, 0) * 1e9);
        spw__world_plan(world, SPW__SHIFT_ON, at > world->now ? at : world->now, w, 0, 0);
    }
}

static void plan_break(struct spw_world *world, uint32_t w)
{
    const struct spw_crew *crew = crew_of(world, w);
    struct spw__worker *worker = &world->worker[w];
    if (crew->break_every_s > 0) {
        double after = spw__stream_exponential(&worker->draws, crew->break_every_s);
        spw__world_plan(world, SPW__BREAK_ON, spw__world_after(world, after), w, 0, worker->stamp);
    }
}

static void plan_loss(struct spw_world *world, uint32_t w)
{
    const struct spw_crew *crew = crew_of(world, w);
    struct spw__worker *worker = &world->worker[w];
    if (crew->up_mean_s > 0) {
        double after = spw__stream_exponential(&worker->line_draws, crew->up_mean_s);
        spw__world_plan(world, SPW__LINE_LOST, spw__world_after(world, after), w, 0, worker->stamp);
    }
}

static void shift_on(struct spw_world *world, uint32_t w)
{
    struct spw__worker *worker = &world->worker[w];
    double from;
    double to;
    if (!shift_at(world, w, &from, &to)) {
        return;
    }
    worker->on_duty = true;
    worker->lost = world->dark[crew_of(world, w)->centre] != 0;
    note(world, w);
    plan_beat(world, w);
    if (!worker->lost) {
        tell(world, w, SPW_INPUT_COUNSELLOR_READY);
        plan_break(world, w);
        plan_loss(world, w);
        plan_pull(world, w, 0);
    }
    if (!isinf(to)) {
        spw__world_plan(world, SPW__SHIFT_OFF, (spw_ns)(to * 1e9), w, 0, 0);
    }
}

static void shift_off(struct spw_world *world, uint32_t w)
{
    struct spw__worker *worker = &world->worker[w];
    double from;
    double to;
    worker->shift++;
    /* The next shift may begin before this one ends: then there is no break between the two. */
    if (shift_at(world, w, &from, &to) && from * 1e9 <= (double)world->now) {
        spw__world_plan(world, SPW__SHIFT_OFF, (spw_ns)(to * 1e9), w, 0, 0);
        return;
    }
    worker->stamp++;
    worker->on_duty = worker->on_break = worker->missing = worker->lost = false;
    note(world, w);
    tell(world, w, SPW_INPUT_COUNSELLOR_SIGN_OUT);
    plan_shift(world, w);
}

/* --- breaks and lines ------------------------------------------------------------------------- */

static void take_break(struct spw_world *world, uint32_t w, bool begin)
{
    struct spw__worker *worker = &world->worker[w];
    worker->on_break = begin;
    note(world, w);
    if (!worker->lost) {
        tell(world, w, begin ? SPW_INPUT_COUNSELLOR_PAUSE : SPW_INPUT_COUNSELLOR_READY);
    }
    if (begin) {
        double mean = crew_of(world, w)->break_mean_s;
        double length = mean > 0 ? spw__stream_exponential(&worker->draws, mean) : 0;
        spw__world_plan(world, SPW__BREAK_OFF, spw__world_after(world, length), w, 0,
                        worker->stamp);
    } else {
        plan_break(world, w);
        plan_pull(world, w, 0);
    }
}

/* Whether a break that is due is put off: it then comes up again as the next one would. */
static bool put_off(struct spw_world *world, uint32_t w)
{
    const struct spw_crew *crew = crew_of(world, w);
    struct spw_depth depth;
    return crew->break_when_quiet != 0 &&
           spw_view_depth(world->engine, crew->centre, 0, &depth) == SPW_OK && depth.waiting > 0;
}

static void line_lost(struct spw_world *world, uint32_t w)
{
    struct spw__worker *worker = &world->worker[w];
    double mean = crew_of(world, w)->down_mean_s;
    worker->lost = true;
    note(world, w);
    if (!(crew_of(world, w)->heartbeat_s > 0)) {
        tell(world, w, SPW_INPUT_COUNSELLOR_LOST); /* else the lease will show it */
    }
    double length = mean > 0 ? spw__stream_exponential(&worker->line_draws, mean) : 0;
    spw__world_plan(world, SPW__LINE_BACK, spw__world_after(world, length), w, 0, worker->stamp);
}

/* Back before the lease was over: nothing has happened, and the place among the idle is kept. */
static bool unnoticed(struct spw_world *world, uint32_t w)
{
    struct spw_counsellor_view view;
    if (!(crew_of(world, w)->heartbeat_s > 0)) {
        return false;
    }
    tell(world, w, SPW_INPUT_COUNSELLOR_HEARTBEAT);
    return spw_view_counsellor(world->engine, world->worker[w].handle, &view) == SPW_OK &&
           view.state == SPW_COUNSELLOR_ON;
}

static void line_back(struct spw_world *world, uint32_t w)
{
    struct spw__worker *worker = &world->worker[w];
    worker->lost = worker->missing = false;
    note(world, w);
    if (!unnoticed(world, w)) {
        tell(world, w, SPW_INPUT_COUNSELLOR_READY);
    }
    if (worker->on_break) {
        tell(world, w, SPW_INPUT_COUNSELLOR_PAUSE);
    }
    plan_loss(world, w);
    plan_pull(world, w, 0);
}

void spw__staff_dark(struct spw_world *world, spw_centre centre, bool dark)
{
    world->dark[centre] = dark;
    for (uint32_t w = 0; w < world->worker_count; w++) {
        struct spw__worker *worker = &world->worker[w];
        if (crew_of(world, w)->centre != centre || !worker->on_duty) {
            continue;
        }
        worker->stamp++; /* whatever was planned for breaks and line is off */
        worker->on_break = worker->missing = false;
        worker->lost = dark;
        note(world, w);
        if (!dark) {
            tell(world, w, SPW_INPUT_COUNSELLOR_READY);
            plan_break(world, w);
            plan_loss(world, w);
            plan_pull(world, w, 0);
        }
    }
}

static void back(struct spw_world *world, uint32_t w)
{
    struct spw__worker *worker = &world->worker[w];
    if (worker->missing) {
        worker->missing = false;
        note(world, w);
        if (!worker->lost && !worker->on_break) {
            tell(world, w, SPW_INPUT_COUNSELLOR_READY);
        }
        plan_pull(world, w, 0);
    }
}

/* --- offers ----------------------------------------------------------------------------------- */

bool spw__staff_offered(struct spw_world *world, uint32_t w, uint32_t slot)
{
    const struct spw__person *person = &world->person[slot];
    const struct spw_crew *crew = crew_of(world, w);
    if (world->worker[w].lost) { /* nobody has noticed yet */
        return false;
    }
    if (crew->answer == NULL && !(crew->miss_probability > 0) && !(crew->decline_probability > 0)) {
        spw__world_plan(world, SPW__ACCEPT, world->now, slot, w, person->offers);
        return true;
    }
    uint64_t stream = world->tally.cell[person->cell].stream;
    struct spw__stream draws =
        spw__stream_of(world->key[SPW__DRAW_ANSWER], (stream << 40) ^ person->number);
    draws.counter = (person->attempts * 64 + person->rings) * RING_STEP;
    double luck = spw__stream_uniform(&draws);
    double after = crew->answer != NULL ? spw__dist_sample(crew->answer, &draws) : 0;
    if (luck < crew->miss_probability) {
        return false;
    }
    bool declines = luck < crew->miss_probability + crew->decline_probability;
    spw__world_plan(world, declines ? SPW__DECLINE : SPW__ACCEPT, spw__world_after(world, after),
                    slot, w, person->offers);
    return false;
}

static void answer(struct spw_world *world, const struct spw__appointment *what)
{
    struct spw__person *person = &world->person[what->who];
    if (person->offers != what->stamp || !spw__person_waits(person) ||
        world->worker[what->with].lost) {
        return;
    }
    bool promised = person->state == SPW__PERSON_CALLBACK;
    struct spw_input input = {.kind = what->kind == SPW__ACCEPT ? SPW_INPUT_CONTACT_ACCEPTED
                                                                : SPW_INPUT_CONTACT_DECLINED};
    input.u.pair.contact = person->contact;
    input.u.pair.counsellor = world->worker[what->with].handle;
    (void)spw__world_apply(world, &input, NULL);
    if (promised && what->kind == SPW__ACCEPT) {
        struct spw_input done = {.kind = SPW_INPUT_CONTACT_CALLBACK_DONE};
        done.u.contact.contact = person->contact;
        done.u.contact.detail = SPW_CALLBACK_REACHED;
        (void)spw__world_apply(world, &done, NULL);
    }
}

/* --- wrap-up ---------------------------------------------------------------------------------- */

static void on_wrap_up(struct spw_world *world, uint32_t w, const struct spw_event *event)
{
    world->worker[w].wraps++;
    note(world, w);
    if (event->until == SPW_FOREVER) {
        spw__wrap_up_begin(world, w, event->contact);
    } else { /* the engine ends it */
        world->tally.wrapped_s += (double)(event->until - event->at) * 1e-9;
        world->tally.wrapped += 1;
    }
}

/* --- opening ---------------------------------------------------------------------------------- */

static uint32_t hash(spw_counsellor handle)
{
    return (uint32_t)((handle.bits * 0x9e3779b97f4a7c15u) >> 32);
}

uint32_t spw__staff_find(const struct spw_world *world, spw_counsellor handle)
{
    uint32_t at = hash(handle) & world->by_handle_mask;
    while (handle.bits != 0 && world->by_handle[at] != 0) {
        if (world->worker[world->by_handle[at] - 1].handle.bits == handle.bits) {
            return world->by_handle[at] - 1;
        }
        at = (at + 1) & world->by_handle_mask;
    }
    return SPW__NOBODY;
}

static int join(struct spw_world *world, uint32_t w, char *error, size_t size)
{
    struct spw__worker *worker = &world->worker[w];
    const struct spw_crew *crew = crew_of(world, w);
    struct spw_input input = {.kind = SPW_INPUT_COUNSELLOR_ADD};
    input.u.counsellor_add = (struct spw_counsellor_add){.key = w + 1,
                                                         .centre = crew->centre,
                                                         .skillset = crew->skillset,
                                                         .units = crew->units,
                                                         .channels = crew->channels,
                                                         .flags = crew->flags};
    int result = spw__world_apply(world, &input, &worker->handle.bits);
    if (result != SPW_OK) {
        (void)snprintf(error, size, "crew %s: %s", crew->name != NULL ? crew->name : "?",
                       spw_error_text(result));
        return -1;
    }
    uint32_t at = hash(worker->handle) & world->by_handle_mask;
    while (world->by_handle[at] != 0) {
        at = (at + 1) & world->by_handle_mask;
    }
    world->by_handle[at] = w + 1;
    if (crew->rest_s > 0) {
        struct spw_input limits = {.kind = SPW_INPUT_COUNSELLOR_LIMITS};
        limits.u.limits.counsellor = worker->handle;
        limits.u.limits.severe_max = crew->severe_max;
        limits.u.limits.load_max = crew->load_max;
        limits.u.limits.rest = (spw_ns)(crew->rest_s * 1e9);
        (void)spw__world_apply(world, &limits, NULL);
    }
    return 0;
}

int spw__staff_open(struct spw_world *world, char *error, size_t size)
{
    const struct spw_scenario *scenario = world->scenario;
    uint32_t w = 0;
    spw__wrap_up_open(world);
    for (uint32_t i = 0; i <= world->by_handle_mask; i++) {
        world->by_handle[i] = 0;
    }
    for (uint32_t i = 0; i < scenario->crew_count; i++) {
        for (uint32_t n = 0; n < scenario->crews[i].count; n++, w++) {
            world->worker[w] = (struct spw__worker){
                .crew = i,
                .member = n,
                .draws = spw__stream_make(scenario->seed, world->run, SPW__DRAW_STAFF, w),
                .line_draws = spw__stream_make(scenario->seed, world->run, SPW__DRAW_LINE, w),
                .wrap_draws = spw__stream_make(scenario->seed, world->run, SPW__DRAW_WRAP_UP, w)};
            if (join(world, w, error, size) != 0) {
                return -1;
            }
            double luck = spw__stream_uniform(&world->worker[w].draws);
            if (!(luck < scenario->crews[i].no_show_probability)) {
                plan_shift(world, w);
            }
        }
    }
    return 0;
}

/* --- doors ------------------------------------------------------------------------------------ */

void spw__staff_happen(struct spw_world *world, const struct spw__appointment *what)
{
    if (what->kind == SPW__ACCEPT || what->kind == SPW__DECLINE) {
        answer(world, what);
        return;
    }
    uint32_t w = what->who;
    struct spw__worker *worker = &world->worker[w];
    bool outdated = what->stamp != worker->stamp;
    switch (what->kind) {
    case SPW__WRAPPED_UP:
        spw__wrap_up_end(world, w, what->with, what->stamp);
        break;
    case SPW__SHIFT_ON:
        shift_on(world, w);
        break;
    case SPW__SHIFT_OFF:
        shift_off(world, w);
        break;
    case SPW__BREAK_ON:
    case SPW__BREAK_OFF:
        if (!outdated && what->kind == SPW__BREAK_ON && put_off(world, w)) {
            plan_break(world, w);
        } else if (!outdated) {
            take_break(world, w, what->kind == SPW__BREAK_ON);
        }
        break;
    case SPW__LINE_LOST:
        if (!outdated) {
            line_lost(world, w);
        }
        break;
    case SPW__LINE_BACK:
        if (!outdated) {
            line_back(world, w);
        }
        break;
    case SPW__PULL:
        if (!outdated && worker->talks + worker->wraps == 0 && worker->staffed) {
            tell(world, w, SPW_INPUT_COUNSELLOR_PULL);
        }
        break;
    case SPW__BEAT:
        beat(world, w);
        break;
    case SPW__REST_OFF:
        note(world, w);
        plan_pull(world, w, 0);
        break;
    default:
        if (!outdated) {
            back(world, w);
        }
    }
}

void spw__staff_event(struct spw_world *world, const struct spw_event *event)
{
    bool in_vain = event->kind == SPW_EVENT_PULL_EMPTY || event->kind == SPW_EVENT_OFFER_MISSED ||
                   event->kind == SPW_EVENT_OFFER_DECLINED ||
                   event->kind == SPW_EVENT_OFFER_WITHDRAWN;
    if (!in_vain && event->kind != SPW_EVENT_COUNSELLOR && event->kind != SPW_EVENT_WRAP_UP &&
        event->kind != SPW_EVENT_WRAPPED_UP && event->kind != SPW_EVENT_BREAK_DUE) {
        return;
    }
    uint32_t w = spw__staff_find(world, event->counsellor);
    if (w == SPW__NOBODY) {
        return;
    }
    struct spw__worker *worker = &world->worker[w];
    if (event->kind == SPW_EVENT_WRAP_UP) {
        on_wrap_up(world, w, event);
    } else if (event->kind == SPW_EVENT_WRAPPED_UP) {
        worker->wraps -= worker->wraps > 0;
        note(world, w);
        plan_pull(world, w, 0);
    } else if (in_vain) { /* whoever pulls asks again: nothing else would bring an offer */
        plan_pull(world, w, PULL_AGAIN_S);
    } else if (event->kind == SPW_EVENT_BREAK_DUE) {
        worker->rest_until = event->until;
        note(world, w);
        spw__world_plan(world, SPW__REST_OFF, event->until, w, 0, 0);
    } else if (event->detail_a == SPW_COUNSELLOR_NOT_ANSWERING) {
        double after = crew_of(world, w)->back_after_s;
        worker->missing = true;
        note(world, w);
        spw__world_plan(world, SPW__BACK, spw__world_after(world, after > 0 ? after : BACK_AFTER_S),
                        w, 0, worker->stamp);
    }
}

void spw__staff_close(struct spw_world *world)
{
    for (uint32_t w = 0; w < world->worker_count; w++) {
        struct spw__worker *worker = &world->worker[w];
        if (worker->busy) {
            spw__tally_staff(&world->tally, worker->crew, true, worker->busy_at, world->now);
        }
        if (worker->staffed) {
            spw__tally_staff(&world->tally, worker->crew, false, worker->staffed_at, world->now);
        }
    }
}
