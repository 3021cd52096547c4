"""The main kinds of record, one class each: fields, limits, kinds of statement and references."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from macros.model.base import Part, Record
from macros.model.types import (
    AudienceId,
    Day,
    Edition,
    Letter,
    Line,
    Number,
    PartId,
    Points,
    PrincipleId,
    PromiseNumber,
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
    ValueId,
    Web,
    words,
)


class Theme(Part):
    """A sub-heading of the report inside a stage."""

    id: Annotated[PartId, Field(description="The theme's name, by which recommendations name it.")]
    title: Annotated[Title, Statement.REPORT]


class Lead(Part):
    """Who leads a stage, and what they do in it."""

    audience: Annotated[AudienceId, Field(description="Who leads: an id from data/audiences/.")]
    role: Annotated[Line, Statement.ADVICE, Field(description="What they do in the stage.")]


class Stage(Record):
    """One of the seven stages of the commissioning cycle."""

    kind, folder, address = "stage", "stages", "stages/{id}/"
    number: Number
    title: Annotated[Line, Statement.REPORT, Field(description="The report's name for the stage.")]
    purpose: Annotated[Prose, Statement.ADVICE, Field(description="What the stage is for, in one sentence.")]
    summary: Annotated[Prose, Statement.REPORT, words(20, 110), Field(description="What the report says of the stage, in short.")]
    good: Annotated[Prose, Statement.ADVICE, Field(description="What good looks like at the end of the stage.")]
    leads: tuple[Lead, ...] = Field(min_length=1, description="Who leads, and what they do.")
    hands_over: Annotated[Prose, Statement.ADVICE, Field(description="What the stage hands to the next one.")]
    watch_outs: Annotated[tuple[Prose, ...], Statement.ADVICE] = Field(
        min_length=1, max_length=4, description="What goes wrong in this stage."
    )
    themes: tuple[Theme, ...] = Field((), description="The report's sub-headings inside the stage.")
    points: Points = ()
    sources: Sources = ()
    search: Search = ()


class Do(Part):
    """A practical step, and whose it is."""

    audience: tuple[AudienceId, ...] = Field(min_length=1, description="Whose step it is: ids from data/audiences/.")
    step: Annotated[Prose, Statement.ADVICE, Field(description="What to do.")]


class Service(Part):
    """How a recommendation serves a Compact principle, and why."""

    principle: Annotated[PrincipleId, Field(description="The principle served: an id from data/principles/.")]
    undertakings: tuple[Line, ...] = Field((), description="Numbers of the principle's undertakings, for example [1.4].")
    because: Annotated[Prose, Statement.ADVICE, words(6, 40), Field(description="Why it serves the principle.")]


class Withdrawn(Part):
    """Since when a record no longer counts, and why; its address keeps working."""

    edition: Annotated[Edition, Field(description="The edition since which it no longer counts.")]
    reason: Annotated[Prose, Field(description="Why it no longer counts.")]
    instead: Annotated[tuple[RecommendationId, ...], Field(description="Recommendations that take its place.")] = ()


class Recommendation(Record):
    """One lettered recommendation of a stage."""

    kind, folder, address = "recommendation", "recommendations", "stages/{stage}/#{id}"
    stage: Annotated[StageId, Field(description="Its stage: an id from data/stages/.")]
    letter: Annotated[Letter, Field(description="Its letter; with the stage's number it makes the id.")]
    theme: Annotated[str | None, Field(description="The id of the stage's theme, if it stands under one.")] = None
    title: Annotated[Line, Statement.ADVICE, words(3, 9), Field(description="The instruction, in three to nine words.")]
    says: Annotated[
        Prose,
        Statement.REPORT,
        words(8, 90),
        Field(description="The report's point in our words: not sharper, not softer."),
    ]
    why: Annotated[
        Prose,
        Statement.ADVICE,
        words(30, 80),
        Field(description="Why it matters for the people served, and for value."),
    ]
    do: tuple[Do, ...] = Field(min_length=3, max_length=6, description="Practical steps, each for one or more audiences.")
    avoid: Annotated[tuple[Prose, ...], Statement.ADVICE] = Field(min_length=1, max_length=3, description="What goes wrong.")
    ask: Annotated[tuple[Question, ...], Statement.ADVICE] = Field(
        min_length=2, max_length=4, description="Checklist questions, answered yes, partly or no."
    )
    compact: tuple[Service, ...] = Field(min_length=1, max_length=3, description="The Compact principles that it serves.")
    values: tuple[ValueId, ...] = Field(min_length=1, description="The shared values that it helps to secure.")
    terms: Terms = ()
    points: Points = ()
    sources: Sources = ()
    search: Search = ()
    added: Annotated[Edition | None, Field(description="The edition that added it, if the report did not make it.")] = None
    withdrawn: Annotated[Withdrawn | None, Field(description="Since when it no longer counts, and why.")] = None

    @property
    def audiences(self) -> tuple[str, ...]:
        """Return the ids of the audiences that have a step, in order of first mention."""
        return tuple(dict.fromkeys(a for do in self.do for a in do.audience))

    @property
    def name(self) -> str:
        """Return id and title, for example `2f. Ask only for data you will use`."""
        return f"{self.id}. {self.title}"


class Value(Record):
    """One of the four values that the report wants the framework to secure."""

    kind, folder, address = "value", "values", "values/#{id}"
    number: Number
    title: Annotated[Title, Statement.REPORT]
    meaning: Annotated[Prose, Statement.ADVICE, Field(description="What it means.")]
    points: Points = ()
    search: Search = ()


class Audience(Record):
    """A kind of reader whom the framework asks to act."""

    kind, folder, address = "audience", "audiences", "audiences/{id}/"
    number: Number
    title: Title
    plural: Annotated[Line, Field(description="What several of them are called.")]
    in_short: Annotated[Line, Statement.ADVICE, Field(description="Whom it means, in a few words, to choose by.")]
    meaning: Annotated[Prose, Statement.ADVICE, Field(description="Whom it means.")]
    search: Search = ()


class Undertaking(Part):
    """A promise under a principle, by one side; `checked` says whether its number was seen or only its sense."""

    number: Annotated[PromiseNumber, Field(description="Its number in the Compact.")]
    side: Annotated[Literal["public-sector", "voluntary-sector"], Field(description="Who promises.")]
    promise: Annotated[Prose, Statement.FACT, Field(description="What is promised, in our words.")]
    checked: Annotated[Literal["number", "sense"], Field(description="number: its number was seen; sense: only what it promises.")]
    sources: Sources = Field(min_length=1)


class Principle(Record):
    """One of the five outcomes of the Compact, which Compact Voice calls principles."""

    kind, folder, address = "principle", "principles", "compact/{id}/"
    number: Number
    title: Annotated[Title, Statement.FACT]
    meaning: Annotated[Prose, Statement.ADVICE, Field(description="What it means.")]
    undertakings: Annotated[tuple[Undertaking, ...], Field(description="What is promised under it.")] = ()
    sources: Sources = Field(min_length=1)
    search: Search = ()


class Confusion(Part):
    """A term that is mistaken for this one, and how they differ."""

    term: Annotated[TermId, Field(description="The other term: an id from data/glossary/.")]
    difference: Annotated[Prose, Statement.ADVICE, Field(description="How the two differ.")]


class Term(Record):
    """A word of the field, with its meaning and a practical example."""

    kind, folder, address = "term", "glossary", "glossary/#{id}"
    term: Annotated[Line, Field(description="The term as it is written.")]
    also: Annotated[tuple[Line, ...], Field(description="Other names, plurals and abbreviations, as they are written.")] = ()
    meaning: Annotated[Prose, Statement.FACT, words(5, 70), Field(description="What it means.")]
    example: Annotated[Prose, Statement.ADVICE, words(8, 80), Field(description="A practical example; an illustration, no real body.")]
    not_to_be_confused_with: Annotated[tuple[Confusion, ...], Field(description="Terms that are mistaken for it.")] = ()
    see: Annotated[tuple[TermId, ...], Field(description="Terms to read with it: ids from data/glossary/.")] = ()
    automatic: Annotated[
        Literal["yes", "no"], Field(description="no: its name is an everyday word, and stays out of automatic linking.")
    ] = "yes"
    points: Points = ()
    sources: Sources = ()
    search: Search = ()

    @property
    def name(self) -> str:
        """Return the term as it is written."""
        return self.term


class Source(Record):
    """Where a fact comes from."""

    kind, folder, address = "source", "sources", "about/sources/#{id}"
    title: Title
    publisher: Annotated[Line, Field(description="Who published it.")]
    published: Annotated[Line | None, Field(description="When it was published, as the source says it.")] = None
    web: Annotated[Web | None, Field(description="Its web address.")] = None
    type: Annotated[
        Literal["report", "law", "guidance", "council-paper", "web-page", "news", "study"], Field(description="What kind of source it is.")
    ]
    note: Annotated[Prose | None, Field(description="What else a reader should know of it.")] = None
    checked_on: Annotated[Day, Field(description="The day on which we last looked at it.")]
