"""Find the pages and printed guides that read differently after a change, by rendering both states."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from macros.checks.house_style import WORDING_PROBLEMS
from macros.model.output import Stamp
from macros.outputs.pdf.guides import Guides
from macros.rendering.page_macros import PageMacros
from macros.rendering.sandbox import article
from macros.site_build.project import Project

_ADDRESS = re.compile(r' href="[^"]*"')
"""The target of a link, which can name a line of a file."""


class Affected(NamedTuple):
    """The affected pages (titles by address) and the paths of affected guides."""

    pages: dict[str, str]
    guides: tuple[str, ...]


def affected(before: Project, after: Project) -> Affected:
    """Return the pages and printed guides that read differently in `before` and `after`; none if a record links to nothing."""
    old, new = _rendered(before), _rendered(after)
    changed = {path for path in new if old.get(path) != new[path]} if old else set()
    names = {record.url: record.name for record in after.framework.records.values() if record.url} if after.framework else {}
    pages = {page.url: names.get(page.url, page.title) for page in after.pages if page.url in changed}
    return Affected(pages, tuple(sorted(changed - pages.keys())))


def _rendered(project: Project) -> dict[str, str]:
    """Return what each page shows, by address, and each printed guide, by path; pages with an error are left out."""
    if project.framework is None:
        return {}
    invalid = {problem.path for problem in project.errors if problem.name not in WORDING_PROBLEMS}
    valid = [page for page in project.pages if page.path not in invalid]
    here = ""
    macros = PageMacros(project.framework, lambda: here, project.citations).macros()
    shown = {}
    try:
        for page in valid:
            here = page.url
            shown[here] = _ADDRESS.sub("", article(page, macros))
        guides = {guide.path: guide.content for guide in Guides(project.framework, valid, Stamp("", date.min, "", "", "")).all()}
    except KeyError:  # a record links to nothing
        return {}
    return shown | guides
