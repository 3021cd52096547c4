"""A record as it is in its file: values with their lines and columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from macros.model.problem import Problem

Key = tuple[str, str]  # kind and id of a record
Loc = tuple[str | int, ...]  # where a value is in a record: keys, and positions in lists from 0


def dotted(loc: Loc) -> str:
    """Return `loc` as messages write it, with positions from 1, for example `do.1.step`."""
    return ".".join(str(step + 1 if isinstance(step, int) else step) for step in loc)


def texts_in(value: Any, loc: Loc = ()) -> Iterator[tuple[Loc, str]]:
    """Yield the location and the text of each single value in `value`, a tree of mappings and lists."""
    if isinstance(value, (dict, list)):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from texts_in(inner, (*loc, key))
    elif value is not None:
        yield loc, str(value)


class Place(NamedTuple):
    """A line and a column, both from 1."""

    line: int
    column: int


@dataclass(frozen=True)
class Document:
    """A YAML file: `value` is made of dicts, lists and text, or is None if the file cannot be read."""

    path: str
    value: dict[str, Any] | None
    problems: tuple[Problem, ...] = ()
    places: dict[Loc, Place] = field(default_factory=dict)
    keys: dict[Loc, Place] = field(default_factory=dict)
    blocks: dict[Loc, Place] = field(default_factory=dict)  # where the text of a literal block begins

    def place(self, loc: Loc, *, key: bool = False) -> Place:
        """Return the place of the value at `loc`, or of its key; if it is missing, of the group around it."""
        for end in range(len(loc), -1, -1):
            if found := (self.keys if key else self.places).get(loc[:end]):
                return found
        return Place(1, 1)

    def text(self, loc: Loc) -> str:
        """Return the text at `loc`; of a key that is there twice, the first."""
        value: Any = self.value
        for step in loc:
            value = value.get(step, "") if isinstance(value, dict) else value[step]
        return str(value)

    def place_in(self, loc: Loc, offset: int) -> Place:
        """Return the place of the character `offset` (from 0) of the text at `loc`."""
        start, block = self.place(loc), self.blocks.get(loc)
        if block is None:
            return start
        before = self.text(loc)[:offset]
        return Place(block.line + before.count("\n"), block.column + len(before) - (before.rfind("\n") + 1))
