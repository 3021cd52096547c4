"""Laws are due for review after one year, other records after two."""

from __future__ import annotations

from datetime import date

from macros.checks.relations import overdue
from macros.model.framework import Framework


def test_a_record_is_overdue_the_day_after_it_is_due(small: Framework) -> None:
    assert list(overdue(small, date(2027, 11, 22))) == []
    (problem,) = overdue(small, date(2027, 11, 23))
    assert (problem.path, problem.line, problem.wrong) == ("data/law/small-act.yml", 17, "last checked on 2026-11-22, due on 2027-11-22")
    assert {p.wrong.partition("due")[2] for p in overdue(small, date(2029, 1, 1)) if p.path != problem.path} == {" on 2028-11-22"}


def test_every_checked_record_is_due_one_day(real: Framework) -> None:
    checked = {f"{kind}/{id_}" for (kind, id_), r in real.records.items() if getattr(r, "checked_on", None)}
    assert {problem.record for problem in overdue(real, date.max)} == checked


def test_a_record_checked_in_the_future_is_a_problem(small: Framework) -> None:
    (problem,) = (p for p in overdue(small, date(2026, 11, 21)) if p.path == "data/law/small-act.yml")
    assert (problem.name, problem.message) == (
        "checked-in-future",
        "checked_on: 2026-11-22 is later than 2026-11-21; write the day on which you checked its sources",
    )
