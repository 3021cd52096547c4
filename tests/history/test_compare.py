"""The differences between two states of the small project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from macros.history.compare import Comparison, PageChange, RecordChange, State, compare, state_of
from macros.model.framework import Framework
from macros.model.introspection import leaves
from macros.model.types import Statement
from macros.site_build.project import read_project
from tests.history.test_editions import rename
from tests.history.test_git import put

ONE = "data/recommendations/1a.yml"


def state(project: Path) -> State:
    found = read_project(project)
    assert found.framework is not None, found.problems
    return state_of(found.framework, found.pages)


@pytest.fixture
def compared(project: Path) -> Callable[[], Comparison]:
    before = state(project)
    return lambda: compare(before, state(project))


def only(comparison: Comparison) -> RecordChange:
    assert comparison.pages == ()
    (change,) = comparison.records
    return change


def hows(change: RecordChange | PageChange) -> list[tuple[str, str]]:
    return sorted((c.how, c.path) for c in change.changes)


STEP = "  - audience: [provider]\n    step: |-\n      Introduce the commissioner to the people you know, and stay for the talk.\n"
ASK = "  - |-\n    Did we visit places where people already meet?\n"
ANSWER = "  - |-\n    Did we hear from people who do not answer surveys?\n"
SAID = ("before anything is decided", "before anything is settled")


@pytest.mark.parametrize(
    ("edits", "changes", "protected"),
    [
        ([("stage: 1-find-out\nletter: a\n", "# A comment.\nletter: a  # here\nstage: 1-find-out\n")], [], []),
        ([("  A survey on a website reaches ", "  A survey on a website\n  reaches ")], [], []),
        ([("a school gate.", "a garden gate.")], [("changed", "do.1.step")], []),
        ([("a school gate.", "a garden gate."), SAID], [("changed", "do.1.step"), ("changed", "says")], ["says"]),
        ([(ASK + ANSWER, ANSWER + ASK)], [("reordered", "ask")], []),
        ([(STEP, ""), ("avoid:\n", STEP + "avoid:\n")], [("reordered", "do")], []),
        (
            [("Did we visit places", "Did we go to places"), (ANSWER, "  - |-\n    Has everybody heard back?\n")],
            [("added", "ask.2"), ("changed", "ask.1"), ("removed", "ask.2")],
            [],
        ),
        ([("[social-value]", "[output]"), ("[1a, intro]", "[intro, 1a]")], [("added", "terms.1"), ("removed", "terms.1")], []),
    ],
)
def test_changes_in_a_recommendation(
    project: Path,
    compared: Callable[[], Comparison],
    edits: list[tuple[str, str]],
    changes: list[tuple[str, str]],
    protected: list[str],
) -> None:
    for old, new in edits:
        put(project, ONE, old, new)
    found = compared()
    assert [hows(record) for record in found.records] == ([changes] if changes else [])
    assert [c.path for record in found.records for c in record.protected_changes] == protected


def test_a_renamed_term_is_the_same_term(project: Path, compared: Callable[[], Comparison]) -> None:
    rename(project, "glossary", "output", "result")
    (renamed,) = (record for record in compared().records if record.status == "renamed")
    assert (renamed.key[1], renamed.old_id, renamed.changes) == ("result", "output", ())
    assert {record.status for record in compared().records} <= {"renamed", "changed"}
    relations = [c for record in compared().records for c in record.changes if c.field.holds == "reference"]
    assert relations == [], "a relation to it is no other relation"


def test_records_come_and_go(project: Path, compared: Callable[[], Comparison]) -> None:
    text = (project / ONE).read_text("utf-8")
    extra = project / "data/recommendations/1d.yml"
    extra.write_text(text.replace("letter: a", "letter: d") + "added: 2026-11\n", "utf-8")
    found = only(compared())
    assert (found.status, found.protected, found.protected_changes) == ("added", True, ())
    after = state(project)
    extra.unlink()
    gone = only(compare(after, state(project)))
    assert (gone.status, gone.protected, gone.gone) == ("removed", True, True)
    (project / ONE).write_text(f"{text}withdrawn:\n  edition: 2026-11\n  reason: |-\n    Nobody needs it.\n", "utf-8")
    found = only(compared())
    assert (found.status, found.protected, ("added", "withdrawn.reason") in hows(found)) == ("withdrawn", True, True)
    withdrawn = state(project)
    (project / ONE).write_text(text, "utf-8")
    assert only(compare(withdrawn, state(project))).status == "restored"


def test_a_new_term_is_not_protected_and_may_be_merged_into_another(project: Path, compared: Callable[[], Comparison]) -> None:
    text = (project / "data/glossary/output.yml").read_text("utf-8")
    extra = project / "data/glossary/extra.yml"
    extra.write_text(text.replace("term: Output", "term: Extra").replace("also:", "# also:"), "utf-8")
    found = only(compared())
    assert (found.status, found.protected, found.protected_changes, ("added", "term") in hows(found)) == ("added", False, (), True)
    more = state(project)
    extra.unlink()
    put(project, "data/glossary/outcome.yml", "meaning: |-", "formerly: [extra]\nmeaning: |-")
    assert {record.status: record.into for record in compare(more, state(project)).records}["merged"] == ("term", "outcome")


def test_pages_are_compared_by_paragraph(project: Path, compared: Callable[[], Comparison]) -> None:
    put(project, "content/values.md", "\n\n", "\n\n\n")
    assert compared() == Comparison((), ())
    put(project, "content/values.md", "{{ values() }}", "Here are the values.\n\n{{ values() }}")
    (page,) = compared().pages
    assert (page.status, [(c.how, c.new) for c in page.changes]) == ("changed", [("added", "Here are the values.")])
    (project / "content/values.md").rename(project / "content/shared.md")
    assert sorted((page.status, page.page.path) for page in compared().pages) == [
        ("added", "content/shared.md"),
        ("removed", "content/values.md"),
    ]


def test_a_point_of_the_report_is_a_record_of_its_own(project: Path, compared: Callable[[], Comparison]) -> None:
    put(project, "data/report.yml", "points:\n", "points:\n  - id: aside\n    where: Annex\n    point: |-\n      Asides are useful.\n")
    put(project, "data/aims/practical.yml", "points: [", "points: [aside, ")
    found = compared()
    assert [(r.status, r.key, r.protected) for r in found.records] == [
        ("added", ("point", "aside"), True),
        ("changed", ("aim", "practical"), False),
    ]


def test_every_value_has_the_kind_of_statement_of_its_type(small: Framework) -> None:
    found = compare(State({}), state_of(small))
    assert len(found.records) == len(small.records) - 1 + len(small.points), "words.yml is for the checks alone"
    count = 0
    for added in found.records:
        record = small.find(*added.key)
        marks = {leaf.loc: next((m for m in leaf.marks if isinstance(m, Statement)), None) for leaf in leaves(record)} if record else {}
        for change in added.changes if record else ():
            assert change.statement is marks[change.loc], (added.key, change.path)
            count += 1
    assert count > 100
