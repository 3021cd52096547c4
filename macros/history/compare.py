"""Compare two states of the records and pages, for reviews, release notes and editions."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from operator import methodcaller
from typing import Any, Literal, NamedTuple

from macros.loading.pages import Page
from macros.model.document import Key, Loc, dotted, texts_in
from macros.model.framework import Framework
from macros.model.introspection import FieldDescription, field_guides
from macros.model.public_view import PUBLISHED
from macros.model.records import Point, Record, Report
from macros.model.types import Statement
from macros.text.diff import flow, match
from macros.text.patterns import ID_PATTERN

RecordData = dict[str, Any]  # the name and the fields of a record, without those that have their default value
Status = Literal["added", "withdrawn", "restored", "changed", "renamed", "merged", "removed"]

_CLASSES = {kind.name: kind.cls for kind in PUBLISHED}
_IDENTITY = ("id", "formerly", "letter")  # fields that are or follow from the id, and are not compared
_PAGE_FIELDS = (
    *(FieldDescription(name) for name in ("title", "description")),
    FieldDescription("search", holds="line", many=True),
    FieldDescription("text", holds="prose", many=True),
)
# A link in prose to a record: what comes before its id, its kind if it is given, and the id.
_LINK = re.compile(rf"(\[\[|\]\()([a-z-]+/)?({ID_PATTERN})(?=[|\])])")


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
        return dotted(self.loc)

    @property
    def protected(self) -> bool:
        """Return whether it changes what the report says."""
        return self.statement is Statement.REPORT and self.how != "reordered"


class RecordChange(NamedTuple):
    """One changed record, with its former id; a merged record is now part of `into`."""

    status: Status
    key: Key
    name: str
    changes: tuple[Change, ...] = ()
    old_id: str = ""
    into: Key | None = None

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
    """One changed page, as it is now or was last."""

    status: Literal["added", "changed", "removed"]
    page: Page
    changes: tuple[Change, ...] = ()


class Comparison(NamedTuple):
    """All differences between two states."""

    records: tuple[RecordChange, ...]
    pages: tuple[PageChange, ...]

    @property
    def protected(self) -> bool:
        """Return whether a record or one of its values needs the steering group's agreement."""
        return any(record.protected or record.protected_changes for record in self.records)


@functools.cache
def _states_the_report(fields: tuple[FieldDescription, ...]) -> bool:
    return any(field.statement is Statement.REPORT or _states_the_report(field.fields) for field in fields)


def state_of(framework: Framework, pages: Sequence[Page] = (), *, published: bool = False) -> State:
    """Return the state of `framework` and `pages`; only the fields that the open data give, if `published`."""
    records: dict[Key, RecordData] = {}
    for kind in PUBLISHED:
        left_out = {"id", *(kind.left_out if published or kind.cls is Report else ())}
        for record in kind.records(framework):
            data = record.model_dump(mode="json", exclude=left_out, exclude_defaults=True)
            records[kind.name, record.id] = {"name": record.name, **data}
    return State(records, tuple(pages))


def record_of(framework: Framework, key: Key) -> Record | Point | None:
    """Return the record, or point of the report, with the key `key`; None if there is none."""
    return framework.points.get(key[1]) if key[0] == "point" else framework.find(*key)


def place_of(framework: Framework, key: Key, loc: Loc = ()) -> tuple[Key, Loc]:
    """Return the record whose file holds `key`, a record or point of the report, and the place of `loc` in it."""
    if key[0] != "point":
        return key, loc
    return (Report.kind, Report.kind), ("points", list(framework.points).index(key[1]), *loc)


def compare(before: State, after: State) -> Comparison:
    """Return all differences between `before` and `after`: records in the order of `after`, and pages."""
    return Comparison(tuple(_records(before.records, after.records)), tuple(_pages(before.pages, after.pages)))


def _records(before: Mapping[Key, RecordData], after: Mapping[Key, RecordData]) -> Iterator[RecordChange]:
    formerly = {(key[0], old): key for key, data in after.items() for old in data.get("formerly", ())}
    new_keys = {key: formerly[key] for key in before if key in formerly and key not in after}
    old_keys = {key: old for old, key in new_keys.items() if key not in before}
    for key, data in after.items():
        old_key = old_keys.get(key, key)
        old = before.get(old_key)
        status: Status = "added" if old is None else "changed" if old_key == key else "renamed"
        if old is not None and ("withdrawn" in old) != ("withdrawn" in data):
            status = "withdrawn" if "withdrawn" in data else "restored"
        changes = tuple(_changes(_fields(key), _with_new_ids(_fields(key), old or {}, new_keys), data))
        if changes or status != "changed":
            yield RecordChange(status, key, data["name"], changes, old_key[1])
    for key, data in before.items():
        if key not in after and key not in old_keys.values():
            into = new_keys.get(key)
            changes = tuple(_changes(_fields(key), _with_new_ids(_fields(key), data, new_keys), {}))
            yield RecordChange("merged" if into else "removed", key, data["name"], changes, key[1], into)


def _fields(key: Key) -> Sequence[FieldDescription]:
    """Return the fields of the kind of `key` that are compared."""
    return [field for field in field_guides(_CLASSES[key[0]]) if field.name not in _IDENTITY]


def _with_new_ids(fields: Sequence[FieldDescription], data: RecordData, new_keys: Mapping[Key, Key]) -> RecordData:
    """Return the old `data` with the new ids of the records that it names, so that a renamed record is no change."""

    def link(found: re.Match[str]) -> str:
        opening, kind, record_id = found.groups()
        kinds = ["term"] if opening == "[[" else [kind[:-1]] if kind else _CLASSES
        return f"{opening}{kind or ''}{next((new_keys[k, record_id][1] for k in kinds if (k, record_id) in new_keys), record_id)}"

    def value(field: FieldDescription, old: Any) -> Any:
        if isinstance(old, list):
            return [value(field, item) for item in old]
        if field.holds == "reference":
            return new_keys.get((field.names, old), (field.names, old))[1]
        if field.fields:
            return _with_new_ids(field.fields, old, new_keys)
        return _LINK.sub(link, old) if isinstance(old, str) else old

    return {field.name: value(field, data[field.name]) for field in fields if field.name in data} if new_keys else data


def _changes(
    fields: Sequence[FieldDescription], old: RecordData, new: RecordData, loc: Loc = (), above: Statement | None = None
) -> Iterator[Change]:
    """Yield the changes in a group of `fields` at `loc`; `above` is the kind of statement of the group."""
    for field in fields:
        at, statement = (*loc, field.name), field.statement or above
        if not field.many:
            yield from _value(field, old.get(field.name), new.get(field.name), at, statement)
            continue
        before, after = (list(data.get(field.name) or ()) for data in (old, new))
        single = [inner for inner in field.fields if not inner.many]
        name = next((inner.name for inner in single if inner.name in ("id", "number") or inner.holds == "reference"), "")
        reference = field.holds == "reference"
        words = None if reference else lambda item: " ".join(text for _, text in texts_in(item))
        pairs = match(before, after, name=methodcaller("get", name) if name else None, words=words)
        for j, item in enumerate(after):
            yield from _value(field, before[pairs[j]] if j in pairs else None, item, (*at, j), statement)
        for i, item in enumerate(before):
            if i not in pairs.values():
                yield from _value(field, item, None, (*at, i), statement)
        if not reference and [*pairs.values()] != sorted(pairs.values()):
            yield Change(field, at, statement, "", "")


def _value(field: FieldDescription, old: Any, new: Any, loc: Loc, statement: Statement | None) -> Iterator[Change]:
    if field.fields:
        yield from _changes(field.fields, old or {}, new or {}, loc, statement)
    elif old != new:
        before, after = (None if value is None else str(value) for value in (old, new))
        if before is None or after is None or flow(before) != flow(after):
            yield Change(field, loc, statement, before, after)


def _pages(before: Sequence[Page], after: Sequence[Page]) -> Iterator[PageChange]:
    old, new = {page.path: page for page in before}, {page.path: page for page in after}
    for path, page in {**old, **new}.items():
        if changes := tuple(_changes(_PAGE_FIELDS, _page_data(old.get(path)), _page_data(new.get(path)))):
            yield PageChange("removed" if path not in new else "changed" if path in old else "added", page, changes)


def _page_data(page: Page | None) -> RecordData:
    """Return the fields of a page that are compared."""
    if page is None or page.meta is None:
        return {}
    search = [*page.meta.search, *(word for words in page.meta.parts.values() for word in words)]
    text = [part for part in re.split(r"\n\n+", flow(page.text)) if part]
    return {"title": page.meta.title, "description": page.meta.description, "search": search, "text": text}
