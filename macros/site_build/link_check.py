"""Checks of the links and anchors of the built site."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from lxml.html import HtmlElement

from macros.checks.settings import own_path
from macros.model.problem import Problem

_BASE = "https://site.invalid/"


def dead_links(site: Path, trees: Mapping[str, HtmlElement], home: str = "") -> Iterator[Problem]:
    """Yield a problem for each dead link in the `trees` of the built `site`, published at `home`, and each anchor that a page has twice."""
    base = urljoin(_BASE, urlsplit(home).path.rstrip("/") + "/")
    anchors = {path: Counter(root.xpath("//@id")) for path, root in trees.items()}

    @functools.cache
    def address(page: str, link: str) -> str:
        own = own_path(link, home) if "://" in link else None
        return urljoin(base + page, link) if own is None else urljoin(base, f"{own}#{urlsplit(link).fragment}")

    @functools.cache
    def fault(address: str) -> str:
        """Return what is wrong with a link to `address`, or ""; a fragment that starts with / is handled by the form at /edit/."""
        target = urlsplit(address)
        if f"{target.scheme}://{target.netloc}/" != _BASE:
            return ""
        path = unquote(target.path.removeprefix(urlsplit(base).path)).lstrip("/")
        if path == "" or path.endswith("/"):
            path += "index.html"
        elif (site / path).is_dir():
            return "leads to a folder; end it with /"
        if not target.path.startswith(urlsplit(base).path) or not (site / path).is_file():
            return "leads to no file"
        anchor = unquote(target.fragment)
        if anchor and not anchor.startswith((":~:", "/")) and path in anchors and anchor not in anchors[path]:
            return "leads to no anchor of that page"
        return ""

    for path, root in trees.items():
        for anchor, times in anchors[path].items():
            if times > 1:
                line = root.xpath("//*[@id=$anchor]", anchor=anchor)[1].sourceline or 1
                yield Problem(f"site/{path}", line, 1, "anchor-twice", f'the anchor "{anchor}" occurs twice', "rename one")
        folder, page = path.rpartition("/")[0] + "/", path.removesuffix("index.html")
        for link in root.xpath("//@href | //@src"):
            if link and (wrong := fault(address(page if link[0] in "#?" else folder.lstrip("/"), link))):
                line, instead = link.getparent().sourceline or 1, "fix the record or page that makes it"
                yield Problem(f"site/{path}", line, 1, "dead-link", f'"{link}" {wrong}', instead)
