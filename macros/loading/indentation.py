"""Which line of a record stands in another column than the lines round it ask for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

STEP = 2
"""How many spaces further in a text, a list or a group stands than its key."""

_LINE = re.compile(r"(?P<spaces> *)(?P<item>-(?=\s|$) *)?(?:(?P<key>[a-z_]+):(?=\s|$))?\s*(?P<rest>.*)")
_OPENS = re.compile(r"[|>][-+0-9]*\s*(?:#.*)?")


class Misplaced(NamedTuple):
    """A line (from 0), before which stand `found` spaces, and the numbers of spaces that would fit, each with a line that has them."""

    line: int
    found: int
    fits: tuple[tuple[int, int | None], ...]


@dataclass
class _State:
    """What is open: columns of keys and of hyphens, each with a line; the key whose list or group is to come; a text in lines."""

    keys: dict[int, int] = field(default_factory=lambda: {0: 0})
    items: dict[int, int] = field(default_factory=dict)
    pending: int | None = None
    text: int | None = None
    base: int | None = None
    """Where the lines of an open text begin; None before its first line."""

    opener: tuple[int, frozenset[int]] = (0, frozenset())
    """The last line with a key or a hyphen, and the columns that its key might have had."""


def misplaced(lines: Sequence[str], last: int) -> Misplaced | None:
    """Return the first line up to `last` that stands in a wrong column, in the part of a record that begins at the start of a line."""
    starts = [n for n in range(min(last, len(lines))) if re.match(r"[a-z_]+:", lines[n])] or [0]
    while len(starts) > 1 and _follows(lines, starts[-1]) > (STEP if re.match(r"[a-z_]+: [|>]", lines[starts[-1]]) else 0):
        starts.pop()  # it may itself be what is misplaced
    state = _State()
    for number in range(starts[-1], min(last + 1, len(lines))):
        if lines[number].strip() and (found := _next(state, lines, number)):
            return found
    return None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _follows(lines: Sequence[str], number: int) -> int:
    """Return how many spaces stand before what follows line `number`, unless it opens a list or group, which may stand further in."""
    return 0 if re.match(r"[a-z_]+:\s*(?:#.*)?$", lines[number]) or number + 1 >= len(lines) else _indent(lines[number + 1])


def _next(state: _State, lines: Sequence[str], number: int) -> Misplaced | None:
    line = _LINE.match(lines[number])
    if line is None:
        return None
    spaces = len(line["spaces"])
    if state.text is not None:
        if state.base is None:
            return _opened(state, lines, number, spaces)
        if spaces >= state.base:
            return None
        if not line["item"] and not line["key"]:
            return None if line["rest"].startswith("#") else Misplaced(number, spaces, ((state.base, number - 1),))
        state.text = state.base = None
    if line["rest"].startswith("#") and not line["item"] and not line["key"]:
        return None
    if not line["item"] and not line["key"]:
        return None
    known = state.items if line["item"] else state.keys
    if state.pending is not None:
        inner = state.pending + STEP
        if spaces > state.pending or line["item"]:
            known = {inner: -1}
    opener, columns = state.opener
    if not known:
        return None
    if spaces not in known and spaces in columns and line["key"] and not line["item"] and lines[opener].lstrip()[:1] != "-":
        return Misplaced(opener, _indent(lines[opener]), ((spaces, None),))
    if spaces not in known:
        return Misplaced(number, spaces, tuple(_fitting(known, lines, number, spaces, line["key"])))
    _open(state, number, line, frozenset(state.keys))
    return None


def _opened(state: _State, lines: Sequence[str], number: int, spaces: int) -> Misplaced | None:
    """Take the first line of a text; it may show that not itself but the key above it stands in a wrong column."""
    expected = (state.text or 0) + STEP
    opener, columns = state.opener
    if spaces != expected:
        if spaces - STEP in columns and spaces > expected and lines[opener].lstrip()[:1] != "-":
            return Misplaced(opener, _indent(lines[opener]), ((spaces - STEP, None),))
        return Misplaced(number, spaces, ((expected, None),))
    state.base = spaces
    return None


def _fitting(known: dict[int, int], lines: Sequence[str], number: int, spaces: int, key: str | None) -> list[tuple[int, int | None]]:
    """Return which of the `known` columns a line with `spaces` and `key` may have meant: that of the same key elsewhere, or the nearest."""
    others = [m for n, line in enumerate(lines) if n != number and (m := _LINE.match(line)) and m["key"] == key]
    same = {len(m["spaces"]) + len(m["item"] or "") for m in others}
    near = [column for column in known if key and column in same]
    if len(near) != 1:
        distance = min(abs(column - spaces) for column in known)
        near = [column for column in known if abs(column - spaces) == distance]
    return [(column, known[column] if 0 <= known[column] < number else None) for column in sorted(near, reverse=True)]


def _open(state: _State, number: int, line: re.Match[str], columns: frozenset[int]) -> None:
    """Note what `line` opens, and what it closes."""
    spaces, state.pending, state.opener = len(line["spaces"]), None, (number, columns)
    column = spaces + len(line["item"] or "")
    state.keys = {c: n for c, n in state.keys.items() if c <= spaces}
    state.items = {c: n for c, n in state.items.items() if c <= spaces}
    if line["item"]:
        state.keys.pop(spaces, None) if spaces else None
        state.items[spaces] = number
    if line["key"]:
        state.keys[column] = number
    if _OPENS.fullmatch(line["rest"]):
        state.text, state.base = (column if line["key"] else spaces), None
    elif line["key"] and (not line["rest"] or line["rest"].startswith("#")):
        state.pending = column
