"""Read the front matter of a page: a title, a description and words to find it by, and no settings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from macros.loading.validation import explain
from macros.loading.yaml_reader import parse
from macros.model.document import Document, Loc
from macros.model.problem import Problem
from macros.model.types import Line, PartId, Search, words
from macros.text.characters import faults

_TEXT = "tag:yaml.org,2002:str"


class Meta(BaseModel):
    """The front matter of a page."""

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
    """Return the front matter in `lines`, or None, what is wrong with it, and its document; `path` is the page's."""
    text = "\n".join(["", *lines])
    document = parse(text if text.strip() else "{}", path)
    problems = list(document.problems)
    if document.value is None:
        return None, problems, document
    for loc, value in _texts(document.value):
        place, key = document.place(loc), str(loc[0])
        for _, wrong, instead in faults(value, printed=key not in ("search", "parts")) if not document.problems else ():
            problems.append(Problem(path, *place, "character", wrong, instead, key))
        if "{" in value or "<" in value:
            problems.append(Problem(path, *place, "jinja", "a brace or the sign < in the front matter", "write plain text", key))
    try:
        meta = Meta.model_validate(document.value)
    except ValidationError as error:
        return None, [*problems, *explain(error, document, Meta)], document
    return meta, problems or list(_misread(text, document)), document


def _misread(text: str, document: Document) -> Iterator[Problem]:
    """Yield a problem if YAML takes a text for a number, a day or a yes, as the engine that builds the site does."""
    loader: Any = yaml.SafeLoader("")
    for loc, value in _texts(document.value):
        place = document.place(loc)
        typed = text.split("\n")[place.line - 1][place.column - 1 :]
        if not typed.startswith(('"', "'", "|", ">")) and loader.resolve(yaml.ScalarNode, value, (True, False)) != _TEXT:
            instead = "put it in straight double quotes"
            yield Problem(document.path, *place, "wrong-type", f"{value} is not read as text", instead, str(loc[0]))


def _texts(value: Any, loc: Loc = ()) -> Iterator[tuple[Loc, str]]:
    """Yield the location and the text of each single value in `value`, a tree of mappings and lists."""
    if isinstance(value, (dict, list)):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _texts(inner, (*loc, key))
    else:
        yield loc, str(value)
