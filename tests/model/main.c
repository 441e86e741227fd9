/*
 * model/main.c - model_check: many small random worlds, each given to the engine and to the naive
 * reference; everything that can be seen of the two is compared.
 *
 *   model_check [--seeds N] [--first S] [--inputs N]   N worlds from seed S on
 *   model_check --seed S [-v]                          one world; -v prints inputs and events
 *   model_check --replay FILE [-v]                     a script as printed after a failure
 *   model_check ... --features MASK                    only these groups (generate.h)
 *   model_check ... --survey                           a line for each world that differs, no more
 *
 * Exit 0 no difference, 1 a difference or a corner that was never reached, 2 bad usage.
 */
#include "check.h"
#include "generate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { ENOUGH_WORLDS = 1000 }; /* so many must reach every corner (cover.c) */

struct options {
    uint64_t first, seeds, inputs;
    uint32_t features;
    bool one, verbose, survey;
    const char *replay;
};

static int usage(void)
{
    fprintf(stderr, "usage: model_check [--seeds N] [--first S] [--inputs N] [--features MASK]\n"
                    "       model_check --seed S [-v]\n"
                    "       model_check --replay FILE [-v]\n");
    return 2;
}

static bool options_read(int argc, char **argv, struct options *o)
{
    *o = (struct options){.first = 1, .seeds = 200, .inputs = 200, .features = FEATURES_ALL};
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(argv[i], "-v") == 0) {
            o->verbose = true;
            continue;
        }
        if (strcmp(argv[i], "--survey") == 0) {
            o->survey = true;
            continue;
        }
        if (value == NULL) {
            return false;
        }
        if (strcmp(argv[i], "--seeds") == 0) {
            o->seeds = strtoull(value, NULL, 10);
        } else if (strcmp(argv[i], "--first") == 0) {
            o->first = strtoull(value, NULL, 10);
        } else if (strcmp(argv[i], "--inputs") == 0) {
            o->inputs = strtoull(value, NULL, 10);
        } else if (strcmp(argv[i], "--features") == 0) {
            o->features = (uint32_t)strtoul(value, NULL, 0);
        } else if (strcmp(argv[i], "--seed") == 0) {
            o->first = strtoull(value, NULL, 10);
            o->seeds = 1;
            o->one = true;
        } else if (strcmp(argv[i], "--replay") == 0) {
            o->replay = value;
        } else {
            return false;
        }
        i++;
    }
    return true;
}

static void report(const struct options *o, struct script *script, struct difference *found)
{
    printf("model_check: seed %" PRIu64 ", input %" PRIu32 ": %s\n", script->seed, found->at,
           found->what);
    if (o->survey) {
        return;
    }
    printf("%s", found->text);
    shrink(script, found);
    printf("model_check: %" PRIu32 " inputs are enough; the last differs: %s\n", script->count,
           found->what);
    script_print(stdout, script);
    printf("%s", found->text);
}

static bool run_seed(const struct options *o, uint64_t seed, struct coverage *coverage)
{
    struct script script;
    struct difference found = {0};
    struct generator *g = generator_open(seed, o->features, &script);
    struct run run;
    run_open(&run, &script.config, coverage);
    run.verbose = o->verbose;
    bool good = true;
    for (uint64_t i = 0; (generator_setting_up(g) || i < o->inputs) && good;) {
        i += !generator_setting_up(g);
        struct step step = generator_next(g, run.world);
        script_add(&script, &step);
        good = run_step(&run, &step, i % 4 == 3 || i == o->inputs, &found);
    }
    run_close(&run);
    generator_close(g);
    if (!good) {
        report(o, &script, &found);
    }
    script_free(&script);
    return good;
}

static int replay(const struct options *o)
{
    struct script script;
    script_init(&script);
    FILE *in = fopen(o->replay, "r");
    if (in == NULL || !script_read(in, &script)) {
        fprintf(stderr, "model_check: %s cannot be read\n", o->replay);
        script_free(&script);
        return 2;
    }
    fclose(in);
    struct difference found = {0};
    bool good = run_script(&script, o->verbose, &found);
    if (!good) {
        printf("model_check: input %" PRIu32 ": %s\n%s", found.at, found.what, found.text);
    } else {
        printf("model_check: no difference\n");
    }
    script_free(&script);
    return good ? 0 : 1;
}

int main(int argc, char **argv)
{
    struct options o;
    if (!options_read(argc, argv, &o)) {
        return usage();
    }
    if (o.replay != NULL) {
        return replay(&o);
    }
    static struct coverage coverage;
    bool good = true;
    for (uint64_t i = 0; i < o.seeds && (good || o.survey); i++) {
        good = run_seed(&o, o.first + i, &coverage) && good;
    }
    if (!good) {
        return 1;
    }
    if (!o.one) {
        coverage_print(&coverage);
        if (o.seeds >= ENOUGH_WORLDS && o.inputs >= 200 &&
            (o.features & FEATURES_ALL) == FEATURES_ALL &&
            !coverage_complete(&coverage, o.features)) {
            return 1;
        }
        printf("model_check: %" PRIu64 " worlds, no difference\n", o.seeds);
    }
    return 0;
}
