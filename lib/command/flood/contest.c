/*
 * command/flood/contest.c - finding policies by name or path, and running a scenario once for each.
 *
 * What lives here: the built-in names, dlopen, the loop over the entries. The engine's own check
 * (spw_policy_register) decides whether a loaded policy is acceptable; here only the file and the
 * symbol are looked at. Who calls: flood.c, replay/replay.c. Cost: that of the runs.
 */
#include "command/flood/contest.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* A word with a slash or ending in .so is a path. */
static bool is_path(const char *name)
{
    size_t length = strlen(name);
    return strchr(name, '/') != NULL || (length > 3 && strcmp(name + length - 3, ".so") == 0);
}

static int find_builtin(struct spw__contest_entry *entry, const char *name, char *error, size_t n)
{
    for (uint32_t order = 0; order < SPW_ORDER_CUSTOM; order++) {
        const struct spw_policy *policy = spw_policy_builtin(order);
        if (policy != NULL && strcmp(policy->name, name) == 0) {
            entry->name = policy->name;
            entry->order = (int)order;
            return 0;
        }
    }
    const char *names[SPW_ORDER_CUSTOM + 1] = {NULL};
    int used = snprintf(error, n, "policy `%s`: there is none of that name; expected", name);
    for (uint32_t order = 0; order < SPW_ORDER_CUSTOM && used > 0 && (size_t)used < n; order++) {
        const char *word = names[order] = spw_policy_builtin(order)->name;
        used += snprintf(error + used, n - (size_t)used, " %s,", word);
    }
    const char *near = spw__nearest(name, names);
    if (used > 0 && (size_t)used < n) {
        (void)snprintf(error + used, n - (size_t)used, " or the path of a shared object%s%s%s",
                       near ? "; did you mean `" : "", near ? near : "", near ? "`?" : "");
    }
    return -1;
}

/* What the engine would refuse without saying which: told with the member. */
static int judge(const struct spw_policy *policy, const char *path, char *error, size_t n)
{
    if (policy->size < SPW_POLICY_SIZE_V1 || policy->abi != SPW_POLICY_REVISION) {
        (void)snprintf(
            error, n,
            "policy %s: built for revision %u of the policy seam with %u bytes; expected "
            "revision %u with %u bytes at least: compile it against this spillway/policy.h",
            path, policy->abi, policy->size, SPW_POLICY_REVISION, SPW_POLICY_SIZE_V1);
        return -1;
    }
    size_t length = strnlen(policy->name, sizeof policy->name);
    if (length == 0 || length == sizeof policy->name ||
        strspn(policy->name, "abcdefghijklmnopqrstuvwxyz0123456789-") != length) {
        (void)snprintf(error, n,
                       "policy %s: its name is empty, too long or has other characters; expected 1 "
                       "to %zu of a-z, 0-9 and -, and a zero byte",
                       path, sizeof policy->name - 1);
        return -1;
    }
    for (uint32_t order = 0; order < SPW_ORDER_CUSTOM; order++) {
        if (strcmp(policy->name, spw_policy_builtin(order)->name) == 0) {
            (void)snprintf(
                error, n,
                "policy %s: its name `%s` is that of a built-in one; expected a name of its own",
                path, policy->name);
            return -1;
        }
    }
    if (policy->order == NULL) {
        (void)snprintf(error, n, "policy %s: `%s` has no `order` hook; expected one", path,
                       policy->name);
        return -1;
    }
    if ((policy->flags & ~(uint32_t)(SPW_POLICY_STATIC | SPW_POLICY_NEWEST_FIRST)) != 0) {
        (void)snprintf(error, n, "policy %s: `%s` has flags %#x; expected those of enum %s", path,
                       policy->name, policy->flags, "spw_policy_flag");
        return -1;
    }
    return 0;
}

/* dlsym hands a function out as an object pointer; memcpy is the conversion that C allows. */
static int load(struct spw__contest_entry *entry, const char *path, char *error, size_t n)
{
    const struct spw_policy *(*get)(void) = NULL;
    char with_dot[4096];
    (void)snprintf(with_dot, sizeof with_dot, "%s%s", strchr(path, '/') ? "" : "./", path);
    entry->object = dlopen(with_dot, RTLD_NOW | RTLD_LOCAL);
    if (entry->object == NULL) {
        /* The loader says the path first, as it was given to it. */
        const char *reason = dlerror();
        size_t length = strlen(with_dot);
        bool again =
            strncmp(reason, with_dot, length) == 0 && strncmp(reason + length, ": ", 2) == 0;
        (void)snprintf(error, n, "policy %s: %s; expected a shared object (spillway/policy.h)",
                       path, again ? reason + length + 2 : reason);
        return -1;
    }
    void *symbol = dlsym(entry->object, "spw_policy_entry");
    memcpy(&get, &symbol, sizeof get);
    entry->policy = get ? get() : NULL;
    if (entry->policy == NULL) {
        (void)snprintf(error, n,
                       "policy %s: expected a function `const struct spw_policy "
                       "*spw_policy_entry(void)` that returns a policy (spillway/policy.h)",
                       path);
        return -1;
    }
    if (judge(entry->policy, path, error, n) != 0) {
        return -1;
    }
    entry->name = entry->policy->name;
    return 0;
}

int spw__contest_find(struct spw__contest *contest, const char *const *names, int count,
                      const char *otherwise, char *error, size_t n)
{
    *contest = (struct spw__contest){0};
    if (count == 0) {
        contest->entry[0] = (struct spw__contest_entry){.name = otherwise, .order = -1};
        contest->count = 1;
        return 0;
    }
    for (int i = 0; i < count; i++) {
        struct spw__contest_entry *entry = &contest->entry[contest->count++];
        entry->order = -1;
        int failed = is_path(names[i]) ? load(entry, names[i], error, n)
                                       : find_builtin(entry, names[i], error, n);
        for (int before = 0; !failed && before < i; before++) {
            const struct spw__contest_entry *other = &contest->entry[before];
            if (other->policy != entry->policy && strcmp(other->name, entry->name) == 0) {
                (void)snprintf(error, n, "policy %s: its name `%s` is that of another policy",
                               names[i], entry->name);
                failed = -1;
            }
        }
        if (failed) {
            return -1;
        }
    }
    return 0;
}

static void show(void *context, uint32_t done, uint32_t of)
{
    (void)of;
    spw__progress_step(context, done);
}

static double clock_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int spw__contest_run(struct spw__contest *contest, const struct spw_scenario *scenario, int *order,
                     bool quiet, char *error, size_t n)
{
    for (int i = 0; i < contest->count; i++) {
        const struct spw__contest_entry *entry = &contest->entry[i];
        struct spw__progress bar;
        struct spw_result *result = NULL;
        char label[40];
        (void)snprintf(label, sizeof label, "%s", entry->name);
        *order = entry->order;
        double begin = clock_s();
        spw__progress_begin(&bar, label, scenario->runs, quiet);
        int failed = spw_sim_run(scenario, entry->policy, show, &bar, &result, error, n);
        spw__progress_end(&bar);
        if (failed) {
            return -1;
        }
        contest->result[i] = result;
        contest->outcome[i] = (struct spw__policy_outcome){
            .name = entry->name, .result = result, .seconds = clock_s() - begin};
    }
    return 0;
}

void spw__contest_free(struct spw__contest *contest)
{
    for (int i = 0; i < contest->count; i++) {
        spw_result_free(contest->result[i]);
        if (contest->entry[i].object != NULL) {
            (void)dlclose(contest->entry[i].object);
        }
    }
    *contest = (struct spw__contest){0};
}
