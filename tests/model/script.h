/*
 * model/script.h - a world's limits and the inputs given to it, as data and as text.
 *
 * A handle inside a script is symbolic: contact 7 is what the arrival tagged c7 made, counsellor 2
 * what the one tagged k2 made. So inputs can be deleted and the rest still means the same people.
 * A tag that made nothing, and tags from SCRIPT_NEVER on, stand for handles that never existed.
 *
 * As text: one `config` line, then a line for each input,
 *     @12.000000000 CONTACT_ARRIVE tag=c3 id=77 home=1 queue=2 priority=4
 * Members that are zero are left out. `#` starts a comment.
 */
#ifndef MODEL_SCRIPT_H
#define MODEL_SCRIPT_H

#include <stdbool.h>
#include <stdio.h>

#include <spillway.h>

#define SCRIPT_NEVER 1000000u
#define SCRIPT_TAGS_MAX 4096u

struct step {
    spw_ns now;
    struct spw_input input; /* handles are tags */
    uint32_t tag;           /* of what it makes; 0 = none */
};

struct script {
    struct spw_config config;
    uint64_t seed;
    uint32_t count, room;
    struct step *steps;
};

void script_init(struct script *script);
void script_free(struct script *script);
void script_add(struct script *script, const struct step *step);
void script_copy(struct script *to, const struct script *from);

void step_print(FILE *out, const struct step *step);
void script_print(FILE *out, const struct script *script);
/* False, with a message on stderr, when a line cannot be read. */
bool script_read(FILE *in, struct script *script);

/* The input with tags replaced by the handles that they made. */
struct spw_input step_resolve(const struct step *step, const uint64_t *contacts,
                              const uint64_t *counsellors);

#endif
