"""Law is looked at again after 12 months, all else after 24."""

from __future__ import annotations

from datetime import date

import pytest

from macros.checks.review_dates import due_on, not_yet, overdue
from macros.model.framework import Framework


@pytest.mark.parametrize(
    ("kind", "checked_on", "due"),
    [
        ("law", date(2026, 11, 22), date(2027, 11, 22)),
        ("source", date(2026, 11, 22), date(2028, 11, 22)),
        ("law", date(2024, 2, 29), date(2025, 3, 1)),
        ("criterion", date(2024, 2, 29), date(2026, 3, 1)),
        ("law", date(2026, 12, 31), date(2027, 12, 31)),
    ],
)
def test_when_a_record_is_due(kind: str, checked_on: date, due: date) -> None:
    assert due_on(kind, checked_on) == due


def test_what_is_overdue(small: Framework) -> None:
    assert list(overdue(small, date(2027, 11, 22))) == []
    (problem,) = overdue(small, date(2027, 11, 23))
    assert (problem.path, problem.line) == ("data/law/small-act.yml", 17)
    assert "due since 2027-11-22" in problem.message
    late = {p.record.split("/")[0] for p in overdue(small, date(2029, 1, 1))}
    assert late == {
        "law",
        "source",
        "definition",
        "criterion",
        "common-core",
        "case-study",
        "event",
    }


def test_whatever_was_looked_at_is_due_one_day(real: Framework) -> None:
    looked_at = {f"{kind}/{id_}": day for (kind, id_), r in real.records.items() if (day := getattr(r, "checked_on", None))}
    assert {problem.record for problem in overdue(real, date.max)} == looked_at.keys()
    assert {problem.name for problem in overdue(real, max(looked_at.values()))} <= {"overdue"}


def test_nobody_looks_at_a_record_tomorrow(small: Framework) -> None:
    assert list(not_yet(small, ("law", "small-act"), date(2026, 11, 22))) == []
    (problem,) = not_yet(small, ("law", "small-act"), date(2026, 11, 21))
    assert (problem.path, problem.line) == ("data/law/small-act.yml", 17)
    assert problem.message == "checked_on: 2026-11-22 is later than 2026-11-21; write the day on which you looked at its sources"
    assert problem in overdue(small, date(2026, 11, 21))
