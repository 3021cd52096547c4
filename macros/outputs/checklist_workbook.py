"""The checklists as a workbook: a sheet for each stage, where people answer, and a summary whose formulas count the answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from macros.model.framework import Framework
from macros.model.output import Output, Stamp
from macros.model.records import Principle, Stage
from macros.rendering.environment import Renderer
from macros.templates import texts
from macros.text.inline_markdown import to_plain_text
from macros.text.typography import typographic

_HEADER_ROW = 4  # of a sheet's first table, below title, edition, address and help; rows and columns count from 0
_MAX_QUESTIONS = 500  # rows that formulas and drop-downs cover in a sheet: many more than a stage can have
_WIDTHS = {"id": 5, "title": 20, "question": 34, "answer": 13, "evidence": 25, "owner": 12, "due": 12, "principles": 12, "address": 22}
_COLUMNS = {name: number for number, name in enumerate(_WIDTHS)}  # without principles, only the address moves
_SUMMARY_WIDTHS = (59, 11, 8, 8, 8, 11, 14, 11, 18)


def workbook(framework: Framework, stamp: Stamp) -> Output:
    """Return `downloads/checklists.xlsx`, with `stamp` on every sheet and without withdrawn recommendations."""
    return Output("downloads/checklists.xlsx", _ChecklistWorkbook(framework, stamp).content())


class _ChecklistWorkbook:
    """Writes the checklists of one framework; the same records and stamp give the same bytes."""

    def __init__(self, framework: Framework, stamp: Stamp) -> None:
        self.framework, self.stamp = framework, stamp
        self.labels = texts("outputs/workbook.yml", framework.site.agreement_name)
        self.title = self.labels["title"].format(**vars(stamp))
        self.edition = Renderer(framework, str).render("guides/stamp.txt.j2", stamp=stamp)
        principles = framework.all(Principle)
        digits = len(str(len(principles)))  # zeros in front, so that "Principle 1" is not part of "Principle 10"
        self.marks = {p: self.labels["principle"].format(number=f"{p.number:0{digits}}") for p in principles}
        self.widths = {name: width for name, width in _WIDTHS.items() if principles or name != "principles"}
        self.sheets = {stage: self.labels["stage"]["sheet"].format(stage=stage) for stage in framework.all(Stage)}
        self.questions = {
            stage: [(r, to_plain_text(text)) for r in framework.recommendations(stage) if not r.withdrawn for text in r.ask]
            for stage in self.sheets
        }
        self.file = BytesIO()
        self.book = Workbook(self.file, {"in_memory": True})
        properties = {"title": self.title, "subject": self.labels["subject"], "author": framework.site.publisher}
        about = f"{self.labels['about']} {self.edition}"
        self.book.set_properties({**properties, "comments": about, "created": datetime.combine(stamp.day, time())})
        for name, value in self.labels["properties"].items():
            self.book.set_custom_property(name, value)
        self.formats = {name: self.book.add_format(values) for name, values in self.labels["formats"].items()}

    def content(self) -> bytes:
        """Return the workbook: the summary, then a sheet for each stage."""
        self._add_summary()
        for stage in self.sheets:
            self._add_checklist(stage)
        self.book.close()
        return self.file.getvalue()

    def _add_sheet(self, name: str, widths: Iterable[int], title: str, url: str, help_text: str) -> Worksheet:
        """Add a sheet, with its title, edition, address and help above the first table, and its print settings."""
        sheet: Worksheet = self.book.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width, self.formats["column"])
        address = self.stamp.at(url)
        for row, text in enumerate((title, self.edition, address, help_text)):
            self._write(sheet, row, 0, text, "line" if row else "title", address if text == address else "")
        sheet.freeze_panes(_HEADER_ROW + 1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.7)
        sheet.repeat_rows(_HEADER_ROW)
        left, right = self.labels["footer"]
        left = left.format(edition=self.edition, address=address).replace("&", "&&")
        sheet.set_footer(f"&L{left}&R{right.format(page='&P', pages='&N')}")
        return sheet

    def _add_checklist(self, stage: Stage) -> None:
        labels, questions = self.labels["stage"], self.questions[stage]
        sheet = self._add_sheet(self.sheets[stage], self.widths.values(), labels["heading"].format(stage=stage), stage.url, labels["help"])
        headers = [(labels["columns"][name], "header") for name in self.widths]
        self._add_table(sheet, _HEADER_ROW, len(questions), headers, self.sheets[stage], labels["about"], filters=True)
        first, last = _HEADER_ROW + 1, _HEADER_ROW + _MAX_QUESTIONS
        for row, (recommendation, question) in enumerate(questions, first):
            address = self.stamp.at(recommendation.url)
            served = ", ".join(mark for principle, mark in self.marks.items() if recommendation in self.framework.serving(principle, stage))
            # No link in the last column: LibreOffice cuts a long one when it prints.
            title = labels["proposed" if recommendation.added else "title"].format(title=recommendation.title)
            values = {"id": recommendation.id, "title": title, "question": question, "principles": served, "address": address}
            for column, name in enumerate(self.widths):
                self._write(sheet, row, column, values.get(name), "date" if name == "due" else "cell", address if name == "id" else "")
        answer, due = _COLUMNS["answer"], _COLUMNS["due"]
        sheet.data_validation(first, answer, last, answer, {"validate": "list", "source": self.labels["answers"], **self.labels["answer"]})
        sheet.set_column(due, due, _WIDTHS["due"], self.formats["date column"])
        dates = {"validate": "date", "criteria": ">=", "value": date(2000, 1, 1), **self.labels["due"]}
        sheet.data_validation(first, due, last, due, dates)
        sheet.fit_to_pages(1, 0)
        sheet.print_area(0, 0, _HEADER_ROW + len(questions), len(self.widths) - 1)

    def _add_summary(self) -> None:
        labels, total = self.labels["summary"], sum(map(len, self.questions.values()))
        sheet = self._add_sheet(labels["sheet"], _SUMMARY_WIDTHS, self.title, "", labels["help"])

        self._add_count_table(sheet, _HEADER_ROW, labels["stages"], len(self.sheets) + 1)
        first = row = _HEADER_ROW + 1
        for row, (stage, name) in enumerate(self.sheets.items(), first):
            self._write(sheet, row, 0, labels["stages"]["row"].format(stage=stage), "cell")
            self._add_counts(sheet, row, [name], len(self.questions[stage]))
        row += 1
        self._write(sheet, row, 0, labels["total"], "total")
        self._add_formulas(sheet, row, [f"SUM({column}{first + 1}:{column}{row})" for column in "BCDEF"], total, "total ")

        first, notes = row + 3, labels["notes"]
        if self.marks:
            notes = [*notes, *labels["principles"]["notes"]]
            self._add_count_table(sheet, first - 1, labels["principles"], len(self.marks))
        for row, (principle, mark) in enumerate(self.marks.items(), first):
            self._write(sheet, row, 0, labels["principles"]["row"].format(mark=mark, principle=principle), "cell")
            questions = sum(len(r.ask) for stage in self.sheets for r in self.framework.serving(principle, stage))
            self._add_counts(sheet, row, [*self.sheets.values()], questions, mark)

        first = row + 3
        self._write(sheet, first - 1, 0, labels["notes_heading"], "heading")
        for row, note in enumerate((*notes, self.labels["about"]), first):
            self._write(sheet, row, 0, note.format(last=_HEADER_ROW + 1 + _MAX_QUESTIONS), "line")
        sheet.fit_to_pages(1, 1)
        sheet.print_area(0, 0, row, len(_SUMMARY_WIDTHS) - 1)

    def _write(self, sheet: Worksheet, row: int, column: int, text: str | None, style: str, address: str = "") -> None:
        """Write `text`, or an empty cell, linked to `address` if the site has an address."""
        if address and self.stamp.home:
            sheet.write_url(row, column, address, self.formats[f"{style} link"], text)
        elif text is None:
            sheet.write_blank(row, column, None, self.formats[style])
        else:
            sheet.write_string(row, column, typographic(text), self.formats[style])

    def _add_table(
        self, sheet: Worksheet, row: int, rows: int, headers: Sequence[tuple[str, str]], title: str, about: str, *, filters: bool
    ) -> None:
        """Make `row` (`headers`, each with its format) and the `rows` below it a table, which assistive technology announces."""
        columns = [{"header": header, "header_format": self.formats[style]} for header, style in headers]
        options = {"columns": columns, "style": None, "autofilter": filters, "title": title, "description": about}
        sheet.add_table(row, 0, row + rows, len(headers) - 1, options)

    def _add_count_table(self, sheet: Worksheet, row: int, labels: dict[str, str], rows: int) -> None:
        headers = [(labels["header"], "header"), *((header, "number header") for header in self.labels["summary"]["columns"])]
        self._add_table(sheet, row, rows, headers, labels["table"], labels["about"], filters=False)

    def _add_counts(self, sheet: Worksheet, row: int, names: Sequence[str], questions: int, mark: str = "") -> None:
        """Count the answers in the sheets called `names`, only for the principle of `mark` if it is given."""
        formulas = ["+".join(_count(name, answer, mark) for name in names) for answer in ("", *self.labels["answers"])]
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


def _count(sheet: str, answer: str, mark: str) -> str:
    """Return the formula that counts the questions in `sheet` with `answer`, for the principle of `mark`; "" stands for any."""

    def cells(name: str) -> str:
        column = _COLUMNS[name]
        return f"'{sheet}'!{xl_range_abs(_HEADER_ROW + 1, column, _HEADER_ROW + _MAX_QUESTIONS, column)}"

    criteria = {"question": "?*", "answer": answer, "principles": mark and f"*{mark}*"}
    conditions = ",".join(f'{cells(name)},"{value}"' for name, value in criteria.items() if value)
    return f"COUNTIFS({conditions})" if answer or mark else f"COUNTA({cells('question')})"
