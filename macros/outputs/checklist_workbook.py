"""The checklists as a workbook: a sheet for each stage, where people answer, and a summary whose formulas count the answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import Any, NamedTuple

import yaml
from xlsxwriter import Workbook
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from macros.model.framework import Framework
from macros.model.output import Output, Stamp
from macros.model.records import Principle, Recommendation, Stage
from macros.rendering.environment import Renderer
from macros.templates import TEMPLATES
from macros.text.inline_markdown import to_plain_text

_A4 = 9
_HEADER_ROW = 4  # of a sheet's first table, below title, edition, address and help; rows and columns count from 0
_MAX_QUESTIONS = 500  # rows that formulas and drop-downs cover in a sheet: many more than a stage can have
_WIDTHS = {"id": 5, "title": 20, "question": 34, "answer": 13, "evidence": 25, "owner": 12, "due": 12, "principles": 12, "address": 22}
_COLUMNS = {name: number for number, name in enumerate(_WIDTHS)}
_SUMMARY_WIDTHS = (59, 11, 8, 8, 8, 11, 14, 11, 18)
_EARLIEST_DUE_DATE = date(2000, 1, 1)


def formats(date_format: str) -> dict[str, dict[str, Any]]:
    """Return the formats of cells by name; `date_format` is for example `d mmm yyyy`. Colours are those of content/framework.css."""
    line, soft, dark, link = "#c9d6d2", "#f1f6f4", "#1f4f46", "#0b5f50"
    plain_text = {"font_size": 11, "valign": "top"}
    wrapped = plain_text | {"text_wrap": True}
    cell = wrapped | {"border": 1, "border_color": line}
    header = wrapped | {"bold": True, "bg_color": soft, "border": 1, "border_color": line, "bottom": 2, "bottom_color": dark}
    linked, total = {"font_color": link, "underline": 1}, {"bold": True}
    dated = {"num_format": date_format, "align": "left"}
    number, share = {"num_format": "0", "align": "right"}, {"num_format": "0%", "align": "right"}
    return {
        "title": plain_text | {"font_size": 16, "bold": True},
        "heading": plain_text | {"font_size": 13, "bold": True},
        "line": plain_text,
        "line link": plain_text | linked,
        "column": wrapped,
        "date column": wrapped | dated,
        "header": header,
        "number header": header | {"align": "right"},
        "cell": cell,
        "cell link": cell | linked,
        "date": cell | dated,
        "number": cell | number,
        "share": cell | share,
        "total": cell | total,
        "total number": cell | number | total,
        "total share": cell | share | total,
    }


class _Question(NamedTuple):
    """One question of a checklist, as plain text, and the recommendation that asks it."""

    text: str
    recommendation: Recommendation

    def serves(self, principle: Principle) -> bool:
        """Return whether its recommendation serves `principle`."""
        return any(service.principle == principle.id for service in self.recommendation.compact)


class _Checklist(NamedTuple):
    """The questions of a stage, and the name of its sheet."""

    stage: Stage
    sheet: str
    questions: tuple[_Question, ...]


def workbook(framework: Framework, stamp: Stamp) -> Output:
    """Return `downloads/checklists.xlsx`, with `stamp` on every sheet and without withdrawn recommendations."""
    return Output("downloads/checklists.xlsx", _ChecklistWorkbook(framework, stamp).content())


class _ChecklistWorkbook:
    """Writes the checklists of one framework; the same records and stamp give the same bytes."""

    def __init__(self, framework: Framework, stamp: Stamp) -> None:
        self.stamp = stamp
        self.labels: dict[str, Any] = yaml.safe_load((TEMPLATES / "outputs/workbook.yml").read_text("utf-8"))
        self.title = self.labels["title"].format(**vars(stamp))
        self.edition = Renderer(framework, str).render("guides/stamp.txt.j2", stamp=stamp)
        principles = framework.all(Principle)
        digits = max(len(str(p.number)) for p in principles)  # zeros in front, so that "Principle 1" is not part of "Principle 10"
        self.marks = {p: self.labels["principle"].format(number=f"{p.number:0{digits}}") for p in principles}
        self.checklists = [
            _Checklist(stage, self.labels["stage"]["sheet"].format(stage=stage), _questions(framework, stage))
            for stage in framework.all(Stage)
        ]
        self.file = BytesIO()
        self.book = Workbook(self.file, {"in_memory": True})
        self.book.set_properties(
            {
                "title": self.title,
                "subject": self.labels["subject"],
                "author": framework.site.publisher,
                "comments": f"{self.labels['about']} {self.edition}",
                "created": datetime.combine(stamp.day, time()),
            }
        )
        for name, value in self.labels["properties"].items():
            self.book.set_custom_property(name, value)
        self.formats = {name: self.book.add_format(values) for name, values in formats(self.labels["date"]).items()}

    def content(self) -> bytes:
        """Return the workbook: the summary, then a sheet for each stage."""
        self._add_summary()
        for checklist in self.checklists:
            self._add_checklist(checklist)
        self.book.close()
        return self.file.getvalue()

    def _add_sheet(self, name: str, widths: Sequence[int], title: str, url: str, help_text: str) -> Worksheet:
        """Add a sheet, with its title, edition, address and help above the first table, and its print settings."""
        sheet: Worksheet = self.book.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width, self.formats["column"])
        address = self.stamp.at(url)
        sheet.write_string(0, 0, title, self.formats["title"])
        sheet.write_string(1, 0, self.edition, self.formats["line"])
        self._write_link(sheet, 2, 0, address, address, "line")
        sheet.write_string(3, 0, help_text, self.formats["line"])
        sheet.freeze_panes(_HEADER_ROW + 1, 0)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.7)
        sheet.repeat_rows(_HEADER_ROW)
        left, right = self.labels["footer"]
        left = left.format(edition=self.edition, address=address).replace("&", "&&")
        sheet.set_footer(f"&L{left}&R{right.format(page='&P', pages='&N')}")
        return sheet

    def _add_checklist(self, checklist: _Checklist) -> None:
        labels, stage = self.labels["stage"], checklist.stage
        title = labels["heading"].format(stage=stage)
        sheet = self._add_sheet(checklist.sheet, tuple(_WIDTHS.values()), title, stage.url, labels["help"])
        headers = [(labels["columns"][name], "header") for name in _WIDTHS]
        self._write_table(sheet, _HEADER_ROW, len(checklist.questions), headers, checklist.sheet, labels["about"], filters=True)
        first, last = _HEADER_ROW + 1, _HEADER_ROW + _MAX_QUESTIONS
        row = first
        for row, question in enumerate(checklist.questions, first):
            recommendation = question.recommendation
            address = self.stamp.at(recommendation.url)
            self._write_link(sheet, row, _COLUMNS["id"], address, recommendation.id, "cell")
            sheet.write_string(row, _COLUMNS["title"], recommendation.title, self.formats["cell"])
            sheet.write_string(row, _COLUMNS["question"], question.text, self.formats["cell"])
            for name in ("answer", "evidence", "owner", "due"):
                sheet.write_blank(row, _COLUMNS[name], None, self.formats["date" if name == "due" else "cell"])
            served = ", ".join(mark for principle, mark in self.marks.items() if question.serves(principle))
            sheet.write_string(row, _COLUMNS["principles"], served, self.formats["cell"])
            # No link here: LibreOffice cuts a long one when it prints.
            sheet.write_string(row, _COLUMNS["address"], address, self.formats["cell"])
        answer, due = _COLUMNS["answer"], _COLUMNS["due"]
        choices = {"validate": "list", "source": self.labels["answers"], **self.labels["answer"]}
        sheet.data_validation(first, answer, last, answer, choices)
        sheet.set_column(due, due, _WIDTHS["due"], self.formats["date column"])
        dates = {"validate": "date", "criteria": ">=", "value": _EARLIEST_DUE_DATE, **self.labels["due"]}
        sheet.data_validation(first, due, last, due, dates)
        sheet.fit_to_pages(1, 0)
        sheet.print_area(0, 0, row, len(_WIDTHS) - 1)

    def _add_summary(self) -> None:
        labels = self.labels["summary"]
        sheet = self._add_sheet(labels["sheet"], _SUMMARY_WIDTHS, self.title, "", labels["help"])
        questions = [question for checklist in self.checklists for question in checklist.questions]

        self._add_count_table(sheet, _HEADER_ROW, labels["stages"], len(self.checklists) + 1)
        first = row = _HEADER_ROW + 1
        for row, checklist in enumerate(self.checklists, first):
            sheet.write_string(row, 0, labels["stages"]["row"].format(stage=checklist.stage), self.formats["cell"])
            self._add_counts(sheet, row, [checklist], len(checklist.questions))
        row += 1
        sheet.write_string(row, 0, labels["total"], self.formats["total"])
        self._add_formulas(sheet, row, [f"SUM({column}{first + 1}:{column}{row})" for column in "BCDEF"], len(questions), "total ")

        first = row + 3
        self._add_count_table(sheet, first - 1, labels["principles"], len(self.marks))
        for row, (principle, mark) in enumerate(self.marks.items(), first):
            sheet.write_string(row, 0, labels["principles"]["row"].format(mark=mark, principle=principle), self.formats["cell"])
            self._add_counts(sheet, row, self.checklists, sum(question.serves(principle) for question in questions), mark)

        first = row + 3
        sheet.write_string(first - 1, 0, labels["notes_heading"], self.formats["heading"])
        for row, note in enumerate((*labels["notes"], self.labels["about"]), first):
            sheet.write_string(row, 0, note.format(last=_HEADER_ROW + 1 + _MAX_QUESTIONS), self.formats["line"])
        sheet.fit_to_pages(1, 1)
        sheet.print_area(0, 0, row, len(_SUMMARY_WIDTHS) - 1)

    def _write_link(self, sheet: Worksheet, row: int, column: int, address: str, text: str, style: str) -> None:
        """Write `text`, linked to `address` if the site has an address."""
        if self.stamp.home:
            sheet.write_url(row, column, address, self.formats[f"{style} link"], text)
        else:
            sheet.write_string(row, column, text, self.formats[style])

    def _write_table(
        self, sheet: Worksheet, row: int, rows: int, headers: Sequence[tuple[str, str]], title: str, about: str, *, filters: bool
    ) -> None:
        """Make `row` (`headers`, each with its format) and the `rows` below it a table, which assistive technology announces."""
        columns = [{"header": header, "header_format": self.formats[style]} for header, style in headers]
        options = {"columns": columns, "style": None, "autofilter": filters, "title": title, "description": about}
        sheet.add_table(row, 0, row + rows, len(headers) - 1, options)

    def _add_count_table(self, sheet: Worksheet, row: int, labels: dict[str, str], rows: int) -> None:
        headers = [(labels["header"], "header"), *((header, "number header") for header in self.labels["summary"]["columns"])]
        self._write_table(sheet, row, rows, headers, labels["table"], labels["about"], filters=False)

    def _add_counts(self, sheet: Worksheet, row: int, checklists: Sequence[_Checklist], questions: int, mark: str = "") -> None:
        """Count the answers in the sheets of `checklists`, only for the principle of `mark` if it is given."""
        answers = ("", *self.labels["answers"])
        formulas = ["+".join(_count(checklist.sheet, answer, mark) for checklist in checklists) for answer in answers]
        self._add_formulas(sheet, row, formulas, questions)

    def _add_formulas(self, sheet: Worksheet, row: int, formulas: Sequence[str], questions: int, style: str = "") -> None:
        """Write `formulas` (of all `questions`, then of each answer), what is not answered, and shares, with today's values."""
        n, nothing = row + 1, self.labels["summary"]["nothing"]
        counts = zip((*formulas, f"B{n}-SUM(C{n}:F{n})"), (questions, 0, 0, 0, 0, questions), strict=True)
        for column, (formula, value) in enumerate(counts, 1):
            sheet.write_formula(row, column, f"={formula}", self.formats[f"{style}number"], value)
        for column, (part, total) in enumerate(((f"B{n}-G{n}", f"B{n}"), (f"C{n}", f"B{n}-F{n}")), 7):
            formula = f'=IF({total}=0,"{nothing}",({part})/({total}))'
            sheet.write_formula(row, column, formula, self.formats[f"{style}share"], 0 if questions else nothing)


def _questions(framework: Framework, stage: Stage) -> tuple[_Question, ...]:
    recommendations = (recommendation for recommendation in framework.recommendations(stage) if not recommendation.withdrawn)
    return tuple(_Question(to_plain_text(text), recommendation) for recommendation in recommendations for text in recommendation.ask)


def _count(sheet: str, answer: str, mark: str) -> str:
    """Return the formula that counts the questions in `sheet` with `answer`, for the principle of `mark`; "" stands for any."""
    if not answer and not mark:
        return f"COUNTA({_range(sheet, 'question')})"
    criteria = {"question": "?*", "answer": answer, "principles": mark and f"*{mark}*"}
    conditions = (f'{_range(sheet, name)},"{value}"' for name, value in criteria.items() if value)
    return f"COUNTIFS({','.join(conditions)})"


def _range(sheet: str, name: str) -> str:
    """Return the cells of the column `name` of `sheet` that questions may use."""
    column = _COLUMNS[name]
    return f"'{sheet}'!{xl_range_abs(_HEADER_ROW + 1, column, _HEADER_ROW + _MAX_QUESTIONS, column)}"
