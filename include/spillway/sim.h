/*
 * spillway/sim.h - a simulator that drives the engine under a virtual clock, so that a plan, a
 * policy or a host's own integration can be tried on the night before the night.
 *
 * It goes through the same door as a live host (spw_apply, spw_poll) and knows nothing of the
 * engine but its events. People are drawn one by one: what belongs to a person (patience, length of
 * the talk, whether and when to redial) depends on seed, run and person alone, so that every policy
 * meets the same people. What the simulator knows and a host could not know never reaches the
 * engine before it shows (tested by permuting it).
 *
 *   struct spw_scenario scenario;
 *   spw_scenario_init(&scenario);
 *   scenario.set_up = my_set_up;
 *   scenario.streams = streams;
 *   scenario.stream_count = 1;
 *   scenario.crews = crews;
 *   scenario.crew_count = 1;
 *   struct spw_result *result;
 *   if (spw_sim_run(&scenario, NULL, NULL, NULL, &result, error, sizeof error) != 0) {
 *       return fail(error);
 *   }
 *   printf("%g\n", result->all->figure[SPW_MEASURE_REACHED].mean);
 *   spw_result_free(result);
 *
 * my_set_up commits queues, centres and skill sets through the door; streams are the people who
 * call, crews the counsellors who answer. A function that takes `error` and `size` writes there
 * what is wrong, cut to `size`. The simulator uses floating point and takes memory of its own; the
 * engine inside does neither. Times and spans are seconds as double here, nanoseconds at the door.
 */
#ifndef SPILLWAY_SIM_H
#define SPILLWAY_SIM_H

#include <spillway/engine.h>
#include <spillway/view.h>

#ifdef __cplusplus
extern "C" {
#endif

/* --- distributions of times ------------------------------------------------------------------- */

#define SPW_DIST_PARTS_MAX 8

enum spw_dist_kind {
    SPW_DIST_CONSTANT = 0,
    SPW_DIST_EXPONENTIAL,
    SPW_DIST_UNIFORM,   /* mean, half width b */
    SPW_DIST_LOGNORMAL, /* mean, coefficient of variation b */
    SPW_DIST_WEIBULL,   /* mean, shape b */
    SPW_DIST_MIXTURE,   /* also an atom: 10 % exponential(12 s), 90 % ... */
    SPW_DIST_EMPIRICAL, /* quantile table, for example from spw_kaplan_meier */
    SPW_DIST_NEVER      /* infinite; as a patience: nobody gives up */
};

struct spw_dist {
    enum spw_dist_kind kind;
    double mean_s;
    double b;
    size_t part_count;
    double weight[SPW_DIST_PARTS_MAX];
    const struct spw_dist *part[SPW_DIST_PARTS_MAX]; /* not mixtures themselves */
    const double *quantile_s; /* values at (i + 1/2) / count, rising; infinite = never */
    size_t quantile_count;
};

/* --- arrivals --------------------------------------------------------------------------------- */

#define SPW_SURGES_MAX 16
#define SPW_PIECES_MAX 512

enum spw_surge_kind {
    SPW_SURGE_STEP = 0, /* from at_s on: times factor */
    SPW_SURGE_RAMP,     /* from at_s to until_s rising to factor, which then stays */
    SPW_SURGE_PULSE,    /* factor at at_s, falling back to 1 with half_life_s */
    SPW_SURGE_WINDOW    /* between at_s and until_s: times factor */
};

struct spw_surge {
    enum spw_surge_kind kind;
    double at_s;
    double until_s;
    double factor;
    double half_life_s;
};

struct spw_piece {
    double from_s;
    double rate; /* per second, until the next piece */
};

struct spw_arrivals {
    double rate;             /* per second, if there are no pieces */
    const double *day_shape; /* 24 weights of mean 1, or null; see spw_day_shape */
    double day_start_s;      /* time of day at which the scenario starts */
    size_t piece_count;
    struct spw_piece piece[SPW_PIECES_MAX];
    size_t surge_count;
    struct spw_surge surge[SPW_SURGES_MAX];
    double end_s;          /* nobody comes after this; 0 = the end of the run */
    const double *trace_s; /* recorded times, rising; rates play no part then */
    size_t trace_count;
    size_t burst; /* so many people more at time 0 */
};

/* Built-in day shapes: "flat", "child" (peak in the evening), "night" (peak from 22 to 4 h): 24
 * weights of mean 1 by hour, in constant memory. Null if there is none of that name. */
SPW_API const double *spw_day_shape(const char *name);

/* --- who calls -------------------------------------------------------------------------------- */

/* In trace_variant: drawn by the shares of the variants, as if nothing had been recorded. */
#define SPW_VARIANT_DRAWN UINT32_MAX

/* One kind of person inside a stream. Zero members take the stream's. What the engine is told
 * (queue, need, priority, flags) is that of the kind that the host takes a person for; service and
 * patience are those of the kind that the person really is. The two differ only under `confusion`.
 */
struct spw_variant {
    const char *name; /* of its group in the result; null: its number */
    double share;     /* relative weight of the people who really are of this kind */
    spw_queue queue;
    spw_need need;
    int priority; /* -1 = the stream's */
    uint8_t flags;
    uint8_t flags_set; /* 1: `flags` counts, even if 0 */
    const struct spw_dist *service;
    const struct spw_dist *patience;
};

struct spw_stream {
    const char *name;
    struct spw_arrivals arrivals;
    spw_centre home;
    spw_queue queue;
    spw_need need;
    uint16_t zone;
    uint8_t channel;
    uint8_t priority;
    uint8_t flags;                      /* enum spw_contact_flag */
    const struct spw_variant *variants; /* null: all alike */
    size_t variant_count;
    /* The host's classifier: confusion[true kind * variant_count + kind it is taken for], rows that
     * come to 1; null: it is never wrong. */
    const double *confusion;
    /* Triage while waiting: after so long, in that share of attempts, the host learns of which kind
     * the person really is, and tells the engine. If they call again they are known, unless
     * `no_token`. */
    const struct spw_dist *triage_after; /* null: none */
    double triage_share;
    const struct spw_dist *service;
    const struct spw_dist *patience;
    double redial_probability; /* after giving up, each time */
    const struct spw_dist *redial_after;
    uint32_t attempts_max;       /* per person; 0 = no limit */
    int redial_if_refused;       /* also after a refusal */
    int no_token;                /* withheld number: nothing links the attempts */
    double callback_probability; /* takes a callback when `callback_from` or more wait */
    uint64_t callback_from;
    const struct spw_dist *callback_after; /* due after; null: at once */
    spw_queue callback_queue;              /* where promises wait; 0: where the person waited */
    int callback_priority;                 /* of a promise in that queue */
    double deadline_s;                     /* work items: useless after it; 0 = none */
    /* In the middle of a talk, once: handed on to a counsellor able for another queue or need. */
    double transfer_probability;
    uint32_t transfer_mode;                  /* enum spw_transfer; 0 = warm */
    const struct spw_dist *transfer_after;   /* talk before it; null: all of the first talk */
    const struct spw_dist *transfer_service; /* talk after it; null: as the first */
    spw_queue transfer_queue;                /* 0: the same */
    spw_need transfer_need;
    int transfer_priority; /* -1: the same */
    /* The person's own line: mean time until it drops, waiting or talking; 0 = never. A person who
     * comes back within the grace finds the place kept; later it is a new attempt with the same
     * token. */
    double drop_mean_s;
    double drop_back_probability;
    const struct spw_dist *drop_back_after; /* null: at once */
    /* Recorded people: values one by one, in the order of trace_s. NAN, SPW_VARIANT_DRAWN or null:
     * drawn. */
    const double *trace_service_s;
    const double *trace_patience_s;
    const uint32_t *trace_variant;
};

/* --- who answers ------------------------------------------------------------------------------ */

struct spw_shift {
    double from_s;
    double to_s;
};

/* Talks of one queue take another length with this crew: in a foreign language, or about a place
 * that the crew does not know. */
struct spw_pace {
    spw_queue queue;
    double factor; /* multiplies the length, and service_factor as well */
};

/* While so many wait at the centre, or more, wrap-up by hand passes at this pace; 2: twice as fast.
 */
struct spw_haste {
    uint64_t waiting;
    double pace; /* above 0 */
};

struct spw_crew {
    const char *name;
    uint32_t count;
    spw_centre centre;
    spw_skillset skillset;
    uint32_t units;                 /* 0 = 100 */
    uint32_t channels;              /* 0 = all */
    uint32_t flags;                 /* enum spw_counsellor_flag */
    const struct spw_shift *shifts; /* null: always on duty */
    size_t shift_count;
    const size_t *shift_ends; /* null: every member has all shifts; else member i has those from
                               * shift_ends[i - 1] (from 0 if i is 0) up to shift_ends[i] */
    double day_s;             /* > 0: the shifts repeat with this period */
    const struct spw_dist *answer; /* from offer to accept; null: at once */
    double miss_probability;       /* of letting an offer ring out */
    double decline_probability;
    double back_after_s;            /* until a counsellor who missed too many is back; 0 = 60 s */
    double no_show_probability;     /* drawn once for each counsellor in each run */
    const struct spw_dist *wrap_up; /* needs queues whose wrap-up is by hand; null: at once */
    const struct spw_haste *haste;  /* of wrap-up, by rising number; below the first: pace 1 */
    size_t haste_count;
    double service_factor;        /* multiplies the length of talks; 0 = 1 */
    const struct spw_pace *paces; /* by queue; null: all alike */
    size_t pace_count;
    double level_factor[4]; /* the same again, by the level of the centre; 0 = 1 */
    double up_mean_s;       /* flapping: mean time connected; 0 = never lost */
    double down_mean_s;
    /* Time between two signs of life while connected, for a centre with SPW_CENTRE_LEASE: a third
     * of it is usual. A lost connection is then noticed by the lease, and nobody tells of it. 0 =
     * no signs: right only where there is no lease, else all are lost when it runs out. */
    double heartbeat_s;
    double break_every_s; /* mean time between breaks; 0 = none */
    double break_mean_s;
    int break_when_quiet; /* put off while somebody waits at the centre */
    /* Breaks that the engine keeps (COUNSELLOR_LIMITS, rule S5): due after so many talks, or so
     * many severe ones in a row (0 = never); of that length, and no more at once than
     * SPW_CENTRE_REST_SHARE allows. The breaks above are counsellors' own acts and ask nobody. */
    uint32_t load_max;
    uint32_t severe_max;
    double rest_s;
    /* Not 0: not people but a script that asks and sorts (rule O4). A caller whom it takes is not
     * reached by that, only by a counsellor later on (transfer_*); wait and target count until
     * then. Attempts that it takes count as answered. */
    int script;
};

/* --- what befalls the centres ----------------------------------------------------------------- */

enum spw_incident_kind {
    SPW_INCIDENT_DARK = 1,     /* the centre is lost at one blow, its staff with it */
    SPW_INCIDENT_CLOSED,       /* its counsellors get no more offers */
    SPW_INCIDENT_QUEUE_CLOSED, /* no arrivals; its contacts move to the fallback or end */
    SPW_INCIDENT_FROZEN        /* a supervisor stops automatic offers at the centre */
};

/* From at_s to until_s; 0 = to the end. Two of one kind at one place must not overlap. */
struct spw_incident {
    enum spw_incident_kind kind;
    double at_s;
    double until_s;
    spw_centre centre;
    spw_queue queue; /* SPW_INCIDENT_QUEUE_CLOSED */
};

/* The level of surge of a centre from a time on, 0..3, as declared: it changes how long talks take
 * (level_factor). Before the first it is 0. Rising times. */
struct spw_level {
    spw_centre centre;
    double from_s;
    uint32_t level;
};

/* --- the scenario ----------------------------------------------------------------------------- */

struct spw_world; /* opaque: engine, people, crews, one run */

/* What became of one person; see on_person. */
struct spw_person_report {
    uint32_t run;
    uint32_t stream;
    uint64_t number; /* of the stream, by arrival: the same person under every policy */
    uint32_t kind;   /* index of the variant that the person really is */
    uint32_t taken_for;
    double first_at_s; /* first arrival */
    double patience_s; /* of the first attempt; INFINITY = for ever */
    double talk_s;     /* of the first talk, before the speed of a crew */
    uint32_t attempts;
    int counted; /* arrived after the warm-up and before the end */
    int reached;
    int in_time;     /* reached within the target */
    double waited_s; /* from first arrival until connected, or until the end */
};

struct spw_scenario {
    const char *name;
    uint64_t seed;
    uint32_t runs;
    uint32_t reserved_0;
    double duration_s; /* warm-up included */
    double warm_up_s;  /* people who arrive before it is over are served but not counted */
    double bucket_s;   /* of the time series; 0 = duration / 200 */
    double drain_s;    /* after the end people inside are followed, and nobody new comes */
    /* Not 0: people go on coming during the drain. They are served but not counted, so that the
     * people who are followed meet the same world as everybody before them. For figures of a long
     * run; without it a person who comes back after the end finds the lines empty. */
    int arrivals_go_on;
    struct spw_config config;
    /* Commits everything that the streams and crews name. Called once a run; must commit the same
     * objects in the same order each time. Zero, or an error that ends the run. */
    int (*set_up)(void *context, struct spw_engine *engine);
    void *context;
    const struct spw_stream *streams;
    size_t stream_count;
    const struct spw_crew *crews;
    size_t crew_count;
    const struct spw_incident *incidents;
    size_t incident_count;
    const struct spw_level *levels;
    size_t level_count;
    /* Sees every event of the engine, in order, as a host does. To answer, call spw_world_ask. */
    void (*on_event)(void *context, struct spw_world *world, const struct spw_event *event);
    void *on_event_context;
    /* Called once for every person, when they have gone or the run is over. */
    void (*on_person)(void *context, const struct spw_person_report *person);
    void *on_person_context;
    /* Per priority, for figures where the queue's own is not used; 0 = the queue's. */
    spw_ns target_ns[SPW_PRIORITY_COUNT];
    /* Percent of a counsellor that a talk on a channel takes, as in the plan, for the figures of
     * capacity and load alone; 0 = 100. */
    uint32_t units[SPW_CHANNEL_COUNT];
    uint32_t check_every;    /* inputs between two runs of spw_check; 0 = only at the end */
    uint32_t hidden_shuffle; /* leak test: permutes what the engine must not know */
};

/* Writes the defaults: seed 1, 20 runs of a day and four hours of drain, the engine's default
 * limits. The host sets the rest. */
SPW_API void spw_scenario_init(struct spw_scenario *scenario);

/* Whether it can be run: zero, or -1 with a sentence that names the first member that is wrong.
 * spw_sim_run and spw_world_create ask it themselves. */
SPW_API int spw_scenario_check(const struct spw_scenario *scenario, char *error,
                               size_t size) SPW_MUST_USE;

/* --- results ---------------------------------------------------------------------------------- */

/* Every figure counts all distinct people who arrived in its denominator, unless its name says what
 * it counts. Waits are counted from a person's first arrival. Test contacts count nowhere but
 * in the groups of their stream and kind. */
#define SPW_MEASURE_MAP(X)                                                                         \
    X(PEOPLE, "people", "distinct people who arrived")                                             \
    X(ATTEMPTS, "attempts", "arrivals, redials included")                                          \
    X(REACHED, "reached_share", "share of people who were connected")                              \
    X(WITHIN_TARGET, "within_target_share", "share of people connected within the target")         \
    X(ANSWERED, "answered", "people connected")                                                    \
    X(ABANDONED, "abandoned", "people who gave up for good")                                       \
    X(ABANDONED_SHARE, "abandoned_share", "share of people who gave up for good")                  \
    X(ATTEMPT_ABANDONED, "attempt_abandoned_share", "share of attempts that were given up")        \
    X(REFUSED, "refused", "attempts that found no place")                                          \
    X(REFUSED_SHARE, "refused_share", "share of attempts that found no place")                     \
    X(OTHER_ENDS, "other_ends", "people who ended otherwise, those still inside included")         \
    X(AT_ONCE, "at_once_share", "share of attempts answered without waiting")                      \
    X(OVER_TARGET, "wait_over_target_share", "share of attempts that waited beyond the target")    \
    X(WAIT_ALL, "wait_all_s", "mean wait of all attempts let in, those given up included")         \
    X(WAIT_ANSWERED, "wait_answered_s", "mean wait of attempts that were answered")                \
    X(WAIT_ABANDONED, "wait_abandoned_s", "mean wait of attempts that were given up")              \
    X(WAIT_ALL_P50, "wait_all_p50_s", "median wait of all attempts let in")                        \
    X(WAIT_ALL_P90, "wait_all_p90_s", "quantile 90 % of the same")                                 \
    X(WAIT_P50, "wait_p50_s", "median wait of people reached, from first arrival")                 \
    X(WAIT_P90, "wait_p90_s", "quantile 90 % of the same")                                         \
    X(WAIT_P95, "wait_p95_s", "quantile 95 %")                                                     \
    X(WAIT_P99, "wait_p99_s", "quantile 99 %")                                                     \
    X(WAIT_MAX, "wait_max_s", "longest wait of anybody, reached or not, from first arrival")       \
    X(MEAN_WAITING, "waiting_mean", "mean number waiting")                                         \
    X(MEAN_CONNECTED, "connected_mean", "mean number talking")                                     \
    X(MEAN_ORBIT, "orbit_mean", "mean number who will redial")                                     \
    X(LAST_WAIT_END, "last_wait_end_s", "when the last one stopped waiting")                       \
    X(CALLBACKS, "callbacks_promised", "people who took a callback")                               \
    X(MEAN_CALLBACKS, "callbacks_mean", "mean number promised and not yet called")                 \
    X(CALLBACK_DELAY, "callback_delay_s", "mean time from promise to call")                        \
    X(TRANSFERRED, "transferred", "people handed on during the talk")                              \
    X(DROPPED, "dropped", "connections lost while waiting or talking")                             \
    X(OCCUPANCY, "occupancy", "share of staffed time busy")

enum spw_measure {
#define SPW_MEASURE_VALUE(name, key, text) SPW_MEASURE_##name,
    SPW_MEASURE_MAP(SPW_MEASURE_VALUE)
#undef SPW_MEASURE_VALUE
        SPW_MEASURE_COUNT
};

/* Counts, mean numbers and longest waits are means over the runs; shares, mean waits, occupancies
 * and quantiles are those of everybody in all runs together. */
struct spw_figure {
    double mean;       /* NAN where it does not exist */
    double half_width; /* of the 95 % interval; INFINITY while fewer than two runs have anybody, and
                        * for a quantile that may well lie beyond the few who came */
};

enum spw_group_kind {
    SPW_GROUP_ALL = 0,
    SPW_GROUP_PRIORITY,
    SPW_GROUP_QUEUE,
    SPW_GROUP_CENTRE,
    SPW_GROUP_STREAM,
    SPW_GROUP_CREW,
    SPW_GROUP_KIND /* what people really are; see spw_kind_number */
};

struct spw_group {
    enum spw_group_kind kind;
    uint32_t number; /* priority, queue, centre; index of stream or crew; spw_kind_number */
    struct spw_figure figure[SPW_MEASURE_COUNT];
    struct spw_figure ended[SPW_END_PLACES]; /* attempts by enum spw_end */
};

/* One interval of the time series; means over the runs. */
struct spw_bucket {
    double from_s;
    double people;
    double attempts;
    double could_serve;                    /* talks that the staff on duty could have finished */
    double waiting;                        /* mean number */
    double waiting_of[SPW_PRIORITY_COUNT]; /* mean number, by priority */
    /* Number at from_s, by priority; SPW_PRIORITY_COUNT = all. */
    struct spw_figure waiting_now[SPW_PRIORITY_COUNT + 1];
    double busy;    /* mean number talking or wrapping up */
    double staffed; /* mean number on duty */
    /* Mean wait of the people who left the queue in it, by priority; SPW_PRIORITY_COUNT = all. */
    double wait_s[SPW_PRIORITY_COUNT + 1];
    double wait_count[SPW_PRIORITY_COUNT + 1];
};

struct spw_result {
    uint32_t runs;
    const struct spw_group *groups;
    size_t group_count;
    const struct spw_group *all;
    const struct spw_bucket *buckets;
    size_t bucket_count;
    const struct spw_figure *served; /* talks begun: [crew * streams + stream]; null: not known */
    double longest_p0_wait_s;        /* over all runs; 0 if nobody of priority 0 came */
    uint64_t state_hash;             /* of the first run, at its end */
    uint64_t event_digest;
    uint64_t inputs; /* passed through the door, all runs */
    uint64_t people; /* simulated, all runs */
    double seconds;  /* of processor time */
    int broken;      /* number of the invariant that broke, 0 = none */
    char broken_text[200];
    struct spw_figure capacity;     /* talks per second that the staff could finish, mean */
    struct spw_figure offered_load; /* first attempts times mean talk and wrap-up, in counsellors */
    /* Attempts given up while an able counsellor had room and only a due break stood in the way
     * (rule S5). */
    struct spw_figure lost_to_limits;
};

/* The number of a kind of people: the variants of all streams, counted from the first stream on.
 * Streams without variants have none. */
SPW_API uint32_t spw_kind_number(const struct spw_scenario *scenario, uint32_t stream,
                                 uint32_t variant);

/* The group of that kind and number, or null. It lives as long as the result. */
SPW_API const struct spw_group *spw_result_group(const struct spw_result *result,
                                                 enum spw_group_kind kind, uint32_t number);

/*
 * Runs the scenario scenario->runs times and merges. `policy` (null: what set_up selects) is
 * registered and selected. progress, if not null, is called after every run. Zero, or -1 with a
 * sentence. The result is freed by spw_result_free.
 */
typedef void (*spw_sim_progress)(void *context, uint32_t done, uint32_t of);
SPW_API int spw_sim_run(const struct spw_scenario *scenario, const struct spw_policy *policy,
                        spw_sim_progress progress, void *context, struct spw_result **result,
                        char *error, size_t size) SPW_MUST_USE;
/* With all groups and series of it. Null is fine. */
SPW_API void spw_result_free(struct spw_result *result);

/* --- step by step, for your own tests --------------------------------------------------------- */

/*
 * One run of the scenario, from its beginning: run number `run` of spw_sim_run meets the same
 * people. The scenario must outlive it. Null, with a sentence, when the scenario is wrong, set_up
 * fails or memory is out.
 */
SPW_API struct spw_world *spw_world_create(const struct spw_scenario *scenario,
                                           const struct spw_policy *policy, uint32_t run,
                                           char *error, size_t size) SPW_MUST_USE;
/* With its engine. Null is fine. */
SPW_API void spw_world_free(struct spw_world *world);
/* Goes on until a time; 1 while there is more to come, 0 at the end, -1 when an invariant broke. */
SPW_API int spw_world_run_until(struct spw_world *world, double until_s) SPW_MUST_USE;
/* The engine inside, to ask and not to change: it lives as long as the world. */
SPW_API const struct spw_engine *spw_world_engine(const struct spw_world *world);
/* Where the clock stands: after spw_world_run_until at the time that was asked for. */
SPW_API spw_ns spw_world_now(const struct spw_world *world);
/* An input of the host's own (a triage, a supervisor, a queue that closes), passed in this instant,
 * after the events that are being read. What the engine says to it comes as events; a refused
 * request leaves no trace. Zero, or -1 when memory is out. */
SPW_API int spw_world_ask(struct spw_world *world, const struct spw_input *input) SPW_MUST_USE;

/* --- fitting ---------------------------------------------------------------------------------- */

/*
 * Survival from durations of which some were cut short by something else (Kaplan and Meier 1958):
 * durations_s[i] ended by the event itself if ended[i] is not 0, else censored. Writes `count`
 * quantiles for an empirical distribution; beyond the last event the hazard of the last quarter of
 * events goes on. Returns 0, or -1 when there is no event at all or memory is out. Cost: sorting.
 */
SPW_API int spw_kaplan_meier(const double *durations_s, const unsigned char *ended, size_t n,
                             double *quantile_s, size_t count) SPW_MUST_USE;

#ifdef __cplusplus
}
#endif

#endif
