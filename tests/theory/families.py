"""families.py - how each model family of the oracle is said in a scenario, and which figure of the
command's JSON answers which metric.

One function per family and one table of metrics; no case is treated apart. A function gets the
parameters of a case and returns a Model, or None when the family needs what the command cannot do
yet (links). Time runs in units of UNIT seconds, so that the engine's nanoseconds are finer than any
rate. Where a metric is a formula of measured figures, the standard error follows by the delta
method with the parts taken as if they moved together (the cautious side).
"""

import math

UNIT = 1000.0  # seconds per time unit of the oracle


class Figure:
    """A measured value with its standard error."""

    def __init__(self, value, error):
        self.value, self.error = value, error

    def __add__(self, other):
        other = other if isinstance(other, Figure) else Figure(other, 0.0)
        return Figure(self.value + other.value, self.error + other.error)

    __radd__ = __add__

    def __neg__(self):
        return Figure(-self.value, self.error)

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return (-self) + other

    def scale(self, factor):
        return Figure(self.value * factor, self.error * abs(factor))

    def over(self, other):
        if isinstance(other, Figure):
            value = self.value / other.value
            return Figure(value, abs(value) * (self.error / abs(self.value or 1)
                                               + other.error / abs(other.value)))
        return self.scale(1.0 / other)


class Model:
    """A scenario as YAML, and the way from the oracle's metrics to figures."""

    def __init__(self, classes, pools, **plan):
        self.classes, self.pools, self.plan = classes, pools, plan
        self.policy = plan.pop("policy", None)   # a C file beside this one
        self.warm_up, self.duration = 200.0, None  # in time units; None: as precision asks
        self.surge = plan.pop("surge", None)
        self.burst = plan.pop("burst", None)
        self.series_at = plan.pop("series_at", None)
        self.runs = None
        self.inverse = None

    def rate(self):
        return sum(c["lam"] for c in self.classes)


def klass(lam, service=None, theta=None, skill=None, priority=1, room=None, queue=None, target=None,
          redial=None, callback=None):
    return dict(lam=lam, service=service, theta=theta, skill=skill, priority=priority, room=room,
                queue=queue, target=target, redial=redial, callback=callback)


def pool(servers, skills, mu=1.0, reserve=None):
    return dict(servers=servers, skills=skills, mu=mu, reserve=reserve or {})


def exponential(mean):
    return "{exponential: %s}" % seconds(mean)


def seconds(units):
    return "%.9f s" % (units * UNIT)


def per_second(rate):
    return "%.15g per %.15g s" % (rate, UNIT)


def text(model, seed, runs, duration):
    """The scenario as YAML."""
    plan, lines = model.plan, []
    add = lines.append
    add("name: theory")
    add("seed: %d" % seed)
    add("runs: %d" % runs)
    add("warm_up: %s" % seconds(model.warm_up))
    add("duration: %s" % seconds(model.warm_up + duration))
    if model.series_at is not None:
        add("measure: {bucket: %s}" % seconds(model.series_at))
    skills = sorted({s for p in model.pools for s in p["skills"]})
    add("plan:")
    add("  skills: [%s]" % ", ".join("s%d" % s for s in skills))
    add("  skill_sets:")
    for i, p in enumerate(model.pools):
        # a level tells pools of equal skills apart; it is above what anybody asks
        add("    p%d: [%s]" % (i + 1, ", ".join("s%d >= %d" % (s, 10 + i) for s in p["skills"])))
    add("  needs:")
    for s in skills:
        add("    n%d: [s%d]" % (s, s))
    queues = {}
    for i, c in enumerate(model.classes):
        queues.setdefault(c["queue"] or "q%d" % (i + 1), c)
    add("  queues:")
    for name, c in queues.items():
        parts = ["offer_timeout: 60 s"]
        if c["target"] is not None:
            parts.append("target: %s" % seconds(c["target"]))
        if c["room"] is not None:
            parts.append("waiting_max: %d" % c["room"])
        if c["callback"]:
            parts.append("callback: {max: 1000000}")
        add("    %s: {%s}" % (name, ", ".join(parts)))
    if any(c["callback"] for c in model.classes):
        add("    promises: {offer_timeout: 60 s, callback: {max: 1000000}}")
    add("  centres: {c: {}}")
    add("  protected: no")
    add("  order: %s" % plan.get("order", "fifo"))
    add("  chooser: %s" % plan.get("chooser", "longest-idle"))
    if plan.get("priorities"):
        add("  priorities: {%s}" % ", ".join("%d: {%s}" % kv for kv in plan["priorities"].items()))
    if plan.get("pool_order"):
        add("  pool_order: [%s]" % ", ".join("p%d" % p for p in plan["pool_order"]))
    reserves = [(i + 1, q, r) for i, p in enumerate(model.pools) for q, r in p["reserve"].items()]
    if reserves:
        add("  prefer: [%s]" % ", ".join("{skill_set: p%d, queue: %s, rank: 0, reserve: %d}" % x
                                         for x in reserves))
    add("people:")
    for i, c in enumerate(model.classes):
        add("  k%d:" % (i + 1))
        add("    queue: %s" % (c["queue"] or "q%d" % (i + 1)))
        add("    centre: c")
        add("    need: n%d" % (c["skill"] or skills[0]))
        add("    priority: %d" % c["priority"])
        add("    arrivals: %s" % arrivals(model, c))
        add("    service: %s" % (c["service"] or exponential(1.0)))
        add("    patience: %s" % (exponential(1.0 / c["theta"]) if c["theta"] else "never"))
        if c["redial"]:
            add("    redial: {probability: %.9f %%, after: %s, attempts: none, if_refused: %s}"
                % (c["redial"][0] * 100, exponential(1.0 / c["redial"][1]),
                   "yes" if c["room"] == 0 else "no"))
        if c["callback"]:
            add("    callback: {offered_at: %d, accepted: %.9f %%, queue: promises, priority: 2}"
                % c["callback"])
    add("crews:")
    for i, p in enumerate(model.pools):
        add("  p%d: {centre: c, skill_set: p%d, count: %d, speed: %.12g, missed: 0 %%, "
            "no_show: 0 %%}"
            % (i + 1, i + 1, p["servers"], p["mu"]))
    return "\n".join(lines) + "\n"


def arrivals(model, c):
    if model.burst:
        return "{burst: %d}" % model.burst
    base = "{rate: %s" % per_second(c["lam"])
    if model.surge:
        begin, end, factor = model.surge
        base += ", surges: [{window: {from: %s, to: %s, factor: %.12g}}]" % (
            seconds(model.warm_up + begin), seconds(model.warm_up + end), factor)
    return base + "}"


# ---- the families ------------------------------------------------------------------------------

def single(p):
    """One class, one pool: Erlang B, C, A and finite rooms."""
    c = p.get("c", p.get("n", p.get("s", p.get("C"))))
    mu = p.get("mu", 1.0)
    lam = p["lam"] if "lam" in p else p.get("a", p.get("nu")) * mu
    room = p.get("waiting_room")
    if "system_capacity" in p:
        room = p["system_capacity"] - p["s"]
    return Model([klass(lam, theta=p.get("theta"), room=room, target=p.get("t"),
                        service=exponential(1.0 / mu))], [pool(c, [1])])


def loss(p):
    model = single(p)
    model.classes[0]["room"] = 0
    return model


def inverse_loss(p, load):
    """The load at which the target is met: run there, compare the share blocked with the target."""
    model = loss(dict(p, a=load))
    model.inverse = p["target_block"]
    return model


def per_class(value, k):
    return value[k] if isinstance(value, list) else value


def priorities(p, order="strict", **plan):
    """Several classes, one pool."""
    lam = p["lam"]
    classes = []
    for k in range(len(lam)):
        mu, theta = per_class(p.get("mu", 1.0), k), p.get("theta")
        classes.append(klass(lam[k], exponential(1.0 / mu), per_class(theta, k) if theta else None,
                             priority=k + 1, target=p.get("t"), room=p.get("waiting_room")))
    return Model(classes, [pool(p["c"], [1])], order=order, **plan)


def by_name(p):
    """The policy as the case names it."""
    policy = p.get("policy", "static")
    if policy.startswith("static"):
        return priorities(p)
    return None


def general_service(p):
    """M/G/1: a distribution with the two moments that are given."""
    classes = []
    for k, (mean, second) in enumerate(zip(p["ES"], p["ES2"])):
        variation = second / (mean * mean) - 1.0
        if variation < 1e-12:
            service = "{constant: %s}" % seconds(mean)
        elif abs(variation - 1.0) < 1e-12:
            service = exponential(mean)
        else:
            service = "{lognormal: {mean: %s, cv: %.15g}}" % (seconds(mean), math.sqrt(variation))
        classes.append(klass(p["lam"][k], service, priority=k + 1))
    return Model(classes, [pool(1, [1])], order="strict")


def accumulating(p):
    rates = {k + 1: "rate: %.12g" % b for k, b in enumerate(p["b"])}
    return priorities(p, "accumulating", priorities=rates)


def head_start(p):
    start = {1: "head_start: %s" % seconds(p["head_start_D"])}
    model = priorities(p, "head-start", priorities=start)
    for c in model.classes:
        c["target"] = p["head_start_D"]
    return model


def skills_of(p):
    """Which class may be served by which pool, one skill per class."""
    return [pool(s, list(k), mu) for s, k, mu in
            zip(p["servers"], p["skills"], p.get("mu_by_pool", p.get("mu", [1.0] * 9)))]


def skilled(p, order, chooser, rank, **plan):
    """Classes with a queue and a room each; rank is the priority of each class."""
    classes = [klass(lam, None, p["theta"][k], skill=k + 1, priority=rank[k],
                     room=p["waiting_room_per_class"]) for k, lam in enumerate(p["lam"])]
    return Model(classes, skills_of(p), order=order, chooser=chooser, **plan)


def n_model(p):
    rank = [1, 2] if p["pool2_free"] == "class 1 first" else [2, 1]
    return skilled(p, "strict", "ordered", rank, pool_order=[1, 2])


def n_reserve(p):
    model = skilled(p, "strict", "ordered", [2, 1], pool_order=[1, 2])
    model.pools[1]["reserve"] = {"q1": p["reservation_pool2"]}
    return model


def w_model(p):
    longest = p["free_server"].startswith("longest")
    return skilled(p, "strict", "most-idle-pool", [1, 2, 1], pool_order=[1, 2],
                   policy="longest_ranked.c" if longest else None)


def m_model(p):
    flexible_first = p["arrival"].startswith("flexible")
    return skilled(p, "longest-queue", "ordered", [1, 2],
                   pool_order=[2, 1, 3] if flexible_first else [1, 3, 2], policy="longest_ranked.c")


def shared_room(p):
    """All classes in one queue with one room, first come first served."""
    chooser = "longest-idle" if "longest-idle" in p["policy"] else "ordered"
    pools = skills_of(p)
    classes = [klass(lam, None, p["theta"][k], skill=k + 1, priority=k + 1, queue="q",
                     room=p["total_waiting_room"]) for k, lam in enumerate(p["lam"])]
    return Model(classes, pools, order="fifo", chooser=chooser,
                 pool_order=list(range(1, len(pools) + 1)))


def redials(p):
    model = single(p)
    if p["redial_prob"] > 0:
        model.classes[0]["redial"] = (p["redial_prob"], p["redial_rate"])
        model.warm_up = max(200.0, 20.0 / p["redial_rate"])
    return model


def retrials(p):
    """No room to wait; who is refused tries again."""
    model = loss(p)
    model.classes[0]["redial"] = (p["persistence"], p["retry_rate"])
    model.warm_up = max(200.0, 20.0 / p["retry_rate"])
    return model


def unequal(p):
    """One class, pools of different speed."""
    model = single(dict(p, c=sum(p["servers"]), mu=1.0))
    model.pools = [pool(n, [1], mu) for n, mu in zip(p["servers"], p["mu_by_pool"])]
    policy = p["policy"]
    if policy == "longest idle server first":
        return model
    if policy != "fastest server first":
        return None
    fastest = sorted(range(len(model.pools)), key=lambda i: -p["mu_by_pool"][i])
    model.plan.update(chooser="ordered", pool_order=[i + 1 for i in fastest])
    return model


def callbacks(p):
    """Promises wait in a queue of their own, behind everybody who is on the line."""
    model = single(p)
    model.plan["order"] = "strict"
    model.classes[0]["callback"] = (p["offer_when_waiting_ge"], p["accept_prob"] * 100)
    model.pools[0]["reserve"] = {"promises": p["reserve"]} if p["reserve"] else {}
    return model


def flash(p):
    mu = 1.0 / p["mean_service"]
    model = Model([klass(p["lam_base"], exponential(p["mean_service"]), 1.0 / p["mean_patience"])],
                  [pool(p["c"], [1], 1.0)],
                  surge=(0.0, p["surge_minutes"], p["lam_surge"] / p["lam_base"]))
    model.warm_up = math.ceil(20.0 / mu)
    model.series_at = 0.5
    model.duration = p.get("horizon", 180.0)
    return model


def flash_two(p):
    factor = p["lam_surge"][0] / p["lam_base"][0]
    classes = [klass(lam, exponential(1.0 / p["mu"]), p["theta"][k], priority=k + 1)
               for k, lam in enumerate(p["lam_base"])]
    model = Model(classes, [pool(p["c"], [1])], order="strict",
                  surge=(p["surge"][0], p["surge"][1], factor))
    model.warm_up, model.duration, model.series_at = 40.0, p["horizon"], 0.5
    return model


def burst(p):
    model = Model([klass(1.0, exponential(p["mean_service"]), p["theta"] or None)],
                  [pool(p["c"], [1])], burst=p["burst"])
    model.warm_up = 0.0
    model.duration = 60.0 * p["mean_service"]
    return model


FAMILIES = {
    "M/M/n/n (Erlang B)": loss,
    "M/M/n/n inverse": None,          # takes the value as the load: see model_of
    "M/M/c (Erlang C)": single,
    "M/M/s/K": single,
    "M/M/c+M (Erlang A)": single,
    "M/M/c nonpreemptive priority": priorities,
    "M/G/1 nonpreemptive priority": general_service,
    "M/M/c accumulating priority (linear)": accumulating,
    "M/M/c EDF two-class (head start)": head_start,
    "M/M/c+M 3 priority classes": by_name,
    "V-model, class-dependent mu": by_name,
    "N-model": n_model,
    "N-model with reservation": n_reserve,
    "W-model": w_model,
    "M-model": m_model,
    "N-model FCFS/LISF": shared_room,
    "N-model FCFS/ordered": shared_room,
    "X-model FCFS/LISF": shared_room,
    "W-model FCFS/LISF": shared_room,
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
    "local only (no spill-in)": None,  # Erlang B or C by its metric: see model_of
}


def model_of(case):
    """The scenario of a case, or None."""
    name = case["model"]
    if name == "local only (no spill-in)":
        return (loss if case["metric"].startswith("P_block") else single)(case["params"])
    if name == "M/M/n/n inverse":
        return inverse_loss(case["params"], case["value"])
    family = FAMILIES.get(name)
    return family(case["params"]) if family else None
