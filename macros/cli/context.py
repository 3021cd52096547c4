"""Find and read the project in the current folder, or at a Git revision."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from macros.cli.reporters import print_problems
from macros.history.git import commit, lay_out
from macros.model.problem import Format, Problem
from macros.site_build.project import Project, read_project


class Day(click.ParamType[date]):
    """A date, for example 2026-12-31."""

    name = "date"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return `value` as a date; raise BadParameter if it is not one."""
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f'"{value}" is not a date. Write it like 2026-12-31.', param, ctx)


def project_root() -> Path:
    """Return the current folder; raise UsageError if it is not a project."""
    root = Path.cwd()
    for name in ("mkdocs.yml", "data"):
        if not (root / name).exists():
            raise click.UsageError(f"There is no {name} in this folder. Go to the project's folder first.")
    return root


def checked(root: Path, form: Format = "text", summary: Path | None = None) -> Project:
    """Return the project of `root`; if it has errors, print all problems in `form`, add them to `summary`, and exit with status 1."""
    project = read_project(root)
    if project.errors:
        print_problems(project.problems, form, summary)
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
