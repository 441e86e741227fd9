/*
 * command/report/charts.c - the charts of the report: their places, what they say in words, and
 * their data.
 *
 * What lives here: which charts there are (calls against what could be served, number waiting; of
 * each priority number waiting and mean wait), the key that tells policies apart by colour, dash
 * and marker, and the JSON from which report.js draws. A chart knows its lines by number only: a
 * name never reaches the chart library. Who calls: report.c.
 */
#include <math.h>

#include "command/report/report.h"
#include "command/report/assets.h"

enum kind { ARRIVALS, WAITING, WAITING_OF, WAIT_OF };

enum { PRIORITIES = 8, CHARTS_MAX = 2 + 2 * PRIORITIES, HOUR = 3600, DAY = 24 * HOUR };

/* Beside one line per policy the first chart has the people, and what could be served. */
enum { EXTRA_PEOPLE = 0, EXTRA_COULD_SERVE, EXTRAS };
/* And in a replay the second has what was recorded. */

struct chart {
    enum kind kind;
    int priority;     /* of WAITING_OF and WAIT_OF */
    double scale;     /* what a value is multiplied with */
    const char *unit; /* of the scaled value, as it stands behind the title */
};

/* The charts over one time axis. */
struct set {
    const struct spw__outcome *outcome;
    size_t buckets; /* of the policy that has fewest */
    double bucket_s;
    double clock_s; /* what a clock, in days a calendar, shows when the run starts */
    double time_scale;
    const char *time_unit;
    size_t count;
    struct chart chart[CHARTS_MAX];
};

/* A policy's dash pattern and marker; its colour is --p0 to --p7 of report.css. */
static const struct {
    const char *dash;
    const char *marker; /* a path around 0 0 */
} looks[SPW__POLICIES_MAX] = {
    {"", "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0Z"},
    {"8 3", "M-3.7-3.7H3.7V3.7H-3.7Z"},
    {"2 3", "M0-5L4.6 3.6H-4.6Z"},
    {"10 3 2 3", "M0-5.2L5.2 0L0 5.2L-5.2 0Z"},
    {"14 4", "M0 5L-4.6-3.6H4.6Z"},
    {"6 3 2 3 2 3", "M-1.5-5h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5v-3h3.5Z"},
    {"4 4", "M-5-2.5H5V2.5H-5Z"},
    {"1 4", "M-2.5-5H2.5V5H-2.5Z"},
};

/* --- values ----------------------------------------------------------------------------------- */

static double raw_value(const struct set *set, const struct chart *chart, size_t line, size_t at)
{
    size_t policies = set->outcome->policy_count;
    const struct spw__policy_outcome *policy = &set->outcome->policies[line < policies ? line : 0];
    const struct spw_bucket *bucket = &policy->result->buckets[at];
    switch (chart->kind) {
    case ARRIVALS:
        return line < policies                   ? bucket->attempts
               : line - policies == EXTRA_PEOPLE ? bucket->people
                                                 : bucket->could_serve;
    case WAITING:
        return line < policies                             ? bucket->waiting
               : at < set->outcome->recorded_waiting_count ? set->outcome->recorded_waiting[at]
                                                           : (double)NAN;
    case WAITING_OF:
        return bucket->waiting_of[chart->priority];
    default:
        return bucket->wait_count[chart->priority] > 0 ? bucket->wait_s[chart->priority]
                                                       : (double)NAN;
    }
}

static double value(const struct set *set, const struct chart *chart, size_t line, size_t at)
{
    return chart->scale * raw_value(set, chart, line, at);
}

/* When a bucket begins, as the axis of time has it, in seconds. */
static double start_of(const struct set *set, size_t at)
{
    return set->clock_s + set->outcome->policies[0].result->buckets[at].from_s;
}

static double middle_of(const struct set *set, size_t at)
{
    return start_of(set, at) + set->bucket_s / 2;
}

static size_t line_count(const struct set *set, const struct chart *chart)
{
    size_t extras = chart->kind == ARRIVALS ? (size_t)EXTRAS : 0;
    extras += chart->kind == WAITING && set->outcome->recorded_waiting_count > 0;
    return set->outcome->policy_count + extras;
}

/* Where a line is highest; false when it has no value at all. */
static bool peak(const struct set *set, const struct chart *chart, size_t line, size_t *where)
{
    double most = -1;
    for (size_t at = 0; at < set->buckets; at++) {
        double here = raw_value(set, chart, line, at);
        if (isfinite(here) && here > most) {
            most = here;
            *where = at;
        }
    }
    return most >= 0;
}

static double highest(const struct set *set, const struct chart *chart)
{
    double most = 0;
    for (size_t line = 0; line < line_count(set, chart); line++) {
        size_t where = 0;
        if (peak(set, chart, line, &where)) {
            most = fmax(most, raw_value(set, chart, line, where));
        }
    }
    return most;
}

/* --- which charts ----------------------------------------------------------------------------- */

static bool somebody_left(const struct set *set, int priority)
{
    for (size_t i = 0; i < set->outcome->policy_count; i++) {
        for (size_t at = 0; at < set->buckets; at++) {
            if (set->outcome->policies[i].result->buckets[at].wait_count[priority] > 0) {
                return true;
            }
        }
    }
    return false;
}

static void choose_time(struct set *set)
{
    const struct spw_bucket *buckets = set->outcome->policies[0].result->buckets;
    set->bucket_s = buckets[1].from_s - buckets[0].from_s;
    double span = buckets[set->buckets - 1].from_s + set->bucket_s - buckets[0].from_s;
    bool days = span >= 4.0 * DAY, hours = span >= 3.0 * HOUR, minutes = span >= 180;
    set->time_scale = days ? 1.0 / DAY : hours ? 1.0 / HOUR : minutes ? 1.0 / 60 : 1;
    set->time_unit = days ? "days" : hours ? "h" : minutes ? "min" : "s";
    set->clock_s = days ? set->outcome->calendar_s : fmod(set->outcome->calendar_s, DAY);
}

static void add(struct set *set, enum kind kind, int priority)
{
    struct chart *chart = &set->chart[set->count++];
    *chart = (struct chart){.kind = kind, .priority = priority, .scale = 1, .unit = ""};
    double most = highest(set, chart);
    if (kind == ARRIVALS) {
        bool minutes = most * 60 / set->bucket_s >= 3;
        chart->scale = (minutes ? 60 : HOUR) / set->bucket_s;
        chart->unit = minutes ? "calls per minute" : "calls per hour";
    } else if (kind != WAIT_OF) {
        chart->unit = "people";
    } else {
        chart->scale = most >= 300 ? 1.0 / 60 : 1;
        chart->unit = most >= 300 ? "minutes" : "seconds";
    }
}

/* No charts without a time series that has an extent. */
static void choose(struct set *set, const struct spw__outcome *outcome)
{
    *set = (struct set){.outcome = outcome};
    for (size_t i = 0; i < outcome->policy_count; i++) {
        size_t its = outcome->policies[i].result->bucket_count;
        set->buckets = i == 0 || its < set->buckets ? its : set->buckets;
    }
    if (set->buckets < 2 || outcome->policy_count > SPW__POLICIES_MAX) {
        return;
    }
    choose_time(set);
    if (!(set->bucket_s > 0)) {
        return;
    }
    add(set, ARRIVALS, 0);
    add(set, WAITING, 0);
    for (int priority = 0; priority < PRIORITIES; priority++) {
        if (somebody_left(set, priority)) {
            add(set, WAITING_OF, priority);
            add(set, WAIT_OF, priority);
        }
    }
}

static bool have_library(void)
{
    return spw__asset_dygraphs_script.size > 0 && spw__asset_dygraphs_style.size > 0;
}

size_t spw__report_chart_count(const struct spw__outcome *outcome)
{
    struct set set;
    choose(&set, outcome);
    return have_library() ? set.count : 0;
}

/* --- in words --------------------------------------------------------------------------------- */

static void line_name(FILE *out, const struct set *set, const struct chart *chart, size_t line,
                      void (*put)(FILE *out, const char *text))
{
    static const char *const extras[EXTRAS] = {"first calls", "could be served"};
    size_t policies = set->outcome->policy_count;
    put(out, line < policies          ? set->outcome->policies[line].name
             : chart->kind == WAITING ? "recorded"
                                      : extras[line - policies]);
}

static void title(FILE *out, const struct chart *chart)
{
    switch (chart->kind) {
    case ARRIVALS:
        fputs("Calls against what could be served", out);
        break;
    case WAITING:
        fputs("Number waiting", out);
        break;
    case WAITING_OF:
        fprintf(out, "Number waiting, priority %d", chart->priority);
        break;
    default:
        fprintf(out, "Mean wait, priority %d", chart->priority);
    }
}

/* A line that stays within a fiftieth of its highest value is the same all the time. */
static bool is_level(const struct set *set, const struct chart *chart, size_t line, double most)
{
    for (size_t at = 0; at < set->buckets; at++) {
        if (!(raw_value(set, chart, line, at) >= 0.98 * most)) {
            return false;
        }
    }
    return true;
}

/* "3 h 52 min" from the start of the run; in a chart of days "day 3, 14 h", the first being 1. */
static void moment(FILE *out, const struct set *set, double seconds)
{
    if (set->time_scale * DAY > 1.5) {
        spw__html_span(out, seconds);
        return;
    }
    unsigned hours = (unsigned)lround(seconds / HOUR);
    fprintf(out, "day %u, %u h", hours / 24 + 1, hours % 24);
}

static void peaks(FILE *out, const struct set *set, const struct chart *chart)
{
    fputs("Highest: ", out);
    const char *between = "";
    for (size_t line = 0; line < line_count(set, chart); line++) {
        size_t where = 0;
        if (!peak(set, chart, line, &where)) {
            continue;
        }
        double most = value(set, chart, line, where);
        fputs(between, out);
        line_name(out, set, chart, line, spw__html_text);
        fputs(" ", out);
        spw__html_number(out, most, spw__html_decimals(most, NAN));
        if (is_level(set, chart, line, raw_value(set, chart, line, where))) {
            fputs(" all the time", out);
        } else {
            fputs(" at ", out);
            moment(out, set, middle_of(set, where));
        }
        between = "; ";
    }
    fputs(".", out);
}

/* --- staff against load ----------------------------------------------------------------------- */

/*
 * The hour in which most calls came, moved by whole intervals; its calls and what could be served.
 * The interval in which it ends counts by the part of it that lies inside.
 */
static bool worst_hour(const struct set *set, size_t *from, double *calls, double *served)
{
    const struct spw_bucket *buckets = set->outcome->policies[0].result->buckets;
    double width = set->buckets < 2 ? 0 : HOUR / set->bucket_s;
    size_t whole = (size_t)width;
    *calls = 0;
    for (size_t at = 0; whole > 0 && at + whole < set->buckets; at++) {
        double part = width - (double)whole;
        double here = part * buckets[at + whole].attempts;
        double could = part * buckets[at + whole].could_serve;
        for (size_t i = at; i < at + whole; i++) {
            here += buckets[i].attempts;
            could += buckets[i].could_serve;
        }
        if (here > *calls) {
            *from = at;
            *calls = here;
            *served = could;
        }
    }
    return *calls > 0;
}

static void hour_in_words(FILE *out, const struct set *set)
{
    size_t from = 0;
    double calls = 0, served = 0;
    if (!worst_hour(set, &from, &calls, &served)) {
        return;
    }
    fputs(" In the worst hour, from ", out);
    moment(out, set, start_of(set, from));
    fputs(", <b>", out);
    spw__html_number(out, calls, calls >= 10 ? 0 : 1);
    fputs("</b> calls came", out);
    if (set->outcome->policy_count > 1) {
        fputs(" with <span class=name>", out);
        spw__html_text(out, set->outcome->policies[0].name);
        fputs("</span>", out);
    }
    fputs(", redials included, and <b>", out);
    spw__html_number(out, served, served >= 10 ? 0 : 1);
    fputs("</b> could be served.", out);
}

/* To be read before any figure of a flood. */
static void staff(FILE *out, const struct set *set)
{
    const struct spw__outcome *outcome = set->outcome;
    const struct spw_result *result = outcome->policies[0].result;
    double from = outcome->scenario ? outcome->scenario->warm_up_s : 0;
    double until = outcome->scenario ? outcome->scenario->duration_s : INFINITY;
    double staffed = 0, buckets = 0;
    for (size_t at = 0; at < result->bucket_count; at++) {
        double start = result->buckets[at].from_s;
        if (start >= from && start < until) {
            staffed += result->buckets[at].staffed;
            buckets += 1;
        }
    }
    double load = result->offered_load.mean, capacity = result->capacity.mean * HOUR;
    if (!isfinite(load) || !isfinite(capacity) || buckets <= 0) {
        return;
    }
    fputs("<p>On average <b>", out);
    spw__html_number(out, staffed / buckets, 1);
    fputs("</b> counsellors were on duty, who could finish <b>", out);
    spw__html_number(out, capacity, spw__html_decimals(capacity, NAN));
    fputs("</b> talks an hour; first calls alone would have kept <b>", out);
    spw__html_number(out, load, 1);
    fputs("</b> of them busy.", out);
    hour_in_words(out, set);
    fputs("</p>\n", out);
}

/* --- the key ---------------------------------------------------------------------------------- */

static void swatch(FILE *out, size_t policy)
{
    fprintf(out,
            "<svg class='swatch p%zu' viewBox='0 0 44 14' aria-hidden=true>"
            "<path class=line d='M0 7H44' stroke-dasharray='%s'/>"
            "<path class=mark transform='translate(22 7)' d='%s'/></svg>",
            policy, looks[policy].dash, looks[policy].marker);
}

static void extra_key(FILE *out, const char *drawing, const char *text)
{
    fprintf(out,
            "<li><svg class='swatch extra' viewBox='0 0 44 14' aria-hidden=true>%s</svg>%s</li>\n",
            drawing, text);
}

static void key(FILE *out, const struct set *set)
{
    static const char hatch[] =
        "<path class=hatch d='M0 14L14 0M8 14L22 0M16 14L30 0M24 14L38 0M32 14L44 2'/>";
    const struct spw_scenario *scenario = set->outcome->scenario;
    fputs("<ul class=key-list aria-label='Key to the charts'>\n", out);
    for (size_t i = 0; i < set->outcome->policy_count; i++) {
        fputs("<li>", out);
        swatch(out, i);
        fputs("<span class=name>", out);
        spw__html_text(out, set->outcome->policies[i].name);
        fputs("</span></li>\n", out);
    }
    extra_key(out, "<path class=line d='M0 7H44' stroke-dasharray='1 3'/>",
              set->outcome->recorded_waiting_count > 0
                  ? "first calls, nobody counted twice; number waiting as recorded"
                  : "first calls, nobody counted twice");
    extra_key(out, "<path class=area d='M0 3H44V14H0Z'/><path class=line d='M0 3H44'/>",
              "could be served by the staff on duty");
    bool before = scenario && scenario->warm_up_s > 0;
    bool after = scenario && set->clock_s + scenario->duration_s < middle_of(set, set->buckets - 1);
    if (before || after) {
        extra_key(out, hatch,
                  before && after ? "warm-up, not counted, and after the end, when nobody new comes"
                  : before        ? "warm-up, not counted"
                                  : "after the end, when nobody new comes");
    }
    fputs("</ul>\n", out);
}

/* --- data for the script ---------------------------------------------------------------------- */

static void rows(FILE *out, const struct set *set, const struct chart *chart)
{
    fputs("\"rows\":[", out);
    for (size_t at = 0; at < set->buckets; at++) {
        fputs(at ? ",\n[" : "\n[", out);
        spw__html_json_number(out, middle_of(set, at) * set->time_scale);
        for (size_t line = 0; line < line_count(set, chart); line++) {
            fputs(",", out);
            spw__html_json_number(out, value(set, chart, line, at));
        }
        fputs("]", out);
    }
    fputs("]", out);
}

static void data(FILE *out, const struct set *set)
{
    const struct spw_scenario *scenario = set->outcome->scenario;
    fputs("<script type='application/json' id=data>{\"timeUnit\":", out);
    spw__html_json(out, set->time_unit);
    fputs(",\"warmUp\":", out);
    spw__html_json_number(out, scenario && scenario->warm_up_s > 0
                                   ? (set->clock_s + scenario->warm_up_s) * set->time_scale
                                   : NAN);
    fputs(",\"end\":", out);
    spw__html_json_number(out,
                          scenario ? (set->clock_s + scenario->duration_s) * set->time_scale : NAN);
    fputs(",\"policies\":[", out);
    for (size_t i = 0; i < set->outcome->policy_count; i++) {
        fputs(i ? ",{\"name\":" : "{\"name\":", out);
        spw__html_json(out, set->outcome->policies[i].name);
        fputs(",\"dash\":", out);
        spw__html_json(out, looks[i].dash);
        fputs(",\"marker\":", out);
        spw__html_json(out, looks[i].marker);
        fputs("}", out);
    }
    fputs("],\"charts\":[", out);
    for (size_t i = 0; i < set->count; i++) {
        fputs(i ? ",\n{\"unit\":" : "\n{\"unit\":", out);
        spw__html_json(out, set->chart[i].unit);
        fputs(",\"names\":[", out);
        for (size_t line = 0; line < line_count(set, &set->chart[i]); line++) {
            fputs(line ? "," : "", out);
            line_name(out, set, &set->chart[i], line, spw__html_json);
        }
        fputs("],", out);
        rows(out, set, &set->chart[i]);
        fputs("}", out);
    }
    fputs("]}</script>\n", out);
}

/* --- the part --------------------------------------------------------------------------------- */

/* Without the library the words stand alone. */
static void places(FILE *out, const struct set *set)
{
    fputs("<div class=charts>\n", out);
    for (size_t i = 0; i < set->count; i++) {
        const struct chart *chart = &set->chart[i];
        fprintf(out, "<figure class='chart%s'><figcaption><h3>",
                chart->kind >= WAITING_OF ? " small" : "");
        title(out, chart);
        fprintf(out, "<small>, %s</small></h3><p class=peaks id=peaks%zu>", chart->unit, i);
        peaks(out, set, chart);
        fputs("</p></figcaption>", out);
        if (have_library()) {
            fprintf(out,
                    "<div class=plot id=plot%zu role=img aria-describedby=peaks%zu aria-label='", i,
                    i);
            title(out, chart);
            fputs(" over time'></div><p class=readout aria-hidden=true></p>", out);
        }
        fputs("</figure>\n", out);
    }
    fputs("</div>\n", out);
}

void spw__report_charts(FILE *out, const struct spw__outcome *outcome)
{
    struct set set;
    choose(&set, outcome);
    fputs("<section id=charts>\n<h2>Over time</h2>\n", out);
    if (outcome->policy_count > 0) {
        staff(out, &set);
    }
    if (set.count == 0) {
        fputs("<p>There is no time series to draw.</p>\n", out);
    } else if (!have_library()) {
        fputs("<p>The charts are left out because libjs-dygraphs was not there when this command "
              "was built. What they would say in short:</p>\n",
              out);
        places(out, &set);
    } else {
        fputs("<noscript><p class=note>The charts are drawn by a script, which is switched off "
              "here; what they say in short stands below each title, and the tables need no script."
              "</p></noscript>\n",
              out);
        key(out, &set);
        places(out, &set);
        fputs(
            "<p class=note><span class=screen>Point at a chart to read its values; drag across it "
            "to enlarge a span of time, double-click to see all of it again. </span>Number waiting "
            "is the mean over the runs; mean wait is that of the calls that left the queue in the "
            "interval, answered or given up.</p>\n",
            out);
        data(out, &set);
    }
    fputs("</section>\n", out);
}
