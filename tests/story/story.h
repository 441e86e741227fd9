/*
 * tests/story/story.h - what the rooms of the story runner share.
 *
 *   words     one line as words with their columns, spans of time, complaints
 *   names     what the story calls things, and the numbers the engine gave them
 *   declare   centre, skill, counsellor, queue, plan: before the first timed line
 *   act       what happens at a time: one input each
 *   tell      events as sentences, compared with what the story expects
 *
 * The language is described in tests/story/README.md.
 */
#ifndef SPW__TESTS_STORY_H
#define SPW__TESTS_STORY_H

#include <spillway.h>

#include <stdbool.h>
#include <stddef.h>

#define WORDS_MAX 64
#define NAMES_MAX 64
#define NAME_SIZE 32
#define CALLERS_MAX 512
#define TOLD_MAX 512
#define TOLD_SIZE 160

struct word {
    const char *text; /* ends in a zero byte */
    int column;       /* from 1 */
};

/* The words of one line, read from left to right. */
struct line {
    const char *file;
    int number;
    char text[1024];
    struct word word[WORDS_MAX];
    int count;
    int next;
    bool failed;
};

enum sort { SORT_CENTRE, SORT_SKILL, SORT_QUEUE, SORT_COUNSELLOR, SORT_COUNT };

struct name {
    char text[NAME_SIZE];
    uint64_t number;
};

struct names {
    struct name name[NAMES_MAX];
    int count;
};

struct caller {
    uint64_t number; /* what the story calls it */
    spw_contact contact;
};

struct told {
    char text[TOLD_SIZE];
    spw_ns at;
    bool quiet; /* need not be mentioned */
};

struct story {
    struct spw_engine *engine;
    struct names names[SORT_COUNT];
    struct caller caller[CALLERS_MAX];
    int callers;
    spw_ns now;
    bool begun; /* a timed line has been read */
    struct told told[TOLD_MAX];
    int told_count;
    int matched;             /* how many of told the expectations have used */
    char subject[NAME_SIZE]; /* the subject of the line: may be left out in what is expected */
};

/* --- words.c ---------------------------------------------------------------------------------- */

void line_split(struct line *line);
/* Says file:line:column: what was wrong; what was expected. Returns false. */
bool complain(struct line *line, int column, const char *wrong, const char *expected);
int line_column(const struct line *line); /* of the next word */
bool line_more(const struct line *line);
const char *line_peek(const struct line *line); /* "" at the end */
const char *line_take(struct line *line, const char *expected);
bool line_try(struct line *line, const char *word);
bool line_want(struct line *line, const char *word);
bool line_number(struct line *line, int64_t low, int64_t high, int64_t *number);
bool line_span(struct line *line, spw_ns *span); /* 60 s, 2 min, 1 h, 500 ms, ever */
bool line_is_time(const char *text);             /* 00:20 or 1:00:20 */
bool line_time(struct line *line, spw_ns *time);
bool line_end(struct line *line);

/* --- names.c ---------------------------------------------------------------------------------- */

bool name_add(struct line *line, struct story *story, enum sort sort, uint64_t number,
              const char *text, int column);
bool name_want(struct line *line, struct story *story, enum sort sort, uint64_t *number);
bool name_known(const struct story *story, enum sort sort, const char *text);
const char *name_of(const struct story *story, enum sort sort, uint64_t number);
struct caller *caller_of(struct story *story, uint64_t number);
/* A caller that has arrived. */
bool caller_want(struct line *line, struct story *story, struct caller **caller);
/* Builds a need from the words that follow: skill [level] (and|or) [not] skill ... */
bool need_read(struct line *line, struct story *story, spw_need *need);
bool need_anybody(struct line *line, struct story *story, spw_need *need);
/* Builds a skill set: skill [level] [and] skill [level] ... */
bool skillset_read(struct line *line, struct story *story, spw_skillset *skillset);
bool channel_read(struct line *line, uint8_t *channel);
/* An error of the engine that the story did not expect. */
bool engine_ok(struct line *line, int result, const char *what);

/* --- declare.c -------------------------------------------------------------------------------- */

bool declare(struct line *line, struct story *story);
bool plan_read(struct line *line, struct story *story, int *result);

/* --- act.c ------------------------------------------------------------------------------------ */

bool act(struct line *line, struct story *story);

/* --- tell.c ----------------------------------------------------------------------------------- */

void tell_poll(struct story *story);
void tell_say(struct story *story, const char *text);
void tell_time(spw_ns at, char *text, size_t size);
/* Compares the rest of an arrow with what happened; `text` starts at `column`. */
bool tell_expect(struct line *line, struct story *story, const char *text, int column);
/* After the last arrow of an action: nothing may be left that was not mentioned. */
bool tell_done(struct line *line, struct story *story);

#endif
