"""What pages in content/ may hold: plain Markdown, and calls of known macros with ids that exist."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from jinja2 import Environment, TemplateSyntaxError, nodes

from macros.loading.decode import text_of
from macros.loading.discover import leftover, tree
from macros.loading.front_matter import Meta, head_of
from macros.model.framework import Framework
from macros.model.problem import Problem, did_you_mean
from macros.model.types import Ref
from macros.text.characters import faults
from macros.text.normalisation import normalised
from macros.text.patterns import TERM_PATTERN

Macros = Mapping[str, Callable[..., str]]
_JINJA = Environment(autoescape=True)
_CODE = re.compile(
    r"<!--(?:(?!<!--|-->).)*-->|<(pre|code|script|style)\b(?:(?!<\1\b|</\1>).)*</\1>"
    r"|(?<![`\\])(`+)(?!`)(?:(?!\n\s*\n).)+?(?<!`)\2(?!`)",
    re.DOTALL,
)
_ANCHOR = re.compile(r"^#+ .*\{: *#([\w-]+)", re.MULTILINE)
ANCHOR_ELSEWHERE = re.compile(r"\{#[\w-]+(?:[ \t][^{}\n#]*)?\}")
"""An anchor as other sites write it; Jinja would take it for a comment."""

_EDGE = re.compile(r"\s*-{3}|\.{3}")
"""What might end the head of a page for somebody: all must agree on where it ends, as nothing in it is read as a page."""

LARGEST = 64 * 1024
"""How many characters a page may have."""

MOST_CALLS = 500
"""How often a page may open braces."""

_MARKS = re.compile(r"[\[\]{}<>`\\\n]")
_FORM = 'write {{ name("id") }} with the name of a macro; data/README.md lists them'
_TOKENS = {"block_begin": "a block {% ... %}", "comment_begin": "a comment {# ... #}", "raw_begin": "a raw block"}


@dataclass(frozen=True)
class Page:
    """A page in content/: its path from the project's root, its head, and its text from `first` line on."""

    path: str
    meta: Meta | None = field(hash=False)
    text: str
    first: int

    @property
    def url(self) -> str:
        """Return the page's address from the site's root, for example `stages/1-strategy/`."""
        inside = self.path.removeprefix("content/").removesuffix(".md")
        return inside.removesuffix("index") if inside.split("/")[-1] == "index" else f"{inside}/"

    @property
    def title(self) -> str:
        """Return the title in the page's head, else its first heading, else its address."""
        if self.meta and self.meta.title:
            return self.meta.title
        return next((line[2:].strip() for line in self.text.split("\n") if line.startswith("# ")), self.url)


def pages(root: Path) -> Iterator[tuple[Page | None, list[Problem]]]:
    """Yield each page of `root`/content, or None where it cannot be read, with what is wrong with its head."""
    for file in (file for file in tree(root).files if file.suffix == ".md" and file.is_relative_to(root / "content")):
        if leftover(file.relative_to(root)):
            continue
        path = file.relative_to(root).as_posix()
        text, problems = text_of(file, path)
        if text is not None and len(text) > LARGEST:
            yield None, [Problem(path, 1, 1, "too-large", f"longer than {LARGEST:,} characters", "split it; one page says one thing")]
        elif text is None:
            yield None, problems
        else:
            yield _page(text, path)


def _page(text: str, path: str) -> tuple[Page | None, list[Problem]]:
    lines = text.split("\n")
    end = next((n for n, line in enumerate(lines[1:], 1) if _EDGE.match(line)), 0)
    if not end or {lines[0].rstrip(" "), lines[end].rstrip(" ")} != {"---"}:
        instead = "begin the page with ---, a line description: and what the page is for, and ---"
        return Page(path, None, text, 1), [Problem(path, 1, 1, "no-head", "no head", instead)]
    meta, problems, document = head_of(lines[1:end], path)
    page = Page(path, meta, normalised("\n".join(lines[end + 1 :])), end + 2)
    anchors = _ANCHOR.findall(page.text)
    for part in meta.parts if meta else ():
        if part not in anchors:
            place = document.place(("parts", part), key=True)
            instead = did_you_mean(part, anchors) if anchors else "write its anchor behind the heading, as {: #anchor }"
            problems.append(Problem(path, *place, "page-head", f'there is no heading with the anchor "{part}"', instead, f"parts.{part}"))
    return page, problems


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

    text = page.text
    for found in ANCHOR_ELSEWHERE.finditer(text):
        yield problem(text.count("\n", 0, found.start()) + 1, f"{found[0]} makes no anchor here", f"write {{: {found[0][1:-1].strip()} }}")
    text = ANCHOR_ELSEWHERE.sub("", text)
    if text.count("{{") + text.count("{%") + text.count("{#") > MOST_CALLS:
        yield problem(1, f"more than {MOST_CALLS} double braces in one page", "split the page")
        return
    try:
        tokens = list(_JINJA.lex(text))
        tree = _JINJA.parse(text)
    except RecursionError:
        lines = text.split("\n")
        deepest = max(range(len(lines)), key=lambda n: sum(map(lines[n].count, "([{")))
        yield problem(deepest + 1, "braces inside braces, many times")
        return
    except TemplateSyntaxError as error:
        curly = re.search("[“”‘’]", error.message or "")
        instead = 'write straight quotes: {{ name("id") }}' if curly else _FORM
        yield problem(error.lineno, "curly quotes" if curly else f"braces that cannot be read ({error.message})", instead)
        return
    forbidden = [problem(line, what) for line, kind, _ in tokens if (what := _TOKENS.get(kind))]
    yield from forbidden
    for node in tree.body if not forbidden else ():
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
        return problem(node.lineno, f"{name}: only text in quotes may stand between its brackets")
    if any(_MARKS.search(arg.as_const()) for arg in given):
        return problem(node.lineno, f"{name}: marks between its brackets", "write plain words there, without marks, tags and brackets")
    try:
        bound = inspect.signature(macros[name]).bind(
            *(arg.as_const() for arg in node.args), **{k.key: k.value.as_const() for k in node.kwargs}
        )
    except TypeError as error:
        return problem(node.lineno, f"{name}: {error}", "see the list of macros in data/README.md")
    return Call(name, dict(bound.arguments), node.lineno)


def unprintable(page: Page) -> Iterator[Problem]:
    """Yield a problem for each character of `page` that readers cannot see or find, or that the typeface of the printed guides lacks."""
    for offset, wrong, instead in faults(page.text):
        before = page.text[:offset]
        yield Problem(page.path, page.first + before.count("\n"), offset - before.rfind("\n"), "character", wrong, instead)


def misnamed(page: Page, call: Call, macro: Callable[..., str], framework: Framework) -> Iterator[Problem]:
    """Yield a problem for each argument of `call` that names no record, or is none of the texts that the macro takes."""
    hints = get_type_hints(getattr(macro, "func", macro), include_extras=True)
    for parameter, value in call.arguments.items():
        hint = hints.get(parameter)
        known = get_args(hint) if get_origin(hint) is Literal else None
        kind = next((mark.kind for mark in get_args(hint)[1:] if isinstance(mark, Ref)), None) if get_origin(hint) is Annotated else None
        wrong = instead = ""
        if known is not None and value not in known:
            wrong, instead = f'"{value}" is none of the texts that it takes', did_you_mean(value, known)
        elif kind and value not in framework.ids(kind):
            wrong, instead = f'there is no {kind} "{value}"', framework.instead_of(kind, value, "call")
        elif kind == "" and isinstance(found := framework.resolve(value), str):
            wrong, _, instead = found.partition("; ")
        if wrong:
            yield Problem(page.path, page.first + call.line - 1, 1, "unknown-reference", f"{call.name}: {wrong}", instead)


def unknown_terms(page: Page, framework: Framework) -> Iterator[Problem]:
    """Yield a problem for each `[[...]]` of `page`, outside code and comments, that names no term."""
    for number, line in enumerate(_written(page.text).split("\n")):
        for found in re.finditer(r"(?<!\\)\[\[([^\[\]]*)\]\]", line):
            term, known = found[1].partition("|")[0], framework.ids("term")
            wrong = instead = ""
            if term not in known:
                wrong, instead = f'there is no term "{term}"', framework.instead_of("term", term, "link")
            elif not re.fullmatch(TERM_PATTERN, found[0]):
                wrong, instead = f"{found[0]} cannot be read", f"write [[{term}]] or [[{term}|words]]"
            if wrong:
                yield Problem(page.path, page.first + number, found.start() + 1, "unknown-term", wrong, instead)


def _written(text: str) -> str:
    """Return `text` with nothing but spaces where it is code or a comment, as Markdown sees it."""
    lines = _CODE.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text).split("\n")
    blank, code, item = True, False, False
    for number, line in enumerate(lines):
        if not line.strip():
            blank = True
            continue
        indented = line.startswith(("    ", "\t"))
        code = indented and not item and (blank or code)
        if not indented:
            item = bool(re.match(r" {0,3}(?:[-+*]|\d+\.)\s", line)) or (item and not blank)
        blank = False
        if code:
            lines[number] = ""
    return "\n".join(lines)
