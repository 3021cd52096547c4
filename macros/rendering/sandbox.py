"""Pages as HTML, in a Jinja sandbox that only runs calls of our macros."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from typing import Any, cast

from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from macros.checks.pages import SITE
from macros.loading.pages import Macros, Page, calls
from macros.model.problem import Problem
from macros.rendering.glossary_links import KeepHtml, marked

_PAGE_LINK = re.compile(r'(?<= href=")(?![a-z]+:)([^":#]+\.md)(?=["#])')
_JINJA = ImmutableSandboxedEnvironment()
SITE.preprocessors.register(KeepHtml(SITE), "macro_html", 22)  # as for MkDocs, where glossary_links registers it


def article(page: Page, macros: Mapping[str, Callable[..., str]]) -> str:
    """Return the HTML of `page` without MkDocs; only `macros` may be called; links to pages become addresses from the site's root."""
    folder = posixpath.dirname(page.path)

    def address(link: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(folder, link[1]))
        return "/" + Page(path, None, "", 1).url

    text = _JINJA.from_string(page.text).render({name: marked(macro) for name, macro in macros.items()})
    return _PAGE_LINK.sub(address, SITE.reset().convert(text))


class CallsOnly(ImmutableSandboxedEnvironment):
    """A sandbox that raises SecurityError for anything but calls; set it as the __class__ of an existing environment."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Return the tree of `source`; raise SecurityError if it holds anything but text and calls of macros."""
        for call in calls(Page("", None, source, 1), cast("Macros", self.globals)):
            if isinstance(call, Problem):
                raise SecurityError(call.message)
        return super()._parse(source, name, filename)

    def is_safe_callable(self, obj: Any) -> bool:
        """Return whether `obj` is one of our macros."""
        return any(obj is macro for macro in self.globals.values())
