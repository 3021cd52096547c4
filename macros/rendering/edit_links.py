"""Links to suggest or make a change of a record, and the texts of a record that readers may change."""

from __future__ import annotations

import functools
from typing import NamedTuple
from urllib.parse import quote, urlencode

from macros.model.document import Key, Loc, dotted
from macros.model.framework import Framework
from macros.model.introspection import first_mark
from macros.model.records import Record
from macros.model.types import Ref, Statement, Text


class RecordText(NamedTuple):
    """A text of a record that readers see: its place, whether it is prose, and its kind of statement."""

    loc: Loc
    text: str
    prose: bool
    statement: Statement | None

    @property
    def field(self) -> str:
        """Return its name in messages, for example `do.1.step`."""
        return dotted(self.loc)


@functools.lru_cache(maxsize=2_000)
def record_texts(framework: Framework, key: Key) -> tuple[RecordText, ...]:
    """Return every text of the record `key` that readers see, in the order of the model's fields."""
    return tuple(
        RecordText(leaf.loc, leaf.value, Text.PROSE in leaf.marks, first_mark(leaf.marks, Statement))
        for leaf in framework.leaves[key]
        if first_mark(leaf.marks, Text)
        and not first_mark(leaf.marks, Ref)
        and leaf.loc[0] != "search"
        and any(c.isalpha() for c in leaf.value)
        and leaf.loc[0] in framework.records[key].model_fields_set  # no default
    )


def main_text(framework: Framework, record: Record) -> RecordText:
    """Return the main text of `record`: its first statement in prose that is not protected and not its title, else its first text."""
    texts = record_texts(framework, (record.kind, record.id))
    prose = [text for text in texts if text.prose and text.loc != ("title",)]
    statements = [text for text in prose if text.statement]
    return (*(text for text in statements if text.statement is not Statement.REPORT), *statements, *prose, *texts)[0]


def id_of(framework: Framework, record: Record) -> str:
    """Return the id of `record`, with its kind before it if two kinds share the id."""
    unique = record is framework.report or framework.resolve(record.id) == (record.kind, record.id)
    return record.id if unique else f"{record.kind}/{record.id}"


def suggest_url(framework: Framework, record: Record) -> str:
    """Return the address of the issue form for `record`."""
    values = {"template": "suggest.yml", "title": f"Suggestion: {record.name}", "id": id_of(framework, record)}
    return f"{framework.site.repository}/issues/new?{urlencode(values, quote_via=quote, safe='')}"
