/*
 * tests/report/make_sample.c - writes a report about a flood that never was.
 *
 *   report_sample flood|replay|many|bare FILE.html
 *
 * flood: two policies, 200 buckets, names that try to break out of the page. replay: recorded rows.
 * many: eight policies, long names. bare: one policy, one run, no time series, nothing that can be
 * absent is there. The room of the report is linked alone: what it asks of the plan and of the
 * simulator is answered here. The same bytes come out every time.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <spillway/plan.h>

#include "command/report/report.h"

enum { BUCKETS = 200, GROUPS_MAX = 24, HOUR = 3600 };

static const char hostile[] =
    "</script><b onclick=\"alert(1)\">'&amp;\xe2\x80\xa8\xff\xe2\x80\xae<!--";

/* --- what the report asks of other layers ----------------------------------------------------- */

static const char *const queue_names[] = {"voice </th><script>alert(2)</script>", "chat", NULL};
static const char *const centre_names[] = {"Hauptstra\xc3\x9f"
                                           "e 1",
                                           "north & \"south\"", NULL};

const char *spw_plan_name(const struct spw_plan *plan, enum spw_plan_names of, size_t index)
{
    (void)plan;
    const char *const *names = of == SPW_NAMES_QUEUES ? queue_names : centre_names;
    return index < 2 ? names[index] : NULL;
}

static uint32_t number_of(const char *const *names, const char *name)
{
    for (uint32_t i = 0; names[i]; i++) {
        if (strcmp(names[i], name) == 0) {
            return i + 1;
        }
    }
    return 0;
}

spw_queue spw_plan_queue(const struct spw_plan *plan, const char *name)
{
    (void)plan;
    return number_of(queue_names, name);
}

spw_centre spw_plan_centre(const struct spw_plan *plan, const char *name)
{
    (void)plan;
    return number_of(centre_names, name);
}

const struct spw_group *spw_result_group(const struct spw_result *result, enum spw_group_kind kind,
                                         uint32_t number)
{
    for (size_t i = 0; i < result->group_count; i++) {
        if (result->groups[i].kind == kind && result->groups[i].number == number) {
            return &result->groups[i];
        }
    }
    return NULL;
}

/* --- a flood ---------------------------------------------------------------------------------- */

/* Everything a policy's result points to. */
struct made {
    struct spw_result result;
    struct spw_group groups[GROUPS_MAX];
    struct spw_bucket buckets[BUCKETS];
};

static struct made made[SPW__POLICIES_MAX];
static struct spw__policy_outcome policies[SPW__POLICIES_MAX];

static double wobble(size_t at)
{
    return 0.5 + 0.5 * sin((double)at * 12.9898) * cos((double)at * 4.1414);
}

/* A fluid that fills when more come than can be served; the later the policy, the worse. */
static void fill_buckets(struct spw_bucket *buckets, size_t policy)
{
    double width = 13.0 * HOUR / BUCKETS, waiting = 0, worse = 1 + 0.15 * (double)policy;
    for (size_t i = 0; i < BUCKETS; i++) {
        struct spw_bucket *bucket = &buckets[i];
        double hour = (double)i * 13 / BUCKETS;
        double rate = 83 + 1100 * exp(-pow((hour - 4) / 0.8, 2)) + 30 * wobble(i);
        bucket->from_s = (double)i * width;
        bucket->people = rate * width / HOUR;
        bucket->could_serve = (hour < 9 ? 650 : 500) * width / HOUR;
        bucket->attempts = bucket->people + fmin(0.12 * waiting * worse, 0.5 * bucket->people);
        waiting = fmax(0, waiting * 0.8 + bucket->attempts - bucket->could_serve);
        bucket->waiting = waiting * worse + wobble(i + 7);
        bucket->staffed = 14;
        bucket->busy = fmin(14, 14 * bucket->attempts / bucket->could_serve);
        for (int priority = 0; priority < 3; priority++) {
            double each = policy % 2 ? 1 : 0.08 + 0.9 * priority * priority;
            bucket->wait_s[priority] = waiting * 18 * each * worse + 3 * wobble(i + 3);
            bucket->waiting_of[priority] = bucket->waiting * (1 + priority) / 6 * each;
            bucket->wait_count[priority] = priority == 0 && i % 3 == 0 ? 0 : bucket->people / 3;
        }
    }
}

static void fill_group(struct spw_group *group, double people, double reached, double worse)
{
    struct spw_figure *figure = group->figure;
    for (int i = 0; i < SPW_MEASURE_COUNT; i++) {
        figure[i] = (struct spw_figure){NAN, NAN};
    }
    figure[SPW_MEASURE_PEOPLE] = (struct spw_figure){people, people / 200};
    figure[SPW_MEASURE_ATTEMPTS] = (struct spw_figure){people * 1.4, people / 120};
    figure[SPW_MEASURE_REACHED] = (struct spw_figure){reached, 0.0123};
    figure[SPW_MEASURE_WITHIN_TARGET] = (struct spw_figure){reached * 0.72 / worse, 0.018};
    figure[SPW_MEASURE_ANSWERED] = (struct spw_figure){people * reached, people / 300};
    figure[SPW_MEASURE_ABANDONED_SHARE] = (struct spw_figure){1 - reached, 0.0123};
    static const double quantiles[] = {4.2, 312, 498, 1201, 4210};
    for (int i = 0; i < 5; i++) {
        figure[SPW_MEASURE_WAIT_P50 + i] =
            (struct spw_figure){quantiles[i] * worse, quantiles[i] * 0.07};
    }
    figure[SPW_MEASURE_OCCUPANCY] = (struct spw_figure){0.71, 0.004};
}

static void fill_policy(size_t policy, const char *name)
{
    static const struct {
        enum spw_group_kind kind;
        uint32_t number;
        double people;
    } plan[] = {
        {SPW_GROUP_ALL, 0, 3480},      {SPW_GROUP_PRIORITY, 0, 418}, {SPW_GROUP_PRIORITY, 1, 1322},
        {SPW_GROUP_PRIORITY, 2, 1740}, {SPW_GROUP_QUEUE, 1, 3000},   {SPW_GROUP_QUEUE, 2, 480},
        {SPW_GROUP_CENTRE, 1, 2400},   {SPW_GROUP_CENTRE, 2, 1080},  {SPW_GROUP_STREAM, 0, 3000},
        {SPW_GROUP_STREAM, 1, 480},    {SPW_GROUP_CREW, 0, 3480}};
    struct made *m = &made[policy];
    double worse = 1 + 0.15 * (double)policy;
    m->result.group_count = sizeof plan / sizeof plan[0];
    for (size_t i = 0; i < m->result.group_count; i++) {
        m->groups[i].kind = plan[i].kind;
        m->groups[i].number = plan[i].number;
        fill_group(&m->groups[i], plan[i].people, 0.91 / worse, worse);
    }
    fill_buckets(m->buckets, policy);
    m->result.runs = 20;
    m->result.groups = m->groups;
    m->result.all = &m->groups[0];
    m->result.buckets = m->buckets;
    m->result.bucket_count = BUCKETS;
    m->result.longest_p0_wait_s = policy == 0 ? 38.4 : 752;
    m->result.state_hash = 0x0123456789abcdef + policy;
    m->result.event_digest = 0xfedcba9876543210 - policy;
    m->result.inputs = 1234567;
    m->result.people = 69600;
    m->result.capacity = (struct spw_figure){0.18, 0.001};
    m->result.offered_load = (struct spw_figure){12.4, 0.3};
    policies[policy] = (struct spw__policy_outcome){.name = name, .result = &m->result};
}

/* --- outcomes --------------------------------------------------------------------------------- */

static const struct spw__mark marks[] = {
    {"people.callers.patience", "{exponential: 4 min}", hostile, SPW__GUESSED, 61},
    {"crews.call-takers", "14", "the county does not say how many sat there that evening",
     SPW__GUESSED, 70},
    {"people.callers.mix[0].share", "12 %", "", SPW__GUESSED, 0},
    {"people.callers.arrivals", "{piecewise: [{from: 0 h, rate: 83 per 1 h}, {from: 2 h, ...}]}",
     "set so that all attempts are about 4,887 in twelve hours", SPW__DERIVED, 45},
    {"people.callers.service", "77 s", "Allen County in a storm", SPW__SOURCED, 60},
};

static const struct spw__guess guesses[] = {
    {.mark = &marks[1], .half = {0.31, 0.55}, .twice = {0.80, 0.97}},
    {.mark = &marks[0], .half = {0.60, 0.90}, .twice = {0.655, NAN}},
    {.mark = &marks[2], .unvaried = hostile}};

static const struct spw__goal_result kept[] = {
    {"reached within target, queue voice: at least 60 %", 0.6, 0.655, 0.018, "65.5 %", true}};
static const struct spw__goal_result missed[] = {
    {"reached within target, queue voice: at least 60 %", 0.6, 0.571, 0.018, "57.1 %", false}};

static const struct spw__recorded_row recorded[] = {
    {.group = "all",
     .measure = "answered",
     .recorded = 26411,
     .simulated = 26502,
     .half_width = 180,
     .naive = 25102,
     .band = 792},
    {.group = "all",
     .measure = "mean wait of the answered (s)",
     .recorded = 88.2,
     .simulated = 85.9,
     .half_width = 4.1,
     .naive = 61.0,
     .unit = SPW__UNIT_SECONDS,
     .band = 2},
    {.group = "priority 1",
     .measure = "share who gave up",
     .recorded = 0.21,
     .simulated = 0.22,
     .half_width = 0.01,
     .naive = NAN,
     .unit = SPW__UNIT_SHARE},
    {.group = hostile,
     .measure = "mean wait (s)",
     .recorded = NAN,
     .simulated = 12,
     .half_width = NAN,
     .naive = 14,
     .unit = SPW__UNIT_SECONDS,
     .detail = true},
};

static const char *const notes[] = {"Talks were fitted on days 1 to 7.", hostile};

static const struct spw_stream streams[] = {{.name = "callers"}, {.name = NULL}};
static const struct spw_crew crews[] = {{.name = hostile}};
static const struct spw_scenario scenario = {.warm_up_s = HOUR,
                                             .duration_s = 12.5 * HOUR,
                                             .streams = streams,
                                             .stream_count = 2,
                                             .crews = crews,
                                             .crew_count = 1};

static struct spw__outcome flood(void)
{
    fill_policy(0, "head-start");
    fill_policy(1, hostile);
    policies[0].goals = kept;
    policies[1].goals = missed;
    policies[0].goal_count = policies[1].goal_count = 1;
    return (struct spw__outcome){
        .title = "The storm of 19 June, </title><script>alert(3)</script>",
        .subtitle = "A county emergency line in a storm; calls per hour as reported.",
        .source = "montgomery-storm.yaml",
        .scenario = &scenario,
        .policies = policies,
        .policy_count = 2,
        .marks = marks,
        .mark_count = sizeof marks / sizeof marks[0],
        .guesses = guesses,
        .guess_count = sizeof guesses / sizeof guesses[0],
        .guess_runs = 5,
        .guess_priority = 0,
        .as_guessed = {0.655, 0.87},
        .seed = 619,
        .runs = 20,
        .verdict = "One of two goals was missed.",
        .broken = true,
        .broken_text = "fifo: reached within target, queue voice: at least 60 %, was 57.1 %.",
        .plan = (const struct spw_plan *)(const void *)marks, /* never looked into */
        .command_line = "spillway flood run montgomery-storm.yaml --policy head-start --policy "
                        "'</code><img src=http://example.org/x.png>' --report out.html"};
}

/* Nothing is recorded of the first day. */
static double waiting[BUCKETS];

static struct spw__outcome replay(void)
{
    struct spw__outcome outcome = flood();
    for (size_t i = 0; i < BUCKETS; i++) {
        waiting[i] = i < 24 ? (double)NAN : 3 + (double)(i % 48);
    }
    outcome.recorded_waiting = waiting;
    outcome.recorded_waiting_count = BUCKETS;
    outcome.title = "Fourteen days of a bank's calls, the second week predicted";
    outcome.recorded = recorded;
    outcome.recorded_count = sizeof recorded / sizeof recorded[0];
    outcome.notes = notes;
    outcome.note_count = sizeof notes / sizeof notes[0];
    outcome.verdict = "The second week was predicted nearer than by the naive forecast.";
    outcome.broken = false;
    outcome.broken_text = "";
    outcome.policy_count = 1;
    return outcome;
}

static struct spw__outcome many(void)
{
    static const char *const names[] = {
        "head-start",
        "fifo",
        "strict",
        "accumulating",
        "deadline",
        "longest-queue",
        "lifo",
        "a_policy_of_our_own_with_a_name_that_is_very_long_and_has_no_blank_to_break_at.so"};
    struct spw__outcome outcome = flood();
    for (size_t i = 0; i < SPW__POLICIES_MAX; i++) {
        fill_policy(i, names[i]);
    }
    outcome.title = "Eight orders of service on the same evening";
    outcome.policy_count = SPW__POLICIES_MAX;
    outcome.broken = false;
    outcome.verdict = "Good: no goal was missed and every invariant holds.";
    return outcome;
}

static struct spw__outcome bare(void)
{
    fill_policy(0, "head-start");
    struct made *m = &made[0];
    for (size_t i = 0; i < m->result.group_count; i++) {
        for (int j = 0; j < SPW_MEASURE_COUNT; j++) {
            m->groups[i].figure[j].half_width = (double)INFINITY;
        }
    }
    m->result.bucket_count = 0;
    m->result.buckets = NULL;
    m->result.longest_p0_wait_s = 0;
    m->result.capacity = m->result.offered_load = (struct spw_figure){NAN, NAN};
    return (struct spw__outcome){
        .title = "Bare", .policies = policies, .policy_count = 1, .runs = 1, .verdict = "Good."};
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        struct spw__outcome (*make)(void);
    } kinds[] = {{"flood", flood}, {"replay", replay}, {"many", many}, {"bare", bare}};
    char error[400] = "";
    for (size_t i = 0; argc == 3 && i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].name, argv[1]) == 0) {
            struct spw__outcome outcome = kinds[i].make();
            if (spw__report_write(argv[2], &outcome, error, sizeof error) != 0) {
                fprintf(stderr, "%s\n", error);
                return 1;
            }
            return 0;
        }
    }
    fprintf(stderr, "usage: report_sample flood|replay|many|bare FILE.html\n");
    return 2;
}
