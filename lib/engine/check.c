/*
 * engine/check.c - walks everything and checks the invariants by name (lib/RULES.md, I).
 *
 * For tests and simulations: the cost of I4 is the number waiting times the number of counsellors.
 * Each check returns the number of the invariant that is broken and leaves a sentence.
 * Who calls: tests, the simulator. The engine itself asserts cheaper halves of these as it goes.
 */
#include <stdarg.h>
#include <stdio.h>

#include "engine/verbs.h"

struct report {
    char *text;
    size_t size;
};

__attribute__((format(printf, 3, 4))) static int broken(const struct report *report, int invariant,
                                                        const char *format, ...)
{
    if (report->text != NULL && report->size > 0) {
        va_list arguments;
        va_start(arguments, format);
        (void)vsnprintf(report->text, report->size, format, arguments);
        va_end(arguments);
    }
    return invariant;
}

/* I1: a contact is in one place; what a counsellor holds is the sum of its items. I2: one offer. */
static int check_counsellor(const struct spw_engine *e, uint32_t c, const struct report *report)
{
    const struct spw__counsellor *who = &e->counsellor[c];
    const struct spw__item *items = spw__items(e, c);
    uint32_t count = 0;
    uint32_t held = 0;
    for (uint32_t i = 0; i < e->config.items_max; i++) {
        if (items[i].state == SPW__ITEM_NONE) {
            continue;
        }
        count++;
        held += items[i].units;
        uint32_t x = items[i].contact;
        bool live = spw__slab_live(&e->contacts, x, items[i].generation);
        if (items[i].state == SPW__ITEM_OFFERED &&
            (!live || (e->contact[x].state == SPW_CONTACT_OFFERED && e->contact[x].holder != c))) {
            return broken(report, 2, "counsellor slot %u has an offer that its contact lacks", c);
        }
        if (items[i].state == SPW__ITEM_HELD && (!live || e->contact[x].holder != c)) {
            return broken(report, 1, "counsellor slot %u holds a contact held elsewhere", c);
        }
    }
    if (count != who->items || held != who->held) {
        return broken(report, 1, "counsellor slot %u: %u units held, items sum to %u", c, who->held,
                      held);
    }
    if (who->claim != SPW_NONE &&
        (e->contact[who->claim].lane == SPW__LANE_NONE || e->contact[who->claim].holder != c)) {
        return broken(report, 1, "counsellor slot %u is claimed by a contact that does not wait",
                      c);
    }
    return 0;
}

static int check_contact(const struct spw_engine *e, uint32_t x, const struct report *report)
{
    const struct spw__contact *contact = &e->contact[x];
    bool in_lane = contact->lane != SPW__LANE_NONE;
    if (in_lane != (contact->state == SPW_CONTACT_WAITING) &&
        contact->state != SPW_CONTACT_TRANSFERRING && !spw__seeks_class(e, x)) {
        return broken(report, 1, "contact slot %u: state %u, in lane: %d", x, contact->state,
                      in_lane);
    }
    bool held = contact->state == SPW_CONTACT_CONNECTED || contact->state == SPW_CONTACT_OFFERED ||
                contact->state == SPW_CONTACT_TRANSFERRING;
    if (held && (contact->holder == SPW_NONE || spw__item_of(e, contact->holder, x) == NULL)) {
        return broken(report, 1, "contact slot %u is held by nobody", x);
    }
    if (contact->state == SPW_CONTACT_GONE) {
        return broken(report, 1, "contact slot %u is live and gone", x);
    }
    if (contact->state == SPW_CONTACT_OFFERED) {
        uint32_t pool = e->counsellor[contact->holder].pool;
        if (!spw__class_open_to_pool(e, &e->class_[contact->class_index], &e->pool[pool])) {
            return broken(report, 3, "contact slot %u is offered to somebody not able", x);
        }
    }
    return 0;
}

/* I6, as far as a state shows it: a reason that must keep nobody in danger away, or a claim by a
 * contact that is not in danger. */
static bool danger_wronged(const struct spw_engine *e, uint32_t x, uint32_t c, uint32_t block)
{
    if (spw__effective(&e->contact[x]) != 0) {
        return false;
    }
    return block == SPW_BLOCK_LIMIT || block == SPW_BLOCK_RESERVE || block == SPW_BLOCK_STICKY ||
           (block == SPW_BLOCK_CLAIMED && e->plan.protected_on &&
            spw__effective(&e->contact[e->counsellor[c].claim]) != 0);
}

/* I4 and I6 of two: some reason stands between them, and no wrong one where x is in danger. */
static int check_between(const struct spw_engine *e, uint32_t x, uint32_t c,
                         const struct report *report)
{
    uint32_t block = spw__block(e, x, c);
    if (block == SPW_BLOCK_NONE && e->backlog_count == 0) {
        return broken(report, 4,
                      "contact slot %u (priority %u, lane %u) waits, counsellor slot %u (list "
                      "%u, claimed by %d) is free; order %u, chooser %u",
                      x, e->contact[x].priority, e->contact[x].lane, c, e->counsellor[c].list,
                      (int)e->counsellor[c].claim, (unsigned)e->plan.order,
                      (unsigned)e->plan.chooser);
    }
    if (danger_wronged(e, x, c, block)) {
        return broken(report, 6,
                      "contact slot %u is in danger, %s keeps counsellor slot %u from it", x,
                      spw_block_name(block), c);
    }
    return 0;
}

/* Every waiting contact and every counsellor. */
static int check_idling(const struct spw_engine *e, const struct report *report)
{
    int found = 0;
    for (uint32_t c = 0; c < e->counsellors.capacity; c++) {
        if (!spw__slab_taken(&e->counsellors, c)) {
            continue;
        }
        for (uint32_t x = 0; found == 0 && x < e->contacts.capacity; x++) {
            if (spw__slab_taken(&e->contacts, x) && e->contact[x].lane != SPW__LANE_NONE) {
                found = check_between(e, x, c, report);
            }
        }
    }
    return found;
}

/*
 * The other half of I6, of a decision and not of a state: x, which is in no danger, is about to be
 * offered to c while a contact in danger waits that nothing keeps from c. Asserted at every offer
 * of test builds; of a lane only as many are looked at as a decision looks past.
 */
bool spw__danger_passed(const struct spw_engine *e, uint32_t x, uint32_t c)
{
    const struct spw__centre *centre = &e->centre[e->counsellor[c].centre];
    if (e->contact[x].priority == 0 || !spw__protected_open(e)) {
        return false;
    }
    for (uint32_t local = 0; local < centre->class_count; local++) {
        const struct spw__class *k = &e->class_[centre->class_base + local];
        if (!spw__bits_test(centre->live[0], local)) {
            continue;
        }
        uint32_t lanes[2] = {spw__newest_first(e, k) ? k->main_tail : k->main_head,
                             spw__side_head(e, k)};
        for (int lane = 0; lane < 2; lane++) {
            uint32_t y = lanes[lane];
            for (uint32_t looked = 0; y != SPW_NONE && looked < SPW__LOOK_PAST_MAX; looked++) {
                if (spw__block_in_class(e, y, k, c) == SPW_BLOCK_NONE) {
                    return true;
                }
                y = spw__lane_next(e, k, y);
            }
        }
    }
    return false;
}

/* The heads are ranked by score and place, and no other contact is (I5). */
static int check_ranking(const struct spw_engine *e, const struct spw__centre *centre,
                         const struct report *report)
{
    const struct spw__ranking *r = &centre->classes;
    uint32_t count = 0;
    uint32_t before = SPW_NONE;
    for (uint32_t place = 0; place < r->used; place++) {
        const uint32_t *numbers = &r->number[(size_t)r->at[place] * r->size];
        for (uint32_t i = 0; i < r->length[r->at[place]]; i++, count++) {
            const struct spw__class *k = &e->class_[centre->class_base + numbers[i]];
            int64_t score = k->head == SPW_NONE ? 0 : spw__static_score(e, k, k->head);
            bool after = before == SPW_NONE || centre->class_score[before] < score ||
                         (centre->class_score[before] == score &&
                          spw__heads_compare(&centre->heads, before, numbers[i]) < 0);
            if (!spw__bits_test(centre->live[1], numbers[i]) ||
                score != centre->class_score[numbers[i]] || !after) {
                return broken(report, 5, "the ranking is wrong at class %u", numbers[i]);
            }
            before = numbers[i];
        }
    }
    uint32_t live = centre->live_classes[1];
    if (count != (spw__policy_static(e) ? live : 0) || count != r->count) {
        return broken(report, 5, "%u classes are ranked, %u have somebody waiting", count, live);
    }
    return 0;
}

/* Lanes in order, head first, lengths right; bits as they should be. */
static int check_class(const struct spw_engine *e, const struct spw__class *k,
                       const struct report *report)
{
    const struct spw__centre *centre = &e->centre[k->centre];
    uint32_t length = 0;
    uint32_t before = SPW_NONE;
    for (uint32_t x = k->main_head; x != SPW_NONE; x = e->contact[x].link.right) {
        if (before != SPW_NONE && spw__place_compare(e, before, x) >= 0) {
            return broken(report, 5, "a main lane is out of order at contact slot %u", x);
        }
        before = x;
        length++;
    }
    struct spw__tree_view view = {(struct spw__tree_links *)(uintptr_t)&e->contact[0].link,
                                  sizeof *e->contact, e, NULL};
    before = SPW_NONE;
    uint32_t x = k->side_root == SPW_NONE ? SPW_NONE : spw__tree_first(&view, &k->side_root);
    for (; x != SPW_NONE; x = spw__tree_next(&view, &k->side_root, x)) {
        if (before != SPW_NONE && spw__place_compare(e, before, x) >= 0) {
            return broken(report, 5, "a side lane is out of order at contact slot %u", x);
        }
        before = x;
        length++;
    }
    uint32_t first = k->main_head;
    uint32_t side = k->side_root == SPW_NONE ? SPW_NONE : spw__tree_first(&view, &k->side_root);
    if (first == SPW_NONE || (side != SPW_NONE && spw__place_compare(e, side, first) < 0)) {
        first = side;
    }
    if (k->side_first != side || (side != SPW_NONE && k->side_at != e->contact[side].arrived_at)) {
        return broken(report, 5, "a side lane is thought to begin at contact slot %u, not %u",
                      k->side_first, side);
    }
    if (!spw__newest_first(e, k) && k->head != first) {
        return broken(report, 5, "a class has contact slot %u as its head, not %u", k->head, first);
    }
    bool tier0 = k->effective == 0 && e->plan.protected_on;
    bool live = spw__bits_test(centre->live[tier0 ? 0 : 1], k->local);
    if (length != k->length || live != (length > 0) || (length > 0) != (k->head != SPW_NONE)) {
        return broken(report, 1, "a class counts %u waiting, its lanes hold %u", k->length, length);
    }
    for (uint32_t p = 0; p < centre->pool_count; p++) {
        const struct spw__pool *pool = &e->pool[centre->pool_base + p];
        bool want = pool->used && spw__class_open_to_pool(e, k, pool);
        bool by_class =
            spw__bits_test(&centre->row_by_class[(size_t)k->local * centre->pool_words], p);
        bool by_pool =
            spw__bits_test(&centre->row_by_pool[(size_t)p * centre->class_words], k->local);
        if (want != by_class || want != by_pool) {
            return broken(report, 3, "the matrix is wrong for a class and pool %u", p);
        }
    }
    return 0;
}

/* What a pool and its centre count of counsellors, from the counsellors themselves (I1). */
struct sums {
    uint64_t staffed;
    uint64_t unclassified;
    uint32_t last_missed;
    uint32_t claims;
};

static void sums_add(const struct spw_engine *e, uint32_t c, struct sums *sums)
{
    const struct spw__counsellor *who = &e->counsellor[c];
    const struct spw__item *items = spw__items(e, c);
    bool duty = who->state == SPW_COUNSELLOR_ON || who->state == SPW_COUNSELLOR_GONE_SILENT;
    sums->staffed += duty ? who->units : 0;
    sums->last_missed += who->missed > 0;
    sums->claims += who->claim != SPW_NONE;
    for (uint32_t i = 0; i < e->config.items_max; i++) {
        sums->unclassified += items[i].unclassified ? items[i].units : 0;
    }
}

static int check_pool(const struct spw_engine *e, uint32_t p, const struct report *report)
{
    const struct spw__pool *pool = &e->pool[p];
    const struct spw__centre *centre = &e->centre[pool->centre];
    uint32_t count[SPW__LIST_COUNT] = {0};
    uint32_t members = 0;
    uint32_t duty = 0;
    uint32_t staying = 0;
    uint32_t resting = 0;
    for (uint32_t c = 0; c < e->counsellors.capacity; c++) {
        const struct spw__counsellor *who = &e->counsellor[c];
        if (!spw__slab_taken(&e->counsellors, c) || who->pool != p) {
            continue;
        }
        bool on = who->state == SPW_COUNSELLOR_ON;
        members++;
        duty += on || who->state == SPW_COUNSELLOR_GONE_SILENT;
        staying += on && !spw__limited(e, c);
        resting += who->rest_until != 0 && who->state != SPW_COUNSELLOR_OUT;
        count[who->list]++;
    }
    bool right = members == pool->members && duty == pool->on_duty && staying == pool->staying &&
                 resting == pool->resting &&
                 spw__bits_test(centre->duty_pools, pool->local) == (duty > 0) &&
                 spw__ranking_has(&centre->pools, pool->local) == (count[SPW__LIST_FREE] > 0);
    const uint64_t *const row[SPW__LIST_COUNT] = {
        [SPW__LIST_FREE] = centre->free_pools,
        [SPW__LIST_PART] = centre->part_pools,
        [SPW__LIST_LIMITED] = centre->limited_pools,
    };
    for (uint32_t list = SPW__LIST_FREE; list < SPW__LIST_COUNT; list++) {
        right = right && count[list] == pool->list[list].count &&
                spw__bits_test(row[list], pool->local) == (count[list] > 0);
    }
    return right ? 0 : broken(report, 1, "pool %u does not count its members right", p);
}

/* The chain of the claimed holds so many, and nobody else. */
static bool claimed_right(const struct spw_engine *e, uint32_t number)
{
    uint32_t count = 0;
    uint32_t before = SPW_NONE;
    uint32_t c = e->centre[number].claimed;
    for (; c != SPW_NONE && count <= e->counsellors.capacity; c = e->counsellor[c].link.next) {
        const struct spw__counsellor *who = &e->counsellor[c];
        if (who->claim == SPW_NONE || who->centre != number || who->prev != before) {
            return false;
        }
        before = c;
        count++;
    }
    return count == e->centre[number].claims;
}

static int check_centre(const struct spw_engine *e, uint32_t number, const struct report *report)
{
    const struct spw__centre *centre = &e->centre[number];
    struct sums sums = {0};
    for (uint32_t c = 0; c < e->counsellors.capacity; c++) {
        if (spw__slab_taken(&e->counsellors, c) && e->counsellor[c].centre == number) {
            sums_add(e, c, &sums);
        }
    }
    if (sums.staffed != centre->units_staffed || sums.unclassified != centre->units_unclassified ||
        sums.last_missed != centre->last_missed || sums.claims != centre->claims ||
        !claimed_right(e, number)) {
        return broken(report, 1, "centre %u does not count its counsellors right", number);
    }
    return 0;
}

static int check_pools(const struct spw_engine *e, const struct report *report)
{
    int found = 0;
    for (uint32_t n = 1; n <= e->centre_count; n++) {
        const struct spw__centre *centre = &e->centre[n];
        for (uint32_t local = 0; found == 0 && local < centre->pool_count; local++) {
            if (e->pool[centre->pool_base + local].used) {
                found = check_pool(e, centre->pool_base + local, report);
            }
        }
    }
    return found;
}

/* I9: arrived + moved in = live + ended + moved out + away, per row; live agrees with the slots. */
static int check_books(const struct spw_engine *e, const struct report *report)
{
    uint64_t live = 0;
    for (uint32_t i = 0; i < e->pair_count; i++) {
        for (int row = 0; row <= SPW_PRIORITY_COUNT; row++) {
            const struct spw_counters *c = &e->pair[i].count[row];
            uint64_t out = c->live + c->moved_out + c->away;
            for (int r = 0; r < SPW_END_PLACES; r++) {
                out += c->ended[r];
            }
            unsigned long long in = c->arrived + c->moved_in;
            if (in != out) {
                return broken(report, 9, "a book does not balance: %llu in, %llu out", in,
                              (unsigned long long)out);
            }
            live += c->live;
        }
    }
    uint32_t slots = e->contacts.capacity - e->contacts.free_count;
    if (live != slots) {
        return broken(report, 9, "the books know %llu live contacts, there are %u",
                      (unsigned long long)live, slots);
    }
    return 0;
}

/* I5: the wishes for each counsellor are those of the records, in order of place. */
static int check_wishes(const struct spw_engine *e, const struct report *report)
{
    uint32_t wishes = 0;
    for (uint32_t c = 0; c < e->counsellors.capacity; c++) {
        uint32_t before = SPW_NONE;
        uint32_t record =
            spw__slab_taken(&e->counsellors, c) ? spw__wish_next(e, c, SPW_NONE) : SPW_NONE;
        for (; record != SPW_NONE; record = spw__wish_next(e, c, record), wishes++) {
            const struct spw__extra *extra = &e->extra[record];
            bool late = before == SPW_NONE ||
                        spw__place_compare(e, e->extra[before].contact, extra->contact) < 0;
            if (extra->sticky != c || e->contact[extra->contact].extra != record || !late) {
                return broken(report, 5, "the wishes for counsellor slot %u are out of order", c);
            }
            before = record;
        }
    }
    for (uint32_t x = 0; x < e->contacts.capacity; x++) {
        uint32_t record = spw__slab_taken(&e->contacts, x) ? e->contact[x].extra : SPW_NONE;
        wishes -= record != SPW_NONE && e->extra[record].sticky != SPW_NONE;
    }
    return wishes == 0 ? 0 : broken(report, 1, "a wish is with nobody, or with two");
}

static int check_slots(const struct spw_engine *e, const struct report *report)
{
    int found = check_wishes(e, report);
    for (uint32_t c = 0; found == 0 && c < e->counsellors.capacity; c++) {
        if (spw__slab_taken(&e->counsellors, c)) {
            found = check_counsellor(e, c, report);
        }
    }
    for (uint32_t x = 0; found == 0 && x < e->contacts.capacity; x++) {
        if (spw__slab_taken(&e->contacts, x)) {
            found = check_contact(e, x, report);
        }
    }
    return found;
}

int spw__check_parts(const struct spw_engine *e, char *text, size_t size)
{
    struct report report = {text, size};
    int found = check_slots(e, &report);
    for (uint32_t n = 1; found == 0 && n <= e->centre_count; n++) {
        const struct spw__centre *centre = &e->centre[n];
        found = check_centre(e, n, &report);
        found = found != 0 ? found : check_ranking(e, centre, &report);
        for (uint32_t local = 0; found == 0 && local < centre->class_count; local++) {
            const struct spw__class *k = &e->class_[centre->class_base + local];
            if (k->used) {
                found = check_class(e, k, &report);
            }
        }
    }
    return found != 0 ? found : check_books(e, &report);
}

int spw_check(const struct spw_engine *engine, char *text, size_t size)
{
    SPW_ASSERT(engine != NULL);
    struct report report = {text, size};
    int found = spw__check_parts(engine, text, size);
    found = found != 0 ? found : check_pools(engine, &report);
    return found != 0 ? found : check_idling(engine, &report);
}
