/*
 * tests/fuzz/text.h - for the harnesses that read YAML.
 */
#ifndef SPW__TESTS_FUZZ_TEXT_H
#define SPW__TESTS_FUZZ_TEXT_H

#include <spillway/plan.h>

#include <string.h>

#include "fuzz.h"

/* On some mistakes libfyaml itself loses a buffer; what the readers lose is still found. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfyaml.so";
}

/*
 * Whether every sequence is whole; overlong ones and surrogates pass. Other texts are left out:
 * libfyaml before 0.8 does not return from "%\xac" (its issue 101).
 */
static inline int text_utf8(const uint8_t *data, size_t size)
{
    size_t more = 0;
    for (size_t i = 0; i < size; i++) {
        if (more > 0 && (data[i] & 0xc0) != 0x80) {
            return 0;
        }
        if (more > 0) {
            more--;
        } else if (data[i] >= 0x80) {
            more = data[i] >= 0xf0 ? 3 : data[i] >= 0xe0 ? 2 : 1;
            if (data[i] < 0xc2 || data[i] > 0xf4) {
                return 0;
            }
        }
    }
    return more == 0;
}

/* A refusal has a code, a sentence and a place inside the text, and begins with the file's name. */
static inline void text_explained(const struct spw_plan_error *error, const char *file, size_t size)
{
    DEMAND(error->code < 0);
    DEMAND(memchr(error->text, 0, sizeof error->text) != NULL && error->text[0] != 0);
    DEMAND(error->line >= 0 && error->column >= 0 && (size_t)error->line <= size + 1);
    DEMAND(strncmp(error->text, file, strlen(file)) == 0);
}

#endif
