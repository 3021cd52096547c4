"""Problems: what is wrong, where, and what to type instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from typing import Literal

MAX_PRINTED = 500  # how many problems are printed
MAX_MESSAGE = 1_000  # how many characters of one message, or of one path, are shown
_LONGEST_NAME = 200
_ESCAPED = {ord("%"): "%25", ord("\r"): "%0D", ord("\n"): "%0A"}

Format = Literal["text", "github"]


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong in one file."""

    path: str  # from the project's root, with slashes
    line: int  # from 1, as the column
    column: int
    name: str  # the kind of problem, for example duplicate-key
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
    """Carries all problems from where they are found to the command that prints them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep `problems`, sorted by place."""
        super().__init__(f"{len(problems)} problems")
        self.problems = tuple(sorted(problems))


def did_you_mean(typed: str, known: Iterable[str]) -> str:
    """Return advice that names the nearest of `known`, or all of them if they are few, or "" if there is nothing to advise."""
    names, short = sorted(known), typed[:_LONGEST_NAME]
    if near := get_close_matches(short, names, n=1) or get_close_matches(short.casefold(), names, n=1):
        return f'did you mean "{near[0]}"?'
    return f"use one of: {', '.join(names)}" if 0 < len(names) <= 8 else ""


def likely_typo(typed: str, known: Iterable[str]) -> str | None:
    """Return the one of `known` ids of which `typed` is a typo, if any; numbers must match, so that a deleted id leads to no other."""
    folded = re.sub(r"[\s_]+", "-", typed[:_LONGEST_NAME].strip().casefold())
    numbers = re.findall(r"\d+", folded)
    similar = [name for name in known if folded[:1] == name[:1] and numbers == re.findall(r"\d+", name)]
    near = get_close_matches(folded, similar, n=1, cutoff=0.8)
    return near[0] if near and near[0] and SequenceMatcher(None, folded, near[0]).ratio() >= 1 - 1.5 / len(near[0]) else None


def count(problems: Sequence[Problem]) -> str:
    """Return one sentence that counts problems, files and warnings."""
    paths = [p.path for p in problems if p.severity == "error"]
    warnings = len(problems) - len(paths)
    text = f"{_many(len(paths), 'problem')} in {_many(len(set(paths)), 'file')}" if paths else "no problems"
    return f"{text}, {_many(warnings, 'warning')}" if warnings else text


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def report(problems: Iterable[Problem], form: Format = "text") -> str:
    """Return `problems`, sorted, as text for a person or as GitHub annotations."""
    ordered = sorted(set(problems))
    lines = [_annotation(p) if form == "github" else _line(p) for p in ordered[:MAX_PRINTED]]
    more = len(ordered) - MAX_PRINTED
    return "\n".join([*lines, f"and {more:,} more"] if more > 0 else lines)


def _line(problem: Problem) -> str:
    warning = "warning: " if problem.severity == "warning" else ""
    return f"{_shown(problem.path)}:{problem.line}:{problem.column}: {warning}{_shown(problem.message)}"


def _annotation(problem: Problem) -> str:
    message = "\n".join(_shown(line) for line in problem.message.split("\n", 9)).translate(_ESCAPED)
    path, name = (text.translate(_ESCAPED | {ord(":"): "%3A", ord(","): "%2C"}) for text in (problem.path, problem.name))
    return f"::{problem.severity} file={path},line={problem.line},col={problem.column},title={name}::{message}"


def _shown(text: str) -> str:
    """Return `text` on one line of limited length, without commands to a terminal or to the log of a workflow."""
    short = text if len(text) <= MAX_MESSAGE else f"{text[: MAX_MESSAGE // 2]} ... {text[-MAX_MESSAGE // 2 :]}"
    return "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in short).replace("##[", "## [")
