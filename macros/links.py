"""Which links of the built tree lead nowhere, and which anchors stand twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import lxml.etree
import lxml.html

from macros.problem import Problem
from macros.settings import own_path

_BASE = "https://site.invalid/"
_UTF8 = lxml.html.HTMLParser(encoding="utf-8")


@dataclass
class _Page:
    """What a page links or loads, and the anchors that it has, each with its line."""

    anchors: set[str] = field(default_factory=set)
    links: list[tuple[str, int]] = field(default_factory=list)
    doubled: list[tuple[str, int]] = field(default_factory=list)


def dead_links(site: Path, home: str = "") -> Iterator[Problem]:
    """Yield a problem for each link inside the built `site` that leads nowhere, and each anchor that stands twice on a page.

    `home` is the address at which it is published: the page for what is missing names that folder of the server in its links.
    """
    base = urljoin(_BASE, urlsplit(home).path.rstrip("/") + "/")
    pages = {file.relative_to(site).as_posix(): _page(file) for file in sorted(site.rglob("*.html"))}
    judged: dict[tuple[str, str], str] = {}
    for path, page in pages.items():
        for anchor, line in page.doubled:
            yield Problem(f"site/{path}", line, 1, "anchor-twice", f'the anchor "{anchor}" stands twice', "give each its own")
        for link, line in page.links:
            at = (path.rpartition("/")[0] if not link.startswith(("#", "?")) and link else path, link)
            if at not in judged:
                judged[at] = _dead(site, base, pages, path, link, home)
            if wrong := judged[at]:
                yield Problem(f"site/{path}", line, 1, "dead-link", f'"{link}" {wrong}', "mend the record or page that makes it")


def _page(file: Path) -> _Page:
    page = _Page()
    for element in lxml.html.fromstring(file.read_bytes() or b"-", parser=_UTF8).iter(lxml.etree.Element):
        line = element.sourceline or 1
        if anchor := element.get("id"):
            if anchor in page.anchors:
                page.doubled.append((anchor, line))
            page.anchors.add(anchor)
        page.links += [(link, line) for name in ("href", "src") if (link := element.get(name)) is not None]
    return page


def _dead(site: Path, base: str, pages: dict[str, _Page], path: str, link: str, home: str) -> str:
    """Return what is wrong with `link` on the page `path`, or nothing; what follows #/ is for the program that the page is."""
    own = own_path(link, home)
    whole = urljoin(base, own) if own is not None else urljoin(base + path.removesuffix("index.html"), link)
    target = urlsplit(whole)._replace(fragment=urlsplit(link).fragment)
    if f"{target.scheme}://{target.netloc}/" != _BASE:
        return ""
    if not target.path.startswith(urlsplit(base).path):
        return "leads to no file"
    found = unquote(target.path.removeprefix(urlsplit(base).path)).lstrip("/")
    if found == "" or found.endswith("/"):
        found += "index.html"
    elif (site / found).is_dir():
        return "leads to a folder; end it with /"
    if not (site / found).is_file():
        return "leads to no file"
    anchor = unquote(target.fragment)
    if anchor and not anchor.startswith((":~:", "/")) and found in pages and anchor not in pages[found].anchors:
        return "leads to no anchor of that page"
    return ""
