/*
 * spillway.h - the lobby. Spillway holds the people who wait for a crisis helpline and decides, the
 * moment something changes, which of them is offered to which counsellor.
 *
 * It is a state machine: the host says what happened and when (spw_apply or a typed function), and
 * polls what follows from it (spw_poll). It does no input or output, reads no clock, starts no
 * thread, and takes no memory after creation.
 *
 *   struct spw_config config;
 *   spw_config_init(&config);
 *   struct spw_engine *engine;
 *   spw_engine_create(&config, NULL, &engine);       ... commit a centre, a queue, a skill set,
 *   spw_contact_arrive(engine, &arrive, now, &contact);  add a counsellor ...
 *   spw_counsellor_ready(engine, ada, now);
 *   while (spw_poll(engine, &event, 1)) { ... }      OFFER: contact to ada, and why
 *   spw_contact_accepted(engine, contact, ada, now);
 *   arm_timer(spw_next_deadline(engine));            then spw_advance(engine, now)
 *
 * Read on: engine.h (the contract), input.h, event.h, contact.h, roster.h, view.h, policy.h.
 * A number such as "rule C7" or "I4" names a rule or an invariant; lib/RULES.md explains each.
 *
 * Caveats, said plainly
 *   - Time comes from you. If you pass wall-clock time and it jumps, waits jump with it.
 *   - Capacity is fixed at creation. Ask spw_view_usage before the night, not during it.
 *   - What costs time is the number of classes and pools, not the number waiting: thousands of
 *     distinct skill sets and needs make each decision dearer.
 *   - The engine forgets everything at exit unless you export its state or journal its inputs.
 */
#ifndef SPILLWAY_H
#define SPILLWAY_H

#include <spillway/base.h>
#include <spillway/config.h>
#include <spillway/contact.h>
#include <spillway/engine.h>
#include <spillway/event.h>
#include <spillway/input.h>
#include <spillway/policy.h>
#include <spillway/roster.h>
#include <spillway/view.h>

#endif
