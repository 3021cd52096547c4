"""The command svf suggest: makes the change that an issue suggests, or says in plain words why it cannot."""

from __future__ import annotations

import os
import re
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from macros.command import project_root
from macros.editor import called
from macros.framework import Framework
from macros.index import Key
from macros.model import Recommendation
from macros.pasted import Vocabulary, is_list, laid_out, pasted, vocabulary
from macros.problem import Problem
from macros.project import Project, read_project
from macros.quoted import MisfitError, Part, replaced
from macros.record import Record
from macros.render import bare
from macros.splice import SpliceError, splice
from macros.staging import write
from macros.suggestion import (
    FORM,
    MOST,
    FormField,
    NotFilledIn,
    Objection,
    Suggestion,
    can_be_tried,
    elsewhere,
    form_fields,
    meant,
    named_record,
    objections,
    personal_details,
    read_suggestion,
    refused,
    visible,
)
from macros.text import UNSEEN
from macros.trial import limits, rules, tried
from macros.ways import CUT, Wording, id_of, main_wording, wordings

LABEL = "steering-group-agreed"
"""The label without which a change of what the report says is not merged."""

_MOST_SHOWN = 25
"""How many objections, notes and texts of a record an answer lists."""

_MOST_RULED = 20_000
"""How many characters of a text that is too long the rules are asked about."""

_COUNT = re.compile(r"\d+ words?")
_LINK = re.compile(r"\[\[([a-z0-9-]+)(?:\|[^\]\n]*)?\]\]|\]\(([^()\s]*)\)")
_HARMLESS = re.compile(r"[A-Za-z0-9 ,;:'\"()?!./-]*")
_LIVE = re.compile(r"www\.|://|[0-9a-f]{7}|GH-")


@dataclass(frozen=True)
class Proposal:
    """A change that can be made: of which record and text, in which file, its new content, and what to look at."""

    record: Record
    id: str
    text: str
    """What people call the text."""

    part: Part
    """What is replaced: the whole text, or part of it."""

    suggestion: Suggestion
    path: str
    content: bytes
    notes: tuple[str, ...]

    @property
    def wording(self) -> Wording:
        """Return the text as it is now."""
        return self.part.wording


@dataclass(frozen=True)
class Refusal:
    """Why no change is made: everything that is against it, and the texts of the record, each with its name, of which one may be chosen."""

    objections: tuple[Objection, ...]
    choices: tuple[tuple[str, str], ...] = ()
    part_of: str = ""
    """What people call the text of which only part is quoted."""

    notes: tuple[str, ...] = ()
    """What a maintainer should know."""


def propose(root: Path, project: Project, body: str) -> Proposal | Refusal:
    """Return the change that the issue's text `body` asks for in `project`, or why it cannot be made; nothing is written in `root`."""
    fields, framework = form_fields(root), project.framework
    if framework is None:
        wrong = "a record has a fault already"
        return Refusal((Objection("", wrong, "a maintainer fixes it first, with svf check, and sets the label again"),))
    try:
        suggestion = read_suggestion(body, fields)
    except NotFilledIn as error:
        return Refusal(error.objections)
    labels = {field.id: field.label for field in fields}
    known = vocabulary(text for _, _, text in framework.prose)
    against = list(objections(suggestion, fields, known))
    notes = tuple(personal_details(suggestion, fields, _texts(framework)))
    key = named_record(framework, suggestion.id, labels["id"])
    if isinstance(key, Objection):
        against += filter(None, (key, elsewhere(framework, None, suggestion.current, _called, labels)))
        against += _general(framework, suggestion.new, labels["new"], known)
        return Refusal(tuple(dict.fromkeys(against)), notes=notes)
    held = wordings(framework, key)
    found = meant(held, suggestion.current, labels["current"], lambda wording: called(wording.loc, key[0])) if suggestion.current else None
    if not isinstance(found, Part):
        other = elsewhere(framework, key, suggestion.current, _called, labels) if found and found.wrong.startswith("no text") else None
        against += filter(None, (other or found,))
        against += _general(framework, suggestion.new, labels["new"], known)
        choices = tuple((called(wording.loc, key[0]), wording.text) for wording in held) if found and not other else ()
        return Refusal(tuple(dict.fromkeys(against)), choices, notes=notes)
    result = _tried(root, project, key, found, suggestion, labels["new"], known)
    if isinstance(result, Proposal) and not against:
        return replace(result, notes=(*notes, *result.notes))
    against += result.objections if isinstance(result, Refusal) else ()
    part_of = result.part_of if isinstance(result, Refusal) else ""
    return Refusal(tuple(dict.fromkeys(against)), (), part_of, notes)


def _called(wording: Wording, kind: str) -> str:
    return called(wording.loc, kind)


def _texts(framework: Framework) -> Iterator[str]:
    for leaves in framework.index.leaves.values():
        yield from (leaf.value for leaf in leaves if isinstance(leaf.value, str))


def _general(framework: Framework, new: str, label: str, known: Vocabulary) -> Iterator[Objection]:
    """Yield what the rules for every text say of `new`, as we do not know which text it would replace."""
    if new.strip():
        record = framework.all(Recommendation)[0]
        wording = main_wording(framework, record)
        skip = _skipped(new, known) | {"no-stop"}
        yield from _ruled(framework, (record.kind, record.id), wording, laid_out(visible(new), known), label, skip=skip)


def _skipped(new: str, known: Vocabulary) -> frozenset[str]:
    """Return the names of the problems that need not be told, as what is against the pasted text `new` says the same."""
    faults = tuple(refused(new, known))
    return frozenset({"mark"} if faults else ()) | frozenset({"no-stop"} if faults and not pasted(new, known).lacks_stop else ())


def _ruled(framework: Framework, key: Key, wording: Wording, text: str, label: str, *, skip: frozenset[str]) -> Iterator[Objection]:
    """Yield what the rules say of `text` without putting it into a file, those of the names in `skip` aside."""
    before = {(problem.name, problem.wrong) for problem in rules(framework, key, wording.loc, wording.text)}
    skipped = skip | {"no-stop"} if len(text) > _MOST_RULED else skip
    for problem in rules(framework, key, wording.loc, text[:_MOST_RULED]):
        new = (problem.name, problem.wrong) not in before and problem.name not in skipped
        if new and problem.field == wording.field and problem.severity == "error":
            yield Objection(label, problem.wrong, problem.instead)


def _tried(root: Path, project: Project, key: Key, part: Part, suggestion: Suggestion, label: str, known: Vocabulary) -> Proposal | Refusal:
    """Return the change as it stands up to the project's own checks, in a copy, or what is against it."""
    framework = project.framework
    if framework is None or not suggestion.new.strip():
        return Refusal(())
    if not part.wording.prose and is_list(laid_out(suggestion.new, known)):
        wrong = Objection(label, "a list, where the record has room for one line", "write one sentence or name")
        return Refusal((wrong, *_general(framework, suggestion.new, label, known)))
    try:
        new, part = replaced(part, suggestion.current, visible(suggestion.new), known)
    except MisfitError as error:
        return Refusal((Objection(label, error.wrong, error.instead), *_general(framework, suggestion.new, label, known)))
    wording, skip = part.wording, _skipped(suggestion.new, known)
    part_of = "" if part.whole else called(wording.loc, key[0])
    if not can_be_tried(suggestion.new) or len(new) > MOST:
        limited = (Objection(label, *_of_whole(problem, part)) for problem in limits(framework, key, wording.loc, new))
        return Refusal((*limited, *_ruled(framework, key, wording, new, label, skip=skip)), part_of=part_of)
    path = framework.documents[key].path
    before = (root / path).read_bytes()
    try:
        content = splice(before.decode("utf-8"), wording.loc, new).encode("utf-8")
    except SpliceError:
        return Refusal((Objection(label, "the record's file cannot hold it", "write it in plain words and everyday characters"),))
    if content == before:
        return Refusal((Objection(label, "the same as the wording now", "write how it should read instead"),))
    faults = [fault for fault in tried(root, project, key, wording.loc, content) if fault.name not in skip]
    errors = [fault for fault in faults if fault.severity == "error"]
    if errors:
        return Refusal(tuple(dict.fromkeys(Objection(label, *_said(fault, path, part)) for fault in errors)), part_of=part_of)
    notes = [*_lost_links(part.text, new), *pasted(suggestion.new, known).notes]
    notes += ["; ".join(filter(None, _said(fault, path, part))) for fault in faults]
    record = framework.records[key]
    record_id = id_of(framework, record) if key[0] in framework.classes else record.id
    return Proposal(record, record_id, called(wording.loc, key[0]), part, suggestion, path, content, tuple(dict.fromkeys(notes)))


def _lost_links(old: str, new: str) -> Iterator[str]:
    """Yield which links of `old` are not in `new`: the site does not show how a link is typed, so that nobody can copy it."""
    for target in dict.fromkeys(found[1] or found[2] for found in _LINK.finditer(old)):
        if target not in {found[1] or found[2] for found in _LINK.finditer(new)}:
            yield f'The wording now links to "{target}", and the new one does not. Add the link again if it is still needed.'


def _of_whole(problem: Problem, part: Part) -> tuple[str, str]:
    """Return what is wrong and what to write; how long a text is, is said of the whole one."""
    whole = "" if part.whole or not _COUNT.fullmatch(problem.wrong) else "the whole text would have "
    return f"{whole}{problem.wrong}", problem.instead


def _said(problem: Problem, path: str, part: Part) -> tuple[str, str]:
    """Return what is wrong and what to write, for somebody who has seen no file; the place is named if it is not the text of `part`."""
    kind, _, record_id = problem.record.partition("/")
    loc = tuple(int(step) - 1 if step.isdecimal() else step for step in problem.field.split(".") if step)
    where = called(loc, kind)
    if problem.path != path:
        where = ", ".join(filter(None, (f"{kind} {record_id}" if kind else problem.path, where)))
    where = "" if (problem.path, problem.field) == (path, part.wording.field) else where
    return (f"{where}: {problem.wrong}", problem.instead) if where else _of_whole(problem, part)


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
