/*
 * tests/story/main.c - runs stories.
 *
 *   story_run FILE...      exit 0 if all come true, 1 if one does not, 2 if one cannot be read
 *
 * A line is a declaration, a timed line with or without an arrow, or an arrow alone, which goes on
 * with the expectations of the line above. Every story is run twice: as it stands, and with the
 * time between two lines split into small advances, which must change nothing (rule T1).
 */
#include "story.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool story_new(struct story *story)
{
    struct spw_config config;
    spw_config_init(&config);
    config.contacts_max = CALLERS_MAX;
    config.counsellors_max = NAMES_MAX;
    config.centres_max = 8;
    config.queues_max = 32;
    config.classes_max = 256;
    config.pools_max = 64;
    memset(story, 0, sizeof *story);
    return spw_engine_create(&config, NULL, &story->engine) == SPW_OK;
}

struct reader {
    struct line line;   /* the line being read */
    struct line action; /* the last timed line: complaints about what was not told go there */
    bool arrow;         /* that line has expectations */
    bool split;         /* advance in small steps before each line */
    uint64_t digest;
    int64_t events;
};

static bool finish_action(struct reader *reader, struct story *story)
{
    bool good = !reader->arrow || tell_done(&reader->action, story);
    reader->arrow = false;
    return good;
}

/* Small advances up to just before the time of the next line. */
static bool split_time(struct reader *reader, struct story *story)
{
    struct line probe = reader->line;
    spw_ns time;
    if (!reader->split || !line_time(&probe, &time)) {
        return true;
    }
    spw_ns from = spw_clock(story->engine);
    for (int i = 1; i < 8; i++) {
        spw_ns at = from + (time - from) / 8 * i;
        if (at > from && at < time && spw_advance(story->engine, at) < 0) {
            return false;
        }
    }
    return true;
}

static bool read_line(struct reader *reader, struct story *story)
{
    struct line *line = &reader->line;
    line->text[strcspn(line->text, "\r\n")] = 0;
    char *arrow = strstr(line->text, "->");
    int column = arrow == NULL ? 0 : (int)(arrow - line->text) + 3;
    if (arrow != NULL) {
        *arrow = 0;
    }
    line_split(line);
    if (line->count > 0) {
        if (!finish_action(reader, story)) {
            return false;
        }
        bool timed = line_is_time(line->word[0].text);
        if (timed && !split_time(reader, story)) {
            return complain(line, 1, "time does not pass", "that it does");
        }
        if (!(timed ? act(line, story) : declare(line, story))) {
            return false;
        }
        reader->action = *line;
    }
    if (arrow == NULL) {
        return true;
    }
    if (!story->begun) {
        return complain(line, column, "an arrow before anything happened", "a timed line first");
    }
    reader->arrow = true;
    return tell_expect(line, story, arrow + 2, column);
}

static int run_file(const char *path, bool split, uint64_t *digest)
{
    static struct story story;
    static struct reader reader;
    FILE *file = fopen(path, "r");
    if (file == NULL || !story_new(&story)) {
        fprintf(stderr, "%s: cannot be read\n", path);
        return 2;
    }
    reader = (struct reader){.split = split};
    bool good = true;
    int number = 0;
    while (good && fgets(reader.line.text, sizeof reader.line.text, file) != NULL) {
        reader.line.file = path;
        reader.line.number = ++number;
        reader.line.failed = false;
        good = read_line(&reader, &story);
    }
    good = good && finish_action(&reader, &story);
    *digest = spw_event_digest(story.engine);
    spw_engine_destroy(story.engine);
    (void)fclose(file);
    return good ? 0 : 1;
}

int main(int count, char **words)
{
    int worst = count > 1 ? 0 : 2;
    if (count < 2) {
        fprintf(stderr, "usage: story_run FILE...\n");
    }
    for (int i = 1; i < count; i++) {
        uint64_t whole = 0;
        uint64_t split = 0;
        int result = run_file(words[i], false, &whole);
        if (result == 0) {
            result = run_file(words[i], true, &split);
        }
        if (result == 0 && whole != split) {
            fprintf(stderr, "%s: small advances in between change what happens\n", words[i]);
            result = 1;
        }
        printf("%s: %s\n", words[i], result == 0 ? "came true" : "did not come true");
        worst = result > worst ? result : worst;
    }
    return worst;
}
