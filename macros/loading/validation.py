"""Turn a document into a typed record, or into problems with their lines."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from macros.loading.yaml_errors import NO_VALUE, missing_space
from macros.model.document import Document, Loc, Place, dotted
from macros.model.introspection import FieldDescription, field_guides
from macros.model.problem import Problem, did_you_mean
from macros.model.records import Record

MAX_PROBLEMS_PER_RECORD = 100
"""How many problems of one record are reported."""

_CUSTOM = {"value_error"}
"""Errors of our own types; their message is `what is wrong; what to type`."""

_CONSEQUENCES = {"string_type", "missing", "tuple_type"}
"""Errors not reported for a line that has another problem."""


def validate(document: Document, cls: type[Record], record_id: str) -> tuple[Record | None, list[Problem]]:
    """Return `document` as a `cls` with the id `record_id`, or None, and what is wrong with it."""
    problems = list(document.problems)
    if document.value is None:
        return None, problems
    name = f"{cls.kind}/{record_id}"
    if "id" in document.value:
        place, instead = document.place(("id",), key=True), "delete the line; the name of the file is the id"
        problems.append(Problem(document.path, *place, "unknown-key", "not a key of the file", instead, "id", name))
    try:
        record = cls.model_validate({**document.value, "id": record_id})
    except ValidationError as error:
        return None, [*problems, *explain(error, document, cls, name)]
    return (record if not problems else None), problems


def explain(error: ValidationError, document: Document, cls: type[BaseModel], record: str = "") -> Iterator[Problem]:
    """Yield a problem for each cause of `error`, which a `cls` made of `document` raised."""
    lines_with_problems = {problem.line for problem in document.problems}
    for detail in islice(_causes(error.errors(include_url=False)[:MAX_PROBLEMS_PER_RECORD]), MAX_PROBLEMS_PER_RECORD):
        loc, kind = detail["loc"], detail["type"]
        in_item = kind == "missing" and len(loc) > 1 and isinstance(loc[-2], int)  # then the item's own line is the place
        place = document.place(loc, key=kind in ("extra_forbidden", "missing") and not in_item)
        name, wrong, instead = _explain(detail, _fields_at(cls, loc[:-1]))
        if inside := _inside_text(document, loc, kind):
            place, wrong, instead = inside
        if place.line not in lines_with_problems or kind not in _CONSEQUENCES:
            yield Problem(document.path, *place, name, wrong, instead, dotted(loc), record)


def _causes(details: list[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Yield the errors without those that follow from others: a missing key that is only misspelt, a short list with an invalid item."""
    unknown = [detail["loc"] for detail in details if detail["type"] == "extra_forbidden"]
    for detail in details:
        *group, last = detail["loc"] or ("",)
        siblings = [loc[-1] for loc in unknown if list(loc[:-1]) == group]
        misspelt = detail["type"] == "missing" and any(did_you_mean(str(key), [str(last)]).startswith("did") for key in siblings)
        long_enough = detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]
        if not misspelt and not long_enough:
            yield detail


def _inside_text(document: Document, loc: Loc, kind: str) -> tuple[Place, str, str] | None:
    """Return the place of the key or item missing at `loc` if its indentation made it part of a text, what is wrong, and what to do."""
    if kind == "missing":
        pattern, wrong = rf"^ *(?:- )?({loc[-1]}:)(?=\s|$)", "missing: it is part of the text above"
        columns = [place.column for at, place in document.keys.items() if at[:-1] == loc[:-1]]
    elif kind == "too_short":
        pattern, wrong = r"^ *(- \|-)$", "too few: one is part of the text above"
        columns = [place.column - 2 for at, place in document.places.items() if at[:-1] == loc and isinstance(at[-1], int)]
    else:
        return None
    for at in document.blocks if columns else ():
        if found := re.search(pattern, document.text(at), re.MULTILINE):
            spaces = min(columns) - 1
            start = f"after {spaces} spaces" if spaces else "at the start of the line"
            return document.place_in(at, found.start(1)), wrong, f"begin it {start}"
    return None


def _explain(detail: ErrorDetails, fields: dict[str, FieldDescription]) -> tuple[str, str, str]:
    """Return the name of the problem in `detail`, what is wrong and what to type; `fields` are the fields of its group."""
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    key = str(detail["loc"][-1]) if detail["loc"] else ""
    about = fields[key].description if key in fields else ""
    if kind == "missing":
        return "missing-key", "missing", f"add the line {key}: with {about[:1].lower()}{about[1:].rstrip('.') or 'its value'}"
    if kind == "extra_forbidden":
        known = sorted(fields.keys() - {"id"})
        return "unknown-key", "unknown key", did_you_mean(key, known) or f"use one of: {', '.join(known)}"
    if value is None:
        return "null", *NO_VALUE
    if kind == "tuple_type":
        return "wrong-type", f"expected a list, found {_kind(value)}", "write each item on a line of its own after - , or all in [ ]"
    if kind in ("model_type", "dict_type"):
        missing = missing_space(value) if isinstance(value, str) else None
        wrong = f"expected keys and values, found {_kind(value)}"
        return "wrong-type", *(missing or (wrong, "write them on lines of their own, indented by two spaces"))
    if kind == "literal_error":
        choices = [choice.strip("' ") for choice in str(context["expected"]).replace(" or ", ",").split(",")]
        return "wrong-value", f'"{value}" is not one of the choices', did_you_mean(str(value), choices)
    if kind in ("too_short", "too_long"):
        count = context["actual_length"]
        limit = f"at least {context['min_length']}" if kind == "too_short" else f"at most {context['max_length']}"
        return "too-few" if kind == "too_short" else "too-many", f"{count} item{'s' if count != 1 else ''}", f"write {limit}"
    if isinstance(value, (dict, list)):
        return "wrong-type", f"expected text, found {_kind(value)}", "put it in double quotes if it has a colon, or begins with - or ["
    if kind == "string_too_short":
        return "empty-text", "no text", "write it, or delete the line if the key is optional"
    if kind in _CUSTOM:
        wrong, _, instead = detail["msg"].removeprefix("Value error, ").partition("; ")
        return "wrong-value", wrong, instead
    return "wrong-value", f'"{value}" is not valid ({detail["msg"].lower()})', about


def _kind(value: Any) -> str:
    return "a list" if isinstance(value, list) else "keys and values" if isinstance(value, dict) else "text"


@functools.cache
def _fields_at(cls: type[BaseModel], loc: Loc) -> dict[str, FieldDescription]:
    """Return the fields of the group at `loc`, by name."""
    fields = field_guides(cls)
    for step in loc:
        if isinstance(step, str):
            fields = next((field.fields for field in fields if field.name == step), ())
    return {field.name: field for field in fields}
