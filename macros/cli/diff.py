"""The commands diff and protected: what changes for readers, and whether it needs the steering group's agreement."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

import click

from macros.cli.affected_pages import affected
from macros.cli.context import CommandError, append, print_problems, project_at, project_root, reporting_options, summary_option, unread
from macros.cli.diff_report import Sides, diff_report, words
from macros.history.compare import Comparison, compare, place_of, state_of
from macros.history.git import RevisionError, base_of
from macros.model.problem import Format, Problem
from macros.site_build.project import Project, read_project

LABEL = "steering-group-agreed"
"""The label that a maintainer sets when the steering group agrees."""

_INSTEAD = f"ask the steering group to agree and set the label {LABEL}, or undo the change; only they change what the report says"

_BASE = click.argument("base", metavar="BASE", help="The revision to compare with: a branch, tag or commit.")
_HEAD = click.argument("head", default="", metavar="[HEAD]", help="The revision to check; without it, this folder as it is.")


class _Side(NamedTuple):
    """One side of a comparison, with the problems that prevent comparing it."""

    name: str
    project: Project
    problems: tuple[Problem, ...]


@click.command()
@summary_option("the same")
@_BASE
@_HEAD
def diff(base: str, head: str, summary: Path | None) -> None:
    """Describe what changes for readers between BASE and HEAD.

    Changes made to BASE since HEAD branched off are left out. Ends with status 1 if records or pages of either cannot be read,
    and with status 2 if BASE or HEAD cannot be found.
    """
    before, after = _sides(base, head)
    comparison, sides = _compared(before, after, "text", summary)
    pages = affected(before.project, after.project)
    click.echo(diff_report(comparison, pages, sides, for_github=False), nl=False)
    if summary:
        append(summary, diff_report(comparison, pages, sides, for_github=True))


@click.command()
@reporting_options
@click.option("--agreed", is_flag=True, help="The steering group agrees: list the changes, and end with status 0.")
@_BASE
@_HEAD
def protected(base: str, head: str, form: Format, summary: Path | None, agreed: bool) -> None:
    """List each change between BASE and HEAD that needs the steering group's agreement.

    These are changes to fields that state what the report says, and records with such a field that are added, removed, withdrawn
    or restored. Ends with status 1 if there is one and --agreed is not given, or if nothing can be compared.
    """
    before, after = _sides(base, head)
    if agreed and before.problems and not after.problems:
        click.echo(f"{before.name} cannot be read, so nothing was compared. The change is agreed.", err=True)
        return
    problems = tuple(_problems(*_compared(before, after, form, summary)))
    print_problems(tuple(replace(p, severity="warning") for p in problems) if agreed else problems, form, summary)
    sys.exit(bool(problems) and not agreed)


def _sides(base: str, head: str) -> tuple[_Side, _Side]:
    """Return the projects of `base` and `head`; raise CommandError if one cannot be found."""
    root = project_root()
    try:
        start = base_of(root, base, head)
        before = _Side(f"{base} ({start[:8]})", *project_at(root, start))
        if head:
            return before, _Side(head, *project_at(root, head))
    except RevisionError as error:
        raise CommandError(str(error)) from None
    project = read_project(root)
    return before, _Side("this folder", project, unread(project))


def _compared(before: _Side, after: _Side, form: Format, summary: Path | None) -> tuple[Comparison, Sides]:
    """Return the comparison; if a side cannot be read, print its problems and exit with status 1."""
    for side in (before, after):
        if side.problems:
            click.echo(f"{side.name} cannot be read, so nothing was compared. Fix these problems first.", err=True)
            print_problems(side.problems, form, summary)
    old, new = before.project, after.project
    if before.problems or after.problems or old.framework is None or new.framework is None:
        sys.exit(1)
    comparison = compare(state_of(old.framework, old.pages), state_of(new.framework, new.pages))
    return comparison, Sides(before.name, after.name, old.framework, new.framework)


def _problems(comparison: Comparison, sides: Sides) -> Iterator[Problem]:
    """Yield a problem for each protected change, at its place in the record as it is now."""
    for record, change in comparison.protected:
        framework, loc, offset = sides.after, change.loc if change else (), None
        if change is None:
            framework, loc = sides.before if record.gone else framework, ("withdrawn",) if record.status == "withdrawn" else ()
            wrong = f"a {words()['kinds'][record.key[0]][0]} {words()['statuses'][record.status][0]}"
        elif change.new is None:
            loc, wrong = change.loc[:1], f'"{_excerpt(change.old or "")}" is removed'
        elif change.old is None:
            wrong = f'"{_excerpt(change.new)}" is new'
        else:
            offset = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(change.old, change.new, strict=False)))
            wrong = f'"{_excerpt(change.old, offset)}" becomes "{_excerpt(change.new, offset)}"'
        yield framework.problem(*place_of(framework, record.key, loc), "protected", wrong, _INSTEAD, offset=offset)


def _excerpt(text: str, at: int = 0) -> str:
    """Return some words of `text` around the character `at`, on one line."""
    start = text.rfind(" ", 0, max(at - 20, 0)) + 1
    return f"{'...' if start else ''}{' '.join(text[start : start + 70].split())}{'...' if start + 70 < len(text) else ''}"
