/*
 * command/report/text.c - words and numbers on the page of the report.
 *
 * What lives here: escaping for HTML and for JSON inside a script element, and how numbers, spans
 * and groups are put. Names come from files that anybody may have written: `<`, `>` and `&` never
 * reach the page, neither as text nor inside a string of the script, and what is not UTF-8 becomes
 * U+FFFD. Who calls: the other rooms of the report.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <spillway/plan.h>

#include "command/outcome/words.h"
#include "command/report/report.h"

/* The length of the well-formed character at `text`, with its code point; 0 when it is none. */
static size_t take_character(const unsigned char *text, uint32_t *point)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = text[0] < 0x80   ? 1
                    : text[0] < 0xc2 ? 0
                    : text[0] < 0xe0 ? 2
                    : text[0] < 0xf0 ? 3
                    : text[0] < 0xf5 ? 4
                                     : 0;
    if (length < 2) {
        *point = text[0];
        return length;
    }
    *point = text[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((text[i] & 0xc0u) != 0x80u) {
            return 0; /* the closing zero ends up here too */
        }
        *point = *point << 6 | (text[i] & 0x3fu);
    }
    bool good =
        *point >= least[length] && *point <= 0x10ffff && (*point < 0xd800 || *point > 0xdfff);
    return good ? length : 0;
}

/* Control characters, and those that turn the direction of the text around them. */
static bool is_unwelcome(uint32_t point)
{
    return (point < 0x20 && point != '\n' && point != '\t') || (point >= 0x7f && point < 0xa0) ||
           (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
}

/* Calls `put` with each character; unwelcome and broken ones as U+FFFD. */
static void each_character(FILE *out, const char *text,
                           void (*put)(FILE *out, uint32_t point, const char *bytes, size_t n))
{
    const unsigned char *at = (const unsigned char *)text;
    while (at && *at) {
        uint32_t point = 0;
        size_t length = take_character(at, &point);
        if (length == 0 || is_unwelcome(point)) {
            put(out, 0xfffd, "\xef\xbf\xbd", 3);
        } else {
            put(out, point, (const char *)at, length);
        }
        at += length ? length : 1;
    }
}

static void put_html(FILE *out, uint32_t point, const char *bytes, size_t n)
{
    switch (point) {
    case '&':
        fputs("&amp;", out);
        break;
    case '<':
        fputs("&lt;", out);
        break;
    case '>':
        fputs("&gt;", out);
        break;
    case '"':
        fputs("&quot;", out);
        break;
    case '\'':
        fputs("&#39;", out);
        break;
    default:
        fwrite(bytes, 1, n, out);
    }
}

static void put_json(FILE *out, uint32_t point, const char *bytes, size_t n)
{
    bool plain = point >= 0x20 && point != '"' && point != '\\' && point != '<' && point != '>' &&
                 point != '&' && point != 0x2028 && point != 0x2029;
    if (plain) {
        fwrite(bytes, 1, n, out);
    } else {
        fprintf(out, "\\u%04x", (unsigned)point);
    }
}

void spw__html_text(FILE *out, const char *text)
{
    each_character(out, text, put_html);
}

void spw__html_json(FILE *out, const char *text)
{
    fputc('"', out);
    each_character(out, text, put_json);
    fputc('"', out);
}

void spw__html_json_number(FILE *out, double value)
{
    if (isfinite(value)) {
        fprintf(out, "%.5g", value);
    } else {
        fputs("null", out);
    }
}

void spw__html_number(FILE *out, double value, int decimals)
{
    if (!isfinite(value)) {
        fputs(isnan(value) ? "\xe2\x80\x93" : value > 0 ? "\xe2\x88\x9e" : "-\xe2\x88\x9e", out);
        return;
    }
    if (fabs(value) >= 1e15) {
        fprintf(out, "%.3g", value);
        return;
    }
    char digits[64];
    snprintf(digits, sizeof digits, "%.*f", decimals, fabs(value));
    if (value < 0 && strspn(digits, "0.") != strlen(digits)) {
        fputs("\xe2\x88\x92", out);
    }
    size_t whole = strcspn(digits, ".");
    for (size_t i = 0; digits[i]; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0) {
            fputc(',', out);
        }
        fputc(digits[i], out);
    }
}

int spw__html_decimals(double value, double half_width)
{
    if (isfinite(half_width) && half_width > 0) {
        return half_width >= 3 ? 0 : half_width >= 0.3 ? 1 : 2;
    }
    double size = fabs(value);
    return floor(size) == size || size >= 100 ? 0 : size >= 10 ? 1 : 2;
}

/* As the terminal says it, and never broken over two lines. */
void spw__html_span(FILE *out, double seconds)
{
    char span[40];
    for (const char *at = spw__span_text(seconds, span, sizeof span); *at != 0; at++) {
        if (*at == ' ') {
            fputs("\xc2\xa0", out);
        } else {
            fputc(*at, out);
        }
    }
}

void spw__html_group(FILE *out, const struct spw__outcome *outcome, const struct spw_group *group)
{
    static const char *const kinds[] = {"everybody", "priority", "queue", "centre",
                                        "people",    "crew",     "kind"};
    const struct spw_scenario *scenario = outcome->scenario;
    const char *name = NULL;
    char kind[160];
    switch (group->kind) {
    case SPW_GROUP_ALL:
        name = kinds[SPW_GROUP_ALL];
        break;
    case SPW_GROUP_PRIORITY:
        break;
    case SPW_GROUP_KIND:
        name = scenario ? spw__kind_name(scenario, group->number, kind, sizeof kind) : NULL;
        break;
    case SPW_GROUP_QUEUE:
        name = spw__name_in_plan(outcome->plan, SPW_NAMES_QUEUES, group->number);
        break;
    case SPW_GROUP_CENTRE:
        name = spw__name_in_plan(outcome->plan, SPW_NAMES_CENTRES, group->number);
        break;
    case SPW_GROUP_STREAM:
        name = scenario && group->number < scenario->stream_count
                   ? scenario->streams[group->number].name
                   : NULL;
        break;
    case SPW_GROUP_CREW:
        name = scenario && group->number < scenario->crew_count
                   ? scenario->crews[group->number].name
                   : NULL;
        break;
    }
    if (name && *name) {
        spw__html_text(out, name);
    } else {
        fprintf(out, "%s %u", kinds[group->kind], group->number);
    }
}
