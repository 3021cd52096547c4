"""What may stand in each field of a record, as the models declare it."""

from __future__ import annotations

import functools
import types
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import MaxLen, MinLen
from pydantic import AfterValidator, BaseModel
from pydantic.fields import FieldInfo

from macros.model.types import Form, Ref, Statement, Text, Words

Holds = Literal["prose", "line", "form", "number", "day", "reference", "id", "choice", "group"]


@dataclass(frozen=True)
class FieldGuide:
    """One field: what it is for, what it holds, and its limits.

    `about` is the model's description. In a list (`many`), `holds` is what each item is, and `least` and `most` say how
    many there may be (0 and None: no limit). `words` is the number of words that a text may have. `names` is the kind that
    a reference names ("" for any), `form` says how a text of a fixed form is written and `pattern` is that form, and `fields` are
    those of a group.
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
    fields: tuple[FieldGuide, ...] = ()


@functools.cache
def guide(cls: type[BaseModel]) -> tuple[FieldGuide, ...]:
    """Return every field of `cls`, in the model's order."""
    return tuple(_field(name, info) for name, info in cls.model_fields.items())


def _field(name: str, info: FieldInfo) -> FieldGuide:
    annotation: Any = info.annotation
    marks, found = list(info.metadata), dict[str, Any]()
    while origin := get_origin(annotation):
        inner = get_args(annotation)
        if origin is Annotated:
            annotation, marks = inner[0], [*marks, *inner[1:]]
        elif origin is tuple:
            least, most = _first(marks, MinLen), _first(marks, MaxLen)
            found = {"many": True, "least": least.min_length if least else 0, "most": most.max_length if most else None}
            annotation = inner[0]
        elif origin in (Union, types.UnionType):
            annotation = next(type_ for type_ in inner if type_ is not type(None))
        else:
            break
    marks += [mark.func for mark in marks if isinstance(mark, AfterValidator)]
    return FieldGuide(
        name=name,
        about=info.description or "",
        must=info.is_required(),
        words=_first(marks, Words),
        statement=_first(marks, Statement),
        **_held(annotation, marks),
        **found,
    )


def _held(annotation: Any, marks: list[Any]) -> dict[str, Any]:
    """Return what one value of the type `annotation` is, and what it must keep to."""
    if get_origin(annotation) is Literal:
        return {"holds": "choice", "choices": get_args(annotation)}
    if issubclass(annotation, BaseModel):
        return {"holds": "group", "fields": guide(annotation)}
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
