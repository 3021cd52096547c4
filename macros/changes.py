"""What a change is for readers: of one value, of one record or page, and of everything between two states."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace
from typing import Literal

from macros.fieldguide import FieldGuide, guide
from macros.fields import Statement
from macros.prose import Page
from macros.record import Record
from macros.source import Loc

How = Literal["added", "changed", "moved", "removed"]
Fate = Literal["added", "removed", "merged", "withdrawn", "restored", "renamed", "changed"]


@dataclass(frozen=True)
class Change:
    """One value of a record, or paragraph of a page (whose `field` is None), that is not as it was.

    `loc` is where it stands, or stood if it is gone; `place` is where the new record shows that: the value, or what held it.
    """

    field: FieldGuide | None
    loc: Loc
    place: Loc
    statement: Statement | None
    old: str | None
    new: str | None

    @property
    def how(self) -> How:
        """Return what became of it; what has `moved` stands at another place of its list with the same words."""
        if self.old is None:
            return "added"
        return "removed" if self.new is None else "moved" if self.old == self.new else "changed"

    @property
    def path(self) -> str:
        """Return its place as messages name it, for example `do.2.step`."""
        return ".".join(str(step + 1 if isinstance(step, int) else step) for step in self.loc)

    @property
    def relation(self) -> str:
        """Return the name of the field that holds it, without positions, for example `compact.principle`."""
        return ".".join(step for step in self.loc if isinstance(step, str))

    @property
    def about(self) -> str:
        """Return what the field is for, in few words: its description up to the first colon or stop, or its name."""
        if self.field is None:
            return ""
        first = re.split(r"[:;.]", self.field.about)[0]
        return self.field.name if first in ("", *self.field.choices) else first

    @property
    def names(self) -> bool:
        """Return whether it is an id that names another record."""
        return self.field is not None and self.field.holds == "reference"

    @property
    def protected(self) -> bool:
        """Return whether it changes what the report says; another order of the same words does not."""
        return self.statement is Statement.REPORT and self.how != "moved"


@dataclass(frozen=True)
class RecordChange:
    """One record that is not as it was: as it is now (or was, if it is gone), as it was `before`, and what `changes` in it.

    `unseen` words, which nobody is shown, came and went. A record that is `merged` lives on under the addresses of `into`.
    `led` tells whether its old addresses still lead somewhere.
    """

    fate: Fate
    record: Record
    before: Record | None
    changes: tuple[Change, ...] = ()
    unseen: tuple[int, int] = (0, 0)
    into: Record | None = None
    led: bool = True

    @property
    def gone(self) -> bool:
        """Return whether there is no such record any more."""
        return self.fate in ("removed", "merged")

    @property
    def shown(self) -> bool:
        """Return whether readers are shown anything of it."""
        return self.fate != "changed" or bool(self.changes)

    @property
    def decided(self) -> bool:
        """Return whether the steering group decides on it whole: a record that says what the report says comes, goes or returns."""
        return self.fate not in ("changed", "renamed") and _speaks_for_the_report(guide(type(self.record)))

    @property
    def protected(self) -> tuple[Change, ...]:
        """Return the single changes of what the report says, unless the record is decided on whole because it comes or goes."""
        return () if self.gone or self.fate == "added" else tuple(change for change in self.changes if change.protected)


@dataclass(frozen=True)
class PageChange:
    """One page that is not as it was: as it is now (or was, if it is gone), and as it was `before`; `unseen` words came and went."""

    fate: Fate
    page: Page
    before: Page | None
    changes: tuple[Change, ...] = ()
    unseen: tuple[int, int] = (0, 0)

    @property
    def shown(self) -> bool:
        """Return whether readers are shown anything of it."""
        return self.fate != "changed" or bool(self.changes)


@dataclass(frozen=True)
class Comparison:
    """Everything that changes: records in reading order, and pages by path."""

    records: tuple[RecordChange, ...]
    pages: tuple[PageChange, ...]

    @property
    def protected(self) -> tuple[tuple[RecordChange, Change | None], ...]:
        """Return what only the steering group may change: a record whole (None), or one value of it."""
        found: list[tuple[RecordChange, Change | None]] = []
        for record in self.records:
            found += [(record, None)] if record.decided else []
            found += [(record, change) for change in record.protected]
        return tuple(found)

    @property
    def unseen(self) -> tuple[int, int]:
        """Return how many words, which nobody is shown, came and went."""
        held = [*(record.unseen for record in self.records), *(page.unseen for page in self.pages)]
        return sum(come for come, _ in held), sum(gone for _, gone in held)

    def without(self, kind: str, *relations: str) -> Comparison:
        """Return what changes besides the fields `relations` of records of `kind`."""
        kept = (
            replace(one, changes=tuple(c for c in one.changes if c.relation not in relations)) if one.record.kind == kind else one
            for one in self.records
        )
        return replace(self, records=tuple(one for one in kept if one.shown or any(one.unseen)))


@functools.cache
def _speaks_for_the_report(fields: tuple[FieldGuide, ...]) -> bool:
    return any(field.statement is Statement.REPORT or _speaks_for_the_report(field.fields) for field in fields)
