"""The other kinds of record, one class each: aims, approaches, definitions, comparisons, case studies, law and events."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from macros.model.base import Part, Record
from macros.model.types import (
    Day,
    Edition,
    Line,
    Number,
    Points,
    Prose,
    Question,
    RecommendationId,
    Search,
    Sources,
    StageId,
    Statement,
    TermId,
    Terms,
    Title,
    form,
    words,
)

EventPage = Literal["brighton-and-hove", "about/since", "compact"]
CheckedOn = Annotated[Day, Field(description="The day on which its sources were last looked at.")]


class Aim(Record):
    """One of the six aims that the report sets for the framework."""

    kind, folder, address = "aim", "aims", "framework/#{id}"
    number: Number
    title: Annotated[Title, Statement.REPORT]
    says: Annotated[Prose, Statement.REPORT, Field(description="What the report says of it.")]
    how: Annotated[Prose, Statement.ADVICE, Field(description="How this site tries to meet it.")]
    points: Points = Field(min_length=1)
    search: Search = ()


class GoldenRule(Record):
    """One golden rule: our proposal for what the report asks a framework to lay out."""

    kind, folder, address = "golden-rule", "golden-rules", "golden-rules/#{id}"
    number: Number
    title: Annotated[Line, Statement.ADVICE, words(4, 16), Field(description="The rule, in one sentence without a full stop.")]
    why: Annotated[Prose, Statement.ADVICE, words(4, 25), Field(description="Why it holds, in one sentence.")]
    recommendations: Annotated[
        tuple[RecommendationId, ...], Field(min_length=1, description="Recommendations that it rests on: ids from data/recommendations/.")
    ]
    points: Points = Field(min_length=1)
    search: Search = ()


class Approach(Record):
    """One way of choosing the winning bid: a row of the report's table, or what came after it."""

    kind, folder, address = "approach", "approaches", "definition/#approach-{id}"
    number: Number
    title: Title
    since: Annotated[Line, Field(description="From when it was used, for example 1980s.")]
    aim: Annotated[Prose, Statement.REPORT, Field(description="Its theoretical aim.")]
    in_practice: Annotated[Prose | None, Statement.REPORT, Field(description="What happened in practice; leave out if not known.")] = None
    specifications: Annotated[Prose | None, Statement.REPORT, Field(description="Its typical specifications; leave out if not known.")] = (
        None
    )
    term: Annotated[TermId | None, Field(description="The glossary term that explains it.")] = None
    added: Annotated[Edition | None, Field(description="The edition that added it, if the report's table has it not.")] = None
    points: Points = ()
    sources: Sources = ()
    search: Search = ()


class ReaderQuestion(Record):
    """A question that people asked while the report was made, answered."""

    kind, folder, address = "question", "questions", "definition/#{id}"
    number: Number
    title: Annotated[Question, Statement.REPORT, Field(description="What people asked.")]
    answer: Annotated[Prose, Statement.FACT, Field(description="The answer, from sources and the report.")]
    practice: Annotated[Prose, Statement.ADVICE, Field(description="What to do with the answer.")]
    points: Points = Field(min_length=1)
    sources: Sources = Field(min_length=1)
    search: Search = ()


class Definition(Record):
    """A definition of social value that somebody else uses."""

    kind, folder, address = "definition", "definitions", "definition/#definition-{id}"
    number: Number
    title: Annotated[Line, Field(description="Whose definition it is.")]
    quotation: Annotated[Prose, Statement.FACT, Field(description="Word for word, short.")]
    differs: Annotated[Prose, Statement.ADVICE, Field(description="How it differs from the report's.")]
    checked_on: CheckedOn
    sources: Sources = Field(min_length=1)
    search: Search = ()


class Cell(Part):
    """What one side has to say; without `says`, the page shows that it is not known."""

    says: Annotated[Prose | None, Statement.FACT, Field(description="What is known of it; leave out if nothing is.")] = None
    recommendations: Annotated[
        tuple[RecommendationId, ...], Field(description="Recommendations that it bears on: ids from data/recommendations/.")
    ] = ()
    points: Points = ()
    sources: Sources = ()


class Criterion(Record):
    """A criterion of the comparison of Hertfordshire's report with Brighton & Hove's framework."""

    kind, folder, address = "criterion", "comparison", "brighton-and-hove/#{id}"
    number: Number
    title: Title
    hertfordshire: Annotated[Cell, Field(description="What Hertfordshire's report has to say.")]
    brighton_hove: Annotated[Cell, Field(description="What Brighton & Hove's framework has to say.")]
    learn: Annotated[Prose | None, Statement.ADVICE, Field(description="What Hertfordshire can learn.")] = None
    checked_on: CheckedOn
    search: Search = ()


class CommonTheme(Record):
    """A theme that the Compact, the Voluntary Sector Commissioning Strategy and the framework share."""

    kind, folder, address = "common-core", "common-core", "common-core/#{id}"
    number: Number
    title: Title
    compact: Annotated[Cell, Field(description="What the Compact has to say.")]
    strategy: Annotated[Cell, Field(description="What the Voluntary Sector Commissioning Strategy has to say.")]
    framework: Annotated[Cell, Field(description="What the framework has to say.")]
    checked_on: CheckedOn
    search: Search = ()


class Fact(Part):
    """One fact, with where it comes from."""

    fact: Annotated[Prose, Statement.FACT, Field(description="What is known.")]
    sources: Sources = Field(min_length=1)


class CaseStudy(Record):
    """A case that the report mentions, with what is known of it."""

    kind, folder, address = "case-study", "case-studies", "case-studies/#{id}"
    number: Number
    title: Title
    says: Annotated[Prose, Statement.REPORT, Field(description="What the report says of it.")]
    known: Annotated[tuple[Fact, ...], Field(description="What is known of it besides, each with its source.")] = ()
    not_known: Annotated[Prose | None, Statement.FACT, Field(description="What was looked for and not found.")] = None
    learn: Annotated[Prose, Statement.ADVICE, Field(description="What to learn from it.")]
    recommendations: tuple[RecommendationId, ...] = Field(
        min_length=1, description="Recommendations that it bears on: ids from data/recommendations/."
    )
    points: Points = Field(min_length=1)
    checked_on: CheckedOn
    search: Search = ()


class Law(Record):
    """A legal fact of today, dated."""

    kind, folder, address = "law", "law", "law/#{id}"
    number: Number
    title: Title
    status: Annotated[
        Literal["in-force", "policy", "changing"],
        Field(description="in-force: law; policy: guidance or policy to have regard to; changing: being reformed."),
    ]
    in_short: Annotated[
        Prose, Statement.FACT, words(5, 40), Field(description="What a council commissioner must know of it, limits included.")
    ]
    what: Annotated[Prose, Statement.FACT, Field(description="What it asks.")]
    binds: Annotated[Prose, Statement.FACT, Field(description="Whom it binds, and whom not.")]
    since: Annotated[Line, Field(description="Since when, for example 31 January 2013.")]
    practice: Annotated[Prose, Statement.ADVICE, Field(description="What it means for somebody who commissions in Hertfordshire.")]
    stages: Annotated[tuple[StageId, ...], Field(min_length=1, description="The stages that it touches.")]
    terms: Terms = ()
    points: Points = ()
    sources: Sources = Field(min_length=1)
    checked_on: CheckedOn
    search: Search = ()


class Event(Record):
    """Something that happened, with its date and source."""

    kind, folder, address = "event", "events", "{page}/#{id}"
    page: Annotated[EventPage, Field(description="The page that tells it.")]
    on: Annotated[
        str,
        *form(r"\d{4}(?:-\d\d(?:-\d\d)?)?", "not a date; write 2017, 2017-10 or 2017-10-09"),
        Field(description="When it happened, for ordering."),
    ]
    when: Annotated[Line, Field(description="When it happened, in words, for example 9 October 2017.")]
    what: Annotated[Prose, Statement.FACT, Field(description="What happened.")]
    points: Points = ()
    sources: Sources = Field(min_length=1)
    checked_on: CheckedOn
    search: Search = ()

    @property
    def name(self) -> str:
        """Return the date in words, and the first words of what happened."""
        first = " ".join(self.what.split()[:8])
        return f"{self.when}: {first} ..."
