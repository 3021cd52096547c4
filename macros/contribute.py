"""The commands for those who contribute: what a change does for readers, and whether it needs the steering group's agreement."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from macros.changes import Change, Comparison, RecordChange
from macros.command import project_root
from macros.framework import Framework
from macros.problem import Format, InvalidDataError, Problem
from macros.project import Project, read_project
from macros.reporting import reporting, tell
from macros.revision import RevisionError, base_of, project_at, unread

if TYPE_CHECKING:
    from macros.summary import Form

LABEL = "steering-group-agreed"
"""The label by which a maintainer says that the steering group agrees."""

_FATES = {
    "added": "new",
    "removed": "removed",
    "merged": "merged into another",
    "withdrawn": "withdrawn",
    "restored": "no longer withdrawn",
}
_INSTEAD = f"the report's words change only with the steering group's agreement: ask for the label {LABEL}, or leave them as they were"


class _Pair(NamedTuple):
    """Two projects, what they are called, and what keeps each from being compared."""

    before: Project
    after: Project
    base: str
    head: str
    wrong: tuple[tuple[str, tuple[Problem, ...]], ...]


@click.command()
@click.option("--format", "form", type=click.Choice(["text", "markdown"]), default="text", show_default=True, help="How to print.")
@click.option(
    "--most", type=click.IntRange(min=2000), default=60000, show_default=True, metavar="CHARACTERS", help="How much to print at most."
)
@click.option(
    "--summary",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="GITHUB_STEP_SUMMARY",
    metavar="FILE",
    help="Also add the same in Markdown to the end of FILE; without it, the environment's GITHUB_STEP_SUMMARY.",
)
@click.argument("base", metavar="BASE", help="The revision to compare with: a branch, tag or commit.")
@click.argument("head", default="", metavar="[HEAD]", help="The revision that is offered; without it, this folder as it is.")
def diff(base: str, head: str, form: Form, most: int, summary: Path | None) -> None:
    """Say in words what changes for readers between BASE and HEAD.

    What BASE got since HEAD grew out of it is left out. Nothing is changed. Ends with status 1 if the records or pages of
    either cannot be read, and with status 2 if it cannot be found.
    """
    pair = _pair(base, head)
    _stop_if_wrong(pair, form, summary)
    from macros.summary import Ends, told
    from macros.touched import touched

    compared, frameworks = _compared(pair)
    shown, ends = touched(pair.before, pair.after), Ends(pair.base, pair.head, *frameworks)
    _say(lambda form: told(compared, shown, ends, form, most), form, summary)


@click.command()
@reporting
@click.option("--agreed", is_flag=True, help="The steering group agrees: say what changes, and end with status 0.")
@click.argument("base", metavar="BASE", help="The revision to compare with: a branch, tag or commit.")
@click.argument("head", default="", metavar="[HEAD]", help="The revision that is offered; without it, this folder as it is.")
def protected(base: str, head: str, form: Format, summary: Path | None, agreed: bool) -> None:
    """Name each change between BASE and HEAD that needs the steering group's agreement.

    That is every change of a field that says what the report says, and every record with such a field that comes, goes, is
    withdrawn or returns. Ends with status 1 if there is one that is not --agreed, or if nothing can be compared.
    """
    pair = _pair(base, head)
    (_, before), (_, after) = pair.wrong
    if agreed and before and not after:
        click.echo(f"{pair.base} cannot be read, so that what is protected cannot be compared; it is agreed all the same.", err=True)
        sys.exit(0)
    _stop_if_wrong(pair, summary=summary)
    compared, frameworks = _compared(pair)
    problems = tuple(_problems(compared, *frameworks))
    if agreed:
        problems = tuple(replace(problem, severity="warning") for problem in problems)
    tell(problems, form, summary)
    sys.exit(bool(problems) and not agreed)


def _pair(base: str, head: str) -> _Pair:
    """Return the projects of `base` and `head`; raise UsageError if one cannot be found."""
    root = project_root()
    try:
        start = base_of(root, base, head)
        before, wrong = project_at(root, start)
        after, faults = project_at(root, head) if head else _here(root)
    except RevisionError as error:
        raise click.UsageError(str(error)) from None
    names = f"{base} ({start[:8]})", head or "this folder"
    return _Pair(before, after, *names, ((names[0], wrong), (names[1], faults)))


def _here(root: Path) -> tuple[Project, tuple[Problem, ...]]:
    project = read_project(root)
    return project, unread(project)


def _say(said: Callable[[Form], str], form: Form, summary: Path | None) -> None:
    """Print what is `said` in `form`, and add the same in Markdown to the end of the file `summary`, if there is one."""
    click.echo(said(form), nl=False)
    if summary is not None:
        with summary.open("a", encoding="utf-8") as file:
            file.write(said("markdown"))


def _stop_if_wrong(pair: _Pair, form: Form = "text", summary: Path | None = None) -> None:
    """Name in `form` (and in `summary`) what keeps the two from being compared, and exit with status 1, if anything does."""
    if any(problems for _, problems in pair.wrong):
        from macros.summary import untold

        _say(lambda form: untold(pair.wrong, form), form, summary)
        sys.exit(1)


def _compared(pair: _Pair) -> tuple[Comparison, tuple[Framework, Framework]]:
    from macros.comparing import State, compare

    before, after = (_framework(project) for project in (pair.before, pair.after))
    return compare(State(before, pair.before.pages), State(after, pair.after.pages)), (before, after)


def _framework(project: Project) -> Framework:
    if project.framework is None:
        raise InvalidDataError(project.errors)
    return project.framework


def _problems(compared: Comparison, before: Framework, after: Framework) -> Iterator[Problem]:
    """Yield a problem for each protected change, where the record that is offered shows it."""
    for record, change in compared.protected:
        key = record.record.kind, record.record.id
        if change is None:
            held, loc = (before, ()) if record.gone else (after, ("withdrawn",) if record.fate == "withdrawn" else ())
            yield held.problem(key, loc, "protected", f"a {record.record.kind} is {_FATES[record.fate]}", _INSTEAD)
        else:
            yield _problem(after, record, change)


def _problem(after: Framework, record: RecordChange, change: Change) -> Problem:
    more = {}
    if change.old is not None and change.new is not None:
        same = _alike(change.old, change.new)
        wrong = f'"{_short(change.old, same)}" becomes "{_short(change.new, same)}"'
        more = {"offset": same}
    else:
        wrong = f'"{_short(change.new)}" is new' if change.new is not None else f'"{_short(change.old or "")}" is gone'
    found = after.problem((record.record.kind, record.record.id), change.place, "protected", wrong, _INSTEAD, **more)
    return replace(found, field=change.path)


def _alike(old: str, new: str) -> int:
    """Return how many characters `old` and `new` have in common at their beginnings."""
    pairs = zip(old, new, strict=False)
    return next((n for n, (one, other) in enumerate(pairs) if one != other), min(len(old), len(new)))


def _short(text: str, at: int = 0) -> str:
    """Return what stands in `text` round the character `at`, on one line and in few words."""
    start = max(text.rfind(" ", 0, max(at - 20, 0)) + 1, text.rfind("\n", 0, at) + 1) if at else 0
    said = " ".join(text[start : start + 70].split())
    return f"{'...' if start else ''}{said}{'...' if start + 70 < len(text) else ''}"
