"""Who refers to whom, both ways, as the types declare it."""

from __future__ import annotations

import functools
import types
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel

from macros.fields import Ref
from macros.record import Record
from macros.source import Loc

Key = tuple[str, str]
"""Kind and id of a record."""


class Leaf(NamedTuple):
    """One value of a record: where it is, the marks of its type, and itself."""

    loc: Loc
    marks: tuple[Any, ...]
    value: Any


@dataclass(frozen=True)
class Reference:
    """One record names another: `holder` at `loc` names `target`."""

    holder: Key
    loc: Loc
    target: Key

    @property
    def relation(self) -> str:
        """Return the name of the field that holds the id, without positions, for example `compact.principle`."""
        return ".".join(step for step in self.loc if isinstance(step, str))


def leaves(record: BaseModel) -> Iterator[Leaf]:
    """Yield every value of `record` that is no group, with the marks (Ref, Statement, ...) on its way."""
    for name, annotation, marks in _fields(type(record)):
        if name != "id":
            yield from _walk(annotation, marks, getattr(record, name), (name,))


@functools.cache
def _fields(cls: type[BaseModel]) -> tuple[tuple[str, Any, tuple[Any, ...]], ...]:
    return tuple((name, info.annotation, tuple(info.metadata)) for name, info in cls.model_fields.items())


def _walk(annotation: Any, marks: tuple[Any, ...], value: Any, loc: Loc) -> Iterator[Leaf]:
    if value is None:
        return
    origin = get_origin(annotation)
    if origin is Annotated:
        arguments = get_args(annotation)
        yield from _walk(arguments[0], (*marks, *arguments[1:]), value, loc)
    elif origin is tuple:
        for position, item in enumerate(value):
            yield from _walk(get_args(annotation)[0], marks, item, (*loc, position))
    elif origin in (Union, types.UnionType):
        inner = next(arg for arg in get_args(annotation) if arg is not type(None))
        yield from _walk(inner, marks, value, loc)
    elif isinstance(value, BaseModel):
        for name, inside, more in _fields(type(value)):
            yield from _walk(inside, (*marks, *more), getattr(value, name), (*loc, name))
    else:
        yield Leaf(loc, marks, value)


def references(record: Record) -> Iterator[Reference]:
    """Yield every id in `record` that its type declares to name another record."""
    for loc, marks, value in leaves(record):
        for mark in marks:
            if isinstance(mark, Ref):
                yield Reference((record.kind, record.id), loc, (mark.kind, value))


class Index:
    """All references, by who holds them and by whom they name."""

    def __init__(self, records: Iterable[Record]) -> None:
        """Read the references of `records` once."""
        self._out: dict[Key, list[Reference]] = defaultdict(list)
        self._in: dict[Key, list[Reference]] = defaultdict(list)
        for record in records:
            for reference in references(record):
                self._out[reference.holder].append(reference)
                self._in[reference.target].append(reference)

    def named_by(self, holder: Key) -> tuple[Reference, ...]:
        """Return the references that `holder` makes, in the order of its fields."""
        return tuple(self._out.get(holder, ()))

    def naming(self, target: Key, holder_kind: str = "", relation: str = "") -> tuple[Reference, ...]:
        """Return the references to `target`, only from records of `holder_kind` and by `relation` if given."""
        return tuple(
            r
            for r in self._in.get(target, ())
            if (not holder_kind or r.holder[0] == holder_kind) and (not relation or r.relation == relation)
        )

    def __iter__(self) -> Iterator[Reference]:
        """Yield all references."""
        for held in self._out.values():
            yield from held
