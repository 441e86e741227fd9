/*
 * command/scenario/foresee.c - what can be told before the first run: people whom nobody can ever
 * serve, a crowd that no policy can serve, a run that takes long, a key that does nothing.
 *
 * Which counsellor could serve which caller is asked of an engine, which knows needs, ladders and
 * channels: one counsellor of every crew is ready, one of every kind of people arrives and waits
 * for a day, while its ladder goes on. Nobody is ever offered to that one: then nobody will be in
 * any run.
 * The crowd is compared with a staff that never pauses, so that a warning is never too early.
 * Who calls: flood/flood.c, once. Cost: kinds times steps of their ladders.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "command/outcome/words.h"
#include "command/scenario/scenario.h"
#include "plan/plan.h"
#include "sim/dist.h"
#include "sim/scenario.h"

enum { WARNINGS = 12, CREWS_MOST = 4096, STEPS_MOST = 4096 };

/* A crowd this many times larger than the staff could finish is told of, and this many people in a
 * run. */
#define CROWD_FROM 5.0
#define PEOPLE_FROM 50e6
#define HAPPENINGS_FROM 50e6
#define GIB_FROM 4.0
#define WAIT_AT_MOST (24 * SPW_HOUR)

struct trial {
    struct spw_engine *engine;
    spw_counsellor *staff;
    size_t staff_count;
    spw_ns now;
    uint64_t next_id;
    bool failed; /* the engine refused something: then nothing is claimed */
};

/* What a person asks for: as a stream, a kind of it or a transfer tells the engine. */
struct asked {
    spw_queue queue;
    spw_need need;
    uint8_t priority;
};

/* Kinds that are told in the same words are told once. */
static void warn(struct spw__scenario_file *file, const char *text)
{
    for (size_t i = 0; i < file->warning_count; i++) {
        if (strcmp(file->warnings[i], text) == 0) {
            return;
        }
    }
    if (file->warning_count < WARNINGS) {
        file->warnings[file->warning_count++] = spw__yaml_print(file->reader.tree, "%s", text);
    }
}

/* ---- who could serve whom ------------------------------------------------------------------- */

static void ready_all(struct trial *trial)
{
    for (size_t i = 0; i < trial->staff_count; i++) {
        (void)!spw_counsellor_ready(trial->engine, trial->staff[i], trial->now);
    }
}

static bool trial_open(struct trial *trial, struct spw__scenario_file *file)
{
    const struct spw_scenario *sim = &file->sim;
    struct spw_config config;
    struct spw_plan_error error;
    if (sim->crew_count > CREWS_MOST) {
        return false;
    }
    trial->staff = spw__scenario_keep(file, sim->crew_count + 1, sizeof *trial->staff);
    spw_config_init(&config);
    config.contacts_max = 64;
    config.counsellors_max = (uint32_t)sim->crew_count + 1;
    spw_plan_config(file->plan, &config);
    if (spw_engine_create(&config, NULL, &trial->engine) != SPW_OK ||
        spw_plan_apply(file->plan, trial->engine, -1, 0, &error) != SPW_OK) {
        return false;
    }
    for (size_t i = 0; i < sim->crew_count; i++) {
        const struct spw_crew *crew = &sim->crews[i];
        struct spw_counsellor_add add = {.key = i + 1,
                                         .centre = crew->centre,
                                         .skillset = crew->skillset,
                                         .units = crew->units,
                                         .channels = crew->channels};
        if (crew->count == 0) {
            continue;
        }
        if (spw_counsellor_add(trial->engine, &add, 0, &trial->staff[trial->staff_count]) !=
            SPW_OK) {
            return false;
        }
        trial->staff_count++;
    }
    ready_all(trial);
    return true;
}

/* Reads the ring; whether somebody was asked, or the queue takes nobody by design. */
static bool settled(struct trial *trial)
{
    struct spw_event event;
    bool found = false;
    while (spw_poll(trial->engine, &event, 1) > 0) {
        found = found || event.kind == SPW_EVENT_OFFER || event.kind == SPW_EVENT_REFUSED;
    }
    return found;
}

static bool anybody_for(struct trial *trial, const struct spw_stream *stream, struct asked asked)
{
    struct spw_arrive arrive = {.id = {1, ++trial->next_id},
                                .home = stream->home,
                                .queue = asked.queue,
                                .need = asked.need,
                                .channel = stream->channel,
                                .priority = asked.priority};
    spw_contact contact = {0};
    (void)settled(trial);
    if (spw_contact_arrive(trial->engine, &arrive, trial->now, &contact) != SPW_OK) {
        trial->failed = true;
        return true;
    }
    bool found = settled(trial);
    spw_ns end = trial->now + WAIT_AT_MOST;
    for (int step = 0; !found && step < STEPS_MOST; step++) {
        spw_ns deadline = spw_next_deadline(trial->engine);
        if (deadline > end) {
            break;
        }
        trial->now = deadline > trial->now ? deadline : trial->now;
        (void)!spw_continue(trial->engine, trial->now);
        ready_all(trial); /* a lease may have ended meanwhile */
        found = settled(trial);
    }
    if (contact.bits != 0 && spw_contact_left(trial->engine, contact, trial->now) != SPW_OK) {
        trial->failed = true;
    }
    ready_all(trial);
    return found;
}

static void try_stream(struct spw__scenario_file *file, struct trial *trial,
                       const struct spw_stream *stream)
{
    char text[300];
    const char *centre = spw__name_in_plan(file->plan, SPW_NAMES_CENTRES, stream->home);
    for (size_t k = 0; k < (stream->variant_count ? stream->variant_count : 1); k++) {
        const struct spw_variant *kind = stream->variant_count ? &stream->variants[k] : NULL;
        struct asked asked = {stream->queue, stream->need, stream->priority};
        if (kind) {
            asked.queue = kind->queue ? kind->queue : asked.queue;
            asked.need = kind->need ? kind->need : asked.need;
            asked.priority = kind->priority >= 0 ? (uint8_t)kind->priority : asked.priority;
        }
        const char *queue = spw__name_in_plan(file->plan, SPW_NAMES_QUEUES, asked.queue);
        if (!anybody_for(trial, stream, asked)) {
            (void)snprintf(
                text, sizeof text,
                "nobody can ever serve the people `%.40s`%s%.40s%s of queue %.40s: no "
                "crew at %.40s meets the need on that channel with the units that it takes, "
                "at no step",
                stream->name, kind && kind->name ? ", kind `" : "",
                kind && kind->name ? kind->name : "", kind && kind->name ? "`," : "",
                queue ? queue : "-", centre ? centre : "-");
            warn(file, text);
        }
    }
    struct asked next = {stream->transfer_queue ? stream->transfer_queue : stream->queue,
                         stream->transfer_need, stream->priority};
    if (stream->transfer_probability > 0 && !anybody_for(trial, stream, next)) {
        (void)snprintf(text, sizeof text,
                       "nobody can ever take the transfers of the people `%.40s`: no crew at "
                       "%.40s meets their need, with the units that it takes",
                       stream->name, centre ? centre : "-");
        warn(file, text);
    }
}

static void foresee_needs(struct spw__scenario_file *file)
{
    struct trial trial = {0};
    size_t before = file->warning_count;
    bool open = trial_open(&trial, file);
    for (size_t i = 0; open && i < file->sim.stream_count; i++) {
        try_stream(file, &trial, &file->sim.streams[i]);
    }
    if (trial.failed) {
        file->warning_count = before;
    }
    spw_engine_destroy(trial.engine);
}

/* ---- how much it is ------------------------------------------------------------------------- */

static double mean_talk_s(const struct spw_stream *stream)
{
    double sum = 0;
    double shares = 0;
    for (size_t k = 0; k < stream->variant_count; k++) {
        const struct spw_dist *service = stream->variants[k].service;
        sum += stream->variants[k].share * spw__dist_mean(service ? service : stream->service);
        shares += stream->variants[k].share;
    }
    return shares > 0 ? sum / shares : spw__dist_mean(stream->service);
}

/* What a contact on the channel takes of 100. */
static double units_of(const struct spw_scenario *sim, uint32_t channel)
{
    return sim->units[channel] > 0 ? sim->units[channel] : 100;
}

/* Seconds in which a crew could talk, all shifts of the run added up. */
static double crew_seconds(const struct spw_scenario *sim, const struct spw_crew *crew)
{
    double on_s = crew->shift_count == 0 ? sim->duration_s : 0;
    double days = crew->day_s > 0 ? ceil(sim->duration_s / crew->day_s) : 1;
    for (size_t i = 0; i < crew->shift_count; i++) {
        on_s += (crew->shifts[i].to_s - crew->shifts[i].from_s) * days;
    }
    on_s = fmin(on_s, sim->duration_s);
    double units = crew->units > 0 ? crew->units : 100;
    double length = crew->service_factor > 0 ? crew->service_factor : 1;
    return spw__crew_holds_any(sim, crew)
               ? crew->count * on_s * (1 - crew->no_show_probability) * units / 100 / length
               : 0;
}

static void foresee_crowd(struct spw__scenario_file *file)
{
    const struct spw_scenario *sim = &file->sim;
    double people = 0;
    double asked_s = 0;
    double staff_s = 0;
    char text[300];
    for (size_t i = 0; i < sim->stream_count; i++) {
        const struct spw_stream *stream = &sim->streams[i];
        double units = units_of(sim, stream->channel);
        double come = spw__expected_people(sim, stream);
        people += come;
        asked_s += come * mean_talk_s(stream) * units / 100;
    }
    for (size_t i = 0; i < sim->crew_count; i++) {
        staff_s += crew_seconds(sim, &sim->crews[i]);
    }
    if (isinf(asked_s)) {
        warn(file, "some talks never end (`service: never`): each takes its counsellor for good");
    }
    if (isfinite(asked_s) && asked_s > CROWD_FROM * staff_s) {
        (void)snprintf(text, sizeof text,
                       "about %.0f people come in a run, and a staff that never paused could "
                       "finish about %.0f talks: most are not reached, whatever the policy",
                       people, people * staff_s / asked_s);
        warn(file, text);
    }
    if (people > PEOPLE_FROM) {
        (void)snprintf(text, sizeof text,
                       "about %.0f people come in each of %u runs, and each is simulated; a "
                       "first look needs fewer (--runs 1, or lower rates)",
                       people, sim->runs);
        warn(file, text);
    }
}

/* ---- how long it takes ----------------------------------------------------------------------- */

static double often(double duration_s, double period_s)
{
    return period_s > 0 ? duration_s / period_s : 0;
}

/* Shifts, breaks, lines that drop and signs of life, about. */
static double happenings(const struct spw_scenario *sim)
{
    double sum = 0;
    for (size_t i = 0; i < sim->crew_count; i++) {
        const struct spw_crew *crew = &sim->crews[i];
        double each = often(sim->duration_s, crew->day_s) * (double)crew->shift_count +
                      often(sim->duration_s, crew->up_mean_s + crew->down_mean_s) +
                      often(sim->duration_s, crew->break_every_s + crew->break_mean_s) +
                      often(sim->duration_s, crew->heartbeat_s);
        sum += crew->count * each;
    }
    for (size_t i = 0; i < sim->stream_count; i++) {
        const struct spw_stream *stream = &sim->streams[i];
        double inside_s = fmin(mean_talk_s(stream), sim->duration_s);
        sum += stream->drop_mean_s > 0
                   ? spw__expected_people(sim, stream) * inside_s / stream->drop_mean_s
                   : 0;
    }
    return sum;
}

static void foresee_length(struct spw__scenario_file *file)
{
    double many = happenings(&file->sim);
    double gib = (double)spw_engine_size(&file->sim.config) / (double)(1 << 30);
    char text[300];
    if (many > HAPPENINGS_FROM) {
        (void)snprintf(text, sizeof text,
                       "about %.2g shifts, breaks, signs of life and lines that drop come in each "
                       "of %u runs, and each is simulated; longer spans are done sooner",
                       many, file->sim.runs);
        warn(file, text);
    }
    double staff = 0;
    for (size_t i = 0; i < file->sim.crew_count; i++) {
        staff += file->sim.crews[i].count;
    }
    if (file->sim.config.contacts_max < staff) {
        (void)snprintf(text, sizeof text,
                       "`limits` leaves room for %u at once, fewer than the %.0f counsellors could "
                       "talk to: any contact beyond them is turned away",
                       file->sim.config.contacts_max, staff);
        warn(file, text);
    }
    if (gib > GIB_FROM) {
        (void)snprintf(text, sizeof text,
                       "so many contacts or counsellors take about %.0f GiB of memory", gib);
        warn(file, text);
    }
}

/* ---- what does nothing ----------------------------------------------------------------------- */

/* `rest_share` is written, and nobody at the centre has a break that it could bound. */
static void foresee_rest(struct spw__scenario_file *file)
{
    char text[300];
    for (size_t i = 0; spw_plan_name(file->plan, SPW_NAMES_CENTRES, i); i++) {
        const char *name = spw_plan_name(file->plan, SPW_NAMES_CENTRES, i);
        const struct spw__name *entry = spw__name_find(file->plan, SPW_NAMES_CENTRES, name);
        bool bounds = spw__yaml_get(entry->node, "rest_share") == NULL;
        for (size_t c = 0; c < file->sim.crew_count; c++) {
            const struct spw_crew *crew = &file->sim.crews[c];
            bounds =
                bounds || (crew->rest_s > 0 && crew->centre == spw_plan_centre(file->plan, name));
        }
        if (!bounds) {
            (void)snprintf(text, sizeof text,
                           "`rest_share` of centre %.40s does nothing: no crew there has "
                           "`due_breaks`; `breaks` are the counsellors' own and ask nobody",
                           name);
            warn(file, text);
        }
    }
}

void spw__foresee(struct spw__scenario_file *file)
{
    file->warnings = spw__scenario_keep(file, WARNINGS, sizeof *file->warnings);
    file->warning_count = 0;
    foresee_crowd(file);
    foresee_length(file);
    foresee_needs(file);
    foresee_rest(file);
}
