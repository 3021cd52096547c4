"""Rules that compare the records with the editions that have been released: one generator each, whose docstring is the rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from macros.framework import Framework
from macros.index import Key
from macros.matching import matched
from macros.model import Recommendation
from macros.problem import Problem
from macros.published import PUBLISHED, Kind
from macros.record import Record
from macros.singles import Point, Report, Site
from macros.snapshot import Said, Snapshot, following, said_by
from macros.source import Loc

SAME_RECORD = 0.6
"""How much of the words of two records must be the same (1: all) to suggest that one is the other under a new id."""

_KINDS = {kind.name: kind for kind in PUBLISHED if kind.cls not in (Report, Site)}


def edition_checks(framework: Framework, snapshots: Sequence[Snapshot]) -> Iterator[Problem]:
    """Yield what is wrong with the records, compared with the editions `snapshots`, the oldest first."""
    yield from published_id_leads_somewhere(framework, snapshots)
    yield from added_names_its_edition(framework, snapshots)
    yield from withdrawn_names_its_edition(framework, snapshots)


def next_edition(framework: Framework, snapshots: Sequence[Snapshot]) -> str:
    """Return the edition that comes next: `edition:` of data/site.yml, or the month after the last edition if that one is released."""
    edition = framework.site.edition
    return edition if not snapshots or edition > snapshots[-1].edition else following(snapshots[-1].edition)


def published_id_leads_somewhere(framework: Framework, snapshots: Sequence[Snapshot]) -> Iterator[Problem]:
    """Every id of a released edition is the id of a record of its kind, or stands in `formerly:` of one."""
    here = {(kind.name, record.id): record for kind in _KINDS.values() for record in kind.records(framework)}
    known = {(kind, i) for (kind, _), record in here.items() for i in (record.id, *record.formerly)}
    for held in reversed(snapshots):
        lost: dict[str, dict[Key, list[str]]] = {}
        for name, said in held.records.items():
            kind, _, record_id = name.partition("/")
            ids = [i for i in (record_id, *said.get("formerly", ())) if (kind, i) not in known]
            known |= {(kind, i) for i in ids}
            if ids and kind in _KINDS:
                lost.setdefault(kind, {})[kind, record_id] = ids
        for kind, found in lost.items():
            gone = [key for key in found if key not in here]
            fresh = {key: r for key, r in here.items() if key[0] == kind and "/".join(key) not in held.records}
            heirs = _heirs(_KINDS[kind], gone, held, fresh)
            for key, ids in found.items():
                yield _lost(framework, held, key, ids, here.get(key) or heirs.get(key))


def added_names_its_edition(framework: Framework, snapshots: Sequence[Snapshot]) -> Iterator[Problem]:
    """`added:` names the edition that first held the record, or the next one; a recommendation that is not the report's has it."""
    for key, record in framework.records.items():
        history = list(_history(record, snapshots))
        editions = [edition for edition, _ in history]
        ids = {record.id, *record.formerly, *(old for _, said in history for old in said.get("formerly", ()))}
        right = editions[-1] if editions else next_edition(framework, snapshots)
        added: str | None = getattr(record, "added", None)
        if added is not None and added != right:
            held = f"edition {right} is the first that had it"
            wrong = held if editions else _not_next(added, snapshots, f"edition {added} was released without it")
            yield framework.problem(key, ("added",), "added-edition", wrong, _write("added", right, framework, snapshots))
        elif added is None and isinstance(record, Recommendation) and framework.points.keys().isdisjoint(ids):
            wrong, instead = "not one of the report's, and no added:", f"add the line added: {right}"
            yield framework.problem(key, (), "no-added", wrong, instead)


def withdrawn_names_its_edition(framework: Framework, snapshots: Sequence[Snapshot]) -> Iterator[Problem]:
    """`edition:` of `withdrawn:` names the edition in which the record was first withdrawn, or the next one."""
    for record in framework.all(Recommendation):
        if record.withdrawn is None:
            continue
        right = ""
        for edition, said in _history(record, snapshots):
            if "withdrawn" not in said:
                break
            right = edition
        claimed, loc = record.withdrawn.edition, ("withdrawn", "edition")
        if claimed != (right or next_edition(framework, snapshots)):
            held = f"edition {right} is the first in which it was withdrawn"
            wrong = held if right else _not_next(claimed, snapshots, f"it was not withdrawn in edition {claimed}")
            instead = _write("edition", right or next_edition(framework, snapshots), framework, snapshots)
            yield framework.problem((record.kind, record.id), loc, "withdrawn-edition", wrong, instead)


def _history(record: Record, snapshots: Sequence[Snapshot]) -> Iterator[tuple[str, Said]]:
    """Yield the editions that had `record`, the newest first, and what each said of it; it is followed under its older ids."""
    ids = (record.id, *record.formerly)
    for held in reversed(snapshots):
        for i in ids:
            if (said := held.records.get(f"{record.kind}/{i}")) is not None:
                yield held.edition, said
                ids = (i, *said.get("formerly", ()))
                break


def _not_next(edition: str, snapshots: Sequence[Snapshot], released: str) -> str:
    """Return what is wrong with `edition` where the next one is due: `released` if it has been, or that it is another."""
    return released if edition in {held.edition for held in snapshots} else f"{edition} is not the edition that comes next"


def _write(field: str, edition: str, framework: Framework, snapshots: Sequence[Snapshot]) -> str:
    """Return what to write in `field`; while nobody has named the next edition, also how to name another."""
    instead = f"write {field}: {edition}"
    if edition != framework.site.edition and edition not in {held.edition for held in snapshots}:
        instead += ", or name another next edition in data/site.yml (edition:) and write that one"
    return instead


def _heirs(kind: Kind, gone: Sequence[Key], held: Snapshot, fresh: dict[Key, Record | Point]) -> dict[Key, Record | Point]:
    """Return, by the keys of records that are `gone` since the edition `held`, those of the `fresh` ones that say nearly the same."""
    old = [held.records["/".join(key)] for key in gone]
    new = list(fresh.values())
    title = None if kind.cls is Point else lambda said: said.get("title") or said.get("term") or said["name"]
    match = matched(old, [said_by(kind, record) for record in new], name=title, words=_text, enough=SAME_RECORD)
    return {gone[i]: new[j] for i, j in match.pairs}


def _text(value: Any) -> str:
    """Return all text in `value`, which an edition says of a record."""
    if isinstance(value, dict):
        return " ".join(_text(inner) for inner in value.values())
    return " ".join(map(_text, value)) if isinstance(value, list) else str(value)


def _lost(framework: Framework, held: Snapshot, key: Key, ids: Sequence[str], heir: Record | Point | None) -> Problem:
    """Return the problem that `ids` of the record `key` of the edition `held` lead nowhere; it seems to be `heir` now."""
    kind, record_id = key
    path = f"data/{Report.file}" if kind == "point" else f"data/{_KINDS[kind].folder}/{record_id}.yml"
    wrong = f'the {kind} "{ids[0]}" of edition {held.edition} is gone, and its address leads nowhere'
    listed = f"formerly: [{', '.join((*getattr(heir, 'formerly', ()), *ids))}]"
    if heir is not None:
        add = f"write {listed}" if heir.formerly else f"add the line {listed}"
        if heir.id == record_id:
            wrong, instead = f'the address of "{ids[0]}" led here in edition {held.edition}, and leads nowhere now', add
        else:
            instead = f"if this is the same {kind} under a new id, {add}; if not, bring {_what(kind, record_id, path)} back from Git"
        return framework.problem(*_place(framework, kind, heir), "lost-id", wrong, instead)
    if kind == Recommendation.kind:
        instead = f"bring {path} back from Git, with withdrawn: if it no longer counts; if it moved, add {listed} to its new record"
    else:
        instead = f"bring {_what(kind, record_id, path)} back from Git, or add {listed} to the {kind} that takes its place"
    if kind == "point":
        return framework.problem(("report", "report"), ("points",), "lost-id", wrong, instead)
    return Problem(path, 1, 1, "lost-id", wrong, instead, "", "/".join(key))


def _what(kind: str, record_id: str, path: str) -> str:
    return f"the point {record_id}" if kind == "point" else path


def _place(framework: Framework, kind: str, heir: Record | Point) -> tuple[Key, Loc]:
    """Return the record and the place in it where `heir` says which ids it had before, or should."""
    if isinstance(heir, Point):
        position = framework.report.points.index(heir)
        return ("report", "report"), ("points", position, *(("formerly",) if heir.formerly else ()))
    return (kind, heir.id), (("formerly",) if heir.formerly else ())
