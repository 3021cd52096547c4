"""A slip of the hand in a real record is named where it is, or changes that record and nothing else; nothing is lost in silence."""

from __future__ import annotations

import functools
import os
import random
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from macros.checks.relations import CHECKS
from macros.loading import loader as loading
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


@dataclass(frozen=True)
class Edit:
    """One slip: its kind, the new lines, the lines (from 1) in them where it was made, and which old line each line was (0 if new)."""

    kind: str
    lines: list[str]
    at: tuple[int, ...]
    was: list[int]


def put(kind: str, lines: list[str], at: int, *new: str) -> Edit:
    """Return the edit that writes `new` in the place of line `at` (from 0)."""
    was = [*range(1, at + 1), *([at + 1] if len(new) == 1 else [0] * len(new)), *range(at + 2, len(lines) + 1)]
    return Edit(kind, [*lines[:at], *new, *lines[at + 1 :]], (at + 1,), was)


def some(chance: random.Random, lines: list[str], fits: Callable[[str], object] = bool) -> int:
    """Return the position of a line that `fits`, or of any if none does."""
    return chance.choice([n for n, line in enumerate(lines) if line.strip() and fits(line)] or [0])


def delete_line(chance: random.Random, lines: list[str]) -> Edit:
    at = some(chance, lines)
    return Edit("delete_line", [*lines[:at], *lines[at + 1 :]], (at + 1,), [n for n in range(1, len(lines) + 1) if n != at + 1])


def duplicate_line(chance: random.Random, lines: list[str]) -> Edit:
    at = some(chance, lines)
    return put("duplicate_line", lines, at, lines[at], lines[at])


def rename_key(chance: random.Random, lines: list[str]) -> Edit:
    at = some(chance, lines, KEY.match)
    return put("rename_key", lines, at, KEY.sub(lambda m: m[0].replace(m[2], m[2] + chance.choice("sx")), lines[at], count=1))


def change_id(chance: random.Random, lines: list[str]) -> Edit:
    at = some(chance, lines, lambda line: KEY.match(line) and ID.search(line))
    return put("change_id", lines, at, ID.sub(lambda m: m[0][:-1] + "x", lines[at], count=1))


def indent(chance: random.Random, lines: list[str]) -> Edit:
    at = some(chance, lines)
    return put("indent", lines, at, " " * chance.choice((1, 2)) + lines[at])


def outdent(chance: random.Random, lines: list[str]) -> Edit:
    at = some(chance, lines, lambda line: line.startswith(" "))
    return put("outdent", lines, at, lines[at].removeprefix(" " * chance.choice((1, 2))))


def cut(chance: random.Random, lines: list[str]) -> Edit:
    at = some(chance, lines)
    kept = [*lines[:at], lines[at][: chance.randrange(len(lines[at]))]]
    return Edit("cut", kept, (at + 1,), list(range(1, len(kept) + 1)))


def swap_values(chance: random.Random, lines: list[str]) -> Edit:
    simple = [n for n, line in enumerate(lines) if KEY.match(line) and not line.rstrip().endswith((":", "|-"))]
    one, other = chance.sample(simple, 2) if len(simple) > 1 else (0, 0)
    (a, _, b), (c, _, d) = lines[one].partition(": "), lines[other].partition(": ")
    new = [*lines]
    new[one], new[other] = f"{a}: {d}", f"{c}: {b}"
    return Edit("swap_values", new, (one + 1, other + 1), list(range(1, len(new) + 1)))


def delete_quote(chance: random.Random, lines: list[str]) -> Edit:
    at = some(chance, lines, lambda line: '"' in line or "'" in line)
    mark = chance.choice([n for n, letter in enumerate(lines[at]) if letter in "\"'"] or [0])
    return put("delete_quote", lines, at, lines[at][:mark] + lines[at][mark + 1 :])


def insert_tab(chance: random.Random, lines: list[str]) -> Edit:
    at = some(chance, lines)
    place = chance.randrange(len(lines[at]) + 1)
    return put("insert_tab", lines, at, f"{lines[at][:place]}\t{lines[at][place:]}")


def join(chance: random.Random, lines: list[str]) -> Edit:
    at = some(chance, lines[:-1] or lines)
    joined = lines[at] + chance.choice(("", " ")) + "".join(lines[at + 1 : at + 2]).lstrip()
    return Edit("join", [*lines[:at], joined, *lines[at + 2 :]], (at + 1,), [*range(1, at + 1), 0, *range(at + 3, len(lines) + 1)])


KINDS_OF_EDIT = (delete_line, duplicate_line, rename_key, change_id, indent, outdent, cut, swap_values, delete_quote, insert_tab, join)


def records() -> list[Path]:
    return sorted(file for file in (ROOT / "data").rglob("*.yml") if "schema" not in file.parts)


def owners(document: Document, length: int) -> list[str]:
    """Return, for each line of a file, the field that it belongs to: the last key at or above it, without positions."""
    keys = sorted((place, ".".join(s for s in loc if isinstance(s, str))) for loc, place in document.keys.items())
    return [next((name for place, name in reversed(keys) if place.line <= n), "") for n in range(1, length + 1)]


def tokens(value: Any) -> Counter[str]:
    if isinstance(value, dict):
        return sum((tokens(inner) for inner in value.values()), Counter(re.findall(r"\w+", " ".join(value))))
    if isinstance(value, list):
        return sum(map(tokens, value), Counter())
    return Counter(re.findall(r"\w+", value))


def written(lines: list[str]) -> Counter[str]:
    """Return the words that a file holds, without its comments."""
    return Counter(re.findall(r"\w+", "\n".join(re.sub(r"^\s*#.*|(?<=[\]\s])\s*# .*$", "", line) for line in lines)))


class Real:
    """A copy of the real project, whose files are read again only if they change."""

    def __init__(self, root: Path, patch: pytest.MonkeyPatch) -> None:
        self.root = root
        for name in ("data", "content"):
            shutil.copytree(ROOT / name, root / name)
        held: dict[tuple[str, bytes], Any] = {}

        def read_once(file: Path, base: Path) -> Document:
            key = (str(file), file.read_bytes())
            held[key] = held.get(key) or read(file, base)
            document: Document = held[key]
            return document

        once: Any = functools.lru_cache(maxsize=2_000)(lambda document, cls, stem: validate(document.it, cls, stem))

        class Same:
            """A document, told from others by identity, as it is the same object if its file is the same."""

            def __init__(self, it: Document) -> None:
                self.it = it

            def __hash__(self) -> int:
                return id(self.it)

            def __eq__(self, other: object) -> bool:
                return isinstance(other, Same) and self.it is other.it

        patch.setattr(loading, "read", read_once)
        patch.setattr(loading, "validate", lambda document, cls, stem: once(Same(document), cls, stem))
        framework, problems = loading.load(root, CHECKS)
        assert framework is not None
        assert [p for p in problems if p.severity == "error"] == []
        self.framework: Framework = framework

    def problems(self) -> tuple[Framework | None, list[Problem]]:
        """Return the framework as it is now, and the problems that it has."""
        framework, problems = loading.load(self.root, CHECKS)
        return framework, [p for p in problems if p.severity == "error"]


def judged(real: Real, file: Path, edit: Edit) -> str:
    """Return what is wrong with how `edit` of `file` is answered, or nothing."""
    path, old = file.relative_to(real.root).as_posix(), file.read_text("utf-8").split("\n")
    file.write_text("\n".join(edit.lines), "utf-8")
    try:
        framework, problems = real.problems()
        here = [p for p in problems if p.path == path]
        if here:
            return named_where_it_is(here, edit, old)
        if problems:
            before = {word for n in edit.at for word in re.findall(r"[\w-]+", old[n - 1])}
            return "" if all({file.stem, *before} & {*re.findall(r"[\w-]+", p.message)} for p in problems) else f"put down to {problems[0]}"
        return changed_alone(real, framework, path, edit, old)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    finally:
        file.write_text("\n".join(old), "utf-8")


def named_where_it_is(here: list[Problem], edit: Edit, old: list[str]) -> str:
    """Return nothing if the first problem is within one line of `edit`, or says that what it took away is missing, which has no line."""
    first = here[0]
    if any(abs(first.line - line) <= 1 for line in edit.at):
        return ""
    gone = {match[2] for n, line in enumerate(old, 1) if (n not in edit.was or n in edit.at) and (match := KEY.match(line))}
    if first.name == "wrong-value" and "words; write" in first.message and first.line in range(edit.at[0] - 20, edit.at[0]):
        return ""  # a text that is too long or too short, at its beginning
    if first.name in ("missing-key", "no-source", "no-point") and (first.field.split(".")[-1] in gone or gone & {"sources", "points"}):
        return ""
    return f"said of line {first.line}: {first.message}"


def changed_alone(real: Real, framework: Framework | None, path: str, edit: Edit, old: list[str]) -> str:
    assert framework is not None
    others = [k for k, r in framework.records.items() if real.framework.records.get(k) != r and framework.documents[k].path != path]
    if others or framework.records.keys() != real.framework.records.keys():
        return f"changed besides: {others}"
    document = parse("\n".join(edit.lines), path)
    if document.value != yaml.load("\n".join(edit.lines), Loader=yaml.BaseLoader):  # noqa: S506  (it makes texts only)
        return "read in another way than YAML says"
    lost = written(edit.lines) - tokens(document.value)
    if lost:
        return f"lost: {dict(lost)}"
    before, after = owners(parse("\n".join(old), path), len(old)), owners(document, len(edit.lines))
    moved = [n for n, was in enumerate(edit.was, 1) if was and n not in edit.at and before[was - 1] != after[n - 1]]
    return f"line {moved[0]} moved from {before[edit.was[moved[0] - 1] - 1]} to {after[moved[0] - 1]}" if moved else ""


def text_at(root: Path, problem: Problem) -> str:
    file = root / problem.path
    return file.read_text("utf-8").split("\n")[problem.line - 1] if file.is_file() else ""


def slips() -> Iterator[tuple[Path, Edit]]:
    chance = random.Random(SEED)  # noqa: S311  (no secret)
    files = records()
    for number in range(EDITS):
        file = chance.choice(files)
        lines = file.read_text("utf-8").split("\n")
        yield file, KINDS_OF_EDIT[number % len(KINDS_OF_EDIT)](chance, lines)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    with pytest.MonkeyPatch.context() as patch:
        yield Real(tmp_path_factory.mktemp("real"), patch)


def test_a_slip_is_named_where_it_is_or_changes_nothing_else(real: Real) -> None:
    wrong = []
    for file, edit in slips():
        answer = judged(real, real.root / file.relative_to(ROOT), edit)
        if answer:
            line = edit.lines[edit.at[0] - 1] if edit.at[0] <= len(edit.lines) else ""
            wrong.append(f"{edit.kind} {file.relative_to(ROOT)}:{edit.at}: {line!r}: {answer}")
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("number", range(10))
def test_a_file_that_is_deleted_or_renamed_is_missed_where_it_is_named(number: int, real: Real) -> None:
    chance = random.Random(f"{SEED} {number}")  # noqa: S311  (no secret)
    file = real.root / chance.choice(records()).relative_to(ROOT)
    path, stem = file.relative_to(real.root).as_posix(), file.stem
    keys = {key for key in real.framework.records if real.framework.documents[key].path == path}
    away = real.root / "away.yml" if number % 2 else file.with_name(f"{stem}x.yml")
    file.rename(away)
    try:
        project = read_project(real.root)
    finally:
        away.rename(file)
    if project.errors:
        assert all(stem in f"{p.path} {p.message} {text_at(real.root, p)}" for p in project.errors), project.errors
    else:
        assert project.framework is not None
        now = project.framework.records
        assert {key for key in real.framework.records if now.get(key) != real.framework.records[key]} == keys
        assert len(now.keys() - real.framework.records.keys()) == (0 if number % 2 else 1)
