/*
 * bench/throughput/main.c - what is measured, how often, and where the figures go.
 *
 *   spw-throughput [--full | --smoke] [--runs N] [--seed N] [--only NAME]
 *                  [--json FILE] [--markdown FILE]
 *   spw-throughput --counted INPUTS
 *
 * Full (the default) takes five runs of everything, a new world each; smoke takes one of smaller
 * worlds, in less than a minute, and says so; --counted runs one small stream for
 * instructions.sh. Exit 0 good, 1 runs with the same seed gave different
 * events, 2 bad usage.
 */
#include "throughput.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct measure {
    const char *name;
    void (*run)(const struct bench *bench);
};

static const struct measure measures[] = {
    {"lifecycle", measure_lifecycle}, {"latency", measure_latency}, {"network", measure_network},
    {"beside", measure_beside},       {"abandon", measure_abandon}, {"resume", measure_resume},
    {"worst", measure_worst},         {"memory", measure_memory},   {"simulate", measure_simulate},
};

#define MEASURES (sizeof measures / sizeof measures[0])

struct options {
    enum mode mode;
    int runs; /* 0 = as the mode says */
    uint64_t seed;
    uint64_t counted; /* inputs */
    const char *only;
    const char *json;
    const char *markdown;
};

void shape_label(const struct shape *shape, char *text, size_t size)
{
    char waiting[24];
    if (shape->waiting >= 1000000) {
        snprintf(waiting, sizeof waiting, "%u M", shape->waiting / 1000000);
    } else {
        snprintf(waiting, sizeof waiting, "%u k", shape->waiting / 1000);
    }
    int used = 0;
    if (shape->centres > 1) {
        used = snprintf(text, size, "%u centres, ", shape->centres);
    }
    snprintf(text + used, size - (size_t)used, "%s waiting, %u classes, %u pools, %u %%", waiting,
             shape->classes, shape->pools, shape->eligible);
}

static int usage(const char *wrong)
{
    fprintf(stderr,
            "spw-throughput: %s\n"
            "usage: spw-throughput [--full | --smoke] [--runs N] [--seed N] [--only NAME]\n"
            "                      [--json FILE] [--markdown FILE]\nNAME is one of",
            wrong);
    for (size_t i = 0; i < MEASURES; i++) {
        fprintf(stderr, " %s", measures[i].name);
    }
    fprintf(stderr, "\n");
    return 2;
}

static bool read_number(const char *text, uint64_t low, uint64_t high, uint64_t *number)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    *number = value;
    return errno == 0 && end != text && *end == 0 && value >= low && value <= high;
}

static bool known(const char *name)
{
    for (size_t i = 0; i < MEASURES; i++) {
        if (strcmp(measures[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* Null, or what is wrong. */
static const char *read_value(struct options *o, const char *name, const char *value)
{
    uint64_t number;
    if (value == NULL) {
        return "an option lacks its value, or is unknown";
    }
    if (strcmp(name, "--runs") == 0 && read_number(value, 1, 9, &number)) {
        o->runs = (int)number;
    } else if (strcmp(name, "--seed") == 0 && read_number(value, 0, UINT64_MAX, &number)) {
        o->seed = number;
    } else if (strcmp(name, "--counted") == 0 && read_number(value, 1, 1000000, &number)) {
        o->counted = number;
    } else if (strcmp(name, "--only") == 0 && known(value)) {
        o->only = value;
    } else if (strcmp(name, "--json") == 0) {
        o->json = value;
    } else if (strcmp(name, "--markdown") == 0) {
        o->markdown = value;
    } else {
        return "an option is unknown, or its value is not one that fits";
    }
    return NULL;
}

static const char *read_options(int count, char **words, struct options *o)
{
    for (int i = 1; i < count; i++) {
        if (strcmp(words[i], "--smoke") == 0) {
            o->mode = MODE_SMOKE;
        } else if (strcmp(words[i], "--full") == 0) {
            o->mode = MODE_FULL;
        } else {
            const char *wrong = read_value(o, words[i], i + 1 < count ? words[i + 1] : NULL);
            if (wrong != NULL) {
                return wrong;
            }
            i++;
        }
    }
    return NULL;
}

static void run_all(const struct bench *bench, const char *only, int runs)
{
    for (int run = 0; run < runs; run++) {
        fprintf(stderr, "run %d of %d\n", run + 1, runs);
        for (size_t i = 0; i < MEASURES; i++) {
            if (only == NULL || strcmp(measures[i].name, only) == 0) {
                measures[i].run(bench);
            }
        }
    }
}

int main(int count, char **words)
{
    struct options o = {.mode = MODE_FULL, .seed = 1};
    const char *wrong = read_options(count, words, &o);
    if (wrong != NULL) {
        return usage(wrong);
    }
    if (o.counted != 0) {
        measure_counted(o.seed, o.counted);
        return 0;
    }
    bool smoke = o.mode == MODE_SMOKE;
    int runs = o.runs != 0 ? o.runs : smoke ? 1 : 5;
    const char *mode = smoke ? "smoke: smaller worlds" : "full";
    struct bench bench = {report_new(mode, runs, o.seed), o.mode, o.seed};
    run_all(&bench, o.only, runs);
    report_print(bench.report);
    int result = report_same_digests(bench.report) ? 0 : 1;
    if (o.json != NULL && !report_json(bench.report, o.json)) {
        fprintf(stderr, "spw-throughput: %s: %s\n", o.json, strerror(errno));
        result = 2;
    }
    if (o.markdown != NULL && !report_markdown(bench.report, o.markdown)) {
        fprintf(stderr, "spw-throughput: %s: %s\n", o.markdown, strerror(errno));
        result = 2;
    }
    report_free(bench.report);
    return result;
}
