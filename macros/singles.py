"""The records of which there is one only: the report, point by point, and what the publisher decides."""

from __future__ import annotations

from typing import Annotated

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
