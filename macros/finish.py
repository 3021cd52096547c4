"""What is done to the built tree: its links are checked, and it takes the place of the last good site."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from macros.problem import Problem

_BASE = "https://site.invalid/"


class _Links(HTMLParser):
    """Gathers the addresses that a page links or loads, and the anchors that it has."""

    def __init__(self) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[tuple[str, int, int]] = []
        self.doubled: list[tuple[str, int, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the tag `tag` links and names."""
        del tag
        line, column = self.getpos()
        for name, value in attrs:
            if name == "id" and value:
                if value in self.anchors:
                    self.doubled.append((value, line, column + 1))
                self.anchors.add(value)
            elif name in ("href", "src") and value is not None:
                self.links.append((value, line, column + 1))


def dead_links(site: Path) -> Iterator[Problem]:
    """Yield a problem for each link inside the built `site` that leads nowhere, and each anchor that stands twice on a page."""
    pages: dict[str, _Links] = {}
    for file in sorted(site.rglob("*.html")):
        page = _Links()
        page.feed(file.read_text("utf-8"))
        pages[file.relative_to(site).as_posix()] = page
    for path, page in pages.items():
        for anchor, line, column in page.doubled:
            yield Problem(f"site/{path}", line, column, "anchor-twice", f'the anchor "{anchor}" stands twice', "give each its own")
        for link, line, column in page.links:
            if wrong := _dead(site, pages, path, link):
                yield Problem(f"site/{path}", line, column, "dead-link", f'"{link}" {wrong}', "mend the record or page that makes it")


def _dead(site: Path, pages: dict[str, _Links], path: str, link: str) -> str:
    target = urlsplit(urljoin(_BASE + path.removesuffix("index.html"), link))
    if f"{target.scheme}://{target.netloc}/" != _BASE:
        return ""
    found = unquote(target.path).lstrip("/")
    if found == "" or found.endswith("/"):
        found += "index.html"
    elif (site / found).is_dir():
        return "leads to a folder; end it with /"
    if not (site / found).is_file():
        return "leads to no file"
    anchor = unquote(target.fragment)
    if anchor and not anchor.startswith(":~:") and found in pages and anchor not in pages[found].anchors:
        return "leads to no anchor of that page"
    return ""


def replace(site: Path, staging: Path) -> None:
    """Put the finished folder `staging` in the place of `site`; if that fails, the old `site` stays."""
    old = staging.with_name(f"{staging.name}-old")
    had = site.exists()
    if had:
        site.rename(old)
    try:
        staging.rename(site)
    except OSError:
        if had:
            old.rename(site)
        raise
    shutil.rmtree(old, ignore_errors=True)
