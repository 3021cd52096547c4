"""What YAML's own complaints mean to a person, and what to type instead."""

from __future__ import annotations

import re
from collections.abc import Sequence

import yaml

_COMPLAINTS = (
    (
        "mapping values are not allowed",
        "a colon and a space inside the text",
        "put the whole text in straight double quotes, or write |- and the text on the next line",
    ),
    (
        "could not find expected ':'",
        "a line without a colon after its key",
        "write key: value, or indent the line if it belongs to the text above",
    ),
    ("found unexpected end of stream", "a quotation mark that is opened and never closed", "close it"),
    (
        "found character that cannot start any token",
        "text that begins with a mark that YAML keeps for itself",
        "put the text in straight double quotes",
    ),
    ("did not find expected alphabetic", "text that begins with * or &", "put the text in straight double quotes"),
    ("found undefined tag handle", "text that begins with !", "put the text in straight double quotes"),
    ("unknown escape character", "a backslash inside double quotes", "use single quotes, or double the backslash"),
    (
        "did not find expected ',' or ']'",
        "a list opened with [ that is not closed",
        "close it with ], and put a comma between items",
    ),
    (
        "did not find expected ',' or '}'",
        "a group opened with { that is not closed",
        "write each key on a line of its own",
    ),
    (
        "did not find expected '-' indicator",
        "a line that is neither an item of the list nor part of one",
        "begin it with - or indent it under the item above",
    ),
    (
        "did not find expected key",
        "a line that is indented wrongly, or text after a closing quotation mark",
        "begin it in the same column as the key above, or quote the whole text",
    ),
    ("expected comment or line break", "text behind | or >", "write |- with a plain hyphen, and the text on the next line"),
    (
        "block sequence entries are not allowed",
        "a list that begins on the line of its key",
        "write - on the next line, indented by two spaces",
    ),
)


_AT_THE_START = ("could not find expected ':'", "end of stream", "',' or ']'", "',' or '}'")
"""Complaints about what begins where YAML says that it was reading, and not where it noticed."""


_KEY = re.compile(r"\s*(?:- )?[a-z_]+:(?=\s|$)")


def explain(error: yaml.MarkedYAMLError, lines: Sequence[str] = ()) -> tuple[int, int, str, str]:
    """Return line and column (from 1) of `error`, what is wrong and what to type instead; `lines` are those of the file."""
    said = str(error.problem or error.context or error)
    at_start = error.context_mark and any(part in said for part in _AT_THE_START)
    mark = error.context_mark if at_start else error.problem_mark or error.context_mark
    wrong, instead = next(
        ((wrong, instead) for part, wrong, instead in _COMPLAINTS if part in said),
        (f"not YAML ({said})", "compare it with the example in data/README.md"),
    )
    line = mark.line + 1 if mark else 1
    if above := _above(error, lines):
        return above
    if "could not find expected ':'" in said and line <= len(lines):
        wrong = f'{wrong} ("{lines[line - 1].strip()[:40]}")'
    return line, (mark.column + 1 if mark else 1), wrong, instead


def _above(error: yaml.MarkedYAMLError, lines: Sequence[str]) -> tuple[int, int, str, str] | None:
    """Return what is wrong above the line at which YAML stumbles, if that line itself is right."""
    said, mark = str(error.problem), error.problem_mark
    if mark is None or mark.line >= len(lines):
        return None
    stumbled = lines[mark.line]
    if "did not find expected <document start>" in said:
        first = next(n for n, line in enumerate(lines) if line.strip() and not line.startswith("#"))
        return *_place(first, lines), "a line that is no key", "begin it with # if it is a comment, or write key: value"
    odd = [n for n in range(mark.line + 1) if _KEY.match(lines[n]) and _indent(lines[n]) % 2]
    if "did not find expected key" in said and odd:
        return *_place(odd[-1], lines), "an odd number of spaces before a key", "indent by two spaces at a time"
    first = mark.line
    if "did not find expected key" in said and stumbled.startswith("- ", mark.column):
        while first > 0 and _indent(lines[first - 1]) > mark.column:
            first -= 1
        if first < mark.line and _KEY.match(lines[first]):
            return *_place(first, lines), "an item of a list that does not begin with -", "write - and a space before its first key"
    found = _KEY.match(stumbled)
    if "mapping values are not allowed" in said and found and found.end() == mark.column + 1:
        while first > 0 and lines[first - 1].strip() and not _KEY.match(lines[first - 1]):
            first -= 1
        if first < mark.line:
            return *_place(first, lines), "text that no key and no |- stands before", "write key: |- in a line of its own above it"
    return None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _place(line: int, lines: Sequence[str]) -> tuple[int, int]:
    return line + 1, _indent(lines[line]) + 1


def nothing(rest: str) -> tuple[str, str]:
    """Return what is wrong where a key has no value and `rest` stands behind it in the line, and what to type instead."""
    if rest.lstrip().startswith("#"):
        return "no value before #", "if the text begins with #, put it in straight double quotes"
    return "no value", "write one after the colon, or delete the line if the key may be left out"
