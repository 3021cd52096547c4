"""What is written on one side is found from both."""

from __future__ import annotations

from macros.model.core import Principle, Recommendation, Source, Term
from macros.model.framework import Framework
from macros.model.introspection import keys_of, leaves


def test_references_follow_from_the_types(small: Framework) -> None:
    found = {(r.relation, r.target) for r in small.index.named_by(("recommendation", "1a"))}
    assert {
        ("stage", ("stage", "1-plan")),
        ("do.audience", ("audience", "provider")),
        ("compact.principle", ("principle", "1-fairness")),
        ("values", ("value", "trust")),
        ("terms", ("term", "outcome")),
        ("points", ("point", "1a")),
        ("sources", ("source", "small-law")),
    } <= found


def test_every_reference_is_found_from_both_ends(real: Framework) -> None:
    total = 0
    for key in real.records:
        for reference in real.index.named_by(key):
            total += 1
            assert reference in real.index.naming(reference.target)
            assert reference in real.index.naming(reference.target, key[0], reference.relation)
    assert total == sum(1 for _ in real.index) > 500


def test_the_other_end_can_be_asked_for_one_kind_and_one_relation(small: Framework) -> None:
    found = small.index.naming(("audience", "provider"))
    kinds, relations = {r.holder[0] for r in found}, {r.relation for r in found}
    assert len(kinds) > 1
    assert len(relations) > 1
    for kind in kinds:
        assert small.index.naming(("audience", "provider"), kind) == tuple(r for r in found if r.holder[0] == kind)
    for relation in relations:
        assert small.index.naming(("audience", "provider"), "", relation) == tuple(r for r in found if r.relation == relation)


def test_the_other_end_is_in_reading_order(small: Framework) -> None:
    principle = small.get(Principle, "1-fairness")
    assert [r.id for r in small.holders(principle, Recommendation)] == ["1a", "1b", "2a", "2b"]  # 2c is withdrawn


def test_related_terms_are_seen_from_both(small: Framework) -> None:
    output, outcome = small.get(Term, "output"), small.get(Term, "outcome")
    assert small.holders(output, Term, "not_to_be_confused_with.term") == (outcome,)
    assert small.holders(outcome, Term, "not_to_be_confused_with.term") == ()


def test_leaves_know_where_they_stand(small: Framework) -> None:
    found = {leaf.loc: leaf.value for leaf in leaves(small.get(Recommendation, "1a"))}
    assert found["do", 1, "audience", 0] == "provider"
    assert found["title",] == "Ask early for ideas"
    assert ("id",) not in found


def test_the_keys_of_a_kind_are_known_at_any_depth() -> None:
    assert {"term", "also", "not_to_be_confused_with", "difference"} <= keys_of(Term)
    assert "difference" not in keys_of(Source)
