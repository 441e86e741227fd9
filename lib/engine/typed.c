/*
 * engine/typed.c - the typed functions: each fills in one input and passes it through the door.
 *
 * Invariant: nothing here knows anything that the input does not say. Cost: that of spw_apply.
 */
#include "engine/verbs.h"

static int pass(struct spw_engine *engine, const struct spw_input *in, spw_ns now)
{
    return spw_apply(engine, in, now, NULL);
}

static int pass_made(struct spw_engine *engine, const struct spw_input *in, spw_ns now,
                     uint32_t *number)
{
    uint64_t made = 0;
    int result = spw_apply(engine, in, now, &made);
    if (number != NULL) {
        *number = (uint32_t)made;
    }
    return result;
}

int spw_skill_add(struct spw_engine *engine, uint64_t key, spw_ns now, spw_skill *skill)
{
    struct spw_input in = {.kind = SPW_INPUT_SKILL_ADD};
    in.u.skill.key = key;
    return pass_made(engine, &in, now, skill);
}

int spw_stage_begin(struct spw_engine *engine, enum spw_stage what, spw_ns now)
{
    struct spw_input in = {.kind = SPW_INPUT_STAGE_BEGIN};
    in.u.stage.what = (uint32_t)what;
    return pass(engine, &in, now);
}

int spw_stage_literal(struct spw_engine *engine, spw_skill skill, uint32_t level,
                      enum spw_literal_mode mode, spw_ns now)
{
    struct spw_input in = {.kind = SPW_INPUT_STAGE_LITERAL};
    in.u.literal.skill = skill;
    in.u.literal.level = level;
    in.u.literal.mode = (uint32_t)mode;
    return pass(engine, &in, now);
}

int spw_stage_clause(struct spw_engine *engine, int floor, spw_ns now)
{
    struct spw_input in = {.kind = SPW_INPUT_STAGE_CLAUSE};
    in.u.clause.floor = floor != 0;
    return pass(engine, &in, now);
}

int spw_stage_skill(struct spw_engine *engine, spw_skill skill, uint32_t level, spw_ns now)
{
    struct spw_input in = {.kind = SPW_INPUT_STAGE_SKILL};
    in.u.literal.skill = skill;
    in.u.literal.level = level;
    return pass(engine, &in, now);
}

int spw_stage_step(struct spw_engine *engine, spw_ns after, spw_need need, uint32_t raise,
                   spw_ns now)
{
    struct spw_input in = {.kind = SPW_INPUT_STAGE_STEP};
    in.u.step.after = after;
    in.u.step.need = need;
    in.u.step.raise = raise;
    return pass(engine, &in, now);
}

int spw_stage_set(struct spw_engine *engine, enum spw_field field, uint32_t index, int64_t value,
                  spw_ns now)
{
    struct spw_input in = {.kind = SPW_INPUT_STAGE_SET};
    in.u.set.field = (uint32_t)field;
    in.u.set.index = index;
    in.u.set.value = value;
    return pass(engine, &in, now);
}

int spw_stage_commit(struct spw_engine *engine, spw_ns now, uint32_t *number)
{
    struct spw_input in = {.kind = SPW_INPUT_STAGE_COMMIT};
    return pass_made(engine, &in, now, number);
}

int spw_stage_abort(struct spw_engine *engine, spw_ns now)
{
    struct spw_input in = {.kind = SPW_INPUT_STAGE_ABORT};
    return pass(engine, &in, now);
}

int spw_counsellor_add(struct spw_engine *engine, const struct spw_counsellor_add *add, spw_ns now,
                       spw_counsellor *counsellor)
{
    struct spw_input in = {.kind = SPW_INPUT_COUNSELLOR_ADD};
    uint64_t made = 0;
    in.u.counsellor_add = *add;
    int result = spw_apply(engine, &in, now, &made);
    if (counsellor != NULL) {
        counsellor->bits = made;
    }
    return result;
}

static int counsellor_input(struct spw_engine *engine, uint32_t kind, spw_counsellor counsellor,
                            uint32_t detail, spw_ns now)
{
    struct spw_input in = {.kind = kind};
    in.u.counsellor.counsellor = counsellor;
    in.u.counsellor.detail = detail;
    return pass(engine, &in, now);
}

int spw_counsellor_sign_in(struct spw_engine *engine, spw_counsellor counsellor, spw_ns now)
{
    return counsellor_input(engine, SPW_INPUT_COUNSELLOR_SIGN_IN, counsellor, 0, now);
}

int spw_counsellor_sign_out(struct spw_engine *engine, spw_counsellor counsellor, spw_ns now)
{
    return counsellor_input(engine, SPW_INPUT_COUNSELLOR_SIGN_OUT, counsellor, 0, now);
}

int spw_counsellor_ready(struct spw_engine *engine, spw_counsellor counsellor, spw_ns now)
{
    return counsellor_input(engine, SPW_INPUT_COUNSELLOR_READY, counsellor, 0, now);
}

int spw_counsellor_pause(struct spw_engine *engine, spw_counsellor counsellor, uint32_t reason,
                         spw_ns now)
{
    return counsellor_input(engine, SPW_INPUT_COUNSELLOR_PAUSE, counsellor, reason, now);
}

int spw_counsellor_heartbeat(struct spw_engine *engine, spw_counsellor counsellor, spw_ns now)
{
    return counsellor_input(engine, SPW_INPUT_COUNSELLOR_HEARTBEAT, counsellor, 0, now);
}

int spw_counsellor_lost(struct spw_engine *engine, spw_counsellor counsellor, spw_ns now)
{
    return counsellor_input(engine, SPW_INPUT_COUNSELLOR_LOST, counsellor, 0, now);
}

int spw_counsellor_skills(struct spw_engine *engine, spw_counsellor counsellor,
                          spw_skillset skillset, spw_ns now)
{
    return counsellor_input(engine, SPW_INPUT_COUNSELLOR_SKILLS, counsellor, skillset, now);
}

int spw_counsellor_pull(struct spw_engine *engine, spw_counsellor counsellor, spw_ns now)
{
    return counsellor_input(engine, SPW_INPUT_COUNSELLOR_PULL, counsellor, 0, now);
}

int spw_counsellor_remove(struct spw_engine *engine, spw_counsellor counsellor, spw_ns now)
{
    return counsellor_input(engine, SPW_INPUT_COUNSELLOR_REMOVE, counsellor, 0, now);
}

static int pair_input(struct spw_engine *engine, uint32_t kind, spw_contact contact,
                      spw_counsellor counsellor, spw_ns now)
{
    struct spw_input in = {.kind = kind};
    in.u.pair.contact = contact;
    in.u.pair.counsellor = counsellor;
    return pass(engine, &in, now);
}

int spw_counsellor_wrapped_up(struct spw_engine *engine, spw_counsellor counsellor,
                              spw_contact contact, spw_ns now)
{
    return pair_input(engine, SPW_INPUT_COUNSELLOR_WRAPPED_UP, contact, counsellor, now);
}

int spw_contact_accepted(struct spw_engine *engine, spw_contact contact, spw_counsellor counsellor,
                         spw_ns now)
{
    return pair_input(engine, SPW_INPUT_CONTACT_ACCEPTED, contact, counsellor, now);
}

int spw_contact_declined(struct spw_engine *engine, spw_contact contact, spw_counsellor counsellor,
                         spw_ns now)
{
    return pair_input(engine, SPW_INPUT_CONTACT_DECLINED, contact, counsellor, now);
}

int spw_contact_arrive(struct spw_engine *engine, const struct spw_arrive *arrive, spw_ns now,
                       spw_contact *contact)
{
    struct spw_input in = {.kind = SPW_INPUT_CONTACT_ARRIVE};
    uint64_t made = 0;
    in.u.arrive = *arrive;
    int result = spw_apply(engine, &in, now, &made);
    if (contact != NULL) {
        contact->bits = made;
    }
    return result;
}

static int contact_input(struct spw_engine *engine, uint32_t kind, spw_contact contact,
                         uint32_t detail, spw_ns now)
{
    struct spw_input in = {.kind = kind};
    in.u.contact.contact = contact;
    in.u.contact.detail = detail;
    return pass(engine, &in, now);
}

int spw_contact_left(struct spw_engine *engine, spw_contact contact, spw_ns now)
{
    return contact_input(engine, SPW_INPUT_CONTACT_LEFT, contact, 0, now);
}

int spw_contact_dropped(struct spw_engine *engine, spw_contact contact, spw_ns now)
{
    return contact_input(engine, SPW_INPUT_CONTACT_DROPPED, contact, 0, now);
}

int spw_contact_park(struct spw_engine *engine, spw_contact contact, spw_ns now)
{
    return contact_input(engine, SPW_INPUT_CONTACT_PARK, contact, 0, now);
}

int spw_contact_resumed(struct spw_engine *engine, spw_contact contact, spw_ns now)
{
    return contact_input(engine, SPW_INPUT_CONTACT_RESUMED, contact, 0, now);
}

int spw_contact_ended(struct spw_engine *engine, spw_contact contact, enum spw_end reason,
                      spw_ns now)
{
    return contact_input(engine, SPW_INPUT_CONTACT_ENDED, contact, (uint32_t)reason, now);
}

int spw_contact_transfer_cancel(struct spw_engine *engine, spw_contact contact, spw_ns now)
{
    return contact_input(engine, SPW_INPUT_CONTACT_TRANSFER_CANCEL, contact, 0, now);
}

int spw_contact_callback_done(struct spw_engine *engine, spw_contact contact,
                              enum spw_callback_result result, spw_ns now)
{
    return contact_input(engine, SPW_INPUT_CONTACT_CALLBACK_DONE, contact, (uint32_t)result, now);
}

int spw_contact_reclassify(struct spw_engine *engine, spw_contact contact, uint8_t priority,
                           spw_queue queue, spw_need need, uint8_t flags, spw_ns now)
{
    struct spw_input in = {.kind = SPW_INPUT_CONTACT_RECLASSIFY};
    in.u.reclassify.contact = contact;
    in.u.reclassify.queue = queue;
    in.u.reclassify.need = need;
    in.u.reclassify.priority = priority;
    in.u.reclassify.danger = priority == 0; /* an argument is always meant */
    in.u.reclassify.flags = flags;
    return pass(engine, &in, now);
}

int spw_contact_transfer(struct spw_engine *engine, spw_contact contact, enum spw_transfer mode,
                         spw_counsellor to, spw_queue queue, spw_need need, uint8_t priority,
                         spw_ns now)
{
    struct spw_input in = {.kind = SPW_INPUT_CONTACT_TRANSFER};
    in.u.transfer.contact = contact;
    in.u.transfer.to = to;
    in.u.transfer.queue = queue;
    in.u.transfer.need = need;
    in.u.transfer.mode = (uint32_t)mode;
    in.u.transfer.priority = priority;
    in.u.transfer.danger = priority == 0;
    return pass(engine, &in, now);
}

int spw_contact_callback(struct spw_engine *engine, spw_contact contact, spw_ns due_at,
                         spw_ns safe_until, spw_ns now)
{
    struct spw_input in = {.kind = SPW_INPUT_CONTACT_CALLBACK};
    in.u.callback.contact = contact;
    in.u.callback.due_at = due_at;
    in.u.callback.safe_until = safe_until;
    return pass(engine, &in, now);
}
