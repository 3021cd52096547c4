"""Rules for pages: no HTML, Markdown that GitHub's preview and the site show alike, and titles, anchors and links that work."""

from __future__ import annotations

import functools
import html
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import lxml.etree
import lxml.html
from markdown import Markdown
from markdown_it.token import Token

from macros.checks.settings import own_path
from macros.loading.pages import Call, Page, problem_at
from macros.model.problem import Problem, did_you_mean
from macros.model.types import too_complex
from macros.templates import texts
from macros.text.characters import invalid_characters
from macros.text.inline_markdown import GITHUB, github_tokens, is_address, unsupported
from macros.text.segmentation import blanked

# Reads pages as MkDocs does: with its own extensions, and those of mkdocs.yml that change what a page says.
SITE = Markdown(extensions=["attr_list", "fenced_code", "tables", "toc"], output_format="html")
_CALL = re.compile(r"\{\{(?:(?!\}\}|\{\{).)*\}\}|\{#[^{}\n]*\}", re.DOTALL)
_GONE = "ꙮ"  # replaces each character of a macro call: a letter that no page may have, as no typeface of the guides has it
_AUTOMATIC = re.compile(r"<(?:https?://[^\s<>]+|[^\s<>@]+@[^\s<>@]+)>")
_HTML = re.compile(rf"<(?=[a-zA-Z/!?{_GONE}])[/!?]?(?:[a-zA-Z][^\s/<>]*)?")
_BRACES = re.compile(r"\{(?![{%#])[^\n}]*\}?")
_ATTRIBUTE_LIST = re.compile(r"\{: ?(?:[#.][a-zA-Z][\w-]* ?)+\}|\{[^}]*", re.ASCII)
_ATTRIBUTES = re.compile(r"\{:[^{}\n]*\}")
_ODD_IN_ADDRESS = re.compile(rf"[\s\\\0-\x1f\"'<>`{{}}{_GONE}]")
_PICTURE = re.compile(r"(?<!\\)!\[(?!\[)")
_ANCHOR = re.compile(r"\{:[^}\n]*#([\w-]+)")
_ID = re.compile(r'<[a-z][^<>]*\sid="([^"]*)"')
_BLOCK = re.compile("blockquote|body|div|h[1-6]|hr|li|ol|p|pre|t[dhr]|table|tbody|thead|ul")
_IGNORED = ("body", "div", "p", "tbody", "thead")  # blocks that may differ without harm, such as paragraphs in the items of a list


@functools.lru_cache(maxsize=256)
def _parsed(page: Page) -> tuple[str, Sequence[Token]]:
    """Return the text of `page` with calls and attribute lists blanked out, and its tokens as GitHub reads them."""
    plain = blanked(_ATTRIBUTES, blanked(_CALL, page.text, _GONE))
    return plain, github_tokens(plain)


def page_problems(page: Page) -> Iterator[Problem]:
    """Yield a problem for HTML, harmful characters, links and pictures, and Markdown that GitHub shows differently."""
    for offset, wrong, instead in invalid_characters(page.text):
        yield problem_at(page, offset, "character", wrong, instead)
    text = blanked(_CALL, page.text, _GONE)
    if fault := too_complex(text):
        yield problem_at(page, fault[0], "tangled", *fault[1:])
        return
    for found in _HTML.finditer(text):
        if not _AUTOMATIC.match(text, found.start()):
            wrong = f"HTML that begins {found[0].replace(_GONE, '')}"
            yield problem_at(page, found.start(), "raw-html", wrong, "write it in Markdown; for the sign itself write &lt;")
    for found in _BRACES.finditer(text):
        if not _ATTRIBUTE_LIST.fullmatch(found[0]):
            wrong = f"{found[0][:60].replace(_GONE, '')} is not an anchor"
            yield problem_at(page, found.start(), "attributes", wrong, "write {: #anchor } or {: .class }, or delete the braces")
    for found in _PICTURE.finditer(text):
        yield problem_at(page, found.start(), "picture", "a picture", "describe it in words; only the site itself draws pictures")
    for link in outline(page).links:
        if not is_safe_address(link.target):
            instead = "write the path of a page, or an address that begins with https:// or mailto:, in plain letters"
            yield _link_problem(page, link, "bad-link", f"a link to {link.target.replace(_GONE, '')}", instead)
    yield from _markdown_problems(page)


def is_safe_address(target: str) -> bool:
    """Return whether a link in a page may have this `target`: a path on this site, or a plain http, https or mailto address."""
    plain = html.unescape(target)
    if html.unescape(plain) != plain:
        return False
    elsewhere = plain.startswith("//") or ":" in re.split(r"[/?#]", plain)[0]
    return is_address(plain) or not (elsewhere or _ODD_IN_ADDRESS.search(plain))


class _Line(NamedTuple):
    """A line that a page shows, the blocks around it, and where it begins in the page (a line from 0)."""

    text: str
    blocks: str
    line: int


@functools.lru_cache(maxsize=256)
def _markdown_problems(page: Page) -> tuple[Problem, ...]:
    """Return a problem for each mark of `page` that the site does not know, and for the first line that GitHub shows differently."""
    plain, tokens = _parsed(page)
    problems = [problem_at(page, offset, "mark", wrong, instead) for offset, wrong, instead in unsupported(plain, page=True)]
    for token in tokens:
        if token.nesting >= 0 and token.map:
            token.attrSet("data-line", str(token.map[0]))
    github = _lines(GITHUB.renderer.render(tokens, GITHUB.options, {}))
    site = _lines(SITE.reset().convert(blanked(_CALL, page.text, _GONE)))
    end = _Line("", "", plain.rstrip().count("\n"))
    theirs, ours = next((pair for pair in zip_longest(github, site, fillvalue=end) if pair[0][:2] != pair[1][:2]), (end, end))
    line = page.first + theirs.line
    if theirs != ours and line not in {problem.line for problem in problems}:
        blocks = theirs.blocks or ours.blocks if theirs.blocks != ours.blocks else ""
        instead = next(instead for pattern, instead in texts("messages/markdown.yml")["preview"].items() if re.search(pattern, blocks))
        problems.append(Problem(page.path, line, 1, "mark", "GitHub's preview shows this differently from the site", instead))
    return tuple(problems)


def _lines(page: str) -> list[_Line]:
    """Return each line that the HTML `page` shows, in order; dividing lines and links count as text."""
    lines: list[_Line] = []
    blocks, starts, text = [""], [0], ""
    body = lxml.html.document_fromstring(f"<html><body>{page}</body></html>").body

    def flush() -> None:
        nonlocal text
        for number, part in enumerate(text.strip().split("\n")):
            if part.strip():
                lines.append(_Line(" ".join(part.split()), blocks[-1], starts[-1] + number))
        text = ""

    for event, element in lxml.etree.iterwalk(body, events=("start", "end", "comment", "pi")):
        block = event in ("start", "end") and _BLOCK.fullmatch(element.tag)
        if block:
            flush()
        if event == "start":
            own = "" if not block or element.tag in _IGNORED else f" {element.tag}{element.get('start', '')}"
            blocks.append(blocks[-1] + own)
            starts.append(int(element.get("data-line", starts[-1])))
            text += ("<hr>" if element.tag == "hr" else "") if block else f"<{element.tag} {element.get('href', '')}>"
            text += element.text or ""
        else:
            if event == "end":
                flush() if block else None
                blocks.pop()
                starts.pop()
                text += "" if block else f"</{element.tag}>"
            text += element.tail or ""
    return lines


class Heading(NamedTuple):
    """A heading: its level from 1, its text and its line in the file."""

    level: int
    text: str
    line: int


class Link(NamedTuple):
    """A link: its target, and its line in the file."""

    target: str
    line: int


class Outline(NamedTuple):
    """The headings, anchors with their lines, and links of a page, without those that its macros make."""

    headings: list[Heading]
    anchors: list[tuple[str, int]]
    links: list[Link]


@functools.lru_cache(maxsize=256)
def outline(page: Page) -> Outline:
    """Return the headings, anchors and links of `page`."""
    headings, links = [], []
    tokens = _parsed(page)[1]
    for token, content in zip(tokens, [*tokens[1:], None], strict=False):
        line = page.first + token.map[0] if token.map else page.first
        if token.type == "heading_open" and content:
            text = "".join(part.content for part in content.children or ())
            headings.append(Heading(int(token.tag[1]), text.strip(), line))
        for part in token.children or (token,):
            if part.type == "link_open":
                links.append(Link(str(part.attrs["href"]), line))
            line += part.content.count("\n") + (part.type == "softbreak")
    lines = page.text.split("\n")
    anchors = [(found[1], page.first + n) for n, text in enumerate(lines) for found in _ANCHOR.finditer(text)]
    return Outline(headings, anchors, links)


def outline_problems(page: Page, calls: Sequence[Call], has_title: Callable[[str], bool]) -> Iterator[Problem]:
    """Yield a problem unless `page` has one title, at its top, headings without gaps in their levels, and each anchor once."""
    headings, anchors, _ = outline(page)
    called = [Heading(1 if has_title(call.name) else 7, call.name, page.first + call.line - 1) for call in calls]
    parts = sorted((*headings, *called), key=lambda part: part.line)
    titles = [part.line for part in parts if part.level == 1]
    text = next((n for n, line in enumerate(page.text.split("\n"), page.first) if line.strip()), page.first)
    first = next((part.line for part in parts if part.level < 7), text)
    if first not in titles:
        yield Problem(page.path, first, 1, "title", "the page does not begin with its title", "begin it with # and the title")
    for line in titles[1:]:
        yield Problem(page.path, line, 1, "title", "a second title", "write ## instead of #, or delete it; a page has one title")
    above = 7
    for part in parts:
        if not part.text:
            yield Problem(page.path, part.line, 1, "heading", "an empty heading", "write its text after the #, or delete the line")
        if above + 1 < part.level < 7:
            wrong = f"a heading of level {part.level} below one of level {above}"
            yield Problem(page.path, part.line, 1, "heading", wrong, f"write {'#' * (above + 1)} instead of {'#' * part.level}")
        above = 7 if part in called else part.level  # a macro may make headings
    first_line: dict[str, int] = {}
    for anchor, line in anchors:
        if first_line.setdefault(anchor, line) != line:
            wrong = f'the anchor "{anchor}" is used twice (first in line {first_line[anchor]})'
            yield Problem(page.path, line, 1, "anchor", wrong, "rename one of the two")


class Addresses:
    """The addresses of the site: those of `pages`, with the anchors of records, and all others that the build makes."""

    def __init__(
        self, pages: Sequence[Page], anchors: Mapping[str, set[str]], others: set[str], home: str, html: Callable[[Page], str]
    ) -> None:
        """Keep the `anchors` of records by address, and `others` that redirect; `html` renders a page whose anchors are in doubt."""
        self.pages, self.anchors, self.others, self.home = {page.url: page for page in pages}, anchors, others, home.rstrip("/")
        self.html = functools.cache(html)

    def wrong(self, target: str, page: Page | None = None) -> tuple[str, str] | None:
        """Return what is wrong with the link `target` of `page` or a record and what to write, or None; some only a build can check."""
        try:
            parts, own, prefix = urlsplit(target), own_path(target, self.home), ""
        except ValueError:  # for example, prose that begins with "https://[x"; `page_problems` names such links
            return None
        typed: Callable[[Page], str]  # how a link to a page would be written
        if own is not None:
            url, typed, prefix = own, lambda other: other.url, f"{self.home}/"
        elif page is None or parts.scheme or parts.netloc:
            return None
        elif not parts.path:
            return self._wrong_anchor(page, parts.fragment, "")
        elif parts.path.endswith((".md", "/")):
            folder = posixpath.dirname(page.path)
            file = posixpath.normpath(posixpath.join(folder, unquote(parts.path)))
            url, typed = Page(file, None, "", 1).url if file.endswith(".md") else "/", lambda other: posixpath.relpath(other.path, folder)
        else:
            return None
        url = url.removesuffix("index.html")
        if url in self.pages:
            return self._wrong_anchor(self.pages[url], parts.fragment, target.partition("#")[0])
        if url in self.others or not url.endswith("/"):
            return None
        near = did_you_mean(own or parts.path, map(typed, self.pages.values())).replace('"', f'"{prefix}', 1)
        return "leads to no page", near if near.startswith("did") else "write the path of a page, or delete the link"

    def _wrong_anchor(self, page: Page, anchor: str, before: str) -> tuple[str, str] | None:
        anchor = unquote(anchor)
        known = {name for name, _ in outline(page).anchors} | self.anchors.get(page.url, set())
        if not anchor or anchor.startswith((":~:", "/")) or anchor in known:
            return None
        known |= {*_ID.findall(self.html(page)), *(page.meta.formerly if page.meta else ()), "content"}
        if anchor in known:
            return None
        near = did_you_mean(anchor, known).replace('"', f'"{before}#', 1)
        return f"leads to no anchor of {page.path}", near if near.startswith("did") else "delete what follows #"


def dead_links(pages: Sequence[Page], addresses: Addresses) -> Iterator[Problem]:
    """Yield a problem for each link of `pages` that leads nowhere on the site."""
    for page in pages:
        for link in outline(page).links:
            if fault := addresses.wrong(link.target, page):
                yield _link_problem(page, link, "dead-link", f'"{link.target}" {fault[0]}', fault[1])


def _link_problem(page: Page, link: Link, name: str, wrong: str, instead: str) -> Problem:
    column = page.text.split("\n")[link.line - page.first].find(link.target) + 1
    return Problem(page.path, link.line, max(column, 1), name, wrong, instead)


def address_collisions(pages: Sequence[Page], others: set[str]) -> Iterator[Problem]:
    """Yield a problem for each of `pages` whose address belongs to another page, or is one of the `others` that the build makes."""
    owners = dict.fromkeys(others, "a page that the build makes")
    for page in pages:
        if owners.setdefault(page.url, page.path) != page.path:
            yield Problem(page.path, 1, 1, "same-address", f"has the address of {owners[page.url]}", "give the page another name")
