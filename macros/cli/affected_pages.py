"""Find the pages and printed guides that show a change, from references between records and macro calls in pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from macros.history.compare import Comparison, RecordChange, record_of
from macros.loading.pages import Call, Page, calls
from macros.model.document import Key
from macros.model.framework import Framework
from macros.model.records import Stage
from macros.outputs.pdf.guides import CHAPTERS
from macros.rendering.page_macros import PageMacros
from macros.site_build.project import Project

SHOWN_EVERYWHERE = {"report.title", "report.author", "report.published", "site.publisher", "stage.number", "stage.title"}
"""Fields that most pages and all guides show."""

SHOWN_IN_LINKS = {"title", "term", "number", "where"}
"""Fields that are shown wherever a record is linked."""

SHOWN_BY = {
    "audience.plural": "recommendation",
    "event.what": "source",
    "event.when": "source",
    "law.in_short": "stage",
    "law.since": "stage",
    "principle.undertakings": "recommendation",
    "recommendation.do": "value",
    "source.published": "recommendation",
    "source.publisher": "recommendation",
    "source.web": "recommendation",
    "term.meaning": "recommendation",
}
"""Other fields that linked records show, and the kind of those records."""

SHOWING_MACROS = {
    "audience": {"audiences", "audience_choice"},
    "law": {"law_summary"},
    "principle": {"principles", "undertakings", "matrix"},
    "recommendation.compact": {"undertakings", "matrix"},
    "recommendation.withdrawn": {"undertakings", "matrix"},
    "report": {"definition"},
    "site": {"contact", "enforcement", "post", "reader_data", "edition"},
    "stage.hands_over": {"cycle"},
    "stage.purpose": {"stage_cards"},
}
"""Macros that show a kind of record, or one of its fields, on other pages than the records' own."""


class Affected(NamedTuple):
    """The affected pages (titles by address) and the paths of affected guides."""

    pages: dict[str, str]
    guides: tuple[str, ...]


def affected(comparison: Comparison, before: Project, after: Project) -> Affected:
    """Return the pages and printed guides that show the differences between `before` and `after`."""
    if before.framework is None or after.framework is None:
        return Affected({}, ())
    urls = {change.page.url for change in comparison.pages}
    fields, keys, checklists = set[str](), set[Key](), set[str]()
    for change in comparison.records:
        framework = before.framework if change.gone else after.framework
        showing = {change.key, *_linked(change, framework)}
        keys |= showing
        urls |= {record.url.partition("#")[0] for key in showing if key[0] != "site" and (record := record_of(framework, key))}
        fields |= {change.key[0], *(f"{change.key[0]}.{c.loc[0]}" for c in change.changes)}
        if change.status != "changed" or any(c.loc[0] in ("ask", "title") for c in change.changes):
            checklists |= {r.target[1] for r in framework.references_from(change.key) if r.relation == "stage"}
    everywhere = bool(fields & SHOWN_EVERYWHERE)
    lists = {macro for name in fields for macro in SHOWING_MACROS.get(name, ())}
    changed = {change.key for change in comparison.records}
    pages = {page.url for page in after.pages if everywhere or page.url in urls or _calls(page, after.framework, lists, changed)}
    titles = {page.url: page.title for page in after.pages if page.url in pages}
    titles |= {record.url: record.name for record in after.framework.records.values() if record.url in titles}
    guides = set[str]()
    for stage in after.framework.all(Stage):
        own = {("stage", stage.id), *(("recommendation", r.id) for r in after.framework.recommendations(stage))}
        guides |= {f"stage-{stage.id}"} if everywhere or own & keys else set()
        guides |= {f"stage-{stage.id}-checklist"} if everywhere or stage.id in checklists else set()
    guides |= {"glossary"} if everywhere or "glossary/" in pages else set()
    if pages & {*CHAPTERS, *(stage.url for stage in after.framework.all(Stage))}:
        guides |= {"framework", "framework-large-print"}
    return Affected(titles, tuple(f"downloads/{name}.pdf" for name in sorted(guides)))


def _linked(change: RecordChange, framework: Framework) -> Iterator[Key]:
    """Yield the records that show what `change` changes, because they name the record or it names them."""
    named = framework.references_from(change.key)
    both = [*((r.target, r) for r in named), *((r.holder, r) for r in framework.references_to(change.key))]
    everywhere = change.status != "changed" or any(c.loc[0] in SHOWN_IN_LINKS for c in change.changes)
    kinds = {SHOWN_BY.get(f"{change.key[0]}.{c.loc[0]}") for c in change.changes}
    yield from (key for key, _ in both if everywhere or key[0] in kinds)
    for c in change.changes:
        if c.is_reference:
            yield from ((c.field.names, record_id) for record_id in (c.old, c.new) if record_id)
        yield from (r.target for r in named if len(c.loc) > 2 and r.loc[:2] == c.loc[:2])


def _calls(page: Page, framework: Framework, lists: set[str], changed: set[Key]) -> bool:
    """Return whether `page` calls one of the macros `lists`, or names one of the records `changed` in a call."""
    for call in calls(page, PageMacros.names()):
        if isinstance(call, Call):
            named: set[Key | str] = set(call.arguments.items())
            if call.name == "link":
                named.add(framework.resolve(call.arguments["record"]))
            if call.name in lists or named & changed:
                return True
    return False
