"""Who refers to whom, both ways, as the types declare it."""

from __future__ import annotations

import functools
import types
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel

from macros.model.base import Record
from macros.model.document import Loc
from macros.model.types import Ref, Statement, Text, Words

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


class _Shape(NamedTuple):
    """What a type is made of: the marks of a single value, the shape of a list's items, or the fields of a group."""

    marks: tuple[Any, ...] = ()
    items: _Shape | None = None
    fields: tuple[tuple[str, _Shape], ...] = ()


def leaves(record: BaseModel) -> tuple[Leaf, ...]:
    """Return every value of `record` that is no group, with the marks (Ref, Statement, ...) on its way."""
    found: list[Leaf] = []
    for name, shape in _shapes(type(record)):
        if name != "id":
            _walk(shape, getattr(record, name), (name,), found)
    return tuple(found)


def _walk(shape: _Shape, value: Any, loc: Loc, found: list[Leaf]) -> None:
    if value is None:
        return
    if shape.items is not None:
        for position, item in enumerate(value):
            _walk(shape.items, item, (*loc, position), found)
    elif shape.fields:
        for name, inner in shape.fields:
            _walk(inner, getattr(value, name), (*loc, name), found)
    else:
        found.append(Leaf(loc, shape.marks, value))


@functools.cache
def keys_of(cls: type[BaseModel]) -> frozenset[str]:
    """Return every key that a record of the class `cls` may hold, at any depth."""
    return frozenset(_keys(_shapes(cls)))


def _keys(fields: tuple[tuple[str, _Shape], ...]) -> Iterator[str]:
    for name, shape in fields:
        yield name
        while shape.items is not None:
            shape = shape.items
        yield from _keys(shape.fields)


@functools.cache
def _shapes(cls: type[BaseModel], marks: tuple[Any, ...] = ()) -> tuple[tuple[str, _Shape], ...]:
    return tuple((name, _shape(info.annotation, (*marks, *_ours(info.metadata)))) for name, info in cls.model_fields.items())


def _shape(annotation: Any, marks: tuple[Any, ...]) -> _Shape:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _shape(arguments[0], (*marks, *_ours(arguments[1:])))
    if origin is tuple:
        return _Shape(items=_shape(arguments[0], marks))
    if origin in (Union, types.UnionType):
        return _shape(next(arg for arg in arguments if arg is not type(None)), marks)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _Shape(fields=_shapes(annotation, marks))
    return _Shape(marks)


def _ours(marks: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(mark for mark in (getattr(mark, "func", mark) for mark in marks) if isinstance(mark, (Ref, Statement, Text, Words)))


def references(record: Record) -> Iterator[Reference]:
    """Yield every id in `record` that its type declares to name another record."""
    yield from _references((record.kind, record.id), leaves(record))


def _references(holder: Key, held: Iterable[Leaf]) -> Iterator[Reference]:
    for loc, marks, value in held:
        for mark in marks:
            if isinstance(mark, Ref):
                yield Reference(holder, loc, (mark.kind, value))


class Index:
    """All references, by who holds them and by whom they name."""

    def __init__(self, records: Iterable[Record]) -> None:
        """Read the values and references of `records` once."""
        self.leaves: dict[Key, tuple[Leaf, ...]] = {(record.kind, record.id): leaves(record) for record in records}
        self._out: dict[Key, list[Reference]] = defaultdict(list)
        self._in: dict[Key, list[Reference]] = defaultdict(list)
        for holder, held in self.leaves.items():
            for reference in _references(holder, held):
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
