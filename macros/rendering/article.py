"""The article of a page as HTML, without MkDocs."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping

from jinja2.sandbox import ImmutableSandboxedEnvironment

from macros.checks.pages import SITE
from macros.loading.pages import Page

_PAGE_LINK = re.compile(r'(?<= href=")(?![a-z]+:)([^":#]+\.md)(?=["#])')
_JINJA = ImmutableSandboxedEnvironment()


def article(page: Page, macros: Mapping[str, Callable[..., str]]) -> str:
    """Return the HTML of `page`, in which only `macros` may be called; links to pages become addresses from the site's root."""
    text = _JINJA.from_string(page.text).render(macros)
    folder = posixpath.dirname(page.path)

    def address(link: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(folder, link[1]))
        return "/" + Page(path, None, "", 1).url

    return _PAGE_LINK.sub(address, SITE.reset().convert(text))
