"""The commands diff and protected: what changes for readers, and whether it needs the steering group's agreement; and release notes."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

import click

from macros.checks.settings import setting
from macros.cli.context import CommandError, append, print_problems, project_at, project_root, summary_option, unread
from macros.history.compare import Change, Comparison, PageChange, RecordChange, compare, place_of, record_of, state_of
from macros.history.git import GitError, base_of, other_files
from macros.model.document import Key
from macros.model.framework import Framework
from macros.model.problem import Problem
from macros.model.records import Audience, Recommendation, Record, Stage
from macros.outputs.cms import text_name
from macros.outputs.pdf.guides import PARTS
from macros.rendering.environment import text_environment
from macros.site_build.project import Project, read_project
from macros.templates import texts
from macros.text.diff import flow, word_diff
from macros.text.escaping import escape_log, escape_markdown
from macros.text.inline_markdown import to_plain_text

words = partial(texts, "messages/changes.yml")  # the words for kinds, records, fields, relations and what happened to them
LABEL = "steering-group-agreed"  # a maintainer sets it when the steering group agrees

_BASE = click.argument("base", metavar="BASE", help="What to compare with: a branch, tag or commit.")
_HEAD = click.argument("head", default="", metavar="[HEAD]", help="The branch, tag or commit to check; without it, this folder as it is.")
MAX_REPORT = 45_000  # how many characters of single changes are shown on GitHub; the rest are counted
# A macro call in a page, and its second argument, the words that it shows.
_CALL = re.compile(r'\{\{[^"}]*(?:"[^"]*"[^"}]*(?:"([^"]*)"[^}]*)?)?\}\}')
_HEADING = re.compile(r"^#+ |\{: *#[^{}]*\}", re.MULTILINE)


class Row(NamedTuple):
    """One value that differs: its label, and its text before and after."""

    label: str
    change: Change
    old: str | None
    new: str | None


class Entry(NamedTuple):
    """A changed record or page: rows that differ, records it names now or no longer, by phrase, and whether it needs agreement."""

    change: RecordChange | PageChange
    kind: str
    name: str
    path: str
    rows: list[Row]
    relations: dict[str, list[str]]
    status: str  # that of the change, "reworded" if only texts differ, or "moved" to another stage
    protected: bool
    url: str
    pages: dict[str, str]  # where readers see it: names by address, without pages that list many records
    guides: list[str]


class Sides(NamedTuple):
    """What the two sides of a comparison are called, and the framework of each."""

    base: str
    head: str
    before: Framework
    after: Framework
    as_it_was: bool = False

    def find(self, key: Key) -> Any:
        """Return the record `key` as it is now, or else as it was; the other way round, if `as_it_was`."""
        old, new = record_of(self.before, key), record_of(self.after, key)
        return old or new if self.as_it_was else new or old

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
        exact = labels.get(f"{one.key[0]}.{change.path}")
        return exact or labels.get(f"{added}{field}") or labels.get(field) or text_name(change.loc, one.key[0])

    def entry(self, one: RecordChange | PageChange, *, readers: bool = False) -> Entry:
        """Return `one` with its differences, as `readers` see them or as the files have them."""
        if isinstance(one, PageChange):
            kind, name, path, url = "page", f"page “{one.page.title}”", one.page.path, one.page.url
        else:
            framework = self.before if one.gone else self.after
            kind, name, url = one.key[0], self.name(one.key), self.find(one.key).url or ""
            path = framework.documents[place_of(framework, one.key)[0]].path
        rows, relations = [], dict[str, list[str]]()
        for change in one.changes:
            if change.field.holds == "reference":
                for phrase, record_id in zip(relation(change), (change.new, change.old), strict=True):
                    if record_id is not None:
                        relations.setdefault(phrase, []).append(self.name((change.field.names, record_id), short=True))
            elif change.how != "reordered":
                old, new = (text and _shown_text(change, text, readers=readers) for text in (change.old, change.new))
                if (old or "") != (new or ""):
                    rows.append(Row(self.label(one, change), change, old, new))
        texts = one.status == "changed" and all(c.how == "changed" and c.field.holds in ("line", "prose") for c in one.changes)
        needs = isinstance(one, RecordChange) and bool(one.protected or one.protected_changes)
        moved = one.status == "renamed" and any(c.loc == ("stage",) for c in one.changes)
        status = "reworded" if texts else "moved" if moved else one.status
        return Entry(one, kind, name, path, rows, relations, status, needs, url, *self.places(one, url))

    def places(self, one: RecordChange | PageChange, url: str) -> tuple[dict[str, str], list[str]]:
        """Return the pages that show `one`, which is at `url`, as names by address, and the paths of the guides that print it.

        These follow from references: a new name or status is shown by all that the record names or that name it, and another change
        by what the same part of the record names, for example the audience of a step.
        """
        framework = self.before if isinstance(one, RecordChange) and one.gone else self.after
        record = framework.find(*one.key) if isinstance(one, RecordChange) else None
        pages, stages = {url.partition("#")[0]: ""}, dict[str, None]()
        kind, near = one.page.url if isinstance(one, PageChange) else one.key[0], list[Record]()
        if record and isinstance(one, RecordChange):
            old = self.before.find(one.key[0], one.old_id)
            is_new = one.status != "changed" or (old and old.name != record.name)
            near = [record, *framework.neighbours(record, None if is_new else {change.loc[:2] for change in one.changes})]
            around = [record] if isinstance(record, Audience | Recommendation | Stage) else framework.neighbours(record)
            stages = dict.fromkeys(r.id if isinstance(r, Stage) else r.stage for r in around if isinstance(r, Recommendation | Stage))
        pages |= {r.url: r.name for r in near if "#" not in r.url}
        names = [*(f"stage-{i}" for i in stages), *(f"{r.id}-guide" for r in near if isinstance(r, Audience))]
        is_core = getattr(record, "core", "yes") == "yes"
        names += [name for name, one in PARTS["single"].items() if kind in (one["page"], one["kind"]) and (is_core or name != "core-terms")]
        return pages, [f"downloads/{name}.pdf" for name in names]


def relation(change: Change) -> tuple[str, str]:
    """Return the words for naming a record by the field of `change` now, and no longer."""
    phrases, steps = words()["relations"], [step for step in change.loc if isinstance(step, str)]
    come, gone = phrases.get(".".join(steps)) or phrases.get(steps[-1]) or phrases["other"]
    place = next((step + 1 for step in change.loc if isinstance(step, int)), 1)
    return str(come).format(n=place), str(gone).format(n=place)


def _shown_text(change: Change, text: str, *, readers: bool) -> str:
    """Return `text` of `change`; for `readers` without marks, and a macro call in a page is replaced by the words that it shows."""
    text = change.field.shown(text) if change.field.choices else text
    return flow(text) if not readers else to_plain_text(_CALL.sub(lambda call: call[1] or "", _HEADING.sub("", text)))


def diff_report(comparison: Comparison, sides: Sides, files: Sequence[str] = (), *, for_github: bool) -> str:
    """Return all differences for reviewers, protected ones first, and whether other `files` differ: in Markdown or for a terminal."""
    entries = [sides.entry(record) for record in comparison.records] + [sides.entry(page) for page in comparison.pages]
    entries.sort(key=lambda entry: not entry.protected)
    return _rendered("messages/diff_report.j2", sides, entries, for_github=for_github, files=files)


def decisions(comparison: Comparison, sides: Sides, home: str, site_name: str, *, for_github: bool, agreed: bool) -> str:
    """Return what the steering group must decide, or has `agreed`: what changes, and what the report says."""
    shown = (one._replace(changes=tuple(c for c in one.changes if c.protected or c.loc[0] == "withdrawn")) for one in comparison.records)
    sides = sides._replace(as_it_was=True)  # the names that members know
    entries = [entry for entry in map(sides.entry, shown) if entry.protected]
    changed = {one.key for one in comparison.records if one.protected or one.protected_changes}
    values: dict[str, Any] = {"agreed": agreed, "label": LABEL, "home": home, "site_name": site_name, "changed": changed}
    return _rendered("messages/protected.j2", sides, entries, for_github=for_github, **values)


def release_notes(comparison: Comparison, before: Framework, after: Framework) -> str:
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
    values: dict[str, Any] = {"checked": checked, "stages": after.all(Stage), "audiences": after.all(Audience)}
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
    environment.globals |= {**values, "for_github": for_github, "words": words(), "word_diff": word_diff}
    environment.globals |= {"sides": sides, "name": sides.name, "find": sides.find}
    environment.globals |= {"before": partial(record_of, sides.before), "after": partial(record_of, sides.after)}
    module: Any = environment.get_template(template).module
    sections = [section for entry in entries if (section := _spaced(module.section(entry))).strip()]
    fitting = [section for section, total in zip(sections, accumulate(map(len, sections)), strict=True) if total <= limit]
    return _spaced(module.document(entries, fitting, len(sections) - len(fitting))).strip() + "\n"


def _spaced(text: object) -> str:
    """Return `text` with at most one empty line between lines, and one at its end."""
    return re.sub(r"\n\s*\n", "\n\n", str(text).strip("\n") + "\n\n")


class _Side(NamedTuple):
    """One side of a comparison, with the problems that prevent comparing it."""

    name: str
    project: Project
    problems: tuple[Problem, ...]


@click.command()
@summary_option
@_BASE
@_HEAD
def diff(base: str, head: str, summary: Path | None) -> None:
    """Describe what changes for readers between BASE and HEAD.

    Changes made to BASE since HEAD branched off are left out. Ends with status 1 if records or pages of either cannot be read,
    and with status 2 if BASE or HEAD cannot be found.
    """
    before, after = _sides(base, head)
    comparison, sides = _compared(before, after, summary)
    described = partial(diff_report, comparison, sides, other_files(project_root(), base, head))
    click.echo(described(for_github=False), nl=False)
    append(summary, described(for_github=True))


@click.command()
@summary_option
@click.option("--agreed", is_flag=True, help="The steering group agrees: list the changes, and end with status 0.")
@_BASE
@_HEAD
def protected(base: str, head: str, summary: Path | None, agreed: bool) -> None:
    """Tell the steering group what it must decide between BASE and HEAD.

    It decides on changes to fields that state what the report says, and on records with such a field that are added, removed,
    withdrawn or restored. Ends with status 1 if there is one and --agreed is not given, or if nothing can be compared.
    """
    before, after = _sides(base, head)
    if agreed and before.problems and not after.problems:
        click.echo(f"Nothing was compared, because {before.name} has mistakes in its files. The change is agreed.", err=True)
        return
    comparison, sides = _compared(before, after, summary)
    paper = partial(decisions, comparison, sides, *(setting(project_root(), key)[1] for key in ("site_url", "site_name")), agreed=agreed)
    click.echo(paper(for_github=False), nl=False)
    append(summary, paper(for_github=True))
    if comparison.protected and not agreed:
        click.echo(f"Compared {sides.head} with {sides.base}. This fails until {sides.after.site.decides} has agreed.", err=True)
        sys.exit(1)


def _sides(base: str, head: str) -> tuple[_Side, _Side]:
    """Return the projects of `base` and `head`; raise CommandError if one cannot be found."""
    root = project_root()
    try:
        start = base_of(root, base, head)
        before = _Side(f"{base} ({start[:8]})", *project_at(root, start))
        if head:
            return before, _Side(head, *project_at(root, head))
    except GitError as error:
        raise CommandError(str(error)) from None
    project = read_project(root)
    return before, _Side("this folder", project, unread(project))


def _compared(before: _Side, after: _Side, summary: Path | None) -> tuple[Comparison, Sides]:
    """Return the comparison; if a side cannot be read, print its problems and exit with status 1."""
    for side in (before, after):
        if side.problems:
            click.echo(f"Nothing was compared, because {side.name} has mistakes in its files. Fix them there, and try again:", err=True)
            print_problems(side.problems, "text", summary)
    old, new = before.project, after.project
    if before.problems or after.problems or old.framework is None or new.framework is None:
        sys.exit(1)
    comparison = compare(state_of(old.framework, old.pages), state_of(new.framework, new.pages))
    return comparison, Sides(before.name, after.name, old.framework, new.framework)
