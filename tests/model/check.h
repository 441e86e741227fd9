/*
 * model/check.h - the engine and the reference side by side.
 */
#ifndef MODEL_CHECK_H
#define MODEL_CHECK_H

#include "script.h"
#include "world.h"

struct difference {
    bool found;
    uint32_t at;   /* index of the input */
    char what[64]; /* the kind of thing that differs: two runs with the same `what` fail alike */
    char text[1600];
};

/* How often each thing was seen, over all seeds. */
struct coverage {
    uint64_t events[64];
    uint64_t whys[SPW_WHY_COUNT], ends[SPW_END_COUNT], reconciled[16], blocks[16];
    uint64_t results[32]; /* by -error */
    uint64_t inputs[128], refused[128];
    uint64_t orders[8], choosers[8];
};

struct run {
    struct spw_engine *engine;
    void *memory;
    struct world *world;
    uint64_t contacts[SCRIPT_TAGS_MAX], counsellors[SCRIPT_TAGS_MAX];
    struct coverage *coverage; /* may be null */
    uint32_t index;
    bool verbose;
};

void run_open(struct run *run, const struct spw_config *config, struct coverage *coverage);
void run_close(struct run *run);
/* One input to both; `views` asks for everything that can be seen as well. */
bool run_step(struct run *run, const struct step *step, bool views, struct difference *found);
/* A whole script from the beginning, everything compared after every input. */
bool run_script(const struct script *script, bool verbose, struct difference *found);

/* views.c */
bool views_equal(struct run *run, struct difference *found);

/* tell.c */
void event_print(FILE *out, const struct run *run, const struct spw_event *e);
void difference_set(struct difference *d, uint32_t at, const char *what, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
char *contact_name(const struct run *run, uint64_t handle, char text[16]);
char *counsellor_name(const struct run *run, uint64_t handle, char text[16]);

/* generate.c */
struct generator;
struct generator *generator_open(uint64_t seed, uint32_t features, struct script *script);
void generator_close(struct generator *g);
bool generator_setting_up(const struct generator *g);
struct step generator_next(struct generator *g, const struct world *w);

/* shrink.c */
void shrink(struct script *script, struct difference *found);

/* cover.c */
void coverage_print(const struct coverage *c);
bool coverage_complete(const struct coverage *c, uint32_t features);

#endif
