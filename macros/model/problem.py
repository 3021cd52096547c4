"""What is wrong, and where: a problem is a value, and only the edges print it."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

MOST = 500
"""How many problems a person is told at once."""

LONGEST = 1_000
"""How many characters of one message, or of one path, are shown."""

_LONGEST_NAME = 200

Format = Literal["text", "github", "json"]


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong in one file.

    `path` runs from the project's root, with slashes; `line` and `column` count from 1.
    `name` is the kind of problem in kebab-case, for example `duplicate-key`.
    """

    path: str
    line: int
    column: int
    name: str
    wrong: str
    instead: str = ""
    field: str = ""
    record: str = ""
    severity: Literal["error", "warning"] = "error"

    @property
    def message(self) -> str:
        """Return field, what is wrong and what to type instead, on one line."""
        field = f"{self.field}: " if self.field else ""
        instead = f"; {self.instead}" if self.instead else ""
        return f"{field}{self.wrong}{instead}"


class InvalidDataError(Exception):
    """Carries all problems at once from where they are found to the edge that prints them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep `problems`, sorted by place."""
        super().__init__(f"{len(problems)} problems")
        self.problems = tuple(sorted(problems))


def did_you_mean(typed: str, known: Iterable[str]) -> str:
    """Return advice that names the nearest of `known`, or all of them if few, or nothing."""
    names = sorted(known)
    if len(typed) > _LONGEST_NAME:
        return ""
    near = difflib.get_close_matches(typed, names, n=1, cutoff=0.6)
    if not near:
        folded = {name.casefold().replace("_", "-"): name for name in names}
        same = folded.get(typed.strip().casefold().replace("_", "-").replace(" ", "-"))
        near = [same] if same else []
    if near:
        return f'did you mean "{near[0]}"?'
    return f"use one of: {', '.join(names)}" if 0 < len(names) <= 8 else ""


def likely_typo(typed: str, known: Iterable[str]) -> str | None:
    """Return the one of `known` ids that `typed` is a typo of, or None.

    Only a very close spelling counts, so that the id of a deleted record is never taken for another record: another case or a space,
    one letter added, lost, changed or swapped, or two in a longer id. Numbers must be the same.
    """
    if len(typed) > _LONGEST_NAME:
        return None
    folded = re.sub(r"[\s_]+", "-", typed.strip().casefold())
    near = sorted((edits, name) for name in known if (edits := _edits(folded, name)) is not None)
    return near[0][1] if near else None


def _edits(typed: str, name: str) -> int | None:
    """Return how many single-letter edits lead from `typed` to `name`, or None if they are too many for a typo."""
    if typed == name:
        return 0
    most = 0 if len(name) < 4 else 2 if len(name) >= 6 and typed[:1] == name[:1] else 1
    if abs(len(typed) - len(name)) > most or re.findall(r"\d+", typed) != re.findall(r"\d+", name):
        return None
    before: list[int] = []
    row = list(range(len(name) + 1))
    for i, letter in enumerate(typed, 1):
        last, before, row = before, row, [i]
        for j, other in enumerate(name, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != other)))
            if i > 1 and j > 1 and (letter, typed[i - 2]) == (name[j - 2], other):
                row[-1] = min(row[-1], last[j - 2] + 1)
    return row[-1] if row[-1] <= most else None


def count(problems: Sequence[Problem]) -> str:
    """Return one sentence that counts problems, files and warnings."""

    def many(number: int, noun: str) -> str:
        return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

    errors = [p for p in problems if p.severity == "error"]
    warnings = len(problems) - len(errors)
    parts = [f"{many(len(errors), 'problem')} in {many(len({p.path for p in errors}), 'file')}"] if errors else ["no problems"]
    if warnings:
        parts.append(many(warnings, "warning"))
    return ", ".join(parts)


def report(problems: Iterable[Problem], form: Format = "text") -> str:
    """Return `problems`, sorted, as text for a person, as GitHub annotations or as JSON."""
    ordered = sorted(set(problems))
    more = len(ordered) - MOST
    if form == "json":
        return json.dumps([asdict(p) | {"message": p.message} for p in ordered], indent=2, ensure_ascii=False)
    lines = [_annotation(p) if form == "github" else _line(p) for p in ordered[:MOST]]
    return "\n".join([*lines, f"and {more:,} more"] if more > 0 else lines)


def _line(problem: Problem) -> str:
    mark = "warning: " if problem.severity == "warning" else ""
    return f"{_shown(problem.path)}:{problem.line}:{problem.column}: {mark}{_shown(problem.message)}"


def _shown(text: str) -> str:
    """Return `text` on one line of bounded length, so that neither a terminal nor the log of a workflow takes it for a command."""
    cut = text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} ... {text[-LONGEST // 2 :]}"
    seen = "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in cut)
    return seen.replace("##[", "## [")


def _annotation(problem: Problem) -> str:
    def data(text: str) -> str:
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    def value(text: str) -> str:
        return data(text).replace(":", "%3A").replace(",", "%2C")

    said = "\n".join(_shown(line) for line in problem.message.split("\n", 9))
    place = f"file={value(problem.path)},line={problem.line},col={problem.column}"
    return f"::{problem.severity} {place},title={value(problem.name)}::{data(said)}"
