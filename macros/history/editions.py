"""Released editions: the files that svf release writes to data/editions/, what changed since, and rules for the records that follow."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise, takewhile
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import ValidationError

from macros.history.compare import RecordChange, RecordData, State, compare, place_of, record_of, state_of
from macros.loading.files import decode_file
from macros.model.document import Key
from macros.model.framework import Framework
from macros.model.problem import Problem
from macros.model.public_view import API, PUBLISHED, as_json
from macros.model.records import SINGLES, Edition, Part, Point, Recommendation, Record, Report
from macros.model.types import Day, Line, form
from macros.text.patterns import ID_PATTERN

FOLDER = "data/editions"
_KINDS = [kind.name for kind in PUBLISHED]
_RESTORE = "restore it from Git; only make release writes here"

Name = Annotated[str, *form(rf"[a-z-]+/{ID_PATTERN}", "not a kind and an id")]


class Snapshot(Part):
    """One edition: its day, tag and revision, and its records by `kind/id`."""

    edition: Edition
    day: Day
    tag: Line
    revision: Annotated[str, *form(r"[0-9a-f]{8}", "not a revision")]
    records: dict[Name, RecordData]

    __hash__ = object.__hash__  # dictionaries are not hashable

    @property
    def path(self) -> str:
        """Return the path of its file from the project's root."""
        return f"{FOLDER}/{self.edition}.json"

    @property
    def data(self) -> str:
        """Return its path in the open data, from the site's root."""
        return f"{API}editions/{self.edition}.json"

    @property
    def stamp(self) -> dict[str, str]:
        """Return edition, date and revision as the open data give them."""
        return {"edition": self.edition, "date": self.day.isoformat(), "revision": self.revision}

    @property
    def content(self) -> bytes:
        """Return the content of its file."""
        data = self.model_dump(mode="json")
        return as_json({**data, "records": dict(sorted(data["records"].items()))})

    @functools.cached_property
    def state(self) -> State:
        """Return the state of its records, without kinds that the models no longer have."""
        keys = {name: (kind, record_id) for name in self.records for kind, _, record_id in [name.partition("/")] if kind in _KINDS}
        return State({keys[name]: self.records[name] for name in sorted(keys, key=lambda name: (_KINDS.index(keys[name][0]), name))})


def tag_of(edition: str) -> str:
    """Return the tag in Git of `edition`."""
    return f"edition-{edition}"


def following(edition: str) -> str:
    """Return the month after `edition`."""
    year, month = map(int, edition.split("-"))
    return f"{year + month // 12:04}-{month % 12 + 1:02}"


def snapshot(framework: Framework, revision: str) -> Snapshot:
    """Return the snapshot of `framework` with the `revision` of its records and pages."""
    edition = framework.site.edition
    records = {"/".join(key): data for key, data in state_of(framework, published=True).records.items()}
    return Snapshot(edition=edition, day=framework.site.edition_date, tag=tag_of(edition), revision=revision, records=records)


def read_editions(root: Path) -> tuple[tuple[Snapshot, ...], tuple[Problem, ...]]:
    """Return the snapshots in `root`/data/editions, the oldest first, and the problems of their files."""
    folder, problems, editions = root / FOLDER, list[Problem](), list[Snapshot]()
    for file in sorted(folder.iterdir()) if folder.is_dir() else ():
        if not file.name.startswith("."):
            edition, faults = _read(file, file.relative_to(root).as_posix())
            editions += [edition] if edition else []
            problems += faults
    for older, newer in pairwise(editions):
        if newer.day < older.day:
            wrong = f"released on {newer.day}, before edition {older.edition} ({older.day})"
            problems.append(Problem(newer.path, 1, 1, "edition-order", wrong, _RESTORE, "day"))
    return tuple(editions), tuple(problems)


def _read(file: Path, path: str) -> tuple[Snapshot | None, list[Problem]]:
    """Return the snapshot in `file`, or its problems: it must be exactly as svf release writes it."""
    if file.suffix != ".json" or not file.is_file():
        return None, [Problem(path, 1, 1, "edition-file", "not an edition file", "delete it; only make release writes here")]
    text, problems = decode_file(file, path, 16 * 1024 * 1024)
    if text is None:
        return None, problems
    with suppress(ValidationError):
        found = Snapshot.model_validate_json(text)
        valid = all(isinstance(data.get("name"), str) and isinstance(data.get("formerly", []), list) for data in found.records.values())
        if valid and found.content.decode() == text and found.path == path and found.tag == tag_of(found.edition):
            return found, []
    return None, [Problem(path, 1, 1, "edition-form", "changed since make release wrote it", _RESTORE)]


class Editions(NamedTuple):
    """The released editions, the oldest first, and the revision of the records and pages here."""

    snapshots: tuple[Snapshot, ...] = ()
    revision: str = "00000000"


class Entry(NamedTuple):
    """An edition, with each change since the one `before` and its record now, if it is shown; `here` if the site shows this edition."""

    snapshot: Snapshot
    before: Snapshot | None
    changes: tuple[tuple[RecordChange, Record | Point | None], ...]
    released: bool
    here: bool


@functools.lru_cache(maxsize=2)
def since(framework: Framework, editions: Editions) -> Mapping[Key, str]:
    """Return since which edition each record has its present text; "" if it changed after the current edition was released."""
    snapshots, now = editions.snapshots, state_of(framework, published=True)
    released = bool(snapshots) and snapshots[-1].edition == framework.site.edition
    found = dict.fromkeys(now.records, "" if released else framework.site.edition)
    unchanged = set(found)
    for older in reversed(snapshots):
        unchanged -= {change.key for change in compare(older.state, now).records if change.changes}
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
    found = compare(older.state, newer.state).records if older else ()
    records = (record_of(framework, one.key) or framework.find_now(*one.key) for one in found)
    return tuple((one, record if record and record.url else None) for one, record in zip(found, records, strict=True))


def edition_checks(framework: Framework, snapshots: Sequence[Snapshot]) -> Iterator[Problem]:
    """Yield an edition older than the last of `snapshots`, lost ids, and `added:` and `withdrawn:` that name a wrong edition."""
    if snapshots and framework.site.edition < (last := snapshots[-1].edition):
        instead = f"write {last}, or the next edition"
        yield framework.problem(("site", "site"), ("edition",), "edition-order", f"edition {last} is already released", instead)
    elif snapshots and framework.site.edition_date < (day := snapshots[-1].day):
        yield framework.problem(("site", "site"), ("edition_date",), "edition-order", f"before edition {last}", f"write {day} or later")
    yield from _lost_ids(framework, snapshots)
    upcoming = next_edition(framework, snapshots)
    for key, record in framework.records.items():
        history = list(_history(record, snapshots))
        first = history[-1][0] if history else upcoming
        added: str | None = getattr(record, "added", None)
        if added is not None and added != first:
            wrong, instead = f"{added} is not the edition that added it", f"write added: {first}"
            yield framework.problem(key, ("added",), "added-edition", wrong, instead)
        if not isinstance(record, Recommendation):
            continue
        ids = {record.id, *record.formerly, *(old for _, data in history for old in data.get("formerly", ()))}
        if added is None and framework.points.keys().isdisjoint(ids):
            instead = f"add the line added: {first}; or, if the report has it, give its point in data/report.yml the id {record.id}"
            yield framework.problem(key, (), "no-added", f"the report has no point {record.id}", instead)
        withdrawn = [upcoming, *(edition for edition, _ in takewhile(lambda edition: "withdrawn" in edition[1], history))][-1]
        if record.withdrawn and record.withdrawn.edition != withdrawn:
            wrong, instead = f"{record.withdrawn.edition} is not the edition that withdrew it", f"write edition: {withdrawn}"
            yield framework.problem(key, ("withdrawn", "edition"), "withdrawn-edition", wrong, instead)


def next_edition(framework: Framework, snapshots: Sequence[Snapshot]) -> str:
    """Return the next edition: `edition:` of data/site.yml, or the month after the last edition if that one is released."""
    edition = framework.site.edition
    return edition if not snapshots or edition > snapshots[-1].edition else following(snapshots[-1].edition)


def _history(record: Record, snapshots: Sequence[Snapshot]) -> Iterator[tuple[str, RecordData]]:
    """Yield the editions that had `record`, the newest first, with its data in each, following its earlier ids."""
    ids = (record.id, *record.formerly)
    for edition in reversed(snapshots):
        if kept := next((i for i in ids if f"{record.kind}/{i}" in edition.records), None):
            data = edition.records[f"{record.kind}/{kept}"]
            yield edition.edition, data
            ids = (kept, *data.get("formerly", ()))


def _lost_ids(framework: Framework, snapshots: Sequence[Snapshot]) -> Iterator[Problem]:
    """Yield a problem for each record of an edition with an id that no record of its kind has, now or in `formerly:`."""
    records: dict[Key, Record | Point] = {**framework.records, **{("point", point.id): point for point in framework.report.points}}
    known = {(kind, i) for (kind, _), record in records.items() for i in (record.id, *record.formerly)}
    for edition in reversed(snapshots):
        for key, data in edition.state.records.items():
            kind, record_id = key
            lost = [i for i in (record_id, *data.get("formerly", ())) if (kind, i) not in known]
            known |= {(kind, i) for i in lost}
            if not lost or kind in SINGLES:
                continue
            wrong = f'the {kind} "{lost[0]}" of edition {edition.edition} is gone, so its address leads nowhere'
            if record := records.get(key):
                instead = f"write formerly: [{', '.join((*record.formerly, *lost))}]"
                yield framework.problem(*place_of(framework, key, ("formerly",)), "lost-id", wrong, instead)
            else:
                path = f"data/{Report.file}" if kind == "point" else f"data/{framework.classes[kind].folder}/{record_id}.yml"
                restore = f"restore {f'the point {record_id} in ' if kind == 'point' else ''}{path} from Git"
                withdraw = " and withdraw it" if kind == Recommendation.kind else ""
                instead = f"{restore}{withdraw}, or add formerly: [{', '.join(lost)}] to the {kind} that replaces it"
                yield Problem(path, 1, 1, "lost-id", wrong, instead, "", "/".join(key))
