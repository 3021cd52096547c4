"""The framework answers by kind and id, and in reading order."""

from __future__ import annotations

import pytest

from macros.framework import Framework
from macros.model import Recommendation, Source, Stage, Term


def test_records_stand_in_reading_order(real: Framework) -> None:
    assert [s.number for s in real.all(Stage)] == [1, 2, 3, 4, 5, 6, 7]
    assert [r.id for r in real.all(Recommendation)][:7] == ["1a", "1b", "1c", "1d", "1e", "2a", "2b"]
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


def test_a_record_that_is_not_there(small: Framework) -> None:
    assert small.find("term", "nothing") is None
    with pytest.raises(KeyError):
        small.get(Term, "nothing")


def test_a_problem_knows_its_line(small: Framework) -> None:
    problem = small.problem(("recommendation", "1a"), ("title",), "x", "y")
    assert (problem.path, problem.line, problem.field, problem.record) == ("data/recommendations/1a.yml", 3, "title", "recommendation/1a")
