/*
 * engine/verbs.h - what the rooms of the engine do for each other, room by room. Reading order:
 * door.c, contact.c, match.c, offer.c.
 */
#ifndef SPW__ENGINE_VERBS_H
#define SPW__ENGINE_VERBS_H

#include "engine/handle.h"
#include "engine/node.h"
#include "engine/state.h"

/* ahead.c: memory that will be needed. */
uint32_t spw__id_hash(struct spw_engine *e, uint64_t hi, uint64_t lo);
uint32_t spw__token_hash(struct spw_engine *e, uint64_t hi, uint64_t lo);
void spw__look_far(struct spw_engine *e, const struct spw_input *in);
void spw__look_near(struct spw_engine *e, const struct spw_input *in);
void spw__look_close(struct spw_engine *e, const struct spw_input *in);

/* The first contact of a class, and the one that will be first then. */
static inline __attribute__((always_inline)) void spw__fetch_first(const struct spw_engine *e,
                                                                   const struct spw__class *k)
{
    uint32_t head = k->head;
    uint32_t second = k->main_second;
    if (head != SPW_NONE) {
        __builtin_prefetch(&e->contact[head], 1);
        __builtin_prefetch(&e->cold[head]);
        __builtin_prefetch(&e->timers.position[head], 1);
    }
    if (second != SPW_NONE) {
        __builtin_prefetch(&e->contact[second], 1);
    }
}

/* event.c: the ring. */
struct spw_event *spw__emit(struct spw_engine *e, uint32_t kind, uint32_t reason);
struct spw_event *spw__emit_contact(struct spw_engine *e, uint32_t kind, uint32_t reason,
                                    uint32_t x);
struct spw_event *spw__emit_pair(struct spw_engine *e, uint32_t kind, uint32_t reason, uint32_t x,
                                 uint32_t c);
struct spw_event *spw__emit_counsellor(struct spw_engine *e, uint32_t kind, uint32_t reason,
                                       uint32_t c);
void spw__emit_seal(struct spw_engine *e, const struct spw_event *event);
uint64_t spw__events_free(const struct spw_engine *e);

/* count.c: queue-at-centre records. */
uint32_t spw__pair_at(struct spw_engine *e, uint32_t centre, uint32_t queue);
uint32_t spw__pair_find(const struct spw_engine *e, uint32_t centre, uint32_t queue);
struct spw_counters *spw__count(struct spw_engine *e, uint32_t x);
void spw__count_state(struct spw_engine *e, uint32_t x, int64_t change);
void spw__state_set(struct spw_engine *e, uint32_t x, uint32_t state);
uint64_t spw__count_waiting(const struct spw__pair *pair);
void spw__count_waited(uint64_t *sum, uint64_t more);
void spw__count_end(struct spw_engine *e, uint32_t x, uint32_t reason);
void spw__count_move(struct spw_engine *e, uint32_t x, uint32_t pair, uint8_t priority,
                     uint8_t flags);

/* class.c: classes. */
uint8_t spw__effective(const struct spw__contact *x);
uint32_t spw__need_in_force(const struct spw_engine *e, uint32_t x);
uint32_t spw__ladder_of(const struct spw_engine *e, uint32_t x);
bool spw__class_room(const struct spw_engine *e, uint32_t x, uint32_t old);
uint32_t spw__class_of(struct spw_engine *e, uint32_t x);
uint32_t spw__class_expected(const struct spw_engine *e, const struct spw_arrive *a);
void spw__class_pin(struct spw_engine *e, uint32_t k);
bool spw__class_is(const struct spw_engine *e, uint32_t x, uint32_t k);
uint32_t spw__class_hold(struct spw_engine *e, uint32_t x);
void spw__class_unpin(struct spw_engine *e, uint32_t k);
void spw__class_repin(struct spw_engine *e, uint32_t x);
void spw__class_rouse(struct spw_engine *e, uint32_t k);
void spw__class_rest(struct spw_engine *e, uint32_t k);

/* lane.c: their lanes and heads. */
void spw__lane_enter(struct spw_engine *e, uint32_t x, uint32_t k);
void spw__lane_leave(struct spw_engine *e, uint32_t x);
int spw__place_compare(const struct spw_engine *e, uint32_t a, uint32_t b);
int spw__heads_compare(const void *heads, uint32_t a, uint32_t b);
uint32_t spw__side_head(const struct spw_engine *e, const struct spw__class *k);
uint32_t spw__lane_next(const struct spw_engine *e, const struct spw__class *k, uint32_t x);
void spw__class_rescore(struct spw_engine *e, uint32_t k);
void spw__class_rescore_all(struct spw_engine *e, uint32_t number);
int64_t spw__static_score(const struct spw_engine *e, const struct spw__class *k, uint32_t x);
int64_t spw__score_ahead(struct spw_engine *e, const struct spw__class *k, uint32_t x,
                         const struct spw_decision *decision, spw_ns ahead);
void spw__fill_head(const struct spw_engine *e, const struct spw__class *k, uint32_t x,
                    struct spw_head *head);
spw_ns spw__head_start(const struct spw_engine *e, const struct spw__class *k);

/* pool.c: pools and their idle lists. */
uint32_t spw__pool_of(struct spw_engine *e, uint32_t centre, uint32_t skillset, uint32_t channels);
void spw__pools_meet(struct spw_engine *e, uint32_t need);
void spw__pool_join(struct spw_engine *e, uint32_t c, uint32_t pool);
void spw__pool_leave(struct spw_engine *e, uint32_t c);
void spw__refile(struct spw_engine *e, uint32_t c);
void spw__refile_later(struct spw_engine *e, uint32_t c);
void spw__file_all(struct spw_engine *e);
bool spw__listed(const struct spw_engine *e, uint32_t c);
void spw__idle_renew(struct spw_engine *e, uint32_t c);
void spw__duty_recount(struct spw_engine *e, uint32_t c);
void spw__pool_rescore_all(struct spw_engine *e);
bool spw__class_open_to_pool(const struct spw_engine *e, const struct spw__class *k,
                             const struct spw__pool *p);

/* block.c: the closed list. */
uint32_t spw__block(const struct spw_engine *e, uint32_t x, uint32_t c);
uint32_t spw__block_in_class(const struct spw_engine *e, uint32_t x, const struct spw__class *k,
                             uint32_t c);
uint32_t spw__block_asked(const struct spw_engine *e, uint32_t x, const struct spw__class *k,
                          uint32_t c);
uint32_t spw__free_with(const struct spw_engine *e, uint32_t c);
bool spw__fits(const struct spw_engine *e, uint32_t channel, uint32_t c);
bool spw__excluded(const struct spw_engine *e, uint32_t x, uint32_t c);
bool spw__barred(const struct spw_engine *e, uint32_t x, uint32_t c);
bool spw__limited(const struct spw_engine *e, uint32_t c);
bool spw__goes_before(const struct spw_engine *e, uint32_t x, const struct spw__class *k,
                      uint32_t y, const struct spw__class *other);
bool spw__before_claimant(const struct spw_engine *e, uint32_t x, const struct spw__class *k,
                          uint32_t c);
bool spw__frozen(const struct spw_engine *e, uint32_t centre);
bool spw__protected_open(const struct spw_engine *e);
const struct spw__prefer *spw__prefer_find(const struct spw_engine *e, uint32_t skillset,
                                           uint32_t queue);

/* match.c, choose.c, search.c: the decision; choose.c also makes and ends claims. */
bool spw__match_contact(struct spw_engine *e, uint32_t x, uint32_t k);
void spw__match_counsellor(struct spw_engine *e, uint32_t c);
bool spw__try_pull(struct spw_engine *e, uint32_t c);
uint32_t spw__choose_counsellor(struct spw_engine *e, uint32_t x, uint32_t class_index);
bool spw__claim(struct spw_engine *e, uint32_t x, uint32_t k);
void spw__claim_release(struct spw_engine *e, uint32_t x);
bool spw__claim_due(const struct spw_engine *e, uint32_t x);
void spw__claimed_join(struct spw_engine *e, uint32_t c);
uint32_t spw__runner_up(struct spw_engine *e, uint32_t c);

/* settle.c: what became possible, and what is worked off later. */
bool spw__events_spent(const struct spw_engine *e);
void spw__settle(struct spw_engine *e);
void spw__possible_contact(struct spw_engine *e, uint32_t x);
void spw__possible_counsellor(struct spw_engine *e, uint32_t c);
void spw__backlog_add(struct spw_engine *e, uint32_t kind, uint32_t object, spw_ns span);

/* offer.c: offers and items. */
void spw__offer(struct spw_engine *e, uint32_t x, uint32_t c, uint32_t flags, uint32_t passed);
void spw__share_changed(struct spw_engine *e, uint32_t centre_number);
void spw__item_drop(struct spw_engine *e, uint32_t c, uint32_t x);
struct spw__item *spw__item_of(const struct spw_engine *e, uint32_t c, uint32_t x);
uint32_t spw__offered_to(const struct spw_engine *e, uint32_t x);
void spw__item_renew(struct spw_engine *e, uint32_t x);
void spw__offer_back(struct spw_engine *e, uint32_t x);
void spw__withdraw(struct spw_engine *e, uint32_t x, uint32_t why);
void spw__take_back(struct spw_engine *e, uint32_t x, uint32_t why);
void spw__connect(struct spw_engine *e, uint32_t x, uint32_t c);
void spw__reached(struct spw_engine *e, uint32_t x, spw_ns waited);
void spw__release_holder(struct spw_engine *e, uint32_t x, bool wrap_up);
void spw__answered(struct spw_engine *e, uint32_t c);
void spw__offer_expired(struct spw_engine *e, uint32_t x);
void spw__wrap_up_over(struct spw_engine *e, uint32_t c, uint32_t i);

/* place.c: tokens and credit. */
void spw__token_remember(struct spw_engine *e, uint32_t x, spw_ns waited);
bool spw__token_credit(struct spw_engine *e, uint32_t x);
void spw__token_take(struct spw_engine *e, uint32_t x);

/* extra.c: personal records. */
bool spw__extra_room(const struct spw_engine *e, uint32_t x, uint8_t priority, uint8_t flags);
uint32_t spw__extra_of(struct spw_engine *e, uint32_t x);
uint32_t spw__extra_take(struct spw_engine *e, uint32_t x);
void spw__extra_drop(struct spw_engine *e, uint32_t x);
void spw__extra_arm(struct spw_engine *e, uint32_t x);
uint32_t spw__exclusions(const struct spw_engine *e, const struct spw__extra *extra, uint32_t c);
bool spw__exclusion_room(const struct spw_engine *e, uint32_t x, uint32_t c);
bool spw__bar(struct spw_engine *e, uint32_t x, uint32_t c, spw_ns until);
void spw__exclude(struct spw_engine *e, uint32_t x, uint32_t c);
void spw__sticky_set(struct spw_engine *e, uint32_t x, uint32_t c, spw_ns until);
void spw__wish_over(struct spw_engine *e, uint32_t x);
void spw__wish_enter(struct spw_engine *e, uint32_t record);
uint32_t spw__wish_next(const struct spw_engine *e, uint32_t c, uint32_t record);
void spw__sticky_clear(struct spw_engine *e, uint32_t x);
void spw__promise_over(struct spw_engine *e, uint32_t x);
void spw__personal_due(struct spw_engine *e, uint32_t x);
bool spw__personal(const struct spw_engine *e, uint32_t x);

/* life.c: a contact's passages. */
uint32_t spw__queue_open(const struct spw_engine *e, uint32_t queue);
bool spw__leave_closed(struct spw_engine *e, uint32_t x);
bool spw__wait(struct spw_engine *e, uint32_t x, bool stamp) SPW_MUST_USE;
void spw__unwait(struct spw_engine *e, uint32_t x);
void spw__end(struct spw_engine *e, uint32_t x, uint32_t reason);
void spw__forget(struct spw_engine *e, uint32_t x);
void spw__park(struct spw_engine *e, uint32_t x, spw_ns grace);
bool spw__seeks_class(const struct spw_engine *e, uint32_t x);
bool spw__calling_back(const struct spw__contact *contact);
void spw__called_back(struct spw_engine *e, uint32_t x);
void spw__not_called_back(struct spw_engine *e, uint32_t x, uint32_t result);
void spw__requeue(struct spw_engine *e, uint32_t x);
void spw__arm(struct spw_engine *e, uint32_t node, uint32_t kind, spw_ns deadline);
void spw__contact_arm(struct spw_engine *e, uint32_t x, spw_ns deadline);
void spw__contact_disarm(struct spw_engine *e, uint32_t x);
void spw__step_due(struct spw_engine *e, uint32_t x);
void spw__arm_ladder(struct spw_engine *e, uint32_t x);
void spw__callback_due(struct spw_engine *e, uint32_t x);

/* limits.c: breaks, and which counsellor may rest. */
void spw__limit_reached(struct spw_engine *e, uint32_t c);
void spw__break_if_due(struct spw_engine *e, uint32_t c, bool severe);
void spw__rest_due(struct spw_engine *e, uint32_t c);
int spw__defer(struct spw_engine *e, uint32_t c);
int spw__limits(struct spw_engine *e, uint32_t c, const struct spw_input *in);
int spw__suspend(struct spw_engine *e, const struct spw_input *in);
bool spw__lost_to_limits(const struct spw_engine *e, uint32_t x);

/* arrive.c, contact.c, triage.c: what inputs about a contact do; results as spw_apply. */
int spw__arrive(struct spw_engine *e, const struct spw_arrive *a, uint64_t *made);
int spw__contact_input(struct spw_engine *e, const struct spw_input *in, uint64_t *made);
void spw__reconciled(struct spw_engine *e, uint32_t how, uint64_t bits, uint64_t counsellor);
int spw__reclassify(struct spw_engine *e, const struct spw_input *in);
int spw__transfer(struct spw_engine *e, const struct spw_input *in);
int spw__transfer_cancel(struct spw_engine *e, uint32_t x, uint32_t why);

/* roster.c: inputs about counsellors, and what becomes of them. */
int spw__roster_input(struct spw_engine *e, const struct spw_input *in, uint64_t *made);
void spw__claim_off(struct spw_engine *e, uint32_t c);
void spw__counsellor_on(struct spw_engine *e, uint32_t c, uint32_t state, uint32_t why);
void spw__counsellor_back(struct spw_engine *e, uint32_t c);
void spw__counsellor_lost(struct spw_engine *e, uint32_t c, uint32_t why);
void spw__counsellor_given_up(struct spw_engine *e, uint32_t c, uint32_t why);
void spw__duty_due(struct spw_engine *e, uint32_t c);
void spw__counsellor_state(struct spw_engine *e, uint32_t c, uint32_t state, uint32_t why);
void spw__leases_begin(struct spw_engine *e, uint32_t centre);

/* supervise.c: inputs of supervisors, queues and centres, and the backlog. */
int spw__supervise_input(struct spw_engine *e, const struct spw_input *in);
int spw__queue_input(struct spw_engine *e, const struct spw_input *in);
bool spw__backlog_step(struct spw_engine *e);

/* stage.c, field.c: staged objects; the fields of a queue, a centre and a plan. */
int spw__stage_input(struct spw_engine *e, const struct spw_input *in, uint64_t *made);
int spw__centre_build(struct spw_engine *e, uint32_t number);
int spw__stage_set(struct spw_engine *e, const struct spw_input *in);
uint32_t spw__queue_find(const struct spw_engine *e, uint64_t key);
uint32_t spw__centre_find(const struct spw_engine *e, uint64_t key);
uint64_t spw__queue_live(const struct spw_engine *e, uint32_t number);
void spw__queue_default(struct spw__queue *queue);
void spw__centre_default(const struct spw_engine *e, struct spw__centre *centre);

/* engine.c: memory. */
size_t spw__centre_bytes(uint32_t classes, uint32_t pools, uint32_t needs);
uint64_t spw__bytes_per_contact(const struct spw_config *config);

/* policy.c */
const struct spw_policy *spw__policy_select(const struct spw_engine *e, uint64_t order);
bool spw__policy_static(const struct spw_engine *e);
bool spw__newest_first(const struct spw_engine *e, const struct spw__class *k);
void spw__policy_order(struct spw_engine *e, const struct spw_decision *decision, size_t n);
void spw__policy_choose(struct spw_engine *e, const struct spw_decision *decision, size_t n);

/* walk.c: one canonical walk over the state; hash, export and import are the same code. */
struct spw__walk {
    struct spw__digest digest;
    unsigned char *out;      /* export: where bytes go, null for hash only */
    const unsigned char *in; /* import: where bytes come from, else null */
    size_t size;
    size_t used;
    int bad; /* import: SPW_OK or the first error */
};
void spw__walk_u64(struct spw__walk *walk, uint64_t *word);
void spw__walk_state(struct spw_engine *e, struct spw__walk *walk);

/* vet.c: whether what an import has read could have been written. */
bool spw__vet(struct spw_engine *e);      /* before anything is built from it */
bool spw__vet_live(struct spw_engine *e); /* afterwards: the live contacts of every row */

/* check.c: all but I4, which costs more than an import should. */
int spw__check_parts(const struct spw_engine *e, char *text, size_t size);
bool spw__danger_passed(const struct spw_engine *e, uint32_t x, uint32_t c);

/* restore.c: what the walk leaves out is built again from what it holds. */
int spw__restore(struct spw_engine *e);

#endif
