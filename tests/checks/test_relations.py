"""Rules over all records. Most have a broken record in tests/broken/; here are the cases that need more than one file."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from macros.checks.relations import CHECKS, is_example, overdue
from macros.loading.loader import load
from macros.model.framework import Framework
from macros.model.problem import Problem
from tests.checks.test_broken import BROKEN, fixture, replaced
from tests.conftest import make_project
from tests.history.test_git import put

WITHDRAWN = "withdrawn: {edition: 2026-11, reason: It said less.}\n"


def problems(project: Path) -> tuple[Problem, ...]:
    return load(project, CHECKS)[1]


def test_every_rule_has_a_docstring_and_a_broken_record(tmp_path: Path) -> None:
    broken = set()
    project = make_project(tmp_path)
    for file in BROKEN:
        home, text, _ = fixture(file)
        if home.startswith("data/"):
            with replaced(project / home, text):
                framework, _ = load(project)
            broken |= {check for check in CHECKS if framework and any(True for _ in check(framework))}
    assert set(CHECKS) == broken
    assert all(re.fullmatch(r"[A-Z].*\.", check.__doc__ or "", re.DOTALL) for check in CHECKS)


def test_a_withdrawn_record_may_name_a_withdrawn_record(project: Path) -> None:
    put(project, "data/recommendations/3b.yml", "values: [patience]\n", "values: [patience]\n" + WITHDRAWN)
    assert problems(project) == ()


@pytest.mark.parametrize("line", ["points: [intro]\n", "sources: [social-value-act]\n"])
def test_a_point_or_a_source_alone_is_enough(project: Path, line: str) -> None:
    put(project, "data/glossary/threshold.yml", line, "")
    assert problems(project) == ()


def test_a_bad_link_with_an_entity_is_a_problem_at_the_start_of_its_text(project: Path) -> None:
    put(project, "data/glossary/output.yml", "Something that", "Something\n  [done](no&amp;where)\n  that")
    (problem,) = problems(project)
    assert (problem.name, problem.line, problem.column) == ("bad-link", 4, 3)


def test_a_deleted_recommendation_leaves_a_gap(project: Path) -> None:
    (project / "data/recommendations/3b.yml").unlink()
    put(project, "data/recommendations/3c.yml", "  instead: [3b]\n", "")
    (problem,) = problems(project)
    assert problem.message == "letter: 3b is missing; take the next free letter, or restore 3b with withdrawn:"


def test_an_empty_stage_gets_the_next_free_letter(project: Path) -> None:
    for letter in "ab":
        with (project / f"data/recommendations/3{letter}.yml").open("a") as file:
            file.write(WITHDRAWN)
    (problem,) = (p for p in problems(project) if p.name == "empty-stage")
    assert problem.instead == "write data/recommendations/3d.yml"


def test_a_moved_recommendation_is_still_the_reports_and_cites_its_point(project: Path) -> None:
    file = (project / "data/recommendations/1b.yml").rename(project / "data/recommendations/3d.yml")
    text = file.read_text("utf-8").replace("stage: 1-find-out", "stage: 3-look-back").replace("letter: b", "letter: d")
    file.write_text(text + "formerly: [1b]\n", "utf-8")
    assert {p.instead for p in problems(project)} == {'it is "3d" now; write 3d'}
    put(project, "data/common-core/openness.yml", "[1b]", "[3d]")
    assert problems(project) == ()
    file.write_text(text.replace("1b", "1a") + "formerly: [1b]\n", "utf-8")
    (problem,) = (p for p in problems(project) if p.name == "no-point")
    assert problem.message == "points: the report's point is not cited; add 1b to points:"


@pytest.mark.parametrize(
    "text", ["Write `<b>` and `{{ x }}`.", "1 < 2 and 3 > 2.", "Say this when you search: trust.", "Search:\n  - Trust."]
)
def test_code_comparisons_and_colons_in_prose_are_fine(project: Path, text: str) -> None:
    put(project, "data/values/openness.yml", "what went wrong.", text)
    assert problems(project) == ()


@pytest.mark.parametrize("text", ["wrong.search:", "wrong. points: |-", "wrong.\n  search:", "wrong.\n  - title: trust."])
def test_a_key_inside_prose_is_a_problem(project: Path, text: str) -> None:
    put(project, "data/values/openness.yml", "wrong.", text)
    assert "key-in-prose" in {p.name for p in problems(project)}


def test_addresses_reserved_for_examples() -> None:
    assert all(map(is_example, ("https://git.example.org/x", "a@example.com", "https://council.example/x")))
    assert not any(map(is_example, ("https://example.gov.uk", "a@examples.org", "https://git.council.gov.uk/example.org-mirror")))


def test_a_record_is_overdue_the_day_after_it_is_due_and_not_checked_in_the_future(real: Framework, small: Framework) -> None:
    assert list(overdue(small, date(2027, 11, 22))) == []
    (problem,) = overdue(small, date(2027, 11, 23))
    assert (problem.path, problem.wrong) == ("data/law/social-value-act.yml", "last checked on 2026-11-22, due on 2027-11-22")
    assert {p.wrong.partition("due")[2] for p in overdue(small, date(2029, 1, 1)) if p.path != problem.path} == {" on 2028-11-22"}
    checked = {"/".join(key) for key, record in real.records.items() if getattr(record, "checked_on", None)}
    assert {problem.record for problem in overdue(real, date.max)} == checked
    (future,) = (p for p in overdue(small, date(2026, 11, 21)) if p.path == problem.path)
    assert future.message == "checked_on: 2026-11-22 is later than 2026-11-21; write the day on which you checked its sources"
