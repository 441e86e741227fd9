/*
 * tests/fuzz/fuzz_trace.c - any bytes as recorded calls and as a roster.
 *
 * The bytes up to the first zero are the contacts, the rest is the roster. Demanded: no crash; a
 * refusal has a sentence and leaves nothing behind; what is read is in order and within bounds.
 */
#include "command/replay/trace.h"

#include <math.h>
#include <string.h>

#include "fuzz.h"

static void calls_right(const struct spw__trace *trace)
{
    double before = -INFINITY;
    DEMAND(trace->type_count <= SPW__TYPES_MAX);
    for (size_t i = 0; i < trace->call_count; i++) {
        const struct spw__call *call = &trace->call[i];
        DEMAND(isfinite(call->arrive_s) && call->arrive_s >= before);
        DEMAND(call->type < trace->type_count && call->priority <= 2);
        DEMAND(isfinite(call->wait_s) && call->wait_s >= 0);
        DEMAND(isnan(call->service_s) || (isfinite(call->service_s) && call->service_s >= 0));
        before = call->arrive_s;
    }
    size_t next = 0;
    for (int day = 1; day <= trace->last_day && day <= 100; day++) { /* days follow one another */
        size_t from;
        size_t to;
        spw__trace_days(trace, day, day, &from, &to);
        DEMAND(from <= to && to <= trace->call_count && (from == to || from >= next));
        next = to;
    }
}

static void roster_right(const struct spw__trace *trace)
{
    for (size_t i = 0; i < trace->duty_count; i++) {
        const struct spw__duty *duty = &trace->duty[i];
        DEMAND(isfinite(duty->on_s) && isfinite(duty->off_s) && duty->on_s <= duty->off_s);
        DEMAND(trace->type_count >= 32 || duty->types >> trace->type_count == 0);
        DEMAND(i == 0 || duty->agent >= trace->duty[i - 1].agent);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct spw__trace trace = {.type_count = 0};
    char error[200] = "";
    const char *text = size > 0 ? (const char *)data : "";
    const char *end = memchr(text, 0, size);
    size_t contacts = end != NULL ? (size_t)(end - text) : size;
    if (spw__trace_contacts(&trace, text, contacts, "calls.csv", error, sizeof error) != 0) {
        DEMAND(error[0] != 0 && trace.call == NULL && trace.call_count == 0);
        return 0;
    }
    calls_right(&trace);
    const char *roster = end != NULL ? end + 1 : "";
    size_t length = end != NULL ? size - contacts - 1 : 0;
    if (spw__trace_roster(&trace, roster, length, "roster.csv", error, sizeof error) != 0) {
        DEMAND(error[0] != 0 && trace.duty == NULL && trace.duty_count == 0);
        return 0;
    }
    roster_right(&trace);
    spw__trace_free(&trace);
    return 0;
}
