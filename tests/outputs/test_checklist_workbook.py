"""The workbook holds each question once, keeps text as text, and counts the answers that people give."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import formulas
import openpyxl
import pytest

from macros.model.framework import Framework
from macros.model.output import Stamp
from macros.model.records import Principle, Recommendation, Stage
from macros.outputs.checklist_workbook import workbook
from macros.templates import texts
from macros.text.typography import typographic
from tests.conftest import ROOT

ANSWERS = ("yes", "partly", "no", "not applicable")
COLUMNS = "ABCDEFGHI"
STAMP = Stamp("2026-11", date(2026, 11, 22), "0a1b2c3d", "https://framework.example.org/", "Hertfordshire Social Value Framework")
EDITION = "Edition 2026-11, 22 November 2026, revision 0a1b2c3d"


@pytest.fixture(scope="module")
def content(real: Framework) -> bytes:
    """The workbook of the real framework."""
    return workbook(real, STAMP).content


@pytest.fixture
def book(content: bytes) -> Any:
    """The workbook of the real framework, read back."""
    return openpyxl.load_workbook(BytesIO(content))


def questions_of(framework: Framework) -> list[tuple[Recommendation, str]]:
    records = [record for stage in framework.all(Stage) for record in framework.recommendations(stage) if not record.withdrawn]
    return [(record, question) for record in records for question in record.ask]


def question_rows(book: Any) -> Iterator[tuple[Any, ...]]:
    for sheet in book.worksheets[1:]:
        yield from sheet.iter_rows(min_row=6)


def recalculated(book: Any, file: Path, cells: Iterable[str]) -> dict[str, Any]:
    """Return the values of `cells` of the summary of `book`, saved as `file`, calculated by another program than the one that wrote it."""
    book.save(file)
    solution = formulas.ExcelModel().loads(str(file)).finish().calculate()
    return {cell: solution[f"'[{file.name}]SUMMARY'!{cell}"].value[0, 0] for cell in cells}


def answered(book: Any, answers: Sequence[str | None]) -> Any:
    for row, answer in zip(question_rows(book), answers, strict=True):
        row[3].value = answer
    return book


def summary_row(answers: Sequence[str | None]) -> list[Any]:
    counts = [answers.count(answer) for answer in ANSWERS]
    applicable = len(answers) - counts[3]
    share = sum(counts) / len(answers) if answers else "–"
    return [len(answers), *counts, answers.count(None), share, counts[0] / applicable if applicable else "–"]


def summary_of(framework: Framework, answers: Sequence[str | None]) -> dict[str, Any]:
    """Return what the summary must show for `answers`, by cell."""
    answered = list(zip(questions_of(framework), answers, strict=True))
    stages, principles = framework.all(Stage), framework.all(Principle)
    by_stage = [[answer for (record, _), answer in answered if record.stage == stage.id] for stage in stages]
    by_principle = [[answer for (r, _), answer in answered if p.id in {s.principle for s in r.compact}] for p in principles]
    row_numbers = [*range(6, 7 + len(stages)), *range(9 + len(stages), 9 + len(stages) + len(principles))]
    return {
        f"{column}{number}": value
        for number, row in zip(row_numbers, [*by_stage, list(answers), *by_principle], strict=True)
        for column, value in zip("BCDEFGHI", summary_row(row), strict=True)
    }


def assert_same_values(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    assert found.keys() == wanted.keys()
    for cell, value in wanted.items():
        assert found[cell] == (value if isinstance(value, str) else pytest.approx(value)), cell


@pytest.fixture
def small_book(small: Framework) -> Any:
    """The workbook of the small framework, read back."""
    return openpyxl.load_workbook(BytesIO(workbook(small, STAMP).content))


def test_the_workbook_is_reproducible_and_dated_as_its_edition(real: Framework, content: bytes, book: Any) -> None:
    output = workbook(real, STAMP)
    assert (output.path, output.content) == ("downloads/checklists.xlsx", content)
    assert book.properties.created == datetime(2026, 11, 22)
    with zipfile.ZipFile(BytesIO(content)) as parts:
        assert {part.date_time[:3] for part in parts.infolist()} == {(1980, 1, 1)}


def test_the_summary_comes_first_then_a_sheet_for_each_stage_with_edition_and_publisher(real: Framework, book: Any) -> None:
    assert book.sheetnames == ["Summary", *(f"Stage {stage.number}" for stage in real.all(Stage))]
    assert book.active.title == "Summary"
    for sheet, stage in zip(book.worksheets[1:], real.all(Stage), strict=True):
        assert sheet["A1"].value == f"Stage {stage.number}. {stage.title}: checklist"
        assert sheet["A3"].value == sheet["A3"].hyperlink.target == f"https://framework.example.org/{stage.url}"
        assert not sheet.protection.sheet
    for sheet in book:
        assert sheet["A2"].value == EDITION
        assert sheet["A3"].value.startswith("https://framework.example.org/")
        assert sheet.oddFooter.left.text == f"{EDITION}. {sheet['A3'].value}"
        assert sheet.oddFooter.right.text == "Page &P of &N"
    properties = book.properties
    assert (properties.title, properties.creator) == ("Hertfordshire Social Value Framework: checklists", real.site.publisher)
    assert properties.subject
    assert EDITION in properties.description
    assert book.custom_doc_props["Language"].value == "en-GB"


def test_each_question_is_there_once_with_id_title_principles_and_address(real: Framework, book: Any) -> None:
    found = list(question_rows(book))
    for row, (record, question) in zip(found, questions_of(real), strict=True):
        address = STAMP.at(record.url)
        title = typographic(record.title) + " (proposed since the report)" * bool(record.added)
        assert [cell.value for cell in row[:3]] == [record.id, title, typographic(question)]
        assert row[0].hyperlink.target == address == row[-1].value
        principles = [f"Principle {p.number}" for p in real.all(Principle) if p.id in {s.principle for s in record.compact}]
        assert row[7].value == (", ".join(principles) or address), "without principles there is no column for them"
        assert [cell.value for cell in row[3:7]] == [None] * 4


def test_answers_are_chosen_from_a_list_and_due_dates_are_dates(book: Any) -> None:
    for sheet in book.worksheets[1:]:
        answer, due = sheet.data_validations.dataValidation
        assert (answer.type, answer.formula1, str(answer.sqref)) == ("list", '"yes,partly,no,not applicable"', "D6:D505")
        assert (due.type, due.operator, due.formula1, str(due.sqref)) == ("date", "greaterThanOrEqual", "36526", "G6:G505")
        for rule in (answer, due):
            assert all((rule.promptTitle, rule.prompt, rule.errorTitle, rule.error, rule.showErrorMessage))
        assert {cell.number_format for cell in sheet["G"][5:]} == {"d mmm yyyy"}


def test_headers_stay_in_view_and_sheets_print_one_page_wide(book: Any) -> None:
    for sheet in book:
        assert (sheet.freeze_panes, sheet.print_title_rows) == ("A6", "$5:$5")
        assert not sheet.merged_cells.ranges
        for table in sheet.tables.values():
            (headers, *_) = sheet[table.ref]
            assert [cell.value for cell in headers] == table.column_names
            assert all(cell.font.bold for cell in headers)
        assert sheet.print_area.replace("'", "") == f"{sheet.title}!$A$1:${COLUMNS[sheet.max_column - 1]}${sheet.max_row}"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight == 0) == (True, sheet.title != "Summary")
        assert sum(sheet.column_dimensions[column].width for column in COLUMNS) < 170
    assert {len(sheet.tables) for sheet in book.worksheets[1:]} == {1}


def test_viewers_that_do_not_calculate_show_the_counts(real: Framework, content: bytes, book: Any) -> None:
    wanted = summary_of(real, [None] * len(questions_of(real)))
    assert all(book["Summary"][cell].value.startswith("=") for cell in wanted)
    sheet = openpyxl.load_workbook(BytesIO(content), data_only=True)["Summary"]
    assert_same_values({cell: sheet[cell].value for cell in wanted}, wanted)


@pytest.mark.costly
def test_answers_are_counted_by_stage_and_by_principle(real: Framework, book: Any, tmp_path: Path) -> None:
    choices = (*ANSWERS, None, "yes", "no")
    answers = [choices[(7 * number + number // 5) % len(choices)] for number in range(len(questions_of(real)))]
    wanted = summary_of(real, answers)
    assert_same_values(recalculated(answered(book, answers), tmp_path / "answered.xlsx", wanted), wanted)


def test_there_is_no_share_if_no_question_applies(small: Framework, small_book: Any, tmp_path: Path) -> None:
    wanted = summary_of(small, answers := ["not applicable"] * len(questions_of(small)))
    assert wanted["I6"] == "–"
    assert_same_values(recalculated(answered(small_book, answers), tmp_path / "answered.xlsx", wanted), wanted)


def test_a_question_that_somebody_adds_is_counted_and_a_withdrawn_one_is_not(small: Framework, small_book: Any, tmp_path: Path) -> None:
    for column, text in (("C", "Is this ours?"), ("D", "yes"), ("H", "Principle 1")):
        small_book["Stage 2"][f"{column}505"] = text
    wanted = summary_of(small, [None] * len(questions_of(small)))
    cells = recalculated(small_book, tmp_path / "added.xlsx", ["B9", "C7", "B12", "C12"])
    assert cells == {"B9": wanted["B9"] + 1, "C7": 1, "B12": wanted["B12"] + 1, "C12": 1}
    assert small.get(Recommendation, "3c").withdrawn
    assert "3c" not in {row[0].value for row in question_rows(small_book)}


def test_a_site_without_an_address_gets_a_workbook_without_links(small: Framework) -> None:
    book = openpyxl.load_workbook(BytesIO(workbook(small, Stamp("2026-11", STAMP.day, "0a1b2c3d", "", "Small framework")).content))
    assert not any(cell.hyperlink for sheet in book for row in sheet.iter_rows() for cell in row)
    assert next(row[8].value for row in question_rows(book)) == "1a/"


def test_text_is_never_a_formula(small: Framework) -> None:
    texts = ('=HYPERLINK("https://x.example", "Click")?', "@x and -1?", "Did the [[outcome|outcomes]] *change*, & <b>?", f"{'w' * 300}?")
    record = small.get(Recommendation, "1b").model_copy(update={"title": "=cmd|' /C calc'!A0", "ask": texts})
    stage = small.get(Stage, "1-find-out").model_copy(update={"title": "=[]:*?/\\ it's 'all' {stage.title} &P"})
    framework = Framework({**small.records, (record.kind, record.id): record, (stage.kind, stage.id): stage}, small.documents)
    book = openpyxl.load_workbook(BytesIO(workbook(framework, STAMP).content))
    assert book["Stage 1"]["A1"].value == typographic(f"Stage 1. {stage.title}: checklist")
    cells = {cell.value: cell for row in question_rows(book) for cell in row if cell.value}
    for text in (record.title, *texts[:2], "Did the outcomes change, & <b>?", texts[3]):
        assert cells[typographic(text)].data_type == "s"
    assert book["Stage 1"].row_dimensions[7].height is None, "spreadsheets fit each row to its text"


def test_colours_are_those_of_the_site_and_letters_are_at_least_11_points() -> None:
    styles = (ROOT / "content/framework.css").read_text("utf-8")
    for values in texts("outputs/workbook.yml")["formats"].values():
        assert values["font_size"] >= 11
        assert all(value in styles for name, value in values.items() if name.endswith("color"))
