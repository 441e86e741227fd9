/*
 * command/replay/trace.h - recorded calls and the roster of those days, read from two CSV files.
 *
 * The columns may stand in any order; more columns than these are left alone.
 *
 *   contacts  arrive_s,type,priority,caller,outcome,wait_s,service_s,agent
 *   roster    agent,on_s,off_s,types          types as PS+NE
 *
 * arrive_s counts from the midnight before day 1 and does not fall from line to line. priority is
 * 2 for priority customers, 0 and 1 for others. caller is 0 when nobody knows. outcome is answered
 * or abandoned. service_s and agent may be empty. A mistake is told as
 * `file:line:column: what was wrong; what was expected`.
 */
#ifndef SPILLWAY_COMMAND_TRACE_H
#define SPILLWAY_COMMAND_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SPW__TYPES_MAX 32
#define SPW__TYPE_NAME_MAX 15
#define SPW__DAY_S 86400.0

struct spw__call {
    double arrive_s;
    double wait_s;
    double service_s; /* NAN when it was not recorded */
    uint32_t caller;  /* 0: not identified */
    uint32_t agent;   /* 0: not recorded */
    uint8_t type;     /* index of spw__trace.type */
    uint8_t priority; /* 0, 1, 2 as recorded */
    bool answered;
};

struct spw__duty {
    double on_s, off_s;
    uint32_t agent;
    uint32_t types; /* bit i: takes type i */
};

struct spw__trace {
    char type[SPW__TYPES_MAX][SPW__TYPE_NAME_MAX + 1];
    uint32_t type_count;
    struct spw__call *call; /* by arrival */
    size_t call_count;
    struct spw__duty *duty; /* by agent, types and beginning */
    size_t duty_count;
    int last_day; /* of the last call, from 1 */
};

/* Both files. 0, or -1 with a sentence in `error`; then the trace is empty. */
int spw__trace_read(struct spw__trace *trace, const char *contacts, const char *roster, char *error,
                    size_t n);

/* The same from texts of any content; `file` is only quoted. Contacts come first. */
int spw__trace_contacts(struct spw__trace *trace, const char *text, size_t length, const char *file,
                        char *error, size_t n);
int spw__trace_roster(struct spw__trace *trace, const char *text, size_t length, const char *file,
                      char *error, size_t n);

/* The calls of days first..last: [*from, *to). */
void spw__trace_days(const struct spw__trace *trace, int first, int last, size_t *from, size_t *to);

void spw__trace_free(struct spw__trace *trace);

#endif
