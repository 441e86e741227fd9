/*
 * sim/result.c - the figures of a run, group by group, and their means over the runs.
 *
 * A group is a set of cells: all, a priority, a queue, a centre, a stream; or a crew. Counts are
 * means over the runs. Shares, mean waits and quantiles are those of everybody in all runs
 * together: the mean over runs of a median of three people is the median of nothing. What stays a
 * mean over runs and does not exist in one of them (the longest wait of nobody) is left out, not
 * taken as 0.
 * Who calls: sim/run.c, once per run. Cost: groups times cells times the size of a histogram.
 */
#include "sim/result.h"

#include <math.h>
#include <stdlib.h>

#include "sim/quantile.h"
#include "sim/scenario.h"

struct group {
    enum spw_group_kind kind;
    uint32_t number;
    struct spw__moments figure[SPW_MEASURE_COUNT];
    struct spw__ratio ratio[SPW_MEASURE_COUNT];
    struct spw__moments ended[SPW_END_PLACES];
    struct spw__quantiles *let_in; /* of all runs so far */
    struct spw__quantiles *person;
};

/* A figure of one run: a value, or `over` among `under` people who are counted. */
struct value {
    double over;
    double under; /* below 0: there are none */
};

struct interval {
    struct spw__slot sum;
    struct spw__moments now[9];
};

struct spw__merge {
    uint32_t runs;
    size_t group_count;
    struct group *group;
    size_t interval_count;
    struct interval *interval;
    size_t crew_count;
    size_t stream_count;
    struct spw__moments *served; /* by crew and inside it by stream */
    double slot_s;
    double could_serve_per_staffed_s; /* sum over the runs */
    struct spw__moments capacity;
    struct spw__moments offered_load;
    struct spw__moments lost_to_limits;
    double longest_p0_s;
    struct spw__histogram let_in; /* scratch */
    struct spw__histogram person;
    struct spw__quantiles *pooled; /* two for each group */
};

/* --- groups ----------------------------------------------------------------------------------- */

static bool belongs(const struct group *group, const struct spw__cell *cell)
{
    if (group->kind <= SPW_GROUP_CENTRE && spw__cell_is_test(cell)) {
        return false;
    }
    switch (group->kind) {
    case SPW_GROUP_ALL:
        return true;
    case SPW_GROUP_PRIORITY:
        return cell->priority == group->number;
    case SPW_GROUP_QUEUE:
        return cell->queue == group->number;
    case SPW_GROUP_CENTRE:
        return cell->centre == group->number;
    case SPW_GROUP_STREAM:
        return cell->stream == group->number;
    case SPW_GROUP_KIND:
        return cell->kind == group->number;
    default:
        return false;
    }
}

static void group_note(struct spw__merge *merge, enum spw_group_kind kind, uint32_t number)
{
    for (size_t i = 0; i < merge->group_count; i++) {
        if (merge->group[i].kind == kind && merge->group[i].number == number) {
            return;
        }
    }
    struct group *group = &merge->group[merge->group_count++];
    group->kind = kind;
    group->number = number;
}

static void groups_note(struct spw__merge *merge, const struct spw_world *world)
{
    const struct spw__tally *tally = &world->tally;
    group_note(merge, SPW_GROUP_ALL, 0);
    for (uint32_t p = 0; p < SPW_PRIORITY_COUNT; p++) {
        for (size_t i = 0; i < tally->cell_count; i++) {
            if (tally->cell[i].priority == p && !spw__cell_is_test(&tally->cell[i])) {
                group_note(merge, SPW_GROUP_PRIORITY, p);
            }
        }
    }
    for (size_t i = 0; i < tally->cell_count; i++) {
        group_note(merge, SPW_GROUP_QUEUE, tally->cell[i].queue);
    }
    for (size_t i = 0; i < tally->cell_count; i++) {
        group_note(merge, SPW_GROUP_CENTRE, tally->cell[i].centre);
    }
    for (size_t i = 0; i < tally->cell_count; i++) {
        group_note(merge, SPW_GROUP_STREAM, tally->cell[i].stream);
    }
    for (size_t i = 0; i < tally->cell_count; i++) {
        if (tally->cell[i].kind != SPW__NO_KIND) {
            group_note(merge, SPW_GROUP_KIND, tally->cell[i].kind);
        }
    }
    for (uint32_t i = 0; i < tally->crew_count; i++) {
        group_note(merge, SPW_GROUP_CREW, i);
    }
}

struct spw__merge *spw__merge_make(const struct spw_world *world)
{
    const struct spw__tally *tally = &world->tally;
    struct spw__merge *merge = calloc(1, sizeof *merge);
    if (merge == NULL) {
        return NULL;
    }
    size_t most = 1 + SPW_PRIORITY_COUNT + 4 * tally->cell_count + tally->crew_count;
    merge->group = calloc(most, sizeof *merge->group);
    merge->interval = calloc(tally->slot_count + 1, sizeof *merge->interval);
    merge->crew_count = tally->crew_count;
    merge->stream_count = world->scenario->stream_count;
    merge->served = calloc(merge->crew_count * merge->stream_count + 1, sizeof *merge->served);
    if (merge->group == NULL || merge->interval == NULL || merge->served == NULL) {
        spw__merge_free(merge);
        return NULL;
    }
    merge->interval_count = tally->slot_count;
    merge->slot_s = tally->slot_s;
    groups_note(merge, world);
    merge->pooled = calloc(2 * merge->group_count, sizeof *merge->pooled);
    if (merge->pooled == NULL) {
        spw__merge_free(merge);
        return NULL;
    }
    for (size_t i = 0; i < merge->group_count; i++) {
        merge->group[i].let_in = &merge->pooled[2 * i];
        merge->group[i].person = &merge->pooled[2 * i + 1];
    }
    return merge;
}

void spw__merge_free(struct spw__merge *merge)
{
    if (merge != NULL) {
        free(merge->group);
        free(merge->interval);
        free(merge->served);
        for (size_t i = 0; merge->pooled != NULL && i < 2 * merge->group_count; i++) {
            spw__quantiles_free(&merge->pooled[i]);
        }
        free(merge->pooled);
        free(merge);
    }
}

/* --- one run ---------------------------------------------------------------------------------- */

static void cell_add(struct spw__cell *sum, const struct spw__cell *cell)
{
    sum->people += cell->people;
    sum->attempts += cell->attempts;
    sum->answered += cell->answered;
    sum->within_target += cell->within_target;
    sum->gave_up += cell->gave_up;
    sum->other_ends += cell->other_ends;
    sum->connected += cell->connected;
    sum->left += cell->left;
    sum->refused += cell->refused;
    sum->at_once += cell->at_once;
    sum->over_target += cell->over_target;
    sum->callbacks += cell->callbacks;
    sum->called_back += cell->called_back;
    sum->transferred += cell->transferred;
    sum->dropped += cell->dropped;
    for (int i = 0; i < SPW_END_PLACES; i++) {
        sum->ended[i] += cell->ended[i];
    }
    sum->wait_answered_s += cell->wait_answered_s;
    sum->wait_left_s += cell->wait_left_s;
    sum->callback_delay_s += cell->callback_delay_s;
    for (int i = 0; i < SPW__SPANS; i++) {
        sum->span_s[i] += cell->span_s[i];
    }
    sum->wait_max_s = fmax(sum->wait_max_s, cell->wait_max_s);
    sum->last_wait_end_s = fmax(sum->last_wait_end_s, cell->last_wait_end_s);
}

static double over(double a, double b)
{
    return b > 0 ? a / b : NAN;
}

static struct value plain(double value)
{
    return (struct value){value, -1};
}

static struct value of(double over, uint64_t under)
{
    return (struct value){over, (double)under};
}

static void counts(const struct spw__cell *sum, struct value *value)
{
    value[SPW_MEASURE_PEOPLE] = plain((double)sum->people);
    value[SPW_MEASURE_ATTEMPTS] = plain((double)sum->attempts);
    value[SPW_MEASURE_REACHED] = of((double)sum->answered, sum->people);
    value[SPW_MEASURE_WITHIN_TARGET] = of((double)sum->within_target, sum->people);
    value[SPW_MEASURE_ANSWERED] = plain((double)sum->answered);
    value[SPW_MEASURE_ABANDONED] = plain((double)sum->gave_up);
    value[SPW_MEASURE_ABANDONED_SHARE] = of((double)sum->gave_up, sum->people);
    value[SPW_MEASURE_ATTEMPT_ABANDONED] = of((double)sum->left, sum->attempts);
    value[SPW_MEASURE_REFUSED] = plain((double)sum->refused);
    value[SPW_MEASURE_REFUSED_SHARE] = of((double)sum->refused, sum->attempts);
    value[SPW_MEASURE_OTHER_ENDS] = plain((double)sum->other_ends);
    value[SPW_MEASURE_AT_ONCE] = of((double)sum->at_once, sum->attempts);
    value[SPW_MEASURE_OVER_TARGET] = of((double)sum->over_target, sum->attempts);
    value[SPW_MEASURE_CALLBACKS] = plain((double)sum->callbacks);
    value[SPW_MEASURE_TRANSFERRED] = plain((double)sum->transferred);
    value[SPW_MEASURE_DROPPED] = plain((double)sum->dropped);
}

static const struct {
    enum spw_measure measure;
    bool person; /* of people reached, else of attempts let in */
    double share;
} quantiles[] = {{SPW_MEASURE_WAIT_ALL_P50, false, 0.5}, {SPW_MEASURE_WAIT_ALL_P90, false, 0.9},
                 {SPW_MEASURE_WAIT_P50, true, 0.5},      {SPW_MEASURE_WAIT_P90, true, 0.9},
                 {SPW_MEASURE_WAIT_P95, true, 0.95},     {SPW_MEASURE_WAIT_P99, true, 0.99}};

static void waits(const struct spw__cell *sum, double window_s, struct value *value)
{
    value[SPW_MEASURE_WAIT_ALL] =
        of(sum->wait_answered_s + sum->wait_left_s, sum->connected + sum->left);
    value[SPW_MEASURE_WAIT_ANSWERED] = of(sum->wait_answered_s, sum->connected);
    value[SPW_MEASURE_WAIT_ABANDONED] = of(sum->wait_left_s, sum->left);
    value[SPW_MEASURE_WAIT_MAX] = plain(sum->people > 0 ? sum->wait_max_s : NAN);
    value[SPW_MEASURE_MEAN_WAITING] = plain(sum->span_s[SPW__SPAN_WAITING] / window_s);
    value[SPW_MEASURE_MEAN_CONNECTED] = plain(sum->span_s[SPW__SPAN_TALKING] / window_s);
    value[SPW_MEASURE_MEAN_ORBIT] = plain(sum->span_s[SPW__SPAN_ORBIT] / window_s);
    value[SPW_MEASURE_MEAN_CALLBACKS] = plain(sum->span_s[SPW__SPAN_CALLBACK] / window_s);
    value[SPW_MEASURE_LAST_WAIT_END] = plain(sum->last_wait_end_s);
    value[SPW_MEASURE_CALLBACK_DELAY] = of(sum->callback_delay_s, sum->called_back);
}

static void group_add(struct spw__merge *merge, struct group *group, const struct spw__tally *tally)
{
    struct value value[SPW_MEASURE_COUNT];
    struct spw__cell sum = {0};
    for (int m = 0; m < SPW_MEASURE_COUNT; m++) {
        value[m] = plain(NAN);
    }
    if (group->kind == SPW_GROUP_CREW) {
        const struct spw__crew_tally *crew = &tally->crew[group->number];
        value[SPW_MEASURE_OCCUPANCY] = (struct value){crew->busy_s, crew->staffed_s};
    } else {
        merge->let_in = (struct spw__histogram){0};
        merge->person = (struct spw__histogram){0};
        for (size_t i = 0; i < tally->cell_count; i++) {
            if (belongs(group, &tally->cell[i])) {
                cell_add(&sum, &tally->cell[i]);
                spw__histogram_merge(&merge->let_in, tally->cell[i].let_in);
                spw__histogram_merge(&merge->person, tally->cell[i].person);
            }
        }
        spw__quantiles_add(group->let_in, &merge->let_in);
        spw__quantiles_add(group->person, &merge->person);
        counts(&sum, value);
        waits(&sum, tally->to_s - tally->from_s, value);
        for (int i = 0; i < SPW_END_PLACES; i++) {
            spw__moments_add(&group->ended[i], (double)sum.ended[i]);
        }
    }
    for (int m = 0; m < SPW_MEASURE_COUNT; m++) {
        if (value[m].under >= 0) {
            spw__ratio_add(&group->ratio[m], value[m].over, value[m].under);
        } else if (!isnan(value[m].over)) {
            spw__moments_add(&group->figure[m], value[m].over);
        }
    }
}

static void interval_add(struct interval *interval, const struct spw__slot *slot)
{
    interval->sum.people += slot->people;
    interval->sum.attempts += slot->attempts;
    for (int k = 0; k < SPW__SLOT_SUMS; k++) {
        interval->sum.sum_s[k] += slot->sum_s[k];
    }
    for (int p = 0; p < 9; p++) {
        interval->sum.wait_s[p] += slot->wait_s[p];
        interval->sum.wait_count[p] += slot->wait_count[p];
        spw__moments_add(&interval->now[p], slot->now[p]);
    }
}

/* Cells stand in the order of their streams. */
static void served_add(struct spw__merge *merge, const struct spw__tally *tally)
{
    for (size_t crew = 0; crew < merge->crew_count; crew++) {
        const uint64_t *served = &tally->served[crew * tally->cell_count];
        size_t cell = 0;
        for (size_t stream = 0; stream < merge->stream_count; stream++) {
            double sum = 0;
            for (; cell < tally->cell_count && tally->cell[cell].stream == stream; cell++) {
                sum += (double)served[cell];
            }
            spw__moments_add(&merge->served[crew * merge->stream_count + stream], sum);
        }
    }
}

void spw__merge_add(struct spw__merge *merge, const struct spw_world *world)
{
    const struct spw__tally *tally = &world->tally;
    double window_s = tally->to_s - tally->from_s;
    double people = 0;
    double staffed_s = 0;
    double room_s = 0; /* the same, of counsellors of 100 units */
    for (size_t i = 0; i < merge->group_count; i++) {
        group_add(merge, &merge->group[i], tally);
    }
    for (size_t i = 0; i < merge->interval_count; i++) {
        interval_add(&merge->interval[i], &tally->slot[i]);
    }
    served_add(merge, tally);
    for (size_t i = 0; i < tally->cell_count; i++) {
        people += (double)tally->cell[i].people;
    }
    for (size_t i = 0; i < tally->crew_count; i++) {
        const struct spw_crew *crew = &world->scenario->crews[i];
        double units = crew->units > 0 ? crew->units : 100;
        staffed_s += tally->crew[i].staffed_s;
        room_s +=
            spw__crew_holds_any(world->scenario, crew) ? tally->crew[i].staffed_s * units / 100 : 0;
    }
    double talk_s = people > 0 ? tally->talk_s / people : 0;
    double share = tally->talk_s > 0 ? tally->load_s / tally->talk_s : 1;
    double wrap_up_s = tally->wrapped > 0 ? tally->wrapped_s / tally->wrapped : tally->wrap_up_s;
    double handling_s = (talk_s * tally->factor + wrap_up_s) * share;
    double rate = handling_s > 0 && staffed_s > 0 ? room_s / staffed_s / handling_s : 0;
    merge->could_serve_per_staffed_s += rate;
    spw__moments_add(&merge->capacity, staffed_s / window_s * rate);
    spw__moments_add(&merge->offered_load, people * handling_s / window_s);
    struct spw_counters counters;
    if (spw_view_counters(world->engine, 0, 0, -1, 0, &counters) == SPW_OK) {
        spw__moments_add(&merge->lost_to_limits, (double)counters.lost_to_limits);
    }
    merge->longest_p0_s = fmax(merge->longest_p0_s, tally->longest_p0_s);
    merge->runs++;
}

/* --- the whole -------------------------------------------------------------------------------- */

static struct spw_figure figure(const struct spw__moments *moments)
{
    struct spw_figure made = {NAN, NAN};
    if (moments->count > 0) {
        made.mean = moments->mean;
        made.half_width = spw__moments_half_width(moments);
    }
    return made;
}

static void group_figures(struct spw_group *made, const struct group *group)
{
    for (int m = 0; m < SPW_MEASURE_COUNT; m++) {
        made->figure[m] = figure(&group->figure[m]);
        if (group->ratio[m].mean_x > 0) {
            made->figure[m].mean = spw__ratio_value(&group->ratio[m]);
            made->figure[m].half_width = spw__ratio_half_width(&group->ratio[m]);
        }
    }
    for (size_t i = 0; i < sizeof quantiles / sizeof *quantiles; i++) {
        made->figure[quantiles[i].measure] = spw__quantiles_figure(
            quantiles[i].person ? group->person : group->let_in, quantiles[i].share);
    }
    for (int e = 0; e < SPW_END_PLACES; e++) {
        made->ended[e] = figure(&group->ended[e]);
    }
}

static void bucket_fill(struct spw_bucket *bucket, const struct spw__merge *merge, size_t i)
{
    const struct spw__slot *sum = &merge->interval[i].sum;
    double runs = merge->runs;
    bucket->from_s = (double)i * merge->slot_s;
    bucket->people = sum->people / runs;
    bucket->attempts = sum->attempts / runs;
    bucket->could_serve =
        sum->sum_s[SPW__SLOT_STAFFED] / runs * merge->could_serve_per_staffed_s / runs;
    bucket->waiting = sum->sum_s[SPW__SLOT_WAITING] / runs / merge->slot_s;
    for (int p = 0; p < 8; p++) {
        bucket->waiting_of[p] = sum->sum_s[SPW__SLOT_WAITING_OF + p] / runs / merge->slot_s;
    }
    bucket->busy = sum->sum_s[SPW__SLOT_BUSY] / runs / merge->slot_s;
    bucket->staffed = sum->sum_s[SPW__SLOT_STAFFED] / runs / merge->slot_s;
    for (int p = 0; p < 9; p++) {
        bucket->waiting_now[p] = figure(&merge->interval[i].now[p]);
        bucket->wait_s[p] = over(sum->wait_s[p], sum->wait_count[p]);
        bucket->wait_count[p] = sum->wait_count[p] / runs;
    }
}

struct spw_result *spw__merge_result(const struct spw__merge *merge)
{
    struct spw_result *result = calloc(1, sizeof *result);
    struct spw_group *groups = calloc(merge->group_count, sizeof *groups);
    struct spw_bucket *buckets = calloc(merge->interval_count + 1, sizeof *buckets);
    struct spw_figure *served = calloc(merge->crew_count * merge->stream_count + 1, sizeof *served);
    if (result == NULL || groups == NULL || buckets == NULL || served == NULL) {
        free(result);
        free(groups);
        free(buckets);
        free(served);
        return NULL;
    }
    for (size_t i = 0; i < merge->group_count; i++) {
        groups[i].kind = merge->group[i].kind;
        groups[i].number = merge->group[i].number;
        group_figures(&groups[i], &merge->group[i]);
    }
    for (size_t i = 0; i < merge->interval_count; i++) {
        bucket_fill(&buckets[i], merge, i);
    }
    for (size_t i = 0; i < merge->crew_count * merge->stream_count; i++) {
        served[i] = figure(&merge->served[i]);
    }
    result->served = served;
    result->runs = merge->runs;
    result->groups = result->all = groups;
    result->group_count = merge->group_count;
    result->buckets = buckets;
    result->bucket_count = merge->interval_count;
    result->longest_p0_wait_s = merge->longest_p0_s;
    result->capacity = figure(&merge->capacity);
    result->offered_load = figure(&merge->offered_load);
    result->lost_to_limits = figure(&merge->lost_to_limits);
    return result;
}

void spw_result_free(struct spw_result *result)
{
    if (result != NULL) {
        free((void *)result->groups);
        free((void *)result->buckets);
        free((void *)result->served);
        free(result);
    }
}

const struct spw_group *spw_result_group(const struct spw_result *result, enum spw_group_kind kind,
                                         uint32_t number)
{
    for (size_t i = 0; i < result->group_count; i++) {
        if (result->groups[i].kind == kind && result->groups[i].number == number) {
            return &result->groups[i];
        }
    }
    return NULL;
}
