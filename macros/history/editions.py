"""The changes from edition to edition, and since which edition a record has its present text."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from macros.history.compare import RecordChange, compare, record_of, state_of_edition
from macros.history.snapshot import Snapshot, snapshot
from macros.model.document import Key
from macros.model.framework import Framework
from macros.model.public_view import PUBLISHED
from macros.model.records import Point, Record


@dataclass(frozen=True, eq=False)
class Editions:
    """The released editions, the oldest first, and the revision of the records and pages here."""

    snapshots: tuple[Snapshot, ...] = ()
    revision: str = "00000000"


class Entry(NamedTuple):
    """An edition, with each change since the one `before` and its record now, if readers can see it.

    `here` says whether the site shows exactly this edition.
    """

    snapshot: Snapshot
    before: Snapshot | None
    changes: tuple[tuple[RecordChange, Record | Point | None], ...]
    released: bool
    here: bool


@functools.lru_cache(maxsize=2)
def since(framework: Framework, editions: Editions) -> Mapping[Key, str]:
    """Return since which edition each record has its present text; "" if it changed after the current edition was released."""
    snapshots = editions.snapshots
    now = state_of_edition(snapshot(framework, editions.revision))
    released = bool(snapshots) and snapshots[-1].edition == framework.site.edition
    found = dict.fromkeys(now.records, "" if released else framework.site.edition)
    unchanged = set(found)
    for older in reversed(snapshots):
        unchanged -= {change.key for change in compare(state_of_edition(older), now).records if change.changes}
        found |= dict.fromkeys(unchanged, older.edition)
    return found


def edition_lookup(framework: Framework, editions: Editions | None) -> Callable[[Record], str | None]:
    """Return a function that looks up since which edition a record has its text: None without `editions`."""
    return lambda record: None if editions is None else since(framework, editions)[record.kind, record.id]


def edition_list(framework: Framework, editions: Editions) -> tuple[Entry, ...]:
    """Return every edition, the newest first; the present state comes first unless it is exactly the newest edition."""
    current, snapshots = snapshot(framework, editions.revision), editions.snapshots
    last = snapshots[-1] if snapshots else None
    here = last is not None and (last.edition, last.revision) == (current.edition, current.revision)
    entries = [] if here else [Entry(current, last, _changes(framework, last, current), released=False, here=True)]
    for before, edition in reversed(list(zip((None, *snapshots), snapshots, strict=False))):
        entries.append(Entry(edition, before, _changes(framework, before, edition), released=True, here=here and edition is last))
    return tuple(entries)


def _changes(framework: Framework, older: Snapshot | None, newer: Snapshot) -> tuple[tuple[RecordChange, Record | Point | None], ...]:
    if older is None:
        return ()
    kinds = [kind.name for kind in PUBLISHED]
    found = compare(state_of_edition(older), state_of_edition(newer)).records
    ordered = sorted(found, key=lambda one: (kinds.index(one.key[0]) if one.key[0] in kinds else len(kinds), one.key))
    records = (record_of(framework, one.key) or framework.find_now(*one.key) for one in ordered)
    return tuple((one, record if record and record.url else None) for one, record in zip(ordered, records, strict=True))
