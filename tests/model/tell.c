/*
 * model/tell.c - differences, events and people as text.
 */
#include "check.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

void difference_set(struct difference *d, uint32_t at, const char *what, const char *format, ...)
{
    d->found = true;
    d->at = at;
    snprintf(d->what, sizeof d->what, "%s", what);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(d->text, sizeof d->text, format, arguments);
    va_end(arguments);
}

static uint32_t tag_of(const uint64_t *made, uint64_t handle)
{
    for (uint32_t i = 1; i < SCRIPT_TAGS_MAX; i++) {
        if (made[i] == handle) {
            return i;
        }
    }
    return 0;
}

static char *name(const uint64_t *made, char letter, uint64_t handle, char text[16])
{
    if (handle == 0) {
        snprintf(text, 16, "-");
    } else {
        snprintf(text, 16, "%c%" PRIu32, letter, tag_of(made, handle));
    }
    return text;
}

char *contact_name(const struct run *run, uint64_t handle, char text[16])
{
    return name(run->contacts, 'c', handle, text);
}

char *counsellor_name(const struct run *run, uint64_t handle, char text[16])
{
    return name(run->counsellors, 'k', handle, text);
}

static const char *state_name(uint8_t state)
{
    static const char *const names[] = {"gone",         "waiting", "offered",  "connected",
                                        "transferring", "parked",  "callback", "away"};
    return state < 8 ? names[state] : "?";
}

static void reason_print(FILE *out, const struct spw_event *e)
{
    if (e->kind == SPW_EVENT_ENDED || e->kind == SPW_EVENT_REFUSED) {
        fprintf(out, " %s", spw_end_name(e->reason));
    } else if (e->kind == SPW_EVENT_RECONCILED) {
        fprintf(out, " how=%u", e->reason);
    } else if (e->reason != 0) {
        fprintf(out, " %s", spw_why_name(e->reason));
    }
}

void event_print(FILE *out, const struct run *run, const struct spw_event *e)
{
    char a[16];
    char b[16];
    char c[16];
    fprintf(out, "    #%" PRIu64 " at %.9f %s", e->sequence, (double)e->at / 1e9,
            spw_event_name(e->kind));
    reason_print(out, e);
    fprintf(out, " %s p%u %s of %s id=%" PRIu64 " cookie=%" PRIu64,
            contact_name(run, e->contact.bits, a), e->priority, state_name(e->state),
            counsellor_name(run, e->counsellor.bits, b), e->id.hi, e->cookie);
    fprintf(out, " centre=%u queue=%u waited=%.9f until=%.9f flags=%u next=%s", e->centre, e->queue,
            (double)e->waited / 1e9, (double)e->until / 1e9, e->flags,
            contact_name(run, e->runner_up.bits, c));
    fprintf(out, " policy=%u.%u detail=%" PRIu64 "\n", e->policy, e->policy_revision, e->detail_a);
}
