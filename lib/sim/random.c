/*
 * sim/random.c - counter-based random numbers.
 *
 * The n-th draw of a stream is a mix of its key and n: nothing is carried over from other draws, so
 * adding a draw for one purpose changes none of another. The mix is the finaliser of SplitMix64
 * (Steele, Lea, Flood 2014), applied twice with the key in between.
 * Who calls: every room of the simulator. Cost: two multiplications a round.
 */
#include "sim/random.h"

#include <math.h>

static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

uint64_t spw__stream_key(uint64_t seed, uint64_t run, uint64_t purpose)
{
    uint64_t key = mix(seed + 0x9e3779b97f4a7c15u);
    key = mix(key ^ (run * 0xd1342543de82ef95u + 1));
    return mix(key ^ (purpose * 0xaf251af3b0f025b5u + 2));
}

struct spw__stream spw__stream_of(uint64_t key, uint64_t person)
{
    struct spw__stream stream = {mix(key ^ (person * 0x9e3779b97f4a7c15u + 3)), 0};
    return stream;
}

struct spw__stream spw__stream_make(uint64_t seed, uint64_t run, uint64_t purpose, uint64_t person)
{
    return spw__stream_of(spw__stream_key(seed, run, purpose), person);
}

uint64_t spw__stream_u64(struct spw__stream *stream)
{
    stream->counter += 0x9e3779b97f4a7c15u;
    return mix(mix(stream->counter) ^ stream->key);
}

double spw__stream_uniform(struct spw__stream *stream)
{
    return ((double)(spw__stream_u64(stream) >> 11) + 0.5) * (1.0 / 9007199254740992.0);
}

double spw__stream_exponential(struct spw__stream *stream, double mean)
{
    return -mean * log(spw__stream_uniform(stream));
}

double spw__stream_normal(struct spw__stream *stream)
{
    for (;;) {
        double u = 2 * spw__stream_uniform(stream) - 1;
        double v = 2 * spw__stream_uniform(stream) - 1;
        double s = u * u + v * v;
        if (s < 1 && s > 0) {
            return u * sqrt(-2 * log(s) / s);
        }
    }
}
