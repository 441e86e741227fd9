/*
 * bench/throughput/report.c - clock, histogram, and figures over several runs.
 *
 * A table is a group; a row is found by its label; every run adds one value to each of its columns.
 * Shown are the median of the runs and their smallest and largest. The machine, compiler, flags,
 * commit and seed stand above the figures, and the digests of the events below: figures of runs
 * whose events differ are not comparable, so that is an error.
 */
#include "throughput.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifndef SPW_BUILD_TYPE
#define SPW_BUILD_TYPE "unknown"
#endif
#ifndef SPW_BUILD_FLAGS
#define SPW_BUILD_FLAGS ""
#endif

/* --- clock ------------------------------------------------------------------------------------ */

int64_t clock_now(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

double clock_overhead(void)
{
    static struct histogram h;
    if (h.total == 0) {
        for (int i = 0; i < 200000; i++) {
            int64_t begin = clock_now();
            histogram_add(&h, clock_now() - begin);
        }
    }
    return histogram_quantile(&h, 0.5);
}

/* --- histogram -------------------------------------------------------------------------------- */

void histogram_clear(struct histogram *histogram)
{
    memset(histogram, 0, sizeof *histogram);
}

static uint32_t bucket_of(uint64_t value)
{
    if (value < HISTOGRAM_SUB) {
        return (uint32_t)value;
    }
    uint32_t power = 63 - (uint32_t)__builtin_clzll(value);
    uint32_t shift = power - 6; /* HISTOGRAM_SUB is 2^6 */
    uint32_t bucket = (shift + 1) * HISTOGRAM_SUB + (uint32_t)((value >> shift) - HISTOGRAM_SUB);
    return bucket < HISTOGRAM_SIZE ? bucket : HISTOGRAM_SIZE - 1;
}

static double bucket_value(uint32_t bucket)
{
    if (bucket < HISTOGRAM_SUB) {
        return bucket;
    }
    uint32_t shift = bucket / HISTOGRAM_SUB - 1;
    uint64_t low = (uint64_t)(HISTOGRAM_SUB + bucket % HISTOGRAM_SUB) << shift;
    return (double)low + (double)(((uint64_t)1 << shift) - 1) / 2;
}

void histogram_add(struct histogram *histogram, int64_t value)
{
    value = value < 0 ? 0 : value;
    histogram->count[bucket_of((uint64_t)value)]++;
    histogram->total++;
    histogram->sum += (double)value;
    histogram->max = value > histogram->max ? value : histogram->max;
}

double histogram_mean(const struct histogram *histogram)
{
    return histogram->total == 0 ? 0 : histogram->sum / (double)histogram->total;
}

double histogram_quantile(const struct histogram *histogram, double q)
{
    uint64_t rank = (uint64_t)(q * (double)histogram->total);
    uint64_t seen = 0;
    for (uint32_t i = 0; i < HISTOGRAM_SIZE; i++) {
        seen += histogram->count[i];
        if (seen > rank) {
            return bucket_value(i);
        }
    }
    return (double)histogram->max;
}

/* --- rows ------------------------------------------------------------------------------------- */

#define RUNS_MAX 9
#define ROWS_MAX 160
#define GROUPS_MAX 16
#define DIGESTS_MAX 96

struct group {
    char name[24];
    char sentence[400];
    char column[COLUMNS_MAX][32];
    size_t columns;
};

struct row {
    size_t group;
    char label[128];
    double value[COLUMNS_MAX][RUNS_MAX];
    int runs;
};

struct digest {
    char label[128];
    uint64_t value;
    bool same;
};

struct report {
    char mode[32];
    int runs;
    uint64_t seed;
    struct group group[GROUPS_MAX];
    size_t groups;
    struct row row[ROWS_MAX];
    size_t rows;
    struct digest digest[DIGESTS_MAX];
    size_t digests;
};

static void full(const char *what)
{
    fprintf(stderr, "spw-throughput: too many %s\n", what);
    exit(1);
}

struct report *report_new(const char *mode, int runs, uint64_t seed)
{
    struct report *report = calloc(1, sizeof *report);
    if (report == NULL || runs > RUNS_MAX) {
        full("runs");
    }
    snprintf(report->mode, sizeof report->mode, "%s", mode);
    report->runs = runs;
    report->seed = seed;
    return report;
}

void report_free(struct report *report)
{
    free(report);
}

static size_t group_find(const struct report *report, const char *name)
{
    size_t i = 0;
    while (i < report->groups && strcmp(report->group[i].name, name) != 0) {
        i++;
    }
    return i;
}

void report_group(struct report *report, const char *name, const char *sentence,
                  const char *const *columns, size_t n)
{
    size_t i = group_find(report, name);
    if (i < report->groups) {
        return;
    }
    if (i == GROUPS_MAX || n > COLUMNS_MAX) {
        full("tables");
    }
    struct group *group = &report->group[report->groups++];
    snprintf(group->name, sizeof group->name, "%s", name);
    snprintf(group->sentence, sizeof group->sentence, "%s", sentence);
    group->columns = n;
    for (size_t c = 0; c < n; c++) {
        snprintf(group->column[c], sizeof group->column[c], "%s", columns[c]);
    }
}

void report_row(struct report *report, const char *name, const char *label, const double *values)
{
    size_t group = group_find(report, name);
    size_t i = 0;
    while (i < report->rows &&
           (report->row[i].group != group || strcmp(report->row[i].label, label) != 0)) {
        i++;
    }
    if (group == report->groups || i == ROWS_MAX) {
        full("rows");
    }
    if (i == report->rows) {
        report->row[i].group = group;
        snprintf(report->row[i].label, sizeof report->row[i].label, "%s", label);
        report->rows++;
    }
    struct row *row = &report->row[i];
    if (row->runs == RUNS_MAX) {
        full("runs of a row");
    }
    for (size_t c = 0; c < report->group[group].columns; c++) {
        row->value[c][row->runs] = values[c];
    }
    row->runs++;
    fprintf(stderr, "  %-12s %-62s %10.6g\n", name, label, values[0]);
}

void report_digest(struct report *report, const char *label, uint64_t value)
{
    for (size_t i = 0; i < report->digests; i++) {
        if (strcmp(report->digest[i].label, label) == 0) {
            report->digest[i].same = report->digest[i].same && report->digest[i].value == value;
            return;
        }
    }
    if (report->digests == DIGESTS_MAX) {
        full("digests");
    }
    struct digest *digest = &report->digest[report->digests++];
    snprintf(digest->label, sizeof digest->label, "%s", label);
    digest->value = value;
    digest->same = true;
}

bool report_same_digests(const struct report *report)
{
    bool same = true;
    for (size_t i = 0; i < report->digests; i++) {
        same = same && report->digest[i].same;
    }
    return same;
}

/* --- summaries -------------------------------------------------------------------------------- */

struct summary {
    double median;
    double low;
    double high;
};

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static struct summary summarise(const struct row *row, size_t column)
{
    double sorted[RUNS_MAX];
    memcpy(sorted, row->value[column], sizeof sorted);
    qsort(sorted, (size_t)row->runs, sizeof sorted[0], compare);
    return (struct summary){sorted[row->runs / 2], sorted[0], sorted[row->runs - 1]};
}

/* Three figures that mean something, thousands kept apart. */
static void number(double value, char *text, size_t size)
{
    if (value >= 1e6) {
        snprintf(text, size, "%.3g M", value / 1e6);
    } else if (value >= 1e4) {
        snprintf(text, size, "%ld,%03ld", (long)value / 1000, (long)value % 1000);
    } else if (value >= 100) {
        snprintf(text, size, "%.0f", value);
    } else {
        snprintf(text, size, "%.3g", value);
    }
}

/* --- the machine ------------------------------------------------------------------------------ */

static void first_line(const char *command, char *text, size_t size)
{
    FILE *pipe = popen(command, "r");
    text[0] = 0;
    if (pipe != NULL) {
        if (fgets(text, (int)size, pipe) == NULL) {
            text[0] = 0;
        }
        (void)pclose(pipe);
    }
    text[strcspn(text, "\n")] = 0;
}

struct machine {
    char cpu[96];
    char commit[64];
    long processors;
    int width;
};

static void look_at(struct machine *machine)
{
    first_line("grep -m1 'model name' /proc/cpuinfo | sed 's/.*: //'", machine->cpu,
               sizeof machine->cpu);
    first_line("git describe --always --dirty --abbrev=10 2>/dev/null", machine->commit,
               sizeof machine->commit);
    machine->processors = sysconf(_SC_NPROCESSORS_ONLN);
    struct spw_config config;
    struct spw_engine *engine;
    spw_config_init(&config);
    must(spw_engine_create(&config, NULL, &engine), "an engine");
    machine->width = spw_vector_width(engine);
    spw_engine_destroy(engine);
}

static const char *width_name(int width)
{
    return width == 2 ? "AVX-512" : width == 1 ? "AVX2" : "portable";
}

#if defined(__clang__)
#define COMPILER "clang " __clang_version__
#else
#define COMPILER "gcc " __VERSION__
#endif

/* --- printing --------------------------------------------------------------------------------- */

static void print_machine(const struct report *report, FILE *out, const char *margin)
{
    struct machine m;
    look_at(&m);
    fprintf(out, "%sprocessor %s, %ld processors; %s kernels of %s\n", margin, m.cpu, m.processors,
            width_name(m.width), "the engine");
    fprintf(out, "%scompiler  %s; %s %s\n", margin, COMPILER, SPW_BUILD_TYPE, SPW_BUILD_FLAGS);
    fprintf(out, "%scommit    %s; seed %" PRIu64 "; %s; %d run%s, median (smallest to largest)\n",
            margin, m.commit, report->seed, report->mode, report->runs,
            report->runs == 1 ? "" : "s");
    fprintf(out, "%sclock     %.0f ns to read it twice, included in every single latency\n", margin,
            clock_overhead());
}

static void print_row(const struct report *report, const struct row *row)
{
    const struct group *group = &report->group[row->group];
    printf("  %s\n   ", row->label);
    for (size_t c = 0; c < group->columns; c++) {
        struct summary s = summarise(row, c);
        char median[32];
        char low[32];
        char high[32];
        number(s.median, median, sizeof median);
        number(s.low, low, sizeof low);
        number(s.high, high, sizeof high);
        if (row->runs > 1 && c == 0) {
            printf(" %s %s (%s to %s)", group->column[c], median, low, high);
        } else {
            printf("%s %s %s", c == 0 ? "" : ",", group->column[c], median);
        }
    }
    printf("\n");
}

void report_print(const struct report *report)
{
    print_machine(report, stdout, "");
    for (size_t g = 0; g < report->groups; g++) {
        printf("\n%s\n", report->group[g].name);
        for (size_t i = 0; i < report->rows; i++) {
            if (report->row[i].group == g) {
                print_row(report, &report->row[i]);
            }
        }
    }
    printf("\nevents: %zu digests, %s in all runs; first %016" PRIx64 "\n", report->digests,
           report_same_digests(report) ? "the same" : "NOT THE SAME",
           report->digests > 0 ? report->digest[0].value : 0);
}

/* --- JSON ------------------------------------------------------------------------------------- */

static void json_text(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text != 0; text++) {
        if (*text == '"' || *text == '\\') {
            fputc('\\', out);
        }
        fputc(*text, out);
    }
    fputc('"', out);
}

static void json_row(const struct report *report, const struct row *row, FILE *out)
{
    const struct group *group = &report->group[row->group];
    fprintf(out, "  {\"table\": ");
    json_text(out, group->name);
    fprintf(out, ", \"row\": ");
    json_text(out, row->label);
    for (size_t c = 0; c < group->columns; c++) {
        struct summary s = summarise(row, c);
        fprintf(out, ",\n   ");
        json_text(out, group->column[c]);
        fprintf(out, ": {\"median\": %.6g, \"min\": %.6g, \"max\": %.6g, \"runs\": [", s.median,
                s.low, s.high);
        for (int r = 0; r < row->runs; r++) {
            fprintf(out, "%s%.6g", r == 0 ? "" : ", ", row->value[c][r]);
        }
        fprintf(out, "]}");
    }
    fprintf(out, "}");
}

bool report_json(const struct report *report, const char *path)
{
    FILE *out = fopen(path, "w");
    struct machine m;
    if (out == NULL) {
        return false;
    }
    look_at(&m);
    fprintf(out, "{\"format\": 1, \"mode\": \"%s\", \"runs\": %d, \"seed\": %" PRIu64 ",\n",
            report->mode, report->runs, report->seed);
    fprintf(out, " \"processor\": ");
    json_text(out, m.cpu);
    fprintf(out, ", \"processors\": %ld, \"vectors\": \"%s\",\n \"compiler\": ", m.processors,
            width_name(m.width));
    json_text(out, COMPILER);
    fprintf(out, ", \"flags\": \"%s %s\", \"commit\": \"%s\",\n \"clock_ns\": %.3g, ",
            SPW_BUILD_TYPE, SPW_BUILD_FLAGS, m.commit, clock_overhead());
    fprintf(out, "\"same_events_in_all_runs\": %s,\n \"rows\": [\n",
            report_same_digests(report) ? "true" : "false");
    for (size_t i = 0; i < report->rows; i++) {
        json_row(report, &report->row[i], out);
        fprintf(out, "%s\n", i + 1 < report->rows ? "," : "");
    }
    fprintf(out, " ],\n \"digests\": {");
    for (size_t i = 0; i < report->digests; i++) {
        fprintf(out, "%s\n  ", i == 0 ? "" : ",");
        json_text(out, report->digest[i].label);
        fprintf(out, ": \"%016" PRIx64 "\"", report->digest[i].value);
    }
    fprintf(out, "}}\n");
    return fclose(out) == 0;
}

/* --- markdown --------------------------------------------------------------------------------- */

static void markdown_row(const struct report *report, const struct row *row, FILE *out)
{
    fprintf(out, "| %s |", row->label);
    for (size_t c = 0; c < report->group[row->group].columns; c++) {
        struct summary s = summarise(row, c);
        char median[32];
        char low[32];
        char high[32];
        number(s.median, median, sizeof median);
        number(s.low, low, sizeof low);
        number(s.high, high, sizeof high);
        if (row->runs > 1 && strcmp(low, high) != 0) {
            fprintf(out, " **%s** (%s to %s) |", median, low, high);
        } else {
            fprintf(out, " **%s** |", median);
        }
    }
    fprintf(out, "\n");
}

bool report_markdown(const struct report *report, const char *path)
{
    FILE *out = fopen(path, "w");
    if (out == NULL) {
        return false;
    }
    fprintf(out, "# What was measured\n\nWritten by `spw-throughput --markdown`; do not edit. What "
                 "each figure means and what is not claimed: README.md.\n\n");
    print_machine(report, out, "    ");
    for (size_t g = 0; g < report->groups; g++) {
        const struct group *group = &report->group[g];
        fprintf(out, "\n## %s\n\n%s\n\n|  |", group->name, group->sentence);
        for (size_t c = 0; c < group->columns; c++) {
            fprintf(out, " %s |", group->column[c]);
        }
        fprintf(out, "\n|---|");
        for (size_t c = 0; c < group->columns; c++) {
            fprintf(out, "---|");
        }
        fprintf(out, "\n");
        for (size_t i = 0; i < report->rows; i++) {
            if (report->row[i].group == g) {
                markdown_row(report, &report->row[i], out);
            }
        }
    }
    fprintf(out, "\nEvents of all runs: %s (%zu digests; the first is `%016" PRIx64 "`).\n",
            report_same_digests(report) ? "the same" : "NOT THE SAME", report->digests,
            report->digests > 0 ? report->digest[0].value : 0);
    return fclose(out) == 0;
}
