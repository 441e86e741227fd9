/*
 * plan/plan.c - the program of a plan, built while reading.
 *
 * What lives here: operations and their holes, declared names, and the public questions. What a key
 * means is in the other rooms; apply.c runs the program.
 * Invariant: an operation refers only to operations before it.
 * Who calls: hosts (spillway/plan.h), the scenario reader. Cost: reading is linear in the text but
 * for names, which are looked for one by one.
 */
#include "plan/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- operations -------------------------------------------------------------------------- */

enum { ROOM_AT_FIRST = 64 };

/* A place for one more. When memory is out the reader fails, and the last place is written over. */
static void *place_for_one(struct spw_plan *plan, void **array, uint32_t *count, uint32_t *room,
                           size_t size)
{
    if (*count == *room) {
        void *larger = realloc(*array, (size_t)*room * 2 * size);
        if (!larger) {
            spw__fail_memory(&plan->reader);
            return (char *)*array + (size_t)(*count - 1) * size;
        }
        *array = larger;
        *room *= 2;
    }
    return (char *)*array + (size_t)(*count)++ * size;
}

struct spw__op *spw__op_add(struct spw_plan *plan, const struct spw__yaml *node, uint32_t kind)
{
    void *ops = plan->ops;
    struct spw__op *op =
        place_for_one(plan, &ops, &plan->op_count, &plan->op_room, sizeof *plan->ops);
    plan->ops = ops;
    memset(op, 0, sizeof *op);
    op->input.kind = kind;
    op->from[0] = op->from[1] = SPW__OP_NONE;
    op->line = node ? node->line : 1;
    op->column = node ? node->column : 1;
    return op;
}

uint32_t spw__op_last(const struct spw_plan *plan)
{
    return plan->op_count - 1;
}

void spw__op_begin(struct spw_plan *plan, const struct spw__yaml *node, enum spw_stage what)
{
    spw__op_add(plan, node, SPW_INPUT_STAGE_BEGIN)->input.u.stage.what = what;
}

void spw__op_set(struct spw_plan *plan, const struct spw__yaml *node, enum spw_field field,
                 uint32_t index, int64_t value)
{
    struct spw__op *op = spw__op_add(plan, node, SPW_INPUT_STAGE_SET);
    op->input.u.set.field = field;
    op->input.u.set.index = index;
    op->input.u.set.value = value;
}

uint32_t spw__op_commit(struct spw_plan *plan, const struct spw__yaml *node, enum spw_stage what)
{
    (void)spw__op_add(plan, node, SPW_INPUT_STAGE_COMMIT);
    plan->commits[what]++;
    return spw__op_last(plan);
}

/* ---- names ------------------------------------------------------------------------------- */

static const char *const nouns[] = {"skill", "skill set", "need", "ladder", "queue", "centre"};

struct spw__name *spw__name_find(const struct spw_plan *plan, enum spw_plan_names of,
                                 const char *name)
{
    for (uint32_t i = 0; i < plan->name_count; i++) {
        if (plan->names[i].of == of && strcmp(plan->names[i].name, name) == 0) {
            return &plan->names[i];
        }
    }
    return NULL;
}

struct spw__name *spw__name_add(struct spw_plan *plan, enum spw_plan_names of, const char *name,
                                const struct spw__yaml *node, uint32_t op)
{
    struct spw__name *before = spw__name_find(plan, of, name);
    if (before) {
        spw__fail(&plan->reader, node, "%s `%.60s` is declared twice, first in line %d", nouns[of],
                  name, before->node->line);
    } else if (!*name || strlen(name) > 60) {
        spw__fail_key(&plan->reader, node, "expected a name of 1 to 60 bytes for a %s", nouns[of]);
    }
    void *names = plan->names;
    struct spw__name *entry =
        place_for_one(plan, &names, &plan->name_count, &plan->name_room, sizeof *plan->names);
    plan->names = names;
    *entry = (struct spw__name){.name = name, .node = node, .of = of, .op = op};
    return entry;
}

static void fail_unknown_name(struct spw_plan *plan, enum spw_plan_names of,
                              const struct spw__yaml *node, const char *word)
{
    const char **all = spw__yaml_keep(plan->reader.tree, (plan->name_count + 1) * sizeof *all);
    size_t count = 0;
    if (!all) {
        spw__fail_memory(&plan->reader);
        return;
    }
    for (uint32_t i = 0; i < plan->name_count; i++) {
        if (plan->names[i].of == of) {
            all[count++] = plan->names[i].name;
        }
    }
    const char *nearest = spw__nearest(word, all);
    if (of == SPW_NAMES_NEEDS && spw__name_find(plan, SPW_NAMES_SKILLS, word)) {
        spw__fail(&plan->reader, node, "`%.60s` is a skill; expected a list such as [%.60s]", word,
                  word);
    } else if (nearest) {
        spw__fail(&plan->reader, node, "no %s is called `%.60s`; expected `%s`?", nouns[of], word,
                  nearest);
    } else {
        spw__fail(&plan->reader, node,
                  "no %s is called `%.60s`; expected one that the plan declares", nouns[of], word);
    }
}

struct spw__name *spw__name_take(struct spw_plan *plan, enum spw_plan_names of,
                                 const struct spw__yaml *node)
{
    if (!spw__expect_text(&plan->reader, node, "a name")) {
        return NULL;
    }
    struct spw__name *found = spw__name_find(plan, of, node->text);
    if (!found) {
        fail_unknown_name(plan, of, node, node->text);
    }
    return found;
}

uint64_t spw__name_key(const char *name)
{
    uint64_t key = UINT64_C(14695981039346656037); /* FNV-1a */
    for (; *name; name++) {
        key = (key ^ (unsigned char)*name) * UINT64_C(1099511628211);
    }
    return key;
}

/* ---- reading ----------------------------------------------------------------------------- */

static void read_root(struct spw_plan *plan)
{
    static const char *const known[] = {
        "revision",    "skills",      "languages",     "skill_sets",    "needs",
        "ladders",     "queues",      "centres",       "order",         "chooser",
        "priorities",  "protected",   "unclassified",  "units",         "exclusive",
        "claim_after", "decline_for", "miss_max",      "credit",        "sticky_bonus",
        "prefer",      "pool_order",  "transfer_hold", "suspect_delay", NULL};
    if (!spw__expect_map(&plan->reader, plan->root, "a plan: a map of keys") ||
        !spw__expect_keys(&plan->reader, plan->root, known)) {
        return;
    }
    void (*const rooms[])(struct spw_plan *) = {
        spw__read_skills, spw__read_skillsets, spw__read_needs,  spw__read_ladders,
        spw__read_queues, spw__read_centres,   spw__read_service};
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0] && !plan->reader.failed; i++) {
        rooms[i](plan);
    }
}

struct spw_plan *spw__plan_read_node(struct spw__reader *reader, const struct spw__yaml *root)
{
    struct spw_plan *plan = calloc(1, sizeof *plan);
    if (plan) {
        plan->op_room = plan->name_room = ROOM_AT_FIRST;
        plan->ops = calloc(ROOM_AT_FIRST, sizeof *plan->ops);
        plan->names = calloc(ROOM_AT_FIRST, sizeof *plan->names);
    }
    if (!plan || !plan->ops || !plan->names) {
        spw__fail_memory(reader);
        spw_plan_free(plan);
        return NULL;
    }
    (void)snprintf(plan->file, sizeof plan->file, "%s", reader->file);
    plan->reader = *reader;
    plan->reader.file = plan->file;
    plan->root = root;
    plan->order_op = SPW__OP_NONE;
    read_root(plan);
    plan->made = calloc(plan->op_count + 1, sizeof *plan->made);
    if (!plan->made || spw__yaml_spent(reader->tree)) {
        spw__fail_memory(&plan->reader);
    }
    reader->failed = plan->reader.failed;
    plan->reader.error = NULL; /* the caller's; it may go */
    if (reader->failed) {
        spw_plan_free(plan);
        return NULL;
    }
    return plan;
}

struct spw_plan *spw_plan_read(const char *text, size_t length, const char *file,
                               struct spw_plan_error *error)
{
    struct spw_plan_error unused = {0};
    struct spw__reader reader = {.file = file ? file : "plan", .error = error ? error : &unused};
    memset(reader.error, 0, sizeof *reader.error);
    const struct spw__yaml *root = spw__yaml_parse(&reader, text, length);
    const struct spw__yaml *part = root ? spw__yaml_get(root, "plan") : NULL;
    struct spw_plan *plan = root ? spw__plan_read_node(&reader, part ? part : root) : NULL;
    if (plan) {
        plan->owns_tree = true;
    } else {
        spw__yaml_free(reader.tree);
    }
    return plan;
}

void spw_plan_free(struct spw_plan *plan)
{
    if (!plan) {
        return;
    }
    if (plan->owns_tree) {
        spw__yaml_free(plan->reader.tree);
    }
    free(plan->ops);
    free(plan->made);
    free(plan->names);
    free(plan);
}

/* ---- limits ------------------------------------------------------------------------------ */

static void raise_to(uint32_t *limit, uint64_t needed)
{
    if (needed > *limit) {
        *limit = needed > UINT32_MAX ? UINT32_MAX : (uint32_t)needed;
    }
}

static uint32_t count_names(const struct spw_plan *plan, enum spw_plan_names of)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < plan->name_count; i++) {
        count += plan->names[i].of == of;
    }
    return count;
}

void spw_plan_config(const struct spw_plan *plan, struct spw_config *config)
{
    raise_to(&config->skills_max, count_names(plan, SPW_NAMES_SKILLS));
    raise_to(&config->skillsets_max, plan->commits[SPW_STAGE_SKILLSET]);
    raise_to(&config->needs_max, plan->commits[SPW_STAGE_NEED]);
    raise_to(&config->ladders_max, plan->commits[SPW_STAGE_LADDER]);
    raise_to(&config->queues_max, plan->commits[SPW_STAGE_QUEUE]);
    raise_to(&config->centres_max, plan->commits[SPW_STAGE_CENTRE]);
    raise_to(&config->prefers_max, plan->prefers);
    raise_to(&config->terms_max, plan->literals);
}

/* ---- questions --------------------------------------------------------------------------- */

static uint32_t number_of(const struct spw_plan *plan, enum spw_plan_names of, const char *name)
{
    const struct spw__name *found = plan->applied ? spw__name_find(plan, of, name) : NULL;
    return found && found->op != SPW__OP_NONE ? (uint32_t)plan->made[found->op] : 0;
}

spw_skill spw_plan_skill(const struct spw_plan *plan, const char *name)
{
    return number_of(plan, SPW_NAMES_SKILLS, name);
}

spw_skillset spw_plan_skillset(const struct spw_plan *plan, const char *name)
{
    return number_of(plan, SPW_NAMES_SKILLSETS, name);
}

spw_need spw_plan_need(const struct spw_plan *plan, const char *name)
{
    return number_of(plan, SPW_NAMES_NEEDS, name);
}

spw_ladder spw_plan_ladder(const struct spw_plan *plan, const char *name)
{
    return number_of(plan, SPW_NAMES_LADDERS, name);
}

spw_queue spw_plan_queue(const struct spw_plan *plan, const char *name)
{
    return number_of(plan, SPW_NAMES_QUEUES, name);
}

spw_centre spw_plan_centre(const struct spw_plan *plan, const char *name)
{
    return number_of(plan, SPW_NAMES_CENTRES, name);
}

const char *spw_plan_name(const struct spw_plan *plan, enum spw_plan_names of, size_t index)
{
    for (uint32_t i = 0; i < plan->name_count; i++) {
        if (plan->names[i].of == of && index-- == 0) {
            return plan->names[i].name;
        }
    }
    return NULL;
}

int spw_plan_queue_target(const struct spw_plan *plan, const char *queue, int priority,
                          spw_ns *target)
{
    const struct spw__name *found = spw__name_find(plan, SPW_NAMES_QUEUES, queue);
    if (!found) {
        return SPW_E_UNKNOWN;
    }
    if (priority < 0 || priority >= SPW_PRIORITY_COUNT) {
        return SPW_E_RANGE;
    }
    *target = found->target[priority];
    return SPW_OK;
}

int spw_plan_centre_lease(const struct spw_plan *plan, const char *centre, spw_ns *lease)
{
    const struct spw__name *found = spw__name_find(plan, SPW_NAMES_CENTRES, centre);
    if (!found) {
        return SPW_E_UNKNOWN;
    }
    *lease = found->lease;
    return SPW_OK;
}
