"""The open data are complete, the same in JSON and CSV, and keep the structure that others rely on."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from macros.history.editions import snapshot
from macros.model.framework import Framework
from macros.model.output import Stamp
from macros.model.public_view import PUBLISHED, PublishedKind
from macros.model.records import SINGLES, Term
from macros.outputs.open_data import open_data
from macros.site_build.project import Project
from macros.text.inline_markdown import to_plain_text
from tests.conftest import TESTS
from tests.model.test_public_view import STAMP


@pytest.fixture(scope="module")
def files(real: Framework) -> dict[str, bytes]:
    outputs = list(open_data(real, STAMP))
    assert len({output.path for output in outputs}) == len(outputs), "a path is used twice"
    return {output.path: output.content for output in outputs}


@pytest.fixture(scope="module")
def small_files(small: Framework) -> dict[str, bytes]:
    return {output.path: output.content for output in open_data(small, STAMP, (snapshot(small, "0123abcd"),))}


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def records(files: dict[str, bytes], kind: PublishedKind) -> list[dict[str, Any]]:
    return list(json.loads(files[kind.path("json")])["records"])


def test_each_record_is_there_once_in_each_file(real: Framework, files: dict[str, bytes]) -> None:
    everything = json.loads(files["api/v1/framework.json"])["records"]
    assert list(everything) == [kind.folder for kind in PUBLISHED]
    record_files = set()
    for kind in PUBLISHED:
        found = records(files, kind)
        ids = [record["id"] for record in found]
        assert ids == list(real.ids(kind.name))
        assert len(set(ids)) == len(ids)
        assert everything[kind.folder] == found
        assert [row["id"] for row in rows(files[kind.path("csv")])] == ids
        assert [json.loads(files[kind.path_of(i)])["record"] for i in ids] == found
        assert all(record["address"].startswith(STAMP.home) for record in found)
        record_files |= {kind.path_of(i) for record in found for i in (record["id"], *record.get("formerly", ()))}
    assert {path for path in files if path.count("/") == 3 and "/schema/" not in path} == record_files


def test_each_file_carries_edition_date_and_revision(files: dict[str, bytes]) -> None:
    stamp = {"edition": "2026-11", "date": "2026-11-22", "revision": "0123abcd"}
    for path, content in files.items():
        if path.endswith(".csv"):
            assert all(list(row.items())[-3:] == list(stamp.items()) for row in rows(content)), path
        elif path.endswith(".json") and "/schema/" not in path:
            value = json.loads(content)
            assert value["stamp"] == stamp, path
            assert value["licence"]["name"] == "CC BY 4.0", path


@pytest.mark.parametrize("fixture", ["files", "small_files"])
def test_the_index_lists_every_file(fixture: str, request: pytest.FixtureRequest) -> None:
    files = request.getfixturevalue(fixture)
    index = json.loads(files["api/v1/index.json"])
    listed = {index["framework"], STAMP.at("api/v1/index.json")}
    for entry in index["kinds"]:
        found = json.loads(files[entry["json"].removeprefix(STAMP.home)])["records"]
        assert entry["count"] == len(found)
        listed |= {entry["json"], entry["csv"], entry["schema"], *(entry["record"].replace("{id}", r["id"]) for r in found)}
    listed |= {edition["json"] for edition in index["editions"]}
    assert listed == {STAMP.at(path) for path in files}
    assert all(re.fullmatch(r"api/v1/[a-z0-9/.-]+\.(json|csv)", path) for path in files)


def test_a_csv_file_opens_in_excel_and_runs_nothing(files: dict[str, bytes]) -> None:
    for path, content in files.items():
        if path.endswith(".csv"):
            assert content.startswith(b"\xef\xbb\xbf"), path
            assert content.endswith(b"\r\n"), path
            table = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
            assert {len(row) for row in table} == {len(table[0])}, path
            assert len(set(table[0])) == len(table[0]), path
            for cell in (cell for row in table for cell in row):
                assert not re.match(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]", cell), (path, cell)
                assert "\r" not in cell
                assert len(cell) <= 32_767, f"{path}: Excel cuts a cell this long: {cell[:60]}"


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts(inner)
    elif value is not None:
        yield str(value)


@pytest.mark.parametrize("kind", PUBLISHED, ids=lambda kind: kind.name)
def test_a_csv_row_says_what_the_json_says(kind: PublishedKind, files: dict[str, bytes], small_files: dict[str, bytes]) -> None:
    for exported in (files, small_files):
        for row, record in zip(rows(exported[kind.path("csv")]), records(exported, kind), strict=True):
            assert all(row[name] == record[name] for name in ("kind", "id", "name", "address"))
            said = " ".join(" ".join(row.values()).split())
            for text in texts({name: value for name, value in record.items() if name != "named_by"}):
                assert " ".join(text.split()) in said or " ".join(to_plain_text(text).split()) in said, text
            assert row["named_by"] == "; ".join(f"{n['kind']}/{n['id']} ({n['relation']})" for n in record["named_by"])


def test_a_former_id_keeps_its_file(small: Framework) -> None:
    files = {output.path: output.content for output in open_data(with_term(small, formerly=("result",)), STAMP)}
    assert files["api/v1/glossary/result.json"] == files["api/v1/glossary/outcome.json"]


def with_term(framework: Framework, **values: Any) -> Framework:
    term = framework.get(Term, "outcome").model_copy(update=values)
    return Framework({**framework.records, (term.kind, term.id): term}, framework.documents)


FORMULAS = ("+1", "-1", "@A1", "\t=1", "\r=1", "\n=1", "  =1", "\u3000=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201")


@pytest.mark.parametrize("text", [*FORMULAS, "2+2=5", "a = b", "1-2", "• one", "'=1", "https://a.example/?a=b"])
def test_text_that_a_spreadsheet_might_run_gets_an_apostrophe(small: Framework, text: str) -> None:
    files = {output.path: output.content for output in open_data(with_term(small, term=text), STAMP)}
    assert (f"'{text}" if text in FORMULAS else text) in [row["term"] for row in rows(files["api/v1/glossary.csv"])]
    assert json.loads(files["api/v1/glossary/outcome.json"])["record"]["term"] == text


def test_the_built_site_holds_the_files_and_each_address_leads_to_its_record(site: Path, real_project: Project, stamp: Stamp) -> None:
    assert real_project.framework is not None
    outputs = list(open_data(real_project.framework, stamp, real_project.snapshots))
    for output in outputs:
        assert (site / output.path).read_bytes() == output.content
    assert {p.relative_to(site).as_posix() for p in (site / "api").rglob("*") if p.is_file()} == {output.path for output in outputs}
    anchors: dict[str, set[str]] = {}
    for kind in PUBLISHED:
        for record in json.loads((site / kind.path("json")).read_bytes())["records"]:
            page, _, anchor = record["address"].removeprefix(stamp.home).partition("#")
            if page not in anchors:
                anchors[page] = set(lxml.html.parse(str(site / page / "index.html")).xpath("//@id"))
            has_page = kind.name in SINGLES or "#" not in getattr(kind.cls, "address", "")
            assert anchor in anchors[page] or (not anchor and has_page), record["address"]


def schema_lines(schema: dict[str, Any], definitions: dict[str, Any], path: str) -> Iterator[str]:
    """Yield a line for each field that `schema` describes: its path and its type."""
    schema = definitions[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    types = [s for s in schema.get("anyOf", []) if s.get("type") != "null"]
    if types:
        (one,) = types
        yield from schema_lines(one, definitions, f"{path}?")
    elif schema["type"] == "array":
        yield from schema_lines(schema["items"], definitions, f"{path}[]")
    elif schema["type"] == "object":
        for name, inner in schema["properties"].items():
            yield from schema_lines(inner, definitions, f"{path}.{name}")
    else:
        yield f"{path}: {schema.get('format') or schema['type']}"


def keys(value: Any, path: str) -> Iterator[str]:
    """Yield a line for each key inside `value`, of a list for those of its first item."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from keys(inner, f"{path}.{name}")
    elif isinstance(value, list) and value:
        yield from keys(value[0], f"{path}[]")
    else:
        yield path


def test_the_structure_that_others_rely_on_is_kept(small_files: dict[str, bytes], accept: bool) -> None:
    lines = [*keys(json.loads(small_files["api/v1/index.json"]), "index")]
    everything = json.loads(small_files["api/v1/framework.json"])
    lines += keys({**everything, "records": dict.fromkeys(everything["records"])}, "framework")
    for kind in PUBLISHED:
        schema = json.loads(small_files[kind.schema_path])
        lines += schema_lines(schema, schema["$defs"], kind.name)
        lines += [f"{kind.folder}.csv: {', '.join(rows(small_files[kind.path('csv')])[0])}"]
    stages = json.loads(small_files["api/v1/stages.json"])
    lines += keys({**stages, "records": None}, "each kind")
    lines += keys({**json.loads(small_files["api/v1/stages/1-find-out.json"]), "record": None}, "each record")
    lines += keys({**json.loads(small_files["api/v1/editions/2026-11.json"]), "records": None}, "each edition")
    file = TESTS / "expected" / "api-v1.txt"
    text = "\n".join(lines) + "\n"
    if accept:
        file.write_text(text, "utf-8")
    assert text == file.read_text("utf-8"), (
        "The structure of the open data has changed. Describe it in CHANGELOG.md, then run: make accept. "
        "If a field was removed, renamed or means something else, increase VERSION in macros/model/public_view.py."
    )


def test_recommendations_are_exported_as_expected(small_files: dict[str, bytes], expected: Any) -> None:
    expected("api/3c.json", small_files["api/v1/recommendations/3c.json"].decode())
    expected("api/recommendations.csv", small_files["api/v1/recommendations.csv"].decode("utf-8-sig").replace("\r\n", "\n"))
