/*
 * plan/quantity.c - numbers with units.
 *
 * What lives here: the grammar of numbers, durations, rates and shares, and their messages. The
 * decimal point is a point in every locale, which is why strtod is not used.
 * Bounds: a duration is from 0 to a hundred years; a rate is positive or zero and finite.
 * Who calls: the readers of plans and scenarios.
 */
#include "plan/quantity.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

static const double powers[] = {1,    1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10,
                                1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21};

struct unit {
    const char *name;
    double ns;
};

static const struct unit units[] = {
    {"ns", 1},         {"us", 1e3},       {"ms", 1e6},      {"s", 1e9},
    {"sec", 1e9},      {"second", 1e9},   {"seconds", 1e9}, {"min", 60e9},
    {"minute", 60e9},  {"minutes", 60e9}, {"h", 3600e9},    {"hour", 3600e9},
    {"hours", 3600e9}, {"d", 86400e9},    {"day", 86400e9}, {"days", 86400e9},
};

static const char *skip_blanks(const char *text)
{
    while (*text == ' ' || *text == '\t') {
        text++;
    }
    return text;
}

/* Up to 18 digits count; a number of that many digits and a power of ten below 10^22 is exact to
 * the last bit or its neighbour, which is finer than any scenario is known. */
const char *spw__parse_number(const char *text, double *number, const char **end)
{
    const char *at = skip_blanks(text);
    bool negative = *at == '-';
    at += *at == '-' || *at == '+';
    uint64_t digits = 0;
    int used = 0, scale = 0;
    bool any = false, point = false;
    for (; isdigit((unsigned char)*at) || (*at == '.' && !point); at++) {
        if (*at == '.') {
            point = true;
            continue;
        }
        any = true;
        if (used < 18) {
            digits = digits * 10 + (uint64_t)(*at - '0');
            used += digits > 0;
            scale -= point;
        } else {
            scale += !point;
        }
    }
    if (!any) {
        return "no number stands here";
    }
    if ((*at == 'e' || *at == 'E') &&
        (isdigit((unsigned char)at[1]) ||
         ((at[1] == '-' || at[1] == '+') && isdigit((unsigned char)at[2])))) {
        bool down = at[1] == '-';
        int exponent = 0;
        for (at += 1 + !isdigit((unsigned char)at[1]); isdigit((unsigned char)*at); at++) {
            exponent = exponent < 1000 ? exponent * 10 + (*at - '0') : exponent;
        }
        scale += down ? -exponent : exponent;
    }
    if (scale > 21 || scale < -40) {
        return "the number is too large or too small";
    }
    double value = (double)digits;
    for (; scale < -21; scale++) {
        value /= 10;
    }
    value = scale < 0 ? value / powers[-scale] : value * powers[scale];
    *number = negative ? -value : value;
    *end = at;
    return NULL;
}

/* The unit at *at, moved past; null when there is none or an unknown one. */
static const struct unit *take_unit(const char **at)
{
    const char *word = skip_blanks(*at);
    size_t length = 0;
    while (isalpha((unsigned char)word[length])) {
        length++;
    }
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strlen(units[i].name) == length && memcmp(units[i].name, word, length) == 0) {
            *at = word + length;
            return &units[i];
        }
    }
    return NULL;
}

/* A unit without a number means one of it: "per h". */
static const char *parse_span(const char *text, bool bare_unit, double *ns)
{
    const char *at = skip_blanks(text);
    double total = 0;
    do {
        double number = 1;
        const char *wrong = NULL;
        if (!bare_unit || !isalpha((unsigned char)*at)) {
            wrong = spw__parse_number(at, &number, &at);
        }
        if (wrong) {
            return wrong;
        }
        if (number < 0) {
            return "time is negative";
        }
        if (!*skip_blanks(at)) {
            return "the unit is missing";
        }
        const struct unit *unit = take_unit(&at);
        if (!unit) {
            return "the unit is not one of time";
        }
        total += number * unit->ns;
        at = skip_blanks(at);
    } while (*at);
    *ns = total;
    return total > 100 * 365.25 * 86400e9 ? "longer than a hundred years" : NULL;
}

const char *spw__parse_duration(const char *text, spw_ns *ns)
{
    double span = 0;
    const char *wrong = parse_span(text, false, &span);
    if (!wrong) {
        *ns = (spw_ns)(span + 0.5);
    }
    return wrong;
}

/* `12 /min`, `12 per min`, `1000 per 12 h`, `1000 / 12 h`; 0 needs no unit. */
const char *spw__parse_rate(const char *text, double *per_second)
{
    double number = 0, span = 0;
    const char *at = NULL;
    const char *wrong = spw__parse_number(text, &number, &at);
    if (wrong) {
        return wrong;
    }
    if (number < 0) {
        return "a rate is negative";
    }
    at = skip_blanks(at);
    if (!*at && number == 0) {
        *per_second = 0;
        return NULL;
    }
    if (*at == '/') {
        at++;
    } else if (strncmp(at, "per ", 4) == 0) {
        at += 4;
    } else {
        return *at ? "the unit is not one of a rate" : "the unit is missing";
    }
    wrong = parse_span(at, true, &span);
    if (wrong) {
        return wrong;
    }
    if (span <= 0) {
        return "a rate per no time";
    }
    *per_second = number / (span / 1e9);
    return NULL;
}

const char *spw__parse_share(const char *text, double *share)
{
    const char *at = NULL;
    double number = 0;
    const char *wrong = spw__parse_number(text, &number, &at);
    if (wrong) {
        return wrong;
    }
    at = skip_blanks(at);
    bool percent = *at == '%';
    at = skip_blanks(at + percent);
    if (*at) {
        return "the unit is not one of a share";
    }
    if (!percent && number != 0) {
        return "the `%` is missing"; /* before the bounds: 90 is meant as 90 % */
    }
    number /= 100;
    if (number < 0 || number > 1) {
        return "outside 0 % to 100 %";
    }
    *share = number;
    return NULL;
}

/* ---- nodes ------------------------------------------------------------------------------- */

static const char expect_duration[] = "a duration such as `90 s`, `5 min`, `2 h`, `250 ms`";
static const char expect_rate[] = "a rate such as `12 /min`, `1000 per 12 h`";
static const char expect_share[] = "a share such as `25 %`";

static bool settle(struct spw__reader *reader, const struct spw__yaml *node, const char *wrong,
                   const char *expected)
{
    if (wrong) {
        spw__fail(reader, node, "`%.60s`: %s; expected %s", node->text, wrong, expected);
    }
    return !wrong;
}

bool spw__take_duration(struct spw__reader *reader, const struct spw__yaml *node, spw_ns *out)
{
    return spw__expect_text(reader, node, expect_duration) &&
           settle(reader, node, spw__parse_duration(node->text, out), expect_duration);
}

bool spw__take_time(struct spw__reader *reader, const struct spw__yaml *node, spw_ns least,
                    spw_ns *out)
{
    const spw_ns most = SPW_TIME_MAX / 4; /* what most fields of the engine take */
    if (!spw__take_duration(reader, node, out)) {
        return false;
    }
    if (*out < least || *out > most) {
        spw__fail(reader, node, "`%.60s`: expected a time %s at most 36 years", node->text,
                  least > 0 ? "above 0 s and" : "of");
    }
    return *out >= least && *out <= most;
}

bool spw__take_rate(struct spw__reader *reader, const struct spw__yaml *node, double *per_second)
{
    return spw__expect_text(reader, node, expect_rate) &&
           settle(reader, node, spw__parse_rate(node->text, per_second), expect_rate);
}

bool spw__take_share(struct spw__reader *reader, const struct spw__yaml *node, double *share)
{
    return spw__expect_text(reader, node, expect_share) &&
           settle(reader, node, spw__parse_share(node->text, share), expect_share);
}

bool spw__take_number(struct spw__reader *reader, const struct spw__yaml *node, double *out)
{
    if (!spw__expect_text(reader, node, "a number")) {
        return false;
    }
    const char *end = "";
    double number = 0;
    const char *wrong = spw__parse_number(node->text, &number, &end);
    if (!wrong && *skip_blanks(end)) {
        wrong = "something follows the number";
    }
    if (!settle(reader, node, wrong, "a number without a unit")) {
        return false;
    }
    *out = number;
    return true;
}

bool spw__take_whole(struct spw__reader *reader, const struct spw__yaml *node, int64_t least,
                     int64_t most, int64_t *out)
{
    double number = 0;
    if (!spw__take_number(reader, node, &number)) {
        return false;
    }
    if (number != floor(number) || number < (double)least || number > (double)most) {
        spw__fail(reader, node, "`%.60s`: expected a whole number from %lld to %lld", node->text,
                  (long long)least, (long long)most);
        return false;
    }
    *out = (int64_t)number;
    return true;
}

bool spw__take_word(struct spw__reader *reader, const struct spw__yaml *node,
                    const char *const *words, uint32_t *index)
{
    if (!spw__expect_text(reader, node, "a word")) {
        return false;
    }
    for (uint32_t i = 0; words[i]; i++) {
        if (strcmp(words[i], node->text) == 0) {
            *index = i;
            return true;
        }
    }
    char all[200] = "";
    for (uint32_t i = 0; words[i]; i++) {
        size_t used = strlen(all);
        strncat(all, i ? ", " : "", sizeof all - used - 1);
        strncat(all, words[i], sizeof all - strlen(all) - 1);
    }
    spw__fail(reader, node, "`%.60s`: expected one of: %s", node->text, all);
    return false;
}

bool spw__take_switch(struct spw__reader *reader, const struct spw__yaml *node, bool *out)
{
    static const char *const words[] = {"no", "yes", "false", "true", NULL};
    uint32_t index = 0;
    if (!spw__take_word(reader, node, words, &index)) {
        return false;
    }
    *out = index % 2 == 1;
    return true;
}

bool spw__read_duration(struct spw__reader *reader, const struct spw__yaml *map, const char *key,
                        spw_ns *out)
{
    const struct spw__yaml *node = spw__yaml_get(map, key);
    return node && spw__take_duration(reader, node, out);
}

bool spw__read_rate(struct spw__reader *reader, const struct spw__yaml *map, const char *key,
                    double *per_second)
{
    const struct spw__yaml *node = spw__yaml_get(map, key);
    return node && spw__take_rate(reader, node, per_second);
}

bool spw__read_share(struct spw__reader *reader, const struct spw__yaml *map, const char *key,
                     double *share)
{
    const struct spw__yaml *node = spw__yaml_get(map, key);
    return node && spw__take_share(reader, node, share);
}

bool spw__read_number(struct spw__reader *reader, const struct spw__yaml *map, const char *key,
                      double *out)
{
    const struct spw__yaml *node = spw__yaml_get(map, key);
    return node && spw__take_number(reader, node, out);
}

bool spw__read_whole(struct spw__reader *reader, const struct spw__yaml *map, const char *key,
                     int64_t least, int64_t most, int64_t *out)
{
    const struct spw__yaml *node = spw__yaml_get(map, key);
    return node && spw__take_whole(reader, node, least, most, out);
}

bool spw__read_switch(struct spw__reader *reader, const struct spw__yaml *map, const char *key,
                      bool *out)
{
    const struct spw__yaml *node = spw__yaml_get(map, key);
    return node && spw__take_switch(reader, node, out);
}

bool spw__read_word(struct spw__reader *reader, const struct spw__yaml *map, const char *key,
                    const char *const *words, uint32_t *index)
{
    const struct spw__yaml *node = spw__yaml_get(map, key);
    return node && spw__take_word(reader, node, words, index);
}
