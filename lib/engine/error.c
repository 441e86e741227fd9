/*
 * engine/error.c - names and sentences of errors, and the misuse hook of the public door.
 *
 * Who calls: the host. Cost: constant.
 */
#include "engine/verbs.h"

const char *spw_error_name(int error)
{
    switch (error) {
#define CASE(number, name, text)                                                                   \
    case (number):                                                                                 \
        return "SPW_" #name;
        SPW_ERROR_MAP(CASE)
#undef CASE
    default:
        return "SPW_E_?";
    }
}

const char *spw_error_text(int error)
{
    switch (error) {
#define CASE(number, name, text)                                                                   \
    case (number):                                                                                 \
        return text;
        SPW_ERROR_MAP(CASE)
#undef CASE
    default:
        return "no error of this library has that number";
    }
}

void spw_misuse_set(spw_misuse_hook hook, void *context)
{
    spw__misuse_set(hook, context);
}
