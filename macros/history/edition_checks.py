"""Rules that compare the records with the released editions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from macros.history.compare import RecordData, place_of
from macros.history.editions import Snapshot, following
from macros.model.document import Key
from macros.model.framework import Framework
from macros.model.problem import Problem
from macros.model.records import SINGLES, Point, Recommendation, Record, Report


def edition_checks(framework: Framework, snapshots: Sequence[Snapshot]) -> Iterator[Problem]:
    """Yield what is wrong with the records, compared with the editions `snapshots`, the oldest first.

    `added:` names the first edition that had a record, and `withdrawn:` the first without it, or each the next one.
    A recommendation that is not the report's has `added:`.
    """
    if snapshots and framework.site.edition < (last := snapshots[-1].edition):
        instead = f"write {last}, or the next edition"
        yield framework.problem(("site", "site"), ("edition",), "edition-order", f"edition {last} is already released", instead)
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
            yield framework.problem(key, (), "no-added", "the recommendation is not the report's", f"add the line added: {first}")
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
