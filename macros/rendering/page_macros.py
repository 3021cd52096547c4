"""The macros that pages may call."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from macros.history.editions import Editions, edition_list, edition_lookup
from macros.loading.pages import Page
from macros.model import records
from macros.model.framework import Framework
from macros.model.introspection import field_guides
from macros.model.output import Output
from macros.model.public_view import PUBLISHED, Added, data_texts
from macros.rendering.cycle_diagram import picture
from macros.rendering.environment import Renderer
from macros.templates import TEMPLATES

# The macros without arguments that only render their template.
_PLAIN = (
    *("aims", "anonymity", "approaches", "audience_choice", "audiences", "case_studies", "checklist_page", "common_core", "comparison"),
    *("comparison_summary", "contact", "cycle", "definition", "definitions", "downloads", "edition", "enforcement", "example", "glossary"),
    *("golden_rules", "law_summary", "laws", "matrix", "post", "principles", "questions", "routes", "sources", "stage_cards", "suggestion"),
    *("templates", "undertakings", "values"),
)


@functools.cache
def _template(macro: str) -> str:
    return next(f"pages/{macro}.{ending}" for ending in ("md.j2", "html.j2") if (TEMPLATES / f"pages/{macro}.{ending}").is_file())


@functools.cache
def has_title(macro: str) -> bool:
    """Return whether the output of `macro` begins with the title of a page."""
    return (TEMPLATES / _template(macro)).read_text("utf-8").startswith("# ")


def stage_values(framework: Framework, stage: records.Stage) -> dict[str, Any]:
    """Return what templates show of `stage`."""
    recommendations, laws = framework.recommendations(stage), framework.holders(stage, records.Law)
    terms = framework.some(records.Term, {term for r in recommendations if not r.withdrawn for term in r.terms})
    return {"stage": stage, "recommendations": recommendations, "laws": laws, "terms": terms}


@functools.lru_cache(maxsize=2)
def _results(*_: object) -> dict[object, str]:
    """Return what macros have rendered from the same framework, snapshots and outputs: empty at first."""
    return {}


class PageMacros:
    """The macros for the page `here`: each public method, and each name in `_PLAIN`."""

    def __init__(
        self,
        framework: Framework,
        here: Callable[[], str],
        citations: Mapping[str, Sequence[Page]] | None = None,
        downloads: Mapping[str, Output] | None = None,
        editions: Editions | None = None,
    ) -> None:
        """Take the pages that cite each point, by its id, as `citations`, and the outputs as `downloads`, by path."""
        self._framework = framework
        self._citations, self._editions = citations or {}, editions or Editions()
        self._results = _results(framework, self._editions.snapshots, tuple((downloads or {}).values()))
        self._renderer = Renderer(framework, here, downloads, edition_lookup(framework, editions))

    def __getattr__(self, macro: str) -> Callable[[], str]:
        """Return a macro that only renders its template."""
        if macro not in _PLAIN:
            raise AttributeError(macro)
        return functools.partial(self._render, macro)

    def _render(self, macro: str, /, **values: object) -> str:
        return self._renderer.render(_template(macro), site=self._framework.site, report=self._framework.report, **values)

    def stage(self, stage: records.StageId) -> str:
        """Return the page of a stage: what it is for, its recommendations in one line each, and what belongs to it."""
        return self._render("stage", **stage_values(self._framework, self._framework.get(records.Stage, stage)))

    def stage_guide(self, stage: records.StageId) -> str:
        """Return the complete guide of a stage, from its heading to its glossary terms."""
        return self._render("stage_guide", **stage_values(self._framework, self._framework.get(records.Stage, stage)))

    def cycle_picture(self) -> str:
        """Return the cycle as a picture whose stages are links, and as a list for screens that are too small for it."""
        return self._render("cycle_picture", **picture(self._framework.all(records.Stage)))

    def recommendation_page(self, recommendation: records.RecommendationId) -> str:
        """Return the page of one recommendation, with its title."""
        return self._render("recommendation_page", recommendation=self._framework.get(records.Recommendation, recommendation))

    def recommendation(self, recommendation: records.RecommendationId) -> str:
        """Return one complete recommendation, without a heading."""
        return self._render("recommendation", recommendation=self._framework.get(records.Recommendation, recommendation))

    def template(self, template: records.TemplateId) -> str:
        """Return one template, with its wording to copy."""
        return self._render("template", template=self._framework.get(records.Template, template))

    def stage_neighbours(self, stage: records.StageId) -> str:
        """Return links to the previous and the next stage; the last leads back to the first."""
        return self._render("stage_neighbours", stage=self._framework.get(records.Stage, stage))

    def principle(self, principle: records.PrincipleId) -> str:
        """Return one principle with its undertakings and the recommendations that serve it."""
        return self._render("principle", principle=self._framework.get(records.Principle, principle))

    def audience(self, audience: records.AudienceId) -> str:
        """Return the steps for one audience, stage by stage."""
        return self._render("audience", audience=self._framework.get(records.Audience, audience))

    def coverage(self) -> str:
        """Return every point of the report with the records and pages that cite it."""
        return self._render("coverage", citations=self._citations)

    def point(self, point: records.PointId) -> str:
        """Return a link to a point of the report, as its source; the page then counts as citing it."""
        return self._render("point", point=self._framework.points[point]).strip()

    def meaning(self, term: records.TermId) -> str:
        """Return the meaning of a term with its sources."""
        return self._render("meaning", term=self._framework.get(records.Term, term))

    def events(self, page: records.PagePath) -> str:
        """Return the events of `page`, for example `compact`, in order."""
        return self._render("events", events=[event for event in self._framework.all(records.Event) if event.page == page])

    def editions(self) -> str:
        """Return every edition, newest first: its date, tag, downloads, and changes since the one before."""
        return self._render("editions", entries=edition_list(self._framework, self._editions))

    def reader_data(self) -> str:
        """Return what the site counts and asks its readers."""
        return self._render("reader_data", host=lambda url: urlsplit(url).netloc)

    def link(self, record: records.AnyId, words: str = "") -> str:
        """Return a link to any record, by its id (or kind/id where two share it), with its name or `words`."""
        target = self._renderer.named(record)
        return self._render("link", record=target, words=words or target.name).strip()

    def fields(self) -> str:
        """Return a description of the open data: the files of each kind, and their fields."""
        kinds = [kind for kind in PUBLISHED if kind.records(self._framework)]
        return self._render("fields", kinds=kinds, added=field_guides(Added), guide=field_guides, names=data_texts()["kinds"])

    @classmethod
    def names(cls) -> dict[str, Callable[..., str]]:
        """Return the macros by name, for their signatures."""
        methods = {name: method for name, method in vars(cls).items() if inspect.isfunction(method) and name[0] != "_" and name != "macros"}
        return {name: functools.partial(method, None) for name, method in methods.items()} | dict.fromkeys(_PLAIN, lambda: "")

    def macros(self) -> dict[str, Callable[..., str]]:
        """Return the macros by name, ready to be called; while serving, those of records are only rendered again if a record changes."""
        of_pages = ("coverage", "editions")  # they depend on pages
        return {name: getattr(self, name) if name in of_pages else functools.partial(self._cached, name) for name in self.names()}

    def _cached(self, macro: str, /, *arguments: str, **keywords: str) -> str:
        key = (macro, self._renderer.here(), arguments, *keywords.items())
        if key not in self._results:
            self._results[key] = getattr(self, macro)(*arguments, **keywords)
        return self._results[key]
