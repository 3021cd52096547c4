"""The reading grade rises with long words and long sentences, and is about right."""

from __future__ import annotations

import pytest

from macros.checks.house_style import grade, grades, syllables
from macros.model.framework import Framework
from macros.text.segmentation import Sentence


def parsed(*texts: str) -> tuple[Sentence, ...]:
    return tuple(Sentence(0, text) for text in texts)


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("the", 1), ("ask", 1), ("asked", 1), ("wanted", 2), ("makes", 1), ("changes", 2), ("people", 2), ("again", 2),
        ("little", 2), ("quality", 3), ("voluntary", 4), ("commissioner,", 4), ("organisation", 5), ("organisation's", 5),
        ("high-quality", 4), ("2013", 1), ("£619,000", 2), ("–", 1), ("Council", 2),
    ],
)  # fmt: skip
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_grades_by_the_formula() -> None:
    assert grade(parsed("The cat sat.")) == pytest.approx(0.39 * 3 + 11.8 - 15.59)
    assert grade(parsed("The cat sat.", "It ran.")) == pytest.approx(0.39 * 2.5 + 11.8 - 15.59)
    assert grade(()) == 0


def test_every_stage_has_a_grade(real: Framework, small: Framework) -> None:
    found = grades(real)
    assert [stage[0] for stage, _ in found] == list("1234567")
    assert all(4 < value < 12 for _, value in found)
    assert [stage for stage, _ in grades(small)] == ["1-plan", "2-buy"]


def test_a_withdrawn_recommendation_does_not_count(small: Framework) -> None:
    records = {key: record for key, record in small.records.items() if key != ("recommendation", "2c")}
    assert grades(Framework(records, small.documents)) == grades(small)
