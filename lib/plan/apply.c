/*
 * plan/apply.c - the program of a plan run through spw_apply, on a new engine or a live one.
 *
 * What the engine holds already is found by its key; the keys are those of the names. The program
 * is run in passes, so that whatever can be refused is refused before anything moves under people:
 *
 *     skills and terms     needs, skill sets, ladders: nobody has them yet, and equal ones are one
 *     check                what is revised: may the engine take it?
 *     new queues, centres  nobody is in them yet
 *     rehearsal            the order of service is staged and thrown away
 *     revised              queues and centres that were there
 *     order of service     last, as one change
 *
 * Invariants: no object is committed twice under one name; a stage that failed is aborted; numbers
 * are answered only after the whole program has run.
 * Who calls: hosts (spillway/plan.h), the simulator's set-up. Cost: one spw_apply per operation.
 */
#include <stdio.h>
#include <string.h>

#include <spillway/view.h>

#include "plan/plan.h"

struct run {
    struct spw_plan *plan;
    struct spw_engine *engine;
    int order;
    spw_ns now;
    bool stage_open;
    bool revises; /* some queue or centre was there before */
    struct spw_plan_error *error;
};

/* ---- one operation ------------------------------------------------------------------------- */

/* SPW_E_RANGE when the number does not fit; skill sets and queues of an engine always do. */
static int fill_hole(struct spw_input *input, enum spw__hole hole, uint64_t number)
{
    bool half = hole == SPW__HOLE_INDEX_LOW || hole == SPW__HOLE_INDEX_HIGH;
    if (number > (half ? UINT16_MAX : UINT32_MAX)) {
        return SPW_E_RANGE;
    }
    switch (hole) {
    case SPW__HOLE_NONE:
        break;
    case SPW__HOLE_SKILL:
        input->u.literal.skill = (spw_skill)number;
        break;
    case SPW__HOLE_STEP_NEED:
        input->u.step.need = (spw_need)number;
        break;
    case SPW__HOLE_VALUE:
        input->u.set.value = (int64_t)number;
        break;
    case SPW__HOLE_INDEX_LOW:
        input->u.set.index |= (uint32_t)number;
        break;
    case SPW__HOLE_INDEX_HIGH:
        input->u.set.index |= (uint32_t)number << 16;
        break;
    }
    return SPW_OK;
}

/* A request passes once what is being worked off is done, as far as the ring has room. */
static int pass(struct run *run, const struct spw_input *input, uint64_t *made)
{
    int code = spw_apply(run->engine, input, run->now, made);
    while (code == SPW_E_BUSY) {
        int more = spw_continue(run->engine, run->now);
        if (more != SPW_OK && more != SPW_E_BUSY) {
            return more;
        }
        code = more == SPW_OK ? spw_apply(run->engine, input, run->now, made) : SPW_E_BUSY;
    }
    return code;
}

static void abort_stage(struct run *run)
{
    const struct spw_input input = {.kind = SPW_INPUT_STAGE_ABORT};
    if (run->stage_open) {
        run->stage_open = false;
        (void)!pass(run, &input, NULL);
    }
}

static int refuse(struct run *run, const struct spw__op *op, int code)
{
    struct spw_plan_error *error = run->error;
    abort_stage(run);
    if (error) {
        error->line = op->line;
        error->column = op->column;
        error->code = code;
        (void)snprintf(error->text, sizeof error->text,
                       "%s:%d:%d: the engine refused this (%s, %s): %s", run->plan->file, op->line,
                       op->column, spw_input_name(op->input.kind), spw_error_name(code),
                       spw_error_text(code));
    }
    return code;
}

static int run_op(struct run *run, uint32_t at)
{
    struct spw_plan *plan = run->plan;
    const struct spw__op *op = &plan->ops[at];
    struct spw_input input = op->input;
    int code = SPW_OK;
    for (int h = 0; h < 2 && code == SPW_OK; h++) {
        uint64_t number = op->from[h] == SPW__OP_NONE ? 0 : plan->made[op->from[h]];
        code = fill_hole(&input, op->hole[h], number);
    }
    if (at == plan->order_op && run->order >= 0) {
        input.u.set.value = run->order;
    }
    if (code == SPW_OK) {
        code = pass(run, &input, &plan->made[at]);
    }
    if (code != SPW_OK) {
        return refuse(run, op, code);
    }
    if (input.kind == SPW_INPUT_STAGE_BEGIN || input.kind == SPW_INPUT_STAGE_COMMIT) {
        run->stage_open = input.kind == SPW_INPUT_STAGE_BEGIN;
    }
    return SPW_OK;
}

/*
 * What is due by `now` is over, and what is under way worked off, before the engine is looked at:
 * nobody moves into a queue after it was found empty. A `now` before the clock is told once and
 * the clock taken: told at each operation, it would fill the ring in the middle of a stage, and
 * that stage could not even be thrown away.
 */
static int come_to(struct run *run)
{
    spw_ns clock = spw_clock(run->engine);
    int code = clock != run->now || spw_next_deadline(run->engine) <= clock ? SPW_E_BUSY : SPW_OK;
    while (code == SPW_E_BUSY) {
        code = spw_continue(run->engine, run->now);
    }
    run->now = code == SPW_OK ? spw_clock(run->engine) : run->now;
    return code == SPW_OK ? SPW_OK : refuse(run, &run->plan->ops[0], code);
}

/* ---- sections: what one object is made of -------------------------------------------------- */

/* A SKILL_ADD, or all from a STAGE_BEGIN to its commit. */
struct section {
    uint32_t first, last; /* `last` makes the number */
    uint32_t what;        /* enum spw_stage; 0 a skill */
};

static struct section section_at(const struct spw_plan *plan, uint32_t first)
{
    struct section section = {.first = first, .last = first};
    if (plan->ops[first].input.kind == SPW_INPUT_STAGE_BEGIN) {
        section.what = plan->ops[first].input.u.stage.what;
        while (plan->ops[section.last].input.kind != SPW_INPUT_STAGE_COMMIT) {
            section.last++;
        }
    }
    return section;
}

static bool is_place(const struct section *section)
{
    return section->what == SPW_STAGE_QUEUE || section->what == SPW_STAGE_CENTRE;
}

/* The operation of a section that sets a field, or null. */
static const struct spw__op *setting(const struct spw_plan *plan, const struct section *section,
                                     enum spw_field field)
{
    for (uint32_t i = section->first; i <= section->last; i++) {
        if (plan->ops[i].input.kind == SPW_INPUT_STAGE_SET &&
            plan->ops[i].input.u.set.field == field) {
            return &plan->ops[i];
        }
    }
    return NULL;
}

static int set_size(struct run *run, const struct section *section, enum spw_field field,
                    uint32_t size)
{
    struct spw_input input = {.kind = SPW_INPUT_STAGE_SET};
    input.u.set.field = field;
    input.u.set.value = size;
    int code = pass(run, &input, NULL);
    return code == SPW_OK ? SPW_OK : refuse(run, &run->plan->ops[section->first], code);
}

/* A centre that was there keeps its sizes where the text is silent. */
static int keep_sizes(struct run *run, const struct section *section)
{
    struct spw_centre_view view;
    uint64_t number = run->plan->made[section->last];
    int code = spw_view_centre(run->engine, (spw_centre)number, &view);
    if (code == SPW_OK) {
        code = set_size(run, section, SPW_CENTRE_CLASSES_MAX, view.classes_max);
    }
    return code != SPW_OK ? code : set_size(run, section, SPW_CENTRE_POOLS_MAX, view.pools_max);
}

static int run_section(struct run *run, const struct section *section)
{
    int code = SPW_OK;
    for (uint32_t i = section->first; i <= section->last && code == SPW_OK; i++) {
        code = run_op(run, i);
        if (code == SPW_OK && i == section->first && section->what == SPW_STAGE_CENTRE &&
            run->plan->ops[section->last].known) {
            code = keep_sizes(run, section);
        }
    }
    return code;
}

/* ---- what was there before ----------------------------------------------------------------- */

/* Sets the number of what the engine holds already under the name's key. */
static void find(struct run *run, const struct section *section)
{
    struct spw_plan *plan = run->plan;
    struct spw__op *maker = &plan->ops[section->last];
    uint32_t number = 0;
    if (section->what == 0) {
        number = spw_view_skill_find(run->engine, maker->input.u.skill.key);
    } else if (section->what == SPW_STAGE_QUEUE) {
        uint64_t key = (uint64_t)setting(plan, section, SPW_QUEUE_KEY)->input.u.set.value;
        number = spw_view_queue_find(run->engine, key);
    } else if (section->what == SPW_STAGE_CENTRE) {
        uint64_t key = (uint64_t)setting(plan, section, SPW_CENTRE_KEY)->input.u.set.value;
        number = spw_view_centre_find(run->engine, key);
    }
    maker->known = number != 0;
    plan->made[section->last] = number;
    run->revises = run->revises || (maker->known && is_place(section));
}

static const char *name_of(const struct spw_plan *plan, uint32_t maker)
{
    for (uint32_t i = 0; i < plan->name_count; i++) {
        if (plan->names[i].op == maker) {
            return plan->names[i].name;
        }
    }
    return "";
}

/* The number that an operation's first hole gets; 0 without the operation. */
static uint64_t hole_number(const struct spw_plan *plan, const struct spw__op *op)
{
    return op && op->from[0] != SPW__OP_NONE ? plan->made[op->from[0]] : 0;
}

static int check_queue(struct run *run, const struct section *section)
{
    struct spw_plan *plan = run->plan;
    const struct spw__op *op = &plan->ops[section->first];
    struct spw_queue_view view;
    int code = spw_view_queue(run->engine, (spw_queue)plan->made[section->last], &view);
    if (code != SPW_OK) {
        return refuse(run, op, code);
    }
    bool same = view.need == hole_number(plan, setting(plan, section, SPW_QUEUE_NEED)) &&
                view.ladder == hole_number(plan, setting(plan, section, SPW_QUEUE_LADDER));
    if (same || view.live == 0) {
        return SPW_OK;
    }
    (void)refuse(run, op, SPW_E_STATE);
    if (run->error) {
        (void)snprintf(run->error->text, sizeof run->error->text,
                       "%s:%d:%d: queue `%.60s` asks for something else than before while %llu "
                       "are in it; expected the same `need`, `ladder` and `language` until it is "
                       "empty, or a queue of another name",
                       plan->file, op->line, op->column, name_of(plan, section->last),
                       (unsigned long long)view.live);
    }
    return SPW_E_STATE;
}

static int check_size(struct run *run, const struct section *section, enum spw_field field,
                      const char *key, uint32_t size)
{
    struct spw_plan *plan = run->plan;
    const struct spw__op *op = setting(plan, section, field);
    if (!op || op->input.u.set.value == (int64_t)size) {
        return SPW_OK;
    }
    (void)refuse(run, op, SPW_E_STATE);
    if (run->error) {
        (void)snprintf(run->error->text, sizeof run->error->text,
                       "%s:%d:%d: centre `%.60s` was set up with a `%s` of %u, which stays; "
                       "expected %u, or the key left out",
                       plan->file, op->line, op->column, name_of(plan, section->last), key, size,
                       size);
    }
    return SPW_E_STATE;
}

static int check_centre(struct run *run, const struct section *section)
{
    struct spw_centre_view view;
    int code = spw_view_centre(run->engine, (spw_centre)run->plan->made[section->last], &view);
    if (code != SPW_OK) {
        return refuse(run, &run->plan->ops[section->first], code);
    }
    code = check_size(run, section, SPW_CENTRE_CLASSES_MAX, "classes_max", view.classes_max);
    return code != SPW_OK
               ? code
               : check_size(run, section, SPW_CENTRE_POOLS_MAX, "pools_max", view.pools_max);
}

/* ---- the passes ---------------------------------------------------------------------------- */

static int pass_terms(struct run *run, const struct section *section)
{
    if (section->what == SPW_STAGE_PLAN || is_place(section)) {
        return SPW_OK;
    }
    find(run, section);
    return run->plan->ops[section->last].known ? SPW_OK : run_section(run, section);
}

static int pass_check(struct run *run, const struct section *section)
{
    if (!is_place(section)) {
        return SPW_OK;
    }
    find(run, section);
    if (!run->plan->ops[section->last].known) {
        return SPW_OK;
    }
    return section->what == SPW_STAGE_QUEUE ? check_queue(run, section)
                                            : check_centre(run, section);
}

static int pass_new(struct run *run, const struct section *section)
{
    bool mine = is_place(section) && !run->plan->ops[section->last].known;
    return mine ? run_section(run, section) : SPW_OK;
}

/* The order of service is staged and thrown away: an order or preferences that do not go are told
 * now. On an engine that holds nothing of this plan nobody stands to lose. */
static int pass_rehearsal(struct run *run, const struct section *section)
{
    int code = SPW_OK;
    if (section->what != SPW_STAGE_PLAN || !run->revises) {
        return SPW_OK;
    }
    for (uint32_t i = section->first; i < section->last && code == SPW_OK; i++) {
        code = run_op(run, i);
    }
    abort_stage(run);
    return code;
}

static int pass_revised(struct run *run, const struct section *section)
{
    bool mine = is_place(section) && run->plan->ops[section->last].known;
    return mine ? run_section(run, section) : SPW_OK;
}

static int pass_service(struct run *run, const struct section *section)
{
    return section->what == SPW_STAGE_PLAN ? run_section(run, section) : SPW_OK;
}

int spw_plan_apply(struct spw_plan *plan, struct spw_engine *engine, int order, spw_ns now,
                   struct spw_plan_error *error)
{
    static int (*const passes[])(struct run *, const struct section *) = {
        pass_terms, pass_check, pass_new, pass_rehearsal, pass_revised, pass_service};
    struct run run = {.plan = plan, .engine = engine, .order = order, .now = now, .error = error};
    if (error) {
        memset(error, 0, sizeof *error);
    }
    plan->applied = false;
    memset(plan->made, 0, plan->op_count * sizeof *plan->made);
    int code = come_to(&run);
    for (size_t p = 0; p < sizeof passes / sizeof passes[0]; p++) {
        for (uint32_t i = 0; i < plan->op_count && code == SPW_OK; i++) {
            struct section section = section_at(plan, i);
            code = passes[p](&run, &section);
            i = section.last;
        }
    }
    if (code != SPW_OK) {
        return code;
    }
    plan->applied = true;
    /* A plan swapped under waiting contacts is worked off in pieces, while the ring has room. */
    while (spw_continue(engine, run.now) == SPW_E_BUSY) {
    }
    return SPW_OK;
}
