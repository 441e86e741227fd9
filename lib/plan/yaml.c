/*
 * plan/yaml.c - from YAML text to a small tree with places.
 *
 * What lives here: the only calls of libfyaml, the arena of a tree, and the rules of the subset:
 * one document, no aliases, no tags, no key twice, at most DEPTH_MAX deep.
 * Provenance: a map with one of the keys sourced, derived or guessed marks itself; where its only
 * other key is `value`, it stands for that value. So the code that reads a tree never meets those
 * keys, and any number can carry them.
 * Who calls: the readers of plans and scenarios. Cost: linear in the text, but for the search of
 * duplicate keys, which is quadratic in the keys of one map.
 */
#include "plan/yaml.h"

#include <libfyaml.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

enum { DEPTH_MAX = 24, KEYS_MAX = 4096 };

struct chunk {
    struct chunk *next;
    _Alignas(max_align_t) unsigned char bytes[];
};

struct spw__yaml_tree {
    struct chunk *chunks;
    bool spent; /* memory was out once: what was read since is not all there */
};

void *spw__yaml_keep(struct spw__yaml_tree *tree, size_t size)
{
    struct chunk *chunk = calloc(1, sizeof *chunk + size);
    if (!chunk) {
        tree->spent = true;
        return NULL;
    }
    chunk->next = tree->chunks;
    tree->chunks = chunk;
    return chunk->bytes;
}

const char *spw__yaml_print(struct spw__yaml_tree *tree, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    size_t size = (length < 0 ? 0 : (size_t)length) + 1;
    char *text = spw__yaml_keep(tree, size);
    if (text) {
        (void)vsnprintf(text, size, format, again);
    }
    va_end(again);
    return text ? text : "";
}

bool spw__yaml_spent(const struct spw__yaml_tree *tree)
{
    return tree->spent;
}

void spw__yaml_free(struct spw__yaml_tree *tree)
{
    if (!tree) {
        return;
    }
    while (tree->chunks) {
        struct chunk *chunk = tree->chunks;
        tree->chunks = chunk->next;
        free(chunk);
    }
    free(tree);
}

/* ---- mistakes ---------------------------------------------------------------------------- */

static void fail_at(struct spw__reader *reader, int line, int column, const char *format,
                    va_list arguments)
{
    if (reader->failed) {
        return;
    }
    struct spw_plan_error *error = reader->error;
    reader->failed = true;
    error->line = line;
    error->column = column;
    error->code = SPW_E_INVALID;
    int used =
        snprintf(error->text, sizeof error->text, "%.150s:%d:%d: ", reader->file, line, column);
    if (reader->tree && reader->tree->spent) { /* then any other mistake may be its consequence */
        error->code = SPW_E_MEMORY;
        (void)snprintf(error->text, sizeof error->text, "%.150s: memory is out", reader->file);
    } else if (used > 0 && (size_t)used < sizeof error->text) {
        (void)vsnprintf(error->text + used, sizeof error->text - (size_t)used, format, arguments);
    }
}

void spw__fail(struct spw__reader *reader, const struct spw__yaml *node, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fail_at(reader, node ? node->line : 1, node ? node->column : 1, format, arguments);
    va_end(arguments);
}

void spw__fail_memory(struct spw__reader *reader)
{
    bool first = !reader->failed;
    spw__fail(reader, NULL, "memory is out");
    if (first) {
        reader->error->code = SPW_E_MEMORY;
    }
}

void spw__fail_key(struct spw__reader *reader, const struct spw__yaml *node, const char *format,
                   ...)
{
    va_list arguments;
    va_start(arguments, format);
    bool keyed = node && node->key;
    fail_at(reader,
            keyed  ? node->key_line
            : node ? node->line
                   : 1,
            keyed  ? node->key_column
            : node ? node->column
                   : 1,
            format, arguments);
    va_end(arguments);
}

/* ---- building ---------------------------------------------------------------------------- */

struct builder {
    struct spw__reader *reader;
    struct spw__yaml *stack[DEPTH_MAX];
    size_t depth;
    struct spw__yaml *root;
    const char *key; /* read, its value not yet */
    int key_line, key_column;
};

static void fail_here(struct builder *builder, int line, int column, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void fail_here(struct builder *builder, int line, int column, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fail_at(builder->reader, line, column, format, arguments);
    va_end(arguments);
}

static void refuse_duplicate(struct builder *builder, const struct spw__yaml *map, int line,
                             int column)
{
    if (map->count >= KEYS_MAX) {
        fail_here(builder, line, column, "more than %d keys in one map", (int)KEYS_MAX);
    }
    for (const struct spw__yaml *child = map->first; child; child = child->next) {
        if (strcmp(child->key, builder->key) == 0) {
            fail_here(builder, line, column,
                      "key `%.60s` stands twice, first in line %d; expected once", builder->key,
                      child->key_line);
            return;
        }
    }
}

static void hang(struct builder *builder, struct spw__yaml *node)
{
    if (builder->depth == 0) {
        builder->root = node;
        return;
    }
    struct spw__yaml *parent = builder->stack[builder->depth - 1];
    SPW_ASSERT(parent != NULL);
    node->parent = parent;
    if (parent->kind == SPW__YAML_MAP) {
        node->key = builder->key;
        node->key_line = builder->key_line;
        node->key_column = builder->key_column;
        builder->key = NULL;
    }
    *(parent->last ? &parent->last->next : &parent->first) = node;
    parent->last = node;
    parent->count++;
}

static const char *token_text(struct builder *builder, struct fy_token *token)
{
    size_t length = 0;
    const char *text = token ? fy_token_get_text(token, &length) : "";
    char *copy = spw__yaml_keep(builder->reader->tree, length + 1);
    if (!copy) {
        spw__fail_memory(builder->reader);
        return "";
    }
    if (text && length) {
        memcpy(copy, text, length);
    }
    if (memchr(copy, 0, length)) {
        const struct fy_mark *mark = fy_token_start_mark(token);
        fail_here(builder, mark ? mark->line + 1 : 1, mark ? mark->column + 1 : 1,
                  "a zero byte inside a text; expected none");
    }
    return copy;
}

/* A scalar is a key when a map is open and no key waits for its value. */
static void take_scalar(struct builder *builder, struct fy_token *token, int line, int column)
{
    const char *text = token_text(builder, token);
    struct spw__yaml *open = builder->depth ? builder->stack[builder->depth - 1] : NULL;
    if (open && open->kind == SPW__YAML_MAP && !builder->key) {
        builder->key = text;
        builder->key_line = line;
        builder->key_column = column;
        refuse_duplicate(builder, open, line, column);
        return;
    }
    struct spw__yaml *node = spw__yaml_keep(builder->reader->tree, sizeof *node);
    if (!node) {
        spw__fail_memory(builder->reader);
        return;
    }
    *node =
        (struct spw__yaml){.kind = SPW__YAML_SCALAR, .text = text, .line = line, .column = column};
    hang(builder, node);
}

static void open_collection(struct builder *builder, enum spw__yaml_kind kind, int line, int column)
{
    struct spw__yaml *open = builder->depth ? builder->stack[builder->depth - 1] : NULL;
    if (open && open->kind == SPW__YAML_MAP && !builder->key) {
        fail_here(builder, line, column, "a key is a list or a map; expected a word");
        return;
    }
    if (builder->depth == DEPTH_MAX) {
        fail_here(builder, line, column, "nested deeper than %d; expected a flatter file",
                  (int)DEPTH_MAX);
        return;
    }
    struct spw__yaml *node = spw__yaml_keep(builder->reader->tree, sizeof *node);
    if (!node) {
        spw__fail_memory(builder->reader);
        return;
    }
    *node = (struct spw__yaml){.kind = kind, .line = line, .column = column};
    hang(builder, node);
    builder->stack[builder->depth++] = node;
}

static void take_event(struct builder *builder, struct fy_event *event)
{
    const struct fy_mark *mark = fy_event_start_mark(event);
    /* A value that is not there has no mark of its own: its key says where it is missing. */
    int line = mark ? mark->line + 1 : builder->key ? builder->key_line : 1;
    int column = mark ? mark->column + 1 : builder->key ? builder->key_column : 1;
    if ((event->type == FYET_SCALAR && event->scalar.tag) ||
        (event->type == FYET_MAPPING_START && event->mapping_start.tag) ||
        (event->type == FYET_SEQUENCE_START && event->sequence_start.tag)) {
        fail_here(builder, line, column, "tags (!name) are not read; expected the value alone");
        return;
    }
    switch (event->type) {
    case FYET_SCALAR:
        take_scalar(builder, event->scalar.value, line, column);
        break;
    case FYET_ALIAS:
        fail_here(builder, line, column, "aliases (*name) are not read; write the value out");
        break;
    case FYET_SEQUENCE_START:
        open_collection(builder, SPW__YAML_LIST, line, column);
        break;
    case FYET_MAPPING_START:
        open_collection(builder, SPW__YAML_MAP, line, column);
        break;
    case FYET_SEQUENCE_END:
    case FYET_MAPPING_END:
        builder->depth--;
        break;
    case FYET_DOCUMENT_START:
        if (builder->root) {
            fail_here(builder, line, column, "a second document begins; expected one per file");
        }
        break;
    default:
        break;
    }
}

/* ---- provenance -------------------------------------------------------------------------- */

static enum spw__provenance provenance_of(const char *key)
{
    static const char *const words[] = {"", "sourced", "derived", "guessed"};
    for (int i = SPW__SOURCED; i <= SPW__GUESSED; i++) {
        if (strcmp(key, words[i]) == 0) {
            return (enum spw__provenance)i;
        }
    }
    return SPW__UNMARKED;
}

/* Takes the marks out of a map's children; the map keeps what they said. */
static void take_marks(struct spw__reader *reader, struct spw__yaml *map)
{
    struct spw__yaml *kept = NULL, *child = map->first;
    map->first = map->last = NULL;
    map->count = 0;
    for (struct spw__yaml *next; child; child = next) {
        next = child->next;
        enum spw__provenance provenance = provenance_of(child->key);
        if (provenance != SPW__UNMARKED) {
            if (map->provenance != SPW__UNMARKED) {
                spw__fail_key(reader, child,
                              "a number has one origin; expected one of sourced, "
                              "derived and guessed");
            }
            (void)spw__expect_text(reader, child, "a sentence: the source, or why the guess");
            map->provenance = provenance;
            map->provenance_text = child->text ? child->text : "";
            continue;
        }
        child->next = NULL;
        *(kept ? &kept->next : &map->first) = child;
        kept = map->last = child;
        map->count++;
    }
}

/* {value: 9 min, guessed: "..."} becomes 9 min, in the same place of its parent. */
static void stand_for_value(struct spw__yaml *map)
{
    struct spw__yaml *value = map->first;
    if (map->provenance == SPW__UNMARKED || map->count != 1 || value == NULL ||
        strcmp(value->key, "value") != 0) {
        return;
    }
    struct spw__yaml copy = *value;
    copy.key = map->key;
    copy.key_line = map->key_line;
    copy.key_column = map->key_column;
    copy.next = map->next;
    copy.parent = map->parent;
    copy.provenance = map->provenance;
    copy.provenance_text = map->provenance_text;
    *map = copy;
    for (struct spw__yaml *child = map->first; child; child = child->next) {
        child->parent = map;
    }
}

/* Depth is bounded by DEPTH_MAX. */
static void settle_marks(struct spw__reader *reader, struct spw__yaml *node)
{
    if (node->kind == SPW__YAML_MAP) {
        take_marks(reader, node);
        stand_for_value(node);
    }
    for (struct spw__yaml *child = node->first; child; child = child->next) {
        settle_marks(reader, child);
    }
}

static void quote_parser(struct spw__reader *reader, struct fy_diag *diag)
{
    void *iterator = NULL;
    struct fy_diag_error *first = fy_diag_errors_iterate(diag, &iterator);
    struct spw__yaml place = {.line = 1, .column = 1};
    if (first) {
        place.line = first->line > 0 ? first->line : 1;
        place.column = first->column > 0 ? first->column : 1;
    }
    spw__fail(reader, &place, "this is not YAML: %.200s",
              first && first->msg ? first->msg : "unreadable");
}

static void run_parser(struct builder *builder, struct fy_parser *parser, struct fy_diag *diag)
{
    for (struct fy_event *event; !builder->reader->failed && (event = fy_parser_parse(parser));) {
        take_event(builder, event);
        fy_parser_event_free(parser, event);
    }
    if (!builder->reader->failed && fy_parser_get_stream_error(parser)) {
        quote_parser(builder->reader, diag);
    }
}

/* Where a text ends that goes on behind a zero byte. */
static void fail_zero(struct spw__reader *reader, const char *text)
{
    struct spw__yaml place = {.line = 1, .column = 1};
    for (const char *at = text; *at; at++) {
        bool first = ((unsigned char)*at & 0xc0u) != 0x80u; /* of a character */
        place.column = *at == '\n' ? 1 : place.column + first;
        place.line += *at == '\n';
    }
    spw__fail(reader, &place, "a zero byte; expected text");
}

const struct spw__yaml *spw__yaml_parse(struct spw__reader *reader, const char *text, size_t length)
{
    reader->tree = calloc(1, sizeof *reader->tree);
    struct fy_diag_cfg diag_config;
    fy_diag_cfg_default(&diag_config);
    diag_config.fp = NULL;
    diag_config.colorize = false;
    struct fy_diag *diag = fy_diag_create(&diag_config);
    struct fy_parse_cfg config = {.flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG, .diag = diag};
    struct fy_parser *parser = fy_parser_create(&config);
    struct builder builder = {.reader = reader};
    if (!reader->tree || !diag || !parser) {
        spw__fail_memory(reader);
    } else if (memchr(text, 0, length)) {
        fail_zero(reader, text);
    } else {
        fy_diag_set_collect_errors(diag, true);
        fy_parser_set_string(parser, text, length);
        run_parser(&builder, parser, diag);
    }
    fy_parser_destroy(parser);
    fy_diag_destroy(diag);
    if (!reader->failed && !builder.root) {
        spw__fail(reader, NULL, "the file is empty; expected a map of keys");
    }
    if (!reader->failed) {
        SPW_ASSERT(builder.root != NULL);
        settle_marks(reader, builder.root);
    }
    return reader->failed ? NULL : builder.root;
}
