/*
 * tests/fuzz/replay_main.c - the main of a fuzz harness when nobody is fuzzing.
 *
 * Feeds the harness the empty input, then every file of the corpus folders and files it is given,
 * in order of name; then what is left of each after cutting it in half and after flipping one bit
 * of it, so that even a small corpus visits the refusals. Everything is the same in every run.
 * Exit 0: nothing crashed. 2: a folder or file cannot be read.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FLIPS 16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Inputs are copied to a block of exactly their size: reading one byte past it is then seen. */
static void feed(const uint8_t *data, size_t size)
{
    uint8_t *exact = calloc(size > 0 ? size : 1, 1);
    if (exact == NULL) {
        abort();
    }
    if (size > 0) {
        memcpy(exact, data, size);
    }
    (void)LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

static void feed_spoilt(uint8_t *data, size_t size)
{
    feed(data, size / 2);
    uint64_t state = 0x9e3779b97f4a7c15u;
    for (int i = 0; i < FLIPS && size > 0; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        size_t at = (size_t)((state >> 33) % size);
        uint8_t bit = (uint8_t)(1u << (state >> 61));
        data[at] ^= bit;
        feed(data, size);
        data[at] ^= bit;
    }
}

static int replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return 2;
    }
    long length = ftell(file);
    rewind(file);
    size_t size = length > 0 ? (size_t)length : 0;
    uint8_t *data = malloc(size + 1);
    if (data == NULL || fread(data, 1, size, file) != size) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        abort();
    }
    fclose(file);
    feed(data, size);
    feed_spoilt(data, size);
    free(data);
    return 0;
}

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int replay(const char *path, int *files)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return 2;
    }
    if (!S_ISDIR(status.st_mode)) {
        (*files)++;
        return replay_file(path);
    }
    struct dirent **entries;
    int count = scandir(path, &entries, visible, alphasort);
    int result = count < 0 ? 2 : 0;
    for (int i = 0; i < count; i++) {
        char inner[4096];
        int length = snprintf(inner, sizeof inner, "%s/%s", path, entries[i]->d_name);
        int wrong = length < (int)sizeof inner ? replay(inner, files) : 2;
        result = wrong != 0 ? wrong : result;
        free(entries[i]);
    }
    free(count < 0 ? NULL : entries);
    return result;
}

int main(int argc, char **argv)
{
    int result = 0;
    int files = 0;
    feed(NULL, 0);
    for (int i = 1; i < argc; i++) {
        int wrong = replay(argv[i], &files);
        result = wrong != 0 ? wrong : result;
    }
    printf("%d files of the corpus replayed\n", files);
    return result;
}
