/*
 * 02_skills.c - which counsellor may take which caller.
 *
 * New here: skills with levels, skill sets, needs ("Welsh at 50 and money matters, or Welsh at
 * 90"), and asking why somebody is not offered. Needs and skill sets are staged: begin, add,
 * commit; equal ones get the same number, so a host may commit them as often as it likes.
 */
#include <spillway.h>

#include <stdio.h>
#include <stdlib.h>

static void must(int result)
{
    if (result != SPW_OK) {
        printf("%s: %s\n", spw_error_name(result), spw_error_text(result));
        exit(1);
    }
}

enum { KEY_WELSH = 100, KEY_MONEY = 101 };

static spw_skillset knows(struct spw_engine *engine, spw_skill a, uint32_t level_a, spw_skill b,
                          uint32_t level_b)
{
    spw_skillset number;
    must(spw_stage_begin(engine, SPW_STAGE_SKILLSET, 0));
    must(spw_stage_skill(engine, a, level_a, 0));
    if (b != 0) {
        must(spw_stage_skill(engine, b, level_b, 0));
    }
    must(spw_stage_commit(engine, 0, &number));
    return number;
}

/* Welsh at 50, and (money, or Welsh at 90): clauses are joined by and, literals by or. */
static spw_need welsh_about_money(struct spw_engine *engine, spw_skill welsh, spw_skill money)
{
    spw_need number;
    must(spw_stage_begin(engine, SPW_STAGE_NEED, 0));
    must(spw_stage_literal(engine, welsh, 50, SPW_HOLDS, 0));
    must(spw_stage_clause(engine, 0, 0));
    must(spw_stage_literal(engine, money, 1, SPW_HOLDS, 0));
    must(spw_stage_literal(engine, welsh, 90, SPW_HOLDS, 0));
    must(spw_stage_clause(engine, 0, 0));
    must(spw_stage_commit(engine, 0, &number));
    return number;
}

static spw_counsellor add(struct spw_engine *engine, uint64_t key, spw_skillset skillset)
{
    spw_counsellor counsellor;
    struct spw_counsellor_add add = {.key = key, .centre = 1, .skillset = skillset};
    must(spw_counsellor_add(engine, &add, 0, &counsellor));
    must(spw_counsellor_ready(engine, counsellor, 0));
    return counsellor;
}

static const char *why_not(struct spw_engine *engine, spw_contact contact,
                           spw_counsellor counsellor)
{
    int block = spw_view_block(engine, contact, counsellor);
    return block < 0 ? spw_error_name(block) : spw_block_name((uint32_t)block);
}

int main(void)
{
    struct spw_config config;
    struct spw_engine *engine;
    spw_config_init(&config);
    must(spw_engine_create(&config, NULL, &engine));
    spw_skill welsh;
    spw_skill money;
    must(spw_skill_add(engine, KEY_WELSH, 0, &welsh));
    must(spw_skill_add(engine, KEY_MONEY, 0, &money));
    must(spw_stage_begin(engine, SPW_STAGE_CENTRE, 0));
    must(spw_stage_commit(engine, 0, NULL));
    /* One stage is open at a time: the need is committed before the queue that names it begins. */
    spw_need need = welsh_about_money(engine, welsh, money);
    spw_queue queue;
    must(spw_stage_begin(engine, SPW_STAGE_QUEUE, 0));
    must(spw_stage_set(engine, SPW_QUEUE_NEED, 0, need, 0));
    must(spw_stage_commit(engine, 0, &queue));

    spw_counsellor ada = add(engine, 1, knows(engine, money, 90, 0, 0));
    spw_counsellor ben = add(engine, 2, knows(engine, welsh, 60, 0, 0));
    spw_contact caller;
    struct spw_arrive arrive = {.id = {0x5eed, 1}, .home = 1, .queue = queue, .priority = 2};
    must(spw_contact_arrive(engine, &arrive, SPW_SECOND, &caller));
    printf("not with Ada, who knows money but no Welsh: %s\n", why_not(engine, caller, ada));
    printf("not with Ben, whose Welsh is middling:      %s\n", why_not(engine, caller, ben));

    spw_counsellor cai = add(engine, 3, knows(engine, welsh, 95, 0, 0));
    struct spw_event event;
    while (spw_poll(engine, &event, 1) > 0) {
        if (event.kind == SPW_EVENT_OFFER && event.counsellor.bits == cai.bits) {
            printf("offered to Cai, whose Welsh is his mother's\n");
        }
    }
    spw_engine_destroy(engine);
    return 0;
}
