"""Singleton records: the report with its points, the settings of the publisher, and the words to avoid."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from macros.model.base import Part, Record
from macros.model.types import Branch, Day, Edition, Line, Mail, PartId, Prose, Repository, Statement, Title, Web, is_placeholder


class Point(Part):
    """One thing that the report says."""

    id: Annotated[PartId, Field(description="The point's name, by which records cite it; it never changes.")]
    formerly: Annotated[tuple[PartId, ...], Field(description="Ids that it had before; their addresses keep working.")] = ()
    where: Annotated[Line, Field(description="Where the report makes the point.")]
    point: Annotated[Prose, Statement.REPORT, Field(description="What the report says there, in our words.")]

    @property
    def url(self) -> str:
        """Return the point's address from the site's root."""
        return f"about/coverage/#point-{self.id}"

    @property
    def name(self) -> str:
        """Return the name of the point on pages."""
        return self.where


class Report(Record):
    """The report that the framework rests on, point by point."""

    kind, file, address = "report", "report.yml", "about/report/"
    title: Title
    author: Annotated[Line, Field(description="Who made it.")]
    published: Annotated[Line, Field(description="When it was published, as the report says it.")]
    definition: Annotated[Prose, Statement.REPORT, Field(description="The recommended definition, word for word.")]
    points: tuple[Point, ...] = Field(min_length=1, description="What it says, point by point, in its order.")


class Site(Record):
    """What the publisher decides: names, edition and addresses."""

    kind, file = "site", "site.yml"
    publisher: Annotated[Line, Field(description="Who publishes the site.")]
    repository: Annotated[Repository, Field(description="Where its records and pages are kept.")]
    branch: Annotated[Branch, Field(description="The branch of the repository from which it is published.")] = "main"
    email: Annotated[Mail, Field(description="The address for corrections and questions.")]
    answers: Annotated[Line | None, Field(description="How soon the publisher answers, for example 10 working days.")] = None
    feedback: Annotated[
        Web | None, Field(description='Where the answers to "Was this page useful?" are sent; without it nobody is asked.')
    ] = None
    counts: Annotated[Web | None, Field(description="Where each page that is read is counted; without it nothing is counted.")] = None
    form: Annotated[
        Web | None, Field(description="The publisher's own form for suggestions; the id of the record is added, as in ?ref=2d.")
    ] = None
    post: Annotated[Line | None, Field(description="The postal address for suggestions, on one line.")] = None
    sign_in: Annotated[
        Web | None, Field(description="The service by which people sign in to the form at /edit/; without it they need an access token.")
    ] = None
    edition: Annotated[Edition, Field(description="Year and month of the edition.")]
    edition_date: Annotated[Day, Field(description="The day of the edition.")]

    @property
    def named(self) -> bool:
        """Return whether `publisher` is a name and not a placeholder."""
        return not is_placeholder(self.publisher)

    @property
    def project(self) -> str:
        """Return owner and name of the repository, as `owner/name`."""
        return "/".join(self.repository.split("/")[-2:])

    def file_at(self, path: str, use: Literal["edit", "blob"] = "edit") -> str:
        """Return the address to edit, or only read (`blob`), the file at `path` from the project's root."""
        return f"{self.repository}/{use}/{self.branch}/{path}"


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
