"""Rules for the Markdown of pages: GitHub's preview and the site, which uses Python-Markdown, must show the same."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import NamedTuple

import lxml.html
from lxml.html import HtmlElement
from markdown import Markdown

from macros.loading.pages import FOREIGN_ANCHOR, Page, problem_at
from macros.model.problem import Problem
from macros.text.inline_markdown import GITHUB, github_tokens, unsupported

SITE = Markdown(extensions=["attr_list", "fenced_code", "tables", "toc"], output_format="html")
"""Reads pages as MkDocs does: with its own extensions, and those of mkdocs.yml that change what a page says."""

_CALL = re.compile(r"\{\{(?:(?!\}\}|\{\{).)*\}\}", re.DOTALL)
_ATTRIBUTES = re.compile(r"\{:[^{}\n]*\}")
_BLOCK = re.compile("blockquote|div|h[1-6]|hr|li|ol|p|pre|t[dhr]|table|tbody|thead|ul")
_IGNORED = ("div", "p", "tbody", "thead")
"""Blocks that may differ without harm, such as paragraphs in the items of a list."""

_INSTEAD = (
    (re.compile(r" li .*li$"), "indent an inner list by four spaces, and put an empty line before the outer one"),
    (
        re.compile(r"li$"),
        "put an empty line before the list, begin each item with - or 1. and a space, and indent what belongs to an item by four spaces",
    ),
    (re.compile(r"t[dh]$"), "put an empty line before and after the table, and write a cell for each column"),
    (re.compile(r"pre$"), "begin the line further left; write code between single marks, as `code`"),
    (re.compile(r"blockquote$"), "put an empty line before and after the quotation, and > before each line"),
    (re.compile(r"h[1-6]$"), "put a space after #, and an empty line before and after the heading"),
    (re.compile(""), "write *word*, **word**, `code` and [words](address), without a backslash before other signs or at the end of a line"),
)
"""What to write instead, by the blocks in which the difference is."""


class _Shown(NamedTuple):
    """Text that a page shows: the blocks around it, its lines, and the line in which it begins (from 0), if known."""

    blocks: str
    lines: tuple[str, ...]
    line: int


@functools.lru_cache(maxsize=256)
def markdown_problems(page: Page) -> tuple[Problem, ...]:
    """Return a problem for each mark of `page` that the site does not know, and for the first line that GitHub shows differently."""
    text = _without_calls(page.text)
    plain = blanked(page.text)
    problems = [problem_at(page, offset, "mark", wrong, instead) for offset, wrong, instead in unsupported(plain, page=True)]
    if (found := _difference(plain, text)) and page.first + found[0] not in {problem.line for problem in problems}:
        wrong = "GitHub's preview shows this differently from the site"
        problems.append(Problem(page.path, page.first + found[0], 1, "mark", wrong, found[1]))
    return tuple(problems)


def blanked(text: str) -> str:
    """Return `text` of a page with macro calls and attribute lists blanked out, at the same length."""
    return _ATTRIBUTES.sub(_blank, _without_calls(text))


def _without_calls(text: str) -> str:
    text = _CALL.sub(lambda call: "M" * len(call[0]), text)
    return FOREIGN_ANCHOR.sub(_blank, text)  # another check names it


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _difference(plain: str, text: str) -> tuple[int, str] | None:
    """Return the first line (from 0) that GitHub and the site show differently, and what to write instead, or None."""
    tokens = github_tokens(plain)
    for token in tokens:
        if token.nesting >= 0 and token.map:
            token.attrSet("data-line", str(token.map[0]))
    rendered = (GITHUB.renderer.render(tokens, GITHUB.options, {}), SITE.reset().convert(text))
    github, site = (list(_walk(lxml.html.fragment_fromstring(html, create_parent="div"), "", 0)) for html in rendered)
    both = enumerate(zip_longest(github, site, fillvalue=_Shown("", (), 0)))
    at = next((n for n, (theirs, ours) in both if theirs[:2] != ours[:2]), None)
    if at is None:
        return None
    theirs, ours = (side[at] if at < len(side) else _Shown("", (), plain.rstrip().count("\n")) for side in (github, site))
    same = next((n for n, (one, other) in enumerate(zip_longest(theirs.lines, ours.lines)) if one != other), 0)
    if theirs.blocks != ours.blocks:
        blocks = theirs.blocks or ours.blocks
    elif len(theirs.lines) == same and at + 1 < len(github):
        blocks = github[at + 1].blocks  # the site shows it as part of this paragraph
    else:
        blocks = ""
    return theirs.line + same, next(instead for pattern, instead in _INSTEAD if pattern.search(blocks))


def _walk(element: HtmlElement, blocks: str, line: int) -> Iterator[_Shown]:
    """Yield what `element` shows, in order, with the names of the `blocks` around it."""
    line = int(element.get("data-line", line))
    text = element.text or ""
    for child in element:
        if isinstance(child.tag, str) and _BLOCK.fullmatch(child.tag):
            yield from _lines(text, blocks, line)
            own = "" if child.tag in _IGNORED else f" {child.tag}{child.get('start', '')}"
            if child.tag == "hr":
                yield _Shown(f"{blocks} hr", (), line)
            yield from _walk(child, blocks + own, line)
            text = child.tail or ""
        else:
            text += _inline(child) + (child.tail or "")
    yield from _lines(text, blocks, line)


def _lines(text: str, blocks: str, line: int) -> Iterator[_Shown]:
    lines = tuple(" ".join(part.split()) for part in text.strip().split("\n"))
    if any(lines):
        yield _Shown(blocks, lines, line)


def _inline(element: HtmlElement) -> str:
    """Return the text of an inline element, between its tags."""
    if not isinstance(element.tag, str):
        return ""
    inner = (element.text or "") + "".join(_inline(child) + (child.tail or "") for child in element)
    return f"<{element.tag} {element.get('href', '')}>{inner}</{element.tag}>"
