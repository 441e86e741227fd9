/*
 * command/scenario/incidents.c - what befalls centres and queues, and the level of surge as
 * declared.
 *
 *   incidents:
 *     - {dark: north, from: 1 h, to: 9 h}      lost at one blow, its staff with it
 *     - {closed: south, from: 8 h}             its counsellors get no more offers
 *     - {closed_queue: press-3, from: 12 h}    no arrivals; its contacts go to the fallback, or end
 *     - {frozen: north, from: 2 h, to: 3 h}    a supervisor stops automatic offers
 *   levels: [{centre: north, from: 1 h, level: 2}]
 *
 * Who calls: scenario.c, after the plan has its numbers.
 */
#include "command/scenario/scenario.h"
#include "sim/scenario.h"

static const char *const kinds[] = {"dark", "closed", "closed_queue", "frozen", NULL};

static void read_incident(struct spw__scenario_file *file, const struct spw__yaml *map,
                          struct spw_incident *incident)
{
    static const char *const known[] = {"dark", "closed", "closed_queue", "frozen", "from",
                                        "to",   NULL};
    struct spw__reader *reader = &file->reader;
    int named = 0;
    if (!spw__expect_map(reader, map, "an incident such as {dark: north, from: 1 h, to: 9 h}") ||
        !spw__expect_keys(reader, map, known)) {
        return;
    }
    for (int i = 0; kinds[i]; i++) {
        const struct spw__yaml *place = spw__yaml_get(map, kinds[i]);
        if (place == NULL) {
            continue;
        }
        incident->kind = (enum spw_incident_kind)(SPW_INCIDENT_DARK + i);
        if (incident->kind == SPW_INCIDENT_QUEUE_CLOSED) {
            incident->queue = spw__take_named(file, place, SPW_NAMES_QUEUES);
        } else {
            incident->centre = spw__take_named(file, place, SPW_NAMES_CENTRES);
        }
        named++;
    }
    if (named != 1 || !spw__yaml_get(map, "from")) {
        spw__fail(reader, map,
                  "an incident says what and when; expected one of dark, closed, closed_queue, "
                  "frozen, and `from`, such as {dark: north, from: 1 h}");
        return;
    }
    incident->at_s = spw__read_seconds(reader, map, "from", 0);
    incident->until_s = spw__read_seconds(reader, map, "to", 0);
    if (spw__yaml_get(map, "to") && incident->until_s <= incident->at_s) {
        spw__fail(reader, map, "ends no later than it begins; expected `to` after `from`");
    }
}

void spw__read_incidents(struct spw__scenario_file *file, const struct spw__yaml *list)
{
    if (!spw__expect_list(&file->reader, list, "a list such as [{dark: north, from: 1 h}]")) {
        return;
    }
    struct spw_incident *incidents =
        spw__scenario_keep(file, list->count ? list->count : 1, sizeof *incidents);
    for (const struct spw__yaml *map = list->first; map && !file->reader.failed; map = map->next) {
        size_t n = file->sim.incident_count++;
        read_incident(file, map, &incidents[n]);
        for (size_t i = 0; i < n && !file->reader.failed; i++) {
            if (spw__incidents_overlap(&incidents[n], &incidents[i])) {
                spw__fail(
                    &file->reader, map,
                    "overlaps with the incident %zu of the list at one place; expected one to "
                    "end before the other begins",
                    i + 1);
            }
        }
    }
    file->sim.incidents = incidents;
}

void spw__read_levels(struct spw__scenario_file *file, const struct spw__yaml *list)
{
    static const char *const known[] = {"centre", "from", "level", NULL};
    struct spw__reader *reader = &file->reader;
    if (!spw__expect_list(reader, list, "a list such as [{from: 1 h, level: 2}]")) {
        return;
    }
    struct spw_level *levels =
        spw__scenario_keep(file, list->count ? list->count : 1, sizeof *levels);
    for (const struct spw__yaml *map = list->first; map && !reader->failed; map = map->next) {
        int64_t value = 0;
        if (!spw__expect_map(reader, map, "a level such as {from: 1 h, level: 2}") ||
            !spw__expect_keys(reader, map, known)) {
            return;
        }
        struct spw_level *level = &levels[file->sim.level_count++];
        level->centre = spw__read_centre(file, map);
        level->from_s = spw__read_seconds(reader, map, "from", 0);
        if (!spw__read_whole(reader, map, "level", 0, 3, &value)) {
            spw__fail(reader, map, "expected a `level` from 0 to 3");
        }
        level->level = (uint32_t)value;
        if (file->sim.level_count > 1 && level->from_s < level[-1].from_s) {
            spw__fail(reader, map, "earlier than the one before; expected rising times");
        }
    }
    file->sim.levels = levels;
}
