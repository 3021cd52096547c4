"""A sheet writes text as text, gives rows the height of their text, and prints as it is told."""

from __future__ import annotations

import re
import zipfile
from datetime import datetime
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from macros.outputs.sheet import Book, Sheet, looks
from tests.conftest import ROOT

TOP = ("Title", "Edition", "https://x.example/a#b", "Help")


def new() -> tuple[Book, Sheet]:
    book = Book("d mmm yyyy", {"title": "Title", "created": datetime(2026, 11, 22)}, {"Language": "en-GB"})
    return book, book.sheet("Sheet", (10, 20), TOP, ("A & B 1", "Page {page} of {pages}"))


def read(book: Book, sheet: Sheet, **settings: Any) -> Any:
    sheet.close(9)
    return openpyxl.load_workbook(BytesIO(book.content()), **settings)["Sheet"]


def test_colours_are_the_sites_and_letters_are_large_enough() -> None:
    styles = (ROOT / "content/framework.css").read_text("utf-8")
    for look in looks("d mmm yyyy").values():
        assert look["font_size"] >= 11
        for name, value in look.items():
            assert not name.endswith("color") or value in styles


@pytest.mark.parametrize("text", ["=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "https://x.example/", "12", "{=1}", "\tx"])
def test_text_stays_text(text: str) -> None:
    book, sheet = new()
    sheet.text(5, 0, text, "cell")
    cell = read(book, sheet)["A6"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_a_link_leads_only_to_the_web() -> None:
    book, sheet = new()
    for row, address in enumerate(
        ("https://x.example/a/#1a", "http://x.example/", "javascript:alert(1)", "file:///etc/passwd", "internal:A1", "")
    ):
        sheet.link(5 + row, 0, address, "1a", "cell")
    made = read(book, sheet)
    links = {cell.coordinate: cell.hyperlink for (cell,) in made["A6:A11"]}
    assert (links["A6"].target, links["A6"].location) == ("https://x.example/a/", "1a")
    assert links["A7"].target == "http://x.example/"
    assert [links[f"A{row}"] for row in (8, 9, 10, 11)] == [None] * 4
    assert {cell.value for (cell,) in made["A6:A11"]} == {"1a"}


def test_a_row_is_as_tall_as_its_text_and_can_grow() -> None:
    book, sheet = new()
    sheet.text(5, 0, "short", "cell")
    sheet.text(6, 1, "several words that need more than one line of twenty letters each", "cell")
    sheet.text(7, 1, "w" * 300, "cell")
    sheet.text(8, 0, "word " * 5000, "cell")
    sheet.close(9)
    content = book.content()
    made = openpyxl.load_workbook(BytesIO(content))["Sheet"]
    heights = [made.row_dimensions[row].height for row in (6, 7, 8, 9)]
    assert heights[0] is None
    assert heights[1] == 60
    assert 400 > heights[2] > 300 / 20 * 15
    assert heights[3] == 408.75  # no row can be taller
    with zipfile.ZipFile(BytesIO(content)) as parts:
        assert b"customHeight" not in parts.read("xl/worksheets/sheet1.xml")


def test_an_address_breaks_behind_a_stroke() -> None:
    book, sheet = new()
    sheet.text(5, 1, "aaaaaaaaaaaa/bbbbbbbbbbbb/cccccccccccc", "cell")
    sheet.text(6, 1, "aaaaaaaaaaaabbbbbbbbbbbbcccccccccccccc", "cell")
    made = read(book, sheet)
    assert [made.row_dimensions[row].height for row in (6, 7)] == [45, 30]


def test_a_sheet_has_its_top_its_foot_and_its_print_settings() -> None:
    book, sheet = new()
    sheet.close(9)
    content = BytesIO(book.content())
    made = openpyxl.load_workbook(content)["Sheet"]
    assert [made[f"A{row}"].value for row in range(1, 5)] == list(TOP)
    assert made["A3"].hyperlink.target == "https://x.example/a"
    assert (made.freeze_panes, made.print_title_rows, made.print_area) == ("A6", "$5:$5", "'Sheet'!$A$1:$B$9")
    assert (made.page_setup.orientation, made.page_setup.paperSize) == ("landscape", 9)
    assert (made.sheet_properties.pageSetUpPr.fitToPage, made.page_setup.fitToHeight) == (True, 0)
    with zipfile.ZipFile(content) as parts:
        found = re.search("<oddFooter>(.*)</oddFooter>", parts.read("xl/worksheets/sheet1.xml").decode())
    assert found
    assert found[1] == "&amp;LA &amp;&amp; B 1&amp;RPage &amp;P of &amp;N"


def test_a_formula_keeps_what_it_comes_to() -> None:
    book, sheet = new()
    sheet.formula(5, 0, "=1+1", 2, "number")
    sheet.close(6)
    content = BytesIO(book.content())
    assert openpyxl.load_workbook(content)["Sheet"]["A6"].value == "=1+1"
    assert openpyxl.load_workbook(content, data_only=True)["Sheet"]["A6"].value == 2
