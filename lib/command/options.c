/*
 * command/options.c - the command line.
 *
 * What lives here: the table of options, their values and their messages. Options may stand before,
 * between and after the operands; `--name value` and `--name=value` are the same; `--` ends them.
 * Who calls: main.c. Nothing is printed here.
 */
#include "command/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "plan/quantity.h"

enum id {
    ID_POLICY,
    ID_SEED,
    ID_RUNS,
    ID_JSON,
    ID_REPORT,
    ID_QUIET,
    ID_GUESSES,
    ID_DANGER_PATIENCE,
    ID_FIT_DAYS,
    ID_DAYS,
    ID_HELP,
    ID_VERSION
};

static const char *const option_names[] = {
    "--policy",          "--seed",     "--runs", "--json", "--report",  "--quiet", "--guesses",
    "--danger-patience", "--fit-days", "--days", "--help", "--version", NULL};

static const char *const verbs[] = {"list", "run", "replay", NULL};

struct line {
    struct spw__options *options;
    int argc;
    char **argv;
    int at;
    char *error;
    size_t size;
};

/* Nothing was wrong so far, and nothing ends the reading. */
static const enum spw__asked read_on = SPW__ASKED_FLOOD;

static enum spw__asked wrong(struct line *line, const char *format, const char *word,
                             const char *nearest)
{
    int used = snprintf(line->error, line->size, format, word);
    if (nearest && used > 0 && (size_t)used < line->size) {
        (void)snprintf(line->error + used, line->size - (size_t)used, "; did you mean `%s`?",
                       nearest);
    }
    return SPW__ASKED_WRONG;
}

static bool whole_number(const char *text, uint64_t most, uint64_t *number)
{
    char *end = NULL;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    bool good = *text >= '0' && *text <= '9' && *end == 0 && errno == 0 && value <= most;
    *number = good ? value : 0;
    return good;
}

/* `3` or `1-7`. */
static bool day_range(const char *text, int *first, int *last)
{
    int a = 0, b = 0;
    char rest = 0;
    int found = sscanf(text, "%d-%d%c", &a, &b, &rest);
    if (found == 1) {
        found = sscanf(text, "%d%c", &a, &rest) == 1 ? 2 : 0;
        b = a;
    }
    *first = a;
    *last = b;
    return found == 2 && a >= 1 && b >= a && b <= 100000;
}

static enum spw__asked take_value(struct line *line, enum id id, const char *value)
{
    struct spw__options *o = line->options;
    uint64_t number = 0;
    switch (id) {
    case ID_POLICY:
        if (o->policy_count == SPW__POLICIES_MAX) {
            return wrong(line, "--policy %s: more than eight policies", value, NULL);
        }
        o->policies[o->policy_count++] = value;
        return read_on;
    case ID_SEED:
        o->seed_given = whole_number(value, UINT64_MAX, &o->seed);
        return o->seed_given
                   ? read_on
                   : wrong(line, "--seed `%s`: expected a whole number from 0", value, NULL);
    case ID_RUNS:
        if (!whole_number(value, 100000, &number) || number == 0) {
            return wrong(line, "--runs `%s`: expected a whole number from 1 to 100000", value,
                         NULL);
        }
        o->runs = (uint32_t)number;
        return read_on;
    case ID_DANGER_PATIENCE:
        return spw__parse_share(value, &o->danger_patience) == NULL && o->danger_patience > 0
                   ? read_on
                   : wrong(line, "--danger-patience `%s`: expected a share such as 25%%", value,
                           NULL);
    case ID_FIT_DAYS:
        o->fit_days_given = day_range(value, &o->fit_first, &o->fit_last);
        return o->fit_days_given
                   ? read_on
                   : wrong(line, "--fit-days `%s`: expected days such as 1-7", value, NULL);
    case ID_DAYS:
        o->days_given = day_range(value, &o->days_first, &o->days_last);
        return o->days_given ? read_on
                             : wrong(line, "--days `%s`: expected days such as 8-14", value, NULL);
    case ID_JSON:
        if (o->json != NULL) {
            return wrong(line, "--json %s: a second file; expected --json once", value, NULL);
        }
        o->json = value;
        return read_on;
    default:
        if (o->report != NULL) {
            return wrong(line, "--report %s: a second file; expected --report once", value, NULL);
        }
        o->report = value;
        return read_on;
    }
}

/* The option's number, and its value when it stands behind a `=`. */
static int find_option(const char *word, const char **value)
{
    const char *sign = strchr(word, '=');
    size_t length = sign ? (size_t)(sign - word) : strlen(word);
    *value = sign ? sign + 1 : NULL;
    for (int i = 0; option_names[i]; i++) {
        if (strlen(option_names[i]) == length && memcmp(option_names[i], word, length) == 0) {
            return i;
        }
    }
    return -1;
}

static enum spw__asked take_option(struct line *line)
{
    const char *word = line->argv[line->at], *value = NULL;
    int id = strcmp(word, "-h") == 0 ? (int)ID_HELP : find_option(word, &value);
    if (id < 0) {
        return wrong(line, "unknown option `%s`", word, spw__nearest(word, option_names));
    }
    bool bare = id == ID_QUIET || id == ID_GUESSES || id == ID_HELP || id == ID_VERSION;
    if (bare && value) {
        return wrong(line, "`%s` takes no value", word, NULL);
    }
    if (id == ID_QUIET || id == ID_GUESSES) {
        *(id == ID_QUIET ? &line->options->quiet : &line->options->guesses) = true;
        return read_on;
    }
    if (bare) {
        return id == ID_HELP ? SPW__ASKED_HELP : SPW__ASKED_VERSION;
    }
    if (!value) {
        value = line->at + 1 < line->argc ? line->argv[++line->at] : NULL;
    }
    return value && *value ? take_value(line, (enum id)id, value)
                           : wrong(line, "`%s` needs a value", word, NULL);
}

/* Of files alone: what goes into a pipe or /dev/null falls on nothing. */
static bool same_file(const char *a, const char *b)
{
    struct stat x, y;
    if (!a || !b) {
        return false;
    }
    if (stat(a, &x) == 0 && stat(b, &y) == 0) {
        return S_ISREG(x.st_mode) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
    }
    return strcmp(a, b) == 0;
}

/* What is written must not fall on what is read, or on the other. */
static enum spw__asked check_written(struct line *line)
{
    const struct spw__options *o = line->options;
    const char *dash = o->json && strcmp(o->json, "-") == 0       ? "--json"
                       : o->report && strcmp(o->report, "-") == 0 ? "--report"
                                                                  : NULL;
    if (dash) {
        return wrong(line, "%s -: a dash is no file; expected a path", dash, NULL);
    }
    if (same_file(o->json, o->report)) {
        return wrong(line, "--json and --report both name `%s`; expected two files", o->json, NULL);
    }
    for (int i = 0; i < o->operand_count; i++) {
        if (same_file(o->json, o->operands[i]) || same_file(o->report, o->operands[i])) {
            return wrong(line, "`%s` would be written over; expected another file", o->operands[i],
                         NULL);
        }
    }
    return read_on;
}

static enum spw__asked check_operands(struct line *line)
{
    const struct spw__options *o = line->options;
    bool replay = strcmp(o->verb, "replay") == 0;
    int expected = replay ? 2 : strcmp(o->verb, "run") == 0 ? 1 : 0;
    if (o->operand_count != expected) {
        static const char *const usage[] = {
            "`flood %s` takes no file",
            "`flood %s` needs one SCENARIO: a name from `spillway flood list`, or a file",
            "`flood %s` needs two files: CONTACTS.csv ROSTER.csv"};
        if (expected == 1 && o->operand_count > 1) {
            return wrong(line, "`%s` is one too many; `flood run` takes one scenario",
                         o->operands[1], NULL);
        }
        return wrong(line, usage[expected], o->verb, NULL);
    }
    if (strcmp(o->verb, "list") == 0 &&
        (o->json || o->report || o->runs || o->seed_given || o->policy_count > 0 || o->quiet)) {
        return wrong(line, "`flood %s` takes no options", o->verb, NULL);
    }
    if (!replay && (o->fit_days_given || o->days_given)) {
        return wrong(line, "--fit-days and --days belong to `flood replay`, not `flood %s`",
                     o->verb, NULL);
    }
    if (replay && (o->guesses || o->danger_patience > 0)) {
        return wrong(
            line,
            "`flood %s` has no guessed numbers to vary and nobody of priority 0: --guesses "
            "and --danger-patience belong to `flood run`",
            o->verb, NULL);
    }
    if ((o->guesses || o->danger_patience > 0) && strcmp(o->verb, "run") != 0) {
        return wrong(line, "--guesses and --danger-patience belong to `flood run`, not `flood %s`",
                     o->verb, NULL);
    }
    return check_written(line);
}

static enum spw__asked take_word(struct line *line, const char *word, bool *family)
{
    struct spw__options *o = line->options;
    if (!*family) {
        *family = strcmp(word, "flood") == 0;
        return *family ? read_on
                       : wrong(line, "unknown command `%s`; expected `flood`", word, NULL);
    }
    if (!o->verb) {
        for (int i = 0; verbs[i]; i++) {
            o->verb = strcmp(verbs[i], word) == 0 ? verbs[i] : o->verb;
        }
        return o->verb ? read_on
                       : wrong(line, "unknown `flood %s`; expected list, run or replay", word,
                               spw__nearest(word, verbs));
    }
    if (o->operand_count == (int)(sizeof o->operands / sizeof o->operands[0])) {
        return wrong(line, "too many files: `%s`", word, NULL);
    }
    o->operands[o->operand_count++] = word;
    return read_on;
}

enum spw__asked spw__options_read(struct spw__options *options, int argc, char **argv, char *error,
                                  size_t size)
{
    struct line line = {
        .options = options, .argc = argc, .argv = argv, .error = error, .size = size};
    bool family = false, ended = false;
    memset(options, 0, sizeof *options);
    error[0] = 0;
    for (line.at = 0; line.at < argc; line.at++) {
        const char *word = argv[line.at];
        enum spw__asked asked = read_on;
        if (!ended && strcmp(word, "--") == 0) {
            ended = true;
        } else if (!ended && word[0] == '-' && word[1]) {
            asked = take_option(&line);
        } else {
            asked = take_word(&line, word, &family);
        }
        if (asked != read_on) {
            return asked;
        }
    }
    if (!family) {
        return argc == 0 ? SPW__ASKED_HELP
                         : wrong(&line, "%s", "expected a command: `flood`", NULL);
    }
    if (!options->verb) {
        return wrong(&line, "%s", "`flood` needs one of: list, run, replay", NULL);
    }
    return check_operands(&line);
}
