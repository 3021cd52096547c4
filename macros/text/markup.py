"""Prose inside records becomes HTML: a few marks of Markdown, links to ids and addresses, and no HTML of its own."""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Callable, Iterator

from markupsafe import Markup

from macros.text.inline_markdown import html_of
from macros.text.patterns import ID_PATTERN, MAIL_PATTERN, WEB_PATTERN

_HREF = re.compile(r'(?:(?<=<a href=")|(?<=<a class="term" href="))[^"]*(?=")')
_HEADING = re.compile(r'<h1\b[^>]*>(.*?)(?:<a class="headerlink"|</h1>)', re.DOTALL)
_ID = re.compile(rf"(?:([a-z]+(?:-[a-z]+)*)/)?({ID_PATTERN})")
_WEB = re.compile(rf"{WEB_PATTERN}|mailto:{MAIL_PATTERN}")


_html = functools.lru_cache(maxsize=100_000)(html_of)


def prose(text: str, resolve: Callable[[str], str]) -> Markup:
    """Return `text` as HTML paragraphs and lists; `resolve` turns a link's target into its address."""
    found = _html(text)
    if "<a " in found:
        found = _HREF.sub(lambda m: html.escape(resolve(html.unescape(m[0]))), found)
    return Markup(found)  # noqa: S704  (Markdown without raw HTML escaped it)


def inline(text: str, resolve: Callable[[str], str]) -> Markup:
    """Return `text` as `prose` does, without the paragraph round it if there is only one."""
    found = prose(text, resolve)
    if found.startswith("<p>") and found.count("<p>") == 1 and found.endswith("</p>"):
        return Markup(found[3:-4])  # noqa: S704
    return found


def links(text: str) -> Iterator[str]:
    """Yield the target of each link that `text` makes, as typed."""
    if "[" in text or "<" in text:
        for target in _HREF.findall(_html(text)):
            yield html.unescape(target)


def is_address(target: str) -> bool:
    """Return whether a link's target leads off the site, by http, https or mailto."""
    return bool(_WEB.fullmatch(target))


def as_id(target: str) -> tuple[str, str] | None:
    """Return the kind ("" if not typed) and id that a link's target names, or None if it has not that form."""
    found = _ID.fullmatch(target)
    return (found[1] or "", found[2]) if found else None


def literal(text: str) -> Markup:
    """Return `text` as HTML in which Markdown, if it reads it again, finds no mark of its own."""
    return Markup(re.sub(r"[\\`*_{}\[\]<>&\"'!]", lambda mark: f"&#{ord(mark[0])};", " ".join(text.split())))  # noqa: S704  (no sign of HTML is left)


def first_heading(page: str) -> str:
    """Return the words of the first heading of the HTML `page`, or "" if it has none."""
    found = _HEADING.search(page)
    return Markup(found[1]).striptags() if found else ""  # noqa: S704  (its tags are taken out)


def heading(text: str) -> str:
    """Return `text` so that it is plain text inside a Markdown heading."""
    return re.sub(r"([\\`*_{}\[\]()>#+\-.!])", r"\\\1", " ".join(html.escape(text, quote=False).split()))
