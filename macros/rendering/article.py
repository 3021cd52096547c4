"""A page of content/ as HTML: its macros called and its Markdown read, as the engine does both."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping

from jinja2.sandbox import ImmutableSandboxedEnvironment

from macros.checks.page_markdown import SITE
from macros.loading.pages import Page

_FILE = re.compile(r'(?<= href=")(?![a-z]+:)([^":#]+\.md)(?=["#])')
_JINJA = ImmutableSandboxedEnvironment()


def article(page: Page, macros: Mapping[str, Callable[..., str]]) -> str:
    """Return the HTML of `page`, which holds calls of `macros` and no other Jinja; links to files lead to addresses from the root."""
    text = _JINJA.from_string(page.text).render(macros)
    folder = posixpath.dirname(page.path)

    def address(found: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(folder, found[1]))
        return "/" + Page(path, None, "", 1).url

    return _FILE.sub(address, SITE.reset().convert(text))
