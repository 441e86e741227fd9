/*
 * base/assert.h - assertions that stay on in release builds.
 *
 * SPW_ASSERT is for programming mistakes only: a broken invariant, a null engine. Operating errors
 * return, what happens to people is an event. SPW_ASSERT_SLOW costs more than the work it guards
 * and is on in test builds (SPW_SLOW_CHECKS).
 */
#ifndef SPW__BASE_ASSERT_H
#define SPW__BASE_ASSERT_H

#include <stdint.h>

/* "No index": of a slot, a node, a class. */
#define SPW_NONE UINT32_MAX

typedef void (*spw__misuse_hook)(void *context, const char *file, int line, const char *expression);

/* Sets the hook, the one process-wide variable of the library. Null: none. */
void spw__misuse_set(spw__misuse_hook hook, void *context);

/* Calls the hook, then ends the process. Cold: what leads here lies apart from what runs. */
__attribute__((cold)) _Noreturn void spw__misuse(const char *file, int line,
                                                 const char *expression);

#define SPW_ASSERT(condition)                                                                      \
    do {                                                                                           \
        if (__builtin_expect(!(condition), 0)) {                                                   \
            spw__misuse(__FILE__, __LINE__, #condition);                                           \
        }                                                                                          \
    } while (0)

#ifdef SPW_SLOW_CHECKS
#define SPW_ASSERT_SLOW(condition) SPW_ASSERT(condition)
#else
#define SPW_ASSERT_SLOW(condition) ((void)0)
#endif

#endif
