"""A record as it stands in its file: values with their lines and columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from macros.model.problem import Problem

Loc = tuple[str | int, ...]
"""Where a value is in a record: keys, and positions in lists from 0."""


class Place(NamedTuple):
    """A line and a column, both from 1."""

    line: int
    column: int


@dataclass(frozen=True)
class Document:
    """A file read: `value` holds dicts, lists and text only, or None if the file cannot be read."""

    path: str
    value: dict[str, Any] | None
    problems: tuple[Problem, ...] = ()
    places: dict[Loc, Place] = field(default_factory=dict)
    keys: dict[Loc, Place] = field(default_factory=dict)
    blocks: dict[Loc, Place] = field(default_factory=dict)
    """Where the text of a literal block begins."""

    def place(self, loc: Loc, *, key: bool = False) -> Place:
        """Return where the value at `loc` stands, or its key; if it is missing, what holds it."""
        for end in range(len(loc), -1, -1):
            if found := (self.keys if key else self.places).get(loc[:end]):
                return found
        return Place(1, 1)

    def place_in(self, loc: Loc, offset: int) -> Place:
        """Return where the character `offset` (from 0) of the text at `loc` stands."""
        start, block = self.place(loc), self.blocks.get(loc)
        if block is None:
            return start
        text: Any = self.value
        for step in loc:
            text = text[step]
        before = str(text)[:offset]
        return Place(block.line + before.count("\n"), block.column + len(before) - (before.rfind("\n") + 1))
