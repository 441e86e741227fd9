/*
 * model/script.c - scripts as text and back, by one table of the members of each input.
 */
#include "script.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum sort { NUMBER, SIGNED, CONTACT, COUNSELLOR, ID };

struct member {
    const char *of;
    const char *name;
    size_t offset;
    size_t size;
    enum sort sort;
};

#define M(of, name, sort)                                                                          \
    {                                                                                              \
#of, #name, offsetof(struct spw_input, u.of.name),                                         \
            sizeof(((struct spw_input *)0)->u.of.name), sort                                       \
    }

static const struct member members[] = {
    {"span", "span", offsetof(struct spw_input, u.span), sizeof(spw_ns), SIGNED},
    M(stage, what, NUMBER),
    M(literal, skill, NUMBER),
    M(literal, level, NUMBER),
    M(literal, mode, NUMBER),
    M(clause, floor, NUMBER),
    M(step, after, SIGNED),
    M(step, need, NUMBER),
    M(step, raise, NUMBER),
    M(set, field, NUMBER),
    M(set, index, NUMBER),
    M(set, value, SIGNED),
    M(skill, key, NUMBER),
    M(queue, queue, NUMBER),
    M(queue, detail, NUMBER),
    M(centre, centre, NUMBER),
    M(centre, detail, NUMBER),
    M(counsellor_add, key, NUMBER),
    M(counsellor_add, centre, NUMBER),
    M(counsellor_add, skillset, NUMBER),
    M(counsellor_add, units, NUMBER),
    M(counsellor_add, channels, NUMBER),
    M(counsellor_add, flags, NUMBER),
    M(counsellor_add, reserved_0, NUMBER),
    M(counsellor, counsellor, COUNSELLOR),
    M(counsellor, detail, NUMBER),
    M(limits, counsellor, COUNSELLOR),
    M(limits, shift_end, SIGNED),
    M(limits, severe_max, NUMBER),
    M(limits, load_max, NUMBER),
    M(limits, rest, SIGNED),
    M(arrive, id, ID),
    M(arrive, token, ID),
    M(arrive, cookie, NUMBER),
    M(arrive, sticky, COUNSELLOR),
    M(arrive, sticky_hold_ns, SIGNED),
    M(arrive, deadline, SIGNED),
    M(arrive, continues, CONTACT),
    M(arrive, home, NUMBER),
    M(arrive, queue, NUMBER),
    M(arrive, need, NUMBER),
    M(arrive, zone, NUMBER),
    M(arrive, channel, NUMBER),
    M(arrive, priority, NUMBER),
    M(arrive, flags, NUMBER),
    M(arrive, sticky_mode, NUMBER),
    M(arrive, severity, NUMBER),
    M(arrive, reserved_0, NUMBER),
    M(contact, contact, CONTACT),
    M(contact, detail, NUMBER),
    M(pair, contact, CONTACT),
    M(pair, counsellor, COUNSELLOR),
    M(pair, detail, NUMBER),
    M(reclassify, contact, CONTACT),
    M(reclassify, queue, NUMBER),
    M(reclassify, need, NUMBER),
    M(reclassify, priority, NUMBER),
    M(reclassify, flags, NUMBER),
    M(reclassify, severity, NUMBER),
    M(reclassify, danger, NUMBER),
    M(transfer, contact, CONTACT),
    M(transfer, to, COUNSELLOR),
    M(transfer, queue, NUMBER),
    M(transfer, need, NUMBER),
    M(transfer, mode, NUMBER),
    M(transfer, priority, NUMBER),
    M(transfer, danger, NUMBER),
    M(callback, contact, CONTACT),
    M(callback, due_at, SIGNED),
    M(callback, safe_until, SIGNED),
    M(callback, attempts, NUMBER),
    M(supervise, contact, CONTACT),
    M(supervise, counsellor, COUNSELLOR),
    M(supervise, until, SIGNED),
    M(supervise, actor, NUMBER),
    M(supervise, centre, NUMBER),
    M(supervise, reason, NUMBER),
};
#define MEMBER_COUNT (sizeof members / sizeof members[0])

static const struct {
    uint32_t kind;
    const char *name;
    const char *of;
} kinds[] = {
#define KIND(number, name, sort, member) {number, #name, #member},
    SPW_INPUT_MAP(KIND)
#undef KIND
};
#define KIND_COUNT (sizeof kinds / sizeof kinds[0])

#define L(name)                                                                                    \
    {                                                                                              \
#name, offsetof(struct spw_config, name)                                                   \
    }
static const struct {
    const char *name;
    size_t offset;
} limits[] = {
    L(contacts_max),  L(counsellors_max), L(centres_max), L(queues_max),  L(skills_max),
    L(skillsets_max), L(needs_max),       L(ladders_max), L(classes_max), L(pools_max),
    L(items_max),     L(tokens_max),      L(events_max),  L(prefers_max), L(terms_max),
    L(books_max),     L(personal_max),
};
#define LIMIT_COUNT (sizeof limits / sizeof limits[0])

/* Narrow members are widened by their size; the machine's byte order does not matter. */
static int64_t load(const struct spw_input *input, const struct member *m)
{
    const char *at = (const char *)input + m->offset;
    if (m->size == 8) {
        int64_t value;
        memcpy(&value, at, 8);
        return value;
    }
    if (m->size == 4) {
        uint32_t value;
        memcpy(&value, at, 4);
        return value;
    }
    if (m->size == 2) {
        uint16_t value;
        memcpy(&value, at, 2);
        return value;
    }
    return *(const uint8_t *)at;
}

static void store(struct spw_input *input, const struct member *m, int64_t value)
{
    char *at = (char *)input + m->offset;
    if (m->size == 8) {
        memcpy(at, &value, 8);
    } else if (m->size == 4) {
        uint32_t narrow = (uint32_t)value;
        memcpy(at, &narrow, 4);
    } else if (m->size == 2) {
        uint16_t narrow = (uint16_t)value;
        memcpy(at, &narrow, 2);
    } else {
        uint8_t narrow = (uint8_t)value;
        memcpy(at, &narrow, 1);
    }
}

void script_init(struct script *script)
{
    memset(script, 0, sizeof *script);
    spw_config_init(&script->config);
}

void script_free(struct script *script)
{
    free(script->steps);
    memset(script, 0, sizeof *script);
}

void script_add(struct script *script, const struct step *step)
{
    if (script->count == script->room) {
        script->room = script->room == 0 ? 256 : script->room * 2;
        script->steps = realloc(script->steps, script->room * sizeof *script->steps);
        if (script->steps == NULL) {
            abort();
        }
    }
    script->steps[script->count] = *step;
    script->count++;
}

void script_copy(struct script *to, const struct script *from)
{
    script_init(to);
    to->config = from->config;
    to->seed = from->seed;
    for (uint32_t i = 0; i < from->count; i++) {
        script_add(to, &from->steps[i]);
    }
}

static const char *member_of(uint32_t kind)
{
    for (size_t i = 0; i < KIND_COUNT; i++) {
        if (kinds[i].kind == kind) {
            return kinds[i].of;
        }
    }
    return "none";
}

void step_print(FILE *out, const struct step *step)
{
    const char *name = spw_input_name(step->input.kind);
    fprintf(out, "@%" PRId64 ".%09" PRId64 " ", step->now / SPW_SECOND, step->now % SPW_SECOND);
    if (name != NULL) {
        fprintf(out, "%s", name);
    } else {
        fprintf(out, "%" PRIu32, step->input.kind);
    }
    const char *of = member_of(step->input.kind);
    if (step->tag != 0) {
        bool arrival = step->input.kind == SPW_INPUT_CONTACT_ARRIVE;
        fprintf(out, " tag=%c%" PRIu32, arrival ? 'c' : 'k', step->tag);
    }
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        const struct member *m = &members[i];
        if (strcmp(m->of, of) != 0) {
            continue;
        }
        if (m->sort == ID) {
            spw_id id;
            memcpy(&id, (const char *)&step->input + m->offset, sizeof id);
            if (id.hi != 0 || id.lo != 0) {
                fprintf(out, " %s=%" PRIu64 ":%" PRIu64, m->name, id.hi, id.lo);
            }
            continue;
        }
        int64_t value = load(&step->input, m);
        if (value == 0) {
            continue;
        }
        if (m->sort == CONTACT) {
            fprintf(out, " %s=c%" PRId64, m->name, value);
        } else if (m->sort == COUNSELLOR) {
            fprintf(out, " %s=k%" PRId64, m->name, value);
        } else if (m->sort == SIGNED) {
            fprintf(out, " %s=%" PRId64, m->name, value);
        } else {
            fprintf(out, " %s=%" PRIu64, m->name, (uint64_t)value);
        }
    }
    fprintf(out, "\n");
}

void script_print(FILE *out, const struct script *script)
{
    struct spw_config plain;
    spw_config_init(&plain);
    fprintf(out, "config");
    for (size_t i = 0; i < LIMIT_COUNT; i++) {
        uint32_t usual;
        uint32_t here;
        memcpy(&usual, (const char *)&plain + limits[i].offset, sizeof usual);
        memcpy(&here, (const char *)&script->config + limits[i].offset, sizeof here);
        if (usual != here) {
            fprintf(out, " %s=%" PRIu32, limits[i].name, here);
        }
    }
    fprintf(out, "\n");
    for (uint32_t i = 0; i < script->count; i++) {
        step_print(out, &script->steps[i]);
    }
}

static bool read_config(char *rest, struct script *script)
{
    for (char *word = strtok(rest, " \n"); word != NULL; word = strtok(NULL, " \n")) {
        char *equals = strchr(word, '=');
        if (equals == NULL) {
            return false;
        }
        *equals = 0;
        bool known = false;
        for (size_t i = 0; i < LIMIT_COUNT; i++) {
            if (strcmp(limits[i].name, word) == 0) {
                uint32_t value = (uint32_t)strtoul(equals + 1, NULL, 10);
                memcpy((char *)&script->config + limits[i].offset, &value, sizeof value);
                known = true;
            }
        }
        if (!known) {
            return false;
        }
    }
    return true;
}

static bool read_member(char *word, struct step *step)
{
    char *equals = strchr(word, '=');
    if (equals == NULL) {
        return false;
    }
    *equals = 0;
    char *value = equals + 1;
    if (*value == 'c' || *value == 'k') {
        value++;
    }
    if (strcmp(word, "tag") == 0) {
        step->tag = (uint32_t)strtoul(value, NULL, 10);
        return step->tag < SCRIPT_TAGS_MAX;
    }
    const char *of = member_of(step->input.kind);
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        const struct member *m = &members[i];
        if (strcmp(m->of, of) != 0 || strcmp(m->name, word) != 0) {
            continue;
        }
        if (m->sort == ID) {
            char *end;
            spw_id id;
            id.hi = strtoull(value, &end, 10);
            id.lo = *end == ':' ? strtoull(end + 1, NULL, 10) : 0;
            memcpy((char *)&step->input + m->offset, &id, sizeof id);
        } else if (m->sort == SIGNED) {
            store(&step->input, m, strtoll(value, NULL, 10));
        } else {
            store(&step->input, m, (int64_t)strtoull(value, NULL, 10));
        }
        return true;
    }
    return false;
}

static bool read_step(char *line, struct step *step)
{
    memset(step, 0, sizeof *step);
    char *rest = NULL;
    char *time = strtok_r(line, " \n", &rest);
    char *dot;
    step->now = strtoll(time + 1, &dot, 10) * SPW_SECOND;
    if (*dot == '.') {
        char *end;
        spw_ns part = strtoll(dot + 1, &end, 10);
        for (long digits = end - dot - 1; digits < 9; digits++) {
            part *= 10;
        }
        step->now += time[1] == '-' ? -part : part;
    }
    char *name = strtok_r(NULL, " \n", &rest);
    if (name == NULL) {
        return false;
    }
    step->input.kind = (uint32_t)strtoul(name, NULL, 10);
    for (size_t i = 0; i < KIND_COUNT; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            step->input.kind = kinds[i].kind;
        }
    }
    for (char *word = strtok_r(NULL, " \n", &rest); word != NULL;
         word = strtok_r(NULL, " \n", &rest)) {
        if (!read_member(word, step)) {
            return false;
        }
    }
    return true;
}

bool script_read(FILE *in, struct script *script)
{
    char line[4096];
    int number = 0;
    while (fgets(line, sizeof line, in) != NULL) {
        number++;
        char *comment = strchr(line, '#');
        if (comment != NULL) {
            *comment = 0;
        }
        char *text = line + strspn(line, " \t\n");
        struct step step;
        bool good = true;
        if (strncmp(text, "config", 6) == 0) {
            good = read_config(text + 6, script);
        } else if (*text == '@') {
            good = read_step(text, &step);
            if (good) {
                script_add(script, &step);
            }
        } else if (*text != 0) {
            good = false;
        }
        if (!good) {
            fprintf(stderr, "model_check: line %d cannot be read\n", number);
            return false;
        }
    }
    return true;
}

static uint64_t resolve(uint64_t tag, const uint64_t *made)
{
    if (tag == 0) {
        return 0;
    }
    if (tag < SCRIPT_TAGS_MAX && made[tag] != 0) {
        return made[tag];
    }
    /* A slot that no world has, in whichever half of the handle the slot stands. */
    return 0x7fff0000u * ((uint64_t)1 << 32) + 0x7fff0000u + tag % 64;
}

struct spw_input step_resolve(const struct step *step, const uint64_t *contacts,
                              const uint64_t *counsellors)
{
    struct spw_input input = step->input;
    const char *of = member_of(input.kind);
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        const struct member *m = &members[i];
        if (strcmp(m->of, of) == 0 && (m->sort == CONTACT || m->sort == COUNSELLOR)) {
            uint64_t tag = (uint64_t)load(&input, m);
            store(&input, m, (int64_t)resolve(tag, m->sort == CONTACT ? contacts : counsellors));
        }
    }
    return input;
}
