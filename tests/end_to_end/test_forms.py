"""Page, PDF, workbook, JSON, CSV and linked data say the same: one form is compared with another, item by item."""

from __future__ import annotations

import csv
import functools
import io
import json
import re
from pathlib import Path
from typing import Any

import lxml.html
import openpyxl
import pytest
from pypdf import PdfReader

from macros.model.core import Recommendation, Stage
from macros.model.framework import Framework
from macros.model.output import Stamp
from tests.conftest import as_shown, in_words, swept
from tests.outputs.test_guides import STAGES, squeezed

Item = tuple[str, ...]


@functools.cache
def pages(file: Path) -> str:
    return squeezed("".join(sheet.extract_text() for sheet in PdfReader(file).pages))


def words(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def article(site: Path, url: str) -> lxml.html.HtmlElement:
    found = lxml.html.parse(site / url / "index.html").getroot().find(".//article")
    for gone in found.xpath('.//a[@class="headerlink"] | .//*[@popover] | .//span[@class="visually-hidden"]'):
        gone.drop_tree()
    return found


def of_json(site: Path, folder: str) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads((site / f"api/v1/{folder}.json").read_text("utf-8"))["records"]
    return records


def of_csv(site: Path, folder: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((site / f"api/v1/{folder}.csv").read_text("utf-8-sig"), newline="")))


def of_workbook(site: Path) -> list[Any]:
    book = openpyxl.load_workbook(site / "downloads/checklists.xlsx")
    return [row for sheet in book.worksheets[1:] for row in sheet.iter_rows(min_row=6) if row[2].value]


def withdrawn(framework: Framework) -> set[str]:
    """The ids of the recommendations that no longer count: they keep their place and their title, and nothing is asked of anybody."""
    return {r.id for r in framework.all(Recommendation) if r.withdrawn}


@pytest.mark.printed
def test_every_form_holds_the_same_recommendations_in_the_same_order(site: Path, real: Framework, stamp: Stamp) -> None:
    """Each with its id, title and address."""
    told: list[Item] = []
    printed: list[Item] = []
    for stage in STAGES:
        guide = pages(site / f"downloads/stage-{stage}.pdf")
        for heading in article(site, f"stages/{stage}/").xpath(".//h3"):
            id_, title = words(heading).removesuffix(" (withdrawn)").split(". ", 1)
            told.append((id_, title, stamp.at(f"stages/{stage}/#{id_}")))
            at = guide.find(squeezed(f"{id_}. {title}"))
            printed += [told[-1]] * (at >= 0 and squeezed(stamp.at(f"{id_}/")) in guide[at:])
    given = [(r["id"], r["title"], r["address"]) for r in of_json(site, "recommendations")]
    tabled = [(r["id"], r["title"], r["address"]) for r in of_csv(site, "recommendations")]
    asked = list(dict.fromkeys((row[0].value, row[1].value, row[8].value) for row in of_workbook(site)))
    linked = [(row[0].value, row[0].hyperlink.target + "#" + (row[0].hyperlink.location or "")) for row in of_workbook(site)]
    assert [id_ for id_, *_ in told] == [record.id for stage in real.all(Stage) for record in as_shown(real, stage)]
    assert told == printed
    told.sort(key=lambda item: real.ids("recommendation").index(item[0]))
    assert told == given == tabled
    assert [item for item in told if item[0] not in withdrawn(real)] == asked
    assert {(id_, address.rstrip("#")) for id_, address in linked} == {(id_, address) for id_, _, address in asked}


@pytest.mark.printed
def test_every_form_asks_the_same_questions(site: Path, real: Framework) -> None:
    told: list[Item] = []
    printed: list[Item] = []
    for stage in STAGES:
        checklist = article(site, f"stages/{stage}/").find_class("checklist")[0]
        forms = pages(site / f"downloads/stage-{stage}.pdf"), pages(site / f"downloads/stage-{stage}-checklist.pdf")
        for about in checklist.find_class("about"):
            for question in about.getnext():
                told.append((words(about)[:2], words(question)))
                printed += [told[-1]] * all(squeezed(words(question)) in form for form in forms)
    gone = withdrawn(real)
    given = [(r["id"], question) for r in of_json(site, "recommendations") if r["id"] not in gone for question in r["ask"]]
    tabled = [(r["id"], question) for r in of_csv(site, "recommendations") if r["id"] not in gone for question in r["ask"].split("\n")]
    asked = [(row[0].value, row[2].value) for row in of_workbook(site)]
    assert len(told) == sum(len(r.ask) for r in real.all(Recommendation) if not r.withdrawn)
    assert told == printed == given == tabled == asked


@pytest.mark.printed
def test_every_form_says_the_same_of_a_recommendation(site: Path, real: Framework, stamp: Stamp) -> None:
    """What the report says, why, each step with its audiences, and what to avoid: page and PDF against CSV, CSV against JSON."""
    audiences = {r["id"]: r["title"] for r in of_json(site, "audiences")}
    given = {r["id"]: r for r in of_json(site, "recommendations")}
    seen = 0
    for row in of_csv(site, "recommendations"):
        if row["id"] in withdrawn(real):
            continue
        stage = row["stage"]
        page, guide = (
            squeezed(words(article(site, f"stages/{stage}/"))),
            pages(site / f"downloads/stage-{stage}.pdf").replace("•", ""),
        )
        foot = re.escape(stamp.at(f"stages/{stage}/") + squeezed(in_words(stamp)))
        guide = re.sub(rf"{foot},revision{stamp.revision}.{{0,80}}?Page\d+of\d+", "", guide)
        steps = [line.partition(": ") for line in row["do"].split("\n")]
        groups = [[audiences[a] for a in do["audience"]] for do in given[row["id"]]["do"]]
        assert [
            [audiences[a] for a in who.split(", ")] for who, _, step in steps if step and set(who.split(", ")) <= set(audiences)
        ] == groups
        for said in (row["says"], row["why"], *row["avoid"].split("\n"), *(step for _, _, step in steps)):
            for line in said.split("\n"):
                seen += 1
                assert squeezed(line) in page, (row["id"], line)
                assert squeezed(line) in guide, (row["id"], line)
    assert seen > (len(given) - len(withdrawn(real))) * 8


@pytest.mark.printed
def test_every_form_holds_the_same_terms_and_meanings(site: Path, real: Framework) -> None:
    page, annex = article(site, "glossary/"), pages(site / "downloads/glossary.pdf")
    sections = page.find_class("term")
    told = [(words(section.getprevious()), section.getprevious().get("id"), words(section.xpath("./p")[0])) for section in sections]
    graph = json.loads((site / "api/v1/glossary.jsonld").read_text("utf-8"))["hasDefinedTerm"]
    tabled = of_csv(site, "glossary")
    names = [(term, id_) for term, id_, _ in told]
    assert [id_ for _, id_, _ in told] == list(real.ids("term"))
    assert names == [(r["term"], r["id"]) for r in of_json(site, "glossary")] == [(r["term"], r["id"]) for r in tabled]
    assert names == [(term["skos:prefLabel"], term["@id"].partition("#")[2]) for term in graph]
    for row, term, (name, _, first) in zip(tabled, graph, told, strict=True):
        assert squeezed(name) in annex
        own = re.sub(r" \(https?://[^()\s]*\)", "", row["meaning"])
        assert squeezed(own.split("\n")[0]) == squeezed(first), name
        assert re.sub(r" \(https?://[^()\s]*\)", "", term["description"]) == own
        also = row["also"].split("; ") if row["also"] else []
        known = term.get("skos:altLabel", [])
        assert also == ([known] if isinstance(known, str) else known), name
        assert all(squeezed(other) in annex for other in also)


@pytest.mark.parametrize("kind", ["stages", "principles", "sources", *swept("values", "audiences", "aims", "law", "comparison")])
@pytest.mark.printed
def test_json_and_csv_hold_the_same_records_as_the_site_and_the_whole_framework(site: Path, stamp: Stamp, kind: str) -> None:
    whole = pages(site / "downloads/framework.pdf")
    given = [(r["id"], r["name"], r["address"]) for r in of_json(site, kind)]
    assert given == [(r["id"], r["name"], r["address"]) for r in of_csv(site, kind)]
    for _, name, address in given:
        url, _, anchor = address.removeprefix(stamp.home).partition("#")
        found = lxml.html.parse(site / url / "index.html").getroot()
        assert not anchor or found.xpath("//*[@id=$anchor]", anchor=anchor), address
        assert squeezed(name) in squeezed(words(found))
        assert kind == "audiences" or squeezed(name) in whole, name


@pytest.mark.sweep
@pytest.mark.printed
def test_every_form_carries_edition_date_and_revision(site: Path, stamp: Stamp) -> None:
    for file in sorted(site.rglob("*.pdf")):
        for sheet in PdfReader(file).pages:
            assert squeezed(f"{in_words(stamp)}, revision {stamp.revision}") in squeezed(sheet.extract_text()), file
    book = openpyxl.load_workbook(site / "downloads/checklists.xlsx")
    assert {sheet["A2"].value for sheet in book} == {f"{in_words(stamp)}, revision {stamp.revision}"}
    own = {"edition": stamp.edition, "date": stamp.day.isoformat(), "revision": stamp.revision}
    found = [file for file in sorted((site / "api").rglob("*.json")) if not {"schema", "editions"} & set(file.parts)]
    assert len(found) > 480
    assert {json.dumps(json.loads(file.read_text("utf-8"))["stamp"]) for file in found} == {json.dumps(own)}
    for file in sorted((site / "api").rglob("*.csv")):
        for row in csv.DictReader(io.StringIO(file.read_text("utf-8-sig"), newline="")):
            assert {name: row[name] for name in own} == own, file
    graph = json.loads((site / "api/v1/glossary.jsonld").read_text("utf-8"))
    assert [graph["version"], graph["dateModified"], graph["identifier"]["value"]] == list(own.values())
    foot = squeezed(words(lxml.html.parse(site / "index.html").getroot().find_class("page-foot")[0]))
    assert squeezed(f"{in_words(stamp)} (revision {stamp.revision})") in foot
