/*
 * bench/throughput/lifecycle.c - commands per second over whole lives.
 *
 * The published mix: arrive 1, offer 1.15, accept 1, end 1, wrap-up 1, abandon 0.25, redial 0.1.
 * Cards in those proportions are shuffled and dealt, so that the stream is random and the mix
 * exact. An offer is not a command to this engine, it is its answer: 1.15 offers come of 1 wrap-up
 * and 0.15 declines, and the declines are dealt in their place. So a life is 4.5 inputs through the
 * door; both figures are reported, inputs as the main one because it is the smaller.
 *
 * The median batch stands beside the mean: on a machine that is shared, the mean has in it what the
 * neighbours took.
 *
 * A life takes 1.1 people from outside and gives 1.25 back, so the crowd shrinks by 0.15 a life: it
 * is topped up, untimed, before it has shrunk by a tenth.
 */
#include "throughput.h"

#include <stdio.h>
#include <string.h>

enum card {
    CARD_ARRIVE,
    CARD_DECLINE,
    CARD_ACCEPT,
    CARD_END,
    CARD_WRAP_UP,
    CARD_ABANDON,
    CARD_REDIAL
};

/* Twenty lives. */
static const struct {
    enum card card;
    uint32_t count;
} mix[] = {{CARD_ARRIVE, 20},  {CARD_DECLINE, 3}, {CARD_ACCEPT, 20}, {CARD_END, 20},
           {CARD_WRAP_UP, 20}, {CARD_ABANDON, 5}, {CARD_REDIAL, 2}};

#define DECK 90

struct deck {
    uint8_t card[DECK];
    uint32_t left;
};

static enum card deal(struct world *w, struct deck *deck)
{
    if (deck->left == 0) {
        for (size_t i = 0; i < sizeof mix / sizeof mix[0]; i++) {
            for (uint32_t n = 0; n < mix[i].count; n++) {
                deck->card[deck->left++] = (uint8_t)mix[i].card;
            }
        }
    }
    uint32_t at = (uint32_t)world_random(w, deck->left);
    enum card card = (enum card)deck->card[at];
    deck->card[at] = deck->card[--deck->left];
    return card;
}

/* One input for a card; false when nobody is in the place that the card asks for. */
static bool play(struct world *w, enum card card, struct spw_input *input)
{
    switch (card) {
    case CARD_ARRIVE:
    case CARD_REDIAL:
        crowd_arrive(w, world_any_sort(w, SPW_CHANNEL_TEXT), card == CARD_REDIAL, input);
        return true;
    case CARD_DECLINE:
        return crowd_decline(w, input);
    case CARD_ACCEPT:
        return crowd_accept(w, input);
    case CARD_END:
        return crowd_end(w, input);
    case CARD_WRAP_UP:
        return crowd_wrap_up(w, input);
    default:
        return crowd_abandon(w, input);
    }
}

/* So that no card is ever dealt in vain: some offers and some wrap-ups in hand. */
static void prime(struct world *w)
{
    struct spw_input batch[BATCH];
    uint32_t rounds = 8 * (1 + w->shape.flight / (4 * BATCH));
    for (uint32_t round = 0; round < rounds; round++) {
        size_t n = 0;
        while (n < BATCH && crowd_end(w, &batch[n])) {
            n++;
        }
        crowd_apply(w, batch, n, NULL);
        if (round % 2 == 0) {
            for (n = 0; n < BATCH && crowd_wrap_up(w, &batch[n]);) {
                n++;
            }
            crowd_apply(w, batch, n, NULL);
        }
    }
}

struct spent {
    uint64_t inputs;
    uint64_t offers;
    int64_t nanoseconds;
    struct histogram batch; /* hundredths of a nanosecond an input, batch by batch */
};

static void refill(struct world *w)
{
    uint32_t floor = w->shape.waiting - w->shape.waiting / 10;
    if (w->waiting_count < floor) {
        crowd_top_up(w, w->shape.waiting - w->waiting_count);
    }
}

/* In flight: 1, a batch of 64, or more than that. */
static void run(struct world *w, uint64_t inputs, uint32_t flight, struct spent *spent)
{
    static struct spw_input input[FLIGHT_MAX];
    memset(spent, 0, sizeof *spent);
    uint64_t offers = w->offers_seen;
    struct deck deck = {{0}, 0};
    uint32_t want = flight > BATCH ? flight : BATCH;
    while (spent->inputs < inputs) {
        size_t n = 0;
        for (uint32_t tried = 0; n < want && tried < 4 * want; tried++) {
            n += play(w, deal(w, &deck), &input[n]);
        }
        int64_t took = 0;
        if (flight == 1) {
            crowd_apply_single(w, input, n, &took);
        } else {
            crowd_apply_flight(w, input, n, &took);
        }
        histogram_add(&spent->batch, n > 0 ? took * 100 / (int64_t)n : 0);
        spent->nanoseconds += took;
        spent->inputs += n;
        refill(w);
    }
    spent->offers = w->offers_seen - offers;
}

static void report(const struct bench *bench, uint32_t flight, const struct shape *shape,
                   const struct spent *spent)
{
    char shape_text[96];
    char label[128];
    double seconds = (double)spent->nanoseconds / 1e9;
    double inputs = (double)spent->inputs;
    double offers = (double)spent->offers;
    shape_label(shape, shape_text, sizeof shape_text);
    const char *how = flight == 1       ? "one at a time"
                      : flight == BATCH ? "batches"
                                        : "many in flight";
    snprintf(label, sizeof label, "%s, %s", shape_text, how);
    double values[] = {inputs / seconds / 1e6, (inputs + offers) / seconds / 1e6,
                       offers / seconds / 1e6, seconds * 1e9 / inputs,
                       histogram_quantile(&spent->batch, 0.5) / 100};
    report_row(bench->report, "lifecycle", label, values);
}

static void measure_shape(const struct bench *bench, const struct shape *shape)
{
    struct world *w = world_make(shape, bench->seed);
    uint64_t inputs = bench->mode == MODE_SMOKE ? 400000 : 5000000;
    uint32_t flight = shape->flight != 0 ? shape->flight : BATCH;
    world_fill(w);
    prime(w);
    struct spent spent;
    run(w, inputs / 10, flight, &spent); /* warm */
    run(w, inputs, flight, &spent);
    report(bench, flight, shape, &spent);
    if (shape->flight == 0) {
        run(w, inputs / 2, 1, &spent);
        report(bench, 1, shape, &spent);
    }
    char text[96];
    char label[128];
    shape_label(shape, text, sizeof text);
    snprintf(label, sizeof label, "%s, %u in flight", text, flight);
    report_digest(bench->report, label, spw_event_digest(w->engine));
    snprintf(label, sizeof label, "state: %s, %u in flight", text, flight);
    report_digest(bench->report, label, spw_state_hash(w->engine));
    world_free(w);
}

void measure_lifecycle(const struct bench *bench)
{
    static const char *const columns[] = {"M inputs/s", "M commands of the mix/s", "M matches/s",
                                          "ns an input", "in the median batch"};
    report_group(
        bench->report, "lifecycle",
        "Random stream of whole lives (arrive 1, decline 0.15, accept 1, end 1, wrap-up 1, "
        "abandon 0.25, redial 0.1; the engine answers with 1.15 offers). Batches: 64 through "
        "apply_many, then their events are read; many in flight: 4,096 in batches of 64 before "
        "they "
        "are; one at a time: each visible before the next. One core. The commands of the mix count "
        "the offers as well.",
        columns, 5);
    const struct shape shapes[] = {{1, 1024, 1000, 100000, 10000, 5, false, 0},
                                   {1, 1024, 1000, 100000, 1000000, 5, false, 0},
                                   {1, 1024, 1000, 100000, 1000000, 5, false, FLIGHT_MAX},
                                   {1, 4096, 1000, 100000, 1000000, 5, false, 0},
                                   {1, 4096, 1000, 100000, 1000000, 60, false, 0}};
    size_t count = bench->mode == MODE_SMOKE ? 3 : sizeof shapes / sizeof shapes[0];
    for (size_t i = 0; i < count; i++) {
        struct shape shape = shapes[i];
        if (bench->mode == MODE_SMOKE && shape.waiting > 300000) {
            shape.waiting = 300000;
        }
        measure_shape(bench, &shape);
    }
}

/* So many inputs of a small stream, for instructions.sh: the portable kernel, always the same. */
void measure_counted(uint64_t seed, uint64_t inputs)
{
    const struct shape shape = {1, 1024, 250, 4000, 8000, 5, false, 0};
    struct world *w = world_make(&shape, seed);
    must(spw_vector_width_set(w->engine, 0), "the portable kernel");
    world_fill(w);
    prime(w);
    struct spent many;
    struct spent single;
    run(w, inputs / 5 * 4, BATCH, &many);
    run(w, inputs / 5, 1, &single);
    printf("%llu inputs, digest %016llx\n", (unsigned long long)(many.inputs + single.inputs),
           (unsigned long long)spw_event_digest(w->engine));
    world_free(w);
}
