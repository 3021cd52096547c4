"""The texts of a record that readers may suggest changes to, and the address of the form, filled in."""

from __future__ import annotations

import functools
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from macros.model.base import Record
from macros.model.document import Loc
from macros.model.framework import Framework
from macros.model.introspection import Leaf
from macros.model.references import Key
from macros.model.types import Ref, Statement, Text, Words

LONGEST = 6_000
"""How many characters the address of the form may have; GitHub refuses one of about 8,000."""

CUT = "..."
"""The end of a wording that is cut."""


class Wording(NamedTuple):
    """One text of a record that readers see: where it is, whether it is prose, its kind of statement, and how long it may be."""

    loc: Loc
    text: str
    prose: bool
    statement: Statement | None
    words: Words | None = None

    @property
    def field(self) -> str:
        """Return the name by which messages call it, for example `do.1.step`."""
        return ".".join(str(step + 1 if isinstance(step, int) else step) for step in self.loc)

    @property
    def protected(self) -> bool:
        """Return whether it says what the report says."""
        return self.statement is Statement.REPORT


@functools.lru_cache(maxsize=2_000)
def wordings(framework: Framework, key: Key) -> tuple[Wording, ...]:
    """Return every text of the record `key` that readers see, in the model's order; a number is none."""
    return tuple(
        Wording(leaf.loc, leaf.value, Text.PROSE in leaf.marks, _mark(leaf, Statement), _mark(leaf, Words))
        for leaf in framework.index.leaves[key]
        if _mark(leaf, Text) and not _mark(leaf, Ref) and leaf.loc[0] != "search" and any(c.isalpha() for c in leaf.value)
    )


def _mark(leaf: Leaf, cls: type[Any]) -> Any:
    return next((mark for mark in leaf.marks if isinstance(mark, cls)), None)


def main_wording(framework: Framework, record: Record) -> Wording:
    """Return the main text of `record`, for a page with room for only one link.

    It is the first prose, title aside, that makes a statement and is open to all, as the model orders its fields: why a
    recommendation matters, the meaning of a term, a law in short. A record without one gives what the report says, or its
    first prose, or its first line.
    """
    texts = wordings(framework, (record.kind, record.id))
    prose = [text for text in texts if text.prose and text.loc != ("title",)]
    stated = [text for text in prose if text.statement]
    return (*(text for text in stated if not text.protected), *stated, *prose, *texts)[0]


def id_of(framework: Framework, record: Record) -> str:
    """Return the id by which a person names `record`: with its kind before it, where two kinds share the id."""
    unique = record is framework.report or framework.resolve(record.id) == (record.kind, record.id)
    return record.id if unique else f"{record.kind}/{record.id}"


def in_form(record: Record) -> str:
    """Return where `record` is changed in the form at /edit/, from the site's root."""
    return f"edit/#/collections/{record.folder}/entries/{record.id}"


def suggest_url(framework: Framework, record: Record, text: str = "") -> str:
    """Return the address of the form by which a reader suggests a change of `record`: its id, name and wording are filled in.

    The wording is `text`, one of the record's own, or its main one; if the address would be longer than LONGEST, the wording
    is cut at a space and ends with CUT.
    """
    named = id_of(framework, record)
    title = record.name if record.name.startswith(f"{named}. ") else f"{named}: {record.name}"
    values = {"template": "suggest.yml", "title": title, "id": named, "current": ""}
    address = f"{framework.site.repository}/issues/new?{urlencode(values, quote_via=quote, safe='')}"
    encoded = quote(text or main_wording(framework, record).text, safe="")
    room = LONGEST - len(address)
    return address + (encoded if len(encoded) <= room else encoded[: room - len(CUT)].rpartition("%20")[0] + CUT)
