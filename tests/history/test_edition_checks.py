"""Compared with the released editions, addresses keep working, and `added:` and `withdrawn:` name the right edition."""

from __future__ import annotations

import re
from pathlib import Path

import lxml.html
import pytest

from macros.model.problem import Problem
from macros.rendering.page_macros import PageMacros
from macros.site_build.project import read_project
from tests.history.test_revision import put
from tests.history.test_snapshot import keep, next_edition

WITHDRAWN = "withdrawn:\n  edition: {}\n  reason: |-\n    Nobody needs it.\n"
EXTRA = """term: Extra
meaning: |-
  It is more than was asked for.
example: |-
  A club lends its hall for nothing, and makes the tea as well.
points: [intro]
"""
ASIDE = "  - id: aside\n    where: Annex\n    point: |-\n      Some asides are useful too.\n"
LIKE_IT = EXTRA.replace("more than was asked for", "more than anybody asked for").replace("Extra", "Bonus")


def problems(root: Path) -> list[Problem]:
    project = read_project(root)
    assert project.framework is not None, project.problems
    return list(project.errors)


def lines(root: Path) -> list[str]:
    return [f"{p.path}:{p.line}: {p.message}" for p in problems(root)]


def lost(path: str, line: int, wrong: str, instead: str, edition: str = "2026-11") -> str:
    return f"{path}:{line}: {wrong} of edition {edition} is gone, so its address leads nowhere; {instead}"


@pytest.fixture
def kept(project: Path) -> Path:
    """The small project with one more term, source and point, whose edition 2026-11 is kept, on its way to 2027-05."""
    (project / "data/glossary/extra.yml").write_text(EXTRA, "utf-8")
    source = (project / "data/sources/small-law.yml").read_text("utf-8").replace("title: ", "title: Guide to a ")
    (project / "data/sources/old-guide.yml").write_text(source.replace("web: ", "# web: "), "utf-8")
    put(project, "data/report.yml", "points:\n", f"points:\n{ASIDE}")
    put(project, "data/aims/practical.yml", "points: [", "points: [aside, ")
    keep(project)
    next_edition(project, "2027-05", "2027-05-03")
    assert problems(project) == []
    return project


def rename(root: Path, old: str, new: str, text: str) -> Path:
    (root / f"data/glossary/{old}.yml").unlink()
    file = root / f"data/glossary/{new}.yml"
    file.write_text(text, "utf-8")
    return file


def name_2a_instead_of_2b(root: Path) -> None:
    put(root, "data/recommendations/2c.yml", "  instead: [2b]\n", "")
    for path in ("data/case-studies/panel.yml", "data/comparison/author.yml", "data/common-core/trust.yml"):
        (root / path).write_text((root / path).read_text("utf-8").replace("2b", "2a"), "utf-8")


def test_a_deleted_record_is_a_problem_at_its_file(kept: Path) -> None:
    (kept / "data/glossary/extra.yml").unlink()
    instead = "restore data/glossary/extra.yml from Git, or add formerly: [extra] to the term that replaces it"
    assert lines(kept) == [lost("data/glossary/extra.yml", 1, 'the term "extra"', instead)]
    put(kept, "data/glossary/outcome.yml", "term: Outcome\n", "term: Outcome\nformerly: [extra]\n")
    assert problems(kept) == []


def test_a_renamed_record_is_a_problem_at_its_new_file(kept: Path) -> None:
    renamed = rename(kept, "extra", "bonus", LIKE_IT)
    instead = "write formerly: [extra] if this is its new id; if not, restore data/glossary/extra.yml from Git"
    assert lines(kept) == [lost("data/glossary/bonus.yml", 1, 'the term "extra"', instead)]
    renamed.write_text(LIKE_IT + "formerly: [extra]\n", "utf-8")
    assert problems(kept) == []


def test_a_record_with_the_same_title_is_the_renamed_one(kept: Path) -> None:
    text = EXTRA.replace("more than was asked for", "a good deed that no contract names").partition("example:")[0]
    rename(kept, "extra", "bonus", text + "example: |-\n  Young people paint the waiting room on a Sunday.\npoints: [intro]\n")
    assert [p.path for p in problems(kept)] == ["data/glossary/bonus.yml"]


def test_a_new_record_with_other_text_is_not_the_renamed_one(kept: Path) -> None:
    other = EXTRA.replace("Extra", "Referee").replace("It is more than was asked for.", "Somebody who judges a match between two teams.")
    rename(
        kept,
        "extra",
        "referee",
        other.replace("A club lends its hall for nothing, and makes the tea as well.", "Each Saturday one whistles on the village green."),
    )
    assert [p.path for p in problems(kept)] == ["data/glossary/extra.yml"]


def test_a_deleted_point_of_the_report_is_a_problem(kept: Path) -> None:
    put(kept, "data/report.yml", ASIDE, "")
    put(kept, "data/aims/practical.yml", "points: [aside, ", "points: [")
    instead = "restore the point aside from Git, or add formerly: [aside] to the point that replaces it"
    assert lines(kept) == [lost("data/report.yml", 7, 'points: the point "aside"', instead)]
    put(kept, "data/report.yml", "  - id: intro\n", "  - id: intro\n    formerly: [aside]\n")
    assert problems(kept) == []


def test_a_renamed_point_keeps_its_old_anchor(kept: Path) -> None:
    put(kept, "data/report.yml", "  - id: aside\n", "  - id: asides\n")
    put(kept, "data/aims/practical.yml", "points: [aside, ", "points: [asides, ")
    instead = "write formerly: [aside] if this is its new id; if not, restore the point aside from Git"
    assert lines(kept) == [lost("data/report.yml", 7, 'points.1: the point "aside"', instead)]
    put(kept, "data/report.yml", "  - id: asides\n", "  - id: asides\n    formerly: [aside]\n")
    project = read_project(kept)
    assert project.errors == ()
    assert project.framework is not None
    found = lxml.html.fragment_fromstring(PageMacros(project.framework, str).coverage(), "div")
    assert found.xpath("//dd[@id='point-asides']/span/@id") == ["point-aside"]
    put(kept, "data/report.yml", "formerly: [aside]", "formerly: [intro]")
    wrong = 'points.1.formerly.1: "intro" is an id of intro; delete it; an id is never reused'
    assert wrong in [p.message for p in problems(kept)]


def test_old_anchors_of_approaches_and_definitions_are_there(project: Path) -> None:
    put(project, "data/approaches/new-way.yml", "title: ", "formerly: [newer-way]\ntitle: ")
    put(project, "data/definitions/another-town.yml", "title: ", "formerly: [a-town]\ntitle: ")
    framework = read_project(project).framework
    assert framework is not None
    library = PageMacros(framework, str)
    assert 'id="approach-newer-way"' in library.approaches()
    assert 'id="definition-a-town"' in library.definitions()


def test_a_recommendation_is_withdrawn_or_moved_but_never_deleted(kept: Path) -> None:
    name_2a_instead_of_2b(kept)
    deleted = kept / "data/recommendations/2b.yml"
    text = deleted.read_text("utf-8")
    deleted.unlink()
    instead = "restore data/recommendations/2b.yml from Git and withdraw it, or add formerly: [2b] to the recommendation that replaces it"
    assert lost("data/recommendations/2b.yml", 1, 'the recommendation "2b"', instead) in lines(kept)
    moved = kept / "data/recommendations/2d.yml"
    moved.write_text(text.replace("letter: b", "letter: d\nformerly: [2b]"), "utf-8")
    assert problems(kept) == []


def test_a_deleted_formerly_is_a_problem_at_its_record(kept: Path) -> None:
    renamed = rename(kept, "extra", "bonus", LIKE_IT + "formerly: [extra]\n")
    keep(kept)
    next_edition(kept, "2027-11", "2027-11-01")
    renamed.write_text(LIKE_IT, "utf-8")
    assert lines(kept) == [lost("data/glossary/bonus.yml", 1, 'the term "extra"', "write formerly: [extra]", "2027-05")]
    rename(kept, "bonus", "surplus", "formerly: [more]\n" + LIKE_IT)
    instead = "write formerly: [more, bonus, extra] if this is its new id; if not, restore data/glossary/bonus.yml from Git"
    assert lines(kept) == [lost("data/glossary/surplus.yml", 1, 'formerly: the term "bonus"', instead, "2027-05")]


def test_a_moved_recommendation_of_the_report_needs_no_added(kept: Path) -> None:
    file = kept / "data/recommendations/2a.yml"
    text = file.read_text("utf-8").replace("letter: a", "letter: d\nformerly: [2a]")
    file.unlink()
    moved = file.with_name("2d.yml")
    moved.write_text(text, "utf-8")
    for other in (*kept.glob("data/*/*.yml"), *kept.glob("content/**/*.md")):
        named = re.sub(r"\]\(2a\)|\(\"2a\"\)", lambda found: found[0].replace("2a", "2d"), other.read_text("utf-8"))
        other.write_text(re.sub(r"((?:recommendations|instead): \[[^\]]*)2a", r"\g<1>2d", named), "utf-8")
    assert problems(kept) == []
    keep(kept)
    next_edition(kept, "2027-11", "2027-11-01")
    moved.write_text(text.replace("formerly: [2a]\n", ""), "utf-8")
    assert [p.name for p in problems(kept) if p.path != "data/report.yml"] == ["letter-gap", "lost-id"]


def test_ids_of_older_editions_are_kept_too(kept: Path) -> None:
    (kept / "data/glossary/extra.yml").unlink()
    keep(kept)  # as if it had been released in spite of the problem
    next_edition(kept, "2027-11", "2027-11-01")
    assert [(p.path, p.name) for p in problems(kept)] == [("data/glossary/extra.yml", "lost-id")]


def add(root: Path, edition: str | None, letter: str = "d") -> Path:
    """Add one more recommendation to stage 2, which says that `edition` added it."""
    text = (root / "data/recommendations/2b.yml").read_text("utf-8").replace("letter: b", f"letter: {letter}")
    file = root / f"data/recommendations/2{letter}.yml"
    file.write_text(text.replace("added: 2026-11", f"added: {edition}" if edition else "# new"), "utf-8")
    return file


def messages(root: Path) -> list[str]:
    return [p.message for p in problems(root)]


def wrong_added(edition: str, right: str) -> list[str]:
    return [f"added: {edition} is not the edition that added it; write added: {right}"]


def test_before_the_first_release_added_names_the_edition_of_the_site(project: Path) -> None:
    add(project, "2031-07")
    assert messages(project) == wrong_added("2031-07", "2026-11")
    add(project, "2026-11")
    assert problems(project) == []
    put(project, "data/approaches/new-way.yml", "added: 2026-11", "added: 2025-01")
    assert messages(project) == wrong_added("2025-01", "2026-11")


def test_added_names_the_next_edition_and_stays_so(kept: Path) -> None:
    add(kept, "2026-11")
    assert messages(kept) == wrong_added("2026-11", "2027-05")
    add(kept, None)
    assert messages(kept) == ["the recommendation is not the report's; add the line added: 2027-05"]
    file = add(kept, "2027-05")
    keep(kept)
    next_edition(kept, "2027-11", "2027-11-01")
    assert problems(kept) == []
    put(kept, "data/recommendations/2d.yml", "added: 2027-05", "added: 2027-11")
    assert messages(kept) == wrong_added("2027-11", "2027-05")
    text = file.read_text("utf-8").replace("letter: d", "letter: e\nformerly: [2d]").replace("added: 2027-11", "added: 2027-05")
    file.unlink()
    file.with_name("2e.yml").write_text(text, "utf-8")
    assert problems(kept) == [], "it is the same recommendation under another letter"


def test_a_record_that_another_is_merged_into_keeps_its_own_edition(kept: Path) -> None:
    file = add(kept, "2027-05")
    keep(kept)
    next_edition(kept, "2027-11", "2027-11-01")
    (kept / "data/recommendations/2c.yml").unlink()
    file.write_text(file.read_text("utf-8") + "formerly: [2c]\n", "utf-8")
    assert problems(kept) == []


def test_the_next_edition_is_the_month_after_unless_it_is_named(kept: Path) -> None:
    keep(kept)
    add(kept, "2027-05")
    assert messages(kept) == wrong_added("2027-05", "2027-06")
    add(kept, "2027-12")
    next_edition(kept, "2027-12", "2027-12-01")
    assert problems(kept) == []
    keep(kept)
    add(kept, "2027-12", "e")
    assert messages(kept) == wrong_added("2027-12", "2028-01")


def test_withdrawn_names_the_next_edition_and_stays_so(kept: Path) -> None:
    name_2a_instead_of_2b(kept)
    file = kept / "data/recommendations/2b.yml"
    text = file.read_text("utf-8")

    def withdraw(edition: str) -> list[str]:
        file.write_text(text + WITHDRAWN.format(edition), "utf-8")
        return messages(kept)

    wrong = "withdrawn.edition: {} is not the edition that withdrew it; write edition: {}"
    assert withdraw("2026-11") == [wrong.format("2026-11", "2027-05")]
    assert withdraw("2027-05") == []
    keep(kept)
    next_edition(kept, "2027-11", "2027-11-01")
    assert problems(kept) == []
    assert withdraw("2027-11") == [wrong.format("2027-11", "2027-05")]
    file.write_text(text, "utf-8")
    assert problems(kept) == [], "it counts again"
    keep(kept)
    next_edition(kept, "2028-05", "2028-05-01")
    assert withdraw("2027-05") == [wrong.format("2027-05", "2028-05")]
    assert withdraw("2028-05") == []


def test_an_unreadable_edition_is_the_only_problem(kept: Path) -> None:
    (kept / "data/glossary/extra.yml").unlink()
    (kept / "data/editions/2026-11.json").write_text("{}\n", "utf-8")
    assert {p.path for p in problems(kept)} == {"data/editions/2026-11.json"}
