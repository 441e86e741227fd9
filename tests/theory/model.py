"""model.py - a queueing model as a scenario of the command, and figures with their errors.

Time runs in units of UNIT seconds, so that the engine's nanoseconds are finer than any rate. One
centre, c, holds everybody; pool i of the model is the crew and skill set p<i>, class k the stream
k<k>; who may serve whom is said by the skills s<j> that pools hold and classes need.
"""

import math

UNIT = 1000.0  # seconds per time unit of the model


class Figure:
    """A measured value with its standard error."""

    def __init__(self, value, error):
        self.value, self.error = value, error

    def plus(self, other):
        """The errors add up, as if both moved together: the cautious side."""
        if isinstance(other, Figure):
            return Figure(self.value + other.value, self.error + other.error)
        return Figure(self.value + other, self.error)

    def minus_from(self, whole):
        return Figure(whole - self.value, self.error)

    def times(self, factor):
        return Figure(self.value * factor, self.error * abs(factor))

    def over(self, other):
        """The relative errors add up."""
        if not isinstance(other, Figure):
            return self.times(1.0 / other)
        value = self.value / other.value
        return Figure(value, self.error / abs(other.value)
                      + abs(value) * other.error / abs(other.value))


def mean(figures):
    """Of independent measurements of equal length."""
    n = len(figures)
    return Figure(sum(f.value for f in figures) / n,
                  math.sqrt(sum(f.error ** 2 for f in figures)) / n)


class Class:
    """One kind of people: k<number>."""

    def __init__(self, lam, service=None, theta=None, skill=None, priority=1, queue=None,
                 room=None, target=None):
        self.lam, self.theta, self.skill, self.priority = lam, theta, skill, priority
        self.service = service or exponential(1.0)
        self.queue, self.room, self.target = queue, room, target
        self.redial = self.callback = None
        self.split = None   # [(priority, target)]: equal shares, told apart by priority alone


class Pool:
    """Counsellors who are alike: p<number>."""

    def __init__(self, servers, skills, mu=1.0, own=None):
        self.servers, self.skills, self.mu = servers, skills, mu
        self.own = own       # the skill that this pool is for: others go there only if it must be
        self.reserve = {}    # queue -> counsellors who stay free from it
        self.rank = {}       # queue -> served after those of a smaller rank
        self.pace = {}       # queue -> speed, times mu


class Model:
    """Classes, pools, the plan, and how long the world takes to forget how it began."""

    def __init__(self, classes, pools, order="fifo", chooser="longest-idle", policy=None,
                 priorities=None, pool_order=None):
        self.classes, self.pools, self.order, self.chooser = classes, pools, order, chooser
        self.policy = policy            # a C file beside this one, instead of the order
        self.priorities = priorities or {}
        self.pool_order = pool_order
        self.surge = self.burst = self.bucket = None
        self.horizon = None             # transients: how long a run is; else as precision asks
        self.warm_up = 12.0 * self.slowest() if pools else 0.0
        for i, c in enumerate(classes):
            c.queue = c.queue or "q%d" % (i + 1)

    def rate(self):
        return max(1e-9, sum(c.lam for c in self.classes))

    def slowest(self):
        """The longest of the mean times of talks and patience."""
        mu = min(p.mu for p in self.pools)
        times = [1.0 / mu] + [1.0 / c.theta for c in self.classes if c.theta]
        return max(times)


def relaxation(lam, mu, servers):
    """Time constant of M/M/c without abandonment, from the gap of the birth-death process."""
    if lam >= servers * mu:
        return 1.0 / mu
    return 1.0 / mu + 1.0 / (math.sqrt(servers * mu) - math.sqrt(lam)) ** 2


def exponential(average):
    return "{exponential: %s}" % seconds(average)


def seconds(units):
    return "%.9f s" % (units * UNIT)


def skills_of(model):
    return sorted({s for p in model.pools for s in p.skills})


def level(pool, number, skill):
    """A level tells pools of equal skills apart, and which one a class calls its own."""
    return 90 if pool.own == skill else 10 + number


def plan_text(model, add):
    add("plan:")
    add("  skills: [%s]" % ", ".join("s%d" % s for s in skills_of(model)))
    add("  skill_sets:")
    for i, p in enumerate(model.pools):
        add("    p%d: [%s]" % (i + 1, ", ".join("s%d >= %d" % (s, level(p, i, s))
                                                for s in p.skills)))
    add("  needs:")
    for s in skills_of(model):
        add("    n%d: [s%d]" % (s, s))
    add("  queues:")
    queues = {}
    for c in model.classes:
        queues.setdefault(c.queue, c)
    for name, c in queues.items():
        add("    %s: {%s}" % (name, ", ".join(queue_text(c))))
    if any(c.callback for c in model.classes):
        add("    promises: {offer_timeout: 60 s, callback: {max: 1000000}}")
    add("  centres: {c: {}}")
    add("  protected: no")
    add("  order: %s" % model.order)
    add("  chooser: %s" % model.chooser)
    if model.priorities:
        add("  priorities: {%s}" % ", ".join("%d: {%s}" % kv
                                             for kv in sorted(model.priorities.items())))
    if model.pool_order:
        add("  pool_order: [%s]" % ", ".join("p%d" % p for p in model.pool_order))
    prefer = ["{skill_set: p%d, queue: %s, rank: %d, reserve: %d}" % (
        i + 1, q, p.rank.get(q, 0), p.reserve.get(q, 0))
        for i, p in enumerate(model.pools) for q in sorted({**p.reserve, **p.rank})]
    if prefer:
        add("  prefer: [%s]" % ", ".join(prefer))


def queue_text(c):
    parts = ["offer_timeout: 60 s"]
    if c.split:
        parts.append("target: {%s, default: 0 s}" % ", ".join(
            "%d: %s" % (priority, seconds(target)) for priority, target in c.split))
    elif c.target is not None:
        parts.append("target: %s" % seconds(c.target))
    if c.room is not None:
        parts.append("waiting_max: %d" % c.room)
    if c.callback:
        parts.append("callback: {max: 1000000}")
    return parts


def arrivals_text(model, c):
    if model.burst:
        return "{burst: %d}" % model.burst
    parts = ["rate: %.15g per %.15g s" % (c.lam, UNIT)]
    if model.surge:
        begin, end, factors = model.surge
        parts.append("surges: [{window: {from: %s, to: %s, factor: %.12g}}]" % (
            seconds(model.warm_up + begin), seconds(model.warm_up + end),
            factors[model.classes.index(c)]))
    return "{%s}" % ", ".join(parts)


def people_text(model, add):
    add("people:")
    for i, c in enumerate(model.classes):
        add("  k%d:" % (i + 1))
        add("    queue: %s" % c.queue)
        add("    need: n%d" % (c.skill or skills_of(model)[0]))
        add("    priority: %d" % c.priority)
        add("    arrivals: %s" % arrivals_text(model, c))
        add("    service: %s" % c.service)
        add("    patience: %s" % (exponential(1.0 / c.theta) if c.theta else "never"))
        if c.split:
            add("    mix: [%s]" % ", ".join("{share: %.9f %%, priority: %d}" % (
                100.0 / len(c.split), priority) for priority, _ in c.split))
        if c.redial:
            add("    redial: {probability: %.9f %%, after: %s, attempts: none, if_refused: %s}" % (
                c.redial[0] * 100, exponential(1.0 / c.redial[1]), "yes" if c.redial[2] else "no"))
        if c.callback:
            add("    callback: {offered_at: %d, accepted: %.9f %%, queue: promises, priority: %d}"
                % c.callback)


def text(model, seed, runs, duration):
    """The scenario as YAML."""
    lines = []
    add = lines.append
    add("name: theory")
    add("seed: %d" % seed)
    add("runs: %d" % runs)
    add("warm_up: %s" % seconds(model.warm_up))
    add("duration: %s" % seconds(model.warm_up + duration))
    # Who came in time is followed to the end, however late that is: somebody in orbit, say. In a
    # steady load the others go on coming, or the last would meet an easier world than the rest.
    add("measure: {drain: %s, arrivals_go_on: %s%s}" % (
        seconds(4.0 * model.warm_up + 50.0 * model.slowest()),
        "no" if model.horizon else "yes",
        ", bucket: %s" % seconds(model.bucket) if model.bucket else ""))
    plan_text(model, add)
    people_text(model, add)
    add("crews:")
    for i, p in enumerate(model.pools):
        speeds = "".join(", speeds: [%s]" % ", ".join(
            "{queue: %s, speed: %.12g}" % kv for kv in sorted(p.pace.items())) if p.pace else "")
        add("  p%d: {skill_set: p%d, count: %d, missed: 0 %%, no_show: 0 %%, speed: %.12g%s}" % (
            i + 1, i + 1, p.servers, p.mu, speeds))
    return "\n".join(lines) + "\n"
