"""Records are checked against the released editions: addresses keep working, and `added:` and `withdrawn:` name the right edition."""

from __future__ import annotations

import re
from pathlib import Path

import lxml.html
import pytest

from macros.model.problem import Problem
from macros.rendering.page_macros import Library
from macros.site_build.project import read_project
from tests.cli.test_release import publishable, release, store
from tests.conftest import svf
from tests.history.test_revision import put
from tests.history.test_snapshot import keep, next_edition

TWO_C = "data/recommendations/2c.yml"
WITHDRAWN = "withdrawn:\n  edition: {}\n  reason: |-\n    Nobody needs it.\n"
EXTRA = """term: Extra
meaning: |-
  It is more than was asked for.
example: |-
  A club lends its hall for nothing, and makes the tea as well.
points: [intro]
"""
LIKE_IT = EXTRA.replace("more than was asked for", "more than anybody asked for").replace("Extra", "Bonus")


def problems(root: Path) -> list[Problem]:
    project = read_project(root)
    assert project.framework is not None, project.problems
    return list(project.errors)


def lines(root: Path) -> list[str]:
    return [f"{p.path}:{p.line}: {p.message}" for p in problems(root)]


def lost(path: str, line: int, wrong: str, instead: str) -> list[str]:
    return [f"{path}:{line}: {wrong} of edition 2026-11 is gone, and its address leads nowhere; {instead}"]


@pytest.fixture
def kept(project: Path) -> Path:
    """The small project with one more term, source and point, whose edition 2026-11 is kept, on its way to 2027-05."""
    (project / "data/glossary/extra.yml").write_text(EXTRA, "utf-8")
    source = (project / "data/sources/small-law.yml").read_text("utf-8")
    (project / "data/sources/old-guide.yml").write_text(
        source.replace("title: ", "title: Guide to a ").replace("web: ", "# web: "), "utf-8"
    )
    put(
        project,
        "data/report.yml",
        "points:\n",
        "points:\n  - id: aside\n    where: Annex\n    point: |-\n      Some asides are useful too.\n",
    )
    put(project, "data/aims/practical.yml", "points: [", "points: [aside, ")
    assert problems(project) == []
    keep(project)
    next_edition(project, "2027-05", "2027-05-03")
    assert problems(project) == []
    return project


def move(root: Path, old: str, new: str) -> Path:
    (root / old).rename(root / new)
    return root / new


def test_a_record_that_is_gone_is_a_problem_at_its_file(kept: Path) -> None:
    (kept / "data/glossary/extra.yml").unlink()
    instead = "bring data/glossary/extra.yml back from Git, or add formerly: [extra] to the term that takes its place"
    assert lines(kept) == lost("data/glossary/extra.yml", 1, 'the term "extra"', instead)
    put(kept, "data/glossary/outcome.yml", "term: Outcome\n", "term: Outcome\nformerly: [extra]\n")
    assert problems(kept) == []


def test_a_record_under_a_new_name_is_a_problem_where_the_line_is_to_be_added(kept: Path) -> None:
    move(kept, "data/glossary/extra.yml", "data/glossary/bonus.yml").write_text(LIKE_IT, "utf-8")
    instead = "if this is the same term under a new id, add the line formerly: [extra]; if not, bring data/glossary/extra.yml back from Git"
    assert lines(kept) == lost("data/glossary/bonus.yml", 1, 'the term "extra"', instead)
    with (kept / "data/glossary/bonus.yml").open("a", encoding="utf-8") as file:
        file.write("formerly: [extra]\n")
    assert problems(kept) == []


def test_a_title_that_stays_tells_which_record_it_is_though_the_text_is_new(kept: Path) -> None:
    text = EXTRA.replace("more than was asked for", "a good deed that no contract names").partition("example:")[0]
    renamed = move(kept, "data/glossary/extra.yml", "data/glossary/bonus.yml")
    renamed.write_text(text + "example: |-\n  Young people from the estate paint the waiting room on a Sunday.\npoints: [intro]\n", "utf-8")
    assert [p.path for p in problems(kept)] == ["data/glossary/bonus.yml"]


def test_another_new_record_is_not_taken_for_the_one_that_is_gone(kept: Path) -> None:
    (kept / "data/glossary/extra.yml").unlink()
    other = EXTRA.replace("Extra", "Referee").replace("It is more than was asked for.", "Somebody who judges a match between two teams.")
    other = other.replace(
        "A club lends its hall for nothing, and makes the tea as well.", "Each Saturday one whistles on the village green."
    )
    (kept / "data/glossary/referee.yml").write_text(other, "utf-8")
    assert [p.path for p in problems(kept)] == ["data/glossary/extra.yml"]


def test_a_source_and_a_point_of_the_report_are_kept_too(kept: Path) -> None:
    (kept / "data/sources/old-guide.yml").unlink()
    instead = "bring data/sources/old-guide.yml back from Git, or add formerly: [old-guide] to the source that takes its place"
    assert lines(kept) == lost("data/sources/old-guide.yml", 1, 'the source "old-guide"', instead)
    put(kept, "data/sources/small-law.yml", "title: ", "formerly: [old-guide]\ntitle: ")
    put(kept, "data/report.yml", "  - id: aside\n    where: Annex\n    point: |-\n      Some asides are useful too.\n", "")
    put(kept, "data/aims/practical.yml", "points: [aside, ", "points: [")
    instead = "bring the point aside back from Git, or add formerly: [aside] to the point that takes its place"
    assert lines(kept) == lost("data/report.yml", 7, 'points: the point "aside"', instead)
    put(kept, "data/report.yml", "  - id: intro\n", "  - id: intro\n    formerly: [aside]\n")
    assert problems(kept) == []


def test_a_point_under_a_new_id_is_found_and_its_old_anchor_is_there(kept: Path) -> None:
    put(kept, "data/report.yml", "  - id: aside\n", "  - id: asides\n")
    put(kept, "data/aims/practical.yml", "points: [aside, ", "points: [asides, ")
    instead = "if this is the same point under a new id, add the line formerly: [aside]; if not, bring the point aside back from Git"
    assert lines(kept) == lost("data/report.yml", 7, 'points.1: the point "aside"', instead)
    put(kept, "data/report.yml", "  - id: asides\n", "  - id: asides\n    formerly: [aside]\n")
    project = read_project(kept)
    assert project.errors == ()
    assert project.framework is not None
    found = lxml.html.fragment_fromstring(Library(project.framework, str).coverage(), "div")
    assert found.xpath("//dd[@id='point-asides']/span/@id") == ["point-aside"]
    put(kept, "data/report.yml", "formerly: [aside]", "formerly: [intro]")
    assert 'points.1.formerly.1: "intro" is an id of intro; an id is never used again; delete it here' in [
        p.message for p in problems(kept)
    ]


def test_old_anchors_of_approaches_and_definitions_are_there(project: Path) -> None:
    put(project, "data/approaches/new-way.yml", "title: ", "formerly: [newer-way]\ntitle: ")
    put(project, "data/definitions/another-town.yml", "title: ", "formerly: [a-town]\ntitle: ")
    framework = read_project(project).framework
    assert framework is not None
    library = Library(framework, str)
    assert 'id="approach-newer-way"' in library.approaches()
    assert 'id="definition-a-town"' in library.definitions()


def test_a_recommendation_is_withdrawn_or_moved_and_never_deleted(kept: Path) -> None:
    text = (kept / "data/recommendations/2b.yml").read_text("utf-8")
    put(kept, "data/recommendations/2c.yml", "  instead: [2b]\n", "")
    for path in ("data/case-studies/panel.yml", "data/comparison/author.yml", "data/common-core/trust.yml"):
        (kept / path).write_text((kept / path).read_text("utf-8").replace("2b", "2a"), "utf-8")
    (kept / "data/recommendations/2b.yml").unlink()
    instead = (
        "bring data/recommendations/2b.yml back from Git, with withdrawn: if it no longer counts; if it moved, add formerly: [2b] to "
        "its new record"
    )
    assert lost("data/recommendations/2b.yml", 1, 'the recommendation "2b"', instead)[0] in lines(kept)
    moved = kept / "data/recommendations/2d.yml"
    moved.write_text(text.replace("letter: b", "letter: d"), "utf-8")
    assert 'data/recommendations/2d.yml:1: the recommendation "2b" of edition 2026-11 is gone' in "\n".join(lines(kept))
    moved.write_text(text.replace("letter: b", "letter: d\nformerly: [2b]"), "utf-8")
    assert problems(kept) == []


def test_formerly_that_is_taken_out_again_is_a_problem_at_its_record(kept: Path) -> None:
    renamed = move(kept, "data/glossary/extra.yml", "data/glossary/bonus.yml")
    renamed.write_text(LIKE_IT + "formerly: [extra]\n", "utf-8")
    keep(kept)
    next_edition(kept, "2027-11", "2027-11-01")
    renamed.write_text(LIKE_IT, "utf-8")
    wrong = 'the address of "extra" led here in edition 2027-05, and leads nowhere now; add the line formerly: [extra]'
    assert lines(kept) == [f"data/glossary/bonus.yml:1: {wrong}"]
    again = move(kept, "data/glossary/bonus.yml", "data/glossary/surplus.yml")
    again.write_text("formerly: [more]\n" + LIKE_IT, "utf-8")
    (message,) = lines(kept)
    assert message.startswith('data/glossary/surplus.yml:1: formerly: the term "bonus" of edition 2027-05 is gone')
    assert "write formerly: [more, bonus, extra]; if not" in message
    again.write_text("formerly: [bonus, extra]\n" + LIKE_IT, "utf-8")
    assert problems(kept) == []


def test_a_recommendation_of_the_report_that_has_moved_needs_no_added(kept: Path) -> None:
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


def test_an_id_of_an_edition_before_the_last_is_kept_as_well(kept: Path) -> None:
    (kept / "data/glossary/extra.yml").unlink()
    keep(kept)  # as if it had been released in spite of the problem
    next_edition(kept, "2027-11", "2027-11-01")
    assert [(p.path, p.name) for p in problems(kept)] == [("data/glossary/extra.yml", "lost-id")]


def test_a_new_record_that_no_edition_has_may_go_again(kept: Path) -> None:
    (kept / "data/glossary/bonus.yml").write_text(LIKE_IT, "utf-8")
    assert problems(kept) == []
    (kept / "data/glossary/bonus.yml").unlink()
    assert problems(kept) == []


def add(root: Path, edition: str | None, letter: str = "d") -> Path:
    """Add one more recommendation to stage 2, which says that `edition` added it."""
    text = (root / "data/recommendations/2b.yml").read_text("utf-8").replace("letter: b", f"letter: {letter}")
    text = text.replace("added: 2026-11", f"added: {edition}" if edition else "# new")
    file = root / f"data/recommendations/2{letter}.yml"
    file.write_text(text, "utf-8")
    return file


def messages(root: Path) -> list[str]:
    return [p.message for p in problems(root)]


def test_without_an_edition_what_is_added_is_of_the_one_that_the_site_names(project: Path) -> None:
    file = add(project, "2031-07")
    line = next(n for n, line in enumerate(file.read_text("utf-8").split("\n"), 1) if line.startswith("added:"))
    wrong = "added: 2031-07 is not the edition that comes next; write added: 2026-11"
    assert lines(project) == [f"data/recommendations/2d.yml:{line}: {wrong}"]
    add(project, "2026-11")
    assert problems(project) == []
    put(project, "data/approaches/new-way.yml", "added: 2026-11", "added: 2025-01")
    assert messages(project) == ["added: 2025-01 is not the edition that comes next; write added: 2026-11"]


def test_what_is_added_is_of_the_next_edition_and_stays_so(kept: Path) -> None:
    add(kept, "2026-11")
    assert messages(kept) == ["added: edition 2026-11 was released without it; write added: 2027-05"]
    add(kept, "2031-07")
    assert messages(kept) == ["added: 2031-07 is not the edition that comes next; write added: 2027-05"]
    add(kept, None)
    assert messages(kept) == ["not one of the report's, and no added:; add the line added: 2027-05"]
    file = add(kept, "2027-05")
    assert problems(kept) == []
    keep(kept)
    assert problems(kept) == []
    next_edition(kept, "2027-11", "2027-11-01")
    assert problems(kept) == []
    put(kept, "data/recommendations/2d.yml", "added: 2027-05", "added: 2027-11")
    assert messages(kept) == ["added: edition 2027-05 is the first that had it; write added: 2027-05"]
    text = file.read_text("utf-8").replace("letter: d", "letter: e\nformerly: [2d]").replace("added: 2027-11", "added: 2027-05")
    file.unlink()
    file.with_name("2e.yml").write_text(text, "utf-8")
    assert problems(kept) == [], "it is the same one under another letter"
    keep(kept)
    next_edition(kept, "2028-05", "2028-05-01")
    assert problems(kept) == []


def test_a_record_that_takes_another_in_keeps_its_own_edition(kept: Path) -> None:
    file = add(kept, "2027-05")
    keep(kept)
    next_edition(kept, "2027-11", "2027-11-01")
    (kept / "data/recommendations/2c.yml").unlink()
    file.write_text(file.read_text("utf-8") + "formerly: [2c]\n", "utf-8")
    assert problems(kept) == []


def test_while_nobody_has_named_the_next_edition_it_is_the_month_after(kept: Path) -> None:
    keep(kept)
    add(kept, "2027-05")
    more = "or name another next edition in data/site.yml (edition:) and write that one"
    assert messages(kept) == [f"added: edition 2027-05 was released without it; write added: 2027-06, {more}"]
    add(kept, "2027-11")
    assert messages(kept) == [f"added: 2027-11 is not the edition that comes next; write added: 2027-06, {more}"]
    next_edition(kept, "2027-11", "2027-11-01")
    assert problems(kept) == []
    next_edition(kept, "2028-01", "2028-01-01")
    assert messages(kept) == ["added: 2027-11 is not the edition that comes next; write added: 2028-01"]
    put(kept, "data/site.yml", "2028-01", "2027-12")
    keep(kept)
    next_edition(kept, "2027-12", "2027-12-01")
    add(kept, "2027-12", "e")
    assert f"added: edition 2027-12 was released without it; write added: 2028-01, {more}" in messages(kept)


def test_what_is_withdrawn_is_withdrawn_in_the_next_edition(kept: Path) -> None:
    file = kept / "data/recommendations/2b.yml"
    text = file.read_text("utf-8")
    put(kept, TWO_C, "  instead: [2b]\n", "")
    for path in ("data/case-studies/panel.yml", "data/comparison/author.yml", "data/common-core/trust.yml"):
        (kept / path).write_text((kept / path).read_text("utf-8").replace("2b", "2a"), "utf-8")
    file.write_text(text + WITHDRAWN.format("2026-11"), "utf-8")
    assert messages(kept) == ["withdrawn.edition: it was not withdrawn in edition 2026-11; write edition: 2027-05"]
    file.write_text(text + WITHDRAWN.format("2031-07"), "utf-8")
    assert messages(kept) == ["withdrawn.edition: 2031-07 is not the edition that comes next; write edition: 2027-05"]
    file.write_text(text + WITHDRAWN.format("2027-05"), "utf-8")
    assert problems(kept) == []
    keep(kept)
    next_edition(kept, "2027-11", "2027-11-01")
    assert problems(kept) == []
    file.write_text(text + WITHDRAWN.format("2027-11"), "utf-8")
    assert messages(kept) == ["withdrawn.edition: edition 2027-05 is the first in which it was withdrawn; write edition: 2027-05"]
    file.write_text(text, "utf-8")
    assert problems(kept) == [], "it counts again"
    keep(kept)
    next_edition(kept, "2028-05", "2028-05-01")
    file.write_text(text + WITHDRAWN.format("2027-05"), "utf-8")
    assert messages(kept) == ["withdrawn.edition: it was not withdrawn in edition 2027-05; write edition: 2028-05"]
    file.write_text(text + WITHDRAWN.format("2028-05"), "utf-8")
    assert problems(kept) == []


def test_an_edition_that_cannot_be_read_is_the_only_problem(kept: Path) -> None:
    (kept / "data/glossary/extra.yml").unlink()
    (kept / "data/editions/2026-11.json").write_text("{}\n", "utf-8")
    assert {p.path for p in problems(kept)} == {"data/editions/2026-11.json"}


def test_the_rules_hold_from_release_to_release_in_a_repository(project: Path) -> None:
    ready = publishable(project)
    assert release(ready).returncode == 0
    next_edition(ready, "2027-05", "2027-05-03")
    add(ready, "2026-11")
    done = svf(ready, "check")
    assert (done.returncode, done.stderr) == (1, "1 problem in 1 file\n")
    assert done.stdout.endswith("added: edition 2026-11 was released without it; write added: 2027-05\n")
    add(ready, "2027-05")
    store(ready)
    assert release(ready, day="2027-05-03").returncode == 0
    next_edition(ready, "2027-11", "2027-11-01")
    store(ready)
    found = svf(ready, "diff", "edition-2027-05", "HEAD")
    assert found.returncode == 0
    (ready / "data/recommendations/2d.yml").unlink()
    assert svf(ready, "check").returncode == 1
    store(ready)
    done = release(ready, day="2027-11-01")
    assert done.returncode == 1
    assert 'data/recommendations/2d.yml:1:1: the recommendation "2d" of edition 2027-05 is gone' in done.stdout
