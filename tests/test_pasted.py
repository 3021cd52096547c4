"""Lists of a word processor become lists; headings, tables and mails are named; plain words are left alone."""

from __future__ import annotations

import pytest

from macros.framework import Framework
from macros.pasted import foreign, is_list, laid_out


@pytest.mark.parametrize(
    ("pasted", "made"),
    [
        ("Ask for:\n•\tone thing.\n•\tanother.", "Ask for:\n\n- one thing.\n- another."),
        ("• one\n• two\nAfter it.", "- one\n- two\n\nAfter it."),
        ("\uf0b7\tone\n\uf0a7 two", "- one\n- two"),
        ("One:\r\no\tone\r\no\ttwo", "One:\n\n- one\n- two"),
        ("· one\n▪two", "- one\n- two"),
        ("– one\n– two", "- one\n- two"),
        ("A pause\n– so it seems – is no list.", "A pause\n– so it seems – is no list."),
        ("Steps:\n1.\tone\n2.\ttwo", "Steps:\n\n1. one\n2. two"),
        ("(1) one\n(2) two", "1. one\n2. two"),
        ("1) one\n2) two", "1. one\n2. two"),
        ("One:\n- a\n  goes on\n- b", "One:\n\n- a\n  goes on\n- b"),
        ("One.\nTwo.\n\nThree.", "One.\nTwo.\n\nThree."),
        ("In 2017. The year\n12 people", "In 2017. The year\n12 people"),
    ],
)
def test_a_list_is_laid_out(pasted: str, made: str) -> None:
    assert laid_out(pasted) == made
    assert laid_out(made) == made
    assert is_list(made) == (made.count("\n- ") + made.startswith("- ") > 1 or "1. " in made)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("## Why\n\nIt helps.", ["a line that begins with #, the mark of a heading"]),
        ("Better data\nAsk only for what you use.", ['a line that looks like a heading ("Better data")']),
        ("Better data\n\nAsk only for what you use.", ['a line that looks like a heading ("Better data")']),
        ("It helps.\n\nWhat to do\n• Ask.\n• Wait.", ['a line that looks like a heading ("What to do")']),
        ("| a | b |\n| --- | --- |\n| c | d |", ["a table"]),
        ("Stage\tWho\nPlan\tCouncil", ["a table (its cells stand between tabs)"]),
        ("(a) one;\n(b) two.", ["a list with letters"]),
        ("a) one;\nb) two.", ["a list with letters"]),
        ("It helps.\n\nKind regards,\nJo", ["the end of a mail"]),
        ("It helps.\n-- \nJo Bloggs", ["the end of a mail"]),
        ("It helps.\nThanks!\nJo", ["the end of a mail"]),
        ("It helps.\n\nSent from my phone", ["the end of a mail"]),
        ("Yours sincerely", ["the end of a mail"]),
        ("Dear colleague,\n\nIt helps.", ["the greeting of a mail"]),
        ("Hi all\nIt helps.", ["the greeting of a mail"]),
        ("From: Jo\nSubject: 2f\n\nIt helps.", ["the head of a mail"]),
    ],
)
def test_what_no_text_holds_is_named(text: str, named: list[str]) -> None:
    assert [wrong for wrong, _ in foreign(text)] == named
    assert all(instead for _, instead in foreign(text))


def test_every_text_of_a_record_passes_as_it_is(real: Framework) -> None:
    assert len(real.prose) > 500
    for _, _, text in real.prose:
        assert list(foreign(text)) == []
        assert laid_out(text) == text
