"""The pattern of many names finds what trying one after another finds, the longest first."""

from __future__ import annotations

import html
import re

import pytest

from macros.framework import Framework
from macros.model import Term
from macros.terms import names
from macros.wordtree import pattern

from .conftest import REAL


def found(forms: set[str], text: str) -> list[str]:
    return [match["term"] for match in re.finditer(pattern(forms), text)]


def one_by_one(forms: set[str], text: str) -> list[str]:
    """Find `forms` in `text` in the plainest way: at each place the longest that stands there as whole words."""
    ways = [re.compile(rf"{re.escape(html.escape(form, quote=False))}(?![\w-])") for form in sorted(forms, key=len, reverse=True)]
    held, at = [], 0
    while at < len(text):
        match = None if at and re.match(r"[\w&#-]", text[at - 1]) else next(filter(None, (way.match(text, at) for way in ways)), None)
        held += [match[0]] if match else []
        at = match.end() if match else at + 1
    return held


@pytest.mark.parametrize(
    ("forms", "text", "expected"),
    [
        ({"output", "outcome", "outcomes"}, "outcomes, an outcome, outcomely, output", ["outcomes", "outcome", "output"]),
        ({"best", "best value"}, "best  value and best\nvalue, best values", ["best  value", "best\nvalue", "best"]),
        ({"r&d", "a"}, "r&amp;d a b-a a-b #a", ["r&amp;d", "a"]),
        ({"two.plus"}, "two.plus twoxplus", ["two.plus"]),
        (set(), "anything", []),
    ],
)
def test_the_longest_whole_name_is_found(forms: set[str], text: str, expected: list[str]) -> None:
    assert found(forms, text) == expected


@pytest.mark.costly
def test_the_glossary_finds_what_trying_each_name_finds(real: Framework) -> None:
    forms = {name.lower() for term in real.all(Term) for name in names(term)}
    text = " ".join(" ".join(file.read_text("utf-8").lower().split()) for file in sorted((REAL / "content").rglob("*.md")))[:20_000]
    assert found(forms, text) == one_by_one(forms, text)
    assert len(found(forms, text)) > 20
