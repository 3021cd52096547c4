"""The checklists as a workbook: a sheet for each stage, where people answer, and a summary whose formulas count the answers."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from macros.model.core import Principle, Recommendation, Stage
from macros.model.framework import Framework
from macros.model.output import Output, Stamp
from macros.rendering.environment import Renderer
from macros.templates import TEMPLATES
from macros.text.plain_text import plain

if TYPE_CHECKING:
    from macros.outputs.sheet import Sheet

_HEADER = 4  # the row of a sheet's first column headers, as in macros/outputs/sheet.py; rows and columns count from 0
_REACH = 500  # rows of questions that formulas and drop-downs cover in a sheet: many more than a stage can have
_WIDTHS = {"id": 5, "title": 20, "question": 34, "answer": 13, "evidence": 25, "owner": 12, "due": 12, "principles": 12, "address": 22}
_SUMMARY_WIDTHS = (59, 11, 8, 8, 8, 11, 14, 11, 18)
_EARLIEST = date(2000, 1, 1)


class _Question(NamedTuple):
    """One question of a checklist, as plain text, and the recommendation that asks it."""

    text: str
    recommendation: Recommendation

    def serves(self, principle: Principle) -> bool:
        """Return whether its recommendation serves `principle`."""
        return any(service.principle == principle.id for service in self.recommendation.compact)


class _Checklist(NamedTuple):
    """The questions of a stage, and the name of the sheet that holds them."""

    stage: Stage
    sheet: str
    questions: tuple[_Question, ...]


def workbook(framework: Framework, stamp: Stamp) -> Output:
    """Return `downloads/checklists.xlsx`, with `stamp` on every sheet and without withdrawn recommendations."""
    return Output("downloads/checklists.xlsx", _Checklists(framework, stamp).content())


@functools.cache
def _words() -> dict[str, Any]:
    words: dict[str, Any] = yaml.safe_load((TEMPLATES / "outputs/workbook.yml").read_text("utf-8"))
    return words


class _Checklists:
    """The checklists of one framework, on their way into a workbook."""

    def __init__(self, framework: Framework, stamp: Stamp) -> None:
        from macros.outputs.sheet import Book  # only a build needs it, and it is slow to import

        self.stamp, self.words = stamp, _words()
        self.title = self.words["title"].format(**vars(stamp))
        self.edition = Renderer(framework, str).render("guides/stamp.txt.j2", stamp=stamp)
        principles = framework.all(Principle)
        digits = max(len(str(p.number)) for p in principles)  # so that none of the marks is a part of another
        self.marks = {p: self.words["principle"].format(number=f"{p.number:0{digits}}") for p in principles}
        self.held = tuple(
            _Checklist(stage, self.words["stage"]["sheet"].format(stage=stage), tuple(_questions(framework, stage)))
            for stage in framework.all(Stage)
        )
        properties = {
            "title": self.title,
            "subject": self.words["subject"],
            "author": framework.site.publisher,
            "comments": f"{self.words['about']} {self.edition}",
            "created": datetime.combine(stamp.day, time()),
        }
        self.book = Book(self.words["date"], properties, self.words["properties"])

    def content(self) -> bytes:
        """Return the workbook: the summary, then a sheet for each stage."""
        self._summary()
        for checklist in self.held:
            self._checklist(checklist)
        return self.book.content()

    def _sheet(self, name: str, widths: Sequence[int], title: str, url: str, help_: str) -> Sheet:
        address = self.stamp.at(url)
        left, right = self.words["foot"]
        foot = left.format(edition=self.edition, address=address), right
        return self.book.sheet(name, widths, (title, self.edition, address, help_), foot)

    def _checklist(self, checklist: _Checklist) -> None:
        words, stage, questions = self.words["stage"], checklist.stage, checklist.questions
        title = words["heading"].format(stage=stage)
        sheet = self._sheet(checklist.sheet, tuple(_WIDTHS.values()), title, stage.url, words["help"])
        headers = [(words["columns"][name], "head") for name in _WIDTHS]
        sheet.table(_HEADER, len(questions), headers, checklist.sheet, words["about"], filters=True)
        first, last = _HEADER + 1, _HEADER + _REACH
        for row, question in enumerate(questions, first):
            asked = question.recommendation
            address = self.stamp.at(asked.url)
            sheet.link(row, _column("id"), address, asked.id, "cell")
            sheet.text(row, _column("title"), asked.title, "cell")
            sheet.text(row, _column("question"), question.text, "cell")
            for name in ("answer", "evidence", "owner"):
                sheet.blank(row, _column(name), "cell")
            sheet.blank(row, _column("due"), "date")
            served = ", ".join(mark for principle, mark in self.marks.items() if question.serves(principle))
            sheet.text(row, _column("principles"), served, "cell")
            sheet.text(row, _column("address"), address, "cell")  # no link: one that is long is cut where LibreOffice prints it
        sheet.choice(first, last, _column("answer"), self.words["answers"], self.words["answer"])
        sheet.dates(first, last, _column("due"), _EARLIEST, self.words["due"])
        sheet.close(first + len(questions))

    def _summary(self) -> None:
        words = self.words["summary"]
        sheet = self._sheet(words["sheet"], _SUMMARY_WIDTHS, self.title, "", words["help"])
        everything = tuple(question for checklist in self.held for question in checklist.questions)

        self._counted(sheet, _HEADER, words["stages"], len(self.held) + 1)
        first = row = _HEADER + 1
        for row, checklist in enumerate(self.held, first):
            sheet.text(row, 0, words["stages"]["row"].format(stage=checklist.stage), "cell")
            self._counts(sheet, row, (checklist,), checklist.questions)
        row += 1
        sheet.text(row, 0, words["total"], "total")
        self._numbers(sheet, row, [f"SUM({column}{first + 1}:{column}{row})" for column in "BCDEF"], len(everything), "total ")

        first = row + 3
        self._counted(sheet, first - 1, words["principles"], len(self.marks))
        for row, (principle, mark) in enumerate(self.marks.items(), first):
            sheet.text(row, 0, words["principles"]["row"].format(mark=mark, principle=principle), "cell")
            self._counts(sheet, row, self.held, [question for question in everything if question.serves(principle)], mark)

        first = row + 3
        sheet.text(first - 1, 0, words["notes_heading"], "heading")
        for row, note in enumerate((*words["notes"], self.words["about"]), first):
            sheet.text(row, 0, note.format(last=_HEADER + 1 + _REACH), "line")
        sheet.close(row + 1, one_page=True)

    def _counted(self, sheet: Sheet, row: int, words: dict[str, str], rows: int) -> None:
        headers = [(words["header"], "head"), *((header, "number head") for header in self.words["summary"]["columns"])]
        sheet.table(row, rows, headers, words["table"], words["about"], filters=False)

    def _counts(self, sheet: Sheet, row: int, held: Sequence[_Checklist], questions: Sequence[_Question], mark: str = "") -> None:
        """Write the counts of the sheets of `held` (of what serves a principle, by its `mark`), which have `questions` now."""
        answers = ("", *self.words["answers"])
        self._numbers(sheet, row, ["+".join(_count(c.sheet, answer, mark) for c in held) for answer in answers], len(questions))

    def _numbers(self, sheet: Sheet, row: int, formulas: Sequence[str], questions: int, look: str = "") -> None:
        """Write `formulas` (of all questions, and of each answer), what remains and shares; none of `questions` is answered yet."""
        n, nothing = row + 1, self.words["summary"]["nothing"]
        counts = zip((*formulas, f"B{n}-SUM(C{n}:F{n})"), (questions, 0, 0, 0, 0, questions), strict=True)
        for column, (formula, value) in enumerate(counts, 1):
            sheet.formula(row, column, f"={formula}", value, f"{look}number")
        for column, (part, whole) in enumerate(((f"B{n}-G{n}", f"B{n}"), (f"C{n}", f"B{n}-F{n}")), 7):
            sheet.formula(row, column, f'=IF({whole}=0,"{nothing}",({part})/({whole}))', 0 if questions else nothing, f"{look}share")


def _questions(framework: Framework, stage: Stage) -> Iterator[_Question]:
    for recommendation in framework.recommendations(stage):
        if not recommendation.withdrawn:
            for text in recommendation.ask:
                yield _Question(plain(text), recommendation)


def _count(sheet: str, answer: str, mark: str) -> str:
    """Return the formula that counts the questions in `sheet`: with that `answer`, and that serve a principle, unless these are ""."""
    if not answer and not mark:
        return f"COUNTA({_cells(sheet, 'question')})"
    wanted = {"question": "?*", "answer": answer, "principles": mark and f"*{mark}*"}
    return f"COUNTIFS({','.join(f'{_cells(sheet, name)},{_text(value)}' for name, value in wanted.items() if value)})"


def _cells(sheet: str, name: str) -> str:
    """Return the cells of a column of `sheet` that hold questions, now or later."""
    letter = chr(ord("A") + _column(name))
    return f"{_quoted(sheet)}!${letter}${_HEADER + 2}:${letter}${_HEADER + 1 + _REACH}"


def _column(name: str) -> int:
    return list(_WIDTHS).index(name)


def _quoted(sheet: str) -> str:
    return "'{}'".format(sheet.replace("'", "''"))


def _text(value: str) -> str:
    return '"{}"'.format(value.replace('"', '""'))
