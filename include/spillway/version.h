/*
 * spillway/version.h - the one place where the version lives; the build reads it here.
 *
 * Promise: before 1.0, a program runs with every patch of the minor version that it was compiled
 * against, and with no other: the shared library is named libspillway.so.MAJOR.MINOR until then,
 * so the loader refuses another. Within a minor version the layout of every struct is frozen.
 * Numbers of errors, inputs, events and reasons are never reused, ever. Two structs that a host or
 * an author fills in say their size and are understood over versions: spw_config and spw_policy.
 * The plan reader and the simulator are static libraries and belong to their headers.
 */
#ifndef SPILLWAY_VERSION_H
#define SPILLWAY_VERSION_H

#define SPW_VERSION_MAJOR 0
#define SPW_VERSION_MINOR 1
#define SPW_VERSION_PATCH 0

#endif
