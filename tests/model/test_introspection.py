"""The field guide and the leaves of a record follow from the types of its class."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pydantic import BaseModel

from macros.model.framework import Framework
from macros.model.introspection import FieldDescription, field_guides, leaves
from macros.model.public_view import Added
from macros.model.records import KINDS, SINGLES, CaseStudy, Event, Recommendation, Source, Stage, Term
from macros.model.types import Statement, Text, Words

MODELS: list[type[BaseModel]] = [*KINDS.values(), *SINGLES.values(), Added]


def field(cls: type[BaseModel], path: str) -> FieldDescription:
    fields = field_guides(cls)
    for name in path.split("."):
        found = next(f for f in fields if f.name == name)
        fields = found.fields
    return found


def every(fields: tuple[FieldDescription, ...]) -> list[FieldDescription]:
    return [f for found in fields for f in (found, *every(found.fields))]


@pytest.mark.parametrize("cls", MODELS, ids=lambda cls: cls.__name__)
def test_every_field_has_a_description_that_is_a_sentence(cls: type[BaseModel]) -> None:
    assert [f.name for f in field_guides(cls)] == list(cls.model_fields)
    for found in every(field_guides(cls)):
        assert found.description.endswith("."), f"{cls.__name__}: {found.name} has no description; give its type Field(description=...)"
        assert found.description[0].isupper() or re.split("[:,]", found.description)[0] in found.choices, found.description
        assert len(found.description.split()) <= 25, found.description


@pytest.mark.parametrize(
    ("cls", "path", "expected"),
    [
        (Stage, "number", {"holds": "number", "many": False}),
        (Recommendation, "id", {"holds": "id"}),
        (Recommendation, "title", {"holds": "line", "statement": Statement.ADVICE}),
        (Recommendation, "says", {"holds": "prose", "required": True, "words": Words(8, 90), "statement": Statement.REPORT}),
        (Recommendation, "ask", {"holds": "prose", "many": True}),
        (Recommendation, "do", {"holds": "group", "many": True, "least": 3, "most": 6}),
        (Recommendation, "theme", {"required": False}),
        (Recommendation, "compact.principle", {"holds": "reference", "names": "principle"}),
        (Recommendation, "withdrawn.instead", {"holds": "reference", "many": True, "least": 0, "most": None}),
        (CaseStudy, "known.sources", {"many": True, "least": 1, "most": None}),
        (Term, "meaning", {"statement": Statement.FACT}),
        (Source, "checked_on", {"holds": "day"}),
        (Source, "type", {"holds": "choice"}),
        (Source, "web", {"holds": "form", "form": "write it in full, from https:// on, its name in plain letters"}),
        (Event, "on", {"holds": "form", "form": "write 2017, 2017-10 or 2017-10-09"}),
    ],
)
def test_a_field_is_described(cls: type[BaseModel], path: str, expected: dict[str, Any]) -> None:
    found = field(cls, path)
    assert {name: getattr(found, name) for name in expected} == expected


def test_leaves_have_their_locations_and_marks(small: Framework) -> None:
    found = {leaf.loc: leaf for leaf in leaves(small.get(Recommendation, "1a"))}
    assert found["do", 1, "audience", 0].value == "provider"
    assert found["title",].value == "Go where people already meet"
    assert set(found["says",].marks) == {Text.PROSE, Statement.REPORT, Words(8, 90)}
    assert ("id",) not in found
