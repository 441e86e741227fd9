/*
 * bench/throughput/mass.c - what happens to many at once, and the worst that one call can cost.
 *
 *   abandon   people chosen at random hang up: in batches of 64 with look-ahead, and one at a time
 *   resume    a line fails: everybody who waits is dropped, then everybody comes back
 *   worst     plan swaps, freezes, closing queues, a centre gone dark, ladders due for all at once,
 *             new classes: the longest single call of each
 *   memory    bytes for each waiting contact, and what a small centre takes
 *
 * A large change is worked off by spw_continue in bounded pieces (rule D3); each piece is a call of
 * its own here, and the sum is shown beside the longest.
 */
#include "throughput.h"

#include <stdio.h>
#include <stdlib.h>

/* --- abandonment ------------------------------------------------------------------------------ */

static double abandon(struct world *w, uint32_t count, bool single)
{
    struct spw_input batch[BATCH];
    int64_t spent = 0;
    uint32_t done = 0;
    while (done < count) {
        size_t n = 0;
        while (n < BATCH && crowd_abandon(w, &batch[n])) {
            n++;
        }
        if (single) {
            crowd_apply_single(w, batch, n, &spent);
        } else {
            crowd_apply(w, batch, n, &spent);
        }
        done += (uint32_t)n;
    }
    return (double)spent / done;
}

void measure_abandon(const struct bench *bench)
{
    static const char *const columns[] = {"ns each, batched", "ns each, one at a time"};
    static const uint32_t waiting[] = {10000, 1000000, 10000000};
    report_group(bench->report, "abandon",
                 "People chosen at random among all who wait hang up; ENDED is polled for each. A "
                 "tenth of the crowd goes each way.",
                 columns, 2);
    size_t count = bench->mode == MODE_SMOKE ? 2 : 3;
    for (size_t i = 0; i < count; i++) {
        struct shape shape = {1, 1024, 1000, 10000, waiting[i], 5, false, 0};
        shape.waiting = bench->mode == MODE_SMOKE && i == 1 ? 300000 : shape.waiting;
        struct world *w = world_make(&shape, bench->seed);
        char label[96];
        double values[2];
        world_fill(w);
        values[0] = abandon(w, shape.waiting / 10, false);
        values[1] = abandon(w, shape.waiting / 10, true);
        shape_label(&shape, label, sizeof label);
        report_row(bench->report, "abandon", label, values);
        world_free(w);
    }
}

/* --- everybody dropped, everybody back -------------------------------------------------------- */

static double everybody(struct world *w, uint32_t **list, const uint32_t *count, uint32_t kind,
                        int64_t *worst)
{
    uint32_t total = *count;
    spw_contact *contact = malloc((total + 1) * sizeof *contact);
    if (contact == NULL) {
        exit(1);
    }
    for (uint32_t i = 0; i < total; i++) {
        contact[i] = w->person[(*list)[i]].contact;
    }
    for (uint32_t i = total; i > 1; i--) { /* in no order at all */
        uint32_t j = (uint32_t)world_random(w, i);
        spw_contact swap = contact[i - 1];
        contact[i - 1] = contact[j];
        contact[j] = swap;
    }
    int64_t spent = 0;
    struct spw_event events[SPW_EVENTS_PER_INPUT];
    for (uint32_t i = 0; i < total;) {
        struct spw_input batch[BATCH];
        size_t n = 0;
        for (; n < BATCH && i < total; n++, i++) {
            batch[n] = (struct spw_input){.kind = kind};
            batch[n].u.contact.contact = contact[i];
        }
        if (i % 1024 < BATCH) { /* now and then one at a time, for the worst */
            for (size_t k = 0; k < n; k++) {
                size_t seen;
                int64_t one = crowd_time_one(w, &batch[k], events, &seen);
                crowd_note(w, events, seen);
                *worst = one > *worst ? one : *worst;
                spent += one;
            }
            continue;
        }
        crowd_apply(w, batch, n, &spent);
    }
    free(contact);
    return total == 0 ? 0 : (double)spent / total;
}

void measure_resume(const struct bench *bench)
{
    static const char *const columns[] = {"drop ns", "worst drop", "resume ns", "worst resume"};
    static const uint32_t waiting[] = {10000, 1000000};
    report_group(bench->report, "resume",
                 "Everybody who waits is dropped, in no order, then everybody resumes, in another: "
                 "all come back to their places, behind and before each other. Mean, and the "
                 "longest of the sixteenth that is applied one at a time.",
                 columns, 4);
    for (size_t i = 0; i < 2; i++) {
        struct shape shape = {1, 1024, 1000, 10000, waiting[i], 5, false, 0};
        shape.waiting = bench->mode == MODE_SMOKE && i == 1 ? 300000 : shape.waiting;
        struct world *w = world_make(&shape, bench->seed);
        int64_t worst[2] = {0, 0};
        double values[4];
        char label[96];
        world_fill(w);
        values[0] =
            everybody(w, &w->waiting, &w->waiting_count, SPW_INPUT_CONTACT_DROPPED, &worst[0]);
        values[2] =
            everybody(w, &w->parked, &w->parked_count, SPW_INPUT_CONTACT_RESUMED, &worst[1]);
        values[1] = (double)worst[0];
        values[3] = (double)worst[1];
        shape_label(&shape, label, sizeof label);
        report_row(bench->report, "resume", label, values);
        report_digest(bench->report, i == 0 ? "resume" : "resume, many",
                      spw_event_digest(w->engine));
        world_free(w);
    }
}

/* --- the worst single apply ------------------------------------------------------------------- */

struct tally {
    uint64_t calls;
    double sum;
    double max;
};

static int timed(struct world *w, const struct spw_input *input, struct tally *tally)
{
    struct spw_event events[SPW_EVENTS_PER_INPUT];
    int64_t begin = clock_now();
    int result = spw_apply(w->engine, input, w->now, NULL);
    double spent = (double)(clock_now() - begin);
    size_t n = spw_poll(w->engine, events, SPW_EVENTS_PER_INPUT);
    crowd_note(w, events, n);
    tally->calls++;
    tally->sum += spent;
    tally->max = spent > tally->max ? spent : tally->max;
    return result;
}

static void tally_row(const struct bench *bench, const char *label, const struct tally *tally)
{
    double calls = (double)tally->calls;
    double values[] = {calls, tally->sum / calls / 1e3, tally->max / 1e3, tally->sum / 1e6};
    report_row(bench->report, "worst", label, values);
}

/* One change, then its backlog in pieces. */
static void change(const struct bench *bench, struct world *w, const char *label,
                   const struct spw_input *input)
{
    struct tally tally = {0, 0, 0};
    const struct spw_input more = {.kind = SPW_INPUT_CONTINUE};
    must(timed(w, input, &tally), label);
    while (timed(w, &more, &tally) == SPW_E_BUSY) {
    }
    tally_row(bench, label, &tally);
}

static void stage_plan(struct world *w, int64_t head_start)
{
    must(spw_stage_begin(w->engine, SPW_STAGE_PLAN, w->now), "a plan");
    must(spw_stage_set(w->engine, SPW_PLAN_HEAD_START, 1, head_start, w->now), "a head start");
    must(spw_stage_set(w->engine, SPW_PLAN_REVISION, 0, head_start / SPW_SECOND, w->now),
         "revision");
}

static void worst_changes(const struct bench *bench, struct world *w)
{
    struct spw_input input = {.kind = SPW_INPUT_STAGE_COMMIT};
    stage_plan(w, 1200 * SPW_SECOND);
    change(bench, w, "plan swapped", &input);
    input = (struct spw_input){.kind = SPW_INPUT_SUPERVISE_FREEZE};
    input.u.supervise.until = w->now + SPW_HOUR;
    change(bench, w, "everything frozen", &input);
    input = (struct spw_input){.kind = SPW_INPUT_SUPERVISE_THAW};
    change(bench, w, "everything thawed", &input);
    input = (struct spw_input){.kind = SPW_INPUT_QUEUE_CLOSE};
    input.u.queue.queue = 2;
    change(bench, w, "a queue closed on a quarter of the crowd", &input);
    input = (struct spw_input){.kind = SPW_INPUT_GAP};
    input.u.span = SPW_SECOND;
    change(bench, w, "the host was stopped (GAP)", &input);
    input = (struct spw_input){.kind = SPW_INPUT_CENTRE_DARK};
    input.u.centre.centre = 1;
    change(bench, w, "the centre goes dark", &input);
}

/* The first of a new zone: a class is made, and a bit for every pool that may serve it. */
static void worst_new_class(const struct bench *bench, struct world *w, const char *label)
{
    struct tally tally = {0, 0, 0};
    for (uint32_t i = 0; i < 64; i++) {
        struct spw_input input;
        crowd_arrive(w, world_any_sort(w, SPW_CHANNEL_VOICE), false, &input);
        input.u.arrive.zone = (uint16_t)(1 + i);
        must(timed(w, &input, &tally), "a first contact of a class");
    }
    tally_row(bench, label, &tally);
}

/* Skills that nobody else has: a pool is made, the need of every class asked of it. */
static void worst_new_pool(const struct bench *bench, struct world *w)
{
    struct tally tally = {0, 0, 0};
    for (uint32_t i = 0; i < 32; i++) {
        struct spw_input input = {.kind = SPW_INPUT_COUNSELLOR_SKILLS};
        input.u.counsellor.counsellor = w->counsellor[i];
        must(spw_stage_begin(w->engine, SPW_STAGE_SKILLSET, w->now), "a skill set");
        for (uint32_t skill = 1; skill <= w->needs; skill++) {
            must(spw_stage_skill(w->engine, skill, 20 + i, w->now), "a skill held");
        }
        must(spw_stage_commit(w->engine, w->now, &input.u.counsellor.detail), "a skill set");
        must(timed(w, &input, &tally), "other skills");
    }
    tally_row(bench, "first counsellor of a pool", &tally);
}

/* All arrive at one instant with a ladder; a minute later the step is due for all of them. */
static void worst_ladder(const struct bench *bench, struct world *w, uint32_t count)
{
    struct tally tally = {0, 0, 0};
    uint32_t ladder;
    uint32_t queue;
    must(spw_stage_begin(w->engine, SPW_STAGE_LADDER, w->now), "a ladder");
    must(spw_stage_step(w->engine, 0, 1, 0, w->now), "a step");
    must(spw_stage_step(w->engine, SPW_MINUTE, 2, 1, w->now), "a step");
    must(spw_stage_commit(w->engine, w->now, &ladder), "a ladder");
    must(spw_stage_begin(w->engine, SPW_STAGE_QUEUE, w->now), "a queue");
    must(spw_stage_set(w->engine, SPW_QUEUE_LADDER, 0, ladder, w->now), "its ladder");
    must(spw_stage_commit(w->engine, w->now, &queue), "a queue");
    for (uint32_t i = 0; i < count; i++) {
        struct spw_input input;
        struct tally ignored = {0, 0, 0};
        crowd_arrive(w, world_any_sort(w, SPW_CHANNEL_VOICE), false, &input);
        input.u.arrive.queue = queue;
        input.u.arrive.need = 0;
        must(timed(w, &input, &ignored), "an arrival");
    }
    const struct spw_input more = {.kind = SPW_INPUT_ADVANCE};
    w->now += 2 * SPW_MINUTE;
    while (timed(w, &more, &tally) == SPW_E_BUSY) {
    }
    tally_row(bench, "a ladder step due for 100,000 at one instant", &tally);
}

/* The same where each counsellor is a pool of one. */
static void worst_pools(const struct bench *bench)
{
    uint32_t pools = bench->mode == MODE_SMOKE ? 20000u : 100000u;
    struct shape shape = {1, 1024, pools, pools, 10000, 5, false, 0};
    char label[64];
    struct world *w = world_make(&shape, bench->seed);
    world_fill(w);
    snprintf(label, sizeof label, "first contact of a class, %u pools", pools);
    worst_new_class(bench, w, label);
    world_free(w);
}

void measure_worst(const struct bench *bench)
{
    static const char *const columns[] = {"calls", "mean us", "worst us", "all ms"};
    bool smoke = bench->mode == MODE_SMOKE;
    struct shape shape = {1,
                          smoke ? 1024u : 4096u,
                          1000,
                          smoke ? 20000u : 100000u,
                          smoke ? 200000u : 1000000u,
                          5,
                          false,
                          0};
    char text[96];
    char sentence[256];
    shape_label(&shape, text, sizeof text);
    snprintf(sentence, sizeof sentence,
             "The longest single call of each large change, and all calls until its backlog is "
             "worked off: %s, %u counsellors.",
             text, shape.counsellors);
    report_group(bench->report, "worst", sentence, columns, 4);
    struct world *w = world_make(&shape, bench->seed);
    world_fill(w);
    worst_new_class(bench, w, "first contact of a class");
    worst_new_pool(bench, w);
    worst_ladder(bench, w, 100000);
    worst_changes(bench, w);
    report_digest(bench->report, "worst", spw_event_digest(w->engine));
    world_free(w);
    worst_pools(bench);
}

/* --- memory ----------------------------------------------------------------------------------- */

static void memory_row(const struct bench *bench)
{
    struct spw_config config;
    spw_config_init(&config);
    config.contacts_max = 1000000;
    double one = (double)spw_engine_size(&config);
    config.contacts_max = 2000000;
    double two = (double)spw_engine_size(&config);
    struct shape shape = {1, 1024, 1000, 1000, 10000, 5, false, 0};
    struct world *w = world_make(&shape, bench->seed);
    struct spw_usage usage;
    spw_view_usage(w->engine, &usage);
    double values[] = {(double)usage.bytes_per_contact_hot, (double)usage.bytes_per_contact_all,
                       (two - one) / 1e6};
    report_row(bench->report, "memory", "bytes for each contact", values);
    world_free(w);
}

/* A centre of thirty seats, from nothing to the first person waiting. */
static double small_centre(double *start_ms)
{
    struct spw_config config;
    spw_config_init(&config);
    config.contacts_max = 500;
    config.counsellors_max = 40;
    config.centres_max = 1;
    config.queues_max = 16;
    config.skills_max = 64;
    config.skillsets_max = 40;
    config.needs_max = 64;
    config.ladders_max = 16;
    config.classes_max = 128;
    config.pools_max = 40;
    config.tokens_max = 512;
    config.events_max = 512;
    config.prefers_max = 64;
    config.terms_max = 2048;
    struct spw_engine *engine;
    struct spw_arrive arrive = {.id = {1, 1}, .home = 1, .queue = 1};
    spw_contact contact;
    int64_t begin = clock_now();
    must(spw_engine_create(&config, NULL, &engine), "a small centre");
    must(spw_stage_begin(engine, SPW_STAGE_CENTRE, 0), "a centre");
    must(spw_stage_commit(engine, 0, NULL), "a centre");
    must(spw_stage_begin(engine, SPW_STAGE_QUEUE, 0), "a queue");
    must(spw_stage_commit(engine, 0, NULL), "a queue");
    for (uint32_t i = 0; i < 30; i++) {
        spw_counsellor counsellor;
        struct spw_counsellor_add add = {.key = 1 + i, .centre = 1};
        must(spw_counsellor_add(engine, &add, 0, &counsellor), "a counsellor");
    }
    must(spw_contact_arrive(engine, &arrive, 0, &contact), "an arrival");
    *start_ms = (double)(clock_now() - begin) / 1e6;
    spw_engine_destroy(engine);
    return (double)spw_engine_size(&config) / 1024;
}

void measure_memory(const struct bench *bench)
{
    static const char *const per_contact[] = {"hot", "all, as told", "all, as measured"};
    static const char *const small[] = {"KiB", "start ms"};
    report_group(bench->report, "memory",
                 "spw_view_usage beside the growth of spw_engine_size from one to two million "
                 "contacts (which counts timers, ids and the personal records too).",
                 per_contact, 3);
    memory_row(bench);
    report_group(bench->report, "small",
                 "A centre of 30 seats with room for 500 contacts: its "
                 "memory, and the time from nothing to the first person waiting.",
                 small, 2);
    double values[2];
    values[0] = small_centre(&values[1]);
    report_row(bench->report, "small", "30 seats, 500 contacts", values);
}
