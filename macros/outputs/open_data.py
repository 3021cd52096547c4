"""The open data: every record as JSON and CSV, and their schemas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

from macros.history.editions import Snapshot
from macros.model.framework import Framework
from macros.model.introspection import FieldDescription, field_guides
from macros.model.output import Output, Stamp
from macros.model.public_view import API, PUBLISHED, VERSION, PublishedKind, as_json, data_texts, labelled, published, schema
from macros.model.records import Part
from macros.text.inline_markdown import to_plain_text

# What a spreadsheet might take for a formula; an apostrophe before it makes it text.
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]")


def open_data(framework: Framework, stamp: Stamp, editions: Sequence[Snapshot] = ()) -> Iterator[Output]:
    """Yield every file of the open data of `framework`, all under `api/v1/`, with the records of each of `editions`."""
    labels = data_texts()
    stamp_values = {"edition": stamp.edition, "date": stamp.day.isoformat(), "revision": stamp.revision}
    licence = labels["licence"] | {"credit": labels["licence"]["credit"].format(name=stamp.name)}
    common = {"stamp": stamp_values, "licence": licence}
    about = {"name": stamp.name, "api": VERSION, **common, "publisher": framework.site.publisher, "about": stamp.at("downloads/data/")}
    by_kind = {kind: [published(framework, stamp, kind, record) for record in kind.records(framework)] for kind in PUBLISHED}
    index = {
        **about,
        "framework": stamp.at(f"{API}framework.json"),
        "kinds": [
            {
                "kind": kind.name,
                "folder": kind.folder,
                "json": stamp.at(kind.path("json")),
                "record": stamp.at(kind.path_of("{id}")),
                "csv": stamp.at(kind.path("csv")),
                "schema": stamp.at(kind.schema_path),
                "name": labels["kinds"][kind.name],
                "count": len(records),
            }
            for kind, records in by_kind.items()
        ],
        "editions": [{**edition.stamp, "tag": edition.tag, "json": stamp.at(edition.data)} for edition in editions],
    }
    yield Output(f"{API}index.json", as_json(index))
    yield Output(f"{API}framework.json", as_json({**about, "records": {kind.folder: records for kind, records in by_kind.items()}}))
    for kind, records in by_kind.items():
        yield Output(kind.path("json"), as_json({**common, "records": records}))
        yield Output(kind.path("csv"), _csv(framework, kind, records, stamp_values))
        yield Output(kind.schema_path, as_json(schema(stamp, kind)))
        for record in records:
            for record_id in (record["id"], *record.get("formerly", ())):
                yield Output(kind.path_of(record_id), as_json({**common, "record": record}))
    for edition in editions:
        values = {"stamp": edition.stamp, "licence": licence, "tag": edition.tag, "records": edition.records}
        yield Output(edition.data, as_json(values))


def _csv(framework: Framework, kind: PublishedKind, records: list[dict[str, Any]], stamp_values: dict[str, str]) -> bytes:
    """Return `records`, one a row, as Excel reads them: UTF-8 with a byte order mark, and lines that end in CR LF."""
    columns = _columns(kind)
    rows = [["kind", "id", "name", "address", *columns, "named_by", *stamp_values]]
    for part, record in zip(kind.records(framework), records, strict=True):
        named_by = "; ".join(f"{n['kind']}/{n['id']} ({n['relation']})" for n in record["named_by"])
        first = (record[name] for name in ("kind", "id", "name", "address"))
        rows.append([*first, *(_cell(labelled(part), fields) for fields in columns.values()), named_by, *stamp_values.values()])
    file = io.StringIO(newline="")
    csv.writer(file).writerows([f"'{text}" if _FORMULA.match(text) else text for text in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def _columns(kind: PublishedKind) -> dict[str, tuple[FieldDescription, ...]]:
    """Return the columns of `kind` by name, each with the fields that lead to its value; a single group has one for each of its fields."""
    columns: dict[str, tuple[FieldDescription, ...]] = {}
    for field in field_guides(kind.cls):
        if field.name in kind.left_out | {"id"}:
            continue
        if field.fields and not field.many:
            columns |= {f"{field.name}.{inner.name}": (field, inner) for inner in field.fields}
        else:
            columns[field.name] = (field,)
    return columns


def _cell(part: Part, fields: Sequence[FieldDescription]) -> str:
    """Return the value at the end of `fields` as plain text; only paragraphs and groups of a list have lines of their own."""
    value: Any = part
    for field in fields:
        value = None if value is None else getattr(value, field.name)
    field = fields[-1]
    if value is None:
        return ""
    if field.many:
        return ("\n" if field.holds in {"group", "prose"} else "; ").join(_line(field, item) for item in value)
    return _text(field, value)


def _line(field: FieldDescription, value: Any) -> str:
    return " ".join(_text(field, value).split())


def _text(field: FieldDescription, value: Any) -> str:
    if field.holds == "group":
        inner = ((f, getattr(value, f.name)) for f in field.fields)
        return ": ".join(", ".join(_line(f, item) for item in v) if f.many else _line(f, v) for f, v in inner if v)
    return to_plain_text(value) if field.holds == "prose" else str(value)
