/*
 * sim/dist.c - sampling from distributions given by their mean and shape.
 *
 * Parameters are means, because that is what people know; scales are derived here.
 * Who calls: draws.c, passage.c, staff.c, wrap_up.c. Cost: one to three draws a sample.
 */
#include "sim/dist.h"

#include <math.h>
#include <stdio.h>

static double sample_mixture(const struct spw_dist *dist, struct spw__stream *stream)
{
    double total = 0;
    for (size_t i = 0; i < dist->part_count; i++) {
        total += dist->weight[i];
    }
    double at = spw__stream_uniform(stream) * total;
    for (size_t i = 0; i + 1 < dist->part_count; i++) {
        if (at < dist->weight[i]) {
            return spw__dist_sample(dist->part[i], stream);
        }
        at -= dist->weight[i];
    }
    return spw__dist_sample(dist->part[dist->part_count - 1], stream);
}

static double sample_empirical(const struct spw_dist *dist, struct spw__stream *stream)
{
    double at = spw__stream_uniform(stream) * (double)dist->quantile_count - 0.5;
    if (at <= 0) {
        return dist->quantile_s[0];
    }
    size_t low = (size_t)at;
    if (low + 1 >= dist->quantile_count) {
        return dist->quantile_s[dist->quantile_count - 1];
    }
    double a = dist->quantile_s[low];
    double b = dist->quantile_s[low + 1];
    return isinf(b) ? (at - (double)low < 0.5 ? a : b) : a + (b - a) * (at - (double)low);
}

static double sample_lognormal(const struct spw_dist *dist, struct spw__stream *stream)
{
    double variance = log(1 + dist->b * dist->b);
    return dist->mean_s * exp(sqrt(variance) * spw__stream_normal(stream) - variance / 2);
}

double spw__dist_sample(const struct spw_dist *dist, struct spw__stream *stream)
{
    switch (dist->kind) {
    case SPW_DIST_CONSTANT:
        return dist->mean_s;
    case SPW_DIST_EXPONENTIAL:
        return spw__stream_exponential(stream, dist->mean_s);
    case SPW_DIST_UNIFORM:
        return dist->mean_s + dist->b * (2 * spw__stream_uniform(stream) - 1);
    case SPW_DIST_LOGNORMAL:
        return sample_lognormal(dist, stream);
    case SPW_DIST_WEIBULL:
        return dist->mean_s / tgamma(1 + 1 / dist->b) *
               pow(-log(spw__stream_uniform(stream)), 1 / dist->b);
    case SPW_DIST_MIXTURE:
        return sample_mixture(dist, stream);
    case SPW_DIST_EMPIRICAL:
        return sample_empirical(dist, stream);
    default:
        return INFINITY;
    }
}

double spw__dist_mean(const struct spw_dist *dist)
{
    double sum = 0;
    double total = 0;
    switch (dist->kind) {
    case SPW_DIST_MIXTURE:
        for (size_t i = 0; i < dist->part_count; i++) {
            sum += dist->weight[i] * spw__dist_mean(dist->part[i]);
            total += dist->weight[i];
        }
        return sum / total;
    case SPW_DIST_EMPIRICAL:
        for (size_t i = 0; i < dist->quantile_count; i++) {
            sum += dist->quantile_s[i];
        }
        return sum / (double)dist->quantile_count;
    case SPW_DIST_NEVER:
        return INFINITY;
    default:
        return dist->mean_s;
    }
}

static int say(char *error, size_t size, const char *text)
{
    if (error != NULL && size > 0) {
        (void)snprintf(error, size, "%s", text);
    }
    return -1;
}

static int check_mixture(const struct spw_dist *dist, char *error, size_t size)
{
    double total = 0;
    if (dist->part_count == 0 || dist->part_count > SPW_DIST_PARTS_MAX) {
        return say(error, size, "a mixture has 1 to 8 parts");
    }
    for (size_t i = 0; i < dist->part_count; i++) {
        if (!(dist->weight[i] >= 0) || dist->part[i] == NULL) {
            return say(error, size, "a part of a mixture needs a weight of at least 0");
        }
        if (dist->part[i]->kind == SPW_DIST_MIXTURE) {
            return say(error, size, "a part of a mixture is a mixture itself");
        }
        if (spw__dist_check(dist->part[i], error, size) != 0) {
            return -1;
        }
        total += dist->weight[i];
    }
    return total > 0 ? 0 : say(error, size, "the weights of a mixture are all 0");
}

static int check_empirical(const struct spw_dist *dist, char *error, size_t size)
{
    if (dist->quantile_count == 0 || dist->quantile_s == NULL) {
        return say(error, size, "an empirical distribution needs at least one value");
    }
    for (size_t i = 0; i < dist->quantile_count; i++) {
        if (!(dist->quantile_s[i] >= 0) ||
            (i > 0 && dist->quantile_s[i] < dist->quantile_s[i - 1])) {
            return say(error, size, "the values of an empirical distribution must rise from 0");
        }
    }
    return 0;
}

/* Beyond these nobody's patience lies, and the sums leave the range of a double. */
#define SHAPE_LEAST 0.05
#define SHAPE_MOST 50.0

int spw__dist_check(const struct spw_dist *dist, char *error, size_t size)
{
    switch (dist->kind) {
    case SPW_DIST_MIXTURE:
        return check_mixture(dist, error, size);
    case SPW_DIST_EMPIRICAL:
        return check_empirical(dist, error, size);
    case SPW_DIST_NEVER:
        return 0;
    case SPW_DIST_UNIFORM:
        if (!(dist->b >= 0) || dist->b > dist->mean_s) {
            return say(error, size, "the half width must be between 0 and the mean");
        }
        break;
    case SPW_DIST_LOGNORMAL:
    case SPW_DIST_WEIBULL:
        if (!(dist->b >= SHAPE_LEAST && dist->b <= SHAPE_MOST)) {
            return say(error, size, "the shape (or cv) must be between 0.05 and 50");
        }
        break;
    case SPW_DIST_CONSTANT:
    case SPW_DIST_EXPONENTIAL:
        break;
    default:
        return say(error, size, "there is no such kind of distribution");
    }
    if (!(dist->mean_s >= 0) || isinf(dist->mean_s)) {
        return say(error, size, "the mean must be at least 0 and finite");
    }
    return 0;
}
