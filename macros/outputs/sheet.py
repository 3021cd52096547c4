"""The sheets of a workbook: the looks of their cells, their tables and print settings, and rows as tall as their text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_pixel_width
from xlsxwriter.worksheet import Worksheet

_A4 = 9
_LINE_HEIGHT, _TALLEST = 15, 409  # points, at 11 points a letter
_WORD = re.compile(r"([^\s/]+/*|/+)(\s?)")
_LINE, _SOFT, _DARK, _LINK = "#c9d6d2", "#f1f6f4", "#1f4f46", "#0b5f50"  # as in content/framework.css


def looks(day: str) -> dict[str, dict[str, Any]]:
    """Return the looks of cells by name; `day` is the form in which dates are shown, for example `d mmm yyyy`."""
    plain = {"font_size": 11, "valign": "top"}
    wrapped = plain | {"text_wrap": True}
    cell = wrapped | {"border": 1, "border_color": _LINE}
    head = wrapped | {"bold": True, "bg_color": _SOFT, "border": 1, "border_color": _LINE, "bottom": 2, "bottom_color": _DARK}
    link, total = {"font_color": _LINK, "underline": 1}, {"bold": True}
    dated = {"num_format": day, "align": "left"}
    number, share = {"num_format": "0", "align": "right"}, {"num_format": "0%", "align": "right"}
    return {
        "title": plain | {"font_size": 16, "bold": True},
        "heading": plain | {"font_size": 13, "bold": True},
        "line": plain,
        "line link": plain | link,
        "column": wrapped,
        "date column": wrapped | dated,
        "head": head,
        "number head": head | {"align": "right"},
        "cell": cell,
        "cell link": cell | link,
        "date": cell | dated,
        "number": cell | number,
        "share": cell | share,
        "total": cell | total,
        "total number": cell | number | total,
        "total share": cell | share | total,
    }


class _Worksheet(Worksheet):  # type: ignore[misc]  # the library has no types
    """A sheet whose rows have a height and grow with what people type; the library would fix them."""

    def _xml_start_tag_unencoded(self, tag: str, attributes: Sequence[tuple[str, Any]] = ()) -> None:
        super()._xml_start_tag_unencoded(tag, [a for a in attributes if (tag, a[0]) != ("row", "customHeight")])


class Book:
    """A workbook in memory; the same sheets and properties give the same bytes."""

    def __init__(self, day: str, properties: Mapping[str, str | datetime], more: Mapping[str, str]) -> None:
        """Begin a workbook with document `properties` and `more` of them by names of our own; `day` is the form of a date."""
        self._made = BytesIO()
        self._book = Workbook(self._made, {"in_memory": True})
        self._book.set_properties(properties)
        for name, value in more.items():
            self._book.set_custom_property(name, value)
        self._looks = looks(day)
        self._formats = {name: self._book.add_format(look) for name, look in self._looks.items()}

    def sheet(self, name: str, widths: Sequence[int], top: Sequence[str], foot: tuple[str, str]) -> Sheet:
        """Return a new sheet whose columns have `widths` in characters; the first headers of columns stand below `top`.

        `top` is its title, edition, address and help; `foot` is what its pages say at the left, and at the right
        with {page} and {pages}. Rows and columns count from 0.
        """
        return Sheet(self._book.add_worksheet(name, _Worksheet), self._looks, self._formats, widths, top, foot)

    def content(self) -> bytes:
        """Return the finished workbook as a file's bytes."""
        self._book.close()
        return self._made.getvalue()


class Sheet:
    """One sheet while it is written; no text is ever taken for a formula."""

    def __init__(
        self,
        made: Any,
        looks: Mapping[str, Mapping[str, Any]],
        formats: Mapping[str, Any],
        widths: Sequence[int],
        top: Sequence[str],
        foot: tuple[str, str],
    ) -> None:
        self.made, self._looks, self._formats, self._widths = made, looks, formats, widths
        self._lines: dict[int, int] = {}
        for column, width in enumerate(widths):
            made.set_column(column, column, width, formats["column"])
        title, edition, address, help_ = top
        self.text(0, 0, title, "title")
        made.set_row(0, 1.5 * _LINE_HEIGHT)
        self.text(1, 0, edition, "line")
        self.link(2, 0, address, address, "line")
        self.text(3, 0, help_, "line")
        made.freeze_panes(len(top) + 1, 0)
        made.set_landscape()
        made.set_paper(_A4)
        made.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.7)
        made.repeat_rows(len(top))
        left, right = foot
        made.set_footer(f"&L{left.replace('&', '&&')}&R{right.format(page='&P', pages='&N')}")

    def text(self, row: int, column: int, text: str, look: str) -> None:
        """Write `text` as it is."""
        self.made.write_string(row, column, text, self._formats[look])
        self._make_room(row, column, text, look)

    def blank(self, row: int, column: int, look: str) -> None:
        """Write an empty cell."""
        self.made.write_blank(row, column, None, self._formats[look])

    def link(self, row: int, column: int, address: str, text: str, look: str) -> None:
        """Write `text`, which leads to `address` if that is a whole address of the web."""
        if address.startswith(("https://", "http://")):
            self.made.write_url(row, column, address, self._formats[f"{look} link"], text)
            self._make_room(row, column, text, look)
        else:
            self.text(row, column, text, look)

    def formula(self, row: int, column: int, formula: str, value: float | str, look: str) -> None:
        """Write `formula`, which begins with = and comes to `value` as long as nobody has changed a cell."""
        self.made.write_formula(row, column, formula, self._formats[look], value)

    def table(self, row: int, rows: int, headers: Sequence[tuple[str, str]], title: str, about: str, *, filters: bool) -> None:
        """Make `row` and the `rows` below it a table with `headers` and their looks, which every reader takes for headers."""
        columns = [{"header": header, "header_format": self._formats[look]} for header, look in headers]
        options = {"columns": columns, "style": None, "autofilter": filters, "title": title, "description": about}
        self.made.add_table(row, 0, row + rows, len(headers) - 1, options)
        for column, (header, look) in enumerate(headers):
            self._make_room(row, column, header, look)

    def choice(self, first: int, last: int, column: int, choices: Sequence[str], words: Mapping[str, str]) -> None:
        """Let people choose one of `choices` in the rows `first` to `last`; `words` are titles and messages."""
        self.made.data_validation(first, column, last, column, {"validate": "list", "source": choices, **words})

    def dates(self, first: int, last: int, column: int, earliest: date, words: Mapping[str, str]) -> None:
        """Let people type dates from `earliest` on in the rows `first` to `last`; `words` are titles and messages."""
        self.made.set_column(column, column, self._widths[column], self._formats["date column"])
        self.made.data_validation(first, column, last, column, {"validate": "date", "criteria": ">=", "value": earliest, **words})

    def close(self, rows: int, *, one_page: bool = False) -> None:
        """Print the first `rows` rows and those that people insert between them, one page wide, or in all on one page."""
        self.made.fit_to_pages(1, int(one_page))
        self.made.print_area(0, 0, rows - 1, len(self._widths) - 1)

    def _make_room(self, row: int, column: int, text: str, look: str) -> None:
        """Make `row` tall enough for `text`, if it is wrapped."""
        looks = self._looks[look]
        if looks.get("text_wrap"):
            room = 7 * self._widths[column] - 2  # pixels, of which a digit takes 7
            lines = _lines(text, room * (0.92 if looks.get("bold") else 0.98))
            if lines > self._lines.get(row, 1):
                self._lines[row] = lines
                self.made.set_row(row, min(lines * _LINE_HEIGHT, _TALLEST))


def _lines(text: str, room: float) -> int:
    """Return how many lines `text` takes that are `room` pixels wide; an address breaks behind a stroke, a longer word anywhere."""
    lines, used, gap = 1, 0, 0
    for word, space in _WORD.findall(text):
        width = xl_pixel_width(word)
        if used and used + gap + width > room:
            lines, used, gap = lines + 1, 0, 0
        more, used = divmod(used + gap + width, room)
        lines, gap = lines + int(more), xl_pixel_width(space)
    return lines
