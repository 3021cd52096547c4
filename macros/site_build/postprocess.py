"""Completing the built site: the search index, checks of links and policy, and file modes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import lxml.html
from lxml.html import HtmlElement

from macros.model.output import Output
from macros.model.problem import Problem
from macros.site_build.csp import against_policy
from macros.site_build.link_check import dead_links
from macros.site_build.project import Project
from macros.site_build.search_documents import search_results
from macros.site_build.search_index import write_index

_UTF8 = lxml.html.HTMLParser(encoding="utf-8")


def parsed_pages(site: Path) -> dict[str, HtmlElement]:
    """Return the parsed pages of the built `site` by path, in order."""
    pages = {file.relative_to(site).as_posix(): file.read_bytes() for file in sorted(site.rglob("*.html"))}
    return {path: lxml.html.document_fromstring(html or b"-", parser=_UTF8) for path, html in pages.items()}


def write_outputs(site: Path, outputs: Iterable[Output]) -> None:
    """Write `outputs` into the built `site`, for an engine that has no hook for them."""
    for output in outputs:
        file = site / output.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(output.content)


def write_search_index(site: Path, project: Project, trees: Mapping[str, HtmlElement] | None = None) -> None:
    """Write the search index of the built `site` of `project`, whose pages may be parsed already as `trees`."""
    write_index(site, list(search_results(trees or parsed_pages(site), project.valid_framework, project.pages)))


def finish(site: Path, project: Project, home: str, *, index: bool = True) -> tuple[Problem, ...]:
    """Complete the built `site` of `project`, published at `home`, with the search index; return the problems of its pages."""
    trees = parsed_pages(site)
    with ThreadPoolExecutor(1) as pool:  # Pagefind runs in its own process
        indexing = pool.submit(write_search_index, site, project, trees) if index else None
        problems = (*dead_links(site, trees, home), *against_policy(trees))
        if indexing:
            indexing.result()
    for folder, _, files in os.walk(site):
        Path(folder).chmod(0o755)  # web servers run as another user
        for name in files:
            Path(folder, name).chmod(0o644)
    return problems
