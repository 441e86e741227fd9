/*
 * engine/pool.c - pools: all counsellors who are alike for routing, and which of them are idle.
 *
 * Each pool has three lists, longest idle first: FREE (holds nothing), PART (holds something, has
 * room left), LIMITED (has room, but a limit is reached: priority 0 only). A counsellor who is
 * claimed, paused, full or in pull mode is in none.
 * Invariants: a counsellor is in the list that spw__refile would choose; the bit rows free_pools,
 * part_pools, limited_pools say which pools have a non-empty list; pool_score of a pool with
 * somebody free is its score under the chooser in force, and these pools are ranked by it.
 * Between an input and its settling a counsellor just freed may be unfiled: in no list yet.
 * Who calls: every verb that changes a counsellor calls spw__refile afterwards.
 * Cost: constant for FREE (idle time only grows at the tail); PART and LIMITED insert by search.
 */
#include "engine/verbs.h"

static uint64_t pool_hi(uint32_t centre, uint32_t skillset)
{
    return ((uint64_t)centre << 32) | skillset;
}

static uint64_t *list_row(struct spw__centre *centre, uint32_t list)
{
    return list == SPW__LIST_FREE   ? centre->free_pools
           : list == SPW__LIST_PART ? centre->part_pools
                                    : centre->limited_pools;
}

/* Sixteen bits of flexibility or order, then 48 bits of idle rank: unique, so no ties. */
static int64_t pool_score(const struct spw_engine *e, const struct spw__pool *pool)
{
    uint64_t rank = e->counsellor[pool->list[SPW__LIST_FREE].head].idle_rank & 0xffffffffffffu;
    uint64_t first = 0;
    if (e->plan.chooser == SPW_CHOOSE_LEAST_FLEXIBLE) {
        first = pool->flexibility;
    } else if (e->plan.chooser == SPW_CHOOSE_ORDERED) {
        first = pool->order;
    }
    SPW_ASSERT_SLOW(first <= SPW__POOL_ORDER_MAX); /* else not the order of chooser_key */
    return (int64_t)((first << 48) | rank);
}

static void list_changed(struct spw_engine *e, struct spw__pool *pool, uint32_t list)
{
    struct spw__centre *centre = &e->centre[pool->centre];
    uint64_t *row = list_row(centre, list);
    bool some = pool->list[list].head != SPW_NONE;
    if (some != spw__bits_test(row, pool->local)) {
        centre->pools_listed[list] += some ? 1u : (uint32_t)-1;
        if (some) {
            spw__bits_set(row, pool->local);
        } else {
            spw__bits_clear(row, pool->local);
        }
    }
    if (list != SPW__LIST_FREE) {
        return;
    }
    if (!some) {
        spw__ranking_take(&centre->pools, pool->local);
        return;
    }
    int64_t score = pool_score(e, pool);
    if (centre->pool_score[pool->local] != score ||
        !spw__ranking_has(&centre->pools, pool->local)) {
        spw__ranking_put(&centre->pools, pool->local, score);
    }
}

/* The number of free counsellors of a pool is about to change, and the plan may keep some of them:
 * noted once. */
static void free_changes(struct spw_engine *e, uint32_t p)
{
    if (e->prefer_count == 0 || !e->pool[p].prefers || e->risen_count > SPW__RISEN_MAX) {
        return;
    }
    for (uint32_t i = 0; i < e->risen_count; i++) {
        if (e->risen[i].pool == p) {
            return;
        }
    }
    if (e->risen_count < SPW__RISEN_MAX) {
        e->risen[e->risen_count] = (struct spw__risen){p, e->pool[p].list[SPW__LIST_FREE].count};
    }
    e->risen_count++;
}

static void list_insert(struct spw_engine *e, uint32_t c, uint32_t list)
{
    struct spw__counsellor *counsellor = &e->counsellor[c];
    struct spw__pool *pool = &e->pool[counsellor->pool];
    struct spw__chain *chain = &pool->list[list];
    if (list == SPW__LIST_FREE) {
        free_changes(e, counsellor->pool);
    }
    uint32_t after = chain->tail;
    while (after != SPW_NONE && e->counsellor[after].idle_rank > counsellor->idle_rank) {
        after = e->counsellor[after].prev;
    }
    counsellor->prev = after;
    counsellor->link.next = after == SPW_NONE ? chain->head : e->counsellor[after].link.next;
    if (counsellor->link.next != SPW_NONE) {
        e->counsellor[counsellor->link.next].prev = c;
    } else {
        chain->tail = c;
    }
    if (after != SPW_NONE) {
        e->counsellor[after].link.next = c;
    } else {
        chain->head = c;
    }
    chain->count++;
    counsellor->list = (uint8_t)list;
    list_changed(e, pool, list);
}

static void list_remove(struct spw_engine *e, uint32_t c)
{
    struct spw__counsellor *counsellor = &e->counsellor[c];
    uint32_t list = counsellor->list;
    if (list == SPW__LIST_NONE) {
        return;
    }
    struct spw__pool *pool = &e->pool[counsellor->pool];
    struct spw__chain *chain = &pool->list[list];
    if (list == SPW__LIST_FREE) {
        free_changes(e, counsellor->pool);
    }
    if (counsellor->prev != SPW_NONE) {
        e->counsellor[counsellor->prev].link.next = counsellor->link.next;
    } else {
        chain->head = counsellor->link.next;
    }
    if (counsellor->link.next != SPW_NONE) {
        e->counsellor[counsellor->link.next].prev = counsellor->prev;
    } else {
        chain->tail = counsellor->prev;
    }
    chain->count--;
    counsellor->list = SPW__LIST_NONE;
    list_changed(e, pool, list);
}

static uint32_t wanted_list(const struct spw_engine *e, uint32_t c)
{
    const struct spw__counsellor *counsellor = &e->counsellor[c];
    const struct spw__centre *centre = &e->centre[counsellor->centre];
    if (counsellor->state != SPW_COUNSELLOR_ON || counsellor->claim != SPW_NONE ||
        (counsellor->flags & SPW_COUNSELLOR_PULLS) != 0 || !centre->open ||
        counsellor->items >= e->config.items_max || counsellor->held >= counsellor->units) {
        return SPW__LIST_NONE;
    }
    if (spw__limited(e, c)) {
        return SPW__LIST_LIMITED;
    }
    return counsellor->items == 0 ? SPW__LIST_FREE : SPW__LIST_PART;
}

/* Puts the counsellor into the list it belongs to now. */
void spw__refile(struct spw_engine *e, uint32_t c)
{
    struct spw__counsellor *counsellor = &e->counsellor[c];
    uint32_t list = wanted_list(e, c);
    if (list == counsellor->list || counsellor->unfiled) {
        return;
    }
    list_remove(e, c);
    if (list != SPW__LIST_NONE) {
        list_insert(e, c, list);
    }
}

/*
 * The same, but not before it is decided what the counsellor gets: one who is freed while people
 * wait is in no list until then. Not where preferences or a moving policy count the free ones.
 */
void spw__refile_later(struct spw_engine *e, uint32_t c)
{
    struct spw__counsellor *counsellor = &e->counsellor[c];
    if (counsellor->list != SPW__LIST_NONE || counsellor->unfiled ||
        e->unfiled_count == SPW__UNFILED_MAX || !spw__policy_static(e) ||
        (e->prefer_count > 0 && e->pool[counsellor->pool].prefers)) {
        spw__refile(e, c);
        return;
    }
    counsellor->unfiled = 1;
    e->unfiled[e->unfiled_count++] = c;
}

/* To be called before the lists are read. */
void spw__file_all(struct spw_engine *e)
{
    while (e->unfiled_count > 0) {
        uint32_t c = e->unfiled[--e->unfiled_count];
        e->counsellor[c].unfiled = 0;
        spw__refile(e, c);
    }
}

/* Is in a list, or will be. */
bool spw__listed(const struct spw_engine *e, uint32_t c)
{
    uint32_t list = e->counsellor[c].unfiled ? wanted_list(e, c) : e->counsellor[c].list;
    return list != SPW__LIST_NONE;
}

/* Idle time starts anew (rule U3): to the end of its list. */
void spw__idle_renew(struct spw_engine *e, uint32_t c)
{
    struct spw__counsellor *counsellor = &e->counsellor[c];
    uint32_t list = counsellor->list;
    list_remove(e, c);
    counsellor->idle_since = e->clock;
    counsellor->idle_rank = ++e->idle_sequence;
    if (list != SPW__LIST_NONE) {
        list_insert(e, c, list);
    }
}

static void duty_bit(struct spw_engine *e, const struct spw__pool *pool)
{
    uint64_t *row = e->centre[pool->centre].duty_pools;
    if (pool->on_duty > 0) {
        spw__bits_set(row, pool->local);
    } else {
        spw__bits_clear(row, pool->local);
    }
}

static void count_in(uint32_t *sum, uint8_t is, uint8_t was, uint8_t bit)
{
    *sum += (uint32_t)((is & bit) != 0) - (uint32_t)((was & bit) != 0);
}

static void counted_set(struct spw_engine *e, uint32_t c, uint8_t is)
{
    struct spw__counsellor *counsellor = &e->counsellor[c];
    struct spw__pool *pool = &e->pool[counsellor->pool];
    uint8_t was = counsellor->counted;
    if (is == was) {
        return;
    }
    counsellor->counted = is;
    count_in(&pool->on_duty, is, was, SPW__COUNTED_DUTY);
    count_in(&pool->staying, is, was, SPW__COUNTED_STAYING);
    count_in(&pool->resting, is, was, SPW__COUNTED_RESTING);
    if (((is ^ was) & SPW__COUNTED_DUTY) == 0) {
        return;
    }
    duty_bit(e, pool);
    e->centre[counsellor->centre].units_staffed +=
        (is & SPW__COUNTED_DUTY) != 0 ? counsellor->units : (uint64_t)0 - counsellor->units;
    spw__share_changed(e, counsellor->centre);
}

/* Keeps the sums of the pool and the staffed units in step with the state and the limits. */
void spw__duty_recount(struct spw_engine *e, uint32_t c)
{
    const struct spw__counsellor *counsellor = &e->counsellor[c];
    bool on = counsellor->state == SPW_COUNSELLOR_ON;
    uint8_t is = on || counsellor->state == SPW_COUNSELLOR_GONE_SILENT ? SPW__COUNTED_DUTY : 0;
    is |= on && !spw__limited(e, c) ? SPW__COUNTED_STAYING : 0;
    is |= counsellor->rest_until != 0 && counsellor->state != SPW_COUNSELLOR_OUT
              ? SPW__COUNTED_RESTING
              : 0;
    counted_set(e, c, is);
}

static void bit_put(uint64_t *row, uint32_t bit, bool on)
{
    if (on) {
        spw__bits_set(row, bit);
    } else {
        spw__bits_clear(row, bit);
    }
}

/* --- pools come and go ------------------------------------------------------------------------ */

static uint32_t pool_slot(struct spw_engine *e, struct spw__centre *centre)
{
    if (centre->pool_hole) {
        for (uint32_t p = 0; p < centre->pool_count; p++) {
            if (!e->pool[centre->pool_base + p].used) {
                return centre->pool_base + p;
            }
        }
        centre->pool_hole = 0;
    }
    if (centre->pool_count == centre->pools_max) {
        return SPW_NONE;
    }
    return centre->pool_base + centre->pool_count++;
}

/* A pool's bits in the rows of the needs that its skill set meets, and of its channels. */
static void rows_set(struct spw_engine *e, const struct spw__pool *pool, bool on)
{
    struct spw__centre *centre = &e->centre[pool->centre];
    for (uint32_t need = 0; need <= e->catalogue.need.count; need++) {
        bool met = on && spw__need_met(&e->catalogue, need, pool->skillset);
        bit_put(&centre->pools_by_need[(size_t)need * centre->pool_words], pool->local, met);
    }
    for (uint32_t channel = 0; channel < SPW_CHANNEL_COUNT; channel++) {
        bool takes = on && ((pool->channels >> channel) & 1) != 0;
        bit_put(centre->pools_by_channel[channel], pool->local, takes);
    }
}

/* A need was committed: which pools meet it is found out now, not when a contact comes with it. */
void spw__pools_meet(struct spw_engine *e, uint32_t need)
{
    for (uint32_t n = 1; need != 0 && n <= e->centre_count; n++) {
        struct spw__centre *centre = &e->centre[n];
        uint64_t *row = &centre->pools_by_need[(size_t)need * centre->pool_words];
        for (uint32_t local = 0; local < centre->pool_count; local++) {
            const struct spw__pool *pool = &e->pool[centre->pool_base + local];
            bit_put(row, local, pool->used && spw__need_met(&e->catalogue, need, pool->skillset));
        }
    }
}

static void column_fill(struct spw_engine *e, struct spw__pool *pool)
{
    struct spw__centre *centre = &e->centre[pool->centre];
    uint64_t *row = &centre->row_by_pool[(size_t)pool->local * centre->class_words];
    rows_set(e, pool, true);
    for (uint32_t local = 0; local < centre->class_count; local++) {
        struct spw__class *k = &e->class_[centre->class_base + local];
        const uint64_t *met = &centre->pools_by_need[(size_t)k->need * centre->pool_words];
        k->able = k->able == pool->local ? SPW_NONE : k->able; /* that was another pool */
        if (k->used && spw__bits_test(met, pool->local) &&
            spw__bits_test(centre->pools_by_channel[k->channel], pool->local)) {
            spw__bits_set(row, local);
            spw__bits_set(&centre->row_by_class[(size_t)local * centre->pool_words], pool->local);
        }
    }
}

static bool pool_prefers(const struct spw_engine *e, uint32_t skillset)
{
    for (uint32_t i = 0; i < e->prefer_count; i++) {
        if (e->prefer[i].skillset == skillset) {
            return true;
        }
    }
    return false;
}

/* The pool of that kind; made if need be. SPW_NONE: no pool slot is left at the centre. */
uint32_t spw__pool_of(struct spw_engine *e, uint32_t centre_number, uint32_t skillset,
                      uint32_t channels)
{
    struct spw__centre *centre = &e->centre[centre_number];
    uint32_t p = spw__map_find(&e->pool_map, pool_hi(centre_number, skillset), channels);
    if (p != SPW_NONE) {
        return p;
    }
    p = pool_slot(e, centre);
    if (p == SPW_NONE) {
        return SPW_NONE;
    }
    struct spw__pool *pool = &e->pool[p];
    *pool = (struct spw__pool){
        .key_hi = pool_hi(centre_number, skillset),
        .key_lo = channels,
        .skillset = skillset,
        .channels = channels,
        .local = p - centre->pool_base,
        .centre = (uint16_t)centre_number,
        .flexibility = spw__skillset_flexibility(&e->catalogue, skillset),
        .order = e->pool_order[skillset],
        .used = 1,
        .prefers = pool_prefers(e, skillset),
    };
    for (uint32_t list = 0; list < SPW__LIST_COUNT; list++) {
        pool->list[list] = (struct spw__chain){SPW_NONE, SPW_NONE, 0};
    }
    spw__map_insert(&e->pool_map, p);
    column_fill(e, pool);
    return p;
}

static void pool_drop(struct spw_engine *e, struct spw__pool *pool)
{
    struct spw__centre *centre = &e->centre[pool->centre];
    uint64_t *row = &centre->row_by_pool[(size_t)pool->local * centre->class_words];
    for (uint32_t w = 0; w < centre->class_words; w++) {
        for (uint64_t left = row[w]; left != 0; left &= left - 1) {
            uint32_t k = w * 64 + (uint32_t)__builtin_ctzll(left);
            spw__bits_clear(&centre->row_by_class[(size_t)k * centre->pool_words], pool->local);
        }
        row[w] = 0;
    }
    rows_set(e, pool, false);
    spw__map_erase(&e->pool_map, (uint32_t)(pool - e->pool));
    pool->used = 0;
    centre->pool_hole = 1;
}

void spw__pool_join(struct spw_engine *e, uint32_t c, uint32_t pool)
{
    struct spw__counsellor *counsellor = &e->counsellor[c];
    counsellor->pool = pool;
    e->pool[pool].members++;
    spw__duty_recount(e, c);
    spw__refile(e, c);
}

/* Leaves its pool for good or for another; the pool goes when it was the last. */
void spw__pool_leave(struct spw_engine *e, uint32_t c)
{
    struct spw__counsellor *counsellor = &e->counsellor[c];
    struct spw__pool *pool = &e->pool[counsellor->pool];
    list_remove(e, c);
    counted_set(e, c, 0);
    pool->members--;
    if (pool->members == 0) {
        pool_drop(e, pool);
    }
    counsellor->pool = SPW_NONE;
}

/* A new plan: chooser, order of pools and preferences may differ. */
void spw__pool_rescore_all(struct spw_engine *e)
{
    for (uint32_t n = 1; n <= e->centre_count; n++) {
        const struct spw__centre *centre = &e->centre[n];
        for (uint32_t local = 0; local < centre->pool_count; local++) {
            struct spw__pool *pool = &e->pool[centre->pool_base + local];
            if (pool->used) {
                pool->order = e->pool_order[pool->skillset];
                pool->prefers = pool_prefers(e, pool->skillset);
                list_changed(e, pool, SPW__LIST_FREE);
            }
        }
    }
}
