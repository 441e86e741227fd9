/*
 * 07_live_host.c - a whole host around the engine, small enough to start from.
 *
 * New here: the plan is a text (spillway/plan.h), two centres live in one engine, and time is real.
 * The loop sleeps until a line comes in or the engine's next deadline, whichever is first: one
 * timer is all that an engine wants. Arrivals that come together go in together (spw_apply_many),
 * and a change too large for one call (here: a queue closes on 150 people) is worked off by
 * spw_continue while the ring is polled in between. Every decision is printed as a sentence.
 *
 *   07_live_host                     plays 07_live_host.script by a clock that jumps
 *   07_live_host --live [PLAN.yaml]  reads lines as you type them, without the time in front:
 *
 *   ada joins north clinician        also: ready, pauses, accepts, declines, done, lost
 *   12 calls north danger 0          CENTRE QUEUE PRIORITY; also: hangs-up, drops, returns
 *   150 call north talk 4            that many callers at once
 *   queue talk closes                or opens
 */
#define _POSIX_C_SOURCE 200809L /* poll, clock_gettime */

#include <spillway.h>
#include <spillway/plan.h>

#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PEOPLE_MAX 1024
#define STAFF_MAX 16
#define BATCH_MAX 256
#define CROWD_FROM 500 /* the numbers of people who call by the hundred */

struct counsellor {
    char name[16];
    spw_counsellor handle;
    spw_contact holds; /* offered or talking */
};

struct host {
    struct spw_engine *engine;
    struct spw_plan *plan;
    FILE *lines;
    bool live;
    spw_ns now;                         /* scripted: the clock; live: when we woke */
    spw_ns started;                     /* live: monotonic time of the start */
    char line[128];                     /* scripted: the line that is read ahead */
    bool at_end;                        /* nothing more to read */
    spw_contact contact[PEOPLE_MAX];    /* by caller's number, which is the cookie */
    struct counsellor staff[STAFF_MAX]; /* by the key of the counsellor */
    size_t staff_count, crowd;
    struct spw_input batch[BATCH_MAX];
    size_t batched;
    struct spw_event first; /* of a run of events that say the same of many people */
    uint64_t run;           /* how many of them */
};

static void fail(const char *text)
{
    (void)fprintf(stderr, "07_live_host: %s\n", text);
    exit(1);
}

/* --- what the engine decided, in sentences --------------------------------------------------- */

static const char *queue_name(const struct host *host, spw_queue queue)
{
    return queue == 0 ? "-" : spw_plan_name(host->plan, SPW_NAMES_QUEUES, queue - 1);
}

static const char *centre_name(const struct host *host, spw_centre centre)
{
    return centre == 0 ? "-" : spw_plan_name(host->plan, SPW_NAMES_CENTRES, centre - 1);
}

static struct counsellor *by_handle(struct host *host, spw_counsellor handle)
{
    for (size_t i = 0; i < host->staff_count; i++) {
        if (host->staff[i].handle.bits == handle.bits) {
            return &host->staff[i];
        }
    }
    return NULL;
}

static void tell_time(spw_ns at)
{
    long long seconds = (long long)(at / SPW_SECOND);
    printf("%02lld:%02lld ", seconds / 60, seconds % 60);
}

/* People of whom the same is said one after the other become one sentence. */
static void tell_run(struct host *host)
{
    const struct spw_event *first = &host->first;
    if (host->run == 0) {
        return;
    }
    tell_time(first->at);
    if (host->run == 1) {
        printf("caller %llu ", (unsigned long long)first->cookie);
    } else {
        printf("%llu callers, %llu first, ", (unsigned long long)host->run,
               (unsigned long long)first->cookie);
    }
    if (first->kind == SPW_EVENT_WAITING) {
        printf("wait%s at %s for queue %s: %s\n", host->run == 1 ? "s" : "",
               centre_name(host, first->centre), queue_name(host, first->queue),
               spw_why_name(first->reason));
    } else {
        printf("move%s to queue %s, every place kept: %s\n", host->run == 1 ? "s" : "",
               queue_name(host, first->queue), spw_why_name(first->reason));
    }
    host->run = 0;
}

static void tell_offer(struct host *host, const struct spw_event *event, const char *who)
{
    printf("caller %llu (%s, priority %d) is offered to %s after %lld s",
           (unsigned long long)event->cookie, queue_name(host, event->queue), event->priority, who,
           (long long)(event->waited / SPW_SECOND));
    struct spw_contact_view next;
    if (spw_view_contact(host->engine, event->runner_up, &next) == SPW_OK) {
        printf("; caller %llu would have been next", (unsigned long long)next.cookie);
    }
    printf(" (plan %u)\n", event->policy_revision);
}

static void tell_contact(struct host *host, const struct spw_event *event)
{
    struct counsellor *counsellor = by_handle(host, event->counsellor);
    const char *who = counsellor == NULL ? "nobody" : counsellor->name;
    unsigned long long caller = event->cookie;
    switch (event->kind) {
    case SPW_EVENT_OFFER:
        if (counsellor != NULL) {
            counsellor->holds = event->contact;
        }
        tell_offer(host, event, who);
        break;
    case SPW_EVENT_OFFER_MISSED:
        printf("%s did not answer caller %llu, who keeps the place\n", who, caller);
        break;
    case SPW_EVENT_OFFER_DECLINED:
        printf("%s says no to caller %llu, who keeps the place\n", who, caller);
        break;
    case SPW_EVENT_OFFER_WITHDRAWN:
        printf("the offer of caller %llu to %s is taken back: %s\n", caller, who,
               spw_why_name(event->reason));
        break;
    case SPW_EVENT_CONNECTED:
        printf("caller %llu talks to %s\n", caller, who);
        break;
    case SPW_EVENT_ENDED:
        printf("caller %llu has gone: %s\n", caller, spw_end_name(event->reason));
        break;
    case SPW_EVENT_PARKED:
        printf("caller %llu lost the line; the place is kept for %lld s\n", caller,
               (long long)((event->until - event->at) / SPW_SECOND));
        break;
    case SPW_EVENT_RESUMED:
        printf("caller %llu is back in the same place\n", caller);
        break;
    case SPW_EVENT_RECONCILED: /* a fact that did not fit: applied as far as it can be */
        if (event->reason == SPW_RECONCILED_GONE) {
            printf("what was said comes too late: that caller has gone\n");
        } else {
            printf("what was said of caller %llu did not fit the state\n", caller);
        }
        break;
    case SPW_EVENT_REFUSED:
        printf("caller %llu finds no place: %s\n", caller, spw_end_name(event->reason));
        break;
    default:
        printf("%s of caller %llu\n", spw_event_name(event->kind), caller);
        break;
    }
}

static void tell(struct host *host, const struct spw_event *event)
{
    bool many = event->kind == SPW_EVENT_WAITING || event->kind == SPW_EVENT_MOVED;
    bool same = many && host->run > 0 && host->first.kind == event->kind &&
                host->first.queue == event->queue && host->first.centre == event->centre &&
                host->first.reason == event->reason && host->first.at == event->at;
    if (same) {
        host->run++;
        return;
    }
    tell_run(host);
    if (many) {
        host->first = *event;
        host->run = 1;
        return;
    }
    tell_time(event->at);
    if (event->contact.bits != 0 || event->kind == SPW_EVENT_REFUSED) {
        tell_contact(host, event);
    } else if (event->kind == SPW_EVENT_COUNSELLOR) {
        struct counsellor *counsellor = by_handle(host, event->counsellor);
        static const char *const states[] = {"off duty",      "pausing", "ready",
                                             "not answering", "silent",  "leaving"};
        printf("%s is %s (%s)\n", counsellor == NULL ? "somebody" : counsellor->name,
               event->detail_a < 6 ? states[event->detail_a] : "?", spw_why_name(event->reason));
    } else if (event->kind == SPW_EVENT_QUEUE) {
        printf("queue %s is %s\n", queue_name(host, event->queue),
               event->detail_a == 1 ? "open" : "closed");
    } else if (event->kind == SPW_EVENT_BACKLOG) {
        printf("a large change %s\n", event->detail_a == 1 ? "begins" : "is done");
    } else {
        printf("%s\n", spw_event_name(event->kind));
    }
}

/* Reads the ring empty. What the host must remember (handles) comes with the events. */
static void poll_events(struct host *host)
{
    struct spw_event event;
    while (spw_poll(host->engine, &event, 1) > 0) {
        if (event.contact.bits != 0 && event.cookie < PEOPLE_MAX) {
            host->contact[event.cookie] = event.contact;
        }
        tell(host, &event);
    }
}

/* --- the door -------------------------------------------------------------------------------- */

/* Fires what is due and works off what a large change left, a bounded piece at a time. */
static void catch_up(struct host *host)
{
    int more;
    do {
        more = spw_continue(host->engine, host->now);
        poll_events(host);
    } while (more == SPW_E_BUSY || more == SPW_E_POLL_FIRST);
}

/* All that has been collected. Taken short means: the ring was full or a large change is on.
 * Returns what the last of them made. */
static uint64_t apply_batch(struct host *host)
{
    static int results[BATCH_MAX];
    static spw_ns times[BATCH_MAX];
    static uint64_t made[BATCH_MAX];
    size_t done = 0;
    uint64_t last = 0;
    for (size_t i = 0; i < host->batched; i++) {
        times[i] = host->now;
    }
    for (;;) {
        done += spw_apply_many(host->engine, host->batch + done, times + done, host->batched - done,
                               results + done, made + done);
        poll_events(host);
        if (done == host->batched) {
            break;
        }
        catch_up(host);
    }
    for (size_t i = 0; i < done; i++) {
        if (results[i] != SPW_OK) {
            printf("      %s: %s\n", spw_input_name(host->batch[i].kind),
                   spw_error_text(results[i]));
        }
        last = made[i];
    }
    host->batched = 0;
    return last;
}

static void collect(struct host *host, struct spw_input input)
{
    if (host->batched == BATCH_MAX) {
        (void)apply_batch(host);
    }
    host->batch[host->batched++] = input;
}

/* --- what the lines say ---------------------------------------------------------------------- */

/* A host says what it does not do: silence is read as done. */
static void puzzled(const char *why, const char *word)
{
    printf("      %s: `%s`\n", why, word);
}

static void call(struct host *host, uint64_t number, const char *centre, const char *queue,
                 const char *priority)
{
    struct spw_input input = {.kind = SPW_INPUT_CONTACT_ARRIVE};
    input.u.arrive = (struct spw_arrive){.id = {0x5eed, number + 1}, /* live: random */
                                         .cookie = number,
                                         .home = spw_plan_centre(host->plan, centre),
                                         .queue = spw_plan_queue(host->plan, queue),
                                         .priority = (uint8_t)(priority[0] - '0')};
    bool sane = priority[0] >= '0' && priority[0] <= '7' && priority[1] == '\0';
    if (!sane) {
        puzzled("expected a priority from 0 to 7", priority);
    } else if (number >= PEOPLE_MAX) {
        printf("      caller %llu is turned away: this example has places for numbers below %d\n",
               (unsigned long long)number, PEOPLE_MAX);
    } else {
        collect(host, input);
    }
}

static void caller_line(struct host *host, uint64_t number, const char *verb)
{
    static const struct {
        const char *verb;
        uint32_t kind;
    } facts[] = {{"hangs-up", SPW_INPUT_CONTACT_LEFT},
                 {"drops", SPW_INPUT_CONTACT_DROPPED},
                 {"returns", SPW_INPUT_CONTACT_RESUMED}};
    for (size_t i = 0; i < sizeof facts / sizeof *facts && number < PEOPLE_MAX; i++) {
        if (strcmp(facts[i].verb, verb) == 0) {
            struct spw_input input = {.kind = facts[i].kind};
            input.u.contact.contact = host->contact[number];
            collect(host, input);
            return;
        }
    }
    puzzled("a caller calls, hangs-up, drops or returns", verb);
}

static void join(struct host *host, const char *name, const char *centre, const char *skill_set)
{
    if (host->staff_count == STAFF_MAX) {
        puzzled("this example has no place for another counsellor", name);
        return;
    }
    struct counsellor *counsellor = &host->staff[host->staff_count];
    struct spw_input add = {.kind = SPW_INPUT_COUNSELLOR_ADD};
    add.u.counsellor_add =
        (struct spw_counsellor_add){.key = host->staff_count + 1,
                                    .centre = spw_plan_centre(host->plan, centre),
                                    .skillset = spw_plan_skillset(host->plan, skill_set)};
    collect(host, add);
    counsellor->handle.bits = apply_batch(host);
    if (counsellor->handle.bits == 0) {
        return;
    }
    (void)snprintf(counsellor->name, sizeof counsellor->name, "%s", name);
    host->staff_count++;
    struct spw_input ready = {.kind = SPW_INPUT_COUNSELLOR_READY};
    ready.u.counsellor.counsellor = counsellor->handle;
    collect(host, ready);
}

static void counsellor_line(struct host *host, struct counsellor *counsellor, const char *verb)
{
    static const struct {
        const char *verb;
        uint32_t kind;
    } said[] = {{"ready", SPW_INPUT_COUNSELLOR_READY},    {"pauses", SPW_INPUT_COUNSELLOR_PAUSE},
                {"lost", SPW_INPUT_COUNSELLOR_LOST},      {"accepts", SPW_INPUT_CONTACT_ACCEPTED},
                {"declines", SPW_INPUT_CONTACT_DECLINED}, {"done", SPW_INPUT_CONTACT_ENDED}};
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        if (strcmp(said[i].verb, verb) == 0) {
            struct spw_input input = {.kind = said[i].kind};
            if (said[i].kind == SPW_INPUT_CONTACT_ENDED) {
                input.u.contact.contact = counsellor->holds;
                input.u.contact.detail = SPW_END_SERVED;
            } else if (said[i].kind < SPW_INPUT_CONTACT_ARRIVE) {
                input.u.counsellor.counsellor = counsellor->handle;
            } else {
                input.u.pair.contact = counsellor->holds;
                input.u.pair.counsellor = counsellor->handle;
            }
            collect(host, input);
            return;
        }
    }
    puzzled("a counsellor is ready, pauses, accepts, declines, is done or lost", verb);
}

static struct counsellor *by_name(struct host *host, const char *name)
{
    for (size_t i = 0; i < host->staff_count; i++) {
        if (strcmp(host->staff[i].name, name) == 0) {
            return &host->staff[i];
        }
    }
    return NULL;
}

static void queue_line(struct host *host, const char *name, const char *verb)
{
    bool closes = strcmp(verb, "closes") == 0;
    struct spw_input input = {.kind = closes ? SPW_INPUT_QUEUE_CLOSE : SPW_INPUT_QUEUE_OPEN};
    if (!closes && strcmp(verb, "opens") != 0) {
        puzzled("a queue closes or opens", verb);
        return;
    }
    input.u.queue.queue = spw_plan_queue(host->plan, name);
    collect(host, input);
}

/* One line. Arrivals are collected; what needs to know what came of them has them applied first. */
static void obey(struct host *host, const char *line)
{
    char word[5][16] = {""};
    int words =
        sscanf(line, "%15s %15s %15s %15s %15s", word[0], word[1], word[2], word[3], word[4]);
    uint64_t number = strtoull(word[0], NULL, 10);
    if (words < 2 || word[0][0] == '#') {
        return;
    }
    if (strcmp(word[1], "calls") == 0) {
        call(host, number, word[2], word[3], word[4]);
        return;
    }
    if (strcmp(word[1], "call") == 0) {
        for (uint64_t i = 0; i < number; i++) {
            call(host, CROWD_FROM + host->crowd, word[2], word[3], word[4]);
            if (CROWD_FROM + host->crowd >= PEOPLE_MAX) {
                break; /* said once */
            }
            host->crowd++;
        }
        (void)apply_batch(host);
        return;
    }
    (void)apply_batch(host);
    struct counsellor *counsellor = by_name(host, word[0]);
    if (number > 0) {
        caller_line(host, number, word[1]);
    } else if (strcmp(word[0], "queue") == 0) {
        queue_line(host, word[1], word[2]);
    } else if (counsellor != NULL) {
        counsellor_line(host, counsellor, word[1]);
    } else if (strcmp(word[1], "joins") == 0) {
        join(host, word[0], word[2], word[3]);
    } else {
        puzzled("nobody has joined by that name", word[0]);
    }
    (void)apply_batch(host);
}

/* --- time ------------------------------------------------------------------------------------ */

static spw_ns monotonic(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (spw_ns)now.tv_sec * SPW_SECOND + now.tv_nsec;
}

/* Sleeps until the deadline or a line; true: there is a line, or the end of them. */
static bool sleep_live(struct host *host, spw_ns deadline)
{
    struct pollfd input = {.fd = 0, .events = POLLIN};
    spw_ns left = deadline - (monotonic() - host->started);
    int wait_ms = left <= 0 ? 0 : (int)((left + SPW_MILLISECOND - 1) / SPW_MILLISECOND);
    if (left >= SPW_HOUR) {
        wait_ms = deadline == SPW_FOREVER ? -1 : 3600 * 1000;
    }
    bool line = poll(&input, 1, wait_ms) > 0;
    host->now = monotonic() - host->started;
    return line;
}

/* The same with a clock that jumps: to the next line, or to the deadline if that is before it. */
static bool sleep_scripted(struct host *host, spw_ns deadline)
{
    int minutes = 0;
    int seconds = 0;
    while (sscanf(host->line, "%d:%d", &minutes, &seconds) != 2) {
        if (fgets(host->line, sizeof host->line, host->lines) == NULL) {
            host->line[0] = '\0';
            return true;
        }
    }
    spw_ns next = minutes * SPW_MINUTE + seconds * SPW_SECOND;
    bool line = next <= deadline; /* an answer at exactly the deadline counts */
    host->now = line ? next : deadline;
    return line;
}

static bool sleep_until(struct host *host, spw_ns deadline)
{
    return host->live ? sleep_live(host, deadline) : sleep_scripted(host, deadline);
}

static void run(struct host *host)
{
    while (!host->at_end) {
        if (!sleep_until(host, host->now)) { /* no line is there: what came together goes in */
            (void)apply_batch(host);
        }
        if (!sleep_until(host, spw_next_deadline(host->engine))) {
            catch_up(host);
        } else if (host->live) {
            host->at_end = fgets(host->line, sizeof host->line, host->lines) == NULL;
            obey(host, host->at_end ? "" : host->line);
        } else {
            host->at_end = host->line[0] == '\0'; /* nothing could be read ahead */
            obey(host, host->at_end ? "" : host->line + sizeof "00:00");
            host->line[0] = '\0';
        }
        tell_run(host);
    }
    (void)apply_batch(host);
    tell_run(host);
}

/* --- the set-up ------------------------------------------------------------------------------ */

static char *read_whole(const char *path, size_t *length)
{
    static char text[16384];
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        fail("cannot read the plan: run it from the top of the project, or name one");
    }
    *length = fread(text, 1, sizeof text, file);
    (void)fclose(file);
    if (*length == sizeof text) {
        fail("the plan is longer than this example reads");
    }
    return text;
}

static void open_plan(struct host *host, const char *path)
{
    struct spw_plan_error error;
    struct spw_config config;
    size_t length;
    const char *text = read_whole(path, &length);
    host->plan = spw_plan_read(text, length, path, &error);
    if (host->plan == NULL) {
        fail(error.text);
    }
    spw_config_init(&config);
    spw_plan_config(host->plan, &config);
    if (spw_engine_create(&config, NULL, &host->engine) != SPW_OK) {
        fail("the engine needs more memory");
    }
    if (spw_plan_apply(host->plan, host->engine, -1, 0, &error) != SPW_OK) {
        fail(error.text);
    }
    struct spw_event event; /* what the plan set up is no news */
    while (spw_poll(host->engine, &event, 1) > 0) {
    }
}

int main(int argc, char **argv)
{
    static struct host host;
    host.live = argc > 1 && strcmp(argv[1], "--live") == 0;
    if ((argc > 1 && !host.live) || argc > 3) {
        fail("usage: 07_live_host [--live [PLAN.yaml]]");
    }
    open_plan(&host, argc > 2 ? argv[2] : "examples/07_live_host.yaml");
    host.started = monotonic();
    host.lines = host.live ? stdin : fopen("examples/07_live_host.script", "r");
    if (host.lines == NULL) {
        fail("cannot read the script: run it from the top of the project");
    }
    (void)setvbuf(stdin, NULL, _IONBF, 0);  /* so that poll knows of every line */
    (void)setvbuf(stdout, NULL, _IOLBF, 0); /* a decision is seen when it is made */
    run(&host);
    spw_engine_destroy(host.engine);
    spw_plan_free(host.plan);
    return 0;
}
