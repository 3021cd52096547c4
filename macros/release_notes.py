"""What changed for readers since the last edition, as the notes of a release say it."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator, Set
from difflib import SequenceMatcher
from typing import Any, NamedTuple

import yaml

from macros.changes import Change, Comparison, Fate, PageChange, RecordChange
from macros.editor import called
from macros.framework import Framework
from macros.index import Key
from macros.model import Recommendation, Source, Stage
from macros.plain import plain
from macros.record import Record
from macros.render import TEMPLATES, bare
from macros.singles import Point, Report
from macros.summary import Phrase
from macros.touched import Touched
from macros.verbatim import markdown
from macros.wording import flow, wording

FATES: tuple[Fate, ...] = ("added", "withdrawn", "restored", "renamed", "merged", "removed")
"""What may become of a record besides other words, in the order of the notes."""

TITLES = ("title", "term")
"""The fields by which readers call a record."""

_CALL = re.compile(r"\{\{ *\w+\(([^{}]*)\) *\}\}")
_STRING = re.compile(r'"([^"]*)"')
_ANCHOR = re.compile(r" *\{: *#[^{}]*\}")


class Row(NamedTuple):
    """One text that differs: what it is called, and as it was and is (None if it was not, or is not any more)."""

    label: str
    old: str | None
    new: str | None


@functools.cache
def words() -> dict[str, Any]:
    """Return the phrases used in release notes, and the fields that the notes leave out."""
    found: dict[str, Any] = yaml.safe_load((TEMPLATES / "release_notes.yml").read_text("utf-8"))
    return found


def release_notes(comparison: Comparison, touched: Touched | None, before: Framework, after: Framework, most: int) -> str:
    """Return what `comparison` of the last edition with this one means for readers, in Markdown, in about `most` characters.

    What is new, withdrawn or moved comes first. What finds no room is counted. `touched` is None if pages and guides could not be made.
    """
    notes = _Notes(before, after)
    gone = {(one.record.kind, one.record.id) for one in comparison.records if one.gone or one.fate == "withdrawn"}
    fates: dict[Fate, list[str]] = {fate: [] for fate in FATES}
    counts: dict[str, Counter[str]] = {}
    changed: list[str] = []
    for one in comparison.records:
        found, fate = notes.changed(one, gone), "renamed" if one.fate == "changed" and _retitled(one) else one.fate
        if fate in fates:
            fates[fate].append(notes.item(one))
        if fate in fates or found:
            counts.setdefault(fate, Counter())[one.record.kind] += 1
        changed += [found] if found else []
    for page in comparison.pages:
        found = notes.page(page)
        if page.fate != "changed" or found:
            counts.setdefault(page.fate, Counter())["page"] += 1
        changed += [found] if found else []
    pages = [page for page in comparison.pages if page.fate != "changed"]
    checked = sum(any(c.relation == "checked_on" and c.old for c in one.changes) for one in comparison.records)
    whole = functools.partial(
        notes.macros.whole, {order: counts[order] for order in (*FATES, "changed") if order in counts}, fates, pages, checked, touched
    )
    stages = after.all(Stage)
    left = most - len(str(whole([], 0, stages, before.site.edition)))
    shown = []
    for section in changed:
        if len(section) <= left:
            shown.append(section)
            left -= len(section)
    return _spaced(whole(shown, len(changed) - len(shown), stages, before.site.edition))


class _Notes:
    """Says what became of single records and pages."""

    def __init__(self, before: Framework, after: Framework) -> None:
        self.before, self.after = before, after
        environment = bare(
            t=lambda text: markdown(str(text)),
            oneline=lambda text: " ".join(text.split()),
            first=lambda text: text[:1].upper() + text[1:],
        )
        environment.globals |= {"words": words(), "wording": wording, "named": self.named, "find": self._find}
        self.macros: Any = environment.get_template("release_notes.md.j2").module

    def item(self, change: RecordChange) -> str:
        """Return what became of the record of `change`, in a few sentences."""
        record = change.record
        gist = words()["gist"].get(record.kind)
        said = plain(getattr(record, gist) or "") if gist and change.fate == "added" else ""
        withdrawn = getattr(record, "withdrawn", None)
        reason = plain(withdrawn.reason) if withdrawn else ""
        return str(self.macros.item(change, said.replace("\n", " "), reason.replace("\n", " "), withdrawn.instead if withdrawn else ()))

    def changed(self, change: RecordChange, gone: Set[Key]) -> str:
        """Return what reads otherwise in a record that was there before and still is, or "" if nothing does.

        That it names records no longer that are `gone` follows from these, and is left out; so is a new title.
        """
        if change.before is None or change.gone:
            return ""
        itself = change.record.kind, change.record.id
        left_out = {*words()["left_out"], *(("withdrawn",) if change.fate in ("withdrawn", "restored") else ())}
        seen = [c for c in change.changes if not left_out & {*c.loc, f"{change.record.kind}.{c.loc[0]}"}]
        if change.fate == "renamed":
            seen = [c for c in seen if c.relation != "stage"]
        seen = [c for c in seen if not (c.loc[0] in TITLES and _retitled(change))]
        seen = [c for c in seen if not (c.names and c.new is None and c.field and (c.field.names, c.old) in {*gone, itself})]
        rows = [row for c in seen if not c.names and c.how != "moved" and (row := self._row(change.record, c))]
        phrases = tuple(self._phrases(c for c in seen if c.names))
        moved = any(c.how == "moved" for c in seen)
        return _spaced(self.macros.changed(change, rows, phrases, moved)) if rows or phrases or moved else ""

    def page(self, change: PageChange) -> str:
        """Return what reads otherwise on a page that was there before and still is, or "" if nothing does."""
        if change.fate not in ("changed", "renamed"):
            return ""
        labels, rows = words()["page"], []
        for c in change.changes:
            label = labels["title" if c.loc == ("title",) else "text"]
            old, new = (None if text is None else _prose_of_page(text) for text in (c.old, c.new))
            if c.loc != ("description",) and (old or "") != (new or ""):
                rows.append(Row(label, *(_excerpts(old, new) if old and new else (old, new))))
        return _spaced(self.macros.changed_page(change, rows)) if rows else ""

    def _row(self, record: Record, change: Change) -> Row | None:
        labels = words()["labels"]
        kind, name = record.kind, str(change.loc[0])
        added = "added " if getattr(record, "added", None) else ""
        label = next((labels[key] for key in (f"{added}{kind}.{name}", f"{kind}.{name}") if key in labels), None)
        if label is None:
            label = called(change.loc[:-1] if isinstance(change.loc[-1], int) else change.loc, kind)
        if (kind, name) == (Report.kind, "points") and isinstance(change.loc[1], int):
            label = f"{label}: {(self.before if change.new is None else self.after).report.points[change.loc[1]].where}"
        old, new = (None if text is None else self._text(change, text) for text in (change.old, change.new))
        if old is not None and new is not None:
            old, new = _excerpts(old, new)
        return None if old == new else Row(label, old, new)

    @staticmethod
    def _text(change: Change, text: str) -> str:
        if change.field is not None and change.field.choices:
            return text.replace("-", " ")
        return plain(text) if change.field is not None and change.field.holds == "prose" else flow(text)

    def _phrases(self, changes: Iterator[Change]) -> Iterator[Phrase]:
        """Yield what a record now says of others, and no longer says, each field once."""
        said: dict[str, list[str]] = {}
        for change in changes:
            relations, last = words()["relations"], change.relation.rpartition(".")[2]
            come, gone = relations.get(change.relation) or relations.get(last) or relations["other"]
            n = next((step + 1 for step in change.loc if isinstance(step, int)), 1)
            for phrase, found in ((come, change.new), (gone, change.old)):
                if found is not None and change.field is not None:
                    said.setdefault(phrase.format(n=n), []).append(self._name(change.field.names, found))
        yield from (Phrase(phrase, tuple(names)) for phrase, names in said.items())

    def _name(self, kind: str, record_id: str) -> str:
        found = self._find(kind, record_id)
        return record_id if found is None else self.named(found, short=True)

    def _find(self, kind: str, record_id: str) -> Record | Point | None:
        """Return the record, as this edition has it, or the last one."""
        for framework in (self.after, self.before):
            if found := framework.points.get(record_id) if kind == "point" else framework.find(kind, record_id):
                return found
        return None

    def named(self, record: Record | Point, *, short: bool = False) -> str:
        """Return what readers call `record`, for example `the term “Outcome”`."""
        forms = words()["names"]
        kind = "point" if isinstance(record, Point) else record.kind
        values = {"name": record.name, "kind": kind, "number": getattr(record, "number", ""), "id": record.id}
        if isinstance(record, Recommendation):
            stage = self._find(Stage.kind, record.stage)
            values |= {"stage": getattr(stage, "number", ""), "stage_title": getattr(stage, "title", "")}
        if isinstance(record, Source):
            values["publisher"] = record.publisher
        form = forms.get(f"short {kind}", forms[kind]) if short else forms[kind]
        return str(form.format(**values))


def _retitled(change: RecordChange) -> bool:
    """Return whether the record of `change` has another title, or is another term."""
    return any(c.relation in TITLES and c.old and c.new for c in change.changes)


def _excerpts(old: str, new: str) -> tuple[str, str]:
    """Return the sentences of `old` and `new` that are not in both, with three dots for those left out."""
    sides = [[part for part in re.split(r"(?<=[.?!])\s+|\n+", text) if part] for text in (old, new)]
    blocks = SequenceMatcher(None, sides[0], sides[1], autojunk=False).get_opcodes()
    texts = []
    for side, spans in ((sides[0], [(b[0], b[1], b[2]) for b in blocks]), (sides[1], [(b[0], b[3], b[4]) for b in blocks])):
        parts = ["…" if how == "equal" else " ".join(side[start:end]) for how, start, end in spans]
        texts.append(" ".join(part for part in parts if part))
    return texts[0], texts[1]


def _prose_of_page(text: str) -> str:
    """Return what readers see of a paragraph of a page: a call of a macro stands for the words in it, if there are any."""

    def said(call: re.Match[str]) -> str:
        strings = _STRING.findall(call[1])
        return strings[1] if len(strings) > 1 else ""

    return " ".join(plain(_CALL.sub(said, _ANCHOR.sub("", re.sub(r"^#+ ", "", text, flags=re.MULTILINE)))).split())


def _spaced(text: object) -> str:
    """Return `text` with never more than one empty line, and one at its end."""
    return re.sub(r"\n\s*\n", "\n\n", str(text).strip("\n") + "\n\n")
