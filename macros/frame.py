"""The words round the article of a page that come from the records; the engine's own templates leave a mark for each."""

from __future__ import annotations

import re
from collections.abc import Iterable

from macros.framework import Framework
from macros.markup import first_heading
from macros.prose import Page
from macros.render import TEMPLATES, Renderer

_NAMES = sorted(file.name.removeprefix("frame_").removesuffix(".html.j2") for file in TEMPLATES.glob("frame_*.html.j2"))
_MARK = re.compile(rf"<!-- frame: ({'|'.join(_NAMES)}) -->")


class Frame:
    """Fills in the marks of `pages`: `<!-- frame: page_foot -->` with what frame_page_foot.html.j2 says of `framework`, and so on."""

    def __init__(self, framework: Framework, pages: Iterable[Page], revision: str, *, draft: bool) -> None:
        self._page: Page | None = None
        self._pages = {f"{page.url}index.html": page for page in pages}
        self._renderer = Renderer(framework, lambda: self._page.url if self._page else "")
        self._values = {"site": framework.site, "revision": revision, "draft": draft}

    def filled(self, path: str, html: str) -> str:
        """Return `html`, built as `path` (`values/index.html`), with its marks filled in; 404.html has a frame, and no file of its own."""
        self._page = self._pages.get(path)
        values = {**self._values, "page": self._page, "title": first_heading(html)}
        return _MARK.sub(lambda mark: self._renderer.render(f"frame_{mark[1]}.html.j2", **values).strip(), html)
