"""Text is separated from marks, code and quotations, and split into sentences."""

from __future__ import annotations

import pytest

from macros.text.segmentation import REMOVED, blocks, passage, sentences
from tests.conftest import cases


def words_of(text: str) -> str:
    return " ".join(text.replace(REMOVED, "").split())


@pytest.mark.parametrize(("text", "left"), cases("segmentation.marks_code_and_addresses_are_not_shown"))
def test_marks_code_and_addresses_are_not_shown(text: str, left: str) -> None:
    assert len(passage(text).shown) == len(passage(text).ours) == len(text)
    assert [n for n, c in enumerate(passage(text).shown) if c == "\n"] == [n for n, c in enumerate(text) if c == "\n"]
    assert words_of(passage(text).shown) == left


@pytest.mark.parametrize(("text", "left"), cases("segmentation.quotations_and_ids_are_not_our_words"))
def test_quotations_and_ids_are_not_our_words(text: str, left: str) -> None:
    assert words_of(passage(text).ours) == left


@pytest.mark.parametrize(("text", "found"), cases("segmentation.text_is_split_into_sentences"))
def test_text_is_split_into_sentences(text: str, found: list[str]) -> None:
    shown = passage(text).shown
    assert [" ".join(sentence.words) for block in blocks(shown) for sentence in sentences(block)] == found


def test_blocks_and_sentences_have_their_places() -> None:
    text = "One.\n\n- **two.** Three\n\n## Four\n"
    shown = passage(text).shown
    assert [(b.kind, text[b.start :].split("\n")[0]) for b in blocks(shown)] == [
        ("paragraph", "One."),
        ("item", "**two.** Three"),
        ("heading", "Four"),
    ]
    assert [text[s.start :][:3] for b in blocks(shown) for s in sentences(b)] == ["One", "two", "Thr", "Fou"]


@pytest.mark.parametrize(
    "piece", ["[", "](", "[[a]]", "<a ", "<!--", "<style ", "{{", "{:", "`", "*", "_", ".)", "“", '"', "@a.b", "#", "|", "> "]
)
def test_endless_repetition_is_split_without_endless_search(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    assert sum(len(sentences(block)) for block in blocks(passage(text).shown)) <= 50_000
