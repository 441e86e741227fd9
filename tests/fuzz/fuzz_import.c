/*
 * tests/fuzz/fuzz_import.c - exported bytes, spoilt on purpose and sealed again.
 *
 * The input chooses one of a few states and a list of words to change in its export; the digest at
 * the end is made right, so that every check behind it is reached, and the corpus does not depend
 * on the format. Demanded: a named refusal that leaves the engine as it was created; or an engine
 * whose invariants hold, whose export is what was read, and which goes on without a crash.
 */
#include "base/digest.h"

#include "desk.h"

#define EXPORT_MAX ((size_t)1 << 16)

/* A desk in the middle of its work; the same for the same number. */
static void prepare(struct desk *desk, uint8_t number)
{
    uint8_t stream[400];
    uint64_t random = number + 1u;
    for (size_t i = 0; i < sizeof stream; i++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        stream[i] = (uint8_t)(random >> 56);
    }
    struct bytes bytes = {stream, sizeof stream};
    desk_open(desk, number, number / 2);
    for (uint64_t id = 1; id <= 8; id++) {
        struct spw_input in = {.kind = SPW_INPUT_CONTACT_ARRIVE};
        in.u.arrive.id.lo = id;
        in.u.arrive.home = 1 + (uint32_t)id % 2;
        in.u.arrive.queue = 1 + (uint32_t)id % 3;
        in.u.arrive.priority = (uint8_t)(id % 4);
        in.u.arrive.token.lo = id % 5;
        in.u.arrive.sticky = desk->counsellor[id % 3];
        in.u.arrive.sticky_mode = (uint8_t)(id % 3);
        (void)desk_apply(desk, &in, (spw_ns)id * SPW_SECOND);
        in = (struct spw_input){.kind = SPW_INPUT_CONTACT_ACCEPTED};
        in.u.pair.contact = desk->contact[0];
        in.u.pair.counsellor = desk->counsellor[0];
        (void)desk_apply(desk, &in, (spw_ns)id * SPW_SECOND);
        desk_poll(desk);
    }
    while (bytes.left > 0) {
        struct spw_input in;
        desk_input(desk, &bytes, &in);
        (void)desk_apply(desk, &in, spw_clock(desk->engine) + bytes_u8(&bytes) * SPW_MILLISECOND);
        desk_poll(desk);
    }
}

static uint64_t word_at(const uint8_t *export, size_t at)
{
    uint64_t word = 0;
    for (size_t i = 0; i < 8; i++) {
        word |= (uint64_t) export[at + i] << (8 * i);
    }
    return word;
}

static void word_set(uint8_t *export, size_t at, uint64_t word)
{
    for (size_t i = 0; i < 8; i++) {
        export[at + i] = (uint8_t)(word >> (8 * i));
    }
}

static void seal(uint8_t *export, size_t size)
{
    struct spw__digest digest;
    spw__digest_init(&digest, 0);
    for (size_t at = 0; at + 8 < size; at += 8) {
        spw__digest_u64(&digest, word_at(export, at));
    }
    word_set(export, size - 8, spw__digest_done(&digest));
}

/* One word made another: a little more or less, a number of the house, or anything. */
static void spoil(uint8_t *export, size_t size, struct bytes *bytes)
{
    size_t at = (bytes_u8(bytes) | (size_t)bytes_u8(bytes) << 8) % (size / 8 - 1) * 8;
    uint64_t word = word_at(export, at);
    uint8_t how = bytes_u8(bytes);
    switch (how % 8) {
    case 0:
        word += 1;
        break;
    case 1:
        word -= 1;
        break;
    case 2:
        word = UINT32_MAX;
        break;
    case 3:
        word = bytes_u8(bytes);
        break;
    case 4:
        word ^= (uint64_t)1 << (how / 8);
        break;
    case 5: /* the same as another: two for one */
        word = word_at(export, (at + 8 * (size_t)bytes_u8(bytes)) % (size - 8) / 8 * 8);
        break;
    case 6:
        word = (uint64_t)1 << 62;
        break;
    default:
        word = bytes_u64(bytes);
        break;
    }
    word_set(export, at, word);
}

/* But for I4: that somebody waits beside somebody free is a choice that bytes can make. */
static void whole(const struct spw_engine *engine)
{
    char text[300] = "";
    int broken = spw_check(engine, text, sizeof text);
    if (broken != 0 && broken != 4) {
        fprintf(stderr, "I%d: %s\n", broken, text);
        abort();
    }
}

/* Goes on: time passes, people call, counsellors who are there say ready. */
static void go_on(struct desk *desk, struct bytes *bytes)
{

    for (int i = 0; i < 24; i++) {
        struct spw_input in;
        desk_input(desk, bytes, &in);
        (void)desk_apply(desk, &in, desk_now(desk, bytes));
        desk_poll(desk);
    }
    for (int i = 0; i < 40 && spw_continue(desk->engine, spw_clock(desk->engine)) != SPW_OK; i++) {
        desk_poll(desk);
    }
    desk_poll(desk);
    whole(desk->engine);
}

/* Where events are counted from: a gap of no length says one. */
static void learn_sequence(struct desk *desk)
{
    const struct spw_input gap = {.kind = SPW_INPUT_GAP};
    struct spw_event event;
    DEMAND(spw_poll(desk->engine, &event, 1) == 0);
    while (spw_apply(desk->engine, &gap, spw_clock(desk->engine), NULL) == SPW_E_POLL_FIRST) {
        while (spw_poll(desk->engine, &event, 1) == 1) {
        }
    }
    DEMAND(spw_poll(desk->engine, &event, 1) == 1);
    desk->sequence = event.sequence;
}

static void import(const struct desk *from, const uint8_t *export, size_t size, uint64_t created,
                   struct bytes *bytes)
{
    static uint8_t again[EXPORT_MAX];
    struct desk desk = *from; /* handles known to the host before */
    desk_engine(&desk, 1);
    int result = spw_state_import(desk.engine, export, size);
    if (result != SPW_OK) {
        DEMAND(result == SPW_E_FORMAT || result == SPW_E_VERSION || result == SPW_E_LIMITS ||
               result == SPW_E_POLICY);
        DEMAND(spw_state_hash(desk.engine) == created);
        return;
    }
    whole(desk.engine);
    DEMAND(spw_state_export(desk.engine, again, sizeof again) == size);
    DEMAND(memcmp(again, export, size) == 0);
    learn_sequence(&desk);
    go_on(&desk, bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t state[8][EXPORT_MAX];
    static size_t state_size[8];
    static struct desk desks[8];
    static uint64_t created;
    struct bytes bytes = {data, size};
    uint8_t number = bytes_u8(&bytes) % 8;
    if (state_size[number] == 0) {
        struct desk empty = {0};
        desk_engine(&empty, 1);
        created = spw_state_hash(empty.engine);
        prepare(&desks[number], number);
        state_size[number] = spw_state_export(desks[number].engine, state[number], EXPORT_MAX);
        DEMAND(state_size[number] > 0);
    }
    static uint8_t export[EXPORT_MAX];
    memcpy(export, state[number], state_size[number]);
    for (int changes = bytes_u8(&bytes) % 6; changes > 0; changes--) {
        spoil(export, state_size[number], &bytes);
    }
    size_t cut = bytes_u8(&bytes) == 77 ? 8u * bytes_u8(&bytes) : 0;
    size_t length = state_size[number] - (cut < state_size[number] - 16 ? cut : 0);
    seal(export, length);
    import(&desks[number], export, length, created, &bytes);
    return 0;
}
