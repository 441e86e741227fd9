"""figures.py - from the command's JSON to the oracle's metrics.

A metric names a class or a pool by its number. Where it is a formula of several figures, their
errors are taken as if they moved together (the cautious side). UNTOLD says of metrics that are not
compared what the JSON would have to have.
"""

import math
import re

from families import offered_wait_points
from model import Figure, UNIT


def student(df):
    """The 97.5 % point of Student's t, by Cornish-Fisher; good to 1e-4 from 19 degrees on."""
    z = 1.959963984540054
    g = [(z ** 3 + z) / 4, (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
         (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384]
    return z + sum(t / df ** (i + 1) for i, t in enumerate(g))


class Measured:
    """One policy of one JSON file."""

    def __init__(self, model, data):
        self.model, self.policy = model, data["policies"][0]
        self.degrees = data["runs"] - 1
        self.people, self.seconds = self.policy["people"], self.policy["seconds"]
        scenario = data["scenario"]
        self.window = (scenario["duration_s"] - scenario["warm_up_s"]) / UNIT

    def figure(self, entry):
        return Figure(entry["value"], entry["half_width"] / student(self.degrees))

    def of(self, k, name):
        """A figure of class k (from 0)."""
        return self.figure(self.policy["streams"]["k%d" % (k + 1)][name])

    def time(self, k, name):
        return self.of(k, name).times(1.0 / UNIT)

    def all(self, name):
        return self.figure(self.policy["all"][name])

    def busy(self, i):
        return self.figure(self.policy["pools"]["p%d" % (i + 1)]["occupancy"])

    def served(self, k, i):
        """Talks of class k with pool i."""
        answered = self.policy["pools"]["p%d" % (i + 1)]["answered"]
        entry = answered.get("k%d" % (k + 1))
        return self.figure(entry) if entry else Figure(0.0, 0.0)

    def waiting(self, k):
        """[(t, number waiting)] of class k from the end of the warm-up on, or of all."""
        name = "waiting" if k is None else "waiting_priority_%d" % self.model.classes[k].priority
        return [(point["at"] / UNIT - self.model.warm_up, self.figure(point[name]))
                for point in self.policy["series"]
                if point["at"] / UNIT > self.model.warm_up - 1e-9]

    def waiting_at(self, k, t):
        at, figure = min(self.waiting(k), key=lambda point: abs(point[0] - t))
        if abs(at - t) > 1e-6 * max(1.0, t):
            raise ValueError("the series has no point at %g" % t)
        return figure


# ---- shapes over time --------------------------------------------------------------------------

def peak(m):
    """The largest mean number waiting. From the steady state of a smaller load it rises as long as
    the surge lasts, and falls from then on (a birth-and-death process is stochastically monotone):
    it is that of the surge's end. The highest point that was measured would be one of a flat top,
    chosen by chance."""
    return m.waiting_at(None, m.model.surge[1])


def falls_below_one(m):
    """When fewer than one are left waiting after the surge, between two points of the series."""
    points = [p for p in m.waiting(None) if p[0] >= m.model.surge[1]]
    for (t0, a), (t1, b) in zip(points, points[1:]):
        if a.value >= 1.0 > b.value:
            slope = (a.value - b.value) / (t1 - t0)
            return Figure(t0 + (a.value - 1.0) / slope, max(a.error, b.error) / slope)
    return None


def offered_wait(m, p):
    """The mean of the wait of one who never gives up: P(V > t) = P(W > t) exp(theta t)."""
    whole = Figure(0.0, 0.0)
    errors = []
    for priority, (t, weight) in enumerate(zip(*offered_wait_points(p))):
        entry = m.policy["priorities"][str(priority)]["wait_over_target_share"]
        part = m.figure(entry).times(weight * math.exp(p["theta"] * t))
        whole.value += part.value
        errors.append(part.error)
    whole.error = sum(errors)
    return whole


# ---- metrics -----------------------------------------------------------------------------------

def refused(m, k, p):
    return m.of(k, "refused_share")


def delayed(m, k, p):
    return m.of(k, "at_once_share").minus_from(1.0)


def mean_wait(m, k, p):
    return m.time(k, "wait_all_s")


METRICS = {
    "P_block": refused,
    "P_block_local": refused,
    "P_block_local_worst_case": refused,
    "P_lost": refused,
    "call_loss": refused,
    "max_offered_load_erlangs": refused,
    "P_lost_overall": lambda m, k, p: m.all("refused_share"),
    "P_wait": delayed,
    "P_wait_local": delayed,
    "P_wait_local_worst_case": delayed,
    "P_immediate": lambda m, k, p: m.of(k, "at_once_share"),
    "P_wait_given_admitted": lambda m, k, p: m.of(k, "at_once_share").over(
        m.of(k, "refused_share").minus_from(1.0)).minus_from(1.0),
    "P_abandon": lambda m, k, p: m.of(k, "abandoned_share"),
    "P_abandon_all_arrivals": lambda m, k, p: m.of(k, "abandoned_share"),
    "E_W": mean_wait,
    "E_Wq": mean_wait,
    "E_W_all": mean_wait,
    "E_W_given_admitted": mean_wait,
    "E_W_given_served": lambda m, k, p: m.time(k, "wait_answered_s"),
    "E_sojourn": lambda m, k, p: mean_wait(m, k, p).plus(1.0 / p["mu"]),
    "W_quantile_0.9": lambda m, k, p: m.time(k, "wait_all_p90_s"),
    "P_W_le_t": lambda m, k, p: m.of(k, "within_target_share"),
    "P_served_and_W_le_t": lambda m, k, p: m.of(k, "within_target_share"),
    "P_W_gt_t": lambda m, k, p: m.of(k, "wait_over_target_share"),
    "P_V_gt_t": lambda m, k, p: m.of(k, "wait_over_target_share").times(
        math.exp(p["theta"] * p["t"])),
    "P_Wq_gt_t": lambda m, k, p: m.of(k, "wait_over_target_share"),
    "P_Wq_gt_D": lambda m, k, p: m.of(k, "wait_over_target_share"),
    "E_V_offered_wait": lambda m, k, p: offered_wait(m, p),
    "mean_offered_wait_given_wait": lambda m, k, p: offered_wait(m, p).over(
        m.of(0, "at_once_share").minus_from(1.0)),
    "E_Q": lambda m, k, p: m.of(k, "waiting_mean"),
    "E_Q_inbound": lambda m, k, p: m.of(k, "waiting_mean"),
    "E_busy": lambda m, k, p: m.of(k, "connected_mean"),
    "utilisation": lambda m, k, p: m.busy(0),
    "total_served_rate": lambda m, k, p: m.all("answered").over(m.window),
    "fraction_served_by_pool2": lambda m, k, p: m.served(k, 1).over(p["lam"][k] * m.window),
    "overflow_fraction": lambda m, k, p: m.served(k, 1 - k).over(p["lam"][k] * m.window),
    "cross_rate_1_in_2": lambda m, k, p: m.served(0, 1).over(m.window),
    "cross_rate_2_in_1": lambda m, k, p: m.served(1, 0).over(m.window),
    "E_orbit": lambda m, k, p: m.of(k, "orbit_mean"),
    "total_attempt_rate": lambda m, k, p: m.of(k, "attempts").over(m.window),
    "attempts_per_fresh_call": lambda m, k, p: m.of(k, "attempts").over(p["lam"] * m.window),
    "P_abandon_per_attempt": lambda m, k, p: m.of(k, "attempt_abandoned_share"),
    "P_eventually_served": lambda m, k, p: m.of(k, "reached_share"),
    "P_fresh_blocked": lambda m, k, p: m.of(k, "within_target_share").minus_from(1.0),
    "fraction_callback": lambda m, k, p: m.of(k, "callbacks_promised").over(p["lam"] * m.window),
    "E_callback_list": lambda m, k, p: m.of(k, "callbacks_mean"),
    "E_callback_delay": lambda m, k, p: m.time(k, "callback_delay_s"),
    "E_served": lambda m, k, p: m.of(k, "answered"),
    "E_time_queue_empties": lambda m, k, p: m.time(k, "last_wait_end_s"),
    "E_Q_at_t": lambda m, k, p: m.waiting_at(k if len(m.model.classes) > 1 else None, p["t"]),
    "expected_abandoned": lambda m, k, p: m.of(k, "abandoned"),
    "time_E_Q_falls_below_1": lambda m, k, p: falls_below_one(m),
}

UNTOLD = {
    "argmax_t_E_Q": "no error can be given to the place of a flat maximum",
    "P_all_busy_at_t": "the share of runs in which all are busy at an instant",
    "P_two_way_sharing": "how often both pools help at once",
    "activations_per_unit_time": "links",
    "fraction_time_active": "links",
    "MSE_of_offered_wait_given_wait": "predicted waits in the JSON",
}


def measured(case, m):
    """The measured figure of a case, None if the JSON does not have it."""
    metric, p, k = case["metric"], case["params"], 0
    named = re.search(r"_?class(\d+)", metric)
    if named:
        k = int(named.group(1)) - 1
        metric = metric.replace(named.group(), "")
    metric = re.sub(r"_on_\[.*\]$", "", metric)
    pool = re.fullmatch(r"utilisation_pool(\d+)", metric)
    if pool:
        return m.busy(int(pool.group(1)) - 1)
    if metric == "max_t_E_Q":
        return peak(m)
    found = METRICS.get(metric)
    return found(m, k, p) if found else None


def why_not(case):
    metric = re.sub(r"_?class\d+", "", case["metric"])
    return UNTOLD.get(metric, "a figure of this name")
