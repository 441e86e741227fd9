/*
 * tests/story/words.c - one line as words with columns; numbers, spans and times; complaints.
 *
 * Words are parted by blanks; a comma at a word's end is only punctuation. Every reader either
 * takes what it wants or complains with the place and what was expected, and then the line has
 * failed.
 */
#include "story.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void line_split(struct line *line)
{
    char *text = line->text;
    line->count = 0;
    line->next = 0;
    while (*text != 0 && line->count < WORDS_MAX) {
        while (*text == ' ' || *text == '\t') {
            text++;
        }
        if (*text == 0 || *text == '#') {
            return;
        }
        line->word[line->count++] = (struct word){text, (int)(text - line->text) + 1};
        while (*text != 0 && *text != ' ' && *text != '\t') {
            text++;
        }
        char *end = text;
        if (*text != 0) {
            text++;
        }
        while (end > line->word[line->count - 1].text + 1 && end[-1] == ',') {
            end--;
        }
        *end = 0;
    }
}

bool complain(struct line *line, int column, const char *wrong, const char *expected)
{
    if (!line->failed) {
        fprintf(stderr, "%s:%d:%d: %s; expected %s\n", line->file, line->number, column, wrong,
                expected);
    }
    line->failed = true;
    return false;
}

int line_column(const struct line *line)
{
    if (line->next < line->count) {
        return line->word[line->next].column;
    }
    if (line->count == 0) {
        return 1;
    }
    const struct word *last = &line->word[line->count - 1];
    return last->column + (int)strlen(last->text);
}

bool line_more(const struct line *line)
{
    return line->next < line->count;
}

const char *line_peek(const struct line *line)
{
    return line_more(line) ? line->word[line->next].text : "";
}

const char *line_take(struct line *line, const char *expected)
{
    if (!line_more(line)) {
        (void)complain(line, line_column(line), "the line ends too early", expected);
        return NULL;
    }
    return line->word[line->next++].text;
}

bool line_try(struct line *line, const char *word)
{
    if (strcmp(line_peek(line), word) != 0) {
        return false;
    }
    line->next++;
    return true;
}

bool line_want(struct line *line, const char *word)
{
    char wrong[96];
    char expected[48];
    if (line_try(line, word)) {
        return true;
    }
    snprintf(wrong, sizeof wrong, "found `%.60s`", line_peek(line));
    snprintf(expected, sizeof expected, "`%s`", word);
    return complain(line, line_column(line), wrong, expected);
}

bool line_number(struct line *line, int64_t low, int64_t high, int64_t *number)
{
    char expected[64];
    int column = line_column(line);
    snprintf(expected, sizeof expected, "a number from %lld to %lld", (long long)low,
             (long long)high);
    const char *text = line_take(line, expected);
    if (text == NULL) {
        return false;
    }
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != 0 || value < low || value > high) {
        char wrong[96];
        snprintf(wrong, sizeof wrong, "found `%.60s`", text);
        return complain(line, column, wrong, expected);
    }
    *number = value;
    return true;
}

bool line_span(struct line *line, spw_ns *span)
{
    static const struct {
        const char *unit;
        spw_ns size;
    } units[] = {{"ms", SPW_MILLISECOND}, {"s", SPW_SECOND}, {"min", SPW_MINUTE}, {"h", SPW_HOUR}};
    int64_t number;
    if (line_try(line, "ever")) {
        *span = SPW_FOREVER;
        return true;
    }
    if (!line_number(line, 0, 1000000, &number)) {
        return false;
    }
    int column = line_column(line);
    const char *unit = line_take(line, "a unit: ms, s, min or h");
    for (size_t i = 0; unit != NULL && i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(unit, units[i].unit) == 0) {
            *span = number * units[i].size;
            return true;
        }
    }
    return complain(line, column, "a span of time without a known unit", "ms, s, min or h");
}

/* Minutes and seconds, or hours, minutes and seconds; seconds may have a fraction. */
static bool parse_time(const char *text, spw_ns *time)
{
    long part[3] = {0, 0, 0};
    int parts = 0;
    char *end = NULL;
    for (; parts < 3; parts++) {
        if (*text < '0' || *text > '9') {
            return false;
        }
        part[parts] = strtol(text, &end, 10);
        if (*end != ':') {
            parts++;
            break;
        }
        text = end + 1;
    }
    spw_ns fraction = 0;
    if (*end == '.') {
        spw_ns scale = SPW_SECOND / 10;
        for (end++; *end >= '0' && *end <= '9'; end++, scale /= 10) {
            fraction += (*end - '0') * scale;
        }
    }
    if (*end != 0 || parts < 2) {
        return false;
    }
    long hours = parts == 3 ? part[0] : 0;
    *time = ((hours * 60 + part[parts - 2]) * 60 + part[parts - 1]) * SPW_SECOND + fraction;
    return true;
}

bool line_is_time(const char *text)
{
    spw_ns time;
    return parse_time(text, &time);
}

bool line_time(struct line *line, spw_ns *time)
{
    int column = line_column(line);
    const char *text = line_take(line, "a time such as 00:20 or 1:00:20");
    if (text == NULL || !parse_time(text, time)) {
        return complain(line, column, "this is not a time", "00:20 (minutes, seconds) or 1:00:20");
    }
    return true;
}

bool line_end(struct line *line)
{
    char wrong[96];
    if (!line_more(line)) {
        return !line->failed;
    }
    snprintf(wrong, sizeof wrong, "`%.60s` is one word too many", line_peek(line));
    return complain(line, line_column(line), wrong, "the end of the line, or `->`");
}
