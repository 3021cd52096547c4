"""The report and the site stand alone."""

from __future__ import annotations

from macros.framework import Framework


def test_the_report_and_the_site_are_read(small: Framework) -> None:
    assert small.report.title == "Small Report"
    assert small.report.url == "about/report/"
    assert small.site.branch == "main"
    assert small.site.edition_date.year == 2026
