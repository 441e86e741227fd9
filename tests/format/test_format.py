#!/usr/bin/env python3
"""test_format.py - lib/FORMAT.md says what the bytes of an export are.

Exports of random engines are decoded by the grammar of that page, by code that knows nothing of the
engine: every word must have a name, the last word must be the digest of those before it, and the
hash that the engine tells must be that digest. The example's rows must be the bytes of the example.

  test_format.py --export-some PROGRAM
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PAGE = os.path.join(ROOT, "lib", "FORMAT.md")
MASK = (1 << 64) - 1
EXPORTS = 60


def digest(words):
    """base/digest.h, from its description: 128 bits, one multiply per word."""
    a, b = 0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9
    for word in words:
        x = ((a ^ word) * 0xd6e8feb86659fd93) & MASK
        a = ((x ^ (x >> 32)) + b) & MASK
        b = (((b << 23) | (b >> 41)) & MASK) ^ x
    x = a ^ (((b << 32) | (b >> 32)) & MASK)
    x = ((x ^ (x >> 30)) * 0xbf58476d1ce4e5b9) & MASK
    x = ((x ^ (x >> 27)) * 0x94d049bb133111eb) & MASK
    return x ^ (x >> 31)


def grammar(page):
    records = {}
    block = re.search(r"```grammar\n(.*?)```", page, re.S).group(1)
    for line in block.strip().split("\n"):
        name, items = line.split(": ")
        records.setdefault(name, []).extend(items.split())
    return records


class Reader:
    def __init__(self, records, words):
        self.records, self.words, self.at = records, words, 0
        self.used, self.seen = set(), {}

    def take(self):
        if self.at == len(self.words):
            raise ValueError("the words end too early")
        self.at += 1
        return self.words[self.at - 1]

    def count(self, text, scopes):
        def value(term):
            if term.isdigit():
                return int(term)
            odd = re.fullmatch(r"odd\((\w+)\)", term)
            name = odd.group(1) if odd else term
            for scope in [*reversed(scopes), self.seen]:
                if name in scope:
                    return sum(w & 1 for w in scope[name]) if odd else scope[name][0]
            raise ValueError("%s has not come before" % name)

        total = 0
        for addend in text.split("+"):
            product = 1
            for factor in addend.split("*"):
                product *= value(factor)
            total += product
        return total

    def record(self, name, scopes):
        scope = {}
        scopes = scopes + [scope]
        self.used.add(name)
        for item in self.records[name]:
            word, _, number = re.fullmatch(r"(\w+)(?:([*?])(.+))?", item).groups(default="")
            times = self.count(number, scopes) if number else 1
            if "?" in item:
                times = min(times, 1)
            for _ in range(times):
                if word in self.records:
                    self.record(word, scopes)
                else:
                    scope.setdefault(word, []).append(self.take())
            if word not in self.records:
                self.seen[word] = scope.setdefault(word, [])
        return scope


def words_of(path):
    with open(path, "rb") as file:
        data = file.read()
    assert len(data) % 8 == 0, "not whole words"
    return [int.from_bytes(data[i:i + 8], "little") for i in range(0, len(data), 8)]


def check_example(page, words):
    told = re.search(r"to 1\.5 s: (\d+) words", page)
    wrong = [] if int(told.group(1)) == len(words) else ["the example has %d words" % len(words)]
    rows = re.findall(r"^\| (\d+) \| ((?:[0-9a-f]{2} ){7}[0-9a-f]{2}) \|", page, re.M)
    for number, told in rows:
        bytes_ = words[int(number)].to_bytes(8, "little").hex(" ")
        if bytes_ != told:
            wrong.append("word %s of the example is %s, not %s" % (number, bytes_, told))
    return wrong if len(rows) >= 6 else wrong + ["the example has lost its rows"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--export-some", required=True)
    options = parser.parse_args()
    with open(PAGE, encoding="utf-8") as file:
        page = file.read()
    records, used, wrong = grammar(page), set(), []
    with tempfile.TemporaryDirectory() as folder:
        told = subprocess.run([options.export_some, folder, str(EXPORTS)], check=True,
                              capture_output=True, text=True).stdout.split("\n")
        hashes = [line.split()[1] for line in told if line]
        for number in range(EXPORTS):
            words = words_of(os.path.join(folder, "%d.export" % number))
            reader = Reader(records, words)
            try:
                scope = reader.record("Export", [])
                if reader.at != len(words):
                    wrong.append("export %d: %d words have no name"
                                 % (number, len(words) - reader.at))
                elif not scope["seal"][0] == digest(words[:-1]) == int(hashes[number], 16):
                    wrong.append("export %d: seal, digest and hash differ" % number)
            except ValueError as error:
                wrong.append("export %d, word %d: %s" % (number, reader.at, error))
            used |= reader.used
            if number == 0:
                wrong += check_example(page, words)
    wrong += ["no export has a %s: the test does not see it" % record
              for record in sorted(set(records) - used)]
    for line in wrong:
        print(line)
    print("%d exports, %d records of the page" % (EXPORTS, len(records)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
