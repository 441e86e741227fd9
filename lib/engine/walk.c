/*
 * engine/walk.c - the canonical walk over the state (rule H): hash, export and import in one.
 *
 * The state is a sequence of 64-bit words, little-endian in an export. Writing and reading are the
 * same code: each WALK() gives its word to the digest and the bytes, or takes it from the bytes. So
 * the hash covers exactly what an import restores.
 * In: everything that can influence an event from now on. Out: addresses, class and pool numbers,
 * matrices, lane membership, cached classes, personal-record slots, heap layout, undelivered
 * events, the vector width: engine/restore.c builds them again.
 * The bytes are described in lib/FORMAT.md, which tests/format holds to this code.
 * Who calls: export.c. Cost: proportional to the state.
 */
#include "engine/walk.h"

#define FORMAT_MAGIC 0x3177707379617773u /* "swayspw1" */
#define FORMAT_VERSION 1u

void spw__walk_u64(struct spw__walk *w, uint64_t *word)
{
    if (spw__walk_reading(w)) {
        if (w->bad != SPW_OK || w->size - w->used < 8) {
            spw__walk_fail(w, SPW_E_FORMAT);
            *word = 0;
            return;
        }
        *word = 0;
        for (int i = 0; i < 8; i++) {
            *word |= (uint64_t)w->in[w->used + (size_t)i] << (8 * i);
        }
    } else if (w->out != NULL && w->size - w->used >= 8) {
        for (int i = 0; i < 8; i++) {
            w->out[w->used + (size_t)i] = (unsigned char)(*word >> (8 * i));
        }
    }
    w->used += 8;
    spw__digest_u64(&w->digest, *word);
}

static void walk_same(struct spw__walk *w, uint64_t mine, int error)
{
    uint64_t word = mine;
    spw__walk_u64(w, &word);
    if (spw__walk_reading(w) && word != mine) {
        spw__walk_fail(w, error);
    }
}

static void walk_limits(struct spw_engine *e, struct spw__walk *w)
{
    const struct spw_config *c = &e->config;
    const uint32_t limits[] = {
        c->contacts_max, c->counsellors_max, c->centres_max, c->queues_max,
        c->skills_max,   c->skillsets_max,   c->needs_max,   c->ladders_max,
        c->classes_max,  c->pools_max,       c->items_max,   c->tokens_max,
        c->prefers_max,  c->terms_max,       c->books_max,   c->personal_max};
    walk_same(w, FORMAT_MAGIC, SPW_E_FORMAT);
    walk_same(w, FORMAT_VERSION, SPW_E_VERSION);
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        walk_same(w, limits[i], SPW_E_LIMITS);
    }
    walk_same(w, c->matrix_bytes, SPW_E_LIMITS);
    walk_same(w, c->seed, SPW_E_LIMITS);
}

static void walk_policies(struct spw_engine *e, struct spw__walk *w)
{
    walk_same(w, e->policy_count, SPW_E_POLICY);
    for (uint32_t i = 0; i < e->policy_count; i++) {
        for (size_t j = 0; j < sizeof e->policy[i].name; j += 8) {
            uint64_t part = 0;
            for (size_t b = 0; b < 8; b++) {
                part |= (uint64_t)(unsigned char)e->policy[i].name[j + b] << (8 * b);
            }
            walk_same(w, part, SPW_E_POLICY);
        }
        walk_same(w, e->policy[i].revision, SPW_E_POLICY);
        walk_same(w, e->policy[i].flags, SPW_E_POLICY);
    }
}

static void walk_terms(struct spw__terms *terms, struct spw__walk *w, uint32_t term_count)
{
    WALK_MAX(terms->count, terms->max);
    for (uint32_t n = 1; n <= terms->count; n++) {
        WALK_MAX(terms->range[n].first, term_count);
        WALK_MAX(terms->range[n].count, term_count - terms->range[n].first);
    }
}

static void walk_term(struct spw__term *t, struct spw__walk *w)
{
    WALK(t->after);
    WALK(t->number);
    WALK(t->level);
    WALK(t->mode);
    WALK(t->clause);
    WALK(t->floor);
}

static void walk_catalogue(struct spw_engine *e, struct spw__walk *w)
{
    struct spw__catalogue *c = &e->catalogue;
    WALK_MAX(c->skill_count, c->skill_max);
    for (uint32_t n = 1; n <= c->skill_count; n++) {
        WALK(c->skill_key[n]);
    }
    WALK_MAX(c->term_count, c->term_max);
    for (uint32_t i = 0; i < c->term_count; i++) {
        walk_term(&c->term[i], w);
    }
    walk_terms(&c->skillset, w, c->term_count);
    walk_terms(&c->need, w, c->term_count);
    walk_terms(&c->ladder, w, c->term_count);
}

static void walk_queue(struct spw_engine *e, struct spw__queue *q, struct spw__walk *w)
{
    WALK(q->key);
    WALK_MAX(q->need, e->catalogue.need.count);
    WALK_MAX(q->ladder, e->catalogue.ladder.count);
    for (uint32_t p = 0; p < SPW_PRIORITY_COUNT; p++) {
        WALK_SPAN(q->target[p]);
    }
    WALK_IN(q->offer_timeout, 1, SPW_FOREVER / 4);
    WALK_SPAN(q->wrap_up);
    WALK_MAX(q->park_grace, SPW_FOREVER / 4);
    WALK_SPAN(q->waiting_max);
    WALK_MAX(q->retry_after, SPW_FOREVER / 4);
    WALK_IN(q->callback_retry, 1, SPW_FOREVER / 4);
    WALK_MAX(q->callback_max, UINT32_MAX);
    WALK(q->callbacks);
    WALK_IN(q->callback_attempts, 1, 100);
    WALK_MAX(q->fallback, e->queue_count);
    WALK_FLAG(q->closed);
    WALK(q->completions);
    WALK_SPAN(q->completion_mean);
}

static void walk_centre(struct spw__centre *c, struct spw__walk *w)
{
    WALK(c->key);
    WALK_MAX(c->zone, 65535);
    WALK_MAX(c->classes_max, 1u << 20);
    WALK_MAX(c->pools_max, 1u << 20);
    WALK_SPAN(c->lease);
    WALK_MAX(c->reconnect_grace, SPW_FOREVER / 4);
    WALK_SPAN(c->frozen_until);
    WALK_UNTIL(c->suspended_until);
    WALK_MAX(c->rest_share, 100);
    WALK_FLAG(c->open);
    WALK_FLAG(c->dark);
}

static void walk_plan(struct spw__plan *p, struct spw__walk *w)
{
    for (uint32_t i = 0; i < SPW_PRIORITY_COUNT; i++) {
        WALK_MAX(p->head_start[i], SPW_FOREVER / 4);
        WALK_MAX(p->rate[i], 1000000);
    }
    for (uint32_t i = 0; i < SPW_CHANNEL_COUNT; i++) {
        WALK_IN(p->units[i], 1, 100);
        WALK_MAX(p->group[i], (1 << SPW_CHANNEL_COUNT) - 1);
    }
    WALK_MAX(p->head_start_unclassified, SPW_FOREVER / 4);
    WALK_FLAG(p->protected_on);
    WALK_IN(p->protected_rate, 1, SPW_FOREVER);
    WALK_IN(p->protected_burst, 1, 1000000);
    WALK_MAX(p->unclassified_share, 100);
    WALK(p->order);
    WALK_MAX(p->chooser, SPW_CHOOSE_ORDERED);
    WALK_SPAN(p->claim_after);
    WALK_MAX(p->decline_for, SPW_FOREVER / 4);
    WALK_IN(p->miss_max, 1, 255);
    WALK_MAX(p->resume_grace, SPW_FOREVER / 4);
    WALK_MAX(p->resume_gap, SPW_FOREVER / 4);
    WALK_MAX(p->credit_max, SPW_FOREVER / 4);
    WALK_MAX(p->sticky_bonus, SPW_FOREVER / 4);
    WALK_MAX(p->transfer_hold, SPW_FOREVER / 4);
    WALK_MAX(p->suspect_delay, SPW_MINUTE);
    WALK_MAX(p->revision, UINT32_MAX);
}

static void walk_prefers(struct spw__prefer *prefer, uint32_t *count, uint32_t max,
                         struct spw__walk *w)
{
    WALK_MAX(*count, max);
    for (uint32_t i = 0; i < *count; i++) {
        WALK(prefer[i].skillset);
        WALK(prefer[i].queue);
        WALK_MAX(prefer[i].rank, 1 << 20);
        WALK_MAX(prefer[i].reserve, 1 << 20);
    }
}

static void walk_configuration(struct spw_engine *e, struct spw__walk *w)
{
    walk_catalogue(e, w);
    WALK_MAX(e->queue_count, e->config.queues_max);
    for (uint32_t n = 1; n <= e->queue_count; n++) {
        walk_queue(e, &e->queue[n], w);
    }
    WALK_MAX(e->centre_count, e->config.centres_max);
    for (uint32_t n = 0; n <= e->centre_count; n++) {
        walk_centre(&e->centre[n], w);
    }
    walk_plan(&e->plan, w);
    walk_prefers(e->prefer, &e->prefer_count, e->config.prefers_max, w);
    for (uint32_t n = 0; n <= e->config.skillsets_max; n++) {
        WALK_MAX(e->pool_order[n], SPW__POOL_ORDER_MAX);
    }
    WALK_MAX(e->protected_tat, 2 * (uint64_t)SPW_FOREVER - SPW_FOREVER / 16);
}

static void walk_counters(struct spw_counters *c, struct spw__walk *w)
{
    WALK(c->arrived);
    WALK(c->attempts);
    WALK(c->moved_in);
    WALK(c->moved_out);
    WALK(c->away);
    WALK(c->live);
    for (int i = 0; i < SPW_END_PLACES; i++) {
        WALK(c->ended[i]);
    }
    WALK(c->offers);
    WALK(c->accepted);
    WALK(c->declined);
    WALK(c->missed);
    WALK(c->within_target);
    WALK(c->connected);
    WALK(c->at_once);
    WALK(c->waited_ns_answered);
    WALK(c->waited_ns_all);
    WALK(c->lost_to_limits);
}

static void walk_books(struct spw_engine *e, struct spw__walk *w)
{
    WALK_MAX(e->pair_count, e->pair_max);
    for (uint32_t i = 0; i < e->pair_count; i++) {
        WALK(e->pair[i].key_hi);
        for (int row = 0; row <= SPW_PRIORITY_COUNT; row++) {
            walk_counters(&e->pair[i].count[row], w);
        }
    }
    size_t width = (size_t)e->config.centres_max + 1;
    for (uint32_t home = 1; home <= e->centre_count; home++) {
        for (uint32_t serving = 1; serving <= e->centre_count; serving++) {
            WALK(e->served_by[home * width + serving]);
        }
    }
}

/* Tokens from the oldest end to the newest. */
static void walk_tokens(struct spw_engine *e, struct spw__walk *w)
{
    uint32_t count = e->token_slab.capacity - e->token_slab.free_count;
    WALK_MAX(count, e->token_slab.capacity);
    uint32_t t = e->token_oldest;
    for (uint32_t i = 0; i < count && w->bad == SPW_OK; i++) {
        if (spw__walk_reading(w)) {
            t = spw__slab_take(&e->token_slab);
            e->token[t] = (struct spw__token){.older = e->token_newest, .newer = SPW_NONE};
        }
        struct spw__token *token = &e->token[t];
        WALK(token->hi);
        WALK(token->lo);
        WALK_SPAN(token->waited);
        WALK_PAST(token->ended_at);
        WALK(token->place);
        if (spw__walk_reading(w)) {
            if (e->token_newest != SPW_NONE) {
                e->token[e->token_newest].newer = t;
            } else {
                e->token_oldest = t;
            }
            e->token_newest = t;
        } else {
            t = token->newer;
        }
    }
}

static void walk_unfinished(struct spw_engine *e, struct spw__walk *w)
{
    WALK_MAX(e->backlog_count, e->backlog_max);
    for (uint32_t i = 0; i < e->backlog_count; i++) {
        WALK_MAX(e->backlog[i].kind, SPW__BACKLOG_RESTART);
        WALK_MAX(e->backlog[i].object, e->config.queues_max + e->config.centres_max);
        WALK(e->backlog[i].cursor);
        WALK_SPAN(e->backlog[i].span);
    }
    WALK_MAX(e->reconciling, 1);
    struct spw__stage_state *s = &e->stage;
    WALK_MAX(s->what, SPW_STAGE_PLAN);
    if (s->what == 0) {
        return;
    }
    WALK_MAX(s->count, SPW__STAGE_TERMS);
    WALK_MAX(s->clause, SPW__CLAUSES_MAX);
    WALK_MAX(s->open_literals, SPW__LITERALS_MAX);
    for (uint32_t i = 0; i < s->count; i++) {
        walk_term(&s->term[i], w);
    }
    walk_queue(e, &s->queue, w);
    walk_centre(&s->centre, w);
    walk_plan(&s->plan, w);
    walk_prefers(e->prefer_stage, &s->prefer_count, e->config.prefers_max, w);
    for (uint32_t n = 0; n <= e->config.skillsets_max; n++) {
        WALK_MAX(e->pool_order_stage[n], SPW__POOL_ORDER_MAX);
    }
}

void spw__walk_state(struct spw_engine *e, struct spw__walk *w)
{
    walk_limits(e, w);
    walk_policies(e, w);
    if (w->bad != SPW_OK) {
        return;
    }
    WALK_MAX(e->clock, SPW_TIME_MAX - 1);
    WALK(e->sequence);
    WALK_MAX(e->idle_sequence, (uint64_t)1 << 47); /* ranks are 48 bits of a score */
    WALK_MAX(e->timer_sequence, (uint64_t)1 << 55);
    WALK(e->event_sequence);
    WALK(e->event_digest.a);
    WALK(e->event_digest.b);
    walk_configuration(e, w);
    if (w->bad == SPW_OK) {
        spw__walk_people(e, w);
    }
    if (w->bad == SPW_OK) {
        walk_books(e, w);
        walk_tokens(e, w);
        walk_unfinished(e, w);
    }
}
