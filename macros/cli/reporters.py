"""How commands print problems: for a person, as annotations on the lines of a pull request, as JSON, and as a summary in Markdown."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, TypeVar

import click

from macros.checks.house_style import WORDING
from macros.model.problem import Format, Problem, count, report
from macros.rendering.environment import bare
from macros.text.escaping import markdown, plain

SHOWN = 200
"""How many problems a summary lists."""

Kind = Literal["data", "words", "overdue"]
"""The kinds of problems that can be asked for alone."""

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _usual() -> str:
    return "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text"


def reporting(command: _Command) -> _Command:
    """Give `command` the options --format and --summary, by which it is told how to print problems."""
    form = click.option(
        "--format",
        "form",
        type=click.Choice(["text", "github", "json"]),
        default=_usual,
        show_default="text; in a workflow of GitHub, github",
        help="How to print problems.",
    )
    summary = click.option(
        "--summary",
        type=click.Path(dir_okay=False, path_type=Path),
        envvar="GITHUB_STEP_SUMMARY",
        metavar="FILE",
        help="Also add a summary in Markdown to the end of FILE; without it, the environment's GITHUB_STEP_SUMMARY.",
    )
    return form(summary(command))


def of_kind(problems: Sequence[Problem], kind: Kind, *, looked: bool) -> tuple[Problem, ...]:
    """Return those of `problems` that are of `kind`.

    Unless all records could be read and `looked` at, neither their words nor their reviews were; then one problem says so.
    """
    if kind != "data" and not looked:
        first = min(problem for problem in problems if problem.severity == "error")
        wrong, instead = "a record has a fault, so that nothing else was looked at", "mend first what svf check --only data names"
        return (Problem(first.path, first.line, first.column, "not-looked-at", wrong, instead),)
    kinds = {"words": WORDING, "overdue": frozenset({"overdue"})}
    if kind == "data":
        return tuple(problem for problem in problems if not any(problem.name in names for names in kinds.values()))
    return tuple(problem for problem in problems if problem.name in kinds[kind])


def tell(problems: Sequence[Problem], form: Format, summary: Path | None = None, *, printed: bool = False) -> None:
    """Print `problems` in `form`, and how many there are; add a summary of them to the end of the file `summary`, if there is one.

    If they are `printed` as text already, they are printed again only in another form.
    """
    if (problems or form == "json") and not (printed and form == "text"):
        click.echo(report(problems, form))
    if not printed:
        click.echo(count(problems), err=True)
    if summary is not None:
        with summary.open("a", encoding="utf-8") as file:
            file.write(summarised(problems))


def summarised(problems: Sequence[Problem], most: int = SHOWN) -> str:
    """Return `problems` as Markdown: one sentence, then at most `most` of them, by file and line, and what to type.

    What stands in a message is shown as it is typed: it names nobody, links nothing and is no HTML.
    """
    ordered = sorted(set(problems))
    files = [(path, list(found)) for path, found in groupby(ordered[:most], key=lambda problem: problem.path)]
    template = bare(t=lambda text: markdown(plain(text))).get_template("messages/problems.md.j2")
    return template.render(counted=count(ordered), files=files, more=len(ordered) - most, some=bool(ordered))
