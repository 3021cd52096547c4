"""What one edition said, record by record, as svf release keeps it in data/editions/ and as it is read again."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath
from typing import Annotated, Any

from pydantic import ValidationError

from macros.fields import ID_PATTERN, Day, Edition, Line, form
from macros.framework import Framework
from macros.problem import Problem
from macros.published import API, PUBLISHED, Kind, as_json, own
from macros.record import Part, Record
from macros.singles import Point
from macros.text import normalised, text_of
from macros.tree import leftover

FOLDER = "data/editions"
LARGEST = 16 * 1024 * 1024
"""The largest file of an edition that is read, in bytes."""

_AGAIN = "only svf release writes here; bring the file back from Git"

Name = Annotated[str, *form(rf"[a-z-]+/{ID_PATTERN}", "not a kind and an id")]
Said = dict[str, Any]
"""What a record says: the name by which pages call it, and its fields, without those that say nothing."""


class Snapshot(Part):
    """What one edition said: its records by kind and id, and the day, tag and revision of the edition."""

    edition: Edition
    day: Day
    tag: Line
    revision: Annotated[str, *form(r"[0-9a-f]{8}", "not a revision")]
    records: dict[Name, Said]

    @property
    def path(self) -> str:
        """Return the path of its file from the project's root."""
        return f"{FOLDER}/{self.edition}.json"

    @property
    def data(self) -> str:
        """Return the path, from the site's root, at which the open data give it."""
        return f"{API}editions/{self.edition}.json"

    @property
    def stamp(self) -> dict[str, str]:
        """Return edition, date and revision as the open data give them."""
        return {"edition": self.edition, "date": self.day.isoformat(), "revision": self.revision}

    @property
    def content(self) -> bytes:
        """Return what its file holds: the same words give the same bytes."""
        held = self.model_dump(mode="json")
        return as_json({**held, "records": dict(sorted(held["records"].items()))})


def tag_of(edition: str) -> str:
    """Return the tag in Git of `edition`."""
    return f"edition-{edition}"


def following(edition: str) -> str:
    """Return the month after that of `edition`."""
    year, month = map(int, edition.split("-"))
    return f"{year + month // 12:04}-{month % 12 + 1:02}"


def snapshot(framework: Framework, revision: str) -> Snapshot:
    """Return what `framework`, whose records and pages have `revision`, says now."""
    site = framework.site
    records = {f"{kind.name}/{record.id}": said_by(kind, record) for kind in PUBLISHED for record in kind.records(framework)}
    return Snapshot(edition=site.edition, day=site.edition_date, tag=tag_of(site.edition), revision=revision, records=records)


def said_by(kind: Kind, record: Record | Point) -> Said:
    """Return what `record` of `kind` says."""
    return {"name": record.name, **own(kind, record, said=True)}


def read_editions(root: Path) -> tuple[tuple[Snapshot, ...], tuple[Problem, ...]]:
    """Return the snapshots of `root`/data/editions, the oldest first, and what is wrong with their files."""
    folder, problems, found = root / FOLDER, list[Problem](), list[Snapshot]()
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        return (), (Problem(FOLDER, 1, 1, "edition-file", "not a folder", _AGAIN),)
    for file in sorted(folder.iterdir()) if folder.is_dir() else ():
        if not file.name.startswith("."):
            read = _read(file, file.relative_to(root).as_posix())
            if isinstance(read, Snapshot):
                found.append(read)
            else:
                problems += read
    for older, newer in itertools.pairwise(found):
        if newer.day < older.day:
            wrong = f"released on {newer.day}, before edition {older.edition} ({older.day})"
            problems.append(Problem(newer.path, 1, 1, "edition-order", wrong, _AGAIN, "day"))
    return tuple(found), tuple(problems)


def behind(framework: Framework, snapshots: Sequence[Snapshot]) -> Iterator[Problem]:
    """Yield a problem if the edition of data/site.yml is older than one that has been released."""
    if snapshots and framework.site.edition < snapshots[-1].edition:
        wrong = f"edition {snapshots[-1].edition} has been released already"
        instead = f"write {snapshots[-1].edition}, or the edition that comes next"
        yield framework.problem(("site", "site"), ("edition",), "edition-order", wrong, instead)


def _read(file: Path, path: str) -> Snapshot | list[Problem]:
    """Return the snapshot in `file`, or what is wrong with it."""
    if problem := leftover(PurePath(path)):
        return [problem]
    if not file.is_file() or file.suffix != ".json":
        return [Problem(path, 1, 1, "edition-file", "not the file of an edition", "put it somewhere else; only svf release writes here")]
    text, problems = text_of(file, path, LARGEST)
    if text is None:
        return problems
    try:
        found = Snapshot.model_validate(json.loads(text))
        same = found.content.decode() == text
        if (plain := normalised(text)) != text:
            found = Snapshot.model_validate(json.loads(plain))
    except json.JSONDecodeError as error:
        return [Problem(path, error.lineno, error.colno, "edition-json", "not JSON from here on", _AGAIN)]
    except ValidationError as error:
        faults = error.errors(include_url=False)
        return [
            Problem(path, 1, 1, "edition-form", "not as svf release writes it", _AGAIN, ".".join(map(str, f["loc"][:2]))) for f in faults
        ]
    except (ValueError, RecursionError):
        return [Problem(path, 1, 1, "edition-json", "cannot be read", _AGAIN)]
    if found.path != path or found.tag != tag_of(found.edition):
        wrong = f"holds edition {found.edition}, tag {found.tag}"
        return [Problem(path, 1, 1, "edition-name", wrong, f"{_AGAIN}, under the name that it had", "edition")]
    if not same or not all(map(_is_said, found.records.values())):
        return [Problem(path, 1, 1, "edition-form", "changed by hand since svf release wrote it", _AGAIN)]
    return found


def _is_said(said: Said) -> bool:
    formerly = said.get("formerly", [])
    return isinstance(said.get("name"), str) and isinstance(formerly, list) and all(isinstance(old, str) for old in formerly)
