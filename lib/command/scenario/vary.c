/*
 * command/scenario/vary.c - a scenario with one of its marked numbers made smaller or larger.
 *
 * What lives here: what it means to halve or double a mark. A number, a duration or a rate is
 * multiplied, a share as far as 100 %. In a marked map that is its `count`, `share`, `probability`
 * or the like; without one all its rates, or else all its durations that are no points in time: a
 * distribution becomes shorter or longer and keeps its shape. Shares that come to 100 % still do:
 * the others of the list give way in proportion.
 * The tree is changed before anything of it is read; so the reader checks what comes out.
 * And the one assumption that no mark stands for: that people in danger wait as long as others.
 * Who calls: scenario.c, flood/flood.c, flood/guesses.c. Cost: the nodes below the mark.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "command/scenario/scenario.h"

struct vary {
    struct spw__reader *reader;
    double factor;
};

/* What people mean when they mark the whole map. */
static const char *const leading[] = {"count",    "share", "probability", "factor",
                                      "accepted", "up",    NULL};
/* Durations that say when, not how long. */
static const char *const points[] = {"from", "to", "at", "until", "starts", "every", NULL};

static bool among(const char *key, const char *const *words)
{
    while (key && *words && strcmp(*words, key) != 0) {
        words++;
    }
    return key && *words;
}

/* The reader's tree is its own: nobody else has seen it yet. */
static struct spw__yaml *own(const struct spw__yaml *node)
{
    return (struct spw__yaml *)node;
}

static bool is_share(const char *text, double *share)
{
    return strchr(text, '%') != NULL && spw__parse_share(text, share) == NULL;
}

static void write_share(const struct vary *vary, const struct spw__yaml *node, double share)
{
    own(node)->text = spw__yaml_print(vary->reader->tree, "%.12g %%", share * 100);
}

/* A plain 0 may stand for a rate or a span as well; what it is only its place knows: it stays 0. */
static bool has_unit(const char *text)
{
    return text[strspn(text, "0123456789.+-eE ")] != '\0';
}

static bool scale_rate(const struct vary *vary, const struct spw__yaml *node)
{
    double rate = 0;
    if (!has_unit(node->text) || spw__parse_rate(node->text, &rate) != NULL) {
        return false;
    }
    own(node)->text = spw__yaml_print(vary->reader->tree, "%.12g /s", rate * vary->factor);
    return true;
}

static bool scale_duration(const struct vary *vary, const struct spw__yaml *node)
{
    spw_ns span = 0;
    if (!has_unit(node->text) || spw__parse_duration(node->text, &span) != NULL) {
        return false;
    }
    own(node)->text =
        spw__yaml_print(vary->reader->tree, "%.0f ns", round((double)span * vary->factor));
    return true;
}

/* A whole number stays one. */
static bool scale_number(const struct vary *vary, const struct spw__yaml *node)
{
    double number = 0;
    const char *end = "";
    if (spw__parse_number(node->text, &number, &end) != NULL || *end) {
        return false;
    }
    bool whole = number == floor(number) && !strchr(node->text, '.');
    number *= vary->factor;
    own(node)->text = spw__yaml_print(vary->reader->tree, whole ? "%.0f" : "%.12g",
                                      whole ? round(number) : number);
    return true;
}

static bool scale_scalar(const struct vary *vary, const struct spw__yaml *node)
{
    double share = 0;
    if (is_share(node->text, &share)) {
        write_share(vary, node, fmin(share * vary->factor, 1));
        return true;
    }
    return scale_rate(vary, node) || scale_duration(vary, node) || scale_number(vary, node);
}

/* How many below the node were scaled. */
static size_t scale_all(const struct vary *vary, const struct spw__yaml *node,
                        bool (*scale)(const struct vary *, const struct spw__yaml *))
{
    size_t scaled = 0;
    if (node->kind == SPW__YAML_SCALAR) {
        return scale(vary, node);
    }
    for (const struct spw__yaml *child = node->first; child; child = child->next) {
        scaled += among(child->key, points) ? 0 : scale_all(vary, child, scale);
    }
    return scaled;
}

/* A part of a list whose shares come to 100 %: the others share what is left, as they did. */
static bool scale_part(const struct vary *vary, const struct spw__yaml *map)
{
    const struct spw__yaml *own_share = spw__yaml_get(map, "share");
    double share = 0;
    double other = 0;
    double total = 0;
    if (own_share->kind != SPW__YAML_SCALAR || !is_share(own_share->text, &share)) {
        return false;
    }
    for (const struct spw__yaml *part = map->parent->first; part; part = part->next) {
        const struct spw__yaml *node = spw__yaml_get(part, "share");
        if (!node || node->kind != SPW__YAML_SCALAR || !is_share(node->text, &other)) {
            return false;
        }
        total += other;
    }
    if (fabs(total - 1) > 1e-6 || share >= 1) {
        return false;
    }
    double wanted = fmin(share * vary->factor, 1);
    for (const struct spw__yaml *part = map->parent->first; part; part = part->next) {
        const struct spw__yaml *node = spw__yaml_get(part, "share");
        (void)is_share(node->text, &other);
        write_share(vary, node, part == map ? wanted : other * (1 - wanted) / (1 - share));
    }
    return true;
}

static bool scale_node(const struct vary *vary, const struct spw__yaml *node)
{
    if (node->kind == SPW__YAML_SCALAR) {
        bool part = node->key && strcmp(node->key, "share") == 0 && node->parent->parent &&
                    node->parent->parent->kind == SPW__YAML_LIST;
        return part ? scale_part(vary, node->parent) : scale_scalar(vary, node);
    }
    for (const char *const *key = leading; node->kind == SPW__YAML_MAP && *key; key++) {
        const struct spw__yaml *child = spw__yaml_get(node, *key);
        if (child && child->kind == SPW__YAML_SCALAR) {
            return scale_node(vary, child);
        }
    }
    return scale_all(vary, node, scale_rate) > 0 || scale_all(vary, node, scale_duration) > 0;
}

/* The marked nodes in the order of spw__yaml_marks; null when there are no more. */
static const struct spw__yaml *find(const struct spw__yaml *node, size_t *left)
{
    if (node->provenance != SPW__UNMARKED && (*left)-- == 0) {
        return node;
    }
    for (const struct spw__yaml *child = node->first; child; child = child->next) {
        const struct spw__yaml *found = find(child, left);
        if (found) {
            return found;
        }
    }
    return NULL;
}

void spw__scenario_scale(struct spw__reader *reader, const struct spw__yaml *root,
                         const struct spw__variation *variation)
{
    size_t left = variation->mark;
    const struct spw__yaml *node = find(root, &left);
    struct vary vary = {reader, variation->factor};
    if (node == NULL || !scale_node(&vary, node)) {
        spw__fail(reader, node,
                  "nothing here can be halved or doubled; expected a number, a "
                  "share, a rate or a duration");
    }
}

/* ---- who gives up first ---------------------------------------------------------------------- */

static const struct spw_dist *shorter(struct spw__scenario_file *file, const struct spw_dist *dist,
                                      double factor)
{
    struct spw_dist *copy = spw__scenario_keep(file, 1, sizeof *copy);
    *copy = *dist;
    copy->mean_s *= factor;
    copy->b *= dist->kind == SPW_DIST_UNIFORM ? factor : 1; /* else a shape */
    for (size_t i = 0; i < dist->part_count; i++) {
        copy->part[i] = shorter(file, dist->part[i], factor);
    }
    if (dist->quantile_count > 0) {
        double *quantile_s = spw__scenario_keep(file, dist->quantile_count, sizeof *quantile_s);
        for (size_t i = 0; i < dist->quantile_count; i++) {
            quantile_s[i] = dist->quantile_s[i] * factor;
        }
        copy->quantile_s = quantile_s;
    }
    return copy;
}

bool spw__scenario_danger_patience(struct spw__scenario_file *file, double factor)
{
    struct spw_scenario *sim = &file->sim;
    struct spw_stream *streams = spw__scenario_keep(file, sim->stream_count + 1, sizeof *streams);
    bool anybody = false;
    for (size_t i = 0; i < sim->stream_count; i++) {
        struct spw_stream *stream = &streams[i];
        *stream = sim->streams[i];
        if (stream->variant_count == 0 && stream->priority == 0 && stream->patience) {
            stream->patience = shorter(file, stream->patience, factor);
            anybody = true;
        }
        struct spw_variant *kinds =
            spw__scenario_keep(file, stream->variant_count + 1, sizeof *kinds);
        for (size_t k = 0; k < stream->variant_count; k++) {
            kinds[k] = stream->variants[k];
            int priority = kinds[k].priority >= 0 ? kinds[k].priority : stream->priority;
            const struct spw_dist *patience =
                kinds[k].patience ? kinds[k].patience : stream->patience;
            if (priority == 0 && patience) {
                kinds[k].patience = shorter(file, patience, factor);
                anybody = true;
            }
        }
        stream->variants = stream->variant_count > 0 ? kinds : NULL;
    }
    sim->streams = streams;
    return anybody;
}
