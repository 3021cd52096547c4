"""The Markdown of prose inside records: paragraphs, lists, a few marks and links, and no HTML."""

from __future__ import annotations

import functools
import re
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString

from macros.fields import TERM_PATTERN

_OFF = {
    "preprocessors": ("html_block",),
    "inlinePatterns": ("html", "entity", "image_link", "image_reference", "short_image_ref", "reference", "short_reference", "automail"),
    "parser.blockprocessors": ("hashheader", "setextheader", "hr", "code", "reference"),
}


class _Terms(InlineProcessor):
    """Makes `[[outcome]]` and `[[outcome|outcomes]]` links to a term."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]  # noqa: ARG002, N802
        """Return the link and the span that it replaces."""
        link = Element("a", {"href": f"term/{m[1]}", "class": "term"})
        link.text = AtomicString(m[2] or m[1].replace("-", " "))
        return link, m.start(0), m.end(0)


class _Plain(Extension):
    """Takes away all of Markdown that prose in a record has no use for."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Change `md` in place."""
        for part, names in _OFF.items():
            registry: Any = functools.reduce(getattr, part.split("."), md)
            for name in names:
                registry.deregister(name)
        md.inlinePatterns.register(_Terms(TERM_PATTERN, md), "terms", 175)


_MARKDOWN = Markdown(extensions=[_Plain()], output_format="html")


def html_of(text: str) -> str:
    """Return `text` as HTML, with the targets of links as they are typed."""
    return _MARKDOWN.reset().convert(text)
