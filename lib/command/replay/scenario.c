/*
 * command/replay/scenario.c - the predicted days as a scenario: the plan, the streams, the crews.
 *
 * A stream is one type of call, with its recorded arrivals; its people wait as the fit says and may
 * redial. Recorded redials are left out: the simulated people make their own. A crew is everybody
 * who serves the same types; each member has its own shifts. Time 0 lies SPW__WARM_UP_S before the
 * first predicted day.
 * Who calls: replay.c. Cost: calls plus duties times sets of types.
 */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/replay/replay.h"

enum { TEXT_MOST = 1 << 17, CONTACTS_LEAST = 4096, CONTACTS_MOST = 1 << 20 };

/* A text that grows up to its end; what does not fit is noticed in the end. */
struct text {
    char *at, *end;
};

__attribute__((format(printf, 2, 3))) static void say(struct text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(text->at, (size_t)(text->end - text->at), format, args);
    va_end(args);
    text->at = length >= 0 && length < text->end - text->at ? text->at + length : text->end;
}

/* --- sets of types ---------------------------------------------------------------------------- */

/* Those who serve the same types. */
struct team {
    uint32_t types;
    char name[61];
    size_t duties, members;
};

struct building {
    struct spw__replay *replay;
    double from_s, to_s; /* of the trace: warm-up included */
    size_t first, end;   /* calls */
    struct team *team;
    size_t team_count;
};

static void name_team(const struct spw__trace *trace, struct team *team, size_t number)
{
    size_t length = 0;
    for (uint32_t t = 0; t < trace->type_count; t++) {
        if (team->types >> t & 1 && length < sizeof team->name) {
            length += (size_t)snprintf(team->name + length, sizeof team->name - length, "%s%s",
                                       length > 0 ? "+" : "", trace->type[t]);
        }
    }
    if (length >= sizeof team->name) {
        (void)snprintf(team->name, sizeof team->name, "team %zu", number + 1);
    }
}

static bool in_window(const struct building *b, const struct spw__duty *duty)
{
    return duty->off_s > b->from_s && duty->on_s < b->to_s;
}

/* The teams on duty in the window. Duties are sorted by agent, types and beginning. */
static bool find_teams(struct building *b)
{
    const struct spw__trace *trace = &b->replay->trace;
    const struct spw__duty *last = NULL;
    b->team = calloc(trace->duty_count + 1, sizeof *b->team);
    for (size_t i = 0; i < trace->duty_count && b->team != NULL; i++) {
        const struct spw__duty *duty = &trace->duty[i];
        size_t t = 0;
        if (!in_window(b, duty)) {
            continue;
        }
        while (t < b->team_count && b->team[t].types != duty->types) {
            t++;
        }
        if (t == b->team_count) {
            b->team[t].types = duty->types;
            name_team(trace, &b->team[t], b->team_count++);
        }
        b->team[t].duties++;
        b->team[t].members +=
            last == NULL || last->agent != duty->agent || last->types != duty->types;
        last = duty;
    }
    return b->team != NULL;
}

/* --- the plan --------------------------------------------------------------------------------- */

static void write_plan(const struct building *b, struct text *text)
{
    const struct spw__trace *trace = &b->replay->trace;
    say(text, "skills: [");
    for (uint32_t t = 0; t < trace->type_count; t++) {
        say(text, "%s\"%s\"", t > 0 ? ", " : "", trace->type[t]);
    }
    say(text, "]\nskill_sets:\n");
    for (size_t i = 0; i < b->team_count; i++) {
        say(text, "  \"%s\": [", b->team[i].name);
        const char *comma = "";
        for (uint32_t t = 0; t < trace->type_count; t++) {
            if (b->team[i].types >> t & 1) {
                say(text, "%s\"%s\"", comma, trace->type[t]);
                comma = ", ";
            }
        }
        say(text, "]\n");
    }
    say(text, "queues:\n");
    for (uint32_t t = 0; t < trace->type_count; t++) {
        say(text, "  \"%s\": {need: [\"%s\"], target: %g s, wrap_up: by hand}\n", trace->type[t],
            trace->type[t], SPW__TARGET_S);
    }
    say(text,
        "centres: {centre: {}}\n"
        "protected: no\n"
        "order: head-start\n"
        "chooser: longest-idle\n"
        "priorities: {1: {head_start: %g s, rate: 2}, 2: {head_start: 0 s, rate: 1}}\n",
        SPW__HEAD_START_S);
}

static int set_up(void *context, struct spw_engine *engine)
{
    struct spw__replay *replay = context;
    struct spw_plan_error error;
    return spw_plan_apply(replay->plan, engine, replay->order, 0, &error) == SPW_OK ? 0 : -1;
}

/* Reads the plan and tries it, so that its names have their numbers. */
static int make_plan(struct building *b, char *error, size_t n)
{
    struct spw__replay *replay = b->replay;
    struct spw_plan_error wrong = {0};
    struct spw_engine *engine = NULL;
    struct spw_config *config = &replay->scenario.config;
    char *text = malloc(TEXT_MOST);
    struct text out = {text, text != NULL ? text + TEXT_MOST : NULL};
    if (text != NULL) {
        write_plan(b, &out);
        replay->plan = spw_plan_read(text, (size_t)(out.at - text), "plan", &wrong);
    }
    free(text);
    if (replay->plan == NULL) {
        (void)snprintf(error, n, "%s", text != NULL ? wrong.text : "memory is out");
        return -1;
    }
    spw_plan_config(replay->plan, config);
    int result = spw_engine_create(config, NULL, &engine);
    if (result == SPW_OK) {
        result = spw_plan_apply(replay->plan, engine, -1, 0, &wrong);
        spw_engine_destroy(engine);
    }
    if (result != SPW_OK) {
        (void)snprintf(error, n, "no engine can hold these calls: %s", spw_error_text(result));
    }
    return result == SPW_OK ? 0 : -1;
}

/* --- who calls -------------------------------------------------------------------------------- */

static bool fill_arrivals(struct building *b, struct spw_stream *stream, uint32_t type)
{
    struct spw__replay *replay = b->replay;
    const struct spw__call *call = replay->trace.call;
    size_t count = 0;
    for (size_t i = b->first; i < b->end; i++) {
        count += call[i].type == type && spw__replay_newcomer(replay, i);
    }
    if (count == 0) {
        return true;
    }
    double *when = spw__replay_keep(replay, count, sizeof *when);
    uint32_t *variant = spw__replay_keep(replay, count, sizeof *variant);
    if (when == NULL || variant == NULL) {
        return false;
    }
    stream->arrivals.trace_s = when;
    stream->trace_variant = variant;
    for (size_t i = b->first; i < b->end; i++) {
        if (call[i].type == type && spw__replay_newcomer(replay, i)) {
            uint8_t customer = replay->callers.customer[i];
            *when++ = call[i].arrive_s - b->from_s;
            *variant++ = customer == SPW__NOT_KNOWN ? SPW_VARIANT_DRAWN : customer;
        }
    }
    stream->arrivals.trace_count = count;
    return true;
}

static bool make_stream(struct building *b, uint32_t type)
{
    struct spw__replay *replay = b->replay;
    struct spw__fit *fit = &replay->fit;
    struct spw_stream *stream = &replay->streams[replay->scenario.stream_count];
    struct spw_variant *variants = spw__replay_keep(replay, SPW__CUSTOMERS, sizeof *variants);
    *stream = (struct spw_stream){.name = replay->trace.type[type]};
    if (variants == NULL || !fill_arrivals(b, stream, type)) {
        return false;
    }
    for (int c = 0; c < SPW__CUSTOMERS; c++) {
        double share = fit->preferred_share[type];
        variants[c] = (struct spw_variant){.share = c == SPW__PREFERRED ? share : 1 - share,
                                           .priority = c + 1,
                                           .patience = &fit->patience[type][c].dist};
    }
    stream->home = spw_plan_centre(replay->plan, "centre");
    stream->queue = spw_plan_queue(replay->plan, stream->name);
    stream->priority = 2;
    stream->variants = variants;
    stream->variant_count = SPW__CUSTOMERS;
    stream->service = &fit->talk[type].dist;
    stream->redial_probability = fit->redial_share[type];
    stream->redial_after = fit->redial_share[type] > 0 ? &fit->redial_after.dist : NULL;
    stream->no_token = 1; /* this centre kept nobody's place over a redial */
    replay->scenario.stream_count += stream->arrivals.trace_count > 0;
    return true;
}

/* --- who answers ------------------------------------------------------------------------------ */

static bool make_crew(struct building *b, const struct team *team)
{
    struct spw__replay *replay = b->replay;
    const struct spw__trace *trace = &replay->trace;
    struct spw_crew *crew = &replay->crews[replay->scenario.crew_count++];
    struct spw_shift *shifts = spw__replay_keep(replay, team->duties, sizeof *shifts);
    size_t *ends = spw__replay_keep(replay, team->members, sizeof *ends);
    char *name = spw__replay_keep(replay, sizeof team->name, 1);
    if (shifts == NULL || ends == NULL || name == NULL) {
        return false;
    }
    memcpy(name, team->name, sizeof team->name);
    *crew = (struct spw_crew){.name = name,
                              .centre = spw_plan_centre(replay->plan, "centre"),
                              .skillset = spw_plan_skillset(replay->plan, name),
                              .shifts = shifts,
                              .shift_ends = ends,
                              .wrap_up = &replay->fit.away.dist,
                              .haste = replay->fit.haste,
                              .haste_count = SPW__PACES};
    uint32_t agent = 0;
    for (size_t i = 0; i < trace->duty_count; i++) {
        const struct spw__duty *duty = &trace->duty[i];
        if (duty->types != team->types || !in_window(b, duty)) {
            continue;
        }
        crew->count += crew->count == 0 || duty->agent != agent;
        agent = duty->agent;
        shifts[crew->shift_count++] = (struct spw_shift){fmax(duty->on_s, b->from_s) - b->from_s,
                                                         fmin(duty->off_s, b->to_s) - b->from_s};
        ends[crew->count - 1] = crew->shift_count;
    }
    return true;
}

/* --- the whole -------------------------------------------------------------------------------- */

static bool make_all(struct building *b)
{
    struct spw__replay *replay = b->replay;
    replay->streams = calloc(replay->trace.type_count + 1, sizeof *replay->streams);
    replay->crews = calloc(b->team_count + 1, sizeof *replay->crews);
    bool good = replay->streams != NULL && replay->crews != NULL;
    for (uint32_t t = 0; t < replay->trace.type_count && good; t++) {
        good = make_stream(b, t);
    }
    for (size_t i = 0; i < b->team_count && good; i++) {
        good = make_crew(b, &b->team[i]);
    }
    replay->scenario.streams = replay->streams;
    replay->scenario.crews = replay->crews;
    return good;
}

static void size_engine(struct building *b)
{
    struct spw_config *config = &b->replay->scenario.config;
    uint32_t counsellors = 1;
    for (size_t i = 0; i < b->replay->scenario.crew_count; i++) {
        counsellors += b->replay->crews[i].count;
    }
    size_t calls = b->end - b->first;
    config->contacts_max = calls < CONTACTS_LEAST  ? CONTACTS_LEAST
                           : calls > CONTACTS_MOST ? CONTACTS_MOST
                                                   : (uint32_t)calls;
    config->counsellors_max = counsellors;
}

static int build(struct spw__replay *replay, char *error, size_t n)
{
    struct spw_scenario *scenario = &replay->scenario;
    struct building b = {.replay = replay,
                         .from_s = replay->from_s,
                         .to_s = replay->to_s,
                         .first = replay->first,
                         .end = replay->end};
    spw_scenario_init(scenario);
    scenario->name = "replay";
    scenario->seed = scenario->config.seed = replay->seed;
    scenario->warm_up_s = replay->begin_s - replay->from_s;
    scenario->duration_s = replay->to_s - replay->from_s;
    scenario->bucket_s = SPW__INTERVAL_S;
    scenario->set_up = set_up;
    scenario->context = replay;
    int failed = -1;
    (void)snprintf(error, n, "memory is out");
    bool found = find_teams(&b);
    if (found && b.team_count == 0) {
        (void)snprintf(
            error, n,
            "%s: nobody in the roster is on duty on days %d to %d; expected some duty on "
            "them",
            replay->roster ? replay->roster : "roster", (int)(replay->begin_s / SPW__DAY_S) + 1,
            (int)(replay->to_s / SPW__DAY_S));
    } else if (found && make_plan(&b, error, n) == 0) {
        failed = make_all(&b) ? 0 : -1;
        size_engine(&b);
    }
    free(b.team);
    return failed;
}

int spw__replay_open(struct spw__replay *replay, struct spw__days days, char *error, size_t n)
{
    replay->order = -1;
    replay->begin_s = (days.first - 1) * SPW__DAY_S;
    replay->to_s = days.last * SPW__DAY_S;
    replay->from_s = replay->begin_s > 0 ? replay->begin_s - SPW__WARM_UP_S : 0;
    spw__trace_days(&replay->trace, days.first, days.last, &replay->first, &replay->end);
    while (replay->first > 0 && replay->trace.call[replay->first - 1].arrive_s >= replay->from_s) {
        replay->first--;
    }
    if (spw__replay_record(replay) != 0) {
        (void)snprintf(error, n, "memory is out");
        return -1;
    }
    return build(replay, error, n);
}

void spw__replay_close(struct spw__replay *replay)
{
    spw__account_free(&replay->recorded);
    spw_plan_free(replay->plan);
    free(replay->streams);
    free(replay->crews);
    replay->plan = NULL;
    replay->streams = NULL;
    replay->crews = NULL;
}
