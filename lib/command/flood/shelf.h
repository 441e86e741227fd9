/*
 * command/flood/shelf.h - the scenarios that come with the command, by name (shelf.c).
 */
#ifndef SPILLWAY_COMMAND_SHELF_H
#define SPILLWAY_COMMAND_SHELF_H

#include <stdbool.h>
#include <stddef.h>

enum { SPW__SHELF_MAX = 200, SPW__SHELF_LOOKED = 16000 };

struct spw__shelf {
    char folder[4096];
    char name[SPW__SHELF_MAX][64];
    const char *names[SPW__SHELF_MAX + 1]; /* null-ended */
    size_t count;
};

/* Fills it; the number found. */
size_t spw__shelf_open(struct spw__shelf *shelf);

/* Where there are none: a sentence without a full stop. */
void spw__shelf_looked(char *text, size_t n);

/* The path of what the command line names: a file, or a scenario of the shelf. Zero, or -1 with a
 * sentence. */
int spw__shelf_find(const char *word, char *path, size_t size, char *error, size_t n);

#endif
