"""exact.py - exact values of the families from their parameters: formulae and small chains.

`values(family, params)` gives a dictionary by metric, or None. It knows nothing of the simulator.
It serves twice: it must agree with the oracle's own numbers, and it gives the values of parameters
that are in no file (fresh.py).
"""

import math

import chains
from chains import Network, first


# ---- formulae ----------------------------------------------------------------------------------

def erlang_b(load, n):
    b = 1.0
    for k in range(1, n + 1):
        b = load * b / (k + load * b)
    return b


def erlang_c(load, n):
    b = erlang_b(load, n)
    return b / (1.0 - load / n * (1.0 - b))


def loss(p):
    n = next(p[key] for key in ("n", "C", "c") if key in p)
    b = erlang_b(p.get("a", p.get("nu")), n)
    return {name: b for name in ("P_block", "P_lost", "call_loss", "P_block_local")}


def inverse(p):
    low, high = 0.0, 10.0 * p["n"]
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if erlang_b(middle, p["n"]) < p["target_block"] else (low,
                                                                                       middle)
    return {"max_offered_load_erlangs": low}


def queue(p):
    lam, mu, n = p["lam"], p["mu"], p["c"]
    c, gap = erlang_c(lam / mu, n), n * mu - lam
    found = {"P_wait": c, "E_W": c / gap, "E_Q": lam * c / gap}
    if c > 0.1:
        found["W_quantile_0.9"] = math.log(c / 0.1) / gap
    if "t" in p:
        found["P_W_le_t"] = 1.0 - c * math.exp(-gap * p["t"])
    return found


def local(p):
    return {"P_block_local": erlang_b(p["nu"], p["C"]), "P_wait_local": erlang_c(p["nu"], p["C"])}


def room(p):
    weights = [1.0]
    for n in range(1, p["system_capacity"] + 1):
        weights.append(weights[-1] * p["a"] / min(n, p["s"]))
    total = sum(weights)
    share = [w / total for w in weights]
    waiting = sum(max(0, n - p["s"]) * s for n, s in enumerate(share))
    admitted = 1.0 - share[-1]
    return {"P_block": share[-1], "P_wait_given_admitted": sum(share[p["s"]:-1]) / admitted,
            "E_W_given_admitted": waiting / (p["a"] * admitted)}


def simpson(f, end, steps=4000):
    h = end / steps
    return h / 3 * sum((1 if i in (0, steps) else 4 if i % 2 else 2) * f(i * h)
                       for i in range(steps + 1))


def abandonment(p):
    """Erlang A: birth and death, and the density of the wait of one who never gives up."""
    lam, mu, theta, c = p["lam"], p["mu"], p["theta"], p["c"]
    weights, n = [0.0], 0  # logarithms
    while n < c or weights[-1] > max(weights) - 80:
        n += 1
        weights.append(weights[-1] + math.log(lam / (min(n, c) * mu + max(0, n - c) * theta)))
    top = max(weights)
    total = sum(math.exp(w - top) for w in weights)
    share = [math.exp(w - top) / total for w in weights]
    waiting = sum(max(0, k - c) * s for k, s in enumerate(share))
    wait = sum(share[c:])

    def density(t):
        return lam * share[c - 1] * math.exp(lam / theta * (1 - math.exp(-theta * t)) - c * mu * t)
    drift = max(0.0, math.log(lam / (c * mu))) / theta
    end = drift + 40.0 / math.sqrt(c * mu * theta) if lam > 0.5 * c * mu else 60.0 / (c * mu)
    left = theta * waiting / lam
    found = {"P_wait": wait, "P_abandon": left, "E_W_all": waiting / lam, "E_Q": waiting,
             "utilisation": sum(min(k, c) * s for k, s in enumerate(share)) / c,
             "E_W_given_served": simpson(lambda t: t * density(t) * math.exp(-theta * t), end)
             / (1 - left),
             "E_V_offered_wait": simpson(lambda t: t * density(t), end)}
    found["mean_offered_wait_given_wait"] = found["E_V_offered_wait"] / wait

    def beyond(t):
        return simpson(lambda s: density(t + s), end)
    if wait > 0.1:
        low, high = 0.0, end
        for _ in range(50):
            middle = (low + high) / 2
            more = beyond(middle) * math.exp(-theta * middle) > 0.1
            low, high = (middle, high) if more else (low, middle)
        found["W_quantile_0.9"] = low
    if "t" in p:
        found["P_V_gt_t"] = beyond(p["t"])
        found["P_W_gt_t"] = found["P_V_gt_t"] * math.exp(-theta * p["t"])
        found["P_served_and_W_le_t"] = 1 - wait + simpson(
            lambda s: density(s) * math.exp(-theta * s), p["t"])
    return found


def by_class(name, waits):
    return {"%s_class%d" % (name, k + 1): w for k, w in enumerate(waits)}


def cobham(first_wait, loads):
    """Waits of the classes in order, from the wait behind whom one finds in service."""
    waits, before = [], 0.0
    for load in loads:
        waits.append(first_wait / ((1 - before) * (1 - before - load)))
        before += load
    return waits


def priorities(p):
    c, mu, lam = p["c"], p["mu"], p["lam"]
    delay = erlang_c(sum(lam) / mu, c)
    found = by_class("E_Wq", cobham(delay / (c * mu), [x / (c * mu) for x in lam]))
    if "t" in p:
        found["P_Wq_class1_gt_t"] = delay * math.exp(-(c * mu - lam[0]) * p["t"])
    return found


def general_service(p):
    residual = sum(lam * es2 for lam, es2 in zip(p["lam"], p["ES2"])) / 2
    return by_class("E_Wq", cobham(residual, [a * b for a, b in zip(p["lam"], p["ES"])]))


def accumulating(p):
    """Kleinrock's recursion, lowest rate first; one waiting time of first come first served."""
    c, mu, lam, b = p["c"], p["mu"], p["lam"], p["b"]
    load = [x / (c * mu) for x in lam]
    base = erlang_c(sum(lam) / mu, c) / (c * mu * (1 - sum(load)))
    waits = [0.0] * len(lam)
    for k in sorted(range(len(lam)), key=lambda k: b[k]):
        slower = sum(load[i] * waits[i] * (1 - b[i] / b[k]) for i in range(len(b)) if b[i] < b[k])
        faster = sum(load[i] * (1 - b[k] / b[i]) for i in range(len(b)) if b[i] > b[k])
        waits[k] = (base - slower) / (1 - faster)
    return by_class("E_Wq", waits)


def head_start(p):
    """Whom class 2 finds waiting is before it; class 1 overtakes while the head start lasts."""
    (one, two), mu, c, start = p["lam"], p["mu"], p["c"], p["head_start_D"]
    rho, delay = (one + two) / (c * mu), erlang_c((one + two) / mu, c)
    most = int(60 + 40 / (1 - rho))
    chain = chains.Chain(1, lambda n: ((one if n < most else 0.0, n + 1, ()), (c * mu, n - 1, ()))
                         if n > 0 else ())
    found = {state: (1 - rho) * rho ** (state - 1) for state in chain.states if state > 0}
    then, spent = chain.after([found.get(s, 0.0) for s in chain.states], start)
    absorbed = chain.states.index(0)
    alive = 1 - then[absorbed]
    ahead = sum(x * s for x, s in zip(then, chain.states))
    wait = delay * (start - spent[absorbed] + ahead / (c * mu))
    whole = (one + two) * delay / (c * mu - one - two)
    return {"E_Wq_class2": wait, "P_Wq_class2_gt_D": delay * alive,
            "E_Wq_class1": (whole - two * wait) / one}


# ---- networks ----------------------------------------------------------------------------------

def each(value, n):
    return value if isinstance(value, list) else [value] * n


def one_pool(p, order, lam=None):
    lam = lam or p["lam"]
    n = len(lam)
    mu, theta = each(p["mu"], n), each(p["theta"], n)
    return Network(lam, theta, [p["c"]],
                   lambda k, idle, q: first([0], idle),
                   lambda i, idle, q: next((k for k in order if q[k]), None),
                   lambda k, q: sum(q) < p.get("waiting_room", 25), lambda k, i: mu[k])


def static_order(p):
    said = p["policy"].split()[-1] if ">" in p["policy"].split()[-1] else next(
        word for word in p["policy"].split() if ">" in word)
    return [int(k) - 1 for k in said.strip(",").split(">")]


def one_pool_values(p):
    return one_pool(p, static_order(p)).values()


def skilled(p, arrive, freed):
    speed = each(p.get("mu", 1.0), len(p["servers"]))
    return Network(p["lam"], each(p["theta"], len(p["lam"])), p["servers"], arrive, freed,
                   lambda k, q: q[k] < p["waiting_room_per_class"], lambda k, i: speed[i])


def n_model(p, reserve=0, own_first=None):
    if own_first is None:
        own_first = p["pool2_free"].startswith("class 2")

    def arrive(k, idle, q):
        if k == 1:
            return first([1], idle)
        return 0 if idle[0] else 1 if idle[1] > reserve else None

    def freed(i, idle, q):
        if i == 0:
            return 0 if q[0] else None
        may = [k for k in ((1, 0) if own_first else (0, 1)) if q[k] and (k or idle[1] > reserve)]
        return may[0] if may else None
    found = skilled(p, arrive, freed).values()
    found["fraction_class1_served_by_pool2"] = found["served_1_by_2"] / p["lam"][0]
    return found


def n_reserve(p):
    return n_model(p, p["reservation_pool2"], True)


def w_model(p):
    longest = p["free_server"].startswith("longest")

    def arrive(k, idle, q):
        if k != 1:
            return first([k // 2], idle)
        return None if max(idle) == 0 else idle.index(max(idle))

    def freed(i, idle, q):
        own = 2 * i
        if longest:
            return (1 if q[1] > q[own] else own) if q[1] or q[own] else None
        return own if q[own] else 1 if q[1] else None
    return skilled(p, arrive, freed).values()


def m_model(p):
    flexible = p["arrival"].startswith("flexible")

    def arrive(k, idle, q):
        return first((1, 2 * k) if flexible else (2 * k, 1), idle)

    def freed(i, idle, q):
        if i == 1:
            return (0 if q[0] >= q[1] else 1) if q[0] or q[1] else None
        return i // 2 if q[i // 2] else None
    return skilled(p, arrive, freed).values()


def x_model(p):
    mode, reserve = p["mode"], p.get("r", 0)
    balance = mode == "fqrt" and p["kap"] == 0 and p["ratio"] == 1 and not p["oneway"]
    if mode not in ("none", "static") and not balance:
        return None

    def arrive(k, idle, q):
        if idle[k] or mode == "none":
            return first([k], idle)
        return 1 - k if idle[1 - k] > reserve else None

    def freed(i, idle, q):
        other = 1 - i
        if balance and q[other] > q[i]:
            return other
        if q[i]:
            return i
        return other if mode != "none" and q[other] and idle[i] > reserve else None
    net = Network(p["lam"], p["theta"], p["servers"], arrive, freed,
                  lambda k, q: q[k] < p["waiting_room_per_class"],
                  lambda k, i: p["mu_own"] if k == i else p["mu_cross"])
    found = net.values()
    served = {key: v for key, v in found.items() if key.startswith("served")}
    found.update({"total_served_rate": sum(served.values()),
                  "cross_rate_1_in_2": served["served_1_by_2"],
                  "cross_rate_2_in_1": served["served_2_by_1"]})
    return found


def overflow_loss(p):
    def arrive(k, idle, q):
        return k if idle[k] else 1 - k if idle[1 - k] > p["reservation"] else None
    net = Network(p["lam"], [0.0, 0.0], p["servers"], arrive, lambda i, idle, q: None,
                  lambda k, q: False,
                  lambda k, i: 1 / (p["mean_service_own"] if k == i else p["mean_service_cross"]))
    found = net.values()
    found["overflow_fraction_class1"] = found["served_1_by_2"] / p["lam"][0]
    return found


def one_way_help(p):
    whole = dict(p, theta=[p["theta"]] * 2, waiting_room_per_class=p["waiting_room"])
    if p["activate_at_q1"] is None:
        return n_model(whole, 10 ** 9, True)
    if p["activate_at_q1"] != 1 or p["release_at_q1"] != 0:
        return None
    return n_model(whole, p["reserve_idle_centre2"], True)


def in_line(p):
    return chains.Line(p["lam"], p["theta"], p["servers"], p["skills"], p["mu_by_pool"],
                       p["total_waiting_room"], "longest-idle" in p["policy"]).values()


def unequal(p):
    speeds = p["mu_by_pool"]
    if p["policy"].startswith("longest idle"):
        found = chains.Line([p["lam"]], [p["theta"]], p["servers"], [[1]] * len(speeds), speeds,
                            p["waiting_room"], True).values()
    else:
        order = sorted(range(len(speeds)), key=lambda i: -speeds[i])
        found = Network([p["lam"]], [p["theta"]], p["servers"],
                        lambda k, idle, q: first(order, idle),
                        lambda i, idle, q: 0 if q[0] else None,
                        lambda k, q: q[0] < p["waiting_room"], lambda k, i: speeds[i]).values()
    return {key.replace("_class1", ""): v for key, v in found.items()}


def spill_in(p):
    """Cut equations over the top states: at least C - r are always busy."""
    c, nu, r = p["C"], p["nu"], p["reservation"]
    term = [1.0]
    for s in range(1, r + 1):
        term.append(term[-1] * (c - s + 1) / nu)
    found = {"P_block_local_worst_case": 1 / sum(term)}
    if nu < c:
        above = 1 / (1 - nu / c)
        found["P_wait_local_worst_case"] = above / (above + sum(term[1:]))
    return found


# ---- people who come again, transients ---------------------------------------------------------

def redials(p):
    return chains.redials(p["lam"], p["mu"], p["theta"], p["c"], p["waiting_room"],
                          p["redial_prob"], p["redial_rate"], p.get("most", 400))


def retrials(p):
    return chains.retrials(p["lam"], p["mu"], p["c"], p["retry_rate"], p["persistence"],
                           p.get("most", 400))


def callbacks(p):
    return chains.callbacks(p["lam"], p["mu"], p["theta"], p["c"], p["offer_when_waiting_ge"],
                            p["accept_prob"], p["reserve"], most=p.get("most", 400))


def surge(net, base, high, start, end):
    """p(t) of a network whose arrivals are `high` between start and end; stationary before."""
    share = net.chain.stationary()
    numbers = net.chain.number
    hot = [[(numbers[to], rate) for rate, to, _ in net.moves(state, high)
            if rate > 0 and to != state] for state in net.chain.states]

    def at(t):
        """Shares at t, and the time spent in each state until then."""
        now, spent = share, [0.0] * len(share)
        for begin, stop, rates in ((0.0, start, None), (start, end, hot), (end, t, None)):
            if min(stop, t) > begin:
                now, more = net.chain.after(now, min(stop, t) - begin, rates)
                spent = [a + b for a, b in zip(spent, more)]
        return now, spent
    return at


def flash(p):
    lam, high = p["lam_base"], p["lam_surge"]
    net = one_pool({"c": p["c"], "mu": 1 / p["mean_service"], "theta": 1 / p["mean_patience"],
                    "waiting_room": int(30 + 2 * high * p["mean_patience"])}, [0], [lam])
    at, states = surge(net, [lam], [high], 0.0, p["surge_minutes"]), net.chain.states

    def queue_at(t):
        return sum(x * s[1][0] for x, s in zip(at(t)[0], states))
    found = {}
    if "t" in p:
        found["E_Q_at_t"] = queue_at(p["t"])
    if "horizon" in p:
        found["expected_abandoned"] = sum(x * s[1][0] for x, s in zip(
            at(p["horizon"])[1], states)) / p["mean_patience"]
    if "t" not in p and "horizon" not in p:
        found["max_t_E_Q"] = queue_at(p["surge_minutes"])  # the queue grows as long as it lasts
        low, up = p["surge_minutes"], 6 * p["surge_minutes"]
        for _ in range(30):
            middle = (low + up) / 2
            low, up = (middle, up) if queue_at(middle) > 1 else (low, middle)
        found["time_E_Q_falls_below_1"] = low
    return found


def flash_two(p):
    net = one_pool(dict(p, waiting_room=p.get("room", 60)), static_order(p), p["lam_base"])
    at, states = surge(net, p["lam_base"], p["lam_surge"], *p["surge"]), net.chain.states
    found = {}
    for k in (0, 1):
        if "t" in p:
            found["E_Q_class%d_at_t" % (k + 1)] = sum(
                x * s[1][k] for x, s in zip(at(p["t"])[0], states))
        else:
            found["expected_abandoned_class%d_on_[0,%g]" % (k + 1, p["horizon"])] = p["theta"][
                k] * sum(x * s[1][k] for x, s in zip(at(p["horizon"])[1], states))
    return found


def burst(p):
    mu, theta, c = 1 / p["mean_service"], p["theta"], p["c"]
    stages = range(1, p["burst"] - c + 1)
    return {"E_time_queue_empties": sum(1 / (c * mu + i * theta) for i in stages),
            "E_served": c + sum(c * mu / (c * mu + i * theta) for i in stages)}


FAMILIES = {
    "M/M/n/n (Erlang B)": loss,
    "M/M/n/n inverse": inverse,
    "M/M/c (Erlang C)": queue,
    "M/M/s/K": room,
    "M/M/c+M (Erlang A)": abandonment,
    "Markovian QL estimator (Whitt 1999), M/M/c+M": abandonment,
    "M/M/c nonpreemptive priority": priorities,
    "M/G/1 nonpreemptive priority": general_service,
    "M/M/c accumulating priority (linear)": accumulating,
    "M/M/c EDF two-class (head start)": head_start,
    "M/M/c+M 3 priority classes": one_pool_values,
    "V-model, class-dependent mu": one_pool_values,
    "N-model": n_model,
    "N-model with reservation": n_reserve,
    "W-model": w_model,
    "M-model": m_model,
    "N-model FCFS/LISF": in_line,
    "N-model FCFS/ordered": in_line,
    "X-model FCFS/LISF": in_line,
    "W-model FCFS/LISF": in_line,
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
    "local only (no spill-in)": local,
    "two M/M/1, random": lambda p: {"E_sojourn": 1 / (p["mu"] - p["lam_per_queue"])},
    "infinite spill-in, accepted iff free > r, loss at C": spill_in,
    "infinite spill-in, accepted iff free > r, local queue": spill_in,
}


def values(family, params):
    """Exact values by metric, or None where this page does not know the family or a rule."""
    known = FAMILIES.get(family)
    return known(params) if known else None
