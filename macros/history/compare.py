"""Compare two states of the records and pages, for reviews, release notes and editions."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from macros.history.snapshot import RecordData, Snapshot
from macros.loading.pages import Page
from macros.model.document import Key, Loc
from macros.model.framework import Framework
from macros.model.introspection import FieldDescription, field_guides
from macros.model.public_view import PUBLISHED
from macros.model.records import Point, Record, Report
from macros.model.types import Statement
from macros.text.diff import flow, match
from macros.text.patterns import ID_PATTERN

Status = Literal["added", "withdrawn", "restored", "changed", "renamed", "merged", "removed"]

SAME_RECORD = 0.6
"""The share of words that two records or pages have in common if one is the other under a new name."""

_CLASSES = {kind.name: kind.cls for kind in PUBLISHED}
_IDENTITY = ("name", "formerly", "letter")
"""Fields that follow from the id and are not compared."""

_PAGE_FIELDS = (
    *(FieldDescription(name) for name in ("title", "description")),
    FieldDescription("search", holds="line", many=True),
    FieldDescription("text", holds="prose", many=True),
)

_LINK = re.compile(rf"(\[\[|\]\()([a-z-]+/)?({ID_PATTERN})(?=[|\])])")
"""A link in prose to a record: what comes before its id, its kind if it is given, and the id."""


class State(NamedTuple):
    """The data of all records, and the pages, at one time."""

    records: Mapping[Key, RecordData]
    pages: tuple[Page, ...] = ()


class Change(NamedTuple):
    """One changed value of a record or page; `loc` is its place, or its former place if it is removed."""

    field: FieldDescription
    loc: Loc
    statement: Statement | None
    old: str | None
    new: str | None

    @property
    def how(self) -> Literal["added", "removed", "reordered", "changed"]:
        """Return the kind of change."""
        if self.old is None:
            return "added"
        return "removed" if self.new is None else "reordered" if self.old == self.new else "changed"

    @property
    def path(self) -> str:
        """Return its place as messages show it, for example `do.2.step`."""
        return ".".join(str(step + 1 if isinstance(step, int) else step) for step in self.loc)

    @property
    def relation(self) -> str:
        """Return its place without positions in lists, for example `do.step`."""
        return ".".join(step for step in self.loc if isinstance(step, str))

    @property
    def is_reference(self) -> bool:
        """Return whether it is the id of another record."""
        return self.field.holds == "reference"

    @property
    def protected(self) -> bool:
        """Return whether it changes what the report says."""
        return self.statement is Statement.REPORT and self.how != "reordered"


class RecordChange(NamedTuple):
    """One changed record.

    `old_id` is its former id. A merged record is now part of `into`. `redirected` says whether its old address still works.
    """

    status: Status
    key: Key
    name: str
    changes: tuple[Change, ...] = ()
    old_id: str = ""
    into: Key | None = None
    redirected: bool = True

    @property
    def gone(self) -> bool:
        """Return whether the record no longer exists."""
        return self.status in ("removed", "merged")

    @property
    def protected(self) -> bool:
        """Return whether the record needs agreement: it has text of the report, and is added, removed, withdrawn or restored."""
        return self.status not in ("changed", "renamed") and _states_the_report(field_guides(_CLASSES[self.key[0]]))

    @property
    def protected_changes(self) -> tuple[Change, ...]:
        """Return the changes to text of the report in a record that stays."""
        return () if self.gone or self.status == "added" else tuple(change for change in self.changes if change.protected)


class PageChange(NamedTuple):
    """One changed page, and the page before (None if it is new)."""

    status: Status
    page: Page
    before: Page | None
    changes: tuple[Change, ...] = ()


class Comparison(NamedTuple):
    """All differences between two states."""

    records: tuple[RecordChange, ...]
    pages: tuple[PageChange, ...]

    @property
    def protected(self) -> tuple[tuple[RecordChange, Change | None], ...]:
        """Return what needs the steering group's agreement: records (with None), and single values."""
        records: list[tuple[RecordChange, Change | None]] = [(record, None) for record in self.records if record.protected]
        return *records, *((record, change) for record in self.records for change in record.protected_changes)


@functools.cache
def _states_the_report(fields: tuple[FieldDescription, ...]) -> bool:
    return any(field.statement is Statement.REPORT or _states_the_report(field.fields) for field in fields)


def state_of(framework: Framework, pages: Sequence[Page] = ()) -> State:
    """Return the state of `framework` and `pages`."""
    records: dict[Key, RecordData] = {}
    for kind in PUBLISHED:
        for record in kind.records(framework):
            left_out = {"id", "points"} if kind.cls is Report else {"id"}
            data = record.model_dump(mode="json", exclude=left_out, exclude_defaults=True)
            records[kind.name, record.id] = {"name": record.name, **data}
    return State(records, tuple(pages))


def state_of_edition(snapshot: Snapshot) -> State:
    """Return the state of the records in an edition."""
    return State({(kind, record_id): data for name, data in snapshot.records.items() for kind, _, record_id in [name.partition("/")]})


def record_of(framework: Framework, key: Key) -> Record | Point | None:
    """Return the record, or point of the report, with the key `key`; None if there is none."""
    return framework.points.get(key[1]) if key[0] == "point" else framework.find(*key)


def place_of(framework: Framework, key: Key, loc: Loc = ()) -> tuple[Key, Loc]:
    """Return the record whose file holds `key`, a record or point of the report, and the place of `loc` in it."""
    if key[0] != "point":
        return key, loc
    positions = [position for position, point in enumerate(framework.report.points) if point.id == key[1]]
    return (Report.kind, Report.kind), ("points", *positions, *loc)


def successors(gone: Mapping[Key, RecordData], added: Mapping[Key, RecordData]) -> dict[Key, Key]:
    """Match each removed record with the added record that has the same title or similar text."""
    found: dict[Key, Key] = {}
    for kind in dict.fromkeys(kind for kind, _ in gone):
        old, new = ([key for key in keys if key[0] == kind] for keys in (gone, added))
        matching = match(
            [gone[key] for key in old],
            [added[key] for key in new],
            name=lambda data: data.get("title") or data.get("term"),
            words=all_text,
            enough=SAME_RECORD,
        )
        found |= {old[i]: new[j] for i, j in matching.pairs}
    return found


def all_text(data: Any) -> str:
    """Return all text in `data`, at any depth."""
    if isinstance(data, dict):
        data = list(data.values())
    return " ".join(map(all_text, data)) if isinstance(data, list) else str(data)


def compare(before: State, after: State) -> Comparison:
    """Return all differences between `before` and `after`: records in the order of `after`, and pages."""
    return Comparison(tuple(_records(before.records, after.records)), tuple(_pages(before.pages, after.pages)))


def _records(before: Mapping[Key, RecordData], after: Mapping[Key, RecordData]) -> Iterator[RecordChange]:
    new_keys = _new_keys(before, after)
    old_keys = {key: old for old, key in new_keys.items() if key not in before}
    walker = _Walker(new_keys)
    for key, data in after.items():
        old_key = old_keys.get(key, key)
        old = before.get(old_key)
        status: Status = "added" if old is None else "changed" if old_key == key else "renamed"
        if old is not None and ("withdrawn" in old) != ("withdrawn" in data):
            status = "withdrawn" if "withdrawn" in data else "restored"
        changes = tuple(walker.record(key[0], old or {}, data))
        if changes or status != "changed":
            redirected = old_key == key or old_key[1] in data.get("formerly", ())
            yield RecordChange(status, key, data["name"], changes, old_key[1], redirected=redirected)
    for key, data in before.items():
        if key not in after and key not in old_keys.values():
            into = new_keys.get(key)
            changes = tuple(walker.record(key[0], data, {}))
            yield RecordChange("merged" if into else "removed", key, data["name"], changes, key[1], into, redirected=into is not None)


def _new_keys(before: Mapping[Key, RecordData], after: Mapping[Key, RecordData]) -> dict[Key, Key]:
    """Return the new key of each record whose key is gone: from `formerly:`, or by similar text."""
    formerly = {(key[0], old): key for key, data in after.items() for old in data.get("formerly", ())}
    gone = {key: data for key, data in before.items() if key not in after}
    named = {key: formerly[key] for key in gone if key in formerly}
    unnamed = {key: data for key, data in gone.items() if key not in named}
    added = {key: data for key, data in after.items() if key not in before and key not in named.values()}
    return named | successors(unnamed, added)


class _Walker:
    """Compares values field by field, following records to their new keys."""

    def __init__(self, new_keys: Mapping[Key, Key]) -> None:
        self.ids = {old: key[1] for old, key in new_keys.items()}

    def record(self, kind: str, old: RecordData, new: RecordData) -> Iterator[Change]:
        """Yield the changes between the old and new data of a record; {} if it did not exist."""
        skipped = dict.fromkeys(_IDENTITY)
        return self.group(field_guides(_CLASSES[kind]) if kind in _CLASSES else (), {**old, **skipped}, {**new, **skipped})

    def group(
        self, fields: Sequence[FieldDescription], old: RecordData, new: RecordData, loc: Loc = (), above: Statement | None = None
    ) -> Iterator[Change]:
        """Yield the changes in a group of `fields` at `loc`; `above` is the kind of statement of the group."""
        known = [field.name for field in fields]
        unknown = [name for name in {**old, **new} if name not in known]  # in an edition of another version of the models
        for field in (*fields, *(FieldDescription(name, name) for name in unknown)):
            if (before := old.get(field.name)) != (after := new.get(field.name)):
                compare_values = self._items if field.many else self._value
                yield from compare_values(field, before, after, (*loc, field.name), field.statement or above)

    def _value(self, field: FieldDescription, old: Any, new: Any, loc: Loc, statement: Statement | None) -> Iterator[Change]:
        if field.fields:
            yield from self.group(field.fields, old or {}, new or {}, loc, statement)
            return
        before, after = None if old is None else self._text(field, old), None if new is None else str(new)
        if before is None or after is None or flow(before) != flow(after):
            yield Change(field, loc, statement, before, after)

    def _items(self, field: FieldDescription, old: Any, new: Any, loc: Loc, statement: Statement | None) -> Iterator[Change]:
        old, new = list(old or ()), list(new or ())
        if field.holds == "reference":
            found = match([self._text(field, item) for item in old], new)
        else:
            found = match(old, new, name=_name_of_items(field), words=all_text)
        pairs = {j: i for i, j in found.pairs}
        for j, item in enumerate(new):
            yield from self._value(field, old[pairs[j]] if j in pairs else None, item, (*loc, j), statement)
        for i in found.gone:
            yield from self._value(field, old[i], None, (*loc, i), statement)
        if field.holds != "reference" and list(pairs) != sorted(pairs):
            yield Change(field, loc, statement, "", "")

    def _text(self, field: FieldDescription, old: Any) -> str:
        """Return the old value as text with the current ids of records, so that a renamed record is no change."""
        if field.holds == "reference":
            return self.ids.get((field.names, str(old)), str(old))
        return _LINK.sub(self._link, str(old))

    def _link(self, found: re.Match[str]) -> str:
        opening, kind, record_id = found[1], found[2], found[3]
        kinds = ["term"] if opening == "[[" else [kind[:-1]] if kind else _CLASSES
        return f"{opening}{kind or ''}{next((self.ids[k, record_id] for k in kinds if (k, record_id) in self.ids), record_id)}"


def _name_of_items(field: FieldDescription) -> Any:
    """Return what identifies an item of a list of groups: its id, its number, or the record that it names."""
    names = [inner.name for inner in field.fields if not inner.many and (inner.name in ("id", "number") or inner.holds == "reference")]
    return (lambda item: item.get(names[0])) if names else None


def _pages(before: Sequence[Page], after: Sequence[Page]) -> Iterator[PageChange]:
    walker = _Walker({})
    old, new = {page.path: page for page in before}, {page.path: page for page in after}
    gone, added = ([page for path, page in one.items() if path not in other] for one, other in ((old, new), (new, old)))
    renamed = {added[j].path: gone[i] for i, j in match(gone, added, words=lambda page: page.text, enough=SAME_RECORD).pairs}
    for path, page in new.items():
        previous = old.get(path) or renamed.get(path)
        status: Status = "added" if previous is None else "renamed" if path in renamed else "changed"
        changes = tuple(walker.group(_PAGE_FIELDS, _page_data(previous), _page_data(page)))
        if changes or status != "changed":
            yield PageChange(status, page, previous, changes)
    for page in gone:
        if page not in renamed.values():
            yield PageChange("removed", page, page, tuple(walker.group(_PAGE_FIELDS, _page_data(page), {})))


def _page_data(page: Page | None) -> dict[str, Any]:
    """Return the fields of a page that are compared; one without a value is left out."""
    if page is None:
        return {}
    data: dict[str, Any] = {"text": [part for part in re.split(r"\n\n+", flow(page.text)) if part]}
    if page.meta:
        parts = (word for words in page.meta.parts.values() for word in words)
        data |= {"title": page.meta.title, "description": page.meta.description, "search": [*page.meta.search, *parts]}
    return data
