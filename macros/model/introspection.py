"""The fields of the record classes, as their types declare them, and the values of a record with those declarations."""

from __future__ import annotations

import functools
import types
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from annotated_types import MaxLen, MinLen
from pydantic import BaseModel

from macros.model.document import Loc
from macros.model.types import Form, Ref, Statement, Text, Words

Holds = Literal["prose", "line", "form", "number", "day", "reference", "id", "choice", "group"]


@dataclass(frozen=True)
class FieldDescription:
    """One field: its description (`about`), what it holds, and its limits.

    In a list (`many`), `holds` describes an item, and `least` and `most` limit the number of items (0 and None: no limit).
    `names` is the kind that a reference names ("" for any), `form` says how to write a text of a fixed form, `pattern` is that form,
    and `fields` are those of a group. `marks` are the Ref, Statement, Text and Words of its type.
    """

    name: str
    about: str
    holds: Holds
    must: bool
    many: bool = False
    least: int = 0
    most: int | None = None
    words: Words | None = None
    names: str = ""
    form: str = ""
    pattern: str = ""
    choices: tuple[str, ...] = ()
    statement: Statement | None = None
    fields: tuple[FieldDescription, ...] = ()
    marks: tuple[Any, ...] = ()


class Leaf(NamedTuple):
    """A single value of a record: its location, the marks of its type and of the groups that hold it, and the value."""

    loc: Loc
    marks: tuple[Any, ...]
    value: Any


@functools.cache
def field_guides(cls: type[BaseModel]) -> tuple[FieldDescription, ...]:
    """Return every field of `cls`, in the model's order."""
    fields = []
    for name, info in cls.model_fields.items():
        annotation: Any = info.annotation
        marks = list(info.metadata)
        limits: dict[str, Any] = {}
        while origin := get_origin(annotation):
            arguments = get_args(annotation)
            if origin is Annotated:
                annotation, marks = arguments[0], [*marks, *arguments[1:]]
            elif origin is tuple:
                least, most = _first(marks, MinLen), _first(marks, MaxLen)
                limits = {"many": True, "least": least.min_length if least else 0, "most": most.max_length if most else None}
                annotation = arguments[0]
            elif origin in (Union, types.UnionType):
                annotation = next(argument for argument in arguments if argument is not types.NoneType)
            else:
                break
        marks = [getattr(mark, "func", mark) for mark in marks]
        fields.append(
            FieldDescription(
                name=name,
                about=info.description or "",
                must=info.is_required(),
                words=_first(marks, Words),
                statement=_first(marks, Statement),
                marks=tuple(mark for mark in marks if isinstance(mark, (Ref, Statement, Text, Words))),
                **limits,
                **_value(annotation, marks),
            )
        )
    return tuple(fields)


def _value(annotation: Any, marks: list[Any]) -> dict[str, Any]:
    """Return the arguments of FieldDescription for one value of the type `annotation`."""
    if get_origin(annotation) is Literal:
        return {"holds": "choice", "choices": get_args(annotation)}
    if not isinstance(annotation, type):
        return {"holds": "group"}  # a mapping with free keys
    if issubclass(annotation, BaseModel):
        return {"holds": "group", "fields": field_guides(annotation)}
    if annotation in (int, date):
        return {"holds": "number" if annotation is int else "day"}
    if reference := _first(marks, Ref):
        return {"holds": "reference", "names": reference.kind}
    if form := _first(marks, Form):
        return {"holds": "form", "form": form.wrong.partition("; ")[2], "pattern": form.pattern}
    text = _first(marks, Text)
    return {"holds": text.value if text else "id"}


def _first(marks: list[Any], cls: type[Any]) -> Any:
    return next((mark for mark in marks if isinstance(mark, cls)), None)


@functools.cache
def keys_of(cls: type[BaseModel]) -> frozenset[str]:
    """Return every key that a record of the class `cls` may hold, at any depth."""

    def names(fields: tuple[FieldDescription, ...]) -> Iterator[str]:
        for field in fields:
            yield field.name
            yield from names(field.fields)

    return frozenset(names(field_guides(cls)))


def leaves(record: BaseModel) -> tuple[Leaf, ...]:
    """Return every single value of `record` but its id, in the model's order."""
    return tuple(_leaves(record, tuple(field for field in field_guides(type(record)) if field.name != "id")))


def _leaves(group: BaseModel, fields: tuple[FieldDescription, ...], loc: Loc = (), marks: tuple[Any, ...] = ()) -> Iterator[Leaf]:
    for field in fields:
        value, at = getattr(group, field.name), (*loc, field.name)
        if value is None:
            continue
        for inner, item in (((*at, position), item) for position, item in enumerate(value)) if field.many else [(at, value)]:
            if field.fields:
                yield from _leaves(item, field.fields, inner, (*marks, *field.marks))
            else:
                yield Leaf(inner, (*marks, *field.marks), item)
