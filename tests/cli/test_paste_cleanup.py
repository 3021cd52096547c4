"""Pasted paragraphs and lists become Markdown, and what a record cannot contain is named."""

from __future__ import annotations

import pytest

from macros.cli.suggest.quotation import foreign, hyphenated, laid_out
from macros.cli.suggest.yaml_edit import one_sentence_a_line
from macros.model.framework import Framework


@pytest.mark.parametrize(
    ("typed", "markdown"),
    [
        (
            "It costs support workers in\nHertfordshire time.\nIt helps.\n\nSo ask.",
            "It costs support workers in Hertfordshire time. It helps.\n\nSo ask.",
        ),
        ("They learn that in\r\n2016. Nobody read it.", "They learn that in 2016. Nobody read it."),
        ("> It costs support\n> > workers time.", "It costs support workers time."),
        ("They ask for\n> 5 people.", "They ask for > 5 people."),
        ("A pause\n– so it seems – is no list.", "A pause – so it seems – is no list."),
        ("A recom-\nmendation for front-\nline staff in 2017-\n18.", "A recommendation for front-line staff in 2017-18."),
        (
            "A recom\u00admen\u00ad\ndation\u200b of\u00a0the \u201co\ufb03cer\u2019s\u201d.\fEnd.",
            'A recommendation of the "officer\'s". End.',
        ),
    ],
)
def test_wrapped_lines_become_paragraphs(typed: str, markdown: str) -> None:
    known = hyphenated(["Front-line staff and well-being."])
    assert laid_out(typed, known) == laid_out(markdown) == markdown
    assert list(foreign(typed)) == []


@pytest.mark.parametrize("mark", ["-", "*", "•", "·", "–", "o", "▪", "\uf0b7"])
def test_each_bullet_makes_a_list(mark: str) -> None:
    markdown = laid_out(f"Ask for:\n{mark}\tone\n{mark}\tanother that\ngoes on\n{mark}  a third\n   Thing\nThen wait.")
    assert markdown == "Ask for:\n\n- one\n- another that goes on\n- a third Thing\n\nThen wait."


@pytest.mark.parametrize("marks", ["1. 2. 3.", "1) 2) 3)", "(a) (b) (c)", "i. ii. iii."])
def test_each_kind_of_number_makes_a_list(marks: str) -> None:
    first, second, third = marks.split()
    assert laid_out(f"{first} one\n\n{second} two\n{third} three\n\nThen wait.") == "1. one\n2. two\n3. three\n\nThen wait."


@pytest.mark.parametrize(
    ("typed", "markdown"),
    [
        ("- one\n  - inner\n    - deep\n- two", "- one\n    - inner\n        - deep\n- two"),
        ("•\tone\no\tinner\no\tinner too\n•\ttwo", "- one\n    - inner\n    - inner too\n- two"),
        ("1. one\n\t(a) inner\n\t(b) inner too\n2. two", "1. one\n    1. inner\n    2. inner too\n2. two"),
        ("One:\n* a\n* b\nTwo:\n* c\n* d\nEnd.", "One:\n\n- a\n- b\n\nTwo:\n\n- c\n- d\n\nEnd."),
    ],
)
def test_lists_can_be_nested_and_follow_each_other(typed: str, markdown: str) -> None:
    assert laid_out(typed) == laid_out(markdown) == markdown


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("It helps.\n## Why\nIt helps.", "headings do not work in a record"),
        ("Title\n=====\nIt helps.", "headings do not work in a record"),
        ("| a | b |\n| --- | --- |\n| c | d |", "tables do not work in a record"),
        ("Stage\tWho\nPlan\tCouncil", "a table (cells separated by tabs)"),
        ("It <b>helps</b>.", "HTML does not work in a record"),
        ("It ![helps](x.png).", "pictures do not work in a record"),
        ("```\ncode\n```", "code blocks do not work here"),
        ("It helps.\n\n---", "a dividing line"),
        ("2. It helps.", "a list that begins with 2"),
        ("It {{ helps }}.", "the braces of a macro (Jinja)"),
        ("Ask @octocat.", "a name that begins with @"),
    ],
)
def test_markup_that_does_not_work_in_a_record_is_named(text: str, wrong: str) -> None:
    ((found, instead),) = set(foreign(text))
    assert found == wrong
    assert instead


def test_the_texts_of_our_records_do_not_change(real: Framework) -> None:
    assert len(real.prose) > 500
    for _, _, text in real.prose:
        assert list(foreign(text)) == []
        assert one_sentence_a_line(laid_out(text)) == one_sentence_a_line(text)
