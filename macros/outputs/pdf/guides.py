"""The printed guides: each stage with its summary and checklist, each audience, the complete framework in two sizes, and single parts."""

from __future__ import annotations

import functools
import io
from collections.abc import Iterable, Iterator
from typing import Any

from markupsafe import Markup

from macros.history.editions import Editions, edition_lookup
from macros.loading.pages import Page
from macros.model.framework import Framework
from macros.model.output import Stamp
from macros.model.records import KINDS, Audience, Criterion, Principle, Source, Stage, Template, Term
from macros.outputs.pdf.html_nodes import document, first, text
from macros.outputs.pdf.typst_compile import Guide
from macros.rendering import cycle_diagram
from macros.rendering.environment import Renderer
from macros.rendering.page_macros import PageMacros, stage_values
from macros.rendering.sandbox import article
from macros.templates import texts
from macros.text.characters import TYPEFACE

NORMAL, LARGE = 11, 18  # type sizes in points
PARTS = texts("guides/parts.yml")


class Guides:
    """Renders the content of each guide from the records and pages of one framework."""

    def __init__(
        self, framework: Framework, pages: Iterable[Page], stamp: Stamp, *, draft: bool = False, editions: Editions | None = None
    ) -> None:
        """Render `framework` and `pages` with `stamp`; a `draft` has no publisher yet. `editions` say when texts last changed."""
        self.framework, self.stamp, self._draft = framework, stamp, draft
        self._pages = {page.url: page for page in pages}
        self._stages = {stage.url: stage for stage in framework.all(Stage)}
        self._audiences = {audience.url: audience for audience in framework.all(Audience)}
        self._here = ""
        self._render = Renderer(framework, lambda: self._here, since=edition_lookup(framework, editions)).render
        self._macros = PageMacros(framework, lambda: self._here, editions=editions).macros()
        self._article = functools.cache(lambda page: Markup(article(page, self._macros)))  # noqa: S704  (our pages)
        for macro in ("comparison_summary", "golden_rules", "matrix", "sources"):  # as they fit on paper
            self._macros[macro] = functools.partial(self._render, f"guides/{macro}.html.j2", stamp=stamp)
        # A function for each guide, by path. The longest are last, as Typst looks through what it remembers of them after each document.
        self.makers = {f"downloads/{form[0]}.pdf": functools.partial(self._guide, *form) for form in self._forms()}

    def all(self) -> Iterator[Guide]:
        """Yield every guide, in the order of `makers`."""
        return (make() for make in self.makers.values())

    @functools.cached_property
    def word_forms(self) -> dict[str, tuple[str, str, dict[str, Any]]]:
        """Return the address of the page, the part and its values of each Word document, by path."""
        forms: dict[str, tuple[str, str, dict[str, Any]]] = {}
        for url, stage in self._stages.items():
            forms |= {f"stage-{stage.id}-{name}": (url, part, {}) for name, part in PARTS["word"].items()}
        for template in self.framework.all(Template):
            forms[f"template-{template.id}"] = template.url, "word/template.html.j2", {"template": template}
        if any(term.core == "yes" for term in self.framework.all(Term)):
            forms["core-terms"] = "glossary/", "core_terms.html.j2", {}
        return {f"downloads/{name}.docx": form for name, form in forms.items()}

    def _forms(self) -> Iterator[tuple[str, str, tuple[str, ...], dict[str, Any]]]:
        """Yield the name of each guide, the longest last, the address of its page, its parts, and options of guide.typ."""
        for url, stage in self._stages.items():
            yield f"stage-{stage.id}", url, ("stage.html.j2",), {}
            yield f"stage-{stage.id}-summary", url, ("summary.html.j2",), {"compact": True}
            yield f"stage-{stage.id}-checklist", url, ("checklist.html.j2",), {"compact": True}
        for url, audience in self._audiences.items():
            yield f"{audience.id}-guide", url, ("audience.html.j2",), {}
        for name, one in PARTS["single"].items():
            core = name != "core-terms" or any(term.core == "yes" for term in self.framework.all(Term))
            if core and one["page"] in self._pages and self.framework.all(KINDS[one["kind"]]):
                yield name, one["page"], one["parts"], {"compact": one["compact"]}
        comparison = dict.fromkeys(f"{criterion.page}/" for criterion in self.framework.all(Criterion))
        for name, size in (("framework-large-print", LARGE), ("framework", NORMAL)):
            yield name, "", (*PARTS["opening"], *self._stages, *PARTS["rest"], *comparison, *PARTS["closing"]), {"size": size}

    def _of(self, stage: Stage) -> dict[str, Any]:
        values = stage_values(self.framework, stage)
        live = [r for r in values["recommendations"] if not r.withdrawn]
        named = [(self.framework.get(Principle, s.principle), s) for r in live for s in r.compact]
        sources = {*stage.sources, *(source for r in live for source in r.sources)}
        sources |= {source for p, s in named for u in p.undertakings if u.number in s.undertakings for source in u.sources}
        return values | {"sources": self.framework.some(Source, sources)}

    def part(self, url: str, part: str, **values: Any) -> tuple[str, str]:
        """Return the address and the HTML of `part`, of a guide to the page `url`; a page that does not exist is empty."""
        self._here, template = (url, part) if part.endswith(".j2") else (part, "part.html.j2")
        if stage := self._stages.get(self._here):
            values |= self._of(stage)
            template = "chapter.html.j2" if part == self._here else part
        elif audience := self._audiences.get(self._here):
            values["audience"] = audience
        elif page := self._pages.get(part):
            values["content"] = self._article(page)
        common = {"current": stage, "stamp": self.stamp, "draft": self._draft, "url": self._here}
        return self._here, self._render(f"guides/{template}", **common, **values)

    def _guide(self, name: str, url: str, parts: Iterable[str], options: dict[str, Any]) -> Guide:
        drawn = cycle_diagram.picture(tuple(self._stages.values()))
        picture = self._render("images/cycle.svg.j2", **drawn, typeface=TYPEFACE)
        content = document((self.part(url, part, large=options.get("size") == LARGE) for part in parts), self.stamp.at)
        title = text(first(content, "h1"))
        guide = {
            "title": f"{title} | {self.stamp.name}" if url else title,
            "running": title if url else "",
            "author": self.framework.site.publisher,
            "address": self.stamp.at(url),
            "stamp": self._render("guides/stamp.txt.j2", stamp=self.stamp),
            "size": NORMAL,
            "compact": False,
            "chapters": not url,
            "pictures": {"cycle": picture, "address": _qr_code(self.stamp.at(url))},
            "content": content,
        }
        return Guide.of(f"downloads/{name}.pdf", guide | options, self.stamp.day)


@functools.cache
def _qr_code(address: str) -> str:
    """Return the QR code of `address` as SVG."""
    import segno  # only a printed guide has one

    drawn = io.BytesIO()
    segno.make(address or "-", micro=False, error="m").save(drawn, kind="svg", xmldecl=False, border=1)
    return drawn.getvalue().decode()
