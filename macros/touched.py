"""Which pages of the site and which printed guides say something else in one state than in another, found by making both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from macros.article import article
from macros.guides import Guides
from macros.library import Library, Shown
from macros.output import Stamp
from macros.project import Project, page_of
from macros.record import Record

_STAMP = Stamp("", date.min, "", "", "")
"""One stamp for both states: an edition or a revision on every sheet is no other wording."""


@dataclass(frozen=True)
class Touched:
    """The pages that say something else now, new ones too, and the paths of the printed guides that do."""

    pages: tuple[Shown, ...]
    guides: tuple[str, ...]


def touched(before: Project, after: Project) -> Touched | None:
    """Return what says something else in `after` than in `before`; None if one of them has problems, and cannot be made.

    A page counts by its own words and those of the records on it; what opens over a term in it does not.
    """
    if before.errors or after.errors:
        return None
    old, new = _pages(before), _pages(after)
    titles = {page.url: page.title for page in after.pages} | {record.url: record.name for record in _records(after)}
    guides, others = _guides(before), _guides(after)
    return Touched(
        tuple(Shown(titles[url], url) for url, said in new.items() if old.get(url) != said),
        tuple(path for path, said in others.items() if guides.get(path) != said),
    )


def _records(project: Project) -> Iterator[Record]:
    """Yield the records with a page of their own, whose titles the page itself does not hold."""
    for record in project.framework.records.values() if project.framework else ():
        if page_of(record):
            yield record


def _pages(project: Project) -> Mapping[str, str]:
    found: dict[str, str] = {}
    if project.framework is not None:
        here = ""
        macros = Library(project.framework, lambda: here, project.citations).macros()
        for page in project.pages:
            here = page.url
            found[here] = article(page, macros)
    return found


def _guides(project: Project) -> Mapping[str, str]:
    if project.framework is None:
        return {}
    return {guide.path: guide.content for guide in Guides(project.framework, project.pages, _STAMP).all()}
