"""Two states of the small project are compared: each kind of change is seen for what it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from macros.changes import Comparison, PageChange, RecordChange
from macros.comparing import State, compare
from macros.fieldguide import guide
from macros.fields import Statement
from macros.index import leaves
from macros.project import read_project

from .test_revision import put

ONE = "data/recommendations/1a.yml"


def state(project: Path) -> State:
    found = read_project(project)
    assert found.framework is not None, found.problems
    return State(found.framework, found.pages)


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


def told(change: RecordChange | PageChange) -> list[tuple[str, str]]:
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
    assert (found.fate, told(found), found.protected) == ("changed", [("changed", "do.1.step")], ())
    put(project, ONE, "early enough to matter", "early enough to count")
    found = only(compared())
    assert [c.path for c in found.protected] == ["says"]
    assert [(r.record.id, c.path if c else "") for r, c in compared().protected] == [("1a", "says")]


def test_another_order_of_a_list_is_no_loss(project: Path, compared: Callable[[], Comparison]) -> None:
    one, two = "  - |-\n    Did we ask in time?\n", "  - |-\n    Did we answer?\n"
    put(project, ONE, one + two, two + one)
    assert told(only(compared())) in ([("moved", "ask.1")], [("moved", "ask.2")])


def test_a_question_of_a_checklist_is_reworded_added_and_taken_out(project: Path, compared: Callable[[], Comparison]) -> None:
    put(project, ONE, "    Did we ask in time?\n", "    Did we ask them in time?\n")
    put(project, ONE, "    Did we answer?\n", "    Has everybody heard back?\n")
    assert sorted(told(only(compared()))) == [("added", "ask.2"), ("changed", "ask.1"), ("removed", "ask.2")]


def test_relations_come_and_go_and_name_their_target(project: Path, compared: Callable[[], Comparison]) -> None:
    put(project, ONE, "terms: [outcome]", "terms: [output]")
    put(project, ONE, "points: [1a, intro]", "points: [intro, 1a]")
    found = only(compared())
    assert [(c.how, c.relation, c.old, c.new) for c in found.changes] == [
        ("added", "terms", None, "output"),
        ("removed", "terms", "outcome", None),
    ]
    assert all(c.names for c in found.changes)


def test_a_fact_and_its_sources_change(project: Path, compared: Callable[[], Comparison]) -> None:
    file = "data/case-studies/panel.yml"
    text = (project / file).read_text("utf-8")
    put(project, file, "says: |-\n  ", "says: |-\n  It is told that ")
    found = only(compared())
    assert found.changes[0].statement is Statement.REPORT
    (project / file).write_text(text, "utf-8")
    put(project, "data/law/small-act.yml", "what: |-\n  ", "what: |-\n  Now and then ")
    assert only(compared()).changes[0].statement is Statement.FACT


def test_words_for_the_search_are_only_counted(project: Path, compared: Callable[[], Comparison]) -> None:
    put(project, ONE, "  - when to ask\n", "  - when to listen\n  - whom to ask\n")
    found = only(compared())
    assert (found.changes, found.unseen, found.shown) == ((), (2, 1), False)


def test_the_words_to_avoid_are_only_counted_and_what_a_recommendation_says_to_avoid_is_shown(
    project: Path, compared: Callable[[], Comparison]
) -> None:
    put(project, ONE, "Asking when all is settled.", "Asking when it is settled.")
    assert told(only(compared())) == [("changed", "avoid.1")]
    put(project, ONE, "Asking when it is settled.", "Asking when all is settled.")
    put(project, "data/words.yml", "avoid:\n", "avoid:\n  - {word: heretofore, use: before}\n")
    found = only(compared())
    assert (found.record.kind, found.unseen, found.shown) == ("words", (1, 0), False)


@pytest.mark.parametrize(("line", "led"), [("formerly: [output]\n", True), ("", False)])
def test_a_term_under_another_name_is_the_same_term(project: Path, compared: Callable[[], Comparison], line: str, led: bool) -> None:
    text = (project / "data/glossary/output.yml").read_text("utf-8")
    (project / "data/glossary/output.yml").unlink()
    (project / "data/glossary/result.yml").write_text(line + text, "utf-8")
    for file in [*project.glob("data/*/*.yml"), *project.glob("content/**/*.md")]:
        said = file.read_text("utf-8")
        for old, new in (("[[output", "[[result"), ("term: output", "term: result"), ("[output]", "[result]")):
            said = said.replace(old, new) if not said.startswith("formerly") else said
        file.write_text(said, "utf-8")
    renamed = [r for r in compared().records if r.fate == "renamed"]
    assert [(r.record.id, r.before.id if r.before else "", r.led, r.changes) for r in renamed] == [("result", "output", led, ())]
    assert {r.fate for r in compared().records} <= {"renamed", "changed"}
    assert not [c for r in compared().records for c in r.changes if c.names], "a relation to it is no other relation"


def test_a_new_term_is_open(project: Path, compared: Callable[[], Comparison]) -> None:
    text = (project / "data/glossary/output.yml").read_text("utf-8")
    (project / "data/glossary/extra.yml").write_text(text.replace("term: Output", "term: Extra").replace("also:", "# also:"), "utf-8")
    found = only(compared())
    assert (found.fate, found.decided, found.protected) == ("added", False, ())
    assert ("added", "term") in told(found)


@pytest.mark.parametrize("written", [False, True])
def test_of_a_record_that_comes_or_goes_only_what_was_written_is_told(project: Path, written: bool) -> None:
    before, file = state(project), project / "data/glossary/extra.yml"
    text = (project / "data/glossary/output.yml").read_text("utf-8").replace("term: Output", "term: Extra")
    file.write_text(text + "automatic: yes\n" * written, "utf-8")
    come, gone = only(compare(before, state(project))), only(compare(state(project), before))
    assert [c.how for c in come.changes if c.path == "automatic"] == ["added"] * written
    assert [c.how for c in gone.changes if c.path == "automatic"] == ["removed"] * written
    after = state(project)
    file.write_text(text + "automatic: no\n", "utf-8")
    assert [(c.path, c.old, c.new) for c in only(compare(after, state(project))).changes] == [("automatic", "yes", "no")]


def test_a_new_recommendation_and_one_that_is_taken_out_are_decided_on_whole(project: Path, compared: Callable[[], Comparison]) -> None:
    text = (project / ONE).read_text("utf-8")
    (project / "data/recommendations/1c.yml").write_text(text.replace("letter: a", "letter: c") + "added: 2026-11\n", "utf-8")
    found = only(compared())
    assert (found.fate, found.decided, found.protected) == ("added", True, ())
    again = compare(state(project), state(project))
    assert again == Comparison((), ())
    after = state(project)
    (project / "data/recommendations/1c.yml").unlink()
    gone = only(compare(after, state(project)))
    assert (gone.fate, gone.decided, gone.led, gone.gone) == ("removed", True, False, True)


def test_a_withdrawn_recommendation_is_decided_on_whole_and_so_is_its_return(project: Path, compared: Callable[[], Comparison]) -> None:
    before = state(project)
    with (project / ONE).open("a") as file:
        file.write("withdrawn:\n  edition: 2026-11\n  reason: |-\n    Nobody needs it.\n")
    found = only(compared())
    assert (found.fate, found.decided) == ("withdrawn", True)
    assert ("added", "withdrawn.reason") in told(found)
    assert only(compare(state(project), before)).fate == "restored"


def test_a_record_merged_into_another_is_no_loss_of_an_address(project: Path) -> None:
    text = (project / "data/glossary/output.yml").read_text("utf-8")
    (project / "data/glossary/extra.yml").write_text(text.replace("term: Output", "term: Extra").replace("also:", "# also:"), "utf-8")
    more = state(project)
    (project / "data/glossary/extra.yml").unlink()
    put(project, "data/glossary/outcome.yml", "meaning: |-", "formerly: [extra]\nmeaning: |-")
    found = {r.fate: r for r in compare(more, state(project)).records}
    assert found["merged"].into is not None
    assert found["merged"].into.id == "outcome"
    assert found["merged"].led


def test_a_reordered_list_of_groups_keeps_its_words(project: Path, compared: Callable[[], Comparison]) -> None:
    step = "  - audience: [commissioner]\n    step: |-\n      Ask people what they need.\n"
    put(project, ONE, step, "")
    put(project, ONE, "avoid:\n", step + "avoid:\n")
    assert told(only(compared())) == [("moved", "do.3")]


def test_a_paragraph_of_a_page_is_reworded(project: Path, compared: Callable[[], Comparison]) -> None:
    put(project, "content/values.md", "{{ values() }}", "Here are the values.\n\n{{ values() }}")
    found = page(compared())
    assert [(c.how, c.new) for c in found.changes] == [("added", "Here are the values.")]
    assert found.shown


def test_a_page_is_renamed_added_and_removed(project: Path, compared: Callable[[], Comparison]) -> None:
    (project / "content/values.md").rename(project / "content/shared.md")
    found = page(compared())
    assert (found.fate, found.page.path, found.before.path if found.before else "") == ("renamed", "content/shared.md", "content/values.md")
    assert found.changes == ()
    (project / "content/shared.md").write_text(
        "---\ndescription: Quite another page about something else.\n---\n\n# New\n\nOther words stand here.\n"
    )
    assert sorted(p.fate for p in compared().pages) == ["added", "removed"]


def test_words_for_the_search_in_the_head_of_a_page_are_only_counted(project: Path, compared: Callable[[], Comparison]) -> None:
    put(project, "content/values.md", "\n---\n", "\nsearch: [ethos]\n---\n")
    found = page(compared())
    assert (found.changes, found.unseen, found.shown) == ((), (1, 0), False)


def test_every_value_has_the_kind_of_statement_that_its_type_declares(project: Path) -> None:
    framework = state(project).framework
    found = compare(State(type(framework)({}, {}), ()), State(framework, ()))
    assert [change.record for change in found.records] == list(framework.records.values())
    count = 0
    for added in found.records:
        marks = {leaf.loc: next((m for m in leaf.marks if isinstance(m, Statement)), None) for leaf in leaves(added.record)}
        for change in added.changes:
            assert change.statement is marks[change.loc], (added.record, change.path)
            count += 1
        assert {name for (name, *_) in marks} <= {field.name for field in guide(type(added.record))}
    assert count > 100
