"""The head of a page, between two lines of ---: a title, what the page is for, words to find it by, and nothing that switches anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from macros.loading.yaml_reader import parse
from macros.model.document import Document, Place
from macros.model.problem import Problem, did_you_mean
from macros.model.types import Line, PartId, Search, words
from macros.text.characters import faults

_TEXT = "tag:yaml.org,2002:str"


class Meta(BaseModel):
    """What stands between the two lines of --- at the head of a page."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    title: Line | None = None
    description: Annotated[Line, words(5, 40), Field(description="One sentence that says what the page is for; search engines show it.")]
    formerly: Annotated[
        tuple[PartId, ...], Field(description="Anchors that the page's headings had before; links to them keep working.")
    ] = ()
    search: Search = ()
    parts: Annotated[
        dict[str, Search], Field(description="Words that readers type to find a part of the page, by the anchor of its heading.")
    ] = {}


def head_of(lines: Sequence[str], path: str) -> tuple[Meta | None, list[Problem], Document]:
    """Return what the `lines` of a head say, or None, what is wrong with them, and where each thing stands; `path` is the page's."""
    text = "\n".join(["", *lines])
    document = parse(text, path)
    meta, problems = _meta(document)
    return meta, [*problems, *(_misread(text, document) if meta and not problems else ())], document


def _meta(document: Document) -> tuple[Meta | None, list[Problem]]:
    problems = list(document.problems)
    if document.value is None:
        missing = Problem(document.path, 1, 1, "page-head", "missing", "add one sentence that says what the page is for", "description")
        return None, [missing if p.name == "empty" or p.wrong == "not a record" else p for p in problems]
    for loc, value in _leaves(document.value):
        for _, wrong, instead in faults(value, printed=loc[0] not in ("search", "parts")) if not document.problems else ():
            problems.append(Problem(document.path, *document.place(loc), "character", wrong, instead, str(loc[0])))
        if sign := next((name for mark, name in (("{", "a brace"), ("<", "the sign <")) if mark in value), ""):
            place = document.place(loc)
            problems.append(Problem(document.path, *place, "jinja", f"{sign} in the head of a page", "write plain text", str(loc[0])))
    try:
        return Meta.model_validate(document.value), problems
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            loc = detail["loc"]
            field = str(loc[0]) if loc else ""
            place = document.place(loc, key=True) if detail["type"] != "missing" else Place(1, 1)
            if detail["type"] == "extra_forbidden":
                wrong, instead = "not a key of a page's head", did_you_mean(field, Meta.model_fields)
            elif detail["type"] == "missing":
                wrong, instead = "missing", "add one sentence that says what the page is for"
            else:
                wrong, _, instead = detail["msg"].partition("; ")
            problems.append(Problem(document.path, *place, "page-head", wrong, instead, field))
        return None, problems


def _misread(head: str, document: Document) -> Iterator[Problem]:
    """Yield a problem if YAML takes a text of the head for a number, a day or a yes: whoever builds the site reads it so."""
    loader: Any = yaml.SafeLoader("")
    for loc, value in _leaves(document.value):
        place = document.place(loc)
        typed = head.split("\n")[place.line - 1][place.column - 1 :]
        if not typed.startswith(('"', "'", "|", ">")) and loader.resolve(yaml.ScalarNode, value, (True, False)) != _TEXT:
            instead = "put it in straight double quotes"
            yield Problem(document.path, *place, "page-head", f"{value} is no text", instead, str(loc[0]))


def _leaves(value: Any, loc: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield each text in `value`, a tree of mappings and lists, with its keys and places on the way there."""
    if isinstance(value, (dict, list)):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(inner, (*loc, key))
    else:
        yield loc, str(value)
