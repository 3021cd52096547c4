"""A document that was read becomes a typed record, or problems at their lines."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from macros.loading.yaml_errors import unspaced
from macros.model.base import Part, Record
from macros.model.document import Document, Loc, Place
from macros.model.problem import Problem, did_you_mean

MOST = 100
"""How many faults of one record are told at once."""

_OWN = {"words", "one_line", "question", "tangled", "web", "number", "day", "form"}
_LISTS = {"tuple_type", "list_type"}
_GROUPS = {"model_type", "model_attributes_type", "dict_type"}
_BESIDE = {"string_type", "missing", *_LISTS}
"""What is not said of a line in which something else is wrong already."""


def validate(document: Document, cls: type[Record], record_id: str) -> tuple[Record | None, list[Problem]]:
    """Type `document` as a `cls` called `record_id`; return the record, or None, and what is wrong with it."""
    problems = list(document.problems)
    if document.value is None:
        return None, problems
    value = dict(document.value)
    if "id" in value:
        del value["id"]
        place = document.place(("id",), key=True)
        problems.append(
            _problem(
                document,
                place,
                "unknown-key",
                "not written in the file",
                "delete the line; the file's name is the id",
                "id",
                cls,
                record_id,
            )
        )
    known = {p.line for p in problems}
    try:
        record = cls.model_validate({**value, "id": record_id})
    except ValidationError as error:
        for detail in islice(_telling(error.errors(include_url=False)[:MOST]), MOST):
            problem = _explain(document, cls, record_id, detail)
            if problem.line not in known or detail["type"] not in _BESIDE:
                problems.append(problem)
        return None, problems
    return (record if not problems else None), problems


def _telling(details: list[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Yield the errors that tell something: no missing key that is only misspelt, no short list that is long enough."""
    misspelt = [d["loc"] for d in details if d["type"] == "extra_forbidden"]
    for detail in details:
        *within, last = detail["loc"] or ("",)
        beside = [loc[-1] for loc in misspelt if list(loc[:-1]) == within]
        if detail["type"] == "missing" and any(did_you_mean(str(key), [str(last)]).startswith("did") for key in beside):
            continue
        if detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]:
            continue
        yield detail


def _problem(
    document: Document, place: Place, name: str, wrong: str, instead: str, field: str, cls: type[Record], record_id: str
) -> Problem:
    return Problem(document.path, *place, name, wrong, instead, field, f"{cls.kind}/{record_id}")


def _explain(document: Document, cls: type[Record], record_id: str, detail: ErrorDetails) -> Problem:
    loc: Loc = detail["loc"]
    model = _model_at(cls, loc[:-1])
    name, wrong, instead = _words(detail, model)
    inside = detail["type"] == "missing" and len(loc) > 1 and isinstance(loc[-2], int)  # what is missing in an item is said of the item
    place = document.place(loc, key=detail["type"] in {"extra_forbidden", "missing"} and not inside)
    if kept := _swallowed(document, loc, str(detail["type"])):
        place, wrong, instead = kept
    field = ".".join(str(step + 1 if isinstance(step, int) else step) for step in loc)
    return _problem(document, place, name, wrong, instead, field, cls, record_id)


def _swallowed(document: Document, loc: Loc, kind: str) -> tuple[Place, str, str] | None:
    """Return where a key or item that is missed at `loc` stands, if it is so far in that a text above holds it, and what to do."""
    if kind == "missing":
        pattern, what = rf"^ *(?:- )?({loc[-1]}:)(?=\s|$)", "missing: it stands inside the text above"
        beside = [place.column for at, place in document.keys.items() if at[:-1] == loc[:-1]]
    elif kind == "too_short":
        pattern, what = r"^ *(- \|-)$", "too few: one stands inside the text above"
        beside = [place.column - 2 for at, place in document.places.items() if at[:-1] == loc and isinstance(at[-1], int)]
    else:
        return None
    whole: Any = document.value
    for at in document.blocks:
        text = str(functools.reduce(lambda value, step: value.get(step, {}) if isinstance(value, dict) else value[step], at, whole))
        if beside and (found := re.search(pattern, text, re.MULTILINE)):
            where = f"after {min(beside) - 1} spaces" if min(beside) > 1 else "at the start of the line"
            return document.place_in(at, found.start(1)), what, f"begin it {where}"
    return None


def _words(detail: ErrorDetails, model: type[BaseModel] | None) -> tuple[str, str, str]:
    kind, given, about = detail["type"], detail["input"], detail.get("ctx", {})
    last = detail["loc"][-1] if detail["loc"] else ""
    if kind == "missing":
        return "missing-key", "missing", f"add the line {_example(str(last), model)}"
    if kind == "extra_forbidden":
        known = set(model.model_fields) - {"id"} if model else set()
        return (
            "unknown-key",
            "not a key of this record",
            did_you_mean(str(last), known) or f"use one of: {', '.join(sorted(known))}",
        )
    if given is None:
        return "null", "no value", "write one after the colon, or delete the line if the key may be left out"
    if kind in _LISTS:
        return (
            "wrong-type",
            f"expected a list, found {_kind(given)}",
            "write each item on a line of its own after - , or all in [ ]",
        )
    if kind in _GROUPS and isinstance(given, str) and (close := unspaced(given)):
        return "wrong-type", *close
    if kind in _GROUPS:
        return (
            "wrong-type",
            f"expected keys and values, found {_kind(given)}",
            "write them on lines of their own, indented by two spaces",
        )
    if isinstance(given, (dict, list)) and kind not in {"too_short", "too_long"}:
        return (
            "wrong-type",
            f"expected text, found {_kind(given)}",
            "if the text holds a colon, put it in double quotes; if it begins with - or [, too",
        )
    if kind == "literal_error":
        return "wrong-value", f'"{given}" is not one of the choices', did_you_mean(str(given), _choices(about))
    if kind == "too_short":
        return "too-few", f"{_count(about['actual_length'])}", f"write at least {about['min_length']}"
    if kind == "too_long":
        return "too-many", f"{_count(about['actual_length'])}", f"write at most {about['max_length']}"
    if kind == "string_too_short":
        return "empty-text", "no text", "write it, or delete the line if the key may be left out"
    if kind == "string_pattern_mismatch":
        return (
            "wrong-value",
            f'"{given}" is not of the right form',
            _description(model, last) or f"it must match {about['pattern']}",
        )
    if kind in _OWN:
        wrong, _, instead = detail["msg"].partition("; ")
        return "wrong-value", wrong, instead
    return "wrong-value", f'"{given}" is not right ({detail["msg"].lower()})', _description(model, last)


def _kind(given: Any) -> str:
    return "a list" if isinstance(given, (list, tuple)) else "keys and values" if isinstance(given, dict) else "text"


def _count(items: int) -> str:
    return f"{items} item" if items == 1 else f"{items} items"


def _choices(about: dict[str, Any]) -> list[str]:
    return [part.strip("' ") for part in str(about.get("expected", "")).replace(" or ", ",").split(",")]


def _description(model: type[BaseModel] | None, name: Any) -> str:
    field = model.model_fields.get(str(name)) if model else None
    return (field.description or "") if field else ""


def _example(name: str, model: type[BaseModel] | None) -> str:
    about = _description(model, name)
    return f"{name}: with {about[0].lower()}{about[1:].rstrip('.')}" if about else f"{name}: and its value"


def _model_at(cls: type[BaseModel], loc: Loc) -> type[BaseModel] | None:
    """Return the class that holds the field at the end of `loc`."""
    model: type[BaseModel] | None = cls
    for step in loc:
        if isinstance(step, int):
            continue
        field = model.model_fields.get(step) if model else None
        model = _part(field.annotation) if field else None
    return model


def _part(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        if found := _part(inner):
            return found
    return None
