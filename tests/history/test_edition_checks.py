"""Compared with the released editions, addresses keep working, and `added:` and `withdrawn:` name the right edition."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import lxml.html
import pytest

from macros.model.problem import Problem
from macros.rendering.page_macros import PageMacros
from macros.site_build.project import read_project
from tests.history.test_editions import EXTRA, keep, next_edition, rename
from tests.history.test_git import put

WITHDRAWN = "withdrawn:\n  edition: {}\n  reason: |-\n    Nobody needs it.\n"
ASIDE = "  - id: aside\n    where: Annex\n    point: |-\n      Some asides are useful too.\n"


def problems(root: Path) -> list[Problem]:
    project = read_project(root)
    assert project.framework is not None, project.problems
    return list(project.errors)


def messages(root: Path) -> list[str]:
    return [p.message for p in problems(root)]


def lost(path: str, line: int, record: str, instead: str, edition: str = "2026-11") -> list[str]:
    return [f"{path}:{line}: {record} of edition {edition} is gone, so its address leads nowhere; {instead}"]


@pytest.fixture
def kept(project: Path) -> Path:
    """The small project with one more term and point, whose edition 2026-11 is kept, on its way to 2027-05."""
    (project / "data/glossary/extra.yml").write_text(EXTRA, "utf-8")
    put(project, "data/report.yml", "points:\n", f"points:\n{ASIDE}")
    put(project, "data/aims/practical.yml", "points: [", "points: [aside, ")
    keep(project, "2027-05")
    assert problems(project) == []
    return project


def delete_term(root: Path) -> None:
    (root / "data/glossary/extra.yml").unlink()


def delete_term_long_ago(root: Path) -> None:
    delete_term(root)
    keep(root, "2027-11")  # as if it had been released in spite of the problem


def delete_recommendation(root: Path) -> None:
    put(root, "data/recommendations/2c.yml", "  instead: [2b]\n", "")
    text = (root / "data/recommendations/2b.yml").read_text("utf-8")
    (root / "data/recommendations/2b.yml").unlink()
    (root / "data/recommendations/2d.yml").write_text(text.replace("letter: b", "letter: d"), "utf-8")


def delete_point(root: Path) -> None:
    put(root, "data/report.yml", ASIDE, "")
    put(root, "data/aims/practical.yml", "points: [aside, ", "points: [")


def delete_formerly(root: Path) -> None:
    bonus = (root / "data/glossary/extra.yml").rename(root / "data/glossary/bonus.yml")
    bonus.write_text(f"{EXTRA}formerly: [extra]\n", "utf-8")
    keep(root, "2027-11")
    bonus.write_text(f"formerly: [more]\n{EXTRA}", "utf-8")


TERM = "restore data/glossary/extra.yml from Git, or add formerly: [extra] to the term that replaces it"
RECOMMENDATION = TERM.replace("glossary/extra.yml from Git", "recommendations/2b.yml from Git and withdraw it").replace("extra", "2b")
RECOMMENDATION = RECOMMENDATION.replace("term", "recommendation")
POINT = "restore the point aside in data/report.yml from Git, or add formerly: [aside] to the point that replaces it"


@pytest.mark.parametrize(
    ("edit", "expected", "fixed"),
    [
        (delete_term, lost("data/glossary/extra.yml", 1, 'the term "extra"', TERM), ("data/glossary/outcome.yml", "", "extra")),
        (delete_term_long_ago, lost("data/glossary/extra.yml", 1, 'the term "extra"', TERM), ("data/glossary/outcome.yml", "", "extra")),
        (
            delete_recommendation,
            lost("data/recommendations/2b.yml", 1, 'the recommendation "2b"', RECOMMENDATION),
            ("data/recommendations/2d.yml", "", "2b"),
        ),
        (delete_point, lost("data/report.yml", 1, 'the point "aside"', POINT), ("data/report.yml", "  - id: intro\n    ", "aside")),
        (
            delete_formerly,
            lost("data/glossary/bonus.yml", 1, 'formerly: the term "extra"', "write formerly: [more, extra]", "2027-05"),
            ("data/glossary/bonus.yml", "formerly: [more]\n", "extra"),
        ),
    ],
)
def test_an_id_that_is_gone_is_a_problem_until_formerly_names_it(
    kept: Path, edit: Callable[[Path], None], expected: list[str], fixed: tuple[str, str, str]
) -> None:
    edit(kept)
    assert [f"{p.path}:{p.line}: {p.message}" for p in problems(kept) if p.name == "lost-id"] == expected
    path, before, old = fixed
    text = (kept / path).read_text("utf-8").replace("formerly: [more]\n", "")
    (kept / path).write_text(
        text.replace(before, f"{before}formerly: [{old}]\n    ") if before.endswith(" ") else f"formerly: [{old}]\n{text}", "utf-8"
    )
    assert [p for p in problems(kept) if p.name != "added-edition"] == []


def test_old_anchors_of_points_approaches_and_definitions_are_there(project: Path) -> None:
    put(project, "data/report.yml", "  - id: intro\n", "  - id: intro\n    formerly: [start]\n")
    put(project, "data/approaches/new-way.yml", "title: ", "formerly: [newer-way]\ntitle: ")
    put(project, "data/definitions/another-town.yml", "title: ", "formerly: [a-town]\ntitle: ")
    framework = read_project(project).framework
    assert framework is not None
    macros = PageMacros(framework, str)
    assert 'id="approach-newer-way"' in macros.approaches()
    assert 'id="definition-a-town"' in macros.definitions()
    found = lxml.html.fragment_fromstring(macros.coverage(), "div")
    assert found.xpath("//dd[@id='point-intro']/span/@id") == ["point-start"]
    put(project, "data/report.yml", "formerly: [start]", "formerly: [intro]")
    (message,) = [p.message for p in problems(project)]
    assert message.endswith('formerly.1: "intro" is listed twice; delete one of the two')


def test_a_moved_recommendation_of_the_report_needs_no_added(kept: Path) -> None:
    rename(kept, "recommendations", "2a", "2d")
    put(kept, "data/recommendations/2d.yml", "letter: a", "letter: d")
    assert problems(kept) == []
    keep(kept, "2027-11")
    put(kept, "data/recommendations/2d.yml", "formerly: [2a]\n", "")
    assert [p.name for p in problems(kept) if p.path != "data/report.yml"] == ["letter-gap", "lost-id"]


def add(root: Path, edition: str | None, letter: str = "d") -> list[str]:
    """Add one more recommendation to stage 2, which says that `edition` added it; return what is wrong."""
    text = (root / "data/recommendations/2b.yml").read_text("utf-8").replace("letter: b", f"letter: {letter}")
    file = root / f"data/recommendations/2{letter}.yml"
    file.write_text(text.replace("added: 2026-11", f"added: {edition}" if edition else "# new"), "utf-8")
    return messages(root)


def wrong_added(edition: str, right: str) -> list[str]:
    return [f"added: {edition} is not the edition that added it; write added: {right}"]


def test_before_the_first_release_added_names_the_edition_of_the_site(project: Path) -> None:
    assert add(project, "2031-07") == wrong_added("2031-07", "2026-11")
    assert add(project, "2026-11") == []
    put(project, "data/approaches/new-way.yml", "added: 2026-11", "added: 2025-01")
    assert messages(project) == wrong_added("2025-01", "2026-11")


def test_added_names_the_next_edition_and_stays_so(kept: Path) -> None:
    assert add(kept, "2026-11") == wrong_added("2026-11", "2027-05")
    assert add(kept, None) == ["the recommendation is not the report's; add the line added: 2027-05"]
    assert add(kept, "2027-05") == []
    keep(kept, "2027-11")
    assert add(kept, "2027-11") == wrong_added("2027-11", "2027-05")
    add(kept, "2027-05")
    rename(kept, "recommendations", "2d", "2e")
    put(kept, "data/recommendations/2e.yml", "letter: d", "letter: e")
    assert problems(kept) == [], "it is the same recommendation under another letter"
    (kept / "data/recommendations/2c.yml").unlink()
    put(kept, "data/recommendations/2e.yml", "formerly: [2d]", "formerly: [2d, 2c]")
    assert problems(kept) == [], "it keeps its own edition when another is merged into it"


def test_the_next_edition_is_the_month_after_unless_it_is_named(kept: Path) -> None:
    keep(kept)
    assert add(kept, "2027-05") == wrong_added("2027-05", "2027-06")
    next_edition(kept, "2027-12", "2027-12-01")
    assert add(kept, "2027-12") == []
    keep(kept)
    assert add(kept, "2027-12", "e") == wrong_added("2027-12", "2028-01")


def test_withdrawn_names_the_next_edition_and_stays_so(kept: Path) -> None:
    put(kept, "data/recommendations/2c.yml", "  instead: [2b]\n", "")
    file = kept / "data/recommendations/2b.yml"
    text = file.read_text("utf-8")

    def withdraw(edition: str) -> list[str]:
        file.write_text(text + WITHDRAWN.format(edition), "utf-8")
        return messages(kept)

    wrong = "withdrawn.edition: {} is not the edition that withdrew it; write edition: {}"
    assert withdraw("2026-11") == [wrong.format("2026-11", "2027-05")]
    assert withdraw("2027-05") == []
    keep(kept, "2027-11")
    assert problems(kept) == []
    assert withdraw("2027-11") == [wrong.format("2027-11", "2027-05")]
    file.write_text(text, "utf-8")
    assert problems(kept) == [], "it counts again"
    keep(kept, "2028-05")
    assert withdraw("2027-05") == [wrong.format("2027-05", "2028-05")]
    assert withdraw("2028-05") == []


def test_an_unreadable_edition_is_the_only_problem(kept: Path) -> None:
    (kept / "data/glossary/extra.yml").unlink()
    (kept / "data/editions/2026-11.json").write_text("{}\n", "utf-8")
    assert {p.path for p in problems(kept)} == {"data/editions/2026-11.json"}
