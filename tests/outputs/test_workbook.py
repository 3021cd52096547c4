"""The workbook holds every question once, keeps text as text, and counts the answers that people give."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import formulas
import openpyxl
import pytest

from macros.model.core import Principle, Recommendation, Stage
from macros.model.framework import Framework
from macros.model.output import Stamp
from macros.outputs.checklist_workbook import workbook
from macros.site_build.project import read_project

ANSWERS = ("yes", "partly", "no", "not applicable")
COLUMNS = "ABCDEFGHI"
STAMP = Stamp("2026-11", date(2026, 11, 22), "0a1b2c3d", "https://framework.example.org/", "Hertfordshire Social Value Framework")
SHOWN = "Edition 2026-11, 22 November 2026, revision 0a1b2c3d"

Asked = tuple[Recommendation, str]


@pytest.fixture(scope="module")
def content(real: Framework) -> bytes:
    """The workbook of the real framework."""
    return workbook(real, STAMP).content


@pytest.fixture
def made(content: bytes) -> Any:
    """The workbook of the real framework, read back."""
    return openpyxl.load_workbook(BytesIO(content))


def asked(framework: Framework) -> list[Asked]:
    return [
        (record, question)
        for stage in framework.all(Stage)
        for record in framework.recommendations(stage)
        if not record.withdrawn
        for question in record.ask
    ]


def rows(book: Any) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of all questions of `book`, sheet by sheet."""
    for sheet in book.worksheets[1:]:
        yield from sheet.iter_rows(min_row=6)


def recalculated(file: Path, cells: Sequence[str]) -> dict[str, Any]:
    """Return what the `cells` of the summary in `file` come to, by another engine than the one that wrote it."""
    solution = formulas.ExcelModel().loads(str(file)).finish().calculate()
    return {cell: solution[f"'[{file.name}]SUMMARY'!{cell}"].value[0, 0] for cell in cells}


def filled(content: bytes, file: Path, answers: Sequence[str | None]) -> None:
    """Write the workbook `content` to `file`, with the first questions answered as `answers` say."""
    book = openpyxl.load_workbook(BytesIO(content))
    for row, answer in zip(rows(book), answers, strict=False):
        row[3].value = answer
    book.save(file)


def counted(given: Sequence[str | None]) -> list[Any]:
    """Return a row of the summary for the questions whose answers are `given`."""
    each = [given.count(answer) for answer in ANSWERS]
    apply = len(given) - each[3]
    return [len(given), *each, given.count(None), sum(each) / len(given) if given else "–", each[0] / apply if apply else "–"]


def summary(framework: Framework, given: Sequence[str | None]) -> dict[str, Any]:
    """Return what the summary of `framework` has to hold, cell by cell, if the answers are `given`."""
    both = list(zip(asked(framework), given, strict=True))
    stages, principles = framework.all(Stage), framework.all(Principle)
    lines = [[answer for (record, _), answer in both if record.stage == stage.id] for stage in stages]
    lines.append(list(given))
    served = [[answer for (r, _), answer in both if p.id in {s.principle for s in r.compact}] for p in principles]
    at = [*range(6, 7 + len(stages)), *range(9 + len(stages), 9 + len(stages) + len(principles))]
    return {
        f"{column}{row}": value
        for row, line in zip(at, [*lines, *served], strict=True)
        for column, value in zip("BCDEFGHI", counted(line), strict=True)
    }


def agree(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    assert found.keys() == wanted.keys()
    for cell, value in wanted.items():
        assert found[cell] == (value if isinstance(value, str) else pytest.approx(value)), cell


def test_the_workbook_is_the_same_twice_and_dated_as_its_edition(real: Framework, content: bytes, made: Any) -> None:
    output = workbook(real, STAMP)
    assert (output.path, output.content) == ("downloads/checklists.xlsx", content)
    assert made.properties.created == datetime(2026, 11, 22)
    with zipfile.ZipFile(BytesIO(content)) as parts:
        assert {part.date_time[:3] for part in parts.infolist()} == {(1980, 1, 1)}


def test_nothing_but_a_build_loads_what_writes_it() -> None:
    code = "import sys, macros.__main__, macros.site_build.artifacts; sys.exit('xlsxwriter' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_summary_comes_first_then_a_sheet_for_each_stage(real: Framework, made: Any) -> None:
    assert made.sheetnames == ["Summary", *(f"Stage {stage.number}" for stage in real.all(Stage))]
    assert made.active.title == "Summary"
    for sheet, stage in zip(made.worksheets[1:], real.all(Stage), strict=True):
        assert sheet["A1"].value == f"Stage {stage.number}. {stage.title}: checklist"
        assert sheet["A3"].value == sheet["A3"].hyperlink.target == f"https://framework.example.org/{stage.url}"
        assert not sheet.protection.sheet


def test_every_sheet_carries_edition_date_revision_and_address(made: Any) -> None:
    for sheet in made:
        assert sheet["A2"].value == SHOWN
        assert sheet["A3"].value.startswith("https://framework.example.org/")
        assert sheet.oddFooter.left.text == f"{SHOWN}. {sheet['A3'].value}"
        assert sheet.oddFooter.right.text == "Page &P of &N"


def test_the_document_says_what_it_is_and_whose(real: Framework, made: Any) -> None:
    about = made.properties
    assert (about.title, about.creator) == ("Hertfordshire Social Value Framework: checklists", real.site.publisher)
    assert about.subject
    assert SHOWN in about.description
    assert made.custom_doc_props["Language"].value == "en-GB"


def test_every_question_stands_once_with_id_title_principles_and_address(real: Framework, made: Any) -> None:
    found = list(rows(made))
    assert len(found) == len(asked(real)) > 60
    for row, (record, question) in zip(found, asked(real), strict=True):
        address = STAMP.at(record.url)
        assert [cell.value for cell in row[:3]] == [record.id, record.title, question]
        assert f"{row[0].hyperlink.target}#{row[0].hyperlink.location}" == address == row[8].value
        principles = [f"Principle {p.number}" for p in real.all(Principle) if p.id in {s.principle for s in record.compact}]
        assert row[7].value == ", ".join(principles)
        assert [cell.value for cell in row[3:7]] == [None] * 4


def test_an_answer_is_chosen_and_a_due_date_is_a_date(made: Any) -> None:
    for sheet in made.worksheets[1:]:
        answer, due = sheet.data_validations.dataValidation
        assert (answer.type, answer.formula1, str(answer.sqref)) == ("list", '"yes,partly,no,not applicable"', "D6:D505")
        assert (due.type, due.operator, due.formula1, str(due.sqref)) == ("date", "greaterThanOrEqual", "36526", "G6:G505")
        for rule in (answer, due):
            assert rule.promptTitle
            assert rule.prompt
            assert rule.errorTitle
            assert rule.error
            assert rule.showErrorMessage
        assert {cell.number_format for cell in sheet["G"][5:]} == {"d mmm yyyy"}


def test_headers_are_headers_stay_in_view_and_are_printed_on_each_page(made: Any) -> None:
    for sheet in made:
        assert (sheet.freeze_panes, sheet.print_title_rows) == ("A6", "$5:$5")
        assert not sheet.merged_cells.ranges
        for table in sheet.tables.values():
            (headers, *_) = sheet[table.ref]
            assert [cell.value for cell in headers] == table.column_names
            assert all(cell.font.bold for cell in headers)
    assert [len(sheet.tables) for sheet in made] == [2] + [1] * 7


def test_the_print_area_holds_all_that_a_sheet_shows(made: Any) -> None:
    for sheet in made:
        name = sheet.title if sheet.title == "Summary" else f"'{sheet.title}'"
        assert sheet.print_area.replace("'", "") == f"{name}!$A$1:$I${sheet.max_row}".replace("'", "")
        assert sheet.max_column == len(COLUMNS)
        assert sum(sheet.column_dimensions[column].width for column in COLUMNS) < 170


def test_notes_fit_beside_one_another(made: Any) -> None:
    """They are not wrapped: a note goes on over the empty cells at its right."""
    sheet = made["Summary"]
    start = next(cell.row for cell in sheet["A"] if cell.value == "How to use this workbook")
    notes = [cell.value for cell in sheet["A"][start:]]
    assert len(notes) > 5
    assert all(len(note) < 140 for note in notes)
    assert any("row 505" in note for note in notes)


def test_counts_are_formulas_that_a_viewer_may_show_without_counting(real: Framework, content: bytes, made: Any) -> None:
    wanted = summary(real, [None] * len(asked(real)))
    assert all(made["Summary"][cell].value.startswith("=") for cell in wanted)
    shown = openpyxl.load_workbook(BytesIO(content), data_only=True)["Summary"]
    agree({cell: shown[cell].value for cell in wanted}, wanted)


@pytest.mark.costly
def test_answers_are_counted_by_stage_and_by_principle(real: Framework, content: bytes, tmp_path: Path) -> None:
    choices = (*ANSWERS, None, "yes", "no")
    given = [choices[(7 * at + at // 5) % len(choices)] for at in range(len(asked(real)))]
    assert len(set(given)) == 5
    filled(content, tmp_path / "filled.xlsx", given)
    wanted = summary(real, given)
    agree(recalculated(tmp_path / "filled.xlsx", list(wanted)), wanted)


def test_no_share_is_taken_of_nothing(small: Framework, tmp_path: Path) -> None:
    given = ["not applicable"] * len(asked(small))
    filled(workbook(small, STAMP).content, tmp_path / "filled.xlsx", given)
    wanted = summary(small, given)
    assert wanted["I6"] == "–"
    agree(recalculated(tmp_path / "filled.xlsx", list(wanted)), wanted)


def test_a_question_that_somebody_adds_is_counted(small: Framework, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(BytesIO(workbook(small, STAMP).content))
    for column, text in (("C", "Is this ours?"), ("D", "yes"), ("H", "Principle 1")):
        book["Stage 2"][f"{column}505"] = text
    book.save(tmp_path / "added.xlsx")
    before = len(asked(small))
    cells = recalculated(tmp_path / "added.xlsx", ["B8", "C7", "B11", "C11"])
    assert cells == {"B8": before + 1, "C7": 1, "B11": before + 1, "C11": 1}


def test_withdrawn_recommendations_are_left_out(small: Framework) -> None:
    assert small.get(Recommendation, "2c").withdrawn
    assert "2c" not in {row[0].value for row in rows(openpyxl.load_workbook(BytesIO(workbook(small, STAMP).content)))}


def test_without_an_address_of_the_site_there_are_no_links(small: Framework) -> None:
    book = openpyxl.load_workbook(BytesIO(workbook(small, Stamp("2026-11", STAMP.day, "0a1b2c3d", "", "Small framework")).content))
    assert not any(cell.hyperlink for sheet in book for row in sheet.iter_rows() for cell in row)
    assert next(row[8].value for row in rows(book)) == "stages/1-plan/#1a"


def test_hostile_text_is_shown_as_it_is(project: Path) -> None:
    long = "w" * 300

    def change(path: str, old: str, new: str) -> None:
        text = (project / path).read_text("utf-8")
        assert old in text
        (project / path).write_text(text.replace(old, new), "utf-8")

    change("data/stages/1-plan.yml", "title: Plan & share", "title: \"=[]:*?/\\\\ it's 'all' {stage.title} &P\"")
    change("data/principles/1-fairness.yml", "title: A fair society", 'title: "=1+1"')
    change("data/recommendations/1b.yml", "title: Ask openly <for> *ideas*", "title: \"=cmd|' /C calc'!A0 or +1\"")
    change("data/recommendations/1b.yml", "Did we ask in time?", '=HYPERLINK("https://x.example", "Click")?')
    change("data/recommendations/1b.yml", "Did we answer?", "Did the [[outcome|outcomes]] *change*, as [1a](1a) asks, & <b>?")
    change("data/recommendations/2a.yml", "Did we ask in time?", "@x and -1 and +1?")
    change("data/recommendations/2a.yml", "Did we answer?", f"{long}?")
    framework = read_project(project).framework
    assert framework is not None

    book = openpyxl.load_workbook(BytesIO(workbook(framework, STAMP).content))
    assert book.sheetnames == ["Summary", "Stage 1", "Stage 2"]
    title = "Stage 1. =[]:*?/\\ it's 'all' {stage.title} &P"
    assert (book["Stage 1"]["A1"].value, book["Summary"]["A6"].value) == (f"{title}: checklist", title)
    assert book["Summary"]["A11"].value == "Principle 1. =1+1"
    found = {cell.value: cell for row in rows(book) for cell in row if cell.value}
    for text in (
        "=cmd|' /C calc'!A0 or +1",
        '=HYPERLINK("https://x.example", "Click")?',
        "Did the outcomes change, as 1a asks, & <b>?",
        "@x and -1 and +1?",
        f"{long}?",
    ):
        assert found[text].data_type == "s"
    formulas_ = [cell.coordinate for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert len(formulas_) == 8 * 4  # two stages, all stages and one principle
