"""The records of released editions, which svf release writes to data/editions/."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath
from typing import Annotated, Any

from pydantic import ValidationError

from macros.loading.files import decode_file, leftover
from macros.model.framework import Framework
from macros.model.problem import Problem
from macros.model.public_view import API, PUBLISHED, PublishedKind, as_json, published_fields
from macros.model.records import Edition, Part, Point, Record
from macros.model.types import Day, Line, form
from macros.text.characters import normalised
from macros.text.patterns import ID_PATTERN

FOLDER = "data/editions"
MAX_EDITION_SIZE = 16 * 1024 * 1024
"""The largest edition file that is read, in bytes."""

_RESTORE = "restore it from Git; only svf release writes here"

Name = Annotated[str, *form(rf"[a-z-]+/{ID_PATTERN}", "not a kind and an id")]
RecordData = dict[str, Any]
"""The name and the fields of a record, without those that have their default value."""


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


def tag_of(edition: str) -> str:
    """Return the tag in Git of `edition`."""
    return f"edition-{edition}"


def following(edition: str) -> str:
    """Return the month after `edition`."""
    year, month = map(int, edition.split("-"))
    return f"{year + month // 12:04}-{month % 12 + 1:02}"


def snapshot(framework: Framework, revision: str) -> Snapshot:
    """Return the snapshot of `framework` with the `revision` of its records and pages."""
    site = framework.site
    records = {f"{kind.name}/{record.id}": data_of(kind, record) for kind in PUBLISHED for record in kind.records(framework)}
    return Snapshot(edition=site.edition, day=site.edition_date, tag=tag_of(site.edition), revision=revision, records=records)


def data_of(kind: PublishedKind, record: Record | Point) -> RecordData:
    """Return the data of `record` that an edition keeps."""
    return {"name": record.name, **published_fields(kind, record, said=True)}


def read_editions(root: Path) -> tuple[tuple[Snapshot, ...], tuple[Problem, ...]]:
    """Return the snapshots in `root`/data/editions, the oldest first, and the problems of their files."""
    folder, problems, editions = root / FOLDER, list[Problem](), list[Snapshot]()
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        return (), (Problem(FOLDER, 1, 1, "edition-file", "not a folder", _RESTORE),)
    for file in sorted(folder.iterdir()) if folder.is_dir() else ():
        if not file.name.startswith("."):
            edition, faults = _read(file, file.relative_to(root).as_posix())
            editions += [edition] if edition else []
            problems += faults
    for older, newer in itertools.pairwise(editions):
        if newer.day < older.day:
            wrong = f"released on {newer.day}, before edition {older.edition} ({older.day})"
            problems.append(Problem(newer.path, 1, 1, "edition-order", wrong, _RESTORE, "day"))
    return tuple(editions), tuple(problems)


def older_than_last_edition(framework: Framework, snapshots: Sequence[Snapshot]) -> Iterator[Problem]:
    """Yield a problem if data/site.yml names an older edition than the last release."""
    if snapshots and framework.site.edition < (last := snapshots[-1].edition):
        instead = f"write {last}, or the next edition"
        yield framework.problem(("site", "site"), ("edition",), "edition-order", f"edition {last} is already released", instead)


def _read(file: Path, path: str) -> tuple[Snapshot | None, list[Problem]]:
    """Return the snapshot in `file`, or its problems: it must be exactly as svf release writes it."""
    if problem := leftover(PurePath(path)):
        return None, [problem]
    if file.suffix != ".json" or not file.is_file():
        return None, [Problem(path, 1, 1, "edition-file", "not an edition file", "delete it; only svf release writes here")]
    text, problems = decode_file(file, path, MAX_EDITION_SIZE)
    if text is None:
        return None, problems
    try:
        found = Snapshot.model_validate_json(text)
        valid = all(isinstance(data.get("name"), str) and isinstance(data.get("formerly", []), list) for data in found.records.values())
        if valid and found.content.decode() == text and found.path == path and found.tag == tag_of(found.edition):
            return Snapshot.model_validate_json(normalised(text)), []
    except ValidationError:
        pass
    return None, [Problem(path, 1, 1, "edition-form", "changed since svf release wrote it", _RESTORE)]
