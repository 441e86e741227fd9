/*
 * plan/need.c - skills, skill sets and needs.
 *
 *   skills: [counselling, trauma]
 *   languages: {ar: {fallback: [en], after: 2 min}}        a language is a skill as well
 *   skill_sets: {senior: [counselling, trauma >= 50, ar]}
 *   needs:
 *     careful: {all: [counselling >= 30], any: [[ar, en]], lacks: [trainee], floor: [counselling],
 *               prefer: [trauma], prefer_for: 90 s}
 *
 * A need is a conjunction of clauses (rule N1): each term of `all` is one, each list of `any` is
 * one, each name of `lacks` is one and always a floor (rule N2). Relaxing is derived in ladder.c.
 * Who calls: plan.c.
 */
#include <string.h>

#include "plan/plan.h"

bool spw__literal_read(struct spw_plan *plan, const struct spw__yaml *node,
                       struct spw__literal *literal)
{
    struct spw__reader *reader = &plan->reader;
    if (!spw__expect_text(reader, node, "a skill: `name`, or `name >= 50`")) {
        return false;
    }
    *literal = (struct spw__literal){.level = 1, .mode = SPW_HOLDS};
    struct spw__yaml word = *node, number = *node;
    const char *sign = strstr(node->text, ">=");
    if (sign) {
        size_t length = (size_t)(sign - node->text);
        while (length && node->text[length - 1] == ' ') {
            length--;
        }
        word.text = spw__yaml_print(reader->tree, "%.*s", (int)length, node->text);
        number.text = sign + 2 + strspn(sign + 2, " \t");
        int64_t level = 0;
        if (!spw__take_whole(reader, &number, 1, 100, &level)) {
            return false;
        }
        literal->level = (uint32_t)level;
    }
    const struct spw__name *skill = spw__name_take(plan, SPW_NAMES_SKILLS, &word);
    literal->skill = word.text;
    literal->op = skill ? skill->op : SPW__OP_NONE;
    return skill != NULL;
}

/* ---- skills ------------------------------------------------------------------------------ */

static void add_skill(struct spw_plan *plan, const struct spw__yaml *node, const char *name)
{
    struct spw__op *op = spw__op_add(plan, node, SPW_INPUT_SKILL_ADD);
    op->input.u.skill.key = spw__name_key(name);
    (void)spw__name_add(plan, SPW_NAMES_SKILLS, name, node, spw__op_last(plan));
}

/* Languages: the skill of each that is not listed under `skills`, fallbacks included. */
static void read_languages(struct spw_plan *plan)
{
    static const char *const known[] = {"fallback", "after", NULL};
    struct spw__reader *reader = &plan->reader;
    if (!plan->languages || !spw__expect_map(reader, plan->languages, "a map of languages")) {
        return;
    }
    for (const struct spw__yaml *tag = plan->languages->first; tag; tag = tag->next) {
        if (!spw__name_find(plan, SPW_NAMES_SKILLS, tag->key)) {
            add_skill(plan, tag, tag->key);
        }
        if (!spw__expect_map(reader, tag, "{fallback: [...], after: ...} or {}") ||
            !spw__expect_keys(reader, tag, known)) {
            return;
        }
        const struct spw__yaml *fallback = spw__yaml_get(tag, "fallback");
        spw_ns after = 0;
        if (fallback && !spw__read_duration(reader, tag, "after", &after)) {
            spw__fail(reader, tag,
                      "a fallback without `after`; expected the time until it is taken");
        }
        if (fallback && spw__expect_list(reader, fallback, "a list of languages")) {
            for (const struct spw__yaml *word = fallback->first; word; word = word->next) {
                if (spw__expect_text(reader, word, "a language") &&
                    !spw__name_find(plan, SPW_NAMES_SKILLS, word->text) &&
                    !spw__yaml_get(plan->languages, word->text)) {
                    add_skill(plan, word, word->text);
                }
            }
        }
    }
}

void spw__read_skills(struct spw_plan *plan)
{
    struct spw__reader *reader = &plan->reader;
    const struct spw__yaml *skills = spw__yaml_get(plan->root, "skills");
    plan->languages = spw__yaml_get(plan->root, "languages");
    if (skills && spw__expect_list(reader, skills, "a list of names")) {
        for (const struct spw__yaml *word = skills->first; word; word = word->next) {
            if (spw__expect_text(reader, word, "the name of a skill")) {
                add_skill(plan, word, word->text);
            }
        }
    }
    read_languages(plan);
}

/* ---- skill sets -------------------------------------------------------------------------- */

void spw__read_skillsets(struct spw_plan *plan)
{
    struct spw__reader *reader = &plan->reader;
    const struct spw__yaml *sets = spw__yaml_get(plan->root, "skill_sets");
    if (!sets || !spw__expect_map(reader, sets, "a map from names to lists of skills")) {
        return;
    }
    for (const struct spw__yaml *set = sets->first; set && !reader->failed; set = set->next) {
        if (!spw__expect_list(reader, set, "a list of skills, each `name` or `name >= 50`")) {
            return;
        }
        spw__op_begin(plan, set, SPW_STAGE_SKILLSET);
        for (const struct spw__yaml *word = set->first; word; word = word->next) {
            struct spw__literal skill;
            if (!spw__literal_read(plan, word, &skill)) {
                return;
            }
            struct spw__op *op = spw__op_add(plan, word, SPW_INPUT_STAGE_SKILL);
            op->input.u.literal.level = skill.level;
            op->from[0] = skill.op;
            op->hole[0] = SPW__HOLE_SKILL;
            plan->literals++;
        }
        uint32_t op = spw__op_commit(plan, set, SPW_STAGE_SKILLSET);
        (void)spw__name_add(plan, SPW_NAMES_SKILLSETS, set->key, set, op);
    }
}

/* ---- needs ------------------------------------------------------------------------------- */

/* A clause from a term, or from a list of terms of which one is enough. */
static bool read_clause(struct spw_plan *plan, const struct spw__yaml *node,
                        enum spw_literal_mode mode, struct spw__clause *clause)
{
    *clause = (struct spw__clause){.floor = mode == SPW_LACKS};
    const struct spw__yaml *word = node->kind == SPW__YAML_LIST ? node->first : node;
    if (!word) {
        spw__fail(&plan->reader, node, "an empty clause; expected at least one skill");
    }
    for (; word; word = node->kind == SPW__YAML_LIST ? word->next : NULL) {
        if (clause->count == SPW__LITERALS_MAX) {
            spw__fail(&plan->reader, word, "more than %d skills in one clause", SPW__LITERALS_MAX);
            return false;
        }
        struct spw__literal *literal = &clause->literals[clause->count];
        if (!spw__literal_read(plan, word, literal)) {
            return false;
        }
        literal->mode = mode;
        clause->count++;
    }
    return !plan->reader.failed;
}

static bool add_clause(struct spw_plan *plan, const struct spw__yaml *node,
                       enum spw_literal_mode mode, struct spw__clause *clauses, uint32_t *count)
{
    if (*count == SPW__CLAUSES_MAX) {
        spw__fail(&plan->reader, node, "more than %d clauses in one need", SPW__CLAUSES_MAX);
        return false;
    }
    return read_clause(plan, node, mode, &clauses[(*count)++]);
}

/* Each item of a list is a clause. */
static void read_clauses(struct spw_plan *plan, const struct spw__yaml *list,
                         enum spw_literal_mode mode, struct spw__clause *clauses, uint32_t *count)
{
    if (!list || !spw__expect_list(&plan->reader, list, "a list of skills")) {
        return;
    }
    for (const struct spw__yaml *item = list->first; item; item = item->next) {
        if (!add_clause(plan, item, mode, clauses, count)) {
            return;
        }
    }
}

/* `any: [a, b]` is one clause, `any: [[a, b], [c, d]]` two. */
static void read_any(struct spw_plan *plan, const struct spw__yaml *any, struct spw__need *need)
{
    if (!any || !spw__expect_list(&plan->reader, any, "a list of skills, one of which is enough")) {
        return;
    }
    if (any->first && any->first->kind == SPW__YAML_LIST) {
        read_clauses(plan, any, SPW_HOLDS, need->required, &need->required_count);
    } else {
        (void)add_clause(plan, any, SPW_HOLDS, need->required, &need->required_count);
    }
}

/* Marks as floor every clause that names the skill. */
static void read_floor(struct spw_plan *plan, const struct spw__yaml *list, struct spw__need *need)
{
    if (!list ||
        !spw__expect_list(&plan->reader, list, "a list of skills that are never relaxed")) {
        return;
    }
    for (const struct spw__yaml *word = list->first; word; word = word->next) {
        bool found = false;
        if (!spw__expect_text(&plan->reader, word, "the name of a skill")) {
            return;
        }
        for (uint32_t c = 0; c < need->required_count; c++) {
            for (uint32_t l = 0; l < need->required[c].count; l++) {
                if (strcmp(need->required[c].literals[l].skill, word->text) == 0) {
                    need->required[c].floor = found = true;
                }
            }
        }
        if (!found) {
            spw__fail(&plan->reader, word,
                      "`%.60s` is no part of this need; expected a skill of its "
                      "`all` or `any`",
                      word->text);
            return;
        }
    }
}

static bool read_need_map(struct spw_plan *plan, const struct spw__yaml *node,
                          struct spw__need *need)
{
    static const char *const known[] = {"all",    "any",        "lacks", "floor",
                                        "prefer", "prefer_for", NULL};
    struct spw__reader *reader = &plan->reader;
    if (!spw__expect_keys(reader, node, known)) {
        return false;
    }
    read_clauses(plan, spw__yaml_get(node, "all"), SPW_HOLDS, need->required,
                 &need->required_count);
    read_any(plan, spw__yaml_get(node, "any"), need);
    read_clauses(plan, spw__yaml_get(node, "lacks"), SPW_LACKS, need->required,
                 &need->required_count);
    read_floor(plan, spw__yaml_get(node, "floor"), need);
    const struct spw__yaml *prefer = spw__yaml_get(node, "prefer");
    read_clauses(plan, prefer, SPW_HOLDS, need->preferred, &need->preferred_count);
    bool timed = spw__read_duration(reader, node, "prefer_for", &need->prefer_for);
    if (prefer && !timed) {
        spw__fail(reader, prefer,
                  "preferred skills without `prefer_for`; expected how long they are "
                  "insisted on");
    }
    if (need->required_count + need->preferred_count > SPW__CLAUSES_MAX) {
        spw__fail(reader, node, "more than %d clauses in one need", SPW__CLAUSES_MAX);
    }
    return !reader->failed;
}

bool spw__need_read(struct spw_plan *plan, const struct spw__yaml *node, struct spw__need *need)
{
    memset(need, 0, sizeof *need);
    if (node->kind == SPW__YAML_MAP) {
        return read_need_map(plan, node, need);
    }
    if (node->kind == SPW__YAML_LIST) {
        read_clauses(plan, node, SPW_HOLDS, need->required, &need->required_count);
        return !plan->reader.failed;
    }
    const struct spw__name *name = spw__name_take(plan, SPW_NAMES_NEEDS, node);
    return name && name->node != node && spw__need_read(plan, name->node, need);
}

uint32_t spw__need_stage(struct spw_plan *plan, const struct spw__yaml *node,
                         const struct spw__clause *clauses, uint32_t count)
{
    spw__op_begin(plan, node, SPW_STAGE_NEED);
    for (uint32_t c = 0; c < count; c++) {
        for (uint32_t l = 0; l < clauses[c].count; l++) {
            const struct spw__literal *literal = &clauses[c].literals[l];
            struct spw__op *op = spw__op_add(plan, node, SPW_INPUT_STAGE_LITERAL);
            op->input.u.literal.level = literal->level;
            op->input.u.literal.mode = literal->mode;
            op->from[0] = literal->op;
            op->hole[0] = SPW__HOLE_SKILL;
            plan->literals++;
        }
        spw__op_add(plan, node, SPW_INPUT_STAGE_CLAUSE)->input.u.clause.floor = clauses[c].floor;
    }
    return spw__op_commit(plan, node, SPW_STAGE_NEED);
}

/* A contact that brings a named need has no ladder, so the name stands for the required part. */
void spw__read_needs(struct spw_plan *plan)
{
    struct spw__reader *reader = &plan->reader;
    const struct spw__yaml *needs = spw__yaml_get(plan->root, "needs");
    if (!needs || !spw__expect_map(reader, needs, "a map from names to needs")) {
        return;
    }
    for (const struct spw__yaml *node = needs->first; node && !reader->failed; node = node->next) {
        struct spw__need need;
        if (node->kind == SPW__YAML_SCALAR) {
            spw__fail(reader, node,
                      "expected a list of skills, or a map of all, any, lacks, floor, "
                      "prefer");
            return;
        }
        if (!spw__need_read(plan, node, &need)) {
            return;
        }
        uint32_t op = spw__need_stage(plan, node, need.required, need.required_count);
        (void)spw__name_add(plan, SPW_NAMES_NEEDS, node->key, node, op);
    }
}
