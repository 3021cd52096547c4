"""The differences between two states of the small project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from macros.history.compare import Change, Comparison, PageChange, RecordChange, State, compare, state_of
from macros.model.framework import Framework
from macros.model.introspection import field_guides, leaves
from macros.model.records import Recommendation
from macros.model.types import Statement
from macros.site_build.project import read_project
from tests.history.test_revision import put

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
    assert len(comparison.records) == 1, comparison.records
    assert comparison.pages == ()
    return comparison.records[0]


def page(comparison: Comparison) -> PageChange:
    assert len(comparison.pages) == 1, comparison.pages
    assert comparison.records == ()
    return comparison.pages[0]


def hows(change: RecordChange | PageChange) -> list[tuple[str, str]]:
    return [(c.how, c.path) for c in change.changes]


def test_comments_wrapping_and_the_order_of_keys_are_no_change(project: Path, compared: Callable[[], Comparison]) -> None:
    put(project, ONE, "stage: 1-plan\nletter: a\n", "# A comment.\nletter: a  # here\nstage: 1-plan\n")
    put(project, ONE, "  People who use a service know best ", "  People who use a service\n  know best ")
    put(project, "content/values.md", "\n\n", "\n\n\n")
    assert compared() == Comparison((), ())


def test_only_text_of_the_report_is_protected(project: Path, compared: Callable[[], Comparison]) -> None:
    put(project, ONE, "Ask people what they need.", "Ask people what they want.")
    found = only(compared())
    assert (found.status, hows(found), found.protected_changes) == ("changed", [("changed", "do.1.step")], ())
    put(project, ONE, "early enough to matter", "early enough to count")
    found = only(compared())
    assert [c.path for c in found.protected_changes] == ["says"]
    assert [(r.key[1], c.path if c else "") for r, c in compared().protected] == [("1a", "says")]


def test_a_reordered_list_is_not_protected(project: Path, compared: Callable[[], Comparison]) -> None:
    one, two = "  - |-\n    Did we ask in time?\n", "  - |-\n    Did we answer?\n"
    put(project, ONE, one + two, two + one)
    assert hows(only(compared())) == [("reordered", "ask")]
    assert compared().protected == ()


def test_items_of_a_list_are_changed_added_and_removed(project: Path, compared: Callable[[], Comparison]) -> None:
    put(project, ONE, "    Did we ask in time?\n", "    Did we ask them in time?\n")
    put(project, ONE, "    Did we answer?\n", "    Has everybody heard back?\n")
    assert sorted(hows(only(compared()))) == [("added", "ask.2"), ("changed", "ask.1"), ("removed", "ask.2")]


def test_references_are_added_and_removed(project: Path, compared: Callable[[], Comparison]) -> None:
    put(project, ONE, "terms: [outcome]", "terms: [output]")
    put(project, ONE, "points: [1a, intro]", "points: [intro, 1a]")
    found = only(compared())
    assert [(c.how, c.relation, c.old, c.new) for c in found.changes] == [
        ("added", "terms", None, "output"),
        ("removed", "terms", "outcome", None),
    ]
    assert all(c.is_reference for c in found.changes)


def test_a_change_has_the_kind_of_statement_of_its_field(project: Path, compared: Callable[[], Comparison]) -> None:
    file = "data/case-studies/panel.yml"
    text = (project / file).read_text("utf-8")
    put(project, file, "says: |-\n  ", "says: |-\n  It is told that ")
    found = only(compared())
    assert found.changes[0].statement is Statement.REPORT
    (project / file).write_text(text, "utf-8")
    put(project, "data/law/small-act.yml", "what: |-\n  ", "what: |-\n  Now and then ")
    assert only(compared()).changes[0].statement is Statement.FACT


@pytest.mark.parametrize(("line", "redirected"), [("formerly: [output]\n", True), ("", False)])
def test_a_renamed_term_is_the_same_term(project: Path, compared: Callable[[], Comparison], line: str, redirected: bool) -> None:
    text = (project / "data/glossary/output.yml").read_text("utf-8")
    (project / "data/glossary/output.yml").unlink()
    (project / "data/glossary/result.yml").write_text(line + text, "utf-8")
    for file in [*project.glob("data/*/*.yml"), *project.glob("content/**/*.md")]:
        text_now = file.read_text("utf-8")
        for old, new in (("[[output", "[[result"), ("term: output", "term: result"), ("[output]", "[result]")):
            text_now = text_now.replace(old, new) if not text_now.startswith("formerly") else text_now
        file.write_text(text_now, "utf-8")
    renamed = [r for r in compared().records if r.status == "renamed"]
    assert [(r.key[1], r.old_id, r.redirected, r.changes) for r in renamed] == [("result", "output", redirected, ())]
    assert {r.status for r in compared().records} <= {"renamed", "changed"}
    assert not [c for r in compared().records for c in r.changes if c.is_reference], "a relation to it is no other relation"


def test_a_new_term_is_not_protected(project: Path, compared: Callable[[], Comparison]) -> None:
    text = (project / "data/glossary/output.yml").read_text("utf-8")
    (project / "data/glossary/extra.yml").write_text(text.replace("term: Output", "term: Extra").replace("also:", "# also:"), "utf-8")
    found = only(compared())
    assert (found.status, found.protected, found.protected_changes) == ("added", False, ())
    assert ("added", "term") in hows(found)


def test_a_new_or_deleted_recommendation_is_protected(project: Path, compared: Callable[[], Comparison]) -> None:
    text = (project / ONE).read_text("utf-8")
    (project / "data/recommendations/1c.yml").write_text(text.replace("letter: a", "letter: c") + "added: 2026-11\n", "utf-8")
    found = only(compared())
    assert (found.status, found.protected, found.protected_changes) == ("added", True, ())
    after = state(project)
    (project / "data/recommendations/1c.yml").unlink()
    gone = only(compare(after, state(project)))
    assert (gone.status, gone.protected, gone.redirected, gone.gone) == ("removed", True, False, True)


def test_a_withdrawn_or_restored_recommendation_is_protected(project: Path, compared: Callable[[], Comparison]) -> None:
    before = state(project)
    with (project / ONE).open("a") as file:
        file.write("withdrawn:\n  edition: 2026-11\n  reason: |-\n    Nobody needs it.\n")
    found = only(compared())
    assert (found.status, found.protected) == ("withdrawn", True)
    assert ("added", "withdrawn.reason") in hows(found)
    assert only(compare(state(project), before)).status == "restored"


def test_a_merged_record_is_redirected(project: Path) -> None:
    text = (project / "data/glossary/output.yml").read_text("utf-8")
    (project / "data/glossary/extra.yml").write_text(text.replace("term: Output", "term: Extra").replace("also:", "# also:"), "utf-8")
    more = state(project)
    (project / "data/glossary/extra.yml").unlink()
    put(project, "data/glossary/outcome.yml", "meaning: |-", "formerly: [extra]\nmeaning: |-")
    found = {r.status: r for r in compare(more, state(project)).records}
    assert (found["merged"].into, found["merged"].redirected) == (("term", "outcome"), True)


def test_a_reordered_list_of_groups_is_only_reordered(project: Path, compared: Callable[[], Comparison]) -> None:
    step = "  - audience: [commissioner]\n    step: |-\n      Ask people what they need.\n"
    put(project, ONE, step, "")
    put(project, ONE, "avoid:\n", step + "avoid:\n")
    assert hows(only(compared())) == [("reordered", "do")]


def test_a_new_paragraph_of_a_page_is_added(project: Path, compared: Callable[[], Comparison]) -> None:
    put(project, "content/values.md", "{{ values() }}", "Here are the values.\n\n{{ values() }}")
    found = page(compared())
    assert [(c.how, c.new) for c in found.changes] == [("added", "Here are the values.")]


def test_a_page_is_renamed_added_and_removed(project: Path, compared: Callable[[], Comparison]) -> None:
    (project / "content/values.md").rename(project / "content/shared.md")
    found = page(compared())
    assert (found.status, found.page.path, found.before.path if found.before else "") == (
        "renamed",
        "content/shared.md",
        "content/values.md",
    )
    assert found.changes == ()
    (project / "content/shared.md").write_text(
        "---\ndescription: Quite another page about something else.\n---\n\n# New\n\nOther words stand here.\n"
    )
    assert sorted(p.status for p in compared().pages) == ["added", "removed"]


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


def test_only_records_with_text_of_the_report_are_protected() -> None:
    for status in ("added", "removed", "merged", "withdrawn", "restored"):
        assert RecordChange(status, ("recommendation", "1a"), "1a").protected
        assert not RecordChange(status, ("term", "outcome"), "Outcome").protected
    assert not RecordChange("changed", ("recommendation", "1a"), "1a").protected
    assert not RecordChange("renamed", ("recommendation", "1a"), "1a").protected
    change = Change(field_guides(Recommendation)[3], ("says",), Statement.REPORT, "a", "b")
    added, withdrawn = (RecordChange(status, ("recommendation", "1a"), "1a", (change,)) for status in ("added", "withdrawn"))
    assert Comparison((added, withdrawn), ()).protected == ((added, None), (withdrawn, None), (withdrawn, change))


def test_unknown_fields_and_kinds_are_compared(small: Framework) -> None:
    records = state_of(small).records
    older = {**records, ("value", "trust"): {**records["value", "trust"], "older": 5}, ("wish", "one"): {"name": "One wish", "x": ["y"]}}
    assert [(r.status, r.key, hows(r)) for r in compare(State(older), State(records)).records] == [
        ("changed", ("value", "trust"), [("removed", "older")]),
        ("removed", ("wish", "one"), [("removed", "x")]),
    ]
