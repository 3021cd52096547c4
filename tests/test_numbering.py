"""Numbers and letters run without gaps; the faults themselves are in tests/broken/."""

from __future__ import annotations

from pathlib import Path

from macros.checks import CHECKS
from macros.load import load


def test_a_deleted_recommendation_leaves_a_gap(project: Path) -> None:
    (project / "data/recommendations/2b.yml").unlink()
    gone = project / "data/recommendations/2c.yml"
    gone.write_text(gone.read_text().replace("  instead: [2b]\n", ""))
    (problem,) = load(project, CHECKS)[1]
    assert problem.message == "letter: 2b is missing; take the next free letter, or bring 2b back with withdrawn:"


def test_a_withdrawn_recommendation_keeps_its_letter(project: Path) -> None:
    assert load(project, CHECKS)[1] == ()
