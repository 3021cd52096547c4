"""What a change is: what became of it, where it stands, and whether it is the report's."""

from __future__ import annotations

from macros.changes import Change, Comparison, Fate, PageChange, RecordChange
from macros.fieldguide import FieldGuide, guide
from macros.fields import Statement
from macros.framework import Framework
from macros.kinds import KINDS, SINGLES
from macros.model import Principle, Recommendation, Term
from macros.prose import Page
from macros.record import Record


def field(name: str) -> FieldGuide:
    return next(f for f in guide(Recommendation) if f.name == name)


def change(old: str | None, new: str | None, statement: Statement | None = Statement.REPORT) -> Change:
    return Change(field("says"), ("do", 1, "step"), ("do", 1, "step"), statement, old, new)


def test_what_became_of_a_value() -> None:
    assert [change(*pair).how for pair in ((None, "b"), ("a", None), ("a", "b"), ("a", "a"))] == ["added", "removed", "changed", "moved"]


def test_only_what_the_report_says_is_protected_and_another_order_is_not() -> None:
    assert [change(*pair).protected for pair in ((None, "b"), ("a", None), ("a", "b"), ("a", "a"))] == [True, True, True, False]
    assert not change("a", "b", Statement.FACT).protected
    assert not change("a", "b", None).protected


def test_a_change_says_where_it_stands_and_what_its_field_is_for() -> None:
    assert (change("a", "b").path, change("a", "b").relation) == ("do.2.step", "do.step")
    assert change("a", "b").about == "The report's point in our words"
    assert Change(None, (0,), (), None, "a", "b").about == ""


def test_every_field_has_a_few_words_to_be_called_by() -> None:
    for cls in (*KINDS.values(), *SINGLES.values()):
        for found in guide(cls):
            said = Change(found, (), (), None, "a", "b").about
            assert 0 < len(said) <= 100
            assert said not in found.choices


def test_only_records_that_say_what_the_report_says_are_decided_on_whole(small: Framework) -> None:
    recommendation, term = small.get(Recommendation, "1a"), small.get(Term, "outcome")
    fates: tuple[Fate, ...] = ("added", "removed", "merged", "withdrawn", "restored")
    for fate in fates:
        assert RecordChange(fate, recommendation, recommendation).decided
        assert not RecordChange(fate, term, term).decided
    assert not RecordChange("changed", recommendation, recommendation).decided
    assert not RecordChange("renamed", recommendation, recommendation).decided


def test_everything_that_needs_agreement_is_named_once(small: Framework) -> None:
    recommendation = small.get(Recommendation, "1a")
    said = change("a", "b")
    added = RecordChange("added", recommendation, None, (change(None, "b"),))
    withdrawn = RecordChange("withdrawn", recommendation, recommendation, (said,))
    found = Comparison((added, withdrawn), ()).protected
    assert found == ((added, None), (withdrawn, None), (withdrawn, said))


def test_words_that_nobody_is_shown_are_counted_and_are_no_change_for_readers(small: Framework) -> None:
    recommendation = small.get(Recommendation, "1a")
    record = RecordChange("changed", recommendation, recommendation, unseen=(2, 1))
    page = PageChange("changed", Page("content/a.md", None, "", 1), None, unseen=(1, 0))
    assert not record.shown
    assert not page.shown
    assert PageChange("added", page.page, None).shown
    assert PageChange("changed", page.page, None, (change("a", "b"),)).shown
    removed = RecordChange("removed", recommendation, recommendation)
    assert removed.gone
    assert removed.shown
    assert RecordChange("changed", recommendation, recommendation, (change("a", "b"),)).shown
    assert Comparison((record, removed), (page, PageChange("added", page.page, None))).unseen == (3, 1)


def test_what_changes_is_a_value(small: Framework) -> None:
    def everything() -> tuple[object, ...]:
        one = RecordChange("changed", small.get(Term, "outcome"), None, (change("a", "b"),))
        page = PageChange("changed", Page("content/a.md", None, "", 1), None)
        return change("a", "b"), one, page, Comparison((one,), (page,))

    assert len({*everything(), *everything()}) == 4


def test_fields_of_one_kind_are_left_out_and_those_of_others_stay(small: Framework) -> None:
    def changed(record: Record, unseen: tuple[int, int] = (0, 0)) -> RecordChange:
        return RecordChange("changed", record, record, (change("a", "b"),), unseen)

    kept = changed(small.get(Principle, "1-fairness")), changed(small.get(Term, "outcome"))
    found = Comparison((changed(small.get(Recommendation, "1a")), *kept), ())
    assert found.without("recommendation", "do.step").records == kept
    assert found.without("recommendation", "says") == found
    counted = Comparison((changed(small.get(Recommendation, "1a"), (1, 0)),), ()).without("recommendation", "do.step")
    assert [(one.changes, one.unseen) for one in counted.records] == [((), (1, 0))]
