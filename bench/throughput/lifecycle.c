/*
 * bench/throughput/lifecycle.c - commands per second over whole lives.
 *
 * The published mix: arrive 1, offer 1.15, accept 1, end 1, wrap-up 1, abandon 0.25, redial 0.1.
 * Cards in those proportions are shuffled and dealt, so that the stream is random and the mix
 * exact. An offer is not a command to this engine, it is its answer: 1.15 offers come of 1 wrap-up
 * and 0.15 declines, and the declines are dealt in their place. So a life is 4.5 inputs through the
 * door; both figures are reported, inputs as the main one because it is the smaller.
 *
 * A life takes 1.1 people from outside and gives 1.25 back, so the crowd shrinks by 0.15 a life: it
 * is topped up, untimed, before it has shrunk by a tenth.
 */
#include "throughput.h"

#include <stdio.h>

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
    for (int round = 0; round < 8; round++) {
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
};

static void refill(struct world *w)
{
    uint32_t floor = w->shape.waiting - w->shape.waiting / 10;
    if (w->waiting_count < floor) {
        crowd_top_up(w, w->shape.waiting - w->waiting_count);
    }
}

static struct spent run(struct world *w, uint64_t inputs, bool single)
{
    struct spent spent = {0, w->offers_seen, 0};
    struct deck deck = {{0}, 0};
    struct spw_input batch[BATCH];
    while (spent.inputs < inputs) {
        size_t n = 0;
        for (uint32_t tried = 0; n < BATCH && tried < 4 * BATCH; tried++) {
            n += play(w, deal(w, &deck), &batch[n]);
        }
        if (single) {
            crowd_apply_single(w, batch, n, &spent.nanoseconds);
        } else {
            crowd_apply(w, batch, n, &spent.nanoseconds);
        }
        spent.inputs += n;
        refill(w);
    }
    spent.offers = w->offers_seen - spent.offers;
    return spent;
}

static void report(const struct bench *bench, const char *how, const struct shape *shape,
                   const struct spent *spent)
{
    char shape_text[96];
    char label[128];
    double seconds = (double)spent->nanoseconds / 1e9;
    double inputs = (double)spent->inputs;
    double offers = (double)spent->offers;
    shape_label(shape, shape_text, sizeof shape_text);
    snprintf(label, sizeof label, "%s, %s", shape_text, how);
    double values[] = {inputs / seconds / 1e6, (inputs + offers) / seconds / 1e6,
                       offers / seconds / 1e6, seconds * 1e9 / inputs};
    report_row(bench->report, "lifecycle", label, values);
}

void measure_lifecycle(const struct bench *bench)
{
    static const char *const columns[] = {"M inputs/s", "M commands of the mix/s", "M matches/s",
                                          "ns an input"};
    report_group(
        bench->report, "lifecycle",
        "Random stream of whole lives (arrive 1, decline 0.15, accept 1, end 1, wrap-up 1, "
        "abandon 0.25, redial 0.1; the engine answers with 1.15 offers). Batches of 64 "
        "through apply_many, and one at a time, each visible before the next. One core. "
        "The commands of the mix count the offers as well.",
        columns, 4);
    const struct shape shapes[] = {{1, 1024, 1000, 100000, 10000, 5, false},
                                   {1, 1024, 1000, 100000, 1000000, 5, false},
                                   {1, 4096, 1000, 100000, 1000000, 5, false},
                                   {1, 4096, 1000, 100000, 1000000, 60, false}};
    size_t count = bench->mode == MODE_SMOKE ? 2 : sizeof shapes / sizeof shapes[0];
    for (size_t i = 0; i < count; i++) {
        struct shape shape = shapes[i];
        if (bench->mode == MODE_SMOKE && shape.waiting > 300000) {
            shape.waiting = 300000;
        }
        struct world *w = world_make(&shape, bench->seed);
        uint64_t inputs = bench->mode == MODE_SMOKE ? 400000 : 5000000;
        world_fill(w);
        prime(w);
        (void)run(w, inputs / 10, false); /* warm */
        struct spent many = run(w, inputs, false);
        report(bench, "batches", &shape, &many);
        struct spent single = run(w, inputs / 2, true);
        report(bench, "one at a time", &shape, &single);
        char label[96];
        shape_label(&shape, label, sizeof label);
        report_digest(bench->report, label, spw_event_digest(w->engine));
        if (i == 0) {
            report_digest(bench->report, "state of the first", spw_state_hash(w->engine));
        }
        world_free(w);
    }
}

/* So many inputs of a small stream, for instructions.sh: the portable kernel, always the same. */
void measure_counted(uint64_t seed, uint64_t inputs)
{
    const struct shape shape = {1, 1024, 250, 4000, 8000, 5, false};
    struct world *w = world_make(&shape, seed);
    must(spw_vector_width_set(w->engine, 0), "the portable kernel");
    world_fill(w);
    prime(w);
    struct spent many = run(w, inputs / 5 * 4, false);
    struct spent single = run(w, inputs / 5, true);
    printf("%llu inputs, digest %016llx\n", (unsigned long long)(many.inputs + single.inputs),
           (unsigned long long)spw_event_digest(w->engine));
    world_free(w);
}
