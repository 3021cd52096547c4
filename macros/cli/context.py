"""What every command does first: finds the project in the current folder, and reads it."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from macros.cli.reporters import tell
from macros.history.git import commit, lay_out
from macros.model.problem import Format, Problem
from macros.site_build.project import Project, read_project


class _Day(click.DateTime):
    """A day, for example 2026-12-31."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return `value` as a time; raise UsageError if it is not a day."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            raise click.UsageError(f'"{value}" is not a date; write it as year, month and day, for example 2026-12-31.') from None


DAY = _Day(["%Y-%m-%d"])


def project_root() -> Path:
    """Return the current folder; raise UsageError if it holds no project."""
    root = Path.cwd()
    for name in ("mkdocs.yml", "data"):
        if not (root / name).exists():
            raise click.UsageError(f"There is no {name} in this folder; go to the project's folder first.")
    return root


def checked(root: Path, form: Format = "text", summary: Path | None = None) -> Project:
    """Return the project of `root`; if it has errors, print all problems in `form`, add them to `summary`, and exit with status 1."""
    project = read_project(root)
    if project.errors:
        tell(project.problems, form, summary)
        sys.exit(1)
    return project


def project_at(root: Path, revision: str) -> tuple[Project, tuple[Problem, ...]]:
    """Return the project at `revision`, and the problems that prevent comparing it; raise RevisionError if it cannot be found.

    Its records and pages are written to a temporary folder; links to other files are not followed.
    """
    with TemporaryDirectory(prefix="svf-revision-") as folder:
        home = Path(folder).resolve()
        problems = tuple(lay_out(root, commit(root, revision), home))
        project = read_project(home)
    return project, tuple(sorted({*problems, *unread(project)}))


def unread(project: Project) -> tuple[Problem, ...]:
    """Return the problems that prevent comparing `project`: records and pages that cannot be read."""
    readable = {page.path for page in project.pages if page.meta}
    pages = tuple(p for p in project.errors if p.path.startswith("content/") and p.path not in readable)
    return pages if project.framework else tuple(p for p in project.errors if p.path.startswith("data/")) + pages
