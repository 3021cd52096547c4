"""Words that differ between two texts, and items of one list paired with those of another."""

from __future__ import annotations

import pytest

from macros.text.diff import Piece, flow, match, word_diff


def differing(pieces: tuple[Piece, ...]) -> list[str]:
    return [piece.text for piece in pieces if piece.differs]


@pytest.mark.parametrize(
    ("old", "new", "gone", "added"),
    [
        ("Ask people what they need.", "Ask people what they want.", ["need"], ["want"]),
        ("Ask for the data early.", "Nobody came to the meeting in June.", ["Ask for the data early."], None),
        ("", "New.", [], ["New."]),
        ("", "", [], []),
    ],
)
def test_words_that_differ_are_marked(old: str, new: str, gone: list[str], added: list[str] | None) -> None:
    before, after = word_diff(old, new)
    assert differing(before) == gone
    assert differing(after) == ([new] if added is None else added)
    assert "".join(piece.text for piece in after) == flow(new)


@pytest.mark.parametrize("wrapped", ["One two\nthree four.", "One two three\nfour.", "  One two three four.\n"])
def test_wrapping_makes_no_difference(wrapped: str) -> None:
    assert flow(wrapped) == "One two three four."


def test_lists_tables_and_code_keep_their_lines() -> None:
    text = "Say:\n- one\n- two\n\n| a | b |\n| - | - |\n\n    code\n    more\n\n1. first\n2. second"
    assert flow(text) == text


def test_equal_items_are_paired_wherever_they_are() -> None:
    assert match("abcd", "bcda") == {0: 1, 1: 2, 2: 3, 3: 0}
    assert match(["a", "b"], ["b", "c"]) == {0: 1}
    assert match(["a", "a"], ["a"]) == {0: 0}


def test_a_name_or_similar_words_pair_items_that_differ() -> None:
    assert match([("x", "old")], [("y", "old words"), ("x", "quite new")], name=lambda item: item[0]) == {1: 0}
    assert match(["Did we ask in time?", "Did we pay?"], ["Who came?", "Did we ask them in time?"], words=str) == {1: 0}
