"""The report and the site stand alone."""

from __future__ import annotations

from macros.model.framework import Framework
from macros.model.singletons import Words


def test_the_report_and_the_site_are_read(small: Framework) -> None:
    assert small.report.title == "Small Report"
    assert small.report.url == "about/report/"
    assert small.site.branch == "main"
    assert small.site.edition_date.year == 2026


def test_a_point_is_shown_among_the_reports(small: Framework) -> None:
    point = small.points["intro"]
    assert (point.name, point.url) == (point.where, "about/coverage/#point-intro")


def test_the_words_are_read(small: Framework) -> None:
    program = next(avoided for avoided in small.get(Words, "words").avoid if avoided.american)
    assert (program.word, program.use, program.but_not) == ("program", "programme", ("computer program",))
