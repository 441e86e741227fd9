/*
 * command/replay/trace.c - the reader of the two CSV files of a replay.
 *
 * What lives here: a reader of plain CSV (no quotes), the meaning of the cells, sorting. Any bytes
 * may come: every cell is bounded, every number is checked before use, nothing is taken on trust.
 * Who calls: replay.c, tests, a fuzz harness. Cost: linear in the text, and sorting the roster.
 */
#include "command/replay/trace.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS_MAX 64
#define SECONDS_MAX 1e9 /* 31 years: a point in time */
#define SPAN_MAX 86400  /* a wait or a talk of more than a day is a slip of the pen */
#define NUMBER_MAX 4e9  /* of a caller or an agent */
#define FILE_MAX (1u << 30)

/* --- cells ------------------------------------------------------------------------------------ */

struct cell {
    const char *text; /* not ended by 0 */
    size_t length;
    size_t column; /* from 1, in bytes */
};

struct reader {
    const char *file;
    const char *end, *at;
    size_t line; /* from 1; of `cell` */
    struct cell cell[COLUMNS_MAX];
    size_t cells;
    int place[COLUMNS_MAX]; /* by wanted column: its cell */
    char *error;
    size_t error_size;
    bool failed;
};

__attribute__((format(printf, 3, 4))) static void wrong(struct reader *r, size_t column,
                                                        const char *format, ...)
{
    if (r->failed) {
        return;
    }
    r->failed = true;
    int used = snprintf(r->error, r->error_size, "%s:%zu:%zu: ", r->file, r->line, column);
    if (used > 0 && (size_t)used < r->error_size) {
        va_list args;
        va_start(args, format);
        (void)vsnprintf(r->error + used, r->error_size - (size_t)used, format, args);
        va_end(args);
    }
}

/* A cell for a message: short, and without what would spoil a terminal. */
static const char *shown(const struct cell *cell, char *buffer, size_t size)
{
    size_t n = cell->length < size - 1 ? cell->length : size - 1;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)cell->text[i];
        buffer[i] = c >= ' ' && c < 127 ? (char)c : '?';
    }
    buffer[n] = 0;
    return buffer;
}

static bool is(const struct cell *cell, const char *word)
{
    return cell->length == strlen(word) && memcmp(cell->text, word, cell->length) == 0;
}

static bool blank(const char *text, size_t length)
{
    size_t i = 0;
    while (i < length && (text[i] == ' ' || text[i] == '\t')) {
        i++;
    }
    return i == length;
}

/* The next line that is not empty, cut into cells. False at the end of the text. */
static bool next_line(struct reader *r)
{
    while (r->at < r->end && !r->failed) {
        const char *begin = r->at;
        const char *stop = memchr(begin, '\n', (size_t)(r->end - begin));
        stop = stop != NULL ? stop : r->end;
        r->at = stop < r->end ? stop + 1 : stop;
        r->line++;
        size_t length = (size_t)(stop - begin);
        length -= length > 0 && begin[length - 1] == '\r';
        if (blank(begin, length)) {
            continue;
        }
        const char *bare = memchr(begin, '\r', length);
        if (bare != NULL) {
            wrong(r, (size_t)(bare - begin) + 1,
                  "a carriage return inside the line; expected lines that end with a line feed");
            return false;
        }
        r->cells = 0;
        for (size_t from = 0, i = 0; i <= length; i++) {
            if (i < length && begin[i] != ',') {
                continue;
            }
            if (r->cells == COLUMNS_MAX) {
                wrong(r, from + 1, "more than %d cells; expected a line of CSV", COLUMNS_MAX);
                return false;
            }
            r->cell[r->cells++] = (struct cell){begin + from, i - from, from + 1};
            from = i + 1;
        }
        return true;
    }
    return false;
}

/* What other programs write and this one does not read, if the first line has it. */
static const char *unread(const struct reader *r, const char *name)
{
    for (size_t i = 0; i < r->cells; i++) {
        const struct cell *cell = &r->cell[i];
        if (memchr(cell->text, '"', cell->length) != NULL) {
            return "; quotes are not read";
        }
        if (memchr(cell->text, ';', cell->length) != NULL ||
            memchr(cell->text, '\t', cell->length) != NULL) {
            return "; cells are divided by commas alone";
        }
        struct cell inner = *cell;
        for (; inner.length > 0 && *inner.text == ' '; inner.text++) {
            inner.length--;
        }
        while (inner.length > 0 && inner.text[inner.length - 1] == ' ') {
            inner.length--;
        }
        if (inner.length < cell->length && is(&inner, name)) {
            return "; blanks beside a comma are not read";
        }
    }
    return "";
}

/* Finds every wanted column in the first line. */
static void read_header(struct reader *r, const char *const *wanted, const char *all)
{
    if (r->end - r->at >= 3 && memcmp(r->at, "\xef\xbb\xbf", 3) == 0) {
        r->at += 3; /* the mark of UTF-8 */
    }
    if (!next_line(r)) {
        r->line = 1;
        wrong(r, 1, "the file is empty; expected the columns %s", all);
        return;
    }
    for (int w = 0; wanted[w] != NULL; w++) {
        r->place[w] = -1;
        for (size_t i = 0; i < r->cells; i++) {
            if (!is(&r->cell[i], wanted[w])) {
                continue;
            }
            if (r->place[w] >= 0) {
                wrong(r, r->cell[i].column, "column `%s` stands twice; expected it once",
                      wanted[w]);
            }
            r->place[w] = (int)i;
        }
        if (r->place[w] < 0) {
            wrong(r, 1, "column `%s` is missing; expected %s%s", wanted[w], all,
                  unread(r, wanted[w]));
        }
    }
}

/* The cell of a wanted column in this line, which has as many cells as the first. */
static const struct cell *cell_of(const struct reader *r, int wanted)
{
    return &r->cell[r->place[wanted]];
}

/* --- numbers ---------------------------------------------------------------------------------- */

/* Digits with at most one point; no sign, no exponent, in every locale. False: it is none. */
static bool plain_number(const struct cell *cell, double *value)
{
    double whole = 0, scale = 1;
    size_t digits = 0;
    bool point = false;
    for (size_t i = 0; i < cell->length; i++) {
        char c = cell->text[i];
        if (c == '.' && !point) {
            point = true;
        } else if (c >= '0' && c <= '9' && digits < 18) {
            whole = whole * 10 + (c - '0');
            scale *= point ? 10 : 1;
            digits++;
        } else {
            return false;
        }
    }
    *value = whole / scale;
    return digits > 0;
}

/* NAN for an empty cell where that is allowed. */
static double seconds(struct reader *r, int wanted, const char *name, double most,
                      bool may_be_empty)
{
    const struct cell *cell = cell_of(r, wanted);
    char buffer[24];
    double value = 0;
    if (cell->length == 0 && may_be_empty) {
        return NAN;
    }
    if (!plain_number(cell, &value) || value > most) {
        wrong(r, cell->column, "%s is `%s`; expected seconds from 0 to %.0f%s", name,
              shown(cell, buffer, sizeof buffer), most, may_be_empty ? ", or nothing" : "");
    }
    return value;
}

/* 0 for an empty cell where that is allowed. */
static uint32_t whole(struct reader *r, int wanted, const char *name, double most,
                      bool may_be_empty)
{
    const struct cell *cell = cell_of(r, wanted);
    char buffer[24];
    double value = 0;
    if (cell->length == 0 && may_be_empty) {
        return 0;
    }
    if (!plain_number(cell, &value) || value > most || value != floor(value)) {
        wrong(r, cell->column, "%s is `%s`; expected a whole number from 0 to %.0f%s", name,
              shown(cell, buffer, sizeof buffer), most, may_be_empty ? ", or nothing" : "");
        return 0;
    }
    return (uint32_t)value;
}

/* --- types ------------------------------------------------------------------------------------ */

static bool is_name(const struct cell *cell)
{
    bool good = cell->length > 0 && cell->length <= SPW__TYPE_NAME_MAX;
    for (size_t i = 0; good && i < cell->length; i++) {
        char c = cell->text[i];
        good = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-';
    }
    return good;
}

/* The index of a type, which becomes known if it is new. */
static uint32_t type_of(struct reader *r, struct spw__trace *trace, const struct cell *cell)
{
    char buffer[24];
    for (uint32_t i = 0; i < trace->type_count; i++) {
        if (is(cell, trace->type[i])) {
            return i;
        }
    }
    if (!is_name(cell)) {
        wrong(r, cell->column, "type is `%s`; expected 1 to %d letters, digits, `_` or `-`",
              shown(cell, buffer, sizeof buffer), SPW__TYPE_NAME_MAX);
        return 0;
    }
    if (trace->type_count == SPW__TYPES_MAX) {
        wrong(r, cell->column, "type `%s` is one too many; expected at most %d types",
              shown(cell, buffer, sizeof buffer), SPW__TYPES_MAX);
        return 0;
    }
    (void)shown(cell, trace->type[trace->type_count], SPW__TYPE_NAME_MAX + 1);
    return trace->type_count++;
}

/* Types as PS+NE. */
static uint32_t types_of(struct reader *r, struct spw__trace *trace, const struct cell *cell)
{
    uint32_t types = 0;
    for (size_t from = 0, i = 0; i <= cell->length && !r->failed; i++) {
        if (i == cell->length || cell->text[i] == '+') {
            struct cell one = {cell->text + from, i - from, cell->column + from};
            types |= (uint32_t)1 << type_of(r, trace, &one);
            from = i + 1;
        }
    }
    return types;
}

/* --- lines ------------------------------------------------------------------------------------ */

/* Room for one more; doubles. Null when memory is out. */
static void *grown(void *array, size_t count, size_t *room, size_t size)
{
    if (count < *room) {
        return array;
    }
    size_t wanted = *room == 0 ? 1024 : *room * 2;
    void *larger = realloc(array, wanted * size);
    *room = larger != NULL ? wanted : *room;
    return larger;
}

enum { ARRIVE, TYPE, PRIORITY, CALLER, OUTCOME, WAIT, SERVICE, AGENT };

/* Cell by cell, so that the first mistake of a line is the one that is told. */
static struct spw__call read_call(struct reader *r, struct spw__trace *trace)
{
    char buffer[24];
    struct spw__call call = {0};
    call.arrive_s = seconds(r, ARRIVE, "arrive_s", SECONDS_MAX, false);
    call.type = (uint8_t)type_of(r, trace, cell_of(r, TYPE));
    call.priority = (uint8_t)whole(r, PRIORITY, "priority", 2, false);
    call.caller = whole(r, CALLER, "caller", NUMBER_MAX, false);
    const struct cell *outcome = cell_of(r, OUTCOME);
    call.answered = is(outcome, "answered");
    if (!call.answered && !is(outcome, "abandoned")) {
        wrong(r, outcome->column, "outcome is `%s`; expected answered or abandoned",
              shown(outcome, buffer, sizeof buffer));
    }
    call.wait_s = seconds(r, WAIT, "wait_s", SPAN_MAX, false);
    call.service_s = seconds(r, SERVICE, "service_s", SPAN_MAX, true);
    call.agent = whole(r, AGENT, "agent", NUMBER_MAX, true);
    return call;
}

static bool same_cells(struct reader *r, size_t cells)
{
    if (r->cells != cells) {
        const struct cell *last = &r->cell[r->cells - 1];
        wrong(r, last->column, "%zu cell%s; expected %zu as in the first line", r->cells,
              r->cells == 1 ? "" : "s", cells);
    }
    return !r->failed;
}

static struct reader reader_of(const char *text, size_t length, const char *file, char *error,
                               size_t n)
{
    struct reader r = {
        .file = file, .end = text + length, .at = text, .error = error, .error_size = n};
    return r;
}

int spw__trace_contacts(struct spw__trace *trace, const char *text, size_t length, const char *file,
                        char *error, size_t n)
{
    static const char *const wanted[] = {"arrive_s", "type",      "priority", "caller", "outcome",
                                         "wait_s",   "service_s", "agent",    NULL};
    struct reader r = reader_of(text, length, file, error, n);
    size_t room = 0;
    *trace = (struct spw__trace){0};
    read_header(&r, wanted, "arrive_s type priority caller outcome wait_s service_s agent");
    size_t cells = r.cells;
    while (!r.failed && next_line(&r) && same_cells(&r, cells)) {
        struct spw__call *larger = grown(trace->call, trace->call_count, &room, sizeof *larger);
        if (larger == NULL) {
            wrong(&r, 1, "memory is out after %zu calls", trace->call_count);
            break;
        }
        trace->call = larger;
        struct spw__call call = read_call(&r, trace);
        if (trace->call_count > 0 && call.arrive_s < larger[trace->call_count - 1].arrive_s) {
            wrong(&r, cell_of(&r, ARRIVE)->column,
                  "arrive_s is %.15g after %.15g; expected calls in the order of arrival",
                  call.arrive_s, larger[trace->call_count - 1].arrive_s);
        }
        larger[trace->call_count++] = call;
    }
    if (!r.failed && trace->call_count == 0) {
        wrong(&r, 1, "there is no call; expected a line for each");
    }
    if (r.failed) {
        spw__trace_free(trace);
        return -1;
    }
    trace->last_day = 1 + (int)(trace->call[trace->call_count - 1].arrive_s / SPW__DAY_S);
    return 0;
}

/* --- roster ----------------------------------------------------------------------------------- */

enum { DUTY_AGENT, DUTY_ON, DUTY_OFF, DUTY_TYPES };

static int by_agent(const void *a, const void *b)
{
    const struct spw__duty *x = a;
    const struct spw__duty *y = b;
    if (x->agent != y->agent) {
        return x->agent < y->agent ? -1 : 1;
    }
    if (x->types != y->types) {
        return x->types < y->types ? -1 : 1;
    }
    if (x->on_s != y->on_s) {
        return x->on_s < y->on_s ? -1 : 1;
    }
    return (x->off_s > y->off_s) - (x->off_s < y->off_s);
}

static struct spw__duty read_duty(struct reader *r, struct spw__trace *trace)
{
    struct spw__duty duty = {0};
    duty.agent = whole(r, DUTY_AGENT, "agent", NUMBER_MAX, false);
    duty.on_s = seconds(r, DUTY_ON, "on_s", SECONDS_MAX, false);
    duty.off_s = seconds(r, DUTY_OFF, "off_s", SECONDS_MAX, false);
    duty.types = types_of(r, trace, cell_of(r, DUTY_TYPES));
    if (!r->failed && duty.agent == 0) {
        wrong(r, cell_of(r, DUTY_AGENT)->column, "agent is 0; expected a number from 1");
    }
    if (!r->failed && duty.off_s < duty.on_s) {
        wrong(r, cell_of(r, DUTY_OFF)->column,
              "off_s is %.15g and on_s %.15g; expected the end after the beginning", duty.off_s,
              duty.on_s);
    }
    return duty;
}

int spw__trace_roster(struct spw__trace *trace, const char *text, size_t length, const char *file,
                      char *error, size_t n)
{
    static const char *const wanted[] = {"agent", "on_s", "off_s", "types", NULL};
    struct reader r = reader_of(text, length, file, error, n);
    size_t room = 0;
    read_header(&r, wanted, "agent on_s off_s types");
    size_t cells = r.cells;
    while (!r.failed && next_line(&r) && same_cells(&r, cells)) {
        struct spw__duty *larger = grown(trace->duty, trace->duty_count, &room, sizeof *larger);
        if (larger == NULL) {
            wrong(&r, 1, "memory is out after %zu lines", trace->duty_count);
            break;
        }
        trace->duty = larger;
        trace->duty[trace->duty_count++] = read_duty(&r, trace);
    }
    if (!r.failed && trace->duty_count == 0) {
        wrong(&r, 1, "nobody is on duty; expected a line for each duty");
    }
    if (r.failed) {
        spw__trace_free(trace);
        return -1;
    }
    qsort(trace->duty, trace->duty_count, sizeof *trace->duty, by_agent);
    return 0;
}

/* --- files ------------------------------------------------------------------------------------ */

static char *read_file(const char *path, size_t *length, char *error, size_t n)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        (void)snprintf(error, n, "%s: %s; expected a CSV file", path, strerror(errno));
        return NULL;
    }
    char *text = NULL;
    size_t room = 0, used = 0, got;
    do {
        if (used == room) {
            room = room == 0 ? 1u << 16 : room * 2;
            char *larger = room <= FILE_MAX ? realloc(text, room) : NULL;
            if (larger == NULL) {
                (void)snprintf(error, n, "%s: larger than %u bytes or than memory", path, FILE_MAX);
                free(text);
                (void)fclose(file);
                return NULL;
            }
            text = larger;
        }
        got = fread(text + used, 1, room - used, file);
        used += got;
    } while (got > 0);
    bool failed = ferror(file) != 0;
    (void)fclose(file);
    if (failed) {
        (void)snprintf(error, n, "%s: it cannot be read; expected a CSV file", path);
        free(text);
        return NULL;
    }
    *length = used;
    return text;
}

int spw__trace_read(struct spw__trace *trace, const char *contacts, const char *roster, char *error,
                    size_t n)
{
    size_t length = 0;
    *trace = (struct spw__trace){0};
    char *text = read_file(contacts, &length, error, n);
    int failed = text == NULL || spw__trace_contacts(trace, text, length, contacts, error, n) != 0;
    free(text);
    if (failed) {
        return -1;
    }
    text = read_file(roster, &length, error, n);
    failed = text == NULL || spw__trace_roster(trace, text, length, roster, error, n) != 0;
    free(text);
    if (failed) {
        spw__trace_free(trace);
    }
    return failed ? -1 : 0;
}

static size_t first_from(const struct spw__trace *trace, double at_s)
{
    size_t low = 0, high = trace->call_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (trace->call[middle].arrive_s < at_s) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

void spw__trace_days(const struct spw__trace *trace, int first, int last, size_t *from, size_t *to)
{
    *from = first_from(trace, (first - 1) * SPW__DAY_S);
    *to = first_from(trace, last * SPW__DAY_S);
}

void spw__trace_free(struct spw__trace *trace)
{
    free(trace->call);
    free(trace->duty);
    memset(trace, 0, sizeof *trace);
}
