/*
 * command/flood/shelf.c - the scenarios that come with the command, by name: where they lie, and
 * what they are.
 *
 * Three places, the first that has any counts: bench/scenarios of the source tree in which the
 * program is called; the share folder beside the program, wherever it was moved to; the one it was
 * installed to.
 * Who calls: flood.c. Nothing is printed here.
 */
#include "command/flood/shelf.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plan/yaml.h" /* spw__nearest */

enum { PATH_ROOM = 4096 };

static int is_scenario(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return length > 5 && strcmp(entry->d_name + length - 5, ".yaml") == 0;
}

/* The folder number `place`; false past the last. An unknown one is empty. */
static bool folder_at(int place, char *folder, size_t size)
{
    char self[PATH_ROOM];
    folder[0] = '\0';
    if (place == 0) {
        (void)snprintf(folder, size, "%s", SPW_SOURCE_SCENARIO_DIR);
    } else if (place == 1) {
        ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
        self[length > 0 ? length : 0] = '\0';
        char *slash = strrchr(self, '/');
        if (slash != NULL) {
            *slash = '\0';
            int used = snprintf(folder, size, "%s/%s", self, SPW_SCENARIO_DIR_FROM_PROGRAM);
            folder[used > 0 && (size_t)used < size ? used : 0] = '\0';
        }
    } else if (place == 2) {
        (void)snprintf(folder, size, "%s", SPW_SCENARIO_DIR);
    }
    return place <= 2;
}

size_t spw__shelf_open(struct spw__shelf *shelf)
{
    *shelf = (struct spw__shelf){0};
    for (int place = 0; shelf->count == 0 && folder_at(place, shelf->folder, sizeof shelf->folder);
         place++) {
        struct dirent **entries = NULL;
        int count = scandir(shelf->folder, &entries, is_scenario, alphasort);
        for (int i = 0; i < count; i++) {
            size_t length = strlen(entries[i]->d_name) - 5;
            if (shelf->count < SPW__SHELF_MAX && length < sizeof shelf->name[0]) {
                memcpy(shelf->name[shelf->count], entries[i]->d_name, length);
                shelf->names[shelf->count] = shelf->name[shelf->count];
                shelf->count++;
            }
            free(entries[i]);
        }
        free(entries);
    }
    return shelf->count;
}

void spw__shelf_looked(char *text, size_t n)
{
    char folder[PATH_ROOM];
    int used = snprintf(text, n, "no scenarios came with this program; looked in");
    for (int place = 0; folder_at(place, folder, sizeof folder); place++) {
        if (folder[0] != '\0' && used > 0 && (size_t)used < n) {
            used += snprintf(text + used, n - (size_t)used, "%s %s", place > 0 ? "," : "", folder);
        }
    }
}

static bool is_file(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0;
}

int spw__shelf_find(const char *word, char *path, size_t size, char *error, size_t n)
{
    static struct spw__shelf shelf; /* large */
    size_t length = strlen(word);
    bool named = strchr(word, '/') == NULL &&
                 !(length > 5 && strcmp(word + length - 5, ".yaml") == 0) && !is_file(word);
    (void)snprintf(path, size, "%s", word);
    if (!named) {
        return 0; /* a file, there or not: its reader says */
    }
    if (spw__shelf_open(&shelf) == 0) {
        char looked[SPW__SHELF_LOOKED];
        spw__shelf_looked(looked, sizeof looked);
        (void)snprintf(error, n, "no file `%s`, and %s", word, looked);
        return -1;
    }
    for (size_t i = 0; i < shelf.count; i++) {
        if (strcmp(shelf.names[i], word) == 0) {
            (void)snprintf(path, size, "%s/%s.yaml", shelf.folder, word);
            return 0;
        }
    }
    const char *near = spw__nearest(word, shelf.names);
    (void)snprintf(error, n,
                   "no scenario `%s` came with this program and no file has that name%s%s%s; "
                   "`spillway flood list` names them",
                   word, near ? "; did you mean `" : "", near ? near : "", near ? "`" : "");
    return -1;
}
