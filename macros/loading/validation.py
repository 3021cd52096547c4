"""Turn a document into a typed record, or into problems with their lines."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from macros.loading.yaml_reader import NO_VALUE, missing_space
from macros.model.document import Document, Loc, Place, dotted
from macros.model.introspection import FieldDescription, field_guides
from macros.model.problem import Problem, did_you_mean
from macros.model.records import Record

MAX_PROBLEMS_PER_RECORD = 100  # how many problems of one record are reported
_CONSEQUENCES = {"string_type", "missing", "tuple_type"}  # errors not reported for a line that has another problem


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
    for detail in _causes(error.errors(include_url=False)[:MAX_PROBLEMS_PER_RECORD]):
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
        loc, kind = detail["loc"], detail["type"]
        siblings = [str(other[-1]) for other in unknown if other[:-1] == loc[:-1]]
        misspelt = kind == "missing" and any(did_you_mean(key, [str(loc[-1])]).startswith("did") for key in siblings)
        long_enough = kind == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]
        if not misspelt and not long_enough:
            yield detail


def _inside_text(document: Document, loc: Loc, kind: str) -> tuple[Place, str, str] | None:
    """Return the place of the key or item missing at `loc` if its indentation made it part of a text, what is wrong, and what to do."""
    if kind not in ("missing", "too_short"):
        return None
    noun, pattern = ("key", rf"^ *(?:- )?({loc[-1]}:)(?=\s|$)") if kind == "missing" else ("item", r"^ *(- \|-)$")
    for at in document.blocks:
        if found := re.search(pattern, document.text(at), re.MULTILINE):
            return document.place_in(at, found.start(1)), "part of the text above", f"begin it as far in as the {noun} of that text"
    return None


def _explain(detail: ErrorDetails, fields: dict[str, FieldDescription]) -> tuple[str, str, str]:
    """Return the name of the problem in `detail`, what is wrong and what to type; `fields` are the fields of its group."""
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    key = str(detail["loc"][-1]) if detail["loc"] else ""
    found = "a list" if isinstance(value, list) else "keys and values" if isinstance(value, dict) else "text"
    if kind == "missing":
        about = fields[key].description
        return "missing-key", "missing", f"add the line {key}: with {about[:1].lower()}{about[1:].rstrip('.')}"
    if kind == "extra_forbidden":
        known = sorted(fields.keys() - {"id"})
        return "unknown-key", "unknown key", did_you_mean(key, known) or f"use one of: {', '.join(known)}"
    if value is None:
        return "null", *NO_VALUE
    if kind == "tuple_type":
        return "wrong-type", f"expected a list, found {found}", "write each item on a line of its own after - , or all in [ ]"
    if kind in ("model_type", "dict_type"):
        no_keys = f"expected keys and values, found {found}", "write them on lines of their own, indented by two spaces"
        return "wrong-type", *(missing_space(str(value)) or no_keys)
    if kind == "literal_error":
        known = re.findall(r"'([^']*)'", context["expected"])
        return "wrong-value", f'"{value}" is not one of the choices', did_you_mean(str(value), known) or f"use one of: {', '.join(known)}"
    if kind in ("too_short", "too_long"):
        count = len(value)  # not only the valid items
        limit = f"at least {context['min_length']}" if kind == "too_short" else f"at most {context['max_length']}"
        return "too-few" if kind == "too_short" else "too-many", f"{count} item{'s' if count != 1 else ''}", f"write {limit}"
    if found != "text":
        return "wrong-type", f"expected text, found {found}", "put it in double quotes if it has a colon, or begins with - or ["
    if kind == "string_too_short":
        return "empty-text", "no text", "write it, or delete the line if the key is optional"
    wrong, _, instead = detail["msg"].removeprefix("Value error, ").partition("; ")
    return "wrong-value", wrong, instead


@functools.cache
def _fields_at(cls: type[BaseModel], loc: Loc) -> dict[str, FieldDescription]:
    """Return the fields of the group at `loc`, by name."""
    fields = field_guides(cls)
    for step in loc:
        if isinstance(step, str):
            fields = next((field.fields for field in fields if field.name == step), ())
    return {field.name: field for field in fields}
