"""Checks of the links and anchors of the built site."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from lxml.html import HtmlElement

from macros.checks.settings import own_path
from macros.model.problem import Problem

_BASE = "https://site.invalid/"


def dead_links(site: Path, trees: Mapping[str, HtmlElement], home: str = "") -> Iterator[Problem]:
    """Yield a problem for each link within the built `site` that leads nowhere, and each anchor that occurs twice on a page.

    `trees` are its parsed pages by path. `home` is the address at which the site is published: 404.html uses its path in links.
    """
    base = urljoin(_BASE, urlsplit(home).path.rstrip("/") + "/")
    anchors: dict[str, set[str]] = {path: set() for path in trees}
    for path, root in trees.items():
        for element in root.xpath("//*[@id]"):
            anchor = element.get("id")
            if anchor in anchors[path]:
                yield Problem(
                    f"site/{path}", element.sourceline or 1, 1, "anchor-twice", f'the anchor "{anchor}" occurs twice', "rename one"
                )
            anchors[path].add(anchor)
    fault = functools.cache(lambda target: _fault(site, base, anchors, target))
    resolve = functools.cache(lambda page, link: _resolve(base, page, link, home))
    for path, root in trees.items():
        for element in root.xpath("//*[@href or @src]"):
            for link in filter(None, (element.get("href"), element.get("src"))):
                if wrong := fault(resolve(path if link.startswith(("#", "?")) else path.rpartition("/")[0] + "/", link)):
                    instead = "fix the record or page that makes it"
                    yield Problem(f"site/{path}", element.sourceline or 1, 1, "dead-link", f'"{link}" {wrong}', instead)


def _resolve(base: str, page: str, link: str, home: str) -> str:
    """Return the full address of `link` on `page`, below `base`; links to `home` lead there, too."""
    own = own_path(link, home) if "://" in link else None
    if own is not None:
        return f"{urljoin(base, own)}#{urlsplit(link).fragment}"
    return urljoin(base + page.removesuffix("index.html").lstrip("/"), link)


def _fault(site: Path, base: str, anchors: Mapping[str, set[str]], address: str) -> str:
    """Return what is wrong with a link to `address`, or ""; a fragment that starts with / is handled by the form at /edit/."""
    target = urlsplit(address)
    if f"{target.scheme}://{target.netloc}/" != _BASE:
        return ""
    if not target.path.startswith(urlsplit(base).path):
        return "leads to no file"
    path = unquote(target.path.removeprefix(urlsplit(base).path)).lstrip("/")
    if path == "" or path.endswith("/"):
        path += "index.html"
    elif (site / path).is_dir():
        return "leads to a folder; end it with /"
    if not (site / path).is_file():
        return "leads to no file"
    anchor = unquote(target.fragment)
    if anchor and not anchor.startswith((":~:", "/")) and path in anchors and anchor not in anchors[path]:
        return "leads to no anchor of that page"
    return ""
