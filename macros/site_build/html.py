"""The pages of the built site, parsed once for everything that reads them."""

from __future__ import annotations

from pathlib import Path

import lxml.html
from lxml.html import HtmlElement

_UTF8 = lxml.html.HTMLParser(encoding="utf-8")


def parsed(html: bytes) -> HtmlElement:
    """Return the tree of a page."""
    return lxml.html.document_fromstring(html or b"-", parser=_UTF8)


def parsed_pages(site: Path) -> dict[str, HtmlElement]:
    """Return the trees of all pages of the built `site` by path, in order."""
    return {file.relative_to(site).as_posix(): parsed(file.read_bytes()) for file in sorted(site.rglob("*.html"))}
