#!/usr/bin/env python3
"""test_floods.py - the scenarios that come with the command: each keeps its goals, says where its
numbers come from, and stands in the page.

  test_floods.py --spillway build/spillway
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SPILLWAY = "build/spillway"
LONG = {"national-year"}  # a year: only that it can be read


def names():
    done = subprocess.run([SPILLWAY, "flood", "list"], cwd=ROOT, capture_output=True, text=True,
                          check=True)
    return [line for line in done.stdout.splitlines() if not line.startswith(" ")]


class Floods(unittest.TestCase):
    def outcome(self, name):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "out.json")
            done = subprocess.run([SPILLWAY, "flood", "run", name, "--policy", "head-start",
                                   "--quiet", "--json", path], cwd=ROOT, capture_output=True,
                                  text=True, check=False)
            self.assertEqual(done.returncode, 0, name + ": " + done.stdout + done.stderr)
            with open(path, encoding="utf-8") as file:
                return json.load(file)

    def test_each_keeps_its_goals_and_marks_its_guesses(self):
        self.assertGreaterEqual(len(names()), 5)
        for name in names():
            with self.subTest(name):
                if name in LONG:
                    continue
                outcome = self.outcome(name)
                goals = outcome["policies"][0]["goals"]
                self.assertTrue(goals and all(goal["kept"] for goal in goals))
                self.assertEqual(outcome["policies"][0]["invariant_broken"], 0)
                how = [mark["how"] for mark in outcome["marks"]]
                self.assertGreaterEqual(how.count("guessed"), 5)
                for mark in outcome["marks"]:
                    self.assertGreater(len(mark["source"]), 5, mark)

    def test_the_figures_of_the_storm(self):
        """1,773 calls in the worst hour, 1,692 in the next, 4,887 in twelve, as reported."""
        goals = self.outcome("montgomery-storm")["policies"][0]["goals"]
        for goal, reported in zip(goals, (1773, 1692, 4887)):
            self.assertLess(abs(goal["measured"] / reported - 1), 0.02, goal)

    def test_each_stands_in_the_page(self):
        with open(os.path.join(ROOT, "bench/scenarios/README.md"), encoding="utf-8") as file:
            page = file.read()
        for name in names():
            self.assertIn("| `%s` |" % name, page)


if __name__ == "__main__":
    if "--spillway" in sys.argv:
        at = sys.argv.index("--spillway")
        SPILLWAY = os.path.abspath(sys.argv[at + 1])
        del sys.argv[at:at + 2]
    unittest.main()
