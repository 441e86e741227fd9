/*
 * tests/format/export_some.c - exports for test_format.py: the example of lib/FORMAT.md, and random
 * engines in the middle of their lives.
 *   export_some FOLDER COUNT
 */
#include <stdio.h>
#include <stdlib.h>

#include "swarm.h"

static int write_export(const struct spw_engine *engine, const char *folder, unsigned number)
{
    char path[4096];
    size_t size = spw_state_export(engine, NULL, 0);
    unsigned char *bytes = malloc(size);
    (void)snprintf(path, sizeof path, "%s/%u.export", folder, number);
    FILE *file = fopen(path, "wb");
    int good = bytes != NULL && file != NULL && spw_state_export(engine, bytes, size) == size &&
               fwrite(bytes, 1, size, file) == size;
    good = file != NULL && fclose(file) == 0 && good;
    free(bytes);
    if (good) {
        printf("%u %016llx\n", number, (unsigned long long)spw_state_hash(engine));
    }
    return good ? 0 : -1;
}

static struct spw_engine *example(void)
{
    struct spw_config config;
    struct spw_engine *engine;
    spw_config_init(&config);
    uint32_t *const limits[] = {
        &config.contacts_max, &config.counsellors_max, &config.centres_max, &config.queues_max,
        &config.skills_max,   &config.skillsets_max,   &config.needs_max,   &config.ladders_max,
        &config.pools_max,    &config.items_max,       &config.tokens_max,  &config.prefers_max,
        &config.terms_max,    &config.books_max};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        *limits[i] = 1;
    }
    config.classes_max = 16;
    if (spw_engine_create(&config, NULL, &engine) != SPW_OK ||
        spw_advance(engine, 3 * SPW_SECOND / 2) != SPW_OK) {
        return NULL;
    }
    return engine;
}

static void drain(struct spw_engine *engine)
{
    struct spw_event events[64];
    while (spw_poll(engine, events, 64) > 0) {
    }
}

static struct spw_engine *random_life(uint64_t seed)
{
    struct spw_config config;
    struct spw_engine *engine;
    struct swarm swarm;
    swarm_config(&config, seed);
    config.seed = seed;
    if (spw_engine_create(&config, NULL, &engine) != SPW_OK) {
        return NULL;
    }
    if (seed % 3 == 0) {
        struct spw_policy policy = *spw_policy_builtin(SPW_ORDER_LIFO);
        uint32_t number;
        policy.revision = (uint32_t)seed;
        (void)!spw_policy_register(engine, &policy, &number);
    }
    swarm_setup(&swarm, engine, seed);
    drain(engine);
    for (uint64_t i = 0; i < 40 * (seed % 16); i++) {
        struct spw_input in;
        uint64_t made = 0;
        swarm_input(&swarm, &in);
        spw_ns clock = spw_clock(engine);
        (void)!spw_apply(engine, &in, swarm.now < clock ? clock : swarm.now, &made);
        swarm_made(&swarm, &in, made);
        drain(engine);
    }
    if (seed % 4 == 0) { /* a stage that is open is state, too */
        enum spw_stage what = seed % 8 == 0 ? SPW_STAGE_PLAN : SPW_STAGE_NEED;
        (void)!spw_stage_begin(engine, what, spw_clock(engine));
        (void)!spw_stage_literal(engine, 1, 20, SPW_HOLDS, spw_clock(engine));
    }
    return engine;
}

int main(int count, char **words)
{
    if (count != 3) {
        fprintf(stderr, "usage: export_some FOLDER COUNT\n");
        return 2;
    }
    unsigned exports = (unsigned)strtoul(words[2], NULL, 10);
    for (unsigned number = 0; number < exports; number++) {
        struct spw_engine *engine = number == 0 ? example() : random_life(number);
        if (engine == NULL || write_export(engine, words[1], number) != 0) {
            fprintf(stderr, "export_some: %u cannot be written\n", number);
            return 1;
        }
        spw_engine_destroy(engine);
    }
    return 0;
}
