/*
 * command/scenario/passages.c - what befalls the people of a stream beyond waiting and talking.
 *
 *   mix: [{name: danger, share: 2 %, priority: 0, seen_as: {danger: 80 %, talk: 20 %}}, ...]
 *   triage: {after: {exponential: 40 s}, share: 80 %}
 *   transfer: {share: 8 %, to: clinical, mode: warm, after: 3 min, service: {exponential: 20 min}}
 *   line: {up: 40 min, back: 70 %, after: {exponential: 30 s}}       it drops, waiting or talking
 *   deadline: 15 min                                                 of a work item
 *
 * Who calls: people.c, after the mix of the stream is known.
 */
#include <math.h>
#include <string.h>

#include "command/scenario/scenario.h"

/* ---- the classifier ---------------------------------------------------------------------- */

static bool kind_named(const struct spw_stream *stream, const char *name, size_t *index)
{
    for (size_t i = 0; i < stream->variant_count; i++) {
        if (stream->variants[i].name != NULL && strcmp(stream->variants[i].name, name) == 0) {
            *index = i;
            return true;
        }
    }
    return false;
}

/* One row: what the host takes people of this kind for. */
static void read_row(struct spw__scenario_file *file, const struct spw__yaml *map,
                     const struct spw_stream *stream, double *row)
{
    struct spw__reader *reader = &file->reader;
    double total = 0;
    if (!spw__expect_map(reader, map, "a map such as {danger: 80 %, talk: 20 %}")) {
        return;
    }
    for (const struct spw__yaml *child = map->first; child; child = child->next) {
        size_t seen = 0;
        if (!kind_named(stream, child->key, &seen)) {
            spw__fail_key(reader, child, "no kind of this mix has the name `%.40s`", child->key);
            return;
        }
        if (!spw__take_share(reader, child, &row[seen])) {
            return;
        }
        total += row[seen];
    }
    if (fabs(total - 1) > 1e-9) {
        spw__fail(reader, map, "the shares come to %g %%; expected 100 %%", total * 100);
    }
}

/* A kind without a row is always known for what it is. */
void spw__read_seen_as(struct spw__scenario_file *file, const struct spw__yaml *mix,
                       struct spw_stream *stream)
{
    size_t n = stream->variant_count, i = 0;
    bool any = false;
    for (const struct spw__yaml *item = mix->first; item; item = item->next) {
        any = any || spw__yaml_get(item, "seen_as") != NULL;
    }
    if (!any) {
        return;
    }
    double *rows = spw__scenario_keep(file, n * n, sizeof *rows);
    for (const struct spw__yaml *item = mix->first; item && !file->reader.failed;
         item = item->next, i++) {
        const struct spw__yaml *seen_as = spw__yaml_get(item, "seen_as");
        if (seen_as != NULL) {
            read_row(file, seen_as, stream, rows + i * n);
        } else {
            rows[i * n + i] = 1;
        }
    }
    stream->confusion = rows;
}

/* ---- triage, transfers, lines ------------------------------------------------------------ */

static void read_triage(struct spw__scenario_file *file, const struct spw__yaml *map,
                        struct spw_stream *stream)
{
    static const char *const known[] = {"after", "share", NULL};
    struct spw__reader *reader = &file->reader;
    if (!spw__expect_map(reader, map, "a map such as {after: 40 s, share: 80 %}") ||
        !spw__expect_keys(reader, map, known)) {
        return;
    }
    stream->triage_share = 1;
    stream->triage_after = spw__read_dist(file, map, "after");
    (void)spw__read_share(reader, map, "share", &stream->triage_share);
    if (stream->triage_after == NULL) {
        spw__fail(reader, map, "a triage without `after`; expected a duration or a distribution");
    } else if (stream->confusion == NULL) {
        spw__fail(reader, map, "a triage where nobody is mistaken; expected kinds with `seen_as`");
    }
}

static void read_transfer(struct spw__scenario_file *file, const struct spw__yaml *map,
                          struct spw_stream *stream)
{
    static const char *const known[] = {"share", "to",    "need",    "priority",
                                        "mode",  "after", "service", NULL};
    static const char *const modes[] = {"cold", "warm", NULL};
    struct spw__reader *reader = &file->reader;
    uint32_t mode = 1;
    int64_t priority = -1;
    if (!spw__expect_map(reader, map, "a map such as {share: 8 %, to: clinical}") ||
        !spw__expect_keys(reader, map, known)) {
        return;
    }
    if (!spw__read_share(reader, map, "share", &stream->transfer_probability)) {
        spw__fail(reader, map, "a transfer without `share`; expected one such as `8 %%`");
    }
    stream->transfer_queue = spw__read_named(file, map, "to", SPW_NAMES_QUEUES);
    stream->transfer_need = spw__read_named(file, map, "need", SPW_NAMES_NEEDS);
    if (stream->transfer_queue == 0 && stream->transfer_need == 0) {
        spw__fail(reader, map, "a transfer to nowhere; expected `to` (a queue) or `need`");
    }
    (void)spw__read_whole(reader, map, "priority", 0, SPW_PRIORITY_COUNT - 1, &priority);
    (void)spw__read_word(reader, map, "mode", modes, &mode);
    stream->transfer_priority = (int)priority;
    stream->transfer_mode = mode == 0 ? SPW_TRANSFER_COLD : SPW_TRANSFER_WARM;
    stream->transfer_after = spw__read_dist(file, map, "after");
    stream->transfer_service = spw__read_dist(file, map, "service");
}

static void read_line(struct spw__scenario_file *file, const struct spw__yaml *map,
                      struct spw_stream *stream)
{
    static const char *const known[] = {"up", "back", "after", NULL};
    struct spw__reader *reader = &file->reader;
    if (!spw__expect_map(reader, map, "a map such as {up: 40 min, back: 70 %, after: 30 s}") ||
        !spw__expect_keys(reader, map, known)) {
        return;
    }
    stream->drop_mean_s = spw__read_seconds(reader, map, "up", 0);
    stream->drop_back_after = spw__read_dist(file, map, "after");
    bool back = spw__read_share(reader, map, "back", &stream->drop_back_probability);
    if (!(stream->drop_mean_s > 0) || !back) {
        spw__fail(reader, map, "expected both `up`, above 0, and `back`, the share who return");
    }
}

void spw__read_passages(struct spw__scenario_file *file, const struct spw__yaml *map,
                        struct spw_stream *stream)
{
    const struct spw__yaml *child = NULL;
    stream->deadline_s = spw__read_seconds(&file->reader, map, "deadline", 0);
    if (stream->deadline_s > 0 && stream->channel != SPW_CHANNEL_WORK) {
        spw__fail_key(&file->reader, spw__yaml_get(map, "deadline"),
                      "`deadline` belongs to channel work; expected `patience`");
    }
    stream->transfer_priority = -1;
    if ((child = spw__yaml_get(map, "triage")) != NULL) {
        read_triage(file, child, stream);
    }
    if ((child = spw__yaml_get(map, "transfer")) != NULL) {
        read_transfer(file, child, stream);
    }
    if ((child = spw__yaml_get(map, "line")) != NULL) {
        read_line(file, child, stream);
    }
}
