"""The command svf suggest: make the change that an issue suggests, or say in plain words why it cannot be made."""

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
from pydantic_core import PydanticCustomError

from macros.cli.context import project_root
from macros.cli.suggest.dry_run import rules, tried
from macros.cli.suggest.issue_form import (
    FORM,
    MOST,
    NOT_FOUND,
    FormField,
    Objection,
    Suggestion,
    form_fields,
    named_record,
    objections,
    personal_details,
    quoted_part,
    read_suggestion,
)
from macros.cli.suggest.paste_cleanup import hyphenated, laid_out, plain_characters
from macros.cli.suggest.quotation import MisfitError, Part, replaced
from macros.cli.suggest.yaml_edit import SpliceError, splice
from macros.model.base import Record
from macros.model.core import Recommendation
from macros.model.framework import Framework
from macros.model.problem import Problem
from macros.model.references import Key
from macros.outputs.cms import called
from macros.rendering.edit_links import CUT, Wording, id_of, main_wording, wordings
from macros.rendering.environment import bare
from macros.site_build.atomic_build import write
from macros.site_build.project import Project, read_project
from macros.text.normalisation import UNSEEN

LABEL = "steering-group-agreed"
"""The label without which a change of what the report says is not merged."""

_MOST_SHOWN = 25
"""How many objections, notes and texts of a record an answer lists."""

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
    """Why no change is made, and the texts of the record, each with its name, of which one may be chosen."""

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
    suggestion = read_suggestion(body, fields)
    if isinstance(suggestion, Objection):
        return Refusal((suggestion,))
    labels = {field.id: field.label for field in fields}
    found = list(objections(suggestion, labels))
    notes = tuple(personal_details(suggestion, labels, _texts(framework)))
    key = named_record(framework, suggestion.id, labels["id"])
    known_key = None if isinstance(key, Objection) else key
    part = quoted_part(framework, known_key, suggestion.current, labels) if suggestion.current else None
    found += [each for each in (key, part) if isinstance(each, Objection)]
    new = UNSEEN.sub("", plain_characters(suggestion.new))
    if known_key is None or not isinstance(part, Part):
        choices: tuple[tuple[str, str], ...] = ()
        if known_key and isinstance(part, Objection) and part.wrong == NOT_FOUND:
            choices = tuple((called(text.loc, known_key[0]), text.text) for text in wordings(framework, known_key))
        return Refusal(_unique(*found, *_general(framework, new, labels["new"])), choices, notes=notes)
    result = _change(root, project, known_key, part, suggestion, new, labels["new"])
    if isinstance(result, Proposal) and not found:
        return replace(result, notes=(*notes, *result.notes))
    more = result if isinstance(result, Refusal) else Refusal(())
    return replace(more, objections=_unique(*found, *more.objections), notes=notes)


def _texts(framework: Framework) -> Iterator[str]:
    for leaves in framework.index.leaves.values():
        yield from (leaf.value for leaf in leaves if isinstance(leaf.value, str))


def _unique(*found: Objection) -> tuple[Objection, ...]:
    return tuple(dict.fromkeys(found))


def _general(framework: Framework, new: str, label: str) -> Iterator[Objection]:
    """Yield what the rules for every text say of `new` where we do not know which text it would replace."""
    record = framework.all(Recommendation)[0]
    if new:
        yield from _ruled(framework, (record.kind, record.id), main_wording(framework, record), laid_out(new), label, skip="no-stop")


def _ruled(framework: Framework, key: Key, wording: Wording, new: str, label: str, skip: str = "") -> Iterator[Objection]:
    """Yield what the rules for every text say of `new` instead of `wording`."""
    for problem in rules(framework, key, wording.loc, new):
        if problem.field == wording.field and problem.severity == "error" and problem.name != skip:
            yield Objection(label, problem.wrong, problem.instead)


def _change(root: Path, project: Project, key: Key, part: Part, suggestion: Suggestion, new: str, label: str) -> Proposal | Refusal:
    """Return the change if the project's own checks pass with it in a copy, or what is wrong with it."""
    framework = project.framework
    if framework is None or not new:
        return Refusal(())
    path = framework.documents[key].path
    before = (root / path).read_bytes()
    try:
        text, part = replaced(part, suggestion.current, new, hyphenated(text for _, _, text in framework.prose))
        name = called(part.wording.loc, key[0])
        part_of = "" if part.whole else name
        if len(text) > MOST:
            limit = Objection(label, f"the whole text would have {len(text):,} characters", f"write at most {MOST:,}")
            errors = [limit] if len(suggestion.new) <= MOST else []
            errors += [*_wrong_count(part, text, label), *_ruled(framework, key, part.wording, text, label)]
            return Refusal(tuple(errors), part_of=part_of)
        content = splice(before.decode("utf-8"), part.wording.loc, text).encode("utf-8")
    except (MisfitError, SpliceError) as error:
        return Refusal((Objection(label, *error.args), *_general(framework, new, label)))
    if content == before:
        return Refusal((Objection(label, "the same as the wording now", "write how it should read instead"),))
    problems = list(tried(root, project, key, part.wording.loc, text, content))
    errors = [Objection(label, *_explained(problem, path, part)) for problem in problems if problem.severity == "error"]
    if errors:
        return Refusal(tuple(errors), part_of=part_of)
    notes = [*_lost_links(part.text, text), *("; ".join(filter(None, _explained(problem, path, part))) for problem in problems)]
    record = framework.records[key]
    return Proposal(record, id_of(framework, record), name, part, suggestion, path, content, tuple(dict.fromkeys(notes)))


def _wrong_count(part: Part, text: str, label: str) -> Iterator[Objection]:
    """Yield what is wrong with the number of words of `text`; the file of a record cannot hold so many characters, and is not read."""
    try:
        if part.wording.words:
            part.wording.words(text)
    except PydanticCustomError as error:
        wrong, _, instead = error.message().partition("; ")
        yield Objection(label, *_of_whole(part, wrong, instead))


def _lost_links(old: str, new: str) -> Iterator[str]:
    """Yield which links of `old` are not in `new`: a page does not show where a link leads, so it is not copied with the words."""
    targets, kept = ([found[1] or found[2] for found in _LINK.finditer(text)] for text in (old, new))
    for target in dict.fromkeys(targets):
        if target not in kept:
            yield f'The wording now links to "{target}", and the new one does not. Add the link again if it is still needed.'


def _explained(problem: Problem, path: str, part: Part) -> tuple[str, str]:
    """Return what is wrong and what to write, for somebody who has seen no file; the place is named if it is not the text of `part`."""
    if (problem.path, problem.field) == (path, part.wording.field):
        return _of_whole(part, problem.wrong, problem.instead)
    loc = tuple(int(step) - 1 if step.isdecimal() else step for step in problem.field.split(".") if step)
    where = [called(loc, problem.record.partition("/")[0])] if loc else []
    if problem.path != path:
        where = [problem.record.replace("/", " ") or problem.path, *where]
    return ": ".join(filter(None, (", ".join(where), problem.wrong))), problem.instead


def _of_whole(part: Part, wrong: str, instead: str) -> tuple[str, str]:
    """Return `wrong` and `instead`, with a note that a number of words is that of the whole text."""
    whole = part.whole or not re.fullmatch(r"\d+ words?", wrong)
    return (wrong if whole else f"the whole text would have {wrong}"), instead


def answer(root: Path, result: Proposal | Refusal, issue: int) -> tuple[str, str]:
    """Return the Markdown that answers the issue numbered `issue`, and the title of the pull request ("" if there is none).

    What somebody typed is set as code, so that it mentions nobody, links nothing and is no HTML.
    """
    values = {"issue": issue, "most": _MOST_SHOWN, "label": LABEL}
    if isinstance(result, Refusal):
        return _render("messages/suggestion_refused.md.j2", result=result, **values), ""
    fields: dict[str, FormField] = {field.id: field for field in form_fields(root)}
    return (
        _render("messages/suggestion_pull.md.j2", result=result, fields=fields, **values),
        _render("messages/suggestion_title.md.j2", result=result).strip(),
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
    body_text = os.environ["ISSUE_BODY"] if body is None else body.read_bytes().decode("utf-8-sig", "replace")
    result = propose(root, read_project(root), body_text)
    text, title = answer(root, result, int(issue))
    for file, content in ((answer_file, text), (title_file, f"{title}\n" if title else "")):
        if file is not None and content:
            write(file, content.encode("utf-8"))
    if answer_file is None:
        click.echo(text)
    if isinstance(result, Refusal):
        sys.exit(1)
    write(root / result.path, result.content)
    click.echo(f"changed {result.path}", err=True)
