"""Text is separated from marks, code and quotations, and split into sentences."""

from __future__ import annotations

import pytest

from macros.text.segmentation import REMOVED, blocks, passage, sentences


def words_of(text: str) -> str:
    return " ".join(text.replace(REMOVED, "").split())


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Run `svf check` now.", "Run now."),
        ("Run ``a ` b`` now.", "Run now."),
        ("One.\n\n```yaml\ntitle: x\n```\n\nTwo.", "One. Two."),
        ('See {{ link("1a", "the words") }}.', "See ."),
        ("# Aims {: #aims }", "# Aims"),
        ("<span class='a > b'>Words</span> <br>", "Words"),
        ("a < b and c > d", "a < b and c > d"),
        ("[where they are](1a) and [here](https://x.org/a_b 'x')", "where they are and here"),
        ("[words][mark]\n\n[mark]: https://www.x.org/utilise", "words"),
        ("[[outcome|outcomes]] of [[two-plus-two]]", "outcomes of two-plus-two"),
        ("[2013] 1 case", "[2013] 1 case"),
        ("Go to https://www.x.org/color. Then write to a.b@color.org, or www.color.org!", "Go to . Then write to , or !"),
        ("<https://x.org> and <a@x.org>", "and"),
        ("**bold**, *it* and _it_, a_b, 2 * 3", "bold, it and it, a_b, 2 * 3"),
        ("> a quotation\n> of two lines", "a quotation of two lines"),
    ],
)
def test_marks_code_and_addresses_are_not_shown(text: str, left: str) -> None:
    assert len(passage(text).shown) == len(passage(text).ours) == len(text)
    assert [n for n, c in enumerate(passage(text).shown) if c == "\n"] == [n for n, c in enumerate(text) if c == "\n"]
    assert words_of(passage(text).shown) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('It says "a robust plan", and so on.', "It says , and so on."),
        ("It says “a robust\nplan”.", "It says ."),
        ('It says "one.\nTwo." Then.', "It says Then."),
        ('A 6" pipe and a 9" pipe', 'A 6" pipe and a 9" pipe'),
        ('It opens "here\n\nand ends" there', 'It opens "here and ends" there'),
        ("It isn't 'quoted'", "It isn't 'quoted'"),
        ('“he said "x" to her”', ""),
        ("[[outcome]] of [[outcome|us]]", "of us"),
    ],
)  # fmt: skip
def test_quotations_and_ids_are_not_our_words(text: str, left: str) -> None:
    assert words_of(passage(text).ours) == left


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One. Two? Three.", ["One.", "Two?", "Three."]),
        ("One.\nTwo.\nthree.", ["One.", "Two.", "three."]),
        ("Use one, for example. Then go.", ["Use one, for example.", "Then go."]),
        ("It cost 1.10 in 2013. It fell.", ["It cost 1.10 in 2013.", "It fell."]),
        ("Smith v. Jones was by J. K. Brown.", ["Smith v. Jones was by J. K. Brown."]),
        ("Ask Mr. Brown, e.g. Today, or Dr. Who.", ["Ask Mr. Brown, e.g. Today, or Dr. Who."]),
        ("See No. 5 and para. 6.", ["See No. 5 and para. 6."]),
        ('It said "yes." Then it went (or not.) And?', ['It said "yes."', "Then it went (or not.)", "And?"]),
        ('"Why?" they asked. Wait ... and see.', ['"Why?" they asked.', "Wait and see."]),
        ("**One.** [Two.](1a) Three.", ["One.", "Two.", "Three."]),
        (
            "It should:\n\n- be one\n- be two. Or\n  three\n\n1. first\n2) second",
            ["It should:", "be one", "be two.", "Or three", "first", "second"],
        ),
        ("> * one\n> + two", ["one", "two"]),
        ("# Head\nText.", ["Head", "Text."]),
        ("| a b | c |\n| --- | --- |\n| d. e | |", ["a b", "c", "d. e"]),
        ("{{ x() }}\n\n`y`", []),
    ],
)
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
