/* A host with its plan in YAML, built against an installed copy. */
#include <string.h>

#include <spillway.h>
#include <spillway/plan.h>

static const char text[] = "skills: [talk]\n"
                           "queues: {voice: {need: [talk], target: 30 s}}\n"
                           "centres: {here: {}}\n"
                           "protected: {bound: none}\n";

int main(void)
{
    struct spw_plan_error error;
    struct spw_config config;
    struct spw_engine *engine;
    struct spw_plan *plan = spw_plan_read(text, strlen(text), "plan.yaml", &error);
    spw_config_init(&config);
    if (plan == NULL) {
        return 1;
    }
    spw_plan_config(plan, &config);
    if (spw_engine_create(&config, NULL, &engine) != SPW_OK) {
        return 1;
    }
    int result =
        spw_plan_apply(plan, engine, -1, 0, &error) == SPW_OK && spw_plan_queue(plan, "voice") == 1
            ? 0
            : 1;
    spw_engine_destroy(engine);
    spw_plan_free(plan);
    return result;
}
