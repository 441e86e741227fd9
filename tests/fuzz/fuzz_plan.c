/*
 * tests/fuzz/fuzz_plan.c - any text as a plan.
 *
 * Demanded: no crash; a text that is refused says where and why; one that is read can be applied,
 * or names the line that cannot, and the engine is whole either way.
 */
#include "plan/plan.h"

#include <spillway.h>

#include "text.h"

#define FILE_NAME "plan.yaml"

static void names(const struct spw_plan *plan)
{
    spw_ns target;
    for (int of = SPW_NAMES_SKILLS; of <= SPW_NAMES_CENTRES; of++) {
        const char *name;
        for (size_t i = 0; (name = spw_plan_name(plan, (enum spw_plan_names)of, i)) != NULL; i++) {
            (void)spw_plan_skill(plan, name);
            (void)spw_plan_queue(plan, name);
            int result = spw_plan_queue_target(plan, name, (int)(i % 10) - 1, &target);
            DEMAND(result == SPW_OK || result == SPW_E_UNKNOWN || result == SPW_E_RANGE);
        }
    }
    DEMAND(spw_plan_queue(plan, "no such queue, surely") == 0);
}

/* What is in force already is found, and nothing is added. */
static void again(struct spw_plan *plan, struct spw_engine *engine)
{
    struct spw_event events[32];
    struct spw_usage before;
    struct spw_usage after;
    while (spw_poll(engine, events, 32) > 0) {
    }
    spw_view_usage(engine, &before);
    DEMAND(spw_plan_apply(plan, engine, -1, 0, NULL) == SPW_OK);
    spw_view_usage(engine, &after);
    DEMAND(memcmp(&before, &after, sizeof before) == 0);
}

static void apply(struct spw_plan *plan, size_t size)
{
    struct spw_config config;
    struct spw_engine *engine;
    struct spw_plan_error error = {0};
    spw_config_init(&config);
    config.contacts_max = 16;
    config.counsellors_max = 4;
    config.centres_max = 4;
    config.tokens_max = 4;
    config.classes_max = 16;
    config.pools_max = 4;
    spw_plan_config(plan, &config);
    if (config.classes_max > 4096 || config.pools_max > 4096 || config.centres_max > 512) {
        return; /* a text may ask for much memory; that is the host's to decide */
    }
    DEMAND(spw_engine_create(&config, NULL, &engine) == SPW_OK);
    if (spw_plan_apply(plan, engine, -1, 0, &error) != SPW_OK) {
        text_explained(&error, FILE_NAME, size);
    } else {
        again(plan, engine);
    }
    while (spw_continue(engine, 0) == SPW_E_BUSY) {
    }
    char text[200] = "";
    DEMAND(spw_check(engine, text, sizeof text) == 0);
    spw_engine_destroy(engine);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct spw_plan_error error = {0};
    if (!text_utf8(data, size)) {
        return 0;
    }
    const char *text = (const char *)data;
    struct spw_plan *plan = spw_plan_read(size > 0 ? text : "", size, FILE_NAME, &error);
    if (plan == NULL) {
        text_explained(&error, FILE_NAME, size);
        return 0;
    }
    names(plan);
    apply(plan, size);
    names(plan);
    spw_plan_free(plan);
    return 0;
}
