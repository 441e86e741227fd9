/*
 * tests/fuzz/fuzz_scenario.c - any text as a scenario.
 *
 * Demanded: no crash; a text that is refused says where and why; one that is read makes sense to
 * the simulator, its marks can be varied or say why not, and its first minutes can be run, with the
 * invariants looked at.
 */
#include "command/scenario/scenario.h"

#include <math.h>

#include "text.h"

#define FILE_NAME "scenario.yaml"
#define MINUTES 10
#define MARKS 6

/* Shorter than a second: so often in ten minutes that a run is long. */
static int hectic(double period_s)
{
    return period_s > 0 && period_s < 1;
}

/* Whether the first minutes are a matter of milliseconds. */
static int small(const struct spw_scenario *sim)
{
    double people = 0;
    double staff = 0;
    int often = 0;
    struct spw_scenario first = *sim;
    first.duration_s = fmin(sim->duration_s, MINUTES * 60);
    for (size_t i = 0; i < sim->stream_count; i++) {
        people += spw__expected_people(&first, &sim->streams[i]);
        often += hectic(sim->streams[i].drop_mean_s);
    }
    for (size_t i = 0; i < sim->crew_count; i++) {
        const struct spw_crew *crew = &sim->crews[i];
        staff += crew->count;
        often += hectic(crew->heartbeat_s) + hectic(crew->up_mean_s) + hectic(crew->break_every_s) +
                 hectic(crew->day_s);
    }
    return often == 0 && people < 500 && staff < 50 && sim->config.classes_max <= 4096 &&
           sim->config.pools_max <= 4096 && sim->config.events_max <= 1 << 16;
}

static void run(struct spw_scenario *sim)
{
    char error[200] = "";
    struct spw_result *result = NULL;
    sim->runs = 1;
    sim->duration_s = fmin(sim->duration_s, MINUTES * 60);
    sim->warm_up_s = fmin(sim->warm_up_s, sim->duration_s / 2);
    sim->drain_s = 60;
    sim->bucket_s = 0;
    sim->check_every = 16;
    sim->config.contacts_max = 1000;
    sim->config.tokens_max = 1000;
    if (spw_scenario_check(sim, error, sizeof error) != 0) {
        return; /* cut short it may not make sense any more: a goal after its end */
    }
    int failed = spw_sim_run(sim, NULL, NULL, NULL, &result, error, sizeof error);
    DEMAND(failed == 0 ? result != NULL : error[0] != 0);
    spw_result_free(result);
}

/* What is told before the first run; each mark halved and doubled is read, or refused with why. */
static void change(struct spw__scenario_file *file, const char *text, size_t size)
{
    spw__foresee(file);
    file->text = (char *)text; /* lent: it is not the file's to free */
    file->length = size;
    for (size_t i = 0; i < 2 * file->mark_count && i < 2 * MARKS; i++) {
        struct spw__variation variation = {i / 2, i % 2 ? 2 : 0.5};
        struct spw__scenario_file varied;
        struct spw_plan_error error;
        if (spw__scenario_vary(&varied, file, &variation, &error) != 0) {
            text_explained(&error, FILE_NAME, size);
        }
        spw__scenario_free(&varied);
    }
    file->text = NULL;
    (void)spw__scenario_danger_patience(file, 0.5);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct spw__scenario_file file;
    struct spw_plan_error error;
    if (!text_utf8(data, size)) {
        return 0;
    }
    const char *text = size > 0 ? (const char *)data : "";
    if (spw__scenario_parse(&file, text, size, FILE_NAME, &error) != 0) {
        text_explained(&error, FILE_NAME, size);
    } else if (small(&file.sim)) {
        change(&file, text, size);
        run(&file.sim);
    }
    spw__scenario_free(&file);
    return 0;
}
