"""The real records: complete, and without problems."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from macros.model.framework import Framework
from macros.model.records import Principle, Recommendation
from macros.site_build.project import read_project
from tests.conftest import REAL


def test_the_real_data_has_no_problems() -> None:
    assert read_project(REAL).errors == ()


def own(framework: Framework) -> list[str]:
    """Return the ids of the report's own recommendations; a record that was moved or merged has its id under `formerly:`."""
    return [point for point in framework.points if re.fullmatch(r"\d[a-z]", point)]


@pytest.mark.our_content
def test_all_28_recommendations_are_there(real: Framework) -> None:
    per_stage = Counter(point[0] for point in own(real))
    assert per_stage == {"1": 5, "2": 8, "3": 4, "4": 2, "5": 2, "6": 3, "7": 4}
    assert [point for point in own(real) if real.find_now("recommendation", point) is None] == []


@pytest.mark.our_content
def test_the_report_is_whole(real: Framework) -> None:
    assert len(real.points) == 69
    assert real.report.definition.startswith("Social Value is a new way of describing the basis")


def test_the_themes_of_the_report_are_kept(real: Framework) -> None:
    themes = {"sharing-risks": {"1d", "1e"}, "choosing-data": {"2e", "2f", "2g", "2h"}}
    for record in real.all(Recommendation):
        if record.id in own(real):
            assert record.theme == next((theme for theme, held in themes.items() if record.id in held), None), record.id


@pytest.mark.our_content
def test_the_undertakings_that_were_checked_are_stated(real: Framework) -> None:
    stated = {u.number: u.checked for p in real.all(Principle) for u in p.undertakings}
    assert {number for number, checked in stated.items() if checked == "number"} >= {f"1.{n}" for n in range(1, 9)}
    assert stated.keys() >= {"2.4", "4.2", "4.3", "4.4"}


def test_the_reports_own_recommendations_are_not_added(real: Framework) -> None:
    made = {record.id for i in own(real) if (record := real.find_now("recommendation", i))}
    assert {r.id for r in real.all(Recommendation) if r.added is None} <= made
    assert [i for i in own(real) if getattr(real.find("recommendation", i), "added", None)] == []
