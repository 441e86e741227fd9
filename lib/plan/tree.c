/*
 * plan/tree.c - questions to a tree that is already read: children, paths, marks, expectations.
 *
 * What lives here: everything about a struct spw__yaml that needs no parser, and the search for the
 * nearest word that makes an error message helpful.
 * Who calls: the readers of plans and scenarios.
 */
#include <stdio.h>
#include <string.h>

#include "plan/yaml.h"

const struct spw__yaml *spw__yaml_get(const struct spw__yaml *map, const char *key)
{
    for (const struct spw__yaml *child = map ? map->first : NULL; child; child = child->next) {
        if (child->key && strcmp(child->key, key) == 0) {
            return child;
        }
    }
    return NULL;
}

static size_t place_in_list(const struct spw__yaml *node)
{
    size_t place = 0;
    for (const struct spw__yaml *child = node->parent->first; child != node; child = child->next) {
        place++;
    }
    return place;
}

const char *spw__yaml_path(struct spw__reader *reader, const struct spw__yaml *node)
{
    if (!node->parent) {
        return "";
    }
    const char *above = spw__yaml_path(reader, node->parent);
    if (!node->key) {
        return spw__yaml_print(reader->tree, "%s[%zu]", above, place_in_list(node));
    }
    return spw__yaml_print(reader->tree, "%s%s%s", above, *above ? "." : "", node->key);
}

struct line {
    char *text;
    size_t size, used;
    bool cut; /* not all found room */
};

static void put(struct line *line, const char *word)
{
    for (; *word && line->used + 1 < line->size; word++) {
        line->text[line->used++] = *word;
    }
    line->text[line->used] = 0;
    line->cut = line->cut || *word != 0;
}

static void put_node(struct line *line, const struct spw__yaml *node)
{
    if (node->kind == SPW__YAML_SCALAR) {
        put(line, node->text);
        return;
    }
    bool map = node->kind == SPW__YAML_MAP;
    put(line, map ? "{" : "[");
    for (const struct spw__yaml *child = node->first; child; child = child->next) {
        if (map) {
            put(line, child->key);
            put(line, ": ");
        }
        put_node(line, child);
        put(line, child->next ? ", " : "");
    }
    put(line, map ? "}" : "]");
}

void spw__yaml_flow(const struct spw__yaml *node, char *text, size_t size)
{
    struct line line = {.text = text, .size = size};
    text[0] = 0;
    put_node(&line, node);
    if (line.cut && size > 4) {
        size_t at = size - 4;
        while (at > 0 && ((unsigned char)text[at] & 0xc0u) == 0x80u) {
            at--; /* a character stays whole */
        }
        memcpy(text + at, "...", 4);
    }
}

/* ---- marks ------------------------------------------------------------------------------- */

static size_t count_marks(const struct spw__yaml *node)
{
    size_t count = node->provenance != SPW__UNMARKED;
    for (const struct spw__yaml *child = node->first; child; child = child->next) {
        count += count_marks(child);
    }
    return count;
}

static struct spw__mark *write_marks(struct spw__reader *reader, const struct spw__yaml *node,
                                     struct spw__mark *mark)
{
    if (node->provenance != SPW__UNMARKED) {
        char value[600];
        spw__yaml_flow(node, value, sizeof value);
        *mark++ = (struct spw__mark){.path = spw__yaml_path(reader, node),
                                     .value = spw__yaml_print(reader->tree, "%s", value),
                                     .source = node->provenance_text,
                                     .provenance = node->provenance,
                                     .line = node->line};
    }
    for (const struct spw__yaml *child = node->first; child; child = child->next) {
        mark = write_marks(reader, child, mark);
    }
    return mark;
}

const struct spw__mark *spw__yaml_marks(struct spw__reader *reader, const struct spw__yaml *root,
                                        size_t *count)
{
    *count = count_marks(root);
    struct spw__mark *marks = spw__yaml_keep(reader->tree, (*count + 1) * sizeof *marks);
    if (marks) {
        (void)write_marks(reader, root, marks);
    }
    if (spw__yaml_spent(reader->tree)) {
        spw__fail_memory(reader);
        *count = 0;
    }
    return marks;
}

/* ---- expectations ------------------------------------------------------------------------ */

static const char *kind_name(struct spw__reader *reader, const struct spw__yaml *node)
{
    return node->kind == SPW__YAML_MAP    ? "a map"
           : node->kind == SPW__YAML_LIST ? "a list"
           : *node->text ? spw__yaml_print(reader->tree, "the word `%.40s`", node->text)
                         : "empty";
}

bool spw__expect_map(struct spw__reader *reader, const struct spw__yaml *node, const char *what)
{
    if (node->kind != SPW__YAML_MAP) {
        spw__fail(reader, node, "this is %s; expected %s", kind_name(reader, node), what);
    }
    return node->kind == SPW__YAML_MAP;
}

bool spw__expect_list(struct spw__reader *reader, const struct spw__yaml *node, const char *what)
{
    if (node->kind != SPW__YAML_LIST) {
        spw__fail(reader, node, "this is %s; expected %s", kind_name(reader, node), what);
    }
    return node->kind == SPW__YAML_LIST;
}

bool spw__expect_text(struct spw__reader *reader, const struct spw__yaml *node, const char *what)
{
    if (node->kind != SPW__YAML_SCALAR || !*node->text) {
        spw__fail(reader, node, "this is %s; expected %s", kind_name(reader, node), what);
        return false;
    }
    return true;
}

/* Optimal string alignment distance, cut at words of 47 characters: keys and names are shorter. */
static unsigned distance(const char *a, const char *b)
{
    enum { MAX = 48 };
    unsigned rows[3][MAX];
    size_t n = strnlen(a, MAX - 1), m = strnlen(b, MAX - 1);
    for (unsigned j = 0; j <= m; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= n; i++) {
        unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3], *top = rows[(i + 1) % 3];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= m; j++) {
            unsigned best = above[j - 1] + (a[i - 1] != b[j - 1]);
            best = above[j] + 1 < best ? above[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                best = top[j - 2] + 1 < best ? top[j - 2] + 1 : best;
            }
            row[j] = best;
        }
    }
    return rows[n % 3][m];
}

const char *spw__nearest(const char *word, const char *const *names)
{
    size_t length = strlen(word);
    for (size_t i = 0; length >= 4 && names[i]; i++) {
        if (strncmp(names[i], word, length) == 0) {
            return names[i]; /* cut short, not mistyped */
        }
    }
    const char *nearest = NULL;
    unsigned limit = (unsigned)strnlen(word, 24) / 3 + 2; /* farther away it would be a guess */
    for (; *names; names++) {
        unsigned d = distance(word, *names);
        if (d < limit && d < length) { /* every word of one letter is one letter from another */
            limit = d;
            nearest = *names;
        }
    }
    return nearest;
}

static void fail_unknown(struct spw__reader *reader, const struct spw__yaml *child,
                         const char *const *known)
{
    const char *nearest = spw__nearest(child->key, known);
    if (nearest) {
        spw__fail_key(reader, child, "unknown key `%.60s`; expected `%s`?", child->key, nearest);
        return;
    }
    char all[300];
    struct line line = {.text = all, .size = sizeof all};
    all[0] = 0;
    for (const char *const *name = known; *name; name++) {
        put(&line, name == known ? "" : ", ");
        put(&line, *name);
    }
    spw__fail_key(reader, child, "unknown key `%.60s`; expected one of: %.200s", child->key, all);
}

bool spw__expect_keys(struct spw__reader *reader, const struct spw__yaml *map,
                      const char *const *known)
{
    for (const struct spw__yaml *child = map->first; child; child = child->next) {
        const char *const *name = known;
        while (*name && strcmp(*name, child->key) != 0) {
            name++;
        }
        if (!*name) {
            fail_unknown(reader, child, known);
            return false;
        }
    }
    return true;
}
