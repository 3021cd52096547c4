"""What commands share: options, the project in the current folder or of a commit, and printing its problems."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from macros.checks.settings import FILE
from macros.history.git import commit, lay_out
from macros.loading.disk_cache import cached, hash_of
from macros.model.problem import Format, Problem, count, report
from macros.rendering.environment import text_environment
from macros.site_build.project import Project, read_project
from macros.text.escaping import escape_log, escape_markdown

MAX_LISTED = 200  # how many problems a summary lists


class CommandError(click.ClickException):
    """A command cannot run as it was typed; it ends with status 2."""

    exit_code = 2


_FILE = click.Path(dir_okay=False, path_type=Path)
_HELP = "Also append a summary in Markdown to FILE (default: the environment variable GITHUB_STEP_SUMMARY)."
summary_option = click.option("--summary", type=_FILE, envvar="GITHUB_STEP_SUMMARY", metavar="FILE", help=_HELP)


def reporting_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give `command` the options --format and --summary."""
    form = click.option(
        "--format",
        "form",
        type=click.Choice(["text", "github"]),
        default=lambda: "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text",
        show_default="text; github in a GitHub workflow",
        help="How to print problems.",
    )
    return form(summary_option(command))


def day(value: str) -> date:
    """Return the date that an option gives, for example 2026-12-31; raise CommandError if it is not one."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise CommandError(f'"{value}" is not a date. Write it like 2026-12-31.') from None


def project_root() -> Path:
    """Return the current folder; raise CommandError if it is not a project."""
    root = Path.cwd()
    for name in ("mkdocs.yml", "data"):
        if not (root / name).exists():
            raise CommandError(f"There is no {name} in this folder. Go to the project's folder first.")
    return root


def checked(root: Path, form: Format = "text", summary: Path | None = None) -> Project:
    """Return the project of `root`; if it has errors, print all problems in `form`, add them to `summary`, and exit with status 1."""
    project = read_project(root)
    if project.errors:
        print_problems(project.problems, form, summary)
        sys.exit(1)
    return project


def settings_problems(project: Project) -> tuple[Problem, ...]:
    """Return what MkDocs refuses in mkdocs.yml of `project`, unless it has problems there already."""
    root = project.root
    if any(problem.path == FILE for problem in project.problems):
        return ()
    key = hash_of(root, [root / FILE])  # loading MkDocs takes a third of a second
    return cached(root / ".cache/settings", key, lambda: import_module("macros.site_build.mkdocs_hooks").settings_problems(root))


def project_at(root: Path, name: str) -> tuple[Project, tuple[Problem, ...]]:
    """Return the project of the commit `name`, and the problems that prevent comparing it; raise GitError if it cannot be found."""
    with TemporaryDirectory(prefix="svf-commit-") as folder:
        home = Path(folder).resolve()
        problems = tuple(lay_out(root, commit(root, name), home))
        project = read_project(home)
    return project, tuple(sorted({*problems, *unread(project)}))


def unread(project: Project) -> tuple[Problem, ...]:
    """Return the problems that prevent comparing `project`: records and pages that cannot be read."""
    readable = {page.path for page in project.pages if page.meta}
    folders = "content/" if project.framework else ("content/", "data/")
    return tuple(p for p in project.errors if p.path.startswith(folders) and p.path not in readable)


def print_problems(problems: Sequence[Problem], form: Format, summary: Path | None = None, *, printed: bool = False) -> None:
    """Print `problems` in `form`, unless `printed` as text already, and how many there are; append a summary of them to `summary`."""
    if problems and not (printed and form == "text"):
        click.echo(report(problems, form))
    if not printed:
        click.echo(count(problems), err=True)
    append(summary, summarised(problems))


def append(summary: Path | None, text: str) -> None:
    """Append `text` to the file `summary`, if given."""
    if summary is not None:
        with summary.open("a", encoding="utf-8") as file:
            file.write(text)


def summarised(problems: Sequence[Problem]) -> str:
    """Return `problems` as Markdown: one sentence, then a table for each file; messages are escaped, and very many are only counted."""
    ordered = sorted(set(problems))
    template = text_environment(t=lambda text: escape_markdown(escape_log(text))).get_template("messages/problems.md.j2")
    return template.render(counted=count(ordered), problems=ordered[:MAX_LISTED], more=len(ordered) - MAX_LISTED)
