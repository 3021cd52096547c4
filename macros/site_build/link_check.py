"""Which links of the built tree lead nowhere, and which anchors stand twice."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from lxml.html import HtmlElement

from macros.checks.settings import own_path
from macros.model.problem import Problem

_BASE = "https://site.invalid/"


@dataclass
class _Page:
    """What a page links or loads, and the anchors that it has, each with its line."""

    anchors: set[str] = field(default_factory=set)
    links: list[tuple[str, int]] = field(default_factory=list)
    doubled: list[tuple[str, int]] = field(default_factory=list)


def dead_links(site: Path, trees: Mapping[str, HtmlElement], home: str = "") -> Iterator[Problem]:
    """Yield a problem for each link inside the built `site` that leads nowhere, and each anchor that stands twice on a page.

    `trees` are its pages by path. `home` is the address at which it is published: the page for what is missing names that folder of the
    server in its links.
    """
    base = urljoin(_BASE, urlsplit(home).path.rstrip("/") + "/")
    pages = {path: _page(root) for path, root in trees.items()}
    targets: dict[tuple[str, str], str] = {}
    dead = functools.cache(lambda target: _dead(site, base, pages, target))
    for path, page in pages.items():
        for anchor, line in page.doubled:
            yield Problem(f"site/{path}", line, 1, "anchor-twice", f'the anchor "{anchor}" stands twice', "give each its own")
        for link, line in page.links:
            at = (path.rpartition("/")[0] if not link.startswith(("#", "?")) and link else path, link)
            if at not in targets:
                own = own_path(link, home) if "://" in link else None
                here = base + path.removesuffix("index.html")
                targets[at] = urljoin(here, link) if own is None else f"{urljoin(base, own)}#{urlsplit(link).fragment}"
            if wrong := dead(targets[at]):
                yield Problem(f"site/{path}", line, 1, "dead-link", f'"{link}" {wrong}', "mend the record or page that makes it")


def _page(root: HtmlElement) -> _Page:
    page = _Page()
    for element in root.xpath("//*[@id or @href or @src]"):
        line = element.sourceline or 1
        if anchor := element.get("id"):
            if anchor in page.anchors:
                page.doubled.append((anchor, line))
            page.anchors.add(anchor)
        page.links += [(link, line) for name in ("href", "src") if (link := element.get(name)) is not None]
    return page


def _dead(site: Path, base: str, pages: dict[str, _Page], address: str) -> str:
    """Return what is wrong with a link to `address`, or nothing; what follows #/ is for the program that the page is."""
    target = urlsplit(address)
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
