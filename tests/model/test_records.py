"""Records are frozen and typed from text; names, addresses and limits follow from their classes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pydantic import ValidationError

from macros.model.framework import Framework
from macros.model.introspection import FieldDescription, field_guides
from macros.model.records import KINDS, SINGLES, Criterion, Recommendation, Source, Stage
from tests.conftest import cases


def test_records_are_typed_from_text_and_cannot_be_changed(small: Framework) -> None:
    stage = small.get(Stage, "1-find-out")
    assert stage.number == 1
    assert small.get(Source, "social-value-act").checked_on.isoformat() == "2026-11-22"
    assert small.get(Criterion, "author").other.says is None
    assert small.get(Recommendation, "1a").audiences == ("commissioner", "provider")
    with pytest.raises(ValidationError):
        stage.number = 3


def test_sources_are_ordered_by_the_date_that_they_give(small: Framework) -> None:
    published = ["Updated 12 September 2024", "September 2024", "2024", "no date", None]
    dates = [small.get(Source, "social-value-act").model_copy(update={"published": text}).date for text in published]
    assert dates == [(2024, 9, 12), (2024, 9, 0), (2024, 0, 0), (0, 0, 0), (0, 0, 0)]


@pytest.mark.parametrize(("kind", "record_id", "name", "url"), cases("records.a_record_has_a_name_and_an_address"))
def test_a_record_has_a_name_and_an_address(small: Framework, kind: str, record_id: str, name: str, url: str) -> None:
    record = small.records[kind, record_id]
    assert (record.name, record.url) == (name, url)


def test_every_kind_has_a_folder_of_its_own_and_an_address() -> None:
    assert len({cls.folder for cls in KINDS.values()}) == len(KINDS)
    assert all(cls.address and cls.__doc__ for cls in KINDS.values())


def limits(fields: tuple[FieldDescription, ...], path: str) -> Iterator[tuple[str, list[int]]]:
    """Yield the path of each field with a limited number of words, and the limits."""
    for field in fields:
        if field.words:
            yield f"{path}.{field.name}", [field.words.least, field.words.most]
        yield from limits(field.fields, f"{path}.{field.name}")


def test_the_numbers_of_words_are_as_agreed() -> None:
    assert dict(limit for kind, cls in {**KINDS, **SINGLES}.items() for limit in limits(field_guides(cls), kind)) == cases(
        "records.numbers_of_words"
    )
