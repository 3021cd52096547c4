"""Describe a comparison for the reviewers of a change, and as release notes for readers."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import yaml

from macros.cli.affected_pages import Affected
from macros.history.compare import Change, Comparison, PageChange, RecordChange, place_of, record_of
from macros.model.document import Key
from macros.model.framework import Framework
from macros.model.records import Stage
from macros.outputs.cms import text_name
from macros.rendering.environment import text_environment
from macros.templates import TEMPLATES
from macros.text.diff import flow, word_diff
from macros.text.escaping import escape_log, escape_markdown
from macros.text.inline_markdown import to_plain_text as without_marks

MAX_REPORT, MAX_NOTES = 60_000, 20_000
"""How many characters of single changes a report in Markdown and release notes show; the rest are counted."""

MAX_NAME = 120

_CALL = re.compile(r"\{\{.*?\}\}")
_STRING = re.compile(r'"([^"]*)"')
_HEADING = re.compile(r"^#+ |\{: *#[^{}]*\}", re.MULTILINE)


class Sides(NamedTuple):
    """What the two sides of a comparison are called, and the framework of each."""

    base: str
    head: str
    before: Framework
    after: Framework


class Row(NamedTuple):
    """One value that differs: its label, and its text before and after."""

    label: str
    change: Change
    old: str | None
    new: str | None


@functools.cache
def words() -> dict[str, Any]:
    """Return the words for kinds, records, fields, relations and what happened to them."""
    found: dict[str, Any] = yaml.safe_load((TEMPLATES / "messages/changes.yml").read_text("utf-8"))
    return found


def diff_report(comparison: Comparison, affected: Affected, sides: Sides, *, for_github: bool) -> str:
    """Return all differences for reviewers, protected ones first: in Markdown for GitHub, or for a terminal."""
    writer = _Writer("messages/diff_report.j2", sides.before, sides.after, for_github=for_github)
    records = sorted(comparison.records, key=lambda one: not (one.protected or one.protected_changes))
    sections = [_spaced(writer.template.record(one, writer.rows(one), writer.relations(one.changes), writer.path(one))) for one in records]
    sections += [_spaced(writer.template.page(one, writer.rows(one))) for one in comparison.pages]
    fitting = _fitting(sections, MAX_REPORT) if for_github else sections
    counts, more = _counts((*comparison.records, *comparison.pages)), len(sections) - len(fitting)
    return _spaced(writer.template.document(counts, comparison.protected, affected, sides, fitting, more)).strip() + "\n"


def release_notes(comparison: Comparison, affected: Affected, before: Framework, after: Framework) -> str:
    """Return the differences between two editions for readers, in Markdown: what is new, withdrawn or moved comes first."""
    writer = _Writer("messages/release_notes.md.j2", before, after, for_github=True)
    left_out = set(words()["left_out"])
    listed, sections = list[RecordChange | PageChange](), list[str]()
    for one in comparison.records:
        changes = tuple(c for c in one.changes if not left_out & {*c.loc, f"{one.key[0]}.{c.loc[0]}"})
        if one.status in ("withdrawn", "restored"):
            changes = tuple(c for c in changes if c.loc[0] != "withdrawn")
        section = ""
        if not one.gone and one.status != "added":
            visible = one._replace(changes=changes)
            rows, relations = writer.rows(visible, for_readers=True), writer.relations(changes)
            if rows or relations or any(c.how == "reordered" for c in changes):
                section = _spaced(writer.template.changed(visible, rows, relations))
        sections += [section] if section else []
        listed += [one] if section or one.status != "changed" else []
    for page in comparison.pages:
        rows = writer.rows(page, for_readers=True)
        if rows and page.status == "changed":
            sections.append(_spaced(writer.template.changed_page(page, rows)))
        listed += [page] if rows or page.status != "changed" else []
    fitting = _fitting(sections, MAX_NOTES)
    checked = sum(any(c.loc == ("checked_on",) and c.old for c in one.changes) for one in comparison.records)
    more = len(sections) - len(fitting)
    return _spaced(
        writer.template.document(_counts(listed), listed, checked, affected, fitting, more, after.all(Stage), before.site.edition)
    )


class _Writer:
    """A template, and the functions that it needs for single records and values."""

    def __init__(self, template: str, before: Framework, after: Framework, *, for_github: bool) -> None:
        self.before, self.after = before, after
        safe = escape_markdown if for_github else escape_log
        environment = text_environment(
            t=lambda text: safe(str(text)),
            short=lambda text: text if len(text) <= MAX_NAME else f"{text[:MAX_NAME]}…",
            oneline=lambda text: " ".join(text.split()),
            first=lambda text: text[:1].upper() + text[1:],
            plain=lambda text: " ".join(without_marks(text).split()),
        )
        environment.globals |= {"words": words(), "word_diff": word_diff, "name": self.name, "find": self.find, "for_github": for_github}
        self.template: Any = environment.get_template(template).module

    def find(self, key: Key) -> Any:
        """Return the record `key` as it is now, or else as it was."""
        return record_of(self.after, key) or record_of(self.before, key)

    def path(self, change: RecordChange) -> str:
        """Return the path of the file of the record of `change`."""
        framework = self.before if change.gone else self.after
        return framework.documents[place_of(framework, change.key)[0]].path

    def name(self, key: Key, *, short: bool = False) -> str:
        """Return what readers call the record `key`, for example `the term “Outcome”`."""
        kind, record_id = key
        record = self.find(key)
        if record is None:
            return f"{words()['kinds'][kind][0]} {record_id}"
        forms = words()["names"]
        stage = self.find((Stage.kind, record.stage)) if kind == "recommendation" else record
        form = (short and forms.get(f"short {kind}")) or forms[kind]
        return str(form.format(name=record.name, record=record, stage=stage))

    def rows(self, one: RecordChange | PageChange, *, for_readers: bool = False) -> list[Row]:
        """Return the texts that differ in a record or page."""
        rows = []
        for change in one.changes:
            hidden = isinstance(one, PageChange) and for_readers and change.loc[0] in ("description", "search")
            if not (change.is_reference or change.how == "reordered" or hidden):
                text = functools.partial(_for_readers, one, change) if for_readers else flow
                rows.append(Row(self._label(one, change), change, *(None if v is None else text(v) for v in (change.old, change.new))))
        return [row for row in rows if (row.old or "") != (row.new or "")]

    def _label(self, one: RecordChange | PageChange, change: Change) -> str:
        name = str(change.loc[0])
        if isinstance(one, PageChange):
            return str(words()["parts"][name])
        labels, kind = words()["labels"], one.key[0]
        added = "added " if getattr(self.find(one.key), "added", None) else ""
        return labels.get(f"{added}{kind}.{name}") or labels.get(f"{kind}.{name}") or text_name(change.loc, kind)

    def relations(self, changes: Sequence[Change]) -> dict[str, list[str]]:
        """Return which records are named now and no longer, by the words for the relation."""
        found: dict[str, list[str]] = {}
        for change in changes:
            for position, record_id in enumerate((change.new, change.old)):
                if change.is_reference and record_id is not None:
                    found.setdefault(relation(change)[position], []).append(self.name((change.field.names, record_id), short=True))
        return found


def relation(change: Change) -> tuple[str, str]:
    """Return the words for naming a record by the field of `change` now, and no longer."""
    known, last = words()["relations"], change.relation.rpartition(".")[2]
    come, gone = known.get(change.relation) or known.get(last) or known["other"]
    place = next((step + 1 for step in change.loc if isinstance(step, int)), 1)
    return str(come).format(n=place), str(gone).format(n=place)


def _counts(changes: Sequence[RecordChange | PageChange]) -> dict[str, Counter[str]]:
    """Return how many of each kind changed, by status."""
    counts: dict[str, Counter[str]] = {status: Counter() for status in words()["statuses"]}
    for one in changes:
        counts[one.status]["page" if isinstance(one, PageChange) else one.key[0]] += 1
    return {status: kinds for status, kinds in counts.items() if kinds}


def _fitting(sections: Sequence[str], length: int) -> list[str]:
    """Return those of `sections` that together fit in `length` characters."""
    fitting = []
    for section in sections:
        if len(section) <= length:
            fitting.append(section)
            length -= len(section)
    return fitting


def _for_readers(one: RecordChange | PageChange, change: Change, text: str) -> str:
    """Return `text` of `change` without marks; a macro call in a page is replaced by the text in it, if there is any."""
    if isinstance(one, PageChange):
        text = _CALL.sub(lambda call: (_STRING.findall(call[0])[1:] or [""])[0], _HEADING.sub("", text))
        return " ".join(without_marks(text).split())
    if change.field.choices:
        return text.replace("-", " ")
    return without_marks(text) if change.field.holds == "prose" else flow(text)


def _spaced(text: object) -> str:
    """Return `text` with at most one empty line between lines, and one at its end."""
    return re.sub(r"\n\s*\n", "\n\n", str(text).strip("\n") + "\n\n")
