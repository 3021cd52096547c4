"""Rules for review dates: laws are due for review after one year, other records after two."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from macros.model.framework import Framework
from macros.model.problem import Problem
from macros.model.records import Law


def overdue(framework: Framework, day: date) -> Iterator[Problem]:
    """Yield a problem for each record whose review is overdue on `day`, or that claims to have been checked after it."""
    for key, record in framework.records.items():
        if checked_on := getattr(record, "checked_on", None):
            due = f"{checked_on.year + (1 if record.kind == Law.kind else 2)}-{checked_on:%m-%d}"
            if due < day.isoformat():
                wrong, instead = f"last checked on {checked_on}, due on {due}", "check its sources again and write today's date"
                yield framework.problem(key, ("checked_on",), "overdue", wrong, instead)
    yield from checked_in_future(framework, day)


def checked_in_future(framework: Framework, day: date) -> Iterator[Problem]:
    """Yield a problem for each record that claims to have been checked after `day`."""
    for key, record in framework.records.items():
        if (checked_on := getattr(record, "checked_on", None)) and checked_on > day:
            wrong, instead = f"{checked_on} is later than {day}", "write the day on which you checked its sources"
            yield framework.problem(key, ("checked_on",), "checked-in-future", wrong, instead)
