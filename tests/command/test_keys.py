#!/usr/bin/env python3
"""test_keys.py - every key that the readers of plans and scenarios take stands in
bench/scenarios/README.md, and the page names no key that they do not take.

A reader says what it takes in an array that it hands to spw__expect_keys; an array that this test
cannot find is a failure, so that no key slips past it.
"""

import glob
import os
import re
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PAGE = "bench/scenarios/README.md"

# Words before a colon in the page that somebody chose for an example: names, not keys.
NAMES = {"ar", "danger", "talk", "column"}
# Keys that every map may have; the reader of YAML takes them out (plan/yaml.c).
MARKS = {"value", "sourced", "derived", "guessed"}


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def literals(text):
    return re.findall(r'"([^"]*)"', text)


def arrays(text):
    """(place, name, its words) of every array of words."""
    for found in re.finditer(
            r"const char \*const (\w+)\[\](?:\[\d+\])? =\s*\{(.*?)\};", text, re.S):
        yield found.start(), found.group(1), literals(found.group(2))


def keys_of(path):
    text = read(path)
    known = list(arrays(text))
    keys = set()
    for call in re.finditer(r"spw__expect_keys\([^;{]*?,\s*([\w\[\]]+)\)", text):
        name = re.sub(r"\[\w+\]$", "", call.group(1))
        if name == "known":  # the nearest above
            best = [words for place, other, words in known
                    if other == name and place < call.start()][-1:]
        else:
            best = [words for _, other, words in known if other == name]
        if not best and name.endswith("_keys"):  # handed in by the caller
            best = [words for _, other, words in known if other.endswith("_keys")]
        assert best, "%s: where are the keys of `%s`?" % (path, name)
        for words in best:
            keys.update(words)
    for _, name, words in known:
        if name == "shape_keys":
            keys.update(words)
    return keys


def reader_keys():
    paths = glob.glob(os.path.join(ROOT, "lib/plan/*.c")) + glob.glob(
        os.path.join(ROOT, "lib/command/**/*.c"), recursive=True)
    keys = set(MARKS)
    for path in sorted(os.path.relpath(path, ROOT) for path in paths):
        if path != "lib/plan/tree.c":  # there it is defined
            keys |= keys_of(path)
    return keys


def page_parts():
    """The page up to the part about the JSON, as code in backticks and indented code."""
    page = read(PAGE).split("\n## The JSON")[0]
    spans = re.findall(r"`([^`]+)`", page)
    blocks = [line for line in page.splitlines() if line.startswith("    ")]
    return page, spans, blocks


class Keys(unittest.TestCase):
    def test_every_key_is_described(self):
        _, spans, blocks = page_parts()
        words = set()
        for text in spans + blocks:
            words.update(re.findall(r"[\w-]+", text))
        missing = sorted(key for key in reader_keys() if key not in words and not key.isdigit())
        self.assertEqual(missing, [])

    def test_the_page_describes_no_other(self):
        page, spans, blocks = page_parts()
        told = set()
        for text in spans + blocks:
            told.update(re.findall(r"([a-z_]+):(?:\s|$)", text))
        in_tables = re.findall(r"^\| key \|(?: default \|)? meaning \|\n[|-]+\n((?:\|.*\n)+)", page,
                               re.M)
        for row in "".join(in_tables).splitlines():
            told.update(re.findall(r"`([a-z_]+)`", row.split("|")[1]))
        self.assertGreater(len(told), 100)
        self.assertEqual(sorted(told - reader_keys() - NAMES), [])


    def test_the_columns_of_recorded_calls(self):
        page = read(PAGE)
        text = read("lib/command/replay/trace.c")
        wanted = [words for _, name, words in arrays(text) if name == "wanted"]
        self.assertEqual(len(wanted), 2)
        for what, names in zip(("contacts", "roster"), wanted):
            table = re.search(r"^\| column of the %s \|.*\n.*\n((?:\|.*\n)+)" % what, page, re.M)
            told = [name for row in table.group(1).splitlines()
                    for name in re.findall(r"`(\w+)`", row.split("|")[1])]
            self.assertEqual(sorted(told), sorted(names))


if __name__ == "__main__":
    unittest.main()
