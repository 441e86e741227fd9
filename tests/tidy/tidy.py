#!/usr/bin/env python3
"""tidy.py - the house rules that a program can check.

  columns    no line longer than 100 characters (C, Python, shell)
  file       no .c or .h longer than 700 lines; more than 600 is a warning
  function   no function longer than 70 lines, from its name to its closing brace
  plaque     every .c and .h starts with a comment that says what lives there; a room named after
             "Who calls" is there and names something of this one
  manual     a function of a public header has a comment right above it, or above its group
  banned     lib/base, lib/model, lib/engine: no clock, random numbers, output, files, floating
             point, and memory only where creation takes it
  bounded    nowhere in lib: no gets, strcpy, strcat, sprintf, strtok, alloca, system
  include    an include names its layer ("base/map.h"), sits in a lower layer, climbs nowhere (..)
  name       no path of somebody's machine, no tab in C, no blank at the end of a line, a line
             feed at the end of the file
  map        lib/README.md names every room, and no other; a link, a path or a name of ours in a
             page leads somewhere
  rule       a rule that is cited has its line in lib/RULES.md, and each line there is cited or
             comes later
  shell      the commands on the first page can be pasted as they stand
  planted    the lines that a mistake of tests/planted replaces stand in the code, once
  format     clang-format agrees (--format)
  clang-tidy, cppcheck   say nothing about lib, by .clang-tidy (--analyse BUILD)

A rule may be broken by a comment on the line, or the line before, that says why:
`/* tidy: ... because ... */`. What the tree still owes is counted in debts.txt: a count may fall,
never rise. `--accept` writes the counts of today.

Exit 0 good, 1 a rule is broken, 2 bad usage.
"""

import argparse
import collections
import concurrent.futures
import fnmatch
import functools
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DEBTS = os.path.join(ROOT, "tests", "tidy", "debts.txt")

COLUMNS, FILE_MAX, FILE_WARN, FUNCTION_MAX = 100, 700, 600, 70

LAYERS = {"base": "", "model": "base", "engine": "base model", "plan": "base model engine",
          "sim": "base model engine", "command": "base model engine plan sim"}
CORE = ("lib/base/", "lib/model/", "lib/engine/")

BANNED = re.compile(r"\b(time|clock|clock_gettime|gettimeofday|s?rand|s?random|getrandom|getenv|"
                    r"f?printf|puts|fputs|putchar|fopen|open|socket|malloc|calloc|realloc|free|"
                    r"float|double)\b\s*(\()?")
CALL_ONLY = {"float": False, "double": False}
BOUNDED = re.compile(r"\b(gets|strcpy|strcat|v?sprintf|strtok|alloca|system)\s*\(")
EXCUSE = re.compile(r"/\* tidy: .*\bbecause\b")
SILENT = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
REMARK = re.compile(r"([^:\s]+):(\d+):\d+: (warning|error|cppcheck): (.*\[.*\])$")
PATH = re.compile(r"(?:^|[\s`(])((?:lib|include|bench|tests|examples)/[\w./-]*)")
# T1, S7, I12; M stands for itself. C11 is a language.
RULE = re.compile(r"(?<![\w#$%.-])(?!C11\b)([TDNCUOLSI][1-9]\d?)\b(?![\w.])|\brules? ([MKH])\b")
CITES = (".c", ".h", ".cc", ".md", ".story", ".mistake")
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')
# Assembled, so that this file does not break its own rule.
MACHINE = re.compile("(?<![A-Za-z0-9_.])/" + "(work|home|Users|root)/[a-z]")
# A function's first line: at column 0, a name before a parenthesis, no semicolon at the end.
HEAD = re.compile(r"^[A-Za-z_][\w\s\*]*?\b([A-Za-z_]\w*)\s*\([^;]*$")


class Finding(collections.namedtuple("Finding", "rule path line text")):
    pass


def tracked():
    """Files git knows or would add; in an exported tree without git, every file but build/."""
    try:
        out = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, check=True,
                             capture_output=True, text=True).stdout.split("\n")
    except (OSError, subprocess.CalledProcessError):
        out = []
        for folder, inner, names in os.walk(ROOT):
            inner[:] = [i for i in inner if i not in (".git", "build")]
            out += [os.path.relpath(os.path.join(folder, n), ROOT) for n in names]
    return sorted(p for p in set(out) if p and os.path.isfile(os.path.join(ROOT, p)))


def blank_comments(text):
    """The same text with comments and strings blanked, so that words in them do not count."""
    return SILENT.sub(lambda match: re.sub(r"[^\n]", " ", match.group(0)), text)


def functions(lines):
    """(name, first line, length) of each function; its closing brace stands in column 0."""
    head = None
    for number, line in enumerate(lines, 1):
        if line.startswith("}"):
            if head is not None and head[2]:
                yield head[0], head[1], number - head[1] + 1
            head = None
        elif line == "{" and head is not None:
            head = (head[0], head[1], True)
        elif head is None or not head[2]:
            match = HEAD.match(line)
            if match and not line.startswith(("typedef", "struct {", "#")):
                head = (match.group(1), number, False)
            elif line.endswith(";") or not line.strip():
                head = None


def look_at_lines(path, text, lines, source):
    for number, line in enumerate(lines, 1):
        if len(line) > COLUMNS and (source or path.endswith((".py", ".sh"))):
            yield Finding("columns", path, number, "%d characters" % len(line))
        if source and "\t" in line:
            yield Finding("name", path, number, "a tab")
        if line != line.rstrip() and not path.endswith((".out", ".md")):
            yield Finding("name", path, number, "blanks at the end of the line")
        if MACHINE.search(line):
            yield Finding("name", path, number, "a path of somebody's machine")
    if text and not text.endswith("\n"):
        yield Finding("name", path, len(lines), "no line feed at the end")


def look_at_source(path, text, lines):
    if len(lines) > FILE_MAX:
        yield Finding("file", path, 1, "%d lines; the limit is %d" % (len(lines), FILE_MAX))
    elif len(lines) > FILE_WARN:
        print("tidy: warning: %s has %d lines; a room has 200 to 600" % (path, len(lines)))
    if not re.match(r"\s*/\*(?!\s*\*/)", text):
        yield Finding("plaque", path, 1, "no comment at the head that says what lives here")
    if not path.endswith((".c", ".cc")):
        return
    for name, number, length in functions(blank_comments(text).split("\n")):
        if length > FUNCTION_MAX and not EXCUSE.search("\n".join(lines[max(0, number - 8):number])):
            yield Finding("function", path, number, "%s has %d lines; the limit is %d"
                          % (name, length, FUNCTION_MAX))


def look_at_callers(path, lines):
    """A plaque's "Who calls": each room that it names is there and uses what lives here."""
    end = next((i for i, line in enumerate(lines) if "*/" in line), 0)
    plaque = " ".join(line.strip(" */") for line in lines[:end + 1])
    said = re.search(r"Who calls: (.*?)(?: Cost:|$)", plaque)
    own = set()
    for part in (path, path[:-2] + ".h"):
        if os.path.exists(os.path.join(ROOT, part)):
            with open(os.path.join(ROOT, part), encoding="utf-8") as file:
                own |= set(re.findall(r"^(?!static)\w[^;={}\n]*?\b(spw_\w+)\(", file.read(), re.M))
    layer = "/".join(path.split("/")[:2])
    for name in re.findall(r"\b(?:[a-z]+/)*[a-z_]+\.c\b", said.group(1) if said else ""):
        caller = os.path.dirname(path) + "/" + name
        if "/" in name:  # from the layer's folder, or from lib
            caller = layer + "/" + name
            if not os.path.exists(os.path.join(ROOT, caller)):
                caller = "lib/" + name
        try:
            with open(os.path.join(ROOT, caller), encoding="utf-8") as file:
                used = set(re.findall(r"\bspw_\w+", blank_comments(file.read())))
        except OSError:
            yield Finding("plaque", path, 1, "there is no %s, which is said to call" % caller)
            continue
        if own and not own & used:
            yield Finding("plaque", path, 1, "%s is said to call, and uses nothing of it" % caller)


def look_at_manual(path, lines):
    """A blank line ends a group; a comment at its head, or right above a function, speaks."""
    spoken = False
    for number, line in enumerate(lines, 1):
        spoken = spoken and line.strip() not in ("", "};")
        if line.rstrip().endswith("*/") and line.lstrip().startswith(("/*", "*")):
            spoken = not line.startswith("/* ---")
        if line.startswith("SPW_API ") and not spoken:
            yield Finding("manual", path, number, "no comment says what this does")


def excused(lines, number):
    return any(EXCUSE.search(line) for line in lines[max(0, number - 2):number])


def look_at_lib(path, text, lines):
    layer = path.split("/")[1]
    for number, line in enumerate(blank_comments(text).split("\n"), 1):
        if path.startswith(CORE) and not line.lstrip().startswith("#include"):
            for match in BANNED.finditer(line):
                word, call = match.group(1), match.group(2)
                before = line[:match.start()].rstrip()
                member = before.endswith((".", "->", "*"))
                if (call or word in CALL_ONLY) and not member and not excused(lines, number):
                    yield Finding("banned", path, number, "%s in the core" % word)
        match = BOUNDED.search(line)
        if match and not excused(lines, number):
            yield Finding("bounded", path, number, "%s has no bound" % match.group(1))
    for number, line in enumerate(lines, 1):
        match = INCLUDE.match(line)
        if not match or layer not in LAYERS:
            continue
        first = match.group(1).split("/")[0]
        if "/" not in match.group(1) or first == "..":
            yield Finding("include", path, number, '"%s" does not name its layer' % match.group(1))
        elif first in LAYERS and first != layer and first not in LAYERS[layer].split():
            yield Finding("include", path, number, "%s may not see %s" % (layer, first))


def look_at_map(paths):
    """The table of lib/README.md beside the rooms that there are; `report*` stands for several."""
    page, layer, names = os.path.join("lib", "README.md"), None, {}
    with open(os.path.join(ROOT, page), encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            first = line.split("|")[1] if line.startswith("| `") else ""
            for word in re.findall(r"`([^`]+)`", first):
                layer, _, name = word.rpartition("/") if "/" in word else (layer, "", word)
                names["lib/%s/%s.[ch]" % (layer, name)] = number
    rooms = [p for p in paths if re.fullmatch(r"lib/[a-z]+/(?:[a-z]+/)?[a-z_]+\.c", p)]
    for pattern, number in names.items():
        if not fnmatch.filter(paths, pattern):
            yield Finding("map", page, number, "there is no %s" % pattern)
    for room in rooms:
        if not any(fnmatch.fnmatch(room, pattern) for pattern in names):
            yield Finding("map", page, 1, "%s is not in the table of rooms" % room)


def look_at_paths(path, lines, paths):
    """Links, and what looks like a path from the top or from the page's own folder."""
    here = os.path.dirname(path)
    known = set(paths) | {p[:i] for p in paths for i, c in enumerate(p) if c == "/"}
    for number, line in enumerate(lines, 1):
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", line):
            if os.path.normpath(os.path.join(here, link)) not in known:
                yield Finding("map", path, number, "the link %s leads nowhere" % link)
        for word in PATH.findall(line):
            word = word.rstrip("./")
            if not {word, os.path.join(here, word), word + ".c"} & known:
                yield Finding("map", path, number, "there is no %s" % word)


def look_at_names(pages, sources):
    """A function, type or macro of ours that a page names is in the code."""
    text = []
    for path in sources:
        with open(os.path.join(ROOT, path), encoding="utf-8") as file:
            text.append(file.read())
    known = set(re.findall(r"\b(?:spw|SPW)_\w+", "\n".join(text)))
    for path, lines in pages.items():
        for number, line in enumerate(lines, 1):
            for name in re.findall(r"\b(?:spw|SPW)_[a-z]\w*\b(?![<*])", line):
                if name not in known:
                    yield Finding("map", path, number, "there is no %s" % name)


def look_at_rules(texts):
    """Whoever reads of rule C7 can look it up, and what the page says is in the code."""
    page = "lib/RULES.md"
    known, later = {}, set()
    for number, line in enumerate(texts[page].split("\n"), 1):
        for name in re.findall(r"\*\*([A-Z]\d*)\*\*", line):
            known[name] = number
    for item in re.split(r"\n(?=\* )", texts[page]):
        names = re.findall(r"\*\*([A-Z])(\d*)\*\*", item)
        if re.search(r"\bcomes? later\b", item):
            later |= {letter + number for letter, number in names}
        if "** to **" in item:
            first, last = (int(number) for _, number in names)
            known.update({names[0][0] + str(i): known["".join(names[0])]
                          for i in range(first, last + 1)})
            later |= {names[0][0] + str(i) for i in range(first, last + 1)}
    cited = set()
    for path, text in texts.items():
        for match in RULE.finditer(text) if path != page else ():
            name = match.group(1) or match.group(2)
            cited.add(name)
            if name not in known:
                yield Finding("rule", path, text.count("\n", 0, match.start()) + 1,
                              "%s has no line in %s" % (name, page))
    for name in sorted(set(known) - cited - later):
        yield Finding("rule", page, known[name], "%s is cited nowhere" % name)


def look_at_shell(path, lines):
    """An indented block is for a shell: bash reads it, and what explains a command is a comment."""
    blocks = re.finditer(r"^    \S.*\n(?:    .*\n|\n(?=    ))*", "\n".join(lines) + "\n", re.M)
    for block in blocks:
        number = block.string.count("\n", 0, block.start()) + 1
        said = subprocess.run(["bash", "-n"], input=block.group(0), capture_output=True, text=True)
        if said.returncode != 0:
            yield Finding("shell", path, number, said.stderr.strip().split("\n")[0])
        for offset, line in enumerate(block.group(0).split("\n")):
            script = re.match(r"\s*bash (\S+)((?: +-\S+)*) *(#|$)?", line)
            if script and script.group(3) is None:
                yield Finding("shell", path, number + offset, "words behind %s that are neither"
                              " an option nor a comment" % script.group(1))


def look_at_mistakes(paths):
    mistakes = [p for p in paths if p.startswith("tests/planted/") and p.endswith(".mistake")]
    out = subprocess.run([sys.executable, "tests/planted/plant.py", "stale", *mistakes, "."],
                         cwd=ROOT, capture_output=True, text=True).stderr
    for line in out.splitlines():
        path, _, text = line.partition(": ")
        yield Finding("planted", path, 1, text)


def look_at_format(paths):
    for path in paths:
        out = subprocess.run(["clang-format", "--dry-run", path], cwd=ROOT, capture_output=True,
                             text=True).stderr
        first = re.search(r"^[^:\n]+:(\d+):\d+: (?:warning|error)", out, re.M)
        if first:
            yield Finding("format", path, int(first.group(1)), "clang-format -i %s" % path)
        elif "rror" in out:
            sys.exit("tidy: clang-format: " + out.strip())


def run_lines(command):
    out = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return out.stdout.split("\n") + out.stderr.split("\n")


def run_clang_tidy(build, path, command):
    """Its remarks. What it said of the same preprocessed text before is kept in the build."""
    words = shlex.split(command)
    at = words.index("-o")
    words[at:at + 2] = ["-E", "-C", "-dD"]
    words.remove("-c")
    asked = subprocess.run(words, cwd=os.path.join(ROOT, build), capture_output=True)
    with open(os.path.join(ROOT, ".clang-tidy"), "rb") as file:
        key = hashlib.sha256(file.read() + command.encode() + asked.stdout).hexdigest()
    kept = os.path.join(ROOT, build, "tidy", key)
    if asked.returncode == 0 and os.path.exists(kept):
        with open(kept, encoding="utf-8") as file:
            return file.read().split("\n")
    lines = run_lines(["clang-tidy", "--quiet", "-p", build, path])
    os.makedirs(os.path.dirname(kept), exist_ok=True)
    with open(kept + ".new", "w", encoding="utf-8") as file:
        file.write("\n".join(lines))
    os.replace(kept + ".new", kept)
    return lines


def look_at_analysis(paths, build):
    """clang-tidy and cppcheck; a header seen through a layer's view counts under its own path."""
    with open(os.path.join(ROOT, build, "compile_commands.json"), encoding="utf-8") as file:
        known = {os.path.relpath(os.path.realpath(c["file"]), ROOT): c["command"]
                 for c in json.load(file)}
    paths = [p for p in paths if p.startswith("lib/") and p.endswith(".c") and p in known]
    jobs = [lambda: run_lines(
        ["cppcheck", "--quiet", "--enable=warning,performance,portability", "--std=c11",
         "--inline-suppr", "-Iinclude", "-Ilib", "--suppress=missingIncludeSystem",
         "--suppress=normalCheckLevelMaxBranches",
         "--template={file}:{line}:1: cppcheck: {message} [{id}]"] + paths)]
    jobs += [functools.partial(run_clang_tidy, build, p, known[p]) for p in paths]
    seen = set()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for lines in pool.map(lambda job: job(), jobs):
            for line in lines:
                match = REMARK.match(line)
                if match and line not in seen:
                    seen.add(line)
                    path = os.path.realpath(os.path.join(ROOT, match.group(1)))
                    rule = "cppcheck" if match.group(3) == "cppcheck" else "clang-tidy"
                    text = match.group(4).replace(",-warnings-as-errors", "")
                    yield Finding(rule, os.path.relpath(path, ROOT), int(match.group(2)), text)


def look():
    sources, pages, rules, paths = [], {}, {}, tracked()
    yield from look_at_map(paths)
    yield from look_at_mistakes(paths)
    for path in paths:
        if path.startswith(("tests/fuzz/corpus/", "build/")):
            continue
        with open(os.path.join(ROOT, path), "rb") as file:
            raw = file.read()
        if b"\0" in raw:
            continue
        text = raw.decode("utf-8", "replace")
        lines = text.split("\n")
        if lines and lines[-1] == "":
            lines.pop()
        source = path.endswith((".c", ".h", ".cc"))
        if path.startswith(("include/", "lib/", "tests/")) and path.endswith(CITES):
            rules[path] = text
        yield from look_at_lines(path, text, lines, source)
        if path.endswith(".md"):
            pages[path] = lines
            yield from look_at_paths(path, lines, paths)
        if path == "README.md":
            yield from look_at_shell(path, lines)
        if source:
            sources.append(path)
            yield from look_at_source(path, text, lines)
            if path.startswith("lib/"):
                yield from look_at_lib(path, text, lines)
                if path.endswith(".c"):
                    yield from look_at_callers(path, lines)
            if path.startswith("include/"):
                yield from look_at_manual(path, lines)
    yield from look_at_names(pages, sources + ["CMakeLists.txt"])
    yield from look_at_rules(rules)
    if options.format:
        yield from look_at_format(sources)
    if options.analyse:
        yield from look_at_analysis(sources, options.analyse)


def read_debts():
    debts = {}
    if os.path.exists(DEBTS):
        with open(DEBTS, encoding="utf-8") as file:
            for line in file:
                if line.strip() and not line.startswith("#"):
                    rule, path, count = line.split()
                    debts[rule, path] = int(count)
    return debts


def write_debts(counts):
    with open(DEBTS, "w", encoding="utf-8") as file:
        file.write("# What the tree owes its own rules: rule, file, how often. It may fall, never"
                   " rise.\n# Written by tests/tidy/tidy.py --format --analyse BUILD --accept.\n")
        for (rule, path), count in sorted(counts.items()):
            file.write("%s %s %d\n" % (rule, path, count))


def main():
    found = collections.defaultdict(list)
    for finding in look():
        found[finding.rule, finding.path].append(finding)
    counts = {key: len(findings) for key, findings in found.items()}
    if options.accept:
        write_debts(counts)
        print("tidy: %d debts written" % len(counts))
        return 0
    debts, broken = read_debts(), 0
    for key, findings in sorted(found.items()):
        if len(findings) > debts.get(key, 0):
            broken += 1
            for finding in findings[:10]:
                print("%s:%d: %s: %s" % (finding.path, finding.line, finding.rule, finding.text))
            if len(findings) > 10:
                print("%s: %s: %d more" % (key[1], key[0], len(findings) - 10))
    asked = {"format": options.format, "clang-tidy": options.analyse, "cppcheck": options.analyse}
    paid = [k for k, n in debts.items() if counts.get(k, 0) < n and asked.get(k[0], True)]
    if paid:
        print("tidy: %d debts are paid or lower; --accept writes that down" % len(paid))
    print("tidy: %d broken, %d debts" % (broken, len(debts)))
    return 1 if broken else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="the house rules that a program can check")
    parser.add_argument("--format", action="store_true", help="ask clang-format too")
    parser.add_argument("--analyse", metavar="BUILD", help="ask clang-tidy and cppcheck too")
    parser.add_argument("--accept", action="store_true", help="write today's counts to debts.txt")
    options = parser.parse_args()
    if options.accept and not (options.format and options.analyse):
        parser.error("--accept needs --format and --analyse, or their debts would be forgotten")
    sys.exit(main())
