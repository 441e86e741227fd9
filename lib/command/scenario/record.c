/*
 * command/scenario/record.c - recorded numbers beside a scenario: one value a line, in seconds, and
 * whether what it measures ended by itself (1, the default) or was cut short by something else (0).
 *
 *   # waits of an evening; people answered would have waited longer
 *   12.5,1
 *   40,0
 *
 * The file is named relative to the scenario and lies beside it or below: a scenario that somebody
 * sends reads no other files. Who calls: arrivals.c, distribution.c. Cost: linear in the file.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "command/scenario/scenario.h"

enum { VALUES_MOST = 4 << 20 };

static FILE *open_beside(struct spw__scenario_file *file, const struct spw__yaml *node, char *path,
                         size_t size)
{
    struct spw__reader *reader = &file->reader;
    struct stat about;
    const char *slash = strrchr(reader->file, '/');
    int folder = slash ? (int)(slash - reader->file) + 1 : 0;
    if (!spw__expect_text(reader, node, "the name of a file beside the scenario")) {
        return NULL;
    }
    if (node->text[0] == '/' || strstr(node->text, "..") != NULL) {
        spw__fail(reader, node, "`%.100s`: expected a file beside the scenario or below it",
                  node->text);
        return NULL;
    }
    (void)snprintf(path, size, "%.*s%s", folder, reader->file, node->text);
    FILE *stream = stat(path, &about) == 0 && S_ISREG(about.st_mode) ? fopen(path, "rb") : NULL;
    if (stream == NULL) {
        spw__fail(reader, node, "%.200s: %s; expected a file of recorded seconds", path,
                  errno ? strerror(errno) : "not a file");
    }
    return stream;
}

/* `12.5` or `12.5,1`; null when good. */
static const char *take_line(const char *text, double *value, unsigned char *ended)
{
    const char *at = text;
    const char *wrong = spw__parse_number(text, value, &at);
    if (wrong != NULL) {
        return wrong;
    }
    *ended = 1;
    if (*at == ',' && (at[1] == '0' || at[1] == '1')) {
        *ended = at[1] == '1';
        at += 2;
    }
    at += strspn(at, " \t\r\n");
    if (*at != '\0') {
        return "something follows the number";
    }
    return *value < 0 ? "time is negative" : NULL;
}

/* Adds the value of a line, if there is one; false, and what is wrong, when it is none. */
static bool add_line(struct spw__record *record, const char *line, size_t length,
                     const char **wrong)
{
    const char *text = line + strspn(line, " \t\r\n");
    if (strlen(line) != length) {
        *wrong = "a zero byte";
    } else if (*text == '#' || *text == '\0') {
        return true;
    } else if (record->count == record->room) {
        *wrong = "more values than can be kept";
    } else {
        *wrong = take_line(text, &record->value_s[record->count], &record->ended[record->count]);
        record->count += *wrong == NULL;
    }
    return *wrong == NULL;
}

static bool read_lines(struct spw__scenario_file *file, const struct spw__yaml *node, FILE *stream,
                       const char *path, struct spw__record *record)
{
    char *line = NULL;
    size_t size = 0;
    long number = 1;
    const char *wrong = NULL;
    ssize_t length = getline(&line, &size, stream);
    while (length > 0 && add_line(record, line, (size_t)length, &wrong)) {
        length = getline(&line, &size, stream);
        number++;
    }
    free(line);
    if (wrong != NULL) {
        spw__fail(&file->reader, node,
                  "%.200s:%ld:1: %s; expected seconds, and 1 or 0 behind a comma", path, number,
                  wrong);
        return false;
    }
    if (record->count == 0) {
        spw__fail(&file->reader, node, "%.200s: no recorded value; expected one a line", path);
    }
    return record->count > 0;
}

/* As many lines as there are line feeds, and one. */
static size_t count_lines(FILE *stream)
{
    size_t lines = 1;
    for (int c = getc(stream); c != EOF; c = getc(stream)) {
        lines += c == '\n';
    }
    rewind(stream);
    return lines < VALUES_MOST ? lines : VALUES_MOST;
}

bool spw__take_record(struct spw__scenario_file *file, const struct spw__yaml *node,
                      struct spw__record *record)
{
    char path[4096];
    *record = (struct spw__record){0};
    errno = 0;
    FILE *stream = open_beside(file, node, path, sizeof path);
    if (stream == NULL) {
        return false;
    }
    record->room = count_lines(stream);
    record->value_s = spw__scenario_keep(file, record->room, sizeof *record->value_s);
    record->ended = spw__scenario_keep(file, record->room, sizeof *record->ended);
    bool good = read_lines(file, node, stream, path, record);
    (void)fclose(stream);
    return good;
}
