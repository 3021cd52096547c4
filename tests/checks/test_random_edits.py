"""A random typo in a real record is a problem at its line, or changes only that record; no text is lost silently."""

from __future__ import annotations

import os
import random
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from macros.checks.relations import CHECKS
from macros.loading import loader
from macros.loading.validation import validate
from macros.loading.yaml_reader import parse, read
from macros.model.document import Document
from macros.model.framework import Framework
from macros.model.problem import Problem
from macros.site_build.project import read_project
from tests.conftest import ROOT

EDITS = int(os.environ.get("RANDOM_EDITS", "40"))
SEED = os.environ.get("RANDOM_SEED", "2017")
KEY = re.compile(r"( *(?:- )?)([a-z_]+):(?: |$)")
ID = re.compile(r"(?<=[\[ ])[a-z0-9]+(?:-[a-z0-9]+)*(?=[\],]|$)")
KINDS = ("delete", "duplicate", "rename key", "change id", "indent", "outdent", "cut", "swap values", "delete quote", "tab", "join")
FITTING: dict[str, Callable[[str], object]] = {
    "rename key": KEY.match,
    "change id": lambda line: KEY.match(line) and ID.search(line),
    "outdent": lambda line: line.startswith(" "),
    "swap values": lambda line: KEY.match(line) and not line.rstrip().endswith((":", "|-")),
    "delete quote": lambda line: '"' in line or "'" in line,
}
"""Which lines an edit can be made in."""


def edited(kind: str, chance: random.Random, lines: list[str]) -> tuple[list[str], tuple[int, ...]]:
    """Return `lines` with one edit, and in which of them (from 1) it is."""
    fitting = [n for n, line in enumerate(lines) if line.strip() and FITTING.get(kind, bool)(line)] or [0]
    at = chance.choice(fitting)
    line, rest = lines[at], lines[at + 1 :]
    new = [line]
    match kind:
        case "delete":
            new = []
        case "duplicate":
            new = [line, line]
        case "rename key":
            new = [KEY.sub(lambda found: found[0].replace(found[2], found[2] + chance.choice("sx")), line, count=1)]
        case "change id":
            new = [ID.sub(lambda found: found[0][:-1] + "x", line, count=1)]
        case "indent":
            new = [" " * chance.choice((1, 2)) + line]
        case "outdent":
            new = [line.removeprefix(" " * chance.choice((1, 2)))]
        case "cut":
            new, rest = [line[: chance.randrange(len(line) or 1)]], []
        case "swap values":
            other = chance.choice(fitting)
            (key, _, value), (other_key, _, other_value) = line.partition(": "), lines[other].partition(": ")
            swapped = {at: f"{key}: {other_value}", other: f"{other_key}: {value}"} if at != other else {}
            return [swapped.get(n, line) for n, line in enumerate(lines)], (min(at, other) + 1, max(at, other) + 1)
        case "delete quote":
            mark = chance.choice([n for n, letter in enumerate(line) if letter in "\"'"] or [0])
            new = [line[:mark] + line[mark + 1 :]]
        case "tab":
            mark = chance.randrange(len(line) + 1)
            new = [f"{line[:mark]}\t{line[mark:]}"]
        case "join":
            new, rest = [line + chance.choice(("", " ")) + "".join(rest[:1]).lstrip()], rest[1:]
    return [*lines[:at], *new, *rest], (at + 1,)


def records() -> list[Path]:
    return sorted(file.relative_to(ROOT) for file in (ROOT / "data").rglob("*.yml") if "schema" not in file.parts)


class Real:
    """A copy of the real project, whose files are read again only if they change."""

    def __init__(self, root: Path, patch: pytest.MonkeyPatch) -> None:
        self.root = root
        for name in ("data", "content"):
            shutil.copytree(ROOT / name, root / name)
        documents: dict[tuple[str, bytes], Document] = {}
        validated: dict[tuple[object, ...], Any] = {}

        def read_once(file: Path, base: Path) -> Document:
            key = (str(file), file.read_bytes())
            documents[key] = documents.get(key) or read(file, base)
            return documents[key]

        def validate_once(document: Document, cls: Any, stem: str) -> Any:
            key = (id(document), cls, stem)
            validated[key] = validated.get(key) or validate(document, cls, stem)
            return validated[key]

        patch.setattr(loader, "read", read_once)
        patch.setattr(loader, "validate", validate_once)
        framework, problems = self.load()
        assert framework is not None
        assert problems == []
        self.framework: Framework = framework

    def load(self) -> tuple[Framework | None, list[Problem]]:
        """Return the framework as it is now, and its errors."""
        framework, problems = loader.load(self.root, CHECKS)
        return framework, [p for p in problems if p.severity == "error"]


def fault(real: Real, path: Path, new: list[str], at: tuple[int, ...]) -> str:
    """Return what is wrong with the answer to the edit that makes the record at `path` read `new`, or nothing."""
    file = real.root / path
    old = file.read_text("utf-8").split("\n")
    file.write_text("\n".join(new), "utf-8")
    try:
        framework, problems = real.load()
    finally:
        file.write_text("\n".join(old), "utf-8")
    if here := [p for p in problems if p.path == path.as_posix()]:
        return misplaced(here[0], new, at, old)
    if problems:
        before = {word for n in at for word in re.findall(r"[\w-]+", old[n - 1])}
        return "" if all({file.stem, *before} & {*re.findall(r"[\w-]+", p.message)} for p in problems) else f"reported as {problems[0]}"
    assert framework is not None
    documents, was = framework.documents, real.framework.records
    if any(was.get(key) != record and documents[key].path != path.as_posix() for key, record in framework.records.items()):
        return "another record changed"
    return lost(parse("\n".join(old), str(path)), parse("\n".join(new), str(path)), old, new, at)


def misplaced(problem: Problem, new: list[str], at: tuple[int, ...], old: list[str]) -> str:
    """Return nothing if `problem` is within a line of the edit, or is about a text or key that has no line of its own."""
    removed = Counter(match[2] for line in old if (match := KEY.match(line)))
    removed -= Counter(match[2] for line in new if (match := KEY.match(line)))
    gone = {*removed, *(match[2] for n in at if (match := KEY.match(old[n - 1])))}
    missing = problem.name in ("missing-key", "no-source", "no-point")
    if any(abs(problem.line - line) <= 1 for line in at) or (missing and gone & {problem.field.split(".")[-1], "sources", "points"}):
        return ""
    too_long = problem.name == "wrong-value" and "words; write" in problem.message and at[0] - 20 <= problem.line < at[0]
    return "" if too_long else f"reported at line {problem.line}: {problem.message}"


def lost(before: Document, after: Document, old: list[str], new: list[str], at: tuple[int, ...]) -> str:
    """Return what the edited record lost: YAML reads it differently, text is missing, or a line belongs to another key."""
    if after.value != yaml.load("\n".join(new), Loader=yaml.BaseLoader):  # noqa: S506  (it makes texts only)
        return "read differently from YAML"
    typed = "\n".join(re.sub(r"^\s*#.*|(?<=[\]\s])\s*# .*$", "", line) for line in new)
    if missing := Counter(re.findall(r"\w+", typed)) - tokens(after.value):
        return f"lost: {dict(missing)}"
    was, now = owners(before, len(old)), owners(after, len(new))
    end = len(new) - at[-1] - 1
    same = was[: at[0] - 1] == now[: at[0] - 1] and (end <= 0 or was[-end:] == now[-end:])
    return "" if same else "a line moved to another key"


def owners(document: Document, length: int) -> list[str]:
    """Return, for each line of a file, the field that it belongs to: the last key at or above it, without positions."""
    keys = sorted((place, ".".join(s for s in loc if isinstance(s, str))) for loc, place in document.keys.items())
    return [next((name for place, name in reversed(keys) if place.line <= n), "") for n in range(1, length + 1)]


def tokens(value: Any) -> Counter[str]:
    if isinstance(value, dict):
        return sum((tokens(inner) for inner in value.values()), Counter(re.findall(r"\w+", " ".join(value))))
    return sum(map(tokens, value), Counter()) if isinstance(value, list) else Counter(re.findall(r"\w+", value))


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    with pytest.MonkeyPatch.context() as patch:
        yield Real(tmp_path_factory.mktemp("real"), patch)


def test_a_random_edit_is_a_problem_at_its_line_or_changes_nothing_else(real: Real) -> None:
    chance = random.Random(SEED)  # noqa: S311  (no secret)
    faults = []
    for number in range(EDITS):
        path, kind = chance.choice(records()), KINDS[number % len(KINDS)]
        new, at = edited(kind, chance, (ROOT / path).read_text("utf-8").split("\n"))
        if found := fault(real, path, new, at):
            faults.append(f"{kind} {path}:{at}: {new[at[0] - 1 : at[0]]}: {found}")
    assert faults == [], "\n".join(faults)


@pytest.mark.parametrize("number", range(6))
def test_a_deleted_or_renamed_file_is_reported_where_it_is_referenced(number: int, real: Real) -> None:
    file = real.root / random.Random(f"{SEED} {number}").choice(records())  # noqa: S311  (no secret)
    path, stem = file.relative_to(real.root).as_posix(), file.stem
    keys = {key for key in real.framework.records if real.framework.documents[key].path == path}
    away = real.root / "away.yml" if number % 2 else file.with_name(f"{stem}x.yml")
    file.rename(away)
    try:
        project = read_project(real.root)
        lines = [
            (real.root / p.path).read_text("utf-8").split("\n")[p.line - 1] if (real.root / p.path).is_file() else ""
            for p in project.errors
        ]
    finally:
        away.rename(file)
    for problem, line in zip(project.errors, lines, strict=True):
        assert stem in f"{problem.path} {problem.message} {line}" or problem.name == "number", problem  # the next number, too
    if not project.errors:
        assert project.framework is not None
        assert real.framework.records.items() - project.framework.records.items() == {(key, real.framework.records[key]) for key in keys}
