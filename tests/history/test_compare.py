"""The differences between two states of the small project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from macros.history.compare import Change, Comparison, PageChange, RecordChange, State, compare, state_of
from macros.model.core import Recommendation
from macros.model.framework import Framework
from macros.model.introspection import guide
from macros.model.references import leaves
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


def test_nothing_is_no_change(compared: Callable[[], Comparison]) -> None:
    assert compared() == Comparison((), ())


def test_comments_wrapping_and_the_order_of_keys_are_no_change(project: Path, compared: Callable[[], Comparison]) -> None:
    put(project, ONE, "stage: 1-plan\nletter: a\n", "# A comment.\nletter: a  # here\nstage: 1-plan\n")
    put(project, ONE, "  People who use a service know best ", "  People who use a service\n  know best ")
    put(project, "content/values.md", "\n\n", "\n\n\n")
    assert compared() == Comparison((), ())


def test_one_word_of_advice_is_open_and_one_of_the_report_is_protected(project: Path, compared: Callable[[], Comparison]) -> None:
    put(project, ONE, "Ask people what they need.", "Ask people what they want.")
    found = only(compared())
    assert (found.status, hows(found), found.protected_changes) == ("changed", [("changed", "do.1.step")], ())
    put(project, ONE, "early enough to matter", "early enough to count")
    found = only(compared())
    assert [c.path for c in found.protected_changes] == ["says"]
    assert [(r.key[1], c.path if c else "") for r, c in compared().protected] == [("1a", "says")]


def test_another_order_of_a_list_is_no_loss(project: Path, compared: Callable[[], Comparison]) -> None:
    one, two = "  - |-\n    Did we ask in time?\n", "  - |-\n    Did we answer?\n"
    put(project, ONE, one + two, two + one)
    assert hows(only(compared())) == [("reordered", "ask")]
    assert compared().protected == ()


def test_a_question_of_a_checklist_is_reworded_added_and_taken_out(project: Path, compared: Callable[[], Comparison]) -> None:
    put(project, ONE, "    Did we ask in time?\n", "    Did we ask them in time?\n")
    put(project, ONE, "    Did we answer?\n", "    Has everybody heard back?\n")
    assert sorted(hows(only(compared()))) == [("added", "ask.2"), ("changed", "ask.1"), ("removed", "ask.2")]


def test_relations_come_and_go_and_name_their_target(project: Path, compared: Callable[[], Comparison]) -> None:
    put(project, ONE, "terms: [outcome]", "terms: [output]")
    put(project, ONE, "points: [1a, intro]", "points: [intro, 1a]")
    found = only(compared())
    assert [(c.how, c.relation, c.old, c.new) for c in found.changes] == [
        ("added", "terms", None, "output"),
        ("removed", "terms", "outcome", None),
    ]
    assert all(c.is_reference for c in found.changes)


def test_a_fact_and_its_sources_change(project: Path, compared: Callable[[], Comparison]) -> None:
    file = "data/case-studies/panel.yml"
    text = (project / file).read_text("utf-8")
    put(project, file, "says: |-\n  ", "says: |-\n  It is told that ")
    found = only(compared())
    assert found.changes[0].statement is Statement.REPORT
    (project / file).write_text(text, "utf-8")
    put(project, "data/law/small-act.yml", "what: |-\n  ", "what: |-\n  Now and then ")
    assert only(compared()).changes[0].statement is Statement.FACT


@pytest.mark.parametrize(("line", "redirected"), [("formerly: [output]\n", True), ("", False)])
def test_a_term_under_another_name_is_the_same_term(project: Path, compared: Callable[[], Comparison], line: str, redirected: bool) -> None:
    text = (project / "data/glossary/output.yml").read_text("utf-8")
    (project / "data/glossary/output.yml").unlink()
    (project / "data/glossary/result.yml").write_text(line + text, "utf-8")
    for file in [*project.glob("data/*/*.yml"), *project.glob("content/**/*.md")]:
        said = file.read_text("utf-8")
        for old, new in (("[[output", "[[result"), ("term: output", "term: result"), ("[output]", "[result]")):
            said = said.replace(old, new) if not said.startswith("formerly") else said
        file.write_text(said, "utf-8")
    renamed = [r for r in compared().records if r.status == "renamed"]
    assert [(r.key[1], r.old_id, r.redirected, r.changes) for r in renamed] == [("result", "output", redirected, ())]
    assert {r.status for r in compared().records} <= {"renamed", "changed"}
    assert not [c for r in compared().records for c in r.changes if c.is_reference], "a relation to it is no other relation"


def test_a_new_term_is_open(project: Path, compared: Callable[[], Comparison]) -> None:
    text = (project / "data/glossary/output.yml").read_text("utf-8")
    (project / "data/glossary/extra.yml").write_text(text.replace("term: Output", "term: Extra").replace("also:", "# also:"), "utf-8")
    found = only(compared())
    assert (found.status, found.protected, found.protected_changes) == ("added", False, ())
    assert ("added", "term") in hows(found)


def test_a_new_recommendation_and_one_that_is_taken_out_are_decided_on_whole(project: Path, compared: Callable[[], Comparison]) -> None:
    text = (project / ONE).read_text("utf-8")
    (project / "data/recommendations/1c.yml").write_text(text.replace("letter: a", "letter: c") + "added: 2026-11\n", "utf-8")
    found = only(compared())
    assert (found.status, found.protected, found.protected_changes) == ("added", True, ())
    after = state(project)
    (project / "data/recommendations/1c.yml").unlink()
    gone = only(compare(after, state(project)))
    assert (gone.status, gone.protected, gone.redirected, gone.gone) == ("removed", True, False, True)


def test_a_withdrawn_recommendation_is_decided_on_whole_and_so_is_its_return(project: Path, compared: Callable[[], Comparison]) -> None:
    before = state(project)
    with (project / ONE).open("a") as file:
        file.write("withdrawn:\n  edition: 2026-11\n  reason: |-\n    Nobody needs it.\n")
    found = only(compared())
    assert (found.status, found.protected) == ("withdrawn", True)
    assert ("added", "withdrawn.reason") in hows(found)
    assert only(compare(state(project), before)).status == "restored"


def test_a_record_merged_into_another_is_no_loss_of_an_address(project: Path) -> None:
    text = (project / "data/glossary/output.yml").read_text("utf-8")
    (project / "data/glossary/extra.yml").write_text(text.replace("term: Output", "term: Extra").replace("also:", "# also:"), "utf-8")
    more = state(project)
    (project / "data/glossary/extra.yml").unlink()
    put(project, "data/glossary/outcome.yml", "meaning: |-", "formerly: [extra]\nmeaning: |-")
    found = {r.status: r for r in compare(more, state(project)).records}
    assert (found["merged"].into, found["merged"].redirected) == (("term", "outcome"), True)


def test_a_reordered_list_of_groups_keeps_its_words(project: Path, compared: Callable[[], Comparison]) -> None:
    step = "  - audience: [commissioner]\n    step: |-\n      Ask people what they need.\n"
    put(project, ONE, step, "")
    put(project, ONE, "avoid:\n", step + "avoid:\n")
    assert hows(only(compared())) == [("reordered", "do")]


def test_a_paragraph_of_a_page_is_reworded(project: Path, compared: Callable[[], Comparison]) -> None:
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


def test_every_value_has_the_kind_of_statement_that_its_type_declares(small: Framework) -> None:
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


def test_only_records_that_state_what_the_report_says_are_protected_as_a_whole() -> None:
    for status in ("added", "removed", "merged", "withdrawn", "restored"):
        assert RecordChange(status, ("recommendation", "1a"), "1a").protected
        assert not RecordChange(status, ("term", "outcome"), "Outcome").protected
    assert not RecordChange("changed", ("recommendation", "1a"), "1a").protected
    assert not RecordChange("renamed", ("recommendation", "1a"), "1a").protected
    change = Change(guide(Recommendation)[3], ("says",), Statement.REPORT, "a", "b")
    added, withdrawn = (RecordChange(status, ("recommendation", "1a"), "1a", (change,)) for status in ("added", "withdrawn"))
    assert Comparison((added, withdrawn), ()).protected == ((added, None), (withdrawn, None), (withdrawn, change))


def test_fields_and_kinds_that_the_models_no_longer_have_are_compared(small: Framework) -> None:
    records = state_of(small).records
    older = {**records, ("value", "trust"): {**records["value", "trust"], "older": 5}, ("wish", "one"): {"name": "One wish", "x": ["y"]}}
    assert [(r.status, r.key, hows(r)) for r in compare(State(older), State(records)).records] == [
        ("changed", ("value", "trust"), [("removed", "older")]),
        ("removed", ("wish", "one"), [("removed", "x")]),
    ]
