"""The command svf suggest: makes the change that an issue suggests, or says in plain words why it cannot."""

from __future__ import annotations

import os
import re
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from macros.command import project_root
from macros.editor import called
from macros.framework import Framework
from macros.index import Key
from macros.pasted import is_list, laid_out
from macros.problem import Problem
from macros.project import Project, read_project
from macros.record import Record
from macros.render import bare
from macros.splice import SpliceError, splice
from macros.staging import write
from macros.suggestion import (
    FORM,
    FormField,
    NotFilledIn,
    Objection,
    Suggestion,
    can_be_tried,
    form_fields,
    meant,
    named_record,
    objections,
    read_suggestion,
    refused,
)
from macros.text import UNSEEN
from macros.trial import tried
from macros.ways import CUT, Wording, id_of, wordings

LABEL = "steering-group-agreed"
"""The label without which a change of what the report says is not merged."""

_MOST_SHOWN = 25
"""How many objections, notes and texts of a record an answer lists."""

_HARMLESS = re.compile(r"[A-Za-z0-9 ,;:'\"()?!./-]*")
_LIVE = re.compile(r"www\.|://|[0-9a-f]{7}|GH-")


@dataclass(frozen=True)
class Proposal:
    """A change that can be made: of which record and wording, in which file, its new content, and what to look at besides."""

    record: Record
    id: str
    text: str
    """What people call the text."""

    wording: Wording
    suggestion: Suggestion
    path: str
    content: bytes
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Refusal:
    """Why no change is made: everything that is against it, and the texts of the record, each with its name, of which one may be chosen."""

    objections: tuple[Objection, ...]
    choices: tuple[tuple[str, str], ...] = ()


def propose(root: Path, project: Project, body: str) -> Proposal | Refusal:
    """Return the change that the issue's text `body` asks for in `project`, or why it cannot be made; nothing is written in `root`."""
    fields, framework = form_fields(root), project.framework
    if framework is None:
        return Refusal(
            (Objection("", "a record has a fault already", "a maintainer mends it first, with svf check, and sets the label again"),)
        )
    try:
        suggestion = read_suggestion(body, fields)
    except NotFilledIn as error:
        return Refusal(error.objections)
    labels = {field.id: field.label for field in fields}
    against, choices = list(objections(suggestion, fields)), tuple[tuple[str, str], ...]()
    key = named_record(framework, suggestion.id, labels["id"])
    if isinstance(key, Objection):
        against.append(key)
        return Refusal(tuple(against))
    if suggestion.current:
        held = wordings(framework, key)
        found = meant(held, suggestion.current, labels["current"])
        if isinstance(found, Objection):
            against.append(found)
            choices = tuple((called(wording.loc, key[0]), wording.text) for wording in held)
        elif can_be_tried(suggestion.new):
            result = _tried(root, project, framework, key, found, suggestion, labels["new"])
            if isinstance(result, Proposal) and not against:
                return result
            against += result.objections if isinstance(result, Refusal) else ()
    return Refusal(tuple(dict.fromkeys(against)), choices)


def _tried(
    root: Path, project: Project, framework: Framework, key: Key, wording: Wording, suggestion: Suggestion, label: str
) -> Proposal | Refusal:
    """Return the change as it stands up to the project's own checks, in a copy."""
    path = framework.documents[key].path
    new = laid_out(suggestion.new) if wording.prose else " ".join(suggestion.new.split())
    if not wording.prose and is_list(laid_out(suggestion.new)):
        return Refusal((Objection(label, "a list, where the record has room for one line", "write one sentence or name"),))
    before = (root / path).read_bytes()
    try:
        content = splice(before.decode("utf-8"), wording.loc, new).encode("utf-8")
    except SpliceError:
        return Refusal((Objection(label, "the record's file cannot hold it", "write it in plain words and everyday characters"),))
    if content == before:
        return Refusal((Objection(label, "the same as the wording now", "write how it should read instead"),))
    named = any(True for _ in refused(suggestion.new))
    faults = [fault for fault in tried(root, project, key, wording.loc, content) if not (named and fault.name == "mark")]
    wrong = [fault for fault in faults if fault.severity == "error"]
    if wrong:
        return Refusal(tuple(dict.fromkeys(Objection(label, *_said(fault, path, wording)) for fault in wrong)))
    notes = tuple(dict.fromkeys("; ".join(filter(None, _said(fault, path, wording))) for fault in faults))
    record = framework.records[key]
    record_id = id_of(framework, record) if key[0] in framework.classes else record.id
    return Proposal(record, record_id, called(wording.loc, key[0]), wording, suggestion, path, content, notes)


def _said(problem: Problem, path: str, wording: Wording) -> tuple[str, str]:
    """Return what is wrong and what to write, for somebody who has seen no file; where it is, is said only if it is not the `wording`."""
    kind, _, record_id = problem.record.partition("/")
    loc = tuple(int(step) - 1 if step.isdecimal() else step for step in problem.field.split(".") if step)
    where = called(loc, kind)
    if problem.path != path:
        where = ", ".join(filter(None, (f"{kind} {record_id}" if kind else problem.path, where)))
    where = "" if (problem.path, problem.field) == (path, wording.field) else where
    return (f"{where}: {problem.wrong}" if where else problem.wrong), problem.instead


def answer(root: Path, result: Proposal | Refusal, issue: int) -> tuple[str, str]:
    """Return the Markdown that answers the issue numbered `issue`, and the title of the pull request ("" if there is none).

    What somebody typed stands between marks of code: it names nobody, links nothing and is no HTML.
    """
    held = {"issue": issue, "most": _MOST_SHOWN, "label": LABEL}
    if isinstance(result, Refusal):
        return _render("suggestion_refused.md.j2", result=result, **held), ""
    fields: dict[str, FormField] = {field.id: field for field in form_fields(root)}
    return (
        _render("suggestion_pull.md.j2", result=result, fields=fields, **held),
        _render("suggestion_title.md.j2", result=result).strip(),
    )


def _render(template: str, **values: Any) -> str:
    return bare(fenced=fenced, quiet=quiet).get_template(template).render(**values)


def fenced(text: str, most: int = 5_000) -> str:
    """Return the first `most` characters of `text` as a block of code, which no mark inside it ends, in lines that need no scrolling."""
    seen = UNSEEN.sub("\ufffd", text[:most]) + (CUT if len(text) > most else "")
    lines = [
        part
        for line in seen.replace("\t", " ").split("\n")
        for part in textwrap.wrap(line, 100, break_on_hyphens=False, break_long_words=False) or [""]
    ]
    mark = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", seen) or [""]))
    return "\n".join((f"{mark}text", *lines, mark))


def quiet(text: str, most: int = 500) -> str:
    """Return the first `most` characters of `text` on one line: as they are if they are plain words, or else as code."""
    seen = " ".join(UNSEEN.sub("\ufffd", text[:most]).split()) + (CUT if len(text) > most else "")
    if _HARMLESS.fullmatch(seen) and not _LIVE.search(seen):
        return seen
    mark = "`" * max(1, *(len(run) + 1 for run in re.findall("`+", seen) or [""]))
    return f"{mark} {seen} {mark}"


@click.command()
@click.option("--issue", required=True, metavar="NUMBER", help="The issue's number.")
@click.option(
    "--body", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The issue's text; without it, ISSUE_BODY is read."
)
@click.option(
    "--answer", "answer_file", type=click.Path(dir_okay=False, path_type=Path), help="Where to write what to answer, in Markdown."
)
@click.option("--title", "title_file", type=click.Path(dir_okay=False, path_type=Path), help="Where to write the pull request's title.")
def suggest(issue: str, body: Path | None, answer_file: Path | None, title_file: Path | None) -> None:
    """Make the change that an issue of the form Suggest a change asks for.

    The text of the issue is the environment's ISSUE_BODY, or --body. One text of one record is changed, if every check of the
    project passes with it. If not, nothing is changed, the answer says why, and the command ends with status 1.
    """
    root = project_root()
    if not re.fullmatch("[1-9][0-9]{0,9}", issue):
        raise click.UsageError(f'"{issue}" is not the number of an issue; write it in digits, for example 12.')
    if not (root / FORM).is_file():
        raise click.UsageError(f"There is no {FORM} in this folder.")
    if body is None and "ISSUE_BODY" not in os.environ:
        raise click.UsageError("There is no text of an issue; give --body FILE, or set ISSUE_BODY.")
    text = os.environ["ISSUE_BODY"] if body is None else body.read_bytes().decode("utf-8-sig", "replace")
    result = propose(root, read_project(root), text)
    said, title = answer(root, result, int(issue))
    for file, content in ((answer_file, said), (title_file, f"{title}\n" if title else "")):
        if file is not None and content:
            write(file, content.encode("utf-8"))
    if answer_file is None:
        click.echo(said)
    if isinstance(result, Refusal):
        sys.exit(1)
    write(root / result.path, result.content)
    click.echo(f"changed {result.path}", err=True)
