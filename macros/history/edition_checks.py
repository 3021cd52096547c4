"""Rules that compare the records with the released editions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from macros.history.compare import place_of, record_of, state_of_edition, successors
from macros.history.snapshot import RecordData, Snapshot, data_of, following
from macros.model.document import Key
from macros.model.framework import Framework
from macros.model.problem import Problem
from macros.model.public_view import PUBLISHED
from macros.model.records import Recommendation, Record, Report, Site

_KINDS = {kind.name: kind for kind in PUBLISHED if kind.cls not in (Report, Site)}


def edition_checks(framework: Framework, snapshots: Sequence[Snapshot]) -> Iterator[Problem]:
    """Yield what is wrong with the records, compared with the editions `snapshots`, the oldest first."""
    yield from published_id_leads_somewhere(framework, snapshots)
    yield from added_names_its_edition(framework, snapshots)
    yield from withdrawn_names_its_edition(framework, snapshots)


def next_edition(framework: Framework, snapshots: Sequence[Snapshot]) -> str:
    """Return the next edition: `edition:` of data/site.yml, or the month after the last edition if that one is released."""
    edition = framework.site.edition
    return edition if not snapshots or edition > snapshots[-1].edition else following(snapshots[-1].edition)


def published_id_leads_somewhere(framework: Framework, snapshots: Sequence[Snapshot]) -> Iterator[Problem]:
    """Every id of a released edition is the id of a record of its kind, or stands in `formerly:` of one."""
    here = {(kind.name, record.id): data_of(kind, record) for kind in _KINDS.values() for record in kind.records(framework)}
    known = {(kind, i) for (kind, record_id), data in here.items() for i in (record_id, *data.get("formerly", ()))}
    for edition in reversed(snapshots):
        then = state_of_edition(edition).records
        lost: dict[Key, list[str]] = {}
        for (kind, record_id), data in then.items():
            ids = [i for i in (record_id, *data.get("formerly", ())) if kind in _KINDS and (kind, i) not in known]
            known |= {(kind, i) for i in ids}
            if ids:
                lost[kind, record_id] = ids
        gone = {key: then[key] for key in lost if key not in here}
        found = successors(gone, {key: data for key, data in here.items() if key not in then})
        for key, ids in lost.items():
            yield _lost(framework, edition, key, ids, key if key in here else found.get(key))


def added_names_its_edition(framework: Framework, snapshots: Sequence[Snapshot]) -> Iterator[Problem]:
    """`added:` names the edition that first had the record, or the next one; a recommendation that is not the report's has it."""
    for key, record in framework.records.items():
        history = list(_history(record, snapshots))
        ids = {record.id, *record.formerly, *(old for _, data in history for old in data.get("formerly", ()))}
        first = history[-1][0] if history else next_edition(framework, snapshots)
        added: str | None = getattr(record, "added", None)
        if added is not None and added != first:
            wrong, instead = f"{added} is not the edition that added it", f"write added: {first}"
            yield framework.problem(key, ("added",), "added-edition", wrong, instead)
        elif added is None and isinstance(record, Recommendation) and framework.points.keys().isdisjoint(ids):
            yield framework.problem(key, (), "no-added", "the recommendation is not the report's", f"add the line added: {first}")


def withdrawn_names_its_edition(framework: Framework, snapshots: Sequence[Snapshot]) -> Iterator[Problem]:
    """`edition:` of `withdrawn:` names the edition in which the record was first withdrawn, or the next one."""
    for record in framework.all(Recommendation):
        if record.withdrawn is not None:
            withdrawn = takewhile(lambda edition: "withdrawn" in edition[1], _history(record, snapshots))
            first = [next_edition(framework, snapshots), *(edition for edition, _ in withdrawn)][-1]
            if record.withdrawn.edition != first:
                wrong, instead = f"{record.withdrawn.edition} is not the edition that withdrew it", f"write edition: {first}"
                yield framework.problem((record.kind, record.id), ("withdrawn", "edition"), "withdrawn-edition", wrong, instead)


def _history(record: Record, snapshots: Sequence[Snapshot]) -> Iterator[tuple[str, RecordData]]:
    """Yield the editions that had `record`, the newest first, with its data in each, following its earlier ids."""
    ids = (record.id, *record.formerly)
    for edition in reversed(snapshots):
        for i in ids:
            if (data := edition.records.get(f"{record.kind}/{i}")) is not None:
                yield edition.edition, data
                ids = (i, *data.get("formerly", ()))
                break


def _lost(framework: Framework, edition: Snapshot, key: Key, ids: Sequence[str], successor: Key | None) -> Problem:
    """Return the problem that the addresses of `ids` of the record `key` lead nowhere; the record seems to be `successor` now."""
    kind, record_id = key
    path = f"data/{Report.file}" if kind == "point" else f"data/{_KINDS[kind].folder}/{record_id}.yml"
    restore = f"restore {f'the point {record_id}' if kind == 'point' else path} from Git"
    wrong = f'the {kind} "{ids[0]}" of edition {edition.edition} is gone, so its address leads nowhere'
    record = record_of(framework, successor) if successor else None
    formerly = record.formerly if record else ()
    line = f"formerly: [{', '.join((*formerly, *ids))}]"
    if successor:
        instead = f"write {line}" + ("" if successor == key else f" if this is its new id; if not, {restore}")
        return framework.problem(*place_of(framework, successor, ("formerly",) if formerly else ()), "lost-id", wrong, instead)
    withdraw = " and withdraw it" if kind == Recommendation.kind else ""
    instead = f"{restore}{withdraw}, or add {line} to the {kind} that replaces it"
    if kind == "point":
        return framework.problem(("report", "report"), ("points",), "lost-id", wrong, instead)
    return Problem(path, 1, 1, "lost-id", wrong, instead, "", "/".join(key))
