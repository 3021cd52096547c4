"""Two wordings side by side: words that differ, and sentences that only stand elsewhere."""

from __future__ import annotations

import pytest

from macros.wording import Piece, flow, wording


def said(pieces: tuple[Piece, ...], kind: str) -> list[str]:
    return [piece.text for piece in pieces if piece.kind == kind]


def test_one_word_is_marked_and_the_rest_is_not() -> None:
    both = wording("Ask people what they need.", "Ask people what they want.")
    assert said(both.old, "differs") == ["need"]
    assert said(both.new, "differs") == ["want"]
    assert "".join(piece.text for piece in both.new) == "Ask people what they want."


def test_a_sentence_that_stands_elsewhere_is_no_loss() -> None:
    both = wording("One is here. Two is there. Three is gone.", "Two is there. Three is gone. One is here.")
    assert said(both.old, "differs") == said(both.new, "differs") == []
    assert said(both.old, "moved") == said(both.new, "moved") == ["One is here."]


def test_a_sentence_moves_while_another_is_reworded() -> None:
    both = wording("Cats sleep all day long. Dogs bark.", "Dogs bark. Cats sleep all night long.")
    assert (said(both.old, "differs"), said(both.new, "differs")) == (["day"], ["night"])


def test_two_texts_with_little_in_common_differ_whole() -> None:
    both = wording("Ask for the data early.", "Nobody came to the meeting in June.")
    assert [piece.kind for piece in both.old] == [piece.kind for piece in both.new] == ["differs"]


def test_words_of_three_letters_between_two_that_differ_are_marked_with_them() -> None:
    both = wording("You can see red and tall houses in town today.", "You can see big and old houses in town today.")
    assert said(both.new, "differs") == ["big and old"]


@pytest.mark.parametrize("wrapped", ["One two\nthree four.", "One two three\nfour.", "  One two three four.\n"])
def test_wrapping_is_no_difference(wrapped: str) -> None:
    assert flow(wrapped) == "One two three four."


def test_lists_tables_and_code_keep_their_lines() -> None:
    text = "Say:\n- one\n- two\n\n| a | b |\n| - | - |\n\n    code\n    more\n\n1. first\n2. second"
    assert flow(text) == text


def test_a_very_long_text_is_not_taken_apart() -> None:
    both = wording("word " * 30000, "other " * 30000)
    assert [piece.kind for piece in both.new] == ["differs"]


def test_nothing_at_all_is_no_difference() -> None:
    assert wording("", "") == ((), ())
    assert said(wording("", "New.").new, "differs") == ["New."]
