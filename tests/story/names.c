/*
 * tests/story/names.c - what the story calls things. Names live here; the engine knows numbers.
 *
 * Callers are numbers in the story; the number is the id, the cookie, and unless `token` says
 * otherwise nothing else. Needs and skill sets are staged straight from the words of a line.
 */
#include "story.h"

#include <stdio.h>
#include <string.h>

static const char *const sort_words[SORT_COUNT] = {"a centre", "a skill", "a queue",
                                                   "a counsellor"};

bool engine_ok(struct line *line, int result, const char *what)
{
    char wrong[200];
    if (result == SPW_OK) {
        return true;
    }
    snprintf(wrong, sizeof wrong, "the engine refuses %s with %s (%s)", what,
             spw_error_name(result), spw_error_text(result));
    return complain(line, line->count > 0 ? line->word[0].column : 1, wrong, "that it is taken");
}

static struct name *find(const struct story *story, enum sort sort, const char *text)
{
    const struct names *names = &story->names[sort];
    for (int i = 0; i < names->count; i++) {
        if (strcmp(names->name[i].text, text) == 0) {
            return (struct name *)&names->name[i];
        }
    }
    return NULL;
}

bool name_known(const struct story *story, enum sort sort, const char *text)
{
    return find(story, sort, text) != NULL;
}

bool name_add(struct line *line, struct story *story, enum sort sort, uint64_t number,
              const char *text, int column)
{
    struct names *names = &story->names[sort];
    if (find(story, sort, text) != NULL) {
        return complain(line, column, "this name is taken", "a new name");
    }
    if (names->count == NAMES_MAX || strlen(text) >= NAME_SIZE) {
        return complain(line, column, "too many names, or one too long",
                        "at most 64, of 31 letters");
    }
    struct name *name = &names->name[names->count++];
    snprintf(name->text, sizeof name->text, "%s", text);
    name->number = number;
    return true;
}

bool name_want(struct line *line, struct story *story, enum sort sort, uint64_t *number)
{
    char expected[200];
    int used = snprintf(expected, sizeof expected, "%s:", sort_words[sort]);
    for (int i = 0; i < story->names[sort].count && used < 150; i++) {
        used += snprintf(expected + used, sizeof expected - (size_t)used, " %s",
                         story->names[sort].name[i].text);
    }
    int column = line_column(line);
    const char *text = line_take(line, expected);
    if (text == NULL) {
        return false;
    }
    const struct name *name = find(story, sort, text);
    if (name == NULL) {
        char wrong[96];
        snprintf(wrong, sizeof wrong, "`%.60s` is not known", text);
        return complain(line, column, wrong, expected);
    }
    *number = name->number;
    return true;
}

const char *name_of(const struct story *story, enum sort sort, uint64_t number)
{
    const struct names *names = &story->names[sort];
    for (int i = 0; i < names->count; i++) {
        if (names->name[i].number == number) {
            return names->name[i].text;
        }
    }
    return "nobody";
}

struct caller *caller_of(struct story *story, uint64_t number)
{
    for (int i = 0; i < story->callers; i++) {
        if (story->caller[i].number == number) {
            return &story->caller[i];
        }
    }
    if (story->callers == CALLERS_MAX) {
        return NULL;
    }
    struct caller *caller = &story->caller[story->callers++];
    *caller = (struct caller){.number = number};
    return caller;
}

bool caller_want(struct line *line, struct story *story, struct caller **caller)
{
    int64_t number;
    int column = line_column(line);
    if (!line_number(line, 1, 1000000, &number)) {
        return false;
    }
    *caller = caller_of(story, (uint64_t)number);
    if (*caller == NULL || (*caller)->contact.bits == 0) {
        return complain(line, column, "this caller never got a place", "a caller who has arrived");
    }
    return true;
}

/* --- needs and skill sets --------------------------------------------------------------------- */

/* skill [level]; the level stays 1 when the next word is no number. */
static bool skill_level(struct line *line, struct story *story, uint32_t *skill, uint32_t *level)
{
    uint64_t number;
    int64_t value = 1;
    if (!name_want(line, story, SORT_SKILL, &number)) {
        return false;
    }
    char first = line_peek(line)[0];
    if (first >= '0' && first <= '9' && !line_number(line, 1, 100, &value)) {
        return false;
    }
    *skill = (uint32_t)number;
    *level = (uint32_t)value;
    return true;
}

static bool clause(struct line *line, struct story *story)
{
    do {
        uint32_t skill;
        uint32_t level;
        bool lacks = line_try(line, "not");
        if (!skill_level(line, story, &skill, &level) ||
            !engine_ok(line,
                       spw_stage_literal(story->engine, skill, level, lacks ? SPW_LACKS : SPW_HOLDS,
                                         story->now),
                       "this part of the need")) {
            return false;
        }
    } while (line_try(line, "or"));
    return engine_ok(line, spw_stage_clause(story->engine, 0, story->now), "this need");
}

bool need_read(struct line *line, struct story *story, spw_need *need)
{
    if (!engine_ok(line, spw_stage_begin(story->engine, SPW_STAGE_NEED, story->now), "a need")) {
        return false;
    }
    do {
        if (!clause(line, story)) {
            return false;
        }
    } while (line_try(line, "and"));
    return engine_ok(line, spw_stage_commit(story->engine, story->now, need), "this need");
}

bool need_anybody(struct line *line, struct story *story, spw_need *need)
{
    return engine_ok(line, spw_stage_begin(story->engine, SPW_STAGE_NEED, story->now), "a need") &&
           engine_ok(line, spw_stage_commit(story->engine, story->now, need), "a need");
}

bool skillset_read(struct line *line, struct story *story, spw_skillset *skillset)
{
    if (!engine_ok(line, spw_stage_begin(story->engine, SPW_STAGE_SKILLSET, story->now),
                   "skills")) {
        return false;
    }
    do {
        uint32_t skill;
        uint32_t level;
        if (!skill_level(line, story, &skill, &level) ||
            !engine_ok(line, spw_stage_skill(story->engine, skill, level, story->now), "a skill")) {
            return false;
        }
    } while (line_try(line, "and") || name_known(story, SORT_SKILL, line_peek(line)));
    return engine_ok(line, spw_stage_commit(story->engine, story->now, skillset), "these skills");
}

bool channel_read(struct line *line, uint8_t *channel)
{
    static const char *const words[] = {"voice", "chat", "text", "email", "work"};
    int column = line_column(line);
    const char *text = line_take(line, "a channel: voice, chat, text, email or work");
    for (uint8_t i = 0; text != NULL && i < SPW_CHANNEL_COUNT; i++) {
        if (strcmp(text, words[i]) == 0) {
            *channel = i;
            return true;
        }
    }
    return complain(line, column, "this is no channel", "voice, chat, text, email or work");
}
