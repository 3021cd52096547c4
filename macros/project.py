"""A project's folder: its records and pages, checked together before anything is built."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from macros.checks import CHECKS
from macros.framework import Framework
from macros.library import Library
from macros.load import load
from macros.problem import Problem
from macros.prose import Call, Page, calls, misnamed, pages
from macros.record import Record


@dataclass(frozen=True)
class Project:
    """What was read in `root`: the framework, or None if a record is wrong, and all problems, sorted."""

    root: Path
    framework: Framework | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Return the problems that stop a build."""
        return tuple(p for p in self.problems if p.severity == "error")


def read_project(root: Path) -> Project:
    """Read and check the records and pages of `root`; bad content raises nothing."""
    framework, problems = load(root, CHECKS)
    found = [*problems, *_page_problems(root, framework)]
    return Project(root, framework, tuple(sorted(set(found))))


def _page_problems(root: Path, framework: Framework | None) -> Iterator[Problem]:
    macros = Library.names()
    read: list[Page] = []
    for page, problems in pages(root):
        yield from problems
        if page is None:
            continue
        read.append(page)
        for found in calls(page, macros):
            if isinstance(found, Problem):
                yield found
            elif framework is not None:
                yield from misnamed(page, found, macros[found.name], framework)
    if framework is not None:
        yield from _unshown(framework, {page.path: page for page in read})


def _unshown(framework: Framework, read: dict[str, Page]) -> Iterator[Problem]:
    """Yield a problem for each record that has an address of its own and no page there that names it."""
    macros = Library.names()
    for (kind, record_id), record in framework.records.items():
        path = page_of(record)
        if path is None:
            continue
        page = read.get(path)
        named = page and any(record_id in call.arguments.values() for call in calls(page, macros) if isinstance(call, Call))
        if not named:
            macro = "stage_guide" if kind == "stage" else kind
            instead = f'write {path} with {{{{ {macro}("{record_id}") }}}}, and add it to nav: in mkdocs.yml'
            yield framework.problem((kind, record_id), (), "no-page", "no page shows it", instead)


def page_of(record: Record) -> str | None:
    """Return the path of the page that shows `record` alone, from the project's root, or None if it has none."""
    if not record.address.endswith("/") or "{" not in record.address:
        return None
    return f"content/{record.url.rstrip('/')}.md"


def setting(root: Path, name: str) -> str:
    """Return the text of the setting `name` at the top of mkdocs.yml, or nothing if it has none."""
    node = yaml.compose((root / "mkdocs.yml").read_text("utf-8"), Loader=yaml.SafeLoader)
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((str(value.value) for key, value in pairs if key.value == name and isinstance(value, yaml.ScalarNode)), "")
