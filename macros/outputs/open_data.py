"""The open data: every record as JSON and CSV, their schemas, and the glossary as linked data."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from macros.history.snapshot import Snapshot
from macros.model.framework import Framework
from macros.model.output import Output, Stamp
from macros.model.public_view import API, PUBLISHED, VERSION, Kind, as_json, published, schema, words
from macros.outputs.cells import cell, columns, safe
from macros.outputs.json_ld import linked


def exports(framework: Framework, stamp: Stamp, editions: Sequence[Snapshot] = ()) -> Iterator[Output]:
    """Yield every file of the open data of `framework`, all under `api/v1/`, with what each of `editions` said."""
    said = words()
    head = {"stamp": _stamp(stamp), "licence": said["licence"]}
    about = {"name": stamp.name, "api": VERSION, **head, "publisher": framework.site.publisher, "about": stamp.at("downloads/data/")}
    given = {kind: [published(framework, stamp, kind, record) for record in kind.records(framework)] for kind in PUBLISHED}
    places = {name: stamp.at(f"{API}{file}") for name, file in (("framework", "framework.json"), ("glossary", "glossary.jsonld"))}
    kinds = [{**_place(stamp, kind), "name": said["kinds"][kind.name], "count": len(records)} for kind, records in given.items()]
    yield Output(
        f"{API}index.json", as_json({**about, **places, "kinds": kinds, "editions": [_edition(stamp, edition) for edition in editions]})
    )
    yield Output(f"{API}framework.json", as_json({**about, "records": {kind.folder: records for kind, records in given.items()}}))
    yield Output(f"{API}glossary.jsonld", as_json(linked(framework, stamp, said)))
    for kind, records in given.items():
        yield Output(kind.path("json"), as_json({**head, "records": records}))
        yield Output(kind.path("csv"), _csv(framework, stamp, kind, records))
        yield Output(kind.schema_path, as_json(schema(stamp, kind)))
        for record in records:
            for record_id in (record["id"], *record.get("formerly", ())):
                yield Output(kind.path_of(record_id), as_json({**head, "record": record}))
    for edition in editions:
        given_then = {"stamp": edition.stamp, "licence": said["licence"], "tag": edition.tag, "records": edition.records}
        yield Output(edition.data, as_json(given_then))


def _edition(stamp: Stamp, edition: Snapshot) -> dict[str, str]:
    return {**edition.stamp, "tag": edition.tag, "json": stamp.at(edition.data)}


def _stamp(stamp: Stamp) -> dict[str, str]:
    return {"edition": stamp.edition, "date": stamp.day.isoformat(), "revision": stamp.revision}


def _place(stamp: Stamp, kind: Kind) -> dict[str, str]:
    """Return the name of `kind`, and where its files are; `{id}` stands for a record's id."""
    paths = {"json": kind.path("json"), "record": kind.path_of("{id}"), "csv": kind.path("csv"), "schema": kind.schema_path}
    return {"kind": kind.name, "folder": kind.folder, **{name: stamp.at(path) for name, path in paths.items()}}


def _csv(framework: Framework, stamp: Stamp, kind: Kind, records: list[dict[str, Any]]) -> bytes:
    """Return `records`, one a row, as Excel reads them: UTF-8 with its mark, lines that end in CR LF."""
    held = columns(kind.cls, kind.left_out | {"id"})
    rows = [["kind", "id", "name", "address", *held, "named_by", *_stamp(stamp)]]
    for part, record in zip(kind.records(framework), records, strict=True):
        named_by = "; ".join(f"{n['kind']}/{n['id']} ({n['relation']})" for n in record["named_by"])
        own = (record[name] for name in ("kind", "id", "name", "address"))
        rows.append([*own, *(cell(part, column) for column in held.values()), named_by, *_stamp(stamp).values()])
    file = io.StringIO(newline="")
    csv.writer(file).writerows([safe(text) for text in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")
