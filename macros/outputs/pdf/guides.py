"""The printed guides: each stage, its checklist, the glossary, and the complete framework in two sizes of type."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from markupsafe import Markup

from macros.history.editions import Editions, edition_lookup
from macros.loading.pages import Page
from macros.model.framework import Framework
from macros.model.output import Stamp
from macros.model.records import Law, Principle, Source, Stage, Term
from macros.outputs.pdf.html_nodes import Node, document, first, text
from macros.outputs.pdf.typst_compile import Guide
from macros.rendering import cycle_diagram
from macros.rendering.article import article
from macros.rendering.environment import Renderer
from macros.rendering.page_macros import PageMacros
from macros.text.fonts import TYPEFACE

NORMAL, LARGE = 11, 18
"""Type sizes in points."""
CHAPTERS = ("definition/", "framework/", "law/", "cycle/", "values/", "compact/", "glossary/", "brighton-and-hove/", "about/sources/")
"""The pages in the complete framework; the first four come before the stages."""


class Guides:
    """Renders the content of each guide from the records and pages of one framework."""

    def __init__(
        self, framework: Framework, pages: Iterable[Page], stamp: Stamp, *, draft: bool = False, editions: Editions | None = None
    ) -> None:
        """Render `framework` and `pages` with `stamp`; a `draft` has no publisher yet. `editions` say when texts last changed."""
        self._framework, self._stamp, self._draft, self._editions = framework, stamp, draft, editions
        self._pages = {page.url: page for page in pages}
        self._stages = framework.all(Stage)
        self._here = ""
        self._renderer = Renderer(framework, lambda: self._here, since=edition_lookup(framework, editions))
        self._library = PageMacros(framework, lambda: self._here, editions=editions)
        self._page = functools.cache(self._read)

    def makers(self) -> dict[str, Callable[[], Guide]]:
        """Return a function for each guide, by path, in the order of the downloads."""
        makers: dict[str, Callable[[], Guide]] = {}
        for stage in self._stages:
            makers[_path(f"stage-{stage.id}")] = functools.partial(self.stage, stage)
            makers[_path(f"stage-{stage.id}-checklist")] = functools.partial(self.checklist, stage)
        for name, size in (("framework", NORMAL), ("framework-large-print", LARGE)):
            makers[_path(name)] = functools.partial(self.framework, name, size)
        makers[_path("glossary")] = self.glossary
        return makers

    def all(self) -> Iterator[Guide]:
        """Yield every guide, in the order of `makers`."""
        return (make() for make in self.makers().values())

    def stage(self, stage: Stage) -> Guide:
        """Return the guide to `stage`."""
        values = self._of(stage)
        parts = [
            self._part("guides/stage.html.j2", stage.url, **values),
            self._part("guides/terms.html.j2", "glossary/", **values),
            self._part("guides/sources.html.j2", "about/sources/", **values),
            self._part("guides/checklist_form.html.j2", stage.url, **values),
        ]
        return self._print(f"stage-{stage.id}", stage.url, document(parts, self._stamp.at), current=stage)

    def checklist(self, stage: Stage) -> Guide:
        """Return the checklist of `stage`, on one page if it fits."""
        parts = [self._part("guides/checklist.html.j2", stage.url, **self._of(stage))]
        return self._print(f"stage-{stage.id}-checklist", stage.url, document(parts, self._stamp.at), compact=True)

    def glossary(self) -> Guide:
        """Return the glossary, for example as an annex to an agreement."""
        parts = [self._part("guides/glossary.html.j2", "glossary/"), *self._page("glossary/")]
        return self._print("glossary", "glossary/", document(parts, self._stamp.at))

    def framework(self, name: str, size: float) -> Guide:
        """Return the complete framework as the file `name`, in type of `size` points."""
        cover = self._part("guides/framework.html.j2", large=size == LARGE)
        return self._print(name, "", document([cover, *self._chapters], self._stamp.at), size=size)

    @functools.cached_property
    def _chapters(self) -> list[tuple[str, str]]:
        parts = []
        for url in CHAPTERS[:4]:
            parts += self._page(url)
        parts += [self._part("guides/chapter.html.j2", stage.url, **self._of(stage)) for stage in self._stages]
        for url in CHAPTERS[4:]:
            parts += self._page(url)
        return parts

    def _of(self, stage: Stage) -> dict[str, Any]:
        recommendations = self._framework.recommendations(stage)
        live = [r for r in recommendations if not r.withdrawn]
        named = [(self._framework.get(Principle, s.principle), s) for r in live for s in r.compact]
        sources = {*stage.sources, *(source for r in live for source in r.sources)}
        sources |= {source for p, s in named for u in p.undertakings if u.number in s.undertakings for source in u.sources}
        terms = {term for r in live for term in r.terms}
        return {
            "stage": stage,
            "recommendations": recommendations,
            "laws": self._framework.holders(stage, Law),
            "principles": self._framework.all(Principle),
            "terms": self._framework.some(Term, terms),
            "sources": self._framework.some(Source, sources),
        }

    def _read(self, url: str) -> list[tuple[str, str]]:
        """Return the page at `url`, if there is one, with the matrix and the sources as they fit on paper."""
        if url not in self._pages:
            return []
        self._here = url
        render, principles, sources = self._renderer.render, self._framework.all(Principle), self._framework.all(Source)
        for_paper = {
            "matrix": lambda: render("guides/matrix.html.j2", stages=self._stages, principles=principles),
            "sources": lambda: render("guides/sources_list.html.j2", sources=sources),
        }
        html = article(self._pages[url], {**self._library.macros(), **for_paper})
        return [(url, render("guides/part.html.j2", content=Markup(html)))]  # noqa: S704  (our pages)

    def _part(self, template: str, url: str = "", **values: Any) -> tuple[str, str]:
        """Return `url`, and `template` rendered for that page."""
        self._here = url
        common = {"stages": self._stages, "current": values.get("stage"), "stamp": self._stamp, "draft": self._draft, "url": url}
        return url, self._renderer.render(template, **common, **values)

    def _print(
        self, name: str, url: str, content: list[Node], *, current: Stage | None = None, size: float = NORMAL, compact: bool = False
    ) -> Guide:
        picture = self._renderer.render("images/cycle.svg.j2", **cycle_diagram.picture(self._stages, current), typeface=TYPEFACE)
        title = text(first(content, "h1"))
        guide = {
            "title": f"{title} | {self._stamp.name}" if url else title,
            "running": title if url else "",
            "author": self._framework.site.publisher,
            "address": self._stamp.at(url),
            "stamp": self._renderer.render("guides/stamp.txt.j2", stamp=self._stamp),
            "size": size,
            "compact": compact,
            "chapters": not url,
            "pictures": {"cycle": picture, "address": _drawn(self._stamp.at(url))},
            "content": content,
        }
        return Guide.of(_path(name), guide, self._stamp.day)


def _path(name: str) -> str:
    return f"downloads/{name}.pdf"


@functools.lru_cache(maxsize=64)
def _drawn(address: str) -> str:
    """Return the QR code of `address`, drawn as SVG."""
    import segno  # only a printed guide has one

    drawn = io.BytesIO()
    segno.make(address or "-", micro=False, error="m").save(drawn, kind="svg", xmldecl=False, border=1)
    return drawn.getvalue().decode()
