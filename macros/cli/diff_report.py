"""Describe a comparison for the reviewers of a change, and as release notes for readers."""

from __future__ import annotations

import functools
import re
import sys
from collections import Counter
from itertools import accumulate
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
from macros.text.inline_markdown import to_plain_text

MAX_REPORT = 60_000
"""How many characters of single changes are shown on GitHub; the rest are counted."""

_CALL = re.compile(r'\{\{[^"}]*(?:"[^"]*"[^"}]*(?:"([^"]*)"[^}]*)?)?\}\}')
"""A macro call in a page, and its second argument, the words that it shows."""

_HEADING = re.compile(r"^#+ |\{: *#[^{}]*\}", re.MULTILINE)


class Row(NamedTuple):
    """One value that differs: its label, and its text before and after."""

    label: str
    change: Change
    old: str | None
    new: str | None


class Entry(NamedTuple):
    """A changed record or page: its kind and name, the rows that differ, and the records that it names now or no longer, by phrase."""

    change: RecordChange | PageChange
    kind: str
    name: str
    path: str
    rows: list[Row]
    relations: dict[str, list[str]]


@functools.cache
def words() -> dict[str, Any]:
    """Return the words for kinds, records, fields, relations and what happened to them."""
    loaded: dict[str, Any] = yaml.safe_load((TEMPLATES / "messages/changes.yml").read_text("utf-8"))
    return loaded


class Sides(NamedTuple):
    """What the two sides of a comparison are called, and the framework of each."""

    base: str
    head: str
    before: Framework
    after: Framework

    def find(self, key: Key) -> Any:
        """Return the record `key` as it is now, or else as it was."""
        return record_of(self.after, key) or record_of(self.before, key)

    def name(self, key: Key, *, short: bool = False) -> str:
        """Return what readers call the record `key`, for example `the term “Outcome”`."""
        record, forms = self.find(key), words()["names"]
        if record is None:
            return f"{words()['kinds'][key[0]][0]} {key[1]}"
        stage = self.find((Stage.kind, record.stage)) if key[0] == "recommendation" else record
        form = (short and forms.get(f"short {key[0]}")) or forms[key[0]]
        return str(form.format(name=record.name, record=record, stage=stage))

    def label(self, one: RecordChange | PageChange, change: Change) -> str:
        """Return what readers call the field of `change`; a recommendation that was added to the report's has other labels."""
        name, labels = change.loc[0], words()["labels"]
        if isinstance(one, PageChange):
            return str(words()["parts"][name])
        added = "added " if getattr(self.find(one.key), "added", None) else ""
        field = f"{one.key[0]}.{name}"
        return labels.get(f"{added}{field}") or labels.get(field) or text_name(change.loc, one.key[0])

    def entry(self, one: RecordChange | PageChange, *, readers: bool = False) -> Entry:
        """Return `one` with its differences, as `readers` see them or as the files have them."""
        if isinstance(one, PageChange):
            kind, name, path = "page", f"page “{one.page.title}”", one.page.path
        else:
            framework = self.before if one.gone else self.after
            kind, name, path = one.key[0], self.name(one.key), framework.documents[place_of(framework, one.key)[0]].path
        rows, relations = [], dict[str, list[str]]()
        for change in one.changes:
            if change.is_reference:
                for phrase, record_id in zip(relation(change), (change.new, change.old), strict=True):
                    if record_id is not None:
                        relations.setdefault(phrase, []).append(self.name((change.field.names, record_id), short=True))
            elif change.how != "reordered":
                old, new = (text and (_for_readers(change, text) if readers else flow(text)) for text in (change.old, change.new))
                if (old or "") != (new or ""):
                    rows.append(Row(self.label(one, change), change, old, new))
        return Entry(one, kind, name, path, rows, relations)


def relation(change: Change) -> tuple[str, str]:
    """Return the words for naming a record by the field of `change` now, and no longer."""
    phrases, last = words()["relations"], change.relation.rpartition(".")[2]
    come, gone = phrases.get(change.relation) or phrases.get(last) or phrases["other"]
    place = next((step + 1 for step in change.loc if isinstance(step, int)), 1)
    return str(come).format(n=place), str(gone).format(n=place)


def _for_readers(change: Change, text: str) -> str:
    """Return `text` of `change` without marks; a macro call in a page is replaced by the words that it shows."""
    text = text.replace("-", " ") if change.field.choices else text
    return to_plain_text(_CALL.sub(lambda call: call[1] or "", _HEADING.sub("", text)))


def diff_report(comparison: Comparison, affected: Affected, sides: Sides, *, for_github: bool) -> str:
    """Return all differences for reviewers, protected ones first: in Markdown for GitHub, or for a terminal."""
    records = sorted(comparison.records, key=lambda one: not (one.protected or one.protected_changes))
    entries = [sides.entry(one) for one in records] + [sides.entry(page) for page in comparison.pages]
    template, protected = "messages/diff_report.j2", comparison.protected
    return _rendered(template, sides, entries, for_github=for_github, protected=protected, affected=affected)


def release_notes(comparison: Comparison, affected: Affected, before: Framework, after: Framework) -> str:
    """Return the differences between two editions for readers, in Markdown: what is new, withdrawn or moved comes first."""
    sides, left_out, entries = Sides("", "", before, after), set(words()["left_out"]), []
    changed: list[RecordChange | PageChange] = [*comparison.records, *comparison.pages]
    for one in changed:
        prefixes = "page" if isinstance(one, PageChange) else one.key[0], one.status
        visible = (c for c in one.changes if not left_out & {*c.loc, *(f"{prefix}.{c.loc[0]}" for prefix in prefixes)})
        entry = sides.entry(one._replace(changes=tuple(visible)), readers=True)
        if one.status != "changed" or entry.rows or entry.relations or any(c.how == "reordered" for c in entry.change.changes):
            entries.append(entry)
    checked = sum(any(c.loc == ("checked_on",) and c.old for c in one.changes) for one in comparison.records)
    values: dict[str, Any] = {"checked": checked, "stages": after.all(Stage), "affected": affected}
    return _rendered("messages/release_notes.md.j2", sides, entries, **values)


def _rendered(template: str, sides: Sides, entries: list[Entry], *, for_github: bool = True, **values: Any) -> str:
    """Return the document of `template`, with a section for each of `entries` that fits."""
    escape, limit = (escape_markdown, MAX_REPORT) if for_github else (escape_log, sys.maxsize)
    environment = text_environment(
        t=lambda text: escape(str(text)),
        oneline=lambda text: " ".join(text.split()),
        first=lambda text: text[:1].upper() + text[1:],
        plain=lambda text: " ".join(to_plain_text(text).split()),
    )
    counts: dict[str, Counter[str]] = {status: Counter() for status in words()["statuses"]}
    for entry in entries:
        counts[entry.change.status][entry.kind] += 1
    values["counts"] = {status: kinds for status, kinds in counts.items() if kinds}
    environment.globals |= {**values, "for_github": for_github, "words": words(), "word_diff": word_diff}
    environment.globals |= {"sides": sides, "name": sides.name, "find": sides.find}
    module: Any = environment.get_template(template).module
    sections = [section for entry in entries if (section := _spaced(module.section(entry))).strip()]
    fitting = [section for section, total in zip(sections, accumulate(map(len, sections)), strict=True) if total <= limit]
    return _spaced(module.document(entries, fitting, len(sections) - len(fitting))).strip() + "\n"


def _spaced(text: object) -> str:
    """Return `text` with at most one empty line between lines, and one at its end."""
    return re.sub(r"\n\s*\n", "\n\n", str(text).strip("\n") + "\n\n")
