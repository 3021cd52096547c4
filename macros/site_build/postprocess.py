"""What is done to the built tree, step by step."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from macros.model.output import Output
from macros.model.problem import InvalidDataError, Problem
from macros.site_build.csp import against_policy
from macros.site_build.html import parsed_pages
from macros.site_build.link_check import dead_links
from macros.site_build.project import Project
from macros.site_build.search_documents import Result, results
from macros.site_build.search_index import write_index


def put(site: Path, outputs: Iterable[Output]) -> None:
    """Write `outputs` into the built tree `site`, for an engine that has not been told of them."""
    for output in outputs:
        file = site / output.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(output.content)


def finish(site: Path, project: Project, home: str, index: Callable[[Path, Sequence[Result]], None] = write_index) -> tuple[Problem, ...]:
    """Write the search index of the built tree `site` of `project`, published at `home`; return what is wrong with its pages.

    `index` writes the search index. Raise InvalidDataError if a record is wrong.
    """
    if project.framework is None:
        raise InvalidDataError(project.errors)
    trees = parsed_pages(site)
    with ThreadPoolExecutor(1) as pool:  # Pagefind is a process of its own
        indexing = pool.submit(index, site, list(results(trees, project.framework, project.pages)))
        found = (*dead_links(site, trees, home), *against_policy(trees))
        indexing.result()
    for folder, _, files in os.walk(site):
        Path(folder).chmod(0o755)  # a web server is another account
        for name in files:
            Path(folder, name).chmod(0o644)
    return found
