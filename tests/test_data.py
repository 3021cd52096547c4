"""The real records: complete, and without problems."""

from __future__ import annotations

import re

from macros.framework import Framework
from macros.model import Principle, Recommendation, Stage, Value
from macros.project import read_project

from .conftest import ROOT


def test_the_real_data_has_no_problems() -> None:
    assert read_project(ROOT).errors == ()


def test_all_28_recommendations_are_there(real: Framework) -> None:
    per_stage = [len([r for r in real.recommendations(s) if r.id in real.points]) for s in real.all(Stage)]
    assert per_stage == [5, 8, 4, 2, 2, 3, 4]


def test_the_report_is_whole(real: Framework) -> None:
    assert len(real.points) == 69
    assert real.report.definition.startswith("Social Value is a new way of describing the basis")


def test_the_themes_of_the_report_are_kept(real: Framework) -> None:
    own = {s: [r for r in real.recommendations(s) if not r.added] for s in real.all(Stage)}
    held = {(s.id, t.id): [r.id for r in records if r.theme == t.id] for s, records in own.items() for t in s.themes}
    assert held == {("1-strategy", "sharing-risks"): ["1d", "1e"], ("2-specify", "choosing-data"): ["2e", "2f", "2g", "2h"]}


def test_the_undertakings_that_were_checked_are_stated(real: Framework) -> None:
    stated = {u.number: u.checked for p in real.all(Principle) for u in p.undertakings}
    assert {number for number, checked in stated.items() if checked == "number"} >= {f"1.{n}" for n in range(1, 9)}
    assert stated.keys() >= {"2.4", "4.2", "4.3", "4.4"}


def test_every_value_and_principle_is_served(real: Framework) -> None:
    for record in (*real.all(Value), *real.all(Principle)):
        assert real.holders(record, Recommendation), record.id


def test_no_two_recommendations_share_a_sentence(real: Framework) -> None:
    seen: dict[str, str] = {}
    for record in real.all(Recommendation):
        texts = [record.why, *(d.step for d in record.do), *record.avoid, *record.ask, *(c.because for c in record.compact)]
        for sentence in (s for text in texts for s in re.split(r"(?<=[.?])\s+", text) if len(s.split()) > 4):
            assert seen.setdefault(sentence, record.id) == record.id, sentence


def test_the_reports_own_recommendations_are_not_added(real: Framework) -> None:
    assert {r.id for r in real.all(Recommendation) if r.added is None} == {i for i in real.points if re.fullmatch(r"\d[a-z]", i)}
