"""Which records are due to be looked at again on a given day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from macros.model.framework import Framework
from macros.model.problem import Problem
from macros.model.references import Key
from macros.model.supporting import Law

MONTHS = {Law.kind: 12}
"""After how many months a record of a kind is due, where it is not `OTHERS`."""

OTHERS = 24


def due_on(kind: str, checked_on: date) -> date:
    """Return the day on which a record of `kind`, last looked at on `checked_on`, is due again.

    The 29th of February becomes the 1st of March.
    """
    months = checked_on.month - 1 + MONTHS.get(kind, OTHERS)
    year, month = checked_on.year + months // 12, months % 12 + 1
    try:
        return date(year, month, checked_on.day)
    except ValueError:
        return date(year, month + 1, 1)


def overdue(framework: Framework, day: date) -> Iterator[Problem]:
    """Yield a problem for each record whose review is due before `day`, or that says that it was looked at later."""
    for key, record in framework.records.items():
        checked_on = getattr(record, "checked_on", None)
        if checked_on is not None and due_on(record.kind, checked_on) < day:
            wrong = f"last looked at on {checked_on}, due since {due_on(record.kind, checked_on)}"
            yield framework.problem(key, ("checked_on",), "overdue", wrong, "look at its sources again and write the day on which you did")
        yield from not_yet(framework, key, day)


def not_yet(framework: Framework, key: Key, day: date) -> Iterator[Problem]:
    """Yield a problem if the record `key` says that it was looked at later than on `day`."""
    checked_on = getattr(framework.records[key], "checked_on", None)
    if checked_on is not None and checked_on > day:
        wrong = f"{checked_on} is later than {day}"
        yield framework.problem(key, ("checked_on",), "overdue", wrong, "write the day on which you looked at its sources")
