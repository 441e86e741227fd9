/*
 * spillway/base.h - the words that every other header uses: visibility, time, handles, errors,
 * memory.
 *
 * Time is `spw_ns`: signed 64-bit nanoseconds on a monotonic scale that the host chooses, from 0 up
 * to (not including) SPW_TIME_MAX. The engine reads no clock and knows no calendar (rule T3). A
 * span of time uses the same type.
 *
 * Handles are values, not pointers: a slot and a generation packed into 64 bits and wrapped in a
 * struct so that a counsellor cannot be passed where a contact is wanted. The all-zero handle means
 * "none". A handle whose object has gone is refused with SPW_E_STALE; it never names another
 * object.
 *
 * Errors are negative numbers with a name and a sentence. A call that returns an error has changed
 * nothing, with one exception that every call shares: deadlines that were due before the time that
 * was passed have fired (see spillway/engine.h, "Time").
 */
#ifndef SPILLWAY_BASE_H
#define SPILLWAY_BASE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define SPW_API __attribute__((visibility("default")))
#define SPW_MUST_USE __attribute__((warn_unused_result))
#else
#define SPW_API
#define SPW_MUST_USE
#endif

/* Nanoseconds: a point on the host's monotonic scale, or a span. */
typedef int64_t spw_ns;

/* No deadline, no limit, no end. Also the first value that is not a legal point in time. */
#define SPW_TIME_MAX ((spw_ns)1 << 62)
#define SPW_FOREVER SPW_TIME_MAX

#define SPW_MICROSECOND ((spw_ns)1000)
#define SPW_MILLISECOND ((spw_ns)1000000)
#define SPW_SECOND ((spw_ns)1000000000)
#define SPW_MINUTE (60 * SPW_SECOND)
#define SPW_HOUR (3600 * SPW_SECOND)

/* Live objects. Contacts and counsellors come and go, so their handles carry a generation. */
typedef struct spw_contact {
    uint64_t bits;
} spw_contact;

typedef struct spw_counsellor {
    uint64_t bits;
} spw_counsellor;

/*
 * Committed objects. They are numbered from 1 in the order of their commit and are never
 * renumbered; 0 is none. A host that replays the same inputs gets the same numbers.
 */
typedef uint32_t spw_centre;
typedef uint32_t spw_queue;
typedef uint32_t spw_skill;
typedef uint32_t spw_skillset;
typedef uint32_t spw_need;
typedef uint32_t spw_ladder;

/* 128 opaque bits: a contact id (random) or a caller token (keyed hash). Never an identity. */
typedef struct spw_id {
    uint64_t hi;
    uint64_t lo;
} spw_id;

enum spw_channel {
    SPW_CHANNEL_VOICE = 0,
    SPW_CHANNEL_CHAT = 1,
    SPW_CHANNEL_TEXT = 2,
    SPW_CHANNEL_EMAIL = 3,
    SPW_CHANNEL_WORK = 4, /* a work item: no session behind it, it cannot hang up */
    SPW_CHANNEL_COUNT = 5
};

#define SPW_PRIORITY_COUNT 8  /* 0 = imminent danger .. 7 */
#define SPW_PRIORITY_SAME 255 /* in a triage or transfer: leave it as it is */

/*
 * Every error: number, name, sentence with the remedy. Numbers are never reused.
 */
#define SPW_ERROR_MAP(X)                                                                           \
    X(0, OK, "done")                                                                               \
    X(-1, E_INVALID, "an argument is malformed; the call's description says which values fit")     \
    X(-2, E_NEWER, "the caller's struct is newer than the library and uses what it does not know") \
    X(-3, E_MEMORY, "memory could not be had, or the memory passed is too small")                  \
    X(-4, E_STALE, "the handle names an object that has gone; drop the handle")                    \
    X(-5, E_UNKNOWN, "no object of that number has been committed")                                \
    X(-6, E_DUPLICATE, "the id or key is in use by a live object; nothing was added")              \
    X(-7, E_STATE, "the request does not fit the object's state; read the state and ask again")    \
    X(-8, E_FULL,                                                                                  \
      "a capacity is used up: one set at creation, or one that a queue or the plan sets")          \
    X(-9, E_POLL_FIRST, "the event ring lacks room; poll events, then call again")                 \
    X(-10, E_BUSY, "work is left over; poll, and call spw_continue until it is done")              \
    X(-11, E_RANGE, "a number is outside its range, or time is negative or too large")             \
    X(-12, E_STAGE, "no stage of that kind is open, or one is open already; abort or commit it")   \
    X(-13, E_FLOOR, "a ladder step drops a floor of its first step; repeat the whole clause")      \
    X(-14, E_FORMAT, "the bytes are not a state export, or are damaged")                           \
    X(-15, E_VERSION, "the bytes come from a format this library does not read")                   \
    X(-16, E_BLOCKED, "law, exclusion or need forbids it; spw_view_block names the reason")        \
    X(-17, E_POLICY, "the policy is malformed, unknown, or was called while it was running")       \
    X(-18, E_LIMITS, "the limits of the export differ from those of this engine")

enum spw_error {
#define SPW_ERROR_VALUE(number, name, text) SPW_##name = (number),
    SPW_ERROR_MAP(SPW_ERROR_VALUE)
#undef SPW_ERROR_VALUE
};

/*
 * The name ("SPW_E_STALE") and the sentence of an error, constant texts. Any number is safe;
 * unknown ones say so. May be called from any thread.
 */
SPW_API const char *spw_error_name(int error);
SPW_API const char *spw_error_text(int error);

/*
 * Where the engine's one block of memory comes from. `allocate` is called once, by
 * spw_engine_create; `release` once, by spw_engine_destroy, with the same size. Alignment is 64.
 */
struct spw_allocator {
    void *context;
    void *(*allocate)(void *context, size_t size, size_t alignment);
    void (*release)(void *context, void *memory, size_t size);
};

/*
 * Called on a programming mistake (a broken internal invariant, a null engine) with the place and
 * the broken condition. The process ends after it returns; it may log, or longjmp out of a test.
 * This is the only process-wide setting of the library; set it before the first engine.
 */
typedef void (*spw_misuse_hook)(void *context, const char *file, int line, const char *condition);
/* Sets the hook, or takes it away (null): then the process ends by abort without a word. */
SPW_API void spw_misuse_set(spw_misuse_hook hook, void *context);

#ifdef __cplusplus
}
#endif

#endif
