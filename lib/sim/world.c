/*
 * sim/world.c - the clock of a run: the earlier of the next appointment and the engine's next
 * deadline happens; then the engine's events are handed to people and staff.
 *
 * Invariants: time never goes back; no input is passed while events are being handed on; an answer
 * at exactly a deadline comes before it, as the engine counts it.
 * Who calls: sim/run.c for whole runs, hosts through spw_world_*. Cost: of one happening: the
 * agenda's logarithm and the engine's.
 */
#include "sim/world.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define POLL_COUNT 32
#define HUGE_PAGE ((size_t)2 << 20)

/* --- appointments ----------------------------------------------------------------------------- */

spw_ns spw__world_after(const struct spw_world *world, double seconds)
{
    double at = (double)world->now + ceil(seconds * 1e9);
    return at < (double)SPW_FOREVER ? (spw_ns)at : SPW_FOREVER;
}

static void plan_at_once(struct spw_world *world, struct spw__appointment appointment)
{
    if (world->at_once_count == world->at_once_room) {
        size_t room = world->at_once_room == 0 ? 64 : world->at_once_room * 2;
        struct spw__appointment *grown = realloc(world->at_once, room * sizeof *grown);
        if (grown == NULL) {
            world->out_of_memory = true;
            return;
        }
        world->at_once = grown;
        world->at_once_room = room;
    }
    world->at_once[world->at_once_count++] = appointment;
}

void spw__world_plan(struct spw_world *world, enum spw__happening kind, spw_ns at, uint32_t who,
                     uint32_t with, uint32_t stamp)
{
    struct spw__appointment appointment = {
        .at = at, .kind = kind, .who = who, .with = with, .stamp = stamp};
    if (kind == SPW__ACCEPT && at == world->now) { /* most offers: spares the heap */
        plan_at_once(world, appointment);
    } else if (!spw__agenda_add(&world->agenda, appointment)) {
        world->out_of_memory = true;
    }
}

/* --- the door --------------------------------------------------------------------------------- */

static void hand_on(struct spw_world *world)
{
    const struct spw_scenario *scenario = world->scenario;
    struct spw_event events[POLL_COUNT];
    size_t count;
    do {
        count = spw_poll(world->engine, events, POLL_COUNT);
        for (size_t i = 0; i < count; i++) {
            spw__people_event(world, &events[i]);
            spw__staff_event(world, &events[i]);
            if (scenario->on_event != NULL) {
                scenario->on_event(scenario->on_event_context, world, &events[i]);
            }
        }
    } while (count == POLL_COUNT);
    if (world->hastens) {
        spw__wrap_up_hasten(world);
    }
}

static void look_over(struct spw_world *world)
{
    if (world->broken == 0) {
        world->broken = spw_check(world->engine, world->broken_text, sizeof world->broken_text);
    }
}

/* Passes an input as often as it takes: what is left of a large change is worked off first. */
static int insist(struct spw_world *world, const struct spw_input *input, uint64_t *made)
{
    for (;;) {
        int result = spw_apply(world->engine, input, world->now, made);
        if (result == SPW_E_BUSY) { /* as far as one call gets; then the input again */
            int worked_off = spw_continue(world->engine, world->now);
            (void)worked_off;
        } else if (result != SPW_E_POLL_FIRST) {
            return result;
        }
        hand_on(world);
    }
}

int spw__world_apply(struct spw_world *world, const struct spw_input *input, uint64_t *made)
{
    int result = insist(world, input, made);
    world->inputs++;
    if (world->scenario->check_every > 0 && world->inputs % world->scenario->check_every == 0) {
        look_over(world);
    }
    hand_on(world);
    return result;
}

/* --- opening ---------------------------------------------------------------------------------- */

static int say(char *error, size_t size, const char *what, const char *text)
{
    (void)snprintf(error, size, "%s: %s", what, text);
    return -1;
}

/*
 * The engine's block. It is read all over, here and there, for every input: with pages of 2 MiB
 * where the system gives them on request, a year of a national line took about 5 % less time.
 */
static void *block_take(size_t size)
{
    const size_t page = size < HUGE_PAGE ? 64 : HUGE_PAGE;
    size_t whole = (size + page - 1) / page * page;
    void *memory = size > 0 ? aligned_alloc(page, whole) : NULL;
#ifdef MADV_HUGEPAGE
    if (memory != NULL && page == HUGE_PAGE) {
        (void)madvise(memory, whole, MADV_HUGEPAGE); /* a wish */
    }
#endif
    return memory;
}

static int memory_make(struct spw_world *world, char *error, size_t size)
{
    const struct spw_scenario *scenario = world->scenario;
    uint64_t staff = 0;
    for (size_t i = 0; i < scenario->crew_count; i++) {
        staff += scenario->crews[i].count;
        world->hastens = world->hastens || scenario->crews[i].haste_count > 0;
    }
    uint32_t slots = 16;
    while (slots < 2 * staff) {
        slots *= 2;
    }
    world->worker_count = (uint32_t)staff;
    world->by_handle_mask = slots - 1;
    world->worker = calloc(staff + 1, sizeof *world->worker);
    world->by_handle = calloc(slots, sizeof *world->by_handle);
    world->flow = calloc(scenario->stream_count + 1, sizeof *world->flow);
    world->arrivals = calloc(scenario->stream_count + 1, sizeof *world->arrivals);
    world->arrived = calloc(scenario->stream_count + 1, sizeof *world->arrived);
    world->first_cell = calloc(scenario->stream_count + 1, sizeof *world->first_cell);
    world->pace = calloc(scenario->crew_count + 1, sizeof *world->pace);
    world->mix = calloc(scenario->stream_count + 1, sizeof *world->mix);
    world->centre_count = scenario->config.centres_max;
    world->dark = calloc((size_t)world->centre_count + 1, sizeof *world->dark);
    world->memory_size = spw_engine_size(&scenario->config);
    world->memory = block_take(world->memory_size);
    if (world->worker == NULL || world->by_handle == NULL || world->flow == NULL ||
        world->arrived == NULL || world->arrivals == NULL || world->first_cell == NULL ||
        world->mix == NULL || world->dark == NULL || world->pace == NULL || world->memory == NULL ||
        !spw__tally_make(&world->tally, scenario)) {
        return say(error, size, "simulator", "memory is out");
    }
    uint32_t cell = 0;
    for (size_t i = 0; i < scenario->stream_count; i++) {
        world->first_cell[i] = cell;
        world->arrivals[i] = scenario->streams[i].arrivals;
        if (!(world->arrivals[i].end_s > 0)) {
            world->arrivals[i].end_s =
                scenario->duration_s + (scenario->arrivals_go_on ? scenario->drain_s : 0);
        }
        cell += (uint32_t)spw__tally_cells(&scenario->streams[i]);
        if (!spw__mix_make(&world->mix[i], &scenario->streams[i])) {
            return say(error, size, "simulator", "memory is out");
        }
    }
    return 0;
}

static int select_policy(struct spw_world *world, uint32_t number, char *error, size_t size)
{
    int result = spw_stage_begin(world->engine, SPW_STAGE_PLAN, 0);
    result = result != SPW_OK ? result
                              : spw_stage_set(world->engine, SPW_PLAN_ORDER, 0,
                                              (int64_t)SPW_ORDER_CUSTOM + number, 0);
    result = result != SPW_OK ? result : spw_stage_commit(world->engine, 0, NULL);
    return result == SPW_OK ? 0 : say(error, size, "policy", spw_error_text(result));
}

static void targets_read(struct spw_world *world)
{
    for (size_t i = 0; i < world->tally.cell_count; i++) {
        struct spw__cell *cell = &world->tally.cell[i];
        cell->target = world->scenario->target_ns[cell->priority];
        if (cell->target == 0 &&
            spw_view_target(world->engine, cell->queue, cell->priority, &cell->target) != SPW_OK) {
            cell->target = SPW_FOREVER;
        }
    }
}

static int engine_open(struct spw_world *world, const struct spw_policy *policy, char *error,
                       size_t size)
{
    const struct spw_scenario *scenario = world->scenario;
    uint32_t number = 0;
    int result =
        spw_engine_init(world->memory, world->memory_size, &scenario->config, &world->engine);
    if (result == SPW_OK && policy != NULL) {
        result = spw_policy_register(world->engine, policy, &number);
    }
    if (result != SPW_OK) {
        return say(error, size, "engine", spw_error_text(result));
    }
    if (scenario->set_up(scenario->context, world->engine) != 0) {
        return say(error, size, "set_up", "the scenario could not be committed");
    }
    if (policy != NULL && select_policy(world, number, error, size) != 0) {
        return -1;
    }
    while (spw_continue(world->engine, 0) == SPW_E_BUSY) {
        hand_on(world);
    }
    hand_on(world);
    return 0;
}

int spw__world_open(struct spw_world *world, const struct spw_policy *policy, uint32_t run,
                    char *error, size_t size)
{
    const struct spw_scenario *scenario = world->scenario;
    world->run = run;
    for (uint64_t purpose = 0; purpose < SPW__DRAW_COUNT; purpose++) {
        world->key[purpose] = spw__stream_key(scenario->seed, run, purpose);
    }
    world->now = 0;
    world->end = (spw_ns)(scenario->duration_s * 1e9);
    world->last = world->end + (spw_ns)(fmin(scenario->drain_s, 4e9) * 1e9);
    world->door = scenario->arrivals_go_on ? world->last : world->end;
    spw__agenda_clear(&world->agenda);
    world->at_once_count = world->at_once_head = world->asked_count = 0;
    world->person_count = 0;
    world->done = false;
    spw__tally_clear(&world->tally);
    if (engine_open(world, policy, error, size) != 0) {
        return -1;
    }
    targets_read(world);
    if (spw__staff_open(world, error, size) != 0) {
        return -1;
    }
    spw__incidents_open(world);
    spw__people_open(world);
    return 0;
}

struct spw_world *spw_world_create(const struct spw_scenario *scenario,
                                   const struct spw_policy *policy, uint32_t run, char *error,
                                   size_t size)
{
    if (spw_scenario_check(scenario, error, size) != 0) {
        return NULL;
    }
    struct spw_world *world = calloc(1, sizeof *world);
    if (world == NULL) {
        (void)say(error, size, "simulator", "memory is out");
        return NULL;
    }
    world->scenario = scenario;
    if (memory_make(world, error, size) != 0 ||
        spw__world_open(world, policy, run, error, size) != 0) {
        spw_world_free(world);
        return NULL;
    }
    return world;
}

void spw_world_free(struct spw_world *world)
{
    if (world == NULL) {
        return;
    }
    spw__agenda_free(&world->agenda);
    spw__tally_free(&world->tally);
    for (size_t i = 0; world->mix != NULL && i < world->scenario->stream_count; i++) {
        spw__mix_free(&world->mix[i]);
    }
    free(world->mix);
    free(world->dark);
    free(world->asked);
    free(world->at_once);
    free(world->person);
    free(world->worker);
    free(world->wrap);
    free(world->by_handle);
    free(world->flow);
    free(world->arrivals);
    free(world->arrived);
    free(world->first_cell);
    free(world->pace);
    free(world->memory);
    free(world);
}

const struct spw_engine *spw_world_engine(const struct spw_world *world)
{
    return world->engine;
}

spw_ns spw_world_now(const struct spw_world *world)
{
    return world->now;
}

int spw_world_ask(struct spw_world *world, const struct spw_input *input)
{
    if (world->asked_count == world->asked_room) {
        size_t room = world->asked_room == 0 ? 16 : world->asked_room * 2;
        struct spw_input *grown = realloc(world->asked, room * sizeof *grown);
        if (grown == NULL) {
            return -1;
        }
        world->asked = grown;
        world->asked_room = room;
    }
    world->asked[world->asked_count++] = *input;
    return 0;
}

/* --- going on --------------------------------------------------------------------------------- */

static void happen(struct spw_world *world, const struct spw__appointment *what)
{
    if (what->kind == SPW__INCIDENT_ON || what->kind == SPW__INCIDENT_OFF) {
        spw__incident_happen(world, what);
    } else if (what->kind >= SPW__SHIFT_ON || what->kind == SPW__ACCEPT ||
               what->kind == SPW__DECLINE || what->kind == SPW__WRAPPED_UP) {
        spw__staff_happen(world, what);
    } else {
        spw__people_happen(world, what);
    }
}

/* What was accepted in this instant, in the order of the offers; then what the host asks for. */
static void at_once(struct spw_world *world)
{
    size_t asked = 0;
    do {
        while (world->at_once_head < world->at_once_count) {
            struct spw__appointment what = world->at_once[world->at_once_head++];
            happen(world, &what);
        }
        if (asked < world->asked_count) {
            struct spw_input input = world->asked[asked++];
            (void)spw__world_apply(world, &input, NULL);
        }
    } while (world->at_once_head < world->at_once_count || asked < world->asked_count);
    world->at_once_head = world->at_once_count = world->asked_count = 0;
}

static void close_run(struct spw_world *world)
{
    spw_ns until = world->followed > 0 ? world->last : world->end;
    const struct spw_input advance = {.kind = SPW_INPUT_ADVANCE};
    world->now = world->now > until ? world->now : until;
    (void)insist(world, &advance, NULL);
    hand_on(world);
    spw__people_close(world);
    spw__staff_close(world);
    look_over(world);
    world->done = true;
}

/* 1 while there is more to come. */
static int step(struct spw_world *world, spw_ns until)
{
    spw_ns planned = spw__agenda_next(&world->agenda);
    spw_ns due = spw_next_deadline(world->engine);
    spw_ns next = planned < due ? planned : due;
    if (next > world->last || (next > world->end && world->followed == 0)) {
        close_run(world);
        return 0;
    }
    if (next > until) {
        world->now = until > world->now ? until : world->now;
        return 1;
    }
    if (due < planned) {
        /* At the clock: what a large change has left, or a deadline of this instant. */
        bool left_over = due <= spw_clock(world->engine);
        const struct spw_input pass = {.kind = left_over ? SPW_INPUT_CONTINUE : SPW_INPUT_ADVANCE};
        world->now = due;
        (void)insist(world, &pass, NULL);
        world->inputs++;
        hand_on(world);
    } else {
        struct spw__appointment what = spw__agenda_take(&world->agenda);
        world->now = what.at > world->now ? what.at : world->now;
        happen(world, &what);
    }
    at_once(world);
    return 2;
}

int spw_world_run_until(struct spw_world *world, double until_s)
{
    double at = until_s * 1e9;
    spw_ns until = at < (double)SPW_FOREVER ? (spw_ns)at : SPW_FOREVER;
    int more = world->done ? 0 : 2;
    if (more != 0) {
        at_once(world); /* what was asked for since */
    }
    while (more == 2 && world->broken == 0 && !world->out_of_memory) {
        more = step(world, until);
    }
    if (world->out_of_memory && world->broken == 0) {
        world->broken = 14;
        (void)snprintf(world->broken_text, sizeof world->broken_text,
                       "the simulator is out of memory");
    }
    return world->broken != 0 ? -1 : more;
}
