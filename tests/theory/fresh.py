"""fresh.py - cases that stand in no file: parameters drawn, values from exact.py.

They guard against a comparison that knows its numbers. Drawn are loads, patience, staff, rooms and
rules, small enough for the chains to be solved in a second.
"""

import random

import exact

# What exact.py gives beside the oracle's metrics, or twice.
LEFT_OUT = ("served_",)


def number(rng, low, high):
    return round(rng.uniform(low, high), 3)


def one_class(rng, patience=False, most_load=0.93):
    c, mu = rng.randint(2, 12), number(rng, 0.4, 2.5)
    p = {"c": c, "mu": mu}
    if patience:
        p.update(lam=number(rng, 0.7, 1.5) * c * mu, theta=number(rng, 0.2, 2.0) * mu,
                 t=number(rng, 0.1, 0.6) / mu)
    else:
        p.update(lam=number(rng, 0.6, most_load) * c * mu, t=number(rng, 0.1, 0.6) / mu)
    return p


def split(rng, total, n):
    parts = [rng.uniform(0.5, 1.5) for _ in range(n)]
    return [round(total * part / sum(parts), 4) for part in parts]


def loss(rng):
    n = rng.randint(3, 30)
    return {"a": number(rng, 0.7, 1.3) * n, "n": n}


def inverse(rng):
    return {"n": rng.randint(3, 30), "target_block": number(rng, 0.02, 0.2)}


def room(rng):
    s = rng.randint(2, 10)
    return {"a": number(rng, 0.7, 1.1) * s, "s": s, "system_capacity": s + rng.randint(2, 15)}


def priorities(rng, n=3, most=0.85):
    p = one_class(rng)
    return {"c": p["c"], "mu": p["mu"], "t": p["t"],
            "lam": split(rng, number(rng, 0.6, most) * p["c"] * p["mu"], n)}


def general_service(rng):
    means = [number(rng, 0.3, 1.5) for _ in range(3)]
    shapes = rng.sample([1.0, 2.0, number(rng, 1.2, 3.0)], 3)
    loads = split(rng, number(rng, 0.5, 0.75), 3)
    return {"lam": [load / mean for load, mean in zip(loads, means)], "ES": means,
            "ES2": [mean * mean * shape for mean, shape in zip(means, shapes)]}


def accumulating(rng):
    p = priorities(rng, rng.randint(2, 4))
    del p["t"]
    p["b"] = sorted((number(rng, 0.5, 6.0) for _ in p["lam"]), reverse=True)
    return p


def head_start(rng):
    p = priorities(rng, 2)
    del p["t"]
    p["head_start_D"] = number(rng, 0.3, 3.0) / p["mu"]
    return p


def several(rng, n, c):
    """Classes with patience, some overload."""
    return {"lam": split(rng, number(rng, 0.8, 1.3) * c, n),
            "theta": [number(rng, 0.3, 1.5) for _ in range(n)]}


def three_classes(rng):
    order = rng.sample([1, 2, 3], 3)
    return {"c": 3, "mu": 1, **several(rng, 3, 3), "waiting_room": rng.randint(4, 8),
            "policy": "static nonpreemptive priority %d>%d>%d, FCFS within class" % tuple(order)}


def two_speeds(rng):
    return {"c": 3, **several(rng, 2, 2), "mu": [number(rng, 0.6, 1.5), number(rng, 0.4, 1.0)],
            "waiting_room": rng.randint(5, 12),
            "policy": "static nonpreemptive priority %s" % rng.choice(["1>2", "2>1"])}


def network(rng, servers, skills, classes, equal=True):
    mu = 1.0 if equal else number(rng, 0.5, 1.0)
    return {"servers": servers, "skills": skills, **several(rng, classes, sum(servers)),
            "mu": [mu] * len(servers), "waiting_room_per_class": rng.randint(4, 8)}


def n_model(rng):
    return {**network(rng, [rng.randint(1, 3), rng.randint(1, 3)], [[1], [1, 2]], 2),
            "arrival": "class1: pool1 first then pool2; class2: pool2",
            "pool2_free": rng.choice(["class 1 first", "class 2 first"])}


def n_reserve(rng):
    return {**network(rng, [2, 3], [[1], [1, 2]], 2), "reservation_pool2": rng.randint(1, 2)}


def w_model(rng):
    return {**network(rng, [2, rng.randint(1, 2)], [[1, 2], [2, 3]], 3),
            "waiting_room_per_class": 5,
            "arrival_class2": "pool with more idle servers, tie -> pool 1",
            "free_server": rng.choice(["dedicated class first, then class 2",
                                       "longest eligible queue first, tie -> dedicated class"])}


def m_model(rng):
    return {**network(rng, [rng.randint(1, 2), 2, rng.randint(1, 2)], [[1], [1, 2], [2]], 2),
            "arrival": rng.choice(["least flexible server first", "flexible server first"]),
            "flexible_free": "longer queue, tie -> class 1"}


def in_line(skills, classes, policy):
    def draw(rng):
        p = several(rng, classes, 3)
        return {"servers": [rng.randint(1, 2), 2], "skills": skills, **p,
                "mu_by_pool": [1.0, number(rng, 0.5, 1.0)], "total_waiting_room": rng.randint(4, 6),
                "policy": policy}
    return draw


LISF = "arrival -> longest-idle compatible server (LISF/ALIS); freed server -> longest-waiting"
ORDERED = "arrival -> lowest-numbered compatible pool with an idle server"


def x_model(rng):
    mode = rng.choice([{"mode": "none"}, {"mode": "static"}, {"mode": "static", "r": 1},
                       {"mode": "fqrt", "kap": 0, "ratio": 1.0, "oneway": False}])
    return {"servers": [2, 2], **several(rng, 2, 4), "mu_own": 1.0,
            "mu_cross": number(rng, 0.4, 1.0), "waiting_room_per_class": rng.randint(3, 6), **mode}


def overflow_loss(rng):
    return {"servers": [rng.randint(3, 5), rng.randint(3, 5)],
            "lam": [number(rng, 2.0, 5.0), number(rng, 2.0, 5.0)], "mean_service_own": 1,
            "mean_service_cross": number(rng, 1.0, 2.0), "reservation": rng.randint(0, 2)}


def one_way_help(rng):
    on = rng.choice([None, 1])
    return {"servers": [rng.randint(2, 4), rng.randint(2, 4)],
            "lam": [number(rng, 3.0, 5.0), number(rng, 1.0, 3.0)], "theta": number(rng, 0.3, 1.0),
            "mu": 1.0, "waiting_room": 15, "activate_at_q1": on, "release_at_q1": 0,
            "reserve_idle_centre2": rng.randint(0, 1)}


def redials(rng):
    return {"c": 3, "lam": number(rng, 2.0, 3.5), "mu": 1, "theta": number(rng, 0.4, 1.0),
            "redial_prob": number(rng, 0.2, 0.7), "redial_rate": number(rng, 0.3, 1.0),
            "waiting_room": 25, "most": 50}


def unequal(rng):
    return {"servers": [rng.randint(1, 2), rng.randint(1, 2)],
            "mu_by_pool": [1, number(rng, 0.3, 0.8)], "lam": number(rng, 1.2, 2.5),
            "theta": number(rng, 0.3, 0.9), "waiting_room": rng.randint(4, 10),
            "policy": rng.choice(["longest idle server first", "fastest server first"])}


def retrials(rng):
    return {"c": rng.randint(2, 4), "lam": number(rng, 1.0, 1.8), "mu": 1,
            "retry_rate": number(rng, 0.5, 1.5), "persistence": number(rng, 0.5, 0.9), "most": 80}


def callbacks(rng):
    return {"c": 3, "lam": number(rng, 2.0, 2.4), "mu": 1.0, "theta": number(rng, 0.4, 1.0),
            "offer_when_waiting_ge": rng.randint(1, 2), "accept_prob": number(rng, 0.3, 0.7),
            "reserve": rng.randint(0, 1), "most": 50}


def flash(rng):
    p = {"c": 4, "mean_service": 2.0, "mean_patience": number(rng, 0.8, 2.0),
         "lam_base": number(rng, 0.8, 1.4), "lam_surge": number(rng, 3.0, 6.0),
         "surge_minutes": 5.0}
    p[rng.choice(["t", "horizon"])] = number(rng, 3.0, 6.0)
    if "horizon" in p:
        p["horizon"] *= 8
    return p


def flash_two(rng):
    return {"c": 3, "mu": 1, "theta": [number(rng, 0.5, 1.0), number(rng, 0.5, 1.0)],
            "lam_base": [0.6, 1.2], "lam_surge": [number(rng, 1.2, 2.4), number(rng, 2.4, 4.0)],
            "surge": [0, 3.0], "horizon": 12.0, "policy": "static nonpreemptive priority 1>2",
            "room": 30, **rng.choice([{}, {"t": 3.0}])}


def burst(rng):
    return {"burst": rng.randint(20, 80), "c": rng.randint(2, 10), "mean_service": 10,
            "theta": number(rng, 0.0, 0.3)}


def centres(rng):
    c = rng.randint(4, 20)
    return {"C": c, "nu": number(rng, 0.7, 0.9) * c}


def spill_in(rng):
    return {**centres(rng), "reservation": rng.randint(1, 4), "mu": number(rng, 0.5, 2.0)}


FAMILIES = {
    "M/M/n/n (Erlang B)": loss,
    "M/M/n/n inverse": inverse,
    "M/M/c (Erlang C)": one_class,
    "M/M/s/K": room,
    "M/M/c+M (Erlang A)": lambda rng: one_class(rng, True),
    "M/M/c nonpreemptive priority": priorities,
    "M/G/1 nonpreemptive priority": general_service,
    "M/M/c accumulating priority (linear)": accumulating,
    "M/M/c EDF two-class (head start)": head_start,
    "M/M/c+M 3 priority classes": three_classes,
    "V-model, class-dependent mu": two_speeds,
    "N-model": n_model,
    "N-model with reservation": n_reserve,
    "W-model": w_model,
    "M-model": m_model,
    "N-model FCFS/LISF": in_line([[1], [1, 2]], 2, LISF),
    "N-model FCFS/ordered": in_line([[1], [1, 2]], 2, ORDERED),
    "X-model FCFS/LISF": in_line([[1, 2], [1, 2]], 2, LISF),
    "W-model FCFS/LISF": in_line([[1, 2], [2, 3]], 3, LISF),
    "X-model (two centres, sharing)": x_model,
    "two-centre loss, overflow + reservation": overflow_loss,
    "two-centre one-way help with hysteresis": one_way_help,
    "M/M/c+M with redials (orbit)": redials,
    "M/M(het)/4+M": unequal,
    "M/M/c/c retrial": retrials,
    "inbound + callback option": callbacks,
    "M(t)/M/c+M flash surge, exact transient": flash,
    "two-class priority flash surge, exact transient": flash_two,
    "burst drain": burst,
    "local only (no spill-in)": centres,
    "infinite spill-in, accepted iff free > r, loss at C": spill_in,
    "infinite spill-in, accepted iff free > r, local queue": spill_in,
}


def draws(seed, rounds):
    """[(family, params)], `rounds` of each family."""
    drawn = []
    for turn in range(rounds):
        for family, draw in FAMILIES.items():
            rng = random.Random("%s %d %d" % (family, seed, turn))
            drawn.append((family, draw(rng)))
    return drawn


def cases(family, params, name):
    """The cases of one draw: every metric that exact.py gives for it."""
    found = []
    for metric, value in sorted(exact.values(family, params).items()):
        if metric.startswith(LEFT_OUT) or not wanted(family, metric):
            continue
        found.append({"id": "%s-%s" % (name, metric), "model": family, "params": params,
                      "metric": metric, "value": value})
    return found


def wanted(family, metric):
    """exact.py gives several names to one thing; a family uses one of them."""
    if metric.startswith("P_lost"):
        return family.startswith("two-centre loss")
    if metric in ("call_loss", "P_block_local"):
        return family.startswith("local only")
    if metric.endswith("_worst_case"):
        return metric.startswith("P_block") == family.endswith("loss at C")
    if metric == "mean_offered_wait_given_wait":
        return False
    if metric.startswith("P_block_class") or metric.startswith("E_busy"):
        return not family.startswith("two-centre loss")
    return not (family.startswith("two-centre loss") and metric.startswith(
        ("E_Q", "P_abandon", "E_W")))
