#!/usr/bin/env python3
"""compare.py - `spillway flood run` beside exact values of queueing theory.

For every case of oracle.json whose family the command can express, a scenario is written, run and
measured. A value counts as reproduced when its standard error is at most 0.5 % of the exact value
and it lies within 4 standard errors; over all values z must look normal (design/theory.md, "How to
compare a simulator with these").

How long to simulate is found by a pilot on another seed; the figures come from a run of that
length, so looking at the pilot biases nothing. No case is treated apart: families.py maps families.

  compare.py --spillway build/spillway [--quick] [--table FILE.md] [--json FILE]
             [--only TEXT] [--jobs N]

What would take more than PEOPLE_MAX simulated people to that precision is told as imprecise; a
share that fewer than HITS_LEAST people would show is not compared. Neither is a failure.

Exit 0: all good, or no oracle there (said so). 1: a value misses. 2: bad usage.
"""

import argparse
import concurrent.futures
import json
import math
import os
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)

import families  # noqa: E402
from families import Figure, UNIT  # noqa: E402

RUNS = 40
TRANSIENT_RUNS = 400
PRECISION = 0.005
QUICK_PRECISION = 0.02
SIGMAS = 4.0
PEOPLE_PILOT = 4e5
HITS_LEAST = 20  # a share that so few people show cannot be told from none
PEOPLE_MAX = {"quick": 4e6, "full": 6e7}


def student(df):
    """The 97.5 % point of Student's t, by Cornish-Fisher; good to 1e-4 from 19 degrees on."""
    z = 1.959963984540054
    g = [(z ** 3 + z) / 4, (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
         (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384]
    return z + sum(t / df ** (i + 1) for i, t in enumerate(g))


# ---- from the command's JSON to the oracle's metrics ---------------------------------------------

class Measured:
    """One policy of one JSON file."""

    def __init__(self, model, data):
        self.model, self.policy = model, data["policies"][0]
        self.runs = data["runs"]

    def figure(self, group, name):
        entry = group[name]
        return Figure(entry["value"], entry["half_width"] / student(self.runs - 1))

    def group(self, k):
        """The group of class k (from 0): its queue, or its priority where a queue is shared."""
        c = self.model.classes[k]
        if c["queue"]:
            return self.policy["priorities"][str(c["priority"])]
        return self.policy["queues"]["q%d" % (k + 1)]

    def get(self, k, name):
        return self.figure(self.group(k), name)

    def per_person(self, k, name):
        return self.get(k, name).over(self.get(k, "people"))

    def times(self, k, name):
        return self.get(k, name).scale(1.0 / UNIT)

    def pool(self, i, name):
        return self.figure(self.policy["pools"]["p%d" % (i + 1)], name)

    def series(self, name, t):
        points = self.policy["series"]
        at = min(range(len(points)), key=lambda i: abs(
            points[i]["at"] - (self.model.warm_up + t) * UNIT))
        return self.figure(points[at], name)


def metric_of(case, m):
    """The measured figure of a case, None if the command's JSON does not have it."""
    metric, p, name = case["metric"], case["params"], case["model"]
    k = 0
    for digit in "123":
        if "class" + digit in metric:
            k = int(digit) - 1
            metric = metric.replace("_class" + digit, "").replace("class" + digit + "_", "")
    if name in ("M/M/c+M with redials (orbit)", "M/M/1/1 retrial", "M/M/c/c retrial"):
        return redial_metric(metric, p, m)
    if name.startswith("M(t)") or name.startswith("two-class priority flash"):
        return flash_metric(metric, p, m, k)
    if metric == "max_offered_load_erlangs":
        return m.per_person(0, "refused")
    if metric.startswith("utilisation"):
        return m.pool(int(metric[-1]) - 1 if metric[-1].isdigit() else 0, "occupancy")
    table = {
        "P_block": lambda: m.per_person(k, "refused"),
        "P_block_local": lambda: m.per_person(k, "refused"),
        "P_lost": lambda: m.per_person(k, "refused"),
        "call_loss": lambda: m.per_person(k, "refused"),
        "P_wait": lambda: 1.0 - m.get(k, "at_once_share"),
        "P_wait_local": lambda: 1.0 - m.get(k, "at_once_share"),
        "P_immediate": lambda: m.get(k, "at_once_share"),
        "P_wait_given_admitted": lambda: 1.0 - m.get(k, "at_once_share").over(
            1.0 - m.per_person(k, "refused")),
        "E_W_given_admitted": lambda: m.times(k, "wait_answered_s"),
        "E_Q": lambda: m.get(k, "waiting_mean"),
        "E_busy": lambda: m.get(k, "connected_mean"),
        "E_W": lambda: m.times(k, "wait_all_s"),
        "E_Wq": lambda: m.times(k, "wait_all_s"),
        "E_W_all": lambda: m.times(k, "wait_all_s"),
        "E_W_given_served": lambda: m.times(k, "wait_answered_s"),
        "P_abandon": lambda: m.per_person(k, "abandoned"),
        "P_W_le_t": lambda: m.get(k, "within_target_share"),
        "P_served_and_W_le_t": lambda: m.get(k, "within_target_share"),
        "P_W_gt_t": lambda: m.get(k, "wait_over_target_share"),
        "P_V_gt_t": lambda: m.get(k, "wait_over_target_share").scale(
            math.exp(p["theta"] * p["t"])),
        "P_Wq_gt_t": lambda: 1.0 - m.get(k, "within_target_share"),
        "P_Wq_gt_D": lambda: 1.0 - m.get(k, "within_target_share"),
        "W_quantile_0.9": lambda: m.times(k, "wait_all_p90_s"),
        "fraction_class1_served_by_pool2": None,
        "E_served": lambda: m.get(k, "answered"),
        "E_time_queue_empties": lambda: m.times(k, "last_wait_end_s"),
        "fraction_callback": lambda: m.per_person(k, "callbacks_promised"),
        "P_abandon_all_arrivals": lambda: m.per_person(k, "abandoned"),
        "E_callback_list": lambda: m.get(k, "callbacks_mean"),
        "E_callback_delay": lambda: m.times(k, "callback_delay_s"),
        "E_Q_inbound": lambda: m.get(k, "waiting_mean"),
    }
    found = table.get(metric)
    return found() if found else None


def redial_metric(metric, p, m):
    attempts, people = m.get(0, "attempts"), m.get(0, "people")
    if metric == "total_attempt_rate":
        return attempts.over(people).scale(p["lam"])
    if metric == "P_abandon_per_attempt":
        return 1.0 - m.get(0, "answered").over(attempts)
    if metric == "P_eventually_served":
        return m.get(0, "answered").over(people)
    if metric == "attempts_per_fresh_call":
        return attempts.over(people)
    if metric == "E_orbit":
        return m.get(0, "orbit_mean")
    return m.get(0, "waiting_mean") if metric == "E_Q" else None


def flash_metric(metric, p, m, k):
    if metric == "E_Q_at_t":
        return m.series("waiting" if len(m.model.classes) == 1 else "waiting_priority_%d" % (k + 1),
                        p["t"])
    if metric.startswith("expected_abandoned"):
        return m.get(k, "abandoned")
    return None


# ---- running -------------------------------------------------------------------------------------

def run(options, model, seed, runs, duration):
    """The command's JSON for a model."""
    with tempfile.TemporaryDirectory() as folder:
        scenario, out = os.path.join(folder, "case.yaml"), os.path.join(folder, "case.json")
        with open(scenario, "w", encoding="utf-8") as file:
            file.write(families.text(model, seed, runs, duration))
        command = [options.spillway, "flood", "run", scenario, "--json", out, "--quiet"]
        if model.policy:
            command += ["--policy", os.path.join(options.policies, model.policy + ".so")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError("%s\n%s" % (done.stderr.strip(), open(scenario).read()))
        with open(out, encoding="utf-8") as file:
            return json.load(file)


def relative(figure, exact):
    return figure.error / abs(exact) if exact else 0.0


def exact_of(case, model):
    return model.inverse if model.inverse is not None else case["value"]


def measure(options, cases):
    """All cases of one scenario: list of (case, exact, figure or None)."""
    model = families.model_of(cases[0])
    transient = model.duration is not None
    runs = TRANSIENT_RUNS if transient else RUNS
    most = PEOPLE_MAX["quick" if options.quick else "full"]
    wanted = QUICK_PRECISION if options.quick else PRECISION
    people = max(model.rate(), 1e-9)
    duration = model.duration or PEOPLE_PILOT / RUNS / people
    model.duration = duration
    pilot = Measured(model, run(options, model, 977, runs, duration))
    # As long as the precision asks that can be had; what cannot be had drives nothing.
    most_factor = max(1.0, most / (runs * duration * people))
    needed = [(1.25 * relative(figure, exact_of(case, model)) / wanted) ** 2 for case, figure in
              [(case, metric_of(case, pilot)) for case in cases] if figure]
    factor = max([1.0] + [f for f in needed if f <= most_factor])
    if transient:  # the horizon is the model's: more runs instead
        runs = min(100000, int(runs * factor))
    else:
        duration *= factor
    model.duration = duration
    final = Measured(model, run(options, model, 4887, runs, duration))
    people *= duration * runs
    return [(case, exact_of(case, model), metric_of(case, final), people) for case in cases]


def group_cases(options, oracle):
    """Cases that share a scenario are measured together."""
    groups = {}
    for case in oracle:
        model = families.model_of(case)
        if model is None or (options.only and options.only not in case["model"] + case["id"]):
            continue
        key = (case["model"], families.text(model, 0, 0, 1), model.policy, model.duration)
        groups.setdefault(key, []).append(case)
    groups = list(groups.values())
    if options.quick:  # the first scenario of each family
        seen, subset = set(), []
        for cases in groups:
            if cases[0]["model"] not in seen:
                seen.add(cases[0]["model"])
                subset.append(cases)
        groups = subset
    return groups


def build_policies(options):
    for name in sorted(os.listdir(HERE)):
        if name.endswith(".c"):
            subprocess.run([os.environ.get("CC", "cc"), "-std=c11", "-O2", "-shared", "-fPIC",
                            "-I" + os.path.join(ROOT, "include"), os.path.join(HERE, name), "-o",
                            os.path.join(options.policies, name + ".so")], check=True)


# ---- telling -------------------------------------------------------------------------------------

def verdict(exact, figure, wanted, people):
    """(z, word)"""
    if 0.0 < exact * people < HITS_LEAST:
        return 0.0, "rare"
    if exact == 0.0:
        return 0.0, "good" if figure.value == 0.0 else "off"
    if figure.error == 0.0:
        return 0.0, "good" if math.isclose(figure.value, exact, rel_tol=1e-9) else "off"
    z = (figure.value - exact) / figure.error
    if abs(z) > SIGMAS:
        return z, "off"
    return z, "good" if relative(figure, exact) <= wanted else "imprecise"


def normal_distance(zs):
    """Kolmogorov-Smirnov against the normal law, and its 1 % bound."""
    zs = sorted(zs)
    n = len(zs)
    phi = [0.5 * math.erfc(-z / math.sqrt(2)) for z in zs]
    d = max(max(abs((i + 1) / n - f), abs(i / n - f)) for i, f in enumerate(phi))
    return d, 1.63 / math.sqrt(n)


def summary(rows):
    zs = [r["z"] for r in rows if r["word"] != "off" or r["figure"].error > 0]
    zs = [z for z in zs if z != 0.0]
    words = {w: sum(r["word"] == w for r in rows) for w in ("good", "imprecise", "off")}
    counts = dict(words, values=len(rows), families=len({r["case"]["model"] for r in rows}))
    lines = ["%d values of %d families: %d reproduced, %d within 4 sigma but not precise enough, "
             "%d off." % (len(rows), len({r["case"]["model"] for r in rows}), words["good"],
                          words["imprecise"], words["off"])]
    normal = True
    if len(zs) >= 20:
        rms = math.sqrt(sum(z * z for z in zs) / len(zs))
        d, bound = normal_distance(zs)
        normal = 0.75 <= rms <= 1.25
        counts.update(z_rms=rms, z_largest=max(map(abs, zs)), distance=d, distance_bound=bound)
        lines.append("z: mean %+.2f, rms %.2f, largest %.2f; beyond 2: %.1f %% (normal: 4.6 %%); "
                     "distance to the normal law %.3f (1 %% bound for independent values: %.3f)."
                     % (sum(zs) / len(zs), rms, max(map(abs, zs)),
                        100.0 * sum(abs(z) > 2 for z in zs) / len(zs), d, bound))
    return lines, counts, normal


def write_table(options, rows, lines, skipped):
    with open(options.table, "w", encoding="utf-8") as file:
        out = file.write
        out("# Spillway beside exact queueing theory\n\n")
        out("Written by `tests/theory/compare.py`; every line is `spillway flood run` beside a "
            "value that it did not see.\n\n")
        out("\n".join(lines) + "\n\n")
        out("| id | model | metric | exact | measured | std. error | z | |\n")
        out("|---|---|---|---|---|---|---|---|\n")
        for r in rows:
            out("| %s | %s | %s | %.6g | %.6g | %.2f %% | %+.2f | %s |\n" % (
                r["case"]["id"], r["case"]["model"].replace("|", "/"), r["case"]["metric"],
                r["exact"], r["figure"].value, 100 * relative(r["figure"], r["exact"]), r["z"],
                r["word"]))
        if skipped:
            out("\n## Not compared\n\n")
            for model, metrics in sorted(skipped.items()):
                out("* %s: %s\n" % (model, ", ".join(sorted(metrics))))


def arguments():
    parser = argparse.ArgumentParser(description="spillway beside exact queueing theory")
    parser.add_argument("--spillway", default=os.path.join(ROOT, "build", "spillway"))
    parser.add_argument("--oracle",
                        default=os.path.join(ROOT, "..", "shared", "oracle", "oracle.json"))
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", help="cases whose family or id holds this text")
    parser.add_argument("--table", help="write a markdown table")
    parser.add_argument("--json", help="write the counts, and how z is distributed")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    return parser.parse_args()


def main():
    options = arguments()
    if not os.path.exists(options.oracle):
        print("theory: skipped, there is no %s" % os.path.normpath(options.oracle))
        return 0
    if not os.access(options.spillway, os.X_OK):
        print("theory: no command at %s; say --spillway PATH" % options.spillway, file=sys.stderr)
        return 2
    with open(options.oracle, encoding="utf-8") as file:
        oracle = json.load(file)
    begin, rows, skipped, failed = time.time(), [], {}, False
    wanted = QUICK_PRECISION if options.quick else PRECISION
    for case in oracle:
        if families.model_of(case) is None:
            skipped.setdefault(case["model"], set()).add("all")
    with tempfile.TemporaryDirectory() as folder:
        options.policies = folder
        build_policies(options)
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            groups = group_cases(options, oracle)
            for cases, job in [(g, pool.submit(measure, options, g)) for g in groups]:
                try:
                    results = job.result()
                except (RuntimeError, KeyError) as wrong:
                    print("%s: %s: %s" % (cases[0]["id"], type(wrong).__name__, wrong), flush=True)
                    failed = True
                    continue
                for case, exact, figure, people in results:
                    if figure is None:
                        skipped.setdefault(case["model"], set()).add(case["metric"])
                        continue
                    z, word = verdict(exact, figure, wanted, people)
                    if word == "rare":
                        skipped.setdefault(case["model"], set()).add(
                            "%s = %.2g (too rare to be seen)" % (case["metric"], exact))
                        continue
                    rows.append(dict(case=case, exact=exact, figure=figure, z=z, word=word))
                    print("%-9s %-22s %-26s exact %-11.6g measured %-11.6g +- %.2f %%  z %+.2f" % (
                        word, case["id"], case["metric"], exact, figure.value,
                        100 * relative(figure, exact), z), flush=True)
    lines, counts, normal = summary(rows)
    counts["precision"] = wanted
    print("\n".join(lines))
    print("theory: %.0f s" % (time.time() - begin))
    if options.table:
        write_table(options, rows, lines, skipped)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(counts, file, indent=1)
    return 1 if failed or counts["off"] or not normal else 0


if __name__ == "__main__":
    sys.exit(main())
