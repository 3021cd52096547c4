"""Prose inside records becomes plain text, for forms that know no marks."""

from __future__ import annotations

from collections.abc import Iterator

import lxml.html
from lxml.html import HtmlElement

from macros.text.markup import is_address, prose

_BLOCKS = {"p", "ul", "ol", "li", "blockquote"}


def plain(text: str) -> str:
    """Return the words of `text` without marks: a line for each paragraph and item, web addresses in brackets behind their words."""
    return "\n".join(_lines(lxml.html.fragment_fromstring(prose(text, str), create_parent="div"), ""))


def _lines(element: HtmlElement, mark: str) -> Iterator[str]:
    """Yield the lines of `element`; the first begins with `mark`."""
    said = element.text or ""
    for number, child in enumerate(element, 1):
        if child.tag in _BLOCKS:
            if said.strip():
                yield mark + " ".join(said.split())
                mark, said = "", ""
            own = "" if child.tag != "li" else "• " if element.tag == "ul" else f"{number}. "
            for line in _lines(child, mark + own):
                yield line
                mark = ""
        else:
            said += _words(child)
        said += child.tail or ""
    if said.strip():
        yield mark + " ".join(said.split())


def _words(element: HtmlElement) -> str:
    words, target = str(element.text_content()), element.get("href", "")
    return f"{words} ({target})" if is_address(target) and words != target.removeprefix("mailto:") else words
