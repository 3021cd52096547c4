"""The records of which there is one only: the report, point by point, what the publisher decides, and the words we avoid."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from macros.fields import Day, Edition, Line, Mail, PartId, Prose, Statement, Web
from macros.record import Part, Record


class Point(Part):
    """One thing that the report says."""

    id: PartId
    where: Line
    point: Annotated[Prose, Statement.REPORT]


class Report(Record):
    """The report that the framework rests on, point by point."""

    kind, file, address = "report", "report.yml", "about/report/"
    title: Line
    author: Line
    published: Line
    definition: Annotated[Prose, Statement.REPORT, Field(description="The recommended definition, word for word.")]
    points: tuple[Point, ...] = Field(min_length=1)


class Site(Record):
    """What the publisher decides: names, edition and addresses."""

    kind, file = "site", "site.yml"
    publisher: Line
    repository: Web
    branch: Line = "main"
    email: Mail
    edition: Edition
    edition_date: Day


class Avoided(Part):
    """A word that we do not use, or several words, and what we write for it."""

    word: Annotated[Line, Field(description="The word as it is written; each form is an entry of its own.")]
    use: Annotated[Line, Field(description="What to write for it, or how to say it another way.")]
    american: Annotated[Literal["yes"] | None, Field(description="yes, if it is an American spelling.")] = None
    but_not: Annotated[tuple[Line, ...], Field(description="Phrases and names with the word in them that are fine.")] = ()


class Words(Record):
    """The words that we do not use; quotations, code and titles of sources may hold them."""

    kind, file = "words", "words.yml"
    avoid: tuple[Avoided, ...] = Field(min_length=1, description="The words, and what to write for each.")
