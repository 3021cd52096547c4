"""Read the pages in content/: front matter without settings, and Markdown with calls of macros that name existing records."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, get_args, get_type_hints

import yaml
from jinja2 import Environment, TemplateSyntaxError, nodes
from pydantic import Field, ValidationError

from macros.loading.files import decode_file, find_files
from macros.loading.validation import explain
from macros.loading.yaml_reader import LOADER, parse, reads_as_text, start_of
from macros.model.document import Document, texts_in
from macros.model.framework import Framework
from macros.model.problem import Problem, did_you_mean
from macros.model.records import Event, PagePath, Part
from macros.model.types import Line, PartId, Ref, Search, words
from macros.text.characters import invalid_characters, normalised
from macros.text.inline_markdown import to_plain_text
from macros.text.patterns import CODE_SPAN, TERM_PATTERN
from macros.text.segmentation import blanked

Macros = Mapping[str, Callable[..., str]]
_parse_jinja = functools.lru_cache(maxsize=256)(Environment(autoescape=True).parse)
_CODE = re.compile(CODE_SPAN, re.DOTALL)
_ANCHOR = re.compile(r"^#+ .*\{: *#([\w-]+)", re.MULTILINE)
# What some engine may take for the end of the front matter; all must agree, as it is not checked as a page.
_EDGE = re.compile(r"\s*-{3}|\.{3}")
MAX_BYTES = 64 * 1024  # how many bytes a page may have
_MARKS = re.compile(r"[\[\]{}<>`\\\n]")
_FORM = 'write {{ name("id") }} with the name of a macro; data/README.md lists them'


class FrontMatter(Part):
    """The front matter of a page."""

    title: Line | None = None
    description: Annotated[Line, words(5, 40), Field(description="One sentence that says what the page is for; search engines show it.")]
    formerly: tuple[PartId, ...] = Field(default=(), description="Anchors that the page's headings had before; links to them keep working.")
    search: Search = ()
    parts: dict[str, Search] = Field(default={}, description="Words that readers type to find a section, by the anchor of its heading.")


@dataclass(frozen=True)
class Page:
    """A page in content/: its path from the project's root, its front matter, and its text, which begins in line `first`."""

    path: str
    meta: FrontMatter | None = field(hash=False)
    text: str
    first: int

    @property
    def url(self) -> str:
        """Return the page's address from the site's root, for example `stages/1-strategy/`."""
        inside = self.path.removeprefix("content/").removesuffix(".md")
        return inside.removesuffix("index") if inside.split("/")[-1] == "index" else f"{inside}/"

    @property
    def title(self) -> str:
        """Return the title in the front matter, else the first heading, else the address."""
        heading = re.search(r"^# (.+?)(?: *\{:.*\})?$", self.text, re.MULTILINE)
        return (self.meta and self.meta.title) or (to_plain_text(heading[1]) if heading else self.url)


def pages(root: Path) -> Iterator[tuple[Page | None, list[Problem]]]:
    """Yield each page of `root`/content, or None if it cannot be read, and what is wrong with its file and its front matter."""
    for file in find_files(root).files:
        path = file.relative_to(root)
        if path.parts[0] == "content" and path.suffix == ".md":
            text, problems = decode_file(file, path.as_posix(), MAX_BYTES)
            yield (None, problems) if text is None else parse_page(text, path.as_posix())


@functools.lru_cache(maxsize=256)
def parse_page(text: str, path: str) -> tuple[Page | None, list[Problem]]:
    """Return the page with this `text` at `path` from the project's root, and what is wrong with its front matter."""
    lines = text.split("\n")
    end = next((n for n, line in enumerate(lines[1:], 1) if _EDGE.match(line)), 0)
    if not end or {lines[0].rstrip(" "), lines[end].rstrip(" ")} != {"---"}:
        instead = "begin the page with ---, a line description: and what the page is for, and ---"
        return Page(path, None, text, 1), [Problem(path, 1, 1, "no-front-matter", "no front matter", instead)]
    meta, problems, document = read_front_matter(lines[1:end], path)
    page = Page(path, meta, normalised("\n".join(lines[end + 1 :])), end + 2)
    anchors = _ANCHOR.findall(page.text)
    for part in sorted(set(meta.parts) - set(anchors)) if meta else ():
        place, wrong = document.place(("parts", part), key=True), f'there is no heading with the anchor "{part}"'
        near = did_you_mean(part, anchors)
        instead = near if near.startswith("did") else f"end the heading with {{: #{part} }}, or delete this line"
        problems.append(Problem(path, *place, "unknown-anchor", wrong, instead, f"parts.{part}"))
    return page, problems


def read_front_matter(lines: Sequence[str], path: str) -> tuple[FrontMatter | None, list[Problem], Document]:
    """Return the front matter in `lines`, or None, what is wrong with it, and its document; `path` is the page's."""
    text = "\n".join(["", *lines])
    document = parse(text if text.strip() else "{}", path)
    problems = list(document.problems)
    if document.value is None:
        return None, problems, document
    for loc, value in texts_in(document.value):
        place, key = document.place(loc), str(loc[0])
        for _, wrong, instead in invalid_characters(value, printed=key not in ("search", "parts")) if not document.problems else ():
            problems.append(Problem(path, *place, "character", wrong, instead, key))
        if "{" in value or "<" in value:
            problems.append(Problem(path, *place, "jinja", "a brace or the sign < in the front matter", "write plain text", key))
    try:
        meta = FrontMatter.model_validate(document.value)
    except ValidationError as error:
        return None, [*problems, *explain(error, document, FrontMatter)], document
    return meta, problems or list(_misread(text, path)), document


def _misread(text: str, path: str) -> Iterator[Problem]:
    """Yield a problem if YAML takes a text for a number, a day or a yes, as the engine that builds the site does."""
    for event in yaml.parse(text, Loader=LOADER):
        if isinstance(event, yaml.ScalarEvent) and event.implicit[0] and not reads_as_text(event.value):
            wrong, instead = f"{event.value} is not read as text", "put it in straight double quotes"
            yield Problem(path, *start_of(event), "wrong-type", wrong, instead)


@dataclass(frozen=True)
class Call:
    """One macro call in a page: its name, its arguments by parameter, and its line."""

    name: str
    arguments: dict[str, Any]
    line: int


def calls(page: Page, macros: Macros) -> Iterator[Call | Problem]:
    """Yield each call that `page` makes of one of `macros`, and a problem for any other use of Jinja."""

    def problem(line: int, wrong: str, instead: str = _FORM) -> Problem:
        return Problem(page.path, page.first + line - 1, 1, "jinja", wrong, instead)

    def line_of(offset: int) -> int:
        return page.text.count("\n", 0, offset) + 1

    if forbidden := list(re.finditer(r"\{[%#]", page.text)):
        for brace in forbidden:
            block, comment = ("a block {%", _FORM), ("a comment {#", "delete it, or write an anchor as {: #name }")
            yield problem(line_of(brace.start()), *(block if brace[0] == "{%" else comment))
        return
    try:
        parsed = _parse_jinja(page.text)
    except (TemplateSyntaxError, RecursionError) as error:
        line, message = getattr(error, "lineno", line_of(page.text.find("{{"))), getattr(error, "message", "too many nested brackets")
        if re.search("[“”‘’]", message):
            yield problem(line, "curly quotes", 'write straight quotes: {{ name("id") }}')
        else:
            yield problem(line, f"braces that cannot be read ({message})")
        return
    for node in parsed.body:
        for part in node.nodes if isinstance(node, nodes.Output) else [node]:
            if not isinstance(part, nodes.TemplateData):
                yield _call(part, macros, problem)


def _call(node: nodes.Node, macros: Macros, problem: Callable[..., Problem]) -> Call | Problem:
    if not (isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name)) or node.dyn_args or node.dyn_kwargs:
        return problem(node.lineno, "not a macro call")
    name = node.node.name
    if name not in macros:
        return problem(node.lineno, f'there is no macro "{name}"', did_you_mean(name, macros) or _FORM)
    given = [*node.args, *(keyword.value for keyword in node.kwargs)]
    if not all(isinstance(arg, nodes.Const) and isinstance(arg.value, str) for arg in given):
        return problem(node.lineno, f"{name}: its arguments must be text in quotes")
    if any(_MARKS.search(arg.as_const()) for arg in given):
        return problem(node.lineno, f"{name}: Markdown, HTML or brackets in its arguments", "write plain words there")
    keywords = {keyword.key: keyword.value.as_const() for keyword in node.kwargs}
    try:
        bound = inspect.signature(macros[name]).bind(*(arg.as_const() for arg in node.args), **keywords)
    except TypeError as error:
        return problem(node.lineno, f"{name}: {error}", "see the list of macros in data/README.md")
    return Call(name, dict(bound.arguments), node.lineno)


def problem_at(page: Page, offset: int, name: str, wrong: str, instead: str, **more: Any) -> Problem:
    """Return a problem at the character `offset` of the text of `page`."""
    before = page.text[:offset]
    return Problem(page.path, page.first + before.count("\n"), offset - before.rfind("\n"), name, wrong, instead, **more)


def invalid_arguments(page: Page, call: Call, macro: Callable[..., str], framework: Framework) -> Iterator[Problem]:
    """Yield a problem for each argument of `call` that names no record, or no page of an event."""
    pages = {page.url.rstrip("/"), *(event.page for event in framework.all(Event))}
    hints = get_type_hints(getattr(macro, "func", macro), include_extras=True)
    for parameter, value in call.arguments.items():
        hint = hints.get(parameter)
        kind = next((mark.kind for mark in get_args(hint) if isinstance(mark, Ref)), None)
        wrong = instead = ""
        if hint is PagePath and value not in pages:
            wrong, instead = f'no event has page: "{value}"', did_you_mean(value, pages)
        elif kind and value not in framework.ids(kind):
            wrong, instead = f'there is no {kind} "{value}"', framework.instead_of(kind, value, "call")
        elif kind == "" and isinstance(message := framework.resolve(value), str):
            wrong, _, instead = message.partition("; ")
        if wrong:
            yield Problem(page.path, page.first + call.line - 1, 1, "unknown-reference", f"{call.name}: {wrong}", instead)


def unknown_terms(page: Page, framework: Framework) -> Iterator[Problem]:
    """Yield a problem for each `[[...]]` of `page`, outside code, that names no term."""
    text = blanked(_CODE, page.text)
    for found in re.finditer(r"(?<!\\)\[\[([^\[\]\n]*)\]\]", text):
        term = found[1].partition("|")[0]
        wrong = instead = ""
        if term not in framework.ids("term"):
            wrong, instead = f'there is no term "{term}"', framework.instead_of("term", term, "link")
        elif not re.fullmatch(TERM_PATTERN, found[0]):
            wrong, instead = f"{found[0]} cannot be read", f"write [[{term}]] or [[{term}|words]]"
        if wrong:
            yield problem_at(page, found.start(), "unknown-term", wrong, instead)
