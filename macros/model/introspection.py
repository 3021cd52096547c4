"""The fields of the record classes, as their types declare them, and the values of a record with those declarations."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin

from annotated_types import MaxLen, MinLen
from pydantic import BaseModel

from macros.model.document import Loc
from macros.model.types import Form, Ref, Statement, Text, Words
from macros.templates import texts

Holds = Literal["prose", "line", "form", "number", "day", "reference", "id", "choice", "group"]


@dataclass(frozen=True)
class FieldDescription:
    """One field: its description, what it holds (in a list, what an item holds), and its limits."""

    name: str
    description: str = ""
    holds: Holds = "line"
    required: bool = False
    many: bool = False
    least: int = 0  # how many items a list must have
    most: int | None = None  # how many it may have; None: any number
    words: Words | None = None
    names: str = ""  # the kind of record that a reference names; "" for any
    form: str = ""  # how to write a text of a fixed form
    pattern: str = ""  # that form
    choices: tuple[str, ...] = ()
    statement: Statement | None = None
    fields: tuple[FieldDescription, ...] = ()  # of a group
    marks: tuple[Any, ...] = ()  # the Ref, Statement, Text and Words of its type

    def shown(self, choice: str) -> str:
        """Return what readers see for one of its choices."""
        return str(texts("pages/choices.yml").get(self.name, {}).get(choice) or choice.replace("-", " ").capitalize())


class Leaf(NamedTuple):
    """A single value of a record: its location, the marks of its type and of the groups that hold it, and the value."""

    loc: Loc
    marks: tuple[Any, ...]
    value: Any


@functools.cache
def field_guides(cls: type[BaseModel]) -> tuple[FieldDescription, ...]:
    """Return every field of `cls`, in the model's order."""
    return tuple(_field(name, info) for name, info in cls.model_fields.items())


def _field(name: str, info: Any) -> FieldDescription:
    annotation, marks = info.annotation, list(info.metadata)
    limits: dict[str, Any] = {}
    while (origin := get_origin(annotation)) not in (None, Literal, dict):
        if origin is tuple:
            least, most = first_mark(marks, MinLen), first_mark(marks, MaxLen)
            limits = {"many": True, "least": least.min_length if least else 0, "most": most.max_length if most else None}
        annotation, *more = get_args(annotation)  # of a list its items, of an optional value the value
        marks += more if origin is Annotated else ()
    marks = [getattr(mark, "func", mark) for mark in marks]
    return FieldDescription(
        name,
        info.description or "",
        required=info.is_required(),
        words=first_mark(marks, Words),
        statement=first_mark(marks, Statement),
        marks=tuple(mark for mark in marks if isinstance(mark, (Ref, Statement, Text, Words))),
        **limits,
        **_value(annotation, marks),
    )


def _value(annotation: Any, marks: list[Any]) -> dict[str, Any]:
    """Return the arguments of FieldDescription for one value of the type `annotation`."""
    if get_origin(annotation) is Literal:
        return {"holds": "choice", "choices": get_args(annotation)}
    if get_origin(annotation) is dict:
        return {"holds": "group"}
    if issubclass(annotation, BaseModel):
        return {"holds": "group", "fields": field_guides(annotation)}
    if annotation in (int, date):
        return {"holds": "number" if annotation is int else "day"}
    if reference := first_mark(marks, Ref):
        return {"holds": "reference", "names": reference.kind}
    if text := first_mark(marks, Text):
        return {"holds": text.value}
    if form := first_mark(marks, Form):
        return {"holds": "form", "form": form.message.partition("; ")[2], "pattern": form.pattern}
    return {"holds": "id"}


def first_mark(marks: Iterable[Any], cls: type[Any]) -> Any:
    """Return the first of `marks` that is a `cls`, or None."""
    return next((mark for mark in marks if isinstance(mark, cls)), None)


@functools.cache
def keys_of(cls: type[BaseModel]) -> frozenset[str]:
    """Return every key that a record of the class `cls` may hold, at any depth."""
    fields = list(field_guides(cls))
    for field in fields:
        fields.extend(field.fields)
    return frozenset(field.name for field in fields)


def leaves(record: BaseModel) -> tuple[Leaf, ...]:
    """Return every single value of `record` but its id, in the model's order."""
    return tuple(leaf for leaf in _leaves(record, (), ()) if leaf.loc != ("id",))


def _leaves(group: BaseModel, loc: Loc, marks: tuple[Any, ...]) -> Iterator[Leaf]:
    for field in field_guides(type(group)):
        value, at = getattr(group, field.name), (*loc, field.name)
        items = [((*at, position), item) for position, item in enumerate(value)] if field.many else [(at, value)]
        for inner, item in items if value is not None else ():
            if isinstance(item, BaseModel):
                yield from _leaves(item, inner, (*marks, *field.marks))
            else:
                yield Leaf(inner, (*marks, *field.marks), item)
