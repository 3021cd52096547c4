"""What the models declare of a field is what the page about the data says of it."""

from __future__ import annotations

import re

import pytest
from pydantic import BaseModel

from macros.model.core import Recommendation, Source, Stage, Term
from macros.model.introspection import FieldGuide, guide
from macros.model.public_view import Added
from macros.model.registry import KINDS, SINGLES
from macros.model.supporting import CaseStudy, Event
from macros.model.types import Statement, Words

MODELS: list[type[BaseModel]] = [*KINDS.values(), *SINGLES.values(), Added]


def field(cls: type[BaseModel], path: str) -> FieldGuide:
    fields = guide(cls)
    for name in path.split("."):
        found = next(f for f in fields if f.name == name)
        fields = found.fields
    return found


def every(fields: tuple[FieldGuide, ...]) -> list[FieldGuide]:
    return [f for found in fields for f in (found, *every(found.fields))]


@pytest.mark.parametrize("cls", MODELS, ids=lambda cls: cls.__name__)
def test_every_field_has_a_description_that_is_a_sentence(cls: type[BaseModel]) -> None:
    for found in every(guide(cls)):
        assert found.about.endswith("."), f"{cls.__name__}: {found.name} has no description; give its type Field(description=...)"
        assert found.about[0].isupper() or re.split("[:,]", found.about)[0] in found.choices, found.about
        assert len(found.about.split()) <= 25, found.about


@pytest.mark.parametrize("cls", MODELS, ids=lambda cls: cls.__name__)
def test_every_field_is_there_in_the_models_order(cls: type[BaseModel]) -> None:
    assert [f.name for f in guide(cls)] == list(cls.model_fields)


@pytest.mark.parametrize(
    ("cls", "path", "holds"),
    [
        (Stage, "number", "number"),
        (Recommendation, "id", "id"),
        (Recommendation, "title", "line"),
        (Recommendation, "says", "prose"),
        (Recommendation, "ask", "prose"),
        (Recommendation, "compact", "group"),
        (Recommendation, "compact.principle", "reference"),
        (Recommendation, "withdrawn.instead", "reference"),
        (Source, "checked_on", "day"),
        (Source, "type", "choice"),
        (Source, "web", "form"),
        (Source, "note", "prose"),
    ],
)
def test_what_a_field_holds(cls: type[BaseModel], path: str, holds: str) -> None:
    assert field(cls, path).holds == holds


def test_the_limits_of_a_list() -> None:
    steps = field(Recommendation, "do")
    assert (steps.many, steps.least, steps.most) == (True, 3, 6)
    sources = field(CaseStudy, "known.sources")
    assert (sources.many, sources.least, sources.most) == (True, 1, None)
    assert not field(Recommendation, "says").many


def test_the_limits_of_a_text_and_what_kind_of_statement_it_makes() -> None:
    says = field(Recommendation, "says")
    assert says.words == Words(8, 90)
    assert says.statement is Statement.REPORT
    assert field(Term, "meaning").statement is Statement.FACT
    assert field(Term, "not_to_be_confused_with.difference").statement is Statement.ADVICE
    assert field(Term, "see").statement is None


def test_what_must_be_there() -> None:
    assert field(Recommendation, "says").must
    assert not field(Recommendation, "theme").must
    assert not field(Recommendation, "search").must


def test_which_kind_a_reference_names_which_choices_there_are_and_how_a_fixed_form_is_written() -> None:
    assert field(Recommendation, "stage").names == "stage"
    assert field(Recommendation, "points").names == "point"
    assert field(Source, "type").choices[:2] == ("report", "law")
    assert field(Event, "on").form == "write 2017, 2017-10 or 2017-10-09"
    assert field(Source, "web").form == "write it whole, from https:// on, its name in plain letters"
