/*
 * tests/unit/scarce.h - memory that is out at a chosen call. The program is linked with
 * --wrap=malloc,calloc,realloc (tests/CMakeLists.txt), so what it links asks here.
 */
#ifndef SPW__TESTS_SCARCE_H
#define SPW__TESTS_SCARCE_H

#include <stdbool.h>
#include <stddef.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);

static struct {
    long calls;    /* since scarce_from */
    long out_at;   /* the call that gets nothing; 0: none */
    bool for_good; /* and those after it, too */
} scarce;

static inline void scarce_from(long out_at, bool for_good)
{
    scarce.calls = 0;
    scarce.out_at = out_at;
    scarce.for_good = for_good;
}

static inline bool scarce_out(void)
{
    scarce.calls++;
    return scarce.out_at != 0 &&
           (scarce.for_good ? scarce.calls >= scarce.out_at : scarce.calls == scarce.out_at);
}

void *__wrap_malloc(size_t size)
{
    return scarce_out() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return scarce_out() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
    return scarce_out() ? NULL : __real_realloc(memory, size);
}

#endif
