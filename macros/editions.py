"""What has changed from edition to edition, and since which of them a record has read as it does."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from macros.fieldguide import FieldGuide, guide
from macros.fields import ID_PATTERN
from macros.framework import Framework
from macros.index import Key
from macros.published import PUBLISHED, Kind
from macros.record import Record
from macros.singles import Point
from macros.snapshot import Said, Snapshot, said_by, snapshot
from macros.wording import flow

_KINDS = {kind.name: kind for kind in PUBLISHED}
_NO_WORDS = frozenset(("name", "formerly", "letter"))
"""What goes with a record's id: an id that changes makes no other words."""

_LINK = re.compile(rf"(\[\[|\]\()([a-z-]+/)?({ID_PATTERN})(?=[|\])])")
"""A link inside prose to a record: what stands before its id, and the id."""

Fate = Literal["added", "withdrawn", "restored", "changed", "renamed", "merged", "removed"]


class Editions(NamedTuple):
    """The editions that have been released, the oldest first, and the revision of the words here."""

    snapshots: tuple[Snapshot, ...] = ()
    revision: str = "00000000"


class Difference(NamedTuple):
    """A record that one edition says otherwise than the one before; it `was` called `kind/id` then, if it had another id.

    `fields` are the names of those that differ. `shown` is the record as it is here, if it still is.
    """

    fate: Fate
    name: str
    title: str
    fields: tuple[str, ...] = ()
    was: str = ""
    shown: Record | Point | None = None


class Entry(NamedTuple):
    """An edition in the list of them: what changed since the one `before`; `here` if the site has exactly its words."""

    snapshot: Snapshot
    before: Snapshot | None
    differences: tuple[Difference, ...]
    released: bool
    here: bool


def since(framework: Framework, snapshots: Sequence[Snapshot], record: Record | Point) -> str:
    """Return the edition since which `record` has read as it does in `framework`.

    That is the current edition if the newest of `snapshots` says it otherwise; but if the current edition has been released
    with other words, the record has read so since no edition, which is "". Raise KeyError if the open data do not give it.
    """
    kind = _KINDS["point" if isinstance(record, Point) else record.kind]
    now = _now_here(framework)
    words = _words(kind, said_by(kind, record), now)
    ids = (record.id, *getattr(record, "formerly", ()))
    found = framework.site.edition if not snapshots or snapshots[-1].edition != framework.site.edition else ""
    for old in reversed(snapshots):
        if not any(_words(kind, said, now) == words for i in ids if (said := old.records.get(f"{kind.name}/{i}")) is not None):
            break
        found = old.edition
    return found


def standing(framework: Framework, editions: Editions | None) -> Callable[[Record], str | None]:
    """Return what tells of a record since which edition it has read so; it tells None if `editions` are not known."""
    return lambda record: None if editions is None else since(framework, editions.snapshots, record)


def listed(framework: Framework, editions: Editions) -> tuple[Entry, ...]:
    """Return every edition, the newest first; before them what is here, unless it has been released just so."""
    current, snapshots = snapshot(framework, editions.revision), editions.snapshots
    newest = snapshots[-1] if snapshots else None
    same = newest is not None and (newest.edition, newest.revision) == (current.edition, current.revision)
    entries = [] if same else [Entry(current, newest, compared(framework, newest, current), released=False, here=True)]
    for at in reversed(range(len(snapshots))):
        before = snapshots[at - 1] if at else None
        is_here = same and at == len(snapshots) - 1
        entries.append(Entry(snapshots[at], before, compared(framework, before, snapshots[at]), released=True, here=is_here))
    return tuple(entries)


def compared(framework: Framework, older: Snapshot | None, newer: Snapshot) -> tuple[Difference, ...]:
    """Return what `newer` says otherwise than `older` (nothing, if there is no older), each with the record that `framework` has."""
    if older is None:
        return ()
    now = _now(newer.records)
    heirs = {name: f"{kind}/{now[kind, i]}" for name in older.records for kind, _, i in [name.partition("/")] if (kind, i) in now}
    origins = {heir: name for name, heir in heirs.items() if heir not in older.records}
    found: list[Difference] = []
    for name, said in newer.records.items():
        old = origins.get(name, name)
        if difference := _difference(name, said, old, older.records.get(old), now):
            found.append(difference)
    for name, said in older.records.items():
        if name not in newer.records and name not in origins.values():
            heir = heirs.get(name)
            merged = Difference("merged", heir, newer.records[heir]["name"], was=name) if heir else None
            found.append(merged or Difference("removed", name, said["name"]))
    kinds = [kind.name for kind in PUBLISHED]
    found.sort(key=lambda one: (kinds.index(kind) if (kind := one.name.partition("/")[0]) in kinds else len(kinds), one.name))
    return tuple(one._replace(shown=_shown(framework, one.name)) for one in found)


def _difference(name: str, said: Said, old: str, before: Said | None, now: Mapping[Key, str]) -> Difference | None:
    """Return how the record `name` is not what it was, when it was called `old` and said what is `before`."""
    if before is None:
        return Difference("added", name, said["name"])
    kind = _KINDS.get(name.partition("/")[0])
    one, other = (_words(kind, told, now) for told in (before, said))
    fields = tuple(field for field in dict.fromkeys((*other, *one)) if one.get(field) != other.get(field))
    fate: Fate = "changed"
    if ("withdrawn" in one) != ("withdrawn" in other):
        fate = "withdrawn" if "withdrawn" in other else "restored"
    elif old != name:
        fate = "renamed"
    fields = tuple(field for field in fields if field != "withdrawn" or fate == "changed")
    return Difference(fate, name, said["name"], fields, old if old != name else "") if fields or fate != "changed" else None


def _now(records: Mapping[str, Said]) -> dict[Key, str]:
    """Return the ids that `records` have, by kind and the ids that they had before."""
    parts = ((*name.partition("/")[::2], said) for name, said in records.items())
    return {(kind, old): record_id for kind, record_id, said in parts for old in said.get("formerly", ())}


@functools.lru_cache(maxsize=2)
def _now_here(framework: Framework) -> dict[Key, str]:
    points = {f"point/{i}": {"formerly": point.formerly} for i, point in framework.points.items()}
    return _now({**points, **{"/".join(key): {"formerly": held.formerly} for key, held in framework.records.items()}})


def _words(kind: Kind | None, said: Said, now: Mapping[Key, str]) -> Said:
    """Return what readers are told by `said`: text as it flows, and each record that it names by the id that it has now."""
    return _group(guide(kind.cls) if kind else (), {name: value for name, value in said.items() if name not in _NO_WORDS}, now)


def _group(fields: tuple[FieldGuide, ...], said: Said, now: Mapping[Key, str]) -> Said:
    known = {field.name: field for field in fields}
    return {name: _value(known.get(name), value, now) for name, value in said.items()}


def _value(field: FieldGuide | None, value: Any, now: Mapping[Key, str]) -> Any:
    if isinstance(value, list):
        return [_value(field, item, now) for item in value]
    if isinstance(value, dict):
        return _group(field.fields if field else (), value, now)
    if isinstance(value, str):
        return now.get((field.names, value), value) if field and field.holds == "reference" else _text(value, now)
    return value


def _text(text: str, now: Mapping[Key, str]) -> str:
    """Return `text` as it flows, with its links by the ids that records have now: the words of a link are the same."""

    def link(found: re.Match[str]) -> str:
        opening, kind, record_id = found[1], found[2], found[3]
        kinds = ["term"] if opening == "[[" else [kind[:-1]] if kind else _KINDS
        return f"{opening}{kind or ''}{next((now[k, record_id] for k in kinds if (k, record_id) in now), record_id)}"

    return _LINK.sub(link, flow(text))


def _shown(framework: Framework, name: str) -> Record | Point | None:
    """Return the record of `framework` that goes, or went, by `name`, if readers are shown it."""
    kind, _, record_id = name.partition("/")
    if kind == "point":
        return framework.points.get(record_id)
    held = [r for key, r in framework.records.items() if key[0] == kind and record_id in (r.id, *r.formerly)]
    return held[0] if held and held[0].url else None
