"""families.py - how each model family of the oracle is said in a scenario.

One function per family; it gets the parameters of a case and returns a Model, or None when it does
not know a rule that they name. No case is treated apart. UNTOLD says of the other families what
they would need. What a metric is of the command's figures stands in figures.py.
"""

import math
import re

from model import Class, Model, Pool, exponential, relaxation, seconds

EXTRA = 5  # time constants of a queue without abandonment that the warm-up lasts


def per_class(value, k):
    return value[k] if isinstance(value, list) else value


# ---- one class ---------------------------------------------------------------------------------

def single(p):
    """One class, one pool: Erlang B, C, A and finite rooms. Loads are in talks at a time."""
    servers = next(p[key] for key in ("c", "n", "s", "C") if key in p)
    mu = p.get("mu", 1.0)
    lam = p["lam"] if "lam" in p else next(p[key] for key in ("a", "nu") if key in p) * mu
    room = p.get("waiting_room")
    if "system_capacity" in p:
        room = p["system_capacity"] - servers
    model = Model([Class(lam, exponential(1.0 / mu), p.get("theta") or None, room=room,
                         target=p.get("t"))], [Pool(servers, [1])])
    model.warm_up = 12.0 * max(1.0 / mu, 1.0 / (p.get("theta") or 1e9))
    if not p.get("theta") and room != 0:
        model.warm_up += EXTRA * relaxation(lam, mu, servers)
    return model


def loss(p):
    return single(dict(p, waiting_room=0))


def two_queues(p):
    """Each of the queues, chosen at random, is one of its own."""
    return single({"lam": p["lam_per_queue"], "mu": p["mu"], "c": 1})


def offered_wait(p):
    """How long one would wait who never gives up, as the mean of 8 points of its distribution.

    People are told apart by a priority that the order does not look at, so that each eighth has a
    target of its own.
    """
    model = single(p)
    targets, _ = offered_wait_points(p)
    model.classes[0].split = list(enumerate(targets))
    model.order = "fifo"
    return model


def offered_wait_points(p):
    """Gauss-Legendre points and weights from 0 to where hardly anybody waits."""
    drift = max(0.0, math.log(p["lam"] / (p["c"] * p["mu"]))) / p["theta"]
    spread = 1.0 / math.sqrt(min(p["lam"], p["c"] * p["mu"]) * p["theta"])
    end = drift + 5.0 * spread
    points = [0.1834346424956498, 0.5255324099163290, 0.7966664774136267, 0.9602898564975363]
    weights = [0.3626837833783620, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763]
    x = [-v for v in reversed(points)] + points
    return [end * (1 + v) / 2 for v in x], [end / 2 * w for w in reversed(weights)] + [
        end / 2 * w for w in weights]


def redials(p):
    """Who gives up may call again later."""
    model = single(p)
    if p["redial_prob"] > 0:
        model.classes[0].redial = (p["redial_prob"], p["redial_rate"], False)
        model.warm_up += 12.0 / (p["redial_rate"] * (1.0 - p["redial_prob"] / 2))
    return model


def retrials(p):
    """No room to wait; who is refused tries again. A target of almost nothing tells who was."""
    model = single(dict(p, waiting_room=0))
    model.classes[0].redial = (p["persistence"], p["retry_rate"], True)
    model.classes[0].target = 1e-6
    slack = max(0.05, 1.0 - p["persistence"] * min(1.0, p["lam"] / (p["c"] * p["mu"])))
    model.warm_up = 20.0 / min(p["retry_rate"], p["mu"]) / slack
    return model


def unequal(p):
    """One class, pools of different speed."""
    classes = [Class(p["lam"], None, p["theta"], room=p["waiting_room"])]
    model = Model(classes, [Pool(n, [1], mu) for n, mu in zip(p["servers"], p["mu_by_pool"])])
    if p["policy"].startswith("longest idle"):
        return model
    if not p["policy"].startswith("fastest"):
        return None
    fastest = sorted(range(len(model.pools)), key=lambda i: -p["mu_by_pool"][i])
    model.chooser, model.pool_order = "ordered", [i + 1 for i in fastest]
    return model


def callbacks(p):
    """Promises wait in a queue of their own, behind everybody who is on the line."""
    model = single(p)
    model.order = "strict"
    model.classes[0].callback = (p["offer_when_waiting_ge"], p["accept_prob"] * 100, 2)
    model.pools[0].reserve = {"promises": p["reserve"]} if p["reserve"] else {}
    model.warm_up = EXTRA * relaxation(p["lam"], p["mu"], p["c"] - p["reserve"] / 2) + 100 / p["mu"]
    return model


# ---- several classes, one pool -----------------------------------------------------------------

def shared_pool(p, rank, order="strict", **plan):
    """All classes in one queue, with one room if there is any, told apart by priority."""
    classes = []
    for k, lam in enumerate(p["lam"]):
        mu, theta = per_class(p.get("mu", 1.0), k), p.get("theta")
        classes.append(Class(lam, exponential(1.0 / mu), per_class(theta, k) if theta else None,
                             priority=rank[k], queue="q", room=p.get("waiting_room"),
                             target=p.get("t")))
    model = Model(classes, [Pool(p["c"], [1])], order=order, **plan)
    slowest = min(per_class(p.get("mu", 1.0), k) for k in range(len(classes)))
    thetas = [c.theta for c in classes if c.theta]
    model.warm_up = 12.0 / min([slowest] + thetas)
    if not thetas:
        model.warm_up += EXTRA * relaxation(sum(p["lam"]), slowest, p["c"])
    return model


def priorities(p):
    return shared_pool(p, list(range(1, len(p["lam"]) + 1)))


def as_named(p):
    """The order as the case names it: `1>2>3` or first come first served."""
    said = re.search(r"\d(?:>\d)+", p["policy"])
    if said:
        order = [int(k) for k in said.group().split(">")]
        return shared_pool(p, [order.index(k + 1) + 1 for k in range(len(p["lam"]))])
    if "FCFS" in p["policy"] or "first come" in p["policy"]:
        return shared_pool(p, list(range(1, len(p["lam"]) + 1)), order="fifo")
    return None


def general_service(p):
    """M/G/1: a distribution with the two moments that are given."""
    classes = []
    for k, (average, second) in enumerate(zip(p["ES"], p["ES2"])):
        variation = second / (average * average) - 1.0
        if variation < 1e-12:
            service = "{constant: %s}" % seconds(average)
        elif abs(variation - 1.0) < 1e-12:
            service = exponential(average)
        else:
            service = "{lognormal: {mean: %s, cv: %.15g}}" % (seconds(average),
                                                              math.sqrt(variation))
        classes.append(Class(p["lam"][k], service, priority=k + 1))
    model = Model(classes, [Pool(1, [1])], order="strict")
    load = sum(lam * es for lam, es in zip(p["lam"], p["ES"]))
    again = sum(lam * es2 for lam, es2 in zip(p["lam"], p["ES2"]))
    model.warm_up = 4 * EXTRA * again / load / (1.0 - load) ** 2
    return model


def accumulating(p):
    rates = {k + 1: "rate: %.12g" % b for k, b in enumerate(p["b"])}
    return shared_pool(p, list(range(1, len(p["lam"]) + 1)), "accumulating", priorities=rates)


def head_start(p):
    start = {1: "head_start: %s" % seconds(p["head_start_D"]), 2: "head_start: 0 s"}
    return shared_pool(dict(p, t=p["head_start_D"]), [1, 2], "head-start", priorities=start)


# ---- several classes, several pools ------------------------------------------------------------

def pools_of(p):
    """Which class may be served by which pool: class k needs skill k."""
    speeds = p.get("mu_by_pool", p.get("mu", 1.0))
    return [Pool(n, list(skills), per_class(speeds, i))
            for i, (n, skills) in enumerate(zip(p["servers"], p["skills"]))]


def skilled(p, rank, **plan):
    """Classes with a queue and a room each; rank is the priority of each class."""
    classes = [Class(lam, None, per_class(p["theta"], k) or None, skill=k + 1, priority=rank[k],
                     room=p["waiting_room_per_class"]) for k, lam in enumerate(p["lam"])]
    return Model(classes, pools_of(p), **plan)


def n_model(p):
    rank = [1, 2] if p["pool2_free"].startswith("class 1") else [2, 1]
    return skilled(p, rank, order="strict", chooser="ordered", pool_order=[1, 2])


def n_reserve(p):
    model = skilled(p, [2, 1], order="strict", chooser="ordered", pool_order=[1, 2])
    model.pools[1].reserve = {"q1": p["reservation_pool2"]}
    return model


def w_model(p):
    longest = p["free_server"].startswith("longest")
    return skilled(p, [1, 2, 1], order="strict", chooser="most-idle-pool", pool_order=[1, 2],
                   policy="longest_ranked.c" if longest else None)


def m_model(p):
    order = [2, 1, 3] if p["arrival"].startswith("flexible") else [1, 3, 2]
    return skilled(p, [1, 2], chooser="ordered", pool_order=order, policy="longest_ranked.c")


def shared_room(p):
    """All classes in one queue with one room, first come first served."""
    chooser = "longest-idle" if "longest-idle" in p["policy"] else "ordered"
    classes = [Class(lam, None, per_class(p["theta"], k), skill=k + 1, priority=k + 1, queue="q",
                     room=p["total_waiting_room"]) for k, lam in enumerate(p["lam"])]
    pools = pools_of(p)
    return Model(classes, pools, chooser=chooser, pool_order=list(range(1, len(pools) + 1)))


# ---- two pools, each with people of its own ----------------------------------------------------

def two_sides(p, room, service=1.0, cross=1.0):
    """Class k belongs to pool k; the other serves it at the speed `cross`, after its own people."""
    classes = [Class(lam, exponential(service), per_class(p["theta"], k) if "theta" in p else None,
                     skill=k + 1, room=room) for k, lam in enumerate(p["lam"])]
    pools = []
    for k, n in enumerate(p["servers"]):
        pool = Pool(n, [1, 2], per_class(p.get("mu_own", p.get("mu", 1.0)), k), own=k + 1)
        other = "q%d" % (2 - k)
        pool.rank, pool.pace = {other: 1}, {other: cross}
        pools.append(pool)
    return Model(classes, pools, order="fifo", chooser="best-level")


def apart(model):
    """Nobody helps anybody."""
    for pool in model.pools:
        pool.skills, pool.rank, pool.pace = [pool.own], {}, {}
    return model


def x_model(p):
    """Help whenever somebody is free, or by the longer queue; more needs links between centres."""
    model = two_sides(p, p["waiting_room_per_class"], cross=p["mu_cross"] / p["mu_own"])
    if p["mode"] == "none":
        return apart(model)
    for k, pool in enumerate(model.pools):
        pool.reserve = {"q%d" % (2 - k): p.get("r", 0)}
    if p["mode"] == "static":
        return model
    if p["mode"] == "fqrt" and p["kap"] == 0 and p["ratio"] == 1 and not p["oneway"]:
        for pool in model.pools:
            pool.rank = {}
        model.policy = "longest_own.c"
        return model
    return None


def overflow_loss(p):
    """No queue; the other pool is tried once."""
    model = two_sides(p, 0, p["mean_service_own"],
                      p["mean_service_own"] / p["mean_service_cross"])
    model.warm_up = 12.0 * max(p["mean_service_own"], p["mean_service_cross"])
    for k, pool in enumerate(model.pools):
        pool.reserve = {"q%d" % (2 - k): p["reservation"]}
    return model


def one_way_help(p):
    """Centre 2 never helps, or whenever anybody waits; other thresholds need links."""
    model = two_sides(p, p["waiting_room"])
    if p["activate_at_q1"] is None:
        return apart(model)
    if p["activate_at_q1"] != 1 or p["release_at_q1"] != 0:
        return None
    model.pools[0].skills, model.pools[0].rank, model.pools[0].pace = [1], {}, {}
    model.pools[1].reserve = {"q1": p["reserve_idle_centre2"]}
    return model


def spill_in(p, room):
    """Foreign people without end: a short queue that is always full. Served iff free > reserve."""
    local = Class(p["nu"] * p["mu"], exponential(1.0 / p["mu"]), skill=1, priority=1, room=room)
    foreign = Class(2.0 * p["C"] * p["mu"], exponential(1.0 / p["mu"]), skill=1, priority=2,
                    room=60)
    model = Model([local, foreign], [Pool(p["C"], [1])], order="strict")
    model.pools[0].reserve = {"q2": p["reservation"]}
    model.warm_up = 12.0 / p["mu"]
    if room is None:
        model.warm_up += EXTRA * relaxation(p["nu"] * p["mu"], p["mu"], p["C"])
    return model


def spill_in_loss(p):
    return spill_in(p, 0)


def spill_in_queue(p):
    return spill_in(p, None)


# ---- transients --------------------------------------------------------------------------------

def flash(p):
    model = Model([Class(p["lam_base"], exponential(p["mean_service"]),
                         1.0 / p["mean_patience"])], [Pool(p["c"], [1])])
    model.surge = (0.0, p["surge_minutes"], [p["lam_surge"] / p["lam_base"]])
    model.warm_up = 20.0 * max(p["mean_service"], p["mean_patience"])
    model.horizon = p.get("horizon", max(6.0 * p["surge_minutes"], 2.0 * p.get("t", 0.0)))
    return on_grid(model, p, p["surge_minutes"])


def flash_two(p):
    model = shared_pool(dict(p, lam=p["lam_base"], t=None), [1, 2])
    model.surge = (p["surge"][0], p["surge"][1],
                   [s / b for s, b in zip(p["lam_surge"], p["lam_base"])])
    model.warm_up = max(40.0, model.warm_up)
    model.horizon = p["horizon"]
    return on_grid(model, p, p["surge"][1])


def on_grid(model, p, surge_end):
    """A step of time that meets the end of the surge, if it can, and the moment asked for."""
    at, step = p.get("t") or surge_end, None
    for parts in [60] + list(range(20, 400)):
        if abs(at * parts / surge_end - round(at * parts / surge_end)) < 1e-9:
            step = surge_end / parts
            break
    if step is None:
        step = at / math.ceil(at * 60 / surge_end)
    model.bucket = step
    model.warm_up = step * math.ceil(model.warm_up / step)
    return model


def burst(p):
    model = Model([Class(1.0, exponential(p["mean_service"]), p["theta"] or None)],
                  [Pool(p["c"], [1])])
    model.burst, model.warm_up = p["burst"], 0.0
    model.horizon = 20.0 * p["mean_service"] * (1.0 + p["burst"] / p["c"])
    return model


FAMILIES = {
    "M/M/n/n (Erlang B)": loss,
    "M/M/c (Erlang C)": single,
    "M/M/s/K": single,
    "M/M/c+M (Erlang A)": single,
    "M/M/c nonpreemptive priority": priorities,
    "M/G/1 nonpreemptive priority": general_service,
    "M/M/c accumulating priority (linear)": accumulating,
    "M/M/c EDF two-class (head start)": head_start,
    "M/M/c+M 3 priority classes": as_named,
    "V-model, class-dependent mu": as_named,
    "N-model": n_model,
    "N-model with reservation": n_reserve,
    "W-model": w_model,
    "M-model": m_model,
    "N-model FCFS/LISF": shared_room,
    "N-model FCFS/ordered": shared_room,
    "X-model FCFS/LISF": shared_room,
    "W-model FCFS/LISF": shared_room,
    "X-model (two centres, sharing)": x_model,
    "two-centre loss, overflow + reservation": overflow_loss,
    "two-centre one-way help with hysteresis": one_way_help,
    "M/M/c+M with redials (orbit)": redials,
    "M/M(het)/4+M": unequal,
    "M/M/1/1 retrial": retrials,
    "M/M/c/c retrial": retrials,
    "inbound + callback option": callbacks,
    "M(t)/M/c+M flash surge, exact transient": flash,
    "two-class priority flash surge, exact transient": flash_two,
    "burst drain": burst,
    "direct only": loss,
    "symmetric centres mean field, no overflow": loss,
    "two M/M/1, random": two_queues,
    "infinite spill-in, accepted iff free > r, loss at C": spill_in_loss,
    "infinite spill-in, accepted iff free > r, local queue": spill_in_queue,
}

UNTOLD = {
    "fluid M(t)/M/s+M": "a fluid limit, not a value of any finite system",
    "fluid redial amplification": "a fluid limit, not a value of any finite system",
    "two M/M/1, join shortest (fresh info)": "people who choose a queue for good when they come",
    "two M/M/1, join shortest on bulletin board refreshed every T": "routing by stale information",
    "supermarket model n->inf, d=2": "a limit of infinitely many queues",
    "alternative routing mean-field (2-link alternatives)": "a limit of infinitely many links",
    "alternative routing with trunk reservation (mean field)": "a limit of infinitely many links",
    "symmetric centres mean field, overflow to up to d random centres, h=2":
        "links; a limit of infinitely many centres",
    "symmetric centres mean field, overflow to one random centre":
        "links; a limit of infinitely many centres",
    "Halfin-Whitt approximation": "an approximation, not a value of any finite system",
    "Garnett QED approximation (Erlang A)": "an approximation, not a value of any finite system",
    "QL delay estimator, M/M/c": "predicted waits in the JSON",
    "X-model (two centres, sharing)": "thresholds between centres (links)",
    "two-centre one-way help with hysteresis": "thresholds between centres (links)",
}

BY_METRIC = {
    ("M/M/c+M (Erlang A)", "E_V_offered_wait"): offered_wait,
    ("Markovian QL estimator (Whitt 1999), M/M/c+M", "mean_offered_wait_given_wait"): offered_wait,
    ("local only (no spill-in)", "P_block_local"): loss,
    ("local only (no spill-in)", "P_wait_local"): single,
}


def model_of(case):
    """The scenario of a case, or None."""
    if case["model"] == "M/M/n/n inverse":  # takes the value as the load, to meet the target there
        return loss(dict(case["params"], a=case["value"]))
    family = BY_METRIC.get((case["model"], case["metric"])) or FAMILIES.get(case["model"])
    return family(case["params"]) if family else None


def exact_of(case):
    """What is compared: the value, or the target that its load must meet."""
    if case["model"] == "M/M/n/n inverse":
        return case["params"]["target_block"]
    return case["value"]


def why_not(case):
    return UNTOLD.get(case["model"], "a way to say it in a scenario")
