/*
 * spillway/config.h - the limits of an engine, fixed when it is created.
 *
 * An engine takes one block of memory at creation and none after. So every capacity is stated here;
 * a capacity of N holds N; reaching one has a named outcome (an error for a request, a REFUSED
 * event for a person). spw_engine_size tells the number of bytes before anything is taken.
 *
 * Sizing. A contact costs about 200 bytes: be generous with contacts_max. What weighs is the fixed
 * part, classes by pools for every centre: with the defaults 39 MB, with centres_max 1 only 7 MB.
 * A small line is under 1 MiB with
 *
 *     centres_max 1      contacts_max 500   counsellors_max 50   queues_max 32   classes_max 64
 *     pools_max 32       books_max 64       tokens_max 1024      events_max 512
 *     terms_max 2048     personal_max 128
 *
 * Kept for danger. One place in 64 of contacts_max (rounded down) is for arrivals of priority 0 and
 * for arrivals that continue a live contact; one personal record in 64 is for contacts of priority
 * 0. Test contacts get neither. However full of others, the engine still takes people in danger;
 * when the kept places are taken too, it refuses them like anybody.
 */
#ifndef SPILLWAY_CONFIG_H
#define SPILLWAY_CONFIG_H

#include <spillway/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SPW_KEPT_FOR_DANGER 64 /* one in so many */

/*
 * `size` is first and is filled by spw_config_init, so that a library and a host of different age
 * understand each other: a shorter struct gets defaults for what it lacks; a longer one is taken
 * if the extra bytes are zero, else SPW_E_NEWER.
 */
struct spw_config {
    uint32_t size;
    uint32_t contacts_max; /* live contacts of all states; beyond it every arrival is REFUSED (see
                                 above): take more than you can ever need; default 10,000 */
    uint32_t counsellors_max; /* counsellors known, signed in or not; default 1,000 */
    uint32_t centres_max;     /* default 64 */
    uint32_t queues_max;      /* default 256 */
    uint32_t skills_max;      /* default 1,024 */
    uint32_t skillsets_max;   /* distinct skill sets; a preference of the plan can name only
                                 those up to 65,535; default 1,024 */
    uint32_t needs_max;       /* distinct needs; default 1,024 */
    uint32_t ladders_max;     /* distinct ladders; default 256 */
    uint32_t classes_max;     /* classes of one centre, unless the centre states its own; the last
                                 sixteenth is for priority 0. Beyond, arrivals are REFUSED, and a
                                 contact in the house waits (WAITING, FULL); default 1,024 */
    uint32_t pools_max;    /* pools of one centre, unless the centre states its own; default 256 */
    uint32_t items_max;    /* contacts that one counsellor can hold at once, 1..16; default 8 */
    uint32_t tokens_max;   /* caller tokens remembered after an unserved end; default 16,384 */
    uint32_t events_max;   /* events that wait for the poll; default 4,096, at least 256 */
    uint32_t prefers_max;  /* (skill set, queue) preferences of the plan; default 1,024 */
    uint32_t terms_max;    /* literals, skills and steps of all committed objects; default 32,768 */
    uint32_t books_max;    /* pairs of a queue and a centre that have had a contact; beyond, REFUSED
                                 as above; default 4,096 */
    uint32_t personal_max; /* contacts with declines, wishes, deadlines or callbacks of their own;
                                 0 (default) = an eighth of contacts_max and 1,024 more */
    uint64_t matrix_bytes; /* matrices of all centres (class by pool, need by pool), at most 2^45;
                              0 (default) = enough for centres_max centres of classes_max and
                              pools_max. Set it only where centres state limits of their own */
    uint64_t seed;         /* keys the indexes over ids, counsellors' keys and tokens; part of the
                              state hash. 0 (default): known to all; if strangers choose ids or
                              tokens, set a random number, or they can make look-ups slow */
};

#define SPW_CONFIG_SIZE_V1 88u

/* Writes the defaults. Use the macro: it passes the size of the caller's own struct. A size below
 * that of the first release is a mistake that spw_config_check finds. */
SPW_API void spw_config_init_sized(struct spw_config *config, uint32_t size);
#define spw_config_init(config) spw_config_init_sized((config), (uint32_t)sizeof *(config))

/*
 * SPW_OK, or what is wrong: SPW_E_INVALID (size below the first release's: spw_config_init was
 * forgotten), SPW_E_NEWER, SPW_E_RANGE (`*field`, if not null, is set to the name of the first
 * member that is out of range).
 */
SPW_API int spw_config_check(const struct spw_config *config, const char **field) SPW_MUST_USE;

#ifdef __cplusplus
}
#endif

#endif
