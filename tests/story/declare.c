/*
 * tests/story/declare.c - what there is: centres, skills, counsellors, queues, the plan.
 *
 * Each line makes one object, through the stages of the engine. Rule N2: a queue with `after` gets
 * a ladder whose first step is the need it starts with.
 */
#include "story.h"

#include <stdio.h>
#include <string.h>

static bool set(struct line *line, struct story *story, enum spw_field field, uint32_t index,
                int64_t value)
{
    return engine_ok(line, spw_stage_set(story->engine, field, index, value, story->now),
                     "this setting");
}

/* An option that is a word and a span; tried word by word. */
struct option {
    const char *word;
    enum spw_field field;
    int kind; /* 0 span, 1 number */
};

static bool options(struct line *line, struct story *story, const struct option *option, size_t n,
                    bool *taken)
{
    *taken = false;
    for (size_t i = 0; i < n; i++) {
        if (!line_try(line, option[i].word)) {
            continue;
        }
        int64_t value = 0;
        spw_ns span = 0;
        bool good =
            option[i].kind == 0 ? line_span(line, &span) : line_number(line, 0, 1000000, &value);
        *taken = true;
        return good && set(line, story, option[i].field, 0, option[i].kind == 0 ? span : value);
    }
    return true;
}

static bool declare_centre(struct line *line, struct story *story)
{
    static const struct option known[] = {{"lease", SPW_CENTRE_LEASE, 0},
                                          {"grace", SPW_CENTRE_RECONNECT_GRACE, 0},
                                          {"rest", SPW_CENTRE_REST_SHARE, 1},
                                          {"zone", SPW_CENTRE_ZONE, 1}};
    int column = line_column(line);
    const char *name = line_take(line, "the name of a centre");
    uint32_t number;
    if (name == NULL ||
        !engine_ok(line, spw_stage_begin(story->engine, SPW_STAGE_CENTRE, story->now),
                   "a centre")) {
        return false;
    }
    for (bool taken = true; taken && line_more(line);) {
        if (!options(line, story, known, sizeof known / sizeof known[0], &taken)) {
            return false;
        }
    }
    return line_end(line) &&
           engine_ok(line, spw_stage_commit(story->engine, story->now, &number), "the centre") &&
           name_add(line, story, SORT_CENTRE, number, name, column);
}

static bool declare_skill(struct line *line, struct story *story)
{
    do {
        int column = line_column(line);
        const char *name = line_take(line, "the name of a skill");
        spw_skill number;
        if (name == NULL ||
            !engine_ok(line,
                       spw_skill_add(story->engine, (uint64_t)story->names[SORT_SKILL].count + 1,
                                     story->now, &number),
                       "the skill") ||
            !name_add(line, story, SORT_SKILL, number, name, column)) {
            return false;
        }
    } while (line_more(line));
    return true;
}

static bool counsellor_options(struct line *line, struct story *story,
                               struct spw_counsellor_add *add)
{
    while (line_more(line)) {
        int64_t number;
        if (line_try(line, "knows")) {
            if (!skillset_read(line, story, &add->skillset)) {
                return false;
            }
        } else if (line_try(line, "units")) {
            if (!line_number(line, 1, 1000, &number)) {
                return false;
            }
            add->units = (uint32_t)number;
        } else if (line_try(line, "takes")) {
            do {
                uint8_t channel;
                if (!channel_read(line, &channel)) {
                    return false;
                }
                add->channels |= 1u << channel;
            } while (line_try(line, "and"));
        } else if (line_try(line, "pulls")) {
            add->flags = SPW_COUNSELLOR_PULLS;
        } else {
            return complain(line, line_column(line), "this is not said of a counsellor",
                            "`knows`, `units`, `takes` or `pulls`");
        }
    }
    return true;
}

static bool declare_counsellor(struct line *line, struct story *story)
{
    int column = line_column(line);
    const char *name = line_take(line, "the name of a counsellor");
    struct spw_counsellor_add add = {.key = 1 + (uint64_t)story->names[SORT_COUNSELLOR].count};
    spw_counsellor counsellor;
    uint64_t centre;
    if (name == NULL || !line_want(line, "at") || !name_want(line, story, SORT_CENTRE, &centre)) {
        return false;
    }
    add.centre = (spw_centre)centre;
    return counsellor_options(line, story, &add) &&
           engine_ok(line, spw_counsellor_add(story->engine, &add, story->now, &counsellor),
                     "the counsellor") &&
           name_add(line, story, SORT_COUNSELLOR, counsellor.bits, name, column);
}

/* --- queues ----------------------------------------------------------------------------------- */

struct step {
    spw_ns after;
    spw_need need;
    uint32_t raise;
};

/* after SPAN [needs ... | anybody] [raise N]; what is not said stays as in the step before. */
static bool read_step(struct line *line, struct story *story, struct step *step)
{
    if (!line_span(line, &step->after)) {
        return false;
    }
    if (line_try(line, "needs")) {
        if (!need_read(line, story, &step->need)) {
            return false;
        }
    } else if (line_try(line, "anybody")) {
        if (!need_anybody(line, story, &step->need)) {
            return false;
        }
    }
    int64_t raise = 0;
    if (line_try(line, "raise") && !line_number(line, 1, 7, &raise)) {
        return false;
    }
    step->raise = (uint32_t)raise;
    return true;
}

static bool commit_ladder(struct line *line, struct story *story, const struct step *steps, int n,
                          spw_ladder *ladder)
{
    bool good =
        engine_ok(line, spw_stage_begin(story->engine, SPW_STAGE_LADDER, story->now), "the ladder");
    for (int i = 0; good && i < n; i++) {
        good = engine_ok(line,
                         spw_stage_step(story->engine, steps[i].after, steps[i].need,
                                        steps[i].raise, story->now),
                         "a step of the ladder");
    }
    return good &&
           engine_ok(line, spw_stage_commit(story->engine, story->now, ladder), "the ladder");
}

/* Needs and steps come first on the line: they are objects of their own. */
static bool read_needs(struct line *line, struct story *story, spw_need *need, spw_ladder *ladder)
{
    struct step steps[8] = {{0, 0, 0}};
    int n = 1;
    if (line_try(line, "needs") && !need_read(line, story, &steps[0].need)) {
        return false;
    }
    *need = steps[0].need;
    while (line_try(line, "after")) {
        if (n == 8) {
            return complain(line, line_column(line), "too many steps", "at most seven");
        }
        steps[n] = (struct step){.need = steps[n - 1].need};
        if (!read_step(line, story, &steps[n++])) {
            return false;
        }
    }
    return n == 1 || commit_ladder(line, story, steps, n, ladder);
}

static bool queue_targets(struct line *line, struct story *story)
{
    spw_ns span;
    if (!line_span(line, &span)) {
        return false;
    }
    for (uint32_t priority = 0; priority < SPW_PRIORITY_COUNT; priority++) {
        if (!set(line, story, SPW_QUEUE_TARGET, priority, span)) {
            return false;
        }
    }
    return true;
}

static bool queue_option(struct line *line, struct story *story)
{
    static const struct option known[] = {
        {"offer", SPW_QUEUE_OFFER_TIMEOUT, 0},        {"wrap-up", SPW_QUEUE_WRAP_UP, 0},
        {"grace", SPW_QUEUE_PARK_GRACE, 0},           {"room", SPW_QUEUE_WAITING_MAX, 1},
        {"retry", SPW_QUEUE_RETRY_AFTER, 0},          {"callbacks", SPW_QUEUE_CALLBACK_MAX, 1},
        {"attempts", SPW_QUEUE_CALLBACK_ATTEMPTS, 1}, {"again", SPW_QUEUE_CALLBACK_RETRY, 0}};
    bool taken;
    uint64_t fallback;
    if (line_try(line, "target")) {
        return queue_targets(line, story);
    }
    if (line_try(line, "fallback")) {
        return name_want(line, story, SORT_QUEUE, &fallback) &&
               set(line, story, SPW_QUEUE_FALLBACK, 0, (int64_t)fallback);
    }
    if (!options(line, story, known, sizeof known / sizeof known[0], &taken)) {
        return false;
    }
    return taken || complain(line, line_column(line), "this is not said of a queue",
                             "target, offer, wrap-up, grace, room, retry, callbacks, attempts, "
                             "again or fallback (needs and after come first)");
}

static bool declare_queue(struct line *line, struct story *story)
{
    int column = line_column(line);
    const char *name = line_take(line, "the name of a queue");
    spw_need need = 0;
    spw_ladder ladder = 0;
    spw_queue queue;
    if (name == NULL || !read_needs(line, story, &need, &ladder) ||
        !engine_ok(line, spw_stage_begin(story->engine, SPW_STAGE_QUEUE, story->now), "a queue") ||
        !set(line, story, SPW_QUEUE_NEED, 0, need) ||
        !set(line, story, SPW_QUEUE_LADDER, 0, ladder)) {
        return false;
    }
    while (line_more(line)) {
        if (!queue_option(line, story)) {
            return false;
        }
    }
    return engine_ok(line, spw_stage_commit(story->engine, story->now, &queue), "the queue") &&
           name_add(line, story, SORT_QUEUE, queue, name, column);
}

/* --- the plan --------------------------------------------------------------------------------- */

static bool plan_order(struct line *line, struct story *story)
{
    static const char *const words[] = {"head-start", "fifo",          "strict", "accumulating",
                                        "deadline",   "longest-queue", "lifo"};
    int column = line_column(line);
    const char *text = line_take(line, "an order");
    for (int i = 0; text != NULL && i < SPW_ORDER_CUSTOM; i++) {
        if (strcmp(text, words[i]) == 0) {
            return set(line, story, SPW_PLAN_ORDER, 0, i);
        }
    }
    return complain(line, column, "this is no order",
                    "head-start, fifo, strict, accumulating, "
                    "deadline, longest-queue or lifo");
}

static bool plan_head_start(struct line *line, struct story *story)
{
    int64_t priority = 0;
    spw_ns span;
    if (line_try(line, "unclassified")) {
        return line_span(line, &span) &&
               set(line, story, SPW_PLAN_HEAD_START_UNCLASSIFIED, 0, span);
    }
    return line_number(line, 1, 7, &priority) && line_span(line, &span) &&
           set(line, story, SPW_PLAN_HEAD_START, (uint32_t)priority, span);
}

static bool plan_option(struct line *line, struct story *story)
{
    static const struct option known[] = {{"claim-after", SPW_PLAN_CLAIM_AFTER, 0},
                                          {"decline-for", SPW_PLAN_DECLINE_FOR, 0},
                                          {"misses", SPW_PLAN_MISS_MAX, 1},
                                          {"resume-within", SPW_PLAN_RESUME_GRACE, 0},
                                          {"resume-gap", SPW_PLAN_RESUME_GAP, 0},
                                          {"credit", SPW_PLAN_CREDIT_MAX, 0},
                                          {"sticky-bonus", SPW_PLAN_STICKY_BONUS, 0},
                                          {"revision", SPW_PLAN_REVISION, 1},
                                          {"unclassified-share", SPW_PLAN_UNCLASSIFIED_SHARE, 1},
                                          {"protected", SPW_PLAN_PROTECTED, 1}};
    bool taken;
    if (line_try(line, "order")) {
        return plan_order(line, story);
    }
    if (line_try(line, "head-start")) {
        return plan_head_start(line, story);
    }
    if (!options(line, story, known, sizeof known / sizeof known[0], &taken)) {
        return false;
    }
    return taken || complain(line, line_column(line), "this is not said of a plan",
                             "order, head-start, claim-after, decline-for, misses, resume-within, "
                             "resume-gap, credit, sticky-bonus, unclassified-share, protected or "
                             "revision");
}

bool plan_read(struct line *line, struct story *story, int *result)
{
    if (!engine_ok(line, spw_stage_begin(story->engine, SPW_STAGE_PLAN, story->now), "a plan")) {
        return false;
    }
    while (line_more(line)) {
        if (!plan_option(line, story)) {
            return false;
        }
    }
    *result = spw_stage_commit(story->engine, story->now, NULL);
    return true;
}

bool declare(struct line *line, struct story *story)
{
    int column = line_column(line);
    const char *what = line_take(line, "a declaration");
    int result;
    if (strcmp(what, "centre") == 0) {
        return declare_centre(line, story);
    }
    if (strcmp(what, "skill") == 0) {
        return declare_skill(line, story);
    }
    if (strcmp(what, "counsellor") == 0) {
        return declare_counsellor(line, story);
    }
    if (strcmp(what, "queue") == 0) {
        return declare_queue(line, story);
    }
    if (strcmp(what, "plan") == 0) {
        return plan_read(line, story, &result) && engine_ok(line, result, "the plan");
    }
    return complain(line, column, "a line that begins with neither a time nor a declaration",
                    "a time, centre, skill, counsellor, queue or plan");
}
