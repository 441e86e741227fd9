#!/usr/bin/env python3
"""Copies the tree, plants one mistake in the copy, or lifts it again.

    plant.py sync FROM TO           TO gets what the build needs; only files that differ are written
    plant.py plant MISTAKE TREE     MISTAKE is a file of this folder
    plant.py lift MISTAKE FROM TREE the file that it changed as it was
    plant.py stale MISTAKE... TREE  exit 1 if one has to be planted anew; changes nothing

A mistake is a text: `file: PATH`, a line that says what goes wrong, `--- right` and the lines as
they are, `--- wrong` and the lines that replace them. The right lines must stand exactly once in
the file; how they are indented or broken does not matter, so that only a change of the code itself
makes a mistake stale. Then this fails, and whoever changed the code plants it anew.
"""
import os
import re
import shutil
import sys

FOLDERS = ("include", "lib", "tests", "bench")
FILES = ("CMakeLists.txt", "README.md")
NOT_NEEDED = ("build", "corpus", "__pycache__")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def mistake(path):
    head, right, wrong = re.fullmatch(
        r"(.*?)^--- right\n(.*?)^--- wrong\n(.*)", read(path), re.S | re.M).groups()
    return re.search(r"^file: (\S+)$", head, re.M).group(1), right.strip(), wrong.strip("\n")


def pattern(text):
    """The text with any white space, or none beside a bracket, where it has some."""
    return re.compile(r"\s*".join(re.escape(word) for word in re.findall(r"\w+|[^\w\s]", text)))


def places(path, tree):
    """Where the right lines stand in the file, and what is wrong with that; None if nothing is."""
    name, right, _ = mistake(path)
    target = os.path.join(tree, name)
    found = list(pattern(right).finditer(read(target))) if os.path.exists(target) else []
    if len(found) == 1:
        return found[0].span(), None
    return None, (f"{path}: stale: its lines stand {len(found)} times in {name}, not once; the "
                  "code has changed, plant the mistake anew")


def plant(path, tree):
    name, _, wrong = mistake(path)
    span, reason = places(path, tree)
    if reason:
        sys.exit(reason)
    target = os.path.join(tree, name)
    text = read(target)
    with open(target, "w", encoding="utf-8") as file:
        file.write(text[:span[0]] + wrong.strip() + text[span[1]:])


def copy_if_other(source, target):
    if os.path.exists(target):
        with open(source, "rb") as a, open(target, "rb") as b:
            if a.read() == b.read():
                return
    os.makedirs(os.path.dirname(target), exist_ok=True)
    shutil.copyfile(source, target)


def files_of(root):
    yield from FILES
    for folder in FOLDERS:
        for path, folders, names in os.walk(os.path.join(root, folder)):
            folders[:] = [name for name in folders if name not in NOT_NEEDED]
            for name in names:
                yield os.path.relpath(os.path.join(path, name), root)


def sync(source, target):
    wanted = set(files_of(source))
    for name in sorted(wanted):
        copy_if_other(os.path.join(source, name), os.path.join(target, name))
    for name in set(files_of(target)) - wanted:
        os.remove(os.path.join(target, name))


def main():
    match sys.argv[1:]:
        case ["sync", source, target]:
            os.makedirs(target, exist_ok=True)
            sync(source, target)
        case ["plant", path, tree]:
            plant(path, tree)
        case ["lift", path, source, tree]:
            name = mistake(path)[0]
            copy_if_other(os.path.join(source, name), os.path.join(tree, name))
        case ["stale", *paths, tree]:
            reasons = [reason for reason in (places(path, tree)[1] for path in paths) if reason]
            sys.exit("\n".join(reasons) or 0)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
