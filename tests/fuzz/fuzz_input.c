/*
 * tests/fuzz/fuzz_input.c - any bytes as a stream of inputs through the door.
 *
 * Demanded: no crash; a refused input leaves no trace; no call says more than it may; the
 * invariants hold at the end; what is exported comes back as it was. With SPW_FUZZ_TELL in the
 * environment it tells what the bytes mean.
 */
#include "desk.h"

static void apply(struct desk *desk, struct bytes *bytes)
{
    struct spw_input in;
    desk_input(desk, bytes, &in);
    spw_ns now = desk_now(desk, bytes);
    spw_ns clock = spw_clock(desk->engine);
    uint8_t care = bytes_u8(bytes); /* hashes are dear, and a ring must be full now and then */
    bool hashed = care % 8 == 0;
    uint64_t before = hashed ? spw_state_hash(desk->engine) : 0;
    bool ripe = spw_next_deadline(desk->engine) <= (now > clock ? now : clock);
    int result = desk_apply(desk, &in, now);
    if (getenv("SPW_FUZZ_TELL") != NULL) {
        const char *name = spw_input_name(in.kind);
        fprintf(stderr, "%lld ns: %s: %s\n", (long long)now, name != NULL ? name : "no kind",
                spw_error_name(result));
    }
    DEMAND(result <= 0 && strcmp(spw_error_name(result), "SPW_E_?") != 0);
    bool worked = in.kind == SPW_INPUT_ADVANCE || in.kind == SPW_INPUT_CONTINUE;
    if (hashed && result != SPW_OK && !ripe && !worked) {
        DEMAND(spw_state_hash(desk->engine) == before);
    }
    DEMAND(spw_clock(desk->engine) >= clock);
    uint64_t sequence = desk->sequence;
    if (care < 192) {
        desk_poll(desk);
        DEMAND(desk->sequence - sequence <= 300);
    }
}

static void check(const struct desk *desk)
{
    char text[300] = "";
    int broken = spw_check(desk->engine, text, sizeof text);
    if (broken != 0) {
        fprintf(stderr, "I%d: %s\n", broken, text);
        abort();
    }
}

/* An export is taken back by a new engine, and is the same state. */
static void there_and_back(const struct desk *desk)
{
    struct desk other = {0};
    size_t size = spw_state_export(desk->engine, NULL, 0);
    uint8_t *bytes = malloc(size);
    DEMAND(bytes != NULL && spw_state_export(desk->engine, bytes, size) == size);
    desk_engine(&other, 1);
    MUST(spw_state_import(other.engine, bytes, size));
    DEMAND(spw_state_hash(other.engine) == spw_state_hash(desk->engine));
    DEMAND(spw_next_deadline(other.engine) == spw_next_deadline(desk->engine));
    check(&other);
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes bytes = {data, size < 4096 ? size : 4096};
    struct desk desk;
    uint8_t order = bytes_u8(&bytes);
    desk_open(&desk, order, bytes_u8(&bytes));
    while (bytes.left > 0) {
        apply(&desk, &bytes);
    }
    desk_poll(&desk);
    check(&desk);
    there_and_back(&desk);
    return 0;
}
