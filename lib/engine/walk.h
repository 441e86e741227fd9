/*
 * engine/walk.h - how one number of the state is given or taken: the words of the walk's rooms.
 *
 * Every macro works on a walk called `w`; WALK_PAST on an engine called `e`.
 */
#ifndef SPW__ENGINE_WALK_H
#define SPW__ENGINE_WALK_H

#include "engine/verbs.h"

static inline bool spw__walk_reading(const struct spw__walk *w)
{
    return w->in != NULL;
}

static inline void spw__walk_fail(struct spw__walk *w, int error)
{
    w->bad = w->bad == SPW_OK ? error : w->bad;
}

/*
 * A bound of the format. Bytes that break it are refused, and the caller then puts a harmless
 * number there. A state that breaks it is a mistake of ours: it ends the process rather than being
 * put right by asking for its hash. So nothing is ever written while hashing or exporting.
 */
static inline bool spw__walk_refused(struct spw__walk *w, bool broken)
{
    SPW_ASSERT(!broken || spw__walk_reading(w));
    if (broken) {
        spw__walk_fail(w, SPW_E_FORMAT);
    }
    return broken;
}

/* Gives or takes one number of any integer type; taken numbers are checked to fit the type. */
#define WALK(field)                                                                                \
    do {                                                                                           \
        uint64_t word_ = (uint64_t)(field);                                                        \
        spw__walk_u64(w, &word_);                                                                  \
        if (spw__walk_reading(w)) {                                                                \
            (field) = (__typeof__(field))word_;                                                    \
            if (spw__walk_refused(w, (uint64_t)(field) != word_)) {                                \
                (field) = 0;                                                                       \
            }                                                                                      \
        }                                                                                          \
    } while (0)

/* A number that must not exceed a limit. */
#define WALK_MAX(field, most)                                                                      \
    do {                                                                                           \
        WALK(field);                                                                               \
        if (spw__walk_refused(w, (uint64_t)(field) > (uint64_t)(most))) {                          \
            (field) = 0;                                                                           \
        }                                                                                          \
    } while (0)

/* A number between two. */
#define WALK_IN(field, least, most)                                                                \
    do {                                                                                           \
        WALK_MAX(field, most);                                                                     \
        if (spw__walk_refused(w, (uint64_t)(field) < (uint64_t)(least))) {                         \
            (field) = (least);                                                                     \
        }                                                                                          \
    } while (0)

/* A moment that has been; a span or a deadline; what is a flag. */
#define WALK_PAST(field) WALK_MAX(field, e->clock)
#define WALK_SPAN(field) WALK_MAX(field, SPW_FOREVER)
#define WALK_UNTIL(field) WALK_MAX(field, SPW_FOREVER + SPW_FOREVER / 4)
#define WALK_FLAG(field) WALK_MAX(field, 1)

/* A slot, or none. */
#define WALK_SLOT(field, capacity)                                                                 \
    do {                                                                                           \
        WALK(field);                                                                               \
        if (spw__walk_refused(w, (field) != SPW_NONE && (field) >= (capacity))) {                  \
            (field) = SPW_NONE;                                                                    \
        }                                                                                          \
    } while (0)

/* Contacts, counsellors and their deadlines. */
void spw__walk_people(struct spw_engine *e, struct spw__walk *w);

#endif
