"""Rules for the titles, anchors and links of pages."""

from __future__ import annotations

import functools
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from macros.checks.page_markdown import blanked
from macros.checks.settings import own_path
from macros.loading.pages import Call, Page
from macros.model.problem import Problem, did_you_mean
from macros.text.inline_markdown import github_tokens

_ANCHOR = re.compile(r"\{:[^}\n]*#([\w-]+)|<[a-z][^<>]*\bid=\"([^\"]+)\"")
_ID = re.compile(r'<[a-z][^<>]*\sid="([^"]*)"')
_HREF = re.compile(r'<a\b[^>]*\bhref="([^"]*)"')


class Heading(NamedTuple):
    """A heading: its level from 1, its text and its line in the file."""

    level: int
    text: str
    line: int


class Link(NamedTuple):
    """A link: its target as typed, its line in the file, and whether it is HTML, which MkDocs leaves as it is."""

    target: str
    line: int
    html: bool


class Outline(NamedTuple):
    """The headings, anchors with their lines, and links of a page, without those that its macros make."""

    headings: tuple[Heading, ...]
    anchors: tuple[tuple[str, int], ...]
    links: tuple[Link, ...]


@functools.lru_cache(maxsize=256)
def outline(page: Page) -> Outline:
    """Return the headings, anchors and links of `page`."""
    plain = blanked(page.text)
    headings, links = [], []
    tokens = github_tokens(plain)
    for token, content in zip(tokens, [*tokens[1:], None], strict=True):
        line = page.first + token.map[0] if token.map else page.first
        if token.type == "heading_open" and content:
            text = "".join(part.content for part in content.children or () if part.type != "html_inline")
            headings.append(Heading(int(token.tag[1]), text.strip(), line))
        for part in token.children or ():
            if part.type == "softbreak":
                line += 1
            elif part.type == "link_open":
                links.append(Link(str(part.attrs["href"]), line, html=False))
            elif part.type == "html_inline":
                links += [Link(target, line, html=True) for target in _HREF.findall(part.content)]
        if token.type == "html_block":
            links += [Link(target, line, html=True) for target in _HREF.findall(token.content)]
    lines = page.text.split("\n")
    anchors = [(found[1] or found[2], page.first + n) for n, text in enumerate(lines) for found in _ANCHOR.finditer(text)]
    return Outline(tuple(headings), tuple(anchors), tuple(links))


def outline_problems(page: Page, calls: Sequence[Call], has_title: Callable[[str], bool]) -> Iterator[Problem]:
    """Yield a problem unless `page` has one title, at its top, headings without gaps in their levels, and each anchor once."""

    def problem(line: int, name: str, wrong: str, instead: str) -> Problem:
        return Problem(page.path, line, 1, name, wrong, instead)

    found = outline(page)
    called = [(page.first + call.line - 1, call) for call in calls]
    titles = sorted([heading.line for heading in found.headings if heading.level == 1] + [line for line, c in called if has_title(c.name)])
    if not titles:
        first = next((n for n, line in enumerate(page.text.split("\n")) if line.strip()), 0)
        yield problem(page.first + first, "title", "the page has no title", "begin it with # and the title")
    for line in titles[1:]:
        yield problem(line, "title", "a second title", "write ## instead of #, or delete it; a page has one title")
    level, since = 0, 0
    for heading in found.headings:
        if not heading.text:
            yield problem(heading.line, "heading", "an empty heading", "write its text after the #, or delete the line")
        between = any(since < line < heading.line for line, _ in called)  # a macro may make headings
        if level and heading.level > level + 1 and not between:
            wrong = f"a heading of level {heading.level} below one of level {level}"
            yield problem(heading.line, "heading", wrong, f"write {'#' * (level + 1)} instead of {'#' * heading.level}")
        if titles and heading.line < titles[0]:
            yield problem(heading.line, "title", "a heading above the title", "begin the page with its title")
        level, since = heading.level, heading.line
    first_line: dict[str, int] = {}
    for anchor, line in found.anchors:
        if anchor in first_line:
            wrong = f'the anchor "{anchor}" is used twice (first in line {first_line[anchor]})'
            yield problem(line, "anchor", wrong, "rename one of the two")
        first_line.setdefault(anchor, line)


class Addresses:
    """The addresses of the site: those of `pages`, with the anchors of records, and all others that the build makes."""

    def __init__(
        self, pages: Mapping[str, Page], anchors: Mapping[str, set[str]], others: set[str], home: str, html: Callable[[Page], str]
    ) -> None:
        """Keep `pages` by file, the `anchors` of records by address, and `others` that redirect; `html` renders a page, if in doubt."""
        self.pages, self.anchors, self.others, self.home = pages, anchors, others, home
        self.urls = {page.url: page for page in pages.values()}
        self.html = functools.cache(html)

    def wrong(self, target: str, page: Page | None = None, *, html: bool = False) -> tuple[str, str] | None:
        """Return what is wrong with the link `target` of `page` or a record and what to write, or None; some only a build can check."""
        parts = urlsplit(target)
        own = own_path(target, self.home)
        prefix = ""
        typed: Callable[[Page], str]  # how a link to a page would be written
        if own is not None:
            url, typed, prefix = own, lambda other: other.url, f"{self.home.rstrip('/')}/"
        elif page is None or parts.scheme or parts.netloc:
            return None
        elif not parts.path:
            return self._wrong_anchor(page, parts.fragment, "")
        elif html or parts.path.endswith("/"):
            base = page.url
            url, typed = urljoin(f"/{base}", parts.path).lstrip("/"), lambda other: f"{_relative(other.url, base)}/"
            if not html and url in self.urls:
                return "leads to a folder", f"write the path of the page: {_relative(self.urls[url].path, posixpath.dirname(page.path))}"
        elif parts.path.endswith(".md"):
            folder = posixpath.dirname(page.path)
            file = posixpath.normpath(posixpath.join(folder, unquote(parts.path)))
            url, typed = self.pages[file].url if file in self.pages else f"{file}/", lambda other: _relative(other.path, folder)
        else:
            return None
        url = url.removesuffix("index.html")
        if url in self.urls:
            return self._wrong_anchor(self.urls[url], parts.fragment, target.partition("#")[0])
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


def _relative(target: str, folder: str) -> str:
    return posixpath.relpath(f"/{target}", f"/{folder}")


def dead_links(pages: Sequence[Page], addresses: Addresses) -> Iterator[Problem]:
    """Yield a problem for each link of `pages` that leads nowhere on the site."""
    for page in pages:
        lines = page.text.split("\n")
        for target, line, html in outline(page).links:
            if found := addresses.wrong(target, page, html=html):
                column = lines[line - page.first].find(target) + 1
                yield Problem(page.path, line, max(column, 1), "dead-link", f'"{target}" {found[0]}', found[1])


def address_collisions(pages: Sequence[Page], others: set[str]) -> Iterator[Problem]:
    """Yield a problem for each of `pages` whose address belongs to another page, or is one of the `others` that the build makes."""
    first: dict[str, str] = {}
    for page in pages:
        if page.url in others:
            yield Problem(page.path, 1, 1, "same-address", f"/{page.url} is an address that the build makes", "give the page another name")
        elif first.setdefault(page.url, page.path) != page.path:
            yield Problem(page.path, 1, 1, "same-address", f"has the address of {first[page.url]}", "rename one of the two, or delete it")
