"""Numbers and letters run without gaps; the faults themselves are in tests/broken/."""

from __future__ import annotations

import re
from pathlib import Path

from macros.checks.relations import CHECKS
from macros.loading.loader import load


def test_a_deleted_recommendation_leaves_a_gap(project: Path) -> None:
    (project / "data/recommendations/2b.yml").unlink()
    gone = project / "data/recommendations/2c.yml"
    gone.write_text(gone.read_text().replace("  instead: [2b]\n", ""))
    (problem,) = load(project, CHECKS)[1]
    assert problem.message == "letter: 2b is missing; take the next free letter, or bring 2b back with withdrawn:"


def test_a_stage_without_recommendations_is_told_the_next_free_letter(project: Path) -> None:
    for letter in "ab":
        file = project / f"data/recommendations/2{letter}.yml"
        file.write_text(file.read_text("utf-8") + "withdrawn: {edition: 2026-11, reason: It said less.}\n", "utf-8")
    (problem,) = (p for p in load(project, CHECKS)[1] if p.name == "empty-stage")
    assert problem.instead == "write data/recommendations/2d.yml"


def test_a_moved_recommendation_is_still_the_reports_and_cites_its_point(project: Path) -> None:
    file = (project / "data/recommendations/1b.yml").rename(project / "data/recommendations/2d.yml")
    text = file.read_text("utf-8").replace("stage: 1-plan", "stage: 2-buy").replace("letter: b", "letter: d")
    text = re.sub(r"(?m)^theme: .*\n", "", text)
    file.write_text(text + "formerly: [1b]\n", "utf-8")
    problems = load(project, CHECKS)[1]
    assert {p.instead for p in problems} == {'it is "2d" now; write 2d'}
    other = project / "data/common-core/trust.yml"
    other.write_text(other.read_text("utf-8").replace("[1b]", "[2d]"), "utf-8")
    assert {p.name for p in load(project, CHECKS)[1]} == {"empty-theme"}
    file.write_text(text.replace("1b", "1a") + "formerly: [1b]\n", "utf-8")
    (problem,) = (p for p in load(project, CHECKS)[1] if p.name == "no-point")
    assert problem.message == "points: does not cite the report's point; add 1b to points:"


def test_a_withdrawn_recommendation_keeps_its_letter(project: Path) -> None:
    assert load(project, CHECKS)[1] == ()
