/*
 * tests/story/act.c - what happens at a time: every line becomes one input, applied at that time.
 *
 * An error of the engine is told like an event ("error STATE"), so that a story can expect it.
 * After every line the backlog is worked off and all invariants are checked.
 */
#include "story.h"

#include <stdio.h>
#include <string.h>

static void tell_error(struct story *story, int result)
{
    char text[TOLD_SIZE];
    if (result != SPW_OK) {
        snprintf(text, sizeof text, "error %s", spw_error_name(result) + strlen("SPW_E_"));
        tell_say(story, text);
    }
}

static bool apply(struct story *story, const struct spw_input *input, uint64_t *made)
{
    int result = spw_apply(story->engine, input, story->now, made);
    tell_poll(story);
    tell_error(story, result);
    return true;
}

/* --- a caller arrives ------------------------------------------------------------------------- */

static bool arrive_wish(struct line *line, struct story *story, struct spw_arrive *a)
{
    uint64_t number;
    a->sticky_mode = line_try(line, "wants") ? SPW_STICKY_PREFER : SPW_STICKY_HOLD;
    if ((a->sticky_mode == SPW_STICKY_HOLD && !line_want(line, "waits-for")) ||
        !name_want(line, story, SORT_COUNSELLOR, &number)) {
        return false;
    }
    a->sticky.bits = number;
    return a->sticky_mode == SPW_STICKY_PREFER || line_span(line, &a->sticky_hold_ns);
}

static bool arrive_flag(struct line *line, struct spw_arrive *a)
{
    static const struct {
        const char *word;
        uint8_t flag;
    } flags[] = {{"unclassified", SPW_CONTACT_UNCLASSIFIED},
                 {"severe", SPW_CONTACT_SEVERE},
                 {"test", SPW_CONTACT_TEST},
                 {"shared", SPW_CONTACT_SHARED_TOKEN}};
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if (line_try(line, flags[i].word)) {
            a->flags = (uint8_t)(a->flags | flags[i].flag);
            return true;
        }
    }
    return complain(line, line_column(line), "this is not said of an arrival",
                    "at, priority, by, needs, token, wants, waits-for, until, continues, zone, "
                    "unclassified, severe, shared or test");
}

static bool arrive_option(struct line *line, struct story *story, struct spw_arrive *a)
{
    int64_t number;
    uint64_t named;
    struct caller *other;
    if (line_try(line, "at")) {
        bool good = name_want(line, story, SORT_CENTRE, &named);
        a->home = (spw_centre)named;
        return good;
    }
    if (line_try(line, "priority")) {
        bool good = line_number(line, 0, 7, &number);
        a->priority = (uint8_t)number;
        return good;
    }
    if (line_try(line, "token")) {
        bool good = line_number(line, 1, 1000000, &number);
        a->token = (spw_id){9, (uint64_t)number};
        return good;
    }
    if (line_try(line, "zone")) {
        bool good = line_number(line, 0, 65535, &number);
        a->zone = (uint16_t)number;
        return good;
    }
    if (line_try(line, "continues")) {
        bool good = caller_want(line, story, &other);
        a->continues = good ? other->contact : (spw_contact){0};
        return good;
    }
    if (line_try(line, "by")) {
        return channel_read(line, &a->channel);
    }
    if (line_try(line, "needs")) {
        return need_read(line, story, &a->need);
    }
    if (line_try(line, "until")) {
        return line_time(line, &a->deadline);
    }
    bool wish = strcmp(line_peek(line), "wants") == 0 || strcmp(line_peek(line), "waits-for") == 0;
    return wish ? arrive_wish(line, story, a) : arrive_flag(line, a);
}

static bool arrives(struct line *line, struct story *story, uint64_t number)
{
    struct spw_input input = {.kind = SPW_INPUT_CONTACT_ARRIVE};
    struct spw_arrive *a = &input.u.arrive;
    uint64_t queue;
    uint64_t made;
    *a = (struct spw_arrive){.id = {5, number}, .cookie = number, .home = 1, .priority = 3};
    if (!line_want(line, "for") || !name_want(line, story, SORT_QUEUE, &queue)) {
        return false;
    }
    a->queue = (spw_queue)queue;
    while (line_more(line)) {
        if (!arrive_option(line, story, a)) {
            return false;
        }
    }
    struct caller *caller = caller_of(story, number);
    if (caller == NULL) {
        return complain(line, 1, "too many callers", "at most 512");
    }
    (void)apply(story, &input, &made);
    if (made != 0) {
        caller->contact.bits = made;
    }
    return true;
}

/* --- what a caller does ----------------------------------------------------------------------- */

static bool becomes(struct line *line, struct story *story, struct spw_input *input)
{
    int64_t priority;
    uint64_t queue = 0;
    spw_contact contact = input->u.contact.contact;
    input->kind = SPW_INPUT_CONTACT_RECLASSIFY;
    if (!line_want(line, "priority") || !line_number(line, 0, 7, &priority) ||
        (line_try(line, "for") && !name_want(line, story, SORT_QUEUE, &queue))) {
        return false;
    }
    spw_need need = 0;
    if (line_try(line, "needs") && !need_read(line, story, &need)) {
        return false;
    }
    input->u.reclassify.contact = contact;
    input->u.reclassify.priority = (uint8_t)priority;
    input->u.reclassify.danger = input->u.reclassify.priority == 0;
    input->u.reclassify.queue = (spw_queue)queue;
    input->u.reclassify.need = need;
    return true;
}

static bool transfers(struct line *line, struct story *story, struct spw_input *input)
{
    struct spw_contact_view view;
    uint64_t queue = 0;
    uint64_t to = 0;
    spw_need need = 0;
    if (line_try(line, "back")) {
        input->kind = SPW_INPUT_CONTACT_TRANSFER_CANCEL;
        return true;
    }
    bool warm = line_try(line, "warmly");
    spw_contact contact = input->u.contact.contact;
    if ((line_try(line, "to") && !name_want(line, story, SORT_COUNSELLOR, &to)) ||
        (line_try(line, "for") && !name_want(line, story, SORT_QUEUE, &queue)) ||
        (line_try(line, "needs") && !need_read(line, story, &need))) {
        return false;
    }
    input->kind = SPW_INPUT_CONTACT_TRANSFER;
    input->u.transfer.contact = contact;
    input->u.transfer.mode = warm ? SPW_TRANSFER_WARM : SPW_TRANSFER_COLD;
    input->u.transfer.to.bits = to;
    input->u.transfer.queue = (spw_queue)queue;
    input->u.transfer.need = need;
    if (spw_view_contact(story->engine, contact, &view) == SPW_OK) {
        input->u.transfer.priority = view.priority;
        input->u.transfer.danger = input->u.transfer.priority == 0;
    }
    return true;
}

/* wants callback at TIME [safe until TIME] */
static bool callback(struct line *line, struct spw_input *input)
{
    spw_ns due;
    spw_ns safe = SPW_FOREVER;
    spw_contact contact = input->u.contact.contact;
    if (!line_want(line, "callback") || !line_want(line, "at") || !line_time(line, &due)) {
        return false;
    }
    if (line_try(line, "safe") && (!line_want(line, "until") || !line_time(line, &safe))) {
        return false;
    }
    input->kind = SPW_INPUT_CONTACT_CALLBACK;
    input->u.callback.contact = contact;
    input->u.callback.due_at = due;
    input->u.callback.safe_until = safe;
    return true;
}

/* Verbs that need no more words: kind and detail. */
static bool plain_verb(const char *verb, struct spw_input *input)
{
    static const struct {
        const char *verb;
        uint32_t kind;
        uint32_t detail;
    } verbs[] = {
        {"leaves", SPW_INPUT_CONTACT_LEFT, 0},
        {"drops", SPW_INPUT_CONTACT_DROPPED, 0},
        {"parks", SPW_INPUT_CONTACT_PARK, 0},
        {"resumes", SPW_INPUT_CONTACT_RESUMED, 0},
        {"ends", SPW_INPUT_CONTACT_ENDED, SPW_END_SERVED},
        {"is-cut", SPW_INPUT_CONTACT_ENDED, SPW_END_CUT},
        {"is-called-back", SPW_INPUT_CONTACT_CALLBACK_DUE, 0},
        {"is-reached", SPW_INPUT_CONTACT_CALLBACK_DONE, SPW_CALLBACK_REACHED},
        {"is-not-reached", SPW_INPUT_CONTACT_CALLBACK_DONE, SPW_CALLBACK_NOT_REACHED},
        {"is-answered-by-another", SPW_INPUT_CONTACT_CALLBACK_DONE, SPW_CALLBACK_OTHER_ANSWERED},
        {"is-alive", SPW_INPUT_CONTACT_ALIVE, 0},
    };
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (strcmp(verb, verbs[i].verb) == 0) {
            input->kind = verbs[i].kind;
            input->u.contact.detail = verbs[i].detail;
            return true;
        }
    }
    return false;
}

static bool caller_acts(struct line *line, struct story *story)
{
    int64_t number;
    struct caller *caller;
    struct spw_input input = {0};
    snprintf(story->subject, sizeof story->subject, "%s", line_peek(line));
    if (line->next + 1 < line->count && strcmp(line->word[line->next + 1].text, "arrives") == 0) {
        if (!line_number(line, 1, 1000000, &number)) {
            return false;
        }
        line->next++;
        return arrives(line, story, (uint64_t)number);
    }
    if (!caller_want(line, story, &caller)) {
        return false;
    }
    input.u.contact.contact = caller->contact;
    int column = line_column(line);
    const char *verb = line_take(line, "what the caller does");
    bool good = verb != NULL;
    if (good && strcmp(verb, "becomes") == 0) {
        good = becomes(line, story, &input);
    } else if (good && strcmp(verb, "transfers") == 0) {
        good = transfers(line, story, &input);
    } else if (good && strcmp(verb, "wants") == 0) {
        good = callback(line, &input);
    } else if (good && !plain_verb(verb, &input)) {
        return complain(line, column, "callers do not do this",
                        "arrives, leaves, drops, parks, resumes, becomes, transfers, wants, ends, "
                        "is-cut, is-called-back, is-reached, is-not-reached, is-alive or "
                        "is-answered-by-another");
    }
    return good && line_end(line) && apply(story, &input, NULL);
}

/* --- what a counsellor does ------------------------------------------------------------------- */

static bool pair_verb(const char *verb, uint32_t *kind)
{
    static const struct {
        const char *verb;
        uint32_t kind;
    } verbs[] = {{"accepts", SPW_INPUT_CONTACT_ACCEPTED},
                 {"declines", SPW_INPUT_CONTACT_DECLINED},
                 {"has-wrapped-up", SPW_INPUT_COUNSELLOR_WRAPPED_UP},
                 {"never-takes", SPW_INPUT_CONTACT_EXCLUDE}};
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (strcmp(verb, verbs[i].verb) == 0) {
            *kind = verbs[i].kind;
            return true;
        }
    }
    return false;
}

static bool duty_verb(const char *verb, uint32_t *kind)
{
    static const struct {
        const char *verb;
        uint32_t kind;
    } verbs[] = {
        {"ready", SPW_INPUT_COUNSELLOR_READY},        {"signs-in", SPW_INPUT_COUNSELLOR_SIGN_IN},
        {"signs-out", SPW_INPUT_COUNSELLOR_SIGN_OUT}, {"pauses", SPW_INPUT_COUNSELLOR_PAUSE},
        {"beats", SPW_INPUT_COUNSELLOR_HEARTBEAT},    {"is-lost", SPW_INPUT_COUNSELLOR_LOST},
        {"asks", SPW_INPUT_COUNSELLOR_PULL},          {"goes-home", SPW_INPUT_COUNSELLOR_REMOVE},
        {"is-alive", SPW_INPUT_COUNSELLOR_ALIVE}};
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (strcmp(verb, verbs[i].verb) == 0) {
            *kind = verbs[i].kind;
            return true;
        }
    }
    return false;
}

/* rests SPAN after N severe */
static bool limits(struct line *line, struct spw_input *input)
{
    int64_t streak;
    spw_ns rest;
    spw_counsellor counsellor = input->u.counsellor.counsellor;
    if (!line_span(line, &rest) || !line_want(line, "after") ||
        !line_number(line, 1, 100, &streak) || !line_want(line, "severe")) {
        return false;
    }
    input->kind = SPW_INPUT_COUNSELLOR_LIMITS;
    input->u.limits.counsellor = counsellor;
    input->u.limits.severe_max = (uint32_t)streak;
    input->u.limits.rest = rest;
    return true;
}

static bool counsellor_acts(struct line *line, struct story *story)
{
    struct spw_input input = {0};
    uint64_t number = 0;
    struct caller *caller;
    snprintf(story->subject, sizeof story->subject, "%s", line_peek(line));
    if (!name_want(line, story, SORT_COUNSELLOR, &number)) {
        return false;
    }
    int column = line_column(line);
    const char *verb = line_take(line, "what the counsellor does");
    if (verb == NULL) {
        return false;
    }
    input.u.counsellor.counsellor.bits = number;
    if (pair_verb(verb, &input.kind)) {
        if (!caller_want(line, story, &caller)) {
            return false;
        }
        input.u.pair.contact = caller->contact;
        input.u.pair.counsellor.bits = number;
    } else if (strcmp(verb, "knows") == 0) {
        input.kind = SPW_INPUT_COUNSELLOR_SKILLS;
        if (!skillset_read(line, story, &input.u.counsellor.detail)) {
            return false;
        }
    } else if (strcmp(verb, "rests") == 0) {
        if (!limits(line, &input)) {
            return false;
        }
    } else if (!duty_verb(verb, &input.kind)) {
        return complain(
            line, column, "counsellors do not do this",
            "ready, signs-in, signs-out, pauses, beats, is-lost, asks, accepts, "
            "declines, has-wrapped-up, never-takes, knows, rests, goes-home or is-alive");
    }
    return line_end(line) && apply(story, &input, NULL);
}

/* --- supervisors, places, the host ------------------------------------------------------------ */

static bool supervisor_acts(struct line *line, struct story *story)
{
    struct spw_input input = {0};
    input.u.supervise.actor = 1;
    input.u.supervise.reason = 1;
    struct caller *caller;
    uint64_t number = 0;
    story->subject[0] = 0;
    if (line_try(line, "gives")) {
        input.kind = SPW_INPUT_SUPERVISE_ASSIGN;
        if (!caller_want(line, story, &caller) || !line_want(line, "to") ||
            !name_want(line, story, SORT_COUNSELLOR, &number)) {
            return false;
        }
        input.u.supervise.contact = caller->contact;
        input.u.supervise.counsellor.bits = number;
    } else if (line_try(line, "takes-back")) {
        input.kind = SPW_INPUT_SUPERVISE_PULL;
        if (!caller_want(line, story, &caller)) {
            return false;
        }
        input.u.supervise.contact = caller->contact;
    } else {
        bool freeze = line_try(line, "freezes");
        if (!freeze && !line_want(line, "thaws")) {
            return false;
        }
        input.kind = freeze ? SPW_INPUT_SUPERVISE_FREEZE : SPW_INPUT_SUPERVISE_THAW;
        if (name_known(story, SORT_CENTRE, line_peek(line)) &&
            !name_want(line, story, SORT_CENTRE, &number)) {
            return false;
        }
        input.u.supervise.centre = (spw_centre)number;
        if (line_try(line, "until") && !line_time(line, &input.u.supervise.until)) {
            return false;
        }
    }
    return line_end(line) && apply(story, &input, NULL);
}

static bool place_acts(struct line *line, struct story *story, bool queue)
{
    struct spw_input input = {0};
    uint64_t number;
    story->subject[0] = 0;
    if (!name_want(line, story, queue ? SORT_QUEUE : SORT_CENTRE, &number)) {
        return false;
    }
    if (!queue && line_try(line, "goes-dark")) {
        input.kind = SPW_INPUT_CENTRE_DARK;
    } else if (line_try(line, "closes")) {
        input.kind = queue ? SPW_INPUT_QUEUE_CLOSE : SPW_INPUT_CENTRE_CLOSE;
    } else if (line_want(line, "opens")) {
        input.kind = queue ? SPW_INPUT_QUEUE_OPEN : SPW_INPUT_CENTRE_OPEN;
    } else {
        return false;
    }
    input.u.queue.queue = (uint32_t)number; /* the same place as u.centre.centre */
    return line_end(line) && apply(story, &input, NULL);
}

/* was stopped for SPAN | restarts | has restarted, grace SPAN */
static bool host_acts(struct line *line, struct story *story)
{
    struct spw_input input = {0};
    story->subject[0] = 0;
    if (line_try(line, "restarts")) {
        input.kind = SPW_INPUT_RECONCILE_BEGIN;
    } else if (line_try(line, "was-stopped-for")) {
        input.kind = SPW_INPUT_GAP;
        if (!line_span(line, &input.u.span)) {
            return false;
        }
    } else {
        input.kind = SPW_INPUT_RECONCILE_END;
        if (!line_want(line, "has-restarted") || !line_want(line, "grace") ||
            !line_span(line, &input.u.span)) {
            return false;
        }
    }
    return line_end(line) && apply(story, &input, NULL);
}

/* --- questions -------------------------------------------------------------------------------- */

/* why is 42 not with ada; how many are before 42 */
static bool ask(struct line *line, struct story *story, bool why)
{
    struct caller *caller;
    char text[TOLD_SIZE];
    uint64_t number;
    story->subject[0] = 0;
    if (why) {
        if (!line_want(line, "is") || !caller_want(line, story, &caller) ||
            !line_want(line, "not") || !line_want(line, "with") ||
            !name_want(line, story, SORT_COUNSELLOR, &number) || !line_end(line)) {
            return false;
        }
        spw_counsellor counsellor = {number};
        int block = spw_view_block(story->engine, caller->contact, counsellor);
        snprintf(text, sizeof text, "%s",
                 block < 0 ? spw_error_name(block) : spw_block_name((uint32_t)block));
    } else {
        uint64_t ahead = 0;
        if (!line_want(line, "many") || !line_want(line, "are") || !line_want(line, "before") ||
            !caller_want(line, story, &caller) || !line_end(line)) {
            return false;
        }
        tell_error(story, spw_view_ahead(story->engine, caller->contact, &ahead));
        snprintf(text, sizeof text, "%llu", (unsigned long long)ahead);
    }
    tell_say(story, text);
    return true;
}

static bool dispatch(struct line *line, struct story *story)
{
    int result;
    if (line_try(line, "caller")) {
        return caller_acts(line, story);
    }
    if (name_known(story, SORT_COUNSELLOR, line_peek(line))) {
        return counsellor_acts(line, story);
    }
    if (line_try(line, "supervisor")) {
        return supervisor_acts(line, story);
    }
    if (line_try(line, "queue")) {
        return place_acts(line, story, true);
    }
    if (line_try(line, "centre")) {
        return place_acts(line, story, false);
    }
    if (line_try(line, "host")) {
        return host_acts(line, story);
    }
    if (line_try(line, "plan")) {
        bool good = plan_read(line, story, &result);
        tell_error(story, result);
        return good;
    }
    if (line_try(line, "why")) {
        return ask(line, story, true);
    }
    if (line_try(line, "how")) {
        return ask(line, story, false);
    }
    if (line_want(line, "time")) {
        struct spw_input input = {.kind = SPW_INPUT_ADVANCE};
        return line_want(line, "passes") && line_end(line) && apply(story, &input, NULL);
    }
    return false;
}

bool act(struct line *line, struct story *story)
{
    char text[200];
    char wrong[256];
    story->told_count = 0;
    story->matched = 0;
    story->subject[0] = 0;
    story->begun = true;
    if (!line_time(line, &story->now)) {
        return false;
    }
    if (!dispatch(line, story)) {
        return false;
    }
    while (spw_continue(story->engine, spw_clock(story->engine)) == SPW_E_BUSY) {
        tell_poll(story);
    }
    tell_poll(story);
    int broken = spw_check(story->engine, text, sizeof text);
    if (broken != 0) {
        snprintf(wrong, sizeof wrong, "invariant I%d is broken: %s", broken, text);
        return complain(line, 1, wrong, "that it holds");
    }
    return true;
}
