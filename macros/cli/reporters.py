"""Print problems as text, as annotations of a pull request, as JSON, and as a summary in Markdown."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, TypeVar

import click

from macros.checks.house_style import WORDING_PROBLEMS
from macros.model.problem import Format, Problem, count, report
from macros.rendering.environment import text_environment
from macros.text.escaping import escape_log, escape_markdown

MAX_LISTED = 200
"""How many problems a summary lists."""

Kind = Literal["data", "words", "overdue"]
"""The kinds of problems that svf check --only can print."""

_Command = TypeVar("_Command", bound=Callable[..., Any])


def reporting_options(command: _Command) -> _Command:
    """Give `command` the options --format and --summary."""
    form = click.option(
        "--format",
        "form",
        type=click.Choice(["text", "github", "json"]),
        default=lambda: "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text",
        show_default="text; github in a GitHub workflow",
        help="How to print problems.",
    )
    summary = click.option(
        "--summary",
        type=click.Path(dir_okay=False, path_type=Path),
        envvar="GITHUB_STEP_SUMMARY",
        metavar="FILE",
        help="Also append a summary in Markdown to FILE (default: the environment variable GITHUB_STEP_SUMMARY).",
    )
    return form(summary(command))


def of_kind(problems: Sequence[Problem], kind: Kind, *, complete: bool) -> tuple[Problem, ...]:
    """Return those of `problems` that are of `kind`.

    Unless all records could be read and the checks are `complete`, wording and reviews were not checked; then one problem says so.
    """
    if kind != "data" and not complete:
        first = min(problem for problem in problems if problem.severity == "error")
        wrong, instead = "other checks were skipped because a record is invalid", "fix what svf check --only data lists first"
        return (Problem(first.path, first.line, first.column, "not-checked", wrong, instead),)
    kinds = {"words": WORDING_PROBLEMS, "overdue": frozenset({"overdue", "checked-in-future"})}
    return tuple(p for p in problems if (p.name in kinds[kind] if kind in kinds else not any(p.name in names for names in kinds.values())))


def print_problems(problems: Sequence[Problem], form: Format, summary: Path | None = None, *, printed: bool = False) -> None:
    """Print `problems` in `form`, and how many there are; append a summary of them to the file `summary`, if given.

    Problems that were `printed` as text already are printed again only in another form.
    """
    if (problems or form == "json") and not (printed and form == "text"):
        click.echo(report(problems, form))
    if not printed:
        click.echo(count(problems), err=True)
    if summary is not None:
        with summary.open("a", encoding="utf-8") as file:
            file.write(summarised(problems))


def summarised(problems: Sequence[Problem], limit: int = MAX_LISTED) -> str:
    """Return `problems` as Markdown: one sentence, then at most `limit` of them, by file and line; messages are escaped."""
    ordered = sorted(set(problems))
    files = [(path, list(found)) for path, found in groupby(ordered[:limit], key=lambda problem: problem.path)]
    template = text_environment(t=lambda text: escape_markdown(escape_log(text))).get_template("messages/problems.md.j2")
    return template.render(counted=count(ordered), files=files, more=len(ordered) - limit, some=bool(ordered))
