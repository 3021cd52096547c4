"""Page, PDF, workbook, JSON, CSV and linked data of the built site say the same."""

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

from macros.model.framework import Framework
from macros.model.output import Stamp
from macros.model.records import Recommendation, Stage
from tests.conftest import edition_line, in_page_order
from tests.outputs.test_guides import STAGES, squeezed
from tests.support.pdf import sheets_of

STRAIGHT = str.maketrans("“”‘’", "\"\"''")
"""Pages, PDFs and the workbook show typographic marks; data files have those of the records."""


@functools.cache
def pdf_text(file: Path) -> str:
    return squeezed("".join(sheets_of(file))).translate(STRAIGHT)


def text_of(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split()).translate(STRAIGHT)


def article(site: Path, url: str) -> lxml.html.HtmlElement:
    found = lxml.html.parse(site / url / "index.html").getroot().find(".//article")
    for tool in found.xpath('.//a[@class="headerlink"] | .//a[@class="suggest"] | .//*[@popover] | .//span[@class="visually-hidden"]'):
        tool.drop_tree()
    return found


def json_records(site: Path, folder: str) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads((site / f"api/v1/{folder}.json").read_text("utf-8"))["records"]
    return records


def csv_records(site: Path, folder: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((site / f"api/v1/{folder}.csv").read_text("utf-8-sig"), newline="")))


def workbook_rows(site: Path) -> list[Any]:
    book = openpyxl.load_workbook(site / "downloads/checklists.xlsx")
    return [row for sheet in book.worksheets[1:] for row in sheet.iter_rows(min_row=6) if row[2].value]


def withdrawn(framework: Framework) -> set[str]:
    return {record.id for record in framework.all(Recommendation) if record.withdrawn}


def test_each_form_has_the_same_recommendations_in_the_same_order(site: Path, real: Framework, stamp: Stamp) -> None:
    on_pages = []
    for stage in STAGES:
        guide = pdf_text(site / f"downloads/stage-{stage}.pdf")
        for heading in article(site, f"stages/{stage}/all/").xpath(".//h3[following-sibling::*[1][@data-id]]"):
            id_, title = text_of(heading).removesuffix(" (withdrawn)").split(". ", 1)
            on_pages.append((id_, title, stamp.at(f"{id_}/")))
            assert squeezed(f"{id_}. {title}") in guide, id_
    assert [id_ for id_, *_ in on_pages] == [record.id for stage in real.all(Stage) for record in in_page_order(real, stage)]
    on_pages.sort(key=lambda item: real.ids("recommendation").index(item[0]))
    for records in (json_records(site, "recommendations"), csv_records(site, "recommendations")):
        assert [(record["id"], record["title"], record["address"]) for record in records] == on_pages
    titles = (
        (row[0].value, row[1].value.removesuffix(" (proposed since the report)").translate(STRAIGHT), row[8].value)
        for row in workbook_rows(site)
    )
    in_workbook = list(dict.fromkeys(titles))
    assert [item for item in on_pages if item[0] not in withdrawn(real)] == in_workbook


def test_each_form_asks_the_same_questions(site: Path, real: Framework) -> None:
    on_pages = []
    for stage in STAGES:
        checklist = article(site, f"stages/{stage}/all/").find_class("checklist")[0]
        guides = [pdf_text(site / f"downloads/stage-{stage}{end}.pdf") for end in ("", "-checklist")]
        for about in checklist.find_class("about"):
            for question in about.getnext():
                on_pages.append((text_of(about)[:2], text_of(question)))
                assert all(squeezed(text_of(question)) in guide for guide in guides), text_of(question)
    live = [r for r in json_records(site, "recommendations") if r["id"] not in withdrawn(real)]
    rows = [r for r in csv_records(site, "recommendations") if r["id"] not in withdrawn(real)]
    assert on_pages == [(record["id"], question) for record in live for question in record["ask"]]
    assert on_pages == [(row["id"], question) for row in rows for question in row["ask"].split("\n")]
    assert on_pages == [(row[0].value, row[2].value.translate(STRAIGHT)) for row in workbook_rows(site)]


def test_page_and_csv_say_the_same_of_a_recommendation(site: Path, real: Framework) -> None:
    for row in csv_records(site, "recommendations"):
        page = squeezed(text_of(article(site, f"{row['id']}/")))
        steps = [line.partition(": ")[2] for line in row["do"].split("\n")]
        texts = (
            [row["says"].removeprefix("Proposed: "), row["why"], *row["avoid"].split("\n"), *steps]
            if row["id"] not in withdrawn(real)
            else [row["title"]]
        )
        assert [line for text in texts for line in text.split("\n") if squeezed(line) not in page] == [], row["id"]


def test_each_form_has_the_same_terms_and_meanings(site: Path, real: Framework) -> None:
    annex = pdf_text(site / "downloads/glossary.pdf")
    on_page = [
        (text_of(section.getprevious()), section.getprevious().get("id"), text_of(section.xpath("./p")[0]))
        for section in article(site, "glossary/").find_class("term")
    ]
    rows = csv_records(site, "glossary")
    names = [(term, id_) for term, id_, _ in on_page]
    assert [id_ for _, id_ in names] == list(real.ids("term"))
    assert names == [(r["term"], r["id"]) for r in json_records(site, "glossary")] == [(r["term"], r["id"]) for r in rows]
    for row, (name, _, meaning) in zip(rows, on_page, strict=True):
        without_addresses = re.sub(r" \(https?://[^()\s]*\)", "", row["meaning"])
        assert squeezed(without_addresses.split("\n")[0]) == squeezed(meaning), name
        assert all(squeezed(each) in annex for each in (name, *row["also"].split("; ")))


@pytest.mark.sweep
def test_each_form_carries_edition_date_and_revision(site: Path, real: Framework, stamp: Stamp) -> None:
    book = openpyxl.load_workbook(site / "downloads/checklists.xlsx")
    assert {sheet["A2"].value for sheet in book} == {f"{edition_line(stamp)}, revision {stamp.revision}"}
    values = {"edition": stamp.edition, "date": stamp.day.isoformat(), "revision": stamp.revision}
    files = [file for file in sorted((site / "api").rglob("*.json")) if not {"schema", "editions"} & set(file.parts)]
    assert len(files) > len(real.records)
    assert all(json.loads(file.read_text("utf-8"))["stamp"] == values for file in files)
    footer = lxml.html.parse(site / "index.html").getroot().find_class("page-footer")[0]
    assert squeezed(f"{edition_line(stamp)} (revision {stamp.revision})") in squeezed(text_of(footer))
