/*
 * spillway/version.h - the one place where the version lives; the build reads it here.
 *
 * Promise: within a major version, a program that was compiled against an older minor version runs
 * with a newer library. Structs grow only at their end and carry their size; numbers of errors,
 * inputs, events and reasons are never reused. Version 0 makes this promise from patch to patch
 * only.
 */
#ifndef SPILLWAY_VERSION_H
#define SPILLWAY_VERSION_H

#define SPW_VERSION_MAJOR 0
#define SPW_VERSION_MINOR 1
#define SPW_VERSION_PATCH 0

#endif
