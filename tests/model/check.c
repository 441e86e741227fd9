/*
 * model/check.c - one input to both sides and the comparison of what comes back: the result, what
 * it made, the clock, the next deadline, and every member of every event.
 */
#include "check.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void run_open(struct run *run, const struct spw_config *config, struct coverage *coverage)
{
    memset(run, 0, sizeof *run);
    run->coverage = coverage;
    run->world = malloc(sizeof *run->world);
    if (run->world == NULL || spw_engine_create(config, NULL, &run->engine) != SPW_OK) {
        abort();
    }
    world_init(run->world, config);
}

void run_close(struct run *run)
{
    spw_engine_destroy(run->engine);
    free(run->world);
}

#define DIFFERS(member) (memcmp(&a->member, &b->member, sizeof a->member) != 0 ? #member : NULL)

/* The first member that differs, by name; null when the events are equal. */
static const char *event_difference(const struct spw_event *a, const struct spw_event *b)
{
    const char *const members[] = {
        DIFFERS(kind),     DIFFERS(contact),  DIFFERS(counsellor),      DIFFERS(reason),
        DIFFERS(at),       DIFFERS(sequence), DIFFERS(state),           DIFFERS(priority),
        DIFFERS(id),       DIFFERS(cookie),   DIFFERS(centre),          DIFFERS(queue),
        DIFFERS(waited),   DIFFERS(until),    DIFFERS(flags),           DIFFERS(runner_up),
        DIFFERS(detail_a), DIFFERS(policy),   DIFFERS(policy_revision),
    };
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        if (members[i] != NULL) {
            return members[i];
        }
    }
    return NULL;
}

static void events_text(const struct run *run, const struct spw_event *events, size_t n, char *text,
                        size_t size)
{
    FILE *out = fmemopen(text, size, "w");
    if (out == NULL) {
        abort();
    }
    for (size_t i = 0; i < n; i++) {
        event_print(out, run, &events[i]);
    }
    if (n == 0) {
        fprintf(out, "    nothing\n");
    }
    fclose(out);
    text[size - 1] = 0;
}

static bool events_equal(struct run *run, const struct spw_event *got, size_t n,
                         struct difference *found)
{
    const struct world *w = run->world;
    for (size_t i = 0; i < n || i < w->out_count; i++) {
        const char *member = "missing";
        const char *kind = "none";
        if (i < n && i < w->out_count) {
            member = event_difference(&w->out[i], &got[i]);
            kind = spw_event_name(w->out[i].kind);
        } else {
            kind = spw_event_name(i < n ? got[i].kind : w->out[i].kind);
            member = i < n ? "too many" : "missing";
        }
        if (member == NULL) {
            continue;
        }
        size_t from = i > 1 ? i - 1 : 0;
        char expected[700];
        char seen[700];
        char what[64];
        snprintf(what, sizeof what, "event %s %s", kind, member);
        events_text(run, &w->out[from], w->out_count > from ? w->out_count - from : 0, expected,
                    sizeof expected);
        events_text(run, &got[from], n > from ? n - from : 0, seen, sizeof seen);
        difference_set(found, run->index, what, "  expected\n%s  got\n%s", expected, seen);
        return false;
    }
    return true;
}

static void cover(struct run *run, const struct step *step, int result,
                  const struct spw_event *events, size_t n)
{
    struct coverage *c = run->coverage;
    if (c == NULL) {
        return;
    }
    c->results[-result & 31]++;
    c->inputs[step->input.kind & 127]++;
    c->refused[step->input.kind & 127] += result != SPW_OK;
    c->orders[run->world->plan.order & 7]++;
    c->choosers[run->world->plan.chooser & 7]++;
    for (size_t i = 0; i < n; i++) {
        c->events[events[i].kind & 63]++;
        if (events[i].kind == SPW_EVENT_ENDED || events[i].kind == SPW_EVENT_REFUSED) {
            c->ends[events[i].reason % SPW_END_COUNT]++;
        } else if (events[i].kind == SPW_EVENT_RECONCILED) {
            c->reconciled[events[i].reason & 15]++;
        } else {
            c->whys[events[i].reason % SPW_WHY_COUNT]++;
        }
    }
}

/* A handle is new, and where the model names a number or a known handle, it is that one. */
static bool made_equal(struct run *run, uint64_t made, struct difference *found)
{
    const struct world *w = run->world;
    if (!w->makes) {
        if (made != w->made_number) {
            difference_set(found, run->index, "made", "  expected %" PRIu64 ", got %" PRIu64 "\n",
                           w->made_number, made);
            return false;
        }
        return true;
    }
    uint32_t known = 0;
    for (uint32_t i = 1; i <= w->contact_count; i++) {
        known += w->contacts[i].handle == made;
    }
    for (uint32_t i = 1; i <= w->counsellor_count; i++) {
        known += w->counsellors[i].handle == made && w->makes_counsellor;
    }
    uint32_t expected = w->makes_counsellor ? known : 1;
    if (made == 0 || known == 0 || known != expected) {
        difference_set(found, run->index, "made", "  expected a new handle, got %" PRIx64 "\n",
                       made);
        return false;
    }
    return true;
}

static bool results_equal(struct run *run, int expected, int got, struct difference *found)
{
    if (expected == got) {
        return true;
    }
    char what[64];
    snprintf(what, sizeof what, "result %s %s", spw_error_name(expected), spw_error_name(got));
    difference_set(found, run->index, what, "  expected %s, got %s\n", spw_error_name(expected),
                   spw_error_name(got));
    return false;
}

static bool time_equal(struct run *run, struct difference *found)
{
    const struct world *w = run->world;
    if (spw_clock(run->engine) != w->clock) {
        difference_set(found, run->index, "clock",
                       "  expected clock %" PRId64 ", got %" PRId64 "\n", w->clock,
                       spw_clock(run->engine));
        return false;
    }
    spw_ns expected = world_next_deadline(w);
    spw_ns got = spw_next_deadline(run->engine);
    if (expected != got) {
        difference_set(found, run->index, "next deadline",
                       "  expected next deadline %.9f, got %.9f\n", (double)expected / 1e9,
                       (double)got / 1e9);
        return false;
    }
    return true;
}

bool run_step(struct run *run, const struct step *step, bool views, struct difference *found)
{
    static struct spw_event events[OUT];
    struct spw_input input = step_resolve(step, run->contacts, run->counsellors);
    uint64_t made = 0;
    int got = spw_apply(run->engine, &input, step->now, &made);
    size_t n = 0;
    while (n < OUT && spw_poll(run->engine, &events[n], 1) == 1) {
        n++;
    }
    for (size_t i = 0; i < n; i++) { /* not compared, see README.md */
        uint16_t personal = events[i].kind == SPW_EVENT_OFFER ? SPW_EVENT_FLAG_PERSONAL : 0;
        events[i].flags &= (uint16_t)~personal;
    }
    int expected = world_apply(run->world, &input, step->now, made);
    if (step->tag != 0 && got == SPW_OK) {
        bool arrival = step->input.kind == SPW_INPUT_CONTACT_ARRIVE;
        (arrival ? run->contacts : run->counsellors)[step->tag] = made;
        if (!arrival) {
            run->world->counsellors[run->world->counsellor_count].tag = step->tag;
        }
    }
    cover(run, step, got, events, n);
    if (run->verbose) {
        step_print(stdout, step);
        if (got != SPW_OK) {
            printf("    %s\n", spw_error_name(got));
        }
        for (size_t i = 0; i < n; i++) {
            event_print(stdout, run, &events[i]);
        }
    }
    bool good = results_equal(run, expected, got, found) && events_equal(run, events, n, found) &&
                (got != SPW_OK || made_equal(run, made, found)) && time_equal(run, found) &&
                (!views || views_equal(run, found));
    run->index++;
    return good;
}

bool run_script(const struct script *script, bool verbose, struct difference *found)
{
    struct run run;
    run_open(&run, &script->config, NULL);
    run.verbose = verbose;
    bool good = true;
    for (uint32_t i = 0; i < script->count && good; i++) {
        good = run_step(&run, &script->steps[i], true, found);
    }
    run_close(&run);
    return good;
}
