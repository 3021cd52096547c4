"""The printed guides: each stage, its checklist, the golden rules, the glossary, and the complete framework in two sizes of type."""

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
from macros.model.records import Principle, Source, Stage
from macros.outputs.pdf.html_nodes import document, first, text
from macros.outputs.pdf.typst_compile import Guide
from macros.rendering import cycle_diagram
from macros.rendering.environment import Renderer
from macros.rendering.page_macros import PageMacros, stage_values
from macros.rendering.sandbox import article
from macros.text.characters import TYPEFACE

NORMAL, LARGE = 11, 18  # type sizes in points
# The pages in the complete framework, before and after the stages.
OPENING = ("definition/", "framework/", "golden-rules/", "law/", "cycle/")
REST = ("values/", "compact/", "glossary/", "brighton-and-hove/", "about/sources/")


class Guides:
    """Renders the content of each guide from the records and pages of one framework."""

    def __init__(
        self, framework: Framework, pages: Iterable[Page], stamp: Stamp, *, draft: bool = False, editions: Editions | None = None
    ) -> None:
        """Render `framework` and `pages` with `stamp`; a `draft` has no publisher yet. `editions` say when texts last changed."""
        self._framework, self._stamp, self._draft = framework, stamp, draft
        self._pages = {page.url: page for page in pages}
        self._stages = framework.all(Stage)
        self._here = ""
        self._render = Renderer(framework, lambda: self._here, since=edition_lookup(framework, editions)).render
        self._macros = PageMacros(framework, lambda: self._here, editions=editions).macros()
        for macro in ("comparison_summary", "golden_rules", "matrix", "sources"):  # as they fit on paper
            self._macros[macro] = functools.partial(self._render, f"guides/{macro}.html.j2", stamp=stamp)
        self.makers: dict[str, Callable[[], Guide]] = {}  # a function for each guide, by path, in the order of the downloads
        for stage in self._stages:
            self.makers[_path(f"stage-{stage.id}")] = functools.partial(self.stage, stage)
            self.makers[_path(f"stage-{stage.id}-checklist")] = functools.partial(self.checklist, stage)
        for name, size in (("framework", NORMAL), ("framework-large-print", LARGE)):
            self.makers[_path(name)] = functools.partial(self.framework, name, size)
        self.makers[_path("glossary")] = self.glossary
        self.makers[_path("core-terms")] = self.core_terms
        if "golden-rules/" in self._pages:
            self.makers[_path("golden-rules")] = self.golden_rules

    def all(self) -> Iterator[Guide]:
        """Yield every guide, in the order of `makers`."""
        return (make() for make in self.makers.values())

    def stage(self, stage: Stage) -> Guide:
        """Return the guide to `stage`."""
        values = self._of(stage)
        parts = [
            self._part("guides/stage.html.j2", stage.url, **values),
            self._part("guides/terms.html.j2", "glossary/", **values),
            self._part("guides/stage_sources.html.j2", "about/sources/", **values),
            self._part("guides/checklist_form.html.j2", stage.url, **values),
        ]
        return self._guide(f"stage-{stage.id}", stage.url, parts, current=stage)

    def checklist(self, stage: Stage) -> Guide:
        """Return the checklist of `stage`, on one page if it fits."""
        parts = [self._part("guides/checklist.html.j2", stage.url, **self._of(stage))]
        return self._guide(f"stage-{stage.id}-checklist", stage.url, parts, compact=True)

    def glossary(self) -> Guide:
        """Return the glossary, for example as an annex to an agreement."""
        return self._guide("glossary", "glossary/", [self._part("guides/glossary.html.j2", "glossary/"), *self._chapters("glossary/")])

    def core_terms(self) -> Guide:
        """Return the core terms, as an annex proposed for an agreement."""
        return self._guide("core-terms", "glossary/", [self._part("guides/core_terms.html.j2", "glossary/")])

    def golden_rules(self) -> Guide:
        """Return the golden rules, on one sheet."""
        parts = [self._part("guides/golden_rules_sheet.html.j2", "golden-rules/")]
        return self._guide("golden-rules", "golden-rules/", parts, compact=True)

    def framework(self, name: str, size: float) -> Guide:
        """Return the complete framework as the file `name`, in type of `size` points."""
        stages = [self._part("guides/chapter.html.j2", stage.url, **self._of(stage)) for stage in self._stages]
        cover = self._part("guides/framework.html.j2", large=size == LARGE)
        return self._guide(name, "", [cover, *self._chapters(*OPENING), *stages, *self._chapters(*REST)], size=size)

    def _of(self, stage: Stage) -> dict[str, Any]:
        values = stage_values(self._framework, stage)
        live = [r for r in values["recommendations"] if not r.withdrawn]
        named = [(self._framework.get(Principle, s.principle), s) for r in live for s in r.compact]
        sources = {*stage.sources, *(source for r in live for source in r.sources)}
        sources |= {source for p, s in named for u in p.undertakings if u.number in s.undertakings for source in u.sources}
        return values | {"sources": self._framework.some(Source, sources)}

    def _chapters(self, *urls: str) -> Iterator[tuple[str, str]]:
        """Yield the pages at `urls`, as far as they exist."""
        for url in urls:
            if page := self._pages.get(url):
                self._here = url
                yield self._part("guides/part.html.j2", url, content=Markup(article(page, self._macros)))  # noqa: S704  (our pages)

    def _part(self, template: str, url: str = "", **values: Any) -> tuple[str, str]:
        """Return `url`, and `template` rendered for that page."""
        self._here = url
        common = {"current": values.get("stage"), "stamp": self._stamp, "draft": self._draft, "url": url}
        return url, self._render(template, **common, **values)

    def _guide(self, name: str, url: str, parts: Iterable[tuple[str, str]], current: Stage | None = None, **options: Any) -> Guide:
        picture = self._render("images/cycle.svg.j2", **cycle_diagram.picture(self._stages, current), typeface=TYPEFACE)
        content = document(parts, self._stamp.at)
        title = text(first(content, "h1"))
        guide = {
            "title": f"{title} | {self._stamp.name}" if url else title,
            "running": title if url else "",
            "author": self._framework.site.publisher,
            "address": self._stamp.at(url),
            "stamp": self._render("guides/stamp.txt.j2", stamp=self._stamp),
            "size": NORMAL,
            "compact": False,
            "chapters": not url,
            "pictures": {"cycle": picture, "address": _qr_code(self._stamp.at(url))},
            "content": content,
        }
        return Guide.of(_path(name), guide | options, self._stamp.day)


def _path(name: str) -> str:
    return f"downloads/{name}.pdf"


def _qr_code(address: str) -> str:
    """Return the QR code of `address` as SVG."""
    import segno  # only a printed guide has one

    drawn = io.BytesIO()
    segno.make(address or "-", micro=False, error="m").save(drawn, kind="svg", xmldecl=False, border=1)
    return drawn.getvalue().decode()
