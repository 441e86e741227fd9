/*
 * plan/ladder.c - how a need is relaxed while somebody waits.
 *
 *   ladders:
 *     patient:
 *       need: careful                                    what is asked at first
 *       steps:
 *         - {after: 2 min, relax: [trauma]}              clauses that name these skills are dropped
 *         - {after: 5 min, need: any-counsellor, raise: 1}
 *
 * Three things end in one list of steps: the preferred part of a need (required and preferred
 * first, required after `prefer_for`), the steps written out, and the fallbacks of a language. The
 * engine gets needs and times only (rule N2); what a step asks is worked out here.
 * Invariant: steps stand in rising order of `after`, the first at 0; floors and `lacks` are in all.
 * Who calls: plan.c, queue.c.
 */
#include <string.h>

#include "base/assert.h"
#include "plan/plan.h"

static bool names_skill(const struct spw__clause *clause, const char *skill)
{
    for (uint32_t l = 0; l < clause->count; l++) {
        if (strcmp(clause->literals[l].skill, skill) == 0) {
            return true;
        }
    }
    return false;
}

static void put_need(struct spw__step *step, const struct spw__need *need, bool preferred)
{
    memcpy(step->clauses, need->required, need->required_count * sizeof step->clauses[0]);
    step->count = need->required_count;
    if (preferred) {
        memcpy(step->clauses + step->count, need->preferred,
               need->preferred_count * sizeof step->clauses[0]);
        step->count += need->preferred_count;
    }
}

void spw__ladder_of_need(const struct spw__need *need, const struct spw__yaml *node,
                         struct spw__ladder *ladder)
{
    memset(ladder, 0, sizeof *ladder);
    bool prefers = need->preferred_count > 0 && need->prefer_for > 0;
    put_need(&ladder->steps[0], need, prefers);
    ladder->steps[0].node = node;
    ladder->count = 1;
    if (prefers) {
        put_need(&ladder->steps[1], need, false);
        ladder->steps[1].after = need->prefer_for;
        ladder->steps[1].node = node;
        ladder->count = 2;
        ladder->insists_for = need->prefer_for;
    }
}

/* ---- steps that are written out ------------------------------------------------------------ */

/* Drops every clause that names the skill; a floor stays, and asking for it is a mistake. */
static void relax(struct spw_plan *plan, const struct spw__yaml *word, struct spw__step *step)
{
    bool found = false;
    uint32_t kept = 0;
    for (uint32_t c = 0; c < step->count; c++) {
        if (names_skill(&step->clauses[c], word->text)) {
            found = true;
            if (step->clauses[c].floor) {
                spw__fail(&plan->reader, word,
                          "`%.60s` is a floor, or something the counsellor must "
                          "lack; expected a part that may be relaxed",
                          word->text);
            }
            continue;
        }
        step->clauses[kept++] = step->clauses[c];
    }
    step->count = kept;
    if (!found) {
        spw__fail(&plan->reader, word,
                  "`%.60s` is not asked for at this step; expected a skill that is", word->text);
    }
}

static void read_what(struct spw_plan *plan, const struct spw__yaml *node, struct spw__step *step)
{
    struct spw__reader *reader = &plan->reader;
    const struct spw__yaml *other = spw__yaml_get(node, "need");
    const struct spw__yaml *list = spw__yaml_get(node, "relax");
    if (other && list) {
        spw__fail_key(reader, list, "a step has `need` or `relax`, not both");
    }
    if (other) {
        struct spw__need need;
        if (spw__need_read(plan, other, &need)) {
            put_need(step, &need, false);
        }
    }
    if (list && spw__expect_list(reader, list, "a list of skills no longer asked for")) {
        for (const struct spw__yaml *word = list->first; word; word = word->next) {
            if (spw__expect_text(reader, word, "the name of a skill")) {
                relax(plan, word, step);
            }
        }
    }
}

static bool read_step(struct spw_plan *plan, const struct spw__yaml *node,
                      struct spw__ladder *ladder)
{
    static const char *const known[] = {"after", "relax", "need", "raise", NULL};
    struct spw__reader *reader = &plan->reader;
    if (!spw__expect_map(reader, node, "a step: {after: 2 min, relax: [...], raise: 1}") ||
        !spw__expect_keys(reader, node, known)) {
        return false;
    }
    if (ladder->count == SPW__STEPS_MAX) {
        spw__fail(reader, node, "more than %d steps in one ladder", SPW__STEPS_MAX);
        return false;
    }
    const struct spw__step *before = &ladder->steps[ladder->count - 1];
    struct spw__step *step = &ladder->steps[ladder->count];
    *step = *before;
    step->raise = 0;
    step->node = node;
    if (!spw__read_duration(reader, node, "after", &step->after)) {
        spw__fail(reader, node, "a step without `after`; expected when it is taken");
    } else if (step->after <= before->after && ladder->insists_for > 0 && ladder->count == 2) {
        spw__fail(
            reader, spw__yaml_get(node, "after"),
            "`prefer_for` of the ladder's need is not over by then; expected a later step, or "
            "a need without `prefer`");
    } else if (step->after <= before->after) {
        spw__fail(reader, spw__yaml_get(node, "after"),
                  "the step before is taken later or at the same time; expected rising times");
    }
    int64_t raise = 0;
    if (spw__read_whole(reader, node, "raise", 0, 7, &raise)) {
        step->raise = (uint32_t)raise;
    }
    read_what(plan, node, step);
    ladder->count++;
    return !reader->failed;
}

bool spw__ladder_read(struct spw_plan *plan, const struct spw__yaml *node,
                      struct spw__ladder *ladder)
{
    static const char *const known[] = {"need", "steps", NULL};
    struct spw__reader *reader = &plan->reader;
    if (!spw__expect_map(reader, node, "a ladder: {need: ..., steps: [...]}") ||
        !spw__expect_keys(reader, node, known)) {
        return false;
    }
    const struct spw__yaml *first = spw__yaml_get(node, "need"),
                           *steps = spw__yaml_get(node, "steps");
    struct spw__need need = {0};
    if (first && !spw__need_read(plan, first, &need)) {
        return false;
    }
    spw__ladder_of_need(&need, node, ladder);
    if (steps && spw__expect_list(reader, steps, "a list of steps")) {
        for (const struct spw__yaml *step = steps->first; step; step = step->next) {
            if (!read_step(plan, step, ladder)) {
                return false;
            }
        }
    }
    return !reader->failed;
}

/* ---- languages ----------------------------------------------------------------------------- */

/* The clause after `tiers` fallbacks: the language itself or any of the first `tiers`. */
static bool speak(struct spw_plan *plan, const struct spw__yaml *node,
                  const struct spw__yaml *chain, uint32_t tiers, struct spw__clause *clause)
{
    *clause = (struct spw__clause){0};
    const struct spw__yaml *word = node;
    for (uint32_t tier = 0; tier <= tiers && word; tier++) {
        if (clause->count == SPW__LITERALS_MAX) {
            spw__fail(&plan->reader, word, "more than %d languages in one chain",
                      SPW__LITERALS_MAX);
            return false;
        }
        if (!spw__literal_read(plan, word, &clause->literals[clause->count++])) {
            return false;
        }
        word = tier == 0 ? (chain ? chain->first : NULL) : word->next;
    }
    return true;
}

/* The step in force at a time: the last with after <= time. */
static const struct spw__step *step_at(const struct spw__ladder *ladder, spw_ns time)
{
    const struct spw__step *found = &ladder->steps[0];
    for (uint32_t i = 1; i < ladder->count && ladder->steps[i].after <= time; i++) {
        found = &ladder->steps[i];
    }
    return found;
}

/* The times of both, rising, each once. */
static uint32_t merge_times(const struct spw__ladder *ladder, spw_ns every, uint32_t tiers,
                            spw_ns times[2 * SPW__STEPS_MAX])
{
    uint32_t count = 0, i = 0, t = 0;
    while (i < ladder->count || t <= tiers) {
        spw_ns step = i < ladder->count ? ladder->steps[i].after : SPW_FOREVER;
        spw_ns tier = t <= tiers ? (spw_ns)t * every : SPW_FOREVER;
        times[count++] = step < tier ? step : tier;
        i += step <= tier;
        t += tier <= step;
    }
    return count;
}

void spw__ladder_speak(struct spw_plan *plan, const struct spw__yaml *language,
                       struct spw__ladder *ladder)
{
    const struct spw__yaml *entry = spw__yaml_get(plan->languages, language->text);
    const struct spw__yaml *chain = entry ? spw__yaml_get(entry, "fallback") : NULL;
    const struct spw__ladder before = *ladder;
    spw_ns every = 0, times[2 * SPW__STEPS_MAX] = {0};
    uint32_t tiers = chain ? (uint32_t)chain->count : 0;
    if (tiers >= SPW__LITERALS_MAX) {
        spw__fail(&plan->reader, chain, "more than %d languages in one chain", SPW__LITERALS_MAX);
        return;
    }
    if (chain && spw__read_duration(&plan->reader, entry, "after", &every) && every <= 0) {
        spw__fail(&plan->reader, spw__yaml_get(entry, "after"), "expected a time above 0 s");
        return;
    }
    uint32_t count = merge_times(&before, every, tiers, times);
    if (count > SPW__STEPS_MAX) {
        spw__fail(&plan->reader, language, "more than %d steps with the language's",
                  SPW__STEPS_MAX);
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct spw__step *step = &ladder->steps[i];
        const struct spw__step *source = step_at(&before, times[i]);
        *step = *source;
        step->after = times[i];
        step->raise = source->after == times[i] ? source->raise : 0;
        uint32_t tier = every > 0 ? (uint32_t)(times[i] / every) : 0;
        if (step->count == SPW__CLAUSES_MAX) {
            spw__fail(&plan->reader, language, "more than %d clauses with the language",
                      SPW__CLAUSES_MAX);
            return;
        }
        if (!speak(plan, language, chain, tier < tiers ? tier : tiers,
                   &step->clauses[step->count++])) {
            return;
        }
    }
    ladder->count = count;
}

/* ---- staging --------------------------------------------------------------------------------- */

uint32_t spw__ladder_stage(struct spw_plan *plan, const struct spw__yaml *node,
                           const struct spw__ladder *ladder, uint32_t *first_need)
{
    uint32_t needs[SPW__STEPS_MAX] = {0};
    SPW_ASSERT(ladder->count > 0 && ladder->count <= SPW__STEPS_MAX);
    for (uint32_t i = 0; i < ladder->count; i++) {
        const struct spw__step *step = &ladder->steps[i];
        needs[i] =
            spw__need_stage(plan, step->node ? step->node : node, step->clauses, step->count);
    }
    *first_need = needs[0];
    if (ladder->count == 1) {
        return SPW__OP_NONE;
    }
    spw__op_begin(plan, node, SPW_STAGE_LADDER);
    for (uint32_t i = 0; i < ladder->count; i++) {
        struct spw__op *op = spw__op_add(plan, ladder->steps[i].node, SPW_INPUT_STAGE_STEP);
        op->input.u.step.after = ladder->steps[i].after;
        op->input.u.step.raise = ladder->steps[i].raise;
        op->from[0] = needs[i];
        op->hole[0] = SPW__HOLE_STEP_NEED;
        plan->literals++;
    }
    return spw__op_commit(plan, node, SPW_STAGE_LADDER);
}

void spw__read_ladders(struct spw_plan *plan)
{
    struct spw__reader *reader = &plan->reader;
    const struct spw__yaml *ladders = spw__yaml_get(plan->root, "ladders");
    if (!ladders || !spw__expect_map(reader, ladders, "a map from names to ladders")) {
        return;
    }
    struct spw__ladder *ladder = spw__yaml_keep(reader->tree, sizeof *ladder);
    if (!ladder) {
        spw__fail_memory(reader);
        return;
    }
    for (const struct spw__yaml *node = ladders->first; node && !reader->failed;
         node = node->next) {
        uint32_t need = SPW__OP_NONE;
        if (!spw__ladder_read(plan, node, ladder)) {
            return;
        }
        uint32_t op = spw__ladder_stage(plan, node, ladder, &need);
        (void)spw__name_add(plan, SPW_NAMES_LADDERS, node->key, node, op);
    }
}
