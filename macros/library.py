"""The macros that a page may call, one method each; the page passes ids as text in quotes."""

from __future__ import annotations

import functools
from collections.abc import Callable

from macros.fields import AnyId, AudienceId, PrincipleId, RecommendationId, StageId
from macros.framework import Framework
from macros.model import Audience, Principle, Recommendation, Source, Stage, Term, Value
from macros.render import Renderer


class Library:
    """Every public method is a macro of the same name; it returns Markdown or HTML for the page `here`."""

    def __init__(self, framework: Framework, here: Callable[[], str]) -> None:
        self._framework = framework
        self._renderer = Renderer(framework, here)

    def stage_guide(self, stage: StageId) -> str:
        """Return the whole guide of a stage, from its heading to the terms that it uses."""
        record = self._framework.get(Stage, stage)
        recommendations = self._framework.recommendations(record)
        terms = {term for r in recommendations for term in r.terms}
        return self._renderer.render(
            "stage_guide.md.j2",
            stage=record,
            recommendations=recommendations,
            terms=[t for t in self._framework.all(Term) if t.id in terms],
        )

    def recommendation(self, recommendation: RecommendationId) -> str:
        """Return one recommendation whole, without a heading."""
        return self._renderer.render("recommendation.html.j2", recommendation=self._framework.get(Recommendation, recommendation))

    def stage_cards(self) -> str:
        """Return a card for each stage: number, title, purpose and how many recommendations."""
        return self._renderer.render("stage_cards.html.j2", stages=self._framework.all(Stage))

    def cycle(self) -> str:
        """Return the stages as a list in order, with what each hands to the next."""
        return self._renderer.render("cycle.html.j2", stages=self._framework.all(Stage))

    def stage_neighbours(self, stage: StageId) -> str:
        """Return links to the stage before and the stage after; the last leads back to the first."""
        stages = self._framework.all(Stage)
        at = stages.index(self._framework.get(Stage, stage))
        return self._renderer.render(
            "stage_neighbours.html.j2", previous=stages[at - 1] if at else None, following=stages[(at + 1) % len(stages)], first=stages[0]
        )

    def definition(self) -> str:
        """Return the definition of social value that the report recommends, quoted and attributed."""
        return self._renderer.render("definition.html.j2", report=self._framework.report)

    def values(self) -> str:
        """Return the shared values, each with its meaning and the recommendations that secure it."""
        return self._renderer.render("values.md.j2", values=self._framework.all(Value))

    def principles(self) -> str:
        """Return the Compact principles as a list of links."""
        return self._renderer.render("principles.html.j2", principles=self._framework.all(Principle))

    def principle(self, principle: PrincipleId) -> str:
        """Return one principle: its undertakings, and the recommendations that serve it with the reason."""
        return self._renderer.render("principle.md.j2", principle=self._framework.get(Principle, principle))

    def glossary(self) -> str:
        """Return all terms from A to Z."""
        return self._renderer.render("glossary.md.j2", terms=self._framework.all(Term))

    def audience(self, audience: AudienceId) -> str:
        """Return everything that the framework asks of one audience, stage by stage."""
        return self._renderer.render("audience.md.j2", audience=self._framework.get(Audience, audience))

    def audiences(self) -> str:
        """Return the audiences as a list of links."""
        return self._renderer.render("audiences.html.j2", audiences=self._framework.all(Audience))

    def sources(self) -> str:
        """Return all sources, each with the records that use it."""
        return self._renderer.render("sources.md.j2", sources=self._framework.all(Source))

    def coverage(self) -> str:
        """Return every point of the report, with the records that cite it."""
        return self._renderer.render("coverage.html.j2", report=self._framework.report)

    def edition(self) -> str:
        """Return the edition and its date."""
        return self._renderer.render("edition.html.j2", site=self._framework.site)

    def contact(self) -> str:
        """Return whom to write to."""
        return self._renderer.render("contact.html.j2", site=self._framework.site)

    def link(self, record: AnyId, words: str = "") -> str:
        """Return a link to any record, by its id (or kind/id where two share it), with its name or `words`."""
        key = self._framework.resolve(record)
        if isinstance(key, str):
            raise KeyError(key)
        found = self._framework.records[key]
        return self._renderer.render("link.html.j2", record=found, words=words or found.name).strip()

    def macros(self) -> dict[str, Callable[..., str]]:
        """Return the macros by name, ready to be called."""
        return {name: getattr(self, name) for name in self.names()}

    @classmethod
    def names(cls) -> dict[str, Callable[..., str]]:
        """Return the macros by name, as their signatures tell what a page may pass."""
        own = {"macros", "names"}
        return {name: functools.partial(function, None) for name, function in vars(cls).items() if name[0] != "_" and name not in own}
