"""Rules for review dates: laws are due for review after one year, other records after two."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from macros.model.document import Key
from macros.model.framework import Framework
from macros.model.problem import Problem
from macros.model.records import Law


def due_on(kind: str, checked_on: date) -> date:
    """Return the day on which a record of `kind`, last checked on `checked_on`, is due for review."""
    year = checked_on.year + (1 if kind == Law.kind else 2)
    try:
        return checked_on.replace(year=year)
    except ValueError:  # 29 February
        return date(year, 3, 1)


def overdue(framework: Framework, day: date) -> Iterator[Problem]:
    """Yield a problem for each record whose review is overdue on `day`, or that claims to have been checked after it."""
    for key, checked_on in _checked(framework):
        due = due_on(key[0], checked_on)
        if due < day:
            wrong, instead = f"last checked on {checked_on}, due on {due}", "check its sources again and write today's date"
            yield framework.problem(key, ("checked_on",), "overdue", wrong, instead)
    yield from checked_in_future(framework, day)


def checked_in_future(framework: Framework, day: date) -> Iterator[Problem]:
    """Yield a problem for each record that claims to have been checked after `day`."""
    for key, checked_on in _checked(framework):
        if checked_on > day:
            wrong, instead = f"{checked_on} is later than {day}", "write the day on which you checked its sources"
            yield framework.problem(key, ("checked_on",), "overdue", wrong, instead)


def _checked(framework: Framework) -> Iterator[tuple[Key, date]]:
    for key, record in framework.records.items():
        if checked_on := getattr(record, "checked_on", None):
            yield key, checked_on
