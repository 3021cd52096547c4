"""A record as the cells of one row, safe to open in a spreadsheet."""

from __future__ import annotations

import re
from typing import Any

from macros.model.base import Part
from macros.model.introspection import FieldGuide, guide
from macros.text.plain_text import plain

_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]")


def safe(text: str) -> str:
    """Return `text` with an apostrophe before it if a spreadsheet might take it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def columns(cls: type[Part], left_out: frozenset[str]) -> dict[str, tuple[FieldGuide, ...]]:
    """Return the columns for `cls` by name, without the fields `left_out`, each with the fields that lead to its values.

    The fields of a group that stands alone are columns of their own, for example `withdrawn.reason`.
    """
    found: dict[str, tuple[FieldGuide, ...]] = {}
    for field in guide(cls):
        if field.name not in left_out:
            for inner in field.fields if not field.many else ():
                found[f"{field.name}.{inner.name}"] = (field, inner)
            if field.many or not field.fields:
                found[field.name] = (field,)
    return found


def cell(part: Part, column: tuple[FieldGuide, ...]) -> str:
    """Return what stands in the cell of `part` under `column`, as plain text.

    A list of ids or of short texts is one line; a list of paragraphs or of groups has one line an item.
    """
    held: Any = part
    for field in column:
        held = None if held is None else getattr(held, field.name)
    return "" if held is None else _cell(column[-1], held)


def _cell(field: FieldGuide, held: Any) -> str:
    if not field.many:
        return _text(field, held)
    return ("\n" if field.holds in {"group", "prose"} else "; ").join(_line(field, item) for item in held)


def _line(field: FieldGuide, held: Any) -> str:
    return " ".join(_text(field, held).split())


def _text(field: FieldGuide, held: Any) -> str:
    if field.holds == "group":
        inner = ((f, getattr(held, f.name)) for f in field.fields)
        return ": ".join(", ".join(_line(f, item) for item in v) if f.many else _line(f, v) for f, v in inner if v)
    return plain(held) if field.holds == "prose" else str(held)
