#!/usr/bin/env python3
"""compare.py - `spillway flood run` beside exact values of queueing theory.

Two sources of cases: oracle.json, whose values somebody else computed, and parameters drawn afresh
whose values exact.py computes. For every case whose family a scenario can say, the command runs and
its JSON is read. A value counts as reproduced when its standard error is at most 0.5 % of the exact
value and it lies within 4 standard errors; over all values z must look normal: one bias too small
to see in a single value shows in all of them. No case is treated apart: families.py maps families.

  compare.py [--spillway FILE] [--oracle FILE] [--quick] [--fresh N] [--only TEXT] [--seed N]
             [--jobs N] [--most N] [--table FILE.md] [--json FILE]

A scenario is measured by several calls of the command, each with its own seed. How many are needed
says a pilot whose figures are thrown away. What would take more than --most people to be exact to
0.5 % is told as imprecise; a share that fewer than HITS_LEAST people would show is not compared.
A value beyond 4 standard errors is measured once more, twice as long and with other seeds, and that
alone decides: of a thousand values one is so far off by chance in every tenth run. It is told.
--quick runs one scenario of each family for a second or less and asks for the 4 sigma alone.

Exit 0: all good. 1: a value misses, or too few are reproduced. 2: bad usage.
"""

import argparse
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import zlib

sys.dont_write_bytecode = True  # a test run leaves nothing behind in the tree
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)

import exact  # noqa: E402
import families  # noqa: E402
import figures  # noqa: E402
import fresh  # noqa: E402
import model as models  # noqa: E402
import telling  # noqa: E402
from telling import PRECISION  # noqa: E402

RUNS = 40                # of one call
TRANSIENT_RUNS = 200
PEOPLE_QUICK = 2e5
PEOPLE_PILOT = 2e5
WORK_RUN = 1000          # a run costs as much as so many people
WORK_CALL = 5e6          # people and runs of one call
WORK_MOST = 2e7          # of one scenario, unless --most says otherwise
REPRODUCED_LEAST = 150   # of the oracle, by the task that this suite has


class Scenario:
    """Cases that are read from the same runs."""

    def __init__(self, source, order):
        self.source, self.order, self.cases, self.model = source, order, [], None
        self.people = self.seconds = self.simulated = 0
        self.again = []  # cases that made it be measured again

    def add(self, case, model):
        self.cases.append(case)
        self.model = self.model or model

    def key(self):
        return models.text(self.model, 0, 0, self.model.horizon or 1.0) + str(self.model.policy)


class Runner:
    """Calls the command, `jobs` at a time."""

    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.pool = concurrent.futures.ThreadPoolExecutor(options.jobs)
        self.number, self.lock = 0, threading.Lock()

    def names(self):
        with self.lock:
            self.number += 1
            return [os.path.join(self.folder, "%d.%s" % (self.number, end))
                    for end in ("yaml", "json")]

    def run(self, model, seed, runs, duration):
        scenario, out = self.names()
        text = models.text(model, seed, runs, duration)
        with open(scenario, "w", encoding="utf-8") as file:
            file.write(text)
        command = [self.options.spillway, "flood", "run", scenario, "--json", out, "--quiet"]
        if model.policy:
            command += ["--policy", os.path.join(self.folder, model.policy + ".so")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError("%s\n%s" % ((done.stdout + done.stderr).strip(), text))
        with open(out, encoding="utf-8") as file:
            measured = figures.Measured(model, json.load(file))
        os.remove(scenario)
        os.remove(out)
        return measured

    def submit(self, scenario, calls, first, runs, duration):
        seed = zlib.crc32(("%d %s" % (self.options.seed, scenario.key())).encode())
        jobs = [self.pool.submit(self.run, scenario.model, (seed + 7919 * (first + i)) % 2 ** 31,
                                 runs, duration) for i in range(calls)]
        done = [job.result() for job in jobs]
        scenario.simulated += sum(m.people for m in done)
        scenario.seconds += sum(m.seconds for m in done)
        return done


# ---- one scenario ------------------------------------------------------------------------------

def combined(scenario, calls):
    """[(case, exact value, figure or None)] over the calls."""
    rows = []
    for case in scenario.cases:
        parts = [figures.measured(case, m) for m in calls]
        figure = models.mean(parts) if all(parts) else None
        rows.append((case, families.exact_of(case), figure))
    return rows


def short_of(rows, most):
    """By how many times more people are needed, for what can be had with `most` times more."""
    ratios = [(telling.relative(figure, value) / PRECISION) ** 2
              for _, value, figure in rows if figure]
    return max([0.0] + [r for r in ratios if r <= most])


def beyond(rows):
    return [case for case, value, figure in rows
            if figure and figure.error > 0.0
            and abs(figure.value - value) > telling.SIGMAS * figure.error]


def measure(runner, scenario):
    """All cases of a scenario, and again if chance may have had a hand in it."""
    rows, calls, runs, duration = measure_once(runner, scenario)
    scenario.again = beyond(rows)
    if scenario.again:
        done = runner.submit(scenario, 2 * calls, 10000, runs, duration)
        scenario.people *= 2
        rows = combined(scenario, done)
    return rows


def measure_once(runner, scenario):
    """(rows, calls, runs, duration)"""
    model, rate = scenario.model, scenario.model.rate()
    transient = model.horizon is not None
    runs = TRANSIENT_RUNS if transient else RUNS
    per_run = model.burst or rate * model.horizon if transient else 0.0
    pilot_people = runs * per_run if transient else (
        PEOPLE_QUICK if runner.options.quick else PEOPLE_PILOT)
    duration = model.horizon if transient else pilot_people / runs / rate
    work = pilot_people + (WORK_RUN * runs if transient else 0)
    pilot = runner.submit(scenario, 1, 0, runs, duration)
    if runner.options.quick:
        scenario.people = pilot_people
        return combined(scenario, pilot), 1, runs, duration
    # 15 % more than the pilot says, for its own error.
    factor = max(2.0, 1.15 * short_of(combined(scenario, pilot),
                                      runner.options.most / (1.15 * work)))
    calls = int(-(-factor * work // WORK_CALL))
    if transient:
        runs = int(runs * factor / calls)
    else:
        duration *= factor / calls
    done = runner.submit(scenario, calls, 1, runs, duration)
    for _ in range(2):  # still short of it: more of the same
        ratio = short_of(combined(scenario, done), 1.6)
        if ratio <= 1.0:
            break
        more = max(1, int(len(done) * (1.05 * ratio - 1.0) + 0.999))
        done += runner.submit(scenario, more, 1 + len(done), runs, duration)
    scenario.people = len(done) * pilot_people * factor / calls
    return combined(scenario, done), len(done), runs, duration


# ---- all of them -------------------------------------------------------------------------------

def scenarios_of(options, cases, source):
    """Cases grouped by what is simulated; [scenarios], [cases that cannot be said]."""
    groups, untold = {}, []
    for case in cases:
        if options.only and options.only not in case["model"] + case["id"]:
            continue
        model = families.model_of(case)
        if model is None:
            untold.append((case, "needs " + families.why_not(case)))
            continue
        key = (case["model"], models.text(model, 0, 0, model.horizon or 1.0), model.policy)
        if key not in groups:
            groups[key] = Scenario(source, len(groups))
        groups[key].add(case, model)
    found = list(groups.values())
    if options.quick and source == "oracle":  # the first scenario of each family
        seen = set()
        found = [s for s in found if not (s.cases[0]["model"] in seen
                                          or seen.add(s.cases[0]["model"]))]
    return found, untold


def fresh_cases(options, rounds):
    cases = []
    for number, (family, params) in enumerate(fresh.draws(options.seed, rounds)):
        if not options.only or options.only in family or options.only.startswith("fresh"):
            cases += fresh.cases(family, params, "fresh-%d" % (number + 1))
    return cases


def check_exact(oracle):
    """The formulae beside the oracle's numbers: [(case, own value)] that differ."""
    wrong, agreed, known = [], 0, {}
    for case in oracle:
        key = (case["model"], json.dumps(case["params"]))
        if key not in known:
            known[key] = exact.values(case["model"], case["params"]) or {}
        own = known[key].get(case["metric"])
        if own is None:
            continue
        if abs(own - case["value"]) <= 1e-6 * max(abs(case["value"]), 1e-6):
            agreed += 1
        else:
            wrong.append((case, own))
    return agreed, wrong


def compiled(name, folder):
    subprocess.run([os.environ.get("CC", "cc"), "-std=c11", "-O2", "-shared", "-fPIC",
                    "-I" + os.path.join(ROOT, "include"), os.path.join(HERE, name), "-o",
                    os.path.join(folder, name + ".so")], check=True)


def arguments():
    parser = argparse.ArgumentParser(description="spillway beside exact queueing theory")
    parser.add_argument("--spillway", default=os.path.join(ROOT, "build", "release", "spillway"))
    parser.add_argument("--oracle",
                        default=os.environ.get("SPW_ORACLE") or os.path.join(
                            ROOT, "..", "shared", "oracle", "oracle.json"))
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--fresh", type=int, help="draws of each family (1; with --quick 1)")
    parser.add_argument("--only", help="cases whose family or id holds this text")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=float, default=WORK_MOST,
                        help="people of one scenario, at most (%(default)g)")
    parser.add_argument("--table", help="write a page of all figures")
    parser.add_argument("--json", help="write the counts, and how z is distributed")
    parser.add_argument("--exact", action="store_true",
                        help="run nothing; compare the formulae with the oracle (some minutes)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    return parser.parse_args()


def read_oracle(options):
    if not os.path.exists(options.oracle):
        print("theory: there is no oracle at %s: drawn cases alone"
              % os.path.relpath(options.oracle))
        return []
    with open(options.oracle, encoding="utf-8") as file:
        return json.load(file)


def run_all(options, scenarios, folder):
    """Rows of telling.Row, in the order of the cases; None where the command failed."""
    runner, rows, failed, begin = Runner(options, folder), [], 0, time.time()
    with concurrent.futures.ThreadPoolExecutor(options.jobs + 2) as coordinators:
        jobs = {coordinators.submit(measure, runner, s): s for s in scenarios}
        for number, job in enumerate(concurrent.futures.as_completed(jobs), 1):
            scenario = jobs[job]
            where = "[%d of %d, %.0f s]" % (number, len(scenarios), time.time() - begin)
            try:
                found = job.result()
            except (RuntimeError, KeyError, ValueError, TypeError) as wrong:
                print("%s %s: %s: %s" % (where, scenario.cases[0]["id"], type(wrong).__name__,
                                         wrong), flush=True)
                failed += 1
                continue
            print("%s %s" % (where, scenario.cases[0]["model"]))
            for case, value, figure in found:
                row = telling.Row(scenario, case, value, figure)
                rows.append(row)
                print(row.line(), flush=True)
    rows.sort(key=lambda r: (r.scenario.source != "oracle", r.scenario.order))
    return rows, failed


def main():
    options = arguments()
    oracle = read_oracle(options)
    if options.exact:
        agreed, wrong = check_exact(oracle)
        for case, own in wrong:
            print("%s %s: %.10g, the oracle has %.10g" % (case["id"], case["metric"], own,
                                                          case["value"]))
        print("theory: %d formulae agree with the oracle, %d differ" % (agreed, len(wrong)))
        return 1 if wrong else 0
    if not os.access(options.spillway, os.X_OK):
        print("theory: no command at %s; say --spillway FILE" % options.spillway, file=sys.stderr)
        return 2
    begin = time.time()
    scenarios, untold = scenarios_of(options, oracle, "oracle")
    drawn = fresh_cases(options, 1 if options.fresh is None else options.fresh)
    scenarios += scenarios_of(options, drawn, "fresh")[0]
    with tempfile.TemporaryDirectory() as folder:
        for name in sorted(os.listdir(HERE)):
            if name.endswith(".c"):
                compiled(name, folder)
        rows, failed = run_all(options, scenarios, folder)
    told = telling.Telling(options, scenarios, rows, untold, failed, time.time() - begin)
    whole = oracle and not options.quick and not options.only
    bad = told.bad(REPRODUCED_LEAST if whole else 0)
    print("\n".join(told.summary()))
    if options.table:
        told.write(options.table)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(told.as_counts(), file, indent=1)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
