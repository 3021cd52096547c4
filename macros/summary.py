"""What changes for readers, told as Markdown or plain text within a length."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from textwrap import TextWrapper
from typing import Any, Literal, NamedTuple

import yaml

from macros.changes import Change, Comparison, PageChange, RecordChange
from macros.framework import Framework
from macros.index import Key
from macros.model import Recommendation
from macros.problem import Problem
from macros.record import Record
from macros.render import TEMPLATES, bare
from macros.singles import Point
from macros.touched import Touched
from macros.verbatim import markdown, plain
from macros.wording import flow, wording

Form = Literal["markdown", "text"]

WIDTH = 110
"""How many characters of a text are shown on one line of a terminal."""

LONGEST_NAME = 120
"""How many characters of a name are shown."""

_FILL = TextWrapper(WIDTH, subsequent_indent=" " * 6, break_long_words=False, break_on_hyphens=False)

PROBLEMS = 20
"""How many problems of a state are named, where it cannot be read."""

LISTED = (60, 10, 0)
"""How many pages, guides and protected fields are listed at most: the first of these with which there is room."""


class Ends(NamedTuple):
    """The two ends of a comparison: what they are called, and the framework of each."""

    base: str
    head: str
    before: Framework
    after: Framework


class Phrase(NamedTuple):
    """What a record says of others by one field: the words for it, and their names."""

    words: str
    names: tuple[str, ...]


@functools.cache
def words() -> dict[str, Any]:
    """Return the words for kinds, fates, relations and statements."""
    found: dict[str, Any] = yaml.safe_load((TEMPLATES / "changes.yml").read_text("utf-8"))
    return found


def relation(change: Change) -> str:
    """Return the words for what `change` says of the record that it names, for example `no longer serves`; KeyError if there are none."""
    said, group = words()["relations"], ""
    name = change.relation
    if name not in said:
        head, _, name = name.partition(".")
        group = words()["groups"][head]
    n = next((step + 1 for step in change.loc if isinstance(step, int)), 1)
    return str(said[name][change.how == "removed"]).format(n=n) + group


def told(comparison: Comparison, touched: Touched | None, ends: Ends, form: Form = "text", most: int | None = None) -> str:
    """Return `comparison` told in `form`, in at most `most` characters: record by record, and how many more there are.

    What needs the steering group's agreement comes first. `touched` is None if pages and guides could not be made.
    """
    teller = _Teller(comparison, touched, ends, form)
    sections = list(teller.sections())
    if most is None:
        return teller.whole(sections, 0, None)
    whole = ""
    for listed in LISTED:
        left = most - len(teller.whole([], len(sections), listed))
        kept = []
        for section in sections:
            if len(section) <= left:
                kept.append(section)
                left -= len(section)
        whole = teller.whole(kept, len(sections) - len(kept), listed)
        if len(whole) <= most:
            break
    return whole


def untold(wrong: Sequence[tuple[str, Sequence[Problem]]], form: Form = "text") -> str:
    """Return why there is nothing to tell in `form`: the names of states that cannot be read, with the problems of each."""
    return _spaced(_macros(form).untold([(name, problems) for name, problems in wrong if problems], PROBLEMS)).strip() + "\n"


def _macros(form: Form) -> Any:
    """Return the macros of the template of `form`."""
    safe = markdown if form == "markdown" else plain
    environment = bare(
        t=lambda text: safe(str(text)),
        short=lambda text: text if len(text) <= LONGEST_NAME else f"{text[:LONGEST_NAME]}…",
        oneline=lambda text: " ".join(text.split()),
        fold=lambda text: "\n      ".join(_FILL.fill(line) for line in text.strip().split("\n")),
        first=lambda text: text[:1].upper() + text[1:],
        flow=flow,
    )
    environment.globals |= {"words": words(), "wording": wording}
    return environment.get_template("changes.md.j2" if form == "markdown" else "changes.txt.j2").module


class _Teller:
    """Fills the templates of one form."""

    def __init__(self, comparison: Comparison, touched: Touched | None, ends: Ends, form: Form) -> None:
        self.comparison, self.touched, self.ends, self.macros = comparison, touched, ends, _macros(form)
        seen = [record for record in comparison.records if record.shown]
        self.records = sorted(seen, key=lambda record: not (record.decided or record.protected))
        self.pages = [page for page in comparison.pages if page.shown]

    def sections(self) -> Iterator[str]:
        """Yield what is told of each record and page."""
        for record in self.records:
            subject = record.record.id if isinstance(record.record, Recommendation) else record.record.name
            relations = () if record.fate in ("removed", "merged") else tuple(self._relations(record))
            yield _spaced(self.macros.record(record, *_told_apart(record), relations, self._path(record), subject))
        for page in self.pages:
            yield _spaced(self.macros.page(page, *_told_apart(page)))

    def whole(self, sections: list[str], more: int, listed: int | None) -> str:
        """Return `sections` with what is said before and after them; `more` are left out, and at most `listed` of a list shown."""
        counts: dict[str, Counter[str]] = {}
        for record in (r for r in self.comparison.records if r.shown):
            counts.setdefault(record.fate, Counter())[record.record.kind] += 1
        for page in self.pages:
            counts.setdefault(page.fate, Counter())["page"] += 1
        protected = [(record.record.name, change.path if change else "") for record, change in self.comparison.protected]
        said = self.macros.whole(counts, self.comparison.unseen, protected, self.touched, self.ends, sections, more, listed)
        return _spaced(said).strip() + "\n"

    def _path(self, change: RecordChange) -> str:
        held = self.ends.before if change.gone else self.ends.after
        return held.documents[change.record.kind, change.record.id].path

    def _relations(self, record: RecordChange) -> Iterator[Phrase]:
        """Yield what the record now says of others, and no longer says, each field once."""
        said: dict[str, list[str]] = {}
        for change in record.changes:
            if change.names and change.field is not None:
                parts = [change] if change.how in ("added", "removed") else list(_both(change))
                for part in parts:
                    said.setdefault(relation(part), []).append(self._name((change.field.names, str(part.new or part.old))))
        yield from (Phrase(phrase, tuple(names)) for phrase, names in said.items())

    def _name(self, key: Key) -> str:
        """Return by which words the record `key` is called, for example `term Outcome`."""
        kind, record_id = key
        found: Record | Point | None = None
        for framework in (self.ends.after, self.ends.before):
            found = found or (framework.points.get(record_id) if kind == "point" else framework.find(kind, record_id))
        if found is None or isinstance(found, Point):
            return f"{words()['kinds'][kind][0]} {record_id}"
        return f"{words()['kinds'][kind][0]} “{found.name}”"


def _spaced(text: str) -> str:
    """Return `text` with never more than one empty line, and one at its end."""
    return re.sub(r"\n\s*\n", "\n\n", str(text).strip("\n") + "\n\n")


def _both(change: Change) -> Iterator[Change]:
    """Yield `change` as one that goes and one that comes."""
    field, loc, place, statement = change.field, change.loc, change.place, change.statement
    yield Change(field, loc, place, statement, change.old, None)
    yield Change(field, loc, place, statement, None, change.new)


def _told_apart(change: RecordChange | PageChange) -> tuple[list[Change], list[Change]]:
    """Return the changes of wording, and what has only moved."""
    words_ = [c for c in change.changes if not c.names and c.how != "moved"]
    return words_, [c for c in change.changes if c.how == "moved"]
