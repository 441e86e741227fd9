/*
 * test_sim_passage.c - what befalls people in the simulator: they are mistaken for others, known
 * after a while, handed on, cut off; centres go dark; and a host that looks on and has its say.
 */
#include <stdlib.h>
#include <string.h>

#include "night.h"

/* --- the same people under every policy ------------------------------------------------------- */

enum { SEEN_MOST = 20000 };

struct seen {
    size_t count;
    uint64_t digest;
    struct spw_person_report person[SEEN_MOST]; /* by number */
};

static void note_person(void *context, const struct spw_person_report *person)
{
    struct seen *seen = context;
    ck_assert_uint_lt(person->number, SEEN_MOST);
    ck_assert_uint_eq(seen->person[person->number].attempts, 0); /* told once */
    seen->person[person->number] = *person;
    seen->count++;
}

static struct seen *look(struct scene *s, const struct spw_policy *policy)
{
    struct seen *seen = calloc(1, sizeof *seen);
    ck_assert_ptr_nonnull(seen);
    s->scenario.on_person = note_person;
    s->scenario.on_person_context = seen;
    s->scenario.runs = 1;
    struct spw_result *result = run(s, policy);
    seen->digest = result->event_digest;
    spw_result_free(result);
    return seen;
}

static const double confusion[9] = {0.7, 0.2, 0.1, 0.05, 0.8, 0.15, 0, 0.1, 0.9};

/* Danger, serious, prank; with everything that is drawn. */
static void three_kinds(struct scene *s, struct spw_variant *kind)
{
    scene_make(s, 0.08, 100, 60, 5);
    kind[0] = (struct spw_variant){.name = "danger", .share = 1, .priority = 0};
    kind[1] = (struct spw_variant){.name = "serious", .share = 5, .priority = 1};
    kind[2] = (struct spw_variant){.name = "prank", .share = 4, .priority = 3};
    s->stream[0].variants = kind;
    s->stream[0].variant_count = 3;
    s->stream[0].confusion = confusion;
    s->after = exponential(120);
    s->stream[0].redial_probability = 0.5;
    s->stream[0].redial_after = &s->after;
    s->stream[0].attempts_max = 3;
}

START_TEST(a_person_is_the_same_under_every_policy)
{
    struct scene s;
    struct spw_variant kind[3];
    three_kinds(&s, kind);
    struct spw_dist lasting = exponential(200);
    kind[0].patience = &lasting;
    kind[2].service = &lasting;
    s.scenario.duration_s = 60000;
    struct seen *first = look(&s, spw_policy_builtin(0));
    size_t waits_differ = 0; /* strict and a long head start may agree */
    ck_assert_uint_gt(first->count, 3000);
    for (uint32_t order = 1; order < SPW_ORDER_CUSTOM; order++) {
        struct seen *other = look(&s, spw_policy_builtin(order));
        ck_assert_uint_eq(other->count, first->count);
        for (size_t i = 0; i < first->count; i++) {
            const struct spw_person_report *a = &first->person[i], *b = &other->person[i];
            ck_assert(a->first_at_s == b->first_at_s && a->patience_s == b->patience_s);
            ck_assert(a->talk_s == b->talk_s && a->kind == b->kind);
            ck_assert(a->taken_for == b->taken_for && a->counted == b->counted);
            waits_differ += a->waited_s != b->waited_s;
        }
        free(other);
    }
    ck_assert_uint_gt(waits_differ, first->count / 4);
    free(first);
}
END_TEST

START_TEST(the_classifier_errs_as_declared)
{
    struct scene s;
    struct spw_variant kind[3];
    double all = 0, taken[3][3] = {{0}};
    three_kinds(&s, kind);
    s.scenario.duration_s = 200000;
    struct seen *seen = look(&s, NULL);
    for (size_t i = 0; i < seen->count; i++, all++) {
        taken[seen->person[i].kind][seen->person[i].taken_for]++;
    }
    for (int t = 0; t < 3; t++) {
        for (int k = 0; k < 3; k++) {
            double share = kind[t].share / 10 * confusion[t * 3 + k];
            ck_assert_msg(fabs(taken[t][k] - all * share) <= 5 * sqrt(all * share) + 1e-9,
                          "%d taken for %d: %g of %g", t, k, taken[t][k], all);
        }
    }
    free(seen);
}
END_TEST

/*
 * The leak test for what people really are: the kinds talk and wait alike, so nothing may show.
 * With triage it shows, and must.
 */
START_TEST(what_somebody_really_is_does_not_leak)
{
    struct scene s;
    struct spw_variant kind[3];
    uint64_t digest[2][2];
    three_kinds(&s, kind);
    s.scenario.duration_s = 60000;
    s.service = constant(100); /* the same for all, so that permuting it shows nothing */
    s.patience = constant(90);
    struct spw_dist after = constant(20);
    for (int triage = 0; triage < 2; triage++) {
        struct seen *seen[2];
        size_t moved = 0;
        s.stream[0].triage_after = triage ? &after : NULL;
        s.stream[0].triage_share = 1;
        for (uint32_t shuffle = 0; shuffle < 2; shuffle++) {
            s.scenario.hidden_shuffle = shuffle * 7;
            seen[shuffle] = look(&s, NULL);
            digest[triage][shuffle] = seen[shuffle]->digest;
        }
        for (size_t i = 0; i < seen[0]->count; i++) {
            moved += seen[0]->person[i].kind != seen[1]->person[i].kind;
        }
        ck_assert_uint_gt(moved, 500);
        free(seen[0]);
        free(seen[1]);
    }
    ck_assert_uint_eq(digest[0][0], digest[0][1]);
    ck_assert_uint_ne(digest[1][0], digest[1][1]);
}
END_TEST

/* --- triage ----------------------------------------------------------------------------------- */

struct moves {
    size_t moved;
    spw_ns soonest;
    unsigned to[8];
};

static void note_move(void *context, struct spw_world *world, const struct spw_event *event)
{
    struct moves *moves = context;
    (void)world;
    if (event->kind == SPW_EVENT_MOVED && event->reason == SPW_WHY_RECLASSIFIED) {
        moves->moved++;
        moves->to[event->priority]++;
        moves->soonest = event->waited < moves->soonest ? event->waited : moves->soonest;
    }
}

START_TEST(danger_that_was_mistaken_is_found_while_it_waits)
{
    double wait[2];
    for (int triage = 0; triage < 2; triage++) {
        struct scene s;
        struct spw_variant kind[3];
        struct moves moves = {.soonest = SPW_FOREVER};
        three_kinds(&s, kind);
        struct spw_dist after = constant(20);
        s.patience = exponential(600);
        s.stream[0].triage_after = triage ? &after : NULL;
        s.stream[0].triage_share = 0.9;
        s.scenario.on_event = note_move;
        s.scenario.on_event_context = &moves;
        struct spw_result *result = run(&s, NULL);
        books(result);
        const struct spw_group *danger =
            spw_result_group(result, SPW_GROUP_KIND, spw_kind_number(&s.scenario, 0, 0));
        ck_assert_ptr_nonnull(danger);
        wait[triage] = danger->figure[SPW_MEASURE_WAIT_P90].mean;
        ck_assert(triage == (moves.moved > 0));
        ck_assert(!triage || moves.soonest == 20 * SPW_SECOND);
        ck_assert(!triage || (moves.to[0] > 10 && moves.to[3] > 10 && moves.to[2] == 0));
        spw_result_free(result);
    }
    ck_assert_msg(wait[1] < 0.7 * wait[0], "%g with, %g without", wait[1], wait[0]);
}
END_TEST

/* --- transfers, lines ------------------------------------------------------------------------- */

/* More staff than ever needed: a talk of 100 s, then for a third of the people one of 300 s. */
START_TEST(transfers_take_the_time_of_both)
{
    for (uint32_t mode = SPW_TRANSFER_COLD; mode <= SPW_TRANSFER_WARM; mode++) {
        struct scene s;
        scene_make(&s, 0.05, 100, 400, 60);
        s.stage.more_queues = 1;
        s.after = exponential(300);
        s.stream[0].transfer_probability = 1.0 / 3;
        s.stream[0].transfer_mode = mode;
        s.stream[0].transfer_service = &s.after;
        s.stream[0].transfer_queue = 2;
        s.stream[0].transfer_priority = -1;
        struct spw_result *result = run(&s, NULL);
        books(result);
        near(result, SPW_MEASURE_MEAN_CONNECTED, 0.05 * (100 + 300 / 3.0));
        double share = value(result, SPW_MEASURE_TRANSFERRED) / value(result, SPW_MEASURE_PEOPLE);
        ck_assert(fabs(share - 1.0 / 3) < 0.01);
        ck_assert_double_eq(value(result, SPW_MEASURE_REACHED), 1);
        spw_result_free(result);
    }
}
END_TEST

/* The next counsellor is hard to find: a warm transfer keeps the first one busy, a cold one not. */
START_TEST(a_warm_transfer_holds_two)
{
    double busy[3];
    for (uint32_t mode = SPW_TRANSFER_COLD; mode <= SPW_TRANSFER_WARM; mode++) {
        struct scene s;
        scene_make(&s, 0.05, 100, 300, 8);
        s.stream[0].transfer_probability = 0.5;
        s.stream[0].transfer_mode = mode;
        s.stream[0].transfer_priority = -1;
        s.crew[0].answer = &s.after;
        s.after = constant(15);
        s.scenario.check_every = 1000;
        struct spw_result *result = run(&s, NULL);
        books(result);
        busy[mode] = value(result, SPW_MEASURE_MEAN_CONNECTED);
        spw_result_free(result);
    }
    ck_assert(busy[SPW_TRANSFER_WARM] > busy[SPW_TRANSFER_COLD] + 0.2);
}
END_TEST

/* All but one in ten of the staff are a script, which hands everybody on: to a person, or not. */
START_TEST(a_script_reaches_nobody_but_hands_on)
{
    struct scene s;
    scene_make(&s, 0.05, 100, 400, 60);
    s.crew[0].script = 1;
    struct spw_result *result = run(&s, NULL);
    books(result);
    ck_assert_double_eq(value(result, SPW_MEASURE_ANSWERED), 0);
    ck_assert(isnan(value(result, SPW_MEASURE_WAIT_P50)));
    ck_assert_double_eq(value(result, SPW_MEASURE_AT_ONCE), 1); /* attempts are answered by it */
    ck_assert_double_gt(value(result, SPW_MEASURE_WAIT_MAX), 100);
    spw_result_free(result);

    s.crew[1] = s.crew[0];
    s.crew[1].script = 0;
    s.crew[0].count = 54;
    s.crew[1].count = 6;
    s.scenario.crew_count = 2;
    s.stream[0].transfer_probability = 1;
    s.stream[0].transfer_priority = -1;
    s.scenario.check_every = 1000;
    result = run(&s, NULL);
    books(result);
    double reached = value(result, SPW_MEASURE_REACHED);
    ck_assert(reached > 0.05 && reached < 0.9);
    ck_assert_double_eq(value(result, SPW_MEASURE_AT_ONCE), 1);
    spw_result_free(result);
}
END_TEST

/* A line that drops every 200 s and is back after 30 s: no talk gets longer or shorter by it. */
START_TEST(a_talk_goes_on_where_it_was_cut)
{
    struct scene s;
    scene_make(&s, 0.05, 100, 400, 60);
    s.after = constant(30);
    s.stream[0].drop_mean_s = 200;
    s.stream[0].drop_back_probability = 1;
    s.stream[0].drop_back_after = &s.after;
    struct spw_result *result = run(&s, NULL);
    books(result);
    near(result, SPW_MEASURE_MEAN_CONNECTED, 5);
    near(result, SPW_MEASURE_MEAN_ORBIT, 0.05 * 100 / 200 * 30);
    double dropped = value(result, SPW_MEASURE_DROPPED) / value(result, SPW_MEASURE_PEOPLE);
    ck_assert(fabs(dropped - 0.5) < 0.02);
    ck_assert_double_eq(value(result, SPW_MEASURE_ATTEMPTS), value(result, SPW_MEASURE_PEOPLE));
    spw_result_free(result);
}
END_TEST

START_TEST(who_is_back_too_late_is_a_new_attempt)
{
    struct scene s;
    scene_make(&s, 0.05, 100, 400, 60);
    s.stage.park_grace = 20 * SPW_SECOND;
    s.after = constant(30);
    s.stream[0].drop_mean_s = 200;
    s.stream[0].drop_back_probability = 0.5;
    s.stream[0].drop_back_after = &s.after;
    struct spw_result *result = run(&s, NULL);
    books(result);
    double people = value(result, SPW_MEASURE_PEOPLE);
    double dropped = value(result, SPW_MEASURE_DROPPED);
    double again = value(result, SPW_MEASURE_ATTEMPTS) - people;
    ck_assert(again > 0.45 * dropped && again < 0.55 * dropped);
    double cut = result->all->ended[SPW_END_CUT].mean;
    ck_assert_double_eq_tol(cut, dropped, 0.02 * dropped);
    spw_result_free(result);
}
END_TEST

START_TEST(a_report_is_useless_after_its_deadline)
{
    struct scene s;
    scene_make(&s, 0.05, 100, 0, 1);
    s.stream[0].channel = SPW_CHANNEL_WORK;
    s.stream[0].deadline_s = 150;
    s.stream[0].redial_probability = 0.9;
    s.after = constant(10);
    s.stream[0].redial_after = &s.after;
    struct spw_result *result = run(&s, NULL);
    books(result);
    ck_assert_double_le(value(result, SPW_MEASURE_WAIT_MAX), 150.001);
    ck_assert_double_gt(result->all->ended[SPW_END_EXPIRED].mean, 300);
    ck_assert_double_eq(value(result, SPW_MEASURE_ATTEMPTS), value(result, SPW_MEASURE_PEOPLE));
    spw_result_free(result);
}
END_TEST

/* --- incidents, levels, tests ----------------------------------------------------------------- */

static const struct spw_bucket *bucket_at(const struct spw_result *result, double at_s)
{
    double width = result->buckets[1].from_s - result->buckets[0].from_s;
    return &result->buckets[(size_t)(at_s / width)];
}

static struct spw_result *night_of(struct spw_incident incident, uint32_t staff)
{
    struct scene s;
    scene_make(&s, 0.05, 100, 2000, staff);
    s.stage.more_centres = 1;
    s.scenario.warm_up_s = 0;
    s.scenario.duration_s = 40000;
    s.scenario.runs = 4;
    s.scenario.check_every = 200;
    s.scenario.incidents = &incident;
    s.scenario.incident_count = 1;
    struct spw_result *result = run(&s, NULL);
    books(result);
    return result;
}

START_TEST(a_dark_centre_comes_back)
{
    struct spw_result *result = night_of(
        (struct spw_incident){
            .kind = SPW_INCIDENT_DARK, .at_s = 10000, .until_s = 20000, .centre = 1},
        8);
    ck_assert(bucket_at(result, 9000)->staffed > 7.9);
    ck_assert(bucket_at(result, 15000)->staffed < 0.01);
    ck_assert(bucket_at(result, 15000)->waiting > 30);
    ck_assert(bucket_at(result, 30000)->staffed > 7.9);
    ck_assert(bucket_at(result, 30000)->waiting < 5);
    spw_result_free(result);
    result =
        night_of((struct spw_incident){.kind = SPW_INCIDENT_DARK, .at_s = 10000, .centre = 2}, 8);
    ck_assert(bucket_at(result, 15000)->staffed > 7.9); /* it was the other one */
    spw_result_free(result);
}
END_TEST

START_TEST(closed_and_frozen_centres_give_nobody_away)
{
    for (int kind = SPW_INCIDENT_CLOSED; kind <= SPW_INCIDENT_FROZEN;
         kind += SPW_INCIDENT_FROZEN - SPW_INCIDENT_CLOSED) {
        struct spw_result *result = night_of(
            (struct spw_incident){
                .kind = (enum spw_incident_kind)kind, .at_s = 10000, .until_s = 20000, .centre = 1},
            8);
        ck_assert(bucket_at(result, 15000)->staffed > 7.9);
        ck_assert(bucket_at(result, 15000)->busy < 0.5);
        ck_assert(bucket_at(result, 15000)->waiting > 30);
        ck_assert(bucket_at(result, 30000)->waiting < 5);
        spw_result_free(result);
    }
}
END_TEST

START_TEST(a_closed_queue_refuses)
{
    struct spw_result *result = night_of(
        (struct spw_incident){
            .kind = SPW_INCIDENT_QUEUE_CLOSED, .at_s = 10000, .until_s = 20000, .queue = 1},
        8);
    double share = value(result, SPW_MEASURE_REFUSED) / value(result, SPW_MEASURE_PEOPLE);
    ck_assert(fabs(share - 0.25) < 0.02);
    spw_result_free(result);
}
END_TEST

START_TEST(talks_take_as_long_as_the_level_says)
{
    struct scene s;
    scene_make(&s, 0.05, 100, 0, 60);
    const struct spw_level level[] = {{.centre = 1, .from_s = 0, .level = 2},
                                      {.centre = 2, .from_s = 0, .level = 3}};
    s.stage.more_centres = 1;
    s.crew[0].level_factor[2] = 1.5;
    s.crew[0].level_factor[3] = 9;
    s.scenario.levels = level;
    s.scenario.level_count = 2;
    struct spw_result *result = run(&s, NULL);
    near(result, SPW_MEASURE_MEAN_CONNECTED, 7.5);
    spw_result_free(result);
}
END_TEST

/* Chats of which a counsellor has two at once, and a minute of wrap-up that the engine ends. */
START_TEST(capacity_counts_several_at_once)
{
    struct scene s;
    scene_make(&s, 0.05, 100, 400, 8);
    s.stage.wrap_up = 60 * SPW_SECOND;
    s.stream[0].channel = SPW_CHANNEL_CHAT;
    s.scenario.units[SPW_CHANNEL_CHAT] = 50;
    struct spw_result *result = run(&s, NULL);
    ck_assert(fabs(result->capacity.mean - 8 / (160 * 0.5)) < 0.002);
    ck_assert(fabs(result->offered_load.mean - 0.05 * 160 * 0.5) < 0.1);
    spw_result_free(result);
    s.crew[0].units = 150; /* three at once */
    result = run(&s, NULL);
    ck_assert(fabs(result->capacity.mean - 8 * 1.5 / (160 * 0.5)) < 0.003);
    spw_result_free(result);
    s.crew[0].units = 49; /* nothing fits */
    result = run(&s, NULL);
    ck_assert_double_eq(result->capacity.mean, 0);
    spw_result_free(result);
}
END_TEST

START_TEST(test_contacts_are_nobody)
{
    struct scene s;
    struct spw_variant kind[2] = {
        {.share = 3, .priority = 2},
        {.share = 1, .priority = 0, .flags = SPW_CONTACT_TEST, .flags_set = 1}};
    scene_make(&s, 0.08, 100, 60, 5);
    s.stream[0].variants = kind;
    s.stream[0].variant_count = 2;
    struct spw_result *result = run(&s, NULL);
    double all = value(result, SPW_MEASURE_PEOPLE);
    const struct spw_group *stream = spw_result_group(result, SPW_GROUP_STREAM, 0);
    const struct spw_group *tests = spw_result_group(result, SPW_GROUP_KIND, 1);
    ck_assert_ptr_null(spw_result_group(result, SPW_GROUP_PRIORITY, 0));
    ck_assert_double_eq(result->longest_p0_wait_s, 0);
    ck_assert_double_eq_tol(stream->figure[SPW_MEASURE_PEOPLE].mean,
                            all + tests->figure[SPW_MEASURE_PEOPLE].mean, 1e-6);
    ck_assert(fabs(tests->figure[SPW_MEASURE_PEOPLE].mean / all - 1.0 / 3) < 0.02);
    spw_result_free(result);
}
END_TEST

/* --- a host that looks on --------------------------------------------------------------------- */

struct host {
    uint64_t sequence;
    int asked;
    int closed;
};

/* When twenty wait, the host closes the queue; it may ask from inside the event. */
static void close_when_full(void *context, struct spw_world *world, const struct spw_event *event)
{
    struct host *host = context;
    struct spw_depth depth;
    ck_assert_uint_eq(event->sequence, ++host->sequence);
    host->closed += event->kind == SPW_EVENT_QUEUE && event->detail_a == 0;
    if (event->kind != SPW_EVENT_WAITING || host->asked ||
        spw_view_depth(spw_world_engine(world), 1, 1, &depth) != SPW_OK || depth.waiting < 20) {
        return;
    }
    struct spw_input input = {.kind = SPW_INPUT_QUEUE_CLOSE};
    input.u.queue.queue = 1;
    host->asked = 1;
    ck_assert_int_eq(spw_world_ask(world, &input), 0);
    ck_assert_int_eq(host->closed, 0); /* not before its events have been read */
}

START_TEST(a_host_sees_every_event_and_has_its_say)
{
    struct scene s;
    struct host host = {0};
    char error[200];
    scene_make(&s, 0.2, 100, 0, 5);
    s.scenario.on_event = close_when_full;
    s.scenario.on_event_context = &host;
    struct spw_world *world = spw_world_create(&s.scenario, NULL, 0, error, sizeof error);
    ck_assert_ptr_nonnull(world);
    ck_assert_int_eq(spw_world_run_until(world, 2000), 1);
    ck_assert_int_eq(spw_world_now(world), 2000 * SPW_SECOND);
    ck_assert_int_eq(host.closed, 1);
    struct spw_depth depth;
    ck_assert_int_eq(spw_view_depth(spw_world_engine(world), 1, 1, &depth), SPW_OK);
    ck_assert_uint_eq(depth.waiting, 0); /* a closed queue keeps nobody */
    struct spw_input open = {.kind = SPW_INPUT_QUEUE_OPEN};
    open.u.queue.queue = 1;
    ck_assert_int_eq(spw_world_ask(world, &open), 0); /* from outside as well */
    ck_assert_int_eq(spw_world_run_until(world, 4000), 1);
    ck_assert_int_eq(spw_view_depth(spw_world_engine(world), 1, 1, &depth), SPW_OK);
    ck_assert_uint_gt(depth.waiting, 20);
    spw_world_free(world);
}
END_TEST

START_TEST(what_cannot_be_is_refused_with_a_sentence)
{
    struct scene s;
    struct spw_variant kind[3];
    char error[200];
    const double wrong_row[9] = {1, 0, 0, 0.5, 0.4, 0, 0, 0, 1};
    three_kinds(&s, kind);
    s.stream[0].confusion = wrong_row;
    ck_assert_int_eq(spw_scenario_check(&s.scenario, error, sizeof error), -1);
    ck_assert_str_eq(error, "people: confusion: row 2 comes to 0.9; expected 1");
    scene_make(&s, 1, 100, 0, 1);
    s.stream[0].transfer_probability = 2;
    ck_assert_int_eq(spw_scenario_check(&s.scenario, error, sizeof error), -1);
    ck_assert_str_eq(error, "people: transfer_probability is 2; expected 0 to 1");
    scene_make(&s, 1, 100, 0, 1);
    struct spw_incident twice[2] = {
        {.kind = SPW_INCIDENT_DARK, .at_s = 10, .until_s = 20, .centre = 1},
        {.kind = SPW_INCIDENT_CLOSED, .at_s = 15, .centre = 1}};
    s.scenario.incidents = twice;
    s.scenario.incident_count = 2;
    ck_assert_int_eq(spw_scenario_check(&s.scenario, error, sizeof error), -1);
    ck_assert_str_eq(error, "incidents 1 and 2 overlap at one place");
    twice[1].at_s = 20;
    ck_assert_int_eq(spw_scenario_check(&s.scenario, error, sizeof error), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sim/passage");
    TCase *all = tcase_create("all");
    tcase_set_timeout(all, 600);
    tcase_add_test(all, a_person_is_the_same_under_every_policy);
    tcase_add_test(all, the_classifier_errs_as_declared);
    tcase_add_test(all, what_somebody_really_is_does_not_leak);
    tcase_add_test(all, danger_that_was_mistaken_is_found_while_it_waits);
    tcase_add_test(all, transfers_take_the_time_of_both);
    tcase_add_test(all, a_warm_transfer_holds_two);
    tcase_add_test(all, a_talk_goes_on_where_it_was_cut);
    tcase_add_test(all, who_is_back_too_late_is_a_new_attempt);
    tcase_add_test(all, a_report_is_useless_after_its_deadline);
    tcase_add_test(all, a_dark_centre_comes_back);
    tcase_add_test(all, closed_and_frozen_centres_give_nobody_away);
    tcase_add_test(all, a_closed_queue_refuses);
    tcase_add_test(all, talks_take_as_long_as_the_level_says);
    tcase_add_test(all, a_script_reaches_nobody_but_hands_on);
    tcase_add_test(all, capacity_counts_several_at_once);
    tcase_add_test(all, test_contacts_are_nobody);
    tcase_add_test(all, a_host_sees_every_event_and_has_its_say);
    tcase_add_test(all, what_cannot_be_is_refused_with_a_sentence);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
