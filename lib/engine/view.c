/*
 * engine/view.c - questions that change nothing.
 *
 * Who calls: the host, the simulator, tests. Cost: as view.h says of each; none is used by the
 * engine itself.
 */
#include "engine/verbs.h"

/* The nearest end of a hold, of a work item's use, of a safe window; FOREVER if none. */
static spw_ns own_deadline(const struct spw_engine *e, uint32_t record)
{
    spw_ns nearest = SPW_FOREVER;
    if (record == SPW_NONE) {
        return nearest;
    }
    const struct spw__extra *extra = &e->extra[record];
    const spw_ns each[] = {extra->deadline, extra->safe_until,
                           extra->sticky != SPW_NONE ? extra->sticky_until : 0};
    for (size_t i = 0; i < sizeof each / sizeof each[0]; i++) {
        nearest = each[i] != 0 && each[i] < nearest ? each[i] : nearest;
    }
    return nearest;
}

int spw_view_contact(const struct spw_engine *engine, spw_contact contact,
                     struct spw_contact_view *view)
{
    SPW_ASSERT(engine != NULL);
    const struct spw_engine *e = engine;
    if (!spw__contact_live(e, contact.bits)) {
        return SPW_E_STALE;
    }
    uint32_t x = (uint32_t)contact.bits;
    const struct spw__contact *hot = &e->contact[x];
    const struct spw__cold *cold = &e->cold[x];
    bool claim_only = hot->state == SPW_CONTACT_WAITING;
    *view = (struct spw_contact_view){.id = {cold->id_hi, cold->id_lo},
                                      .cookie = cold->cookie,
                                      .arrived_at = hot->arrived_at,
                                      .queued_at = hot->queued_at,
                                      .home = cold->home,
                                      .queue = cold->queue,
                                      .need = spw__need_in_force(e, x),
                                      .step = hot->step,
                                      .zone = cold->zone,
                                      .state = hot->state,
                                      .channel = hot->channel,
                                      .priority = hot->priority,
                                      .effective = spw__effective(hot),
                                      .flags = hot->flags,
                                      .until = SPW_FOREVER};
    if (hot->holder != SPW_NONE && !claim_only) {
        view->counsellor.bits = spw__counsellor_bits(e, hot->holder);
    }
    if (hot->extra != SPW_NONE) {
        const struct spw__extra *extra = &e->extra[hot->extra];
        view->declines = extra->bar_count;
        if (extra->to != SPW_NONE) {
            view->to.bits = spw__counsellor_bits(e, extra->to);
        }
    }
    if ((hot->marks & SPW__MARK_ARMED) != 0) {
        view->until = spw__heap_deadline(&e->timers, spw__node_contact(e, x));
    }
    spw_ns own = own_deadline(e, hot->extra);
    view->until = own < view->until ? own : view->until;
    return SPW_OK;
}

spw_contact spw_view_find(const struct spw_engine *engine, spw_id id)
{
    SPW_ASSERT(engine != NULL);
    spw_contact contact = {0};
    uint32_t x = spw__map_find(&engine->ids, id.hi, id.lo);
    if (x != SPW_NONE) {
        contact.bits = spw__contact_bits(engine, x);
    }
    return contact;
}

int spw_view_counsellor(const struct spw_engine *engine, spw_counsellor counsellor,
                        struct spw_counsellor_view *view)
{
    SPW_ASSERT(engine != NULL);
    const struct spw_engine *e = engine;
    if (!spw__counsellor_live(e, counsellor.bits)) {
        return SPW_E_STALE;
    }
    uint32_t c = (uint32_t)counsellor.bits;
    const struct spw__counsellor *who = &e->counsellor[c];
    *view = (struct spw_counsellor_view){.key = who->key,
                                         .idle_since = who->idle_since,
                                         .centre = who->centre,
                                         .skillset = who->skillset,
                                         .units = who->units,
                                         .units_held = who->held,
                                         .items = who->items,
                                         .state = who->state,
                                         .resting = who->rest_until != 0,
                                         .missed = who->missed};
    const struct spw__item *items = spw__items(e, c);
    for (uint32_t i = 0; i < e->config.items_max; i++) {
        if (items[i].state == SPW__ITEM_OFFERED) {
            view->offer.bits = spw__contact_bits(e, items[i].contact);
            break;
        }
    }
    if (who->claim != SPW_NONE) {
        view->claim.bits = spw__contact_bits(e, who->claim);
    }
    return SPW_OK;
}

spw_counsellor spw_view_counsellor_find(const struct spw_engine *engine, uint64_t key)
{
    SPW_ASSERT(engine != NULL);
    spw_counsellor counsellor = {0};
    uint32_t c = spw__map_find(&engine->keys, 1, key);
    if (c != SPW_NONE) {
        counsellor.bits = spw__counsellor_bits(engine, c);
    }
    return counsellor;
}

/* --- depth and position ----------------------------------------------------------------------- */

spw_skill spw_view_skill_find(const struct spw_engine *engine, uint64_t key)
{
    SPW_ASSERT(engine != NULL);
    uint32_t n = engine->catalogue.skill_count;
    while (n > 0 && engine->catalogue.skill_key[n] != key) {
        n--;
    }
    return n;
}

spw_queue spw_view_queue_find(const struct spw_engine *engine, uint64_t key)
{
    SPW_ASSERT(engine != NULL);
    return spw__queue_find(engine, key);
}

spw_centre spw_view_centre_find(const struct spw_engine *engine, uint64_t key)
{
    SPW_ASSERT(engine != NULL);
    return spw__centre_find(engine, key);
}

int spw_view_queue(const struct spw_engine *engine, spw_queue queue, struct spw_queue_view *view)
{
    SPW_ASSERT(engine != NULL);
    if (queue == 0 || queue > engine->queue_count) {
        return SPW_E_UNKNOWN;
    }
    const struct spw__queue *q = &engine->queue[queue];
    *view = (struct spw_queue_view){.key = q->key,
                                    .live = spw__queue_live(engine, queue),
                                    .need = q->need,
                                    .ladder = q->ladder,
                                    .fallback = q->fallback,
                                    .open = q->closed == 0};
    return SPW_OK;
}

int spw_view_centre(const struct spw_engine *engine, spw_centre centre,
                    struct spw_centre_view *view)
{
    SPW_ASSERT(engine != NULL);
    if (centre == 0 || centre > engine->centre_count) {
        return SPW_E_UNKNOWN;
    }
    const struct spw__centre *c = &engine->centre[centre];
    *view = (struct spw_centre_view){.key = c->key,
                                     .lease = c->lease,
                                     .frozen_until = c->frozen_until,
                                     .classes_max = c->classes_max,
                                     .pools_max = c->pools_max,
                                     .zone = c->zone,
                                     .open = c->open,
                                     .dark = c->dark};
    return SPW_OK;
}

static bool pair_wanted(const struct spw__pair *pair, spw_centre centre, spw_queue queue)
{
    return (centre == 0 || (uint32_t)(pair->key_hi >> 32) == centre) &&
           (queue == 0 || (uint32_t)pair->key_hi == queue);
}

/* The earliest waiting contact of a class: not one that talks during a warm transfer. */
static uint32_t first_waiting(const struct spw_engine *e, const struct spw__class *k)
{
    struct spw__tree_view view = {&e->contact[0].link, sizeof *e->contact, e, NULL};
    uint32_t x = k->main_head;
    uint32_t y = k->side_root == SPW_NONE ? SPW_NONE : spw__tree_first(&view, &k->side_root);
    while (x != SPW_NONE && e->contact[x].state != SPW_CONTACT_WAITING) {
        x = e->contact[x].link.right;
    }
    while (y != SPW_NONE && e->contact[y].state != SPW_CONTACT_WAITING) {
        y = spw__tree_next(&view, &k->side_root, y);
    }
    if (x == SPW_NONE || y == SPW_NONE) {
        return x == SPW_NONE ? y : x;
    }
    return spw__place_compare(e, y, x) < 0 ? y : x;
}

static void depth_heads(const struct spw_engine *e, spw_centre centre, spw_queue queue,
                        struct spw_depth *depth)
{
    for (uint32_t n = 1; n <= e->centre_count; n++) {
        const struct spw__centre *place = &e->centre[n];
        for (uint32_t local = 0; local < place->class_count; local++) {
            const struct spw__class *k = &e->class_[place->class_base + local];
            if (!k->used || k->length == 0 || (k->flags & SPW_CONTACT_TEST) != 0 ||
                (centre != 0 && n != centre) || (queue != 0 && k->queue != queue)) {
                continue;
            }
            uint32_t first = first_waiting(e, k);
            if (first == SPW_NONE) {
                continue;
            }
            spw_ns age = e->clock - e->contact[first].arrived_at;
            depth->head_wait = age > depth->head_wait ? age : depth->head_wait;
            if (age > depth->head_wait_by_priority[k->base]) {
                depth->head_wait_by_priority[k->base] = age;
            }
        }
    }
}

int spw_view_depth(const struct spw_engine *engine, spw_centre centre, spw_queue queue,
                   struct spw_depth *depth)
{
    SPW_ASSERT(engine != NULL);
    if (centre > engine->centre_count || queue > engine->queue_count) {
        return SPW_E_UNKNOWN;
    }
    *depth = (struct spw_depth){0};
    for (uint32_t i = 0; i < engine->pair_count; i++) {
        const struct spw__pair *pair = &engine->pair[i];
        if (!pair_wanted(pair, centre, queue)) {
            continue;
        }
        for (uint32_t p = 0; p < SPW_PRIORITY_COUNT; p++) {
            depth->waiting_by_priority[p] += pair->now[SPW__NOW_WAITING + p];
            depth->waiting += pair->now[SPW__NOW_WAITING + p];
        }
        depth->offered += pair->now[SPW__NOW_OFFERED];
        depth->connected += pair->now[SPW__NOW_CONNECTED];
        depth->parked += pair->now[SPW__NOW_PARKED];
        depth->callbacks += pair->now[SPW__NOW_CALLBACK];
    }
    depth_heads(engine, centre, queue, depth);
    return SPW_OK;
}

/* Whether two classes share a pool with somebody on duty. */
static bool compete(const struct spw_engine *e, const struct spw__class *a,
                    const struct spw__class *b)
{
    const struct spw__centre *centre = &e->centre[a->centre];
    const uint64_t *x = &centre->row_by_class[(size_t)a->local * centre->pool_words];
    const uint64_t *y = &centre->row_by_class[(size_t)b->local * centre->pool_words];
    for (uint32_t w = 0; w < centre->pool_words; w++) {
        for (uint64_t left = x[w] & y[w]; left != 0; left &= left - 1) {
            uint32_t p = centre->pool_base + w * 64 + (uint32_t)__builtin_ctzll(left);
            if (e->pool[p].on_duty > 0) {
                return true;
            }
        }
    }
    return false;
}

static uint64_t ahead_in(const struct spw_engine *e, const struct spw__class *k,
                         const struct spw__class *own, uint32_t x)
{
    const uint32_t first[] = {spw__newest_first(e, k) ? k->main_tail : k->main_head,
                              spw__side_head(e, k)};
    uint64_t count = 0;
    for (int lane = 0; lane < 2; lane++) {
        uint32_t y = first[lane];
        while (y != SPW_NONE && y != x && spw__goes_before(e, y, k, x, own)) {
            count++;
            y = spw__lane_next(e, k, y);
        }
    }
    return count;
}

int spw_view_ahead(const struct spw_engine *engine, spw_contact contact, uint64_t *ahead)
{
    SPW_ASSERT(engine != NULL);
    const struct spw_engine *e = engine;
    *ahead = 0;
    if (!spw__contact_live(e, contact.bits)) {
        return SPW_E_STALE;
    }
    uint32_t x = (uint32_t)contact.bits;
    if (e->contact[x].lane == SPW__LANE_NONE) {
        return SPW_E_STATE;
    }
    const struct spw__class *own = &e->class_[e->contact[x].class_index];
    const struct spw__centre *centre = &e->centre[own->centre];
    for (uint32_t local = 0; local < centre->class_count; local++) {
        const struct spw__class *k = &e->class_[centre->class_base + local];
        if (k->used && k->length > 0 && (k == own || compete(e, k, own))) {
            *ahead += ahead_in(e, k, own, x);
        }
    }
    return SPW_OK;
}

/* So many times as long, but not longer than for ever. */
static spw_ns times(spw_ns one, uint64_t n)
{
    spw_ns product;
    bool over = __builtin_mul_overflow(one, (spw_ns)n, &product);
    return over || product > SPW_FOREVER ? SPW_FOREVER : product;
}

int spw_view_wait(const struct spw_engine *engine, spw_contact contact,
                  struct spw_wait_estimate *estimate)
{
    SPW_ASSERT(engine != NULL);
    const struct spw_engine *e = engine;
    uint64_t ahead;
    *estimate = (struct spw_wait_estimate){0};
    int error = spw_view_ahead(e, contact, &ahead);
    if (error != SPW_OK) {
        return error;
    }
    uint32_t x = (uint32_t)contact.bits;
    const struct spw__class *own = &e->class_[e->contact[x].class_index];
    const struct spw__queue *queue = &e->queue[own->queue];
    const struct spw__centre *centre = &e->centre[own->centre];
    uint64_t able = 0;
    for (uint32_t p = 0; p < centre->pool_count; p++) {
        const struct spw__pool *pool = &e->pool[centre->pool_base + p];
        if (pool->used && spw__class_open_to_pool(e, own, pool)) {
            able += pool->on_duty;
        }
    }
    if (queue->completions < 20 || able == 0 || ahead > 1000000) {
        return SPW_OK;
    }
    /* (n + 1) / (c mu), and about two standard deviations sqrt(n + 1) / (c mu) to each side. */
    spw_ns one = queue->completion_mean / (spw_ns)able;
    uint64_t root = 1;
    while (root * root < ahead + 1) {
        root++;
    }
    uint64_t low = ahead + 1 > 2 * root ? ahead + 1 - 2 * root : 0;
    estimate->known = 1;
    estimate->low = times(one, low);
    estimate->high = times(one, ahead + 1 + 2 * root);
    return SPW_OK;
}

/* --- why not ---------------------------------------------------------------------------------- */

int spw_view_block(const struct spw_engine *engine, spw_contact contact, spw_counsellor counsellor)
{
    SPW_ASSERT(engine != NULL);
    if (!spw__contact_live(engine, contact.bits) ||
        !spw__counsellor_live(engine, counsellor.bits)) {
        return SPW_E_STALE;
    }
    uint32_t x = (uint32_t)contact.bits;
    if (engine->contact[x].lane == SPW__LANE_NONE) {
        return SPW_E_STATE;
    }
    return (int)spw__block(engine, x, (uint32_t)counsellor.bits);
}

int spw_view_why_not(const struct spw_engine *engine, spw_contact contact,
                     uint64_t counts[SPW_BLOCK_COUNT])
{
    SPW_ASSERT(engine != NULL);
    const struct spw_engine *e = engine;
    for (int i = 0; i < SPW_BLOCK_COUNT; i++) {
        counts[i] = 0;
    }
    if (!spw__contact_live(e, contact.bits)) {
        return SPW_E_STALE;
    }
    uint32_t x = (uint32_t)contact.bits;
    if (e->contact[x].lane == SPW__LANE_NONE) {
        return SPW_E_STATE;
    }
    for (uint32_t c = 0; c < e->counsellors.capacity; c++) {
        if (spw__slab_taken(&e->counsellors, c) && e->counsellor[c].centre == e->cold[x].home) {
            counts[spw__block(e, x, c)]++;
        }
    }
    return SPW_OK;
}

/* --- counters --------------------------------------------------------------------------------- */

static void counters_add(struct spw_counters *sum, const struct spw_counters *c)
{
    sum->arrived += c->arrived;
    sum->attempts += c->attempts;
    sum->moved_in += c->moved_in;
    sum->moved_out += c->moved_out;
    sum->away += c->away;
    sum->live += c->live;
    for (int i = 0; i < SPW_END_PLACES; i++) {
        sum->ended[i] += c->ended[i];
    }
    sum->offers += c->offers;
    sum->accepted += c->accepted;
    sum->declined += c->declined;
    sum->missed += c->missed;
    sum->within_target += c->within_target;
    sum->connected += c->connected;
    sum->at_once += c->at_once;
    spw__count_waited(&sum->waited_ns_answered, c->waited_ns_answered);
    spw__count_waited(&sum->waited_ns_all, c->waited_ns_all);
    sum->lost_to_limits += c->lost_to_limits;
}

int spw_view_counters(const struct spw_engine *engine, spw_centre centre, spw_queue queue,
                      int priority, int test, struct spw_counters *counters)
{
    SPW_ASSERT(engine != NULL);
    if (centre > engine->centre_count || queue > engine->queue_count) {
        return SPW_E_UNKNOWN;
    }
    if (priority < -1 || priority >= SPW_PRIORITY_COUNT) {
        return SPW_E_RANGE;
    }
    *counters = (struct spw_counters){0};
    for (uint32_t i = 0; i < engine->pair_count; i++) {
        const struct spw__pair *pair = &engine->pair[i];
        if (!pair_wanted(pair, centre, queue)) {
            continue;
        }
        if (test) {
            counters_add(counters, &pair->count[SPW_PRIORITY_COUNT]);
            continue;
        }
        for (int p = 0; p < SPW_PRIORITY_COUNT; p++) {
            if (priority == -1 || p == priority) {
                counters_add(counters, &pair->count[p]);
            }
        }
    }
    return SPW_OK;
}

int spw_view_target(const struct spw_engine *engine, spw_queue queue, int priority, spw_ns *target)
{
    SPW_ASSERT(engine != NULL);
    if (queue == 0 || queue > engine->queue_count) {
        return SPW_E_UNKNOWN;
    }
    if (priority < 0 || priority >= SPW_PRIORITY_COUNT) {
        return SPW_E_RANGE;
    }
    *target = engine->queue[queue].target[priority];
    return SPW_OK;
}

uint64_t spw_view_served_by(const struct spw_engine *engine, spw_centre home, spw_centre serving)
{
    SPW_ASSERT(engine != NULL);
    if (home > engine->centre_count || serving > engine->centre_count) {
        return 0;
    }
    return engine->served_by[(size_t)home * (engine->config.centres_max + 1) + serving];
}

spw_ns spw_view_overtaking_bound(const struct spw_engine *engine, int priority)
{
    SPW_ASSERT(engine != NULL);
    return spw__overtaking_bound(&engine->plan, engine->prefer_count > 0, priority);
}

void spw_view_usage(const struct spw_engine *engine, struct spw_usage *usage)
{
    SPW_ASSERT(engine != NULL);
    const struct spw_engine *e = engine;
    uint32_t classes = 0;
    uint32_t pools = 0;
    for (uint32_t n = 1; n <= e->centre_count; n++) {
        for (uint32_t i = 0; i < e->centre[n].class_count; i++) {
            classes += e->class_[e->centre[n].class_base + i].used;
        }
        for (uint32_t i = 0; i < e->centre[n].pool_count; i++) {
            pools += e->pool[e->centre[n].pool_base + i].used;
        }
    }
    *usage = (struct spw_usage){.contacts = e->contacts.capacity - e->contacts.free_count,
                                .contacts_max = e->contacts.capacity,
                                .counsellors = e->counsellors.capacity - e->counsellors.free_count,
                                .counsellors_max = e->counsellors.capacity,
                                .centres = e->centre_count,
                                .queues = e->queue_count,
                                .skills = e->catalogue.skill_count,
                                .skillsets = e->catalogue.skillset.count,
                                .needs = e->catalogue.need.count,
                                .ladders = e->catalogue.ladder.count,
                                .classes = classes,
                                .pools = pools,
                                .tokens = e->token_slab.capacity - e->token_slab.free_count,
                                .personal = e->extras.capacity - e->extras.free_count,
                                .personal_max = e->extras.capacity,
                                .memory_bytes = e->memory_size,
                                .bytes_per_contact_hot = sizeof(struct spw__contact),
                                .bytes_per_contact_all = spw__bytes_per_contact(&e->config)};
}
