/*
 * tests/story/tell.c - events as sentences, and what the story expects of them.
 *
 * An expectation is the beginning of a sentence, so that a story may say as much as matters to it:
 * "42 to ada" or "42 to ada after 2 s". What is expected must happen in that order, and nothing
 * else may happen, but for quiet events (duty, wrap-up, places, plans), which may be left out.
 */
#include "story.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static struct told *tell(struct story *story, spw_ns at, bool quiet)
{
    static struct told overflow;
    struct told *told =
        story->told_count < TOLD_MAX ? &story->told[story->told_count++] : &overflow;
    told->at = at;
    told->quiet = quiet;
    return told;
}

void tell_say(struct story *story, const char *text)
{
    snprintf(tell(story, story->now, false)->text, TOLD_SIZE, "%s", text);
}

void tell_time(spw_ns at, char *text, size_t size)
{
    spw_ns seconds = at / SPW_SECOND;
    if (at >= SPW_FOREVER) {
        snprintf(text, size, "ever");
    } else if (seconds >= 3600) {
        snprintf(text, size, "%d:%02d:%02d", (int)(seconds / 3600), (int)(seconds / 60 % 60),
                 (int)(seconds % 60));
    } else {
        snprintf(text, size, "%02d:%02d", (int)(seconds / 60), (int)(seconds % 60));
    }
}

/* --- sentences -------------------------------------------------------------------------------- */

struct names_of_event {
    char caller[24];
    const char *counsellor;
    char why[32];
    char end[32];
    char until[24];
    char waited[24];
};

/* The cookie is the caller's number; events that carry only a handle are looked up. */
static void caller_text(const struct story *story, const struct spw_event *event, char *text,
                        size_t size)
{
    uint64_t number = event->cookie;
    for (int i = 0; number == 0 && i < story->callers; i++) {
        if (story->caller[i].contact.bits == event->contact.bits && event->contact.bits != 0) {
            number = story->caller[i].number;
        }
    }
    snprintf(text, size, "%" PRIu64, number);
}

/* "nobody-able" reads better as two words. */
static void spaced(const char *name, char *text, size_t size)
{
    snprintf(text, size, "%s", name);
    for (; *text != 0; text++) {
        *text = *text == '-' ? ' ' : *text;
    }
}

static void waited_text(spw_ns waited, char *text, size_t size)
{
    if (waited % SPW_SECOND == 0) {
        snprintf(text, size, "%d s", (int)(waited / SPW_SECOND));
    } else {
        snprintf(text, size, "%d ms", (int)(waited / SPW_MILLISECOND));
    }
}

static void contact_sentence(const struct spw_event *e, const struct names_of_event *n, char *text)
{
    switch (e->kind) {
    case SPW_EVENT_WAITING:
        snprintf(text, TOLD_SIZE, "%s waits: %s", n->caller, n->why);
        return;
    case SPW_EVENT_OFFER:
        snprintf(text, TOLD_SIZE, "%s to %s after %s%s%s%s", n->caller, n->counsellor, n->waited,
                 (e->flags & SPW_EVENT_FLAG_CALLBACK) != 0 ? " to call back" : "",
                 (e->flags & SPW_EVENT_FLAG_ASSIGNED) != 0 ? " by the supervisor" : "",
                 (e->flags & SPW_EVENT_FLAG_OVER_LIMIT) != 0 ? " over the limit" : "");
        return;
    case SPW_EVENT_OFFER_WITHDRAWN:
        snprintf(text, TOLD_SIZE, "%s taken from %s: %s", n->caller, n->counsellor, n->why);
        return;
    case SPW_EVENT_OFFER_LOST:
        snprintf(text, TOLD_SIZE, "%s too late for %s", n->counsellor, n->caller);
        return;
    case SPW_EVENT_OFFER_MISSED:
        snprintf(text, TOLD_SIZE, "%s missed by %s", n->caller, n->counsellor);
        return;
    case SPW_EVENT_OFFER_DECLINED:
        snprintf(text, TOLD_SIZE, "%s declined by %s", n->caller, n->counsellor);
        return;
    case SPW_EVENT_CONNECTED:
        snprintf(text, TOLD_SIZE, "%s connected to %s after %s%s", n->caller, n->counsellor,
                 n->waited, (e->flags & SPW_EVENT_FLAG_CALLBACK) != 0 ? " to call back" : "");
        return;
    case SPW_EVENT_ENDED:
        snprintf(text, TOLD_SIZE, "%s ends: %s after %s", n->caller, n->end, n->waited);
        return;
    case SPW_EVENT_REFUSED:
        snprintf(text, TOLD_SIZE, "%s refused: %s, again at %s", n->caller, n->end, n->until);
        return;
    case SPW_EVENT_PARKED:
        snprintf(text, TOLD_SIZE, "%s parked until %s", n->caller, n->until);
        return;
    case SPW_EVENT_RESUMED:
        snprintf(text, TOLD_SIZE, "%s is back", n->caller);
        return;
    default: /* MOVED */
        snprintf(text, TOLD_SIZE, "%s moved: %s", n->caller, n->why);
        return;
    }
}

static void other_sentence(const struct story *story, const struct spw_event *e,
                           const struct names_of_event *n, char *text)
{
    static const char *const duty[] = {"out",           "paused", "on duty",
                                       "not answering", "silent", "leaving"};
    static const char *const how[] = {"",
                                      "it was gone",
                                      "late accept",
                                      "accepted unasked",
                                      "it was so",
                                      "known already",
                                      "overloaded",
                                      "fallback for a closed queue",
                                      "never connected",
                                      "nearest state"};
    switch (e->kind) {
    case SPW_EVENT_CALLBACK_SET:
        snprintf(text, TOLD_SIZE, "%s to be called back at %s", n->caller, n->until);
        return;
    case SPW_EVENT_CALLBACK_DUE:
        snprintf(text, TOLD_SIZE, "%s callback due", n->caller);
        return;
    case SPW_EVENT_TRANSFERRING:
        snprintf(text, TOLD_SIZE, "%s leaves %s for another", n->caller, n->counsellor);
        return;
    case SPW_EVENT_TRANSFER_ENDED:
        snprintf(text, TOLD_SIZE, "%s transfer over for %s: %s", n->caller, n->counsellor, n->why);
        return;
    case SPW_EVENT_CLAIMED:
        snprintf(text, TOLD_SIZE, "%s kept for %s", n->counsellor, n->caller);
        return;
    case SPW_EVENT_CLAIM_RELEASED:
        snprintf(text, TOLD_SIZE, "%s no longer kept for %s", n->counsellor, n->caller);
        return;
    case SPW_EVENT_COUNSELLOR:
        snprintf(text, TOLD_SIZE, "%s %s", n->counsellor,
                 e->detail_a < 6 ? duty[e->detail_a] : "?");
        return;
    case SPW_EVENT_WRAP_UP:
        snprintf(text, TOLD_SIZE, "%s wraps up %s until %s", n->counsellor, n->caller, n->until);
        return;
    case SPW_EVENT_WRAPPED_UP:
        snprintf(text, TOLD_SIZE, "%s done with %s", n->counsellor, n->caller);
        return;
    case SPW_EVENT_BREAK_DUE:
        snprintf(text, TOLD_SIZE, "%s due a break: %s", n->counsellor, n->why);
        return;
    case SPW_EVENT_PULL_EMPTY:
        snprintf(text, TOLD_SIZE, "nothing for %s", n->counsellor);
        return;
    case SPW_EVENT_QUEUE:
        snprintf(text, TOLD_SIZE, "queue %s %s", name_of(story, SORT_QUEUE, e->queue),
                 e->detail_a != 0 ? "open" : "closed");
        return;
    case SPW_EVENT_CENTRE:
        snprintf(text, TOLD_SIZE, "centre %s %s", name_of(story, SORT_CENTRE, e->centre),
                 e->detail_a == 2   ? "dark"
                 : e->detail_a == 1 ? "open"
                                    : "closed");
        return;
    case SPW_EVENT_RECONCILED:
        snprintf(text, TOLD_SIZE, "%s reconciled: %s", n->caller,
                 e->reason < sizeof how / sizeof how[0] ? how[e->reason] : "?");
        return;
    default:
        snprintf(text, TOLD_SIZE, "%s", spw_event_name(e->kind));
        return;
    }
}

static bool quiet_kind(uint32_t kind)
{
    switch (kind) {
    case SPW_EVENT_COUNSELLOR:
    case SPW_EVENT_WRAP_UP:
    case SPW_EVENT_WRAPPED_UP:
    case SPW_EVENT_QUEUE:
    case SPW_EVENT_CENTRE:
    case SPW_EVENT_PLAN:
    case SPW_EVENT_FROZEN:
    case SPW_EVENT_THAWED:
    case SPW_EVENT_SUPERVISED:
    case SPW_EVENT_GAP:
    case SPW_EVENT_BACKLOG:
        return true;
    default:
        return false;
    }
}

void tell_poll(struct story *story)
{
    struct spw_event event;
    while (spw_poll(story->engine, &event, 1) > 0) {
        struct names_of_event names;
        struct told *told = tell(story, event.at, quiet_kind(event.kind));
        caller_text(story, &event, names.caller, sizeof names.caller);
        names.counsellor = name_of(story, SORT_COUNSELLOR, event.counsellor.bits);
        spaced(spw_why_name(event.reason), names.why, sizeof names.why);
        spaced(spw_end_name(event.reason), names.end, sizeof names.end);
        tell_time(event.until, names.until, sizeof names.until);
        waited_text(event.waited, names.waited, sizeof names.waited);
        bool contact = event.kind <= SPW_EVENT_MOVED;
        if (contact) {
            contact_sentence(&event, &names, told->text);
        } else {
            other_sentence(story, &event, &names, told->text);
        }
    }
}

/* --- expectations ----------------------------------------------------------------------------- */

/* `phrase` is how the sentence begins, up to the end of a word. */
static bool begins(const char *sentence, const char *phrase)
{
    size_t size = strlen(phrase);
    if (strncmp(sentence, phrase, size) != 0) {
        return false;
    }
    char next = sentence[size];
    return next == 0 || next == ' ' || next == ':' || next == ',';
}

static bool fits(const struct story *story, const char *sentence, const char *phrase)
{
    size_t subject = strlen(story->subject);
    if (begins(sentence, phrase)) {
        return true;
    }
    return subject > 0 && strncmp(sentence, story->subject, subject) == 0 &&
           sentence[subject] == ' ' && begins(sentence + subject + 1, phrase);
}

static void happened(const struct story *story, char *text, size_t size)
{
    size_t used = (size_t)snprintf(text, size, "what happened was:");
    for (int i = 0; i < story->told_count && used < size; i++) {
        char at[24];
        tell_time(story->told[i].at, at, sizeof at);
        used += (size_t)snprintf(text + used, size - used, " [%s] %s;", at, story->told[i].text);
    }
    if (story->told_count == 0) {
        snprintf(text, size, "nothing happened");
    }
}

static bool expect_one(struct line *line, struct story *story, const char *phrase, int column)
{
    char wrong[2048];
    char expected[TOLD_SIZE + 2];
    if (strcmp(phrase, "nothing") == 0) {
        return true; /* tell_done looks whether that is so */
    }
    if (strcmp(phrase, "...") == 0) {
        story->matched = story->told_count;
        return true;
    }
    for (int i = story->matched; i < story->told_count; i++) {
        if (fits(story, story->told[i].text, phrase)) {
            story->matched = i + 1;
            return true;
        }
        if (!story->told[i].quiet) {
            break;
        }
    }
    happened(story, wrong, sizeof wrong);
    snprintf(expected, sizeof expected, "`%s`", phrase);
    return complain(line, column, wrong, expected);
}

/* Phrases are parted by semicolons. */
bool tell_expect(struct line *line, struct story *story, const char *text, int column)
{
    while (*text != 0) {
        char phrase[TOLD_SIZE];
        while (*text == ' ' || *text == ';') {
            text++;
            column++;
        }
        size_t size = strcspn(text, ";#");
        size_t used = size;
        while (used > 0 && (text[used - 1] == ' ' || text[used - 1] == '\t')) {
            used--;
        }
        snprintf(phrase, sizeof phrase, "%.*s", (int)(used < TOLD_SIZE ? used : TOLD_SIZE - 1),
                 text);
        if (used > 0 && !expect_one(line, story, phrase, column)) {
            return false;
        }
        text += size;
        column += (int)size;
        if (*text == '#') {
            break;
        }
    }
    return true;
}

bool tell_done(struct line *line, struct story *story)
{
    char wrong[2048];
    for (int i = story->matched; i < story->told_count; i++) {
        if (!story->told[i].quiet) {
            happened(story, wrong, sizeof wrong);
            char expected[TOLD_SIZE + 40];
            snprintf(expected, sizeof expected, "that `%s` is told too", story->told[i].text);
            return complain(line, 1, wrong, expected);
        }
    }
    return true;
}
