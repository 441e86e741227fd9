/*
 * command/scenario/distribution.c - spans that are drawn, as a scenario writes them.
 *
 *   90 s                                    always the same
 *   never                                   infinite: nobody gives up
 *   {exponential: 5 min}
 *   {uniform: {mean: 5 min, half_width: 1 min}}
 *   {lognormal: {mean: 9 min, cv: 0.8}}     cv: standard deviation over mean
 *   {weibull: {mean: 9 min, shape: 0.9}}
 *   {mixture: [{share: 10 %, exponential: 12 s}, {share: 90 %, weibull: {...}}]}
 *   {quantiles: [5 s, 20 s, 3 min]}         at (i + 1/2) / count, rising; `never` at the end
 *   {recorded: waits.csv}                   by Kaplan and Meier, see record.c
 *
 * Who calls: people.c, crews.c. What a simulator thinks of the values is asked of sim/dist.h.
 */
#include <math.h>
#include <string.h>

#include "command/scenario/scenario.h"
#include "sim/dist.h"

static const char expected[] = "a duration, `never`, or one of exponential, uniform, lognormal, "
                               "weibull, constant, mixture, quantiles, recorded";

static const char *const shape_keys[] = {"constant",  "exponential", "uniform",
                                         "lognormal", "weibull",     "mixture",
                                         "quantiles", "recorded",    NULL};

static double take_seconds(struct spw__reader *reader, const struct spw__yaml *node)
{
    spw_ns span = 0;
    (void)spw__take_duration(reader, node, &span);
    return (double)span / 1e9;
}

double spw__read_seconds(struct spw__reader *reader, const struct spw__yaml *map, const char *key,
                         double otherwise)
{
    const struct spw__yaml *node = spw__yaml_get(map, key);
    return node ? take_seconds(reader, node) : otherwise;
}

static const char *const uniform_keys[] = {"mean", "half_width", NULL};
static const char *const lognormal_keys[] = {"mean", "cv", NULL};
static const char *const weibull_keys[] = {"mean", "shape", NULL};

/* {mean: 9 min, cv: 0.8}: the mean and one more member. */
static void take_pair(struct spw__reader *reader, const struct spw__yaml *node,
                      const char *const *pair_keys, struct spw_dist *dist)
{
    const char *second = pair_keys[1];
    if (!spw__expect_map(reader, node, "a map such as {mean: 9 min, ...}") ||
        !spw__expect_keys(reader, node, pair_keys)) {
        return;
    }
    if (!spw__yaml_get(node, "mean") || !spw__yaml_get(node, second)) {
        spw__fail(reader, node,
                  "`mean` and `%s` belong together; expected both, such as {mean: 9 min, %s: %s}",
                  second, second, strcmp(second, "half_width") == 0 ? "2 min" : "0.8");
        return;
    }
    dist->mean_s = spw__read_seconds(reader, node, "mean", 0);
    if (dist->kind == SPW_DIST_UNIFORM) {
        dist->b = spw__read_seconds(reader, node, second, 0);
    } else {
        (void)spw__read_number(reader, node, second, &dist->b);
    }
}

static void take_quantiles(struct spw__scenario_file *file, const struct spw__yaml *node,
                           struct spw_dist *dist)
{
    struct spw__reader *reader = &file->reader;
    if (!spw__expect_list(reader, node, "a list of durations, rising")) {
        return;
    }
    double *values = spw__scenario_keep(file, node->count ? node->count : 1, sizeof *values);
    size_t n = 0;
    for (const struct spw__yaml *item = node->first; item; item = item->next) {
        bool never = item->kind == SPW__YAML_SCALAR && strcmp(item->text, "never") == 0;
        values[n] = never ? INFINITY : take_seconds(reader, item);
        if (n > 0 && values[n] < values[n - 1]) {
            spw__fail(reader, item, "a quantile below the one before; expected rising durations");
        }
        n++;
    }
    dist->quantile_s = values;
    dist->quantile_count = n;
}

/* Quantiles of the curve that the records give, finer than any of them is known. */
static void take_recorded(struct spw__scenario_file *file, const struct spw__yaml *node,
                          struct spw_dist *dist)
{
    enum { QUANTILES = 1000 };
    struct spw__record record;
    double *values = spw__scenario_keep(file, QUANTILES, sizeof *values);
    if (!spw__take_record(file, node, &record)) {
        return;
    }
    if (spw_kaplan_meier(record.value_s, record.ended, record.count, values, QUANTILES) != 0) {
        spw__fail(&file->reader, node,
                  "every value is cut short (0); expected some that ended (1)");
    }
    dist->quantile_s = values;
    dist->quantile_count = QUANTILES;
}

static void take_shape(struct spw__scenario_file *file, const struct spw__yaml *map,
                       struct spw_dist *dist, bool inside);

static void take_mixture(struct spw__scenario_file *file, const struct spw__yaml *node,
                         struct spw_dist *dist)
{
    struct spw__reader *reader = &file->reader;
    double total = 0;
    if (!spw__expect_list(reader, node, "a list such as [{share: 10 %, exponential: 12 s}, ...]")) {
        return;
    }
    for (const struct spw__yaml *item = node->first; item; item = item->next) {
        if (dist->part_count == SPW_DIST_PARTS_MAX) {
            spw__fail(reader, item, "more than %d parts", SPW_DIST_PARTS_MAX);
            return;
        }
        struct spw_dist *part = spw__scenario_keep(file, 1, sizeof *part);
        if (!spw__expect_map(reader, item, "a part such as {share: 10 %, exponential: 12 s}")) {
            return;
        }
        if (!spw__read_share(reader, item, "share", &dist->weight[dist->part_count])) {
            spw__fail(reader, item, "the part has no `share`; expected one such as `10 %%`");
        }
        take_shape(file, item, part, true);
        total += dist->weight[dist->part_count];
        dist->part[dist->part_count++] = part;
    }
    if (fabs(total - 1) > 1e-9) {
        spw__fail(reader, node, "the shares come to %g %%; expected 100 %%", total * 100);
    }
}

/* A map with one kind; inside a mixture also with a share. */
static void take_shape(struct spw__scenario_file *file, const struct spw__yaml *map,
                       struct spw_dist *dist, bool inside)
{
    struct spw__reader *reader = &file->reader;
    const struct spw__yaml *found = NULL;
    for (const struct spw__yaml *child = map->first; child; child = child->next) {
        uint32_t kind = 0;
        while (shape_keys[kind] && strcmp(shape_keys[kind], child->key) != 0) {
            kind++;
        }
        bool share = inside && strcmp(child->key, "share") == 0;
        if ((!shape_keys[kind] && !share) || (shape_keys[kind] && found)) {
            const char *near = spw__nearest(child->key, shape_keys);
            spw__fail_key(reader, child, "`%.40s`%s%s%s; expected %s", child->key,
                          near && !shape_keys[kind] ? ": did you mean `" : "",
                          near && !shape_keys[kind] ? near : "",
                          near && !shape_keys[kind] ? "`" : "", expected);
            return;
        }
        if (shape_keys[kind]) {
            found = child;
            dist->kind = kind >= 6 ? SPW_DIST_EMPIRICAL : (enum spw_dist_kind)kind;
        }
    }
    if (!found) {
        spw__fail(reader, map, "no distribution; expected %s", expected);
        return;
    }
    switch (dist->kind) {
    case SPW_DIST_UNIFORM:
        take_pair(reader, found, uniform_keys, dist);
        break;
    case SPW_DIST_LOGNORMAL:
        take_pair(reader, found, lognormal_keys, dist);
        break;
    case SPW_DIST_WEIBULL:
        take_pair(reader, found, weibull_keys, dist);
        break;
    case SPW_DIST_MIXTURE:
        if (inside) {
            spw__fail(reader, found, "a mixture inside a mixture; write the parts out");
        } else {
            take_mixture(file, found, dist);
        }
        break;
    case SPW_DIST_EMPIRICAL:
        if (strcmp(found->key, "recorded") == 0) {
            take_recorded(file, found, dist);
        } else {
            take_quantiles(file, found, dist);
        }
        break;
    default:
        dist->mean_s = take_seconds(reader, found);
        break;
    }
}

const struct spw_dist *spw__take_dist(struct spw__scenario_file *file, const struct spw__yaml *node)
{
    struct spw_dist *dist = spw__scenario_keep(file, 1, sizeof *dist);
    char wrong[160];
    if (node->kind == SPW__YAML_SCALAR) {
        dist->kind = strcmp(node->text, "never") == 0 ? SPW_DIST_NEVER : SPW_DIST_CONSTANT;
        dist->mean_s = dist->kind == SPW_DIST_NEVER ? 0 : take_seconds(&file->reader, node);
    } else if (spw__expect_map(&file->reader, node, expected)) {
        take_shape(file, node, dist, false);
    }
    if (!file->reader.failed && spw__dist_check(dist, wrong, sizeof wrong) != 0) {
        spw__fail(&file->reader, node, "%s", wrong);
    }
    return file->reader.failed ? NULL : dist;
}

const struct spw_dist *spw__read_dist(struct spw__scenario_file *file, const struct spw__yaml *map,
                                      const char *key)
{
    const struct spw__yaml *node = spw__yaml_get(map, key);
    return node ? spw__take_dist(file, node) : NULL;
}
