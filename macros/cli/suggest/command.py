"""The command svf suggest: make the change that an issue of the form suggests, or say why it cannot be made."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import IO, Any, Literal, NamedTuple

import click
import yaml
from markdown_it import MarkdownIt

from macros.cli.context import CommandError, project_root
from macros.cli.diff import LABEL, words
from macros.cli.suggest.quotation import CUT, DOTS, EMPTY, MisfitError, Part, foreign, letters, plain_characters, quoted_parts, replaced
from macros.cli.suggest.yaml_edit import splice
from macros.loading.pages import Page
from macros.model.document import Key
from macros.model.framework import Framework
from macros.model.problem import Problem
from macros.model.records import Record, Stage
from macros.model.types import MAX_TEXT
from macros.outputs.cms import text_name
from macros.rendering.edit_links import id_of, record_texts
from macros.rendering.environment import text_environment
from macros.site_build.atomic_build import write
from macros.site_build.project import Project, read_project
from macros.text.characters import INVISIBLE, normalised
from macros.text.escaping import escape_markdown
from macros.text.inline_markdown import links, parse_id

FORM = ".github/ISSUE_TEMPLATE/suggest.yml"
_BLOCKS = MarkdownIt("zero").enable(["heading", "fence"])
_MAX_OBJECTIONS, _MAX_CHOICES = 10, 25  # how many objections and notes, and how many texts of a record, an answer lists
_MIN_ELSEWHERE = 15  # how many letters a text must have to be looked for in other records
_NOT_FOUND = "we cannot find this wording; it may have changed"
_WRITE_ID = "write its number or name as the site shows it, or the end of its address"


class Objection(NamedTuple):
    """What is wrong with a suggestion: the label of the answer ("" for the suggestion itself), what is wrong, and what to write instead."""

    label: str
    wrong: str
    instead: str = ""


@dataclass(frozen=True)
class Suggestion:
    """The answers as typed: the record's id, the wording now and the new one, why, where to check it, and where the person works."""

    id: str
    current: str
    new: str
    why: str
    source: str
    sector: str


@dataclass
class Result:
    """What an issue leads to: objections, or `content` for the file at `path`, in which `part` of a text is replaced."""

    objections: list[Objection] = field(default_factory=list)
    by_hand: Literal["", "page", "new", "form", "mistake"] = ""  # why the person cannot correct it
    notes: list[str] = field(default_factory=list)  # what the maintainer should check
    suggestion: Suggestion | None = None
    choices: dict[str, str] = field(default_factory=dict)  # the texts of the record by name, if the quoted one is not among them
    record: Record | None = None
    id: str = ""
    part: Part | None = None
    path: str = ""
    content: bytes = b""


def propose(project: Project, body: str) -> Result:
    """Return the change that the `body` of an issue asks for in `project`, or why it cannot be made; nothing is written."""
    labels, framework = form_labels(project.root), project.framework
    if framework is None:
        return Result([Objection("", "another text has a mistake, so nothing can be changed yet")], "mistake")
    suggestion = read_suggestion(body, labels)
    if isinstance(suggestion, Objection):
        return Result([suggestion._replace(instead=f"{framework.site.repository}/issues/new?template=suggest.yml")], "form")
    key = named_record(framework, suggestion.id, labels["id"])
    if isinstance(key, Objection) and suggestion.id and (page := _page_at(project, suggestion.id)):
        return Result([Objection(labels["id"], f"this is the page “{page.title}”")], "page")
    if suggestion.new in ("", suggestion.current):
        return Result(suggestion=suggestion)  # it says what is unclear, and a maintainer reads it
    if isinstance(key, Objection) and suggestion.id and not suggestion.current and "more than one" not in key.wrong:
        return Result([key._replace(instead=f"{framework.site.file_at('CONTRIBUTING.md', 'blob')}#add-a-term")], "new")
    named = None if isinstance(key, Objection) else key
    part = quoted_part(framework, named, suggestion.current, labels["current"]) if named and suggestion.current else None
    result = Result([*objections(suggestion, labels)], suggestion=suggestion)
    if isinstance(key, Objection) or (isinstance(part, Objection) and part.wrong == _NOT_FOUND):
        if ids := " or ".join(_records_with(framework, suggestion.current)):
            key = Objection(labels["id"], key.wrong if isinstance(key, Objection) else f"this text is in {ids}", f"did you mean {ids}?")
            part = None
        elif named:
            result.choices = {text_name(text.loc, named[0]): text.text for text in record_texts(framework, named)[:_MAX_CHOICES]}
    result.objections += [each for each in (key, part) if isinstance(each, Objection)]
    if named and isinstance(part, Part) and (new := INVISIBLE.sub("", plain_characters(suggestion.new))):
        result.objections += [Objection(labels["new"], *each) for each in _change(project, framework, named, part, new, result)]
    result.objections = [*dict.fromkeys(result.objections)]
    return result


def form_labels(root: Path) -> dict[str, str]:
    """Return the label of each question of the form of the project `root` by its id; raise OSError if it has no form."""
    form = yaml.safe_load((root / FORM).read_text("utf-8"))
    return {part["id"]: part["attributes"]["label"] for part in form["body"] if part["type"] != "markdown"}


def read_suggestion(body: str, labels: Mapping[str, str]) -> Suggestion | Objection:
    """Return the suggestion in the `body` of an issue of the form, or in a text from the site, or why it cannot be read."""
    text, names = re.sub(r"\r\n?", "\n", body), [*labels.values()]
    first, *parts = re.split(rf"^({'|'.join(map(re.escape, names))})\s*\n", text, flags=re.MULTILINE)
    if parts and not first.strip() and parts[::2] == [name for name in names if name in parts[::2]]:  # from the site
        answers = dict(zip(parts[::2], parts[1::2], strict=True))
        return Suggestion(*(answers.get(name, "").strip() for name in names))
    lines, tokens = text.split("\n"), pairwise(_BLOCKS.parse(text))
    starts = [(token.map[0], inner.content) for token, inner in tokens if token.tag == "h3" and token.map and inner.content in names]
    if [label for _, label in starts] != names:
        found = [label for _, label in starts] or parts[::2]
        odd = [name for name in names if found.count(name) > 1] or [name for name in names if starts and name not in found]
        look = f'. Look for "{odd[0]}"' if odd else ""
        return Objection("", f"the headings of the form are missing, repeated or in another order{look}")
    ends = [*(line for line, _ in starts[1:]), len(lines)]
    return Suggestion(*(_answer(lines[line + 1 : end]) for (line, _), end in zip(starts, ends, strict=True)))


def _answer(lines: Sequence[str]) -> str:
    """Return the answer in `lines`, without the code block that GitHub puts it into."""
    text = "\n".join(line.rstrip() for line in lines).strip("\n")
    if block := re.fullmatch(r"```.*\n((?:.*\n)*)```", text):
        text = block[1]
    return "" if text == "_No response_" else text.strip()


def objections(suggestion: Suggestion, labels: Mapping[str, str]) -> Iterator[Objection]:
    """Yield what is wrong with the answers of `suggestion`, whichever record they are about."""
    for name, label in labels.items():
        answer = getattr(suggestion, name)
        if len(answer) > MAX_TEXT:
            yield Objection(label, f"this has {len(answer):,} characters", f"write at most {MAX_TEXT:,}")
        if not answer and name in ("current", "why"):
            yield Objection(label, *EMPTY)
    if CUT.search(suggestion.new):
        yield Objection(labels["new"], "the link could not hold all of this", "write all of it")
    if invisible := INVISIBLE.search(plain_characters(suggestion.new)):
        yield Objection(labels["new"], f"an invisible character (U+{ord(invisible[0]):04X})", "delete it and type the text again")
    yield from (Objection(labels["new"], wrong, instead) for wrong, instead in foreign(suggestion.new))


def named_record(framework: Framework, typed: str, label: str = "") -> Key | Objection:
    """Return kind and id of the record that `typed`, the answer under `label`, names by id or address, or what is wrong with it."""
    name = normalised(typed).strip().strip(".[]()\"'`").casefold().removeprefix("recommendation ")
    name = re.sub(r"^(?:stage )?(\d+)[. ]*([a-z])(?=$|[.:]\s)", r"\1\2", name)
    last = re.split(r"[#/]", re.sub(r"\?[^#]*", "", name).rstrip("/"))[-1]
    name = last if name.startswith(("http", "/")) else re.split(r"[.:]\s", name)[0]
    if framework.report.id in (name, last):
        return framework.report.kind, framework.report.id
    for each in (name, last):
        if parse_id(each) and not isinstance(key := framework.resolve(each), str):
            return key
    names = {k: (r.name, r.name.removeprefix(f"{r.id}. "), *getattr(r, "also", ())) for k, r in framework.records.items()}
    names |= {("stage", s.id): (s.title, f"Stage {s.number}", f"Stage {s.number} {s.title}") for s in framework.all(Stage)}
    called = [key for key, own in names.items() if letters(typed) in map(letters, own)]
    called = [key for key in called if key[0] in ("recommendation", "term")] or called
    if called:
        several = Objection(label, f'"{typed}" names more than one record', f"write {' or '.join(map('/'.join, called))}")
        return several if called[1:] else called[0]
    wrong = framework.resolve(name) if parse_id(name) else "this is not the number or name of a record" if name else "this is empty"
    wrong, _, advice = str(wrong).partition("; ")
    return Objection(label, wrong, _WRITE_ID if "remove" in advice else advice or _WRITE_ID)


def _page_at(project: Project, typed: str) -> Page | None:
    """Return the page whose title, or the end of whose address, is `typed`."""
    path = "/" + re.sub(r"^https?://[^/]+|[?#].*", "", typed.strip().casefold()).strip("/")
    for page in project.all_pages:
        url = f"/{page.url}".rstrip("/")
        ends = url and path != "/" and (url.endswith(path) or path.endswith(url))
        if ends or path == (url or "/") or letters(page.title) == letters(typed):
            return page
    return None


def _records_with(framework: Framework, current: str) -> Sequence[str]:
    """Return the ids of the records that have the text `current`; none if it is short or in many of them."""
    texts = {key: record_texts(framework, key) for key in framework.records if len(letters(current)) >= _MIN_ELSEWHERE}
    found = [key for key, each in texts.items() if quoted_parts(each, current)]
    return [id_of(framework, framework.records[key]) for key in found] if len(found) <= 3 else ()


def quoted_part(framework: Framework, key: Key, typed: str, label: str = "") -> Part | Objection:
    """Return the part of the record `key` that `typed`, the answer under `label`, quotes, or what is wrong with it."""
    parts = quoted_parts(record_texts(framework, key), typed)
    if len(parts) == 1:
        return parts[0]
    if parts:
        places = dict.fromkeys(f'"{text_name(part.wording.loc, key[0])}"' for part in parts)
        return Objection(label, f"this is there more than once, in {', '.join(places)}", "copy more of it, so that it fits only once")
    dots = ", without dots for what you leave out" if any(each in typed for each in DOTS) else ""
    return Objection(label, _NOT_FOUND, f"copy one of the texts below, or a sentence from one{dots}")


def _change(project: Project, framework: Framework, key: Key, part: Part, new: str, result: Result) -> Sequence[tuple[str, str]]:
    """Put the change into `result`, and return what is wrong by the project's own checks, made with it in a copy."""
    path, record = framework.documents[key].path, framework.records[key]
    before = (project.root / path).read_bytes()
    try:
        text = replaced(part, new)
        content = splice(before.decode("utf-8"), part.wording.loc, text).encode("utf-8")
    except MisfitError as error:
        return [error.args] if len(new) <= MAX_TEXT else []  # a longer answer has its objection already
    if content == before:
        return [("the same as the wording now", "write how it should read instead")]
    problems = _new_problems(project, path, content)
    errors = [_explained(problem, path, part) for problem in problems if problem.severity == "error"]
    if not errors:
        lost = dict.fromkeys(target for target in links(part.text) if target not in links(text))
        result.notes += [f'The current wording links to "{each}", and the new wording does not. Is the link still needed?' for each in lost]
        result.notes += dict.fromkeys("; ".join(filter(None, _explained(problem, path, part))) for problem in problems)
    result.record, result.id, result.part, result.path, result.content = record, id_of(framework, record), part, path, content
    return errors


def _new_problems(project: Project, path: str, content: bytes) -> list[Problem]:
    """Return the problems that `project` has only with `content` as the file `path`, checked in a copy, without their lines."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("data", "content"):
            shutil.copytree(project.root / name, Path(folder) / name, symlinks=True)
        (Path(folder) / path).write_bytes(content)
        after = read_project(Path(folder)).problems
    before = {replace(problem, line=0, column=0) for problem in project.problems}
    return [problem for problem in dict.fromkeys(replace(each, line=0, column=0) for each in after) if problem not in before]


def _explained(problem: Problem, path: str, part: Part) -> tuple[str, str]:
    """Return what is wrong and what to write, without names of files and fields; another record is named."""
    where = "" if problem.path == path else f"{problem.record.replace('/', ' ') or problem.path}: "
    if not part.is_complete and re.fullmatch(r"\d+ words?", problem.wrong):
        where = "the whole text would have "
    return f"{where}{problem.wrong}", problem.instead


def answer(root: Path, result: Result, issue: int | None) -> tuple[str, str]:
    """Return the Markdown that answers `issue`, if any, with what was typed escaped, and the title of the pull request, if any."""
    render = text_environment(quoted=quoted, t=lambda text: escape_markdown(_visible(" ".join(text.split()), 200))).get_template
    values: dict[str, Any] = {"result": result, "issue": issue, "label": LABEL, "labels": form_labels(root), "most": _MAX_OBJECTIONS}
    if result.objections or result.record is None or result.part is None:
        return render("messages/suggestion_refused.md.j2").render(**values), ""
    values["names"] = words()["names"]
    values["text"] = text_name(result.part.wording.loc, result.record.kind)
    return render("messages/suggestion_pull.md.j2").render(**values), f'{result.id}: new wording of "{values["text"]}"'


def quoted(text: str, limit: int = 5_000) -> str:
    """Return the first `limit` characters of `text` as a quotation, which GitHub shows as typed."""
    return f"> {escape_markdown(_visible(text, limit))}"


def _visible(text: str, limit: int) -> str:
    """Return the first `limit` characters of `text`, with a sign for each invisible one."""
    return INVISIBLE.sub("\ufffd", text[:limit]) + ("..." if len(text) > limit else "")


@click.command()
@click.option("--issue", type=click.IntRange(1), metavar="NUMBER", help="The issue's number, in digits, if there is one.")
@click.option("--body", type=click.File("r", "utf-8-sig", "replace"), help="The issue's text; without it, ISSUE_BODY is read.")
@click.option("--answer", "answer_file", type=click.Path(path_type=Path), help="Where to write what to answer, in Markdown.")
@click.option("--title", "title_file", type=click.Path(path_type=Path), help="Where to write the pull request's title.")
def suggest(issue: int | None, body: IO[str] | None, answer_file: Path | None, title_file: Path | None) -> None:
    """Make the change that an issue of the form Suggest a change asks for.

    The text of the issue is the environment's ISSUE_BODY, or --body. One text of one record is changed, if every check of the
    project passes with it. If not, nothing is changed, the answer says why, and the command ends with status 1.
    """
    root = project_root()
    if body is None and "ISSUE_BODY" not in os.environ:
        raise CommandError("There is no text of an issue; give --body FILE, or set ISSUE_BODY.")
    result = propose(read_project(root), body.read() if body else os.environ["ISSUE_BODY"])
    text, title = answer(root, result, issue)
    for file, content in ((answer_file, text), (title_file, f"{title}\n" if title else "")):
        if file is not None and content:
            write(file, content.encode("utf-8"))
    if answer_file is None:
        click.echo(text)
    if result.objections or not result.path:
        sys.exit(1)
    write(root / result.path, result.content)
    click.echo(f"changed {result.path}", err=True)
