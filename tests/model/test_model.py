"""Records are frozen and typed from text; what they derive follows from what is written."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pydantic import ValidationError

from macros.model.base import Part, Record
from macros.model.core import Recommendation, Source, Stage, Term
from macros.model.framework import Framework
from macros.model.introspection import FieldGuide, guide
from macros.model.registry import KINDS, SINGLES
from macros.model.types import Statement, Words


def test_records_cannot_be_changed(small: Framework) -> None:
    with pytest.raises(ValidationError):
        small.get(Stage, "1-plan").number = 3


def test_text_is_typed(small: Framework) -> None:
    assert small.get(Stage, "1-plan").number == 1
    assert small.get(Source, "small-law").checked_on.isoformat() == "2026-11-22"


def test_audiences_come_from_the_steps(small: Framework) -> None:
    assert small.get(Recommendation, "1a").audiences == ("commissioner", "provider")


def test_names_are_what_pages_call_them(small: Framework) -> None:
    assert small.get(Recommendation, "1a").name == "1a. Ask early for ideas"
    assert small.get(Term, "outcome").name == "Outcome"
    assert small.get(Stage, "1-plan").name == "Plan & share"
    assert small.site.name == "site"


@pytest.mark.parametrize("cls", KINDS.values(), ids=lambda cls: cls.kind)
def test_every_kind_has_a_folder_an_address_and_a_docstring(cls: type[Record]) -> None:
    assert cls.folder
    assert cls.address
    assert cls.__doc__
    assert cls.model_config["extra"] == "forbid"


def test_the_substance_of_a_recommendation_is_the_reports_and_the_rest_is_advice() -> None:
    def marks(part: type[Part]) -> dict[str, Statement]:
        return {name: m for name, field in part.model_fields.items() for m in field.metadata if isinstance(m, Statement)}

    found = marks(Recommendation)
    assert found["says"] is Statement.REPORT
    assert {found[name] for name in ("title", "why", "avoid", "ask")} == {Statement.ADVICE}


def limits(fields: tuple[FieldGuide, ...], at: str) -> Iterator[tuple[str, Words]]:
    """Yield the place of each of `fields` whose words are counted, and how many it may have."""
    for field in fields:
        if field.words:
            yield f"{at}.{field.name}", field.words
        yield from limits(field.fields, f"{at}.{field.name}")


def test_texts_may_have_as_many_words_as_was_agreed() -> None:
    found = {place: (held.least, held.most) for kind, cls in {**KINDS, **SINGLES}.items() for place, held in limits(guide(cls), kind)}
    assert found == {
        "stage.summary": (20, 110),
        "recommendation.title": (3, 9),
        "recommendation.says": (8, 90),
        "recommendation.why": (30, 80),
        "recommendation.compact.because": (6, 40),
        "term.meaning": (5, 70),
        "term.example": (8, 80),
        "law.in_short": (5, 40),
    }
