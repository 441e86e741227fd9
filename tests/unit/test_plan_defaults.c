/*
 * tests/unit/test_plan_defaults.c - the column of defaults of the plan's tables, in
 * bench/scenarios/README.md, is what the reader and the engine do.
 *
 * A plan that says nothing and one that writes a default out must leave an engine in the same
 * state, by its hash; and some other value must not, or the comparison would see nothing.
 */
#include "suite.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <spillway.h>
#include <spillway/plan.h>

enum { PLAN, QUEUE, CENTRE, PLACES };

/* A plan with `text` at one place of it. */
static bool hash_of(int place, const char *text, uint64_t *hash)
{
    char all[2000];
    const char *at[PLACES] = {"", "", ""};
    struct spw_plan_error error;
    struct spw_config config;
    struct spw_engine *engine = NULL;
    bool bound = place == PLAN && strncmp(text, "protected", 9) == 0;
    at[place] = text;
    (void)snprintf(all, sizeof all,
                   "skills: [a]\nskill_sets: {s: [a]}\n%s"
                   "queues: {r: {}, q: {%s}}\ncentres: {c: {%s}}\n%s\n",
                   bound ? "" : "protected: {bound: none}\n", at[QUEUE], at[CENTRE], at[PLAN]);
    struct spw_plan *plan = spw_plan_read(all, strlen(all), "t.yaml", &error);
    if (plan == NULL) {
        return false;
    }
    spw_config_init(&config);
    config.contacts_max = 16;
    config.events_max = 256;
    spw_plan_config(plan, &config);
    ck_assert_int_eq(spw_engine_create(&config, NULL, &engine), SPW_OK);
    bool good = spw_plan_apply(plan, engine, -1, 0, &error) == SPW_OK;
    *hash = spw_state_hash(engine);
    spw_engine_destroy(engine);
    spw_plan_free(plan);
    return good;
}

/* "`callback` `retry`" is a key inside a map, which needs what it needs. */
static void entry(char *text, size_t n, const char *key, const char *inner, const char *value)
{
    if (*inner) {
        const char *base = strcmp(key, "protected") == 0 ? "bound: none" : "max: 10";
        (void)snprintf(text, n, "%s: {%s%s%s%s%s}", key, base, *value ? ", " : "",
                       *value ? inner : "", *value ? ": " : "", value);
    } else if (*value) {
        (void)snprintf(text, n, "%s: %s", key, value);
    } else {
        text[0] = 0;
    }
}

static bool something_else_differs(int place, const char *key, const char *inner, uint64_t silent)
{
    static const char *const others[] = {"77 s",
                                         "17 s",
                                         "7",
                                         "9 %",
                                         "fifo",
                                         "longest-idle",
                                         "r",
                                         "{max: 3}",
                                         "{1: {head_start: 40 min}}",
                                         "{head_start: 77 s}",
                                         "{chat: 44}",
                                         "{grace: 77 s}",
                                         "[[voice, chat]]",
                                         "[{skill_set: s, queue: q, rank: 3}]"};
    char text[400];
    uint64_t hash = 0;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        entry(text, sizeof text, key, inner, others[i]);
        if (hash_of(place, text, &hash) && hash != silent) {
            return true;
        }
    }
    return false;
}

/* The next text between backticks, or "" where the cell ends. */
static const char *quoted(const char *at, char *word, size_t n)
{
    size_t used = 0;
    word[0] = 0;
    at += strcspn(at, "`|\n");
    if (*at != '`') {
        return at;
    }
    for (at++; *at && *at != '`'; at++) {
        if (used + 1 < n) {
            word[used++] = *at;
        }
    }
    word[used] = 0;
    return at + (*at == '`');
}

static void look_at(int place, const char *row)
{
    char key[80], inner[80], value[400], text[600], silent_text[200];
    uint64_t silent = 0, said = 0;
    const char *at = quoted(row, key, sizeof key);
    at = quoted(at, inner, sizeof inner);
    at += strcspn(at, "|\n");
    ck_assert_msg(*at == '|', "this is no row: %.80s", row);
    (void)quoted(at + 1, value, sizeof value);
    entry(silent_text, sizeof silent_text, key, inner, "");
    entry(text, sizeof text, key, inner, value);
    ck_assert_msg(hash_of(place, silent_text, &silent), "`%s` is not read", silent_text);
    ck_assert_msg(hash_of(place, text, &said), "`%s` is not read", text);
    ck_assert_msg(said == silent, "`%s` is not the default", text);
    ck_assert_msg(something_else_differs(place, key, inner, silent), "no value of %s %s matters",
                  key, inner);
}

START_TEST(defaults_are_what_the_page_says)
{
    static char page[65536];
    FILE *file = fopen(SPW_SOURCE_DIR "/bench/scenarios/README.md", "r");
    ck_assert_ptr_nonnull(file);
    page[fread(page, 1, sizeof page - 1, file)] = 0;
    (void)fclose(file);
    int place = PLAN;
    int looked[PLACES] = {0};
    bool table = false;
    char *line = strstr(page, "\n## `plan`");
    ck_assert_ptr_nonnull(line);
    for (line = strtok(line + 1, "\n"); line; line = strtok(NULL, "\n")) {
        place = strcmp(line, "### A queue") == 0    ? QUEUE
                : strcmp(line, "### A centre") == 0 ? CENTRE
                                                    : place;
        if (strncmp(line, "| key |", 7) == 0) {
            table = strstr(line, "| default |") != NULL;
        } else if (table && strncmp(line, "| `", 3) == 0) {
            const char *cell = strchr(line + 1, '|') + 2;
            if (*cell == '`') {
                look_at(place, line + 1);
                looked[place]++;
            }
        }
        if (strcmp(line, "## `people`") == 0) {
            break;
        }
    }
    ck_assert_int_ge(looked[PLAN], 13);
    ck_assert_int_ge(looked[QUEUE], 10);
    ck_assert_int_ge(looked[CENTRE], 3);
}
END_TEST

int main(void)
{
    return SUITE_RUN("plan defaults", defaults_are_what_the_page_says);
}
