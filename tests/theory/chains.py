"""chains.py - small Markov chains, solved exactly, and the queueing models that are such chains.

A chain is a function `moves(state)` that gives (rate, next state, tags); what happens is counted by
the tags. The models here share nothing with the simulator or the engine: they are the rules of the
families once more, said in another way. Plain Python, no packages: some thousand states.
"""

import math

ENOUGH = 1e-13


class Chain:
    """States that can be reached from a first one, and the rates between them."""

    def __init__(self, first, moves):
        self.number, self.states, self.out = {first: 0}, [first], []
        self.tags = {}
        for i, state in enumerate(self.states):  # grows while it is walked
            leaving = []
            for rate, to, tags in moves(state):
                if rate <= 0.0:
                    continue
                for tag in tags:
                    self.tags.setdefault(tag, {})
                    self.tags[tag][i] = self.tags[tag].get(i, 0.0) + rate
                if to != state:
                    if to not in self.number:
                        self.number[to] = len(self.states)
                        self.states.append(to)
                    leaving.append((self.number[to], rate))
            self.out.append(leaving)

    def stationary(self):
        """Gauss and Seidel, forward and backward, until nothing moves."""
        n = len(self.states)
        into, rates = [[] for _ in range(n)], [0.0] * n
        for i, leaving in enumerate(self.out):
            for j, rate in leaving:
                into[j].append((i, rate))
                rates[i] += rate
        share = [1.0 / n] * n
        for sweep in range(20000):
            change = 0.0
            for i in (range(n) if sweep % 2 == 0 else range(n - 1, -1, -1)):
                new = sum(share[j] * rate for j, rate in into[i]) / rates[i]
                change += abs(new - share[i])
                share[i] = new
            total = sum(share)
            share = [s / total for s in share]
            if change < ENOUGH * total:
                break
        return share

    def mean(self, share, what):
        return sum(s * what(state) for s, state in zip(share, self.states))

    def flow(self, share, tag):
        return sum(share[i] * rate for i, rate in self.tags.get(tag, {}).items())

    def after(self, share, time, rates=None):
        """The shares after a time, and the time spent in each state until then: uniformisation."""
        n = len(self.states)
        out = rates or self.out
        leaving = [sum(rate for _, rate in out[i]) for i in range(n)]
        top = 1.02 * max(leaving) + 1e-12
        mass, k = math.exp(-min(700.0, top * time)), 0
        if top * time > 600.0:  # the exponential would vanish: halves
            first, spent = self.after(share, time / 2, out)
            second, more = self.after(first, time / 2, out)
            return second, [a + b for a, b in zip(spent, more)]
        left, p = 1.0 - mass, list(share)
        then, spent = [mass * x for x in p], [left / top * x for x in p]
        while left > 1e-14 or k < top * time:
            k += 1
            new = [x * (1.0 - leaving[i] / top) for i, x in enumerate(p)]
            for i, x in enumerate(p):
                if x > 0.0:
                    for j, rate in out[i]:
                        new[j] += x * rate / top
            p = new
            mass *= top * time / k
            left = max(0.0, left - mass)
            for i, x in enumerate(p):
                then[i] += mass * x
                spent[i] += left / top * x
            if k > 20 * top * time + 200:
                break
        return then, spent


# ---- pools and classes with a queue each -------------------------------------------------------

class Network:
    """Who is served by whom, one after the other inside a class.

    arrive(k, idle, queue) -> pool or None; freed(pool, idle, queue) -> class or None, `idle` with
    the one who was freed. speed(k, pool) -> rate of a talk. room(k, queue) -> may one more wait.
    """

    def __init__(self, lam, theta, servers, arrive, freed, room, speed=lambda k, i: 1.0):
        self.lam, self.theta, self.servers = lam, theta, servers
        self.arrive, self.freed, self.room, self.speed = arrive, freed, room, speed
        self.kinds = []  # (pool, rate): talks that end alike
        for i in range(len(servers)):
            for k in range(len(lam)):
                if (i, speed(k, i)) not in self.kinds:
                    self.kinds.append((i, speed(k, i)))
        self.chain = Chain((tuple([0] * len(self.kinds)), tuple([0] * len(lam))), self.moves)

    def idle(self, busy):
        free = list(self.servers)
        for (i, _), n in zip(self.kinds, busy):
            free[i] -= n
        return free

    def started(self, busy, k, i):
        at = self.kinds.index((i, self.speed(k, i)))
        return tuple(n + (j == at) for j, n in enumerate(busy))

    def moves(self, state, lam=None):
        busy, queue = state
        idle = self.idle(busy)
        for k, rate in enumerate(lam or self.lam):
            i = self.arrive(k, idle, queue)
            if i is not None:
                yield rate, (self.started(busy, k, i), queue), (("served", k, i), ("at once", k))
            elif self.room(k, queue):
                yield rate, (busy, changed(queue, k, 1)), ()
            else:
                yield rate, state, (("refused", k),)
        for k, n in enumerate(queue):
            if n and self.theta[k]:
                yield n * self.theta[k], (busy, changed(queue, k, -1)), ()
        for at, n in enumerate(busy):
            if n:
                yield self.end(busy, queue, at)

    def end(self, busy, queue, at):
        rate = busy[at] * self.kinds[at][1]
        i, less = self.kinds[at][0], changed(busy, at, -1)
        k = self.freed(i, self.idle(less), queue)
        if k is None:
            return rate, (less, queue), ()
        return rate, (self.started(less, k, i), changed(queue, k, -1)), (("served", k, i),)

    def values(self):
        """The figures by name; classes and pools numbered from 1."""
        share = self.chain.stationary()
        chain, found, waited = self.chain, {}, 0.0
        for k, lam in enumerate(self.lam):
            waiting = chain.mean(share, lambda s, k=k: s[1][k])
            refused = chain.flow(share, ("refused", k))
            served = [chain.flow(share, ("served", k, i)) for i in range(len(self.servers))]
            waited += refused
            name = "_class%d" % (k + 1)
            found.update({"E_Q" + name: waiting, "P_abandon" + name: self.theta[k] * waiting / lam,
                          "P_immediate" + name: chain.flow(share, ("at once", k)) / lam,
                          "P_block" + name: refused / lam, "P_lost" + name: refused / lam,
                          "E_busy" + name: sum(s / self.speed(k, i) for i, s in enumerate(served))})
            if refused < lam:
                found["E_W_all" + name] = waiting / (lam - refused)
            for i, s in enumerate(served):
                found["served_%d_by_%d" % (k + 1, i + 1)] = s
        for i, n in enumerate(self.servers):
            found["utilisation_pool%d" % (i + 1)] = 1.0 - chain.mean(
                share, lambda s, i=i: self.idle(s[0])[i]) / n
        found["P_lost_overall"] = waited / sum(self.lam)
        return found


def changed(counts, at, by):
    return counts[:at] + (counts[at] + by,) + counts[at + 1:]


def first(candidates, idle):
    """The first pool with somebody free."""
    return next((i for i in candidates if idle[i] > 0), None)


# ---- everybody in one line, whoever has been idle longest --------------------------------------

class Line:
    """First come first served over all classes, with one room; pools that may be told apart by who
    of them has been idle longest. State: (busy, idle pools in order, classes in order)."""

    def __init__(self, lam, theta, servers, skills, speeds, room, longest_idle):
        self.lam, self.theta, self.servers = lam, theta, servers
        self.skills, self.speeds, self.room, self.longest_idle = skills, speeds, room, longest_idle
        idle = tuple(i for i, n in enumerate(servers) for _ in range(n))
        self.chain = Chain((tuple([0] * len(servers)), idle, ()), self.moves)

    def moves(self, state):
        busy, idle, line = state
        for k, rate in enumerate(self.lam):
            able = [i for i in idle if k + 1 in self.skills[i]]
            if able:
                i = able[0] if self.longest_idle else min(able)
                at = idle.index(i)
                yield rate, (changed(busy, i, 1), idle[:at] + idle[at + 1:], line), (
                    ("at once", k),)
            elif len(line) < self.room:
                yield rate, (busy, idle, line + (k,)), ()
            else:
                yield rate, state, (("refused", k),)
        for at, k in enumerate(line):
            yield self.theta[k], (busy, idle, line[:at] + line[at + 1:]), ()
        for i, n in enumerate(busy):
            if n:
                yield self.end(state, i)

    def end(self, state, i):
        busy, idle, line = state
        rate = busy[i] * self.speeds[i]
        for at, k in enumerate(line):
            if k + 1 in self.skills[i]:
                return rate, (busy, idle, line[:at] + line[at + 1:]), ()
        now = idle + (i,) if self.longest_idle else tuple(sorted(idle + (i,)))
        return rate, (changed(busy, i, -1), now, line), ()

    def values(self):
        share = self.chain.stationary()
        chain, found = self.chain, {}
        for k, lam in enumerate(self.lam):
            waiting = chain.mean(share, lambda s, k=k: s[2].count(k))
            name = "_class%d" % (k + 1)
            found.update({"E_Q" + name: waiting, "P_abandon" + name: self.theta[k] * waiting / lam,
                          "P_immediate" + name: chain.flow(share, ("at once", k)) / lam,
                          "P_block" + name: chain.flow(share, ("refused", k)) / lam})
        for i, n in enumerate(self.servers):
            found["utilisation_pool%d" % (i + 1)] = chain.mean(share, lambda s, i=i: s[0][i]) / n
        return found


# ---- people who come again ---------------------------------------------------------------------

def redials(lam, mu, theta, servers, room, again, rate, orbit_most=400):
    """Who gives up calls again with that probability; (in the system, in orbit)."""
    def moves(state):
        n, orbit = state
        for arriving, after, what in ((lam, orbit, "fresh"), (orbit * rate, orbit - 1, "again")):
            if n < servers + room:
                yield arriving, (n + 1, after), (what, "attempt")
            else:
                yield arriving, (n, after), (what, "attempt")
        yield min(n, servers) * mu, (n - 1, orbit), ("served",)
        left = max(0, n - servers) * theta
        yield left * (1 - again), (n - 1, orbit), ("left",)
        yield left * again, (n - 1, min(orbit + 1, orbit_most)), ("left",)
    chain = Chain((0, 0), moves)
    share = chain.stationary()
    attempts = chain.flow(share, "attempt")
    return {"E_orbit": chain.mean(share, lambda s: s[1]),
            "E_Q": chain.mean(share, lambda s: max(0, s[0] - servers)),
            "total_attempt_rate": attempts,
            "P_abandon_per_attempt": chain.flow(share, "left") / attempts,
            "P_eventually_served": chain.flow(share, "served") / lam}


def retrials(lam, mu, servers, rate, persistence, orbit_most=400):
    """No room: who is refused comes again with that probability; (busy, in orbit)."""
    def moves(state):
        n, orbit = state
        for arriving, after, what in ((lam, orbit, "fresh"), (orbit * rate, orbit - 1, "again")):
            if n < servers:
                yield arriving, (n + 1, after), ("attempt",)
            else:
                stays = min(after + 1, orbit_most)
                yield arriving * persistence, (n, stays), ("attempt", what + " refused")
                yield arriving * (1 - persistence), (n, after), ("attempt", what + " refused")
        yield n * mu, (n - 1, orbit), ("served",)
    chain = Chain((0, 0), moves)
    share = chain.stationary()
    return {"E_orbit": chain.mean(share, lambda s: s[1]),
            "P_fresh_blocked": chain.flow(share, "fresh refused") / lam,
            "attempts_per_fresh_call": chain.flow(share, "attempt") / lam,
            "P_eventually_served": chain.flow(share, "served") / lam}


def callbacks(lam, mu, theta, servers, offered, accepted, reserve, room=30, most=400):
    """(busy, waiting, promised): promises are kept only when more than the reserve are free."""
    def moves(state):
        busy, waiting, promised = state
        if busy < servers:
            yield lam, (busy + 1, waiting, promised), ()
        else:
            takes = accepted if waiting >= offered else 0.0
            yield lam * takes, (busy, waiting, min(promised + 1, most)), ("promised",)
            yield lam * (1 - takes), (busy, min(waiting + 1, room), promised), ()
        yield waiting * theta, (busy, waiting - 1, promised), ("left",)
        if waiting:
            yield busy * mu, (busy, waiting - 1, promised), ()
        elif promised and servers - busy + 1 > reserve:
            yield busy * mu, (busy, waiting, promised - 1), ()
        else:
            yield busy * mu, (busy - 1, waiting, promised), ()
    chain = Chain((0, 0, 0), moves)
    share = chain.stationary()
    rate = chain.flow(share, "promised")
    listed = chain.mean(share, lambda s: s[2])
    return {"fraction_callback": rate / lam,
            "P_abandon_all_arrivals": chain.flow(share, "left") / lam,
            "E_callback_list": listed, "E_callback_delay": listed / rate,
            "E_Q_inbound": chain.mean(share, lambda s: s[1])}
