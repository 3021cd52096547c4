"""How a reader tells us of a better wording: the texts of a record that may be changed, and the address of the form, filled in."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import quote, urlencode

from macros.fields import Ref, Statement, Text
from macros.framework import Framework
from macros.index import Key
from macros.record import Record
from macros.source import Loc

LONGEST = 6_000
"""How many characters the address of the form may have; GitHub refuses one of about 8,000."""

CUT = "..."
"""What stands at the end of a wording that is not given whole."""


class Wording(NamedTuple):
    """One text of a record that readers see: where it is, itself, whether it is prose, and the kind of statement that it makes."""

    loc: Loc
    text: str
    prose: bool
    statement: Statement | None

    @property
    def field(self) -> str:
        """Return the name by which messages call it, for example `do.1.step`."""
        return ".".join(str(step + 1 if isinstance(step, int) else step) for step in self.loc)

    @property
    def protected(self) -> bool:
        """Return whether it says what the report says."""
        return self.statement is Statement.REPORT


def wordings(framework: Framework, key: Key) -> tuple[Wording, ...]:
    """Return every text of the record `key` that readers see, in the model's order; a number is none."""
    return tuple(
        Wording(leaf.loc, leaf.value, Text.PROSE in leaf.marks, next((m for m in leaf.marks if isinstance(m, Statement)), None))
        for leaf in framework.index.leaves[key]
        if any(isinstance(m, Text) for m in leaf.marks)
        and not any(isinstance(m, Ref) for m in leaf.marks)
        and leaf.loc[0] != "search"
        and any(c.isalpha() for c in leaf.value)
    )


def main_wording(framework: Framework, record: Record) -> Wording:
    """Return the text that stands for `record` where a page has room for one link.

    It is the first prose, title aside, that makes a statement and is open to all, as the model orders its fields: why a
    recommendation matters, the meaning of a term, a law in short. A record without one gives what the report says, or its
    first prose, or its first line.
    """
    held = wordings(framework, (record.kind, record.id))
    prose = [w for w in held if w.prose and w.loc != ("title",)]
    stated = [w for w in prose if w.statement]
    return (*(w for w in stated if not w.protected), *stated, *prose, *held)[0]


def id_of(framework: Framework, record: Record) -> str:
    """Return the id by which a person names `record`: with its kind before it, where two kinds share the id."""
    return record.id if framework.resolve(record.id) == (record.kind, record.id) else f"{record.kind}/{record.id}"


def in_form(record: Record) -> str:
    """Return where `record` is changed in the form at /edit/, from the site's root."""
    return f"edit/#/collections/{record.folder}/entries/{record.id}"


def suggest_url(framework: Framework, record: Record, text: str = "") -> str:
    """Return the address of the form by which a reader suggests a change of `record`: its id, name and wording are filled in.

    The wording is `text`, one of the record's own, or its main one; if the address would be longer than LONGEST, the wording
    is cut at a word and ends with CUT.
    """
    named = id_of(framework, record)
    title = record.name if record.name.startswith(f"{named}. ") else f"{named}: {record.name}"

    def address(wording: str) -> str:
        values = {"template": "suggest.yml", "title": title, "id": named, "current": wording}
        return f"{framework.site.repository}/issues/new?{urlencode(values, quote_via=quote, safe='')}"

    return address(_fitting(text or main_wording(framework, record).text, lambda wording: len(address(wording)) <= LONGEST))


def _fitting(text: str, fits: Callable[[str], bool]) -> str:
    """Return `text`, or as many of its first words as fit, with CUT behind them."""
    if fits(text):
        return text
    words = text.split()
    least, most = 0, len(words)
    while least < most:
        middle = (least + most + 1) // 2
        least, most = (middle, most) if fits(" ".join(words[:middle]) + CUT) else (least, middle - 1)
    return " ".join(words[:least]) + CUT
