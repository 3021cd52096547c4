"""Two states of the records and pages are compared: what was added, reworded, moved, renamed, merged, withdrawn or removed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from macros.changes import Change, Comparison, Fate, PageChange, RecordChange
from macros.fieldguide import FieldGuide, guide
from macros.fields import Statement, Text
from macros.framework import Framework
from macros.index import Key, leaves
from macros.matching import matched
from macros.prose import Page
from macros.record import Record
from macros.source import Loc
from macros.wording import flow

UNSEEN = {"search", "words.avoid"}
"""Fields whose words no reader is shown, those of one kind of record with its name: how many come and go is said, not which."""

SAME_RECORD = 0.6
"""How many words of two records or pages must be the same (1: all) for one to be the other under another name."""

Ids = Mapping[Key, str]
"""The ids that records have now, by kind and the ids that they had."""


class State(NamedTuple):
    """Records and pages as they are at one time."""

    framework: Framework
    pages: tuple[Page, ...]


def compare(before: State, after: State) -> Comparison:
    """Return everything in which `after` differs from `before` for readers."""
    return Comparison(tuple(_records(before.framework, after.framework)), tuple(_pages(before.pages, after.pages)))


def _records(before: Framework, after: Framework) -> Iterator[RecordChange]:
    heirs = dict(_heirs(before, after))
    now = {key: record.id for key, record in heirs.items()}
    origins = {(heir.kind, heir.id): key for key, heir in heirs.items() if (heir.kind, heir.id) not in before.records}
    for key, record in after.records.items():
        old = before.records.get(origins.get(key, key))
        if old is None:
            yield RecordChange("added", record, None, tuple(_changes(record, None, record, now)))
            continue
        fate, unseen = _fate(old, record), _unseen(_counted(old), _counted(record))
        changes = tuple(c for c in _changes(record, old, record, now) if c.relation != "formerly" or c.new != old.id)
        if fate != "changed" or changes or any(unseen):
            yield RecordChange(fate, record, old, changes, unseen, led=old.id in (record.id, *record.formerly))
    for key, record in before.records.items():
        if key not in after.records and key not in origins.values():
            changes = tuple(_changes(record, record, None, now))
            yield RecordChange("merged" if key in heirs else "removed", record, record, changes, into=heirs.get(key), led=key in heirs)


def _fate(old: Record, new: Record) -> Fate:
    was, is_ = (getattr(record, "withdrawn", None) is not None for record in (old, new))
    if was != is_:
        return "withdrawn" if is_ else "restored"
    return "changed" if old.id == new.id else "renamed"


def _heirs(before: Framework, after: Framework) -> Iterator[tuple[Key, Record]]:
    """Yield each record that is gone with the one that it is now: by `formerly:`, or the new one that is most like it."""
    gone = [key for key in before.records if key not in after.records]
    named = {(record.kind, old): record for record in after.records.values() for old in record.formerly}
    yield from ((key, named[key]) for key in gone if key in named)
    taken = {id(named[key]) for key in gone if key in named}
    old = [before.records[key] for key in gone if key not in named]
    new = [record for key, record in after.records.items() if key not in before.records and id(record) not in taken]
    for kind in dict.fromkeys(record.kind for record in old):
        ones, others = ([record for record in records if record.kind == kind] for records in (old, new))
        for i, j in matched(ones, others, words=_said, enough=SAME_RECORD).pairs:
            yield (kind, ones[i].id), others[j]


def _said(record: Record) -> str:
    return " ".join(
        str(leaf.value)
        for leaf in leaves(record)
        if not _is_unseen(record, str(leaf.loc[0])) and any(isinstance(m, Text) for m in leaf.marks)
    )


def _counted(record: Record) -> Counter[str]:
    return Counter(repr(item) for name in type(record).model_fields if _is_unseen(record, name) for item in getattr(record, name))


def _is_unseen(record: Record, name: str) -> bool:
    return name in UNSEEN or f"{record.kind}.{name}" in UNSEEN


def _unseen(old: Counter[str], new: Counter[str]) -> tuple[int, int]:
    return (new - old).total(), (old - new).total()


def _changes(record: Record, old: Record | None, new: Record | None, now: Ids) -> Iterator[Change]:
    for field in guide(type(record)):
        if field.name != "id" and not _is_unseen(record, field.name):
            held, holds = _held(old, field.name, new), _held(new, field.name, old)
            yield from _field(field, held, holds, (field.name,), (field.name,), None, now)


def _held(part: Any, name: str, other: Any) -> Any:
    """Return the value of the field `name` of `part`; None if it has none, or if nobody wrote it and there is no `other` to differ from."""
    return None if other is None and name not in getattr(part, "model_fields_set", ()) else getattr(part, name, None)


def _field(field: FieldGuide, old: Any, new: Any, loc: Loc, place: Loc, above: Statement | None, now: Ids) -> Iterator[Change]:
    """Yield what differs in one field; None stands for a value that is not there, and `above` for the statement of its group."""
    if field.many:
        yield from _list(field, tuple(old or ()), tuple(new or ()), loc, place, above, now)
    else:
        yield from _value(field, old, new, loc, place, above, now)


def _value(field: FieldGuide, old: Any, new: Any, loc: Loc, place: Loc, above: Statement | None, now: Ids) -> Iterator[Change]:
    statement = field.statement or above
    if field.fields:
        for inner in field.fields:
            held, holds = _held(old, inner.name, new), _held(new, inner.name, old)
            deeper = (*place, inner.name) if new is not None else place
            yield from _field(inner, held, holds, (*loc, inner.name), deeper, statement, now)
        return
    was, is_ = _text(field, old, now), _text(field, new, {})
    if was != is_ and (was is None or is_ is None or flow(was) != flow(is_)):
        yield Change(field, loc, place, statement, was, is_)


def _text(field: FieldGuide, value: Any, now: Ids) -> str | None:
    """Return `value` as text; an id is the one that its record has now."""
    if value is None:
        return None
    return now.get((field.names, str(value)), str(value)) if field.holds == "reference" else str(value)


def _list(
    field: FieldGuide, old: Sequence[Any], new: Sequence[Any], loc: Loc, place: Loc, above: Statement | None, now: Ids
) -> Iterator[Change]:
    ids = field.holds == "reference"
    if ids:
        old = [_text(field, item, now) for item in old]
    texts = field.fields or field.holds in ("prose", "line")
    match = matched(old, new, name=_name(field), words=_words if texts else None)
    pairs = {j: i for i, j in match.pairs}
    for j, item in enumerate(new):
        at = (*loc, j)
        changes = list(_value(field, old[pairs[j]] if j in pairs else None, item, at, at, above, now))
        if j in match.moved and not changes and not ids:
            changes = [Change(field, at, at, field.statement or above, _words(item), _words(item))]
        yield from changes
    for i in match.gone:
        yield from _value(field, old[i], None, (*loc, i), place, above, now)


def _name(field: FieldGuide) -> Any:
    """Return what tells by which name an item of a list of groups goes: its id, its number, or the record that it is about."""
    names = [inner.name for inner in field.fields if not inner.many and (inner.name in ("id", "number") or inner.holds == "reference")]
    return (lambda item: getattr(item, names[0])) if names else None


def _words(item: Any) -> str:
    if isinstance(item, str):
        return item
    return " ".join(str(leaf.value) for leaf in leaves(item) if any(isinstance(mark, Text) for mark in leaf.marks))


def _pages(before: Sequence[Page], after: Sequence[Page]) -> Iterator[PageChange]:
    old, new = {page.path: page for page in before}, {page.path: page for page in after}
    gone, come = ([page for path, page in one.items() if path not in other] for one, other in ((old, new), (new, old)))
    renamed = {come[j].path: gone[i] for i, j in matched(gone, come, words=lambda page: page.text, enough=SAME_RECORD).pairs}
    for path, page in new.items():
        was = old.get(path) or renamed.get(path)
        fate: Fate = "added" if was is None else "renamed" if path in renamed else "changed"
        changes = tuple(_in_page(was, page))
        unseen = _unseen(_searched(was), _searched(page))
        if fate != "changed" or changes or any(unseen):
            yield PageChange(fate, page, was, changes, unseen)
    for page in gone:
        if page not in renamed.values():
            yield PageChange("removed", page, page, tuple(_in_page(page, None)), _unseen(_searched(page), Counter()))


def _searched(page: Page | None) -> Counter[str]:
    if page is None or page.meta is None:
        return Counter()
    return Counter((*page.meta.search, *(word for part in page.meta.parts.values() for word in part)))


def _in_page(old: Page | None, new: Page | None) -> Iterator[Change]:
    """Yield what differs in the head of a page that readers or search engines are shown, and in its paragraphs."""
    for name in ("title", "description"):
        held, holds = (getattr(page.meta, name, None) if page else None for page in (old, new))
        if held != holds:
            yield Change(None, (name,), (), None, held, holds)
    paragraphs, others = (_paragraphs(page) for page in (old, new))
    match = matched(paragraphs, others, words=str)
    pairs = {j: i for i, j in match.pairs}
    for j, said in enumerate(others):
        was = paragraphs[pairs[j]] if j in pairs else None
        if was != said or j in match.moved:
            yield Change(None, (j,), (), None, was, said)
    for i in match.gone:
        yield Change(None, (i,), (), None, paragraphs[i], None)


def _paragraphs(page: Page | None) -> list[str]:
    return [part for part in re.split(r"\n\n+", flow(page.text)) if part] if page else []
