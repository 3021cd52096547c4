"""A random typo in a real record is a problem at its line, or changes only that record; no text is lost silently."""

from __future__ import annotations

import os
import random
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from macros.checks.relations import CHECKS
from macros.loading.loader import load
from macros.loading.yaml_reader import parse
from macros.model.document import Document
from macros.model.framework import Framework
from macros.model.problem import Problem
from tests.conftest import ROOT

EDITS = int(os.environ.get("RANDOM_EDITS", "40"))
SEED = os.environ.get("RANDOM_SEED", "2017")
KEY = re.compile(r"( *(?:- )?)([a-z_]+):(?: |$)")
ID = re.compile(r"(?<=[\[ ])[a-z0-9]+(?:-[a-z0-9]+)*(?=[\],]|$)")
FITTING = {
    "rename key": KEY,
    "change id": re.compile(f"{KEY.pattern}.*?{ID.pattern}"),
    "outdent": re.compile(" "),
    "delete quote": re.compile(".*[\"']"),
}
"""Which lines an edit can be made in; others can be made in any."""

KINDS = (*FITTING, "delete", "duplicate", "indent", "cut", "tab", "join")


def edited(kind: str, chance: random.Random, lines: list[str]) -> tuple[list[str], int]:
    """Return `lines` with one edit, and in which of them (from 1) it is."""
    at = chance.choice([n for n, line in enumerate(lines) if line.strip() and (kind not in FITTING or FITTING[kind].match(line))] or [0])
    line, rest = lines[at], lines[at + 1 :]
    mark = chance.randrange(len(line) or 1)
    quote = chance.choice([n for n, letter in enumerate(line) if letter in "\"'"] or [0])
    new = {
        "rename key": [KEY.sub(lambda found: f"{found[0].rstrip()[:-1]}s:{' ' * found[0].endswith(' ')}", line, count=1)],
        "change id": [ID.sub(lambda found: found[0][:-1] + "x", line, count=1)],
        "outdent": [line.removeprefix(" " * chance.choice((1, 2)))],
        "delete quote": [line[:quote] + line[quote + 1 :]],
        "delete": [],
        "duplicate": [line, line],
        "indent": [" " * chance.choice((1, 2)) + line],
        "cut": [line[:mark]],
        "tab": [f"{line[:mark]}\t{line[mark:]}"],
        "join": [line + chance.choice(("", " ")) + "".join(rest[:1]).lstrip()],
    }[kind]
    return [*lines[:at], *new, *({"cut": [], "join": rest[1:]}.get(kind, rest))], at + 1


def records() -> list[Path]:
    return sorted(file.relative_to(ROOT) for file in (ROOT / "data").rglob("*.yml") if "schema" not in file.parts)


class Real(NamedTuple):
    """A copy of the real project, and its records."""

    root: Path
    framework: Framework


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Real:
    root = tmp_path_factory.mktemp("real")
    for name in ("data", "content"):
        shutil.copytree(ROOT / name, root / name)
    framework, problems = load(root, CHECKS)
    assert framework is not None
    assert [p for p in problems if p.severity == "error"] == []
    return Real(root, framework)


def fault(real: Real, path: Path, new: list[str], at: int) -> str:
    """Return what is wrong with the answer to the edit that makes the record at `path` read `new`, or nothing."""
    file = real.root / path
    old = file.read_text("utf-8").split("\n")
    file.write_text("\n".join(new), "utf-8")
    try:
        framework, problems = load(real.root, CHECKS)
    finally:
        file.write_text("\n".join(old), "utf-8")
    errors = [p for p in problems if p.severity == "error"]
    if here := [p for p in errors if p.path == path.as_posix()]:
        return misplaced(here[0], new, at, old)
    if errors:
        named = {file.stem, *re.findall(r"[\w-]+", old[at - 1])}
        return "" if all(named & {*re.findall(r"[\w-]+", p.message)} for p in errors) else f"reported as {errors[0]}"
    assert framework is not None
    was = real.framework.records
    if any(was.get(key) != record and framework.documents[key].path != path.as_posix() for key, record in framework.records.items()):
        return "another record changed"
    return lost(parse("\n".join(old), str(path)), parse("\n".join(new), str(path)), old, new, at)


def misplaced(problem: Problem, new: list[str], at: int, old: list[str]) -> str:
    """Return nothing if `problem` is within a line of the edit, or is about a text or key that has no line of its own."""
    removed = Counter(match[2] for line in old if (match := KEY.match(line)))
    removed -= Counter(match[2] for line in new if (match := KEY.match(line)))
    gone = {*removed, *(match[2] for match in [KEY.match(old[at - 1])] if match)}
    missing = problem.name in ("missing-key", "no-source", "no-point", "serves-nothing")
    if abs(problem.line - at) <= 1 or (missing and gone & {problem.field.split(".")[-1], "sources", "points"}):
        return ""
    size = re.search(r"(?:words|items?); write", problem.message) and at - 20 <= problem.line < at
    return "" if size else f"reported at line {problem.line}: {problem.message}"


def lost(before: Document, after: Document, old: list[str], new: list[str], at: int) -> str:
    """Return what the edited record lost: YAML reads it differently, text is missing, or a line belongs to another key."""
    if after.value != yaml.load("\n".join(new), Loader=yaml.BaseLoader):  # noqa: S506  (it makes texts only)
        return "read differently from YAML"
    typed = "\n".join(re.sub(r"^\s*#.*|(?<=[\]\s])\s*# .*$", "", line) for line in new)
    if missing := Counter(re.findall(r"\w+", typed)) - tokens(after.value):
        return f"lost: {dict(missing)}"
    was, now = owners(before, len(old)), owners(after, len(new))
    end = len(new) - at - 1
    same = was[: at - 1] == now[: at - 1] and (end <= 0 or was[-end:] == now[-end:])
    return "" if same else "a line moved to another key"


def owners(document: Document, length: int) -> list[str]:
    """Return, for each line of a file, the field that it belongs to: the last key at or above it, without positions."""
    keys = sorted((place, ".".join(s for s in loc if isinstance(s, str))) for loc, place in document.keys.items())
    return [next((name for place, name in reversed(keys) if place.line <= n), "") for n in range(1, length + 1)]


def tokens(value: Any) -> Counter[str]:
    if isinstance(value, dict):
        return sum((tokens(inner) for inner in value.values()), Counter(re.findall(r"\w+", " ".join(value))))
    return sum(map(tokens, value), Counter()) if isinstance(value, list) else Counter(re.findall(r"\w+", value))


def test_a_random_edit_is_a_problem_at_its_line_or_changes_nothing_else(real: Real) -> None:
    chance = random.Random(SEED)  # noqa: S311  (no secret)
    faults = []
    for number in range(EDITS):
        path, kind = chance.choice(records()), KINDS[number % len(KINDS)]
        new, at = edited(kind, chance, (ROOT / path).read_text("utf-8").split("\n"))
        if found := fault(real, path, new, at):
            faults.append(f"{kind} {path}:{at}: {new[at - 1 : at]}: {found}")
    assert faults == [], "\n".join(faults)
