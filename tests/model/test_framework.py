"""The framework finds records by kind, by id and by their relations, in reading order."""

from __future__ import annotations

import pytest

from macros.model.framework import Framework
from macros.model.records import KINDS, Principle, Recommendation, Source, Stage, Term, Value
from tests.conftest import cases


def test_records_are_in_reading_order(real: Framework) -> None:
    assert [s.number for s in real.all(Stage)] == [*range(1, len(real.all(Stage)) + 1)]
    assert [r.id for r in real.all(Recommendation)] == sorted(r.id for r in real.all(Recommendation))
    assert [t.term.casefold() for t in real.all(Term)] == sorted(t.term.casefold() for t in real.all(Term))
    assert [s.title.casefold() for s in real.all(Source)] == sorted(s.title.casefold() for s in real.all(Source))


@pytest.mark.parametrize(("target", "found"), cases("framework.a_link_names_one_record"))
def test_a_link_names_one_record_or_the_message_says_why_not(small: Framework, target: str, found: str | list[str]) -> None:
    assert small.resolve(target) == (found if isinstance(found, str) else tuple(found))


def test_every_relation_is_found_from_both_ends(real: Framework) -> None:
    assert all(reference in real.references_to(reference.target, reference.holder[0], reference.relation) for reference in real.references)
    for key, record in real.records.items():
        holders = {reference.holder for reference in real.references if reference.target == key and real.shows(reference)}
        assert real.referrers(record) == tuple(r for k, r in real.records.items() if k in holders)
        for cls in KINDS.values():
            assert real.holders(record, cls) == tuple(r for k, r in real.records.items() if k in holders and k[0] == cls.kind)


def test_relations_can_be_limited_to_one_field(small: Framework) -> None:
    output, outcome = small.get(Term, "output"), small.get(Term, "outcome")
    assert small.holders(output, Term, "not_to_be_confused_with.term") == (outcome,)
    assert small.holders(outcome, Term, "not_to_be_confused_with.term") == ()


def test_ids_and_chosen_records_are_in_reading_order(real: Framework) -> None:
    for kind, cls in KINDS.items():
        assert real.ids(kind) == tuple(record.id for record in real.all(cls))
        assert real.some(cls, reversed(real.ids(kind))) == real.all(cls)


def test_a_withdrawn_record_shows_only_its_stage_its_points_and_what_replaces_it(small: Framework) -> None:
    withdrawn, other = small.get(Recommendation, "3c"), small.get(Recommendation, "3b")
    shown = {(r.relation, r.target) for r in small.references if r.holder == ("recommendation", "3c") and small.shows(r)}
    assert shown == {("stage", ("stage", "3-look-back")), ("withdrawn.instead", ("recommendation", "3b"))}
    assert small.replaced_by(other) == (withdrawn,)
    assert withdrawn in small.referrers(other)
    assert withdrawn not in small.referrers(small.get(Value, "patience"))
    assert [r.id for r in small.holders(small.get(Principle, "2-fair-money"), Recommendation)] == ["2a", "2b", "3a", "3b"]


def test_a_missing_record_is_none_or_an_error(small: Framework) -> None:
    assert small.find("term", "nothing") is None
    with pytest.raises(KeyError):
        small.get(Term, "nothing")
