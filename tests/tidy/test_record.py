#!/usr/bin/env python3
"""test_record.py - README.md and bench/FLOODS.md quote bench/results, and nothing gets past that.

The tree must agree with itself. Then, in a copy with figures made up here, what is kept must be
quoted, and a figure changed on either side must be noticed.
"""

import copy
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RECORD = os.path.join(ROOT, "bench", "record.py")


def figure(value):
    return {"value": value, "half_width": 0.01}


def group(reached):
    return {"people": figure(12345.0), "attempts": figure(23456.0),
            "answered": figure(7.0), "reached_share": figure(reached),
            "within_target_share": figure(0.5), "abandoned_share": figure(0.25),
            "wait_p50_s": figure(0.5), "wait_p90_s": figure(4321.0)}


def flood(name):
    policy = {"name": "head-start", "state_hash": "00c0ffee", "people": 8000000, "seconds": 12.5,
              "all": group(0.611), "priorities": {"0": group(0.977), "1": group(0.733)},
              "series": [1, 2, 3]}
    fifo = dict(copy.deepcopy(policy), name="fifo")
    fifo["priorities"]["1"] = group(0.499)
    return {"scenario": {"file": "/somewhere/%s.yaml" % name}, "command_line": "/somewhere/x",
            "seed": 5, "runs": 20, "verdict": "A sentence about %s." % name,
            "policies": [policy, fifo],
            "marks": [{"path": "a.b", "value": "14", "how": "guessed", "source": "no source"},
                      {"path": "c.d", "value": "15", "how": "sourced", "source": "a paper"}],
            "guesses": [{"path": "a.b", "unvaried": "", "runs": 5, "priority": 0, "all": 0.5,
                         "all_half": 0.251, "all_twice": 0.752, "urgent": 0.9,
                         "urgent_half": 0.8, "urgent_twice": None},
                        {"path": "e.f", "unvaried": "it is a word", "runs": 5, "priority": 0,
                         "all": 0.5, "all_half": None, "all_twice": None, "urgent": 0.9,
                         "urgent_half": None, "urgent_twice": None}],
            "recorded": [recorded("all", "mean wait (s)", "s", 61.0, 62.0, 0.5, 91.0, 10.0),
                         recorded("all", "given up", "share", 0.125, 0.25, 0.5, 0.75, 0.01),
                         recorded("priority 1", "answered", "count", 1111.0, 1112.0, None, None,
                                  None)]}


def recorded(group_name, measure, unit, was, simulated, half_width, naive, band):
    return {"group": group_name, "measure": measure, "unit": unit, "recorded": was,
            "simulated": simulated, "half_width": half_width, "naive": naive, "band": band}


def measured(value):
    return {"median": value, "min": value, "max": value, "runs": [value]}


MADE_UP = {
    "storm": flood("storm"), "replay": flood("replay"), "year": flood("year"),
    "theory": {"values": 171, "families": 9, "good": 169, "imprecise": 2, "off": 0,
               "precision": 0.005},
    "throughput": {"mode": "full", "rows": [
        {"table": "lifecycle", "row": "10 k waiting, batches", "M inputs/s": measured(1.0)},
        {"table": "lifecycle", "row": "1 M waiting, batches", "M inputs/s": measured(7.77)},
        {"table": "latency", "row": "free-and-match, 1 M waiting, 1024 classes",
         "p50": measured(251.0), "p99": measured(1499.0)},
        {"table": "memory", "row": "bytes", "all, as told": measured(97.0)}]},
}


class Record(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = os.path.join(folder.name, "tree")
        self.out = os.path.join(folder.name, "out")
        os.makedirs(os.path.join(self.root, "bench"))
        os.makedirs(self.out)
        shutil.copy(os.path.join(ROOT, "README.md"), self.root)
        for part, figures in MADE_UP.items():
            self.write(os.path.join(self.out, part + ".json"), json.dumps(figures))
        for part in ("theory", "throughput"):
            self.write(os.path.join(self.out, part + ".md"), "a page of %s\n" % part)

    @staticmethod
    def write(path, text):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def read(self, *path):
        with open(os.path.join(self.root, *path), encoding="utf-8") as file:
            return file.read()

    def record(self, *words, root=None):
        done = subprocess.run([sys.executable, RECORD, "--root", root or self.root, *words],
                              capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def keep(self):
        status, said = self.record("keep", self.out)
        self.assertEqual(status, 0, said)

    def changed(self, change, *path):
        """What check says once `change` has been made to a file."""
        before = self.read(*path)
        after = change(before)
        self.assertNotEqual(before, after)
        self.write(os.path.join(self.root, *path), after)
        status, said = self.record("check")
        self.write(os.path.join(self.root, *path), before)
        self.assertEqual(self.record("check")[0], 0)
        return status, said

    def test_the_tree_agrees_with_itself(self):
        status, said = self.record("check", root=ROOT)
        self.assertEqual(status, 0, said)

    def test_what_is_kept_is_quoted(self):
        self.keep()
        self.assertEqual(self.record("check")[0], 0)
        page = self.read("README.md")
        for words in ("23,456 calls", "97.7 % reached", "73.3 % reached", "49.9 %",
                      "1 h 12 min 1 s", "A sentence about replay |", "171 values", "169 reproduced",
                      "0 off", "7.77 M inputs", "251 ns", "1.5 us", "97 bytes", "8,000,000 people",
                      "12 s"):
            self.assertIn(words, page)
        page = self.read("bench", "FLOODS.md")
        for words in ("A sentence about replay.", "state 00c0ffee", "seed 5",
                      "| priority 1: answered | 1,111 | 1,112 | - |",
                      "| all: mean wait (s) | 61 | 62 ± 0.5 | 91 |",
                      "| all: given up | 12.5 % | 25.0 %! ± 50.0 % | 75.0 % |",
                      "`a.b`: 14 (no source)", "| as guessed | 50.0 % | | 90.0 % | |",
                      "| `a.b` | 25.1 % | 75.2 % | 80.0 % | - |"):
            self.assertIn(words, page)
        self.assertNotIn("a paper", page)
        self.assertNotIn("e.f", page)

    def test_no_path_and_no_series_is_kept(self):
        self.keep()
        text = self.read("bench", "results", "storm.json")
        self.assertNotIn("somewhere", text)
        self.assertNotIn("series", text)

    def test_a_result_that_changed_is_noticed(self):
        self.keep()
        status, said = self.changed(lambda t: t.replace("0.977", "0.978"),
                                    "bench", "results", "storm.json")
        self.assertEqual(status, 1)
        self.assertIn("README.md", said)
        self.assertIn("bench/FLOODS.md", said)
        status, _ = self.changed(lambda t: t.replace("169", "170"),
                                 "bench", "results", "theory.json")
        self.assertEqual(status, 1)

    def test_a_page_that_changed_is_noticed(self):
        self.keep()
        for path in (("README.md",), ("bench", "FLOODS.md"), ("bench", "RESULTS.md"),
                     ("tests", "theory", "RESULTS.md")):
            status, said = self.changed(
                lambda t: t.replace("97.7 %", "99.7 %").replace("a page", "another page"), *path)
            self.assertEqual(status, 1)
            self.assertIn("/".join(path), said)

    def test_the_text_around_the_table_is_free(self):
        self.keep()
        path = os.path.join(self.root, "README.md")
        self.write(path, self.read("README.md") + "\nMore words.\n")
        self.assertEqual(self.record("check")[0], 0)

    def test_nothing_is_kept_of_half_a_measurement(self):
        os.remove(os.path.join(self.out, "replay.json"))
        status, said = self.record("keep", self.out)
        self.assertEqual(status, 1)
        self.assertIn("replay.json is missing", said)
        self.assertFalse(os.path.exists(os.path.join(self.root, "bench", "results")))
        self.assertEqual(self.record("--partly", "keep", self.out)[0], 0)
        self.assertEqual(self.record("check")[0], 0)


if __name__ == "__main__":
    unittest.main()
