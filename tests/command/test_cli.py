#!/usr/bin/env python3
"""test_cli.py - the command `spillway` from outside: exit status, messages, table, JSON, policies.

  test_cli.py --spillway build/spillway
"""

import glob
import json
import os
import pty
import random
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest
from html.parser import HTMLParser

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
STORM = "bench/scenarios/montgomery-storm.yaml"
SMALL_CENTRE = "small-centre"  # by name
SPILLWAY = "build/spillway"

SMALL = """\
name: small
runs: %(runs)s
duration: 2 h
plan:
  skills: [listening]
  skill_sets: {all: [listening]}
  queues: {voice: {need: [listening], target: 60 s}}
  centres: {home: {}}
  protected: no
people:
  p:
    queue: voice
    arrivals: {rate: 60 per 1 h}
    mix: [{share: 20 %%, priority: 0}, {share: 80 %%, priority: 2}]
    service: {exponential: 5 min}
    patience: {exponential: 4 min}
crews: {c: {skill_set: all, count: 4}}
goals: [{measure: reached_share, at_least: %(goal)s}]
"""


def run(*words):
    return subprocess.run([SPILLWAY, *words], cwd=ROOT, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, check=False)


def documented():
    """The keys of each object of the JSON: below each heading, the first column of the table."""
    with open(os.path.join(ROOT, "bench/scenarios/README.md"), encoding="utf-8") as file:
        part = file.read().split("## The JSON\n")[1].split("\n## ")[0]
    keys = {}
    for piece in part.split("\n### ")[1:]:
        heading, text = piece.split("\n", 1)
        found = []
        for line in text.splitlines():
            cell = line.split("|")[1] if line.startswith("| `") else ""
            for key, last in re.findall(r"`(\w+?)`(?: \.\. `_(\d)`)?", cell):
                if last:
                    found += [key[:-1] + str(n) for n in range(int(last) + 1)]
                elif not key.startswith("_"):
                    found.append(key)
        keys[heading] = found
    return keys


class Tables(HTMLParser):
    """The tables of a report: caption -> rows -> [text, half-width or None] of each cell."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.rows, self.place = {}, None, None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag == "caption":
            self.rows, self.place = [], [["", None]]
        elif tag == "tr" and self.rows is not None:
            self.rows.append([])
        elif tag in ("th", "td") and self.rows:
            self.rows[-1].append(["", None])
            self.place = self.rows[-1]
        elif tag == "small" and self.place:
            self.place[-1][1] = ""

    def handle_endtag(self, tag):
        if tag == "caption":
            self.tables[self.place[0][0]] = self.rows
            self.place = None
        elif tag == "table":
            self.rows = self.place = None

    def handle_data(self, data):
        if self.place:
            small = self.place[-1][1] is not None
            self.place[-1][small] += data.strip()


# The columns of the report's tables by their keys in the JSON.
COLUMNS = {
    "people": ["people", "attempts", "reached_share", "within_target_share", "abandoned_share",
               "wait_p50_s", "wait_p90_s", "wait_p95_s", "wait_p99_s", "wait_max_s"],
    "calls": ["at_once_share", "wait_all_s", "wait_answered_s", "wait_abandoned_s",
              "attempt_abandoned_share", "wait_over_target_share", "refused", "waiting_mean"]}


class Command(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def file(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def small(self, runs=3, goal="10 %"):
        return self.file("small.yaml", SMALL % {"runs": runs, "goal": goal})

    def data(self, *words):
        path = os.path.join(self.folder, "out.json")
        done = run(*words, "--json", path)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        with open(path, encoding="utf-8") as file:
            return json.load(file)

    def assert_narrow(self, text):
        for line in text.splitlines():
            self.assertLessEqual(len(line), 80, line)

    def assert_refused(self, done, *parts):
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        for part in parts:
            self.assertIn(part, done.stderr)
        self.assertEqual(done.stdout, "")


class Words(Command):
    def test_help_and_version(self):
        for word in ("--help", "--version"):
            done = run(word)
            self.assertEqual(done.returncode, 0)
            self.assert_narrow(done.stdout)
        self.assertRegex(run("--version").stdout, r"^spillway \d+\.\d+\.\d+\n$")

    def test_bad_usage_names_the_word(self):
        self.assert_refused(run("flood"), "spillway:")
        self.assert_refused(run("flod"), "flod")
        self.assert_refused(run("flood", "run"), "SCENARIO")
        self.assert_refused(run("flood", "run", STORM, "--polcy", "fifo"), "--polcy", "--policy")
        self.assert_refused(run("flood", "run", STORM, "--runs", "0"), "`0`", "1 to 100000")
        self.assert_refused(run("flood", "run", STORM, "--seed", "x"), "`x`", "whole number")

    def test_list(self):
        done = run("flood", "list")
        self.assertEqual(done.returncode, 0)
        self.assertIn(STORM, done.stdout)
        self.assertNotIn("cannot be read", done.stdout)


    def test_what_is_too_much_is_named(self):
        self.assert_refused(run("flood", "run", "quake", "storm"), "`storm` is one too many")
        for words in (["--runs", "3"], ["--json", "x"], ["--seed", "1"], ["--quiet"]):
            self.assert_refused(run("flood", "list", *words), "`flood list` takes no options")

    def test_no_empty_column_at_the_end(self):
        calm = (SMALL % {"runs": 1, "goal": "0 %"}).replace("priority: 0", "priority: 1")
        done = run("flood", "run", self.file("calm.yaml", calm), "--policy", "fifo", "--policy",
                   "strict")
        self.assertEqual([line for line in done.stdout.splitlines() if line != line.rstrip()], [])

    def test_where_no_scenarios_lie(self):
        """A copy of the command alone, from elsewhere: it says where it looked."""
        copy = os.path.join(self.folder, "spillway")
        shutil.copy(SPILLWAY, copy)
        for words in (["list"], ["run", "no-such-flood"]):
            done = subprocess.run([copy, "flood", *words], cwd=self.folder, capture_output=True,
                                  text=True, check=False)
            if "flood list` names them" in done.stderr or done.returncode == 0:
                self.skipTest("scenarios are installed on this machine")
            self.assert_refused(done, "no scenarios came with this program; looked in "
                                      "bench/scenarios, ")

    def test_a_scenario_by_its_name(self):
        by_name = self.data("flood", "run", "small-centre", "--runs", "1", "--quiet")
        by_path = self.data("flood", "run", "bench/scenarios/small-centre.yaml", "--runs", "1",
                            "--quiet")
        self.assertEqual(by_name["scenario"], by_path["scenario"])
        self.assertEqual(by_name["policies"][0]["all"], by_path["policies"][0]["all"])
        self.assert_refused(run("flood", "run", "smal-centre"), "`smal-centre`",
                            "did you mean `small-centre`", "flood list")
        self.file("small-centre", SMALL % {"runs": 1, "goal": "1 %"})  # a file comes first
        done = subprocess.run([SPILLWAY, "flood", "run", "small-centre", "--json", "x.json",
                               "--quiet"], cwd=self.folder, check=True, capture_output=True)
        self.assertEqual(done.returncode, 0)
        with open(os.path.join(self.folder, "x.json"), encoding="utf-8") as file:
            self.assertEqual(json.load(file)["scenario"]["name"], "small")


class BadInput(Command):
    def test_a_file_that_is_not_there(self):
        self.assert_refused(run("flood", "run", "no/such.yaml"), "no/such.yaml", "No such file")

    def test_a_folder(self):
        self.assert_refused(run("flood", "run", self.folder), self.folder)

    def test_a_mistake_has_its_place(self):
        text = SMALL % {"runs": 1, "goal": "1 %"}
        path = self.file("bad.yaml", text.replace("crews:", "crew:"))
        self.assert_refused(run("flood", "run", path), "bad.yaml:17:1: unknown key `crew`", "crews")

    def test_what_can_be_told_before_the_first_run(self):
        text = SMALL % {"runs": 1, "goal": "0 %"}
        lonely = text.replace("skills: [listening]", "skills: [listening, welsh]") \
                     .replace("need: [listening]", "need: [welsh]")
        crowd = text.replace("rate: 60 per 1 h", "rate: 6000 per 1 h")
        relaxed = lonely.replace("need: [welsh]", "ladder: patient").replace(
            "  centres:", "  ladders: {patient: {need: [welsh], "
            "steps: [{after: 5 min, need: [listening]}]}}\n  centres:")
        for name, content, warning in (
                ("lonely", lonely, "warning: nobody can ever serve the people `p` of queue voice"),
                ("crowd", crowd, "warning: about 12000 people come in a run"),
                ("endless", text.replace("service: {exponential: 5 min}", "service: never"),
                 "warning: some talks never end"),
                ("relaxed", relaxed, None), ("plain", text, None)):
            with self.subTest(name):
                done = run("flood", "run", self.file(name + ".yaml", content))
                first = done.stderr.split("\n")[0]
                if warning:
                    self.assertIn(warning, first)
                    self.assertEqual(done.stderr.count("warning:"), 1)
                    self.assertIn(warning.split(" people")[0], " ".join(done.stdout.split()))
                else:
                    self.assertNotIn("warning: ", done.stderr)
                self.assertEqual(run("flood", "run", os.path.join(self.folder, name + ".yaml"),
                                     "--quiet").stderr, "")

    def test_noise(self):
        path = os.path.join(self.folder, "noise.yaml")
        with open(path, "wb") as file:
            file.write(bytes(range(256)) * 8)
        self.assert_refused(run("flood", "run", path), "noise.yaml")

    def test_where_nothing_can_be_written(self):
        """Said before the runs, not after: nothing is on stdout."""
        for option in ("--json", "--report"):
            for path in ("/no/such/folder/x", self.folder):
                self.assert_refused(run("flood", "run", self.small(), option, path), path,
                                    "cannot be written")

    def test_a_result_that_cannot_be_written_is_none(self):
        if not stat.S_ISCHR(os.stat("/dev/full").st_mode):
            self.skipTest("no /dev/full")
        for words in (["--help"], ["--version"], ["flood", "list"],
                      ["flood", "run", self.small(), "--quiet"]):
            with open("/dev/full", "wb") as full:
                done = subprocess.run([SPILLWAY, *words], cwd=ROOT, stdout=full, check=False,
                                      stderr=subprocess.PIPE, text=True)
            self.assertEqual(done.returncode, 2, words)
            self.assertIn("only a part of the output could be written", done.stderr)

    def test_who_is_turned_away_is_told(self):
        tight = self.file("tight.yaml", SMALL % {"runs": 3, "goal": "0 %"}
                          + "limits: {contacts: 1}\n")
        self.assertRegex(run("flood", "run", tight).stdout.replace("\n", " "),
                         r"[0-9.]+ % of all calls.* were turned away")
        self.assertNotIn("turned away", run("flood", "run", self.small()).stdout)
        self.assertRegex(run("flood", "run", tight, "--quiet").stdout.replace("\n", " "),
                         r"danger waited was 0 s, and [0-9.]+ % of their calls were turned away\.")

    def test_what_is_read_is_not_written_over(self):
        path, other = self.file("over.yaml", "kept"), os.path.join(self.folder, "other")
        for words in (["--json", path], ["--report", path], ["--json", other, "--report", other]):
            done = run("flood", "run", path, *words)
            self.assertEqual(done.returncode, 2, words)
            self.assertRegex(done.stderr, "expected (another file|two files)")
        for option in ("--json", "--report"):
            self.assert_refused(run("flood", "run", path, option, other, option, other + "2"),
                                "a second file; expected " + option)
            self.assert_refused(run("flood", "run", path, option, "-"), "a dash is no file")
        with open(path, encoding="utf-8") as file:
            self.assertEqual(file.read(), "kept")

    def test_json_goes_into_a_pipe_and_does_not_replace_it(self):
        path = os.path.join(self.folder, "pipe")
        os.mkfifo(path)
        with open(os.path.join(self.folder, "out"), "w+", encoding="utf-8") as out:
            with subprocess.Popen(["cat", path], stdout=out) as cat:
                try:
                    done = run("flood", "run", self.small(), "--quiet", "--json", path)
                    self.assertTrue(stat.S_ISFIFO(os.stat(path).st_mode))
                    cat.wait(60)
                finally:
                    cat.kill()
            out.seek(0)
            self.assertEqual(json.load(out)["scenario"]["name"], "small")
        self.assertEqual(done.returncode, 0, done.stderr)


class Outcome(Command):
    def test_the_verdict_stands_first_in_80_columns(self):
        done = run("flood", "run", STORM, "--runs", "2")
        self.assert_narrow(done.stdout)
        self.assert_narrow(done.stderr)
        self.assertRegex(done.stdout, r"\AWith head-start, of 100 people who called, \d+ were "
                                      r"reached, \d+ of them")
        self.assertNotIn("\r", done.stderr)
        self.assertNotIn("nan", done.stdout)

    def test_policies_stand_over_one_another_before_the_details(self):
        done = run("flood", "run", STORM, "--runs", "2", "--policy", "fifo", "--policy", "strict")
        self.assert_narrow(done.stdout)
        self.assertRegex(done.stdout, r"\AWith fifo, of 100 people who called, \d+ were reached")
        rows = re.findall(r"^  (fifo|strict) +(\d+) +(\d+) +(\d+)   \d+ min \d+ s$", done.stdout,
                          re.M)
        self.assertEqual([row[0] for row in rows], ["fifo", "strict"])
        for row in rows:
            self.assertEqual(sum(map(int, row[1:])), 100)
        self.assertLess(done.stdout.index(rows[1][0]), done.stdout.index("\nfifo\n"))

    def test_notes_say_for_which_policy_and_hang(self):
        done = run("flood", "run", STORM, "--runs", "1", "--policy", "head-start", "--policy",
                   "fifo")
        lines = done.stdout.splitlines()
        text = " ".join(done.stdout.split())
        self.assertRegex(text, r"priority 1 \d+ min, [^()]*\(with head-start\)")
        self.assertRegex(text, r"priorities 1 to 7 \d+ min \(with fifo\)")
        self.assertEqual(text.count("priority 0 goes before all others"), 1)  # the same of both
        first = next(n for n, line in enumerate(lines) if line.startswith("  overtaking"))
        self.assertTrue(lines[first + 1].startswith("    "), lines[first + 1])

    def test_closed_centres_are_not_counted_as_staff_that_is_missing(self):
        text = SMALL % {"runs": 1, "goal": "0 %"}
        said = "as if no centre had been closed or frozen"
        for incident in ("frozen", "closed"):
            path = self.file("stop.yaml", text + "incidents: [{%s: home, from: 0 s}]\n" % incident)
            self.assertIn(said, " ".join(run("flood", "run", path).stdout.split()))
        self.assertNotIn(said, " ".join(run("flood", "run", self.small()).stdout.split()))

    def test_accumulating_warns_of_those_who_come(self):
        text = (SMALL % {"runs": 1, "goal": "0 %"}).replace("priority: 0", "priority: 3")
        done = run("flood", "run", self.file("calm.yaml", text), "--policy", "accumulating")
        said = " ".join(done.stdout.split())
        self.assertIn("nothing is left for priority 3 (rate 2) while priority 2", said)
        self.assertNotIn("priority 1", said)

    def test_names_do_not_command_the_terminal(self):
        text = SMALL % {"runs": 2, "goal": "10 %"}
        text = text.replace("crews: {c:", 'crews: {"\\e[31m\\xDF":')
        done = run("flood", "run", self.file("escape.yaml", text))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("\x1b", done.stdout)
        self.assertIn("?[31m\u00df", done.stdout)

    def test_quiet_is_the_verdict_and_the_longest_wait(self):
        done = run("flood", "run", self.small(), "--quiet")
        self.assertEqual(done.stderr, "")
        self.assertLessEqual(len(done.stdout.splitlines()), 3)
        self.assertIn("longest wait of priority 0: ", done.stdout)

    def test_a_bar_on_a_terminal(self):
        ours, theirs = pty.openpty()
        with subprocess.Popen([SPILLWAY, "flood", "run", self.small()], cwd=ROOT, stderr=theirs,
                              stdout=subprocess.DEVNULL) as process:
            os.close(theirs)
            shown = b""
            while True:
                try:
                    part = os.read(ours, 4096)
                except OSError:
                    break
                if not part:
                    break
                shown += part
            self.assertEqual(process.wait(), 0)
        os.close(ours)
        self.assertIn(b"#] 100 %", shown)
        for line in re.split(rb"[\r\n]+", shown):
            self.assertLess(len(line), 80)

    def test_a_goal_that_is_missed_ends_with_1(self):
        self.assertEqual(run("flood", "run", self.small(goal="10 %")).returncode, 0)
        done = run("flood", "run", self.small(goal="100 %"))
        self.assertEqual(done.returncode, 1)
        self.assertIn("MISSED", done.stdout)
        self.assertIn("1 of 1 goal not met", done.stdout)

    def test_the_same_seed_gives_the_same_everything(self):
        def hashes(*words):
            data = self.data("flood", "run", self.small(), "--quiet", *words)
            return [(p["state_hash"], p["event_digest"], p["all"]) for p in data["policies"]]
        self.assertEqual(hashes("--seed", "7"), hashes("--seed", "7"))
        self.assertNotEqual(hashes("--seed", "7")[0][1], hashes("--seed", "8")[0][1])

    def test_policies_meet_the_same_people(self):
        data = self.data("flood", "run", self.small(), "--quiet", "--policy", "fifo", "--policy",
                         "head-start", "--policy", "lifo")
        people = [p["all"]["people"] for p in data["policies"]]
        self.assertEqual([p["name"] for p in data["policies"]], ["fifo", "head-start", "lifo"])
        self.assertEqual(people[0], people[1])
        self.assertEqual(people[0], people[2])
        waits = [p["all"]["wait_p99_s"]["value"] for p in data["policies"]]
        self.assertGreater(waits[2], waits[0])  # newest first has the longer tail

    def test_a_lease_loses_nobody_who_is_connected(self):
        def reached(centre, crew=""):
            text = (SMALL % {"runs": 3, "goal": "0 %"}).replace("home: {}", "home: {%s}" % centre)
            path = self.file("lease.yaml", text.replace("count: 4", "count: 4" + crew))
            return self.data("flood", "run", path, "--quiet")["policies"][0]["all"]["reached_share"]
        self.assertEqual(reached("lease: 30 s"), reached(""))
        line = ", line: {up: 10 min, down: 10 min}"
        self.assertLess(reached("lease: 30 s", line)["value"], reached("")["value"])

    def test_breaks_that_fall_due_go_by_the_rest_share(self):
        def outcome(share, breaks):
            text = (SMALL % {"runs": 3, "goal": "0 %"}).replace(
                "home: {}", "home: {rest_share: %s}" % share)
            path = self.file("rest.yaml", text.replace("count: 4", "count: 4, " + breaks))
            return path, self.data("flood", "run", path, "--quiet")["policies"][0]
        due = "due_breaks: {talks: 1, rest: 20 min}"
        few, all_at_once = outcome("25 %", due)[1], outcome("100 %", due)[1]
        self.assertGreater(few["all"]["reached_share"]["value"],
                           1.3 * all_at_once["all"]["reached_share"]["value"])
        path, _ = outcome("25 %", "breaks: {every: 1 h, mean: 5 min}")
        self.assertIn("`rest_share` of centre home does nothing",
                      run("flood", "run", path).stderr)
        self.assertGreater(all_at_once["lost_to_limits"]["value"], few["lost_to_limits"]["value"])
        path, _ = outcome("100 %", due)
        done = run("flood", "run", path)
        self.assertNotIn("does nothing", done.stderr)
        self.assertIn("were given up while an able counsellor had room and only a due break stood",
                      " ".join(done.stdout.split()))
        for breaks, words in (("{rest: 5 min}", "expected `talks` or `severe`"),
                              ("{talks: 3}", "a `rest` above 0"),
                              ("{talks: 3, rest: 25 h}", "at most 24 h")):
            text = (SMALL % {"runs": 1, "goal": "0 %"}).replace(
                "count: 4", "count: 4, due_breaks: " + breaks)
            self.assert_refused(run("flood", "run", self.file("bad.yaml", text)), "bad.yaml:17:",
                                words)

    def scripted(self, patience, script="yes", mode="cold", more=""):
        """Two people, each handed on by one of two scripts after 10 s to the one counsellor."""
        path = self.file("script.yaml", f"""\
runs: 1
duration: 2 h
plan:
  skills: [ask, talk]
  skill_sets: {{asks: [ask], talks: [talk]}}
  queues: {{in: {{need: [ask], target: 60 s}}, out: {{need: [talk]}}}}
  centres: {{home: {{}}}}
  protected: no
people:
  p:
    queue: in
    priority: 0
    arrivals: {{times: [0 s, 1 s]}}
    service: 10 s
    patience: {patience}
    transfer: {{share: 100 %, to: out, mode: {mode}, service: 60 s}}
    {more}
crews:
  bot: {{skill_set: asks, count: 2, missed: 0 %, no_show: 0 %, script: {script}}}
  c: {{skill_set: talks, count: 1, missed: 0 %, no_show: 0 %}}
""")
        policy = self.data("flood", "run", path, "--quiet")["policies"][0]
        return {key: figure["value"] for key, figure in policy["all"].items() if key != "ended"}

    def test_patience_begins_anew_for_whoever_is_handed_on(self):
        cold = self.scripted("30 s", script="no")  # the second waits from 11 s to 41 s
        self.assertAlmostEqual(cold["waiting_mean"] * 7200, 30)
        self.assertAlmostEqual(cold["connected_mean"] * 7200, 10 + 60 + 10)
        warm = self.scripted("30 s", script="no", mode="warm")  # and talks on meanwhile
        self.assertAlmostEqual(warm["connected_mean"] * 7200, 10 + 60 + 40)

    def test_a_script_reaches_nobody(self):
        plain = self.scripted("never", script="no")
        self.assertEqual((plain["answered"], plain["wait_max_s"]), (2, 0))
        for mode in ("cold", "warm"):
            both = self.scripted("never", mode=mode)  # a person is there after 10 s, after 69 s
            self.assertEqual((both["people"], both["answered"]), (2, 2))
            self.assertEqual(both["within_target_share"], 0.5)
            self.assertAlmostEqual(both["wait_max_s"], 69)
            self.assertAlmostEqual(both["wait_p99_s"], 69, delta=1)
            one = self.scripted("30 s", mode=mode)  # the second waits from 11 s to 41 s
            self.assertEqual((one["answered"], one["abandoned"], one["other_ends"]), (1, 1, 0))
            self.assertAlmostEqual(one["wait_max_s"], 40)
        again = self.scripted(
            "30 s", more="redial: {probability: 100 %, after: 1 min, attempts: 2}")
        self.assertEqual((again["people"], again["attempts"], again["answered"]), (2, 3, 2))
        self.assertAlmostEqual(again["wait_max_s"], 41 + 60 + 10 - 1)

    def test_the_json_is_what_the_page_says(self):
        page, seen = documented(), set()

        def same(kind, keys):
            seen.add(kind)
            self.assertEqual(sorted(keys), sorted(page[kind]), kind)

        data = self.data("flood", "run", STORM, "--runs", "2", "--quiet", "--policy", "fifo",
                         "--policy", "strict", "--guesses")
        same("The document", data)
        self.assertEqual(list(data["scenario"]),
                         ["name", "title", "file", "duration_s", "warm_up_s"])
        self.assertEqual([p["name"] for p in data["policies"]], ["fifo", "strict"])
        for policy in data["policies"]:
            same("A policy", policy)
            for group in [policy["all"], *policy["priorities"].values(),
                          *policy["queues"].values(), *policy["centres"].values(),
                          *policy["streams"].values()]:
                same("A group", group)
                same("How attempts end", group["ended"])
                figures = [*group["ended"].values(), *(group[k] for k in group if k != "ended")]
                for figure in figures:
                    self.assertEqual(list(figure), ["value", "half_width"])
            for crew in policy["pools"].values():
                same("A crew", crew)
            for interval in policy["series"]:
                same("An interval of the series", interval)
            for goal in policy["goals"]:
                same("A goal", goal)
        for mark in data["marks"]:
            same("A mark", mark)
        for guess in data["guesses"]:
            same("A guess", guess)
        self.assertEqual(data["recorded"], [])
        self.assertEqual(set(page) - seen, {"A recorded row"})

    def test_what_the_guesses_matter(self):
        plain = self.data("flood", "run", STORM, "--runs", "2", "--quiet")
        self.assertEqual(plain["guesses"], [])
        page = os.path.join(self.folder, "page.html")
        done = run("flood", "run", STORM, "--runs", "2", "--guesses", "--report", page)
        self.assert_narrow(done.stdout)
        self.assertIn("What the guesses matter", done.stdout)
        data = self.data("flood", "run", STORM, "--runs", "2", "--quiet", "--guesses")
        self.assertEqual([p["state_hash"] for p in plain["policies"]],
                         [p["state_hash"] for p in data["policies"]])
        guesses = data["guesses"]
        guessed = [m["path"] for m in data["marks"] if m["how"] == "guessed"]
        self.assertEqual(sorted(g["path"] for g in guesses),
                         sorted([p for p in guessed if not p.startswith(("goals", "incidents"))]
                                + ["patience of people of priority 0"]))
        by = {g["path"]: g for g in guesses}
        # Two runs, the same as those of the figures themselves.
        self.assertAlmostEqual(by["crews.call-takers"]["all"],
                               data["policies"][0]["all"]["within_target_share"]["value"])
        seats = by["crews.call-takers"]  # more answer: more are reached
        self.assertLess(seats["all_half"], seats["all"])
        self.assertLess(seats["all"], seats["all_twice"])
        talks = by["people.callers.service"]  # shorter talks: more are reached
        self.assertGreater(talks["all_half"], talks["all_twice"])
        sizes = [max(abs(g["all_twice"] - g["all_half"]),
                     abs((g["urgent_twice"] or 0) - g["urgent_half"]) if g["urgent_twice"] else 0)
                 for g in guesses]
        self.assertEqual(sizes, sorted(sizes, reverse=True))
        with open(page, encoding="utf-8") as file:
            self.assertIn("What the guesses matter", file.read())
        self.assert_refused(run("flood", "list", "--guesses"), "belong to `flood run`")

    def test_the_json_has_every_group_and_its_half_widths(self):
        policy = self.data("flood", "run", self.small(), "--quiet")["policies"][0]
        self.assertEqual(set(policy["priorities"]), {"0", "2"})
        self.assertEqual(set(policy["queues"]), {"voice"})
        self.assertEqual(set(policy["centres"]), {"home"})
        self.assertEqual(set(policy["streams"]), {"p"})
        self.assertEqual(set(policy["pools"]), {"c"})
        for key in ("people", "reached_share", "wait_answered_s", "wait_p50_s", "waiting_mean"):
            self.assertGreater(policy["all"][key]["half_width"], 0, key)
        self.assertGreater(policy["pools"]["c"]["occupancy"]["half_width"], 0)
        self.assertRegex(policy["state_hash"], r"^[0-9a-f]{16}$")
        for interval in policy["series"]:
            parts = [interval["waiting_mean_priority_%d" % p] for p in range(8)]
            self.assertAlmostEqual(sum(parts), interval["waiting_mean"], places=9)
        self.assertGreater(max(i["waiting_mean_priority_2"] for i in policy["series"]), 0)
        ended = sum(figure["value"] for figure in policy["all"]["ended"].values())
        self.assertAlmostEqual(ended, policy["all"]["attempts"]["value"], places=6)

    def assert_shown(self, text, value, scale):
        """What is shown is the value, rounded to as many decimals as are shown."""
        if value is None:
            self.assertEqual(text, "\u2013")
            return
        decimals = len(text.partition(".")[2])
        shown = float(text.replace(",", "").replace("\u2212", "-"))
        self.assertLessEqual(abs(shown - scale * value), 0.5 * 10 ** -decimals + 1e-9, text)

    def test_the_report_has_the_figures_of_the_json(self):
        page = os.path.join(self.folder, "x.html")
        data = self.data("flood", "run", STORM, "--runs", "3", "--quiet", "--report", page,
                         "--policy", "head-start", "--policy", "fifo")
        with open(page, encoding="utf-8") as file:
            text = file.read()
        self.assertIn(">%s</p>" % data["verdict"], text)
        tables, compared = Tables(text).tables, 0
        for about, keys in COLUMNS.items():
            for caption, groups in (("Everybody: ", "all"), ("By priority: ", "priorities")):
                group = None
                for row in tables[caption + about][1:]:
                    if len(row) == 1:
                        group = row[0][0].replace("priority ", "")
                        continue
                    policy = next(p for p in data["policies"] if p["name"] == row[0][0])
                    figures = policy[groups] if groups == "all" else policy[groups][group]
                    for key, (shown, half) in zip(keys, row[1:], strict=True):
                        scale = 100 if key.endswith("_share") else 1
                        self.assert_shown(shown, figures[key]["value"], scale)
                        if half is None:  # a quantile of few people
                            self.assertIsNone(figures[key]["half_width"], key)
                        else:
                            self.assert_shown(half.replace("\u00b1", "").strip(),
                                              figures[key]["half_width"], scale)
                        compared += 1
        self.assertEqual(compared, 2 * (1 + 3) * sum(map(len, COLUMNS.values())))

    def test_the_report_has_what_people_really_are(self):
        page = os.path.join(self.folder, "x.html")
        data = self.data("flood", "run", "election-night", "--runs", "2", "--quiet", "--report",
                         page, "--policy", "fifo")
        with open(page, encoding="utf-8") as file:
            rows = Tables(file.read()).tables["By what people really are: people"][1:]
        kinds = data["policies"][0]["kinds"]
        self.assertGreater(len(kinds), 2)
        self.assertEqual([row[0][0] for row in rows], list(kinds))
        for row, group in zip(rows, kinds.values(), strict=True):
            for key, (shown, _) in zip(COLUMNS["people"], row[1:], strict=True):
                scale = 100 if key.endswith("_share") else 1
                self.assert_shown(shown, group[key]["value"], scale)

    def test_who_is_in_danger_gives_up_first(self):
        words = ("flood", "run", STORM, "--runs", "3", "--quiet", "--policy", "head-start")
        plain, first = self.data(*words), self.data(*words, "--danger-patience", "25%")
        was, now = (d["policies"][0]["priorities"] for d in (plain, first))
        self.assertEqual({k: g["people"] for k, g in was.items()},
                         {k: g["people"] for k, g in now.items()})  # the same people
        self.assertLess(now["0"]["reached_share"]["value"], was["0"]["reached_share"]["value"])
        self.assertGreater(now["2"]["reached_share"]["value"], was["2"]["reached_share"]["value"])
        said = "people of priority 0 wait 25 % as long"
        self.assertTrue(any(n.startswith(said) for n in first["notes"]))
        self.assertFalse(any(n.startswith(said) for n in plain["notes"]))
        self.assert_refused(run("flood", "run", STORM, "--danger-patience", "2"), "share such as")
        self.assert_refused(run("flood", "list", "--danger-patience", "20%"), "belong to")
        nobody = self.file("calm.yaml", (SMALL % {"runs": 1, "goal": "0 %"}).replace(
            "priority: 0", "priority: 1"))
        self.assert_refused(run("flood", "run", nobody, "--danger-patience", "20%"), "nobody")

    def test_a_long_value_of_a_mark_says_that_it_is_cut(self):
        def mark(count):
            table = ", ".join("%d s" % (n + 1) for n in range(count))
            text = (SMALL % {"runs": 1, "goal": "1 %"}).replace(
                "patience: {exponential: 4 min}",
                'patience: {quantiles: [%s], guessed: "g"}' % table)
            data = self.data("flood", "run", self.file("long.yaml", text), "--quiet")
            return table, data["marks"][0]["value"]
        table, value = mark(20)
        self.assertEqual(value, "{quantiles: [%s]}" % table)
        table, value = mark(300)
        self.assertTrue(value.endswith("..."), value)
        self.assertTrue(("{quantiles: [%s]}" % table).startswith(value[:-3]))

    def test_one_run_has_no_half_width(self):
        data = self.data("flood", "run", self.small(runs=1), "--quiet")
        self.assertIsNone(data["policies"][0]["all"]["people"]["half_width"])


CALLS = "arrive_s,type,priority,caller,outcome,wait_s,answer_s,service_s,agent\n"
DUTY = "agent,on_s,off_s,types\n"


def recorded_days(days=4, agents=4, rate=0.035, seed=3, hours=3):
    """A small centre by day: first come, first served, with breaks after talks."""
    draw = random.Random(seed)
    calls, duty = CALLS, DUTY
    for day in range(days):
        opens = day * 86400 + 9 * 3600
        at, free = opens, [opens] * agents
        for agent in range(agents):
            duty += f"{agent + 1},{opens},{opens + hours * 3600},A+B\n"
        while (at := at + draw.expovariate(rate)) < opens + hours * 3600:
            patience, talk = draw.expovariate(1 / 120), draw.expovariate(1 / 100)
            agent = min(range(agents), key=lambda i: free[i])
            wait = max(0.0, free[agent] - at)
            who = f"{at:.2f},{'AB'[draw.random() < 0.3]}"
            caller = draw.randrange(1, 4000)
            kind = f"{draw.choice([1, 2])},{caller}" if wait else "0,0"
            if wait > patience:
                calls += f"{who},{kind},abandoned,{patience:.2f},,,\n"
                continue
            calls += f"{who},{kind},answered,{wait:.2f},{at + wait:.2f},{talk:.2f},{agent + 1}\n"
            free[agent] = at + wait + talk + draw.expovariate(1 / 20)
    return calls, duty


class Replay(Command):
    """Recorded calls, made up here; and the real ones, where somebody has them."""

    def setUp(self):
        super().setUp()
        calls, duty = recorded_days()
        self.calls = self.file("calls.csv", calls)
        self.duty = self.file("duty.csv", duty)

    def replay(self, *words):
        return run("flood", "replay", self.calls, self.duty, *words)

    def test_the_other_half_is_predicted(self):
        report = os.path.join(self.folder, "out.html")
        done = self.replay("--runs", "4", "--report", report)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        self.assert_narrow(done.stdout)
        self.assertRegex(done.stdout, r"\ADays 3 to 4 from days 1 to 2: ")
        for word in ("recorded", "simulated", "naive", "priority customers", "state "):
            self.assertIn(word, done.stdout)
        self.assertNotIn("nan", done.stdout)
        self.assertTrue(os.path.getsize(report) > 10000)

    def test_days_asked_for(self):
        done = self.replay("--runs", "2", "--fit-days", "2-4", "--days", "1", "--quiet")
        self.assertRegex(done.stdout, r"\ADay 1 from days 2 to 4: ")
        done = self.replay("--runs", "2", "--fit-days", "1-3", "--quiet")
        self.assertRegex(done.stdout, r"\ADay 4 from days 1 to 3: ")
        done = self.replay("--runs", "2", "--days", "2-4", "--quiet")
        self.assertRegex(done.stdout, r"\ADays 2 to 4 from day 1: ")

    def test_days_that_cannot_be(self):
        self.assert_refused(self.replay("--fit-days", "1-3", "--days", "3-4"), "overlap", "1-3")
        self.assert_refused(self.replay("--fit-days", "1-2", "--days", "5-6"), "5-6", "no calls")
        self.assert_refused(self.replay("--fit-days", "5-6", "--days", "1-2"), "5-6", "no calls")
        self.assert_refused(self.replay("--fit-days", "1-4"), "predict")
        self.assert_refused(self.replay("--days", "1-4"), "fit on")
        self.assert_refused(self.replay("--fit-days", "3-1"), "3-1")
        one = self.file("one.csv", CALLS + "100,A,0,0,answered,0,100,60,1\n")
        self.assert_refused(run("flood", "replay", one, self.duty), "1 day,")

    def test_nobody_was_answered(self):
        calls = self.file("left.csv", CALLS + "100,A,0,0,abandoned,9,,,\n"
                          "90000,A,0,0,answered,9,90009,60,1\n")
        self.assert_refused(run("flood", "replay", calls, self.duty), "no call was answered")

    def test_nobody_is_on_duty(self):
        duty = self.file("none.csv", DUTY + "1,100,200,A+B\n")
        self.assert_refused(self.replay_of(self.calls, duty), "none.csv: nobody in the roster",
                            "days 3 to 4")

    def replay_of(self, calls, duty):
        return run("flood", "replay", calls, duty)

    def test_a_mistake_has_its_place(self):
        bad = self.file("bad.csv", CALLS + "100,A,0,0,answered,0,100,60,1\n"
                        "100,A,7,0,answered,0,,,\n")
        self.assert_refused(run("flood", "replay", bad, self.duty), "bad.csv:3:7: priority is `7`")
        bad = self.file("worse.csv", DUTY + "1,100,50,A\n")
        self.assert_refused(run("flood", "replay", self.calls, bad), "worse.csv:2:7:")
        self.assert_refused(run("flood", "replay", "no/such.csv", self.duty), "no/such.csv")

    def test_what_other_programs_write_is_told(self):
        line = "100,A,0,0,answered,0,100,60,1\n"
        quoted = ",".join('"%s"' % name for name in CALLS.strip().split(",")) + "\n"
        for name, text, words in (
                ("quotes", quoted + line, "quotes are not read"),
                ("blanks", CALLS.replace(",", ", ") + line, "blanks beside a comma"),
                ("semicolons", CALLS.replace(",", ";") + line, "divided by commas alone"),
                ("returns", (CALLS + line).replace("\n", "\r"), "a carriage return inside"),
                ("types", CALLS + line.replace("A", "A B"), "letters, digits, `_` or `-`"),
                ("one", CALLS + "x\n", "1 cell; expected 9"),
                ("slow", CALLS + line.replace("answered,0,", "answered,99999999,"),
                 "wait_s is `99999999`; expected seconds from 0 to 86400"),
                ("long", CALLS + line.replace(",60,", ",86401,"), "service_s is `86401`")):
            path = self.file(name + ".csv", text)
            self.assert_refused(run("flood", "replay", path, self.duty), name + ".csv:", words)
        with open(self.calls, encoding="utf-8") as file:  # a line of blanks is none
            spaced = self.file("spaced.csv", file.read().replace("\n", "\n  \n", 3))
        words = ("--runs", "1", "--quiet")
        self.assertEqual(run("flood", "replay", spaced, self.duty, *words).stdout,
                         self.replay(*words).stdout)

    def test_the_page_says_who_the_priorities_are(self):
        done = self.replay("--runs", "1")
        self.assertIn("Priority 1 are the centre's priority customers, who are 2 in the column",
                      " ".join(done.stdout.split()))

    def test_another_order_is_shown_and_not_judged(self):
        said = "shown beside the record and not judged"
        done = self.replay("--runs", "1", "--policy", "lifo")
        self.assertIn(said, " ".join(done.stdout.split()))
        self.assertNotIn(said, " ".join(self.replay("--runs", "1").stdout.split()))

    def test_a_replay_has_nothing_to_guess(self):
        for words in (["--guesses"], ["--danger-patience", "25%"]):
            self.assert_refused(self.replay(*words), "has no guessed numbers to vary and nobody of "
                                                     "priority 0", "belong to `flood run`")

    def test_the_same_seed_gives_the_same_everything(self):
        def told(*words):
            data = self.data("flood", "replay", self.calls, self.duty, "--quiet", "--runs", "3",
                             *words)
            policy = data["policies"][0]
            return policy["state_hash"], policy["event_digest"], data["recorded"], data["notes"]
        self.assertEqual(told("--seed", "7"), told("--seed", "7"))
        self.assertNotEqual(told("--seed", "7")[1], told("--seed", "8")[1])

    def test_policies_meet_the_same_people(self):
        data = self.data("flood", "replay", self.calls, self.duty, "--quiet", "--runs", "3",
                         "--policy", "fifo", "--policy", "head-start")
        first, second = data["policies"]
        self.assertEqual(first["all"]["people"], second["all"]["people"])
        self.assertGreater(first["priorities"]["1"]["wait_answered_s"]["value"],
                           second["priorities"]["1"]["wait_answered_s"]["value"])
        # What was recorded went by the centre's own rule: beside it stands head-start.
        row = next(r for r in data["recorded"] if r["measure"].startswith("mean wait, answered"))
        self.assertEqual(row["simulated"], second["all"]["wait_answered_s"]["value"])
        self.assertEqual((first["goals"], len(second["goals"])), ([], 1))

    def test_the_json_is_what_the_page_says(self):
        page = documented()
        data = self.data("flood", "replay", self.calls, self.duty, "--quiet", "--runs", "2")
        self.assertEqual(sorted(data), sorted(page["The document"]))
        self.assertTrue(data["notes"])
        for row in data["recorded"]:
            self.assertEqual(sorted(row), sorted(page["A recorded row"]))
            self.assertIn(row["unit"], ("count", "share", "s"))
        for mark in data["marks"]:
            self.assertEqual(sorted(mark), sorted(page["A mark"]))
        groups = [row["group"] for row in data["recorded"]]
        for group in ("all", "priority customers", "other customers", "A", "B"):
            self.assertIn(group, groups)

    def test_people_are_counted_once(self):
        data = self.data("flood", "replay", self.calls, self.duty, "--quiet", "--runs", "2")
        figure = {(r["group"], r["measure"]): r for r in data["recorded"]}
        people = figure["all", "people"]
        self.assertEqual(people["recorded"], people["simulated"])
        self.assertAlmostEqual(people["recorded"], figure["all", "people answered"]["recorded"] +
                               figure["all", "people who gave up"]["recorded"], places=6)
        self.assertGreaterEqual(figure["all", "calls, redials included"]["recorded"],
                                people["recorded"])

    def test_the_real_weeks_where_they_are(self):
        folder = os.environ.get("SPW_DATA", os.path.join(ROOT, "..", "shared", "data"))
        found = [sorted(glob.glob(os.path.join(folder, "*" + end)))
                 for end in ("contacts.csv", "roster.csv")]
        if not all(found):
            print("no recorded calls in SPW_DATA nor in ../shared/data: left out", file=sys.stderr)
            return
        data = self.data("flood", "replay", found[0][0], found[1][0], "--runs", "4", "--quiet")
        self.assertFalse(data["broken"], data["broken_text"])
        goal = data["policies"][0]["goals"][0]
        self.assertTrue(goal["kept"])
        self.assertLess(goal["measured"], goal["wanted"])


class Policies(Command):
    def compile(self, source, name):
        path = os.path.join(self.folder, name)
        subprocess.run([os.environ.get("CC", "cc"), "-std=c11", "-shared", "-fPIC", "-Iinclude",
                        source, "-o", path], cwd=ROOT, check=True)
        return path

    def test_one_of_somebody_else(self):
        policy = self.compile("tests/theory/longest_ranked.c", "mine.so")
        data = self.data("flood", "run", self.small(), "--quiet", "--policy", policy)
        self.assertEqual(data["policies"][0]["name"], "longest-ranked")

    def test_unknown_name(self):
        self.assert_refused(run("flood", "run", self.small(), "--policy", "best"), "`best`",
                            "head-start", "shared object")
        self.assert_refused(run("flood", "run", self.small(), "--policy", "fifoo"),
                            "did you mean `fifo`?")

    def test_no_such_object(self):
        self.assert_refused(run("flood", "run", self.small(), "--policy", "./no.so"),
                            "policy ./no.so: cannot open", "expected a shared object")
        text = self.file("text.so", "not an object\n")
        self.assert_refused(run("flood", "run", self.small(), "--policy", text), text, "expected")

    def test_an_object_without_the_entry(self):
        path = self.compile(self.file("empty.c", "int nothing;\n"), "empty.so")
        self.assert_refused(run("flood", "run", self.small(), "--policy", path),
                            "spw_policy_entry")

    def test_an_object_of_another_revision(self):
        source = self.file("old.c", "#include <spillway.h>\n"
                           "const struct spw_policy *spw_policy_entry(void);\n"
                           "static const struct spw_policy old = {.size = sizeof old, .abi = 99};\n"
                           "const struct spw_policy *spw_policy_entry(void) { return &old; }\n")
        done = run("flood", "run", self.small(), "--policy", self.compile(source, "old.so"))
        self.assert_refused(done, "revision 99", "compile it against")

    def made(self, name, members, hook=""):
        """A policy whose struct has these members besides size and revision."""
        source = self.file(name + ".c", "#include <spillway.h>\n"
                           "#include <stdint.h>\n"
                           "const struct spw_policy *spw_policy_entry(void);\n"
                           "#define HOOK(x) static void x(const void *params, \\\n"
                           "    const struct spw_decision *d, const struct spw_head *heads, \\\n"
                           "    size_t n, int64_t *scores)\n" + hook +
                           "static const struct spw_policy it = {.size = sizeof it,\n"
                           "  .abi = SPW_POLICY_REVISION, %s};\n"
                           "const struct spw_policy *spw_policy_entry(void) { return &it; }\n"
                           % members)
        return self.compile(source, name + ".so")

    def test_an_object_with_a_wrong_member_is_told_which(self):
        order = "HOOK(order) { (void)params, (void)d, (void)heads; scores[0] = (int64_t)n; }\n"
        for members, hook, words in (
                ('.name = "bare"', "", "no `order` hook"),
                ('.name = "Loud", .order = order', order, "other characters"),
                ('.order = order', order, "its name is empty"),
                ('.name = {"abcdefghijklmnopqrstuvwx"}, .order = order', order, "too long"),
                ('.name = "flags", .flags = 64, .order = order', order, "flags 0x40")):
            done = run("flood", "run", self.small(), "--policy", self.made("w", members, hook))
            self.assert_refused(done, "w.so", words)

    def test_scores_that_make_no_sense_break_nothing(self):
        """A policy may rank badly; it cannot break law, capacity or the books."""
        rest = " (void)params, (void)d, (void)heads, (void)n, (void)scores; }\n"
        for name, body in (
                ("silent", ""),
                ("all-alike", "for (size_t i = 0; i < n; i++) scores[i] = INT64_MIN;"),
                ("far-apart", "for (size_t i = 0; i < n; i++)"
                              " scores[i] = i % 2 ? INT64_MAX : INT64_MIN;"),
                ("by-place", "for (size_t i = 0; i < n; i++) scores[i] = -(int64_t)i;")):
            policy = self.made(name, '.name = "%s", .order = order' % name,
                               "HOOK(order) { %s %s" % (body, rest))
            data = self.data("flood", "run", SMALL_CENTRE, "--runs", "2", "--quiet", "--policy",
                             policy, "--policy", "fifo")
            mine, fifo = data["policies"]
            self.assertEqual(mine["name"], name)
            self.assertEqual(mine["invariant_broken"], 0, mine["invariant_text"])
            self.assertEqual(mine["all"]["people"], fifo["all"]["people"])
            self.assertGreater(mine["all"]["reached_share"]["value"], 0.3)

    def test_several_side_by_side(self):
        policy = self.compile("tests/theory/longest_ranked.c", "mine.so")
        data = self.data("flood", "run", self.small(), "--quiet", "--policy", policy, "--policy",
                         "fifo", "--policy", policy)
        names = [p["name"] for p in data["policies"]]
        self.assertEqual(names, ["longest-ranked", "fifo", "longest-ranked"])
        self.assertEqual(data["policies"][0]["state_hash"], data["policies"][2]["state_hash"])

    def test_two_of_one_name_are_refused(self):
        order = "HOOK(order) { (void)params, (void)d, (void)heads; scores[0] = (int64_t)n; }\n"
        mine = self.made("mine", '.name = "mine", .order = order', order)
        other = self.made("other", '.name = "mine", .order = order', order)
        fifo = self.made("fifo", '.name = "fifo", .order = order', order)
        for words in (["--policy", mine, "--policy", other], ["--policy", fifo]):
            self.assert_refused(run("flood", "run", self.small(), *words), "is that of")


if __name__ == "__main__":
    if "--spillway" in sys.argv:
        at = sys.argv.index("--spillway")
        SPILLWAY = os.path.abspath(sys.argv[at + 1])
        del sys.argv[at:at + 2]
    unittest.main()
