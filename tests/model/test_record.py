"""A record knows its address."""

from __future__ import annotations

from macros.model.core import Recommendation, Stage, Term
from macros.model.framework import Framework


def test_addresses_are_made_from_fields(small: Framework) -> None:
    assert small.get(Recommendation, "1a").url == "stages/1-plan/#1a"
    assert small.get(Stage, "1-plan").url == "stages/1-plan/"
    assert small.get(Term, "outcome").url == "glossary/#outcome"
