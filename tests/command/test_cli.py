#!/usr/bin/env python3
"""test_cli.py - the command `spillway` from outside: exit status, messages, table, JSON, policies.

  test_cli.py --spillway build/spillway
"""

import json
import os
import pty
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
STORM = "bench/scenarios/montgomery-storm.yaml"
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


class BadInput(Command):
    def test_a_file_that_is_not_there(self):
        self.assert_refused(run("flood", "run", "no/such.yaml"), "no/such.yaml", "No such file")

    def test_a_folder(self):
        self.assert_refused(run("flood", "run", self.folder), self.folder)

    def test_a_mistake_has_its_place(self):
        text = SMALL % {"runs": 1, "goal": "1 %"}
        path = self.file("bad.yaml", text.replace("crews:", "crew:"))
        self.assert_refused(run("flood", "run", path), "bad.yaml:17:1: unknown key `crew`", "crews")

    def test_noise(self):
        path = os.path.join(self.folder, "noise.yaml")
        with open(path, "wb") as file:
            file.write(bytes(range(256)) * 8)
        self.assert_refused(run("flood", "run", path), "noise.yaml")

    def test_where_nothing_can_be_written(self):
        done = run("flood", "run", self.small(), "--quiet", "--json", "/no/such/folder/x.json")
        self.assertEqual(done.returncode, 2)
        self.assertIn("/no/such/folder/x.json", done.stderr)


class Outcome(Command):
    def test_the_verdict_stands_first_in_80_columns(self):
        done = run("flood", "run", STORM, "--runs", "2")
        self.assert_narrow(done.stdout)
        self.assert_narrow(done.stderr)
        self.assertRegex(done.stdout, r"\AOf 100 people who called, \d+ were reached")
        self.assertNotIn("\r", done.stderr)
        self.assertNotIn("nan", done.stdout)

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
        self.assertIn("1 of 1 declared target not met", done.stdout)

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

    def test_the_json_is_what_the_page_says(self):
        with open(os.path.join(ROOT, "bench/scenarios/README.md"), encoding="utf-8") as file:
            page = file.read()
        data = self.data("flood", "run", self.small(), "--quiet")
        policy = data["policies"][0]
        for key in [*data, *policy, *policy["all"], *policy["goals"][0]]:
            self.assertIn("`%s`" % key, page)
        self.assertEqual(set(policy["priorities"]), {"0", "2"})
        self.assertEqual(set(policy["queues"]), {"voice"})
        self.assertEqual(set(policy["pools"]), {"c"})
        self.assertGreater(policy["all"]["people"]["half_width"], 0)
        ended = sum(figure["value"] for figure in policy["all"]["ended"].values())
        self.assertAlmostEqual(ended, policy["all"]["attempts"]["value"], places=6)

    def test_one_run_has_no_half_width(self):
        data = self.data("flood", "run", self.small(runs=1), "--quiet")
        self.assertIsNone(data["policies"][0]["all"]["people"]["half_width"])


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

    def test_no_such_object(self):
        self.assert_refused(run("flood", "run", self.small(), "--policy", "./no.so"), "no.so")

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

    def test_an_object_that_the_engine_refuses(self):
        source = self.file("bare.c", "#include <spillway.h>\n"
                           "const struct spw_policy *spw_policy_entry(void);\n"
                           "static const struct spw_policy bare = {.size = sizeof bare,\n"
                           "  .abi = SPW_POLICY_REVISION, .name = \"bare\"};\n"
                           "const struct spw_policy *spw_policy_entry(void) { return &bare; }\n")
        done = run("flood", "run", self.small(), "--policy", self.compile(source, "bare.so"))
        self.assert_refused(done, "policy")


if __name__ == "__main__":
    if "--spillway" in sys.argv:
        at = sys.argv.index("--spillway")
        SPILLWAY = os.path.abspath(sys.argv[at + 1])
        del sys.argv[at:at + 2]
    unittest.main()
