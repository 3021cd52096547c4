"""Laws are due for review after one year, other records after two."""

from __future__ import annotations

from datetime import date

import pytest

from macros.checks.review_dates import due_on, overdue
from macros.model.framework import Framework


@pytest.mark.parametrize(
    ("kind", "checked_on", "due"),
    [
        ("law", date(2026, 11, 22), date(2027, 11, 22)),
        ("source", date(2026, 11, 22), date(2028, 11, 22)),
        ("law", date(2024, 2, 29), date(2025, 3, 1)),
    ],
)
def test_when_a_record_is_due(kind: str, checked_on: date, due: date) -> None:
    assert due_on(kind, checked_on) == due


def test_a_record_is_overdue_the_day_after_it_is_due(small: Framework) -> None:
    assert list(overdue(small, date(2027, 11, 22))) == []
    (problem,) = overdue(small, date(2027, 11, 23))
    assert (problem.path, problem.line) == ("data/law/small-act.yml", 17)
    assert problem.wrong == "last checked on 2026-11-22, due on 2027-11-22"


def test_every_checked_record_is_due_one_day(real: Framework) -> None:
    checked = {f"{kind}/{id_}" for (kind, id_), r in real.records.items() if getattr(r, "checked_on", None)}
    assert {problem.record for problem in overdue(real, date.max)} == checked


def test_a_record_checked_in_the_future_is_a_problem(small: Framework) -> None:
    messages = {p.path: p.message for p in overdue(small, date(2026, 11, 21))}
    assert messages["data/law/small-act.yml"] == (
        "checked_on: 2026-11-22 is later than 2026-11-21; write the day on which you checked its sources"
    )
