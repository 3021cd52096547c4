"""The macros that a page may call, one method each; the page passes ids as text in quotes."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from macros.history.editions import Editions, listed, standing
from macros.model.core import Audience, Principle, Recommendation, Source, Stage, Term, Value
from macros.model.framework import Framework
from macros.model.introspection import guide
from macros.model.output import Output
from macros.model.public_view import PUBLISHED, Added, words
from macros.model.supporting import Aim, Approach, Asked, CaseStudy, CommonTheme, Criterion, Definition, Event, EventPage, Law
from macros.model.types import AnyId, AudienceId, PointId, PrincipleId, RecommendationId, StageId, TermId
from macros.rendering.cycle_diagram import picture
from macros.rendering.environment import Renderer
from macros.templates import TEMPLATES


class Shown(NamedTuple):
    """A page of the site: its title, and its address from the site's root."""

    title: str
    url: str


@functools.cache
def has_title(macro: str) -> bool:
    """Return whether what `macro` makes begins with the title of a page."""
    template = TEMPLATES / "pages" / f"{macro}.md.j2"
    return template.is_file() and template.read_text("utf-8").startswith("# ")


class Library:
    """Every public method is a macro of the same name; it returns Markdown or HTML for the page `here`."""

    def __init__(
        self,
        framework: Framework,
        here: Callable[[], str],
        citations: Mapping[str, Sequence[Shown]] | None = None,
        downloads: Mapping[str, Output] | None = None,
        editions: Editions | None = None,
    ) -> None:
        """Serve `framework`; `citations` tells by a point's id which pages cite it, `downloads` the outputs by path.

        Without `editions` nothing says since when words have stood as they do.
        """
        self._framework = framework
        self._citations, self._editions = citations or {}, editions or Editions()
        self._renderer = Renderer(framework, here, downloads, standing(framework, editions))

    def stage_guide(self, stage: StageId) -> str:
        """Return the whole guide of a stage, from its heading to the terms that it uses."""
        record = self._framework.get(Stage, stage)
        recommendations = self._framework.recommendations(record)
        terms = {term for r in recommendations if not r.withdrawn for term in r.terms}
        return self._renderer.render(
            "pages/stage_guide.md.j2",
            stage=record,
            recommendations=recommendations,
            laws=self._framework.holders(record, Law),
            terms=self._framework.some(Term, terms),
            audiences=self._framework.audiences_of(record),
            **picture(self._framework.all(Stage), record),
        )

    def cycle_picture(self) -> str:
        """Return the cycle as a picture whose stages are links, and as a list where a picture would be too small."""
        return self._renderer.render("pages/cycle_picture.html.j2", **picture(self._framework.all(Stage)))

    def downloads(self) -> str:
        """Return a list of everything that can be downloaded, with sizes and pages."""
        return self._renderer.render("pages/downloads.html.j2", stages=self._framework.all(Stage))

    def recommendation(self, recommendation: RecommendationId) -> str:
        """Return one recommendation whole, without a heading."""
        return self._renderer.render("pages/recommendation.html.j2", recommendation=self._framework.get(Recommendation, recommendation))

    def stage_cards(self) -> str:
        """Return a card for each stage: number, title, purpose, how many recommendations, and its guide to print."""
        return self._renderer.render("pages/stage_cards.html.j2", stages=self._framework.all(Stage))

    def cycle(self) -> str:
        """Return the stages as a list in order, with what each hands to the next."""
        return self._renderer.render("pages/cycle.html.j2", stages=self._framework.all(Stage))

    def stage_neighbours(self, stage: StageId) -> str:
        """Return links to the stage before and the stage after; the last leads back to the first."""
        stages = self._framework.all(Stage)
        at = stages.index(self._framework.get(Stage, stage))
        return self._renderer.render(
            "pages/stage_neighbours.html.j2",
            previous=stages[at - 1] if at else None,
            following=stages[(at + 1) % len(stages)],
            first=stages[0],
        )

    def definition(self) -> str:
        """Return the definition of social value that the report recommends, quoted and attributed."""
        return self._renderer.render("pages/definition.html.j2", report=self._framework.report)

    def values(self) -> str:
        """Return the shared values, each with its meaning and the recommendations that secure it."""
        return self._renderer.render("pages/values.md.j2", values=self._framework.all(Value))

    def principles(self) -> str:
        """Return the Compact principles as a list of links."""
        return self._renderer.render("pages/principles.html.j2", principles=self._framework.all(Principle))

    def undertakings(self) -> str:
        """Return the undertakings of all principles in one list, with who promises and which recommendations name them."""
        return self._renderer.render("pages/undertakings.html.j2", principles=self._framework.all(Principle))

    def principle(self, principle: PrincipleId) -> str:
        """Return one principle: its undertakings, and the recommendations that serve it with the reason."""
        return self._renderer.render("pages/principle.md.j2", principle=self._framework.get(Principle, principle))

    def glossary(self) -> str:
        """Return all terms from A to Z."""
        terms = self._framework.all(Term)
        letters = {term.term[0].upper(): term for term in reversed(terms)}
        return self._renderer.render("pages/glossary.md.j2", terms=terms, letters=sorted(letters.items()))

    def audience(self, audience: AudienceId) -> str:
        """Return everything that the framework asks of one audience, stage by stage."""
        return self._renderer.render("pages/audience.md.j2", audience=self._framework.get(Audience, audience))

    def audiences(self) -> str:
        """Return the audiences as a list of links."""
        return self._renderer.render("pages/audiences.html.j2", audiences=self._framework.all(Audience))

    def audience_choice(self) -> str:
        """Return the audiences by name alone, to choose from."""
        return self._renderer.render("pages/audience_choice.html.j2", audiences=self._framework.all(Audience))

    def sources(self) -> str:
        """Return all sources, each with the records that use it."""
        return self._renderer.render("pages/sources.md.j2", sources=self._framework.all(Source))

    def coverage(self) -> str:
        """Return every point of the report, with the records that cite it."""
        return self._renderer.render("pages/coverage.html.j2", report=self._framework.report, citations=self._citations)

    def point(self, point: PointId) -> str:
        """Return where the report says what the page says here, with a link; it counts as a use of the point."""
        return self._renderer.render("pages/point.html.j2", point=self._framework.points[point]).strip()

    def aims(self) -> str:
        """Return the six aims of the framework."""
        return self._renderer.render("pages/aims.md.j2", aims=self._framework.all(Aim))

    def approaches(self) -> str:
        """Return the table of ways of choosing the winning bid."""
        return self._renderer.render("pages/approaches.html.j2", approaches=self._framework.all(Approach))

    def questions(self) -> str:
        """Return the questions that people asked while the report was made, answered."""
        return self._renderer.render("pages/questions.md.j2", questions=self._framework.all(Asked))

    def definitions(self) -> str:
        """Return the definitions of social value that others use."""
        return self._renderer.render("pages/definitions.html.j2", definitions=self._framework.all(Definition))

    def meaning(self, term: TermId) -> str:
        """Return the meaning of a term, with its sources, for a page that says what something is."""
        return self._renderer.render("pages/meaning.html.j2", term=self._framework.get(Term, term))

    def matrix(self) -> str:
        """Return the matrix of stages by Compact principles."""
        return self._renderer.render("pages/matrix.html.j2", stages=self._framework.all(Stage), principles=self._framework.all(Principle))

    def common_core(self) -> str:
        """Return the table of what Compact, Commissioning Strategy and framework share."""
        return self._renderer.render("pages/common_core.html.j2", themes=self._framework.all(CommonTheme))

    def comparison(self) -> str:
        """Return the comparison with Brighton & Hove, criterion by criterion."""
        return self._renderer.render("pages/comparison.html.j2", criteria=self._framework.all(Criterion))

    def events(self, page: EventPage) -> str:
        """Return what happened, in order, of the events that belong to `page`, for example `compact`."""
        return self._renderer.render("pages/events.html.j2", events=[e for e in self._framework.all(Event) if e.page == page])

    def laws(self) -> str:
        """Return the law as it stands, record by record."""
        return self._renderer.render("pages/laws.md.j2", laws=self._framework.all(Law))

    def law_summary(self) -> str:
        """Return one line for each law: since when, and whom it binds."""
        return self._renderer.render("pages/law_summary.html.j2", laws=self._framework.all(Law))

    def case_studies(self) -> str:
        """Return the cases that the report mentions, with what is known of them."""
        return self._renderer.render("pages/case_studies.md.j2", cases=self._framework.all(CaseStudy))

    def edition(self) -> str:
        """Return the edition and its date."""
        return self._renderer.render("pages/edition.html.j2", site=self._framework.site)

    def editions(self) -> str:
        """Return every edition, the newest first: day, tag, what to download, and what changed since the one before."""
        entries = listed(self._framework, self._editions)
        return self._renderer.render("pages/editions.md.j2", entries=entries, site=self._framework.site)

    def contact(self) -> str:
        """Return whom to write to."""
        return self._renderer.render("pages/contact.html.j2", site=self._framework.site)

    def enforcement(self) -> str:
        """Return who answers a complaint about accessibility, and where to turn if the answer does not satisfy."""
        return self._renderer.render("pages/enforcement.html.j2", site=self._framework.site)

    def suggestion(self) -> str:
        """Return the fields in which a reader writes a suggestion to copy, save or print; nothing of it is sent."""
        return self._renderer.render("pages/suggestion.html.j2")

    def post(self) -> str:
        """Return where a suggestion can be sent, by post, through a form of the publisher's own, or by mail."""
        return self._renderer.render("pages/post.html.j2", site=self._framework.site)

    def reader_data(self) -> str:
        """Return what the site takes from its readers: what is counted, and what is asked."""
        return self._renderer.render("pages/reader_data.html.j2", site=self._framework.site, host=lambda url: urlsplit(url).netloc)

    def link(self, record: AnyId, words: str = "") -> str:
        """Return a link to any record, by its id (or kind/id where two share it), with its name or `words`."""
        key = self._framework.resolve(record)
        if isinstance(key, str):
            raise KeyError(key)
        found = self._framework.records[key]
        return self._renderer.render("pages/link.html.j2", record=found, words=words or found.name).strip()

    def fields(self) -> str:
        """Return what the open data hold: for each kind its files, and each field with what may stand in it."""
        return self._renderer.render("pages/fields.md.j2", kinds=PUBLISHED, added=guide(Added), guide=guide, names=words()["kinds"])

    def macros(self) -> dict[str, Callable[..., str]]:
        """Return the macros by name, ready to be called."""
        return {name: getattr(self, name) for name in self.names()}

    @classmethod
    def names(cls) -> dict[str, Callable[..., str]]:
        """Return the macros by name, as their signatures tell what a page may pass."""
        own = {"macros", "names"}
        return {name: functools.partial(function, None) for name, function in vars(cls).items() if name[0] != "_" and name not in own}
