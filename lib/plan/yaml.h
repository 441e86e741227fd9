/*
 * plan/yaml.h - a YAML text as a small tree in which every node knows where it stands, and where
 * its number comes from.
 *
 * This is the only room that sees libfyaml. What it takes is a plain subset: one document, no
 * aliases, no tags, keys that are scalars and stand once. The text says what it means where it
 * stands.
 */
#ifndef SPILLWAY_PLAN_YAML_H
#define SPILLWAY_PLAN_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include <spillway/plan.h>

/* Where a number comes from: `9 min`, or `{value: 9 min, guessed: "no figure is published"}`. */
enum spw__provenance { SPW__UNMARKED = 0, SPW__SOURCED, SPW__DERIVED, SPW__GUESSED };

/* A marked number of a file. */
struct spw__mark {
    const char *path;   /* "streams[0].patience" */
    const char *value;  /* as written, on one line: "9 min" */
    const char *source; /* the source, or why the guess; may be empty */
    enum spw__provenance provenance;
    int line; /* 0 when there is none */
};

enum spw__yaml_kind { SPW__YAML_SCALAR = 1, SPW__YAML_LIST, SPW__YAML_MAP };

struct spw__yaml {
    enum spw__yaml_kind kind;
    int line, column; /* from 1 */
    const char *text; /* of a scalar; never null there */
    const char *key;  /* in a map: under which key it stands; else null */
    int key_line, key_column;
    size_t count; /* children */
    struct spw__yaml *first, *last, *next, *parent;
    enum spw__provenance provenance;
    const char *provenance_text;
};

struct spw__yaml_tree; /* owns the nodes, their text, and what spw__yaml_keep holds */

/*
 * A reader stops at the first mistake: it is kept with its place, and every later spw__fail is
 * ignored. So code reads on with harmless defaults and looks at `failed` once.
 */
struct spw__reader {
    const char *file;
    struct spw__yaml_tree *tree;
    struct spw_plan_error *error;
    bool failed;
};

/* The root of a text; null (and the reader failed) when it is no YAML of the subset. */
const struct spw__yaml *spw__yaml_parse(struct spw__reader *reader, const char *text,
                                        size_t length);
void spw__yaml_free(struct spw__yaml_tree *tree);

/*
 * Zeroed memory and copies that live as long as the tree. When memory is out the first is null, the
 * second is empty, and the tree is `spent` from then on: a reader looks at that once, and fails.
 */
void *spw__yaml_keep(struct spw__yaml_tree *tree, size_t size);
const char *spw__yaml_print(struct spw__yaml_tree *tree, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

bool spw__yaml_spent(const struct spw__yaml_tree *tree);
void spw__fail_memory(struct spw__reader *reader);

/* "file:line:column: ..." about a node, or about the key under which it stands. */
void spw__fail(struct spw__reader *reader, const struct spw__yaml *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void spw__fail_key(struct spw__reader *reader, const struct spw__yaml *node, const char *format,
                   ...) __attribute__((format(printf, 3, 4)));

/* The child under a key, or null. */
const struct spw__yaml *spw__yaml_get(const struct spw__yaml *map, const char *key);

/* "queues.voice.target" or "streams[0].patience". */
const char *spw__yaml_path(struct spw__reader *reader, const struct spw__yaml *node);
/* The node as one line of flow YAML, cut at `size`. */
void spw__yaml_flow(const struct spw__yaml *node, char *text, size_t size);

/* Every marked number below `root`, in the order of the text; the array lives as long as the
 * tree. */
const struct spw__mark *spw__yaml_marks(struct spw__reader *reader, const struct spw__yaml *root,
                                        size_t *count);

/* Fails unless the node is of that kind; `what` names what was expected. */
bool spw__expect_map(struct spw__reader *reader, const struct spw__yaml *node, const char *what);
bool spw__expect_list(struct spw__reader *reader, const struct spw__yaml *node, const char *what);
bool spw__expect_text(struct spw__reader *reader, const struct spw__yaml *node, const char *what);

/* Fails at the first key that is not in the null-ended list, and names the nearest that is. */
bool spw__expect_keys(struct spw__reader *reader, const struct spw__yaml *map,
                      const char *const *known);

/* The name of the list nearest to `word` by edit distance, or null when none is near. */
const char *spw__nearest(const char *word, const char *const *names);

#endif
