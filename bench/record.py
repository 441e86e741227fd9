#!/usr/bin/env python3
"""record.py - keeps what was measured, and writes the pages that quote it.

    record.py keep OUT       what bench/run.sh left in OUT becomes bench/results and two pages
    record.py pages          writes the table of README.md and bench/FLOODS.md from bench/results
    record.py check          exit 1 if one of them says something else than bench/results

A result keeps the figures that a page can quote, what ran (command, seed, runs, state hash), and
on what (commit, compiler, processor). No figure of a page is typed: a page is a text around
results. bench/RESULTS.md and tests/theory/RESULTS.md are written by the programs that measure;
their checksum is kept beside the figures, so that they cannot be edited either.
`--root DIR` works on another copy of the tree; `--partly` keeps what there is in OUT.
"""

import argparse
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BEGIN, END = "<!-- measured: bench/record.py -->", "<!-- measured: end -->"
STORM = "bench/scenarios/montgomery-storm.yaml"
YEAR = "bench/scenarios/national-year.yaml"
PARTS = ("storm", "replay", "year", "theory", "throughput")
WRITTEN_ELSEWHERE = {"theory": "tests/theory/RESULTS.md", "throughput": "bench/RESULTS.md"}
COMMANDS = {
    "storm": "spillway flood run " + STORM + " --guesses",
    "replay": "spillway flood replay CONTACTS.csv ROSTER.csv",
    "year": "spillway flood run " + YEAR,
    "theory": "tests/theory/compare.py",
    "throughput": "spw-throughput --full",
}


# --- keeping --------------------------------------------------------------------------------------

def output_of(*words):
    """What a command says; nothing where there is none, as git in an exported tree."""
    try:
        done = subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()


def first_match(pattern, path, otherwise):
    try:
        with open(path, encoding="utf-8") as file:
            found = re.search(pattern, file.read(), re.M)
    except OSError:
        found = None
    return found.group(1).strip() if found else otherwise


def machine():
    """Where and from what the figures come; a tree with changes is no commit, and says so."""
    cache = os.path.join(ROOT, "build", "bench", "CMakeCache.txt")
    compiler = first_match(r"^CMAKE_C_COMPILER:[A-Z]*=(.*)$", cache, "cc")
    changed = output_of("git", "status", "--porcelain", "--untracked-files=no", "--", ".",
                        ":!README.md", ":!bench/FLOODS.md", ":!bench/RESULTS.md",
                        ":!bench/results", ":!tests/theory/RESULTS.md")
    return {
        "commit": (output_of("git", "rev-parse", "--short=10", "HEAD") or "unknown") + (
            " with changes" if changed else ""),
        "compiler": output_of(compiler, "--version").split("\n")[0],
        "flags": first_match(r"^CMAKE_C_FLAGS_RELEASE:[A-Z]*=(.*)$", cache, ""),
        "processor": first_match(r"^model name\s*: (.*)$", "/proc/cpuinfo", platform.machine()),
        "processors": os.cpu_count(),
    }


def flood_of(text):
    """The document of `spillway flood`: what the pages quote, and no paths."""
    flood = json.loads(text)
    for policy in flood["policies"]:
        for key in ("series", "streams", "queues", "centres", "pools"):
            policy.pop(key, None)
    flood["scenario"]["file"] = os.path.basename(flood["scenario"]["file"])
    flood.pop("command_line", None)
    return flood


def checksum(path):
    try:
        with open(path, "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()
    except OSError:
        return None


def keep(root, out, partly):
    names = [p + ".json" for p in PARTS] + [p + ".md" for p in WRITTEN_ELSEWHERE]
    missing = [name for name in names if not os.path.exists(os.path.join(out, name))]
    if missing and not partly:
        sys.exit("record: nothing is kept, because %s is missing in %s" % (", ".join(missing), out))
    made = machine()
    os.makedirs(os.path.join(root, "bench", "results"), exist_ok=True)
    for part in PARTS:
        if part + ".json" in missing:
            continue
        with open(os.path.join(out, part + ".json"), encoding="utf-8") as file:
            text = file.read()
        figures = json.loads(text) if part in ("theory", "throughput") else flood_of(text)
        result = {"command": COMMANDS[part], "made": made, "figures": figures}
        if part in WRITTEN_ELSEWHERE:
            page = os.path.join(root, WRITTEN_ELSEWHERE[part])
            os.makedirs(os.path.dirname(page), exist_ok=True)
            shutil.copyfile(os.path.join(out, part + ".md"), page)
            result["page_sha256"] = checksum(page)
        with open(result_path(root, part), "w", encoding="utf-8") as file:
            json.dump(result, file, indent=1, ensure_ascii=False)
            file.write("\n")


# --- reading --------------------------------------------------------------------------------------

def result_path(root, part):
    return os.path.join(root, "bench", "results", part + ".json")


def results_of(root):
    results = {}
    for part in PARTS:
        if os.path.exists(result_path(root, part)):
            with open(result_path(root, part), encoding="utf-8") as file:
                results[part] = json.load(file)
    return results


def duration(seconds):
    if seconds is None:
        return "-"
    if seconds < 0.001:
        return "0 s" if seconds == 0 else "%.3g us" % (seconds * 1e6)
    if seconds < 1:
        return "%.3g ms" % (seconds * 1000)
    if seconds < 9.95:
        return "%.1f s" % seconds
    whole = round(seconds)
    parts = ((whole // 3600, "h"), (whole % 3600 // 60, "min"), (whole % 60, "s"))
    return " ".join("%d %s" % part for part in parts if part[0]) or "0 s"


def nanoseconds(ns):
    return "%.3g ns" % ns if ns < 999.5 else "%.3g us" % (ns / 1000)


def share(figure):
    value = figure["value"]
    return "-" if value is None else "%.1f %%" % (100 * value)


def count(value):
    return "-" if value is None else format(round(value), ",")


def plain(value):
    """A figure whose kind is not known: three digits, or a whole number."""
    if value is None:
        return "-"
    return count(value) if abs(value) >= 1000 else "%.3g" % value


def in_unit(value, unit):
    """As the command prints it: the unit stands in the name of the measure, but for shares."""
    if value is None:
        return "-"
    return "%.1f %%" % (100 * value) if unit == "share" else plain(value)


def policy_of(result, name=None):
    policies = result["figures"]["policies"]
    return next((p for p in policies if p["name"] == name), None if name else policies[0])


# --- the table of README.md -----------------------------------------------------------------------

def row_storm(result):
    first, fifo = policy_of(result), policy_of(result, "fifo")
    danger, urgent, everybody = first["priorities"]["0"], first["priorities"]["1"], first["all"]
    text = "danger to life: %s reached, 90 %% of them within %s; urgent: %s reached" % (
        share(danger["reached_share"]), duration(danger["wait_p90_s"]["value"]),
        share(urgent["reached_share"]))
    if fifo:
        text += " (first come, first served: %s)" % share(fifo["priorities"]["1"]["reached_share"])
    return ("[A storm](bench/FLOODS.md#storm): %s calls in 12 h by %s people"
            % (count(everybody["attempts"]["value"]), count(everybody["people"]["value"])), text)


def row_replay(result):
    people = next(r["recorded"] for r in result["figures"]["recorded"] if r["group"] == "all")
    return ("[Real calls](bench/FLOODS.md#replay): a week of %s people from the one before"
            % count(people), result["figures"]["verdict"].rstrip("."))


def row_year(result):
    first = policy_of(result)
    return ("[A national line's year](bench/FLOODS.md#year): %s people" % count(first["people"]),
            "simulated in %s on one core" % duration(first["seconds"]))


def row_theory(result):
    f = result["figures"]
    return ("[Exact queueing theory](tests/theory/RESULTS.md): %d values of %d models"
            % (f["values"], f["families"]),
            "%d reproduced to %.3g %%, %d within 4 standard errors but less precise, %d off"
            % (f["good"], 100 * f["precision"], f["imprecise"], f["off"]))


def throughput_row(result, table, *words):
    rows = [r for r in result["figures"]["rows"]
            if r["table"] == table and all(word in r["row"] for word in words)]
    return rows[0] if rows else None


def row_throughput(result):
    """At 1 M waiting if that was measured, else the first world of its kind."""
    crowd = "1 M waiting" if throughput_row(result, "latency", "1 M waiting") else ""
    whole = throughput_row(result, "lifecycle", crowd, "batches")
    match = throughput_row(result, "latency", crowd, "free-and-match")
    memory = throughput_row(result, "memory")
    text = "%.3g M inputs a second; a match takes %s (median), %s (99 %%)" % (
        whole["M inputs/s"]["median"], nanoseconds(match["p50"]["median"]),
        nanoseconds(match["p99"]["median"]))
    text += "; %s bytes for each waiting contact" % plain(memory["all, as told"]["median"])
    if result["figures"]["mode"] != "full":
        text += " (a short measurement)"
    return ("[One core](bench/RESULTS.md), %s" % match["row"].split(", ", 1)[1].split(",")[0], text)


ROWS = {"storm": row_storm, "replay": row_replay, "theory": row_theory,
        "throughput": row_throughput, "year": row_year}


def commits(results):
    seen = {"%s, %s, %s" % (r["made"]["processor"], r["made"]["compiler"], r["made"]["commit"])
            for r in results.values()}
    return "; ".join(sorted(seen))


def readme_table(results):
    lines = ["| what ran | what came out |", "|---|---|"]
    for part, row in ROWS.items():
        if part in results:
            lines.append("| %s | %s |" % row(results[part]))
    lines += ["", "Measured by `bash bench/run.sh --record`: %s." % commits(results)]
    return "\n".join(lines)


def readme(root, results):
    with open(os.path.join(root, "README.md"), encoding="utf-8") as file:
        text = file.read()
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        sys.exit("record: README.md has no part between %s and %s" % (BEGIN, END))
    return head + BEGIN + "\n" + readme_table(results) + "\n" + END + tail


# --- bench/FLOODS.md ------------------------------------------------------------------------------

def what_ran(result, runs_of):
    made, figures = result["made"], result["figures"]
    lines = ["    %s" % result["command"],
             "    seed %d, %d %s" % (figures["seed"], figures["runs"], runs_of)]
    for policy in figures["policies"]:
        lines.append("    %-13s state %s" % (policy["name"], policy["state_hash"]))
    lines.append("    commit %s; %s; %s" % (made["commit"], made["compiler"], made["processor"]))
    return lines


def group_line(name, group):
    half = group["reached_share"]["half_width"]
    return "| %s | %s | %s%s | %s | %s | %s | %s |" % (
        name, count(group["people"]["value"]), share(group["reached_share"]),
        "" if half is None else " ± %.1f" % (100 * half), share(group["within_target_share"]),
        share(group["abandoned_share"]), duration(group["wait_p50_s"]["value"]),
        duration(group["wait_p90_s"]["value"]))


def group_table(result):
    lines = ["| | people | reached | in time | gave up | median wait | 90 % within |",
             "|---|---|---|---|---|---|---|"]
    for policy in result["figures"]["policies"]:
        lines.append(group_line("**%s**, all" % policy["name"], policy["all"]))
        for number, group in policy["priorities"].items():
            lines.append(group_line("priority %s" % number, group))
    return lines


def recorded_table(result):
    """A row that ended outside its band is marked as the command marks it."""
    lines = ["| | recorded | predicted | naive |", "|---|---|---|---|"]
    for row in result["figures"]["recorded"]:
        half, band, unit = row["half_width"], row["band"], row["unit"]
        off = band is not None and abs(row["simulated"] - row["recorded"]) > band
        lines.append("| %s: %s | %s | %s%s%s | %s |" % (
            row["group"], row["measure"], in_unit(row["recorded"], unit),
            in_unit(row["simulated"], unit), "!" if off else "",
            "" if half is None else " ± %s" % in_unit(half, unit), in_unit(row["naive"], unit)))
    return lines


def guesses(result):
    """What a flood rests on that nobody published; a mark without words is not listed."""
    return ["* `%s`: %s (%s)" % (m["path"], m["value"], m["source"])
            for m in result["figures"]["marks"] if m["how"] == "guessed"]


def percent(value):
    return "-" if value is None else "%.1f %%" % (100 * value)


def guesses_table(result):
    """What each guess matters, where the run was asked for it."""
    rows = result["figures"].get("guesses", [])
    if not rows:
        return []
    first = rows[0]
    lines = ["", "People reached in time with each guess half and twice what it is, on the same",
             "people, %d runs each:" % first["runs"], "",
             "| | everybody: half | twice | priority %d: half | twice |" % first["priority"],
             "|---|---|---|---|---|",
             "| as guessed | %s | | %s | |" % (percent(first["all"]), percent(first["urgent"]))]
    for row in rows:
        if not row["unvaried"]:
            lines.append("| `%s` | %s | %s | %s | %s |" % (
                row["path"], percent(row["all_half"]), percent(row["all_twice"]),
                percent(row["urgent_half"]), percent(row["urgent_twice"])))
    return lines


def floods(results):
    lines = ["# The floods, as measured", "",
             "Written by `bench/record.py` from `bench/results/`; do not edit. Waits are those of",
             "people who were reached, from their first attempt; ± is the half-width of the 95 %",
             "interval over the runs. What each figure means:",
             "[scenarios/README.md](scenarios/README.md)."]
    if "storm" in results:
        lines += ["", "## Storm", "", results["storm"]["figures"]["verdict"], ""]
        lines += what_ran(results["storm"], "runs") + [""] + group_table(results["storm"])
        lines += ["", "Guessed, because it is not published:", ""] + guesses(results["storm"])
        lines += guesses_table(results["storm"])
    if "replay" in results:
        lines += ["", "## Replay", "", results["replay"]["figures"]["verdict"],
                  "How it was done: [README.md](README.md#the-replay).", ""]
        lines += what_ran(results["replay"], "runs") + [""] + recorded_table(results["replay"])
        lines += ["", "! outside the band that was set before.", ""]
        lines += group_table(results["replay"])
        lines += ["", "What was assumed, and where the figures part:", ""]
        lines += ["* " + note for note in results["replay"]["figures"].get("notes", [])]
        lines += ["", "Guessed, because it was not recorded:", ""] + guesses(results["replay"])
    if "year" in results:
        lines += ["", "## Year", "", results["year"]["figures"]["verdict"], ""]
        lines += what_ran(results["year"], "run") + [""] + group_table(results["year"])
    return "\n".join(lines) + "\n"


# --- the command ----------------------------------------------------------------------------------

def pages(root):
    results = results_of(root)
    return {"README.md": readme(root, results), "bench/FLOODS.md": floods(results)}


def check(root):
    wrong = 0
    for path, wanted in pages(root).items():
        try:
            with open(os.path.join(root, path), encoding="utf-8") as file:
                is_there = file.read()
        except OSError:
            is_there = ""
        if is_there != wanted:
            wrong += 1
            print("record: %s does not say what bench/results says: python3 bench/record.py pages"
                  % path)
    for part, result in results_of(root).items():
        page = WRITTEN_ELSEWHERE.get(part)
        if page and checksum(os.path.join(root, page)) != result["page_sha256"]:
            wrong += 1
            print("record: %s is not the page that was measured: bash bench/run.sh --record" % page)
    missing = [p for p in PARTS if not os.path.exists(result_path(root, p))]
    if missing:
        print("record: note: not measured yet: %s" % ", ".join(missing))
    print("record: %d pages differ from bench/results" % wrong)
    return 1 if wrong else 0


def main():
    parser = argparse.ArgumentParser(description="keeps what was measured, writes the pages")
    parser.add_argument("--root", default=ROOT)
    parser.add_argument("--partly", action="store_true", help="keep what there is in OUT")
    parser.add_argument("verb", choices=("keep", "pages", "check"))
    parser.add_argument("out", nargs="?", help="the folder of bench/run.sh")
    options = parser.parse_args()
    if (options.verb == "keep") != (options.out is not None):
        parser.error("keep, and only keep, names a folder")
    if options.verb == "check":
        return check(options.root)
    if options.verb == "keep":
        keep(options.root, options.out, options.partly)
    for path, text in pages(options.root).items():
        with open(os.path.join(options.root, path), "w", encoding="utf-8") as file:
            file.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
