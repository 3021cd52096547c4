"""The framework answers by kind and id, and in reading order."""

from __future__ import annotations

import pytest

from macros.model.core import Audience, Recommendation, Source, Stage, Term, Value
from macros.model.framework import Framework
from macros.model.registry import KINDS


def test_records_stand_in_reading_order(real: Framework) -> None:
    assert [s.number for s in real.all(Stage)] == [1, 2, 3, 4, 5, 6, 7]
    assert [r.id for r in real.all(Recommendation)] == sorted(r.id for r in real.all(Recommendation))
    assert [t.term.casefold() for t in real.all(Term)] == sorted(t.term.casefold() for t in real.all(Term))
    assert [s.title.casefold() for s in real.all(Source)] == sorted(s.title.casefold() for s in real.all(Source))


def test_a_link_names_one_record(small: Framework) -> None:
    assert small.resolve("1a") == ("recommendation", "1a")
    assert small.resolve("value/trust") == ("value", "trust")
    assert small.resolve("output") == ("term", "output")


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("outcom", 'did you mean "outcome"?'),
        ("terms/outcome", 'there is no kind "terms"'),
        ("/x", "link an id"),
        ("term/trust", 'there is no term "trust"'),
        ("", "link an id"),
    ],
)
def test_a_link_that_names_none_says_why(small: Framework, target: str, said: str) -> None:
    assert said in str(small.resolve(target))


def test_an_id_of_two_kinds_must_be_told_apart(small: Framework) -> None:
    assert small.resolve("trust") == '"trust" names more than one record; write value/trust or common-core/trust'


def test_points_are_known_by_id(small: Framework) -> None:
    assert list(small.points) == ["intro", "1a", "1b", "2a"]
    assert [r.id for r in small.citing(small.points["1b"])] == ["1b"]


def test_relations_are_what_a_pass_over_all_records_finds(real: Framework) -> None:
    named = 0
    for key, record in real.records.items():
        naming = {reference.holder for reference in real.index if reference.target == key and real.shows(reference)}
        assert real.naming(record) == tuple(r for k, r in real.records.items() if k in naming)
        for cls in KINDS.values():
            holding = {holder for holder in naming if holder[0] == cls.kind}
            assert real.holders(record, cls) == tuple(r for k, r in real.records.items() if k in holding)
        named += len(naming)
    assert named > 1000


def test_ids_and_chosen_records_stand_in_reading_order(real: Framework) -> None:
    for kind, cls in KINDS.items():
        assert real.ids(kind) == tuple(record.id for record in real.all(cls))
        assert real.some(cls, reversed(real.ids(kind))) == real.all(cls)
    first, second = real.ids("recommendation")[:2]
    assert [r.id for r in real.some(Recommendation, [second, first, second])] == [first, second]
    with pytest.raises(KeyError):
        real.some(Term, ["nothing"])


def test_audiences_of_a_stage_are_those_whom_it_asks(real: Framework, small: Framework) -> None:
    for framework in (real, small):
        for stage in framework.all(Stage):
            live = [r for r in framework.recommendations(stage) if not r.withdrawn]
            asked = {audience for r in live for do in r.do for audience in do.audience}
            assert {audience.id for audience in framework.audiences_of(stage)} == asked
            assert framework.audiences_of(stage) == tuple(a for a in framework.all(Audience) if a.id in asked)


def test_what_is_withdrawn_shows_its_stage_its_points_and_what_takes_its_place(small: Framework) -> None:
    gone, other = small.get(Recommendation, "2c"), small.get(Recommendation, "2b")
    shown = {(r.relation, r.target) for r in small.index.named_by(("recommendation", "2c")) if small.shows(r)}
    assert shown == {("stage", ("stage", "2-buy")), ("withdrawn.instead", ("recommendation", "2b"))}
    assert small.replaced_by(other) == (gone,)
    assert gone in small.naming(other)
    (value,) = small.all(Value)
    assert gone not in small.naming(value)
    assert gone not in small.holders(value, Recommendation)


def test_a_record_that_is_not_there(small: Framework) -> None:
    assert small.find("term", "nothing") is None
    with pytest.raises(KeyError):
        small.get(Term, "nothing")


def test_a_problem_knows_its_line(small: Framework) -> None:
    problem = small.problem(("recommendation", "1a"), ("title",), "x", "y")
    assert (problem.path, problem.line, problem.field, problem.record) == ("data/recommendations/1a.yml", 3, "title", "recommendation/1a")
