"""telling.py - verdicts on figures, how z is distributed, and the page of results."""

import math
import os
import subprocess

import figures

PRECISION = 0.005
SIGMAS = 4.0
HITS_LEAST = 20  # a share that so few people show cannot be told from none
COMPARED = ("good", "imprecise", "off")


def relative(figure, exact):
    return figure.error / abs(exact) if exact else 0.0


def is_share(metric):
    return metric.startswith(("P_", "call_loss", "fraction", "overflow"))


class Row:
    """A case, what was measured, and the word for it."""

    def __init__(self, scenario, case, exact, figure):
        self.scenario, self.case, self.exact, self.figure = scenario, case, exact, figure
        self.z = 0.0
        self.word = self.judge()  # and z

    def judge(self):
        exact, figure = self.exact, self.figure
        if figure is None:
            return "untold"
        if is_share(self.case["metric"]) and 0.0 < exact * self.scenario.people < HITS_LEAST:
            return "rare"
        if exact == 0.0 or figure.error <= 1e-12 * abs(exact):
            same = math.isclose(figure.value, exact, rel_tol=1e-9, abs_tol=1e-12)
            return "good" if same else "off"
        self.z = (figure.value - exact) / figure.error
        if abs(self.z) > SIGMAS:
            return "off"
        return "good" if relative(figure, exact) <= PRECISION else "imprecise"

    def line(self):
        text = "  %-9s %-22s %-28s exact %-11.6g" % (self.word, self.case["id"],
                                                     self.case["metric"], self.exact)
        if self.figure is None:
            return text + " needs " + figures.why_not(self.case)
        return text + " measured %-11.6g +- %.2f %%  z %+.2f" % (
            self.figure.value, 100 * relative(self.figure, self.exact), self.z)


def rms(zs):
    return math.sqrt(sum(z * z for z in zs) / len(zs)) if zs else 0.0


def normal_distance(zs):
    """Kolmogorov and Smirnov: the largest distance to the normal law, and its 1 in 1,000 bound."""
    zs, n = sorted(zs), len(zs)
    below = [0.5 * math.erfc(-z / math.sqrt(2)) for z in zs]
    distance = max(max((i + 1) / n - f, f - i / n) for i, f in enumerate(below))
    return distance, 1.95 / math.sqrt(n)


class Telling:
    """All rows of a run, and what is to be said of them."""

    def __init__(self, options, scenarios, rows, untold, failed, seconds):
        self.options, self.failed, self.seconds = options, failed, seconds
        self.effort = "%.3g people simulated in %.0f s of processor time, at most %.3g a scenario" \
            % (sum(s.simulated for s in scenarios), sum(s.seconds for s in scenarios), options.most)
        self.rows = [r for r in rows if r.word in COMPARED]
        self.untold = list(untold)
        self.again = [case["id"] for s in scenarios for case in s.again]
        for r in rows:
            if r.word == "untold":
                self.untold.append((r.case, "needs " + figures.why_not(r.case)))
            elif r.word == "rare":
                self.untold.append((r.case, "too rare to be seen in %.2g people"
                                    % r.scenario.people))

    def of(self, source):
        return [r for r in self.rows if r.scenario.source == source]

    def one_each(self, rows):
        """One z of each scenario, in turn its first, second, ... figure: these are independent."""
        groups = {}
        for r in rows:
            if r.z != 0.0:
                groups.setdefault((r.scenario.source, r.scenario.order), []).append(r.z)
        return [zs[i % len(zs)] for i, zs in enumerate(groups.values())]

    def normality(self, rows):
        """(lines, looks normal)"""
        zs, ones = [r.z for r in rows if r.z != 0.0], self.one_each(rows)
        if len(ones) < 10:
            return [], True
        distance, bound = normal_distance(ones)
        # the mean square of n independent normal z has a standard deviation of sqrt(2 / n)
        wide = 4.0 * math.sqrt(2.0 / len(ones))
        fits = distance <= bound and abs(rms(zs) ** 2 - 1.0) <= wide
        return ["z over %d values: mean %+.3f, rms %.3f (of n = %d scenarios: within %.3f .. "
                "%.3f), worst %+.2f; beyond 2: %.1f %% (normal: 4.6 %%)." % (
                    len(zs), sum(zs) / len(zs), rms(zs), len(ones),
                    math.sqrt(max(0.0, 1 - wide)), math.sqrt(1 + wide), max(zs, key=abs),
                    100.0 * sum(abs(z) > 2 for z in zs) / len(zs)),
                "Kolmogorov-Smirnov, one z of each scenario (%d): distance to the normal law %.3f, "
                "bound %.3f (one in 1,000)." % (len(ones), distance, bound)], fits

    def counted(self, rows):
        return tuple(sum(r.word == word for r in rows) for word in COMPARED)

    def counts(self, source, what):
        rows = self.of(source)
        good, imprecise, off = self.counted(rows)
        return "%d %s of %d families: %d within 4 sigma and 0.5 %%, %d within 4 sigma but " \
            "wider, %d off." % (len(rows), what, len({r.case["model"] for r in rows}), good,
                                imprecise, off)

    def as_counts(self):
        """Of the oracle, where there is one; else of what was drawn."""
        found = {}
        for source in ("fresh", "oracle"):
            rows, before = self.of(source), dict(found)
            if rows:
                ones = self.one_each(rows)
                found = dict(zip(COMPARED, self.counted(rows)), values=len(rows),
                             families=len({r.case["model"] for r in rows}), source=source,
                             z_rms=rms([r.z for r in rows if r.z != 0.0]),
                             z_worst=max((abs(r.z) for r in rows), default=0.0),
                             distance=normal_distance(ones)[0] if ones else 0.0,
                             distance_bound=normal_distance(ones)[1] if ones else 0.0)
                if before:
                    found["drawn"] = before
        found.update(precision=PRECISION, seconds=round(self.seconds), seed=self.options.seed)
        return found

    def summary(self):
        lines = []
        for source, what in (("oracle", "values of the oracle"), ("fresh", "values drawn afresh")):
            if self.of(source):
                lines.append(self.counts(source, what))
        lines += self.normality(self.rows)[0]
        if self.untold:
            lines.append("%d values are not compared." % len(self.untold))
        if self.again:
            lines.append("Beyond 4 sigma and measured once more: %s." % ", ".join(self.again))
        lines.append(self.effort[0].upper() + self.effort[1:] + ".")
        lines.append("theory: %d values in %.0f s on %d cores, %d off, %d failed" % (
            len(self.rows), self.seconds, self.options.jobs, self.counted(self.rows)[2],
            self.failed))
        return lines

    def bad(self, least):
        good, _, _ = self.counted(self.of("oracle"))
        _, _, off = self.counted(self.rows)
        normal = self.normality(self.rows)[1]
        if not normal:
            print("theory: z does not look normal")
        if good < least:
            print("theory: only %d values of the oracle are reproduced; expected %d"
                  % (good, least))
        return off > 0 or self.failed > 0 or good < least or not normal or not self.rows

    # ---- the page ------------------------------------------------------------------------------

    def families(self, out, rows):
        out("| family | values | reproduced | wider | off | rms z | worst z | "
            "largest se of those reproduced |\n|---|--:|--:|--:|--:|--:|--:|--:|\n")
        groups = {}
        for r in rows:
            groups.setdefault(r.case["model"], []).append(r)
        for name, group in groups.items():
            zs = [r.z for r in group if r.z != 0.0]
            wide = [relative(r.figure, r.exact) for r in group if r.word == "good"]
            out("| %s | %d | %d | %d | %d | %.2f | %+.2f | %.2f %% |\n" % (
                (name, len(group)) + self.counted(group)
                + (rms(zs), max(zs, key=abs, default=0.0), 100 * max(wide, default=0.0))))
        out("\n")

    def not_compared(self, out):
        groups = {}
        for case, why in self.untold:
            groups.setdefault((case["model"], why), []).append(case)
        out("## Not compared: %d values\n\n| family | values | metrics | why |\n|---|--:|---|---|\n"
            % len(self.untold))
        for (name, why), cases in sorted(groups.items()):
            out("| %s | %d | %s | %s |\n" % (name, len(cases), ", ".join(
                sorted({c["metric"] for c in cases})), why))
        out("\n")

    def values(self, out, rows):
        out("| id | metric | exact | measured | se | z | |\n|---|---|--:|--:|--:|--:|---|\n")
        for r in rows:
            out("| %s | %s | %.6g | %.6g | %.2f %% | %+.2f | %s |\n" % (
                r.case["id"], r.case["metric"], r.exact, r.figure.value,
                100 * relative(r.figure, r.exact), r.z, r.word))
        out("\n")

    def write(self, path):
        oracle, drawn = self.of("oracle"), self.of("fresh")
        with open(path, "w", encoding="utf-8") as file:
            out = file.write
            out("# Spillway beside exact queueing theory\n\n")
            out("Written by `tests/theory/compare.py --table`; no figure is typed. Every line\n"
                "is `spillway flood run` beside a value that it did not see.\n\n")
            out("Commit %s, %s, seed %d; %.0f s on %d cores.\n\n" % (
                commit(), compiler(self.options.spillway), self.options.seed, self.seconds,
                self.options.jobs))
            out("\n\n".join(self.summary()[:-1]) + "\n\n")
            if oracle:
                out("## The oracle, by family\n\n")
                self.families(out, oracle)
            if drawn:
                out("## Drawn afresh, by family\n\nParameters that stand in no file; exact values "
                    "by `exact.py`, which agrees with the oracle\n(`compare.py --exact`).\n\n")
                self.families(out, drawn)
            if self.untold:
                self.not_compared(out)
            for title, rows in (("The oracle, every value", oracle),
                                ("Drawn afresh, every value", drawn)):
                if rows:
                    out("## %s\n\n" % title)
                    self.values(out, rows)


def said(command, folder=None):
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    return done.stdout.strip() if done.returncode == 0 else ""


def commit():
    """Of the code that was measured; the page of results itself does not count."""
    here = os.path.dirname(os.path.abspath(__file__))
    name = said(["git", "rev-parse", "--short=12", "HEAD"], here) or "unknown"
    changed = said(["git", "status", "--porcelain", "--untracked-files=no"], here)
    changed = [line for line in changed.splitlines() if not line.endswith("RESULTS.md")]
    return name + (" and changes" if changed else "")


def compiler(spillway):
    """The first line of the compiler's version, as its build folder knows it."""
    cache = os.path.join(os.path.dirname(os.path.abspath(spillway)), "CMakeCache.txt")
    found = {}
    if os.path.exists(cache):
        with open(cache, encoding="utf-8") as file:
            for line in file:
                name, _, value = line.strip().partition("=")
                found[name.split(":")[0]] = value
    version = said([found.get("CMAKE_C_COMPILER", ""), "--version"]) if found else ""
    kind = found.get("CMAKE_BUILD_TYPE", "")
    return "%s, %s build" % (version.splitlines()[0], kind) if version else "compiler unknown"
