"""The open data: every record as JSON and CSV, their schemas, and the glossary as linked data."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from macros.cells import cell, columns, safe
from macros.framework import Framework
from macros.linked import linked
from macros.output import Output, Stamp
from macros.published import API, PUBLISHED, VERSION, Kind, published, schema, words


def exports(framework: Framework, stamp: Stamp) -> Iterator[Output]:
    """Yield every file of the open data of `framework`, all under `api/v1/`."""
    said = words()
    head = {"stamp": _stamp(stamp), "licence": said["licence"]}
    about = {"name": stamp.name, "api": VERSION, **head, "publisher": framework.site.publisher, "about": stamp.at("downloads/data/")}
    given = {kind: [published(framework, stamp, kind, record) for record in kind.records(framework)] for kind in PUBLISHED}
    places = {name: stamp.at(f"{API}{file}") for name, file in (("framework", "framework.json"), ("glossary", "glossary.jsonld"))}
    kinds = [{**_place(stamp, kind), "name": said["kinds"][kind.name], "count": len(records)} for kind, records in given.items()]
    yield Output(f"{API}index.json", _json({**about, **places, "kinds": kinds}))
    yield Output(f"{API}framework.json", _json({**about, "records": {kind.folder: records for kind, records in given.items()}}))
    yield Output(f"{API}glossary.jsonld", _json(linked(framework, stamp, said)))
    for kind, records in given.items():
        yield Output(kind.path("json"), _json({**head, "records": records}))
        yield Output(kind.path("csv"), _csv(framework, stamp, kind, records))
        yield Output(kind.schema_path, _json(schema(stamp, kind)))
        for record in records:
            yield Output(kind.path_of(record["id"]), _json({**head, "record": record}))


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


def _json(value: dict[str, Any]) -> bytes:
    """Return `value` as JSON that may stand inside HTML, too."""
    return (json.dumps(value, indent=2, ensure_ascii=False).replace("<", "\\u003c") + "\n").encode()
